"""What can be wrong with sums that tie KPIs together: in the quarter's values, and in the year's goals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from sendkpi_xl.checks.check import Check, Noticed, Scope, checked
from sendkpi_xl.figures import kpi_figure, plain
from sendkpi_xl.finding_rules import CHECK, Rule
from sendkpi_xl.model import Catalogue, Goal, Kpi, Tie, Unit
from sendkpi_xl.reading import Finding, Place, Reading
from sendkpi_xl.ties import BASELINE, Amounts, worked_out

NOISE = 1e-9
OF_BASELINE = re.compile(rf"(\w+)\.{BASELINE}\b")
"""How a sum names a KPI's baseline, `K01.baseline`; a message says it in words."""


class SeenSum(Struct, frozen=True):
    """A KPI's amount beside what its sum comes to, each None where it is not known; `of` says what was summed."""

    place: Place
    kpi: Kpi
    tie: Tie
    of: str
    amount: float | None
    sum_of: float | None


def does_not_hold(seen: SeenSum) -> Iterator[Noticed]:
    """An amount that is further from its sum than the tie allows."""
    kpi, tie = seen.kpi, seen.tie
    if seen.amount is None or seen.sum_of is None or abs(seen.amount - seen.sum_of) <= tie.tolerance + NOISE:
        return
    tolerance = f"{plain(tie.tolerance * 100)} points" if kpi.unit is Unit.PERCENT else kpi_figure(tie.tolerance, kpi)
    shown = {"found": kpi_figure(seen.amount, kpi), "sum": kpi_figure(seen.sum_of, kpi), "tolerance": tolerance}
    formula = OF_BASELINE.sub(r"\1's baseline", tie.formula)
    yield Noticed(seen.place, kpi.id, {"of": seen.of, "formula": formula, **shown})


SUM_CHECKS = (
    Check(
        "C14",
        Scope.SUM,
        Rule(
            CHECK,
            "The value is {found}, and {formula} gives {sum}.",
            "The same within {tolerance}.",
            "Correct whichever of these figures is wrong.",
        ),
        does_not_hold,
    ),
)
"""The check of a sum over the quarter's values."""

GOAL_SUM_CHECKS = (
    Check(
        "K02",
        Scope.SUM,
        Rule(
            CHECK,
            "The {of} is {found}, and {formula} gives {sum}.",
            "The same within {tolerance}.",
            "Correct whichever of these figures is wrong, or the sum in the sheet Sums.",
        ),
        does_not_hold,
    ),
)
"""The check of a sum over the year's baselines or targets."""


def tied_readings(catalogue: Catalogue, readings: Sequence[Reading]) -> Iterator[Finding]:
    """The quarter's values that do not hold together, each at the cell of the KPI that the sum should give."""
    by_kpi = {reading.kpi_id: reading for reading in readings}
    baseline = _baseline(_goals(catalogue, readings[0].period.year if readings else ""))

    def amount(kpi_id: str) -> float | None:
        return by_kpi[kpi_id].value if kpi_id in by_kpi else None

    for kpi, tie in _tied(catalogue):
        if kpi.id in by_kpi:
            sum_of = worked_out(tie.formula, amount, baseline)
            yield from checked(SUM_CHECKS, SeenSum(by_kpi[kpi.id].place, kpi, tie, "value", amount(kpi.id), sum_of))


def tied_goals(catalogue: Catalogue, year: str, file: str) -> Iterator[Finding]:
    """The year's baselines and targets that do not hold together."""
    goals = _goals(catalogue, year)
    baseline = _baseline(goals)
    columns: Mapping[str, Amounts] = {
        BASELINE: baseline,
        "target": lambda kpi_id: goals[kpi_id].target if kpi_id in goals else None,
    }
    for column, amount in columns.items():
        for kpi, tie in _tied(catalogue):
            if column == BASELINE and f".{BASELINE}" in tie.formula:
                continue  # it compares with the baseline itself
            sum_of = worked_out(tie.formula, amount, baseline)
            seen = SeenSum(Place(file, "Targets"), kpi, tie, f"{column} for {year}", amount(kpi.id), sum_of)
            yield from checked(GOAL_SUM_CHECKS, seen)


def _tied(catalogue: Catalogue) -> Iterator[tuple[Kpi, Tie]]:
    for tie in catalogue.ties:
        if (kpi := catalogue.kpi(tie.kpi_id)) is not None:
            yield kpi, tie


def _goals(catalogue: Catalogue, year: str) -> Mapping[str, Goal]:
    return {kpi.id: kpi.goal(year) for kpi in catalogue.kpis}


def _baseline(goals: Mapping[str, Goal]) -> Amounts:
    return lambda kpi_id: goals[kpi_id].baseline if kpi_id in goals else None
