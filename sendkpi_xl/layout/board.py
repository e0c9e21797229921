"""The board workbook's sheets."""

from __future__ import annotations

from sendkpi_xl.layout.columns import BASELINE_DAY, Column, Holds, Table
from sendkpi_xl.period import Period

BOARD_IDENTITY = "sendkpi board workbook"


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
            Column("rag", "RAG", 10, Holds.RATING),
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
