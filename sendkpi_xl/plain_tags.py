"""The end of a sheet's part without what is the same over and over: a parser need not see all of that.

Most of a return's bytes are there: a data validation for each cell that is filled in. Down a column they differ only in
digits, and one of each kind is for the parser to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import itemgetter

SAME_DIGITS = bytes(ord("0") if code in b"0123456789" else code for code in range(256))
END = b"</dataValidation>"
# A data validation without its end, as all programs write it: no name of an attribute or of an element in it has a
# digit, but for those in groups.
VALIDATION = re.compile(
    rb'<dataValidation(?: [A-Za-z:]++="[^"]*+")*+>'
    rb"(?:<formula(1)>[^<]*+</formula(1)>)?+(?:<formula(2)>[^<]*+</formula(2)>)?+"
)
# In place of the digits in the names of a validation without formulas.
NO_DIGITS = (0, 1)

Digits = Callable[[bytes], tuple[int, ...]]
"""What gives the digits in the names of a validation's elements, and letters that all validations share."""


class Validations:
    """The kinds of data validations that one workbook has: one of each is judged, in the first sheet that has it."""

    def __init__(self) -> None:
        self.first: dict[bytes, bytes] = {}
        self.kinds: dict[bytes, Digits | None] = {}

    def shortened(self, tail: bytes) -> bytes:
        """The end of a sheet's part without validations of kinds that are known, which is well-formed just when all is.

        That holds where all ends before it are judged, and all are in UTF-8. Tags are nested in it as deep as in all of
        it but for one level, and a < is anything but a tag's only where it is so in all of it.
        """
        *parts, rest = tail.split(END)
        first, kinds = self.first, self.kinds
        kept = []
        for part in parts:
            like = part.translate(SAME_DIGITS)
            one = first.setdefault(like, part)
            if one is not part:
                if like not in kinds:
                    kinds[like] = _digits(one)
                digits = kinds[like]
                if digits is not None and digits(part) == digits(one):
                    continue
            kept.append(part)
        return END.join([*kept, rest])


def _digits(part: bytes) -> Digits | None:
    """What gives the digits that count in validations of one kind, of which this is one; None where all may count."""
    found = VALIDATION.fullmatch(part)
    # In the reference of a character, each digit counts.
    if found is None or b"&#" in part:
        return None
    return itemgetter(*NO_DIGITS, *(found.start(group) for group in range(1, 5) if found[group]))
