"""Which figures must be withheld before a dataset is published: counts of few people, and what would give them back.

The quarters are gone through in their order, each with what was withheld of those before: what has been published once
is never asked to be withheld later, and what has been withheld never shown later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.dataset_facts import facts_of
from sendkpi_xl.disclosure import Cell, Facts, Part, Quantity
from sendkpi_xl.figures import plain
from sendkpi_xl.model import Catalogue, Unit
from sendkpi_xl.other_worlds import Links, could_be_another
from sendkpi_xl.period import Period
from sendkpi_xl.rating import rate
from sendkpi_xl.reading import Rag
from sendkpi_xl.suppressed_text import share_of_few

SHARE = (Part.VALUE, Part.NUMERATOR, Part.DENOMINATOR)
COSTS: Mapping[Unit, int] = {Unit.COUNT: 1, Unit.PERCENT: 2, Unit.WEEKS: 2, Unit.AVERAGE: 3, Unit.MONEY: 4}
"""What a reader loses with a figure; a rating is lost more easily than any."""


class Why(StrEnum):
    """On what ground something is withheld."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


class Ground(Struct, frozen=True):
    """Why a figure is withheld, in words that name the numbers: for the team alone."""

    why: Why
    words: str


class Suppressed(Struct, frozen=True):
    """The withheld figures with their grounds, in the order in which they were found.

    `open` names what a reader can still work out: something that was published before without it. What could be worked
    out of earlier years already is not among it: this year's edition adds nothing to that.
    """

    cells: Mapping[Cell, Ground]
    open: tuple[str, ...] = ()


def suppressed_cells(catalogue: Catalogue, quarters: Mapping[Period, Sequence[RatedReading]]) -> Suppressed:
    """What must be withheld of these quarters, nothing under a threshold of 0."""
    threshold = catalogue.settings.withheld_under
    withheld: dict[Cell, Ground] = {}
    still_open: dict[Period, list[Quantity]] = {}
    known: set[Cell] = set()
    so_far: dict[Period, Sequence[RatedReading]] = {}
    for period, rated in sorted(quarters.items()) if threshold else ():
        so_far[period] = rated
        facts = facts_of(catalogue, so_far, threshold)
        quarter = _Quarter(catalogue, facts, withheld, known)
        still_open[period] = quarter.withhold([each for found in still_open.values() for each in found])
        withheld = quarter.withheld
        known |= facts.amounts.keys() | facts.rated.keys()
    return Suppressed(
        {cell: ground for cell, ground in withheld.items() if cell not in facts.missing} if withheld else {},
        tuple(
            each.words for period, found in still_open.items() if period.year == max(quarters).year for each in found
        ),
    )


