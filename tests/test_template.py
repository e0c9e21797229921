"""The return templates: what stands in them, what is open and validated, and that text stays text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from msgspec.structs import replace
from openpyxl.formatting.formatting import ConditionalFormatting
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.entry_formulas import check_formula
from sendkpi_xl.layout import Identity, read_identity, return_table
from sendkpi_xl.model import Goal, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Reading, Reason, Status
from sendkpi_xl.start_sheet import due_date, long_date
from sendkpi_xl.template import template_files
from sendkpi_xl.text_fit import line_count
from tests.made_up_round import (
    AWAY,
    COUNT,
    HOME,
    KINGSTON,
    KINGSTON_Q1,
    KPIS,
    MADE_UP,
    Q1,
    Q3,
    SURVEY,
    all_cells,
    cell_of,
    columns_of,
    grid,
    opened,
    sheet_of,
    table,
    template,
    with_kpis,
)

ROOT = Path(__file__).resolve().parent.parent
FIRST_ROW = 6
LAYOUT = return_table(Q1, HOME.code)


@pytest.fixture(scope="module")
def data() -> bytes:
    return template()


@pytest.fixture(scope="module")
def book(data: bytes) -> Workbook:
    return opened(data)


@pytest.fixture(scope="module")
def results(data: bytes) -> Workbook:
    return opened(data, results=True)


@pytest.fixture(scope="module")
def kingston() -> Workbook:
    return opened(template(KINGSTON, KINGSTON_Q1))


def kpi_rows(sheet: Worksheet) -> range:
    """The rows of a return sheet that hold a KPI."""
    return range(FIRST_ROW, sheet.max_row + 1)


# --- What stands in the sheets


def test_the_workbook_has_a_start_sheet_a_sheet_for_each_workstream_and_the_choices(book: Workbook) -> None:
    """A reader meets the start sheet first, then the workstreams in their order."""
    assert book.sheetnames == ["Start", "HOME", "AWAY", "Lists"]


def test_the_start_sheet_says_what_to_do_by_when_and_to_whom_it_goes(results: Workbook) -> None:
    """Five steps, a line for each sheet with its count, the meaning of the colours, and what the template is."""
    assert grid(sheet_of(results, "Start"), 1, 20) == table(
        """
        Middlemarch Plan: KPI return for Quarter 1 2023/24 | | |
        Middlemarch Borough Council. Figures for April to June 2023. | | |
        | | |
        Step 1: Open your sheet with the link below and fill in the yellow cells, a row for each KPI. Ten minutes will do. | | |
        Step 2: Type the value as the cell asks: 85% with its sign, whole pounds, whole numbers. For a share type the numerator and the denominator too. | | |
        Step 3: No figure? Leave the value empty and choose a reason. A blank is never read as zero. Name no child or family in a comment. | | |
        Step 4: The column Check says Done, or what is missing. When the top of the sheet says that all are done, save it as .xlsx. | | |
        Step 5: Send it back to Dorothea Brooke by Monday 10 July 2023. | | |
        | | |
        | Yellow: yours to fill in. | |
        | Light grey: known already, locked. Tell us if it is wrong. | |
        | Dark grey: not needed for this KPI. | |
        | | |
        Quarter 2023-24-Q1. KPI list May 2023. Template layout 2. | | |
        | | |
        Sheet | Workstream      | KPIs | Done so far
        HOME  | Home and school | 11   | 0 of 11 done
        AWAY  | Away from home  | 1    | 0 of 1 done
        | | |
        | | |
        """  # noqa: E501
    )


def test_the_start_sheet_links_to_each_sheet(book: Workbook) -> None:
    """A click on a sheet's code opens that sheet."""
    start = sheet_of(book, "Start")
    links = {link.ref: link.location for link in (cell.hyperlink for cell in all_cells(start)) if link}
    assert links == {"A17": "'HOME'!A1", "A18": "'AWAY'!A1"}


@pytest.mark.parametrize(
    ("period", "days", "words"),
    [
        (Period(2021, 1), 14, "Wednesday 14 July 2021"),
        (Period(2021, 4), 14, "Thursday 14 April 2022"),
        (Period(2023, 3), 0, "Sunday 31 December 2023"),
        (Period(2023, 4), 1, "Monday 1 April 2024"),
    ],
)
def test_returns_are_due_so_many_days_after_the_quarters_last_day(period: Period, days: int, words: str) -> None:
    """The return date counts from the quarter's end, across a year's end too."""
    catalogue = replace(MADE_UP, settings=replace(MADE_UP.settings, return_days=days))
    assert long_date(due_date(catalogue, period)) == words


