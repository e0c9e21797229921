"""The edits that make a note of a workbook, whoever wrote it: sound parts, and the lead's own things as they were."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from msgspec.structs import replace
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.asking import write_notes
from sendkpi_xl.cells import read_book
from sendkpi_xl.layout import PLEASE_FIX
from sendkpi_xl.notes import note_workbook
from sendkpi_xl.queries import Asked, Query, note_name
from sendkpi_xl.reading import Place
from tests.asked_back import QUERIED, folder_with, marked
from tests.board_view import KINGSTON, Q1, opened, parts_of, sheet_of
from tests.conftest import LibreOffice
from tests.sound_workbook import faults_of
from tests.workbooks import PERIOD, filled, saved, template

SHEET = PLEASE_FIX.sheet
RED, AMBER, GREEN = "FBE9EA", "FFC83D", "E3F3E8"
MARKS = {"EH!I6": RED, "EH!M6": RED, "EH!I7": AMBER, "EH!I8": GREEN, "EH!J10": AMBER, "EH!I11": RED}
"""What is marked in a return with the entries of QUERIED."""
Change = Callable[[str, bytes], bytes]


def note_to(root: Path, data: bytes, file: str = "eh.xlsx") -> bytes:
    """The note that is written to a return with these bytes."""
    folder = folder_with(root, {file: data})
    write_notes(folder, PERIOD)
    return (folder.notes(PERIOD) / note_name(file)).read_bytes()


def asked_about(root: Path, data: bytes) -> tuple[Sequence[Query], Asked]:
    """What there is to ask about a return with these bytes."""
    _, asked = write_notes(folder_with(root, {"eh.xlsx": data}), PERIOD)
    return asked.of_lead("eh.xlsx"), asked


def rebuilt(data: bytes, change: Change, more: dict[str, bytes] | None = None) -> bytes:
    """A workbook with its parts changed one by one, and others added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in {**parts_of(data), **(more or {})}.items():
            archive.writestr(name, change(name, part))
    return stream.getvalue()


def in_part(part_name: str, old: bytes, new: bytes) -> Change:
    """A change of all places in one part."""

    def change(name: str, part: bytes) -> bytes:
        if name != part_name:
            return part
        assert old in part, f"{name} does not hold {old!r}"
        return part.replace(old, new)

    return change


# --- Returns as different programs write them -----------------------------------------------------------------------


def prefixed(data: bytes) -> bytes:
    """As some programs write it: all of the spreadsheet's own elements with a prefix."""

    def change(name: str, part: bytes) -> bytes:
        if b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"' not in part:
            return part
        return re.sub(rb"<(/?)(?=\w+[\s/>])", rb"<\1x:", part).replace(b"xmlns=", b"xmlns:x=", 1)

    return rebuilt(data, change)


def in_other_letters(data: bytes) -> bytes:
    """Parts whose names differ in large and small letters from what refers to them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts_of(data).items():
            archive.writestr(name if name.startswith(("[", "_")) else name.upper(), part)
    return stream.getvalue()


def in_latin_letters(data: bytes) -> bytes:
    """A sheet in an older encoding, with a letter that has another code there."""

    def change(name: str, part: bytes) -> bytes:
        if not name.endswith("sheet2.xml"):
            return part
        text = part.decode("utf-8").replace("Waiting for the trust", "Waiting for £9")
        return b'<?xml version="1.0" encoding="ISO-8859-1"?>' + text.encode("latin-1", "xmlcharrefreplace")

    return rebuilt(data, change)


def with_macros(data: bytes) -> bytes:
    """With macros, as an .xlsm has them."""
    kind = b"http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    link = b'<Relationship Id="rId77" Type="' + kind + b'" Target="vbaProject.bin"/></Relationships>'
    default = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'

    def change(name: str, part: bytes) -> bytes:
        part = in_part("xl/_rels/workbook.xml.rels", b"</Relationships>", link)(name, part)
        part = in_part("[Content_Types].xml", b"</Types>", default)(name, part)
        plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        return in_part("[Content_Types].xml", plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")(
            name, part
        )

    return rebuilt(data, change, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def with_lists_of_its_own(data: bytes) -> bytes:
    """With what Excel itself writes beside the sheets: the order of calculation, and the sheets' titles."""
    links = (
        b'<Relationship Id="rId78" Target="calcChain.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"/></Relationships>'
    )
    types = (
        b'<Override PartName="/xl/calcChain.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>'
    )
    titles = (
        b"<TitlesOfParts><vt:vector xmlns:vt='http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes'"
    )
    titles += b" size='1' baseType='lpstr'><vt:lpstr>Start</vt:lpstr></vt:vector></TitlesOfParts></Properties>"

    def change(name: str, part: bytes) -> bytes:
        part = in_part("xl/_rels/workbook.xml.rels", b"</Relationships>", links)(name, part)
        part = in_part("docProps/app.xml", b"</Properties>", titles)(name, part)
        return in_part("[Content_Types].xml", b"</Types>", types)(name, part)

    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return rebuilt(data, change, {"xl/calcChain.xml": b"<calcChain " + space + b'><c r="A2" i="2"/></calcChain>'})


