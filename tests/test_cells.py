"""The reader of cells: every workbook is shown in the test, as XML or as a small table, and so is every refusal."""

from __future__ import annotations

import io
import pickle
import random
import struct
import time
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any, Protocol

import openpyxl
import pytest
import xlsxwriter
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import to_excel
from python_calamine import CalamineWorkbook

from sendkpi_xl import cell_styles, cells, file_kinds, package, sheet_reader
from sendkpi_xl.cells import Book, Cell, Kind, Sheet, Unreadable, address, column_letters, read_book
from tests.old_containers import container
from tests.workbook_parts import (
    MAIN,
    OFFICE,
    ONE_CELL,
    PACKAGE_RELS,
    PACKAGE_RELS_PATH,
    SAVE_AS,
    SEND_AGAIN,
    SEND_RETURN,
    SHEET_PATH,
    STRICT_MAIN,
    STRICT_OFFICE,
    STRINGS_PATH,
    STYLES_PATH,
    TOO_BIG,
    WORKBOOK,
    WORKBOOK_PATH,
    WORKBOOK_RELS,
    WORKBOOK_RELS_PATH,
    Parts,
    contents,
    parts,
    refusal,
    sheet_of,
    values,
    worksheet,
    zipped,
)


class Converter(Protocol):
    """What conftest's LibreOffice can do."""

    def convert(self, path: Path, to: str, out: Path) -> Path: ...


# What a cell holds


def test_every_kind_of_cell() -> None:
    rows = """
      <row r="2">
        <c r="A2" t="s"><v>0</v></c>
        <c r="B2"><v>0.10000000000000001</v></c>
        <c r="C2" t="n"><v>-1.5E-7</v></c>
        <c r="D2" t="b"><v>1</v></c>
        <c r="E2" t="e"><v>#REF!</v></c>
        <c r="F2" t="inlineStr"><is><t>typed</t></is></c>
        <c r="G2" t="d"><v>2021-06-30</v></c>
        <c r="H2" t="str"><v>text without a formula</v></c>
      </row>
      <row r="3">
        <c r="A3"><f>B2*2</f><v>0.2</v></c>
        <c r="B3" t="str"><f>A2&amp;"!"</f><v>EHC05!</v></c>
        <c r="C3" t="str"><f>""</f><v></v></c>
        <c r="D3" t="b"><f>1=2</f><v>0</v></c>
        <c r="E3" t="e"><f>NA()</f><v>#N/A</v></c>
        <c r="F3"><f>SUM(B2:C2)</f></c>
        <c r="G3"><f>SUM(B2:C2)</f><v/></c>
        <c r="H3" t="e"><f>_xlfn.SEQUENCE(9)</f><v>#SPILL!</v></c>
      </row>"""
    sheet = sheet_of(parts(rows, strings="<si><t>EHC05</t></si>"))
    expected = [
        Cell(2, 1, Kind.TEXT, "EHC05", "EHC05", False, "General"),
        Cell(2, 2, Kind.NUMBER, "0.10000000000000001", 0.1, False, "General"),
        Cell(2, 3, Kind.NUMBER, "-1.5E-7", -1.5e-7, False, "General"),
        Cell(2, 4, Kind.BOOLEAN, "TRUE", True, False, "General"),
        Cell(2, 5, Kind.ERROR, "#REF!", "#REF!", False, "General"),
        Cell(2, 6, Kind.TEXT, "typed", "typed", False, "General"),
        Cell(2, 7, Kind.TEXT, "2021-06-30", "2021-06-30", False, "General"),
        Cell(2, 8, Kind.TEXT, "text without a formula", "text without a formula", False, "General"),
        Cell(3, 1, Kind.NUMBER, "0.2", 0.2, True, "General"),
        Cell(3, 2, Kind.TEXT, "EHC05!", "EHC05!", True, "General"),
        Cell(3, 3, Kind.TEXT, "", "", True, "General"),
        Cell(3, 4, Kind.BOOLEAN, "FALSE", False, True, "General"),
        Cell(3, 5, Kind.ERROR, "#N/A", "#N/A", True, "General"),
        Cell(3, 6, Kind.EMPTY, "", None, True, "General"),
        Cell(3, 7, Kind.EMPTY, "", None, True, "General"),
        Cell(3, 8, Kind.ERROR, "#SPILL!", "#SPILL!", True, "General"),
    ]
    assert sheet == Sheet("Return", "visible", {(cell.row, cell.column): cell for cell in expected})


def test_cells_that_hold_nothing_are_not_kept() -> None:
    rows = """<row r="1">
      <c r="A1" s="1"/><c r="B1"></c><c r="C1"><v></v></c><c r="D1" t="s"><v/></c>
      <c r="E1" t="inlineStr"><is><t></t></is></c><c r="F1" t="str"><v></v></c><c r="G1" t="s"><v>0</v></c>
      <c r="H1" t="e"><v> </v></c><c r="I1"><v>0</v></c>
    </row>"""
    assert contents(parts(rows, strings="<si><t></t></si>")) == {"I1": (Kind.NUMBER, "0", 0.0)}


def test_texts_are_kept_exactly_as_stored() -> None:
    strings = """
      <si><t xml:space="preserve">  two spaces before, a no-break space after\u00a0</t></si>
      <si><r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r></si>
      <si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>
      <si><r><t>課</t></r><rPh sb="0" eb="1"><t>か</t></rPh><r><t>長</t></r></si>
      <si><t>one_x000D_\ntwo_x0009_three</t></si>
      <si><t>_x005F_x000D_ stays, and so do _x00_ and x000D_</t></si>
      <si><t>smile _xD83D__xDE00_ and half of one _xD83D_.</t></si>
      <si><t><![CDATA[<c r="A1"/> & more]]></t></si>
      <si><t> <!-- split -->&lt;5% </t></si>
      <si/>"""
    row = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(10))
    assert values(parts(f"<row>{row}</row>", strings)) == {
        "A1": "  two spaces before, a no-break space after\u00a0",
        "B1": "rich text",
        "C1": "東京",
        "D1": "課長",
        "E1": "one\r\ntwo\tthree",
        "F1": "_x000D_ stays, and so do _x00_ and x000D_",
        "G1": "smile 😀 and half of one \ufffd.",
        "H1": '<c r="A1"/> & more',
        "I1": " <5% ",
    }


def test_inline_texts_are_read_like_shared_ones() -> None:
    rows = """<row r="1">
      <c r="A1" t="inlineStr"><is><r><t>6 out </t></r><r><t xml:space="preserve">of 8 </t></r></is></c>
      <c r="B1" t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></is></c>
      <c r="C1" t="str"><f>A1</f><v>one_x000A_two</v></c>
      <c r="D1" t="inlineStr"><v>in the wrong element</v></c>
      <c r="E1"><is><t>without its type</t></is></c>
    </row>"""
    assert values(parts(rows)) == {
        "A1": "6 out of 8 ",
        "B1": "東京",
        "C1": "one\ntwo",
        "D1": "in the wrong element",
        "E1": "without its type",
    }


