"""Outputs put in place: pairs as one, nothing over what is open or was edited, nothing lost on the way."""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from sendkpi_xl import files
from sendkpi_xl.findings import Refusal
from sendkpi_xl.outputs import JOURNAL, Published, complete, other_copies, publish
from tests.test_workbook_mark import saved_again, workbook

OLD, NEW = workbook("the old board"), workbook("the new board")
OLD_CSV, NEW_CSV = b"the old readings", b"the new readings"
LOCKED = PermissionError(errno.EACCES, "Permission denied")


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A board workbook of ours, with its readings beside it."""
    (tmp_path / "readings.csv").write_bytes(OLD_CSV)
    path = tmp_path / "board.xlsx"
    path.write_bytes(OLD)
    return path


def published(board: Path) -> Published:
    return publish({board: NEW, board.with_name("readings.csv"): NEW_CSV})


def inside(folder: Path) -> dict[str, bytes]:
    """Everything in a folder by its name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def refusing_moves_to(*names: str) -> Callable[[Path, Path], Path]:
    """`Path.replace` as Windows has it while other programs hold the files of these names open."""
    replace = Path.replace

    def moved(self: Path, other: Path) -> Path:
        if other.name in names:
            raise LOCKED
        return replace(self, other)

    return moved


def said(done: Published) -> list[tuple[str, str, str]]:
    return [(each.code, Path(each.place.file).name, each.found) for each in done.findings]


def test_a_pair_takes_its_places(board: Path) -> None:
    """Both files are the new ones, and nothing else lies there."""
    assert published(board) == Published((board, board.with_name("readings.csv")))
    assert inside(board.parent) == {"board.xlsx": NEW, "readings.csv": NEW_CSV}


