"""The board workbook's sheets."""

from __future__ import annotations

from sendkpi_xl.layout.columns import BASELINE_DAY, Column, Holds, Table
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Rag

BOARD_IDENTITY = "sendkpi board workbook"
NEW_REF = "new"
"""What stands for the ref of a KPI that the board's dataset has not had before."""


def dataset_table(period: Period, *, lined: bool = True) -> Table:
    """The board's dataset, its columns in the board's own words; what the product adds to them stands at the end.

    A line of the quarters comes from the second on, if it is to be `lined`.
    """
    line = (Column("line", "Quarters as a line", 14),) if lined and period.quarter > 1 else ()
    return Table(
        "Dataset",
        "Dataset",
        (
            Column("section", "Section", 22),
            Column("board_ref", "Ref", 6, Holds.WHOLE),
            Column("title", "Key Performance Indicator", 50),
            Column("baseline", f"Baseline {BASELINE_DAY} {period.start_year}", 15, Holds.FIGURE),
            Column("target", f"Target {period.short_year}", 14, Holds.FIGURE),
            *(Column(f"q{quarter}", f"Q{quarter}", 14, Holds.FIGURE) for quarter in (1, 2, 3, 4)),
            Column("rag", "RAG", 10, Holds.RATING),
            Column("comment", "Comment", 56),
            Column("travel", "Since last quarter", 16),
            Column("forecast", "Forecast for the year", 14, Holds.FIGURE),
            *line,
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
        Column("who", "Agreed by", 22, internal=True),
    ),
)

EXCEPTIONS = Table(
    "Exceptions",
    "Exceptions",
    (
        Column("board_ref", "Ref", 6, Holds.WHOLE),
        Column("title", "Key Performance Indicator", 44),
        Column("rag", "RAG now", 10, Holds.RATING),
        Column("before", "RAG last quarter", 10, Holds.RATING),
        Column("why_here", "Why it is here", 24),
        Column("what", "What", 46),
        Column("why", "Why", 46),
        Column("action", "Action", 36),
        Column("owner", "Owner", 20, internal=True),
        Column("by_when", "By when", 14),
    ),
)

OUTLOOK = Table(
    "Outlook",
    "Outlook",
    (
        Column("board_ref", "Ref", 6, Holds.WHOLE),
        Column("title", "Key Performance Indicator", 46),
        Column("value", "This quarter", 14, Holds.FIGURE),
        Column("rag", "RAG now", 9, Holds.RATING),
        Column("since_quarter", "Since last quarter", 16),
        Column("since_year", "Since a year ago", 16),
        Column("year_target", "Target for the year", 14, Holds.FIGURE),
        Column("forecast", "Forecast for the year", 14, Holds.FIGURE),
        Column("forecast_rag", "RAG of the forecast", 10, Holds.RATING),
        Column("why", "How it came about", 88),
    ),
)

TRENDS = Table(
    "Trends",
    "Trends",
    (
        Column("board_ref", "Ref", 6, Holds.WHOLE),
        Column("title", "Key Performance Indicator", 31),
        Column("when", "When", 11),
        Column("value", "Figure", 14, Holds.FIGURE),
        Column("target", "Target", 14, Holds.FIGURE),
        Column("rag", "RAG", 10, Holds.RATING),
        *(Column(rag.word.lower(), rag.word, 12, Holds.FIGURE) for rag in (Rag.GREEN, Rag.AMBER, Rag.RED)),
    ),
    heading_row=5,
)
"""A row for each point of a chart; the last three columns repeat the figure under its rating, for the chart's marks."""

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

WHAT_IF = Table(
    "What if",
    "WhatIf",
    (
        Column("board_ref", "Ref", 6, Holds.WHOLE),
        Column("title", "Key Performance Indicator", 62),
        Column("reported", "Reported value", 14, Holds.FIGURE),
        Column("value", "Try a value", 14, Holds.FIGURE, open=True),
        Column("answers", "Answers or cases", 11, Holds.WHOLE, open=True),
        Column("year_target", "Year's target", 14, Holds.FIGURE, open=True),
        Column("profile", "Profile", 12.5),
        Column("share", "Share of the year by now", 10.5, Holds.NUMBER, open=True),
        Column("quarter_target", "Target this quarter", 16, Holds.FIGURE),
        Column("green_within", "Green within", 10.5, Holds.NUMBER, open=True),
        Column("amber_within", "Amber within", 10.5, Holds.NUMBER, open=True),
        Column("measure", "Measure", 14),
        Column("green_reaches", "Green reaches", 15, Holds.FIGURE),
        Column("amber_reaches", "Amber reaches", 15, Holds.FIGURE),
        Column("smallest_sample", "Smallest sample", 10.5, Holds.WHOLE),
        Column("unmoved", "Not moved yet at", 14, Holds.FIGURE),
        Column("tried", "Rating as tried", 10, Holds.RATING),
        Column("as_reported", "Rating as reported", 11, Holds.RATING),
    ),
    heading_row=8,
)

TRACE = Table(
    "Trace",
    "Trace",
    (
        Column("board_ref", "Ref", 6, Holds.WHOLE),
        Column("title", "Key Performance Indicator", 44),
        Column("quarter", "Quarter", 9),
        Column("figure", "On the dataset", 14, Holds.FIGURE),
        Column("typed", "Typed", 22),
        Column("how", "How it was read", 40),
        Column("file", "File", 36),
        Column("sheet", "Sheet", 10),
        Column("cell", "Cell", 8),
        Column("sha256", "SHA-256 of the file", 68),
    ),
)

NOTES = Table("Notes", "Notes", (Column("about", "About", 26), Column("note", "Note", 110)))

WITHHELD = Table(
    "Withheld",
    "Withheld",
    (
        Column("board_ref", "Ref", 6, Holds.WHOLE),
        Column("title", "Key Performance Indicator", 46),
        Column("quarter", "Quarter", 13),
        Column("attribute", "What is withheld", 20),
        Column("stood", "What stands in the internal edition", 50),
        Column("shown", "What is published", 50),
        Column("why", "Ground", 12),
        Column("because", "Why", 70),
    ),
)
