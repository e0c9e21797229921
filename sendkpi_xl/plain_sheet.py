"""The quick way to read a sheet: all of its cells by one pattern (`plain_parts` says when, and why it is safe)."""

from __future__ import annotations

import re
from itertools import repeat
from operator import itemgetter

from sendkpi_xl.cell_content import Content, WrongContent, content_of, unescaped
from sendkpi_xl.file_kinds import Unreadable
from sendkpi_xl.grid import MAX_COLUMN, MAX_ROW, Cell, Kind, column_number
from sendkpi_xl.links import may_be_linked
from sendkpi_xl.number_formats import GENERAL
from sendkpi_xl.plain_parts import ATTRIBUTE, ATTRIBUTES, NotPlain, PlainPart, plain_text
from sendkpi_xl.sheet_reader import SheetReader, WorkbookParts

# A row's beginning, which may be all of it. Each row that has cells ends with a tag of its own.
ROW = re.compile(rf'<row r="([0-9]{{1,7}})"({ATTRIBUTES}) ?(/?)>')
STYLE_AND_TYPE = re.compile(r'(?: s="([0-9]++)")?+(?: t="([A-Za-z]++)")?+(?: cm="[0-9]++")?+(?: vm="[0-9]++")?+ ?')
# A cell: column, row, attributes; nothing; a text of its own; or a formula (its tag and its text), and a number (or the
# place of a shared text) or any other value. Such a number is never too large for Python. Or anything else.
CELL = re.compile(
    r'<c r="([A-Z]++)([0-9]++)"([^<>/]*+)(?:/>|>'
    r'(?:<is><t(?: xml:space="preserve")?>([^<]++)</t></is>'
    rf"|(?:(<f{ATTRIBUTES}) ?(?:/>|>([^<]*+)</f>))?+(?:<v>([0-9.-]{{1,99}}+)</v>|(<v>[^<]*+</v>|<v ?/>))?+)</c>)"
    r"|([\s\S]++)"
)
Record = tuple[int, int, Kind, str, float | str | bool | None, bool, str, str, bool]
PLACE = itemgetter(0, 1)
NO_RESULT: Content = (Kind.EMPTY, "", None)


