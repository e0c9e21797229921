"""Small returns drawn as tables: a small council's template, filled as people type into Excel, and what is read of it.

A return is drawn as a line for each KPI: `id | value | numerator | denominator | reason | comment`. An entry stands as
it is typed into a cell of Excel: `42` and `85%` become numbers, `TRUE` a truth value, `=I6*2` a formula, `#REF!` an
error, and an apostrophe at the start makes text of what follows.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import openpyxl
from msgspec.structs import replace
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.cells import Cell, Kind, read_book
from sendkpi_xl.figures import plain
from sendkpi_xl.layout import RETURN
from sendkpi_xl.model import Catalogue, Goal, Kpi, Life, Polarity, Profile, Settings, Unit, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.reading import Finding, Place, Reading
from sendkpi_xl.return_row import Round
from sendkpi_xl.returns import BookReturn, read_return
from sendkpi_xl.template import return_workbook

PERIOD = Period(2021, 1)
FILE = "return.xlsx"
EARLY, BUSES = Workstream("Early help", "EH"), Workstream("School buses", "SB")
FIRST_ROW = RETURN.heading_row + 1
DRAWN = ("id", "value", "numerator", "denominator", "reason", "comment", "forecast")
NUMBER = re.compile(r"-?\d+(\.\d+)?(%?)")


def _kpi(kpi_id: str, title: str, unit: Unit, workstream: Workstream = EARLY, **more: object) -> Kpi:
    kpi = Kpi(
        id=kpi_id,
        ref=kpi_id[1:],
        workstream=workstream.name,
        sub_area="Demand",
        title=title,
        unit=unit,
        decimals=0,
        polarity=Polarity.LOWER,
        profile=Profile.SNAPSHOT,
        section="Plans",
        goals=(Goal(PERIOD.year, target=1.0),),
    )
    return replace(kpi, **more)


KPIS = (
    _kpi("K01", "Children with a plan", Unit.COUNT),
    _kpi("K02", "% of plans issued in time", Unit.PERCENT, share=True),
    _kpi("K03", "Growth in plans", Unit.PERCENT, decimals=1),
    _kpi("K04", "Spend on placements", Unit.MONEY),
    _kpi("K05", "Average cost of a plan", Unit.AVERAGE),
    _kpi("K06", "Wait for a plan", Unit.WEEKS),
    _kpi("K07", "Progress score", Unit.COUNT, decimals=1),
    _kpi("K08", "KPIs to be confirmed", Unit.COUNT, life=Life.PROPOSED),
    _kpi("K20", "Children who ride a bus", Unit.COUNT, BUSES),
    _kpi("K21", "% of buses on time", Unit.PERCENT, BUSES, share=True),
)
SMALL = Catalogue(
    Settings("Smallton Council", "Small Plan", "Small Board", "May 2021", "the team", 14),
    DEFAULT_POLICY,
    (EARLY, BUSES),
    ("Plans",),
    KPIS,
)

Edit = Callable[[Worksheet], None]


@functools.cache
def template(catalogue_codes: tuple[str, ...] = ("EH",), period: Period = PERIOD) -> bytes:
    """The product's own template for these workstreams of the small council."""
    workstreams = tuple(each for each in SMALL.workstreams if each.code in catalogue_codes)
    return return_workbook(SMALL, period, workstreams, {})


def drawn(table: str) -> list[list[str]]:
    """The fields of a drawn table, a list for each line; fields that a line lacks are empty."""
    lines = [[field.strip(" ") for field in line.split("|")] for line in table.strip().splitlines()]
    return [line + [""] * (len(DRAWN) - len(line)) for line in lines]


def keyed(text: str) -> float | str | bool | None:
    """What Excel stores when this is typed into a cell; None for nothing."""
    if match := NUMBER.fullmatch(text):
        return float(f"{text[:-1]}e-2") if match[2] else float(text)
    if text in {"TRUE", "FALSE"}:
        return text == "TRUE"
    return text.removeprefix("'") or None


def put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Type `text` into a cell (row and column from 1)."""
    cell = sheet.cell(row, column)
    cell.value = keyed(text)
    if text.startswith("'"):
        cell.data_type = "s"


def heading_columns(sheet: Worksheet, row: int = RETURN.heading_row) -> dict[str, int]:
    """The column number, from 1, of each heading of a template's sheet."""
    return {str(cell.value): number for number, cell in enumerate(sheet[row], start=1) if cell.value is not None}


