"""Headlines held against the figures: what contradicts them is asked about; the words stay people's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from sendkpi_xl.consolidate import Quarters, RatedReading
from sendkpi_xl.figures import exact
from sendkpi_xl.findings import finding, listed
from sendkpi_xl.headline_words import SaidFigure, claim_in, figures_in, refs_in
from sendkpi_xl.headlines import Proposal, title_of
from sendkpi_xl.model import Unit
from sendkpi_xl.moderated import Decision, Headline, Moderation, Question, Verdict
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Finding, Rag
from sendkpi_xl.travel import Move, Travel


class Known(Struct, frozen=True):
    """All that is known of one KPI that a headline names: this quarter, and every quarter that there is."""

    now: RatedReading
    quarters: tuple[RatedReading, ...]

    @property
    def move(self) -> Move:
        """How it moved since the quarter before."""
        return self.now.outlook.since_quarter

    def knows(self, said: SaidFigure) -> bool:
        """Whether a figure is one of this KPI's: a value, a target, a baseline, or how far they are apart."""
        given = [number for each in self.quarters for number in _numbers(each)]
        moved = [amount for amount in (self.move.now, self.move.before) if amount is not None]
        value = self.now.reading.value
        pairs = [(exact(value), other) for other in given] if value is not None else []
        pairs += [(now, before) for now in moved[:1] for before in moved[1:]]
        shares = [self.now.standard.share, *((one - other) / other for one, other in pairs if other)]
        amounts = [*given, *moved, *(one - other for one, other in pairs)]
        own_unit = self.now.kpi.unit in ((Unit.PERCENT,) if said.percent else (Unit.MONEY, Unit.AVERAGE))
        return any(map(said.is_about, [*(shares if said.percent else ()), *(amounts if own_unit else ())]))


def _numbers(each: RatedReading) -> Iterator[Decimal]:
    """A quarter's value and forecast, and what they are held against."""
    goal, reading = each.goal, each.reading
    numbers = (reading.value, reading.forecast, goal.baseline, goal.target)
    yield from (exact(number) for number in numbers if number is not None)
    if each.standard.target is not None:
        yield each.standard.target


def headline_findings(
    quarters: Quarters, period: Period, moderation: Moderation, proposed: Sequence[Proposal]
) -> list[Finding]:
    """What the team should look at again in the headlines that the board will read; `proposed` are today's."""
    by_ref = _known_by_ref(quarters, period)
    findings = [each for decision in moderation.decisions for each in _changed(decision, proposed)]
    for question, headlines in (
        (Question.WORKING_WELL, moderation.working_well),
        (Question.CONCERN, moderation.concerns),
    ):
        for headline in headlines:
            findings += _headline_findings(question, headline, by_ref)
    return findings


def refs_of(headline: Headline) -> tuple[str, ...]:
    """The board refs that a headline is about: those given with it, and those that its words name."""
    return tuple(dict.fromkeys((*headline.refs, *refs_in(headline.text))))


def _known_by_ref(quarters: Quarters, period: Period) -> Mapping[str, Known]:
    by_id: dict[str, list[RatedReading]] = {}
    for rated in quarters.values():
        for each in rated:
            by_id.setdefault(each.kpi.id, []).append(each)
    return {
        each.kpi.board_ref: Known(each, tuple(by_id[each.kpi.id])) for each in quarters[period] if each.kpi.board_ref
    }


def _changed(decision: Decision, proposed: Sequence[Proposal]) -> Iterator[Finding]:
    """An accepted headline that the figures do not give any more as it was accepted."""
    if decision.verdict is not Verdict.ACCEPT:
        return
    now = next((each for each in proposed if each.key == decision.key), None)
    if now is None:
        yield finding("M08", decision.place, now="they do not give this headline any more")
    elif now.text != decision.text:
        yield finding("M08", decision.place, now=f"they give “{now.text}” now")


def _headline_findings(question: Question, headline: Headline, by_ref: Mapping[str, Known]) -> Iterator[Finding]:
    refs = refs_of(headline)
    for ref in refs:
        if ref not in by_ref:
            yield _unknown_ref(ref, headline)
    named = [by_ref[ref] for ref in refs if ref in by_ref]
    words = _without_titles(headline.text, named)
    claim = claim_in(words)
    for each in named:
        yield from _contradictions(question, headline, each, claim)
    if question is Question.CONCERN and named and len(named) == len(refs) and all(map(_is_fine, named)):
        yield finding("M11", headline.place, named=listed([each.now.kpi.board_ref for each in named]))
    for said in figures_in(words) if named else ():
        if not any(each.knows(said) for each in named):
            yield finding("M12", headline.place, found=said.words, named=listed(refs))


def _unknown_ref(ref: str, headline: Headline) -> Finding:
    words = {
        "found": f"“{ref}” is not the board ref of a live KPI.",
        "expected": "Board refs of live KPIs, such as 19, 20.",
        "action": "Correct the ref, or take it out; the headline stands as it is.",
    }
    return finding("T09", headline.place, **words)


def _without_titles(text: str, named: Sequence[Known]) -> str:
    """The text without the titles of its KPIs: their words and figures are no statement about this quarter."""
    for each in named:
        for title in (each.now.kpi.shown_title, title_of(each.now)):
            text = text.replace(title, " ")
    return text


def _contradictions(question: Question, headline: Headline, each: Known, claim: str) -> Iterator[Finding]:
    """What one KPI that a headline names says against it."""
    ref, kpi_id, red = each.now.kpi.board_ref, each.now.kpi.id, each.now.agreed is Rag.RED
    if red and claim:
        yield finding("M10", headline.place, kpi_id, claim=claim, ref=ref, sentence=_why_red(each.now))
    elif question is Question.WORKING_WELL and red:
        yield finding("M09", headline.place, kpi_id, ref=ref, sentence=_why_red(each.now))
    elif question is Question.WORKING_WELL and each.move.travel is Travel.WORSENING:
        yield finding("M09", headline.place, kpi_id, ref=ref, sentence=each.move.sentence.removesuffix("."))


def _why_red(each: RatedReading) -> str:
    """The sentence of a red rating; where people agreed it, their reason."""
    sentence = each.computed.sentence if each.override is None else f"Red as agreed: {each.override.reason}"
    return sentence.removesuffix(".")


def _is_fine(each: Known) -> bool:
    return each.now.agreed is Rag.GREEN and each.move.travel is not Travel.WORSENING
