"""The dataset as it may be published: withheld figures and words are gone from the records, and each is in a log.

The log holds what stood there. It stays with the team.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.comment_text import personal_data
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.counts_in_words import ANY
from sendkpi_xl.disclosure import Cell, Part
from sendkpi_xl.figures import figure, plain, rounded
from sendkpi_xl.known_numbers import NumbersOfKpis, Quarters
from sendkpi_xl.model import Catalogue, Goal, Kpi, Place, Rating, Reading, Reason, Unit
from sendkpi_xl.moderated import Headline, Moderation, Remark
from sendkpi_xl.outlook import Outlook
from sendkpi_xl.period import Period
from sendkpi_xl.rating import shown_decimals
from sendkpi_xl.suppressed_text import NOTHING_KNOWN, WITHHELD, Change, KnownNumbers, SuppressedText, suppressed_text
from sendkpi_xl.suppression import Ground, Suppressed, Why, suppressed_cells
from sendkpi_xl.travel import Move, Travel

RATING_COUNT = re.compile(
    rf"(?<!\w){ANY}(?=(?:\s+[a-z]+){{0,3}}\s+(?:red|amber|green)\b)|(?<=\bred\b[ :])\s*{ANY}\b"
    rf"|(?<=\b(?:amber|green)\b[ :])\s*{ANY}\b",
    re.IGNORECASE,
)
COUNTS_RATINGS = "it counts ratings, one of which is withheld"
FOLLOWS = "It is made of a figure that is withheld."


class Attribute(StrEnum):
    """What of a KPI, or beside it, was withheld."""

    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    BASELINE = "baseline"
    BASELINE_WORDS = "baseline in words"
    RATING = "rating"
    SENTENCE = "rating sentence"
    FORECAST = "forecast"
    SINCE_QUARTER = "since last quarter"
    SINCE_YEAR = "since last year"
    SIGNALS = "signals"
    COMMENT = "comment"
    ACTION = "action"
    OVERRIDE = "reason of the override"
    HEADLINE = "headline"


WORDS = (Attribute.BASELINE_WORDS, Attribute.COMMENT, Attribute.ACTION, Attribute.OVERRIDE, Attribute.HEADLINE)
"""Of these, words alone are withheld."""


class Withheld(Struct, frozen=True):
    """One thing that is not published: what stood there, what stands there now, and why.

    `kpi_id` is empty for a headline. Of words, `stood` and `shown` are the whole text.
    """

    kpi_id: str
    period: Period
    attribute: Attribute
    stood: str
    shown: str
    why: Why
    because: str


class Published(Struct, frozen=True):
    """The quarters and the moderation as they may be published, and the log of all that was withheld.

    A withheld value is None with the reason `Reason.TOO_FEW`, whose shorthand is [c]; words hold [c] themselves. Shown
    figures are rounded to what is shown. Places, typed texts, hashes and names are gone. `open` says what can still be
    worked out because it was published before.
    """

    quarters: Mapping[Period, tuple[RatedReading, ...]]
    moderation: Moderation
    log: tuple[Withheld, ...]
    open: tuple[str, ...] = ()


def published(catalogue: Catalogue, quarters: Quarters, moderation: Moderation) -> Published:
    """These quarters and the last one's moderation, without what tells of fewer people than the catalogue's threshold.

    All quarters of a year should be among `quarters`: what was withheld of an earlier one is withheld again.
    """
    suppressed = suppressed_cells(catalogue, quarters)
    numbers = NumbersOfKpis(catalogue, quarters, suppressed)
    log: list[Withheld] = []
    shown = {
        period: tuple(_Row(catalogue, numbers, suppressed, each, log).published() for each in rated)
        for period, rated in sorted(quarters.items())
    }
    return Published(shown, _headlines(numbers, max(quarters), moderation, log), tuple(log), suppressed.open)


class _Row(Struct, frozen=True):
    """One reading on its way to the published dataset; what it loses goes to the log."""

    catalogue: Catalogue
    numbers: NumbersOfKpis
    suppressed: Suppressed
    each: RatedReading
    log: list[Withheld]

    @property
    def period(self) -> Period:
        return self.each.reading.period

    def published(self) -> RatedReading:
        goal = self._goal()
        reading = self._reading()
        override = self.each.override
        if override is not None:
            reason = self._words(Attribute.OVERRIDE, override.reason)
            override = replace(override, reason=reason, who="", until="", place=Place(""))
        standard = self.each.standard
        if self._ground(Part.BASELINE):
            standard = replace(standard, unmoved=None)
        kpi = replace(self.each.kpi, goals=(goal,), note="", review="")
        return RatedReading(kpi, goal, standard, reading, self._rating(), override, self._outlook(), self._remark())

    def _ground(self, part: Part, period: Period | None = None) -> Ground | None:
        at = period or self.period
        when = at.year if part is Part.BASELINE else at.code
        return self.suppressed.cells.get(Cell(self.each.kpi.id, when, part))

    def _lost(self, attribute: Attribute, stood: str, ground: Ground, shown: str = WITHHELD) -> None:
        entry = Withheld(self.each.kpi.id, self.period, attribute, stood, shown, ground.why, ground.words)
        self.log.append(entry)

    def _words(self, attribute: Attribute, text: str) -> str:
        # A baseline's words tell of another time: this quarter's numbers say nothing of them.
        baseline = attribute is Attribute.BASELINE_WORDS
        known = NOTHING_KNOWN if baseline else self.numbers.beside(text, [self.each.kpi.id])
        told = _told(text, self.numbers.threshold, known)
        if told.changes:
            because = "; ".join(f"“{change.stood}”: {change.why}" for change in told.changes)
            self._lost(attribute, text, Ground(Why.PRIMARY, because), told.text)
        return told.text

    def _goal(self) -> Goal:
        kpi, goal, ground = self.each.kpi, self.each.goal, self._ground(Part.BASELINE)
        if ground is None or goal.baseline is None:
            return replace(goal, baseline_words=self._words(Attribute.BASELINE_WORDS, goal.baseline_words))
        decimals = shown_decimals(goal.baseline, kpi)
        self._lost(Attribute.BASELINE, figure(goal.baseline, kpi.unit, decimals), ground)
        if goal.baseline_words:
            self._lost(Attribute.BASELINE_WORDS, goal.baseline_words, ground)
        return replace(goal, baseline=None, baseline_words=WITHHELD)

    def _reading(self) -> Reading:
        reading, kpi = self.each.reading, self.each.kpi
        value = self._figure(Part.VALUE, reading.value)
        hidden = reading.value is not None and value is None
        return Reading(
            kpi.id,
            reading.period,
            reading.status,
            value=value,
            numerator=self._figure(Part.NUMERATOR, reading.numerator),
            denominator=self._figure(Part.DENOMINATOR, reading.denominator),
            reason=Reason.TOO_FEW if hidden else reading.reason,
            # The team's words stand in place of the lead's, which nobody outside is to read then.
            comment=self._words(Attribute.COMMENT, self.each.comment),
            forecast=None if hidden or reading.forecast is None else _as_shown(reading.forecast, kpi),
            symbols=() if hidden else reading.symbols,
        )

    def _remark(self) -> Remark:
        """What is to be done and by when, without who is to do it."""
        remark = self.each.remark
        return Remark(remark.kpi_id, action=self._words(Attribute.ACTION, remark.action), by_when=remark.by_when)

    def _figure(self, part: Part, amount: float | None) -> float | None:
        ground, kpi = self._ground(part), self.each.kpi
        if amount is None:
            return None
        if ground is None:
            return _as_shown(amount, kpi) if part is Part.VALUE else amount
        stood = figure(amount, kpi.unit, kpi.decimals) if part is Part.VALUE else plain(amount)
        self._lost(Attribute(part.value), stood, ground)
        return None

    def _follows(self, attribute: Attribute, stood: str) -> None:
        self._lost(attribute, stood, Ground(Why.SECONDARY, FOLLOWS))

    def _rating(self) -> Rating:
        computed, ground = self.each.computed, self._ground(Part.RATING)
        if ground is not None and computed.rag is not None:
            self._lost(Attribute.RATING, computed.rag.word, ground)
        parts = [Part.VALUE, Part.NUMERATOR, Part.DENOMINATOR, Part.RATING]
        parts += [Part.BASELINE] if self.each.standard.unmoved is not None else []
        if not any(self._ground(part) for part in parts):
            return computed
        if computed.rag is None:
            return computed  # why there is none holds no figure
        self._follows(Attribute.SENTENCE, computed.sentence)
        if ground is not None:
            return Rating(None, WITHHELD, withheld=True)
        return Rating(computed.rag, f"{computed.rag.word}: its figure is withheld.")

    def _outlook(self) -> Outlook:
        outlook, period = self.each.outlook, self.period
        hidden = any(self._ground(Part.VALUE, each) for each in self.numbers.periods if each <= period)
        forecast, signals = outlook.forecast, outlook.signals
        if forecast is not None and self._ground(Part.VALUE):
            self._follows(Attribute.FORECAST, forecast.sentence)
            forecast = None
        if signals and hidden:
            self._follows(Attribute.SIGNALS, " ".join(signal.sentence for signal in signals))
            signals = ()
        compared = [period, period.previous, *([period.previous.previous] if self.each.kpi.adds_up else [])]
        since_quarter = self._move(Attribute.SINCE_QUARTER, outlook.since_quarter, compared)
        a_year_ago = Period(period.start_year - 1, period.quarter)
        since_year = self._move(Attribute.SINCE_YEAR, outlook.since_year, [period, a_year_ago])
        return Outlook(since_quarter, since_year, forecast, signals)

    def _move(self, attribute: Attribute, move: Move, compared: Sequence[Period]) -> Move:
        few = self.each.kpi.unit is Unit.COUNT and 0 < (move.before or Decimal(0)) < self.numbers.threshold
        if move.travel is Travel.NOT_ENOUGH or not (few or any(self._ground(Part.VALUE, each) for each in compared)):
            return move
        self._follows(attribute, move.sentence)
        return Move(Travel.NOT_ENOUGH, None, None, move.since, WITHHELD)


def _told(text: str, threshold: int, known: KnownNumbers) -> SuppressedText:
    """A text as it may be published; one that seems to hold personal data is withheld whole, whatever the threshold."""
    if kinds := personal_data(text):
        return SuppressedText(WITHHELD, (Change(text, f"it may hold {' and '.join(kinds)}"),))
    return suppressed_text(text, threshold, known)


def _without_rating_counts(shown: SuppressedText) -> SuppressedText:
    """How many are Red, Amber or Green, beside the letters that are shown, would tell of one that is withheld."""
    changes = tuple(Change(match[0], COUNTS_RATINGS) for match in RATING_COUNT.finditer(shown.text))
    return SuppressedText(RATING_COUNT.sub(WITHHELD, shown.text), (*shown.changes, *changes))


def _as_shown(amount: float, kpi: Kpi) -> float:
    return float(rounded(amount, kpi.unit, kpi.decimals))


def _headlines(numbers: NumbersOfKpis, period: Period, moderation: Moderation, log: list[Withheld]) -> Moderation:
    """What the board reads of the moderation; what only the team reads is left out."""
    rating_withheld = any(each.attribute is Attribute.RATING for each in log)

    def told(text: str, refs: Sequence[str]) -> str:
        kpi_ids = [numbers.ids[ref] for ref in refs if ref in numbers.ids]
        shown = _told(text, numbers.threshold, numbers.beside(text, kpi_ids))
        if rating_withheld:
            shown = _without_rating_counts(shown)
        if shown.changes:
            because = "; ".join(f"“{change.stood}”: {change.why}" for change in shown.changes)
            log.append(Withheld("", period, Attribute.HEADLINE, text, shown.text, Why.PRIMARY, because))
        return shown.text

    def each_told(headlines: Sequence[Headline]) -> Iterator[Headline]:
        for each in headlines:
            yield Headline(told(each.text, each.refs), each.refs)

    completeness = told(moderation.completeness, ())
    return Moderation(completeness, tuple(each_told(moderation.working_well)), tuple(each_told(moderation.concerns)))
