"""Files appear whole or not at all, whatever goes wrong while they are written."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sendkpi_xl import files
from sendkpi_xl.file_kinds import Unreadable
from sendkpi_xl.files import opening, process_gone, read_bytes, ready, reason, size_words, write_whole
from sendkpi_xl.findings import Refusal
from sendkpi_xl.reading import Place

OLD, NEW = b"the old board", b"the new board"
FULL = OSError(errno.ENOSPC, "No space left on device")
QUOTA = OSError(errno.EDQUOT, "Disk quota exceeded")
LOCKED = PermissionError(errno.EACCES, "Permission denied")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A file that is there already."""
    path = tmp_path / "board.xlsx"
    path.write_bytes(OLD)
    return path


def raising(error: BaseException) -> Callable[..., Any]:
    def fails(*_: object, **__: object) -> None:
        raise error

    return fails


def refused(path: Path, code: str = "F03") -> str:
    with pytest.raises(Refusal) as refusal:
        write_whole(path, NEW)
    (finding,) = refusal.value.findings
    assert (finding.code, finding.place.file) == (code, str(path))
    return finding.found


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    """Folders that are missing are made, and nothing but the file is left there."""
    path = tmp_path / "outputs" / "2021-22-Q1" / "board.xlsx"
    write_whole(path, NEW)
    assert path.read_bytes() == NEW
    assert list(path.parent.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o644


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_any_content_takes_the_place_of_any_other(target: Path, content: bytes) -> None:
    """What is read back is what was written, however long or short the file was before."""
    write_whole(target, content)
    assert read_bytes(target) == content
    assert list(target.parent.iterdir()) == [target]


def test_whoever_looks_sees_the_old_file_until_the_new_one_is_whole(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the moment of the change the old file stands there, and the new one lies beside it, complete."""
    seen: list[tuple[bytes, bytes, str]] = []
    replace = Path.replace

    def looking(self: Path, other: Path) -> Path:
        seen.append((target.read_bytes(), self.read_bytes(), str(self.parent)))
        assert self.name.startswith("~board.xlsx.")
        assert self.suffix == ".tmp"
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", looking)
    write_whole(target, NEW)
    assert seen == [(OLD, NEW, str(target.parent))]
    assert target.read_bytes() == NEW


STEPS = {
    "making the folder": (Path, "mkdir"),
    "opening": (tempfile, "mkstemp"),
    "writing": (os, "fdopen"),
    "flushing to the disk": (os, "fsync"),
    "setting its rights": (Path, "chmod"),
    "moving it": (Path, "replace"),
}


@pytest.mark.parametrize(("where", "name"), STEPS.values(), ids=STEPS)
@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (FULL, "F11", "The disk is full: 1 KB are needed, and 3.5 GB are free in {folder}."),
        (
            QUOTA,
            "F11",
            "The share of the disk that you may use is full: 1 KB are needed, and 3.5 GB are free in {folder}.",
        ),
        (LOCKED, "F03", "It cannot be written: it is open in another program, or you have no right to it."),
    ],
    ids=["disk full", "quota", "locked"],
)
def test_a_failure_at_any_step_leaves_the_old_file(
    target: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str, error: OSError, code: str, words: str
) -> None:
    """Wherever the system refuses, the old file is intact, nothing lies beside it, and the message says why."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3_758_096_384))
    monkeypatch.setattr(where, name, raising(error))
    assert refused(target, code) == words.format(folder=target.parent)
    monkeypatch.undo()
    assert target.read_bytes() == OLD
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize(("where", "name"), list(STEPS.values())[3:], ids=list(STEPS)[3:])
@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), RuntimeError("a bug"), MemoryError()], ids=lambda e: type(e).__name__
)
def test_an_interruption_leaves_the_old_file_and_goes_on_up(
    target: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str, error: BaseException
) -> None:
    """Ctrl-C, or a bug, is not swallowed; the old file is intact and nothing lies beside it."""
    monkeypatch.setattr(where, name, raising(error))
    with pytest.raises(type(error)):
        write_whole(target, NEW)
    monkeypatch.undo()
    assert target.read_bytes() == OLD
    assert list(target.parent.iterdir()) == [target]


def test_a_file_that_was_never_there_is_not_there_after_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first write that fails leaves no file under the real name, and none under another."""
    monkeypatch.setattr(os, "fsync", raising(FULL))
    refused(tmp_path / "board.xlsx", "F11")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    """A folder under the file's name stays as it is, with what it holds."""
    path = tmp_path / "board.xlsx"
    (path / "inside").mkdir(parents=True)
    assert refused(path) == "It cannot be written: a folder and a file are in each other's way."
    assert [each.name for each in tmp_path.rglob("*")] == ["board.xlsx", "inside"]


