"""The team's log of what the publish edition withholds: what stands in the internal edition, and on what ground."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from sendkpi_xl.board_line import NONE, Line
from sendkpi_xl.figures import board_ref
from sendkpi_xl.findings import so_many
from sendkpi_xl.layout import NEW_REF, WITHHELD
from sendkpi_xl.period import Period
from sendkpi_xl.quarter import Board
from sendkpi_xl.sheetwriter import A3, WorkbookWriter
from sendkpi_xl.withheld import WORDS, Attribute, Withheld

TITLE = "Withheld from the publish edition"
LABEL = "for the team alone, never to be published"
HELP = (
    "Primary: it tells of few people by itself. Secondary: it would give such a number back. A number in words may be "
    "of something else: then reword the comment on the sheet Remarks of the moderation workbook, and publish again."
)
ALL = "All"


def withheld_workbook(board: Board, log: Sequence[Withheld]) -> bytes:
    """The log of an internal board's publication as .xlsx bytes: a row for everything that is withheld."""
    settings, period, table = board.catalogue.settings, board.period, WITHHELD
    made = datetime.combine(period.end, time())
    writer = WorkbookWriter(f"{TITLE}, {period.label}", settings.plan, made, LABEL)
    page = writer.page(table.sheet)
    figures, texts = counted(log, period)
    told = f"Withheld for {period.label}: {figures}, and words in {texts}; what follows from them stands beside them."
    page.title(f"{TITLE}, {period.label}", (f"{told} Empty cells: none.", HELP))
    page.table(table, len(log))
    order = {each.kpi.id: place for place, each in enumerate(board.now)}
    in_order = sorted(log, key=lambda each: (order.get(each.kpi_id, -1), each.period))
    for row, each in enumerate(in_order, start=table.heading_row):
        _write_row(Line(page, table, row), board, each)
    if not log:
        Line(page, table, table.heading_row).put("title", "Nothing is withheld.")
    page.sheet.freeze_panes(table.heading_row, table.index("title") + 1)
    page.print_setup(table, A3)
    return writer.close()


def _write_row(line: Line, board: Board, each: Withheld) -> None:
    kpi = board.catalogue.kpi(each.kpi_id)
    line.put("board_ref", (board_ref(kpi.board_ref) or NEW_REF) if kpi else ALL, align="center")
    line.put("title", kpi.shown_title if kpi else "Headlines")
    line.put("quarter", each.period.code)
    line.put("attribute", each.attribute.value.capitalize())
    line.put("stood", each.stood or NONE)
    line.put("shown", each.shown)
    line.put("why", each.why.value.capitalize())
    line.put("because", each.because)


def counted(log: Sequence[Withheld], period: Period) -> tuple[str, str]:
    """How much of a quarter is withheld, in words: its figures, and in how many texts: `14 figures` and `1 text`."""
    now = [each.attribute for each in log if each.period == period]
    return so_many(now.count(Attribute.VALUE), "figure"), so_many(sum(each in WORDS for each in now), "text")
