"""The stages of a round joined up: what each command of the command line does, without its printing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.catalogue import TEXT_SUFFIX, WORKBOOK_SUFFIX, load_catalogue, save_catalogue
from sendkpi_xl.files import bytes_there, opening, read_bytes, ready
from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.model import Catalogue
from sendkpi_xl.moderated import Moderation
from sendkpi_xl.outputs import other_copies, publish
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Finding, Place, Severity
from sendkpi_xl.run_lock import quarter_run

if TYPE_CHECKING:
    from sendkpi_xl.backtest import Backtest
    from sendkpi_xl.explain import Explanation
    from sendkpi_xl.quarter import Board

Tell = Callable[[str], None]
P = ParamSpec("P")
T = TypeVar("T")


def silent(_: str) -> None:
    """Tells nobody."""


class Done(Struct, frozen=True):
    """What a command did: the files that it wrote, what it noticed, and files of its own that it took away.

    `kept` are those that it would have written just as they stand there.
    """

    written: tuple[Path, ...]
    findings: tuple[Finding, ...] = ()
    removed: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()


def one_run(
    work: Callable[Concatenate[WorkingFolder, Period, P], tuple[Done, T]],
) -> Callable[Concatenate[WorkingFolder, Period, P], tuple[Done, T]]:
    """The same work as the one run over its quarter, with what `quarter_run` noticed among its findings."""

    @wraps(work)
    def alone(folder: WorkingFolder, period: Period, /, *args: P.args, **words: P.kwargs) -> tuple[Done, T]:
        with quarter_run(folder, period) as noticed:
            done, result = work(folder, period, *args, **words)
        return replace(done, findings=(*noticed, *done.findings)), result

    return alone


def import_list(source: Path, to: Path, known: Path | None, year: str = "") -> tuple[Done, Catalogue]:
    """Turn a published list into a catalogue with proposed attributes.

    `known` is an earlier catalogue whose ids stay; `year` a financial year whose targets are to be filled in.
    """
    from sendkpi_xl.proposal import propose_catalogue
    from sendkpi_xl.published_list import read_published_list

    _may_write(to, source, *filter(None, [known]))
    ready(to.parent)
    listed = read_published_list(source)
    earlier = None if known is None else load_catalogue(known)
    catalogue = propose_catalogue(listed, source.stem, earlier, year)
    published = save_catalogue(catalogue, to)
    return Done(published.written, published.findings), catalogue


def convert_catalogue(source: Path, to: Path) -> Done:
    """Write the catalogue workbook as text, or the text as a workbook, by the files' endings."""
    _may_write(to, source)
    ready(to.parent)
    published = save_catalogue(load_catalogue(source), to)
    return Done(published.written, published.findings)


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


@one_run
def write_templates(folder: WorkingFolder, period: Period, tell: Tell = silent) -> tuple[Done, Catalogue]:
    """Write the quarter's templates: one workbook for each workstream, and one with all of them.

    Baselines and targets that do not hold together are noticed now, before anybody is asked for figures.
    """
    from sendkpi_xl.checks.goals import goal_findings
    from sendkpi_xl.checks.sums import tied_goals
    from sendkpi_xl.history import earlier_readings, gather_before, year_before
    from sendkpi_xl.template import return_workbook, template_files

    catalogue = load_for(folder, period)
    ready(folder.templates(period))
    name = folder.catalogue.name
    findings = [*goal_findings(catalogue, period.year, name), *tied_goals(catalogue, period.year, name)]
    earlier = earlier_readings(gather_before(folder, catalogue, period, year_before(period)), period)
    written: list[Path] = []
    for name, workstreams in template_files(catalogue, period):
        tell(name)
        published = publish({folder.templates(period) / name: return_workbook(catalogue, period, workstreams, earlier)})
        written += published.written
        findings += published.findings
    return Done(tuple(written), tuple(findings)), catalogue


