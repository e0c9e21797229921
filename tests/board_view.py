"""How tests look into a finished workbook: tables by their headings, sheets drawn as lines, the parts of the file."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.period import Period

ROOT = Path(__file__).resolve().parent.parent
KINGSTON = WorkingFolder(ROOT)
Q1 = Period(2021, 1)


def opened(source: bytes | Path, *, results: bool = False) -> Workbook:
    """The workbook in these bytes or at this path, with its formulas or with their `results`."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparkline Group extension")  # openpyxl does not read them
        return openpyxl.load_workbook(io.BytesIO(source) if isinstance(source, bytes) else source, data_only=results)


def sheet_of(book: Workbook, name: str) -> Worksheet:
    """One sheet of a workbook."""
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def area_of(sheet: Worksheet) -> list[list[Cell]]:
    """The cells of the sheet's one table, row by row, its headings first."""
    (table,) = sheet.tables.values()
    return [[cell for cell in row if isinstance(cell, Cell)] for row in sheet[table.ref]]


def table_of(sheet: Worksheet) -> list[dict[str, Cell]]:
    """The rows of the sheet's one table: their cells by heading."""
    headings, *rows = area_of(sheet)
    names = [str(cell.value) for cell in headings]
    return [dict(zip(names, row, strict=True)) for row in rows]


def drawn(rows: Sequence[Sequence[Cell]]) -> str:
    """Rows of cells as lines with `|` between the cells: numbers as their formats show them, line breaks as ` / `."""
    return "\n".join(" | ".join(_shown(cell) for cell in row).strip() for row in rows)


def _shown(cell: Cell) -> str:
    if isinstance(cell.value, int | float):
        return shown_number(cell.value, cell.number_format)
    return "" if cell.value is None else str(cell.value).replace("\n", " / ")


def shown_number(number: float, number_format: str) -> str:
    """A number as Excel shows it in the formats that our workbooks use: `#,##0`, `0.0%`, `"£"#,##0;-"£"#,##0`."""
    if number_format == "General":
        return f"{number:.15g}"
    positive, *negative = number_format.split(";")
    chosen = negative[0] if negative and number < 0 else positive
    digits = re.search(r"(#,##)?0(?:\.(0+))?(%?)", chosen)
    assert digits is not None, number_format
    exact = Decimal(repr(abs(number) if negative else number)) * (100 if digits[3] else 1)
    places = len(digits[2] or "")
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,.{places}f}" if digits[1] else f"{rounded:.{places}f}"
    return f"{chosen[: digits.start()]}{text}{digits[3]}{chosen[digits.end() :]}".replace('"', "")


def as_drawn(table: str) -> str:
    """A table drawn in a test, without the blanks that line its columns up."""
    lines = (" | ".join(field.strip() for field in line.split("|")) for line in table.strip().splitlines())
    return "\n".join(line.strip() for line in lines)


def table_drawn(sheet: Worksheet) -> str:
    """The sheet's one table as lines."""
    return drawn(area_of(sheet))


def parts_of(source: bytes | Path) -> dict[str, bytes]:
    """The parts of a workbook by name, unpacked."""
    with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def texts_of(source: bytes | Path) -> dict[str, str]:
    """The parts of a workbook by name, as text."""
    return {name: part.decode("utf-8") for name, part in parts_of(source).items()}
