"""What a layout is made of: columns, and tables of them; and the sheet names that several workbooks share."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.edition import Edition

LISTS_SHEET = "Lists"
START_SHEET = "Start"
NO_RATING = "No rating"
BASELINE_DAY = "31st March"


class Holds(StrEnum):
    """What a column's cells hold, for whoever formats or reads them."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    FIGURE = "figure in the KPI's own unit"
    CHOICE = "one of a list"
    RATING = "rating"


class Column(Struct, frozen=True):
    """One column; `width` is in Excel's character widths, `choices` closes its values, `needed` is for readers.

    An `internal` one is not in the publish edition.
    """

    key: str
    heading: str
    width: float
    holds: Holds = Holds.TEXT
    choices: type[StrEnum] | None = None
    aliases: tuple[str, ...] = ()
    open: bool = False
    needed: bool = True
    help: str = ""
    internal: bool = False


class Table(Struct, frozen=True):
    """One sheet's table: its sheet name, Excel table name, and columns from left to right.

    `heading_row` counts from 1; the rows above it hold the sheet's title and a line or two of help.
    """

    sheet: str
    name: str
    columns: tuple[Column, ...]
    heading_row: int = 4

    def index(self, key: str) -> int:
        """The column's position, the first being 0; KeyError for a key that the table does not have."""
        for position, column in enumerate(self.columns):
            if column.key == key:
                return position
        raise KeyError(key)

    def column(self, key: str) -> Column:
        """The column with this key; KeyError when there is none."""
        return self.columns[self.index(key)]

    def has(self, key: str) -> bool:
        """Whether it has a column with this key."""
        return any(column.key == key for column in self.columns)

    def of(self, edition: Edition) -> Table:
        """The table as this edition has it."""
        if edition is Edition.INTERNAL:
            return self
        return replace(self, columns=tuple(column for column in self.columns if not column.internal))


def choice_column(
    key: str, heading: str, width: float, choices: type[StrEnum], help: str = "", open: bool = False
) -> Column:
    """A column whose values are one of a closed list."""
    return Column(key, heading, width, Holds.CHOICE, choices, help=help, open=open)


def choice_lists(tables: Iterable[Table]) -> tuple[tuple[str, type[StrEnum]], ...]:
    """The closed choices that these tables' columns use, each once, under the heading for a lists sheet."""
    found: dict[str, type[StrEnum]] = {}
    for table in tables:
        for column in table.columns:
            if column.choices is not None and column.choices not in found.values():
                found[column.heading] = column.choices
    return tuple(found.items())
