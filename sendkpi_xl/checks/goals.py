"""What can be wrong with a KPI's baseline and target in the catalogue: their unit and their scale."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from sendkpi_xl.checks.check import Check, Noticed, Scope, checked
from sendkpi_xl.entry import entry_rule
from sendkpi_xl.figures import figure
from sendkpi_xl.finding_rules import CHECK, Rule
from sendkpi_xl.model import Catalogue, Goal, Kpi, Life
from sendkpi_xl.rating import shown_decimals
from sendkpi_xl.reading import Finding, Place

OUT_OF_SCALE = 50
"""A target this many times its baseline, or a fraction as small, is asked about: 0.25 beside 0.20 % lost its % sign."""


class SeenGoal(Struct, frozen=True):
    """A KPI with its baseline and target of one year."""

    place: Place
    kpi: Kpi
    goal: Goal

    def amounts(self) -> Iterator[tuple[str, float]]:
        """The baseline and the target, as far as they are numbers, each with its name."""
        for name, amount in (("baseline", self.goal.baseline), ("target", self.goal.target)):
            if amount is not None:
                yield name, amount

    def shown(self, amount: float) -> str:
        """An amount in the KPI's unit, with all its decimals."""
        return figure(amount, self.kpi.unit, shown_decimals(amount, self.kpi))


def out_of_scale(seen: SeenGoal) -> Iterator[Noticed]:
    """A target that is many times its baseline, or next to nothing beside it."""
    baseline, target = seen.goal.baseline, seen.goal.target
    if not baseline or not target:
        return
    if not 1 / OUT_OF_SCALE < abs(target / baseline) < OUT_OF_SCALE:
        words = {"year": seen.goal.year, "target": seen.shown(target), "baseline": seen.shown(baseline)}
        yield Noticed(seen.place, seen.kpi.id, words)


def outside_its_unit(seen: SeenGoal) -> Iterator[Noticed]:
    """A baseline or target that could never be a value of this KPI, such as a count where a percentage belongs."""
    rule = entry_rule(seen.kpi)
    for name, amount in seen.amounts():
        if not rule.least <= amount <= rule.most:
            words = {"name": name, "year": seen.goal.year, "found": seen.shown(amount), "expected": rule.expected}
            yield Noticed(seen.place, seen.kpi.id, words)


GOAL_CHECKS = (
    Check(
        "K03",
        Scope.GOAL,
        Rule(
            CHECK,
            "The target for {year} is {target} beside a baseline of {baseline}.",
            "A target of the same order as its baseline.",
            "Look whether a % sign or a zero is missing in one of the two.",
        ),
        out_of_scale,
    ),
    Check(
        "K04",
        Scope.GOAL,
        Rule(
            CHECK,
            "The {name} for {year} is {found}.",
            "{expected}",
            "Correct it, or put it into the words beside the number.",
        ),
        outside_its_unit,
    ),
)
"""The checks of baselines and targets."""


def goal_findings(catalogue: Catalogue, year: str, file: str) -> list[Finding]:
    """What to look at in the baselines and targets of a year."""
    place = Place(file, "Targets")
    kpis = (kpi for kpi in catalogue.kpis if kpi.life is not Life.RETIRED)
    return [each for kpi in kpis for each in checked(GOAL_CHECKS, SeenGoal(place, kpi, kpi.goal(year)))]
