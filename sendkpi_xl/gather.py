"""All returns of a quarter to one reading for each live KPI, with an account of every file in the folder."""

from __future__ import annotations

import hashlib
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from sendkpi_xl.checks import FILE_CHECKS, RETURNS_CHECKS
from sendkpi_xl.checks.check import checked
from sendkpi_xl.checks.files import SeenFile
from sendkpi_xl.checks.returns import SeenReturn, SeenReturns
from sendkpi_xl.checks.sums import tied_readings
from sendkpi_xl.file_kinds import EMPTY_FILE, MAX_FILE, MEGABYTE, seldom_a_return
from sendkpi_xl.files import owner_files, read_bytes, reason
from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.folder import PUBLISHED_FILES, SUPERSEDED, WorkingFolder
from sendkpi_xl.gathered import FileOutcome, Gathered, Outcome
from sendkpi_xl.grid import address, row_and_column
from sendkpi_xl.model import Catalogue
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Entries, Finding, Place, Reading, Severity, Status
from sendkpi_xl.return_row import Round
from sendkpi_xl.returns import BookReturn, SheetReturn, read_return

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
BYSTANDERS = (".", "~")
"""Lock files, half-written files, and what operating systems leave behind: counted, and never worth a word."""
BYSTANDER_NAMES = ("desktop.ini", "thumbs.db")
UNFINISHED_SUFFIXES = (".tmp", ".crdownload", ".partial", ".part", ".download")
MOST_FILES = 2_000
ONLY_IN_THE_CLOUD = 0x0040_0000 | 0x0000_1000
"""Windows' marks of a file that would first have to be downloaded, which could take as long as it likes."""

Tell = Callable[[str], None]
"""Called with the name of a file before it is read."""


def silent(_: str) -> None:
    """Tells nobody."""


def gather(folder: WorkingFolder, this: Round, tell: Tell = silent, many: bool = False) -> Gathered:
    """Read every return in the quarter's folder; `tell` is called with each file's name before it is read.

    Raises Refusal when there is no such folder, when it holds too many files for a round and not `many` are
    expected, or when nothing in it can be used. One bad file never stops the others.
    """
    place = folder.returns(this.period)
    paths = _paths(place, this.period)
    if len(paths) > MOST_FILES and not many:
        raise Refusal([finding("F16", Place(str(place)), found=f"{len(paths):,}", most=f"{MOST_FILES:,}")])
    return gather_files(paths, this, place, tell)


def gather_files(paths: Sequence[Path], this: Round, place: Path, tell: Tell = silent) -> Gathered:
    """Read these files as the returns of a quarter; `place` names where they stand when none of them can be used."""
    catalogue, period = this.catalogue, this.period
    books: list[BookReturn] = []
    outcomes: list[FileOutcome] = []
    for path in paths:
        book = _read_file(path, books, this, tell)
        if isinstance(book, FileOutcome):
            outcomes.append(book)
        else:
            books.append(book)
    findings = [each for book in books for each in book.findings] + _open_elsewhere(paths, books)
    if not any(book.usable for book in books):
        raise Refusal([*findings, finding("F06", Place(str(place)))])
    used, held, problems = _settle(books, catalogue, Place(str(place)))
    findings += problems
    readings = _all_readings(used, catalogue, period)
    findings += tied_readings(catalogue, readings)
    must_fix = Counter(each.place.file for each in findings if each.severity is Severity.MUST_FIX)
    outcomes += [_outcome(book, used, held, must_fix[book.file]) for book in books]
    files = tuple(sorted(outcomes, key=lambda each: each.file))
    return Gathered(period, readings, files, tuple(findings), len(paths))


def _paths(place: Path, period: Period) -> list[Path]:
    """What stands in the folder of returns and in its folder `superseded`, in the order of the names.

    Refusal when it cannot be listed.
    """
    words = {"what": f"folder of returns for {period.code}", "expected": "A folder of filled templates."}
    try:
        listed = sorted(place.iterdir())
        return [*listed, *(path for folder in listed if _is_superseded(folder) for path in _within(folder))]
    except (FileNotFoundError, NotADirectoryError) as error:
        action = f"Make the folder {place} and put the returns into it, or run in the folder that holds inputs/."
        raise Refusal([finding("F01", Place(str(place)), **words, action=action)]) from error
    except OSError as error:
        words["what"] += " that opens"
        action = "Ask for the right to open it, or copy the returns into a folder of your own, and run again."
        raise Refusal([finding("F01", Place(str(place)), **words, action=action)]) from error


