"""The moderation workbook as it is written: what the figures say and propose, and what people wrote, in its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time
from enum import StrEnum

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import board_ref, number_format
from sendkpi_xl.headlines import Proposal, proposals
from sendkpi_xl.layout import (
    MODERATION_COMPLETENESS,
    MODERATION_HEADLINES,
    MODERATION_IDENTITY,
    MODERATION_LAYOUT,
    MODERATION_PROPOSED,
    MODERATION_RATINGS,
    MODERATION_REMARKS,
    NO_RATING,
    START_SHEET,
    AgreedRating,
    Table,
)
from sendkpi_xl.lists_sheet import write_lists
from sendkpi_xl.model import Sign
from sendkpi_xl.moderated import Decision, Moderation, Override, Question, Verdict
from sendkpi_xl.quarter import Board, completeness
from sendkpi_xl.rating import shown_decimals
from sendkpi_xl.remarks_sheet import write_remarks
from sendkpi_xl.sheetwriter import A3, A4, Page, WorkbookWriter
from sendkpi_xl.shorthand import IN_PLACE, key
from sendkpi_xl.template import PROTECTION

HEADLINE_ROWS = 40
COMPLETENESS_ROWS = 4
COMPLETENESS_LINE = 2
TABLES = (MODERATION_RATINGS, MODERATION_REMARKS, MODERATION_HEADLINES, MODERATION_PROPOSED, MODERATION_COMPLETENESS)
HELP: Mapping[str, str] = {
    MODERATION_RATINGS.sheet: "Choose an agreed rating only where it differs from the computed one, with a reason, "
    "who agreed it, and the last quarter in which it holds.",
    MODERATION_REMARKS.sheet: "What the board reads beside a KPI: a comment in place of the lead's, what is done about "
    "it, who sees to it and by when. Reds and overrides stand on the board's sheet Exceptions with it. "
    "Empty cells: none.",
    MODERATION_HEADLINES.sheet: "The board's headlines, in your words, in the order in which they should stand. With "
    "the refs of their KPIs (19, 20) they are held against the figures. Empty cells: yours to fill in.",
    MODERATION_PROPOSED.sheet: "What the figures say. Accept a headline, edit it in your words, or strike it; one "
    "without a decision is not shown to the board. Empty cells: none.",
    MODERATION_COMPLETENESS.sheet: "What else the board should know about how complete this quarter's figures are. "
    "Empty cells: yours to fill in. It always reads first:",
}

GAPS = f"{key(IN_PLACE)}. Empty cells: nothing is set, or still to be decided."

LOOKS: Mapping[str, Mapping[str, object]] = {
    "board_ref": {"align": "center"},
    "value": {"align": "right"},
    "agreed": {"align": "center", "valign": "vcenter", "bold": True},
    "refs": {"num_format": "@"},  # Excel would take 19,200 for a number
}
Words = Mapping[str, str]


def moderation_workbook(board: Board) -> bytes:
    """The moderation workbook of the board's quarter, with what the team wrote so far put back in its place."""
    settings, period, moderation = board.catalogue.settings, board.period, board.moderation
    made = datetime.combine(period.end, time())
    writer = WorkbookWriter(f"{settings.plan}: moderation {period.label}", settings.board, made)
    start = writer.page(START_SHEET)
    pages = {table.sheet: writer.page(table.sheet) for table in TABLES}
    sources = write_lists(writer, TABLES)
    _write_start(start, board)
    _write_ratings(pages[MODERATION_RATINGS.sheet], board.now, moderation, sources)
    write_remarks(pages[MODERATION_REMARKS.sheet], HELP[MODERATION_REMARKS.sheet], board)
    headlines = [*_own_headlines(moderation), *_unfinished(moderation, MODERATION_HEADLINES)]
    rows = max(HEADLINE_ROWS, len(headlines) + 10)
    _write_words(pages[MODERATION_HEADLINES.sheet], MODERATION_HEADLINES, headlines, rows, sources)
    made_now = proposals(board.catalogue, board.known, period)
    proposed = _proposed(made_now, moderation)
    _write_words(pages[MODERATION_PROPOSED.sheet], MODERATION_PROPOSED, proposed, max(len(proposed), 1), sources)
    notes = [{"text": line} for line in moderation.completeness.split("\n") if line]
    page, rows = pages[MODERATION_COMPLETENESS.sheet], max(COMPLETENESS_ROWS, len(notes) + 2)
    _write_words(page, MODERATION_COMPLETENESS, notes, rows, sources)
    page.put(COMPLETENESS_LINE, 0, completeness(board), "text")
    return writer.close()


def _own_headlines(moderation: Moderation) -> list[Words]:
    """People's own headlines as rows; those that come from a proposal stand on its sheet."""
    told = [(Question.WORKING_WELL, each) for each in moderation.working_well]
    told += [(Question.CONCERN, each) for each in moderation.concerns]
    return [
        {"kind": question.value, "text": headline.text, "refs": _refs(headline.refs)}
        for question, headline in told
        if not headline.key
    ]


