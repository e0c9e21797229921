"""The board workbook's sheet of where each KPI is going: its travel, the year's forecast, signals in its series."""

from __future__ import annotations

from sendkpi_xl.board_line import NONE, Line, agreed_letter, forecast_mark, letter_of, mark
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import board_ref
from sendkpi_xl.layout import NEW_REF, OUTLOOK
from sendkpi_xl.quarter import Board
from sendkpi_xl.rating import shown_decimals
from sendkpi_xl.sheetwriter import A3, Page
from sendkpi_xl.shorthand import Symbol
from sendkpi_xl.travel import Travel

TITLE = "Outlook: where each KPI is going"
HELP = (
    "Better or worse than last quarter and a year ago, and what the year will end at as things stand. A move within "
    "the unit's dead band is no change."
)
KEY = (
    "RAG now is the agreed rating, that of the forecast is computed. "
    f"“{Symbol.NOT_AVAILABLE}” and “{Travel.NOT_ENOUGH}”: there is nothing to reckon from yet. Empty cells: none."
)


def write_outlook(page: Page, board: Board) -> None:
    """Write the sheet: a row for each KPI of the dataset."""
    page.title(TITLE, (HELP, KEY))
    page.table(OUTLOOK, len(board.rows))
    for row, each in enumerate(board.rows, start=OUTLOOK.heading_row):
        _write_row(Line(page, OUTLOOK, row), each)
    last = OUTLOOK.heading_row + len(board.rows) - 1
    for column in (OUTLOOK.index("rag"), OUTLOOK.index("forecast_rag")):
        page.rag_colours((OUTLOOK.heading_row, column, last, column))
    page.sheet.freeze_panes(OUTLOOK.heading_row, OUTLOOK.index("title") + 1)
    page.print_setup(OUTLOOK, A3)


def _write_row(line: Line, each: RatedReading) -> None:
    kpi, goal, outlook = each.kpi, each.goal, each.outlook
    forecast = outlook.forecast
    line.put("board_ref", board_ref(kpi.board_ref) or NEW_REF, align="center")
    line.put("title", kpi.shown_title)
    line.figure("value", kpi, each.reading.value, mark(each.reading), kpi.decimals)
    line.put("rag", agreed_letter(each), "rating")
    line.put("since_quarter", outlook.since_quarter.travel.value)
    line.put("since_year", outlook.since_year.travel.value)
    target, decimals = goal.target, shown_decimals(goal.target, kpi)
    line.figure("year_target", kpi, target, goal.target_words or NONE, decimals, goal.target_sign)
    line.figure("forecast", kpi, float(forecast.value) if forecast else None, forecast_mark(each), kpi.decimals)
    line.put("forecast_rag", letter_of(forecast.rating.rag if forecast else None), "rating")
    line.put("why", "\n".join(_sentences(each)))


def _sentences(each: RatedReading) -> list[str]:
    """How the outlook came about: the moves that there are, the forecast, and signals."""
    outlook = each.outlook
    both = (outlook.since_quarter, outlook.since_year)
    moves = [move.sentence for move in both if move.travel is not Travel.NOT_ENOUGH]
    forecast = [outlook.forecast.sentence] if outlook.forecast else []
    nothing = "Its figure is withheld." if each.reading.withheld else "Nothing to reckon from yet."
    return [*moves, *forecast, *(signal.sentence for signal in outlook.signals)] or [nothing]
