"""What a published dataset says of numbers of people: its figures, what each counts, and what ties them together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import combinations

from msgspec import Struct, field

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import places
from sendkpi_xl.model import Catalogue, Kpi, Profile, Unit
from sendkpi_xl.period import Period
from sendkpi_xl.suppressed_text import FewInWords, few_in_words
from sendkpi_xl.ties import worked_out


class Part(StrEnum):
    """Which figure of a KPI."""

    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    BASELINE = "baseline"
    RATING = "rating"


class Cell(Struct, frozen=True, order=True):
    """One figure that is shown or withheld; `when` is its quarter's code, or the year's for a baseline."""

    kpi_id: str
    when: str
    part: Part


World = Mapping[Cell, float]
"""Amounts that the figures might have."""


Parts = tuple[float | None, float | None]
"""A numerator and a denominator, None where unknown."""


class Quantity(Struct, frozen=True):
    """A number of people: one figure, or what is left of it without another; `words` say what it counts."""

    whole: Cell
    without: Cell | None
    words: str

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The figures that it takes."""
        return (self.whole,) if self.without is None else (self.whole, self.without)

    def amount(self, world: World) -> float | None:
        """How many people; None where a figure is missing."""
        amounts = [world.get(cell) for cell in self.cells]
        return None if None in amounts else amounts[0] - sum(amounts[1:])  # type: ignore[operator, arg-type]


class Relation(Struct, frozen=True):
    """A figure that is reckoned from others, off by `rest` as reported; `words` say how."""

    whole: Cell
    others: tuple[Cell, ...]
    reckoned: Callable[[World], float | None]
    rest: float
    words: str

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All of its figures."""
        return (self.whole, *self.others)


class Facts(Struct, frozen=True):
    """A dataset's figures and all that a reader knows of them.

    `counts` are the figures that are whole numbers of people. `missing` were never reported, but follow from the
    others. `few_in_words` are shares that only words tell of, `like_few` baselines that a share of few gives meaning.
    """

    amounts: dict[Cell, float] = field(default_factory=dict)
    counts: set[Cell] = field(default_factory=set)
    quantities: list[Quantity] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    rated: dict[Cell, RatedReading] = field(default_factory=dict)
    missing: set[Cell] = field(default_factory=set)
    like_few: dict[Cell, str] = field(default_factory=dict)


def facts_of(catalogue: Catalogue, quarters: Mapping[Period, Sequence[RatedReading]], threshold: int) -> Facts:
    """The facts of these quarters, in their order."""
    facts = Facts()
    for period, rated in sorted(quarters.items()):
        for each in rated:
            _add_reading(facts, each, period, threshold)
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
        if each.computed.rag is not None:
            facts.rated[Cell(kpi.id, period.code, Part.RATING)] = each
    numerator, denominator = _parts(each, threshold)
    if kpi.unit is Unit.PERCENT and reading.denominator is None and denominator and goal.baseline is not None:
        _like_few(facts, baseline, goal.baseline, denominator, threshold)
    _add_parts(facts, each, period, (numerator, denominator))


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


def solved(
    cell: Cell, whole: Cell, reckoned: Callable[[World], float | None], world: World, rest: float
) -> float | None:
    """What one figure of a relation must be, all others given; None where that cannot be told.

    It is told where the sum, or one divided by it, grows evenly with the figure.
    """
    if cell == whole:
        amount = reckoned(world)
        return None if amount is None else amount + rest
    tries = [reckoned({**world, cell: at}) for at in (1.0, 2.0, 3.0)]
    known = [*(each for each in tries if each is not None), world[whole] - rest]
    if len(known) <= len(tries):
        return None
    turned = [1 / each if each else math.nan for each in known]
    return next((at for at in map(_on_the_line, (known, turned)) if at is not None), None)


def _on_the_line(amounts: Sequence[float]) -> float | None:
    """Where the last amount lies on the line that goes through the others at 1, 2 and 3; None if there is none."""
    first, second, third, last = amounts
    slope = second - first
    if not slope or not math.isclose(third - second, slope, rel_tol=1e-9):
        return None
    return 1.0 + (last - first) / slope
