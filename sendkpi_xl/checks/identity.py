"""What can be wrong with the line that says what a return sheet is: its quarter, council, workstream and layout."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from sendkpi_xl.checks.check import Check, Noticed, Scope
from sendkpi_xl.finding_rules import MUST, Rule
from sendkpi_xl.findings import did_you_mean, shortened
from sendkpi_xl.layout import READABLE_LAYOUTS, Identity
from sendkpi_xl.model import Catalogue, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Place

NOTHING_READ = "nothing was read from this sheet"


class SeenIdentity(Struct, frozen=True):
    """The line that says what a return sheet is, held against the round."""

    place: Place
    identity: Identity
    catalogue: Catalogue
    period: Period

    @property
    def workstream(self) -> Workstream | None:
        """The catalogue's workstream of this code; None when it has none."""
        code = self.identity.workstream_code
        return next((each for each in self.catalogue.workstreams if each.code == code), None)

    def here(self, **words: object) -> Noticed:
        """Something noticed at the identity's cell."""
        return Noticed(self.place, "", words)


def other_quarter(seen: SeenIdentity) -> Iterator[Noticed]:
    """A return for another quarter."""
    if seen.identity.period != seen.period.code:
        yield seen.here(found=seen.identity.period, period=seen.period.code)


def unknown_layout(seen: SeenIdentity) -> Iterator[Noticed]:
    """A template whose columns this version does not know."""
    if seen.identity.layout_version not in READABLE_LAYOUTS:
        known = " or ".join(READABLE_LAYOUTS)
        yield seen.here(found=seen.identity.list_version, layout=seen.identity.layout_version, known=known)


def other_council(seen: SeenIdentity) -> Iterator[Noticed]:
    """A template of another council; the first layout did not name one."""
    council = seen.catalogue.settings.council
    if seen.identity.council not in ("", " ".join(council.split())):
        yield seen.here(found=shortened(seen.identity.council), council=council)


def unknown_workstream(seen: SeenIdentity) -> Iterator[Noticed]:
    """A workstream that the catalogue does not have."""
    if seen.workstream is None:
        codes = [each.code for each in seen.catalogue.workstreams]
        found = seen.identity.workstream_code
        yield seen.here(found=shortened(found), choices=", ".join(codes), guess=did_you_mean(found, codes))


IDENTITY_CHECKS = (
    Check(
        "R02",
        Scope.IDENTITY,
        Rule(
            MUST,
            "The sheet is for {found}, and this round is {period}.",
            "A return for {period}.",
            f"Fill in and send the workbook for {{period}}; {NOTHING_READ}.",
        ),
        other_quarter,
    ),
    Check(
        "R03",
        Scope.IDENTITY,
        Rule(
            MUST,
            "The sheet was made from the KPI list “{found}” in layout {layout}.",
            "A sheet in layout {known}.",
            f"Fill in and send the workbook that was sent out for this quarter; {NOTHING_READ}.",
        ),
        unknown_layout,
    ),
    Check(
        "R12",
        Scope.IDENTITY,
        Rule(
            MUST,
            "The sheet belongs to {found}.",
            "A sheet of {council}.",
            f"Look for the workbook that was meant, and send that; {NOTHING_READ}.",
        ),
        other_council,
    ),
    Check(
        "R04",
        Scope.IDENTITY,
        Rule(
            MUST,
            "Workstream “{found}” is not in the catalogue{guess}.",
            "One of: {choices}.",
            f"Look for the workbook that was meant, and send that; {NOTHING_READ}.",
        ),
        unknown_workstream,
    ),
)
"""The checks of the line that says what a sheet is; where one of them finds anything, nothing is read."""
