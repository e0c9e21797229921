"""The board workbook's front page: how complete the quarter is, its headlines, and its ratings by section."""

from __future__ import annotations

from sendkpi_xl.board_line import agreed_letter
from sendkpi_xl.layout import NO_RATING, Table
from sendkpi_xl.model import Question, Rag
from sendkpi_xl.quarter import Board, completeness
from sendkpi_xl.sheetwriter import Page, cell

HEADLINES_SHEET = "Headlines"
COUNTS_TABLE = "RatingsBySection"
QUESTION_HEIGHT = 26.0
HEADLINES_WIDTHS = (100, 9, 9, 9, 11, 9)


def write_headlines(page: Page, board: Board, table: Table) -> None:
    """Write the front page; its counts are formulas over the dataset, whose table this is."""
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
        letters = [agreed_letter(each) for each in board.rows if each.kpi.section == name]
        for column, letter in enumerate(names, start=1):
            formula = f'=COUNTIFS({areas[0]},{cell(at, 0, fixed_column=True)},{areas[1]},"{letter}")'
            page.formula(at, column, formula, letters.count(letter))
        page.formula(at, len(names) + 1, f"=SUM({cell(at, 1)}:{cell(at, len(names))})", len(letters))
    page.put(end, 0, "All sections", "heading")
    everything = [agreed_letter(each) for each in board.rows]
    totals = [*(everything.count(letter) for letter in names), len(everything)]
    for column, total in enumerate(totals, start=1):
        page.formula(end, column, f"=SUM({cell(row + 1, column)}:{cell(end - 1, column)})", total, "heading")


def _area(table: Table, key: str, rows: int) -> str:
    """The cells of one of the table's columns, as a formula on another sheet refers to them."""
    ends, column = (table.heading_row, table.heading_row + rows - 1), table.index(key)
    return f"{table.sheet}!{':'.join(cell(row, column, fixed_row=True, fixed_column=True) for row in ends)}"
