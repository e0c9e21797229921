"""Filled templates read back: as they were typed, however they were rearranged since, and with nothing dropped."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.layout import BOARD_IDENTITY, CATALOGUE_IDENTITY, MODERATION_IDENTITY, RETURN, return_table
from sendkpi_xl.model import Catalogue, Kpi, Life
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Place, Reading, Reason, Severity, Status
from sendkpi_xl.return_row import Round
from sendkpi_xl.returns import BookReturn, SheetReturn, fold_id, read_return
from tests.workbooks import (
    EARLY,
    FILE,
    FIRST_ROW,
    PERIOD,
    SMALL,
    Edit,
    Grid,
    anywhere,
    codes,
    filled,
    grid_of,
    grid_workbook,
    heading_columns,
    lines,
    noticed,
    put,
    read,
    readings,
    saved,
    template,
    told,
)

TYPED = """
K01 | 1462 | | | | Held near the census
K02 | 75% | 6 | 8 | | 6 out of 8
K03 | '-2.3 % | | | | '=not a formula
K04 | '£31,679,272
K05 | | | | Data not yet available
K06 | TBC | | | | the system is down
"""
"""A lead's return as it is typed: numbers, text that is a number, a reason, a query, and K07 left out."""

AS_TYPED = lines("""
K01 | reported | 1462 | | | | Held near the census | 1462 | |
K02 | reported | 0.75 | 6 | 8 | | 6 out of 8 | 0.75 | |
K03 | reported | -0.023 | | | | =not a formula | -2.3 % | text read as -2.3% |
K04 | reported | 31679272 | | | | | £31,679,272 | text read as 31679272 |
K05 | blank with a reason | | | | Data not yet available | | | |
K06 | queried | | | | | the system is down | TBC | |
K07 | not returned | | | | | | | |
""")
NOTICED = ["C05 K03", "C05 K04", "C01 K06", "C07 K07"]
HIDDEN = [f"C21 {kpi.id}" for kpi in SMALL.live()]
VALUE, COMMENT = RETURN.index("value") + 1, RETURN.index("comment") + 1


class Converter(Protocol):
    """What conftest's LibreOffice can do."""

    def convert(self, path: Path, to: str, out: Path) -> Path: ...


def entered(data: bytes) -> list[str]:
    """The readings of a workbook as lines, without the cells where they stand."""
    return told(anywhere(readings(read(data))))


def return_of(data: bytes, code: str = "EH") -> SheetReturn:
    return next(sheet for sheet in read(data).sheets if sheet.workstream.code == code)


# As it was typed


def test_a_filled_template_reads_as_it_was_typed() -> None:
    """Each KPI's reading with all its fields and its cell, and a finding for each doubt."""
    returned = read(filled(TYPED))
    (sheet,) = returned.sheets
    assert told(sheet.readings) == [f"{line}I{row}" for row, line in enumerate(AS_TYPED, start=FIRST_ROW)]
    assert noticed(returned.findings) == lines("""
        C05 | I8 | The cell holds the text “-2.3 %”; we read it as -2.3%. | Nothing, if that is what was meant.
        C05 | I9 | The cell holds the text “£31,679,272”; we read it as 31679272. | Nothing, if that is what was meant.
        C01 | I11 | The cell holds “TBC”. | Clear the cell and choose a reason for the blank; the words belong in the comment.
        C07 | I12 | There is neither a value nor a reason for the blank. | Type the value, or choose a reason.
    """)  # noqa: E501
    assert (sheet.workstream, sheet.place, sheet.done, sheet.empty) == (EARLY, Place(FILE, "EH"), 5, False)
    assert {reading.sha256 for reading in sheet.readings} == {returned.sha256}
    assert len(returned.sha256) == 64


def test_a_reading_in_full() -> None:
    """One reading with every field, as the next stages get it."""
    data = filled("K02 | | 6 | 8 | | All eight were asked")
    returned = read(data)
    assert readings(returned)[1] == Reading(
        kpi_id="K02",
        period=PERIOD,
        status=Status.REPORTED,
        value=0.75,
        numerator=6.0,
        denominator=8.0,
        reason=None,
        comment="All eight were asked",
        typed="",
        how="worked out from 6 out of 8",
        place=Place(FILE, "EH", "I7"),
        comment_cell="M7",
        sha256=returned.sha256,
    )


def test_every_live_kpi_has_one_reading_in_list_order() -> None:
    """A proposed KPI is not asked for, and one that was left out is there as not returned."""
    assert [reading.kpi_id for reading in readings(read(template()))] == [kpi.id for kpi in SMALL.live(EARLY.name)]
    assert "K08" not in {reading.kpi_id for reading in readings(read(template()))}


# However it was rearranged


def contents(cells: Iterable[Cell | MergedCell]) -> list[tuple[object, str]]:
    """What cells hold, and as what: a text that begins with `=` must stay a text."""
    return [(cell.value, cell.data_type) for cell in cells]


def rewrite(cells: Iterable[Cell | MergedCell], held: list[tuple[object, str]]) -> None:
    for cell, (value, data_type) in zip(cells, held, strict=True):
        cell.value = value  # type: ignore[assignment]
        cell.data_type = data_type


def sort_rows(sheet: Worksheet) -> None:
    rows = list(sheet.iter_rows(min_row=FIRST_ROW))
    for row, held in zip(rows, [contents(row) for row in reversed(rows)], strict=True):
        rewrite(row, held)


def titles_above(sheet: Worksheet) -> None:
    sheet.insert_rows(1, 4)
    put(sheet, 1, 1, "Early help, returned by Jo")
    put(sheet, 3, 9, "Value")


def empty_rows_between(sheet: Worksheet) -> None:
    sheet.insert_rows(8, 3)
    sheet.insert_rows(FIRST_ROW, 1)


def insert_columns(sheet: Worksheet) -> None:
    sheet.insert_cols(10, 2)
    sheet.insert_cols(1)
    put(sheet, RETURN.heading_row, 1, "For our own use")


def delete_columns(sheet: Worksheet) -> None:
    for number in range(len(RETURN.columns), 0, -1):
        if not RETURN.columns[number - 1].needed:
            sheet.delete_cols(number)


def reverse_columns(sheet: Worksheet) -> None:
    for row in sheet.iter_rows(min_row=RETURN.heading_row, max_col=len(RETURN.columns)):
        rewrite(row, contents(reversed(row)))


def rename(sheet: Worksheet) -> None:
    sheet.title = "Q1 figures (JS)"


def hide(sheet: Worksheet) -> None:
    sheet.sheet_state = "hidden"
    sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["I"].hidden = True


