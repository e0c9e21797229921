"""The board workbook's sheet of trends: its table, the charts beside it, and what they say without being seen."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from sendkpi_xl.board import board_workbook
from sendkpi_xl.consolidate import rate_readings
from sendkpi_xl.gathered import Gathered
from sendkpi_xl.model import Profile, Unit
from sendkpi_xl.moderated import Moderation
from sendkpi_xl.period import Period
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Rag, Reading, Reason, Status
from sendkpi_xl.round import read_quarter
from sendkpi_xl.style import RAG_MARK
from sendkpi_xl.trends import Point, Scale, Trend, in_words, scale_of, trends
from tests.board_view import KINGSTON, Q1, as_drawn, opened, parts_of, sheet_of, table_drawn
from tests.chart_view import SeenChart, charts_of
from tests.conftest import LibreOffice
from tests.made_up_round import KINGSTON as CATALOGUE
from tests.printed_pages import pages_of
from tests.rating_cases import kpi_of
from tests.small_round import small_round, with_kpis
from tests.sound_workbook import faults_of

ONE_QUARTER = """
    id | ref | section | by  | title   | unit  | better           | baseline | target | Q1
    K1 | 1   | Places  | SCH | Waiting | count | lower is better  | 50       | 40     | 44
"""
TWO_QUARTERS = """
    id | ref | section  | by  | title                       | unit      | better           | baseline      | target | Q1      | Q2
    K1 | 19  | Places   | SCH | Average placement cost      | average £ | lower is better  | 13206         | 11877  | 12905   | 11900
    K2 |     | Places   | SCH | % of plans in time          | %         | higher is better | none was set  | >80%   | 85%     | 79%
    K3 | 21  | Places   | SCH | Waiting                     | count     | lower is better  | 50            | 40     | 44      | Data not yet available
    K4 | 22  | Journeys | TRA | Riders                      | count     | context only     |               |        | 1200    | 1250
    K5 | 23  | Journeys | TRA | =A1 of all buses, day by day, in each of the seven neighbourhoods | count | near target | 7 | | 7 | 8
"""  # noqa: E501
THREE_QUARTERS = """
    id | ref | section | by  | title         | unit  | better           | baseline | target | Q1 | Q2                     | Q3
    K1 | 1   | Places  | SCH | Waiting       | weeks | lower is better  | 50       | 40     | 44 | Data not yet available | 36
    K2 | 2   | Places  | SCH | Staff trained | count | higher is better | 98       | 105    | 26 | 40                     | 81
"""  # noqa: E501


def three_quarters() -> Board:
    """The board of three quarters, its second KPI a count that adds up over the year."""
    board = small_round(THREE_QUARTERS).board()
    one, two = board.catalogue.kpis
    return with_kpis(board, (one, replace(two, profile=Profile.YEAR_TO_DATE)))


def with_last_year(board: Board, values: dict[str, float]) -> Board:
    """The board with the quarter before its year, in which these were the values."""
    period = min(board.quarters).previous
    kpis = [
        replace(kpi, goals=(*kpi.goals, replace(kpi.goals[0], year=period.year, target=60.0)))
        for kpi in board.catalogue.kpis
    ]
    readings = tuple(Reading(key, period, Status.REPORTED, value) for key, value in values.items())
    catalogue = replace(board.catalogue, kpis=tuple(kpis))
    gathered = Gathered(period, readings, (), (), 0)
    return replace(board, last_year={period: rate_readings(catalogue, gathered, Moderation())})


def charts(board: Board) -> list[SeenChart]:
    return charts_of(parts_of(board_workbook(board)), "Trends")


def drawn_parts(data: bytes) -> list[str]:
    """The parts of a workbook that draw."""
    return sorted(name for name in parts_of(data) if name.startswith(("xl/charts", "xl/drawings")))


# --- When there is a sheet ----------------------------------------------------------------------------------------


def test_one_quarter_has_no_trends() -> None:
    """With one quarter there is no sheet, and no chart but the front page's, in a small round as in the real one."""
    for board in (small_round(ONE_QUARTER).board(), read_quarter(KINGSTON, Q1)[0]):
        data = board_workbook(board)
        assert trends(board) == []
        assert "Trends" not in opened(data).sheetnames
        assert drawn_parts(data) == [
            "xl/charts/chart1.xml",
            "xl/drawings/_rels/drawing1.xml.rels",
            "xl/drawings/drawing1.xml",
        ]


