"""The field's shorthand: what a lead types beside a figure, what too few answers add, and where it is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from sendkpi_xl.board import board_workbook
from sendkpi_xl.board_comment import row_comment
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.explain import explain
from sendkpi_xl.moderated import Moderation, Remark
from sendkpi_xl.published_board import for_publication
from sendkpi_xl.read_back import read_back
from sendkpi_xl.reading import Status
from sendkpi_xl.round import read_quarter
from sendkpi_xl.shorthand import BESIDE, IN_PLACE, Symbol, key
from sendkpi_xl.tidy_data import tidy_rows
from tests.board_view import opened, sheet_of, table_of
from tests.small_round import Q1, small_folder, small_round
from tests.workbooks import filled, noticed, read, readings

SURVEYS = """
    id | ref | section  | by  | title            | unit  | better           | survey | target | Q1                        | comment
    K1 | 1   | Places   | SCH | % who were heard | %     | higher is better | yes    | 90%    | 75% = 6 of 8              |
    K2 | 2   | Places   | SCH | % who were asked | %     | higher is better | yes    | 90%    | 100% = 1 of 1 [r] [p]     | In May
    K3 | 3   | Places   | SCH | % who answered   | %     | higher is better | yes    | 90%    | 75% = 30 of 40 [p]        |
    K4 | 4   | Places   | SCH | % of places kept | %     | higher is better |        | 90%    | 75% = 6 of 8 [u]          |
    K5 | 5   | Journeys | TRA | Journeys made    | count | higher is better |        | 40     | 41 [r]                    |
    K6 | 6   | Journeys | TRA | % on time        | %     | higher is better | yes    | 90%    | 75% = 6 of ?              |
    K7 | 7   | Journeys | TRA | Journeys late    | count | lower is better  |        | 4      | Too few to report safely  |
    K8 | 8   | Journeys | TRA | Journeys lost    | count | lower is better  |        | 4      | query                     |
    """  # noqa: E501
COMMENTS = {
    "K1": "[u] Low reliability: 8 answers, fewer than 30. / 6 out of 8.",
    "K2": "[u] Low reliability: 1 answer, fewer than 30. [r] Revised. [p] Provisional. / In May / 1 out of 1.",
    "K3": "[p] Provisional. / 30 out of 40.",
    "K4": "[u] Low reliability. / 6 out of 8.",
    "K5": "[r] Revised.",
    "K6": "Number: 6.",
    "K7": "Too few to report safely.",
    "K8": "The figure is being queried with the workstream.",
}
SYMBOLS = {"K1": "[u]", "K2": "[u] [r] [p]", "K3": "[p]", "K4": "[u]", "K5": "[r]", "K6": "", "K7": "", "K8": ""}


def rated() -> dict[str, RatedReading]:
    return {each.kpi.id: each for each in small_round(SURVEYS).board().now}


def comments(found: dict[str, RatedReading]) -> dict[str, str]:
    return {kpi_id: row_comment(each).replace("\n", " / ") for kpi_id, each in found.items()}


def test_every_symbol_stands_in_place_of_a_figure_or_beside_one() -> None:
    """The six symbols with their words, the first three for gaps, the others for figures that are shown."""
    assert key(Symbol) == (
        "[z] not applicable, [x] not available, [c] confidential (too few to show), [u] low reliability, [r] revised, "
        "[p] provisional"
    )
    assert (*IN_PLACE, *BESIDE) == tuple(Symbol)


def test_the_comment_begins_with_the_symbols_of_the_figure() -> None:
    """Too few answers are counted; what the lead says follows; a gap and half a fraction bear no symbol."""
    assert comments(rated()) == COMMENTS


def test_the_teams_comment_does_not_take_the_symbols_away() -> None:
    """Where the team words the comment for the board, the symbols stand before its words."""
    moderation = Moderation(remarks=(Remark("K2", "Asked again in June."),))
    (each,) = (each for each in small_round(SURVEYS).board(moderation).now if each.kpi.id == "K2")
    assert row_comment(each).splitlines()[:2] == [
        "[u] Low reliability: 1 answer, fewer than 30. [r] Revised. [p] Provisional.",
        "Asked again in June.",
    ]


def test_a_later_quarter_says_what_is_to_be_known_of_the_earlier_figures() -> None:
    """The year's earlier quarters stand on the same row, so their symbols are in its comment, and read back with it."""
    table = """
        id | ref | section | by  | title         | unit  | better           | Q1     | Q2     | Q3     | comment
        K1 | 1   | Places  | SCH | Places made   | count | higher is better | 41 [r] | 42     | 50 [p] | Two new
        K2 | 2   | Places  | SCH | Places filled | count | higher is better | 30     | 31 [p] | not returned |
        """
    board = small_round(table).board()
    workbook = board_workbook(board)
    read_back(workbook, board, "board.xlsx")
    rows = table_of(sheet_of(opened(workbook), "Dataset"))
    assert [str(row["Comment"].value).splitlines() for row in rows] == [
        ["[p] Provisional.", "Two new", "Q1: [r] revised."],
        ["Not returned.", "Q2: [p] provisional."],
    ]


