"""The sheet in front of a note, as a part of its own: what to fix, line by line, with a link to each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sendkpi_xl.cells import address, column_letters
from sendkpi_xl.layout import NOTE_IDENTITY, PLEASE_FIX
from sendkpi_xl.note_styles import Styles
from sendkpi_xl.note_xml import RELATIONS, SPREADSHEET, cell_text, escaped
from sendkpi_xl.queries import Asked, Query, counted, query_texts
from sendkpi_xl.reading import Place
from sendkpi_xl.sheetwriter import A4, clean_text
from sendkpi_xl.style import SEVERITY_INK
from sendkpi_xl.text_fit import line_count, row_height

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MARKED = "Each cell is marked: red must be fixed, amber please check, green for your information. Hover to read why."
NOT_MARKED = "Your workbook could not be copied into this one, so nothing is marked."
CORRECT_HERE = "Correct the marked cells in this copy, save it, and send it back to {to}."
CORRECT_YOURS = "Correct these cells in your own workbook, save it, and send it back to {to}."
EMPTY = "Empty cells: it is about a whole sheet."
TITLE_HEIGHT = 28
VIEW = (
    '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
    f'<pane ySplit="{PLEASE_FIX.heading_row}" topLeftCell="A{PLEASE_FIX.heading_row + 1}" activePane="bottomLeft" '
    'state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
)
PAGE = (
    '<pageMargins left="0.4" right="0.4" top="1" bottom="1" header="0.5" footer="0.5"/>'
    f'<pageSetup paperSize="{A4}" fitToWidth="1" fitToHeight="0" orientation="landscape"/>'
    "<headerFooter><oddFooter>&amp;L&amp;A&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter>"
)


def front_sheet(file: str, queries: Sequence[Query], asked: Asked, styles: Styles, *, copied: bool) -> str:
    """The sheet that says what to fix, with its one table as `rId1`; `copied`: the lead's own sheets follow it."""
    head = PLEASE_FIX.heading_row
    rows = [*_lines(file, queries, asked, styles, copied=copied), _headings(styles)]
    rows += [_row(row, query, styles, linked=copied) for row, query in enumerate(queries, start=head + 1)]
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{column.width}" customWidth="1"/>'
        for number, column in enumerate(PLEASE_FIX.columns, start=1)
    )
    return (
        f'{XML}<worksheet xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}">'
        f'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:{_corner(len(queries))}"/>'
        f"{VIEW}<cols>{widths}</cols><sheetData>{''.join(rows)}</sheetData>{_links(queries) if copied else ''}{PAGE}"
        f'<tableParts count="1"><tablePart r:id="rId1"/></tableParts></worksheet>{asked.origin(file)}'
    )


def front_table(number: int, name: str, rows: int) -> str:
    """The part of the sheet's table; its number and its name must be free in the workbook."""
    area = f"A{PLEASE_FIX.heading_row}:{_corner(rows)}"
    columns = "".join(
        f'<tableColumn id="{index}" name="{escaped(column.heading)}"/>'
        for index, column in enumerate(PLEASE_FIX.columns, start=1)
    )
    return (
        f'{XML}<table xmlns="{SPREADSHEET}" id="{number}" name="{name}" displayName="{name}" ref="{area}" '
        f'totalsRowShown="0"><autoFilter ref="{area}"/>'
        f'<tableColumns count="{len(PLEASE_FIX.columns)}">{columns}</tableColumns></table>'
    )


def _corner(rows: int) -> str:
    return address(PLEASE_FIX.heading_row + rows, len(PLEASE_FIX.columns))


def _lines(file: str, queries: Sequence[Query], asked: Asked, styles: Styles, *, copied: bool) -> list[str]:
    counts = counted(Counter(each.finding.severity for each in queries))
    to, period = asked.catalogue.settings.return_to, asked.gathered.period
    lines = (
        (f"Please fix: KPI return for {period.label}", "title"),
        (f"{counts} {MARKED if copied else NOT_MARKED} {EMPTY}", "line"),
        ((CORRECT_HERE if copied else CORRECT_YOURS).format(to=to), "strong"),
        (f"{NOTE_IDENTITY} | {period.code} | {file}", "quiet"),
    )
    cells = [_cell(address(row, 1), text, styles.named(style)) for row, (text, style) in enumerate(lines, start=1)]
    first = f'<row r="1" ht="{TITLE_HEIGHT}" customHeight="1">{cells[0]}</row>'
    return [first, *(f'<row r="{row}">{cell}</row>' for row, cell in enumerate(cells[1:], start=2))]


def _headings(styles: Styles) -> str:
    head = PLEASE_FIX.heading_row
    cells = (
        _cell(address(head, number), column.heading, styles.named("heading"))
        for number, column in enumerate(PLEASE_FIX.columns, start=1)
    )
    return f'<row r="{head}">{"".join(cells)}</row>'


def _row(row: int, query: Query, styles: Styles, *, linked: bool) -> str:
    texts = query_texts(query) | {"cell": _where(query.finding.place)}
    looks = {"severity": SEVERITY_INK[query.finding.severity], "cell": "body link" if linked else "body"}
    cells = "".join(
        _cell(f"{column_letters(number)}{row}", texts[column.key], styles.named(looks.get(column.key, "body")))
        for number, column in enumerate(PLEASE_FIX.columns, start=1)
    )
    lines = max(line_count(texts[column.key], column.width) for column in PLEASE_FIX.columns)
    return f'<row r="{row}" ht="{row_height(lines)}" customHeight="1">{cells}</row>'


def _cell(where: str, text: str, style: int) -> str:
    if not text:
        return f'<c r="{where}" s="{style}"/>'
    return f'<c r="{where}" s="{style}" t="inlineStr"><is>{cell_text(clean_text(text))}</is></c>'


def _where(place: Place) -> str:
    return f"{place.sheet}, {place.cell}" if place.cell else place.sheet


def _links(queries: Sequence[Query]) -> str:
    letters = next(column_letters(at) for at, each in enumerate(PLEASE_FIX.columns, start=1) if each.key == "cell")
    links = "".join(
        f'<hyperlink ref="{letters}{row}" location="{escaped(_target(query.finding.place))}" '
        f'display="{escaped(clean_text(_where(query.finding.place)))}"/>'
        for row, query in enumerate(queries, start=PLEASE_FIX.heading_row + 1)
    )
    return f"<hyperlinks>{links}</hyperlinks>"


def _target(place: Place) -> str:
    """Where a link to the place leads: its cell, the start of its row, or the top of its sheet."""
    cell = f"A{place.cell.removeprefix('row ')}" if place.cell.startswith("row ") else place.cell or "A1"
    return f"{sheet_reference(place.sheet)}!{cell}"


def sheet_reference(name: str) -> str:
    """A sheet's name as formulas and links hold it."""
    return f"'{name.replace(chr(39), chr(39) * 2)}'"
