"""What can be wrong with a file in the folder of returns, as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from sendkpi_xl.checks.check import Check, Noticed, Scope
from sendkpi_xl.finding_rules import CHECK, MUST, NOTE, RULES, Rule
from sendkpi_xl.findings import listed
from sendkpi_xl.grid import Beside
from sendkpi_xl.reading import Place

MOST_SHEETS = 10


class SeenFile(Struct, frozen=True):
    """A file as it was found: each field is empty where it says nothing.

    `unreadable` is what was found and what to do where the file cannot be read; `no_workbook` why it was not even
    tried; `twin` the other file with the same bytes; `own` which of our own workbooks it is; `strange_sheets` the
    names of all sheets where none is a return; `unread` the sheets beside the returns that hold something;
    `beside` what stands on the returns themselves in no cell; `wrapped` says that the file holds more than a workbook.
    """

    name: str
    unreadable: tuple[str, str] | None = None
    no_workbook: str = ""
    twin: str = ""
    own: str = ""
    period: str = ""
    strange_sheets: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()
    macros: bool = False
    wrapped: bool = False
    odd_name: bool = False
    open_elsewhere: bool = False

    def here(self, **words: object) -> Noticed:
        """Something noticed about the file."""
        return Noticed(Place(self.name), "", words)


def unreadable(seen: SeenFile) -> Iterator[Noticed]:
    """A file that does not open as a workbook."""
    if seen.unreadable is not None:
        yield seen.here(found=seen.unreadable[0], action=seen.unreadable[1])


def no_workbook(seen: SeenFile) -> Iterator[Noticed]:
    """A file of another kind, which nobody meant as a return."""
    if seen.no_workbook:
        yield seen.here(why=seen.no_workbook)


def same_bytes(seen: SeenFile) -> Iterator[Noticed]:
    """The same file twice."""
    if seen.twin:
        yield seen.here(other=seen.twin)


def own_workbook(seen: SeenFile) -> Iterator[Noticed]:
    """A workbook of ours that is no return, such as the board workbook."""
    if seen.own:
        yield seen.here(what=seen.own)


def no_template(seen: SeenFile) -> Iterator[Noticed]:
    """A workbook in which no sheet is one of our templates."""
    if seen.strange_sheets:
        yield seen.here(seen=listed(seen.strange_sheets, MOST_SHEETS), period=seen.period)


def unread_sheets(seen: SeenFile) -> Iterator[Noticed]:
    """Sheets of the lead's own beside the returns: what stands there was not read."""
    for name in seen.unread:
        yield Noticed(Place(seen.name, name))


def beside_cells(seen: SeenFile) -> Iterator[Noticed]:
    """Cell notes and drawings on a return: their words were not read."""
    for each in seen.beside:
        what = [f"the cell {'note' if len(each.cell_notes) == 1 else 'notes'} at {listed(each.cell_notes)}"]
        drawn = "1 picture or text box" if each.drawings == 1 else f"{each.drawings} pictures or text boxes"
        shown = what * bool(each.cell_notes) + [drawn] * bool(each.drawings)
        yield Noticed(Place(seen.name, each.sheet), "", {"what": " and ".join(shown)})


def wrapped(seen: SeenFile) -> Iterator[Noticed]:
    """Bytes before or after the workbook, as mail programs put them there."""
    if seen.wrapped:
        yield seen.here()


def macros(seen: SeenFile) -> Iterator[Noticed]:
    """A workbook with macros: they are never run."""
    if seen.macros:
        yield seen.here()


def odd_name(seen: SeenFile) -> Iterator[Noticed]:
    """A workbook under a name that does not end as a workbook's does."""
    if seen.odd_name:
        yield seen.here()


def open_elsewhere(seen: SeenFile) -> Iterator[Noticed]:
    """A return that somebody has open: it may change."""
    if seen.open_elsewhere:
        yield seen.here()


FILE_CHECKS = (
    Check("F02", Scope.FILE, RULES["F02"], unreadable),
    Check(
        "F05",
        Scope.FILE,
        Rule(
            NOTE,
            "Not a workbook (.xlsx or .xlsm): {why}.",
            "Return workbooks.",
            "Nothing, unless it is or holds a return: then put the workbook itself into this folder.",
        ),
        no_workbook,
    ),
    Check(
        "F08",
        Scope.FILE,
        Rule(NOTE, "The same bytes as {other}.", "Each return once.", "Nothing: it is counted once."),
        same_bytes,
    ),
    Check(
        "F17",
        Scope.FILE,
        Rule(
            CHECK,
            "Somebody has this file open.",
            "A file that is saved and closed.",
            "Run again when it is closed: what is being typed now is not in it yet.",
        ),
        open_elsewhere,
    ),
    Check(
        "F18",
        Scope.FILE,
        Rule(NOTE, "It contains macros.", "A workbook without macros.", "Nothing: they were not run."),
        macros,
    ),
    Check(
        "F23",
        Scope.FILE,
        Rule(
            NOTE,
            "There is something before or after the workbook in this file, such as the footer of an e-mail.",
            "The workbook alone.",
            "Nothing: the workbook is whole, and was read.",
        ),
        wrapped,
    ),
    Check(
        "F19",
        Scope.FILE,
        Rule(
            NOTE,
            "It is a workbook, under a name that ends otherwise.",
            "A name that ends in .xlsx.",
            "Nothing: it was read all the same.",
        ),
        odd_name,
    ),
    Check(
        "R01",
        Scope.FILE,
        Rule(
            MUST,
            "No sheet is one of our templates; the sheets are: {seen}.",
            "A filled template for {period}.",
            "Ask for the return in the template that was sent out; nothing was read from this file.",
        ),
        no_template,
    ),
    Check(
        "R10",
        Scope.FILE,
        Rule(NOTE, "A {what} that we wrote, not a return.", "Returns only.", "Nothing: it was left out."),
        own_workbook,
    ),
    Check(
        "R19",
        Scope.FILE,
        Rule(
            NOTE,
            "The sheet is none of ours, and what stands on it was not read.",
            "Entries on the return sheet only.",
            "Nothing, unless a figure stands here and nowhere else: then type it on the return sheet.",
        ),
        unread_sheets,
    ),
    Check(
        "R24",
        Scope.FILE,
        Rule(
            CHECK,
            "What is said outside the cells was not read: {what}.",
            "All that there is to say in the yellow cells.",
            "Move what matters into the comment of its KPI; the rest may stay.",
        ),
        beside_cells,
    ),
)
"""The checks of a whole file."""
