"""The forecast for the year: where it comes from, its rating against the year's target, and whole sentences."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.figures import rounded
from sendkpi_xl.forecast import Basis, Forecast, forecast_for
from sendkpi_xl.model import Goal, Kpi, Polarity, Profile, Unit
from sendkpi_xl.period import Period
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.rating import rate, standard_for
from sendkpi_xl.reading import Rag, Rating, Reading, Status
from tests.rating_cases import LETTERS, YEAR, goal_of, kpi_of, lines, written

# Of a figure that adds up, 25 %, 50 % and 75 % of the year are expected by the end of quarters 1 to 3.

BASES = {
    "lead": Basis.LEAD,
    "run rate": Basis.RUN_RATE,
    "last": Basis.LAST_VALUE,
    "year's end": Basis.YEARS_END,
}

FORECASTS = """
    better  | profile      | target   | quarter | value    | lead's | forecast | basis      | letter | rating | sentence
    higher  | year-to-date | 160      | 1 | 40       | -        | 160      | run rate   | G | 160 is exactly the target of 160. | Forecast Green: 160 at the year's end by the run rate: 40 by the end of Quarter 1 2021/22, when 25% of the year is expected.
    lower   | year-to-date | 175      | 1 | 46       | -        | 184      | run rate   | A | 184 is 5.1% above the target of 175; amber up to 25%. | Forecast Amber: 184 at the year's end by the run rate: 46 by the end of Quarter 1 2021/22, when 25% of the year is expected.
    higher  | year-to-date | 160      | 2 | 40       | -        | 80       | run rate   | R | 80 is 50.0% below the target of 160; amber ends at 25%. | Forecast Red: 80 at the year's end by the run rate: 40 by the end of Quarter 2 2021/22, when 50% of the year is expected.
    higher  | year-to-date | 160      | 3 | 41       | -        | 55       | run rate   | R | 55 is 65.6% below the target of 160; amber ends at 25%. | Forecast Red: 55 at the year's end by the run rate: 41 by the end of Quarter 3 2021/22, when 75% of the year is expected.
    higher  | year-to-date | 160      | 4 | 150      | -        | 150      | year's end | A | 150 is 6.3% below the target of 160; amber up to 25%. | Year's end Amber: 150 at the end of Quarter 4 2021/22.
    higher  | year-to-date | 0        | 1 | 0        | -        | 0        | run rate   | G | 0 is exactly the target of 0. | Forecast Green: 0 at the year's end by the run rate: 0 by the end of Quarter 1 2021/22, when 25% of the year is expected.
    lower   | year-to-date | £1,000   | 1 | -£251    | -        | -£1,004  | run rate   | G | -£1,004 is below the target of £1,000, the right side of it. | Forecast Green: -£1,004 at the year's end by the run rate: -£251 by the end of Quarter 1 2021/22, when 25% of the year is expected.
    near    | year-to-date | 100      | 1 | 24       | -        | 96       | run rate   | G | 96 is 4.0% below the target of 100; green up to 5% on either side. | Forecast Green: 96 at the year's end by the run rate: 24 by the end of Quarter 1 2021/22, when 25% of the year is expected.
    higher  | year-to-date | 160      | 1 | 40       | 150      | 150      | lead       | A | 150 is 6.3% below the target of 160; amber up to 25%. | Forecast Amber: 150 at the year's end by the lead's own forecast.
    higher  | year-to-date | 160      | 4 | 155      | 160      | 160      | lead       | G | 160 is exactly the target of 160. | Forecast Green: 160 at the year's end by the lead's own forecast.
    higher  | year-to-date | 160      | 1 | -        | 150      | 150      | lead       | A | 150 is 6.3% below the target of 160; amber up to 25%. | Forecast Amber: 150 at the year's end by the lead's own forecast.
    higher  | year-to-date | 80%      | 1 | 20%      | -        | 20%      | last       | R | 20% is 60.0 points below the target of 80%; amber ends at 10 points. | Forecast Red: 20% at the year's end if it stays as in Quarter 1 2021/22.
    higher  | snapshot     | 85%      | 2 | 85%      | -        | 85%      | last       | G | 85% is exactly the target of 85%. | Forecast Green: 85% at the year's end if it stays as in Quarter 2 2021/22.
    higher  | snapshot     | 85%      | 4 | 85%      | -        | 85%      | year's end | G | 85% is exactly the target of 85%. | Year's end Green: 85% at the end of Quarter 4 2021/22.
    higher  | snapshot     | 85%      | 2 | 85%      | 0%       | 0%       | lead       | R | 0% is 85.0 points below the target of 85%; amber ends at 10 points. | Forecast Red: 0% at the year's end by the lead's own forecast.
    lower   | annual       | £/16,483 | 3 | £/16,880 | -        | £/16,880 | last       | A | £16,880 is 2.4% above the target of £16,483; amber up to 5%. | Forecast Amber: £16,880 at the year's end if it stays as in Quarter 3 2021/22.
    lower   | termly       | <5%      | 1 | 5%       | -        | 5%       | last       | G | 5% is not under the target of under 5%; green under 0.5 points. | Forecast Green: 5% at the year's end if it stays as in Quarter 1 2021/22.
    """  # noqa: E501


def reading_of(value: str, forecast: str, quarter: int, denominator: float | None = None) -> Reading:
    """A reading with a value and a lead's forecast as they are written; `-` where there is none."""
    number, expected = (None if text == "-" else written(text)[0] for text in (value, forecast))
    status = Status.BLANK if number is None else Status.REPORTED
    period = Period(2021, quarter)
    return Reading("K001", period, status, number, denominator=denominator, forecast=expected)


