"""Small exact edits of one XML part: where its elements stand in its bytes, and changes at just those places.

What is not changed keeps its bytes, so nothing is lost that this module knows nothing of. Where a place is not
sure (an encoding without ASCII, another namespace than expected) it raises ValueError, and no edit is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from xml.parsers import expat

from msgspec import Struct, field

from sendkpi_xl.package import Attributes, local

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

START_TAG = re.compile(rb"<[^\"'<>]*+(?:(?:\"[^\"]*+\"|'[^']*+')[^\"'<>]*+)*+>")
TAG_NAME = re.compile(rb"<[^\s/>]+")
ATTRIBUTE = re.compile(rb"\s+([^\s=]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
OWN_TAG = re.compile(r"<(/?)(?=[A-Za-z]\w*[\s/>])")
ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")

Place = tuple[int, int]
"""Row and column of a cell, both from 1."""
Keep = Callable[[int, str, Attributes], bool]
"""Whether to keep an element at a depth (the root's is 1), by its name without prefix and its attributes."""


class Element(Struct):
    """One element and where it stands: `start` of its start tag, `inner` after it, `close` of its end tag, `end`.

    All are offsets in the part's bytes. An element written as one tag has `inner`, `close` and `end` in one place.
    """

    name: str
    attributes: Attributes
    start: int
    inner: int = 0
    close: int = 0
    end: int = 0
    text: str = ""
    children: list[Element] = field(default_factory=list)

    @property
    def tag(self) -> str:
        """Its name without a prefix."""
        return local(self.name)

    def all(self, tag: str) -> Iterator[Element]:
        """Its children of this name."""
        return (child for child in self.children if local(child.name) == tag)

    def first(self, tag: str) -> Element | None:
        """Its first child of this name; None when it has none."""
        return next(self.all(tag), None)

    def only(self, tag: str) -> Element:
        """Its child of this name; ValueError when it has none or several."""
        (child,) = self.all(tag)
        return child

    @property
    def relation(self) -> str:
        """The id of the part that it refers to, for instance `r:id="rId3"`; ValueError when it refers to none."""
        (found,) = (value for name, value in self.attributes.items() if name.endswith(":id"))
        return found


class XmlPart:
    """A part's elements and the edits to it; `content` gives its bytes with the edits made."""

    def __init__(self, data: bytes, namespace: str, keep: Keep | None = None) -> None:
        if b"\0" in data:
            raise ValueError("a part in an encoding without ASCII")
        self.data = data
        self._edits: list[tuple[int, int, int, bytes]] = []
        self.root = _Tree(data, keep).root
        self.prefix = self.root.name.rpartition(":")[0]
        bound = self.root.attributes.get(f"xmlns:{self.prefix}" if self.prefix else "xmlns", "")
        if bound != namespace:
            raise ValueError(f"a part in the namespace {bound!r}")

    def own(self, fragment: str) -> bytes:
        """A fragment as it is written into this part: with the part's own prefix, in any encoding that has ASCII."""
        prefixed = OWN_TAG.sub(rf"<\1{self.prefix}:", fragment) if self.prefix else fragment
        return prefixed.encode("ascii", "xmlcharrefreplace")

    def raw(self, element: Element) -> bytes:
        """The bytes of an element as they stand in the part."""
        return self.data[element.start : element.end]

    def replace(self, start: int, end: int, content: bytes) -> None:
        """Put `content` in the place of the bytes from `start` to `end`; several at one place stay in their order."""
        self._edits.append((start, end, len(self._edits), content))

    def insert(self, at: int, fragment: str) -> None:
        """Put a fragment in at a place."""
        self.replace(at, at, self.own(fragment))

    def remove(self, element: Element) -> None:
        """Take an element out, with all that it holds."""
        self.replace(element.start, element.end, b"")

    def change(self, element: Element, attributes: Mapping[str, str | None]) -> None:
        """Set attributes of an element (None takes one out)."""
        tag = self.data[element.start : element.inner]
        self.replace(element.start, element.inner, retagged(tag, attributes))

    def append(self, element: Element, content: bytes, attributes: Mapping[str, str | None] | None = None) -> None:
        """Put `content` behind all that an element holds, and set its attributes; once for each element."""
        tag = retagged(self.data[element.start : element.inner], attributes or {})
        if element.inner == element.end:
            opened = tag[:-2].rstrip() + b">"
            self.replace(element.start, element.end, opened + content + f"</{element.name}>".encode())
        else:
            self.replace(element.start, element.inner, tag)
            self.replace(element.close, element.close, content)

    def place_after(self, before: Collection[str]) -> int:
        """Where a child of the root goes whose schema puts it behind all children of these names."""
        return max((child.end for child in self.root.children if child.tag in before), default=self.root.inner)

    def content(self) -> bytes:
        """The part's bytes with all edits; ValueError when two of them are in each other's way."""
        pieces, at = [], 0
        for start, end, _, content in sorted(self._edits):
            if start < at:
                raise ValueError("two edits of one place")
            pieces += [self.data[at:start], content]
            at = end
        return b"".join([*pieces, self.data[at:]])


class _Tree:
    """Handlers that note where elements stand; what an element holds that is not kept is not kept either."""

    def __init__(self, data: bytes, keep: Keep | None) -> None:
        self.data = data
        self.keep = keep
        self.open: list[Element] = []
        self.skipped = 0
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        if keep is None:
            parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._declared
        parser.Parse(data, True)

    def _declared(self, *_declaration: object) -> None:
        raise ValueError("a document type declaration")

    def _start(self, name: str, attributes: Attributes) -> None:
        if self.skipped:
            self.skipped += 1
            return
        if self.keep is not None and not self.keep(len(self.open) + 1, local(name), attributes):
            self.skipped = 1
            return
        at = self.parser.CurrentByteIndex
        tag = START_TAG.match(self.data, at)
        if tag is None:
            raise ValueError("an element that is not where the parser says")
        element = Element(name, attributes, at, tag.end())
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _end(self, _name: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        element = self.open.pop()
        if self.data.startswith(b"/>", element.inner - 2):
            element.close = element.end = element.inner
        else:
            element.close = self.parser.CurrentByteIndex
            element.end = self.data.index(b">", element.close) + 1

    def _text(self, data: str) -> None:
        self.open[-1].text += data


def retagged(tag: bytes, attributes: Mapping[str, str | None]) -> bytes:
    """A start tag with attributes set, or taken out (None); the others keep their bytes."""
    name = TAG_NAME.match(tag)
    if name is None:
        raise ValueError("no start tag")
    kept, at = [], name.end()
    for match in ATTRIBUTE.finditer(tag, at):
        if match[1].decode("ascii", "replace") not in attributes:
            kept.append(match[0])
        at = match.end()
    new = "".join(f' {key}="{escaped(value)}"' for key, value in attributes.items() if value is not None)
    return b"".join([name[0], *kept, new.encode("ascii", "xmlcharrefreplace"), tag[at:]])


def escaped(text: str) -> str:
    """A text as XML holds it, between tags and in an attribute alike."""
    for letter, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\n", "&#10;")):
        text = text.replace(letter, entity)
    return text


def unescaped(text: str) -> str:
    """A stored text with Excel's own escapes (`_x000D_`) as the characters that they stand for."""
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def cell_text(text: str) -> str:
    """A `t` element with a text; what looks like one of Excel's own escapes (`_x000D_`) is kept as it is."""
    return f'<t xml:space="preserve">{escaped(ESCAPE_LIKE.sub("_x005F_", text))}</t>'
