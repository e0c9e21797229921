"""Finding a table by its headings: small sheets as text, and the rows or the findings that come of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl import layout
from sendkpi_xl.cells import Cell, Kind, Sheet
from sendkpi_xl.layout import Column, Table
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Finding, Place, Severity
from sendkpi_xl.tables import FoundTable, cell_text, find_table, folded, is_blank, text_sheet
from tests.workbooks import typed_cell

FILE = "list.xlsx"
FRUIT = Table(
    "Fruit",
    "Fruit",
    (
        Column("id", "Fruit id", 8),
        Column("price", "Price", 8, aliases=("Cost", "Price each", "£")),
        Column("colour", "Colour", 8, needed=False),
    ),
)


def sheet(text: str, name: str = "Sheet1") -> Sheet:
    """A sheet drawn with `|` between its cells; a drawn `~` is a cell that holds a space."""
    rows = [[field.strip().replace("~", " ") for field in line.split("|")] for line in text.strip().splitlines()]
    return text_sheet(name, rows)


def found(drawn: Sheet, table: Table = FRUIT) -> FoundTable:
    table_found, findings = find_table(drawn, table, FILE)
    assert findings == []
    assert table_found is not None
    return table_found


def rows(drawn: Sheet, table: Table = FRUIT) -> list[str]:
    """The rows found, each as `row number: key=text …` in the declared order of the columns."""
    return [
        f"{row.number}: " + " ".join(f"{column.key}={row.text(column.key)}" for column in table.columns)
        for row in found(drawn, table).rows
    ]


PLAIN = ["2: id=F1 price=10 colour=red", "3: id=F2 price=12 colour="]


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("Fruit id | Price | Colour\nF1 | 10 | red\nF2 | 12", 0),
        ("COLOUR | fruit   ID: | price.\nred | F1 | 10\n | F2 | 12", 0),
        ("Fruit_id* | Cost? | Colour\nF1 | 10 | red\nF2 | 12", 0),
        ("Fruit id | | Price | Notes | Colour\nF1 | x | 10 | y | red\nF2 | | 12", 0),
        ("Fruit id | Price | Cost | Colour\nF1 | 10 | 99 | red\nF2 | 12", 0),
        ("Fruit id | Price each | Cost | Colour\nF1 | 99 | 10 | red\nF2 | 98 | 12", 0),
        ("Our fruit\n\nPrices by fruit id\nFruit id | Price | Colour\nF1 | 10 | red\nF2 | 12", 3),
        ("Price | per month\nFruit id | Price | Colour\nF1 | 10 | red\nF2 | 12", 1),
    ],
    ids=["as declared", "folded", "punctuated", "spread", "alias beside", "aliases' order", "moved down", "best row"],
)
def test_the_table_is_found_by_its_headings_alone(text: str, moved: int) -> None:
    """Columns may stand anywhere, under a heading or one of its aliases, below as many titles as people like."""
    expected = [line.replace(line[0], str(int(line[0]) + moved), 1) for line in PLAIN]
    assert rows(sheet(text)) == expected


def test_blank_cells_are_no_entries_and_blank_rows_no_rows() -> None:
    """A cell with spaces alone is not there; a row without cells under the headings is none."""
    drawn = sheet("Fruit id | Price | Colour\nF1 | 10\n | | \nF2 | 12 | green")
    spaced = replace(
        drawn,
        cells={
            **drawn.cells,
            (2, 3): replace(typed_cell(" \u00a0"), row=2, column=3),
            (3, 1): replace(typed_cell(" "), row=3, column=1),
            (3, 9): replace(typed_cell("beside"), row=3, column=9),
        },
    )
    table = found(spaced)
    assert [(row.number, sorted(row.cells)) for row in table.rows] == [
        (2, ["id", "price"]),
        (4, ["colour", "id", "price"]),
    ]


def test_a_field_of_spaces_makes_no_cell() -> None:
    """A text file's empty fields and those with spaces alone are empty cells; others keep their spaces."""
    assert [
        (cell.address, cell.raw) for cell in text_sheet("Sheet1", [["a", "", " \u00a0"], [" b"]]).cells.values()
    ] == [
        ("A1", "a"),
        ("A2", " b"),
    ]


def test_a_row_knows_where_its_cells_stand() -> None:
    """Each cell's place by its column, filled or not; the row where the table lacks the column."""
    (row,) = found(sheet("Price | Fruit id\n10 | F1", "Prices")).rows
    assert row.place("id") == Place(FILE, "Prices", "B2")
    assert row.place("price") == Place(FILE, "Prices", "A2")
    assert row.place("colour") == Place(FILE, "Prices", "row 2")
    assert (row.text("id"), row.text("colour")) == ("F1", "")


def test_a_missing_heading_is_told_with_what_was_seen() -> None:
    """A needed heading that is not there: which, what stands there instead, and what may have been meant."""
    table, findings = find_table(sheet("Some title\nFruit id | Prise | Sort\nF1 | 10 | x"), FRUIT, FILE)
    assert table is None
    assert findings == [
        Finding(
            "T01",
            Severity.MUST_FIX,
            Place(FILE, "Sheet1", "row 2"),
            "No column “Price”; the headings seen are: “Fruit id”, “Prise”, “Sort”.",
            "A column headed “Price” (or “Cost”, “Price each”, “£”).",
            "Give the column that heading (did you mean “Prise”?).",
            "Price",
        )
    ]


