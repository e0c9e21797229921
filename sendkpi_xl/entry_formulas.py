"""What may be entered, as Excel formulas: the live check of a row, and what a value cell lets in."""

from __future__ import annotations

from sendkpi_xl.entry import CASES, EntryRule, entry_rule
from sendkpi_xl.figures import places
from sendkpi_xl.layout import Table
from sendkpi_xl.model import Kpi, Unit
from sendkpi_xl.reading import Reason
from sendkpi_xl.sheetwriter import cell
from sendkpi_xl.shorthand import BESIDE

TO_DO = "To do"
DONE = "Done"
NO_BREAK_SPACE = "\u00a0"
SYMBOL_WIDTH = len(" [p]")
PERCENT_DECIMALS = 8
"""Enough for what anybody types, and few enough for the noise of binary numbers."""


def check_formula(kpi: Kpi, table: Table, row: int, reasons: str) -> str:
    """The live check of one row: `To do`, `Done`, or what is wrong in a few words; never `Done` where reading queries.

    `reasons` are the cells that list the reasons for a blank, such as `=Lists!$A$5:$A$8`.
    """
    keys = ("value", "numerator", "denominator", "forecast", "reason", "comment")
    value, numerator, denominator, forecast, reason, comment = (
        cell(row, table.index(key), fixed_column=True) for key in keys
    )
    rule = entry_rule(kpi)
    alone = _number_check(kpi, value, numerator, denominator)
    marked = _number_check(kpi, f"VALUE({_before_symbol(value)})", numerator, denominator)
    text = f'IF({_has_symbol(value, kpi)},{marked},"Value is not a number")'
    number = f"IF(ISNUMBER({value}),{alone},{text})"
    other = f'IF(AND({reason}="{Reason.OTHER}",{_empty(comment)}),"Say why in the comment","{DONE}: no value")'
    known = f"SUMPRODUCT(--({reasons.removeprefix('=')}=TRIM({reason})))>0"
    because = f'IF({known},{other},"Choose a listed reason")'
    without = f'IF(AND({_empty(numerator)},{_empty(denominator)}),"{TO_DO}","Type the value as well")'
    no_value = f"IF({_empty(reason)},{without},{because})"
    both = f'IF({_empty(reason)},{number},"Keep value or reason")'
    checked = f"IF({_empty(value)},{no_value},{both})"
    foreseen = f'IF({_unfit(forecast, rule)},"Correct the forecast",{checked})'
    return f"={_cases_check(numerator, denominator, foreseen) if kpi.share else foreseen}"


def _number_check(kpi: Kpi, number: str, numerator: str, denominator: str) -> str:
    """What is to say of a KPI's value, once it is known to be a number."""
    rule = entry_rule(kpi)
    share = _share_check(number, numerator, denominator, places(kpi.unit, kpi.decimals)) if kpi.share else f'"{DONE}"'
    whole = f'IF({number}<>INT({number}),"Value is not whole",{share})' if rule.whole else share
    return f'IF(OR({number}<{rule.least},{number}>{rule.most}),"Value is out of range",{whole})'


def _ends_in_symbol(reference: str) -> str:
    """Whether a cell's text ends in a symbol that may stand beside a figure: `85% [p]`."""
    symbols = "".join(f" {symbol}" for symbol in BESIDE)
    return f'ISNUMBER(FIND(RIGHT(LOWER(TRIM({reference})),{SYMBOL_WIDTH}),"{symbols}"))'


def _before_symbol(reference: str) -> str:
    return f"LEFT(TRIM({reference}),LEN(TRIM({reference}))-{SYMBOL_WIDTH})"


def _has_symbol(reference: str, kpi: Kpi) -> str:
    """Whether a cell holds a number that is read without a doubt, and a symbol after it.

    Excel takes more for a number than reading does, such as dates: only what Excel itself would write counts.
    """
    before = _before_symbol(reference)
    forms = f'VALUE({before})&""', f'TEXT(VALUE({before}),"#,##0")'
    if kpi.unit is Unit.PERCENT:
        forms = f'ROUND(VALUE({before})*100,{PERCENT_DECIMALS})&"%"', f'TEXT(VALUE({before}),"0.0%")'
    written = f"OR({before}={forms[0]},{before}={forms[1]})"
    return f'IFERROR(AND({_ends_in_symbol(reference)},{written},ISERROR(FIND("E",{before}))),FALSE)'


def _cases_check(numerator: str, denominator: str, otherwise: str) -> str:
    """Numerator and denominator by themselves, whether or not there is a value."""
    ordered = f'IF({_both(numerator, denominator, f"{numerator}>{denominator}")},"Numerator is too large",{otherwise})'
    return f'IF(OR({_unfit(numerator, CASES)},{_unfit(denominator, CASES)}),"Correct num / denom",{ordered})'


def _unfit(reference: str, rule: EntryRule) -> str:
    """Whether a cell holds something that its rule does not allow; an empty one does not."""
    whole = f",{reference}<>INT({reference})" if rule.whole else ""
    out = f"OR({reference}<{rule.least},{reference}>{rule.most}{whole})"
    return f"IF(ISNUMBER({reference}),{out},NOT({_empty(reference)}))"


def _share_check(value: str, numerator: str, denominator: str, decimals: int) -> str:
    half_step = f"{10.0**-decimals / 2:.{decimals + 1}f}"
    agrees = f"ABS(ROUND({value},{decimals})-ROUND({numerator}/{denominator},{decimals}))<{half_step}"
    compared = f'IF({agrees},"{DONE}","Value is not num / denom")'
    divided = f'IF({denominator}=0,"The denominator is 0",{compared})'
    return f'IF({_both(numerator, denominator)},{divided},"{DONE}")'


def _both(numerator: str, denominator: str, *more: str) -> str:
    return f"AND({','.join((f'ISNUMBER({numerator})', f'ISNUMBER({denominator})', *more))})"


def _empty(reference: str) -> str:
    return f'LEN(TRIM(SUBSTITUTE({reference},"{NO_BREAK_SPACE}"," ")))=0'


def fits_value(reference: str, rule: EntryRule) -> str:
    """The formula that lets a number of this rule into a value cell, and a text that ends in a symbol."""
    whole = f",{reference}=INT({reference})" if rule.whole else ""
    number = f"AND({reference}>={rule.least},{reference}<={rule.most}{whole})"
    marked = f"AND(LEN(TRIM({reference}))>{SYMBOL_WIDTH},{_ends_in_symbol(reference)})"
    return f"=IF(ISNUMBER({reference}),{number},{marked})"
