"""The board's dataset for 2021/22 quarter 1, made from the six returns, equals the one that was published."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from decimal import Decimal

import pytest
from openpyxl.cell.cell import Cell

from sendkpi_xl.catalogue import load_catalogue
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.model import Catalogue
from sendkpi_xl.round import write_board
from tests.board_view import Q1, ROOT, opened, sheet_of, table_of
from tests.published import PublishedRow, published_headlines, published_rows

BASELINE, TARGET = "Baseline 31st March 2021", "Target 21/22"
Line = tuple[PublishedRow, dict[str, Cell]]

DIFFER = ["14", "26", "29", "31", "32", "33", "51", "59", "65", "75"]
"""The board refs whose published rating people must have decided: the policy alone says otherwise."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> WorkingFolder:
    """A copy of the real inputs, from which the quarter's board workbook was made."""
    root = tmp_path_factory.mktemp("kingston")
    shutil.copytree(ROOT / "inputs", root / "inputs")
    folder = WorkingFolder(root)
    write_board(folder, Q1)
    return folder


@pytest.fixture(scope="module")
def lines(folder: WorkingFolder) -> list[Line]:
    """Each published row with the row of the sheet Dataset that stands in its place."""
    rows = table_of(sheet_of(opened(folder.board(Q1)), "Dataset"))
    return list(zip(published_rows(), rows, strict=True))


@pytest.fixture(scope="module")
def ratings(folder: WorkingFolder) -> dict[str, dict[str, object]]:
    """The rows of the sheet Ratings by board ref."""
    rows = table_of(sheet_of(opened(folder.board(Q1)), "Ratings"))
    return {str(row["Ref"].value): {heading: cell.value for heading, cell in row.items()} for row in rows}


def printed_number(text: str) -> Decimal | None:
    """The number that a printed text is: `£6,564,065`, `-30.09%`, `<5%`, `42`; None for other words."""
    match = re.fullmatch(r"<?(-?)£?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(%?)", text)
    if match is None:
        return None
    number = Decimal(f"{match[1]}{match[2].replace(',', '')}{match[3] or ''}")
    return number / 100 if match[4] else number


def is_number(cell: Cell, number: Decimal) -> bool:
    """Whether the cell holds exactly this number, as a number."""
    return isinstance(cell.value, int | float) and Decimal(repr(cell.value)) == number


def otherwise(lines: Sequence[Line], heading: str, printed: str) -> list[tuple[str, str, object]]:
    """Ref, printed text and our cell of the rows that do not say in this column what was printed there.

    A printed number must be the cell's number, `<` part of its format; printed words must stand in the cell or in the
    row's comment; where nothing was printed, the cell must say so and hold no number.
    """
    found: list[tuple[str, str, object]] = []
    for row, ours in lines:
        text, cell = str(getattr(row, printed)), ours[heading]
        number = printed_number(text)
        if number is not None:
            same = is_number(cell, number) and ("<" in text) == ('"<"' in cell.number_format)
        elif text:
            same = text in f"{cell.value}\n{ours['Comment'].value}"
        else:
            same = cell.value in ("None", "[x]")
        if not same:
            found.append((row.ref, text, cell.value))
    return found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("£6,564,065", "6564065"),
        ("-30.09%", "-0.3009"),
        ("<5%", "0.05"),
        ("0.25", "0.25"),
        ("42", "42"),
        ("no data", None),
        ("10 + 115", None),
        ("50% (1 out of 2 CYP)", None),
        ("1,2", None),
    ],
)
def test_the_parser_of_this_test_reads_what_is_printed(text: str, number: str | None) -> None:
    """A printed number is read with its thousands and its % sign, and nothing else is taken for one."""
    assert printed_number(text) == (None if number is None else Decimal(number))


def test_the_72_rows_stand_in_their_order(lines: Sequence[Line]) -> None:
    """Each published ref is a number in our rows, in the published order."""
    assert len(lines) == 72
    assert [ours["Ref"].value for _, ours in lines] == [int(row.ref) for row, _ in lines]


def test_the_titles_are_the_published_ones(lines: Sequence[Line]) -> None:
    """Every title is word for word the published one, but for one whose end was torn off in print."""
    other = [(row.ref, row.title, ours["Key Performance Indicator"].value) for row, ours in lines]
    torn = "% of children and young people who are satisfied with their engagement in the annual review meeting for"
    assert [each for each in other if each[1] != each[2]] == [("72", torn, f"{torn} their EHC Plan")]


def test_the_baselines_are_the_published_ones(lines: Sequence[Line]) -> None:
    """Every baseline is the published number or has its words on the row; a count under a percentage stays words."""
    assert otherwise(lines, BASELINE, "baseline") == [("51", "189", "189")]


def test_the_targets_are_the_published_ones(lines: Sequence[Line]) -> None:
    """Every target is the published number; the one that was printed without its % sign is read with it."""
    assert otherwise(lines, TARGET, "target") == [("75", "0.25", 0.0025)]
    without_sign = next(ours for row, ours in lines if row.ref == "75")
    assert without_sign[TARGET].number_format == "0.00%"
    assert "Target as published: 0.25." in str(without_sign["Comment"].value)


def test_the_first_quarter_is_the_published_one(lines: Sequence[Line]) -> None:
    """Every value is the published number or has its words on the row; a value printed in two parts is in two cells."""
    in_two_parts = {
        "51": ("20 (10.5%)", 0.105, "Number: 20."),
        "53": ("50% (1 out of 2 CYP)", 0.5, "1 out of 2 CYP"),
        "54": ("50% (1 out of 2 CYP)", 0.5, "1 out of 2 CYP"),
        "56": ("67% (8 out of 12)", 0.67, "8 out of 12"),
    }
    assert otherwise(lines, "Q1", "q1") == [(ref, printed, value) for ref, (printed, value, _) in in_two_parts.items()]
    comments = {row.ref: str(ours["Comment"].value).split("\n") for row, ours in lines}
    assert {ref: words in comments[ref] for ref, (_, _, words) in in_two_parts.items()} == dict.fromkeys(
        in_two_parts, True
    )


