"""What can be wrong with a return sheet whose table was found: its list, its rows, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from sendkpi_xl.cells import Cell, Sheet
from sendkpi_xl.checks.check import Check, Noticed, Scope
from sendkpi_xl.checks.identity import NOTHING_READ
from sendkpi_xl.finding_rules import CHECK, MUST, NOTE, Rule
from sendkpi_xl.findings import listed, shortened
from sendkpi_xl.layout import RETURN
from sendkpi_xl.model import Catalogue, Kpi, Workstream
from sendkpi_xl.reading import Place
from sendkpi_xl.tables import FoundTable, Row

NO_ROW = 0
"""No row has this number, so that only the column counts."""
OURS_AT_LEAST = 0.5
"""A sheet of another list is read when at least this share of its KPIs stand under their own titles."""


class SeenSheet(Struct, frozen=True):
    """A return sheet whose table was found: which rows are whose, and what stands where nothing is read.

    `list_version` is the sheet's own, None where its identity line is gone. `rows` are the rows of each KPI by its id,
    `unknown` the rows of none, `beside` the filled cells outside the columns.
    """

    file: str
    sheet: Sheet
    workstream: Workstream
    catalogue: Catalogue
    list_version: str | None
    table: FoundTable
    kpis: Mapping[str, Kpi]
    rows: Mapping[str, Sequence[Row]]
    unknown: Sequence[Row]
    beside: Sequence[Cell]

    @property
    def place(self) -> Place:
        """The sheet."""
        return Place(self.file, self.sheet.name)

    @property
    def of_another_list(self) -> bool:
        """Whether the sheet says that it was made from another list than the catalogue's."""
        return self.list_version not in (None, " ".join(self.catalogue.settings.list_version.split()))

    @property
    def foreign(self) -> bool:
        """Whether it was made from a list of other KPIs: too few of its rows bear the titles of ours."""
        titled = sum(
            _folded(rows[0].text("title")) == _folded(self.kpis[kpi_id].title) for kpi_id, rows in self.rows.items()
        )
        return self.of_another_list and titled < OURS_AT_LEAST * (len(self.rows) + len(self.unknown))


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()


def other_list(seen: SeenSheet) -> Iterator[Noticed]:
    """A template made from a list of other KPIs."""
    if seen.foreign:
        yield _two_lists(seen)


def older_list(seen: SeenSheet) -> Iterator[Noticed]:
    """A template made from another version of our list: it is read, by the KPIs that both have."""
    if seen.of_another_list and not seen.foreign:
        yield _two_lists(seen)


def _two_lists(seen: SeenSheet) -> Noticed:
    lists = {"found": shortened(str(seen.list_version)), "ours": seen.catalogue.settings.list_version}
    return Noticed(seen.place, "", lists)


def identity_gone(seen: SeenSheet) -> Iterator[Noticed]:
    """A return sheet without the line that says what it is."""
    if seen.list_version is None:
        yield Noticed(seen.place, seen.workstream.name, {"workstream": seen.workstream.name})


def changed_sheet(seen: SeenSheet) -> Iterator[Noticed]:
    """A sheet that was renamed or hidden, or whose headings have moved: it is read all the same."""
    changes = []
    if seen.sheet.name.strip().casefold() != seen.workstream.code.casefold():
        changes.append(f"it was called {seen.workstream.code}")
    if seen.sheet.visibility != "visible":
        changes.append("it is hidden")
    if seen.table.heading_row != RETURN.heading_row:
        changes.append(f"its headings stand in row {seen.table.heading_row}, not {RETURN.heading_row}")
    hidden = (column.heading for column in RETURN.columns if column.open and _hidden_column(seen, column.key))
    changes += [f"the column “{heading}” is hidden" for heading in hidden]
    if changes:
        yield Noticed(seen.place, seen.workstream.name, {"changes": "; ".join(changes)})


def _hidden_column(seen: SeenSheet, key: str) -> bool:
    column = seen.table.columns.get(key)
    return column is not None and seen.sheet.hidden(NO_ROW, column)


def beside_the_table(seen: SeenSheet) -> Iterator[Noticed]:
    """Filled cells in columns that are none of the template's."""
    if seen.beside:
        addresses = [cell.address for cell in seen.beside]
        yield Noticed(Place(seen.file, seen.sheet.name, addresses[0]), "", {"cells": listed(addresses)})


LIST_CHECKS = (
    Check(
        "R13",
        Scope.SHEET,
        Rule(
            MUST,
            "The sheet was made from another KPI list (“{found}”): few of its KPIs are ours.",
            "A sheet made from the KPI list “{ours}”.",
            f"Fill in and send the workbook that was sent out for this quarter; {NOTHING_READ}.",
        ),
        other_list,
    ),
)
"""The check of the list that a sheet was made from; where it finds anything, nothing is read."""

SHEET_CHECKS = (
    Check(
        "R14",
        Scope.SHEET,
        Rule(
            NOTE,
            "The sheet was made from another version of the KPI list, “{found}”.",
            "The KPI list “{ours}”.",
            "Nothing: it was read all the same, by KPI id.",
        ),
        older_list,
    ),
    Check(
        "R15",
        Scope.SHEET,
        Rule(
            CHECK,
            "The line above the table that says what this sheet is has gone; by its headings and KPI ids it is the "
            "return of {workstream} for this quarter.",
            "A line that begins with “sendkpi return”.",
            "Nothing, if that is so: it was read as that.",
        ),
        identity_gone,
    ),
    Check(
        "R16",
        Scope.SHEET,
        Rule(
            NOTE,
            "The sheet is not as it was sent out: {changes}.",
            "The sheet as it was sent out.",
            "Nothing: it was read all the same.",
        ),
        changed_sheet,
    ),
    Check(
        "R11",
        Scope.SHEET,
        Rule(
            CHECK,
            "Filled cells that belong to no column of ours: {cells}.",
            "Entries in the yellow cells only.",
            "Move what matters into the comment of its KPI; it was not used.",
        ),
        beside_the_table,
    ),
)
"""The checks of a sheet whose table was found, as a whole."""
