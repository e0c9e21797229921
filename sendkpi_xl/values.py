"""What a typed cell means: a number, or a reason why not. Nothing is converted without saying so."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.cells import Cell, Kind
from sendkpi_xl.entry import SHARE, EntryRule
from sendkpi_xl.figures import exact
from sendkpi_xl.findings import shortened
from sendkpi_xl.model import Unit
from sendkpi_xl.shorthand import Symbol
from sendkpi_xl.tables import cell_text, is_blank
from sendkpi_xl.typed_forms import ALONE, beside_the_value, read_typed
from sendkpi_xl.typed_numbers import Asked, brief, with_sign

WHOLE_NOISE = 1e-9
BY_UNIT = {
    None: Asked.CASES,
    Unit.COUNT: Asked.COUNT,
    Unit.PERCENT: Asked.PERCENT,
    Unit.MONEY: Asked.MONEY,
    Unit.AVERAGE: Asked.AVERAGE,
    Unit.WEEKS: Asked.WEEKS,
}
CORRECT = "Correct the number."
NO_SYMBOLS = "Type the number alone: symbols belong to the value of the quarter."
FRACTION = "Type the number; for a fraction such as 6/8 type 6 as numerator and 8 as denominator."
NO_DATE = "Type the number alone: Excel made a date of what was typed."


class WhyNot(StrEnum):
    """Why an entry cannot be used as it stands."""

    NO_NUMBER = "no number that we can be sure of"
    ERROR = "an error value"
    NO_RESULT = "a formula without a saved result"
    OUT_OF_RANGE = "a number that does not fit here"


class Entered(Struct, frozen=True):
    """What a cell came to: `value` None where it is empty or cannot be used, and then `why_not` says why.

    `found` is what the cell holds as a message quotes it, `ask` what to do about an entry that cannot be used. `how`
    and `read` say what a text was converted from and to; `bare` is a percentage without its sign, read all the same.
    `numerator` and `denominator` are those that a share was typed with in its own cell: `6 out of 8`; `symbols` are
    those of the field's shorthand that stood beside the number: `85% [p]`.
    """

    value: float | None
    typed: str = ""
    how: str = ""
    read: str = ""
    why_not: WhyNot | None = None
    found: str = ""
    ask: str = ""
    bare: bool = False
    numerator: float | None = None
    denominator: float | None = None
    symbols: tuple[Symbol, ...] = ()


EMPTY = Entered(None)


def enter(cell: Cell | None, rule: EntryRule, unit: Unit | None) -> Entered:
    """Read a number cell by the rule that its template validates by; `unit` None is a number of cases.

    A number is accepted; a text that `typed_forms` knows a number from is converted and said to be; everything else
    is for a question: dates, errors, formulas without a result, words, another unit's sign, numbers out of range.
    """
    if cell is None or is_blank(cell):
        return EMPTY
    if cell.kind is Kind.EMPTY:
        return Entered(None, why_not=WhyNot.NO_RESULT)
    typed = cell_text(cell)
    if cell.kind is Kind.ERROR:
        return Entered(None, typed, why_not=WhyNot.ERROR, found=typed)
    if cell.is_date:
        ask = FRACTION if rule == SHARE else NO_DATE
        return Entered(None, typed, why_not=WhyNot.NO_NUMBER, found=date_found(cell), ask=ask)
    if isinstance(cell.value, float):
        read = _in_range(cell.value, typed, rule, unit)
        return _bare(read) if unit is Unit.PERCENT and "%" not in cell.number_format else read
    if cell.kind is not Kind.TEXT:
        return Entered(None, typed, why_not=WhyNot.NO_NUMBER, found=shortened(typed), ask=ALONE)
    return _from_text(typed, rule, unit)


def may_be_empty(read: Entered) -> Entered:
    """What a cell beside the value comes to, such as a numerator: nobody is asked for a reason why it is empty."""
    return replace(read, ask=beside_the_value(read.ask))


def without_symbols(read: Entered) -> Entered:
    """What a cell comes to whose number bears no symbols, such as a forecast: one that does is for a question."""
    if not read.symbols:
        return read
    return Entered(None, read.typed, why_not=WhyNot.NO_NUMBER, found=read.found, ask=NO_SYMBOLS)


def date_found(cell: Cell) -> str:
    """A date cell as a message quotes it: the day in words, and the number that is stored."""
    stored = f"a date (stored as {cell_text(cell)})"
    return f"{cell.date}, {stored}" if cell.date else stored


def _from_text(typed: str, rule: EntryRule, unit: Unit | None) -> Entered:
    meant = read_typed(typed, _asked(rule, unit))
    if isinstance(meant, str):
        return Entered(None, typed, why_not=WhyNot.NO_NUMBER, found=shortened(typed), ask=meant)
    number = meant.number
    read = _in_range(number.value, typed, rule, unit)
    if read.value is None:
        return read
    shown = ", ".join((number.words or _shown(read.value, unit), *(symbol.words for symbol in number.symbols)))
    return Entered(
        read.value,
        typed,
        f"{meant.form} read as {shown}",
        shown,
        found=shortened(typed),
        numerator=number.numerator,
        denominator=number.denominator,
        symbols=number.symbols,
    )


def _asked(rule: EntryRule, unit: Unit | None) -> Asked:
    if unit is Unit.PERCENT and rule == SHARE:
        return Asked.SHARE
    return Asked.SCORE if unit is Unit.COUNT and not rule.whole else BY_UNIT[unit]


def _in_range(value: float, typed: str, rule: EntryRule, unit: Unit | None) -> Entered:
    whole = abs(value - round(value)) <= WHOLE_NOISE
    if rule.least <= value <= rule.most and (whole or not rule.whole):
        return Entered(float(round(value)) if rule.whole else float(exact(value)) or 0.0, typed)
    ask = with_sign(value) if unit is Unit.PERCENT and value > rule.most else CORRECT
    return Entered(None, typed, why_not=WhyNot.OUT_OF_RANGE, found=_shown(value, unit), ask=ask)


def _bare(read: Entered) -> Entered:
    """A number in a percentage's cell that shows no % sign: said to be one, unless it cannot be used or is 0."""
    if not read.value:
        return read
    shown = _shown(read.value, Unit.PERCENT)
    return Entered(read.value, read.typed, f"number without % read as {shown}", shown, found=read.typed, bare=True)


def _shown(value: float, unit: Unit | None) -> str:
    return f"{brief(value * 100)}%" if unit is Unit.PERCENT else brief(value)
