"""The one place that opens a workbook for writing (XlsxWriter), and the few moves that all our sheets are made of.

Text is always text (nothing that people typed becomes a formula or a link), a feature that XlsxWriter would drop
with a warning raises here, formulas carry their computed result, and the same input gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from sendkpi_xl.gate import only_ours
from sendkpi_xl.layout import Table
from sendkpi_xl.reading import Rag
from sendkpi_xl.style import BRAND, FONT, FORMATS, SIZE, rag_format
from sendkpi_xl.text_fit import line_count, row_height
from sendkpi_xl.workbook_mark import packed_anew

MAKER = "sendkpi"
A3, A4 = 8, 9
CELL_TEXT_LIMIT = 32_767
CUT_MARK = "… [cut]"
FILTER_BUTTON_WIDTH = 2.5
LANGUAGE = "en-GB"
FORBIDDEN = r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""What XML cannot hold, and the carriage return, which a cell shows as a box."""
FIXED_HEIGHT = re.compile(rb'(<row [^>]*?) customHeight="1"')


Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0."""


class WorkbookWriter:
    """A workbook in the making; `made` is the date in its properties, which must not come from the clock.

    `label` is what every sheet says of the workbook, in its title and at the head of its pages.
    """

    def __init__(self, title: str, subject: str, made: datetime, label: str = "") -> None:
        self.label = label
        self._stream = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._stream,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": FONT, "font_size": SIZE},
            },
        )
        self._book.set_properties({"title": self.labelled(title), "subject": subject, "author": MAKER, "created": made})
        self._book.set_calc_mode("auto")
        self._pages: list[Page] = []
        self._formats: dict[tuple[str, tuple[tuple[str, object], ...]], Format] = {}

    def labelled(self, title: str) -> str:
        """A title, with the workbook's label where it has one."""
        return f"{title} ({self.label})" if self.label else title

    def format(self, name: str, **more: object) -> Format:
        """The cell format of this name, with extra properties (such as `num_format`)."""
        key = (name, tuple(sorted(more.items())))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**FORMATS[name], **more})
        return self._formats[key]

    def rule_format(self, properties: Mapping[str, object]) -> Format:
        """A format for a conditional-format rule."""
        key = ("", tuple(sorted(properties.items())))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(properties))
        return self._formats[key]

    def chart(self, kind: str, subtype: str | None = None) -> Any:
        """A chart of XlsxWriter's, to be placed on a sheet."""
        return self._book.add_chart({"type": kind, "subtype": subtype})

    def page(self, name: str) -> Page:
        """A new sheet after the others."""
        self._pages.append(Page(self, self._book.add_worksheet(name)))
        return self._pages[-1]

    def close(self, origin: str = "") -> bytes:
        """Finish the workbook and give its bytes; raises Stray when it holds something that we do not write.

        `origin`, a comment of XML, is put at the end of the first sheet.
        """
        for page in self._pages:
            page.fit_rows()
        self._book.close()
        fixed = {f"xl/worksheets/sheet{number}.xml" for number, page in enumerate(self._pages, 1) if page.fixed_rows}
        ends = {"xl/worksheets/sheet1.xml": origin.encode()}

        def finished(name: str, part: bytes) -> bytes:
            return _finished(name, part, name in fixed) + ends.get(name, b"")

        return only_ours(packed_anew(self._stream.getvalue(), finished), MAKER)


