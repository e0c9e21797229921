"""The rating rules in Python: letters and whole sentences, case by case, and what holds for all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.board_notes import board_notes
from sendkpi_xl.figures import exact, rounded
from sendkpi_xl.gathered import Gathered
from sendkpi_xl.model import Catalogue, Goal, Kpi, Measure, Polarity, Policy, Profile, Settings, Sign, Tolerance, Unit
from sendkpi_xl.moderated import Moderation
from sendkpi_xl.period import Period
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.quarter import Board
from sendkpi_xl.rating import (
    figure_fully,
    miss_of,
    rate,
    shown_decimals,
    standard_for,
    target_decimals,
    target_words,
    tolerance_for,
)
from sendkpi_xl.reading import Rag, Rating
from sendkpi_xl.rule_words import tolerance_words
from tests.rating_cases import LETTERS, YEAR, goal_of, kpi_of, lines, written

# Green and amber reach 5 % and 25 % for counts and weeks, 1 % and 5 % for money and averages, 0.5 and 10 points for
# percentages.

IN_THE_TABLE = """
    better  | target   | value    | letter | sentence
    higher  | 200      | 201      | G | Green: 201 is above the target of 200, the right side of it.
    higher  | 200      | 200      | G | Green: 200 is exactly the target of 200.
    higher  | 200      | 190      | G | Green: 190 is 5.0% below the target of 200; green up to 5%.
    higher  | 200      | 189      | A | Amber: 189 is 5.5% below the target of 200; amber up to 25%.
    higher  | 200      | 150      | A | Amber: 150 is 25.0% below the target of 200; amber up to 25%.
    higher  | 200      | 149      | R | Red: 149 is 25.5% below the target of 200; amber ends at 25%.
    lower   | 200      | 199      | G | Green: 199 is below the target of 200, the right side of it.
    lower   | 200      | 200      | G | Green: 200 is exactly the target of 200.
    lower   | 200      | 210      | G | Green: 210 is 5.0% above the target of 200; green up to 5%.
    lower   | 200      | 211      | A | Amber: 211 is 5.5% above the target of 200; amber up to 25%.
    lower   | 200      | 250      | A | Amber: 250 is 25.0% above the target of 200; amber up to 25%.
    lower   | 200      | 251      | R | Red: 251 is 25.5% above the target of 200; amber ends at 25%.
    near    | 200      | 200      | G | Green: 200 is exactly the target of 200.
    near    | 200      | 210      | G | Green: 210 is 5.0% above the target of 200; green up to 5% on either side.
    near    | 200      | 190      | G | Green: 190 is 5.0% below the target of 200; green up to 5% on either side.
    near    | 200      | 211      | A | Amber: 211 is 5.5% above the target of 200; amber up to 25% on either side.
    near    | 200      | 189      | A | Amber: 189 is 5.5% below the target of 200; amber up to 25% on either side.
    near    | 200      | 250      | A | Amber: 250 is 25.0% above the target of 200; amber up to 25% on either side.
    near    | 200      | 150      | A | Amber: 150 is 25.0% below the target of 200; amber up to 25% on either side.
    near    | 200      | 251      | R | Red: 251 is 25.5% above the target of 200; amber ends at 25% on either side.
    near    | 200      | 149      | R | Red: 149 is 25.5% below the target of 200; amber ends at 25% on either side.
    context | 200      | 200      | - | Not rated: shown for context only.
    context | none     | 200      | - | Not rated: shown for context only.
    higher  | 80%      | 80.1%    | G | Green: 80.1% is above the target of 80%, the right side of it.
    higher  | 80%      | 80.0%    | G | Green: 80.0% is exactly the target of 80%.
    higher  | 80%      | 79.5%    | G | Green: 79.5% is 0.5 points below the target of 80%; green up to 0.5 points.
    higher  | 80%      | 79.4%    | A | Amber: 79.4% is 0.6 points below the target of 80%; amber up to 10 points.
    higher  | 80%      | 70.0%    | A | Amber: 70.0% is 10.0 points below the target of 80%; amber up to 10 points.
    higher  | 80%      | 69.9%    | R | Red: 69.9% is 10.1 points below the target of 80%; amber ends at 10 points.
    lower   | 20%      | 19.9%    | G | Green: 19.9% is below the target of 20%, the right side of it.
    lower   | 20%      | 20.5%    | G | Green: 20.5% is 0.5 points above the target of 20%; green up to 0.5 points.
    lower   | 20%      | 20.6%    | A | Amber: 20.6% is 0.6 points above the target of 20%; amber up to 10 points.
    lower   | 20%      | 30.0%    | A | Amber: 30.0% is 10.0 points above the target of 20%; amber up to 10 points.
    lower   | 20%      | 30.1%    | R | Red: 30.1% is 10.1 points above the target of 20%; amber ends at 10 points.
    near    | 20%      | 19.5%    | G | Green: 19.5% is 0.5 points below the target of 20%; green up to 0.5 points on either side.
    near    | 20%      | 19.4%    | A | Amber: 19.4% is 0.6 points below the target of 20%; amber up to 10 points on either side.
    near    | 20%      | 30.1%    | R | Red: 30.1% is 10.1 points above the target of 20%; amber ends at 10 points on either side.
    lower   | £33,313  | £33,646  | G | Green: £33,646 is 0.9996% above the target of £33,313; green up to 1%.
    lower   | £33,313  | £33,647  | A | Amber: £33,647 is 1.003% above the target of £33,313; amber up to 5%.
    lower   | £/16,483 | £/16,880 | A | Amber: £16,880 is 2.4% above the target of £16,483; amber up to 5%.
    lower   | £/27,473 | £/30,040 | R | Red: £30,040 is 9.3% above the target of £27,473; amber ends at 5%.
    lower   | 18 weeks | 19 weeks | A | Amber: 19 weeks is 5.6% above the target of 18 weeks; amber up to 25%.
    """  # noqa: E501

STRICT = """
    better  | target   | value    | letter | sentence
    lower   | <5%      | 4.9%     | G | Green: 4.9% is below the target of under 5%, the right side of it.
    lower   | <5%      | 5.0%     | G | Green: 5.0% is not under the target of under 5%; green under 0.5 points.
    lower   | <5%      | 5.4%     | G | Green: 5.4% is 0.4 points above the target of under 5%; green under 0.5 points.
    lower   | <5%      | 5.5%     | A | Amber: 5.5% is 0.5 points above the target of under 5%; amber under 10 points.
    lower   | <5%      | 14.9%    | A | Amber: 14.9% is 9.9 points above the target of under 5%; amber under 10 points.
    lower   | <5%      | 15.0%    | R | Red: 15.0% is 10.0 points above the target of under 5%; red from 10 points.
    lower   | <5%      | 15.1%    | R | Red: 15.1% is 10.1 points above the target of under 5%; red from 10 points.
    higher  | >90%     | 90.1%    | G | Green: 90.1% is above the target of over 90%, the right side of it.
    higher  | >90%     | 90.0%    | G | Green: 90.0% is not over the target of over 90%; green under 0.5 points.
    higher  | >90%     | 89.5%    | A | Amber: 89.5% is 0.5 points below the target of over 90%; amber under 10 points.
    higher  | >90%     | 80.0%    | R | Red: 80.0% is 10.0 points below the target of over 90%; red from 10 points.
    lower   | <200     | 209      | G | Green: 209 is 4.5% above the target of under 200; green under 5%.
    lower   | <200     | 210      | A | Amber: 210 is 5.0% above the target of under 200; amber under 25%.
    lower   | <200     | 250      | R | Red: 250 is 25.0% above the target of under 200; red from 25%.
    """

ZERO_AND_NEGATIVE = """
    better  | target   | value    | letter | sentence
    lower   | £0       | -£1      | G | Green: -£1 is below the target of £0, the right side of it.
    lower   | £0       | £0       | G | Green: £0 is exactly the target of £0.
    lower   | £0       | £1       | R | Red: £1 is £1 above the target of £0; amber ends at £0.
    near    | £0       | -£1      | R | Red: -£1 is £1 below the target of £0; amber ends at £0 on either side.
    lower   | <£0      | £0       | R | Red: £0 is not under the target of under £0; red from £0.
    lower   | 0%       | 0.5%     | G | Green: 0.5% is 0.5 points above the target of 0%; green up to 0.5 points.
    lower   | 0%       | 0.6%     | A | Amber: 0.6% is 0.6 points above the target of 0%; amber up to 10 points.
    higher  | -22.76%  | -22.33%  | G | Green: -22.33% is above the target of -22.76%, the right side of it.
    higher  | -22.76%  | -22.76%  | G | Green: -22.76% is exactly the target of -22.76%.
    higher  | -22.76%  | -23.26%  | G | Green: -23.26% is 0.5 points below the target of -22.76%; green up to 0.5 points.
    higher  | -22.76%  | -23.27%  | A | Amber: -23.27% is 0.51 points below the target of -22.76%; amber up to 10 points.
    higher  | -22.76%  | -32.77%  | R | Red: -32.77% is 10.01 points below the target of -22.76%; amber ends at 10 points.
    lower   | -£1,000  | -£1,001  | G | Green: -£1,001 is below the target of -£1,000, the right side of it.
    lower   | -£1,000  | -£990    | G | Green: -£990 is 1.0% above the target of -£1,000; green up to 1%.
    lower   | -£1,000  | -£989    | A | Amber: -£989 is 1.1% above the target of -£1,000; amber up to 5%.
    lower   | -£1,000  | -£949    | R | Red: -£949 is 5.1% above the target of -£1,000; amber ends at 5%.
    """  # noqa: E501


def rated(kpi: Kpi, goal: Goal, value: float | None, denominator: float | None = None, quarter: int = 1) -> Rating:
    """The rating by the default policy."""
    return rate(kpi, standard_for(kpi, goal, DEFAULT_POLICY, quarter), value, denominator)


@pytest.mark.parametrize("line", lines(IN_THE_TABLE) + lines(STRICT) + lines(ZERO_AND_NEGATIVE), ids=" ".join)
def test_each_threshold(line: tuple[str, ...]) -> None:
    """At, just inside and just outside each limit, the letter and every word of the sentence are as drawn."""
    better, target, value, letter, sentence = line
    number, unit, decimals = written(value)
    assert rated(kpi_of(better, unit, decimals), goal_of(target), number) == Rating(LETTERS[letter], sentence)


QUARTERS = """
    better | profile      | target | quarter | value | letter | sentence
    lower  | year-to-date | 175    | 1 | 45  | G | Green: 45 is 2.9% above 43.75, the quarter's share (25%) of the year's target of 175; green up to 5%.
    lower  | year-to-date | 175    | 1 | 46  | A | Amber: 46 is 5.1% above 43.75, the quarter's share (25%) of the year's target of 175; amber up to 25%.
    lower  | year-to-date | 175    | 1 | 55  | R | Red: 55 is 25.7% above 43.75, the quarter's share (25%) of the year's target of 175; amber ends at 25%.
    lower  | year-to-date | 175    | 2 | 87  | G | Green: 87 is below 87.5, the quarter's share (50%) of the year's target of 175, the right side of it.
    lower  | year-to-date | 175    | 3 | 150 | A | Amber: 150 is 14.3% above 131.25, the quarter's share (75%) of the year's target of 175; amber up to 25%.
    lower  | year-to-date | 175    | 4 | 175 | G | Green: 175 is exactly the target of 175.
    higher | year-to-date | 74     | 1 | 14  | A | Amber: 14 is 24.3% below 18.5, the quarter's share (25%) of the year's target of 74; amber up to 25%.
    higher | year-to-date | 200    | 1 | 50  | G | Green: 50 is exactly 50, the quarter's share (25%) of the year's target of 200.
    lower  | year-to-date | <10    | 1 | 3   | A | Amber: 3 is 20.0% above 2.5, the quarter's share (25%) of the year's target of under 10; amber under 25%.
    lower  | snapshot     | 175    | 1 | 175 | G | Green: 175 is exactly the target of 175.
    higher | annual       | 42     | 1 | 42  | G | Green: 42 is exactly the target of 42.
    higher | annual       | 42     | 4 | 31  | R | Red: 31 is 26.2% below the target of 42; amber ends at 25%.
    higher | annual       | 42     | 1 | 31  | R | Red: 31 is 26.2% below the target of 42; amber ends at 25%.
    """  # noqa: E501


@pytest.mark.parametrize("line", lines(QUARTERS), ids=" ".join)
def test_share_of_the_year(line: tuple[str, ...]) -> None:
    """A year-to-date value is held against the quarter's share of the year's target, any other against the whole."""
    better, profile, target, quarter, value, letter, sentence = line
    number, unit, decimals = written(value)
    kpi = kpi_of(better, unit, decimals, profile=Profile(profile))
    rating = rated(kpi, goal_of(target), number, quarter=int(quarter))
    assert rating == Rating(LETTERS[letter], sentence)


SAMPLES = """
    kind   | own | answers | value | target | letter | sentence
    survey |     | 29      | 100%  | 80%    | A | Amber: 29 answers are too few to judge by; a value counts from 30.
    survey |     | 29      | 0%    | 80%    | A | Amber: 29 answers are too few to judge by; a value counts from 30.
    survey |     | 1       | 0%    | 80%    | A | Amber: 1 answer is too few to judge by; a value counts from 30.
    survey |     | 0       | 0%    | 80%    | A | Amber: 0 answers are too few to judge by; a value counts from 30.
    survey |     | 30      | 100%  | 80%    | G | Green: 100% is above the target of 80%, the right side of it.
    survey |     | 30      | 0%    | 80%    | R | Red: 0% is 80.0 points below the target of 80%; amber ends at 10 points.
    survey |     | unknown | 0%    | 80%    | R | Red: 0% is 80.0 points below the target of 80%; amber ends at 10 points.
    survey |     | 29      | 38%   | none   | A | Amber: 29 answers are too few to judge by; a value counts from 30.
    survey |     | 30      | 38%   | none   | - | Not rated: no target is set.
    survey |     | unknown | 38%   | none   | - | Not rated: no target is set.
    survey |     | 29      | none  | 80%    | - | Not rated: no value was reported.
    survey | 10  | 29      | 0%    | 80%    | R | Red: 0% is 80.0 points below the target of 80%; amber ends at 10 points.
    survey | 10  | 9       | 100%  | 80%    | A | Amber: 9 answers are too few to judge by; a value counts from 10.
    cases  |     | 1       | 0%    | 80%    | R | Red: 0% is 80.0 points below the target of 80%; amber ends at 10 points.
    cases  | 10  | 9       | 100%  | 80%    | A | Amber: 9 cases are too few to judge by; a value counts from 10.
    cases  | 10  | 1       | 100%  | none   | A | Amber: 1 case is too few to judge by; a value counts from 10.
    cases  | 10  | 10      | 100%  | 80%    | G | Green: 100% is above the target of 80%, the right side of it.
    cases  | 10  | unknown | 100%  | 80%    | G | Green: 100% is above the target of 80%, the right side of it.
    cases  | 0   | 0       | 100%  | 80%    | G | Green: 100% is above the target of 80%, the right side of it.
    cases  |     | unknown | none  | none   | - | Not rated: no value was reported.
    """  # noqa: E501


@pytest.mark.parametrize("line", lines(SAMPLES), ids=" ".join)
def test_small_samples(line: tuple[str, ...]) -> None:
    """Too few answers are amber whatever they say; with enough of them, or an unknown number, the target decides."""
    kind, own, answers, value, target, letter, sentence = line
    kpi = kpi_of("higher", Unit.PERCENT, 0, survey=kind == "survey", smallest_sample=int(own) if own else None)
    number = None if value == "none" else written(value)[0]
    rating = rated(kpi, goal_of(target), number, None if answers == "unknown" else float(answers))
    assert rating == Rating(LETTERS[letter], sentence)


def test_context_comes_before_small_samples() -> None:
    """A KPI for context is not rated, however few its answers are."""
    kpi = kpi_of("context", Unit.PERCENT, 0, survey=True)
    assert rated(kpi, goal_of("80%"), 0.5, 3) == Rating(None, "Not rated: shown for context only.")


OWN_LIMITS = """
    green | amber | target | value  | letter | sentence
          |       | 20%    | 20.60% | A | Amber: 20.60% is 0.6 points above the target of 20%; amber up to 10 points.
    0.01  |       | 20%    | 20.60% | G | Green: 20.60% is 0.6 points above the target of 20%; green up to 1 points.
          | 0.005 | 20%    | 20.60% | R | Red: 20.60% is 0.6 points above the target of 20%; amber ends at 0.5 points.
    0     | 0     | 20%    | 20.00% | G | Green: 20.00% is exactly the target of 20%.
    0     | 0     | 20%    | 20.01% | R | Red: 20.01% is 0.01 points above the target of 20%; amber ends at 0 points.
    0     |       | <20%   | 20.00% | A | Amber: 20.00% is not under the target of under 20%; amber under 10 points.
    0.0025| 0.0033| 20%    | 20.24% | G | Green: 20.24% is 0.2 points above the target of 20%; green up to 0.25 points.
    0.0025| 0.0033| 20%    | 20.25% | G | Green: 20.25% is 0.25 points above the target of 20%; green up to 0.25 points.
    0.0025| 0.0033| 20%    | 20.26% | A | Amber: 20.26% is 0.3 points above the target of 20%; amber up to 0.33 points.
    0.0025| 0.0033| 20%    | 20.33% | A | Amber: 20.33% is 0.33 points above the target of 20%; amber up to 0.33 points.
    0.0025| 0.0033| 20%    | 20.34% | R | Red: 20.34% is 0.34 points above the target of 20%; amber ends at 0.33 points.
          |       | 200    | 220    | A | Amber: 220 is 10.0% above the target of 200; amber up to 25%.
    0.10  |       | 200    | 220    | G | Green: 220 is 10.0% above the target of 200; green up to 10%.
          | 0.08  | 200    | 220    | R | Red: 220 is 10.0% above the target of 200; amber ends at 8%.
    """


@pytest.mark.parametrize("line", lines(OWN_LIMITS), ids=" ".join)
def test_own_limits(line: tuple[str, ...]) -> None:
    """A KPI's own limits replace its unit's, in the unit's measure, and the gap is given as exactly as they need."""
    green, amber, target, value, letter, sentence = line
    number, unit, decimals = written(value)
    own = [float(limit) if limit else None for limit in (green, amber)]
    kpi = kpi_of("lower", unit, decimals, green_within=own[0], amber_within=own[1])
    assert rated(kpi, goal_of(target), number) == Rating(LETTERS[letter], sentence)


