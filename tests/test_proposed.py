"""The sheet Proposed of the moderation workbook: written, decided, read, and brought up to date."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook

from sendkpi_xl.board import board_workbook
from sendkpi_xl.catalogue import load_catalogue, save_catalogue
from sendkpi_xl.files import write_whole
from sendkpi_xl.findings import Refusal
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.headline_checks import headline_findings
from sendkpi_xl.headlines import proposals
from sendkpi_xl.layout import return_table
from sendkpi_xl.moderated import Decision, Headline, Moderation, Question, Verdict
from sendkpi_xl.moderating import moderated, write_moderation
from sendkpi_xl.moderation import moderation_workbook
from sendkpi_xl.moderation_reader import read_moderation
from sendkpi_xl.period import Period
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Place, Rag
from sendkpi_xl.round import read_quarter, write_board, write_templates
from tests.board_view import as_drawn, opened, sheet_of, table_drawn, table_of
from tests.conftest import LibreOffice
from tests.small_round import Q1, Q2, WORKSTREAMS, override, small_folder, small_round

FILE = "moderation.xlsx"
TABLE = """
    id | ref | section  | by  | title             | unit  | better           | decimals | target | Q1
    K1 | 1   | Places   | SCH | Places created    | count | higher is better | 0        | 40     | 41
    K2 | 20  | Journeys | TRA | Cost of a journey | £     | lower is better  | 0        | £20    | £25
    """
AHEAD = "KPI 1 Places created is Green: 41 against the target of 40 (2.5% above)"
RED = "KPI 20 Cost of a journey is Red: £25 against the target of £20 (25.0% above)"

Decisions = Mapping[str, tuple[str, str]]
"""Decision and own words, by the key of the proposal."""


def small(table: str = TABLE) -> Board:
    return small_round(table).board()


def later(cost: str) -> Board:
    """The same round after a new return: a journey costs something else."""
    return small(TABLE.replace("£25", cost))


def made(board: Board, moderation: Moderation = Moderation()) -> bytes:  # noqa: B008 - it is frozen
    return moderation_workbook(moderated(board, moderation))


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def decided(data: bytes, decisions: Decisions) -> bytes:
    """The workbook with these decisions typed beside its proposals."""
    book = opened(data)
    rows = {str(row["Key"].value): row for row in table_of(sheet_of(book, "Proposed"))}
    for key, (decision, words) in decisions.items():
        rows[key]["Decision"].value = decision or None
        rows[key]["Your words"].value = words or None
    return saved(book)


def read(data: bytes) -> Moderation:
    return read_moderation(data, FILE, Q1)[0]


def told(data: bytes, board: Board | None = None) -> list[str]:
    """The findings that a filled workbook gives: code, cell and what was found."""
    moderation, findings = read_moderation(data, FILE, Q1)
    on = moderated(board or small(), moderation)
    findings = [*findings, *headline_findings(on.known, Q1, moderation, proposals(on.catalogue, on.known, Q1))]
    return [f"{each.code} {each.place.cell} {each.found}" for each in findings]


def shown(data: bytes) -> tuple[list[str], list[str]]:
    """What the board reads: what is working well, and what is a concern."""
    moderation = read(data)
    return [each.text for each in moderation.working_well], [each.text for each in moderation.concerns]


def refreshed(data: bytes, board: Board | None = None) -> bytes:
    """What `sendkpi moderate` makes of a filled workbook."""
    return made(board or small(), read(data))


def proposed(data: bytes) -> str:
    return table_drawn(sheet_of(opened(data), "Proposed"))


HEADINGS = "Key | Question | Proposed headline | KPI refs | Decision | Your words"
RED_ROW = f"red K2 | What is a concern? | {RED} | 20"
AHEAD_ROW = f"ahead-of-target K1 | What is working well? | {AHEAD} | 1"


def drawn(*rows: str) -> str:
    """The sheet as it is expected: its headings, and these rows."""
    return as_drawn("\n".join([HEADINGS, *rows]))


# --- Written ------------------------------------------------------------------------------------------------------


def test_proposals_stand_on_a_sheet_of_their_own() -> None:
    """Each with its key, question, text and refs, and nothing decided."""
    assert proposed(made(small())) == drawn(f"{RED_ROW} | |", f"{AHEAD_ROW} | |")


def test_without_a_proposal_the_table_has_one_empty_row() -> None:
    """A table needs a row; it is read as nothing."""
    data = made(small(TABLE.replace("| 41", "| 40").replace("£25", "£20")))
    assert proposed(data) == drawn("| | | | |")
    assert read(data) == Moderation()


def test_the_figures_on_completeness_stand_above_peoples_notes() -> None:
    """The line that the board reads first is there to see, locked, and not read back as a note."""
    board = small(TABLE.replace("£25", "not returned"))
    sheet = sheet_of(opened(made(board)), "Completeness")
    line = sheet["A3"]
    assert isinstance(line, Cell)
    assert line.value == (
        "1 of 2 live KPIs have a figure for Quarter 1 2023/24; 2 are on the dataset; 1 of 2 workstreams returned; "
        "not returned: Transport."
    )
    assert line.protection.locked
    assert sheet_of(opened(board_workbook(board)), "Headlines")["A2"].value == line.value
    assert read(made(board)).completeness == ""


# --- Decided ------------------------------------------------------------------------------------------------------


def test_accepted_and_edited_headlines_reach_the_board_after_peoples_own() -> None:
    """Accepted as proposed, edited in people's words; struck and undecided ones do not."""
    own = Moderation(concerns=(Headline("Our own concern", ("20",)),))
    data = made(small(), own)
    assert shown(data) == ([], ["Our own concern"])
    assert shown(decided(data, {"red K2": ("Accept", "")})) == ([], ["Our own concern", RED])
    edited = decided(data, {"red K2": ("Edit", "Journeys cost £25"), "ahead-of-target K1": ("accept", "")})
    assert shown(edited) == ([AHEAD], ["Our own concern", "Journeys cost £25"])
    assert shown(decided(data, {"red K2": ("Strike", "")})) == ([], ["Our own concern"])


