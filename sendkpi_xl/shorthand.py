"""The field's shorthand (Government Analysis Function): symbols that stand in place of a figure, or beside one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum


class Symbol(StrEnum):
    """A symbol as it is printed, in the order in which symbols stand in a key or beside one another."""

    NOT_APPLICABLE = "[z]"
    NOT_AVAILABLE = "[x]"
    CONFIDENTIAL = "[c]"
    LOW_RELIABILITY = "[u]"
    REVISED = "[r]"
    PROVISIONAL = "[p]"

    @property
    def words(self) -> str:
        """What it means, as a key says it."""
        return {
            Symbol.NOT_APPLICABLE: "not applicable",
            Symbol.NOT_AVAILABLE: "not available",
            Symbol.CONFIDENTIAL: "confidential (too few to show)",
            Symbol.LOW_RELIABILITY: "low reliability",
            Symbol.REVISED: "revised",
            Symbol.PROVISIONAL: "provisional",
        }[self]


IN_PLACE = (Symbol.NOT_APPLICABLE, Symbol.NOT_AVAILABLE, Symbol.CONFIDENTIAL)
"""Those that stand where a figure would."""
BESIDE = (Symbol.LOW_RELIABILITY, Symbol.REVISED, Symbol.PROVISIONAL)
"""Those that say something of a figure that is shown."""


def in_order(found: Collection[Symbol]) -> tuple[Symbol, ...]:
    """Each of these symbols once, in the shorthand's order."""
    return tuple(symbol for symbol in Symbol if symbol in found)


def key(symbols: Iterable[Symbol]) -> str:
    """What symbols mean, in a line: `[z] not applicable, [x] not available`."""
    return ", ".join(f"{symbol} {symbol.words}" for symbol in symbols)
