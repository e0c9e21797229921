"""Files appear whole or not at all: written beside their place under another name, then moved there in one step."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.model import Place

T = TypeVar("T")

BUSY_TRIES = 4
BUSY_SECONDS = 0.5
"""A file that Excel or a sync client holds for a moment is tried again for about two seconds."""


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path`, making its folder; whoever looks sees the old file or the new one, never a part.

    Raises Refusal when the folder or the file cannot be written, for instance while Excel has it open.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"~{path.name}.", suffix=".tmp", dir=path.parent)
    except OSError as error:
        raise Refusal([finding("F03", Place(str(path)), why=reason(error))]) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        _when_free(lambda: temporary.replace(path))
    except OSError as error:
        raise Refusal([finding("F03", Place(str(path)), why=reason(error))]) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def read_bytes(path: Path) -> bytes:
    """The file's bytes, tried again for two seconds while another program locks it; OSError when it stays so."""
    return _when_free(path.read_bytes)


def _when_free(work: Callable[[], T]) -> T:
    for attempt in range(BUSY_TRIES):
        try:
            return work()
        except PermissionError:
            if os.name != "nt" or attempt == BUSY_TRIES - 1:
                raise
            time.sleep(BUSY_SECONDS)
    raise AssertionError("the last try returns or raises")


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