def test_a_cell_without_an_address_stands_after_the_one_before_it() -> None:
    rows = """
      <row><c><v>1</v></c><c/><c><v>2</v></c></row>
      <row r="5"><c r="C5"/><c><v>3</v></c><c><v>4</v></c><c r="B5"><v>5</v></c></row>
      <row><c><v>6</v></c></row>
      <row r="3"><c r="a3"><v>7</v></c></row>
      <row r="9" spans="1:1"/>
      <row><c><v>8</v></c></row>"""
    assert values(parts(rows)) == {
        "A1": 1,
        "C1": 2,
        "D5": 3,
        "E5": 4,
        "B5": 5,
        "A6": 6,
        "A3": 7,
        "A10": 8,
    }


def test_shared_and_array_formulas_count_as_formulas_in_each_of_their_cells() -> None:
    rows = """
      <row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">ROW()</f><v>1</v></c><c r="B1"><v>9</v></c>
                 <c r="C1"><f t="array" ref="C1:D2">{1,2;3,4}</f><v>1</v></c><c r="D1"><v>2</v></c></row>
      <row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c><c r="B2"><v>9</v></c>
                 <c r="C2"><v>3</v></c><c r="D2"><v>4</v></c><c r="E2"><v>9</v></c></row>
      <row r="3"><c r="A3"><v>7</v></c></row>"""
    formulas = {cell.address: cell.formula for cell in sheet_of(parts(rows)).cells.values()}
    assert [place for place, formula in formulas.items() if formula] == ["A1", "C1", "D1", "A2", "C2", "D2"]
    assert [place for place, formula in formulas.items() if not formula] == ["B1", "B2", "E2", "A3"]


def test_an_array_formula_over_a_whole_column_costs_no_time() -> None:
    rows = """<row r="1"><c r="A1"><f t="array" ref="A1:XFD1048576">B1</f><v>1</v></c></row>
              <row r="2"><c r="G2"><v>2</v></c></row>"""
    assert [cell.formula for cell in sheet_of(parts(rows)).cells.values()] == [True, True]


# Number formats


STYLES = """
  <numFmts count="3">
    <numFmt numFmtId="164" formatCode="dd\\ mmmm\\ yyyy"/>
    <numFmt numFmtId="165" formatCode="#,##0&quot; weeks&quot;"/>
    <numFmt numFmtId="44" formatCode="&quot;€&quot;#,##0.00"/>
    <numFmt numFmtId="166"/>
  </numFmts>
  <cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
  <cellXfs>
    <xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="44"/>
    <xf numFmtId="166"/><xf numFmtId="999"/><xf/><xf numFmtId="6"/>
  </cellXfs>
  <dxfs><dxf><numFmt numFmtId="164" formatCode="0.000"/></dxf></dxfs>"""
PERCENT = '<xf numFmtId="9"/>'
STYLED_ROWS = "<row>" + "".join(f'<c s="{style}"><v>1</v></c>' for style in [*range(11), "x"]) + "</row>"


def test_number_formats_by_style() -> None:
    sheet = sheet_of(parts(STYLED_ROWS, styles=STYLES))
    assert {cell.address: (cell.number_format, cell.is_date) for cell in sheet.cells.values()} == {
        "A1": ("General", False),
        "B1": ("0%", False),
        "C1": ("dd/mm/yyyy", True),
        "D1": ("dd\\ mmmm\\ yyyy", True),
        "E1": ('#,##0" weeks"', False),
        "F1": ('"€"#,##0.00', False),
        "G1": ("General", False),
        "H1": ("General", False),
        "I1": ("General", False),
        "J1": ('"£"#,##0;[Red]-"£"#,##0', False),
        "K1": ("General", False),
        "L1": ("General", False),
    }


def test_number_formats_beyond_the_limit_count_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_styles, "MAX_FORMATS", 70)
    sheet = sheet_of(
        parts('<row><c s="69"><v>1</v></c><c s="70"><v>1</v></c></row>', styles=f"<cellXfs>{PERCENT * 99}</cellXfs>")
    )
    assert [cell.number_format for cell in sheet.cells.values()] == ["0%", "General"]


@pytest.mark.parametrize(
    "styles", [None, STYLES.replace("<dxfs>", "<dxfs"), "", "plain text", "<fills><fill/></fills>"]
)
def test_missing_or_broken_styles_stop_nothing(styles: str | None) -> None:
    sheet = sheet_of(parts(STYLED_ROWS, styles=styles))
    assert [cell.value for cell in sheet.cells.values()] == [1.0] * 12
    # What stands before the slip is still known.
    assert sheet.cells[1, 3].is_date is (styles is not None and "numFmts" in styles)


@pytest.mark.parametrize(
    "code", ["yyyy-mm-dd", "d", "[$-809]dd mmmm yyyy;@", "h:mm AM/PM", "[h]:mm", "[mm]", '"Q"m', "mmm-yy"]
)
def test_date_formats(code: str) -> None:
    assert Cell(1, 1, Kind.NUMBER, "1", 1.0, False, code).is_date
    assert not Cell(1, 1, Kind.TEXT, "x", "x", False, code).is_date


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0.00E+00",
        "@",
        '0" days"',
        "[Red]0",
        "[$£-809]#,##0",
        "0\\d",
        "_d0",
        "*s0",
        '"unclosed dmy',
        "[<5]0%",
    ],
)
def test_other_formats(code: str) -> None:
    assert not Cell(1, 1, Kind.NUMBER, "1", 1.0, False, code).is_date


# Sheets and books


def test_a_book_of_several_sheets() -> None:
    workbook = f"""<workbook xmlns="{MAIN}" xmlns:rel="{OFFICE}"><sheets>
      <sheet name="Return" sheetId="4" rel:id="rId9"/>
      <sheet name="Chart" sheetId="5" rel:id="rId7"/>
      <sheet name="Lists" sheetId="2" state="veryHidden" rel:id="rId2"/>
      <sheet name="Notes &amp; queries" sheetId="3" state="hidden" rel:id="rId3"/>
    </sheets></workbook>"""
    rels = f"""<Relationships>
      <Relationship Id="rId2" Type="{OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>
      <Relationship Id="rId3" Type="{OFFICE}/worksheet" Target="worksheets/sheet3.xml"/>
      <Relationship Id="rId7" Type="{OFFICE}/chartsheet" Target="chartsheets/missing.xml"/>
      <Relationship Id="rId8" Type="{OFFICE}/theme" Target="theme/theme1.xml"/>
      <Relationship Id="rId9" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
    </Relationships>"""
    made = parts() | {
        WORKBOOK_PATH: workbook,
        WORKBOOK_RELS_PATH: rels,
        "xl/worksheets/sheet2.xml": worksheet('<row r="2"><c r="B2" t="b"><v>0</v></c></row>'),
        "xl/worksheets/sheet3.xml": worksheet(""),
        "xl/theme/theme1.xml": "this is <not XML",
        "docProps/core.xml": "nor <is this",
    }
    data = zipped(made)
    book = read_book(data, "WS1.xlsx")
    one = Cell(1, 1, Kind.NUMBER, "1", 1.0, False, "General")
    two = Cell(2, 2, Kind.BOOLEAN, "FALSE", False, False, "General")
    assert book == Book(
        "WS1.xlsx",
        (
            Sheet("Return", "visible", {(1, 1): one}),
            Sheet("Lists", "veryHidden", {(2, 2): two}),
            Sheet("Notes & queries", "hidden", {}),
        ),
        book.sha256,
    )
    assert len(book.sha256) == 64
    assert book.sheet("lists") is book.sheets[1]
    assert book.sheet("List") is None
    assert book.sheets[1].cell(2, 2) == two
    assert book.sheets[1].cell(2, 1) is None
    assert pickle.loads(pickle.dumps(book)) == book


