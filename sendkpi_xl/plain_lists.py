"""The quick way to read the two small lists that every workbook has: what its parts refer to, and its properties.

One pattern covers the whole of such a part, in the form that programs write it; then it is well-formed, and a second
pattern finds what it says. Anything else is left to the parser's handlers.
"""

from __future__ import annotations

import re

VALUE = r'="[^"<>&\x00-\x1f]*+"'
ATTRIBUTE = re.compile(r' ([\w:]+)="([^"]*)"')
BEGIN = r'(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")? ?\?>)?\s*+'
RELATIONSHIP = rf"<Relationship(?: [A-Za-z]++{VALUE})++ ?/>"
RELATIONSHIPS = re.compile(
    rf"{BEGIN}<Relationships(?: xmlns{VALUE})?+>\s*+(?:{RELATIONSHIP}\s*+)*+</Relationships>\s*+"
)
# An element has one attribute at most. Texts here are names and moments; one with a reference is left to the handlers.
PROPERTY = rf"<(?P<name>(?:[a-z]++:)?+[A-Za-z]++)(?: [a-z:]++{VALUE})?+(?:/>|>([^<>&\x00-\x1f]*+)</(?P=name)>)"
PROPERTIES = re.compile(
    rf"{BEGIN}<cp:coreProperties((?: xmlns:[a-z]++{VALUE})*+)>\s*+(?:{PROPERTY}\s*+)*+</cp:coreProperties>\s*+"
)
EACH_PROPERTY = re.compile(PROPERTY)


def plain_relationships(data: bytes) -> list[dict[str, str]] | None:
    """The attributes of each relationship in a part that lists them; None where the handlers must read it."""
    text = _covered(data, RELATIONSHIPS)
    if text is None:
        return None
    attributes = [ATTRIBUTE.findall(each) for each in text.split("<Relationship")[2:]]
    found = list(map(dict, attributes))
    return found if list(map(len, found)) == list(map(len, attributes)) else None


def plain_properties(data: bytes) -> dict[str, str] | None:
    """A workbook's properties by their names without prefixes, the first of each name; None as above."""
    text = _covered(data, PROPERTIES)
    if text is None:
        return None
    names = ATTRIBUTE.findall(text[: text.find(">", text.find("<cp:coreProperties"))])
    if len(dict(names)) != len(names):
        return None
    found: dict[str, str] = {}
    for name, words in EACH_PROPERTY.findall(text):
        found.setdefault(name.rpartition(":")[2], words)
    return found


def _covered(data: bytes, pattern: re.Pattern[str]) -> str | None:
    """A part as text, where the pattern covers all of it."""
    text = data.decode() if data.isascii() else ""
    return text if pattern.fullmatch(text) else None
