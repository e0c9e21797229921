"""A finding made of its rule, the words that findings are told in, and the refusal that ends a command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sendkpi_xl.finding_rules import RULES, Rule
from sendkpi_xl.reading import Finding, Place, Severity


class Refusal(Exception):
    """The command cannot go on. `findings` say why and what to do; the exit status is 2."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{finding.place}: {finding.found}" for finding in findings))
        self.findings = tuple(findings)


ORDER = tuple(Severity)


def finding(code: str, place: Place, subject: str = "", **words: object) -> Finding:
    """The finding `code` at a place, its sentences filled in with `words`; KeyError for a word that is missing."""
    return made(code, RULES[code], place, subject, words)


def made(code: str, rule: Rule, place: Place, subject: str, words: Mapping[str, object]) -> Finding:
    """A rule's finding at a place, its sentences filled in with `words`; KeyError for a word that is missing."""
    found, expected, action = (sentence.format(**words) for sentence in (rule.found, rule.expected, rule.action))
    return Finding(code, rule.severity, place, found, expected, action, subject)


def sorted_findings(findings: Iterable[Finding]) -> list[Finding]:
    """The most urgent first, otherwise in the order in which they were found."""
    return sorted(findings, key=lambda finding: ORDER.index(finding.severity))


def shortened(text: str, most: int = 80) -> str:
    """A text as a message quotes it: on one line, cut where it is long, `?` for letters that cannot be seen."""
    line = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text[: 10 * most].split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def so_many(number: int, one: str) -> str:
    """A number of things in words: `1 figure`, `14 figures`."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names in a row, so many at most: `I6, I7 and 3 more`."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def did_you_mean(found: str, known: Sequence[str]) -> str:
    """` (did you mean “…”?)` when one of the known names is closer than all others to what was found, else nothing."""
    import difflib

    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(found.casefold(), list(folded), n=2, cutoff=0.7)
    likeness = [difflib.SequenceMatcher(None, name, found.casefold()).ratio() for name in close]
    if not close or likeness[1:] == likeness[:1]:
        return ""
    return f" (did you mean “{folded[close[0]]}”?)"
