"""What the text stored in a cell stands for, by the cell's type; nothing is guessed."""

from __future__ import annotations

import math
import re

from sendkpi_xl.file_kinds import quoted
from sendkpi_xl.grid import Kind

NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+")
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
SURROGATE = re.compile(r"[\ud800-\udfff]")
BOOLEANS = {"1": True, "true": True, "0": False, "false": False}
XML_SPACE = " \t\r\n"
EXPECTED = {"n": "a number", "s": "the place of a text in this file", "b": "TRUE or FALSE"}

Content = tuple[Kind, str, float | str | bool | None]


class WrongContent(Exception):
    """What is stored can't be of the cell's type; the message says both: `'12,5', not a number`."""


def unescaped(text: str) -> str:
    """A stored text with `_x000D_` and the like as the characters that they stand for."""
    if "_x" not in text:
        return text
    text = ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if SURROGATE.search(text):
        # Two escapes may make one character; half of one can't be written to any file and becomes U+FFFD.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def content_of(stored_type: str, stored: str | None, inline: str | None, strings: list[str]) -> Content | None:
    """Kind, raw text and value of a cell; None when it stores no value.

    `stored_type` is the cell's `t`, `stored` the text of its `v`, `inline` that of its `is` (None without one), and
    `strings` are the workbook's shared texts. Raises WrongContent when the text can't be of that type.
    """
    text = stored
    if inline is not None and (text is None or stored_type == "inlineStr"):
        text, stored_type = inline, "inlineStr"
    if text is None:
        return None
    if stored_type in {"str", "inlineStr"}:
        text = unescaped(text)
        return Kind.TEXT, text, text
    text = text.strip(XML_SPACE)
    return _typed(stored_type, text, strings) if text else None


def _typed(stored_type: str, text: str, strings: list[str]) -> Content:
    match stored_type:
        case "n" if NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
            return Kind.NUMBER, text, number
        case "s" if text.isascii() and text.isdecimal() and int(text) < len(strings):
            shared = strings[int(text)]
            return Kind.TEXT, shared, shared
        case "b" if text in BOOLEANS:
            return Kind.BOOLEAN, str(BOOLEANS[text]).upper(), BOOLEANS[text]
        case "e":
            return Kind.ERROR, text, text
        case "d":
            return Kind.TEXT, text, text
    raise WrongContent(f"{quoted(text)}, not {EXPECTED.get(stored_type, 'a value of a kind that we know')}")
