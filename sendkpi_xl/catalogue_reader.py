"""The catalogue back from its workbook, with everything that is wrong in it found in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sendkpi_xl.cells import Book, Unreadable, read_book
from sendkpi_xl.fields import Fields
from sendkpi_xl.findings import Refusal, did_you_mean, finding
from sendkpi_xl.layout import (
    CATALOGUE_GOALS,
    CATALOGUE_KPIS,
    CATALOGUE_SECTIONS,
    CATALOGUE_SETTINGS,
    CATALOGUE_SHARES,
    CATALOGUE_TABLES,
    CATALOGUE_TOLERANCES,
    CATALOGUE_WORKSTREAMS,
    SETTING_NAMES,
)
from sendkpi_xl.model import (
    Catalogue,
    Goal,
    Kpi,
    Life,
    Measure,
    Place,
    Polarity,
    Policy,
    Profile,
    Settings,
    Sign,
    Tolerance,
    Unit,
    Workstream,
)
from sendkpi_xl.period import Period
from sendkpi_xl.tables import Row, find_table

Rows = dict[str, tuple[Row, ...]]


def read_catalogue_workbook(data: bytes, file: str) -> Catalogue:
    """The catalogue in a workbook's bytes.

    Raises Refusal with every finding: unreadable file, missing sheet or heading, a KPI twice, a choice that does not
    exist, a workstream or section that is not listed, a target for an unknown KPI.
    """
    try:
        book = read_book(data, file)
    except Unreadable as error:
        raise Refusal([finding("F02", Place(file), found=error.found, action=error.action)]) from error
    rows = _all_rows(book, file)
    fields = Fields()
    workstreams = tuple(
        Workstream(fields.text(row, "name"), fields.text(row, "code", needed="A short code such as WS1."))
        for row in rows[CATALOGUE_WORKSTREAMS.sheet]
    )
    sections = tuple(row.text("name") for row in rows[CATALOGUE_SECTIONS.sheet])
    settings, smallest_sample = _settings(rows, fields, file)
    policy = Policy(_tolerances(rows, fields, file), _shares(rows, fields, file), smallest_sample)
    names = {"workstream": tuple(each.name for each in workstreams), "section": sections}
    kpis = _kpis(rows[CATALOGUE_KPIS.sheet], fields, names)
    goals = _goals(rows[CATALOGUE_GOALS.sheet], fields, {kpi.id: kpi for kpi in kpis})
    if fields.findings:
        raise Refusal(fields.findings)
    with_goals = tuple(replace(kpi, goals=tuple(goals.get(kpi.id, ()))) for kpi in kpis)
    return Catalogue(settings, policy, workstreams, sections, with_goals)


def _all_rows(book: Book, file: str) -> Rows:
    rows: Rows = {}
    problems = []
    names = [sheet.name for sheet in book.sheets]
    for table in CATALOGUE_TABLES:
        sheet = book.sheet(table.sheet)
        if sheet is None:
            guess = did_you_mean(table.sheet, names)
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


def _kpis(rows: Iterable[Row], fields: Fields, names: dict[str, tuple[str, ...]]) -> tuple[Kpi, ...]:
    kpis: dict[str, Kpi] = {}
    places: dict[str, Place] = {}
    for row in rows:
        kpi = _kpi(row, fields, names)
        if kpi is None:
            continue
        if kpi.id in kpis:
            other = str(places[kpi.id])
            fields.findings.append(finding("T06", row.place("id"), kpi.id, found=kpi.id, other=other))
            continue
        kpis[kpi.id], places[kpi.id] = kpi, row.place("id")
    return tuple(kpis.values())


def _kpi(row: Row, fields: Fields, names: dict[str, tuple[str, ...]]) -> Kpi | None:
    kpi_id = fields.text(row, "id", needed="A KPI id, such as K128: the next that was never used.")
    unit = fields.choice(row, "unit", Unit)
    polarity = fields.choice(row, "polarity", Polarity)
    profile = fields.choice(row, "profile", Profile)
    life = fields.choice(row, "life", Life)
    decimals = fields.whole(row, "decimals", most=6)
    workstream = _named(row, "workstream", names, fields)
    section = _named(row, "section", names, fields)
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
        decimals=decimals or 0,
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


def _named(row: Row, key: str, names: dict[str, tuple[str, ...]], fields: Fields) -> str:
    """A workstream or section by name; one that its own sheet does not list is a finding."""
    sheet = {"workstream": CATALOGUE_WORKSTREAMS.sheet, "section": CATALOGUE_SECTIONS.sheet}[key]
    text = fields.text(row, key, needed=f"A name from the sheet {sheet}.")
    if text and text not in names[key]:
        guess = did_you_mean(text, names[key])
        problem = finding("T07", row.place(key), row.text("id"), found=text, sheet=sheet, guess=guess)
        fields.findings.append(problem)
    return text


def _goals(rows: Iterable[Row], fields: Fields, kpis: dict[str, Kpi]) -> dict[str, list[Goal]]:
    goals: dict[str, list[Goal]] = {}
    for row in rows:
        kpi_id = row.text("kpi_id")
        if set(row.cells) <= {"title"}:
            continue  # a looked-up title alone, below the last target
        if kpi_id not in kpis:
            guess = did_you_mean(kpi_id, list(kpis))
            problem = finding("T07", row.place("kpi_id"), kpi_id, found=kpi_id, sheet="KPIs", guess=guess)
            fields.findings.append(problem)
            continue
        goal = _goal(row, fields)
        if goal.year in {known.year for known in goals.get(kpi_id, ())}:
            found = f"{kpi_id} for {goal.year}"
            fields.findings.append(finding("T06", row.place("kpi_id"), kpi_id, found=found, other="a row above"))
        goals.setdefault(kpi_id, []).append(goal)
    return goals


def _goal(row: Row, fields: Fields) -> Goal:
    year = row.text("year")
    if Period.parse(f"{year}-Q1") is None:
        expected = "A financial year such as 2021-22."
        fields.findings.append(finding("T04", row.place("year"), row.text("kpi_id"), found=year, expected=expected))
    return Goal(
        year=year,
        baseline=fields.number(row, "baseline"),
        baseline_words=row.text("baseline_words"),
        target=fields.number(row, "target"),
        target_sign=fields.choice(row, "target_sign", Sign, Sign.AT) or Sign.AT,
        target_words=row.text("target_words"),
    )


def _tolerances(rows: Rows, fields: Fields, file: str) -> dict[Unit, Tolerance]:
    tolerances: dict[Unit, Tolerance] = {}
    for row in rows[CATALOGUE_TOLERANCES.sheet]:
        unit = fields.choice(row, "unit", Unit)
        measure = fields.choice(row, "measure", Measure)
        green, amber = fields.number(row, "green"), fields.number(row, "amber")
        if unit is None or measure is None:
            continue
        if green is None or amber is None or not 0 <= green <= amber:
            problem = "Green within and Amber within are missing, negative, or the wrong way round."
            expected = "Two numbers, the amber one at least as large as the green one."
            fields.findings.append(
                finding("T09", row.place("green"), unit, found=problem, expected=expected, action="Correct them.")
            )
            continue
        tolerances[unit] = Tolerance(green, amber, measure)
    _all_there(Unit, set(tolerances), CATALOGUE_TOLERANCES.sheet, fields, file)
    return tolerances


def _shares(rows: Rows, fields: Fields, file: str) -> dict[Profile, tuple[float, float, float, float]]:
    shares: dict[Profile, tuple[float, float, float, float]] = {}
    for row in rows[CATALOGUE_SHARES.sheet]:
        profile = fields.choice(row, "profile", Profile)
        numbers = [fields.number(row, f"q{quarter}") for quarter in (1, 2, 3, 4)]
        if profile is not None:
            first, second, third, fourth = (number or 0.0 for number in numbers)
            shares[profile] = (first, second, third, fourth)
    _all_there(Profile, set(shares), CATALOGUE_SHARES.sheet, fields, file)
    return shares


def _all_there(
    choices: type[Unit] | type[Profile], found: Iterable[str], sheet: str, fields: Fields, file: str
) -> None:
    missing = [choice.value for choice in choices if choice not in set(found)]
    if missing and not fields.findings:
        words = {"found": f"No row for: {', '.join(missing)}.", "expected": "A row for each.", "action": "Add it."}
        fields.findings.append(finding("T09", Place(file, sheet), **words))


def _settings(rows: Rows, fields: Fields, file: str) -> tuple[Settings, int]:
    by_name = {row.text("setting").casefold(): row for row in rows[CATALOGUE_SETTINGS.sheet]}
    texts: dict[str, str] = {}
    numbers = {"return_days": 0, "smallest_sample": 0}
    for key, name in SETTING_NAMES.items():
        row = by_name.get(name.casefold())
        if row is None:
            words = {"found": f"No setting “{name}”.", "expected": "A row for it.", "action": "Put the row back."}
            fields.findings.append(finding("T09", Place(file, CATALOGUE_SETTINGS.sheet), name, **words))
        elif key in numbers:
            numbers[key] = fields.whole(row, "value", most=1000) or 0
        else:
            texts[key] = fields.text(row, "value", needed=f"The setting “{name}”.")
    texts |= {key: "" for key in SETTING_NAMES if key not in texts and key not in numbers}
    return Settings(**texts, return_days=numbers["return_days"]), numbers["smallest_sample"]
