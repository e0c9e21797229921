"""What can keep people from a workbook as a whole, or from one of its sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sendkpi_xl.audit.check import AccessCheck, Noticed, Scope
from sendkpi_xl.audit.seen import SeenSheet, SeenWorkbook
from sendkpi_xl.finding_rules import MUST, Rule
from sendkpi_xl.findings import listed, shortened
from sendkpi_xl.reading import Place

DEFAULT_NAME = re.compile(
    r"(?:(?:work)?sheet|tabelle|blatt|feuil|hoja|foglio|tab|page) ?\d*(?: ?\(\d+\))?", re.IGNORECASE
)
PRINT_CODE = re.compile(r'&(?:"[^"]*"|[0-9]+|K[0-9A-Fa-f]{6}|K[0-9]{2}[+-][0-9]{3}|&|.)', re.DOTALL)
PICTURE_CODE = re.compile(r"&[Gg]")
NO_MATTER = frozenset(("page", "of", "sheet", "printed", "on"))
"""Words around page numbers, sheet names and dates in a header or footer."""


def no_title(seen: SeenWorkbook) -> Iterator[Noticed]:
    """A workbook whose properties have no title."""
    if not seen.title:
        yield Noticed(Place(seen.file))


def no_language(seen: SeenWorkbook) -> Iterator[Noticed]:
    """A workbook that does not say its language."""
    if not seen.language:
        yield Noticed(Place(seen.file))


def macros(seen: SeenWorkbook) -> Iterator[Noticed]:
    """A workbook with macros."""
    if seen.macros:
        yield Noticed(Place(seen.file))


def opens_elsewhere(seen: SeenWorkbook) -> Iterator[Noticed]:
    """A workbook that opens with another sheet than the first, or with another cell than A1 of it."""
    at = seen.opens_with if seen.opens_with < len(seen.sheets) else 0
    opened = seen.sheets[at]
    if at != 0 or opened.active_cell != "A1":
        yield Noticed(seen.sheets[0].place(), {"sheet": shortened(opened.name), "cell": shortened(opened.active_cell)})


def names_alike(seen: SeenWorkbook) -> Iterator[Noticed]:
    """Two sheets of one name."""
    names: set[str] = set()
    for sheet in seen.sheets:
        if sheet.name.strip().casefold() in names:
            yield Noticed(sheet.place(), {"name": shortened(sheet.name)})
        names.add(sheet.name.strip().casefold())


def default_name(seen: SeenSheet) -> Iterator[Noticed]:
    """A sheet under a name that says nothing."""
    if not seen.name.strip() or DEFAULT_NAME.fullmatch(seen.name.strip()):
        yield Noticed(seen.place(), {"name": shortened(seen.name)})


def hidden(seen: SeenSheet) -> Iterator[Noticed]:
    """A sheet that is hidden."""
    if seen.visibility != "visible":
        yield Noticed(seen.place())


def blank(seen: SeenSheet) -> Iterator[Noticed]:
    """A sheet with nothing on it."""
    if not seen.cells and not seen.drawn:
        yield Noticed(seen.place())


def no_sheet_title(seen: SeenSheet) -> Iterator[Noticed]:
    """A sheet without a title in its first cell."""
    first = seen.cells.get((1, 1))
    in_table = any(table.area[:2] == (1, 1) for table in seen.tables)
    if (seen.cells or seen.drawn) and (first is None or first.number or in_table):
        yield Noticed(seen.place((1, 1)))


def merged(seen: SeenSheet) -> Iterator[Noticed]:
    """Cells that are merged."""
    areas = [area.address for area in seen.merged if area[:2] != area[2:]]
    if areas:
        yield Noticed(seen.place(seen.merged[0][:2]), {"areas": listed(areas, 6)})


def printed_words(seen: SeenSheet) -> Iterator[Noticed]:
    """Words or pictures in a header or footer that stand in no cell of the sheet: only a print shows them."""
    for printed in seen.print_words:
        if PICTURE_CODE.search(printed):
            yield Noticed(seen.place(), {"text": "a picture"})
        pieces = [" ".join(piece.split()) for piece in PRINT_CODE.split(printed)]
        if lost := [piece for piece in pieces if _tells(piece) and not _stands_in_a_cell(seen, piece)]:
            yield Noticed(seen.place(), {"text": f"“{shortened(' '.join(lost))}”"})


def _tells(piece: str) -> bool:
    words = re.findall(r"\w+", piece)
    return any(not word.isdecimal() and word.casefold() not in NO_MATTER for word in words)


def _stands_in_a_cell(seen: SeenSheet, piece: str) -> bool:
    return any(piece.casefold() in " ".join(cell.text.casefold().split()) for cell in seen.cells.values())


def no_words_for_picture(seen: SeenSheet) -> Iterator[Noticed]:
    """Charts and pictures without alternative text."""
    names = [f"“{shortened(each.name, 40)}”" for each in seen.drawn if not each.described]
    if names:
        yield Noticed(seen.place(), {"names": listed(names, 6)})


WORKBOOK_CHECKS = (
    AccessCheck(
        "A01",
        Scope.WORKBOOK,
        "Document title set",
        Rule(
            MUST,
            "The workbook has no title.",
            "A title in its properties, which a screen reader says first.",
            "Choose File > Info and type a title.",
        ),
        no_title,
    ),
    AccessCheck(
        "A02",
        Scope.WORKBOOK,
        "Document language set",
        Rule(
            MUST,
            "The workbook does not say its language.",
            "A language in its properties, such as en-GB, so that a screen reader speaks it as it should.",
            "Choose File > Info > Show All Properties and type the language.",
        ),
        no_language,
    ),
    AccessCheck(
        "A03",
        Scope.WORKBOOK,
        "No macros",
        Rule(MUST, "The workbook contains macros.", "A workbook without macros.", "Save it as Excel Workbook (.xlsx)."),
        macros,
    ),
    AccessCheck(
        "A04",
        Scope.WORKBOOK,
        "The cursor in A1 of the first sheet",
        Rule(
            MUST,
            "The workbook opens with the sheet {sheet}, cell {cell}.",
            "Cell A1 of the first sheet, where reading begins.",
            "Go to A1 of the first sheet and save.",
        ),
        opens_elsewhere,
    ),
    AccessCheck(
        "A05",
        Scope.WORKBOOK,
        "Unique sheet names",
        Rule(MUST, "Another sheet is called {name} too.", "A name of its own for each sheet.", "Rename one of them."),
        names_alike,
    ),
)
"""The checks of a workbook as a whole."""

SHEET_CHECKS = (
    AccessCheck(
        "A06",
        Scope.SHEET,
        "Sheet names that say what is on them",
        Rule(
            MUST,
            "The sheet is called “{name}”.",
            "A name that says what is on it.",
            "Rename it in a word or two.",
        ),
        default_name,
        by_words=True,
    ),
    AccessCheck(
        "A07",
        Scope.SHEET,
        "No hidden sheets",
        Rule(MUST, "The sheet is hidden.", "Sheets that can be seen.", "Unhide it, or delete it."),
        hidden,
    ),
    AccessCheck(
        "A08",
        Scope.SHEET,
        "No blank sheets",
        Rule(MUST, "The sheet is blank.", "Something on each sheet.", "Delete it."),
        blank,
    ),
    AccessCheck(
        "A09",
        Scope.SHEET,
        "A title in A1 of each sheet",
        Rule(
            MUST,
            "There is no title in A1.",
            "A title in A1, above any table.",
            "Write into A1 what the sheet shows.",
        ),
        no_sheet_title,
    ),
    AccessCheck(
        "A10",
        Scope.SHEET,
        "No merged or split cells",
        Rule(MUST, "Cells are merged: {areas}.", "Each cell by itself.", "Unmerge them."),
        merged,
    ),
    AccessCheck(
        "A11",
        Scope.SHEET,
        "No header or footer text that matters",
        Rule(
            MUST,
            "The header or footer holds {text}, which stands in no cell of the sheet.",
            "Page numbers, dates and names of sheets there, and nothing else that matters.",
            "Write it into a cell above the table as well, or take it out.",
        ),
        printed_words,
    ),
    AccessCheck(
        "A12",
        Scope.SHEET,
        "Alternative text on every chart and picture",
        Rule(
            MUST,
            "No alternative text: {names}.",
            "Words for each chart and picture, or a mark that it is decoration.",
            "Choose Edit Alt Text and say what it shows.",
        ),
        no_words_for_picture,
    ),
)
"""The checks of a sheet by itself."""