def retype_ids(sheet: Worksheet) -> None:
    for row, text in enumerate(("'  K01 ", "k02", "K-03", "'k – 04", "K 05\u00a0", "'K\u22120 6"), start=FIRST_ROW):
        put(sheet, row, 1, text)


def retype_headings(sheet: Worksheet) -> None:
    retyped = {
        "KPI id": "kpi  ID:",
        "Value this quarter": "VALUE",
        "Numerator": " num.",
        "Denominator": "Denom",
        "Reason for a blank": "Reason_for a\nblank",
        "Comment": "Notes",
    }
    for heading, column in heading_columns(sheet).items():
        if heading in retyped:
            put(sheet, RETURN.heading_row, column, f"'{retyped[heading]}")


def move_identity(sheet: Worksheet) -> None:
    line = str(sheet["A4"].value)
    sheet["A4"].value = None
    put(sheet, 40, 30, f"  {line.replace(' | ', '|')} ")
    # Only what lies outside the rows of the table may hold it without a word about it.
    sheet.move_range("AD40", rows=-38)


EDITS: dict[str, Edit] = {
    "rows sorted": sort_rows,
    "titles above": titles_above,
    "empty rows between": empty_rows_between,
    "columns inserted": insert_columns,
    "columns deleted": delete_columns,
    "columns reversed": reverse_columns,
    "sheet renamed": rename,
    "sheet, row and column hidden": hide,
    "ids retyped": retype_ids,
    "headings retyped": retype_headings,
    "identity moved": move_identity,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_rearranged_sheet_reads_the_same(edit: Edit) -> None:
    """Sorted, inserted into, cut down, renamed or retyped: the same readings, and at most a note on what changed."""
    returned = read(filled(TYPED, edit=edit))
    assert told(anywhere(readings(returned))) == AS_TYPED
    assert sorted(set(codes(returned.findings)) - {"R16 Early help", *HIDDEN}) == sorted(NOTICED)
    assert not {each.code for each in returned.findings if each.severity is not Severity.NOTE} - {"C01", "C07"}


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        (rename, "it was called EH"),
        (titles_above, "its headings stand in row 9, not 5"),
        (hide, "it is hidden; the column “Value this quarter” is hidden"),
        (sort_rows, None),
    ],
)
def test_what_changed_about_a_sheet_is_a_note(edit: Edit, changes: str | None) -> None:
    """A sheet that was renamed, moved down or hidden is read, and the receipt can say so."""
    returned = read(filled(TYPED, edit=edit))
    said = [each.found for each in returned.findings if each.code == "R16"]
    assert said == ([f"The sheet is not as it was sent out: {changes}."] if changes else [])


def test_a_reading_is_placed_where_its_cell_stands_now() -> None:
    """After rows and columns moved, a reading and its finding name the cell of today."""

    def rearrange(sheet: Worksheet) -> None:
        for edit in (titles_above, insert_columns, rename):
            edit(sheet)

    returned = read(filled("K06 | TBC", edit=rearrange))
    expected = Place(FILE, "Q1 figures (JS)", "J15")
    assert readings(returned)[5].place == expected
    assert [each.place for each in returned.findings if each.code == "C01"] == [expected]


def test_a_sheet_that_openpyxl_saves_again_reads_the_same() -> None:
    """Another program's save changes the file, and not what it says."""
    data = filled(TYPED)
    again = saved(openpyxl.load_workbook(io.BytesIO(data)))
    assert entered(again) == AS_TYPED


def test_a_sheet_alone_in_a_workbook_reads_the_same() -> None:
    """The start sheet and the lists are not needed for reading."""

    def leave_alone(sheet: Worksheet) -> None:
        book = sheet.parent
        assert isinstance(book, Workbook)
        for name in [each for each in book.sheetnames if each != sheet.title]:
            del book[name]

    assert entered(filled(TYPED, edit=leave_alone)) == AS_TYPED


def test_a_sheet_moved_into_another_workbook_reads_the_same() -> None:
    """A lead may send the sheet within a workbook of their own; a word is said of its other sheets."""
    book = openpyxl.load_workbook(io.BytesIO(grid_workbook(grid_of(filled(TYPED)), "Our return")))
    budget = book.create_sheet("Budget", 0)
    budget["A1"], budget["B7"] = "K01", 17
    returned = read(saved(book))
    assert told(anywhere(readings(returned))) == AS_TYPED
    assert sorted(codes(returned.findings)) == sorted([*NOTICED, "R16 Early help", "R19"])
    assert [each.place for each in returned.findings if each.code == "R19"] == [Place(FILE, "Budget")]


def test_one_leads_sheet_in_the_workbook_of_all() -> None:
    """In the workbook with all sheets, the filled one reads as it would alone, the others as not filled in."""
    returned = read(filled({"EH": TYPED, "SB": ""}))
    assert [(sheet.workstream.code, sheet.empty) for sheet in returned.sheets] == [("EH", False), ("SB", True)]
    assert told(anywhere(returned.sheets[0].readings)) == AS_TYPED
    assert [reading.status for reading in returned.sheets[1].readings] == [Status.NOT_RETURNED] * 2
    assert sorted(codes(returned.findings)) == sorted(NOTICED)


def test_two_leads_sheets_in_the_workbook_of_all() -> None:
    """Two filled sheets are two returns, each with its own readings and places."""
    returned = read(filled({"EH": "K01 | 5", "SB": "K20 | 7\nK21 | | | | No cases this quarter"}))
    assert told(return_sheet.readings[0] for return_sheet in returned.sheets) == [
        "K01 | reported | 5 |  |  |  |  | 5 |  | I6",
        "K20 | reported | 7 |  |  |  |  | 7 |  | I6",
    ]
    assert [sheet.place.sheet for sheet in returned.sheets] == ["EH", "SB"]


def test_a_later_quarters_template_reads_too() -> None:
    """From the second quarter on, earlier quarters stand before the value, and it is still found."""
    later = Period(2021, 3)
    assert return_table(later, "EH").index("value") == VALUE + 1
    data = filled(TYPED, period=later)
    returned = read_return(data, FILE, Round(SMALL, later))
    assert told(anywhere(readings(returned))) == AS_TYPED
    assert {reading.period for reading in readings(returned)} == {later}
    assert sorted(codes(returned.findings)) == sorted(NOTICED)


GRID = grid_of(filled(TYPED))


