"""The sheet of traces: from any number on the dataset to the cell that it was typed into."""

from __future__ import annotations

import re

from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.board import board_workbook
from tests.board_view import as_drawn, opened, sheet_of, table_drawn, table_of, texts_of
from tests.small_round import small_round

TWO_QUARTERS = """
    id | ref | section  | by  | title           | unit  | better           | target | Q1                     | Q2           | comment
    K1 | 1   | Places   | SCH | Places created  | count | higher is better | 42     | 20                     | 41           |
    K2 | 2   | Places   | SCH | % filled        | %     | higher is better | 92%    | Data not yet available | 75% = 6 of 8 |
    K3 |     | Journeys | TRA | Journeys made   | count | context only     |        | 5                      | query        |
    K4 | 4   | Journeys | TRA | Journeys lost   | count | context only     |        | query                  | query        |
    """  # noqa: E501
EMPTY = """
    id | ref | section | by  | title          | unit  | better           | target | Q1    | comment
    K1 | 1   | Places  | SCH | Places created | count | higher is better | 42     | query |
    """


def sheets(table: str) -> tuple[Worksheet, Worksheet]:
    """The sheets Dataset and Trace of a drawn round."""
    book = opened(board_workbook(small_round(table).board()))
    return sheet_of(book, "Dataset"), sheet_of(book, "Trace")


def test_each_number_of_the_quarters_has_its_row() -> None:
    """KPI by KPI, quarter by quarter: the figure, what was typed, how it was read, and where."""
    _, trace = sheets(TWO_QUARTERS)
    assert table_drawn(trace) == as_drawn("""
        Ref | Key Performance Indicator | Quarter | On the dataset | Typed | How it was read | File | Sheet | Cell | SHA-256 of the file
        1 | Places created | Q1 | 20 | 20 | As typed | SCH.xlsx | SCH | E5 | 5ha
        1 | Places created | Q2 | 41 | 41 | As typed | SCH.xlsx | SCH | E5 | 5ha
        2 | % filled | Q2 | 75% | 75% | As typed | SCH.xlsx | SCH | E6 | 5ha
        new | Journeys made | Q1 | 5 | 5 | As typed | TRA.xlsx | TRA | E7 | 5ha
        """)  # noqa: E501


def test_a_ref_leads_to_its_first_row() -> None:
    """On the dataset each ref with a number leads to its trace, and stays the number that it is."""
    dataset, trace = sheets(TWO_QUARTERS)
    leads = {}
    for row in table_of(dataset):
        link = row["Ref"].hyperlink
        leads[row["Ref"].value] = link.location if link else None
    assert leads == {1: "Trace!A5", 2: "Trace!A7", "new": "Trace!A8", 4: None}
    assert [trace[str(cell).split("!")[1]].value for cell in leads.values() if cell] == [1, 2, "new"]


def test_a_quarter_without_a_number_says_so() -> None:
    """The sheet is there, with a row that says that there is nothing to trace."""
    _, trace = sheets(EMPTY)
    assert [cell.value for cell in table_of(trace)[0].values()][:2] == [None, "No value this year."]


def test_quarters_are_drawn_as_a_line_from_the_second_on() -> None:
    """A line for a row with two figures, of its cells on Trends, which hold no marks; none in a first quarter."""
    two = texts_of(board_workbook(small_round(TWO_QUARTERS).board()))["xl/worksheets/sheet3.xml"]
    one = texts_of(board_workbook(small_round(EMPTY).board()))["xl/worksheets/sheet3.xml"]
    lines = re.findall(r"<xm:f>(.+?)</xm:f><xm:sqref>(.+?)</xm:sqref>", two)
    assert [(area.replace("'", ""), cell) for area, cell in lines] == [("Trends!D7:D8", "N6")]
    assert "sparkline" not in one
