"""A quarter read, rated and moderated: all that the board's workbook and data are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from sendkpi_xl.consolidate import Quarters, RatedReading
from sendkpi_xl.edition import Edition
from sendkpi_xl.gathered import Gathered
from sendkpi_xl.headlines import not_returned
from sendkpi_xl.model import Catalogue
from sendkpi_xl.moderated import Moderation
from sendkpi_xl.period import Period


class Board(Struct, frozen=True):
    """All that the board workbook is made of; `quarters` holds the year's rated readings so far, by period.

    `last_year` holds those of the quarter before a first one, where there are any; `before` those of all quarters
    that are in neither and that an outlook is reckoned from: no sheet shows them, but what is withheld depends on them.
    That of the publish edition is made by `published_board`, and holds nothing that may not be published.
    """

    catalogue: Catalogue
    period: Period
    quarters: Mapping[Period, Sequence[RatedReading]]
    gathered: Gathered
    moderation: Moderation
    last_year: Quarters = {}
    edition: Edition = Edition.INTERNAL
    before: Quarters = {}

    @property
    def now(self) -> Sequence[RatedReading]:
        """This quarter's rated readings, in the board's order."""
        return self.quarters[self.period]

    @property
    def known(self) -> Quarters:
        """All rated readings by period, last year's among them."""
        return {**self.last_year, **self.quarters}

    @property
    def by_quarter(self) -> Mapping[Period, Mapping[str, RatedReading]]:
        """The year's rated readings so far, quarter by quarter, by KPI id."""
        return {period: {each.kpi.id: each for each in rated} for period, rated in sorted(self.quarters.items())}

    @property
    def rows(self) -> list[RatedReading]:
        """The readings on the dataset: a KPI stays on it once a quarter of the year has had it."""
        shown = {each.kpi.id for rated in self.quarters.values() for each in rated if each.on_dataset}
        return [each for each in self.now if each.kpi.id in shown]


def completeness(board: Board) -> str:
    """How complete the quarter is, in figures, and which workstreams it lacks."""
    live = len(board.now)
    reported = sum(each.reading.value is not None or each.reading.withheld for each in board.now)
    missing, expected = not_returned(board.now), len(board.catalogue.workstreams)
    names = f"; not returned: {', '.join(missing)}" if missing else ""
    return (
        f"{reported} of {live} live KPIs have a figure for {board.period.label}; {len(board.rows)} are on the dataset; "
        f"{expected - len(missing)} of {expected} workstreams returned{names}."
    )
