"""Reading the KPI list as published, from the sheets of its file.

Nothing under the list's headings is dropped
in silence: a line that is neither a KPI nor a leftover of a page break (a blank line, titles or headings again, a
page number) is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.cells import Cell, Kind, Sheet
from sendkpi_xl.figures import plain
from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.layout import PUBLISHED_LIST
from sendkpi_xl.list_file import INVISIBLE, SAVE_LIST, list_sheets, on_one_sheet
from sendkpi_xl.reading import Finding, Place
from sendkpi_xl.tables import FoundTable, Row, cell_text, find_table, folded, is_blank


class ListedKpi(Struct, frozen=True):
    """One KPI as the list has it; only `sub_area` may be empty. `place` is its title's cell."""

    ref: str
    workstream: str
    sub_area: str
    title: str
    place: Place


class FoundList(Struct, frozen=True):
    """A sheet that has the list's headings, and the table under them; `delimited` when it is a text file."""

    file: str
    delimited: bool
    sheet: Sheet
    table: FoundTable


PAGE_NUMBER = re.compile(r"(page|p\.)\s*\d+(\s*(of|/)\s*\d+)?|\d+\s*(of|/)\s*\d+|-\s*\d+\s*-", re.IGNORECASE)

NEEDED = {"ref": "The KPI's ref.", "workstream": "The KPI's workstream.", "title": "The KPI's title."}


def read_published_list(path: Path) -> tuple[ListedKpi, ...]:
    """The KPIs of a published list in its order: at least one, and no ref twice.

    Raises Refusal with everything that is wrong: F01 or F02 for a file that cannot be read, T01 or T02 for
    its headings, T05 for each gap in a KPI, T06 for each repeated ref, C03 or T09 for a row that is no KPI.
    """
    found = _find_list(*list_sheets(path), path.name)
    to_headings = _texts_to_headings(found)
    rows = [row for row in found.table.rows if not _is_leftover(row, to_headings)]
    if findings := list(_problems(found, rows)):
        raise Refusal(findings)
    return tuple(_listed(row) for row in rows)


def _listed(row: Row) -> ListedKpi:
    texts = {key: _text(row, key) for key in ("ref", "workstream", "sub_area", "title")}
    return ListedKpi(**texts, place=row.place("title"))


# --- From sheets to the list's rows


def _find_list(sheets: Sequence[Sheet], delimited: bool, file: str) -> FoundList:
    """The one sheet with the list's headings; Refusal when there is none, or more than one in sight."""

    def find(sheet: Sheet) -> tuple[FoundList | None, list[Finding]]:
        headed = _with_sub_area_heading(sheet, file)
        table, findings = find_table(headed, PUBLISHED_LIST, file)
        return None if table is None else FoundList(file, delimited, headed, table), findings

    return on_one_sheet(sheets, file, "a KPI list", find)


LOOSE_LIST = replace(
    PUBLISHED_LIST,
    columns=tuple(replace(column, needed=column.key != "sub_area") for column in PUBLISHED_LIST.columns),
)


def _with_sub_area_heading(sheet: Sheet, file: str) -> Sheet:
    """The sheet, its sub-area headed where the list leaves that heading empty, as the Annex does.

    That is so only for a single column with text, between headed ones; otherwise the sheet stays as it is.
    """
    table, _ = find_table(sheet, LOOSE_LIST, file)
    if table is None or "sub_area" in table.columns:
        return sheet
    filled = [cell for cell in sheet.cells.values() if not is_blank(cell)]
    headed = {cell.column for cell in filled if cell.row == table.heading_row}
    below = {cell.column for cell in filled if cell.row > table.heading_row}
    unheaded = [column for column in below - headed if min(headed) < column < max(headed)]
    if len(unheaded) != 1:
        return sheet
    heading, place = PUBLISHED_LIST.column("sub_area").heading, (table.heading_row, unheaded[0])
    cell = Cell(*place, Kind.TEXT, heading, heading, formula=False, number_format="General")
    return replace(sheet, cells={**sheet.cells, place: cell})


