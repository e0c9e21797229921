"""The computed ratings of a quarter held against those that were published, with what explains each difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.findings import finding
from sendkpi_xl.layout import NO_RATING
from sendkpi_xl.moderated import Moderation
from sendkpi_xl.period import Period
from sendkpi_xl.published_ratings import PublishedRating, PublishedRatings
from sendkpi_xl.reading import Finding, Rag

RATINGS: tuple[Rag | None, ...] = (*Rag, None)
"""What can be published or computed; None is no rating."""
UNEXPLAINED = "Not explained: {}."


class Compared(Struct, frozen=True):
    """A live KPI's published rating beside what is known of it now.

    `why` says what explains that the computed rating is another, or why nothing does; it is empty where they agree.
    """

    published: PublishedRating
    rated: RatedReading
    explained: bool = True
    why: str = ""

    @property
    def same(self) -> bool:
        """Whether the computed rating is the published one."""
        return self.rated.computed.rag is self.published.rag


class Backtest(Struct, frozen=True):
    """A quarter's ratings compared, in the board's order; `source` names the file of the published ones.

    `not_live` was published for KPIs that are not rated any more; `not_published` are the live KPIs that it lacks.
    """

    period: Period
    source: str
    compared: tuple[Compared, ...]
    not_live: tuple[PublishedRating, ...]
    not_published: tuple[RatedReading, ...]

    @property
    def differences(self) -> tuple[Compared, ...]:
        """Where the computed rating is not the published one."""
        return tuple(each for each in self.compared if not each.same)

    @property
    def agreed_differences(self) -> tuple[Compared, ...]:
        """Where the rating that people agreed, or left as computed, is not the published one."""
        return tuple(each for each in self.compared if each.rated.agreed is not each.published.rag)

    def counts(self) -> Mapping[Rag | None, Mapping[Rag | None, int]]:
        """How many KPIs with each published rating have each computed one; the same in both is agreement."""
        pairs = Counter((each.published.rag, each.rated.computed.rag) for each in self.compared)
        return {published: {computed: pairs[published, computed] for computed in RATINGS} for published in RATINGS}

    def sections(self) -> Mapping[str, tuple[int, int]]:
        """How many computed ratings are the published ones, of how many, by the board's section."""
        of = Counter(each.rated.kpi.section for each in self.compared)
        same = Counter(each.rated.kpi.section for each in self.compared if each.same)
        return {section: (same[section], total) for section, total in of.items()}


def backtest(
    period: Period, published: PublishedRatings, rated: Sequence[RatedReading], moderation: Moderation
) -> Backtest:
    """Hold a quarter's rated readings, one for each live KPI, against its published ratings; nothing is left out."""
    by_id = {each.kpi.id: each for each in published.ratings}
    live = {each.kpi.id for each in rated}
    return Backtest(
        period,
        str(published.source),
        tuple(_compared(by_id[each.kpi.id], each, moderation) for each in rated if each.kpi.id in by_id),
        tuple(each for each in published.ratings if each.kpi.id not in live),
        tuple(each for each in rated if each.kpi.id not in by_id),
    )


def _compared(published: PublishedRating, rated: RatedReading, moderation: Moderation) -> Compared:
    """An override explains a difference when it holds and agrees the rating that was published."""
    if rated.computed.rag is published.rag:
        return Compared(published, rated)
    override = rated.override
    if override is not None and override.rag is published.rag:
        return Compared(published, rated, why=override.reason)
    if override is not None:
        reason = f"the override in the moderation workbook says {rating_word(override.rag)}"
    elif moderation.override(rated.kpi.id) is not None:
        reason = "the override in the moderation workbook lacks a reason or a name, or has lapsed"
    else:
        reason = "no override in the moderation workbook"
    return Compared(published, rated, explained=False, why=UNEXPLAINED.format(reason))


def rating_word(rag: Rag | None) -> str:
    """A rating as a word: `Red`, or `No rating`."""
    return rag.word if rag else NO_RATING


def unexplained(tested: Backtest) -> Iterator[Finding]:
    """A finding for each difference that nothing explains, at the published rating."""
    for each in tested.differences:
        if not each.explained:
            words = [rating_word(rag) for rag in (each.published.rag, each.rated.computed.rag)]
            yield finding(
                "B01",
                each.published.place,
                each.rated.kpi.id,
                published=words[0],
                computed=words[1],
                period=tested.period.code,
            )