def bare_workbook(data: bytes) -> bytes:
    """A workbook part without what it may do without: views, names and settings of calculation."""
    optional = rb"<bookViews>.*</bookViews>|<definedNames>.*</definedNames>|<calcPr[^>]*/>"
    return rebuilt(data, lambda name, part: re.sub(optional, b"", part) if name == "xl/workbook.xml" else part)


def without_empty_cells(data: bytes) -> bytes:
    """A sheet in which a cell that holds nothing is not written down, as some programs save it."""
    return rebuilt(data, lambda name, part: re.sub(rb'<c r="[A-Z]+\d+" s="\d+"(?: t="n")? ?/>', b"", part))


def decorate(sheet: Worksheet) -> None:
    """A chart, a chart sheet, cell notes, and names that ours would get in the way of."""
    sheet.add_chart(BarChart(), "U2")
    sheet["I6"].comment = Comment("As agreed.", "Ann")
    sheet["D9"].comment = Comment("Mine.", "Ann")
    book = sheet.parent
    assert book is not None
    picture = book.create_chartsheet("Picture")
    picture.add_chart(BarChart())
    picture.sheetViews.sheetView[0].tabSelected = True
    book.create_sheet("Please Fix")["A1"] = "My own list"
    book.defined_names["pleasefix"] = DefinedName("pleasefix", attr_text="EH!$A$1")


RETURNS: dict[str, Callable[[], bytes]] = {
    "saved by openpyxl": lambda: filled(QUERIED),
    "prefixed": lambda: prefixed(filled(QUERIED)),
    "in an older encoding": lambda: in_latin_letters(filled(QUERIED)),
    "with macros": lambda: with_macros(filled(QUERIED)),
    "with lists of its own": lambda: with_lists_of_its_own(filled(QUERIED)),
    "with a bare workbook part": lambda: bare_workbook(filled(QUERIED)),
    "without empty cells": lambda: without_empty_cells(filled(QUERIED)),
    "with things of the lead": lambda: filled(QUERIED, edit=decorate),
    "with a byte order mark": lambda: rebuilt(
        filled(QUERIED), lambda name, part: b"\xef\xbb\xbf" + part if name.endswith("sheet2.xml") else part
    ),
}


ADVICE = "Type the number; if there is none, clear the cell and choose a reason. Words go in the comment."


@pytest.fixture(scope="module", params=RETURNS)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A return and the note to it."""
    data = RETURNS[request.param]()
    return data, note_to(tmp_path_factory.mktemp("round"), data)


def test_the_note_is_sound(case: tuple[bytes, bytes]) -> None:
    """Its parts are as Excel needs them, and the lead's own sheets follow ours."""
    data, note = case
    assert faults_of(note) == []
    before = [sheet.name for sheet in read_book(data, "eh.xlsx").sheets]
    first, *others = [sheet.name for sheet in read_book(note, "eh.xlsx").sheets]
    assert first.startswith(SHEET)
    assert others == before


