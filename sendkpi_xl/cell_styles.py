"""Number formats by cell style, out of a workbook's styles; all else that is in them is passed over."""

from __future__ import annotations

import re
from contextlib import suppress

from sendkpi_xl.number_formats import BUILTIN_FORMATS, GENERAL
from sendkpi_xl.package import Attributes, Malformed, Package
from sendkpi_xl.plain_parts import ATTRIBUTES, sections

# Excel itself stops at about as many; what lies beyond only costs memory, and shows as General.
MAX_FORMATS = 65_536
MAX_FORMAT_LENGTH = 255
LABEL = "its styles"

# What each cell style cites, where programs write it first; or whatever else is among the cell styles.
CITED = re.compile(
    rf"(?:^<cellXfs{ATTRIBUTES}>)?"
    rf'<xf numFmtId="([0-9]++)"{ATTRIBUTES} ?(?:/>|>(?:<\w++{ATTRIBUTES} ?/>)*+</xf>)(?:</cellXfs>$)?|([\s\S]++)'
)


def read_formats(package: Package, part: str) -> dict[str, str]:
    """Number format codes by cell style, as cells cite it; styles that can't be made out are left out."""
    codes = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    styles: list[str] = []

    def visit(parent: str, tag: str, attributes: Attributes) -> None:
        if max(len(codes), len(styles)) >= MAX_FORMATS:
            return
        if parent == "numFmts" and tag == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif parent == "cellXfs" and tag == "xf":
            styles.append(attributes.get("numFmtId", "0"))

    data = package.read(part, LABEL)
    # Values can be read without styles, and the styles before a slip are still good.
    with suppress(Malformed):
        plain = sections(package, LABEL, data, (b"numFmts", b"cellXfs"))
        cited = plain and CITED.findall(plain[1].decode())
        if plain and cited and not cited[-1][1]:
            package.visit(plain[0], LABEL, visit)
            styles = [str(number) for number, _ in cited[:MAX_FORMATS]] if len(codes) < MAX_FORMATS else []
        else:
            package.visit(data, LABEL, visit)
    formats = {str(position): codes.get(number, GENERAL) for position, number in enumerate(styles)}
    return {style: code for style, code in formats.items() if 0 < len(code) <= MAX_FORMAT_LENGTH}