def test_two_quarters_without_a_second_figure_have_no_trends() -> None:
    """A second quarter in which nothing was reported draws no empty sheet."""
    drawn = ONE_QUARTER.replace("| Q1\n", "| Q1 | Q2\n").replace("| 44\n", "| 44 | not returned\n")
    assert "Trends" not in opened(board_workbook(small_round(drawn).board())).sheetnames


def test_two_quarters_have_trends_after_the_outlook() -> None:
    """From two quarters on the sheet is there, with one drawing and a part for each chart, beside the front page's."""
    data = board_workbook(small_round(TWO_QUARTERS).board())
    assert opened(data).sheetnames == [
        *("Headlines", "Exceptions", "Dataset", "Ratings", "Outlook", "Trends"),
        *("Not reported", "What if", "Notes", "Trace"),
    ]
    assert drawn_parts(data) == [
        *(f"xl/charts/chart{number}.xml" for number in (1, 2, 3, 4, 5)),
        *(
            f"xl/drawings/{folder}drawing{number}.xml{ending}"
            for folder, ending in (("_rels/", ".rels"), ("", ""))
            for number in (1, 2)
        ),
    ]
    assert faults_of(data) == []


def test_last_years_quarter_counts_as_one() -> None:
    """A first quarter has trends where the quarter before it is known."""
    board = with_last_year(small_round(ONE_QUARTER).board(), {"K1": 47.0})
    (chart,) = charts(board)
    assert chart.categories == ["Baseline", "Q4 22/23", "Q1 23/24"]
    assert chart.series == [
        "Figure | square | Trends!$D$6:$D$8 | 50 47 44",
        "Target | dash | Trends!$E$6:$E$8 | - 60 40",
        "Green | circle | Trends!$G$6:$G$8 | - 47 -",
        "Amber | triangle | Trends!$H$6:$H$8 | - - 44",
    ]
    assert chart.alternative == (
        "Waiting (lower is better): 50 at the baseline, 47 in Quarter 4 2022/23 (Green), 44 in Quarter 1 (Amber); "
        "target 60 in Quarter 4 2022/23, 40 in Quarter 1."
    )


# --- The table ----------------------------------------------------------------------------------------------------


def test_the_table_has_a_row_for_each_point() -> None:
    """Each KPI with two figures has its baseline and quarters; its figure stands again under its rating."""
    sheet = sheet_of(opened(board_workbook(small_round(TWO_QUARTERS).board())), "Trends")
    assert table_drawn(sheet) == as_drawn("""
        Ref | Key Performance Indicator       | When     | Figure      | Target  | RAG       | Green   | Amber | Red
        19  | Average placement cost          | Baseline | £13,206     |         | No rating |         |       |
        19  | Average placement cost          | Q1 23/24 | £12,905     | £11,877 | R         |         |       | £12,905
        19  | Average placement cost          | Q2 23/24 | £11,900     | £11,877 | G         | £11,900 |       |
        new | % of plans in time              | Baseline | see Dataset |         | No rating |         |       |
        new | % of plans in time              | Q1 23/24 | 85%         | >80%    | G         | 85%     |       |
        new | % of plans in time              | Q2 23/24 | 79%         | >80%    | A         |         | 79%   |
        22  | Riders                          | Baseline | None        |         | No rating |         |       |
        22  | Riders                          | Q1 23/24 | 1,200       |         | No rating |         |       |
        22  | Riders                          | Q2 23/24 | 1,250       |         | No rating |         |       |
        23  | =A1 of all buses, day by day, … | Baseline | 7           |         | No rating |         |       |
        23  | =A1 of all buses, day by day, … | Q1 23/24 | 7           |         | No rating |         |       |
        23  | =A1 of all buses, day by day, … | Q2 23/24 | 8           |         | No rating |         |       |
    """)
    table = sheet.tables["Trends"]
    assert (table.ref, table.autoFilter) == ("A5:I17", None)
    assert sheet["A2"].value == "KPIs with a chart: 4. KPIs without one, for want of figures in two quarters: 1."
    assert [str(area.sqref) for area in sheet.conditional_formatting] == ["F6:F17"]


