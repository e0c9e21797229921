"""Everything that goes wrong between a lead's desk and the board's dataset, as a table of cases.

A case is a folder of returns. Beside what it holds there lies one good return of another workstream, which must always
be read: one bad file never stops the others. What comes of each case stands in tests/expected/bad-days.txt; the page
docs/bad-days.md is made from both. CSV files are no returns: what a lead might send in one stands
under "Inside a file".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from msgspec.structs import replace

from sendkpi_xl.model import Catalogue, Life, Tie
from sendkpi_xl.period import Period
from tests import bad_files as make
from tests import bad_parts as parts
from tests.bad_files import Scene, typed
from tests.good_returns import COUNCIL, FILE, GOOD, NEXT_PERIOD, Made, sent, template
from tests.workbooks import PERIOD

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = {
    "A": "Files in the folder of returns",
    "B": "Inside a file",
    "C": "Sheets, rows and columns",
    "D": "What is typed",
    "F": "The round as a whole",
}
"""The chapters of the page by the letter of a case's number."""


Files = Mapping[str, bytes | Made]


@dataclass(frozen=True, slots=True)
class BadDay:
    """One case: its number, what arrives, in a line, and the files.

    `prepare` changes the scene once the files are there; `alone` leaves out the good return beside them.
    `period` is the quarter of the round.
    """

    id: str
    arrives: str
    files: Files
    prepare: Callable[[Scene], None] = lambda scene: None
    alone: bool = False
    period: Period = PERIOD


# What the cases are made of

OURS = {
    "board": ROOT / "outputs" / "2021-22-Q1" / "board-dataset.xlsx",
    "catalogue": ROOT / "inputs" / "kpi-catalogue.xlsx",
    "moderation": ROOT / "inputs" / "2021-22-Q1" / "moderation.xlsx",
}
TWICE = cache(sent())
"""One file to be sent under two names: made twice, its bytes would bear two times of saving."""

MAIL = b"Received: from mail\r\nFrom: lead@example.org\r\nTo: team@example.org\r\nSubject: Q1 return\r\n\r\nHere it is."
SIGN_IN = b"<!DOCTYPE html><html><head><title>Sign in to your account</title></head></html>"
WEB_PAGE = b"<html><table><tr><td>K01</td><td>42</td></tr></table></html>"
BILLION_LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OTHER_FILE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
ZIP_OF_RETURNS = partial(parts.put_together, {"Q1/EH.xlsx": b"PK", "Q1/SB.xlsx": b"PK"})
CSV = b"KPI id,Value\r\nK01,42\r\n"
GOOGLE = b'{"url": "https://docs.google.com/open?id=1"}'
EXCEL_2003 = b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'
OLD_EXCEL = partial(parts.old_container, "Workbook")
BINARY = parts.operated(parts.renamed(lambda name: name.replace("workbook.xml", "workbook.bin")))
OPEN_DOCUMENT = partial(parts.put_together, {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})
NUMBERS = partial(parts.put_together, {"Index/Document.iwa": b"\0"})
OUTLOOK = partial(parts.old_container, "__properties_version1.0")
LINK = "'[caseload.xlsx]Data'!B2"


def with_list(**changes: object) -> Catalogue:
    """The small council's catalogue with other settings."""
    return replace(COUNCIL, settings=replace(COUNCIL.settings, **changes))


def with_kpi(kpi_id: str, catalogue: Catalogue = COUNCIL, **changes: object) -> Catalogue:
    """The small council's catalogue with one KPI changed."""
    kpis = [replace(kpi, **changes) if kpi.id == kpi_id else kpi for kpi in catalogue.kpis]
    return replace(catalogue, kpis=tuple(kpis))


OTHER_LIST = replace(
    with_list(list_version="Other plan"), kpis=tuple(replace(kpi, id=f"X{kpi.id[1:]}") for kpi in COUNCIL.kpis)
)


