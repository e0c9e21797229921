"""What can be wrong with the returns of one workstream together: two that differ, one twice, none that is filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from sendkpi_xl.checks.check import Check, Noticed, Scope
from sendkpi_xl.finding_rules import CHECK, MUST, NOTE, Rule
from sendkpi_xl.findings import listed
from sendkpi_xl.model import Workstream
from sendkpi_xl.reading import Place

DELETE_ONE = "Delete the sheet that is not wanted, save"
DELETE_OR_MOVE = (
    "Delete the sheet that is not wanted, or move its file into a folder called superseded if it holds no other return"
)
MOVE_ONE = "Move the one that is not wanted into a folder called superseded"


class SeenReturn(Struct, frozen=True):
    """One return sheet by what is entered in it and at which addresses, both by KPI id and then by column key.

    What is entered is only compared, and may be anything; a KPI without a row has no cells. `alone` is whether its
    file holds no other return.
    """

    place: Place
    empty: bool
    entered: Mapping[str, Mapping[str, object]]
    cells: Mapping[str, Mapping[str, str]]
    alone: bool = True


class SeenReturns(Struct, frozen=True):
    """All return sheets of one workstream in one quarter, in the order of the files' names; `folder` holds them."""

    folder: Place
    workstream: Workstream
    returns: tuple[SeenReturn, ...]

    @property
    def filled(self) -> tuple[SeenReturn, ...]:
        """Those in which something is entered."""
        return tuple(each for each in self.returns if not each.empty)


def nothing_sent(seen: SeenReturns) -> Iterator[Noticed]:
    """A workstream of which there is no return at all."""
    if not seen.returns:
        yield Noticed(seen.folder, seen.workstream.name, {"workstream": seen.workstream.name})


def nothing_filled_in(seen: SeenReturns) -> Iterator[Noticed]:
    """A template sent back as it was, and no other return of the workstream."""
    if not seen.filled:
        yield from (Noticed(each.place, seen.workstream.name) for each in seen.returns)


def two_that_differ(seen: SeenReturns) -> Iterator[Noticed]:
    """Two returns that say different things: neither is used until people choose."""
    for other in seen.filled[1:]:
        first = seen.filled[0]
        if other.entered != first.entered:
            words = {"workstream": seen.workstream.name, "other": str(other.place), "action": _choose(first, other)}
            yield Noticed(first.place, seen.workstream.name, {**words, "cells": listed(list(_differing(first, other)))})


def _choose(first: SeenReturn, other: SeenReturn) -> str:
    """What to do with the one of two returns that is not wanted."""
    if first.place.file == other.place.file:
        return DELETE_ONE
    return MOVE_ONE if first.alone and other.alone else DELETE_OR_MOVE


def _differing(first: SeenReturn, other: SeenReturn) -> Iterator[str]:
    """The cells of the first return whose entries differ, each with its KPI: `M7 (K051)`."""
    for kpi_id, entered in first.entered.items():
        keys = [key for key, content in entered.items() if other.entered[kpi_id][key] != content]
        cells = first.cells.get(kpi_id)
        if keys:
            yield f"{', '.join(cells.get(key, 'no column') for key in keys) if cells else 'a missing row'} ({kpi_id})"


def one_twice(seen: SeenReturns) -> Iterator[Noticed]:
    """Two returns that say the same, in files or sheets that are not the same bytes."""
    for other in seen.filled[1:]:
        if other.entered == seen.filled[0].entered:
            yield Noticed(other.place, seen.workstream.name, {"other": str(seen.filled[0].place)})


RETURNS_CHECKS = (
    Check(
        "R23",
        Scope.RETURNS,
        Rule(
            CHECK,
            "There is no return of {workstream}.",
            "A return of each workstream.",
            "Ask for it: its KPIs count as not returned.",
        ),
        nothing_sent,
    ),
    Check(
        "R07",
        Scope.RETURNS,
        Rule(
            CHECK,
            "Nothing has been filled in on this sheet.",
            "Values, or a reason for each blank.",
            "Ask for the return: its KPIs count as not returned.",
        ),
        nothing_filled_in,
    ),
    Check(
        "R08",
        Scope.RETURNS,
        Rule(
            MUST,
            "Two different returns for {workstream}: the other is {other}. They differ in {cells}.",
            "One return for a workstream and quarter.",
            "{action}, and run again.",
        ),
        two_that_differ,
    ),
    Check(
        "R20",
        Scope.RETURNS,
        Rule(NOTE, "It says the same as {other}.", "Each return once.", "Nothing: it counts once."),
        one_twice,
    ),
)
"""The checks of a workstream's returns."""
