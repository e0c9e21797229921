"""Signals in a series: each rule at its edges, in whole sentences, and what holds for all series."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.amounts import Shown
from sendkpi_xl.model import Kpi, Polarity, Profile, Unit
from sendkpi_xl.period import Period
from sendkpi_xl.signals import Chart, Meaning, Signal, SignalRule, chart_of, signals_for
from tests.rating_cases import kpi_of, lines
from tests.series_cases import kpi_over, last_period, shown_of

NOW = Period(2021, 4)


def shown_up_to(points: Sequence[Decimal], last: Period = NOW) -> Shown:
    """Points of consecutive quarters by period, the last of them in `last`."""
    shown = {}
    for point in reversed(points):
        shown[last] = point
        last = last.previous
    return shown


def points_of(drawn: str) -> list[Decimal]:
    """Points as they are drawn; `10*5` is five times 10."""
    fields = (field.partition("*") for field in drawn.split())
    return [Decimal(number) for number, _, times in fields for _ in range(int(times or 1))]


def signals_of(better: str, drawn: str, unit: Unit = Unit.COUNT, decimals: int = 0) -> tuple[Signal, ...]:
    """The signals of a drawn series' last point."""
    return signals_for(kpi_of(better, unit, decimals), NOW, shown_up_to(points_of(drawn)))


# The first series of each pair has its last point exactly on the limit (91), or on two thirds of the way to it (76).

ASTRONOMICAL = """
    better  | points                              | sentence
    lower   | 8 1 39 21 4 27 0 26 22 39 16 91     | none
    lower   | 8 1 39 21 4 27 0 26 22 39 16 92     | Concern: 92 is above 91.3, the limit of what is usual around the average of 24.6.
    higher  | 8 1 39 21 4 27 0 26 22 39 16 92     | Improvement: 92 is above 91.3, the limit of what is usual around the average of 24.6.
    near    | 8 1 39 21 4 27 0 26 22 39 16 92     | Change: 92 is above 91.3, the limit of what is usual around the average of 24.6.
    context | 8 1 39 21 4 27 0 26 22 39 16 92     | Change: 92 is above 91.3, the limit of what is usual around the average of 24.6.
    lower   | 92 99 61 79 96 73 100 74 78 61 84 9 | none
    lower   | 92 99 61 79 96 73 100 74 78 61 84 8 | Improvement: 8 is below 8.7, the limit of what is usual around the average of 75.4.
    higher  | 92 99 61 79 96 73 100 74 78 61 84 8 | Concern: 8 is below 8.7, the limit of what is usual around the average of 75.4.
    context | 92 99 61 79 96 73 100 74 78 61 84 8 | Change: 8 is below 8.7, the limit of what is usual around the average of 75.4.
    lower   | 10*11 11                            | Concern: 11 is above 10.3, the limit of what is usual around the average of 10.1.
    lower   | 10*12                               | none
    lower   | 0*12                                | none
    lower   | 10 12 10 12 10 12 10 12 10 20 10 12 | none
    """  # noqa: E501

TWO_OF_THREE = """
    better  | points                                | sentence
    lower   | 7 4 22 29 32 34 5 17 12 104 38 76     | none
    lower   | 7 4 22 29 32 34 5 17 12 104 38 77     | Concern: two of the last three quarters near or above 98.5, the limit of what is usual around the average of 31.8.
    higher  | 7 4 22 29 32 34 5 17 12 104 38 77     | Improvement: two of the last three quarters near or above 98.5, the limit of what is usual around the average of 31.8.
    near    | 7 4 22 29 32 34 5 17 12 104 38 77     | Change: two of the last three quarters near or above 98.5, the limit of what is usual around the average of 31.8.
    lower   | 7 4 22 29 32 34 5 17 12 104 20 100    | Concern: two of the last three quarters near or above 113.2, the limit of what is usual around the average of 32.2.
    lower   | 10 11 12 11 10 11 12 11 10 11 12 11 10 11 12 11 12 15 10 15 | Concern: two of the last three quarters near or above 15.5, the limit of what is usual around the average of 11.4.
    lower   | 10 11 12 11 10 11 12 11 10 11 12 11 10 11 12 11 16 12 12 15 | none
    lower   | 93 96 78 71 68 66 95 83 88 -4 62 24   | none
    lower   | 93 96 78 71 68 66 95 83 88 -4 62 23   | Improvement: two of the last three quarters near or below 1.5, the limit of what is usual around the average of 68.3.
    lower   | 10 12 10 12 10 12 10 12 10 12 16 16   | Concern: two of the last three quarters near or above 17.2, the limit of what is usual around the average of 11.8.
    lower   | 10 12 10 12 10 12 10 12 10 16 16 16   | Concern: all of the last three quarters near or above 17.5, the limit of what is usual around the average of 12.2.
    lower   | 10 12 10 12 10 12 10 12 10 16 16 12   | none
    lower   | 10 12 10 12 10 12 10 12 16 12 12 16   | none
    lower   | 10 12 10 12 10 12 10 12 10 12 12 16   | none
    lower   | 10 11 10 11 10 11 10 11 10 11 6 16    | none
    """  # noqa: E501

