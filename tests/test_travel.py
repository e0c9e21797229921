"""Direction of travel: words and whole sentences, case by case, and what holds for all values."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.amounts import alone
from sendkpi_xl.figures import rounded
from sendkpi_xl.model import Goal, Kpi, Measure, Polarity, Policy, Profile, Tolerance, Unit
from sendkpi_xl.period import Period
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.travel import Move, Travel, since_quarter, since_year
from tests.rating_cases import kpi_of, lines, written
from tests.series_cases import kpi_over, last_period, shown_of

Q1, Q2 = Period(2021, 1), Period(2021, 2)

# No change reaches 5 % for counts and weeks, 1 % for money and averages, 0.5 points for percentages.

TWO_QUARTERS = """
    better  | before   | now      | sentence
    higher  | 200      | 211      | Improving: 211 after 200 in Quarter 1 2021/22; higher is better.
    higher  | 200      | 210      | No change: 210 after 200 in Quarter 1 2021/22; a move of up to 5% is no change.
    higher  | 200      | 200      | No change: 200, as in Quarter 1 2021/22.
    higher  | 200      | 190      | No change: 190 after 200 in Quarter 1 2021/22; a move of up to 5% is no change.
    higher  | 200      | 189      | Worsening: 189 after 200 in Quarter 1 2021/22; higher is better.
    lower   | 200      | 211      | Worsening: 211 after 200 in Quarter 1 2021/22; lower is better.
    lower   | 200      | 210      | No change: 210 after 200 in Quarter 1 2021/22; a move of up to 5% is no change.
    lower   | 200      | 200      | No change: 200, as in Quarter 1 2021/22.
    lower   | 200      | 189      | Improving: 189 after 200 in Quarter 1 2021/22; lower is better.
    context | 200      | 211      | Increasing: 211 after 200 in Quarter 1 2021/22; shown for context only.
    context | 200      | 210      | No change: 210 after 200 in Quarter 1 2021/22; a move of up to 5% is no change.
    context | 200      | 189      | Decreasing: 189 after 200 in Quarter 1 2021/22; shown for context only.
    near    | 200      | 211      | Increasing: 211 after 200 in Quarter 1 2021/22; no target is set for Quarter 2 2021/22 or Quarter 1 2021/22.
    near    | 200      | 210      | No change: 210 after 200 in Quarter 1 2021/22; a move of up to 5% is no change.
    near    | 200      | 189      | Decreasing: 189 after 200 in Quarter 1 2021/22; no target is set for Quarter 2 2021/22 or Quarter 1 2021/22.
    higher  | 80.0%    | 80.6%    | Improving: 80.6% after 80.0% in Quarter 1 2021/22; higher is better.
    higher  | 80.0%    | 80.5%    | No change: 80.5% after 80.0% in Quarter 1 2021/22; a move of up to 0.5 points is no change.
    higher  | 80.0%    | 79.5%    | No change: 79.5% after 80.0% in Quarter 1 2021/22; a move of up to 0.5 points is no change.
    higher  | 80.0%    | 79.4%    | Worsening: 79.4% after 80.0% in Quarter 1 2021/22; higher is better.
    higher  | 0.3%     | 0.8%     | No change: 0.8% after 0.3% in Quarter 1 2021/22; a move of up to 0.5 points is no change.
    higher  | 80%      | 81%      | Improving: 81% after 80% in Quarter 1 2021/22; higher is better.
    lower   | £33,300  | £33,633  | No change: £33,633 after £33,300 in Quarter 1 2021/22; a move of up to 1% is no change.
    lower   | £33,300  | £33,634  | Worsening: £33,634 after £33,300 in Quarter 1 2021/22; lower is better.
    lower   | £/16,000 | £/16,160 | No change: £16,160 after £16,000 in Quarter 1 2021/22; a move of up to 1% is no change.
    lower   | £/16,120 | £/16,880 | Worsening: £16,880 after £16,120 in Quarter 1 2021/22; lower is better.
    lower   | 20 weeks | 19 weeks | No change: 19 weeks after 20 weeks in Quarter 1 2021/22; a move of up to 5% is no change.
    lower   | 20 weeks | 18 weeks | Improving: 18 weeks after 20 weeks in Quarter 1 2021/22; lower is better.
    """  # noqa: E501

ZERO_AND_NEGATIVE = """
    better  | before   | now      | sentence
    higher  | 0        | 0        | No change: 0, as in Quarter 1 2021/22.
    higher  | 0        | 1        | Improving: 1 after 0 in Quarter 1 2021/22; higher is better.
    lower   | 1        | 0        | Improving: 0 after 1 in Quarter 1 2021/22; lower is better.
    higher  | -£1,000  | -£990    | No change: -£990 after -£1,000 in Quarter 1 2021/22; a move of up to 1% is no change.
    higher  | -£1,000  | -£1,010  | No change: -£1,010 after -£1,000 in Quarter 1 2021/22; a move of up to 1% is no change.
    higher  | -£1,000  | -£989    | Improving: -£989 after -£1,000 in Quarter 1 2021/22; higher is better.
    higher  | -£1,000  | -£1,011  | Worsening: -£1,011 after -£1,000 in Quarter 1 2021/22; higher is better.
    lower   | -£10     | £10      | Worsening: £10 after -£10 in Quarter 1 2021/22; lower is better.
    higher  | 0.0%     | 0.5%     | No change: 0.5% after 0.0% in Quarter 1 2021/22; a move of up to 0.5 points is no change.
    higher  | -0.3%    | 0.3%     | Improving: 0.3% after -0.3% in Quarter 1 2021/22; higher is better.
    """  # noqa: E501


def moved(sentence: str, now: str, before: str, since: Period) -> Move:
    """The move that a sentence tells, with both amounts as they are written; `-` where there is none."""
    amounts = [None if text == "-" else rounded(*written(text)) for text in (now, before)]
    return Move(Travel(sentence.partition(":")[0]), amounts[0], amounts[1], since, sentence)


@pytest.mark.parametrize("line", lines(TWO_QUARTERS) + lines(ZERO_AND_NEGATIVE), ids=" ".join)
def test_each_edge_of_no_change(line: tuple[str, ...]) -> None:
    """At and just beyond the dead band, on either side, the direction and every word are as drawn."""
    better, before, now, sentence = line
    series = f"{before} {now}"
    kpi = kpi_over(better, series)
    assert since_quarter(kpi, DEFAULT_POLICY, Q2, shown_of(kpi, series)) == moved(sentence, now, before, Q1)


NEAR_TARGET = """
    targets      | series         | sentence
    1,558        | 1,390 1,462    | Improving: 1,462 after 1,390 in Quarter 1 2021/22; 96 off its target of 1,558, 168 off it then.
    1,558        | 1,720 1,600    | Improving: 1,600 after 1,720 in Quarter 1 2021/22; 42 off its target of 1,558, 162 off it then.
    1,558        | 1,390 1,558    | Improving: 1,558 after 1,390 in Quarter 1 2021/22; on its target of 1,558, 168 off it then.
    1,558        | 1,558 1,700    | Worsening: 1,700 after 1,558 in Quarter 1 2021/22; 142 off its target of 1,558, on it then.
    200          | 190 211        | No change: 211 after 190 in Quarter 1 2021/22; 11 off its target of 200, 10 off it then; a move of up to 5% is no change.
    200          | 190 210        | No change: 210 after 190 in Quarter 1 2021/22; 10 off its target of 200, 10 off it then.
    200          | 200 210        | No change: 210 after 200 in Quarter 1 2021/22; 10 off its target of 200, on it then; a move of up to 5% is no change.
    200          | 200 211        | Worsening: 211 after 200 in Quarter 1 2021/22; 11 off its target of 200, on it then.
    200          | 190 190        | No change: 190, as in Quarter 1 2021/22; 10 off its target of 200, 10 off it then.
    8%           | 3.6% 4.2%      | Improving: 4.2% after 3.6% in Quarter 1 2021/22; 3.8 points off its target of 8%, 4.4 points off it then.
    8%           | 3.6% 4.1%      | No change: 4.1% after 3.6% in Quarter 1 2021/22; 3.9 points off its target of 8%, 4.4 points off it then; a move of up to 0.5 points is no change.
    43.75        | 40 50          | Worsening: 50 after 40 in Quarter 1 2021/22; 6.25 off its target of 43.75, 3.75 off it then.
    £500.50      | £400 £450      | Improving: £450 after £400 in Quarter 1 2021/22; £50.5 off its target of £500.5, £100.5 off it then.
    """  # noqa: E501


@pytest.mark.parametrize("line", lines(NEAR_TARGET), ids=" ".join)
def test_near_target(line: tuple[str, ...]) -> None:
    """A KPI near its target improves by coming closer, from whichever side; the distance has the dead band."""
    targets, series, sentence = line
    kpi = kpi_over("near", series, targets=targets)
    before, now = series.split()
    assert since_quarter(kpi, DEFAULT_POLICY, Q2, shown_of(kpi, series)) == moved(sentence, now, before, Q1)


LAST_YEAR = """
    better | profile      | targets     | series                 | sentence
    lower  | snapshot     | none        | 30; 20                 | Improving: 20 after 30 in Quarter 1 2020/21; lower is better.
    lower  | snapshot     | none        | 1 30 3 4; 1 20         | Improving: 20 after 30 in Quarter 2 2020/21; lower is better.
    lower  | year-to-date | none        | 10 30 60 90; 20 50     | Worsening: 50 in the year so far, after 30 by the end of Quarter 2 2020/21; lower is better.
    lower  | year-to-date | none        | 10 30 60 90; 20 30     | No change: 30 in the year so far, as by the end of Quarter 2 2020/21.
    lower  | year-to-date | none        | - 100 - -; - 105       | No change: 105 in the year so far, after 100 by the end of Quarter 2 2020/21; a move of up to 5% is no change.
    lower  | year-to-date | none        | 10% 30%; 20% 50%       | Worsening: 50% after 30% in Quarter 2 2020/21; lower is better.
    lower  | annual       | none        | 10 30; 20 50           | Worsening: 50 after 30 in Quarter 2 2020/21; lower is better.
    near   | snapshot     | 1,400;1,558 | 1,390; 1,462           | Worsening: 1,462 after 1,390 in Quarter 1 2020/21; 96 off its target of 1,558, 10 off its target of 1,400 then.
    near   | snapshot     | 300;200     | 200; 200               | Improving: 200, as in Quarter 1 2020/21; on its target of 200, 100 off its target of 300 then.
    near   | snapshot     | none;1,558  | 1,390; 1,558           | Increasing: 1,558 after 1,390 in Quarter 1 2020/21; no target is set for Quarter 1 2020/21.
    near   | snapshot     | 1,558;none  | 1,390; 1,190           | Decreasing: 1,190 after 1,390 in Quarter 1 2020/21; no target is set for Quarter 1 2021/22.
    near   | year-to-date | 40;100      | 10 20; 20 30           | Worsening: 30 in the year so far, after 20 by the end of Quarter 2 2020/21; 20 off its target of 50, on its target of 20 then.
    higher | snapshot     | none        | -; 20                  | Not enough data: no value for Quarter 1 2020/21.
    higher | snapshot     | none        | 10; - 20               | Not enough data: no value for Quarter 2 2020/21.
    """  # noqa: E501


@pytest.mark.parametrize("line", lines(LAST_YEAR), ids=" ".join)
def test_against_the_same_quarter_last_year(line: tuple[str, ...]) -> None:
    """Last year's quarter is compared as it stood: a figure that adds up, by the year so far."""
    better, profile, targets, series, sentence = line
    kpi = kpi_over(better, series, profile, targets)
    period, shown = last_period(series), shown_of(kpi, series)
    then = Period(2020, period.quarter)
    expected = Move(Travel(sentence.partition(":")[0]), shown.get(period), shown.get(then), then, sentence)
    assert since_year(kpi, DEFAULT_POLICY, period, shown) == expected


