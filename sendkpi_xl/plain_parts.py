"""The quick way to read a part of a workbook: its middle by one pattern, where that is sure to be right.

Programs write cells, texts and styles in a handful of forms. Where each byte of a part's middle belongs to one of
them, one pattern finds the same as a parser's handlers would, in a quarter of the time. Anything else (a comment, an
odd order of attributes, a number that is none, a cell twice, too many cells) ends the quick way: the part is then
read again by the handlers, which alone judge what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from sendkpi_xl.blanks import in_utf_8
from sendkpi_xl.cell_content import unescaped
from sendkpi_xl.file_kinds import Unreadable
from sendkpi_xl.package import MAX_DEPTH, Package
from sendkpi_xl.text_reader import StringsReader, TextReader

# So much is matched at a time, which bounds the memory that it takes; no row or text of ours is longer than the second.
SLICE = 2**16
LONGEST_SLICE = 2**20

# No attribute here has a reference or a line break in it, so that each stands as it will be read.
ATTRIBUTES = r'(?: [\w:]+="[^"<>&\t\r\n]*+")*+'
TEXT = r'<t(?: xml:space="preserve")?>([^<]*+)</t>'
RUN = rf'<r>(?:<rPr>(?:<\w++{ATTRIBUTES} ?/>)*+</rPr>)?+<t(?: xml:space="preserve")?>[^<]*+</t></r>'
STRING = re.compile(rf"<si>(?:{TEXT}|((?:{RUN})++))</si>|([\s\S]++)")
RUN_TEXT = re.compile(TEXT)
ATTRIBUTE = re.compile(r' ([\w:]+)="([^"]*)"')
RUN_TAG = re.compile(rf"<\w++{ATTRIBUTES}(?= ?/>)")
REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|([a-z]+));")
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}

NOT_NAMED = re.compile(b"&(?!quot;|amp;|lt;|gt;|apos;)")
NO_CHARACTER = re.compile(b"\xef\xbf[\xbe\xbf]")
CONTROLS = [code for code in range(32) if code not in b"\t\n\r"]
# How much deeper a tag leads that begins so: an end one up, anything that is no tag too deep, and the others are seen
# by how they end.
SLASH = ord("/")
STEPS = [{SLASH: -1, ord("!"): MAX_DEPTH, ord("?"): MAX_DEPTH}.get(code, 0) for code in range(256)]


class NotPlain(Exception):
    """Something in a part that the quick way leaves to the handlers."""


class PlainPart:
    """One part whose middle (`begin` to `end`) is read as text; what is around it goes to a reader's handlers.

    `depth` elements must be open where the middle begins. Raises NotPlain when that isn't so, or when a `<` may
    stand for anything but a tag; Unreadable as the parser does.
    """

    def __init__(self, data: bytes, begin: int, end: int, reader: TextReader, depth: int) -> None:
        if not 0 < begin < end:
            raise NotPlain
        self.data = data
        self.begin = begin
        self.end = end
        self.reader = reader
        self.depth = depth
        # What `finish` is to find well-formed of what stands before and after the middle; nothing where handlers did.
        self.left = (b"", b"")

    def around(self, *, unheard: bool, short: bytes | None = None) -> None:
        """Read what stands around the middle by the reader's handlers; left for `finish` when nothing there matters.

        `short` is the end without what is like something that is judged elsewhere; None where that is all of it.
        """
        package, reader = self.reader.package, self.reader
        head, tail = self.data[: self.begin], self.data[self.end :]
        # In the middle itself, no pattern takes a < for anything but a tag's.
        if not in_utf_8(head):
            raise NotPlain
        short = tail if short is None else short
        sure = _reaches(head, 0) == self.depth and _reaches(short, self.depth) == 0
        if not (sure or (_has_tags_only(head) and _has_tags_only(tail))):
            raise NotPlain
        if unheard and sure:
            self.left = head, short
            return
        parser = package.parser(reader)
        package.feed(parser, head, reader.label)
        if reader.depth != self.depth:
            raise NotPlain
        package.feed(parser, tail, reader.label, final=True)

    def pieces(self, mark: bytes, thinned: Callable[[bytes], bytes] = bytes) -> Iterator[str]:
        """The middle in pieces that all but the first begin with `mark`; each has the texts that XML may have.

        `thinned` may take texts out of a piece that it has found to be such.
        """
        begin = self.begin
        while begin < self.end:
            cut = self._cut(begin, mark)
            piece = self.data[begin:cut]
            thin = thinned(piece)
            if not has_plain_texts(thin):
                self._hold_well_formed(b"<a>%s</a>" % piece)
            text = thin.decode()
            # XML's own rule for the ends of lines.
            yield text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
            begin = cut

    def _cut(self, begin: int, mark: bytes) -> int:
        if self.end - begin <= SLICE:
            return self.end
        cut = self.data.rfind(mark, begin + 1, begin + SLICE)
        if cut < 0:
            cut = self.data.find(mark, begin + SLICE, begin + LONGEST_SLICE)
        if cut < 0 and self.end - begin <= LONGEST_SLICE:
            cut = self.end
        if cut < 0:
            raise NotPlain
        return min(cut, self.end)

    def finish(self, tags: Iterable[str]) -> None:
        """Raise Unreadable unless these beginnings of tags (`<row spans="1:5"`) are well-formed, and what is left."""
        together = "".join(f"{tag}/>" for tag in tags).encode()
        head, tail = self.left
        if head:
            self._hold_well_formed(head + together + tail)
        elif together:
            self._hold_well_formed(b"<a>%s</a>" % together)

    def _hold_well_formed(self, piece: bytes) -> None:
        package = self.reader.package
        package.feed(package.parser(None), without_values(piece), self.reader.label, final=True)


def _has_tags_only(piece: bytes) -> bool:
    """Whether each < in the first or last piece of a part begins a tag, except for that of the XML declaration."""
    return b"<!" not in piece and piece.find(b"<?", len(b"<?xml")) < 0


def _is_declared(opening: bytes) -> bool:
    """Whether a part begins with the declaration of XML, which has the marks of a tag."""
    return b"<?" in opening[: len(b"\xef\xbb\xbf<?")]


def _reaches(piece: bytes, depth: int) -> int | None:
    """How many elements are open after a piece, if they were `depth` before it; None when that isn't sure.

    It is sure, without a parser, where each < begins a tag and each > ends one, so that each /> ends an element. Also
    None where a part may not be so deep, and of a piece so long that its tags would take much memory.
    """
    if len(piece) > LONGEST_SLICE:
        return None
    tags = piece.split(b"<")
    if piece.count(b">") != len(tags) - 1:
        return None
    del tags[: 2 if _is_declared(piece) else 1]
    try:
        steps = [STEPS[tag[0]] or tag[-2] != SLASH for tag in tags]
    except IndexError:
        return None
    depths = list(accumulate(steps, initial=depth))
    return depths[-1] if min(depths) >= 0 and max(depths) < MAX_DEPTH else None


def without_values(piece: bytes) -> bytes:
    """A piece with empty attributes, which is well-formed just when the piece is: most of its bytes say no more.

    What stands between two quotation marks is taken out, in a tag or in a text, where it is plain text. Where a mark is
    without its partner there, a tag or the end of a '…' would be taken out too, and the piece is left as it is.
    """
    begin = piece.find(b"?>") + len(b"?>") if _is_declared(piece) else 0
    pieces = piece[begin:].split(b'"')
    values = b" ".join(pieces[1::2])
    in_pairs = len(pieces) % 2 == 1
    if not in_pairs or b"<" in values or b"'" in values or not has_plain_texts(values):
        return piece
    try:
        values.decode()
    except UnicodeDecodeError:
        return piece
    return piece[:begin] + b'""'.join(pieces[::2])


def has_plain_texts(piece: bytes) -> bool:
    """Whether whatever stands between a piece's tags is text as XML may have it, with the five named references."""
    return (
        NOT_NAMED.search(piece) is None
        and (b"]" not in piece or b"]]>" not in piece)
        and (b"\xef" not in piece or NO_CHARACTER.search(piece) is None)
        and not any(map(piece.__contains__, CONTROLS))
    )


