"""The board workbook's front page: how complete the quarter is, its ratings and how they moved, its headlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sendkpi_xl.board_line import WITHHELD, agreed_letter
from sendkpi_xl.edition import Edition
from sendkpi_xl.headline_checks import refs_of
from sendkpi_xl.layout import NO_RATING, NOT_REPORTED, Table
from sendkpi_xl.moderated import Headline, Question
from sendkpi_xl.movement import missing_words, movement_words, ratings_words, withheld_words
from sendkpi_xl.quarter import Board, completeness
from sendkpi_xl.reading import Rag
from sendkpi_xl.sheetwriter import Page, cell
from sendkpi_xl.style import FONT, INK, LINE, LOCKED_FILL, RAG_INK, SIZE, Ink

HEADLINES_SHEET = "Headlines"
COUNTS_TABLE = "RatingsBySection"
QUESTION_HEIGHT = 26.0
WIDTHS = (74, 9, 9, 9, 11, 9, 2, 14, 14, 14, 14)
CHART_ROW, CHART_COLUMN = 2, 7
CHART_SIZE = (410, 480)
CHART_GAP, CHART_TITLE = 40, 12
CHART_FONT = {"name": FONT, "size": SIZE, "color": f"#{INK}", "bold": False}
FIRST_REF, MOST_REFS = 1, 5
"""Refs stand beside a headline, one in a cell, so that each leads to its row."""
NO_RATING_INK = Ink(INK, LOCKED_FILL)


def write_headlines(page: Page, board: Board, table: Table) -> None:
    """Write the front page; its counts are formulas over the dataset, whose table this is."""
    moderation = board.moderation
    page.widths(WIDTHS)
    page.title(f"{board.catalogue.settings.board} Dataset, {board.period.label}")
    row = _write_state(page, board)
    for question, headlines in (
        (Question.WORKING_WELL, moderation.working_well),
        (Question.CONCERN, moderation.concerns),
    ):
        row = _write_question(page, row, question, headlines, _rows_of(board, table))
    page.sheet.set_row(row, QUESTION_HEIGHT)
    _write_counts(page, board, table, row + 1)
    page.print_setup()
    page.sheet.fit_to_pages(1, 1)


def _write_state(page: Page, board: Board) -> int:
    """The quarter in a few lines, with a link to what is missing; the row after them."""
    since = board.period.previous
    lines = (
        completeness(board),
        *filter(None, board.moderation.completeness.split("\n")),
        ratings_words(board.rows),
        movement_words(board.rows, board.known.get(since, ()), since),
        *_withheld(board),
        missing_words(board.now),
    )
    for row, line in enumerate(lines, start=1):
        page.put(row, 0, line, "text")
    page.link(len(lines), FIRST_REF, f"'{NOT_REPORTED.sheet}'!A1", "See which")
    return len(lines) + 1


def _withheld(board: Board) -> Sequence[str]:
    published = board.edition is Edition.PUBLISH
    return (withheld_words(board.now, board.catalogue.settings.withheld_under),) if published else ()


def _rows_of(board: Board, table: Table) -> Mapping[str, int]:
    """The row of each board ref on the dataset, counted from 1 as Excel does."""
    numbered = enumerate(board.rows, start=table.heading_row + 1)
    return {each.kpi.board_ref: row for row, each in numbered if each.kpi.board_ref}


def _write_question(
    page: Page, row: int, question: Question, headlines: Sequence[Headline], rows: Mapping[str, int]
) -> int:
    """A question with its headlines, each with links to its KPIs' rows on the dataset; the row after them."""
    page.put(row, 0, question, "subtitle")
    page.sheet.set_row(row, QUESTION_HEIGHT)
    if not headlines:
        page.put(row + 1, 0, "No headline was given.", "text")
        return row + 2
    for at, headline in enumerate(headlines, start=row + 1):
        page.put(at, 0, headline.text, "text")
        known = [ref for ref in refs_of(headline) if ref in rows]
        for column, ref in enumerate(known[:MOST_REFS], start=FIRST_REF):
            page.link(at, column, f"Dataset!C{rows[ref]}", f"KPI {ref}")
    return row + len(headlines) + 1


