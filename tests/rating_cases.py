"""KPIs as the tests of ratings and figures draw them: unit and decimals follow from how a value is written."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from textwrap import dedent

from sendkpi_xl.fields import parse_number
from sendkpi_xl.figures import places
from sendkpi_xl.model import Goal, Kpi, Polarity, Profile, Sign, Unit
from sendkpi_xl.rating import Standard
from sendkpi_xl.reading import Rag

BETTER = {
    "higher": Polarity.HIGHER,
    "lower": Polarity.LOWER,
    "near": Polarity.NEAR,
    "context": Polarity.CONTEXT,
}
LETTERS = {"R": Rag.RED, "A": Rag.AMBER, "G": Rag.GREEN, "-": None}
YEAR = "2021-22"


def lines(table: str) -> list[tuple[str, ...]]:
    """The rows of a table drawn with `|` between its fields, without its heading."""
    drawn = [tuple(field.strip() for field in line.split("|")) for line in dedent(table).strip().splitlines()]
    return drawn[1:]


def written(text: str) -> tuple[float, Unit, int]:
    """A figure's number, unit and decimals: `£12.50`, `80.1%`, `18 weeks`, `1,462`; `£/7` is an average of £7."""
    digits = text.replace("£/", "£").removesuffix(" weeks")
    number = parse_number(digits)
    assert number is not None, text
    decimals = len(re.sub(r"[^0-9.]", "", digits).partition(".")[2])
    return number, unit_of(text), decimals


def unit_of(text: str) -> Unit:
    """The unit that a figure is written in."""
    marks = {"%": Unit.PERCENT, "£/": Unit.AVERAGE, "£": Unit.MONEY, "weeks": Unit.WEEKS}
    return next((unit for mark, unit in marks.items() if mark in text), Unit.COUNT)


def goal_of(text: str) -> Goal:
    """A target as it is written: `<5%`, `-22.76%`, `£16,483`, `none`."""
    if text == "none":
        return Goal(YEAR)
    sign = Sign(text[0]) if text[0] in "<>" else Sign.AT
    return Goal(YEAR, target=written(text.lstrip("<>"))[0], target_sign=sign)


def kpi_of(
    better: str,
    unit: Unit,
    decimals: int,
    *,
    profile: Profile = Profile.SNAPSHOT,
    survey: bool = False,
    smallest_sample: int | None = None,
    green_within: float | None = None,
    amber_within: float | None = None,
) -> Kpi:
    """A KPI with nothing to it but what its rating comes from."""
    return Kpi(
        "K001",
        "1",
        "Schools",
        "Places",
        "A measure",
        unit,
        decimals,
        BETTER[better],
        profile,
        survey=survey,
        smallest_sample=smallest_sample,
        green_within=green_within,
        amber_within=amber_within,
    )


def near_limits(kpi: Kpi, standard: Standard) -> list[float]:
    """The shown values next to the target and to each limit on both sides, each once."""
    assert standard.target is not None
    step = Decimal(1).scaleb(-places(kpi.unit, kpi.decimals))
    reaches = (Decimal(0), standard.green, -standard.green, standard.amber, -standard.amber)
    values: set[Decimal] = set()
    for reach in reaches:
        limit = standard.target + reach
        low, high = limit.quantize(step, ROUND_FLOOR), limit.quantize(step, ROUND_CEILING)
        values |= {low - step, low, high, high + step}
    return [float(value) for value in sorted(values)]
