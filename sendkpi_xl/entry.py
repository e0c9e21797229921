"""What may be typed into a value cell, by unit: the template validates by it, and reading checks it again.

Pasting over a cell removes its validation, so a rule that stood only in the template would be no rule.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from sendkpi_xl.model import Kpi, Unit


class EntryRule(Struct, frozen=True):
    """Limits of an entry (as stored: 0.85 is 85 %), whether it must be whole, and the words for a lead."""

    least: float
    most: float
    whole: bool
    prompt: str
    expected: str


SHARE = EntryRule(
    0,
    1,
    whole=False,
    prompt="A percentage from 0% to 100%. Type 85% with its % sign. Type the numerator and denominator too.",
    expected="A percentage from 0% to 100%, typed with its % sign, such as 85%.",
)

BY_UNIT: Mapping[Unit, EntryRule] = {
    Unit.PERCENT: EntryRule(
        -2,
        2,
        whole=False,
        prompt="A percentage, typed with its % sign, such as 2.3% or -22.3%.",
        expected="A percentage from -200% to 200%, typed with its % sign, such as 2.3%.",
    ),
    Unit.COUNT: EntryRule(
        0,
        10_000_000,
        whole=True,
        prompt="A whole number, such as 42. For none, type 0. No figure: leave it empty and choose a reason.",
        expected="A whole number, such as 42.",
    ),
    Unit.MONEY: EntryRule(
        -10_000_000_000,
        10_000_000_000,
        whole=False,
        prompt="An amount in pounds, such as 31679272: whole pounds, not thousands, without words.",
        expected="An amount in pounds, such as 31679272.",
    ),
    Unit.AVERAGE: EntryRule(
        0,
        10_000_000,
        whole=False,
        prompt="An average cost in pounds, such as 16880: whole pounds, without words.",
        expected="An average cost in pounds, such as 16880.",
    ),
    Unit.WEEKS: EntryRule(
        0,
        520,
        whole=False,
        prompt="A number of weeks, such as 18. Type the number alone.",
        expected="A number of weeks from 0 to 520, such as 18.",
    ),
}

SCORE = EntryRule(
    -10_000_000, 10_000_000, whole=False, prompt="A number, such as 4.5.", expected="A number, such as 4.5."
)

CASES = EntryRule(
    0,
    10_000_000_000,
    whole=True,
    prompt="A whole number: how many (numerator) out of how many (denominator). 17 out of 20: type 17 and 20.",
    expected="A whole number from 0.",
)
"""Numerators and denominators: children, answers, cases, or pounds where the share is one of spend."""

COMMENT_LIMIT = 1000
"""The most characters of a comment: the template allows no more, and reading asks about more."""


def entry_rule(kpi: Kpi) -> EntryRule:
    """The rule for this KPI's value: by unit; shares lie between 0 and 100 %, counts with decimals are scores."""
    if kpi.share:
        return SHARE
    if kpi.unit is Unit.COUNT and kpi.decimals:
        return SCORE
    return BY_UNIT[kpi.unit]
