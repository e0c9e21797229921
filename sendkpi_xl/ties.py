"""The sums that tie KPIs together, as the catalogue states them: `K011 = K012 + K013` within a tolerance.

A formula knows KPI ids, numbers, `+ - * /` and brackets; `K001.baseline` is a KPI's baseline whatever is summed. A tie
is held against the quarter's values, and against the baselines and targets of the year.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from sendkpi_xl.figures import kpi_figure, plain
from sendkpi_xl.findings import did_you_mean, finding
from sendkpi_xl.model import Catalogue, Finding, Goal, Place, Reading, Tie, Unit

BASELINE = "baseline"
LONGEST_FORMULA = 200
"""Longer sums, and deeper brackets, are nobody's: they would only cost time."""
NOISE = 1e-9
OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

Amounts = Callable[[str], float | None]
"""A KPI's amount by its id; None where there is none."""


def wrong_with(formula: str, ids: Sequence[str]) -> str:
    """What keeps a text from being a formula over KPIs of these ids, as a sentence; empty when nothing does."""
    tree = _parsed(formula)
    if tree is None:
        return f"“{formula[:60]}” is not a sum of KPIs such as K012 + K013."
    for name in _names(tree):
        if name not in ids:
            return f"“{name}” is not a KPI's id{did_you_mean(name, ids)}."
    return ""


@lru_cache(maxsize=1_000)
def _parsed(formula: str) -> ast.expr | None:
    try:
        tree = ast.parse(formula.strip(), mode="eval").body if len(formula) <= LONGEST_FORMULA else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if tree is not None and _is_sum(tree) else None


def _is_sum(node: ast.expr) -> bool:
    match node:
        case ast.BinOp(left, kind, right):
            return type(kind) in OPERATORS and _is_sum(left) and _is_sum(right)
        case ast.UnaryOp(ast.USub(), operand):
            return _is_sum(operand)
        case ast.Constant(value):
            return type(value) in (int, float)
        case ast.Attribute(ast.Name(), attribute):
            return attribute == BASELINE
        case _:
            return isinstance(node, ast.Name)


def _names(tree: ast.expr) -> list[str]:
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]


def worked_out(formula: str, amounts: Amounts, baselines: Amounts) -> float | None:
    """What a formula comes to; None where an amount is missing, a divisor is zero, or the text is no formula."""
    tree = _parsed(formula)
    if tree is None:
        return None
    try:
        amount = _value(tree, amounts, baselines)
    except ZeroDivisionError:
        return None
    return amount if amount is not None and math.isfinite(amount) else None


def _value(node: ast.expr, amounts: Amounts, baselines: Amounts) -> float | None:
    match node:
        case ast.BinOp(left, kind, right):
            first, second = _value(left, amounts, baselines), _value(right, amounts, baselines)
            return None if first is None or second is None else OPERATORS[type(kind)](first, second)
        case ast.UnaryOp(_, operand):
            inner = _value(operand, amounts, baselines)
            return None if inner is None else -inner
        case ast.Attribute(ast.Name(name), _):
            return baselines(name)
        case ast.Name(name):
            return amounts(name)
        case ast.Constant(value):
            return float(str(value))
        case _:
            raise AssertionError("a formula is checked before it is worked out")


def tied_readings(catalogue: Catalogue, readings: Sequence[Reading]) -> Iterator[Finding]:
    """The quarter's values that do not hold together, each at the cell of the KPI that the sum should give."""
    by_kpi = {reading.kpi_id: reading for reading in readings}
    goals = _goals(catalogue, readings[0].period.year) if readings else {}

    def amount(kpi_id: str) -> float | None:
        return by_kpi[kpi_id].value if kpi_id in by_kpi else None

    for tie in catalogue.ties:
        words = _apart(catalogue, tie, amount(tie.kpi_id), worked_out(tie.formula, amount, _baseline(goals)))
        if words:
            yield finding("C14", by_kpi[tie.kpi_id].place, tie.kpi_id, formula=tie.formula, **words)


def tied_goals(catalogue: Catalogue, year: str, file: str) -> Iterator[Finding]:
    """The year's baselines and targets that do not hold together."""
    goals = _goals(catalogue, year)
    columns: Mapping[str, Amounts] = {
        BASELINE: _baseline(goals),
        "target": lambda kpi_id: goals[kpi_id].target if kpi_id in goals else None,
    }
    for column, amount in columns.items():
        for tie in catalogue.ties:
            if column == BASELINE and f".{BASELINE}" in tie.formula:
                continue  # it compares with the baseline itself
            words = _apart(catalogue, tie, amount(tie.kpi_id), worked_out(tie.formula, amount, _baseline(goals)))
            if words:
                place = Place(file, "Targets")
                yield finding("K02", place, tie.kpi_id, column=column, formula=tie.formula, year=year, **words)


def _goals(catalogue: Catalogue, year: str) -> Mapping[str, Goal]:
    return {kpi.id: kpi.goal(year) for kpi in catalogue.kpis}


def _baseline(goals: Mapping[str, Goal]) -> Amounts:
    return lambda kpi_id: goals[kpi_id].baseline if kpi_id in goals else None


def _apart(catalogue: Catalogue, tie: Tie, value: float | None, sum_of: float | None) -> dict[str, str]:
    """The words for a value that is further from its sum than the tie allows; empty when it is not."""
    kpi = catalogue.kpi(tie.kpi_id)
    if kpi is None or value is None or sum_of is None or abs(value - sum_of) <= tie.tolerance + NOISE:
        return {}
    points = kpi.unit is Unit.PERCENT
    tolerance = f"{plain(tie.tolerance * 100)} points" if points else kpi_figure(tie.tolerance, kpi)
    return {"found": kpi_figure(value, kpi), "sum": kpi_figure(sum_of, kpi), "tolerance": tolerance}
