"""A template's first sheet: what to do, by when, and to whom it goes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sendkpi_xl.layout import LAYOUT_VERSION, Table
from sendkpi_xl.model import Catalogue, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.sheetwriter import Page
from sendkpi_xl.shorthand import IN_PLACE, key

STEPS_ROW = 3
WIDTHS = (16, 62, 14, 60)
COLOURS = (
    ("open", "Yellow: yours to fill in."),
    ("locked", "Light grey: known already, locked. Tell us if it is wrong."),
    ("shut", "Dark grey: not needed for this KPI."),
)
MARKS = f"No figure in an earlier quarter: {key(IN_PLACE)}."
HEADINGS = ("Sheet", "Workstream", "KPIs", "Done so far")
SHEETS_TABLE = "Sheets"


def due_date(catalogue: Catalogue, period: Period) -> date:
    """The day by which returns are asked for."""
    return period.end + timedelta(days=catalogue.settings.return_days)


def long_date(day: date) -> str:
    """A date in words: `Wednesday 14 July 2021`."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def steps(catalogue: Catalogue, period: Period) -> tuple[str, ...]:
    """The five lines that tell a lead all there is to do."""
    settings = catalogue.settings
    return (
        "Open your sheet with the link below and fill in the yellow cells, a row for each KPI. Ten minutes will do.",
        "Type the value as the cell asks: 85% with its sign, whole pounds, whole numbers. For a share type the "
        "numerator and the denominator too.",
        "No figure? Leave the value empty and choose a reason. A blank is never read as zero. Name no child or "
        "family in a comment.",
        "The column Check says Done, or what is missing. When the top of the sheet says that all are done, save it "
        "as .xlsx.",
        f"Send it back to {settings.return_to} by {long_date(due_date(catalogue, period))}.",
    )


def write_start(
    page: Page, catalogue: Catalogue, period: Period, sheets: Sequence[tuple[Workstream, Table, int]]
) -> None:
    """Write the start sheet; `sheets` gives each workstream, its sheet's layout and how many KPIs are on it."""
    settings = catalogue.settings
    page.widths(WIDTHS)
    page.title(f"{settings.plan}: KPI return for {period.label}")
    page.put(1, 0, f"{settings.council}. Figures for {period.months}.", "line")
    row = STEPS_ROW
    for number, step in enumerate(steps(catalogue, period), start=1):
        page.put(row, 0, f"Step {number}: {step}", "line")
        page.sheet.set_row(row, 20)
        row += 1
    row = _write_legend(page, row + 1, period)
    about = f"Quarter {period.code}. KPI list {settings.list_version}. Template layout {LAYOUT_VERSION}."
    page.put(row, 0, about, "quiet")
    _write_sheets(page, row + 2, sheets)
    page.sheet.protect("", {"format_columns": True})
    page.print_setup()


def _write_sheets(page: Page, row: int, sheets: Sequence[tuple[Workstream, Table, int]]) -> None:
    """A table of the sheets: a link to each, how many KPIs it has, and how many are done."""
    page.plain_table(SHEETS_TABLE, row, HEADINGS, len(sheets))
    for at, (workstream, table, count) in enumerate(sheets, start=row + 1):
        page.link(at, 0, f"'{table.sheet}'!A1", table.sheet)
        page.put(at, 1, workstream.name)
        page.put(at, 2, count, align="center")
        page.formula(at, 3, f"='{table.sheet}'!A2", f"0 of {count} done")


def _write_legend(page: Page, row: int, period: Period) -> int:
    """What the colours and marks mean, from `row` on; gives the first row after it."""
    for style, words in COLOURS:
        page.put(row, 1, words, style, locked=True)
        row += 1
    if period.earlier:
        page.put(row, 0, MARKS, "line")
        row += 1
    return row + 1
