"""The board workbook: headlines, the dataset, ratings with reasons, what was not reported, what if, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from msgspec import Struct

from sendkpi_xl.board_comment import reason_words, row_comment
from sendkpi_xl.board_notes import board_notes
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import board_ref, number_format
from sendkpi_xl.gathered import Gathered
from sendkpi_xl.headlines import Quarters, not_returned
from sendkpi_xl.layout import (
    BOARD_IDENTITY,
    NEW_REF,
    NO_RATING,
    NOT_REPORTED,
    NOTES,
    RATINGS,
    WHAT_IF,
    Table,
    dataset_table,
)
from sendkpi_xl.model import Catalogue, Kpi, Moderation, Question, Rag, Reading, Sign, Status
from sendkpi_xl.period import Period
from sendkpi_xl.rating import shown_decimals
from sendkpi_xl.sheetwriter import A3, Page, WorkbookWriter, cell
from sendkpi_xl.what_if import write_what_if

HEADLINES_SHEET = "Headlines"
COUNTS_TABLE = "RatingsBySection"
QUESTION_HEIGHT = 26.0
HEADLINES_WIDTHS = (100, 9, 9, 9, 11, 9)
NONE = "None"
QUERY = "query"
NOT_AVAILABLE = "[x]"
RAG_KEY = "R is red, A is amber, G is green; the notes say how they come about."


class Board(Struct, frozen=True):
    """All that the board workbook is made of; `quarters` holds the year's rated readings so far, by period.

    `last_year` holds those of the quarter before a first one, where there are any.
    """

    catalogue: Catalogue
    period: Period
    quarters: Mapping[Period, Sequence[RatedReading]]
    gathered: Gathered
    moderation: Moderation
    last_year: Quarters = {}

    @property
    def now(self) -> Sequence[RatedReading]:
        """This quarter's rated readings, in the board's order."""
        return self.quarters[self.period]

    @property
    def known(self) -> Quarters:
        """All rated readings by period, last year's among them."""
        return {**self.last_year, **self.quarters}

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
    write_what_if(writer.page(WHAT_IF.sheet), board.rows)
    _write_notes(writer.page(NOTES.sheet), board)
    return writer.close()


def completeness(board: Board) -> str:
    """How complete the quarter is, in figures, and which workstreams it lacks."""
    live = len(board.now)
    reported = sum(each.reading.value is not None for each in board.now)
    missing, expected = not_returned(board.now), len(board.catalogue.workstreams)
    names = f"; not returned: {', '.join(missing)}" if missing else ""
    return (
        f"{reported} of {live} live KPIs have a figure for {board.period.label}; {len(board.rows)} are on the dataset; "
        f"{expected - len(missing)} of {expected} workstreams returned{names}."
    )


def _write_headlines(page: Page, board: Board, table: Table) -> None:
    moderation = board.moderation
    page.widths(HEADLINES_WIDTHS)
    page.title(f"{board.catalogue.settings.board} Dataset, {board.period.label}")
    lines = [completeness(board), *filter(None, moderation.completeness.split("\n"))]
    for row, line in enumerate(lines, start=1):
        page.put(row, 0, line, "text")
    row = len(lines) + 1
    for question, headlines in (
        (Question.WORKING_WELL, moderation.working_well),
        (Question.CONCERN, moderation.concerns),
    ):
        page.put(row, 0, question, "subtitle")
        page.sheet.set_row(row, QUESTION_HEIGHT)
        for headline in [each.text for each in headlines] or ["No headline was given."]:
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
    sections = board.catalogue.sections
    headings, end = ("Ratings by section", *names.values(), "KPIs"), row + len(sections) + 1
    heading = {"header_format": page.writer.format("heading")}
    columns = [{"header": name, **heading} for name in headings]
    options = {"name": COUNTS_TABLE, "style": None, "autofilter": False, "columns": columns}
    page.sheet.add_table(row, 0, end, len(headings) - 1, options)
    areas = [_area(table, key, max(len(board.rows), 1)) for key in ("section", "rag")]
    for at, name in enumerate(sections, start=row + 1):
        page.put(at, 0, name)
        letters = [_letter(each) for each in board.rows if each.kpi.section == name]
        for column, letter in enumerate(names, start=1):
            formula = f'=COUNTIFS({areas[0]},{cell(at, 0, fixed_column=True)},{areas[1]},"{letter}")'
            page.formula(at, column, formula, letters.count(letter))
        page.formula(at, len(names) + 1, f"=SUM({cell(at, 1)}:{cell(at, len(names))})", len(letters))
    page.put(end, 0, "All sections", "heading")
    everything = [_letter(each) for each in board.rows]
    totals = [*(everything.count(letter) for letter in names), len(everything)]
    for column, total in enumerate(totals, start=1):
        page.formula(end, column, f"=SUM({cell(row + 1, column)}:{cell(end - 1, column)})", total, "heading")


def _area(table: Table, key: str, rows: int) -> str:
    """The cells of one of the table's columns, as a formula on another sheet refers to them."""
    ends, column = (table.heading_row, table.heading_row + rows - 1), table.index(key)
    return f"{table.sheet}!{':'.join(cell(row, column, fixed_row=True, fixed_column=True) for row in ends)}"


def _letter(each: RatedReading) -> str:
    return each.agreed.value if each.agreed else NO_RATING


