"""Reading the moderation workbook: what the performance team decided, and what it began and must not lose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from sendkpi_xl.cells import Book, read_book
from sendkpi_xl.fields import Fields
from sendkpi_xl.files import opening
from sendkpi_xl.findings import Refusal, did_you_mean, finding
from sendkpi_xl.headline_words import split_refs
from sendkpi_xl.layout import (
    MODERATION_COMPLETENESS,
    MODERATION_HEADLINES,
    MODERATION_IDENTITY,
    MODERATION_LAYOUT,
    MODERATION_PROPOSED,
    MODERATION_RATINGS,
    MODERATION_REMARKS,
    AgreedRating,
    Table,
)
from sendkpi_xl.moderated import Decision, Headline, Moderation, Override, Question, Remark, Unfinished, Verdict
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Finding, Place, Rag
from sendkpi_xl.tables import Row, find_table

Decided = TypeVar("Decided")


def read_moderation(data: bytes, file: str, period: Period) -> tuple[Moderation, list[Finding]]:
    """What the team decided; a row that cannot count yet is a finding, and is kept as unfinished.

    Raises Refusal when the file is not a moderation workbook of this quarter.
    """
    with opening(Place(file)):
        book = read_book(data, file)
    older = MODERATION_LAYOUT not in _own_quarter(book, file, period)
    fields = Fields()
    ratings = _rows(book, MODERATION_RATINGS, file)
    headlines = _rows(book, MODERATION_HEADLINES if older else _whole(MODERATION_HEADLINES), file)
    proposed = () if older else _rows(book, MODERATION_PROPOSED, file)
    remarks = () if older else _rows(book, MODERATION_REMARKS, file)
    completeness = _rows(book, MODERATION_COMPLETENESS, file)
    first_ratings, first_proposed = _first_rows(ratings, "id"), _first_rows(proposed, "key")
    overrides, begun = _sorted_out(MODERATION_RATINGS, ratings, lambda row: _override(row, first_ratings, fields))
    told, unplaced = _sorted_out(MODERATION_HEADLINES, headlines, lambda row: _headline(row, fields))
    decisions, unclear = _sorted_out(MODERATION_PROPOSED, proposed, lambda row: _decision(row, first_proposed, fields))
    first_remarks = _first_rows(remarks, "id")
    remarked, again = _sorted_out(MODERATION_REMARKS, remarks, lambda row: _remark(row, first_remarks, fields))
    told += [(each.question, each.headline) for each in decisions if each.headline is not None]
    moderation = Moderation(
        completeness="\n".join(row.text("text") for row in completeness),
        working_well=tuple(headline for question, headline in told if question is Question.WORKING_WELL),
        concerns=tuple(headline for question, headline in told if question is Question.CONCERN),
        overrides=tuple(overrides),
        unfinished=(*begun, *unplaced, *unclear, *again),
        decisions=tuple(decisions),
        remarks=tuple(remarked),
    )
    return moderation, fields.findings


def _own_quarter(book: Book, file: str, period: Period) -> str:
    """The line that names the workbook; Refusal when it has none, or that of another quarter."""
    cells = (cell for sheet in book.sheets for cell in sheet.cells.values())
    line = next((cell.raw for cell in cells if cell.raw.startswith(MODERATION_IDENTITY)), "")
    if line.endswith(period.code):
        return line
    found, expected = (f"{start} moderation workbook of {period.code}." for start in ("It is not the", "The"))
    action = f"Move it away and run sendkpi moderate {period.code}."
    raise Refusal([finding("T09", Place(file), found=found, expected=expected, action=action)])


def _whole(table: Table) -> Table:
    """The table with every open column needed: without its heading, what people wrote there would be lost."""
    columns = (replace(column, needed=column.needed or column.open) for column in table.columns)
    return replace(table, columns=tuple(columns))


def _rows(book: Book, table: Table, file: str) -> tuple[Row, ...]:
    """The table's rows in which people wrote something."""
    sheet = book.sheet(table.sheet)
    if sheet is None:
        names = [sheet.name for sheet in book.sheets]
        words = {"sheet": table.sheet, "seen": ", ".join(names), "guess": did_you_mean(table.sheet, names)}
        raise Refusal([finding("T08", Place(file), table.sheet, **words)])
    found, missing = find_table(sheet, table, file)
    if found is None:
        raise Refusal(missing)
    return tuple(row for row in found.rows if any(row.text(key) for key in _open_keys(table)))


