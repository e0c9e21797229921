"""The one place that writes workbooks: text stays text, nothing is left out in silence, the bytes do not change."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.cells import read_book
from sendkpi_xl.layout import Column, Table
from sendkpi_xl.sheetwriter import A3, CELL_TEXT_LIMIT, CUT_MARK, Page, WorkbookWriter, cell, clean_text
from sendkpi_xl.style import ink_format
from sendkpi_xl.text_fit import row_height
from sendkpi_xl.workbook_mark import OUR_DATE
from tests.made_up_round import cell_of, opened, sheet_of

MADE = datetime(2021, 6, 30)
FRUIT = Table("Fruit", "Fruit", (Column("name", "Name", 12), Column("kilos", "Kilograms in store", 9)), heading_row=3)


def one_page() -> tuple[WorkbookWriter, Page]:
    """A workbook in the making with a single sheet."""
    writer = WorkbookWriter("Title", "Subject", MADE)
    return writer, writer.page("Sheet")


def written(writer: WorkbookWriter) -> Worksheet:
    """The single sheet as openpyxl reads it."""
    return sheet_of(opened(writer.close()), "Sheet")


def part(data: bytes, name: str) -> str:
    """One part of a workbook."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return package.read(name).decode()


# --- Text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain words", "plain words"),
        ("tab\tand\nnew line", "tab\tand\nnew line"),
        ("a carriage\r\nreturn", "a carriage\nreturn"),
        ("bell\x07, null\x00, escape\x1b", "bell, null, escape"),
        ("half a pair \ud83d, the other \udc00", "half a pair , the other "),
        ("no characters \ufffe\uffff", "no characters "),
        ("£5 – 計画 🎒 \U0010fffd", "£5 – 計画 🎒 \U0010fffd"),
        ("no-break\u00a0space, \x7f and \x85", "no-break\u00a0space, \x7f and \x85"),
        ("", ""),
    ],
)
def test_text_loses_only_what_a_cell_cannot_hold(text: str, clean: str) -> None:
    """Control characters, lone surrogates and non-characters go; every letter, sign and emoji stays."""
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x" * 32_767, "x" * 32_767),
        ("x" * 32_768, "x" * (32_767 - 7) + "… [cut]"),
        ("x" * 32_767 + "\x07", "x" * 32_767),
        ("🎒" * 16_383, "🎒" * 16_383),
        ("🎒" * 16_384, "🎒" * 16_380 + "… [cut]"),
        ("x" + "🎒" * 16_384, "x" + "🎒" * 16_379 + "… [cut]"),
    ],
)
def test_text_that_is_too_long_is_cut_and_says_so(text: str, kept: str) -> None:
    """A cell holds 32,767 characters, of which an emoji takes two; none is cut in half."""
    assert clean_text(text) == kept


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(blacklist_categories=()), max_size=60))
def test_clean_text_is_stable_and_fits_into_xml(text: str) -> None:
    """Cleaning twice is cleaning once, and what is left is written and read back as it is."""
    clean = clean_text(text)
    assert clean_text(clean) == clean
    writer, page = one_page()
    page.put(0, 0, f"<{text}>")
    read = read_book(writer.close(), "text.xlsx").sheets[0].cells
    assert [each.value for each in read.values()] == [f"<{clean}>"]


def test_the_cut_mark_fits_into_the_limit() -> None:
    """A text is never longer after it was cut than Excel allows."""
    assert len(clean_text("x" * 40_000)) == CELL_TEXT_LIMIT
    assert clean_text("x" * 40_000).endswith(CUT_MARK)


def test_each_kind_of_value_is_written_as_what_it_is() -> None:
    """Text that looks like a formula, link or number stays text; numbers are numbers; nothing is an empty cell."""
    values = ["=1+1", "http://example.org", "mailto:a@example.org", "12", "", None, 0, 0.85, -3, 10**9, "'", " "]
    writer, page = one_page()
    for row, value in enumerate(values):
        page.put(row, 0, value)
    sheet = written(writer)
    cells = [cell_of(sheet, row, 1) for row in range(1, len(values) + 1)]
    assert [(each.data_type, each.value) for each in cells] == [
        ("s", "=1+1"),
        ("s", "http://example.org"),
        ("s", "mailto:a@example.org"),
        ("s", "12"),
        ("n", None),
        ("n", None),
        ("n", 0),
        ("n", 0.85),
        ("n", -3),
        ("n", 10**9),
        ("s", "'"),
        ("s", " "),
    ]
    assert not [each for each in cells if each.hyperlink]


