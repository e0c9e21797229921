"""What can be wrong with the rows of a return sheet: strangers among them, one KPI twice, one that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from sendkpi_xl.checks.check import Check, Noticed, Scope
from sendkpi_xl.checks.seen_row import entered
from sendkpi_xl.checks.sheets import SeenSheet
from sendkpi_xl.finding_rules import CHECK, MUST, NOTE, Rule
from sendkpi_xl.findings import did_you_mean, shortened
from sendkpi_xl.model import Life
from sendkpi_xl.tables import Row

LOOK_ALIKE = str.maketrans("OIL", "011")
"""Letters that people take for digits in an id; only a guess in a message goes by them."""


def unknown_row(seen: SeenSheet) -> Iterator[Noticed]:
    """A filled row with an id that is no KPI's of the workstream."""
    alike = {kpi_id.translate(LOOK_ALIKE): kpi_id for kpi_id in seen.kpis}
    for row in seen.unknown:
        text = row.text("id")
        if text and not _retired(seen, text):
            near = alike.get(text.upper().translate(LOOK_ALIKE), text)
            guess = _by_title(seen, row) or did_you_mean(near, list(seen.kpis))
            words = {"found": shortened(text), "workstream": seen.workstream.name, "guess": guess}
            yield Noticed(row.place("id"), shortened(text), words)


def row_without_id(seen: SeenSheet) -> Iterator[Noticed]:
    """A filled row without an id: a note of the lead's own, a sub-total, or a row whose id was deleted."""
    for row in seen.unknown:
        if not row.text("id"):
            texts = [f"“{shortened(row.text(key), 40)}”" for key in row.cells if row.text(key)]
            words = {"found": ", ".join(texts[:3]) or "formulas", "guess": _by_title(seen, row)}
            yield Noticed(row.place("id"), "", words)


def _by_title(seen: SeenSheet, row: Row) -> str:
    """` (did you mean “…”?)` where the row bears the title of the one KPI whose row is missing, else nothing."""
    title = row.text("title").casefold()
    ids = [kpi.id for kpi in seen.kpis.values() if kpi.title.casefold() == title and kpi.id not in seen.rows]
    return f" (did you mean “{ids[0]}”?)" if len(ids) == 1 else ""


def retired_row(seen: SeenSheet) -> Iterator[Noticed]:
    """The row of a KPI that is not asked for any more."""
    for row in seen.unknown:
        if _retired(seen, row.text("id")):
            yield Noticed(row.place("id"), row.text("id"))


def _retired(seen: SeenSheet, text: str) -> bool:
    kpi = seen.catalogue.kpi(text)
    return kpi is not None and kpi.life is not Life.LIVE


def rows_that_differ(seen: SeenSheet) -> Iterator[Noticed]:
    """One KPI on two rows with different entries."""
    for kpi_id, rows in seen.rows.items():
        if any(entered(row) != entered(rows[0]) for row in rows[1:]):
            others = ", ".join(row.place("id").cell for row in rows[1:])
            yield Noticed(rows[0].place("id"), kpi_id, {"found": kpi_id, "other": others})


def rows_alike(seen: SeenSheet) -> Iterator[Noticed]:
    """One KPI on two rows with the same entries."""
    for kpi_id, rows in seen.rows.items():
        if len(rows) > 1 and all(entered(row) == entered(rows[0]) for row in rows[1:]):
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


SHEET_ROW_CHECKS = (
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
            "If it is a KPI's row, restore its id{guess}; if it is a note, move it into a comment. "
            "The row was not used.",
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
            "No row on the sheet has this KPI's id.",
            "A row for each KPI of the workstream.",
            "If its row is there, restore the id in it; if not, put the row back from the workbook that was sent out, "
            "and fill it in. Until then it counts as not returned.",
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
)
"""The checks of a sheet's rows."""