def test_a_return_sheet_opens_with_its_title_count_help_and_identity(results: Workbook) -> None:
    """Four lines stand above the table."""
    assert [sheet_of(results, "HOME").cell(row, 1).value for row in (1, 2, 3, 4)] == [
        "Home and school: KPI return for Quarter 1 2023/24",
        "0 of 11 done",
        "Fill in the yellow cells: for each KPI a value, or a reason for the blank. After a provisional value type "
        "[p], after a revised one [r]. A forecast may stay empty. Grey and empty: not needed, or not set.",
        "sendkpi return | 2023-24-Q1 | HOME | council Middlemarch Borough Council | list May 2023 | layout 2",
    ]


def test_all_that_is_known_is_filled_in_and_the_rest_is_empty(results: Workbook) -> None:
    """Both return sheets of the small catalogue, heading by heading; proposed, paused and retired KPIs are absent."""
    home = sheet_of(results, "HOME")
    known = columns_of(LAYOUT, "id", "ref", "sub_area", "title", "unit", "polarity", "baseline", "target")
    assert grid(home, 5, 16, known) == table(
        """
        KPI id|List ref|Sub-area|Key Performance Indicator    |Unit     |Better when     |Baseline 31st March 2023     |Target 23/24
        M01   |1       |Demand  |Children waiting             |count    |lower is better |50                           |40
        M02   |2       |Demand  |Change in plans              |%        |near target     |-0.3009                      |-0.2276
        M03   |3       |Demand  |Spend on placements          |£        |lower is better |30270400                     |31791000
        M04   |4       |Demand  |Average cost of a place      |average £|lower is better |18778                        |16483
        M05   |5       |Demand  |Wait for a plan              |weeks    |lower is better |                             |18
        M06   |6       |Plans   |% of parents who feel heard  |% (share)|higher is better|Early years: 58%, school: 67%|0.8
        M07   |7       |Plans   |% of children missing school |% (share)|lower is better |0.062                        |0.05
        M08   |8       |Demand  |Progress score               |score    |higher is better|4.25                         |
        M09   |9       |Demand  |Staff trained                |count    |higher is better|98                           |105
        M10   |10      |Plans   |% of appeals                 |% (share)|context only    |                             |
        M11   |11      |Demand  |Reviews held                 |count    |higher is better|                             |to be agreed in May
        """  # noqa: E501
    )
    rest = range(len(known) + 1, len(LAYOUT.columns) + 1)
    assert grid(home, 5, 16, rest) == table(
        """
        Value this quarter|Numerator|Denominator|Reason for a blank|Comment|Year-end forecast|Check|Rating preview|Target this quarter|Green within|Amber within|Smallest sample|Not moved yet at
        | | | | | |To do| |40      |2     |10     ||
        | | | | | |To do| |-0.2276 |0.005 |0.1    ||
        | | | | | |To do| |31791000|317910|1589550||
        | | | | | |To do| |16483   |164.83|824.15 ||
        | | | | | |To do| |18      |0.9   |4.5    ||
        | | | | | |To do| |0.8     |0.005 |0.1    |30|
        | | | | | |To do| |0.05    |0.005 |0.1    ||0.062
        | | | | | |To do| |        |      |       ||
        | | | | | |To do| |26.25   |1.3125|6.5625 ||
        | | | | | |To do| |        |      |       ||
        | | | | | |To do| |        |      |       ||
        """  # noqa: E501
    )
    away = sheet_of(results, "AWAY")
    assert grid(away, 6, 6) == ["M15|15|Demand|Nights away|count|lower is better|14|12|||||||To do||12|0.6|3||"]
    assert (home.max_row, away.max_row) == (16, 6)


def test_numbers_are_shown_in_their_unit(book: Workbook) -> None:
    """The format of each figure is that of the KPI's unit; a target of its own precision or sign shows it."""
    home = sheet_of(book, "HOME")
    columns = columns_of(LAYOUT, "baseline", "target", "value", "quarter_target", "green_within", "amber_within")
    shown = [
        "|".join(str(home.cell(row, column).number_format).split(";", maxsplit=1)[0] for column in columns)
        for row in kpi_rows(home)
    ]
    assert shown == table(
        """
        #,##0         |#,##0         |#,##0         |#,##0         |#,##0           |#,##0
        0.00%         |0.00%         |0.00%         |0.00%         |0.00%           |0.00%
        "£"#,##0      |"£"#,##0      |"£"#,##0      |"£"#,##0      |"£"#,##0        |"£"#,##0
        "£"#,##0      |"£"#,##0      |"£"#,##0      |"£"#,##0      |"£"#,##0.00     |"£"#,##0.00
        #,##0" weeks" |#,##0" weeks" |#,##0" weeks" |#,##0" weeks" |#,##0.0" weeks" |#,##0.0" weeks"
        General       |0%            |0%            |0%            |0.0%            |0%
        0.0%          |"<"0.0%       |0.0%          |"<"0.0%       |0.0%            |0.0%
        #,##0.00      |#,##0.0       |#,##0.0       |#,##0.0       |#,##0.0         |#,##0.0
        #,##0         |#,##0         |#,##0         |#,##0.00      |#,##0.00        |#,##0.00
        0%            |0%            |0%            |0%            |0%              |0%
        #,##0         |General       |#,##0         |#,##0         |#,##0           |#,##0
        """
    )


