"""What the team adds to a KPI for the board: a comment in place of the lead's, an action, who and by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace
from openpyxl.cell.cell import Cell

from sendkpi_xl.board import board_workbook
from sendkpi_xl.consolidate import moderation_findings
from sendkpi_xl.moderated import Moderation, Remark
from sendkpi_xl.moderating import moderated
from sendkpi_xl.moderation import moderation_workbook
from sendkpi_xl.moderation_reader import read_moderation
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Place
from tests.board_view import as_drawn, opened, sheet_of, table_drawn, table_of
from tests.small_round import Q1, small_round
from tests.test_moderation import FILE, made, saved, small, told

SMALL = """
    id | ref | section  | by  | title           | unit  | better           | target | Q1                     | comment
    K1 | 1   | Places   | SCH | Places created  | count | higher is better | 42     | 21                     | Two start in May
    K2 | 2   | Places   | SCH | % filled        | %     | higher is better | 92%    | 75% = 6 of 8           |
    K3 |     | Journeys | TRA | Journeys made   | count | higher is better |        | Data not yet available | In July
    """  # noqa: E501


def remarked(rows: Mapping[str, Mapping[str, object]]) -> bytes:
    """The moderation workbook with these words on its sheet Remarks, by KPI id and heading."""
    book = opened(made(small_round(SMALL).board()))
    by_id = {str(row["KPI id"].value): row for row in table_of(sheet_of(book, "Remarks"))}
    for kpi_id, words in rows.items():
        for heading, text in words.items():
            by_id[kpi_id][heading].value = text  # type: ignore[assignment]
    return saved(book)


def read(data: bytes) -> Board:
    board = small_round(SMALL).board()
    return small_round(SMALL).board(read_moderation(data, FILE, board.period)[0])


WORDS = {
    "K1": {"Comment for the board": "Four start in May.", "Action": "Recruit", "Owner": "SEND lead", "By when": "June"},
    "K3": {"Comment for the board": "Comes in July."},
}


def test_each_kpi_has_a_row_with_what_the_lead_said() -> None:
    """Every live KPI in the board's order, its rating, the lead's comment, and room for the team's words."""
    assert table_drawn(sheet_of(opened(remarked(WORDS)), "Remarks")) == as_drawn("""
        KPI id | Board ref | Key Performance Indicator | Rating | Comment in the return | Comment for the board | Action | Owner | By when
        K1 | 1 | Places created | R | Two start in May | Four start in May. | Recruit | SEND lead | June
        K2 | 2 | % filled | R | | | | |
        K3 | | Journeys made | No rating | In July | Comes in July. | | |
        """)  # noqa: E501


def test_what_is_written_is_read() -> None:
    """Each row with words is a remark, with its place; a date is read in words."""
    data = remarked({**WORDS, "K2": {"Action": "Ask again", "By when": date(2023, 9, 1)}})
    moderation, findings = read_moderation(data, FILE, Q1)
    assert findings == []
    assert moderation.remarks == (
        Remark("K1", "Four start in May.", "Recruit", "SEND lead", "June", Place(FILE, "Remarks", "F5")),
        Remark("K2", action="Ask again", by_when="1 September 2023", place=Place(FILE, "Remarks", "G6")),
        Remark("K3", "Comes in July.", place=Place(FILE, "Remarks", "F7")),
    )


def test_the_board_reads_the_teams_comment() -> None:
    """In place of the lead's, with the fraction and the reason for a blank beside it as always."""
    book = opened(board_workbook(read(remarked(WORDS))))
    comments = {
        str(row["Key Performance Indicator"].value): row["Comment"] for row in table_of(sheet_of(book, "Dataset"))
    }
    assert text_of(comments) == {"Places created": "Four start in May.", "% filled": "6 out of 8."}
    missing = {str(row["KPI id"].value): row["Comment"] for row in table_of(sheet_of(book, "Not reported"))}
    assert text_of(missing) == {"K3": "Comes in July."}


def text_of(cells: Mapping[str, Cell]) -> dict[str, object]:
    return {name: cell.value for name, cell in cells.items()}


def test_a_refresh_keeps_every_word() -> None:
    """After new returns too, and rows that belong to no KPI stay below the others."""
    data = remarked(WORDS)
    stranger = Remark("K9", action="Look for it")
    moderation, _ = read_moderation(data, FILE, Q1)
    with_stranger = Moderation(remarks=(*moderation.remarks, stranger))
    board = small_round(SMALL.replace("| 21  ", "| 41  ")).board()
    new = moderation_workbook(moderated(board, with_stranger))
    back, _ = read_moderation(new, FILE, Q1)
    assert [(each.kpi_id, each.board_comment, each.action) for each in back.remarks] == [
        ("K1", "Four start in May.", "Recruit"),
        ("K3", "Comes in July.", ""),
        ("K9", "", "Look for it"),
    ]


def found(**words: str) -> list[str]:
    """The findings about a remark on K1."""
    moderation = Moderation(remarks=(replace(Remark("K1"), **words),))
    board = small_round(SMALL).board(moderation)
    return [
        f"{each.code} {each.found}" for each in moderation_findings(board.now, moderation, Q1) if each.code != "K01"
    ]


def test_an_action_has_an_owner_and_a_date() -> None:
    """Without one of the two it is asked about; words without an action need neither."""
    assert found(action="Recruit", owner="SEND lead", by_when="June") == []
    assert found(action="Recruit", owner="SEND lead") == ["M13 An action without a date."]
    assert found(action="Recruit", by_when="June") == ["M13 An action without an owner."]
    assert found(action="Recruit") == ["M13 An action without an owner and a date."]
    assert found(board_comment="Four start in May.") == []


def test_words_that_may_name_somebody_are_asked_about() -> None:
    """The board reads the team's words as they stand, so personal data in them is asked about first."""
    asked = "M14 What the board is to read may hold personal data: an e-mail address."
    assert found(board_comment="Ask jo@example.org") == [asked]
    assert found(action="Ask jo@example.org", owner="SEND lead", by_when="June") == [asked]


def test_a_kpis_second_row_is_told_and_kept() -> None:
    """The first of two rows counts; the second is a finding, and a refresh keeps it."""
    data = remarked({"K1": {"Action": "one"}, "K2": {"KPI id": "K1", "Action": "two"}})
    moderation, findings = read_moderation(data, FILE, Q1)
    assert [each.action for each in moderation.remarks] == ["one"]
    assert [f"{each.code} {each.place.cell}" for each in findings] == ["T06 A6"]
    again, _ = read_moderation(moderation_workbook(moderated(small_round(SMALL).board(), moderation)), FILE, Q1)
    assert again.unfinished == moderation.unfinished


def test_a_remark_on_a_kpi_that_is_not_live_is_told() -> None:
    """It is used nowhere, so the team is told."""
    book = opened(made(small()))
    row = table_of(sheet_of(book, "Remarks"))[0]
    row["KPI id"].value, row["Action"].value = "K9", "Recruit"
    assert told(saved(book)) == [
        "T09 Remarks!G5 K9 is not the id of a live KPI, so what stands in its row is not used."
    ]


def test_another_moderation_brings_its_remarks() -> None:
    """A board that is given another moderation shows that one's comments, and none of the one before."""
    first = small_round(SMALL).board(Moderation(remarks=(Remark("K1", "Four start in May."),)))
    second = moderated(first, Moderation(remarks=(Remark("K2", "Two are empty."),)))
    assert {each.kpi.id: each.comment for each in second.now} == {
        "K1": "Two start in May",
        "K2": "Two are empty.",
        "K3": "In July",
    }