def test_rows_come_in_order_whatever_the_order_in_the_file() -> None:
    rows = """<row r="7"><c r="C7"><v>4</v></c><c r="A7"><v>3</v></c></row>
              <row r="2"><c r="AA2"><v>2</v></c><c r="Z2"><v>1</v></c></row>"""
    listed = [(number, [cell.value for cell in row]) for number, row in sheet_of(parts(rows)).rows()]
    assert listed == [(2, [1, 2]), (7, [3, 4])]


@pytest.mark.parametrize(
    ("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_column_letters(column: int, letters: str) -> None:
    assert column_letters(column) == letters
    assert address(7, column) == f"{letters}7"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            {WORKBOOK_RELS_PATH: WORKBOOK_RELS.replace("worksheets/", "/xl/worksheets/")}, id="absolute target"
        ),
        pytest.param({WORKBOOK_RELS_PATH: WORKBOOK_RELS.replace("worksheets/", "worksheets\\")}, id="backslash"),
        pytest.param({WORKBOOK_RELS_PATH: WORKBOOK_RELS.replace("sheet1.xml", "SHEET1.XML")}, id="other letter case"),
        pytest.param({WORKBOOK_RELS_PATH: WORKBOOK_RELS.replace("worksheets/", "../xl/./worksheets/")}, id="dots"),
        pytest.param({WORKBOOK_RELS_PATH: WORKBOOK_RELS.replace("sheet1", "%73heet1")}, id="percent-encoded"),
        pytest.param({WORKBOOK_PATH: WORKBOOK.encode("utf-16")}, id="list of sheets in UTF-16"),
        pytest.param({SHEET_PATH: worksheet(ONE_CELL).encode("utf-16")}, id="sheet in UTF-16"),
        pytest.param({SHEET_PATH: "\ufeff" + worksheet(ONE_CELL)}, id="sheet with a byte-order mark"),
        pytest.param(
            {SHEET_PATH: ('<?xml version="1.0" encoding="windows-1252"?>' + worksheet(ONE_CELL)).encode("cp1252")},
            id="sheet in windows-1252",
        ),
        pytest.param(
            {
                PACKAGE_RELS_PATH: PACKAGE_RELS.replace(OFFICE, STRICT_OFFICE),
                WORKBOOK_PATH: WORKBOOK.replace(OFFICE, STRICT_OFFICE).replace(MAIN, STRICT_MAIN),
                WORKBOOK_RELS_PATH: WORKBOOK_RELS.replace(OFFICE, STRICT_OFFICE),
                SHEET_PATH: worksheet(ONE_CELL).replace(MAIN, STRICT_MAIN),
            },
            id="Strict Open XML",
        ),
        pytest.param(
            {
                WORKBOOK_PATH: f"""<x:workbook xmlns:x="{MAIN}" xmlns:d3p1="{OFFICE}"><x:sheets>
                    <x:sheet name="Return" sheetId="1" d3p1:id="rId1"/></x:sheets></x:workbook>""",
                SHEET_PATH: f"""<x:worksheet xmlns:x="{MAIN}"><x:sheetData>
                    <x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>""",
            },
            id="prefixed names",
        ),
    ],
)
def test_what_other_programs_write_is_read(changes: Parts) -> None:
    assert values(parts() | changes) == {"A1": 1.0}


def test_an_old_module_of_macros_is_no_sheet() -> None:
    """Excel lists the modules of before 1997 as sheets that are in no part of the file."""
    module = '<sheet name="Module1" sheetId="2" state="veryHidden" r:id=""/>'
    assert values(parts() | {WORKBOOK_PATH: WORKBOOK.replace("</sheets>", f"{module}</sheets>")}) == {"A1": 1.0}
    alone = WORKBOOK.replace('r:id="rId1"', 'r:id=""')
    expected = "There is no sheet with cells in this workbook.", SEND_RETURN
    assert refusal(zipped(parts() | {WORKBOOK_PATH: alone})) == expected


def test_part_names_with_backslashes_capitals_and_a_leading_slash_are_found() -> None:
    renamed = {"/" + path.replace("/", "\\").upper(): content for path, content in parts().items()}
    assert values(renamed) == {"A1": 1.0}


@pytest.mark.parametrize(
    ("before", "after"), [(b"junk\n", b""), (b"", b"\n--\nSent from my phone\n"), (b"\r\n", b"\r\n")]
)
def test_bytes_before_and_after_the_archive_do_no_harm(before: bytes, after: bytes) -> None:
    book = read_book(before + zipped(parts()) + after, "return.xlsx")
    assert [cell.value for cell in book.sheets[0].cells.values()] == [1.0]


def test_blank_cells_are_passed_over_without_moving_the_others() -> None:
    """Formatted blanks are taken out before parsing, except where a comment or a missing address forbids it."""
    cell = '<c r="C3"><v>3</v></c>'
    blanks = '<row r="2"><c r="A2" s="1"/><c r="B2" s="1" /></row><row r="4" ht="15"/>'
    rows = f'{blanks}<row r="3"><c r="A3" s="1"/>{cell}<c r="D3"/></row>{blanks}'
    expected = {"C3": 3.0}
    assert values(parts(rows)) == expected
    assert values(parts(f"<!-- no blanks out -->{rows}")) == expected
    assert values(parts(rows + '<row r="9"><c/><c><v>1</v></c></row>')) == expected | {"B9": 1.0}
    assert values(parts('<row r="9"><c r="A9"/><c><v>1</v></c></row>')) == {"B9": 1.0}
    assert values(parts('<row r="9"><c r="A9" x="/>"/><c r="B9" x="a/>b"><v>1</v></c></row>')) == {"B9": 1.0}


# Limits


def test_a_million_formatted_blank_rows_and_a_stray_cell_read_fast() -> None:
    blanks = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(1, 1_000_001))
    data = zipped(parts(blanks + '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'))
    begin = time.perf_counter()
    (sheet,) = read_book(data, "return.xlsx").sheets
    seconds = time.perf_counter() - begin
    assert sheet.cells == {(1048576, 16384): Cell(1048576, 16384, Kind.NUMBER, "7", 7.0, False, "General")}
    # About 0.6 seconds on a quiet machine; ten without taking the blanks out on a busy one.
    assert seconds < 5


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_reader, "MAX_CELLS", 2)
    rows = '<row><c><v>1</v></c><c/><c t="inlineStr"><is><t/></is></c><c><v>2</v></c>{more}</row>'
    assert values(parts(rows.format(more=""))) == {"A1": 1.0, "D1": 2.0}
    assert refusal(zipped(parts(rows.format(more="<c><v>3</v></c>")))) == (
        "This workbook has more than 2 filled cells: no workbook of ours has so many.",
        SEND_RETURN,
    )


def test_too_many_parts_are_refused() -> None:
    names = {f"xl/media/image{number}.png": b"" for number in range(file_kinds.MAX_MEMBERS - 4)}
    assert values(parts() | names) == {"A1": 1.0}
    expected = ("This file holds more than 2,000 parts: no workbook of ours has so many.", SEND_RETURN)
    assert refusal(zipped(parts() | names | {"xl/media/one-more.png": b""})) == expected
    assert refusal(zipped(parts()) + file_kinds.ZIP_ENTRY * 20_001) == expected


