"""A small council's working folder with returns to ask about, and how tests look at what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.catalogue import save_catalogue
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.sheetwriter import MAKER
from tests.board_view import drawn
from tests.workbooks import PERIOD, SMALL

QUERIED = """
    K01 | about twelve |   |   |                       | =1+1
    K02 | 83%          | 6 | 8 |                       |
    K03 | '8.5%        |   |   |                       |
    K04 |              |   |   | No cases this quarter | '=SUM(A1)
    K05 | 12000        | 5 |   |                       |
    K06 |              |   |   |                       | Waiting for the trust
    K07 | 4.5          |   |   |                       |
    """
"""A return of workstream EH with findings of all three severities, a formula, and a text that looks like one."""
FINE = """
    K20 | 40
    K21 | 75% | 6 | 8
    """
"""A return of workstream SB with nothing to ask about."""


def folder_with(root: Path, returns: Mapping[str, bytes]) -> WorkingFolder:
    """A working folder with the small council's catalogue and these files as its returns."""
    folder = WorkingFolder(root)
    save_catalogue(SMALL, folder.catalogue)
    folder.returns(PERIOD).mkdir(parents=True)
    for name, data in returns.items():
        (folder.returns(PERIOD) / name).write_bytes(data)
    return folder


def sheet_drawn(sheet: Worksheet) -> str:
    """A whole sheet as lines with `|` between the cells."""
    rows = [[cell for cell in row if isinstance(cell, Cell)] for row in sheet.iter_rows()]
    return "\n".join(line.rstrip(" |") for line in drawn(rows).splitlines())


def marked(book: Workbook) -> dict[str, str]:
    """The cells that bear our notes, as `EH!I6`, with the colour of their fill."""
    return {
        f"{sheet.title}!{cell.coordinate}": str(cell.fill.start_color.rgb)[2:]
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None and cell.comment.author == MAKER
    }
