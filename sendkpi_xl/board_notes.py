"""The notes of the board workbook: what the columns, marks and ratings mean, written from the policy itself."""

from __future__ import annotations

from sendkpi_xl.figures import plain
from sendkpi_xl.layout import BASELINE_DAY
from sendkpi_xl.model import Catalogue, Life, Policy, Profile, Reason, Unit
from sendkpi_xl.period import Period
from sendkpi_xl.rule_words import steady_words, tolerance_words

MARK_WORDS = {"[x]": "not available", "[z]": "not applicable", "[c]": "confidential: too few to show"}


def board_notes(catalogue: Catalogue, period: Period) -> list[tuple[str, str]]:
    """The notes as pairs: what each is about, and the note."""
    settings = catalogue.settings
    proposed = sum(kpi.life is Life.PROPOSED for kpi in catalogue.kpis)
    return [
        ("Figures", f"{period.label}: {period.months}. KPI list: {settings.list_version}."),
        ("KPIs", f"{len(catalogue.live())} live KPIs; {proposed} more are proposed and not yet asked for."),
        ("Baseline", f"The value on {BASELINE_DAY} {period.start_year}, or the words that were published for it."),
        ("Target", f"The target for the financial year {period.year}. < before it means under this figure."),
        *_rating_notes(catalogue.policy, period),
        ("Agreed ratings", "Where people decided otherwise, the sheet Ratings shows both ratings and the reason."),
        ("Refs", "A ref on the dataset leads to its row on the sheet Trace: where its figures were typed."),
        ("Since last quarter", f"By polarity, as shown. A move of so much is no change. {_steady(catalogue.policy)}"),
        ("Forecast", "What the year will end at as things stand; how, and how that would be rated, is on Outlook."),
        *((f"Mark {mark}", _mark_note(mark)) for mark in MARK_WORDS),
    ]


def _steady(policy: Policy) -> str:
    return " ".join(f"{_unit(unit)}: {steady_words(each)}." for unit, each in policy.tolerances.items())


def _mark_note(mark: str) -> str:
    reasons = "; ".join(reason.value for reason in Reason if reason.shorthand == mark)
    return f"{MARK_WORDS[mark].capitalize()}. Given for: {reasons}."


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
