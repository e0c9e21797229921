"""The rating rules, declared once: `standard_for` says what a value is held against, everything else renders that.

`rate` is the rating in Python, and the sentence in each `Rating` the same in words; `rating_formulas` renders it for
Excel. The order of the rules:

1. A context-only KPI is not rated. A KPI without a value is not rated.
2. A survey with fewer answers than the smallest sample is amber, whatever it says and whatever its target.
3. A KPI without a target is not rated.
4. On the right side of the quarter's target, or at most the green tolerance on the wrong side: green; at most the
   amber tolerance: amber; beyond it: red. The value is rounded to what is shown first.
5. An annual or termly measure that still stands at its baseline, as long as its first figure of the year is not due,
   is amber where it would be red: it has not moved yet.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import count

from msgspec import Struct

from sendkpi_xl.figures import exact, figure, places, plain, rounded, to_places
from sendkpi_xl.model import Goal, Kpi, Measure, Polarity, Policy, Sign, Tolerance, Unit
from sendkpi_xl.reading import Rag, Rating

SHARED_DECIMALS = 2
"""A target is shown, and held against a value, with at most this many decimals more than the value."""

GUARD_DECIMALS = 4
"""Products are rounded to so many decimals more than the target before anything is decided by them: what ties in
decimal numbers then ties in a spreadsheet's binary ones as well."""


class Standard(Struct, frozen=True):
    """What one KPI's value is held against in one quarter.

    `target` is the quarter's (None without one), `year_target` the year's; `green` and `amber` are absolute
    amounts in the KPI's unit, `smallest_sample` None when no small-sample rule applies. `unmoved` is the baseline as
    shown where a value that equals it has not moved yet, and is no red; None where that rule does not apply.
    """

    target: Decimal | None
    year_target: Decimal | None
    share: Decimal
    green: Decimal
    amber: Decimal
    tolerance: Tolerance
    sign: Sign
    smallest_sample: int | None
    unmoved: Decimal | None = None

    @property
    def strict(self) -> bool:
        """Whether reaching the limit exactly is not enough (targets such as `<5%`)."""
        return self.sign is not Sign.AT

    def too_few(self, denominator: float | None) -> bool:
        """Whether so many answers (None: not known) are too few to judge by."""
        return self.smallest_sample is not None and denominator is not None and denominator < self.smallest_sample


def tolerance_for(kpi: Kpi, policy: Policy) -> Tolerance:
    """The unit's tolerance, with the KPI's own limits where the catalogue gives them."""
    unit = policy.tolerances[kpi.unit]
    return Tolerance(
        unit.green if kpi.green_within is None else kpi.green_within,
        unit.amber if kpi.amber_within is None else kpi.amber_within,
        unit.measure,
        unit.steady,
    )


def standard_for(kpi: Kpi, goal: Goal, policy: Policy, quarter: int) -> Standard:
    """What a value of `kpi` is held against in `quarter` (1 to 4) of the goal's year."""
    tolerance = tolerance_for(kpi, policy)
    share = exact(policy.shares[kpi.profile][quarter - 1])
    year_target = None if goal.target is None else exact(goal.target)
    target = None if year_target is None else to_places(_guarded(year_target * share, kpi), target_places(kpi))
    scale = Decimal(1) if tolerance.measure is Measure.POINTS else abs(target or Decimal(0))
    sample = kpi.smallest_sample
    if sample is None and kpi.survey:
        sample = policy.smallest_sample
    return Standard(
        target,
        year_target,
        share,
        _guarded(exact(tolerance.green) * scale, kpi),
        _guarded(exact(tolerance.amber) * scale, kpi),
        tolerance,
        goal.target_sign,
        sample,
        _unmoved(kpi, goal, policy, quarter),
    )


def _unmoved(kpi: Kpi, goal: Goal, policy: Policy, quarter: int) -> Decimal | None:
    if goal.baseline is None or quarter > policy.unmoved_until.get(kpi.profile, 0):
        return None
    return rounded(goal.baseline, kpi.unit, kpi.decimals)


def target_places(kpi: Kpi) -> int:
    """The decimals that a target is rounded to, in the KPI's unit: two of a percentage are four of its fraction."""
    return places(kpi.unit, kpi.decimals) + SHARED_DECIMALS


def _guarded(product: Decimal, kpi: Kpi) -> Decimal:
    return to_places(product, target_places(kpi) + GUARD_DECIMALS)


def rate(kpi: Kpi, standard: Standard, value: float | None, denominator: float | None) -> Rating:
    """The computed rating of a value, with the sentence that explains it; `denominator` counts a survey's answers."""
    if kpi.polarity is Polarity.CONTEXT:
        return Rating(None, "Not rated: shown for context only.")
    if value is None:
        return Rating(None, "Not rated: no value was reported.")
    if standard.too_few(denominator):
        return Rating(Rag.AMBER, _too_few(kpi, standard, denominator or 0.0))
    if standard.target is None:
        return Rating(None, "Not rated: no target is set.")
    shown = rounded(value, kpi.unit, kpi.decimals)
    miss = miss_of(kpi.polarity, shown, standard.target)
    rag = _letter(miss, standard)
    if rag is Rag.RED and shown == standard.unmoved:
        return Rating(Rag.AMBER, _not_moved(kpi, standard, shown))
    return Rating(rag, _sentence(rag, kpi, standard, shown))


