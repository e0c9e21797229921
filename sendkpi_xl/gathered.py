"""What was gathered of a quarter: its readings, and what became of each file."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from sendkpi_xl.period import Period
from sendkpi_xl.reading import Entries, Finding, Reading


class Outcome(StrEnum):
    """What became of a file in the folder of returns; every file has exactly one."""

    USED = "used"
    DUPLICATE = "same as another"
    SUPERSEDED = "superseded"
    HELD = "held"
    EMPTY = "not filled in"
    SKIPPED = "skipped"
    REFUSED = "refused"


class FileOutcome(Struct, frozen=True):
    """One file of the folder: whose return it is, how much of it is done, and what became of it.

    `entries` is how its non-empty entries ended, `filled` how many there are, counted by themselves; both are of the
    return that is used or held, and zero otherwise. `saved_by` and `saved_at` are as the file says, or empty.
    """

    file: str
    outcome: Outcome
    sha256: str = ""
    workstreams: tuple[str, ...] = ()
    done: int = 0
    of: int = 0
    must_fix: int = 0
    saved_by: str = ""
    saved_at: str = ""
    entries: Entries = field(default_factory=Entries)
    filled: int = 0


class Gathered(Struct, frozen=True):
    """A quarter's readings, one for each live KPI in list order, with the files they came from and all findings.

    `found` is how many files the folder holds, counted before any was looked at.
    """

    period: Period
    readings: tuple[Reading, ...]
    files: tuple[FileOutcome, ...]
    findings: tuple[Finding, ...]
    found: int

    def reading(self, kpi_id: str) -> Reading:
        """The reading of a live KPI; KeyError for another."""
        for reading in self.readings:
            if reading.kpi_id == kpi_id:
                return reading
        raise KeyError(kpi_id)