def read_quarter(
    folder: WorkingFolder, period: Period, tell: Tell = silent, many: bool = False, *, whole: bool = False
) -> tuple[Board, tuple[Finding, ...]]:
    """A quarter read, rated and moderated, with the year's earlier quarters; and everything that was noticed.

    With `whole`, all other quarters that the outlook is reckoned from are rated too, as `Board.before`.

    Everything comes from `inputs`: the same inputs give the same outputs, whatever stood in `outputs` before. Of the
    earlier quarters only what must be fixed is noticed again.
    """
    from sendkpi_xl.consolidate import moderation_findings, rate_readings
    from sendkpi_xl.headline_checks import headline_findings
    from sendkpi_xl.headlines import proposals
    from sendkpi_xl.history import gather_history
    from sendkpi_xl.quarter import Board

    catalogue = load_for(folder, period)
    history = gather_history(folder, catalogue, period, tell, many, whole=True)
    rated_before = {
        each.period: rate_readings(catalogue, each, _moderation_then(folder, each.period, period), history.before)
        for each in reversed(history.before)
        if whole or each.period.year == period.year or each.period == period.previous
    }
    of_this_year = [each.findings for each in history.this_year]
    still_open = [each for found in of_this_year for each in found if each.severity is Severity.MUST_FIX]
    moderation, noticed = moderation_of(folder, period)
    rated = rate_readings(catalogue, history.now, moderation, history.before)
    quarters = {each: seen for each, seen in rated_before.items() if each.year == period.year} | {period: rated}
    last_year = {each: seen for each, seen in rated_before.items() if each not in quarters and each == period.previous}
    before = {each: seen for each, seen in rated_before.items() if each not in (*quarters, *last_year)}
    board = Board(catalogue, period, quarters, history.now, moderation, last_year, before=before)
    noticed += moderation_findings(rated, moderation, period)
    noticed += headline_findings(board.known, period, moderation, proposals(catalogue, board.known, period))
    return board, (*still_open, *history.now.findings, *noticed)


def backtest_quarter(
    folder: WorkingFolder, period: Period, tell: Tell = silent, many: bool = False
) -> tuple[Backtest, tuple[Finding, ...]]:
    """A quarter's computed ratings held against the published ones, and everything that was noticed."""
    from sendkpi_xl.backtest import backtest, unexplained
    from sendkpi_xl.published_ratings import read_published

    board, findings = read_quarter(folder, period, tell, many)
    published = read_published(folder, board.catalogue, period, {each.kpi.id for each in board.rows})
    tested = backtest(period, published, board.now, board.moderation)
    return tested, (*findings, *published.findings, *unexplained(tested))


def explain_rating(
    folder: WorkingFolder, name: str, period: Period | None, tell: Tell = silent, many: bool = False
) -> Explanation:
    """How a KPI's rating came about in a quarter, the latest with returns where none is given.

    Raises Refusal when the name is no live KPI's, or no quarter has returns.
    """
    from sendkpi_xl.explain import explain, named_kpi

    quarters = folder.quarters()
    if period is None and not quarters:
        raise Refusal([finding("F06", Place(str(folder.catalogue.parent)))])
    period = period or quarters[-1]
    board, findings = read_quarter(folder, period, tell, many)
    return explain(board, findings, named_kpi(board.catalogue, name))


def moderation_of(folder: WorkingFolder, period: Period) -> tuple[Moderation, list[Finding]]:
    """The quarter's moderation; an empty one, and a note, when there is no workbook yet."""
    from sendkpi_xl.moderation_reader import read_moderation

    path = folder.moderation(period)
    place = Place(str(path))
    with opening(place):
        data = read_bytes(path) if path.exists() else None
    if data is None:
        return Moderation(), [finding("M05", place, period=period.code)]
    return read_moderation(data, path.name, period)


def _moderation_then(folder: WorkingFolder, before: Period, period: Period) -> Moderation:
    """The moderation of an earlier quarter; an empty one where that of the year before cannot be read."""
    try:
        return moderation_of(folder, before)[0]
    except Refusal:
        if before.year == period.year:
            raise
        return Moderation()


def audit_file(path: Path) -> tuple[Finding, ...]:
    """What fails in a workbook, whoever made it, of the accessibility checklist; Refusal when it cannot be read."""
    from sendkpi_xl.audit import audit_workbook

    return audit_workbook(bytes_of(path), path.name)


def bytes_of(path: Path) -> bytes:
    """The bytes of a file that somebody named; Refusal when it cannot be opened."""
    with opening(Place(str(path)), "Look whether the name is right, and run again."):
        return read_bytes(path)


@one_run
def write_board(
    folder: WorkingFolder, period: Period, tell: Tell = silent, many: bool = False, pdf: bool = False
) -> tuple[Done, Board]:
    """Write the quarter's board workbook and tidy data, and with `pdf` the board pack as a PDF, all of one run.

    What is restated by that is among the findings, and why there is no PDF, when there is none.
    """
    from sendkpi_xl.board_files import board_files
    from sendkpi_xl.gather import changed_meanwhile, returned_paths
    from sendkpi_xl.restated import restatements

    board, findings = read_quarter(folder, period, tell, many)
    files = board_files(folder, board, pdf, tell)
    data, written_last = files.contents[folder.readings(period)], bytes_there(folder.readings(period))
    restated = () if written_last in (None, data) else restatements(written_last or b"", data)
    published = publish(files.contents)
    changed = changed_meanwhile(returned_paths(folder, board.gathered), board.gathered)
    findings = (*findings, *restated, *changed, *published.findings, *files.findings)
    return Done(published.written, (*findings, *other_copies({*files.contents, *published.written}))), board
