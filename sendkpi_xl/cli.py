"""The command line: opens files, prints, sets the exit status. A command imports the heavy modules that it needs.

Exit status: 0 fine, 1 something must be fixed, 2 misuse or something that could not be read or written.
"""

from __future__ import annotations

import io
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from sendkpi_xl import __version__
from sendkpi_xl.command_parts import (
    folder_options,
    machine_option,
    many_option,
    named_quarter,
    progress,
    round_command,
    say_done,
    screen,
    status_of,
    working_folder,
)
from sendkpi_xl.edition import Edition
from sendkpi_xl.failures import FINE, STOPPED, failed

if TYPE_CHECKING:
    pass

SCREEN_WIDTH = 110
FILE = click.Path(path_type=Path, dir_okay=False)


class InOrder(click.Group):
    """Lists the commands in the order of a round."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """The commands' names as they are declared."""
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": SCREEN_WIDTH})
@click.version_option(__version__, prog_name="sendkpi")
def cli() -> None:
    """Run a council's quarterly KPI round in Excel: list, templates, returns, ratings, board workbook."""


@cli.command("import", short_help="A published KPI list to a catalogue, with what to review.")
@click.argument("source", type=FILE)
@click.option("--to", type=FILE, required=True, help="The catalogue to write (.xlsx, or .toml for text).")
@click.option("--known", type=FILE, help="An earlier catalogue: KPIs that it knows keep their ids and attributes.")
@click.option("--year", default="", help="A financial year such as 2021-22: adds its rows for baselines and targets.")
@machine_option
def import_command(source: Path, to: Path, known: Path | None, year: str, machine: bool) -> None:
    """Turn a published KPI list (.txt, .tsv, .csv, .xlsx) into a catalogue with proposed attributes."""
    from sendkpi_xl.period import Period
    from sendkpi_xl.report import as_json, done_facts, import_facts, print_done, print_import
    from sendkpi_xl.round import import_list

    if year and Period.parse(f"{year}-Q1") is None:
        raise click.BadParameter(f"“{year}” is not a financial year such as 2021-22.", param_hint="--year")
    done, catalogue = import_list(source, to, known, year)
    status = status_of(done.findings)
    if machine:
        click.echo(as_json(exit_status=status, **done_facts(done), **import_facts(catalogue)))
    else:
        print_import(screen(), catalogue)
        print_done(screen(), done)
    sys.exit(status)


@cli.command("catalogue", short_help="The catalogue from workbook to text, or back.")
@click.argument("source", type=FILE)
@click.option("--to", type=FILE, required=True, help="The file to write: .toml for text, .xlsx for the workbook.")
@machine_option
def catalogue_command(source: Path, to: Path, machine: bool) -> None:
    """Write the catalogue workbook as text, or the text as a workbook."""
    from sendkpi_xl.round import convert_catalogue

    say_done(convert_catalogue(source, to), machine)


@cli.command("template", short_help="Write a quarter's return workbooks.")
@click.argument("quarter")
@folder_options
def template_command(quarter: str, folder: Path, machine: bool) -> None:
    """Write QUARTER's return workbooks: one for each workstream, and one with all of them."""
    from sendkpi_xl.round import write_templates

    period = named_quarter(quarter)
    with progress(machine) as tell:
        done, _ = write_templates(working_folder(folder), period, tell)
    say_done(done, machine)


@cli.command("check", short_help="Write what to ask the leads, each at its cell.")
@click.argument("what", metavar="QUARTER | FILE...", nargs=-1, required=True)
@many_option
@folder_options
def check_command(what: tuple[str, ...], folder: Path, machine: bool, many: bool) -> None:
    """Read QUARTER's returns and write what to ask back: a note for each lead, and one list for the team.

    A note is a copy of the lead's own workbook with the cells marked, and a sheet in front that says what to do.
    Given files instead, only these are checked, wherever they are, and the team's list is left as it is.
    """
    from sendkpi_xl import report
    from sendkpi_xl.asking import check_files, write_notes
    from sendkpi_xl.receipt import receipt

    files = [Path(each) for each in what]
    with progress(machine) as tell:
        if len(what) == 1 and not files[0].is_file() and not files[0].suffix:
            done, asked = write_notes(working_folder(folder), named_quarter(what[0]), tell, many)
        else:
            done, asked = check_files(working_folder(folder), files, tell)
    made = receipt(asked.catalogue, asked.gathered)
    status = status_of(done.findings)
    if machine:
        paths = {name: [*map(str, getattr(done, name))] for name in ("written", "kept", "removed")}
        facts = {**report.receipt_facts(asked.gathered, made), "queries": report.tally_facts(asked)}
        findings = report.finding_facts(done.findings)
        click.echo(report.as_json(exit_status=status, **paths, **facts, findings=findings))
    else:
        report.print_receipt(screen(), asked.gathered, made)
        report.print_tallies(screen(), asked)
        report.print_done(screen(), done)
    sys.exit(status)


