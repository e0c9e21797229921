"""A KPI's values over the quarters, as they are shown, and what each quarter came to alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sendkpi_xl.figures import rounded
from sendkpi_xl.model import Kpi
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Reading

Shown = Mapping[Period, Decimal]
"""A KPI's values by period, rounded to what is shown, in its unit; a period without a value is not there."""


def as_shown(kpi: Kpi, readings: Mapping[Period, Reading]) -> Shown:
    """The KPI's values as the board sees them: what is compared is what is shown."""
    return {
        period: rounded(reading.value, kpi.unit, kpi.decimals)
        for period, reading in readings.items()
        if reading.value is not None
    }


def behind(period: Period) -> tuple[Period, ...]:
    """The quarters whose values tell what `period` came to alone, where figures add up over the year."""
    return (period,) if period.quarter == 1 else (period, period.previous)


def alone(shown: Shown, period: Period) -> Decimal | None:
    """What a quarter added to a figure that adds up over the year; None when a value that it takes is not there."""
    values = [shown[each] for each in behind(period) if each in shown]
    if len(values) < len(behind(period)):
        return None
    return values[0] - sum(values[1:])