HALVES = """
    target | decimals of | stored              | letter | sentence
    3      | 1           | 2.5                 | G | Green: 3 is exactly the target of 3.
    -3     | 1           | -2.5                | G | Green: -3 is exactly the target of -3.
    3      | 1           | 2.4999999999999996  | G | Green: 3 is exactly the target of 3.
    3      | 1           | 2.49999999999999    | R | Red: 2 is 33.3% below the target of 3; amber ends at 25%.
    £0.13  | £0.01       | 0.125               | G | Green: £0.13 is exactly the target of £0.13.
    £1.01  | £0.01       | 1.005               | G | Green: £1.01 is exactly the target of £1.01.
    34.47% | 1.00%       | 0.34465             | G | Green: 34.47% is exactly the target of 34.47%.
    30%    | 1%          | 0.30000000000000004 | G | Green: 30% is exactly the target of 30%.
    80%    | 1%          | 0.795               | G | Green: 80% is exactly the target of 80%.
    80%    | 1%          | 0.7949999           | A | Amber: 79% is 1.0 points below the target of 80%; amber up to 10 points.
    """  # noqa: E501


@pytest.mark.parametrize("line", lines(HALVES), ids=" ".join)
def test_what_is_shown_is_rated(line: tuple[str, ...]) -> None:
    """A value is rounded to what is shown, half away from zero, where Python's own round goes to the even digit."""
    target, like, stored, letter, sentence = line
    _, unit, decimals = written(like)
    kpi = kpi_of("higher", unit, decimals if like != "1" else 0)
    assert rated(kpi, goal_of(target), float(stored)) == Rating(LETTERS[letter], sentence)


