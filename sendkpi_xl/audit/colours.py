"""The colours that a workbook's styles speak of, as RRGGBB: its theme's, those of the old palette, and tints."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from sendkpi_xl.file_kinds import Unreadable
from sendkpi_xl.package import Attributes, Package

THEME_NAMES = (
    *("lt1", "dk1", "lt2", "dk2"),
    *(f"accent{number}" for number in range(1, 7)),
    *("hlink", "folHlink"),
)
"""The theme's colours in the order in which styles count them."""
# fmt: off
PALETTE = (
    *2 * ("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF"),
    "800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080",
    "9999FF", "993366", "FFFFCC", "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF",
    "000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000", "008080", "0000FF",
    "00CCFF", "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99",
    "3366FF", "33CCCC", "99CC00", "FFCC00", "FF9900", "FF6600", "666699", "969696",
    "003366", "339966", "003300", "333300", "993300", "993366", "333399", "333333",
)
# fmt: on
SYSTEM = {"64": "000000", "65": "FFFFFF"}
"""The screen's own text and background, which are black on white unless somebody has changed them."""
HEX = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")


class Colours(Struct, frozen=True):
    """A workbook's theme by the theme's names for its colours, and its palette."""

    theme: Mapping[str, str]
    palette: Sequence[str] = PALETTE

    def resolved(self, stated: Attributes | None, automatic: str) -> str | None:
        """A stated colour as RRGGBB; `automatic` where none is stated, None where the file does not say which it is."""
        if not stated or "auto" in stated:
            return automatic
        colour = self._base(stated)
        return colour if colour is None else tinted(colour, stated.get("tint", "0"))

    def _base(self, stated: Attributes) -> str | None:
        if match := HEX.fullmatch(stated.get("rgb", "")):
            return match[1].upper()
        if (number := _whole(stated.get("theme", ""))) is not None and number < len(THEME_NAMES):
            return self.theme.get(THEME_NAMES[number])
        indexed = stated.get("indexed", "")
        if indexed in SYSTEM:
            return SYSTEM[indexed]
        number = _whole(indexed)
        return self.palette[number] if number is not None and number < len(self.palette) else None


def tinted(colour: str, tint: str) -> str | None:
    """A colour made lighter (a tint up to 1) or darker (down to -1); None when the tint is no number."""
    try:
        share = max(-1.0, min(1.0, float(tint)))
    except ValueError:
        return None
    if not share:
        return colour
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + share) if share < 0 else light * (1 - share) + share
    return "".join(f"{round(channel * 255):02X}" for channel in colorsys.hls_to_rgb(hue, light, saturation))


def read_theme(package: Package, part: str | None) -> Mapping[str, str]:
    """The theme's colours by their names; none where there is no theme that can be read."""
    found: dict[str, str] = {}

    def visit(parent: str, tag: str, attributes: Attributes) -> None:
        if parent in THEME_NAMES and tag in ("srgbClr", "sysClr"):
            match = HEX.fullmatch(attributes.get("lastClr" if tag == "sysClr" else "val", ""))
            if match:
                found.setdefault(parent, match[1].upper())

    if part is not None:
        try:
            package.scan(part, "its theme", visit)
        except Unreadable:
            return {}
    return found


def _whole(number: str) -> int | None:
    return int(number) if len(number) < 6 and number.isascii() and number.isdecimal() else None