def shuffled(columns: list[int], order: list[int]) -> Grid:
    """The filled sheet with its table's columns and rows in another order."""
    head, table = GRID[: RETURN.heading_row - 1], GRID[RETURN.heading_row - 1 :]
    heading, *rows = [line + [(None, "General")] * (len(RETURN.columns) - len(line)) for line in table]
    return [*head, *([line[column] for column in columns] for line in (heading, *(rows[place] for place in order)))]


@settings(deadline=None, max_examples=40)
@given(st.permutations(range(len(RETURN.columns))), st.permutations(range(len(SMALL.live(EARLY.name)))))
def test_any_order_of_rows_and_columns_reads_the_same(columns: list[int], order: list[int]) -> None:
    """Whatever the order, each KPI's reading is the same, and so is what was noticed."""
    returned = read(grid_workbook(shuffled(columns, order)))
    assert told(anywhere(readings(returned))) == AS_TYPED
    assert sorted(codes(returned.findings)) == sorted(NOTICED)


@pytest.fixture(scope="module")
def saved_by_libreoffice(libreoffice: Converter, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Both sheets of a return, one of them rearranged, opened and saved by LibreOffice."""
    folder = tmp_path_factory.mktemp("saved")

    def rearrange(sheet: Worksheet) -> None:
        if sheet.title == "SB":
            titles_above(sheet)
            rename(sheet)

    data = filled({"EH": TYPED, "SB": "K20 | 0.1\nK21 | | 17 | 20"}, edit=rearrange)
    (folder / FILE).write_bytes(data)
    return libreoffice.convert(folder / FILE, "xlsx", folder / "out").read_bytes()


@pytest.mark.libreoffice
def test_a_workbook_that_libreoffice_saved_reads_the_same(saved_by_libreoffice: bytes) -> None:
    """LibreOffice recalculates and writes the file anew; every reading, what was typed included, is the same."""
    returned = read(saved_by_libreoffice)
    assert told(anywhere(returned.sheets[0].readings)) == AS_TYPED
    assert told(returned.sheets[1].readings) == lines("""
        K20 | queried | | | | | | 0.1 | | I10
        K21 | reported | 0.85 | 17 | 20 | | | | worked out from 17 out of 20 | I11
    """)
    assert [sheet.place.sheet for sheet in returned.sheets] == ["EH", "Q1 figures (JS)"]
    assert sorted(codes(returned.findings)) == sorted([*NOTICED, "C04 K20", "C11 K21", "R16 School buses"])


# One row

OUTCOMES: list[tuple[str, str, list[str]]] = [
    # What was typed, the reading that comes of it, and the findings by code and cell
    ("K01 | 42 | | | | fine", "reported | 42 | | | | fine | 42 |", []),
    ("K01 | 0", "reported | 0 | | | | | 0 |", []),
    ("K01 | '1,462", "reported | 1462 | | | | | 1,462 | text read as 1462", ["C05 I6"]),
    ("K02 | 85% | 17 | 20", "reported | 0.85 | 17 | 20 | | | 0.85 |", []),
    ("K02 | 85%", "reported | 0.85 | | | | | 0.85 |", []),
    ("K02 | | 17 | 20", "reported | 0.85 | 17 | 20 | | | | worked out from 17 out of 20", ["C11 I7"]),
    ("K02 | | '1,7 | 20", "queried | | | 20 | | | |", ["C01 J7", "C07 I7"]),
    ("K02 | 90% | 17 | 20", "reported | 0.9 | 17 | 20 | | | 0.9 |", ["C08 I7"]),
    ("K02 | 85.4% | 17 | 20", "reported | 0.854 | 17 | 20 | | | 0.854 |", []),
    ("K02 | 85% | 17", "reported | 0.85 | 17 | | | | 0.85 |", ["C10 K7"]),
    ("K02 | 85% | | 20", "reported | 0.85 | | 20 | | | 0.85 |", ["C10 J7"]),
    ("K02 | 85% | 21 | 20", "queried | | 21 | 20 | | | 0.85 |", ["C09 J7"]),
    ("K02 | | 21 | 20", "queried | | 21 | 20 | | | |", ["C09 J7"]),
    ("K02 | 0% | 0 | 0", "queried | | 0 | 0 | | | 0 |", ["C09 J7"]),
    ("K02 | | 0 | 0", "queried | | 0 | 0 | | | |", ["C09 J7", "C07 I7"]),
    ("K02 | | 0 | 0 | No cases this quarter", "blank with a reason | | 0 | 0 | No cases this quarter | | |", []),
    ("K02 | | 2 | 5 | Too few to report safely", "blank with a reason | | 2 | 5 | Too few to report safely | | |", []),
    ("K02 | | 6 | 5 | Too few to report safely", "queried | | 6 | 5 | | | |", ["C09 J7"]),
    ("K02 | | 0 | 20", "reported | 0 | 0 | 20 | | | | worked out from 0 out of 20", ["C11 I7"]),
    ("K02 | | 17", "queried | | 17 | | | | |", ["C10 K7", "C07 I7"]),
    ("K02 | 85 | 17 | 20", "queried | | 17 | 20 | | | 85 |", ["C04 I7"]),
    ("K02 | 85% | 17.5 | 20", "queried | | | 20 | | | 0.85 |", ["C04 J7"]),
    ("K02 | 85% | six | out of 8", "queried | | | | | | 0.85 |", ["C01 J7", "C01 K7"]),
    (
        "K02 | '6 out of 8",
        "reported | 0.75 | 6 | 8 | | | 6 out of 8 | fraction read as 75% (numerator 6, denominator 8)",
        ["C05 I7"],
    ),
    (
        "K02 | '6/8 | 6 | 8",
        "reported | 0.75 | 6 | 8 | | | 6/8 | fraction read as 75% (numerator 6, denominator 8)",
        ["C05 I7"],
    ),
    (
        "K02 | '6/8 | | 8",
        "reported | 0.75 | 6 | 8 | | | 6/8 | fraction read as 75% (numerator 6, denominator 8)",
        ["C05 I7"],
    ),
    ("K02 | '6/8 | 5 | 8", "queried | | 5 | 8 | | | 6/8 |", ["C01 I7"]),
    ("K02 | '6/8 | | 9", "queried | | | 9 | | | 6/8 |", ["C01 I7", "C10 J7"]),
    ("K02 | '6/8 | six | 8", "queried | | | 8 | | | 6/8 |", ["C05 I7", "C01 J7"]),
    ("K02 | '6/8 | =1+1 | 8", "queried | | | 8 | | | 6/8 |", ["C05 I7", "C03 J7"]),
    ("K02 | '6/8 | | | No cases this quarter", "queried | | 6 | 8 | | | 6/8 |", ["C05 I7", "C06 L7"]),
    ("K02 | '8/6", "queried | | | | | | 8/6 |", ["C01 I7"]),
    (
        "K02 | '67% (8 out of 12)",
        "reported | 0.67 | 8 | 12 | | | 67% (8 out of 12) | "
        "share with its fraction read as 67% (numerator 8, denominator 12)",
        ["C05 I7"],
    ),
    ("K02 | '66% (8 out of 12)", "queried | | | | | | 66% (8 out of 12) |", ["C01 I7"]),
    (
        "K02 | '20 (10.5%)",
        "reported | 0.105 | 20 | | | | 20 (10.5%) | count with its share read as 10.5% (numerator 20)",
        ["C05 I7", "C10 K7"],
    ),
    (
        "K02 | '20 (10.5%) | | 190",
        "reported | 0.105 | 20 | 190 | | | 20 (10.5%) | count with its share read as 10.5% (numerator 20)",
        ["C05 I7"],
    ),
    (
        "K02 | '20 (10.5%) | | 100",
        "reported | 0.105 | 20 | 100 | | | 20 (10.5%) | count with its share read as 10.5% (numerator 20)",
        ["C05 I7", "C08 I7"],
    ),
    ("K02 | '20 (10.5%) | | 10", "queried | | 20 | 10 | | | 20 (10.5%) |", ["C05 I7", "C09 J7"]),
    ("K01 | '20 (10.5%)", "queried | | | | | | 20 (10.5%) |", ["C01 I6"]),
    (
        "K01 | '10 + 115 | | | | both teams",
        "reported | 125 | | | | both teams | 10 + 115 | sum read as 10 + 115 = 125",
        ["C05 I6"],
    ),
    ("K01 | nil", "reported | 0 | | | | | nil | word read as 0", ["C05 I6"]),
    ("K02 | =I6/2 | 17 | 20", "queried | | 17 | 20 | | | |", ["C03 I7"]),
    ("K02 | #DIV/0! | 0 | 20", "queried | | 0 | 20 | | | #DIV/0! |", ["C02 I7"]),
    ("K01 | =SUM(A1:A3)", "queried | | | | | | |", ["C03 I6"]),
    ("K01 | 42 | 3 | 4", "reported | 42 | | | | | 42 |", ["C12 J6", "C12 K6"]),
    ("K01 | | 42", "queried | | | | | | |", ["C12 J6", "C07 I6"]),
    (
        "K01 | | | | Data not yet available | In July",
        "blank with a reason | | | | Data not yet available | In July | |",
        [],
    ),
    ("K01 | | | | data NOT yet available", "blank with a reason | | | | Data not yet available | | |", []),
    (
        "K01 | | | | Other: say why in the comment | Moved system",
        "blank with a reason | | | | Other: say why in the comment | Moved system | |",
        [],
    ),
    (
        "K01 | | | | Other: say why in the comment",
        "blank with a reason | | | | Other: say why in the comment | | |",
        ["C13 M6"],
    ),
    ("K01 | | | | data  Not yet\u00a0available", "blank with a reason | | | | Data not yet available | | |", []),
    ("K01 | | | | No data", "queried | | | | | | |", ["T03 L6"]),
    ("K01 | 42 | | | No data", "queried | | | | | | 42 |", ["T03 L6"]),
    ("K01 | 42 | | | No cases this quarter", "queried | | | | | | 42 |", ["C06 L6"]),
    ("K01 | TBC | | | No cases this quarter", "queried | | | | | | TBC |", ["C01 I6"]),
    ("K01 | | | | | only words", "queried | | | | | only words | |", ["C07 I6"]),
    ("K01 | | | | =A1", "queried | | | | | | |", ["C03 L6"]),
    ("K01 | 42 | | | #N/A", "queried | | | | | | 42 |", ["C02 L6"]),
    ("K01 | 42 | | | | =A1&B1", "queried | | | | | | 42 |", ["C03 M6"]),
    ("K01 | 42 | | | | #REF!", "queried | | | | | #REF! | 42 |", ["C02 M6"]),
    ("K01 | 42 | | | | 17.5", "reported | 42 | | | | 17.5 | 42 |", []),
    ("K01", "not returned | | | | | | |", ["C07 I6"]),
]


@pytest.mark.parametrize(("typed", "reading", "findings"), OUTCOMES)
def test_what_a_row_comes_to(typed: str, reading: str, findings: list[str]) -> None:
    """Reported, blank with a reason, queried or not returned: the whole reading, and each finding at its cell."""
    kpi_id = typed.partition(" ")[0]
    # Another row is filled in, so that the sheet is a return even where this row is empty.
    returned = read(filled(f"{typed}\nK06 | 12"))
    (line,) = [told([each])[0] for each in anywhere(readings(returned)) if each.kpi_id == kpi_id]
    assert line == lines(f"{kpi_id} | {reading} |")[0]
    told_of = [f"{each.code} {each.place.cell}" for each in returned.findings if each.subject == kpi_id]
    assert sorted(told_of) == sorted(findings)


SENTENCES = [
    (
        "K01 | | | | Not collected",
        "T03 | L6 | “Not collected” is not one of the choices. | Choose from the drop-down.",
    ),
    (
        "K01 | | | | Not collected this qarter",
        "T03 | L6 | “Not collected this qarter” is not one of the choices. | Choose from the drop-down (did you mean "
        "“Not collected this quarter”?).",
    ),
    (
        f"K01 | | | | {'no ' * 40}data",
        f"T03 | L6 | “{('no ' * 40)[:79]}…” is not one of the choices. | Choose from the drop-down.",
    ),
    ("K01 | 5 | | | | #REF!", "C02 | M6 | The cell shows #REF!. | Type over it, or mend the formula."),
    (
        "K01 | 5 | | | | =A1",
        "C03 | M6 | The cell holds a formula that has no saved result. | Open the workbook in Excel, let it calculate, "
        "save it, and send it again.",
    ),
    (
        "K01 | 5 | | | No cases this quarter",
        "C06 | L6 | There is a value and a reason for a blank. | Clear the reason if the value stands, or the value if "
        "there is none; until then the KPI is queried.",
    ),
    (
        "K02 | 90% | 17 | 20",
        "C08 | I7 | The value is 90%, and 17 out of 20 is 85%. | Correct whichever of the three is wrong.",
    ),
    (
        "K02 | 90% | 1030 | 115",
        "C09 | J7 | 1030 out of 115 is not a share. | Correct whichever of the two is wrong; if there were no cases, "
        "choose that as the reason for a blank.",
    ),
    (
        "K02 | '6/8 | 5 | 8",
        "C01 | I7 | The cell holds “6/8”. | It does not fit what stands beside it, numerator 5 and denominator 8: "
        "correct whichever is wrong.",
    ),
    (
        "K02 | '20 (10.5%)",
        "C05 | I7 | The cell holds the text “20 (10.5%)”; we read it as 10.5% (numerator 20). | Nothing, if that is "
        "what was meant.",
    ),
    ("K02 | 90% | 17", "C10 | K7 | There is a numerator and no denominator. | Type the denominator, if it is known."),
    ("K02 | 90% | | 20", "C10 | J7 | There is a denominator and no numerator. | Type the numerator, if it is known."),
    (
        "K02 | | 17 | 20",
        "C11 | I7 | No value was typed; we worked out 85% from 17 out of 20. | Nothing, if that is what was meant.",
    ),
    (
        "K01 | 5 | 17",
        "C12 | J6 | “17” is typed in a cell that is not read for this KPI. | Move it to the comment if it matters.",
    ),
    (
        f"K01 | 5 | | {'of ' * 40}20",
        f"C12 | K6 | “{('of ' * 40)[:79]}…” is typed in a cell that is not read for this KPI. | Move it to the comment "
        "if it matters.",
    ),
    (
        "K01 | 5 | =1+1",
        "C12 | J6 | A formula is typed in a cell that is not read for this KPI. | Move it to the comment if it "
        "matters.",
    ),
    (
        "K01 | | | | Other: say why in the comment",
        "C13 | M6 | The reason is “Other: say why in the comment”, and there is no comment. | Say why in the comment.",
    ),
]


@pytest.mark.parametrize(("typed", "expected"), SENTENCES)
def test_what_a_finding_about_a_row_says(typed: str, expected: str) -> None:
    """Each finding at its cell, with what was found and what to do."""
    assert expected in noticed(read(filled(f"{typed}\nK06 | 12")).findings)


def test_a_date_where_words_belong_is_queried() -> None:
    """A comment that was typed as a date holds a serial number, which would mean nothing to the board."""

    def date_comment(sheet: Worksheet) -> None:
        sheet.cell(FIRST_ROW, COMMENT).value = 44377
        sheet.cell(FIRST_ROW, COMMENT).number_format = "dd/mm/yyyy"

    returned = read(filled("K01 | 42", edit=date_comment))
    assert readings(returned)[0].status is Status.QUERIED
    assert noticed(returned.findings)[:1] == [
        "C01 | M6 | The cell holds “30 June 2021, a date (stored as 44377)”. | Type it in words, such as 30 June 2021."
    ]


def test_spaces_and_no_break_spaces_are_no_entries() -> None:
    """A row whose cells only look empty is empty; a value with spaces round it is one."""

    def type_spaces(sheet: Worksheet) -> None:
        for column, text in enumerate((" ", "\u00a0", " \u00a0\t", "\n", "  "), start=VALUE):
            put(sheet, FIRST_ROW, column, f"'{text}")
        put(sheet, FIRST_ROW + 5, VALUE, "' 12\u00a0")

    returned = read(filled("K07 | 3", edit=type_spaces))
    assert told(readings(returned))[0] == "K01 | not returned |  |  |  |  |  |  |  | I6"
    assert told(readings(returned))[5] == "K06 | reported | 12 |  |  |  |  | 12 | text read as 12 | I11"


# Rows and sheets that are not as they should be


NO_ID = "If it is a KPI's row, restore its id; if it is a note, move it into a comment. The row was not used."


def replace_id(row: int, text: str) -> Edit:
    return lambda sheet: put(sheet, row, 1, text)


def insert_row(at: int, entries: dict[str, str]) -> Edit:
    """Insert a row with these texts by column letter."""

    def edit(sheet: Worksheet) -> None:
        sheet.insert_rows(at)
        for letter, text in entries.items():
            put(sheet, at, column_index_from_string(letter), text)

    return edit


def unknown_rows(edit: Edit) -> list[str]:
    returned = read(filled(TYPED, edit=edit))
    return [line for line in noticed(returned.findings) if line.startswith(("R05", "R21", "R22"))]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            insert_row(8, {"D": "of which boys", "I": "7"}),
            f"R21 | A8 | A row without a KPI id: “of which boys”, “7”. | {NO_ID}",
        ),
        (
            insert_row(8, {"C": "NB: all figures below are provisional"}),
            f"R21 | A8 | A row without a KPI id: “NB: all figures below are provisional”. | {NO_ID}",
        ),
        (
            insert_row(8, {"D": "all of these are children " * 9}),
            f"R21 | A8 | A row without a KPI id: “all of these are children all of these …”. | {NO_ID}",
        ),
        (
            insert_row(9, {"A": "Total", "I": "99"}),
            "R05 | A9 | “Total” is not a KPI of this workstream. | Restore the id in this row; the row was not used.",
        ),
        (
            insert_row(9, {"I": "=SUM(I6:I8)"}),
            f"R21 | A9 | A row without a KPI id: formulas. | {NO_ID}",
        ),
        (
            replace_id(7, "KO2"),
            "R05 | A7 | “KO2” is not a KPI of this workstream. | "
            "Restore the id in this row (did you mean “K02”?); the row was not used.",
        ),
        (
            replace_id(7, "K20"),
            "R05 | A7 | “K20” is not a KPI of this workstream. | "
            "Restore the id in this row (did you mean “K02”?); the row was not used.",
        ),
        (
            replace_id(7, "K08"),
            "R22 | A7 | This KPI is not asked for any more. | Nothing: the row was not used.",
        ),
        (
            replace_id(7, "x" * 10_000),
            f"R05 | A7 | “{'x' * 79}…” is not a KPI of this workstream. | "
            "Restore the id in this row (did you mean “K02”?); the row was not used.",
        ),
        (
            replace_id(7, ""),
            "R21 | A7 | A row without a KPI id: “02”, “Demand”, “% of plans issued in time”. | "
            + NO_ID.replace("its id;", "its id (did you mean “K02”?);"),
        ),
    ],
)
def test_a_row_that_is_no_kpis_is_told_with_what_stands_in_it(edit: Edit, expected: str) -> None:
    """Notes, sub-totals and rows whose id was lost are named, so that nobody thinks they were read."""
    assert unknown_rows(edit) == [expected]


def test_a_long_id_that_is_unknown_is_cut_in_the_findings_subject_too() -> None:
    """A finding is named by its subject in lists: a whole page pasted over an id does not get into them."""
    returned = read(filled(TYPED, edit=replace_id(7, "x" * 10_000)))
    assert [each.subject for each in returned.findings if each.code == "R05"] == ["x" * 79 + "…"]


def test_rows_between_leave_the_kpis_as_they_are() -> None:
    """Whatever was inserted, the KPIs' own rows read the same."""
    data = filled(TYPED, edit=insert_row(8, {"A": "Total", "D": "of which boys", "I": "7"}))
    assert entered(data) == AS_TYPED


def test_a_kpi_whose_row_is_gone_is_not_returned() -> None:
    """A deleted row is told for its KPI, which stands as not returned, on the sheet and at no cell."""
    returned = read(filled(TYPED, edit=lambda sheet: sheet.delete_rows(7)))
    gone = readings(returned)[1]
    assert gone == Reading("K02", PERIOD, Status.NOT_RETURNED, place=Place(FILE, "EH"), sha256=returned.sha256)
    assert [line for line in noticed(returned.findings) if line.startswith("R09")] == [
        "R09 | return.xlsx, sheet EH | No row on the sheet has this KPI's id. | If its row is there, restore the id in "
        "it; if not, put the row back from the workbook that was sent out, and fill it in. Until then it counts as not "
        "returned."
    ]


def copy_row(to: int, **changed: str) -> Edit:
    """Copy K01's row below the others, with some of its cells changed by column letter."""

    def edit(sheet: Worksheet) -> None:
        for column in range(1, len(RETURN.columns) + 1):
            sheet.cell(to, column).value = sheet.cell(FIRST_ROW, column).value
        for letter, text in changed.items():
            put(sheet, to, column_index_from_string(letter), text)

    return edit


def test_a_kpi_on_two_rows_with_the_same_entries_counts_once() -> None:
    """A row copied as it is says nothing new."""
    returned = read(filled("K01 | 42 | | | | fine", edit=copy_row(13)))
    assert told(readings(returned))[0] == "K01 | reported | 42 |  |  |  | fine | 42 |  | I6"
    assert [line for line in noticed(returned.findings) if line.startswith(("R06", "R17"))] == [
        "R17 | A6 | K01 is on more than one row (A13), with the same entries. | Nothing: it was used once."
    ]


@pytest.mark.parametrize("changed", [{"I": "43"}, {"M": "better"}, {"I": "'"}, {"I": "=I6"}])
def test_a_kpi_on_two_rows_that_differ_is_queried(changed: dict[str, str]) -> None:
    """Which of two rows counts is not guessed: neither value is used, and both rows are named."""
    returned = read(filled("K01 | 42 | | | | fine", edit=copy_row(13, **changed)))
    assert told(readings(returned))[0] == "K01 | queried |  |  |  |  | fine |  |  | I6"
    assert [line for line in noticed(returned.findings) if line.startswith("R06")] == [
        "R06 | A6 | K01 is on more than one row (A13), with different entries. | Keep the right row and delete the "
        "other; until then the KPI is queried."
    ]


def test_ids_that_differ_in_a_dash_alone_are_two_kpis() -> None:
    """Folding never makes one KPI out of two: then only the id as the catalogue has it will do."""
    kpis = tuple(replace(kpi, id=kpi_id) for kpi, kpi_id in zip(SMALL.kpis, ("1-1", "11", "a-3"), strict=False))
    catalogue = replace(SMALL, kpis=kpis)
    grid = grid_of(filled("K01 | 5\nK02 | 40%\nK03 | 7%"))[: FIRST_ROW + 2]
    ids = {"as they are": ("1-1", "11", "A 3"), "folded": ("1 - 1", "11", "a-3")}
    read_back = {}
    for name, texts in ids.items():
        rows = [[(text, "@"), *line[1:]] for text, line in zip(texts, grid[RETURN.heading_row :], strict=True)]
        returned = read_return(grid_workbook([*grid[: RETURN.heading_row], *rows]), FILE, Round(catalogue, PERIOD))
        read_back[name] = ([reading.value for reading in readings(returned)], codes(returned.findings))
    assert read_back["as they are"] == ([5, 0.4, 0.07], [])
    assert read_back["folded"] == ([None, 0.4, 0.07], ["R05 1 - 1", "R09 1-1"])


@pytest.mark.parametrize("text", ["K01", " k01", "K 0 1", "k\u201301", "K\u201001 ", "\u00a0K\u2212\u201501"])
def test_an_id_is_compared_without_case_spaces_and_dashes(text: str) -> None:
    """However a lead retyped it, it is the same id; a letter more is another."""
    assert fold_id(text) == "K01"
    assert fold_id(f"{text}b") == "K01B"


def fill_beside(sheet: Worksheet) -> None:
    insert_columns(sheet)
    put(sheet, 7, 1, "checked")
    put(sheet, 8, 11, "12")
    put(sheet, 30, 25, "some working")


def test_cells_beside_the_columns_are_told_once() -> None:
    """What was typed into a column of the lead's own, or beside the table, is named and not read."""
    returned = read(filled(TYPED, edit=fill_beside))
    assert told(anywhere(readings(returned))) == AS_TYPED
    assert [line for line in noticed(returned.findings) if line.startswith("R11")] == [
        "R11 | A7 | Filled cells that belong to no column of ours: A7, K8, Y30. | Move what matters into the comment "
        "of its KPI; it was not used."
    ]


@pytest.mark.parametrize(("count", "more"), [(12, "."), (13, " and 1 more."), (20, " and 8 more.")])
def test_many_cells_beside_the_columns_are_counted(count: int, more: str) -> None:
    """A whole second table is not listed cell by cell."""

    def second_table(sheet: Worksheet) -> None:
        for row in range(6, 6 + count):
            put(sheet, row, 22, str(row))

    returned = read(filled("K01 | 5", edit=second_table))
    (line,) = [each.found for each in returned.findings if each.code == "R11"]
    named = "V6, V7, V8, V9, V10, V11, V12, V13, V14, V15, V16, V17"
    assert line == f"Filled cells that belong to no column of ours: {named}{more}"


def test_an_untouched_template_is_empty_and_asks_nothing_row_by_row() -> None:
    """All KPIs are not returned, and there is no finding for each of them."""
    returned = read(template())
    assert return_of(template()).empty
    assert {reading.status for reading in readings(returned)} == {Status.NOT_RETURNED}
    assert returned.findings == ()


def test_a_sheet_whose_ids_were_all_lost_says_so() -> None:
    """Entries on rows without ids leave nothing returned, and each of those rows is told."""

    def drop_ids(sheet: Worksheet) -> None:
        for row in range(FIRST_ROW, FIRST_ROW + 7):
            sheet.cell(row, 1).value = None

    returned = read(filled(TYPED, edit=drop_ids))
    assert returned.sheets[0].empty
    assert [code[:3] for code in codes(returned.findings)] == ["R21"] * 7 + ["R09"] * 7


# Whose sheet it is


def retitle_identity(old: str, new: str) -> Edit:
    def edit(sheet: Worksheet) -> None:
        sheet["A4"].value = str(sheet["A4"].value).replace(old, new)

    return edit


def test_the_identity_of_a_template_is_as_the_cases_below_edit_it() -> None:
    """Quarter, workstream, council, list and layout stand in A4."""
    sheet = openpyxl.load_workbook(io.BytesIO(template()))["EH"]
    assert sheet["A4"].value == (
        "sendkpi return | 2021-22-Q1 | EH | council Smallton Council | list May 2021 | layout 2"
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "2021-22-Q1",
            "2020-21-Q4",
            "R02 | A4 | The sheet is for 2020-21-Q4, and this round is 2021-22-Q1. | Fill in and send the workbook for "
            "2021-22-Q1; nothing was read from this sheet.",
        ),
        (
            "layout 2",
            "layout 0",
            "R03 | A4 | The sheet was made from the KPI list “May 2021” in layout 0. | Fill in and send the workbook "
            "that was sent out for this quarter; nothing was read from this sheet.",
        ),
        (
            "council Smallton",
            "council Bigton",
            "R12 | A4 | The sheet belongs to Bigton Council. | Look for the workbook that was meant, and send that; "
            "nothing was read from this sheet.",
        ),
        (
            "| EH |",
            "| EHH |",
            "R04 | A4 | Workstream “EHH” is not in the catalogue (did you mean “EH”?). | Look for the workbook that "
            "was meant, and send that; nothing was read from this sheet.",
        ),
    ],
)
def test_a_sheet_that_is_none_of_this_rounds_is_not_read(old: str, new: str, expected: str) -> None:
    """Another quarter, layout, council or workstream: one finding, and no reading."""
    returned = read(filled(TYPED, edit=retitle_identity(old, new)))
    assert (returned.sheets, returned.usable, returned.own) == ((), False, False)
    assert noticed(returned.findings) == [expected]


