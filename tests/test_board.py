"""The board workbook: its structure, on the real quarter, and what it says, on made-up rounds of a few KPIs."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl import board as board_module
from sendkpi_xl.board import board_workbook
from sendkpi_xl.catalogue import load_catalogue
from sendkpi_xl.layout import NOT_REPORTED, RATINGS, Table, dataset_table
from sendkpi_xl.model import Life
from sendkpi_xl.moderated import Headline, Moderation
from sendkpi_xl.period import Period
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Rag
from sendkpi_xl.round import read_quarter
from sendkpi_xl.style import RAG_INK
from tests.board_view import (
    KINGSTON,
    Q1,
    area_of,
    as_drawn,
    opened,
    parts_of,
    sheet_of,
    table_drawn,
    table_of,
    texts_of,
)
from tests.small_round import override, small_round

SHEETS = ["Headlines", "Exceptions", "Dataset", "Ratings", "Outlook", "Not reported", "What if", "Notes", "Trace"]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@cache
def kingston() -> Board:
    """The real quarter, read and rated."""
    return read_quarter(KINGSTON, Q1)[0]


@cache
def kingston_workbook() -> bytes:
    """The real quarter's board workbook."""
    return board_workbook(kingston())


@cache
def book() -> Workbook:
    """The real quarter's board workbook, opened, with its formulas."""
    return opened(kingston_workbook())


def sheets() -> list[Worksheet]:
    return [sheet_of(book(), name) for name in SHEETS]


# --- Structure, on the real quarter -------------------------------------------------------------------------------


def test_sheets_stand_in_their_order_and_none_is_hidden() -> None:
    """The workbook has six sheets, the headlines first, and all of them can be seen."""
    assert book().sheetnames == SHEETS
    assert {sheet.title: sheet.sheet_state for sheet in sheets()} == dict.fromkeys(SHEETS, "visible")
    assert book().active.title == "Headlines"  # type: ignore[union-attr]


def test_the_dataset_has_exactly_the_boards_columns() -> None:
    """The headings of the dataset are the board's own, in the board's order."""
    assert [cell.value for cell in area_of(sheet_of(book(), "Dataset"))[0]] == [
        "Section",
        "Ref",
        "Key Performance Indicator",
        "Baseline 31st March 2021",
        "Target 21/22",
        "Q1",
        "Q2",
        "Q3",
        "Q4",
        "RAG",
        "Comment",
        "Since last quarter",
        "Forecast for the year",
    ]


def test_each_sheet_has_one_named_table_down_to_its_last_row() -> None:
    """Every sheet holds one table with a name of its own, at its left edge, with nothing beside or below it."""
    assert {sheet.title: {name: sheet.tables[name].ref for name in sheet.tables} for sheet in sheets()} == {
        "Headlines": {"RatingsBySection": "A20:F29"},
        "Exceptions": {"Exceptions": "A4:J18"},
        "Dataset": {"Dataset": "A5:M77"},
        "Ratings": {"Ratings": "A4:I76"},
        "Outlook": {"Outlook": "A4:J76"},
        "Not reported": {"NotReported": "A4:H60"},
        "What if": {"WhatIf": "A8:R80"},
        "Notes": {"Notes": "A4:B25"},
        "Trace": {"Trace": "A4:J73"},
    }
    for sheet in sheets():
        (table,) = sheet.tables.values()
        assert sheet.dimensions.split(":")[1] == table.ref.split(":")[1]


def test_headings_are_unique_and_filled() -> None:
    """No heading is empty or stands twice on its sheet."""
    for sheet in sheets():
        headings = [cell.value for cell in area_of(sheet)[0]]
        assert all(headings)
        assert len(set(headings)) == len(headings)


def test_each_sheet_has_a_title_in_its_first_cell() -> None:
    """A1 of every sheet says what the sheet is, and of which edition."""
    titles = [str(sheet["A1"].value).partition(" (") for sheet in sheets()]
    assert {edition for _, _, edition in titles} == {"internal edition, not for publication)"}
    assert [title for title, _, _ in titles] == [
        "Kingston SEND Partnership Board Dataset, Quarter 1 2021/22",
        "Exceptions: what to talk through",
        "Kingston SEND Partnership Board Dataset, Quarter 1 2021/22",
        "Ratings: computed and agreed",
        "Outlook: where each KPI is going",
        "KPIs not reported, and why",
        "What if: other values, targets and tolerances",
        "Notes",
        "Trace: where each number on the dataset comes from",
    ]


def test_nothing_is_merged_hidden_or_locked() -> None:
    """There are no merged cells, no hidden rows or columns and no protection anywhere."""
    for sheet in sheets():
        assert not sheet.merged_cells.ranges
        assert not [number for number, row in sheet.row_dimensions.items() if row.hidden]
        assert not [letter for letter, column in sheet.column_dimensions.items() if column.hidden]
        assert not sheet.protection.sheet


