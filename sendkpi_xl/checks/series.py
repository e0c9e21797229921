"""What can be wrong with a KPI over the quarters, and with a return beside that of the quarter before."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.checks.check import Check, Noticed, Scope
from sendkpi_xl.figures import kpi_figure
from sendkpi_xl.finding_rules import CHECK, Rule
from sendkpi_xl.model import Goal, Kpi, Unit, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Place, Reading

TIMES = 5
"""A figure this many times the largest so far, or as many times under the smallest, is asked about."""
LEAST_JUMP = 10
"""Differences of fewer children, cases or weeks than this are no jump, whatever they are a multiple of."""
SHARE_JUMP, CHANGE_JUMP = 0.5, 1.0
"""Points, as a fraction, by which a share, or another percentage, may leave what it has been so far."""
SHORTEST_COPY = 20
"""Comments shorter than this say little, and may well be the same again."""
FEWEST_VALUES = 3
"""With fewer values than this, all being the same again is nothing strange."""
QUARTERS = 4


class SeenSeries(Struct, frozen=True):
    """A KPI's reading beside those of earlier quarters, the latest first, and beside its goal of the year."""

    kpi: Kpi
    goal: Goal
    reading: Reading
    before: tuple[Reading, ...]

    def at_value(self, **words: object) -> Noticed:
        """Something noticed at the value's cell."""
        return Noticed(self.reading.place, self.kpi.id, words)

    def pace(self, value: float, quarter: int) -> float:
        """A value as it compares with others: a figure that adds up over the year, by the quarter."""
        return value / quarter if self.kpi.adds_up else value

    def usual(self) -> list[float]:
        """What the KPI has been: its baseline, and its values in earlier quarters."""
        paces = [self.pace(each.value, each.period.quarter) for each in self.before if each.value is not None]
        return paces if self.goal.baseline is None else [self.pace(self.goal.baseline, QUARTERS), *paces]


def falls_within_the_year(seen: SeenSeries) -> Iterator[Noticed]:
    """A figure that adds up over the year, and is less than it was in an earlier quarter of the year."""
    value, period = seen.reading.value, seen.reading.period
    if not seen.kpi.adds_up or value is None:
        return
    for each in seen.before:
        if each.period.year == period.year and each.value is not None and value < each.value:
            shown = {"found": kpi_figure(value, seen.kpi), "before": kpi_figure(each.value, seen.kpi)}
            yield seen.at_value(quarter=each.period.label, **shown)
            return


def jumps(seen: SeenSeries) -> Iterator[Noticed]:
    """A figure far outside all that the KPI has been."""
    usual = seen.usual()
    if seen.reading.value is None or not usual:
        return
    if _far_outside(seen.pace(seen.reading.value, seen.reading.period.quarter), min(usual), max(usual), seen.kpi):
        least, most = (kpi_figure(each, seen.kpi) for each in (min(usual), max(usual)))
        been = least if least == most else f"between {least} and {most}"
        by_quarter = " a quarter" if seen.kpi.adds_up else ""
        yield seen.at_value(found=kpi_figure(seen.reading.value, seen.kpi), been=f"{been}{by_quarter}")


def _far_outside(value: float, least: float, most: float, kpi: Kpi) -> bool:
    distance = max(least - value, value - most)
    if kpi.unit is Unit.PERCENT:
        return distance > (SHARE_JUMP if kpi.share else CHANGE_JUMP)
    if kpi.unit in (Unit.COUNT, Unit.WEEKS) and distance < LEAST_JUMP:
        return False
    if least > 0:
        return value > TIMES * most or value < least / TIMES
    return abs(value) > TIMES * max(abs(least), abs(most)) > 0


def copied_comment(seen: SeenSeries) -> Iterator[Noticed]:
    """A comment that is word for word the one of the quarter before."""
    words = seen.reading.comment.split()
    latest = seen.before[0] if seen.before else None
    if latest is None or len(seen.reading.comment) < SHORTEST_COPY:
        return
    if latest.period == seen.reading.period.previous and latest.comment.split() == words:
        place = replace(seen.reading.place, cell=seen.reading.comment_cell)
        yield Noticed(place, seen.kpi.id, {"quarter": latest.period.label})


class SeenQuarters(Struct, frozen=True):
    """A workstream's readings in this quarter and in the one before, in the same order of KPIs."""

    workstream: Workstream
    place: Place
    before: Period
    pairs: tuple[tuple[Reading, Reading], ...]


def nothing_changed(seen: SeenQuarters) -> Iterator[Noticed]:
    """A return in which every value is the one of the quarter before."""
    values = [(now.value, then.value) for now, then in seen.pairs if now.value is not None]
    if len(values) >= FEWEST_VALUES and all(now == then for now, then in values):
        yield Noticed(seen.place, seen.workstream.name, {"count": len(values), "quarter": seen.before.label})


SERIES_CHECKS = (
    Check(
        "P01",
        Scope.SERIES,
        Rule(
            CHECK,
            "The value is {found}, and it was {before} in {quarter}.",
            "A figure that adds up over the year does not fall.",
            "Correct this quarter's value, or tell us that the earlier one was too high.",
        ),
        falls_within_the_year,
    ),
    Check(
        "P02",
        Scope.SERIES,
        Rule(
            CHECK,
            "The value is {found}; so far this KPI has been {been}.",
            "A value of about the size that it has been.",
            "Look for a digit or a % sign too few or too many; if it is right, say in the comment what happened.",
        ),
        jumps,
    ),
    Check(
        "P04",
        Scope.SERIES,
        Rule(
            CHECK,
            "The comment is word for word that of {quarter}.",
            "A comment on this quarter's figure.",
            "Say what is true now; if nothing has changed, say that.",
        ),
        copied_comment,
    ),
)
"""The checks of one KPI over the quarters."""

QUARTERS_CHECKS = (
    Check(
        "P05",
        Scope.QUARTERS,
        Rule(
            CHECK,
            "All {count} values are the same as in {quarter}.",
            "This quarter's figures.",
            "Look whether the return of the quarter before was sent again; if all stayed the same, tell us.",
        ),
        nothing_changed,
    ),
)
"""The check of a whole return beside that of the quarter before."""
