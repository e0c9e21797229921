"""The comment on a KPI's row of the board's dataset: the lead's words, and all that no other cell of the row says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.figures import plain
from sendkpi_xl.rating import counted_words
from sendkpi_xl.reading import Reason, Status
from sendkpi_xl.shorthand import Symbol, key


def row_comment(each: RatedReading, own: Iterable[RatedReading] = ()) -> str:
    """All that the board is told in words on a KPI's row; `own` are the KPI's rated readings of the year so far.

    The shorthand of its figure, comment, fraction, why there is no value, published words, and the shorthand of the
    earlier figures beside it.
    """
    reading, goal = each.reading, each.goal
    lines = [" ".join(symbol_sentences(each)), each.comment, *_fraction(each)]
    if reading.withheld:
        lines.append("Withheld.")
    elif reading.reason is not None:
        why = reason_words(reading.reason)
        lines.append(f"({why})" if each.comment else f"{why}.")
    if reading.status is Status.QUERIED:
        lines.append("The figure is being queried with the workstream.")
    if reading.status is Status.NOT_RETURNED:
        lines.append("Not returned.")
    if goal.baseline is not None and goal.baseline_words:
        lines.append(f"Baseline: {goal.baseline_words.rstrip('.')}.")
    if goal.target is not None and goal.target_words:
        lines.append(f"Target as published: {goal.target_words.rstrip('.')}.")
    lines += [_symbols_then(before) for before in own if before.reading.period < reading.period]
    return "\n".join(filter(None, lines))


def _symbols_then(before: RatedReading) -> str:
    """The symbols of an earlier quarter's figure: `Q1: [r] revised.`"""
    return f"Q{before.reading.period.quarter}: {key(before.symbols)}." if before.symbols else ""


def symbol_sentences(each: RatedReading) -> Iterator[str]:
    """What each symbol beside the figure says, and of how many answers or cases there are where these are too few."""
    denominator = each.reading.denominator
    for symbol in each.symbols:
        why = ""
        if symbol is Symbol.LOW_RELIABILITY and denominator is not None and each.standard.too_few(denominator):
            why = f": {counted_words(each.kpi, denominator)}, fewer than {each.standard.smallest_sample}"
        yield f"{symbol} {symbol.words.capitalize()}{why}."


def reason_words(reason: Reason) -> str:
    """A reason as the board reads it: without what the drop-down asks of the lead after the colon."""
    return reason.value.partition(":")[0]


def _fraction(each: RatedReading) -> Iterable[str]:
    """The numerator and denominator in words, unless the lead's comment says them already."""
    numerator, denominator = each.reading.numerator, each.reading.denominator
    if numerator is None and denominator is None:
        return
    if numerator is None or denominator is None:
        number = plain(numerator if numerator is not None else denominator or 0)
        if not re.search(rf"\b{number}\b", each.comment):
            yield f"Number: {number}." if numerator is not None else f"Out of {number}."
        return
    first, second = plain(numerator), plain(denominator)
    if not re.search(rf"\b{first}\s*(/|out of|of)\s*{second}\b", each.comment):
        yield f"{first} out of {second}."
