"""The return sheet, and the line by which it is known wherever it ends up."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.layout.columns import BASELINE_DAY, Column, Holds, Table
from sendkpi_xl.model import Settings
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Reason

LAYOUT_VERSION = "2"
"""Goes up when a template changes so that an older return could be misread."""

READABLE_LAYOUTS = ("1", LAYOUT_VERSION)
"""The layouts that are read by today's headings. The first did not name the council."""

IDENTITY_START = "sendkpi return"
IDENTITY = re.compile(
    rf"{IDENTITY_START} ?\| ?(.*?) ?\| ?(.*?) ?\| ?(?:council (.*) ?\| ?)?list (.*) ?\| ?layout ?([^|]*)"
)

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
        Column("forecast", "Year-end forecast", 13, Holds.FIGURE, aliases=("Forecast",), open=True, needed=False),
        Column("check", "Check", 23, needed=False),
        Column("rating", "Rating preview", 9, Holds.RATING, needed=False),
        Column("quarter_target", "Target this quarter", 14, Holds.FIGURE, needed=False),
        Column("green_within", "Green within", 11, Holds.FIGURE, needed=False),
        Column("amber_within", "Amber within", 11, Holds.FIGURE, needed=False),
        Column("smallest_sample", "Smallest sample", 10, Holds.WHOLE, needed=False),
        Column("unmoved", "Not moved yet at", 11, Holds.FIGURE, needed=False),
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


def identity(period: Period, workstream_code: str, settings: Settings) -> str:
    """The line by which a return sheet is known wherever it ends up: quarter, workstream, council, list and layout."""
    parts = (
        IDENTITY_START,
        period.code,
        workstream_code,
        f"council {settings.council}",
        f"list {settings.list_version}",
    )
    return " | ".join((*parts, f"layout {LAYOUT_VERSION}"))


class Identity(Struct, frozen=True):
    """What a return sheet says of itself; `council` is empty in the first layout, which did not say."""

    period: str
    workstream_code: str
    council: str
    list_version: str
    layout_version: str


def read_identity(text: str) -> Identity | None:
    """The identity in a cell's text, or None when the text is something else."""
    if IDENTITY_START not in text:
        return None
    match = IDENTITY.fullmatch(" ".join(text.split()))
    return Identity(*((word or "").strip() for word in match.groups())) if match else None