def test_a_file_in_the_folders_place_is_told(target: Path) -> None:
    """A file where a folder should be made stays as it is."""
    assert refused(target / "board.xlsx") == "It cannot be written: a folder and a file are in each other's way."
    assert target.read_bytes() == OLD


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A Windows, as far as this module can tell, on which sleeping takes no time; the naps that were taken."""
    taken: list[float] = []
    monkeypatch.setattr(files, "os", SimpleNamespace(**{**vars(os), "name": "nt"}))
    monkeypatch.setattr(time, "sleep", taken.append)
    return taken


def test_a_file_that_is_held_for_a_moment_is_written_all_the_same(
    target: Path, monkeypatch: pytest.MonkeyPatch, naps: list[float]
) -> None:
    """On Windows, where a sync client or Excel locks files, moving is tried again after half a second."""
    replace, tries = Path.replace, iter([LOCKED, LOCKED, None])

    def held(self: Path, other: Path) -> Path:
        error = next(tries)
        if error is not None:
            raise error
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", held)
    write_whole(target, NEW)
    assert (target.read_bytes(), naps) == (NEW, [0.5, 0.5])


def test_a_file_that_stays_open_elsewhere_is_told_after_two_seconds(
    target: Path, monkeypatch: pytest.MonkeyPatch, naps: list[float]
) -> None:
    """Four tries, and the old file is still there."""
    monkeypatch.setattr(Path, "replace", raising(LOCKED))
    assert "open in another program" in refused(target)
    assert (target.read_bytes(), naps) == (OLD, [0.5, 0.5, 0.5])


def test_reading_waits_for_a_locked_file_too(target: Path, monkeypatch: pytest.MonkeyPatch, naps: list[float]) -> None:
    """A return that is being synced is read once it is free; one that stays locked is an OSError."""
    monkeypatch.setattr(Path, "read_bytes", raising(LOCKED))
    with pytest.raises(PermissionError):
        read_bytes(target)
    assert naps == [0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    ("advice", "action"),
    [((), "Close it and run again."), (("Copy it again.",), "Copy it again.")],
    ids=["none given", "given"],
)
def test_a_file_that_does_not_open_is_refused_with_advice(advice: tuple[str, ...], action: str) -> None:
    """The system's refusal names the file, says why in words, and ends with the advice of whoever opens it."""
    with pytest.raises(Refusal) as refusal, opening(Place("board.xlsx", "Dataset"), *advice):
        raise LOCKED
    (finding,) = refusal.value.findings
    assert (finding.code, str(finding.place), finding.found, finding.action) == (
        "F02",
        "board.xlsx, sheet Dataset",
        "It cannot be opened: it is open in another program, or you have no right to it.",
        action,
    )


def test_a_file_that_is_no_workbook_is_refused_with_its_own_advice() -> None:
    """What the reader says of the file, and what it says to do, whatever the advice for one that does not open."""
    with pytest.raises(Refusal) as refusal, opening(Place("board.xlsx"), "Copy it again."):
        raise Unreadable("board.xlsx", "This is a PDF, not a workbook.", "Send the workbook.")
    (finding,) = refusal.value.findings
    assert (finding.code, finding.found, finding.action) == (
        "F02",
        "This is a PDF, not a workbook.",
        "Send the workbook.",
    )


def test_only_a_file_that_does_not_open_is_put_into_words() -> None:
    """A bug, or an interruption, while a file is read goes on up as it is; a file that opens is just read."""
    with pytest.raises(ValueError, match="a bug"), opening(Place("board.xlsx")):
        raise ValueError("a bug")
    with opening(Place("board.xlsx")):
        pass