def test_headlines_know_their_refs_and_where_they_stand() -> None:
    """Of people's own, of an accepted and of an edited one: the board can link them to their rows."""
    data = made(small(), Moderation(concerns=(Headline("Our own", ("20", "1")),)))
    data = decided(data, {"red K2": ("Edit", "Dear"), "ahead-of-target K1": ("Accept", "")})
    moderation = read(data)
    assert [(each.refs, each.key, str(each.place)) for each in (*moderation.concerns, *moderation.working_well)] == [
        (("20", "1"), "", "moderation.xlsx, sheet Headlines, B5"),
        (("20",), "red K2", "moderation.xlsx, sheet Proposed, F5"),
        (("1",), "ahead-of-target K1", "moderation.xlsx, sheet Proposed, E6"),
    ]


@pytest.mark.parametrize(
    ("decision", "words", "findings"),
    [
        ("Edit", "", ["M06 F5 The decision is Edit, and there are no words of your own."]),
        ("", "Dear", ["M07 F5 Words of your own stand beside no decision, so the board is not shown them."]),
        (
            "Strike",
            "Dear",
            ["M07 F5 Words of your own stand beside the decision Strike, so the board is not shown them."],
        ),
        ("Perhaps", "Dear", ["T03 E5 “Perhaps” is not one of the choices."]),
        ("Edit", "Dear", []),
        ("Strike", "", []),
    ],
    ids=["edit without words", "words alone", "words struck", "unknown decision", "edited", "struck"],
)
def test_a_decision_that_is_half_made_is_told_and_kept(decision: str, words: str, findings: list[str]) -> None:
    """The board is not shown it, and a refresh loses nothing of what was begun."""
    data = decided(made(small()), {"red K2": (decision, words)})
    assert told(data) == findings
    assert shown(data)[1] == (["Dear"] if (decision, words) == ("Edit", "Dear") else [])
    new = refreshed(data)
    assert proposed(new) == drawn(f"{RED_ROW} | {decision} | {words}", f"{AHEAD_ROW} | |")
    assert told(new) == findings
    assert refreshed(new) == new


def test_words_beside_an_accepted_headline_are_not_used() -> None:
    """The board reads what was proposed, and the team is told that its words are not used."""
    data = decided(made(small()), {"red K2": ("Accept", "Dear")})
    assert shown(data) == ([], [RED])
    assert told(data) == ["M07 F5 Words of your own stand beside the decision Accept, so the board is not shown them."]