@cli.command("moderate", short_help="Write a quarter's moderation workbook, or bring it up to date.")
@click.argument("quarter")
@many_option
@folder_options
def moderate_command(quarter: str, folder: Path, machine: bool, many: bool) -> None:
    """Write QUARTER's moderation workbook, or bring it up to date; what people wrote in it stays."""
    from sendkpi_xl.moderating import write_moderation

    round_command(write_moderation, quarter, folder, machine, many)


@cli.command("board", short_help="Write a quarter's board workbook and tidy data.")
@click.argument("quarter")
@click.option(
    "--edition",
    type=click.Choice([each.value for each in Edition]),
    default=Edition.INTERNAL.value,
    help="For the team and the board (internal), or for the website (publish). [default: internal]",
)
@click.option("--pdf", is_flag=True, help="Write the board pack as a PDF as well, where LibreOffice is installed.")
@many_option
@folder_options
def board_command(quarter: str, folder: Path, machine: bool, many: bool, edition: str, pdf: bool) -> None:
    """Read, rate and consolidate QUARTER's returns, and write the board workbook and the tidy data.

    The publish edition withholds what would tell of few people, and goes into a folder of its own, publish; the log of
    what it withholds stands beside that folder and stays with the team.
    """
    from sendkpi_xl.publishing import write_published
    from sendkpi_xl.round import write_board

    work = write_published if Edition(edition) is Edition.PUBLISH else write_board
    round_command(partial(work, pdf=pdf), quarter, folder, machine, many)


@cli.command("backtest", short_help="Computed against published ratings, and why they differ.")
@click.argument("quarter")
@many_option
@folder_options
def backtest_command(quarter: str, folder: Path, machine: bool, many: bool) -> None:
    """Compare QUARTER's computed ratings with the published ones, and say what explains each difference.

    Published are the ratings in inputs/QUARTER/published-ratings.csv (or .xlsx), else those written last for the board.
    """
    from sendkpi_xl.report import as_json, finding_facts, print_findings
    from sendkpi_xl.report_backtest import backtest_facts, print_backtest
    from sendkpi_xl.round import backtest_quarter

    period = named_quarter(quarter)
    with progress(machine) as tell:
        tested, findings = backtest_quarter(working_folder(folder), period, tell, many)
    status = status_of(findings)
    if machine:
        click.echo(as_json(exit_status=status, **backtest_facts(tested), findings=finding_facts(findings)))
    else:
        print_backtest(screen(), tested)
        print_findings(screen(), findings)
    sys.exit(status)


@cli.command("explain", short_help="How one KPI's rating came about, step by step.")
@click.argument("kpi")
@click.argument("quarter", required=False)
@many_option
@folder_options
def explain_command(kpi: str, quarter: str | None, folder: Path, machine: bool, many: bool) -> None:
    """Say how KPI's rating in QUARTER came about, from the typed cell to the letter that the board sees.

    KPI is an id (K001), a board ref (20), a ref of the published list ("list 24") or a title. Without QUARTER, the
    latest one that has returns.
    """
    from sendkpi_xl.report import as_json, finding_facts, print_findings
    from sendkpi_xl.report_explain import explanation_facts, print_explanation
    from sendkpi_xl.round import explain_rating

    period = None if quarter is None else named_quarter(quarter)
    with progress(machine) as tell:
        explanation = explain_rating(working_folder(folder), kpi, period, tell, many)
    if machine:
        facts = explanation_facts(explanation)
        click.echo(as_json(exit_status=FINE, **facts, findings=finding_facts(explanation.findings)))
    else:
        print_explanation(screen(), explanation)
        print_findings(screen(), explanation.findings)
    sys.exit(FINE)


@cli.command("audit", short_help="Whether everybody can read a workbook: the accessibility checks.")
@click.argument("file", type=FILE)
@machine_option
def audit_command(file: Path, machine: bool) -> None:
    """Check any workbook FILE against the accessibility checklist, and say what fails and where."""
    from sendkpi_xl.report_audit import say_audit
    from sendkpi_xl.round import audit_file

    findings = audit_file(file)
    status = status_of(findings)
    say_audit(screen(), file, findings, status if machine else None)
    sys.exit(status)


def main() -> NoReturn:
    """Run the command line; whatever goes wrong ends as words and an exit status, never as a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a file or pipe in an old encoding has no letter for everything
    try:
        cli.main(prog_name="sendkpi", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped: no file was left half-written.", err=True)
        sys.exit(STOPPED)
    except Exception as error:
        sys.exit(failed(error))
    sys.exit(FINE)
