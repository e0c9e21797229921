"""The numbers of people that a text tells of, in digits or in words: alone, as a fraction, a sample, a sum or a range.

Every whole number counts as one of people unless the words around it say that it is something else: a ref, a year, a
quarter, an age, a length of time, money. In doubt it is one of people: a harmless word that is
withheld can be put back, a child that was told of cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

NUMBER_WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
NOTHING = ("no", "none", "zero", "nil", "0")
WORDS = {
    **{word: number for number, word in enumerate(NUMBER_WORDS, start=1)},
    **{"single": 1, "sole": 1, "lone": 1, "both": 2, "couple": 2, "pair": 2, "neither": 2, "dozen": 12},
    **dict.fromkeys(NOTHING, 0),
}

DIGITS = r"\d{1,3}(?:,\d{3})+|\d+"
WORDED = "|".join(word for word in WORDS if word not in NOTHING)
ANY = rf"(?:{DIGITS}|{WORDED}|{'|'.join(NOTHING)})"
SOME = rf"(?:{DIGITS}|{WORDED})"
STARTS = r"(?<![\w£#])(?<!to-)(?<!£ )(?<!\d[/:.–-])(?<!\s\.)(?!(?<=\d,)\d{3}(?!\d))"
"""Not inside a word, an amount of money, a decimal, a time, a range or a number in thousands."""
ENDS = (
    r"(?!\d|[./:–-]\d|,\d{3}(?!\d)|\s*%|-(?:off|to-|way|fold)"
    r"|(?:st|nd|rd|th|bn|am|pm|yrs?|wks?|hrs?|mins?|[a-z])(?![a-z]))"
)
OUT_OF = r"(?:\s*/\s*|\s+(?:out\s+of|of|in|from)\s+(?:the\s+|all\s+|a\s+total\s+of\s+)?)"

FRACTION = re.compile(rf"{STARTS}({ANY})({OUT_OF})({SOME}){ENDS}", re.IGNORECASE)
OF_WHOM = re.compile(
    rf"{STARTS}({SOME})(?:\s+[a-z'’-]+){{0,4}},?\s+of\s+(?:whom|which|these|them)\s+(?:only\s+)?({ANY})\b",
    re.IGNORECASE,
)
SUM = re.compile(rf"{STARTS}(?:{DIGITS})(?:\s*\+\s*(?:{DIGITS}))+{ENDS}")
RANGE = re.compile(rf"{STARTS}({DIGITS})\s*[-–]\s*({DIGITS}){ENDS}")
SAMPLE = re.compile(
    r"\b(?:sample|cohort|group|responses|respondents|answers|replies|n|base)\s*(?:size\s*)?"
    rf"(?:(?:is|was|of|only|just)\s+|[=:]\s*)+({SOME}){ENDS}",
    re.IGNORECASE,
)
ALONE = re.compile(rf"{STARTS}(?:(?:{DIGITS}){ENDS}|(?:{WORDED})(?!\w|-(?:off|to-|way|fold)))", re.IGNORECASE)

LABEL = re.compile(
    r"(?:^|(?P<before>\w+)?\W*)\b(?P<label>KPIs?|ref|ws|workstreams?|work streams?|annex|appendix|years?|yr|"
    r"key stages?|ks|stages?|tiers?|phases?|levels?|band|quarters?|terms?|weeks?|month|day|age|aged|ages|page|section|"
    r"part|chapter|step|version|question|area|option|priority|objective|category)\.?\s*\(?"
    r"(?P<more>(?:\d+[a-z]?\s*(?:,|/|–|-|\band\b|&|\bto\b|\bor\b)\s*)*)$",
    re.IGNORECASE,
)
"""What names a thing by its number, before the number, or before the first of several."""
COUNTED = frozenset(
    (
        *(
            "this",
            "last",
            "next",
            "per",
            "each",
            "every",
            "the",
            "previous",
            "prior",
            "past",
            "final",
            "current",
            "same",
        ),
        *("a", "an", "one", "two", "three", "four", "first", "second", "third", "fourth", "some", "these", "those"),
        *("all", "both", "many", "several", "other", "most", "few", "no", "any", "of", "whole", "full", "our", "their"),
        *("his", "her", "its", "school", "financial", "academic", "calendar"),
    )
)
"""After these, what follows is not named by the number behind it: `this year 3 children`, `two terms 4 children`."""
SEVERAL = ("kpis", "ages", "tiers", "key stages", "workstreams", "work streams")
"""Names in the plural that are followed by their numbers; others only with a capital: `Years 1 and 2`."""
NOT_PEOPLE = re.compile(
    r"(?:\s+|-)(?:(?:working|school|calendar|full|academic|financial)\s+)?(?:weeks?|wks?|days?|months?|years?|yrs?|"
    r"hours?|hrs?|minutes?|mins?|terms?|quarters?|half[- ]terms?|points?|decimals?|percent\w*|per\s?cent|million|"
    r"thousand|bn|billion|KPIs?|workstreams?|sections?|boroughs?|councils?|boards?|surveys?|reports?|meetings?|figures?|measures?|indicators?|"
    r"targets?|ratings?|reds?|ambers?|greens?)\b",
    re.IGNORECASE,
)
"""What is no number of people: lengths of time, points, and the things that a plan or its board has."""
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b"
)
DAY_BEFORE_MONTH = re.compile(rf"(?:st|nd|rd|th)?(?:\s+of)?\s+{MONTH}|\s*(?:am|pm)\b", re.IGNORECASE)
YEARS = re.compile(r"(?<![\w/])(?:19|20)\d\d(?:\s*[/–-]\s*(?:19|20)?\d\d)?(?![\w/])")
SHORT_YEARS = re.compile(
    r"\b(?:in|for|during|since|year|target|baseline|fy|academic|financial|spring|summer|autumn|q[1-4])\s+"
    r"((?:1[5-9]|[23]\d)/(\d\d))(?![\w/])",
    re.IGNORECASE,
)
DATE = re.compile(r"(?<![\w/])\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d\d)(?![\w/])")
NO_COUNT_BEFORE = re.compile(r"\b(?:no|any|every|each|some|this|that|which|another|the|day)\s+$", re.IGNORECASE)
NO_COUNT_AFTER = re.compile(r"\s+(?:another|day|way|hand|can|should|must)\b", re.IGNORECASE)
REACH = 60
"""How many letters before and after a number are looked at."""

Place = tuple[int, int]


class Count(Struct, frozen=True):
    """A number of people: where it stands in its text, and how many."""

    place: Place
    size: int


class Share(Struct, frozen=True):
    """So many out of so many: where the whole of it stands, and where its parts do where words are between them."""

    places: tuple[Place, ...]
    numerator: int
    denominator: int


class Together(Struct, frozen=True):
    """Several numbers that belong together, a sum or a range."""

    place: Place
    sizes: tuple[int, ...]


class Counts:
    """The numbers of people in a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        # The same numbers are looked at as shares, samples and alone.
        self._others: dict[Place, bool] = {}
        dated = [match.span() for pattern in (YEARS, DATE) for match in pattern.finditer(text)]
        dated += [match.span(1) for match in SHORT_YEARS.finditer(text) if _follow(match[1])]
        # Letter by letter: a text may hold thousands of years.
        self._taken = {at for place in dated for at in range(*place)}
        # `3 of 6 workstreams` is one thing; of `3 in two terms` the 3 may be people.
        fractions = (match for match in FRACTION.finditer(text) if not re.search(r"\b(?:in|from)\b", match[2], re.I))
        others = [match.span() for match in fractions if self._is_other(*match.span())]
        self._taken.update(at for place in others for at in range(*place))

    def shares(self) -> Iterator[Share]:
        """`6/8`, `6 out of 8`, `8 children, of whom 6`; of `7/5 boys/girls` the smaller one."""
        for match in FRACTION.finditer(self.text):
            numerator, denominator = _size(match[1]), _size(match[3])
            if "/" in match[2]:
                numerator, denominator = sorted((numerator, denominator))
            if numerator <= denominator and not self._other(*match.span()) and match.start(3) not in self._taken:
                yield Share((match.span(),), numerator, denominator)
        for match in OF_WHOM.finditer(self.text):
            denominator, numerator = _size(match[1]), _size(match[2])
            if numerator <= denominator and not self._other(*match.span(1)):
                yield Share((match.span(1), match.span(2)), numerator, denominator)

    def sums(self) -> Iterator[Together]:
        """`10 + 115`."""
        for match in SUM.finditer(self.text):
            yield Together(match.span(), tuple(_size(part.strip()) for part in match[0].split("+")))

    def ranges(self) -> Iterator[Together]:
        """`2-3 children`."""
        for match in RANGE.finditer(self.text):
            if not self._other(*match.span()):
                yield Together(match.span(), (_size(match[1]), _size(match[2])))

    def samples(self) -> Iterator[Count]:
        """`Sample of 4`, `n = 4`."""
        return (Count(match.span(1), _size(match[1])) for match in SAMPLE.finditer(self.text))

    def alone(self) -> Iterator[Count]:
        """`3 complaints`, `two decisions`; the parts of a share, a sum or a sample may be among them."""
        for match in ALONE.finditer(self.text):
            if not self._other(*match.span()) and not self._counts_nothing(match):
                yield Count(match.span(), _size(match[0]))

    def _other(self, start: int, end: int) -> bool:
        """Whether the number here is a date, a year, a ref, an age, a length of time: no people."""
        if (start, end) not in self._others:
            self._others[start, end] = self._is_other(start, end)
        return self._others[start, end]

    def _is_other(self, start: int, end: int) -> bool:
        before, after = self.text[max(0, start - REACH) : start], self.text[end : end + REACH]
        named = start in self._taken or _labelled(before)
        return named or bool(NOT_PEOPLE.match(after) or DAY_BEFORE_MONTH.match(after))

    def _counts_nothing(self, match: re.Match[str]) -> bool:
        """Whether `one` is no number: `no one`, `the one`, `one another`."""
        before, after = self.text[max(0, match.start() - REACH) : match.start()], self.text[match.end() :][:REACH]
        return match[0].lower() == "one" and bool(NO_COUNT_BEFORE.search(before) or NO_COUNT_AFTER.match(after))


def _labelled(before: str) -> bool:
    """Whether the words before a number make it a name: `KPI 3`, `Years 7 and 8`, but not `this year 3`."""
    match = LABEL.search(before)
    if match is None or (match["before"] or "").lower() in COUNTED:
        return False
    label = match["label"]
    if not label.endswith(("s", "S")) or label.lower() in ("ws", "ks"):
        return not re.search(r",|and|&|or", match["more"])
    return label.lower() in SEVERAL or label[0].isupper()


def _follow(years: str) -> bool:
    first, _, second = years.partition("/")
    return int(second) == int(first) + 1


def _size(written: str) -> int:
    word = written.lower()
    return WORDS[word] if word in WORDS else int(word.replace(",", ""))