def test_a_part_that_unpacks_to_too_much_is_refused_but_only_if_it_is_needed() -> None:
    bomb = b" " * (package.MAX_PART + 1)
    assert values(parts() | {"xl/media/image1.png": bomb}) == {"A1": 1.0}
    assert refusal(zipped(parts() | {SHEET_PATH: bomb})) == (
        "This file unpacks to more than 50 MB (the sheet 'Return'): no workbook of ours has so many.",
        TOO_BIG,
    )


def test_parts_that_together_unpack_to_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_KEPT", 2 * file_kinds.MEGABYTE)
    large = parts() | {STRINGS_PATH: f"<sst>{' ' * file_kinds.MEGABYTE}</sst>", STYLES_PATH: " " * file_kinds.MEGABYTE}
    assert refusal(zipped(large)) == (
        "This file unpacks to more than 2 MB (its styles): no workbook of ours has so many.",
        TOO_BIG,
    )


def test_stated_sizes_are_not_believed() -> None:
    """The archive says that the sheet has ten bytes; what comes out is counted all the same."""
    data = bytearray(zipped(parts()))
    entry = data.index(SHEET_PATH.encode(), data.index(file_kinds.ZIP_ENTRY)) - 46
    struct.pack_into("<I", data, entry + 24, 10)
    assert refusal(bytes(data)) == ("This workbook is damaged inside (the sheet 'Return').", SEND_AGAIN)


def test_deep_nesting_is_refused() -> None:
    for path, label in {
        SHEET_PATH: "the sheet 'Return'",
        STRINGS_PATH: "its texts",
        STYLES_PATH: "its styles",
        WORKBOOK_PATH: "the list of its sheets",
        PACKAGE_RELS_PATH: "the list of its parts",
    }.items():
        assert refusal(zipped(parts() | {path: "<a>" * 65 + "</a>" * 65})) == (
            f"This file is nested more than 64 levels deep ({label}), which Excel never writes.",
            SAVE_AS,
        )


def test_array_formulas_over_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_reader, "MAX_ARRAY_STEPS", 3)
    row = '<c r="A1"><f t="array" ref="A1:B2">1</f><v>1</v></c><c r="B1"><f t="array" ref="B1:C1">1</f><v>1</v></c>'
    assert refusal(zipped(parts(f'<row r="1">{row}</row>'))) == (
        "The array formulas on the sheet 'Return' fill too many cells.",
        SAVE_AS,
    )


# Refusals inside a workbook


DAMAGED_SHEET = ("This workbook is damaged inside (the sheet 'Return').", SEND_AGAIN)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        pytest.param(
            '<row r="7"><c r="E7"><v>1</v></c><c r="E7"><v>2</v></c></row>',
            "Cell E7 on the sheet 'Return' is stored twice.",
            id="twice",
        ),
        pytest.param(
            '<row r="7"><c r="E7"><v>1</v></c></row><row r="7"><c/><c/><c/><c/><c><v>1</v></c></row>',
            "Cell E7 on the sheet 'Return' is stored twice.",
            id="twice, once by position",
        ),
        pytest.param(
            '<row r="1"><c r="XFE1"><v>1</v></c></row>',
            "A cell on the sheet 'Return' has the address 'XFE1', outside Excel's grid.",
            id="column outside the grid",
        ),
        pytest.param(
            '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
            "A cell on the sheet 'Return' has the address 'A1048577', outside Excel's grid.",
            id="row outside the grid",
        ),
        pytest.param(
            '<row r="4294967295"><c><v>1</v></c></row>',
            "A cell on the sheet 'Return' has the address 'A4294967295', outside Excel's grid.",
            id="row outside the grid, by position",
        ),
        pytest.param(
            '<row r="1"><c r="A0"><v>1</v></c></row>',
            "A cell on the sheet 'Return' has the address 'A0', outside Excel's grid.",
            id="row nought",
        ),
        pytest.param(
            '<row r="0"><c r="A0"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
            "A cell on the sheet 'Return' has the address 'A0', outside Excel's grid.",
            id="rows counted from nought",
        ),
        pytest.param(
            f'<row r="1"><c r="&#9;7E{"x" * 90}"><v>1</v></c></row>',
            f"A cell on the sheet 'Return' has the address '?7E{'x' * 37}…', outside Excel's grid.",
            id="no address at all",
        ),
        pytest.param(
            '<row r="7"><c r="E7"><v>12,5</v></c></row>',
            "Cell E7 on the sheet 'Return' holds '12,5', not a number.",
            id="decimal comma",
        ),
        pytest.param(
            '<row r="7"><c r="E7"><v>NaN</v></c></row>',
            "Cell E7 on the sheet 'Return' holds 'NaN', not a number.",
            id="not a number",
        ),
        pytest.param(
            '<row r="7"><c r="E7"><v>1e999</v></c></row>',
            "Cell E7 on the sheet 'Return' holds '1e999', not a number.",
            id="number without end",
        ),
        pytest.param(
            '<row r="7"><c r="E7"><v>1_000</v></c></row>',
            "Cell E7 on the sheet 'Return' holds '1_000', not a number.",
            id="number as Python writes it",
        ),
        pytest.param(
            '<row r="7"><c r="E7" t="s"><v>0</v></c></row>',
            "Cell E7 on the sheet 'Return' holds '0', not the place of a text in this file.",
            id="text that isn't there",
        ),
        pytest.param(
            '<row r="7"><c r="E7" t="s"><v>-1</v></c></row>',
            "Cell E7 on the sheet 'Return' holds '-1', not the place of a text in this file.",
            id="text before the first",
        ),
        pytest.param(
            '<row r="7"><c r="E7" t="b"><v>2</v></c></row>',
            "Cell E7 on the sheet 'Return' holds '2', not TRUE or FALSE.",
            id="neither true nor false",
        ),
        pytest.param(
            '<row r="7"><c r="E7" t="z"><v>2</v></c></row>',
            "Cell E7 on the sheet 'Return' holds '2', not a value of a kind that we know.",
            id="unknown type",
        ),
    ],
)
def test_a_cell_that_cannot_be_right_is_refused_with_its_place(rows: str, found: str) -> None:
    assert refusal(zipped(parts(rows))) == (found, SAVE_AS)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="x"><c><v>1</v></c></row>',
        '<AlternateContent><row><c r="A1"><v>1</v></c></row></AlternateContent>',
        '<row r="1"><AlternateContent><c r="A1"><v>1</v></c></AlternateContent></row>',
        '<row r="1"><c r="A1"><f t="array" ref="A1:?">1</f><v>1</v></c></row>',
        f'<row r="{"1" * 5_000}"><c><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>&nbsp;</v></c></row>',
        '<row r="1"><c r="A1"><v>1</c></row>',
        '<row r="1"><c r="A1"><v>\x01</v></c></row>',
    ],
)
def test_a_sheet_that_cannot_be_made_out_is_refused(rows: str) -> None:
    assert refusal(zipped(parts(rows))) == DAMAGED_SHEET


