"""The stages of a round joined up: what each command of the command line does, without its printing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sendkpi_xl.catalogue import TEXT_SUFFIX, WORKBOOK_SUFFIX, load_catalogue, save_catalogue
from sendkpi_xl.files import read_bytes, reason, write_whole
from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.model import Catalogue, Finding, Moderation, Place, Reading, Severity
from sendkpi_xl.period import Period

if TYPE_CHECKING:
    from sendkpi_xl.board import Board
    from sendkpi_xl.queries import Asked

Tell = Callable[[str], None]


def _silent(_: str) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did: the files that it wrote, what it noticed, and files of its own that it took away."""

    written: tuple[Path, ...]
    findings: tuple[Finding, ...] = ()
    removed: tuple[Path, ...] = ()


def import_list(source: Path, to: Path, known: Path | None, year: str = "") -> tuple[Done, Catalogue]:
    """Turn a published list into a catalogue with proposed attributes.

    `known` is an earlier catalogue whose ids stay; `year` a financial year whose targets are to be filled in.
    """
    from sendkpi_xl.proposal import propose_catalogue
    from sendkpi_xl.published_list import read_published_list

    _may_write(to, source, *filter(None, [known]))
    listed = read_published_list(source)
    earlier = None if known is None else load_catalogue(known)
    catalogue = propose_catalogue(listed, source.stem, earlier, year)
    save_catalogue(catalogue, to)
    return Done((to,)), catalogue


def convert_catalogue(source: Path, to: Path) -> Done:
    """Write the catalogue workbook as text, or the text as a workbook, by the files' endings."""
    _may_write(to, source)
    save_catalogue(load_catalogue(source), to)
    return Done((to,))


def _may_write(to: Path, *inputs: Path) -> None:
    """Refusal when a catalogue under this name would overwrite an input, or be neither a workbook nor text."""
    if any(to.exists() and path.exists() and to.samefile(path) for path in inputs):
        found = "It is a file that is being read, and writing it would overwrite that."
        expected = "Another name for the file to write."
    elif to.suffix.lower() not in (WORKBOOK_SUFFIX, TEXT_SUFFIX):
        found = f"A catalogue is not written to a file that ends in {to.suffix or 'nothing'}."
        expected = f"A name that ends in {WORKBOOK_SUFFIX} (the workbook) or {TEXT_SUFFIX} (the text)."
    else:
        return
    action = "Give --to another name; nothing was written."
    raise Refusal([finding("T09", Place(str(to)), found=found, expected=expected, action=action)])


def load_for(folder: WorkingFolder, period: Period) -> Catalogue:
    """The folder's catalogue; Refusal when it has no targets for the period's year."""
    catalogue = load_catalogue(folder.catalogue)
    years = {goal.year for kpi in catalogue.kpis for goal in kpi.goals}
    if period.year not in years:
        raise Refusal([finding("F07", Place(str(folder.catalogue), "Targets"), year=period.year)])
    return catalogue


def write_templates(folder: WorkingFolder, period: Period, tell: Tell = _silent) -> Done:
    """Write the quarter's templates: one workbook for each workstream, and one with all of them.

    Baselines and targets that do not hold together are noticed now, before anybody is asked for figures.
    """
    from sendkpi_xl.template import return_workbook, template_files
    from sendkpi_xl.ties import tied_goals

    catalogue = load_for(folder, period)
    earlier = _earlier_readings(folder, catalogue, period)
    written = []
    for name, workstreams in template_files(catalogue, period):
        tell(name)
        path = folder.templates(period) / name
        write_whole(path, return_workbook(catalogue, period, workstreams, earlier))
        written.append(path)
    return Done(tuple(written), tuple(tied_goals(catalogue, period.year, folder.catalogue.name)))


def _earlier_readings(folder: WorkingFolder, catalogue: Catalogue, period: Period) -> dict[tuple[str, Period], Reading]:
    """The year's earlier quarters, from their own folders of returns; a quarter without a folder has none."""
    from sendkpi_xl.gather import gather

    return {
        (reading.kpi_id, earlier): reading
        for earlier in period.earlier
        if folder.returns(earlier).is_dir()
        for reading in gather(folder, catalogue, earlier).readings
    }