def test_the_file_holds_only_the_parts_that_it_needs() -> None:
    """No links to other workbooks, comments, macros or connections are in the file; the one drawing is the chart."""
    assert sorted(parts_of(kingston_workbook())) == sorted(
        [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/app.xml",
            "docProps/core.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/charts/chart1.xml",
            "xl/drawings/_rels/drawing1.xml.rels",
            "xl/drawings/drawing1.xml",
            "xl/sharedStrings.xml",
            "xl/styles.xml",
            "xl/theme/theme1.xml",
            "xl/workbook.xml",
            *(f"xl/worksheets/sheet{number}.xml" for number in range(1, 10)),
            *(f"xl/worksheets/_rels/sheet{number}.xml.rels" for number in range(1, 10)),
            *(f"xl/tables/table{number}.xml" for number in range(1, 10)),
        ]
    )
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", texts_of(kingston_workbook())["xl/workbook.xml"])


def test_the_only_defined_names_are_the_print_titles() -> None:
    """The headings of each long sheet are repeated on its pages, and no other name is defined."""
    names = ET.fromstring(parts_of(kingston_workbook())["xl/workbook.xml"]).iter(f"{MAIN}definedName")
    assert [(name.get("name"), name.text) for name in names] == [
        ("_xlnm.Print_Titles", "Dataset!$5:$5"),
        ("_xlnm.Print_Titles", "Exceptions!$4:$4"),
        ("_xlnm.Print_Titles", "'Not reported'!$4:$4"),
        ("_xlnm.Print_Titles", "Notes!$4:$4"),
        ("_xlnm.Print_Titles", "Outlook!$4:$4"),
        ("_xlnm.Print_Titles", "Ratings!$4:$4"),
        ("_xlnm.Print_Titles", "Trace!$4:$4"),
        ("_xlnm.Print_Titles", "'What if'!$8:$8"),
    ]


def test_pages_and_panes_are_set_up() -> None:
    """Sheets print landscape and one page wide (the headlines on one page); headings and titles stay in sight."""
    set_up = {
        sheet.title: (
            sheet.page_setup.orientation,
            {"8": "A3", "9": "A4"}[str(sheet.page_setup.paperSize)],
            bool(sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage),
            sheet.page_setup.fitToWidth,
            sheet.page_setup.fitToHeight,
            sheet.freeze_panes,
        )
        for sheet in sheets()
    }
    assert set_up == {
        "Headlines": ("landscape", "A4", True, None, None, None),  # 1 and 1 are Excel's own, and are not written
        "Exceptions": ("landscape", "A3", True, None, 0, "C5"),
        "Dataset": ("landscape", "A3", True, None, 0, "D6"),
        "Ratings": ("landscape", "A3", True, None, 0, "C5"),
        "Outlook": ("landscape", "A3", True, None, 0, "C5"),
        "Not reported": ("landscape", "A4", True, None, 0, "A5"),
        "What if": ("landscape", "A3", True, None, 0, "C9"),
        "Notes": ("landscape", "A4", True, None, 0, None),
        "Trace": ("landscape", "A3", True, None, 0, "C5"),
    }


def test_rating_cells_are_coloured_by_their_letters() -> None:
    """Every rating cell has a rule for each letter, in the declared colours, and no colour that would stay behind."""
    coloured = {
        "Exceptions": ["C5:C18", "D5:D18"],
        "Dataset": ["J6:J77"],
        "Ratings": ["E5:E76", "F5:F76"],
        "Outlook": ["D5:D76", "I5:I76"],
    }
    assert {
        sheet.title: [str(area.sqref) for area in sheet.conditional_formatting]
        for sheet in sheets()
        if sheet.conditional_formatting and sheet.title != "What if"
    } == coloured
    for name, areas in coloured.items():
        sheet = sheet_of(book(), name)
        for area in sheet.conditional_formatting:
            first = str(area.sqref).split(":", maxsplit=1)[0]
            assert {
                rule.formula[0]: (rule.dxf.font.color.rgb[2:], rule.dxf.fill.bgColor.rgb[2:]) for rule in area.rules
            } == {f'{first}="{rag.value}"': (RAG_INK[rag].text, RAG_INK[rag].fill) for rag in Rag}
        for area_ref in areas:
            cells = [cell for (cell,) in sheet[area_ref]]
            assert {cell.fill.fill_type for cell in cells} == {None}
            assert {cell.value for cell in cells} <= {"R", "A", "G", "No rating"}


def test_text_is_large_enough_upright_and_without_serifs() -> None:
    """Every font of the workbook is Arial, at least 10 points, and never italic."""
    styles = ET.fromstring(parts_of(kingston_workbook())["xl/styles.xml"])
    fonts = list(styles.iterfind(f"{MAIN}fonts/{MAIN}font"))
    assert {font.find(f"{MAIN}name").get("val") for font in fonts} == {"Arial"}  # type: ignore[union-attr]
    assert min(float(font.find(f"{MAIN}sz").get("val", "0")) for font in fonts) == 10  # type: ignore[union-attr]
    assert not list(styles.iter(f"{MAIN}i"))


