"""A folder of returns: what became of each file, the readings that come of all of them, and how the sums add up."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl import gather as gather_module
from sendkpi_xl.file_kinds import MAX_FILE
from sendkpi_xl.findings import Refusal
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.gather import gather
from sendkpi_xl.gathered import Gathered, Outcome
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Place, Reading, Status
from sendkpi_xl.return_row import Round
from tests.workbooks import PERIOD, SMALL, codes, filled, grid_workbook, lines, noticed, saved, template, told

ROOT = Path(__file__).resolve().parent.parent
EARLY_RETURN = filled("K01 | 42\nK02 | 85% | 17 | 20 | | fine\nK03 | TBC\nK04 | | | | Data not yet available")
EARLY_AGAIN = filled("K01 | '42\nK02 | '85% | 17 | 20 | | fine\nK03 | TBC\nK04 | | | | Data not yet available")
EARLY_OTHER = filled("K01 | 43\nK02 | 85% | 17 | 20 | | fine\nK03 | n/a\nK04 | | | | Data not yet available | July")
BUSES_RETURN = filled({"SB": "K20 | 7\nK21 | | | | No cases this quarter"})

Files = Mapping[str, bytes | str]


def folder_of(root: Path, files: Files) -> WorkingFolder:
    """A working folder with these files among the quarter's returns."""
    folder = WorkingFolder(root)
    folder.returns(PERIOD).mkdir(parents=True)
    for name, content in files.items():
        (folder.returns(PERIOD) / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def gathered(root: Path, files: Files, tell: Callable[[str], None] = lambda _: None) -> Gathered:
    return gather(folder_of(root, files), Round(SMALL, PERIOD), tell)


def refused(root: Path, files: Files) -> list[str]:
    with pytest.raises(Refusal) as caught:
        gathered(root, files)
    return [line.replace(str(root), "…") for line in noticed(caught.value.findings)]


def outcomes(round_: Gathered) -> list[str]:
    """Each file as a line: name, what became of it, workstreams, how many of its KPIs are done."""
    return [
        f"{each.file} | {each.outcome} | {' '.join(each.workstreams)} | {each.done} of {each.of}"
        for each in round_.files
    ]


def statuses(round_: Gathered) -> dict[str, Status]:
    return {reading.kpi_id: reading.status for reading in round_.readings}


def only(code: str, round_: Gathered) -> list[str]:
    return [line for line in noticed(round_.findings) if line.startswith(code)]


# A round


def test_a_round_of_two_returns(tmp_path: Path) -> None:
    """Every live KPI has its reading, in list order, and every file its outcome."""
    round_ = gathered(tmp_path, {"buses.xlsx": BUSES_RETURN, "early.xlsx": EARLY_RETURN})
    assert told(round_.readings) == lines("""
        K01 | reported | 42 | | | | | 42 | | I6
        K02 | reported | 0.85 | 17 | 20 | | fine | 0.85 | | I7
        K03 | queried | | | | | | TBC | | I8
        K04 | blank with a reason | | | | Data not yet available | | | | I9
        K05 | not returned | | | | | | | | I10
        K06 | not returned | | | | | | | | I11
        K07 | not returned | | | | | | | | I12
        K20 | reported | 7 | | | | | 7 | | I6
        K21 | blank with a reason | | | | No cases this quarter | | | | I7
    """)
    assert outcomes(round_) == ["buses.xlsx | used | SB | 2 of 2", "early.xlsx | used | EH | 3 of 7"]
    assert [each.sha256 for each in round_.files] == [
        hashlib.sha256(each).hexdigest() for each in (BUSES_RETURN, EARLY_RETURN)
    ]
    assert codes(round_.findings) == ["C01 K03", "C07 K05", "C07 K06", "C07 K07"]
    assert round_.period == PERIOD
    assert (round_.reading("K20").place, round_.reading("K20").sha256) == (
        Place("buses.xlsx", "SB", "I6"),
        hashlib.sha256(BUSES_RETURN).hexdigest(),
    )
    with pytest.raises(KeyError):
        round_.reading("K08")


@pytest.mark.parametrize("name", ["early.xlsx", "EARLY.XLSX", "early.Xlsm", "früh (1) – FINAL v2 🚌.xlsx"])
def test_a_return_is_known_by_what_is_in_it_whatever_its_name(name: str, tmp_path: Path) -> None:
    """Leads rename files as they like; any name that ends as a workbook's will do."""
    assert outcomes(gathered(tmp_path, {name: EARLY_RETURN})) == [f"{name} | used | EH | 3 of 7"]


def test_a_workstream_that_sent_nothing_is_not_returned(tmp_path: Path) -> None:
    """Its KPIs are there, without a place, and never zero."""
    round_ = gathered(tmp_path, {"early.xlsx": EARLY_RETURN})
    assert round_.reading("K20") == Reading("K20", PERIOD, Status.NOT_RETURNED)


def test_each_file_that_is_opened_is_told_before_it_is_read(tmp_path: Path) -> None:
    """Whoever waits sees which file is being read; what is only skipped is not named."""
    names: list[str] = []
    files: Files = {"b.xlsx": EARLY_RETURN, "a.xlsx": b"", "notes.txt": "x", "~$b.xlsx": "x"}
    gathered(tmp_path, files, names.append)
    assert names == ["a.xlsx", "b.xlsx", "notes.txt"]


# A folder without returns


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """Without the quarter's folder there is one message: which folder, and what to do."""
    with pytest.raises(Refusal) as caught:
        gather(WorkingFolder(tmp_path), Round(SMALL, PERIOD))
    folder = tmp_path / "inputs" / "2021-22-Q1"
    assert noticed(caught.value.findings) == [
        f"F01 | {folder} | There is no folder of returns for 2021-22-Q1 here. | Make the folder {folder} and put the "
        "returns into it, or run in the folder that holds inputs/."
    ]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A file of the folder's name is no folder of returns."""
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "2021-22-Q1").write_text("not a folder")
    with pytest.raises(Refusal) as caught:
        gather(WorkingFolder(tmp_path), Round(SMALL, PERIOD))
    assert codes(caught.value.findings) == ["F01"]


