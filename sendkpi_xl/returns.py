"""A filled workbook to readings: found by identity, heading and KPI id, never by position, and nothing dropped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sendkpi_xl.cells import Book, Cell, Kind, Sheet, Unreadable, read_book
from sendkpi_xl.findings import did_you_mean, finding, shortened
from sendkpi_xl.layout import (
    BOARD_IDENTITY,
    CATALOGUE_IDENTITY,
    LAYOUT_VERSION,
    MODERATION_IDENTITY,
    NOTE_IDENTITY,
    QUERIES_IDENTITY,
    Identity,
    read_identity,
    return_table,
)
from sendkpi_xl.model import Catalogue, Finding, Kpi, Place, Reading, Status, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.return_row import entries, read_row
from sendkpi_xl.tables import FoundTable, Row, find_table, is_blank

OWN_WORKBOOKS = {
    BOARD_IDENTITY: "board workbook",
    CATALOGUE_IDENTITY: "KPI catalogue",
    MODERATION_IDENTITY: "",
    NOTE_IDENTITY: "note to a lead",
    QUERIES_IDENTITY: "list of queries",
}
"""Our workbooks that are no returns, and what to call them; moderation workbooks belong in the folder of returns."""
LOOK_ALIKE = str.maketrans("OIL", "011")
"""Letters that people take for digits in an id; only a guess in a message goes by them."""
MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class SheetReturn:
    """One workstream's return: its readings, one for each live KPI of the workstream, and how many rows are done."""

    workstream: Workstream
    place: Place
    sha256: str
    readings: tuple[Reading, ...]

    @property
    def done(self) -> int:
        """How many KPIs have a value or a reason for the blank."""
        return sum(reading.status in (Status.REPORTED, Status.BLANK) for reading in self.readings)

    @property
    def empty(self) -> bool:
        """Whether nothing at all was filled in."""
        return all(reading.status is Status.NOT_RETURNED for reading in self.readings)


@dataclass(frozen=True, slots=True)
class BookReturn:
    """What one file held: the returns in it, what was noticed, and whether it is a workbook of our own or unusable."""

    file: str
    sha256: str
    sheets: tuple[SheetReturn, ...]
    findings: tuple[Finding, ...]
    own: bool = False

    @property
    def usable(self) -> bool:
        """Whether at least one return could be read from it."""
        return bool(self.sheets)


def read_return(data: bytes, file: str, catalogue: Catalogue, period: Period) -> BookReturn:
    """Read the returns in one workbook's bytes; whatever is wrong with it ends as findings, never as an exception."""
    try:
        book = read_book(data, file)
    except Unreadable as error:
        problem = finding("F02", Place(file), found=error.found, action=error.action)
        return BookReturn(file, "", (), (problem,))
    identified = [(sheet, cell) for sheet in book.sheets if (cell := _identity_cell(sheet)) is not None]
    own = None if identified else _own_kind(book)
    if own is not None:
        noticed = (finding("R10", Place(file), what=own),) if own else ()
        return BookReturn(file, book.sha256, (), noticed, own=True)
    sheets: list[SheetReturn] = []
    findings: list[Finding] = []
    for sheet, cell in identified:
        returned, more = _read_sheet(sheet, cell, book, catalogue, period)
        sheets += [returned] if returned else []
        findings += more
    if not identified:
        seen = ", ".join(sheet.name for sheet in book.sheets)
        findings.append(finding("R01", Place(file), seen=seen, period=period.code))
    return BookReturn(file, book.sha256, tuple(sheets), tuple(findings))


def _own_kind(book: Book) -> str | None:
    """Which of our own workbooks this is, by the line that stands in each; None for a workbook of other people."""
    texts = [cell.raw for sheet in book.sheets for cell in sheet.cells.values() if cell.kind is Kind.TEXT]
    starts = (start for text in texts for start in OWN_WORKBOOKS if text.startswith(start))
    return next((OWN_WORKBOOKS[start] for start in starts), None)


def _identity_cell(sheet: Sheet) -> Cell | None:
    """The cell by which a return sheet is known, wherever it has moved to."""
    return next((cell for cell in sheet.cells.values() if read_identity(cell.raw) is not None), None)