@pytest.mark.parametrize("encoding", ["no-such-encoding", "utf-7", "utf-32", "shift_jis"])
def test_a_sheet_in_an_encoding_that_cannot_be_read_is_refused(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + worksheet(ONE_CELL)
    assert refusal(zipped(parts() | {SHEET_PATH: text})) == DAMAGED_SHEET


@pytest.mark.parametrize(
    "path", [PACKAGE_RELS_PATH, WORKBOOK_PATH, WORKBOOK_RELS_PATH, SHEET_PATH, STRINGS_PATH, STYLES_PATH]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE a>",
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://example.org/x">%p;]>',
    ],
)
def test_a_document_type_declaration_is_refused_in_every_part(path: str, encoding: str, doctype: str) -> None:
    made = parts(strings="<si><t>a</t></si>", styles=STYLES)
    text = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{made[path]!s}'
    assert refusal(zipped(made | {path: text.encode(encoding)})) == (
        "This file contains a document type declaration, which Excel never writes: it was not opened.",
        SAVE_AS,
    )


NO_WORKBOOK = ("There is no workbook in this file.", SEND_RETURN)
MISSING_SHEET = ("The sheet 'Return' is missing from this file.", SEND_AGAIN)
OUTSIDE_SHEET = ("The sheet 'Return' lies outside this file.", SEND_AGAIN)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({PACKAGE_RELS_PATH: "<Relationships/>"}, NO_WORKBOOK, id="no workbook"),
        pytest.param({PACKAGE_RELS_PATH: PACKAGE_RELS.replace("xl/", "x/")}, NO_WORKBOOK, id="workbook not there"),
        pytest.param(
            {PACKAGE_RELS_PATH: PACKAGE_RELS.replace("Target=", 'TargetMode="External" Target=')},
            NO_WORKBOOK,
            id="workbook elsewhere",
        ),
        pytest.param({WORKBOOK_RELS_PATH: "<Relationships/>"}, MISSING_SHEET, id="sheet without a target"),
        pytest.param({WORKBOOK_PATH: WORKBOOK.replace("r:id", "x")}, MISSING_SHEET, id="sheet without an id"),
        pytest.param(
            {WORKBOOK_RELS_PATH: WORKBOOK_RELS.replace("worksheets/sheet1.xml", "../../../../etc/passwd")},
            MISSING_SHEET,
            id="target above the archive",
        ),
        pytest.param(
            {WORKBOOK_RELS_PATH: WORKBOOK_RELS.replace("worksheets/sheet1.xml", "http://example.org/sheet1.xml")},
            MISSING_SHEET,
            id="web address",
        ),
        pytest.param(
            {WORKBOOK_RELS_PATH: WORKBOOK_RELS.replace('Target="w', 'TargetMode="External" Target="w')},
            OUTSIDE_SHEET,
            id="target outside",
        ),
        pytest.param(
            {WORKBOOK_PATH: f'<workbook xmlns="{MAIN}"><sheets/></workbook>'},
            ("There is no sheet with cells in this workbook.", SEND_RETURN),
            id="no sheet",
        ),
        pytest.param(
            {WORKBOOK_RELS_PATH: WORKBOOK_RELS.replace("/worksheet", "/xlMacrosheet", 1)},
            ("There is no sheet with cells in this workbook.", SEND_RETURN),
            id="only an old macro sheet",
        ),
        pytest.param(
            {
                WORKBOOK_PATH: WORKBOOK.replace("</sheets>", '<sheet name="RETURN" r:id="rId2"/></sheets>'),
                STRINGS_PATH: "<a/>",
            },
            ("This workbook has the sheet 'RETURN' twice.", SAVE_AS),
            id="two sheets of one name",
        ),
        pytest.param(
            {WORKBOOK_PATH: WORKBOOK.replace("</sheets>", '<sheet name="Other" r:id="rId1"/></sheets>')},
            ("This workbook has the sheet 'Other' twice.", SAVE_AS),
            id="two sheets in one part",
        ),
        pytest.param(
            {SHEET_PATH: worksheet('<row r="1"><c r="A1" s="1"/></row>')},
            ("No cell of this workbook is filled in.", SEND_RETURN),
            id="no filled cell",
        ),
        pytest.param({SHEET_PATH: "not XML"}, DAMAGED_SHEET, id="sheet without XML"),
        pytest.param(
            {STRINGS_PATH: "<sst><si>"},
            ("This workbook is damaged inside (its texts).", SEND_AGAIN),
            id="texts cut off",
        ),
        pytest.param(
            {"XL/Worksheets/Sheet1.xml": "<a/>"},
            ("This file has two parts called 'xl/worksheets/sheet1.xml'.", SAVE_AS),
            id="two parts of one name but for letter case",
        ),
        pytest.param(
            {"xl\\worksheets\\sheet1.xml": "<a/>"},
            ("This file has two parts called 'xl/worksheets/sheet1.xml'.", SAVE_AS),
            id="two parts of one name but for slashes",
        ),
    ],
)
def test_a_workbook_that_does_not_hang_together_is_refused(changes: Parts, expected: tuple[str, str]) -> None:
    assert refusal(zipped(parts() | changes)) == expected


def test_damaged_data_is_refused_with_the_part_it_is_in() -> None:
    stored = zipped(parts(), zipfile.ZIP_STORED)
    assert refusal(stored.replace(b"<v>1</v>", b"<v>9</v>", 1)) == DAMAGED_SHEET

    deflated = bytearray(zipped(parts()))
    begin = deflated.index(SHEET_PATH.encode()) + len(SHEET_PATH)
    deflated[begin : begin + 8] = b"\xff" * 8
    assert refusal(bytes(deflated)) == DAMAGED_SHEET

    cut_short = bytearray(zipped(parts()))
    entry = cut_short.index(SHEET_PATH.encode(), cut_short.index(file_kinds.ZIP_ENTRY)) - 46
    struct.pack_into("<I", cut_short, entry + 20, 10)
    assert refusal(bytes(cut_short)) == DAMAGED_SHEET

    other_part = zipped(parts()).replace(SHEET_PATH.encode(), SHEET_PATH.upper().encode(), 1)
    assert refusal(other_part) == DAMAGED_SHEET

    assert refusal(zipped(parts(), zipfile.ZIP_BZIP2)) == (
        "This workbook is damaged inside (the list of its parts).",
        SEND_AGAIN,
    )


def test_mistakes_of_the_reader_itself_become_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_arguments: object) -> None:
        raise RecursionError

    monkeypatch.setattr(cells, "_read", stumble)
    assert refusal(zipped(parts())) == (
        "This file can't be read, for a reason that we did not foresee (RecursionError).",
        SAVE_AS,
    )


def test_a_refusal_survives_a_trip_between_processes() -> None:
    error = Unreadable("a.xlsx", "This is a PDF.", "Ask.")
    copied = pickle.loads(pickle.dumps(error))
    assert (copied.file, copied.found, copied.action) == ("a.xlsx", "This is a PDF.", "Ask.")


# Files that are something else


def encrypted(made: Parts) -> bytes:
    """The archive with the flag of a password on its first part."""
    data = bytearray(zipped(made))
    data[6] |= 1
    data[data.index(file_kinds.ZIP_ENTRY) + 8] |= 1
    return bytes(data)


