"""Number formats by cell style, out of a workbook's styles; all else that is in them is passed over.

Most workbooks' formats are found by patterns, in the two elements that they stand in. Of the other elements nothing
matters, so that nobody looks whether they are well-formed; a workbook is read without its styles, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache

from sendkpi_xl.blanks import in_utf_8
from sendkpi_xl.file_kinds import Malformed
from sendkpi_xl.number_formats import BUILTIN_FORMATS, GENERAL
from sendkpi_xl.package import Attributes, Package
from sendkpi_xl.plain_parts import has_plain_texts, plain_text

# Excel itself stops at about as many; what lies beyond only costs memory, and shows as General.
MAX_FORMATS = 65_536
MAX_FORMAT_LENGTH = 255
LONGEST_REMEMBERED = 2**16
LABEL = "its styles"
BUILTIN_CODES = {str(number): code for number, code in BUILTIN_FORMATS.items()}

# The rest of an empty tag after its name.
EMPTY = re.compile(rb'(?: \w+="[^"<>&]*+")*+ ?/>')
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
    # In a comment, or what else is no tag, elements may stand that are none. One sign is found much faster than two.
    declared = data[: len(b"\xef\xbb\xbf<?")].count(b"<?")
    instructed = data.count(b"?") > 2 * declared and data.count(b"<?") > declared
    if (b"!" in data and b"<!" in data) or instructed or not in_utf_8(data):
        return None
    own_formats, own_styles = _element(data, b"numFmts"), _element(data, b"cellXfs")
    if own_formats is None or own_styles is None or not has_plain_texts(own_formats):
        return None
    try:
        formats, styles = own_formats.decode(), own_styles.decode()
    except UnicodeDecodeError:
        return None
    codes, cited = FORMAT.findall(formats), CITED.findall(styles)
    own_tags = 1 if formats.endswith("/>") else 2
    if not cited or cited[-1][1] or formats.count("<") != len(codes) + own_tags:
        return None
    if len(BUILTIN_CODES) + len(codes) + len(cited) > MAX_FORMATS:
        return None
    own = {number: plain_text(code) for number, code in codes}
    return _by_style(BUILTIN_CODES | own, [number for number, _ in cited])


def _element(data: bytes, name: bytes) -> bytes | None:
    """The element of a name, of which a part may have one; an empty one where it has none; None when it isn't clear."""
    times, begin = data.count(name), data.find(b"<%s" % name)
    if times == 0 or (times == 1 and begin > 0 and EMPTY.match(data, begin + 1 + len(name))):
        return b"<%s/>" % name
    end = data.find(b"</%s>" % name, max(begin, 0))
    return data[begin : end + len(name) + len(b"</>")] if times == 2 and 0 <= begin < end else None


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
    return {
        str(position): code
        for position, number in enumerate(styles)
        if 0 < len(code := codes.get(number, GENERAL)) <= MAX_FORMAT_LENGTH
    }
