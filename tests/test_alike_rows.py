"""Rows of a long table that are alike: what is read of them by their pattern, the parser's handlers read the same."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendkpi_xl import alike_rows, plain_sheet
from sendkpi_xl.alike_rows import AlikeRows
from sendkpi_xl.cells import Book
from sendkpi_xl.sheet_reader import SheetReader
from tests.test_plain_parts import STRINGS, STYLES, read, slowly, unhurried
from tests.workbook_parts import parts, zipped

Counted = list[tuple[int, int]]


def workbook(rows: Iterable[str]) -> bytes:
    return zipped(parts("".join(rows), "".join(STRINGS), STYLES))


def quickly(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[Book | str, int, bool]:
    """What is read when no sheet is too short to look for rows that are alike, how many were, and if handlers read."""
    alike, handled = 0, False
    take, start = AlikeRows._keep, SheetReader._start_cell

    def counting(self: AlikeRows, slots: list[alike_rows.Slot], rows: list[tuple[str, ...]]) -> bool:
        nonlocal alike
        kept = take(self, slots, rows)
        alike += len(rows) * kept
        return kept

    def noting(self: SheetReader, tag: str, attributes: dict[str, str]) -> None:
        nonlocal handled
        handled = True
        start(self, tag, attributes)

    with monkeypatch.context() as patch:
        patch.setattr(plain_sheet, "LONG", 0)
        patch.setattr(AlikeRows, "_keep", counting)
        patch.setattr(SheetReader, "_start_cell", noting)
        return read(data), alike, handled


def table(row: str, *values: tuple[str, ...]) -> list[str]:
    """Rows of one form from row 11 on: `#` in it is the row's number, each `?` one of its values."""
    made = []
    for number, each in enumerate(values, 11):
        text = row.replace("#", str(number))
        for value in each:
            text = text.replace("?", value, 1)
        made.append(text)
    return made


ROW = (
    '<row r="#" spans="1:9" ht="15"><c r="A#" t="s"><v>?</v></c><c r="B#" s="1"/>'
    '<c r="C#" s="1"><f aca="false">A#*2</f><v>?</v></c><c r="D#" s="2"><v>?</v></c></row>'
)


def test_rows_that_are_alike_are_read_by_their_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shared texts, blanks, formulas and dates: the first two rows are read the general way, the others all at once."""
    rows = table(ROW, ("0", "1", "44377"), ("1", "-2.5", "0.5"), ("3", "0.1", "44378"), ("0", "007", "1"))
    book, alike, handled = quickly(workbook(rows), monkeypatch)
    assert (alike, handled) == (2, False)
    assert book == slowly(workbook(rows))
    assert isinstance(book, Book)
    assert [(cell.address, cell.raw, cell.formula, cell.date) for cell in book.sheets[0].cells.values()][6:] == [
        ("A13", "rich text\r", False, ""),
        ("C13", "0.1", True, ""),
        ("D13", "44378", False, "1 July 2021"),
        ("A14", "one", False, ""),
        ("C14", "007", True, ""),
        ("D14", "1", False, "1 January 1900"),
    ]


def test_cells_stay_in_the_order_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A title among rows that are alike, and another form of rows after them."""
    rows = table(ROW, *[("0", "1", "2")] * 4)
    rows.insert(3, '<row r="99"><c r="B99" t="str"><v>title</v></c></row>')
    rows += [row.replace(' s="1"', ' s="0"') for row in table(ROW.replace("#", "2#"), *[("1", "1", "2")] * 4)]
    book, alike, handled = quickly(workbook(rows), monkeypatch)
    assert (alike, handled) == (4, False)
    assert isinstance(book, Book)
    slow = slowly(workbook(rows))
    assert isinstance(slow, Book)
    assert list(book.sheets[0].cells.items()) == list(slow.sheets[0].cells.items())


UNLIKE = [
    pytest.param('<row r="#"><c r="A#" t="str"><v>?</v></c></row>', id="texts of their own"),
    pytest.param('<row r="#"><c r="A#"><f t="shared" si="0"/><v>?</v></c></row>', id="shared formulas"),
    pytest.param('<row r="#"><c r="A#"><f>[1]S!A#</f><v>?</v></c></row>', id="links to other workbooks"),
    pytest.param('<row r="#" hidden="1"><c r="A#"><v>?</v></c></row>', id="hidden rows"),
    pytest.param('<row r="#" ht="#"><c r="A#"><v>?</v></c></row>', id="the row's number elsewhere in the row"),
    pytest.param('<row r="#"><c r="A#" s="#"><v>?</v></c></row>', id="the row's number as a style"),
    pytest.param('<row r="#"/><row r="2#"><c r="A2#"><v>?</v></c></row>', id="a row that is empty before each"),
    pytest.param('<row r="#"><c r="A#" t="inlineStr"><is><t>a</t></is></c><c r="B#"><v>?</v></c></row>', id="inline"),
]