QUARTERS_ALONE = """
    better | targets | series                | now | before | sentence
    higher | none    | 20 30                 | 10  | 20  | Worsening: 10 in the quarter alone, after 20 in Quarter 1 2021/22 alone; higher is better.
    higher | none    | 20 40                 | 20  | 20  | No change: 20 in the quarter alone, as in Quarter 1 2021/22 alone.
    higher | none    | 20 41                 | 21  | 20  | No change: 21 in the quarter alone, after 20 in Quarter 1 2021/22 alone; a move of up to 5% is no change.
    higher | none    | 20 42                 | 22  | 20  | Improving: 22 in the quarter alone, after 20 in Quarter 1 2021/22 alone; higher is better.
    higher | none    | 20 30 50              | 20  | 10  | Improving: 20 in the quarter alone, after 10 in Quarter 2 2021/22 alone; higher is better.
    higher | none    | 9 9 30 50; 25         | 25  | 20  | Improving: 25 in the quarter alone, after 20 in Quarter 4 2020/21 alone; higher is better.
    lower  | none    | £20 £30               | £10 | £20 | Improving: £10 in the quarter alone, after £20 in Quarter 1 2021/22 alone; lower is better.
    near   | 100     | 20 30                 | 10  | 20  | Worsening: 10 in the quarter alone, after 20 in Quarter 1 2021/22 alone; 15 off its target of 25, 5 off it then.
    near   | 40;100  | 9 9 30 50; 25         | 25  | 20  | Improving: 25 in the quarter alone, after 20 in Quarter 4 2020/21 alone; on its target of 25, 10 off its target of 10 then.
    near   | none    | 20 30                 | 10  | 20  | Decreasing: 10 in the quarter alone, after 20 in Quarter 1 2021/22 alone; no target is set for Quarter 2 2021/22 or Quarter 1 2021/22.
    lower  | none    | 9 - 30 50; 25         | 25  | 20  | Worsening: 25 in the quarter alone, after 20 in Quarter 4 2020/21 alone; lower is better.
    lower  | none    | 9 9 - 50; 25          | 25  | -   | Not enough data: no value for Quarter 3 2020/21, which it takes to tell Quarter 4 2020/21 alone.
    lower  | none    | 9 9 30 -; 25          | 25  | -   | Not enough data: no value for Quarter 4 2020/21.
    lower  | none    | - 30                  | -   | -   | Not enough data: no value for Quarter 1 2021/22.
    lower  | none    | - 30 50               | 20  | -   | Not enough data: no value for Quarter 1 2021/22, which it takes to tell Quarter 2 2021/22 alone.
    lower  | none    | 20 - 50               | -   | -   | Not enough data: no value for Quarter 2 2021/22.
    """  # noqa: E501


