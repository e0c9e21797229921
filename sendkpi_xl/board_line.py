"""One row of a table of the board workbook in the making, and the words that stand where a figure is not."""

from __future__ import annotations

from msgspec import Struct

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import number_format
from sendkpi_xl.layout import NO_RATING, Table
from sendkpi_xl.model import Kpi, Sign
from sendkpi_xl.reading import Rag, Reading, Status
from sendkpi_xl.sheetwriter import Area, Page
from sendkpi_xl.shorthand import Symbol

NONE = "None"
QUERY = "query"
WITHHELD = Symbol.CONFIDENTIAL


class Line(Struct, frozen=True):
    """One row of a table in the making; its cells are named by their columns' keys."""

    page: Page
    table: Table
    row: int

    def put(self, key: str, value: object, style: str = "body", **more: object) -> None:
        """Write a cell of the row as `Page.put` does."""
        self.page.put(self.row, self.table.index(key), value, style, **more)

    def lead(self, key: str, target: str) -> None:
        """Make a cell lead to another one, such as `Trace!A5`; what it holds is written after that."""
        self.page.lead(self.row, self.table.index(key), target)

    def spark(self, key: str, sheet: str, values: Area) -> None:
        """Draw a line of the numbers in some cells of a sheet in a cell of the row."""
        self.page.spark(self.row, self.table.index(key), sheet, values)

    def figure(
        self, key: str, kpi: Kpi, value: float | None, otherwise: str, decimals: int, sign: Sign = Sign.AT
    ) -> None:
        """A number in its KPI's format, or the words that stand in its place, aligned as a number."""
        if value is None:
            self.put(key, otherwise, align="right")
        else:
            self.put(key, value, num_format=number_format(kpi.unit, decimals, sign))


def letter_of(rag: Rag | None) -> str:
    """A rating as a cell shows it."""
    return rag.value if rag else NO_RATING


def computed_letter(each: RatedReading) -> str:
    """The computed rating as a cell shows it."""
    return WITHHELD if each.computed.withheld else letter_of(each.computed.rag)


def agreed_letter(each: RatedReading) -> str:
    """The rating that the board sees, as a cell shows it."""
    return computed_letter(each) if each.override is None else letter_of(each.override.rag)


def forecast_mark(each: RatedReading) -> str:
    """What stands in a forecast's place."""
    return WITHHELD if each.reading.withheld else Symbol.NOT_AVAILABLE


def mark(reading: Reading | None) -> str:
    """What stands in a figure's place."""
    if reading is not None and reading.status is Status.QUERIED:
        return QUERY
    return reading.reason.shorthand if reading is not None and reading.reason is not None else Symbol.NOT_AVAILABLE