def test_figures_of_the_dataset_are_numbers_in_their_units() -> None:
    """A baseline, target or value that is a number shows its unit by its format; everything else there is words."""
    formats = {"%": r"0(\.0+)?%", "£": '"£"#,##0', "average £": '"£"#,##0', "count": "#,##0", "weeks": '" weeks"'}
    units = {(each.kpi.board_ref or "new"): each.kpi.unit.value for each in kingston().rows}
    rows = table_of(sheet_of(book(), "Dataset"))
    figures = ["Baseline 31st March 2021", "Target 21/22", "Q1"]
    numbers = [(str(row["Ref"].value), row[each]) for row in rows for each in figures if row[each].data_type == "n"]
    assert len(numbers) == 69 + sum(
        each.goal.baseline is not None or each.goal.target is not None for each in kingston().rows
    ) + sum(each.goal.baseline is not None and each.goal.target is not None for each in kingston().rows)
    assert [(ref, c.coordinate) for ref, c in numbers if not re.search(formats[units[ref]], c.number_format)] == []
    words = {str(row[each].value) for row in rows for each in figures if row[each].data_type != "n"}
    assert words == {
        "None",
        "[x]",
        "[z]",
        "No baseline measure",
        "no baseline measure - this is a new question",
        "189",
        "Primary 93% / Secondary 88%",
    }


def test_counts_by_section_are_those_of_the_dataset() -> None:
    """The headlines count each section's ratings: the values saved beside the formulas are the true ones."""
    counts = Counter((str(row["Section"].value), row["RAG"].value) for row in table_of(sheet_of(book(), "Dataset")))
    *sections, total = table_of(sheet_of(opened(kingston_workbook(), results=True), "Headlines"))
    letters = {"Red": "R", "Amber": "A", "Green": "G", "No rating": "No rating"}
    for row in sections:
        ours = {heading: counts[str(row["Ratings by section"].value), letter] for heading, letter in letters.items()}
        assert {heading: row[heading].value for heading in letters} == ours
        assert row["KPIs"].value == sum(ours.values())
    assert [cell.value for cell in total.values()] == ["All sections", 5, 36, 24, 7, 72]


def test_formulas_stand_only_in_the_counts() -> None:
    """The counts are formulas over the dataset; nothing else is one, but on the sheet to try things on."""
    formulas = {
        (sheet.title, cell.coordinate): cell.value
        for sheet in sheets()
        if sheet.title != "What if"
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell, Cell) and cell.data_type == "f"
    }
    assert len(formulas) == 9 * 5
    assert {sheet for sheet, _ in formulas} == {"Headlines"}
    assert formulas["Headlines", "B21"] == '=COUNTIFS(Dataset!$A$6:$A$77,$A21,Dataset!$J$6:$J$77,"R")'
    assert formulas["Headlines", "F21"] == "=SUM(B21:E21)"
    assert formulas["Headlines", "B29"] == "=SUM(B21:B28)"


def test_completeness_is_said_in_figures() -> None:
    """The first sheet says how many KPIs have a figure, are on the dataset, and how many workstreams returned."""
    assert sheet_of(book(), "Headlines")["A2"].value == (
        "69 of 125 live KPIs have a figure for Quarter 1 2021/22; 72 are on the dataset; 6 of 6 workstreams returned."
    )


def test_kpis_without_a_figure_are_listed_with_a_reason() -> None:
    """The live KPIs without a value, all 56 and no other, are listed, each with its mark and why."""
    live = {kpi.id for kpi in load_catalogue(KINGSTON.catalogue).kpis if kpi.life is Life.LIVE}
    with_value = {each.kpi.id for each in kingston().now if each.reading.value is not None}
    rows = table_of(sheet_of(book(), "Not reported"))
    assert len(rows) == 56
    assert {str(row["KPI id"].value) for row in rows} == live - with_value
    assert Counter((row["Mark"].value, row["Why"].value) for row in rows) == {
        ("[x]", "Data not yet available"): 54,
        ("[z]", "Not collected this quarter"): 1,
        ("[z]", "Reported under another KPI"): 1,
    }


def test_the_same_inputs_give_the_same_bytes() -> None:
    """Reading and writing the quarter twice gives the same file, byte for byte."""
    assert board_workbook(read_quarter(KINGSTON, Q1)[0]) == kingston_workbook()


def test_the_documents_properties_name_it_and_its_language() -> None:
    """Title and language are set, and the date is the quarter's end and not today's."""
    core = texts_of(kingston_workbook())["docProps/core.xml"]
    title = "Kingston SEND Partnership Board dataset, Quarter 1 2021/22"
    assert f"<dc:title>{title} (internal edition, not for publication)</dc:title>" in core
    assert "<dc:language>en-GB</dc:language>" in core
    assert set(re.findall(r"\d{4}-\d{2}-\d{2}", core)) == {"2021-06-30"}


# --- What it says, on made-up rounds ------------------------------------------------------------------------------

