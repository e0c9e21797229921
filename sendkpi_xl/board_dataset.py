"""The board's dataset: a row for each KPI, in the columns that the board knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sendkpi_xl.board_comment import row_comment
from sendkpi_xl.board_line import NONE, Line, agreed_letter, forecast_mark, mark
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.edition import Edition
from sendkpi_xl.figures import board_ref
from sendkpi_xl.layout import BOARD_IDENTITY, NEW_REF, NO_RATING, TRACE, TRENDS, Table
from sendkpi_xl.period import Period
from sendkpi_xl.quarter import Board
from sendkpi_xl.rating import shown_decimals
from sendkpi_xl.sheetwriter import A3, Page, cell
from sendkpi_xl.shorthand import BESIDE, IN_PLACE, key
from sendkpi_xl.trace_sheet import trace_rows
from sendkpi_xl.trends import Trend
from sendkpi_xl.trends_sheet import figure_cells

RAG_KEY = "R is red, A is amber, G is green; the notes say how they come about."


def write_dataset(page: Page, board: Board, table: Table, trends: Sequence[Trend]) -> None:
    """Write the dataset as this table, with marks where there is no figure and the key to them above it.

    `trends` are those of the sheet Trends, from which the lines in cells are drawn.
    """
    unreported = ", ".join(f"Q{quarter}" for quarter in range(board.period.quarter + 1, 5))
    page.title(
        f"{board.catalogue.settings.board} Dataset, {board.period.label}",
        (
            f"{RAG_KEY} “{NO_RATING}” means that there is no value or no target to rate.",
            f"In place of a figure: {key(IN_PLACE)}. Beside one, in the comment: {key(BESIDE)}. Empty comment: none."
            + (f" Empty cells in {unreported}: not reported yet." if unreported else ""),
        ),
    )
    page.put(3, 0, f"{BOARD_IDENTITY} | {board.period.code} | {board.edition}", "quiet")
    page.table(table, len(board.rows))
    traces = trace_rows(board) if board.edition is Edition.INTERNAL else {}
    lines, by_quarter = figure_cells(trends), board.by_quarter
    for row, each in enumerate(board.rows, start=table.heading_row):
        line = Line(page, table, row)
        if each.kpi.id in traces:
            line.lead("board_ref", f"{TRACE.sheet}!A{traces[each.kpi.id]}")
        own = {period: rated[each.kpi.id] for period, rated in by_quarter.items() if each.kpi.id in rated}
        _write_dataset_row(line, each, own)
        if line.table.has("line") and each.kpi.id in lines:
            line.spark("line", TRENDS.sheet, lines[each.kpi.id])
    last, rag = table.heading_row + len(board.rows) - 1, table.index("rag")
    page.rag_colours((table.heading_row, rag, last, rag))
    page.sheet.ignore_errors({"number_stored_as_text": f"{cell(0, 0)}:{cell(last, len(table.columns) - 1)}"})
    page.sheet.freeze_panes(table.heading_row, table.index("title") + 1)
    page.print_setup(table, A3)


def _write_dataset_row(line: Line, each: RatedReading, own: Mapping[Period, RatedReading]) -> None:
    """The row of a KPI, of which `own` are the year's rated readings so far."""
    kpi, goal = each.kpi, each.goal
    line.put("section", kpi.section)
    line.put("board_ref", board_ref(kpi.board_ref) or NEW_REF, align="center")
    line.put("title", kpi.shown_title)
    line.figure("baseline", kpi, goal.baseline, goal.baseline_words or NONE, shown_decimals(goal.baseline, kpi))
    decimals = shown_decimals(goal.target, kpi)
    line.figure("target", kpi, goal.target, goal.target_words or NONE, decimals, goal.target_sign)
    for quarter in range(1, 5):
        _write_quarter(line, each, own, Period(each.reading.period.start_year, quarter))
    line.put("rag", agreed_letter(each), "rating")
    line.put("comment", row_comment(each, own.values()))
    line.put("travel", each.outlook.since_quarter.travel.value)
    forecast = each.outlook.forecast
    line.figure("forecast", kpi, float(forecast.value) if forecast else None, forecast_mark(each), kpi.decimals)
    if line.table.has("line"):
        line.put("line", None)


def _write_quarter(line: Line, each: RatedReading, own: Mapping[Period, RatedReading], period: Period) -> None:
    """A quarter's figure, or the mark that stands for it; empty for a quarter that is still to come."""
    key = f"q{period.quarter}"
    if period > each.reading.period:
        line.put(key, None)
        return
    reading = own[period].reading if period in own else None
    line.figure(key, each.kpi, reading.value if reading else None, mark(reading), each.kpi.decimals)
