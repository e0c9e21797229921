"""What the commands share: their options, the quarter and folder that they are given, progress, and exit status."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sendkpi_xl.failures import FINE, MISUSE, TO_FIX

if TYPE_CHECKING:
    from sendkpi_xl.folder import WorkingFolder
    from sendkpi_xl.period import Period
    from sendkpi_xl.reading import Finding
    from sendkpi_xl.round import Done
    from sendkpi_xl.screen import Screen

many_option = click.option(
    "--many", is_flag=True, help="Go on although the folder of returns holds thousands of files."
)
machine_option = click.option("--json", "machine", is_flag=True, help="Print the same facts as JSON.")


UNREADABLE = ("F01", "F02", "F03", "F06", "F11", "F12", "T01", "T02", "R01", "R02", "R03", "R04", "R12", "R13")
"""Codes for which the exit status is 2: a file that could not be read, used or written."""


def folder_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every command over a working folder has."""
    command = machine_option(command)
    return click.option(
        "--folder",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(),
        help="The working folder, which holds inputs/. [default: this folder]",
    )(command)


def say_done(done: Done, machine: bool) -> NoReturn:
    """What a command that reads no returns has to say, and its exit status."""
    from sendkpi_xl.report import as_json, done_facts, print_done

    status = status_of(done.findings)
    if machine:
        click.echo(as_json(exit_status=status, **done_facts(done)))
    else:
        print_done(screen(), done)
    sys.exit(status)


def round_command(work: Callable[..., Any], quarter: str, folder: Path, machine: bool, many: bool) -> NoReturn:
    """A command that reads a quarter and writes from it: progress, receipt, findings, exit status."""
    from sendkpi_xl.receipt import receipt
    from sendkpi_xl.report import as_json, done_facts, print_done, print_receipt, receipt_facts

    period = named_quarter(quarter)
    with progress(machine) as tell:
        done, board = work(working_folder(folder), period, tell, many)
    made = receipt(board.catalogue, board.gathered)
    status = status_of(done.findings)
    if machine:
        click.echo(as_json(exit_status=status, **receipt_facts(board.gathered, made), **done_facts(done)))
    else:
        print_receipt(screen(), board.gathered, made)
        print_done(screen(), done)
    sys.exit(status)


def named_quarter(quarter: str) -> Period:
    """The quarter that was typed; Refusal when it is none."""
    from sendkpi_xl.findings import Refusal, finding
    from sendkpi_xl.period import Period
    from sendkpi_xl.reading import Place

    period = Period.parse(quarter)
    if period is None:
        raise Refusal([finding("F04", Place("command line"), found=quarter)])
    return period


def working_folder(root: Path) -> WorkingFolder:
    """The working folder at this path."""
    from sendkpi_xl.folder import WorkingFolder

    return WorkingFolder(root)


def status_of(findings: tuple[Finding, ...]) -> int:
    """2 when a file could not be read, 1 when something must be fixed, else 0."""
    from sendkpi_xl.reading import Severity

    if any(each.code in UNREADABLE for each in findings):
        return MISUSE
    return TO_FIX if any(each.severity is Severity.MUST_FIX for each in findings) else FINE


def screen(*, errors: bool = False) -> Screen:
    """Where words go: the output, or where errors go."""
    from sendkpi_xl.screen import Screen

    return Screen(errors=errors)


@contextmanager
def progress(machine: bool) -> Iterator[Callable[[str], None]]:
    """Shows which file is at work, on a terminal only."""
    if machine:
        yield lambda _: None
        return
    with screen(errors=True).working("Reading the catalogue") as tell:
        yield tell
