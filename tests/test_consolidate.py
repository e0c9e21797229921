"""Readings, ratings and people's last word joined: what is on the dataset, in which order, and the tidy data."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.consolidate import holds, in_board_order, moderation_findings, rate_readings
from sendkpi_xl.model import Kpi, Life
from sendkpi_xl.moderated import Moderation
from sendkpi_xl.period import Period
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Rag, Reason
from sendkpi_xl.round import read_quarter
from sendkpi_xl.tidy_columns import NUMBERS
from sendkpi_xl.tidy_data import tidy, tidy_csv, tidy_rows
from tests.board_view import KINGSTON
from tests.board_view import Q1 as KINGSTON_Q1
from tests.small_round import Q1, override, small_round

SMALL = """
    id | ref | section  | by  | title              | unit  | better           | baseline       | target | Q1           | comment
    K1 | 10  | Places   | SCH | Places created     | count | higher is better | 40             | 42     | 41           | =SUM(1)
    K2 | 9   | Places   | SCH | % of places filled | %     | higher is better | not known      | 90%    | 75% = 6 of 8 | -
    K3 |     | Places   | SCH | Balance            | £     | higher is better | -£10           | -£20   | -£15         | Under, “as agreed”
    K4 | 2   | Journeys | TRA | Journeys made      | count | context only     |                |        | not returned |
    K5 | 1   | Journeys | TRA | Journeys lost      | count | lower is better  |                | <3     | Data not yet available | In July
    """  # noqa: E501


def small(moderation: Moderation = Moderation()) -> Board:  # noqa: B008 - it is frozen
    return small_round(SMALL).board(moderation)


def test_readings_stand_in_the_boards_order() -> None:
    """Sections stand in the catalogue's order, refs by number, KPIs without a ref at the end of their section."""
    assert [(each.kpi.section, each.kpi.board_ref, each.kpi.id) for each in small().now] == [
        ("Places", "9", "K2"),
        ("Places", "10", "K1"),
        ("Places", "", "K3"),
        ("Journeys", "1", "K5"),
        ("Journeys", "2", "K4"),
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["", "1", "2", "10", "2a", "²", "x"]), min_size=2, max_size=6))
def test_any_ref_has_its_place(refs: list[str]) -> None:
    """Refs that are numbers come first, by size; whatever else stands there comes after, and nothing is lost."""
    catalogue = small().catalogue
    kpis = tuple(replace(catalogue.kpis[0], id=f"K{at}", board_ref=ref) for at, ref in enumerate(refs))
    ordered = [kpi.board_ref for kpi in in_board_order(replace(catalogue, kpis=kpis))]
    assert sorted(ordered) == sorted(refs)
    numbers = [ref in ("1", "2", "10") for ref in ordered]
    assert numbers == sorted(numbers, reverse=True)
    assert all(int(one) <= int(two) for one, two in pairwise(ordered) if one.isdecimal() and two.isdecimal())


def test_only_live_kpis_are_rated() -> None:
    """Proposed, paused and retired KPIs have no row, and the readings of the others are not shifted by them."""
    drawn = small_round(SMALL)
    lives = (Life.PROPOSED, Life.LIVE, Life.PAUSED, Life.RETIRED, Life.LIVE)
    kpis = tuple(replace(kpi, life=life) for kpi, life in zip(drawn.catalogue.kpis, lives, strict=True))
    rated = rate_readings(replace(drawn.catalogue, kpis=kpis), drawn.gathered[Q1], Moderation())
    assert [(each.kpi.id, each.reading.kpi_id, each.reading.value) for each in rated] == [
        ("K2", "K2", 0.75),
        ("K5", "K5", None),
    ]


def one(value: str, ref: str = "1") -> Board:
    return small_round(f"""
        id | ref   | section | by  | title          | unit  | better           | target | Q1
        K1 | {ref} | Places  | SCH | Places created | count | higher is better | 42     | {value}
        """).board()


@pytest.mark.parametrize(
    ("value", "with_ref", "without_ref"),
    [
        ("41", True, True),
        ("query", True, True),
        ("not returned", True, False),
        (Reason.NOT_YET.value, False, False),
        (Reason.NOT_THIS_QUARTER.value, True, True),
        (Reason.ANOTHER_KPI.value, True, True),
        (Reason.NO_CASES.value, True, True),
        (Reason.TOO_FEW.value, True, True),
        (Reason.OTHER.value, True, True),
    ],
)
def test_what_the_dataset_leaves_out(value: str, with_ref: bool, without_ref: bool) -> None:
    """Data that is still to come is left off, and what was not returned unless the board knows it; all else is on."""
    assert one(value).now[0].on_dataset is with_ref
    assert one(value, "").now[0].on_dataset is without_ref


