"""Signals in a series: the statistical process control of NHS England's Making Data Count, for the latest point.

The chart is the XmR chart: the mean of all points, and limits at 2.66 times the average moving range on either side.
The four rules and their numbers are those of Making Data Count (NHS England, "Getting started" and "Strengthening your
decisions", https://www.england.nhs.uk/publication/making-data-count/), as the R package NHSRplotthedots draws them
(https://nhsrplotthedots.nhsrcommunity.com). Here a signal is told only when the latest point is part of it, because a
board asks about this quarter; and two of three are near a limit wherever the third is, a point beyond the limit being
near it too, as in the Western Electric rules that this one comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import count, pairwise

from msgspec import Struct

from sendkpi_xl.amounts import Shown, alone
from sendkpi_xl.figures import WIDE, figure, places, to_places
from sendkpi_xl.model import Kpi, Polarity, Profile
from sendkpi_xl.period import Period

FEWEST_POINTS = 12
"""With fewer points the limits say little, and no signal is looked for."""
IN_A_ROW = 7
"""How many points in a row make a shift or a trend."""
TO_LIMIT = Fraction(266, 100)
"""How many average moving ranges the limits are off the mean: three standard deviations of single points."""
NEAR_LIMIT = Fraction(2, 3)
"""How far along from the mean to a limit a point is near it."""


class SignalRule(StrEnum):
    """What a series shows that chance alone would hardly make."""

    ASTRONOMICAL = "astronomical point"
    SHIFT = "shift of seven"
    TREND = "trend of seven"
    TWO_OF_THREE = "two of three"


class Meaning(StrEnum):
    """What a signal means by the KPI's polarity; a change where neither way is known to be the better one."""

    IMPROVEMENT = "Improvement"
    CONCERN = "Concern"
    CHANGE = "Change"


MEANINGS: Mapping[Polarity, tuple[Meaning, Meaning]] = {
    Polarity.HIGHER: (Meaning.IMPROVEMENT, Meaning.CONCERN),
    Polarity.LOWER: (Meaning.CONCERN, Meaning.IMPROVEMENT),
}
"""What going up and going down mean, where one way is better."""


class Signal(Struct, frozen=True):
    """A rule that the latest point is part of, what that means, and the sentence that says so."""

    rule: SignalRule
    meaning: Meaning
    sentence: str


class Chart(Struct, frozen=True):
    """The XmR chart of a series: its points in order, their mean, and how far the limits are off the mean."""

    points: tuple[Fraction, ...]
    mean: Fraction
    reach: Fraction


Seen = tuple[bool, str]
"""Whether a rule sees the series going up, and what it sees, in words."""


def signals_for(kpi: Kpi, period: Period, shown: Shown) -> tuple[Signal, ...]:
    """The signals of a KPI's latest point, the one of `period`; none with fewer than twelve points up to it.

    Points are the values as shown of consecutive quarters, so a quarter without a value starts the series anew;
    figures that add up over the year count by what each quarter came to alone. An annual or termly measure repeats
    one measurement over several quarters, and a percentage of the year so far holds the same cases again and again:
    such points lie close together by themselves, and would give signals where nothing happened. They have none.
    """
    if not kpi.adds_up and kpi.profile is not Profile.SNAPSHOT:
        return ()
    points = _points(kpi, period, shown)
    if len(points) < FEWEST_POINTS:
        return ()
    chart = chart_of(points)
    return tuple(_signal(kpi, rule, *seen) for rule, see in RULES.items() if (seen := see(kpi, chart)) is not None)


def _points(kpi: Kpi, period: Period, shown: Shown) -> tuple[Decimal, ...]:
    """The amounts of the quarters up to `period` without a gap, in order."""
    backwards: list[Decimal] = []
    while (amount := alone(shown, period) if kpi.adds_up else shown.get(period)) is not None:
        backwards.append(amount)
        period = period.previous
    return tuple(reversed(backwards))


def chart_of(points: Sequence[Decimal]) -> Chart:
    """The XmR chart of at least two points; exact, so that a point on a limit is never taken to be beyond it."""
    moving_ranges = [abs(later - earlier) for earlier, later in pairwise(points)]
    average_range = Fraction(sum(moving_ranges)) / len(moving_ranges)
    mean = Fraction(sum(points)) / len(points)
    return Chart(tuple(Fraction(point) for point in points), mean, TO_LIMIT * average_range)


