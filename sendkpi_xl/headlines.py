"""Headlines proposed to the performance team, drawn from a quarter's figures: changes, reds, gaps.

Each is a proposal and no more: people accept it, edit it or strike it in the moderation workbook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from sendkpi_xl.consolidate import Quarters, RatedReading
from sendkpi_xl.figures import kpi_figure, rounded
from sendkpi_xl.findings import listed, shortened, so_many
from sendkpi_xl.model import Catalogue, Measure, Polarity
from sendkpi_xl.moderated import Question
from sendkpi_xl.period import Period
from sendkpi_xl.rating import distance, miss_of, target_words
from sendkpi_xl.reading import Rag, Reading, Status
from sendkpi_xl.shorthand import Symbol
from sendkpi_xl.travel import Travel

MOST = 3
"""At most so many of the biggest moves, and of the furthest from target, each way: the board has two minutes."""
FEW = 0.5
"""A workstream that gives fewer than this share of its figures is told."""
TITLE_LENGTH = 90
MOST_NAMED = 6


class Kind(StrEnum):
    """Why a headline is proposed: the first part of its key."""

    NEW_RED = "new-red"
    RECOVERED = "recovered"
    WORSENING = "worsening"
    IMPROVING = "improving"
    RED = "red"
    SHORT = "short-of-target"
    AHEAD = "ahead-of-target"
    NOT_RETURNED = "not-returned"
    FEW_FIGURES = "few-figures"
    QUERIED = "queried"


class Proposal(Struct, frozen=True):
    """A headline drawn from the data. `key` is its kind and the ids of its KPIs (or the code of its workstream).

    `refs` are the board refs of its KPIs, without those that have none.
    """

    key: str
    question: Question
    text: str
    refs: tuple[str, ...] = ()


def proposals(catalogue: Catalogue, quarters: Quarters, period: Period) -> tuple[Proposal, ...]:
    """What the figures of `period` say, against the quarter before where `quarters` has it: the weightiest first.

    Without a quarter before, they are the reds and those that are furthest from their targets.
    """
    now, before = quarters[period], quarters.get(period.previous, ())
    there_is_one = any(each.reading.value is not None for each in before)
    return (*(_changes(now, before) if there_is_one else _state(now)), *_gaps(catalogue, now))


def title_of(each: RatedReading) -> str:
    """A KPI's title as a proposed headline gives it."""
    return shortened(each.kpi.shown_title, TITLE_LENGTH)


def _changes(now: Sequence[RatedReading], before: Sequence[RatedReading]) -> Iterator[Proposal]:
    earlier = {each.kpi.id: each for each in before}
    known = [each for each in now if each.kpi.id in earlier]
    new_reds = [each for each in known if each.agreed is Rag.RED is not earlier[each.kpi.id].agreed]
    for each in new_reds:
        yield _about(Kind.NEW_RED, Question.CONCERN, each, f"{_standing(each)}; {_was(earlier[each.kpi.id])}")
    recovered = [
        each
        for each in known
        if each.agreed is Rag.GREEN
        and earlier[each.kpi.id].agreed is Rag.RED
        and each.outlook.since_quarter.travel is not Travel.WORSENING
    ]
    for each in recovered:
        yield _about(Kind.RECOVERED, Question.WORKING_WELL, each, f"{_standing(each)}; {_was(earlier[each.kpi.id])}")
    told = {each.kpi.id for each in (*new_reds, *recovered)}
    rest = [each for each in known if each.kpi.id not in told]
    yield from _biggest_moves([each for each in rest if not (_too_few(each) or _too_few(earlier[each.kpi.id]))])


def _biggest_moves(among: Sequence[RatedReading]) -> Iterator[Proposal]:
    worse, better = (
        [each for each in among if each.outlook.since_quarter.travel is travel]
        for travel in (Travel.WORSENING, Travel.IMPROVING)
    )
    for each in _largest(worse, _size):
        yield _about(Kind.WORSENING, Question.CONCERN, each, _moved(each))
    # A red that improves is still red: under What is working well? it would be asked about at once.
    for each in _largest([each for each in better if each.agreed is not Rag.RED], _size):
        yield _about(Kind.IMPROVING, Question.WORKING_WELL, each, _moved(each))


def _state(now: Sequence[RatedReading]) -> Iterator[Proposal]:
    reds = [each for each in now if each.agreed is Rag.RED]
    rated = [each for each in now if each.agreed in (Rag.AMBER, Rag.GREEN) and not _too_few(each)]
    for each in reds:
        yield _about(Kind.RED, Question.CONCERN, each, _standing(each))
    short = [each for each in rated if each.agreed is Rag.AMBER and _miss(each) > 0]
    for each in _largest(short, _miss):
        yield _about(Kind.SHORT, Question.CONCERN, each, _standing(each))
    ahead = [each for each in rated if each.agreed is Rag.GREEN and _miss(each) < 0]
    for each in _largest(ahead, lambda one: -_miss(one)):
        yield _about(Kind.AHEAD, Question.WORKING_WELL, each, _standing(each))


