"""The fields of rows that people edited: what each comes to, and the finding where it comes to nothing."""

from __future__ import annotations

from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.cells import Cell, Kind
from sendkpi_xl.fields import Fields, parse_number
from sendkpi_xl.reading import Finding, Place, Severity
from sendkpi_xl.tables import Row
from tests.workbooks import typed_cell

ANY_NUMBER = "A number, or an empty cell."


class Size(StrEnum):
    SMALL = "small"
    LARGE = "Large"
    NONE = ""


def row(cell: Cell | None, kpi_id: str = "K01") -> Row:
    """Row 6 of a sheet with an id in A and the field in I."""
    cells = {"id": replace(typed_cell(kpi_id), column=1)} | ({"field": cell} if cell else {})
    return Row("list.xlsx", "KPIs", 6, cells, {"id": 1, "field": 9})


def finding(code: str, found: str, expected: str, action: str) -> Finding:
    return Finding(code, Severity.MUST_FIX, Place("list.xlsx", "KPIs", "I6"), found, expected, action, "K01")


def empty(expected: str) -> Finding:
    return finding("T05", "The cell is empty.", expected, "Fill it in.")


def no_number(found: str, expected: str = ANY_NUMBER) -> Finding:
    return finding("T04", f"“{found}” is not a number that fits here.", expected, "Type the number alone.")


# Text


def test_text_is_taken_without_the_spaces_round_it() -> None:
    """A field's words, and nothing for an empty cell that may be empty."""
    fields = Fields()
    assert fields.text(row(typed_cell(" Head of service ")), "field") == "Head of service"
    assert fields.text(row(None), "field") == ""
    assert fields.text(row(typed_cell("x")), "field", needed="A name.") == "x"
    assert fields.findings == []


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (Cell(6, 9, Kind.ERROR, "#REF!", "#REF!", True, "General"), "The cell shows #REF!."),
        (Cell(6, 9, Kind.EMPTY, "", None, True, "General"), "The cell holds a formula that has no saved result."),
    ],
)
def test_an_error_is_no_text_and_no_choice(cell: Cell, found: str) -> None:
    """An error, or a formula that was never worked out, is said to be one wherever words are read."""
    fields = Fields()
    assert fields.text(row(cell), "field") == ""
    assert fields.choice(row(cell), "field", Size) is None
    assert fields.text(row(cell), "field", needed="A name.") == ""
    assert [(each.subject, each.found, each.expected) for each in fields.findings] == [
        ("K01", found, "A text, or an empty cell."),
        ("K01", found, "One of: small, Large."),
        ("K01", found, "A name."),
    ]


@pytest.mark.parametrize("cell", [None, typed_cell(" \u00a0")])
def test_an_empty_cell_that_is_needed_is_a_finding(cell: Cell | None) -> None:
    """Where words are needed, an empty cell says what is expected."""
    fields = Fields()
    assert fields.text(row(cell), "field", needed="The KPI's title.") == ""
    assert fields.findings == [empty("The KPI's title.")]


# Choices


@pytest.mark.parametrize(("text", "choice"), [("small", Size.SMALL), (" LARGE ", Size.LARGE), ("Small", Size.SMALL)])
def test_a_choice_is_known_in_any_case(text: str, choice: Size) -> None:
    """Large and small letters and the spaces round a choice do not count."""
    fields = Fields()
    assert fields.choice(row(typed_cell(text)), "field", Size) is choice
    assert fields.findings == []


def test_an_unknown_choice_is_told_with_the_choices() -> None:
    """What is none of the choices names them, and the one that may be meant; a long one is cut."""
    fields = Fields()
    assert fields.choice(row(typed_cell("smal")), "field", Size) is None
    assert fields.choice(row(typed_cell("x" * 200)), "field", Size) is None
    assert fields.findings == [
        finding(
            "T03",
            "“smal” is not one of the choices.",
            "One of: small, Large.",
            "Choose from the drop-down (did you mean “small”?).",
        ),
        finding(
            "T03", f"“{'x' * 79}…” is not one of the choices.", "One of: small, Large.", "Choose from the drop-down."
        ),
    ]


def test_an_empty_choice_is_a_finding_unless_it_stands_for_one() -> None:
    """An empty cell is asked about, except where the column says what empty means."""
    fields = Fields()
    assert fields.choice(row(None), "field", Size, Size.NONE) is Size.NONE
    assert fields.findings == []
    # A choice whose own value is empty stands for an empty cell by itself.
    assert fields.choice(row(None), "field", Size) is Size.NONE
    assert fields.findings == []


def test_an_empty_cell_without_an_empty_choice_is_a_finding() -> None:
    """Nothing was chosen, and nothing is assumed."""

    class Answer(StrEnum):
        YES = "yes"
        NO = "no"

    fields = Fields()
    assert fields.choice(row(None), "field", Answer) is None
    assert fields.findings == [empty("One of: yes, no.")]


