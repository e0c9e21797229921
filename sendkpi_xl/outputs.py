"""Outputs put in place: those that belong together as one, and never over what somebody has open or has edited.

Where a file cannot or should not be replaced, the new one is kept beside it, so that no finished work is lost.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from itertools import count
from pathlib import Path

from msgspec import Struct

from sendkpi_xl.files import TEMPORARY, beside, move, owner_files, read_bytes, reason, refusing, sync_folder, when_free
from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.reading import Finding, Place
from sendkpi_xl.workbook_mark import as_written

JOURNAL = "~sendkpi-moves.tmp"
"""Which temporary file goes to which name, while several files that belong together are put in place."""
COPY_NAME = re.compile(r" ?\(.+\)|-[A-Z0-9][A-Z0-9-]*| - .+")
"""How people, browsers and sync clients name another copy: `board (1)`, `board-OFFICE-PC`, `board - Copy`."""
WORKBOOK = ".xlsx"

Moves = Sequence[tuple[Path, Path]]


class Published(Struct, frozen=True):
    """The files that hold the outputs now, and why any of them bears another name than its own."""

    written: tuple[Path, ...]
    findings: tuple[Finding, ...] = ()


def publish(outputs: Mapping[Path, bytes], *, ours: bool = True) -> Published:
    """Put outputs of one folder, by their paths, in place: all under their names, or all beside as `… (new).xlsx`.

    They go beside when one of them is open elsewhere, or was saved by another program since we wrote it. Raises
    Refusal when they cannot be written at all, and Inaccessible when a workbook among them fails an accessibility
    check; then everything is as it was. Of a workbook that is not `ours` only the first sheet is.
    """
    # Needed where there is something to write, and takes as long to import as some commands take.
    from sendkpi_xl.audit import hold_accessible

    for path, content in outputs.items():
        if path.suffix.lower() == WORKBOOK:
            hold_accessible(content, path.name, first_only=not ours)
    first, needed = next(iter(outputs)), sum(map(len, outputs.values()))
    with ExitStack() as stack, refusing(first, needed):
        whys = {path: why for path in outputs if (why := _open_elsewhere(path))}
        edited = [path for path in outputs if path not in whys and _edited(path)]
        moves = [(stack.enter_context(beside(path, content)), path) for path, content in outputs.items()]
        if not whys and not edited:
            with suppress(PermissionError):
                _move_all(moves)
        left = [(temporary, _new_name(path)) for temporary, path in moves if temporary.exists()]
        if left and not whys and not edited:  # opened this moment: the first that is left was refused
            whys = {moves[-len(left)][1]: "it is open in another program, or protected against writing"}
        _move_all(left)
    written = (*(path for _, path in moves[: len(moves) - len(left)]), *(path for _, path in left))
    new = ", ".join(path.name for _, path in left)
    findings = [finding("F12", Place(str(path)), why=why, new=new) for path, why in whys.items()]
    findings += [finding("F13", Place(str(path)), new=new) for path in edited]
    return Published(written, tuple(findings))


def _open_elsewhere(path: Path) -> str:
    """Why a file should not be replaced now, in words, or nothing; Refusal when it is a folder."""
    if path.is_dir():
        raise Refusal([finding("F03", Place(str(path)), why=reason(IsADirectoryError()))])
    if not path.exists():
        return ""
    for name in owner_files(path.name):
        if (path.parent / name).exists():
            return f"the file {name} beside it says that somebody has it open (delete that if nobody has)"
    try:
        when_free(lambda: path.open("r+b").close())
    except PermissionError as error:
        return reason(error)
    return ""


def _edited(path: Path) -> bool:
    """Whether a workbook stands there that is not as we wrote it; other files' bytes do not tell."""
    return path.suffix.lower() == WORKBOOK and path.exists() and not as_written(read_bytes(path))


def _new_name(path: Path) -> Path:
    """`board (new).xlsx`, or `board (new 2).xlsx` where that is open, or was edited, as well."""
    for number in count(1):
        new = path.with_name(f"{path.stem} ({'new' if number == 1 else f'new {number}'}){path.suffix}")
        if not new.is_dir() and not _open_elsewhere(new) and not _edited(new):
            return new
    raise AssertionError("there is always another number")


def _move_all(moves: Moves) -> None:
    """Move each temporary file to its place; OSError at the first that cannot be moved.

    Where there are several, what is to be moved is written down first, so that no interruption leaves some of them
    new and some of them old: this run, or the next, moves the rest.
    """
    with _recorded(moves) if len(moves) > 1 else nullcontext():
        for temporary, target in moves:
            move(temporary, target)


@contextmanager
def _recorded(moves: Moves) -> Iterator[None]:
    folder = moves[0][1].parent
    try:
        with (folder / JOURNAL).open("w", encoding="utf-8") as file:  # one that is cut short says that nothing moved
            json.dump([(temporary.name, target.name) for temporary, target in moves], file)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(folder)
        yield
    except OSError:
        raise
    except BaseException:
        complete(folder)
        raise
    finally:
        with suppress(OSError):
            (folder / JOURNAL).unlink(missing_ok=True)


def complete(folder: Path) -> tuple[Finding, ...]:
    """Set right what a run left that was ended among its moves: the rest is moved, or, when it had moved none, cleared.

    Gives a note about what was moved now. Raises Refusal when that cannot be.
    """
    moves = _read_journal(folder)
    left = [(folder / temporary, folder / target) for temporary, target in moves if (folder / temporary).exists()]
    moved = len(left) < len(moves)
    for temporary, target in left:
        with refusing(target):
            if moved:
                move(temporary, target)
            else:
                temporary.unlink(missing_ok=True)
    with refusing(folder):
        (folder / JOURNAL).unlink(missing_ok=True)
    if not moved or not left:
        return ()
    names = ", ".join(target.name for _, target in left)
    still = "was still the old one" if len(left) == 1 else "were still the old ones"
    found = f"The last run was ended while it put in place what belongs together; {names} {still}."
    action = "Nothing: it was put in its place now, so that all are of one run."
    return (finding("F10", Place(str(folder)), found=found, action=action),)


def _read_journal(folder: Path) -> list[tuple[str, str]]:
    """The temporary and the real names in a folder's journal; none where there is no journal, or one not of ours."""
    try:
        moves = [(str(temporary), Path(target).name) for temporary, target in json.loads(read_bytes(folder / JOURNAL))]
    except (OSError, ValueError, TypeError):
        return []
    return [(temporary, target) for temporary, target in moves if TEMPORARY.fullmatch(temporary)]


def other_copies(paths: Iterable[Path]) -> tuple[Finding, ...]:
    """A finding for each output beside which lie files, none of `paths` themselves, that look like a copy of it."""
    findings = []
    listed = sorted(paths)
    for path in listed:
        beside_it = (each for each in sorted(path.parent.glob(f"*{path.suffix}")) if each not in listed)
        copies = [
            each.name
            for each in beside_it
            if each.stem.startswith(path.stem) and COPY_NAME.fullmatch(each.stem.removeprefix(path.stem))
        ]
        if copies:
            findings.append(finding("F14", Place(str(path)), copies=", ".join(copies)))
    return tuple(findings)