SHIFT = """
    better  | points                              | sentence
    lower   | 10 12 10 12 10 13 14 13 14 13 14 13 | Concern: seven quarters in a row above the average of 12.3.
    higher  | 10 12 10 12 10 13 14 13 14 13 14 13 | Improvement: seven quarters in a row above the average of 12.3.
    context | 10 12 10 12 10 13 14 13 14 13 14 13 | Change: seven quarters in a row above the average of 12.3.
    higher  | 14 12 14 12 14 11 10 11 10 11 10 11 | Concern: seven quarters in a row below the average of 11.7.
    lower   | 14 12 14 12 14 11 10 11 10 11 10 11 | Improvement: seven quarters in a row below the average of 11.7.
    lower   | 10 12 10 12 10 12 14 13 14 13 14 13 | none
    lower   | 10 12 10 12 10 13 14 13 14 13 14 12 | none
    lower   | 10 12 10 12 13 14 13 14 13 14 13 14 | Concern: seven quarters in a row above the average of 12.7.
    lower   | 11 12 11 12 11 14 15 14 13 14 15 14 | none
    lower   | 9 15 8 14 10 12 13 14 13 14 12 13   | none
    lower   | 13*17 12 13*7                       | Concern: seven quarters in a row above the average of 12.96.
    lower   | 13*17 14 13*7                       | Improvement: seven quarters in a row below the average of 13.04.
    """

TREND = """
    better  | points                              | sentence
    higher  | 10 11 10 12 10 4 5 6 7 8 9 10       | Improvement: seven quarters in a row rising, from 4 to 10.
    lower   | 10 11 10 12 10 4 5 6 7 8 9 10       | Concern: seven quarters in a row rising, from 4 to 10.
    near    | 10 11 10 12 10 4 5 6 7 8 9 10       | Change: seven quarters in a row rising, from 4 to 10.
    higher  | 10 11 10 12 10 16 15 14 13 12 11 10 | Concern: seven quarters in a row falling, from 16 to 10.
    lower   | 10 11 10 12 10 16 15 14 13 12 11 10 | Improvement: seven quarters in a row falling, from 16 to 10.
    higher  | 10 11 10 12 5 5 5 6 7 8 9 10        | none
    higher  | 10 11 10 12 10 4 5 6 7 7 9 10       | none
    higher  | 10 11 10 12 10 4 5 6 7 8 10 9       | none
    higher  | 10 11 10 12 4 5 6 7 8 9 10 11       | Improvement: seven quarters in a row rising, from 5 to 11.
    """


@pytest.mark.parametrize("line", lines(ASTRONOMICAL) + lines(TWO_OF_THREE) + lines(SHIFT) + lines(TREND), ids=" ".join)
def test_each_rule_at_its_edges(line: tuple[str, ...]) -> None:
    """At and just beyond its edge each rule fires or not, alone, with every word as drawn."""
    better, points, sentence = line
    told = [signal.sentence for signal in signals_of(better, points)]
    assert told == ([] if sentence == "none" else [sentence])


def test_several_signals_at_once() -> None:
    """Every rule that fires is told, each with its name and meaning, in one order."""
    assert signals_of("lower", "10 11 10 11 10 9 12 13 14 15 16 17 18 40") == (
        Signal(
            SignalRule.ASTRONOMICAL,
            Meaning.CONCERN,
            "Concern: 40 is above 22.1, the limit of what is usual around the average of 14.7.",
        ),
        Signal(SignalRule.TREND, Meaning.CONCERN, "Concern: seven quarters in a row rising, from 13 to 40."),
    )
    assert [signal.rule for signal in signals_of("higher", "10*24 11 12 13 14 15 16 17")] == [
        SignalRule.ASTRONOMICAL,
        SignalRule.SHIFT,
        SignalRule.TREND,
        SignalRule.TWO_OF_THREE,
    ]


def test_names_of_rules() -> None:
    """Each rule has the name that Making Data Count knows it by."""
    assert [rule.value for rule in SignalRule] == [
        "astronomical point",
        "shift of seven",
        "trend of seven",
        "two of three",
    ]


