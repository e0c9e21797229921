"""One row of a return to the reading of its KPI: what was entered is accepted, converted or queried, never dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sendkpi_xl.cells import Kind
from sendkpi_xl.entry import CASES, entry_rule
from sendkpi_xl.figures import figure, plain, rounded
from sendkpi_xl.findings import did_you_mean, finding, shortened
from sendkpi_xl.layout import RETURN
from sendkpi_xl.model import Finding, Kpi, Reading, Reason, Severity, Status
from sendkpi_xl.period import Period
from sendkpi_xl.tables import Row
from sendkpi_xl.values import Entered, enter

OPEN_KEYS = tuple(column.key for column in RETURN.columns if column.open)
WORDS = "Words, or an empty cell."


def entries(row: Row) -> dict[str, str]:
    """What was entered on the row by column key; a formula without a result is an entry too, with an empty text."""
    return {key: row.text(key) for key in OPEN_KEYS if key in row.cells}


def read_row(kpi: Kpi, row: Row, period: Period) -> tuple[Reading, list[Finding]]:
    """The reading of a KPI from its row, and what was noticed; a reading that must be fixed first is queried."""
    value = enter(row.cells.get("value"), entry_rule(kpi), kpi.unit, row.place("value"), kpi.id)
    numerator, denominator = _enter_cases(kpi, row, "numerator"), _enter_cases(kpi, row, "denominator")
    value, numerator, denominator = _with_its_parts(kpi, row, value, numerator, denominator)
    in_words = [each for key in ("reason", "comment") for each in _word_findings(kpi, row, key)]
    reason, in_reason = _reason(kpi, row)
    worked_out = _worked_out(row, numerator.value, denominator.value)
    number, how = worked_out or (value.value, value.how)
    findings = [*value.findings, *numerator.findings, *denominator.findings, *in_words, *in_reason]
    findings += _share_findings(kpi, row, number, numerator, denominator)
    findings += _completeness_findings(kpi, row, number, reason)
    reading = Reading(
        kpi_id=kpi.id,
        period=period,
        status=_status(row, number, findings),
        value=number,
        numerator=numerator.value,
        denominator=denominator.value,
        reason=reason,
        comment=row.text("comment"),
        typed=value.typed,
        how=how,
        place=row.place("value"),
    )
    if reading.status is Status.QUERIED:
        reading = replace(reading, value=None, reason=None, how="")
    return reading, findings


def _status(row: Row, value: float | None, findings: Sequence[Finding]) -> Status:
    if not entries(row):
        return Status.NOT_RETURNED
    if any(each.severity is Severity.MUST_FIX for each in findings):
        return Status.QUERIED
    return Status.BLANK if value is None else Status.REPORTED


def _enter_cases(kpi: Kpi, row: Row, key: str) -> Entered:
    if kpi.share or key not in row.cells:
        return enter(row.cells.get(key), CASES, None, row.place(key), kpi.id)
    found = f"“{shortened(row.text(key))}”" if row.text(key) else "A formula"
    return Entered(None, findings=(finding("C12", row.place(key), kpi.id, found=found),))


def _with_its_parts(
    kpi: Kpi, row: Row, value: Entered, numerator: Entered, denominator: Entered
) -> tuple[Entered, Entered, Entered]:
    """A share that was typed with its numerator and denominator fills in those, or is queried where they differ."""
    pairs = [(value.numerator, numerator), (value.denominator, denominator)]
    if any(None not in (part, own.value) and part != own.value for part, own in pairs):
        beside = [("numerator", numerator.value), ("denominator", denominator.value)]
        stand = " and ".join(f"{name} {plain(number)}" for name, number in beside if number is not None)
        words = {"found": shortened(value.typed), "expected": entry_rule(kpi).expected}
        action = f"It does not fit what stands beside it, {stand}: correct whichever is wrong."
        return (
            Entered(None, value.typed, findings=(finding("C01", row.place("value"), kpi.id, **words, action=action),)),
            numerator,
            denominator,
        )
    filled_in = [Entered(part) if own == Entered(None) else own for part, own in pairs]
    return value, filled_in[0], filled_in[1]


def _word_findings(kpi: Kpi, row: Row, key: str) -> list[Finding]:
    """What a cell for words holds that shows none: an error, a formula without a result, a date's serial number."""
    cell, place = row.cells.get(key), row.place(key)
    if cell is None:
        return []
    if cell.kind is Kind.EMPTY:
        return [finding("C03", place, kpi.id, expected=WORDS)]
    if cell.kind is Kind.ERROR:
        return [finding("C02", place, kpi.id, found=cell.raw, expected=WORDS)]
    if cell.is_date:
        found, action = f"a date (stored as {row.text(key)})", "Type it in words, such as 30 June 2021."
        return [finding("C01", place, kpi.id, found=found, expected=WORDS, action=action)]
    return []


