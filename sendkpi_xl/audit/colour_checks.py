"""What can keep people from what colours say: too little contrast, or meaning that stands in a colour alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

from msgspec import Struct

from sendkpi_xl.audit.check import AccessCheck, Noticed, Scope, cells_named
from sendkpi_xl.audit.seen import WHITE, Change, ColourRule, SeenSheet, Where
from sendkpi_xl.finding_rules import CHECK, MUST, Rule
from sendkpi_xl.grid import Area, address
from sendkpi_xl.style import Ink, contrast

LEAST = 4.5
EMPTY_WORDS = re.compile(r'\bISBLANK\(|=""|=0|<1|\bLEN\(', re.IGNORECASE)
EMPTY_KINDS = ("containsBlanks", "notContainsText", "notContainsErrors")
"""Conditional formats that hold for empty cells."""
ABOUT_ITSELF = ("colorScale", "dataBar", "iconSet", "top10", "aboveAverage", "duplicateValues", "uniqueValues")
TEXT_KINDS = ("containsText", "beginsWith", "endsWith", "containsErrors", "timePeriod", "notContainsBlanks")


class _Pair(Struct, frozen=True):
    """A text colour on a fill, each None where the file does not say which."""

    text: str | None
    fill: str | None

    @property
    def contrast(self) -> float | None:
        """From 1 to 21; None where it is not known."""
        return None if self.text is None or self.fill is None else contrast(Ink(self.text, self.fill))

    def words(self, cells: str) -> dict[str, object]:
        """The words of a finding about it."""
        return {"text": self.text, "fill": self.fill, "contrast": f"{(self.contrast or 0) - 0.005:.2f}", "cells": cells}


def _pairs(seen: SeenSheet) -> Iterator[tuple[_Pair, tuple[Where, ...]]]:
    """Each text colour with its fill, and the cells that have both."""
    for look, fonts, places in seen.dressed():
        for colour in dict.fromkeys(font.colour for font in fonts):
            yield _Pair(colour, look.fill), places


def _rule_pairs(seen: SeenSheet) -> Iterator[tuple[_Pair, ColourRule]]:
    """Each text colour with its fill that a conditional format may give to cells."""
    for rule in seen.rules:
        pairs: set[_Pair] = set()
        for change in rule.changes:
            pairs.update(_changed(seen, rule, change))
        yield from ((pair, rule) for pair in sorted(pairs, key=repr))


def _changed(seen: SeenSheet, rule: ColourRule, change: Change) -> Iterator[_Pair]:
    if change.text == "" and change.fill == "":
        return
    if change.text != "" and change.fill != "":
        yield _Pair(change.text, change.fill)
        return
    for style in {seen.cells[where].style for area in rule.areas for where in seen.filled(area)}:
        look = seen.look(style)
        yield _Pair(
            look.font.colour if change.text == "" else change.text, look.fill if change.fill == "" else change.fill
        )


def faint(seen: SeenSheet) -> Iterator[Noticed]:
    """Text whose contrast on its fill is under 4.5 to 1."""
    for pair, places in _pairs(seen):
        if pair.contrast is not None and pair.contrast < LEAST:
            yield Noticed(seen.place(places[0]), pair.words(cells_named(places)))


def faint_by_rule(seen: SeenSheet) -> Iterator[Noticed]:
    """The same where a conditional format gives the colours."""
    for pair, rule in _rule_pairs(seen):
        if pair.contrast is not None and pair.contrast < LEAST:
            yield Noticed(seen.place(rule.areas[0][:2]), pair.words(rule.areas[0].address))


def unknown_contrast(seen: SeenSheet) -> Iterator[Noticed]:
    """Colours that the file does not say: patterns, gradients, Excel's own table styles, newer conditional formats."""
    places = [where for pair, cells in _pairs(seen) if pair.contrast is None for where in cells]
    if places:
        yield Noticed(seen.place(min(places)), {"cells": cells_named(sorted(places)), "why": "a pattern or a theme"})
    areas = [rule.areas[0] for pair, rule in _rule_pairs(seen) if pair.contrast is None]
    if areas:
        yield Noticed(seen.place(areas[0][:2]), {"cells": areas[0].address, "why": "a conditional format"})
    if seen.unread_rules:
        yield Noticed(seen.place(), {"cells": "the sheet", "why": "conditional formats of a newer kind"})
    for table in seen.tables:
        row = table.area._replace(last_row=table.area.first_row)
        bare = [where for where in seen.filled(row) if seen.look(seen.cells[where].style).fill == WHITE]
        if bare and table.heading_rows and not _is_light(table.style):
            words = {"cells": row.address, "why": f"Excel's table style {table.style}"}
            yield Noticed(seen.place(bare[0]), words)


