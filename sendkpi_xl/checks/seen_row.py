"""A KPI's row as it came back: the record that the checks of cells and rows look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from sendkpi_xl.cells import Cell, Sheet
from sendkpi_xl.checks.check import Noticed
from sendkpi_xl.entry import CASES, EntryRule, entry_rule
from sendkpi_xl.known_cells import KnownCell
from sendkpi_xl.layout import RETURN
from sendkpi_xl.model import Kpi
from sendkpi_xl.rating import Standard
from sendkpi_xl.reading import Reason
from sendkpi_xl.tables import Row
from sendkpi_xl.values import Entered

PART_KEYS = ("numerator", "denominator")
NUMBER_KEYS = ("value", *PART_KEYS, "forecast")
WORD_KEYS = ("reason", "comment")
OPEN_KEYS = tuple(column.key for column in RETURN.columns if column.open)


def entered(row: Row) -> dict[str, str]:
    """What was entered on a row by column key; a formula without a result is an entry too, with an empty text."""
    return {key: row.text(key) for key in OPEN_KEYS if key in row.cells}


class SeenRow(Struct, frozen=True, dict=True):
    """One KPI's row: what each entry came to, and beside it what the template had in its locked cells.

    `numerator` and `denominator` are those of their own cells, or where these are empty those of a fraction in the
    value cell. `known` are the locked cells that say what is asked for, by column key, as sent out, and `earlier` those
    of the year's earlier quarters; `sheet` tells what is hidden or merged.
    """

    kpi: Kpi
    row: Row
    sheet: Sheet
    value: Entered
    numerator: Entered
    denominator: Entered
    forecast: Entered
    reason: Reason | None
    standard: Standard
    known: Mapping[str, KnownCell]
    earlier: Mapping[str, KnownCell]

    @cached_property
    def number(self) -> float | None:
        """The KPI's value: as typed or worked out; None when there is none, or none that can be used."""
        if self.parts_differ:
            return None
        return self.value.value if self.worked_out is None else self.worked_out

    @cached_property
    def worked_out(self) -> float | None:
        """The share that numerator and denominator make, where neither a value nor a reason was entered."""
        numerator, denominator = self.numerator.value, self.denominator.value
        if "value" in self.row.cells or "reason" in self.row.cells or numerator is None or not denominator:
            return None
        return numerator / denominator

    @cached_property
    def parts_differ(self) -> bool:
        """Whether a share was typed with its fraction in the value cell, and other numbers beside it."""
        parts = ((self.value.numerator, self.numerator.value), (self.value.denominator, self.denominator.value))
        return any(None not in pair and pair[0] != pair[1] for pair in parts)

    @property
    def settled(self) -> bool:
        """Whether a numerator and a denominator say how large the value should be."""
        return self.numerator.value is not None and self.denominator.value is not None

    def entered(self) -> Iterator[tuple[str, Entered, EntryRule]]:
        """The number cells that count for this KPI, by column key, each with its rule."""
        yield "value", self.value, entry_rule(self.kpi)
        if self.kpi.share:
            yield "numerator", self.numerator, CASES
            yield "denominator", self.denominator, CASES
        yield "forecast", self.forecast, entry_rule(self.kpi)

    def open_cells(self) -> Iterator[tuple[str, Cell]]:
        """The filled cells that a lead may fill, by column key."""
        for key in OPEN_KEYS:
            if (cell := self.row.cells.get(key)) is not None:
                yield key, cell

    def at(self, key: str, **words: object) -> Noticed:
        """Something noticed at one of the row's cells."""
        return Noticed(self.row.place(key), self.kpi.id, words)
