"""The quick way to read a sheet: all of its cells by one pattern (`plain_parts` says when, and why it is safe)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sendkpi_xl.alike_rows import END, AlikeRows, is_hidden
from sendkpi_xl.cell_content import Content, WrongContent, content_of, unescaped
from sendkpi_xl.file_kinds import Unreadable
from sendkpi_xl.grid import MAX_COLUMN, MAX_ROW, Cell, Kind, column_number
from sendkpi_xl.links import are_unlinked, may_be_linked
from sendkpi_xl.number_formats import GENERAL
from sendkpi_xl.plain_parts import ATTRIBUTE, ATTRIBUTES, NotPlain, PlainPart, has_plain_texts, plain_text
from sendkpi_xl.plain_tags import SAME_DIGITS
from sendkpi_xl.sheet_reader import SheetReader, WorkbookParts

ROW_ATTRIBUTES = re.compile(f"({ATTRIBUTES}) ?")
STYLE_AND_TYPE = re.compile(r'(?: s="([0-9]++)")?+(?: t="([A-Za-z]++)")?+(?: cm="[0-9]++")?+(?: vm="[0-9]++")?+ ?')
# A blank cell says nothing, and not even its place matters.
BLANKS = r'(?:<c r="[A-Z0-9]++"(?: s="[0-9]++")?+(?: t="[A-Za-z]++")?+ ?/>)*+'
# A row's beginning, which may be all of it: number, attributes, the end of an empty tag, and the blanks after it.
ROW = re.compile(rf'<row r="([0-9]{{1,7}})"([^<>/]*+)(?:(/)>|>{BLANKS})')
# A cell and the blanks after it, or anything else. Of a cell: column, row, attributes; the formula with its tags; a
# number (or the place of a shared text), or any other value with its tags, or a text of the cell's own. Such a number
# is never too large for Python; and attributes are looked at when they come first.
CELL = re.compile(
    r'<c r="([A-Z]++)([0-9]++)"([^>]*+)>'
    rf"(<f{ATTRIBUTES} ?(?:/>|>[^<]*+</f>))?+"
    r"(?:<v>([0-9.-]{1,99}+)</v>"
    r'|(<v>[^<]*+</v>|<v ?/>)|<is><t(?: xml:space="preserve")?>([^<]++)</t></is>)?+'
    rf"</c>{BLANKS}"
    r"|[\s\S]++"
)
# In so many bytes of rows, looking for rows that are alike saves time.
LONG = 2**18
# Columns by their letters, as far as they were met; there are no more of them than a sheet has.
COLUMNS: dict[str, int] = {}
NO_RESULT: Content = (Kind.EMPTY, "", None)


def read_sheet_plainly(workbook: WorkbookParts, name: str, data: bytes) -> SheetReader | None:
    """A reader that has read a sheet's part; None where the handlers must read it, with nothing noted of it."""
    reader = SheetReader(workbook, name)
    begin, end = data.find(b"<sheetData>") + len(b"<sheetData>"), data.rfind(b"</sheetData>")
    try:
        part, cells = PlainPart(data, begin, end, reader, depth=2), _Cells(reader)
        head, tail = data[:begin], workbook.validations.shortened(data[end:])
        # A second one between them is no row, and ends the quick way there.
        if head.count(b"sheetData") != 1 or tail.count(b"sheetData") != 1:
            return None
        part.around(unheard=not _tells_more(head, tail), short=tail)
        take = cells.take_alike if end - begin > LONG else cells.take
        for piece in part.pieces(b'<row r="', lambda piece: without_formulas(piece, workbook.unlinked)):
            take(piece)
        part.finish(cells.tags)
    except (NotPlain, Unreadable, WrongContent, ValueError, LookupError):
        return None
    workbook.kept += cells.kept
    return reader


def without_formulas(piece: bytes, known: set[bytes]) -> bytes:
    """Some rows without the texts of their formulas, where none of these is linked or anything but plain text.

    No more than that counts of a formula. They are much of a return's bytes, and down a column differ only in digits,
    so that there are few to look at; those that have been are added to the `known`. Otherwise the rows as they are.
    """
    *parts, rest = piece.split(b"</f>")
    if not parts:
        return piece
    halves = [part.rpartition(b">") for part in parts]
    if b">" in b"".join({before[before.rfind(b"<") :] for before, _, _ in halves}):
        # What was taken for a formula is but its end.
        return piece
    alike = b"\n".join([formula for _, _, formula in halves]).translate(SAME_DIGITS).split(b"\n")
    # A formula with a line break in it is here in pieces, which say nothing by themselves.
    whole = len(alike) == len(halves)
    new = set(alike) - known if whole else set(alike)
    different = b"\n".join(new)
    if b"<" in different or not has_plain_texts(different):
        return piece
    formulas = different.decode()
    if may_be_linked(formulas) and not (whole and are_unlinked(formulas)):
        return piece
    if whole:
        known |= new
    return b"></f>".join([*(before for before, _, _ in halves), rest])


def _tells_more(head: bytes, tail: bytes) -> bool:
    """Whether there are hidden columns or merged areas around a sheet's cells."""
    return b"hidden" in head.replace(b'hidden="false"', b"") or b"mergeCell" in tail


