"""The gate on what leaves: each thing that a finished workbook must not hold, and a dataset that is not the board's."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.board import board_workbook
from sendkpi_xl.gate import Stray, only_ours
from sendkpi_xl.moderated import Moderation, Remark
from sendkpi_xl.read_back import read_back
from sendkpi_xl.sheetwriter import MAKER, WorkbookWriter
from tests.board_view import opened, sheet_of, table_of
from tests.small_round import SmallRound, small_round
from tests.test_moderation import saved

SMALL = """
    id | ref | section  | by  | title              | unit  | better           | baseline | target | Q1           | comment
    K1 | 1   | Places   | SCH | Places created     | count | higher is better | 40       | 42     | 41           | =1+1
    K2 | 2   | Places   | SCH | % of places filled | %     | higher is better | 80%      | 90%    | 75% = 6 of 8 | Two more
    K3 |     | Journeys | TRA | Balance            | £     | higher is better | -£10     |        | query        |
    """  # noqa: E501


def plain() -> bytes:
    writer = WorkbookWriter("A title", "A subject", datetime(2021, 6, 30))
    writer.page("Sheet").put(0, 0, "Words", "title")
    return writer.close()


def changed(data: bytes, parts: Mapping[str, tuple[str, str]]) -> bytes:
    """The workbook with a text of each of these parts replaced; a part that is not there is added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        texts = {name: old.read(name).decode() for name in old.namelist()}
        for name, (before, after) in parts.items():
            assert before in texts.get(name, "")
            texts[name] = texts.get(name, "").replace(before, after, 1)
        for name, text in texts.items():
            new.writestr(name, text)
    return stream.getvalue()


STRAYS = {
    "a comment": ({"xl/comments1.xml": ("", "<comments/>")}, "The part xl/comments1.xml is none of ours."),
    "a macro": ({"xl/vbaProject.bin": ("", "x")}, "The part xl/vbaProject.bin is none of ours."),
    "a cache": ({"xl/pivotCache/d1.xml": ("", "<x/>")}, "The part xl/pivotCache/d1.xml is none of ours."),
    "a hidden sheet": (
        {"xl/workbook.xml": ('name="Sheet"', 'name="Sheet" state="hidden"')},
        "The sheet Sheet is hidden.",
    ),
    "a hidden row": (
        {"xl/worksheets/sheet1.xml": ('<row r="1"', '<row r="1" hidden="1"')},
        "xl/worksheets/sheet1.xml has a hidden row.",
    ),
    "a name": (
        {
            "xl/workbook.xml": (
                "</sheets>",
                '</sheets><definedNames><definedName name="Jo">Sheet!A1</definedName></definedNames>',
            )
        },
        "The name Jo is none of ours.",
    ),
    "a link out": (
        {"_rels/.rels": ("/>", ' TargetMode="External"/>')},
        "_rels/.rels leads out of the workbook.",
    ),
    "a person": (
        {"docProps/core.xml": (f"<cp:lastModifiedBy>{MAKER}<", "<cp:lastModifiedBy>Jo<")},
        "Jo is named as who wrote it.",
    ),
}


@pytest.mark.parametrize(("parts", "words"), STRAYS.values(), ids=STRAYS)
def test_what_must_not_leave(parts: Mapping[str, tuple[str, str]], words: str) -> None:
    """Each is a fault that names what is there; the workbook as it was written passes."""
    data = plain()
    assert only_ours(data, MAKER) is data
    with pytest.raises(Stray) as stray:
        only_ours(changed(data, parts), MAKER)
    assert str(stray.value) == words


def test_the_dataset_that_was_written_is_read_back() -> None:
    """The board workbook as written is the board's."""
    board = small_round(SMALL).board()
    read_back(board_workbook(board), board, "board.xlsx")


@pytest.mark.parametrize(
    ("heading", "value", "words"),
    [
        ("Q1", 40, "board.xlsx, sheet Dataset, F6 holds 40.0, and 41.0 was written."),
        ("Baseline 31st March 2023", 41, "board.xlsx, sheet Dataset, D6 holds 41.0, and 40.0 was written."),
        ("Target 23/24", None, "board.xlsx, sheet Dataset, E6 holds None, and 42.0 was written."),
        ("RAG", "R", "board.xlsx, sheet Dataset, J6 holds “R”, and “G” was written."),
        ("Comment", "more", "board.xlsx, sheet Dataset, K6 holds “more”, and “=1+1” was written."),
        ("Ref", 2, "board.xlsx, sheet Dataset, B6 holds “2”, and “1” was written."),
        ("Section", "x", "board.xlsx, sheet Dataset, A6 holds “x”, and “Places” was written."),
    ],
)
def test_a_dataset_that_is_another_is_a_fault(heading: str, value: object, words: str) -> None:
    """One changed cell is told with its place, what it holds and what was written."""
    board = small_round(SMALL).board()
    book = opened(board_workbook(board))
    table_of(sheet_of(book, "Dataset"))[0][heading].value = value  # type: ignore[assignment]
    with pytest.raises(Stray) as stray:
        read_back(saved(book), board, "board.xlsx")
    assert str(stray.value) == words


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60) | st.sampled_from(["_x0041_", "\u2028", " \u00a0", "\x85", "a\r\nb", "=1", "\ufeffx"]))
def test_whatever_people_write_is_read_back(comment: str) -> None:
    """No comment is taken for one that was not written."""
    board = small_round(SMALL).board(Moderation(remarks=(Remark("K1", comment), Remark("K3", f"{comment} {comment}"))))
    read_back(board_workbook(board), board, "board.xlsx")


@pytest.mark.parametrize("ref", ["007", "0", "2a", "٣", "²", " 7 ", "1e5", "=1"])
def test_any_ref_is_read_back(ref: str) -> None:
    """A ref that is a number stands there as one, whatever it was written as in the catalogue."""
    drawn = small_round(SMALL)
    kpis = tuple(replace(kpi, board_ref=ref) if kpi.id == "K1" else kpi for kpi in drawn.catalogue.kpis)
    board = SmallRound(replace(drawn.catalogue, kpis=kpis), drawn.gathered).board()
    read_back(board_workbook(board), board, "board.xlsx")


def test_a_dataset_with_a_row_less_is_a_fault() -> None:
    """Rows are counted before they are compared."""
    board = small_round(SMALL).board()
    shorter = small_round("\n".join(SMALL.splitlines()[:-2])).board()
    with pytest.raises(Stray, match=r"The dataset has 2 rows, and 3 were written\."):
        read_back(board_workbook(shorter), board, "board.xlsx")