def test_words_printed_as_a_value_are_a_mark_and_a_comment(lines: Sequence[Line]) -> None:
    """Where words or a sum were printed for the value, the cell holds a mark or the sum, and the comment the words."""
    worded = [row.ref for row, _ in lines if row.q1 and not row.q1[0].isdigit() and printed_number(row.q1) is None]
    cells = {row.ref: (ours["Q1"].value, str(ours["Comment"].value).split("\n")[0]) for row, ours in lines}
    assert {ref: cells[ref] for ref in [*worded, "63", "29"]} == {
        "55": ("[z]", "no data (only collect responses to SEN Support survey during Spring term)"),
        "57": ("[z]", "as KPI 55"),
        "63": (125, "10 + 115"),
        "29": ("[x]", "Data not yet available."),
    }


def test_the_later_quarters_are_empty(lines: Sequence[Line]) -> None:
    """Quarters that are still to come hold nothing at all."""
    assert {cell.value for _, ours in lines for cell in (ours["Q2"], ours["Q3"], ours["Q4"])} == {None}


def test_the_ratings_are_the_published_ones(lines: Sequence[Line]) -> None:
    """Every agreed rating is the published letter; a blank is said in words."""
    ours = {row.ref: cells["RAG"].value for row, cells in lines}
    assert ours == {row.ref: row.rating or "No rating" for row, _ in lines}


def test_the_comments_are_the_published_ones(lines: Sequence[Line]) -> None:
    """Every published comment is a line of ours."""
    missing = [row.ref for row, ours in lines if row.comment not in ("", *str(ours["Comment"].value).split("\n"))]
    assert missing == []


def test_the_headlines_are_the_published_ones(folder: WorkingFolder) -> None:
    """The note on completeness and both lists of headlines stand on the first sheet, in their order."""
    sheet = sheet_of(opened(folder.board(Q1)), "Headlines")
    words = published_headlines()
    note = words.completeness[0].upper() + words.completeness[1:]
    ours = [cell.value for (cell,) in sheet.iter_rows(min_row=3, max_row=18, max_col=1)]
    assert ours == [
        note,
        "Ratings: 5 Red, 36 Amber, 24 Green; 7 without a rating.",
        "Movement: Quarter 4 2020/21 has no ratings to compare with.",
        "Missing: 56 figures (54 data not yet available, 1 not collected this quarter, 1 reported under another KPI).",
        "What is working well?",
        *words.working_well,
        "What is a concern?",
        *words.concerns,
    ]


def test_the_policy_alone_gives_62_of_the_published_ratings(
    lines: Sequence[Line], ratings: dict[str, dict[str, object]]
) -> None:
    """The computed rating differs from the published one on ten rows, and on these alone."""
    published = {row.ref: row.rating or "No rating" for row, _ in lines}
    assert [ref for ref, rating in published.items() if ratings[ref]["Computed"] != rating] == DIFFER
    assert len(published) - len(DIFFER) == 62


def test_each_rating_that_people_decided_says_why_and_who(ratings: dict[str, dict[str, object]]) -> None:
    """Each override stands beside the computed rating and its sentence, with a reason and a name; no other row has."""
    decided = {
        ref: (row["Computed"], row["Agreed"]) for ref, row in ratings.items() if row["Agreed by"] != "As computed"
    }
    assert decided == {
        "14": ("R", "A"),
        "26": ("R", "A"),
        "29": ("No rating", "G"),
        "31": ("A", "G"),
        "32": ("No rating", "A"),
        "33": ("No rating", "A"),
        "51": ("No rating", "R"),
        "59": ("No rating", "G"),
        "65": ("G", "No rating"),
        "75": ("G", "A"),
    }
    for ref in decided:
        assert str(ratings[ref]["Why people agreed otherwise"]).startswith("Published")
        assert ratings[ref]["Agreed by"] == "SEND Partnership Board, as published"
        sentence = str(ratings[ref]["How the computed rating came about"])
        assert sentence.startswith(("Green:", "Amber:", "Red:", "Not rated:"))
    assert {row["Why people agreed otherwise"] for ref, row in ratings.items() if ref not in decided} == {"As computed"}


@pytest.fixture(scope="module")
def catalogue(folder: WorkingFolder) -> Catalogue:
    """The reviewed Kingston catalogue."""
    return load_catalogue(folder.catalogue)


def test_no_kpi_has_a_tolerance_of_its_own(catalogue: Catalogue) -> None:
    """The policy explains the ratings by unit, profile and polarity, not by a tolerance for one KPI."""
    assert [kpi.id for kpi in catalogue.kpis if (kpi.green_within, kpi.amber_within) != (None, None)] == []


def test_the_one_smaller_sample_holds_for_a_whole_group(catalogue: Catalogue) -> None:
    """The smallest sample differs from the policy's for the four appeals KPIs, all of them, and no other."""
    appeals = [kpi.id for kpi in catalogue.kpis if re.search(r"\bappeal", kpi.title)]
    assert appeals == ["K122", "K123", "K124", "K125"]
    assert {kpi.id: kpi.smallest_sample for kpi in catalogue.kpis if kpi.smallest_sample is not None} == dict.fromkeys(
        appeals, 10
    )
