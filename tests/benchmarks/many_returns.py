"""A round with as many returns as one likes, for the benchmark: each has eight KPIs, all of them filled in."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl

from sendkpi_xl.catalogue import save_catalogue
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.layout import RETURN
from sendkpi_xl.model import Catalogue, Goal, Kpi, Polarity, Profile, Settings, Unit, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.template import return_workbook

QUARTER = Period(2021, 1)
KPIS_EACH = 8
COUNCIL = Settings("Large Council", "Large Plan", "Large Board", "May 2021", "the team", 14)


def large_catalogue(workstreams: int) -> Catalogue:
    """A catalogue with this many workstreams."""
    made = tuple(Workstream(f"Workstream {number}", f"W{number:03d}") for number in range(workstreams))
    kpis = tuple(
        Kpi(
            id=f"K{number * KPIS_EACH + kpi:05d}",
            ref=str(number * KPIS_EACH + kpi),
            workstream=workstream.name,
            sub_area="Demand",
            title=f"Children with a plan, part {kpi} of {workstream.name.lower()}",
            unit=Unit.COUNT,
            decimals=0,
            polarity=Polarity.LOWER,
            profile=Profile.SNAPSHOT,
            board_title=f"Children with a plan, {kpi} of {number}",
            board_ref=str(number * KPIS_EACH + kpi + 1),
            section="Demand",
            goals=(Goal(QUARTER.year, baseline=50.0, target=45.0),),
        )
        for number, workstream in enumerate(made)
        for kpi in range(KPIS_EACH)
    )
    return Catalogue(COUNCIL, DEFAULT_POLICY, made, ("Demand",), kpis)


def make_round(root: Path, workstreams: int, returns: int) -> WorkingFolder:
    """A working folder in which this many of the workstreams have sent a filled return."""
    folder, catalogue = WorkingFolder(root), large_catalogue(workstreams)
    save_catalogue(catalogue, folder.catalogue)
    folder.returns(QUARTER).mkdir(parents=True, exist_ok=True)
    for workstream in catalogue.workstreams[:returns]:
        template = return_workbook(catalogue, QUARTER, (workstream,), {})
        path = folder.returns(QUARTER) / f"return-{QUARTER.code}-{workstream.code}.xlsx"
        path.write_bytes(_filled(template, workstream.code))
    return folder


def _filled(template: bytes, code: str) -> bytes:
    """The template with a value and a comment for each KPI."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book[code]
    value, comment = (RETURN.index(key) + 1 for key in ("value", "comment"))
    for row in range(RETURN.heading_row + 1, RETURN.heading_row + 1 + KPIS_EACH):
        sheet.cell(row, value).value = 40 + row
        sheet.cell(row, comment).value = f"Counted near the census in class {row}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
