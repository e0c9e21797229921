"""The board workbook: headlines, the dataset, ratings with their reasons, what was not reported, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sendkpi_xl.board_notes import board_notes
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import number_format, plain
from sendkpi_xl.gather import Gathered
from sendkpi_xl.layout import (
    BOARD_IDENTITY,
    NO_RATING,
    NOT_REPORTED,
    NOTES,
    RATINGS,
    Table,
    dataset_table,
)
from sendkpi_xl.model import Catalogue, Kpi, Moderation, Rag, Sign, Status
from sendkpi_xl.moderation import board_ref
from sendkpi_xl.period import Period
from sendkpi_xl.rating import shown_decimals
from sendkpi_xl.sheetwriter import A3, Page, WorkbookWriter, cell

HEADLINES_SHEET = "Headlines"
QUESTION_HEIGHT = 26.0
HEADLINES_WIDTHS = (100, 9, 9, 9, 11, 9)
NONE = "None"
QUERY = "query"
NEW_REF = "new"
RAG_KEY = "R is red, A is amber, G is green; the notes say how they come about."


@dataclass(frozen=True, slots=True)
class Board:
    """All that the board workbook is made of; `quarters` holds the year's rated readings so far, by period."""

    catalogue: Catalogue
    period: Period
    quarters: Mapping[Period, Sequence[RatedReading]]
    gathered: Gathered
    moderation: Moderation

    @property
    def now(self) -> Sequence[RatedReading]:
        """This quarter's rated readings, in the board's order."""
        return self.quarters[self.period]

    @property
    def rows(self) -> list[RatedReading]:
        """The readings on the dataset: a KPI stays on it once a quarter of the year has had it."""
        shown = {each.kpi.id for rated in self.quarters.values() for each in rated if each.on_dataset}
        return [each for each in self.now if each.kpi.id in shown]


def board_workbook(board: Board) -> bytes:
    """The board workbook as .xlsx bytes."""
    settings = board.catalogue.settings
    made = datetime.combine(board.period.end, time())
    writer = WorkbookWriter(f"{settings.board} dataset, {board.period.label}", settings.plan, made)
    table = dataset_table(board.period)
    pages = [writer.page(name) for name in (HEADLINES_SHEET, table.sheet, RATINGS.sheet, NOT_REPORTED.sheet)]
    headlines, dataset, ratings, missing = pages
    _write_headlines(headlines, board, table)
    _write_dataset(dataset, board, table)
    _write_ratings(ratings, board)
    _write_not_reported(missing, board)
    _write_notes(writer.page(NOTES.sheet), board)
    return writer.close()


def completeness(board: Board) -> str:
    """How complete the quarter is, in figures."""
    live = len(board.now)
    reported = sum(each.reading.value is not None for each in board.now)
    returned = len({code for file in board.gathered.files for code in file.workstreams})
    return (
        f"{reported} of {live} live KPIs have a figure for {board.period.label}; {len(board.rows)} are on the dataset; "
        f"{returned} of {len(board.catalogue.workstreams)} workstreams returned."
    )


def _write_headlines(page: Page, board: Board, table: Table) -> None:
    moderation = board.moderation
    page.widths(HEADLINES_WIDTHS)
    page.title(f"{board.catalogue.settings.board} Dataset, {board.period.label}")
    page.put(1, 0, completeness(board), "text")
    row = 2
    for line in moderation.completeness.split("\n"):
        page.put(row, 0, line, "text")
        row += 1
    for question, headlines in (
        ("What is working well?", moderation.working_well),
        ("What is a concern?", moderation.concerns),
    ):
        page.put(row, 0, question, "subtitle")
        page.sheet.set_row(row, QUESTION_HEIGHT)
        for headline in headlines or ("No headline was given.",):
            row += 1
            page.put(row, 0, headline, "text")
        row += 1
    page.sheet.set_row(row, QUESTION_HEIGHT)
    _write_counts(page, board, table, row + 1)
    page.print_setup()
    page.sheet.fit_to_pages(1, 1)


