"""The publish edition: what goes to the website, what stays with the team, and what keeps it from being made."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from sendkpi_xl import publishing as publishing_module
from sendkpi_xl.board import board_workbook
from sendkpi_xl.catalogue import load_catalogue, save_catalogue
from sendkpi_xl.edition import Edition
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.gate import Stray
from sendkpi_xl.moderated import Headline, Moderation, Remark
from sendkpi_xl.moderation import moderation_workbook
from sendkpi_xl.published_board import for_publication
from sendkpi_xl.publishing import write_published
from sendkpi_xl.quarter import Board
from sendkpi_xl.read_back import read_back
from sendkpi_xl.reading import Finding, Place
from sendkpi_xl.restated import editions_apart
from sendkpi_xl.round import read_quarter
from sendkpi_xl.withheld_log import withheld_workbook
from tests.board_view import as_drawn, opened, sheet_of, table_drawn, texts_of
from tests.small_round import Q1, override, small_folder, small_round
from tests.test_cli import Run, files_in, folder, run, small
from tests.workbooks import lines, noticed

__all__ = ["folder", "run", "small"]  # fixtures of the command line's tests

TABLE = """
    id | ref | section  | by  | title              | unit  | better           | baseline | target | Q1             | comment
    K1 | 1   | Places   | SCH | Places created     | count | higher is better | 40       | 42     | 41             | 3 of them in May
    K2 | 2   | Places   | SCH | % of places filled | %     | higher is better | 80%      | 90%    | 75% = 6 of 8   | 6 out of 8
    K3 | 3   | Journeys | TRA | Journeys lost      | count | lower is better  | 6        | 10     | 2              |
    K4 | 4   | Journeys | TRA | Journeys made      | count | higher is better | 6        |        | 30             | Ask jo@example.org
    K5 | 5   | Journeys | TRA | Journeys walked    | count | higher is better | 6        |        | Too few to report safely |
    """  # noqa: E501
MODERATION = Moderation(
    completeness="2 Red, 1 Green.",
    working_well=(Headline("KPI 3 had only 2 lost, KPI 1 has 41"),),
    overrides=(override("K1", "R", "4 are closed again", "Somebody Else"),),
    remarks=(Remark("K3", action="See to it", owner="Somebody Else", by_when="May"),),
)


def boards() -> tuple[Board, Board]:
    """The internal board of the table, and the one that may be published."""
    board = small_round(TABLE).board(MODERATION)
    return board, for_publication(board).board


def sheet_drawn(board: Board, name: str) -> str:
    return table_drawn(sheet_of(opened(board_workbook(board)), name))


# --- What the edition shows


def test_the_dataset_as_it_is_published() -> None:
    """[c] in place of few, of their share and of their words; what is enough stays, and 0 would."""
    assert sheet_drawn(boards()[1], "Dataset") == as_drawn("""
        Section  | Ref | Key Performance Indicator | Baseline 31st March 2023 | Target 23/24 | Q1 | Q2 | Q3 | Q4 | RAG | Comment | Since last quarter | Forecast for the year
        Places   | 1 | Places created     | 40  | 42   | 41  | | | | R         | [c] of them in May                     | Not enough data | 41
        Places   | 2 | % of places filled | 80% | 90%  | [c] | | | | R         | [c] / Withheld.                        | Not enough data | [c]
        Journeys | 3 | Journeys lost      | 6   | 10   | [c] | | | | G         | Withheld.                              | Not enough data | [c]
        Journeys | 4 | Journeys made      | 6   | None | 30  | | | | No rating | [c]                                    | Not enough data | 30
        Journeys | 5 | Journeys walked    | 6   | None | [c] | | | | No rating | Too few to report safely.              | Not enough data | [x]
        """)  # noqa: E501


def test_the_sheets_of_the_edition() -> None:
    """Neither Trace nor What if; each sheet says which edition it is, on screen and at the head of its pages."""
    book = opened(board_workbook(boards()[1]))
    assert book.sheetnames == ["Headlines", "Exceptions", "Dataset", "Ratings", "Outlook", "Not reported", "Notes"]
    for sheet in book.worksheets:
        assert str(sheet["A1"].value).endswith(" (publish edition)")
        assert sheet.oddHeader is not None
        assert sheet.oddHeader.right.text == "Publish edition"


def test_the_front_page_counts_what_is_withheld() -> None:
    """A withheld figure was reported and is not missing; a lead's own blank is. Headlines lose their small numbers."""
    sheet = sheet_of(opened(board_workbook(boards()[1]), results=True), "Headlines")
    told = [sheet.cell(row, 1).value for row in range(2, 10)]
    assert told == lines("""
        4 of 5 live KPIs have a figure for Quarter 1 2023/24; 5 are on the dataset; 2 of 2 workstreams returned.
        2 Red, 1 Green.
        Ratings: 2 Red, 0 Amber, 1 Green; 2 without a rating.
        Movement: Quarter 4 2022/23 has no ratings to compare with.
        Withheld: 2 figures, marked [c], which tell of fewer than 5 people or give such a number back.
        Missing: 1 figure (1 too few to report safely).
        What is working well?
        KPI 3 had only [c] lost, KPI 1 has [c]
    """)


