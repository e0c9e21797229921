"""The facts of a dataset: each figure that says something of numbers of people, and what a reader can reckon with."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.disclosure import PARTS, Cell, Facts, Part, Quantity, Relation, World, solved
from sendkpi_xl.figures import places, rounded
from sendkpi_xl.forecast import LAST_QUARTER
from sendkpi_xl.model import Catalogue, Kpi, Profile, Unit
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Reason
from sendkpi_xl.suppressed_text import FewInWords, few_in_words
from sendkpi_xl.ties import ids_in, worked_out

Parts = tuple[float | None, float | None]
"""A numerator and a denominator, None where unknown."""


def facts_of(catalogue: Catalogue, quarters: Mapping[Period, Sequence[RatedReading]], threshold: int) -> Facts:
    """The facts of these quarters, in their order."""
    facts = Facts()
    for period, rated in sorted(quarters.items()):
        for each in rated:
            _add_reading(facts, each, period, threshold)
        _add_starts(facts, catalogue, rated, period)
        _add_ties(facts, catalogue, period)
    _add_moves(facts, quarters)
    return facts


def _add_reading(facts: Facts, each: RatedReading, period: Period, threshold: int) -> None:
    kpi, reading, goal = each.kpi, each.reading, each.goal
    value, baseline = Cell(kpi.id, period.code, Part.VALUE), Cell(kpi.id, period.year, Part.BASELINE)
    if goal.baseline is not None and baseline not in facts.amounts:
        _add(facts, baseline, goal.baseline, kpi.unit is Unit.COUNT, f"the baseline of {kpi.id}")
        if kpi.unit is Unit.PERCENT and few_in_words(goal.baseline_words, threshold):
            facts.like_few[baseline] = "its words tell of few"
    if reading.value is not None:
        _add(facts, value, reading.value, kpi.unit is Unit.COUNT, f"{kpi.id} in {period.label}")
        # None can be the answer where so many answers are enough: then it tells that they are.
        if each.computed.rag is not None or each.standard.smallest_sample is not None:
            facts.rated[Cell(kpi.id, period.code, Part.RATING)] = each
    numerator, denominator = _parts(each, threshold)
    if kpi.unit is Unit.PERCENT and reading.denominator is None and denominator and goal.baseline is not None:
        _like_few(facts, baseline, goal.baseline, denominator, threshold)
    _add_parts(facts, each, period, (numerator, denominator))
    if reading.reason is Reason.TOO_FEW:
        parts = (Cell(kpi.id, period.code, part) for part in PARTS)
        facts.like_few.update((cell, "the lead withheld it") for cell in parts if cell in facts.amounts)


def _add_starts(facts: Facts, catalogue: Catalogue, rated: Sequence[RatedReading], period: Period) -> None:
    """Baselines that are what the year before ended at: the same figures under another name.

    One that is equal where others of its sums are not is so by chance.
    """
    before = Period(period.start_year - 1, LAST_QUARTER)
    equal: dict[str, bool] = {}
    for kpi in (each.kpi for each in rated):
        baseline, end = _ends(kpi.id, period, before)
        if facts.amounts.keys() >= {baseline, end}:
            shown = {rounded(facts.amounts[cell], kpi.unit, kpi.decimals) for cell in (baseline, end)}
            equal[kpi.id] = len(shown) == 1
    by_chance: set[str] = set()
    for tie in catalogue.ties:
        together = equal.keys() & {tie.kpi_id, *ids_in(tie.formula)}
        by_chance |= together if not all(equal[kpi_id] for kpi_id in together) else set()
    for kpi_id in (each for each, same in equal.items() if same and each not in by_chance):
        baseline, end = _ends(kpi_id, period, before)
        if baseline not in facts.starts:  # as it is in a later quarter of the year
            facts.starts[baseline] = end
            _relate_same(facts, baseline, end, f"the baseline of {kpi_id} is its figure of {before.label}")


def _ends(kpi_id: str, period: Period, before: Period) -> tuple[Cell, Cell]:
    return Cell(kpi_id, period.year, Part.BASELINE), Cell(kpi_id, before.code, Part.VALUE)


def _add(facts: Facts, cell: Cell, amount: float, people: bool, words: str) -> None:
    facts.amounts[cell] = amount
    if people:
        facts.counts.add(cell)
        facts.quantities.append(Quantity(cell, None, words))


def _add_parts(facts: Facts, each: RatedReading, period: Period, parts: Parts) -> None:
    kpi, when = each.kpi, period.code
    share = kpi.unit is Unit.PERCENT
    cells = Cell(kpi.id, when, Part.NUMERATOR), Cell(kpi.id, when, Part.DENOMINATOR)
    for cell, part in zip(cells, parts, strict=True):
        if part is not None:
            people = share or cell.part is Part.DENOMINATOR
            _add(facts, cell, part, people, f"the {cell.part} of {kpi.id} in {period.label}")
    numerator, denominator = cells
    if not share or None in parts:
        return
    facts.quantities.append(Quantity(denominator, numerator, f"those not in {kpi.id} in {period.label}"))
    value = Cell(kpi.id, when, Part.VALUE)
    if value in facts.amounts:
        _relate(facts, value, cells, lambda world: _divided(world[numerator], world[denominator]), f"{kpi.id}'s share")


def _divided(numerator: float, denominator: float) -> float | None:
    return numerator / denominator if denominator else None


def _parts(each: RatedReading, threshold: int) -> Parts:
    """Numerator and denominator: as returned, as a comment tells of few, or as the value gives one from the other."""
    reading = each.reading
    if each.kpi.unit is not Unit.PERCENT:
        return reading.numerator, reading.denominator
    words = _told(each, threshold)
    numerator = words.numerator if reading.numerator is None else reading.numerator
    denominator = words.denominator if reading.denominator is None else reading.denominator
    told = _both(reading.value, numerator, denominator)
    if words.denominator is None and not _agree(each, *told):
        # A number that stands alone in the comment and cannot be the share's: it tells of something else.
        return _both(reading.value, reading.numerator, reading.denominator)
    return told


def _told(each: RatedReading, threshold: int) -> FewInWords:
    """What the lead's comment tells of few, or else the team's."""
    told = (few_in_words(comment, threshold) for comment in (each.reading.comment, each.remark.board_comment))
    return next(filter(None, told), FewInWords())


def _both(value: float | None, numerator: float | None, denominator: float | None) -> Parts:
    if value is not None and numerator is None and denominator is not None:
        return float(round(value * denominator)), denominator
    if value and denominator is None and numerator is not None:
        return numerator, float(round(numerator / value))
    return numerator, denominator


def _agree(each: RatedReading, numerator: float | None, denominator: float | None) -> bool:
    """Whether so many of so many are the value as it is shown."""
    value = each.reading.value
    if value is None or not denominator or numerator is None:
        return False
    half_a_digit = 0.5 / 10 ** places(each.kpi.unit, each.kpi.decimals)
    return bool(abs(numerator / denominator - value) <= half_a_digit * (1 + 1e-9))


def _like_few(facts: Facts, baseline: Cell, share: float, denominator: float, threshold: int) -> None:
    """A baseline of a share of about as many people, which only words and the value give, may be few as well."""
    about = round(share * denominator)
    if 0 < about < threshold:
        facts.like_few.setdefault(baseline, f"of about {denominator:,.0f} it would be about {about}")


def _add_moves(facts: Facts, quarters: Mapping[Period, Sequence[RatedReading]]) -> None:
    """What a figure that adds up over the year has grown by between two of its quarters."""
    kpis: dict[str, Kpi] = {each.kpi.id: each.kpi for rated in quarters.values() for each in rated}
    for earlier, later in combinations(sorted(quarters), 2):
        if earlier.year != later.year:
            continue
        for kpi in kpis.values():
            if kpi.profile is Profile.YEAR_TO_DATE:
                facts.quantities.extend(_moves(facts, kpi, earlier, later))


def _moves(facts: Facts, kpi: Kpi, earlier: Period, later: Period) -> Iterator[Quantity]:
    for part in (Part.VALUE, Part.NUMERATOR, Part.DENOMINATOR):
        cells = Cell(kpi.id, later.code, part), Cell(kpi.id, earlier.code, part)
        if facts.counts.issuperset(cells):
            about = kpi.id if part is Part.VALUE else f"the {part} of {kpi.id}"
            yield Quantity(*cells, f"what {about} grew by from {earlier.label} to {later.label}")
    all_then, in_then, all_before, in_before = (
        Cell(kpi.id, period.code, part) for period in (later, earlier) for part in (Part.DENOMINATOR, Part.NUMERATOR)
    )
    if facts.counts.issuperset((all_then, in_then, all_before, in_before)):
        words = f"what those not in {kpi.id} grew by from {earlier.label} to {later.label}"
        yield Quantity(all_then, in_then, words, (all_before, in_before))


def _add_ties(facts: Facts, catalogue: Catalogue, period: Period) -> None:
    for tie in catalogue.ties:
        kpi = catalogue.kpi(tie.kpi_id)
        if kpi is None:
            continue
        for when, part in ((period.code, Part.VALUE), (period.year, Part.BASELINE)):
            words = f"{tie.kpi_id} = {tie.formula}" + (" in the baselines" if part is Part.BASELINE else "")
            _add_tie(facts, catalogue, (tie.kpi_id, tie.formula), (when, part, period.year), words)


def _add_tie(facts: Facts, catalogue: Catalogue, tie: tuple[str, str], at: tuple[str, Part, str], words: str) -> None:
    (kpi_id, formula), (when, part, year) = tie, at
    if any(each.words == words and each.whole == Cell(kpi_id, when, part) for each in facts.relations):
        return  # the year's baselines, in a later quarter

    def amount(name: str) -> Cell:
        return Cell(name, when, part)

    def baseline(name: str) -> Cell:
        return Cell(name, year, Part.BASELINE)

    others: dict[Cell, None] = {}
    worked_out(formula, _noting(others, amount), _noting(others, baseline))

    def reckoned(world: World) -> float | None:
        return worked_out(formula, lambda name: world.get(amount(name)), lambda name: world.get(baseline(name)))

    _add_missing(facts, catalogue, (amount(kpi_id), *others), reckoned)
    _relate(facts, amount(kpi_id), tuple(others), reckoned, words)
    if part is Part.VALUE:
        _add_quotient(facts, kpi_id, formula, when)


def _add_quotient(facts: Facts, kpi_id: str, formula: str, when: str) -> None:
    """The numerator and denominator of a KPI that is one KPI over another are the figures of those; over 0 is none."""
    over = [name.strip() for name in formula.split("/")]
    if len(over) != len(PARTS):
        return
    whole, divisor = Cell(kpi_id, when, Part.VALUE), Cell(over[1], when, Part.VALUE)
    if whole not in facts.amounts and facts.amounts.get(divisor) == 0:
        facts.without_cases[whole] = divisor
    for part, name in zip(PARTS, over, strict=True):
        cell, other = Cell(kpi_id, when, part), Cell(name, when, Part.VALUE)
        if cell in facts.amounts and facts.amounts[cell] == facts.amounts.get(other):
            _relate_same(facts, cell, other, f"the {part} of {kpi_id} is {name}")


def _noting(seen: dict[Cell, None], cell: Callable[[str], Cell]) -> Callable[[str], float]:
    def noted(name: str) -> float:
        seen[cell(name)] = None
        return 1.0

    return noted


def _relate(
    facts: Facts, whole: Cell, others: tuple[Cell, ...], reckoned: Callable[[World], float | None], words: str
) -> None:
    if not facts.amounts.keys() >= {whole, *others}:
        return
    amount = reckoned(facts.amounts)
    if amount is not None:
        facts.relations.append(Relation(whole, others, reckoned, facts.amounts[whole] - amount, words))


def _relate_same(facts: Facts, cell: Cell, other: Cell, words: str) -> None:
    _relate(facts, cell, (other,), lambda world: world[other], words)


def _add_missing(
    facts: Facts, catalogue: Catalogue, cells: Iterable[Cell], reckoned: Callable[[World], float | None]
) -> None:
    """A count that was not reported and that a reader can work out from the rest of its sum."""
    whole, *others = cells
    missing = [cell for cell in (whole, *others) if cell not in facts.amounts]
    if len(missing) != 1:
        return
    kpi = catalogue.kpi(missing[0].kpi_id)
    if kpi is None or kpi.unit is not Unit.COUNT:
        return
    amount = solved(missing[0], whole, reckoned, facts.amounts, 0.0)
    if amount is not None and math.isclose(amount, round(amount), abs_tol=1e-6):
        _add(facts, missing[0], float(round(amount)), True, f"{kpi.id}, which was not reported,")
        facts.missing.add(missing[0])
