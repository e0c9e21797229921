"""Headlines proposed from the figures: what is said of which quarter, in which words, and what is left unsaid."""

from __future__ import annotations

from msgspec.structs import replace

from sendkpi_xl.headlines import MOST, proposals
from sendkpi_xl.model import Profile
from sendkpi_xl.moderated import Moderation
from sendkpi_xl.quarter import Board
from tests.board_view import as_drawn
from tests.small_round import Q1, override, small_round, with_kpis

WELL, CONCERN = "What is working well?", "What is a concern?"
TWO = """
    id | ref | section  | by  | title              | unit  | better           | target | Q1  | Q2
    K1 | 1   | Places   | SCH | Places created     | count | higher is better | 40     | {0} | {1}
    K2 | 2   | Journeys | TRA | Journeys made      | count | higher is better |        | 7   | 7
    """
"""Two quarters of one KPI, and another that never moves."""


def proposed(board: Board) -> str:
    """The proposals as lines: key, question, text, refs."""
    made = proposals(board.catalogue, board.known, board.period)
    return "\n".join(f"{each.key} | {each.question} | {each.text} | {', '.join(each.refs)}".strip() for each in made)


def of(table: str, moderation: Moderation = Moderation()) -> str:  # noqa: B008 - it is frozen
    return proposed(small_round(table).board(moderation))


def moved(before: str, now: str, better: str = "higher is better", unit: str = "count", target: str = "40") -> str:
    """What is proposed of one KPI that went from one figure to another."""
    table = TWO.format(before, now).replace("higher is better | 40", f"{better} | {target}", 1)
    return of(table.replace("count", unit, 1))


def surveyed(table: str) -> Board:
    """The drawn round, each of whose KPIs is a survey."""
    board = small_round(table).board()
    return with_kpis(board, [replace(kpi, survey=True) for kpi in board.catalogue.kpis])


# --- Without a quarter before -------------------------------------------------------------------------------------


def test_a_first_quarter_gives_the_reds_and_the_furthest_from_target() -> None:
    """Every red, then the ambers that are furthest short of their target, then the greens that are furthest ahead."""
    assert of("""
        id | ref | section  | by  | title              | unit  | better           | decimals | target | Q1
        K1 | 1   | Places   | SCH | Places created     | count | higher is better | 0        | 40     | 41
        K2 | 2   | Places   | SCH | % of places filled | %     | higher is better | 0        | 92.5%  | 75%
        K3 | 3   | Journeys | TRA | Journeys made      | count | higher is better | 0        | 100    | 90
        K4 | 20  | Journeys | TRA | Cost of a journey  | £     | lower is better  | 0        | £20    | £25
        K5 | 21  | Journeys | TRA | Journeys lost      | count | lower is better  | 0        | 0      | 0
        """) == as_drawn(f"""
        red K2             | {CONCERN} | KPI 2 % of places filled is Red: 75% against the target of 92.5% (17.5 points below) | 2
        red K4             | {CONCERN} | KPI 20 Cost of a journey is Red: £25 against the target of £20 (25.0% above) | 20
        short-of-target K3 | {CONCERN} | KPI 3 Journeys made is Amber: 90 against the target of 100 (10.0% below) | 3
        ahead-of-target K1 | {WELL}    | KPI 1 Places created is Green: 41 against the target of 40 (2.5% above) | 1
        """)  # noqa: E501


def test_at_most_a_few_are_furthest_the_furthest_first() -> None:
    """Of many ambers and greens, three each: by the share of the target, in the board's order where two are as far."""
    figures = [
        (100, 90),
        (100, 80),
        (100, 85),
        (1000, 800),
        (100, 91),
        (100, 101),
        (10, 11),
        (100, 103),
        (100, 120),
        (9, 9),
    ]
    rows = "".join(
        f"\n        K{10 + at} | {10 + at} | Places | SCH | Measure {at} | count | higher is better | {target} | {now}"
        for at, (target, now) in enumerate(figures)
    )
    lines = of(f"id | ref | section | by | title | unit | better | target | Q1{rows}").splitlines()
    assert [line.split(" | ")[0] for line in lines] == [
        *("short-of-target K11", "short-of-target K13", "short-of-target K12"),
        *("ahead-of-target K18", "ahead-of-target K16", "ahead-of-target K17"),
    ]
    assert len(lines) == 2 * MOST


def test_what_rests_on_too_few_answers_is_no_headline() -> None:
    """A share of six answers is proposed neither as short nor as ahead of its target; one of sixty is."""
    table = """
        id | ref | section | by  | title          | unit | better           | target | Q1
        K1 | 1   | Places  | SCH | % who are glad | %    | higher is better | 80%    | 75% = {} of {}
        """
    assert proposed(surveyed(table.format(6, 8))) == ""
    assert proposed(surveyed(table.format(60, 80))).startswith("short-of-target K1")


