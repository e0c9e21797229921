"""The ratings as they were published, in a file that people keep beside a quarter's returns."""

from __future__ import annotations

from msgspec.structs import replace

from sendkpi_xl.layout.columns import Column, Holds, Table

PUBLISHED_RATINGS = Table(
    "Published ratings",
    "PublishedRatings",
    (
        Column("board_ref", "Ref", 6, aliases=("Board ref", "No.", "No", "Number", "#", "Reference")),
        Column("id", "KPI id", 8, needed=False, aliases=("KPI", "ID")),
        Column("title", "Key Performance Indicator", 54, needed=False, aliases=("Title", "Indicator", "Measure")),
        Column("rating", "RAG", 10, Holds.RATING, aliases=("Rating", "RAG rating", "Published rating", "RAG status")),
    ),
)
"""A reader needs the ref or the KPI id: it looks for `PUBLISHED_BY_ID` where there is no column of refs."""

PUBLISHED_BY_ID = Table(
    PUBLISHED_RATINGS.sheet,
    PUBLISHED_RATINGS.name,
    tuple(replace(column, needed=column.key in ("id", "rating")) for column in PUBLISHED_RATINGS.columns),
)
