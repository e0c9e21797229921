"""What `sendkpi backtest` says: counts, each difference with why, and what could not be compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sendkpi_xl.backtest import RATINGS, Backtest, Compared, rating_word
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.layout import NO_RATING
from sendkpi_xl.model import Kpi
from sendkpi_xl.reading import Rag
from sendkpi_xl.screen import Listing, Screen


def print_backtest(screen: Screen, tested: Backtest) -> None:
    """The counts, the differences, and what is published or computed alone."""
    screen.say(f"Published ratings: {tested.source}")
    screen.show(_counts(tested))
    screen.show(_sections(tested))
    total, different = len(tested.compared), tested.differences
    verb = "differs" if len(different) == 1 else "differ"
    same = total - len(different)
    screen.say(f"{same} of {total} computed ratings are the published ones; {len(different)} {verb}.")
    if different:
        screen.show(_differences(different))
    agreed = tested.agreed_differences
    same = total - len(agreed)
    screen.say(f"{same} of {total} agreed ratings, after moderation, are the published ones.")
    if agreed:
        screen.show(_agreed_differences(agreed))
    _print_alone(screen, tested)


def _counts(tested: Backtest) -> Listing:
    words = [rating_word(rag) for rag in RATINGS]
    counts = tested.counts()
    rows = [(rating_word(rag), *_with_sum(counts[rag].values())) for rag in RATINGS]
    totals = [sum(counts[published][computed] for published in RATINGS) for computed in RATINGS]
    title = f"Published and computed ratings, {tested.period.code}"
    headings = ("Published", *(f"Computed: {word}" for word in words), "In all")
    return Listing(title, headings, (*rows, ("In all", *_with_sum(totals))), right=(1, 2, 3, 4, 5))


def _with_sum(numbers: Iterable[int]) -> list[str]:
    listed = list(numbers)
    return [str(number) for number in (*listed, sum(listed))]


def _sections(tested: Backtest) -> Listing:
    rows = [(name, str(of), str(same), str(of - same)) for name, (same, of) in tested.sections().items()]
    headings = ("Section", "Published", "Computed the same", "Differ")
    return Listing("Agreement by section", headings, tuple(rows), right=(1, 2, 3))


def _differences(different: Iterable[Compared]) -> Listing:
    headings = ("Ref", "KPI", "Published", "Computed", "How it was computed", "Why")
    rows = []
    for each in different:
        computed = each.rated.computed
        words = (rating_word(each.published.rag), rating_word(computed.rag))
        rows.append((*_name(each.rated.kpi), *words, computed.sentence, each.why))
    return Listing("Computed ratings that are not the published ones", headings, tuple(rows), lines=True)


def _agreed_differences(different: Iterable[Compared]) -> Listing:
    rows = []
    for each in different:
        words = (rating_word(each.published.rag), rating_word(each.rated.agreed))
        rows.append((*_name(each.rated.kpi), *words, _agreed_because(each)))
    headings = ("Ref", "KPI", "Published", "Agreed", "Why it was agreed")
    return Listing("Agreed ratings that are not the published ones", headings, tuple(rows), lines=True)


def _agreed_because(each: Compared) -> str:
    return each.rated.override.reason if each.rated.override else "As computed"


def _name(kpi: Kpi) -> tuple[str, str]:
    """What the board calls a KPI: its ref, or its id where it has none, and its title."""
    return kpi.board_ref or kpi.id, kpi.shown_title


def _print_alone(screen: Screen, tested: Backtest) -> None:
    """What has no counterpart: published KPIs that are not live, live ones that were not published."""
    if tested.not_live:
        rows = [(*_name(each.kpi), each.kpi.life.value, rating_word(each.rag)) for each in tested.not_live]
        screen.show(Listing("Published, and not live", ("Ref", "KPI", "Life", "Published"), tuple(rows)))
    screen.say(f"{_kpis(len(tested.not_live), 'published KPI')} not live, and not compared.")
    rated = [each for each in tested.not_published if each.computed.rag]
    unrated = [each for each in tested.not_published if not each.computed.rag]
    if rated:
        lines = [(*_name(each.kpi), rating_word(each.computed.rag), each.computed.sentence) for each in rated]
        headings = ("Ref", "KPI", "Computed", "How it was computed")
        screen.show(Listing("Computed, and not published", headings, tuple(lines), lines=True))
    screen.say(f"{_kpis(len(rated), 'live KPI')} rated, and not published.")
    names = ", ".join(each.kpi.id for each in unrated)
    screen.say(f"{_kpis(len(unrated), 'live KPI')} neither rated nor published{f': {names}' if names else ''}.")


def _kpis(number: int, one: str) -> str:
    return f"{number} {one} is" if number == 1 else f"{number} {one}s are"


def backtest_facts(tested: Backtest) -> dict[str, Any]:
    """The same as plain values; a rating is its letter, or None."""
    counts = tested.counts()
    return {
        "period": tested.period.code,
        "published_in": tested.source,
        "compared": len(tested.compared),
        "same": len(tested.compared) - len(tested.differences),
        "counts": {_key(rag): {_key(other): counts[rag][other] for other in RATINGS} for rag in RATINGS},
        "sections": [{"section": name, "compared": of, "same": same} for name, (same, of) in tested.sections().items()],
        "differences": [_difference_facts(each) for each in tested.differences],
        "agreed_differences": [_agreed_facts(each) for each in tested.agreed_differences],
        "not_live": [
            {**_kpi_facts(each.kpi), "life": each.kpi.life.value, "published": each.rag} for each in tested.not_live
        ],
        "not_published": [{**_kpi_facts(each.kpi), **_computed_facts(each)} for each in tested.not_published],
    }


def _key(rag: Rag | None) -> str:
    return rag.value if rag else NO_RATING


def _kpi_facts(kpi: Kpi) -> dict[str, Any]:
    return {"kpi": kpi.id, "ref": kpi.board_ref, "title": kpi.shown_title}


def _computed_facts(rated: RatedReading) -> dict[str, Any]:
    return {"computed": rated.computed.rag, "because": rated.computed.sentence}


def _difference_facts(each: Compared) -> dict[str, Any]:
    return {
        **_kpi_facts(each.rated.kpi),
        "published": each.published.rag,
        **_computed_facts(each.rated),
        "explained": each.explained,
        "why": each.why,
    }


def _agreed_facts(each: Compared) -> dict[str, Any]:
    return {
        **_kpi_facts(each.rated.kpi),
        "published": each.published.rag,
        "agreed": each.rated.agreed,
        "why": _agreed_because(each),
    }
