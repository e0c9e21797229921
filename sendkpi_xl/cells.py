"""Reads the cells of an .xlsx or .xlsm workbook exactly as they are stored, and nothing else of it.

A value is never guessed: errors stay errors, a formula without a result says so, text keeps its blanks. What
isn't needed for values and number formats (charts, drawings, themes) is never looked at and can't stop a read.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Mapping

from sendkpi_xl.archive import stands_alone
from sendkpi_xl.blanks import without_blanks
from sendkpi_xl.cell_notes import beside_cells
from sendkpi_xl.cell_styles import read_formats
from sendkpi_xl.file_kinds import SAVE_AS, SEND_AGAIN, SEND_RETURN, Unreadable, quoted, start_reason
from sendkpi_xl.grid import Area, Book, Cell, Kind, Sheet, address, column_letters
from sendkpi_xl.number_formats import shows_date
from sendkpi_xl.package import Attributes, Package, Relationship, local, open_package, part_of_kind
from sendkpi_xl.plain_parts import read_strings_plainly
from sendkpi_xl.plain_sheet import read_sheet_plainly
from sendkpi_xl.properties import read_properties
from sendkpi_xl.sheet_reader import YES, SheetReader, WorkbookParts
from sendkpi_xl.text_reader import StringsReader

__all__ = ["Area", "Book", "Cell", "Kind", "Sheet", "Unreadable", "address", "column_letters", "read_book"]

VISIBILITIES = ("visible", "hidden", "veryHidden")
MACRO_SHEETS = ("xlmacrosheet", "xlintlmacrosheet")
SHEETS_WITHOUT_CELLS = ("chartsheet", "dialogsheet", *MACRO_SHEETS)
MACROS = ("vbaproject", *MACRO_SHEETS)


def read_book(data: bytes, name: str, *, and_beside: bool = False) -> Book:
    """Read all filled cells of a workbook from a file's bytes; `name` is for messages and is not opened.

    Text is kept exactly as stored, with its spaces. What stands beside the cells, such as cell notes, is looked for
    only where it is asked for. Raises Unreadable, and nothing else, whatever the bytes.
    """
    collecting = gc.isenabled()
    # Looking for garbage in circles takes a tenth of the time while many cells are made, and cells make no circles.
    gc.disable()
    try:
        return _read(open_package(data, name), hashlib.sha256(data).hexdigest(), and_beside)
    except Unreadable:
        raise
    except Exception as error:
        # The reader's own mistakes must not stop the other returns from being read.
        found = f"This file can't be read, for a reason that we did not foresee ({type(error).__name__})."
        raise Unreadable(name, found, SAVE_AS) from error
    finally:
        if collecting:
            gc.enable()


def _read(package: Package, sha256: str, and_beside: bool) -> Book:
    starts = package.relationships("")
    start = next((found for found in starts.values() if found.kind == "officedocument"), None)
    if start is None or start.external or start.part not in package.members:
        raise Unreadable(package.name, "There is no workbook in this file.", SEND_RETURN)
    if reason := start_reason(start.part):
        raise Unreadable(package.name, *reason)
    related = package.relationships(start.part)
    listed, from_1904 = _listed_sheets(package, start.part, related)
    strings, styles = _read_strings(package, related), part_of_kind(package, related, "styles")
    formats = read_formats(package, styles) if styles is not None else {}
    dates = frozenset(filter(shows_date, formats.values()))
    workbook = WorkbookParts(package, strings, formats, dates, from_1904)
    sheets = tuple(_read_sheet(workbook, *entry) for entry in listed)
    if not workbook.kept:
        raise Unreadable(package.name, "No cell of this workbook is filled in.", SEND_RETURN)
    saved_by, saved_at = read_properties(package, starts)
    macros = any(found.kind in MACROS for found in related.values())
    beside = beside_cells(package, ((name, part) for name, _, part in listed)) if and_beside else ()
    return Book(package.name, sheets, sha256, saved_by, saved_at, macros, beside, not stands_alone(package.data))


def _listed_sheets(
    package: Package, part: str, related: Mapping[str, Relationship]
) -> tuple[list[tuple[str, str, str]], bool]:
    """Name, visibility and part of each worksheet in the workbook's order; whether its days count from 1904."""
    listed: list[tuple[str, str, str]] = []
    seen: set[str] = set()
    from_1904 = False

    def visit(parent: str, tag: str, attributes: Attributes) -> None:
        nonlocal from_1904
        if parent == "workbook" and tag == "workbookPr":
            from_1904 = attributes.get("date1904") in YES
        if parent != "sheets" or tag != "sheet":
            return
        name = attributes.get("name", "")
        identity = next((value for key, value in attributes.items() if local(key) == "id"), None)
        target = related.get(identity) if identity else None
        # Excel lists a module of macros from before 1997 as a sheet in no part of the file.
        if identity == "" or (target and target.kind in SHEETS_WITHOUT_CELLS):
            return
        if target is None or target.external or target.part not in package.members:
            outside = "lies outside this file" if target and target.external else "is missing from this file"
            raise Unreadable(package.name, f"The sheet {quoted(name)} {outside}.", SEND_AGAIN)
        # No part's path begins with a slash, so that names and paths don't get mixed up.
        marks = {f"/{name.casefold()}", target.part}
        if marks & seen:
            raise Unreadable(package.name, f"This workbook has the sheet {quoted(name)} twice.", SAVE_AS)
        seen.update(marks)
        visibility = attributes.get("state", "visible")
        listed.append((name, visibility if visibility in VISIBILITIES else "visible", target.part))

    package.scan(part, "the list of its sheets", visit)
    if not listed:
        raise Unreadable(package.name, "There is no sheet with cells in this workbook.", SEND_RETURN)
    return listed, from_1904


def _read_strings(package: Package, related: Mapping[str, Relationship]) -> list[str]:
    """The shared texts in order; empty when there are none, which matters only to a cell that cites one."""
    part = part_of_kind(package, related, "sharedstrings")
    if part is None:
        return []
    reader = StringsReader(package, "its texts")
    data = package.read(part, reader.label)
    strings = read_strings_plainly(package, reader.label, data)
    if strings is None:
        package.parse(data, reader.label, reader)
        strings = reader.strings
    return strings


def _read_sheet(workbook: WorkbookParts, name: str, visibility: str, part: str) -> Sheet:
    package = workbook.package
    label = f"the sheet {quoted(name)}"
    data = package.read(part, label, without_blanks)
    reader = read_sheet_plainly(workbook, name, data)
    if reader is None:
        reader = SheetReader(workbook, name)
        package.parse(data, label, reader)
    return reader.sheet(visibility)