def forecast_of(kpi: Kpi, reading: Reading) -> Forecast | None:
    """The forecast by the default policy."""
    return forecast_for(kpi, DEFAULT_POLICY, reading.period, reading)


@pytest.mark.parametrize("line", lines(FORECASTS), ids=" ".join)
def test_where_a_forecast_comes_from(line: tuple[str, ...]) -> None:
    """Value, origin, rating against the year's target and every word of the sentence are as drawn."""
    better, profile, target, quarter, value, leads, forecast, basis, letter, because, sentence = line
    number, unit, decimals = written(forecast)
    kpi = replace(kpi_of(better, unit, decimals, profile=Profile(profile)), goals=(goal_of(target),))
    rag = LETTERS[letter]
    assert rag is not None
    assert forecast_of(kpi, reading_of(value, leads, int(quarter))) == Forecast(
        rounded(number, unit, decimals), BASES[basis], Rating(rag, f"{rag.word}: {because}"), f"{sentence} {because}"
    )


UNRATED = """
    better  | target | sentence
    context | 160    | Forecast not rated: 160 at the year's end by the run rate: 40 by the end of Quarter 1 2021/22, when 25% of the year is expected. Shown for context only.
    higher  | none   | Forecast not rated: 160 at the year's end by the run rate: 40 by the end of Quarter 1 2021/22, when 25% of the year is expected. No target is set.
    """  # noqa: E501


@pytest.mark.parametrize("line", lines(UNRATED), ids=" ".join)
def test_forecast_that_is_not_rated(line: tuple[str, ...]) -> None:
    """Without a target, or for context only, there is a forecast and no letter."""
    better, target, sentence = line
    kpi = replace(kpi_of(better, Unit.COUNT, 0, profile=Profile.YEAR_TO_DATE), goals=(goal_of(target),))
    forecast = forecast_of(kpi, reading_of("40", "-", 1))
    assert forecast is not None
    assert (forecast.value, forecast.rating.rag, forecast.sentence) == (Decimal(160), None, sentence)


def test_target_of_another_year_plays_no_part() -> None:
    """The forecast is held against the target of the reading's own year."""
    goals = (Goal("2020-21", target=100.0), Goal("2021-22", target=160.0))
    kpi = replace(kpi_of("higher", Unit.COUNT, 0), goals=goals)
    forecast = forecast_of(kpi, reading_of("100", "-", 2))
    assert forecast is not None
    assert forecast.rating == Rating(Rag.RED, "Red: 100 is 37.5% below the target of 160; amber ends at 25%.")


