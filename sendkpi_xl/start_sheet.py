"""A template's first sheet: what to do, by when, and to whom it goes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sendkpi_xl.layout import LAYOUT_VERSION, Table
from sendkpi_xl.model import Catalogue, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.sheetwriter import Page

STEPS_ROW = 3
WIDTHS = (16, 62, 14, 60)
COLOURS = (
    ("open", "Yellow: yours to fill in."),
    ("locked", "Light grey: known already, locked. Tell us if it is wrong."),
    ("shut", "Dark grey: not needed for this KPI."),
)
MARKS = ("[x] [z] [c]", "No figure in an earlier quarter: not available, not applicable, too few to report.")
HEADINGS = (("Sheet", "left"), ("Workstream", "left"), ("KPIs", "center"), ("Done so far", "left"))


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
    for row, step in enumerate(steps(catalogue, period), start=STEPS_ROW):
        page.put(row, 0, f"Step {row - STEPS_ROW + 1}", "strong")
        page.put(row, 1, step, "line")
        page.sheet.set_row(row, 20)
    row = STEPS_ROW + 6
    for column, (heading, align) in enumerate(HEADINGS):
        page.put(row, column, heading, "heading", align=align)
    for workstream, table, count in sheets:
        row += 1
        page.link(row, 0, f"'{table.sheet}'!A1", table.sheet)
        page.put(row, 1, workstream.name)
        page.put(row, 2, count, align="center")
        page.formula(row, 3, f"='{table.sheet}'!A2", f"0 of {count} done")
    row = _write_legend(page, row + 2, period) + 1
    about = (("Quarter", period.code), ("KPI list", settings.list_version), ("Template layout", LAYOUT_VERSION))
    for offset, (name, value) in enumerate(about):
        page.put(row + offset, 0, name, "quiet")
        page.put(row + offset, 1, value, "quiet")
    page.sheet.protect("", {"format_columns": True})
    page.print_setup()


def _write_legend(page: Page, row: int, period: Period) -> int:
    """What the colours and marks mean, from `row` on; gives the first row after it."""
    for style, words in COLOURS:
        page.put(row, 0, None, style, locked=True)
        page.put(row, 1, words, "line")
        row += 1
    if period.earlier:
        for column, words in enumerate(MARKS):
            page.put(row, column, words, "line")
        row += 1
    return row
