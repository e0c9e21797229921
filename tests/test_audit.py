"""The accessibility checks: each fires on a workbook that fails it and is silent on its neighbour; our own pass all."""

from __future__ import annotations

import io
import json
import shutil
import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.styles import Font as SheetFont

from sendkpi_xl.asking import write_notes
from sendkpi_xl.audit import ACCESS_CHECKS, ACCESS_RULES, Inaccessible, audit_workbook, hold_accessible
from sendkpi_xl.audit.colours import Colours, tinted
from sendkpi_xl.audit.reader import read_seen
from sendkpi_xl.audit.table_checks import EMPTY_EXPLAINED
from sendkpi_xl.board import board_workbook
from sendkpi_xl.catalogue_writer import catalogue_workbook
from sendkpi_xl.cli import main
from sendkpi_xl.failures import FAULT, failed
from sendkpi_xl.findings import Refusal
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.moderating import write_moderation
from sendkpi_xl.moderation import moderation_workbook
from sendkpi_xl.outputs import publish
from sendkpi_xl.reading import Finding, Place, Severity
from sendkpi_xl.round import convert_catalogue, import_list, write_board, write_templates
from sendkpi_xl.style import INKS, contrast
from sendkpi_xl.workbook_mark import packed_anew
from tests.access_cases import RED, Making, Spoil, with_new_part, with_part, workbook
from tests.board_view import Q1 as KINGSTON_Q1
from tests.board_view import ROOT
from tests.small_round import small_round

SHEET = "xl/worksheets/sheet1.xml"
TABLE = "xl/tables/table1.xml"
STYLES = "xl/styles.xml"
BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
VBA = (
    b'<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vba"/>'
)
Make = Callable[[], bytes]


def audited(data: bytes) -> tuple[Finding, ...]:
    return audit_workbook(data, "places.xlsx")


def codes(data: bytes) -> list[str]:
    return [each.code for each in audited(data)]


def of(spoil: Spoil, **words: object) -> Make:
    return lambda: workbook(spoil, **words)  # type: ignore[arg-type]


def put(address: str, value: object, **properties: object) -> Make:
    """The good workbook with one cell written otherwise."""
    return of(lambda made: made.put(address, value, **properties))


def each_in(**puts: object) -> Make:
    return of(lambda made: [made.put(address, value) for address, value in puts.items()])


def in_part(name: str, old: bytes, new: bytes, data: Make = workbook) -> Make:
    return lambda: with_part(data(), name, old, new)


def second_sheet(spoil: Spoil, name: str = "More") -> Make:
    """The good workbook and a sheet behind it, which only has a title until it is spoilt."""

    def add(made: Making) -> None:
        other = Making(made.book, made.book.add_worksheet(name))
        other.put("A1", "More places")
        spoil(other)

    return of(add)


def rule(area: str = "C5:C7", **options: object) -> Make:
    return of(lambda made: coloured(made, area, **options))


def coloured(made: Making, area: str, **options: object) -> object:
    looks = options.pop("looks", RED)
    asked = {"type": "formula", "criteria": '=C5="R"', **options}
    return made.sheet.conditional_format(area, {**asked, "format": made.book.add_format(looks)})


def rich(made: Making, **properties: object) -> None:
    """A text of two parts, the second of which has these properties."""
    plain, other = made.format(), made.format(**properties)
    made.sheet.write_rich_string("A5", plain, "N", other, "E", made.format())


def picture(made: Making, **options: object) -> None:
    made.sheet.insert_image("E4", "dot.png", {"image_data": io.BytesIO(png()), **options})


