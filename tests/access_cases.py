"""Workbooks for the accessibility checks, drawn in a few lines: one that passes them all, and a way to spoil each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from sendkpi_xl.workbook_mark import packed_anew

HEADINGS = ("Section", "Places", "RAG")
ROWS = (("North", 12, "G"), ("South", 7, "R"), ("West", 9, "A"))
FONT = {"font_name": "Arial", "font_size": 10}
RED = {"font_color": "#FFFFFF", "bg_color": "#A4262C"}
LANGUAGE = b"<dc:language>en-GB</dc:language></cp:coreProperties>"


@dataclass
class Making:
    """A workbook in the making: its one sheet, with a title, a line of words and a table."""

    book: Workbook
    sheet: Worksheet
    table: dict[str, Any] = field(default_factory=dict)

    def format(self, **properties: object) -> Any:
        """A format in the good font, with these properties."""
        return self.book.add_format({**FONT, **properties})

    def put(self, address: str, value: object, **properties: object) -> object:
        """Write into a cell, in the good font with these properties; gives XlsxWriter's answer, which is no matter."""
        return self.sheet.write(address, value, self.format(**properties))


Spoil = Callable[[Making], object]


def workbook(
    spoil: Spoil = lambda _: None,
    *,
    name: str = "Places",
    title: str = "Places by section",
    language: bytes = LANGUAGE,
    table: Mapping[str, Any] | None = None,
) -> bytes:
    """A workbook that passes every check, but for what `spoil` does to it and what these words say otherwise."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_format_properties": FONT})
    book.set_properties({"title": title})
    made = Making(book, book.add_worksheet(name))
    made.put("A1", "Places by section", bold=True)
    made.put("A2", "R is red, A is amber, G is green. An empty cell: not asked.")
    options = {"name": "Places", "style": None, "header_row": True, "columns": [{"header": each} for each in HEADINGS]}
    made.sheet.add_table("A4:C7", {**options, **(table or {})})
    for row, cells in enumerate(ROWS, start=5):
        for letter, value in zip("ABC", cells, strict=True):
            made.put(f"{letter}{row}", value)
    spoil(made)
    book.close()
    return packed_anew(
        stream.getvalue(), lambda _, part: part.replace(b"</cp:coreProperties>", language or b"</cp:coreProperties>")
    )


def with_part(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The workbook with `old` replaced by `new` in one part; AssertionError where it is not there."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert old in archive.read(name), archive.read(name)
    return packed_anew(data, lambda part, content: content.replace(old, new) if part == name else content)


def with_new_part(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part more."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, content)
    return stream.getvalue()
