"""A list's file to sheets of cells: a workbook, or a text file with tabs, commas or semicolons.

What a file holds decides how it is read, not how its name ends.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from sendkpi_xl.cells import Sheet, read_book
from sendkpi_xl.file_kinds import MAX_FILE, PLAIN_TEXT, SAVE_AS, SEND_RETURN, Unreadable
from sendkpi_xl.files import opening, read_bytes
from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.reading import Finding, Place
from sendkpi_xl.tables import text_sheet

Found = TypeVar("Found")

WORKBOOK_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
"""How a workbook's file begins: a zip, or the container of old and of password-protected workbooks."""

NO_LIST_STARTS = (b"%pdf-", b"<html", b"<!doctype", b"<?xml")
"""How other files begin that hold text and are no list; the workbook reader knows their names."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks and their encodings; UTF-32's come before UTF-16's, which they begin with."""

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)

DELIMITERS = ("\t", ",", ";")
BAD_TEXT = "This is a text file whose letters cannot be made out."
SAVE_LIST = "In Excel, save the list as a workbook (.xlsx) or as CSV UTF-8, and run again."


def list_sheets(path: Path) -> tuple[tuple[Sheet, ...], bool]:
    """What may hold the list: a workbook's sheets, or (True) a text file's lines split at each delimiter."""
    content = _content(path)
    text = None if content.startswith(WORKBOOK_STARTS) or len(content) > MAX_FILE else _as_text(content)
    if text is not None:
        # Excel names a text file's sheet after the file, so the places in messages are those that people see.
        return tuple(text_sheet(path.stem, _split(text, delimiter)) for delimiter in DELIMITERS), True
    try:
        return read_book(content, path.name).sheets, False
    except Unreadable as error:
        # The workbook reader speaks of returns that others send, and has not tried to read the file as text.
        found = BAD_TEXT if error.found == PLAIN_TEXT[0] else error.found
        action = SAVE_LIST if error.action in (SAVE_AS, SEND_RETURN) else error.action
        raise Refusal([finding("F02", Place(path.name), found=found, action=action)]) from error


def on_one_sheet(
    sheets: Iterable[Sheet], file: str, what: str, find: Callable[[Sheet], tuple[Found | None, list[Finding]]]
) -> Found:
    """What `find` finds, which must be on one sheet in sight, or on one hidden sheet; `what` is `a KPI list`.

    `find` gives it, or None and the reasons. Raises Refusal with the reasons of the nearest miss when it is nowhere,
    T09 when it is there more than once.
    """
    misses: list[tuple[int, int, list[Finding]]] = []
    hits: list[tuple[Sheet, Found]] = []
    for sheet in sheets:
        found, reasons = find(sheet)
        if found is not None:
            hits.append((sheet, found))
        else:
            columns = max((column for _, column in sheet.cells), default=0)
            misses.append((len(reasons), -columns, reasons))
    if not hits:
        # What is said is said of the nearest miss; of a text file, split where that gives most columns.
        raise Refusal(min(misses, key=lambda miss: miss[:2])[2])
    hits = [hit for hit in hits if hit[0].visibility == "visible"] or hits
    if len(hits) > 1:
        names = ", ".join(f"“{sheet.name}”" for sheet, _ in hits)
        words = {
            "found": f"More than one sheet has the headings of {what}: {names}.",
            "expected": "One sheet with the list.",
            "action": "Delete or hide the sheets that are not wanted, and run again.",
        }
        raise Refusal([finding("T09", Place(file), **words)])
    return hits[0][1]


def _content(path: Path) -> bytes:
    """The file's bytes; Refusal when there is no file, or it may not be read."""
    place = Place(path.name)
    with opening(place, "Close it where it is open, make sure that you may read it, and run again."):
        if path.is_file():
            return read_bytes(path)
        expected = "A workbook, CSV file or text file with the list"
        expected += ", not a folder." if path.is_dir() else "."
    action = "Give the path of the file itself, with the end of its name (.xlsx, .csv, .txt)."
    raise Refusal([finding("F01", place, what="KPI list", expected=expected, action=action)])


def _as_text(content: bytes) -> str | None:
    """The content in the first encoding that makes text of it; None when none does, or it is no list."""
    if not content.strip(b"\0") or content.lstrip().lower().startswith(NO_LIST_STARTS):
        return None
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding).rstrip("\x1a")
        except UnicodeDecodeError:
            continue
        if not CONTROL.search(text):
            return INVISIBLE.sub("", text)
    return None


def _encodings(content: bytes) -> tuple[str, ...]:
    """By the byte order mark, else UTF-16 where a byte is 0, else UTF-8 and Western European Windows."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return (encoding,)
    if b"\0" in content:
        # The zeros stand where the upper half of most letters does.
        return ("utf-16-le",) if content[1::2].count(0) > content[::2].count(0) else ("utf-16-be",)
    return ("utf-8", "cp1252")


def _split(text: str, delimiter: str) -> list[list[str]]:
    """The text's records; where quotation marks do not pair up, each line by itself."""
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        records = []
    # No cell of a list has a tab in it: two stray quotation marks took the lines between them for one cell.
    swallowed = delimiter == "\t" and any("\t" in field for record in records for field in record)
    if records and not swallowed:
        return records
    return [_split_line(line, delimiter) for line in io.StringIO(text, newline=None).read().split("\n")]


def _split_line(line: str, delimiter: str) -> list[str]:
    """One line's fields; a line whose quotation marks do not pair up keeps them as they stand."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return line.split(delimiter)