def _gaps(catalogue: Catalogue, now: Sequence[RatedReading]) -> Iterator[Proposal]:
    missing = not_returned(now)
    for workstream in catalogue.workstreams:
        own = [each for each in now if each.kpi.workstream == workstream.name]
        if not own:
            continue
        if workstream.name in missing:
            text = f"{workstream.name} has not returned: {so_many(len(own), 'KPI')} without figures"
            yield Proposal(f"{Kind.NOT_RETURNED} {workstream.code}", Question.CONCERN, text)
            continue
        due = [each for each in own if not _not_applicable(each.reading)]
        given = sum(each.reading.value is not None for each in due)
        if given < FEW * len(due):
            text = f"{workstream.name} gives figures for {given} of the {so_many(len(due), 'KPI')} due this quarter"
            yield Proposal(f"{Kind.FEW_FIGURES} {workstream.code}", Question.CONCERN, text)
    queried = [each for each in now if each.reading.status is Status.QUERIED]
    if queried:
        yield _queried(queried)


def _queried(queried: Sequence[RatedReading]) -> Proposal:
    names = listed([_name(each) for each in queried], MOST_NAMED)
    figures_are = "figure is" if len(queried) == 1 else "figures are"
    text = f"{len(queried)} {figures_are} being queried with the workstreams: {names}"
    return Proposal(_key(Kind.QUERIED, queried), Question.CONCERN, text, _refs(queried))


def not_returned(now: Iterable[RatedReading]) -> tuple[str, ...]:
    """The workstreams of which no KPI was returned."""
    returned: dict[str, bool] = {}
    for each in now:
        came = each.reading.status is not Status.NOT_RETURNED
        returned[each.kpi.workstream] = returned.get(each.kpi.workstream, False) or came
    return tuple(name for name, came in returned.items() if not came)


def _about(kind: Kind, question: Question, each: RatedReading, says: str) -> Proposal:
    return Proposal(_key(kind, [each]), question, f"{_name(each)} {says}", _refs([each]))


def _key(kind: Kind, about: Iterable[RatedReading]) -> str:
    return f"{kind} {' '.join(each.kpi.id for each in about)}"


def _refs(about: Iterable[RatedReading]) -> tuple[str, ...]:
    return tuple(each.kpi.board_ref for each in about if each.kpi.board_ref)


def _name(each: RatedReading) -> str:
    ref = each.kpi.board_ref
    return f"KPI {ref} {title_of(each)}" if ref else f"“{title_of(each)}”"


def _standing(each: RatedReading) -> str:
    """The rating with the figures behind it: `is Red: £12,905 against the target of £11,877 (8.7% above)`."""
    assert each.agreed is not None
    agreed = " as agreed" if each.override is not None else ""
    if each.reading.value is None:
        return f"is {each.agreed.word}{agreed}, without a figure this quarter"
    return f"is {each.agreed.word}{agreed}: {_value(each)}{_against(each)}"


def _value(each: RatedReading) -> str:
    return kpi_figure(each.reading.value, each.kpi)


def _against(each: RatedReading) -> str:
    """The quarter's target, and how far the value is from it: nothing where there is none."""
    if each.standard.target is None:
        return ", without a target"
    shown = _shown(each)
    if shown == each.standard.target:
        return f", exactly {target_words(each.kpi, each.standard)}"
    above = shown > each.standard.target
    apart = distance(abs(shown - each.standard.target), above, each.standard, each.kpi)
    return f" against {target_words(each.kpi, each.standard)} ({apart})"


def _was(then: RatedReading) -> str:
    rating = then.agreed.word if then.agreed else "not rated"
    value = f" at {_value(then)}" if then.reading.value is not None else ""
    return f"it was {rating}{value} in {then.reading.period.label}"


def _moved(each: RatedReading) -> str:
    rating = f"; it is {each.agreed.word}" if each.agreed else ""
    return f"is {each.outlook.since_quarter.sentence.removesuffix('.')}{rating}"


def _size(each: RatedReading) -> Decimal:
    """How far it moved: in points, or as a share of what it was; a move away from nothing counts as all of it."""
    now, before = each.outlook.since_quarter.now, each.outlook.since_quarter.before
    if now is None or before is None:
        return Decimal(0)
    if each.standard.tolerance.measure is Measure.POINTS:
        return abs(now - before)
    return abs(now - before) / abs(before) if before else Decimal(1)


def _shown(each: RatedReading) -> Decimal:
    """The value as shown, which is what is rated."""
    assert each.reading.value is not None
    return rounded(each.reading.value, each.kpi.unit, each.kpi.decimals)


def _miss(each: RatedReading) -> Decimal:
    """How far the value is on the wrong side of its target, as it is measured: a share of it, or points; 0 without."""
    target = each.standard.target
    if each.reading.value is None or not target or each.kpi.polarity is Polarity.CONTEXT:
        return Decimal(0)
    miss = miss_of(each.kpi.polarity, _shown(each), target)
    return miss if each.standard.tolerance.measure is Measure.POINTS else miss / abs(target)


def _too_few(each: RatedReading) -> bool:
    return each.standard.too_few(each.reading.denominator)


def _largest(group: Iterable[RatedReading], size: Callable[[RatedReading], Decimal]) -> list[RatedReading]:
    """At most a few, the largest first; the board's order where two are as large."""
    return sorted(group, key=size, reverse=True)[:MOST]


def _not_applicable(reading: Reading) -> bool:
    return reading.reason is not None and reading.reason.shorthand is Symbol.NOT_APPLICABLE