def test_cases_are_whole_and_comments_text(book: Workbook) -> None:
    """Numerators and denominators show whole numbers, a comment that looks like a number stays what was typed."""
    home = sheet_of(book, "HOME")
    columns = columns_of(LAYOUT, "numerator", "denominator", "reason", "comment", "smallest_sample")
    formats = {tuple(home.cell(row, column).number_format for column in columns) for row in kpi_rows(home)}
    assert formats == {("#,##0", "#,##0", "General", "@", "0")}


def test_earlier_quarters_stand_before_the_value() -> None:
    """In quarter 3 both earlier quarters are shown, locked: figures in the KPI's unit, a reason by its shorthand."""
    first, second = Q3.earlier
    earlier = (
        Reading(COUNT.id, first, Status.REPORTED, value=44),
        Reading(COUNT.id, second, Status.BLANK, reason=Reason.NOT_YET),
        Reading(SURVEY.id, first, Status.BLANK, reason=Reason.NO_CASES),
        Reading(SURVEY.id, second, Status.REPORTED, value=0.78, numerator=39, denominator=50),
        Reading("M08", first, Status.QUERIED),
        Reading("M08", second, Status.NOT_RETURNED),
        Reading("M09", second, Status.BLANK, reason=Reason.TOO_FEW),
    )
    home = sheet_of(opened(template(period=Q3, earlier=earlier), results=True), "HOME")
    layout = return_table(Q3, HOME.code)
    columns = columns_of(layout, "id", "target", "q1", "q2", "value", "quarter_target")
    assert grid(home, 5, 16, columns) == table(
        """
        KPI id | Target 23/24        | Q1 as reported | Q2 as reported | Value this quarter | Target this quarter
        M01    | 40                  | 44             | [x]            |                    | 40
        M02    | -0.2276             |                |                |                    | -0.2276
        M03    | 31791000            |                |                |                    | 31791000
        M04    | 16483               |                |                |                    | 16483
        M05    | 18                  |                |                |                    | 18
        M06    | 0.8                 | [z]            | 0.78           |                    | 0.8
        M07    | 0.05                |                |                |                    | 0.05
        M08    |                     |                |                |                    |
        M09    | 105                 |                | [c]            |                    | 78.75
        M10    |                     |                |                |                    |
        M11    | to be agreed in May |                |                |                    |
        """
    )
    quarters = columns_of(layout, "q1", "q2")
    assert [cell_of(home, 6, quarters[0]).number_format, cell_of(home, 11, quarters[1]).number_format] == [
        "#,##0",
        "0%",
    ]
    assert all(cell_of(home, row, column).protection.locked for row in kpi_rows(home) for column in quarters)


def test_the_marks_of_earlier_quarters_are_explained_where_there_are_any(book: Workbook) -> None:
    """From quarter 2 on the start sheet says what [x], [z] and [c] stand for; quarter 1 has none to explain."""
    key = "[z] not applicable, [x] not available, [c] confidential (too few to show)"
    marks = f"No figure in an earlier quarter: {key}."
    third = sheet_of(opened(template(period=Q3)), "Start")
    assert grid(third, 12, 14, [1, 2]) == ["|Dark grey: not needed for this KPI.", f"{marks}|", "|"]
    assert not [line for line in grid(sheet_of(book, "Start"), 1, 20) if "[x]" in line]


def test_quarter_1_has_no_earlier_quarters(book: Workbook) -> None:
    """The headings of quarter 1 are the declared ones, and none is `Q… as reported`."""
    headings = [sheet_of(book, "HOME").cell(5, column).value for column in range(1, len(LAYOUT.columns) + 1)]
    assert headings == [column.heading for column in LAYOUT.columns]
    assert not [heading for heading in headings if "as reported" in str(heading)]


def test_the_choices_stand_on_their_own_sheet(book: Workbook) -> None:
    """Each reason for a blank, word for word."""
    lists = sheet_of(book, "Lists")
    assert grid(lists, 1, lists.max_row) == [
        "Choices",
        "The drop-downs on the other sheets offer these words; they are changed in no workbook. Empty cells: no more "
        "words.",
        "",
        "Reason for a blank",
        "Data not yet available",
        "Not collected this quarter",
        "Reported under another KPI",
        "No cases this quarter",
        "Too few to report safely",
        "Other: say why in the comment",
    ]