def png() -> bytes:
    """A picture of one grey dot."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


def chart(made: Making, words: str) -> None:
    drawn = made.book.add_chart({"type": "column"})
    drawn.add_series({"values": "=Places!$B$5:$B$7"})
    made.sheet.insert_chart("E4", drawn, {"description": words} if words else {})


def two_tables(made: Making) -> None:
    made.sheet.add_table(
        "A10:B11", {"name": "Others", "columns": [{"header": "One"}, {"header": "Two"}], "style": None}
    )
    for address in ("A11", "B11"):
        made.put(address, 1)


LONG = "A text that is far too long for the narrow column that it stands in"
GAPS = "R is red, A is amber, G is green."
ONE_CELL = {"multi_range": "C5"}

CASES: Mapping[str, tuple[Make, Make]] = {
    # Each code, a workbook that fails it, and one that is nearly the same and does not.
    "A01": (lambda: workbook(title=""), lambda: workbook(title="P")),
    "A02": (
        lambda: workbook(language=b""),
        lambda: workbook(language=b"<dc:language>cy</dc:language></cp:coreProperties>"),
    ),
    "A03": (
        lambda: with_new_part(with_part(workbook(), RELATIONS, b"</Rel", VBA + b"</Rel"), "xl/vba", b"x"),
        lambda: with_new_part(workbook(), "xl/vba", b"x"),
    ),
    "A04": (of(lambda made: made.sheet.set_selection("B2")), of(lambda made: made.sheet.freeze_panes(4, 1))),
    "A05": (
        in_part(BOOK, b'name="More"', b'name="PLACES"', second_sheet(lambda _: None)),
        second_sheet(lambda _: None, "Places 2"),
    ),
    "A06": (lambda: workbook(name="Sheet1"), lambda: workbook(name="Sheet music")),
    "A07": (second_sheet(lambda made: made.sheet.hide()), second_sheet(lambda _: None)),
    "A08": (second_sheet(lambda made: made.put("A1", None)), second_sheet(lambda made: made.put("A1", "x"))),
    "A09": (put("A1", None), put("A1", "T")),
    "A10": (of(lambda made: made.sheet.merge_range("A2:B2", "Empty: none", made.format())), workbook),
    "A11": (
        of(lambda made: made.sheet.set_footer("&LNot for publication&RPage &P of &N")),
        of(lambda made: made.sheet.set_footer('&L&A, &D&C&"Arial,Bold"&8Places by &KFF0000section&RPage &P of &N')),
    ),
    "A12": (of(lambda made: chart(made, "")), of(lambda made: chart(made, "Most places are in the north."))),
    "A13": (
        second_sheet(lambda made: [made.put(at, 1) for at in ("A3", "B3", "A4", "B4")]),
        second_sheet(lambda made: [made.put(at, 1) for at in ("A3", "B3", "A4", "A5", "B6")]),
    ),
    "A14": (of(two_tables), workbook),
    "A15": (lambda: workbook(table={"name": "Table1"}), lambda: workbook(table={"name": "Table1_of_places"})),
    "A16": (
        in_part(TABLE, b'ref="A4:C7"', b'ref="B4:C7"', in_part(TABLE, b'<tableColumn id="1" name="Section"/>', b"")),
        workbook,
    ),
    "A17": (put("A9", "Source: the council"), put("A3", "Source: the council")),
    "A18": (in_part(TABLE, b' ref="A4', b' headerRowCount="0" ref="A4'), workbook),
    "A19": (put("B4", "section"), put("B4", "Sections")),
    "A20": (of(lambda made: [made.put(f"{column}6", " ") for column in "ABC"]), put("A6", " ")),
    "A21": (of(lambda made: [made.put(f"B{row}", None) for row in (4, 5, 6, 7)]), put("B5", None)),
    "A22": (
        of(lambda made: [made.put("A2", GAPS), made.put("B5", None)]),
        of(lambda made: [made.put("A2", f"{GAPS} Blank: not asked."), made.put("B5", "")]),
    ),
    "A23": (
        put("B5", "[x]"),
        of(lambda made: [made.put("A2", f"{GAPS} [x] is not available."), made.put("B5", "[x]")]),
    ),
    "A24": (put("A5", LONG), put("A5", LONG, text_wrap=True)),
    "A25": (put("A5", "North", font_name="Times New Roman", font_family=1), put("A5", "North", font_name="Calibri")),
    "A26": (put("A5", "North", font_size=9.5), put("A5", "North", font_size=10)),
    "A27": (put("A5", "North", italic=True), put("A5", "North", bold=True)),
    "A28": (put("A5", "North", rotation=45), put("A5", "North", align="right")),
    "A29": (of(lambda made: rich(made, font_script=1)), of(lambda made: rich(made, bold=True))),
    "A30": (put("A5", "North*"), put("A5", "2 * 3 m²")),
    "A31": (put("A5", "North", font_color="#808080"), put("A5", "North", font_color="#757575")),
    "A32": (
        rule(looks={"font_color": "#9C6500", "bg_color": "#FFEB9C"}),
        rule(looks={"font_color": "#9C5700", "bg_color": "#FFEB9C"}),
    ),
    "A33": (
        put("A5", "North", pattern=4, bg_color="#FFFFFF", fg_color="#EEEEEE"),
        put("A5", "North", bg_color="#EEEEEE"),
    ),
    "A34": (
        of(lambda made: [made.put("B6", None), coloured(made, "B5:B7", criteria='=$C5="R"')]),
        rule("B5:B7", criteria='=$C5="R"'),
    ),
}


def test_a_good_workbook_passes_all() -> None:
    """The workbook that the others are spoilt from fails nothing."""
    assert audited(workbook()) == ()


@pytest.mark.parametrize("code", ACCESS_RULES)
def test_each_check_fires_on_what_fails_it_and_on_nothing_else(code: str) -> None:
    """The one workbook fails that check, its neighbour none at all."""
    fails, passes = CASES[code]
    assert set(codes(fails())) - ALSO.get(code, set()) == {code}
    assert codes(passes()) == []


ALSO = {"A21": {"A19"}}
"""What else is wrong with a workbook that fails a check: a column without a heading, say, has an empty heading."""


def test_every_check_has_a_case_and_a_code_of_its_own_in_order() -> None:
    """Codes run from A01 on without a gap, and each has its two workbooks."""
    assert [check.code for check in ACCESS_CHECKS] == [f"A{number:02}" for number in range(1, len(ACCESS_CHECKS) + 1)]
    assert list(CASES) == list(ACCESS_RULES)


# --- What is said, and where


def said(data: bytes) -> list[tuple[str, str, str]]:
    """Code, place and what was found of each finding."""
    return [(each.code, str(each.place), each.found) for each in audited(data)]


def test_a_finding_in_full() -> None:
    """Code, severity, the cell, and three sentences."""
    assert audited(put("B6", "South", font_color="#808080", bg_color="#EEEEEE")()) == (
        Finding(
            "A31",
            Severity.MUST_FIX,
            Place("places.xlsx", "Places", "B6"),
            "The contrast of 808080 on EEEEEE is 3.40 to 1: B6.",
            "At least 4.5 to 1.",
            "Choose a darker text or a lighter fill.",
        ),
    )


def test_many_cells_are_named_in_a_row() -> None:
    """The first cells by their addresses, the others counted."""

    def spoil(made: Making) -> None:
        for row in range(5, 8):
            for column in "ABC":
                made.put(f"{column}{row}", "x", italic=True)

    assert said(of(spoil)()) == [
        ("A27", "places.xlsx, sheet Places, A5", "Text in italics: A5, B5, C5, A6, B6, C6 and 3 more.")
    ]


def test_blank_cells_are_counted_and_the_first_is_named() -> None:
    """Three cells of one column are blank: a space is no more than nothing."""
    spoilt = of(lambda made: [made.put("A2", GAPS), *(made.put(f"C{row}", " ") for row in (5, 6, 7))])
    found = "Blank cells in the table that nothing explains: 3."
    assert said(spoilt()) == [("A22", "places.xlsx, sheet Places, C5", found)]


def test_a_notes_sheet_explains_blanks_and_marks_for_every_sheet() -> None:
    """What stands on a sheet Notes need not stand above each table."""

    def spoil(name: str) -> Make:
        def spoilt(made: Making) -> None:
            made.put("A2", GAPS)
            made.put("B5", None)
            made.put("B6", "[z]")
            other = Making(made.book, made.book.add_worksheet(name))
            other.put("A1", "An empty cell: not asked. [z]: not applicable.")

        return of(spoilt)

    assert codes(spoil("Notes")()) == []
    assert codes(spoil("More")()) == ["A22"]


# --- Forms


def form(protected: bool, locked: bool) -> bytes:
    """A table whose last row is blank, in cells that may or may not be locked, on a sheet that may be protected."""

    def spoil(made: Making) -> None:
        made.put("A2", GAPS)
        for column in "ABC":
            made.put(f"{column}7", None, locked=locked)
        if protected:
            made.sheet.protect()

    return workbook(spoil)


def test_cells_to_fill_in_are_no_blanks() -> None:
    """An unlocked cell of a protected sheet is a field of a form; any other empty cell is a blank."""
    assert codes(form(protected=True, locked=False)) == []
    blank = ["A20", "A22"]
    assert (codes(form(True, True)), codes(form(False, False)), codes(form(False, True))) == (blank, blank, blank)


def test_a_table_without_rows_has_no_blank_row() -> None:
    """A table must have a row: where it is blank and the only one, that is explained as blank cells are."""
    empty = in_part(
        TABLE,
        b'"A4:C7"',
        b'"A4:C5"',
        of(lambda made: [made.put(f"{c}{r}", None) for c in "ABC" for r in (5, 6, 7)]),
    )
    assert codes(empty()) == []


# --- Colours


@pytest.mark.parametrize(
    ("stated", "colour"),
    [
        ({}, "123456"),
        ({"auto": "1"}, "123456"),
        ({"rgb": "FF1d4e5f"}, "1D4E5F"),
        ({"rgb": "1D4E5F"}, "1D4E5F"),
        ({"rgb": "red"}, None),
        ({"theme": "1"}, "202020"),
        ({"theme": "0"}, None),
        ({"theme": "4", "tint": "0.5"}, "A2B8E2"),
        ({"theme": "4", "tint": "-0.5"}, "203864"),
        ({"theme": "4", "tint": "pale"}, None),
        ({"theme": "99"}, None),
        ({"indexed": "10"}, "FF0000"),
        ({"indexed": "64"}, "000000"),
        ({"indexed": "65"}, "FFFFFF"),
        ({"indexed": "66"}, None),
        ({"indexed": "-1"}, None),
    ],
)
def test_colours_are_resolved_or_said_to_be_unknown(stated: dict[str, str], colour: str | None) -> None:
    """By RGB, by the theme with a tint, by the old palette; None where the file does not say."""
    assert Colours({"dk1": "202020", "accent1": "4472C4"}).resolved(stated, "123456") == colour


@given(st.sampled_from(["000000", "FFFFFF", "4472C4", "A4262C", "808080"]), st.floats(-1, 1))
def test_a_tint_moves_towards_white_or_black(colour: str, tint: float) -> None:
    """A lighter tint never has more contrast on white than the colour itself, a darker one never less."""
    moved = tinted(colour, str(tint))
    assert moved is not None
    on_white = [contrast(replace(INKS["body"], text=each, fill="FFFFFF")) for each in (colour, moved)]
    assert on_white[1] <= on_white[0] + 0.2 if tint >= 0 else on_white[1] >= on_white[0] - 0.2


def test_a_rule_that_gives_one_colour_is_held_against_the_cells_own_other() -> None:
    """A fill alone lies under the cell's own text, a text colour alone on the cell's own fill."""
    dark = [
        (
            "A32",
            "places.xlsx, sheet Places, C5",
            "By a conditional format, the contrast of 000000 on A4262C is 2.89 to 1: C5:C7.",
        )
    ]
    pale = [
        (
            "A32",
            "places.xlsx, sheet Places, C5",
            "By a conditional format, the contrast of FFC83D on FFFFFF is 1.54 to 1: C5:C7.",
        )
    ]
    assert said(rule(looks={"bg_color": "#A4262C"})()) == dark
    assert said(rule(looks={"font_color": "#FFC83D"})()) == pale
    assert said(rule(looks={"bold": True})()) == []


def test_scales_of_colours_are_held_against_the_cells_text() -> None:
    """Each end of a colour scale is a fill under the cell's text."""

    def scale(low: str) -> bytes:
        looks = {"type": "2_color_scale", "min_color": low, "max_color": "#FFFFFF"}
        return workbook(lambda made: made.sheet.conditional_format("B5:B7", looks))

    assert codes(scale("#FFC83D")) == []
    assert codes(scale("#203864")) == ["A32"]


