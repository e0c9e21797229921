"""How high a row must be: never fewer lines than a spreadsheet program needs, and not many more."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendkpi_xl.layout import CATALOGUE_KPIS, RETURN, dataset_table
from sendkpi_xl.sheetwriter import WorkbookWriter
from sendkpi_xl.text_fit import HIGHEST_ROW, line_count, row_height
from tests.conftest import LibreOffice
from tests.fitted_rows import with_fitted_rows
from tests.made_up_round import KINGSTON, KINGSTON_Q1, opened, sheet_of
from tests.published import published_rows


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("To do", 23, 1),
        ("lower is better", 14, 1),
        ("lower is better", 9, 2),
        ("lower is better", 5, 4),
        ("iiiiiiiiiiiiiiiiiiii", 10, 1),
        ("MMMMMMMMMMMMMMMMMMMM", 10, 4),
        ("one\ntwo\n\nfour", 20, 4),
        ("one\ntwo words on it", 6, 4),
        ("two  spaces", 20, 1),
        ("計画計画計画計画計画", 10, 3),
        ("a", 0, 8),
    ],
)
def test_lines_are_counted_by_the_width_of_the_letters(text: str, width: float, lines: int) -> None:
    """Narrow letters fit where wide ones wrap, words wrap at spaces, longer ones are broken, a new line is a line."""
    assert line_count(text, width) == lines


def test_bold_letters_are_wider() -> None:
    """A heading wraps a little sooner than the same words in a cell."""
    assert (line_count("two words", 9.5), line_count("two words", 9.5, bold=True)) == (1, 2)


def test_a_row_is_as_high_as_its_lines_up_to_excels_limit() -> None:
    """A line takes 12.75 points and a row three more; no row is higher than Excel allows."""
    assert [row_height(lines) for lines in (1, 2, 3, 31, 32, 1000)] == [15.75, 28.5, 41.25, 398.25, 409.0, HIGHEST_ROW]


WORDS = st.text("abcdefghij MW.é計\n", max_size=80)
WIDTHS = st.floats(3, 80)


@settings(max_examples=200, deadline=None)
@given(WORDS, WIDTHS, WIDTHS)
def test_a_wider_column_never_takes_more_lines(text: str, one: float, other: float) -> None:
    """Nor does a narrower one take fewer, and there is always at least the text's own number of lines."""
    narrow, wide = sorted((one, other))
    assert line_count(text, narrow) >= line_count(text, wide) >= text.count("\n") + 1


@settings(max_examples=200, deadline=None)
@given(WORDS, WORDS, WIDTHS)
def test_more_text_never_takes_fewer_lines(text: str, more: str, width: float) -> None:
    """A text with something added is at least as high, and paragraphs stand below each other."""
    assert line_count(text + more, width) >= line_count(text, width)
    assert line_count(f"{text}\n{more}", width) == line_count(text, width) + line_count(more, width)


# --- Against LibreOffice

BOARD = dataset_table(KINGSTON_Q1)
COMMENTS = [row.comment for row in published_rows() if row.comment]
TITLES = [kpi.title for kpi in KINGSTON.kpis]
CALIBRATION = ["\n".join(["line"] * lines) for lines in range(1, 13)]
SAMPLES = [
    *((title, RETURN.column("title").width) for title in TITLES),
    *((kpi.shown_title, BOARD.column("title").width) for kpi in KINGSTON.kpis),
    *((title, CATALOGUE_KPIS.column("title").width) for title in TITLES),
    *((kpi.sub_area, RETURN.column("sub_area").width) for kpi in KINGSTON.kpis),
    *((comment, RETURN.column("comment").width) for comment in COMMENTS),
    *((comment, BOARD.column("comment").width) for comment in COMMENTS),
    ("MWMW " * 12, 17),
    ("illicit – “till” ‘ill’ … " * 6, 20),
    ("Überprüfung für Förderschüler, déjà prévu, naïve œuvre " * 2, 20),
]
"""The real titles, sub-areas and comments at the widths of their columns, and some unusual letters."""


@pytest.fixture(scope="module")
def needed(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """How many lines LibreOffice gives each sample; each width has a sheet of its own."""
    folder = tmp_path_factory.mktemp("lines")
    widths = sorted({width for _, width in SAMPLES})
    writer = WorkbookWriter("Lines", "", datetime(2021, 6, 30))
    for width in widths:
        page = writer.page(f"w{width}")
        page.widths([width])
        for row, text in enumerate([*CALIBRATION, *(text for text, each in SAMPLES if each == width)]):
            page.put(row, 0, text)
    path = folder / "lines.xlsx"
    path.write_bytes(writer.close())
    fitted = with_fitted_rows(libreoffice, path, folder / "out")
    lines = {width: iter(lines_of(fitted, f"w{width}")) for width in widths}
    return [next(lines[width]) for _, width in SAMPLES]


def lines_of(path: Path, name: str) -> list[int]:
    """The lines of a sheet's rows after the first twelve, whose heights say how high so many lines are."""
    sheet = sheet_of(opened(path.read_bytes()), name)
    heights = [float(sheet.row_dimensions[row].height or 0) for row in range(1, sheet.max_row + 1)]
    known = heights[: len(CALIBRATION)]
    assert known == sorted(set(known)), "LibreOffice did not size the rows"
    return [min(range(1, len(known) + 1), key=lambda lines: abs(known[lines - 1] - height)) for height in heights[12:]]


@pytest.mark.libreoffice
def test_no_text_needs_more_lines_than_estimated(needed: list[int]) -> None:
    """The real titles and comments, at the widths of their columns, fit the lines that they are given."""
    short = [
        (text, width, lines, line_count(text, width))
        for (text, width), lines in zip(SAMPLES, needed, strict=True)
        if line_count(text, width) < lines
    ]
    assert short == []
    assert max(needed) > 5


@pytest.mark.libreoffice
def test_estimates_are_not_absurdly_high(needed: list[int]) -> None:
    """At most one line too many for a text of up to five lines, and a quarter too many over all."""
    estimated = [line_count(text, width) for text, width in SAMPLES]
    loose = [
        (text, lines, guess)
        for (text, _), lines, guess in zip(SAMPLES, needed, estimated, strict=True)
        if guess > lines + 1 + lines // 6
    ]
    assert loose == []
    assert sum(estimated) <= 1.25 * sum(needed)
