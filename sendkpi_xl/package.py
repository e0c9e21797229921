"""The outside of a workbook file: its kind, the parts in it, and how the parts refer to each other.

An .xlsx or .xlsm file is a zip archive of XML parts. Nothing in it is trusted: not its name, not the sizes
that it states, not where its parts say they are. Parts are found inside the archive only, unpacked in memory
only.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Protocol
from urllib.parse import unquote
from xml.parsers import expat

from msgspec import Struct
from zlib_ng import zlib_ng

from sendkpi_xl.archive import (
    DAMAGED,
    DEFLATED,
    ENCRYPTED_FLAG,
    STORED,
    Member,
    TooManyMembers,
    at_once,
    inflated,
    members_of,
    packed,
)
from sendkpi_xl.file_kinds import (
    MANIFEST,
    MAX_MEMBERS,
    MEGABYTE,
    NOT_OURS,
    SAVE_AS,
    SEND_AGAIN,
    TOO_BIG,
    TOO_MANY_PARTS,
    ZIP_PASSWORD,
    Declared,
    Malformed,
    Unreadable,
    archive_reason,
    head_reason,
    no_zip_reason,
    quoted,
    size_reason,
)
from sendkpi_xl.plain_lists import plain_relationships

# Of what is unpacked, a sheet's formatted blanks are not kept: Excel writes 80 MB of them for a million rows. The
# last limit counts them too; it is what bounds the time that a compression bomb can cost.
MAX_PART = 50 * MEGABYTE
MAX_KEPT = 100 * MEGABYTE
MAX_UNPACKED = 300 * MEGABYTE
MAX_DEPTH = 64

Attributes = dict[str, str]
Strip = Callable[[Iterator[bytes]], Iterable[bytes]]


class Handlers(Protocol):
    """What receives the elements and the text of one part, in the document's order."""

    def start(self, name: str, attributes: Attributes, /) -> None:
        """An element begins."""

    def end(self, name: str, /) -> None:
        """An element ends."""

    def text(self, data: str, /) -> None:
        """Text stands here; one text may come in several pieces."""


class Relationship(Struct, frozen=True):
    """One part's reference to another: `kind` is the last word of its type, `part` the path of that part."""

    kind: str
    part: str
    external: bool


class Package(Struct):
    """An archive in a file's `data`: its parts by folded paths, and how many bytes were unpacked and kept so far."""

    name: str
    data: bytes
    members: dict[str, Member]
    unpacked: int = 0
    kept: int = 0

    def damaged(self, label: str, kind: type[Unreadable] = Unreadable) -> Unreadable:
        """The refusal for a part that can't be read; `label` says which part in the reader's words."""
        return kind(self.name, f"This workbook is damaged inside ({label}).", SEND_AGAIN)

    def read(self, part: str, label: str, strip: Strip = iter, most: int | None = None) -> bytes:
        """The bytes of one part, of which `strip` takes out what isn't needed while they are unpacked.

        What is kept is at most `most` bytes, or as much as any part may have. Unreadable when damaged or over the
        limits; nothing is ever unpacked beyond them.
        """
        limit = min(MAX_PART if most is None else most, MAX_KEPT - self.kept)
        chunks, size = [], 0
        for chunk in strip(self._unpack(self.members[part], label)):
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                raise self._too_big(MAX_PART if size > MAX_PART else MAX_KEPT, label)
        self.kept += size
        return b"".join(chunks)

    def _unpack(self, member: Member, label: str) -> Iterator[bytes]:
        content = at_once(self.data, member)
        if content is None:
            yield from self._unpack_in_chunks(member, label)
            return
        self.unpacked += len(content)
        if self.unpacked > MAX_UNPACKED:
            raise self._too_big(MAX_UNPACKED, label)
        yield content

    def _unpack_in_chunks(self, member: Member, label: str) -> Iterator[bytes]:
        # Other packings unpack without a bound on each step, and Excel never writes them.
        if member.compress_type not in {STORED, DEFLATED}:
            raise self.damaged(label)
        size = checksum = 0
        try:
            content = packed(self.data, member)
            chunks = iter([bytes(content)]) if member.compress_type == STORED else inflated(content)
            while self.unpacked <= MAX_UNPACKED and (chunk := next(chunks, b"")):
                self.unpacked += len(chunk)
                size += len(chunk)
                checksum = zlib_ng.crc32(chunk, checksum)
                yield chunk
        except DAMAGED as error:
            raise self.damaged(label) from error
        if self.unpacked > MAX_UNPACKED:
            raise self._too_big(MAX_UNPACKED, label)
        if (size, checksum) != (member.file_size, member.checksum):
            raise self.damaged(label)

    def _too_big(self, most: int, label: str) -> Unreadable:
        found = f"This file unpacks to more than {most // MEGABYTE} MB ({label}): {NOT_OURS}."
        return Unreadable(self.name, found, TOO_BIG)

    def parse(self, data: bytes, label: str, handlers: Handlers) -> None:
        """Send a part's elements and text to `handlers`; Malformed when it isn't well-formed XML."""
        self.feed(self.parser(handlers), data, label, final=True)

    def parser(self, handlers: Handlers | None) -> expat.XMLParserType:
        """A parser that sends elements and text to `handlers`, if any, and refuses a document type declaration."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        if handlers is not None:
            parser.StartElementHandler = handlers.start
            parser.EndElementHandler = handlers.end
            parser.CharacterDataHandler = handlers.text
        return parser

    def feed(self, parser: expat.XMLParserType, data: bytes, label: str, *, final: bool = False) -> None:
        """Parse a piece of a part, `final` when it is the last; Malformed when it isn't well-formed XML."""
        try:
            parser.Parse(data, final)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise self.damaged(label, Malformed) from error

    def _refuse_doctype(self, *_declaration: object) -> None:
        # Entities come from such a declaration: other files' text pulled in, text that grows without end.
        found = "This file contains a document type declaration, which Excel never writes: it was not opened."
        raise Declared(self.name, found, SAVE_AS)

    def too_deep(self, label: str) -> Unreadable:
        """The refusal for a part nested deeper than any program writes."""
        found = f"This file is nested more than {MAX_DEPTH} levels deep ({label}), which Excel never writes."
        return Unreadable(self.name, found, SAVE_AS)

    def scan(self, part: str, label: str, visit: Callable[[str, str, Attributes], None]) -> None:
        """Call `visit(parent's name, name, attributes)` for each element, names without their prefixes."""
        self.visit(self.read(part, label), label, visit)

    def visit(self, data: bytes, label: str, visit: Callable[[str, str, Attributes], None]) -> None:
        """The same for a part, or a whole element of one, that is read already."""
        self.parse(data, label, _Scan(self, label, visit))

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
            label = "the list of its parts"
            data = self.read(list_part, label)
            plain = plain_relationships(data)
            if plain is None:
                self.visit(data, label, visit)
            for attributes in plain or ():
                visit("Relationships", "Relationship", attributes)
        return found

    def _resolve(self, folder: str, target: str) -> str:
        path = _joined(folder, target)
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