@pytest.mark.parametrize("line", lines(QUARTERS_ALONE), ids=" ".join)
def test_quarters_alone(line: tuple[str, ...]) -> None:
    """A figure that adds up over the year is compared with the quarter before by what each added."""
    better, targets, series, now, before, sentence = line
    kpi, period = kpi_over(better, series, "year-to-date", targets), last_period(series)
    expected = moved(sentence, now, before, period.previous)
    assert since_quarter(kpi, DEFAULT_POLICY, period, shown_of(kpi, series)) == expected


NO_SUCH_SUM = """
    profile      | series      | sentence
    year-to-date | 20% 30%     | Improving: 30% after 20% in Quarter 1 2021/22; higher is better.
    snapshot     | 20 30       | Improving: 30 after 20 in Quarter 1 2021/22; higher is better.
    annual       | 20 30       | Improving: 30 after 20 in Quarter 1 2021/22; higher is better.
    termly       | 20; 30      | Not enough data: no value for Quarter 4 2020/21.
    snapshot     | 9 9 9 20; - 30 | Not enough data: no value for Quarter 1 2021/22.
    snapshot     | 1 2 - 20; 30   | Improving: 30 after 20 in Quarter 4 2020/21; higher is better.
    """


@pytest.mark.parametrize("line", lines(NO_SUCH_SUM), ids=" ".join)
def test_values_as_they_stand(line: tuple[str, ...]) -> None:
    """Snapshots, annual and termly measures, and percentages of a year so far are compared as they stand."""
    profile, series, sentence = line
    kpi = kpi_over("higher", series, profile)
    assert since_quarter(kpi, DEFAULT_POLICY, last_period(series), shown_of(kpi, series)).sentence == sentence


