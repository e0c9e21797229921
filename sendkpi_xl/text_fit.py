"""How high a row must be so that its wrapped text shows in full.

Excel fits rows when a cell is edited, but neither it nor LibreOffice does so reliably when a file is opened, so the
height is written into the file, from the widths of Arial's letters (those of Helvetica's font metrics).
"""

from __future__ import annotations

from functools import lru_cache

PIXELS_PER_POINT = 96 / 72
FONT_PIXELS = 10 * PIXELS_PER_POINT
BOLD_FACTOR = 1.08
SCREEN_FACTOR = 1.04
"""Screens round each letter to whole pixels, a little wider than the font's own measure."""

PIXELS_PER_WIDTH = 7
CELL_PADDING = 3
LINE_POINTS = 12.75
ROW_PADDING = 3.0
HIGHEST_ROW = 409.0
"""Excel's limit for a row's height, in points."""

OTHER_WIDTH = 0.8
FULL_WIDTH = 1.0
FIRST_FULL_WIDTH = "\u2e80"
"""From here on letters are as wide as they are high: Chinese, Japanese, Korean."""

LETTERS_BY_WIDTH = {
    0.2: "'",
    0.222: "ijl‘’",
    0.278: " !,./:;I[\\]ft",
    0.333: '()-r`{|}"*“”',
    0.35: "•",
    0.5: "Jcksvxyz^",
    0.556: "#$0123456789?L_abdeghnopqu£–",
    0.584: "+<=>~",
    0.611: "FTZ",
    0.667: "&ABEKPSVXY",
    0.722: "CDHNRUw",
    0.778: "GOQ",
    0.833: "Mm",
    0.889: "%",
    0.944: "W",
    1.0: "—…",
    1.015: "@",
}
LETTER_WIDTHS = {letter: width for width, letters in LETTERS_BY_WIDTH.items() for letter in letters}


def row_height(lines: int) -> float:
    """The height in points of a row with this many lines of 10 point text."""
    return min(HIGHEST_ROW, lines * LINE_POINTS + ROW_PADDING)


def line_count(text: str, width: float, *, bold: bool = False) -> int:
    """How many lines `text` takes in a column of this width (in Excel's units) when it wraps at spaces."""
    room = max(width * PIXELS_PER_WIDTH - CELL_PADDING, 1)
    factor = SCREEN_FACTOR * (BOLD_FACTOR if bold else 1)
    return sum(_paragraph_lines(paragraph, room, factor) for paragraph in text.split("\n"))


def _paragraph_lines(paragraph: str, room: float, factor: float) -> int:
    lines, used = 1, 0.0
    space = _pixels(" ") * factor
    for word in paragraph.split(" "):
        wide = _pixels(word) * factor
        if used and used + space + wide > room:
            lines, used = lines + 1, 0.0
        elif used:
            used += space
        broken = int(wide // room)  # a word longer than the line is broken
        lines, used = lines + broken, used + wide - broken * room
    return lines


@lru_cache(maxsize=4096)
def _pixels(word: str) -> float:
    return sum(map(_letter_width, word)) * FONT_PIXELS


def _letter_width(letter: str) -> float:
    known = LETTER_WIDTHS.get(letter)
    if known is not None:
        return known
    return OTHER_WIDTH if letter < FIRST_FULL_WIDTH else FULL_WIDTH
