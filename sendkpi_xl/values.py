"""What a typed cell means: a number, or a reason why not. Nothing is converted without saying so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sendkpi_xl.cells import Cell, Kind
from sendkpi_xl.entry import EntryRule
from sendkpi_xl.fields import parse_number
from sendkpi_xl.figures import exact, plain
from sendkpi_xl.findings import finding, shortened
from sendkpi_xl.model import Finding, Place, Severity, Unit
from sendkpi_xl.tables import cell_text, is_blank

WHOLE_NOISE = 1e-9
LONGEST_PLAIN = 1e15
POUNDS = (Unit.MONEY, Unit.AVERAGE, None)
"""Where a pound sign may stand: in money, and in numbers of cases, which are pounds where the share is of spend."""
WEEKS = re.compile(r"(.*\S)\s*(?:weeks?|wks?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entered:
    """What a cell came to: `value` None where it is empty or queried, `how` says what was converted."""

    value: float | None
    typed: str = ""
    how: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def queried(self) -> bool:
        """Whether the cell holds something that cannot be used as it is."""
        return any(each.severity is Severity.MUST_FIX for each in self.findings)


def enter(cell: Cell | None, rule: EntryRule, unit: Unit | None, place: Place, subject: str) -> Entered:
    """Read a number cell by the rule that its template validates by; `unit` None is a number of cases.

    A number is accepted; a number typed as text is converted and said to be; everything else is queried: dates,
    errors, formulas without a result, words, another unit's sign, numbers out of range.
    """
    if cell is None or is_blank(cell):
        return Entered(None)
    typed = cell_text(cell)

    def queried(code: str, **words: object) -> Entered:
        problem = finding(code, place, subject, expected=rule.expected, **words)
        return Entered(None, typed, findings=(problem,))

    if cell.kind is Kind.EMPTY:
        return queried("C03")
    if cell.kind is Kind.ERROR:
        return queried("C02", found=typed)
    if cell.is_date:
        action = "Type the number; for a fraction such as 6/8 type 6 as numerator and 8 as denominator."
        return queried("C01", found=f"a date (stored as {typed})", action=action)
    if cell.kind is Kind.NUMBER and isinstance(cell.value, float):
        return _in_range(cell.value, typed, rule, unit, place, subject)
    number = _number(typed, unit) if cell.kind is Kind.TEXT else None
    if number is None:
        return queried("C01", found=shortened(typed), action=_what_to_type(typed, unit))
    read = _in_range(number, typed, rule, unit, place, subject)
    if read.value is None:
        return read
    shown = _shown(read.value, unit)
    note = finding("C05", place, subject, found=typed, read=shown, expected=rule.expected)
    return Entered(read.value, typed, f"text read as {shown}", (note,))


def _number(text: str, unit: Unit | None) -> float | None:
    """The number that a text is in this unit; None where it bears another unit's sign, or no % where one is needed."""
    if text.endswith("%") is not (unit is Unit.PERCENT) or ("£" in text and unit not in POUNDS):
        return None
    weeks = WEEKS.fullmatch(text) if unit is Unit.WEEKS else None
    return parse_number(weeks[1] if weeks else text)


def _what_to_type(text: str, unit: Unit | None) -> str:
    number = parse_number(text)
    if unit is Unit.PERCENT and number is not None and not text.endswith("%"):
        return _with_sign(number)
    return "Type the number alone; words belong in the comment."


def _with_sign(number: float) -> str:
    shown = _shown(number, None)
    return f"If {shown}% is meant, type {shown}% with its sign; we do not guess."


def _in_range(value: float, typed: str, rule: EntryRule, unit: Unit | None, place: Place, subject: str) -> Entered:
    whole = abs(value - round(value)) <= WHOLE_NOISE
    if rule.least <= value <= rule.most and (whole or not rule.whole):
        return Entered(float(round(value)) if rule.whole else float(exact(value)), typed)
    action = _with_sign(value) if unit is Unit.PERCENT and value > rule.most else "Correct the number."
    problem = finding("C04", place, subject, found=_shown(value, unit), expected=rule.expected, action=action)
    return Entered(None, typed, findings=(problem,))


def _shown(value: float, unit: Unit | None) -> str:
    if abs(value) >= LONGEST_PLAIN:
        return str(exact(value))
    return f"{plain(value * 100)}%" if unit is Unit.PERCENT else plain(value)