def test_a_formula_carries_its_result() -> None:
    """A reader that does not calculate sees the number or the words, not a zero."""
    writer, page = one_page()
    page.formula(0, 0, "=1+1", 2)
    page.formula(1, 0, '="a"&"b"', "ab")
    data = writer.close()
    assert [opened(data)["Sheet"][address].value for address in ("A1", "A2")] == ["=1+1", '="a"&"b"']
    assert [opened(data, results=True)["Sheet"][address].value for address in ("A1", "A2")] == [2, "ab"]


def test_a_link_leads_to_a_cell_of_the_workbook() -> None:
    """Links go by the sheet's name and never to the outside."""
    writer, page = one_page()
    page.link(0, 0, "'Sheet'!B2", "Over there")
    link = cell_of(written(writer), 1, 1)
    assert link.value == "Over there"
    assert link.hyperlink is not None
    assert (link.hyperlink.location, link.hyperlink.target) == ("'Sheet'!B2", None)


# --- Nothing is left out in silence

DECIMAL = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}


@pytest.mark.parametrize(
    "options",
    [
        {**DECIMAL, "input_title": "x" * 33},
        {**DECIMAL, "input_message": "x" * 256},
        {**DECIMAL, "error_title": "x" * 33},
        {**DECIMAL, "error_message": "x" * 256},
        {"validate": "list", "source": ["x" * 100, "y" * 100, "z" * 100]},
        {**DECIMAL, "criteria": "somewhere near"},
        {**DECIMAL, "colour": "red"},
    ],
)
def test_a_validation_that_would_be_dropped_is_an_error(options: dict[str, Any]) -> None:
    """XlsxWriter leaves out a validation whose texts are too long, with a warning: here no workbook is made."""
    _, page = one_page()
    with (
        pytest.warns(UserWarning),
        pytest.raises(ValueError, match=r"^XlsxWriter refused something at Sheet!B3 \(code"),
    ):
        page.validate((2, 1, 4, 1), options)


def test_texts_of_just_the_longest_length_are_kept() -> None:
    """32 characters of a title and 255 of a message are still allowed."""
    writer, page = one_page()
    texts = {"input_title": "t" * 32, "input_message": "m" * 255, "error_title": "e" * 32, "error_message": "f" * 255}
    page.validate((0, 0, 0, 0), {**DECIMAL, **texts})
    (rule,) = written(writer).data_validations.dataValidation
    assert [rule.promptTitle, rule.prompt, rule.errorTitle, rule.error] == list(texts.values())


def test_whatever_else_is_refused_is_an_error() -> None:
    """A cell off the grid, a table or rule that Excel would not take, a link that is too long: each raises."""
    _, page = one_page()
    with pytest.raises(ValueError, match="refused something"):
        page.put(2_000_000, 0, "off the grid")
    with pytest.raises(ValueError, match="refused something"):
        page.put(0, 20_000, None)
    with pytest.raises(ValueError, match="refused something"):
        page.formula(2_000_000, 0, "=1", 1)
    with pytest.warns(UserWarning), pytest.raises(ValueError, match="refused something"):
        page.link(0, 0, "x" * 3000, "far")
    with pytest.warns(UserWarning), pytest.raises(ValueError, match="refused something"):
        page.table(Table("Sheet", "two words", FRUIT.columns), 3)
    with pytest.raises(ValueError, match="refused something"):
        page.when((2_000_000, 0, 2_000_001, 0), "=1", ink_format("done"))
    writer, page = one_page()
    chart = writer.chart("line")
    page.place_chart(0, 0, chart, "A line")
    with pytest.warns(UserWarning), pytest.raises(ValueError, match="refused something"):
        page.place_chart(9, 0, chart, "The same line again")


