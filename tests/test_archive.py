"""What an archive lists: our own quick way and Python's `zipfile` say the same."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zlib_ng import zlib_ng

from sendkpi_xl import archive
from sendkpi_xl.archive import Member, at_once, members_of, stands_alone
from tests.test_plain_parts import unhurried
from tests.workbook_parts import SHEET_PATH, parts, zipped

REPOSITORY = Path(__file__).parents[1]
Way = Callable[[bytes], list[Member] | None]
PLAIN = zipped(parts())


def listed(data: bytes, way: Way = archive._thoroughly) -> list[Member] | str | None:
    try:
        return way(data)
    except Exception as error:
        return type(error).__name__


def test_what_programs_write_is_listed_quickly() -> None:
    """Each workbook of this repository, which three programs have saved."""
    paths = [*REPOSITORY.glob("inputs/**/*.xlsx"), *REPOSITORY.glob("templates/**/*.xlsx")]
    assert len(paths) > 10
    for path in paths:
        data = path.read_bytes()
        assert listed(data, archive._plainly) == listed(data)


def with_extras() -> bytes:
    """An archive whose parts have further details, as Info-ZIP adds the time in seconds."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        info = zipfile.ZipInfo("a.xml")
        info.extra = struct.pack("<HHBL", 0x5455, 5, 1, 0)
        made.writestr(info, "a")
    return file.getvalue()


def commented() -> bytes:
    file = io.BytesIO(PLAIN)
    with zipfile.ZipFile(file, "a") as made:
        made.comment = b"from a colleague"
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"before" + PLAIN, id="bytes before it"),
        pytest.param(PLAIN + b"after", id="bytes after it"),
        pytest.param(commented(), id="a comment"),
        pytest.param(with_extras(), id="further details of a part"),
        pytest.param(zipped({"Größe.xml": "a"}), id="a name in other letters"),
        pytest.param(zipped({"xl\\a.xml": "a"}), id="a backslash in a name"),
        pytest.param(PLAIN[:-30], id="no end"),
        pytest.param(b"PK", id="nothing"),
        pytest.param(PLAIN[:-22].replace(b"PK\x01\x02", b"PK\x01\x03") + PLAIN[-22:], id="a list that is none"),
    ],
)
def test_unusual_archives_are_left_to_python(data: bytes) -> None:
    """They alone are read, or refused, by `zipfile`."""
    assert listed(data, archive._plainly) is None
    assert listed(data, members_of) == listed(data)


@pytest.mark.parametrize(
    ("data", "alone"),
    [
        pytest.param(PLAIN, True, id="an archive"),
        pytest.param(commented(), True, id="a comment"),
        pytest.param(b"before" + PLAIN, False, id="bytes before it"),
        pytest.param(PLAIN + b"after", False, id="bytes after it"),
        pytest.param(commented() + b"\n", False, id="bytes after its comment"),
        pytest.param(PLAIN[:-1], False, id="cut off in its end"),
        pytest.param(b"PK\x03\x04", False, id="no end"),
    ],
)
def test_whether_an_archive_is_all_of_a_file(data: bytes, alone: bool) -> None:
    """Mail programs put their footers after it."""
    assert stands_alone(data) is alone


@unhurried
@given(st.data())
def test_both_ways_agree_on_damaged_lists(draw: st.DataObject) -> None:
    """A byte of the list, or of its end, is another."""
    data = bytearray(PLAIN)
    place = draw.draw(st.integers(data.index(b"PK\x01\x02"), len(data) - 1))
    data[place] = draw.draw(st.sampled_from([0, 1, 8, 32, 46, 47, 64, 92, 128, 255]))
    assert listed(bytes(data), members_of) == listed(bytes(data))


@pytest.mark.parametrize(("number", "outcome"), [(2_001, 2_001), (20_000, 20_000), (20_001, "TooManyMembers")])
def test_a_list_that_is_much_too_long_is_not_made(number: int, outcome: int | str) -> None:
    """The quick way ends at a workbook's limit, and Python's own at ten times as many."""
    data = zipped({str(part): "" for part in range(number)}, zipfile.ZIP_STORED)
    assert archive._plainly(data) is None
    found = listed(data, members_of)
    assert (len(found) if isinstance(found, list) else found) == outcome


@unhurried
@given(st.data())
def test_damaged_parts_unpack_as_by_the_standard_library(draw: st.DataObject) -> None:
    """A bit is another, or the end is missing: the same bytes or the same refusal, and never more than asked for."""
    packer = zlib.compressobj(draw.draw(st.sampled_from([1, 6, 9])), zlib.DEFLATED, -zlib.MAX_WBITS)
    content = parts()[SHEET_PATH].encode() * draw.draw(st.integers(1, 9))  # type: ignore[union-attr]
    packed = bytearray(packer.compress(content) + packer.flush())
    packed[draw.draw(st.integers(0, len(packed) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    kept = bytes(packed[: draw.draw(st.integers(1, len(packed)))])
    most = draw.draw(st.sampled_from([1, len(content), len(content) + 1]))

    def unpacked(library: ModuleType) -> tuple[bytes, bool, bytes] | str:
        inflater = library.decompressobj(-zlib.MAX_WBITS)
        try:
            return inflater.decompress(kept, most), inflater.eof, inflater.unconsumed_tail
        except library.error:
            return "damaged"

    assert unpacked(zlib_ng) == unpacked(zlib)


def test_a_part_is_unpacked_at_once_only_when_all_is_as_stated() -> None:
    """Its size, its checksum, its end and its packing; otherwise it is left to be unpacked in chunks."""
    entry = PLAIN.index(SHEET_PATH.encode(), PLAIN.index(b"PK\x01\x02")) - 46

    def unpacked(data: bytes) -> bytes | None:
        (member,) = (member for member in members_of(data) if member.filename == SHEET_PATH)
        return at_once(data, member)

    def changed(offset: int, by: int) -> bytes:
        data = bytearray(PLAIN)
        (number,) = struct.unpack_from("<L", data, entry + offset)
        struct.pack_into("<L", data, entry + offset, number + by)
        return bytes(data)

    assert unpacked(PLAIN) == parts()[SHEET_PATH].encode()  # type: ignore[union-attr]
    checksum, packed, size = 16, 20, 24
    for wrong in (changed(checksum, 1), changed(packed, -1), changed(size, 1), changed(size, -1)):
        assert unpacked(wrong) is None
    assert unpacked(zipped(parts(), zipfile.ZIP_STORED)) is None