def test_a_folder_that_may_not_be_opened_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without the right to list it is told as such, and not as missing."""
    folder = folder_of(tmp_path, {"early.xlsx": EARLY_RETURN})

    def denied(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)
    with pytest.raises(Refusal) as caught:
        gather(folder, Round(SMALL, PERIOD))
    assert noticed(caught.value.findings) == [
        f"F01 | {folder.returns(PERIOD)} | There is no folder of returns for 2021-22-Q1 that opens here. | Ask for "
        "the right to open it, or copy the returns into a folder of your own, and run again."
    ]


F06 = (
    "F06 | …/inputs/2021-22-Q1 | No file here is a return that can be used. | Put the returns that came back into this "
    "folder and run again."
)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """There is nothing to make a board workbook of."""
    assert refused(tmp_path, {}) == [F06]


def test_a_folder_with_only_junk_is_refused_with_a_word_about_each_file(tmp_path: Path) -> None:
    """Every file that might have been a return is named before the refusal."""
    files = {".DS_Store": "x", "photo.jpg": "\xff", "budget.xlsx": "a,b", "~$early.xlsx": "x"}
    assert refused(tmp_path, files) == [
        "F02 | budget.xlsx | This is plain text or a CSV file, not a workbook. | Open it in Excel, choose File > Save "
        "As > Excel Workbook (.xlsx), and send the new file.",
        "F05 | photo.jpg | Not a workbook (.xlsx or .xlsm): its name ends in .jpg. | Nothing, unless it is or holds a "
        "return: then put the workbook itself into this folder.",
        F06,
    ]


NOT_TRIED = "Nothing, unless it is or holds a return: then put the workbook itself into this folder."


# Files that are no returns

OURS = {
    "board.xlsx": (ROOT / "outputs" / "2021-22-Q1" / "board-dataset.xlsx").read_bytes(),
    "kpis.xlsx": (ROOT / "inputs" / "kpi-catalogue.xlsx").read_bytes(),
    "moderation.xlsx": (ROOT / "inputs" / "2021-22-Q1" / "moderation.xlsx").read_bytes(),
}
NOT_USED: dict[str, tuple[str, bytes, Outcome, list[str]]] = {
    "no bytes": ("x.xlsx", b"", Outcome.REFUSED, ["F02"]),
    "cut off": ("x.xlsx", BUSES_RETURN[:4000], Outcome.REFUSED, ["F02"]),
    "zeros": ("x.xlsx", bytes(9000), Outcome.REFUSED, ["F02"]),
    "csv with a workbook's name": ("x.xlsx", b"KPI id,Value\r\nK20,7\r\n", Outcome.REFUSED, ["F02"]),
    "unrelated workbook": ("x.xlsm", grid_workbook([[("Our budget", "General")]]), Outcome.REFUSED, ["R01"]),
    "our board workbook": ("x.xlsx", OURS["board.xlsx"], Outcome.SKIPPED, ["R10"]),
    "our catalogue": ("x.xlsx", OURS["kpis.xlsx"], Outcome.SKIPPED, ["R10"]),
    "our moderation workbook": ("moderation.xlsx", OURS["moderation.xlsx"], Outcome.SKIPPED, []),
    "the published ratings": ("published-ratings.csv", b"Ref,RAG\r\n1,G\r\n", Outcome.SKIPPED, []),
    "the published ratings, as a workbook": ("Published-Ratings.xlsx", OURS["board.xlsx"], Outcome.SKIPPED, []),
    "another quarter": ("x.xlsx", template(("SB",), Period(2021, 2)), Outcome.REFUSED, ["R02"]),
    "csv": ("x.csv", b"KPI id,Value\r\nK20,7\r\n", Outcome.REFUSED, ["F02"]),
    "pdf": ("x.pdf", b"%PDF-1.7", Outcome.REFUSED, ["F02"]),
    "old workbook": ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), Outcome.REFUSED, ["F02"]),
    "mail": ("x.eml", b"From: a\r\nTo: b\r\nSubject: c\r\n\r\nhello", Outcome.REFUSED, ["F02"]),
    "text": ("notes.txt", b"sent by mail", Outcome.SKIPPED, ["F05"]),
    "picture": ("x.png", b"\x89PNG\r\n\x1a\n\x00\x00", Outcome.SKIPPED, ["F05"]),
    "no ending": ("README", b"about", Outcome.SKIPPED, ["F05"]),
    "half a download": ("x.xlsx.crdownload", BUSES_RETURN, Outcome.SKIPPED, []),
    "Excel's lock file": ("~$x.xlsx", b"\x03Jo", Outcome.SKIPPED, []),
    "LibreOffice's lock file": (".~lock.x.xlsx#", b",jo,pc;", Outcome.SKIPPED, []),
    "a Mac's companion file": ("._x.xlsx", b"\x00\x05", Outcome.SKIPPED, []),
    "the desktop's file": ("Desktop.ini", b"[.ShellClassInfo]", Outcome.SKIPPED, []),
    "our own unfinished file": ("~x.xlsx.abc.tmp", b"", Outcome.SKIPPED, []),
    "an empty template": ("x.xlsx", template(("SB",)), Outcome.EMPTY, ["R07 School buses"]),
}


@pytest.mark.parametrize(("name", "content", "outcome", "told_as"), NOT_USED.values(), ids=NOT_USED)
def test_one_file_that_is_no_return_among_good_ones(
    name: str, content: bytes, outcome: Outcome, told_as: list[str], tmp_path: Path
) -> None:
    """It has its outcome and its word where it needs one, and the others are read as if it were not there."""
    files = {"early.xlsx": EARLY_RETURN}
    alone = gathered(tmp_path / "alone", files)
    beside = gathered(tmp_path / "beside", {**files, name: content})
    assert beside.readings == alone.readings
    assert sorted(outcomes(beside)) == sorted([*outcomes(alone), f"{name} | {outcome} |  | 0 of 0"])
    blank = {"R23 School buses"} if outcome is Outcome.EMPTY else set()
    assert sorted(codes(beside.findings)) == sorted(
        [*(each for each in codes(alone.findings) if each not in blank), *told_as]
    )


def test_a_template_of_another_council_is_refused(tmp_path: Path) -> None:
    """A return of another council is not read into this one, and says whose it is."""
    catalogue = replace(SMALL, settings=replace(SMALL.settings, council="Bigton Council"))
    with pytest.raises(Refusal) as caught:
        gather(folder_of(tmp_path, {"early.xlsx": EARLY_RETURN}), Round(catalogue, PERIOD))
    assert codes(caught.value.findings) == ["R12", "F06"]


@pytest.mark.parametrize("name", ["early", "early.xls", "early.dat", "early.csv"])
def test_a_return_under_another_ending_is_read(name: str, tmp_path: Path) -> None:
    """The content decides what a file is; a word is said about its name."""
    round_ = gathered(tmp_path, {name: EARLY_RETURN})
    assert outcomes(round_) == [f"{name} | used | EH | 3 of 7"]
    assert only("F19", round_) == [
        f"F19 | {name} | It is a workbook, under a name that ends otherwise. | Nothing: it was read all the same."
    ]


@pytest.mark.parametrize("owner", ["~$early.xlsx", ".~lock.early.xlsx#"])
def test_a_return_that_somebody_has_open_is_read_and_told(owner: str, tmp_path: Path) -> None:
    """What is being typed at this moment is not in it yet; whose name stands in the lock file is not said."""
    round_ = gathered(tmp_path, {"early.xlsx": EARLY_RETURN, owner: "Jo Doe", "~$gone.xlsx": "x"})
    assert "early.xlsx | used | EH | 3 of 7" in outcomes(round_)
    assert only("F17", round_) == [
        "F17 | early.xlsx | Somebody has this file open. | Run again when it is closed: what is being typed now is "
        "not in it yet."
    ]


def test_thousands_of_files_are_asked_about_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wrong folder is found out before it is read; whoever means it says so."""
    monkeypatch.setattr(gather_module, "MOST_FILES", 2)
    folder = folder_of(tmp_path, {"a.txt": "x", "b.txt": "x", "early.xlsx": EARLY_RETURN})
    with pytest.raises(Refusal) as caught:
        gather(folder, Round(SMALL, PERIOD))
    assert noticed(caught.value.findings) == [
        f"F16 | {folder.returns(PERIOD)} | There are 3 files here. | Check that it is the right folder; if it is, run "
        "again with --many."
    ]
    assert "early.xlsx | used | EH | 3 of 7" in outcomes(gather(folder, Round(SMALL, PERIOD), many=True))


