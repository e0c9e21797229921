"""How long our reader of cells takes beside python-calamine and openpyxl, on the same workbooks, in turns, in one run.

    python -m tests.benchmarks.bench_reader --runs 15

Each workbook's bytes are read by ours whole (`read_book`), by python-calamine (all cells of all sheets) and by
`openpyxl.load_workbook` (loading alone: looking at its cells comes on top). The three follow one another, so that
whatever else the machine does meets all of them; a ratio is of such a turn. Nothing here passes or fails.
"""

import argparse
import gc
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook
from rich.console import Console
from rich.table import Table

from sendkpi_xl.cell_styles import remembered_formats
from sendkpi_xl.cells import read_book

REPOSITORY = Path(__file__).parents[2]
WORKBOOKS = (
    "inputs/2021-22-Q1/return-*.xlsx",
    "templates/2021-22-Q1/return-2021-22-Q1-all.xlsx",
    "inputs/kpi-catalogue.xlsx",
    "outputs/2021-22-Q1/board-dataset.xlsx",
)
MADE_ROWS = 2_000
MADE_COLUMNS = 20


def ours(data: bytes) -> None:
    """Read all cells by our own reader."""
    read_book(data, "workbook.xlsx")


def by_calamine(data: bytes) -> None:
    """Read all cells by python-calamine, empty ones at the edges too, without which it moves the others."""
    workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def by_openpyxl(data: bytes) -> None:
    """Load the workbook by openpyxl."""
    openpyxl.load_workbook(BytesIO(data))


READERS: tuple[Callable[[bytes], None], ...] = (ours, by_calamine, by_openpyxl)


def made_workbook() -> bytes:
    """A larger workbook than any of ours: numbers, texts that come again and again, and formulas."""
    file = BytesIO()
    workbook = xlsxwriter.Workbook(file, {"in_memory": True})
    percent = workbook.add_format({"num_format": "0.0%"})
    sheet = workbook.add_worksheet("Large")
    for row in range(MADE_ROWS):
        for column in range(MADE_COLUMNS):
            if column % 10 == 9:
                sheet.write_formula(row, column, f"=SUM(A{row + 1}:H{row + 1})", percent, row / 7)
            elif column % 2:
                sheet.write_number(row, column, row / 7 + column, percent)
            else:
                sheet.write_string(row, column, f"text {row * column % 997}")
    workbook.close()
    return file.getvalue()


def workbooks() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each workbook that is read."""
    for pattern in WORKBOOKS:
        for path in sorted(REPOSITORY.glob(pattern)):
            yield path.name, path.read_bytes()
    yield f"made, {MADE_ROWS:,} × {MADE_COLUMNS}", made_workbook()


def seconds(reader: Callable[[bytes], None], data: bytes) -> float:
    """Processor time of one reading, begun with nothing left to clear away, no styles and no patterns remembered."""
    gc.collect()
    re.purge()
    remembered_formats.cache_clear()
    start = time.process_time()
    reader(data)
    return time.process_time() - start


def measure(data: bytes, runs: int) -> list[tuple[float, ...]]:
    """Seconds that each reader took in each turn, after one turn that is not counted."""
    return [tuple(seconds(reader, data) for reader in READERS) for _ in range(runs + 1)][1:]


def row(name: str, data: bytes, taken: Sequence[tuple[float, ...]]) -> list[str]:
    """One workbook's medians: cells, milliseconds of each reader, and the two ratios."""
    cells = sum(len(sheet.cells) for sheet in read_book(data, name).sheets)
    times = [f"{statistics.median(each) * 1000:.2f}" for each in zip(*taken, strict=True)]
    to_calamine = statistics.median(mine / calamine for mine, calamine, _ in taken)
    to_openpyxl = statistics.median(loading / mine for mine, _, loading in taken)
    return [name, f"{cells:,}", *times, f"{to_calamine:.2f}", f"{to_openpyxl:.1f}"]


def main() -> None:
    """Measure every workbook and print the table."""
    parser = argparse.ArgumentParser(prog="bench_reader", description="Time our reader beside two others.")
    parser.add_argument("--runs", type=int, default=15, help="how often each workbook is read (default: 15)")
    runs = max(1, parser.parse_args().runs)
    table = Table(title=f"Reading all cells, medians of {runs} turns, in milliseconds", title_justify="left")
    table.add_column("Workbook")
    headings = (
        "Cells",
        "Ours",
        "calamine",
        "openpyxl",
        "Ours ÷ calamine\n(at most 3)",
        "openpyxl ÷ ours\n(at least 6)",
    )
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for name, data in workbooks():
        table.add_row(*row(name, data, measure(data, runs)))
    Console(highlight=False, width=120).print(table)


if __name__ == "__main__":
    main()