FAR_AND_NEAR = """
    target      | value       | letter | sentence
    £31,791,000 | £31,791,001 | G | Green: £31,791,001 is 0.000003% above the target of £31,791,000; green up to 1%.
    £31,791,000 | £32,108,910 | G | Green: £32,108,910 is 1.0% above the target of £31,791,000; green up to 1%.
    £31,791,000 | £32,108,911 | A | Amber: £32,108,911 is 1.000003% above the target of £31,791,000; amber up to 5%.
    £31,791,000 | £33,380,551 | R | Red: £33,380,551 is 5.000003% above the target of £31,791,000; amber ends at 5%.
    £5,000,000,000 | £5,000,000,001 | G | Green: £5,000,000,001 is 0.00000002% above the target of £5,000,000,000; green up to 1%.
    7           | 700,000     | R | Red: 700,000 is 9999900.0% above the target of 7; amber ends at 25%.
    """  # noqa: E501


@pytest.mark.parametrize("line", lines(FAR_AND_NEAR), ids=" ".join)
def test_gap_has_the_digits_that_it_needs(line: tuple[str, ...]) -> None:
    """A gap is never shown as nothing, nor as the limit that it just missed."""
    target, value, letter, sentence = line
    number, unit, decimals = written(value)
    assert rated(kpi_of("lower", unit, decimals), goal_of(target), number) == Rating(LETTERS[letter], sentence)


