"""Whether a workbook is still as we wrote it: what every program leaves in a file that it saves."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from sendkpi_xl.sheetwriter import WorkbookWriter
from sendkpi_xl.workbook_mark import as_written, packed_anew
from tests.board_view import KINGSTON, ROOT
from tests.board_view import Q1 as KINGSTON_Q1
from tests.conftest import LibreOffice


def workbook(text: str) -> bytes:
    """A workbook of ours with a text in its first cell."""
    writer = WorkbookWriter("Title", "Subject", datetime(2021, 6, 30))
    writer.page("Sheet").put(0, 0, text)
    return writer.close()


def saved_again(data: bytes) -> bytes:
    """The same workbook opened and saved by another program, with nothing changed in it."""
    stream = BytesIO()
    openpyxl.load_workbook(BytesIO(data)).save(stream)
    return stream.getvalue()


def test_a_workbook_that_we_wrote_is_as_we_wrote_it() -> None:
    """Ours, and the repository's board, catalogue and templates, bear the mark."""
    assert as_written(workbook("ours"))
    ours = [KINGSTON.board(KINGSTON_Q1), KINGSTON.catalogue, *sorted((ROOT / "templates").rglob("*.xlsx"))]
    assert [path.name for path in ours if not as_written(path.read_bytes())] == []


def test_a_workbook_that_openpyxl_saved_is_not() -> None:
    """It bears the time of saving, even where nothing was changed in it."""
    assert not as_written(saved_again(workbook("ours")))


@pytest.mark.libreoffice
def test_a_workbook_that_libreoffice_saved_is_not(tmp_path: Path, libreoffice: LibreOffice) -> None:
    """Saving in a real spreadsheet program takes the mark off."""
    (tmp_path / "board.xlsx").write_bytes(workbook("ours"))
    saved = libreoffice.convert(tmp_path / "board.xlsx", "xlsx", tmp_path / "out")
    assert not as_written(saved.read_bytes())


@pytest.mark.parametrize("date", [(1980, 1, 1, 0, 0, 0), (2024, 7, 5, 9, 12, 0)], ids=["Excel's", "today's"])
@pytest.mark.parametrize("parts", [1, None], ids=["one part", "all parts"])
def test_a_workbook_with_parts_that_another_program_packed_is_not(
    date: tuple[int, int, int, int, int, int], parts: int | None
) -> None:
    """Excel packs with the first date that an archive knows, others with the time of saving; one part is enough."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook("ours"))) as made, zipfile.ZipFile(stream, "w") as packed:
        theirs = made.namelist()[:parts]
        for member in made.infolist():
            info = zipfile.ZipInfo(member.filename, date if member.filename in theirs else member.date_time)
            packed.writestr(info, made.read(member))
    assert not as_written(stream.getvalue())


@pytest.mark.parametrize("data", [b"", b"the old board", b"PK\x03\x04 cut off", workbook("ours")[:-200]])
def test_what_is_no_workbook_is_not_ours(data: bytes) -> None:
    """Other bytes, and a workbook that was cut short, are not as we wrote them."""
    assert not as_written(data)


def test_a_workbook_of_openpyxl_is_marked_as_ours() -> None:
    """However often it is packed the bytes are the same, on every system; its cells are what they were."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "please fix"
    stream = BytesIO()
    book.save(stream)
    one = packed_anew(stream.getvalue())
    assert one == packed_anew(one)
    assert as_written(one)
    assert openpyxl.load_workbook(BytesIO(one)).worksheets[0]["A1"].value == "please fix"
    assert not as_written(saved_again(one))
    with zipfile.ZipFile(BytesIO(one)) as archive:
        assert {member.create_system for member in archive.infolist()} == {3}


def test_each_part_can_be_changed_on_the_way() -> None:
    """What `change` gives for a part is what stands in it."""
    data = packed_anew(workbook("ours"), lambda name, part: part + b" " if name.endswith("core.xml") else part)
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(BytesIO(workbook("ours"))) as plain:
        changed = [name for name in archive.namelist() if archive.read(name) != plain.read(name)]
    assert changed == ["docProps/core.xml"]
