"""The declared layouts: keys, headings and aliases that cannot be confused, and the line that names a return."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from sendkpi_xl.layout import (
    CATALOGUE_GOALS,
    CATALOGUE_KPIS,
    CATALOGUE_SETTINGS,
    CATALOGUE_TABLES,
    IDENTITY_START,
    LAYOUT_VERSION,
    LISTS_SHEET,
    MODERATION_COMPLETENESS,
    MODERATION_HEADLINES,
    MODERATION_PROPOSED,
    MODERATION_RATINGS,
    NO_RATING,
    NOT_REPORTED,
    NOTES,
    PLEASE_FIX,
    PUBLISHED_BY_ID,
    PUBLISHED_LIST,
    PUBLISHED_RATINGS,
    QUERIES,
    RATINGS,
    RETURN,
    SETTING_NAMES,
    START_SHEET,
    WHAT_IF,
    AgreedRating,
    Column,
    Holds,
    Identity,
    Table,
    choice_lists,
    dataset_table,
    identity,
    read_identity,
    return_table,
)
from sendkpi_xl.model import Goal, Kpi, Policy, Settings, Unit
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Rag, Reason
from sendkpi_xl.tables import folded

RETURNS = [return_table(Period(2021, quarter), "WS1") for quarter in (1, 2, 3, 4)]
DATASETS = [dataset_table(Period(2021, quarter)) for quarter in (1, 4)]
MODERATION = (MODERATION_RATINGS, MODERATION_HEADLINES, MODERATION_PROPOSED, MODERATION_COMPLETENESS)
WORKBOOKS: dict[str, tuple[Table, ...]] = {
    "list": (PUBLISHED_LIST,),
    "published ratings": (PUBLISHED_RATINGS,),
    "published ratings by id": (PUBLISHED_BY_ID,),
    "catalogue": CATALOGUE_TABLES,
    "moderation": MODERATION,
    "note": (PLEASE_FIX,),
    "queries": (QUERIES,),
    "board": (DATASETS[0], RATINGS, NOT_REPORTED, WHAT_IF, NOTES),
    **{f"return Q{quarter}": (table,) for quarter, table in enumerate(RETURNS, start=1)},
}
TABLES = [*(table for tables in WORKBOOKS.values() for table in tables), RETURN, *DATASETS]
EACH_TABLE = pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.name}-{len(table.columns)}")

EXCEL_SHEET_NAME = re.compile(r"[^\[\]:*?/\\]{1,31}")
EXCEL_TABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


def twice(items: Iterable[str]) -> set[str]:
    """The items that are there more than once."""
    listed = list(items)
    return {item for item in listed if listed.count(item) > 1}


@EACH_TABLE
def test_keys_and_headings_are_each_there_once(table: Table) -> None:
    """No two columns of a table share a key or a heading, as readers compare headings; none is empty."""
    assert twice(column.key for column in table.columns) == set()
    assert twice(folded(column.heading) for column in table.columns) == set()
    assert all(column.key.isidentifier() and folded(column.heading) for column in table.columns)


@EACH_TABLE
def test_aliases_do_not_collide(table: Table) -> None:
    """No alias of one column is a heading or an alias of another."""
    names = {column.key: {folded(name) for name in (column.heading, *column.aliases)} for column in table.columns}
    assert twice(name for each in names.values() for name in each) == set()


@EACH_TABLE
def test_widths(table: Table) -> None:
    """Every column has a width that Excel takes, wide enough for its longest heading word in bold."""
    assert all(0 < column.width <= 255 for column in table.columns)
    longest = {column.heading: max(map(len, column.heading.split())) for column in table.columns}
    assert [column.heading for column in table.columns if column.width < 0.9 * longest[column.heading]] == []


@EACH_TABLE
def test_names_that_excel_takes(table: Table) -> None:
    """Sheet and table names are valid in Excel, and the sheet's title has room above the headings."""
    assert EXCEL_SHEET_NAME.fullmatch(table.sheet)
    assert EXCEL_TABLE_NAME.fullmatch(table.name)
    assert table.heading_row >= 4