def test_elsewhere_nobody_waits(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a refused permission is final, there is one try, and no nap."""
    monkeypatch.setattr(time, "sleep", raising(AssertionError("slept")))
    monkeypatch.setattr(Path, "replace", raising(LOCKED))
    assert "open in another program" in refused(target)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LOCKED, "it is open in another program, or you have no right to it"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "it is not there any more"),
        (IsADirectoryError(errno.EISDIR, "Is a directory"), "a folder and a file are in each other's way"),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory"), "a folder and a file are in each other's way"),
        (FileExistsError(errno.EEXIST, "File exists"), "a folder and a file are in each other's way"),
        (FULL, "no space left on device"),
        (OSError(errno.ENAMETOOLONG, "File name too long"), "file name too long"),
        (TimeoutError(), "timeouterror"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_the_systems_refusal_is_said_in_words(error: OSError, words: str) -> None:
    """Each kind of refusal has its words; an unknown one says what the system says."""
    assert reason(error) == words


# --- On the disk, and read back


def test_the_file_and_its_name_are_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is flushed to the disk before it is moved, and the folder with its new name after that."""
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        steps.append("folder on the disk" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file on the disk")
        fsync(handle)

    def moved(self: Path, other: Path) -> Path:
        steps.append("moved")
        return replace(self, other)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", moved)
    write_whole(tmp_path / "board.xlsx", NEW)
    assert steps == ["file on the disk", "moved", "folder on the disk"]


def test_a_folder_that_cannot_be_synced_is_no_failure(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows opens no folder: the file is in its place all the same."""
    opens = os.open

    def no_folders(path: Any, *args: Any, **words: Any) -> int:
        if Path(path).is_dir():
            raise LOCKED
        return opens(path, *args, **words)

    monkeypatch.setattr(os, "open", no_folders)
    write_whole(target, NEW)
    assert target.read_bytes() == NEW


def test_what_does_not_read_back_the_same_is_not_put_in_place(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network drive that drops bytes and says nothing is found out before the old file is replaced."""
    monkeypatch.setattr(Path, "read_bytes", lambda _: NEW[:-1])
    assert refused(target) == "It cannot be written: what was written does not read back the same."
    monkeypatch.undo()
    assert target.read_bytes() == OLD
    assert list(target.parent.iterdir()) == [target]


def test_a_name_as_long_as_a_folder_takes_is_written(tmp_path: Path) -> None:
    """The temporary name is no longer than the real one; one that is too long for the folder is told."""
    path = tmp_path / ("x" * 250 + ".xlsx")
    write_whole(path, NEW)
    assert path.read_bytes() == NEW
    assert refused(tmp_path / ("x" * 251 + ".xlsx")) == "It cannot be written: file name too long."
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 KB"),
        (1, "1 KB"),
        (1024, "1 KB"),
        (1025, "2 KB"),
        (1023 * 1024, "1023 KB"),
        (1024 * 1024, "1.0 MB"),
        (2_500_000, "2.4 MB"),
        (1024**3, "1.0 GB"),
        (1500 * 1024**3, "1,500.0 GB"),
    ],
)
def test_sizes_are_said_as_people_read_them(size: int, words: str) -> None:
    """Whole kilobytes, then megabytes and gigabytes with one decimal."""
    assert size_words(size) == words


# --- A folder made ready


def dead_process() -> int:
    """The number of a process that has just ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_leftovers_of_the_dead_are_cleared_and_nothing_else(tmp_path: Path) -> None:
    """Temporary files of ours go when their process is gone; those of the living, and other people's files, stay."""
    dead, living = dead_process(), os.getppid()
    ours = [
        f"~board.xlsx.{dead}.ab_9x2k1.tmp",
        f"~board.xlsx.{os.getpid()}.ab_9x2k1.tmp",
        f"~probe.{dead}.00000000.tmp",
    ]
    others = [
        f"~board.xlsx.{living}.ab_9x2k1.tmp",
        f"~board.xlsx.{dead}.ab_9x2k1.tmp.xlsx",
        f"board.xlsx.{dead}.ab_9x2k1.tmp",
        f"~board.xlsx.{dead}.short.tmp",
        "~WRL0001.tmp",
        "~$board.xlsx",
        "board.xlsx",
    ]
    for name in [*ours, *others]:
        (tmp_path / name).write_bytes(b"x")
    ready(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(others)


def test_a_leftover_that_cannot_be_deleted_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows a file that somebody looks into cannot be deleted: it waits for the run after the next."""
    left = tmp_path / f"~board.xlsx.{dead_process()}.ab_9x2k1.tmp"
    left.write_bytes(b"x")
    unlink = Path.unlink

    def held(self: Path, missing_ok: bool = False) -> None:
        if self == left:
            raise LOCKED
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", held)
    ready(tmp_path)
    assert list(tmp_path.iterdir()) == [left]


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path) -> None:
    """The nearest folder that is there is tried instead."""
    ready(tmp_path / "outputs" / "2021-22-Q1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LOCKED, "It cannot be written: it is open in another program, or you have no right to it."),
        (OSError(errno.EROFS, "Read-only file system"), "It cannot be written: read-only file system."),
    ],
    ids=["no right", "read-only"],
)
def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    """The folder is refused with the reason. (The refusal is simulated: whoever runs as root may write everywhere.)"""
    monkeypatch.setattr(tempfile, "mkstemp", raising(error))
    with pytest.raises(Refusal) as refusal:
        ready(tmp_path / "outputs")
    (finding,) = refusal.value.findings
    assert (finding.code, finding.place.file, finding.found) == ("F03", str(tmp_path), words)


def test_a_file_in_a_folders_place_is_named(target: Path) -> None:
    """Nothing can be written into a file, and the file stays as it is."""
    with pytest.raises(Refusal) as refusal:
        ready(target / "2021-22-Q1")
    (finding,) = refusal.value.findings
    assert (finding.place.file, finding.found) == (
        str(target),
        "It cannot be written: a folder and a file are in each other's way.",
    )
    assert target.read_bytes() == OLD


def test_a_process_is_gone_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ended processes are gone, running ones are not, whosever they are; our own number is nobody else's."""
    assert process_gone(dead_process())
    assert process_gone(os.getpid())
    assert not process_gone(os.getppid())
    assert process_gone(10**30)
    monkeypatch.setattr(os, "kill", raising(LOCKED))
    assert not process_gone(os.getppid())


def test_windows_is_not_asked_about_processes(naps: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """There, asking in this way would end the process; what a living one holds open cannot be taken away anyway."""
    monkeypatch.setattr(os, "kill", raising(AssertionError("it would end the process")))
    assert process_gone(os.getppid())
    assert naps == []
