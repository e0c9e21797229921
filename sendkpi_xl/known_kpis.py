"""A new list against the catalogue made before: which KPIs are there already, and what has become of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from msgspec.structs import replace

from sendkpi_xl.clues import LIVES, first_clue
from sendkpi_xl.model import Kpi, Life
from sendkpi_xl.published_list import ListedKpi

GONE = "Life: the list no longer has this KPI, so retiring it is proposed."
BACK = "Life: the list has this KPI again, after it was retired for not being there."
REWORDED = "Title: the list words it differently now; before, it was “{}”."
MOVED = "Workstream: matched by its title alone; before, it was ref {} of {}."
ALIKE = 0.75
"""How like the old title a new one under the same ref must be (difflib's ratio) to be that KPI reworded."""


def match_known(listed: Sequence[ListedKpi], known: Sequence[Kpi]) -> dict[int, int]:
    """The position in `known` of each listed KPI that is there already, by its position in `listed`.

    The surest likeness is looked for first in the whole list, so that a list numbered anew does not hand a
    KPI's id to its neighbour; a known KPI is used once.
    """
    pairs: dict[int, int] = {}
    for likeness in LIKENESSES:
        taken = set(pairs.values())
        for position, entry in enumerate(listed):
            if position in pairs:
                continue
            like = (n for n, kpi in enumerate(known) if n not in taken and likeness(entry, kpi))
            if (found := next(like, None)) is not None:
                pairs[position] = found
                taken.add(found)
    return pairs


def _same_ref(entry: ListedKpi, kpi: Kpi) -> bool:
    return entry.ref.casefold() == kpi.ref.casefold()


def _same_title(entry: ListedKpi, kpi: Kpi) -> bool:
    return _folded(entry.title) == _folded(kpi.title)


def _same_home(entry: ListedKpi, kpi: Kpi) -> bool:
    return _folded(entry.workstream) == _folded(kpi.workstream) and _folded(entry.sub_area) == _folded(kpi.sub_area)


def _reworded(entry: ListedKpi, kpi: Kpi) -> bool:
    """Whether the titles differ in words and not in figures: `<16` and `>16` are different KPIs."""
    new, old = _folded(entry.title), _folded(kpi.title)
    figures = r"[<>%£]|\d+"
    return (
        re.findall(figures, new) == re.findall(figures, old)
        and SequenceMatcher(None, new, old, autojunk=False).ratio() >= ALIKE
    )


LIKENESSES: tuple[Callable[[ListedKpi, Kpi], bool], ...] = (
    lambda entry, kpi: _same_ref(entry, kpi) and _same_title(entry, kpi),
    lambda entry, kpi: _same_title(entry, kpi) and _same_home(entry, kpi),
    lambda entry, kpi: _same_ref(entry, kpi) and _reworded(entry, kpi),
    _same_title,
)


@lru_cache(maxsize=10_000)
def _folded(text: str) -> str:
    """A text as it is compared: case, spacing, kinds of dash and quote, and a closing mark do not count."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(str.maketrans("‐‑‒–—−’‘“”", "------''\"\""))
    return " ".join(plain.split()).rstrip(" .*")


def followed(kpi: Kpi, entry: ListedKpi) -> Kpi:
    """A known KPI under the list's ref, workstream, sub-area and title; what is odd is for review."""
    review, life = kpi.review, kpi.life
    if GONE in review:
        review, life = review.replace(GONE, BACK), first_clue(LIVES, entry.title).value
    if not _same_title(entry, kpi):
        review = _with(review, REWORDED.format(kpi.title))
    elif not (_same_ref(entry, kpi) or _same_home(entry, kpi)):
        review = _with(review, MOVED.format(kpi.ref or "(none)", kpi.workstream))
    return replace(
        kpi,
        ref=entry.ref,
        workstream=entry.workstream,
        sub_area=entry.sub_area,
        title=entry.title,
        life=life,
        review=review,
    )


def left_out(kpi: Kpi) -> Kpi:
    """A known KPI that the list lacks: to be retired, unless it has no ref and so was never in a list."""
    if not kpi.ref or kpi.life is Life.RETIRED:
        return kpi
    return replace(kpi, life=Life.RETIRED, review=_with(kpi.review, GONE))


def _with(review: str, sentence: str) -> str:
    return f"{review} {sentence}".strip()