DAYS: tuple[BadDay, ...] = (
    # A: files in the folder
    BadDay("A1", "A file of 0 bytes: it was never downloaded, or saving it failed", {FILE: b""}),
    BadDay(
        "A2",
        "A file of the right size that holds nothing but zeros: a sync client's place-holder",
        {FILE: bytes(9_000)},
    ),
    BadDay("A3", "A file that a mail gateway cut off", {FILE: lambda: sent()()[:4_000]}),
    BadDay(
        "A3 downloads",
        "Downloads that are not finished",
        {
            "return.xlsx.crdownload": b"PK",
            "return.xlsx.partial": b"PK",
            "return.xlsx.part": b"PK",
            "~return.xlsx.1.tmp": b"PK",
        },
    ),
    BadDay(
        "A4",
        "What Excel, LibreOffice and operating systems leave beside files",
        {
            "~$return.xlsx": b"\x03Jo",
            ".~lock.return.xlsx#": b",jo",
            "._return.xlsx": b"\x00\x05",
            ".DS_Store": b"\0",
            "desktop.ini": b"[x]",
            "Thumbs.db": b"\xd0",
            FILE: sent(),
        },
    ),
    BadDay(
        "A5",
        "A file that somebody has open in Excel on another computer",
        {FILE: sent()},
        make.with_error(FILE, PermissionError(13, "Permission denied")),
    ),
    BadDay("A6", "A file that its sender renamed", {"Copy of Kopie – FINAL v2 (1) 🚌 conflicted copy.xlsx": sent()}),
    BadDay("A6 long", "A file with a name of 200 letters", {f"{'very ' * 39}long.xlsx": sent()}),
    BadDay("A7", "The same file twice, under two names", {"a.xlsx": TWICE, "b.xlsx": TWICE}),
    BadDay(
        "A7 typed",
        "Two files that say the same, a number typed as text in one of them",
        {"a.xlsx": sent(), "b.xlsx": sent("K01 | '42")},
    ),
    BadDay("A8", "Two different returns of one workstream", {"a.xlsx": sent(), "b.xlsx": sent("K01 | 43\nK06 | 19")}),
    BadDay(
        "A8 comment",
        "Two returns of one workstream that differ in a comment alone",
        {"a.xlsx": sent(), "b.xlsx": sent("K06 | 18 | | | | Two children waited")},
    ),
    BadDay("A9", "A return for another quarter", {FILE: lambda: template(("EH",), NEXT_PERIOD)}),
    BadDay("A10 layout", "A template of an older layout", {FILE: sent("", make.identity("| layout ", "| layout 0."))}),
    BadDay(
        "A10",
        "A template that was made from an older KPI list",
        {FILE: sent()},
        make.with_catalogue(with_list(list_version="July 2021")),
    ),
    BadDay("A11", "A workbook that has nothing to do with it", {FILE: make.unrelated}),
    BadDay(
        "A11 council",
        "A template of another council",
        {FILE: sent()},
        make.with_catalogue(with_list(council="Bigton Council")),
        alone=True,
    ),
    BadDay(
        "A11 list",
        "A template that was made from quite another KPI list",
        {FILE: sent()},
        make.with_catalogue(OTHER_LIST),
        alone=True,
    ),
    BadDay(
        "A12",
        "Our own board workbook, KPI catalogue and moderation workbook",
        {
            "board.xlsx": OURS["board"].read_bytes,
            "kpis.xlsx": OURS["catalogue"].read_bytes,
            "moderation.xlsx": OURS["moderation"].read_bytes,
        },
    ),
    BadDay("A13", "A template that nobody filled in", {FILE: template}),
    BadDay("A14", "A return that is half filled in", {FILE: sent("K04 |\nK05 |\nK06 |\nK07 |")}),
    BadDay(
        "A15",
        "A folder, even one that is called like a workbook, with a return in it",
        {FILE: sent()},
        make.in_folder(make.folders_within),
    ),
    BadDay(
        "A15 zip",
        "A zip file with the returns in it, also under the name of a workbook",
        {"returns.zip": ZIP_OF_RETURNS, FILE: make.and_more(ZIP_OF_RETURNS)},
    ),
    BadDay(
        "A15 mail",
        "E-mails with the workbook in them, also under the name of a workbook",
        {"return.msg": OUTLOOK, "return.eml": MAIL, FILE: MAIL + b"\r\n"},
    ),
    BadDay(
        "A15 other", "A shortcut and a web link", {"return.xlsx.lnk": b"L\0\0\0", "return.url": b"[InternetShortcut]"}
    ),
    BadDay("A15 link", "A link to a file that is not there", {}, make.in_folder(make.link_to_nowhere)),
    BadDay("A15 pipe", "Something that is no file at all", {}, make.in_folder(make.pipe)),
    BadDay(
        "A16",
        "A file that a sync client takes away before it is read",
        {FILE: sent()},
        make.when_read(FILE, Path.unlink),
    ),
    BadDay(
        "A16 changes", "A file that changes before it is read", {FILE: sent()}, make.when_read(FILE, make.corrected)
    ),
    BadDay(
        "A17",
        "A file whose path the system cannot open",
        {FILE: sent()},
        make.with_error(FILE, OSError(36, "File name too long")),
    ),
    BadDay("A18", "A file of more than 25 MB", {}, make.in_folder(make.huge)),
    BadDay("A18 many", "2,001 photos: the wrong folder", {FILE: sent()}, make.in_folder(make.crowd)),
    # B: inside a file
    BadDay("B1", "A workbook with a password to open", {FILE: partial(parts.old_container, "EncryptedPackage")}),
    BadDay("B2", "A workbook in a zip file with a password", {FILE: parts.zipped_with_password}),
    BadDay("B3", "A sheet whose protection was taken off", {FILE: sent("", lambda sheet: sheet.protection.disable())}),
    BadDay("B4", "A workbook with macros", {"return.xlsm": parts.operated(parts.with_macros)}),
    BadDay(
        "B4 sheet",
        "A workbook whose only sheet is a macro sheet of Excel 4",
        {
            FILE: parts.operated(
                parts.replaced(parts.SHEET_LIST, 'relationships/worksheet"', 'relationships/xlMacrosheet"')
            )
        },
    ),
    BadDay(
        "B5",
        "A workbook of Excel 97-2003 (.xls), also under the name of a new one",
        {"return.xls": OLD_EXCEL, FILE: make.and_more(OLD_EXCEL)},
    ),
    BadDay(
        "B5 xlsb",
        "A binary workbook (.xlsb), also under the name of another",
        {"return.xlsb": BINARY, FILE: make.and_more(BINARY)},
    ),
    BadDay(
        "B5 ods",
        "An OpenDocument spreadsheet (.ods), also under the name of an Excel workbook",
        {"return.ods": OPEN_DOCUMENT, FILE: make.and_more(OPEN_DOCUMENT)},
    ),
    BadDay(
        "B6",
        "An Apple Numbers file, also under the name of an Excel workbook",
        {"return.numbers": NUMBERS, FILE: make.and_more(NUMBERS)},
    ),
    BadDay("B6 google", "A link to a Google sheet", {"return.gsheet": GOOGLE, FILE: GOOGLE + b"\n"}),
    BadDay("B7", "Text or CSV", {"return.csv": CSV, "return.tsv": CSV.replace(b",", b"\t"), FILE: CSV + b"\r\n"}),
    BadDay("B7 page", "A table that another system saved as a web page", {"return.xls": WEB_PAGE, FILE: WEB_PAGE[:-1]}),
    BadDay("B7 xml", "An XML spreadsheet of Excel 2003", {"return.xls": EXCEL_2003, FILE: EXCEL_2003 + b"\n"}),
    BadDay(
        "B7 pdf",
        "A PDF, a picture, a Word document",
        {
            "return.pdf": b"%PDF-1.7",
            "a.xlsx": b"%PDF-1.7\n",
            "b.xlsx": b"\x89PNG\r\n\x1a\n\x00",
            "c.xlsx": partial(parts.put_together, {"_rels/.rels": b"<a/>", "word/document.xml": b"<a/>"}),
            "photo.png": b"\x89PNG\r\n\x1a\n\x00\x00",
            "notes.txt": b"Sent by mail on Monday.",
        },
    ),
    BadDay(
        "B7 name",
        "A workbook whose name ends otherwise than a workbook's",
        {"return.xls": sent()},
    ),
    BadDay("B8", "A sign-in page that was downloaded in place of the workbook", {FILE: SIGN_IN}),
    BadDay("B9", "A workbook that was damaged on the way", {FILE: parts.bad_checksum}),
    BadDay(
        "B9 junk",
        "Bytes before and after the workbook, such as a mail's footer",
        {FILE: lambda: b"\r\n\r\n" + sent()() + b"\r\n-- \r\nSent from my phone"},
    ),
    BadDay("B10", "A workbook saved as Strict Open XML", {FILE: parts.operated(parts.strict)}),
    BadDay(
        "B11",
        "Parts in UTF-16, with other names and slashes, and styles that are broken",
        {
            FILE: parts.operated(
                parts.recoded(parts.SHEET_PART, "utf-16"),
                parts.with_part("xl/styles.xml", b"<styleSheet><fills><fill/>"),
                parts.with_part("docProps/core.xml", b"<broken"),
                parts.renamed(lambda name: "/" + name.upper().replace("/", "\\")),
            )
        },
    ),
    BadDay(
        "B11 styles",
        "A workbook without styles, as some exports write it",
        {FILE: parts.operated(parts.without_styles)},
    ),
    BadDay("B12", "A workbook that unpacks to more than a computer holds", {FILE: parts.operated(parts.bomb)}),
    BadDay("B12 picture", "A huge picture, which no value needs", {FILE: parts.operated(parts.huge_picture)}),
    BadDay(
        "B12 parts",
        "A file of 20,000 parts",
        {FILE: lambda: parts.put_together({f"xl/media/{number}": b"" for number in range(20_000)})},
    ),
    BadDay("B12 size", "A file that does not tell the truth about its size", {FILE: parts.lying_size}),
    BadDay("B13", "Entities that grow without end", {FILE: parts.operated(parts.doctype(BILLION_LAUGHS))}),
    BadDay("B13 other", "Entities that read other files", {FILE: parts.operated(parts.doctype(OTHER_FILE))}),
    BadDay(
        "B14",
        "Two parts of one name",
        {FILE: parts.operated(parts.with_part("XL/Worksheets/Sheet2.xml", b"<worksheet/>"))},
    ),
    BadDay(
        "B15",
        "A sheet that is said to lie outside the file",
        {FILE: parts.operated(parts.replaced(parts.SHEET_LIST, "/xl/worksheets/sheet2.xml", "../../../../etc/hosts"))},
    ),
    BadDay(
        "B15 web",
        "A sheet that is said to lie on the web",
        {
            FILE: parts.operated(
                parts.replaced(
                    parts.SHEET_LIST,
                    'Target="/xl/worksheets/sheet2.xml"',
                    'Target="http://example.org/sheet2.xml" TargetMode="External"',
                )
            )
        },
    ),
    BadDay(
        "B15 names",
        "Parts whose names lead out of the folder",
        {FILE: parts.operated(parts.with_part("../../evil.xml", b"<a/>"), parts.with_part("C:\\evil.xml", b"<a/>"))},
    ),
    BadDay(
        "B16",
        "A value that comes from another workbook",
        {FILE: parts.operated(parts.stored("I6", 't="n"', f"<f>{LINK}</f><v>42</v>"))},
    ),
    BadDay(
        "B17",
        "A cell beyond the last row or column",
        {
            FILE: parts.operated(
                parts.replaced(
                    parts.SHEET_PART, "</sheetData>", '<row r="20"><c r="XFE20"><v>1</v></c></row></sheetData>'
                )
            )
        },
    ),
    BadDay(
        "B17 twice",
        "A cell that is stored twice",
        {
            FILE: parts.operated(
                parts.replaced(parts.SHEET_PART, "</sheetData>", '<row r="20"><c r="I6"><v>1</v></c></row></sheetData>')
            )
        },
    ),
    BadDay(
        "B17 order", "Rows in any order, cells without their addresses", {FILE: parts.operated(parts.rows_reversed)}
    ),
    BadDay(
        "B18", "A million blank rows and a stray cell in the last corner", {FILE: parts.operated(parts.million_blanks)}
    ),
    # C: the sheet
    BadDay("C1", "A sheet with another name", {FILE: sent("", make.titled("Q1 JS"))}),
    BadDay("C2", "A sheet and its copy, alike", {FILE: make.book(make.copied({}))}),
    BadDay("C2 other", "A sheet and its copy, changed", {FILE: make.book(make.copied({"I6": "44"}))}),
    BadDay(
        "C3",
        "A sheet that is hidden, even from Excel's list of hidden sheets, and moved to the end",
        {FILE: make.book(make.hidden_at_the_end)},
    ),
    BadDay("C3 line", "A sheet without the line by which it is known", {FILE: sent("", typed({"A4": ""}))}),
    BadDay("C3 own", "A sheet of the lead's own beside the return", {FILE: make.book(make.working)}),
    BadDay("C4", "A row that was deleted", {FILE: sent("", lambda sheet: sheet.delete_rows(7))}),
    BadDay(
        "C5",
        "Rows of the lead's own in between",
        {
            FILE: sent(
                "", make.row_in(8, {"D": "of which boys", "I": "7"}), make.row_in(9, {"C": "Figures are provisional"})
            )
        },
    ),
    BadDay("C6", "Rows in another order", {FILE: sent("", make.all_rows(lambda rows: rows[::-1]))}),
    BadDay("C6 filter", "Rows that a filter hides", {FILE: sent("", make.hidden_row)}),
    BadDay(
        "C7",
        "Ids typed anew, in small letters, with blanks and dashes",
        {FILE: sent("", typed({"A6": "'  k01 ", "A7": "k–02", "A8": "K 03"}))},
    ),
    BadDay("C7 letter", "A letter O for the digit 0 in an id", {FILE: sent("", typed({"A7": "KO2"}))}),
    BadDay("C7 title", "A row whose id is another's, under its own title", {FILE: sent("", typed({"A7": "2"}))}),
    BadDay("C8", "A KPI on two rows, alike", {FILE: sent("", make.row_again(6, 13, {}))}),
    BadDay(
        "C8 other", "A KPI on two rows, with different values", {FILE: sent("", make.row_again(6, 13, {"I": "43"}))}
    ),
    BadDay(
        "C9",
        "Columns put in, taken out and headed in other words",
        {
            FILE: sent(
                "",
                lambda sheet: sheet.delete_cols(3, 4),
                typed({"E5": "VALUE", "F5": "num."}),
                lambda sheet: sheet.insert_cols(2, 2),
            )
        },
    ),
    BadDay("C9 missing", "A column that is missing", {FILE: sent("", typed({"J5": "Top"}))}),
    BadDay("C9 twice", "Two columns with one heading", {FILE: sent("", typed({"O5": "Value"}))}),
    BadDay(
        "C10",
        "Titles above the headings, which moves everything down",
        {FILE: sent("", lambda sheet: sheet.insert_rows(1, 4), typed({"A1": "Early help, returned by us"}))},
    ),
    BadDay(
        "C10 merged",
        "A second row of headings, merged, above the first",
        {
            FILE: sent(
                "",
                lambda sheet: sheet.insert_rows(5),
                typed({"I5": "Our figures"}),
                lambda sheet: sheet.merge_cells("I5:M5"),
            )
        },
    ),
    BadDay("C11", "A value merged over two KPIs", {FILE: sent("", lambda sheet: sheet.merge_cells("I6:I7"))}),
    BadDay(
        "C11 across",
        "A value merged with the cell beside it",
        {FILE: sent("", lambda sheet: sheet.merge_cells("I6:J6"))},
    ),
    BadDay(
        "C12",
        "A target, a baseline, a unit or a title typed over",
        {FILE: sent("", typed({"H6": "5", "G7": "50%", "E8": "count", "D9": "Spend on plans"}))},
    ),
    BadDay("C13", "Notes and working beside the table", {FILE: sent("", typed({"W7": "checked by us", "V30": "12"}))}),
    BadDay("C13 notes", "Cell notes", {FILE: sent("", make.noted("I6", "Or 60?"), make.noted("D9", "See mail"))}),
    BadDay("C13 above", "A figure above the table", {FILE: sent("", typed({"I2": "12"}))}),
    BadDay("C14", "Hidden rows and columns, and white letters on white", {FILE: sent("", make.hidden_cells)}),
    BadDay(
        "C15",
        "Last quarter's figures, sent again",
        {FILE: sent(GOOD[PERIOD]["EH"], period=NEXT_PERIOD)},
        make.after_a_quarter,
        period=NEXT_PERIOD,
    ),
    BadDay(
        "C15 shown",
        "An earlier quarter's figure, changed",
        {FILE: sent("", typed({"I6": "43"}), period=NEXT_PERIOD)},
        make.after_a_quarter,
        period=NEXT_PERIOD,
    ),
    BadDay(
        "C15 comment",
        "A comment carried on word for word",
        {FILE: sent("K06 | 19 | | | | Two children waited for a school abroad", period=NEXT_PERIOD)},
        make.after_a_quarter,
        period=NEXT_PERIOD,
    ),
    BadDay(
        "C16",
        "A workbook that counts days from 1904, as old Macs did",
        {FILE: parts.operated(parts.replaced(parts.WORKBOOK_PART, "<workbookPr />", '<workbookPr date1904="1" />'))},
    ),
    # D: cells
    BadDay(
        "D1",
        "A percentage typed as 85%, as the text `85%` and in words",
        {FILE: sent("K02 | '85 %  | 17 | 20\nK03 | '2.3 per cent")},
    ),
    BadDay("D1 bare", "85 where 85% is meant", {FILE: sent("K02 | 85 | 17 | 20")}),
    BadDay(
        "D1 text",
        "The text 85, or 0.85 typed as a text, where 85% is meant",
        {FILE: sent("K02 | '85 | 17 | 20\nK03 | '0.023")},
    ),
    BadDay("D2", "A percentage above 100% or below 0%", {FILE: sent("K02 | 120%\nK03 | -250%")}),
    BadDay("D3", "A percentage that its numerator and denominator contradict", {FILE: sent("K02 | 90% | 17 | 20")}),
    BadDay(
        "D3 sum",
        "A figure that the sum of others contradicts",
        {FILE: sent()},
        make.with_catalogue(replace(COUNCIL, ties=(Tie("K04", "K05 * K01", 1000.0),))),
    ),
    BadDay("D4", "A numerator above its denominator", {FILE: sent("K02 | 85% | 21 | 20")}),
    BadDay("D4 nought", "0 out of 0", {FILE: sent("K02 | 0% | 0 | 0")}),
    BadDay("D4 half", "A numerator without its denominator", {FILE: sent("K02 | 85% | 17")}),
    BadDay("D4 both", "Numerator and denominator without the percentage", {FILE: sent("K02 | | 17 | 20")}),
    BadDay("D5", "A fraction in the cell of a percentage: `17 out of 20`", {FILE: sent("K02 | '17 out of 20")}),
    BadDay(
        "D5 share",
        "A count with its share in brackets: `20 (10.5%)`",
        {FILE: sent("K02 | '20 (10.5%)\nK01 | '20 (10.5%)")},
    ),
    BadDay("D5 colon", "`6:8`, or a fraction in the cell of a count", {FILE: sent("K02 | '6:8\nK01 | '6 out of 8")}),
    BadDay(
        "D6",
        "A limit in place of a figure: `<5`, `fewer than 5`, `>95%`",
        {FILE: sent("K01 | '<5\nK02 | '>95%\nK06 | fewer than 5")},
    ),
    BadDay("D6 about", "An estimate: `~20`, `c. 20`, `20+`", {FILE: sent("K01 | '~20\nK05 | 'c. 20\nK06 | '20+")}),
    BadDay(
        "D7",
        "Statisticians' signs: `c`, `x`, `z`, `:`, `..`, `*`",
        {FILE: sent("K01 | 'c\nK02 | 'x\nK03 | 'z\nK04 | ':\nK05 | '..\nK06 | '*")},
    ),
    BadDay(
        "D7 in place",
        "The field's shorthand in place of a figure: `[x]`, `[z]`, `[c]`, `3 [c]`",
        {FILE: sent("K01 | [x]\nK02 | [z]\nK03 | [c]\nK04 | 3 [c]")},
    ),
    BadDay(
        "D7 beside",
        "The field's shorthand beside a figure: `85% [p]`, `1,234 (p)`, `[r] 42`, `1,234 (r)`",
        {FILE: sent("K01 | [r] 42\nK02 | 85% [p]\nK04 | 1,234 (p)\nK05 | 1,234 (r)\nK06 | 12 weeks [u]")},
    ),
    BadDay("D7 dash", "A dash", {FILE: sent("K01 | '-\nK02 | '–")}),
    BadDay(
        "D8",
        "Words for no data: `no data`, `n/a`, `TBC`, `awaiting Mosaic`, `none`",
        {FILE: sent("K01 | no data\nK02 | n/a\nK03 | TBC\nK04 | awaiting Mosaic\nK05 | none")},
    ),
    BadDay(
        "D8 beside",
        "`n/a` in place of a numerator and of a forecast, which may both stay empty",
        {FILE: sent("K02 | 85% | n/a | 20", typed({"N6": "n/a"}))},
    ),
    BadDay("D8 nil", "`nil` for a count and for an amount", {FILE: sent("K01 | nil\nK04 | nil")}),
    BadDay(
        "D9",
        "A blank, a space, a no-break space, an apostrophe, a formula that gives an empty text",
        {
            FILE: parts.operated(
                parts.stored("I10", 't="str"', '<f>""</f><v></v>'),
                made=sent("K01 |\nK02 |\nK03 |\nK05 |", typed({"I7": "'  ", "I8": "'\u00a0", "I9": "'"})),
            )
        },
    ),
    BadDay("D9 nought", "A nought", {FILE: sent("K01 | 0\nK04 | 0")}),
    BadDay(
        "D10",
        "Numbers stored as texts, with commas, blanks and digits of other scripts",
        {FILE: sent("K01 | '1,234\nK02 | '85%\nK04 | '£31,679,272\nK05 | '\u00a016880 \nK06 | '１８")},
    ),
    BadDay(
        "D10 comma",
        "Numbers written as on the continent: `1.234,5`, `1 234`",
        {FILE: sent("K04 | '1.234,5\nK01 | '1 234")},
    ),
    BadDay(
        "D11",
        "Amounts and units: `£1.2m`, `(1,234)`, `20 wks`",
        {FILE: sent("K04 | '£1.2m\nK03 | '(2.3%)\nK06 | '20 wks")},
    ),
    BadDay(
        "D11 other",
        "Another unit than the KPI's: `3 days`, `12p`, `£42` for a count",
        {FILE: sent("K06 | 3 days\nK05 | 12p\nK01 | '£42")},
    ),
    BadDay(
        "D12", "Half a child, fewer than none, and far too many", {FILE: sent("K01 | 17.5\nK05 | -3\nK06 | 1000000000")}
    ),
    BadDay(
        "D12 noise",
        "A whole number with the noise of a computer's arithmetic",
        {
            FILE: parts.operated(
                parts.stored("I6", 't="n"', "<v>41.999999999999993</v>"),
                parts.stored("I7", 't="n"', "<v>0.84999999999999998</v>"),
            )
        },
    ),
    BadDay("D13", "6/8 that Excel made a date of", {FILE: sent("", make.dated("I7", datetime(2021, 8, 6)))}),
    BadDay("D14", "A date where words belong", {FILE: sent("", make.dated("M6", datetime(2021, 6, 30)))}),
    BadDay(
        "D15",
        "Errors of formulas, old and new",
        {
            FILE: parts.operated(
                parts.stored("I6", 't="e"', "<v>#REF!</v>"),
                parts.stored("I7", 't="e"', "<f>J7/K7</f><v>#DIV/0!</v>"),
                parts.stored("I8", 't="e"', "<v>#SPILL!</v>"),
                parts.stored("M9", 't="e"', "<v>#N/A</v>"),
            )
        },
    ),
    BadDay("D16", "An error typed as a text", {FILE: sent("K01 | '#N/A\nK02 | '#REF!\nK03 | 'Err:502")}),
    BadDay("D17", "A formula without a saved result", {FILE: sent("K01 | =40+2")}),
    BadDay(
        "D18", "A formula with its result", {FILE: parts.operated(parts.stored("I6", 't="n"', "<f>40+2</f><v>42</v>"))}
    ),
    BadDay("D19", "A tick, an x, yes, TRUE", {FILE: sent("K01 | ✓\nK02 | x\nK03 | yes\nK04 | TRUE")}),
    BadDay(
        "D19 choice",
        "A reason in other letters, and one that is not on the list",
        {FILE: sent("K01 | | | | data NOT yet available\nK02 | | | | Not available")},
    ),
    BadDay("D20", "A rating typed over the rating preview", {FILE: sent("", typed({"P6": "G", "P7": "R"}))}),
    BadDay("D21", "A cell coloured red, without a value", {FILE: sent("K01 |", make.red)}),
    BadDay(
        "D22",
        "Two values in one cell, a range, a question mark",
        {FILE: sent("K01 | 17 (was 15)\nK04 | '5-10\nK05 | 17?\nK06 | '17\n19".replace("17\n19", "17 / 19"))},
    ),
    BadDay("D23", "A comment of 32,767 letters", {FILE: sent(f"K01 | 42 | | | | {'x' * 32_767}")}),
    BadDay(
        "D23 letters",
        "Line breaks, tabs and emoji in a comment",
        {FILE: sent("", typed({"M6": "'one\ntwo\tthree 🚌"}))},
    ),
    BadDay(
        "D23 unseen",
        "Letters that cannot be seen or turn the text round",
        {FILE: parts.operated(parts.stored("M6", 't="inlineStr"', "<is><t>a_x0007_b \u202e24\u200b</t></is>"))},
    ),
    BadDay(
        "D24",
        "A comment that looks like a formula, a link or a command",
        {
            FILE: sent(
                "",
                typed(
                    {
                        "M6": '\'=HYPERLINK("http://example.org")',
                        "M7": "'+1+cmd|' /C calc'!A0",
                        "M8": "'@SUM(A1)",
                        "M9": "'-1 on last year",
                        "M10": "'http://example.org",
                    }
                ),
            )
        },
    ),
    BadDay(
        "D25",
        "Personal data in a comment",
        {
            FILE: sent(
                "K01 | 42 | | | | Jo, born on 12/03/2014, call 07700 900123\nK02 | 85% | 17 | 20 | | UPN A123456789012"
            )
        },
    ),
    BadDay("D27", "A figure far outside what the KPI can be", {FILE: sent("K06 | 9999")}),
    BadDay(
        "D27 jump",
        "A figure ten times the last one",
        {FILE: sent("K01 | 850", period=NEXT_PERIOD)},
        make.after_a_quarter,
        period=NEXT_PERIOD,
    ),
    BadDay(
        "D27 fall",
        "A figure of the year so far that is less than it was a quarter ago",
        {FILE: sent("K01 | 40", period=NEXT_PERIOD)},
        make.after_a_quarter,
        period=NEXT_PERIOD,
    ),
    BadDay("D28", "A comment in the wrong encoding", {FILE: sent("K01 | 42 | | | | The cafÃ© isnâ€™t open")}),
    BadDay("D29", "A value and a reason for having none", {FILE: sent("K01 | 42 | | | Data not yet available")}),
    BadDay(
        "D29 other",
        "The reason “Other” without a word of comment",
        {FILE: sent("K01 | | | | Other: say why in the comment")},
    ),
    BadDay("D29 cell", "A numerator for a KPI that has none", {FILE: sent("K01 | 42 | 6")}),
    # F: the round
    BadDay("F1", "Nothing from a workstream", {FILE: sent()}, alone=True),
    BadDay(
        "F2",
        "A return of a workstream that is not in the catalogue",
        {FILE: sent("", make.identity("| EH |", "| XX |"))},
    ),
    BadDay(
        "F3",
        "A KPI list with faults: an id twice, a unit that is none, a limit for green beyond the one for amber",
        {FILE: sent()},
        make.with_list_edited("KPIs!A6 = K01", "KPIs!F7 = miles", "Tolerances!B6 = 0.5"),
    ),
    BadDay(
        "F4",
        "A KPI that was retired since the templates went out",
        {FILE: sent()},
        make.with_catalogue(with_kpi("K06", life=Life.RETIRED)),
    ),
    BadDay(
        "F4 added",
        "A KPI that was added since the templates went out",
        {FILE: sent()},
        make.with_catalogue(with_kpi("K08", life=Life.LIVE)),
    ),
    BadDay(
        "F4 version",
        "A KPI that was added in a newer version of the list than the template's",
        {FILE: sent()},
        make.with_catalogue(with_kpi("K08", with_list(list_version="July 2021"), life=Life.LIVE)),
    ),
    BadDay(
        "F4 target",
        "A target that was changed since the templates went out",
        {FILE: sent()},
        make.with_catalogue(with_kpi("K01", goals=(replace(COUNCIL.kpis[0].goals[0], target=5.0),))),
    ),
    BadDay(
        "F5",
        "Five broken and hostile files among the good ones",
        {
            FILE: sent(),
            "1.xlsx": b"",
            "2.xlsx": SIGN_IN,
            "3.xlsx": parts.bad_checksum,
            "4.xlsx": parts.operated(parts.doctype(BILLION_LAUGHS)),
            "5.xlsx": make.unrelated,
        },
    ),
    BadDay("F6", "An empty folder", {}, alone=True),
    BadDay("F6 bad", "A folder in which no file is a return", {FILE: b"", "photo.pdf": b"%PDF-"}, alone=True),
    BadDay(
        "F7",
        "A corrected return, the old one moved into a folder called superseded",
        {FILE: sent("K01 | 43")},
        make.in_folder(make.folders_within),
    ),
    BadDay("F8", "Files with times of 1980 and 2099", {FILE: sent()}, make.in_folder(make.odd_times)),
)