def test_the_tidy_data_holds_the_symbols() -> None:
    """In the shorthand's order with a space between them, and nothing where there is none."""
    rows = tidy_rows(small_round(SURVEYS).board().now)
    assert {row["kpi_id"]: row["symbols"] for row in rows} == SYMBOLS


@pytest.mark.parametrize(
    ("sample", "cases", "comment"),
    [
        (None, 1.0, "Out of 1."),
        (10, 9.0, "[u] Low reliability: 9 cases, fewer than 10. / Out of 9."),
        (10, 10.0, "Out of 10."),
        (10, None, ""),
    ],
)
def test_a_measure_of_few_cases_has_a_limit_of_its_own(sample: int | None, cases: float | None, comment: str) -> None:
    """What is no survey is of low reliability under its own smallest sample alone, and where its cases are known."""
    each = rated()["K5"]
    reading = replace(each.reading, denominator=cases, symbols=())
    few = replace(each, reading=reading, standard=replace(each.standard, smallest_sample=sample))
    assert comments({"K5": few}) == {"K5": comment}


def test_a_figure_that_is_not_shown_bears_no_symbol() -> None:
    """Without a value neither its few answers nor what the lead said of it is told."""
    each = rated()["K2"]
    assert [str(symbol) for symbol in each.symbols] == ["[u]", "[r]", "[p]"]
    assert replace(each, reading=replace(each.reading, value=None)).symbols == ()


def test_the_publish_edition_says_nothing_of_figures_that_it_withholds() -> None:
    """A figure that is published keeps its symbols; one that is withheld has none, nor how many answers it is from."""
    board = for_publication(small_round(SURVEYS).board()).board
    published = {each.kpi.id: each for each in board.now}
    assert comments(published) == {
        "K1": "Withheld.",
        "K2": "In May / Withheld.",
        "K3": "[p] Provisional. / 30 out of 40.",
        "K4": "Withheld.",
        "K5": "[r] Revised.",
        "K6": "Withheld.",
        "K7": "Too few to report safely.",
        "K8": "The figure is being queried with the workstream.",
    }
    symbols = {"K3": "[p]", "K5": "[r]"}
    rows = tidy_rows(board.now, board.edition)
    assert {row["kpi_id"]: row["symbols"] for row in rows} == {
        kpi_id: symbols.get(str(kpi_id), "") for kpi_id in SYMBOLS
    }


def test_explaining_a_rating_says_the_symbols() -> None:
    """The step stands between the shown value and its target; a figure without symbols has no such step."""
    board = small_round(SURVEYS).board()
    steps = {each.kpi.id: explain(board, (), each.kpi).steps for each in board.now}
    said = {kpi_id: [step.says for step in found if step.about == "Symbols"] for kpi_id, found in steps.items()}
    assert said["K2"] == ["[u] Low reliability: 1 answer, fewer than 30. [r] Revised. [p] Provisional."]
    assert [kpi_id for kpi_id, found in said.items() if not found] == ["K6", "K7", "K8"]
    about = [step.about for step in steps["K2"]]
    assert about[about.index("Symbols") - 1 : about.index("Symbols") + 2] == ["Shown", "Symbols", "Target"]


