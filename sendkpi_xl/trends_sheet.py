"""The board workbook's sheet of trends: a table of each KPI's baseline and quarters, and beside it its charts.

Two charts stand side by side, exactly beside the rows of the table that they show, so that a page of the one is a
page of the other. The rows of a pair share the height of a chart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct

from sendkpi_xl.board_line import NONE, Line, letter_of
from sendkpi_xl.figures import board_ref
from sendkpi_xl.findings import shortened
from sendkpi_xl.layout import NEW_REF, TRENDS
from sendkpi_xl.rating import shown_decimals
from sendkpi_xl.sheetwriter import A3, Area, Page
from sendkpi_xl.trends import Point, Trend, in_words
from sendkpi_xl.trends_chart import SHAPES, rated, rating_key, trend_chart

TITLE = "Trends: each KPI since its baseline"
HELP = (
    "Line: the figure; columns: a figure that adds up over the year so far, held against the quarter's share of the "
    "year's target. Dashed: the target."
)
KEY = (
    "Ratings are marks of their own: green a circle, amber a triangle, red a diamond. In the table an empty cell under "
    "Green, Amber or Red is another rating, and an empty figure or target is none that is shown."
)
IN_WORDS = "see Dataset"
"""Stands for a baseline that was published in words: they may be too long for a row beside the charts."""
ACROSS = 2
CHART_WIDTH, CHART_HEIGHT, CHART_DOWN = 456, 236, 2
PAIR_HEIGHT = 240
"""All in pixels: a chart keeps clear of the edges of its column and of its rows, where pages break. A pair's height is
shared out over its rows, three to twelve of them, in whole pixels each."""
TITLE_HEIGHT = 100
SECTION_HEIGHT = 28
GAP_WIDTH, CHART_COLUMN = 2.0, 65.0
"""Widths of the columns beside the table, in Excel's characters; a chart is as wide as its column."""
SHORT_TITLE = 31
"""A title that fits one line of the table; the chart beside it has it in full."""
PRINT_SCALE = 75
"""Percent: the table and two charts are then as wide as an A3 page, and a little less, for programs differ."""
PAGE_HEIGHT = 1260
"""So many pixels fit an A3 page at that scale below the headings, with one part in twenty to spare."""


class Block(Struct, frozen=True):
    """At most two trends whose charts stand side by side; `section` is the heading above the first of a section."""

    trends: tuple[Trend, ...]
    section: str = ""

    @property
    def height(self) -> int:
        """In pixels."""
        return PAIR_HEIGHT + (SECTION_HEIGHT if self.section else 0)


def write_trends(page: Page, trends: Sequence[Trend], kpis: int) -> None:
    """Write the sheet of these trends (at least one), those of the `kpis` KPIs on the dataset that have one."""
    without = f"KPIs without one, for want of figures in two quarters: {kpis - len(trends)}."
    page.title(TITLE, (f"KPIs with a chart: {len(trends)}. {without}", HELP, KEY))
    page.table(TRENDS, sum(len(each.points) for each in trends), filtered=False)
    page.widths((*(column.width for column in TRENDS.columns), *(GAP_WIDTH, CHART_COLUMN) * ACROSS))
    row, used, breaks = TRENDS.heading_row, TITLE_HEIGHT, []
    for block in _blocks(trends):
        if used + block.height > PAGE_HEIGHT:
            breaks.append(row)
            used = 0
        used += block.height
        row = _write_block(page, block, row)
    page.rag_colours((TRENDS.heading_row, TRENDS.index("rag"), row - 1, TRENDS.index("rag")))
    page.sheet.freeze_panes(TRENDS.heading_row, 0)
    page.print_setup(TRENDS, A3)
    # With the pages' width fitted, Excel would pass over the breaks and cut charts in two.
    page.sheet.set_print_scale(PRINT_SCALE)
    page.sheet.set_h_pagebreaks(breaks)


def figure_cells(trends: Sequence[Trend]) -> Mapping[str, Area]:
    """The cells of the sheet that hold the quarters' figures of each of these trends, by KPI id."""
    cells, row, column = {}, TRENDS.heading_row, TRENDS.index("value")
    for trend in trends:
        cells[trend.kpi.id] = (row + 1, column, row + len(trend.points) - 1, column)
        row += len(trend.points)
    return cells


def _blocks(trends: Sequence[Trend]) -> Iterator[Block]:
    """The trends two by two, each section's from a new line on."""
    for section, group in groupby(trends, key=lambda each: each.kpi.section):
        members = tuple(group)
        for start in range(0, len(members), ACROSS):
            yield Block(members[start : start + ACROSS], "" if start else section)


def _write_block(page: Page, block: Block, first: int) -> int:
    """Write the rows and charts of a block; the row after it is returned."""
    heading, row = SECTION_HEIGHT if block.section else 0, first
    left = len(TRENDS.columns) + 1
    if block.section:
        page.put(first, left, block.section, "subtitle", valign="top")
    for place, trend in enumerate(block.trends):
        chart = trend_chart(page, trend, row)
        chart.set_size({"width": CHART_WIDTH, "height": CHART_HEIGHT})
        page.place_chart(first, left + place * ACROSS, chart, in_words(trend), heading + CHART_DOWN)
        for point in trend.points:
            _write_row(Line(page, TRENDS, row), trend, point)
            row += 1
    for each in range(first, row):
        page.fix_row(each, PAIR_HEIGHT // (row - first) + (heading if each == first else 0))
    return row


def _write_row(line: Line, trend: Trend, point: Point) -> None:
    kpi = trend.kpi
    is_baseline = point is trend.points[0]
    decimals = shown_decimals(point.value, kpi) if is_baseline else kpi.decimals
    otherwise = (IN_WORDS if trend.baseline_in_words else NONE) if is_baseline else ""
    line.put("board_ref", board_ref(kpi.board_ref) or NEW_REF, align="center")
    line.put("title", shortened(kpi.shown_title, SHORT_TITLE))
    line.put("when", point.label)
    line.figure("value", kpi, point.value, otherwise, decimals)
    line.figure("target", kpi, point.target, "", shown_decimals(point.target, kpi), point.sign)
    line.put("rag", letter_of(point.rag), "rating", valign="top")
    for rag in SHAPES:
        line.figure(rating_key(rag), kpi, rated(point, rag), "", kpi.decimals)