def test_an_edited_headline_is_held_against_the_figures() -> None:
    """Its refs are those of the proposal, whatever its words say."""
    data = decided(made(small()), {"red K2": ("Edit", "Journeys at £26 are within the agreement")})
    assert told(data) == [
        "M10 F5 It says “within”, and KPI 20 says otherwise: "
        "Red: £25 is 25.0% above the target of £20; amber ends at 5%.",
        "M12 F5 It says £26, which is no value, target or baseline of KPI 20, nor what they differ by.",
    ]


# --- Brought up to date -------------------------------------------------------------------------------------------


def test_an_accepted_headline_stays_as_it_was_accepted() -> None:
    """When its figures change, the board still reads what people accepted, and they are told, also next time."""
    data = decided(made(small()), {"red K2": ("Accept", "")})
    now = RED.replace("£25", "£30").replace("25.0%", "50.0%")
    changed = [f"M08 E5 This headline was accepted, and its figures have changed since: they give “{now}” now."]
    board = later("£30")
    assert told(data) == []
    assert [each for each in told(data, board) if each.startswith("M08")] == changed
    new = refreshed(data, board)
    assert proposed(new) == drawn(f"{RED_ROW} | Accept |", f"{AHEAD_ROW} | |")
    assert [each for each in told(new, board) if each.startswith("M08")] == changed
    cleared = refreshed(decided(new, {"red K2": ("", "")}), board)
    assert proposed(cleared) == drawn(f"{RED_ROW.replace(RED, now)} | |", f"{AHEAD_ROW} | |")


def test_edits_and_strikes_stay_beside_the_new_figures() -> None:
    """The proposal is brought up to date; what people wrote beside it is not."""
    now = RED.replace("£25", "£30").replace("25.0%", "50.0%")
    for decision, words in (("Edit", "Journeys are dear"), ("Strike", ""), ("", "Later")):
        data = decided(made(small()), {"red K2": (decision, words)})
        new = refreshed(data, later("£30"))
        assert proposed(new) == drawn(f"{RED_ROW.replace(RED, now)} | {decision} | {words}", f"{AHEAD_ROW} | |")


@pytest.mark.parametrize(
    ("decision", "words"), [("Accept", ""), ("Edit", "Dear"), ("Strike", ""), ("", "Dear"), ("Perhaps", "")]
)
def test_what_was_written_beside_a_proposal_that_is_not_made_any_more_is_kept(decision: str, words: str) -> None:
    """It stands in a row of its own after the others, and finds its place again when the proposal is made again."""
    data = decided(made(small()), {"red K2": (decision, words)})
    new = refreshed(data, later("£20"))
    assert proposed(new) == drawn(f"{AHEAD_ROW} | |", f"{RED_ROW} | {decision} | {words}")
    assert refreshed(new, later("£20")) == new
    assert proposed(refreshed(new)) == proposed(refreshed(data))


def test_a_row_that_was_copied_is_told_and_kept() -> None:
    """The first of two rows of a key counts; the second is a finding, and stands after the others."""
    data = decided(made(small()), {"red K2": ("Accept", ""), "ahead-of-target K1": ("Strike", "")})
    book = opened(data)
    sheet = sheet_of(book, "Proposed")
    sheet["A6"].value = "red K2"
    copied = saved(book)
    assert told(copied) == ["T06 A6 red K2 is here again; it stands already in moderation.xlsx, sheet Proposed, A5."]
    assert proposed(refreshed(copied)) == drawn(
        f"{RED_ROW} | Accept |", f"{AHEAD_ROW} | |", f"{AHEAD_ROW.replace('ahead-of-target K1', 'red K2')} | Strike |"
    )


@pytest.mark.parametrize("cell", ["A5", "B5", "C5"])
def test_a_decision_beside_what_was_not_proposed_is_told_and_kept(cell: str) -> None:
    """Without its key, question or text, an accepted row cannot reach the board: it says what is missing."""
    book = opened(decided(made(small()), {"red K2": ("Accept", "")}))
    sheet_of(book, "Proposed")[cell].value = None
    data = saved(book)
    assert told(data) == [f"T05 {cell} The cell is empty."]
    assert shown(data) == ([], [])
    assert "| Accept |" in proposed(refreshed(data))