def test_the_marks_are_there(case: tuple[bytes, bytes]) -> None:
    """Whoever wrote the return: the same cells are marked in the same colours."""
    _, note = case
    assert marked(opened(note)) == MARKS


def test_number_formats_and_locks_of_marked_cells_stay(case: tuple[bytes, bytes]) -> None:
    """A mark is a fill, a border and a cell note, and nothing else."""
    before, after = (opened(data)["EH"] for data in case)
    for address in (each.removeprefix("EH!") for each in MARKS):
        old, new = before[address], after[address]
        assert (old.value, old.number_format, old.protection.locked) == (
            new.value,
            new.number_format,
            new.protection.locked,
        )
        assert repr((old.font, old.alignment)) == repr((new.font, new.alignment))
        assert new.border.left.style == new.border.bottom.style == "medium"


def test_parts_that_need_no_edit_keep_their_bytes(case: tuple[bytes, bytes]) -> None:
    """All but the workbook's lists, the styles and the marked sheet with its cell notes are copied byte for byte."""
    data, note = map(parts_of, case)
    edited = r"\[Content_Types\].xml|xl/workbook.xml|xl/_rels/workbook.xml.rels|xl/styles.xml|docProps/app.xml"
    edited += r"|xl/worksheets/(_rels/)?sheet[12].xml(.rels)?|xl/chartsheets/sheet1.xml"
    edited += r"|xl/comments/.*|xl/drawings/commentsDrawing.*"
    left_out = {"xl/calcChain.xml", "xl/vbaProject.bin"}
    copied = {name for name in data if not re.fullmatch(edited, name, re.IGNORECASE)} - left_out
    assert {name: data[name] for name in copied} == {name: note[name] for name in copied}
    assert {"xl/tables/table1.xml"} <= {name.lower() for name in copied}
    assert left_out & note.keys() == set()


ORIGIN = re.compile(rb"<!-- made of [0-9a-f]{64} -->")
"""What a note says of the return and the questions that it was made of."""


def test_names_of_parts_in_other_letters(tmp_path: Path) -> None:
    """Large and small letters in the names of parts are alike, as they are to Excel: the note has the same parts."""
    data = filled(QUERIED)
    notes = [parts_of(note_to(tmp_path / run, each)) for run, each in (("1", data), ("2", in_other_letters(data)))]
    plain, other = ({name.lower(): ORIGIN.sub(b"", part) for name, part in note.items()} for note in notes)
    assert "XL/WORKBOOK.XML" in notes[1]
    assert plain == other


def without_styles() -> bytes:
    """A return whose style sheet is cut off."""
    return rebuilt(filled(QUERIED), lambda name, part: b"<styleSheet" if name == "xl/styles.xml" else part)


@pytest.mark.parametrize("make", [lambda: filled(QUERIED), without_styles], ids=["a copy", "the sheet alone"])
def test_the_same_return_gives_the_same_bytes(tmp_path: Path, make: Callable[[], bytes]) -> None:
    """A note holds nothing of the clock, nor anything else that differs from run to run."""
    data = make()
    assert note_to(tmp_path / "one", data) == note_to(tmp_path / "two", data)


# --- The lead's own cell notes and drawings -------------------------------------------------------------------------


def comments_of(note: bytes) -> dict[str, tuple[str, str]]:
    """Who made each cell note of the sheet EH, and its words."""
    cells = (cell for row in opened(note)["EH"].iter_rows() for cell in row)
    return {cell.coordinate: (cell.comment.author, cell.comment.text) for cell in cells if cell.comment is not None}


def test_cell_notes_of_the_lead_stay(tmp_path: Path) -> None:
    """One at a cell without a mark is as it was; at a marked cell ours comes first and theirs below it."""
    note = note_to(tmp_path, filled(QUERIED, edit=decorate))
    comments = comments_of(note)
    assert comments["D9"] == ("Ann", "Mine.")
    assert comments["I6"] == (
        "sendkpi",
        "Must fix: The cell holds “about twelve”.\nExpected: A whole number, such as 42.\n"
        f"{ADVICE}\n\nAlready here: As agreed.",
    )
    assert comments.keys() == {"D9", *(each.removeprefix("EH!") for each in MARKS)}


