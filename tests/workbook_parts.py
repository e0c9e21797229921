"""Workbooks put together from their parts as XML, and what our reader makes of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from sendkpi_xl.cells import Kind, Sheet, Unreadable, read_book

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"

PACKAGE_RELS = (
    f'<Relationships><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
WORKBOOK = f"""<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>
  <sheet name="Return" sheetId="1" r:id="rId1"/>
</sheets></workbook>"""
WORKBOOK_RELS = f"""<Relationships>
  <Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
  <Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>
  <Relationship Id="rId3" Type="{OFFICE}/styles" Target="styles.xml"/>
</Relationships>"""
ONE_CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'

PACKAGE_RELS_PATH = "_rels/.rels"
WORKBOOK_PATH = "xl/workbook.xml"
WORKBOOK_RELS_PATH = "xl/_rels/workbook.xml.rels"
SHEET_PATH = "xl/worksheets/sheet1.xml"
STRINGS_PATH = "xl/sharedStrings.xml"
STYLES_PATH = "xl/styles.xml"

SAVE_AS = "Open it in Excel, choose File > Save As > Excel Workbook (.xlsx), and send the new file."
SEND_AGAIN = "Ask for the file to be sent again."
SEND_RETURN = "Ask for the workbook itself, as an Excel workbook (.xlsx)."
TOO_BIG = "Check that it is the right file; if so, take out pictures and other sheets, and send it again."

Parts = dict[str, str | bytes]


def worksheet(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def parts(rows: str = ONE_CELL, strings: str | None = None, styles: str | None = None) -> Parts:
    """The parts of a workbook with one sheet; shared texts and styles only when they are given."""
    made: Parts = {
        PACKAGE_RELS_PATH: PACKAGE_RELS,
        WORKBOOK_PATH: WORKBOOK,
        WORKBOOK_RELS_PATH: WORKBOOK_RELS,
        SHEET_PATH: worksheet(rows),
    }
    if strings is not None:
        made[STRINGS_PATH] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    if styles is not None:
        made[STYLES_PATH] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    return made


def zipped(made: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The archive of some parts; the same parts give the same bytes at any time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path, content in made.items():
            archive.writestr(zipfile.ZipInfo(path), content, method, compresslevel=1)
    return file.getvalue()


def sheet_of(made: Mapping[str, str | bytes]) -> Sheet:
    (sheet,) = read_book(zipped(made), "return.xlsx").sheets
    return sheet


def contents(made: Mapping[str, str | bytes]) -> dict[str, tuple[Kind, str, object]]:
    return {cell.address: (cell.kind, cell.raw, cell.value) for cell in sheet_of(made).cells.values()}


def values(made: Mapping[str, str | bytes]) -> dict[str, object]:
    return {cell.address: cell.value for cell in sheet_of(made).cells.values()}


def refusal(data: bytes) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        read_book(data, "return.xlsx")
    assert caught.value.file == "return.xlsx"
    assert str(caught.value) == f"return.xlsx: {caught.value.found} {caught.value.action}"
    return caught.value.found, caught.value.action
