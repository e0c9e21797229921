"""The catalogue back from its workbook, with everything that is wrong in it found in one go."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from sendkpi_xl.catalogue_fields import CatalogueFields
from sendkpi_xl.cells import Book, read_book
from sendkpi_xl.files import opening
from sendkpi_xl.findings import Refusal, did_you_mean, finding, shortened
from sendkpi_xl.layout import (
    CATALOGUE_GOALS,
    CATALOGUE_KPIS,
    CATALOGUE_SECTIONS,
    CATALOGUE_TABLES,
    CATALOGUE_TIES,
    CATALOGUE_WORKSTREAMS,
    LISTS_SHEET,
    START_SHEET,
)
from sendkpi_xl.model import (
    Catalogue,
    Goal,
    Kpi,
    Life,
    Polarity,
    Policy,
    Profile,
    Sign,
    Tie,
    Unit,
    Workstream,
)
from sendkpi_xl.period import Period
from sendkpi_xl.policy_reader import Rows, settings_and_policy
from sendkpi_xl.rating import tolerance_for
from sendkpi_xl.reading import Place
from sendkpi_xl.tables import Row, find_table
from sendkpi_xl.ties import wrong_with

KPI_ID = re.compile(r"[A-Z0-9]{1,20}")
CODE = re.compile(r"\w{1,20}")
"""A workstream's code names a sheet, an Excel table and a file."""


def read_catalogue_workbook(data: bytes, file: str) -> Catalogue:
    """The catalogue in a workbook's bytes.

    Raises Refusal with every finding: unreadable file, missing sheet or heading, a KPI or a board ref twice, a choice
    that does not exist, a workstream or section that is not listed, a target for an unknown KPI, an empty cell where
    one is needed.
    """
    with opening(Place(file)):
        book = read_book(data, file)
    rows = _all_rows(book, file)
    fields = CatalogueFields()
    workstreams = _workstreams(rows[CATALOGUE_WORKSTREAMS.sheet], fields)
    sections = tuple(row.text("name") for row in rows[CATALOGUE_SECTIONS.sheet])
    settings, policy = settings_and_policy(rows, fields, file)
    # Dictionaries, not tuples: each row looks a name up.
    names = {"workstream": dict.fromkeys(each.name for each in workstreams), "section": dict.fromkeys(sections)}
    kpis = _kpis(rows[CATALOGUE_KPIS.sheet], fields, names, policy)
    ids = dict.fromkeys(row.text("id") for row in rows[CATALOGUE_KPIS.sheet])
    goals = _goals(rows[CATALOGUE_GOALS.sheet], fields, ids)
    ties = tuple(_tie(row, fields, ids) for row in rows[CATALOGUE_TIES.sheet])
    if fields.findings:
        raise Refusal(fields.findings)
    with_goals = tuple(replace(kpi, goals=tuple(goals.get(kpi.id, ()))) for kpi in kpis)
    return Catalogue(settings, policy, workstreams, sections, with_goals, ties)


def _all_rows(book: Book, file: str) -> Rows:
    rows: Rows = {}
    problems = []
    names = [sheet.name for sheet in book.sheets]
    own = {table.sheet.casefold() for table in CATALOGUE_TABLES}
    others = [name for name in names if name.casefold() not in own]
    for table in CATALOGUE_TABLES:
        sheet = book.sheet(table.sheet)
        if sheet is None:
            guess = did_you_mean(table.sheet, others)
            problems.append(
                finding("T08", Place(file), table.sheet, sheet=table.sheet, seen=", ".join(names), guess=guess)
            )
            continue
        found, missing = find_table(sheet, table, file)
        problems += missing
        rows[table.sheet] = found.rows if found else ()
    if problems:
        raise Refusal(problems)
    return rows


def _workstreams(rows: Iterable[Row], fields: CatalogueFields) -> tuple[Workstream, ...]:
    taken = {START_SHEET.casefold(), LISTS_SHEET.casefold()}
    workstreams = []
    for row in rows:
        name = fields.text(row, "name", needed="The workstream's name.")
        code = fields.text(row, "code", needed="A short code such as WS1.")
        if code and (not CODE.fullmatch(code) or code.casefold() in taken):
            found = f"“{shortened(code)}” cannot be this workstream's code."
            expected = "A code that no other workstream has, of at most 20 letters and digits, such as WS1."
            fields.wrong(row.place("code"), name, found, expected, "Choose another code.")
        taken.add(code.casefold())
        workstreams.append(Workstream(name, code))
    return tuple(workstreams)


def _kpis(
    rows: Iterable[Row], fields: CatalogueFields, names: Mapping[str, Collection[str]], policy: Policy
) -> tuple[Kpi, ...]:
    kpis: list[Kpi] = []
    places: dict[str, Place] = {}
    refs: dict[str, Place] = {}
    for row in rows:
        kpi_id = _kpi_id(row, fields)
        if kpi_id in places:
            fields.findings.append(finding("T06", row.place("id"), kpi_id, found=kpi_id, other=str(places[kpi_id])))
        elif kpi_id:
            places[kpi_id] = row.place("id")
        kpi = _kpi(row, kpi_id, fields, names)
        if kpi is not None:
            kpis.append(kpi)
            _check_tolerance(row, kpi, policy, fields)
            _check_board_ref(row, kpi, refs, fields)
    return tuple(kpis)


