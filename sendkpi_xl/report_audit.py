"""What the audit of a workbook says: each accessibility check that fails and where, in the terminal or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sendkpi_xl.audit import ACCESS_CHECKS
from sendkpi_xl.reading import Finding
from sendkpi_xl.report import as_json, finding_facts, print_findings
from sendkpi_xl.screen import Screen


def say_audit(screen: Screen, file: Path, findings: Sequence[Finding], status: int | None) -> None:
    """Each check that fails and where, and how many pass; as JSON where there is an exit status to put into it."""
    checks, failed = len(ACCESS_CHECKS), sorted({each.code for each in findings})
    if status is not None:
        facts = {"file": str(file), "checks": checks, "failed": failed, "findings": finding_facts(findings)}
        click.echo(as_json(exit_status=status, **facts))
        return
    print_findings(screen, findings)
    look = f"; look at {', '.join(failed)}" if failed else ""
    screen.say(f"{file}: {checks - len(failed)} of {checks} accessibility checks pass{look}.")