def plain_text(text: str) -> str:
    """A text of a well-formed part with its references (`&lt;`, `&#163;`) as the characters that they stand for."""
    return REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    return CHARACTERS[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))


def read_strings_plainly(package: Package, label: str, data: bytes) -> list[str] | None:
    """The shared texts of their part; None where the handlers must read it."""
    strings: list[str] = []
    begin, end = data.find(b"<si>"), data.rfind(b"</si>") + len(b"</si>")
    # Only the declaration and `sst` may stand before the first text, and no further text after the last.
    if data.count(b"<", 0, max(begin, 0)) != 1 + _is_declared(data) or b"si" in data[end:]:
        return None
    try:
        part = PlainPart(data, begin, end, StringsReader(package, label), depth=1)
        part.around(unheard=True)
        tags: set[str] = set()
        for piece in part.pieces(b"<si>"):
            for text, runs, stray in STRING.findall(piece):
                if stray:
                    return None
                shared = text or "".join(RUN_TEXT.findall(runs))
                strings.append(unescaped(plain_text(shared)) if "&" in shared or "_x" in shared else shared)
            tags.update(RUN_TAG.findall(piece) if "<r>" in piece else ())
        part.finish(tags)
    except (NotPlain, Unreadable, ValueError, LookupError):
        return None
    return strings