def retitle_kpis(sheet: Worksheet) -> None:
    for row in range(FIRST_ROW, FIRST_ROW + 4):
        put(sheet, row, RETURN.index("title") + 1, f"Something else {row}")
    retitle_identity("list May 2021", "list of others")(sheet)


def test_a_template_of_a_list_with_other_kpis_is_not_read() -> None:
    """Ids alone prove nothing: another list may number its KPIs in the same way."""
    returned = read(filled(TYPED, edit=retitle_kpis))
    assert returned.sheets == ()
    assert noticed(returned.findings) == [
        "R13 | return.xlsx, sheet EH | The sheet was made from another KPI list (“of others”): few of its KPIs are "
        "ours. | Fill in and send the workbook that was sent out for this quarter; nothing was read from this sheet."
    ]


def older_list(sheet: Worksheet) -> None:
    """The sheet as an earlier version of the list made it, in the first layout, before K02 was on it."""
    retitle_identity("| council Smallton Council | list May 2021 | layout 2", "| list May 2020 | layout 1")(sheet)
    sheet.delete_rows(FIRST_ROW + 1)


def test_a_template_of_an_older_list_is_read_by_its_kpis() -> None:
    """Nobody types a return again because the list has changed; what the old one did not ask for is a note."""
    returned = read(filled("K01 | 5\nK06 | 12", edit=older_list))
    assert [reading.value for reading in readings(returned)] == [5, None, None, None, None, 12, None]
    assert [line for line in noticed(returned.findings) if line.startswith("R")] == [
        "R14 | return.xlsx, sheet EH | The sheet was made from another version of the KPI list, “May 2020”. | "
        "Nothing: it was read all the same, by KPI id.",
        "R18 | return.xlsx, sheet EH | This KPI was not in the version of the list that the sheet was made from. | "
        "Nothing, if its figure is not needed: it was not asked for, and counts as not returned.",
    ]


