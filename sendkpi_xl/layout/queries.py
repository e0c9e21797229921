"""What is asked back: the sheet that stands in front of a lead's own workbook, and the team's list of all queries."""

from __future__ import annotations

from sendkpi_xl.layout.columns import Column, Table

NOTE_IDENTITY = "sendkpi note to a lead"
QUERIES_IDENTITY = "sendkpi queries"

PLEASE_FIX = Table(
    "Please fix",
    "PleaseFix",
    (
        Column("found", "What is wrong", 50),
        Column("action", "What to do", 46),
        Column("kpi_id", "KPI id", 8),
        Column("title", "Key Performance Indicator", 42),
        Column("cell", "Go to the cell", 15),
        Column("severity", "How urgent", 13),
        Column("code", "Code", 7),
    ),
    heading_row=6,
)

QUERIES = Table(
    "Queries",
    "Queries",
    (
        Column("file", "File", 28),
        Column("sheet", "Sheet", 10),
        Column("cell", "Cell", 8),
        Column("workstream", "Workstream", 26),
        Column("kpi_id", "KPI id", 8),
        Column("title", "Key Performance Indicator", 40),
        Column("severity", "How urgent", 13),
        Column("found", "Found", 44),
        Column("expected", "Expected", 34),
        Column("action", "What to do", 40),
        Column("code", "Code", 8),
    ),
    heading_row=5,
)
