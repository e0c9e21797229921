"""A KPI's outlook: direction of travel, forecast and signals, joined for one quarter."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from sendkpi_xl.forecast import Basis, Forecast
from sendkpi_xl.model import Goal, Measure, Tolerance, Unit
from sendkpi_xl.outlook import Outlook, outlook_for
from sendkpi_xl.period import Period
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.reading import Rag, Rating, Reading, Status
from sendkpi_xl.signals import Meaning, Signal, SignalRule
from sendkpi_xl.travel import Move, Travel
from tests.rating_cases import kpi_of
from tests.series_cases import kpi_over, last_period, readings_of


def test_sum_over_the_year() -> None:
    """A figure that adds up: quarters alone, the year so far, the run rate, and signals of quarters alone."""
    series = "10 20 30 40; 10 20 30 40; 10 20 30 40; 15 30"
    kpi = kpi_over("lower", series, "year-to-date", "60")
    assert outlook_for(DEFAULT_POLICY, kpi, last_period(series), readings_of(series)) == Outlook(
        Move(
            Travel.NO_CHANGE,
            Decimal(15),
            Decimal(15),
            Period(2021, 1),
            "No change: 15 in the quarter alone, as in Quarter 1 2021/22 alone.",
        ),
        Move(
            Travel.WORSENING,
            Decimal(30),
            Decimal(20),
            Period(2020, 2),
            "Worsening: 30 in the year so far, after 20 by the end of Quarter 2 2020/21; lower is better.",
        ),
        Forecast(
            Decimal(60),
            Basis.RUN_RATE,
            Rating(Rag.GREEN, "Green: 60 is exactly the target of 60."),
            "Forecast Green: 60 at the year's end by the run rate: 30 by the end of Quarter 2 2021/22, when 50% of the "
            "year is expected. 60 is exactly the target of 60.",
        ),
        (
            Signal(
                SignalRule.ASTRONOMICAL,
                Meaning.CONCERN,
                "Concern: 15 in the quarter alone is above 11.7, the limit of what is usual around the average of "
                "10.7.",
            ),
            Signal(
                SignalRule.TWO_OF_THREE,
                Meaning.CONCERN,
                "Concern: two of the last three quarters near or above 11.7, the limit of what is usual around the "
                "average of 10.7.",
            ),
        ),
    )


def test_first_quarter_of_all() -> None:
    """With this quarter alone there is a forecast, and neither direction nor signals."""
    kpi = kpi_over("higher", "85%", targets="80%")
    outlook = outlook_for(DEFAULT_POLICY, kpi, Period(2021, 1), readings_of("85%"))
    because = "85% is above the target of 80%, the right side of it."
    assert outlook == Outlook(
        Move(
            Travel.NOT_ENOUGH,
            Decimal("0.85"),
            None,
            Period(2020, 4),
            "Not enough data: no value for Quarter 4 2020/21.",
        ),
        Move(
            Travel.NOT_ENOUGH,
            Decimal("0.85"),
            None,
            Period(2020, 1),
            "Not enough data: no value for Quarter 1 2020/21.",
        ),
        Forecast(
            Decimal("0.85"),
            Basis.LAST_VALUE,
            Rating(Rag.GREEN, f"Green: {because}"),
            f"Forecast Green: 85% at the year's end if it stays as in Quarter 1 2021/22. {because}",
        ),
        (),
    )


def test_no_reading_is_nothing() -> None:
    """Without a reading, as with one that has no value, nothing is known but that."""
    period = Period(2021, 1)
    kpi = kpi_of("higher", Unit.COUNT, 0)
    none = "Not enough data: no value for Quarter 1 2021/22."
    nothing = Outlook(
        Move(Travel.NOT_ENOUGH, None, None, Period(2020, 4), none),
        Move(Travel.NOT_ENOUGH, None, None, Period(2020, 1), none),
        None,
        (),
    )
    blank = {period: Reading("K001", period, Status.BLANK)}
    assert outlook_for(DEFAULT_POLICY, kpi, period, {}) == nothing
    assert outlook_for(DEFAULT_POLICY, kpi, period, blank) == nothing


def test_leads_forecast_without_a_value() -> None:
    """A lead may expect something of the year before there is a value."""
    period = Period(2021, 1)
    reading = Reading("K001", period, Status.BLANK, forecast=12.0)
    outlook = outlook_for(DEFAULT_POLICY, kpi_of("higher", Unit.COUNT, 0), period, {period: reading})
    assert outlook.forecast is not None
    assert (outlook.forecast.value, outlook.forecast.basis) == (Decimal(12), Basis.LEAD)
    assert outlook.since_quarter.travel is Travel.NOT_ENOUGH


def test_values_are_compared_as_they_are_shown() -> None:
    """Two values that the board sees as the same are no change, even without a dead band."""
    first, second = Period(2021, 1), Period(2021, 2)
    readings = {
        period: Reading("K001", period, Status.REPORTED, value) for period, value in ((first, 9.6), (second, 10.4))
    }
    exactly = replace(DEFAULT_POLICY, tolerances={Unit.COUNT: Tolerance(0.05, 0.25, Measure.RELATIVE)})
    told = [
        outlook_for(exactly, kpi_of("higher", Unit.COUNT, decimals), second, readings).since_quarter.sentence
        for decimals in (0, 1)
    ]
    assert told == [
        "No change: 10, as in Quarter 1 2021/22.",
        "Improving: 10.4 after 9.6 in Quarter 1 2021/22; higher is better.",
    ]


def test_later_readings_play_no_part() -> None:
    """The outlook of an earlier quarter is the same when later ones are known."""
    series = "10 11 10 12; 10 11 10 12; 10 11 10 30; 9 2"
    kpi = replace(kpi_over("higher", series), goals=(Goal("2020-21", target=20.0),))
    period = Period(2020, 4)
    readings = readings_of(series)
    known = {each: reading for each, reading in readings.items() if each <= period}
    assert len(known) == 12
    outlook = outlook_for(DEFAULT_POLICY, kpi, period, readings)
    assert outlook == outlook_for(DEFAULT_POLICY, kpi, period, known)
    assert [signal.rule for signal in outlook.signals] == [SignalRule.ASTRONOMICAL]
