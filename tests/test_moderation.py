"""The moderation workbook: written, filled by people, read, and brought up to date without losing what they wrote."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.board import board_workbook
from sendkpi_xl.consolidate import moderation_findings, rate_readings
from sendkpi_xl.files import write_whole
from sendkpi_xl.findings import Refusal
from sendkpi_xl.moderated import Headline, Moderation, Remark, Unfinished
from sendkpi_xl.moderating import moderated, write_moderation
from sendkpi_xl.moderation import moderation_workbook
from sendkpi_xl.moderation_reader import read_moderation
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Place, Rag
from sendkpi_xl.round import read_quarter, write_templates
from tests.board_view import area_of, as_drawn, drawn, opened, sheet_of, table_drawn, table_of
from tests.conftest import LibreOffice
from tests.small_round import Q1, Q2, override, small_folder, small_round

FILE = "moderation.xlsx"
SMALL = """
    id | ref | section  | by  | title               | unit  | better           | decimals | target | Q1                     | comment
    K1 | 1   | Places   | SCH | Places created      | count | higher is better | 0        | 42     | 41                     |
    K2 | 2   | Places   | SCH | % of places filled  | %     | higher is better | 0        | 92.5%  | 75% = 6 of 8           |
    K3 |     | Journeys | TRA | Journeys made       | count | higher is better | 0        |        | No cases this quarter  |
    K4 | 3   | Journeys | TRA | Cost of a journey   | £     | lower is better  | 0        | <£20   | query                  |
    """  # noqa: E501

Edit = Mapping[str, str]


def made(board: Board, moderation: Moderation = Moderation()) -> bytes:  # noqa: B008 - it is frozen
    return moderation_workbook(moderated(board, moderation))


def small() -> Board:
    return small_round(SMALL).board()


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write(cell: Cell, text: str) -> None:
    """Type text into a cell, as text also where it looks like a formula."""
    cell.value = text
    cell.data_type = "s"


def filled(
    data: bytes,
    ratings: Mapping[str, Edit] | None = None,
    headlines: Sequence[tuple[str, str]] = (),
    completeness: Sequence[str] = (),
) -> bytes:
    """The workbook with these words typed into it: ratings by KPI id and heading, the others from the top down."""
    book = opened(data)
    rows = {str(row["KPI id"].value): row for row in table_of(sheet_of(book, "Ratings"))}
    for kpi_id, words in (ratings or {}).items():
        for heading, text in words.items():
            write(rows[kpi_id][heading], text)
    for row, (kind, text) in zip(table_of(sheet_of(book, "Headlines")), headlines, strict=False):
        write(row["Question"], kind)
        write(row["Headline"], text)
    for row, text in zip(table_of(sheet_of(book, "Completeness")), completeness, strict=False):
        write(row["Note on completeness"], text)
    return saved(book)


def refreshed(data: bytes, board: Board) -> bytes:
    """What `sendkpi moderate` makes of a filled workbook: read, rated anew, written."""
    moderation, _ = read_moderation(data, FILE, board.period)
    return made(board, moderation)


def written(data: bytes) -> str:
    """All that people wrote in a workbook, as lines: KPI id and open cells, then headlines, then completeness."""
    book = opened(data)
    lines = []
    for name, first in (("Ratings", "KPI id"), ("Headlines", None), ("Completeness", None)):
        for row in table_of(sheet_of(book, name)):
            cells = [cell for cell in row.values() if not cell.protection.locked]
            if any(cell.value for cell in cells):
                lines.append([*([row[first]] if first else []), *cells])
    return drawn(lines)


def told(data: bytes, board: Board | None = None) -> list[str]:
    """The findings that a filled workbook gives: code, cell and what was found."""
    board = board or small()
    moderation, findings = read_moderation(data, FILE, board.period)
    rated = rate_readings(board.catalogue, board.gathered, moderation)
    findings = [*findings, *moderation_findings(rated, moderation, board.period)]
    return [f"{each.code} {each.place.sheet}!{each.place.cell} {each.found}" for each in findings if each.code != "K01"]


def agreed(data: bytes) -> dict[str, str]:
    """The agreed rating of each KPI, as the board will see it."""
    board = small()
    moderation, _ = read_moderation(data, FILE, board.period)
    rated = rate_readings(board.catalogue, board.gathered, moderation)
    return {each.kpi.id: each.agreed.value if each.agreed else "-" for each in rated}


# --- Written ------------------------------------------------------------------------------------------------------


def test_the_workbook_shows_each_kpi_with_its_computed_rating() -> None:
    """Every live KPI is a row with its value, target, computed rating and sentence; what people fill is empty."""
    assert table_drawn(sheet_of(opened(made(small())), "Ratings")) == as_drawn("""
        KPI id | Board ref | Section  | Key Performance Indicator | Value | Target this quarter | Computed rating | How it came about | Agreed rating | Reason | Agreed by | Until quarter
        K1     | 1         | Places   | Places created            | 41    | 42                  | G               | Green: 41 is 2.4% below the target of 42; green up to 5%. | | | |
        K2     | 2         | Places   | % of places filled        | 75%   | 92.5%               | R               | Red: 75% is 17.5 points below the target of 92.5%; amber ends at 10 points. | | | |
        K4     | 3         | Journeys | Cost of a journey         |       | <£20                | No rating       | Not rated: no value was reported. | | | |
        K3     |           | Journeys | Journeys made             | [z]   |                     | No rating       | Not rated: no value was reported. | | | |
        """)  # noqa: E501


def test_only_the_cells_that_people_fill_are_open() -> None:
    """Each sheet is protected without a password; the agreed rating and its reasons, and all words, can be typed."""
    book = opened(made(small()))
    assert book.sheetnames == ["Start", "Ratings", "Remarks", "Headlines", "Proposed", "Completeness", "Lists"]
    for name, open_columns in (
        ("Ratings", ["Agreed rating", "Reason", "Agreed by", "Until quarter"]),
        ("Remarks", ["Comment for the board", "Action", "Owner", "By when"]),
        ("Headlines", ["Question", "Headline", "KPI refs"]),
        ("Proposed", ["Decision", "Your words"]),
        ("Completeness", ["Note on completeness"]),
    ):
        sheet = sheet_of(book, name)
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        for row in table_of(sheet):
            assert [heading for heading, cell in row.items() if not cell.protection.locked] == open_columns
    assert [len(table_of(sheet_of(book, name))) for name in ("Headlines", "Completeness")] == [40, 4]


def test_closed_choices_have_drop_downs_from_the_lists_sheet() -> None:
    """What is chosen comes from cells of the sheet Lists, on every row; refs and own words have help, and no rule."""
    book = opened(made(small()))
    rules = {
        name: [
            (str(rule.sqref), rule.type, rule.formula1) for rule in sheet_of(book, name).data_validations.dataValidation
        ]
        for name in ("Ratings", "Headlines", "Proposed", "Completeness")
    }
    assert rules == {
        "Ratings": [("I5:I8", "list", "Lists!$A$5:$A$8")],
        "Headlines": [("A5:A44", "list", "Lists!$B$5:$B$6"), ("C5:C44", None, None)],
        "Proposed": [("E5:E7", "list", "Lists!$C$5:$C$7"), ("F5:F7", None, None)],
        "Completeness": [],
    }
    lists = sheet_of(book, "Lists")
    assert [lists[f"A{row}"].value for row in range(5, 9)] == ["R", "A", "G", "No rating"]
    assert [lists[f"B{row}"].value for row in (5, 6)] == ["What is working well?", "What is a concern?"]
    assert [lists[f"C{row}"].value for row in (5, 6, 7)] == ["Accept", "Edit", "Strike"]


def test_computed_and_agreed_ratings_are_coloured_by_letter() -> None:
    """A letter that is chosen takes its colour: both columns have a rule for each rating."""
    sheet = sheet_of(opened(made(small())), "Ratings")
    areas = {str(area.sqref): len(area.rules) for area in sheet.conditional_formatting}
    assert areas == {"I5:I8": 3, "G5:G8": 3}


# --- Read ---------------------------------------------------------------------------------------------------------


def test_what_people_decided_is_read() -> None:
    """Ratings, headlines of both kinds in their order, and the lines on completeness come back as they were typed."""
    data = filled(
        made(small()),
        {
            "K1": {"Agreed rating": "A", "Reason": "Two are not open", "Agreed by": "The board"},
            "K2": {"Agreed rating": "no rating", "Reason": "=6/8", "Agreed by": "Ann", "Until quarter": "2023-24-Q2"},
        },
        [
            ("What is a concern?", "Cost"),
            ("What is working well?", "Places"),
            ("What is a concern?", "Buses"),
            ("What is working well?", "=Rates"),
        ],
        ["Two came late.", "Therapies follow."],
    )
    moderation, findings = read_moderation(data, FILE, Q1)
    assert findings == []
    assert moderation.completeness == "Two came late.\nTherapies follow."
    assert [(each.text, each.place.cell) for each in moderation.working_well] == [("Places", "B6"), ("=Rates", "B8")]
    assert [(each.text, each.place.cell) for each in moderation.concerns] == [("Cost", "B5"), ("Buses", "B7")]
    assert [(o.kpi_id, o.rag, o.reason, o.who, o.until, str(o.place)) for o in moderation.overrides] == [
        ("K1", Rag.AMBER, "Two are not open", "The board", "", "moderation.xlsx, sheet Ratings, I5"),
        ("K2", None, "=6/8", "Ann", "2023-24-Q2", "moderation.xlsx, sheet Ratings, I6"),
    ]


def test_an_untouched_workbook_decides_nothing() -> None:
    """A workbook in which nobody wrote anything is an empty moderation without findings."""
    assert read_moderation(made(small()), FILE, Q1) == (Moderation(), [])


def test_rows_are_read_by_their_kpi_id_wherever_they_stand() -> None:
    """Sorted rows, and columns in another order, give the same decisions."""
    data = filled(made(small()), {"K2": {"Agreed rating": "A", "Reason": "why", "Agreed by": "who"}})
    book = opened(data)
    sheet = sheet_of(book, "Ratings")
    rows = [[cell.value for cell in reversed(row)] for row in area_of(sheet)]
    for row, values in zip(area_of(sheet), [rows[0], *reversed(rows[1:])], strict=True):
        for cell, value in zip(row, values, strict=True):
            cell.value = value
    moved, findings = read_moderation(saved(book), FILE, Q1)
    assert findings == []
    assert [(o.kpi_id, o.rag, o.reason, o.who, o.place.cell) for o in moved.overrides] == [
        ("K2", Rag.AMBER, "why", "who", "D7")
    ]


# --- Refreshed ----------------------------------------------------------------------------------------------------

FULL = {"Agreed rating": "A", "Reason": "why", "Agreed by": "who", "Until quarter": "2023-24-Q1"}


def test_a_refresh_keeps_what_people_wrote_after_the_returns_changed() -> None:
    """New values and computed ratings come in; every word that people wrote stays in its place."""
    data = filled(made(small()), {"K1": FULL, "K3": FULL}, [("What is a concern?", "Cost")], ["Late."])
    later = small_round(SMALL.replace("| 41  ", "| 12  ").replace("| query", "| £25  ")).board()
    new = refreshed(data, later)
    assert written(new) == written(data)
    rows = {str(row["KPI id"].value): row for row in table_of(sheet_of(opened(new), "Ratings"))}
    assert [(key, rows[key]["Value"].value, rows[key]["Computed rating"].value) for key in rows] == [
        ("K1", 12, "R"),
        ("K2", 0.75, "R"),
        ("K4", 25, "R"),
        ("K3", "[z]", "No rating"),
    ]


BEGUN = {
    "agreed without a reason": (
        {"K1": {"Agreed rating": "A", "Agreed by": "who"}},
        ["M01 Ratings!I5 An agreed rating without a reason."],
    ),
    "agreed without a name": (
        {"K1": {"Agreed rating": "A", "Reason": "why"}},
        ["M01 Ratings!I5 An agreed rating without a name."],
    ),
    "agreed alone": (
        {"K1": {"Agreed rating": "A"}},
        ["M01 Ratings!I5 An agreed rating without a reason and a name."],
    ),
    "a reason without a rating": ({"K1": {"Reason": "why"}}, ["T05 Ratings!I5 The cell is empty."]),
    "a name without a rating": ({"K1": {"Agreed by": "who"}}, ["T05 Ratings!I5 The cell is empty."]),
    "a quarter without a rating": ({"K1": {"Until quarter": "2023-24-Q1"}}, ["T05 Ratings!I5 The cell is empty."]),
    "an unknown rating": (
        {"K1": {**FULL, "Agreed rating": "Ambr"}},
        ["T03 Ratings!I5 “Ambr” is not one of the choices."],
    ),
    "an unknown quarter": (
        {"K1": {**FULL, "Until quarter": "Christmas"}},
        ["T09 Ratings!L5 “Christmas” is not a quarter."],
    ),
    "lapsed": (
        {"K1": {**FULL, "Until quarter": "2022-23-Q4"}},
        ["M02 Ratings!I5 This override lapsed after 2022-23-Q4."],
    ),
    "lapsed and without a name": (
        {"K1": {"Agreed rating": "A", "Reason": "why", "Until quarter": "2022-23-Q4"}},
        ["M01 Ratings!I5 An agreed rating without a name.", "M02 Ratings!I5 This override lapsed after 2022-23-Q4."],
    ),
}


@pytest.mark.parametrize(("ratings", "findings"), BEGUN.values(), ids=BEGUN)
def test_a_rating_that_cannot_count_is_told_and_kept(ratings: Mapping[str, Edit], findings: Sequence[str]) -> None:
    """The computed rating stands, a finding says what is missing, and a refresh loses nothing of what was begun."""
    data = filled(made(small()), ratings)
    assert told(data) == findings
    assert agreed(data) == {"K1": "G", "K2": "R", "K3": "-", "K4": "-"}
    new = refreshed(data, small())
    assert written(new) == written(data)
    assert told(new) == findings
    assert refreshed(new, small()) == new


def test_the_last_quarter_of_an_override_is_one_in_which_it_holds() -> None:
    """An override until this quarter, a later one or no quarter holds, and nothing is found."""
    for until in ("2023-24-Q1", "2023-24-q2", "2024-25-Q1", ""):
        data = filled(made(small()), {"K1": {**FULL, "Until quarter": until}})
        assert told(data) == []
        assert agreed(data)["K1"] == "A"


def test_an_override_that_is_the_computed_rating_by_now_is_noted() -> None:
    """It counts, and the team is told that it could clear it."""
    data = filled(made(small()), {"K1": {**FULL, "Agreed rating": "G"}})
    assert told(data) == ["M03 Ratings!I5 The computed rating is the agreed one by now."]
    assert agreed(data)["K1"] == "G"


def test_a_rating_agreed_without_a_value_is_to_be_checked() -> None:
    """It counts, and the team is asked for the value; agreeing on no rating there is nothing to ask about."""
    data = filled(made(small()), {"K4": FULL, "K3": {**FULL, "Agreed rating": "No rating"}})
    assert told(data) == [
        "M04 Ratings!I7 A rating is agreed for a KPI without a value.",
        "M03 Ratings!I8 The computed rating is the agreed one by now.",
    ]
    assert agreed(data)["K4"] == "A"


def test_headlines_that_cannot_stand_are_told_and_kept() -> None:
    """A headline without its question, or with an unknown one, is a finding; a refresh puts them after the others."""
    lines = [("", "Whose?"), ("What is a concern?", "Cost"), ("Good news", "Places"), ("What is working well?", "")]
    data = filled(made(small()), headlines=lines)
    assert told(data) == [
        "T05 Headlines!A5 The cell is empty.",
        "T03 Headlines!A7 “Good news” is not one of the choices.",
    ]
    new = refreshed(data, small())
    assert written(new) == as_drawn("""
        What is a concern?    | Cost   |
                              | Whose? |
        Good news             | Places |
        What is working well? |        |
        """)
    assert refreshed(new, small()) == new


def with_row(data: bytes, cells: Mapping[str, str]) -> bytes:
    """The workbook with one more row below the ratings, as a person who lifted the protection would add it."""
    book = opened(data)
    sheet = sheet_of(book, "Ratings")
    last = area_of(sheet)[-1][0].row
    for heading, cell in table_of(sheet)[-1].items():
        below = sheet.cell(last + 1, cell.column)
        assert isinstance(below, Cell)
        below.value = cells.get(heading)
    sheet.tables["Moderation"].ref = f"A4:L{last + 1}"
    return saved(book)


@pytest.mark.parametrize(
    ("cells", "findings"),
    [
        (
            {"KPI id": "K9", **FULL},
            ["T09 Ratings!I9 K9 is not the id of a live KPI, so what stands in its row is not used."],
        ),
        (FULL, ["T09 Ratings!I9 An empty id is not the id of a live KPI, so what stands in its row is not used."]),
        ({"KPI id": "K9", "Reason": "why"}, ["T05 Ratings!I9 The cell is empty."]),
        (
            {"KPI id": "K2", **FULL, "Agreed rating": "G"},
            ["T06 Ratings!A9 K2 is here again; it stands already in moderation.xlsx, sheet Ratings, A6."],
        ),
    ],
    ids=["unknown id", "no id", "unknown id, begun", "second row"],
)
def test_rows_that_belong_to_no_kpi_are_told_and_kept(cells: Mapping[str, str], findings: Sequence[str]) -> None:
    """A row for a KPI that is not live, without an id, or a second one, is a finding; a refresh keeps it at the end."""
    data = with_row(filled(made(small()), {"K2": FULL}), cells)
    assert told(data) == findings
    assert agreed(data) == {"K1": "G", "K2": "A", "K3": "-", "K4": "-"}
    new = refreshed(data, small())
    last = [cell.value or "" for cell in area_of(sheet_of(opened(new), "Ratings"))[-1]]
    assert [last[0], *last[8:]] == [
        cells.get(heading, "") for heading in ("KPI id", "Agreed rating", "Reason", "Agreed by", "Until quarter")
    ]
    assert told(new) == findings
    assert refreshed(new, small()) == new


def test_an_untouched_second_row_is_no_matter() -> None:
    """Only rows in which people wrote something count."""
    assert told(with_row(filled(made(small()), {"K2": FULL}), {"KPI id": "K2"})) == []


def test_an_override_of_a_retired_kpi_is_kept_until_someone_clears_it() -> None:
    """A KPI that is no longer live leaves its row, and what was agreed for it, at the end of the sheet."""
    data = filled(made(small()), {"K1": FULL, "K2": FULL})
    without = small_round("\n".join(line for line in SMALL.splitlines() if "Places created" not in line)).board()
    new = refreshed(data, without)
    assert written(new) == as_drawn("""
        K2 | A | why | who | 2023-24-Q1
        K1 | A | why | who | 2023-24-Q1
        """)
    assert told(new, without) == [
        "T09 Ratings!I8 K1 is not the id of a live KPI, so what stands in its row is not used."
    ]


def test_more_headlines_than_rows_get_more_rows() -> None:
    """However many headlines and lines there are, the refreshed workbook has room for some more."""
    headlines = tuple(Headline(f"Headline {number}") for number in range(1, 61))
    completeness = "\n".join(f"Line {number}" for number in range(1, 8))
    book = opened(made(small(), Moderation(completeness, headlines)))
    assert [len(table_of(sheet_of(book, name))) for name in ("Headlines", "Completeness")] == [70, 9]


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=20
).map(str.strip).filter(bool)  # fmt: skip
maybe = st.just("") | words
overrides = st.builds(
    override,
    st.sampled_from(["K1", "K2", "K3", "K9"]),
    st.sampled_from(["R", "A", "G", "No rating"]),
    maybe,
    maybe,
    st.sampled_from(["", "2023-24-Q1", "2020-21-Q4"]),
)
begun_ratings = st.fixed_dictionaries({"id": st.just("K4")}, optional={"reason": words, "who": words, "until": words})
begun_headlines = st.builds(lambda text: Unfinished("Headlines", {"text": text}), words)
headlines = st.builds(Headline, words, st.lists(st.sampled_from(["1", "19", "2a", "?"]), max_size=3).map(tuple))
remarks = st.builds(Remark, st.sampled_from(["K1", "K2", "K3", "K9"]), words, maybe, maybe, maybe)
moderations = st.builds(
    Moderation,
    completeness=st.lists(words, max_size=6).map("\n".join),
    working_well=st.lists(headlines, max_size=4).map(tuple),
    concerns=st.lists(headlines, max_size=4).map(tuple),
    overrides=st.lists(overrides, max_size=4, unique_by=lambda each: each.kpi_id).map(
        lambda each: tuple(sorted(each, key=lambda one: one.kpi_id))
    ),
    remarks=st.lists(remarks, max_size=4, unique_by=lambda each: each.kpi_id).map(
        lambda each: tuple(sorted(each, key=lambda one: one.kpi_id))
    ),
    unfinished=st.tuples(
        begun_ratings.filter(lambda texts: len(texts) > 1).map(lambda texts: Unfinished("Ratings", texts)),
        begun_headlines,
    ),
)


def without_places(moderation: Moderation) -> Moderation:
    """The same words, wherever they stand."""
    lists = ("overrides", "working_well", "concerns", "decisions", "remarks")
    nowhere = {name: tuple(replace(each, place=Place("")) for each in getattr(moderation, name)) for name in lists}
    return replace(moderation, **nowhere)


@settings(max_examples=60, deadline=None)
@given(moderations)
def test_whatever_was_written_is_read_and_written_again(moderation: Moderation) -> None:
    """Reading a written moderation gives it back, word for word, and refreshing it again changes no byte."""
    board = small()
    data = made(board, moderation)
    back, _ = read_moderation(data, FILE, Q1)
    assert without_places(back) == without_places(moderation)
    assert refreshed(data, board) == data


def test_the_same_moderation_gives_the_same_bytes() -> None:
    """Two runs write the same file, byte for byte."""
    assert made(small()) == made(small())


# --- Refused ------------------------------------------------------------------------------------------------------


def refusal(data: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        read_moderation(data, FILE, Q1)
    return "\n".join(f"{each.code} {each.place}: {each.found} {each.action}" for each in refused.value.findings)


def test_another_quarters_workbook_is_refused() -> None:
    """The second quarter's moderation is not taken for the first's."""
    second = small_round(SMALL.replace("| Q1 ", "| Q2 ")).board()
    assert second.period == Q2
    assert refusal(made(second)) == (
        "T09 moderation.xlsx: It is not the moderation workbook of 2023-24-Q1. "
        "Move it away and run sendkpi moderate 2023-24-Q1."
    )


def test_another_workbook_is_refused() -> None:
    """A workbook without our mark is not the moderation workbook, nor is one of ours of another kind."""
    plain = Workbook()
    plain["Sheet"]["A1"] = "Ratings"
    for data in (saved(plain), board_workbook(small())):
        assert "It is not the moderation workbook of 2023-24-Q1." in refusal(data)


def test_a_file_that_is_no_workbook_is_refused() -> None:
    """Bytes that are no workbook are refused in words."""
    assert refusal(b"not a workbook").startswith("F02 moderation.xlsx: ")


def test_a_renamed_sheet_is_refused_by_name() -> None:
    """A sheet that is missing is named, with the sheets that were seen."""
    book = opened(made(small()))
    sheet_of(book, "Headlines").title = "Headline"
    assert refusal(saved(book)).startswith(
        "T08 moderation.xlsx: There is no sheet “Headlines”; "
        "the sheets are: Start, Ratings, Remarks, Headline, Proposed, Completeness, Lists. "
    )


def test_a_missing_heading_is_refused_by_name() -> None:
    """Without its column, what people agreed could be lost: the heading is named, and nothing is read."""
    book = opened(made(small()))
    heading: Cell | Worksheet = area_of(sheet_of(book, "Ratings"))[0][8]
    assert isinstance(heading, Cell)
    heading.value = "RAG"
    assert refusal(saved(book)).startswith("T01 moderation.xlsx, sheet Ratings, row 4: No column “Agreed rating”;")


def test_the_repositorys_moderation_reads_without_a_finding() -> None:
    """The real quarter's moderation workbook holds ten overrides and ten headlines, and nothing unfinished."""
    path = Path(__file__).parent.parent / "inputs" / "2021-22-Q1" / FILE
    moderation, findings = read_moderation(path.read_bytes(), FILE, replace(Q1, start_year=2021))
    assert findings == []
    assert (len(moderation.overrides), len(moderation.working_well), len(moderation.concerns)) == (10, 4, 6)
    assert moderation.unfinished == ()


