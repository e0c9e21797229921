"""Exact edits of XML parts: where elements stand, what an edit changes, and what it must leave alone."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendkpi_xl.note_xml import XmlPart, cell_text, escaped, retagged, unescaped
from tests.board_view import parts_of
from tests.sound_workbook import faults_of
from tests.test_note_edits import in_part, rebuilt
from tests.workbooks import template

PART = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- kept --><list xmlns='u' note="a > b"  ><one a = '1'/><two>t&amp;<three
 b="/>"></three ></two></list >
"""


def test_where_elements_stand() -> None:
    """However a start tag is written, its element's bytes are known from the first to the last."""
    part = XmlPart(PART, "u")
    two = part.root.only("two")
    shown = [part.raw(each) for each in (part.root.only("one"), two, two.only("three"))]
    three = b'<three\n b="/>"></three >'
    assert shown == [b"<one a = '1'/>", b"<two>t&amp;" + three + b"</two>", three]
    assert part.raw(part.root) == PART[PART.index(b"<list") :].rstrip()
    assert (two.text, part.root.attributes["note"]) == ("t&", "a > b")


def edited(edit: Callable[[XmlPart], None]) -> bytes:
    """The part after an edit, without what stands before its first element."""
    part = XmlPart(PART, "u")
    edit(part)
    content = part.content()
    assert content.startswith(PART[: PART.index(b"<list")])
    return content[PART.index(b"<list") :].rstrip()


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda part: None, b"<one a = '1'/><two>"),
        (lambda part: part.remove(part.root.only("one")), b'note="a > b"  ><two>'),
        (lambda part: part.change(part.root.only("one"), {"a": "2"}), b'<one a="2"/><two>'),
        (lambda part: part.change(part.root.only("one"), {"a": None, "c": '"'}), b'<one c="&quot;"/><two>'),
        (
            lambda part: part.append(part.root.only("one"), b"<new/>", {"n": "1"}),
            b"<one a = '1' n=\"1\"><new/></one><two>",
        ),
        (lambda part: part.append(part.root.only("two"), b"<new/>"), b"</three ><new/></two></list >"),
        (lambda part: part.insert(part.place_after({"one"}), "<new/>"), b"<one a = '1'/><new/><two>"),
        (lambda part: part.insert(part.place_after({"none"}), "<new/>"), b'note="a > b"  ><new/><one'),
        (lambda part: part.insert(part.root.inner, "<t>£</t>"), b'note="a > b"  ><t>&#163;</t><one'),
    ],
)
def test_an_edit_changes_its_place_and_nothing_else(edit: Callable[[XmlPart], None], expected: bytes) -> None:
    """Each edit shows at its place, and what stands before and behind it is as it was."""
    content = edited(edit)
    assert expected in content
    before, after = content.split(expected)
    assert PART.find(before) >= 0
    assert PART.rstrip().endswith(after)
    ET.fromstring(content)


def test_own_elements_take_the_prefix_of_the_part() -> None:
    """In a part whose elements have a prefix what is put in has it too, but not what has another prefix already."""
    part = XmlPart(b'<x:list xmlns:x="u"><x:one/></x:list>', "u")
    part.insert(part.root.inner, '<new a="1"><v:in/></new>')
    assert part.content() == b'<x:list xmlns:x="u"><x:new a="1"><v:in/></x:new><x:one/></x:list>'


@pytest.mark.parametrize(
    "data",
    [
        "<list xmlns='u'/>".encode("utf-16"),
        b'<!DOCTYPE list [<!ENTITY a "a">]><list xmlns="u">&a;</list>',
        b"<list xmlns='other'/>",
        b"<list/>",
        b"<list xmlns='u'>",
    ],
    ids=["without ASCII", "a declaration", "another namespace", "no namespace", "cut off"],
)
def test_a_part_that_is_not_sure_is_not_edited(data: bytes) -> None:
    """Where the bytes may not be what they seem no edit is begun."""
    with pytest.raises(Exception, match=r"ASCII|declaration|namespace|no element"):
        XmlPart(data, "u")


