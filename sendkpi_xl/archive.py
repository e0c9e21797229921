"""The zip archive that a workbook is: what parts it lists, and what their packed bytes unpack to."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import cast

from msgspec import Struct
from zlib_ng import zlib_ng

from sendkpi_xl.file_kinds import MAX_MEMBERS, MEGABYTE, ZIP_END, ZIP_ENTRY, ZIP_START

CHUNK = MEGABYTE
MOST_AT_ONCE = 2 * MEGABYTE
STORED = 0
DEFLATED = 8
ENCRYPTED_FLAG = 0x1
PATCHED_FLAG = 0x20
UTF_8_FLAG = 0x800
# The latest version of the format that is understood.
VERSION = 63

# What stands before a part's bytes: a signature, and at the end the lengths of its name and of further details.
LOCAL_HEADER = struct.Struct("<4s22xHH")
# An entry of the list, before its name: signature, version, flags, packing, checksum, packed and unpacked size, the
# lengths of name, further details and remark, and where the part is. The end: the list's size and where it begins.
ENTRY = struct.Struct("<4s2xBxHH4xLLLHHH8xL")
END = struct.Struct("<4s8xLLH")
# What stands before the end where sizes are too large for it, and its length.
ZIP_LOCATOR = b"PK\x06\x07"
LOCATOR = 20

# What unpacking a damaged part raises. The library's type hints take its class of errors for one error.
DAMAGED: tuple[type[Exception], ...] = (ValueError, struct.error, cast("type[Exception]", zlib_ng.error))


class Member(Struct, frozen=True):
    """One part as the archive lists it; `filename` is its name with slashes alone, `orig_filename` as it stands."""

    filename: str
    orig_filename: str
    flag_bits: int
    compress_type: int
    checksum: int
    compress_size: int
    file_size: int
    header_offset: int


class TooManyMembers(Exception):
    """An archive whose list is so long that it isn't made."""


def members_of(data: bytes) -> list[Member]:
    """The parts that an archive lists, in its order; an exception of any kind when it is damaged or no archive.

    TooManyMembers is for what may be many times as long a list as a workbook's.
    """
    plain = _plainly(data)
    if plain is not None:
        return plain
    # Each entry of the list begins so. Counting first keeps a list of a million entries from being made; ten times the
    # limit leaves room for other archives inside this one, with lists of their own.
    if data.count(ZIP_ENTRY) > 10 * MAX_MEMBERS:
        raise TooManyMembers
    return _thoroughly(data)


def stands_alone(data: bytes) -> bool:
    """Whether an archive is all of a file: no bytes before it, and none after it, such as the footer of a mail."""
    end = data.rfind(ZIP_END)
    if not data.startswith(ZIP_START) or end < 0 or end + END.size > len(data):
        return False
    remark: int = END.unpack_from(data, end)[-1]
    return end + END.size + remark == len(data)


def _plainly(data: bytes) -> list[Member] | None:
    """The parts of an archive as programs write it: nothing before or after it, plain names, no further details."""
    end = len(data) - END.size
    if end < 0:
        return None
    signature, size, at, remark = END.unpack_from(data, end)
    if signature != ZIP_END or remark or at + size != end or data[end - LOCATOR : end].startswith(ZIP_LOCATOR):
        return None
    members: list[Member] = []
    while at < end:
        if at + ENTRY.size > end or len(members) >= MAX_MEMBERS:
            return None
        entry = ENTRY.unpack_from(data, at)
        signature, version, flags, packing, checksum, small, large, name, more, words, where = entry
        at += ENTRY.size + name
        path = data[at - name : at]
        if signature != ZIP_ENTRY or version > VERSION or more or words or at > end or b"\\" in path:
            return None
        if not (path.isascii() and (known := path.decode()).isprintable()):
            return None
        members.append(Member(known, known, flags, packing, checksum, small, large, where))
    return members


def _thoroughly(data: bytes) -> list[Member]:
    # Needed for few files, and takes longer to import than a workbook to read.
    from zipfile import ZipFile

    with ZipFile(BytesIO(data)) as archive:
        return [
            Member(
                *(info.filename, info.orig_filename, info.flag_bits, info.compress_type),
                *(info.CRC, info.compress_size, info.file_size, info.header_offset),
            )
            for info in archive.infolist()
        ]


def packed(data: bytes, member: Member) -> memoryview:
    """A part's packed bytes; ValueError when there is another part where the archive's list says that it is."""
    begin = member.header_offset + LOCAL_HEADER.size
    signature, name_length, extra_length = LOCAL_HEADER.unpack_from(data, member.header_offset)
    encoding = "utf-8" if member.flag_bits & UTF_8_FLAG else "cp437"
    name = data[begin : begin + name_length].decode(encoding)
    if signature != ZIP_START or name != member.orig_filename or member.flag_bits & PATCHED_FLAG:
        raise ValueError(name)
    begin += name_length + extra_length
    return memoryview(data)[begin : begin + member.compress_size]


def at_once(data: bytes, member: Member) -> bytes | None:
    """A part of ordinary size, unpacked in one step; None where it is large, damaged or packed in another way."""
    if member.compress_type != DEFLATED or member.file_size > MOST_AT_ONCE:
        return None
    inflater = zlib_ng.decompressobj(-zlib_ng.MAX_WBITS)
    try:
        # One byte more shows a part that unpacks to more than is stated.
        content = inflater.decompress(packed(data, member), member.file_size + 1)
    except DAMAGED:
        return None
    sound = inflater.eof and len(content) == member.file_size and zlib_ng.crc32(content) == member.checksum
    return content if sound else None


def inflated(packed: bytes | memoryview) -> Iterator[bytes]:
    """What packed bytes unpack to, in chunks, so that nobody has to hold more than they asked for."""
    inflater = zlib_ng.decompressobj(-zlib_ng.MAX_WBITS)
    while not inflater.eof:
        chunk = inflater.decompress(packed, CHUNK)
        packed = inflater.unconsumed_tail
        if not chunk and not inflater.eof:
            raise ValueError(len(packed))
        yield chunk
