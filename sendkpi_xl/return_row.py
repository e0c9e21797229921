"""One row of a return to the reading of its KPI: what was entered, checked, and how each entry ended."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from sendkpi_xl.cells import Sheet
from sendkpi_xl.checks import CELL_CHECKS, HIDDEN_AND_MERGED_CHECKS, ROW_CHECKS
from sendkpi_xl.checks.check import checked
from sendkpi_xl.checks.seen_row import PART_KEYS, SeenRow, entered
from sendkpi_xl.entry import CASES, entry_rule
from sendkpi_xl.figures import plain
from sendkpi_xl.known_cells import Earlier, asked_cells, earlier_cells
from sendkpi_xl.model import Catalogue, Kpi
from sendkpi_xl.period import Period
from sendkpi_xl.rating import standard_for
from sendkpi_xl.reading import Entries, Finding, Reading, Reason, Severity, Status
from sendkpi_xl.shorthand import in_order
from sendkpi_xl.tables import Row
from sendkpi_xl.values import EMPTY, Entered, enter, may_be_empty, without_symbols

HELD_BACK = "Comment held back until it is checked: it may hold personal data."
"""Stands in place of a comment that may name a child or a family, wherever the reading goes."""
PERSONAL = "C19"
REASONS = {reason.value.casefold(): reason for reason in Reason}
NOT_USED = ("C12", PERSONAL)
"""Please-check findings about an entry that is not used as it stands."""


class Round(Struct, frozen=True):
    """What returns are read against: the catalogue, the quarter, and what the year's earlier quarters came to.

    With no earlier readings at all, what a return shows of earlier quarters is not compared.
    """

    catalogue: Catalogue
    period: Period
    earlier: Earlier = field(default_factory=dict)


class ReadRow(Struct, frozen=True):
    """What came of a KPI's row: its reading, what was noticed, and how many of its entries ended how."""

    reading: Reading
    findings: tuple[Finding, ...]
    entries: Entries


def read_row(kpi: Kpi, row: Row, sheet: Sheet, this: Round) -> ReadRow:
    """The reading of a KPI from its row, and what was noticed; a reading that must be fixed first is queried."""
    seen = _seen(kpi, row, sheet, this)
    findings = checked((*CELL_CHECKS, *HIDDEN_AND_MERGED_CHECKS, *ROW_CHECKS), seen)
    reading = Reading(
        kpi_id=kpi.id,
        period=this.period,
        status=_status(seen, findings),
        value=seen.number,
        numerator=seen.numerator.value,
        denominator=seen.denominator.value,
        reason=seen.reason,
        comment=HELD_BACK if any(each.code == PERSONAL for each in findings) else row.text("comment"),
        typed=seen.value.typed,
        how=_how(seen),
        place=row.place("value"),
        comment_cell=row.place("comment").cell,
        forecast=seen.forecast.value,
        symbols=in_order(
            {symbol for each in (seen.value, seen.numerator, seen.denominator) for symbol in each.symbols}
        ),
    )
    if reading.status is Status.QUERIED:
        reading = replace(reading, value=None, reason=None, how="", forecast=None, symbols=())
    return ReadRow(reading, tuple(findings), _entries(seen, reading.status, findings))


def _seen(kpi: Kpi, row: Row, sheet: Sheet, this: Round) -> SeenRow:
    value = enter(row.cells.get("value"), entry_rule(kpi), kpi.unit)
    numerator, denominator = _parts(kpi, row, value)
    forecast = may_be_empty(without_symbols(enter(row.cells.get("forecast"), entry_rule(kpi), kpi.unit)))
    goal = kpi.goal(this.period.year)
    standard = standard_for(kpi, goal, this.catalogue.policy, this.period.quarter)
    known = asked_cells(kpi, goal)
    earlier = earlier_cells(kpi, this.period, this.earlier) if this.earlier else {}
    return SeenRow(kpi, row, sheet, value, numerator, denominator, forecast, _reason(row), standard, known, earlier)


def _parts(kpi: Kpi, row: Row, value: Entered) -> tuple[Entered, Entered]:
    """Numerator and denominator of a share: from their own cells, or from the fraction that stands in the value cell.

    Where the fraction contradicts a cell of its own, nothing is filled in from it.
    """
    if not kpi.share:
        return EMPTY, EMPTY
    numerator, denominator = (may_be_empty(enter(row.cells.get(key), CASES, None)) for key in PART_KEYS)
    pairs = ((numerator, value.numerator), (denominator, value.denominator))
    if any(part not in (None, own.value) and own.value is not None for own, part in pairs):
        return numerator, denominator
    filled = [Entered(part) if own == EMPTY else own for own, part in pairs]
    return filled[0], filled[1]


def _reason(row: Row) -> Reason | None:
    return REASONS.get(" ".join(row.text("reason").split()).casefold())


def _how(seen: SeenRow) -> str:
    if seen.worked_out is None:
        return "" if seen.value.bare and seen.settled else seen.value.how
    assert seen.numerator.value is not None
    assert seen.denominator.value is not None
    return f"worked out from {plain(seen.numerator.value)} out of {plain(seen.denominator.value)}"


def _status(seen: SeenRow, findings: Sequence[Finding]) -> Status:
    if not entered(seen.row):
        return Status.NOT_RETURNED
    # A forecast that must be mended is no reason to leave out the value beside it.
    forecast = seen.row.place("forecast").cell if "forecast" in seen.row.columns else None
    if any(each.severity is Severity.MUST_FIX and each.place.cell != forecast for each in findings):
        return Status.QUERIED
    return Status.BLANK if seen.number is None else Status.REPORTED


def _entries(seen: SeenRow, status: Status, findings: Sequence[Finding]) -> Entries:
    """How the row's entries ended: of a queried row all are queried but a comment that can be read."""
    asked = {each.place.cell for each in findings if each.severity is Severity.MUST_FIX or each.code in NOT_USED}
    converted = {key for key, entry, _ in seen.entered() if entry.how and not (entry.bare and seen.settled)}
    counts = {"accepted": 0, "converted": 0, "queried": 0}
    for key, cell in seen.open_cells():
        if cell.address in asked or (status is Status.QUERIED and key != "comment"):
            counts["queried"] += 1
        else:
            counts["converted" if key in converted else "accepted"] += 1
    return Entries(**counts)
