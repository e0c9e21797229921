"""Takes a sheet's formatted blank cells and rows out of its bytes, of which Excel may write a million.

Handing each of them to Python takes seconds, and keeping them takes the memory. They may be taken out as bytes only
where no place depends on them (each cell and row says where it stands) and where each match is sure to be a tag
(UTF-8, no comment or CDATA). A sheet of ordinary size is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

ORDINARY = 2**20
# A row of 16,384 blanks has less than this.
LONGEST_ROW = 4 * 2**20
ROW = b'<row r="'
# Blanks are rare where there is less than one in so many bytes, which is the room of a long row of one blank cell.
RARE = 250
# So many bytes are looked at, of each so many.
SAMPLE, SAMPLED = 2**12, 2**16

# What is blank: a row without cells, a row of blank cells, a blank cell. Hidden rows count as filled. These patterns
# are compiled when the first large sheet comes.
BLANK_CELL = rb'<c(?: [\w:]+="[^"<>]*+")*+ ?/>'
ATTRIBUTES = rb'(?: [\w:]+="[^"<>]*+")*+'
SHOWN = rb'(?: (?!hidden="(?:1|true)")[\w:]+="[^"<>]*+")*+'
BLANKS = rb"<row%s ?(?:/>|>(?:%s)*+</row>)|%s"
ALL_SHOWN = BLANKS % (ATTRIBUTES, BLANK_CELL, BLANK_CELL)
SOME_HIDDEN = BLANKS % (SHOWN, BLANK_CELL, BLANK_CELL)
HIDDEN_ROW = rb'<row r="([0-9]++)"%s ?(?:/>|></row>)' % ATTRIBUTES
HIDDEN = (b' hidden="1"', b' hidden="true"')

ENCODING = re.compile(rb'(?:\xef\xbb\xbf)?<\?xml[^<>]*?encoding\s*=\s*["\']([^"\'<>]*)["\']')
# Four patterns, since one that begins with a letter is looked for ten times as fast.
WITHOUT_PLACE = (
    *(rb'<c(?=[\s/>])(?! r=")', rb'<row(?=[\s/>])(?! r=")'),
    *(rb":c[\s/>]", rb":row[\s/>]"),
)


def without_blanks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A sheet's bytes, which come in chunks, without its blanks; never more than a few chunks are held at once.

    Hidden rows stay, as short as can be, because it counts that they are hidden.
    """
    pending = b""
    stripping, first = True, True
    for chunk in chunks:
        pending += chunk
        if not stripping:
            yield pending
            pending = b""
        elif len(pending) > ORDINARY:
            # Each piece begins with a row that says where it stands, so that no place depends on the piece before.
            cut = pending.rfind(ROW)
            piece = pending[: max(cut, 0)]
            # One sign is found much faster than two.
            marked = b"!" in piece and b"<!" in piece
            stripping = len(pending) < LONGEST_ROW and not marked and not (first and not in_utf_8(piece))
            if piece and stripping:
                yield piece if _has_few_blanks(piece) else _stripped(piece)
                pending = pending[cut:]
                first = False
    yield pending


def in_utf_8(opening: bytes) -> bool:
    """Whether a part that begins so says that it is in UTF-8, or says nothing."""
    declared = ENCODING.match(opening)
    return declared is None or declared[1].upper() == b"UTF-8"


def _has_few_blanks(piece: bytes) -> bool:
    """Whether blanks are rare, in samples: looking for them everywhere takes longer than reading what there is."""
    sampled = b"".join([piece[begin : begin + SAMPLE] for begin in range(0, len(piece), SAMPLED)])
    return (sampled.count(b"/>") + sampled.count(b'"></row>')) * RARE < len(sampled)


def _stripped(piece: bytes) -> bytes:
    if any(re.search(pattern, piece) for pattern in WITHOUT_PLACE):
        return piece
    if not any(sign in piece for sign in HIDDEN):
        return re.sub(ALL_SHOWN, b"", piece)
    parts = re.split(HIDDEN_ROW, re.sub(SOME_HIDDEN, b"", piece))
    parts[1::2] = [b'<row r="%s" hidden="1"/>' % number for number in parts[1::2]]
    return b"".join(parts)
