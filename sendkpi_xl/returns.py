"""A filled workbook to readings: found by identity, heading and KPI id, never by position, and nothing dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sendkpi_xl.cells import Book, Cell, Kind, Sheet, Unreadable, read_book
from sendkpi_xl.entry import CASES, entry_rule
from sendkpi_xl.figures import figure, plain, rounded
from sendkpi_xl.findings import did_you_mean, finding
from sendkpi_xl.layout import (
    BOARD_IDENTITY,
    CATALOGUE_IDENTITY,
    LAYOUT_VERSION,
    MODERATION_IDENTITY,
    RETURN,
    Identity,
    read_identity,
)
from sendkpi_xl.model import (
    Catalogue,
    Finding,
    Kpi,
    Place,
    Reading,
    Reason,
    Severity,
    Status,
    Unit,
    Workstream,
)
from sendkpi_xl.period import Period
from sendkpi_xl.tables import Row, find_table, is_blank
from sendkpi_xl.values import Entered, enter

OWN_WORKBOOKS = (BOARD_IDENTITY, CATALOGUE_IDENTITY, MODERATION_IDENTITY)
OPEN_KEYS = tuple(column.key for column in RETURN.columns if column.open)


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
    if _is_own(book):
        return BookReturn(file, book.sha256, (), (), own=True)
    sheets: list[SheetReturn] = []
    findings: list[Finding] = []
    identified = [(sheet, cell) for sheet in book.sheets if (cell := _identity_cell(sheet)) is not None]
    for sheet, cell in identified:
        returned, noticed = _read_sheet(sheet, cell, book, catalogue, period)
        sheets += [returned] if returned else []
        findings += noticed
    if not identified:
        seen = ", ".join(sheet.name for sheet in book.sheets)
        findings.append(finding("R01", Place(file), seen=seen, period=period.code))
    return BookReturn(file, book.sha256, tuple(sheets), tuple(findings))


def _is_own(book: Book) -> bool:
    return any(
        cell.raw.startswith(OWN_WORKBOOKS)
        for sheet in book.sheets
        for cell in sheet.cells.values()
        if cell.kind is Kind.TEXT and cell.raw.startswith("sendkpi ")
    )


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
    table, findings = find_table(sheet, RETURN, book.name)
    if table is None:
        return None, findings
    kpis = {kpi.id: kpi for kpi in catalogue.live(workstream.name)}
    rows, noticed = _rows_by_kpi(table.rows, kpis, workstream)
    readings: list[Reading] = []
    for kpi in kpis.values():
        reading, more = _read_kpi(kpi, rows.get(kpi.id, ()), period, Place(book.name, sheet.name))
        readings.append(replace(reading, sha256=book.sha256))
        noticed += more
    returned = SheetReturn(workstream, Place(book.name, sheet.name), book.sha256, tuple(readings))
    if returned.empty:
        return returned, [finding("R07", returned.place, workstream.name)]
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
    return re.sub(r"[\s\u00a0\-\u2010-\u2015]", "", text).upper()


def _rows_by_kpi(
    rows: Iterable[Row], kpis: dict[str, Kpi], workstream: Workstream
) -> tuple[dict[str, list[Row]], list[Finding]]:
    """The rows of each KPI; filled rows that belong to none are findings."""
    by_kpi: dict[str, list[Row]] = {}
    findings: list[Finding] = []
    for row in rows:
        text = row.text("id")
        if fold_id(text) in kpis:
            by_kpi.setdefault(fold_id(text), []).append(row)
        elif text or any(key in row.cells for key in OPEN_KEYS):
            guess = did_you_mean(text, list(kpis)) if text else ""
            shown = text or "an empty id"
            findings.append(finding("R05", row.place("id"), text, found=shown, workstream=workstream.name, guess=guess))
    return by_kpi, findings


def _read_kpi(kpi: Kpi, rows: Sequence[Row], period: Period, sheet: Place) -> tuple[Reading, list[Finding]]:
    """The reading of one KPI from its row: two rows that differ are queried, none at all is not returned."""
    if not rows:
        return Reading(kpi.id, period, Status.NOT_RETURNED, place=sheet), [finding("R09", sheet, kpi.id)]
    readings = [_read_row(kpi, row, period) for row in rows]
    first, findings = readings[0]
    if any(_entries(row) != _entries(rows[0]) for row in rows[1:]):
        others = ", ".join(row.place("id").cell for row in rows[1:])
        problem = finding("R06", rows[0].place("id"), kpi.id, found=kpi.id, other=others)
        blank = Reading(kpi.id, period, Status.QUERIED, comment=first.comment, place=first.place)
        return blank, [problem]
    return first, findings


def _entries(row: Row) -> dict[str, str]:
    return {key: row.text(key) for key in OPEN_KEYS if row.text(key)}


def _read_row(kpi: Kpi, row: Row, period: Period) -> tuple[Reading, list[Finding]]:
    place = row.place("value")
    value = enter(row.cells.get("value"), entry_rule(kpi), kpi.unit is Unit.PERCENT, place, kpi.id)
    cases = {key: _enter_cases(kpi, row, key) for key in ("numerator", "denominator")}
    reason, problems = _reason(kpi, row)
    findings = [*value.findings, *(each for entered in cases.values() for each in entered.findings), *problems]
    numerator, denominator = cases["numerator"].value, cases["denominator"].value
    findings += _share_findings(kpi, row, value.value, numerator, denominator)
    how = value.how
    number = value.value
    if number is None and not value.typed and not reason and numerator is not None and denominator:
        number = numerator / denominator
        how = f"worked out from {plain(numerator)} out of {plain(denominator)}"
    findings += _completeness_findings(kpi, row, number, reason, value)
    reading = Reading(
        kpi_id=kpi.id,
        period=period,
        status=_status(row, number, reason, findings),
        value=number,
        numerator=numerator,
        denominator=denominator,
        reason=reason,
        comment=row.text("comment"),
        typed=value.typed,
        how=how,
        place=place,
    )
    return (replace(reading, value=None, reason=None) if reading.status is Status.QUERIED else reading), findings


def _status(row: Row, value: float | None, reason: Reason | None, findings: Sequence[Finding]) -> Status:
    if not _entries(row):
        return Status.NOT_RETURNED
    if any(each.severity is Severity.MUST_FIX for each in findings):
        return Status.QUERIED
    return Status.BLANK if reason is not None and value is None else Status.REPORTED


def _enter_cases(kpi: Kpi, row: Row, key: str) -> Entered:
    cell = row.cells.get(key)
    if kpi.share or cell is None or is_blank(cell):
        return enter(cell, CASES, False, row.place(key), kpi.id)
    return Entered(None, findings=(finding("C12", row.place(key), kpi.id, found=row.text(key)),))


def _reason(kpi: Kpi, row: Row) -> tuple[Reason | None, list[Finding]]:
    text = row.text("reason")
    chosen = next((reason for reason in Reason if reason.value.casefold() == text.casefold()), None)
    if not text or chosen is not None:
        return chosen, []
    choices = ", ".join(Reason)
    guess = did_you_mean(text, list(Reason))
    return None, [finding("T03", row.place("reason"), kpi.id, found=text[:80], choices=choices, guess=guess)]


def _share_findings(
    kpi: Kpi, row: Row, value: float | None, numerator: float | None, denominator: float | None
) -> list[Finding]:
    """Whether value, numerator and denominator of a share agree, to the precision that is shown."""
    if numerator is None and denominator is None:
        return []
    if numerator is None or denominator is None:
        one, other = ("numerator", "denominator") if denominator is None else ("denominator", "numerator")
        return [finding("C10", row.place(other), kpi.id, one=one, other=other)]
    words = {"numerator": plain(numerator), "denominator": plain(denominator)}
    if numerator > denominator or denominator == 0:
        return [finding("C09", row.place("numerator"), kpi.id, **words)]
    share = numerator / denominator
    shown = figure(share, kpi.unit, kpi.decimals)
    if value is None:
        return [] if row.text("value") else [finding("C11", row.place("value"), kpi.id, share=shown, **words)]
    if rounded(value, kpi.unit, kpi.decimals) == rounded(share, kpi.unit, kpi.decimals):
        return []
    found = figure(value, kpi.unit, kpi.decimals)
    return [finding("C08", row.place("value"), kpi.id, found=found, share=shown, **words)]


def _completeness_findings(
    kpi: Kpi, row: Row, value: float | None, reason: Reason | None, entered: Entered
) -> list[Finding]:
    if entered.queried or (row.text("reason") and reason is None):
        return []
    if value is not None and reason is not None:
        return [finding("C06", row.place("reason"), kpi.id)]
    if value is None and reason is None:
        return [finding("C07", row.place("value"), kpi.id)]
    return []