def read_quarter(folder: WorkingFolder, period: Period, tell: Tell = _silent) -> tuple[Board, tuple[Finding, ...]]:
    """A quarter read, rated and moderated, with the year's earlier quarters; and everything that was noticed.

    Everything comes from `inputs`: the same inputs give the same outputs, whatever stood in `outputs` before. Of the
    earlier quarters only what must be fixed is noticed again.
    """
    from sendkpi_xl.board import Board
    from sendkpi_xl.consolidate import moderation_findings, rate_readings
    from sendkpi_xl.gather import gather

    catalogue = load_for(folder, period)
    quarters = {}
    still_open: list[Finding] = []
    for earlier in period.earlier:
        if folder.returns(earlier).is_dir():
            before = gather(folder, catalogue, earlier, tell)
            quarters[earlier] = rate_readings(catalogue, before, _moderation(folder, earlier)[0])
            still_open += [each for each in before.findings if each.severity is Severity.MUST_FIX]
    gathered = gather(folder, catalogue, period, tell)
    moderation, noticed = _moderation(folder, period)
    rated = rate_readings(catalogue, gathered, moderation)
    quarters[period] = rated
    findings = (*still_open, *gathered.findings, *noticed, *moderation_findings(rated, moderation, period))
    return Board(catalogue, period, quarters, gathered, moderation), findings


def _moderation(folder: WorkingFolder, period: Period) -> tuple[Moderation, list[Finding]]:
    """The quarter's moderation; an empty one, and a note, when there is no workbook yet."""
    from sendkpi_xl.moderation import read_moderation

    path = folder.moderation(period)
    try:
        data = read_bytes(path)
    except FileNotFoundError:
        return Moderation(), [finding("M05", Place(str(path)), period=period.code)]
    except OSError as error:
        found = f"It cannot be opened: {reason(error)}."
        raise Refusal([finding("F02", Place(str(path)), found=found, action="Close it and run again.")]) from error
    return read_moderation(data, path.name, period)


def write_moderation(folder: WorkingFolder, period: Period, tell: Tell = _silent) -> tuple[Done, Board]:
    """Write the quarter's moderation workbook, or bring it up to date, keeping what people wrote in it.

    A new one begins with the overrides of the quarter before that still hold.
    """
    from sendkpi_xl.consolidate import holds
    from sendkpi_xl.moderation import moderation_workbook

    board, findings = read_quarter(folder, period, tell)
    path, moderation = folder.moderation(period), board.moderation
    if not path.exists():
        before = _moderation(folder, period.previous)[0].overrides
        still_held = tuple(override for override in before if override.until and holds(override, period))
        moderation = replace(moderation, overrides=still_held)
    write_whole(path, moderation_workbook(board.catalogue, period, board.now, moderation))
    return Done((path,), tuple(each for each in findings if each.code != "M05")), board


def write_notes(folder: WorkingFolder, period: Period, tell: Tell = _silent) -> tuple[Done, Asked]:
    """Write what to ask back: a note for each return that has something to ask about, and the team's list of it all.

    A note that cannot be written, or whose return has changed meanwhile, is a finding and stops no other.
    """
    from sendkpi_xl.gather import gather
    from sendkpi_xl.queries import ask, note_name, queries_workbook

    catalogue = load_for(folder, period)
    asked = ask(catalogue, gather(folder, catalogue, period, tell))
    written: list[Path] = []
    problems: list[Finding] = []
    names: set[str] = set()
    for file in asked.gathered.files:
        if not (queries := asked.of_lead(file.file)):
            continue
        from sendkpi_xl.notes import note_workbook  # openpyxl is slow to load, and not needed when all is well

        name = note_name(file.file)
        names.add(name)
        tell(name)
        try:
            data = _same_bytes(folder.returns(period) / file.file, file.sha256)
            write_whole(folder.notes(period) / name, note_workbook(data, file.file, queries, asked))
        except Refusal as refusal:
            problems += refusal.findings
        else:
            written.append(folder.notes(period) / name)
    removed = _remove_notes(folder, period, names)
    findings = (*asked.gathered.findings, *problems)
    asked = ask(catalogue, replace(asked.gathered, findings=findings))
    write_whole(folder.queries(period), queries_workbook(asked))
    return Done((*written, folder.queries(period)), findings, removed), asked


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
    """Take away our earlier notes for returns that need none any more; files that are not ours stay."""
    from sendkpi_xl.queries import PREFIX, is_note

    removed = []
    for path in sorted(folder.notes(period).glob(f"{PREFIX}*")):
        try:
            if path.name not in names and path.is_file() and is_note(read_bytes(path), path.name):
                path.unlink()
                removed.append(path)
        except OSError as error:
            raise Refusal([finding("F03", Place(str(path)), why=reason(error))]) from error
    return tuple(removed)


def write_board(folder: WorkingFolder, period: Period, tell: Tell = _silent) -> tuple[Done, Board]:
    """Write the quarter's board workbook and tidy data."""
    from sendkpi_xl.board import board_workbook
    from sendkpi_xl.consolidate import tidy_csv, tidy_rows

    board, findings = read_quarter(folder, period, tell)
    outputs = {
        folder.board(period): board_workbook(board),
        folder.readings(period): tidy_csv(tidy_rows(each for rated in board.quarters.values() for each in rated)),
    }
    for path, content in outputs.items():
        write_whole(path, content)
    return Done(tuple(outputs), findings), board
