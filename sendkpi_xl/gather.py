"""All returns of a quarter to one reading for each live KPI, with an account of every file in the folder."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from sendkpi_xl.files import read_bytes, reason
from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.model import Catalogue, Finding, Place, Reading, Status
from sendkpi_xl.period import Period
from sendkpi_xl.returns import BookReturn, SheetReturn, read_return
from sendkpi_xl.ties import tied_readings

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
BYSTANDERS = ("~$", ".~lock.", "._", ".")
"""Lock files and what operating systems leave behind: counted, and never worth a word."""
BYSTANDER_NAMES = ("desktop.ini", "thumbs.db")
LARGEST_FILE = 25 * 1024 * 1024


class Outcome(StrEnum):
    """What became of a file in the folder of returns; every file has exactly one."""

    USED = "used"
    DUPLICATE = "same as another"
    HELD = "held"
    EMPTY = "not filled in"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """One file of the folder: whose return it is, how many of its KPIs are done, and what became of it."""

    file: str
    outcome: Outcome
    sha256: str = ""
    workstreams: tuple[str, ...] = ()
    done: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Gathered:
    """A quarter's readings, one for each live KPI in list order, with the files they came from and all findings."""

    period: Period
    readings: tuple[Reading, ...]
    files: tuple[FileOutcome, ...]
    findings: tuple[Finding, ...]

    def reading(self, kpi_id: str) -> Reading:
        """The reading of a live KPI; KeyError for another."""
        for reading in self.readings:
            if reading.kpi_id == kpi_id:
                return reading
        raise KeyError(kpi_id)


def gather(
    folder: WorkingFolder, catalogue: Catalogue, period: Period, tell: Callable[[str], None] = lambda _: None
) -> Gathered:
    """Read every return in the quarter's folder; `tell` is called with each file's name before it is read.

    Raises Refusal when there is no such folder or nothing in it can be used. One bad file never stops the others.
    """
    place = folder.returns(period)
    books: list[BookReturn] = []
    outcomes: list[FileOutcome] = []
    findings: list[Finding] = []
    for path in _paths(place, period):
        book = _read_file(path, books, catalogue, period, tell)
        if isinstance(book, FileOutcome):
            outcomes.append(book)
            continue
        findings += book.findings
        books.append(book)
    used, held, problems = _settle(books, catalogue)
    findings += problems
    outcomes += [_outcome(book, used, held) for book in books]
    if not any(book.usable for book in books):
        raise Refusal([*findings, finding("F06", Place(str(place)))])
    readings = _all_readings(used, catalogue, period)
    findings += tied_readings(catalogue, readings)
    return Gathered(period, readings, tuple(sorted(outcomes, key=lambda each: each.file)), tuple(findings))


def _paths(place: Path, period: Period) -> list[Path]:
    """What stands in the folder of returns, in the order of the names; Refusal when it cannot be listed."""
    words = {"what": f"folder of returns for {period.code}", "expected": "A folder of filled templates."}
    try:
        return sorted(place.iterdir())
    except (FileNotFoundError, NotADirectoryError) as error:
        action = f"Make the folder {place} and put the returns into it, or run in the folder that holds inputs/."
        raise Refusal([finding("F01", Place(str(place)), **words, action=action)]) from error
    except OSError as error:
        words["what"] += " that opens"
        action = "Ask for the right to open it, or copy the returns into a folder of your own, and run again."
        raise Refusal([finding("F01", Place(str(place)), **words, action=action)]) from error


def _read_file(
    path: Path, before: Sequence[BookReturn], catalogue: Catalogue, period: Period, tell: Callable[[str], None]
) -> BookReturn | FileOutcome:
    """The returns in a file, or at once what became of it where it is not a workbook to be read."""
    name = path.name
    if name.startswith(BYSTANDERS) or name.lower() in BYSTANDER_NAMES or name.endswith(".tmp"):
        return FileOutcome(name, Outcome.SKIPPED)
    try:
        if path.is_dir():
            return FileOutcome(name, Outcome.SKIPPED)
        if path.suffix.lower() not in WORKBOOK_SUFFIXES:
            return _no_workbook(name, f"its name ends in {path.suffix or 'nothing'}")
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return _no_workbook(name, "it is no ordinary file")
        tell(name)
        if status.st_size > LARGEST_FILE:
            return _unreadable(name, "It is larger than 25 MB, and no return is.", "See what it is, and move it away.")
        data = read_bytes(path)
    except OSError as error:
        return _unreadable(name, f"It cannot be opened: {reason(error)}.", "Close it, or copy it again, and run again.")
    digest = hashlib.sha256(data).hexdigest()
    twin = next((book.file for book in before if book.sha256 == digest), None)
    if twin is not None:
        return BookReturn(name, digest, (), (finding("F08", Place(name), other=twin),))
    return read_return(data, name, catalogue, period)


