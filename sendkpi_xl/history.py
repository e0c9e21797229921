"""A quarter's returns with the quarters before them: gathered together, and held against one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.checks import QUARTERS_CHECKS, SERIES_CHECKS
from sendkpi_xl.checks.check import checked
from sendkpi_xl.checks.series import SeenQuarters, SeenSeries
from sendkpi_xl.findings import Refusal
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.gather import Tell, gather, silent
from sendkpi_xl.gathered import Gathered
from sendkpi_xl.known_cells import Earlier
from sendkpi_xl.model import Catalogue
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Finding, Reading, Status
from sendkpi_xl.receipt import receipt
from sendkpi_xl.return_row import Round

QUARTERS_BACK = 4
"""How far back a figure is asked about: a year."""


class History(Struct, frozen=True):
    """A quarter, and the quarters before it that have returns, the latest first."""

    now: Gathered
    before: tuple[Gathered, ...]

    @property
    def this_year(self) -> tuple[Gathered, ...]:
        """The year's earlier quarters, in their order."""
        return tuple(each for each in reversed(self.before) if each.period.year == self.now.period.year)


def gather_history(
    folder: WorkingFolder,
    catalogue: Catalogue,
    period: Period,
    tell: Tell = silent,
    many: bool = False,
    *,
    whole: bool = False,
) -> History:
    """Read a quarter's returns, and those of the year before it; what does not fit together is among the findings.

    With `whole` all quarters before it are read, for the signals of a long series.

    Raises Refusal as `gather` does, for this quarter and the year's earlier ones, and when the receipt does not add
    up. What cannot be read of the year before is left out: it may have been another list.
    """
    quarters = tuple(each for each in folder.quarters() if each < period) if whole else year_before(period)
    before = gather_before(folder, catalogue, period, quarters, tell)
    now = gather(folder, Round(catalogue, period, earlier_readings(before, period)), tell, many)
    receipt(catalogue, now)
    recent = [each for each in before if each.period in year_before(period)]
    return History(replace(now, findings=(*now.findings, *across_quarters(catalogue, now, recent))), before)


def gather_before(
    folder: WorkingFolder, catalogue: Catalogue, period: Period, quarters: Sequence[Period], tell: Tell = silent
) -> tuple[Gathered, ...]:
    """Those of `quarters`, which are before `period` and in order, that have a folder of returns; the latest first."""
    gathered: list[Gathered] = []
    for earlier in quarters:
        if not folder.returns(earlier).is_dir():
            continue
        try:
            this = Round(catalogue, earlier, earlier_readings(gathered, earlier))
            gathered.insert(0, gather(folder, this, tell, many=True))
        except Refusal:
            if earlier.year == period.year:
                raise
    return tuple(gathered)


def year_before(period: Period) -> tuple[Period, ...]:
    """The four quarters before this one, in order."""
    quarters = [period.previous]
    while len(quarters) < QUARTERS_BACK:
        quarters.append(quarters[-1].previous)
    return tuple(reversed(quarters))


def earlier_readings(before: Sequence[Gathered], period: Period) -> Earlier:
    """The readings of the year's earlier quarters by KPI id and period."""
    this_year = (each for each in before if each.period.year == period.year)
    return {(reading.kpi_id, each.period): reading for each in this_year for reading in each.readings}


def across_quarters(catalogue: Catalogue, now: Gathered, before: Sequence[Gathered]) -> Iterator[Finding]:
    """What a quarter's readings do not have in common with what came before."""
    known = [{reading.kpi_id: reading for reading in each.readings} for each in before]
    kpis = {kpi.id: kpi for kpi in catalogue.live()}
    for reading in now.readings:
        kpi = kpis[reading.kpi_id]
        earlier = tuple(each[kpi.id] for each in known if kpi.id in each)
        yield from checked(SERIES_CHECKS, SeenSeries(kpi, kpi.goal(now.period.year), reading, earlier))
    if before and before[0].period == now.period.previous:
        yield from _return_by_return(catalogue, now, before[0].period, known[0])


def _return_by_return(
    catalogue: Catalogue, now: Gathered, before: Period, known: Mapping[str, Reading]
) -> Iterator[Finding]:
    readings = {each.kpi_id: each for each in now.readings}
    for workstream in catalogue.workstreams:
        ids = [kpi.id for kpi in catalogue.live(workstream.name) if kpi.id in known]
        returned = [readings[kpi_id] for kpi_id in ids if readings[kpi_id].status is not Status.NOT_RETURNED]
        if returned:
            pairs = tuple((readings[kpi_id], known[kpi_id]) for kpi_id in ids)
            place = replace(returned[0].place, cell="")
            yield from checked(QUARTERS_CHECKS, SeenQuarters(workstream, place, before, pairs))
