"""Which words of a comment or a headline give away a small number of people, and the text with [c] in their place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate, combinations
from typing import TypeVar

from msgspec import Struct

from sendkpi_xl.counts_in_words import DIGITS, Count, Counts, Place
from sendkpi_xl.headline_words import figures_in
from sendkpi_xl.shorthand import Symbol

WITHHELD = Symbol.CONFIDENTIAL.value
"""The mark for confidential in the field's shorthand."""

PERCENTAGE = re.compile(r"(?<![\w£.,/-])\d+(?:\.\d+)?\s*(?:%|per\s?cent\b)", re.IGNORECASE)
ALL_OR_NONE = re.compile(
    r"\b(?:no one|no(?=\s+[a-z])|none|nobody|nil|zero|0(?![.,%\d])|all|every|everyone|everybody|each|half|thirds?)\b",
    re.IGNORECASE,
)
POINTS = re.compile(r"(?<![\w£.,/-])\d+(?:\.\d+)?\s*(?:percentage\s+)?points?\b", re.IGNORECASE)
MONEY = re.compile(rf"£\s?(?:{DIGITS})(?:\.\d+)?(?:\s*(?:k|m|bn|thousand|million|billion)\b)?", re.IGNORECASE)
COMPARED = re.compile(
    r"\b(?:exactly|precisely|same|unchanged|no change|equal(?:s|led|ly)?|doubl(?:e[ds]?|ing)|halv(?:e[ds]?|ing)|half"
    r"|twice|(?:treb|trip|quadrup)le[ds]?|(?:two|three|four|five|ten)fold)\b",
    re.IGNORECASE,
)
"""What makes one figure of another: with the other one shown, it is that one."""
RATING_WORDS = re.compile(
    r"\b(?:reds?|ambers?|greens?|o(?:n|ff)[ -](?:target|track)|met|meets?|meeting|miss(?:ed|es|ing)?|reach(?:ed|es)?"
    r"|exceed(?:ed|s)?|(?:above|below|over|under|short of|ahead of)(?=\s+(?:the\s+|its\s+|our\s+)?target))\b",
    re.IGNORECASE,
)
FEWER = "a number under {}"
SMALL_SHARE = "a share with under {0} in it, not in it or in all, or of fewer than {1} who are all the same"
SMALL_SAMPLE = "a sample of fewer than {1}"
IN_A_SUM = "a sum with a part under {}"
WITHHELD_NUMBER = "a number that is withheld"
WITHHELD_PERCENTAGE = "a percentage that is withheld"
ALL_THE_SAME = "it says all or none of few"
REPEATED = "a number that is withheld of another KPI"
RECKONED = "with a figure that is shown it could give back one that is withheld"
TELLS_RATING = "it tells of a rating that is withheld"
GIVES_BACK = "with the other numbers it would give back one that is withheld"
MOST_NUMBERS = 8
"""A text with more numbers than that beside a withheld one keeps none of them."""


class KnownNumbers(Struct, frozen=True):
    """What a text must not give back, and what a reader knows beside it.

    `counts` and `percentages` (as fractions, 0.5) are withheld numbers of what the text is about; `totals` are those
    that are shown. `few` says that a share of few is withheld: then all and none say it as well. `hidden` says that
    any figure is: then no number of people stays, nor percentages other than `aims` (its targets), points, money, and
    what is twice something else. Which of them go must not hang on what is withheld: the rest would say what it is
    not. `rating` says that a rating is. `elsewhere` are withheld numbers of other KPIs.
    """

    counts: frozenset[int] = frozenset()
    percentages: frozenset[Decimal] = frozenset()
    totals: frozenset[int] = frozenset()
    few: bool = False
    hidden: bool = False
    rating: bool = False
    aims: frozenset[Decimal] = frozenset()
    elsewhere: frozenset[int] = frozenset()


NOTHING_KNOWN = KnownNumbers()