def test_why_there_is_no_figure() -> None:
    """What is withheld for publication is told apart from what the lead left blank."""
    assert [
        line.strip(" |").split(" | ")[4:7] for line in sheet_drawn(boards()[1], "Not reported").splitlines()[1:]
    ] == [
        ["% of places filled", "[c]", "Withheld"],
        ["Journeys lost", "[c]", "Withheld"],
        ["Journeys walked", "[c]", "Too few to report safely"],
    ]


def test_names_and_owners_are_the_teams() -> None:
    """The columns for them are not there, and no part of the workbook holds them, nor a file, a cell or a hash."""
    internal, publish = boards()
    assert sheet_drawn(internal, "Ratings").splitlines()[0].endswith("| Why people agreed otherwise | Agreed by")
    assert sheet_drawn(publish, "Ratings").splitlines()[:2] == [
        "Ref | Key Performance Indicator | Value | Target this quarter | Computed | Agreed | "
        "How the computed rating came about | Why people agreed otherwise",
        "1 | Places created | 41 | 42 | G | R | Green: 41 is 2.4% below the target of 42; green up to 5%. | "
        "[c] are closed again",
    ]
    assert sheet_drawn(internal, "Exceptions").splitlines()[0].endswith("| Action | Owner | By when")
    assert sheet_drawn(publish, "Exceptions").splitlines()[0].endswith("| Action | By when")
    for name, part in texts_of(board_workbook(publish)).items():
        for theirs in ("Somebody Else", "SCH.xlsx", "5ha", "jo@example.org"):
            assert theirs not in part, (name, theirs)


def test_where_nothing_is_withheld_the_edition_says_so() -> None:
    """With 0 in the settings only names and places are left out."""
    board = small_round(TABLE).board()
    board = replace(
        board, catalogue=replace(board.catalogue, settings=replace(board.catalogue.settings, withheld_under=0))
    )
    publish = for_publication(board).board
    notes = [line.split(" | ") for line in sheet_drawn(publish, "Notes").splitlines()]
    assert notes[1] == ["Publish edition", "For the website: without names of people. No number is withheld."]
    assert [each.reading.value for each in publish.now] == [41.0, 0.75, 2.0, 30.0, None]


def test_an_internal_workbook_is_no_publish_edition() -> None:
    """Should a figure stand where none is to be seen, the workbook does not get its name."""
    internal, publish = boards()
    with pytest.raises(Stray, match=r"F7 holds 0\.75, and no number was written\."):
        read_back(board_workbook(internal), publish, "board.xlsx")


# --- The log


