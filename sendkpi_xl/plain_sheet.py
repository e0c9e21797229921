"""The quick way to read a sheet: all of its cells by one pattern (`plain_parts` says when, and why it is safe)."""

from __future__ import annotations

import re
from math import isfinite

from sendkpi_xl.cell_content import Content, WrongContent, content_of, unescaped
from sendkpi_xl.file_kinds import Unreadable
from sendkpi_xl.grid import MAX_COLUMN, MAX_ROW, Cell, Kind, column_number
from sendkpi_xl.links import may_be_linked
from sendkpi_xl.number_formats import GENERAL
from sendkpi_xl.plain_parts import ATTRIBUTE, ATTRIBUTES, NotPlain, PlainPart, plain_text
from sendkpi_xl.sheet_reader import SheetReader, WorkbookParts

# The groups of a pattern inside another one.
UNGROUPED = re.compile(r"(?<!\\)\((?!\?)")
# A cell: address, attributes, then a value, a formula and its value, or a text of its own. Rows; and what else comes.
OWN_TEXT = r'<is><t(?: xml:space="preserve")?>([^<]++)</t></is>'
FORMULA = rf"(<f{ATTRIBUTES}) ?(?:/>|>([^<]*+)</f>)(?:<v>([^<]*+)</v>|(<v ?/>))?+"
CELL = re.compile(
    r'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"'
    r'((?: s="[0-9]++")?+(?: t="[A-Za-z]++")?+(?: cm="[0-9]++")?+(?: vm="[0-9]++")?+) ?'
    rf"(?:/>|>(?:<v>([^<]++)</v>|({UNGROUPED.sub('(?:', FORMULA)})|<v></v>|<v ?/>|{OWN_TEXT})?+</c>)"
    rf'|<row r="([0-9]{{1,7}})"({ATTRIBUTES} ?/?)>'
    r"|</row>|([\s\S]++)"
)
FORMULA_AND_VALUE = re.compile(FORMULA)
DIGITS = "0123456789.+-eE"


def read_sheet_plainly(workbook: WorkbookParts, name: str, data: bytes) -> SheetReader | None:
    """A reader that has read a sheet's part; None where the handlers must read it, with nothing noted of it."""
    reader = SheetReader(workbook, name)
    begin, end = data.find(b"<sheetData>") + len(b"<sheetData>"), data.find(b"</sheetData>")
    if data.count(b"sheetData") != 2:
        return None
    try:
        part, cells = PlainPart(data, begin, end, reader, depth=2), _Cells(reader)
        part.around(unheard=not _tells_more(data[:begin], data[end:]))
        for piece in part.pieces(b'<row r="'):
            cells.take(piece)
        part.hold_tags(cells.tags | {f'<row r="1"{attributes.rstrip(" /")}' for attributes in cells.rows})
    except (NotPlain, Unreadable, WrongContent, ValueError, LookupError):
        return None
    workbook.kept += cells.kept
    return reader


def _tells_more(head: bytes, tail: bytes) -> bool:
    """Whether there are hidden columns or merged areas around a sheet's cells."""
    return b"hidden" in head.replace(b'hidden="false"', b"") or b"mergeCell" in tail