def _texts_to_headings(found: FoundList) -> set[str]:
    """The texts of the title lines and the headings, folded: page breaks repeat them among the KPIs."""
    cells = found.sheet.cells.values()
    return {folded(cell_text(cell)) for cell in cells if cell.row <= found.table.heading_row} | {""}


def _is_leftover(row: Row, to_headings: set[str]) -> bool:
    """Whether a page break left this row: titles or headings once more, or a page number."""
    if any(cell.kind is Kind.EMPTY for cell in row.cells.values()):
        return False
    texts = [_text(row, key) for key in row.cells]
    if all(folded(text) in to_headings for text in texts):
        return True
    loose_number = "ref" not in row.cells and texts[0].isdigit()
    return len(texts) == 1 and (loose_number or PAGE_NUMBER.fullmatch(texts[0]) is not None)


def _text(row: Row, key: str) -> str:
    """The cell's text on one line, without what cannot be seen; a number as Excel shows it."""
    cell = row.cells.get(key)
    if cell is not None and cell.kind is Kind.NUMBER and isinstance(cell.value, float):
        return plain(cell.value)
    return " ".join(INVISIBLE.sub("", row.text(key)).split())


# --- What is wrong with the rows


def _problems(found: FoundList, rows: Sequence[Row]) -> Iterator[Finding]:
    overflowing = _overflowing(found) if found.delimited else set()
    first: dict[str, Row] = {}
    for row in rows:
        yield from _cell_problems(row)
        yield from _gaps(row)
        ref = _text(row, "ref")
        before = first.setdefault(ref.casefold(), row)
        if ref and before is not row:
            yield finding("T06", row.place("ref"), ref, found=f"Ref {ref}", other=before.place("ref").cell)
        if row.number in overflowing:
            yield finding(
                "T09",
                row.place("title"),
                ref,
                found="The line has more fields than there are headings.",
                expected="A field for each heading, and quotation marks round a text that has commas.",
                action=SAVE_LIST,
            )
    if not rows:
        yield finding(
            "T09",
            Place(found.file, found.sheet.name, f"row {found.table.heading_row}"),
            found="There is no KPI under these headings.",
            expected="A KPI in each row under the headings.",
            action="Check that this is the whole list, and run again.",
        )


def _cell_problems(row: Row) -> Iterator[Finding]:
    """Cells of a workbook that show no text: errors, formulas without a result, refs turned into dates."""
    for key, cell in row.cells.items():
        place, ref = row.place(key), row.text("ref")
        if cell.kind is Kind.EMPTY:
            yield finding("C03", place, expected="A text.")
        elif cell.kind is Kind.ERROR:
            action = "Mend the formula, or type the text."
            yield finding("T09", place, ref, found=f"The cell shows {cell.raw}.", expected="A text.", action=action)
        elif cell.is_date:
            found = "The cell holds a date: Excel makes one of 1-2 and 1/2."
            action = "Format the cell as text, and type it again."
            yield finding("T09", place, found=found, expected="A text or a plain number.", action=action)


def _gaps(row: Row) -> Iterator[Finding]:
    """What a KPI lacks; a row with hardly anything is rather a note, or the rest of the row above."""
    missing = [key for key in NEEDED if key not in row.cells or (row.cells[key].raw and not _text(row, key))]
    if "ref" in missing and len(missing) > 1:
        text = next(_text(row, key) for key in row.cells)
        yield finding(
            "T09",
            row.place(next(iter(row.cells))),
            found=f"This row is no KPI: “{text[:60]}”.",
            expected="A ref, a workstream and a title in each row.",
            action="Delete the row, or join its text to the row that it belongs to.",
        )
        return
    for key in missing:
        yield finding("T05", row.place(key), row.text("ref"), expected=NEEDED[key])


def _overflowing(found: FoundList) -> set[int]:
    """The rows of a text file with a field beyond the last heading: something split a title."""
    filled = [cell for cell in found.sheet.cells.values() if not is_blank(cell)]
    last = max(cell.column for cell in filled if cell.row == found.table.heading_row)
    return {cell.row for cell in filled if cell.column > last}