def test_no_value_this_quarter() -> None:
    """Without a value of its own a quarter has no direction, and the earlier value stays known."""
    kpi = kpi_of("higher", Unit.COUNT, 0)
    none = "Not enough data: no value for Quarter 2 2021/22."
    assert since_quarter(kpi, DEFAULT_POLICY, Q2, {Q1: Decimal(5)}) == moved(none, "-", "5", Q1)
    assert since_quarter(kpi, DEFAULT_POLICY, Q2, {}) == moved(none, "-", "-", Q1)
    assert since_year(kpi, DEFAULT_POLICY, Q2, {}) == moved(none, "-", "-", Period(2020, 2))


def test_dead_band_is_the_policys() -> None:
    """Another policy's band decides and is told; with none, any move is one; the KPI's own limits play no part."""
    kpi = kpi_of("higher", Unit.COUNT, 0, green_within=0.5, amber_within=0.9)
    sentences = [
        since_quarter(kpi, banded(steady, measure), Q2, {Q1: Decimal(100), Q2: Decimal(112)}).sentence
        for steady, measure in ((0.12, Measure.RELATIVE), (0.0, Measure.RELATIVE), (0.12, Measure.POINTS))
    ]
    assert sentences == [
        "No change: 112 after 100 in Quarter 1 2021/22; a move of up to 12% is no change.",
        "Improving: 112 after 100 in Quarter 1 2021/22; higher is better.",
        "Improving: 112 after 100 in Quarter 1 2021/22; higher is better.",
    ]