UNITS = """
    unit      | decimals | points                                      | sentence
    %         | 0        | 0.1 0.12 0.1 0.12 0.1 0.13 0.14 0.13 0.14 0.13 0.14 0.13 | Improvement: seven quarters in a row above the average of 12.3%.
    %         | 1        | 0.1 0.12 0.1 0.12 0.1 0.13 0.14 0.13 0.14 0.13 0.14 0.13 | Improvement: seven quarters in a row above the average of 12.33%.
    average £ | 0        | 10000 12000 10000 12000 10000 13000 14000 13000 14000 13000 14000 13000 | Improvement: seven quarters in a row above the average of £12,333.3.
    £         | 0        | -10*11 -12                                  | Concern: -£12 is below -£10.7, the limit of what is usual around the average of -£10.2.
    weeks     | 0        | 10 11 10 12 10 4 5 6 7 8 9 10               | Improvement: seven quarters in a row rising, from 4 weeks to 10 weeks.
    """  # noqa: E501


@pytest.mark.parametrize("line", lines(UNITS), ids=" ".join)
def test_figures_are_in_the_kpis_unit(line: tuple[str, ...]) -> None:
    """Averages and limits have one decimal more than the KPI's own figures."""
    unit, decimals, points, sentence = line
    assert [signal.sentence for signal in signals_of("higher", points, Unit(unit), int(decimals))] == [sentence]


def test_chart() -> None:
    """The mean of all points, and limits at 2.66 times the average move from one to the next."""
    points = [Decimal(point) for point in ("10", "12", "9", "9")]
    mean, reach = Fraction(10), Fraction(266, 100) * Fraction(5, 3)
    assert chart_of(points) == Chart((Fraction(10), Fraction(12), Fraction(9), Fraction(9)), mean, reach)


LONG_ENOUGH = """
    points                                 | signals
    10*10 11                               | 0
    10*11 11                               | 1
    10*12 11                               | 1
    """


@pytest.mark.parametrize("line", lines(LONG_ENOUGH), ids=" ".join)
def test_from_twelve_points_on(line: tuple[str, ...]) -> None:
    """Eleven points have no signals, twelve have."""
    points, number = line
    assert len(signals_of("lower", points)) == int(number)


OVER_THE_YEARS = """
    profile      | series                                                             | sentence
    snapshot     | 10 10 10 10; 10 10 10 10; 10 10 10 11                              | Concern: 11 is above 10.3, the limit of what is usual around the average of 10.1.
    snapshot     | 10 10 10 -; 10 10 10 10; 10 10 10 10; 10 10 10 11                  | Concern: 11 is above 10.3, the limit of what is usual around the average of 10.1.
    snapshot     | 10 10 10 10; - 10 10 10; 10 10 10 10; 10 10 10 11                  | none
    snapshot     | 90 90 90 90; 90 90 90 -; 10 10 10 10; 10 10 10 10; 10 10 10 11     | Concern: 11 is above 10.3, the limit of what is usual around the average of 10.1.
    annual       | 10 10 10 10; 10 10 10 10; 10 10 10 11                              | none
    termly       | 10 10 10 10; 10 10 10 10; 10 10 10 11                              | none
    year-to-date | 10% 10% 10% 10%; 10% 10% 10% 10%; 10% 10% 10% 11%                  | none
    snapshot     | 10% 10% 10% 10%; 10% 10% 10% 10%; 10% 10% 10% 11%                  | Concern: 11% is above 10.3%, the limit of what is usual around the average of 10.1%.
    year-to-date | 10 20 30 40; 10 20 30 40; 10 20 30 41                              | Concern: 11 in the quarter alone is above 10.3, the limit of what is usual around the average of 10.1.
    year-to-date | 10 20 30 40; 10 20 30 40; 10 20 30 40                              | none
    year-to-date | 10 20 - 40; 10 20 30 40; 10 20 30 40; 10 20 30 41                  | Concern: 11 in the quarter alone is above 10.3, the limit of what is usual around the average of 10.1.
    year-to-date | 10 20 30 40; - 20 30 40; 10 20 30 40; 10 20 30 41                  | none
    """  # noqa: E501


@pytest.mark.parametrize("line", lines(OVER_THE_YEARS), ids=" ".join)
def test_series_over_the_years(line: tuple[str, ...]) -> None:
    """A gap starts the series anew; sums count by the quarter alone; repeats of one measurement have no signals."""
    profile, series, sentence = line
    kpi = kpi_over("lower", series, profile)
    told = [signal.sentence for signal in signals_for(kpi, last_period(series), shown_of(kpi, series))]
    assert told == ([] if sentence == "none" else [sentence])