words = st.text(st.sampled_from("aZ9 £%—=é"), min_size=1, max_size=12).map(str.strip).filter(bool)
decisions = st.builds(
    Decision,
    st.sampled_from(["new-red K1", "recovered K2", "queried K1 K2", "red K9"]),
    st.sampled_from(Question),
    words,
    st.lists(st.sampled_from(["1", "19", "2a"]), max_size=3).map(tuple),
    st.none() | st.sampled_from(Verdict),
    st.just("") | words,
).filter(lambda each: bool(each.verdict or each.words))


@settings(max_examples=40, deadline=None)
@given(st.lists(decisions, max_size=4, unique_by=lambda each: each.key))
def test_whatever_was_decided_is_read_and_written_again(made_of: list[Decision]) -> None:
    """Decisions about proposals that this quarter's figures do not give come back word for word, in their order."""
    data = made(small(), Moderation(decisions=tuple(made_of)))
    back = [replace(each, place=Place("")) for each in read(data).decisions]
    assert back == made_of
    assert [*read(data).working_well, *read(data).concerns] == [
        each.headline
        for question in Question
        for each in read(data).decisions
        if each.question is question and each.headline
    ]
    assert refreshed(data) == data


def test_the_decisions_of_a_round_reach_its_board(tmp_path: Path) -> None:
    """From the workbook to the front page: own words first, then what was accepted; a refresh changes no byte."""
    folder = small_folder(tmp_path, TABLE)
    write_moderation(folder, Q1)
    path = folder.moderation(Q1)
    write_whole(path, decided(path.read_bytes(), {"red K2": ("Accept", "")}))
    write_moderation(folder, Q1)
    before = path.read_bytes()
    write_moderation(folder, Q1)
    assert path.read_bytes() == before
    write_board(folder, Q1)
    sheet = sheet_of(opened(folder.board(Q1)), "Headlines")
    assert [sheet.cell(row, 1).value for row in range(6, 10)] == [
        "What is working well?",
        "No headline was given.",
        "What is a concern?",
        RED,
    ]


def test_a_new_workbook_proposes_by_the_overrides_that_still_hold(tmp_path: Path) -> None:
    """An override that is carried over is in the new workbook's proposals from the start, not only once refreshed."""
    folder = small_folder(tmp_path, TABLE)
    agreed = override("K1", "R", "Two closed again.", "Head of places", "2023-24-Q3")
    write_whole(folder.moderation(Q1), made(small(), Moderation(overrides=(agreed,))))
    write_templates(folder, Q2)
    second = small_folder(tmp_path / "second", TABLE.replace("| Q1", "| Q2"), Q2)
    folder.returns(Q2).mkdir()
    for path in second.returns(Q2).iterdir():
        (folder.returns(Q2) / path.name).write_bytes(path.read_bytes())
    write_moderation(folder, Q2)
    first = folder.moderation(Q2).read_bytes()
    write_moderation(folder, Q2)
    assert folder.moderation(Q2).read_bytes() == first


# --- Older workbooks, and such as lack a part ---------------------------------------------------------------------


def of_old(data: bytes) -> bytes:
    """The workbook as it was before there were proposals and refs."""
    book = opened(data)
    del book["Proposed"]
    headlines = sheet_of(book, "Headlines")
    headlines.tables.clear()
    headlines.delete_cols(3)
    for row in sheet_of(book, "Start").iter_rows():
        for cell in row:
            if str(cell.value).startswith("sendkpi moderation | "):
                cell.value = f"sendkpi moderation | {Q1.code}"
    return saved(book)


def test_an_older_workbook_is_read_and_brought_up_to_date() -> None:
    """Without the sheet Proposed and the column KPI refs it says what it said; a refresh adds both."""
    own = Moderation("Late.", (Headline("Places"),), (Headline("Cost"),), (override("K1", "R", "why", "who"),))
    data = of_old(made(small(), own))
    moderation, findings = read_moderation(data, FILE, Q1)
    assert findings == []
    assert (moderation.completeness, shown(data)) == ("Late.", (["Places"], ["Cost"]))
    assert [(each.kpi_id, each.reason, each.who) for each in moderation.overrides] == [("K1", "why", "who")]
    assert refreshed(data) == made(small(), own)


