"""A KPI's rule in words: the limits that are named are the last values that still count."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.figures import places
from sendkpi_xl.model import Goal, Profile, Sign, Unit
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.rating import rate, standard_for
from sendkpi_xl.reading import Rag
from sendkpi_xl.rule_words import reach_of, rule_words, steady_words, tolerance_words
from tests.rating_cases import YEAR, goal_of, kpi_of, lines, written

RULES = """
    better  | like     | target   | words
    lower   | £/1      | £/16,483 | Green up to £16,647, amber up to £17,307, red beyond.
    higher  | 1%       | 80%      | Green from 80%, amber from 70%, red below.
    higher  | 1.0%     | 80%      | Green from 79.5%, amber from 70.0%, red below.
    near    | 1        | 1,558    | Green from 1,481 to 1,635, amber from 1,169 to 1,947, red outside.
    near    | 1        | 1        | Green from 1 to 1, red outside.
    lower   | 1.0%     | <5%      | Green up to 5.4%, amber up to 14.9%, red beyond.
    lower   | 1%       | <5%      | Green up to 5%, amber up to 14%, red beyond.
    higher  | 1%       | >90%     | Green from 90%, amber from 81%, red below.
    higher  | 1        | >200     | Green from 191, amber from 151, red below.
    lower   | £1       | £0       | Green up to £0, red beyond.
    higher  | £1       | £0       | Green from £0, red below.
    higher  | £1       | -£1,000  | Green from -£1,010, amber from -£1,050, red below.
    near    | 1        | 0.5      | Every value is red.
    near    | £1       | £0       | Green from £0 to £0, red outside.
    near    | 1        | 4.4      | Amber from 4 to 5, red outside.
    context | 1        | 42       | Not rated: shown for context only.
    higher  | 1        | none     | Not rated: no target is set.
    """


@pytest.mark.parametrize("line", lines(RULES), ids=" ".join)
def test_rule_in_words(line: tuple[str, ...]) -> None:
    """Green, amber and red by polarity, sign and unit, with limits that cannot be reached left out."""
    better, like, target, words = line
    _, unit, decimals = written(like)
    kpi = kpi_of(better, unit, decimals)
    assert rule_words(kpi, standard_for(kpi, goal_of(target), DEFAULT_POLICY, 1)) == words


def test_small_samples_are_named() -> None:
    """A survey's answers, and another measure's cases, under which everything is amber."""
    survey = kpi_of("higher", Unit.PERCENT, 0, survey=True)
    cases = kpi_of("higher", Unit.PERCENT, 0, smallest_sample=10)
    said = [rule_words(kpi, standard_for(kpi, goal_of("80%"), DEFAULT_POLICY, 1)) for kpi in (survey, cases)]
    assert said == [
        "Green from 80%, amber from 70%, red below. Under 30 answers: amber.",
        "Green from 80%, amber from 70%, red below. Under 10 cases: amber.",
    ]


def test_a_baseline_that_is_no_red_yet_is_named() -> None:
    """Where the baseline alone would be red, it is said to be amber; where it would not, and later, nothing is said."""
    kpi = kpi_of("lower", Unit.PERCENT, 0, profile=Profile.ANNUAL)
    red, amber = Goal(YEAR, baseline=0.2, target=0.05), Goal(YEAR, baseline=0.06, target=0.05)
    held = [(red, 1), (amber, 1), (red, 4)]
    assert [rule_words(kpi, standard_for(kpi, goal, DEFAULT_POLICY, quarter)) for goal, quarter in held] == [
        "Green up to 5%, amber up to 15%, red beyond. Still at the baseline of 20%: amber.",
        "Green up to 5%, amber up to 15%, red beyond.",
        "Green up to 5%, amber up to 15%, red beyond.",
    ]


def test_tolerances_in_words() -> None:
    """How far a unit's values may move and be no change, beside how far they may miss their target."""
    said = {unit.value: steady_words(DEFAULT_POLICY.tolerances[unit]) for unit in Unit}
    assert said == {
        "count": "5% of the earlier value",
        "%": "0.5 points",
        "£": "1% of the earlier value",
        "average £": "1% of the earlier value",
        "weeks": "5% of the earlier value",
    }
    half = replace(DEFAULT_POLICY.tolerances[Unit.PERCENT], green=0.0025)
    assert tolerance_words(half) == "green within 0.25 points, amber within 10 points"


@given(
    st.sampled_from(("higher", "lower", "near")),
    st.sampled_from(Unit),
    st.integers(0, 2),
    st.integers(-2000, 2000),
    st.sampled_from(Sign),
)
def test_the_limits_are_the_last_values_that_count(
    better: str, unit: Unit, decimals: int, hundredths: int, sign: Sign
) -> None:
    """The value at the end of a reach has its letter, and the next one outwards has not."""
    kpi = kpi_of(better, unit, decimals)
    goal = Goal(YEAR, target=hundredths / 100, target_sign=sign)
    standard = standard_for(kpi, goal, DEFAULT_POLICY, 1)
    step = Decimal(1).scaleb(-places(unit, decimals))
    for distance, letters in ((standard.green, {Rag.GREEN}), (standard.amber, {Rag.GREEN, Rag.AMBER})):
        reach = reach_of(kpi, standard, distance)
        if reach.low > reach.high:
            continue
        ends = {"higher": [(reach.low, -step)], "lower": [(reach.high, step)]}
        for end, outwards in ends.get(better, [(reach.low, -step), (reach.high, step)]):
            assert rate(kpi, standard, float(end), None).rag in letters
            assert rate(kpi, standard, float(end + outwards), None).rag not in letters
