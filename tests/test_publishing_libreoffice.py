"""The publish edition and its log in a real spreadsheet program: opened, recalculated and printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sendkpi_xl.edition import Edition
from tests.board_view import KINGSTON, Q1, area_of, opened, sheet_of
from tests.conftest import LibreOffice
from tests.printed_pages import pages_of

pytestmark = pytest.mark.libreoffice

EDITION, LOG = KINGSTON.board(Q1, Edition.PUBLISH), KINGSTON.withheld(Q1)


@pytest.fixture(scope="module")
def recalculated(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition as LibreOffice calculates and saves it, from a copy without any stored result."""
    root = tmp_path_factory.mktemp("publish")
    without_results = root / "without results.xlsx"
    opened(EDITION).save(without_results)
    return libreoffice.convert(without_results, "xlsx", root / "saved")


def values_in(path: Path, name: str) -> list[list[object]]:
    """The table of a sheet, with the results of its formulas."""
    return [[cell.value for cell in row] for row in area_of(sheet_of(opened(path, results=True), name))]


@pytest.mark.parametrize("name", ["Headlines", "Exceptions", "Dataset", "Ratings", "Outlook", "Not reported", "Notes"])
def test_libreoffice_calculates_and_keeps_what_we_saved(recalculated: Path, name: str) -> None:
    """Every text, number and count of each sheet; where a rating is withheld it counts as no rating."""
    assert values_in(recalculated, name) == values_in(EDITION, name)


@pytest.mark.parametrize("path", [EDITION, LOG], ids=["edition", "log"])
def test_each_page_says_what_it_is_of(libreoffice: LibreOffice, tmp_path: Path, path: Path) -> None:
    """At the head of every printed page stands whether it may be published."""
    pages = pages_of(libreoffice.convert(path, "pdf", tmp_path))
    said = {" ".join(word.text for word in page.words if word.top < page.height / 20) for page in pages}
    expected = "Publish edition" if path == EDITION else "For the team alone, never to be published"
    assert pages
    assert all(expected in each for each in said)
