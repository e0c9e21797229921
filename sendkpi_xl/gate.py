"""The gate on what leaves: a finished workbook holds the parts that we write, and nothing that we do not know of.

What fails here is a fault of ours, never of whoever runs the product: the workbook is not written.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

OUR_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:app|core)\.xml|xl/(?:workbook|styles|sharedStrings)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/theme/theme1\.xml|xl/worksheets/(?:_rels/)?sheet\d+\.xml(?:\.rels)?"
    r"|xl/tables/table\d+\.xml|xl/charts/chart\d+\.xml|xl/drawings/(?:_rels/)?drawing\d+\.xml(?:\.rels)?"
)
"""No caches, comments, links to other workbooks, macros, pictures, printer settings, threads, persons."""
OUR_NAMES = re.compile(r"_xlnm\.(?:Print_Titles|Print_Area|_FilterDatabase)")
DEFINED = re.compile(rb'<definedName [^>]*?name="([^"]*)"')
HIDDEN_SHEET = re.compile(rb'<sheet [^>]*?name="([^"]*)"[^>]*?state="')
HIDDEN = re.compile(rb'<(row|col) [^>]*?hidden="(?:1|true)"')
PERSON = re.compile(rb"<(?:dc:creator|cp:lastModifiedBy)>([^<]*)<")
OUTSIDE = re.compile(rb'TargetMode="External"')


class Stray(Exception):
    """A finished workbook holds something that it should not: what, in sentences."""


def only_ours(data: bytes, maker: str) -> bytes:
    """The same bytes, when the workbook holds our parts alone, and nobody's name but `maker`'s; else raises Stray."""
    if strays := list(_strays(data, maker)):
        raise Stray(" ".join(strays))
    return data


def _strays(data: bytes, maker: str) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    yield from (f"The part {name} is none of ours." for name in parts if not OUR_PARTS.fullmatch(name))
    for name, part in parts.items():
        if name.endswith(".rels") and OUTSIDE.search(part):
            yield f"{name} leads out of the workbook."
        if name.startswith("xl/worksheets/sheet"):
            yield from (f"{name} has a hidden {match[1].decode()}." for match in HIDDEN.finditer(part))
    book, core = parts.get("xl/workbook.xml", b""), parts.get("docProps/core.xml", b"")
    yield from (f"The sheet {_text(name)} is hidden." for name in HIDDEN_SHEET.findall(book))
    yield from (f"The name {_text(name)} is none of ours." for name in DEFINED.findall(book) if not _is_our_name(name))
    yield from (f"{_text(name)} is named as who wrote it." for name in PERSON.findall(core) if _text(name) != maker)


def _is_our_name(name: bytes) -> bool:
    return OUR_NAMES.fullmatch(_text(name)) is not None


def _text(found: bytes) -> str:
    return found.decode("utf-8", "replace")