def _reason(kpi: Kpi, row: Row) -> tuple[Reason | None, list[Finding]]:
    text = row.text("reason")
    chosen = next((reason for reason in Reason if reason.value.casefold() == text.casefold()), None)
    if not text or chosen is not None:
        return chosen, []
    guess = did_you_mean(text, list(Reason))
    words = {"found": shortened(text), "choices": ", ".join(Reason), "guess": guess}
    return None, [finding("T03", row.place("reason"), kpi.id, **words)]


def _worked_out(row: Row, numerator: float | None, denominator: float | None) -> tuple[float, str] | None:
    """The share that numerator and denominator make, and how, where neither a value nor a reason was entered."""
    if "value" in row.cells or "reason" in row.cells or numerator is None or not denominator:
        return None
    return numerator / denominator, f"worked out from {plain(numerator)} out of {plain(denominator)}"


def _share_findings(kpi: Kpi, row: Row, value: float | None, numerator: Entered, denominator: Entered) -> list[Finding]:
    """Whether value, numerator and denominator of a share agree, to the precision that is shown."""
    typed = [key for key, each in (("numerator", numerator), ("denominator", denominator)) if each.value is not None]
    if not kpi.share or not typed or numerator.queried or denominator.queried:
        return []
    if numerator.value is None or denominator.value is None:
        other = "numerator" if typed == ["denominator"] else "denominator"
        return [finding("C10", row.place(other), kpi.id, one=typed[0], other=other)]
    words = {"numerator": plain(numerator.value), "denominator": plain(denominator.value)}
    no_cases = denominator.value == 0 and numerator.value == 0
    if no_cases and "reason" in row.cells:
        return []
    if numerator.value > denominator.value or no_cases:
        return [finding("C09", row.place("numerator"), kpi.id, **words)]
    share = numerator.value / denominator.value
    shown = figure(share, kpi.unit, kpi.decimals)
    if value is None:
        return []
    if "value" not in row.cells:
        return [finding("C11", row.place("value"), kpi.id, share=shown, **words)]
    if rounded(value, kpi.unit, kpi.decimals) == rounded(share, kpi.unit, kpi.decimals):
        return []
    found = figure(value, kpi.unit, kpi.decimals)
    return [finding("C08", row.place("value"), kpi.id, found=found, share=shown, **words)]


def _completeness_findings(kpi: Kpi, row: Row, value: float | None, reason: Reason | None) -> list[Finding]:
    """Whether there is a value or a reason, one of the two; what could not be read is queried already."""
    if ("value" in row.cells and value is None) or ("reason" in row.cells and reason is None):
        return []
    if value is not None and reason is not None:
        return [finding("C06", row.place("reason"), kpi.id)]
    if value is None and reason is None:
        return [finding("C07", row.place("value"), kpi.id)]
    if reason is Reason.OTHER and "comment" not in row.cells:
        return [finding("C13", row.place("comment"), kpi.id, reason=reason.value)]
    return []