class Change(Struct, frozen=True):
    """Words that became [c], and why."""

    stood: str
    why: str


class SuppressedText(Struct, frozen=True):
    """A text as it may be published, and what was changed, in the order of the text."""

    text: str
    changes: tuple[Change, ...] = ()

    @property
    def because(self) -> str:
        """Each change with its reason, in a line."""
        return "; ".join(f"“{change.stood}”: {change.why}" for change in self.changes)


class FewInWords(Struct, frozen=True):
    """Parts of a share as a text gives them; None where it does not."""

    numerator: int | None = None
    denominator: int | None = None


class _Span(Struct, frozen=True):
    place: Place
    why: str


Found = TypeVar("Found", _Span, Count)


def suppressed_text(text: str, threshold: int, known: KnownNumbers = NOTHING_KNOWN) -> SuppressedText:
    """The text with [c] in place of what would give away fewer than `threshold` people; a threshold of 0 changes none.

    Dates, years, quarters, refs, ages, lengths of time, money and larger numbers stay, unless they are known to be
    withheld elsewhere or give a withheld number of the same text back.
    """
    if not threshold or not text:
        return SuppressedText(text)
    counts = Counts(text)
    spans = [*_small(counts, threshold)]
    shares = [each for each in counts.shares() if share_of_few(each.numerator, each.denominator, threshold)]
    if known.few or shares:
        spans += [_Span(match.span(), ALL_THE_SAME) for match in ALL_OR_NONE.finditer(text)]
    of_few = {Decimal(each.numerator) / each.denominator for each in shares if each.denominator}
    spans += _repeated(counts, known.counts, known.percentages | of_few, WITHHELD_NUMBER)
    own = [_Span(each.place, "") for each in counts.sums() if sum(each.sizes) in known.totals]
    elsewhere = _repeated(counts, known.elsewhere, frozenset(), REPEATED)
    spans += _outside(own, elsewhere)
    spans += _reckoned(counts, known)
    if spans or known.counts:
        spans += _giving_back(counts, threshold, known, spans)
    return _replaced(text, spans)


def few_in_words(text: str, threshold: int) -> FewInWords | None:
    """The share of few people that a text tells of: its first small fraction, sample or number; None without one."""
    counts = Counts(text)
    for share in counts.shares():
        if share_of_few(share.numerator, share.denominator, threshold):
            return FewInWords(share.numerator, share.denominator)
    samples = [each.size for each in counts.samples() if each.size < 2 * threshold]
    if samples:
        return FewInWords(denominator=samples[0])
    numbers = [each.size for each in counts.alone() if 0 < each.size < threshold]
    return FewInWords(numerator=numbers[0]) if numbers else None


def share_of_few(numerator: float, denominator: float, threshold: int) -> bool:
    """Whether a share tells of fewer than `threshold` people: those in it, those not in it, or all of them.

    All, or none, of fewer than twice the threshold counts too: it says the same of each of them, and any other share
    that is shown rests on at least as many.
    """
    parts = (numerator, denominator, denominator - numerator)
    return any(0 < part < threshold for part in parts) or 0 < denominator < 2 * threshold


def _small(counts: Counts, threshold: int) -> Iterator[_Span]:
    """The shares, sums, samples, ranges and single numbers of few."""

    def span(place: Place, why: str) -> _Span:
        return _Span(place, why.format(threshold, 2 * threshold))

    for share in counts.shares():
        if share_of_few(share.numerator, share.denominator, threshold):
            yield from (span(place, SMALL_SHARE) for place in share.places)
    for each in counts.sums():
        if any(0 < size < threshold for size in each.sizes):
            yield span(each.place, IN_A_SUM)
    for each in counts.ranges():
        if max(each.sizes) < threshold:
            yield span(each.place, FEWER)
    yield from (span(each.place, SMALL_SAMPLE) for each in counts.samples() if 0 < each.size < 2 * threshold)
    yield from (span(each.place, FEWER) for each in counts.alone() if 0 < each.size < threshold)


