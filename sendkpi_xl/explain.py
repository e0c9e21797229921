"""How one rating came about, from the typed cell to the letter that the board sees, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from sendkpi_xl.board_comment import symbol_sentences
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import kpi_figure, plain
from sendkpi_xl.findings import Refusal, did_you_mean, finding
from sendkpi_xl.layout import NO_RATING
from sendkpi_xl.model import Catalogue, Kpi
from sendkpi_xl.period import Period
from sendkpi_xl.rating import target_words
from sendkpi_xl.reading import Finding, Place, Reading, Status
from sendkpi_xl.rule_words import rule_words, tolerance_words
from sendkpi_xl.signals import FEWEST_POINTS

if TYPE_CHECKING:
    from sendkpi_xl.quarter import Board

SHORT_HASH = 12
NO_SIGNALS = f"None; they are looked for in {FEWEST_POINTS} quarters in a row or more."


class Step(Struct, frozen=True):
    """One step of the way to a rating: what it is about, and what is so."""

    about: str
    says: str


class Explanation(Struct, frozen=True):
    """A KPI's rating in one quarter: the KPI, the way to its rating, and what is to be asked about it."""

    kpi: Kpi
    period: Period
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]


def named_kpi(catalogue: Catalogue, name: str) -> Kpi:
    """The live KPI that is meant: by its id, its board ref, `list` and its ref in the published list, or its title.

    Raises Refusal when none is meant, or more than one.
    """
    wanted = " ".join(name.split()).casefold()
    for known in (_ids, _board_refs, _list_refs, _titles):
        found = [kpi for kpi in catalogue.live() if wanted and known(kpi).casefold() == wanted]
        if len(found) == 1:
            return found[0]
    parts = [kpi for kpi in catalogue.live() if wanted and wanted in _titles(kpi).casefold()]
    if len(parts) == 1:
        return parts[0]
    if parts:
        words = f"“{name}” is part of {len(parts)} KPIs' titles: {', '.join(_short(kpi) for kpi in parts[:5])}."
    else:
        guess = did_you_mean(name, [_titles(kpi) for kpi in catalogue.live()])
        words = f"“{name}” is no live KPI's id, board ref or title{guess}."
    expected = "An id such as K001, a board ref such as 20, “list 24” for a ref of the published list, or a title."
    place = Place("command line")
    raise Refusal([finding("T09", place, found=words, expected=expected, action="Name one of the catalogue's KPIs.")])


def _ids(kpi: Kpi) -> str:
    return kpi.id


def _board_refs(kpi: Kpi) -> str:
    return kpi.board_ref


def _list_refs(kpi: Kpi) -> str:
    return f"list {kpi.ref}"


def _titles(kpi: Kpi) -> str:
    return kpi.shown_title


def _short(kpi: Kpi) -> str:
    return f"{kpi.id} ({kpi.shown_title[:40]})"


def explain(board: Board, findings: tuple[Finding, ...], kpi: Kpi) -> Explanation:
    """How the rating of a live KPI came about in the board's quarter; `findings` are those of the whole quarter."""
    each = next(rated for rated in board.now if rated.kpi.id == kpi.id)
    steps = (*_typed(board, each.reading), *_judged(board, each), *_decided(each), *_going(each))
    return Explanation(kpi, board.period, steps, tuple(one for one in findings if one.subject == kpi.id))


def _typed(board: Board, reading: Reading) -> Iterator[Step]:
    """Where the value was typed and what was read from it."""
    if reading.status is Status.NOT_RETURNED:
        yield Step("Typed", "Nothing: no return has an entry for this KPI.")
        return
    file = next((file for file in board.gathered.files if file.file == reading.place.file), None)
    saved = " by ".join(filter(None, (file.saved_at, file.saved_by))) if file else ""
    typed = f"“{reading.typed}”" if reading.typed else "Nothing"
    yield Step("Typed", f"{typed} in {reading.place}.")
    yield Step("File", f"{f'Saved {saved}, ' if saved else ''}SHA-256 {reading.sha256[:SHORT_HASH]}….")
    if reading.value is not None:
        yield Step("Read as", f"{plain(reading.value)}{f' ({reading.how})' if reading.how else ', as typed'}.")
    elif reading.reason is not None:
        yield Step("Read as", f"No value: {reading.reason.value}.")
    else:
        yield Step("Read as", f"No value: {reading.status.value}.")
    if reading.numerator is not None or reading.denominator is not None:
        parts = [plain(part) if part is not None else "?" for part in (reading.numerator, reading.denominator)]
        yield Step("Cases", f"{parts[0]} out of {parts[1]}.")


def _judged(board: Board, each: RatedReading) -> Iterator[Step]:
    """What the value is held against, and the computed rating."""
    kpi, standard, reading = each.kpi, each.standard, each.reading
    if reading.value is not None:
        yield Step("Shown", f"{kpi_figure(reading.value, kpi)}: what the board sees is what is rated.")
    target = "None is set." if standard.target is None else _sentence(target_words(kpi, standard))
    if each.symbols:
        yield Step("Symbols", " ".join(symbol_sentences(each)))
    yield Step("Target", target)
    own = "" if (kpi.green_within, kpi.amber_within) == (None, None) else ", with limits of this KPI's own"
    tolerance = tolerance_words(standard.tolerance)
    yield Step("Policy", f"{_sentence(kpi.polarity.value)[:-1]}; {kpi.unit.value}: {tolerance}{own}.")
    yield Step("Rule", rule_words(kpi, standard))
    yield Step("Computed", each.computed.sentence)


def _decided(each: RatedReading) -> Iterator[Step]:
    """What people decided, and what the board sees."""
    override = each.override
    if override is None:
        yield Step("Agreed", "As computed: no override holds.")
    else:
        until = f", until {override.until}" if override.until else ""
        yield Step("Agreed", f"{_word(each)}, by {override.who}{until}: {override.reason}")
    yield Step("Board sees", f"{_word(each)}.")


def _word(each: RatedReading) -> str:
    return each.agreed.word if each.agreed else NO_RATING


def _going(each: RatedReading) -> Iterator[Step]:
    """Where the KPI is going."""
    outlook = each.outlook
    yield Step("Since last quarter", outlook.since_quarter.sentence)
    yield Step("Since last year", outlook.since_year.sentence)
    forecast = "Nothing to reckon from." if outlook.forecast is None else outlook.forecast.sentence
    yield Step("Year's end", forecast)
    signals = " ".join(signal.sentence for signal in outlook.signals)
    yield Step("Signals", signals or NO_SIGNALS)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
