"""Notes to leads: their own workbook with the cells marked and a sheet in front, and what becomes of odd files."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from sendkpi_xl.asking import write_notes
from sendkpi_xl.cells import read_book
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.layout import PLEASE_FIX
from sendkpi_xl.queries import is_note, note_name
from tests.asked_back import FINE, QUERIED, folder_with, marked, sheet_drawn
from tests.board_view import KINGSTON, ROOT, as_drawn, opened, parts_of, sheet_of, table_of
from tests.board_view import Q1 as KINGSTON_Q1
from tests.conftest import LibreOffice
from tests.printed_pages import pages_of
from tests.sound_workbook import faults_of
from tests.workbooks import PERIOD, filled, saved

SHEET = PLEASE_FIX.sheet
RED, AMBER, GREEN = "FBE9EA", "FFC83D", "E3F3E8"


def note_on(root: Path, data: bytes, name: str = "eh.xlsx") -> Workbook:
    """The note that is written for a return with these bytes."""
    folder = folder_with(root, {name: data})
    write_notes(folder, PERIOD)
    return opened(folder.notes(PERIOD) / note_name(name))


@pytest.fixture(scope="module")
def note_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The note for the return with findings of all severities."""
    folder = folder_with(tmp_path_factory.mktemp("round"), {"eh.xlsx": filled(QUERIED)})
    write_notes(folder, PERIOD)
    return folder.notes(PERIOD) / "please-fix-eh.xlsx"


@pytest.fixture
def note(note_file: Path) -> Workbook:
    """That note, opened."""
    return opened(note_file)


# --- The sheet in front ---------------------------------------------------------------------------------------------


def test_the_sheet_in_front(note: Workbook) -> None:
    """It says how much there is, what to do with it, and each finding: the most urgent first, the code last."""
    title, rows = sheet_drawn(sheet_of(note, SHEET)).split("\n\n")
    assert title == (
        "Please fix: KPI return for Quarter 1 2021/22\n"
        "3 must fix, 2 please check, 1 note. Each cell is marked: red must be fixed, amber please check, green for "
        "your information. Hover to read why. Empty cells: it is about a whole sheet.\n"
        "Correct the marked cells in this copy, save it, and send it back to the team.\n"
        "sendkpi note to a lead | 2021-22-Q1 | eh.xlsx"
    )
    assert rows == as_drawn(
        """
        What is wrong | What to do | KPI id | Key Performance Indicator | Go to the cell | How urgent | Code
        The cell holds “about twelve”. \
            | Type the number; if there is none, clear the cell and choose a reason. Words go in the comment. \
            | K01 | Children with a plan | EH, I6 | Must fix | C01
        The cell holds a formula that has no saved result. \
            | Open the workbook in Excel, let it calculate, save it, and send it again. \
            | K01 | Children with a plan | EH, M6 | Must fix | C03
        There is neither a value nor a reason for the blank. | Type the value, or choose a reason. \
            | K06 | Wait for a plan | EH, I11 | Must fix | C07
        The value is 83%, and 6 out of 8 is 75%. | Correct whichever of the three is wrong. \
            | K02 | % of plans issued in time | EH, I7 | Please check | C08
        “5” is typed in a cell that is not read for this KPI. | Move it to the comment if it matters. \
            | K05 | Average cost of a plan | EH, J10 | Please check | C12
        The cell holds the text “8.5%”; we read it as 8.5%. | Nothing, if that is what was meant. \
            | K03 | Growth in plans | EH, I8 | Note | C05
        """
    )


def test_links_lead_to_the_cells(note: Workbook) -> None:
    """Each line's link leads to the cell that the line names, and no other cell is a link."""
    sheet = sheet_of(note, SHEET)
    cells = [row["Go to the cell"] for row in table_of(sheet)]
    locations = [cell.hyperlink.location for cell in cells if cell.hyperlink is not None]
    assert locations == [f"'EH'!{address}" for address in ("I6", "M6", "I11", "I7", "J10", "I8")]
    assert sum(cell.hyperlink is not None for row in sheet.iter_rows() for cell in row) == len(cells)