def _no_workbook(name: str, why: str) -> BookReturn:
    return BookReturn(name, "", (), (finding("F05", Place(name), why=why),))


def _unreadable(name: str, found: str, action: str) -> BookReturn:
    return BookReturn(name, "", (), (finding("F02", Place(name), found=found, action=action),))


def _settle(
    books: Iterable[BookReturn], catalogue: Catalogue
) -> tuple[dict[str, SheetReturn], Set[str], list[Finding]]:
    """The one return to use for each workstream by code, and the codes of those held: two that differ are queried."""
    used: dict[str, SheetReturn] = {}
    held: set[str] = set()
    findings: list[Finding] = []
    sheets = [sheet for book in books for sheet in book.sheets]
    for workstream in catalogue.workstreams:
        code = workstream.code
        returns = [sheet for sheet in sheets if sheet.workstream.code == code and not sheet.empty]
        if not returns:
            blank = (sheet for sheet in sheets if sheet.workstream.code == code)
            findings += [finding("R07", sheet.place, workstream.name) for sheet in blank]
            continue
        first, *others = returns
        different = [other for other in others if _entered(other) != _entered(first)]
        for other in different:
            cells = ", ".join(_differences(first, other))
            words = {"workstream": workstream.name, "other": str(other.place), "cells": cells}
            findings.append(finding("R08", first.place, workstream.name, **words))
        used[code] = _held(first) if different else first
        held |= {code} if different else set()
    return used, held, findings


def _entered(returned: SheetReturn) -> list[Reading]:
    """A return's readings by what was entered: without their places, and without the way a number was written."""
    return [
        replace(reading, place=Place(""), sha256="", how="", typed=reading.typed if reading.value is None else "")
        for reading in returned.readings
    ]


def _differences(first: SheetReturn, other: SheetReturn) -> list[str]:
    pairs = zip(first.readings, _entered(first), _entered(other), strict=True)
    return [f"{one.place.cell or 'no row'} ({one.kpi_id})" for one, mine, theirs in pairs if mine != theirs]


def _held(returned: SheetReturn) -> SheetReturn:
    readings = tuple(
        Reading(each.kpi_id, each.period, Status.QUERIED, place=each.place, sha256=each.sha256)
        for each in returned.readings
    )
    return replace(returned, readings=readings)


def _outcome(book: BookReturn, used: dict[str, SheetReturn], held: Set[str]) -> FileOutcome:
    filled = [sheet for sheet in book.sheets if not sheet.empty]
    codes = tuple(sheet.workstream.code for sheet in filled)
    done, of = sum(sheet.done for sheet in filled), sum(len(sheet.readings) for sheet in filled)
    in_use = [sheet for sheet in filled if used[sheet.workstream.code].place == sheet.place]
    if book.own or any(each.code == "F05" for each in book.findings):
        outcome = Outcome.SKIPPED
    elif any(each.code == "F08" for each in book.findings):
        outcome = Outcome.DUPLICATE
    elif not book.sheets:
        outcome = Outcome.REFUSED
    elif not filled:
        outcome = Outcome.EMPTY
    elif not held.isdisjoint(codes):
        outcome = Outcome.HELD
    else:
        outcome = Outcome.USED if in_use else Outcome.DUPLICATE
    return FileOutcome(book.file, outcome, book.sha256, codes, done, of)


def _all_readings(used: dict[str, SheetReturn], catalogue: Catalogue, period: Period) -> tuple[Reading, ...]:
    found = {reading.kpi_id: reading for returned in used.values() for reading in returned.readings}
    return tuple(found.get(kpi.id, Reading(kpi.id, period, Status.NOT_RETURNED)) for kpi in catalogue.live())
