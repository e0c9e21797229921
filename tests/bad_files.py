"""How the files of a bad day are made: what programs, people and networks do to a good return and its folder."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import column_index_from_string
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.catalogue import load_catalogue
from sendkpi_xl.catalogue_writer import catalogue_workbook
from sendkpi_xl.file_kinds import MAX_FILE
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.model import Catalogue
from sendkpi_xl.period import Period
from tests.catalogues import edited
from tests.good_returns import COUNCIL, FILE, GOOD_FILE, Made, sent
from tests.workbooks import PERIOD, Edit, put, saved

if TYPE_CHECKING:
    import pytest


@dataclass(slots=True)
class Scene:
    """Where a case takes place: the working folder, the catalogue, and what happens when a file's turn comes."""

    folder: WorkingFolder
    patch: pytest.MonkeyPatch
    catalogue: Callable[[], Catalogue] = lambda: COUNCIL
    period: Period = PERIOD
    when_read: dict[str, Callable[[], None]] = field(default_factory=dict)

    @property
    def place(self) -> Path:
        """The folder of returns."""
        return self.folder.returns(self.period)

    def tell(self, name: str) -> None:
        """The turn of a file has come."""
        self.when_read.get(name, lambda: None)()


# Whole files


def book(change: Callable[[Workbook], None], rows: str = "") -> Made:
    """The good return as a workbook that somebody changed as a whole."""

    def make() -> bytes:
        opened = openpyxl.load_workbook(io.BytesIO(sent(rows)()))
        change(opened)
        return saved(opened)

    return make


def unrelated() -> bytes:
    """A workbook of somebody else."""
    other = Workbook()
    sheet = other.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Budget"
    sheet.append(["Cost centre", "Spend"])
    return saved(other)


# Edits in the sheet


def and_more(made: Made) -> Made:
    """The same kind of file with a byte more: it is not the same file twice."""
    return lambda: made() + b"\0"


def typed(cells: Mapping[str, str]) -> Edit:
    """These texts typed into these cells."""

    def edit(sheet: Worksheet) -> None:
        for address, text in cells.items():
            letters = address.rstrip("0123456789")
            put(sheet, int(address.removeprefix(letters)), column_index_from_string(letters), text)

    return edit


def dated(address: str, day: datetime) -> Edit:
    """A date in a cell, as Excel makes one of `6/8`."""

    def edit(sheet: Worksheet) -> None:
        sheet[address].value = day
        sheet[address].number_format = "dd/mm/yyyy"

    return edit


def row_in(at: int, cells: Mapping[str, str]) -> Edit:
    """A row put in between, with these texts by column letter."""

    def edit(sheet: Worksheet) -> None:
        sheet.insert_rows(at)
        typed({f"{letter}{at}": text for letter, text in cells.items()})(sheet)

    return edit


def row_again(frm: int, to: int, cells: Mapping[str, str]) -> Edit:
    """A row copied below, then changed in these cells by column letter."""

    def edit(sheet: Worksheet) -> None:
        for column, cell in enumerate(list(sheet[frm]), start=1):
            sheet.cell(to, column).value = cell.value
        typed({f"{letter}{to}": text for letter, text in cells.items()})(sheet)

    return edit


def identity(old: str, new: str) -> Edit:
    """The line by which the sheet is known, changed."""

    def edit(sheet: Worksheet) -> None:
        line = str(sheet["A4"].value)
        assert old in line
        sheet["A4"].value = line.replace(old, new)

    return edit


def all_rows(change: Callable[[list[list[object]]], list[list[object]]]) -> Edit:
    """The rows of the KPIs in another order."""

    def edit(sheet: Worksheet) -> None:
        rows = [list(row) for row in sheet.iter_rows(min_row=6)]
        held: list[list[object]] = [[cell.value for cell in row] for row in rows]
        for row, values in zip(rows, change(held), strict=True):
            for cell, value in zip(row, values, strict=True):
                cell.value = value  # type: ignore[assignment]

    return edit


def copied(cells: Mapping[str, str]) -> Callable[[Workbook], None]:
    """The sheet copied within its workbook, the copy then changed."""

    def change(opened: Workbook) -> None:
        typed(cells)(opened.copy_worksheet(opened["EH"]))

    return change


