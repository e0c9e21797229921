"""The board workbook in a real spreadsheet program: recalculated, with letters changed, and printed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from sendkpi_xl.board import board_workbook
from sendkpi_xl.reading import Rag
from sendkpi_xl.round import read_quarter
from sendkpi_xl.style import RAG_INK
from tests.board_view import KINGSTON, Q1, area_of, opened, sheet_of, shown_number, table_of
from tests.conftest import LibreOffice
from tests.printed_pages import Page, pages_of, picture_of

pytestmark = pytest.mark.libreoffice

NEXT = {"R": "A", "A": "G", "G": "No rating", "No rating": "R"}
"""What each letter is changed to, to see that colours and counts follow."""


@dataclass(frozen=True)
class Opened:
    """What LibreOffice made of the board workbook as it is, and of one in which every rating was changed."""

    pdf: Path
    recalculated: Path
    changed_pdf: Path
    changed: Path


@pytest.fixture(scope="module")
def made(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """The real quarter's board workbook, opened four times. openpyxl saves no results, so all must be calculated."""
    root = tmp_path_factory.mktemp("board")
    plain, without_results, changed = (root / f"{name}.xlsx" for name in ("plain", "without results", "changed"))
    plain.write_bytes(kingston())
    opened(plain).save(without_results)
    book = opened(plain)
    for row in table_of(sheet_of(book, "Dataset")):
        row["RAG"].value = NEXT[str(row["RAG"].value)]
    book.save(changed)
    return Opened(
        libreoffice.convert(plain, "pdf", root),
        libreoffice.convert(without_results, "xlsx", root / "saved"),
        libreoffice.convert(changed, "pdf", root),
        libreoffice.convert(changed, "xlsx", root / "saved"),
    )


@cache
def kingston() -> bytes:
    return board_workbook(read_quarter(KINGSTON, Q1)[0])


@pytest.fixture(scope="module")
def pages(made: Opened) -> list[Page]:
    """The printed pages of the board workbook."""
    return pages_of(made.pdf)


# --- Recalculated -------------------------------------------------------------------------------------------------


def counts_in(path: Path | bytes) -> list[list[object]]:
    """The table of counts on the headlines, with the results of its formulas."""
    return [[cell.value for cell in row] for row in area_of(sheet_of(opened(path, results=True), "Headlines"))]


def test_libreoffice_calculates_what_we_saved(made: Opened) -> None:
    """Every count that LibreOffice works out is the one that stands in our file beside its formula."""
    assert counts_in(made.recalculated) == counts_in(kingston())


def test_libreoffice_calculates_the_what_if_that_we_saved(made: Opened) -> None:
    """Each cell of the sheet What if is saved with the result that LibreOffice works out, target, limits and letter."""
    ours, theirs = (sheet_of(opened(path, results=True), "What if") for path in (kingston(), made.recalculated))
    saved, calculated = (
        [[value if isinstance(value, int | float) else value or "" for value in row] for row in sheet.values]
        for sheet in (ours, theirs)
    )
    assert calculated == saved


def test_no_cell_ends_as_an_error(made: Opened) -> None:
    """Opened, calculated and saved, no sheet holds an error value."""
    for path in (made.recalculated, made.changed):
        book = opened(path, results=True)
        errors = [
            (name, cell.coordinate)
            for name in book.sheetnames
            for row in sheet_of(book, name).iter_rows()
            for cell in row
            if cell.data_type == "e" or str(cell.value).startswith("#")
        ]
        assert errors == []


def test_texts_and_numbers_come_through(made: Opened) -> None:
    """What LibreOffice saved holds every value of every table, as it was."""
    ours, theirs = opened(kingston()), opened(made.recalculated)
    for name in ("Dataset", "Ratings", "Not reported", "Notes"):
        reference = sheet_of(ours, name).dimensions
        one, other = (
            [[cell.value for cell in row] for row in sheet_of(book, name)[reference]] for book in (ours, theirs)
        )
        assert one == other


def test_counts_follow_changed_letters(made: Opened) -> None:
    """With every letter changed, the counts by section are those of the new letters."""
    letters = Counter(
        (str(row["Section"].value), NEXT[str(row["RAG"].value)])
        for row in table_of(sheet_of(opened(kingston()), "Dataset"))
    )
    _, *sections, total = counts_in(made.changed)
    for name, *counts, kpis in sections:
        assert counts == [letters[str(name), letter] for letter in NEXT if letter in ("R", "A", "G", "No rating")]
        assert kpis == sum(letters[str(name), letter] for letter in NEXT)
    # No rating became red, red amber, amber green, green no rating.
    assert total == ["All sections", 7, 5, 36, 24, 72]


# --- Coloured -----------------------------------------------------------------------------------------------------


def coloured(pdf: Path) -> list[tuple[str, str]]:
    """The rating of each row of the printed dataset (`No` for no rating), and the colour of its cell beside it."""
    found: list[tuple[str, str]] = []
    for number, page in enumerate(pages_of(pdf), start=1):
        if page.sheet == "Dataset":
            picture = picture_of(pdf, number)
            words = [word for word in page.column(DATASET, DATASET.index("RAG")) if word.text != "rating"]
            found += [(word.text, picture.colour(word.left - 4, word.middle)) for word in words]
    return found


FILL = {rag.value: RAG_INK[rag].fill for rag in Rag} | {"No": "FFFFFF"}


