"""What can be wrong with a return sheet whose table was found: its list, its rows, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from sendkpi_xl.cells import Cell, Sheet
from sendkpi_xl.checks.check import Check, Noticed, Scope
from sendkpi_xl.checks.identity import NOTHING_READ
from sendkpi_xl.findings import CHECK, MUST, NOTE, Rule, did_you_mean, shortened
from sendkpi_xl.layout import RETURN
from sendkpi_xl.model import Catalogue, Kpi, Life, Place, Workstream
from sendkpi_xl.tables import FoundTable, Row

LOOK_ALIKE = str.maketrans("OIL", "011")
"""Letters that people take for digits in an id; only a guess in a message goes by them."""
MOST_NAMED = 12
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
        yield Noticed(
            seen.place, "", {"found": shortened(str(seen.list_version)), "ours": seen.catalogue.settings.list_version}
        )


def older_list(seen: SeenSheet) -> Iterator[Noticed]:
    """A template made from another version of our list: it is read, by the KPIs that both have."""
    if seen.of_another_list and not seen.foreign:
        yield Noticed(
            seen.place, "", {"found": shortened(str(seen.list_version)), "ours": seen.catalogue.settings.list_version}
        )


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


def unknown_row(seen: SeenSheet) -> Iterator[Noticed]:
    """A filled row with an id that is no KPI's of the workstream."""
    alike = {kpi_id.translate(LOOK_ALIKE): kpi_id for kpi_id in seen.kpis}
    for row in seen.unknown:
        text = row.text("id")
        if text and not _retired(seen, text):
            near = alike.get(text.upper().translate(LOOK_ALIKE), text)
            guess = did_you_mean(near, list(seen.kpis))
            words = {"found": shortened(text), "workstream": seen.workstream.name, "guess": guess}
            yield Noticed(row.place("id"), shortened(text), words)


def row_without_id(seen: SeenSheet) -> Iterator[Noticed]:
    """A filled row without an id: a note of the lead's own, a sub-total, or a row whose id was deleted."""
    for row in seen.unknown:
        if not row.text("id"):
            texts = [f"“{shortened(row.text(key), 40)}”" for key in row.cells if row.text(key)]
            yield Noticed(row.place("id"), "", {"found": ", ".join(texts[:3]) or "formulas"})


def retired_row(seen: SeenSheet) -> Iterator[Noticed]:
    """The row of a KPI that is not asked for any more."""
    for row in seen.unknown:
        if _retired(seen, row.text("id")):
            yield Noticed(row.place("id"), row.text("id"))


def _retired(seen: SeenSheet, text: str) -> bool:
    kpi = seen.catalogue.kpi(text)
    return kpi is not None and kpi.life is not Life.LIVE


def _entered(row: Row) -> dict[str, str]:
    return {column.key: row.text(column.key) for column in RETURN.columns if column.open and column.key in row.cells}


def rows_that_differ(seen: SeenSheet) -> Iterator[Noticed]:
    """One KPI on two rows with different entries."""
    for kpi_id, rows in seen.rows.items():
        if any(_entered(row) != _entered(rows[0]) for row in rows[1:]):
            others = ", ".join(row.place("id").cell for row in rows[1:])
            yield Noticed(rows[0].place("id"), kpi_id, {"found": kpi_id, "other": others})


def rows_alike(seen: SeenSheet) -> Iterator[Noticed]:
    """One KPI on two rows with the same entries."""
    for kpi_id, rows in seen.rows.items():
        if len(rows) > 1 and all(_entered(row) == _entered(rows[0]) for row in rows[1:]):
            others = ", ".join(row.place("id").cell for row in rows[1:])
            yield Noticed(rows[0].place("id"), kpi_id, {"found": kpi_id, "other": others})


def missing_row(seen: SeenSheet) -> Iterator[Noticed]:
    """A KPI whose row is not on a sheet of today's list."""
    yield from _missing(seen, of_another_list=False)


def not_asked_for(seen: SeenSheet) -> Iterator[Noticed]:
    """A KPI that another version of the list, from which the sheet was made, did not have."""
    yield from _missing(seen, of_another_list=True)


def _missing(seen: SeenSheet, *, of_another_list: bool) -> Iterator[Noticed]:
    if seen.of_another_list is of_another_list:
        yield from (Noticed(seen.place, kpi_id) for kpi_id in seen.kpis if kpi_id not in seen.rows)


def beside_the_table(seen: SeenSheet) -> Iterator[Noticed]:
    """Filled cells in columns that are none of the template's."""
    if seen.beside:
        addresses = [cell.address for cell in seen.beside]
        more = f" and {len(addresses) - MOST_NAMED:,} more" if len(addresses) > MOST_NAMED else ""
        words = {"cells": f"{', '.join(addresses[:MOST_NAMED])}{more}"}
        yield Noticed(Place(seen.file, seen.sheet.name, addresses[0]), "", words)


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
        "R05",
        Scope.SHEET,
        Rule(
            MUST,
            "“{found}” is not a KPI of this workstream.",
            "A KPI id of {workstream}.",
            "Restore the id in this row{guess}; the row was not used.",
        ),
        unknown_row,
    ),
    Check(
        "R21",
        Scope.SHEET,
        Rule(
            CHECK,
            "A row without a KPI id: {found}.",
            "A KPI id in each row.",
            "If it is a KPI's row, restore its id; if it is a note, move it into a comment. The row was not used.",
        ),
        row_without_id,
    ),
    Check(
        "R22",
        Scope.SHEET,
        Rule(
            NOTE,
            "This KPI is not asked for any more.",
            "Rows of today's KPIs.",
            "Nothing: the row was not used.",
        ),
        retired_row,
    ),
    Check(
        "R06",
        Scope.SHEET,
        Rule(
            MUST,
            "{found} is on more than one row ({other}), with different entries.",
            "Each KPI once.",
            "Keep the right row and delete the other; until then the KPI is queried.",
        ),
        rows_that_differ,
    ),
    Check(
        "R17",
        Scope.SHEET,
        Rule(
            NOTE,
            "{found} is on more than one row ({other}), with the same entries.",
            "Each KPI once.",
            "Nothing: it was used once.",
        ),
        rows_alike,
    ),
    Check(
        "R09",
        Scope.SHEET,
        Rule(
            MUST,
            "This KPI's row is not on the sheet any more.",
            "A row for each KPI of the workstream.",
            "Put the row back from the workbook that was sent out, and fill it in; it counts as not returned.",
        ),
        missing_row,
    ),
    Check(
        "R18",
        Scope.SHEET,
        Rule(
            NOTE,
            "This KPI was not in the version of the list that the sheet was made from.",
            "A row for each KPI of the workstream.",
            "Nothing, if its figure is not needed: it was not asked for, and counts as not returned.",
        ),
        not_asked_for,
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
"""The checks of a sheet whose table was found."""
