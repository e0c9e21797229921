"""A made-up round of a few KPIs, drawn as a table in the test: as records, or as a working folder with its files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from msgspec.structs import replace

from sendkpi_xl.catalogue import save_catalogue
from sendkpi_xl.consolidate import rate_readings
from sendkpi_xl.fields import parse_number
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.gathered import FileOutcome, Gathered, Outcome
from sendkpi_xl.layout import RETURN
from sendkpi_xl.model import Catalogue, Goal, Kpi, Polarity, Profile, Settings, Sign, Unit, Workstream
from sendkpi_xl.moderated import Moderation, Override
from sendkpi_xl.period import Period
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Place, Rag, Reading, Reason, Status
from sendkpi_xl.round import write_templates
from sendkpi_xl.shorthand import Symbol

Q1, Q2, Q3 = Period(2023, 1), Period(2023, 2), Period(2023, 3)
SETTINGS = Settings(
    council="Sandford Council",
    plan="Sandford Plan",
    board="Sandford Board",
    list_version="May 2023",
    return_to="the performance team",
    return_days=14,
)
WORKSTREAMS = {"SCH": Workstream("Schools", "SCH"), "TRA": Workstream("Transport", "TRA")}
SECTIONS = ("Places", "Journeys")
SYMBOLS = re.compile(r"(.+?)((?: \[[urp]\])+)")
FRACTION = re.compile(r"(.+?) = (\d+|\?) of (\d+|\?)")


@dataclass(frozen=True)
class SmallRound:
    """The catalogue of a drawn table, and what was gathered for each quarter that it has a column for."""

    catalogue: Catalogue
    gathered: Mapping[Period, Gathered]

    def board(self, moderation: Moderation = Moderation()) -> Board:  # noqa: B008 - it is frozen
        """The board of the last quarter; earlier quarters are rated without a moderation of their own."""
        last = max(self.gathered)
        quarters = {
            period: rate_readings(
                self.catalogue,
                gathered,
                moderation if period == last else Moderation(),
                [each for earlier, each in self.gathered.items() if earlier < period],
            )
            for period, gathered in self.gathered.items()
        }
        return Board(self.catalogue, last, quarters, self.gathered[last], moderation)


def small_round(table: str) -> SmallRound:
    """The round that a table draws: a line for each KPI, a column for each of its quarters.

    A quarter's field is a figure (`42`, `85%`, `75% = 6 of 8`, with `?` for a part that is not there, and symbols after
    it: `85% [p]`), `query`, `not returned`, or a reason for a blank; `comment` belongs to the last quarter. `survey` is
    `yes` for a survey.
    """
    heading, *lines = [[field.strip() for field in line.split("|")] for line in table.strip().splitlines()]
    rows = [dict(zip(heading, line, strict=True)) for line in lines]
    catalogue = Catalogue(
        SETTINGS, DEFAULT_POLICY, tuple(WORKSTREAMS.values()), SECTIONS, tuple(_kpi(row) for row in rows)
    )
    quarters = [period for period in (Q1, Q2, Q3) if f"Q{period.quarter}" in heading]
    return SmallRound(catalogue, {period: _gathered(rows, period, period == quarters[-1]) for period in quarters})


def with_kpis(board: Board, kpis: Sequence[Kpi]) -> Board:
    """The board with these KPIs in its catalogue, all its quarters rated anew by them, without a moderation."""
    catalogue = replace(board.catalogue, kpis=tuple(kpis))
    gathered = [
        replace(board.gathered, period=period, readings=tuple(each.reading for each in rated))
        for period, rated in board.quarters.items()
    ]
    quarters = {each.period: rate_readings(catalogue, each, Moderation(), gathered) for each in gathered}
    return replace(board, catalogue=catalogue, quarters=quarters)


def _kpi(row: Mapping[str, str]) -> Kpi:
    target = row.get("target", "")
    sign = Sign(target[0]) if target.startswith(("<", ">")) else Sign.AT
    number, words = _number_or_words(target.lstrip("<>"))
    baseline, baseline_words = _number_or_words(row.get("baseline", ""))
    return Kpi(
        id=row["id"],
        ref=row["id"].removeprefix("K"),
        workstream=WORKSTREAMS[row["by"]].name,
        sub_area="",
        title=row["title"],
        unit=Unit(row["unit"]),
        decimals=int(row.get("decimals", "0") or 0),
        polarity=Polarity(row["better"]),
        profile=Profile.SNAPSHOT,
        share=row["unit"] == Unit.PERCENT,
        survey=row.get("survey") == "yes",
        board_ref=row["ref"],
        section=row["section"],
        goals=(Goal(Q1.year, baseline, baseline_words, number, sign, words),),
    )


def _number_or_words(text: str) -> tuple[float | None, str]:
    """`40` is a number, `none was set` words, and `40 in May` a number with the words it was published in."""
    number = parse_number(text.split(" ", maxsplit=1)[0]) if text else None
    return number, "" if number is not None and " " not in text else text


def _gathered(rows: Sequence[Mapping[str, str]], period: Period, last: bool) -> Gathered:
    readings = tuple(_reading(row, number, period, last) for number, row in enumerate(rows, start=5))
    returned = {row["by"] for row in rows if row[f"Q{period.quarter}"] != "not returned"}
    files = tuple(FileOutcome(f"{code}.xlsx", Outcome.USED, "5ha", (code,)) for code in sorted(returned))
    return Gathered(period, readings, files, (), len(files))


def _reading(row: Mapping[str, str], number: int, period: Period, last: bool) -> Reading:
    text, comment = row[f"Q{period.quarter}"], row.get("comment", "") if last else ""
    place = Place(f"{row['by']}.xlsx", row["by"], f"E{number}")
    reading = Reading(row["id"], period, Status.REPORTED, comment=comment, place=place, sha256="5ha", typed=text)
    if text == "query":
        return replace(reading, status=Status.QUERIED)
    if text == "not returned":
        return Reading(row["id"], period, Status.NOT_RETURNED)
    if text in list(Reason):
        return replace(reading, status=Status.BLANK, reason=Reason(text), typed="")
    if marked := SYMBOLS.fullmatch(text):
        text, symbols = marked[1], tuple(Symbol(each) for each in marked[2].split())
        reading = replace(reading, symbols=symbols, typed=f"{text.partition(' = ')[0]}{marked[2]}")
    fraction = FRACTION.fullmatch(text)
    if fraction is None:
        return replace(reading, value=_sure(text))
    numerator, denominator = (None if part == "?" else _sure(part) for part in fraction.groups()[1:])
    typed = reading.typed if marked else fraction[1]
    return replace(reading, value=_sure(fraction[1]), numerator=numerator, denominator=denominator, typed=typed)


def _sure(text: str) -> float:
    number = parse_number(text)
    assert number is not None, text
    return number


def override(kpi_id: str, rating: str, reason: str = "", who: str = "", until: str = "") -> Override:
    """An override as a line of the moderation workbook says it: `R`, `A`, `G` or `No rating`."""
    place = Place("moderation.xlsx", "Ratings", "I5")
    return Override(kpi_id, None if rating == "No rating" else Rag(rating), reason, who, until, place)


def small_folder(root: Path, table: str, period: Period = Q1) -> WorkingFolder:
    """A working folder whose catalogue and returns are those of the drawn table; `not returned` leaves a row empty."""
    folder = WorkingFolder(root)
    drawn = small_round(table)
    save_catalogue(drawn.catalogue, folder.catalogue)
    write_templates(folder, period)
    folder.returns(period).mkdir(parents=True, exist_ok=True)
    for code in WORKSTREAMS:
        name = f"return-{period.code}-{code}.xlsx"
        _fill(folder.templates(period) / name, folder.returns(period) / name, code, drawn.gathered[period])
    return folder


def _fill(template: Path, filled: Path, code: str, gathered: Gathered) -> None:
    """Type each KPI's reading into its row of the template, as a lead would, and save it."""
    book = openpyxl.load_workbook(template)
    sheet = book[code]
    headings = {str(cell.value): cell.column or 0 for cell in sheet[RETURN.heading_row]}
    columns = {column.key: headings[column.heading] for column in RETURN.columns if column.heading in headings}
    for row in range(RETURN.heading_row + 1, sheet.max_row + 1):
        kpi_id = sheet.cell(row, columns["id"]).value
        reading = next((each for each in gathered.readings if each.kpi_id == kpi_id), None)
        if reading is None or reading.status is Status.NOT_RETURNED:
            continue
        for key in ("value", "numerator", "denominator", "reason", "comment"):
            typed = getattr(reading, key) or None if key != "value" else reading.value
            if key == "value" and reading.symbols:
                typed = reading.typed
            sheet.cell(row, columns[key]).value = typed
        if reading.status is Status.QUERIED:
            sheet.cell(row, columns["value"]).value = "about twelve"
    book.save(filled)