def _read_sheet(
    sheet: Sheet, cell: Cell, book: Book, catalogue: Catalogue, period: Period
) -> tuple[SheetReturn | None, list[Finding]]:
    place = Place(book.name, sheet.name, cell.address)
    identity = read_identity(cell.raw)
    assert identity is not None
    workstream = next((each for each in catalogue.workstreams if each.code == identity.workstream_code), None)
    problem = _foreign(identity, workstream, place, catalogue, period)
    if problem is not None or workstream is None:
        return None, [problem] if problem else []
    table, findings = find_table(sheet, return_table(period, workstream.code), book.name)
    if table is None:
        return None, findings
    kpis = {kpi.id: kpi for kpi in catalogue.live(workstream.name)}
    rows, noticed = _rows_by_kpi(table.rows, kpis, workstream)
    noticed += _beside(sheet, table, book.name)
    readings: list[Reading] = []
    for kpi in kpis.values():
        reading, more = _read_kpi(kpi, rows.get(kpi.id, ()), period, Place(book.name, sheet.name))
        readings.append(replace(reading, sha256=book.sha256))
        noticed += more
    returned = SheetReturn(workstream, Place(book.name, sheet.name), book.sha256, tuple(readings))
    if returned.empty:
        # One word about the whole sheet (R07) is said where it is known that no other file has the return.
        noticed = [each for each in noticed if each.code != "C07"]
    return returned, noticed


def _foreign(
    identity: Identity, workstream: Workstream | None, place: Place, catalogue: Catalogue, period: Period
) -> Finding | None:
    """Why the sheet is none of this round's, or None when it is."""
    if identity.period != period.code:
        return finding("R02", place, found=identity.period, period=period.code)
    known = catalogue.settings.list_version
    if identity.list_version != known or identity.layout_version != LAYOUT_VERSION:
        return finding(
            "R03",
            place,
            found=identity.list_version,
            layout=identity.layout_version,
            expected=known,
            expected_layout=LAYOUT_VERSION,
        )
    if workstream is None:
        codes = ", ".join(each.code for each in catalogue.workstreams)
        return finding("R04", place, found=identity.workstream_code, choices=codes)
    return None


def fold_id(text: str) -> str:
    """A KPI id as it is compared: capitals, no spaces or dashes."""
    return re.sub(r"[\s\-\u2010-\u2015\u2212]", "", text).upper()


def _rows_by_kpi(
    rows: Iterable[Row], kpis: Mapping[str, Kpi], workstream: Workstream
) -> tuple[dict[str, list[Row]], list[Finding]]:
    """The rows of each KPI by its id; filled rows that belong to none are findings."""
    # Two ids may differ in a dash alone: then only the exact one will do.
    folds = Counter(map(fold_id, kpis))
    ids = {fold_id(kpi_id): kpi_id for kpi_id in kpis if folds[fold_id(kpi_id)] == 1}
    alike = {fold_id(kpi_id).translate(LOOK_ALIKE): kpi_id for kpi_id in kpis}
    by_kpi: dict[str, list[Row]] = {}
    findings: list[Finding] = []
    for row in rows:
        text = row.text("id")
        kpi_id = text if text in kpis else ids.get(fold_id(text))
        if kpi_id is not None:
            by_kpi.setdefault(kpi_id, []).append(row)
            continue
        near = alike.get(fold_id(text).translate(LOOK_ALIKE), text)
        words = {"workstream": workstream.name, "guess": did_you_mean(near, list(kpis))}
        findings.append(finding("R05", row.place("id"), shortened(text), found=_unknown(row), **words))
    return by_kpi, findings


def _unknown(row: Row) -> str:
    """How a message names a row that is none of ours: by its id, or by what else stands in it."""
    if text := row.text("id"):
        return f"“{shortened(text)}”"
    texts = [f"“{shortened(row.text(key), 40)}”" for key in row.cells if row.text(key)]
    return f"A row without a KPI id ({', '.join(texts[:3]) or 'formulas'})"


def _beside(sheet: Sheet, table: FoundTable, file: str) -> list[Finding]:
    """Filled cells below the headings in columns that are none of the template's."""
    ours = set(table.columns.values())
    cells = [cell for _, row in sheet.rows() for cell in row if cell.row > table.heading_row]
    beside = [cell.address for cell in cells if cell.column not in ours and not is_blank(cell)]
    if not beside:
        return []
    named = ", ".join(beside[:MOST_NAMED])
    more = f" and {len(beside) - MOST_NAMED} more" if len(beside) > MOST_NAMED else ""
    return [finding("R11", Place(file, sheet.name, beside[0]), cells=f"{named}{more}")]


def _read_kpi(kpi: Kpi, rows: Sequence[Row], period: Period, sheet: Place) -> tuple[Reading, list[Finding]]:
    """The reading of one KPI from its row: two rows that differ are queried, none at all is not returned."""
    if not rows:
        return Reading(kpi.id, period, Status.NOT_RETURNED, place=sheet), [finding("R09", sheet, kpi.id)]
    first, findings = read_row(kpi, rows[0], period)
    if any(entries(row) != entries(rows[0]) for row in rows[1:]):
        others = ", ".join(row.place("id").cell for row in rows[1:])
        problem = finding("R06", rows[0].place("id"), kpi.id, found=kpi.id, other=others)
        blank = Reading(kpi.id, period, Status.QUERIED, comment=first.comment, place=first.place)
        return blank, [problem]
    return first, findings