def test_an_agreed_red_says_that_it_was_agreed() -> None:
    """The rating that counts is the agreed one: with a value, without a target, and without any figure."""
    table = """
        id | ref | section | by  | title          | unit  | better           | target | Q1
        K1 | 1   | Places  | SCH | Places created | count | higher is better | 40     | 40
        K2 | 2   | Places  | SCH | Places filled  | count | higher is better |        | 30
        K3 | 3   | Places  | SCH | Places left    | count | lower is better  | 5      | Data not yet available
        K4 |     | Places  | SCH | Places lost    | count | lower is better  | 5      | 9
        """
    agreed = Moderation(overrides=tuple(override(kpi, "R", "why", "who") for kpi in ("K1", "K2", "K3")))
    assert of(table, agreed) == as_drawn(f"""
        red K1 | {CONCERN} | KPI 1 Places created is Red as agreed: 40, exactly the target of 40 | 1
        red K2 | {CONCERN} | KPI 2 Places filled is Red as agreed: 30, without a target | 2
        red K3 | {CONCERN} | KPI 3 Places left is Red as agreed, without a figure this quarter | 3
        red K4 | {CONCERN} | “Places lost” is Red: 9 against the target of 5 (80.0% above) |
        """)


def test_a_quarter_before_without_any_figure_is_none() -> None:
    """When nobody returned in the quarter before, the reds are told as they stand."""
    assert of(TWO.format("not returned", 20).replace("| 7   |", "| not returned |")) == (
        f"red K1 | {CONCERN} | KPI 1 Places created is Red: 20 against the target of 40 (50.0% below) | 1"
    )


# --- Against the quarter before -----------------------------------------------------------------------------------


def test_a_new_red_says_what_it_was() -> None:
    """Red now and not in the quarter before: green, amber or not rated then; red then as well is nothing new."""
    said = f"new-red K1 | {CONCERN} | KPI 1 Places created is Red: 20 against the target of 40 (50.0% below); it was"
    assert moved("40", "20") == f"{said} Green at 40 in Quarter 1 2023/24 | 1"
    assert moved("35", "20") == f"{said} Amber at 35 in Quarter 1 2023/24 | 1"
    assert moved("Data not yet available", "20") == f"{said} not rated in Quarter 1 2023/24 | 1"
    assert moved("20", "20") == ""


def test_a_recovered_kpi_is_red_before_and_green_now() -> None:
    """From red to green is told once, and not as a move too; from red to amber is a move, from amber to green also."""
    assert moved("20", "40") == (
        f"recovered K1 | {WELL} | KPI 1 Places created is Green: 40, exactly the target of 40; "
        "it was Red at 20 in Quarter 1 2023/24 | 1"
    )
    assert moved("20", "35").startswith(f"improving K1 | {WELL} | ")
    assert moved("35", "40").startswith(f"improving K1 | {WELL} | ")


def test_a_green_that_is_worse_than_its_red_has_not_recovered() -> None:
    """A rating that people agreed may be red before and green now while the figure got worse: that is no recovery."""
    board = small_round(TWO.format("45", "40")).board()
    rated = board.quarters[Q1]
    red = replace(rated[0], override=override("K1", "R", "why", "who"))
    said = proposed(replace(board, quarters={**board.quarters, Q1: (red, *rated[1:])}))
    assert said.startswith(f"worsening K1 | {CONCERN} | ")


def test_a_move_is_told_in_the_words_of_its_direction() -> None:
    """By polarity: more is better or worse; the sentence gives both figures and the rating now."""
    assert moved("40", "60") == (
        f"improving K1 | {WELL} | KPI 1 Places created is Improving: 60 after 40 in Quarter 1 2023/24; "
        "higher is better; it is Green | 1"
    )
    assert moved("30", "40", better="lower is better") == (
        f"worsening K1 | {CONCERN} | KPI 1 Places created is Worsening: 40 after 30 in Quarter 1 2023/24; "
        "lower is better; it is Green | 1"
    )
    assert moved("40", "60", better="context only") == ""


def test_a_move_within_the_dead_band_is_none() -> None:
    """Counts may move by a twentieth of what they were, percentages by half a point."""
    assert moved("40", "42") == ""
    assert moved("40", "43").startswith("improving K1")
    assert moved("50%", "50%", unit="%", target="50%") == ""
    assert moved("50%", "51%", unit="%", target="50%").startswith("improving K1")


def test_a_red_that_improves_is_not_working_well() -> None:
    """It is still red: praising it would be queried at once. One that falls further is told as a move."""
    assert moved("10", "20") == ""
    assert moved("20", "10").startswith(f"worsening K1 | {CONCERN} | ")


def test_the_biggest_moves_come_first_and_are_few() -> None:
    """Three each way, by the share of what they were; a move away from nothing counts as a whole."""
    rows = "".join(
        f"\n        K{10 + at} | {10 + at} | Places | SCH | Measure {at} | count | higher is better | | {then} | {now}"
        for at, (then, now) in enumerate(
            [(100, 110), (100, 250), (0, 7), (100, 130), (100, 120), (100, 60), (100, 90), (100, 80), (100, 70)]
        )
    )
    lines = of(f"id | ref | section | by | title | unit | better | target | Q1 | Q2{rows}").splitlines()
    assert [line.split(" | ")[0] for line in lines] == [
        *("worsening K15", "worsening K18", "worsening K17"),
        *("improving K11", "improving K12", "improving K13"),
    ]