NOT_MOVED = """
    better | profile  | quarter | baseline | target | value | letter | sentence
    lower  | annual   | 1 | 20%   | <5% | 20.0% | A | Amber: 20.0% is still the baseline, red against the target of under 5%, but no new figure is due yet of this annual measure.
    lower  | annual   | 3 | 20%   | <5% | 20.0% | A | Amber: 20.0% is still the baseline, red against the target of under 5%, but no new figure is due yet of this annual measure.
    lower  | annual   | 4 | 20%   | <5% | 20.0% | R | Red: 20.0% is 15.0 points above the target of under 5%; red from 10 points.
    lower  | termly   | 1 | 20%   | 5%  | 20.0% | A | Amber: 20.0% is still the baseline, red against the target of 5%, but no new figure is due yet of this termly measure.
    lower  | termly   | 2 | 20%   | 5%  | 20.0% | R | Red: 20.0% is 15.0 points above the target of 5%; amber ends at 10 points.
    lower  | snapshot | 1 | 20%   | 5%  | 20.0% | R | Red: 20.0% is 15.0 points above the target of 5%; amber ends at 10 points.
    lower  | annual   | 1 | 20%   | 5%  | 20.1% | R | Red: 20.1% is 15.1 points above the target of 5%; amber ends at 10 points.
    lower  | annual   | 1 | 20.04% | 5% | 20.0% | A | Amber: 20.0% is still the baseline, red against the target of 5%, but no new figure is due yet of this annual measure.
    lower  | annual   | 1 | none  | 5%  | 20.0% | R | Red: 20.0% is 15.0 points above the target of 5%; amber ends at 10 points.
    lower  | annual   | 1 | 6%    | 5%  | 6.0%  | A | Amber: 6.0% is 1.0 points above the target of 5%; amber up to 10 points.
    lower  | annual   | 1 | 5%    | 5%  | 5.0%  | G | Green: 5.0% is exactly the target of 5%.
    lower  | annual   | 1 | 4%    | 5%  | 4.0%  | G | Green: 4.0% is below the target of 5%, the right side of it.
    lower  | annual   | 1 | 20%   | none | 20.0% | - | Not rated: no target is set.
    higher | annual   | 2 | 0     | 42  | 0     | A | Amber: 0 is still the baseline, red against the target of 42, but no new figure is due yet of this annual measure.
    """  # noqa: E501