def test_a_sheet_whose_identity_was_deleted_is_known_by_its_headings_and_ids() -> None:
    """The line above the table has gone; the year's target, the quarters and the ids say what the sheet is."""
    returned = read(filled(TYPED, edit=retitle_identity("sendkpi return", "our return")))
    assert told(anywhere(readings(returned))) == AS_TYPED
    assert [line for line in noticed(returned.findings) if line.startswith("R")] == [
        "R15 | return.xlsx, sheet EH | The line above the table that says what this sheet is has gone; by its headings "
        "and KPI ids it is the return of Early help for this quarter. | Nothing, if that is so: it was read as that."
    ]


@pytest.mark.parametrize("period", [Period(2020, 1), Period(2021, 2)])
def test_a_sheet_without_identity_of_another_quarter_is_not_read(period: Period) -> None:
    """Its headings name another year's target, or earlier quarters that this one does not have."""
    data = filled("K01 | 5", period=period, edit=retitle_identity("sendkpi return", "our return"))
    assert read(data).sheets == ()
    assert codes(read(data).findings) == ["R01"]


def drop_heading(heading: str) -> Edit:
    return lambda sheet: put(sheet, RETURN.heading_row, heading_columns(sheet)[heading], "'")


def second_heading(sheet: Worksheet) -> None:
    put(sheet, RETURN.heading_row, 20, "NUMERATOR")


