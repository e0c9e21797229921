"""How a quarter's ratings moved since the quarter before, and what is told of it in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.findings import so_many
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Rag, Reason, Status
from sendkpi_xl.travel import Travel

WORST_FIRST = (Rag.RED, Rag.AMBER, Rag.GREEN)


class Shift(StrEnum):
    """What became of a rating since the quarter before, where both quarters have one."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "the same"


def shift(now: Rag | None, before: Rag | None) -> Shift | None:
    """How an agreed rating compares with the one of the quarter before; None where one of the two is no rating."""
    if now is None or before is None:
        return None
    change = WORST_FIRST.index(now) - WORST_FIRST.index(before)
    return Shift.SAME if not change else Shift.BETTER if change > 0 else Shift.WORSE


def ratings_words(rows: Sequence[RatedReading]) -> str:
    """How many KPIs have each rating: `Ratings: 5 Red, 36 Amber, 24 Green; 7 without a rating.`"""
    counts = Counter(each.agreed for each in rows)
    told = ", ".join(f"{counts[rag]} {rag.word}" for rag in Rag)
    return f"Ratings: {told}; {counts[None]} without a rating."


def movement_words(rows: Sequence[RatedReading], before: Iterable[RatedReading], since: Period) -> str:
    """How many ratings moved since the quarter before, and how many KPIs are better or worse by their figures."""
    earlier = {each.kpi.id: each.agreed for each in before}
    shifts = Counter(shift(each.agreed, earlier.get(each.kpi.id)) for each in rows)
    travels = Counter(each.outlook.since_quarter.travel for each in rows)
    compared = sum(shifts[each] for each in Shift)
    if not compared:
        return f"Movement: {since.label} has no ratings to compare with."
    ratings = ", ".join(f"{shifts[each]} {each}" for each in Shift)
    figures = ", ".join(f"{travels[each]} {each.lower()}" for each in (Travel.IMPROVING, Travel.WORSENING))
    return f"Movement since {since.label}: of {compared} ratings {ratings}; by their figures {figures}."


def missing_words(now: Sequence[RatedReading]) -> str:
    """How many live KPIs have no figure, and why: `Missing: 56 figures (52 data not yet available, ...).`"""
    missing = [each.reading for each in now if each.reading.value is None and not each.reading.withheld]
    if not missing:
        return "Missing: no figure."
    why = Counter(_why(each.reason, each.status) for each in missing)
    told = ", ".join(f"{count} {words}" for words, count in why.most_common())
    return f"Missing: {so_many(len(missing), 'figure')} ({told})."


def withheld_words(now: Sequence[RatedReading], threshold: int) -> str:
    """How many figures an edition withholds: `Withheld: 14 figures, marked [c], which ...`."""
    count = sum(each.reading.withheld for each in now)
    if not count:
        return "Withheld: no figure."
    figures, tell, give = ("1 figure", "tells", "gives") if count == 1 else (f"{count} figures", "tell", "give")
    why = f"which {tell} of fewer than {threshold} people or {give} such a number back"
    return f"Withheld: {figures}, marked {Reason.TOO_FEW.shorthand}, {why}."


def _why(reason: Reason | None, status: Status) -> str:
    words = status.value if reason is None else reason.value.partition(":")[0]
    return f"{words[:1].lower()}{words[1:]}"