def test_percentages_move_by_points() -> None:
    """From 10% to 15% is five points, and further than from 80% to 84%; beside counts, points are a share of one."""
    table = """
        id | ref | section | by  | title | unit  | better           | target | Q1  | Q2
        K1 | 1   | Places  | SCH | One   | %     | higher is better |        | 80% | 84%
        K2 | 2   | Places  | SCH | Two   | %     | higher is better |        | 10% | 15%
        K3 | 3   | Places  | SCH | Three | count | higher is better |        | 100 | 106
        """
    assert [line.split(" | ")[0] for line in of(table).splitlines()] == ["improving K3", "improving K2", "improving K1"]


def test_an_agreed_amber_on_the_right_side_of_its_target_is_not_short() -> None:
    """What people agreed to be amber is furthest from its target only where the figure is on the wrong side of it."""
    table = """
        id | ref | section | by  | title          | unit  | better           | target | Q1
        K1 | 1   | Places  | SCH | Places created | count | higher is better | 40     | {}
        """
    amber = Moderation(overrides=(override("K1", "A", "why", "who"),))
    assert of(table.format(41), amber) == of(table.format(40), amber) == ""
    assert of(table.format(39), amber).startswith("short-of-target K1")


def test_a_move_between_too_few_answers_is_none() -> None:
    """A share of six answers moves by chance, whether they are this quarter's or the ones before."""
    table = """
        id | ref | section | by  | title  | unit | better           | target | Q1               | Q2
        K1 | 1   | Places  | SCH | % glad | %    | higher is better |        | 40% = {0} of {1} | 80% = {2} of {3}
        """
    for answers in ((4, 10, 8, 10), (40, 100, 8, 10), (4, 10, 80, 100)):
        assert proposed(surveyed(table.format(*answers))) == ""
    assert proposed(surveyed(table.format(40, 100, 80, 100))).startswith("improving K1")


def test_a_figure_that_adds_up_is_compared_by_the_quarter_alone() -> None:
    """Ten in the first quarter and sixteen by the second are ten and six: fewer, not more."""
    board = small_round(TWO.format(10, 16)).board()
    board = with_kpis(board, [replace(kpi, profile=Profile.YEAR_TO_DATE) for kpi in board.catalogue.kpis])
    said = next(line for line in proposed(board).splitlines() if " K1 " in line)
    assert said == (
        f"worsening K1 | {CONCERN} | KPI 1 Places created is Worsening: 6 in the quarter alone, after 10 in "
        "Quarter 1 2023/24 alone; higher is better; it is Amber | 1"
    )


# --- Gaps in reporting --------------------------------------------------------------------------------------------


def test_a_workstream_that_has_not_returned_is_told() -> None:
    """By its name and how many KPIs it owes; one that returned all it has is not told."""
    assert of(TWO.replace("| 7   | 7", "| 7 | not returned").format(40, 40)) == (
        f"not-returned TRA | {CONCERN} | Transport has not returned: 1 KPI without figures |"
    )


def test_a_workstream_with_few_figures_is_told() -> None:
    """Fewer than half of what was due; what is not collected this quarter was not due, and half is enough."""
    table = """
        id | ref | section | by  | title | unit  | better           | target | Q1
        K1 | 1   | Places  | SCH | One   | count | higher is better |        | 40
        K2 | 2   | Places  | SCH | Two   | count | higher is better |        | {}
        K3 | 3   | Places  | SCH | Three | count | higher is better |        | Data not yet available
        """
    said = f"few-figures SCH | {CONCERN} | Schools gives figures for 1 of the 3 KPIs due this quarter |"
    assert of(table.format("Data not yet available")) == said
    assert of(table.format("Not collected this quarter")) == ""


def test_queried_figures_are_told_together() -> None:
    """Each is named; without a queried figure nothing is said of them."""
    table = """
        id | ref | section | by  | title | unit  | better           | target | Q1
        K1 | 1   | Places  | SCH | One   | count | higher is better |        | query
        K2 | 2   | Places  | SCH | Two   | count | higher is better |        | {}
        K3 |     | Places  | SCH | Three | count | higher is better |        | 3
        K4 | 4   | Places  | SCH | Four  | count | higher is better |        | 3
        """
    assert of(table.format("query")) == (
        f"queried K1 K2 | {CONCERN} | 2 figures are being queried with the workstreams: KPI 1 One, KPI 2 Two | 1, 2"
    )
    assert of(table.format("4")) == (
        f"queried K1 | {CONCERN} | 1 figure is being queried with the workstreams: KPI 1 One | 1"
    )
    assert of(table.replace("query", "5").format("4")) == ""


def test_a_long_title_is_cut() -> None:
    """A title of two hundred letters leaves room for what is said of it."""
    for length, shown in ((90, "x" * 90), (200, f"{'x' * 89}…")):
        assert f"| KPI 1 {shown} is Red: 20 against" in of(TWO.format(40, 20).replace("Places created", "x" * length))
