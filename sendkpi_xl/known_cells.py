"""What a template fills in by itself and locks: the same is written into it, and looked for when it comes back."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from sendkpi_xl.figures import number_format
from sendkpi_xl.model import Goal, Kpi, Sign, Unit
from sendkpi_xl.period import Period
from sendkpi_xl.rating import Standard, shown_decimals
from sendkpi_xl.reading import Reading

Earlier = Mapping[tuple[str, Period], Reading]
"""Readings of earlier quarters by KPI id and period."""


class KnownCell(Struct, frozen=True):
    """A locked cell: its number or text (None for an empty cell) and its number format, empty for a text."""

    value: float | str | None
    number_format: str = ""


def asked_cells(kpi: Kpi, goal: Goal) -> dict[str, KnownCell]:
    """What says what is asked for and how it is judged, by column key of the return sheet: a part of what is known."""
    known = {key: KnownCell(getattr(kpi, key)) for key in ("title", "polarity")}
    known["unit"] = KnownCell(unit_words(kpi))
    known["baseline"] = KnownCell(goal.baseline_words) if goal.baseline_words else _figure(goal.baseline, kpi)
    worded = goal.target is None and goal.target_words
    known["target"] = KnownCell(goal.target_words) if worded else _figure(goal.target, kpi, goal.target_sign)
    return known


def known_cells(kpi: Kpi, goal: Goal, standard: Standard) -> dict[str, KnownCell]:
    """What is known of a KPI in a quarter, by column key of the return sheet."""
    known = asked_cells(kpi, goal)
    known |= {key: KnownCell(getattr(kpi, key)) for key in ("id", "ref", "sub_area")}
    target = None if standard.target is None else float(standard.target)
    known["quarter_target"] = _figure(target, kpi, goal.target_sign)
    for key, limit in (("green_within", standard.green), ("amber_within", standard.amber)):
        known[key] = _figure(None if target is None else float(limit), kpi)
    known["smallest_sample"] = KnownCell(standard.smallest_sample, "0")
    known["unmoved"] = _figure(None if standard.unmoved is None else float(standard.unmoved), kpi)
    return known


def earlier_cells(kpi: Kpi, period: Period, earlier: Earlier) -> dict[str, KnownCell]:
    """What the year's earlier quarters came to, by column key: a figure, or the mark of why there is none."""
    known = {}
    for before in period.earlier:
        reading = earlier.get((kpi.id, before))
        mark = reading.reason.shorthand if reading and reading.reason else ""
        value = reading.value if reading else None
        known[f"q{before.quarter}"] = KnownCell(mark) if value is None else _figure(value, kpi)
    return known


def unit_words(kpi: Kpi) -> str:
    """The unit as a lead reads it."""
    if kpi.share:
        return "% (share)"
    return {Unit.AVERAGE: "average £", Unit.COUNT: "score" if kpi.decimals else "count"}.get(kpi.unit, kpi.unit.value)


def _figure(value: float | None, kpi: Kpi, sign: Sign = Sign.AT) -> KnownCell:
    return KnownCell(value, number_format(kpi.unit, shown_decimals(value, kpi), sign))