SMALL = """
    id | ref | section  | by  | title                     | unit      | better           | baseline  | target | Q1           | comment
    K1 | 1   | Places   | SCH | Places created            | count     | higher is better | 40 in May | 42     | 41           | =1+1
    K2 | 2   | Places   | SCH | % of places filled        | %         | higher is better | not known | 90%    | 75% = 6 of 8 | Two start in May
    K3 | 3   | Journeys | TRA | Average cost of a journey | average £ | lower is better  | £20       | £21    | query        |
    K4 | 4   | Journeys | TRA | Weeks from ask to bus     | weeks     | lower is better  | 7         | <6     | 5            |
    K5 |     | Journeys | TRA | % of journeys on time     | %         | higher is better |           | 95%    | 97%          |
    K6 | 5   | Journeys | TRA | Savings                   | £         | higher is better | £0        | as agreed in July | -£1,200 |
    K7 | 6   | Places   | SCH | Places lost               | count     | context only     |           |        | Data not yet available |
    """  # noqa: E501


def workbook_of(table: str, moderation: Moderation = Moderation()) -> Workbook:  # noqa: B008 - it is frozen
    return opened(board_workbook(small_round(table).board(moderation)))


def test_the_dataset_says_what_each_kpi_came_to() -> None:
    """Numbers keep their formats, words stand in a number's place, a queried KPI says so, one without a ref is new."""
    assert table_drawn(sheet_of(workbook_of(SMALL), "Dataset")) == as_drawn("""
        Section  | Ref | Key Performance Indicator | Baseline 31st March 2023 | Target 23/24 | Q1    | Q2 | Q3 | Q4 | RAG       | Comment | Since last quarter | Forecast for the year
        Places   | 1   | Places created            | 40               | 42   | 41 | | | | G         | =1+1 / Baseline: 40 in May. | Not enough data | 41
        Places   | 2   | % of places filled        | not known                | 90%     | 75%  | | | | R         | Two start in May / 6 out of 8. | Not enough data | 75%
        Journeys | 3   | Average cost of a journey | £20  | £21 | query | | | | No rating | The figure is being queried with the workstream. | Not enough data | [x]
        Journeys | 4   | Weeks from ask to bus     | 7 weeks        | <6 weeks    | 5 weeks | | | | G | | Not enough data | 5 weeks
        Journeys | 5   | Savings                   | £0   | as agreed in July | -£1,200 | | | | No rating | | Not enough data | -£1,200
        Journeys | new | % of journeys on time     | None                     | 95%    | 97%  | | | | G         | | Not enough data | 97%
        """)  # noqa: E501


def test_ratings_say_how_they_came_about() -> None:
    """Each row has the value, what it is held against, both ratings, the sentence, and that people left it so."""
    assert table_drawn(sheet_of(workbook_of(SMALL), "Ratings")) == as_drawn("""
        Ref | Key Performance Indicator | Value             | Target this quarter     | Computed  | Agreed    | How the computed rating came about | Why people agreed otherwise | Agreed by
        1   | Places created            | 41        | 42              | G         | G         | Green: 41 is 2.4% below the target of 42; green up to 5%. | As computed | As computed
        2   | % of places filled        | 75%         | 90%                | R         | R         | Red: 75% is 15.0 points below the target of 90%; amber ends at 10 points. | As computed | As computed
        3   | Average cost of a journey | query             | £21 | No rating | No rating | Not rated: no value was reported. | As computed | As computed
        4   | Weeks from ask to bus     | 5 weeks | <6 weeks    | G         | G         | Green: 5 weeks is below the target of under 6 weeks, the right side of it. | As computed | As computed
        5   | Savings                   | -£1,200 | None           | No rating | No rating | Not rated: no target is set. | As computed | As computed
        new | % of journeys on time     | 97%         | 95%               | G         | G         | Green: 97% is above the target of 95%, the right side of it. | As computed | As computed
        """)  # noqa: E501


def test_what_has_no_figure_is_listed_with_why() -> None:
    """A queried KPI and one with a reason are listed; the latter is not on the dataset."""
    assert table_drawn(sheet_of(workbook_of(SMALL), "Not reported")) == as_drawn("""
        KPI id | List ref | Board ref | Workstream | Key Performance Indicator | Mark  | Why     | Comment
        K7     | 7        | 6         | Schools    | Places lost               | [x]   | Data not yet available |
        K3     | 3        | 3         | Transport  | Average cost of a journey | query | Queried |
        """)


def test_the_headlines_of_a_quarter_without_moderation() -> None:
    """Completeness is counted, missing headlines are said to be missing, and the counts stand below."""
    book = opened(board_workbook(small_round(SMALL).board()), results=True)
    sheet = sheet_of(book, "Headlines")
    assert [sheet.cell(row, 1).value for row in range(1, 11)] == [
        "Sandford Board Dataset, Quarter 1 2023/24 (internal edition, not for publication)",
        "5 of 7 live KPIs have a figure for Quarter 1 2023/24; 6 are on the dataset; 2 of 2 workstreams returned.",
        "Ratings: 1 Red, 0 Amber, 3 Green; 2 without a rating.",
        "Movement: Quarter 4 2022/23 has no ratings to compare with.",
        "Missing: 2 figures (1 data not yet available, 1 queried).",
        "What is working well?",
        "No headline was given.",
        "What is a concern?",
        "No headline was given.",
        None,
    ]
    assert table_drawn(sheet) == as_drawn("""
        Ratings by section | Red | Amber | Green | No rating | KPIs
        Places             | 1   | 0     | 1     | 0         | 2
        Journeys           | 0   | 0     | 2     | 2         | 4
        All sections       | 1   | 0     | 3     | 2         | 6
        """)