# --- The charts ---------------------------------------------------------------------------------------------------


def test_charts_show_the_tables_cells() -> None:
    """Lines for the figure and a dashed target, a mark for each rating that there is; a baseline only if a number."""
    first, second, third, fourth = charts(small_round(TWO_QUARTERS).board())
    assert first.series == [
        "Figure | square | Trends!$D$6:$D$8 | 13206 12905 11900",
        "Target | dash | Trends!$E$6:$E$8 | - 11877 11877",
        "Green | circle | Trends!$G$6:$G$8 | - - 11900",
        "Red | diamond | Trends!$I$6:$I$8 | - 12905 -",
    ]
    assert second.categories == ["Q1 23/24", "Q2 23/24"]
    assert second.series == [
        "Figure | square | Trends!$D$10:$D$11 | 0.85 0.79",
        "Target | dash | Trends!$E$10:$E$11 | 0.8 0.8",
        "Green | circle | Trends!$G$10:$G$11 | 0.85 -",
        "Amber | triangle | Trends!$H$10:$H$11 | - 0.79",
    ]
    assert third.series == ["Figure | square | Trends!$D$13:$D$14 | 1200 1250"]
    assert [each.kinds for each in (first, second, third, fourth)] == [["lineChart"]] * 4


def test_titles_say_which_way_is_better() -> None:
    """Each chart is headed by ref and title, cut where it is long; a formula in a title stays a text."""
    assert [each.title for each in charts(small_round(TWO_QUARTERS).board())] == [
        "19  Average placement cost (lower is better)",
        "new  % of plans in time (higher is better)",
        "22  Riders",
        "23  =A1 of all buses, day by day, in each of the seven neighbourhoods (near target)",
    ]


def test_a_quarter_without_a_figure_is_a_gap() -> None:
    """A missing figure is no nought: the file keeps nothing for it, and the line has a gap there."""
    chart, _ = charts(three_quarters())
    assert chart.series[0] == "Figure | square | Trends!$D$6:$D$9 | 50 44 - 36"
    assert b'dispBlanksAs val="gap"' in parts_of(board_workbook(three_quarters()))["xl/charts/chart2.xml"]


def test_sums_are_columns_against_their_share_of_the_target() -> None:
    """What adds up over the year is no line, for the year begins at nothing again; its target grows."""
    _, chart = charts(three_quarters())
    assert chart.kinds == ["barChart", "lineChart"]
    assert chart.series == [
        "Figure |  | Trends!$D$10:$D$13 | 98 26 40 81",
        "Target | dash | Trends!$E$10:$E$13 | - 26.25 52.5 78.75",
        "Green | circle | Trends!$G$10:$G$13 | - 26 - 81",
        "Amber | triangle | Trends!$H$10:$H$13 | - - 40 -",
    ]
    assert chart.axis("min", "max", "majorUnit", "numFmt") == ["0.0", "100.0", "25.0", "#,##0"]


def test_every_chart_has_its_alternative_text() -> None:
    """A sentence with each value and rating, and the target: what a reader who does not see the chart must know."""
    boards = (small_round(TWO_QUARTERS).board(), three_quarters())
    assert [each.alternative for board in boards for each in charts(board)] == [
        "Average placement cost (lower is better): £13,206 at the baseline, £12,905 in Quarter 1 (Red), £11,900 in "
        "Quarter 2 (Green); target £11,877.",
        "% of plans in time (higher is better): 85% in Quarter 1 (Green), 79% in Quarter 2 (Amber); target >80%.",
        "Riders: 1,200 in Quarter 1 (not rated), 1,250 in Quarter 2 (not rated); no target.",
        "=A1 of all buses, day by day, in each of the seven neighbourhoods (near target): 7 at the baseline, 7 in "
        "Quarter 1 (not rated), 8 in Quarter 2 (not rated); no target.",
        "Waiting (lower is better): 50 weeks at the baseline, 44 weeks in Quarter 1 (Amber), no figure in Quarter 2, "
        "36 weeks in Quarter 3 (Green); target 40 weeks.",
        "Staff trained (year so far, higher is better): 98 at the baseline, 26 in Quarter 1 (Green), 40 in Quarter 2 "
        "(Amber), 81 in Quarter 3 (Green); target 26.25 in Quarter 1, 52.5 in Quarter 2, 78.75 in Quarter 3.",
    ]


