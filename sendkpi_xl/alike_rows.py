"""The quickest way to read a long table: rows that differ only in their numbers and values are read by one pattern.

What is left of a row without its number and its values is its likeness. The general way (`plain_sheet`) reads rows
that are unlike those before them; once two rows are alike, a pattern is made that finds the values of all such rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, product, repeat

from sendkpi_xl.grid import MAX_ROW, Cell, Kind, column_number
from sendkpi_xl.plain_parts import NotPlain
from sendkpi_xl.sheet_reader import SheetReader

# Making a pattern takes as long as reading a hundred rows, and the longer the row, the longer.
MOST_PATTERNS = 8
LONGEST = 20_000
MOST_UNLIKE = 100
ROW, END = '<row r="', "</row>"
# In place of a row's number and the quotation mark after it; XML may not have this character.
MARK = "\0"
BLANKS = rf'(?:<c r="[A-Z]++{MARK}(?: s="[0-9]++")?+(?: t="[A-Za-z]++")?+ ?/>)*+'
# A row's beginning; a cell with a value: column, attributes, the beginning of its formula's tag; or anything else.
LIKE = re.compile(
    rf'^<row r="{MARK}[^<>/{MARK}]*+>{BLANKS}'
    rf'|<c r="([A-Z]++){MARK}([^<>/{MARK}]*+)>(?:(<f[^<>/{MARK}]*+)(?:/>|></f>))?+<v></c>{BLANKS}'
    r"|([\s\S]++)"
)
# The row's number again, as it was found first.
SAME = '\\1"'
NUMBER = "<v>([0-9.-]{1,99}+)</v></c>"
CITED = "<v>([0-9]{1,7}+)</v></c>"

Slot = tuple[int, bool, bool, str, bool]
"""A cell that all rows of a likeness have: its column, whether it cites a shared text (or else holds a number),
whether it has a formula, its number format, and whether that is a date's."""


class AlikeRows:
    """The rows of one sheet, as far as they are alike."""

    def __init__(self, reader: SheetReader) -> None:
        self.reader = reader
        self.patterns: list[tuple[re.Pattern[str], list[Slot]]] = []
        self.alike = self.unlike = 0
        self.last = ""

    def are_rare(self) -> bool:
        """Whether so many rows were unlike one another that looking for others takes time for nothing."""
        return self.unlike > MOST_UNLIKE + self.alike

    def take(self, text: str, begin: int) -> tuple[int, int]:
        """Keep the rows from `begin` on that are like rows before; where they end, and how many cells they have."""
        for pattern, slots in self.patterns:
            rows, end = [], begin
            while row := pattern.match(text, end):
                rows.append(row.groups())
                end = row.end()
            if rows and self._keep(slots, rows):
                return end, len(rows) * len(slots)
        return begin, 0

    def _keep(self, slots: Sequence[Slot], rows: Sequence[Sequence[str]]) -> bool:
        """Whether the cells of rows (number, values) are kept; not where a text is missing or empty."""
        digits, *values = zip(*rows, strict=True)
        numbers = list(map(int, digits))
        if min(numbers) < 1 or max(numbers) > MAX_ROW:
            raise NotPlain
        try:
            columns = [self._column(slot, numbers, column) for slot, column in zip(slots, values, strict=True)]
        except KeyError:
            # That is for the general way to judge, which takes all the other rows too.
            self.unlike = MOST_UNLIKE + self.alike + 1
            return False
        places = product(numbers, [slot[0] for slot in slots])
        cells = chain.from_iterable(zip(*columns, strict=True))
        self.reader.cells.update(zip(places, cells, strict=True))
        self.alike += len(rows)
        return True

    def _column(self, slot: Slot, numbers: Iterable[int], stored: Sequence[str]) -> Iterable[Cell]:
        """The cells of one column, in rows of these numbers."""
        column, cited, formula, number_format, dated = slot
        texts = self.reader.workbook.texts
        raws = list(map(texts.__getitem__, stored)) if cited else stored
        values: Sequence[str | float] = raws if cited else list(map(float, stored))
        dates: Iterable[str] = [self.reader.date_of(value, number_format) for value in values] if dated else repeat("")
        kind = repeat(Kind.TEXT if cited else Kind.NUMBER)
        return map(Cell, numbers, repeat(column), kind, raws, values, repeat(formula), repeat(number_format), dates)

    def learn(self, row: str) -> None:
        """Look at a row that the general way has read, with its end: if it is like the one before, others will be."""
        self.unlike += 1
        if len(self.patterns) >= MOST_PATTERNS or len(row) > LONGEST:
            return
        likeness = _likeness(row)
        if likeness == self.last and (slots := self._slots(likeness)):
            self.patterns.insert(0, (_pattern(likeness, slots), slots))
        self.last = likeness

    def _slots(self, likeness: str) -> list[Slot]:
        """The cells of a likeness; none where there may be more to a row than its numbers and shared texts."""
        slots: list[Slot] = []
        for letters, attributes, tag, stray in LIKE.findall(likeness.removesuffix(END))[1:]:
            kind, number_format, dated = self.reader.workbook.styles.get(attributes, ("", "", False))
            if stray or kind not in {"n", "s"} or ' t="' in tag or ' ref="' in tag or is_hidden(likeness):
                return []
            slots.append((column_number(letters), kind == "s", bool(tag), number_format, dated))
        return slots


def is_hidden(row: str) -> bool:
    """Whether the row with these attributes, of which none has a quotation mark in it, is hidden."""
    return ' hidden="1"' in row or ' hidden="true"' in row


def _likeness(row: str) -> str:
    """A row without its number and without what is within <v> and </v>."""
    digits = row[len(ROW) : row.find('"', len(ROW))]
    return "v>".join(row.split("v>")[::2]).replace(f'{digits}"', MARK)


def _pattern(likeness: str, slots: Iterable[Slot]) -> re.Pattern[str]:
    """A pattern for rows of a likeness, with a group for a row's number and one for each of its values."""
    first, *places = re.escape(likeness).split(MARK)
    pieces = f'{first}([0-9]{{1,7}}+)"{SAME.join(places)}'.split("<v></c>")
    values = [CITED if cited else NUMBER for _, cited, *_ in slots]
    return re.compile("".join(chain.from_iterable(zip(pieces, [*values, ""], strict=True))))