@pytest.mark.libreoffice
def test_a_workbook_saved_by_libreoffice_reads_the_same(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """Filled in and saved by LibreOffice, it gives the same decisions, and can be brought up to date."""
    board = small()
    data = filled(
        made(board),
        {"K1": FULL, "K2": {"Reason": "=6/8"}},
        [("What is a concern?", "Cost"), ("", "Whose?")],
        ["Two came late.", "Therapies follow."],
    )
    (tmp_path / FILE).write_bytes(data)
    again = libreoffice.convert(tmp_path / FILE, "xlsx", tmp_path / "saved").read_bytes()
    assert read_moderation(again, FILE, Q1) == read_moderation(data, FILE, Q1)
    assert refreshed(again, board) == refreshed(data, board)


def test_a_new_workbook_begins_with_the_overrides_that_still_hold(tmp_path: Path) -> None:
    """What was agreed until a later quarter is carried over; what has lapsed, or was for one quarter only, is not."""
    folder = small_folder(tmp_path, SMALL)
    kept = override("K1", "R", "Two places were lost again.", "Head of places", "2023-24-Q3")
    gone = override("K2", "G", "Agreed for the summer.", "Head of places", "2023-24-Q1")
    once = override("K4", "A", "Agreed for now.", "Head of places")
    board, _ = read_quarter(folder, Q1)
    write_whole(folder.moderation(Q1), made(board, Moderation(overrides=(kept, gone, once))))
    write_templates(folder, Q2)
    folder.returns(Q2).mkdir()
    for template in folder.templates(Q2).iterdir():
        (folder.returns(Q2) / template.name).write_bytes(template.read_bytes())
    write_moderation(folder, Q2)
    written, findings = read_moderation(folder.moderation(Q2).read_bytes(), FILE, Q2)
    assert [replace(each, place=kept.place) for each in written.overrides] == [kept]
    assert findings == []