def test_headlines_of_both_kinds_stand_in_their_order() -> None:
    """Every line on completeness and every headline is a row, in the order that people gave them."""
    moderation = Moderation(
        "Two returns came late.\n\nTherapies follow.", (Headline("Places"), Headline("Buses")), (Headline("Cost"),)
    )
    sheet = sheet_of(workbook_of(SMALL, moderation), "Headlines")
    assert [sheet.cell(row, 1).value for row in range(3, 13)] == [
        "Two returns came late.",
        "Therapies follow.",
        "Ratings: 1 Red, 0 Amber, 3 Green; 2 without a rating.",
        "Movement: Quarter 4 2022/23 has no ratings to compare with.",
        "Missing: 2 figures (1 data not yet available, 1 queried).",
        "What is working well?",
        "Places",
        "Buses",
        "What is a concern?",
        "Cost",
    ]


def test_headlines_lead_to_their_kpis() -> None:
    """Each ref of a headline is a link to its KPI's row on the dataset; a ref that is not there has none."""
    told = (Headline("Cost: KPIs 2 and 1", ("4",)), Headline("KPI 6 is lost; KPI 99 too"), Headline("Nothing named"))
    sheet = sheet_of(workbook_of(SMALL, Moderation(concerns=told)), "Headlines")
    links = {cell.coordinate: (cell.value, cell.hyperlink.location) for row in sheet for cell in row if cell.hyperlink}
    assert links == {
        "B5": ("See which", "'Not reported'!A1"),
        "B9": ("KPI 4", "Dataset!C9"),
        "C9": ("KPI 2", "Dataset!C7"),
        "D9": ("KPI 1", "Dataset!C6"),
    }


def test_the_chart_is_over_the_counts_and_says_what_it_shows() -> None:
    """A part of each bar for each rating, named, numbered and in its colours; in words for a screen reader."""
    texts = texts_of(board_workbook(small_round(SMALL).board()))
    chart, drawing = texts["xl/charts/chart1.xml"], texts["xl/drawings/drawing1.xml"]
    assert re.findall(r"<c:f>(.+?)</c:f>", chart) == [
        f"Headlines!{area}"
        for column in "BCDE"
        for area in (f"${column}$11", "$A$12:$A$13", f"${column}$12:${column}$13")
    ]
    fills = re.findall(r'<c:spPr><a:solidFill><a:srgbClr val="(\w+)"/></a:solidFill>', chart)
    assert fills[:3] == [RAG_INK[rag].fill for rag in Rag]
    assert chart.count('<c:showVal val="1"/>') == 4
    assert re.findall(r'descr="(.+?)"', drawing) == [
        "Bars of the ratings by section. Places: 1 Red, 0 Amber, 1 Green; 0 without a rating. "
        "Journeys: 0 Red, 0 Amber, 2 Green; 2 without a rating."
    ]


def test_text_that_looks_like_a_formula_or_a_link_stays_text() -> None:
    """What people typed is never calculated or clickable, in a comment, a title or a headline."""
    table = SMALL.replace("Places created  ", '=HYPERLINK("http://x.org")').replace("Two start in May", "http://x.org")
    book = workbook_of(table, Moderation("=1+1", (Headline("=cmd|'/c calc'!A1"),), (Headline("@SUM(1)"),)))
    rows = table_of(sheet_of(book, "Dataset"))
    headlines = sheet_of(book, "Headlines")
    typed = [rows[0]["Key Performance Indicator"], rows[0]["Comment"], rows[1]["Comment"]]
    typed += [headlines.cell(row, 1) for row in (3, 5, 7)]  # type: ignore[misc]
    assert [(cell.data_type, cell.hyperlink) for cell in typed] == [("s", None)] * 6


def test_a_workstream_that_did_not_return_is_told() -> None:
    """Its KPIs stay on the dataset as not returned, if the board knows them, and are listed; completeness counts it."""
    book = workbook_of("""
        id | ref | section  | by  | title          | unit  | better           | target | Q1
        K1 | 1   | Places   | SCH | Places created | count | higher is better | 42     | 41
        K2 | 2   | Journeys | TRA | Journeys made  | count | higher is better | 9      | not returned
        K3 |     | Journeys | TRA | Journeys lost  | count | lower is better  | 3      | not returned
        """)
    assert table_drawn(sheet_of(book, "Dataset")) == as_drawn("""
        Section  | Ref | Key Performance Indicator | Baseline 31st March 2023 | Target 23/24 | Q1         | Q2 | Q3 | Q4 | RAG       | Comment | Since last quarter | Forecast for the year
        Places   | 1   | Places created            | None                     | 42   | 41 |    |    |    | G         | | Not enough data | 41
        Journeys | 2   | Journeys made             | None                     | 9    | [x]        |    |    |    | No rating | Not returned. | Not enough data | [x]
        """)  # noqa: E501
    assert table_drawn(sheet_of(book, "Not reported")) == as_drawn("""
        KPI id | List ref | Board ref | Workstream | Key Performance Indicator | Mark | Why          | Comment
        K2     | 2        | 2         | Transport  | Journeys made             | [x]  | Not returned |
        K3     | 3        | None      | Transport  | Journeys lost             | [x]  | Not returned |
        """)
    assert str(sheet_of(book, "Headlines")["A2"].value) == (
        "1 of 3 live KPIs have a figure for Quarter 1 2023/24; 2 are on the dataset; 1 of 2 workstreams returned; not "
        "returned: Transport."
    )


