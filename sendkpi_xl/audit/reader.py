"""Reads a finished workbook for the accessibility checks: each sheet as it is shown, its tables and its pictures.

Nothing in the file is trusted: the caps of `package` hold, a document type declaration is refused, and whatever goes
wrong is an Unreadable in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.audit.colours import read_theme
from sendkpi_xl.audit.pictures import read_drawn
from sendkpi_xl.audit.seen import SeenSheet, SeenTable, SeenWorkbook, Where, inside
from sendkpi_xl.audit.sheet_part import SharedText, SharedTexts, SheetPart
from sendkpi_xl.audit.styles import Styles, read_styles
from sendkpi_xl.blanks import without_blanks
from sendkpi_xl.file_kinds import MEGABYTE, SAVE_AS, SEND_RETURN, Unreadable, quoted
from sendkpi_xl.grid import area
from sendkpi_xl.package import Attributes, Package, Relationship, local, open_package, part_of_kind
from sendkpi_xl.properties import texts_of_properties

MACROS = ("vbaproject", "xlmacrosheet", "xlintlmacrosheet")
MOST_TABLES = 50
LARGE = 8 * MEGABYTE
"""Of a larger sheet the formatted blank cells are not looked at: none of ours has so many."""
NOTES = "note"
"""What the name of a sheet with notes has in it."""


class _Listed(Struct):
    """A sheet as the workbook lists it."""

    name: str
    visibility: str
    part: str


def read_seen(data: bytes, name: str, *, first_only: bool = False) -> SeenWorkbook:
    """What the checks look at in a workbook's bytes; `name` is for messages and is not opened.

    `first_only` reads the first sheet alone. Raises Unreadable, and nothing else, whatever the bytes.
    """
    try:
        return _read(open_package(data, name), first_only)
    except Unreadable:
        raise
    except Exception as error:
        found = f"This file can't be read, for a reason that we did not foresee ({type(error).__name__})."
        raise Unreadable(name, found, SAVE_AS) from error


def _read(package: Package, first_only: bool) -> SeenWorkbook:
    starts = package.relationships("")
    start = next((found for found in starts.values() if found.kind == "officedocument"), None)
    if start is None or start.external or start.part not in package.members:
        raise Unreadable(package.name, "There is no workbook in this file.", SEND_RETURN)
    related = package.relationships(start.part)
    listed, opens_with = _listed(package, start.part, related)
    theme = read_theme(package, part_of_kind(package, related, "theme"))
    styles = read_styles(package, part_of_kind(package, related, "styles"), theme)
    texts = _shared_texts(package, part_of_kind(package, related, "sharedstrings"), styles)
    sheets = [_sheet(package, each, styles, texts) for each in (listed[:1] if first_only else listed)]
    properties = texts_of_properties(package, starts)
    macros = any(found.kind in MACROS for found in related.values())
    title, language = (properties.get(name, "").strip() for name in ("title", "language"))
    return SeenWorkbook(package.name, title, language, macros, opens_with, _with_words(sheets))


def _listed(package: Package, part: str, related: Mapping[str, Relationship]) -> tuple[list[_Listed], int]:
    """The sheets from the left, and which of them the workbook opens with, from 0."""
    listed: list[_Listed] = []
    opens_with = 0

    def visit(parent: str, tag: str, attributes: Attributes) -> None:
        nonlocal opens_with
        if parent == "bookViews" and tag == "workbookView" and attributes.get("activeTab", "").isdecimal():
            opens_with = int(attributes["activeTab"][:6])
        if parent == "sheets" and tag == "sheet":
            name = attributes.get("name", "")
            target = related.get(next((value for key, value in attributes.items() if local(key) == "id"), ""))
            if target is None or target.external or target.part not in package.members:
                raise Unreadable(package.name, f"The sheet {quoted(name)} is missing from this file.", SAVE_AS)
            if target.kind not in MACROS:
                listed.append(_Listed(name, attributes.get("state", "visible"), target.part))

    package.scan(part, "the list of its sheets", visit)
    if not listed:
        raise Unreadable(package.name, "There is no sheet in this workbook.", SEND_RETURN)
    return listed, opens_with


def _shared_texts(package: Package, part: str | None, styles: Styles) -> Sequence[SharedText]:
    if part is None:
        return ()
    reader = SharedTexts(package, styles)
    package.parse(package.read(part, reader.label), reader.label, reader)
    return reader.texts


def _sheet(package: Package, listed: _Listed, styles: Styles, texts: Sequence[SharedText]) -> SeenSheet:
    reader = SheetPart(package, listed.name, styles, texts)
    large = package.members[listed.part].file_size > LARGE
    data = package.read(listed.part, reader.label, without_blanks) if large else package.read(listed.part, reader.label)
    package.parse(data, reader.label, reader)
    related = package.relationships(listed.part)
    parts = [related[each] for each in reader.relations if each in related and related[each].part in package.members]
    tables = [each.part for each in parts if each.kind == "table"][:MOST_TABLES]
    drawings = [each.part for each in parts if each.kind == "drawing"]
    found = tuple(filter(None, (_table(package, part, reader) for part in tables)))
    return SeenSheet(
        file=package.name,
        name=listed.name,
        visibility=listed.visibility,
        cells=reader.cells,
        looks=styles.looks,
        used={look: tuple(places) for look, places in reader.used.items()},
        open_cells=frozenset(reader.unlocked_blanks) if reader.protected else frozenset(),
        widths=reader.widths,
        width=reader.width,
        heights=reader.heights,
        merged=tuple(reader.merged),
        rules=tuple(reader.rules),
        unread_rules=reader.unread_rules,
        print_words=tuple("".join(pieces) for pieces in reader.printed),
        tables=found,
        outside=_outside(reader, found),
        links=frozenset(reader.links),
        drawn=tuple(each for part in drawings for each in read_drawn(package, part)),
        active_cell=reader.selections.get(reader.active_pane, "A1"),
    )


def _table(package: Package, part: str, sheet: SheetPart) -> SeenTable | None:
    """A table by its part; None where that gives no area."""
    found: dict[str, Attributes] = {}
    package.scan(part, "a table", lambda _, tag, attributes: found.update({tag: attributes}))
    stated = found.get("table", {})
    covered = area(stated.get("ref", ""))
    if covered is None:
        return None
    heading_rows = int(stated.get("headerRowCount", "1")[:6])
    columns = range(covered.first_column, covered.last_column + 1) if heading_rows else ()
    cells = (sheet.cells.get((covered.first_row, column)) for column in columns)
    headings = tuple(cell.text.strip() if cell else "" for cell in cells)
    name = stated.get("displayName", "") or stated.get("name", "")
    return SeenTable(name, covered, heading_rows, headings, found.get("tableStyleInfo", {}).get("name", ""))


def _with_words(sheets: Sequence[SeenSheet]) -> tuple[SeenSheet, ...]:
    """The sheets, each with the words that may explain what stands in its tables."""
    outside = ["\n".join(sheet.cells[where].text for where in sheet.outside) for sheet in sheets]
    notes = "\n".join(cell.text for sheet in sheets if NOTES in sheet.name.casefold() for cell in sheet.cells.values())
    everything = "\n".join((*outside, notes))
    return tuple(
        replace(sheet, words=words, notes=notes, all_words=everything)
        for sheet, words in zip(sheets, outside, strict=True)
    )


def _outside(sheet: SheetPart, tables: Sequence[SeenTable]) -> tuple[Where, ...]:
    areas = [table.area for table in tables]
    return tuple(where for where in sheet.cells if not any(inside(where, area) for area in areas))
