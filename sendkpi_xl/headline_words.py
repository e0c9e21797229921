"""What a headline says in its own words: the KPIs that it names, the figures in it, and whether it says all is well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

REF = r"\d+[a-z]?\b(?![.,]?\d|%)"
BETWEEN = r"(?:\s*,\s*|\s+and\s+|\s*&\s*|\s*,\s*and\s+)"
ONE_KPI = re.compile(rf"\bKPI\s+\(?({REF})", re.IGNORECASE)
SEVERAL_KPIS = re.compile(rf"\bKPIs\s+\(?({REF}(?:{BETWEEN}{REF})*)", re.IGNORECASE)
BETWEEN_REFS = re.compile(r"[,;&\s]+(?:and[,;&\s]+)?")

FIGURE = re.compile(
    r"(?P<minus>[-−])?(?P<pounds>£\s*[-−]?)?(?P<digits>\d[\d,]*(?:\.\d+)?)\s*"
    r"(?P<ending>%|per\s?cent\b|million\b|m\b|thousand\b|k\b|bn\b|billion\b)?",
    re.IGNORECASE,
)
TIMES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000, "bn": 10**9, "billion": 10**9}

CLAIM = re.compile(
    r"\b(?:(?P<within>within)\b(?!\s+(?:an?\s+)?\d)|on target|on track|met|(?<!was )(?<!were )green)\b(?! up\b)",
    re.IGNORECASE,
)
DENIAL = re.compile(r"\b(?:not|no longer|never|nor|without|be|being|hardly|cannot|\w+n[’']t)(?:\s+\w+){0,2}\s+$", re.I)

DENIAL_REACH = 60
"""How many letters before such words a denial is looked for."""


class SaidFigure(Struct, frozen=True):
    """An amount of money or a percentage as a text gives it: its words, its size, and how far rounding may reach.

    A percentage is a fraction (0.38), money is pounds; `slack` is half a unit of the last digit that was given.
    """

    words: str
    percent: bool
    size: Decimal
    slack: Decimal

    def is_about(self, number: Decimal) -> bool:
        """Whether the number, rounded as the text gives it, is this figure; a minus may stand in words."""
        return abs(abs(number) - self.size) <= self.slack


def split_refs(text: str) -> tuple[str, ...]:
    """The refs of a cell such as `19, 20` or `19 and 20`, in their order."""
    return tuple(filter(None, BETWEEN_REFS.split(text)))


def refs_in(text: str) -> tuple[str, ...]:
    """The refs that a text names after the word KPI: `KPI 20`, `KPI (20)`, `KPIs 19, 20 and 21`."""
    found = [match[1] for match in ONE_KPI.finditer(text)]
    for match in SEVERAL_KPIS.finditer(text):
        found += split_refs(match[1])
    return tuple(dict.fromkeys(found))


def claim_in(text: str) -> str:
    """The first words with which a text says that all is well, such as `on target`; empty when it has none.

    A denied one (`not met`) is none, nor what was green, nor a time limit (`within 20 weeks`).
    """
    for match in CLAIM.finditer(text):
        if not DENIAL.search(text[max(0, match.start() - DENIAL_REACH) : match.start()]):
            return match[0]
    return ""


def figures_in(text: str) -> Iterator[SaidFigure]:
    """The amounts of money and percentages in a text; bare numbers (years, refs, weeks) are none."""
    for match in FIGURE.finditer(text):
        ending = (match["ending"] or "").lower()
        percent = ending.startswith(("%", "per"))
        if not (percent or match["pounds"]):
            continue
        digits = match["digits"].rstrip(",").replace(",", "")
        unit = Decimal("0.01") if percent else Decimal(TIMES.get(ending, 1))
        last = Decimal(1).scaleb(-len(digits.partition(".")[2]))
        yield SaidFigure(match[0].strip(), percent, Decimal(digits) * unit, last * unit / 2)