NONE = """
    profile      | quarter | value | why
    year-to-date | 1       | -     | no value
    snapshot     | 1       | -     | no value
    snapshot     | 4       | -     | no value
    year-to-date | 2       | 40    | nothing of the year is due by then
    """


@pytest.mark.parametrize("line", lines(NONE), ids=" ".join)
def test_no_forecast(line: tuple[str, ...]) -> None:
    """There is no forecast with nothing to reckon from, unless the lead gives one."""
    profile, quarter, value, _ = line
    kpi = kpi_of("higher", Unit.COUNT, 0, profile=Profile(profile))
    policy = replace(DEFAULT_POLICY, shares={**DEFAULT_POLICY.shares, Profile.YEAR_TO_DATE: (0.25, 0.0, 0.5, 1.0)})
    period = Period(2021, int(quarter))
    assert forecast_for(kpi, policy, period, reading_of(value, "-", period.quarter)) is None
    leads = forecast_for(kpi, policy, period, reading_of(value, "7", period.quarter))
    assert leads is not None
    assert (leads.value, leads.basis) == (Decimal(7), Basis.LEAD)


def test_names_of_origins() -> None:
    """Each origin of a forecast has its words."""
    assert [basis.value for basis in Basis] == [
        "the lead's own forecast",
        "the run rate",
        "the last value",
        "the value at the year's end",
    ]


def test_no_reading() -> None:
    """A KPI that was not returned has no forecast."""
    assert forecast_for(kpi_of("higher", Unit.COUNT, 0), DEFAULT_POLICY, Period(2021, 1), None) is None


def test_shares_are_the_policys() -> None:
    """What is expected by a quarter is the policy's, and is told as it is written; a year that ends early is one."""
    shares = {**DEFAULT_POLICY.shares, Profile.YEAR_TO_DATE: (0.07, 0.125, 0.3, 0.9)}
    policy = replace(DEFAULT_POLICY, shares=shares)
    kpi = kpi_of("higher", Unit.COUNT, 0, profile=Profile.YEAR_TO_DATE)
    told = []
    for quarter in (1, 2, 3, 4):
        forecast = forecast_for(kpi, policy, Period(2021, quarter), reading_of("10", "-", quarter))
        assert forecast is not None
        told.append((str(forecast.value), forecast.sentence.partition(". ")[0]))
    assert told == [
        (
            "143",
            "Forecast not rated: 143 at the year's end by the run rate: 10 by the end of Quarter 1 2021/22, "
            "when 7% of the year is expected",
        ),
        (
            "80",
            "Forecast not rated: 80 at the year's end by the run rate: 10 by the end of Quarter 2 2021/22, "
            "when 12.5% of the year is expected",
        ),
        (
            "33",
            "Forecast not rated: 33 at the year's end by the run rate: 10 by the end of Quarter 3 2021/22, "
            "when 30% of the year is expected",
        ),
        ("10", "Year's end not rated: 10 at the end of Quarter 4 2021/22"),
    ]


FEW_ANSWERS = """
    profile      | quarter | value | lead's | letter | sentence
    snapshot     | 2 | 90% | -   | A | Forecast Amber: 90% at the year's end if it stays as in Quarter 2 2021/22. 7 answers are too few to judge by; a value counts from 30.
    snapshot     | 4 | 90% | -   | A | Year's end Amber: 90% at the end of Quarter 4 2021/22. 7 answers are too few to judge by; a value counts from 30.
    snapshot     | 2 | 90% | 90% | G | Forecast Green: 90% at the year's end by the lead's own forecast. 90% is above the target of 80%, the right side of it.
    year-to-date | 2 | 30  | -   | G | Forecast Green: 60 at the year's end by the run rate: 30 by the end of Quarter 2 2021/22, when 50% of the year is expected. 60 is above the target of 0.8, the right side of it.
    """  # noqa: E501


