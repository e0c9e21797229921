"""The moderation workbook: the product writes it, the performance team fills it, a refresh keeps what they wrote."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, time
from enum import StrEnum
from typing import TypeVar

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
from sendkpi_xl.model import Catalogue, Finding, Moderation, Override, Place, Rag, Sign, Unfinished
from sendkpi_xl.period import Period
from sendkpi_xl.rating import shown_decimals
from sendkpi_xl.sheetwriter import A3, Page, WorkbookWriter
from sendkpi_xl.tables import Row, find_table
from sendkpi_xl.template import PROTECTION

Decided = TypeVar("Decided")

HEADLINE_ROWS = 40
COMPLETENESS_ROWS = 4
TABLES = (MODERATION_RATINGS, MODERATION_HEADLINES, MODERATION_COMPLETENESS)
HELP: Mapping[str, str] = {
    MODERATION_RATINGS.sheet: "Choose an agreed rating only where it differs from the computed one, with a reason, "
    "who agreed it, and the last quarter in which it holds.",
    MODERATION_HEADLINES.sheet: "The board's headlines, in your words, in the order in which they should stand.",
    MODERATION_COMPLETENESS.sheet: "What the board should know about how complete this quarter's figures are.",
}

LOOKS: Mapping[str, Mapping[str, object]] = {
    "board_ref": {"align": "center"},
    "value": {"align": "right"},
    "agreed": {"align": "center", "valign": "vcenter", "bold": True},
}


def read_moderation(data: bytes, file: str, period: Period) -> tuple[Moderation, list[Finding]]:
    """What the team decided; a row that cannot count yet is a finding, and is kept as unfinished.

    Raises Refusal when the file is not a moderation workbook of this quarter.
    """
    try:
        book = read_book(data, file)
    except Unreadable as error:
        raise Refusal([finding("F02", Place(file), found=error.found, action=error.action)]) from error
    _own_quarter(book, file, period)
    fields = Fields()
    ratings, headlines, completeness = (_rows(book, table, file) for table in TABLES)
    first_rows = {row.text("id"): row for row in reversed(ratings)}
    overrides, begun = _sorted_out(MODERATION_RATINGS, ratings, lambda row: _override(row, first_rows, fields))
    told, unplaced = _sorted_out(MODERATION_HEADLINES, headlines, lambda row: _headline(row, fields))
    moderation = Moderation(
        completeness="\n".join(row.text("text") for row in completeness),
        working_well=tuple(text for kind, text in told if kind is HeadlineKind.WORKING_WELL),
        concerns=tuple(text for kind, text in told if kind is HeadlineKind.CONCERN),
        overrides=tuple(overrides),
        unfinished=(*begun, *unplaced),
    )
    return moderation, fields.findings


def _sorted_out(
    table: Table, rows: Iterable[Row], decide: Callable[[Row], Decided | None]
) -> tuple[list[Decided], list[Unfinished]]:
    """What each row comes to; a row that comes to nothing is kept as it was written."""
    decided: list[Decided] = []
    unfinished: list[Unfinished] = []
    for row in rows:
        outcome = decide(row)
        if outcome is not None:
            decided.append(outcome)
            continue
        keys = ("id", *_open_keys(table))
        unfinished.append(Unfinished(table.sheet, {key: row.text(key) for key in keys if row.text(key)}))
    return decided, unfinished


def _open_keys(table: Table) -> tuple[str, ...]:
    return tuple(column.key for column in table.columns if column.open)


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
        found, expected = (f"{start} moderation workbook of {period.code}." for start in ("It is not the", "The"))
        action = f"Move it away and run sendkpi moderate {period.code}."
        raise Refusal([finding("T09", Place(file), found=found, expected=expected, action=action)])


def _rows(book: Book, table: Table, file: str) -> tuple[Row, ...]:
    """The table's rows in which people wrote something."""
    names = [sheet.name for sheet in book.sheets]
    sheet: Sheet | None = book.sheet(table.sheet)
    if sheet is None:
        guess = did_you_mean(table.sheet, names)
        words = {"sheet": table.sheet, "seen": ", ".join(names), "guess": guess}
        raise Refusal([finding("T08", Place(file), table.sheet, **words)])
    found, missing = find_table(sheet, table, file)
    if found is None:
        raise Refusal(missing)
    return tuple(row for row in found.rows if any(row.text(key) for key in _open_keys(table)))


def _headline(row: Row, fields: Fields) -> tuple[HeadlineKind, str] | None:
    kind = fields.choice(row, "kind", HeadlineKind) if row.text("text") else None
    return None if kind is None else (kind, row.text("text"))


