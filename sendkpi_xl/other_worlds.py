"""Whether a number of people could be another one, for all that is shown: a world that looks the same proves it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Set

from sendkpi_xl.disclosure import Cell, Facts, Part, Quantity, Relation, World, solved
from sendkpi_xl.figures import rounded
from sendkpi_xl.model import Catalogue
from sendkpi_xl.rating import rate, shown_decimals

SHIFTS = [sign * step for step in range(1, 7) for sign in (1, -1)]
"""How far from what it is a figure is tried."""
NEAR = (1, -1, 2, -2)
MOST_TRIES = 300
"""Where no other world was found for a shift by then, there may be none: more is withheld."""


class Links:
    """The relations and quantities that each figure is part of."""

    def __init__(self, facts: Facts, catalogue: Catalogue, threshold: int) -> None:
        self.facts, self.catalogue, self.threshold = facts, catalogue, threshold
        self.relations: dict[Cell, list[Relation]] = {}
        self.quantities: dict[Cell, list[Quantity]] = {}
        for relation in facts.relations:
            for cell in relation.cells:
                self.relations.setdefault(cell, []).append(relation)
        for quantity in facts.quantities:
            for cell in quantity.cells:
                self.quantities.setdefault(cell, []).append(quantity)

    def small(self, quantity: Quantity) -> bool:
        """Whether so few people must not be told of."""
        amount = quantity.amount(self.facts.amounts)
        return amount is not None and 0 < amount < self.threshold

    def related(self, cells: Iterable[Cell], through: Set[Cell]) -> list[Cell]:
        """These figures and all that hang together with them by way of withheld ones, the nearest first."""
        found = dict.fromkeys(cells)
        for cell in (queue := list(found)):
            if cell not in through and cell not in cells:
                continue
            linked: tuple[Relation | Quantity, ...] = (*self.relations.get(cell, ()), *self.quantities.get(cell, ()))
            for other in (other for link in linked for other in link.cells if other not in found):
                found[other] = None
                queue.append(other)
        return list(found)


def could_be_another(links: Links, withheld: Set[Cell], quantity: Quantity) -> bool:
    """Whether figures that are withheld could be others so that the quantity is another one, and nothing shown is.

    In the other world a count is a whole number from 0, a figure that is few is few there too (its mark says as much),
    and what is left of one without another is not below nothing.
    """
    unknown = [
        cell for cell in links.related(quantity.cells, withheld) if cell in withheld and cell.part != Part.RATING
    ]
    if not set(unknown) & set(quantity.cells):
        return False
    return _Search(links, withheld, unknown, quantity).found()


class _Search:
    """A search for one other world, figure by figure, the sought quantity's first."""

    def __init__(self, links: Links, withheld: Set[Cell], unknown: list[Cell], sought: Quantity) -> None:
        self.links, self.withheld, self.sought = links, withheld, sought
        # Counts first: what is not one follows from them.
        self.unknown = sorted(unknown, key=lambda cell: cell not in links.facts.counts)
        self.tries, self.shift = 0, 0
        relations = (each for cell in unknown for each in links.relations.get(cell, ()))
        self.relations = list({id(each): each for each in relations}.values())
        quantities = (each for cell in unknown for each in links.quantities.get(cell, ()))
        self.quantities = [*dict.fromkeys((sought, *quantities))]
        links_here: list[Relation | Quantity] = [*self.relations, *self.quantities]
        touched = {cell for each in links_here for cell in each.cells}
        self.truth = {cell: links.facts.amounts[cell] for cell in touched if cell in links.facts.amounts}

    def found(self) -> bool:
        """Whether there is one, with any of the sought quantity's figures moved by any shift."""
        world = {cell: amount for cell, amount in self.truth.items() if cell not in self.unknown}
        return any(
            self._moved(world, cell, shift)
            for shift in SHIFTS
            for cell in self.sought.cells
            if cell in self.unknown and self._fits(cell, self.truth[cell] + shift)
        )

    def _moved(self, world: dict[Cell, float], cell: Cell, shift: int) -> bool:
        self.tries, self.shift = 0, shift
        return self._extended({**world, cell: self.truth[cell] + shift})

    def _extended(self, world: dict[Cell, float]) -> bool:
        """Whether a world with some figures left open can be filled in."""
        self.tries += 1
        if self.tries > MOST_TRIES or not self._holds(world):
            return False
        missing = [cell for cell in self.unknown if cell not in world]
        if not missing:
            return self._looks_the_same(world)
        forced = self._forced(world)
        cell, amounts = forced or (missing[0], self._candidates(missing[0]))
        return any(self._extended({**world, cell: amount}) for amount in amounts if self._fits(cell, amount))

    def _forced(self, world: World) -> tuple[Cell, list[float]] | None:
        """A figure that a relation leaves no choice, with what it must be."""
        for relation in self.relations:
            missing = [cell for cell in relation.cells if cell not in world]
            if len(missing) != 1 or not (self._exact(relation) or missing[0] == relation.whole):
                continue
            amount = solved(missing[0], relation.whole, relation.reckoned, world, relation.rest)
            if amount is not None:
                return missing[0], [self._whole(missing[0], amount)]
        return None

    def _exact(self, relation: Relation) -> bool:
        """Whether a relation's whole is known to the last digit: what is shown rounded leaves room."""
        return relation.whole in self.links.facts.counts or relation.whole in self.withheld

    def _whole(self, cell: Cell, amount: float) -> float:
        near = round(amount)
        whole = cell in self.links.facts.counts and math.isclose(amount, near, abs_tol=1e-6, rel_tol=1e-9)
        return float(near) if whole else amount

    def _fits(self, cell: Cell, amount: float) -> bool:
        return cell not in self.links.facts.counts or (amount >= 0 and amount == round(amount))

    def _candidates(self, cell: Cell) -> Iterator[float]:
        """What a figure might be: what it is first, then as far from it as the moved one is."""
        true = self.truth[cell]
        if cell in self.links.facts.counts:
            yield from (true + step for step in dict.fromkeys((0, self.shift, -self.shift, *NEAR)))
        else:
            yield from (true, true * 1.01 + 1, true * 0.99 - 1)

    def _holds(self, world: World) -> bool:
        return all(self._may_be(quantity, world) for quantity in self.quantities) and all(
            self._kept(relation, world) for relation in self.relations
        )

    def _may_be(self, quantity: Quantity, world: World) -> bool:
        """Whether a quantity, where it is known by now, may be what it is here."""
        amount, true = quantity.amount(world), quantity.amount(self.truth)
        if amount is None or true is None:
            return True
        if quantity == self.sought and amount == true:
            return False
        if quantity.without is None and self.links.small(quantity):
            return 0 < amount < self.links.threshold
        return amount >= 0 or true < 0

    def _kept(self, relation: Relation, world: World) -> bool:
        """Whether a relation, where all of it is known by now, is as far off as it was reported."""
        if any(cell not in world for cell in relation.cells):
            return True
        amount = relation.reckoned(world)
        if amount is None:
            return False
        amount += relation.rest
        whole = world[relation.whole]
        if math.isclose(amount, whole, rel_tol=1e-9, abs_tol=1e-9):
            return True
        return self._rounds_alike(relation.whole, amount)

    def _rounds_alike(self, cell: Cell, amount: float) -> bool:
        """Whether a figure that is shown rounded would be shown the same, and nothing else hangs on its digits."""
        if cell in self.links.facts.counts or cell in self.withheld or len(self.links.relations[cell]) > 1:
            return False
        kpi = self.links.catalogue.kpi(cell.kpi_id)
        assert kpi is not None
        decimals = shown_decimals(self.truth[cell], kpi) if cell.part is Part.BASELINE else kpi.decimals
        return rounded(amount, kpi.unit, decimals) == rounded(self.truth[cell], kpi.unit, decimals)

    def _looks_the_same(self, world: World) -> bool:
        """Whether each rating that is shown would be the same one."""
        for cell in self.unknown:
            shown = Cell(cell.kpi_id, cell.when, Part.RATING)
            each = self.links.facts.rated.get(shown)
            if each is None or shown in self.withheld:
                continue
            value = world.get(Cell(cell.kpi_id, cell.when, Part.VALUE), each.reading.value)
            denominator = world.get(Cell(cell.kpi_id, cell.when, Part.DENOMINATOR))
            if rate(each.kpi, each.standard, value, denominator).rag is not each.computed.rag:
                return False
        return True
