"""Return workbooks: one sheet a workstream, everything known filled in and locked, the rest open and validated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from enum import StrEnum

from msgspec import Struct

from sendkpi_xl.entry import CASES, COMMENT_LIMIT, EntryRule, entry_rule
from sendkpi_xl.entry_formulas import DONE, TO_DO, check_formula, fits_value
from sendkpi_xl.figures import number_format
from sendkpi_xl.known_cells import Earlier, earlier_cells, known_cells, unit_words
from sendkpi_xl.layout import START_SHEET, Holds, Table, identity, return_table
from sendkpi_xl.lists_sheet import write_lists
from sendkpi_xl.model import Catalogue, Kpi, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.rating import standard_for
from sendkpi_xl.rating_formulas import RatingCells, rating_formula
from sendkpi_xl.reading import Reason
from sendkpi_xl.sheetwriter import A3, Page, WorkbookWriter, cell
from sendkpi_xl.shorthand import Symbol
from sendkpi_xl.start_sheet import write_start
from sendkpi_xl.style import ink_format

PROTECTION = {
    "sort": True,
    "autofilter": True,
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}
FROZEN_COLUMNS = 4
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


def _write_sheet(page: Page, table: Table, this: _Round, workstream: Workstream, kpis: Sequence[Kpi]) -> None:
    first, last = table.heading_row, table.heading_row + max(len(kpis), 1) - 1
    page.title(f"{workstream.name}: KPI return for {this.period.label}")
    check = table.index("check")
    checks = f"{cell(first, check)}:{cell(last, check)}"
    counted = f'=COUNTIF({checks},"{DONE}*")&" of {len(kpis)} done"'
    page.formula(1, 0, counted, f"0 of {len(kpis)} done", "subtitle")
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


def _validate_row(page: Page, table: Table, row: int, kpi: Kpi) -> None:
    rule, unit = entry_rule(kpi), unit_words(kpi)
    column, forecast = table.index("value"), table.index("forecast")
    fits = {"validate": "custom", "value": fits_value(cell(row, column, fixed_column=True), rule)}
    page.validate((row, column, row, column), {**fits, **_words(rule, f"{kpi.id}: {unit}")})
    foreseen = {"input_message": f"{FORECAST_PROMPT} {rule.expected}", "error_message": rule.expected}
    titled = _validation(rule, f"{kpi.id}: year-end forecast")
    page.validate((row, forecast, row, forecast), {**titled, **foreseen})
    if kpi.share:
        first, last = table.index("numerator"), table.index("denominator")
        page.validate((row, first, row, last), _validation(CASES, f"{kpi.id}: number of cases"))


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