def test_an_override_puts_a_kpi_on_the_dataset() -> None:
    """What people decided about is on the dataset, whatever its status."""
    board = one(Reason.NOT_YET.value)
    moderation = Moderation(overrides=(override("K1", "A", "why", "who"),))
    (rated,) = rate_readings(board.catalogue, board.gathered, moderation)
    assert (rated.on_dataset, rated.agreed, rated.computed.rag) == (True, Rag.AMBER, None)


@pytest.mark.parametrize(
    ("reason", "who", "until", "held"),
    [
        ("why", "who", "", True),
        ("why", "who", "2023-24-Q1", True),
        ("why", "who", "2024-25-Q1", True),
        ("why", "who", "2022-23-Q4", False),
        ("why", "who", "2023", False),
        ("why", "", "", False),
        ("", "who", "", False),
        ("", "", "2023-24-Q1", False),
    ],
)
def test_an_override_holds_with_reason_and_name_until_its_quarter(
    reason: str, who: str, until: str, held: bool
) -> None:
    """Without a reason or a name, after its quarter, or until a quarter that is none, it does not hold."""
    assert holds(override("K1", "A", reason, who, until), Q1) is held


def test_a_value_without_a_board_ref_is_told() -> None:
    """A KPI that the board's dataset has not had is a finding once it has a value, and only then."""
    found = {
        value: [str(each.code) for each in moderation_findings(one(value, "").now, Moderation(), Q1)]
        for value in ("41", "query", Reason.NO_CASES.value)
    }
    assert found == {"41": ["K01"], "query": [], Reason.NO_CASES.value: []}
    assert moderation_findings(one("41").now, Moderation(), Q1) == []


