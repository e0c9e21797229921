"""Finding a declared table on a sheet by its headings, wherever it stands, and reading its rows with their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from sendkpi_xl.cells import Cell, Kind, Sheet, address
from sendkpi_xl.figures import digits
from sendkpi_xl.findings import did_you_mean, finding
from sendkpi_xl.layout import Column, Table
from sendkpi_xl.reading import Finding, Place

# Looking a member up in its enumeration takes longer than what is asked of it here, for each cell.
NUMBER, TEXT = Kind.NUMBER, Kind.TEXT
SheetRow = tuple[int, tuple[Cell, ...]]
"""A row's number, and its filled cells from left to right."""
LONGEST_HEADING = 200
"""Longer texts are no headings of ours, and not worth remembering."""
HEADING_ROWS = 30
"""Headings are looked for in a sheet's first thirty filled rows: people add titles and notes above them."""


class Row(Struct, frozen=True):
    """One filled row of a table: its cells by column key, and where each stands."""

    file: str
    sheet: str
    number: int
    cells: Mapping[str, Cell]
    columns: Mapping[str, int]

    def text(self, key: str) -> str:
        """The cell's text without spaces at its ends (no-break spaces included); empty for a missing cell."""
        cell = self.cells.get(key)
        return cell_text(cell) if cell else ""

    def place(self, key: str) -> Place:
        """Where the cell stands, or where the row does when the table has no such column."""
        column = self.columns.get(key)
        where = address(self.number, column) if column else f"row {self.number}"
        return Place(self.file, self.sheet, where)


class FoundTable(Struct, frozen=True):
    """A table found on a sheet: `columns` maps each key to its column (1 is A), `rows` are the filled rows below."""

    heading_row: int
    columns: Mapping[str, int]
    rows: tuple[Row, ...]


def cell_text(cell: Cell) -> str:
    """What a person would say the cell holds: a number as Excel shows it, a text without spaces at its ends."""
    if cell.kind is NUMBER and isinstance(cell.value, float):
        return digits(cell.value)
    return cell.raw.strip()


def folded(heading: str) -> str:
    """A heading as it is compared: case, spacing and closing punctuation do not count."""
    return _folded(heading) if len(heading) <= LONGEST_HEADING else _fold(heading)


def _fold(heading: str) -> str:
    return " ".join(heading.casefold().replace("_", " ").split()).strip(" .:*?")


_folded = lru_cache(maxsize=4_096)(_fold)
"""The same headings stand on hundreds of returns."""


def text_sheet(name: str, lines: Sequence[Sequence[str]]) -> Sheet:
    """A sheet made of lines of text fields, as a text file holds them; empty fields are empty cells."""
    cells = {
        (row, column): Cell(row, column, Kind.TEXT, text, text, formula=False, number_format="General")
        for row, line in enumerate(lines, start=1)
        for column, text in enumerate(line, start=1)
        if text.strip()
    }
    return Sheet(name, "visible", cells)


def find_table(sheet: Sheet, table: Table, file: str) -> tuple[FoundTable | None, list[Finding]]:
    """Find the table's headings on the sheet and read the filled rows below them.

    The table is None when a needed heading is missing or stands twice; the findings then say which, and what
    headings were seen instead.
    """
    wanted = {folded(name): column.key for column in table.columns for name in (column.heading, *column.aliases)}
    rows = tuple(sheet.rows())
    number, cells = _heading_row(rows, wanted)
    seen: dict[str, list[Cell]] = {}
    for cell in cells:
        seen.setdefault(folded(cell_text(cell)), []).append(cell)
    columns: dict[str, int] = {}
    findings: list[Finding] = []
    for column in table.columns:
        hits = next((seen[name] for name in _names(column) if name in seen), [])
        if hits:
            columns[column.key] = hits[0].column
        if len(hits) != 1 and column.needed:
            place = Place(file, sheet.name, f"row {number}")
            findings.append(_twice(hits, place) if hits else _missing(column, cells, place))
    if findings:
        return None, findings
    return FoundTable(number, columns, tuple(_rows(rows, Place(file, sheet.name), number, columns))), []


def _heading_row(rows: Sequence[SheetRow], wanted: Mapping[str, str]) -> SheetRow:
    """The row among the first thirty filled ones that holds most of the wanted headings, and its cells."""
    best: tuple[int, int, tuple[Cell, ...]] = (-1, 1, ())
    all_of_them = len(set(wanted.values()))
    for number, cells in rows[:HEADING_ROWS]:
        hits = len({wanted[name] for cell in cells if (name := folded(cell_text(cell))) in wanted})
        if hits > best[0]:
            best = (hits, number, cells)
        if hits == all_of_them:
            break
    return best[1], best[2]


def _names(column: Column) -> Iterator[str]:
    """What the column may be headed, folded: its heading first, then its aliases in their order."""
    return map(folded, (column.heading, *column.aliases))


def _twice(hits: Sequence[Cell], place: Place) -> Finding:
    heading = cell_text(hits[0])
    return finding("T02", place, heading, heading=heading, cells=", ".join(cell.address for cell in hits))


def _missing(column: Column, cells: Sequence[Cell], place: Place) -> Finding:
    headings = [text for cell in cells if (text := cell_text(cell))]
    return finding(
        "T01",
        place,
        column.heading,
        heading=column.heading,
        seen=", ".join(f"“{text[:40]}”" for text in headings[:20]) or "none",
        aliases=f" (or {', '.join(f'“{alias}”' for alias in column.aliases[:3])})" if column.aliases else "",
        guess=did_you_mean(column.heading, headings),
    )


def _rows(rows: Sequence[SheetRow], place: Place, heading_row: int, columns: Mapping[str, int]) -> Iterator[Row]:
    keys = {number: key for key, number in columns.items()}
    for number, cells in rows:
        if number <= heading_row:
            continue
        named = {keys[cell.column]: cell for cell in cells if cell.column in keys and not is_blank(cell)}
        if named:
            yield Row(place.file, place.sheet, number, named, columns)


def is_blank(cell: Cell) -> bool:
    """Whether the cell looks empty: no text, or spaces and no-break spaces only."""
    return cell.kind is TEXT and not cell.raw.strip()
