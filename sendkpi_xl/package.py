"""The outside of a workbook file: its kind, the parts in it, and how the parts refer to each other.

An .xlsx or .xlsm file is a zip archive of XML parts. Nothing in it is trusted: not its name, not the sizes
that it states, not where its parts say they are. Parts are found inside the archive only, unpacked in memory
only.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Protocol
from urllib.parse import unquote
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

MEGABYTE = 2**20
MAX_FILE = 25 * MEGABYTE
MAX_MEMBERS = 2_000
MAX_PART = 50 * MEGABYTE
MAX_UNPACKED = 100 * MEGABYTE
MAX_DEPTH = 64

CHUNK = MEGABYTE
HEAD = 4_096
SIGN_IN_HEAD = 65_536
MAX_QUOTED = 40
ENCRYPTED_FLAG = 0x1

ZIP_START = b"PK\x03\x04"
ZIP_ENTRY = b"PK\x01\x02"
ZIP_END = b"PK\x05\x06"
ZIP_TAIL = 65_557
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Attributes = dict[str, str]
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
OLD_EXCEL = ("This is a workbook of the old kind (Excel 97-2003).", SAVE_AS)
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
PLAIN_TEXT = ("This is plain text or a CSV file, not a workbook.", SAVE_AS)
UNKNOWN = ("This is not an Excel workbook, nor any kind of file that we know.", SEND_RETURN)
OTHER_ZIP = ("This is a zip file without a workbook in it.", SEND_RETURN)
TOO_MANY_PARTS = (f"This file holds more than {MAX_MEMBERS:,} parts: {NOT_OURS}.", SEND_RETURN)

# In this order: an e-mail may carry any of the others, a workbook may hold a Word document.
OLE_STREAMS = (
    ("__properties_version1.0", EMAIL),
    ("EncryptedPackage", PASSWORD),
    ("Workbook", OLD_EXCEL),
    ("WordDocument", WORD),
    ("PowerPoint Document", POWERPOINT),
)
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


class Handlers(Protocol):
    """What receives the elements and the text of one part, in the document's order."""

    def start(self, name: str, attributes: Attributes, /) -> None:
        """An element begins."""

    def end(self, name: str, /) -> None:
        """An element ends."""

    def text(self, data: str, /) -> None:
        """Text stands here; one text may come in several pieces."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """One part's reference to another: `kind` is the last word of its type, `part` the path of that part."""

    kind: str
    part: str
    external: bool


@dataclass(slots=True)
class Package:
    """An opened archive: its parts by their folded paths, and how many bytes were unpacked so far."""

    name: str
    archive: ZipFile
    members: dict[str, ZipInfo]
    unpacked: int = field(default=0)

    def damaged(self, label: str, kind: type[Unreadable] = Unreadable) -> Unreadable:
        """The refusal for a part that can't be read; `label` says which part in the reader's words."""
        return kind(self.name, f"This workbook is damaged inside ({label}).", SEND_AGAIN)

    def read(self, part: str, label: str) -> bytes:
        """The bytes of one part, counted while unpacking; Unreadable when damaged or over the limits."""
        info = self.members[part]
        # Other packings unpack without a bound on each step, and Excel never writes them.
        if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise self.damaged(label)
        limit = min(MAX_PART, MAX_UNPACKED - self.unpacked)
        chunks, size = [], 0
        try:
            with self.archive.open(info) as stream:
                while size <= limit and (chunk := stream.read(CHUNK)):
                    chunks.append(chunk)
                    size += len(chunk)
        except Exception as error:
            raise self.damaged(label) from error
        self.unpacked += size
        if size > limit:
            most = MAX_PART if size > MAX_PART else MAX_UNPACKED
            found = f"This file unpacks to more than {most // MEGABYTE} MB ({label}): {NOT_OURS}."
            raise Unreadable(self.name, found, TOO_BIG)
        return b"".join(chunks)

    def parse(self, data: bytes, label: str, handlers: Handlers) -> None:
        """Send a part's elements and text to `handlers`; Malformed when it isn't well-formed XML."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = handlers.start
        parser.EndElementHandler = handlers.end
        parser.CharacterDataHandler = handlers.text
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise self.damaged(label, Malformed) from error

    def _refuse_doctype(self, *_declaration: object) -> None:
        # Entities come from such a declaration: other files' text pulled in, text that grows without end.
        found = "This file contains a document type declaration, which Excel never writes: it was not opened."
        raise Unreadable(self.name, found, SAVE_AS)

    def too_deep(self, label: str) -> Unreadable:
        """The refusal for a part nested deeper than any program writes."""
        found = f"This file is nested more than {MAX_DEPTH} levels deep ({label}), which Excel never writes."
        return Unreadable(self.name, found, SAVE_AS)

    def scan(self, part: str, label: str, visit: Callable[[str, str, Attributes], None]) -> None:
        """Call `visit(parent's name, name, attributes)` for each element, names without their prefixes."""
        self.parse(self.read(part, label), label, _Scan(self, label, visit))

    def relationships(self, part: str) -> dict[str, Relationship]:
        """The references that a part ("" = the whole archive) makes, by id; empty when it makes none."""
        folder, _, file = part.rpartition("/")
        list_part = f"{folder}/_rels/{file}.rels".lstrip("/")
        found: dict[str, Relationship] = {}

        def visit(_parent: str, tag: str, attributes: Attributes) -> None:
            if tag == "Relationship":
                kind = attributes.get("Type", "").rpartition("/")[2].casefold()
                target = self._resolve(folder, attributes.get("Target", ""))
                external = attributes.get("TargetMode", "").casefold() == "external"
                found[attributes.get("Id", "")] = Relationship(kind, target, external)

        if list_part in self.members:
            self.scan(list_part, "the list of its parts", visit)
        return found

    def _resolve(self, folder: str, target: str) -> str:
        """A target as a path inside the archive: climbing out of it ends at its top."""
        path = folded(posixpath.normpath(posixpath.join(f"/{folder}", target.replace("\\", "/"))))
        return path if path in self.members else folded(unquote(path))


class _Scan:
    """Handlers that keep the path of open elements, for the small parts."""

    def __init__(self, package: Package, label: str, visit: Callable[[str, str, Attributes], None]) -> None:
        self.package = package
        self.label = label
        self.visit = visit
        self.path = [""]

    def start(self, name: str, attributes: Attributes) -> None:
        if len(self.path) > MAX_DEPTH:
            raise self.package.too_deep(self.label)
        tag = local(name)
        self.visit(self.path[-1], tag, attributes)
        self.path.append(tag)

    def end(self, _name: str) -> None:
        self.path.pop()

    def text(self, data: str) -> None:
        pass


def local(name: str) -> str:
    """An element's or attribute's name without its prefix: programs differ in prefixes and namespaces."""
    return name.rpartition(":")[2]


def folded(path: str) -> str:
    """A part's path as all parts are compared: forward slashes, none at the start, small letters."""
    return path.replace("\\", "/").lstrip("/").casefold()


