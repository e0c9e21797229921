"""Accessibility by test: each essential item of the government's checklist is a check over a finished workbook.

The checks look at frozen records of what was seen (`seen`); `reader` makes those from a file's bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sendkpi_xl.audit.check import AccessCheck, Scope
from sendkpi_xl.audit.colour_checks import COLOUR_CHECKS
from sendkpi_xl.audit.reader import read_seen
from sendkpi_xl.audit.seen import SeenSheet, SeenWorkbook, tables_on
from sendkpi_xl.audit.table_checks import TABLE_CHECKS, TABLES_CHECKS
from sendkpi_xl.audit.text_checks import TEXT_CHECKS
from sendkpi_xl.audit.workbook_checks import SHEET_CHECKS, WORKBOOK_CHECKS
from sendkpi_xl.files import opening
from sendkpi_xl.finding_rules import Rule
from sendkpi_xl.reading import Finding, Place

ACCESS_CHECKS: tuple[AccessCheck[Any], ...] = (
    *WORKBOOK_CHECKS,
    *SHEET_CHECKS,
    *TABLES_CHECKS,
    *TABLE_CHECKS,
    *TEXT_CHECKS,
    *COLOUR_CHECKS,
)
"""Every check there is, by its code's number."""

ACCESS_RULES: dict[str, Rule] = {check.code: check.rule for check in ACCESS_CHECKS}

NOT_CHECKED: tuple[tuple[str, str], ...] = (
    ("Notes on a notes sheet", "Whether a text is a note about the figures, only people can tell."),
    ("Titles, headings and alternative text that say what they should", "That they are there is checked, not what."),
    ("A blank cell explained rightly", "That a line speaks of empty cells is checked, not whether it is true."),
    ("Nothing by colour alone in charts and pictures", "What a picture shows, only people can tell."),
    ("Missing values in the field's shorthand", "A mark must be explained; a gap in other words may be right as well."),
)
"""Items of the checklist, or parts of them, that no program can check, and why."""

__all__ = [
    "ACCESS_CHECKS",
    "ACCESS_RULES",
    "NOT_CHECKED",
    "Inaccessible",
    "audit_seen",
    "audit_workbook",
    "hold_accessible",
]


class Inaccessible(Exception):
    """A workbook of ours that fails a check: a defect of ours. `findings` say where; its text has no cell's words."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{each.code} at {each.place}" for each in findings))
        self.findings = findings


def audit_workbook(data: bytes, name: str) -> tuple[Finding, ...]:
    """What fails in a workbook's bytes, check by check, each with its place; nothing when all checks pass.

    `name` is for messages and is not opened. Raises Refusal, and nothing else, for a file that cannot be read.
    """
    with opening(Place(name)):
        return tuple(audit_seen(read_seen(data, name)))


def hold_accessible(data: bytes, name: str, *, first_only: bool = False) -> None:
    """Raise Inaccessible when a workbook that we have made fails a check that only we can have failed.

    `first_only` looks at the first sheet alone: the rest of the workbook is somebody else's.
    """
    seen = read_seen(data, name, first_only=first_only)
    ours = {check.code for check in ACCESS_CHECKS if not check.by_words}
    findings = _of_sheet(seen.sheets[0]) if first_only else audit_seen(seen)
    if failed := tuple(each for each in findings if each.code in ours):
        raise Inaccessible(failed)


def audit_seen(seen: SeenWorkbook) -> Iterator[Finding]:
    """What fails in a workbook that was read: first as a whole, then sheet by sheet."""
    for check in WORKBOOK_CHECKS:
        yield from check.findings(seen)
    for sheet in seen.sheets:
        yield from _of_sheet(sheet)


def _of_sheet(sheet: SeenSheet) -> Iterator[Finding]:
    for check in ACCESS_CHECKS:
        if check.scope is Scope.SHEET:
            yield from check.findings(sheet)
    for table in tables_on(sheet):
        for check in TABLE_CHECKS:
            yield from check.findings(table)