def test_every_formula_carries_a_result(book: Workbook, results: Workbook) -> None:
    """No reader sees a zero or nothing where a formula stands: counts, checks and previews have their results."""
    found: dict[str, list[str]] = {}
    for name in book.sheetnames:
        for cell in all_cells(sheet_of(book, name)):
            if cell.data_type == "f":
                value = sheet_of(results, name)[cell.coordinate].value
                found.setdefault(f"{name}!{cell.column_letter}", []).append(str(value or ""))
    assert found == {
        "Start!D": ["0 of 11 done", "0 of 1 done"],
        "HOME!A": ["0 of 11 done"],
        "HOME!O": ["To do"] * 11,
        "HOME!P": [""] * 11,
        "AWAY!A": ["0 of 1 done"],
        "AWAY!O": ["To do"],
        "AWAY!P": [""],
    }


def test_a_workstream_without_live_kpis_gets_an_empty_sheet() -> None:
    """A council may have a workstream whose KPIs are all still proposed: its sheet says 0 of 0."""
    book = opened(template(with_kpis([COUNT])), results=True)
    away = sheet_of(book, "AWAY")
    assert away["A2"].value == "0 of 0 done"
    assert grid(away, 6, 6) == ["|" * (len(LAYOUT.columns) - 1)]
    assert away.tables["Return_AWAY"].ref == "A5:U6"
    assert sorted(validations(away)) == ["L6", "M6"]
    assert sorted(str(area.sqref) for area in formatting(away)) == ["O6", "P6"]


# --- Kingston's catalogue


def test_kingston_asks_for_every_live_kpi_once_and_for_no_other() -> None:
    """The six workbooks hold the 125 live KPIs in list order; the two that are yet to be confirmed are in none."""
    ids: dict[str, list[object]] = {}
    for workstream in KINGSTON.workstreams:
        single = opened(template(KINGSTON, KINGSTON_Q1, [workstream]))
        assert single.sheetnames == ["Start", workstream.code, "Lists"]
        sheet = sheet_of(single, workstream.code)
        ids[workstream.code] = [sheet.cell(row, 1).value for row in kpi_rows(sheet)]
    assert {code: len(each) for code, each in ids.items()} == {
        "SPB": 41,
        "WS1": 9,
        "WS2": 13,
        "WS3": 17,
        "WS4": 16,
        "WS5": 29,
    }
    asked = [kpi_id for each in ids.values() for kpi_id in each]
    assert sorted(asked, key=str) == sorted(kpi.id for kpi in KINGSTON.kpis if kpi.id not in ("K060", "K062"))
    assert len(set(asked)) == 125


def test_kingstons_whole_sheets_say_what_the_catalogue_says(kingston: Workbook) -> None:
    """Id, ref, sub-area, title, baseline and target of all 125 rows are the catalogue's."""
    for workstream in KINGSTON.workstreams:
        sheet = sheet_of(kingston, workstream.code)
        rows = [[sheet.cell(row, column).value for column in (1, 2, 3, 4, 6, 7, 8)] for row in kpi_rows(sheet)]
        expected = []
        for kpi in KINGSTON.live(workstream.name):
            goal = kpi.goal("2021-22")
            words = (kpi.id, kpi.ref or None, kpi.sub_area, kpi.title, kpi.polarity.value)
            expected.append([*words, goal.baseline_words or goal.baseline, goal.target])
        assert rows == expected


def test_the_workbook_of_all_sheets_equals_the_six(kingston: Workbook) -> None:
    """Each sheet of the all-in-one workbook is that of the workstream's own: cells, formats, locks and validation."""
    for workstream in KINGSTON.workstreams:
        single = opened(template(KINGSTON, KINGSTON_Q1, [workstream]))
        assert whole(sheet_of(single, workstream.code)) == whole(sheet_of(kingston, workstream.code))
    assert kingston.sheetnames == ["Start", "SPB", "WS1", "WS2", "WS3", "WS4", "WS5", "Lists"]


def whole(sheet: Worksheet) -> dict[str, object]:
    """All that a lead meets on a sheet: each cell with its format and lock, row heights, widths, validations."""
    return {
        "cells": [
            (cell.coordinate, cell.value, cell.number_format, cell.protection.locked, cell.fill.fgColor.rgb)
            for cell in all_cells(sheet)
        ],
        "heights": {row: sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1)},
        "widths": {letter: each.width for letter, each in sheet.column_dimensions.items()},
        "validations": validations(sheet),
        "colours": [(str(area.sqref), [rule.formula for rule in area.rules]) for area in formatting(sheet)],
    }


def formatting(sheet: Worksheet) -> list[ConditionalFormatting]:
    return list(sheet.conditional_formatting)


