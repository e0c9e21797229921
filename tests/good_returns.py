"""The returns of a small council in which nothing is wrong, in two quarters, and how a case changes them."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Mapping

import openpyxl
from msgspec.structs import replace
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.model import Goal, Kpi, Profile
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Reading
from sendkpi_xl.template import return_workbook
from tests.workbooks import PERIOD, SMALL, Edit, drawn, fill_sheet, read, saved

FILE, GOOD_FILE = "return.xlsx", "buses.xlsx"
"""The return of workstream EH, in which something may be wrong, and the one of SB that lies beside it."""

NEXT_PERIOD = Period(2021, 2)
GOOD = {
    PERIOD: {
        "EH": """
            K01 | 42
            K02 | 85% | 17 | 20
            K03 | 2.3%
            K04 | 31679272
            K05 | 16880
            K06 | 18 | | | | Two children waited for a school abroad
            K07 | 4.5
        """,
        "SB": """
            K20 | 7
            K21 | 90% | 9 | 10
        """,
    },
    NEXT_PERIOD: {
        "EH": """
            K01 | 85
            K02 | 80% | 16 | 20
            K03 | 2.4%
            K04 | 31700000
            K05 | 17000
            K06 | 19
            K07 | 4.4
        """,
        "SB": """
            K20 | 8
            K21 | 80% | 8 | 10
        """,
    },
}
"""What the good returns hold, by quarter and workstream: value, numerator, denominator, reason, comment."""

LAST_YEAR = {
    **{"K01": 160, "K02": 0.8, "K03": 0.02, "K04": 31_000_000, "K05": 17_000, "K06": 20, "K07": 4},
    **{"K20": 8, "K21": 0.9},
}
ADDS_UP = "K01"


def _likely(kpi: Kpi) -> Kpi:
    if kpi.id not in LAST_YEAR:
        return kpi
    goal = Goal(PERIOD.year, LAST_YEAR[kpi.id], target=LAST_YEAR[kpi.id])
    return replace(kpi, goals=(goal,), profile=Profile.YEAR_TO_DATE if kpi.id == ADDS_UP else kpi.profile)


COUNCIL = replace(SMALL, kpis=tuple(map(_likely, SMALL.kpis)))
"""The small council with baselines and targets near what the good returns report; K01 adds up over the year."""

Made = Callable[[], bytes]
"""Nothing is made before it is asked for, so that a table of cases can be read without making all of its files."""


def table(rows: str = "", period: Period = PERIOD, code: str = "EH") -> str:
    """The drawn table of a good return with these rows in place of its own."""
    lines = {line[0]: " | ".join(line) for part in (GOOD[period][code], rows) if part for line in drawn(part)}
    return "\n".join(lines.values())


def filled(tables: Mapping[str, str], edit: Edit | None = None, period: Period = PERIOD) -> bytes:
    """A template filled in: the drawn tables by the workstream's code."""
    opened = openpyxl.load_workbook(io.BytesIO(template(tuple(tables), period)))
    for code, lines in tables.items():
        fill_sheet(opened[code], lines)
        if edit is not None:
            edit(opened[code])
    return saved(opened)


@functools.cache
def template(codes: tuple[str, ...] = ("EH",), period: Period = PERIOD) -> bytes:
    """The template of these workstreams as it was sent out; the second quarter's shows what the first came to."""
    workstreams = tuple(each for each in COUNCIL.workstreams if each.code in codes)
    before = {} if period == PERIOD else {(each.kpi_id, PERIOD): each for each in good_readings(PERIOD)}
    return return_workbook(COUNCIL, period, workstreams, before)


@functools.cache
def good_readings(period: Period) -> tuple[Reading, ...]:
    """What the good returns of a quarter say."""
    data = filled({code: table(period=period, code=code) for code in GOOD[period]}, period=period)
    returned = read(data, catalogue=COUNCIL, period=period)
    return tuple(reading for sheet in returned.sheets for reading in sheet.readings)


def sent(rows: str = "", *edits: Edit, period: Period = PERIOD, code: str = "EH") -> Made:
    """A good return with other rows, its sheet then edited."""

    def edit(sheet: Worksheet) -> None:
        for each in edits:
            each(sheet)

    return lambda: filled({code: table(rows, period, code)}, edit, period)
