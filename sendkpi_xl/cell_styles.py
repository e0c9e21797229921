"""Number formats by cell style, out of a workbook's styles; all else that is in them is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache

from sendkpi_xl.number_formats import BUILTIN_FORMATS, GENERAL
from sendkpi_xl.package import Attributes, Malformed, Package
from sendkpi_xl.plain_parts import plain_text, sections

# Excel itself stops at about as many; what lies beyond only costs memory, and shows as General.
MAX_FORMATS = 65_536
MAX_FORMAT_LENGTH = 255
LONGEST_REMEMBERED = 2**16
LABEL = "its styles"
BUILTIN_CODES = {str(number): code for number, code in BUILTIN_FORMATS.items()}

# A format among the formats, and what each cell style cites, where programs write it first; or whatever else is among
# the cell styles. Neither < nor > stands in a value here; a pattern is much quicker when it has one of them to mind.
FORMAT = re.compile(r'<numFmt numFmtId="([0-9]++)" formatCode="([^"<\t\r\n]*+)" ?/>')
CITED = re.compile(
    r'(?:^<cellXfs[^>]*+>)?\s*+<xf numFmtId="([0-9]++)"[^>]*+'
    r"(?:(?<=/)>|>(?:\s*+<\w[^>]*+(?<=/)>)*+\s*+</xf>)(?:\s*+</cellXfs>$)?|([\s\S]++)"
)


def read_formats(package: Package, part: str) -> Mapping[str, str]:
    """Number format codes by cell style, as cells cite it; styles that can't be made out are left out."""
    data = package.read(part, LABEL)
    plain = formats_plainly(data)
    return _by_handlers(package, data) if plain is None else plain


def formats_plainly(data: bytes) -> Mapping[str, str] | None:
    """The formats out of the bytes of a part, the quick way; None where the handlers must read it."""
    return remembered_formats(data) if len(data) <= LONGEST_REMEMBERED else _formats_plainly(data)


def _formats_plainly(data: bytes) -> Mapping[str, str] | None:
    plain = sections(data, (b"numFmts", b"cellXfs"))
    if plain is None:
        return None
    formats, styles = (section.decode() for section in plain)
    codes, cited = FORMAT.findall(formats), CITED.findall(styles)
    own_tags = 1 if formats.endswith("/>") else 2
    if not cited or cited[-1][1] or formats.count("<") != len(codes) + own_tags:
        return None
    if len(BUILTIN_CODES) + len(codes) + len(cited) > MAX_FORMATS:
        return None
    own = {number: plain_text(code) for number, code in codes}
    return _by_style(BUILTIN_CODES | own, [number for number, _ in cited])


remembered_formats = lru_cache(maxsize=16)(_formats_plainly)
"""Returns that come from one template, and were saved by one program, have the same styles to the byte."""


def _by_handlers(package: Package, data: bytes) -> Mapping[str, str]:
    codes = dict(BUILTIN_CODES)
    styles: list[str] = []

    def visit(parent: str, tag: str, attributes: Attributes) -> None:
        if max(len(codes), len(styles)) >= MAX_FORMATS:
            return
        if parent == "numFmts" and tag == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif parent == "cellXfs" and tag == "xf":
            styles.append(attributes.get("numFmtId", "0"))

    # Values can be read without styles, and the styles before a slip are still good.
    with suppress(Malformed):
        package.visit(data, LABEL, visit)
    return _by_style(codes, styles)


def _by_style(codes: Mapping[str, str], styles: Iterable[str]) -> Mapping[str, str]:
    """The codes that cell styles cite, by the style's number; those that are empty or far too long are left out."""
    formats = {str(position): codes.get(number, GENERAL) for position, number in enumerate(styles)}
    return {style: code for style, code in formats.items() if 0 < len(code) <= MAX_FORMAT_LENGTH}
