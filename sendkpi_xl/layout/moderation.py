"""The moderation workbook's sheets."""

from __future__ import annotations

from enum import StrEnum

from sendkpi_xl.layout.columns import NO_RATING, Column, Holds, Table, choice_column
from sendkpi_xl.moderated import Question, Verdict
from sendkpi_xl.reading import Rag

MODERATION_IDENTITY = "sendkpi moderation"
MODERATION_LAYOUT = "layout 2"
"""Stands in the line that names a moderation workbook; an older one has no sheets Proposed and Remarks, and
no column KPI refs."""


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

MODERATION_REMARKS = Table(
    "Remarks",
    "Remarks",
    (
        Column("id", "KPI id", 8),
        Column("board_ref", "Board ref", 7, Holds.WHOLE, needed=False),
        Column("title", "Key Performance Indicator", 44, needed=False),
        Column("rag", "Rating", 10, Holds.RATING, needed=False),
        Column("comment", "Comment in the return", 44, needed=False),
        Column("board_comment", "Comment for the board", 44, open=True, help="Only where another is to be read."),
        Column("action", "Action", 40, open=True, help="What is done about it."),
        Column("owner", "Owner", 20, open=True, help="Who sees to it."),
        Column("by_when", "By when", 14, open=True, help="When it is to be done, in words or as a date."),
    ),
)

MODERATION_HEADLINES = Table(
    "Headlines",
    "Headlines",
    (
        choice_column("kind", "Question", 28, Question, "Under which question it stands.", open=True),
        Column("text", "Headline", 100, open=True),
        Column("refs", "KPI refs", 14, needed=False, open=True, help="Board refs of the KPIs it is about, as 19, 20."),
    ),
)

MODERATION_PROPOSED = Table(
    "Proposed",
    "Proposed",
    (
        Column("key", "Key", 18),
        Column("kind", "Question", 22),
        Column("text", "Proposed headline", 78),
        Column("refs", "KPI refs", 9),
        choice_column(
            "verdict", "Decision", 12, Verdict, "Accept it as it is, edit it in your words, or strike it.", open=True
        ),
        Column("words", "Your words", 52, open=True, help="For Edit: the headline as the board is to read it."),
    ),
)

MODERATION_COMPLETENESS = Table(
    "Completeness", "Completeness", (Column("text", "Note on completeness", 120, open=True),), heading_row=5
)
