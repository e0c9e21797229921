"""The moderation workbook: the product writes it, the performance team fills it, a refresh keeps what they wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from enum import StrEnum

from sendkpi_xl.cells import Book, Sheet, Unreadable, read_book
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.fields import Fields
from sendkpi_xl.figures import number_format
from sendkpi_xl.findings import Refusal, did_you_mean, finding
from sendkpi_xl.layout import (
    MODERATION_COMPLETENESS,
    MODERATION_HEADLINES,
    MODERATION_IDENTITY,
    MODERATION_RATINGS,
    NO_RATING,
    START_SHEET,
    AgreedRating,
    HeadlineKind,
    Table,
)
from sendkpi_xl.lists_sheet import write_lists
from sendkpi_xl.model import Catalogue, Finding, Moderation, Override, Place, Rag
from sendkpi_xl.period import Period
from sendkpi_xl.rating import shown_decimals
from sendkpi_xl.sheetwriter import A3, Page, WorkbookWriter
from sendkpi_xl.tables import Row, find_table
from sendkpi_xl.template import PROTECTION

HEADLINE_ROWS = 40
COMPLETENESS_ROWS = 4
TABLES = (MODERATION_RATINGS, MODERATION_HEADLINES, MODERATION_COMPLETENESS)
HELP: Mapping[str, str] = {
    MODERATION_RATINGS.sheet: "Choose an agreed rating only where it differs from the computed one, with a reason, "
    "who agreed it, and the last quarter in which it holds.",
    MODERATION_HEADLINES.sheet: "The board's headlines, in your words, in the order in which they should stand.",
    MODERATION_COMPLETENESS.sheet: "What the board should know about how complete this quarter's figures are.",
}


def read_moderation(data: bytes, file: str, period: Period) -> tuple[Moderation, list[Finding]]:
    """What the team decided; a row that cannot be used is a finding and is left out.

    Raises Refusal when the file is not a moderation workbook of this quarter.
    """
    try:
        book = read_book(data, file)
    except Unreadable as error:
        raise Refusal([finding("F02", Place(file), found=error.found, action=error.action)]) from error
    _own_quarter(book, file, period)
    fields = Fields()
    tables = {table.sheet: _rows(book, table, file) for table in TABLES}
    headlines = [
        (fields.choice(row, "kind", HeadlineKind), row.text("text"))
        for row in tables[MODERATION_HEADLINES.sheet]
        if row.text("text")
    ]
    moderation = Moderation(
        completeness="\n".join(filter(None, (row.text("text") for row in tables[MODERATION_COMPLETENESS.sheet]))),
        working_well=tuple(text for kind, text in headlines if kind is HeadlineKind.WORKING_WELL),
        concerns=tuple(text for kind, text in headlines if kind is HeadlineKind.CONCERN),
        overrides=tuple(filter(None, (_override(row, fields) for row in tables[MODERATION_RATINGS.sheet]))),
    )
    return moderation, fields.findings


def _own_quarter(book: Book, file: str, period: Period) -> None:
    line = next(
        (
            cell.raw
            for sheet in book.sheets
            for cell in sheet.cells.values()
            if cell.raw.startswith(MODERATION_IDENTITY)
        ),
        "",
    )
    if not line.endswith(period.code):
        found = f"It is not the moderation workbook of {period.code}."
        action = f"Move it away and run sendkpi moderate {period.code}."
        raise Refusal([finding("F02", Place(file), found=found, action=action)])


def _rows(book: Book, table: Table, file: str) -> tuple[Row, ...]:
    names = [sheet.name for sheet in book.sheets]
    sheet: Sheet | None = book.sheet(table.sheet)
    if sheet is None:
        guess = did_you_mean(table.sheet, names)
        words = {"sheet": table.sheet, "seen": ", ".join(names), "guess": guess}
        raise Refusal([finding("T08", Place(file), table.sheet, **words)])
    found, missing = find_table(sheet, table, file)
    if found is None:
        raise Refusal(missing)
    return found.rows


def _override(row: Row, fields: Fields) -> Override | None:
    texts = {key: row.text(key) for key in ("reason", "who", "until")}
    if not row.text("agreed"):
        if any(texts.values()):
            problem = finding("T05", row.place("agreed"), row.text("id"), expected="An agreed rating for this reason.")
            fields.findings.append(problem)
        return None
    agreed = fields.choice(row, "agreed", AgreedRating)
    if texts["until"] and Period.parse(texts["until"]) is None:
        expected = "A quarter such as 2021-22-Q1, or an empty cell."
        problem = finding("T04", row.place("until"), row.text("id"), found=texts["until"], expected=expected)
        fields.findings.append(problem)
    if agreed is None:
        return None
    rag = None if agreed is AgreedRating.NONE else Rag(agreed.value)
    return Override(row.text("id"), rag, **texts, place=row.place("agreed"))


def moderation_workbook(
    catalogue: Catalogue, period: Period, rated: Sequence[RatedReading], moderation: Moderation
) -> bytes:
    """The moderation workbook of a quarter, with what the team wrote so far put back in its place."""
    settings = catalogue.settings
    writer = WorkbookWriter(
        f"{settings.plan}: moderation {period.label}", settings.board, datetime.combine(period.end, time())
    )
    start = writer.page(START_SHEET)
    pages = {table.sheet: writer.page(table.sheet) for table in TABLES}
    sources = write_lists(writer, TABLES)
    _write_start(start, catalogue, period)
    _write_ratings(pages[MODERATION_RATINGS.sheet], rated, moderation, sources)
    headlines = [
        *((HeadlineKind.WORKING_WELL, text) for text in moderation.working_well),
        *((HeadlineKind.CONCERN, text) for text in moderation.concerns),
    ]
    rows = max(HEADLINE_ROWS, len(headlines) + 10)
    _write_words(pages[MODERATION_HEADLINES.sheet], MODERATION_HEADLINES, headlines, rows, sources)
    notes = [(line,) for line in moderation.completeness.split("\n") if line]
    words = (pages[MODERATION_COMPLETENESS.sheet], MODERATION_COMPLETENESS, notes)
    _write_words(*words, max(COMPLETENESS_ROWS, len(notes) + 2), sources)
    return writer.close()


def _write_start(page: Page, catalogue: Catalogue, period: Period) -> None:
    page.widths([110])
    page.title(f"{catalogue.settings.plan}: moderation of {period.label}")
    lines = (
        "Ratings: every KPI with its computed rating and how it came about. Where you agreed another rating, choose it "
        "and say why, who agreed it, and until which quarter it holds.",
        "Headlines: what is working well and what is a concern, as the board will read them.",
        "Completeness: what the board should know about missing figures.",
        f"Then run: sendkpi board {period.code}. To bring this workbook up to date after new returns, run: "
        f"sendkpi moderate {period.code}. What you wrote stays.",
    )
    for row, line in enumerate(lines, start=2):
        page.put(row, 0, line, "text")
    page.put(len(lines) + 3, 0, f"{MODERATION_IDENTITY} | {period.code}", "quiet")
    page.print_setup()


def _write_ratings(
    page: Page, rated: Sequence[RatedReading], moderation: Moderation, sources: Mapping[type[StrEnum], str]
) -> None:
    table = MODERATION_RATINGS
    page.title(table.sheet, (HELP[table.sheet],))
    page.table(table, len(rated))
    for row, each in enumerate(rated, start=table.heading_row):
        for column, (declared, value) in enumerate(zip(table.columns, _rating_row(each, moderation), strict=True)):
            style = "open" if declared.open else "rating" if declared.key == "computed" else "locked"
            page.put(row, column, value, style, **_number_format(declared.key, each, value))
    last = table.heading_row + len(rated) - 1
    agreed, computed = table.index("agreed"), table.index("computed")
    help_text = "Only where people decided otherwise. No rating leaves the KPI unrated."
    page.choices((table.heading_row, agreed, last, agreed), sources[AgreedRating], "Agreed rating", help_text)
    for column in (agreed, computed):
        page.rag_colours((table.heading_row, column, last, column))
    page.sheet.freeze_panes(table.heading_row, 4)
    page.print_setup(table, A3)
    page.sheet.protect("", PROTECTION)


def _rating_row(each: RatedReading, moderation: Moderation) -> tuple[object, ...]:
    override = moderation.override(each.kpi.id)
    agreed = "" if override is None else NO_RATING if override.rag is None else override.rag.value
    words = (override.reason, override.who, override.until) if override else ("", "", "")
    target = None if each.standard.target is None else float(each.standard.target)
    value = each.reading.value
    if value is None and each.reading.reason is not None:
        return (*_names(each), each.reading.reason.shorthand, target, NO_RATING, each.computed.sentence, agreed, *words)
    rag = each.computed.rag.value if each.computed.rag else NO_RATING
    return (*_names(each), value, target, rag, each.computed.sentence, agreed, *words)


def _names(each: RatedReading) -> tuple[object, ...]:
    return (each.kpi.id, board_ref(each.kpi.board_ref), each.kpi.section, each.kpi.shown_title)


def board_ref(ref: str) -> int | str:
    """A board ref as the number that it is, so that a table sorts by it."""
    return int(ref) if ref.isdigit() else ref


def _number_format(key: str, each: RatedReading, value: object) -> dict[str, str]:
    if not isinstance(value, int | float) or key not in ("value", "target"):
        return {}
    decimals = each.kpi.decimals if key == "value" else shown_decimals(float(value), each.kpi)
    sign = each.goal.target_sign if key == "target" else type(each.goal.target_sign).AT
    return {"num_format": number_format(each.kpi.unit, decimals, sign)}


def _write_words(
    page: Page,
    table: Table,
    lines: Sequence[tuple[str, ...]],
    rows: int,
    sources: Mapping[type[StrEnum], str],
) -> None:
    page.title(table.sheet, (HELP[table.sheet],))
    page.table(table, rows)
    for offset in range(rows):
        words = lines[offset] if offset < len(lines) else ("",) * len(table.columns)
        for column, word in enumerate(words):
            page.put(table.heading_row + offset, column, word, "open")
    for column, declared in enumerate(table.columns):
        if declared.choices is not None:
            area = (table.heading_row, column, table.heading_row + rows - 1, column)
            page.choices(area, sources[declared.choices], declared.heading, "Under which question it stands.")
    page.sheet.freeze_panes(table.heading_row, 0)
    page.print_setup(table)
    page.sheet.protect("", PROTECTION)
