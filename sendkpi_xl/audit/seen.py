"""What the accessibility checks look at: a finished workbook as frozen records, with no file behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import NamedTuple

from msgspec import Struct

from sendkpi_xl.grid import Area, address
from sendkpi_xl.reading import Place

BLACK, WHITE = "000000", "FFFFFF"
Where = tuple[int, int]
"""Row and column of a cell, both from 1."""


class Font(Struct, frozen=True):
    """A font; `size` in points, `colour` as RRGGBB, None where the file does not say which.

    `family` is the file's own number for the kind of font (1 is serif, 2 is sans serif), 0 where it has none.
    `raised` holds for superscript and subscript.
    """

    name: str = "Calibri"
    size: float = 11.0
    family: int = 0
    bold: bool = False
    italic: bool = False
    raised: bool = False
    colour: str | None = BLACK


class Look(Struct, frozen=True):
    """How a cell style shows its cells; `fill` as RRGGBB, None where the file does not say which.

    `rotation` is in the file's own degrees: 0 is horizontal, 255 letters below one another. `locked` cells cannot be
    typed into where the sheet is protected.
    """

    font: Font = Font()
    fill: str | None = WHITE
    wrap: bool = False
    rotation: int = 0
    horizontal: str = ""
    locked: bool = True


class Change(Struct, frozen=True):
    """What a conditional format changes: colours as RRGGBB, None where not known, empty where they stay."""

    text: str | None = ""
    fill: str | None = ""
    italic: bool = False


class SeenCell(NamedTuple):
    """A cell that shows something: its text, whether that is a number, its style, and fonts of parts of the text."""

    text: str
    number: bool
    style: int
    fonts: tuple[Font, ...] = ()


class ColourRule(Struct, frozen=True):
    """A conditional format: its kind (`expression`, `cellIs`…), formulas and areas, and each way that it may look.

    The formulas are written for the first cell of the first area.
    """

    kind: str
    formulas: tuple[str, ...]
    areas: tuple[Area, ...]
    changes: tuple[Change, ...]


class Drawn(Struct, frozen=True):
    """A chart, picture or shape, by its name in the file, and whether it has alternative text."""

    name: str
    described: bool


class SeenTable(Struct, frozen=True):
    """A table marked up as one; `headings` are those of its cells, `style` the name of Excel's own table style."""

    name: str
    area: Area
    heading_rows: int
    headings: tuple[str, ...]
    style: str = ""

    @property
    def body(self) -> Area:
        """The cells below the headings; its first row is below its last when there are none."""
        return self.area._replace(first_row=self.area.first_row + self.heading_rows)


class SeenSheet(Struct, frozen=True):
    """One sheet: the cells that show something, and all that is said about how.

    `open_cells` are empty cells that people are to fill in: unlocked, on a protected sheet. `used` gives the cells of
    each style and fonts. `widths` are those of columns that have their own, in Excel's unit, `heights` the fixed ones
    of rows in points. `outside` are the cells that show something and are in no table, `words` their texts, `links`
    the cells that lead somewhere, `notes` the texts of all notes sheets, `all_words` those of all sheets' cells outside
    tables and of the notes. `unread_rules` are conditional formats of a kind that we do not read.
    """

    file: str
    name: str
    visibility: str
    cells: Mapping[Where, SeenCell]
    looks: tuple[Look, ...]
    used: Mapping[tuple[int, tuple[Font, ...]], tuple[Where, ...]]
    open_cells: frozenset[Where] = frozenset()
    widths: Mapping[int, float] = {}
    width: float = 8.43
    heights: Mapping[int, float] = {}
    merged: tuple[Area, ...] = ()
    rules: tuple[ColourRule, ...] = ()
    unread_rules: int = 0
    print_words: tuple[str, ...] = ()
    tables: tuple[SeenTable, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    active_cell: str = "A1"
    outside: tuple[Where, ...] = ()
    links: frozenset[Where] = frozenset()
    words: str = ""
    notes: str = ""
    all_words: str = ""

    def place(self, where: Where | None = None) -> Place:
        """The sheet, or one of its cells."""
        return Place(self.file, self.name, address(*where) if where else "")

    def look(self, style: int) -> Look:
        """How cells of a style look; as Excel shows cells without one where there is no such style."""
        return self.looks[style] if style < len(self.looks) else Look()

    def filled(self, area: Area) -> Iterator[Where]:
        """The cells of an area that show something, in the order of rows where the area is the smaller."""
        if area_size(area) <= len(self.cells):
            columns = range(area.first_column, area.last_column + 1)
            for row in range(area.first_row, area.last_row + 1):
                yield from (where for where in zip(repeat(row), columns) if where in self.cells)
        else:
            yield from (where for where in self.cells if inside(where, area))

    def dressed(self) -> Iterator[tuple[Look, tuple[Font, ...], tuple[Where, ...]]]:
        """Each look that cells have, the fonts that their texts are in, and these cells."""
        for (style, fonts), places in self.used.items():
            look = self.look(style)
            yield look, (look.font, *fonts), places


class TableOn(Struct, frozen=True):
    """A table, the sheet that it stands on, and its cells below the headings that are not blank.

    These show something, or are empty and to be filled in.
    """

    sheet: SeenSheet
    table: SeenTable
    told: frozenset[Where]


def tables_on(sheet: SeenSheet) -> Iterator[TableOn]:
    """Each table of a sheet with what it stands on."""
    for table in sheet.tables:
        body = table.body
        open_cells = (where for where in sheet.open_cells if inside(where, body))
        yield TableOn(sheet, table, frozenset((*sheet.filled(body), *open_cells)))


class SeenWorkbook(Struct, frozen=True):
    """A workbook: what its properties say, its sheets from the left, and which of them it opens with (from 0)."""

    file: str
    title: str
    language: str
    macros: bool
    opens_with: int
    sheets: tuple[SeenSheet, ...]


def inside(where: Where, area: Area) -> bool:
    """Whether a cell is in an area."""
    row, column = where
    return area.first_row <= row <= area.last_row and area.first_column <= column <= area.last_column


def area_size(area: Area) -> int:
    """How many cells an area has; 0 or less for one without rows."""
    return (area.last_row - area.first_row + 1) * (area.last_column - area.first_column + 1)
