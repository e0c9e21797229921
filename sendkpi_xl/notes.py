"""The note to a lead: a copy of their own workbook with the cells marked, and in front a sheet that says what to do.

Where openpyxl cannot make a faithful copy, the note is that sheet alone. Pictures and drawings are not copied.
"""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from collections.abc import Sequence
from itertools import chain, count

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Font
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.cells import Unreadable, column_letters, read_book
from sendkpi_xl.layout import NOTE_IDENTITY, PLEASE_FIX
from sendkpi_xl.model import Finding, Place
from sendkpi_xl.note_marks import dress, mark, unmark
from sendkpi_xl.package import open_package
from sendkpi_xl.queries import Asked, Query, counted, is_front, query_texts
from sendkpi_xl.sheetwriter import A4, clean_text
from sendkpi_xl.style import FONT, INKS, SEVERITY_INK, SIZE
from sendkpi_xl.text_fit import line_count, row_height

MOST_UNPACKED = 8 * 1024 * 1024
"""openpyxl needs seconds and a hundred times the memory for more than this; a return unpacks to a twentieth of it."""
DECLARATIONS = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
CELL = re.compile(r"[A-Z]{1,3}[0-9]+")
MARKED = "Each cell is marked: red must be fixed, amber please check, green for your information. Hover to read why."
NOT_MARKED = "Your workbook could not be copied into this one, so nothing is marked."
CORRECT_HERE = "Correct the marked cells in this copy, save it, and send it back to {to}."
CORRECT_YOURS = "Correct these cells in your own workbook, save it, and send it back to {to}."


