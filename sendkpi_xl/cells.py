"""Reads the cells of an .xlsx or .xlsm workbook exactly as they are stored, and nothing else of it.

A value is never guessed: errors stay errors, a formula without a result says so, text keeps its blanks. What
isn't needed for values and number formats (charts, drawings, themes, properties) is never looked at and can't
stop a read.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, product

from sendkpi_xl.package import (
    MAX_DEPTH,
    NOT_OURS,
    SAVE_AS,
    SEND_AGAIN,
    SEND_RETURN,
    Attributes,
    Malformed,
    Package,
    Relationship,
    Unreadable,
    local,
    open_package,
    quoted,
)

__all__ = ["Book", "Cell", "Kind", "Sheet", "Unreadable", "address", "column_letters", "read_book"]

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
MAX_CELLS = 200_000
MAX_ARRAY_STEPS = 2_000_000
MAX_FORMATS = 65_536
MAX_FORMAT_LENGTH = 255

GENERAL = "General"
VISIBILITIES = ("visible", "hidden", "veryHidden")
SHEETS_WITHOUT_CELLS = ("chartsheet", "dialogsheet", "xlmacrosheet", "xlintlmacrosheet")

ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+")
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
SURROGATE = re.compile(r"[\ud800-\udfff]")
BOOLEANS = {"1": True, "true": True, "0": False, "false": False}
XML_SPACE = " \t\r\n"
EXPECTED = {"n": "a number", "s": "the place of a text in this file", "b": "TRUE or FALSE"}

BLANK = re.compile(
    rb'<row(?: [\w:]+="[^"<>]*")*+>(?:<c(?: [\w:]+="[^"<>]*")*+ ?/>)*+</row>'
    rb'|<row(?: [\w:]+="[^"<>]*")*+ ?/>|<c(?: [\w:]+="[^"<>]*")*+ ?/>'
)
ENCODING = re.compile(rb'(?:\xef\xbb\xbf)?<\?xml[^<>]*?encoding\s*=\s*["\']([^"\'<>]*)["\']')
CELL_WITHOUT_ADDRESS = re.compile(rb'<c(?=[\s/>])(?! r=")')
PREFIXED_CELL = re.compile(rb":c[\s/>]")

# Excel leaves the codes of these out of the file. Those that follow the reader's region stand here as Excel
# in the United Kingdom shows them; of the East Asian ones (27-36, 50-58) it only counts that they are dates.
# fmt: off
BUILTIN_FORMATS = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"£"#,##0;-"£"#,##0', 6: '"£"#,##0;[Red]-"£"#,##0',
    7: '"£"#,##0.00;-"£"#,##0.00', 8: '"£"#,##0.00;[Red]-"£"#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "dd/mm/yyyy", 15: "dd-mmm-yy", 16: "dd-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "hh:mm", 21: "hh:mm:ss", 22: "dd/mm/yyyy hh:mm",
    37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00",
    41: '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-',
    42: '_-"£"* #,##0_-;-"£"* #,##0_-;_-"£"* "-"_-;_-@_-',
    43: '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-',
    44: '_-"£"* #,##0.00_-;-"£"* #,##0.00_-;_-"£"* "-"??_-;_-@_-',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
} | dict.fromkeys([*range(27, 37), *range(50, 59)], "yyyy/m/d")
# fmt: on
# What a number format holds beside its codes: quoted text, escaped letters, fill and width letters, brackets
# (except those of elapsed time).
FORMAT_LITERALS = re.compile(r'"[^"]*"?|\\.|[_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE | re.DOTALL)
DATE_CODES = re.compile(r"[dmyhs]", re.IGNORECASE)


class Kind(StrEnum):
    """What a cell holds."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"
    EMPTY = "formula without a result"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that holds something; a cell with neither value nor formula is not kept.

    `row` and `column` count from 1. `raw` is the text as stored: a number's own digits, a text, an error
    (`#REF!`), TRUE or FALSE. `value` is None for a formula without a result, an error's text for an error.
    `formula` also holds for a cell that an array formula elsewhere fills. `number_format` is a format code.
    """

    row: int
    column: int
    kind: Kind
    raw: str
    value: float | str | bool | None
    formula: bool
    number_format: str

    @property
    def address(self) -> str:
        """The cell's place as Excel writes it: `E7`."""
        return address(self.row, self.column)

    @property
    def is_date(self) -> bool:
        """Whether this is a number that is shown as a date or a time."""
        return self.kind is Kind.NUMBER and _shows_date(self.number_format)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet and its filled cells by (row, column), both from 1.

    `visibility` is `visible`, `hidden` or `veryHidden` (hidden so that Excel's menu can't show it).
    """

    name: str
    visibility: str
    cells: Mapping[tuple[int, int], Cell]

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a place, both from 1; None when nothing stands there."""
        return self.cells.get((row, column))

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Each row that holds something, from the top: its number and its cells from left to right."""
        for row, places in groupby(sorted(self.cells), key=lambda place: place[0]):
            yield row, tuple(self.cells[place] for place in places)


@dataclass(frozen=True, slots=True)
class Book:
    """One workbook: file name, worksheets from left to right, and the SHA-256 of the bytes that were read."""

    name: str
    sheets: tuple[Sheet, ...]
    sha256: str

    def sheet(self, name: str) -> Sheet | None:
        """The worksheet of this name, large and small letters alike as in Excel; None when there is none."""
        return next((sheet for sheet in self.sheets if sheet.name.casefold() == name.casefold()), None)


def column_letters(column: int) -> str:
    """A column's letters: 1 is `A`, 16384 is `XFD`."""
    letters = ""
    while column > 0:
        column, remainder = divmod(column - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters


def address(row: int, column: int) -> str:
    """A cell's place as Excel writes it, from row and column counted from 1: (7, 5) is `E7`."""
    return f"{column_letters(column)}{row}"


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


_Content = tuple[Kind, str, float | str | bool | None]


@dataclass(slots=True)
class _Workbook:
    """What the sheets of one workbook share: texts, number formats by cell style, cells kept so far."""

    package: Package
    strings: list[str]
    formats: dict[str, str]
    kept: int = 0


def _read_sheets(package: Package) -> tuple[Sheet, ...]:
    starts = [found for found in package.relationships("").values() if found.kind == "officedocument"]
    if not starts or starts[0].external or starts[0].part not in package.members:
        raise Unreadable(package.name, "There is no workbook in this file.", SEND_RETURN)
    related = package.relationships(starts[0].part)
    listed = _listed_sheets(package, starts[0].part, related)
    workbook = _Workbook(package, _read_strings(package, related), _read_formats(package, related))
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


@lru_cache(maxsize=1_024)
def _shows_date(number_format: str) -> bool:
    return DATE_CODES.search(FORMAT_LITERALS.sub("", number_format)) is not None


def _unescaped(text: str) -> str:
    """A stored text with `_x000D_` and the like as the characters that they stand for."""
    if "_x" not in text:
        return text
    text = ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if SURROGATE.search(text):
        # Two escapes may make one character; half of one can't be written to any file and becomes U+FFFD.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class _TextReader:
    """The base of the two readers below: collects text while it has somewhere to put it."""

    def __init__(self, package: Package, label: str) -> None:
        self.package = package
        self.label = label
        self.depth = 0
        self.sink: list[str] | None = None
        self.in_run = False

    def begins_text(self, level: int, tag: str) -> bool:
        """Whether an element `level` levels inside a rich text holds text that people see.

        Text stands in `t` or in a run's `t`; the `t` of a phonetic run is a reading aid, no part of the text.
        """
        if level == 1:
            self.in_run = tag == "r"
        return tag == "t" and (level == 1 or (level == 2 and self.in_run))

    def text(self, data: str) -> None:
        if self.sink is not None:
            self.sink.append(data)


class _StringsReader(_TextReader):
    """Collects the shared texts: `sst` holds `si`, and each `si` is one rich text."""

    def __init__(self, package: Package, label: str) -> None:
        super().__init__(package, label)
        self.strings: list[str] = []
        self.pieces: list[str] = []

    def start(self, name: str, _attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.package.too_deep(self.label)
        if self.depth > 2 and self.begins_text(self.depth - 2, local(name)):
            self.sink = self.pieces

    def end(self, name: str) -> None:
        self.sink = None
        if self.depth == 2 and local(name) == "si":
            self.strings.append(_unescaped("".join(self.pieces)))
            self.pieces.clear()
        self.depth -= 1


class _SheetReader(_TextReader):
    """Keeps a worksheet's filled cells: `worksheet` > `sheetData` > `row` > `c` > `f`, `v` or `is`."""

    def __init__(self, workbook: _Workbook, name: str) -> None:
        super().__init__(workbook.package, f"the sheet {quoted(name)}")
        self.workbook = workbook
        self.cells: dict[tuple[int, int], Cell] = {}
        self.filled_areas: list[str] = []
        self.in_data = False
        self.row = 0
        self.reference: str | None = None
        self.steps = 0
        self.attributes: Attributes = {}
        self.in_cell = False
        self._clear()

    def _clear(self) -> None:
        self.stored: list[str] | None = None
        self.inline: list[str] | None = None
        self.formula = False

    def start(self, name: str, attributes: Attributes) -> None:
        self.depth = depth = self.depth + 1
        if depth > MAX_DEPTH:
            raise self.package.too_deep(self.label)
        tag = local(name) if ":" in name else name
        if depth == 2:
            self.in_data = tag == "sheetData"
        elif not self.in_data:
            return
        elif depth == 4:
            self._start_cell(tag, attributes)
        elif depth == 5:
            self._start_content(tag, attributes)
        elif depth == 3:
            self._start_row(tag, attributes)
        elif self.inline is not None and self.begins_text(depth - 5, tag):
            self.sink = self.inline

    def _start_row(self, tag: str, attributes: Attributes) -> None:
        number = attributes.get("r", str(self.row + 1))
        if tag != "row" or not (number.isascii() and number.isdecimal()):
            raise self.package.damaged(self.label)
        self.row = int(number)
        self.reference = None
        self.steps = 0

    def _start_cell(self, tag: str, attributes: Attributes) -> None:
        self.in_cell = tag == "c"
        if not self.in_cell:
            # Only an extension may stand here; anything else could hold cells that would go missing.
            if tag != "extLst":
                raise self.package.damaged(self.label)
            return
        self.attributes = attributes
        # A cell without an address stands one to the right of the cell before it. Addresses are made out only
        # when a cell turns out to hold something.
        reference = attributes.get("r")
        self.steps = 0 if reference else self.steps + 1
        self.reference = reference or self.reference

    def _start_content(self, tag: str, attributes: Attributes) -> None:
        if not self.in_cell:
            return
        if tag == "v":
            self.stored = self.sink = []
        elif tag == "is":
            self.inline = []
        elif tag == "f":
            self.formula = True
            # A shared formula has an area too, but each of its cells says for itself that it holds a formula.
            if attributes.get("t") != "shared" and ":" in attributes.get("ref", ""):
                self.filled_areas.append(attributes["ref"])

    def end(self, _name: str) -> None:
        depth = self.depth
        self.depth = depth - 1
        self.sink = None
        if depth == 4 and (self.stored is not None or self.formula or self.inline is not None):
            self._keep()
            self._clear()

    def _keep(self) -> None:
        content = self._content()
        if self.formula:
            content = content or (Kind.EMPTY, "", None)
        elif content is None or content[1] == "":
            return
        row, column = self._place()
        if (row, column) in self.cells:
            raise self._refusal(f"Cell {address(row, column)} on {self.label} is stored twice.")
        self.workbook.kept += 1
        if self.workbook.kept > MAX_CELLS:
            found = f"This workbook has more than {MAX_CELLS:,} filled cells: {NOT_OURS}."
            raise Unreadable(self.package.name, found, SEND_RETURN)
        number_format = self.workbook.formats.get(self.attributes.get("s", "0"), GENERAL)
        kind, raw, value = content
        self.cells[row, column] = Cell(row, column, kind, raw, value, self.formula, number_format)

    def _place(self) -> tuple[int, int]:
        """Row and column of the current cell, both from 1."""
        if self.reference is None:
            row, column = self.row, self.steps
        else:
            row, column = _row_and_column(self.reference) or (0, 0)
            column += self.steps
        if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
            where = quoted(self.reference or address(row, column))
            raise self._refusal(f"A cell on {self.label} has the address {where}, outside Excel's grid.")
        return row, column

    def _content(self) -> _Content | None:
        """What the current cell stores; None when it stores no value."""
        stored_type = self.attributes.get("t", "n")
        text = None if self.stored is None else "".join(self.stored)
        if self.inline is not None and (text is None or stored_type == "inlineStr"):
            text, stored_type = "".join(self.inline), "inlineStr"
        if text is None:
            return None
        if stored_type in {"str", "inlineStr"}:
            text = _unescaped(text)
            return Kind.TEXT, text, text
        text = text.strip(XML_SPACE)
        if not text:
            return None
        content = self._typed(stored_type, text)
        if content is None:
            where = address(*self._place())
            expected = EXPECTED.get(stored_type, "a value of a kind that we know")
            raise self._refusal(f"Cell {where} on {self.label} holds {quoted(text)}, not {expected}.")
        return content

    def _typed(self, stored_type: str, text: str) -> _Content | None:
        """A stored text as the value that the cell's type makes of it; None when it can't be one."""
        match stored_type:
            case "n" if NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
                return Kind.NUMBER, text, number
            case "s" if text.isascii() and text.isdecimal() and int(text) < len(self.workbook.strings):
                shared = self.workbook.strings[int(text)]
                return Kind.TEXT, shared, shared
            case "b" if text in BOOLEANS:
                return Kind.BOOLEAN, str(BOOLEANS[text]).upper(), BOOLEANS[text]
            case "e":
                return Kind.ERROR, text, text
            case "d":
                return Kind.TEXT, text, text
        return None

    def _refusal(self, found: str) -> Unreadable:
        return Unreadable(self.package.name, found, SAVE_AS)

    def fill_areas(self) -> None:
        """Mark the cells that an array formula or a data table fills: only the first says so itself."""
        work = 0
        for area in self.filled_areas:
            first, last = (_row_and_column(corner) for corner in area.split(":", 1))
            if first is None or last is None:
                raise self.package.damaged(self.label)
            rows, columns = range(first[0], last[0] + 1), range(first[1], last[1] + 1)
            small = len(rows) * len(columns) <= len(self.cells)
            work += len(rows) * len(columns) if small else len(self.cells)
            if work > MAX_ARRAY_STEPS:
                raise self._refusal(f"The array formulas on {self.label} fill too many cells.")
            for place in product(rows, columns) if small else list(self.cells):
                if place[0] in rows and place[1] in columns and place in self.cells:
                    self.cells[place] = replace(self.cells[place], formula=True)


def _row_and_column(reference: str) -> tuple[int, int] | None:
    """Row and column, from 1, of an address such as `E7`; None when it isn't one."""
    match = ADDRESS.fullmatch(reference)
    return (int(match[2]), _column_number(match[1])) if match else None


@lru_cache(maxsize=1_024)
def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _without_blanks(data: bytes) -> bytes:
    """A sheet's bytes without its formatted blank cells and rows, of which there may be a million.

    Handing each of them to Python takes seconds. They may be taken out as bytes only where no place depends
    on them (each cell has its address) and where each match is sure to be a tag (UTF-8, no comment or CDATA).
    """
    declared = ENCODING.match(data)
    if declared and declared[1].upper() != b"UTF-8":
        return data
    if b"<!" in data or CELL_WITHOUT_ADDRESS.search(data) or PREFIXED_CELL.search(data):
        return data
    return BLANK.sub(b"", data)


def _read_strings(package: Package, related: Mapping[str, Relationship]) -> list[str]:
    """The shared texts in order; empty when there are none, which matters only to a cell that cites one."""
    part = _part_of_kind(package, related, "sharedstrings")
    reader = _StringsReader(package, "its texts")
    if part is not None:
        package.parse(package.read(part, reader.label), reader.label, reader)
    return reader.strings


def _read_sheet(workbook: _Workbook, name: str, visibility: str, part: str) -> Sheet:
    reader = _SheetReader(workbook, name)
    data = workbook.package.read(part, reader.label)
    workbook.package.parse(_without_blanks(data), reader.label, reader)
    reader.fill_areas()
    return Sheet(name, visibility, reader.cells)