@pytest.mark.parametrize("line", lines(FEW_ANSWERS), ids=" ".join)
def test_few_answers_count_against_the_reported_value_only(line: tuple[str, ...]) -> None:
    """The small-sample rule holds where the forecast is the reported value itself, and for no other forecast."""
    profile, quarter, value, leads, letter, sentence = line
    _, unit, decimals = written(value)
    kpi = kpi_of("higher", unit, decimals, profile=Profile(profile), survey=True)
    kpi = replace(kpi, goals=(goal_of("80%"),))
    forecast = forecast_of(kpi, reading_of(value, leads, int(quarter), denominator=7.0))
    assert forecast is not None
    assert (forecast.rating.rag, forecast.sentence) == (LETTERS[letter], sentence)


def test_annual_measure_that_has_not_moved_yet() -> None:
    """At its baseline an annual measure is amber now, and red as the forecast for the year's end."""
    goal = Goal(YEAR, baseline=482.0, target=700.0)
    kpi = replace(kpi_of("higher", Unit.COUNT, 0, profile=Profile.ANNUAL), goals=(goal,))
    forecast = forecast_of(kpi, reading_of("482", "-", 1))
    assert rate(kpi, standard_for(kpi, goal, DEFAULT_POLICY, 1), 482.0, None).rag is Rag.AMBER
    assert forecast is not None
    assert forecast.sentence == (
        "Forecast Red: 482 at the year's end if it stays as in Quarter 1 2021/22. 482 is 31.1% below the target of "
        "700; amber ends at 25%."
    )


def test_only_what_is_shown_counts() -> None:
    """Values and lead's forecasts are rounded to what is shown before anything is reckoned from them."""
    kpi = kpi_of("higher", Unit.COUNT, 0, profile=Profile.YEAR_TO_DATE)
    period = Period(2021, 1)
    by_rate = forecast_for(kpi, DEFAULT_POLICY, period, Reading("K001", period, Status.REPORTED, 40.4))
    by_lead = forecast_for(kpi, DEFAULT_POLICY, period, Reading("K001", period, Status.REPORTED, 1.0, forecast=2.5))
    assert by_rate is not None
    assert by_lead is not None
    assert (by_rate.value, by_lead.value) == (Decimal(160), Decimal(3))
    assert "160 at the year's end by the run rate: 40 by the end" in by_rate.sentence


# --- What holds for all values

UNITS_IN_HUNDREDTHS = st.integers(-100_000, 100_000).map(lambda number: number / 100)
GOALS = st.builds(Goal, st.just(YEAR), target=st.none() | UNITS_IN_HUNDREDTHS)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["higher", "lower", "near", "context"]),
    st.sampled_from(Unit),
    st.sampled_from(Profile),
    GOALS,
    st.none() | UNITS_IN_HUNDREDTHS,
    st.none() | UNITS_IN_HUNDREDTHS,
    st.integers(1, 4),
)
def test_sentence_and_letter_agree(
    better: str, unit: Unit, profile: Profile, goal: Goal, value: float | None, leads: float | None, quarter: int
) -> None:
    """There is a forecast exactly where there is a figure; its sentence says its letter, which is that of its value."""
    kpi = replace(kpi_of(better, unit, 1, profile=profile), goals=(goal,))
    period = Period(2021, quarter)
    forecast = forecast_of(kpi, Reading("K001", period, Status.REPORTED, value, forecast=leads))
    assert (forecast is None) == (value is None and leads is None)
    if forecast is None:
        return
    rag = forecast.rating.rag
    assert forecast.rating == rate(kpi, standard_for(kpi, goal, DEFAULT_POLICY, 4), float(forecast.value), None)
    assert forecast.sentence.partition(": ")[0].endswith(f" {rag.word}" if rag else " not rated")
    assert (rag is None) == (kpi.polarity is Polarity.CONTEXT or goal.target is None)