@pytest.mark.parametrize("line", lines(NOT_MOVED), ids=" ".join)
def test_measure_that_has_not_moved_yet(line: tuple[str, ...]) -> None:
    """Before its first figure of the year is due, an annual or termly measure at its baseline is amber, never red."""
    better, profile, quarter, baseline, target, value, letter, sentence = line
    number, unit, decimals = written(value)
    kpi = kpi_of(better, unit, decimals, profile=Profile(profile))
    goal = replace(goal_of(target), baseline=None if baseline == "none" else written(baseline)[0])
    assert rated(kpi, goal, number, quarter=int(quarter)) == Rating(LETTERS[letter], sentence)


def test_baseline_of_a_snapshot_plays_no_part() -> None:
    """The same value and target rate the same without a baseline, with one, and with the target itself as baseline."""
    kpi, goal = kpi_of("higher", Unit.COUNT, 0), goal_of("584")
    ratings = {rated(kpi, replace(goal, baseline=baseline), 444) for baseline in (None, 482.0, 584.0, 0.0)}
    assert ratings == {Rating(Rag.AMBER, "Amber: 444 is 24.0% below the target of 584; amber up to 25%.")}


def test_standard_says_what_a_value_is_held_against() -> None:
    """The limits are in the KPI's unit: a share of the quarter's target where they are relative, else points."""
    count = kpi_of("lower", Unit.COUNT, 0, profile=Profile.YEAR_TO_DATE)
    percent = kpi_of("higher", Unit.PERCENT, 2)
    first = standard_for(count, goal_of("175"), DEFAULT_POLICY, 1)
    second = standard_for(percent, goal_of("-22.76%"), DEFAULT_POLICY, 1)
    assert (first.target, first.year_target, first.share) == (Decimal("43.75"), Decimal(175), Decimal("0.25"))
    assert (first.green, first.amber, first.smallest_sample) == (Decimal("2.1875"), Decimal("10.9375"), None)
    assert (second.target, second.green, second.amber) == (Decimal("-0.2276"), Decimal("0.005"), Decimal("0.1"))
    assert not first.strict
    assert standard_for(count, goal_of("<175"), DEFAULT_POLICY, 1).strict


