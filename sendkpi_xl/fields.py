"""Reading the fields of a row that people edited: each gives its value, or a finding and nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from sendkpi_xl.cells import Kind
from sendkpi_xl.findings import did_you_mean, finding, shortened
from sendkpi_xl.layout import YesNo
from sendkpi_xl.reading import Finding
from sendkpi_xl.tables import Row

Choice = TypeVar("Choice", bound=StrEnum)

LONGEST_NUMBER = 40
UNSHOWN = (Kind.ERROR, Kind.EMPTY)
NUMBER_TEXT = re.compile(r"(-?)\s*£?\s*(-?[\d,]*\.?\d+)\s*(%?)")


class Fields:
    """The fields of one row after another; what is wrong with them collects in `findings`."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def text(self, row: Row, key: str, *, needed: str = "") -> str:
        """The text; `needed` says what is expected where an empty cell is a finding."""
        if not self._shows_text(row, key, needed or "A text, or an empty cell."):
            return ""
        text = row.text(key)
        if not text and needed:
            self.findings.append(finding("T05", row.place(key), _subject(row), expected=needed))
        return text

    def _shows_text(self, row: Row, key: str, expected: str) -> bool:
        """Whether the cell is no error and no formula without a result; where it is one, a finding."""
        cell = row.cells.get(key)
        if cell is None or cell.kind not in UNSHOWN:
            return True
        code = "C02" if cell.kind is Kind.ERROR else "C03"
        self.findings.append(finding(code, row.place(key), _subject(row), found=cell.raw, expected=expected))
        return False

    def choice(self, row: Row, key: str, choices: type[Choice], empty: Choice | None = None) -> Choice | None:
        """One of a closed list, whatever its case; `empty` is what an empty cell stands for (None: a finding)."""
        by_word, words, expected = _choices(choices)
        if not self._shows_text(row, key, expected):
            return None
        text = row.text(key)
        if not text and empty is not None:
            return empty
        chosen = by_word.get(text.casefold())
        if isinstance(chosen, choices):
            return chosen
        if text:
            choice_words = {"found": shortened(text), "choices": ", ".join(words), "guess": did_you_mean(text, words)}
            self.findings.append(finding("T03", row.place(key), _subject(row), **choice_words))
        else:
            self.findings.append(finding("T05", row.place(key), _subject(row), expected=expected))
        return None

    def yes(self, row: Row, key: str) -> bool:
        """A yes-or-no answer; an empty cell is a no."""
        return self.choice(row, key, YesNo, YesNo.NO) is YesNo.YES

    def number(self, row: Row, key: str, expected: str = "A number, or an empty cell.") -> float | None:
        """A number, also one that was stored as text (`£1,234`, `85%`); None for an empty cell."""
        cell = row.cells.get(key)
        if cell is None:
            return None
        if cell.kind is Kind.NUMBER and isinstance(cell.value, float) and not cell.is_date:
            return cell.value
        number = parse_number(cell.raw) if cell.kind is Kind.TEXT else None
        if number is None:
            found = f"a date (stored as {row.text(key)})" if cell.is_date else shortened(row.text(key))
            self.findings.append(finding("T04", row.place(key), _subject(row), found=found, expected=expected))
        return number

    def whole(self, row: Row, key: str, *, least: int = 0, most: int = 10_000) -> int | None:
        """A whole number between two limits; None for an empty cell."""
        expected = f"A whole number from {least} to {most:,}."
        number = self.number(row, key, expected)
        if number is None:
            return None
        if number.is_integer() and least <= number <= most:
            return int(number)
        self.findings.append(finding("T04", row.place(key), _subject(row), found=row.text(key), expected=expected))
        return None


@lru_cache
def _choices(choices: type[StrEnum]) -> tuple[Mapping[str, StrEnum], tuple[str, ...], str]:
    """A closed list by its words in small letters, its words, and what is expected in a sentence."""
    words = tuple(choice.value for choice in choices if choice.value)
    return {choice.value.casefold(): choice for choice in choices}, words, f"One of: {', '.join(words)}."


def _subject(row: Row) -> str:
    """The KPI that the row is about, by whichever heading its table has for the id."""
    return row.text("id") or row.text("kpi_id")


def parse_number(text: str) -> float | None:
    """A number as people write it: thousands commas, a pound sign before it, a % sign after it; None for others."""
    text = text.strip().replace("\u2212", "-")
    # Longer texts are no numbers, and would take seconds to match.
    match = NUMBER_TEXT.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    if match is None or (match[1] and match[2].startswith("-")) or (match[3] and "£" in text):
        return None
    digits = match[2].replace(",", "")
    if "," in match[2] and not re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", match[2]):
        return None
    number = float(f"{match[1]}{digits}{'e-2' if match[3] else ''}")
    return number if abs(number) < 1e15 else None
