"""What kind of file somebody sent, by its content: a workbook, or what else it is and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sendkpi_xl.old_container import names_at_top

MEGABYTE = 2**20
MAX_FILE = 25 * MEGABYTE
MAX_MEMBERS = 2_000

HEAD = 4_096
SIGN_IN_HEAD = 65_536
MAX_QUOTED = 40

ZIP_START = b"PK\x03\x04"
ZIP_ENTRY = b"PK\x01\x02"
ZIP_END = b"PK\x05\x06"
ZIP_TAIL = 65_557
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Reason = tuple[str, str]

SAVE_AS = "Open it in Excel, choose File > Save As > Excel Workbook (.xlsx), and send the new file."
SEND_AGAIN = "Ask for the file to be sent again."
TOO_BIG = "Check that it is the right file; if so, take out pictures and other sheets, and send it again."
SEND_RETURN = "Ask for the workbook itself, as an Excel workbook (.xlsx)."
NOT_OURS = "no workbook of ours has so many"

EMPTY_FILE = (
    "This file is empty (0 bytes): it has not finished downloading or saving.",
    "In its folder choose 'Always keep on this device', wait for the download, and run again.",
)
ALL_ZEROS = ("This file holds nothing but zeros: it has not finished downloading.", EMPTY_FILE[1])
CUT_OFF = ("This file is cut off: its end is missing.", SEND_AGAIN)
DAMAGED_ZIP = ("This workbook is damaged inside: its list of parts can't be read.", SEND_AGAIN)
PASSWORD = (
    "This file has a password to open.",
    "Open it in Excel, choose File > Info > Protect Workbook > Encrypt with Password, clear the password, "
    "save, and send it again.",
)
ZIP_PASSWORD = (
    "This file was zipped with a password.",
    "Ask for the workbook itself, without zip and without a password.",
)
PROTECTED = (
    "This file is encrypted by a sensitivity label or by rights management: only people whom it names can open it.",
    "Open it in Excel, choose a label without encryption (Home > Sensitivity) or File > Info > Protect Workbook > "
    "Restrict Access > Unrestricted Access, save, and send it again.",
)
OLD_EXCEL = ("This is a workbook of the old kind (Excel 97-2003).", SAVE_AS)
OLDEST_EXCEL = ("This is a workbook of a very old kind (before Excel 97).", SAVE_AS)
BINARY_EXCEL = ("This is a binary workbook (.xlsb).", SAVE_AS)
OPEN_DOCUMENT = (
    "This is an OpenDocument spreadsheet (.ods).",
    "Open it in LibreOffice or Excel, save it as an Excel workbook (.xlsx), and send the new file.",
)
NUMBERS = (
    "This is an Apple Numbers file.",
    "Open it in Numbers, choose File > Export To > Excel, and send the new file.",
)
EMAIL = (
    "This is an e-mail, not a workbook.",
    "Open the e-mail, save the attached workbook into the folder, and run again.",
)
WORD = ("This is a Word document, not a workbook.", SEND_RETURN)
POWERPOINT = ("This is a PowerPoint presentation, not a workbook.", SEND_RETURN)
PDF = ("This is a PDF, not a workbook.", SEND_RETURN)
WEB_PAGE = ("This is a web page saved with a workbook's name.", SAVE_AS)
SIGN_IN_PAGE = (
    "This is a sign-in page that was downloaded in place of the workbook.",
    "Sign in to the site, download the workbook again, and run again.",
)
XML_FILE = ("This is a single XML file, not a workbook.", SAVE_AS)
GOOGLE_LINK = (
    "This is only a link to a Google sheet.",
    "Open the sheet, choose File > Download > Microsoft Excel (.xlsx), and send that file.",
)
OTHER_ARCHIVE = ("This is a packed folder (.7z or .rar).", "Unpack it into the same folder, and run again.")
PLAIN_TEXT = ("This is plain text or a CSV file, not a workbook.", SAVE_AS)
UNKNOWN = ("This is not an Excel workbook, nor any kind of file that we know.", SEND_RETURN)
OTHER_ZIP = ("This is a zip file without a workbook in it.", SEND_RETURN)
TOO_MANY_PARTS = (f"This file holds more than {MAX_MEMBERS:,} parts: {NOT_OURS}.", SEND_RETURN)

# What stands at the top of an old container. Where that can't be made out, it is looked for anywhere in the file, in
# this order: an e-mail may carry any of the others, a workbook may hold a Word document.
OLE_STREAMS = (
    ("__properties_version1.0", EMAIL),
    ("EncryptedPackage", PASSWORD),
    ("Workbook", OLD_EXCEL),
    ("Book", OLD_EXCEL),
    ("WordDocument", WORD),
    ("PowerPoint Document", POWERPOINT),
)
# How an encrypted package says that rights management, and not a password, keeps it closed.
RIGHTS = "DRMEncryptedTransform".encode("utf-16-le")
# The first records of workbooks from before there were containers, up to Excel 4.
OLDEST_STARTS = (b"\x09\0\x04\0", b"\x09\x02\x06\0", b"\x09\x04\x06\0")
ARCHIVE_STARTS = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
MANIFEST = "meta-inf/manifest.xml"
FOREIGN_MEMBERS = {
    "xl/workbook.bin": BINARY_EXCEL,
    "word/document.xml": WORD,
    "ppt/presentation.xml": POWERPOINT,
    "index.zip": NUMBERS,
}
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
MAIL_HEADER = re.compile(
    r"^(?:from|to|subject|date|received|return-path|delivered-to|mime-version|message-id|content-type|x-[\w-]+):",
    re.IGNORECASE | re.MULTILINE,
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")


class Unreadable(Exception):
    """A file that can't be read as a workbook, in two plain sentences for the person who has to do something.

    `file` is the name that the caller gave, `found` says what is wrong with the file, `action` what to do.
    """

    def __init__(self, file: str, found: str, action: str) -> None:
        super().__init__(file, found, action)
        self.file = file
        self.found = found
        self.action = action

    def __str__(self) -> str:
        return f"{self.file}: {self.found} {self.action}"


class Malformed(Unreadable):
    """A part that isn't well-formed XML: its own class because some parts may be done without."""


