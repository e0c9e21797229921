"""What there is to ask about a quarter's returns, and by what our notes and our list of it all are known again."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from sendkpi_xl import __version__
from sendkpi_xl.cells import Kind, Sheet, Unreadable, read_book
from sendkpi_xl.findings import sorted_findings
from sendkpi_xl.gathered import Gathered, Outcome
from sendkpi_xl.layout import NOTE_IDENTITY
from sendkpi_xl.model import Catalogue
from sendkpi_xl.reading import Finding, Severity
from sendkpi_xl.workbook_mark import as_written

PREFIX = "please-fix-"
MOST_OF_A_SHEET = 8 * 1024 * 1024
"""A larger sheet is none of a note or list of ours."""
FOR_THE_TEAM = ("R07", "R08", "R20", "R22")
"""What the team settles by itself: a sheet left empty, which of two returns holds, KPIs that were retired."""


class Query(Struct, frozen=True):
    """One finding with the KPI and the workstream that it is about, each empty where it is about none."""

    finding: Finding
    kpi_id: str
    title: str
    workstream: str


class Asked(Struct, frozen=True):
    """A quarter's returns as they were gathered, and what there is to ask about them, the most urgent first."""

    catalogue: Catalogue
    gathered: Gathered
    queries: tuple[Query, ...]

    def of_lead(self, file: str) -> tuple[Query, ...]:
        """What to ask the lead who sent this file: whatever stands on one of its sheets."""
        return tuple(
            each
            for each in self.queries
            if each.finding.place.file == file and each.finding.place.sheet and each.finding.code not in FOR_THE_TEAM
        )

    def origin(self, file: str) -> str:
        """All that a note to this file is made of, as a comment of XML: while it is the same, so is the note."""
        sha256 = next(each.sha256 for each in self.gathered.files if each.file == file)
        return _origin((file, self.catalogue.settings.return_to, self.gathered.period.code, sha256), self.of_lead(file))

    def origin_of_list(self) -> str:
        """The same of the team's list of all there is to ask."""
        settings = self.catalogue.settings
        return _origin((settings.plan, settings.list_version, self.gathered.period.code), self.queries)

    def tallies(self) -> dict[str, Counter[Severity]]:
        """How many findings each file has, by severity: every return, and any other file with a finding."""
        returns = [file.file for file in self.gathered.files if file.outcome is not Outcome.SKIPPED]
        tallies: dict[str, Counter[Severity]] = {file: Counter() for file in returns}
        for query in self.queries:
            tallies.setdefault(query.finding.place.file, Counter())[query.finding.severity] += 1
        return tallies


def _origin(words: Iterable[str], queries: Iterable[Query]) -> str:
    texts = (text for query in queries for text in query_texts(query).values())
    return f"<!-- made of {hashlib.sha256('|'.join((__version__, *words, *texts)).encode()).hexdigest()} -->"


def ask(catalogue: Catalogue, gathered: Gathered) -> Asked:
    """What there is to ask about the gathered returns."""
    queries = (_query(catalogue, gathered, finding) for finding in sorted_findings(gathered.findings))
    return Asked(catalogue, gathered, tuple(queries))


def _query(catalogue: Catalogue, gathered: Gathered, finding: Finding) -> Query:
    kpi = catalogue.kpi(finding.subject)
    if kpi is not None:
        return Query(finding, kpi.id, kpi.title, kpi.workstream)
    names = {each.code: each.name for each in catalogue.workstreams}
    codes = next((file.workstreams for file in gathered.files if file.file == finding.place.file), ())
    if finding.subject in names.values():
        return Query(finding, "", "", finding.subject)
    # A file with several workstreams names its sheets by their codes, unless somebody renamed them.
    code = codes[0] if len(codes) == 1 else finding.place.sheet
    return Query(finding, "", "", names.get(code, ""))


def note_name(file: str) -> str:
    """What the note to a return is called; it never holds macros, so a note to an .xlsm ends in .xlsx as well."""
    return f"{PREFIX}{file}{'' if file.lower().endswith('.xlsx') else '.xlsx'}"


def is_current(data: bytes, origin: str) -> bool:
    """Whether these are the bytes of a workbook as we wrote it, of just this `origin`: it need not be made again."""
    if not as_written(data):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [each for each in archive.infolist() if each.filename.lower().startswith("xl/worksheets/")]
        return any(each.file_size <= MOST_OF_A_SHEET and origin.encode() in archive.read(each) for each in sheets)


def is_note(data: bytes, file: str) -> bool:
    """Whether these are the bytes of a note that we wrote."""
    try:
        return any(map(is_front, read_book(data, file).sheets))
    except Unreadable:
        return False


def is_front(sheet: Sheet) -> bool:
    """Whether this is the sheet that stands in front of a note."""
    return any(cell.kind is Kind.TEXT and cell.raw.startswith(NOTE_IDENTITY) for cell in sheet.cells.values())


def query_texts(query: Query) -> dict[str, str]:
    """A query's texts by column key, for the team's list and for a lead's note."""
    finding = query.finding
    return {
        "file": finding.place.file,
        "sheet": finding.place.sheet,
        "cell": finding.place.cell,
        "workstream": query.workstream,
        "kpi_id": query.kpi_id,
        "title": query.title,
        "severity": finding.severity.value.capitalize(),
        "found": finding.found,
        "expected": finding.expected,
        "action": finding.action,
        "code": finding.code,
    }


def counted(counts: Counter[Severity]) -> str:
    """How many there are of each severity, in words: `2 must fix, 1 please check, 0 notes.`"""
    must, check, note = (counts[severity] for severity in Severity)
    return f"{must} must fix, {check} please check, {note} {'note' if note == 1 else 'notes'}."
