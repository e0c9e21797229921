"""One run at a time over a quarter: who holds the lock, who is refused, and when a lock is nobody's any more."""

from __future__ import annotations

import errno
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sendkpi_xl import run_lock
from sendkpi_xl.findings import Refusal
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.reading import Finding
from sendkpi_xl.run_lock import LOCK_FILE, computer_name, quarter_run
from tests.small_round import Q1, Q2
from tests.test_files import dead_process, raising

HERE, ELSEWHERE = computer_name(), "OFFICE-PC-7"
LIVING = os.getppid()


@pytest.fixture
def folder(tmp_path: Path) -> WorkingFolder:
    """A working folder with something in the catalogue's place, and returns."""
    folder = WorkingFolder(tmp_path)
    folder.returns(Q1).mkdir(parents=True)
    folder.catalogue.write_bytes(b"catalogue")
    return folder


def locked(folder: WorkingFolder, computer: str, process: int, ago: timedelta) -> bytes:
    """A lock of another run in the folder, as it would have written it so long ago."""
    since = (datetime.now().astimezone() - ago).isoformat()
    data = json.dumps({"computer": computer, "process": process, "since": since}).encode()
    folder.outputs(Q1).mkdir(parents=True, exist_ok=True)
    (folder.outputs(Q1) / LOCK_FILE).write_bytes(data)
    return data


def refusal_of(folder: WorkingFolder) -> Finding:
    with pytest.raises(Refusal) as refusal, quarter_run(folder, Q1):
        pytest.fail("the run began")
    (finding,) = refusal.value.findings
    return finding


def left_in(folder: WorkingFolder) -> list[str]:
    return sorted(path.relative_to(folder.root).as_posix() for path in folder.root.glob("outputs/**/*"))


def test_a_run_says_who_it_is_and_leaves_nothing(folder: WorkingFolder) -> None:
    """While it is at work the lock names computer, process and time; afterwards not even the folders are left."""
    before = datetime.now().astimezone()
    with quarter_run(folder, Q1) as noticed:
        said = json.loads((folder.outputs(Q1) / LOCK_FILE).read_text("utf-8"))
        assert left_in(folder) == [f"outputs/{Q1.code}", f"outputs/{Q1.code}/{LOCK_FILE}"]
    assert (said["computer"], said["process"], list(noticed)) == (HERE, os.getpid(), [])
    assert before <= datetime.fromisoformat(said["since"]) <= datetime.now().astimezone()
    assert not (folder.root / "outputs").exists()


def test_a_folder_of_outputs_that_was_there_stays(folder: WorkingFolder) -> None:
    """Only folders that the run made, and left empty, are taken away."""
    folder.outputs(Q1).mkdir(parents=True)
    with quarter_run(folder, Q1):
        pass
    assert left_in(folder) == [f"outputs/{Q1.code}"]
    with quarter_run(folder, Q2):
        (folder.outputs(Q2) / "board.xlsx").write_bytes(b"board")
    assert left_in(folder) == [f"outputs/{Q1.code}", f"outputs/{Q2.code}", f"outputs/{Q2.code}/board.xlsx"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("a bug"), SystemExit(1)], ids=repr)
def test_the_lock_is_released_on_every_way_out(folder: WorkingFolder, error: BaseException) -> None:
    """Ctrl-C and a fault of our own release it as the end of the work does."""
    with pytest.raises(type(error)), quarter_run(folder, Q1):
        raise error
    assert not (folder.root / "outputs").exists()


@pytest.mark.parametrize(
    ("computer", "process"),
    [(HERE, LIVING), (ELSEWHERE, 1), (ELSEWHERE, LIVING)],
    ids=["alive here", "on another computer", "on another computer, with a number that is alive here"],
)
def test_a_second_run_is_refused_with_who_is_at_work(folder: WorkingFolder, computer: str, process: int) -> None:
    """The message says since when and on which computer, and which file to delete if that run is dead after all."""
    data = locked(folder, computer, process, timedelta(minutes=59))
    finding = refusal_of(folder)
    since = datetime.fromisoformat(json.loads(data)["since"])
    assert (finding.code, finding.place.file) == ("F09", str(folder.outputs(Q1)))
    assert finding.found == (
        f"Another run over this quarter is at work since {since:%Y-%m-%d %H:%M}, on the computer {computer}."
    )
    assert f"delete the file {LOCK_FILE} here" in finding.action
    assert (folder.outputs(Q1) / LOCK_FILE).read_bytes() == data