def test_files_are_named_after_quarter_and_workstream() -> None:
    """One file for each workstream, and one for all of them."""
    assert template_files(MADE_UP, Q1) == [
        ("return-2023-24-Q1-HOME.xlsx", (HOME,)),
        ("return-2023-24-Q1-AWAY.xlsx", (AWAY,)),
        ("return-2023-24-Q1-all.xlsx", (HOME, AWAY)),
    ]


# --- What is open, and what may be typed


def test_only_what_a_lead_fills_in_is_open(book: Workbook) -> None:
    """Value, reason and comment of every KPI, numerator and denominator of a share (`o`); all else is locked (`-`)."""
    home = sheet_of(book, "HOME")
    rows = {
        str(home.cell(row, 1).value): "".join(
            "-" if cell_of(home, row, column).protection.locked else "o" for column in range(1, len(LAYOUT.columns) + 1)
        )
        for row in kpi_rows(home)
    }
    plain, share = "--------o--ooo-------", "--------oooooo-------"
    shares = ("M06", "M07", "M10")
    assert rows == {kpi.id: share if kpi.id in shares else plain for kpi in MADE_UP.live(HOME.name)}
    outside = [
        f"{name}!{cell.coordinate}"
        for name in book.sheetnames
        for cell in all_cells(sheet_of(book, name))
        if not cell.protection.locked and not (name in ("HOME", "AWAY") and cell.row >= FIRST_ROW)
    ]
    assert outside == []


def test_cells_that_are_not_needed_look_shut(book: Workbook) -> None:
    """Open cells are yellow; a numerator that is not asked for is dark grey, not light grey like what is known."""
    home = sheet_of(book, "HOME")
    value, numerator, title = columns_of(LAYOUT, "value", "numerator", "title")
    assert [cell_of(home, 6, column).fill.fgColor.rgb for column in (value, numerator, title)] == [
        "FFFFF9E5",
        "FFDDE2E6",
        "FFF1F4F6",
    ]
    assert cell_of(home, 11, numerator).fill.fgColor.rgb == "FFFFF9E5"


def test_sheets_are_protected_without_a_password(book: Workbook) -> None:
    """Nothing known can be overtyped by accident; sorting, filtering, widths and heights stay allowed on a return."""
    allowed = {}
    for name in book.sheetnames:
        protection = sheet_of(book, name).protection
        assert protection.sheet
        assert (protection.password, protection.hashValue) == (None, None)
        kinds = ("sort", "autoFilter", "formatColumns", "formatRows", "selectLockedCells", "selectUnlockedCells")
        others = ("insertRows", "insertColumns", "deleteRows", "deleteColumns", "formatCells")
        allowed[name] = [kind for kind in (*kinds, *others) if not getattr(protection, kind)]
    everything = ["sort", "autoFilter", "formatColumns", "formatRows", "selectLockedCells", "selectUnlockedCells"]
    select = ["formatColumns", "selectLockedCells", "selectUnlockedCells"]
    assert allowed == {"Start": select, "HOME": everything, "AWAY": everything, "Lists": select}
    with zipfile.ZipFile(BytesIO(template())) as package:
        assert b"workbookProtection" not in package.read("xl/workbook.xml")


def validations(sheet: Worksheet) -> dict[str, tuple[str, ...]]:
    """Each validation by its cells: type, limits, heading and text of the help, heading and text of the error."""
    return {
        str(each.sqref): tuple(
            str(part)
            for part in (
                each.type,
                each.formula1,
                each.formula2,
                each.promptTitle,
                each.prompt,
                each.errorTitle,
                each.error,
            )
        )
        for each in sheet.data_validations.dataValidation
    }


def _number_or_symbol(cell: str, limits: Sequence[str]) -> str:
    """The formula by which a value cell takes a number within these limits, or a text that ends in a symbol."""
    kind, least, most, *_ = limits
    whole = f",{cell}=INT({cell})" if kind == "whole" else ""
    symbol = f'ISNUMBER(FIND(RIGHT(LOWER(TRIM({cell})),4)," [u] [r] [p]"))'
    return f"IF(ISNUMBER({cell}),AND({cell}>={least},{cell}<={most}{whole}),AND(LEN(TRIM({cell}))>4,{symbol}))"


OTHERWISE = " If you have no figure, leave the cell empty and choose a reason."


