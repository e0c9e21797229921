"""Files appear whole or not at all, whatever goes wrong while they are written."""

from __future__ import annotations

import errno
import os
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
from sendkpi_xl.files import read_bytes, reason, write_whole
from sendkpi_xl.findings import Refusal

OLD, NEW = b"the old board", b"the new board"
FULL = OSError(errno.ENOSPC, "No space left on device")
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


def refused(path: Path) -> str:
    with pytest.raises(Refusal) as refusal:
        write_whole(path, NEW)
    (finding,) = refusal.value.findings
    assert (finding.code, finding.place.file) == ("F03", str(path))
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
    ("error", "words"),
    [
        (FULL, "It cannot be written: no space left on device."),
        (LOCKED, "It cannot be written: it is open in another program, or you have no right to it."),
    ],
    ids=["disk full", "locked"],
)
def test_a_failure_at_any_step_leaves_the_old_file(
    target: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str, error: OSError, words: str
) -> None:
    """Wherever the system refuses, the old file is intact, nothing lies beside it, and the message says why."""
    monkeypatch.setattr(where, name, raising(error))
    assert refused(target) == words
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
    refused(tmp_path / "board.xlsx")
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
    monkeypatch.setattr(files, "os", SimpleNamespace(name="nt", fdopen=os.fdopen, fsync=os.fsync))
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