def _repeated(counts: Counts, withheld: frozenset[int], percentages: frozenset[Decimal], why: str) -> Iterator[_Span]:
    """The numbers that are withheld elsewhere, wherever the text repeats them."""
    yield from (_Span(each.place, why) for each in counts.alone() if each.size in withheld)
    for share in counts.shares():
        if withheld & {share.numerator, share.denominator}:
            yield from (_Span(place, why) for place in share.places)
    for each in counts.sums():
        if withheld & {*each.sizes, sum(each.sizes)}:
            yield _Span(each.place, why)
    for match in PERCENTAGE.finditer(counts.text):
        if any(figure.is_about(number) for figure in figures_in(match[0]) for number in percentages):
            yield _Span(match.span(), WITHHELD_PERCENTAGE)


def _reckoned(numbers: Counts, known: KnownNumbers) -> Iterator[_Span]:
    """What says how a withheld figure compares with one that is shown, or how it is rated."""
    text = numbers.text
    if known.hidden:
        places = [each.place for each in (*numbers.sums(), *numbers.ranges())]
        places += [each.place for each in (*numbers.samples(), *numbers.alone())]
        places += [place for each in numbers.shares() for place in each.places]
        yield from (_Span(place, RECKONED) for place in places)
        for pattern in (POINTS, MONEY, COMPARED):
            yield from (_Span(match.span(), RECKONED) for match in pattern.finditer(text))
        for match in PERCENTAGE.finditer(text):
            if not any(figure.is_about(aim) for figure in figures_in(match[0]) for aim in known.aims):
                yield _Span(match.span(), RECKONED)
    if known.rating:
        yield from (_Span(match.span(), TELLS_RATING) for match in RATING_WORDS.finditer(text))


def _giving_back(counts: Counts, threshold: int, known: KnownNumbers, spans: Sequence[_Span]) -> list[_Span]:
    """Other numbers that leave a small one of a total (`5` in `8 places: 5 boys, 3 girls`), or add up to one."""
    others = [each for each in _outside(spans, counts.alone()) if each.size]
    if len(others) > MOST_NUMBERS:
        return [_Span(each.place, GIVES_BACK) for each in others]
    for group in _groups(others):
        totals = known.totals.union(each.size for each in others if each not in group)
        added = sum(each.size for each in group)
        left = {total - added for total in totals}
        if added in known.counts or left & known.counts or (spans and any(0 < each < threshold for each in left)):
            found = [_Span(each.place, GIVES_BACK) for each in group]
            return found + _giving_back(counts, threshold, known, [*spans, *found])
    return []


def _groups(counts: Sequence[Count]) -> Iterator[tuple[Count, ...]]:
    """Every choice of some of them, the smallest first."""
    for size in range(1, len(counts) + 1):
        yield from combinations(counts, size)


def _outside(spans: Iterable[_Span], found: Iterable[Found]) -> Iterator[Found]:
    """Those that do not stand within one of the spans."""
    places = sorted(each.place for each in spans)
    starts, furthest = [start for start, _ in places], list(accumulate((end for _, end in places), max))
    for each in found:
        before = bisect_right(starts, each.place[0])
        if not before or furthest[before - 1] < each.place[1]:
            yield each


def _replaced(text: str, spans: Iterable[_Span]) -> SuppressedText:
    """The text with each span as one [c]; of spans that overlap the widest counts."""
    parts, changes, at = [], [], 0
    for span in sorted(set(spans), key=lambda each: (each.place[0], -each.place[1], each.why)):
        start, end = span.place
        if start < at:
            continue
        parts += [text[at:start], WITHHELD]
        changes.append(Change(text[start:end], span.why))
        at = end
    return SuppressedText("".join([*parts, text[at:]]), tuple(changes))
