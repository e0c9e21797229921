"""What expat's handlers make of a sheet: its filled cells, what is hidden and what is merged."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, count, product
from operator import itemgetter

from msgspec import Struct, field
from msgspec.structs import replace

from sendkpi_xl.cell_content import Content, WrongContent, content_of
from sendkpi_xl.file_kinds import NOT_OURS, SAVE_AS, SEND_RETURN, Unreadable, quoted
from sendkpi_xl.grid import (
    MAX_COLUMN,
    MAX_ROW,
    Area,
    Cell,
    Kind,
    Sheet,
    address,
    area,
    in_order,
    row_and_column,
)
from sendkpi_xl.links import is_linked
from sendkpi_xl.number_formats import GENERAL, date_in_words
from sendkpi_xl.package import MAX_DEPTH, Attributes, Package, local
from sendkpi_xl.plain_tags import Validations
from sendkpi_xl.text_reader import TextReader

MAX_CELLS = 200_000
MAX_ARRAY_STEPS = 2_000_000
# A place is looked for among all of a sheet's merged areas.
MAX_MERGED = 10_000

UNMERGE = "Select all its cells, choose Home > Merge & Center > Unmerge Cells, save, and send it again."
YES = ("1", "true")
NUMERALS = tuple(map(str, range(1_000)))


class WorkbookParts(Struct):
    """What the sheets of one workbook share, and how many cells were kept so far.

    `strings` are the shared texts, `formats` the number formats by cell style, `date_formats` those of them that show
    dates; `from_1904` is the workbook's date system. `styles` (type, format, whether that is a date's) by cells'
    attributes, kinds of data validations, and formulas that are sure not to be linked are kept so that each is made out
    only once.
    """

    package: Package
    strings: list[str]
    formats: Mapping[str, str]
    date_formats: frozenset[str] = frozenset()
    from_1904: bool = False
    kept: int = 0
    styles: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    validations: Validations = field(default_factory=Validations)
    unlinked: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Find the shared texts by the numbers that cells cite them by, which is quicker than making those numbers.

        A cell with an empty text holds nothing; such a text isn't found.
        """
        numbered = zip(chain(NUMERALS, map(str, count(len(NUMERALS)))), self.strings, strict=False)
        self.texts = dict(filter(itemgetter(1), numbered) if "" in self.strings else numbered)

    def has_room(self, cells: int) -> bool:
        """Whether so many cells more may be kept."""
        return self.kept + cells <= MAX_CELLS