def test_what_a_program_cannot_see_is_said() -> None:
    """Excel's own table styles and rules of a newer kind state no colours in the file."""
    assert codes(workbook(table={"style": "Table Style Medium 2"})) == ["A33"]
    assert codes(workbook(table={"style": "Table Style Light 1"})) == []
    newer = (
        b'<extLst><ext><x14:conditionalFormattings xmlns:x14="x"><x14:dxf/></x14:conditionalFormattings></ext></extLst>'
    )
    assert codes(with_part(workbook(), SHEET, b"</worksheet>", newer + b"</worksheet>")) == ["A33"]


@pytest.mark.parametrize(
    ("options", "alone"),
    [
        ({"criteria": '=$C5="R"'}, True),
        ({"criteria": '=B5="R"'}, False),
        ({"criteria": '=$B$5="R"'}, False),
        ({"criteria": "=ISBLANK(B5)"}, True),
        ({"criteria": '=B5=""'}, True),
        ({"criteria": "=LEN(TRIM(B5))=0"}, True),
        ({"criteria": '=AB5="R"'}, True),
        ({"type": "cell", "criteria": "<", "value": 9}, False),
        ({"type": "blanks"}, True),
        ({"type": "no_blanks"}, False),
        ({"type": "text", "criteria": "containing", "value": "x"}, False),
        ({"type": "text", "criteria": "not containing", "value": "x"}, True),
        ({"type": "top", "value": 2}, False),
        ({"criteria": '=$C5="R"', "looks": {"font_color": "#A4262C"}}, False),
    ],
)
def test_a_rule_that_may_colour_an_empty_cell_says_something_by_colour_alone(
    options: dict[str, object], alone: bool
) -> None:
    """Of a column with an empty cell: rules over other cells, or for empty ones; not those over what the cell holds."""
    asked = {"type": "formula"} | options
    if asked["type"] in ("blanks", "no_blanks"):
        asked["criteria"] = None

    def spoil(made: Making) -> None:
        made.put("B6", None)
        coloured(made, "B5:B7", **{key: value for key, value in asked.items() if value is not None})

    assert codes(workbook(spoil)) == (["A34"] if alone else [])