def _write_dataset(page: Page, board: Board, table: Table) -> None:
    unreported = ", ".join(f"Q{quarter}" for quarter in range(board.period.quarter + 1, 5))
    page.title(
        f"{board.catalogue.settings.board} Dataset, {board.period.label}",
        (
            f"{RAG_KEY} “{NO_RATING}” means that there is no value or no target to rate.",
            "[x] not available, [z] not applicable, [c] too few to show: the comment says why. Empty comment: none."
            + (f" Empty cells in {unreported}: not reported yet." if unreported else ""),
        ),
    )
    page.put(3, 0, f"{BOARD_IDENTITY} | {board.period.code}", "quiet")
    page.table(table, len(board.rows))
    for row, each in enumerate(board.rows, start=table.heading_row):
        _write_dataset_row(_Line(page, table, row), board, each)
    last, rag = table.heading_row + len(board.rows) - 1, table.index("rag")
    page.rag_colours((table.heading_row, rag, last, rag))
    page.sheet.ignore_errors({"number_stored_as_text": f"{cell(0, 0)}:{cell(last, len(table.columns) - 1)}"})
    page.sheet.freeze_panes(table.heading_row, table.index("title") + 1)
    page.print_setup(table, A3)


def _write_dataset_row(line: _Line, board: Board, each: RatedReading) -> None:
    kpi, goal = each.kpi, each.goal
    line.put("section", kpi.section)
    line.put("board_ref", board_ref(kpi.board_ref) or NEW_REF, align="center")
    line.put("title", kpi.shown_title)
    line.figure("baseline", kpi, goal.baseline, goal.baseline_words or NONE, shown_decimals(goal.baseline, kpi))
    decimals = shown_decimals(goal.target, kpi)
    line.figure("target", kpi, goal.target, goal.target_words or NONE, decimals, goal.target_sign)
    for quarter in range(1, 5):
        _write_quarter(line, board, each, Period(board.period.start_year, quarter))
    line.put("rag", _letter(each), "rating")
    line.put("comment", row_comment(each))


def _write_quarter(line: _Line, board: Board, each: RatedReading, period: Period) -> None:
    """A quarter's figure, or the mark that stands for it; empty for a quarter that is still to come."""
    key = f"q{period.quarter}"
    if period > board.period:
        line.put(key, None)
        return
    reading = next((r.reading for r in board.quarters.get(period, ()) if r.kpi.id == each.kpi.id), None)
    line.figure(key, each.kpi, reading.value if reading else None, _mark(reading), each.kpi.decimals)


def _mark(reading: Reading | None) -> str:
    """What stands in a figure's place."""
    if reading is not None and reading.status is Status.QUERIED:
        return QUERY
    return reading.reason.shorthand if reading is not None and reading.reason is not None else NOT_AVAILABLE


class _Line(Struct, frozen=True):
    """One row of a table in the making; its cells are named by their columns' keys."""

    page: Page
    table: Table
    row: int

    def put(self, key: str, value: object, style: str = "body", **more: object) -> None:
        self.page.put(self.row, self.table.index(key), value, style, **more)

    def figure(
        self, key: str, kpi: Kpi, value: float | None, otherwise: str, decimals: int, sign: Sign = Sign.AT
    ) -> None:
        """A number in its KPI's format, or the words that stand in its place, aligned as a number."""
        if value is None:
            self.put(key, otherwise, align="right")
        else:
            self.put(key, value, num_format=number_format(kpi.unit, decimals, sign))


def _write_ratings(page: Page, board: Board) -> None:
    table = RATINGS
    page.title("Ratings: computed and agreed", ("How each rating came about, and where people decided otherwise.",))
    page.table(table, len(board.rows))
    for row, each in enumerate(board.rows, start=table.heading_row):
        line, kpi, override = _Line(page, table, row), each.kpi, each.override
        target = None if each.standard.target is None else float(each.standard.target)
        line.put("board_ref", board_ref(kpi.board_ref) or NEW_REF, align="center")
        line.put("title", kpi.shown_title)
        line.figure("value", kpi, each.reading.value, _mark(each.reading), kpi.decimals)
        line.figure("quarter_target", kpi, target, NONE, shown_decimals(target, kpi), each.goal.target_sign)
        line.put("computed", each.computed.rag.value if each.computed.rag else NO_RATING, "rating")
        line.put("agreed", _letter(each), "rating")
        line.put("sentence", each.computed.sentence)
        line.put("reason", override.reason if override else "As computed")
        line.put("who", override.who if override else "As computed")
    for column in (table.index("computed"), table.index("agreed")):
        page.rag_colours((table.heading_row, column, table.heading_row + len(board.rows) - 1, column))
    page.sheet.freeze_panes(table.heading_row, table.index("title") + 1)
    page.print_setup(table, A3)


def _write_not_reported(page: Page, board: Board) -> None:
    table = NOT_REPORTED
    missing = [each for each in board.now if each.reading.value is None]
    counted = f"{len(missing)} of {len(board.now)} live KPIs have no figure for {board.period.label}."
    page.title("KPIs not reported, and why", (f"{counted} Empty comment: none.",))
    page.table(table, len(missing))
    for row, each in enumerate(missing, start=table.heading_row):
        line, kpi, reading = _Line(page, table, row), each.kpi, each.reading
        line.put("id", kpi.id)
        line.put("ref", board_ref(kpi.ref) or NONE, align="center")
        line.put("board_ref", board_ref(kpi.board_ref) or NONE, align="center")
        line.put("workstream", kpi.workstream)
        line.put("title", kpi.shown_title)
        line.put("mark", _mark(reading), align="center")
        line.put("reason", reason_words(reading.reason) if reading.reason else reading.status.value.capitalize())
        line.put("comment", reading.comment)
    page.sheet.freeze_panes(table.heading_row, 0)
    page.print_setup(table)


def _write_notes(page: Page, board: Board) -> None:
    notes = board_notes(board.catalogue, board.period)
    page.title("Notes")
    page.table(NOTES, len(notes))
    for row, (about, note) in enumerate(notes, start=NOTES.heading_row):
        page.put(row, 0, about)
        page.put(row, 1, note)
    page.print_setup(NOTES)