def _write_counts(page: Page, board: Board, table: Table, row: int) -> None:
    """Ratings by section, counted by formula over the dataset, so that a changed letter changes the count."""
    names = {rag.value: rag.word for rag in Rag} | {NO_RATING: NO_RATING}
    for column, heading in enumerate(("Ratings by section", *names.values(), "KPIs")):
        page.put(row, column, heading, "heading")
    first, last = table.heading_row, table.heading_row + len(board.rows) - 1
    areas = [_area(table, key, first, last) for key in ("section", "rag")]
    sections = [name for name in board.catalogue.sections if any(each.kpi.section == name for each in board.rows)]
    start = row + 1
    for name in sections:
        row += 1
        page.put(row, 0, name)
        letters = [_letter(each) for each in board.rows if each.kpi.section == name]
        for column, letter in enumerate(names, start=1):
            formula = f'=COUNTIFS({areas[0]},{cell(row, 0, fixed_column=True)},{areas[1]},"{letter}")'
            page.formula(row, column, formula, letters.count(letter))
        page.formula(row, len(names) + 1, f"=SUM({cell(row, 1)}:{cell(row, len(names))})", len(letters))
    page.put(row + 1, 0, "All sections", "heading")
    everything = [_letter(each) for each in board.rows]
    totals = [*(everything.count(letter) for letter in names), len(everything)]
    for column, total in enumerate(totals, start=1):
        page.formula(row + 1, column, f"=SUM({cell(start, column)}:{cell(row, column)})", total, "heading")


def _area(table: Table, key: str, first: int, last: int) -> str:
    column = table.index(key)
    corners = (cell(row, column, fixed_row=True, fixed_column=True) for row in (first, last))
    return f"{table.sheet}!{':'.join(corners)}"


def _letter(each: RatedReading) -> str:
    return each.agreed.value if each.agreed else NO_RATING


def _write_dataset(page: Page, board: Board, table: Table) -> None:
    unreported = [f"Q{quarter}" for quarter in range(board.period.quarter + 1, 5)]
    page.title(
        f"{board.catalogue.settings.board} Dataset, {board.period.label}",
        (
            f"{RAG_KEY} “{NO_RATING}” means that there is no value or no target to rate.",
            "[x] not available, [z] not applicable, [c] too few to show: the comment says why."
            + (f" Empty cells in {', '.join(unreported)}: not reported yet." if unreported else ""),
        ),
    )
    page.put(3, 0, f"{BOARD_IDENTITY} | {board.period.code}", "quiet")
    page.table(table, len(board.rows))
    for row, each in enumerate(board.rows, start=table.heading_row):
        _write_dataset_row(page, board, table, row, each)
    rag = table.index("rag")
    page.rag_colours((table.heading_row, rag, table.heading_row + len(board.rows) - 1, rag))
    page.sheet.freeze_panes(table.heading_row, 3)
    page.print_setup(table, A3)


def _write_dataset_row(page: Page, board: Board, table: Table, row: int, each: RatedReading) -> None:
    kpi, goal = each.kpi, each.goal
    page.put(row, 0, kpi.section)
    page.put(row, 1, board_ref(kpi.board_ref) if kpi.board_ref else NEW_REF, align="center")
    page.put(row, 2, kpi.shown_title)
    _put_figure(page, row, 3, kpi, goal.baseline, otherwise=goal.baseline_words or NONE)
    _put_figure(page, row, 4, kpi, goal.target, otherwise=NONE, sign=goal.target_sign)
    for quarter in range(1, 5):
        period = Period(board.period.start_year, quarter)
        reading = next((r.reading for r in board.quarters.get(period, ()) if r.kpi.id == kpi.id), None)
        column = table.index(f"q{quarter}")
        if reading is None:
            page.put(row, column, None)
            continue
        mark = reading.reason.shorthand if reading.reason else QUERY if reading.status is Status.QUERIED else "[x]"
        _put_figure(page, row, column, kpi, reading.value, otherwise=mark)
    page.put(row, table.index("rag"), _letter(each), "rating")
    page.put(row, table.index("comment"), row_comment(each))


def _put_figure(
    page: Page, row: int, column: int, kpi: Kpi, value: float | None, *, otherwise: str, sign: Sign = Sign.AT
) -> None:
    """A number in its KPI's format, or the words that stand in its place, aligned as a number."""
    if value is None:
        page.put(row, column, otherwise, align="right")
        return
    page.put(row, column, value, num_format=number_format(kpi.unit, shown_decimals(value, kpi), sign))