@pytest.mark.parametrize("heading", [column.heading for column in RETURN.columns if column.needed])
def test_a_sheet_without_a_needed_heading_is_not_read(heading: str) -> None:
    """The heading that is missing is named; nothing is read by position instead."""
    returned = read(filled(TYPED, edit=drop_heading(heading)))
    assert returned.sheets == ()
    assert codes(returned.findings) == [f"T01 {heading}"]
    assert returned.findings[0].place == Place(FILE, "EH", "row 5")


def test_a_sheet_with_a_needed_heading_twice_is_not_read() -> None:
    """Two columns that both claim to be the numerator are named."""
    returned = read(filled(TYPED, edit=second_heading))
    assert returned.sheets == ()
    assert noticed(returned.findings) == [
        "T02 | row 5 | Two columns are headed “Numerator”: J5, T5. | Rename or remove one of the two."
    ]


def test_one_bad_sheet_does_not_stop_the_other() -> None:
    """In a workbook of several, what can be read is read."""

    def spoil(sheet: Worksheet) -> None:
        if sheet.title == "EH":
            drop_heading("Comment")(sheet)

    returned = read(filled({"EH": "K01 | 5", "SB": "K20 | 7"}, edit=spoil))
    assert [sheet.workstream.code for sheet in returned.sheets] == ["SB"]
    assert codes(returned.findings) == ["T01 Comment", "C07 K21"]


