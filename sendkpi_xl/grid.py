"""Cells, sheets and books as read, and the addresses of cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from msgspec import Struct

from sendkpi_xl.number_formats import shows_date

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


class Kind(StrEnum):
    """What a cell holds."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"
    EMPTY = "formula without a result"


class Cell(Struct, frozen=True, gc=False):
    """One cell that holds something; a cell with neither value nor formula is not kept.

    `row` and `column` count from 1. `raw` is the text as stored: a number's own digits, a text, an error
    (`#REF!`), TRUE or FALSE. `value` is None for a formula without a result, an error's text for an error.
    `formula` also holds for a cell that an array formula elsewhere fills. `number_format` is a format code.
    `date` is the date or time that a number is shown as, in words, by the workbook's own date system: `8 June 2024`,
    `8 June 2024 14:30`, `14:30`; empty for other cells, and for a number that no date has. `linked` says that the
    value comes from another workbook, a server or an add-in's function.
    """

    row: int
    column: int
    kind: Kind
    raw: str
    value: float | str | bool | None
    formula: bool
    number_format: str
    date: str = ""
    linked: bool = False

    @property
    def address(self) -> str:
        """The cell's place as Excel writes it: `E7`."""
        return address(self.row, self.column)

    @property
    def is_date(self) -> bool:
        """Whether this is a number that is shown as a date or a time."""
        return self.kind is Kind.NUMBER and shows_date(self.number_format)


class Area(NamedTuple):
    """A rectangle of cells by its first and last row and column, from 1 and both of them inside."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def address(self) -> str:
        """The area as Excel writes it: `C7:D7`."""
        return f"{address(self.first_row, self.first_column)}:{address(self.last_row, self.last_column)}"


class Sheet(Struct, frozen=True):
    """One worksheet and its filled cells by (row, column), both from 1.

    `visibility` is `visible`, `hidden` or `veryHidden` (hidden so that Excel's menu can't show it). The hidden
    rows and columns stand in order as ranges that don't touch, the merged areas by their first row and column.
    """

    name: str
    visibility: str
    cells: Mapping[tuple[int, int], Cell]
    hidden_rows: tuple[range, ...] = ()
    hidden_columns: tuple[range, ...] = ()
    merged: tuple[Area, ...] = ()

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a place, both from 1; None when nothing stands there."""
        return self.cells.get((row, column))

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Each row that holds something, from the top: its number and its cells from left to right."""
        for row, places in groupby(sorted(self.cells), key=itemgetter(0)):
            yield row, tuple(map(self.cells.__getitem__, places))

    def hidden(self, row: int, column: int) -> bool:
        """Whether the row or the column of a place, both from 1, is hidden by itself (or by a filter or a group)."""
        return _among(row, self.hidden_rows) or _among(column, self.hidden_columns)

    def merged_area(self, row: int, column: int) -> str:
        """The merged area that a place, both from 1, is part of: `C7:D7`; empty when it is merged with no other."""
        for area in self.merged:
            if area.first_row > row:
                break
            if row <= area.last_row and area.first_column <= column <= area.last_column:
                return area.address
        return ""


class Beside(Struct, frozen=True):
    """What a sheet holds that is in no cell: the addresses of its cell notes, and how many things are drawn on it."""

    sheet: str
    cell_notes: tuple[str, ...] = ()
    drawings: int = 0


class Book(Struct, frozen=True):
    """One workbook: file name, worksheets from left to right, and the SHA-256 of the bytes that were read.

    `saved_by` is who last saved it and `saved_at` when (`2021-07-03 10:02`, UTC), as the file itself says; empty when
    it doesn't. `macros` says that there is program code in the file, which is never run; `beside` names the sheets
    with something in no cell, which is not read (empty unless it was asked for). `wrapped` says that there are other
    bytes before or after the workbook in its file.
    """

    name: str
    sheets: tuple[Sheet, ...]
    sha256: str
    saved_by: str = ""
    saved_at: str = ""
    macros: bool = False
    beside: tuple[Beside, ...] = ()
    wrapped: bool = False

    def sheet(self, name: str) -> Sheet | None:
        """The worksheet of this name, large and small letters alike as in Excel; None when there is none."""
        return next((sheet for sheet in self.sheets if sheet.name.casefold() == name.casefold()), None)


def in_order(ranges: Iterable[range]) -> tuple[range, ...]:
    """Ranges from the lowest up, those that touch or overlap made one."""
    joined: list[range] = []
    for found in sorted(ranges, key=lambda found: found.start):
        if joined and found.start <= joined[-1].stop:
            joined[-1] = range(joined[-1].start, max(joined[-1].stop, found.stop))
        else:
            joined.append(found)
    return tuple(joined)


def _among(number: int, ranges: tuple[range, ...]) -> bool:
    """Whether a number is in one of the ranges, which stand in order."""
    before = bisect_right(ranges, number, key=lambda found: found.start)
    return before > 0 and number in ranges[before - 1]


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


def row_and_column(reference: str) -> tuple[int, int] | None:
    """Row and column, from 1, of an address such as `E7`; None when it isn't one."""
    match = ADDRESS.fullmatch(reference)
    return (int(match[2]), column_number(match[1])) if match else None


def area(reference: str) -> Area | None:
    """The area of a reference such as `C7:D7` or `C7`, corners in any order; None when it isn't one."""
    first, _, last = reference.partition(":")
    one, other = row_and_column(first), row_and_column(last or first)
    if one is None or other is None:
        return None
    rows, columns = (sorted(pair) for pair in zip(one, other, strict=True))
    return Area(rows[0], columns[0], rows[1], columns[1])


@lru_cache(maxsize=1_024)
def column_number(letters: str) -> int:
    """A column's number from its letters, large or small: `A` is 1, `XFD` is 16384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
