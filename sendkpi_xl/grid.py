"""Cells, sheets and books as read, and the addresses of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby

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
        return self.kind is Kind.NUMBER and shows_date(self.number_format)


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


def row_and_column(reference: str) -> tuple[int, int] | None:
    """Row and column, from 1, of an address such as `E7`; None when it isn't one."""
    match = ADDRESS.fullmatch(reference)
    return (int(match[2]), _column_number(match[1])) if match else None


@lru_cache(maxsize=1_024)
def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
