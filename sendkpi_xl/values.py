"""What a typed cell means: a number, or a reason why not. Nothing is converted without saying so."""

from __future__ import annotations

from dataclasses import dataclass

from sendkpi_xl.cells import Cell, Kind
from sendkpi_xl.entry import SHARE, EntryRule
from sendkpi_xl.figures import exact, plain
from sendkpi_xl.findings import finding, shortened
from sendkpi_xl.model import Finding, Place, Severity, Unit
from sendkpi_xl.tables import cell_text, is_blank
from sendkpi_xl.typed_forms import ALONE, read_typed
from sendkpi_xl.typed_numbers import Asked, with_sign

WHOLE_NOISE = 1e-9
LONGEST_PLAIN = 1e15
BY_UNIT = {
    None: Asked.CASES,
    Unit.COUNT: Asked.COUNT,
    Unit.PERCENT: Asked.PERCENT,
    Unit.MONEY: Asked.MONEY,
    Unit.AVERAGE: Asked.AVERAGE,
    Unit.WEEKS: Asked.WEEKS,
}


@dataclass(frozen=True, slots=True)
class Entered:
    """What a cell came to: `value` None where it is empty or queried, `how` says what was converted.

    `numerator` and `denominator` are those that a share was typed with in its own cell: `6 out of 8`.
    """

    value: float | None
    typed: str = ""
    how: str = ""
    findings: tuple[Finding, ...] = ()
    numerator: float | None = None
    denominator: float | None = None

    @property
    def queried(self) -> bool:
        """Whether the cell holds something that cannot be used as it is."""
        return any(each.severity is Severity.MUST_FIX for each in self.findings)


def enter(cell: Cell | None, rule: EntryRule, unit: Unit | None, place: Place, subject: str) -> Entered:
    """Read a number cell by the rule that its template validates by; `unit` None is a number of cases.

    A number is accepted; a text that `typed_forms` knows a number from is converted and said to be; everything else
    is queried: dates, errors, formulas without a result, words, another unit's sign, numbers out of range.
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
    if cell.kind is not Kind.TEXT:
        return queried("C01", found=shortened(typed), action=ALONE)
    meant = read_typed(typed, _asked(rule, unit))
    if meant.number is None:
        return queried("C01", found=shortened(typed), action=meant.ask)
    read = _in_range(meant.number.value, typed, rule, unit, place, subject)
    if read.value is None:
        return read
    shown = meant.number.words or _shown(read.value, unit)
    note = finding("C05", place, subject, found=shortened(typed), read=shown, expected=rule.expected)
    parts = meant.number.numerator, meant.number.denominator
    return Entered(read.value, typed, f"{meant.form} read as {shown}", (note,), *parts)


def _asked(rule: EntryRule, unit: Unit | None) -> Asked:
    if unit is Unit.PERCENT and rule == SHARE:
        return Asked.SHARE
    return Asked.SCORE if unit is Unit.COUNT and not rule.whole else BY_UNIT[unit]


def _in_range(value: float, typed: str, rule: EntryRule, unit: Unit | None, place: Place, subject: str) -> Entered:
    whole = abs(value - round(value)) <= WHOLE_NOISE
    if rule.least <= value <= rule.most and (whole or not rule.whole):
        return Entered(float(round(value)) if rule.whole else float(exact(value)) or 0.0, typed)
    action = with_sign(value) if unit is Unit.PERCENT and value > rule.most else "Correct the number."
    problem = finding("C04", place, subject, found=_shown(value, unit), expected=rule.expected, action=action)
    return Entered(None, typed, findings=(problem,))


def _shown(value: float, unit: Unit | None) -> str:
    if abs(value) >= LONGEST_PLAIN:
        return str(exact(value))
    return f"{plain(value * 100)}%" if unit is Unit.PERCENT else plain(value)