def test_both_are_whole_and_on_the_disk_before_the_first_is_moved(board: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the first move happens, both new files lie there complete, and the journal says where each one goes."""
    seen: list[tuple[list[bytes], list[str]]] = []
    replace = Path.replace

    def looking(self: Path, other: Path) -> Path:
        waiting = sorted(each for each in board.parent.glob("~*.tmp") if each.name != JOURNAL)
        moves = json.loads((board.parent / JOURNAL).read_text("utf-8"))
        seen.append(([each.read_bytes() for each in waiting], [target for _, target in moves]))
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", looking)
    published(board)
    names = ["board.xlsx", "readings.csv"]
    assert seen == [([NEW, NEW_CSV], names), ([NEW_CSV], names)]


# --- Open elsewhere

BESIDE = {"board.xlsx": OLD, "readings.csv": OLD_CSV, "board (new).xlsx": NEW, "readings (new).csv": NEW_CSV}
OPEN = "It was not replaced: it is open in another program, or {}. What this run made is beside it: {}."


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A Windows as far as retrying goes, on which waiting takes no time; the waits."""
    naps: list[float] = []
    monkeypatch.setattr(files, "os", SimpleNamespace(**{**vars(os), "name": "nt"}))
    monkeypatch.setattr(time, "sleep", naps.append)
    yield naps


@pytest.mark.parametrize("name", ["board.xlsx", "readings.csv"])
def test_a_file_that_is_open_in_excel_keeps_the_pair_together_beside_it(
    board: Path, monkeypatch: pytest.MonkeyPatch, windows: list[float], name: str
) -> None:
    """Whichever of the two is open (Windows lets nobody write it), both new ones go beside, and the old pair stays."""
    opens = Path.open

    def locked(self: Path, mode: str = "r", **words: str) -> object:
        if self.name == name and "+" in mode:
            raise LOCKED
        return opens(self, mode, **words)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", locked)
    done = published(board)
    assert windows == [0.5, 0.5, 0.5]
    assert [path.name for path in done.written] == ["board (new).xlsx", "readings (new).csv"]
    assert said(done) == [("F12", name, OPEN.format("you have no right to it", "board (new).xlsx, readings (new).csv"))]
    assert inside(board.parent) == BESIDE


def test_a_board_opened_at_the_last_moment_goes_beside_with_its_readings(
    board: Path, monkeypatch: pytest.MonkeyPatch, windows: list[float]
) -> None:
    """Where only the move itself is refused, after four tries both go beside."""
    monkeypatch.setattr(Path, "replace", refusing_moves_to("board.xlsx"))
    done = published(board)
    assert windows == [0.5, 0.5, 0.5]
    new = "board (new).xlsx, readings (new).csv"
    assert said(done) == [("F12", "board.xlsx", OPEN.format("protected against writing", new))]
    assert inside(board.parent) == BESIDE


def test_readings_opened_at_the_last_moment_go_beside_alone(board: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the board has been replaced already, the message names the one file that was not, and where it is."""
    monkeypatch.setattr(Path, "replace", refusing_moves_to("readings.csv"))
    done = published(board)
    assert [path.name for path in done.written] == ["board.xlsx", "readings (new).csv"]
    assert said(done) == [("F12", "readings.csv", OPEN.format("protected against writing", "readings (new).csv"))]
    assert inside(board.parent) == {"board.xlsx": NEW, "readings.csv": OLD_CSV, "readings (new).csv": NEW_CSV}


@pytest.mark.parametrize("owner", ["~$board.xlsx", ".~lock.board.xlsx#"])
def test_an_owner_file_says_that_somebody_has_it_open(board: Path, owner: str) -> None:
    """Excel and LibreOffice lay such a file beside an open one, also on a share, where nothing is locked."""
    (board.parent / owner).write_bytes(b"somebody")
    done = published(board)
    assert [each.code for each in done.findings] == ["F12"]
    assert f"the file {owner} beside it says that somebody has it open (delete that if nobody has)" in said(done)[0][2]
    assert inside(board.parent) == {owner: b"somebody", **BESIDE}


def test_an_owner_file_of_another_workbook_means_nothing(board: Path) -> None:
    """Only the file's own name counts."""
    (board.parent / "~$another board.xlsx").write_bytes(b"somebody")
    assert published(board).findings == ()


def test_nothing_can_be_moved_at_all(board: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not even a file beside it can be made, it is refused, and everything is as it was."""
    before = inside(board.parent)
    names = ("board.xlsx", "readings.csv", "board (new).xlsx", "readings (new).csv")
    monkeypatch.setattr(Path, "replace", refusing_moves_to(*names))
    with pytest.raises(Refusal) as refusal:
        published(board)
    assert [each.code for each in refusal.value.findings] == ["F03"]
    assert inside(board.parent) == before


def test_a_folder_in_the_place_of_either_file_stops_both(board: Path) -> None:
    """The second file's place is looked at before the first is moved."""
    readings = board.with_name("readings.csv")
    readings.unlink()
    (readings / "inside").mkdir(parents=True)
    with pytest.raises(Refusal) as refusal:
        published(board)
    assert [each.place.file for each in refusal.value.findings] == [str(readings)]
    assert board.read_bytes() == OLD
    assert sorted(path.name for path in board.parent.iterdir()) == ["board.xlsx", "readings.csv"]


# --- Edited since


def test_an_edited_board_stays_and_the_new_pair_goes_beside(board: Path) -> None:
    """A workbook that another program has saved is somebody's work: both new files go beside, and it is said."""
    edited = saved_again(OLD)
    board.write_bytes(edited)
    done = published(board)
    (finding,) = done.findings
    assert (finding.code, finding.place.file) == ("F13", str(board))
    assert finding.found == (
        "Somebody saved it since sendkpi wrote it, so it was not replaced. "
        "What this run made is beside it: board (new).xlsx, readings (new).csv."
    )
    assert inside(board.parent) == {**BESIDE, "board.xlsx": edited}


def test_what_lies_beside_is_replaced_until_it_is_edited_too(board: Path) -> None:
    """A second run replaces its own `(new)`; one that was edited stays, and the next number is taken."""
    board.write_bytes(saved_again(OLD))
    published(board)
    assert [path.name for path in published(board).written] == ["board (new).xlsx", "readings (new).csv"]
    edited = saved_again(NEW)
    board.with_name("board (new).xlsx").write_bytes(edited)
    assert [path.name for path in published(board).written] == ["board (new 2).xlsx", "readings (new).csv"]
    assert board.with_name("board (new).xlsx").read_bytes() == edited


def test_a_file_that_is_no_workbook_of_ours_is_not_replaced(board: Path) -> None:
    """Whatever stands there under the workbook's name, we did not write it."""
    board.write_bytes(b"my shopping list")
    assert [each.code for each in published(board).findings] == ["F13"]
    assert board.read_bytes() == b"my shopping list"


def test_a_text_is_replaced(tmp_path: Path) -> None:
    """The bytes of a .csv or .toml do not tell who saved them: they are replaced, whatever they say."""
    path = tmp_path / "catalogue.toml"
    path.write_bytes(b"anything")
    assert publish({path: NEW_CSV}) == Published((path,))
    assert inside(tmp_path) == {"catalogue.toml": NEW_CSV}


# --- Interrupted


def test_ctrl_c_between_the_moves_waits_for_the_second(board: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interruption after the first move is obeyed once the second is done: no mixed pair."""
    replace = Path.replace
    stops = iter([None, KeyboardInterrupt(), None])

    def interrupted(self: Path, other: Path) -> Path:
        stop = next(stops)
        if stop is not None:
            raise stop
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        published(board)
    assert inside(board.parent) == {"board.xlsx": NEW, "readings.csv": NEW_CSV}


def test_ctrl_c_before_the_first_move_changes_nothing(board: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interruption before anything was moved leaves the old pair, alone."""
    before = inside(board.parent)

    def interrupted(_self: Path, _other: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        published(board)
    assert inside(board.parent) == before


WAITING = {"~board.xlsx.99.aaaaaaaa.tmp": NEW, "~readings.csv.99.bbbbbbbb.tmp": NEW_CSV}
MOVES = json.dumps(list(zip(WAITING, ["board.xlsx", "readings.csv"], strict=True))).encode()


def left_behind(folder: Path, **files_there: bytes) -> None:
    for name, content in files_there.items():
        (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("waiting", "after", "note"),
    [
        (["board", "readings"], (OLD, OLD_CSV), None),
        (["readings"], (OLD, NEW_CSV), "readings.csv was still the old one"),
        ([], (OLD, OLD_CSV), None),
    ],
    ids=["none was moved", "the board was moved", "both were moved"],
)
def test_a_dead_run_is_completed_or_cleared(
    board: Path, waiting: list[str], after: tuple[bytes, bytes], note: str | None
) -> None:
    """What a dead run had begun to move is moved to its end; what it had not begun is cleared away."""
    left_behind(board.parent, **{JOURNAL: MOVES})
    left_behind(board.parent, **{name: data for name, data in WAITING.items() if name[1:].split(".")[0] in waiting})
    findings = complete(board.parent)
    assert inside(board.parent) == {"board.xlsx": after[0], "readings.csv": after[1]}
    assert [each.code for each in findings] == ([] if note is None else ["F10"])
    assert note is None or note in findings[0].found
    assert complete(board.parent) == ()


@pytest.mark.parametrize(
    "journal",
    [MOVES[:40], b"", b"\xff", b"7", b'[["board.xlsx", "readings.csv"]]', b'[["", "board.xlsx"]]', b"[[1, 2]]"],
    ids=["cut short", "empty", "no text", "no list", "no temporary file", "no name", "numbers"],
)
def test_a_journal_that_is_not_ours_moves_nothing(board: Path, journal: bytes) -> None:
    """A journal that was cut short, or that names other files, is cleared, and no file is moved or deleted."""
    left_behind(board.parent, **{JOURNAL: journal})
    assert complete(board.parent) == ()
    assert inside(board.parent) == {"board.xlsx": OLD, "readings.csv": OLD_CSV}


def test_a_journal_leads_to_no_other_folder(board: Path, tmp_path: Path) -> None:
    """Names alone count: a path in a journal is not followed out of its folder."""
    folder = tmp_path / "outputs"
    folder.mkdir()
    moves = [["~gone.1.aaaaaaaa.tmp", "x"], ["~readings.csv.99.bbbbbbbb.tmp", "../board.xlsx"]]
    left_behind(folder, **{JOURNAL: json.dumps(moves).encode(), "~readings.csv.99.bbbbbbbb.tmp": b"other"})
    complete(folder)
    assert board.read_bytes() == OLD
    assert inside(folder) == {"board.xlsx": b"other"}


def test_what_cannot_be_completed_is_told_and_tried_again(board: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the old readings are open, every run says so and stops; once they are closed the pair is completed."""
    left_behind(board.parent, **{JOURNAL: MOVES, "~readings.csv.99.bbbbbbbb.tmp": NEW_CSV})
    before = inside(board.parent)
    monkeypatch.setattr(Path, "replace", refusing_moves_to("readings.csv"))
    with pytest.raises(Refusal) as refusal:
        complete(board.parent)
    monkeypatch.undo()
    (finding,) = refusal.value.findings
    assert (finding.code, finding.place.file) == ("F03", str(board.with_name("readings.csv")))
    assert inside(board.parent) == before
    complete(board.parent)
    assert inside(board.parent) == {"board.xlsx": OLD, "readings.csv": NEW_CSV}


# --- Other copies


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("board (new).xlsx", True),
        ("board (1).xlsx", True),
        ("board(1).xlsx", True),
        ("board (conflicted copy 2024-07-05).xlsx", True),
        ("board-OFFICE-PC.xlsx", True),
        ("board - Copy.xlsx", True),
        ("board.pdf", False),
        ("boards.xlsx", False),
        ("board-notes.xlsx", False),
        ("my board (1).xlsx", False),
    ],
)
def test_other_copies_are_told(board: Path, name: str, told: bool) -> None:
    """What looks like another copy of an output, made by a person, a browser or a sync client, is named."""
    (board.parent / name).write_bytes(b"x")
    findings = other_copies([board])
    assert [each.code for each in findings] == (["F14"] if told else [])
    assert not told or findings[0].found == f"Other files beside it look like copies of it: {name}."


def test_what_this_run_put_beside_is_no_other_copy(board: Path) -> None:
    """The files of this run are not told as somebody's copies."""
    new = board.with_name("board (new).xlsx")
    new.write_bytes(NEW)
    assert other_copies([board, new]) == ()