def test_the_log_says_what_stood_there_and_why() -> None:
    """Row by row in the board's order: this is what the team reads before it publishes."""
    board = boards()[0]
    book = opened(withheld_workbook(board, for_publication(board).log))
    drawn = table_drawn(sheet_of(book, "Withheld"))
    assert "\n".join(
        line for line in drawn.splitlines() if "follows" not in line and "made of" not in line
    ) == as_drawn("""
        Ref | Key Performance Indicator | Quarter | What is withheld | What stands in the internal edition | What is published | Ground | Why
        All | Headlines          | 2023-24-Q1 | Headline    | KPI 3 had only 2 lost, KPI 1 has 41 | KPI 3 had only [c] lost, KPI 1 has [c] | Primary | “2”: a number that is withheld; “41”: with a figure that is shown it could give back one that is withheld
        1   | Places created     | 2023-24-Q1 | Comment     | 3 of them in May                    | [c] of them in May  | Primary | “3”: a number under 5
        1   | Places created     | 2023-24-Q1 | Reason of the override | 4 are closed again       | [c] are closed again | Primary | “4”: a number under 5
        2   | % of places filled | 2023-24-Q1 | Value       | 75%                                 | [c]                 | Primary | 2 is under 5: those not in K2 in Quarter 1 2023/24.
        2   | % of places filled | 2023-24-Q1 | Numerator   | 6                                   | [c]                 | Primary | 2 is under 5: those not in K2 in Quarter 1 2023/24.
        2   | % of places filled | 2023-24-Q1 | Denominator | 8                                   | [c]                 | Primary | 2 is under 5: those not in K2 in Quarter 1 2023/24.
        2   | % of places filled | 2023-24-Q1 | Comment     | 6 out of 8                          | [c]                 | Primary | “6 out of 8”: a number that is withheld
        3   | Journeys lost      | 2023-24-Q1 | Value       | 2                                   | [c]                 | Primary | 2 is under 5: K3 in Quarter 1 2023/24.
        4   | Journeys made      | 2023-24-Q1 | Comment     | Ask jo@example.org                  | [c]                 | Primary | “Ask jo@example.org”: it may hold an e-mail address
        """)  # noqa: E501


def test_a_log_of_nothing_says_so() -> None:
    """The sheet is there, so that the team sees that it was looked at."""
    board = small_round("\n".join(TABLE.splitlines()[:2])).board()
    assert "Nothing is withheld." in table_drawn(sheet_of(opened(withheld_workbook(board, ())), "Withheld"))


# --- The command


def made(root: Path) -> WorkingFolder:
    """A working folder with the table's catalogue, returns and moderation."""
    folder = small_folder(root, TABLE)
    board, _ = read_quarter(folder, Q1)
    folder.moderation(Q1).write_bytes(moderation_workbook(replace(board, moderation=MODERATION)))
    return folder


def about(findings: tuple[Finding, ...], *codes: str) -> list[str]:
    named = (replace(each, place=Place(Path(each.place.file).name)) for each in findings if each.code in codes)
    return noticed(named)


def test_what_may_be_published_has_a_folder_of_its_own(tmp_path: Path) -> None:
    """Workbook, data and descriptor; the log stands outside. The internal edition's files are left alone."""
    folder = made(tmp_path)
    done, _ = write_published(folder, Q1)
    assert set(files_in(tmp_path / "outputs" / Q1.code)) == {
        "withheld.xlsx",
        "publish/board-dataset-publish.xlsx",
        "publish/readings.csv",
        "publish/datapackage.json",
    }
    assert [path.name for path in done.written] == [
        "withheld.xlsx",
        "board-dataset-publish.xlsx",
        "readings.csv",
        "datapackage.json",
    ]
    assert about(done.findings, "S01", "S02", "S03", "S04") == lines("""
        S02 | withheld.xlsx | The publish edition withholds 2 figures, and words in 4 texts. | Read the log, which stays with the team, before you publish: a number in words may be of something else.
    """)  # noqa: E501


def test_the_data_that_are_published(tmp_path: Path) -> None:
    """No names, files, cells or hashes; a withheld figure is an empty field with its reason, which the schema says."""
    folder = made(tmp_path)
    write_published(folder, Q1)
    data = folder.readings(Q1, Edition.PUBLISH).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    assert list(rows[0])[-1] == "signals"
    assert {"agreed_by", "typed", "converted", "file", "sheet", "cell", "sha256"}.isdisjoint(rows[0])
    keys = ("kpi_id", "status", "value", "reason_for_blank", "comment", "agreed_rating")
    assert [" | ".join(row[key] for key in keys) for row in rows] == lines("""
        K1 | reported | 41 |  | [c] of them in May | R
        K2 | reported |  | Too few to report safely | [c] | R
        K3 | reported |  | Too few to report safely |  | G
        K4 | reported | 30 |  | Comment held back until it is checked: it may hold personal data. | 
        K5 | blank with a reason |  | Too few to report safely |  | 
    """)  # noqa: W291
    package = json.loads(folder.data_package(Q1, Edition.PUBLISH).read_bytes())
    assert [each["name"] for each in package["resources"][0]["schema"]["fields"]] == list(rows[0])
    assert "Numbers of 1 to 4 people are withheld" in package["description"]