def test_each_open_cell_is_validated_by_its_unit(book: Workbook) -> None:
    """Type and limits, the help beside the cell, and the error that says what to type, for each kind of KPI."""
    found = validations(sheet_of(book, "HOME"))
    limits = {area: each[:4] for area, each in found.items() if not area.startswith("I")}
    assert limits == {
        "N6": ("whole", "0", "10000000", "M01: year-end forecast"),
        "N7": ("decimal", "-2", "2", "M02: year-end forecast"),
        "N8": ("decimal", "-10000000000", "10000000000", "M03: year-end forecast"),
        "N9": ("decimal", "0", "10000000", "M04: year-end forecast"),
        "N10": ("decimal", "0", "520", "M05: year-end forecast"),
        "N11": ("decimal", "0", "1", "M06: year-end forecast"),
        "J11:K11": ("whole", "0", "10000000000", "M06: number of cases"),
        "N12": ("decimal", "0", "1", "M07: year-end forecast"),
        "J12:K12": ("whole", "0", "10000000000", "M07: number of cases"),
        "N13": ("decimal", "-10000000", "10000000", "M08: year-end forecast"),
        "N14": ("whole", "0", "10000000", "M09: year-end forecast"),
        "N15": ("decimal", "0", "1", "M10: year-end forecast"),
        "J15:K15": ("whole", "0", "10000000000", "M10: number of cases"),
        "N16": ("whole", "0", "10000000", "M11: year-end forecast"),
        "L6:L16": ("list", "Lists!$A$5:$A$10", "None", "Reason for a blank"),
        "M6:M16": ("textLength", "1000", "None", "Comment"),
    }
    units = ("count", "%", "£", "average £", "weeks", "% (share)", "% (share)", "score", "count", "% (share)", "count")
    values = {area: each[:4] for area, each in found.items() if area.startswith("I")}
    assert values == {
        f"I{row}": ("custom", _number_or_symbol(f"$I{row}", limits[f"N{row}"]), "None", f"M{number:02}: {unit}")
        for number, (row, unit) in enumerate(zip(range(6, 17), units, strict=True), start=1)
    }
    assert found["N7"][3:] == (
        "M02: year-end forecast",
        "What you expect the year to end at. Leave it empty if you cannot say. A percentage from -200% to 200%, typed "
        "with its % sign, such as 2.3%.",
        "This cell needs something else",
        "A percentage from -200% to 200%, typed with its % sign, such as 2.3%.",
    )
    prompts = {area: (each[4], each[6].removesuffix(OTHERWISE)) for area, each in found.items()}
    assert {area: prompts[area] for area in ("I6", "I7", "I8", "I9", "I10", "I11", "J11:K11", "I13")} == {
        "I6": (
            "A whole number, such as 42. For none, type 0. No figure: leave it empty and choose a reason.",
            "A whole number, such as 42.",
        ),
        "I7": (
            "A percentage, typed with its % sign, such as 2.3% or -22.3%.",
            "A percentage from -200% to 200%, typed with its % sign, such as 2.3%.",
        ),
        "I8": (
            "An amount in pounds, such as 31679272: whole pounds, not thousands, without words.",
            "An amount in pounds, such as 31679272.",
        ),
        "I9": (
            "An average cost in pounds, such as 16880: whole pounds, without words.",
            "An average cost in pounds, such as 16880.",
        ),
        "I10": (
            "A number of weeks, such as 18. Type the number alone.",
            "A number of weeks from 0 to 520, such as 18.",
        ),
        "I11": (
            "A percentage from 0% to 100%. Type 85% with its % sign. Type the numerator and denominator too.",
            "A percentage from 0% to 100%, typed with its % sign, such as 85%.",
        ),
        "J11:K11": (
            "A whole number: how many (numerator) out of how many (denominator). 17 out of 20: type 17 and 20.",
            "A whole number from 0.",
        ),
        "I13": ("A number, such as 4.5.", "A number, such as 4.5."),
    }
    assert found["L6:L16"][4:] == (
        "Only where there is no value: choose why. A blank is never read as zero.",
        "Not one of the choices",
        "Choose one from the list: the arrow at the right of the cell opens it.",
    )
    assert found["M6:M16"][4:] == (
        "What the board should know about this figure. Name no child and no family.",
        "The comment is too long",
        "At most 1,000 characters.",
    )


def test_every_open_cell_of_kingstons_has_help_and_an_error_within_excels_limits(kingston: Workbook) -> None:
    """No open cell is without validation, none is validated twice, and no text is longer than Excel keeps."""
    for workstream in KINGSTON.workstreams:
        sheet = sheet_of(kingston, workstream.code)
        rules = sheet.data_validations.dataValidation
        covered = [(row, column) for each in rules for row, column in cells_of(str(each.sqref), sheet)]
        unlocked = {(cell.row, cell.column) for cell in all_cells(sheet, FIRST_ROW) if not cell.protection.locked}
        assert len(covered) == len(set(covered))
        assert set(covered) == unlocked
        for each in rules:
            assert each.showInputMessage
            assert each.showErrorMessage
            assert each.allowBlank
            assert each.errorStyle in (None, "stop")
            assert 0 < len(str(each.promptTitle)) <= 32
            assert 0 < len(str(each.errorTitle)) <= 32
            assert 0 < len(str(each.prompt)) <= 255
            assert 0 < len(str(each.error)) <= 255


