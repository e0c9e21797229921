"""A filled workbook to readings: found by identity, heading and KPI id, never by position, and nothing dropped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from sendkpi_xl.cells import Book, Cell, Kind, Sheet, Unreadable, read_book
from sendkpi_xl.checks import FILE_CHECKS, IDENTITY_CHECKS, LIST_CHECKS, SHEET_CHECKS, SHEET_ROW_CHECKS
from sendkpi_xl.checks.check import checked
from sendkpi_xl.checks.files import SeenFile
from sendkpi_xl.checks.identity import SeenIdentity
from sendkpi_xl.checks.seen_row import OPEN_KEYS, entered
from sendkpi_xl.checks.sheets import SeenSheet
from sendkpi_xl.layout import (
    BOARD_IDENTITY,
    CATALOGUE_IDENTITY,
    LISTS_SHEET,
    MODERATION_IDENTITY,
    NOTE_IDENTITY,
    QUERIES_IDENTITY,
    RETURN,
    START_SHEET,
    Identity,
    read_identity,
    return_table,
)
from sendkpi_xl.model import Catalogue, Kpi, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Entries, Finding, Place, Reading, Status
from sendkpi_xl.return_row import Round, read_row
from sendkpi_xl.tables import FoundTable, Row, find_table, folded, is_blank

OWN_WORKBOOKS = {
    BOARD_IDENTITY: "board workbook",
    CATALOGUE_IDENTITY: "KPI catalogue",
    MODERATION_IDENTITY: "",
    NOTE_IDENTITY: "note to a lead",
    QUERIES_IDENTITY: "list of queries",
}
"""Our workbooks that are no returns, and what to call them; moderation workbooks belong in the folder of returns."""
OWN_SHEETS = (START_SHEET, LISTS_SHEET)
AS_REPORTED = re.compile(r"q([1-4]) as reported")


class SheetReturn(Struct, frozen=True):
    """One workstream's return: a reading for each live KPI of the workstream, and how its entries ended.

    `filled` is how many non-empty entries stand on the sheet, counted cell by cell and not row by row: `entries` must
    come to the same. `columns` says in which column what may be filled in stands, by its key.
    """

    workstream: Workstream
    place: Place
    sha256: str
    readings: tuple[Reading, ...]
    entries: Entries = field(default_factory=Entries)
    filled: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """How many KPIs have a value or a reason for the blank."""
        return sum(reading.status in (Status.REPORTED, Status.BLANK) for reading in self.readings)

    @property
    def empty(self) -> bool:
        """Whether nothing at all was filled in."""
        return all(reading.status is Status.NOT_RETURNED for reading in self.readings)


class BookReturn(Struct, frozen=True):
    """What one file held: the returns in it, what was noticed, and whether it is a workbook of our own or unusable.

    `saved_by` and `saved_at` are what the file says of who saved it last, and when; each empty when it says nothing.
    """

    file: str
    sha256: str
    sheets: tuple[SheetReturn, ...]
    findings: tuple[Finding, ...]
    own: bool = False
    saved_by: str = ""
    saved_at: str = ""

    @property
    def usable(self) -> bool:
        """Whether at least one return could be read from it."""
        return bool(self.sheets)


def read_return(data: bytes, file: str, this: Round) -> BookReturn:
    """Read the returns in one workbook's bytes; whatever is wrong with it ends as findings, never as an exception."""
    try:
        book = read_book(data, file, and_beside=True)
    except Unreadable as error:
        return BookReturn(file, "", (), tuple(checked(FILE_CHECKS, SeenFile(file, (error.found, error.action)))))
    identities = {sheet.name: cell for sheet in book.sheets if (cell := _identity_cell(sheet)) is not None}
    own = None if identities else _own_kind(book)
    if own is not None:
        noticed = checked(FILE_CHECKS, SeenFile(file, own=own)) if own else []
        return BookReturn(file, book.sha256, (), tuple(noticed), own=True)
    sheets: list[SheetReturn] = []
    findings: list[Finding] = []
    returns = []
    for sheet in book.sheets:
        if sheet.name not in identities and not _looks_like_return(sheet):
            continue
        returns.append(sheet.name)
        returned, more = _read_sheet(sheet, identities.get(sheet.name), book, this)
        sheets += [returned] if returned else []
        findings += more
    findings += checked(FILE_CHECKS, _seen(book, returns, this.period))
    return BookReturn(file, book.sha256, tuple(sheets), tuple(findings), saved_by=book.saved_by, saved_at=book.saved_at)