def _is_superseded(path: Path) -> bool:
    """Whether this is called as the folder is into which people move what no longer counts."""
    return path.name.strip().casefold() == SUPERSEDED


def _within(folder: Path) -> list[Path]:
    """The files that people moved aside, in the order of their names; none where it is no folder that opens."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _read_file(path: Path, before: Sequence[BookReturn], this: Round, tell: Tell) -> BookReturn | FileOutcome:
    """The returns in a file, or at once what became of it where nobody means it as a return."""
    name = path.name
    if _is_superseded(path.parent):
        return FileOutcome(f"{path.parent.name}/{name}", Outcome.SUPERSEDED)
    folded = name.lower()
    if name.startswith(BYSTANDERS) or folded in BYSTANDER_NAMES or folded.endswith(UNFINISHED_SUFFIXES):
        return FileOutcome(name, Outcome.SKIPPED)
    try:
        if path.is_symlink():
            return _noticed(SeenFile(name, no_workbook="it is a link, and links are not followed"))
        if path.is_dir():
            if _is_superseded(path):
                return FileOutcome(name, Outcome.SKIPPED)
            return _noticed(SeenFile(name, no_workbook="it is a folder, and folders are not looked into"))
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return _noticed(SeenFile(name, no_workbook="it is no ordinary file"))
        if getattr(status, "st_file_attributes", 0) & ONLY_IN_THE_CLOUD:
            found = "It has not been downloaded yet: so far it is only in the cloud."
            return _noticed(SeenFile(name, (found, EMPTY_FILE[1])))
        tell(name)
        if status.st_size > MAX_FILE:
            found = f"It is larger than {MAX_FILE // MEGABYTE} MB, and no return is."
            return _noticed(SeenFile(name, (found, "See what it is, and move it away.")))
        return _read_bytes(read_bytes(path), path, before, this)
    except OSError as error:
        found = f"It cannot be opened: {reason(error)}."
        return _noticed(SeenFile(name, (found, "Close it, or copy it again, and run again.")))


def _read_bytes(data: bytes, path: Path, before: Sequence[BookReturn], this: Round) -> BookReturn:
    name, suffix = path.name, path.suffix.lower()
    digest = hashlib.sha256(data).hexdigest()
    if name.lower() in PUBLISHED_FILES:
        return BookReturn(name, digest, (), (), own=True)
    twin = next((book.file for book in before if book.sha256 == digest), None)
    if twin is not None:
        return _noticed(SeenFile(name, twin=twin), digest)
    if suffix in WORKBOOK_SUFFIXES:
        return read_return(data, name, this)
    if seldom_a_return(data, suffix):
        return _noticed(SeenFile(name, no_workbook=f"its name ends in {suffix or 'nothing'}"))
    book = read_return(data, name, this)
    odd = _noticed(SeenFile(name, odd_name=bool(book.sha256))).findings
    return replace(book, findings=(*book.findings, *odd))


def _noticed(seen: SeenFile, sha256: str = "") -> BookReturn:
    return BookReturn(seen.name, sha256, (), tuple(checked(FILE_CHECKS, seen)))


def _open_elsewhere(paths: Iterable[Path], books: Iterable[BookReturn]) -> list[Finding]:
    """What to say of returns that somebody has open, by the owner files beside them; whose they are is not said."""
    names = {path.name for path in paths}
    opened = [each for each in books if not names.isdisjoint(owner_files(each.file))]
    return [each for book in opened for each in checked(FILE_CHECKS, SeenFile(book.file, open_elsewhere=True))]


def _settle(
    books: Iterable[BookReturn], catalogue: Catalogue, folder: Place
) -> tuple[dict[str, SheetReturn], set[str], list[Finding]]:
    """The one return to use for each workstream by code, and the codes of those held: two that differ are queried."""
    used: dict[str, SheetReturn] = {}
    held: set[str] = set()
    findings: list[Finding] = []
    by_code: dict[str, list[SheetReturn]] = {each.code: [] for each in catalogue.workstreams}
    in_file: Counter[str] = Counter()
    for book in books:
        for sheet in book.sheets:
            by_code[sheet.workstream.code].append(sheet)
            in_file[book.file] += not sheet.empty
    for workstream in catalogue.workstreams:
        returns = by_code[workstream.code]
        filled = [each for each in returns if not each.empty]
        if len(filled) != 1:
            seen = tuple(_seen(each, alone=in_file[each.place.file] <= 1) for each in returns)
            problems = checked(RETURNS_CHECKS, SeenReturns(folder, workstream, seen))
            held |= {workstream.code} if any(each.severity is Severity.MUST_FIX for each in problems) else set()
            findings += problems
        if filled:
            used[workstream.code] = _held(filled[0]) if workstream.code in held else filled[0]
    return used, held, findings


def _seen(returned: SheetReturn, *, alone: bool) -> SeenReturn:
    """A return by what was entered, without the way a number was written, and where that stands."""
    entered = {each.kpi_id: _entered(each) for each in returned.readings}
    places = {each.kpi_id: row_and_column(each.place.cell) for each in returned.readings}
    cells = {
        kpi_id: {key: address(place[0], column) for key, column in returned.columns.items()}
        for kpi_id, place in places.items()
        if place is not None
    }
    return SeenReturn(returned.place, returned.empty, entered, cells, alone)


def _entered(reading: Reading) -> dict[str, object]:
    """What counts of a reading when two returns are compared, by column key of the return sheet."""
    unused = "" if reading.value is not None else reading.typed
    return {
        "value": (reading.value, reading.symbols, reading.status is Status.QUERIED, unused),
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "reason": reading.reason,
        "comment": reading.comment,
        "forecast": reading.forecast,
    }


def _held(returned: SheetReturn) -> SheetReturn:
    readings = tuple(
        Reading(each.kpi_id, each.period, Status.QUERIED, place=each.place, sha256=each.sha256)
        for each in returned.readings
    )
    return replace(returned, readings=readings)


def _outcome(book: BookReturn, used: Mapping[str, SheetReturn], held: set[str], must_fix: int) -> FileOutcome:
    filled = list({each.workstream.code: each for each in reversed(book.sheets) if not each.empty}.values())[::-1]
    codes = tuple(sheet.workstream.code for sheet in filled)
    in_use = [sheet for sheet in filled if used[sheet.workstream.code].place == sheet.place]
    outcome = _what_became(book, filled, in_use, held)
    # Of returns that are held none is used, and the entries of each are queried.
    counted = [sheet for sheet in book.sheets if not sheet.empty and (sheet in in_use or sheet.workstream.code in held)]
    entries = Entries()
    for sheet in counted:
        entries += sheet.entries.all_queried if sheet.workstream.code in held else sheet.entries
    return FileOutcome(
        file=book.file,
        outcome=outcome,
        sha256=book.sha256,
        workstreams=codes,
        done=sum(sheet.done for sheet in filled),
        of=sum(len(sheet.readings) for sheet in filled),
        must_fix=must_fix,
        saved_by=book.saved_by,
        saved_at=book.saved_at,
        entries=entries,
        filled=sum(sheet.filled for sheet in counted),
    )


def _what_became(
    book: BookReturn, filled: Sequence[SheetReturn], in_use: Sequence[SheetReturn], held: set[str]
) -> Outcome:
    codes = {each.code for each in book.findings}
    if book.own or "F05" in codes:
        return Outcome.SKIPPED
    if "F08" in codes:
        return Outcome.DUPLICATE
    if not book.sheets:
        return Outcome.REFUSED
    if not filled:
        return Outcome.EMPTY
    if any(sheet.workstream.code in held for sheet in filled):
        return Outcome.HELD
    return Outcome.USED if in_use else Outcome.DUPLICATE


def _all_readings(used: Mapping[str, SheetReturn], catalogue: Catalogue, period: Period) -> tuple[Reading, ...]:
    found = {reading.kpi_id: reading for returned in used.values() for reading in returned.readings}
    return tuple(found.get(kpi.id, Reading(kpi.id, period, Status.NOT_RETURNED)) for kpi in catalogue.live())


def returned_paths(folder: WorkingFolder, gathered: Gathered) -> dict[str, Path]:
    """Where the files of a quarter's folder stand, by their names on the receipt."""
    return {file.file: folder.returns(gathered.period) / file.file for file in gathered.files}


def changed_meanwhile(paths: Mapping[str, Path], gathered: Gathered) -> list[Finding]:
    """The files, by their names, whose bytes are not those any more that were read: the receipt speaks of the old."""
    changed = []
    for file in gathered.files:
        try:
            same = not file.sha256 or hashlib.sha256(read_bytes(paths[file.file])).hexdigest() == file.sha256
        except OSError:
            same = False
        if not same:
            changed.append(finding("F20", Place(file.file)))
    return changed