def test_charts_are_flat_plain_and_large_enough_to_read() -> None:
    """No depth, no gradient, no italics; Arial of ten points everywhere; ratings in the colours of the workbook."""
    parts = parts_of(board_workbook(small_round(TWO_QUARTERS).board()))
    text = "".join(
        part.decode() for name, part in parts.items() if name.startswith("xl/charts/") and b"Trends!" in part
    )
    assert re.findall("gradFill|view3D|3DChart", text) == []
    assert set(re.findall(r'<a:(?:latin|cs|ea) typeface="([^"]+)"', text)) == {"Arial"}
    fonts = re.findall(r"<a:(?:defRPr|rPr)[^>]*>", text)
    assert fonts
    assert {size for each in fonts for size in re.findall(r' sz="(\d+)"', each)} == {"1000"}
    assert [each for each in fonts if 'i="1"' in each or " sz=" not in each] == []
    assert set(RAG_MARK.values()) <= set(re.findall(r'srgbClr val="(\w+)"', text))
    assert 'prstDash val="dash"' in text


def test_the_same_board_gives_the_same_bytes() -> None:
    """Charts bring no clock and no chance into the file."""
    assert board_workbook(three_quarters()) == board_workbook(three_quarters())


# --- Axes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "decimals", "values", "expected"),
    [
        (Unit.COUNT, 0, (100.0, 108.0), "100 108 2"),
        (Unit.COUNT, 0, (43.0, 44.0), "43 44 1"),  # no steps that the labels could not show
        (Unit.COUNT, 1, (4.3, 4.4), "4.3 4.4 0.1"),
        (Unit.COUNT, 0, (7.0, 7.0), "6 8 2"),
        (Unit.COUNT, 0, (0.0, 0.0), "0 1 1"),
        (Unit.COUNT, 0, (5.0, 14.0), "0 15 5"),  # labels could not show steps of 2.5
        (Unit.COUNT, 0, (0.0, 90.0), "0 100 25"),
        (Unit.COUNT, 0, (20.0, 41.0), "0 60 20"),  # the least is not half of the most: from zero
        (Unit.PERCENT, 0, (0.93, 1.0), "0.92 1.00 0.02"),
        (Unit.PERCENT, 2, (-0.3009, -0.2004), "-0.35 -0.20 0.05"),
        (Unit.MONEY, 0, (31_679_272.0, 35_000_000.0), "31000000 35000000 1000000"),
    ],
)
def test_axes_hold_all_points_in_steps_that_labels_can_show(
    unit: Unit, decimals: int, values: tuple[float, ...], expected: str
) -> None:
    """The axis begins and ends at a whole step, and no two labels read the same."""
    trend = trend_of(unit, decimals, values)
    assert scale_of(trend) == Scale(*map(Decimal, expected.split()))


def trend_of(unit: Unit, decimals: int, values: tuple[float, ...]) -> Trend:
    points = tuple(Point(f"Q{number}", f"in Quarter {number}", value) for number, value in enumerate(values, start=1))
    return Trend(kpi_of("higher", unit, decimals), (Point("Baseline", "at the baseline", None), *points), False)


def test_a_target_with_more_decimals_is_said_in_full() -> None:
    """A target is said with the decimals that it has, and with its sign once."""
    trend = trend_of(Unit.PERCENT, 0, (0.05, 0.06))
    points = tuple(replace(each, target=0.055, rag=Rag.AMBER) for each in trend.points[1:])
    assert in_words(replace(trend, points=(trend.points[0], *points))).endswith(
        "5% in Quarter 1 (Amber), 6% in Quarter 2 (Amber); target 5.5%."
    )


# --- Where they stand, and how they print -------------------------------------------------------------------------


@cache
def large() -> Board:
    """Three quarters of all of Kingston's KPIs, made up; every ninth KPI has no figure but one."""
    periods = Period(2021, 3).so_far
    gathered = {
        period: Gathered(
            period, tuple(made(number, kpi.id, period) for number, kpi in enumerate(CATALOGUE.live())), (), (), 0
        )
        for period in periods
    }
    rated = {period: rate_readings(CATALOGUE, each, Moderation()) for period, each in gathered.items()}
    return Board(CATALOGUE, periods[-1], rated, gathered[periods[-1]], Moderation())