def test_the_second_quarter_shows_the_first_beside_it() -> None:
    """Both quarters' values stand in their columns; a KPI once on the dataset stays; the rating is the second's."""
    book = workbook_of("""
        id | ref | section  | by  | title          | unit  | better           | target | Q1                     | Q2                         | comment
        K1 | 1   | Places   | SCH | Places created | count | higher is better | 42     | 20                     | 42                         |
        K2 | 2   | Places   | SCH | Places filled  | count | higher is better | 42     | 41                     | Data not yet available     | In July
        K3 | 3   | Journeys | TRA | Journeys made  | count | higher is better | 9      | query                  | not returned               |
        K4 | 4   | Journeys | TRA | Journeys lost  | count | lower is better  | 3      | Data not yet available | Other: say why in the comment | The bus company is closed
        K5 | 5   | Journeys | TRA | Journeys saved | count | lower is better  | 3      | Data not yet available | Data not yet available     |
        """)  # noqa: E501
    assert table_drawn(sheet_of(book, "Dataset")) == as_drawn("""
        Section  | Ref | Key Performance Indicator | Baseline 31st March 2023 | Target 23/24 | Q1         | Q2         | Q3 | Q4 | RAG | Comment | Since last quarter | Forecast for the year | Quarters as a line
        Places   | 1   | Places created            | None                     | 42   | 20 | 42 |    |    | G   | | Improving | 42 |
        Places   | 2   | Places filled             | None                     | 42   | 41 | [x]        |    |    | No rating | In July / (Data not yet available) | Not enough data | [x] |
        Journeys | 3   | Journeys made             | None                     | 9    | query      | [x]        |    |    | No rating | Not returned. | Not enough data | [x] |
        Journeys | 4   | Journeys lost             | None                     | 3    | [x]        | [x]        |    |    | No rating | The bus company is closed / (Other) | Not enough data | [x] |
        """)  # noqa: E501
    assert "Empty cells in Q3, Q4: not reported yet." in str(sheet_of(book, "Dataset")["A3"].value)


def test_the_outlook_says_where_each_kpi_is_going() -> None:
    """Travel, forecast with its rating, and how both came about, or that there is nothing to reckon from."""
    until = override("K2", "G", "Two start in May", "The board", "2023-24-Q3")
    drawn_round = small_round("""
        id | ref | section  | by  | title           | unit  | better           | target | Q1 | Q2                     | comment
        K1 | 1   | Places   | SCH | Places created  | count | higher is better | 42     | 20 | 40                     |
        K2 | 2   | Places   | SCH | Places filled   | count | higher is better | 42     | 31 | 30                     |
        K3 | 3   | Journeys | TRA | Journeys made   | count | context only     |        | 50 | 52                     |
        K4 | 4   | Journeys | TRA | Journeys lost   | count | lower is better  | 3      | 9  | Data not yet available |
        """)  # noqa: E501
    book = opened(board_workbook(drawn_round.board(Moderation(overrides=(until,)))))
    assert table_drawn(sheet_of(book, "Outlook")) == as_drawn("""
        Ref | Key Performance Indicator | This quarter | RAG now | Since last quarter | Since a year ago | Target for the year | Forecast for the year | RAG of the forecast | How it came about
        1 | Places created | 40 | G | Improving | Not enough data | 42 | 40 | G | Improving: 40 after 20 in Quarter 1 2023/24; higher is better. / Forecast Green: 40 at the year's end if it stays as in Quarter 2 2023/24. 40 is 4.8% below the target of 42; green up to 5%.
        2 | Places filled | 30 | G | No change | Not enough data | 42 | 30 | R | No change: 30 after 31 in Quarter 1 2023/24; a move of up to 5% is no change. / Forecast Red: 30 at the year's end if it stays as in Quarter 2 2023/24. 30 is 28.6% below the target of 42; amber ends at 25%.
        3 | Journeys made | 52 | No rating | No change | Not enough data | None | 52 | No rating | No change: 52 after 50 in Quarter 1 2023/24; a move of up to 5% is no change. / Forecast not rated: 52 at the year's end if it stays as in Quarter 2 2023/24. Shown for context only.
        4 | Journeys lost | [x] | No rating | Not enough data | Not enough data | 3 | [x] | No rating | Nothing to reckon from yet.
        """)  # noqa: E501


def test_an_earlier_quarter_that_nobody_ran_is_marked() -> None:
    """A quarter that is over holds a mark even when there is no folder of returns for it; only later ones are empty."""
    drawn = small_round("""
        id | ref | section | by  | title          | unit  | better           | target | Q2
        K1 | 1   | Places  | SCH | Places created | count | higher is better | 42     | 42
        """)
    (row,) = table_of(sheet_of(opened(board_workbook(drawn.board())), "Dataset"))
    assert [row[f"Q{quarter}"].value for quarter in (1, 2, 3, 4)] == ["[x]", 42, None, None]


