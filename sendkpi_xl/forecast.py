"""What the year is expected to end at, and how that would be rated against the year's target."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from sendkpi_xl.figures import exact, figure, places, plain, rounded, to_places
from sendkpi_xl.model import Kpi, Policy
from sendkpi_xl.period import Period
from sendkpi_xl.rating import rate, standard_for
from sendkpi_xl.reading import Rating, Reading

LAST_QUARTER = 4


class Basis(StrEnum):
    """Where a forecast came from."""

    LEAD = "the lead's own forecast"
    RUN_RATE = "the run rate"
    LAST_VALUE = "the last value"
    YEARS_END = "the value at the year's end"


REPORTED = (Basis.LAST_VALUE, Basis.YEARS_END)
"""Where the forecast is the reported value itself, so that the value's few answers count against it too."""


class Forecast(Struct, frozen=True):
    """What a KPI is expected to end the year at, in its unit and as shown; its rating; and both in a sentence."""

    value: Decimal
    basis: Basis
    rating: Rating
    sentence: str


def forecast_for(kpi: Kpi, policy: Policy, period: Period, reading: Reading | None) -> Forecast | None:
    """The forecast for the year of `period` as its reading has it: the lead's own, else by run rate or last value.

    None without a value to reckon from, and for a figure that adds up over the year as long as nothing of it is due.
    """
    if reading is None:
        return None
    expected = _expected(kpi, policy, period, reading)
    if expected is None:
        return None
    value, basis = expected
    standard = standard_for(kpi, kpi.goal(period.year), policy, LAST_QUARTER)
    denominator = reading.denominator if basis in REPORTED else None
    rating = rate(kpi, standard, float(value), denominator)
    sentence = _sentence(kpi, value, _how(kpi, policy, period, reading, basis), basis, rating)
    return Forecast(value, basis, rating, sentence)


def _expected(kpi: Kpi, policy: Policy, period: Period, reading: Reading) -> tuple[Decimal, Basis] | None:
    if reading.forecast is not None:
        return rounded(reading.forecast, kpi.unit, kpi.decimals), Basis.LEAD
    if reading.value is None:
        return None
    shown = rounded(reading.value, kpi.unit, kpi.decimals)
    if period.quarter == LAST_QUARTER:
        return shown, Basis.YEARS_END
    if not kpi.adds_up:
        return shown, Basis.LAST_VALUE
    share = exact(_share(kpi, policy, period))
    return (to_places(shown / share, places(kpi.unit, kpi.decimals)), Basis.RUN_RATE) if share else None


def _share(kpi: Kpi, policy: Policy, period: Period) -> float:
    """The share of the year's total that is expected by the end of the quarter."""
    return policy.shares[kpi.profile][period.quarter - 1]


def _how(kpi: Kpi, policy: Policy, period: Period, reading: Reading, basis: Basis) -> str:
    """How the forecast came about, to follow its figure."""
    if basis is Basis.LEAD:
        return f" at the year's end by {basis}"
    if basis is Basis.LAST_VALUE:
        return f" at the year's end if it stays as in {period.label}"
    if basis is Basis.YEARS_END:
        return f" at the end of {period.label}"
    assert reading.value is not None
    so_far = figure(reading.value, kpi.unit, kpi.decimals)
    share = f"{plain(_share(kpi, policy, period) * 100)}%"
    return f" at the year's end by {basis}: {so_far} by the end of {period.label}, when {share} of the year is expected"


def _sentence(kpi: Kpi, value: Decimal, how: str, basis: Basis, rating: Rating) -> str:
    kind = "Year's end" if basis is Basis.YEARS_END else "Forecast"
    rated = rating.rag.word if rating.rag else "not rated"
    because = rating.sentence.partition(": ")[2]
    shown = figure(value, kpi.unit, kpi.decimals)
    return f"{kind} {rated}: {shown}{how}. {because[:1].upper()}{because[1:]}"
