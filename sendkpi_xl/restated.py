"""What has changed since the board's data was written last: figures and ratings that are restated."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sendkpi_xl.findings import finding
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Finding, Place, Status

COMPARED = (("value", "value"), ("agreed_rating", "rating"))
"""The columns of the tidy data that the board sees, and what to call them."""


def restatements(written: bytes, now: bytes) -> Iterator[Finding]:
    """A note for each figure and rating of the tidy data, as CSV, that is not what was written last.

    KPIs and quarters that are in one of the two alone are no restatements. What is no tidy data says nothing.
    """
    before = {_key(row): row for row in _rows(written)}
    for row in _rows(now):
        earlier = before.get(_key(row), {})
        for column, name in COMPARED:
            if column in earlier and earlier[column] != row[column]:
                words = {"name": name, "quarter": row["period"], "before": _shown(earlier[column])}
                place = Place(row["file"], row["sheet"], row["cell"])
                yield finding("P06", place, row["kpi_id"], **words, now=_shown(row[column]))


def editions_apart(path: Path, before: bytes, now: bytes) -> Iterator[Finding]:
    """A finding for each figure that one of two publish editions withholds and the other shows, both as CSV.

    The two together tell of what neither does; `path` is where the older one stands.
    """
    old = {_key(row): row for row in _rows(before)}
    for row in _rows(now):
        earlier = old.get(_key(row), {})
        figures = (earlier.get("value", ""), row["value"])
        if _withheld(earlier) and figures[1]:
            found = f"It withholds the figure for {row['period']}, and the edition written now shows it: {figures[1]}."
        elif figures[0] and _withheld(row):
            found = f"It shows the figure for {row['period']}: {figures[0]}. The edition written now withholds it."
        else:
            continue
        yield finding("S03", Place(str(path)), row["kpi_id"], found=found)


def _withheld(row: Mapping[str, str]) -> bool:
    """Whether a row of the publish edition has a figure that it does not show."""
    return row.get("status") == Status.REPORTED and not row.get("value")


def ratings_written(written: bytes, period: Period) -> dict[str, str]:
    """The agreed ratings of a quarter in the tidy data, by KPI id: a letter, or nothing where there was no rating.

    What is no tidy data, or of other quarters alone, has none.
    """
    rows = (row for row in _rows(written) if row.get("period") == period.code)
    return {row["kpi_id"]: row["agreed_rating"] for row in rows if row.get("kpi_id") and "agreed_rating" in row}


def _rows(data: bytes) -> Sequence[Mapping[str, str]]:
    try:
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return []


def _key(row: Mapping[str, str]) -> tuple[str | None, str | None]:
    return row.get("period"), row.get("kpi_id")


def _shown(text: str) -> str:
    return text.removeprefix("'") or "nothing"
