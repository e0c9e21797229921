"""Return workbooks: one sheet a workstream, everything known filled in and locked, the rest open and validated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from enum import StrEnum

from msgspec import Struct

from sendkpi_xl.entry import CASES, COMMENT_LIMIT, EntryRule, entry_rule
from sendkpi_xl.figures import number_format, places
from sendkpi_xl.known_cells import Earlier, earlier_cells, known_cells, unit_words
from sendkpi_xl.layout import START_SHEET, Holds, Table, identity, return_table
from sendkpi_xl.lists_sheet import write_lists
from sendkpi_xl.model import Catalogue, Kpi, Unit, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.rating import RatingCells, rating_formula, standard_for
from sendkpi_xl.reading import Reason
from sendkpi_xl.sheetwriter import A3, Page, WorkbookWriter, cell
from sendkpi_xl.shorthand import BESIDE, Symbol
from sendkpi_xl.start_sheet import write_start
from sendkpi_xl.style import ink_format

TO_DO = "To do"
DONE = "Done"
PROTECTION = {
    "sort": True,
    "autofilter": True,
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}
FROZEN_COLUMNS = 4
NO_BREAK_SPACE = "\u00a0"
SYMBOL_WIDTH = len(" [p]")
PERCENT_DECIMALS = 8
"""Enough for what anybody types, and few enough for the noise of binary numbers."""
FILL_IN = (
    "Fill in the yellow cells: for each KPI a value, or a reason for the blank. After a provisional value type "
    f"{Symbol.PROVISIONAL}, after a revised one {Symbol.REVISED}. A forecast may stay empty. Grey and empty: not "
    "needed, or not set."
)
FORECAST_PROMPT = "What you expect the year to end at. Leave it empty if you cannot say."


class _Round(Struct, frozen=True):
    """What every sheet of a template needs to know."""

    catalogue: Catalogue
    period: Period
    earlier: Earlier
    sources: Mapping[type[StrEnum], str]


def return_workbook(catalogue: Catalogue, period: Period, workstreams: Sequence[Workstream], earlier: Earlier) -> bytes:
    """A template with a start sheet and a sheet for each of these workstreams.

    `earlier` holds the readings of the year's earlier quarters by KPI id and period; they are shown, locked.
    """
    names = ", ".join(workstream.code for workstream in workstreams)
    made = datetime.combine(period.end, time())
    title = f"{catalogue.settings.plan}: KPI return {period.label}"
    writer = WorkbookWriter(title, f"{names}, KPI list {catalogue.settings.list_version}", made)
    start = writer.page(START_SHEET)
    tables = [return_table(period, workstream.code) for workstream in workstreams]
    pages = [writer.page(table.sheet) for table in tables]
    this = _Round(catalogue, period, earlier, write_lists(writer, tables))
    counts = []
    for workstream, table, page in zip(workstreams, tables, pages, strict=True):
        kpis = catalogue.live(workstream.name)
        counts.append(len(kpis))
        _write_sheet(page, table, this, workstream, kpis)
    write_start(start, catalogue, period, list(zip(workstreams, tables, counts, strict=True)))
    return writer.close()


def done_count(done: int, of: int) -> str:
    """The live count as the sheet shows it."""
    return f"{done} of {of} done"


def _write_sheet(page: Page, table: Table, this: _Round, workstream: Workstream, kpis: Sequence[Kpi]) -> None:
    first, last = table.heading_row, table.heading_row + max(len(kpis), 1) - 1
    page.title(f"{workstream.name}: KPI return for {this.period.label}")
    check = table.index("check")
    checks = f"{cell(first, check)}:{cell(last, check)}"
    counted = f'=COUNTIF({checks},"{DONE}*")&" of {len(kpis)} done"'
    page.formula(1, 0, counted, done_count(0, len(kpis)), "subtitle")
    page.put(2, 0, FILL_IN, "strong")
    page.put(3, 0, identity(this.period, workstream.code, this.catalogue.settings), "quiet")
    page.table(table, len(kpis))
    for row, kpi in enumerate(kpis, start=first):
        _write_row(page, table, row, kpi, this)
        _validate_row(page, table, row, kpi)
    _validate_columns(page, table, first, last, this.sources)
    _colour(page, table, first, last)
    _no_warnings(page, table, first, last)
    page.sheet.freeze_panes(table.heading_row, FROZEN_COLUMNS)
    page.print_setup(table, A3)
    page.sheet.print_area(0, 0, last, table.index("rating"))
    page.sheet.protect("", PROTECTION)


def _write_row(page: Page, table: Table, row: int, kpi: Kpi, this: _Round) -> None:
    goal = kpi.goal(this.period.year)
    standard = standard_for(kpi, goal, this.catalogue.policy, this.period.quarter)
    known = known_cells(kpi, goal, standard) | earlier_cells(kpi, this.period, this.earlier)
    for column, declared in enumerate(table.columns):
        if declared.open:
            _write_open(page, row, column, declared.key, kpi)
        elif declared.key == "check":
            formula = check_formula(kpi, table, row, this.sources[Reason])
            page.formula(row, column, formula, TO_DO, "locked")
        elif declared.key == "rating":
            formula = rating_formula(kpi, standard, _rating_cells(table, row))
            page.formula(row, column, formula, "", "rating")
        else:
            value, shown = known[declared.key].value, known[declared.key].number_format
            page.put(row, column, value, "locked", **({"num_format": shown} if shown else {}))


def _write_open(page: Page, row: int, column: int, key: str, kpi: Kpi) -> None:
    if key in ("numerator", "denominator"):
        style = "open" if kpi.share else "shut"
        page.put(row, column, None, style, num_format="#,##0")
    elif key in ("value", "forecast"):
        page.put(row, column, None, "open", num_format=number_format(kpi.unit, kpi.decimals))
    else:
        page.put(row, column, None, "open", num_format="@" if key == "comment" else "General")


def _rating_cells(table: Table, row: int) -> RatingCells:
    keys = ("value", "denominator", "quarter_target", "green_within", "amber_within", "smallest_sample", "unmoved")
    return RatingCells(*(cell(row, table.index(key), fixed_column=True) for key in keys))


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


def _validate_row(page: Page, table: Table, row: int, kpi: Kpi) -> None:
    rule, unit = entry_rule(kpi), unit_words(kpi)
    column, forecast = table.index("value"), table.index("forecast")
    fits = {"validate": "custom", "value": _fits_value(cell(row, column, fixed_column=True), rule)}
    page.validate((row, column, row, column), {**fits, **_words(rule, f"{kpi.id}: {unit}")})
    foreseen = {"input_message": f"{FORECAST_PROMPT} {rule.expected}", "error_message": rule.expected}
    titled = _validation(rule, f"{kpi.id}: year-end forecast")
    page.validate((row, forecast, row, forecast), {**titled, **foreseen})
    if kpi.share:
        first, last = table.index("numerator"), table.index("denominator")
        page.validate((row, first, row, last), _validation(CASES, f"{kpi.id}: number of cases"))


def _fits_value(reference: str, rule: EntryRule) -> str:
    """The formula that lets a number of this rule into a value cell, and a text that ends in a symbol."""
    whole = f",{reference}=INT({reference})" if rule.whole else ""
    number = f"AND({reference}>={rule.least},{reference}<={rule.most}{whole})"
    marked = f"AND(LEN(TRIM({reference}))>{SYMBOL_WIDTH},{_ends_in_symbol(reference)})"
    return f"=IF(ISNUMBER({reference}),{number},{marked})"


def _validation(rule: EntryRule, title: str) -> dict[str, object]:
    return {
        "validate": "integer" if rule.whole else "decimal",
        "criteria": "between",
        "minimum": rule.least,
        "maximum": rule.most,
        **_words(rule, title),
    }


def _words(rule: EntryRule, title: str) -> dict[str, object]:
    """The help beside a cell, and the error that says what to type."""
    return {
        "input_title": title,
        "input_message": rule.prompt,
        "error_title": "This cell needs something else",
        "error_message": f"{rule.expected} If you have no figure, leave the cell empty and choose a reason.",
    }


def _validate_columns(page: Page, table: Table, first: int, last: int, sources: Mapping[type[StrEnum], str]) -> None:
    for column, declared in enumerate(table.columns):
        area = (first, column, last, column)
        if declared.open and declared.choices is not None:
            help_text = "Only where there is no value: choose why. A blank is never read as zero."
            page.choices(area, sources[declared.choices], declared.heading, help_text)
        elif declared.open and declared.holds is Holds.TEXT:
            options = {
                "validate": "length",
                "criteria": "<=",
                "value": COMMENT_LIMIT,
                "input_title": declared.heading,
                "input_message": "What the board should know about this figure. Name no child and no family.",
                "error_title": "The comment is too long",
                "error_message": f"At most {COMMENT_LIMIT:,} characters.",
            }
            page.validate(area, options)


def _colour(page: Page, table: Table, first: int, last: int) -> None:
    rating, check = table.index("rating"), table.index("check")
    page.rag_colours((first, rating, last, rating))
    area = (first, check, last, check)
    shown = cell(first, check, fixed_column=True)
    page.when(area, f'=LEFT({shown},{len(DONE)})="{DONE}"', ink_format("done"))
    page.when(area, f'={shown}="{TO_DO}"', ink_format("to_do"))
    page.when(area, f'=AND({shown}<>"{TO_DO}",LEFT({shown},{len(DONE)})<>"{DONE}")', ink_format("wrong"))


def _no_warnings(page: Page, table: Table, first: int, last: int) -> None:
    """No green corners where Excel would see a mistake: refs that are text, checks that differ from row to row."""
    known = f"{cell(first, 0)}:{cell(last, table.index('target'))}"
    formulas = f"{cell(first, table.index('check'))}:{cell(last, table.index('rating'))}"
    page.sheet.ignore_errors({"number_stored_as_text": known, "formula_differs": formulas})


def template_files(catalogue: Catalogue, period: Period) -> list[tuple[str, tuple[Workstream, ...]]]:
    """The names of a quarter's templates and the workstreams in each: one for each, and one with all of them."""
    return [
        *((f"return-{period.code}-{each.code}.xlsx", (each,)) for each in catalogue.workstreams),
        (f"return-{period.code}-all.xlsx", catalogue.workstreams),
    ]