def test_a_fixed_row_keeps_its_height() -> None:
    """A row that charts stand beside is as high as it was made, and stays so, whatever text it holds."""
    writer, page = one_page()
    page.widths([10])
    page.put(0, 0, "a text of several words that wraps", "body")
    page.put(1, 0, "another text of several words that wraps", "body")
    page.fix_row(1, 24)
    sheet = part(writer.close(), "xl/worksheets/sheet1.xml")
    heights = re.findall(r'<row r="(\d)"[^>]* ht="([\d.]+)"( customHeight="1")?', sheet)
    assert heights == [("1", "54", ' customHeight="1"'), ("2", "18", ' customHeight="1"')]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_a_number_is_not_written(value: float) -> None:
    """No workbook bears a value that Excel cannot open."""
    _, page = one_page()
    with pytest.raises(TypeError, match="NAN/INF"):
        page.put(0, 0, value)


# --- Rows, columns, tables, pages


def test_rows_are_as_high_as_their_longest_text_but_not_fixed() -> None:
    """A height stands in the file, and no customHeight: the row still grows when somebody types more into it."""
    writer, page = one_page()
    page.widths([10, 30])
    page.put(0, 0, "three lines\nof text\nhere")
    page.put(0, 1, "one line")
    page.put(1, 0, "one")
    page.put(2, 0, "a title runs on over the empty cells beside it", "line")
    page.put(3, 0, 12_345)
    page.put(4, 5, "a column without a width of its own, with many words")
    data = writer.close()
    sheet = sheet_of(opened(data), "Sheet")
    heights = [sheet.row_dimensions[row].height for row in (1, 2, 3, 4, 5)]
    assert heights == [row_height(3), row_height(1), None, None, row_height(1)]
    rows = re.findall(r"<row [^>]*>", part(data, "xl/worksheets/sheet1.xml"))
    assert len(rows) == 5
    assert [row for row in rows if "customHeight" in row] == []


def test_a_table_has_its_headings_widths_and_name() -> None:
    """Headings stand in the declared row, as high as the longest of them needs beside its filter button."""
    writer, page = one_page()
    page.table(FRUIT, 2)
    sheet = written(writer)
    assert [(each.name, each.ref, each.column_names) for each in sheet.tables.values()] == [
        ("Fruit", "A3:B5", ["Name", "Kilograms in store"])
    ]
    assert [cell_of(sheet, 3, column).value for column in (1, 2)] == ["Name", "Kilograms in store"]
    assert sheet.row_dimensions[3].height == row_height(3)
    assert [round(sheet.column_dimensions[letter].width - 0.7109375, 3) for letter in "AB"] == [12, 9]


def test_a_table_without_rows_keeps_one_empty_row() -> None:
    """Excel knows no table that is headings alone."""
    writer, page = one_page()
    page.table(FRUIT, 0)
    assert [each.ref for each in written(writer).tables.values()] == ["A3:B4"]


def test_a_title_stands_above_its_lines_of_help() -> None:
    """The title is in A1, the lines are below it, unwrapped."""
    writer, page = one_page()
    page.title("Fruit", ("What we have.", "=and what not"))
    sheet = written(writer)
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == ["Fruit", "What we have.", "=and what not"]
    assert [cell_of(sheet, row, 1).alignment.wrap_text for row in (1, 2, 3)] == [None, None, None]
    assert sheet.row_dimensions[1].height == 27.75


def test_print_setup_is_landscape_one_page_wide_with_headings_and_page_numbers() -> None:
    """The headings' row is repeated where there is a table; the paper is A4 unless another is named."""
    writer = WorkbookWriter("Title", "Subject", MADE)
    writer.page("Plain").print_setup()
    writer.page("Fruit").print_setup(FRUIT, A3)
    book = opened(writer.close())
    found = {
        sheet.title: (
            sheet.page_setup.orientation,
            int(sheet.page_setup.paperSize or 0),
            sheet.page_setup.fitToHeight,
            bool(sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage),
            sheet.print_title_rows,
            footer_of(sheet),
        )
        for sheet in (sheet_of(book, name) for name in book.sheetnames)
    }
    footer = "&A, Page &P of &N"
    assert found == {
        "Plain": ("landscape", 9, 0, True, None, footer),
        "Fruit": ("landscape", 8, 0, True, "$3:$3", footer),
    }