def _tie(row: Row, fields: CatalogueFields, ids: Collection[str]) -> Tie:
    kpi_id = fields.named(row, "kpi_id", CATALOGUE_KPIS.sheet, ids)
    formula = fields.text(row, "formula", needed="A sum of KPIs such as K012 + K013.")
    wrong = wrong_with(formula, tuple(ids)) if formula else ""
    if wrong:
        fields.wrong(row.place("formula"), kpi_id, wrong, "KPI ids, numbers, + - * / and brackets.", "Correct the sum.")
    return Tie(kpi_id, formula, fields.needed_number(row, "tolerance") or 0.0)


def _kpi_id(row: Row, fields: CatalogueFields) -> str:
    expected = "A KPI id in capitals and digits, such as K128: the next that was never used."
    kpi_id = fields.text(row, "id", needed=expected)
    if kpi_id and not KPI_ID.fullmatch(kpi_id):
        fields.wrong(
            row.place("id"), kpi_id, f"“{shortened(kpi_id)}” cannot be a KPI's id.", expected, "Correct the id."
        )
    return kpi_id


def _check_tolerance(row: Row, kpi: Kpi, policy: Policy, fields: CatalogueFields) -> None:
    """A KPI's own limits, with the unit's where it has none, are in order like any others."""
    if kpi.unit in policy.tolerances and (kpi.green_within, kpi.amber_within) != (None, None):
        tolerance = tolerance_for(kpi, policy)
        fields.in_order(row, "green_within", kpi.id, tolerance.green, tolerance.amber)


def _check_board_ref(row: Row, kpi: Kpi, taken: dict[str, Place], fields: CatalogueFields) -> None:
    """The board tells KPIs apart by their refs, which only a retired one may share with the one that came after it."""
    ref, place = kpi.board_ref.casefold(), row.place("board_ref")
    if not ref or kpi.life is Life.RETIRED:
        return
    if ref in taken:
        words = {"found": shortened(kpi.board_ref), "other": str(taken[ref])}
        fields.findings.append(finding("K05", place, kpi.id, **words))
    taken.setdefault(ref, place)


def _kpi(row: Row, kpi_id: str, fields: CatalogueFields, names: Mapping[str, Collection[str]]) -> Kpi | None:
    unit = fields.choice(row, "unit", Unit)
    polarity = fields.choice(row, "polarity", Polarity)
    profile = fields.choice(row, "profile", Profile)
    life = fields.choice(row, "life", Life)
    decimals = fields.needed_whole(row, "decimals", most=6)
    workstream = fields.named(row, "workstream", CATALOGUE_WORKSTREAMS.sheet, names["workstream"])
    section = fields.named(row, "section", CATALOGUE_SECTIONS.sheet, names["section"])
    green_within, amber_within = fields.number(row, "green_within"), fields.number(row, "amber_within")
    sample = fields.whole(row, "smallest_sample")
    title = fields.text(row, "title", needed="The KPI's title.")
    if not kpi_id or unit is None or polarity is None or profile is None or life is None:
        return None
    return Kpi(
        id=kpi_id,
        title=title,
        workstream=workstream,
        section=section,
        unit=unit,
        decimals=decimals,
        polarity=polarity,
        profile=profile,
        life=life,
        share=fields.yes(row, "share"),
        survey=fields.yes(row, "survey"),
        smallest_sample=sample,
        green_within=green_within,
        amber_within=amber_within,
        ref=row.text("ref"),
        sub_area=row.text("sub_area"),
        board_ref=row.text("board_ref"),
        board_title=row.text("board_title"),
        review=row.text("review"),
        note=row.text("note"),
    )


def _goals(rows: Iterable[Row], fields: CatalogueFields, ids: Collection[str]) -> dict[str, list[Goal]]:
    goals: dict[str, list[Goal]] = {}
    for row in rows:
        if set(row.cells) <= {"title"}:
            continue  # a looked-up title alone, below the last target
        kpi_id = fields.named(row, "kpi_id", CATALOGUE_KPIS.sheet, ids)
        goal = _goal(row, fields)
        if kpi_id and goal.year in {known.year for known in goals.get(kpi_id, ())}:
            found = f"{kpi_id} for {goal.year}"
            fields.findings.append(finding("T06", row.place("kpi_id"), kpi_id, found=found, other="a row above"))
        goals.setdefault(kpi_id, []).append(goal)
    return goals


def _goal(row: Row, fields: CatalogueFields) -> Goal:
    expected = "A financial year such as 2021-22."
    year = fields.text(row, "year", needed=expected)
    if year and Period.parse(f"{year}-Q1") is None:
        action = "Type the year and the last two digits of the next, joined by a hyphen."
        found = f"“{shortened(year)}” is not a financial year."
        fields.wrong(row.place("year"), row.text("kpi_id"), found, expected, action)
    return Goal(
        year=year,
        baseline=fields.number(row, "baseline"),
        baseline_words=row.text("baseline_words"),
        target=fields.number(row, "target"),
        target_sign=fields.choice(row, "target_sign", Sign, Sign.AT) or Sign.AT,
        target_words=row.text("target_words"),
    )