# --- Text


def test_text_may_run_on_over_empty_cells_outside_a_table_only() -> None:
    """A line above the table is as wide as the empty cells beside it; one before a filled cell is cut off."""
    assert codes(put("A3", LONG)()) == []
    assert codes(each_in(A3=LONG, B3="x")()) == ["A24"]
    assert codes(of(lambda made: made.put("A3", LONG, align="center"))()) == ["A24"]


def test_wrapped_text_in_a_row_of_fixed_height_may_be_cut_off() -> None:
    """Three lines do not show in a row that is one line high, unless the row may grow."""
    low = of(lambda made: [made.put("A5", LONG, text_wrap=True), made.sheet.set_row(4, 14)])
    high = of(lambda made: [made.put("A5", LONG, text_wrap=True), made.sheet.set_row(4, 150)])
    assert (codes(low()), codes(high())) == (["A24"], [])


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("North*", True),
        ("North †", False),
        ("North†", True),
        ("* North", True),
        ("North¹ and South", True),
        ("North²", True),
        ("12 m²", False),
        ("2 * 3", False),
        ("5*6", False),
        ("Café", False),
        ("[note 1]", False),
    ],
)
def test_marks_of_notes(text: str, marked: bool) -> None:
    """A symbol that hangs on a word is one; between figures, or as part of a unit, it is not."""
    assert codes(put("A3", text)()) == (["A30"] if marked else [])


