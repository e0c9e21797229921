"""The notes of the board workbook: what the columns, marks and ratings mean, written from the policy itself."""

from __future__ import annotations

from sendkpi_xl.board_line import WITHHELD
from sendkpi_xl.edition import Edition
from sendkpi_xl.figures import plain
from sendkpi_xl.layout import BASELINE_DAY
from sendkpi_xl.model import Life, Policy, Profile, Unit
from sendkpi_xl.period import Period
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Reason, Status
from sendkpi_xl.rule_words import steady_words, tolerance_words
from sendkpi_xl.shorthand import Symbol

BESIDE_WHEN = {
    Symbol.LOW_RELIABILITY: "for a survey with fewer answers than the smallest sample, a measure with fewer cases than "
    "its own limit, and where the workstream says so",
    Symbol.REVISED: "where the workstream says that it has corrected the figure since it was first reported",
    Symbol.PROVISIONAL: "where the workstream says that the figure may still change",
}
"""When a symbol is given that stands beside a figure."""


def board_notes(board: Board) -> list[tuple[str, str]]:
    """The notes as pairs: what each is about, and the note."""
    catalogue, period, settings = board.catalogue, board.period, board.catalogue.settings
    proposed = sum(kpi.life is Life.PROPOSED for kpi in catalogue.kpis)
    return [
        *_edition_notes(board),
        ("Figures", f"{period.label}: {period.months}. KPI list: {settings.list_version}."),
        ("KPIs", f"{len(catalogue.live())} live KPIs; {proposed} more are proposed and not yet asked for."),
        ("Baseline", f"The value on {BASELINE_DAY} {period.start_year}, or the words that were published for it."),
        ("Target", f"The target for the financial year {period.year}. < before it means under this figure."),
        *_rating_notes(catalogue.policy, period),
        ("Agreed ratings", "Where people decided otherwise, the sheet Ratings shows both ratings and the reason."),
        *_trace_notes(board),
        ("Since last quarter", f"By polarity, as shown. A move of so much is no change. {_steady(catalogue.policy)}"),
        ("Forecast", "What the year will end at as things stand; how, and how that would be rated, is on Outlook."),
        *((f"Mark {symbol}", _mark_note(symbol)) for symbol in Symbol),
    ]


def _edition_notes(board: Board) -> list[tuple[str, str]]:
    if board.edition is Edition.INTERNAL:
        note = "For the team and the board: small numbers and names of people stand in it. The website has another one."
        return [("Internal edition", note)]
    threshold = board.catalogue.settings.withheld_under
    if not threshold:
        return [("Publish edition", "For the website: without names of people. No number is withheld.")]
    note = (
        f"For the website: without names of people. Numbers of 1 to {threshold - 1} people are withheld, shares with "
        f"so few in them or not in them, and what would give such a number back. {WITHHELD} stands in their place, in "
        "words as well. A 0 tells of nobody, and stays."
    )
    return [("Publish edition", note)]


def _trace_notes(board: Board) -> list[tuple[str, str]]:
    if board.edition is Edition.PUBLISH:
        return []
    return [("Refs", "A ref on the dataset leads to its row on the sheet Trace: where its figures were typed.")]


def _steady(policy: Policy) -> str:
    return " ".join(f"{_unit(unit)}: {steady_words(each)}." for unit, each in policy.tolerances.items())


def _mark_note(symbol: Symbol) -> str:
    if symbol in BESIDE_WHEN:
        return f"{symbol.words.capitalize()}. Given beside a figure, in the comment, {BESIDE_WHEN[symbol]}."
    reasons = [reason.value for reason in Reason if reason.shorthand is symbol]
    if symbol is Symbol.NOT_AVAILABLE:
        reasons.append(Status.NOT_RETURNED.value.capitalize())
    return f"{symbol.words.capitalize()}. Given for: {'; '.join(reasons)}."


def _rating_notes(policy: Policy, period: Period) -> list[tuple[str, str]]:
    tolerances = " ".join(f"{_unit(unit)}: {tolerance_words(each)}." for unit, each in policy.tolerances.items())
    share = plain(policy.shares[Profile.YEAR_TO_DATE][period.quarter - 1] * 100)
    return [
        ("Rating", "The value as shown is held against the target: on the right side of it is green."),
        ("Tolerance", f"On the wrong side, green and amber reach this far; beyond it is red. {tolerances}"),
        ("Year-to-date counts", f"Held against the quarter's share of the year's target: {share}% by this quarter."),
        (
            "Small samples",
            f"A survey with fewer than {policy.smallest_sample} answers is amber whatever it says, with or without a "
            "target; some measures of few cases have a smaller limit of their own.",
        ),
        (
            "Not moved yet",
            "An annual or termly measure that is still at its baseline while no new figure is due is amber where it "
            "would be red.",
        ),
        ("No rating", "Without a value or without a target there is no rating; nor for KPIs shown for context."),
    ]


def _unit(unit: Unit) -> str:
    return {Unit.PERCENT: "Percentages", Unit.MONEY: "Money", Unit.AVERAGE: "Average costs", Unit.COUNT: "Counts"}.get(
        unit, "Waiting times"
    )
