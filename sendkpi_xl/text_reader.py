"""What expat's handlers make of texts: the base of the sheet's reader, and the shared texts."""

from __future__ import annotations

from sendkpi_xl.cell_content import unescaped
from sendkpi_xl.package import MAX_DEPTH, Attributes, Package, local


class TextReader:
    """Collects text while it has somewhere to put it."""

    def __init__(self, package: Package, label: str) -> None:
        self.package = package
        self.label = label
        self.depth = 0
        self.sink: list[str] | None = None
        self.in_run = False

    def begin(self) -> None:
        """Go one level down, where there may be one."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.package.too_deep(self.label)

    def begins_text(self, level: int, tag: str) -> bool:
        """Whether an element `level` levels inside a rich text holds text that people see.

        Text stands in `t` or in a run's `t`; the `t` of a phonetic run is a reading aid, no part of the text.
        """
        if level == 1:
            self.in_run = tag == "r"
        return tag == "t" and (level == 1 or (level == 2 and self.in_run))

    def start(self, name: str, attributes: Attributes, /) -> None:
        """An element begins."""
        raise NotImplementedError

    def end(self, name: str, /) -> None:
        """An element ends."""
        raise NotImplementedError

    def text(self, data: str) -> None:
        """Text stands here."""
        if self.sink is not None:
            self.sink.append(data)


class StringsReader(TextReader):
    """Collects the shared texts: `sst` holds `si`, and each `si` is one rich text."""

    def __init__(self, package: Package, label: str) -> None:
        super().__init__(package, label)
        self.strings: list[str] = []
        self.pieces: list[str] = []

    def start(self, name: str, _attributes: Attributes) -> None:
        """An element begins."""
        self.begin()
        if self.depth > 2 and self.begins_text(self.depth - 2, local(name)):
            self.sink = self.pieces

    def end(self, name: str) -> None:
        """An element ends."""
        self.sink = None
        if self.depth == 2 and local(name) == "si":
            self.strings.append(unescaped("".join(self.pieces)))
            self.pieces.clear()
        self.depth -= 1
