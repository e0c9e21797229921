"""The receipt of a round: sums over its files, KPIs and entries, each counted twice in different ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.gathered import Gathered, Outcome
from sendkpi_xl.model import Catalogue
from sendkpi_xl.reading import Entries, Place, Status


class Receipt(Struct, frozen=True):
    """What came in and what became of it: files found by outcome, live KPIs by status, non-empty entries by ending.

    `found`, `expected` and `filled` are the same things counted by themselves; each must be the sum of its parts.
    """

    found: int
    files: Mapping[Outcome, int]
    expected: int
    kpis: Mapping[Status, int]
    filled: int
    entries: Entries

    def sums(self) -> tuple[str, str, str]:
        """The three sums in words: `125 live KPIs = 69 reported + …`."""
        files = " + ".join(f"{self.files[outcome]} {outcome.value}" for outcome in Outcome)
        kpis = " + ".join(f"{self.kpis[status]} {status.value}" for status in Status)
        ended = self.entries
        entries = f"{ended.accepted:,} accepted + {ended.converted:,} converted + {ended.queried:,} queried"
        return (
            f"{self.found:,} files = {files}",
            f"{self.expected:,} live KPIs = {kpis}",
            f"{self.filled:,} entries = {entries}",
        )

    def wrong(self) -> tuple[str, ...]:
        """The sums that do not add up."""
        right = (sum(self.files.values()), sum(self.kpis.values()), self.entries.total)
        counted = (self.found, self.expected, self.filled)
        return tuple(words for words, whole, parts in zip(self.sums(), counted, right, strict=True) if whole != parts)


def receipt(catalogue: Catalogue, gathered: Gathered) -> Receipt:
    """The receipt of what was gathered; Refusal when one of its sums does not add up: then nothing may go on."""
    files = Counter(file.outcome for file in gathered.files)
    statuses = Counter(reading.status for reading in gathered.readings)
    made = Receipt(
        gathered.found,
        {outcome: files[outcome] for outcome in Outcome},
        len(catalogue.live()),
        {status: statuses[status] for status in Status},
        sum(file.filled for file in gathered.files),
        sum((file.entries for file in gathered.files), Entries()),
    )
    if wrong := made.wrong():
        raise Refusal([finding("F15", Place(gathered.period.code), sums="; ".join(wrong))])
    return made
