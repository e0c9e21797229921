"""How a quarter's ratings moved, and what is told of it in words."""

from __future__ import annotations

import pytest

from sendkpi_xl.movement import Shift, missing_words, movement_words, ratings_words, shift
from sendkpi_xl.reading import Rag
from tests.small_round import Q1, Q2, small_round

TWO_QUARTERS = """
    id | ref | section | by  | title | unit  | better           | target | Q1    | Q2                     | comment
    K1 | 1   | Places  | SCH | a     | count | higher is better | 100    | 50    | 100                    |
    K2 | 2   | Places  | SCH | b     | count | higher is better | 100    | 100   | 50                     |
    K3 | 3   | Places  | SCH | c     | count | higher is better | 100    | 90    | 80                     |
    K4 | 4   | Places  | SCH | d     | count | context only     |        | 10    | 20                     |
    K5 | 5   | Places  | SCH | e     | count | higher is better | 100    | 100   | Data not yet available |
    K6 | 6   | Places  | TRA | f     | count | higher is better | 100    | 100   | query                  |
    K7 | 7   | Places  | TRA | g     | count | higher is better | 100    | query | 100                    |
    """
BOARD = small_round(TWO_QUARTERS).board()

SHIFTS = """
    now | before | is
    R   | A      | worse
    R   | G      | worse
    A   | G      | worse
    A   | R      | better
    G   | A      | better
    G   | R      | better
    R   | R      | the same
    A   | A      | the same
    G   | G      | the same
    G   | -      | -
    -   | R      | -
    -   | -      | -
    """


@pytest.mark.parametrize("line", SHIFTS.strip().splitlines()[1:], ids=str.strip)
def test_a_rating_beside_the_one_before(line: str) -> None:
    """Red is worse than amber, amber than green; without both ratings there is nothing to compare."""
    now, before, told = (field.strip() for field in line.split("|"))
    ratings = [None if letter == "-" else Rag(letter) for letter in (now, before)]
    assert shift(ratings[0], ratings[1]) is (None if told == "-" else Shift(told))


def test_ratings_in_words() -> None:
    """Each rating with its number, none of them left out, and those without."""
    assert ratings_words(BOARD.now) == "Ratings: 1 Red, 1 Amber, 2 Green; 3 without a rating."
    assert ratings_words(()) == "Ratings: 0 Red, 0 Amber, 0 Green; 0 without a rating."


def test_movement_in_words() -> None:
    """Ratings that both quarters have, and figures that moved; a quarter that is not there says so."""
    assert movement_words(BOARD.now, BOARD.quarters[Q1], Q1) == (
        "Movement since Quarter 1 2023/24: of 3 ratings 1 better, 1 worse, 1 the same; by their figures 1 improving, "
        "2 worsening."
    )
    assert movement_words(BOARD.now, (), Q1) == "Movement: Quarter 1 2023/24 has no ratings to compare with."


def test_what_is_missing_in_words() -> None:
    """How many figures are missing, and why, the commonest reason first."""
    assert missing_words(BOARD.now) == "Missing: 2 figures (1 data not yet available, 1 queried)."
    complete = [each for each in BOARD.now if each.reading.value is not None]
    assert missing_words(complete) == "Missing: no figure."
    assert Q2 in BOARD.quarters