def banded(steady: float, measure: Measure) -> Policy:
    """A policy with one dead band for every unit."""
    return replace(DEFAULT_POLICY, tolerances={unit: Tolerance(0.01, 0.05, measure, steady) for unit in Unit})


AMOUNTS = """
    series           | alone
    20 30 50 50      | 20 10 20 0
    20 - 50 60       | 20 - - 10
    - 30 50 40       | - - 20 -10
    """


@pytest.mark.parametrize("line", lines(AMOUNTS), ids=" ".join)
def test_what_a_quarter_came_to_alone(line: tuple[str, ...]) -> None:
    """A quarter alone is its value less the one before in the same year; without both it is not known."""
    series, amounts = line
    shown = shown_of(kpi_over("higher", series), series)
    quarters = [alone(shown, Period(2021, quarter)) for quarter in range(1, 5)]
    assert ["-" if amount is None else str(amount) for amount in quarters] == amounts.split()


# --- What holds for all values

OPPOSITE = {
    Travel.IMPROVING: Travel.WORSENING,
    Travel.WORSENING: Travel.IMPROVING,
    Travel.INCREASING: Travel.DECREASING,
    Travel.DECREASING: Travel.INCREASING,
    Travel.NO_CHANGE: Travel.NO_CHANGE,
}
WHOLE = st.integers(-2000, 2000).map(Decimal)
BETTER = st.sampled_from(["higher", "lower", "near", "context"])
STEADY = st.sampled_from([0.0, 0.01, 0.05, 0.125])


