"""The sums that tie KPIs together, as the catalogue states them: `K011 = K012 + K013` within a tolerance.

A formula knows KPI ids, numbers, `+ - * /` and brackets; `K001.baseline` is a KPI's baseline whatever is summed.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from sendkpi_xl.findings import did_you_mean

BASELINE = "baseline"
LONGEST_FORMULA = 200
"""Longer sums, and deeper brackets, are nobody's: they would only cost time."""
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


def ids_in(formula: str) -> frozenset[str]:
    """The ids of the KPIs that a formula reckons with, by their amounts or baselines; none where it is no formula."""
    tree = _parsed(formula)
    return frozenset(_names(tree)) if tree is not None else frozenset()


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
