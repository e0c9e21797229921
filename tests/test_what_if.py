"""The board workbook's sheet What if as it is written: what stands there, what may be typed, how it is coloured."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl import what_if
from sendkpi_xl.board import board_workbook
from sendkpi_xl.layout import WHAT_IF
from sendkpi_xl.reading import Rag
from sendkpi_xl.style import OPEN_FILL, RAG_INK
from tests.board_view import as_drawn, drawn, opened, sheet_of, table_of
from tests.small_round import SmallRound, small_round

ROUND = """
    id | ref | section  | by  | title                     | unit      | better           | baseline | target | Q1           | comment
    K1 | 1   | Places   | SCH | Places created            | count     | higher is better | 40       | 42     | 41           |
    K2 | 2   | Places   | SCH | % of places filled        | %         | higher is better |          | 90%    | 75% = 6 of 8 |
    K3 | 3   | Journeys | TRA | Average cost of a journey | average £ | lower is better  | £20      | £21    | query        |
    K4 | 4   | Journeys | TRA | Weeks from ask to bus     | weeks     | lower is better  | 7        | <6     | 5            |
    K5 |     | Journeys | TRA | Places moved              | count     | near target      |          | 12     | 12           |
    K6 | 5   | Journeys | TRA | Savings                   | £         | higher is better | £0       |        | -£1,200      |
    K7 | 6   | Places   | SCH | Places lost               | count     | context only     |          | 3      | 3            |
    K8 | 7   | Places   | SCH | Places kept               | count     | higher is better | 40       | 42     | 43           |
    """  # noqa: E501


def sheet(table: str = ROUND, *, results: bool = False) -> Worksheet:
    """The sheet of a drawn round."""
    return sheet_of(opened(board_workbook(small_round(table).board()), results=results), "What if")


def test_each_row_has_what_its_rating_comes_from() -> None:
    """Every KPI of the dataset that can be rated has its row, each formula with the result that Python works out."""
    columns = ("board_ref", "title", "reported", "value", "answers", "year_target", "profile", "share")
    rows = [[row[WHAT_IF.column(key).heading] for key in columns] for row in table_of(sheet(results=True))]
    assert drawn(rows) == as_drawn("""
        1   | Places created            | 41       | 41      |   | 42       | snapshot | 100.00%
        2   | % of places filled        | 75%      | 75%     | 8 | 90%      | snapshot | 100.00%
        7   | Places kept               | 43       | 43      |   | 42       | snapshot | 100.00%
        3   | Average cost of a journey | No value |         |   | £21      | snapshot | 100.00%
        4   | Weeks from ask to bus     | 5 weeks  | 5 weeks |   | <6 weeks | snapshot | 100.00%
        5   | Savings                   | -£1,200  | -£1,200 |   |          | snapshot | 100.00%
        new | Places moved              | 12       | 12      |   | 12       | snapshot | 100.00%
        """)


def test_each_row_has_what_it_is_held_against() -> None:
    """Targets and limits show the decimals with which they are held against a value."""
    columns = ("title", "quarter_target", "green_within", "amber_within", "measure", "green_reaches", "amber_reaches")
    last = ("smallest_sample", "unmoved", "tried", "as_reported")
    rows = [[row[WHAT_IF.column(key).heading] for key in (*columns, *last)] for row in table_of(sheet(results=True))]
    assert drawn(rows) == as_drawn("""
        Places created            | 42.00       | 5.00% | 25.00% | of the target | 2.10 | 10.50 | None | None | G | G
        % of places filled        | 90.00%      | 0.50% | 10.00% | points        | 0.50% | 10.00% | None | None | R | R
        Places kept               | 42.00       | 5.00% | 25.00% | of the target | 2.10 | 10.50 | None | None | G | G
        Average cost of a journey | £21.00      | 1.00% | 5.00%  | of the target | £0.21 | £1.05 | None | None | No rating | No rating
        Weeks from ask to bus     | <6.00 weeks | 5.00% | 25.00% | of the target | 0.30 weeks | 1.50 weeks | None | None | G | G
        Savings                   |             | 1.00% | 5.00%  | of the target | | | None | None | No rating | No rating
        Places moved              | 12.00       | 5.00% | 25.00% | of the target | 0.60 | 3.00 | None | None | G | G
        """)  # noqa: E501


def test_the_sheet_says_what_it_is_for_and_what_it_leaves_alone() -> None:
    """Above the table: help, what typing changes, the counts of both ratings, and what an empty cell means."""
    assert drawn(list(sheet(results=True)["A1:F6"])) == as_drawn(
        f"""
        What if: other values, targets and tolerances (internal edition, not for publication) | | | | |
        {what_if.HELP} | | | | |
        {what_if.NO_CHANGE} | | | | |
        Rating as tried: 1 red, 0 amber, 4 green, 2 no rating. | | | | |
        Rating as reported: 1 red, 0 amber, 4 green, 2 no rating. | | | | |
        Empty cells: nothing is set, or nothing was reported. | | | | |
        """
    )
    assert "Nothing typed here changes the dataset" in what_if.NO_CHANGE


def test_counts_are_formulas_over_both_ratings() -> None:
    """Each count asks its own column of letters, from the first row to the last."""
    named = {"R": "red", "A": "amber", "G": "green", "No rating": "no rating"}

    def counted(column: str) -> str:
        area = f"${column}$9:${column}$15"
        return '&", "&'.join(f'COUNTIF({area},"{letter}")&" {name}"' for letter, name in named.items())

    assert [sheet()[address].value for address in ("A4", "A5")] == [
        f'="Rating as tried: "&{counted("Q")}&"."',
        f'="Rating as reported: "&{counted("R")}&"."',
    ]


def test_formulas_of_a_row() -> None:
    """Target, limits and rating are worked out from the row's own cells; only what cannot be typed is a formula."""
    formulas = {cell.coordinate: cell.value for cell in sheet()[9] if cell.data_type == "f"}
    assert formulas == {
        "I9": '=IF(COUNT($F9,$H9)=2,ROUND(ROUND($F9*$H9,6),2),"")',
        "M9": '=IF(COUNT($J9,$I9)=2,ROUND($J9*ABS($I9),6),"")',
        "N9": '=IF(COUNT($K9,$I9)=2,ROUND($K9*ABS($I9),6),"")',
        "Q9": '=IF(ISNUMBER($D9),IF(COUNT($I9,$M9,$N9)=3,IF(ROUND($I9-ROUND($D9,0),2)<=$M9,"G",'
        'IF(ROUND($I9-ROUND($D9,0),2)<=$N9,"A","R")),"No rating"),"No rating")',
    }
    strict = str(sheet()["Q13"].value)
    assert "<$M13" in strict
    assert "<=" not in strict