class SheetReader(TextReader):
    """Keeps a worksheet's filled cells: `worksheet` > `sheetData` > `row` > `c` > `f`, `v` or `is`."""

    def __init__(self, workbook: WorkbookParts, name: str) -> None:
        super().__init__(workbook.package, f"the sheet {quoted(name)}")
        self.workbook = workbook
        self.name = name
        self.cells: dict[tuple[int, int], Cell] = {}
        self.hidden_rows: list[range] = []
        self.hidden_columns: list[range] = []
        self.merged: list[Area] = []
        # Areas that a formula in their first cell fills, and whether it is linked.
        self.filled_areas: list[tuple[str, bool]] = []
        self.linked_groups: set[str] = set()
        self.section = ""
        self.row = 0
        self.reference: str | None = None
        self.steps = 0
        self.attributes: Attributes = {}
        self.in_cell = False
        self._clear()

    def _clear(self) -> None:
        self.stored: list[str] | None = None
        self.inline: list[str] | None = None
        self.formula: list[str] | None = None
        self.formula_attributes: Attributes = {}

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        self.depth = depth = self.depth + 1
        if depth > MAX_DEPTH:
            raise self.package.too_deep(self.label)
        tag = local(name) if ":" in name else name
        if depth == 2:
            self.section = tag
        elif self.section != "sheetData":
            self._start_around(depth, tag, attributes)
        elif depth == 4:
            self._start_cell(tag, attributes)
        elif depth == 5:
            self._start_content(tag, attributes)
        elif depth == 3:
            self._start_row(tag, attributes)
        elif self.inline is not None and self.begins_text(depth - 5, tag):
            self.sink = self.inline

    def _start_around(self, depth: int, tag: str, attributes: Attributes) -> None:
        """Columns and merged areas; what can't be made out of them is no matter to the values and is passed over."""
        if depth != 3:
            return
        if self.section == "cols" and tag == "col" and attributes.get("hidden") in YES:
            self._hide_columns(*(_whole(attributes.get(name, "")) for name in ("min", "max")))
        elif self.section == "mergeCells" and tag == "mergeCell":
            self._merge(area(attributes.get("ref", "")))

    def _hide_columns(self, first: int, last: int) -> None:
        if 1 <= first <= last:
            self.hidden_columns.append(range(first, min(last, MAX_COLUMN) + 1))
        if len(self.hidden_columns) > MAX_COLUMN:
            self.hidden_columns = list(in_order(self.hidden_columns))

    def _merge(self, found: Area | None) -> None:
        if found is None or found[:2] == found[2:]:
            return
        if len(self.merged) >= MAX_MERGED:
            words = f"The sheet {quoted(self.name)} has more than {MAX_MERGED:,} merged areas: {NOT_OURS}."
            raise Unreadable(self.package.name, words, UNMERGE)
        self.merged.append(found)

    def _start_row(self, tag: str, attributes: Attributes) -> None:
        number = attributes.get("r", str(self.row + 1))
        if tag != "row" or not (number.isascii() and number.isdecimal()):
            raise self.package.damaged(self.label)
        self.row = int(number)
        self.reference = None
        self.steps = 0
        if attributes.get("hidden") in YES:
            self.hide_row(self.row)

    def hide_row(self, row: int) -> None:
        """Note a row that is hidden; rows that follow one another take one entry."""
        if row > MAX_ROW:
            return
        if self.hidden_rows and self.hidden_rows[-1].stop == row:
            self.hidden_rows[-1] = range(self.hidden_rows[-1].start, row + 1)
        else:
            self.hidden_rows.append(range(row, row + 1))

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
            self.formula = self.sink = []
            self.formula_attributes = attributes

    def end(self, _name: str) -> None:
        """An element ends."""
        depth = self.depth
        self.depth = depth - 1
        self.sink = None
        if depth == 4 and (self.stored is not None or self.formula is not None or self.inline is not None):
            self._keep()
            self._clear()

    def _keep(self) -> None:
        content = self._content()
        linked = False
        if self.formula is not None:
            linked = self.takes_from_outside(self.formula_attributes, "".join(self.formula))
            content = content or (Kind.EMPTY, "", None)
        elif content is None or content[1] == "":
            return
        row, column = self._place()
        if (row, column) in self.cells:
            raise self._refusal(f"Cell {address(row, column)} on {self.label} is stored twice.")
        if not self.workbook.has_room(1):
            found = f"This workbook has more than {MAX_CELLS:,} filled cells: {NOT_OURS}."
            raise Unreadable(self.package.name, found, SEND_RETURN)
        self.workbook.kept += 1
        kind, raw, value = content
        number_format = self.workbook.formats.get(self.attributes.get("s", "0"), GENERAL)
        date = self.date_of(value, number_format)
        formula = self.formula is not None
        self.cells[row, column] = Cell(row, column, kind, raw, value, formula, number_format, date, linked)

    def takes_from_outside(self, attributes: Mapping[str, str], formula: str) -> bool:
        """Whether a cell's formula is linked; areas and groups of cells that the formula is for too are noted."""
        linked = is_linked(formula)
        if attributes.get("t") == "shared":
            # A shared formula has an area too, but each of its cells says for itself that it holds a formula.
            group = attributes.get("si", "")
            if linked:
                self.linked_groups.add(group)
            return group in self.linked_groups
        if ":" in attributes.get("ref", ""):
            self.filled_areas.append((attributes["ref"], linked))
        return linked

    def date_of(self, value: object, number_format: str) -> str:
        """The date in words of a value that is shown as one, otherwise empty."""
        if type(value) is float and number_format in self.workbook.date_formats:
            return date_in_words(value, number_format, from_1904=self.workbook.from_1904)
        return ""

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
        stored = None if self.stored is None else "".join(self.stored)
        inline = None if self.inline is None else "".join(self.inline)
        try:
            return content_of(self.attributes.get("t", "n"), stored, inline, self.workbook.strings)
        except WrongContent as wrong:
            where = address(*self._place())
            raise self._refusal(f"Cell {where} on {self.label} holds {wrong}.") from wrong

    def _refusal(self, found: str) -> Unreadable:
        return Unreadable(self.package.name, found, SAVE_AS)

    def sheet(self, visibility: str) -> Sheet:
        """What was read; the cells that an array formula or a data table fills are marked as formulas too."""
        self._fill_areas()
        hidden = in_order(self.hidden_rows), in_order(self.hidden_columns)
        return Sheet(self.name, visibility, self.cells, *hidden, tuple(sorted(self.merged)))

    def _fill_areas(self) -> None:
        work = 0
        for reference, linked in self.filled_areas:
            first, last = (row_and_column(corner) for corner in reference.split(":", 1))
            if first is None or last is None:
                raise self.package.damaged(self.label)
            rows, columns = range(first[0], last[0] + 1), range(first[1], last[1] + 1)
            small = len(rows) * len(columns) <= len(self.cells)
            work += len(rows) * len(columns) if small else len(self.cells)
            if work > MAX_ARRAY_STEPS:
                raise self._refusal(f"The array formulas on {self.label} fill too many cells.")
            for place in product(rows, columns) if small else list(self.cells):
                if place[0] in rows and place[1] in columns and place in self.cells:
                    cell = self.cells[place]
                    self.cells[place] = replace(cell, formula=True, linked=cell.linked or linked)


def _whole(number: str) -> int:
    """A column's number; 0, which no column has, when it isn't one."""
    return int(number) if len(number) < 6 and number.isascii() and number.isdecimal() else 0