@pytest.mark.parametrize("row", UNLIKE)
def test_rows_that_tell_more_are_read_the_general_way(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However alike they are."""
    data = workbook(table(row, *[("1",)] * 5))
    assert quickly(data, monkeypatch)[:2] == (slowly(data), 0)


DOUBTFUL = [
    pytest.param(("2", "1"), id="an empty text"),
    pytest.param(("99", "1"), id="no such text"),
    pytest.param(("-1", "1"), id="no place of a text"),
    pytest.param(("0", "nan"), id="Python's word for no number"),
    pytest.param(("0", "1_0"), id="a number as Python writes it"),
    pytest.param(("0", " 1"), id="a blank"),
    pytest.param(("0", "1e999"), id="too large a number"),
    pytest.param(("0", "9" * 400), id="too long a number"),
    pytest.param(("0", "1-2"), id="no number"),
    pytest.param(("0", "-1.5E-7"), id="a small number"),
    pytest.param(("0", ""), id="nothing"),
    pytest.param(("0", "٣"), id="another script's digit"),
    pytest.param(("0", "&#49;"), id="a reference"),
]


@pytest.mark.parametrize("values", DOUBTFUL)
def test_a_doubtful_value_is_left_to_the_general_way(values: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """In the midst of rows that are alike: read, or refused in the same words."""
    row = '<row r="#"><c r="A#" t="s"><v>?</v></c><c r="B#"><v>?</v></c></row>'
    data = workbook(table(row, ("0", "1"), ("0", "1"), ("0", "1"), values, ("1", "2")))
    assert quickly(data, monkeypatch)[0] == slowly(data)


@pytest.mark.parametrize("number", ["12", "0", "1048577", "99999999", "x", "", "-1", "1 ", "٣"])
def test_rows_with_an_unusual_number(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the same, before Excel's first or beyond its last, or none: read, or refused in the same words."""
    row = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
    data = workbook([*map(row.format, ("11", "12", "13")), row.format(number), row.format("20")])
    assert quickly(data, monkeypatch)[0] == slowly(data)


def test_unlike_rows_end_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where row after row is new, those that are alike at the end are read the general way too."""
    monkeypatch.setattr(alike_rows, "MOST_UNLIKE", 3)
    new = [f'<row r="{row}" ht="{row}.5"><c r="A{row}"><v>1</v></c></row>' for row in range(1, 7)]
    data = workbook([*new, *table(ROW, *[("0", "1", "2")] * 5)])
    assert quickly(data, monkeypatch) == (slowly(data), 0, False)


NUMBERS = st.integers(0, 30).map(str)
FORMS = st.lists(
    st.sampled_from(
        [
            *('<c r="{}#" t="s"><v>?</v></c>', '<c r="{}#"><v>?</v></c>', '<c r="{}#" s="2" t="n"><v>?</v></c>'),
            *('<c r="{}#" s="1"/>', '<c r="{}#" s="1" t="n" />', '<c r="{}#" s="1"></c>', '<c r="{}1"><v>?</v></c>'),
            *('<c r="{}#"><f>A#&lt;1</f><v>?</v></c>', '<c r="{}#"><f/><v>?</v></c>', '<c r="{}#"><f>1</f></c>'),
            *('<c r="{}#" t="b"><v>?</v></c>', '<c r="{}#" t="str"><f>A#</f><v>?</v></c>', '<c r="{}#" s="#"/>'),
            '<c r="{}#" t="inlineStr"><is><t>v>a #</t></is></c>',
        ]
    ),
    min_size=1,
    max_size=4,
).map(lambda cells: '<row r="#">' + "".join(map(str.format, cells, "ABCD")) + "</row>")
VALUES = st.sampled_from(["0", "1", "1", "1", "3", "0.5", "45000", "-7", "2", "99", "1E3", "", "a", " 1"])


@unhurried
@given(st.data(), st.lists(FORMS, min_size=1, max_size=3))
def test_both_ways_read_the_same(draw: st.DataObject, forms: list[str]) -> None:
    """Tables in which rows of a few forms follow one another, with any values and numbers."""
    rows = []
    for number in range(1, draw.draw(st.integers(4, 12))):
        row = draw.draw(st.sampled_from(forms)).replace("#", draw.draw(st.just(str(number)) | NUMBERS))
        while "?" in row:
            row = row.replace("?", draw.draw(VALUES), 1)
        rows.append(row)
    data = workbook(rows)
    assert quickly(data, pytest.MonkeyPatch())[0] == slowly(data)
