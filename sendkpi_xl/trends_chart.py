"""One KPI's chart: its figures as a line, or as columns where they add up, its target dashed, its ratings as marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from sendkpi_xl.figures import board_ref, number_format
from sendkpi_xl.findings import shortened
from sendkpi_xl.layout import NEW_REF, TRENDS
from sendkpi_xl.reading import Rag
from sendkpi_xl.sheetwriter import Page, cell
from sendkpi_xl.style import BRAND, FONT, INK, INKS, LINE, RAG_MARK, SIZE
from sendkpi_xl.trends import Point, Trend, direction, scale_of

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart

TITLE_LENGTH = 90
"""With which way is better, about two lines of a chart's width."""
QUIET = INKS["quiet"].text
SHAPES: Mapping[Rag, str] = {Rag.GREEN: "circle", Rag.AMBER: "triangle", Rag.RED: "diamond"}
MARK_SIZE = 10
PLAIN_MARK_SIZE = 5
GAP = 120
"""Between columns, in percent of a column."""


class Series(Struct, frozen=True):
    """One series of a chart: the table's column that it shows, its values there, and how it looks."""

    key: str
    values: Sequence[float | None]
    look: Mapping[str, object]


def rating_key(rag: Rag) -> str:
    """The key of the table's column with the values that have this rating."""
    return rag.word.lower()


def rated(point: Point, rag: Rag) -> float | None:
    """The point's value where it has this rating."""
    return point.value if point.rag is rag else None


def trend_chart(page: Page, trend: Trend, first_row: int) -> Chart:
    """The chart of a trend whose first point stands in this row of the table (counted from 0)."""
    marks = _marks(trend.drawn)
    line = page.writer.chart("line")
    chart = page.writer.chart("column") if trend.kpi.adds_up else line
    _add(chart, trend, first_row, _figures(trend))
    for each in marks:
        _add(line, trend, first_row, each)
    if chart is not line and marks:
        chart.combine(line)
    _dress(chart, trend)
    return chart


def _figures(trend: Trend) -> Series:
    values = [each.value for each in trend.drawn]
    if trend.kpi.adds_up:
        look: dict[str, object] = {"fill": {"color": f"#{LINE}"}, "border": {"color": f"#{BRAND}"}, "gap": GAP}
    else:
        mark = {"type": "square", "size": PLAIN_MARK_SIZE, **_filled(BRAND, BRAND)}
        look = {"line": {"color": f"#{BRAND}", "width": 2.25}, "marker": mark}
    return Series("value", values, look)


def _marks(points: Sequence[Point]) -> list[Series]:
    """The target's series and one of each rating, of those that there are."""
    dashed = {
        "line": {"color": f"#{QUIET}", "width": 1.5, "dash_type": "dash"},
        "marker": {"type": "long_dash", "size": 8, **_filled(QUIET, QUIET)},
    }
    target = Series("target", [each.target for each in points], dashed)
    ratings = [
        Series(
            rating_key(rag),
            [rated(each, rag) for each in points],
            {"line": {"none": True}, "marker": {"type": shape, "size": MARK_SIZE, **_filled(RAG_MARK[rag], INK)}},
        )
        for rag, shape in SHAPES.items()
    ]
    return [each for each in (target, *ratings) if any(value is not None for value in each.values)]


def _filled(fill: str, border: str) -> dict[str, object]:
    return {"fill": {"color": f"#{fill}"}, "border": {"color": f"#{border}"}}


def _add(chart: Chart, trend: Trend, first_row: int, series: Series) -> None:
    last_row = first_row + len(trend.points) - 1
    first_row += trend.first_drawn
    labels = [each.label for each in trend.drawn]
    chart.add_series(
        {
            "name": f"={TRENDS.sheet}!{_fixed(TRENDS.heading_row - 1, series.key)}",
            "name_data": [TRENDS.column(series.key).heading],
            "categories": _area("when", first_row, last_row),
            "categories_data": labels,
            "values": _area(series.key, first_row, last_row),
            # Without these, XlsxWriter would keep an empty cell in the file as a figure of 0.
            "values_data": list(series.values),
            **series.look,
        }
    )


def _area(key: str, first: int, last: int) -> str:
    return f"={TRENDS.sheet}!{_fixed(first, key)}:{_fixed(last, key)}"


def _fixed(row: int, key: str) -> str:
    return cell(row, TRENDS.index(key), fixed_row=True, fixed_column=True)


def chart_title(trend: Trend) -> str:
    """The chart's own title: ref, title (cut where it is long), and which way is better."""
    kpi = trend.kpi
    how = ", ".join(direction(kpi))
    title = f"{board_ref(kpi.board_ref) or NEW_REF}  {shortened(kpi.shown_title, TITLE_LENGTH)}"
    return f"{title} ({how})" if how else title


def _dress(chart: Chart, trend: Trend) -> None:
    """Title, axes and legend: one font, nothing in italics, turned or smaller than the cells."""
    scale = scale_of(trend)
    font = {"name": FONT, "size": SIZE, "color": f"#{INK}", "bold": False, "rotation": 0}
    thin = {"color": f"#{LINE}", "width": 0.75}
    chart.set_title({"name": chart_title(trend), "name_font": {**font, "bold": True}})
    chart.set_x_axis({"num_font": font, "line": thin, "label_position": "low"})
    chart.set_y_axis(
        {
            "num_font": font,
            "num_format": number_format(trend.kpi.unit, trend.kpi.decimals),
            "min": float(scale.least),
            "max": float(scale.most),
            "major_unit": float(scale.step),
            "major_gridlines": {"visible": True, "line": thin},
            "line": {"none": True},
        }
    )
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": thin, "fill": {"color": "#FFFFFF"}})
    chart.show_hidden_data()