def test_the_sheets_have_the_keys_of_their_symbols() -> None:
    """The dataset names all six above its table, Not reported those of gaps; figures with symbols stay numbers."""
    book = opened(board_workbook(small_round(SURVEYS).board()))
    dataset = sheet_of(book, "Dataset")
    assert dataset["A3"].value == (
        "In place of a figure: [z] not applicable, [x] not available, [c] confidential (too few to show). Beside one, "
        "in the comment: [u] low reliability, [r] revised, [p] provisional. Empty comment: none. Empty cells in Q2, "
        "Q3, Q4: not reported yet."
    )
    assert [dataset.cell(row, 6).value for row in range(6, 14)] == [0.75, 1, 0.75, 0.75, 41, 0.75, "[c]", "query"]
    assert sheet_of(book, "Not reported")["A3"].value == (
        "[z] not applicable, [x] not available, [c] confidential (too few to show)."
    )


# From the cell that a lead types in


def test_a_symbol_in_a_return_is_kept_with_its_reading() -> None:
    """The number is read, the lead is told as what, and the symbol of any cell behind the value is the value's."""
    returned = read(filled("K01 | 42 [r]\nK02 | | 6 [u] | 8 (p)\nK03 | [p] -2.3%\nK04 | 31679272"))
    assert [(each.value, " ".join(each.symbols), each.typed, each.how) for each in readings(returned)[:4]] == [
        (42, "[r]", "42 [r]", "figure with a symbol read as 42, revised"),
        (0.75, "[u] [p]", "", "worked out from 6 out of 8"),
        (-0.023, "[p]", "[p] -2.3%", "figure with a symbol read as -2.3%, provisional"),
        (31679272, "", "31679272", ""),
    ]
    assert [line for line in noticed(returned.findings) if line.startswith("C05")] == [
        "C05 | I6 | The cell holds the text “42 [r]”; we read it as 42, revised. | Nothing, if that is what was meant.",
        "C05 | J7 | The cell holds the text “6 [u]”; we read it as 6, low reliability. | "
        "Nothing, if that is what was meant.",
        "C05 | K7 | The cell holds the text “8 (p)”; we read it as 8, provisional. | "
        "Nothing, if that is what was meant.",
        "C05 | I8 | The cell holds the text “[p] -2.3%”; we read it as -2.3%, provisional. | "
        "Nothing, if that is what was meant.",
    ]


def test_a_queried_reading_keeps_no_symbol() -> None:
    """Where a value must be fixed first, what was said of it goes with it."""
    queried = readings(read(filled("K02 | 85% [p] | | | No cases this quarter")))[1]
    assert (queried.status, queried.value, queried.symbols, queried.typed) == (Status.QUERIED, None, (), "85% [p]")


def test_a_symbol_beside_a_forecast_is_asked_about() -> None:
    """The forecast is left out until it is mended; the value beside it is used."""
    returned = read(filled("K01 | 42 | | | | | 45 [p]"))
    (reading,) = readings(returned)[:1]
    assert (reading.value, reading.forecast, reading.symbols) == (42, None, ())
    assert [line for line in noticed(returned.findings) if "[p]" in line] == [
        "C01 | N6 | The cell holds “45 [p]”. | Type the number alone: symbols belong to the value of the quarter."
    ]


def test_symbols_typed_in_returns_come_to_the_board(tmp_path: Path) -> None:
    """From the returns' cells through the readings to the comments, the same as from the records."""
    board, _ = read_quarter(small_folder(tmp_path, SURVEYS), Q1)
    found = {each.kpi.id: each for each in board.now}
    assert {kpi_id: " ".join(each.symbols) for kpi_id, each in found.items()} == SYMBOLS
    assert comments(found) == COMMENTS