def test_a_mark_may_be_part_of_a_name_and_is_asked_about() -> None:
    """Only people know whether a star stands for a note: it is no failure that must be mended."""
    assert [each.severity for each in audited(put("A3", "North*")())] == [Severity.PLEASE_CHECK]


def test_parts_of_a_text_are_held_to_the_same() -> None:
    """A run inside a cell's text has its own font, size, colour and slant."""
    assert codes(of(lambda made: rich(made, italic=True))()) == ["A27"]
    assert codes(of(lambda made: rich(made, font_size=8))()) == ["A26"]
    assert codes(of(lambda made: rich(made, font_color="#AAAAAA"))()) == ["A31"]
    assert codes(of(lambda made: rich(made, font_name="Georgia", font_family=1))()) == ["A25"]


def test_pictures_need_words_unless_they_are_decoration() -> None:
    """As charts do."""
    assert codes(of(lambda made: picture(made, description=""))()) == ["A12"]
    assert codes(of(lambda made: picture(made, description="A grey dot"))()) == []
    assert codes(of(lambda made: picture(made, decorative=True))()) == []


def test_links_beside_a_line_of_words_are_no_table() -> None:
    """Refs that lead somewhere stand beside headlines; the same words without a link would be a table."""

    def spoil(linked: bool) -> Make:
        def spoilt(made: Making) -> None:
            other = Making(made.book, made.book.add_worksheet("More"))
            for row in (1, 2, 3):
                other.put(f"A{row}", "More")
                if linked:
                    other.sheet.write_url(f"B{row}", "internal:'Places'!A5", made.format(), "North")
                else:
                    other.put(f"B{row}", "North")

        return of(spoilt)

    assert codes(spoil(linked=True)()) == []
    assert codes(spoil(linked=False)()) == ["A13"]