class _Cells:
    """Keeps the cells that stand in a sheet's text, each as the reader's handlers would."""

    def __init__(self, reader: SheetReader) -> None:
        self.reader = reader
        self.workbook = reader.workbook
        # The beginnings of formulas' and rows' tags, which must be well-formed.
        self.tags: set[str] = set()
        # Whether rows with these attributes are hidden.
        self.rows: dict[str, bool] = {}
        # Formulas, with their tags, that say no more than that they are there.
        self.unsaying: set[str] = set()
        self.alike = AlikeRows(reader)
        self.kept = 0

    def take_alike(self, text: str) -> None:
        """Keep the cells of some whole rows of a long sheet, in which many may be alike."""
        end = 0
        while end < len(text) and not self.alike.are_rare():
            begin = end
            end, kept = self.alike.take(text, begin)
            self.kept += kept
            if not kept:
                row, ending, _ = text[begin:].partition(END)
                self.take(row + ending)
                self.alike.learn(row + ending)
                end += len(row + ending)
        self.take(text[end:])

    def take(self, text: str) -> None:
        """Keep the cells of some whole rows."""
        *rows, rest = text.split(END)
        self._take_rows(rows)
        last = self._begin(rest) if rest else None
        if rest and not (last and last[3]):
            raise NotPlain
        if self.kept != len(self.reader.cells) or not self.workbook.has_room(self.kept):
            raise NotPlain

    def _begin(self, text: str) -> re.Match[str] | None:
        """Where the cells of a row begin, after the rows without any; where the last of these is when no other is."""
        begin = ROW.match(text)
        while begin:
            self._begin_row(int(begin[1]), begin[2])
            if not begin[3] or begin.end() == len(text):
                break
            begin = ROW.match(text, begin.end())
        return begin

    def _take_rows(self, rows: Iterable[str]) -> None:
        """Keep the cells of some rows, of each as much as stands before its end."""
        columns, styles, texts, cells = COLUMNS, self.workbook.styles, self.workbook.texts, self.reader.cells
        text_kind, number_kind, known = Kind.TEXT, Kind.NUMBER, self.rows
        kept = 0
        for text in rows:
            begin = ROW.match(text)
            # Most rows are like one before, are shown, and have cells.
            if begin is None or begin[3] or known.get(begin[2], True):
                begin = self._begin(text)
            if begin is None or begin[3] or not 1 <= (row := int(number := begin[1])) <= MAX_ROW:
                raise NotPlain
            for letters, digits, attributes, formula, stored, other, own in CELL.findall(text, begin.end()):
                # What is no cell has no number.
                if digits != number:
                    raise NotPlain
                try:
                    (kind, number_format, dated), column = styles[attributes], columns[letters]
                except KeyError:
                    (kind, number_format, dated), column = self._style(attributes), self._column(letters)
                if formula:
                    style = kind, number_format, dated
                    cells[row, column] = self._with_formula(row, column, style, formula, stored or other, own)
                elif own:
                    words = unescaped(plain_text(own)) if "&" in own or "_x" in own else own
                    cells[row, column] = Cell(row, column, text_kind, words, words, False, number_format)
                elif kind == "s" and (shared := texts.get(stored)):
                    cells[row, column] = Cell(row, column, text_kind, shared, shared, False, number_format)
                elif kind == "n" and stored and not dated:
                    cells[row, column] = Cell(row, column, number_kind, stored, float(stored), False, number_format)
                elif (stored or other) and (content := self._content(kind, stored or other) or NO_RESULT)[1]:
                    date = self.reader.date_of(content[2], number_format)
                    cells[row, column] = Cell(row, column, *content, False, number_format, date)
                else:
                    continue
                kept += 1
        self.kept += kept

    def _with_formula(
        self, row: int, column: int, style: tuple[str, str, bool], formula: str, stored: str, own: str
    ) -> Cell:
        """A cell with a formula; what is stored comes with its tags unless it is a number."""
        if own:
            raise NotPlain
        kind, number_format, dated = style
        linked = formula not in self.unsaying and self._is_linked(formula)
        content = self._content(kind, stored) or NO_RESULT
        date = self.reader.date_of(content[2], number_format) if dated else ""
        return Cell(row, column, *content, True, number_format, date, linked)

    def _begin_row(self, row: int, attributes: str) -> None:
        """Look at a row with these attributes, which is noted when it is hidden."""
        if not 1 <= row <= MAX_ROW:
            raise NotPlain
        if attributes not in self.rows:
            found = ROW_ATTRIBUTES.fullmatch(attributes)
            if found is None:
                raise NotPlain
            self.tags.add(f'<row r="1"{found[1]}')
            self.rows[attributes] = is_hidden(attributes)
        if self.rows[attributes]:
            self.reader.hide_row(row)

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
        COLUMNS[letters] = number
        return number

    def _content(self, kind: str, stored: str) -> Content | None:
        """What a stored value stands for, which comes with its tags unless it is a number."""
        if kind == "n" and stored[:1] not in ("", "<"):
            return Kind.NUMBER, stored, float(stored)
        if stored == "<v></v>" and kind in {"n", "s"}:
            return None
        text = stored[len("<v>") : -len("</v>")] if stored.endswith("</v>") else stored.partition("<")[0]
        if kind == "str" and stored and "&" not in text and "_x" not in text:
            return Kind.TEXT, text, text
        return content_of(kind, plain_text(text) if stored else None, None, self.workbook.strings)

    def _is_linked(self, formula: str) -> bool:
        """Whether the formula of a cell is linked, which comes with its tags."""
        tag, _, text = formula.partition(">")
        tag, text = tag.rstrip(" /"), text.removesuffix("</f>")
        if tag != "<f":
            self.tags.add(tag)
        if text or ' t="' in tag or ' ref="' in tag:
            return self.reader.takes_from_outside(dict(ATTRIBUTE.findall(tag)), plain_text(text))
        self.unsaying.add(formula)
        return False