def note_workbook(data: bytes, file: str, queries: Sequence[Query], asked: Asked) -> bytes:
    """The note to a return, from its bytes and what there is to ask about it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out; a note may do without it
        try:
            return _marked_copy(data, file, queries, asked)
        except Exception:  # whatever openpyxl stumbles over, the lead still gets the questions
            book = Workbook()
            book.remove(book.worksheets[0])
            _write_front(book, file, queries, asked, copied=False)
            return _saved(book)


def _marked_copy(data: bytes, file: str, queries: Sequence[Query], asked: Asked) -> bytes:
    _refuse_unsafe(data, file)
    book = openpyxl.load_workbook(io.BytesIO(data))
    _remove_earlier_note(book)
    by_cell: dict[tuple[str, str], list[Finding]] = {}
    for query in queries:
        place = query.finding.place
        sheet = book[place.sheet]
        if CELL.fullmatch(place.cell):
            by_cell.setdefault((sheet.title, place.cell), []).append(query.finding)
    for (name, address), findings in by_cell.items():
        mark(_cell(book[name], address), findings)
    _write_front(book, file, queries, asked, copied=True)
    note = _saved(book)
    if _entries(data, file) != _entries(note, file):
        raise Unreadable(file, "openpyxl does not keep all that is entered.", "")
    return note


def _refuse_unsafe(data: bytes, file: str) -> None:
    """Raise Unreadable for what openpyxl would unpack or expand without a limit; our own reader has limits."""
    package = open_package(data, file)
    if sum(info.file_size for info in package.members.values()) > MOST_UNPACKED:
        raise Unreadable(file, "It is too large to be copied.", "")
    for part in package.members:
        content = package.read(part, part)
        if any(declaration in content for declaration in DECLARATIONS):
            raise Unreadable(file, "It has a document type declaration.", "")


def _remove_earlier_note(book: Workbook) -> None:
    for sheet in book.worksheets:
        heads = chain.from_iterable(sheet.iter_rows(max_row=PLEASE_FIX.heading_row, max_col=1, values_only=True))
        if any(str(head).startswith(NOTE_IDENTITY) for head in heads):
            book.remove(sheet)
        else:
            unmark(sheet)


def _cell(sheet: Worksheet, address: str) -> Cell:
    """The cell at an address; of merged cells the one that shows."""
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if address in area)
        cell = sheet.cell(area.min_row, area.min_col)
    assert isinstance(cell, Cell)
    return cell


def _entries(data: bytes, file: str) -> dict[tuple[str, int, int], object]:
    """All that is entered in a workbook by sheet and cell, apart from notes of ours; a formula counts as one."""
    return {
        (sheet.name, *where): "formula" if cell.formula else f"{cell.value:.12g}" if _number(cell.value) else cell.value
        for sheet in read_book(data, file).sheets
        if not is_front(sheet)
        for where, cell in sheet.cells.items()
    }


def _number(value: object) -> bool:
    return isinstance(value, float)


def _write_front(book: Workbook, file: str, queries: Sequence[Query], asked: Asked, *, copied: bool) -> None:
    """Write the sheet that says what to fix, and make it the one that opens."""
    sheet = book.create_sheet(PLEASE_FIX.sheet, 0)
    counts = counted(Counter(each.finding.severity for each in queries))
    to = asked.catalogue.settings.return_to
    lines = (
        (f"Please fix: KPI return for {asked.gathered.period.label}", "title"),
        (f"{counts} {MARKED if copied else NOT_MARKED}", "line"),
        ((CORRECT_HERE if copied else CORRECT_YOURS).format(to=to), "strong"),
        (f"{NOTE_IDENTITY} | {asked.gathered.period.code} | {file}", "quiet"),
    )
    for row, (text, style) in enumerate(lines, start=1):
        _put(sheet, row, 1, text, style)
    sheet.row_dimensions[1].height = 28
    for column, declared in enumerate(PLEASE_FIX.columns, start=1):
        _put(sheet, PLEASE_FIX.heading_row, column, declared.heading, "heading")
        sheet.column_dimensions[column_letters(column)].width = declared.width
    for row, query in enumerate(queries, start=PLEASE_FIX.heading_row + 1):
        _write_query(sheet, row, query, linked=copied)
    _set_up(book, sheet, PLEASE_FIX.heading_row + len(queries))
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet  # two selected sheets would be typed into at once
    book.active = 0
    book.calculation.fullCalcOnLoad = True


def _write_query(sheet: Worksheet, row: int, query: Query, *, linked: bool) -> None:
    place = query.finding.place
    texts = query_texts(query) | {"cell": f"{place.sheet}, {place.cell}" if place.cell else place.sheet}
    for column, declared in enumerate(PLEASE_FIX.columns, start=1):
        style = SEVERITY_INK[query.finding.severity] if declared.key == "severity" else "body"
        _put(sheet, row, column, texts[declared.key], style)
        if declared.key == "cell" and linked:
            cell = sheet.cell(row, column)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=_target(place))
            cell.font = Font(FONT, SIZE, underline="single", color=INKS["link"].text)
    lines = max(line_count(texts[column.key], column.width) for column in PLEASE_FIX.columns)
    sheet.row_dimensions[row].height = row_height(lines)


def _target(place: Place) -> str:
    """Where a link to the place leads: its cell, the start of its row, or the top of its sheet."""
    cell = f"A{place.cell.removeprefix('row ')}" if place.cell.startswith("row ") else place.cell or "A1"
    return f"'{place.sheet.replace(chr(39), chr(39) * 2)}'!{cell}"


def _put(sheet: Worksheet, row: int, column: int, text: str, style: str) -> None:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    dress(cell, style)
    if text:
        cell.value = clean_text(text)
        cell.data_type = "s"  # a text that begins with = is no formula


def _set_up(book: Workbook, sheet: Worksheet, last: int) -> None:
    """One Excel table, frozen headings, and a page in landscape that is as wide as the table."""
    names = [*(name for each in book.worksheets for name in each.tables), *book.defined_names]
    taken = set(map(str.casefold, names))
    tries = chain([PLEASE_FIX.name], (f"{PLEASE_FIX.name}{number}" for number in count(2)))
    name = next(name for name in tries if name.casefold() not in taken)
    head, right = PLEASE_FIX.heading_row, column_letters(len(PLEASE_FIX.columns))
    sheet.add_table(ExcelTable(displayName=name, name=name, ref=f"A{head}:{right}{last}"))
    sheet.freeze_panes = f"A{head + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.print_title_rows = f"{head}:{head}"
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "Page &P of &N"  # type: ignore[union-attr]


def _saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
