"""A KPI over the quarters as the tests draw it: years between `;`, the figures of each from its first quarter on."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from sendkpi_xl.amounts import Shown, as_shown
from sendkpi_xl.model import Kpi, Profile
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Reading, Status
from tests.rating_cases import goal_of, kpi_of, written

LAST_YEAR = 2021


def years(series: str) -> list[list[str]]:
    """The figures of a drawn series by year."""
    return [year.split() for year in series.replace(" weeks", "_weeks").split(";")]


def last_period(series: str) -> Period:
    """The quarter of a drawn series' last figure, in 2021/22."""
    return Period(LAST_YEAR, len(years(series)[-1]))


def readings_of(series: str) -> Mapping[Period, Reading]:
    """The readings of a drawn series whose last year is 2021/22; `-` is a quarter whose reading has no value."""
    drawn = years(series)
    readings = {}
    for start, figures in enumerate(drawn, LAST_YEAR + 1 - len(drawn)):
        for quarter, text in enumerate(figures, 1):
            value = None if text == "-" else written(text.replace("_", " "))[0]
            status = Status.BLANK if value is None else Status.REPORTED
            readings[Period(start, quarter)] = Reading("K001", Period(start, quarter), status, value)
    return readings


def kpi_over(better: str, series: str, profile: str = "snapshot", targets: str = "none") -> Kpi:
    """The KPI of a drawn series: unit and decimals as its last figure has them, targets of its last years by `;`."""
    _, unit, decimals = written(years(series)[-1][-1].replace("_", " "))
    drawn = targets.split(";")
    goals = tuple(
        replace(goal_of(text.strip()), year=Period(start, 1).year)
        for start, text in enumerate(drawn, LAST_YEAR + 1 - len(drawn))
        if text.strip() != "none"
    )
    return replace(kpi_of(better, unit, decimals, profile=Profile(profile)), goals=goals)


def shown_of(kpi: Kpi, series: str) -> Shown:
    """The values of a drawn series as they are shown."""
    return as_shown(kpi, readings_of(series))
