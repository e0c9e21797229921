"""What a typed cell means: a number, or a reason why not. Nothing is converted without saying so."""

from __future__ import annotations

from dataclasses import dataclass

from sendkpi_xl.cells import Cell, Kind
from sendkpi_xl.entry import EntryRule
from sendkpi_xl.fields import parse_number
from sendkpi_xl.figures import exact, plain
from sendkpi_xl.findings import finding
from sendkpi_xl.model import Finding, Place, Severity
from sendkpi_xl.tables import is_blank

WHOLE_NOISE = 1e-9


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


def enter(cell: Cell | None, rule: EntryRule, percent: bool, place: Place, subject: str) -> Entered:
    """Read a number cell by the rule that its template validates by.

    A number is accepted; a number typed as text is converted and said to be; everything else is queried: dates,
    errors, formulas without a result, words, numbers out of range. `percent` tells that 0.85 means 85 %.
    """
    if cell is None or is_blank(cell):
        return Entered(None)
    typed = cell.raw.strip()

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
        return _in_range(cell.value, typed, rule, percent, place, subject)
    number = parse_number(typed) if cell.kind is Kind.TEXT else None
    if number is None or (percent and not typed.endswith("%")) or (not percent and typed.endswith("%")):
        action = "Type the number alone; words belong in the comment."
        return queried("C01", found=typed[:80], action=action)
    read = _in_range(number, typed, rule, percent, place, subject)
    if read.queried:
        return read
    shown = _shown(number, percent)
    note = finding("C05", place, subject, found=typed, read=shown, expected=rule.expected)
    return Entered(number, typed, f"text read as {shown}", (note,))


def _in_range(value: float, typed: str, rule: EntryRule, percent: bool, place: Place, subject: str) -> Entered:
    action = "Correct the number."
    whole = abs(value - round(value)) <= WHOLE_NOISE
    if rule.least <= value <= rule.most and (whole or not rule.whole):
        return Entered(float(round(value)) if rule.whole else float(exact(value)), typed)
    if percent and value > rule.most:
        action = f"If {plain(value)}% is meant, type {plain(value)}% with its sign; we do not guess."
    problem = finding("C04", place, subject, found=_shown(value, percent), expected=rule.expected, action=action)
    return Entered(None, typed, findings=(problem,))


def _shown(value: float, percent: bool) -> str:
    return f"{plain(value * 100)}%" if percent else plain(value)
