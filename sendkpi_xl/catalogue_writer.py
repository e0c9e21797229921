"""The catalogue as the workbook that the performance team edits, with a drop-down for every closed choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec.structs import asdict

from sendkpi_xl.figures import number_format
from sendkpi_xl.layout import (
    CATALOGUE_GOALS,
    CATALOGUE_IDENTITY,
    CATALOGUE_KPIS,
    CATALOGUE_SECTIONS,
    CATALOGUE_SETTINGS,
    CATALOGUE_SHARES,
    CATALOGUE_TABLES,
    CATALOGUE_TIES,
    CATALOGUE_TOLERANCES,
    CATALOGUE_WORKSTREAMS,
    SETTING_NAMES,
    START_SHEET,
    Column,
    Table,
    YesNo,
)
from sendkpi_xl.lists_sheet import write_lists
from sendkpi_xl.model import Catalogue, Goal, Kpi
from sendkpi_xl.rating import target_decimals
from sendkpi_xl.sheetwriter import A3, Page, WorkbookWriter, cell

MADE = datetime(2021, 6, 1)
"""A fixed date: the same catalogue gives the same bytes."""

SPARE_ROWS = 200
"""Drop-downs reach this far below the last row, for KPIs that are added."""

NAMED_ELSEWHERE: Mapping[str, Table] = {"workstream": CATALOGUE_WORKSTREAMS, "section": CATALOGUE_SECTIONS}
"""Columns whose choices are the rows of another sheet."""

TABLE_HELP: Mapping[str, str] = {
    CATALOGUE_KPIS.sheet: "One row for each KPI. New KPI: add a row with the next id. Retired KPI: change its life, "
    "never delete the row.",
    CATALOGUE_GOALS.sheet: "One row for each KPI and financial year. Leave a target empty where none is set: the KPI "
    "is then shown without a rating.",
    CATALOGUE_WORKSTREAMS.sheet: "The code names the workstream's sheet and its template's file.",
    CATALOGUE_SECTIONS.sheet: "The sections of the board's dataset, from top to bottom.",
    CATALOGUE_TOLERANCES.sheet: "How far on the wrong side of its target a value may be. Points are percentage "
    "points; otherwise a share of the target. A move between quarters of at most “No change within” is no change.",
    CATALOGUE_SHARES.sheet: "The share of the year's target that is expected by the end of each quarter, and the last "
    "quarter in which a value may still be the baseline because no new figure is due yet: until then it is no red.",
    CATALOGUE_TIES.sheet: "Sums that tie KPIs together: they are checked in every quarter, in the baselines and in the "
    "targets. K001.baseline is a KPI's baseline.",
    CATALOGUE_SETTINGS.sheet: "What the workbooks say, and the numbers that hold for the whole round.",
}


EMPTY_CELLS = "Empty cells: nothing is set, so that what is usual holds."


def catalogue_workbook(catalogue: Catalogue) -> bytes:
    """The catalogue as an .xlsx; `read_catalogue_workbook` reads the same catalogue back from it."""
    writer = WorkbookWriter(f"{catalogue.settings.plan}: KPI catalogue", catalogue.settings.list_version, MADE)
    start = writer.page(START_SHEET)
    pages = {table.sheet: writer.page(table.sheet) for table in CATALOGUE_TABLES}
    sources = write_lists(writer, CATALOGUE_TABLES)
    _write_start(start, catalogue)
    for table, rows in _rows(catalogue):
        _write_table(pages[table.sheet], table, rows, sources)
    _write_goal_titles(pages[CATALOGUE_GOALS.sheet], catalogue)
    _show_goal_figures(pages[CATALOGUE_GOALS.sheet], catalogue)
    _show_tolerances(pages[CATALOGUE_TOLERANCES.sheet], catalogue)
    _name_choices(pages[CATALOGUE_KPIS.sheet], catalogue)
    return writer.close()


def _rows(catalogue: Catalogue) -> tuple[tuple[Table, list[dict[str, object]]], ...]:
    policy, settings = catalogue.policy, catalogue.settings
    values = {name: getattr(settings, name, policy.smallest_sample) for name in SETTING_NAMES}
    return (
        (CATALOGUE_KPIS, [_kpi_row(kpi) for kpi in catalogue.kpis]),
        (CATALOGUE_GOALS, [_goal_row(kpi, goal) for kpi in catalogue.kpis for goal in kpi.goals]),
        (CATALOGUE_WORKSTREAMS, [{"name": each.name, "code": each.code} for each in catalogue.workstreams]),
        (CATALOGUE_SECTIONS, [{"name": name} for name in catalogue.sections]),
        (
            CATALOGUE_TOLERANCES,
            [{"unit": unit.value, **asdict(each)} for unit, each in policy.tolerances.items()],
        ),
        (
            CATALOGUE_SHARES,
            [
                {
                    "profile": profile.value,
                    **{f"q{quarter}": share for quarter, share in enumerate(shares, 1)},
                    "unmoved_until": policy.unmoved_until.get(profile),
                }
                for profile, shares in policy.shares.items()
            ],
        ),
        (CATALOGUE_TIES, [asdict(tie) for tie in catalogue.ties]),
        (CATALOGUE_SETTINGS, [{"setting": SETTING_NAMES[name], "value": values[name]} for name in SETTING_NAMES]),
    )


def _kpi_row(kpi: Kpi) -> dict[str, object]:
    row = {column.key: getattr(kpi, column.key) for column in CATALOGUE_KPIS.columns}
    for key in ("share", "survey"):
        row[key] = YesNo.YES if row[key] else YesNo.NO
    return row


def _goal_row(kpi: Kpi, goal: Goal) -> dict[str, object]:
    keys = [column.key for column in CATALOGUE_GOALS.columns if column.key not in ("kpi_id", "title")]
    return {"kpi_id": kpi.id, **{key: getattr(goal, key) for key in keys}}


def _write_table(
    page: Page, table: Table, rows: Sequence[Mapping[str, object]], sources: Mapping[type[StrEnum], str]
) -> None:
    page.title(table.sheet, (TABLE_HELP[table.sheet], EMPTY_CELLS))
    page.table(table, len(rows))
    for row, values in enumerate(rows, start=table.heading_row):
        for column, declared in enumerate(table.columns):
            value = values.get(declared.key)
            page.put(row, column, value.value if isinstance(value, StrEnum) else value)
    last = table.heading_row + len(rows) + SPARE_ROWS
    for column, declared in enumerate(table.columns):
        area = (table.heading_row, column, last, column)
        if declared.choices is not None:
            page.choices(area, sources[declared.choices], declared.heading[:32], _help(declared))
        elif declared.help and declared.key not in NAMED_ELSEWHERE:
            page.validate(area, {"validate": "any", "input_title": declared.heading, "input_message": declared.help})
    page.sheet.freeze_panes(table.heading_row, min(1, len(table.columns) - 1))
    page.print_setup(table, A3)


def _help(column: Column) -> str:
    return column.help or "Choose from the list."


def _name_choices(page: Page, catalogue: Catalogue) -> None:
    """Workstreams and sections are chosen from their own sheets, so that adding one there is enough."""
    last = CATALOGUE_KPIS.heading_row + len(catalogue.kpis) + SPARE_ROWS
    for key, table in NAMED_ELSEWHERE.items():
        column = CATALOGUE_KPIS.index(key)
        source = f"={table.sheet}!$A${table.heading_row + 1}:$A${table.heading_row + SPARE_ROWS}"
        help_text = f"A name from the sheet {table.sheet}."
        page.choices((CATALOGUE_KPIS.heading_row, column, last, column), source, table.sheet, help_text)


def _write_goal_titles(page: Page, catalogue: Catalogue) -> None:
    """Beside each id its title, looked up, so that nobody edits a target on the wrong row."""
    last = CATALOGUE_KPIS.heading_row + len(catalogue.kpis) + SPARE_ROWS
    ids = f"{CATALOGUE_KPIS.sheet}!$A${CATALOGUE_KPIS.heading_row + 1}:$A${last}"
    title_column = cell(0, CATALOGUE_KPIS.index("title"), fixed_column=True).rstrip("1")
    titles = f"{CATALOGUE_KPIS.sheet}!{title_column}${CATALOGUE_KPIS.heading_row + 1}:{title_column}${last}"
    owners = [kpi for kpi in catalogue.kpis for _ in kpi.goals]
    for row, kpi in enumerate(owners, start=CATALOGUE_GOALS.heading_row):
        formula = f'=IFERROR(INDEX({titles},MATCH({cell(row, 0)},{ids},0)),"")'
        page.formula(row, CATALOGUE_GOALS.index("title"), formula, kpi.title, "locked")


def _show_goal_figures(page: Page, catalogue: Catalogue) -> None:
    """Baselines and targets in their KPI's unit, with all the decimals that they have."""
    goals = [(kpi, goal) for kpi in catalogue.kpis for goal in kpi.goals]
    for row, (kpi, goal) in enumerate(goals, start=CATALOGUE_GOALS.heading_row):
        for key, value in (("baseline", goal.baseline), ("target", goal.target)):
            decimals = kpi.decimals if value is None else target_decimals(value, kpi)
            page.put(row, CATALOGUE_GOALS.index(key), value, num_format=number_format(kpi.unit, decimals))


