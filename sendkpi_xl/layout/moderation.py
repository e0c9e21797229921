"""The moderation workbook's sheets."""

from __future__ import annotations

from enum import StrEnum

from sendkpi_xl.layout.columns import NO_RATING, Column, Holds, Table
from sendkpi_xl.model import Rag

MODERATION_IDENTITY = "sendkpi moderation"


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

MODERATION_COMPLETENESS = Table(
    "Completeness", "Completeness", (Column("text", "Note on completeness", 120, open=True),)
)