def test_every_missing_heading_is_told_at_once() -> None:
    """A sheet without any of the headings, or with nothing on it, names all that are needed."""
    _, of_words = find_table(sheet("Dear all\nplease find enclosed"), FRUIT, FILE)
    _, of_nothing = find_table(Sheet("Empty", "visible", {}), FRUIT, FILE)
    assert [each.found for each in of_words] == [
        "No column “Fruit id”; the headings seen are: “Dear all”.",
        "No column “Price”; the headings seen are: “Dear all”.",
    ]
    assert [each.found for each in of_nothing] == [
        "No column “Fruit id”; the headings seen are: none.",
        "No column “Price”; the headings seen are: none.",
    ]


def test_a_needed_heading_twice_is_refused_with_both_cells() -> None:
    """Which of two equal headings counts is not guessed."""
    table, findings = find_table(sheet("Fruit id | Price | PRICE\nF1 | 10 | 12"), FRUIT, FILE)
    assert table is None
    assert findings == [
        Finding(
            "T02",
            Severity.MUST_FIX,
            Place(FILE, "Sheet1", "row 1"),
            "Two columns are headed “Price”: B1, C1.",
            "Each heading once.",
            "Rename or remove one of the two.",
            "Price",
        )
    ]


def test_a_heading_that_is_not_needed_may_be_missing_or_stand_twice() -> None:
    """What is only shown to people does not stop a table from being read."""
    assert rows(sheet("Fruit id | Price\nF1 | 10")) == ["2: id=F1 price=10 colour="]
    assert rows(sheet("Fruit id | Colour | Price | Colour\nF1 | red | 10 | sour")) == ["2: id=F1 price=10 colour=red"]


@pytest.mark.parametrize(("titles", "seen"), [(29, True), (30, False)])
def test_headings_are_looked_for_in_the_first_thirty_filled_rows(titles: int, seen: bool) -> None:
    """Thirty filled rows are enough for titles; a table deep down a sheet of figures is not hunted for."""
    drawn = sheet("\n".join([*(f"Line {number}\n" for number in range(titles)), "Fruit id | Price\nF1 | 10"]))
    table, _ = find_table(drawn, FRUIT, FILE)
    assert (table is not None) is seen


@settings(deadline=None, max_examples=60)
@given(st.permutations(range(5)), st.permutations(range(4)), st.integers(0, 6))
def test_neither_the_order_of_columns_nor_that_of_rows_matters(
    columns: list[int], order: list[int], titles: int
) -> None:
    """However columns and rows are shuffled, each row's entries stay together."""
    lines = [
        ("F1", "10", "red", "", "x"),
        ("F2", "12", "", "y", ""),
        ("F3", "", "blue", "", "z"),
        ("F4", "9", "", "", ""),
    ]
    heading = ("Fruit id", "Cost", "Colour", "Origin", "")
    shuffled = [[line[column] for column in columns] for line in (heading, *(lines[place] for place in order))]
    table = found(text_sheet("Sheet1", [["Fruit by price"]] * titles + shuffled))
    assert {(row.text("id"), row.text("price"), row.text("colour")) for row in table.rows} == {
        line[:3] for line in lines
    }
    assert table.heading_row == titles + 1


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (typed_cell(42.0), "42"),
        (typed_cell(-0.5), "-0.5"),
        (typed_cell(0.28999999999999998), "0.29"),
        (typed_cell(0.1 + 0.2), "0.3"),
        (typed_cell(31_679_272.0), "31679272"),
        (typed_cell(1e300), "1E+300"),
        (typed_cell(" two \u00a0"), "two"),
        (typed_cell("1.0"), "1.0"),
        (typed_cell(True), "TRUE"),
        (typed_cell(None), ""),
        (replace(typed_cell("#REF!"), kind=Kind.ERROR), "#REF!"),
    ],
)
def test_the_text_of_a_cell_is_what_people_see_in_it(cell: Cell, text: str) -> None:
    """Numbers without binary noise or a needless `.0`, texts without the spaces round them."""
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "blank"),
    [
        (typed_cell(""), True),
        (typed_cell(" \t\n\u00a0"), True),
        (typed_cell("0"), False),
        (typed_cell("-"), False),
        (typed_cell(0), False),
        (typed_cell(False), False),
        (typed_cell(None), False),
    ],
)
def test_blank_is_what_looks_empty(cell: Cell, blank: bool) -> None:
    """Spaces of all kinds are blank; a zero, a dash and a formula without a result are not."""
    assert is_blank(cell) is blank


@pytest.mark.parametrize("heading", ["Value this quarter", " value  THIS\nquarter ", "Value_this_quarter:", "“"])
def test_folding_is_stable_and_blind_to_case_and_spacing(heading: str) -> None:
    """A folded heading folds to itself, and the three ways to write one are one."""
    assert folded(folded(heading)) == folded(heading)
    assert folded(heading) in {"value this quarter", "“"}


TABLES = [
    *(value for value in vars(layout).values() if isinstance(value, Table)),
    layout.dataset_table(Period(2021, 1)),
    *(layout.return_table(Period(2021, quarter), "WS1") for quarter in (1, 2, 3, 4)),
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.sheet}-{len(table.columns)}")
def test_no_name_in_a_layout_stands_for_two_columns(table: Table) -> None:
    """A heading or alias that two columns shared would let one take the other's cells."""
    names = [name for column in table.columns for name in {folded(n) for n in (column.heading, *column.aliases)}]
    assert len(names) == len(set(names))
    assert len({column.key for column in table.columns}) == len(table.columns)