@pytest.mark.parametrize(
    ("target", "within", "share", "quarter_target", "limit"),
    [
        (42.1, 0.05, 0.25, "10.53", "0.5265"),
        (42.0, 1 / 3, 1.0, "42.00", "14"),
        (3.0, 0.00004, 1.0, "3.00", "0.00012"),
        (0.3, 0.0000049, 1.0, "0.30", "0.000001"),
        (0.3, 0.000001, 1.0, "0.30", "0"),
        (-42.015, 0.05, 1 / 3, "-14.01", "0.7005"),
        (42.015, 0.05, 1 / 3, "14.01", "0.7005"),
    ],
)
def test_products_are_rounded_before_they_decide(
    target: float, within: float, share: float, quarter_target: str, limit: str
) -> None:
    """A third of 42 is 14 for whoever rates, fifteen digits or not: four decimals more than the target's count."""
    kpi = replace(kpi_of("higher", Unit.COUNT, 0), green_within=within)
    policy = replace(DEFAULT_POLICY, shares={Profile.SNAPSHOT: (share, 1.0, 1.0, 1.0)})
    standard = standard_for(kpi, Goal(YEAR, target=target), policy, 1)
    assert (str(standard.target), standard.green) == (quarter_target, Decimal(limit))


def test_target_is_held_against_as_it_is_shown() -> None:
    """A target with more decimals than are shown is rounded first: two more than the value's, half away from zero."""
    kpi = kpi_of("lower", Unit.PERCENT, 0, green_within=0.0, amber_within=0.5)
    standard = standard_for(kpi, Goal(YEAR, target=0.3499951), DEFAULT_POLICY, 1)
    assert standard.target == Decimal("0.35")
    assert target_words(kpi, standard) == "the target of 35.00%"
    assert rate(kpi, standard, 0.35, None) == Rating(Rag.GREEN, "Green: 35% is exactly the target of 35.00%.")


TARGETS = """
    decimals | number   | needed | shown
    0        | 175      | 0      | 0
    0        | 43.75    | 2      | 2
    0        | 43.125   | 2      | 2
    1        | 43       | 0      | 1
    1        | 43.125   | 3      | 3
    0        | 1200     | 0      | 0
    """


@pytest.mark.parametrize("line", lines(TARGETS), ids=" ".join)
def test_targets_decimals(line: tuple[str, ...]) -> None:
    """A target has the decimals that it needs, at most two more than the KPI; beside values at least the KPI's."""
    decimals, number, needed, shown = line
    kpi = kpi_of("higher", Unit.COUNT, int(decimals))
    assert (target_decimals(float(number), kpi), shown_decimals(float(number), kpi)) == (int(needed), int(shown))
    assert shown_decimals(None, kpi) == int(decimals)


def test_targets_of_percentages() -> None:
    """A percentage's decimals count behind its own point: 0.1225 is 12.25%."""
    kpi = kpi_of("higher", Unit.PERCENT, 0)
    assert [figure_fully(Decimal(number), kpi) for number in ("0.12", "0.122", "0.1225", "0.12255")] == [
        "12%",
        "12.2%",
        "12.25%",
        "12.26%",
    ]


def test_tolerance_of_a_kpi() -> None:
    """Each limit is the KPI's own where it has one, else its unit's; the measure is always the unit's."""
    plain, own = kpi_of("lower", Unit.WEEKS, 0), kpi_of("lower", Unit.WEEKS, 0, green_within=0.0)
    assert tolerance_for(plain, DEFAULT_POLICY) == Tolerance(0.05, 0.25, Measure.RELATIVE, 0.05)
    assert tolerance_for(own, DEFAULT_POLICY) == Tolerance(0.0, 0.25, Measure.RELATIVE, 0.05)


# --- What holds for all values


def decimals_up_to(places: int, most: int) -> st.SearchStrategy[float]:
    """Numbers of so many decimals, as a cell holds them; small ones are the likelier."""
    step = 10**places
    sizes = [most * step, 200 * step, 5 * step]
    return st.one_of([st.integers(-size, size).map(lambda number: number / step) for size in sizes])