OLE = file_kinds.OLE_START + b"\0" * 504
ODS = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<office:document-content/>"}
MAIL = b"Received: from mail\r\nFrom: a@example.org\r\nTo: b@example.org\r\nSubject: return\r\n\r\nHere it is"
KINDS_OF_FILE: dict[str, tuple[bytes, str, str]] = {
    "empty": (
        b"",
        "This file is empty (0 bytes): it has not finished downloading or saving.",
        "In its folder choose 'Always keep on this device', wait for the download, and run again.",
    ),
    "zeros": (
        b"\0" * 5_000,
        "This file holds nothing but zeros: it has not finished downloading.",
        "In its folder choose 'Always keep on this device', wait for the download, and run again.",
    ),
    "too big": (
        b"PK\x03\x04" + b"x" * 26 * 2**20,
        "This file has 26 MB: no workbook of ours has so many.",
        TOO_BIG,
    ),
    "cut off": (zipped(parts())[:-300], "This file is cut off: its end is missing.", SEND_AGAIN),
    "list of parts broken": (
        zipped(parts()).replace(file_kinds.ZIP_ENTRY, b"PK\x01\x09"),
        "This workbook is damaged inside: its list of parts can't be read.",
        SEND_AGAIN,
    ),
    "password": (
        OLE + "EncryptedPackage".encode("utf-16-le"),
        "This file has a password to open.",
        "Open it in Excel, choose File > Info > Protect Workbook > Encrypt with Password, clear the password, "
        "save, and send it again.",
    ),
    "password, in a whole container": (
        container("EncryptedPackage", "EncryptionInfo", "\x06DataSpaces/StrongEncryptionTransform"),
        "This file has a password to open.",
        "Open it in Excel, choose File > Info > Protect Workbook > Encrypt with Password, clear the password, "
        "save, and send it again.",
    ),
    "sensitivity label": (
        container("EncryptedPackage", "\x06DataSpaces/DRMEncryptedTransform"),
        "This file is encrypted by a sensitivity label or by rights management: only people whom it names can open it.",
        "Open it in Excel, choose a label without encryption (Home > Sensitivity) or File > Info > Protect Workbook > "
        "Restrict Access > Unrestricted Access, save, and send it again.",
    ),
    "zip with a password": (
        encrypted(parts()),
        "This file was zipped with a password.",
        "Ask for the workbook itself, without zip and without a password.",
    ),
    "xls": (OLE, "This is a workbook of the old kind (Excel 97-2003).", SAVE_AS),
    "xls with a Word document in it": (
        OLE + "Workbook WordDocument".encode("utf-16-le"),
        "This is a workbook of the old kind (Excel 97-2003).",
        SAVE_AS,
    ),
    "xls with a Word document in it, in a whole container": (
        container("MBD0014/WordDocument", "MBD0014/ObjectPool", "WORKBOOK"),
        "This is a workbook of the old kind (Excel 97-2003).",
        SAVE_AS,
    ),
    "xls of Excel 5": (
        container("\x05SummaryInformation", "Book"),
        "This is a workbook of the old kind (Excel 97-2003).",
        SAVE_AS,
    ),
    "xls of Excel 4": (
        b"\x09\x04\x06\0\0\0\x10\0",
        "This is a workbook of a very old kind (before Excel 97).",
        SAVE_AS,
    ),
    "doc with a workbook in it": (
        container("Data", "WordDocument", "ObjectPool/Workbook"),
        "This is a Word document, not a workbook.",
        SEND_RETURN,
    ),
    "another program's container": (
        container("VisioDocument", "\x05SummaryInformation", content="Workbook"),
        "This is not an Excel workbook, nor any kind of file that we know.",
        SEND_RETURN,
    ),
    "doc": (OLE + "WordDocument".encode("utf-16-le"), "This is a Word document, not a workbook.", SEND_RETURN),
    "Outlook message": (
        OLE + "__properties_version1.0 Workbook".encode("utf-16-le"),
        "This is an e-mail, not a workbook.",
        "Open the e-mail, save the attached workbook into the folder, and run again.",
    ),
    "xlsb": (
        zipped({PACKAGE_RELS_PATH: PACKAGE_RELS.replace(".xml", ".bin"), "xl/workbook.bin": b"\x83\x01"}),
        "This is a binary workbook (.xlsb).",
        SAVE_AS,
    ),
    "xlsb under other names": (
        zipped({PACKAGE_RELS_PATH: PACKAGE_RELS.replace("workbook.xml", "Book1.bin"), "xl/book1.bin": b"\x83\x01"}),
        "This is a binary workbook (.xlsb).",
        SAVE_AS,
    ),
    "ods that only its manifest calls so": (
        zipped({"META-INF/manifest.xml": f'<file-entry media-type="{ODS["mimetype"]}"/>', "content.xml": "<a/>"}),
        "This is an OpenDocument spreadsheet (.ods).",
        "Open it in LibreOffice or Excel, save it as an Excel workbook (.xlsx), and send the new file.",
    ),
    "odt": (
        zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
        "This is a zip file without a workbook in it.",
        SEND_RETURN,
    ),
    "ods": (
        zipped(ODS),
        "This is an OpenDocument spreadsheet (.ods).",
        "Open it in LibreOffice or Excel, save it as an Excel workbook (.xlsx), and send the new file.",
    ),
    "docx": (
        zipped({PACKAGE_RELS_PATH: PACKAGE_RELS.replace("xl/workbook", "word/document"), "word/document.xml": "<a/>"}),
        "This is a Word document, not a workbook.",
        SEND_RETURN,
    ),
    "docx under other names": (
        zipped(
            {PACKAGE_RELS_PATH: PACKAGE_RELS.replace("xl/workbook", "word/document2"), "word/document2.xml": "<a/>"}
        ),
        "This is a Word document, not a workbook.",
        SEND_RETURN,
    ),
    "pptx under other names": (
        zipped({PACKAGE_RELS_PATH: PACKAGE_RELS.replace("xl/workbook", "ppt/slides"), "ppt/slides.xml": "<a/>"}),
        "This is a PowerPoint presentation, not a workbook.",
        SEND_RETURN,
    ),
    "Numbers, as mail programs zip it": (
        zipped({"WS1.numbers/Index.zip": b"", "WS1.numbers/preview.jpg": b""}),
        "This is an Apple Numbers file.",
        "Open it in Numbers, choose File > Export To > Excel, and send the new file.",
    ),
    "Numbers": (
        zipped({"Index/Document.iwa": b"\0", "Metadata/Properties.plist": b""}),
        "This is an Apple Numbers file.",
        "Open it in Numbers, choose File > Export To > Excel, and send the new file.",
    ),
    "zip of workbooks": (
        zipped({"Q1/WS1.xlsx": zipped(parts()), "Q1/WS2.XLSM": b"", "Q1/old.xls": b"", "Q1/read me.txt": b""}),
        "This is a zip file that holds 3 workbooks.",
        "Unpack it into the same folder, and run again.",
    ),
    "zip of one workbook": (
        zipped({"WS1.xlsx": zipped(parts())}, zipfile.ZIP_STORED),
        "This is a zip file that holds 1 workbook.",
        "Unpack it into the same folder, and run again.",
    ),
    "zip of other things": (zipped({"a.txt": "a"}), "This is a zip file without a workbook in it.", SEND_RETURN),
    "zip of nothing": (zipped({}), "This is a zip file without a workbook in it.", SEND_RETURN),
    "7z": (
        b"7z\xbc\xaf\x27\x1c\0\x04",
        "This is a packed folder (.7z or .rar).",
        "Unpack it into the same folder, and run again.",
    ),
    "rar": (
        b"Rar!\x1a\x07\x01\0",
        "This is a packed folder (.7z or .rar).",
        "Unpack it into the same folder, and run again.",
    ),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + zipped(parts()), "This is a PDF, not a workbook.", SEND_RETURN),
    "web page": (
        b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<html><table><tr><td>EHC05</td></tr></table></html>",
        "This is a web page saved with a workbook's name.",
        SAVE_AS,
    ),
    "table of a web page": (
        b'<style>td {mso-number-format:"0"}</style><table border="1"><tr><td>EHC05</td></tr></table>',
        "This is a web page saved with a workbook's name.",
        SAVE_AS,
    ),
    "web page in UTF-16": (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel">'.encode("utf-16"),
        "This is a web page saved with a workbook's name.",
        SAVE_AS,
    ),
    "sign-in page": (
        b"<html><head><title>Sign in to your account</title></head></html>",
        "This is a sign-in page that was downloaded in place of the workbook.",
        "Sign in to the site, download the workbook again, and run again.",
    ),
    "e-mail": (
        MAIL,
        "This is an e-mail, not a workbook.",
        "Open the e-mail, save the attached workbook into the folder, and run again.",
    ),
    "e-mail from a mailbox": (
        b"From a@example.org Thu Jul  1 09:00:00 2021\n" + MAIL,
        "This is an e-mail, not a workbook.",
        "Open the e-mail, save the attached workbook into the folder, and run again.",
    ),
    "xml": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Table/></Workbook>',
        "This is a single XML file, not a workbook.",
        SAVE_AS,
    ),
    "link to a Google sheet, as written today": (
        b'{"":"WARNING! DO NOT EDIT THIS FILE!","doc_id":"1","resource_key":"","email":"team@example.org"}',
        "This is only a link to a Google sheet.",
        "Open the sheet, choose File > Download > Microsoft Excel (.xlsx), and send that file.",
    ),
    "link to a Google sheet": (
        b'{"url": "https://docs.google.com/spreadsheets/d/1"}',
        "This is only a link to a Google sheet.",
        "Open the sheet, choose File > Download > Microsoft Excel (.xlsx), and send that file.",
    ),
    "csv": (b"KPI,Value\r\nEHC05,17\r\n", "This is plain text or a CSV file, not a workbook.", SAVE_AS),
    "csv in windows-1252": (b"KPI,Value\nEHC05,\xa317\n", "This is plain text or a CSV file, not a workbook.", SAVE_AS),
    "csv in UTF-16": (
        "KPI\tValue\nEHC05\t£17\n".encode("utf-16"),
        "This is plain text or a CSV file, not a workbook.",
        SAVE_AS,
    ),
    "csv cut in the middle of a letter": (
        b"x" * 4_095 + "£".encode() * 9,
        "This is plain text or a CSV file, not a workbook.",
        SAVE_AS,
    ),
    "picture": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "This is not an Excel workbook, nor any kind of file that we know.",
        SEND_RETURN,
    ),
}