def _refs(refs: Sequence[str]) -> str:
    return ", ".join(refs)


def _proposed(made: Sequence[Proposal], moderation: Moderation) -> list[Words]:
    """The proposals as rows with what people wrote beside them; then what was written beside others, none of it lost.

    An accepted one stands as it was accepted, whatever the figures say now: what the board reads is what people saw.
    """
    fresh: dict[str, Words] = {
        each.key: {"key": each.key, "kind": each.question.value, "text": each.text, "refs": _refs(each.refs)}
        for each in made
    }
    rows: dict[str, Words] = dict(fresh)
    left_over: list[Words] = []
    for texts in (*map(_decision_texts, moderation.decisions), *_unfinished(moderation, MODERATION_PROPOSED)):
        key = texts.get("key", "")
        if key not in fresh or rows[key] is not fresh[key]:
            left_over.append(texts)
        elif texts.get("verdict") == Verdict.ACCEPT:
            rows[key] = texts
        else:
            rows[key] = {**texts, **fresh[key]}
    return [*rows.values(), *left_over]


def _decision_texts(decision: Decision) -> Words:
    texts = {"key": decision.key, "kind": decision.question.value, "text": decision.text}
    verdict = decision.verdict.value if decision.verdict else ""
    return {**texts, "refs": _refs(decision.refs), "verdict": verdict, "words": decision.words}


def _unfinished(moderation: Moderation, table: Table) -> list[Words]:
    return [each.texts for each in moderation.unfinished if each.sheet == table.sheet]


def _write_start(page: Page, board: Board) -> None:
    period = board.period
    page.widths([110])
    page.title(f"{board.catalogue.settings.plan}: moderation of {period.label}")
    lines = (
        "Ratings: every KPI with its computed rating and how it came about. Where you agreed another rating, choose it "
        "and say why, who agreed it, and until which quarter it holds.",
        "Remarks: what the board reads beside a KPI where the lead's comment is not enough, and what is done about it.",
        "Headlines: what is working well and what is a concern, as the board will read them.",
        "Proposed: headlines drawn from the figures. The board reads those that you accept or edit, after your own.",
        "Completeness: what the board should know about missing figures.",
        f"Then run: sendkpi board {period.code}. To bring this workbook up to date after new returns, run: "
        f"sendkpi moderate {period.code}. What you wrote stays.",
    )
    for row, line in enumerate(lines, start=2):
        page.put(row, 0, line, "text")
    page.put(len(lines) + 3, 0, f"{MODERATION_IDENTITY} | {MODERATION_LAYOUT} | {period.code}", "quiet")
    page.print_setup()


def _write_ratings(
    page: Page, rated: Sequence[RatedReading], moderation: Moderation, sources: Mapping[type[StrEnum], str]
) -> None:
    table = MODERATION_RATINGS
    written, left_over = _written_ratings(moderation, {each.kpi.id for each in rated})
    rows = [({**_known(each), **written.get(each.kpi.id, {})}, _number_formats(each)) for each in rated]
    rows += [(dict(texts), {}) for texts in left_over]
    page.title(table.sheet, (HELP[table.sheet], GAPS))
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


def _written_ratings(moderation: Moderation, known: Collection[str]) -> tuple[dict[str, Words], list[Words]]:
    """What people wrote for each known KPI, and the rows that belong to none or come a second time."""
    written: dict[str, Words] = {}
    left_over: list[Words] = []
    for texts in (*map(_texts, moderation.overrides), *_unfinished(moderation, MODERATION_RATINGS)):
        kpi_id = texts.get("id", "")
        if kpi_id in known and kpi_id not in written:
            written[kpi_id] = texts
        else:
            left_over.append(texts)
    return written, left_over


def _texts(override: Override) -> Words:
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


def _write_words(
    page: Page,
    table: Table,
    lines: Sequence[Words],
    rows: int,
    sources: Mapping[type[StrEnum], str],
) -> None:
    page.title(table.sheet, (HELP[table.sheet],))
    page.table(table, rows)
    for offset in range(rows):
        words = lines[offset] if offset < len(lines) else {}
        for column, declared in enumerate(table.columns):
            style = "open" if declared.open else "locked"
            look = LOOKS.get(declared.key, {})
            page.put(table.heading_row + offset, column, words.get(declared.key), style, **look)
    for column, declared in enumerate(table.columns):
        area = (table.heading_row, column, table.heading_row + rows - 1, column)
        if declared.open and declared.choices is not None:
            page.choices(area, sources[declared.choices], declared.heading, declared.help)
        elif declared.help:
            page.validate(area, {"validate": "any", "input_title": declared.heading, "input_message": declared.help})
    page.sheet.freeze_panes(table.heading_row, 0)
    page.print_setup(table, A3 if table is MODERATION_PROPOSED else A4)
    page.sheet.protect("", PROTECTION)
