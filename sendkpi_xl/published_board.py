"""The board of the publish edition: made of what may be published alone, so that no sheet can show anything else."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.edition import Edition
from sendkpi_xl.gathered import Gathered
from sendkpi_xl.model import Catalogue, Kpi
from sendkpi_xl.publication import published
from sendkpi_xl.quarter import Board
from sendkpi_xl.suppression import Suppressed
from sendkpi_xl.withheld import Withheld


class ForPublication(Struct, frozen=True):
    """The board as it may be published, and what stays with the team: the log, and what can be worked out all the same.

    Where `open` names something, the board must not be published.
    """

    board: Board
    log: tuple[Withheld, ...]
    open: tuple[str, ...]


def for_publication(board: Board, suppressed: Suppressed | None = None) -> ForPublication:
    """The publish edition of a board: of its files, findings, notes on KPIs and the moderation nothing is left.

    `board.before` must hold all that its outlook is reckoned from. What is withheld of that alone is not in the log:
    that quarter's own log has it. `suppressed` is as for `published`.
    """
    result = published(board.catalogue, {**board.before, **board.known}, board.moderation, suppressed)
    this_year = {period: rated for period, rated in result.quarters.items() if period.year == board.period.year}
    shown = [each.kpi for each in this_year[board.period]]
    made = Board(
        _bare(board.catalogue, shown),
        board.period,
        this_year,
        Gathered(board.period, (), (), (), 0),
        result.moderation,
        {period: rated for period, rated in result.quarters.items() if period in board.last_year},
        Edition.PUBLISH,
    )
    return ForPublication(made, tuple(each for each in result.log if each.period in board.known), result.open)


def _bare(catalogue: Catalogue, shown: Sequence[Kpi]) -> Catalogue:
    """The catalogue with these KPIs as they are shown, and of all others no baseline, target or note."""
    by_id = {kpi.id: kpi for kpi in shown}
    kpis = tuple(by_id.get(kpi.id) or replace(kpi, goals=(), note="", review="") for kpi in catalogue.kpis)
    return replace(catalogue, settings=replace(catalogue.settings, return_to=""), kpis=kpis, _by_id={}, _live={})
