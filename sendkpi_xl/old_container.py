"""The file in which Office kept everything before 2007, and keeps what is encrypted: what stands at its top.

Such a file is a small file system of its own. What is embedded in a document lies deeper in it, under the same names
as the document itself, so that only the top says what a file is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

# The header: a sector's size as a power of two, where the directory begins, and where the first tables are that say
# which sector comes after which. All that belongs to a directory entry is its name, the name's length, and the entries
# before, after and below it in their tree.
HEADER = struct.Struct("<30xH16xL24x109L")
ENTRY = struct.Struct("<64sH2xLLL")
ENTRY_SIZE = 128
NUMBER = struct.Struct("<L")
SECTOR_SIZES = (9, 12)
END_OF_CHAIN = 0xFFFF_FFFE
# More entries than this are in no workbook, and a chain of sectors that runs in a circle ends here.
MOST_ENTRIES = 10_000

Entry = tuple[bytes, int, int, int, int]


def names_at_top(data: bytes) -> frozenset[str]:
    """The names, in small letters, of what stands at the top of an old container; empty when it can't be made out."""
    try:
        entries = [ENTRY.unpack_from(each) for each in _directory(data)]
        return frozenset(_names(entries, entries[0][4])) if entries else frozenset()
    except (struct.error, IndexError, UnicodeDecodeError):
        return frozenset()


def _directory(data: bytes) -> list[bytes]:
    """The entries of the directory, whose sectors are linked in a chain; none when it is broken or too long."""
    power, sector, *tables = HEADER.unpack_from(data)
    if power not in SECTOR_SIZES:
        return []
    size = 1 << power
    entries: list[bytes] = []
    while sector != END_OF_CHAIN:
        begin = (sector + 1) * size
        entries += [data[at : at + ENTRY_SIZE] for at in range(begin, begin + size, ENTRY_SIZE)]
        if begin >= len(data) or len(entries) > MOST_ENTRIES:
            return []
        table, place = divmod(sector, size // NUMBER.size)
        (sector,) = NUMBER.unpack_from(data, (tables[table] + 1) * size + place * NUMBER.size)
    return entries


def _names(entries: list[Entry], first: int) -> Iterator[str]:
    """The names of an entry and of those beside it."""
    waiting, seen = [first], set[int]()
    while waiting:
        number = waiting.pop()
        # No number that is free or an end is an entry's.
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        name, length, before, after, _ = entries[number]
        yield name[: max(length - 2, 0)].decode("utf-16-le").lower()
        waiting += [before, after]
