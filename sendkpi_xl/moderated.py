"""The performance team's last word: agreed ratings, headlines, remarks, and what they began and must not lose."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from sendkpi_xl.reading import Place, Rag


class Question(StrEnum):
    """Under which of the board's two questions a headline stands."""

    WORKING_WELL = "What is working well?"
    CONCERN = "What is a concern?"


class Verdict(StrEnum):
    """What people made of a headline that was proposed to them."""

    ACCEPT = "Accept"
    EDIT = "Edit"
    STRIKE = "Strike"


class Override(Struct, frozen=True):
    """A rating that people agreed instead of the computed one; `rag` None means that they agreed on no rating."""

    kpi_id: str
    rag: Rag | None
    reason: str
    who: str
    until: str
    place: Place = field(default_factory=lambda: Place(""))


class Remark(Struct, frozen=True):
    """What the team adds to a KPI for the board: a comment in place of the lead's, an action, who and by when."""

    kpi_id: str
    board_comment: str = ""
    action: str = ""
    owner: str = ""
    by_when: str = ""
    place: Place = field(default_factory=lambda: Place(""))


class Unfinished(Struct, frozen=True):
    """A row of the moderation workbook that does not count as it stands: its sheet, and its texts by column key."""

    sheet: str
    texts: Mapping[str, str]


class Headline(Struct, frozen=True):
    """A headline as the board reads it; `refs` are the board refs given with it, those in its words not among them.

    `key` is that of the proposal that it came from, empty for people's own; `place` is where its words stand.
    """

    text: str
    refs: tuple[str, ...] = ()
    key: str = ""
    place: Place = field(default_factory=lambda: Place(""))


class Decision(Struct, frozen=True):
    """What people wrote beside a proposed headline, with the proposal as it stood then.

    `verdict` None means that they have not decided; `words` are theirs for an edit, and empty where there are none.
    """

    key: str
    question: Question
    text: str
    refs: tuple[str, ...]
    verdict: Verdict | None
    words: str = ""
    place: Place = field(default_factory=lambda: Place(""))

    @property
    def headline(self) -> Headline | None:
        """What the board reads of it: the accepted text or people's words; None where that is nothing (yet)."""
        text = {Verdict.ACCEPT: self.text, Verdict.EDIT: self.words}.get(self.verdict) if self.verdict else ""
        return Headline(text, self.refs, self.key, self.place) if text else None


class Moderation(Struct, frozen=True):
    """The performance team's last word on a quarter; `unfinished` is what it began, which a refresh must not lose.

    `working_well` and `concerns` are what the board reads: people's own headlines, then the proposed ones that they
    accepted or edited. `decisions` are all that they wrote beside proposed headlines.
    """

    completeness: str = ""
    working_well: tuple[Headline, ...] = ()
    concerns: tuple[Headline, ...] = ()
    overrides: tuple[Override, ...] = ()
    unfinished: tuple[Unfinished, ...] = ()
    decisions: tuple[Decision, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def override(self, kpi_id: str) -> Override | None:
        """The override of this KPI's rating, or None."""
        return next((override for override in self.overrides if override.kpi_id == kpi_id), None)

    def remark(self, kpi_id: str) -> Remark:
        """The remark on this KPI, an empty one where there is none."""
        return next((remark for remark in self.remarks if remark.kpi_id == kpi_id), Remark(kpi_id))