@pytest.mark.parametrize("kind", KINDS_OF_FILE)
def test_other_kinds_of_file_are_named_with_what_to_do(kind: str) -> None:
    data, found, action = KINDS_OF_FILE[kind]
    assert refusal(data) == (found, action)


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_two_parts_of_exactly_one_name_are_refused() -> None:
    file = io.BytesIO(zipped(parts()))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(SHEET_PATH, "<a/>")
    assert refusal(file.getvalue()) == ("This file has two parts called 'xl/worksheets/sheet1.xml'.", SAVE_AS)


# Second opinions


ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
TABLE: list[list[Any]] = [
    ["KPI", "Value", "When", "Comment"],
    ["EHC05", 17, date(2021, 6, 30), "<5% & falling"],
    ["  spaced  ", 0.1 + 0.2, datetime(2021, 6, 30, 12, 0), "line one\nline two"],
    ["£ – é 😀", -1234.5678, None, "6 out of 8"],
    [None, 1e-300, None, "00123"],
    [True, 1.5e300, False, None],
    [None, None, None, None],
    ["after a gap", 115 / 1030, date(1999, 1, 1), "=not a formula"],
]


def by_xlsxwriter() -> bytes:
    """The table from row 3, column B on; below it formulas of every kind of result."""
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, {"strings_to_formulas": False})
    day = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    percent = workbook.add_format({"num_format": "0.0%"})
    sheet = workbook.add_worksheet("Return")
    for row, line in enumerate(TABLE):
        for column, value in enumerate(line):
            sheet.write(row + 2, column + 1, value, day if isinstance(value, date) else percent)
    for row, result in enumerate([42, "text", True, *ERRORS]):
        sheet.write_formula(row + 20, 1, "=A1", percent, result)
    workbook.add_worksheet("Lists").write("H99", "far from the rest")
    workbook.close()
    return file.getvalue()


def by_openpyxl() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Return"
    for line in TABLE:
        sheet.append(line)
    for cell in sheet["D"]:
        cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    for error in ERRORS:
        sheet.append([error])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def ours(data: bytes) -> dict[tuple[str, str], object]:
    """Each value that we read, by sheet and address."""
    book = read_book(data, "x.xlsx")
    return {(sheet.name, cell.address): cell.value for sheet in book.sheets for cell in sheet.cells.values()}


def plain_value(value: Any) -> object:
    """A date or time of another reader as the number that is stored."""
    is_time = isinstance(value, (date, clock, timedelta))
    return to_excel(value) if is_time else value  # type: ignore[no-untyped-call]


def openpyxl_reads(data: bytes) -> dict[tuple[str, str], object]:
    workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {
        (sheet.title, str(cell.coordinate)): plain_value(cell.value)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def calamine_reads(data: bytes) -> dict[tuple[str, str], object]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        (name, address(row, column)): plain_value(value)
        for name in workbook.sheet_names
        for row, line in enumerate(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False), 1)
        for column, value in enumerate(line, 1)
        if value != ""
    }


def assert_others_agree(data: bytes) -> None:
    read = ours(data)
    assert openpyxl_reads(data) == read
    # python-calamine reads an error as an empty text.
    assert calamine_reads(data) == {place: value for place, value in read.items() if value not in ERRORS}


def test_other_readers_agree_on_a_workbook_by_xlsxwriter() -> None:
    data = by_xlsxwriter()
    assert_others_agree(data)
    book = read_book(data, "x.xlsx")
    results = [book.sheets[0].cells[row, 2] for row in range(21, 31)]
    assert [(cell.kind, cell.value, cell.formula, cell.number_format) for cell in results] == [
        (Kind.NUMBER, 42.0, True, "0.0%"),
        (Kind.TEXT, "text", True, "0.0%"),
        (Kind.BOOLEAN, True, True, "0.0%"),
        *((Kind.ERROR, error, True, "0.0%") for error in ERRORS),
    ]
    assert [cell.address for cell in book.sheets[0].cells.values() if cell.is_date] == ["D4", "D5", "D10"]


def test_other_readers_agree_on_a_workbook_by_openpyxl() -> None:
    data = by_openpyxl()
    assert_others_agree(data)
    book = read_book(data, "x.xlsx")
    assert [cell.address for cell in book.sheets[0].cells.values() if cell.is_date] == ["C2", "C3", "C8"]


