"""The checks over quarter 1 as it was published: what somebody should have asked about, they find by themselves."""

from __future__ import annotations

from msgspec.structs import replace

from sendkpi_xl.catalogue import load_catalogue
from sendkpi_xl.checks.goals import goal_findings
from sendkpi_xl.checks.sums import tied_goals
from sendkpi_xl.consolidate import moderation_findings, rate_readings
from sendkpi_xl.fields import parse_number
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.history import gather_history
from sendkpi_xl.model import Catalogue, Finding, Kpi, Moderation, Override, Place, Rag, Severity
from tests.fill_returns import PERIOD, ROOT
from tests.published import PublishedRow, published_rows

KINGSTON = WorkingFolder(ROOT)
CATALOGUE = load_catalogue(KINGSTON.catalogue)
ROWS = {row.ref: row for row in published_rows()}


def as_printed(kpi: Kpi) -> Kpi:
    """The KPI with the baseline and target that were printed, whatever the catalogue made of them since."""
    row = ROWS.get(kpi.board_ref)
    if row is None:
        return kpi
    goal, baseline, target = kpi.goal(PERIOD.year), parse_number(row.baseline), parse_number(row.target.lstrip("<"))
    if baseline is not None:
        goal = replace(goal, baseline=baseline)
    return replace(kpi, goals=(goal if target is None else replace(goal, target=target),))


PRINTED: Catalogue = replace(CATALOGUE, kpis=tuple(map(as_printed, CATALOGUE.kpis)))


def asked(findings: list[Finding], catalogue: Catalogue = PRINTED) -> list[str]:
    """Findings as lines: code, board ref, what was found."""
    refs = {kpi.id: kpi.board_ref or f"({kpi.id})" for kpi in catalogue.kpis}
    return [f"{each.code} | {refs[each.subject]} | {each.found}" for each in findings]


def test_the_printed_baselines_and_targets() -> None:
    """A count where a percentage belongs, a target without its % sign, and two sums that do not hold."""
    found = [*goal_findings(PRINTED, PERIOD.year, "c.xlsx"), *tied_goals(PRINTED, PERIOD.year, "c.xlsx")]
    assert asked(found) == [
        "K04 | 51 | The baseline for 2021-22 is 18900.0%.",
        "K03 | 75 | The target for 2021-22 is 25.00% beside a baseline of 0.20%.",
        "K02 | 10 | The baseline for 2021-22 is £5,149,967, and K010 - K021 - K126 gives £5,693,065.",
        "K02 | 29 | The target for 2021-22 is £20,684, and K011 / K001 gives £20,405.",
    ]


def test_the_printed_figures() -> None:
    """The percentage that its own fraction contradicts, and the samples of which one part was not printed."""
    found = gather_history(KINGSTON, CATALOGUE, PERIOD).now.findings
    assert asked(list(found)) == [
        "C10 | 34 | There is a denominator and no numerator.",
        "C10 | 37 | There is a denominator and no numerator.",
        "C10 | 38 | There is a denominator and no numerator.",
        "C10 | 51 | There is a numerator and no denominator.",
        "C08 | 69 | The value is 83%, and 6 out of 8 is 75%.",
    ]


def test_the_printed_ratings() -> None:
    """Each printed rating taken as agreed: the one with no value behind it is asked about."""
    history = gather_history(KINGSTON, CATALOGUE, PERIOD)
    moderation = Moderation(overrides=tuple(_override(kpi, ROWS[kpi.board_ref]) for kpi in _on_dataset()))
    rated = rate_readings(CATALOGUE, history.now, moderation)
    found = moderation_findings(rated, moderation, PERIOD)
    worth_asking = [each for each in found if each.severity is not Severity.NOTE]
    assert asked(worth_asking) == ["M04 | 29 | A rating is agreed for a KPI without a value."]


def _on_dataset() -> list[Kpi]:
    return [kpi for kpi in CATALOGUE.live() if kpi.board_ref in ROWS]


def _override(kpi: Kpi, row: PublishedRow) -> Override:
    rag = Rag(row.rating) if row.rating else None
    return Override(kpi.id, rag, "as published", "the board", "", Place("moderation.xlsx"))


def test_the_reviewed_catalogue_has_only_the_two_sums_left() -> None:
    """What the catalogue has put right is not asked about again."""
    found = [*goal_findings(CATALOGUE, PERIOD.year, "c.xlsx"), *tied_goals(CATALOGUE, PERIOD.year, "c.xlsx")]
    assert [each.code for each in found] == ["K02", "K02"]
