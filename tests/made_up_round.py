"""A made-up council's KPIs, one or two of each kind, and how the tests of the templates look into a sheet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
from msgspec.structs import replace
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.catalogue import load_catalogue
from sendkpi_xl.layout import Table
from sendkpi_xl.model import Catalogue, Goal, Kpi, Life, Polarity, Profile, Settings, Sign, Unit, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.reading import Reading
from sendkpi_xl.template import return_workbook

Q1, Q3 = Period(2023, 1), Period(2023, 3)
HOME, AWAY = Workstream("Home and school", "HOME"), Workstream("Away from home", "AWAY")
SETTINGS = Settings(
    council="Middlemarch Borough Council",
    plan="Middlemarch Plan",
    board="Middlemarch Board",
    list_version="May 2023",
    return_to="Dorothea Brooke",
    return_days=10,
)


def made_up(
    kpi_id: str,
    title: str,
    unit: Unit,
    polarity: Polarity,
    goal: Goal | None = None,
    *,
    decimals: int = 0,
    profile: Profile = Profile.SNAPSHOT,
    share: bool = False,
    survey: bool = False,
    life: Life = Life.LIVE,
    workstream: Workstream = HOME,
) -> Kpi:
    """A made-up KPI; its list ref is the number in its id."""
    return Kpi(
        id=kpi_id,
        ref=str(int(kpi_id[1:])),
        workstream=workstream.name,
        sub_area="Plans" if share else "Demand",
        title=title,
        unit=unit,
        decimals=decimals,
        polarity=polarity,
        profile=profile,
        share=share,
        survey=survey,
        life=life,
        goals=() if goal is None else (goal,),
    )


def goal(target: float | None, baseline: float | None = None, words: str = "", sign: Sign = Sign.AT) -> Goal:
    """The goal of 2023/24."""
    return Goal(Q1.year, baseline=baseline, baseline_words=words, target=target, target_sign=sign)


COUNT = made_up("M01", "Children waiting", Unit.COUNT, Polarity.LOWER, goal(40, 50))
CHANGE = made_up("M02", "Change in plans", Unit.PERCENT, Polarity.NEAR, goal(-0.2276, -0.3009), decimals=2)
MONEY = made_up("M03", "Spend on placements", Unit.MONEY, Polarity.LOWER, goal(31_791_000, 30_270_400))
AVERAGE = made_up("M04", "Average cost of a place", Unit.AVERAGE, Polarity.LOWER, goal(16_483, 18_778))
WEEKS = made_up("M05", "Wait for a plan", Unit.WEEKS, Polarity.LOWER, goal(18))
SURVEY = made_up(
    "M06",
    "% of parents who feel heard",
    Unit.PERCENT,
    Polarity.HIGHER,
    goal(0.8, words="Early years: 58%, school: 67%"),
    share=True,
    survey=True,
)
UNDER = made_up(
    "M07",
    "% of children missing school",
    Unit.PERCENT,
    Polarity.LOWER,
    goal(0.05, 0.062, sign=Sign.UNDER),
    decimals=1,
    profile=Profile.ANNUAL,
    share=True,
)
SCORE = made_up("M08", "Progress score", Unit.COUNT, Polarity.HIGHER, goal(None, 4.25), decimals=1)
YEAR_TO_DATE = made_up("M09", "Staff trained", Unit.COUNT, Polarity.HIGHER, goal(105, 98), profile=Profile.YEAR_TO_DATE)
CONTEXT = made_up("M10", "% of appeals", Unit.PERCENT, Polarity.CONTEXT, share=True)
UNKNOWN = made_up("M11", "Reviews held", Unit.COUNT, Polarity.HIGHER, Goal(Q1.year, target_words="to be agreed in May"))
PROPOSED = made_up("M12", "KPIs to be confirmed", Unit.COUNT, Polarity.HIGHER, life=Life.PROPOSED)
PAUSED = made_up("M13", "Visits made", Unit.COUNT, Polarity.HIGHER, life=Life.PAUSED)
RETIRED = made_up("M14", "Statements kept", Unit.COUNT, Polarity.LOWER, life=Life.RETIRED)
ELSEWHERE = made_up("M15", "Nights away", Unit.COUNT, Polarity.LOWER, goal(12, 14), workstream=AWAY)
KPIS = (
    COUNT,
    CHANGE,
    MONEY,
    AVERAGE,
    WEEKS,
    SURVEY,
    UNDER,
    SCORE,
    YEAR_TO_DATE,
    CONTEXT,
    UNKNOWN,
    PROPOSED,
    PAUSED,
    RETIRED,
    ELSEWHERE,
)
MADE_UP = Catalogue(SETTINGS, DEFAULT_POLICY, (HOME, AWAY), ("Plans",), KPIS)

KINGSTON = load_catalogue(Path(__file__).resolve().parent.parent / "inputs" / "kpi-catalogue.toml")
KINGSTON_Q1 = Period(2021, 1)


def with_kpis(kpis: Iterable[Kpi]) -> Catalogue:
    """The made-up catalogue with these KPIs instead of its own."""
    return replace(MADE_UP, kpis=tuple(kpis))


def template(
    catalogue: Catalogue = MADE_UP,
    period: Period = Q1,
    workstreams: Sequence[Workstream] | None = None,
    earlier: Iterable[Reading] = (),
) -> bytes:
    """The template of these workstreams (of all, when none are named)."""
    readings = {(reading.kpi_id, reading.period): reading for reading in earlier}
    return return_workbook(catalogue, period, workstreams or catalogue.workstreams, readings)


def opened(data: bytes, *, results: bool = False) -> Workbook:
    """The workbook in these bytes, with its formulas or with their `results`."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=results)


def sheet_of(book: Workbook, name: str) -> Worksheet:
    """One sheet of a workbook."""
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def cell_of(sheet: Worksheet, row: int, column: int) -> Cell:
    """One cell, both numbers counted from 1."""
    found = sheet.cell(row, column)
    assert isinstance(found, Cell)
    return found


def all_cells(sheet: Worksheet, first: int = 1) -> list[Cell]:
    """Every cell from row `first` on, in order; none of them may be merged into another."""
    cells = []
    for row in sheet.iter_rows(min_row=first):
        for each in row:
            assert isinstance(each, Cell), f"{each.coordinate} is part of a merged cell"
            cells.append(each)
    return cells


def shown(value: object) -> str:
    """A cell's value as the tables in the tests print it: nothing for an empty cell, `40` for 40.0."""
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def grid(sheet: Worksheet, first: int, last: int, columns: Sequence[int] | None = None) -> list[str]:
    """Rows `first` to `last` of a sheet (those columns alone), a line each with `|` between the cells."""
    numbers = columns or range(1, sheet.max_column + 1)
    return ["|".join(shown(sheet.cell(row, column).value) for column in numbers) for row in range(first, last + 1)]


def table(text: str) -> list[str]:
    """The lines of a table that is written in a test, without the padding beside its `|`."""
    return ["|".join(part.strip() for part in line.split("|")) for line in text.strip().splitlines()]


def columns_of(layout: Table, *keys: str) -> list[int]:
    """The numbers, from 1, of these columns."""
    return [layout.index(key) + 1 for key in keys]
