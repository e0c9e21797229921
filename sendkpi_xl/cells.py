"""Reads the cells of an .xlsx or .xlsm workbook exactly as they are stored, and nothing else of it.

A value is never guessed: errors stay errors, a formula without a result says so, text keeps its blanks. What
isn't needed for values and number formats (charts, drawings, themes, properties) is never looked at and can't
stop a read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress

from sendkpi_xl.file_kinds import SAVE_AS, SEND_AGAIN, SEND_RETURN, Unreadable, quoted
from sendkpi_xl.grid import Book, Cell, Kind, Sheet, address, column_letters
from sendkpi_xl.number_formats import BUILTIN_FORMATS, GENERAL
from sendkpi_xl.package import Attributes, Malformed, Package, Relationship, local, open_package
from sendkpi_xl.sheet_reader import SheetReader, StringsReader, WorkbookParts, without_blanks

__all__ = ["Book", "Cell", "Kind", "Sheet", "Unreadable", "address", "column_letters", "read_book"]

MAX_FORMATS = 65_536
MAX_FORMAT_LENGTH = 255

VISIBILITIES = ("visible", "hidden", "veryHidden")
SHEETS_WITHOUT_CELLS = ("chartsheet", "dialogsheet", "xlmacrosheet", "xlintlmacrosheet")


def read_book(data: bytes, name: str) -> Book:
    """Read all filled cells of a workbook from a file's bytes; `name` is for messages and is not opened.

    Text is kept exactly as stored, with its spaces. Raises Unreadable, and nothing else, whatever the bytes.
    """
    try:
        package = open_package(data, name)
        sheets = _read_sheets(package)
    except Unreadable:
        raise
    except Exception as error:
        # The reader's own mistakes must not stop the other returns from being read.
        found = f"This file can't be read, for a reason that we did not foresee ({type(error).__name__})."
        raise Unreadable(name, found, SAVE_AS) from error
    return Book(name, sheets, hashlib.sha256(data).hexdigest())


def _read_sheets(package: Package) -> tuple[Sheet, ...]:
    starts = [found for found in package.relationships("").values() if found.kind == "officedocument"]
    if not starts or starts[0].external or starts[0].part not in package.members:
        raise Unreadable(package.name, "There is no workbook in this file.", SEND_RETURN)
    related = package.relationships(starts[0].part)
    listed = _listed_sheets(package, starts[0].part, related)
    workbook = WorkbookParts(package, _read_strings(package, related), _read_formats(package, related))
    sheets = tuple(_read_sheet(workbook, *entry) for entry in listed)
    if not workbook.kept:
        raise Unreadable(package.name, "No cell of this workbook is filled in.", SEND_RETURN)
    return sheets


def _listed_sheets(package: Package, part: str, related: Mapping[str, Relationship]) -> list[tuple[str, str, str]]:
    """Name, visibility and part of each worksheet that the workbook lists, in its order."""
    listed: list[tuple[str, str, str]] = []
    seen: set[str] = set()

    def visit(parent: str, tag: str, attributes: Attributes) -> None:
        if parent != "sheets" or tag != "sheet":
            return
        name = attributes.get("name", "")
        target = related.get(next((value for key, value in attributes.items() if local(key) == "id"), ""))
        if target and target.kind in SHEETS_WITHOUT_CELLS:
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
    return listed


def _part_of_kind(package: Package, related: Mapping[str, Relationship], kind: str) -> str | None:
    """The first part of a kind that the workbook refers to and that the file holds."""
    parts = (found.part for found in related.values() if found.kind == kind and not found.external)
    return next((part for part in parts if part in package.members), None)


def _read_formats(package: Package, related: Mapping[str, Relationship]) -> dict[str, str]:
    """Number format codes by cell style, as cells cite it; styles that can't be made out are left out."""
    codes = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    styles: list[str] = []

    def visit(parent: str, tag: str, attributes: Attributes) -> None:
        # Excel itself stops at about as many; what lies beyond only costs memory, and shows as General.
        if max(len(codes), len(styles)) >= MAX_FORMATS:
            return
        if parent == "numFmts" and tag == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif parent == "cellXfs" and tag == "xf":
            styles.append(attributes.get("numFmtId", "0"))

    part = _part_of_kind(package, related, "styles")
    if part is not None:
        # Values can be read without styles, and the styles before a slip are still good.
        with suppress(Malformed):
            package.scan(part, "its styles", visit)
    formats = {str(position): codes.get(number, GENERAL) for position, number in enumerate(styles)}
    return {style: code for style, code in formats.items() if 0 < len(code) <= MAX_FORMAT_LENGTH}


def _read_strings(package: Package, related: Mapping[str, Relationship]) -> list[str]:
    """The shared texts in order; empty when there are none, which matters only to a cell that cites one."""
    part = _part_of_kind(package, related, "sharedstrings")
    reader = StringsReader(package, "its texts")
    if part is not None:
        package.parse(package.read(part, reader.label), reader.label, reader)
    return reader.strings


def _read_sheet(workbook: WorkbookParts, name: str, visibility: str, part: str) -> Sheet:
    reader = SheetReader(workbook, name)
    data = workbook.package.read(part, reader.label)
    workbook.package.parse(without_blanks(data), reader.label, reader)
    reader.fill_areas()
    return Sheet(name, visibility, reader.cells)
