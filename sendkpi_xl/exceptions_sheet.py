"""The board workbook's sheet of exceptions: each red, each worse rating, each override, to be talked through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from sendkpi_xl.board_line import NONE, Line, agreed_letter, letter_of
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import board_ref
from sendkpi_xl.layout import EXCEPTIONS, NEW_REF
from sendkpi_xl.model import Rag
from sendkpi_xl.movement import Shift, shift
from sendkpi_xl.quarter import Board
from sendkpi_xl.sheetwriter import A3, Page

TITLE = "Exceptions: what to talk through"
HELP = "Each KPI that is red, each rating that is worse than last quarter, and each that people agreed otherwise."
KEY = f"“{NONE}”: no explanation, action, owner or date was given. Empty cells: none."
NOTHING = "No exceptions this quarter."


class KpiException(Struct, frozen=True):
    """A KPI that the board talks through: its reading, last quarter's rating, and why it is here, in words."""

    rated: RatedReading
    before: Rag | None
    why_here: tuple[str, ...]


def exceptions(board: Board) -> tuple[KpiException, ...]:
    """The dataset's reds first, then the ratings that worsened, then those that people agreed otherwise."""
    earlier = {each.kpi.id: each.agreed for each in board.known.get(board.period.previous, ())}
    found = [
        KpiException(each, earlier.get(each.kpi.id), why)
        for each in board.rows
        if (why := tuple(_why_here(each, earlier)))
    ]
    return tuple(sorted(found, key=_weight))


def _why_here(each: RatedReading, earlier: Mapping[str, Rag | None]) -> Iterator[str]:
    before = earlier.get(each.kpi.id)
    if each.agreed is Rag.RED:
        yield "Red."
    if before is not None and shift(each.agreed, before) is Shift.WORSE:
        yield f"Worse than last quarter: it was {before.word}."
    if each.override is not None and each.override.rag is not each.computed.rag:
        computed = each.computed.rag.word if each.computed.rag else "not rated"
        yield f"Agreed otherwise: computed {computed}."


def _weight(exception: KpiException) -> int:
    if exception.rated.agreed is Rag.RED:
        return 0
    return 1 if shift(exception.rated.agreed, exception.before) is Shift.WORSE else 2


def write_exceptions(page: Page, board: Board) -> None:
    """Write the sheet: a row for each exception, or one that says that there is none."""
    found = exceptions(board)
    page.title(TITLE, (HELP, KEY))
    page.table(EXCEPTIONS, len(found))
    for row, exception in enumerate(found, start=EXCEPTIONS.heading_row):
        _write_row(Line(page, EXCEPTIONS, row), exception)
    if not found:
        Line(page, EXCEPTIONS, EXCEPTIONS.heading_row).put("title", NOTHING)
    last = EXCEPTIONS.heading_row + max(len(found), 1) - 1
    for column in (EXCEPTIONS.index("rag"), EXCEPTIONS.index("before")):
        page.rag_colours((EXCEPTIONS.heading_row, column, last, column))
    page.sheet.freeze_panes(EXCEPTIONS.heading_row, EXCEPTIONS.index("title") + 1)
    page.print_setup(EXCEPTIONS, A3)


def _write_row(line: Line, exception: KpiException) -> None:
    each, remark = exception.rated, exception.rated.remark
    line.put("board_ref", board_ref(each.kpi.board_ref) or NEW_REF, align="center")
    line.put("title", each.kpi.shown_title)
    line.put("rag", agreed_letter(each), "rating")
    line.put("before", letter_of(exception.before), "rating")
    line.put("why_here", "\n".join(exception.why_here))
    line.put("what", each.computed.sentence)
    line.put("why", "\n".join(_reasons(each)) or NONE)
    for key in ("action", "owner", "by_when"):
        line.put(key, getattr(remark, key) or NONE)


def _reasons(each: RatedReading) -> Iterator[str]:
    """What the lead or the team says about it, and why people agreed another rating, with who did."""
    if each.comment:
        yield each.comment
    if each.override is not None:
        yield f"{each.override.reason} ({each.override.who})"
