"""The columns of the tidy dataset, each declared once: for its rows, its frame and the Table Schema beside it."""

from __future__ import annotations

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.edition import Edition
from sendkpi_xl.model import Polarity, Sign, Unit
from sendkpi_xl.reading import Reason, Status
from sendkpi_xl.shorthand import BESIDE, Symbol, key
from sendkpi_xl.tidy_column import IN_ITS_UNIT, TidyColumn
from sendkpi_xl.tidy_ratings import OUTLOOK, RATINGS


def _quarter_target(each: RatedReading) -> float | None:
    return None if each.standard.target is None else float(each.standard.target)


IDENTITY = (
    TidyColumn(
        "period",
        "Quarter",
        "The financial-year quarter: 2021-22-Q1 is April to June 2021.",
        lambda each: each.reading.period.code,
        required=True,
        pattern="[12][0-9]{3}-[0-9]{2}-Q[1-4]",
    ),
    TidyColumn(
        "kpi_id",
        "KPI id",
        "The KPI's id in the catalogue, which never changes.",
        lambda each: each.kpi.id,
        required=True,
    ),
    TidyColumn("list_ref", "List ref", "The KPI's ref in the published KPI list.", lambda each: each.kpi.ref),
    TidyColumn(
        "board_ref",
        "Board ref",
        "The KPI's ref on the board's dataset; empty: the board has not had it yet.",
        lambda each: each.kpi.board_ref,
    ),
    TidyColumn(
        "section",
        "Section",
        "The section of the board's dataset that the KPI stands in.",
        lambda each: each.kpi.section,
        required=True,
    ),
    TidyColumn(
        "workstream",
        "Workstream",
        "The workstream that reports the KPI.",
        lambda each: each.kpi.workstream,
        required=True,
    ),
    TidyColumn(
        "title",
        "Key Performance Indicator",
        "The KPI's title as the board knows it.",
        lambda each: each.kpi.shown_title,
        required=True,
    ),
    TidyColumn(
        "unit",
        "Unit",
        "What the KPI is counted in, and so the unit of every number in its row: count; %, held as a fraction; £ and "
        "average £, in pounds; weeks.",
        lambda each: each.kpi.unit.value,
        required=True,
        choices=Unit,
    ),
    TidyColumn(
        "polarity",
        "Polarity",
        "Which way is better; context-only KPIs are never rated.",
        lambda each: each.kpi.polarity.value,
        required=True,
        choices=Polarity,
    ),
)
READING = (
    TidyColumn(
        "status",
        "Status",
        "What became of the KPI in the quarter; queried: an answer of the lead is still open.",
        lambda each: each.reading.status.value,
        required=True,
        choices=Status,
    ),
    TidyColumn(
        "value",
        "Value",
        f"The reading of the quarter. {IN_ITS_UNIT} Empty: no value, which is never a zero.",
        lambda each: each.reading.value,
        number=True,
    ),
    TidyColumn(
        "numerator",
        "Numerator",
        "The upper part of the fraction behind the value, where it was given.",
        lambda each: each.reading.numerator,
        number=True,
    ),
    TidyColumn(
        "denominator",
        "Denominator",
        "The lower part of the fraction behind the value, such as the number of answers, where it was given.",
        lambda each: each.reading.denominator,
        number=True,
    ),
    TidyColumn(
        "reason_for_blank",
        "Reason for a blank",
        "Why there is no value, as the lead chose it.",
        lambda each: each.reading.reason.value if each.reading.reason else "",
        choices=Reason,
    ),
    TidyColumn(
        "symbols",
        "Symbols",
        f"What is to be known of the value, in the field's shorthand, separated by spaces: {key(BESIDE)}; "
        f"{Symbol.LOW_RELIABILITY} stands where the lead says so or the denominator is under the smallest sample.",
        lambda each: " ".join(each.symbols),
        pattern=r"\[[urp]\]( \[[urp]\])*",
    ),
    TidyColumn("comment", "Comment", "The lead's comment, word for word.", lambda each: each.reading.comment),
)
GOAL = (
    TidyColumn(
        "baseline", "Baseline", f"The KPI's baseline. {IN_ITS_UNIT}", lambda each: each.goal.baseline, number=True
    ),
    TidyColumn(
        "baseline_words",
        "Baseline in words",
        "What was published beside the baseline, or in its place.",
        lambda each: each.goal.baseline_words,
    ),
    TidyColumn(
        "target_sign",
        "Target sign",
        "< or > where reaching the target is not enough, as in <5%; empty otherwise.",
        lambda each: each.goal.target_sign.value,
        choices=Sign,
    ),
    TidyColumn(
        "year_target",
        "Target of the year",
        f"{IN_ITS_UNIT} Empty: no target.",
        lambda each: each.goal.target,
        number=True,
    ),
    TidyColumn(
        "quarter_target",
        "Target of the quarter",
        f"The share of the year's target that is due by the quarter, which the value is rated by. {IN_ITS_UNIT}",
        _quarter_target,
        number=True,
    ),
)
TRACE = (
    TidyColumn("typed", "As typed", "What the lead typed in the value's cell.", lambda each: each.reading.typed),
    TidyColumn(
        "converted",
        "How it was read",
        "How what was typed became the value; empty: it was taken as typed.",
        lambda each: each.reading.how,
    ),
    TidyColumn("file", "File", "The workbook that the reading came in.", lambda each: each.reading.place.file),
    TidyColumn("sheet", "Sheet", "The sheet of that workbook.", lambda each: each.reading.place.sheet),
    TidyColumn(
        "cell",
        "Cell",
        "The address of the value's cell on that sheet.",
        lambda each: each.reading.place.cell,
        pattern="[A-Z]{1,3}[1-9][0-9]{0,6}",
    ),
    TidyColumn(
        "sha256",
        "SHA-256 of the file",
        "The hash of that workbook's bytes.",
        lambda each: each.reading.sha256,
        pattern="[0-9a-f]{64}",
    ),
)
COLUMNS: tuple[TidyColumn, ...] = (*IDENTITY, *READING, *GOAL, *RATINGS, *OUTLOOK, *TRACE)
"""The tidy dataset's columns from left to right."""
PUBLISHED_COLUMNS = tuple(column for column in COLUMNS if not column.internal and column not in TRACE)
"""Those that the publish edition has: neither names nor files."""
COLUMNS_OF = {Edition.INTERNAL: COLUMNS, Edition.PUBLISH: PUBLISHED_COLUMNS}
NUMBERS = tuple(column.name for column in COLUMNS if column.number)
"""The names of those that hold numbers; all others hold text."""
KEY = ("period", "kpi_id")
"""The columns that together name a row: no two rows have the same in both."""
