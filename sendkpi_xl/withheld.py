"""What is withheld from the publish edition, as the records of the team's log."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from sendkpi_xl.period import Period
from sendkpi_xl.suppression import Why


class Attribute(StrEnum):
    """What of a KPI, or beside it, was withheld."""

    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    BASELINE = "baseline"
    BASELINE_WORDS = "baseline in words"
    RATING = "rating"
    SENTENCE = "rating sentence"
    FORECAST = "forecast"
    SINCE_QUARTER = "since last quarter"
    SINCE_YEAR = "since last year"
    SIGNALS = "signals"
    COMMENT = "comment"
    ACTION = "action"
    BY_WHEN = "by when"
    OVERRIDE = "reason of the override"
    HEADLINE = "headline"


WORDS = (
    Attribute.BASELINE_WORDS,
    Attribute.COMMENT,
    Attribute.ACTION,
    Attribute.BY_WHEN,
    Attribute.OVERRIDE,
    Attribute.HEADLINE,
)
"""Of these, words alone are withheld."""


class Withheld(Struct, frozen=True):
    """One thing that is not published: what stood there, what stands there now, and why.

    `kpi_id` is empty for a headline. Of words, `stood` and `shown` are the whole text.
    """

    kpi_id: str
    period: Period
    attribute: Attribute
    stood: str
    shown: str
    why: Why
    because: str