def test_a_lock_within_a_run_refuses_the_next(folder: WorkingFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that this module wrote is one that it understands: seen from another process it refuses."""
    with quarter_run(folder, Q1):
        monkeypatch.setattr(run_lock, "process_gone", lambda _: False)
        assert refusal_of(folder).code == "F09"
        assert left_in(folder) == [f"outputs/{Q1.code}", f"outputs/{Q1.code}/{LOCK_FILE}"]


def test_another_quarter_is_free(folder: WorkingFolder) -> None:
    """The lock is the quarter's, not the folder's."""
    locked(folder, HERE, LIVING, timedelta())
    with quarter_run(folder, Q2) as noticed:
        assert list(noticed) == []


@pytest.mark.parametrize(
    ("computer", "alive", "ago"),
    [
        (HERE, False, timedelta(minutes=5)),
        (HERE, True, timedelta(minutes=61)),
        (ELSEWHERE, True, timedelta(minutes=61)),
        (ELSEWHERE, True, timedelta(minutes=-61)),
    ],
    ids=["dead here", "older than an hour", "older than an hour elsewhere", "from the future"],
)
def test_a_stale_lock_is_taken_over_and_told(folder: WorkingFolder, computer: str, alive: bool, ago: timedelta) -> None:
    """A dead process on this computer, or more than an hour (or a clock set wrong): the run goes on, with a note."""
    data = locked(folder, computer, LIVING if alive else dead_process(), ago)
    with quarter_run(folder, Q1) as noticed:
        (finding,) = noticed
        assert json.loads((folder.outputs(Q1) / LOCK_FILE).read_text("utf-8"))["process"] == os.getpid()
    since = datetime.fromisoformat(json.loads(data)["since"])
    assert (finding.code, finding.found) == (
        "F10",
        "The last run over this quarter did not come to its end: "
        f"it began {since:%Y-%m-%d %H:%M} on the computer {computer}.",
    )
    assert left_in(folder) == [f"outputs/{Q1.code}"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"computer": "OFF',
        b"{}",
        b"[]",
        b"\xff",
        b'{"computer":1,"process":"x","since":2}',
        b'{"computer":"","process":1,"since":"0001-01-01T00:00"}',
    ],
    ids=["empty", "cut short", "nothing in it", "no record", "no text", "no time", "no time of ours"],
)
def test_a_lock_that_cannot_be_read_counts_by_its_age(folder: WorkingFolder, data: bytes) -> None:
    """A lock cut short by a kill refuses for an hour, saying how to take it away, and is then taken over."""
    lock = folder.outputs(Q1) / LOCK_FILE
    lock.parent.mkdir(parents=True)
    lock.write_bytes(data)
    assert "on the computer that its lock does not name" in refusal_of(folder).found
    old = (datetime.now() - timedelta(minutes=61)).timestamp()
    os.utime(lock, (old, old))
    with quarter_run(folder, Q1) as noticed:
        assert [each.code for each in noticed] == ["F10"]


def test_on_windows_a_lock_that_is_held_open_is_not_taken(
    folder: WorkingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There a living run's lock cannot be moved away, whatever its age: that answers whether it is at work."""
    locked(folder, HERE, dead_process(), timedelta(minutes=61))
    monkeypatch.setattr(Path, "rename", raising(PermissionError(errno.EACCES, "in use")))
    assert refusal_of(folder).code == "F09"


def test_two_that_take_over_at_once_do_not_both_run(folder: WorkingFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another run took the stale lock over between looking and moving, it gets its own lock back."""
    locked(folder, HERE, dead_process(), timedelta())
    rename, lock = Path.rename, folder.outputs(Q1) / LOCK_FILE
    theirs = b""

    def late(self: Path, other: Path) -> Path:
        nonlocal theirs
        if not theirs:
            theirs = locked(folder, HERE, LIVING, timedelta())
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", late)
    assert refusal_of(folder).code == "F09"
    assert lock.read_bytes() == theirs
    assert left_in(folder) == [f"outputs/{Q1.code}", f"outputs/{Q1.code}/{LOCK_FILE}"]


def test_a_run_that_was_taken_over_leaves_the_others_lock(folder: WorkingFolder) -> None:
    """Whoever was at work for more than an hour takes away its own lock only."""
    with quarter_run(folder, Q1):
        theirs = locked(folder, ELSEWHERE, 1, timedelta())
    assert (folder.outputs(Q1) / LOCK_FILE).read_bytes() == theirs


def test_a_lock_that_cannot_be_written_names_the_folder(folder: WorkingFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is told before anything is read, and no half lock is left."""
    monkeypatch.setattr(os, "write", raising(OSError(errno.ENOSPC, "No space left on device")))
    finding = refusal_of(folder)
    monkeypatch.undo()
    assert (finding.code, finding.place.file) == ("F11", str(folder.outputs(Q1)))
    assert not (folder.root / "outputs").exists()


def test_a_file_in_the_place_of_the_outputs_is_told(folder: WorkingFolder) -> None:
    """It stays as it is."""
    (folder.root / "outputs").write_bytes(b"x")
    assert refusal_of(folder).found == "It cannot be written: a folder and a file are in each other's way."
    assert (folder.root / "outputs").read_bytes() == b"x"


@pytest.mark.parametrize("name", ["outputs", "templates"])
def test_a_link_that_would_overwrite_the_returns_is_refused(folder: WorkingFolder, name: str) -> None:
    """Templates or outputs whose folder is, by a link, that of the returns would replace what came back."""
    (folder.root / name).mkdir()
    (folder.root / name / Q1.code).symlink_to(folder.returns(Q1), target_is_directory=True)
    finding = refusal_of(folder)
    assert (finding.code, finding.place.file) == ("F03", str(folder.root / name / Q1.code))
    assert "the same folder as" in finding.found
    assert list(folder.returns(Q1).iterdir()) == []


def test_without_a_catalogue_there_is_no_lock(folder: WorkingFolder) -> None:
    """Where nothing can be made, nothing is written, not even a lock."""
    folder.catalogue.unlink()
    with quarter_run(folder, Q1) as noticed:
        assert not (folder.root / "outputs").exists()
    assert list(noticed) == []