def test_a_quarter_in_which_nothing_was_reported_has_an_empty_dataset() -> None:
    """Where every KPI's data is still to come, the board gets the counts as zeros and the list of what is missing."""
    data = board_workbook(
        small_round("""
            id | ref | section | by  | title          | unit  | better           | target | Q1
            K1 | 1   | Places  | SCH | Places created | count | higher is better | 42     | Data not yet available
            """).board()
    )
    assert table_drawn(sheet_of(opened(data, results=True), "Headlines")) == as_drawn("""
        Ratings by section | Red | Amber | Green | No rating | KPIs
        Places             | 0   | 0     | 0     | 0         | 0
        Journeys           | 0   | 0     | 0     | 0         | 0
        All sections       | 0   | 0     | 0     | 0         | 0
        """)
    counts = sheet_of(opened(data), "Headlines")
    assert counts["B12"].value == '=COUNTIFS(Dataset!$A$6:$A$6,$A12,Dataset!$J$6:$J$6,"R")'
    assert counts["B14"].value == "=SUM(B12:B13)"
    assert [str(row["KPI id"].value) for row in table_of(sheet_of(opened(data), "Not reported"))] == ["K1"]


def test_what_is_shown_is_what_is_rated() -> None:
    """A value is shown with its KPI's decimals, to which it was rounded for its rating; a target with all it has."""
    book = workbook_of("""
        id | ref | section | by  | title    | unit | decimals | better           | baseline | target | Q1
        K1 | 1   | Places  | SCH | % filled | %    | 0        | higher is better | 80.5%    | 85.5%  | 85.4999% = 6 of 7
        K2 | 2   | Places  | SCH | % early  | %    | 1        | higher is better | 80%      | 85%    | 84.96%
        """)
    assert table_drawn(sheet_of(book, "Dataset")).split("\n")[1:] == as_drawn("""
        Places | 1 | % filled | 80.5% | 85.5% | 85% | | | | G | 6 out of 7. | Not enough data | 85%
        Places | 2 | % early  | 80.0%   | 85.0%  | 85.0% | | | | G | | Not enough data | 85.0%
        """).split("\n")
    sentences = [row["How the computed rating came about"].value for row in table_of(sheet_of(book, "Ratings"))]
    assert sentences == [
        "Green: 85% is 0.5 points below the target of 85.5%; green up to 0.5 points.",
        "Green: 85.0% is exactly the target of 85%.",
    ]


@pytest.mark.parametrize(
    ("value", "comment", "told"),
    [
        ("75% = 6 of 8", "", "6 out of 8."),
        ("75% = 6 of 8", "6 out of 8 children", "6 out of 8 children"),
        ("75% = 6 of 8", "6/8", "6/8"),
        ("75% = 6 of 8", "16/80", "16/80\n6 out of 8."),
        ("75% = 6 of ?", "", "Number: 6."),
        ("75% = 6 of ?", "6 children", "6 children"),
        ("75% = ? of 8", "", "Out of 8."),
        ("75% = ? of 8", "sample of 8", "sample of 8"),
        ("75%", "as before", "as before"),
        ("Other: say why in the comment", "", "Other."),
        ("No cases this quarter", "None came", "None came\n(No cases this quarter)"),
    ],
)
def test_the_comment_says_the_fraction_unless_the_lead_did(value: str, comment: str, told: str) -> None:
    """Numerator and denominator, or why there is no value, are on the row once, in the lead's words or in ours."""
    book = workbook_of(f"""
        id | ref | section | by  | title    | unit | better           | target | Q1      | comment
        K1 | 1   | Places  | SCH | % filled | %    | higher is better | 80%    | {value} | {comment}
        """)
    (row,) = table_of(sheet_of(book, "Dataset"))
    assert row["Comment"].value == told


def test_words_beside_a_number_are_a_sentence_of_the_comment() -> None:
    """A baseline or target that was published with words shows its number, and the words once, with one full stop."""
    book = workbook_of("""
        id | ref | section | by  | title   | unit  | better           | baseline           | target   | Q1
        K1 | 1   | Places  | SCH | Created | count | higher is better | 40 in two schools. | 42 in V. | 41
        K2 | 2   | Places  | SCH | Filled  | count | higher is better | 40 so far          | 42       | 41
        """)
    told = [(row["Target 23/24"].value, row["Comment"].value) for row in table_of(sheet_of(book, "Dataset"))]
    assert told == [
        (42, "Baseline: 40 in two schools.\nTarget as published: 42 in V."),
        (42, "Baseline: 40 so far."),
    ]


PAIR = """
    id | ref | section | by  | title          | unit  | better           | target | Q1
    K1 | 1   | Places  | SCH | Places created | count | higher is better | 42     | 41
    """


