"""Numbers that are shown as dates, in words."""

from __future__ import annotations

import pytest

from sendkpi_xl.number_formats import date_in_words
from tests.workbook_parts import WORKBOOK, WORKBOOK_PATH, parts, sheet_of

DAY, TIME, BOTH, ELAPSED = "dd/mm/yyyy", "h:mm", "d-mmm-yy h:mm", "[h]:mm"


@pytest.mark.parametrize(
    ("number", "number_format", "words"),
    [
        (45451, DAY, "8 June 2024"),
        (45451, "d-mmm", "8 June 2024"),
        (45451, "mmmm", "8 June 2024"),
        (45451 + 14.5 / 24, BOTH, "8 June 2024 14:30"),
        (45451 + 14.5 / 24 - 1e-9, BOTH, "8 June 2024 14:30"),
        (45451 - 1e-9, BOTH, "8 June 2024"),
        (45451.5, TIME, "8 June 2024 12:00"),
        (0.5, TIME, "12:00"),
        (0.5, DAY, "0 January 1900 12:00"),
        (0, DAY, "0 January 1900"),
        (1, DAY, "1 January 1900"),
        (59, DAY, "28 February 1900"),
        (60, DAY, "29 February 1900"),
        (61, DAY, "1 March 1900"),
        (30.5, ELAPSED, "732:00"),
        (2958465, DAY, "31 December 9999"),
        (2958466, DAY, ""),
        (-1, DAY, ""),
        (1e300, DAY, ""),
    ],
)
def test_dates_that_count_from_1900(number: float, number_format: str, words: str) -> None:
    """With the leap day that 1900 didn't have, as Excel counts it."""
    assert date_in_words(number, number_format, from_1904=False) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "1 January 1904"), (43989, "8 June 2024"), (60, "1 March 1904"), (2957003, "31 December 9999"), (2957004, "")],
)
def test_dates_that_count_from_1904(number: float, words: str) -> None:
    """The system of older workbooks from a Mac."""
    assert date_in_words(number, DAY, from_1904=True) == words


STYLES = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs>'
ROW = """<row r="1"><c r="A1"><v>43989</v></c><c r="B1" s="1"><v>43989</v></c>
  <c r="C1" s="2"><f>NOW()</f><v>43989.25</v></c><c r="D1" s="1" t="inlineStr"><is><t>43989</t></is></c>
  <c r="E1" s="1"><v>-5</v></c>
  <c r="F1" s="1" t="b"><v>1</v></c>  <c r="G1" s="1"><v> 43989 </v></c></row>"""


@pytest.mark.parametrize(
    ("setting", "year", "day"),
    [
        ("", 2020, "7 June"),
        ("<workbookPr/>", 2020, "7 June"),
        ('<workbookPr date1904="0"/>', 2020, "7 June"),
        ('<workbookPr date1904="1"/>', 2024, "8 June"),
        ('<workbookPr date1904="true"/>', 2024, "8 June"),
    ],
)
def test_a_cells_date_goes_by_its_own_workbook(setting: str, year: int, day: str) -> None:
    """Only numbers in a date's format have one."""
    made = parts(ROW, styles=STYLES) | {WORKBOOK_PATH: WORKBOOK.replace("<sheets>", f"{setting}<sheets>")}
    expected = {"A1": "", "B1": f"{day} {year}", "C1": f"{day} {year} 06:00", "D1": "", "E1": "", "F1": ""}
    assert {cell.address: cell.date for cell in sheet_of(made).cells.values()} == expected | {"G1": f"{day} {year}"}
