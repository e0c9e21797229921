"""Files appear whole or not at all: written beside their place under another name, then moved there in one step."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from sendkpi_xl.file_kinds import Unreadable
from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.reading import Finding, Place

T = TypeVar("T")

BUSY_TRIES = 4
BUSY_SECONDS = 0.5
"""A file that Excel or a sync client holds for a moment is tried again for about two seconds."""
NAME_KEPT = 40
"""How many letters of a file's name its temporary name begins with: a longer one might not fit into a folder."""
TEMPORARY = re.compile(r"~.*\.(\d{1,9})\.[a-z0-9_]{8}\.tmp")
"""Our temporary files: `~board-dataset.xlsx.4711.k2x_9ab0.tmp`, with the process that writes it. Sync clients leave
names that end in .tmp alone, and gathering returns skips them."""
NO_ROOM = {
    errno.ENOSPC: "The disk is full",
    errno.EDQUOT: "The share of the disk that you may use is full",
    errno.EFBIG: "It is larger than a file may be there",
}


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path`, making its folder; whoever looks sees the old file or the new one, never a part.

    Raises Refusal when the folder or the file cannot be written, for instance while Excel has it open.
    """
    with beside(path, content) as temporary, refusing(path, len(content)):
        move(temporary, path)


@contextmanager
def beside(path: Path, content: bytes) -> Iterator[Path]:
    """A temporary file in the folder of `path` (made when missing) that holds `content`, on the disk and read back.

    What is not moved away within the block is deleted after it. Raises Refusal when it cannot be written.
    """
    temporary: Path | None = None
    try:
        with refusing(path, len(content)):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = _temporary(path.parent, path.name)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(0o644)
            if temporary.read_bytes() != content:
                raise OSError(errno.EIO, "What was written does not read back the same")
        yield temporary
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _temporary(folder: Path, name: str) -> tuple[int, Path]:
    handle, path = tempfile.mkstemp(prefix=f"~{name[:NAME_KEPT]}.{os.getpid()}.", suffix=".tmp", dir=folder)
    return handle, Path(path)


def move(temporary: Path, path: Path) -> None:
    """Move a temporary file to its place, tried again for two seconds while another program locks that; OSError."""
    when_free(lambda: temporary.replace(path))
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, so that a power cut does not undo a move."""
    with suppress(OSError):  # Windows opens no folder, some network drives sync none: both keep names by themselves
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def ready(folder: Path) -> None:
    """See that files can be written into a folder, or into the nearest that is there, and clear dead runs' leftovers.

    Raises Refusal, naming the folder, when none can be written. A folder that is missing is not made.
    """
    while not folder.is_dir() and folder != folder.parent and not folder.is_file():
        folder = folder.parent
    _remove_leftovers(folder)
    with refusing(folder):
        handle, probe = _temporary(folder, "probe")
        os.close(handle)
        probe.unlink()


def _remove_leftovers(folder: Path) -> None:
    """Delete temporary files of ours whose process is gone; our own process has none yet when a run begins."""
    for path in folder.glob("~*.tmp"):
        match = TEMPORARY.fullmatch(path.name)
        if match and process_gone(int(match[1])):
            with suppress(OSError):
                path.unlink()


def process_gone(process: int) -> bool:
    """Whether no other process of this computer has this number any more.

    On Windows always true: it neither moves nor deletes a file that a living process holds open, so trying is asking.
    """
    if os.name == "nt" or process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:
        return False  # it is there, and somebody else's
    return False


@contextmanager
def refusing(path: Path, needed: int = 0) -> Iterator[None]:
    """Turn the system's refusal to write `path` into ours; `needed` is how many bytes the file has."""
    try:
        yield
    except OSError as error:
        raise Refusal([_unwritten(path, needed, error)]) from error


def _unwritten(path: Path, needed: int, error: OSError) -> Finding:
    if error.errno not in NO_ROOM:
        return finding("F03", Place(str(path)), why=reason(error))
    words = {"why": NO_ROOM[error.errno], "needed": size_words(needed), "free": _free(path)}
    return finding("F11", Place(str(path)), **words)


def _free(path: Path) -> str:
    """How much room is left in the nearest folder that is there."""
    folder = next((each for each in path.absolute().parents if each.is_dir()), path)
    try:
        return f"{size_words(shutil.disk_usage(folder).free)} are free in {folder}"
    except OSError:
        return f"how much is free in {folder} is not known"


def size_words(size: int) -> str:
    """A number of bytes as people read it, rounded up: `1 KB`, `2.4 MB`."""
    kilobytes = -(-size // 1024)
    if kilobytes < 1024:
        return f"{kilobytes} KB"
    megabytes = kilobytes / 1024
    return f"{megabytes:.1f} MB" if megabytes < 1024 else f"{megabytes / 1024:,.1f} GB"


@contextmanager
def opening(place: Place, advice: str = "Close it and run again.") -> Iterator[None]:
    """Turn what keeps the file at `place` from being opened into a Refusal: the system's own, with this advice what to
    do, or that it is no workbook that can be read, which has its own advice.
    """
    try:
        yield
    except OSError as error:
        raise Refusal([finding("F02", place, found=f"It cannot be opened: {reason(error)}.", action=advice)]) from error
    except Unreadable as error:
        raise Refusal([finding("F02", place, found=error.found, action=error.action)]) from error


def read_bytes(path: Path) -> bytes:
    """The file's bytes, tried again for two seconds while another program locks it; OSError when it stays so."""
    return when_free(path.read_bytes)


def bytes_there(path: Path) -> bytes | None:
    """The bytes of a file that is about to be replaced; None when there is none, or it cannot be opened."""
    try:
        return read_bytes(path)
    except OSError:
        return None  # whoever reads or writes it next says why, in better words


def when_free(work: Callable[[], T]) -> T:
    """Do the work, again for two seconds on Windows while another program locks the file; PermissionError after."""
    for attempt in range(BUSY_TRIES):
        try:
            return work()
        except PermissionError:
            if os.name != "nt" or attempt == BUSY_TRIES - 1:
                raise
            time.sleep(BUSY_SECONDS)
    raise AssertionError("the last try returns or raises")


def owner_files(name: str) -> tuple[str, ...]:
    """What Excel and LibreOffice lay beside a file of this name while somebody has it open, on whichever computer."""
    return f"~${name}", f".~lock.{name}#"


def reason(error: OSError) -> str:
    """Why the system refused, in words."""
    match error:
        case PermissionError():
            return "it is open in another program, or you have no right to it"
        case FileNotFoundError():
            return "it is not there any more"
        case IsADirectoryError() | NotADirectoryError() | FileExistsError():
            return "a folder and a file are in each other's way"
        case _:
            return (error.strerror or type(error).__name__).lower()