@EACH_TABLE
def test_positions(table: Table) -> None:
    """A column's index is its position from the left, and its key leads back to it."""
    assert [table.index(column.key) for column in table.columns] == list(range(len(table.columns)))
    assert [table.column(column.key) for column in table.columns] == list(table.columns)
    with pytest.raises(KeyError, match="nowhere"):
        table.index("nowhere")


@pytest.mark.parametrize("name", WORKBOOKS)
def test_sheets_and_tables_of_one_workbook(name: str) -> None:
    """Within a workbook, with its start and lists sheets, no sheet or table name is there twice in any case."""
    tables = WORKBOOKS[name]
    assert (
        twice([START_SHEET.casefold(), LISTS_SHEET.casefold(), *(table.sheet.casefold() for table in tables)]) == set()
    )
    assert twice(table.name.casefold() for table in tables) == set()


@pytest.mark.parametrize("name", WORKBOOKS)
def test_every_closed_choice_has_a_list(name: str) -> None:
    """A lists sheet made for a workbook holds each of its closed choices once, under a heading of its own."""
    tables = WORKBOOKS[name]
    lists = choice_lists(tables)
    used = {column.choices for table in tables for column in table.columns if column.choices is not None}
    assert {choices for _, choices in lists} == used
    assert len(lists) == len(used)
    assert twice(heading for heading, _ in lists) == set()


@EACH_TABLE
def test_choices_are_declared_as_such(table: Table) -> None:
    """A column has a list of choices exactly where it holds one of a list."""
    for column in table.columns:
        assert (column.choices is not None) == (column.holds is Holds.CHOICE)


def test_help_fits_into_excels_messages() -> None:
    """Help that becomes an input message has at most 255 characters."""
    assert [column.heading for table in TABLES for column in table.columns if len(column.help) > 255] == []


def test_catalogue_holds_every_attribute() -> None:
    """Each attribute of a KPI, a target and the settings has its column or row: none can get lost in the workbook."""
    kpi, goal = ({each.name for each in fields(record)} for record in (Kpi, Goal))
    assert {column.key for column in CATALOGUE_KPIS.columns} == kpi - {"goals"}
    assert {column.key for column in CATALOGUE_GOALS.columns} == goal | {"kpi_id", "title"}
    numbers = {each.name for each in fields(Policy)} - {"tolerances", "shares", "unmoved_until"}
    assert set(SETTING_NAMES) == {each.name for each in fields(Settings)} | numbers
    assert twice(name.casefold() for name in SETTING_NAMES.values()) == set()
    assert [column.key for column in CATALOGUE_SETTINGS.columns] == ["setting", "value"]


def test_board_has_exactly_the_boards_columns() -> None:
    """The board's own headings, the section at the left; behind them what the product adds, a line from quarter 2."""
    first, second = ([column.heading for column in dataset_table(Period(2021, quarter)).columns] for quarter in (1, 2))
    assert second == [*first, "Quarters as a line"]
    assert first == [
        "Section",
        "Ref",
        "Key Performance Indicator",
        "Baseline 31st March 2021",
        "Target 21/22",
        "Q1",
        "Q2",
        "Q3",
        "Q4",
        "RAG",
        "Comment",
        "Since last quarter",
        "Forecast for the year",
    ]


def test_return_opens_what_a_lead_fills_in() -> None:
    """The same columns are open in every quarter: what a lead must tell, and last the forecast that may be told."""
    for table in (RETURN, *RETURNS):
        opened = [column.key for column in table.columns if column.open]
        assert opened == ["value", "numerator", "denominator", "reason", "comment", "forecast"]
    assert RETURN.column("reason").choices is Reason


def test_return_shows_the_years_earlier_quarters() -> None:
    """Earlier quarters stand before the value, under headings that name them; all else stays in its order."""
    keys = [column.key for column in RETURN.columns]
    for quarter, table in enumerate(RETURNS, start=1):
        earlier = [f"q{before}" for before in range(1, quarter)]
        position = keys.index("value")
        assert [column.key for column in table.columns] == [*keys[:position], *earlier, *keys[position:]]
        assert [table.column(key).heading for key in earlier] == [f"{key.upper()} as reported" for key in earlier]
        headings = {table.column("baseline").heading, table.column("target").heading}
        assert headings == {"Baseline 31st March 2021", "Target 21/22"}
        assert (table.sheet, table.name) == ("WS1", "Return_WS1")