SURVEY = """
    id | ref | section | by  | title    | unit | better           | baseline | target | Q1
    K1 | 1   | Places  | SCH | % heard  | %    | higher is better | 60%      | 80%    | 90% = 9 of 10
    """


def test_inputs_are_open_and_nothing_else_is() -> None:
    """What may be typed is yellow: value, target, share and tolerances, and the answers where too few would count."""
    inputs = {"Try a value", "Year's target", "Share of the year by now", "Green within", "Amber within"}
    drawn_round = small_round(SURVEY)
    (kpi,) = drawn_round.catalogue.kpis
    surveyed = SmallRound(replace(drawn_round.catalogue, kpis=(replace(kpi, survey=True),)), drawn_round.gathered)
    survey = sheet_of(opened(board_workbook(surveyed.board())), "What if")
    for made, expected in ((sheet(), inputs), (survey, inputs | {"Answers or cases"})):
        for row in table_of(made):
            assert {heading for heading, cell in row.items() if cell.fill.fgColor.rgb == f"FF{OPEN_FILL}"} == expected
            assert {heading for heading, cell in row.items() if not cell.protection.locked} == expected
    (row,) = table_of(survey)
    assert [row[heading].value for heading in ("Answers or cases", "Smallest sample")] == [10, 30]
    assert not sheet().protection.sheet


def test_inputs_take_only_numbers_that_fit() -> None:
    """A value keeps to its unit's limits, a percentage of the year or of a target to 0% to 100%."""
    rules = {str(rule.sqref): (rule.formula1, rule.formula2) for rule in sheet().data_validations.dataValidation}
    assert rules == {
        "D9": ("0", "10000000"),
        "D10": ("0", "1"),
        "D11": ("0", "10000000"),
        "D12": ("0", "10000000"),
        "D13": ("0", "520"),
        "D14": ("-10000000000", "10000000000"),
        "D15": ("0", "10000000"),
        "F9:F15": ("-10000000000", "10000000000"),
        **dict.fromkeys(("H9:H15", "J9:J15", "K9:K15"), ("0", "1")),
    }


def test_values_are_coloured_by_conditions_that_rows_with_the_same_rule_share() -> None:
    """Each value has a condition for each letter, in that letter's colour; letters are coloured by themselves."""
    made = sheet()
    areas = {str(area.sqref): list(area.rules) for area in made.conditional_formatting}
    assert list(areas) == ["D9 D11 D14", "D10", "D12", "D13", "D15", "Q9:Q15", "R9:R15"]
    for rules in areas.values():
        inks = [(rule.dxf.font.color.rgb[2:], rule.dxf.fill.bgColor.rgb[2:]) for rule in rules]
        assert inks == [(RAG_INK[rag].text, RAG_INK[rag].fill) for rag in Rag]
    tried = str(made["Q9"].value).removeprefix("=").replace("No rating", "")
    assert [rule.formula[0] for rule in areas["D9 D11 D14"]] == [f'{tried}="{rag.value}"' for rag in Rag]
    assert [rule.formula[0] for rule in areas["Q9:Q15"]] == [f'Q9="{rag.value}"' for rag in Rag]


def test_a_round_without_anything_to_rate_has_an_empty_sheet() -> None:
    """With KPIs for context alone the counts are zeros, and the table has its headings and one empty row."""
    made = sheet(
        """
        id | ref | section | by  | title | unit  | better       | Q1
        K1 | 1   | Places  | SCH | Lost  | count | context only | 3
        """,
        results=True,
    )
    assert made["A4"].value == "Rating as tried: 0 red, 0 amber, 0 green, 0 no rating."
    assert {cell.value for row in table_of(made) for cell in row.values()} == {None}


def test_moving_a_column_is_one_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    """With every column in the opposite order each cell, formula and rule follows its own heading."""
    before = table_of(sheet(results=True))
    moved = replace(WHAT_IF, columns=tuple(reversed(WHAT_IF.columns)))
    monkeypatch.setattr(what_if, "WHAT_IF", moved)
    after = sheet(results=True)
    assert [{key: cell.value for key, cell in row.items()} for row in table_of(after)] == [
        dict(reversed([(key, cell.value) for key, cell in row.items()])) for row in before
    ]
    assert sheet()["J9"].value == '=IF(COUNT($M9,$K9)=2,ROUND(ROUND($M9*$K9,6),2),"")'
    assert "O9 O11 O14" in [str(area.sqref) for area in after.conditional_formatting]