def test_a_conversation_at_a_cell_stays(tmp_path: Path) -> None:
    """A threaded comment cannot share its cell with a note: the cell is coloured, the conversation is untouched."""
    data = filled(QUERIED, edit=lambda sheet: setattr(sheet["I6"], "comment", Comment("[Threaded comment]", "tc={1}")))
    note = note_to(tmp_path, data)
    assert comments_of(note)["I6"] == ("tc={1}", "[Threaded comment]")
    assert opened(note)["EH"]["I6"].fill.start_color.rgb == f"FF{RED}"
    assert faults_of(note) == []
    again = note_to(tmp_path / "again", note)
    assert comments_of(again) == comments_of(note)
    assert opened(again)["EH"]["I6"].fill.start_color.rgb == f"FF{RED}"


def test_cell_notes_that_nothing_draws_are_drawn(tmp_path: Path) -> None:
    """Some programs leave out the drawing of cell notes; Excel needs a box for each, so theirs get one as well."""
    data = filled(QUERIED, edit=lambda sheet: setattr(sheet["D9"], "comment", Comment("Mine.", "Ann")))
    undrawn = rebuilt(
        data, lambda name, part: re.sub(rb"<legacyDrawing [^>]*>|<Relationship [^>]*anysvml[^>]*>", b"", part)
    )
    assert "cell notes that nothing draws" in " ".join(faults_of(undrawn))
    note = note_to(tmp_path, undrawn)
    assert faults_of(note) == []
    assert comments_of(note)["D9"] == ("Ann", "Mine.")


DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one dot."""


def workbook_with_pictures(*, cell_notes: bool) -> bytes:
    """A workbook with all kinds of drawings that stand beside the drawing of cell notes, or share it."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet, other = book.add_worksheet("EH"), book.add_worksheet("Other")
        sheet.write("I6", 3)
        sheet.insert_image("C3", "dot.png", {"image_data": io.BytesIO(DOT)})
        sheet.set_header("&L&G", {"image_left": "dot.png", "image_data_left": io.BytesIO(DOT)})
        sheet.set_background(io.BytesIO(DOT))
        sheet.insert_button("E3", {"caption": "Press"})
        sheet.insert_textbox("G9", "Words")
        sheet.add_table("A10:B12")
        if cell_notes:
            sheet.write_comment("I6", "Mine.", {"author": "Ann"})
            other.write_comment("B2", "Elsewhere.", {"author": "Ann"})
        other.activate()
    return stream.getvalue()


@pytest.mark.parametrize("cell_notes", [False, True], ids=["without cell notes", "with cell notes"])
def test_drawings_of_the_lead_stay(tmp_path: Path, *, cell_notes: bool) -> None:
    """Pictures, a header's picture, a background and a text box keep their bytes, and a button its place."""
    data = workbook_with_pictures(cell_notes=cell_notes)
    (query, *_), asked = asked_about(tmp_path, filled(QUERIED))
    note = note_workbook(data, "eh.xlsx", at(query, "I6", "Z9"), asked)
    before, after = parts_of(data), parts_of(note)
    assert faults_of(note) == []
    assert {name: after.get(name) for name in before if "drawing" in name.lower() and "vml" not in name} == {
        name: part for name, part in before.items() if "drawing" in name.lower() and "vml" not in name
    }
    assert [name for name in before if "media" in name and before[name] != after[name]] == []
    assert [part.count(b'ObjectType="Button"') for name, part in after.items() if name.endswith(".vml")].count(1) == 1
    words = {cell: text.rpartition("\n")[2] for cell, (_, text) in comments_of(note).items()}
    assert words == {"I6": "Already here: Mine." if cell_notes else ADVICE, "Z9": ADVICE}
    again = note_workbook(note, "eh.xlsx", at(query, "I6", "Z9"), asked)
    assert faults_of(again) == []
    assert (comments_of(again), len(parts_of(again))) == (comments_of(note), len(after))


# --- A note sent back -----------------------------------------------------------------------------------------------


