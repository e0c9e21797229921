"""What a sheet says of its places beside their content: hidden rows and columns, merged areas."""

from __future__ import annotations

import pytest

from sendkpi_xl import blanks, package, sheet_reader
from sendkpi_xl.cells import Area
from sendkpi_xl.file_kinds import MEGABYTE
from tests.workbook_parts import MAIN, ONE_CELL, SHEET_PATH, Parts, parts, refusal, sheet_of, zipped


def marked(rows: str = ONE_CELL, before: str = "", after: str = "") -> Parts:
    made = f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return parts() | {SHEET_PATH: made}


def merged(*areas: str) -> Parts:
    listed = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    return marked(after=f"<mergeCells>{listed}</mergeCells>")


def test_hidden_rows_and_columns() -> None:
    """Rows and columns that are hidden, whatever stands in them; 'false' and '0' hide nothing."""
    rows = """<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="A2"><v>2</v></c></row>
      <row r="3" hidden="true"/><row r="4" hidden="0"/><row r="5" hidden="false"/><row hidden="1"/>
      <row r="7" hidden="1"/><row r="2000000" hidden="1"/>"""
    columns = """<cols><col min="2" max="3" hidden="1"/><col min="4" max="4" hidden="true"/><col min="6" max="7"/>
      <col min="9" max="99999" hidden="1"/><col min="x" max="8" hidden="1"/><col max="8" hidden="1"/></cols>"""
    sheet = sheet_of(marked(rows, columns))
    assert sheet.hidden_rows == (range(2, 4), range(6, 8))
    assert sheet.hidden_columns == (range(2, 5), range(9, 16385))
    assert [place for place in [(1, 1), (2, 1), (4, 1), (1, 4), (1, 5), (7, 9), (8, 8)] if sheet.hidden(*place)] == [
        (2, 1),
        (1, 4),
        (7, 9),
    ]


def test_many_hidden_columns_take_no_more_room_than_there_are_columns() -> None:
    """Half a million entries about the same columns."""
    columns = '<col min="1" max="1" hidden="1"/><col min="3" max="3" hidden="1"/>' * 50_000
    assert sheet_of(marked(before=f"<cols>{columns}</cols>")).hidden_columns == (range(1, 2), range(3, 4))


def test_merged_areas() -> None:
    """The area that a place is part of, its corners in any order; what can't be made out is passed over."""
    sheet = sheet_of(merged("C7:D7", "A10:A12", "F3:E2", "B2", "B2:B2", "?:C3", ""))
    assert sheet.merged == (Area(2, 5, 3, 6), Area(7, 3, 7, 4), Area(10, 1, 12, 1))
    places = [(7, 3), (7, 4), (7, 5), (6, 3), (11, 1), (13, 1), (2, 6), (2, 2)]
    assert [sheet.merged_area(*place) for place in places] == ["C7:D7", "C7:D7", "", "", "A10:A12", "", "E2:F3", ""]


def test_a_whole_sheet_may_be_merged() -> None:
    """It costs no more than any other area."""
    assert sheet_of(merged("A1:XFD1048576")).merged_area(1_000_000, 9) == "A1:XFD1048576"


def test_a_sheet_with_too_many_merged_areas_is_refused() -> None:
    """As many as the limit are read, 200,000 are not."""
    areas = [f"A{row}:B{row}" for row in range(1, 200_001)]
    assert len(sheet_of(merged(*areas[: sheet_reader.MAX_MERGED])).merged) == 10_000
    assert refusal(zipped(merged(*areas))) == (
        "The sheet 'Return' has more than 10,000 merged areas: no workbook of ours has so many.",
        "Select all its cells, choose Home > Merge & Center > Unmerge Cells, save, and send it again.",
    )


def excel_blanks(attributes: str, cells: str = "") -> str:
    row = f'<row r="{{0}}" spans="1:5" s="3" customFormat="1" ht="15"{attributes}>{cells}</row>'
    return (
        "".join(row.format(number) for number in range(1, 1_000_001))
        + '<row r="1048576"><c r="C1048576"><v>7</v></c></row>'
    )


def test_a_million_blank_rows_as_excel_writes_them_are_read() -> None:
    """They unpack to more than a part may have, but are not kept."""
    made = parts(excel_blanks(' x="0.25"', '<c r="A{0}" s="3"/>'))
    assert len(made[SHEET_PATH]) > 90 * MEGABYTE
    assert [cell.address for cell in sheet_of(made).cells.values()] == ["C1048576"]


def test_a_million_hidden_blank_rows_are_read_and_stay_hidden() -> None:
    """Which is how people hide what they don't use."""
    sheet = sheet_of(parts(excel_blanks(' hidden="1" x="0.25"')))
    assert [cell.address for cell in sheet.cells.values()] == ["C1048576"]
    assert sheet.hidden_rows == (range(1, 1_000_001),)


def test_a_bomb_of_blanks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What isn't kept still costs time, so that it has a limit too."""
    monkeypatch.setattr(package, "MAX_UNPACKED", 9 * MEGABYTE)
    blank = '<row r="7" spans="1:5" s="3" customFormat="1" ht="15"/>'
    assert sheet_of(parts(blank * 100_000 + ONE_CELL)).cells
    assert refusal(zipped(parts(blank * 200_000 + ONE_CELL))) == (
        "This file unpacks to more than 9 MB (the sheet 'Return'): no workbook of ours has so many.",
        "Check that it is the right file; if so, take out pictures and other sheets, and send it again.",
    )


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        pytest.param('<row r="1"/><row r="2"><c r="A2" s="1"/></row><c r="B9" />', "", id="blanks"),
        pytest.param('<row r="1"/><row><c r="A2"/></row>', "<all>", id="a row without its number"),
        pytest.param('<row r="1"><c r="A1"/><c/></row>', "<all>", id="a cell without its address"),
        pytest.param('<row r="1"/><x:row r="2"/>', "<all>", id="a prefix"),
        pytest.param('<!-- --><row r="1"/>', "<all>", id="a comment"),
        pytest.param(f'<row r="1"/>{ONE_CELL * 9}', "<all>", id="hardly any"),
        pytest.param('<row r="1" hidden="false"/><row r="2" hidden="1"/>', '<row r="2" hidden="1"/>', id="hidden"),
        pytest.param(
            '<row r="3" hidden="true"><c r="A3"/></row><row r="4"><c r="A4"><v>1</v></c><c r="B4"/></row>',
            '<row r="3" hidden="1"/><row r="4"><c r="A4"><v>1</v></c></row>',
            id="filled",
        ),
    ],
)
def test_what_counts_as_blank(monkeypatch: pytest.MonkeyPatch, rows: str, kept: str) -> None:
    """Blanks go where no place depends on them; the last row of a piece always stays."""
    monkeypatch.setattr(blanks, "ORDINARY", 8)
    last = '<row r="99"/>'
    data = f"<worksheet>{rows}{last}".encode()
    expected = f"<worksheet>{rows if kept == '<all>' else kept}{last}"
    assert b"".join(blanks.without_blanks([data])) == expected.encode()
