"""The files that a visitor of the repository opens are what the product makes today from the repository's inputs."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendkpi_xl.files import write_whole
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.moderating import moderated, write_moderation
from sendkpi_xl.moderation import moderation_workbook
from sendkpi_xl.publishing import write_published
from sendkpi_xl.round import read_quarter, write_board, write_templates
from tests.board_view import Q1, ROOT, parts_of
from tests.fill_moderation import published_moderation
from tests.fill_published import published_ratings
from tests.published import published_rows

MODERATION = f"inputs/{Q1.code}/moderation.xlsx"
PUBLISHED = f"inputs/{Q1.code}/published-ratings.csv"
REFRESH = {
    "templates": f"sendkpi template {Q1.code}",
    "outputs": f"sendkpi board {Q1.code}, with and without --edition publish",
    "inputs": "python -m tests.fill_moderation",
}
"""The command that makes a folder's files anew, by the folder's name."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the inputs, with everything that the product makes from them."""
    root = tmp_path_factory.mktemp("made")
    shutil.copytree(ROOT / "inputs", root / "inputs")
    folder = WorkingFolder(root)
    write_templates(folder, Q1)
    write_board(folder, Q1)
    write_published(folder, Q1)
    return root


def differing(ours: Path, kept: Path, name: str) -> Iterator[str]:
    """What differs between the file that was made now and the one that is kept, part by part, and how to refresh it."""
    refresh = f"Make it anew with: {REFRESH[Path(name).parts[0]]}"
    if not (kept / name).is_file():
        yield f"{name} is missing. {refresh}"
        return
    one, other = parts(ours / name), parts(kept / name)
    for part in sorted(one.keys() | other.keys()):
        if one.get(part) != other.get(part):
            yield f"{name}, {part} is not what the product makes today. {refresh}"


def parts(path: Path) -> dict[str, bytes]:
    """A workbook's parts by name; any other file as one part."""
    return parts_of(path) if zipfile.is_zipfile(path) else {"the whole file": path.read_bytes()}


def names_in(root: Path, folder: str) -> list[str]:
    """The files of the quarter's folder, without what `sendkpi check` writes there for one day's asking back."""
    quarter = root / folder / Q1.code
    asked_back = {WorkingFolder(root).queries(Q1), *WorkingFolder(root).notes(Q1).rglob("*")}
    files = (path for path in quarter.rglob("*") if path.is_file() and path not in asked_back)
    return sorted(path.relative_to(root).as_posix() for path in files)


@pytest.mark.parametrize("folder", ["templates", "outputs"])
def test_what_the_product_makes_is_in_the_repository(made: Path, folder: str) -> None:
    """Templates and outputs of the real quarter hold exactly the parts that the product writes today."""
    assert [line for name in names_in(made, folder) for line in differing(made, ROOT, name)] == []


@pytest.mark.parametrize("folder", ["templates", "outputs"])
def test_nothing_else_lies_there(made: Path, folder: str) -> None:
    """The quarter's folders hold no file that the product does not make."""
    assert names_in(ROOT, folder) == names_in(made, folder)


def test_the_moderation_workbook_is_what_its_script_fills_today(tmp_path: Path) -> None:
    """The moderation workbook holds what was published, written as the product writes it."""
    shutil.copytree(ROOT / "inputs", tmp_path / "inputs")
    folder = WorkingFolder(tmp_path)
    board, _ = read_quarter(folder, Q1)
    moderation = published_moderation(folder)
    write_whole(folder.moderation(Q1), moderation_workbook(moderated(board, moderation)))
    assert list(differing(tmp_path, ROOT, MODERATION)) == []


def test_bringing_the_moderation_workbook_up_to_date_changes_nothing(tmp_path: Path) -> None:
    """`sendkpi moderate` on the repository's inputs gives the workbook that is there."""
    shutil.copytree(ROOT / "inputs", tmp_path / "inputs")
    write_moderation(WorkingFolder(tmp_path), Q1)
    assert list(differing(tmp_path, ROOT, MODERATION)) == []


def test_the_quarters_inputs_are_six_returns_the_moderation_and_the_published_ratings() -> None:
    """The folder of returns holds the six returns, the moderation workbook and the published ratings, and no more."""
    codes = ("SPB", "WS1", "WS2", "WS3", "WS4", "WS5")
    assert names_in(ROOT, "inputs") == [
        MODERATION,
        PUBLISHED,
        *(f"inputs/{Q1.code}/return-{Q1.code}-{code}.xlsx" for code in codes),
    ]


def test_the_published_ratings_are_those_of_the_dataset() -> None:
    """The file of published ratings is what its script writes, and each of its 72 rows says what was published."""
    data = (ROOT / PUBLISHED).read_bytes()
    assert data == published_ratings()
    heading, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert heading == ["Ref", "Key Performance Indicator", "RAG"]
    assert rows == [[row.ref, row.title, row.rating] for row in published_rows()]
    assert len(rows) == 72


def test_a_stale_part_is_named_with_the_command(made: Path, tmp_path: Path) -> None:
    """Where one part of a workbook is not today's, and another is gone, both are named, and how to make it anew."""
    name = f"outputs/{Q1.code}/board-dataset.xlsx"
    kept = parts(made / name) | {"xl/worksheets/sheet2.xml": b"<worksheet/>"}
    (tmp_path / name).parent.mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        for part, data in kept.items():
            if part != "xl/styles.xml":
                archive.writestr(part, data)
    assert list(differing(made, tmp_path, name)) == [
        f"{name}, {part} is not what the product makes today. Make it anew with: {REFRESH['outputs']}"
        for part in ("xl/styles.xml", "xl/worksheets/sheet2.xml")
    ]


def test_a_missing_or_changed_file_is_named_with_the_command(made: Path, tmp_path: Path) -> None:
    """A file that is not there, and one that is not a workbook, are told as well."""
    name = f"outputs/{Q1.code}/readings.csv"
    (said,) = differing(made, tmp_path, name)
    assert said == f"{name} is missing. Make it anew with: {REFRESH['outputs']}"
    write_whole(tmp_path / name, b"period,kpi_id\r\n")
    (said,) = differing(made, tmp_path, name)
    assert said.startswith(f"{name}, the whole file is not what the product makes today.")