def test_readers_need_only_what_leads_fill_in() -> None:
    """A return is read by its id and the open columns; what the product wrote itself may be missing."""
    assert [column.key for column in RETURN.columns if column.needed] == [
        "id",
        "value",
        "numerator",
        "denominator",
        "reason",
        "comment",
    ]


def test_agreed_ratings_are_the_ratings() -> None:
    """A moderator can choose each letter, or that there is no rating."""
    assert [choice.value for choice in AgreedRating] == [*(rag.value for rag in Rag), NO_RATING]


def test_choice_lists_of_a_drawn_table() -> None:
    """Columns that share their choices share a list, under the first heading."""
    table = Table(
        "Sheet",
        "Name",
        (
            Column("a", "One", 10, Holds.CHOICE, Rag),
            Column("b", "Two", 10),
            Column("c", "Three", 10, Holds.CHOICE, Unit),
            Column("d", "Four", 10, Holds.CHOICE, Rag),
        ),
    )
    assert choice_lists([table, table]) == (("One", Rag), ("Three", Unit))


# --- The line by which a return is known

VERSIONS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=30).map(str.strip)
PERIODS = st.builds(Period, st.integers(2000, 2098), st.integers(1, 4))
CODES = st.from_regex(r"[A-Z][A-Z0-9_]{0,9}", fullmatch=True)


def settings_of(council: str, version: str) -> Settings:
    return Settings(council, "Plan", "Board", version, "the team", 14)


def test_identity_as_it_stands_in_the_sheet() -> None:
    """The line says quarter, workstream, list and layout, for people as for the reader."""
    line = identity(Period(2021, 1), "WS1", settings_of("Smallton Council", "June 2021 draft"))
    assert line == "sendkpi return | 2021-22-Q1 | WS1 | council Smallton Council | list June 2021 draft | layout 2"
    assert read_identity(line) == Identity("2021-22-Q1", "WS1", "Smallton Council", "June 2021 draft", "2")


@given(PERIODS, CODES, VERSIONS, VERSIONS)
def test_identity_comes_back(period: Period, code: str, council: str, version: str) -> None:
    """Whatever the council and the list are called, also nothing, the line reads as it was written but for spaces."""
    read = read_identity(identity(period, code, settings_of(council, version)))
    spaced = (" ".join(text.split()) for text in (council, version))
    assert read == Identity(period.code, code, next(spaced), next(spaced), LAYOUT_VERSION)


@pytest.mark.parametrize(
    "line",
    [
        "  sendkpi return | 2021-22-Q1 | WS1 | list May | layout 1  ",
        "sendkpi return|2021-22-Q1|WS1|list May|layout 1",
        "sendkpi return\u00a0| 2021-22-Q1 |  WS1 | list  May |layout 1",
    ],
)
def test_identity_with_other_spacing(line: str) -> None:
    """Blanks that a program added or took away do not matter."""
    assert read_identity(line) == Identity("2021-22-Q1", "WS1", "", "May", "1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sendkpi return",
        IDENTITY_START.upper() + " | 2021-22-Q1 | WS1 | list May | layout 1",
        "sendkpi returns | 2021-22-Q1 | WS1 | list May | layout 1",
        "sendkpi board workbook | 2021-22-Q1",
        "sendkpi return | 2021-22-Q1 | WS1 | list May",
        "see: sendkpi return | 2021-22-Q1 | WS1 | list May | layout 1",
        "WS1 | 2021-22-Q1 | x | y | z",
    ],
)
def test_texts_that_are_no_identity(text: str) -> None:
    """Another text, or a line that lacks something, is no identity."""
    assert read_identity(text) is None


@given(st.text(max_size=60) | st.text("| sendkpi retunlayo1", max_size=60).map(IDENTITY_START.__add__))
def test_any_text_is_an_identity_or_not(text: str) -> None:
    """No text fails; what is read has no blanks around it and begins as ours do."""
    read = read_identity(text)
    assert read is None or text.strip().startswith(IDENTITY_START)
    assert read is None or all(part == part.strip() for part in (read.period, read.workstream_code, read.list_version))
