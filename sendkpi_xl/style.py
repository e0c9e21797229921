"""Colours, fonts and cell formats as data; every workbook is dressed from here.

Contrast of each text on its fill is at least 4.5 to 1 (WCAG 2.2, AA), and a test computes it. In grey the three
ratings keep apart: red is dark with a white letter, green mid, amber light.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from sendkpi_xl.reading import Rag, Severity

FONT = "Arial"
SIZE = 10


class Ink(Struct, frozen=True):
    """A text colour on a fill, both as RRGGBB."""

    text: str
    fill: str


INK = "1F2A37"
BRAND = "1D4E5F"
OPEN_FILL = "FFF9E5"
LOCKED_FILL = "F1F4F6"
SHUT_FILL = "DDE2E6"
LINE = "B8C2CC"

RAG_INK: Mapping[Rag, Ink] = {
    Rag.RED: Ink("FFFFFF", "A4262C"),
    Rag.AMBER: Ink("1F2A37", "FFC83D"),
    Rag.GREEN: Ink("1F2A37", "6CBF84"),
}

RAG_MARK: Mapping[Rag, str] = {Rag.RED: "A4262C", Rag.AMBER: "B26A00", Rag.GREEN: "2F855A"}
"""The ratings' marks in a chart: small shapes on white, which need a contrast of 3 to 1 without their outline, for not
every program draws it."""

INKS: Mapping[str, Ink] = {
    "title": Ink(BRAND, "FFFFFF"),
    "heading": Ink("FFFFFF", BRAND),
    "body": Ink(INK, "FFFFFF"),
    "locked": Ink(INK, LOCKED_FILL),
    "open": Ink(INK, OPEN_FILL),
    "shut": Ink(INK, SHUT_FILL),
    "quiet": Ink("4A5763", "FFFFFF"),
    "link": Ink("0B5394", "FFFFFF"),
    "to_do": Ink("4A5763", LOCKED_FILL),
    "done": Ink("1E5B32", "E3F3E8"),
    "wrong": Ink("8A1C22", "FBE9EA"),
    **{f"rag_{rag.value}": ink for rag, ink in RAG_INK.items()},
}

SEVERITY_INK: Mapping[Severity, str] = {
    Severity.MUST_FIX: "wrong",
    Severity.PLEASE_CHECK: "rag_A",
    Severity.NOTE: "done",
}
"""In which of the named inks a finding is shown."""

_BASE: Mapping[str, object] = {"font_name": FONT, "font_size": SIZE, "font_color": f"#{INK}", "valign": "top"}
_GRID: Mapping[str, object] = {"border": 1, "border_color": f"#{LINE}", "text_wrap": True}


def _ink(name: str) -> dict[str, object]:
    ink = INKS[name]
    return {"font_color": f"#{ink.text}", "bg_color": f"#{ink.fill}", "pattern": 1}


FORMATS: Mapping[str, Mapping[str, object]] = {
    "title": {**_BASE, "bold": True, "font_size": 16, "font_color": f"#{BRAND}", "valign": "vcenter"},
    "subtitle": {**_BASE, "bold": True, "font_size": 12, "font_color": f"#{BRAND}", "valign": "vcenter"},
    "line": {**_BASE, "valign": "vcenter"},
    "strong": {**_BASE, "bold": True, "valign": "vcenter"},
    "quiet": {**_BASE, "font_color": f"#{INKS['quiet'].text}", "valign": "vcenter"},
    "text": {**_BASE, "text_wrap": True},
    "link": {**_BASE, "font_color": f"#{INKS['link'].text}", "underline": 1, "text_wrap": True},
    "heading": {**_BASE, **_GRID, **_ink("heading"), "bold": True, "valign": "vcenter"},
    "body": {**_BASE, **_GRID},
    "locked": {**_BASE, **_GRID, **_ink("locked")},
    "open": {**_BASE, **_GRID, **_ink("open"), "locked": False},
    "shut": {**_BASE, **_GRID, **_ink("shut")},
    **{name: {**_BASE, **_GRID, **_ink(name), "bold": True} for name in SEVERITY_INK.values()},
    "rating": {**_BASE, **_GRID, "bold": True, "align": "center", "valign": "vcenter"},
}
"""Cell formats by name, as XlsxWriter's format properties. `open` cells are the ones that a lead may fill."""


def rag_format(rag: Rag) -> dict[str, object]:
    """The conditional format of a rating's letter."""
    return {**_ink(f"rag_{rag.value}"), "bold": True}


def ink_format(name: str) -> dict[str, object]:
    """A conditional format in one of the named inks."""
    return _ink(name)


def contrast(ink: Ink) -> float:
    """The contrast ratio of a text on its fill, from 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(ink.text), _luminance(ink.fill)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
