"""Who last saved a workbook, when, and whether there is program code in it."""

from __future__ import annotations

import pytest

from sendkpi_xl.cells import Book, Unreadable, read_book
from tests.workbook_parts import (
    OFFICE,
    PACKAGE_RELS,
    PACKAGE_RELS_PATH,
    WORKBOOK_RELS,
    WORKBOOK_RELS_PATH,
    parts,
    zipped,
)

PROPERTIES_PATH = "docProps/core.xml"
RELATED = PACKAGE_RELS.replace(
    "</Relationships>",
    '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"'
    f' Target="{PROPERTIES_PATH}"/></Relationships>',
)


def book(properties: str | None, changes: dict[str, str] | None = None) -> Book:
    made = parts() | {PACKAGE_RELS_PATH: RELATED} | (changes or {})
    return read_book(zipped(made if properties is None else made | {PROPERTIES_PATH: properties}), "return.xlsx")


def core(saved_by: str, saved_at: str) -> str:
    return f"""<cp:coreProperties><dc:creator>The template</dc:creator><cp:lastModifiedBy>{saved_by}</cp:lastModifiedBy>
      <dcterms:created>2021-06-30T00:00:00Z</dcterms:created><dcterms:modified>{saved_at}</dcterms:modified>
      </cp:coreProperties>"""


@pytest.mark.parametrize(
    ("saved_by", "saved_at", "expected"),
    [
        ("A. Lead", "2021-07-03T10:02:11Z", ("A. Lead", "2021-07-03 10:02")),
        ("A &amp;\n B\u200f", "2021-07-03T10:02:11.5+01:00", ("A & B", "2021-07-03 09:02")),
        ("", "2021-07-03T10:02:11", ("", "2021-07-03 10:02")),
        ("x" * 300, "yesterday", ("x" * 255, "")),
        ("A. Lead", "", ("A. Lead", "")),
        ("A. Lead", "0001-01-01T00:00:00+09:00", ("A. Lead", "")),
    ],
)
def test_who_saved_it_and_when(saved_by: str, saved_at: str, expected: tuple[str, str]) -> None:
    """In UTC to the minute; empty where it is no date."""
    read = book(core(saved_by, saved_at))
    assert (read.saved_by, read.saved_at) == expected


@pytest.mark.parametrize(
    "properties",
    [
        pytest.param(None, id="missing"),
        pytest.param("not XML", id="not XML"),
        pytest.param("<a>" * 99 + "</a>" * 99, id="too deep"),
        pytest.param(" " * 2**21, id="too long"),
        pytest.param("<a><lastModifiedBy><b/>A</lastModifiedBy></a>", id="text in an unusual place"),
    ],
)
def test_damaged_properties_never_stop_a_read(properties: str | None) -> None:
    """The cells are read all the same."""
    read = book(properties)
    assert (read.saved_by, read.saved_at, len(read.sheets[0].cells)) == ("", "", 1)


def test_a_document_type_declaration_in_the_properties_is_refused() -> None:
    """As in any other part: no program writes one."""
    with pytest.raises(Unreadable, match="document type declaration"):
        book("<!DOCTYPE a><a/>")


@pytest.mark.parametrize(
    ("kind", "macros"), [("vbaProject", True), ("xlMacrosheet", True), ("xlIntlMacrosheet", True), ("theme", False)]
)
def test_macros(kind: str, macros: bool) -> None:
    """Both kinds of program code: today's, and old macro sheets, listed among the sheets or not."""
    extra = f'<Relationship Id="rId9" Type="{OFFICE}/{kind}" Target="other.bin"/></Relationships>'
    assert book(None, {WORKBOOK_RELS_PATH: WORKBOOK_RELS.replace("</Relationships>", extra)}).macros is macros
