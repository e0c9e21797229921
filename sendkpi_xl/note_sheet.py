"""One worksheet of a workbook that a note is made of: the formats of its cells, its tab, its reference to a drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sendkpi_xl.grid import address, row_and_column
from sendkpi_xl.note_copy import WorkbookCopy
from sendkpi_xl.note_xml import RELATIONS, SPREADSHEET, Element, Place, XmlPart
from sendkpi_xl.package import Attributes

TRUE = ("1", "true", "on")
SMALL_LISTS = ("sheetViews", "cols", "mergeCells")
BEFORE_NOTES = frozenset(
    (
        *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection"),
        *("protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews"),
        *("mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions"),
        *("pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches"),
        *("ignoredErrors", "smartTags", "drawing"),
    )
)
"""What stands before `legacyDrawing` in a worksheet (CT_Worksheet of ECMA-376)."""


class LeadSheet:
    """A worksheet part; of its rows only those of `places` are known, or all of them."""

    def __init__(self, copy: WorkbookCopy, path: str, places: Iterable[Place], *, whole: bool = False) -> None:
        self.copy = copy
        self.path = path
        self.part: XmlPart = copy.part(path, SPREADSHEET, _Kept(sorted({row for row, _ in places}), whole=whole))
        root = self.part.root
        self.data = root.only("sheetData")
        if any(child.tag == "AlternateContent" and _holds_order(child) for child in root.children):
            raise ValueError("alternatives whose place in the order of a sheet is not known")

    def cells(self) -> dict[Place, int]:
        """The formats of the cells in the rows that are known, by place."""
        return {_place(cell): _format(cell) for row in self.data.children for cell in row.children if cell.tag == "c"}

    def change(self, formats: Mapping[Place, Callable[[int], int]]) -> None:
        """Give cells other formats, made from the ones they have; cells that are not there are put in."""
        missing: dict[int, dict[int, Callable[[int], int]]] = {}
        known = {_place(cell): cell for row in self.data.children for cell in row.children if cell.tag == "c"}
        for (row, column), make in sorted(formats.items()):
            cell = known.get((row, column))
            if cell is None:
                missing.setdefault(row, {})[column] = make
            else:
                self.part.change(cell, {"s": str(make(_format(cell)))})
        for row, cells in missing.items():
            self._put_in(row, cells)
        if missing:
            self._forget_size()

    def draw(self, relation: str) -> None:
        """Refer to the drawing of cell notes."""
        drawing = f'<legacyDrawing xmlns:r="{RELATIONS}" r:id="{relation}"/>'
        self.part.insert(self.part.place_after(BEFORE_NOTES), drawing)

    def drawing(self) -> str | None:
        """The part that draws the cell notes; None when there is none yet."""
        element = self.part.root.first("legacyDrawing")
        return None if element is None else self.copy.related(self.path)[element.relation].part

    def _put_in(self, number: int, cells: Mapping[int, Callable[[int], int]]) -> None:
        if self.data.inner == self.data.end:
            raise ValueError("a sheet without a row")
        rows = [(int(row.attributes["r"]), row) for row in self.data.children]
        row = next((each for at, each in rows if at == number), None)
        formats = {column: make(self._inherited(row, column)) for column, make in cells.items()}
        written = {column: f'<c r="{address(number, column)}" s="{style}"/>' for column, style in formats.items()}
        if row is None:
            after = next((each.start for at, each in rows if at > number), self.data.close)
            self.part.insert(after, f'<row r="{number}">{"".join(written.values())}</row>')
        elif row.inner == row.end:
            self.part.append(row, self.part.own("".join(written.values())), {"spans": None})
        else:
            self.part.change(row, {"spans": None})
            for column, cell in written.items():
                after = next((each.start for each in row.children if _place(each)[1] > column), row.close)
                self.part.insert(after, cell)

    def _inherited(self, row: Element | None, column: int) -> int:
        """The format that an empty place has from its row or its column."""
        if row is not None and row.attributes.get("customFormat") in TRUE:
            return _format(row)
        columns = self.part.root.first("cols")
        for each in columns.children if columns is not None else ():
            if int(each.attributes["min"]) <= column <= int(each.attributes["max"]):
                return int(each.attributes.get("style", "0"))
        return 0

    def _forget_size(self) -> None:
        # The used area may be another one now. Programs work it out by themselves where it is not written down.
        dimension = self.part.root.first("dimension")
        if dimension is not None:
            self.part.remove(dimension)


class _Kept:
    """Which elements of a worksheet to keep: its own children, small lists, and rows with the cells in them.

    Rows are those that are wanted, and for each that is missing the next one. A sheet may have a million others.
    """

    def __init__(self, wanted: list[int], *, whole: bool) -> None:
        self.wanted = wanted[::-1]
        self.whole = whole
        self.inside = ""
        self.last = 0

    def __call__(self, depth: int, tag: str, attributes: Attributes) -> bool:
        if depth == 2:
            self.inside = tag
        elif depth == 3 and self.inside == "sheetData":
            return self._row(attributes)
        elif depth > 2:
            in_row = self.inside == "sheetData" and depth == 4
            return in_row or self.inside in SMALL_LISTS or self.inside == "AlternateContent"
        return True

    def _row(self, attributes: Attributes) -> bool:
        if not self.whole and not self.wanted:
            return False
        number = int(attributes["r"])
        if number <= self.last:
            raise ValueError("rows that are out of order")
        self.last = number
        before = len(self.wanted)
        while self.wanted and self.wanted[-1] <= number:
            self.wanted.pop()
        return self.whole or len(self.wanted) < before


def deselect(part: XmlPart) -> None:
    """Let a sheet's tab be unselected: two selected sheets would be typed into at once."""
    views = part.root.first("sheetViews")
    for view in views.children if views is not None else ():
        if view.attributes.get("tabSelected") in TRUE:
            part.change(view, {"tabSelected": None})


def merged_away(copy: WorkbookCopy, path: str) -> Callable[[Place], Place]:
    """Where a cell shows: for one that is merged into others, the first of them."""
    if b"mergeCell" not in copy.contents[path]:
        return lambda place: place
    root = XmlPart(copy.contents[path], SPREADSHEET, _Kept([], whole=False)).root
    corners = [
        [row_and_column(corner) or (0, 0) for corner in merge.attributes["ref"].split(":")]
        for merges in root.all("mergeCells")
        for merge in merges.children
    ]

    def shown(place: Place) -> Place:
        inside = (
            first
            for first, last in (corner for corner in corners if len(corner) == 2)
            if first[0] <= place[0] <= last[0] and first[1] <= place[1] <= last[1]
        )
        return next(inside, place)

    return shown


def _place(cell: Element) -> Place:
    place = row_and_column(cell.attributes["r"])
    if place is None:
        raise ValueError("a cell without an address")
    return place


def _format(element: Element) -> int:
    return int(element.attributes.get("s", "0"))


def _holds_order(element: Element) -> bool:
    return any(child.tag in BEFORE_NOTES or _holds_order(child) for child in element.children)
