"""What an accessibility check is: an item of the checklist under a code, and a pure function over what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct, field

from sendkpi_xl.audit.seen import Where
from sendkpi_xl.finding_rules import Rule
from sendkpi_xl.findings import listed, made
from sendkpi_xl.grid import address
from sendkpi_xl.reading import Finding, Place

Record = TypeVar("Record")
MOST_NAMED = 6


class Scope(StrEnum):
    """What a check looks at: one record of this kind at a time."""

    WORKBOOK = "a workbook"
    SHEET = "a sheet"
    TABLE = "a table"


class Noticed(Struct, frozen=True):
    """One place where an item fails, and the words of its sentences."""

    place: Place
    words: Mapping[str, object] = field(default_factory=dict)


class AccessCheck(Struct, Generic[Record], frozen=True):
    """One check under its code for ever; `item` is what the checklist asks for.

    `by_words` says that words which people type into a return or the catalogue may fail it, so that a workbook of ours
    that fails it need be no defect of ours.
    """

    code: str
    scope: Scope
    item: str
    rule: Rule
    notices: Callable[[Record], Iterable[Noticed]]
    by_words: bool = False

    def findings(self, record: Record) -> list[Finding]:
        """What this check finds in a record."""
        return [made(self.code, self.rule, each.place, "", each.words) for each in self.notices(record)]


def cells_named(places: Sequence[Where]) -> str:
    """The addresses of cells, a few by name: `A5, A6 and 3 more`."""
    names = [address(*where) for where in places[:MOST_NAMED]]
    return listed([*names, *[""] * (len(places) - len(names))], MOST_NAMED)