class Declared(Unreadable):
    """A document type declaration: its own class because no part may be done without that has one."""


@contextmanager
def done_without() -> Iterator[None]:
    """Read parts that a workbook can be read without: what was found before damage or a limit is good."""
    try:
        yield
    except Declared:
        raise
    except Unreadable:
        pass


def quoted(text: str) -> str:
    """A text out of the file, made safe to print in a message: short, and without control characters."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text[: MAX_QUOTED + 1])
    return f"'{shown}'" if len(shown) <= MAX_QUOTED else f"'{shown[:MAX_QUOTED]}…'"


def size_reason(data: bytes) -> Reason | None:
    """Files that their size or emptiness gives away."""
    if not data:
        return EMPTY_FILE
    if len(data) > MAX_FILE:
        return f"This file has {len(data) / MEGABYTE:,.0f} MB: {NOT_OURS}.", TOO_BIG
    return None if data.strip(b"\0") else ALL_ZEROS


def head_reason(data: bytes) -> Reason | None:
    """Kinds of file that their beginning gives away, whatever is embedded further on."""
    if data.startswith(OLE_START):
        return _container_reason(data)
    if data.startswith(OLDEST_STARTS):
        return OLDEST_EXCEL
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(ARCHIVE_STARTS):
        return OTHER_ARCHIVE
    if data.startswith(ZIP_START):
        return None
    text = _opening(data, SIGN_IN_HEAD).lower()
    # Excel's own XML of 2003 has tables too, and is another kind.
    page = "<html" in text[:HEAD] or ("<table" in text[:HEAD] and not text.startswith("<?xml"))
    if text.startswith("<") and page:
        signs = ("sign in", "signin", "sign-in", "log in", "login", "password")
        return SIGN_IN_PAGE if any(sign in text for sign in signs) else WEB_PAGE
    if text.startswith("from ") or MAIL_HEADER.match(text):
        return EMAIL if len(MAIL_HEADER.findall(text[:HEAD])) >= 3 else None
    return None


def _container_reason(data: bytes) -> Reason:
    names = names_at_top(data)
    for stream, reason in OLE_STREAMS:
        if stream.lower() in names if names else stream.encode("utf-16-le") in data:
            return PROTECTED if reason is PASSWORD and RIGHTS in data else reason
    return UNKNOWN if names else OLD_EXCEL


def no_zip_reason(data: bytes) -> Reason:
    """What a file is that isn't a zip archive and that `head_reason` did not know."""
    if data.startswith(ZIP_START):
        return DAMAGED_ZIP if ZIP_END in data[-ZIP_TAIL:] else CUT_OFF
    text = _opening(data, HEAD)
    if text.startswith("<?xml"):
        return XML_FILE
    if text.startswith("{") and ("docs.google.com" in text or '"doc_id"' in text):
        return GOOGLE_LINK
    return UNKNOWN if CONTROL.search(text) else PLAIN_TEXT


def seldom_a_return(data: bytes, suffix: str) -> bool:
    """Whether a file whose name does not end as a workbook's is something that leads do not send as a return.

    What they do send, in other forms, is known by its content: older workbooks, mails, zip files, PDFs, CSV files.
    `suffix` is the ending of its name in small letters.
    """
    if suffix in WORKBOOK_ENDINGS:
        return False
    if head_reason(data) or data.startswith(ZIP_START):
        return suffix in (".docx", ".pptx", ".doc", ".ppt")
    kind = no_zip_reason(data)
    return kind in (UNKNOWN, XML_FILE) or (kind == PLAIN_TEXT and suffix not in (".csv", ".tsv"))


def start_reason(path: str) -> Reason | None:
    """Kinds of Office file that the folded path of their first part gives away: what it is called may differ."""
    if path.startswith("word/"):
        return WORD
    if path.startswith("ppt/"):
        return POWERPOINT
    return BINARY_EXCEL if path.endswith(".bin") else None


def _opening(data: bytes, length: int) -> str:
    """The beginning of a file as text, where it is text; a cut in the middle of a letter is no error."""
    head = data[:length]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: length // 2 * 2].decode("utf-16", "ignore").lstrip()
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut = error.start > length - 4
        text = head[: error.start].decode("utf-8-sig") if cut else head.decode("cp1252", "replace")
    return text.lstrip()


def archive_reason(paths: Collection[str], mimetype: bytes) -> Reason | None:
    """Kinds of zip archive that aren't a workbook of today's kind, told by their parts' folded names.

    `mimetype` is the content of the part of that name, or else of the manifest, where there is one: OpenDocument files
    say there what they are.
    """
    for path, reason in FOREIGN_MEMBERS.items():
        if path in paths:
            return reason
    # A document of Numbers may be a folder, which mail programs zip.
    if any(path.endswith((".iwa", ".numbers/index.zip")) for path in paths):
        return NUMBERS
    if b"opendocument.spreadsheet" in mimetype:
        return OPEN_DOCUMENT
    if "_rels/.rels" in paths:
        return None
    count = sum(path.endswith(WORKBOOK_ENDINGS) for path in paths)
    if not count:
        return OTHER_ZIP
    workbooks = "1 workbook" if count == 1 else f"{count} workbooks"
    return f"This is a zip file that holds {workbooks}.", "Unpack it into the same folder, and run again."
