"""The checks over quarter 1 as it was published: what somebody should have asked about, they find by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from sendkpi_xl.catalogue import load_catalogue
from sendkpi_xl.checks.goals import goal_findings
from sendkpi_xl.checks.sums import tied_goals
from sendkpi_xl.consolidate import moderation_findings, rate_readings
from sendkpi_xl.fields import parse_number
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.headline_checks import headline_findings
from sendkpi_xl.headlines import proposals
from sendkpi_xl.history import gather_history
from sendkpi_xl.model import Catalogue, Kpi
from sendkpi_xl.moderated import Headline, Moderation, Override
from sendkpi_xl.reading import Finding, Place, Rag, Severity
from sendkpi_xl.round import read_quarter
from tests.fill_returns import PERIOD, ROOT
from tests.published import PublishedRow, published_headlines, published_rows

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


ABOUT = {
    "Current forecast expenditure": ("7", "11"),
    "Relatively low levels": ("61",),
    "EHC plan 20 week": ("71",),
    "Number of professionals": ("65",),
    "Some categories of placements": ("20", "23", "24", "25"),
    "The number of EHC plans no longer": ("1", "4"),
    "COVID related matters": ("51",),
    "The number of responses": ("37", "38"),
    "The number of children and people": ("39",),
    "Although we don't yet": (),
}
"""Which KPIs of the dataset each published headline is about, by its first words."""


def with_refs(texts: Sequence[str]) -> tuple[Headline, ...]:
    return tuple(Headline(text, refs) for text in texts for start, refs in ABOUT.items() if text.startswith(start))


def test_the_published_headlines_beside_their_figures() -> None:
    """The published figures contradict none of the ten; that all is within the agreement is not true of every cost."""
    board, _ = read_quarter(KINGSTON, PERIOD)
    words = published_headlines()
    moderation = replace(
        board.moderation, working_well=with_refs(words.working_well), concerns=with_refs(words.concerns)
    )
    assert (len(moderation.working_well), len(moderation.concerns)) == (4, 6)
    assert headline_findings(board.known, PERIOD, moderation, ()) == []
    of_all = replace(moderation.working_well[0], refs=("7", "20"))
    found = headline_findings(board.known, PERIOD, replace(moderation, working_well=(of_all,)), ())
    assert asked(found, CATALOGUE) == [
        "M10 | 20 | It says “within”, and KPI 20 says otherwise: "
        "Red: £12,905 is 8.7% above the target of £11,877; amber ends at 5%."
    ]


def test_what_the_published_figures_propose() -> None:
    """The quarter has none before it: its five reds, the furthest from target each way, and three thin workstreams."""
    board, _ = read_quarter(KINGSTON, PERIOD)
    assert [each.key for each in proposals(CATALOGUE, board.known, PERIOD)] == [
        *("red K029", "red K032", "red K033", "red K034", "red K078"),
        *("short-of-target K126", "short-of-target K006", "short-of-target K035"),
        *("ahead-of-target K020", "ahead-of-target K005", "ahead-of-target K094"),
        *("few-figures WS1", "few-figures WS2", "few-figures WS5"),
    ]
