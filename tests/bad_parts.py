"""Surgery on the zip archive that a workbook is: what programs write, networks break, attackers send."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping

from sendkpi_xl.file_kinds import OLE_START, ZIP_ENTRY
from tests.good_returns import Made, sent

SHEET_PART = "xl/worksheets/sheet2.xml"
WORKBOOK_PART = "xl/workbook.xml"
SHEET_LIST = "xl/_rels/workbook.xml.rels"

Parts = dict[str, bytes]
Surgery = Callable[[Parts], None]


def taken_apart(data: bytes) -> Parts:
    """The parts of a workbook's file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put_together(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def operated(*surgeries: Surgery, made: Made | None = None, method: int = zipfile.ZIP_DEFLATED) -> Made:
    """The good return with its parts changed."""

    def make() -> bytes:
        parts = taken_apart((made or sent())())
        for surgery in surgeries:
            surgery(parts)
        return put_together(parts, method)

    return make


def replaced(part: str, old: str, new: str) -> Surgery:
    """A text in one part replaced wherever it stands; it must be there."""

    def surgery(parts: Parts) -> None:
        assert old.encode() in parts[part]
        parts[part] = parts[part].replace(old.encode(), new.encode())

    return surgery


def everywhere(old: str, new: str) -> Surgery:
    """A text replaced in every part."""

    def surgery(parts: Parts) -> None:
        assert any(old.encode() in content for content in parts.values())
        for part, content in parts.items():
            parts[part] = content.replace(old.encode(), new.encode())

    return surgery


def with_part(part: str, content: bytes) -> Surgery:
    """One part put in, or put in place of the one that was there."""

    def surgery(parts: Parts) -> None:
        parts[part] = content

    return surgery


def renamed(change: Callable[[str], str]) -> Surgery:
    """The parts under other names."""

    def surgery(parts: Parts) -> None:
        old = dict(parts)
        parts.clear()
        parts.update({change(name): content for name, content in old.items()})

    return surgery


def recoded(part: str, encoding: str) -> Surgery:
    """One part in another encoding."""

    def surgery(parts: Parts) -> None:
        parts[part] = parts[part].decode().encode(encoding)

    return surgery


def stored(address: str, attributes: str, content: str) -> Surgery:
    """A cell of the sheet stored otherwise: `t="e"` and `<v>#REF!</v>`."""

    def surgery(parts: Parts) -> None:
        cell = re.compile(rf'<c r="{address}"( s="\d+")?[^>]*?(/>|>.*?</c>)'.encode())
        new = rf'<c r="{address}"\g<1> {attributes}>'.encode() + content.encode().replace(b"\\", rb"\\") + b"</c>"
        parts[SHEET_PART], count = cell.subn(new, parts[SHEET_PART])
        assert count == 1

    return surgery


def rows_reversed(parts: Parts) -> None:
    """The rows stored from the last to the first, their cells without the addresses that follow from the order."""
    rows = re.findall(rb"<row .*?</row>", parts[SHEET_PART])
    data = b"".join(re.sub(rb'<c r="[B-Z]+\d+"', b"<c", row) for row in reversed(rows))
    parts[SHEET_PART] = re.sub(rb"<row .*</row>", lambda _: data, parts[SHEET_PART])


def without_styles(parts: Parts) -> None:
    """The part with number formats and fonts left out."""
    del parts["xl/styles.xml"]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def strict(parts: Parts) -> None:
    """The names that Excel gives to things when it saves as Strict Open XML."""
    everywhere(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")(parts)
    everywhere(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")(parts)


def with_macros(parts: Parts) -> None:
    """A part with macros, and the reference to it."""
    parts["xl/vbaProject.bin"] = b"\xcc\x61"
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="vbaProject.bin"/></Relationships>'
    replaced(SHEET_LIST, "</Relationships>", relation)(parts)


def in_sheet(rows: str) -> Surgery:
    """More rows at the end of the sheet."""
    return replaced(SHEET_PART, "</sheetData>", f"{rows}</sheetData>")


def bomb(parts: Parts) -> None:
    """A sheet that unpacks to more than 50 MB."""
    in_sheet(" " * (51 * 2**20))(parts)


def huge_picture(parts: Parts) -> None:
    """A picture that unpacks to more than 50 MB."""
    parts["xl/media/image1.png"] = bytes(51 * 2**20)


def million_blanks(parts: Parts) -> None:
    """A million formatted blank rows below the table, and one stray cell in the sheet's last corner."""
    cells = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(100, 1_000_100))
    in_sheet(f'{cells}<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>')(parts)


def doctype(declaration: str) -> Surgery:
    """A document type declaration at the beginning of the sheet."""

    def surgery(parts: Parts) -> None:
        parts[SHEET_PART] = declaration.encode() + parts[SHEET_PART]

    return surgery


def bad_checksum() -> bytes:
    """The good return stored without packing, with one letter of the sheet changed on the way."""
    data = operated(method=zipfile.ZIP_STORED)()
    return data.replace(b"<v>42</v>", b"<v>43</v>", 1)


def lying_size() -> bytes:
    """The good return whose list of parts says that the sheet has ten bytes."""
    data = bytearray(sent()())
    entry = data.index(SHEET_PART.encode(), data.index(ZIP_ENTRY)) - 46
    struct.pack_into("<I", data, entry + 24, 10)
    return bytes(data)


def zipped_with_password() -> bytes:
    """The good return with the mark of a password on its first part."""
    data = bytearray(sent()())
    data[6] |= 1
    data[data.index(ZIP_ENTRY) + 8] |= 1
    return bytes(data)


def old_container(stream: str) -> bytes:
    """The beginning of a file of the kind that Office wrote before 2007, with a stream of this name."""
    return OLE_START + bytes(504) + stream.encode("utf-16-le")
