"""How a typed text is worked into a number once its form is known: each function reads one form's match."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum, auto

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.fields import parse_number
from sendkpi_xl.figures import exact, plain, to_places
from sendkpi_xl.reading import Reason
from sendkpi_xl.shorthand import Symbol


class Asked(Enum):
    """What a cell asks for."""

    SHARE = auto()
    PERCENT = auto()
    COUNT = auto()
    SCORE = auto()
    MONEY = auto()
    AVERAGE = auto()
    WEEKS = auto()
    CASES = auto()


class Number(Struct, frozen=True):
    """The number that a text was read as; `words` say how where the number alone would not.

    `symbols` are those of the field's shorthand that stood beside it, in their order.
    """

    value: float
    numerator: float | None = None
    denominator: float | None = None
    words: str = ""
    symbols: tuple[Symbol, ...] = ()


Found = re.Match[str]

NO_PART = "Correct it: a part cannot be larger than its whole."
NO_CASES = f"If there were no cases, clear the cell and choose the reason “{Reason.NO_CASES}”."

PERCENTS = frozenset({Asked.SHARE, Asked.PERCENT})
LONGEST_PLAIN = 1e15
SCALES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}


def number(match: Found, asked: Asked) -> Number | None:
    """A number that its pattern settles the sign of."""
    value = parse_number(match["number"])
    return None if value is None else Number(value)


def unsigned(match: Found, asked: Asked) -> Number | str | None:
    """A number without a sign; a percentage needs one, as 0.85 and 85 could both be 85%."""
    read = number(match, asked)
    return with_sign(read.value) if read and asked in PERCENTS else read


def with_sign(value: float) -> str:
    """What to type where a percentage bears no % sign, or was typed as if the cell put one."""
    shown = brief(value)
    if 0 < value <= 1:
        return f"Type it with its % sign: {brief(value * 100)}% or {shown}%, whichever is meant."
    return f"If {shown}% is meant, type {shown}% with its sign."


def brief(value: float) -> str:
    """A number as a message quotes it: plain, and with an exponent where it has sixteen digits or more: `1E+300`."""
    return plain(value) if abs(value) < LONGEST_PLAIN else str(exact(value))


def percentage(match: Found, asked: Asked) -> Number | None:
    """A number before a % sign."""
    value = parse_number(f"{match['number']}%")
    return None if value is None else Number(value)


def scaled(match: Found, asked: Asked) -> Number | None:
    """`1.2m`: an amount in thousands, millions or billions."""
    value = parse_number(match["number"])
    return None if value is None else Number(float(exact(value).scaleb(SCALES[match["scale"].lower()])))


def fraction(match: Found, asked: Asked) -> Number | str:
    """`6 out of 8`: the share, with its numerator and denominator."""
    part, whole = _cases(match["part"]), _cases(match["whole"])
    if not whole and not part:
        return NO_CASES
    if part > whole:
        return NO_PART
    share = plain(float(to_places(Decimal(100 * part) / whole, 2)))
    words = f"{share}% (numerator {part}, denominator {whole})"
    return Number(part / whole, float(part), float(whole), words)


def share_with_fraction(match: Found, asked: Asked) -> Number | str:
    """A percentage and its fraction, which must say the same to the decimals of the percentage."""
    read = fraction(match, asked)
    if isinstance(read, str):
        return read
    part, whole, percent = _cases(match["part"]), _cases(match["whole"]), Decimal(match["percent"])
    decimals = len(match["percent"].partition(".")[2])
    if to_places(Decimal(100 * part) / whole, decimals) != percent:
        return f"{percent}% is not what the fraction makes, {read.words}: correct whichever is wrong."
    words = f"{percent}% (numerator {part}, denominator {whole})"
    return replace(read, value=float(percent / 100), words=words)


def count_with_share(match: Found, asked: Asked) -> Number:
    """`20 (10.5%)`: the share, with its numerator."""
    part, percent = _cases(match["part"]), Decimal(match["percent"])
    return Number(float(percent / 100), float(part), words=f"{percent}% (numerator {part})")


def _cases(text: str) -> int:
    """A number of cases, with or without commas between thousands."""
    return int(text.replace(",", ""))


def total(match: Found, asked: Asked) -> Number | None:
    """`10 + 115`: the sum of its terms."""
    terms = [parse_number(term) for term in match[0].split("+")]
    known = [exact(term) for term in terms if term is not None]
    if len(known) < len(terms) or ("£" in match[0] and asked is Asked.COUNT):
        return None
    value = float(sum(known))
    return Number(value, words=f"{' + '.join(plain(float(each)) for each in known)} = {plain(value)}")


def nothing(match: Found, asked: Asked) -> Number:
    """A word for none is 0."""
    return Number(0.0)