def marked(text: str) -> bytes:
    return grid_workbook([[("Some title", "General")], [(text, "General")]], "Sheet1")


@pytest.mark.parametrize(
    ("line", "told_as"),
    [
        (
            BOARD_IDENTITY,
            ["R10 | return.xlsx | A board workbook that we wrote, not a return. | Nothing: it was left out."],
        ),
        (
            CATALOGUE_IDENTITY,
            ["R10 | return.xlsx | A KPI catalogue that we wrote, not a return. | Nothing: it was left out."],
        ),
        (MODERATION_IDENTITY, []),
    ],
)
def test_our_other_workbooks_are_known_and_left_out(line: str, told_as: list[str]) -> None:
    """The board's workbook or the catalogue among the returns is told; the moderation workbook belongs there."""
    returned = read(marked(f"{line} | 2021-22-Q1"))
    assert (returned.own, returned.sheets, noticed(returned.findings)) == (True, (), told_as)


def test_a_comment_that_names_one_of_our_workbooks_is_a_comment() -> None:
    """A return stays one, whatever its words."""
    returned = read(filled(f"K01 | 5 | | | | {BOARD_IDENTITY} shows 6"))
    assert not returned.own
    assert readings(returned)[0].comment == f"{BOARD_IDENTITY} shows 6"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            b"",
            "F02 | return.xlsx | This file is empty (0 bytes): it has not finished downloading or saving. | In its "
            "folder choose 'Always keep on this device', wait for the download, and run again.",
        ),
        (
            b"K01,5\r\n",
            "F02 | return.xlsx | This is plain text or a CSV file, not a workbook. | Open it in Excel, choose "
            "File > Save As > Excel Workbook (.xlsx), and send the new file.",
        ),
        (
            template()[:5000],
            "F02 | return.xlsx | This file is cut off: its end is missing. | Ask for the file to be sent again.",
        ),
    ],
    ids=["empty", "text", "cut off"],
)
def test_a_file_that_is_no_workbook_is_a_finding(data: bytes, expected: str) -> None:
    """Whatever the bytes, reading ends with a finding that says what to do."""
    returned = read(data)
    assert returned == BookReturn(FILE, "", (), returned.findings)
    assert noticed(returned.findings) == [expected]


