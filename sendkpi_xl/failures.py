"""How a command ends: the exit statuses, and the words for what kept it from going on.

Exit status: 0 fine, 1 something must be fixed, 2 misuse or something that could not be read or written, 70 a fault of
our own, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING

import click

from sendkpi_xl import __version__

if TYPE_CHECKING:
    from sendkpi_xl.findings import Refusal

FINE, TO_FIX, MISUSE, STOPPED, FAULT = 0, 1, 2, 130, 70
TRACE_LINES = 12


def failed(error: Exception) -> int:
    """Say why the command could not go on, and the exit status for it."""
    from sendkpi_xl.audit import Inaccessible
    from sendkpi_xl.findings import Refusal

    if isinstance(error, Refusal):
        _say_refusal(error)
        return MISUSE
    where = _where(error)
    if isinstance(error, OSError):
        from sendkpi_xl.files import reason

        said = f"This computer refused something that sendkpi needs: {reason(error)} ({where})"
        click.echo(f"{said}; nothing was half-written.", err=True)
        return MISUSE
    if isinstance(error, Inaccessible):
        click.echo(f"A workbook that it made is not as everybody can read it: {error}.", err=True)
    kind = type(error).__name__
    click.echo(
        f"A fault in sendkpi itself ({kind} at {where}, version {__version__}); nothing was half-written.", err=True
    )
    click.echo("Please report it with this line and the command that you typed.", err=True)
    return FAULT


def _where(error: Exception) -> str:
    """The lines of code that led to an error, the innermost first: the trace without a word of any cell."""
    frames = [(Path(each.f_code.co_filename), line) for each, line in walk_tb(error.__traceback__)]
    ours = [frame for frame in frames[:-1] if Path(__file__).parent in frame[0].parents] + frames[-1:]
    return " < ".join(f"{path.name}:{line}" for path, line in reversed(ours[-TRACE_LINES:]))


def _say_refusal(refusal: Refusal) -> None:
    from sendkpi_xl.report import as_json, finding_facts, print_findings
    from sendkpi_xl.screen import Screen

    if "--json" in sys.argv:
        click.echo(as_json(exit_status=MISUSE, written=[], findings=finding_facts(refusal.findings)))
    else:
        print_findings(Screen(errors=True), refusal.findings)
