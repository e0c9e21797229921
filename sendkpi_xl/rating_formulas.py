"""The rating rules as Excel formulas, of the same standards as in Python (`rating`).

`rating_formula` is `rate` over cells of one row, `rating_condition` the same as the condition of a conditional format.
What a value is held against is a formula too, where it may be tried out: `target_formula` and `limit_formula`.
"""

from __future__ import annotations

from msgspec import Struct

from sendkpi_xl.figures import places
from sendkpi_xl.model import Kpi, Measure, Polarity
from sendkpi_xl.rating import GUARD_DECIMALS, Standard, target_places
from sendkpi_xl.reading import Rag


class RatingCells(Struct, frozen=True):
    """The cells of one row that its rating formula reads, as A1 references."""

    value: str
    denominator: str
    target: str
    green: str
    amber: str
    smallest_sample: str
    unmoved: str


def rating_formula(kpi: Kpi, standard: Standard, cells: RatingCells, unrated: str = "") -> str:
    """The Excel formula that gives the letter which `rate` gives, and `unrated` where `rate` gives no rating.

    Differences are rounded to the target's decimals, so that binary noise does not decide on a threshold.
    """
    none = f'"{unrated}"'
    if kpi.polarity is Polarity.CONTEXT:
        return f"={none}"
    shown = f"ROUND({cells.value},{places(kpi.unit, kpi.decimals)})"
    difference = {
        Polarity.HIGHER: f"{cells.target}-{shown}",
        Polarity.LOWER: f"{shown}-{cells.target}",
        Polarity.NEAR: f"ABS({shown}-{cells.target})",
    }[kpi.polarity]
    miss = f"ROUND({difference},{target_places(kpi)})"
    within = "<" if standard.strict else "<="
    beyond = f'"{Rag.RED}"'
    if standard.unmoved is not None:
        beyond = f'IF(AND(ISNUMBER({cells.unmoved}),{shown}={cells.unmoved}),"{Rag.AMBER}",{beyond})'
    letter = f'IF({miss}{within}{cells.green},"{Rag.GREEN}",IF({miss}{within}{cells.amber},"{Rag.AMBER}",{beyond}))'
    # A text in a limit's cell would be larger than any number, and everything green.
    targeted = f"IF(COUNT({cells.target},{cells.green},{cells.amber})=3,{letter},{none})"
    small = f"AND(ISNUMBER({cells.smallest_sample}),ISNUMBER({cells.denominator}))"
    sampled = f'IF({small},IF({cells.denominator}<{cells.smallest_sample},"{Rag.AMBER}",{targeted}),{targeted})'
    return f"=IF(ISNUMBER({cells.value}),{sampled if standard.smallest_sample is not None else targeted},{none})"


def rating_condition(rag: Rag, kpi: Kpi, standard: Standard, cells: RatingCells) -> str:
    """The condition, as a formula, under which the row's value is rated `rag`: for a conditional format."""
    return f'{rating_formula(kpi, standard, cells)}="{rag}"'


def target_formula(kpi: Kpi, year_target: str, share: str) -> str:
    """The Excel formula of the quarter's target from two cells, rounded as `standard_for` does; else an empty text."""
    decimals = target_places(kpi)
    guarded = f"ROUND({year_target}*{share},{decimals + GUARD_DECIMALS})"
    return f'=IF(COUNT({year_target},{share})=2,ROUND({guarded},{decimals}),"")'


def limit_formula(kpi: Kpi, measure: Measure, within: str, target: str) -> str:
    """The Excel formula of a limit in the KPI's unit from the cells of its tolerance and of the quarter's target.

    It rounds as `standard_for` does, and gives an empty text unless both are numbers.
    """
    amount = within if measure is Measure.POINTS else f"{within}*ABS({target})"
    return f'=IF(COUNT({within},{target})=2,ROUND({amount},{target_places(kpi) + GUARD_DECIMALS}),"")'