@pytest.mark.parametrize(("text", "answer"), [("yes", True), ("YES", True), ("no", False), ("", False)])
def test_a_yes_or_no_is_no_when_empty(text: str, answer: bool) -> None:
    """Yes in any case is a yes; an empty cell is a no."""
    fields = Fields()
    assert fields.yes(row(typed_cell(text)), "field") is answer
    assert fields.findings == []


def test_a_maybe_is_neither_yes_nor_no() -> None:
    """Another word is asked about, and counts as no."""
    fields = Fields()
    assert fields.yes(row(typed_cell("maybe")), "field") is False
    assert [each.code for each in fields.findings] == ["T03"]


# Numbers


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (None, None),
        (typed_cell(0), 0.0),
        (typed_cell(0.85, "0%"), 0.85),
        (typed_cell("85%"), 0.85),
        (typed_cell("£1,234"), 1234.0),
    ],
)
def test_a_number_may_be_stored_as_text(cell: Cell | None, number: float | None) -> None:
    """Numbers and numbers as text are numbers; an empty cell is none, and never zero."""
    fields = Fields()
    assert fields.number(row(cell), "field") == number
    assert fields.findings == []


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (typed_cell("about 5"), "about 5"),
        (typed_cell(True), "TRUE"),
        (typed_cell(44355, "dd/mm/yyyy"), "a date (stored as 44355)"),
        (replace(typed_cell("#DIV/0!"), kind=Kind.ERROR), "#DIV/0!"),
        (typed_cell(None), ""),
        (typed_cell("x" * 200), "x" * 79 + "…"),
    ],
)
def test_what_is_no_number_is_a_finding(cell: Cell, found: str) -> None:
    """Words, dates, errors and formulas without a result are not taken for numbers."""
    fields = Fields()
    assert fields.number(row(cell), "field") is None
    assert fields.findings == [no_number(found)]


@pytest.mark.parametrize(
    ("cell", "number"), [(None, None), (typed_cell(0), 0), (typed_cell(7.0), 7), (typed_cell("12"), 12)]
)
def test_a_whole_number_within_its_limits_is_taken(cell: Cell | None, number: int | None) -> None:
    """A whole number from the least to the most, or nothing where the cell is empty."""
    fields = Fields()
    assert fields.whole(row(cell), "field", most=12) == number
    assert fields.findings == []


@pytest.mark.parametrize("entry", [7.5, -1, 13, "1.5", "thirteen"])
def test_a_number_that_is_not_whole_or_out_of_its_limits_is_a_finding(entry: float | str) -> None:
    """Halves, negatives, numbers beyond the limit and words: one finding each."""
    fields = Fields()
    assert fields.whole(row(typed_cell(entry)), "field", most=12) is None
    assert fields.findings == [no_number(str(entry), "A whole number from 0 to 12.")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0.0),
        ("42", 42.0),
        (" 42 ", 42.0),
        ("4.5", 4.5),
        (".5", 0.5),
        ("-3", -3.0),
        ("\u22123", -3.0),
        ("1,234", 1234.0),
        ("31,679,272.50", 31_679_272.5),
        ("£5", 5.0),
        ("-£5", -5.0),
        ("£ -5", -5.0),
        ("85%", 0.85),
        ("85.3 %", 0.853),
        ("-22.33%", -0.2233),
        ("１２", 12.0),
        ("999999999999999", 999_999_999_999_999.0),
        ("1000000000000000", None),
        ("9" * 41, None),
        ("9" * 400, None),
        ("", None),
        ("-", None),
        ("--5", None),
        ("-£-5", None),
        ("5-", None),
        ("5.", None),
        ("1,2", None),
        ("12,34", None),
        ("1,2345", None),
        (",5", None),
        ("1.234,5", None),
        ("1 234", None),
        ("1e5", None),
        ("6/8", None),
        ("(123)", None),
        ("%", None),
        ("£5%", None),
        ("five", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_a_number_as_people_write_it(text: str, number: float | None) -> None:
    """Commas between thousands, a pound sign before, a % sign after; whatever else is no number."""
    assert parse_number(text) == number


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=80) | st.text(alphabet="0123456789,.-£% \u2212١", max_size=45))
def test_no_text_makes_reading_a_number_fail(text: str) -> None:
    """Any text comes to a number of ordinary size, or to none."""
    number = parse_number(text)
    assert number is None or abs(number) < 1e15


@settings(deadline=None, max_examples=200)
@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_a_number_written_with_commas_reads_back(digits: int, decimals: int) -> None:
    """What Python writes with thousands commas, as money or as a percentage, reads back to the digit."""
    number = digits / 10**decimals
    assert parse_number(f"{number:,.{decimals}f}") == number
    assert parse_number(f"£{number:,.{decimals}f}") == number
    assert parse_number(f"{number:,.{decimals}f}%") == float(f"{number:.{decimals}f}e-2")