@st.composite
def kpis(draw: st.DrawFn, better: tuple[str, ...] = ("higher", "lower", "near", "context")) -> Kpi:
    """KPIs of every kind, with limits of their own now and then."""
    limits = st.sampled_from([0.0, 0.0025, 0.005, 0.01, 0.0333, 0.05, 0.1, 0.125, 0.25])
    green, amber = sorted((draw(limits), draw(limits)))
    own = draw(st.booleans())
    return kpi_of(
        draw(st.sampled_from(better)),
        draw(st.sampled_from(Unit)),
        draw(st.integers(0, 3)),
        profile=draw(st.sampled_from(Profile)),
        survey=draw(st.booleans()),
        smallest_sample=draw(st.none() | st.integers(0, 40)),
        green_within=green if own else None,
        amber_within=amber if own else None,
    )


NUMBERS = decimals_up_to(5, 40_000_000)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
GOALS = st.builds(Goal, st.just(YEAR), target=st.none() | NUMBERS, target_sign=st.sampled_from(Sign))
SET_GOALS = GOALS.filter(lambda goal: goal.target is not None)
DENOMINATORS = st.none() | st.integers(0, 60).map(float)
ORDER = {Rag.GREEN: 0, Rag.AMBER: 1, Rag.RED: 2}
QUARTER = st.integers(1, 4)


@settings(max_examples=300, deadline=None)
@given(kpis(), GOALS, st.none() | FINITE, st.none() | FINITE, QUARTER)
def test_any_finite_value_is_rated(
    kpi: Kpi, goal: Goal, value: float | None, denominator: float | None, quarter: int
) -> None:
    """No finite value fails; the sentence begins with the letter's word, and says so where there is no rating."""
    rating = rated(kpi, goal, value, denominator, quarter)
    start = f"{rating.rag.word}: " if rating.rag else "Not rated: "
    assert rating.sentence.startswith(start)
    assert rating.sentence.endswith(".")


@settings(max_examples=100, deadline=None)
@given(kpis(), st.builds(Goal, st.just(YEAR), target=FINITE, target_sign=st.sampled_from(Sign)), FINITE, QUARTER)
def test_any_finite_target_can_be_held_against(kpi: Kpi, goal: Goal, value: float, quarter: int) -> None:
    """No finite target fails, however large or small beside the value."""
    assert (rated(kpi, goal, value, None, quarter).rag is None) == (kpi.polarity is Polarity.CONTEXT)


@settings(max_examples=300, deadline=None)
@given(kpis(), GOALS, st.none() | NUMBERS, DENOMINATORS, QUARTER)
def test_no_rating_without_value_or_target(
    kpi: Kpi, goal: Goal, value: float | None, denominator: float | None, quarter: int
) -> None:
    """There is no rating where there is no value, for context, or without a target; too few answers need no target."""
    sample = standard_for(kpi, goal, DEFAULT_POLICY, quarter).smallest_sample
    few = sample is not None and denominator is not None and denominator < sample
    unrated = value is None or kpi.polarity is Polarity.CONTEXT or (goal.target is None and not few)
    assert (rated(kpi, goal, value, denominator, quarter).rag is None) == unrated


@settings(max_examples=300, deadline=None)
@given(kpis(), GOALS, NUMBERS, DENOMINATORS, QUARTER)
def test_only_the_rounded_value_counts(
    kpi: Kpi, goal: Goal, value: float, denominator: float | None, quarter: int
) -> None:
    """A value and what is shown of it have the same rating, in the same words."""
    shown = float(rounded(value, kpi.unit, kpi.decimals))
    assert rated(kpi, goal, value, denominator, quarter) == rated(kpi, goal, shown, denominator, quarter)


@settings(max_examples=300, deadline=None)
@given(kpis(("higher", "lower")), SET_GOALS, NUMBERS, NUMBERS, QUARTER)
def test_better_never_rates_worse(kpi: Kpi, goal: Goal, one: float, other: float, quarter: int) -> None:
    """Of two values the better one, by the KPI's polarity, never has the worse letter."""
    worse, better = sorted((one, other), reverse=kpi.polarity is Polarity.LOWER)
    first, second = rated(kpi, goal, worse, None, quarter).rag, rated(kpi, goal, better, None, quarter).rag
    assert first is not None
    assert second is not None
    assert ORDER[second] <= ORDER[first]


@settings(max_examples=300, deadline=None)
@given(kpis(("near",)), st.integers(-5000, 5000), st.integers(0, 5000))
def test_near_is_symmetric(kpi: Kpi, target: int, distance: int) -> None:
    """As far above the target as below it, the letter is the same."""
    step = 10 ** (kpi.decimals + (2 if kpi.unit is Unit.PERCENT else 0))
    goal = Goal(YEAR, target=target / step)
    snapshot = replace(kpi, profile=Profile.SNAPSHOT)
    above = rated(snapshot, goal, (target + distance) / step)
    assert above.rag == rated(snapshot, goal, (target - distance) / step).rag


