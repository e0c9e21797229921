"""The withheld and the shown numbers of each KPI: what the words about it must not say, and what a reader knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from sendkpi_xl.consolidate import Quarters, RatedReading
from sendkpi_xl.disclosure import Cell, Part
from sendkpi_xl.figures import exact, rounded
from sendkpi_xl.headline_words import refs_in
from sendkpi_xl.model import Catalogue, Unit
from sendkpi_xl.suppressed_text import KnownNumbers
from sendkpi_xl.suppression import Suppressed, Why
from sendkpi_xl.ties import ids_in


class NumbersOfKpis:
    """The numbers of each KPI of these quarters."""

    def __init__(self, catalogue: Catalogue, quarters: Quarters, suppressed: Suppressed) -> None:
        self.threshold = catalogue.settings.withheld_under
        self._by_ref = catalogue.by_board_ref()
        self.known: dict[str, KnownNumbers] = {}
        self.tied: dict[str, set[str]] = {}
        self.counts: frozenset[int] = frozenset()
        for tie in catalogue.ties:
            together = ids_in(tie.formula) | {tie.kpi_id}
            for kpi_id in together:
                self.tied.setdefault(kpi_id, set()).update(together)
        for rated in quarters.values():
            for each in rated:
                self._add(each, suppressed)

    def _add(self, each: RatedReading, suppressed: Suppressed) -> None:
        cells = _cells(each)
        withheld = {cell: amount for cell, amount in cells.items() if cell in suppressed.cells}
        shares = each.kpi.unit is Unit.PERCENT
        percentages = {exact(amount) for cell, amount in withheld.items() if shares and _is_value(cell)}
        percentages |= {rounded(float(each_one), each.kpi.unit, each.kpi.decimals) for each_one in percentages}
        shown = {cell: cells[cell] for cell in cells.keys() - withheld.keys()}
        before = self.known.get(each.kpi.id, KnownNumbers())
        self.known[each.kpi.id] = KnownNumbers(
            before.counts | _whole(withheld, shares),
            before.percentages | percentages,
            before.totals | _whole(shown, shares),
            before.few or (shares and any(_is_primary(suppressed, cell) for cell in withheld)),
            before.hidden or bool(withheld),
            before.rating or Cell(each.kpi.id, each.reading.period.code, Part.RATING) in suppressed.cells,
            before.aims | {exact(aim) for aim in (each.goal.target,) if aim is not None},
        )
        self.counts |= self.known[each.kpi.id].counts

    def named(self, refs: Iterable[str]) -> list[str]:
        """The ids of the KPIs that these board refs stand for; refs of none are passed over."""
        return [kpi.id for ref in refs if (kpi := self._by_ref.get(ref.casefold()))]

    def beside(self, text: str, kpi_ids: Iterable[str]) -> KnownNumbers:
        """What a text about these KPIs must not say, those that it names and those tied to them included."""
        own = [*kpi_ids]
        named = self.named(refs_in(text))
        tied = {tied for kpi_id in (*own, *named) for tied in self.tied.get(kpi_id, ())}
        known = [self.known[kpi_id] for kpi_id in {*own, *named, *tied} if kpi_id in self.known]
        about = [self.known[kpi_id] for kpi_id in {*own, *named} if kpi_id in self.known]
        totals = frozenset[int]().union(*(each.totals for each in about))
        aims = frozenset[Decimal]().union(*(each.aims for each in about))
        return KnownNumbers(
            frozenset().union(*(each.counts for each in known)),
            frozenset().union(*(each.percentages for each in known)),
            totals,
            any(each.few for each in about),
            any(each.hidden for each in known),
            any(each.rating for each in about),
            aims,
            self.counts.difference({0}, *(each.totals for each in known), *(each.aims for each in known)),
        )


def _cells(each: RatedReading) -> dict[Cell, float]:
    """The figures of one reading that are shown unless they are withheld."""
    reading, kpi_id, when = each.reading, each.kpi.id, each.reading.period
    amounts = {
        Cell(kpi_id, when.code, Part.VALUE): reading.value,
        Cell(kpi_id, when.code, Part.NUMERATOR): reading.numerator,
        Cell(kpi_id, when.code, Part.DENOMINATOR): reading.denominator,
        Cell(kpi_id, when.year, Part.BASELINE): each.goal.baseline,
    }
    return {cell: amount for cell, amount in amounts.items() if amount is not None}


def _is_value(cell: Cell) -> bool:
    return cell.part in (Part.VALUE, Part.BASELINE)


def _is_primary(suppressed: Suppressed, cell: Cell) -> bool:
    return suppressed.cells[cell].why is Why.PRIMARY


def _whole(amounts: Mapping[Cell, float], shares: bool) -> frozenset[int]:
    """The whole numbers among them; a share's value is none."""
    return frozenset(
        int(amount) for cell, amount in amounts.items() if not (shares and _is_value(cell)) and amount == int(amount)
    )
