"""A KPI's rule in words: which values are green, amber and red in one quarter, as the board would read them."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from msgspec import Struct
from msgspec.structs import replace

from sendkpi_xl.figures import figure, places, plain
from sendkpi_xl.model import Kpi, Measure, Polarity, Tolerance
from sendkpi_xl.rating import Standard, rate
from sendkpi_xl.reading import Rag


class Reach(Struct, frozen=True):
    """The lowest and the highest value, as shown, within a distance of the target on either side."""

    low: Decimal
    high: Decimal


def rule_words(kpi: Kpi, standard: Standard) -> str:
    """Which values are green, amber and red: `Green up to £16,647, amber up to £17,307, red beyond.`

    The limits are given as the last value that still counts, in the decimals that the board sees. A context-only KPI,
    and one without a target, has no such rule.
    """
    if kpi.polarity is Polarity.CONTEXT:
        return "Not rated: shown for context only."
    if standard.target is None:
        return "Not rated: no target is set."
    words = _letters(kpi, reach_of(kpi, standard, standard.green), reach_of(kpi, standard, standard.amber))
    if standard.smallest_sample:
        words += f" Under {standard.smallest_sample} {'answers' if kpi.survey else 'cases'}: amber."
    if _baseline_would_be_red(kpi, standard):
        assert standard.unmoved is not None
        words += f" Still at the baseline of {figure(standard.unmoved, kpi.unit, kpi.decimals)}: amber."
    return words


def reach_of(kpi: Kpi, standard: Standard, distance: Decimal) -> Reach:
    """The values as shown that are within a distance of the quarter's target; there must be one."""
    assert standard.target is not None
    step = Decimal(1).scaleb(-places(kpi.unit, kpi.decimals))
    low = (standard.target - distance).quantize(step, ROUND_CEILING)
    high = (standard.target + distance).quantize(step, ROUND_FLOOR)
    if standard.strict:
        low += step if standard.target - low >= distance else 0
        high -= step if high - standard.target >= distance else 0
    return Reach(low, high)


def tolerance_words(tolerance: Tolerance) -> str:
    """A tolerance in words: `green within 0.5 points, amber within 10 points`."""
    measure = " points" if tolerance.measure is Measure.POINTS else "% of the target"
    return f"green within {plain(tolerance.green * 100)}{measure}, amber within {plain(tolerance.amber * 100)}{measure}"


def steady_words(tolerance: Tolerance) -> str:
    """How far a value may move and be no change, in words: `0.5 points`, `1% of the earlier value`."""
    measure = " points" if tolerance.measure is Measure.POINTS else "% of the earlier value"
    return f"{plain(tolerance.steady * 100)}{measure}"


def _letters(kpi: Kpi, green: Reach, amber: Reach) -> str:
    def shown(value: Decimal) -> str:
        return figure(value, kpi.unit, kpi.decimals)

    match kpi.polarity:
        case Polarity.HIGHER:
            between = "" if amber.low == green.low else f", amber from {shown(amber.low)}"
            return f"Green from {shown(green.low)}{between}, red below."
        case Polarity.LOWER:
            between = "" if amber.high == green.high else f", amber up to {shown(amber.high)}"
            return f"Green up to {shown(green.high)}{between}, red beyond."
        case _:
            told = [(name, each) for name, each in (("green", green), ("amber", amber)) if each.low <= each.high]
            if amber == green:
                told = told[:1]
            words = ", ".join(f"{name} from {shown(each.low)} to {shown(each.high)}" for name, each in told)
            return f"{words[:1].upper()}{words[1:]}, red outside." if words else "Every value is red."


def _baseline_would_be_red(kpi: Kpi, standard: Standard) -> bool:
    """Whether a measure that has not moved yet is amber by that alone."""
    if standard.unmoved is None:
        return False
    by_limits = replace(standard, unmoved=None)
    return rate(kpi, by_limits, float(standard.unmoved), None).rag is Rag.RED