def corrected(note: bytes) -> bytes:
    """The note as its lead saves it with openpyxl's help: one entry corrected, one cell note taken away."""
    book = opened(note)
    sheet = sheet_of(book, "EH")
    sheet["I6"].value = 12
    sheet["I7"].comment = None
    return saved(book)


@pytest.mark.parametrize("back", [lambda note: note, corrected], ids=["as it was", "corrected"])
def test_a_note_sent_back_is_marked_anew(tmp_path: Path, back: Callable[[bytes], bytes]) -> None:
    """The earlier sheet in front, its table and its marks are gone; what is still wrong is marked, once."""
    first = note_to(tmp_path / "first", filled(QUERIED, edit=decorate))
    sent = back(first)
    note = note_to(tmp_path / "second", sent)
    right = {"EH!I6"} if sent is not first else set()
    assert faults_of(note) == []
    assert marked(opened(note)) == {cell: colour for cell, colour in MARKS.items() if cell not in right}
    assert opened(note).sheetnames == opened(first).sheetnames
    assert comments_of(note)["I6"][1] == ("As agreed." if right else comments_of(first)["I6"][1])
    assert [cell for cell, (_, text) in comments_of(note).items() if text.count("Expected: ") > 1] == []


def test_the_marks_come_off_without_the_sheet_in_front(tmp_path: Path) -> None:
    """A lead who deletes our sheet, or a program that forgets who made a cell note, leaves marks: they are known."""
    book = opened(note_to(tmp_path / "first", filled(QUERIED)))
    del book[SHEET]
    sheet = sheet_of(book, "EH")
    for address, value in {"I6": 12, "I7": 0.75}.items():
        sheet[address].value = value
    comment = sheet["I6"].comment
    assert comment is not None
    sheet["I6"].comment, sheet["I7"].comment = Comment(comment.text, " "), None
    note = note_to(tmp_path / "second", saved(book))
    assert marked(opened(note)).keys() == MARKS.keys() - {"EH!I6", "EH!I7"}
    plain = sheet_of(opened(filled(QUERIED)), "EH")
    for address in ("I6", "I7"):
        old, new = plain[address], sheet_of(opened(note), "EH")[address]
        assert (new.fill.start_color.rgb, new.border.left.style) == (old.fill.start_color.rgb, old.border.left.style)
        assert (new.number_format, new.protection.locked) == (old.number_format, old.protection.locked)
    assert "I6" not in comments_of(note)


# --- Cells that are not there, and cells under others ---------------------------------------------------------------


def at(query: Query, *cells: str) -> list[Query]:
    """The query, asked at other cells of the sheet EH."""
    return [replace(query, finding=replace(query.finding, place=Place("eh.xlsx", "EH", cell))) for cell in cells]


def test_a_cell_that_is_not_there_is_put_in(tmp_path: Path) -> None:
    """Before, between, behind and far below the cells that are there, with the format of its row or its column."""
    data = filled(QUERIED)
    (query, *_), asked = asked_about(tmp_path, data)
    cells = ("Z6", "AB6", "T7", "B40", "A41", "C41")
    note = note_workbook(data, "eh.xlsx", at(query, *cells), asked)
    assert faults_of(note) == []
    assert marked(opened(note)).keys() == {f"EH!{cell}" for cell in cells}


def test_a_cell_put_in_has_the_format_of_its_column(tmp_path: Path) -> None:
    """Where a whole column is open and shows per cent, a mark in an empty cell of it stays open and shows per cent."""
    data = filled(QUERIED)
    (query, *_), asked = asked_about(tmp_path, data)
    sheet = opened(data)["EH"]
    style = re.search(rb'<c r="I7" s="(\d+)"', parts_of(data)["xl/worksheets/sheet2.xml"])
    assert style is not None
    column = rb'<col min="30" max="31" width="9" style="' + style[1] + rb'"/></cols>'
    data = rebuilt(data, in_part("xl/worksheets/sheet2.xml", b"</cols>", column))
    cell = opened(note_workbook(data, "eh.xlsx", at(query, "AD50"), asked))["EH"]["AD50"]
    assert (cell.number_format, cell.protection.locked) == (sheet["I7"].number_format, False)