class Page:
    """One sheet in the making. Rows and columns count from 0, as XlsxWriter's do."""

    def __init__(self, writer: WorkbookWriter, sheet: Worksheet) -> None:
        self.writer = writer
        self.sheet = sheet
        self._widths: dict[int, float] = {}
        self._wrapped: dict[int, list[tuple[int, str, bool]]] = {}
        self.fixed_rows: set[int] = set()
        sheet.hide_gridlines(2)

    def put(self, row: int, column: int, value: object, style: str = "body", **more: object) -> None:
        """Write text, a number, or (for None and empty text) an empty cell in this style."""
        cell_format = self.writer.format(style, **more)
        if value is None or value == "":
            done = self.sheet.write_blank(row, column, None, cell_format)
        elif isinstance(value, int | float):
            done = self.sheet.write_number(row, column, value, cell_format)
        else:
            done = self.sheet.write_string(row, column, clean_text(str(value)), cell_format)
            self._remember(row, column, str(value), style)
        _sure(done, self.sheet, row, column)

    def _remember(self, row: int, column: int, text: str, style: str) -> None:
        if FORMATS[style].get("text_wrap"):
            self._wrapped.setdefault(row, []).append((column, text, bool(FORMATS[style].get("bold"))))

    def widths(self, widths: Sequence[float]) -> None:
        """Set the widths of the sheet's first columns."""
        for column, width in enumerate(widths):
            self._widths[column] = width
            self.sheet.set_column(column, column, width)

    def fit_rows(self) -> None:
        """Give every row that holds wrapped text the height that shows it in full."""
        for row, texts in self._wrapped.items():
            if row in self.fixed_rows:
                continue
            known = [(self._widths[column], text, bold) for column, text, bold in texts if column in self._widths]
            lines = max((line_count(text, width, bold=bold) for width, text, bold in known), default=1)
            self.sheet.set_row(row, row_height(lines))

    def fix_row(self, row: int, pixels: int) -> None:
        """Give a row a height that stays whatever is typed into it, and whatever it holds: charts stand beside it."""
        self.sheet.set_row_pixels(row, pixels)
        self.fixed_rows.add(row)

    def formula(self, row: int, column: int, formula: str, result: object, style: str = "body", **more: object) -> None:
        """Write a formula together with the result that it gives, so that every reader sees it."""
        done = self.sheet.write_formula(row, column, formula, self.writer.format(style, **more), result)
        _sure(done, self.sheet, row, column)

    def link(self, row: int, column: int, target: str, text: str) -> None:
        """Write a link to a cell of this workbook, such as `'Dataset'!A5`."""
        done = self.sheet.write_url(row, column, f"internal:{target}", self.writer.format("link"), text)
        _sure(done, self.sheet, row, column)

    def lead(self, row: int, column: int, target: str) -> None:
        """Make a cell lead to another of this workbook, such as `Trace!A5`, and keep what is written into it later."""
        done = self.sheet.write_url(row, column, f"internal:{target}")
        _sure(done, self.sheet, row, column)

    def spark(self, row: int, column: int, sheet: str, values: Area) -> None:
        """A line of the values of some cells of a sheet, drawn in one cell of this one; where one is empty it breaks.

        The cells hold numbers or nothing: in charts a text counts as a 0.
        """
        area = f"'{sheet}'!{cell(values[0], values[1])}:{cell(values[2], values[3])}"
        options = {"range": area, "markers": True, "weight": 1.5, "series_color": f"#{BRAND}", "empty_cells": "gaps"}
        _sure(self.sheet.add_sparkline(row, column, options), self.sheet, row, column)

    def place_chart(self, row: int, column: int, chart: Any, alternative: str, down: int = 0) -> None:
        """Place a chart at a cell, so many pixels down in it, with its alternative text; rows carry it along."""
        options = {"description": clean_text(alternative), "object_position": 2, "y_offset": down}
        _sure(self.sheet.insert_chart(row, column, chart, options), self.sheet, row, column)

    def title(self, title: str, lines: Sequence[str] = ()) -> None:
        """Write the sheet's title into A1 and lines of help below it; they run on over the empty cells beside them."""
        self.put(0, 0, self.writer.labelled(title), "title")
        self.sheet.set_row(0, 28)
        for offset, line in enumerate(lines, start=1):
            self.put(offset, 0, line, "line")

    def table(self, table: Table, rows: int, *, filtered: bool = True) -> None:
        """Set the column widths, write the headings and mark headings and `rows` rows as one Excel table.

        Without `filtered` it has no filter buttons: a filter would hide rows that other things stand beside.
        """
        first = table.heading_row - 1
        self.widths([column.width for column in table.columns])
        header = self.writer.format("heading")
        options = {
            "name": table.name,
            "style": None,
            "autofilter": filtered,
            "columns": [{"header": column.heading, "header_format": header} for column in table.columns],
        }
        last = first + max(rows, 1)
        done = self.sheet.add_table(first, 0, last, len(table.columns) - 1, options)
        _sure(done, self.sheet, first, 0)
        room = [max(each.width - FILTER_BUTTON_WIDTH, 1) for each in table.columns]
        headings = zip(table.columns, room, strict=True)
        lines = max(line_count(column.heading, width, bold=True) for column, width in headings)
        self.sheet.set_row(first, row_height(lines))

    def plain_table(self, name: str, row: int, headings: Sequence[str], rows: int) -> None:
        """Write headings into `row` and mark them and the `rows` rows below as one Excel table without filters."""
        header = self.writer.format("heading")
        columns = [{"header": heading, "header_format": header} for heading in headings]
        options = {"name": name, "style": None, "autofilter": False, "columns": columns}
        done = self.sheet.add_table(row, 0, row + max(rows, 1), len(headings) - 1, options)
        _sure(done, self.sheet, row, 0)

    def choices(self, area: tuple[int, int, int, int], source: str, help_title: str, help_text: str) -> None:
        """A drop-down whose choices stand in the cells `source`, for instance `=Lists!$A$5:$A$8`."""
        self.validate(
            area,
            {
                "validate": "list",
                "source": source,
                "input_title": help_title,
                "input_message": help_text,
                "error_title": "Not one of the choices",
                "error_message": "Choose one from the list: the arrow at the right of the cell opens it.",
            },
        )

    def validate(self, area: tuple[int, int, int, int], options: Mapping[str, Any]) -> None:
        """A data validation over `area` (first row, first column, last row, last column)."""
        _sure(self.sheet.data_validation(*area, dict(options)), self.sheet, area[0], area[1])

    def when(
        self, area: tuple[int, int, int, int], formula: str, properties: Mapping[str, object], cells: str = ""
    ) -> None:
        """A conditional format over `area` where `formula` (relative to its first cell) holds.

        `cells` leaves some of the area out: `D9:D12 D15` for an area from D9 to D15.
        """
        rule = {"type": "formula", "criteria": formula, "format": self.writer.rule_format(properties)}
        if cells:
            rule["multi_range"] = cells
        _sure(self.sheet.conditional_format(*area, rule), self.sheet, area[0], area[1])

    def rag_colours(self, area: tuple[int, int, int, int]) -> None:
        """Colour rating letters: by conditional format, so that a changed letter changes its colour."""
        for rag in Rag:
            self.when(area, f'={cell(area[0], area[1])}="{rag.value}"', rag_format(rag))

    def print_setup(self, table: Table | None = None, paper: int = A4) -> None:
        """Landscape, one page wide, headings repeated, pages numbered."""
        self.sheet.set_landscape()
        self.sheet.set_paper(paper)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.set_footer("&L&A&RPage &P of &N")
        if self.writer.label:
            self.sheet.set_header(f"&R{self.writer.label.capitalize()}")
        if table is not None:
            self.sheet.repeat_rows(table.heading_row - 1)


