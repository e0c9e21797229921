"""The board workbook's sheet of exceptions: each red, each worse rating, each override, to be talked through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from sendkpi_xl.board_line import NONE, WITHHELD, Line, agreed_letter, letter_of
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.edition import Edition
from sendkpi_xl.figures import board_ref
from sendkpi_xl.layout import EXCEPTIONS, NEW_REF
from sendkpi_xl.movement import Shift, shift
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Rag
from sendkpi_xl.sheetwriter import A3, Page

TITLE = "Exceptions: what to talk through"
HELP = "Each KPI that is red, each rating that is worse than last quarter, and each that people agreed otherwise."
KEYS = {
    Edition.INTERNAL: f"“{NONE}”: no explanation, action, owner or date was given. Empty cells: none.",
    Edition.PUBLISH: f"“{NONE}”: no explanation, action or date was given. {WITHHELD}: withheld. Empty cells: none.",
}
NOTHING = "No exceptions this quarter."


class KpiException(Struct, frozen=True):
    """A KPI that the board talks through: its reading, last quarter's, and why it is here, in words."""

    rated: RatedReading
    earlier: RatedReading | None
    why_here: tuple[str, ...]

    @property
    def before(self) -> Rag | None:
        """Last quarter's agreed rating."""
        return self.earlier.agreed if self.earlier else None


def exceptions(board: Board) -> tuple[KpiException, ...]:
    """The dataset's reds first, then the ratings that worsened, then those that people agreed otherwise."""
    earlier = {each.kpi.id: each for each in board.known.get(board.period.previous, ())}
    found = [
        KpiException(each, earlier.get(each.kpi.id), why)
        for each in board.rows
        if (why := tuple(_why_here(each, earlier)))
    ]
    return tuple(sorted(found, key=_weight))


def _why_here(each: RatedReading, earlier: Mapping[str, RatedReading]) -> Iterator[str]:
    before = earlier[each.kpi.id].agreed if each.kpi.id in earlier else None
    if each.agreed is Rag.RED:
        yield "Red."
    if before is not None and shift(each.agreed, before) is Shift.WORSE:
        yield f"Worse than last quarter: it was {before.word}."
    if each.override is not None and each.override.rag is not each.computed.rag:
        unrated = WITHHELD if each.computed.withheld else "not rated"
        computed = each.computed.rag.word if each.computed.rag else unrated
        yield f"Agreed otherwise: computed {computed}."


def _weight(exception: KpiException) -> int:
    if exception.rated.agreed is Rag.RED:
        return 0
    return 1 if shift(exception.rated.agreed, exception.before) is Shift.WORSE else 2


def write_exceptions(page: Page, board: Board) -> None:
    """Write the sheet: a row for each exception, or one that says that there is none."""
    found, table = exceptions(board), EXCEPTIONS.of(board.edition)
    page.title(TITLE, (HELP, KEYS[board.edition]))
    page.table(table, len(found))
    for row, exception in enumerate(found, start=table.heading_row):
        _write_row(Line(page, table, row), exception)
    if not found:
        Line(page, table, table.heading_row).put("title", NOTHING)
    last = table.heading_row + max(len(found), 1) - 1
    for column in (table.index("rag"), table.index("before")):
        page.rag_colours((table.heading_row, column, last, column))
    page.sheet.freeze_panes(table.heading_row, table.index("title") + 1)
    page.print_setup(table, A3)


def _write_row(line: Line, exception: KpiException) -> None:
    each, remark = exception.rated, exception.rated.remark
    line.put("board_ref", board_ref(each.kpi.board_ref) or NEW_REF, align="center")
    line.put("title", each.kpi.shown_title)
    line.put("rag", agreed_letter(each), "rating")
    line.put("before", agreed_letter(exception.earlier) if exception.earlier else letter_of(None), "rating")
    line.put("why_here", "\n".join(exception.why_here))
    line.put("what", each.computed.sentence)
    line.put("why", "\n".join(_reasons(each)) or NONE)
    for key in ("action", "owner", "by_when"):
        if line.table.has(key):
            line.put(key, getattr(remark, key) or NONE)


def _reasons(each: RatedReading) -> Iterator[str]:
    """What the lead or the team says about it, and why people agreed another rating, with who did if known."""
    if each.comment:
        yield each.comment
    if each.override is not None:
        yield f"{each.override.reason} ({each.override.who})" if each.override.who else each.override.reason
