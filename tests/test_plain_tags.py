"""The end of a sheet with one data validation of each kind: it is well-formed just when all of it is."""

from __future__ import annotations

from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendkpi_xl.cells import Book
from sendkpi_xl.plain_tags import Validations
from tests.test_plain_parts import read, slowly, unhurried, ways
from tests.workbook_parts import MAIN, ONE_CELL, SHEET_PATH, Parts, parts, zipped

SIX = '<dataValidation type="whole" sqref="I6"><formula1>0</formula1><formula2>I6*2</formula2></dataValidation>'
SEVEN = '<dataValidation type="whole" sqref="I7"><formula1>1</formula1><formula2>I7*9</formula2></dataValidation>'
OTHER = '<dataValidation type="list" sqref="I8"><formula1>"a,b"</formula1></dataValidation>'
PROMPT_1 = '<dataValidation prompt="K001: count" sqref="A1"></dataValidation>'
PROMPT_2 = '<dataValidation prompt="K002: count" sqref="A2"></dataValidation>'


def shortened(tail: bytes) -> bytes:
    return Validations().shortened(tail)


def ending(*validations: str) -> str:
    """The end of a sheet with these data validations, the first of which stands after the beginning of their list."""
    return f'</sheetData><dataValidations count="2">{"".join(validations)}</dataValidations></worksheet>'


def test_validations_that_differ_in_digits_are_judged_once() -> None:
    """Of five validations the first stays, as the list begins with it, and then one of each kind."""
    short = shortened(ending(SIX, SEVEN, SIX, OTHER, PROMPT_1, PROMPT_2).encode()).decode()
    assert short == ending(SIX, SEVEN, OTHER, PROMPT_1)


ALIKE = (
    (SIX, SEVEN, True),
    (PROMPT_1, PROMPT_2, True),
    (SIX, OTHER, False),
    (SIX, SIX.replace("</formula2>", "</formula1>"), False),
    (SIX.replace("</formula2>", "</formula1>"), SIX, False),
    (SIX, SIX.replace("formula1>", "formula3>"), False),
    (SIX.replace("formula1>", "formula3>"), SIX.replace("formula1>", "formula4>"), False),
    (SIX.replace("type", "a1"), SIX.replace("type", "a2"), False),
    (SIX.replace("0<", "&#10;<"), SIX.replace("0<", "&#00;<"), False),
    ('<dataValidation a="1"/><x></dataValidation>', '<dataValidation a="2"/><x></dataValidation>', False),
    ("<dataValidation/></dataValidation>", "<dataValidation/></dataValidation>", False),
    ("</dataValidation>", "</dataValidation>", False),
    ("<x></dataValidation>", "<x></dataValidation>", False),
    ("<!--1--></dataValidation>", "<!--2--></dataValidation>", False),
)


@pytest.mark.parametrize(("one", "other", "alike"), ALIKE)
def test_only_sure_validations_are_left_out(one: str, other: str, alike: bool) -> None:
    """Where a digit may count, or where it isn't sure what a validation's end ends, both are judged."""
    whole = ending(OTHER, one, other)
    assert (shortened(whole.encode()).decode() == ending(OTHER, one)) is alike
    assert (shortened(whole.encode()).decode() == whole) is not alike


def test_validations_of_a_sheet_are_read_quickly() -> None:
    """A sheet with alike validations is read without the handlers, and one with a slip in the second by them alone."""
    made = parts("") | {SHEET_PATH: f'<worksheet xmlns="{MAIN}"><sheetData>{ONE_CELL}{ending(OTHER, SIX, SEVEN)}'}
    assert ways(made) == ["sheet"]
    assert isinstance(read(zipped(made)), Book)
    broken: Parts = {SHEET_PATH: str(made[SHEET_PATH]).replace("9</formula2>", "9</formula1>")}
    assert ways(made | broken) == []
    assert "damaged inside (the sheet 'Return')" in str(read(zipped(made | broken)))


def test_kinds_are_known_throughout_a_workbook() -> None:
    """What one sheet has is not judged again in the next, unless digits in names differ; nor in other workbooks."""
    validations = Validations()
    tails = [ending(OTHER, SIX), ending(OTHER, SEVEN, PROMPT_1), ending(OTHER, SIX.replace("/formula2", "/formula1"))]
    short = [validations.shortened(tail.encode()).decode() for tail in tails]
    assert short == [tails[0], ending(OTHER, PROMPT_1), tails[2]]
    assert shortened(tails[1].encode()).decode() == tails[1]


VALIDATIONS = st.lists(st.sampled_from([SIX, SEVEN, OTHER, PROMPT_1, PROMPT_2]), min_size=2, max_size=5)
SLIPS = [
    *("", "<", ">", "/>", '"', "&", "&#1;", "]]>", " ", "1", "2", "é"),
    *("</dataValidation>", "<dataValidation>", "<!--"),
]


@unhurried
@given(VALIDATIONS, st.sampled_from(SLIPS), st.data())
def test_a_slip_counts_in_whatever_validation_it_is(validations: list[str], slip: str, draw: st.DataObject) -> None:
    """With something cut out or put in anywhere: short and long are well-formed alike, and read alike."""
    text = ending(*validations)
    begin = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(begin, min(len(text), begin + 9)))
    changed = text[:begin] + slip + text[end:]
    opening = f'<worksheet xmlns="{MAIN}"><sheetData>{ONE_CELL}'
    assert is_well_formed(opening + changed) == is_well_formed(opening + shortened(changed.encode()).decode())
    data = zipped(parts("") | {SHEET_PATH: opening + changed})
    assert read(data) == slowly(data)


def is_well_formed(text: str) -> bool:
    try:
        expat.ParserCreate().Parse(text.encode(), True)
    except expat.ExpatError:
        return False
    return True