def noted(address: str, words: str) -> Edit:
    """A cell note."""

    def edit(sheet: Worksheet) -> None:
        sheet[address].comment = Comment(words, "A lead")

    return edit


def working(opened: Workbook) -> None:
    """A sheet of the lead's own, with figures."""
    opened.create_sheet("Working").append(["boys", 20, "girls", 22])


def hidden_at_the_end(opened: Workbook) -> None:
    """The sheet moved behind all others, and hidden so that Excel does not list it."""
    opened.move_sheet("EH", 9)
    opened["EH"].sheet_state = "veryHidden"


def titled(name: str) -> Edit:
    """The sheet under another name."""

    def edit(sheet: Worksheet) -> None:
        sheet.title = name

    return edit


def hidden_row(sheet: Worksheet) -> None:
    """A filled row that a filter hides."""
    sheet.row_dimensions[7].hidden = True


def hidden_cells(sheet: Worksheet) -> None:
    """A hidden column of values, and a value in white letters."""
    sheet.column_dimensions["I"].hidden = True
    sheet["I6"].font = Font(color="FFFFFFFF")


def red(sheet: Worksheet) -> None:
    """A cell coloured in place of an entry."""
    sheet["I6"].fill = PatternFill("solid", fgColor="FFFF0000")


# What happens around the files


def when_read(file: str, happens: Callable[[Path], None]) -> Callable[[Scene], None]:
    """Something that happens to a file in the moment before it is read."""

    def prepare(scene: Scene) -> None:
        scene.when_read[file] = lambda: happens(scene.place / file)

    return prepare


def with_error(file: str, error: OSError) -> Callable[[Scene], None]:
    """The system refuses to give the bytes of this file."""
    read = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == file:
            raise error
        return read(path)

    return lambda scene: scene.patch.setattr(Path, "read_bytes", read_bytes)


def with_catalogue(catalogue: Catalogue) -> Callable[[Scene], None]:
    """The round is run with another KPI list than the one that the templates were made from."""

    def prepare(scene: Scene) -> None:
        scene.catalogue = lambda: catalogue

    return prepare


def with_list_edited(*edits: str) -> Callable[[Scene], None]:
    """The round is run with a catalogue workbook in which somebody made these edits: `KPIs!F5 = miles`."""

    def prepare(scene: Scene) -> None:
        path = scene.folder.root / "kpi-catalogue.xlsx"
        path.write_bytes(edited(catalogue_workbook(COUNCIL), edits))
        scene.catalogue = lambda: load_catalogue(path)

    return prepare


def after_a_quarter(scene: Scene) -> None:
    """The quarter before has its good returns."""
    place = scene.folder.returns(PERIOD)
    place.mkdir(parents=True)
    (place / FILE).write_bytes(sent()())
    (place / GOOD_FILE).write_bytes(sent(code="SB")())


def in_folder(act: Callable[[Path], None]) -> Callable[[Scene], None]:
    """Something done in the folder of returns after the files were put there."""
    return lambda scene: act(scene.place)


def folders_within(place: Path) -> None:
    """A folder with an older return, and one that is called like a workbook."""
    (place / "x.xlsx").mkdir()
    (place / "superseded").mkdir()
    (place / "superseded" / FILE).write_bytes(sent("K01 | 99")())


def link_to_nowhere(place: Path) -> None:
    """A link whose file is gone."""
    (place / FILE).symlink_to(place / "gone.xlsx")


def pipe(place: Path) -> None:
    """Something that never ends, in place of a file."""
    os.mkfifo(place / FILE)


def huge(place: Path) -> None:
    """A file one byte larger than a return may be."""
    with (place / FILE).open("wb") as file:
        file.truncate(MAX_FILE + 1)


def crowd(place: Path) -> None:
    """More files than any round has."""
    for number in range(2_001):
        (place / f"IMG_{number:04}.jpg").touch()


def odd_times(place: Path) -> None:
    """Files from long ago and from the future."""
    os.utime(place / FILE, (315_532_800, 315_532_800))
    os.utime(place / GOOD_FILE, (4_102_444_800, 4_102_444_800))


def corrected(path: Path) -> None:
    """The lead saves the file again, with another figure."""
    path.write_bytes(sent("K01 | 43")())
