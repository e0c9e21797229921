"""What a command says: findings, the receipt of a round and tallies, in the terminal or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins
from msgspec.structs import asdict

from sendkpi_xl.findings import so_many, sorted_findings
from sendkpi_xl.reading import Finding, Severity
from sendkpi_xl.screen import Listing, Screen

if TYPE_CHECKING:
    from sendkpi_xl.gathered import FileOutcome, Gathered
    from sendkpi_xl.model import Catalogue
    from sendkpi_xl.queries import Asked
    from sendkpi_xl.receipt import Receipt
    from sendkpi_xl.round import Done

LOOKS = {Severity.MUST_FIX: "bold red", Severity.PLEASE_CHECK: "yellow", Severity.NOTE: "dim"}


def print_findings(screen: Screen, findings: Sequence[Finding]) -> None:
    """Each finding: where, what was found, what was expected, what to do."""
    for finding in sorted_findings(findings):
        subject = f" ({finding.subject})" if finding.subject else ""
        screen.say(f"{finding.severity.value.capitalize()}: {finding.place}{subject}", LOOKS[finding.severity])
        screen.say(f"  {finding.found} Expected: {finding.expected}")
        screen.say(f"  {finding.action} [{finding.code}]")


def print_done(screen: Screen, done: Done) -> None:
    """The findings, and the files that were written."""
    print_findings(screen, done.findings)
    for path in done.kept:
        screen.say(f"Up to date: {path}")
    for path in done.written:
        screen.say(f"Written: {path}")
    for path in done.removed:
        screen.say(f"Removed, as there is nothing to ask any more: {path}")


def print_import(screen: Screen, catalogue: Catalogue) -> None:
    """What an import proposed, and how much of it is for review."""
    facts = import_facts(catalogue)
    counted = (("kpis", "KPI"), ("workstreams", "workstream"), ("sub_areas", "sub-area"))
    counts = ", ".join(so_many(facts[key], one) for key, one in counted)
    screen.say(f"{counts}; {so_many(len(facts['review']), 'KPI')} for review.")
    screen.say("Open the workbook, look at the column For review, and set baselines and targets.")


def print_receipt(screen: Screen, gathered: Gathered, made: Receipt) -> None:
    """What became of every file, and the sums over files, KPIs and entries."""
    headings = ("File", "What became of it", "Workstream", "Saved", "Done", "Must fix", "SHA-256")
    rows = tuple(_file_row(file) for file in gathered.files)
    screen.show(Listing(f"Receipt {gathered.period.code}", headings, rows, right=(5,)))
    for words in made.sums():
        screen.say(f"{words}.")


def _file_row(file: FileOutcome) -> tuple[str, ...]:
    """A file's line on the receipt: what became of it, whose it is, who saved it when, and how far it is done."""
    done, must_fix = (f"{file.done} of {file.of}", str(file.must_fix)) if file.of else ("", "")
    saved = " by ".join(filter(None, (file.saved_at, file.saved_by)))
    return file.file, file.outcome.value, ", ".join(file.workstreams), saved, done, must_fix, file.sha256[:12]


def as_json(**facts: Any) -> str:
    """Facts as JSON, for machines."""
    return json.dumps(facts, ensure_ascii=False, indent=2, default=str)


def done_facts(done: Done) -> dict[str, Any]:
    """The files that were written, and the findings, as plain values."""
    return {"written": [str(path) for path in done.written], "findings": finding_facts(done.findings)}


def import_facts(catalogue: Catalogue) -> dict[str, Any]:
    """What an import proposed: how many KPIs, workstreams and sub-areas, and what is for review, by KPI id."""
    kpis = catalogue.kpis
    return {
        "kpis": len(kpis),
        "workstreams": len(catalogue.workstreams),
        "sub_areas": len({(kpi.workstream, kpi.sub_area) for kpi in kpis}),
        "review": {kpi.id: kpi.review for kpi in kpis if kpi.review},
    }


def finding_facts(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as plain dictionaries."""
    return [to_builtins(finding) for finding in sorted_findings(findings)]


def receipt_facts(gathered: Gathered, made: Receipt) -> dict[str, Any]:
    """The receipt as plain dictionaries."""
    return {
        "period": gathered.period.code,
        "files": [to_builtins(file) for file in gathered.files],
        "sums": {
            "files": {"found": made.found, **{outcome.value: count for outcome, count in made.files.items()}},
            "kpis": {"live": made.expected, **{status.value: count for status, count in made.kpis.items()}},
            "entries": {"filled": made.filled, **asdict(made.entries)},
        },
    }


def print_tallies(screen: Screen, asked: Asked) -> None:
    """How much there is to ask about each return."""
    headings = ("File", *(severity.value.capitalize() for severity in Severity))
    rows = ((file, *(str(counts[each]) for each in Severity)) for file, counts in asked.tallies().items())
    screen.show(Listing(f"Queries {asked.gathered.period.code}", headings, tuple(rows), right=(1, 2, 3)))


def tally_facts(asked: Asked) -> list[dict[str, Any]]:
    """How much there is to ask about each return, as plain dictionaries."""
    return [
        {"file": file, **{severity.value: counts[severity] for severity in Severity}}
        for file, counts in asked.tallies().items()
    ]
