"""Figures in words and in Excel's number formats: rounding half up, and the same text in a real spreadsheet program."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendkpi_xl.figures import board_ref, exact, figure, kpi_figure, number_format, places, plain, rounded, to_places
from sendkpi_xl.model import Sign, Unit
from sendkpi_xl.sheetwriter import WorkbookWriter
from tests.conftest import LibreOffice
from tests.rating_cases import kpi_of, lines

SHOWN_TEXT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
"""LibreOffice's CSV with commas, quotes, UTF-8, and every cell as it is shown."""

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SENSIBLE = st.floats(-1e12, 1e12)

FIGURES = """
    value               | unit      | decimals | sign | words
    1462                | count     | 0 |   | 1,462
    0                   | count     | 0 |   | 0
    -0.4                | count     | 0 |   | 0
    2.5                 | count     | 0 |   | 3
    -2.5                | count     | 0 |   | -3
    4.25                | count     | 1 |   | 4.3
    0.85                | %         | 0 |   | 85%
    0.34465             | %         | 2 |   | 34.47%
    0.285               | %         | 0 |   | 29%
    -0.2233             | %         | 2 |   | -22.33%
    0.05                | %         | 0 | < | <5%
    0.9                 | %         | 1 | > | >90.0%
    -0.05               | %         | 0 | < | <-5%
    1                   | %         | 0 |   | 100%
    16880               | £         | 0 |   | £16,880
    31679272            | £         | 0 |   | £31,679,272
    -750000             | £         | 0 |   | -£750,000
    -750000             | £         | 0 | > | >-£750,000
    0.125               | £         | 2 |   | £0.13
    1.005               | £         | 2 |   | £1.01
    16880               | average £ | 0 |   | £16,880
    12                  | weeks     | 0 |   | 12 weeks
    12.25               | weeks     | 1 | < | <12.3 weeks
    """


@pytest.mark.parametrize("line", lines(FIGURES), ids=" ".join)
def test_figure_in_words(line: tuple[str, ...]) -> None:
    """A value reads as the board prints it."""
    value, unit, decimals, sign, words = line
    assert figure(float(value), Unit(unit), int(decimals), Sign(sign)) == words


def test_a_decimal_has_all_its_digits() -> None:
    """A stored number has fifteen digits; a decimal that was worked out is shown with all that it has."""
    assert figure(Decimal("12345678901234567.89"), Unit.MONEY, 2) == "£12,345,678,901,234,567.89"
    assert figure(12345678901234567.89, Unit.MONEY, 2) == "£12,345,678,901,234,600.00"


def test_figure_of_a_kpi() -> None:
    """A KPI's figure has its unit and decimals; no value is no words."""
    kpi = kpi_of("lower", Unit.PERCENT, 1)
    assert [kpi_figure(0.05, kpi, Sign.UNDER), kpi_figure(0.05, kpi), kpi_figure(None, kpi)] == ["<5.0%", "5.0%", ""]


@pytest.mark.parametrize("unit", Unit)
@given(number=FINITE)
def test_every_finite_number_has_words(unit: Unit, number: float) -> None:
    """No finite number is too large or too small for words."""
    assert figure(number, unit, 2)


@given(number=SENSIBLE, decimals=st.integers(0, 6))
def test_rounding_is_half_up(number: float, decimals: int) -> None:
    """A number is rounded half away from zero from the fifteen digits that Excel has of it."""
    step = Decimal(1).scaleb(-decimals)
    assert rounded(number, Unit.COUNT, decimals) == Decimal(f"{number:.15g}").quantize(step, ROUND_HALF_UP)
    assert rounded(number, Unit.PERCENT, decimals) == rounded(number, Unit.COUNT, decimals + 2)


@given(number=SENSIBLE, decimals=st.integers(0, 6))
def test_rounding_is_symmetric_and_settled(number: float, decimals: int) -> None:
    """Rounding treats both signs alike, moves at most half a step, and rounding again changes nothing."""
    once = rounded(number, Unit.COUNT, decimals)
    assert rounded(-number, Unit.COUNT, decimals) == -once
    assert abs(once - exact(number)) <= Decimal(5).scaleb(-decimals - 1)
    assert to_places(once, decimals) == once


def test_halves_go_up_where_python_goes_to_the_even_digit() -> None:
    """The halves on which Python's own round differs."""
    assert [str(rounded(value, Unit.COUNT, 0)) for value in (0.5, 1.5, 2.5, -0.5, -2.5)] == ["1", "2", "3", "-1", "-3"]
    assert [round(value) for value in (0.5, 1.5, 2.5, -0.5, -2.5)] == [0, 2, 2, 0, -2]
    assert (str(rounded(0.125, Unit.COUNT, 2)), round(0.125, 2)) == ("0.13", 0.12)


