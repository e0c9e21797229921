"""What a comment should not hold: personal data, text that was decoded wrongly, letters that nobody can see.

Every function takes a text of any length and looks at it once: no pattern has an endless repeat.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The check letter of a unique pupil number by the remainder modulo 23; I, O and S are never used."""

POSTCODE_AREAS = """
AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GIR
GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX
PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR
WS WV YO ZE
"""

MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"
DAY = r"[0-3]?\d(?:st|nd|rd|th)?"
DATE = (
    rf"(?:[0-3]?\d[/.-][01]?\d[/.-](?:\d{{4}}|\d\d)|\d{{4}}-[01]\d-[0-3]\d"
    rf"|{DAY}(?: of)? {MONTH}|{MONTH} {DAY})(?![\d/])"
)
BIRTH = r"(?:born|d\.?o\.?b\b\.?|date of birth|birth ?date|birthday)"

SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\r\n\t", " ") | dict.fromkeys("\u2010\u2011", "-"))
"""Spaces and hyphens that look like the plain ones, and line ends: a number may be broken over two lines."""


class Kind(Struct, frozen=True):
    """A kind of personal data: its name in a message, how it is written, and whether a match really is one.

    `digits` are the fewest that a text with one holds, `signs` what one of must stand in it: texts without are not
    looked at, and the pattern, which is slow to make ready, is not made ready for them.
    """

    name: str
    pattern: str
    holds: Callable[[str], bool] = lambda written: True
    digits: int = 0
    signs: tuple[str, ...] = ()

    def within(self, text: str, small: str, digits: int) -> bool:
        """Whether a text holds one; `small` is the text in small letters, `digits` how many it has."""
        if digits < self.digits or (self.signs and not any(sign in small for sign in self.signs)):
            return False
        return any(self.holds(match.group()) for match in re.finditer(self.pattern, text, re.ASCII | re.IGNORECASE))


def _upn(written: str) -> bool:
    """The letter in front is the sum of the other signs, each times its place, modulo 23."""
    signs = written.upper().replace(" ", "")
    values = [UPN_LETTERS.index(sign) if sign.isalpha() else int(sign) for sign in signs[1:]]
    return UPN_LETTERS[sum(place * value for place, value in enumerate(values, start=2)) % 23] == signs[0]


def _nhs_number(written: str) -> bool:
    """The tenth digit checks the nine before it, weighted 10 to 2, modulo 11."""
    digits = [int(letter) for letter in written if letter.isdecimal()]
    check = -sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return check == digits[-1] and len(set(digits)) > 1


def _postcode(written: str) -> bool:
    """An area that there is, and not the end of `2nd` or `4th`, written as an ordinal: `WS1 2nd meeting`."""
    area = re.match("[A-Za-z]+", written)
    return (
        area is not None
        and area.group().upper() in POSTCODE_AREAS.split()
        and written[-2:] not in ("st", "nd", "rd", "th")
    )


KINDS = (
    Kind("an e-mail address", r"[\w.+'-]@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])", signs=("@",)),
    Kind(
        "a postcode",
        r"(?<![\w£])(?:[a-z]{1,2}\d[a-z\d]?|gir) ?\d[abd-hjlnp-uw-z]{2}(?!\w)",
        _postcode,
        digits=1,
    ),
    Kind(
        "a phone number",
        # Only as phone numbers are grouped: digits of any other grouping are dates and figures.
        (
            r"(?<![\w£.,+/-])(?:(?:\+|00)44[ -]?(?:\(0\)[ -]?)?\(?|\(?0)(?:"
            r"2\d\)?[ -]?\d{4}[ -]?\d{4}"
            r"|[13589]\d{2}\)?[ -]?\d{3}[ -]?\d{4}"
            r"|[137]\d{3}\)?[ -]?(?:\d{6}|\d{3}[ -]\d{3}|\d{2}[ -]\d{2}[ -]\d{2}|\d{2}[ -]\d{4})"
            r"|7\d{2}[ -]\d{3}[ -]?\d{4}"
            r"|1\d{3}\)?[ -]?\d{5}"
            r")(?![\d%]|[.,/]\d)"
        ),
        digits=10,
    ),
    Kind(
        "an NHS number",
        r"(?<![\w£.,/+-])(?<!£ )[34679]\d\d([ -]?)\d{3}\1\d{4}(?![\w%]|[.,/-]\d)",
        _nhs_number,
        digits=10,
    ),
    Kind(
        "a unique pupil number",
        r"(?<!\w)[a-hj-np-rt-z] ?\d{3} ?\d{4} ?\d{2} ?\d{2}[\da-hj-np-rt-z](?!\w)",
        _upn,
        digits=11,
    ),
    Kind(
        "a date of birth",
        # "Born before 1 April 2016" is a year group, and so is "on or after": only the plain words count.
        rf"(?<!\w){BIRTH}[ :=,(-]{{0,3}}(?:on |is |was ){{0,2}}(?:the )?{DATE}|(?<![\d/]){DATE} ?\( ?{BIRTH}",
        digits=1,
        signs=("b",),
    ),
)

CONTINUED = "\x80-\xbf€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ"
"""What the later bytes of a letter in UTF-8 become when they are read as Windows text; without quotes and dashes, which
may well follow a capital letter with an accent: `MAÇÃ”`."""

MIS_ENCODED = rf"[\ufffd]|[ÃÅÄ](?=[{CONTINUED}])[^«»]|Â(?=[\x80-\xbf])[^«»]|â[€‚„†ˆ‰œž\x80-\x9f]|ðŸ|ð\x9f|ï»¿|ï¿½"

JOINED = "\u0300-\U0010ffff"
"""Letters beyond the Latin ones, among them emoji: between two of those a joiner does its work."""

UNSEEN = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
    # Spaces without width, marks of direction and their overrides, fillers, marks of an annotation
    "|[\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]"
    rf"|(?<![{JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{JOINED}])"
    # Copies of the plain letters that show only as part of a flag
    "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]"
)


def personal_data(text: str) -> tuple[str, ...]:
    """The kinds of personal data that a comment seems to hold, in words for a message; empty where there are none.

    Numbers count only with the right check digit, and a date only beside a word of birth. Names cannot be told.
    """
    plainly, small = text.translate(SPACES), text.casefold()
    digits = sum(map(str.isdecimal, text))
    return tuple(kind.name for kind in KINDS if kind.within(plainly, small, digits))


def mis_encoded(text: str) -> bool:
    """Whether a text was decoded wrongly somewhere on its way: `cafÃ©` for `café`, `â€™` for an apostrophe."""
    return not text.isascii() and re.search(MIS_ENCODED, text) is not None


def unseen(text: str) -> bool:
    """Whether a text holds control letters, or letters that take no room or turn the direction of what follows.

    Line ends, tabs, no-break spaces, soft hyphens, and what joins the parts of an emoji are fine.
    """
    return not (text.isascii() and text.isprintable()) and re.search(UNSEEN, text) is not None
