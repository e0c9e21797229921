"""What the board workbook's charts show: each KPI's baseline and quarters with targets and ratings, also in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from msgspec import Struct

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import exact, figure, kpi_figure, places
from sendkpi_xl.model import Kpi, Polarity, Sign
from sendkpi_xl.period import Period
from sendkpi_xl.quarter import Board
from sendkpi_xl.rating import shown_decimals
from sendkpi_xl.reading import Rag

BASELINE = "Baseline"
FEWEST = 2
"""So many quarters with a figure make a trend."""
STEPS = 4
"""About so many steps of an axis."""
NICE = tuple(map(Decimal, ("1", "2", "2.5", "5", "10")))


class Point(Struct, frozen=True):
    """The baseline or a quarter of one KPI: its label on the axis, how a sentence names it, and what is known of it.

    `target` is that which the value is held against, with its sign; the baseline has none, nor a rating.
    """

    label: str
    named: str
    value: float | None
    target: float | None = None
    sign: Sign = Sign.AT
    rag: Rag | None = None
    withheld: bool = False


class Trend(Struct, frozen=True):
    """One KPI's points in order: the baseline (its value None where it is no number), then the quarters.

    `baseline_in_words` says that words were published for it.
    """

    kpi: Kpi
    points: tuple[Point, ...]
    baseline_in_words: bool

    @property
    def first_drawn(self) -> int:
        """The position of the first point that a chart has: the baseline where it is a number, else a quarter."""
        return 0 if self.points[0].value is not None else 1

    @property
    def drawn(self) -> tuple[Point, ...]:
        """The points that a chart has."""
        return self.points[self.first_drawn :]


class Scale(Struct, frozen=True):
    """Where an axis begins and ends, and the step between its labels."""

    least: Decimal
    most: Decimal
    step: Decimal


def trends(board: Board) -> list[Trend]:
    """The trend of each KPI of the dataset that has a figure in two quarters or more, in the board's order."""
    last_year = sorted(period for period in board.known if period.year != board.period.year)
    periods = (*last_year, *board.period.so_far)
    found = {period: {each.kpi.id: each for each in board.known.get(period, ())} for period in periods}
    made = []
    for row in board.rows:
        quarters = [_quarter(period, found[period].get(row.kpi.id), board.period) for period in periods]
        if sum(each.value is not None for each in quarters) >= FEWEST:
            baseline = Point(BASELINE, "at the baseline", row.goal.baseline)
            made.append(Trend(row.kpi, (baseline, *quarters), bool(row.goal.baseline_words)))
    return made


def _quarter(period: Period, each: RatedReading | None, now: Period) -> Point:
    label = f"Q{period.quarter} {period.short_year}"
    named = f"in Quarter {period.quarter}" if period.year == now.year else f"in {period.label}"
    if each is None:
        return Point(label, named, None)
    target = None if each.standard.target is None else float(each.standard.target)
    return Point(label, named, each.reading.value, target, each.standard.sign, each.agreed, each.reading.withheld)


def in_words(trend: Trend) -> str:
    """The chart in a sentence: every value with its rating, and the target, once where it stays the same."""
    kpi = trend.kpi
    how = ", ".join(direction(kpi))
    values = ", ".join(_value(each, kpi) for each in trend.drawn)
    return f"{kpi.shown_title}{f' ({how})' if how else ''}: {values}; {_targets(trend)}."


def direction(kpi: Kpi) -> list[str]:
    """What a reader of the chart must know of the figure: that it adds up over the year, and which way is better."""
    adds_up = ["year so far"] if kpi.adds_up else []
    return adds_up if kpi.polarity is Polarity.CONTEXT else [*adds_up, kpi.polarity.value]


def _value(point: Point, kpi: Kpi) -> str:
    if point.value is None:
        return f"{'withheld' if point.withheld else 'no figure'} {point.named}"
    rating = "" if point.label == BASELINE else f" ({point.rag.word if point.rag else 'not rated'})"
    return f"{kpi_figure(point.value, kpi)} {point.named}{rating}"


def _targets(trend: Trend) -> str:
    """The target in words, quarter by quarter only where it changes."""
    given = [(_target(each, trend.kpi), each.named) for each in trend.drawn if each.target is not None]
    if not given:
        return "no target"
    if len({words for words, _ in given}) == 1:
        return f"target {given[0][0]}"
    return f"target {', '.join(f'{words} {named}' for words, named in given)}"


def _target(point: Point, kpi: Kpi) -> str:
    assert point.target is not None
    return figure(point.target, kpi.unit, shown_decimals(point.target, kpi), point.sign)


def scale_of(trend: Trend) -> Scale:
    """An axis for the chart, with labels that the KPI's decimals can show; a sum's begins at zero."""
    numbers = [exact(number) for number in _numbers(trend.drawn)]
    least, most = min(numbers), max(numbers)
    if trend.kpi.adds_up or 0 <= least <= most / 2:
        least, most = min(least, Decimal(0)), max(most, Decimal(0))
    finest = Decimal(1).scaleb(-places(trend.kpi.unit, trend.kpi.decimals))
    step = _nice(max((most - least or abs(most)) / STEPS, finest), finest)
    bottom = (least / step).to_integral_value(ROUND_FLOOR) * step
    top = (most / step).to_integral_value(ROUND_CEILING) * step
    return Scale(bottom, top if top > bottom else bottom + step, step)


def _numbers(points: Sequence[Point]) -> Iterable[float]:
    return (number for each in points for number in (each.value, each.target) if number is not None)


def _nice(rough: Decimal, finest: Decimal) -> Decimal:
    """The smallest of 1, 2, 2.5, 5, 10, 20, 25 ... that is no smaller, and a multiple of the finest step."""
    unit = Decimal(1).scaleb(rough.adjusted())
    return next(each * unit for each in NICE if each * unit >= rough and each * unit % finest == 0)
