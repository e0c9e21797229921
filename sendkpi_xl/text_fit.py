"""How high a row must be so that its wrapped text shows in full.

Excel fits rows when a cell is edited, but neither it nor LibreOffice does so reliably when a file is opened, so the
height is written into the file. Widths are measured with XlsxWriter's table for Calibri 11; Arial 10 runs a little
wider, and bold wider still.
"""

from __future__ import annotations

from functools import lru_cache

from xlsxwriter.utility import xl_pixel_width

ARIAL_FACTOR = 1.04
BOLD_FACTOR = 1.09
PIXELS_PER_WIDTH = 7
CELL_PADDING = 4
LINE_POINTS = 12.75
ROW_PADDING = 3.0
HIGHEST_ROW = 409.0
"""Excel's limit for a row's height, in points."""


def row_height(lines: int) -> float:
    """The height in points of a row with this many lines of 10 point text."""
    return min(HIGHEST_ROW, lines * LINE_POINTS + ROW_PADDING)


def line_count(text: str, width: float, *, bold: bool = False) -> int:
    """How many lines `text` takes in a column of this width (in Excel's units) when it wraps at spaces."""
    room = width * PIXELS_PER_WIDTH - CELL_PADDING
    factor = ARIAL_FACTOR * (BOLD_FACTOR if bold else 1)
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
        extra = int(wide // room) if room > 0 else 0  # a word longer than the line is broken
        lines, used = lines + extra, used + wide - extra * room
    return lines


@lru_cache(maxsize=4096)
def _pixels(word: str) -> float:
    return float(xl_pixel_width(word))
