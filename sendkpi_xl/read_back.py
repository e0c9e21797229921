"""The board workbook read again by our own reader, before it gets its name: its dataset is the one in memory."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from sendkpi_xl.board_comment import row_comment
from sendkpi_xl.board_line import agreed_letter
from sendkpi_xl.cells import read_book
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import board_ref
from sendkpi_xl.gate import Stray
from sendkpi_xl.layout import NEW_REF, dataset_table
from sendkpi_xl.quarter import Board
from sendkpi_xl.sheetwriter import clean_text
from sendkpi_xl.tables import Row, find_table

NOISE = 1e-15
"""Sixteen digits of a number are written."""


def read_back(data: bytes, board: Board, name: str) -> None:
    """Read a finished board workbook, and raise Stray when its dataset is not the board's, row by row."""
    table = dataset_table(board.period)
    sheet = read_book(data, name).sheet(table.sheet)
    found = None if sheet is None else find_table(sheet, table, name)[0]
    rows = () if found is None else found.rows
    if len(rows) != len(board.rows):
        raise Stray(f"The dataset has {len(rows)} rows, and {len(board.rows)} were written.")
    by_quarter, differences = board.by_quarter.values(), list[str]()
    for row, each in zip(rows, board.rows, strict=True):
        own = [rated[each.kpi.id] for rated in by_quarter if each.kpi.id in rated]
        differences += _differences(row, each, own)
    if differences:
        raise Stray(" ".join(differences))


def _differences(row: Row, each: RatedReading, own: Sequence[RatedReading]) -> Iterator[str]:
    for key, text in _texts(each, own).items():
        if row.text(key).split() != text.split():  # at the ends of a cell, reading takes spaces off
            yield f"{row.place(key)} holds “{row.text(key)}”, and “{text}” was written."
    for key, number in _numbers(each, own).items():
        cell = row.cells.get(key)
        value = None if cell is None else cell.value
        if number is None:
            if isinstance(value, float):
                yield f"{row.place(key)} holds {value}, and no number was written."
        elif not isinstance(value, float) or not math.isclose(value, number, rel_tol=NOISE, abs_tol=NOISE):
            yield f"{row.place(key)} holds {value}, and {number} was written."


def _texts(each: RatedReading, own: Sequence[RatedReading]) -> Mapping[str, str]:
    texts = {
        "section": each.kpi.section,
        "board_ref": str(board_ref(each.kpi.board_ref) or NEW_REF),
        "title": each.kpi.shown_title,
        "rag": agreed_letter(each),
        "comment": row_comment(each, own),
    }
    return {key: clean_text(text) for key, text in texts.items()}


def _numbers(each: RatedReading, own: Sequence[RatedReading]) -> Mapping[str, float | None]:
    """The numbers of the row: baseline, target and the values of the quarters; None where there is none to be seen."""
    values = {f"q{quarter.reading.period.quarter}": quarter.reading.value for quarter in own}
    return {"baseline": each.goal.baseline, "target": each.goal.target, **values}