def test_folders_and_links_among_the_returns(tmp_path: Path) -> None:
    """Sub-folders are told of, whatever their name, and not looked into but for what was superseded; nor are links."""
    folder = folder_of(tmp_path, {"early.xlsx": EARLY_RETURN})
    place = folder.returns(PERIOD)
    (place / "superseded").mkdir()
    (place / "superseded" / "old.xlsx").write_bytes(EARLY_OTHER)
    (place / "x.xlsx").mkdir()
    (place / "loop1.xlsx").symlink_to(place / "loop2.xlsx")
    (place / "loop2.xlsx").symlink_to(place / "loop1.xlsx")
    (place / "nowhere.xlsx").symlink_to(place / "gone.xlsx")
    os.mkfifo(place / "pipe.xlsx")
    round_ = gather(folder, Round(SMALL, PERIOD))
    assert outcomes(round_) == [
        "early.xlsx | used | EH | 3 of 7",
        "loop1.xlsx | skipped |  | 0 of 0",
        "loop2.xlsx | skipped |  | 0 of 0",
        "nowhere.xlsx | skipped |  | 0 of 0",
        "pipe.xlsx | skipped |  | 0 of 0",
        "superseded | skipped |  | 0 of 0",
        "superseded/old.xlsx | superseded |  | 0 of 0",
        "x.xlsx | skipped |  | 0 of 0",
    ]
    assert [line for line in noticed(round_.findings) if line[0] == "F"] == [
        *(
            f"F05 | {name} | Not a workbook (.xlsx or .xlsm): it is a link, and links are not followed. | {NOT_TRIED}"
            for name in ("loop1.xlsx", "loop2.xlsx", "nowhere.xlsx")
        ),
        f"F05 | pipe.xlsx | Not a workbook (.xlsx or .xlsm): it is no ordinary file. | {NOT_TRIED}",
        "F05 | x.xlsx | Not a workbook (.xlsx or .xlsm): it is a folder, and folders are not looked into. | "
        f"{NOT_TRIED}",
    ]


