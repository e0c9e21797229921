"""The tidy dataset: a row for each KPI and quarter, as a frame and as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.edition import Edition
from sendkpi_xl.figures import EXCEL_DIGITS
from sendkpi_xl.tidy_columns import COLUMNS_OF, NUMBERS

if TYPE_CHECKING:
    import pandas as pd

LINE_END = "\r\n"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
NEGATIVE = re.compile(r"-[\d.]+(E-?\d+)?")


def tidy(rated: Sequence[RatedReading]) -> pd.DataFrame:
    """The tidy dataset as a frame, for analysis: the rows of `tidy_rows`, numbers as nullable floats.

    The command line does not come here: writing the CSV needs no frame, and loading pandas takes longer than all
    the rest of `sendkpi board`.
    """
    import pandas as pd

    frame = pd.DataFrame(tidy_rows(rated))
    for column in NUMBERS:
        frame[column] = frame[column].astype("Float64")
    return frame


def tidy_rows(rated: Iterable[RatedReading], edition: Edition = Edition.INTERNAL) -> list[dict[str, object]]:
    """A row for each KPI and quarter: value, ratings, reasons, and the place that each number came from.

    The publish edition has no places and no names of people.
    """
    return [{column.name: column.of(each) for column in COLUMNS_OF[edition]} for each in rated]


def tidy_csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Tidy rows as CSV that Excel opens with its pound signs right, and in which no text becomes a formula.

    All rows have the first one's columns; None is an empty field, and numbers have at most fifteen digits, as in Excel.
    """
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, fieldnames=list(rows[0]) if rows else [], lineterminator=LINE_END)
    writer.writeheader()
    writer.writerows({key: _field(value) for key, value in row.items()} for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _field(value: object) -> object:
    if isinstance(value, float):
        return format(value, f".{EXCEL_DIGITS}g")
    return f"'{value}" if isinstance(value, str) and _could_run(value) else value


def _could_run(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula; a negative number is none."""
    return text.startswith(FORMULA_STARTS) and not NEGATIVE.fullmatch(text)