def csv_rows(board: Board) -> dict[str, dict[str, str]]:
    """The rows of the tidy data's file by KPI id."""
    text = tidy_csv(tidy_rows(board.now)).decode("utf-8-sig")
    return {row["kpi_id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_the_tidy_data_tells_all_of_a_kpi() -> None:
    """Value, status, both ratings and why, what was typed and where: everything about a KPI is in its row."""
    moderation = Moderation(overrides=(override("K2", "A", "Two start in May", "The board"),))
    assert csv_rows(small(moderation))["K2"] == {
        "period": "2023-24-Q1",
        "kpi_id": "K2",
        "list_ref": "2",
        "board_ref": "9",
        "section": "Places",
        "workstream": "Schools",
        "title": "% of places filled",
        "unit": "%",
        "polarity": "higher is better",
        "status": "reported",
        "value": "0.75",
        "numerator": "6",
        "denominator": "8",
        "reason_for_blank": "",
        "symbols": "",
        "comment": "'-",
        "baseline": "",
        "baseline_words": "not known",
        "target_sign": "",
        "year_target": "0.9",
        "quarter_target": "0.9",
        "computed_rating": "R",
        "computed_because": "Red: 75% is 15.0 points below the target of 90%; amber ends at 10 points.",
        "agreed_rating": "A",
        "agreed_because": "Two start in May",
        "agreed_by": "The board",
        "since_last_quarter": "Not enough data",
        "since_last_year": "Not enough data",
        "lead_forecast": "",
        "forecast": "0.75",
        "forecast_basis": "the last value",
        "forecast_rating": "R",
        "signals": "",
        "typed": "75%",
        "converted": "",
        "file": "SCH.xlsx",
        "sheet": "SCH",
        "cell": "E6",
        "sha256": "5ha",
    }


def test_the_tidy_data_has_a_row_for_each_kpi() -> None:
    """Every live KPI is there in the board's order, reported or not; text that could run is held down."""
    columns = (
        "kpi_id",
        "status",
        "value",
        "reason_for_blank",
        "comment",
        "target_sign",
        "agreed_rating",
        "typed",
        "cell",
    )
    rows = ["|".join(row[column] for column in columns) for row in csv_rows(small()).values()]
    assert rows == [
        "K2|reported|0.75||'-||R|75%|E6",
        "K1|reported|41||'=SUM(1)||G|41|E5",
        "K3|reported|-15||Under, “as agreed”||G|'-£15|E7",
        "K5|blank with a reason||Data not yet available|In July|<|||E9",
        "K4|not returned|||||||",
    ]


def test_numbers_of_the_tidy_data_are_numbers_and_gaps_are_gaps() -> None:
    """Number columns hold numbers, with nothing where there is nothing, even where a whole column is empty."""
    frame = tidy(one("query").now)
    numbers = [
        "value",
        "numerator",
        "denominator",
        "baseline",
        "year_target",
        "quarter_target",
        "lead_forecast",
        "forecast",
    ]
    assert {str(frame[column].dtype) for column in numbers} == {"Float64"}
    assert frame["value"].isna().tolist() == [True]
    assert frame["year_target"].tolist() == [42.0]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-", "'-"),
        ("-1+1", "'-1+1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("-0.2233", "-0.2233"),
        ("-1E-3", "-1E-3"),
        ("1+1", "1+1"),
        ("£1.2m, “so far”", "£1.2m, “so far”"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_no_text_of_the_tidy_data_becomes_a_formula(text: str, stored: str) -> None:
    """Text that a spreadsheet could run is held down by an apostrophe; all else, a negative number too, stays."""
    data = tidy_csv([{"typed": text, "value": -1.5}])
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) == [["typed", "value"], [stored, "-1.5"]]


def test_numbers_are_written_as_excel_shows_them() -> None:
    """Fifteen digits and no binary noise, and no exponent for money."""
    data = tidy_csv([{"value": value} for value in (0.1 + 0.2, 31_679_272.0, 0.0021, None)])
    assert data.decode("utf-8-sig").split("\r\n") == ["value", "0.3", "31679272", "0.0021", '""', ""]


def test_the_frame_and_the_file_hold_the_same() -> None:
    """The tidy data read back from its CSV by pandas equals the frame made from the same readings."""
    board, _ = read_quarter(KINGSTON, KINGSTON_Q1)
    frame = tidy(board.now)
    data = io.BytesIO(tidy_csv(tidy_rows(board.now)))
    types = {column: "Float64" if frame[column].dtype == "Float64" else frame[column].dtype for column in frame}
    read = pd.read_csv(data, dtype=types, keep_default_na=False, na_values={column: [""] for column in NUMBERS})
    pd.testing.assert_frame_equal(read, frame)


def test_every_value_of_the_real_quarter_can_be_traced() -> None:
    """All 69 values name the file, sheet and cell they were typed in, what was typed there, and the file's hash."""
    board, _ = read_quarter(KINGSTON, KINGSTON_Q1)
    frame = tidy(board.now)
    assert len(frame) == len(board.catalogue.live()) == 125
    valued = frame[frame["value"].notna()]
    assert len(valued) == 69
    assert all(valued["file"].str.fullmatch(r"return-2021-22-Q1-\w+\.xlsx"))
    assert all(valued["cell"].str.fullmatch(r"[A-Z]\d+"))
    assert all(valued["sha256"].str.fullmatch(r"[0-9a-f]{64}"))
    assert (valued["typed"] != "").all()
    assert not valued.duplicated(["file", "sheet", "cell"]).any()


def test_the_tidy_data_of_a_later_quarter_holds_the_earlier_ones() -> None:
    """A row for each KPI and quarter so far, the first quarter first."""
    board = small_round("""
        id | ref | section | by  | title          | unit  | better           | target | Q1 | Q2
        K1 | 1   | Places  | SCH | Places created | count | higher is better | 42     | 41 | 12
        """).board()
    frame = tidy([each for rated in board.quarters.values() for each in rated])
    assert frame[["period", "kpi_id", "value", "computed_rating"]].to_numpy().tolist() == [
        ["2023-24-Q1", "K1", 41.0, "G"],
        ["2023-24-Q2", "K1", 12.0, "R"],
    ]


def test_a_kpi_is_rated_by_the_target_of_its_own_year() -> None:
    """A year for which the catalogue has no target leaves its quarters unrated."""
    drawn = small_round(SMALL)
    later = replace(drawn.gathered[Q1], period=Period(2024, 1))
    rated = {each.kpi.id: each.computed for each in rate_readings(drawn.catalogue, later, Moderation())}
    assert rated["K1"].sentence == "Not rated: no target is set."


def test_a_kpi_of_an_unknown_id_has_no_override() -> None:
    """An override belongs to its KPI alone."""
    board = small(Moderation(overrides=(override("K9", "A", "why", "who"),)))
    kpis: list[Kpi] = [each.kpi for each in board.now if each.override is not None]
    assert kpis == []