def test_workbooks_of_other_programs_are_read_as_well() -> None:
    """openpyxl's own first workbook: no title, no language, a sheet called Sheet with a table's worth of figures."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Town", "People"), ("Here", 12), ("There", 9)):
        sheet.append(row)
    sheet["A2"].font = SheetFont(name="Times New Roman", size=8, italic=True, color="FFAAAAAA")
    stream = io.BytesIO()
    book.save(stream)
    found = [each.code for each in audited(stream.getvalue())]
    assert found == ["A01", "A02", "A06", "A13", "A25", "A26", "A27", "A31"]


# --- Files of any kind


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet/>'


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda: b"", "This file is empty (0 bytes): it has not finished downloading or saving."),
        (lambda: b"%PDF-1.7", "This is a PDF, not a workbook."),
        (lambda: workbook()[:-100], "This file is cut off: its end is missing."),
        (
            lambda: replaced(SHEET, DOCTYPE),
            "This file contains a document type declaration, which Excel never writes: it was not opened.",
        ),
        (
            lambda: replaced(STYLES, DOCTYPE),
            "This file contains a document type declaration, which Excel never writes: it was not opened.",
        ),
        (lambda: replaced(SHEET, b"<worksheet>"), "This workbook is damaged inside (the sheet 'Places')."),
        (lambda: replaced(STYLES, b"no styles"), "This workbook is damaged inside (its styles)."),
        (
            lambda: replaced(SHEET, b"<a>" * 70),
            "This file is nested more than 64 levels deep (the sheet 'Places'), which",
        ),
        (
            lambda: replaced(
                SHEET, b'<worksheet><sheetData><row r="9"><c r="ZZZ9"><v>1</v></c></row></sheetData></worksheet>'
            ),
            "A cell of the sheet 'Places' is outside Excel's grid, or it has more than 500,000 cells.",
        ),
        (
            lambda: replaced(SHEET, b"<worksheet>" + b" " * 51 * 2**20 + b"</worksheet>"),
            "This file unpacks to more than 50 MB (the sheet 'Places'): no workbook of ours has so many.",
        ),
        (
            lambda: with_part(workbook(), BOOK, b"<sheets>", b"<sheets><sheet/>"),
            "The sheet '' is missing from this file.",
        ),
        (
            lambda: with_part(workbook(), TABLE, b' ref="A4', b' headerRowCount="x" ref="A4'),
            "This file can't be read, for",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(make: Make, found: str) -> None:
    """Whatever is wrong with it: one finding that says what, and what to do."""
    with pytest.raises(Refusal) as caught:
        audited(make())
    (refused,) = caught.value.findings
    assert (refused.code, refused.place) == ("F02", Place("places.xlsx"))
    assert refused.found.startswith(found)


def replaced(part: str, content: bytes) -> bytes:
    return packed_anew(workbook(), lambda name, old: content if name == part else old)


def test_a_table_over_the_whole_grid_is_looked_at_in_no_time() -> None:
    """Its 17 thousand million blank cells are counted, not visited."""
    vast = with_part(workbook(), TABLE, b'ref="A4:C7"', b'ref="A4:XFD1048576"')
    assert {"A19", "A20", "A21"} <= set(codes(vast))


def test_rules_over_too_many_cells_are_refused() -> None:
    """A hundred conditional formats over the whole grid would have to be looked at cell by cell."""
    rules = b"".join(
        b'<conditionalFormatting sqref="A1:XFD1048576"><cfRule type="expression" dxfId="0"><formula>A1=1</formula>'
        b"</cfRule></conditionalFormatting>"
        for _ in range(100)
    )
    with pytest.raises(Refusal, match="are over more than 2,000,000 cells"):
        audited(with_part(rule()(), SHEET, b"<conditionalFormatting", rules + b"<conditionalFormatting"))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([SHEET, TABLE, STYLES, BOOK, RELATIONS, "xl/sharedStrings.xml", "xl/theme/theme1.xml"]),
    st.integers(0, 2**16),
    st.sampled_from([b"", b"<", b'"', b"\x00", b"9999999", b"-1", b"\xff", b"A0", b"/>"]),
)
def test_no_damage_ends_in_anything_but_findings_or_words(part: str, at: int, bytes_: bytes) -> None:
    """A few bytes of any part are others: the file is audited or refused."""

    def damaged(name: str, content: bytes) -> bytes:
        place = at % len(content)
        return content[:place] + bytes_ + content[place + 3 :] if name == part else content

    try:
        found = audited(packed_anew(workbook(), damaged))
    except Refusal as refusal:
        found = refusal.findings
    assert all(each.found and each.expected and each.action for each in found)


# --- Our own workbooks


KEPT = ("A30",)
"""Symbols in titles of the published list: words of the council's own, which the product takes as they are."""


