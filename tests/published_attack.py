"""An attacker on a published dataset: what can be worked out of each withheld count from all that is shown.

Knows the sums of the catalogue, the rating policy and the published records, and nothing of how they were made. Is
given more than a reader has: which withheld numbers are few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice, zip_longest

Values = dict[str, int]
FEW_OF_EACH = 100


@dataclass(frozen=True)
class Sum:
    """`parts` each times its factor come to `total`."""

    parts: Mapping[str, int]
    total: int

    def names(self) -> set[str]:
        return set(self.parts)

    def holds(self, values: Mapping[str, int]) -> bool:
        return sum(factor * values[name] for name, factor in self.parts.items()) == self.total


@dataclass(frozen=True)
class Shown:
    """Some numbers must look like this together."""

    about: tuple[str, ...]
    looks_right: Callable[..., bool]

    def names(self) -> set[str]:
        return set(self.about)

    def holds(self, values: Mapping[str, int]) -> bool:
        return self.looks_right(*(values[name] for name in self.about))


@dataclass
class Puzzle:
    """Whole numbers, each with the values that it may have, and the rules that they keep together."""

    ranges: dict[str, Sequence[int]] = field(default_factory=dict)
    rules: list[Sum | Shown] = field(default_factory=list)

    def determined(self, names: list[str]) -> list[str]:
        """Those of these numbers that can only be one."""
        return [name for name in names if not self._could_be_two(name)]

    def others(self, name: str, than: int) -> Iterator[Values]:
        """Numbers that keep all rules with this one being another than it is, a few for each that it might be."""
        order = self._together(name)
        rules = [rule for rule in self.rules if rule.names() <= set(order)]
        values = (value for value in self.ranges[name] if value != than)
        found = [islice(self._solutions(order, rules, {name: value}), FEW_OF_EACH) for value in values]
        # The first of each, then the second of each.
        for each in zip_longest(*found):
            yield from filter(None, each)

    def _could_be_two(self, name: str) -> bool:
        found: set[int] = set()
        order = self._together(name)
        rules = [rule for rule in self.rules if rule.names() <= set(order)]
        for value in self.ranges[name]:
            if next(self._solutions(order, rules, {name: value}), None) is not None:
                found.add(value)
            if len(found) == 2:
                return True
        return False

    def _together(self, name: str) -> list[str]:
        """The numbers that some chain of rules binds to this one, itself first."""
        order = [name]
        for each in order:
            for rule in self.rules:
                if each in rule.names():
                    order += sorted(rule.names() - set(order))
        return order

    def _solutions(self, order: list[str], rules: list[Sum | Shown], values: Values) -> Iterator[Values]:
        open_rules = []
        for rule in rules:
            left = rule.names() - values.keys()
            if left:
                open_rules.append(left)
            if not left and not rule.holds(values):
                return
            if len(left) == 1 and isinstance(rule, Sum):
                (last,) = left
                rest = rule.total - sum(factor * values[each] for each, factor in rule.parts.items() if each != last)
                if rest % rule.parts[last] or rest // rule.parts[last] not in self.ranges[last]:
                    return
                yield from self._solutions(order, rules, {**values, last: rest // rule.parts[last]})
                return
        # What is bound most tightly comes first.
        bound = min(open_rules, key=len, default=set(order) - values.keys())
        if not bound:
            yield values
            return
        tried = min(bound, key=lambda name: (len(self.ranges[name]), name))
        for value in self.ranges[tried]:
            yield from self._solutions(order, rules, {**values, tried: value})


def shown_as(number: float, decimals: int) -> Decimal:
    """A number as a reader sees it."""
    return Decimal(repr(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def reader_sees(numerator: float, denominator: float, decimals: int) -> Decimal | None:
    """A quotient as a reader sees it; None where there is none."""
    if not denominator:
        return None
    return (Decimal(repr(numerator)) / Decimal(repr(denominator))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
