"""The board workbook: front page, exceptions, dataset, ratings with reasons, outlook, trends, gaps, what if, notes."""

from __future__ import annotations

from datetime import datetime, time

from sendkpi_xl.board_comment import reason_words
from sendkpi_xl.board_dataset import write_dataset
from sendkpi_xl.board_front import HEADLINES_SHEET, write_headlines
from sendkpi_xl.board_line import NONE, Line, agreed_letter, computed_letter, mark
from sendkpi_xl.board_notes import board_notes
from sendkpi_xl.edition import Edition
from sendkpi_xl.exceptions_sheet import write_exceptions
from sendkpi_xl.figures import board_ref
from sendkpi_xl.layout import (
    EXCEPTIONS,
    NEW_REF,
    NOT_REPORTED,
    NOTES,
    OUTLOOK,
    RATINGS,
    TRACE,
    TRENDS,
    WHAT_IF,
    dataset_table,
)
from sendkpi_xl.outlook_sheet import write_outlook
from sendkpi_xl.quarter import Board
from sendkpi_xl.rating import shown_decimals
from sendkpi_xl.reading import Reading
from sendkpi_xl.sheetwriter import A3, Page, WorkbookWriter
from sendkpi_xl.shorthand import IN_PLACE, key
from sendkpi_xl.trace_sheet import write_trace
from sendkpi_xl.trends import trends
from sendkpi_xl.trends_sheet import write_trends
from sendkpi_xl.what_if import write_what_if


def board_workbook(board: Board, *, on_paper: bool = False) -> bytes:
    """The board workbook as .xlsx bytes.

    `on_paper` it has no sheet What if, which is of no use there, and no lines of the quarters in the dataset's cells:
    LibreOffice, which makes the pack, prints of them no more than dots; the charts are on Trends.

    The publish edition has neither What if nor Trace: both are the team's.
    """
    settings = board.catalogue.settings
    made = datetime.combine(board.period.end, time())
    title = f"{settings.board} dataset, {board.period.label}"
    writer = WorkbookWriter(title, settings.plan, made, board.edition.label)
    table = dataset_table(board.period, lined=not on_paper)
    write_headlines(writer.page(HEADLINES_SHEET), board, table)
    write_exceptions(writer.page(EXCEPTIONS.sheet), board)
    found = trends(board)
    write_dataset(writer.page(table.sheet), board, table, found)
    _write_ratings(writer.page(RATINGS.sheet), board)
    write_outlook(writer.page(OUTLOOK.sheet), board)
    if found:
        write_trends(writer.page(TRENDS.sheet), found, len(board.rows))
    _write_not_reported(writer.page(NOT_REPORTED.sheet), board)
    internal = board.edition is Edition.INTERNAL
    if internal and not on_paper:
        write_what_if(writer.page(WHAT_IF.sheet), board.rows)
    _write_notes(writer.page(NOTES.sheet), board)
    if internal:
        write_trace(writer.page(TRACE.sheet), board)
    return writer.close()


def _write_ratings(page: Page, board: Board) -> None:
    table = RATINGS.of(board.edition)
    page.title(
        "Ratings: computed and agreed",
        ("How each rating came about, and where people decided otherwise. Empty cells: not given.",),
    )
    page.table(table, len(board.rows))
    for row, each in enumerate(board.rows, start=table.heading_row):
        line, kpi, override = Line(page, table, row), each.kpi, each.override
        target = None if each.standard.target is None else float(each.standard.target)
        line.put("board_ref", board_ref(kpi.board_ref) or NEW_REF, align="center")
        line.put("title", kpi.shown_title)
        line.figure("value", kpi, each.reading.value, mark(each.reading), kpi.decimals)
        line.figure("quarter_target", kpi, target, NONE, shown_decimals(target, kpi), each.goal.target_sign)
        line.put("computed", computed_letter(each), "rating")
        line.put("agreed", agreed_letter(each), "rating")
        line.put("sentence", each.computed.sentence)
        line.put("reason", override.reason if override else "As computed")
        if board.edition is Edition.INTERNAL:
            line.put("who", override.who if override else "As computed")
    for column in (table.index("computed"), table.index("agreed")):
        page.rag_colours((table.heading_row, column, table.heading_row + len(board.rows) - 1, column))
    page.sheet.freeze_panes(table.heading_row, table.index("title") + 1)
    page.print_setup(table, A3)


def _write_not_reported(page: Page, board: Board) -> None:
    table = NOT_REPORTED
    missing = [each for each in board.now if each.reading.value is None]
    shown = "shown" if board.edition is Edition.PUBLISH else "reported"
    counted = f"{len(missing)} of {len(board.now)} live KPIs have no figure {shown} for {board.period.label}."
    page.title(f"KPIs not {shown}, and why", (f"{counted} Empty comment: none.", f"{key(IN_PLACE)}."))
    page.table(table, len(missing))
    for row, each in enumerate(missing, start=table.heading_row):
        line, kpi, reading = Line(page, table, row), each.kpi, each.reading
        line.put("id", kpi.id)
        line.put("ref", board_ref(kpi.ref) or NONE, align="center")
        line.put("board_ref", board_ref(kpi.board_ref) or NONE, align="center")
        line.put("workstream", kpi.workstream)
        line.put("title", kpi.shown_title)
        line.put("mark", mark(reading), align="center")
        line.put("reason", _why_missing(reading))
        line.put("comment", each.comment)
    page.sheet.freeze_panes(table.heading_row, 0)
    page.print_setup(table)


def _why_missing(reading: Reading) -> str:
    if reading.withheld:
        return "Withheld"
    return reason_words(reading.reason) if reading.reason else reading.status.value.capitalize()


def _write_notes(page: Page, board: Board) -> None:
    notes = board_notes(board)
    page.title("Notes")
    page.table(NOTES, len(notes))
    for row, (about, note) in enumerate(notes, start=NOTES.heading_row):
        page.put(row, 0, about)
        page.put(row, 1, note)
    page.print_setup(NOTES)
