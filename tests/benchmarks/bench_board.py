"""How long the board workbook takes beside a bare XlsxWriter script that writes the same cells and formats, in turns.

    python -m tests.benchmarks.bench_board --runs 9

The script is our own run replayed: every call to XlsxWriter that `board_workbook` made, in its order, with its
formats, and nothing around them. It measures what ours works out, fits and holds against its gate on top. Then the
same workbook for more and more KPIs, whose time by row shows whether it grows in a line. Nothing passes or fails.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import xlsxwriter
from msgspec.structs import replace
from rich.console import Console
from rich.table import Table
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sendkpi_xl.board import board_workbook
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.quarter import Board
from sendkpi_xl.round import read_quarter
from sendkpi_xl.style import FONT, SIZE
from tests.board_view import KINGSTON, Q1

MOVES = (
    *("write_number", "write_string", "write_blank", "write_formula", "write_url", "set_column", "set_row"),
    *("add_table", "conditional_format", "data_validation", "freeze_panes", "fit_to_pages", "set_landscape"),
    *("set_paper", "set_margins", "set_footer", "repeat_rows", "ignore_errors", "hide_gridlines", "add_sparkline"),
)
Call = tuple[str, str, tuple[Any, ...], dict[str, Any]]
Formats = dict[int, tuple[Format, dict[str, Any]]]
"""Each format with its properties, by its identity, which stays its own as long as the format is kept here."""


@contextmanager
def recorded(calls: list[Call], formats: Formats) -> Iterator[None]:
    """Notes every such call that is made on a sheet, and every format's properties, while it lasts."""
    before = {name: getattr(Worksheet, name) for name in MOVES}
    add_format = xlsxwriter.Workbook.add_format
    depth = [0]

    def noted(name: str) -> Callable[..., Any]:
        def call(sheet: Worksheet, *args: Any, **words: Any) -> Any:
            if not depth[0]:
                calls.append((sheet.get_name(), name, args, words))
            depth[0] += 1
            try:
                return before[name](sheet, *args, **words)
            finally:
                depth[0] -= 1

        return call

    def with_properties(book: xlsxwriter.Workbook, properties: dict[str, Any] | None = None) -> Format:
        made = add_format(book, properties)
        if "xf_index" not in (properties or {}):  # a workbook makes its first one by itself
            formats[id(made)] = made, dict(properties or {})
        return made

    for name in MOVES:
        setattr(Worksheet, name, noted(name))
    xlsxwriter.Workbook.add_format = with_properties
    try:
        yield
    finally:
        xlsxwriter.Workbook.add_format = add_format
        for name, move in before.items():
            setattr(Worksheet, name, move)


def replayed(calls: list[Call], formats: Formats, options: dict[str, Any]) -> bytes:
    """The same calls on a workbook of its own."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, options)
    made = {key: book.add_format(properties) for key, (_, properties) in formats.items()}

    def own(value: Any) -> Any:
        if isinstance(value, Format):
            return made.get(id(value), value)
        if isinstance(value, dict):
            return {key: own(inner) for key, inner in value.items()}
        return [own(inner) for inner in value] if isinstance(value, list) else value

    sheets: dict[str, Worksheet] = {}
    for sheet, name, args, words in calls:
        page = sheets.get(sheet) or sheets.setdefault(sheet, book.add_worksheet(sheet))
        getattr(page, name)(*map(own, args), **{key: own(value) for key, value in words.items()})
    book.close()
    return stream.getvalue()


def seconds(work: Callable[[], object]) -> float:
    """The processor time that a piece of work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def larger(board: Board, times: int) -> Board:
    """The same quarter with each of its KPIs so many times, under ids of their own."""

    def again(rated: RatedReading, number: int) -> RatedReading:
        kpi = replace(rated.kpi, id=f"{rated.kpi.id}-{number}", board_ref=f"{rated.kpi.board_ref}{number:02}")
        return replace(rated, kpi=kpi, reading=replace(rated.reading, kpi_id=kpi.id))

    quarters = {
        period: tuple(again(each, number) for number in range(times) for each in rated)
        for period, rated in board.quarters.items()
    }
    kpis = tuple(each.kpi for each in quarters[board.period])
    return replace(board, quarters=quarters, catalogue=replace(board.catalogue, kpis=kpis))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    board, _ = read_quarter(KINGSTON, Q1)
    calls: list[Call] = []
    formats: Formats = {}
    with recorded(calls, formats):
        board_workbook(board)
    options: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    options["default_format_properties"] = {"font_name": FONT, "font_size": SIZE}
    ratios = []
    for _ in range(runs):
        ours = seconds(lambda: board_workbook(board))
        ratios.append(ours / seconds(lambda: replayed(calls, formats, options)))
    console = Console()
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    console.print(f"Board workbook of {len(board.now)} KPIs beside the bare script, {len(calls):,} calls replayed:")
    console.print(f"{middle:.2f} times its processor time ({low:.2f} to {high:.2f}, {runs} runs)")
    table = Table("KPIs", "seconds", "milliseconds a KPI")
    for times in (1, 5, 10, 20, 40):
        many = larger(board, times)
        took = seconds(lambda many=many: board_workbook(many))  # type: ignore[misc]
        table.add_row(f"{len(many.now):,}", f"{took:.2f}", f"{took / len(many.now) * 1000:.2f}")
    console.print(table)


if __name__ == "__main__":
    main()