GAP = re.compile(
    r" is ([0-9.]+)(?:%| points) (?:above|below) .*; (green|amber|red) (up to|under|ends at|from) ([0-9.]+)"
)


@settings(max_examples=500, deadline=None)
@given(kpis(("higher", "lower", "near")), SET_GOALS, st.integers(-40, 40), QUARTER, st.data())
def test_sentence_never_contradicts_its_letter(
    kpi: Kpi, goal: Goal, steps: int, quarter: int, data: st.DataObject
) -> None:
    """The gap as printed is within the limit as printed exactly where the letter says so, and is never printed as 0."""
    standard = standard_for(kpi, goal, DEFAULT_POLICY, quarter)
    assert standard.target is not None
    limit = data.draw(st.sampled_from([standard.green, standard.amber, Decimal(0)]))
    side = data.draw(st.sampled_from([1, -1]))
    step = Decimal(1).scaleb(-kpi.decimals - (2 if kpi.unit is Unit.PERCENT else 0))
    rating = rate(kpi, standard, float(standard.target + side * limit + steps * step), None)
    found = GAP.search(rating.sentence)
    if found is None:
        assert rating.rag is Rag.GREEN or standard.target == 0 or " is not " in rating.sentence, rating.sentence
        return
    gap, reach = Decimal(found[1]), Decimal(found[4])
    within = gap < reach if found[3] in ("under", "from") else gap <= reach
    assert gap > 0, rating.sentence
    assert within is (rating.rag is not Rag.RED), rating.sentence


@settings(max_examples=300, deadline=None)
@given(kpis(("higher", "lower", "near")), SET_GOALS, NUMBERS, QUARTER)
def test_letter_follows_the_declared_standard(kpi: Kpi, goal: Goal, value: float, quarter: int) -> None:
    """Letter and limits agree with a reckoning of their own, in exact decimals, from the policy's numbers."""
    standard = standard_for(kpi, goal, DEFAULT_POLICY, quarter)
    assert standard.target is not None
    miss = miss_of(kpi.polarity, rounded(value, kpi.unit, kpi.decimals), standard.target)
    tolerance = tolerance_for(kpi, DEFAULT_POLICY)
    scale = abs(standard.target) if kpi.unit is not Unit.PERCENT else Decimal(1)
    reach = [exact(limit) * scale for limit in (tolerance.green, tolerance.amber)]
    beyond = sum(miss > limit or (standard.strict and miss == limit) for limit in reach)
    assert rated(kpi, goal, value, None, quarter).rag is (Rag.GREEN, Rag.AMBER, Rag.RED)[beyond]


# --- The policy in words, for the board's notes


def test_tolerances_in_words() -> None:
    """Each unit's tolerance reads as the team would say it."""
    assert {unit.value: tolerance_words(DEFAULT_POLICY.tolerances[unit]) for unit in Unit} == {
        "count": "green within 5% of the target, amber within 25% of the target",
        "%": "green within 0.5 points, amber within 10 points",
        "£": "green within 1% of the target, amber within 5% of the target",
        "average £": "green within 1% of the target, amber within 5% of the target",
        "weeks": "green within 5% of the target, amber within 25% of the target",
    }


def notes(policy: Policy, quarter: int) -> Mapping[str, str]:
    """The board's notes for a catalogue without KPIs."""
    words = Settings("Anyborough", "SEND plan", "SEND board", "May 2021", "the team", 14)
    period = Period(2021, quarter)
    nothing = Gathered(period, (), (), (), 0)
    return dict(board_notes(Board(Catalogue(words, policy, (), (), ()), period, {period: ()}, nothing, Moderation())))


def test_notes_follow_the_policy() -> None:
    """The numbers in the board's notes are the catalogue's own, for the quarter that is reported."""
    policy = replace(DEFAULT_POLICY, smallest_sample=25)
    said = notes(policy, 3)
    assert said["Year-to-date counts"] == (
        "Held against the quarter's share of the year's target: 75% by this quarter."
    )
    assert said["Small samples"].startswith("A survey with fewer than 25 answers is amber whatever it says")
    assert said["Figures"] == "Quarter 3 2021/22: October to December 2021. KPI list: May 2021."
    assert {about: note for about, note in said.items() if about.startswith("Mark")} == {
        "Mark [z]": "Not applicable. Given for: Not collected this quarter; Reported under another KPI; No cases this "
        "quarter.",
        "Mark [x]": "Not available. Given for: Data not yet available; Other: say why in the comment; Not returned.",
        "Mark [c]": "Confidential (too few to show). Given for: Too few to report safely.",
        "Mark [u]": "Low reliability. Given beside a figure, in the comment, for a survey with fewer answers than the "
        "smallest sample, a measure with fewer cases than its own limit, and where the workstream says so.",
        "Mark [r]": "Revised. Given beside a figure, in the comment, where the workstream says that it has corrected "
        "the figure since it was first reported.",
        "Mark [p]": "Provisional. Given beside a figure, in the comment, where the workstream says that the figure may "
        "still change.",
    }
    assert "Percentages: green within 0.5 points, amber within 10 points" in said["Tolerance"]