def _is_light(style: str) -> bool:
    return not style or style.startswith("TableStyleLight")


def colour_alone(seen: SeenSheet) -> Iterator[Noticed]:
    """Conditional formats that give a fill to empty cells: whoever does not see the colour sees nothing."""
    empty = sorted({where for rule in seen.rules if _fills_empty(rule) for where in _empty_cells(seen, rule)})
    if empty:
        yield Noticed(seen.place(empty[0]), {"cells": cells_named(empty)})


def _fills_empty(rule: ColourRule) -> bool:
    """Whether a conditional format gives a fill and may hold for an empty cell.

    One of a cell's own numbers or text does not; a formula may that does not look at the cell, or asks if it is empty.
    """
    if rule.kind in ABOUT_ITSELF or rule.kind in TEXT_KINDS or all(change.fill == "" for change in rule.changes):
        return False
    if rule.kind in EMPTY_KINDS:
        return True
    if rule.kind != "expression":
        return False
    formula = "".join(rule.formulas)
    return not _speaks_of(formula, rule.areas[0]) or EMPTY_WORDS.search(formula) is not None


def _speaks_of(formula: str, area: Area) -> bool:
    """Whether a formula that is written for an area's first cell refers to that cell itself."""
    own = re.escape(address(area.first_row, area.first_column))
    return re.search(rf"(?<![A-Z0-9!]){own}(?![0-9(])", formula.replace("$", "")) is not None


def _empty_cells(seen: SeenSheet, rule: ColourRule) -> Iterator[Where]:
    """The first empty cell of each area of a conditional format; those beyond all that is filled are no matter."""
    last_row = max((row for row, _ in seen.cells), default=0)
    last_column = max((column for _, column in seen.cells), default=0)
    for area in rule.areas:
        rows = range(area.first_row, min(area.last_row, last_row) + 1)
        columns = range(area.first_column, min(area.last_column, last_column) + 1)
        yield from islice((where for where in product(rows, columns) if where not in seen.cells), 1)


COLOUR_CHECKS = (
    AccessCheck(
        "A31",
        Scope.SHEET,
        "Contrast of text on its fill at least 4.5 to 1",
        Rule(
            MUST,
            "The contrast of {text} on {fill} is {contrast} to 1: {cells}.",
            "At least 4.5 to 1.",
            "Choose a darker text or a lighter fill.",
        ),
        faint,
    ),
    AccessCheck(
        "A32",
        Scope.SHEET,
        "The same contrast where a conditional format gives the colours",
        Rule(
            MUST,
            "By a conditional format, the contrast of {text} on {fill} is {contrast} to 1: {cells}.",
            "At least 4.5 to 1.",
            "Choose a darker text or a lighter fill in the rule.",
        ),
        faint_by_rule,
    ),
    AccessCheck(
        "A33",
        Scope.SHEET,
        "Every contrast known",
        Rule(
            CHECK,
            "The colours of {cells} come from {why}, so that their contrast is not known.",
            "Colours that the file states.",
            "Look at them: text must stand out from its fill by 4.5 to 1.",
        ),
        unknown_contrast,
    ),
    AccessCheck(
        "A34",
        Scope.SHEET,
        "Nothing by colour alone",
        Rule(
            MUST,
            "A conditional format colours empty cells: {cells}.",
            "A letter, word or number in every cell that a rule colours.",
            "Let the cell say what its colour says.",
        ),
        colour_alone,
    ),
)
"""The checks of a sheet's colours."""