@lru_cache(maxsize=1_024)
def _joined(folder: str, target: str) -> str:
    """A target as a path inside the archive: climbing out of it ends at its top."""
    return folded(posixpath.normpath(posixpath.join(f"/{folder}", target.replace("\\", "/"))))


def local(name: str) -> str:
    """An element's or attribute's name without its prefix: programs differ in prefixes and namespaces."""
    return name.rpartition(":")[2]


def folded(path: str) -> str:
    """A part's path as all parts are compared: forward slashes, none at the start, small letters."""
    return path.replace("\\", "/").lstrip("/").casefold()


def open_package(data: bytes, name: str) -> Package:
    """The archive in a file's bytes; Unreadable, with the kind of file that it is, when it is no workbook."""
    reason = size_reason(data) or head_reason(data)
    if reason:
        raise Unreadable(name, *reason)
    try:
        listed = members_of(data)
    except TooManyMembers as error:
        raise Unreadable(name, *TOO_MANY_PARTS) from error
    except Exception as error:
        raise Unreadable(name, *no_zip_reason(data)) from error
    package = Package(name, data, _by_path(listed, name))
    said = next((part for part in ("mimetype", MANIFEST) if part in package.members), None)
    mimetype = package.read(said, "its kind of file") if said else b""
    reason = archive_reason(package.members, mimetype)
    if reason:
        raise Unreadable(name, *reason)
    return package


def _by_path(listed: Collection[Member], name: str) -> dict[str, Member]:
    """The archive's parts by folded path; Unreadable when too many, protected, or two of one name."""
    if len(listed) > MAX_MEMBERS:
        raise Unreadable(name, *TOO_MANY_PARTS)
    members: dict[str, Member] = {}
    for member in listed:
        path = folded(member.filename)
        if path.endswith("/"):
            continue
        if member.flag_bits & ENCRYPTED_FLAG:
            raise Unreadable(name, *ZIP_PASSWORD)
        if path in members:
            # Programs differ in which of the two they read, so what was checked might not be what people see.
            raise Unreadable(name, f"This file has two parts called {quoted(path)}.", SAVE_AS)
        members[path] = member
    return members


def part_of_kind(package: Package, related: Mapping[str, Relationship], kind: str) -> str | None:
    """The first part of a kind that the workbook refers to and that the file holds."""
    parts = (found.part for found in related.values() if found.kind == kind and not found.external)
    return next((part for part in parts if part in package.members), None)
