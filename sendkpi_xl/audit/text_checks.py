"""What can keep people from reading a sheet's text: cut off, hard to read, or with marks that are read out as noise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sendkpi_xl.audit.check import AccessCheck, Noticed, Scope, cells_named
from sendkpi_xl.audit.seen import Font, Look, SeenCell, SeenSheet, Where, inside
from sendkpi_xl.finding_rules import CHECK, MUST, Rule
from sendkpi_xl.findings import shortened
from sendkpi_xl.text_fit import LINE_POINTS, line_count

SMALLEST = 10.0
SANS_SERIF = re.compile(
    r".*\bsans\b.*|(?:arial|aptos|calibri|carlito|helvetica|verdana|tahoma|segoe ui|trebuchet|lato|roboto|gill sans|"
    r"franklin gothic|century gothic|corbel|candara|avenir|open sans|gds transport|frutiger|inter|bierstadt|"
    r"microsoft yahei|ms p?gothic|meiryo|malgun gothic|nirmala ui|leelawadee|ubuntu)\b.*",
    re.IGNORECASE,
)
SANS_FAMILY = 2
MOST_MEASURED = 2_000
"""Of a longer text, its beginning shows whether it fits."""
RUNS_ON = ("", "general", "left")
FURTHEST = 100
NOTE_MARK = re.compile(r"(?<=\w|[.)%\]])[*†‡§¶]+\s*$|^\s*[*†‡§¶]+(?=\s*\w)|(?<!m)[¹²³⁰⁴-⁹]+(?=\s|$|[,.;:)])")


def cut_off(seen: SeenSheet) -> Iterator[Noticed]:
    """Text that is wider than its room and not wrapped, or wrapped in a row of a fixed height that is too low."""
    places = [where for where, cell in seen.cells.items() if not cell.number and _is_cut(seen, where, cell)]
    if places:
        yield Noticed(seen.place(places[0]), {"cells": cells_named(places)})


def _is_cut(seen: SeenSheet, where: Where, cell: SeenCell) -> bool:
    look = seen.look(cell.style)
    row, column = where
    if look.rotation or (look.wrap and row not in seen.heights):
        return False
    text, scale = cell.text[:MOST_MEASURED], 10 / max(look.font.size, 1.0)
    width = seen.widths.get(column, seen.width) * scale
    lines = line_count(text, width, bold=look.font.bold)
    if look.wrap:
        return (lines - 1) * LINE_POINTS / scale > max(seen.heights[row], 1)
    return lines > 1 and ("\n" in text or line_count(text, _room(seen, where, look) * scale, bold=look.font.bold) > 1)


def _room(seen: SeenSheet, where: Where, look: Look) -> float:
    """How wide a text that is not wrapped may be: in a table its column, elsewhere also the empty cells beside it."""
    row, column = where
    room = seen.widths.get(column, seen.width)
    if look.horizontal not in RUNS_ON or any(inside(where, table.area) for table in seen.tables):
        return room
    for beside in range(column + 1, column + FURTHEST):
        if (row, beside) in seen.cells:
            break
        room += seen.widths.get(beside, seen.width)
    return room


def _fonts_where(wrong: Callable[[Font], bool]) -> Callable[[SeenSheet], list[tuple[Font, tuple[Where, ...]]]]:
    """Finds each font on a sheet that is wrong, and the cells with it."""

    def found(seen: SeenSheet) -> list[tuple[Font, tuple[Where, ...]]]:
        return [(font, places) for _, fonts, places in seen.dressed() for font in fonts if wrong(font)]

    return found


def _all_places(found: list[tuple[Font, tuple[Where, ...]]]) -> list[Where]:
    return sorted({where for _, places in found for where in places})


def serifs(seen: SeenSheet) -> Iterator[Noticed]:
    """Text in a font with serifs, or in one that we do not know."""
    found = _fonts_where(lambda font: not SANS_SERIF.match(font.name) and font.family != SANS_FAMILY)(seen)
    if found:
        names = ", ".join(sorted({shortened(font.name, 40) for font, _ in found})[:6])
        places = _all_places(found)
        yield Noticed(seen.place(places[0]), {"names": names, "cells": cells_named(places)})


def small(seen: SeenSheet) -> Iterator[Noticed]:
    """Text smaller than 10 points."""
    found = _fonts_where(lambda font: font.size < SMALLEST)(seen)
    if found:
        places, size = _all_places(found), min(font.size for font, _ in found)
        yield Noticed(seen.place(places[0]), {"size": f"{size:g}", "cells": cells_named(places)})


def italics(seen: SeenSheet) -> Iterator[Noticed]:
    """Text in italics, by itself or by a conditional format."""
    if places := _all_places(_fonts_where(lambda font: font.italic)(seen)):
        yield Noticed(seen.place(places[0]), {"cells": cells_named(places)})
    for rule in seen.rules:
        if any(change.italic for change in rule.changes):
            first = rule.areas[0]
            yield Noticed(seen.place(first[:2]), {"cells": f"{first.address}, by a conditional format"})
            return


def turned(seen: SeenSheet) -> Iterator[Noticed]:
    """Text that is not horizontal."""
    if places := sorted(where for look, _, places in seen.dressed() if look.rotation for where in places):
        yield Noticed(seen.place(places[0]), {"cells": cells_named(places)})


def raised(seen: SeenSheet) -> Iterator[Noticed]:
    """Superscripts and subscripts."""
    if places := _all_places(_fonts_where(lambda font: font.raised)(seen)):
        yield Noticed(seen.place(places[0]), {"cells": cells_named(places)})


def note_marks(seen: SeenSheet) -> Iterator[Noticed]:
    """Asterisks, daggers and small raised figures that stand for notes."""
    places = [
        where
        for where, cell in seen.cells.items()
        if not (cell.number or (cell.text.isascii() and "*" not in cell.text)) and NOTE_MARK.search(cell.text)
    ]
    if places:
        yield Noticed(seen.place(places[0]), {"cells": cells_named(places)})


TEXT_CHECKS = (
    AccessCheck(
        "A24",
        Scope.SHEET,
        "Text wrapped where it does not fit",
        Rule(MUST, "Text is cut off in {cells}.", "Text that shows in full.", "Wrap it, or make room for it."),
        cut_off,
    ),
    AccessCheck(
        "A25",
        Scope.SHEET,
        "A sans serif font",
        Rule(
            MUST,
            "Text in {names}: {cells}.",
            "A sans serif font such as Arial.",
            "Choose another font for these cells.",
        ),
        serifs,
    ),
    AccessCheck(
        "A26",
        Scope.SHEET,
        "10 points or more",
        Rule(MUST, "Text in {size} points: {cells}.", "At least 10 points.", "Make it larger."),
        small,
    ),
    AccessCheck(
        "A27",
        Scope.SHEET,
        "No italics",
        Rule(MUST, "Text in italics: {cells}.", "Upright text.", "Take the italics off; bold is fine."),
        italics,
    ),
    AccessCheck(
        "A28",
        Scope.SHEET,
        "Text horizontal",
        Rule(MUST, "Text is turned: {cells}.", "Text that runs from left to right.", "Make it horizontal."),
        turned,
    ),
    AccessCheck(
        "A29",
        Scope.SHEET,
        "No superscripts",
        Rule(
            MUST,
            "Superscripts or subscripts: {cells}.",
            "Notes in words, as [note 1], on a notes sheet.",
            "Take the raising off, and write the note's number in square brackets.",
        ),
        raised,
    ),
    AccessCheck(
        "A30",
        Scope.SHEET,
        "No symbols that stand for notes",
        Rule(
            CHECK,
            "Symbols may stand for notes: {cells}.",
            "Notes in words, as [note 1], on a notes sheet.",
            "Write the note's number in square brackets instead; where no note belongs to it, take the symbol out.",
        ),
        note_marks,
        by_words=True,
    ),
)
"""The checks of a sheet's text."""
