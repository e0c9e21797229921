"""Figures as the board sees them: rounding, the words for a value, and the Excel number format that shows the same.

One place decides how many decimals are shown, because what is shown is what is rated.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from sendkpi_xl.model import Kpi, Sign, Unit

EXCEL_DIGITS = 15
"""Excel keeps and compares fifteen significant digits."""

WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
"""Wide enough for every number that a cell can hold: rounding one to decimals never fails."""


def exact(value: float) -> Decimal:
    """The decimal number that Excel shows for a stored double: fifteen significant digits, no binary noise."""
    return Decimal(format(value, f".{EXCEL_DIGITS}g"))


def digits(value: float) -> str:
    """The same number as text: `0.112`, `45`, `1E+20`; quicker than by way of the decimal."""
    shown = format(value, f".{EXCEL_DIGITS}g")
    return str(Decimal(shown)) if "e" in shown else shown


def places(unit: Unit, decimals: int) -> int:
    """How many decimals of the stored number are shown: a percentage stores two more than it prints."""
    return decimals + 2 if unit is Unit.PERCENT else decimals


def rounded(value: float, unit: Unit, decimals: int) -> Decimal:
    """The stored value rounded to what is shown, half away from zero, as Excel's ROUND does."""
    return to_places(exact(value), places(unit, decimals))


def to_places(number: Decimal, decimals: int) -> Decimal:
    """The number with so many decimals, half away from zero."""
    return number.quantize(Decimal(1).scaleb(-decimals), context=WIDE)


def figure(value: float | Decimal, unit: Unit, decimals: int, sign: Sign = Sign.AT) -> str:
    """A value in words: `£16,880`, `-22.33%`, `1,462`, `12 weeks`, `<5%`."""
    decimal = value if isinstance(value, Decimal) else exact(value)
    number = to_places(decimal, places(unit, decimals))
    minus = "-" if number < 0 else ""
    number = abs(number)
    match unit:
        case Unit.PERCENT:
            text = f"{minus}{number * 100:.{decimals}f}%"
        case Unit.MONEY | Unit.AVERAGE:
            text = f"{minus}£{number:,.{decimals}f}"
        case Unit.WEEKS:
            text = f"{minus}{number:,.{decimals}f} weeks"
        case Unit.COUNT:
            text = f"{minus}{number:,.{decimals}f}"
    return f"{sign.value}{text}"


def kpi_figure(value: float | None, kpi: Kpi, sign: Sign = Sign.AT) -> str:
    """A value of this KPI in words; empty for None."""
    return "" if value is None else figure(value, kpi.unit, kpi.decimals, sign)


@lru_cache(maxsize=512)
def number_format(unit: Unit, decimals: int, sign: Sign = Sign.AT) -> str:
    """The Excel number format that shows what `figure` says; `<` and `>` stand before the number, which stays one."""
    decimal_part = "." + "0" * decimals if decimals else ""
    body = {
        Unit.PERCENT: f"0{decimal_part}%",
        Unit.MONEY: f'"£"#,##0{decimal_part}',
        Unit.AVERAGE: f'"£"#,##0{decimal_part}',
        Unit.WEEKS: f'#,##0{decimal_part}" weeks"',
        Unit.COUNT: f"#,##0{decimal_part}",
    }[unit]
    if sign is Sign.AT:
        return f"{body};-{body}" if unit in (Unit.MONEY, Unit.AVERAGE) else body
    return f'"{sign.value}"{body};"{sign.value}"-{body}'


def board_ref(ref: str) -> int | str:
    """A board ref as the number that it is, so that a table sorts by it."""
    return int(ref) if ref.isdecimal() else ref


def plain(value: float) -> str:
    """A number without unit or needless digits, for text files and traces: `1462`, `0.112`."""
    shown = digits(value)
    return format(Decimal(shown), "f") if "E" in shown else shown
