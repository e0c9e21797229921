"""What the tests type into the board workbook's sheet What if, row by row, and the letter that Python then gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from msgspec.structs import replace

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import places
from sendkpi_xl.layout import NO_RATING, WHAT_IF
from sendkpi_xl.model import Goal, Kpi, Polarity, Policy, Profile, Unit
from sendkpi_xl.moderated import Remark
from sendkpi_xl.outlook import outlook_for
from sendkpi_xl.period import Period
from sendkpi_xl.rating import Standard, rate, standard_for
from sendkpi_xl.reading import Reading, Status
from sendkpi_xl.sheetwriter import WorkbookWriter
from sendkpi_xl.what_if import write_what_if
from tests.made_up_round import KINGSTON, KINGSTON_Q1
from tests.rating_cases import near_limits

PERIODS = (KINGSTON_Q1, Period(2021, 3))
SPARE_TARGETS = {
    Unit.COUNT: 170.7,
    Unit.PERCENT: 0.1234,
    Unit.MONEY: 31_791_000.5,
    Unit.AVERAGE: 16_483.33,
    Unit.WEEKS: 18.5,
}
"""Targets to try: one for each unit, with more decimals than are shown."""

Typed = Mapping[str, float | str | None]
"""What is typed on one row, by column key; None clears the cell."""


@dataclass(frozen=True)
class Tried:
    """One row of the sheet as it is made, what is typed into it, and what it is held against from then on."""

    made: RatedReading
    typed: Typed
    held: Standard

    @property
    def letter(self) -> str:
        """The letter that Python gives to what was typed."""
        value, answers = self.typed.get("value"), self.typed.get("answers")
        assert not isinstance(answers, str)
        rag = rate(self.made.kpi, self.held, None if isinstance(value, str) else value, answers).rag
        return rag.value if rag else NO_RATING


def unreported(kpi: Kpi, period: Period) -> RatedReading:
    """A live KPI without a value: its row has nothing in it that the tests did not type."""
    goal = kpi.goal(period.year)
    standard = standard_for(kpi, goal, KINGSTON.policy, period.quarter)
    reading = Reading(kpi.id, period, Status.NOT_RETURNED)
    outlook = outlook_for(KINGSTON.policy, kpi, period, {period: reading})
    return RatedReading(kpi, goal, standard, reading, rate(kpi, standard, None, None), None, outlook, Remark(kpi.id))


def typed_values(kpi: Kpi, standard: Standard) -> Iterator[Typed]:
    """Values around every threshold, around the baseline that has not moved, and with few answers and enough."""
    limits = near_limits(kpi, standard) if standard.target is not None else [0.5]
    yield from ({"value": value} for value in limits)
    step = 10.0 ** -places(kpi.unit, kpi.decimals)
    if standard.unmoved is not None:
        yield from ({"value": float(standard.unmoved) + nudge * step} for nudge in (-1, 0, 1, 0.4, -0.4))
    sample = standard.smallest_sample
    if sample is not None:
        yield from ({"value": limits[-1], "answers": answers} for answers in (0, 1, sample - 1, sample, sample + 1))
    yield from ({"value": limits[0], "answers": answers} for answers in (3, None))
    yield from ({"value": value, "answers": answers} for value in (None, "no data") for answers in (3, None))


@dataclass(frozen=True)
class Change:
    """What is typed besides a value, and the same change of the KPI, its goal and the policy in Python."""

    typed: Typed
    kpi: Kpi
    goal: Goal
    policy: Policy


def changes(kpi: Kpi, goal: Goal, quarter: int) -> Iterator[Change]:
    """Another target, no target, another tolerance, another share of the year, and all of them at once."""
    policy, spare = KINGSTON.policy, SPARE_TARGETS[kpi.unit]
    for target in (spare, 0.0, None):
        yield Change({"year_target": target}, kpi, replace(goal, target=target), policy)
    tolerances = {"green_within": 0.0125, "amber_within": 0.3}
    looser = replace(kpi, **tolerances)
    yield Change(tolerances, looser, goal, policy)
    yield Change({"share": 0.3}, kpi, goal, with_share(policy, kpi.profile, quarter, 0.3))
    everything = {"share": 1 / 3, "year_target": -spare, **tolerances}
    spread = with_share(policy, kpi.profile, quarter, 1 / 3)
    yield Change(everything, looser, replace(goal, target=-spare), spread)


def with_share(policy: Policy, profile: Profile, quarter: int, share: float) -> Policy:
    """The policy with another share of the year for one profile by one quarter."""
    first, second, third, fourth = (
        share if number == quarter else old for number, old in enumerate(policy.shares[profile], start=1)
    )
    return replace(policy, shares={**policy.shares, profile: (first, second, third, fourth)})


def tried_on(kpi: Kpi, period: Period) -> Iterator[Tried]:
    """All rows of one KPI in one quarter."""
    made = unreported(kpi, period)
    yield from (Tried(made, typed, made.standard) for typed in typed_values(kpi, made.standard))
    if period != KINGSTON_Q1:
        return
    for change in changes(kpi, made.goal, period.quarter):
        held = standard_for(change.kpi, change.goal, change.policy, period.quarter)
        values = near_limits(kpi, held) if held.target is not None else [0.5]
        yield from (Tried(made, {"value": value, **change.typed}, held) for value in values)


@cache
def every_row() -> tuple[Tried, ...]:
    """The rows of every live KPI that can be rated, in two quarters."""
    rated = [kpi for kpi in KINGSTON.live() if kpi.polarity is not Polarity.CONTEXT]
    return tuple(row for period in PERIODS for kpi in rated for row in tried_on(kpi, period))


def sheet_of_rows(made: Sequence[RatedReading]) -> bytes:
    """A workbook of the sheet What if alone, as the board workbook has it."""
    writer = WorkbookWriter("What if", "Formula against Python", datetime(2021, 6, 30))
    write_what_if(writer.page(WHAT_IF.sheet), made)
    return writer.close()
