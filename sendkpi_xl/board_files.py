"""What a quarter's board gets, as files that belong together: workbook, tidy data and its schema, PDF of the pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from sendkpi_xl.board import board_workbook
from sendkpi_xl.datapackage import data_package
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.pdf import left_from_before, pdf_of
from sendkpi_xl.quarter import Board
from sendkpi_xl.read_back import read_back
from sendkpi_xl.reading import Finding
from sendkpi_xl.tidy_data import tidy_csv, tidy_rows


class BoardFiles(Struct, frozen=True):
    """The files' bytes by their paths, all in one folder, and what there is to say of a PDF that is not among them."""

    contents: Mapping[Path, bytes]
    findings: tuple[Finding, ...] = ()


def board_files(folder: WorkingFolder, board: Board, pdf: bool, tell: Callable[[str], None]) -> BoardFiles:
    """The board's files for its place in a working folder; with `pdf` the pack as well, or a finding that says why not.

    Nothing is written. A PDF that stands there from before and is not made anew is told of.
    """
    period, edition = board.period, board.edition
    data = tidy_csv(tidy_rows((each for rated in board.quarters.values() for each in rated), edition))
    workbook = board_workbook(board)
    read_back(workbook, board, folder.board(period, edition).name)
    contents = {
        folder.board(period, edition): workbook,
        folder.readings(period, edition): data,
        folder.data_package(period, edition): data_package(board.catalogue, period, data, edition),
    }
    path = folder.board_pdf(period, edition)
    if not pdf:
        return BoardFiles(contents, left_from_before(path))
    tell(path.name)
    made = pdf_of(board_workbook(board, on_paper=True), path)
    if isinstance(made, Finding):
        return BoardFiles(contents, (made, *left_from_before(path)))
    return BoardFiles({**contents, path: made})
