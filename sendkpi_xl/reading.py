"""What comes of a return: readings, the place where each stands, ratings, and findings.

All are frozen. `None` always means "nothing there": a blank is never a zero. Percentages are fractions (0.85), money is
pounds, averages are pounds, waiting times are weeks.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from sendkpi_xl.period import Period
from sendkpi_xl.shorthand import Symbol


class Rag(StrEnum):
    """A rating, by the letter that the board sees."""

    RED = "R"
    AMBER = "A"
    GREEN = "G"

    @property
    def word(self) -> str:
        """The rating as a word."""
        return {"R": "Red", "A": "Amber", "G": "Green"}[self.value]


class Severity(StrEnum):
    """How urgent a finding is, the most urgent first."""

    MUST_FIX = "must fix"
    PLEASE_CHECK = "please check"
    NOTE = "note"


class Status(StrEnum):
    """What became of one KPI in one quarter."""

    REPORTED = "reported"
    BLANK = "blank with a reason"
    QUERIED = "queried"
    NOT_RETURNED = "not returned"


class Reason(StrEnum):
    """Why a lead gives no value: the choices of the template's drop-down."""

    NOT_YET = "Data not yet available"
    NOT_THIS_QUARTER = "Not collected this quarter"
    ANOTHER_KPI = "Reported under another KPI"
    NO_CASES = "No cases this quarter"
    TOO_FEW = "Too few to report safely"
    OTHER = "Other: say why in the comment"

    @property
    def shorthand(self) -> Symbol:
        """The symbol that stands in place of such a figure."""
        if self in (Reason.NOT_YET, Reason.OTHER):
            return Symbol.NOT_AVAILABLE
        return Symbol.CONFIDENTIAL if self is Reason.TOO_FEW else Symbol.NOT_APPLICABLE


class Place(Struct, frozen=True):
    """Where something stands: a file's name, a sheet's name and a cell's address, each empty when it has none."""

    file: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        inside = f"sheet {self.sheet}, {self.cell}" if self.cell else f"sheet {self.sheet}"
        return f"{self.file}, {inside}" if self.sheet else self.file


class Finding(Struct, frozen=True):
    """One thing noticed: `code` is its name for ever, `subject` the KPI or heading, the rest are sentences."""

    code: str
    severity: Severity
    place: Place
    found: str
    expected: str
    action: str
    subject: str = ""


class Reading(Struct, frozen=True):
    """One KPI in one quarter, as returned; `typed` is the value cell's own text, `sha256` that of its file.

    `forecast` is what the lead expects the year to end at, `symbols` what the lead says of the value in the field's
    shorthand, in its order. `place` is where the value stands, `comment_cell` the
    address of the comment on the same sheet.
    """

    kpi_id: str
    period: Period
    status: Status
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    reason: Reason | None = None
    comment: str = ""
    typed: str = ""
    how: str = ""
    place: Place = field(default_factory=lambda: Place(""))
    comment_cell: str = ""
    sha256: str = ""
    forecast: float | None = None
    symbols: tuple[Symbol, ...] = ()

    @property
    def withheld(self) -> bool:
        """Whether a figure was reported and is not shown, as it would tell of too few people."""
        return self.status is Status.REPORTED and self.value is None


class Entries(Struct, frozen=True):
    """How many of a return's non-empty entries were taken as typed, converted, or left as a question."""

    accepted: int = 0
    converted: int = 0
    queried: int = 0

    def __add__(self, other: Entries) -> Entries:
        added = (self.accepted + other.accepted, self.converted + other.converted, self.queried + other.queried)
        return Entries(*added)

    @property
    def total(self) -> int:
        """All of them."""
        return self.accepted + self.converted + self.queried

    @property
    def all_queried(self) -> Entries:
        """The same entries of a return that is not used until a question about it is answered."""
        return Entries(queried=self.total)


class Rating(Struct, frozen=True):
    """A computed rating; `rag` None means not rated, and `sentence` says why either way.

    `withheld` says that there is one, and that it is not shown: it would give a figure back.
    """

    rag: Rag | None
    sentence: str
    withheld: bool = False
