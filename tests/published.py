"""The board's dataset as it was published for 2021/22 quarter 1, read from the text of its PDF.

The extraction moved some cells: five rows lack their leading tab, four are one tab too far right. The dataset is
for quarter 1, so whatever figure stands in a quarter's column is quarter 1's, and a lone R, A or G is the rating.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parent / "published" / "board-dataset-2021-22-q1.txt"
LETTERS = ("R", "A", "G")


@dataclass(frozen=True)
class PublishedRow:
    """One row of the published dataset, every field as printed; empty where nothing was."""

    ref: str
    title: str
    baseline: str
    target: str
    q1: str
    rating: str
    comment: str


@dataclass(frozen=True)
class PublishedHeadlines:
    """The words above the published table."""

    completeness: str
    working_well: tuple[str, ...]
    concerns: tuple[str, ...]


def published_rows() -> tuple[PublishedRow, ...]:
    """The 72 rows in their order."""
    rows = (_row(line) for line in SOURCE.read_text(encoding="utf-8").splitlines())
    return tuple(row for row in rows if row is not None)


def _row(line: str) -> PublishedRow | None:
    fields = [field.strip() for field in line.split("\t")]
    if not fields[0].isdigit():
        fields = fields[1:]
    if not fields or not fields[0].isdigit():
        return None
    ref, title, baseline, target, *rest = fields + [""] * 10
    figures, ending = rest[:4], rest[4:6]
    rating = next((field for field in ending if field in LETTERS), "")
    comment = next((field for field in ending if field and field not in LETTERS), "")
    return PublishedRow(ref, title, baseline, target, next(filter(None, figures), ""), rating, comment)


def published_headlines() -> PublishedHeadlines:
    """The note on completeness and the two lists of headlines."""
    text = SOURCE.read_text(encoding="utf-8")
    note = re.search(r"^NB: (.+)$", text, re.MULTILINE)
    assert note is not None
    well, concern = text.split("What is working well?:")[1].split("What is a concern?:")
    return PublishedHeadlines(note[1].strip(), _bullets(well), _bullets(concern.split("\n\tRef")[0]))


def _bullets(text: str) -> tuple[str, ...]:
    return tuple(line[2:].strip() for line in text.splitlines() if line.startswith("- "))
