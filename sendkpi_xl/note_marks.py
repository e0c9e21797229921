"""Marks on a lead's own cells: a fill, a border and a cell note, and how they are taken off again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.model import Finding
from sendkpi_xl.sheetwriter import MAKER, clean_text
from sendkpi_xl.style import FORMATS, INKS, SEVERITY_INK
from sendkpi_xl.text_fit import line_count

THEIRS = "\n\nAlready here: "
"""What comes before the words of a cell note that the lead had there."""
NOTE_WIDTH = 50
PIXELS_PER_WIDTH = 7
PIXELS_PER_LINE = 18


def dress(cell: Cell, style: str) -> None:
    """Give a cell the looks of a named format; its number format and protection stay."""
    look: dict[str, Any] = dict(FORMATS[style])
    colour = look["font_color"].lstrip("#")
    cell.font = Font(look["font_name"], look["font_size"], bold=look.get("bold"), color=colour)
    upright = look["valign"].removeprefix("v")
    cell.alignment = Alignment(look.get("align"), upright, wrap_text=look.get("text_wrap"))
    cell.fill = _filled(look["bg_color"].lstrip("#")) if "bg_color" in look else PatternFill()
    cell.border = _boxed("thin", look["border_color"].lstrip("#")) if "border" in look else Border()


def mark(cell: Cell, findings: Sequence[Finding]) -> None:
    """Mark a cell with its findings, the most urgent first; what stands in it is not touched."""
    ink = INKS[SEVERITY_INK[findings[0].severity]]
    cell.fill = _filled(ink.fill)
    cell.border = _boxed("medium", ink.text)
    words = "\n\n".join(
        f"{each.severity.value.capitalize()}: {each.found}\nExpected: {each.expected}\n{each.action}"
        for each in findings
    )
    if cell.comment is not None:
        words += f"{THEIRS}{cell.comment.text}"
    lines = line_count(words, NOTE_WIDTH) + 1
    cell.comment = Comment(clean_text(words), MAKER, lines * PIXELS_PER_LINE, NOTE_WIDTH * PIXELS_PER_WIDTH)


def unmark(sheet: Worksheet) -> None:
    """Take the marks of an earlier note off a sheet: a lead may have corrected the note itself and sent it back."""
    # Not by rows and columns: one stray cell at the sheet's far corner would make that billions of steps.
    for cell in list(sheet._cells.values()):
        if not isinstance(cell, Cell) or cell.comment is None or cell.comment.author != MAKER:
            continue
        dress(cell, "locked" if cell.protection.locked else "open")
        theirs = cell.comment.text.partition(THEIRS)[2]
        cell.comment = Comment(theirs, "") if theirs else None


def _filled(colour: str) -> PatternFill:
    return PatternFill("solid", colour)


def _boxed(line: str, colour: str) -> Border:
    side = Side(line, colour)  # type: ignore[arg-type]
    return Border(side, side, side, side)
