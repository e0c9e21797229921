"""The return sheet, and the line by which it is known wherever it ends up."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sendkpi_xl.layout.columns import BASELINE_DAY, Column, Holds, Table
from sendkpi_xl.model import Reason
from sendkpi_xl.period import Period

LAYOUT_VERSION = "1"
"""Goes up when a template's columns change so that an older return could be misread."""

IDENTITY_START = "sendkpi return"

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
    columns = tuple(replace(column, heading=named.get(column.key, column.heading)) for column in RETURN.columns)
    return replace(RETURN, sheet=code, name=f"Return_{code}", columns=columns[:position] + before + columns[position:])


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
    parts = text.split("|")
    if len(parts) < 5 or parts[0].strip() != IDENTITY_START:
        return None
    list_version = "|".join(parts[3:-1])  # it may hold such a stroke itself
    words = (parts[1], parts[2], list_version.strip().removeprefix("list"), parts[-1].strip().removeprefix("layout"))
    return Identity(*(word.strip() for word in words))
