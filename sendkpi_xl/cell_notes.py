"""What a sheet holds beside its cells: cell notes, and what is drawn on it. Their words are not read as entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sendkpi_xl.file_kinds import MEGABYTE, done_without
from sendkpi_xl.grid import Beside
from sendkpi_xl.package import Attributes, Package, local
from sendkpi_xl.reading import Severity

THEIRS = "\n\nAlready here: "
"""What comes before the words of a cell note that the lead had there, in a cell note of ours."""
OUR_WORDS = re.compile(rf"(?:{'|'.join(each.value.capitalize() for each in Severity)}): .*\nExpected: ")
"""How each of our cell notes begins: LibreOffice keeps the words of a cell note but not who made it."""
MOST = 8 * MEGABYTE
"""Larger parts are not looked into; nothing in them is read as an entry anyway."""
PARTS_OF = ("comments", "drawing")
"""What stands in the names of the parts that programs keep cell notes and drawings in."""
ANCHORS = ("oneCellAnchor", "twoCellAnchor", "absoluteAnchor")
LABEL = "its cell notes"


class _NotesReader:
    """Collects the words of each cell note by its address."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._address, self._words = "", [""]

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        if local(name) == "comment":
            self._address, self._words = attributes.get("ref", ""), []

    def end(self, name: str) -> None:
        """An element ends."""
        if local(name) == "comment":
            self.found[self._address] = "".join(self._words)

    def text(self, data: str) -> None:
        """Text stands here."""
        self._words.append(data)


def beside_cells(package: Package, sheets: Iterable[tuple[str, str]]) -> tuple[Beside, ...]:
    """What stands beside the cells of the sheets, given by name and part; those that have nothing are left out.

    Cell notes that we made ourselves do not count. No damage to these parts stops a read; a document type declaration
    in them is refused as anywhere.
    """
    if not any(each in path for path in package.members for each in PARTS_OF):
        return ()
    found = (_beside(package, name, part) for name, part in sheets)
    return tuple(each for each in found if each.cell_notes or each.drawings)


def _beside(package: Package, name: str, part: str) -> Beside:
    notes: list[str] = []
    drawings = 0
    with done_without():
        for each in package.relationships(part).values():
            if each.part not in package.members or each.external:
                continue
            if each.kind == "comments":
                notes += _cell_notes(package, each.part)
            elif each.kind == "drawing":
                drawings += _drawings(package, each.part)
    return Beside(name, tuple(notes), drawings)


def _cell_notes(package: Package, part: str) -> Iterator[str]:
    """The addresses of the cell notes in which somebody else than us has said something."""
    reader = _NotesReader()
    package.parse(package.read(part, LABEL, most=MOST), LABEL, reader)
    for address, words in reader.found.items():
        ours = OUR_WORDS.match(words.strip()) and THEIRS not in words
        if words.strip() and not ours:
            yield address


def _drawings(package: Package, part: str) -> int:
    """At how many places something is drawn."""
    tags: list[str] = []
    package.visit(package.read(part, LABEL, most=MOST), LABEL, lambda _parent, tag, _attributes: tags.append(tag))
    return sum(tag in ANCHORS for tag in tags)