def _write_counts(page: Page, board: Board, table: Table, row: int) -> None:
    """Ratings by section, counted by formula over the dataset, so that a changed letter changes count and chart."""
    names = {rag.value: rag.word for rag in Rag} | {NO_RATING: NO_RATING}
    sections = board.catalogue.sections
    headings, end = ("Ratings by section", *names.values(), "KPIs"), row + len(sections) + 1
    page.plain_table(COUNTS_TABLE, row, headings, end - row)
    areas = [_area(table, key, max(len(board.rows), 1)) for key in ("section", "rag")]
    for at, name in enumerate(sections, start=row + 1):
        page.put(at, 0, name)
        letters = [agreed_letter(each) for each in board.rows if each.kpi.section == name]
        for column, letter in enumerate(names, start=1):
            among = (letter,) if letter != NO_RATING or WITHHELD not in letters else (NO_RATING, WITHHELD)
            counts = (f'COUNTIFS({areas[0]},{cell(at, 0, fixed_column=True)},{areas[1]},"{each}")' for each in among)
            page.formula(at, column, f"={'+'.join(counts)}", sum(map(letters.count, among)))
        page.formula(at, len(names) + 1, f"=SUM({cell(at, 1)}:{cell(at, len(names))})", len(letters))
    page.put(end, 0, "All sections", "heading")
    everything = [agreed_letter(each) for each in board.rows]
    rated = [everything.count(rag.value) for rag in Rag]
    totals = [*rated, len(everything) - sum(rated), len(everything)]
    for column, total in enumerate(totals, start=1):
        page.formula(end, column, f"=SUM({cell(row + 1, column)}:{cell(end - 1, column)})", total, "heading")
    _draw_counts(page, board, row + 1, end - 1)


def _draw_counts(page: Page, board: Board, first: int, last: int) -> None:
    """The counts as bars, beside the headlines; each part bears its number, so that no colour is needed to read it."""
    chart, sheet = page.writer.chart("bar", "stacked"), page.sheet.get_name()
    for column, ink in enumerate([*(RAG_INK[rag] for rag in Rag), NO_RATING_INK], start=1):
        chart.add_series(
            {
                "name": [sheet, first - 1, column],
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, column, last, column],
                "fill": {"color": f"#{ink.fill}"},
                "border": {"color": f"#{LINE}"},
                "gap": CHART_GAP,
                "data_labels": {"value": True, "num_format": "0;;", "font": {**CHART_FONT, "color": f"#{ink.text}"}},
            }
        )
    chart.set_title({"name": "Ratings by section", "name_font": {**CHART_FONT, "bold": True, "size": CHART_TITLE}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True, "num_font": CHART_FONT, "major_tick_mark": "none"})
    chart.set_legend({"position": "bottom", "font": CHART_FONT})
    chart.set_size({"width": CHART_SIZE[0], "height": CHART_SIZE[1]})
    told = [f"{name}: {_section_words(board, name)}" for name in board.catalogue.sections]
    page.place_chart(CHART_ROW, CHART_COLUMN, chart, f"Bars of the ratings by section. {'. '.join(told)}.")


def _section_words(board: Board, section: str) -> str:
    rows = [each for each in board.rows if each.kpi.section == section]
    return ratings_words(rows).removeprefix("Ratings: ").removesuffix(".")


def _area(table: Table, key: str, rows: int) -> str:
    """The cells of one of the table's columns, as a formula on another sheet refers to them."""
    ends, column = (table.heading_row, table.heading_row + rows - 1), table.index(key)
    return f"{table.sheet}!{':'.join(cell(row, column, fixed_row=True, fixed_column=True) for row in ends)}"
