"""Where a KPI is going: its direction of travel, what the year is expected to end at, and signals in its series."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from sendkpi_xl.amounts import as_shown
from sendkpi_xl.forecast import Forecast, forecast_for
from sendkpi_xl.model import Kpi, Policy
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Reading
from sendkpi_xl.signals import Signal, signals_for
from sendkpi_xl.travel import Move, since_quarter, since_year


class Outlook(Struct, frozen=True):
    """A KPI now beside a quarter and a year ago, at the year's end, and beside all that it has been.

    `forecast` is None where there is nothing to reckon from; without a signal, `signals` is empty.
    """

    since_quarter: Move
    since_year: Move
    forecast: Forecast | None
    signals: tuple[Signal, ...]


def outlook_for(policy: Policy, kpi: Kpi, period: Period, readings: Mapping[Period, Reading]) -> Outlook:
    """The outlook of a KPI in `period` from its readings, that period's among them; later ones play no part.

    A period that is missing, or whose reading has no value, is one without data.
    """
    shown = as_shown(kpi, readings)
    return Outlook(
        since_quarter(kpi, policy, period, shown),
        since_year(kpi, policy, period, shown),
        forecast_for(kpi, policy, period, readings.get(period)),
        signals_for(kpi, period, shown),
    )
