"""What expat's handlers make of two parts of a workbook: its shared texts, and a sheet's cells."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from itertools import product

from sendkpi_xl.file_kinds import NOT_OURS, SAVE_AS, SEND_RETURN, Unreadable, quoted
from sendkpi_xl.grid import MAX_COLUMN, MAX_ROW, Cell, Kind, address, row_and_column
from sendkpi_xl.number_formats import GENERAL
from sendkpi_xl.package import MAX_DEPTH, Attributes, Package, local

MAX_CELLS = 200_000
MAX_ARRAY_STEPS = 2_000_000

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

Content = tuple[Kind, str, float | str | bool | None]


@dataclass(slots=True)
class WorkbookParts:
    """What the sheets of one workbook share: texts, number formats by cell style, cells kept so far."""

    package: Package
    strings: list[str]
    formats: dict[str, str]
    kept: int = 0


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


class StringsReader(_TextReader):
    """Collects the shared texts: `sst` holds `si`, and each `si` is one rich text."""

    def __init__(self, package: Package, label: str) -> None:
        super().__init__(package, label)
        self.strings: list[str] = []
        self.pieces: list[str] = []

    def start(self, name: str, _attributes: Attributes) -> None:
        """An element begins."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.package.too_deep(self.label)
        if self.depth > 2 and self.begins_text(self.depth - 2, local(name)):
            self.sink = self.pieces

    def end(self, name: str) -> None:
        """An element ends."""
        self.sink = None
        if self.depth == 2 and local(name) == "si":
            self.strings.append(_unescaped("".join(self.pieces)))
            self.pieces.clear()
        self.depth -= 1


class SheetReader(_TextReader):
    """Keeps a worksheet's filled cells: `worksheet` > `sheetData` > `row` > `c` > `f`, `v` or `is`."""

    def __init__(self, workbook: WorkbookParts, name: str) -> None:
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
        """An element begins."""
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
        """An element ends."""
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
            row, column = row_and_column(self.reference) or (0, 0)
            column += self.steps
        if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
            where = quoted(self.reference or address(row, column))
            raise self._refusal(f"A cell on {self.label} has the address {where}, outside Excel's grid.")
        return row, column

    def _content(self) -> Content | None:
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

    def _typed(self, stored_type: str, text: str) -> Content | None:
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
            first, last = (row_and_column(corner) for corner in area.split(":", 1))
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


def without_blanks(data: bytes) -> bytes:
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