@pytest.fixture(scope="module")
def kingston(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the product writes from the repository's inputs."""
    root = tmp_path_factory.mktemp("kingston")
    shutil.copytree(ROOT / "inputs", root / "inputs")
    folder = WorkingFolder(root)
    write_templates(folder, KINGSTON_Q1)
    write_notes(folder, KINGSTON_Q1)
    write_moderation(folder, KINGSTON_Q1)
    write_board(folder, KINGSTON_Q1)
    convert_catalogue(root / "inputs" / "kpi-catalogue.toml", root / "outputs" / "catalogue.xlsx")
    import_list(root / "inputs" / "annex-2-kpis.txt", root / "outputs" / "imported.xlsx", None)
    return root


def test_every_workbook_that_the_product_writes_passes(kingston: Path) -> None:
    """Templates, queries, moderation, board, catalogue: no check fails, but for symbols in the council's own words."""
    made = [
        *(kingston / "templates").rglob("*.xlsx"),
        *(kingston / "outputs").rglob("[!p]*.xlsx"),
        kingston / "inputs" / KINGSTON_Q1.code / "moderation.xlsx",
    ]
    assert len(made) == 12
    found = [each for path in made for each in audit_workbook(path.read_bytes(), path.name)]
    assert [each for each in found if each.code not in KEPT] == []


def test_our_sheet_in_front_of_a_leads_workbook_passes(kingston: Path) -> None:
    """The rest of a note is the lead's own, and is not looked at before it gets its name."""
    notes = sorted((kingston / "outputs").rglob("please-fix-*.xlsx"))
    assert notes
    for note in notes:
        front = f"{note.name}, sheet Please fix"
        assert [
            each for each in audit_workbook(note.read_bytes(), note.name) if str(each.place).startswith(front)
        ] == []


def test_each_table_of_ours_says_what_an_empty_cell_means_even_where_there_is_none(kingston: Path) -> None:
    """So that no figures, in whichever round, can make a workbook of ours fail that check."""
    never_blank = {"RatingsBySection", "Notes", "Sheets"}
    for path in kingston.rglob("*.xlsx"):
        if "inputs" not in path.parts and not path.name.startswith("please-fix"):
            for sheet in read_seen(path.read_bytes(), path.name).sheets:
                if sheet.tables and sheet.tables[0].name not in never_blank:
                    assert EMPTY_EXPLAINED.search(sheet.words), (path.name, sheet.name)


def test_a_round_without_anything_reported_passes() -> None:
    """A quarter in which nothing came back, and a catalogue without sections or sums, make no blank unexplained."""
    drawn = small_round(
        """
        id | ref | section | by  | title | unit  | better       | Q1
        K1 | 1   | Places  | SCH | Lost  | count | context only | not returned
        """
    )
    bare = replace(drawn.catalogue, sections=(), ties=())
    for made in (board_workbook(drawn.board()), moderation_workbook(drawn.board()), catalogue_workbook(bare)):
        assert audit_workbook(made, "bare.xlsx") == ()


def test_a_second_quarter_passes() -> None:
    """With quarters before it the board workbook has more sheets and charts, and figures that are not there."""
    drawn = small_round(
        """
        id | ref | section  | by  | title           | unit  | better           | target | Q1                    | Q2
        K1 | 1   | Places   | SCH | Places created  | count | higher is better | 42     | 41                    | 20
        K2 | 2   | Places   | SCH | % of places     | %     | higher is better | 90%    | 75% = 6 of 8          | query
        K3 | 3   | Journeys | TRA | Journeys made   | count | higher is better | 9      | No cases this quarter | 12
        """
    )
    assert audit_workbook(board_workbook(drawn.board()), "board.xlsx") == ()
    assert audit_workbook(moderation_workbook(drawn.board()), "moderation.xlsx") == ()


def test_a_workbook_of_ours_that_fails_is_never_put_in_place(tmp_path: Path) -> None:
    """It is a fault of ours with the findings in it, and what stood there is still there."""
    path, csv = tmp_path / "board.xlsx", tmp_path / "readings.csv"
    csv.write_bytes(b"old")
    with pytest.raises(Inaccessible) as caught:
        publish({csv: b"new", path: put("A5", "North", italic=True)()})
    assert str(caught.value) == "A27 at board.xlsx, sheet Places, A5"
    assert [each.code for each in caught.value.findings] == ["A27"]
    assert [each.name for each in tmp_path.iterdir()] == ["readings.csv"]
    assert csv.read_bytes() == b"old"


def test_of_a_leads_workbook_only_the_sheet_in_front_is_held(tmp_path: Path) -> None:
    """The second sheet's italics are the lead's; the first sheet's would be ours."""
    note = tmp_path / "note.xlsx"
    publish({note: second_sheet(lambda made: made.put("A1", "More", italic=True))()}, ours=False)
    assert note.exists()
    with pytest.raises(Inaccessible):
        publish({note: put("A5", "North", italic=True)()}, ours=False)


def test_words_that_people_type_are_no_fault_of_ours() -> None:
    """A lead's star, a mark typed as a comment, a workstream whose code is Tab1: told of, never a fault."""
    typed = workbook(lambda made: [made.put("A5", "North*"), made.put("A6", "[ill]")], name="Tab1")
    assert codes(typed) == ["A06", "A30", "A23"]
    hold_accessible(typed, "board.xlsx")


def test_a_fault_of_ours_is_told_without_a_word_of_any_cell(capsys: pytest.CaptureFixture[str]) -> None:
    """The checks and the places, so that whoever mends it knows where to look."""
    with pytest.raises(Inaccessible) as caught:
        hold_accessible(put("A2", "Name of a child. Empty: none.", italic=True)(), "board.xlsx")
    assert failed(caught.value) == FAULT
    said_then = capsys.readouterr().err
    assert said_then.startswith(
        "A workbook that it made is not as everybody can read it: A27 at board.xlsx, sheet Places, A2."
    )
    assert "child" not in said_then


# --- The command


def ran(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str, str]:
    """Exit status, output and errors of `sendkpi audit` with these words."""
    monkeypatch.setattr("sys.argv", ["sendkpi", "audit", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_the_command_says_that_all_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit status 0, and how many checks passed."""
    path = tmp_path / "places.xlsx"
    path.write_bytes(workbook())
    assert ran(capsys, monkeypatch, str(path)) == (0, f"{path}: 34 of 34 accessibility checks pass.\n", "")


def test_the_command_says_what_fails_and_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit status 1, each finding with its cell, and the codes at the end."""
    path = tmp_path / "places.xlsx"
    path.write_bytes(put("A5", "North", italic=True)())
    status, out, _ = ran(capsys, monkeypatch, str(path))
    assert status == 1
    assert out == (
        "Must fix: places.xlsx, sheet Places, A5\n"
        "  Text in italics: A5. Expected: Upright text.\n"
        "  Take the italics off; bold is fine. [A27]\n"
        f"{path}: 33 of 34 accessibility checks pass; look at A27.\n"
    )


def test_the_command_says_the_same_to_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status, the number of checks, the codes that fail, and the findings."""
    path = tmp_path / "places.xlsx"
    path.write_bytes(put("A5", "North", italic=True)())
    _, out, _ = ran(capsys, monkeypatch, str(path), "--json")
    told = json.loads(out)
    assert {key: told[key] for key in ("exit_status", "file", "checks", "failed")} == {
        "exit_status": 1,
        "file": str(path),
        "checks": 34,
        "failed": ["A27"],
    }
    assert [each["place"] for each in told["findings"]] == [{"file": "places.xlsx", "sheet": "Places", "cell": "A5"}]


@pytest.mark.parametrize("content", [b"no workbook", None])
def test_the_command_refuses_what_it_cannot_read(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit status 2 with words, for a file of another kind and for none."""
    path = tmp_path / "places.xlsx"
    if content is not None:
        path.write_bytes(content)
    status, out, err = ran(capsys, monkeypatch, str(path))
    assert (status, out) == (2, "")
    assert "[F02]" in err