def test_a_cell_under_others_is_marked_where_it_shows(tmp_path: Path) -> None:
    """Of merged cells the first shows, so it bears the marks of all; what stands below it is kept."""
    merge = b'<mergeCells count="1"><mergeCell ref="I6:I8"/></mergeCells><conditionalFormatting'
    change = in_part("xl/worksheets/sheet2.xml", b"<conditionalFormatting", merge)
    data = rebuilt(filled(QUERIED), lambda name, part: change(name, part) if b"mergeCells" not in part else part)
    note = note_to(tmp_path, data)
    words = comments_of(note)["I6"][1]
    assert [words.count(each) for each in ("about twelve", "6 out of 8 is 75%", "8.5%")] == [1, 1, 2]
    assert marked(opened(note)).keys() == {"EH!I6", "EH!M6", "EH!J10", "EH!I11"}
    assert parts_of(note)["xl/worksheets/sheet2.xml"].count(b"8.5%") == 1


def test_a_workbook_as_xlsxwriter_writes_it(tmp_path: Path) -> None:
    """Shared texts, titles of sheets, a selected first sheet: the note is sound, and no entry is another one."""
    queries, asked = asked_about(tmp_path, filled(QUERIED))
    note = note_workbook(template(), "eh.xlsx", queries, asked)
    assert faults_of(note) == []
    assert marked(opened(note)) == MARKS
    entered = [[sheet.cells for sheet in read_book(data, "").sheets] for data in (template(), note)]
    assert entered[1][1:] == entered[0]
    assert b"TitlesOfParts" in parts_of(template())["docProps/app.xml"]
    assert b"TitlesOfParts" not in parts_of(note)["docProps/app.xml"]


# --- Real returns, and a real program -------------------------------------------------------------------------------


def real_notes(root: Path) -> list[Path]:
    """The notes to Kingston's returns, three of which LibreOffice saved."""
    folder = KINGSTON.__class__(root)
    folder.returns(Q1).mkdir(parents=True)
    folder.catalogue.write_bytes(KINGSTON.catalogue.read_bytes())
    for path in KINGSTON.returns(Q1).iterdir():
        (folder.returns(Q1) / path.name).write_bytes(path.read_bytes())
    done, _ = write_notes(folder, Q1)
    return [path for path in done.written if path.name.startswith("please-fix")]


def test_notes_to_the_real_returns_are_sound(tmp_path: Path) -> None:
    """Of those that LibreOffice saved as of those that openpyxl saved; the results of formulas are kept."""
    notes = real_notes(tmp_path)
    assert {path.name: faults_of(path.read_bytes()) for path in notes} == {path.name: [] for path in notes}
    (saved_by_libreoffice,) = (path for path in notes if path.name.endswith("WS5.xlsx"))
    assert opened(saved_by_libreoffice, results=True)["WS5"]["A2"].value == "28 of 29 done"


@pytest.mark.libreoffice
def test_a_note_that_libreoffice_saved(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """It keeps the marks but not who made them: sent back, it is marked anew without a trace of the earlier marks."""
    path = tmp_path / "please-fix-eh.xlsx"
    path.write_bytes(note_to(tmp_path / "first", filled(QUERIED, edit=decorate)))
    converted = libreoffice.convert(path, "xlsx", tmp_path / "converted").read_bytes()
    colours = {each.removeprefix("EH!"): colour for each, colour in MARKS.items()}
    sheet = opened(converted)["EH"]
    assert {cell: str(sheet[cell].fill.start_color.rgb)[2:] for cell in colours} == colours
    assert sheet["I7"].comment is not None
    note = note_to(tmp_path / "second", converted)
    assert faults_of(note) == []
    calculated = {"EH!M6"}  # the formula without a result has one now
    assert marked(opened(note)).keys() == MARKS.keys() - calculated
    words = {cell: text for cell, (_, text) in comments_of(path.read_bytes()).items() if cell != "M6"}
    assert {cell: text for cell, (_, text) in comments_of(note).items()} == words