def test_how_the_sheet_is_set_up(note: Workbook) -> None:
    """It opens first and alone, its headings stay in sight, one page wide in landscape, columns as declared."""
    sheet = sheet_of(note, SHEET)
    assert note.sheetnames == [SHEET, "Start", "EH", "Lists"]
    assert [each.title for each in note.worksheets if each.sheet_view.tabSelected] == [SHEET]
    assert note.active is sheet
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A7", "$6:$6")
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.orientation) == (True, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert [sheet.column_dimensions[letter].width for letter in "ABCDEFG"] == [
        each.width for each in PLEASE_FIX.columns
    ]
    assert all(cell.alignment.wrap_text for row in table_of(sheet) for cell in row.values())
    assert note.calculation.fullCalcOnLoad


def test_words_that_begin_like_a_formula_stay_words(tmp_path: Path) -> None:
    """What a lead typed in front of a KPI's row is quoted as text, and nothing in the sheet is a formula."""
    book = note_on(tmp_path, filled("K01 | '=HYPERLINK(1)", edit=lambda sheet: setattr(sheet["A6"], "value", "K-9")))
    cells = [cell for row in sheet_of(book, SHEET).iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}


# --- The lead's own sheets ------------------------------------------------------------------------------------------


def test_exactly_the_cells_of_the_findings_are_marked(note: Workbook) -> None:
    """Each such cell has a fill by its severity and a note with the sentences; no other cell has one."""
    assert marked(note) == {
        "EH!I6": RED,
        "EH!M6": RED,
        "EH!I7": AMBER,
        "EH!I8": GREEN,
        "EH!J10": AMBER,
        "EH!I11": RED,
    }
    comment = note["EH"]["I7"].comment
    assert comment is not None
    assert comment.text == (
        "Please check: The value is 83%, and 6 out of 8 is 75%.\n"
        "Expected: A value that is the numerator over the denominator.\n"
        "Correct whichever of the three is wrong."
    )


def test_other_cells_look_as_they_did(note: Workbook) -> None:
    """Fills, fonts and number formats of all cells without a mark are those of the return."""
    before = opened(filled(QUERIED))
    for name in before.sheetnames:
        for row in before[name].iter_rows():
            for cell in row:
                other = note[name][cell.coordinate]
                assert (cell.number_format, cell.protection.locked) == (other.number_format, other.protection.locked)
                if other.comment is None:
                    looks = [repr((each.fill, each.font, each.border, each.alignment)) for each in (cell, other)]
                    assert looks[0] == looks[1], cell.coordinate


def values_of(book: Workbook) -> dict[str, list[tuple[object, ...]]]:
    return {
        sheet.title: [tuple((cell.value, cell.data_type) for cell in row) for row in sheet.iter_rows()]
        for sheet in book.worksheets
        if sheet.title != SHEET
    }


def test_entries_are_untouched(note: Workbook) -> None:
    """Every value, text and formula of the lead's sheets is what it was; so are protection and validations."""
    before = opened(filled(QUERIED))
    assert values_of(note) == values_of(before)
    assert note["EH"]["M6"].value == "=1+1"
    assert (note["EH"]["M9"].value, note["EH"]["M9"].data_type) == ("=SUM(A1)", "s")
    for name in before.sheetnames:
        assert note[name].protection.sheet == before[name].protection.sheet
        assert len(note[name].data_validations.dataValidation) == len(before[name].data_validations.dataValidation)
    assert note["EH"].protection.sheet


def test_a_note_of_the_leads_own_stays(tmp_path: Path) -> None:
    """Where the lead has a note at a cell, ours comes first and theirs stays below it."""
    book = note_on(
        tmp_path,
        filled("K01 | about twelve", edit=lambda sheet: setattr(sheet["I6"], "comment", Comment("As agreed.", "Ann"))),
    )
    comment = book["EH"]["I6"].comment
    assert comment is not None
    assert comment.text.startswith("Must fix: The cell holds “about twelve”.")
    assert comment.text.endswith("\n\nAlready here: As agreed.")


def test_a_stray_cell_at_the_far_corner(tmp_path: Path) -> None:
    """A cell at the sheet's last row and column costs no time, and is asked about like any cell that is not read."""
    folder = folder_with(
        tmp_path, {"eh.xlsx": filled("K01 | x", edit=lambda sheet: setattr(sheet["XFD1048576"], "value", "here"))}
    )
    write_notes(folder, PERIOD)
    sheet = opened(folder.notes(PERIOD) / "please-fix-eh.xlsx")["EH"]
    comments = [sheet[address].comment for address in ("I6", "XFD1048576")]
    assert [comment.text.split("\n")[0] for comment in comments if comment] == [
        "Must fix: The cell holds “x”.",
        "Please check: Filled cells that belong to no column of ours: XFD1048576.",
    ]


def test_rows_and_sheets_are_linked_to_as_well(tmp_path: Path) -> None:
    """A heading that is missing leads to its row, a KPI that is missing to its sheet; nothing is marked for either."""
    without = filled("K01 | 3", edit=lambda sheet: setattr(sheet["I5"], "value", "Figure"))
    folder = folder_with(tmp_path / "one", {"eh.xlsx": without, "sb.xlsx": filled({"SB": FINE})})
    write_notes(folder, PERIOD)
    no_heading = opened(folder.notes(PERIOD) / "please-fix-eh.xlsx")
    (row,) = table_of(sheet_of(no_heading, SHEET))
    assert (row["Code"].value, row["Go to the cell"].value) == ("T01", "EH, row 5")
    assert row["Go to the cell"].hyperlink.location == "'EH'!A5"  # type: ignore[union-attr]
    no_row = note_on(tmp_path / "two", filled("K01 | 3", edit=lambda sheet: sheet.delete_rows(12)))
    row = next(row for row in table_of(sheet_of(no_row, SHEET)) if row["Code"].value == "R09")
    assert (row["KPI id"].value, row["Go to the cell"].value) == ("K07", "EH")
    assert row["Go to the cell"].hyperlink.location == "'EH'!A1"  # type: ignore[union-attr]
    assert marked(no_heading) == {}


# --- Files that cannot be copied ------------------------------------------------------------------------------------


def with_parts(data: bytes, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """A workbook with each of its parts changed, and others added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**parts_of(data), **(more or {})}.items():
            archive.writestr(name, change(name, part))
    return stream.getvalue()


def strict(_: str, part: bytes) -> bytes:
    """A part as Excel saves it in a Strict Open XML Spreadsheet."""
    return part.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    ).replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


def same(_: str, part: bytes) -> bytes:
    return part


SIGNATURE = (
    b'<Relationship Id="rId9" Target="_xmlsignatures/origin.sigs" '
    b'Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"/></Relationships>'
)
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
ODD: dict[str, Callable[[bytes], bytes]] = {
    "strict": lambda data: with_parts(data, strict),
    "a document type declaration": lambda data: with_parts(data, same, {"xl/theme/theme9.xml": BOMB}),
    "one in another encoding": lambda data: with_parts(
        data, same, {"xl/theme/theme9.xml": BOMB.decode().encode("utf-16")}
    ),
    "far too much": lambda data: with_parts(data, same, {"xl/media/image1.png": bytes(9 * 1024 * 1024)}),
    "a style sheet that is cut off": lambda data: with_parts(
        data, lambda name, part: b"<styleSheet" if name == "xl/styles.xml" else part
    ),
    "cells without addresses": lambda data: with_parts(
        data, lambda _, part: re.sub(rb'<c r="[A-Z]+(?:6|7|8)" ', b"<c ", part)
    ),
    "a digital signature": lambda data: with_parts(
        data,
        lambda name, part: part.replace(b"</Relationships>", SIGNATURE) if name == "_rels/.rels" else part,
        {"_xmlsignatures/origin.sigs": b""},
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_a_file_that_cannot_be_copied_gets_the_sheet_alone(tmp_path: Path, odd: str) -> None:
    """What cannot be edited for sure, or must not be passed on, stops nothing: the questions stand in a workbook."""
    book = note_on(tmp_path, ODD[odd](filled(QUERIED)))
    assert faults_of((tmp_path / "outputs" / PERIOD.code / "notes" / "please-fix-eh.xlsx").read_bytes()) == []
    sheet = sheet_of(book, SHEET)
    assert book.sheetnames == [SHEET]
    assert [sheet["A2"].value, sheet["A3"].value] == [
        "3 must fix, 2 please check, 1 note. Your workbook could not be copied into this one, so nothing is marked. "
        "Empty cells: it is about a whole sheet.",
        "Correct these cells in your own workbook, save it, and send it back to the team.",
    ]
    rows = table_of(sheet)
    assert [str(row["Go to the cell"].value) for row in rows] == [
        f"EH, {address}" for address in ("I6", "M6", "I11", "I7", "J10", "I8")
    ]
    assert [row["Go to the cell"].hyperlink for row in rows] == [None] * 6


def test_a_note_to_a_workbook_with_macros_has_none(tmp_path: Path) -> None:
    """The note to an .xlsm is an .xlsx, by its name and inside."""
    book = note_on(tmp_path, filled("K01 | about twelve"), "eh.xlsm")
    assert book.sheetnames[0] == SHEET
    (path,) = (tmp_path / "outputs" / PERIOD.code / "notes").iterdir()
    assert path.name == "please-fix-eh.xlsm.xlsx"
    assert b"macroEnabled" not in parts_of(path)["[Content_Types].xml"]


# --- Over a round ---------------------------------------------------------------------------------------------------


def notes_in(folder: WorkingFolder) -> list[str]:
    return sorted(path.name for path in folder.notes(PERIOD).iterdir()) if folder.notes(PERIOD).is_dir() else []


def test_only_returns_with_findings_get_a_note_and_inputs_stay(tmp_path: Path) -> None:
    """A return without findings gets none, nor does a file that is no return; every input keeps its bytes."""
    files = {"eh.xlsx": filled(QUERIED), "sb.xlsx": filled({"SB": FINE}), "cut.xlsx": b"PK\x03\x04", "x.txt": b"x"}
    folder = folder_with(tmp_path, files)
    before = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "inputs").rglob("*.*")}
    done, _ = write_notes(folder, PERIOD)
    assert done.written == (folder.notes(PERIOD) / "please-fix-eh.xlsx", folder.queries(PERIOD))
    assert notes_in(folder) == ["please-fix-eh.xlsx"]
    after = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "inputs").rglob("*.*")}
    assert before == after


def test_notes_that_are_not_needed_any_more_are_removed(tmp_path: Path) -> None:
    """Once the return is in order its note goes; files of other people in the folder stay, whatever their names."""
    folder = folder_with(tmp_path, {"eh.xlsx": filled({"EH": QUERIED}), "sb.xlsx": filled({"SB": "K20 | x"})})
    write_notes(folder, PERIOD)
    mine = saved(Workbook())
    for name in ("please-fix-mine.xlsx", "mine.xlsx"):
        (folder.notes(PERIOD) / name).write_bytes(mine)
    (folder.notes(PERIOD) / "please-fix-later.txt").write_bytes(b"later")
    (folder.returns(PERIOD) / "sb.xlsx").write_bytes(filled({"SB": FINE}))
    done, _ = write_notes(folder, PERIOD)
    assert done.removed == (folder.notes(PERIOD) / "please-fix-sb.xlsx",)
    assert notes_in(folder) == ["mine.xlsx", "please-fix-eh.xlsx", "please-fix-later.txt", "please-fix-mine.xlsx"]


def test_a_return_that_changes_meanwhile_is_not_copied(tmp_path: Path) -> None:
    """A file that is not what the receipt names any more is a finding, its earlier note stays, the others are made."""
    folder = folder_with(tmp_path, {"eh.xlsx": filled(QUERIED), "sb.xlsx": filled({"SB": "K20 | x"})})
    write_notes(folder, PERIOD)
    (folder.returns(PERIOD) / "eh.xlsx").write_bytes(filled(f"{QUERIED}K07 | x"))
    (folder.returns(PERIOD) / "sb.xlsx").write_bytes(filled({"SB": "K20 | y"}))
    before = (folder.notes(PERIOD) / "please-fix-eh.xlsx").read_bytes()

    def meanwhile(name: str) -> None:
        if name == "please-fix-eh.xlsx":
            (folder.returns(PERIOD) / "eh.xlsx").write_bytes(b"saved again")
        if name == "please-fix-sb.xlsx":
            (folder.returns(PERIOD) / "sb.xlsx").unlink()

    done, asked = write_notes(folder, PERIOD, meanwhile)
    assert done.written == (folder.queries(PERIOD),)
    assert [(each.place.file, each.found) for each in done.findings if each.code == "F02"] == [
        ("eh.xlsx", "It changed while it was being read; no note was written for it."),
        ("sb.xlsx", "It cannot be opened again: it is not there any more; no note was written for it."),
    ]
    assert [each.finding for each in asked.queries if each.finding.code == "F02"] == [
        each for each in done.findings if each.code == "F02"
    ]
    assert (folder.notes(PERIOD) / "please-fix-eh.xlsx").read_bytes() == before


def test_a_note_that_cannot_be_written_stops_no_other(tmp_path: Path) -> None:
    """A note whose place is taken is a finding; the other notes and the list of queries are written."""
    folder = folder_with(tmp_path, {"eh.xlsx": filled(QUERIED), "sb.xlsx": filled({"SB": "K20 | x"})})
    (folder.notes(PERIOD) / "please-fix-eh.xlsx").mkdir(parents=True)
    done, _ = write_notes(folder, PERIOD)
    assert done.written == (folder.notes(PERIOD) / "please-fix-sb.xlsx", folder.queries(PERIOD))
    assert [each.place.file for each in done.findings if each.code == "F03"] == [
        str(folder.notes(PERIOD) / "please-fix-eh.xlsx")
    ]


def test_a_corrected_note_is_a_return(tmp_path: Path) -> None:
    """A lead may send the note itself back: it is read as the return, and asked about only what is still wrong."""
    folder = folder_with(tmp_path, {"eh.xlsx": filled(QUERIED)})
    write_notes(folder, PERIOD)
    book = opened(folder.notes(PERIOD) / "please-fix-eh.xlsx")
    sheet = sheet_of(book, "EH")
    for address, value in {"I6": 12, "M6": None, "I11": 18, "J10": None}.items():
        sheet[address].value = value
    sheet["I8"].comment = None
    (folder.returns(PERIOD) / "eh.xlsx").unlink()
    (folder.returns(PERIOD) / "eh again.xlsx").write_bytes(saved(book))
    done, asked = write_notes(folder, PERIOD)
    assert [file.outcome.value for file in asked.gathered.files] == ["used"]
    again = opened(folder.notes(PERIOD) / "please-fix-eh again.xlsx")
    assert again.sheetnames == [SHEET, "Start", "EH", "Lists"]
    assert marked(again) == {"EH!I7": AMBER, "EH!I8": GREEN}
    assert [str(row["Code"].value) for row in table_of(sheet_of(again, SHEET))] == ["C08", "C05"]
    looks = [
        (str(cell.fill.start_color.rgb)[2:], cell.font.name, cell.border.left.style)
        for cell in (again["EH"]["I6"], again["EH"]["I11"], opened(filled(QUERIED))["EH"]["I6"])
    ]
    assert looks == [("FFF9E5", "Arial", "thin")] * 3
    assert [path.name for path in done.removed] == ["please-fix-eh.xlsx"]


def test_what_is_a_note() -> None:
    """A return is none, nor is a file that is no workbook."""
    assert not is_note(filled(QUERIED), "eh.xlsx")
    assert not is_note(b"words", "eh.xlsx")


def test_the_sheet_alone_is_known_as_ours(tmp_path: Path) -> None:
    """A note without the lead's sheets that lands among the returns is left out, with a word."""
    note_on(tmp_path / "one", ODD["strict"](filled(QUERIED)))
    data = (tmp_path / "one" / "outputs" / PERIOD.code / "notes" / "please-fix-eh.xlsx").read_bytes()
    assert is_note(data, "note.xlsx")
    folder = folder_with(tmp_path / "two", {"sb.xlsx": filled({"SB": FINE}), "please-fix-eh.xlsx": data})
    done, _ = write_notes(folder, PERIOD)
    assert [each.found for each in done.findings if each.code != "R23"] == [
        "A note to a lead that we wrote, not a return."
    ]


def test_slow_libraries_are_loaded_only_to_write(tmp_path: Path) -> None:
    """Notes are written without pandas, openpyxl and rich; where all are up to date, nothing is loaded that writes."""
    folder_with(tmp_path, {"eh.xlsx": filled(QUERIED)})
    script = (
        "import sys; from pathlib import Path; from sendkpi_xl.folder import WorkingFolder; "
        "from sendkpi_xl.period import Period; from sendkpi_xl.asking import write_notes; "
        "done, _ = write_notes(WorkingFolder(Path(sys.argv[1])), Period(2021, 1)); "
        "slow = {'openpyxl', 'pandas', 'rich', 'xlsxwriter', 'sendkpi_xl.audit'}; "
        "print(len(done.written), sorted(slow & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    runs = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60) for _ in "12"]
    assert [ran.stdout for ran in runs] == ["2 ['sendkpi_xl.audit', 'xlsxwriter']\n", "0 []\n"]


def test_the_real_quarter(tmp_path: Path) -> None:
    """Of Kingston's six returns four have something to check, at five cells; their entries stay as they were."""
    inputs = KINGSTON.returns(KINGSTON_Q1)
    folder = WorkingFolder(tmp_path)
    folder.returns(KINGSTON_Q1).mkdir(parents=True)
    folder.catalogue.write_bytes(KINGSTON.catalogue.read_bytes())
    for path in inputs.iterdir():
        (folder.returns(KINGSTON_Q1) / path.name).write_bytes(path.read_bytes())
    done, _ = write_notes(folder, KINGSTON_Q1)
    *notes, queries = done.written
    assert {path.name: marked(opened(path)) for path in notes} == {
        "please-fix-return-2021-22-Q1-WS1.xlsx": {"WS1!J14": AMBER},
        "please-fix-return-2021-22-Q1-WS2.xlsx": {"WS2!J11": AMBER, "WS2!J12": AMBER},
        "please-fix-return-2021-22-Q1-WS3.xlsx": {"WS3!K19": AMBER},
        "please-fix-return-2021-22-Q1-WS5.xlsx": {"WS5!I12": AMBER},
    }
    assert {path.name: len(table_of(sheet_of(opened(path), SHEET))) for path in notes} == {
        path.name: len(marked(opened(path))) for path in notes
    }
    assert len(table_of(sheet_of(opened(queries), "Queries"))) == 5
    for path in notes:
        assert values_of(opened(path)) == values_of(opened(inputs / path.name.removeprefix("please-fix-")))
        assert read_book(path.read_bytes(), path.name).sheets


@pytest.mark.libreoffice
def test_in_libreoffice(note_file: Path, libreoffice: LibreOffice, tmp_path: Path) -> None:
    """The first page shows the whole sheet in front, every word of it, and the note saved there is still the return."""
    first = pages_of(libreoffice.convert(note_file, "pdf", tmp_path))[0]
    shown = [word.text for word in first.words]
    rows = sheet_of(opened(note_file), SHEET).iter_rows(values_only=True)
    words = [word for row in rows for text in row if text for word in str(text).split()]
    assert sorted(set(words) - set(shown)) == []
    assert first.sheet == SHEET
    converted = openpyxl.load_workbook(libreoffice.convert(note_file, "xlsx", tmp_path))
    assert marked(converted).keys() <= marked(opened(note_file)).keys()
    assert [converted["EH"][address].value for address in ("I6", "I7", "I10")] == ["about twelve", 0.83, 12000]