def period_of(data: bytes, file: str) -> Period | None:
    """The quarter that a workbook's first return sheet says it is for; None for anything else."""
    try:
        book = read_book(data, file)
    except Unreadable:
        return None
    identities = (read_identity(cell.raw) for sheet in book.sheets if (cell := _identity_cell(sheet)) is not None)
    return next((Period.parse(identity.period) for identity in identities if identity is not None), None)


def _seen(book: Book, returns: Sequence[str], period: Period) -> SeenFile:
    """The workbook as a whole, given the names of the sheets that are returns."""
    names = tuple(sheet.name for sheet in book.sheets)
    others = tuple(each.name for each in book.sheets if each.cells and each.name not in (*returns, *OWN_SHEETS))
    unread = tuple(name for name in others if returns and not _is_front(book, name))
    strange = () if returns else names
    beside = tuple(each for each in book.beside if each.sheet in returns)
    return SeenFile(
        book.name,
        period=period.code,
        strange_sheets=strange,
        unread=unread,
        beside=beside,
        macros=book.macros,
        wrapped=book.wrapped,
    )


def _is_front(book: Book, name: str) -> bool:
    """Whether a sheet is the one that stands in front of a note: it comes back with the workbook."""
    sheet = book.sheet(name)
    return sheet is not None and any(cell.raw.startswith(NOTE_IDENTITY) for cell in sheet.cells.values())


def _own_kind(book: Book) -> str | None:
    """Which of our own workbooks this is, by the line that stands in each; None for a workbook of other people."""
    texts = [cell.raw for sheet in book.sheets for cell in sheet.cells.values() if cell.kind is Kind.TEXT]
    starts = (start for text in texts for start in OWN_WORKBOOKS if text.startswith(start))
    return next((OWN_WORKBOOKS[start] for start in starts), None)


def _identity_cell(sheet: Sheet) -> Cell | None:
    """The cell by which a return sheet is known, wherever it has moved to."""
    return next((cell for cell in sheet.cells.values() if read_identity(cell.raw) is not None), None)


def _looks_like_return(sheet: Sheet) -> bool:
    """Whether a sheet without an identity has the headings of KPI id and value: its line may have been deleted."""
    headings = {folded(cell.raw) for cell in sheet.cells.values() if cell.kind is Kind.TEXT and len(cell.raw) < 60}
    return all(folded(RETURN.column(key).heading) in headings for key in ("id", "value"))


def _read_sheet(sheet: Sheet, cell: Cell | None, book: Book, this: Round) -> tuple[SheetReturn | None, list[Finding]]:
    """The return on a sheet, and what was noticed; None where nothing of it may be used."""
    period, catalogue = this.period, this.catalogue
    identity = read_identity(cell.raw) if cell else None
    if identity is None or cell is None:
        workstream = _workstream_by_ids(sheet, catalogue)
    else:
        about = SeenIdentity(Place(book.name, sheet.name, cell.address), identity, catalogue, period)
        if foreign := checked(IDENTITY_CHECKS, about):
            return None, foreign[:1]
        workstream = about.workstream
    if workstream is None:
        return None, [_no_template(sheet, book, period)]
    table, findings = find_table(sheet, return_table(period, workstream.code), book.name)
    if table is None:
        return None, findings
    if identity is None and not _is_for(table, sheet, period):
        return None, [_no_template(sheet, book, period)]
    return _read_table(_seen_sheet(sheet, table, book, workstream, catalogue, identity), book, this)


def _no_template(sheet: Sheet, book: Book, period: Period) -> Finding:
    return checked(FILE_CHECKS, SeenFile(book.name, period=period.code, strange_sheets=(sheet.name,)))[0]


def _workstream_by_ids(sheet: Sheet, catalogue: Catalogue) -> Workstream | None:
    """The workstream that most of the ids on a sheet without an identity belong to; None where there is no id."""
    ids = {cell.raw.strip() for cell in sheet.cells.values() if cell.kind is Kind.TEXT}
    counts = Counter(kpi.workstream for kpi in catalogue.live() if kpi.id in ids)
    name = counts.most_common(1)[0][0] if counts else None
    return next((each for each in catalogue.workstreams if each.name == name), None)


def _is_for(table: FoundTable, sheet: Sheet, period: Period) -> bool:
    """Whether the headings are those of this quarter: the year of its target, and the quarters before it."""
    texts = [folded(cell.raw) for cell in sheet.cells.values() if cell.row == table.heading_row]
    quarters = {int(match[1]) for text in texts if (match := AS_REPORTED.fullmatch(text))}
    return "target" in table.columns and quarters == {before.quarter for before in period.earlier}


