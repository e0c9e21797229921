"""The dataset as it may be published: withheld figures and words are gone from the records, and each is in a log.

The log holds what stood there. It stays with the team.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.amounts import behind
from sendkpi_xl.consolidate import Quarters, RatedReading
from sendkpi_xl.disclosure import Cell, Part
from sendkpi_xl.figures import figure, plain, rounded
from sendkpi_xl.forecast import LAST_QUARTER, REPORTED
from sendkpi_xl.layout import NO_RATING
from sendkpi_xl.model import Catalogue, Goal, Kpi, Unit
from sendkpi_xl.moderated import Headline, Moderation, Remark
from sendkpi_xl.outlook import Outlook
from sendkpi_xl.period import Period
from sendkpi_xl.published_words import Words, names_in, without_rating_counts
from sendkpi_xl.rating import rate, shown_decimals
from sendkpi_xl.reading import Place, Rating, Reading, Reason, Status
from sendkpi_xl.signals import FEWEST_POINTS
from sendkpi_xl.suppressed_text import WITHHELD, SuppressedText
from sendkpi_xl.suppression import Ground, Suppressed, Why, suppressed_cells
from sendkpi_xl.travel import Move, Travel
from sendkpi_xl.withheld import Attribute, Withheld

LEFT_OUT = "(left out)"
FOLLOWS = "It is made of a figure that is withheld."


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


def published(
    catalogue: Catalogue, quarters: Quarters, moderation: Moderation, suppressed: Suppressed | None = None
) -> Published:
    """These quarters and the last one's moderation, without what tells of fewer people than the catalogue's threshold.

    All that the outlook is reckoned from should be among `quarters`: what was withheld of an earlier one is withheld
    again, and words of it are as they were in its own edition, whatever was withheld since. `suppressed` says which
    figures are withheld where that is not to be decided here: so tests publish other numbers with the same ones hidden.
    """
    suppressed = suppressed or suppressed_cells(catalogue, quarters)
    names = names_in(quarters, moderation)
    words = {period: Words(catalogue, quarters, suppressed, period, names) for period in sorted(quarters)}
    log: list[Withheld] = []
    shown = {
        period: tuple(_Row(catalogue, words[period], suppressed, each, log).published() for each in quarters[period])
        for period in words
    }
    return Published(shown, _headlines(words[max(words)], moderation, log), tuple(log), suppressed.open)


class _Row(Struct, frozen=True):
    """One reading on its way to the published dataset; what it loses goes to the log."""

    catalogue: Catalogue
    words: Words
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
        standard = replace(self.each.standard, unmoved=None)  # it repeats the baseline, and no sheet shows it
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
        baseline = attribute is Attribute.BASELINE_WORDS
        told = self.words.of_a_baseline(text) if baseline else self.words.told(text, [self.each.kpi.id])
        if told.changes:
            self._lost(attribute, text, Ground(Why.PRIMARY, told.because), told.text)
        return told.text

    def _goal(self) -> Goal:
        kpi, goal, ground = self.each.kpi, self.each.goal, self._ground(Part.BASELINE)
        if goal.baseline is None:
            return replace(goal, baseline_words=self._words(Attribute.BASELINE_WORDS, goal.baseline_words))
        decimals = shown_decimals(goal.baseline, kpi)
        if ground is None:
            shown = float(rounded(goal.baseline, kpi.unit, decimals))
            return replace(
                goal, baseline=shown, baseline_words=self._words(Attribute.BASELINE_WORDS, goal.baseline_words)
            )
        self._lost(Attribute.BASELINE, figure(goal.baseline, kpi.unit, decimals), ground)
        if goal.baseline_words:
            self._lost(Attribute.BASELINE_WORDS, goal.baseline_words, ground)
        return replace(goal, baseline=None, baseline_words=WITHHELD)

    def _reading(self) -> Reading:
        reading, kpi = self.each.reading, self.each.kpi
        value = self._figure(Part.VALUE, reading.value)
        hidden = value is None and self._ground(Part.VALUE) is not None
        return Reading(
            kpi.id,
            reading.period,
            Status.REPORTED if hidden else reading.status,
            value=value,
            numerator=self._figure(Part.NUMERATOR, reading.numerator),
            denominator=self._figure(Part.DENOMINATOR, reading.denominator),
            reason=Reason.TOO_FEW if hidden else reading.reason,
            # The team's words stand in place of the lead's, which nobody outside is to read then.
            comment=self._words(Attribute.COMMENT, self.each.comment),
            forecast=None if reading.forecast is None or self._hides_forecast() else _as_shown(reading.forecast, kpi),
            symbols=() if hidden else reading.symbols,
        )

    def _remark(self) -> Remark:
        """What is to be done and by when, without who is to do it."""
        remark = self.each.remark
        action, by_when = (
            self._words(attribute, text)
            for attribute, text in ((Attribute.ACTION, remark.action), (Attribute.BY_WHEN, remark.by_when))
        )
        return Remark(remark.kpi_id, action=action, by_when=by_when)

    def _figure(self, part: Part, amount: float | None) -> float | None:
        ground, kpi, reading = self._ground(part), self.each.kpi, self.each.reading
        if amount is None:
            if ground is not None and part is Part.VALUE:
                self._lost(Attribute.VALUE, reading.reason.value if reading.reason else reading.status.value, ground)
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
        if ground is not None and self.each.reading.value is not None and self._could_be_rated:
            self._lost(Attribute.RATING, computed.rag.word if computed.rag else NO_RATING, ground)
            self._follows(Attribute.SENTENCE, computed.sentence)
            return Rating(None, WITHHELD, withheld=True)
        if not any(self._ground(part) for part in (Part.VALUE, Part.NUMERATOR, Part.DENOMINATOR)):
            return computed
        if computed.rag is None:
            return self._no_rating()
        self._follows(Attribute.SENTENCE, computed.sentence)
        return Rating(computed.rag, f"{computed.rag.word}: its figure is withheld.")

    def _no_rating(self) -> Rating:
        """Why there is none, unless that tells that there is no figure where one might be withheld."""
        if self.each.reading.value is not None:
            return self.each.computed
        if self._could_be_rated:
            return Rating(None, WITHHELD, withheld=True)
        return rate(self.each.kpi, self.each.standard, 0.0, None)

    @property
    def _could_be_rated(self) -> bool:
        """Whether some figure of the KPI would have a rating."""
        standard = self.each.standard
        return standard.smallest_sample is not None or rate(self.each.kpi, standard, 0.0, None).rag is not None

    def _hides_any(self, periods: Iterable[Period]) -> bool:
        """Whether the KPI's figure of a quarter is withheld, or it is not known whether it is."""
        return any(each not in self.words.known or self._ground(Part.VALUE, each) for each in periods)

    def _hides_forecast(self) -> bool:
        """Whether a forecast would give a withheld figure back, or is a number of few itself."""
        kpi, reading, forecast = self.each.kpi, self.each.reading, self.each.outlook.forecast
        few = kpi.unit is Unit.COUNT and 0 < (reading.forecast or 0.0) < self.words.threshold
        answers = forecast is not None and forecast.basis in REPORTED and self._ground(Part.DENOMINATOR)
        unmoved = self.catalogue.policy.unmoved_until.get(kpi.profile, 0) >= LAST_QUARTER and self._ground(
            Part.BASELINE
        )
        return bool(few or answers or unmoved or self._ground(Part.VALUE) or reading.reason is Reason.TOO_FEW)

    def _outlook(self) -> Outlook:
        outlook, period = self.each.outlook, self.period
        forecast, signals = outlook.forecast, outlook.signals
        if forecast is not None and self._hides_forecast():
            self._follows(Attribute.FORECAST, forecast.sentence)
            forecast = None
        if (
            self.words.threshold
            and signals
            and (len(self.words.known) < FEWEST_POINTS or self._hides_any(self.words.known))
        ):
            self._follows(Attribute.SIGNALS, " ".join(signal.sentence for signal in signals))
            signals = ()
        a_year_ago = Period(period.start_year - 1, period.quarter)
        compared = [period, period.previous]
        if self.each.kpi.adds_up:
            compared = [each for one in compared for each in behind(one)]
        since_quarter = self._move(Attribute.SINCE_QUARTER, outlook.since_quarter, compared)
        since_year = self._move(Attribute.SINCE_YEAR, outlook.since_year, [period, a_year_ago])
        return Outlook(since_quarter, since_year, forecast, signals)

    def _move(self, attribute: Attribute, move: Move, compared: Sequence[Period]) -> Move:
        few = self.each.kpi.unit is Unit.COUNT and 0 < (move.before or Decimal(0)) < self.words.threshold
        hides = self.words.threshold and (few or self._hides_any(compared))
        if not hides:
            return move
        if move.travel is not Travel.NOT_ENOUGH:
            self._follows(attribute, move.sentence)
        return Move(Travel.NOT_ENOUGH, None, None, move.since, WITHHELD)


def _as_shown(amount: float, kpi: Kpi) -> float:
    return float(rounded(amount, kpi.unit, kpi.decimals))


def _headlines(words: Words, moderation: Moderation, log: list[Withheld]) -> Moderation:
    """What the board reads of the moderation; what only the team reads is left out."""

    proposed = {(each.key, each.text) for each in moderation.decisions}

    def logged(text: str, shown: SuppressedText) -> str:
        if words.hides_ratings:
            shown = without_rating_counts(shown)
        if shown.changes:
            stands = shown.text or LEFT_OUT
            log.append(Withheld("", words.period, Attribute.HEADLINE, text, stands, Why.PRIMARY, shown.because))
        return shown.text

    def each_told(headlines: Sequence[Headline]) -> Iterator[Headline]:
        for each in headlines:
            if shown := logged(each.text, words.headline(each, as_proposed=(each.key, each.text) in proposed)):
                yield Headline(shown, each.refs)

    completeness = logged(moderation.completeness, words.told(moderation.completeness, ()))
    return Moderation(completeness, tuple(each_told(moderation.working_well)), tuple(each_told(moderation.concerns)))