def near(one: str, other: str) -> bool:
    """Whether two colours differ by no more than a painter's rounding."""
    pairs = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
    return all(abs(mine - theirs) <= 3 for mine, theirs in pairs)


def test_each_rating_is_printed_in_its_colour(made: Opened) -> None:
    """The cell around every printed letter has that letter's colour, and no rating has none."""
    printed = coloured(made.pdf)
    assert Counter(letter for letter, _ in printed) == {"A": 36, "G": 24, "No": 7, "R": 5}
    assert [(letter, colour) for letter, colour in printed if not near(colour, FILL[letter])] == []


def test_a_changed_letter_changes_its_colour(made: Opened) -> None:
    """With every letter changed in the workbook, every cell is printed in the new letter's colour."""
    before, after = coloured(made.pdf), coloured(made.changed_pdf)
    assert [letter for letter, _ in after] == [NEXT.get(letter, "R").split()[0] for letter, _ in before]
    assert [(letter, colour) for letter, colour in after if not near(colour, FILL[letter])] == []


# --- Printed ------------------------------------------------------------------------------------------------------

DATASET = ("Section", "Ref", "Key", "Baseline", "Target", "Q1", "Q2", "Q3", "Q4", "RAG", "Comment", "Since", "Forecast")
SHEETS = ["Headlines", "Exceptions", "Dataset", "Ratings", "Outlook", "Not reported", "What if", "Notes", "Trace"]
HEADINGS = {
    "Exceptions": ("Ref", "Key", "RAG", "RAG", "Why", "What", "Why", "Action", "Owner", "By"),
    "Outlook": ("Ref", "Key", "This", "RAG", "Since", "Since", "Target", "Forecast", "RAG", "How"),
    "Trace": ("Ref", "Key", "Quarter", "On", "Typed", "How", "File", "Sheet", "Cell", "SHA-256"),
    "Dataset": DATASET,
    "Ratings": ("Ref", "Key", "Value", "Target", "Computed", "Agreed", "How", "Why", "Agreed"),
    "Not reported": ("KPI", "List", "Board", "Workstream", "Key", "Mark", "Why", "Comment"),
    "What if": (
        *("Ref", "Key", "Reported", "Try", "Answers", "Year's", "Profile", "Share", "Target", "Green", "Amber"),
        *("Measure", "Green", "Amber", "Smallest", "Not", "Rating", "Rating"),
    ),
    "Notes": ("About", "Note"),
}


def test_each_sheet_prints_on_pages_of_its_own(pages: list[Page]) -> None:
    """The headlines fill exactly one page, the notes one, and the sheets follow each other in their order."""
    sheets = [page.sheet for page in pages]
    assert list(dict.fromkeys(sheets)) == SHEETS
    assert sheets == sorted(sheets, key=list(dict.fromkeys(sheets)).index)
    assert (sheets.count("Headlines"), sheets.count("Notes")) == (1, 1)


def test_pages_are_a3_or_a4_landscape(pages: list[Page]) -> None:
    """The front page, what is not reported and the notes print on A4, the rest on A3, all of them landscape."""
    sizes = {page.sheet: (round(page.width), round(page.height)) for page in pages}
    a3, a4 = (1191, 842), (842, 595)
    a4_sheets = dict.fromkeys(("Headlines", "Not reported", "Notes"), a4)
    assert sizes == dict.fromkeys(SHEETS, a3) | a4_sheets


def test_every_page_has_all_headings_and_only_full_width_pages(pages: list[Page]) -> None:
    """The headings stand on each page of their table, all of them: no column was pushed onto a page of its own."""
    for page in pages:
        headings = HEADINGS.get(page.sheet)
        if headings is not None:
            assert page.column(headings, len(headings) - 1) is not None


def test_nothing_is_printed_as_hashes(pages: list[Page]) -> None:
    """No number is too wide for its column."""
    assert [word.text for page in pages for word in page.words if "##" in word.text] == []


@pytest.mark.parametrize("sheet", SHEETS[1:])
def test_every_cell_is_printed_whole(pages: list[Page], sheet: str) -> None:
    """Column by column, what is printed is all that the cells say, word for word, from the first row to the last."""
    headings = HEADINGS[sheet]
    rows = area_of(sheet_of(opened(kingston(), results=True), sheet))[1:]
    for number, heading in enumerate(headings):
        cells = [row[number] for row in rows]
        texts = (
            shown_number(cell.value, cell.number_format) if isinstance(cell.value, int | float) else cell.value or ""
            for cell in cells
        )
        printed = (word.text for page in pages if page.sheet == sheet for word in page.column(headings, number))
        assert "".join(printed) == "".join("".join(str(text).split()) for text in texts), heading


TITLE_HEIGHT = 15


def test_the_headlines_are_printed_whole(pages: list[Page]) -> None:
    """Every headline is on the first page, word for word, above the counts."""
    sheet = sheet_of(opened(kingston()), "Headlines")
    counts = next(word for word in pages[0].words if word.text == "Red" and word.left < pages[0].width / 2)
    # Without links and the chart beside them; the title, in large letters, runs on above those.
    left = [word for word in pages[0].words if word.left < counts.left - 2 or word.bottom - word.top > TITLE_HEIGHT]
    words = sorted(left, key=lambda word: (round(word.middle), word.left))
    printed = "".join(word.text for word in words)
    lines = ["".join(str(cell.value).split()) for (cell,) in sheet.iter_rows(min_row=1, max_row=18, max_col=1)]
    assert printed.startswith("".join(lines))
