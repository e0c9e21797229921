"""The two editions of a quarter's board workbook: one for the team and the board, one for the website."""

from __future__ import annotations

from enum import StrEnum


class Edition(StrEnum):
    """For whom a board workbook is."""

    INTERNAL = "internal"
    PUBLISH = "publish"

    @property
    def label(self) -> str:
        """What each sheet of it says in its title and at the head of its pages."""
        return {
            Edition.INTERNAL: "internal edition, not for publication",
            Edition.PUBLISH: "publish edition",
        }[self]