def test_what_can_be_worked_out_all_the_same_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command says what it is, and writes nothing, not even the log."""
    folder = made(tmp_path)
    opened_up = replace(for_publication(read_quarter(folder, Q1)[0]), open=("K3 in Quarter 1", "K2 in Quarter 1"))
    monkeypatch.setattr(publishing_module, "for_publication", lambda _: opened_up)
    done, _ = write_published(folder, Q1)
    assert (done.written, (tmp_path / "outputs").exists()) == ((), False)
    (said,) = about(done.findings, "S01")
    assert "Although much is withheld, it can be worked out: K3 in Quarter 1; K2 in Quarter 1." in said


def test_a_figure_that_an_edition_showed_before(tmp_path: Path) -> None:
    """After a correction the website's edition would tell of what this one withholds, and the other way round."""
    folder = made(tmp_path)
    write_published(folder, Q1)
    path = folder.returns(Q1) / f"return-{Q1.code}-TRA.xlsx"
    book = openpyxl.load_workbook(path)
    for row in book["TRA"].iter_rows():
        for cell in row:
            cell.value = {2: 20, 30: 3}.get(cell.value, cell.value)  # type: ignore[arg-type]
    book.save(path)
    done, _ = write_published(folder, Q1)
    assert about(done.findings, "S03") == lines("""
        S03 | readings.csv | It withholds the figure for 2023-24-Q1, and the edition written now shows it: 20. | Take the older edition off the website, if it is there, before this one is published.
        S03 | readings.csv | It shows the figure for 2023-24-Q1: 30. The edition written now withholds it. | Take the older edition off the website, if it is there, before this one is published.
    """)  # noqa: E501
    again, _ = write_published(folder, Q1)
    assert about(again.findings, "S03") == []


@pytest.mark.parametrize("before", [b"", b"\xff\xfe\x00", b"a,b\r\n1,2\r\n", b"period,kpi_id\r\n2023-24-Q1,K1\r\n"])
def test_what_is_no_edition_says_nothing(before: bytes) -> None:
    """Whatever stands under the name of an edition's data, this one is written."""
    now = b"period,kpi_id,status,value\r\n2023-24-Q1,K1,reported,5\r\n"
    assert list(editions_apart(Path("readings.csv"), before, now)) == []


def test_a_catalogue_that_withholds_nothing_is_asked_about(tmp_path: Path) -> None:
    """The edition is written, and the setting is named."""
    folder = made(tmp_path)
    catalogue = load_catalogue(folder.catalogue)
    save_catalogue(replace(catalogue, settings=replace(catalogue.settings, withheld_under=0)), folder.catalogue)
    done, _ = write_published(folder, Q1)
    assert about(done.findings, "S02", "S04") == lines("""
        S04 | kpi-catalogue.xlsx | The catalogue's setting is 0, so the publish edition withholds no number, however few people it tells of. | Set it on the sheet Settings of the catalogue, unless the dataset holds no numbers of people.
    """)  # noqa: E501


def test_the_command_line_writes_either_edition(folder: WorkingFolder, run: Run) -> None:
    """Internal unless it is asked for; another word is misuse, and nothing is written."""
    quarter = Q1.code
    assert run("board", quarter, "--edition", "public").status == 2
    assert not (folder.root / "outputs").exists()
    ran = run("board", quarter, "--edition", "publish")
    assert ran.out.splitlines()[-4:] == [
        f"Written: outputs/{quarter}/withheld.xlsx",
        f"Written: outputs/{quarter}/publish/board-dataset-publish.xlsx",
        f"Written: outputs/{quarter}/publish/readings.csv",
        f"Written: outputs/{quarter}/publish/datapackage.json",
    ]
    assert run("board", quarter, "--edition", "internal").out.splitlines()[-3] == (
        f"Written: outputs/{quarter}/board-dataset.xlsx"
    )
    facts = json.loads(run("board", quarter, "--edition", "publish", "--json").out)
    assert facts["written"][1] == f"outputs/{quarter}/publish/board-dataset-publish.xlsx"
    assert [each["code"] for each in facts["findings"] if each["code"].startswith("S")] == ["S02"]