@st.composite
def kpis(draw: st.DrawFn) -> Kpi:
    """Snapshots of any polarity, with a target or without."""
    target = draw(st.none() | st.integers(-500, 500))
    kpi = kpi_of(draw(BETTER), Unit.COUNT, 0)
    return replace(kpi, goals=(Goal("2021-22", target=target),))


def travel(kpi: Kpi, policy: Policy, before: Decimal, now: Decimal) -> Travel:
    """The direction from one value to another."""
    return since_quarter(kpi, policy, Q2, {Q1: before, Q2: now}).travel


@settings(max_examples=300, deadline=None)
@given(kpis(), st.sampled_from([0.0, 5.0, 100.0]), WHOLE, WHOLE)
def test_back_again_is_the_opposite(kpi: Kpi, steady: float, one: Decimal, other: Decimal) -> None:
    """Two values in the reverse order have the reverse direction, where the band does not hang on the earlier one."""
    policy = banded(steady, Measure.POINTS)
    assert travel(kpi, policy, one, other) is OPPOSITE[travel(kpi, policy, other, one)]


@settings(max_examples=300, deadline=None)
@given(kpis(), STEADY, WHOLE, WHOLE)
def test_relative_band_never_keeps_a_direction(kpi: Kpi, steady: float, one: Decimal, other: Decimal) -> None:
    """With a band relative to the earlier value, the way back is the opposite, or one of the two is no change."""
    policy = banded(steady, Measure.RELATIVE)
    there, back = travel(kpi, policy, one, other), travel(kpi, policy, other, one)
    assert OPPOSITE[there] is back or Travel.NO_CHANGE in (there, back)


@settings(max_examples=300, deadline=None)
@given(BETTER, st.sampled_from([0.01, 0.05, 0.125]), WHOLE.filter(bool), st.integers(-1, 1), st.sampled_from([1, -1]))
def test_band_ends_exactly_where_it_says(better: str, steady: float, before: Decimal, off: int, side: int) -> None:
    """A move of exactly the band is no change, the least bit more is a move, in exact decimals at any size."""
    kpi = kpi_of(better, Unit.AVERAGE, 5)
    policy = banded(steady, Measure.RELATIVE)
    now = before + side * (abs(before) * Decimal(str(steady)) + off * Decimal("0.00001"))
    assert (travel(kpi, policy, before, now) is Travel.NO_CHANGE) == (off <= 0)


@settings(max_examples=200, deadline=None)
@given(kpis(), st.sampled_from(Profile), st.dictionaries(st.builds(Period, st.just(2021), st.integers(1, 4)), WHOLE))
def test_amounts_are_there_exactly_when_there_is_a_direction(
    kpi: Kpi, profile: Profile, shown: dict[Period, Decimal]
) -> None:
    """Not enough data is said exactly when one of the two amounts is not known, and every sentence begins with it."""
    kpi = replace(kpi, profile=profile)
    for period in (Q1, Q2, Period(2021, 4)):
        for move in (since_quarter(kpi, DEFAULT_POLICY, period, shown), since_year(kpi, DEFAULT_POLICY, period, shown)):
            assert (move.travel is Travel.NOT_ENOUGH) == (None in (move.now, move.before))
            assert move.sentence.startswith(f"{move.travel}: ")
            assert move.sentence.endswith(".")


@settings(max_examples=200, deadline=None)
@given(st.integers(-500, 500), WHOLE, WHOLE)
def test_near_its_target_only_the_distance_counts(target: int, before: Decimal, now: Decimal) -> None:
    """Mirrored at the target, a value moves in the same direction; it is never merely increasing or decreasing."""
    kpi = replace(kpi_of("near", Unit.COUNT, 0), goals=(Goal("2021-22", target=target),))
    policy = banded(5.0, Measure.POINTS)
    way = travel(kpi, policy, before, now)
    assert way is travel(kpi, policy, before, 2 * target - now)
    assert way in (Travel.IMPROVING, Travel.WORSENING, Travel.NO_CHANGE)
    assert kpi.polarity is Polarity.NEAR