def _seen_sheet(
    sheet: Sheet, table: FoundTable, book: Book, workstream: Workstream, catalogue: Catalogue, identity: Identity | None
) -> SeenSheet:
    kpis = {kpi.id: kpi for kpi in catalogue.live(workstream.name)}
    rows, unknown = _rows_by_kpi(table.rows, kpis)
    ours = set(table.columns.values())
    beside = [*_above(sheet, table), *_below(sheet, table, ours)]
    beside.sort(key=lambda cell: (cell.row, cell.column))
    list_version = identity.list_version if identity else None
    return SeenSheet(book.name, sheet, workstream, catalogue, list_version, table, kpis, rows, unknown, beside)


def _below(sheet: Sheet, table: FoundTable, but: Collection[int]) -> Iterable[Cell]:
    """The filled cells below the headings outside these columns, in any order; what only looks empty is left out."""
    cells = sheet.cells.values()
    return (each for each in cells if each.column not in but and each.row > table.heading_row and not is_blank(each))


def _above(sheet: Sheet, table: FoundTable) -> Iterable[Cell]:
    """What stands above the headings and is no title: figures beside our own lines, and all beyond the last column."""
    ours, last = (1, table.columns["id"]), max(table.columns.values())
    above = (each for each in sheet.cells.values() if each.row < table.heading_row and each.column not in ours)
    strange = (each for each in above if each.kind is not Kind.TEXT or each.column > last)
    return (each for each in strange if not is_blank(each) and read_identity(each.raw) is None)


def _read_table(seen: SeenSheet, book: Book, this: Round) -> tuple[SheetReturn | None, list[Finding]]:
    if other_list := checked(LIST_CHECKS, seen):
        return None, other_list
    findings = checked((*SHEET_CHECKS, *SHEET_ROW_CHECKS), seen)
    differing = {each.subject for each in findings if each.code == "R06"}
    entries = Entries(queried=len(seen.beside) + sum(len(entered(row)) for row in seen.unknown))
    readings: list[Reading] = []
    for kpi in seen.kpis.values():
        reading, more, ended = _read_kpi(kpi, seen, kpi.id in differing, this)
        readings.append(replace(reading, sha256=book.sha256))
        findings += more
        entries += ended
    place = Place(book.name, seen.sheet.name)
    columns = {key: column for key, column in seen.table.columns.items() if key in OPEN_KEYS}
    returned = SheetReturn(seen.workstream, place, book.sha256, tuple(readings), entries, _filled(seen), columns)
    if returned.empty:
        # One word about the whole sheet (R07) is said where it is known that no other file has the return.
        findings = [each for each in findings if each.code != "C07"]
    return returned, findings


def _filled(seen: SeenSheet) -> int:
    """How many cells hold an entry: below the headings in yellow columns or no column of ours, and above them."""
    locked = {column for key, column in seen.table.columns.items() if key not in OPEN_KEYS}
    return sum(1 for _ in (*_above(seen.sheet, seen.table), *_below(seen.sheet, seen.table, locked)))


def fold_id(text: str) -> str:
    """A KPI id as it is compared: capitals, no spaces or dashes."""
    return re.sub(r"[\s\-\u2010-\u2015\u2212]", "", text).upper()


def _rows_by_kpi(rows: Iterable[Row], kpis: Mapping[str, Kpi]) -> tuple[dict[str, list[Row]], list[Row]]:
    """The rows of each KPI by its id, and the filled rows that belong to none."""
    # Two ids may differ in a dash alone: then only the exact one will do.
    folds = Counter(map(fold_id, kpis))
    ids = {fold_id(kpi_id): kpi_id for kpi_id in kpis if folds[fold_id(kpi_id)] == 1}
    by_kpi: dict[str, list[Row]] = {}
    unknown: list[Row] = []
    for row in rows:
        text = row.text("id")
        kpi_id = text if text in kpis else ids.get(fold_id(text))
        if kpi_id is None:
            unknown.append(row)
        else:
            by_kpi.setdefault(kpi_id, []).append(row)
    return by_kpi, unknown


def _read_kpi(kpi: Kpi, seen: SeenSheet, differing: bool, this: Round) -> tuple[Reading, Sequence[Finding], Entries]:
    """The reading of one KPI from its row: two rows that differ are queried, none at all is not returned."""
    rows = seen.rows.get(kpi.id, ())
    if not rows:
        place = Place(seen.file, seen.sheet.name)
        return Reading(kpi.id, this.period, Status.NOT_RETURNED, place=place), (), Entries()
    read = [read_row(kpi, row, seen.sheet, this) for row in rows]
    entries = sum((each.entries for each in read), Entries())
    first = read[0]
    if differing:
        comment, place = first.reading.comment, first.reading.place
        return Reading(kpi.id, this.period, Status.QUERIED, comment=comment, place=place), (), entries.all_queried
    return first.reading, first.findings, entries
