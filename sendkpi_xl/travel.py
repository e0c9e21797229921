"""Direction of travel in the sector's words: a quarter against the one before, and against the same one last year.

Values are compared as they are shown, and a move of at most the unit's dead band (`Tolerance.steady`) is no change.
A figure that adds up over the year is compared with the quarter before by what each quarter came to alone, and with
last year by the year so far.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from sendkpi_xl.amounts import Shown, alone, behind
from sendkpi_xl.figures import exact, figure, plain
from sendkpi_xl.model import Kpi, Measure, Polarity, Policy, Unit
from sendkpi_xl.period import Period
from sendkpi_xl.rating import figure_fully, shown_decimals, standard_for


class Travel(StrEnum):
    """Which way a KPI went; Increasing and Decreasing where neither way is known to be the better one."""

    IMPROVING = "Improving"
    WORSENING = "Worsening"
    NO_CHANGE = "No change"
    INCREASING = "Increasing"
    DECREASING = "Decreasing"
    NOT_ENOUGH = "Not enough data"


UP_AND_DOWN: Mapping[Polarity, tuple[Travel, Travel]] = {
    Polarity.HIGHER: (Travel.IMPROVING, Travel.WORSENING),
    Polarity.LOWER: (Travel.WORSENING, Travel.IMPROVING),
    Polarity.NEAR: (Travel.INCREASING, Travel.DECREASING),
    Polarity.CONTEXT: (Travel.INCREASING, Travel.DECREASING),
}
"""The words for more and for less, where a value is not held against a target."""


class Move(Struct, frozen=True):
    """How a KPI moved since an earlier quarter, and the sentence that explains it.

    `now` and `before` are the amounts compared, in the KPI's unit and as shown; None where there is none, and then
    there is not enough data.
    """

    travel: Travel
    now: Decimal | None
    before: Decimal | None
    since: Period
    sentence: str


class Way(Struct, frozen=True):
    """How two quarters are compared: by what each came to alone or by the values as they stand, and in what words."""

    alone: bool
    now: str
    then: str

    def amount(self, shown: Shown, period: Period) -> Decimal | None:
        """What is compared of a quarter; None where it is not known."""
        return alone(shown, period) if self.alone else shown.get(period)

    def needed(self, period: Period) -> tuple[Period, ...]:
        """The quarters whose values that takes."""
        return behind(period) if self.alone else (period,)


AS_IT_STANDS = Way(False, "", "in {}")
ALONE = Way(True, " in the quarter alone", "in {} alone")
SO_FAR = Way(False, " in the year so far", "by the end of {}")


def since_quarter(kpi: Kpi, policy: Policy, period: Period, shown: Shown) -> Move:
    """The move since the quarter before `period`, in the year before for a first quarter."""
    return _move(kpi, policy, (period, period.previous), shown, ALONE if kpi.adds_up else AS_IT_STANDS)


def since_year(kpi: Kpi, policy: Policy, period: Period, shown: Shown) -> Move:
    """The move since the same quarter of the year before."""
    last_year = Period(period.start_year - 1, period.quarter)
    return _move(kpi, policy, (period, last_year), shown, SO_FAR if kpi.adds_up else AS_IT_STANDS)


def _move(kpi: Kpi, policy: Policy, quarters: tuple[Period, Period], shown: Shown, way: Way) -> Move:
    now, before = (way.amount(shown, quarter) for quarter in quarters)
    if now is None or before is None:
        return Move(Travel.NOT_ENOUGH, now, before, quarters[1], _not_enough(quarters, shown, way))
    pair = Pair(kpi, policy, way, quarters, (now, before), _targets(kpi, policy, quarters, way))
    return Move(pair.travel, now, before, quarters[1], pair.sentence)


def _not_enough(quarters: tuple[Period, Period], shown: Shown, way: Way) -> str:
    """The first value that is missing, and what it would have told."""
    missing, told = next((each, quarter) for quarter in quarters for each in way.needed(quarter) if each not in shown)
    without = "" if missing in quarters else f", which it takes to tell {told.label} alone"
    return f"{Travel.NOT_ENOUGH}: no value for {missing.label}{without}."


def _targets(
    kpi: Kpi, policy: Policy, quarters: tuple[Period, Period], way: Way
) -> tuple[Decimal | None, Decimal | None]:
    """What each amount of a KPI near its target should be near to; None for other KPIs, and without a target."""
    if kpi.polarity is not Polarity.NEAR:
        return None, None
    now, before = (_target(kpi, policy, quarter, way) for quarter in quarters)
    return now, before


def _target(kpi: Kpi, policy: Policy, period: Period, way: Way) -> Decimal | None:
    goal = kpi.goal(period.year)
    targets = [standard_for(kpi, goal, policy, each.quarter).target for each in way.needed(period)]
    known = [target for target in targets if target is not None]
    return known[0] - sum(known[1:]) if known else None


class Pair(Struct, frozen=True):
    """Two amounts of one KPI, the later one first, with their quarters and targets in the same order."""

    kpi: Kpi
    policy: Policy
    way: Way
    quarters: tuple[Period, Period]
    amounts: tuple[Decimal, Decimal]
    targets: tuple[Decimal | None, Decimal | None]

    @property
    def distances(self) -> tuple[Decimal, Decimal] | None:
        """How far each amount is off its target, on either side; None where one has no target to be near to."""
        (now, before), (target, target_before) = self.amounts, self.targets
        if target is None or target_before is None:
            return None
        return abs(now - target), abs(before - target_before)

    @property
    def change(self) -> Decimal:
        """How much the later amount is above the earlier one, or nearer to its target."""
        if self.distances is not None:
            return self.distances[1] - self.distances[0]
        return self.amounts[0] - self.amounts[1]

    @property
    def travel(self) -> Travel:
        """Which way the KPI went, unless it stayed within the dead band."""
        steady = self.policy.tolerances[self.kpi.unit]
        scale = 1 if steady.measure is Measure.POINTS else abs(self.amounts[1])
        if abs(self.change) <= exact(steady.steady) * scale:
            return Travel.NO_CHANGE
        kind = self.kpi.polarity if self.distances is None else Polarity.HIGHER
        return UP_AND_DOWN[kind][self.change < 0]

    @property
    def sentence(self) -> str:
        """The direction with both figures, and why it is called so."""
        now, before = (figure(amount, self.kpi.unit, self.kpi.decimals) for amount in self.amounts)
        then = self.way.then.format(self.quarters[1].label)
        comma = "," if self.way.now else ""
        compared = f"{comma} after {before} {then}" if self.amounts[0] != self.amounts[1] else f", as {then}"
        return "; ".join([f"{self.travel}: {now}{self.way.now}{compared}", *self._reasons()]) + "."

    def _reasons(self) -> list[str]:
        reasons = [] if self.distances is None else [self._distance_words(self.distances)]
        if self.travel is Travel.NO_CHANGE:
            return [*reasons, *([self._band_words()] if self.change else [])]
        return reasons or [self._polarity_words()]

    def _distance_words(self, distances: tuple[Decimal, Decimal]) -> str:
        now, before = (_off(distance, self.kpi) for distance in distances)
        target, target_before = (None if each is None else figure_fully(each, self.kpi) for each in self.targets)
        of_then = "it" if target == target_before else f"its target of {target_before}"
        return f"{now} its target of {target}, {before} {of_then} then"

    def _band_words(self) -> str:
        steady = self.policy.tolerances[self.kpi.unit]
        mark = " points" if steady.measure is Measure.POINTS else "%"
        return f"a move of up to {plain(steady.steady * 100)}{mark} is no change"

    def _polarity_words(self) -> str:
        if self.kpi.polarity is Polarity.CONTEXT:
            return "shown for context only"
        if self.kpi.polarity is Polarity.NEAR:
            both = zip(self.quarters, self.targets, strict=True)
            return f"no target is set for {' or '.join(quarter.label for quarter, target in both if target is None)}"
        return self.kpi.polarity.value


def _off(distance: Decimal, kpi: Kpi) -> str:
    """How far off a target, in the KPI's unit; percentages differ by points."""
    if not distance:
        return "on"
    words = figure(distance, kpi.unit, shown_decimals(distance, kpi))
    return f"{words.removesuffix('%')} points off" if kpi.unit is Unit.PERCENT else f"{words} off"
