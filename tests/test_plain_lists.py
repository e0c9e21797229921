"""The quick way to read relationships and properties: whatever it reads, the parser's handlers read the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendkpi_xl import package, properties
from sendkpi_xl.cells import Book
from sendkpi_xl.plain_lists import plain_properties, plain_relationships
from tests.test_plain_parts import read, unhurried
from tests.workbook_parts import OFFICE, PACKAGE_RELS_PATH, WORKBOOK_RELS_PATH, Parts, parts, zipped

DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
SHEET = f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dcterms="d"><dcterms:created/><cp:lastModifiedBy>J Doe</cp:lastModifiedBy>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">2021-07-03T10:02:00Z</dcterms:modified></cp:coreProperties>'
)


def slowly(data: bytes) -> Book | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "plain_relationships", lambda _: None)
        patch.setattr(properties, "plain_properties", lambda _: None)
        return read(data)


def with_core(core: str) -> Parts:
    starts = (
        f'<Relationships xmlns="r"><Relationship Id="1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        '<Relationship Id="2" Type="x/core-properties" Target="core.xml"/></Relationships>'
    )
    return parts() | {PACKAGE_RELS_PATH: starts, "core.xml": core}


# Around a relationship, and what is changed in it.
RELATIONSHIPS = [
    (DECLARED + '<Relationships xmlns="r">{}</Relationships>', "", "", True),
    ("<Relationships>\n  {0}\n  {0}</Relationships>\n", "/>", " />", True),
    ("<Relationships>{}</Relationships>", "rId1", "rId9", True),
    ("<Relationships>{}</Relationships>", "/>", ' TargetMode="External"/>', True),
    ("<Relationships></Relationships>", "", "", True),
    ("<Relationships/>", "", "", False),
    ("<r:Relationships>{}</r:Relationships>", "<", "<r:", False),
    ("<Relationships>{}</Relationships>", "/>", "></Relationship>", False),
    ("<Relationships>{}</Relationships>", "worksheets", "&#119;orksheets", False),
    ("<Relationships>{}</Relationships>", "Id=", 'Id="" Id=', False),
    ("<Relationships>{}</Relationships>", "sheet1", "é", False),
    ("<Relationships>{}</Relationships>", "rId1", "rId1\t", False),
    ("<Relationships>{}<!-- --></Relationships>", "", "", False),
    ("<!DOCTYPE a><Relationships>{}</Relationships>", "", "", False),
    ("<Relationships>{}</Relationships><a/>", "", "", False),
    ("<Relationships>{}", "", "", False),
]


@pytest.mark.parametrize(("around", "old", "new", "quickly"), RELATIONSHIPS)
def test_relationships_are_read_alike(around: str, old: str, new: str, quickly: bool) -> None:
    """As programs write them by one pattern; what is unusual or broken by the handlers."""
    content = around.format(SHEET.replace(old, new) if old else SHEET)
    assert (plain_relationships(content.encode()) is not None) is quickly
    data = zipped(parts() | {WORKBOOK_RELS_PATH: content})
    assert read(data) == slowly(data)


PROPERTIES = [
    (DECLARED + CORE, True),
    (CORE.replace("><", ">\n<"), True),
    (CORE.replace("J Doe", ""), True),
    (CORE.replace("<dcterms:created/>", "<cp:lastModifiedBy>the first</cp:lastModifiedBy>"), True),
    (CORE.replace("J Doe", "J &amp; D"), False),
    (CORE.replace("J Doe", "Zoë"), False),
    (CORE.replace("J Doe", "<b>J</b>"), False),
    (CORE.replace("J Doe", "J</cp:x>"), False),
    (CORE.replace('xmlns:dcterms="d"', 'xmlns:cp="d"'), False),
    (CORE.replace("cp:coreProperties", "coreProperties"), False),
    (CORE + "<a/>", False),
    (CORE[:-3], False),
]


@pytest.mark.parametrize(("core", "quickly"), PROPERTIES)
def test_properties_are_read_alike(core: str, quickly: bool) -> None:
    """As programs write them by one pattern; what is unusual or broken by the handlers."""
    assert (plain_properties(core.encode()) is not None) is quickly
    data = zipped(with_core(core))
    assert read(data) == slowly(data)


def test_who_saved_a_workbook_and_when() -> None:
    """Out of properties that are read the quick way."""
    book = read(zipped(with_core(CORE)))
    assert isinstance(book, Book)
    assert (book.saved_by, book.saved_at) == ("J Doe", "2021-07-03 10:02")


@unhurried
@given(st.data())
def test_both_ways_agree_on_damaged_lists(draw: st.DataObject) -> None:
    """Pieces of a list cut out, doubled or changed."""
    made = with_core(DECLARED + CORE) | {WORKBOOK_RELS_PATH: f'<Relationships xmlns="r">{SHEET}</Relationships>'}
    path = draw.draw(st.sampled_from([PACKAGE_RELS_PATH, WORKBOOK_RELS_PATH, "core.xml"]))
    text = str(made[path])
    begin = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(begin, min(len(text), begin + 12)))
    between = draw.draw(
        st.sampled_from(["", "<", ">", "/>", '"', "'", "&", "]]>", " ", "é", "\x01", text[begin:end] * 2])
    )
    data = zipped(made | {path: text[:begin] + between + text[end:]})
    assert read(data) == slowly(data)
