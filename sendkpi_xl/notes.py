"""The note to a lead: a copy of their own workbook with the cells marked, and in front a sheet that says what to do.

The copy is made of the workbook's own parts, by small edits of a few of them: whatever else is in it stays as it is.
Where an edit cannot be made for sure, the note is that sheet alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from sendkpi_xl.cells import Book, Sheet, Unreadable, read_book
from sendkpi_xl.grid import row_and_column
from sendkpi_xl.layout import NOTE_IDENTITY, PLEASE_FIX
from sendkpi_xl.note_book import LeadBook
from sendkpi_xl.note_copy import WorkbookCopy
from sendkpi_xl.note_front import front_sheet, front_table
from sendkpi_xl.note_marks import mark_sheet
from sendkpi_xl.note_styles import Styles
from sendkpi_xl.note_xml import SPREADSHEET, Place
from sendkpi_xl.package import open_package
from sendkpi_xl.queries import Asked, Query
from sendkpi_xl.reading import Finding
from sendkpi_xl.sheetwriter import WorkbookWriter

MOST_UNPACKED = 8 * 1024 * 1024
"""Of a larger workbook the lead gets the sheet alone: a return unpacks to a twentieth of this."""
DECLARATIONS = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def note_workbook(data: bytes, file: str, queries: Sequence[Query], asked: Asked) -> bytes:
    """The note to a return, from its bytes and what there is to ask about it; the same bytes each time."""
    try:
        before = read_book(data, file)
        note = _note(data, file, before, queries, asked, copied=True)
        if _entries(before) != _entries(read_book(note, file)):
            raise Unreadable(file, "The copy does not hold all that is entered.", "")
    except Exception:  # whatever a workbook holds that no edit was foreseen for, the lead still gets the questions
        blank = _blank(asked)
        return _note(blank, file, read_book(blank, file), queries, asked, copied=False)
    return note


def _note(data: bytes, file: str, before: Book, queries: Sequence[Query], asked: Asked, *, copied: bool) -> bytes:
    copy = _copy(data, file)
    book = LeadBook(copy)
    book.remove({sheet.name for sheet in before.sheets if _is_ours(sheet)})
    copy.drop_macros()
    book.forget_lists()
    styles = Styles(copy.part(copy.style_sheet(), SPREADSHEET))
    if copied:
        _mark(copy, book, styles, queries)
    number, name = book.free_table()
    front = front_sheet(file, queries, asked, styles, copied=copied)
    book.put_in_front(_part(front), _part(front_table(number, name, len(queries))))
    styles.finish()
    return copy.saved()


def _copy(data: bytes, file: str) -> WorkbookCopy:
    """The parts of a workbook; Unreadable for what we do not pass on: too much, or a document type declaration."""
    package = open_package(data, file)
    if sum(info.file_size for info in package.members.values()) > MOST_UNPACKED:
        raise Unreadable(file, "It is too large to be copied.", "")
    copy = WorkbookCopy(package)
    if any(declaration in content for content in copy.contents.values() for declaration in DECLARATIONS):
        raise Unreadable(file, "It has a document type declaration.", "")
    return copy


def _mark(copy: WorkbookCopy, book: LeadBook, styles: Styles, queries: Sequence[Query]) -> None:
    book.deselect_charts()
    sheets = book.worksheets()
    marks: dict[str, dict[Place, list[Finding]]] = {name: {} for name in sheets}
    for query in queries:
        place = query.finding.place
        found = marks[place.sheet]
        if cell := row_and_column(place.cell):
            found.setdefault(cell, []).append(query.finding)
    for number, (name, path) in enumerate(sheets.items(), start=1):
        mark_sheet(copy, path, number, styles, marks[name])


def _is_ours(sheet: Sheet) -> bool:
    """Whether this is a sheet that we put in front of a workbook."""
    heads = (sheet.cell(row, 1) for row in range(1, PLEASE_FIX.heading_row + 1))
    return any(head is not None and head.raw.startswith(NOTE_IDENTITY) for head in heads)


def _entries(book: Book) -> dict[tuple[str, int, int], object]:
    """All that is entered in a workbook by sheet and cell, apart from notes of ours."""
    return {
        (sheet.name, *where): (cell.kind, cell.raw, cell.formula, cell.number_format)
        for sheet in book.sheets
        if not _is_ours(sheet)
        for where, cell in sheet.cells.items()
    }


def _blank(asked: Asked) -> bytes:
    """A workbook with nothing but a front sheet of ours, which the one that is wanted takes the place of."""
    period, settings = asked.gathered.period, asked.catalogue.settings
    title = f"{settings.plan}: what to fix in a return for {period.label}"
    writer = WorkbookWriter(title, f"KPI list {settings.list_version}", datetime.combine(period.end, time()))
    writer.page(PLEASE_FIX.sheet).put(0, 0, NOTE_IDENTITY)
    return writer.close()


def _part(xml: str) -> bytes:
    return xml.encode("ascii", "xmlcharrefreplace")