@pytest.mark.parametrize(
    ("agreed", "told"),
    [
        (override("K1", "A", "Two are not open", "The board", ""), ["G", "A", "Two are not open", "The board"]),
        (override("K1", "A", "Not open", "The board", "2023-24-Q1"), ["G", "A", "Not open", "The board"]),
        (override("K1", "No rating", "Not open", "The board"), ["G", "No rating", "Not open", "The board"]),
        (override("K1", "A", "Not open", "The board", "2022-23-Q4"), ["G", "G", "As computed", "As computed"]),
        (override("K1", "A", "Not open", "The board", "Christmas"), ["G", "G", "As computed", "As computed"]),
        (override("K1", "A", "", "The board"), ["G", "G", "As computed", "As computed"]),
        (override("K1", "A", "Not open", ""), ["G", "G", "As computed", "As computed"]),
        (override("K2", "A", "Not open", "The board"), ["G", "G", "As computed", "As computed"]),
    ],
    ids=["holds", "last quarter", "no rating", "lapsed", "until unreadable", "no reason", "no name", "another KPI"],
)
def test_an_override_holds_with_reason_and_name_until_it_lapses(agreed: object, told: list[str]) -> None:
    """The agreed rating stands beside the computed one with why and who; an override that lacks something does not."""
    book = workbook_of(PAIR, replace(Moderation(), overrides=(agreed,)))
    (rating,) = table_of(sheet_of(book, "Ratings"))
    columns = ("Computed", "Agreed", "Why people agreed otherwise", "Agreed by")
    assert [rating[column].value for column in columns] == told
    assert table_of(sheet_of(book, "Dataset"))[0]["RAG"].value == told[1]


def test_a_rating_agreed_without_a_value_puts_the_kpi_on_the_dataset() -> None:
    """A KPI whose data is still to come is on the dataset all the same once people agreed a rating for it."""
    table = PAIR.replace("| 41", "| Data not yet available")
    assert len(table_of(sheet_of(workbook_of(PAIR), "Dataset"))) == 1
    (row,) = table_of(
        sheet_of(workbook_of(table, Moderation(overrides=(override("K1", "A", "why", "who"),))), "Dataset")
    )
    assert [row[heading].value for heading in ("Q1", "RAG", "Comment")] == ["[x]", "A", "Data not yet available."]


def backwards(table: Table) -> Table:
    """The same table with its columns in the opposite order."""
    return replace(table, columns=tuple(reversed(table.columns)))


def test_moving_a_column_is_one_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    """With every column of the layout moved, each value still stands under its own heading, rules and counts too."""
    board = small_round(SMALL).board()
    before = opened(board_workbook(board))
    monkeypatch.setattr(board_module, "RATINGS", backwards(RATINGS))
    monkeypatch.setattr(board_module, "NOT_REPORTED", backwards(NOT_REPORTED))
    monkeypatch.setattr(board_module, "dataset_table", lambda *args, **words: backwards(dataset_table(*args, **words)))
    after = opened(board_workbook(board))
    for name in ("Dataset", "Ratings", "Not reported"):
        was, now = (table_of(sheet_of(book, name)) for book in (before, after))
        assert [list(row) for row in now] == [list(reversed(row)) for row in was]
        for one, other in zip(was, now, strict=True):
            assert {key: cell.value for key, cell in one.items()} == {key: cell.value for key, cell in other.items()}
    assert [str(area.sqref) for area in sheet_of(after, "Dataset").conditional_formatting] == ["D6:D11"]
    assert sheet_of(after, "Headlines")["B12"].value == '=COUNTIFS(Dataset!$M$6:$M$11,$A12,Dataset!$D$6:$D$11,"R")'


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(["R", "A", "G", "No rating"]), min_size=4, max_size=4))
def test_counts_follow_whatever_was_agreed(ratings: list[str]) -> None:
    """Whatever ratings people agree on, the counts are those of the letters on the dataset."""
    ids = ("K1", "K2", "K3", "K4")
    agreed = tuple(override(kpi, rating, "why", "who") for kpi, rating in zip(ids, ratings, strict=True))
    data = board_workbook(small_round(SMALL).board(Moderation(overrides=agreed)))
    book = opened(data, results=True)
    letters = Counter(str(row["RAG"].value) for row in table_of(sheet_of(book, "Dataset")))
    assert letters == Counter([*ratings, "No rating", "G"])
    total = [cell.value for cell in table_of(sheet_of(book, "Headlines"))[-1].values()]
    assert total == ["All sections", letters["R"], letters["A"], letters["G"], letters["No rating"], 6]


def test_a_council_sees_its_own_names_and_year() -> None:
    """Titles, headings and completeness come from the catalogue and the quarter, not from Kingston."""
    moved = small_round(PAIR).board()
    later = Period(2024, 1)
    board = replace(moved, period=later, quarters={later: moved.now})
    book = opened(board_workbook(board))
    assert str(sheet_of(book, "Dataset")["A1"].value).startswith("Sandford Board Dataset, Quarter 1 2024/25 (")
    headings = [str(cell.value) for cell in area_of(sheet_of(book, "Dataset"))[0]]
    assert headings[3:5] == ["Baseline 31st March 2024", "Target 24/25"]