def _too_few(kpi: Kpi, standard: Standard, denominator: float) -> str:
    be = "is" if denominator == 1 else "are"
    counted = counted_words(kpi, denominator)
    return f"Amber: {counted} {be} too few to judge by; a value counts from {standard.smallest_sample}."


def counted_words(kpi: Kpi, denominator: float) -> str:
    """How many a measure was taken from: `8 answers` of a survey, `1 case` of anything else."""
    one = "answer" if kpi.survey else "case"
    return f"{plain(denominator)} {one if denominator == 1 else f'{one}s'}"


def _not_moved(kpi: Kpi, standard: Standard, shown: Decimal) -> str:
    value, still = figure(shown, kpi.unit, kpi.decimals), f"no new figure is due yet of this {kpi.profile} measure"
    return f"Amber: {value} is still the baseline, red against {target_words(kpi, standard)}, but {still}."


def miss_of(polarity: Polarity, shown: Decimal, target: Decimal) -> Decimal:
    """How far the shown value is on the wrong side of the target; negative or zero on the right side."""
    if polarity is Polarity.HIGHER:
        return target - shown
    if polarity is Polarity.LOWER:
        return shown - target
    return abs(shown - target)


def _letter(miss: Decimal, standard: Standard) -> Rag:
    def within(limit: Decimal) -> bool:
        return miss < limit if standard.strict else miss <= limit

    if within(standard.green):
        return Rag.GREEN
    return Rag.AMBER if within(standard.amber) else Rag.RED


def _sentence(rag: Rag, kpi: Kpi, standard: Standard, shown: Decimal) -> str:
    value = figure(shown, kpi.unit, kpi.decimals)
    target = target_words(kpi, standard)
    assert standard.target is not None
    miss = miss_of(kpi.polarity, shown, standard.target)
    if shown == standard.target and not standard.strict:
        return f"{rag.word}: {value} is exactly {target}."
    if miss < 0:
        verb = "is above" if shown > standard.target else "is below"
        return f"{rag.word}: {value} {verb} {target}, the right side of it."
    either = " on either side" if kpi.polarity is Polarity.NEAR else ""
    apart = distance(miss, shown > standard.target, standard, kpi)
    return f"{rag.word}: {value} is {apart} {target}; {_limit(rag, standard, kpi)}{either}."


def target_words(kpi: Kpi, standard: Standard) -> str:
    """The quarter's target as a sentence says it: with its share of the year where it is one."""
    assert standard.target is not None
    assert standard.year_target is not None
    bound = {Sign.AT: "", Sign.UNDER: "under ", Sign.OVER: "over "}[standard.sign]
    year = bound + figure_fully(standard.year_target, kpi)
    if standard.share == 1:
        return f"the target of {year}"
    quarter = figure_fully(standard.target, kpi)
    return f"{quarter}, the quarter's share ({_percent(standard.share)}) of the year's target of {year}"


def figure_fully(number: Decimal, kpi: Kpi) -> str:
    """A target in words, with all the decimals that it has."""
    return figure(number, kpi.unit, target_decimals(number, kpi))


def target_decimals(number: Decimal | float, kpi: Kpi) -> int:
    """How many decimals show this target in full: those that it has, at most two more than the KPI's."""
    text = format(number.normalize(), "f") if isinstance(number, Decimal) else plain(number)
    shift = 2 if kpi.unit is Unit.PERCENT else 0
    own = max(0, len(text.partition(".")[2]) - shift)
    return min(own, kpi.decimals + SHARED_DECIMALS)


def shown_decimals(number: Decimal | float | None, kpi: Kpi) -> int:
    """How many decimals a baseline or target is shown with: the KPI's, or its own where it has more."""
    return kpi.decimals if number is None else max(kpi.decimals, target_decimals(number, kpi))


def distance(miss: Decimal, above: bool, standard: Standard, kpi: Kpi) -> str:
    """How far the value is on the wrong side of the target, in the tolerance's measure."""
    if not miss:
        return "not under" if standard.sign is Sign.UNDER else "not over"
    if standard.tolerance.measure is Measure.POINTS:
        gap = f"{_digits(miss * 100, standard)} points"
    elif standard.target:
        gap = f"{_digits(miss / abs(standard.target) * 100, standard)}%"
    else:
        gap = figure(miss, kpi.unit, kpi.decimals)
    return f"{gap} {'above' if above else 'below'}"


def _digits(number: Decimal, standard: Standard) -> str:
    """The number with one decimal, or as many as show on which side of each limit it is."""
    limits = [exact(limit) * 100 for limit in (standard.tolerance.green, standard.tolerance.amber)]
    tries = (to_places(number, decimals) for decimals in count(1))
    enough = (text for text in tries if text and all(text.compare(each) == number.compare(each) for each in limits))
    return format(next(enough), "f")


def _limit(rag: Rag, standard: Standard, kpi: Kpi) -> str:
    """How far the rating reaches, or where red begins; a share of a zero target is no distance at all."""
    share = exact(standard.tolerance.green if rag is Rag.GREEN else standard.tolerance.amber)
    if standard.tolerance.measure is Measure.POINTS:
        limit = f"{_percent(share).removesuffix('%')} points"
    else:
        limit = _percent(share) if standard.target else figure(0, kpi.unit, kpi.decimals)
    if rag is Rag.RED:
        return f"red from {limit}" if standard.strict else f"amber ends at {limit}"
    return f"{rag.word.lower()} {'under' if standard.strict else 'up to'} {limit}"


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"
