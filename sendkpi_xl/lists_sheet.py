"""The sheet of choices that a workbook's drop-downs point at: a choice may hold a comma, and none is written twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from sendkpi_xl.layout import LISTS_SHEET, Table, choice_lists
from sendkpi_xl.sheetwriter import WorkbookWriter, cell

HEADING_ROW = 3
WIDTH = 34
TABLE = "Choices"
HELP = (
    "The drop-downs on the other sheets offer these words; they are changed in no workbook. Empty cells: no more words."
)


def write_lists(writer: WorkbookWriter, tables: Iterable[Table]) -> Mapping[type[StrEnum], str]:
    """Write the closed choices of these tables, a column each; gives each one's cells, as `=Lists!$A$5:$A$8`."""
    page = writer.page(LISTS_SHEET)
    page.title("Choices", (HELP,))
    sources: dict[type[StrEnum], str] = {}
    lists = choice_lists(tables)
    page.widths([WIDTH] * len(lists))
    longest = max((len(_words(choices)) for _, choices in lists), default=1)
    page.plain_table(TABLE, HEADING_ROW, [heading for heading, _ in lists], longest)
    for column, (_, choices) in enumerate(lists):
        words = _words(choices)
        for row, word in enumerate(words, start=HEADING_ROW + 1):
            page.put(row, column, word, "locked")
        first = cell(HEADING_ROW + 1, column, fixed_row=True, fixed_column=True)
        last = cell(HEADING_ROW + len(words), column, fixed_row=True, fixed_column=True)
        sources[choices] = f"={LISTS_SHEET}!{first}:{last}"
    page.sheet.protect("", {"format_columns": True})
    page.print_setup()
    return sources


def _words(choices: type[StrEnum]) -> list[str]:
    return [choice.value for choice in choices if choice.value]
