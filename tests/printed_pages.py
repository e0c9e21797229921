"""How tests look at a printed workbook: the words of a PDF with their places, and the colours of its pages."""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

XHTML = "{http://www.w3.org/1999/xhtml}"
DOTS_PER_INCH = 72
"""Pages are painted at one dot a point, so that a word's place is its place in the picture."""


@dataclass(frozen=True)
class Word:
    """A word on a page; its box is in points from the page's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """How far down its middle is."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Page:
    """One printed page: its size in points, and its words from top to bottom."""

    width: float
    height: float
    words: tuple[Word, ...]

    @property
    def sheet(self) -> str:
        """The sheet's name, which stands at the left of the footer."""
        last = max(word.bottom for word in self.words)
        footer = [word for word in self.words if word.bottom > last - 2 and word.left < self.width / 2]
        return " ".join(word.text for word in sorted(footer, key=lambda word: word.left))

    def column(self, headings: Sequence[str], number: int) -> list[Word]:
        """The words below one of the table's headings, line by line; AssertionError when a heading is not there.

        Headings are found by their first words, which must stand side by side in their order.
        """
        row = self._heading_row(headings)
        left = row[number].left - 2
        right = row[number + 1].left - 2 if number + 1 < len(row) else self.width
        below = max(word.bottom for word in row) + 3
        foot = max(word.top for word in self.words) - 2
        inside = (w for w in self.words if left <= (w.left + w.right) / 2 < right and below < w.middle < foot)
        return sorted(inside, key=lambda word: (round(word.middle), word.left))

    def _heading_row(self, headings: Sequence[str]) -> list[Word]:
        firsts = [heading.split()[0] for heading in headings]
        for first in (word for word in self.words if word.text == firsts[0]):
            row = [first]
            for text in firsts[1:]:
                beside = [
                    w for w in self.words if w.text == text and w.left > row[-1].left and abs(w.top - first.top) < 9
                ]
                row += sorted(beside, key=lambda word: word.left)[:1]
            if len(row) == len(firsts):
                return row
        raise AssertionError(f"the headings are not all on this page: {' | '.join(headings)}")


def pages_of(pdf: Path) -> list[Page]:
    """The pages of a PDF with their words."""
    out = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, timeout=60).stdout
    return [
        Page(
            float(page.get("width", "0")),
            float(page.get("height", "0")),
            tuple(
                Word(
                    unicodedata.normalize("NFKC", word.text or ""),
                    *(float(word.get(side, "0")) for side in ("xMin", "yMin", "xMax", "yMax")),
                )
                for word in page.iter(f"{XHTML}word")
            ),
        )
        for page in ET.fromstring(out).iter(f"{XHTML}page")
    ]


@dataclass(frozen=True)
class Picture:
    """A painted page: three bytes (red, green, blue) for each dot, row by row."""

    width: int
    dots: bytes

    def colour(self, left: float, top: float) -> str:
        """The colour at a place given in points, as RRGGBB."""
        start = 3 * (int(top) * self.width + int(left))
        return self.dots[start : start + 3].hex().upper()


def picture_of(pdf: Path, page: int) -> Picture:
    """One page (the first is 1) of a PDF, painted."""
    number = str(page)
    command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-f", number, "-l", number, str(pdf)]
    data = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    kind, size, _, dots = data.split(b"\n", 3)
    assert kind == b"P6"
    return Picture(int(size.split()[0]), dots)