def read_sheet_plainly(workbook: WorkbookParts, name: str, data: bytes) -> SheetReader | None:
    """A reader that has read a sheet's part; None where the handlers must read it, with nothing noted of it."""
    reader = SheetReader(workbook, name)
    begin, end = data.find(b"<sheetData>") + len(b"<sheetData>"), data.rfind(b"</sheetData>")
    # A second one between them is no row, and ends the quick way there.
    if data.count(b"sheetData", 0, begin) != 1 or data.count(b"sheetData", max(end, 0)) != 1:
        return None
    try:
        part, cells = PlainPart(data, begin, end, reader, depth=2), _Cells(reader)
        part.around(unheard=not _tells_more(data[:begin], data[end:]))
        for piece in part.pieces(b'<row r="'):
            cells.take(piece)
        part.hold_tags(cells.tags.union(f'<row r="1"{attributes}' for attributes in cells.rows))
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
        # Formulas' tags, and the attributes of rows, each with whether it hides them: both must be well-formed.
        self.tags: set[str] = set()
        self.rows: dict[str, bool] = {}
        self.unlinked: set[str] = set()
        self.records: list[Record] = []
        self.kept = 0

    def take(self, text: str) -> None:
        """Keep the cells of some whole rows."""
        *rows, rest = text.split("</row>")
        for row in rows:
            self._take_row(row)
        if rest:
            self._begin_rows(rest, closed=True)
        records, self.records = self.records, []
        # A cell is made in one step here, since most of the time goes into making cells.
        made = map(tuple.__new__, repeat(Cell), records)
        self.reader.cells.update(zip(map(PLACE, records), made, strict=True))
        self.kept += len(records)
        if self.kept != len(self.reader.cells) or not self.workbook.has_room(self.kept):
            raise NotPlain

    def _begin_rows(self, text: str, *, closed: bool) -> tuple[int, str]:
        """Note the rows that begin a text; where the cells of the last of them begin, and its number.

        All of these rows are `closed` without cells, or all but the last.
        """
        end, number, ended = 0, "", "/"
        while ended and (row := ROW.match(text, end)):
            number, attributes, ended = row.groups("")
            end = row.end()
            if attributes not in self.rows:
                # No attribute's value has a quotation mark in it, so that this is the attribute itself.
                self.rows[attributes] = ' hidden="1"' in attributes or ' hidden="true"' in attributes
            if self.rows[attributes]:
                self.reader.hide_row(int(number))
        if bool(ended) is not closed or (closed and end < len(text)):
            raise NotPlain
        return end, number

    def _take_row(self, text: str) -> None:
        begin, row_digits = self._begin_rows(text, closed=False)
        columns, styles, texts = self.workbook.columns, self.workbook.styles, self.workbook.texts
        keep, row, text_kind, number_kind = self.records.append, int(row_digits), Kind.TEXT, Kind.NUMBER
        if row > MAX_ROW:
            raise NotPlain
        for letters, digits, attributes, own, tag, formula, stored, other, stray in CELL.findall(text, begin):
            try:
                (kind, number_format, dated), column = styles[attributes], columns[letters]
            except KeyError:
                (kind, number_format, dated), column = self._style(attributes), self._column(letters)
            if not (stored or own or tag or other or stray):
                continue
            if digits != row_digits:
                raise NotPlain
            if tag:
                linked = self._is_linked(tag, formula, row_digits)
                content = self._content(kind, stored or other) or NO_RESULT
                date = self.reader.date_of(content[2], number_format) if dated else ""
                keep((row, column, *content, True, number_format, date, linked))
            elif kind == "s" and (shared := texts.get(stored)):
                keep((row, column, text_kind, shared, shared, False, number_format, "", False))
            elif kind == "n" and stored and not dated:
                keep((row, column, number_kind, stored, float(stored), False, number_format, "", False))
            elif own:
                shared = unescaped(plain_text(own)) if "&" in own or "_x" in own else own
                keep((row, column, text_kind, shared, shared, False, number_format, "", False))
            elif (content := self._content(kind, stored or other) or NO_RESULT)[1]:
                date = self.reader.date_of(content[2], number_format)
                keep((row, column, *content, False, number_format, date, False))

    def _style(self, attributes: str) -> tuple[str, str, bool]:
        """Type and number format of cells with these attributes, and whether numbers among them are shown as dates."""
        found = STYLE_AND_TYPE.fullmatch(attributes)
        if found is None:
            raise NotPlain
        number_format = self.workbook.formats.get(found[1] or "0", GENERAL)
        style = found[2] or "n", number_format, number_format in self.workbook.date_formats
        self.workbook.styles[attributes] = style
        return style

    def _column(self, letters: str) -> int:
        number = column_number(letters) if len(letters) <= len("XFD") else MAX_COLUMN + 1
        if number > MAX_COLUMN:
            raise NotPlain
        self.workbook.columns[letters] = number
        return number

    def _content(self, kind: str, stored: str) -> Content | None:
        """What a stored value stands for, which comes with its tags unless it is a number."""
        if kind == "n" and stored[:1] not in ("", "<"):
            return Kind.NUMBER, stored, float(stored)
        text = plain_text("" if stored.endswith("/>") else stored.removeprefix("<v>").removesuffix("</v>"))
        return content_of(kind, text if stored else None, None, self.workbook.strings)

    def _is_linked(self, tag: str, formula: str, row: str) -> bool:
        """Whether the formula of a cell in this row is linked; it comes with the beginning of its tag."""
        if tag != "<f":
            self.tags.add(tag)
        if ' t="' in tag or ' ref="' in tag or (formula and self._may_be_linked(formula, row)):
            return self.reader.takes_from_outside(dict(ATTRIBUTE.findall(tag)), plain_text(formula))
        return False

    def _may_be_linked(self, formula: str, row: str) -> bool:
        # Down a column, formulas differ in the row that they speak of, which is no sign of a link.
        formula = formula.replace(row, "")
        if formula in self.unlinked:
            return False
        if may_be_linked(formula):
            return True
        self.unlinked.add(formula)
        return False
