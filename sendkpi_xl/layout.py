"""Every sheet and column of every workbook, declared once: writers and readers both go by this module.

A column's `key` is what code calls it, its `heading` what people read; a reader also accepts the `aliases`.
Moving or renaming a column is an edit here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from sendkpi_xl.model import Life, Measure, Polarity, Profile, Rag, Reason, Sign, Unit
from sendkpi_xl.period import Period

LAYOUT_VERSION = "1"
"""Goes up when a template's columns change so that an older return could be misread."""

IDENTITY_START = "sendkpi return"
BOARD_IDENTITY = "sendkpi board workbook"
CATALOGUE_IDENTITY = "sendkpi KPI catalogue"
MODERATION_IDENTITY = "sendkpi moderation"
NO_RATING = "No rating"


class YesNo(StrEnum):
    """The answers of a yes-or-no column."""

    YES = "yes"
    NO = "no"


class HeadlineKind(StrEnum):
    """Under which of the board's two questions a headline stands."""

    WORKING_WELL = "What is working well?"
    CONCERN = "What is a concern?"


class AgreedRating(StrEnum):
    """What a moderator can choose instead of the computed rating."""

    RED = Rag.RED.value
    AMBER = Rag.AMBER.value
    GREEN = Rag.GREEN.value
    NONE = NO_RATING


class Holds(StrEnum):
    """What a column's cells hold, for whoever formats or reads them."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    FIGURE = "figure in the KPI's own unit"
    CHOICE = "one of a list"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `width` is in Excel's character widths, `choices` closes its values, `needed` is for readers."""

    key: str
    heading: str
    width: float
    holds: Holds = Holds.TEXT
    choices: type[StrEnum] | None = None
    aliases: tuple[str, ...] = ()
    open: bool = False
    needed: bool = True
    help: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet's table: its sheet name, Excel table name, and columns from left to right.

    `heading_row` counts from 1; the rows above it hold the sheet's title and a line or two of help.
    """

    sheet: str
    name: str
    columns: tuple[Column, ...]
    heading_row: int = 4

    def index(self, key: str) -> int:
        """The column's position, the first being 0; KeyError for a key that the table does not have."""
        for position, column in enumerate(self.columns):
            if column.key == key:
                return position
        raise KeyError(key)

    def has(self, key: str) -> bool:
        """Whether the table has this column."""
        return any(column.key == key for column in self.columns)

    def column(self, key: str) -> Column:
        """The column with this key; KeyError when there is none."""
        return self.columns[self.index(key)]


def _choice(key: str, heading: str, width: float, choices: type[StrEnum], **more: bool) -> Column:
    return Column(key, heading, width, Holds.CHOICE, choices, **more)


PUBLISHED_LIST = Table(
    "KPI list",
    "KpiList",
    (
        Column("ref", "Ref", 8, aliases=("No.", "No", "Number", "#", "Reference", "KPI ref", "KPI no.", "ID")),
        Column(
            "workstream",
            "Responsible Area / Workstream",
            30,
            aliases=("Workstream", "Responsible area", "Area", "Owner", "Lead", "Responsible", "Service"),
        ),
        Column("sub_area", "Sub-area", 30, aliases=("Theme", "Sub area", "Topic", "Priority", "Category", "Strand")),
        Column(
            "title",
            "Key Performance Indicator",
            80,
            aliases=("KPI", "Measure", "Indicator", "Title", "Performance indicator", "Description", "KPI title"),
        ),
    ),
)

CATALOGUE_KPIS = Table(
    "KPIs",
    "Kpis",
    (
        Column("id", "KPI id", 8, help="The tool's own name for this KPI. It never changes and is never used again."),
        Column("ref", "List ref", 8, help="The KPI's number in the published list; empty when it is not in the list."),
        Column("workstream", "Workstream", 24, help="Who returns it: a name from the sheet Workstreams."),
        Column("sub_area", "Sub-area", 20),
        Column("title", "Title in the list", 60),
        _choice("unit", "Unit", 11, Unit),
        Column("decimals", "Decimals", 9, Holds.WHOLE, help="How many decimals are shown, and so rated."),
        _choice("polarity", "Polarity", 16, Polarity),
        _choice("profile", "Profile", 13, Profile),
        _choice("share", "Numerator and denominator", 13, YesNo),
        _choice("survey", "Survey", 8, YesNo),
        _choice("life", "Life", 10, Life),
        Column("board_ref", "Board ref", 8),
        Column("board_title", "Title on the board's dataset", 60, help="Only where it differs from the list's."),
        Column("section", "Board section", 30, help="A name from the sheet Sections."),
        Column("smallest_sample", "Smallest sample", 10, Holds.WHOLE, help="Under this number of answers: amber."),
        Column("green_within", "Green within", 10, Holds.NUMBER, help="Only where it differs from the unit's."),
        Column("amber_within", "Amber within", 10, Holds.NUMBER, help="Only where it differs from the unit's."),
        Column("review", "For review", 50, help="What the title did not settle. Empty it once you have decided."),
        Column("note", "Note", 50),
    ),
)