def _finished(name: str, part: bytes, fixed: bool) -> bytes:
    """A part of the workbook with what XlsxWriter has no setting for: the document's language, gaps in charts, and rows
    that are as high as written but still grow when somebody types more into them, unless the rows are `fixed`."""
    if name.startswith("xl/worksheets/sheet") and not fixed:
        return FIXED_HEIGHT.sub(rb"\1", part)
    if name.startswith("xl/charts/chart") and b"<c:lineChart>" in part:
        # Where a chart does not say so, a program may draw its line through an empty cell as through a figure of 0.
        return part.replace(b"</c:chart>", b'<c:dispBlanksAs val="gap"/></c:chart>')
    if name == "docProps/core.xml":
        language = f"<dc:language>{LANGUAGE}</dc:language></cp:coreProperties>"
        return part.replace(b"</cp:coreProperties>", language.encode())
    return part


def clean_text(text: str) -> str:
    """The text as a cell can hold it: no control characters that XML forbids, at most Excel's 32,767 characters.

    Excel counts a character beyond the basic plane (an emoji) as two.
    """
    # Most texts need no look at the pattern, which takes longer to make ready than a sheet to write.
    kept = text if text.isprintable() else re.sub(FORBIDDEN, "", text)
    units = kept.encode("utf-16-le")
    if len(units) <= 2 * CELL_TEXT_LIMIT:
        return kept
    room = 2 * (CELL_TEXT_LIMIT - len(CUT_MARK))
    return units[:room].decode("utf-16-le", "ignore") + CUT_MARK


def cell(row: int, column: int, *, fixed_row: bool = False, fixed_column: bool = False) -> str:
    """A1 reference of a cell given by 0-based numbers."""
    return str(xl_rowcol_to_cell(row, column, row_abs=fixed_row, col_abs=fixed_column))


def _sure(done: object, sheet: Worksheet, row: int, column: int) -> None:
    """XlsxWriter answers non-zero where it silently leaves something out: here that is a defect of ours."""
    if isinstance(done, int) and done != 0:
        raise ValueError(f"XlsxWriter refused something at {sheet.get_name()}!{cell(row, column)} (code {done})")