def row_comment(each: RatedReading) -> str:
    """All that the board is told in words on a KPI's row: comment, fraction, why there is no value, published words."""
    reading, goal = each.reading, each.goal
    lines = [reading.comment, *_fraction(each)]
    if reading.reason is not None:
        lines.append(f"{reading.reason.value}." if reading.comment == "" else f"({reading.reason.value})")
    if reading.status is Status.QUERIED:
        lines.append("The figure is being queried with the workstream.")
    if reading.status is Status.NOT_RETURNED:
        lines.append("Not returned.")
    if goal.baseline is not None and goal.baseline_words:
        lines.append(f"Baseline: {goal.baseline_words}.")
    if goal.target_words:
        lines.append(f"Target as published: {goal.target_words}.")
    return "\n".join(filter(None, lines))


def _fraction(each: RatedReading) -> Iterable[str]:
    """The numerator and denominator in words, unless the lead's comment says them already."""
    numerator, denominator = each.reading.numerator, each.reading.denominator
    if numerator is None and denominator is None:
        return
    if numerator is None or denominator is None:
        number = plain(numerator if numerator is not None else denominator or 0)
        if not re.search(rf"\b{number}\b", each.reading.comment):
            yield f"Number: {number}." if numerator is not None else f"Out of {number}."
        return
    first, second = plain(numerator), plain(denominator)
    if not re.search(rf"\b{first}\s*(/|out of|of)\s*{second}\b", each.reading.comment):
        yield f"{first} out of {second}."


def _write_ratings(page: Page, board: Board) -> None:
    page.title("Ratings: computed and agreed", ("How each rating came about, and where people decided otherwise.",))
    page.table(RATINGS, len(board.rows))
    for row, each in enumerate(board.rows, start=RATINGS.heading_row):
        kpi, override = each.kpi, each.override
        target = None if each.standard.target is None else float(each.standard.target)
        page.put(row, 0, board_ref(kpi.board_ref) if kpi.board_ref else NEW_REF, align="center")
        page.put(row, 1, kpi.shown_title)
        mark = each.reading.reason.shorthand if each.reading.reason else "[x]"
        _put_figure(page, row, 2, kpi, each.reading.value, otherwise=mark)
        _put_figure(page, row, 3, kpi, target, otherwise=NONE, sign=each.goal.target_sign)
        page.put(row, 4, each.computed.rag.value if each.computed.rag else NO_RATING, "rating")
        page.put(row, 5, _letter(each), "rating")
        page.put(row, 6, each.computed.sentence)
        page.put(row, 7, override.reason if override else "As computed")
        page.put(row, 8, override.who if override else "As computed")
    last = RATINGS.heading_row + len(board.rows) - 1
    page.rag_colours((RATINGS.heading_row, 4, last, 5))
    page.sheet.freeze_panes(RATINGS.heading_row, 2)
    page.print_setup(RATINGS, A3)


def _write_not_reported(page: Page, board: Board) -> None:
    missing = [each for each in board.now if each.reading.value is None]
    line = f"{len(missing)} of {len(board.now)} live KPIs have no figure for {board.period.label}."
    page.title("KPIs not reported, and why", (line,))
    page.table(NOT_REPORTED, len(missing))
    for row, each in enumerate(missing, start=NOT_REPORTED.heading_row):
        kpi, reading = each.kpi, each.reading
        why = reading.reason.value if reading.reason else reading.status.value.capitalize()
        mark = reading.reason.shorthand if reading.reason else "[x]"
        values = (kpi.id, kpi.ref or NONE, kpi.board_ref or NONE, kpi.workstream, kpi.shown_title, mark, why)
        for column, value in enumerate((*values, reading.comment)):
            page.put(row, column, value)
    page.sheet.freeze_panes(NOT_REPORTED.heading_row, 0)
    page.print_setup(NOT_REPORTED)


def _write_notes(page: Page, board: Board) -> None:
    notes = board_notes(board.catalogue, board.period)
    page.title("Notes")
    page.table(NOTES, len(notes))
    for row, (about, note) in enumerate(notes, start=NOTES.heading_row):
        page.put(row, 0, about)
        page.put(row, 1, note)
    page.print_setup(NOTES)