CATALOGUE_GOALS = Table(
    "Targets",
    "Targets",
    (
        Column("kpi_id", "KPI id", 8),
        Column("title", "KPI", 60, needed=False, help="Looked up from the sheet KPIs."),
        Column("year", "Year", 10, help="The financial year, as 2021-22."),
        Column("baseline", "Baseline", 14, Holds.NUMBER, help="The number alone; a percentage as 0.85 or 85%."),
        Column("baseline_words", "Baseline in words", 40, help="Only where it was published with words."),
        Column("target", "Target", 14, Holds.NUMBER),
        _choice("target_sign", "Target sign", 9, Sign),
        Column("target_words", "Target in words", 40),
    ),
)

CATALOGUE_WORKSTREAMS = Table(
    "Workstreams",
    "Workstreams",
    (Column("name", "Workstream", 60), Column("code", "Code", 10, help="Names the sheet and the file.")),
)

CATALOGUE_SECTIONS = Table("Sections", "Sections", (Column("name", "Board section, in the board's order", 70),))

CATALOGUE_TOLERANCES = Table(
    "Tolerances",
    "Tolerances",
    (
        _choice("unit", "Unit", 14, Unit),
        Column("green", "Green within", 14, Holds.NUMBER),
        Column("amber", "Amber within", 14, Holds.NUMBER),
        _choice("measure", "Measured as", 16, Measure),
    ),
)

CATALOGUE_SHARES = Table(
    "Profiles",
    "Profiles",
    (
        _choice("profile", "Profile", 18, Profile),
        *(Column(f"q{quarter}", f"Q{quarter}", 10, Holds.NUMBER) for quarter in (1, 2, 3, 4)),
    ),
)

CATALOGUE_SETTINGS = Table(
    "Settings",
    "Settings",
    (Column("setting", "Setting", 44), Column("value", "Value", 70, Holds.TEXT)),
)

SETTING_NAMES = {
    "council": "Council",
    "plan": "Plan",
    "board": "Board",
    "list_version": "KPI list version",
    "return_to": "Returns go back to",
    "return_days": "Days from the quarter's end to the return date",
    "smallest_sample": "Survey answers under which a rating is amber",
}

CATALOGUE_TABLES = (
    CATALOGUE_KPIS,
    CATALOGUE_GOALS,
    CATALOGUE_WORKSTREAMS,
    CATALOGUE_SECTIONS,
    CATALOGUE_TOLERANCES,
    CATALOGUE_SHARES,
    CATALOGUE_SETTINGS,
)

LISTS_SHEET = "Lists"
START_SHEET = "Start"

RETURN = Table(
    "Return",
    "Return",
    (
        Column("id", "KPI id", 7.5),
        Column("ref", "List ref", 6.5, needed=False),
        Column("sub_area", "Sub-area", 15, needed=False),
        Column("title", "Key Performance Indicator", 42, needed=False),
        Column("unit", "Unit", 9.5, needed=False),
        Column("polarity", "Better when", 11, needed=False),
        Column("baseline", "Baseline", 13, Holds.FIGURE, needed=False),
        Column("target", "Target", 13, Holds.FIGURE, needed=False),
        Column("value", "Value this quarter", 14, Holds.FIGURE, aliases=("Value",), open=True),
        Column("numerator", "Numerator", 11.5, Holds.WHOLE, aliases=("Num",), open=True),
        Column("denominator", "Denominator", 12.5, Holds.WHOLE, aliases=("Denom",), open=True),
        Column("reason", "Reason for a blank", 21, Holds.CHOICE, Reason, aliases=("Reason",), open=True),
        Column("comment", "Comment", 38, aliases=("Comments", "Note", "Notes"), open=True),
        Column("check", "Check", 23, needed=False),
        Column("rating", "Rating preview", 9, Holds.RATING, needed=False),
        Column("quarter_target", "Target this quarter", 14, Holds.FIGURE, needed=False),
        Column("green_within", "Green within", 11, Holds.FIGURE, needed=False),
        Column("amber_within", "Amber within", 11, Holds.FIGURE, needed=False),
        Column("smallest_sample", "Smallest sample", 10, Holds.WHOLE, needed=False),
    ),
    heading_row=5,
)


