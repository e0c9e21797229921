"""What a command says: findings, the receipt of a round and differences, in the terminal or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sendkpi_xl.findings import sorted_findings
from sendkpi_xl.model import Finding, Severity, Status

if TYPE_CHECKING:
    from sendkpi_xl.board import Board
    from sendkpi_xl.consolidate import RatedReading
    from sendkpi_xl.gather import Gathered
    from sendkpi_xl.model import Catalogue
    from sendkpi_xl.queries import Asked
    from sendkpi_xl.round import Done

LOOKS = {Severity.MUST_FIX: "bold red", Severity.PLEASE_CHECK: "yellow", Severity.NOTE: "dim"}


def print_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Each finding: where, what was found, what was expected, what to do."""
    for finding in sorted_findings(findings):
        subject = f" ({finding.subject})" if finding.subject else ""
        _say(console, f"{finding.severity.value.capitalize()}: {finding.place}{subject}", LOOKS[finding.severity])
        _say(console, f"  {finding.found} Expected: {finding.expected}")
        _say(console, f"  {finding.action} [{finding.code}]")


def _say(console: Console, line: str, look: str = "") -> None:
    """A line of words: wrapped on a terminal, whole in a file, so that a path or a sentence can be searched for."""
    console.print(Text(line, look), soft_wrap=not console.is_terminal)


def print_done(console: Console, done: Done) -> None:
    """The findings, and the files that were written."""
    print_findings(console, done.findings)
    for path in done.written:
        _say(console, f"Written: {path}")
    for path in done.removed:
        _say(console, f"Removed, as there is nothing to ask any more: {path}")


def print_import(console: Console, catalogue: Catalogue) -> None:
    """What an import proposed, and how much of it is for review."""
    facts = import_facts(catalogue)
    counted = (("kpis", "KPI"), ("workstreams", "workstream"), ("sub_areas", "sub-area"))
    counts = ", ".join(_counted(facts[key], one) for key, one in counted)
    _say(console, f"{counts}; {_counted(len(facts['review']), 'KPI')} for review.")
    _say(console, "Open the workbook, look at the column For review, and set baselines and targets.")


def _counted(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def print_receipt(console: Console, catalogue: Catalogue, gathered: Gathered) -> None:
    """What became of every file and of every KPI; the sums are checked, and a run in which they differ fails."""
    table = Table(title=f"Receipt {gathered.period.code}", title_justify="left")
    for heading in ("File", "What became of it", "Workstream", "Done", "SHA-256"):
        table.add_column(heading, overflow="fold")
    for file in gathered.files:
        done = f"{file.done} of {file.of}" if file.of else ""
        row = (file.file, file.outcome.value, ", ".join(file.workstreams), done, file.sha256[:12])
        table.add_row(*map(Text, row))
    console.print(table)
    counts = status_counts(catalogue, gathered)
    parts = " + ".join(f"{counts[status]} {status.value}" for status in Status)
    _say(console, f"KPIs: {sum(counts.values())} live = {parts}")


def status_counts(catalogue: Catalogue, gathered: Gathered) -> Counter[Status]:
    """How many live KPIs ended in each status; AssertionError when they do not add up to the live KPIs."""
    counts = Counter(reading.status for reading in gathered.readings)
    assert sum(counts.values()) == len(catalogue.live()), "the receipt does not add up"
    return counts


def differences(board: Board) -> list[RatedReading]:
    """The KPIs whose agreed rating is not the computed one."""
    return [each for each in board.rows if each.agreed is not each.computed.rag]


def print_differences(console: Console, board: Board) -> None:
    """Agreed against computed ratings: how many agree, and each difference with its sentence and reason."""
    different = differences(board)
    table = Table(title=f"Agreed and computed ratings, {board.period.code}", title_justify="left", show_lines=True)
    for heading, width in (("Ref", 4), ("KPI", None), ("Agreed", 9), ("Computed", 9), ("How it was computed", None)):
        table.add_column(heading, min_width=width, overflow="fold")
    table.add_column("Why people agreed otherwise", overflow="fold")
    for each in different:
        words = [each.agreed.word if each.agreed else "No rating"]
        words.append(each.computed.rag.word if each.computed.rag else "No rating")
        reason = each.override.reason if each.override else ""
        row = (each.kpi.board_ref, each.kpi.shown_title, *words, each.computed.sentence, reason)
        table.add_row(*map(Text, row))
    console.print(table)
    same = len(board.rows) - len(different)
    _say(console, f"{same} of {len(board.rows)} computed ratings are the agreed ones; {len(different)} differ.")


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
    return [asdict(finding) for finding in sorted_findings(findings)]


def receipt_facts(catalogue: Catalogue, gathered: Gathered) -> dict[str, Any]:
    """The receipt as plain dictionaries."""
    counts = status_counts(catalogue, gathered)
    return {
        "period": gathered.period.code,
        "files": [asdict(file) for file in gathered.files],
        "kpis": {status.value: counts[status] for status in Status},
    }


def print_tallies(console: Console, asked: Asked) -> None:
    """How much there is to ask about each return."""
    table = Table(title=f"Queries {asked.gathered.period.code}", title_justify="left")
    table.add_column("File", overflow="fold")
    for severity in Severity:
        table.add_column(severity.value.capitalize(), justify="right")
    for file, counts in asked.tallies().items():
        table.add_row(Text(file), *(str(counts[severity]) for severity in Severity))
    console.print(table)


def tally_facts(asked: Asked) -> list[dict[str, Any]]:
    """How much there is to ask about each return, as plain dictionaries."""
    return [
        {"file": file, **{severity.value: counts[severity] for severity in Severity}}
        for file, counts in asked.tallies().items()
    ]


def difference_facts(board: Board) -> dict[str, Any]:
    """The differences between agreed and computed ratings as plain dictionaries."""
    return {
        "rows": len(board.rows),
        "differences": [
            {
                "kpi": each.kpi.id,
                "ref": each.kpi.board_ref,
                "agreed": each.agreed.value if each.agreed else None,
                "computed": each.computed.rag.value if each.computed.rag else None,
                "because": each.computed.sentence,
                "reason": each.override.reason if each.override else "",
            }
            for each in differences(board)
        ],
    }