def cells_of(area: str, sheet: Worksheet) -> list[tuple[int, int]]:
    """Row and column of each cell of an area such as `J11:K11`."""
    cells = sheet[area]
    rows = cells if isinstance(cells, tuple) else ((cells,),)
    return [(cell.row, cell.column) for row in rows for cell in row]


def test_the_drop_down_points_at_every_reason(kingston: Workbook) -> None:
    """The cells that the list validation names hold the reasons, all of them and nothing else."""
    lists = sheet_of(kingston, "Lists")
    sources = {
        str(each.formula1)
        for workstream in KINGSTON.workstreams
        for each in sheet_of(kingston, workstream.code).data_validations.dataValidation
        if each.type == "list"
    }
    assert sources == {"Lists!$A$5:$A$10"}
    assert [cell.value for (cell,) in lists["A5:A10"]] == [reason.value for reason in Reason]


# --- How it is set out


def test_a_return_sheet_keeps_its_headings_in_sight_and_on_every_page(book: Workbook) -> None:
    """Panes are frozen right of the title, below the headings; A3 landscape, one page wide, headings repeated."""
    home = sheet_of(book, "HOME")
    assert home.freeze_panes == "E6"
    assert home.print_title_rows == "$5:$5"
    assert home.print_area == "'HOME'!$A$1:$P$16"
    setup = home.page_setup
    assert (setup.orientation, int(setup.paperSize or 0)) == ("landscape", 8)
    assert home.sheet_properties.pageSetUpPr is not None
    assert home.sheet_properties.pageSetUpPr.fitToPage
    assert (setup.fitToWidth in (None, 1), setup.fitToHeight) == (True, 0)


def test_each_return_sheet_is_one_table_with_a_filter(book: Workbook) -> None:
    """The table begins at the headings, bears the workstream's name, and filters all its columns."""
    tables = {
        each.name: (each.ref, each.autoFilter.ref if each.autoFilter else "", each.column_names)
        for sheet in ("HOME", "AWAY")
        for each in sheet_of(book, sheet).tables.values()
    }
    headings = [column.heading for column in LAYOUT.columns]
    assert tables == {
        "Return_HOME": ("A5:U16", "A5:U16", headings),
        "Return_AWAY": ("A5:U6", "A5:U6", headings),
    }


def test_ratings_and_checks_are_coloured_by_what_they_say(book: Workbook) -> None:
    """A changed letter changes its colour, and a check is green, grey or red by its words."""
    rules = {
        str(area.sqref): {
            str(rule.formula[0]): (rule.dxf.font.color.rgb, rule.dxf.fill.bgColor.rgb) for rule in area.rules
        }
        for area in formatting(sheet_of(book, "HOME"))
    }
    assert rules == {
        "P6:P16": {
            'P6="R"': ("FFFFFFFF", "FFA4262C"),
            'P6="A"': ("FF1F2A37", "FFFFC83D"),
            'P6="G"': ("FF1F2A37", "FF6CBF84"),
        },
        "O6:O16": {
            'LEFT($O6,4)="Done"': ("FF1E5B32", "FFE3F3E8"),
            '$O6="To do"': ("FF4A5763", "FFF1F4F6"),
            'AND($O6<>"To do",LEFT($O6,4)<>"Done")': ("FF8A1C22", "FFFBE9EA"),
        },
    }


def test_excel_shows_no_green_corners() -> None:
    """Refs are numbers stored as text and checks differ from row to row: both are meant, and Excel is told so."""
    with zipfile.ZipFile(BytesIO(template())) as package:
        sheet = package.read("xl/worksheets/sheet2.xml").decode()
    assert re.findall(r"<ignoredError (.+?)/>", sheet) == [
        'sqref="A6:H16" numberStoredAsText="1"',
        'sqref="O6:P16" formula="1"',
    ]


def test_every_message_of_the_check_fits_its_column() -> None:
    """The column Check is wide enough for each of its messages on one line."""
    formula = check_formula(SURVEY, LAYOUT, FIRST_ROW, "=Lists!$A$5:$A$10")
    whole_number = check_formula(COUNT, LAYOUT, FIRST_ROW, "=Lists!$A$5:$A$10")
    texts = (formula + whole_number).split('"')[1::2]
    messages = {text for text in texts if re.match("[A-Z][a-z]", text) and text != Reason.OTHER}
    assert messages == {
        "Choose a listed reason",
        "Correct num / denom",
        "Correct the forecast",
        "Done",
        "Done: no value",
        "Keep value or reason",
        "Numerator is too large",
        "Say why in the comment",
        "The denominator is 0",
        "Value is not a number",
        "Value is not whole",
        "Value is out of range",
        "To do",
        "Type the value as well",
        "Value is not num / denom",
    }
    width = LAYOUT.column("check").width
    assert [text for text in messages if line_count(text, width) > 1] == []