class _Cells:
    """Keeps the cells that stand in a sheet's text, each as the reader's handlers would."""

    def __init__(self, reader: SheetReader) -> None:
        self.reader = reader
        self.workbook = reader.workbook
        self.columns, self.styles = self.workbook.columns, self.workbook.styles
        self.texts = reader.workbook.texts
        # Formulas' tags, and the attributes of rows: both must be well-formed.
        self.tags: set[str] = set()
        self.rows: set[str] = set()
        self.unlinked: set[str] = set()
        self.kept = 0

    def take(self, text: str) -> None:
        """Keep the cells of some whole rows."""
        cells, columns, styles, texts, new = self.reader.cells, self.columns, self.styles, self.texts, tuple.__new__
        in_row, row, row_digits, text_kind, number_kind = False, 0, "", Kind.TEXT, Kind.NUMBER
        for letters, digits, attributes, stored, formula, own, row_number, row_rest, stray in CELL.findall(text):
            if not letters:
                in_row, row_digits = self._row(in_row, row_number, row_rest, stray), ""
                continue
            if digits != row_digits:
                row, row_digits = int(digits), digits
                if not in_row or row > MAX_ROW:
                    raise NotPlain
            kind, number_format, dated = styles.get(attributes) or self._style(attributes)
            column = columns.get(letters) or self._column(letters)
            if stored and kind == "s" and (shared := texts.get(stored)):
                cell = new(Cell, (row, column, text_kind, shared, shared, False, number_format, "", False))
            elif stored and kind == "n" and not stored.strip(DIGITS):
                value = float(stored)
                if not isfinite(value):
                    raise NotPlain
                date = self.reader.date_of(value, number_format) if dated else ""
                cell = new(Cell, (row, column, number_kind, stored, value, False, number_format, date, False))
            elif own:
                shared = unescaped(plain_text(own)) if "&" in own or "_x" in own else own
                cell = new(Cell, (row, column, text_kind, shared, shared, False, number_format, "", False))
            elif formula:
                cell = self._formula((row, column), kind, formula, number_format)
            elif stored and (content := self._content(kind, stored)) and content[1]:
                date = self.reader.date_of(content[2], number_format)
                cell = Cell(row, column, *content, False, number_format, date, False)
            else:
                continue
            cells[row, column] = cell
            self.kept += 1
        if self.kept != len(cells) or in_row or not self.workbook.has_room(self.kept):
            raise NotPlain

    def _style(self, attributes: str) -> tuple[str, str, bool]:
        """Type and number format of cells with these attributes, and whether numbers among them are shown as dates."""
        known = dict(ATTRIBUTE.findall(attributes))
        number_format = self.workbook.formats.get(known.get("s", "0"), GENERAL)
        style = known.get("t", "n"), number_format, number_format in self.workbook.date_formats
        self.styles[attributes] = style
        return style

    def _column(self, letters: str) -> int:
        number = column_number(letters)
        if number > MAX_COLUMN:
            raise NotPlain
        self.columns[letters] = number
        return number

    def _row(self, in_row: bool, number: str, attributes: str, stray: str) -> bool:
        """Whether cells may follow a row's beginning (which has a `number`) or its end."""
        if stray or (number and in_row):
            raise NotPlain
        if not number:
            return False
        self.rows.add(attributes)
        # No attribute's value has a quotation mark in it, so that this is the attribute itself.
        if ' hidden="1"' in attributes or ' hidden="true"' in attributes:
            self.reader.hide_row(int(number))
        return not attributes.endswith("/")

    def _content(self, kind: str, stored: str | None) -> Content | None:
        return content_of(kind, stored and plain_text(stored), None, self.workbook.strings)

    def _formula(self, place: tuple[int, int], kind: str, formula: str, number_format: str) -> Cell:
        """The cell of a formula with its value, as both are stored."""
        found = FORMULA_AND_VALUE.fullmatch(formula)
        if found is None:
            raise NotPlain
        tag, text, stored, empty = found.groups()
        linked = False
        if tag != "<f":
            self.tags.add(tag)
        if ' t="' in tag or ' ref="' in tag or (text and self._may_be_linked(text, str(place[0]))):
            linked = self.reader.takes_from_outside(dict(ATTRIBUTE.findall(tag)), plain_text(text or ""))
        found_kind, raw, value = self._content(kind, "" if empty else stored) or (Kind.EMPTY, "", None)
        date = self.reader.date_of(value, number_format)
        return Cell(*place, found_kind, raw, value, True, number_format, date, linked)

    def _may_be_linked(self, formula: str, row: str) -> bool:
        # Down a column, formulas differ in the row that they speak of, which is no sign of a link.
        formula = formula.replace(row, "")
        if formula in self.unlinked:
            return False
        if may_be_linked(formula):
            return True
        self.unlinked.add(formula)
        return False
