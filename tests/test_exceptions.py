"""The sheet of exceptions: what the board talks through, and all that it needs for that."""

from __future__ import annotations

from sendkpi_xl.board import board_workbook
from sendkpi_xl.moderated import Moderation, Remark
from tests.board_view import as_drawn, opened, sheet_of, table_drawn
from tests.small_round import override, small_round

TWO_QUARTERS = """
    id | ref | section  | by  | title           | unit  | better           | target | Q1  | Q2    | comment
    K1 | 1   | Places   | SCH | Places created  | count | higher is better | 100    | 95  | 80    | Two open in May
    K2 | 2   | Places   | SCH | Places filled   | count | higher is better | 100    | 50  | 60    |
    K3 | 3   | Places   | SCH | Places kept     | count | higher is better | 100    | 100 | 100   |
    K4 | 4   | Journeys | TRA | Journeys made   | count | higher is better | 100    | 100 | 50    | The bus broke down
    K5 | 5   | Journeys | TRA | Journeys saved  | count | higher is better | 100    | 50  | 80    |
    K6 | 6   | Journeys | TRA | Journeys walked | count | higher is better |        | 50  | 80    |
    """
MODERATION = Moderation(
    overrides=(
        override("K3", "A", "Two are empty", "The board"),
        override("K5", "A", "As computed by now", "The board"),
        override("K6", "R", "Nobody walks", "The board"),
    ),
    remarks=(Remark("K4", "A new bus is ordered", "Mend the bus", "Transport lead", "September"),),
)


def drawn_sheet(table: str, moderation: Moderation = Moderation()) -> str:  # noqa: B008 - it is frozen
    return table_drawn(sheet_of(opened(board_workbook(small_round(table).board(moderation))), "Exceptions"))


def test_reds_then_what_worsened_then_what_people_agreed() -> None:
    """Each exception once, with every reason for which it is here, last quarter's rating, and what is done about it."""
    assert drawn_sheet(TWO_QUARTERS, MODERATION) == as_drawn("""
        Ref | Key Performance Indicator | RAG now | RAG last quarter | Why it is here | What | Why | Action | Owner | By when
        2 | Places filled | R | R | Red. | Red: 60 is 40.0% below the target of 100; amber ends at 25%. | None | None | None | None
        4 | Journeys made | R | G | Red. / Worse than last quarter: it was Green. | Red: 50 is 50.0% below the target of 100; amber ends at 25%. | A new bus is ordered | Mend the bus | Transport lead | September
        6 | Journeys walked | R | No rating | Red. / Agreed otherwise: computed not rated. | Not rated: no target is set. | Nobody walks (The board) | None | None | None
        1 | Places created | A | G | Worse than last quarter: it was Green. | Amber: 80 is 20.0% below the target of 100; amber up to 25%. | Two open in May | None | None | None
        3 | Places kept | A | G | Worse than last quarter: it was Green. / Agreed otherwise: computed Green. | Green: 100 is exactly the target of 100. | Two are empty (The board) | None | None | None
        """)  # noqa: E501


def test_a_quarter_without_exceptions_says_so() -> None:
    """The sheet is there, and says in a row that there is nothing to talk through."""
    table = """
        id | ref | section | by  | title          | unit  | better           | target | Q1  | comment
        K1 | 1   | Places  | SCH | Places created | count | higher is better | 100    | 100 |
        """
    assert drawn_sheet(table).splitlines()[1:] == ["| No exceptions this quarter. |  |  |  |  |  |  |  |"]


def test_a_red_without_a_quarter_before_is_an_exception() -> None:
    """In a first quarter there is nothing to be worse than; reds are told all the same."""
    table = """
        id | ref | section | by  | title          | unit  | better           | target | Q1 | comment
        K1 | 1   | Places  | SCH | Places created | count | higher is better | 100    | 50 |
        K2 | 2   | Places  | SCH | Places filled  | count | higher is better | 100    | 90 |
        """
    assert [line.split(" | ")[1:5] for line in drawn_sheet(table).splitlines()[1:]] == [
        ["Places created", "R", "No rating", "Red."]
    ]