def test_only_what_is_known_by_the_period() -> None:
    """Later quarters play no part, and a quarter without a value of its own has no signals."""
    kpi = kpi_of("lower", Unit.COUNT, 0)
    shown = {**shown_up_to(points_of("10*11 11")), Period(2022, 1): Decimal(50)}
    assert signals_for(kpi, NOW, shown) == signals_of("lower", "10*11 11")
    assert signals_for(kpi, Period(2022, 2), shown) == ()
    assert signals_for(kpi, NOW, {}) == ()


# --- What holds for all series

POINTS = st.lists(st.integers(-30, 30), min_size=12, max_size=24)
JUMPY = st.builds(
    lambda calm, last: [*calm, *last],
    st.lists(st.integers(0, 4), min_size=9, max_size=16),
    st.lists(st.integers(-20, 20), min_size=3, max_size=3),
)
STEPS = st.builds(
    lambda before, last: [*before, *last],
    st.lists(st.integers(0, 9), min_size=5, max_size=9),
    st.lists(st.integers(0, 30), min_size=7, max_size=7, unique=True).map(sorted),
)
SERIES = st.one_of(POINTS, JUMPY, STEPS)
BETTER = st.sampled_from(["higher", "lower", "near", "context"])


def seen(kpi: Kpi, points: Sequence[int | Decimal]) -> list[tuple[SignalRule, Meaning]]:
    """The rules that a series' last point is part of, and what they mean."""
    signals = signals_for(kpi, NOW, shown_up_to([Decimal(point) for point in points]))
    return [(signal.rule, signal.meaning) for signal in signals]


@settings(max_examples=200, deadline=None)
@given(BETTER, SERIES, st.integers(-10_000, 10_000))
def test_a_constant_added_moves_no_signal(better: str, points: list[int], constant: int) -> None:
    """A series lifted or lowered as a whole has the same signals."""
    kpi = kpi_of(better, Unit.COUNT, 0)
    assert seen(kpi, points) == seen(kpi, [point + constant for point in points])


@settings(max_examples=200, deadline=None)
@given(BETTER, SERIES, st.sampled_from(["0.01", "0.1", "7", "1000"]))
def test_another_scale_moves_no_signal(better: str, points: list[int], scale: str) -> None:
    """A series in other units, such as thousands, has the same signals."""
    kpi = kpi_of(better, Unit.MONEY, 2)
    assert seen(kpi, points) == seen(kpi, [point * Decimal(scale) for point in points])


@settings(max_examples=200, deadline=None)
@given(BETTER, SERIES)
def test_upside_down_means_the_opposite(better: str, points: list[int]) -> None:
    """A mirrored series has the same signals, and means the same where the other way is better."""
    kpi = kpi_of(better, Unit.COUNT, 0)
    swapped = {Polarity.HIGHER: Polarity.LOWER, Polarity.LOWER: Polarity.HIGHER}
    other = replace(kpi, polarity=swapped.get(kpi.polarity, kpi.polarity))
    assert seen(kpi, points) == seen(other, [-point for point in points])


def in_whole_numbers(points: Sequence[int]) -> set[SignalRule]:
    """The rules by a reckoning of its own, without division: everything times the number of points and of moves."""
    number, total = len(points), sum(points)
    moves = sum(abs(later - earlier) for earlier, later in pairwise(points))
    off = [(number * point - total) * (number - 1) * 100 for point in points]
    reach = 266 * moves * number
    last, rises = off[-7:], [later - earlier for earlier, later in pairwise(points[-7:])]
    sides = [[side * each for each in off[-3:]] for side in (1, -1)]
    found = {
        SignalRule.ASTRONOMICAL: max(off[-1], -off[-1]) > reach,
        SignalRule.SHIFT: min(last) > 0 or max(last) < 0,
        SignalRule.TREND: min(rises) > 0 or max(rises) < 0,
        SignalRule.TWO_OF_THREE: any(3 * min(side[2], max(side[0], side[1])) > 2 * reach for side in sides),
    }
    return {rule for rule, fires in found.items() if fires}


@settings(max_examples=500, deadline=None)
@given(SERIES)
def test_rules_agree_with_whole_numbers(points: list[int]) -> None:
    """Each rule fires exactly where a reckoning in whole numbers says so."""
    rules = [rule for rule, _ in seen(kpi_of("lower", Unit.COUNT, 0), points)]
    assert set(rules) == in_whole_numbers(points)
    assert rules == sorted(rules, key=list(SignalRule).index)


@settings(max_examples=100, deadline=None)
@given(BETTER, st.sampled_from([Profile.ANNUAL, Profile.TERMLY]), SERIES)
def test_repeats_have_no_signals(better: str, profile: Profile, points: list[int]) -> None:
    """Annual and termly measures never have signals."""
    assert seen(kpi_of(better, Unit.COUNT, 0, profile=profile), points) == []