def return_table(period: Period, code: str) -> Table:
    """The return sheet of one workstream in one quarter: the year's earlier quarters stand before the value."""
    before = tuple(
        Column(f"q{earlier.quarter}", f"Q{earlier.quarter} as reported", 14, Holds.FIGURE, needed=False)
        for earlier in period.earlier
    )
    position = RETURN.index("value")
    named = {"baseline": f"Baseline {BASELINE_DAY} {period.start_year}", "target": f"Target {period.short_year}"}
    columns = tuple(
        replace(column, heading=named.get(column.key, column.heading)) for column in RETURN.columns
    )
    return replace(
        RETURN, sheet=code, name=f"Return_{code}", columns=columns[:position] + before + columns[position:]
    )


BASELINE_DAY = "31st March"


def dataset_table(period: Period) -> Table:
    """The board's dataset, its columns in the board's own words."""
    return Table(
        "Dataset",
        "Dataset",
        (
            Column("section", "Section", 22),
            Column("board_ref", "Ref", 6, Holds.WHOLE),
            Column("title", "Key Performance Indicator", 54),
            Column("baseline", f"Baseline {BASELINE_DAY} {period.start_year}", 15, Holds.FIGURE),
            Column("target", f"Target {period.short_year}", 14, Holds.FIGURE),
            *(Column(f"q{quarter}", f"Q{quarter}", 14, Holds.FIGURE) for quarter in (1, 2, 3, 4)),
            Column("rag", "RAG", 8, Holds.RATING),
            Column("comment", "Comment", 62),
        ),
        heading_row=5,
    )


RATINGS = Table(
    "Ratings",
    "Ratings",
    (
        Column("board_ref", "Ref", 6, Holds.WHOLE),
        Column("title", "Key Performance Indicator", 50),
        Column("value", "Value", 14, Holds.FIGURE),
        Column("quarter_target", "Target this quarter", 14, Holds.FIGURE),
        Column("computed", "Computed", 11, Holds.RATING),
        Column("agreed", "Agreed", 11, Holds.RATING),
        Column("sentence", "How the computed rating came about", 60),
        Column("reason", "Why people agreed otherwise", 50),
        Column("who", "Agreed by", 22),
    ),
)

NOT_REPORTED = Table(
    "Not reported",
    "NotReported",
    (
        Column("id", "KPI id", 8),
        Column("ref", "List ref", 8),
        Column("board_ref", "Board ref", 8),
        Column("workstream", "Workstream", 32),
        Column("title", "Key Performance Indicator", 64),
        Column("mark", "Mark", 8),
        Column("reason", "Why", 32),
        Column("comment", "Comment", 44),
    ),
)

NOTES = Table("Notes", "Notes", (Column("about", "About", 26), Column("note", "Note", 110)))

MODERATION_RATINGS = Table(
    "Ratings",
    "Moderation",
    (
        Column("id", "KPI id", 8),
        Column("board_ref", "Board ref", 7, Holds.WHOLE, needed=False),
        Column("section", "Section", 22, needed=False),
        Column("title", "Key Performance Indicator", 46, needed=False),
        Column("value", "Value", 14, Holds.FIGURE, needed=False),
        Column("target", "Target this quarter", 14, Holds.FIGURE, needed=False),
        Column("computed", "Computed rating", 11, Holds.RATING, needed=False),
        Column("sentence", "How it came about", 50, needed=False),
        Column("agreed", "Agreed rating", 11, Holds.CHOICE, AgreedRating, open=True),
        Column("reason", "Reason", 50, open=True),
        Column("who", "Agreed by", 24, open=True),
        Column("until", "Until quarter", 12, open=True, help="The last quarter in which it holds, as 2021-22-Q1."),
    ),
)

MODERATION_HEADLINES = Table(
    "Headlines",
    "Headlines",
    (
        Column("kind", "Question", 28, Holds.CHOICE, HeadlineKind, open=True),
        Column("text", "Headline", 110, open=True),
    ),
)

MODERATION_COMPLETENESS = Table("Completeness", "Completeness", (Column("text", "Note on completeness", 120, open=True),))


def choice_lists(tables: Iterable[Table]) -> tuple[tuple[str, type[StrEnum]], ...]:
    """The closed choices that these tables' columns use, each once, under the heading for a lists sheet."""
    found: dict[str, type[StrEnum]] = {}
    for table in tables:
        for column in table.columns:
            if column.choices is not None and column.choices not in found.values():
                found[column.heading] = column.choices
    return tuple(found.items())


def identity(period: Period, workstream_code: str, list_version: str) -> str:
    """The line by which a return sheet is known wherever it ends up: quarter, workstream, list and layout version."""
    return f"{IDENTITY_START} | {period.code} | {workstream_code} | list {list_version} | layout {LAYOUT_VERSION}"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a return sheet says of itself."""

    period: str
    workstream_code: str
    list_version: str
    layout_version: str


def read_identity(text: str) -> Identity | None:
    """The identity in a cell's text, or None when the text is something else."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 5 or parts[0] != IDENTITY_START:
        return None
    return Identity(parts[1], parts[2], parts[3].removeprefix("list "), parts[4].removeprefix("layout "))