def test_two_edits_of_one_place_are_refused() -> None:
    """An element that is taken out cannot be changed as well; edits side by side can be made in any order."""
    part = XmlPart(PART, "u")
    part.remove(part.root.only("two"))
    part.change(part.root.only("two").only("three"), {"b": "1"})
    with pytest.raises(ValueError, match="two edits of one place"):
        part.content()
    part = XmlPart(PART, "u")
    part.remove(part.root.only("two"))
    part.remove(part.root.only("one"))
    assert part.content().endswith(b'note="a > b"  ></list >\n')


@given(
    st.dictionaries(st.sampled_from("abcd"), st.none() | st.text(st.characters(exclude_categories=["C"]), max_size=9))
)
def test_attributes_are_set_whatever_they_hold(changes: dict[str, str | None]) -> None:
    """What is set reads back, what is taken out is gone, the others are as they were."""
    tag = ET.fromstring(retagged(b'<e a=\'&lt;1\' b = "2" z:c="3"/>'.replace(b"z:", b""), changes))
    expected = {"a": "<1", "b": "2", "c": "3", **changes}
    assert tag.attrib == {key: value for key, value in expected.items() if value is not None}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_texts_read_back(text: str) -> None:
    """Whatever a text holds, it is the same once it has been through a part."""
    element = ET.fromstring(f'<e a="{escaped(text)}">{escaped(text)}</e>')
    assert (element.get("a"), element.text or "") == (text, text)


def test_what_looks_like_an_escape_of_excel_stays_text() -> None:
    """Excel reads `_x0041_` as the letter A, so it is written in another way."""
    assert cell_text("_x0041_ & _x") == '<t xml:space="preserve">_x005F_x0041_ &amp; _x</t>'
    assert unescaped("_x005F_x0041_ & _x _x0041_") == "_x0041_ & _x A"


# --- The looking itself ---------------------------------------------------------------------------------------------

SHEET = "xl/worksheets/sheet2.xml"
BROKEN = {
    "worksheet holds": in_part(SHEET, b"<pageMargins", b"<hyperlinks/><legacyDrawing/><pageMargins"),
    "cells out of order": in_part(SHEET, b'r="B6"', b'r="A6"'),
    "no format 9999": in_part(SHEET, b'<row r="6" ', b'<row r="6" s="9999" '),
    "two references": in_part("xl/_rels/workbook.xml.rels", b'Id="rId2"', b'Id="rId1"'),
    "refers to nothing": in_part("xl/_rels/workbook.xml.rels", b"styles.xml", b"style.xml"),
    "refers to an id that is not there": in_part("xl/workbook.xml", b'r:id="rId2"', b'r:id="rId99"'),
    "a content type for no part": in_part("[Content_Types].xml", b"/xl/theme/", b"/xl/themes/"),
    "not the content type of an .xlsx": in_part("[Content_Types].xml", b".sheet.main", b".template.main"),
    "two sheets with sheetId": in_part("xl/workbook.xml", b'sheetId="2"', b'sheetId="1"'),
    "no sheet 7": in_part("xl/workbook.xml", b'localSheetId="1"', b'localSheetId="7"'),
    "cellXfs says": in_part("xl/styles.xml", b"</cellXfs>", b'<xf fontId="0"/></cellXfs>'),
    "refers to fontId": in_part("xl/styles.xml", b'fontId="1"', b'fontId="99"'),
    "another number of columns": in_part(
        "xl/tables/table1.xml", b"<tableColumns count=", b'<tableColumns count="1" n='
    ),
    "a table's columns": in_part("xl/tables/table2.xml", b'name="Comment"', b'name="Remark"'),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_faults_are_found(fault: str) -> None:
    """The tests' own look at a workbook finds each fault that it is there to find; a template has none."""
    assert faults_of(template()) == []
    assert fault in " ".join(faults_of(rebuilt(template(), BROKEN[fault])))


def test_two_parts_of_one_name_are_found() -> None:
    """So is a part that is there twice."""
    data = rebuilt(template(), lambda _, part: part, {"XL/workbook.xml": parts_of(template())["xl/workbook.xml"]})
    assert "two parts called xl/workbook.xml" in faults_of(data)