def refusal(data: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        read_moderation(data, FILE, Q1)
    return "\n".join(f"{each.code} {each.place}: {each.found}" for each in refused.value.findings)


def test_a_new_workbook_without_its_sheet_or_column_is_refused() -> None:
    """Where they were renamed, what people wrote would be lost: they are named, and nothing is read."""
    book = opened(made(small()))
    sheet_of(book, "Proposed").title = "Proposals"
    assert refusal(saved(book)).startswith("T08 moderation.xlsx: There is no sheet “Proposed”;")
    book = opened(made(small()))
    sheet_of(book, "Headlines")["C4"].value = "Refs"
    assert refusal(saved(book)).startswith("T01 moderation.xlsx, sheet Headlines, row 4: No column “KPI refs”;")


def test_refs_stay_text() -> None:
    """Excel would take 19,200 for a number: the cells for refs hold text, and a number that was typed is read too."""
    book = opened(made(small(), Moderation(concerns=(Headline("Cost", ("20",)),))))
    sheet = sheet_of(book, "Headlines")
    cells = [row["KPI refs"] for row in table_of(sheet)]
    assert {cell.number_format for cell in cells} == {"@"}
    cells[0].value = 20
    assert read(saved(book)).concerns[0].refs == ("20",)


@pytest.mark.libreoffice
def test_decisions_saved_by_libreoffice_read_the_same(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """Decided and saved by LibreOffice, the board reads the same headlines."""
    own = Moderation(working_well=(Headline("Places", ("1",)),), concerns=(Headline("Cost", ("20", "1")),))
    data = decided(made(small(), own), {"red K2": ("Edit", "Dear"), "ahead-of-target K1": ("Accept", "")})
    (tmp_path / FILE).write_bytes(data)
    again = libreoffice.convert(tmp_path / FILE, "xlsx", tmp_path / "saved").read_bytes()
    assert read(again) == read(data)
    assert refreshed(again) == refreshed(data)


def returned(folder: WorkingFolder, period: Period, values: Mapping[str, float]) -> None:
    """A quarter's returns in which each KPI of `values` has its figure."""
    write_templates(folder, period)
    folder.returns(period).mkdir(parents=True)
    for code in WORKSTREAMS:
        name = f"return-{period.code}-{code}.xlsx"
        book = opened(folder.templates(period) / name)
        for row in table_of(sheet_of(book, code)):
            kpi_id = str(row["KPI id"].value)
            if kpi_id in values:
                row[return_table(period, code).column("value").heading].value = values[kpi_id]
        book.save(folder.returns(period) / name)


def test_a_first_quarter_is_held_against_the_last_of_the_year_before(tmp_path: Path) -> None:
    """Ratings and moves across the turn of the year, by the targets of each year; the dataset stays this year's."""
    folder = small_folder(tmp_path, TABLE)
    catalogue = load_catalogue(folder.catalogue)
    both = tuple(replace(kpi, goals=(replace(kpi.goals[0], year="2022-23"), *kpi.goals)) for kpi in catalogue.kpis)
    save_catalogue(replace(catalogue, kpis=both), folder.catalogue)
    returned(folder, Q1.previous, {"K1": 20, "K2": 20})
    write_moderation(folder, Q1)
    rows = table_of(sheet_of(opened(folder.moderation(Q1)), "Proposed"))
    assert [row["Proposed headline"].value for row in rows] == [
        f"{RED}; it was Green at £20 in Quarter 4 2022/23",
        f"{AHEAD}; it was Red at 20 in Quarter 4 2022/23",
    ]
    board, _ = read_quarter(folder, Q1)
    assert (list(board.quarters), list(board.last_year)) == ([Q1], [Q1.previous])


def test_a_moderation_of_the_year_before_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    """It held that year's last word, and does not stop this year's round; one of this year does."""
    folder = small_folder(tmp_path, TABLE)
    catalogue = load_catalogue(folder.catalogue)
    both = tuple(replace(kpi, goals=(replace(kpi.goals[0], year="2022-23"), *kpi.goals)) for kpi in catalogue.kpis)
    save_catalogue(replace(catalogue, kpis=both), folder.catalogue)
    returned(folder, Q1.previous, {"K1": 20})
    folder.moderation(Q1.previous).write_bytes(b"not a workbook")
    board, _ = read_quarter(folder, Q1)
    assert board.last_year[Q1.previous][0].computed.rag is Rag.RED
    returned(folder, Q2, {"K1": 20})
    folder.moderation(Q1).write_bytes(b"not a workbook")
    with pytest.raises(Refusal):
        read_quarter(folder, Q2)