def fill_sheet(sheet: Worksheet, table: str) -> None:
    """Type a drawn return into a template's sheet, each line into the row of its KPI."""
    headings = heading_columns(sheet)
    columns = {key: headings[RETURN.column(key).heading] for key in DRAWN}
    rows = {str(sheet.cell(row, columns["id"]).value): row for row in range(FIRST_ROW, sheet.max_row + 1)}
    for line in drawn(table):
        for key, text in zip(DRAWN[1:], line[1:], strict=True):
            if text:
                put(sheet, rows[line[0]], columns[key], text)


def filled(table: str | Mapping[str, str], *, period: Period = PERIOD, edit: Edit | None = None) -> bytes:
    """The bytes of a filled template: of workstream EH, or a workbook with the sheets named by code.

    `edit` changes each sheet further once it is filled.
    """
    tables = {"EH": table} if isinstance(table, str) else table
    book = openpyxl.load_workbook(io.BytesIO(template(tuple(tables), period)))
    for code, lines in tables.items():
        fill_sheet(book[code], lines)
        if edit is not None:
            edit(book[code])
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes that openpyxl saves."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(data: bytes, file: str = FILE, catalogue: Catalogue = SMALL, period: Period = PERIOD) -> BookReturn:
    """What is read of a returned workbook."""
    return read_return(data, file, Round(catalogue, period))


def readings(returned: BookReturn) -> list[Reading]:
    """All readings of a workbook, in the order of its sheets."""
    return [reading for sheet in returned.sheets for reading in sheet.readings]


def anywhere(read: Iterable[Reading]) -> list[Reading]:
    """Readings without their places and their files' hashes: what was entered, wherever it stands."""
    return [replace(reading, place=Place(""), comment_cell="", sha256="") for reading in read]


def told(read: Iterable[Reading]) -> list[str]:
    """Readings as lines: id, status, value, numerator, denominator, reason, comment, typed, how, cell."""
    return [
        " | ".join(
            (
                each.kpi_id,
                each.status.value,
                *("" if number is None else plain(number) for number in (each.value, each.numerator, each.denominator)),
                "" if each.reason is None else each.reason.value,
                each.comment,
                each.typed,
                each.how,
                each.place.cell,
            )
        )
        for each in read
    ]


def noticed(findings: Iterable[Finding]) -> list[str]:
    """Findings as lines: code, cell (or file), what was found, what to do."""
    return [f"{each.code} | {each.place.cell or each.place} | {each.found} | {each.action}" for each in findings]


def codes(findings: Iterable[Finding]) -> list[str]:
    """Findings as code and KPI: `C01 K02`."""
    return [f"{each.code} {each.subject}".strip() for each in findings]


def lines(table: str) -> list[str]:
    """The lines of a table that stands in a test, each field without the blanks beside its `|`."""
    return [" | ".join(field.strip() for field in line.split("|")) for line in table.strip().splitlines()]


def typed_cell(value: float | str | bool | None, number_format: str = "General", *, formula: bool = False) -> Cell:
    """The cell I6 with this content, as it comes out of a workbook; None is a formula without a saved result."""
    match value:
        case None:
            kind, raw = Kind.EMPTY, ""
        case bool():
            kind, raw = Kind.BOOLEAN, str(value).upper()
        case str():
            kind, raw = Kind.TEXT, value
        case _:
            kind, raw, value = Kind.NUMBER, repr(value), float(value)
    return Cell(FIRST_ROW, RETURN.index("value") + 1, kind, raw, value, formula or value is None, number_format)


Grid = list[list[tuple[object, str]]]


def grid_of(data: bytes, sheet_name: str = "EH") -> Grid:
    """All cells of one sheet, a list for each row: value (the text of a formula's result is lost) and number format."""
    sheet = read_book(data, FILE).sheet(sheet_name)
    assert sheet is not None
    height, width = (max(place[axis] for place in sheet.cells) for axis in (0, 1))
    cells = [[sheet.cell(row, column) for column in range(1, width + 1)] for row in range(1, height + 1)]
    return [[(cell.value, cell.number_format) if cell else (None, "General") for cell in row] for row in cells]


def grid_workbook(grid: Sequence[Sequence[tuple[object, str]]], sheet_name: str = "EH") -> bytes:
    """A workbook with one sheet that holds these cells and nothing else of the template."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = sheet_name
    for row, line in enumerate(grid, start=1):
        for column, (value, number_format) in enumerate(line, start=1):
            if value is not None:
                cell = sheet.cell(row, column)
                cell.value = value  # type: ignore[assignment]
                cell.data_type = "s" if isinstance(value, str) else cell.data_type
                cell.number_format = number_format
    return saved(book)