def footer_of(sheet: Worksheet) -> str:
    """What stands at the left and the right of a page's foot."""
    assert sheet.oddFooter is not None
    return f"{sheet.oddFooter.left.text}, {sheet.oddFooter.right.text}"


def test_choices_are_a_drop_down_with_help_and_an_error() -> None:
    """A list validation points at cells, so that a choice may hold a comma."""
    writer, page = one_page()
    page.choices((0, 0, 9, 0), "=Lists!$A$5:$A$8", "Fruit", "Which one?")
    (rule,) = written(writer).data_validations.dataValidation
    assert (str(rule.sqref), rule.type, rule.formula1, rule.promptTitle, rule.prompt) == (
        "A1:A10",
        "list",
        "Lists!$A$5:$A$8",
        "Fruit",
        "Which one?",
    )
    assert (rule.errorTitle, rule.error) == (
        "Not one of the choices",
        "Choose one from the list: the arrow at the right of the cell opens it.",
    )


def test_rating_colours_follow_the_letter() -> None:
    """Each letter has its rule over the area, relative to its first cell."""
    writer, page = one_page()
    page.rag_colours((4, 2, 8, 2))
    rules = {
        str(area.sqref): [rule.formula[0] for rule in area.rules] for area in written(writer).conditional_formatting
    }
    assert rules == {"C5:C9": ['C5="R"', 'C5="A"', 'C5="G"']}


def test_a_format_is_made_once() -> None:
    """The same style with the same extras is one format in the file, another extra makes another."""
    writer = WorkbookWriter("Title", "Subject", MADE)
    assert writer.format("body", num_format="0%") is writer.format("body", num_format="0%")
    assert writer.format("body", num_format="0%") is not writer.format("body", num_format="0.0%")
    assert writer.rule_format(ink_format("done")) is writer.rule_format(ink_format("done"))


@pytest.mark.parametrize(
    ("row", "column", "fixed", "address"),
    [
        (0, 0, {}, "A1"),
        (4, 27, {}, "AB5"),
        (4, 2, {"fixed_row": True}, "C$5"),
        (4, 2, {"fixed_column": True}, "$C5"),
        (4, 2, {"fixed_row": True, "fixed_column": True}, "$C$5"),
    ],
)
def test_cells_are_counted_from_nought(row: int, column: int, fixed: dict[str, bool], address: str) -> None:
    """Row 0, column 0 is A1."""
    assert cell(row, column, **fixed) == address


# --- The document


def test_the_documents_properties_are_what_was_said() -> None:
    """Title, subject and maker, the language of a screen reader, and the given date, never the clock's."""
    writer, _ = one_page()
    data = writer.close()
    properties = opened(data).properties
    assert (properties.title, properties.subject, properties.creator) == ("Title", "Subject", "sendkpi")
    assert (properties.created, properties.modified) == (MADE, MADE)
    assert part(data, "docProps/core.xml").count("<dc:language>en-GB</dc:language>") == 1
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert {member.date_time for member in package.infolist()} == {OUR_DATE}
        assert package.testzip() is None


def test_the_same_moves_give_the_same_bytes() -> None:
    """A workbook made twice is byte for byte the same; one with another date is not."""

    def made(date: datetime) -> bytes:
        writer = WorkbookWriter("Title", "Subject", date)
        page = writer.page("Sheet")
        page.title("Fruit", ("Help",))
        page.table(FRUIT, 2)
        page.put(3, 0, "Apples")
        page.rag_colours((3, 1, 4, 1))
        page.print_setup(FRUIT)
        return writer.close()

    assert made(MADE) == made(MADE)
    assert made(MADE) != made(datetime(2021, 9, 30))


def test_workbooks_are_recalculated_by_themselves_and_hold_no_macros() -> None:
    """Calculation is automatic, and no part is a macro, a link to the outside or a hidden sheet."""
    writer, _ = one_page()
    data = writer.close()
    assert 'fullCalcOnLoad="1"' in part(data, "xl/workbook.xml")
    assert 'calcMode="manual"' not in part(data, "xl/workbook.xml")
    assert "state=" not in part(data, "xl/workbook.xml")
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert [name for name in package.namelist() if "vba" in name or "external" in name.lower()] == []