def quoted(text: str) -> str:
    """A text out of the file, made safe to print in a message: short, and without control characters."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text[: MAX_QUOTED + 1])
    return f"'{shown}'" if len(shown) <= MAX_QUOTED else f"'{shown[:MAX_QUOTED]}…'"


def open_package(data: bytes, name: str) -> Package:
    """The archive in a file's bytes; Unreadable, with the kind of file that it is, when it is no workbook."""
    reason = _size_reason(data) or _head_reason(data)
    if reason:
        raise Unreadable(name, *reason)
    try:
        archive = ZipFile(BytesIO(data))
    except Exception as error:
        raise Unreadable(name, *_no_zip_reason(data)) from error
    package = Package(name, archive, _members(archive, name))
    reason = _member_reason(package)
    if reason:
        raise Unreadable(name, *reason)
    return package


def _size_reason(data: bytes) -> Reason | None:
    if not data:
        return EMPTY_FILE
    if len(data) > MAX_FILE:
        return f"This file has {len(data) / MEGABYTE:,.0f} MB: {NOT_OURS}.", TOO_BIG
    if data.count(0) == len(data):
        return ALL_ZEROS
    # Each entry of the archive's list begins so. Counting first keeps a list of a million entries from being
    # built; ten times the limit leaves room for other archives inside this one, with lists of their own.
    return TOO_MANY_PARTS if data.count(ZIP_ENTRY) > 10 * MAX_MEMBERS else None


def _head_reason(data: bytes) -> Reason | None:
    """Kinds of file that their beginning gives away, whatever is embedded further on."""
    if data.startswith(OLE_START):
        streams = (reason for stream, reason in OLE_STREAMS if stream.encode("utf-16-le") in data)
        return next(streams, OLD_EXCEL)
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(ZIP_START):
        return None
    text = _opening(data, SIGN_IN_HEAD).lower()
    if text.startswith("<") and "<html" in text[:HEAD]:
        signs = ("sign in", "signin", "sign-in", "log in", "login", "password")
        return SIGN_IN_PAGE if any(sign in text for sign in signs) else WEB_PAGE
    if text.startswith("from ") or MAIL_HEADER.match(text):
        return EMAIL if len(MAIL_HEADER.findall(text[:HEAD])) >= 3 else None
    return None


def _no_zip_reason(data: bytes) -> Reason:
    """What a file is that isn't a zip archive and that `_head_reason` did not know."""
    if data.startswith(ZIP_START):
        return DAMAGED_ZIP if ZIP_END in data[-ZIP_TAIL:] else CUT_OFF
    text = _opening(data, HEAD)
    if text.startswith("<?xml"):
        return XML_FILE
    if text.startswith("{") and "docs.google.com" in text:
        return GOOGLE_LINK
    return UNKNOWN if CONTROL.search(text) else PLAIN_TEXT


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


def _members(archive: ZipFile, name: str) -> dict[str, ZipInfo]:
    """The archive's parts by folded path; Unreadable when too many, protected, or two of one name."""
    if len(archive.infolist()) > MAX_MEMBERS:
        raise Unreadable(name, *TOO_MANY_PARTS)
    members: dict[str, ZipInfo] = {}
    for info in archive.infolist():
        path = folded(info.filename)
        if path.endswith("/"):
            continue
        if info.flag_bits & ENCRYPTED_FLAG:
            raise Unreadable(name, *ZIP_PASSWORD)
        if path in members:
            # Programs differ in which of the two they read, so what was checked might not be what people see.
            raise Unreadable(name, f"This file has two parts called {quoted(path)}.", SAVE_AS)
        members[path] = info
    return members


def _member_reason(package: Package) -> Reason | None:
    """Kinds of zip archive that aren't a workbook of today's kind, told by their parts' names."""
    members = package.members
    for path, reason in FOREIGN_MEMBERS.items():
        if path in members:
            return reason
    if any(path.endswith(".iwa") for path in members):
        return NUMBERS
    if "mimetype" in members and b"opendocument.spreadsheet" in package.read("mimetype", "its kind of file"):
        return OPEN_DOCUMENT
    if "_rels/.rels" in members:
        return None
    count = sum(path.endswith(WORKBOOK_ENDINGS) for path in members)
    if not count:
        return OTHER_ZIP
    workbooks = "1 workbook" if count == 1 else f"{count} workbooks"
    return f"This is a zip file that holds {workbooks}.", "Unpack it into the same folder, and run again."
