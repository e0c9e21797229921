"""What can keep people from a table: how it is marked up, where it stands, what is blank in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from sendkpi_xl.audit.check import AccessCheck, Noticed, Scope, cells_named
from sendkpi_xl.audit.seen import SeenSheet, TableOn, Where, area_size
from sendkpi_xl.finding_rules import MUST, Rule
from sendkpi_xl.findings import listed, shortened
from sendkpi_xl.grid import column_letters
from sendkpi_xl.reading import Place

DEFAULT_NAME = re.compile(
    r"(?:table|tabelle|tableau|tabla|tabella|range|data|list)?_?\d*|_+Anonymous_Sheet_DB_+\d*", re.IGNORECASE
)
EMPTY_EXPLAINED = re.compile(r"\b(?:empty|blank)\b", re.IGNORECASE)
MARK = re.compile(r"\[[A-Za-z]{1,4}\]")
MOST_BLANKS = 7


def unmarked(seen: SeenSheet) -> Iterator[Noticed]:
    """Rows and columns of cells that no table covers, at least two by two; links beside lines of words are no table."""
    free = set(seen.outside) - seen.links
    for row, column in sorted(free):
        if {(row, column + 1), (row + 1, column), (row + 1, column + 1)} <= free:
            yield Noticed(seen.place((row, column)), {"cell": seen.place((row, column)).cell})
            return


def several_tables(seen: SeenSheet) -> Iterator[Noticed]:
    """More than one table on a sheet."""
    if len(seen.tables) > 1:
        yield Noticed(seen.place(), {"names": listed([shortened(each.name, 40) for each in seen.tables], 6)})


def default_name(seen: TableOn) -> Iterator[Noticed]:
    """A table under a name that says nothing."""
    if DEFAULT_NAME.fullmatch(seen.table.name):
        yield Noticed(_top(seen), {"name": shortened(seen.table.name)})


def not_at_the_left(seen: TableOn) -> Iterator[Noticed]:
    """A table that does not begin in column A."""
    if seen.table.area.first_column != 1:
        yield Noticed(_top(seen), {"column": column_letters(seen.table.area.first_column)})


def something_after(seen: TableOn) -> Iterator[Noticed]:
    """Cells below a table."""
    area = seen.table.area
    after = sorted(where for where in seen.sheet.outside if where[0] > area.last_row)
    if after:
        yield Noticed(seen.sheet.place(after[0]), {"cells": cells_named(after)})


def no_heading_row(seen: TableOn) -> Iterator[Noticed]:
    """A table without its one row of headings."""
    if seen.table.heading_rows != 1:
        yield Noticed(_top(seen), {"found": seen.table.heading_rows})


def odd_headings(seen: TableOn) -> Iterator[Noticed]:
    """Headings that are empty or stand twice."""
    headings = seen.table.headings
    counts = Counter(heading.casefold() for heading in headings)
    for column, heading in enumerate(headings, start=seen.table.area.first_column):
        if not heading or counts[heading.casefold()] > 1:
            found = f"stands {counts[heading.casefold()]} times" if heading else "is empty"
            words = {"heading": f"“{shortened(heading, 40)}”" if heading else "A heading", "found": found}
            yield Noticed(seen.sheet.place((seen.table.area.first_row, column)), words)


def blank_rows(seen: TableOn) -> Iterator[Noticed]:
    """Rows of a table in which nothing stands, and nothing is to be filled in; a table's only row may be one."""
    body = seen.table.body
    filled = {row for row, _ in seen.told}
    rows = range(body.first_row, body.last_row + 1)
    blank = list(islice((row for row in rows if row not in filled), MOST_BLANKS))
    if blank and filled:
        yield Noticed(seen.sheet.place((blank[0], seen.table.area.first_column)), {"rows": _some(map(str, blank))})


def blank_columns(seen: TableOn) -> Iterator[Noticed]:
    """Columns of a table without a heading and without a cell."""
    area = seen.table.area
    filled = {column for _, column in seen.told}
    named = {column for column, heading in enumerate(seen.table.headings, start=area.first_column) if heading}
    columns = range(area.first_column, area.last_column + 1)
    blank = [column for column in columns if column not in filled and column not in named]
    if blank:
        words = {"columns": _some(map(column_letters, blank))}
        yield Noticed(seen.sheet.place((area.first_row, blank[0])), words)