# --- Identity


def test_each_sheet_says_what_it_is(kingston: Workbook) -> None:
    """Quarter, workstream, list and layout are read back from the line below the title."""
    read = {each.code: read_identity(str(sheet_of(kingston, each.code)["A4"].value)) for each in KINGSTON.workstreams}
    assert read == {
        code: Identity("2021-22-Q1", code, "Royal Borough of Kingston upon Thames", "June 2021 draft", "2")
        for code in ("SPB", "WS1", "WS2", "WS3", "WS4", "WS5")
    }


@pytest.mark.parametrize("text", ["", "sendkpi return", "Sendkpi | a | b | list c | layout 1", "a | b | c | d | e"])
def test_other_text_is_no_identity(text: str) -> None:
    """A cell that holds anything else is not taken for an identity."""
    assert read_identity(text) is None


# --- Text stays text, and the same input gives the same bytes

TITLES = (
    "=1+1",
    '=HYPERLINK("http://example.org","x")',
    "+44 calls answered",
    "@mentions in plans",
    "-5 to +5 change",
    "http://example.org/plans",
    "mailto:head@example.org",
    "{=SUM(A1)}",
    "0123",
    "1/2",
    "Wait \x07for\x0b a plan",
    "Two\nlines",
    "Grüße, 計画 and 🎒",
    "'quoted",
    "_x0041_ kept",
)


def test_titles_stay_text() -> None:
    """No title becomes a formula, a link or a number; only control characters go, for XML cannot hold them."""
    kpis = [replace(COUNT, id=f"M{number:02}", title=title) for number, title in enumerate(TITLES, start=1)]
    kpis += [replace(COUNT, id="M90", sub_area="=2+2", goals=(Goal(Q1.year, baseline_words="=3+3"),))]
    home = sheet_of(opened(template(with_kpis(kpis), workstreams=[HOME])), "HOME")
    cells = [cell_of(home, row, 4) for row in kpi_rows(home)][: len(TITLES)]
    assert [cell.value for cell in cells] == [title.replace("\x07", "").replace("\x0b", "") for title in TITLES]
    last = home.max_row
    assert (home.cell(last, 3).value, home.cell(last, 7).value) == ("=2+2", "=3+3")
    assert {cell.data_type for cell in (*cells, cell_of(home, last, 3), cell_of(home, last, 7))} == {"s"}
    assert not [cell for cell in all_cells(home) if cell.hyperlink]
    formulas = {cell.column_letter for cell in all_cells(home, FIRST_ROW) if cell.data_type == "f"}
    assert formulas == {"O", "P"}


def test_words_of_the_settings_stay_text() -> None:
    """A council, plan, recipient or workstream whose name begins with `=` is no formula either."""
    strange = replace(MADE_UP.settings, council="=1", plan="=2", return_to="@us", list_version="=3")
    workstream = Workstream("=4+4", "WS")
    catalogue = replace(
        MADE_UP, settings=strange, workstreams=(workstream,), kpis=(replace(COUNT, workstream=workstream.name),)
    )
    book = opened(template(catalogue))
    texts = [sheet_of(book, "Start")[address].value for address in ("A1", "A2", "A8", "A14", "B17")]
    assert texts == [
        "=2: KPI return for Quarter 1 2023/24",
        "=1. Figures for April to June 2023.",
        "Step 5: Send it back to @us by Monday 10 July 2023.",
        "Quarter 2023-24-Q1. KPI list =3. Template layout 2.",
        "=4+4",
    ]
    formulas = [
        f"{name}!{cell.coordinate}"
        for name in book.sheetnames
        for cell in all_cells(sheet_of(book, name))
        if cell.data_type == "f"
    ]
    assert formulas == ["Start!D17", "WS!A2", "WS!O6", "WS!P6"]


SCRIPT = """
import hashlib
from tests.made_up_round import KINGSTON, KINGSTON_Q1, template
print(hashlib.sha256(template() + template(KINGSTON, KINGSTON_Q1)).hexdigest())
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_catalogue_gives_the_same_bytes(seed: str) -> None:
    """Templates written by another process, with another hash seed, time zone and language, are byte for byte equal."""
    import hashlib

    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    here = hashlib.sha256(template() + template(KINGSTON, KINGSTON_Q1)).hexdigest()
    assert run.stdout.strip() == here


def test_a_changed_catalogue_changes_the_bytes() -> None:
    """The comparison above could fail: another target gives another workbook."""
    changed: Sequence[object] = [replace(KPIS[0], goals=(Goal(Q1.year, target=41),)), *KPIS[1:]]
    assert template(with_kpis(each for each in changed if isinstance(each, type(COUNT)))) != template()