def test_a_formula_by_openpyxl_has_no_result() -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["B2"] = "=1+1"
    file = io.BytesIO()
    workbook.save(file)
    book = read_book(file.getvalue(), "x.xlsx")
    assert book.sheets[0].cells == {(2, 2): Cell(2, 2, Kind.EMPTY, "", None, True, "General")}


@pytest.mark.libreoffice
def test_other_readers_agree_on_a_workbook_saved_by_libreoffice(libreoffice: Converter, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(by_openpyxl()))
    formulas = ["=1+1", '="a"&"b"', '=""', "=1=1", "=NA()", "=1/0", "=DATE(2021,6,30)"]
    for row, formula in enumerate(formulas, 30):
        workbook.worksheets[0].cell(row, 1, formula)
    workbook.save(tmp_path / "return.xlsx")
    data = libreoffice.convert(tmp_path / "return.xlsx", "xlsx", tmp_path / "saved").read_bytes()

    read = ours(data)
    others = openpyxl_reads(data)
    assert {place: value for place, value in read.items() if value != ""} == others
    assert calamine_reads(data) == {place: value for place, value in others.items() if value not in ERRORS}
    sheet = read_book(data, "x.xlsx").sheets[0]
    assert [(cell.kind, cell.value, cell.formula) for cell in (sheet.cells[row, 1] for row in range(30, 37))] == [
        (Kind.NUMBER, 2.0, True),
        (Kind.TEXT, "ab", True),
        (Kind.TEXT, "", True),
        (Kind.BOOLEAN, True, True),
        (Kind.ERROR, "#N/A", True),
        (Kind.ERROR, "#DIV/0!", True),
        (Kind.NUMBER, 44377.0, True),
    ]
    assert [cell.address for cell in sheet.cells.values() if cell.is_date] == ["C2", "C3", "C8", "A36"]


@pytest.mark.libreoffice
def test_other_kinds_of_workbook_saved_by_libreoffice_are_named(libreoffice: Converter, tmp_path: Path) -> None:
    (tmp_path / "return.xlsx").write_bytes(by_xlsxwriter())
    for kind in ("ods", "xls"):
        data = libreoffice.convert(tmp_path / "return.xlsx", kind, tmp_path / "saved").read_bytes()
        assert refusal(data) == KINDS_OF_FILE[kind][1:]


def test_a_return_reads_in_a_moment() -> None:
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file)
    sheet = workbook.add_worksheet("Return")
    for row in range(130):
        for column in range(20):
            sheet.write(row, column, f"text {row}" if column % 2 else row / 7)
    workbook.close()
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        book = read_book(file.getvalue(), "return.xlsx")
        times.append(time.perf_counter() - begin)
    assert len(book.sheets[0].cells) == 2_600
    # About 0.02 seconds on a quiet machine.
    assert min(times) < 0.2


# Whatever comes

# A busy machine must not fail a test for being slow.
unhurried = settings(deadline=None)


@unhurried
@given(
    st.lists(
        st.one_of(
            st.floats(-1e308, 1e308),
            st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_numbers_and_texts_come_back_as_they_were_written(written: list[float | str]) -> None:
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = workbook.add_worksheet()
    for row, value in enumerate(written):
        if isinstance(value, str):
            assert sheet.write_string(row, 0, value) == 0
        else:
            sheet.write_number(row, 0, value)
    workbook.close()
    read = read_book(file.getvalue(), "x.xlsx").sheets[0].cells
    # XlsxWriter writes a number with sixteen significant digits.
    digits = [value if isinstance(value, str) else f"{value:.16G}" for value in written]
    assert [cell.raw for cell in read.values()] == digits
    assert [cell.value for cell in read.values()] == [
        value if isinstance(value, str) else float(raw) for value, raw in zip(written, digits, strict=True)
    ]


def reads_or_refuses(data: bytes) -> None:
    try:
        book = read_book(data, "x.xlsx")
    except Unreadable as error:
        assert error.found.endswith(".")
        assert error.action.endswith(".")
    else:
        assert any(sheet.cells for sheet in book.sheets)


STARTS = (
    b"",
    file_kinds.ZIP_START,
    file_kinds.ZIP_END,
    file_kinds.OLE_START,
    b"\xff\xfe",
    b"<html",
    b"%PDF-",
    b"<?xml",
)


@unhurried
@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_arbitrary_bytes_raise_nothing_but_unreadable(start: bytes, rest: bytes) -> None:
    reads_or_refuses(start + rest)


WHOLE = zipped(
    parts(
        STYLED_ROWS + '<row r="5"><c r="A5" t="s"><v>0</v></c><c r="B5" t="str"><f>""</f><v>x</v></c></row>',
        strings="<si><r><t>one_x000D_</t></r></si>",
        styles=STYLES,
    )
)


@unhurried
@given(
    st.integers(0, len(WHOLE)),
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=4)), max_size=6),
)
def test_a_changed_or_cut_workbook_raises_nothing_but_unreadable(cut: int, changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(WHOLE)
    for place, change in changes:
        data[place : place + len(change)] = change
    reads_or_refuses(bytes(data))
    reads_or_refuses(bytes(data[:cut]))
    reads_or_refuses(bytes(data[cut:]))


WORDS = [
    "<row>",
    "</row>",
    "<c>",
    "</c>",
    "<v>",
    "</v>",
    "<f>",
    "</f>",
    "<is><t>",
    "</t></is>",
    "1",
    "-",
    " ",
    "A1",
    "é",
    "<c/>",
]
WORDS += [
    '<row r="2">',
    '<c r="B2">',
    '<c r="B2" t="s">',
    '<c t="e">',
    '<f t="array" ref="A1:B3">',
    "&amp;",
    "<!---->",
    "_x0041_",
]


@unhurried
@given(st.lists(st.sampled_from(WORDS), max_size=20), st.randoms(use_true_random=False))
def test_sheets_of_random_pieces_raise_nothing_but_unreadable(words: list[str], shuffle: random.Random) -> None:
    reads_or_refuses(zipped(parts("".join(words))))
    for path in (PACKAGE_RELS_PATH, WORKBOOK_PATH, WORKBOOK_RELS_PATH):
        pieces = str(parts()[path]).split(" ")
        pieces[shuffle.randrange(len(pieces))] = "".join(words)
        reads_or_refuses(zipped(parts() | {path: " ".join(pieces)}))


BLANK_OR_FILLED = st.sampled_from(["", '<c r="{place}"/>', '<c r="{place}" s="2" />', '<c r="{place}"><v>1</v></c>'])


@unhurried
@given(st.lists(st.lists(BLANK_OR_FILLED, max_size=5), min_size=1, max_size=6))
def test_taking_blanks_out_changes_nothing(table: list[list[str]]) -> None:
    rows = ""
    for number, line in enumerate(table, 1):
        stands = "".join(cell.format(place=address(number, column)) for column, cell in enumerate(line, 1))
        rows += f'<row r="{number}" spans="1:5">{stands}</row>' if line else f'<row r="{number}" ht="15"/>'
    assume("<v>" in rows)
    # A comment keeps the blanks in.
    assert values(parts(rows)) == values(parts(f"<!-- -->{rows}"))
