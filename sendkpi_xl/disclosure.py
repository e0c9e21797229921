"""What a published dataset may say of numbers of people: figures, what they count, and relations between them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field

from sendkpi_xl.consolidate import RatedReading


class Part(StrEnum):
    """Which figure of a KPI."""

    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    BASELINE = "baseline"
    RATING = "rating"


PARTS = (Part.NUMERATOR, Part.DENOMINATOR)


class Cell(Struct, frozen=True, order=True):
    """One figure that is shown or withheld; `when` is its quarter's code, or the year's for a baseline."""

    kpi_id: str
    when: str
    part: Part


SIGNS = (1, -1, -1, 1)
"""How the figures of a quantity come together: a whole, without a part, since a whole and a part before."""
World = Mapping[Cell, float]
"""Amounts that the figures might have."""


class Quantity(Struct, frozen=True):
    """A number of people: one figure, or what is left of it without another; `words` say what it counts.

    With `since`, such a whole and part of an earlier quarter, it is what the rest has grown by.
    """

    whole: Cell
    without: Cell | None
    words: str
    since: tuple[Cell, Cell] | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The figures that it takes."""
        return (self.whole, *filter(None, [self.without]), *(self.since or ()))

    def amount(self, world: World) -> float | None:
        """How many people; None where a figure is missing."""
        amounts = [world[cell] for cell in self.cells if cell in world]
        if len(amounts) < len(self.cells):
            return None
        return sum(sign * amount for sign, amount in zip(SIGNS, amounts, strict=False))


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
    others. `like_few` are baselines that a share of few gives meaning. `starts` are the baselines that are what the
    year before ended at, with those figures; `without_cases` the figures that there are none of, with the 0 that they
    would be divided by.
    """

    amounts: dict[Cell, float] = field(default_factory=dict)
    counts: set[Cell] = field(default_factory=set)
    quantities: list[Quantity] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    rated: dict[Cell, RatedReading] = field(default_factory=dict)
    missing: set[Cell] = field(default_factory=set)
    like_few: dict[Cell, str] = field(default_factory=dict)
    starts: dict[Cell, Cell] = field(default_factory=dict)
    without_cases: dict[Cell, Cell] = field(default_factory=dict)


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