def _signal(kpi: Kpi, rule: SignalRule, up: bool, words: str) -> Signal:
    rising, falling = MEANINGS.get(kpi.polarity, (Meaning.CHANGE, Meaning.CHANGE))
    meaning = rising if up else falling
    return Signal(rule, meaning, f"{meaning}: {words}.")


def _astronomical(kpi: Kpi, chart: Chart) -> Seen | None:
    """The latest point is outside the limits."""
    latest = chart.points[-1]
    if abs(latest - chart.mean) <= chart.reach:
        return None
    up = latest > chart.mean
    limit = _level(_limit(chart, up), (latest,), kpi)
    value = _words(latest, kpi) + (" in the quarter alone" if kpi.adds_up else "")
    return up, f"{value} is {_side(up)} {limit}, {_usual(chart, kpi)}"


def _shift(kpi: Kpi, chart: Chart) -> Seen | None:
    """The last seven points are all on one side of the mean."""
    last = chart.points[-IN_A_ROW:]
    up = last[-1] > chart.mean
    if not all(point > chart.mean if up else point < chart.mean for point in last):
        return None
    return up, f"seven quarters in a row {_side(up)} the average of {_level(chart.mean, last, kpi)}"


def _trend(kpi: Kpi, chart: Chart) -> Seen | None:
    """Each of the last seven points is higher than the one before, or each is lower."""
    last = chart.points[-IN_A_ROW:]
    up = last[-1] > last[0]
    if not all(later > earlier if up else later < earlier for earlier, later in pairwise(last)):
        return None
    way = "rising" if up else "falling"
    return up, f"seven quarters in a row {way}, from {_words(last[0], kpi)} to {_words(last[-1], kpi)}"


def _two_of_three(kpi: Kpi, chart: Chart) -> Seen | None:
    """The latest point and one or both before it are more than two thirds of the way to the same limit, or beyond."""
    last = chart.points[-3:]
    up = last[-1] > chart.mean
    near = chart.reach * NEAR_LIMIT
    close = [point - chart.mean > near if up else chart.mean - point > near for point in last]
    if not close[-1] or sum(close) < 2:
        return None
    many = "two" if sum(close) == 2 else "all"
    limit = _level(_limit(chart, up), last, kpi)
    return up, f"{many} of the last three quarters near or {_side(up)} {limit}, {_usual(chart, kpi)}"


RULES: Mapping[SignalRule, Callable[[Kpi, Chart], Seen | None]] = {
    SignalRule.ASTRONOMICAL: _astronomical,
    SignalRule.SHIFT: _shift,
    SignalRule.TREND: _trend,
    SignalRule.TWO_OF_THREE: _two_of_three,
}


def _side(up: bool) -> str:
    return "above" if up else "below"


def _limit(chart: Chart, up: bool) -> Fraction:
    return chart.mean + chart.reach if up else chart.mean - chart.reach


def _words(point: Fraction, kpi: Kpi) -> str:
    return figure(_decimal(point), kpi.unit, kpi.decimals)


def _usual(chart: Chart, kpi: Kpi) -> str:
    return f"the limit of what is usual around the average of {_level(chart.mean, (), kpi)}"


def _level(level: Fraction, points: Sequence[Fraction], kpi: Kpi) -> str:
    """A mean or limit in words, with one decimal more than the KPI, or as many as show that points are not on it.

    Points have fewer decimals, so rounding may put the level on one of them and never beyond it.
    """
    tries = ((decimals, _rounded(level, kpi, decimals)) for decimals in count(kpi.decimals + 1))
    enough = (
        figure(shown, kpi.unit, decimals)
        for decimals, shown in tries
        if all((point == Fraction(shown)) == (point == level) for point in points)
    )
    return next(enough)


def _rounded(number: Fraction, kpi: Kpi, decimals: int) -> Decimal:
    return to_places(_decimal(number), places(kpi.unit, decimals))


def _decimal(number: Fraction) -> Decimal:
    return WIDE.divide(Decimal(number.numerator), Decimal(number.denominator))
