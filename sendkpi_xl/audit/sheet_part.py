"""What expat's handlers make of a sheet for the accessibility checks: cells as shown, and what is around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sendkpi_xl.audit.seen import Change, ColourRule, Font, SeenCell, Where, area_size
from sendkpi_xl.audit.styles import Facts, Styles, font_of
from sendkpi_xl.cell_content import unescaped
from sendkpi_xl.file_kinds import SAVE_AS, Unreadable, quoted
from sendkpi_xl.grid import MAX_COLUMN, MAX_ROW, Area, area, row_and_column
from sendkpi_xl.package import MAX_DEPTH, Attributes, Package, local
from sendkpi_xl.sheet_reader import YES
from sendkpi_xl.text_reader import TextReader

MOST_CELLS = 500_000
MOST_RULES = 20_000
MOST_MERGED = 10_000
MOST_STEPS = 2_000_000
"""How many cells all conditional formats of a sheet may be over, as far as they would have to be looked at."""
WIDEST, HIGHEST = 255.0, 10_000.0
TEXT_TYPES = ("s", "str", "inlineStr", "d")
COLOUR_FEATURES = ("colorScale", "dataBar")


class SharedText(NamedTuple):
    """A shared text, and the fonts of its parts where they have their own."""

    text: str
    fonts: tuple[Font, ...] = ()


NO_TEXT = SharedText("")


class _RichTexts(TextReader):
    """Collects a rich text (`t`, or `r` with `rPr` and `t`) with the fonts of its runs."""

    def __init__(self, package: Package, label: str, styles: Styles) -> None:
        super().__init__(package, label)
        self.styles = styles
        self.pieces: list[str] = []
        self.fonts: list[Font] = []
        self.facts: Facts | None = None

    def start_text(self, level: int, tag: str, attributes: Attributes) -> None:
        """An element begins `level` levels inside a rich text."""
        if self.begins_text(level, tag):
            self.sink = self.pieces
        elif level == 2 and tag == "rPr" and self.in_run:
            self.facts = {}
        elif level == 3 and self.facts is not None:
            self.facts[tag] = attributes

    def end_text(self, level: int) -> None:
        """An element ends `level` levels inside a rich text."""
        self.sink = None
        if level == 1 and self.facts is not None:
            self.fonts.append(font_of(self.facts, self.styles.colours))
            self.facts = None

    def taken(self) -> SharedText:
        """The rich text that has ended."""
        text = SharedText(unescaped("".join(self.pieces)), tuple(dict.fromkeys(self.fonts)))
        self.pieces.clear()
        self.fonts.clear()
        return text


class SharedTexts(_RichTexts):
    """Collects the shared texts: `sst` holds `si`, and each of these is one rich text."""

    def __init__(self, package: Package, styles: Styles) -> None:
        super().__init__(package, "its texts", styles)
        self.texts: list[SharedText] = []

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        self.begin()
        if self.depth > 2:
            self.start_text(self.depth - 2, local(name), attributes)

    def end(self, _name: str) -> None:
        """An element ends."""
        if self.depth == 2:
            self.texts.append(self.taken())
        elif self.depth > 2:
            self.end_text(self.depth - 2)
        self.depth -= 1


class SheetPart(_RichTexts):
    """Keeps the cells of a worksheet that show something, and what is said about it around its cells."""

    def __init__(self, package: Package, name: str, styles: Styles, texts: Sequence[SharedText]) -> None:
        super().__init__(package, f"the sheet {quoted(name)}", styles)
        self.texts = texts
        self.unlocked = {number for number, look in enumerate(styles.looks) if not look.locked}
        self.cells: dict[Where, SeenCell] = {}
        self.used: dict[tuple[int, tuple[Font, ...]], list[Where]] = {}
        self.unlocked_blanks: list[Where] = []
        self.width = 8.43
        self.widths: dict[int, float] = {}
        self.heights: dict[int, float] = {}
        self.merged: list[Area] = []
        self.links: set[Where] = set()
        self.rules: list[ColourRule] = []
        self.unread_rules = 0
        self.printed: list[list[str]] = []
        self.protected = False
        self.relations: list[str] = []
        self.selections: dict[str, str] = {}
        self.active_pane = "topLeft"
        self.section = ""
        self.in_cells = False
        self.styles_cited: dict[str, int] = {}
        self.row = 0
        self.column = 0
        self.cell: Attributes = {}
        self.stored: list[str] | None = None
        self.has_formula = False
        self._areas: tuple[Area, ...] = ()
        self._rule: Attributes = {}
        self._formulas: list[list[str]] = []
        self._rule_colours: list[Attributes] = []
        self._steps = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        self.depth = depth = self.depth + 1
        if depth > MAX_DEPTH:
            raise self.package.too_deep(self.label)
        if self.in_cells and depth > 2:  # most of a workbook's elements are cells and what is in them
            if depth == 4:
                self.cell, self.stored, self.has_formula = attributes, None, False
            elif depth == 5:
                self._start_content(local(name))
            elif depth == 3:
                self._start_row(attributes)
            else:
                self.start_text(depth - 5, local(name), attributes)
        elif depth == 2:
            self.section = local(name)
            self.in_cells = self.section == "sheetData"
            self._start_section(attributes)
        elif depth > 2:
            self._start_around(depth, local(name), attributes)

    def _start_row(self, attributes: Attributes) -> None:
        number = attributes.get("r", "")
        self.row = int(number) if number.isascii() and number.isdecimal() and len(number) < 8 else self.row + 1
        self.column = 0
        if attributes.get("customHeight") in YES:
            self.heights[self.row] = _points(attributes.get("ht", ""), 0)

    def _start_content(self, tag: str) -> None:
        if tag == "v":
            self.stored = self.sink = []
        elif tag == "f":
            self.has_formula = True

    def end(self, _name: str) -> None:
        """An element ends."""
        depth = self.depth
        self.depth = depth - 1
        self.sink = None
        if self.in_cells:
            if depth == 4:
                self._keep()
            elif depth > 5:
                self.end_text(depth - 5)
        elif depth == 3 and self._rule:
            self._keep_rule()

    def _keep(self) -> None:
        cell = self.cell
        self.row, self.column = where = row_and_column(cell.get("r", "")) or (self.row, self.column + 1)
        kind, cited = cell.get("t", "n"), cell.get("s", "0")
        style = self.styles_cited.get(cited, -1)
        if style < 0:
            style = self.styles_cited[cited] = _whole(cited)
        if self.stored is None and not self.pieces and not self.has_formula:
            if style in self.unlocked and len(self.unlocked_blanks) < MOST_CELLS:
                self.unlocked_blanks.append(where)
            return
        text, fonts = self._shown(kind)
        unknown_result = self.has_formula and self.stored is None
        if not (unknown_result or text.strip()):
            return
        if len(self.cells) >= MOST_CELLS or not (1 <= where[0] <= MAX_ROW and 1 <= where[1] <= MAX_COLUMN):
            found = f"A cell of {self.label} is outside Excel's grid, or it has more than {MOST_CELLS:,} cells."
            raise Unreadable(self.package.name, found, SAVE_AS)
        self.cells[where] = SeenCell(text, kind not in TEXT_TYPES, style, fonts)
        self.used.setdefault((style, fonts), []).append(where)

    def _shown(self, kind: str) -> SharedText:
        if kind == "s":
            number = _whole("".join(self.stored or ()).strip(), len(self.texts))
            return self.texts[number] if number < len(self.texts) else NO_TEXT
        return self.taken() if self.pieces else SharedText("".join(self.stored or ()))

    def _start_section(self, attributes: Attributes) -> None:
        if self.section == "sheetFormatPr":
            self.width = _points(attributes.get("defaultColWidth", ""), self.width)
        elif self.section == "sheetProtection":
            self.protected = attributes.get("sheet") in YES
        elif self.section == "conditionalFormatting":
            self._areas = tuple(filter(None, map(area, attributes.get("sqref", "").split())))
        elif self.section == "drawing":
            self.relations.append(_relation(attributes))

    def _start_around(self, depth: int, tag: str, attributes: Attributes) -> None:
        match self.section, tag:
            case "cols", "col":
                self._set_width(attributes)
            case "sheetViews", "pane":
                self.active_pane = attributes.get("activePane", "topLeft")
            case "sheetViews", "selection":
                self.selections[attributes.get("pane", "topLeft")] = attributes.get("activeCell", "A1")
            case "mergeCells", "mergeCell" if len(self.merged) < MOST_MERGED:
                self.merged += filter(None, [area(attributes.get("ref", ""))])
            case "headerFooter", _ if depth == 3:
                self.sink = []
                self.printed.append(self.sink)
            case "hyperlinks", "hyperlink":
                where = row_and_column(attributes.get("ref", ""))
                self.links.update(() if where is None else (where,))
            case "tableParts", "tablePart":
                self.relations.append(_relation(attributes))
            case "conditionalFormatting", _:
                self._start_rule(depth, tag, attributes)
            case "extLst", "dxf":
                self.unread_rules += 1

    def _set_width(self, attributes: Attributes) -> None:
        first, last = _whole(attributes.get("min", "")), _whole(attributes.get("max", ""))
        width = min(_points(attributes.get("width", ""), self.width), WIDEST)
        for column in range(max(first, 1), min(last, MAX_COLUMN) + 1):
            self.widths[column] = width

    def _start_rule(self, depth: int, tag: str, attributes: Attributes) -> None:
        if depth == 3:
            self._rule, self._formulas, self._rule_colours = dict(attributes) | {"": tag}, [], []
        elif tag == "formula":
            self.sink = []
            self._formulas.append(self.sink)
        elif tag in COLOUR_FEATURES:
            self._rule["feature"] = tag
        elif tag == "color" and "feature" in self._rule:
            self._rule_colours.append(attributes)

    def _keep_rule(self) -> None:
        rule, self._rule = self._rule, {}
        changes = [Change(fill=self.styles.colours.resolved(each, "")) for each in self._rule_colours]
        number = _whole(rule.get("dxfId", ""), -1)
        if 0 <= number < len(self.styles.changes):
            changes.append(self.styles.changes[number])
        if not changes or not self._areas:
            return
        self._steps += sum(min(area_size(each), MOST_CELLS) for each in self._areas)
        if len(self.rules) >= MOST_RULES or self._steps > MOST_STEPS:
            found = f"The conditional formats of {self.label} are over more than {MOST_STEPS:,} cells."
            raise Unreadable(self.package.name, found, SAVE_AS)
        formulas = tuple("".join(pieces) for pieces in self._formulas)
        self.rules.append(ColourRule(rule.get("type", ""), formulas, self._areas, tuple(changes)))


def _relation(attributes: Mapping[str, str]) -> str:
    return next((value for key, value in attributes.items() if local(key) == "id"), "")


def _whole(number: str, otherwise: int = 0) -> int:
    return int(number) if len(number) < 8 and number.isascii() and number.isdecimal() else otherwise


def _points(number: str, otherwise: float) -> float:
    try:
        points = float(number)
    except ValueError:
        return otherwise
    return points if 0 <= points <= HIGHEST else otherwise