def test_exact_is_free_of_noise() -> None:
    """A stored double stands for the decimal that a person typed or that Excel shows."""
    numbers = (0.1 + 0.2, 1.1 * 3, 0.34464999999999996, 31_679_272.0, 0.000123, -2.5, 1e22)
    texts = ("0.3", "3.3", "0.34465", "31679272", "0.000123", "-2.5", "1E+22")
    assert [exact(number) for number in numbers] == [Decimal(text) for text in texts]


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 15))
def test_exact_gives_back_what_was_typed(digits: int, shift: int) -> None:
    """Every decimal of up to fifteen digits comes back as it was typed."""
    typed = Decimal(digits).scaleb(-shift)
    assert exact(float(typed)) == typed


def test_plain_numbers() -> None:
    """A number for text files has neither unit nor needless digits, and is never in scientific notation."""
    numbers = (1462.0, 0.112, 0.1 + 0.2, 0.0, -0.5, 1e15, 0.00001, 100.0, 7.0 / 100 * 100)
    assert [plain(number) for number in numbers] == [
        "1462",
        "0.112",
        "0.3",
        "0",
        "-0.5",
        "1000000000000000",
        "0.00001",
        "100",
        "7",
    ]


def test_board_refs_are_numbers_where_they_can_be() -> None:
    """A table sorts 9 before 10, so a ref that is a number is written as one; any other stays as it is."""
    assert [board_ref(ref) for ref in ("9", "10", "3a", "")] == [9, 10, "3a", ""]


@given(SENSIBLE)
def test_plain_numbers_read_back(number: float) -> None:
    """The text of a number is the number again, to fifteen digits."""
    assert Decimal(plain(number)) == exact(number)


FORMATS = """
    unit      | decimals | sign | code
    count     | 0 |   | #,##0
    count     | 1 |   | #,##0.0
    %         | 0 |   | 0%
    %         | 2 |   | 0.00%
    %         | 0 | < | "<"0%;"<"-0%
    £         | 0 |   | "£"#,##0;-"£"#,##0
    £         | 2 | > | ">""£"#,##0.00;">"-"£"#,##0.00
    average £ | 0 |   | "£"#,##0;-"£"#,##0
    weeks     | 0 |   | #,##0" weeks"
    """


@pytest.mark.parametrize("line", lines(FORMATS), ids=" ".join)
def test_number_formats(line: tuple[str, ...]) -> None:
    """Each unit's number format; a sign stands before the number, also before its minus."""
    unit, decimals, sign, code = line
    assert number_format(Unit(unit), int(decimals), Sign(sign)) == code


def values_to_show() -> Iterator[tuple[float, Unit, int, Sign]]:
    """Values of each unit, decimals and sign: round ones, halves, large and negative ones, and some from a seed.

    Two kinds are left out: a negative value that rounds to nothing, whose minus a spreadsheet keeps, and a percentage
    such as 28.5% whose hundredfold in binary (28.499999999999996) LibreOffice rounds down where Excel does not.
    """
    random = Random(44)
    for unit, decimals, sign in product(Unit, (0, 1, 2), Sign):
        step = 10.0 ** -places(unit, decimals)
        fixed = [0.0, 1.0, -1.0, 2.5, 0.125, -0.285, 0.34465, 999.5, 1462.0, 31_679_272.0, -750_000.49, 1e9]
        halves = [step * (number + 0.5) for number in (0, 1, 2, 7, 1234)]
        spread = [random.uniform(-1, 1) * 10.0 ** random.randint(0, 8) for _ in range(12)]
        for value in (*fixed, *halves, *(-half for half in halves), *spread):
            minus_nothing = value < 0 and rounded(value, unit, decimals) == 0
            if not minus_nothing and not (unit is Unit.PERCENT and value * 100 != float(exact(value) * 100)):
                yield value, unit, decimals, sign


@pytest.mark.libreoffice
def test_number_format_shows_what_the_words_say(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """For more than 1,000 values LibreOffice shows in the cell exactly what the sentence calls them."""
    writer = WorkbookWriter("Figures", "Formats against words", datetime(2021, 6, 30))
    page = writer.page("Figures")
    values = list(values_to_show())
    for row, (value, unit, decimals, sign) in enumerate(values):
        page.put(row, 0, value, num_format=number_format(unit, decimals, sign))
    path = tmp_path / "figures.xlsx"
    path.write_bytes(writer.close())
    text = libreoffice.convert(path, SHOWN_TEXT, tmp_path).read_text(encoding="utf-8")
    shown = [fields[0] for fields in csv.reader(text.splitlines())]
    assert len(shown) > 1000
    words = [figure(value, unit, decimals, sign) for value, unit, decimals, sign in values]
    assert [pair for pair in zip(values, shown, words, strict=True) if pair[1] != pair[2]] == []