def blanks_unexplained(seen: TableOn) -> Iterator[Noticed]:
    """Blank cells of a table, where no word says what they mean."""
    body = seen.table.body
    blanks = area_size(body) - len(seen.told)
    if blanks <= 0 or EMPTY_EXPLAINED.search(seen.sheet.words) or EMPTY_EXPLAINED.search(seen.sheet.notes):
        return
    places = (
        (row, column)
        for row in range(body.first_row, body.last_row + 1)
        for column in range(body.first_column, body.last_column + 1)
    )
    first = next(where for where in places if where not in seen.told)
    yield Noticed(seen.sheet.place(first), {"count": f"{blanks:,}"})


def marks_unexplained(seen: TableOn) -> Iterator[Noticed]:
    """Marks such as [x] in a table's cells that no words of the workbook explain."""
    marks: dict[str, Where] = {}
    for where in seen.sheet.filled(seen.table.body):
        text = seen.sheet.cells[where].text.strip()
        if text not in marks and MARK.fullmatch(text):
            marks[text] = where
    for mark, where in marks.items():
        if mark not in seen.sheet.all_words:
            yield Noticed(seen.sheet.place(where), {"mark": mark})


def _top(seen: TableOn) -> Place:
    return seen.sheet.place(seen.table.area[:2])


def _some(names: Iterable[str]) -> str:
    """Names in a row, a few of them: there may be a million."""
    return listed(list(names), MOST_BLANKS - 1)


TABLES_CHECKS = (
    AccessCheck(
        "A13",
        Scope.SHEET,
        "Tables marked up as tables",
        Rule(
            MUST,
            "From {cell} on, rows and columns are filled that are not marked up as a table.",
            "Every table marked up as one, so that its headings are read with its cells.",
            "Select it and choose Insert > Table.",
        ),
        unmarked,
    ),
    AccessCheck(
        "A14",
        Scope.SHEET,
        "One table to a sheet",
        Rule(MUST, "There are several tables: {names}.", "One table to a sheet.", "Give each a sheet of its own."),
        several_tables,
    ),
)
"""The checks of a sheet's tables together."""

TABLE_CHECKS = (
    AccessCheck(
        "A15",
        Scope.TABLE,
        "Tables with meaningful names",
        Rule(
            MUST,
            "The table is called “{name}”.",
            "A name that says what is in it.",
            "Choose Table Design and type a name.",
        ),
        default_name,
    ),
    AccessCheck(
        "A16",
        Scope.TABLE,
        "Tables at the left edge",
        Rule(MUST, "The table begins in column {column}.", "A table from column A on.", "Move it to the left edge."),
        not_at_the_left,
    ),
    AccessCheck(
        "A17",
        Scope.TABLE,
        "Nothing below a table",
        Rule(
            MUST,
            "Cells below the table are filled: {cells}.",
            "Nothing after the table, where nobody looks for it.",
            "Move it above the table, or to a sheet of its own.",
        ),
        something_after,
    ),
    AccessCheck(
        "A18",
        Scope.TABLE,
        "One header row",
        Rule(
            MUST,
            "The table has {found} header rows.",
            "One header row.",
            "Choose Table Design > Header Row, and give each column one heading.",
        ),
        no_heading_row,
    ),
    AccessCheck(
        "A19",
        Scope.TABLE,
        "Unique headings, and none empty",
        Rule(MUST, "{heading} {found}.", "A heading of its own for each column.", "Change the heading."),
        odd_headings,
    ),
    AccessCheck(
        "A20",
        Scope.TABLE,
        "No blank rows inside a table",
        Rule(MUST, "Blank rows: {rows}.", "A table without blank rows.", "Delete them."),
        blank_rows,
    ),
    AccessCheck(
        "A21",
        Scope.TABLE,
        "No blank columns inside a table",
        Rule(MUST, "Blank columns: {columns}.", "A table without blank columns.", "Delete them."),
        blank_columns,
    ),
    AccessCheck(
        "A22",
        Scope.TABLE,
        "A blank cell explained",
        Rule(
            MUST,
            "Blank cells in the table that nothing explains: {count}.",
            "A line above the table, or on a notes sheet, that says what an empty cell means.",
            "Add that line, or fill the cells.",
        ),
        blanks_unexplained,
    ),
    AccessCheck(
        "A23",
        Scope.TABLE,
        "Marks for missing values explained",
        Rule(
            MUST,
            "The mark {mark} is nowhere explained.",
            "A line above the table, or on a notes sheet, that says what each mark means.",
            "Add that line.",
        ),
        marks_unexplained,
        by_words=True,
    ),
)
"""The checks of one table."""
