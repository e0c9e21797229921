"""Asking back: a note for each return with questions, and the team's list; for a quarter's folder, or for files."""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from sendkpi_xl.files import read_bytes, reason
from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.gather import changed_meanwhile, gather_files, returned_paths
from sendkpi_xl.gathered import Gathered
from sendkpi_xl.history import across_quarters, earlier_readings, gather_before, gather_history, year_before
from sendkpi_xl.model import Catalogue
from sendkpi_xl.outputs import Published, other_copies, publish
from sendkpi_xl.period import Period
from sendkpi_xl.queries import PREFIX, Asked, ask, is_current, is_note, note_name
from sendkpi_xl.reading import Finding, Place
from sendkpi_xl.receipt import receipt
from sendkpi_xl.return_row import Round
from sendkpi_xl.returns import period_of
from sendkpi_xl.round import Done, Tell, bytes_of, load_for, one_run, silent
from sendkpi_xl.workbook_mark import as_written

ABOUT_OTHERS = ("R23",)
"""What is said of workstreams without a return: nothing, where single files are checked."""


@one_run
def write_notes(folder: WorkingFolder, period: Period, tell: Tell = silent, many: bool = False) -> tuple[Done, Asked]:
    """Write what to ask back: a note for each return that has something to ask about, and the team's list of it all.

    A note that cannot be written, or whose return has changed meanwhile, is a finding and stops no other.
    """
    catalogue = load_for(folder, period)
    gathered = gather_history(folder, catalogue, period, tell, many).now
    paths = returned_paths(folder, gathered)
    done, asked = _notes(folder, catalogue, gathered, paths, tell)
    kept = {note_name(file.file) for file in gathered.files if asked.of_lead(file.file)}
    removed = _remove_notes(folder, period, kept | {path.name for path in done.written})
    listed = _list(folder.queries(period), asked)
    written = (*done.written, *listed.written)
    changed = changed_meanwhile(paths, gathered)
    findings = (*done.findings, *listed.findings, *changed, *other_copies({folder.queries(period), *written}))
    up_to_date = () if listed.written else (folder.queries(period),)
    return replace(done, written=written, findings=findings, kept=(*done.kept, *up_to_date), removed=removed), asked


def check_files(folder: WorkingFolder, files: Sequence[Path], tell: Tell = silent) -> tuple[Done, Asked]:
    """Check returns wherever they are, for the quarter that they say they are for, and write the notes to them.

    The team's list and other notes of the quarter are left as they are. Refusal when the files are for no quarter, or
    for several, or when two have one name.
    """
    paths = {path.name: path for path in files}
    if len(paths) < len(files):
        name = Counter(path.name for path in files).most_common(1)[0][0]
        raise Refusal([_misuse(name, "Two of these files have this name.", "Check them one after the other.")])
    periods = {period_of(bytes_of(path), name) for name, path in paths.items()} - {None}
    if len(periods) != 1:
        found = f"These files are returns for {len(periods) or 'no'} quarters." if periods else "It says no quarter."
        raise Refusal([_misuse(", ".join(paths), found, "Name the quarter: sendkpi check QUARTER checks its folder.")])
    (period,) = periods
    assert period is not None
    return _check_files(folder, period, paths, tell)


@one_run
def _check_files(folder: WorkingFolder, period: Period, paths: Mapping[str, Path], tell: Tell) -> tuple[Done, Asked]:
    catalogue = load_for(folder, period)
    before = gather_before(folder, catalogue, period, year_before(period))
    this = Round(catalogue, period, earlier_readings(before, period))
    files = list(paths.values())
    gathered = gather_files(files, this, files[0].parent, tell)
    receipt(catalogue, gathered)
    findings = [each for each in gathered.findings if each.code not in ABOUT_OTHERS]
    gathered = replace(gathered, findings=(*findings, *across_quarters(catalogue, gathered, before)))
    return _notes(folder, catalogue, gathered, paths, tell)


def _misuse(name: str, found: str, action: str) -> Finding:
    return finding("T09", Place(name), found=found, expected="Returns for one quarter.", action=action)


def _list(path: Path, asked: Asked) -> Published:
    """Write the team's list of queries; nothing where the one that stands there would be written again."""
    if _is_current(path, asked.origin_of_list()):
        return Published(())
    from sendkpi_xl.query_list import queries_workbook

    return publish({path: queries_workbook(asked)})


def _is_current(path: Path, origin: str) -> bool:
    """Whether the workbook that stands there is the one that would be made now; one that cannot be read is none."""
    try:
        return path.exists() and is_current(read_bytes(path), origin)
    except (OSError, zipfile.BadZipFile, ValueError):
        return False


def _notes(
    folder: WorkingFolder, catalogue: Catalogue, gathered: Gathered, paths: Mapping[str, Path], tell: Tell
) -> tuple[Done, Asked]:
    """Write a note for each return with questions; what went wrong with one is among the findings."""
    asked = ask(catalogue, gathered)
    written: list[Path] = []
    kept: list[Path] = []
    problems: list[Finding] = []
    for file in gathered.files:
        if not (queries := asked.of_lead(file.file)):
            continue
        path = folder.notes(gathered.period) / note_name(file.file)
        if _is_current(path, asked.origin(file.file)):
            kept.append(path)
            continue
        tell(path.name)
        try:
            from sendkpi_xl.notes import note_workbook

            data = _same_bytes(paths[file.file], file.sha256)
            published = publish({path: note_workbook(data, file.file, queries, asked)}, ours=False)
        except Refusal as refusal:
            problems += refusal.findings
        else:
            written += published.written
            problems += published.findings
    findings = (*gathered.findings, *problems)
    return Done(tuple(written), findings, kept=tuple(kept)), ask(catalogue, replace(gathered, findings=findings))


def _same_bytes(path: Path, sha256: str) -> bytes:
    """A return's bytes read again for its note; Refusal when they are not those that the receipt names any more."""
    try:
        data = read_bytes(path)
    except OSError as error:
        found = f"It cannot be opened again: {reason(error)}; no note was written for it."
    else:
        if hashlib.sha256(data).hexdigest() == sha256:
            return data
        found = "It changed while it was being read; no note was written for it."
    action = "Run again when nobody is saving it."
    raise Refusal([finding("F02", Place(path.name), found=found, action=action)])


def _remove_notes(folder: WorkingFolder, period: Period, names: Collection[str]) -> tuple[Path, ...]:
    """Take away our earlier notes for returns that need none any more; files of others, or that others saved, stay."""
    removed = []
    for path in sorted(folder.notes(period).glob(f"{PREFIX}*")):
        try:
            if path.name in names or not path.is_file():
                continue
            data = read_bytes(path)
            if is_note(data, path.name) and as_written(data):
                path.unlink()
                removed.append(path)
        except OSError as error:
            raise Refusal([finding("F03", Place(str(path)), why=reason(error))]) from error
    return tuple(removed)
