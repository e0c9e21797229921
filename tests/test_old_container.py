"""The old container's directory: what stands at its top, and nothing where that can't be made out."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendkpi_xl.file_kinds import OLE_START
from sendkpi_xl.old_container import MOST_ENTRIES, names_at_top
from tests.old_containers import SECTOR, container
from tests.test_plain_parts import unhurried

WORD = ("Data", "WordDocument", "ObjectPool/_1207591883", "ObjectPool/Workbook", "1Table", "\x05SummaryInformation")
DIRECTORY = 2 * SECTOR


def changed(data: bytes, at: int, number: int) -> bytes:
    """The container with another number at a place."""
    return data[:at] + struct.pack("<L", number) + data[at + 4 :]


def test_only_the_top_is_named() -> None:
    """A Word document with a workbook embedded in it, whose directory takes two sectors."""
    data = container(*WORD)
    assert len(data) == 4 * SECTOR
    assert names_at_top(data) == {"data", "worddocument", "objectpool", "1table", "\x05summaryinformation"}


def test_names_are_found_whatever_their_letters() -> None:
    """Some programs write all names in capitals."""
    assert names_at_top(container("WORKBOOK")) == {"workbook"}


BROKEN = [
    pytest.param(OLE_START, id="nothing but a signature"),
    pytest.param(OLE_START + bytes(504), id="a header of noughts"),
    pytest.param(container(*WORD)[: 3 * SECTOR], id="cut off in the directory"),
    pytest.param(container(*WORD)[: 3 * SECTOR + 100], id="cut off in an entry"),
    pytest.param(changed(container(*WORD), SECTOR + 2 * 4, 1), id="a directory that runs in a circle"),
    pytest.param(changed(container(*WORD), 48, 5_000_000), id="a directory beyond the end"),
    pytest.param(changed(container(*WORD), 48, 0xFFFF_FFFE), id="no directory"),
    pytest.param(changed(container(*WORD), 76, 0xFFFF_FFFF), id="no table of sectors"),
    pytest.param(changed(container(*WORD), 76, 9), id="a table beyond the end"),
    pytest.param(changed(container(*WORD), DIRECTORY + 76, 0xFFFF_FFFF), id="nothing at the top"),
    pytest.param(container("ab").replace(b"a\0b\0", b"a\0\0\xd8"), id="a name that is no text"),
]


@pytest.mark.parametrize("data", BROKEN)
def test_a_broken_directory_names_nothing(data: bytes) -> None:
    """It is looked at no longer than a sound one may be."""
    assert names_at_top(data) == frozenset()


def test_entries_that_lead_back_are_passed_once() -> None:
    """The last of three entries leads to the first again."""
    data = container("a", "b", "c")
    assert names_at_top(changed(data, DIRECTORY + 3 * 128 + 72, 1)) == {"a", "b", "c"}


@unhurried
@given(
    st.lists(st.tuples(st.integers(0, 4 * SECTOR - 4), st.sampled_from([0, 1, 2, 5, 2**20, MOST_ENTRIES, 2**32 - 2])))
)
def test_no_change_makes_it_raise(changes: list[tuple[int, int]]) -> None:
    """Whatever the numbers in it, the names are those of a directory or none."""
    data = container(*WORD)
    for at, number in changes:
        data = changed(data, at, number)
    assert isinstance(names_at_top(data), frozenset)
