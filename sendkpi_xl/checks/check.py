"""What a check is: a rule under its code, and a pure function that finds where a record breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct, field

from sendkpi_xl.finding_rules import Rule
from sendkpi_xl.findings import made
from sendkpi_xl.reading import Finding, Place

Record = TypeVar("Record")


class Scope(StrEnum):
    """What a check looks at: one record of this kind at a time."""

    FILE = "a file"
    IDENTITY = "the line that says what a sheet is"
    SHEET = "a return sheet"
    ROW = "a KPI's row"
    SUM = "a sum that ties KPIs together"
    SERIES = "a KPI over the quarters"
    QUARTERS = "a return beside the quarter before"
    RETURNS = "the returns of one workstream"
    GOAL = "a KPI's baseline and target"


class Noticed(Struct, frozen=True):
    """One place where a rule is broken: the KPI or heading that it is about, and the words of its sentences."""

    place: Place
    subject: str = ""
    words: Mapping[str, object] = field(default_factory=dict)


class Check(Struct, Generic[Record], frozen=True):
    """One rule under its code for ever; `notices` gives each place where a record breaks it, and none otherwise."""

    code: str
    scope: Scope
    rule: Rule
    notices: Callable[[Record], Iterable[Noticed]]

    def findings(self, record: Record) -> list[Finding]:
        """What this check finds in a record."""
        return checked((self,), record)


def checked(checks: Iterable[Check[Record]], record: Record) -> list[Finding]:
    """What these checks find in a record, in the order of the checks."""
    return [
        made(check.code, check.rule, each.place, each.subject, each.words)
        for check in checks
        for each in check.notices(record)
    ]