def made(number: int, kpi_id: str, period: Period) -> Reading:
    if number % 9 == 0 and period.quarter > 1:
        return Reading(kpi_id, period, Status.BLANK, reason=Reason.NOT_YET)
    kpi = CATALOGUE.kpi(kpi_id)
    assert kpi is not None
    start = kpi.goal(period.year).target or 12.0
    return Reading(kpi_id, period, Status.REPORTED, round(start * (0.9 + number % 5 / 25 + period.quarter / 50), 4))


@cache
def large_workbook() -> bytes:
    return board_workbook(large())


def test_charts_do_not_overlap_and_no_page_break_cuts_one() -> None:
    """Each chart has its own column and rows, right of the table, and every break stands between two of them."""
    seen = charts_of(parts_of(large_workbook()), "Trends")
    sheet = sheet_of(opened(large_workbook()), "Trends")
    assert len(seen) == len(trends(large())) == 111
    assert {each.corners[0][0] for each in seen} == {10, 12}
    assert all(left == right for (left, _), (right, _) in (each.corners for each in seen))
    for column in (10, 12):
        spans = [(each.corners[0][1], each.corners[1][1]) for each in seen if each.corners[0][0] == column]
        assert all(last < first for (_, last), (first, _) in pairwise(spans))
        starts = {first for first, _ in spans}
        assert all(first < last for first, last in spans)
        assert column == 12 or {each.id for each in sheet.row_breaks.brk} <= starts
    assert len(sheet.row_breaks.brk) > 5


def test_each_chart_stands_beside_its_rows() -> None:
    """The rows that a chart shows begin within the chart's own height, or that of its neighbour on the left."""
    for each in charts_of(parts_of(large_workbook()), "Trends"):
        match = re.search(r"\$D\$(\d+):\$D\$(\d+)", each.series[0])
        assert match is not None
        first, last = (int(number) - 1 for number in match.groups())
        assert each.corners[0][1] <= first <= last <= each.corners[1][1]


def test_each_section_has_its_heading_where_it_begins() -> None:
    """A section's name stands once, above the first of its charts."""
    sheet = sheet_of(opened(large_workbook()), "Trends")
    headed = [
        (cell.row - 1, cell.value) for (cell,) in sheet.iter_rows(min_row=6, min_col=11, max_col=11) if cell.value
    ]
    counts = Counter(each.kpi.section for each in trends(large()))
    assert [name for _, name in headed] == list(counts)
    starts = [each.corners[0][1] for each in charts_of(parts_of(large_workbook()), "Trends")]
    places = [sum(list(counts.values())[:number]) for number in range(len(counts))]
    assert [row for row, _ in headed] == [starts[place] for place in places]


@pytest.mark.libreoffice
def test_each_chart_is_printed_whole_on_one_page(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """In LibreOffice no cell is an error, the pages are A3 landscape, and every chart's title and labels are on one."""
    path = tmp_path / "trends.xlsx"
    path.write_bytes(large_workbook())
    book = opened(libreoffice.convert(path, "xlsx", tmp_path / "saved"), results=True)
    cells = [cell for row in sheet_of(book, "Trends").iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "e" or str(cell.value).startswith("#")] == []
    pages = [page for page in pages_of(libreoffice.convert(path, "pdf", tmp_path)) if page.sheet == "Trends"]
    breaks = sheet_of(opened(large_workbook()), "Trends").row_breaks.brk
    assert len(pages) == len(breaks) + 1
    assert {(round(page.width), round(page.height)) for page in pages} == {(1191, 842)}
    drawn = charts_of(parts_of(large_workbook()), "Trends")
    ends = [*(each.id for each in breaks), 10_000]
    expected = [
        sum(end > each.corners[0][1] >= start for each in drawn) for start, end in zip([0, *ends], ends, strict=False)
    ]
    # Every chart's legend begins with the word Figure; the other one is the table's heading, on each page.
    assert [sum(word.text == "Figure" for word in page.words) - 1 for page in pages] == expected