def _open_keys(table: Table) -> tuple[str, ...]:
    return tuple(column.key for column in table.columns if column.open)


def _first_rows(rows: Sequence[Row], key: str) -> Mapping[str, Row]:
    return {row.text(key): row for row in reversed(rows)}


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
        # Of a rating or a remark, only the id says whose it is; of a proposed headline all is kept.
        of_a_kpi = table in (MODERATION_RATINGS, MODERATION_REMARKS)
        keys = ("id", *_open_keys(table)) if of_a_kpi else [each.key for each in table.columns]
        unfinished.append(Unfinished(table.sheet, {key: row.text(key) for key in keys if row.text(key)}))
    return decided, unfinished


def _is_again(row: Row, key: str, first_rows: Mapping[str, Row], fields: Fields) -> bool:
    """Whether the row's id or key stands in a row before it, which is a finding."""
    name = row.text(key)
    first = first_rows[name]
    if not name or first is row:
        return False
    fields.findings.append(finding("T06", row.place(key), row.text("id"), found=name, other=str(first.place(key))))
    return True


def _headline(row: Row, fields: Fields) -> tuple[Question, Headline] | None:
    question = fields.choice(row, "kind", Question) if row.text("text") else None
    if question is None:
        return None
    return question, Headline(row.text("text"), split_refs(row.text("refs")), place=row.place("text"))


def _decision(row: Row, first_rows: Mapping[str, Row], fields: Fields) -> Decision | None:
    """What people made of a proposed headline; None where the row is not what was proposed, or its choice is none."""
    if _is_again(row, "key", first_rows, fields):
        return None
    key = fields.text(row, "key", needed="The key of a proposed headline; your own stand on the sheet Headlines.")
    text = fields.text(row, "text", needed="The headline that was proposed.")
    question = fields.choice(row, "kind", Question)
    chosen, words = row.text("verdict"), row.text("words")
    verdict = fields.choice(row, "verdict", Verdict) if chosen else None
    if not key or not text or question is None or (chosen and verdict is None):
        return None
    if verdict is Verdict.EDIT and not words:
        fields.findings.append(finding("M06", row.place("words")))
    if verdict is not Verdict.EDIT and words:
        beside = f"the decision {verdict.value}" if verdict else "no decision"
        fields.findings.append(finding("M07", row.place("words"), beside=beside))
    place = row.place("words" if verdict is Verdict.EDIT else "verdict")
    return Decision(key, question, text, split_refs(row.text("refs")), verdict, words, place)


def _override(row: Row, first_rows: Mapping[str, Row], fields: Fields) -> Override | None:
    kpi_id, texts = row.text("id"), {key: row.text(key) for key in ("reason", "who", "until")}
    if _is_again(row, "id", first_rows, fields):
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


def _remark(row: Row, first_rows: Mapping[str, Row], fields: Fields) -> Remark | None:
    """What the team adds for the board; None where the KPI has a row before it."""
    if _is_again(row, "id", first_rows, fields):
        return None
    texts = {key: _words(row, key) for key in _open_keys(MODERATION_REMARKS)}
    return Remark(row.text("id"), **texts, place=row.place(next(key for key in texts if texts[key])))


def _words(row: Row, key: str) -> str:
    """The cell's text; a date in words."""
    cell = row.cells.get(key)
    return cell.date if cell is not None and cell.is_date and cell.date else row.text(key)