def _show_tolerances(page: Page, catalogue: Catalogue) -> None:
    """Tolerances as percentages, with all the decimals that they have: half a point is 0.5%."""
    first = CATALOGUE_TOLERANCES.heading_row
    for row, tolerance in enumerate(catalogue.policy.tolerances.values(), start=first):
        for key in ("green", "amber", "steady"):
            page.put(row, CATALOGUE_TOLERANCES.index(key), getattr(tolerance, key), num_format="0.0##%")


def _write_start(page: Page, catalogue: Catalogue) -> None:
    settings = catalogue.settings
    page.widths([110])
    page.title(f"{settings.plan}: KPI catalogue")
    live = len(catalogue.live())
    lines = (
        f"{settings.council}. KPI list: {settings.list_version}. {len(catalogue.kpis)} KPIs, {live} of them live.",
        "This workbook is the performance team's own: edit it in Excel and save it. Each sheet says what stands in it.",
        "KPIs: what is asked and how it is rated. Targets: baselines and targets, year by year.",
        "Tolerances, Profiles and Settings: the rating policy, for all KPIs at once.",
        "A KPI's id never changes and is never used again; its refs and titles may change.",
    )
    for row, line in enumerate(lines, start=1):
        page.put(row, 0, line, "text")
    page.put(len(lines) + 2, 0, CATALOGUE_IDENTITY, "quiet")
    page.print_setup()