def test_a_file_that_may_not_be_read_does_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A return that is open elsewhere is named with what to do; the next one is read."""

    def read_bytes(path: Path) -> bytes:
        if path.name == "buses.xlsx":
            raise PermissionError(13, "Permission denied")
        return path.read_bytes()

    monkeypatch.setattr(gather_module, "read_bytes", read_bytes)
    round_ = gathered(tmp_path, {"buses.xlsx": BUSES_RETURN, "early.xlsx": EARLY_RETURN})
    assert outcomes(round_) == ["buses.xlsx | refused |  | 0 of 0", "early.xlsx | used | EH | 3 of 7"]
    assert only("F02", round_) == [
        "F02 | buses.xlsx | It cannot be opened: it is open in another program, or you have no right to it. | Close "
        "it, or copy it again, and run again."
    ]


def test_a_file_whose_kind_may_not_be_looked_up_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder that can be listed and not entered, each file is refused, and the run says so."""

    def denied(path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    folder = folder_of(tmp_path, {"early.xlsx": EARLY_RETURN})
    monkeypatch.setattr(Path, "is_dir", denied)
    with pytest.raises(Refusal) as caught:
        gather(folder, Round(SMALL, PERIOD))
    assert codes(caught.value.findings) == ["F02", "F06"]


def test_a_file_that_vanishes_before_it_is_read_does_not_stop_the_others(tmp_path: Path) -> None:
    """A sync client may take a file away between listing and reading."""
    folder = folder_of(tmp_path, {"buses.xlsx": BUSES_RETURN, "early.xlsx": EARLY_RETURN})
    doomed = folder.returns(PERIOD) / "buses.xlsx"
    round_ = gather(folder, Round(SMALL, PERIOD), lambda name: doomed.unlink() if name == doomed.name else None)
    assert outcomes(round_) == ["buses.xlsx | refused |  | 0 of 0", "early.xlsx | used | EH | 3 of 7"]
    assert only("F02", round_) == [
        "F02 | buses.xlsx | It cannot be opened: it is not there any more. | Close it, or copy it again, and run again."
    ]


@pytest.mark.parametrize(("size", "found"), [(MAX_FILE + 1, "larger than 25 MB"), (MAX_FILE, "zeros")])
def test_a_huge_file_is_not_even_read(size: int, found: str, tmp_path: Path) -> None:
    """Above 25 MB a file is refused by its size; up to there its bytes decide."""
    folder = folder_of(tmp_path, {"early.xlsx": EARLY_RETURN})
    with (folder.returns(PERIOD) / "huge.xlsx").open("wb") as file:
        file.truncate(size)
    round_ = gather(folder, Round(SMALL, PERIOD))
    assert outcomes(round_) == ["early.xlsx | used | EH | 3 of 7", "huge.xlsx | refused |  | 0 of 0"]
    (line,) = only("F02", round_)
    assert found in line


# More than one return for a workstream


def test_the_same_bytes_twice_count_once(tmp_path: Path) -> None:
    """A return that was sent twice is used once, and the second file says of which it is a copy."""
    files = {"a.xlsx": EARLY_RETURN, "b.xlsx": EARLY_RETURN, "c.xlsx": EARLY_RETURN}
    round_ = gathered(tmp_path / "three", files)
    assert outcomes(round_) == [
        "a.xlsx | used | EH | 3 of 7",
        "b.xlsx | same as another |  | 0 of 0",
        "c.xlsx | same as another |  | 0 of 0",
    ]
    assert only("F08", round_) == [
        "F08 | b.xlsx | The same bytes as a.xlsx. | Nothing: it is counted once.",
        "F08 | c.xlsx | The same bytes as a.xlsx. | Nothing: it is counted once.",
    ]
    assert round_.readings == gathered(tmp_path / "one", {"a.xlsx": EARLY_RETURN}).readings


def test_two_returns_that_say_the_same_count_once(tmp_path: Path) -> None:
    """Numbers typed as text in one and as numbers in the other are the same entries: nothing is held."""
    round_ = gathered(tmp_path, {"a.xlsx": EARLY_RETURN, "b.xlsx": EARLY_AGAIN})
    assert outcomes(round_) == ["a.xlsx | used | EH | 3 of 7", "b.xlsx | same as another | EH | 3 of 7"]
    assert only("R08", round_) == []
    assert only("R20", round_) == [
        "R20 | b.xlsx, sheet EH | It says the same as a.xlsx, sheet EH. | Nothing: it counts once."
    ]
    assert {reading.place.file for reading in round_.readings if reading.place.file} == {"a.xlsx"}


def test_two_different_returns_are_held_with_the_cells_where_they_differ(tmp_path: Path) -> None:
    """Neither is picked: all KPIs of the workstream are queried until one of the two is moved away."""
    files = {"a.xlsx": EARLY_RETURN, "b.xlsx": EARLY_OTHER, "buses.xlsx": BUSES_RETURN}
    round_ = gathered(tmp_path, files)
    assert outcomes(round_) == [
        "a.xlsx | held | EH | 3 of 7",
        "b.xlsx | held | EH | 3 of 7",
        "buses.xlsx | used | SB | 2 of 2",
    ]
    assert only("R08", round_) == [
        "R08 | a.xlsx, sheet EH | Two different returns for Early help: the other is b.xlsx, sheet EH. They differ in "
        "I6 (K01), I8 (K03), M9 (K04). | Move the one that is not wanted into a folder called superseded, and run "
        "again."
    ]
    assert told(round_.readings)[:2] == [
        "K01 | queried |  |  |  |  |  |  |  | I6",
        "K02 | queried |  |  |  |  |  |  |  | I7",
    ]
    assert Counter(statuses(round_).values()) == {Status.QUERIED: 7, Status.REPORTED: 1, Status.BLANK: 1}


@pytest.mark.parametrize("name", ["superseded", "Superseded", "SUPERSEDED "])
def test_what_was_moved_aside_no_longer_counts_however_people_write_the_folders_name(tmp_path: Path, name: str) -> None:
    """The advice is to move one of two returns into a folder called superseded; a capital letter changes nothing."""
    folder = folder_of(tmp_path, {"a.xlsx": EARLY_RETURN})
    (folder.returns(PERIOD) / name).mkdir()
    (folder.returns(PERIOD) / name / "b.xlsx").write_bytes(EARLY_OTHER)
    round_ = gather(folder, Round(SMALL, PERIOD))
    assert sorted(outcomes(round_), key=str.casefold) == [
        "a.xlsx | used | EH | 3 of 7",
        f"{name} | skipped |  | 0 of 0",
        f"{name}/b.xlsx | superseded |  | 0 of 0",
    ]
    assert [line for line in noticed(round_.findings) if line.startswith("F05")] == []


def test_what_to_do_with_one_of_two_returns_goes_by_what_else_its_file_holds(tmp_path: Path) -> None:
    """Of one workbook a sheet is deleted; a workbook with other returns in it is not moved away as a whole."""
    both = filled({"EH": "K01 | 43", "SB": "K20 | 7"})
    round_ = gathered(tmp_path / "two", {"a.xlsx": both, "b.xlsx": filled("K01 | 42")})
    assert [line.rpartition(" | ")[2] for line in only("R08", round_)] == [
        "Delete the sheet that is not wanted, or move its file into a folder called superseded if it holds no other "
        "return, and run again."
    ]
    round_ = gathered(tmp_path / "one", {"a.xlsx": filled({"EH": "K01 | 43", "SB": ""}), "b.xlsx": filled("K01 | 42")})
    assert [line.rpartition(" | ")[2] for line in only("R08", round_)] == [
        "Move the one that is not wanted into a folder called superseded, and run again."
    ]


def test_a_row_that_one_of_two_returns_lacks_is_named_without_a_cell(tmp_path: Path) -> None:
    """Where the first return has no row for a KPI there is no cell to name."""
    short = filled("K01 | 42", edit=lambda sheet: sheet.delete_rows(7))
    round_ = gathered(tmp_path, {"a.xlsx": short, "b.xlsx": filled("K01 | 42\nK02 | 85%")})
    (line,) = only("R08", round_)
    assert "They differ in a missing row (K02). |" in line


def test_a_return_with_only_queries_is_used_and_not_held(tmp_path: Path) -> None:
    """Held is said of two returns that differ, never of one whose entries are all in question."""
    round_ = gathered(tmp_path, {"buses.xlsx": filled({"SB": "K20 | TBC\nK21 | TBC"})})
    assert outcomes(round_) == ["buses.xlsx | used | SB | 0 of 2"]


def test_one_sheet_of_the_workbook_of_all_beside_single_workbooks(tmp_path: Path) -> None:
    """Each workstream comes from the file that has it; blank sheets of a return that came otherwise are let be."""
    both = filled({"EH": "K01 | 42", "SB": ""})
    round_ = gathered(tmp_path, {"all.xlsx": both, "buses.xlsx": BUSES_RETURN})
    assert outcomes(round_) == ["all.xlsx | used | EH | 1 of 7", "buses.xlsx | used | SB | 2 of 2"]
    assert {reading.kpi_id: reading.place.file for reading in round_.readings if reading.value is not None} == {
        "K01": "all.xlsx",
        "K20": "buses.xlsx",
    }
    assert only("R07", round_) == []


def test_a_blank_sheet_of_a_return_that_did_not_come_is_told(tmp_path: Path) -> None:
    """Not filled in is not zero: its KPIs are not returned, and someone is asked."""
    round_ = gathered(tmp_path, {"all.xlsx": filled({"EH": "K01 | 42", "SB": ""})})
    assert only("R07", round_) == [
        "R07 | all.xlsx, sheet SB | Nothing has been filled in on this sheet. | Ask for the return: its KPIs count as "
        "not returned."
    ]
    assert statuses(round_)["K20"] is Status.NOT_RETURNED


def test_only_blank_templates_make_a_round_in_which_nothing_was_returned(tmp_path: Path) -> None:
    """A blank template is a return of ours, and all its KPIs are not returned."""
    round_ = gathered(tmp_path, {"early.xlsx": template(), "buses.xlsx": template(("SB",))})
    assert outcomes(round_) == ["buses.xlsx | not filled in |  | 0 of 0", "early.xlsx | not filled in |  | 0 of 0"]
    assert set(statuses(round_).values()) == {Status.NOT_RETURNED}
    assert codes(round_.findings) == ["R07 Early help", "R07 School buses"]


def test_two_different_sheets_for_one_workstream_in_one_workbook_are_held(tmp_path: Path) -> None:
    """A copied sheet that was then changed is a second return, wherever it stands."""
    book = openpyxl.load_workbook(io.BytesIO(EARLY_RETURN))
    copied = book.copy_worksheet(book["EH"])
    copied["I6"].value = 44
    round_ = gathered(tmp_path, {"early.xlsx": saved(book)})
    assert outcomes(round_) == ["early.xlsx | held | EH | 3 of 7"]
    (line,) = only("R08", round_)
    assert "the other is early.xlsx, sheet EH Copy. They differ in I6 (K01). |" in line


# Sums and order

POOL: dict[str, bytes] = {
    "early": EARLY_RETURN,
    "early again": EARLY_AGAIN,
    "early other": EARLY_OTHER,
    "buses": BUSES_RETURN,
    "buses queried": filled({"SB": "K20 | TBC"}),
    "both": filled({"EH": "K01 | 42", "SB": "K20 | 7\nK21 | | | | No cases this quarter"}),
    "blank": template(("SB",)),
    "wrong quarter": template(("SB",), Period(2021, 2)),
    "empty": b"",
    "text": b"K01,42",
    "moderation": OURS["moderation.xlsx"],
}
ENDINGS = st.sampled_from([".xlsx", ".xlsx", ".xlsx", ".XLSM", ".csv", ".tmp", ""])
FOLDERS = st.lists(st.tuples(st.sampled_from(sorted(POOL)), ENDINGS), max_size=6)


def names_of(picked: list[tuple[str, str]]) -> dict[str, bytes]:
    return {f"file{number}{ending}": POOL[kind] for number, (kind, ending) in enumerate(picked)}


@settings(deadline=None, max_examples=60)
@given(FOLDERS)
def test_every_file_has_one_outcome_and_every_live_kpi_one_status(picked: list[tuple[str, str]]) -> None:
    """Files found are the sum of the outcomes, live KPIs that of the statuses, whatever lies in the folder."""
    files = names_of(picked)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            round_ = gathered(Path(scratch), files)
        except Refusal as refusal:
            assert codes(refusal.findings)[-1] == "F06"
            return
    assert [each.file for each in round_.files] == sorted(files)
    assert sum(Counter(each.outcome for each in round_.files).values()) == len(files)
    assert [reading.kpi_id for reading in round_.readings] == [kpi.id for kpi in SMALL.live()]
    counts = Counter(statuses(round_).values())
    assert sum(counts[status] for status in Status) == len(SMALL.live())
    in_use = {each.file for each in round_.files if each.outcome in (Outcome.USED, Outcome.HELD)}
    assert {reading.place.file for reading in round_.readings} - {""} <= in_use
    assert all((each.outcome is Outcome.REFUSED) <= bool(_said_of(each.file, round_)) for each in round_.files)


def _said_of(file: str, round_: Gathered) -> list[str]:
    return [each.code for each in round_.findings if each.place.file == file]


@settings(deadline=None, max_examples=20)
@given(FOLDERS.filter(lambda picked: ("early", ".xlsx") in picked), st.randoms(use_true_random=False))
def test_the_order_in_which_files_are_listed_does_not_matter(picked: list[tuple[str, str]], random: Random) -> None:
    """The system lists a folder in any order; readings, outcomes and findings stay the same."""
    listed = Path.iterdir

    def shuffled(path: Path) -> list[Path]:
        paths = list(listed(path))
        random.shuffle(paths)
        return paths

    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        folder = folder_of(Path(scratch), names_of(picked))
        straight = gather(folder, Round(SMALL, PERIOD))
        patch.setattr(Path, "iterdir", shuffled)
        assert gather(folder, Round(SMALL, PERIOD)) == straight
