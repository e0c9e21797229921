"""Moderating: the quarter's moderation workbook, written or brought up to date, keeping what people wrote in it."""

from __future__ import annotations

from msgspec.structs import replace

from sendkpi_xl.audit import hold_accessible
from sendkpi_xl.consolidate import holds, override_held
from sendkpi_xl.files import bytes_there, ready, write_whole
from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.moderated import Moderation
from sendkpi_xl.moderation import moderation_workbook
from sendkpi_xl.period import Period
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Place
from sendkpi_xl.round import Done, Tell, moderation_of, one_run, read_quarter, silent


def moderated(board: Board, moderation: Moderation) -> Board:
    """The board with another moderation of its quarter, and the ratings and remarks that come of it."""
    period = board.period
    rated = tuple(
        replace(
            each,
            override=override_held(moderation, each.kpi.id, period),
            remark=moderation.remark(each.kpi.id),
        )
        for each in board.now
    )
    return replace(board, moderation=moderation, quarters={**board.quarters, period: rated})


@one_run
def write_moderation(
    folder: WorkingFolder, period: Period, tell: Tell = silent, many: bool = False
) -> tuple[Done, Board]:
    """Write the quarter's moderation workbook, or bring it up to date, keeping what people wrote in it.

    A new one begins with the overrides of the quarter before that still hold.
    """
    path = folder.moderation(period)
    ready(path.parent)
    stood = bytes_there(path)
    board, findings = read_quarter(folder, period, tell, many)
    if stood is None:
        before = moderation_of(folder, period.previous)[0].overrides
        still_held = tuple(override for override in before if override.until and holds(override, period))
        board = moderated(board, replace(board.moderation, overrides=still_held))
    content = moderation_workbook(board)
    if bytes_there(path) != stood:
        why = "somebody saved it while it was brought up to date, and what they wrote would be lost"
        raise Refusal([finding("F03", Place(str(path)), why=why)])
    hold_accessible(content, path.name)
    write_whole(path, content)
    return Done((path,), tuple(each for each in findings if each.code != "M05")), board
