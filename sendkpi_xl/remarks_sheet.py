"""The moderation workbook's sheet Remarks: what the team adds to a KPI for the board, beside what the lead said."""

from __future__ import annotations

from collections.abc import Mapping

from sendkpi_xl.board_line import Line, agreed_letter
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import board_ref
from sendkpi_xl.layout import MODERATION_REMARKS
from sendkpi_xl.moderated import Remark
from sendkpi_xl.quarter import Board
from sendkpi_xl.sheetwriter import A3, Page
from sendkpi_xl.template import PROTECTION

TABLE = MODERATION_REMARKS
OPEN_KEYS = tuple(column.key for column in TABLE.columns if column.open)


def write_remarks(page: Page, help_line: str, board: Board) -> None:
    """Write a row for each live KPI with what the team wrote so far, then the rows that belong to none."""
    known = {each.kpi.id for each in board.now}
    remarks = board.moderation.remarks
    left_over = [_texts(remark) for remark in remarks if remark.kpi_id not in known]
    left_over += [each.texts for each in board.moderation.unfinished if each.sheet == TABLE.sheet]
    last = TABLE.heading_row + len(board.now) + len(left_over) - 1
    page.title(TABLE.sheet, (help_line,))
    page.table(TABLE, len(board.now) + len(left_over))
    for row, each in enumerate(board.now, start=TABLE.heading_row):
        _write_row(Line(page, TABLE, row), _known(each), _texts(board.moderation.remark(each.kpi.id)))
    for row, texts in enumerate(left_over, start=TABLE.heading_row + len(board.now)):
        _write_row(Line(page, TABLE, row), {"id": texts.get("id")}, texts)
    for column, declared in enumerate(TABLE.columns):
        if declared.help:
            options = {"validate": "any", "input_title": declared.heading, "input_message": declared.help}
            page.validate((TABLE.heading_row, column, last, column), options)
    rag = TABLE.index("rag")
    page.rag_colours((TABLE.heading_row, rag, last, rag))
    page.sheet.freeze_panes(TABLE.heading_row, TABLE.index("title") + 1)
    page.print_setup(TABLE, A3)
    page.sheet.protect("", PROTECTION)


def _write_row(line: Line, known: Mapping[str, object], texts: Mapping[str, str]) -> None:
    for column in TABLE.columns:
        if column.open:
            line.put(column.key, texts.get(column.key), "open")
        elif column.key == "rag":
            line.put(column.key, known.get(column.key), "rating")
        else:
            align = {"align": "center"} if column.key == "board_ref" else {}
            line.put(column.key, known.get(column.key), "locked", **align)


def _known(each: RatedReading) -> Mapping[str, object]:
    return {
        "id": each.kpi.id,
        "board_ref": board_ref(each.kpi.board_ref),
        "title": each.kpi.shown_title,
        "rag": agreed_letter(each),
        "comment": each.reading.comment,
    }


def _texts(remark: Remark) -> Mapping[str, str]:
    return {"id": remark.kpi_id, **{key: getattr(remark, key) for key in OPEN_KEYS}}