# Nothing is dropped

TYPED_ENTRIES = """
5; 0; 85%; 120%; 17; 20; 17.5; -3; '85%; '1,234; '£9; TBC; n/a; =1+1; #REF!; TRUE; '\u00a0; none
'17/20; '17 (85%); '85% (17 of 20); '17 + 3; '(5); '<5
No cases this quarter; Other: say why in the comment; a note
"""
ENTRIES = st.just("") | st.sampled_from([text.strip(" ") for text in re.split("[;\n]", TYPED_ENTRIES)])
SHEETS = st.lists(st.lists(ENTRIES, min_size=6, max_size=6), min_size=7, max_size=7)
OPEN = ("value", "numerator", "denominator", "reason", "comment", "forecast")


def accepted(reading: Reading, key: str) -> bool:
    """Whether the reading holds what was entered under this key."""
    if key == "value":
        return reading.value is not None and reading.typed != ""
    return bool(reading.comment) if key == "comment" else getattr(reading, key) is not None


@settings(deadline=None, max_examples=60)
@given(SHEETS)
def test_every_entry_is_accepted_converted_or_queried(entries: list[list[str]]) -> None:
    """For each open cell that holds something: its reading holds it, or a finding at the cell or the KPI."""
    kpis = SMALL.live(EARLY.name)
    table = "\n".join(" | ".join([kpi.id, *row]) for kpi, row in zip(kpis, entries, strict=True))
    returned = read(filled(table))
    must_fix = {each.subject for each in returned.findings if each.severity is Severity.MUST_FIX}
    at_cell = {each.place.cell for each in returned.findings}
    for number, (reading, row) in enumerate(zip(readings(returned), entries, strict=True), start=FIRST_ROW):
        for key, text in zip(OPEN, row, strict=True):
            if text.removeprefix("'").strip():
                cell = get_column_letter(RETURN.index(key) + 1) + str(number)
                queried = reading.status is Status.QUERIED and reading.kpi_id in must_fix
                assert accepted(reading, key) or queried or cell in at_cell
        filled_in = any(text.removeprefix("'").strip() for text in row)
        assert (reading.status is Status.NOT_RETURNED) is not filled_in


@settings(deadline=None, max_examples=60)
@given(SHEETS)
def test_a_readings_fields_agree_with_its_status(entries: list[list[str]]) -> None:
    """Reported has a value and no reason, blank a reason and no value; queried and not returned have neither."""
    kpis = SMALL.live(EARLY.name)
    table = "\n".join(" | ".join([kpi.id, *row]) for kpi, row in zip(kpis, entries, strict=True))
    returned = read(filled(table))
    for reading in readings(returned):
        assert (reading.value is not None) is (reading.status is Status.REPORTED)
        assert (reading.reason is not None) is (reading.status is Status.BLANK)
    done = sum(reading.status in (Status.REPORTED, Status.BLANK) for reading in readings(returned))
    assert returned.sheets[0].done == done


def test_every_kpi_that_is_not_live_is_left_out() -> None:
    """Proposed, paused and retired KPIs are neither asked for nor read."""
    lives = (Life.LIVE, Life.PROPOSED, Life.PAUSED, Life.RETIRED)
    kpis: list[Kpi] = [replace(kpi, life=life) for kpi, life in zip(SMALL.kpis, lives, strict=False)]
    catalogue: Catalogue = replace(SMALL, kpis=tuple(kpis))
    returned = read(filled("K01 | 5\nK02 | 40%"), catalogue=catalogue)
    assert [reading.kpi_id for reading in readings(returned)] == ["K01"]
    strangers = [code for code in codes(returned.findings) if code.startswith(("R05", "R22"))]
    assert strangers == ["R05 K05", "R05 K06", "R05 K07", "R22 K02", "R22 K03", "R22 K04"]


def test_the_reasons_of_the_drop_down_are_all_read() -> None:
    """Each choice of the template's list comes back as itself."""
    for reason in Reason:
        returned = read(filled(f"K01 | | | | {reason.value} | why"))
        assert readings(returned)[0].reason is reason
