"""The board workbook's sheet of traces: for each number on the dataset, where it was typed, and how it was read."""

from __future__ import annotations

from collections.abc import Mapping

from sendkpi_xl.board_line import NONE, Line
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import board_ref
from sendkpi_xl.layout import NEW_REF, TRACE
from sendkpi_xl.quarter import Board
from sendkpi_xl.sheetwriter import A3, Page

TITLE = "Trace: where each number on the dataset comes from"
HELP = "The file, sheet and cell that a value was typed into, what was typed there, and how it was read. Empty: none."
AS_TYPED = "As typed"
NOTHING = "No value this year."


def traced(board: Board) -> tuple[RatedReading, ...]:
    """The readings behind the numbers of the dataset's quarters: KPI by KPI in its order, quarter by quarter."""
    by_quarter = board.by_quarter.values()
    found = (quarter.get(each.kpi.id) for each in board.rows for quarter in by_quarter)
    return tuple(each for each in found if each is not None and each.reading.value is not None)


def trace_rows(board: Board) -> Mapping[str, int]:
    """The first row of each KPI on the sheet, counted from 1 as Excel does, by its id."""
    numbered = enumerate(traced(board), start=TRACE.heading_row + 1)
    return {each.kpi.id: row for row, each in reversed(list(numbered))}


def write_trace(page: Page, board: Board) -> None:
    """Write the sheet: a row for each number of the dataset's quarters."""
    found = traced(board)
    page.title(TITLE, (HELP,))
    page.table(TRACE, len(found))
    for row, each in enumerate(found, start=TRACE.heading_row):
        _write_row(Line(page, TRACE, row), each)
    if not found:
        Line(page, TRACE, TRACE.heading_row).put("title", NOTHING)
    page.sheet.freeze_panes(TRACE.heading_row, TRACE.index("title") + 1)
    page.print_setup(TRACE, A3)


def _write_row(line: Line, each: RatedReading) -> None:
    kpi, reading = each.kpi, each.reading
    line.put("board_ref", board_ref(kpi.board_ref) or NEW_REF, align="center")
    line.put("title", kpi.shown_title)
    line.put("quarter", f"Q{reading.period.quarter}")
    line.figure("figure", kpi, reading.value, NONE, kpi.decimals)
    line.put("typed", reading.typed or NONE, align="left", indent=1)
    line.put("how", reading.how or AS_TYPED)
    line.put("file", reading.place.file)
    line.put("sheet", reading.place.sheet)
    line.put("cell", reading.place.cell)
    line.put("sha256", reading.sha256)
