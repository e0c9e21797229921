"""The rating policy and settings that a new catalogue starts with; a council changes them there, not here."""

from __future__ import annotations

from sendkpi_xl.model import Measure, Policy, Profile, Settings, Tolerance, Unit

DEFAULT_POLICY = Policy(
    tolerances={
        Unit.COUNT: Tolerance(0.05, 0.25, Measure.RELATIVE, steady=0.05),
        Unit.PERCENT: Tolerance(0.005, 0.10, Measure.POINTS, steady=0.005),
        Unit.MONEY: Tolerance(0.01, 0.05, Measure.RELATIVE, steady=0.01),
        Unit.AVERAGE: Tolerance(0.01, 0.05, Measure.RELATIVE, steady=0.01),
        Unit.WEEKS: Tolerance(0.05, 0.25, Measure.RELATIVE, steady=0.05),
    },
    shares={
        Profile.SNAPSHOT: (1.0, 1.0, 1.0, 1.0),
        Profile.YEAR_TO_DATE: (0.25, 0.5, 0.75, 1.0),
        Profile.ANNUAL: (1.0, 1.0, 1.0, 1.0),
        Profile.TERMLY: (1.0, 1.0, 1.0, 1.0),
    },
    smallest_sample=30,
    unmoved_until={Profile.ANNUAL: 3, Profile.TERMLY: 1},
)
"""The one policy that explains most of the ratings published for 2021/22 quarter 1."""

FIRST_SETTINGS = Settings(
    council="Our council",
    plan="Our plan",
    board="Our board",
    list_version="",
    return_to="the performance team",
    return_days=14,
)
