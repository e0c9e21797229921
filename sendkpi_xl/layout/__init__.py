"""Every sheet and column of every workbook, declared once: writers and readers both go by this package.

A column's `key` is what code calls it, its `heading` what people read; a reader also accepts the `aliases`.
Moving or renaming a column is an edit here and nowhere else.
"""

from sendkpi_xl.layout.board import BOARD_IDENTITY, NEW_REF, NOT_REPORTED, NOTES, RATINGS, WHAT_IF, dataset_table
from sendkpi_xl.layout.catalogue import (
    CATALOGUE_GOALS,
    CATALOGUE_IDENTITY,
    CATALOGUE_KPIS,
    CATALOGUE_SECTIONS,
    CATALOGUE_SETTINGS,
    CATALOGUE_SHARES,
    CATALOGUE_TABLES,
    CATALOGUE_TIES,
    CATALOGUE_TOLERANCES,
    CATALOGUE_WORKSTREAMS,
    PUBLISHED_LIST,
    SETTING_NAMES,
    YesNo,
)
from sendkpi_xl.layout.columns import (
    BASELINE_DAY,
    LISTS_SHEET,
    NO_RATING,
    START_SHEET,
    Column,
    Holds,
    Table,
    choice_lists,
)
from sendkpi_xl.layout.moderation import (
    MODERATION_COMPLETENESS,
    MODERATION_HEADLINES,
    MODERATION_IDENTITY,
    MODERATION_RATINGS,
    AgreedRating,
    HeadlineKind,
)
from sendkpi_xl.layout.published import PUBLISHED_BY_ID, PUBLISHED_RATINGS
from sendkpi_xl.layout.queries import NOTE_IDENTITY, PLEASE_FIX, QUERIES, QUERIES_IDENTITY
from sendkpi_xl.layout.returns import (
    IDENTITY_START,
    LAYOUT_VERSION,
    READABLE_LAYOUTS,
    RETURN,
    Identity,
    identity,
    read_identity,
    return_table,
)

__all__ = [
    "BASELINE_DAY",
    "BOARD_IDENTITY",
    "CATALOGUE_GOALS",
    "CATALOGUE_IDENTITY",
    "CATALOGUE_KPIS",
    "CATALOGUE_SECTIONS",
    "CATALOGUE_SETTINGS",
    "CATALOGUE_SHARES",
    "CATALOGUE_TABLES",
    "CATALOGUE_TIES",
    "CATALOGUE_TOLERANCES",
    "CATALOGUE_WORKSTREAMS",
    "IDENTITY_START",
    "LAYOUT_VERSION",
    "LISTS_SHEET",
    "MODERATION_COMPLETENESS",
    "MODERATION_HEADLINES",
    "MODERATION_IDENTITY",
    "MODERATION_RATINGS",
    "NEW_REF",
    "NOTES",
    "NOTE_IDENTITY",
    "NOT_REPORTED",
    "NO_RATING",
    "PLEASE_FIX",
    "PUBLISHED_BY_ID",
    "PUBLISHED_LIST",
    "PUBLISHED_RATINGS",
    "QUERIES",
    "QUERIES_IDENTITY",
    "RATINGS",
    "READABLE_LAYOUTS",
    "RETURN",
    "SETTING_NAMES",
    "START_SHEET",
    "WHAT_IF",
    "AgreedRating",
    "Column",
    "HeadlineKind",
    "Holds",
    "Identity",
    "Table",
    "YesNo",
    "choice_lists",
    "dataset_table",
    "identity",
    "read_identity",
    "return_table",
]
