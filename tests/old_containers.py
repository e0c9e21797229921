"""Containers of the kind that Office wrote before 2007, made of the names that stand in them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from sendkpi_xl.file_kinds import OLE_START

SECTOR = 512
HEADER = struct.Struct("<8s16x5H6x9L109L")
ENTRY = struct.Struct("<64sHBBLLL48x")
TABLE = struct.Struct("<128L")
FREE, END_OF_CHAIN, IS_TABLE = 0xFFFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFD
STORAGE, STREAM, ROOT, BLACK = 1, 2, 5, 1


def container(*paths: str, content: str = "") -> bytes:
    """A container with streams of these names, `folder/stream` for one level down, and with a text at its end.

    Its first sector says which sector comes after which; the directory is the others, with four entries in each.
    """
    top = list(dict.fromkeys(path.partition("/")[0] for path in paths))
    inside = [[path.partition("/")[2] for path in paths if path.startswith(f"{name}/")] for name in top]
    rows, following = [_entry("Root Entry", ROOT, FREE, 1)], len(top) + 1
    for place, (name, names) in enumerate(zip(top, inside, strict=True), 1):
        beside = place + 1 if place < len(top) else FREE
        rows.append(_entry(name, STORAGE if names else STREAM, beside, following if names else FREE))
        following += len(names)
    for names in inside:
        rows += _side_by_side(names, len(rows))
    directory = b"".join(rows)
    directory += bytes(-len(directory) % SECTOR)
    return _header() + _table(len(directory) // SECTOR) + directory + content.encode("utf-16-le")


def _side_by_side(names: Sequence[str], first: int) -> list[bytes]:
    """The entries of streams of one folder, each of which leads to the next."""
    following = [*range(first + 1, first + len(names)), FREE]
    return [_entry(name, STREAM, beside, FREE) for name, beside in zip(names, following, strict=False)]


def _header() -> bytes:
    numbers = (0, 1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    return HEADER.pack(OLE_START, 62, 3, 0xFFFE, 9, 6, *numbers, 0, *[FREE] * 108)


def _table(sectors: int) -> bytes:
    chain = [IS_TABLE, *range(2, sectors + 1), END_OF_CHAIN]
    return TABLE.pack(*chain, *[FREE] * (128 - len(chain)))


def _entry(name: str, kind: int, beside: int, below: int) -> bytes:
    text = name.encode("utf-16-le")
    return ENTRY.pack(text, len(text) + 2, kind, BLACK, FREE, beside, below)
