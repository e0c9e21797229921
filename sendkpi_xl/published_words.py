"""Words as they may be published: without few people, withheld numbers, names of the team, and counted ratings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from sendkpi_xl.comment_text import personal_data
from sendkpi_xl.consolidate import Quarters, RatedReading
from sendkpi_xl.counts_in_words import ANY, REACH
from sendkpi_xl.disclosure import Cell, Part
from sendkpi_xl.known_numbers import NumbersOfKpis
from sendkpi_xl.model import Catalogue
from sendkpi_xl.moderated import Headline, Moderation
from sendkpi_xl.period import Period
from sendkpi_xl.suppressed_text import WITHHELD, Change, SuppressedText, suppressed_text
from sendkpi_xl.suppression import Suppressed

SENTENCE = re.compile(r"[^.;!?\n]*(?:\.(?=\d)[^.;!?\n]*)*[.;!?\n]?")
RATING_WORD = re.compile(r"\b(?:reds?|ambers?|greens?|rag|rated|ratings?)\b", re.IGNORECASE)
RATING_COUNT = re.compile(
    rf"(?<![\w£.,/-])(?<!£ )(?:{ANY}|all|every|each|half|(?:a|one|two) (?:third|quarter)s?|most)(?![\w/]|[.,]\d|\s*%)"
    r"|(?<![\w£.,/-])\d+(?:\.\d+)?\s*(?:%|per\s?cent\b)(?=\s+of\s+(?:\w+\s+){0,3}?(?:KPIs|ratings|measures|indicators))",
    re.IGNORECASE,
)
NAMED_BEFORE = re.compile(
    r"\b(?:(?:KPIs?|refs?|annex)\s+\(?(?:\d+[a-z]?\s*(?:,\s*and|,|and|&|to|-|–)\s*)*|"
    r"(?:quarters?|q|ws|workstreams?|sections?|years?|tiers?|stages?|phases?)\s*)$",
    re.IGNORECASE,
)
A_YEAR = re.compile(r"(?:19|20)\d\d")
COUNTS_RATINGS = "it counts ratings, one of which is withheld"
OF_THE_TEAM = "it is a name of the team's"
MADE_OF_FIGURES = "it was proposed from a figure or a rating that is withheld"
SHORTEST_NAME = 3
"""Letters: a shorter name may be part of any sentence."""


class Words:
    """The words that are told in one quarter, beside the numbers of the year up to it.

    What is withheld of later quarters plays no part: where a number goes from words that were published before, the
    two editions side by side would tell it.
    """

    def __init__(
        self, catalogue: Catalogue, quarters: Quarters, suppressed: Suppressed, period: Period, names: Iterable[str]
    ) -> None:
        self.known = frozenset(each for each in quarters if each <= period)
        """The quarters up to this one of which it is known what is withheld."""
        self.threshold = catalogue.settings.withheld_under
        self.period = period
        self._suppressed = suppressed
        a_year_ago = Period(period.start_year - 1, period.quarter)
        year = {each: rated for each, rated in quarters.items() if a_year_ago <= each <= period}
        self._numbers = NumbersOfKpis(catalogue, year, suppressed)
        self._names = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names) or "(?!)")

    @property
    def hides_ratings(self) -> bool:
        """Whether a rating of this quarter or the one before is withheld."""
        lately = (self.period.code, self.period.previous.code)
        return any(cell.part is Part.RATING and cell.when in lately for cell in self._suppressed.cells)

    def told(self, text: str, kpi_ids: Iterable[str], *, of_figures: bool = False) -> SuppressedText:
        """A text about these KPIs; one that seems to hold personal data goes whole, whatever the threshold.

        One that is made `of_figures` of these KPIs alone has no number of another KPI, were it the same.
        """
        if kinds := personal_data(text):
            return SuppressedText(WITHHELD, (Change(text, f"it may hold {' and '.join(kinds)}"),))
        known = self._numbers.beside(text, kpi_ids)
        if of_figures:
            known = replace(known, elsewhere=frozenset())
        return self._without_names(suppressed_text(text, self.threshold, known))

    def of_a_baseline(self, text: str) -> SuppressedText:
        """A baseline's words: they tell of another time, of which this quarter's numbers say nothing."""
        return self._without_names(suppressed_text(text, self.threshold))

    def headline(self, headline: Headline, *, as_proposed: bool = False) -> SuppressedText:
        """A headline, empty where it was proposed from a withheld figure: that it was is news of the figure already.

        Taken `as_proposed`, its words are made of the figures of its KPIs.
        """
        if any(self._is_withheld(kpi_id) for kpi_id in headline.key.split()[1:]):
            return SuppressedText("", (Change(headline.text, MADE_OF_FIGURES),))
        return self.told(headline.text, self._numbers.named(headline.refs), of_figures=as_proposed)

    def _is_withheld(self, kpi_id: str) -> bool:
        """Whether a figure or rating of the KPI is withheld that its move since the quarter before is reckoned from."""
        when = (self.period, self.period.previous, self.period.previous.previous)
        cells = (Cell(kpi_id, each.code, part) for each in when for part in (Part.VALUE, Part.DENOMINATOR, Part.RATING))
        return any(cell in self._suppressed.cells for cell in cells)

    def _without_names(self, shown: SuppressedText) -> SuppressedText:
        return _without(shown, self._names, OF_THE_TEAM)


def names_in(quarters: Quarters, moderation: Moderation) -> tuple[str, ...]:
    """The names that the team's workbooks hold in cells of their own, the longest first."""
    rows: Sequence[RatedReading] = [each for rated in quarters.values() for each in rated]
    found = {each.override.who for each in rows if each.override is not None}
    found |= {each.remark.owner for each in rows} | {each.owner for each in moderation.remarks}
    found |= {each.who for each in moderation.overrides}
    stripped = {name.strip() for name in found}
    return tuple(sorted((name for name in stripped if len(name) >= SHORTEST_NAME), key=lambda name: (-len(name), name)))


def without_rating_counts(shown: SuppressedText) -> SuppressedText:
    """A text without how many are Red, Amber or Green: beside the shown letters that would tell a withheld one."""
    parts, changes = [], []
    for sentence in SENTENCE.findall(shown.text):
        found = list(_rating_counts(sentence)) if RATING_WORD.search(sentence) else []
        at = 0
        for match in found:
            parts += [sentence[at : match.start()], WITHHELD]
            changes.append(Change(match[0], COUNTS_RATINGS))
            at = match.end()
        parts.append(sentence[at:])
    return SuppressedText("".join(parts), (*shown.changes, *changes))


def _rating_counts(sentence: str) -> Iterator[re.Match[str]]:
    """The numbers of a sentence that may count ratings: not refs, quarters or years, nor money and percentages."""
    for match in RATING_COUNT.finditer(sentence):
        before = sentence[max(0, match.start() - REACH) : match.start()]
        if not (NAMED_BEFORE.search(before) or A_YEAR.fullmatch(match[0])):
            yield match


def _without(shown: SuppressedText, pattern: re.Pattern[str], why: str) -> SuppressedText:
    found = tuple(Change(match[0], why) for match in pattern.finditer(shown.text))
    return SuppressedText(pattern.sub(WITHHELD, shown.text), (*shown.changes, *found)) if found else shown