class _Quarter:
    """One quarter's decisions, on top of those of the quarters before."""

    def __init__(
        self, catalogue: Catalogue, facts: Facts, withheld: Mapping[Cell, Ground], published: set[Cell]
    ) -> None:
        self.threshold = catalogue.settings.withheld_under
        self.catalogue, self.facts, self.published = catalogue, facts, published
        self.withheld = dict(withheld)
        self.links = Links(facts, catalogue, self.threshold)
        self.safe: set[int] = set()
        """Quantities that could be others, by identity: withholding more leaves the other world that proves it."""

    def withhold(self, open_before: Sequence[Quantity]) -> list[Quantity]:
        """Decide what is withheld; what can be worked out all the same comes back, without what could be before."""
        for cell, words in self._few():
            for other in self._together(cell):
                self.withheld.setdefault(other, Ground(Why.PRIMARY, words))
        self._as_last_year()
        self.withheld |= {
            cell: Ground(Why.PRIMARY, "It was not reported.") for cell in self.facts.missing - self.withheld.keys()
        }
        primary = set(self.withheld)
        still_open = [*open_before]
        while (quantity := self._given_away(self.facts.quantities, still_open)) is not None:
            if not self._protect(quantity):
                still_open.append(quantity)
        self._show_what_can_be(primary, still_open)
        self.withheld |= self._tell_of_baselines()
        self.withheld |= self._tell_of_nobody()
        return still_open[len(open_before) :]

    def _as_last_year(self) -> None:
        """Baselines that are figures of the year before are withheld as those are, or shown as they were."""
        for baseline, end in self.facts.starts.items():
            if end in self.withheld and baseline not in self.published:
                words = f"It is the figure of {end.when}, which is withheld."
                self.withheld.setdefault(baseline, Ground(Why.SECONDARY, words))
            elif baseline not in self.withheld:
                self.published = self.published | {baseline}

    def _few(self) -> Iterator[tuple[Cell, str]]:
        """The figures of this quarter that are numbers of few people by themselves."""
        under = f"under {self.threshold}"
        for quantity in self.facts.quantities:
            same_time = {cell.when for cell in quantity.cells} == {quantity.whole.when}
            if same_time and quantity.whole not in self.published and self.links.small(quantity):
                amount = plain(quantity.amount(self.facts.amounts) or 0)
                yield quantity.whole, f"{amount} is {under}: {quantity.words}."
            elif quantity.without is not None and same_time and quantity.whole not in self.published:
                yield from self._same_of_all(quantity)
        for cell, words in self.facts.like_few.items():
            if cell not in self.published:
                yield cell, f"A share of few: {words}."

    def _same_of_all(self, quantity: Quantity) -> Iterator[tuple[Cell, str]]:
        """All or none of few."""
        assert quantity.without is not None
        numerator, denominator = self.facts.amounts[quantity.without], self.facts.amounts[quantity.whole]
        if share_of_few(numerator, denominator, self.threshold):
            said = f"{plain(numerator)} of {plain(denominator)} says the same of fewer than {2 * self.threshold} people"
            yield quantity.whole, f"{said}: {quantity.words.removeprefix('those not in ')}."

    def _together(self, cell: Cell) -> list[Cell]:
        """A figure with those that say the same in another way: a share's value, numerator and denominator."""
        kpi = self.catalogue.kpi(cell.kpi_id)
        assert kpi is not None
        if cell.part not in SHARE:
            return [cell]
        parts = SHARE if kpi.unit is Unit.PERCENT or cell.part is Part.VALUE else SHARE[1:]
        cells = [Cell(cell.kpi_id, cell.when, part) for part in parts]
        return [each for each in cells if each in self.facts.amounts]

    def _given_away(self, among: Iterable[Quantity], still_open: Sequence[Quantity]) -> Quantity | None:
        """The first of these numbers of few people, or withheld counts, that can only be what it is."""
        for quantity in among:
            if id(quantity) in self.safe or quantity in still_open or not self._to_protect(quantity):
                continue
            if not could_be_another(self.links, self.withheld.keys(), quantity):
                return quantity
            self.safe.add(id(quantity))
        return None

    def _to_protect(self, quantity: Quantity) -> bool:
        alone = quantity.without is None and quantity.whole in self.withheld
        return alone or self.links.small(quantity)

    def _protect(self, quantity: Quantity) -> bool:
        """Withhold one more figure so that the quantity could be another, or that brings it nearer; False for none."""
        candidates = sorted(self._candidates(quantity), key=self._cost)
        enough = (cell for cell in candidates if self._would_do(cell, quantity))
        chosen = next(enough, None) or next((cell for cell in candidates if cell.part is not Part.RATING), None)
        if chosen is None:
            return False
        ground = Ground(Why.SECONDARY, self._reason(chosen, quantity))
        self.withheld |= dict.fromkeys((each for each in self._together(chosen) if each not in self.withheld), ground)
        return True

    def _would_do(self, cell: Cell, quantity: Quantity) -> bool:
        return could_be_another(self.links, self.withheld.keys() | set(self._together(cell)), quantity)

    def _candidates(self, quantity: Quantity) -> list[Cell]:
        """The figures that hang together with a quantity, are shown so far, and were never published before."""
        near = self.links.related(quantity.cells, self.withheld.keys())
        ratings = [Cell(cell.kpi_id, cell.when, Part.RATING) for cell in near if cell in self.withheld]
        shown = [*near, *(cell for cell in dict.fromkeys(ratings) if cell in self.facts.rated)]
        return [cell for cell in shown if cell not in self.withheld and cell not in self.published]

    def _cost(self, cell: Cell) -> tuple[int, float, Cell]:
        kpi = self.catalogue.kpi(cell.kpi_id)
        assert kpi is not None
        if cell.part is Part.RATING:
            return 0, 0.0, cell
        return COSTS[kpi.unit], abs(self.facts.amounts[cell]), cell

    def _reason(self, cell: Cell, quantity: Quantity) -> str:
        """What a figure would give back, and how."""
        amount = plain(quantity.amount(self.facts.amounts) or 0)
        what = f"It would give back {amount}, {quantity.words}"
        if cell.part is Part.RATING:
            return f"{what}: no other number has this rating."
        if cell in quantity.cells:
            return f"{what}: the other figure is shown."
        through = [each.words for each in self.links.relations.get(cell, ())]
        through += [each.words for each in self.links.quantities.get(cell, ()) if each.without is not None]
        return f"{what}, through {'; '.join(through)}."

    def _tell_of_baselines(self) -> dict[Cell, Ground]:
        """The ratings that are amber, or are not, because a figure still stands at a baseline that is withheld."""
        found = {}
        for cell, each in self.facts.rated.items():
            unmoved, baseline = each.standard.unmoved, Cell(cell.kpi_id, each.reading.period.year, Part.BASELINE)
            if (
                each.computed.rag is None
                or unmoved is None
                or baseline not in self.withheld
                or cell in self.published
                or cell in self.withheld
            ):
                continue
            without = rate(each.kpi, replace(each.standard, unmoved=None), each.reading.value, each.reading.denominator)
            hidden = Cell(cell.kpi_id, cell.when, Part.VALUE) in self.withheld
            if hidden or without.rag is Rag.RED:
                words = f"It would tell whether {cell.kpi_id} still stands at its baseline, which is withheld."
                found[cell] = Ground(Why.SECONDARY, words)
        return found

    def _tell_of_nobody(self) -> dict[Cell, Ground]:
        """The figures that there are none of, which tells that what they would be divided by is a withheld 0."""
        found: dict[Cell, Ground] = {}
        for whole, divisor in self.facts.without_cases.items():
            if divisor in self.withheld and whole not in self.withheld:
                ground = Ground(Why.SECONDARY, f"That it has no figure would tell that {divisor.kpi_id} is 0.")
                found |= {Cell(whole.kpi_id, whole.when, part): ground for part in (*SHARE, Part.RATING)}
        return found

    def _show_what_can_be(self, primary: set[Cell], still_open: Sequence[Quantity]) -> None:
        """Show again what turns out not to be needed beside what was withheld after it."""
        for cell in [cell for cell in self.withheld if cell not in primary]:
            group = set(self._together(cell))
            without = {each: ground for each, ground in self.withheld.items() if each not in group}
            if cell not in self.withheld or group & primary:
                continue
            # What a rating tells is told of the figures that it is made of.
            rated = {Cell(each.kpi_id, each.when, part) for each in group for part in SHARE}
            near = self.links.related(group | rated, self.withheld.keys())
            touched = {id(each): each for cell in near for each in self.links.quantities.get(cell, ())}
            kept, self.withheld = self.withheld, without
            self.safe -= touched.keys()
            if self._given_away(touched.values(), still_open) is not None:
                self.withheld = kept