def _override(row: Row, first_rows: Mapping[str, Row], fields: Fields) -> Override | None:
    kpi_id, texts = row.text("id"), {key: row.text(key) for key in ("reason", "who", "until")}
    first = first_rows[kpi_id]
    if kpi_id and first is not row:
        fields.findings.append(finding("T06", row.place("id"), kpi_id, found=kpi_id, other=str(first.place("id"))))
        return None
    if not row.text("agreed"):
        fields.findings.append(finding("T05", row.place("agreed"), kpi_id, expected="An agreed rating for this row."))
        return None
    if texts["until"] and Period.parse(texts["until"]) is None:
        found, expected = f"“{texts['until']}” is not a quarter.", "A quarter such as 2021-22-Q1, or an empty cell."
        words = {"found": found, "expected": expected, "action": "Correct it; until then the computed rating stands."}
        fields.findings.append(finding("T09", row.place("until"), kpi_id, **words))
    agreed = fields.choice(row, "agreed", AgreedRating)
    if agreed is None:
        return None
    rag = None if agreed is AgreedRating.NONE else Rag(agreed.value)
    return Override(kpi_id, rag, **texts, place=row.place("agreed"))


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
        *({"kind": HeadlineKind.WORKING_WELL.value, "text": text} for text in moderation.working_well),
        *({"kind": HeadlineKind.CONCERN.value, "text": text} for text in moderation.concerns),
        *_unfinished(moderation, MODERATION_HEADLINES),
    ]
    rows = max(HEADLINE_ROWS, len(headlines) + 10)
    _write_words(pages[MODERATION_HEADLINES.sheet], MODERATION_HEADLINES, headlines, rows, sources)
    notes = [{"text": line} for line in moderation.completeness.split("\n") if line]
    words = (pages[MODERATION_COMPLETENESS.sheet], MODERATION_COMPLETENESS, notes)
    _write_words(*words, max(COMPLETENESS_ROWS, len(notes) + 2), sources)
    return writer.close()


def _unfinished(moderation: Moderation, table: Table) -> list[Mapping[str, str]]:
    return [each.texts for each in moderation.unfinished if each.sheet == table.sheet]


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
    written, left_over = _written_ratings(moderation, {each.kpi.id for each in rated})
    rows = [({**_known(each), **written.get(each.kpi.id, {})}, _number_formats(each)) for each in rated]
    rows += [(dict(texts), {}) for texts in left_over]
    page.title(table.sheet, (HELP[table.sheet],))
    page.table(table, len(rows))
    for row, (values, formats) in enumerate(rows, start=table.heading_row):
        for column, declared in enumerate(table.columns):
            style = "open" if declared.open else "rating" if declared.key == "computed" else "locked"
            look = {**LOOKS.get(declared.key, {}), **formats.get(declared.key, {})}
            page.put(row, column, values.get(declared.key), style, **look)
    last = table.heading_row + len(rows) - 1
    agreed, computed = table.index("agreed"), table.index("computed")
    help_text = "Only where people decided otherwise. No rating leaves the KPI unrated."
    page.choices((table.heading_row, agreed, last, agreed), sources[AgreedRating], "Agreed rating", help_text)
    for column in (agreed, computed):
        page.rag_colours((table.heading_row, column, last, column))
    page.sheet.freeze_panes(table.heading_row, table.index("title") + 1)
    page.print_setup(table, A3)
    page.sheet.protect("", PROTECTION)


def _written_ratings(
    moderation: Moderation, known: Collection[str]
) -> tuple[dict[str, Mapping[str, str]], list[Mapping[str, str]]]:
    """What people wrote for each known KPI, and the rows that belong to none or come a second time."""
    written: dict[str, Mapping[str, str]] = {}
    left_over: list[Mapping[str, str]] = []
    for texts in (*map(_texts, moderation.overrides), *_unfinished(moderation, MODERATION_RATINGS)):
        kpi_id = texts.get("id", "")
        if kpi_id in known and kpi_id not in written:
            written[kpi_id] = texts
        else:
            left_over.append(texts)
    return written, left_over


def _texts(override: Override) -> Mapping[str, str]:
    agreed = NO_RATING if override.rag is None else override.rag.value
    words = {"reason": override.reason, "who": override.who, "until": override.until}
    return {"id": override.kpi_id, "agreed": agreed, **words}


def _known(each: RatedReading) -> dict[str, object]:
    """What the product knows of a KPI, by column key."""
    reading, target = each.reading, each.standard.target
    return {
        "id": each.kpi.id,
        "board_ref": board_ref(each.kpi.board_ref),
        "section": each.kpi.section,
        "title": each.kpi.shown_title,
        "value": reading.reason.shorthand if reading.reason is not None else reading.value,
        "target": None if target is None else float(target),
        "computed": each.computed.rag.value if each.computed.rag else NO_RATING,
        "sentence": each.computed.sentence,
    }


def _number_formats(each: RatedReading) -> dict[str, dict[str, str]]:
    kpi, target = each.kpi, each.standard.target
    decimals = {"value": kpi.decimals, "target": shown_decimals(target, kpi)}
    signs = {"value": Sign.AT, "target": each.goal.target_sign}
    return {key: {"num_format": number_format(kpi.unit, decimals[key], signs[key])} for key in decimals}


def board_ref(ref: str) -> int | str:
    """A board ref as the number that it is, so that a table sorts by it."""
    return int(ref) if ref.isdecimal() else ref


def _write_words(
    page: Page,
    table: Table,
    lines: Sequence[Mapping[str, str]],
    rows: int,
    sources: Mapping[type[StrEnum], str],
) -> None:
    page.title(table.sheet, (HELP[table.sheet],))
    page.table(table, rows)
    for offset in range(rows):
        words = lines[offset] if offset < len(lines) else {}
        for column, declared in enumerate(table.columns):
            page.put(table.heading_row + offset, column, words.get(declared.key), "open")
    for column, declared in enumerate(table.columns):
        if declared.choices is not None:
            area = (table.heading_row, column, table.heading_row + rows - 1, column)
            page.choices(area, sources[declared.choices], declared.heading, "Under which question it stands.")
    page.sheet.freeze_panes(table.heading_row, 0)
    page.print_setup(table)
    page.sheet.protect("", PROTECTION)
