"""What can be wrong with how a KPI's row stands on its sheet: hidden, or with its cells merged."""

from __future__ import annotations

from collections.abc import Iterator

from sendkpi_xl.checks.check import Check, Noticed, Scope
from sendkpi_xl.checks.seen_row import NUMBER_KEYS, WORD_KEYS, SeenRow
from sendkpi_xl.finding_rules import CHECK, MUST, NOTE, Rule

NO_COLUMN = 0
"""No column has this number, so that only the row counts."""


def hidden_entry(seen: SeenRow) -> Iterator[Noticed]:
    """Entries in a row that is hidden, by a filter or by hand; hidden columns are told of the sheet."""
    for key, cell in seen.open_cells():
        if seen.sheet.hidden(cell.row, NO_COLUMN):
            yield seen.at(key)
            return


def merged_entry(seen: SeenRow) -> Iterator[Noticed]:
    """Entries in cells that were merged within the row."""
    for key, area in _merged(seen):
        if not _covers_rows(area):
            yield seen.at(key, area=area)


def merged_rows(seen: SeenRow) -> Iterator[Noticed]:
    """Cells merged over several rows: which KPI the entry is for, nobody can tell."""
    for key, area in _merged(seen):
        if _covers_rows(area):
            yield seen.at(key, area=area)


def _merged(seen: SeenRow) -> Iterator[tuple[str, str]]:
    """The open cells of the row that are merged with others, and the area of each; each area once."""
    if not seen.sheet.merged:
        return
    found: dict[str, str] = {}
    for key in (*NUMBER_KEYS, *WORD_KEYS):
        column = seen.row.columns.get(key)
        if column is not None and (area := seen.sheet.merged_area(seen.row.number, column)):
            found.setdefault(area, key)
    yield from ((key, area) for area, key in found.items())


def _covers_rows(area: str) -> bool:
    first, _, last = area.partition(":")
    return first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


HIDDEN_AND_MERGED_CHECKS = (
    Check(
        "C21",
        Scope.ROW,
        Rule(
            NOTE,
            "The entries stand in a row that is hidden.",
            "Entries that can be seen.",
            "Nothing, if it is meant: it was read all the same.",
        ),
        hidden_entry,
    ),
    Check(
        "C22",
        Scope.ROW,
        Rule(
            CHECK,
            "The cells {area} are merged, and only the first of them holds an entry.",
            "An entry in each cell of its own.",
            "Take the merging off, and fill in the cells that it covered.",
        ),
        merged_entry,
    ),
    Check(
        "C23",
        Scope.ROW,
        Rule(
            MUST,
            "The cells {area} are merged over several rows, so that the entry could be any of these KPIs'.",
            "An entry for each KPI.",
            "Take the merging off, and fill in each row.",
        ),
        merged_rows,
    ),
)
"""The checks of hidden rows and merged cells, in the order in which a message names them."""
