"""Writes the pages of docs/ that code knows best: `python -m tests.make_docs`. A test holds them to be current."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from sendkpi_xl.audit import ACCESS_CHECKS, NOT_CHECKED
from sendkpi_xl.catalogue import load_catalogue
from sendkpi_xl.checks import CHECKS
from sendkpi_xl.cli import cli
from sendkpi_xl.consolidate import in_board_order
from sendkpi_xl.figures import figure, plain
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.model import Catalogue, Goal, Kpi, Policy, Profile
from sendkpi_xl.rating import shown_decimals, standard_for
from sendkpi_xl.rule_words import rule_words, steady_words, tolerance_words
from tests.bad_days_page import page_parts
from tests.every_rule import EVERY_RULE
from tests.fill_returns import PERIOD, ROOT
from tests.parity import Compared, compared

DOCS = ROOT / "docs"
MADE = "<!-- Made by python -m tests.make_docs from the code; change it there. -->"
CHAPTERS = {
    "F": "Files and folders",
    "T": "Lists and tables",
    "R": "Returns",
    "C": "Cells and rows",
    "P": "Across quarters",
    "K": "Catalogue",
    "M": "Moderation",
    "B": "Back-test",
    "S": "Publication: what is withheld for the website",
    "A": "Accessibility",
}


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(field.replace("|", "\\|") for field in line) + " |" for line in lines)


def findings_page() -> str:
    """All findings with what they look at, their severities and sentences."""
    parts = [
        "# Findings",
        MADE,
        "Everything that `sendkpi` can notice. A code is never used again for something else. Words in braces are "
        "filled in where a finding is made; each also names its file, sheet, cell and KPI. What a return is checked "
        "for says what the check looks at; the other findings are met in reading and writing any file.",
    ]
    scopes = {check.code: check.scope.value for check in CHECKS}
    scopes |= {check.code: check.scope.value for check in ACCESS_CHECKS}
    for letter, chapter in CHAPTERS.items():
        rows = [
            (code, rule.severity.value, scopes.get(code, ""), rule.found, rule.expected, rule.action)
            for code, rule in sorted(EVERY_RULE.items())
            if code.startswith(letter)
        ]
        headings = ("Code", "Severity", "Looks at", "Found", "Expected", "What to do")
        parts += [f"## {chapter}", table(headings, rows)]
    return "\n\n".join(parts) + "\n"


def ratings_page() -> str:
    """The rating policy in words, and each live KPI with the rule that holds for it."""
    catalogue = load_catalogue(WorkingFolder(ROOT).catalogue)
    policy = catalogue.policy
    units = [(unit.value, tolerance_words(each), steady_words(each)) for unit, each in policy.tolerances.items()]
    profiles = [
        (profile.value, *(f"{plain(share * 100)}%" for share in shares), _until(policy, profile))
        for profile, shares in policy.shares.items()
    ]
    kpis = [_kpi_row(catalogue, kpi, kpi.goal(PERIOD.year)) for kpi in in_board_order(catalogue)]
    parts = (
        "# How KPIs are rated",
        MADE,
        RULES_IN_WORDS.format(sample=policy.smallest_sample),
        "## Tolerance by unit",
        table(("Unit", "On the wrong side of the target", "No change within"), units),
        "## Share of the year's target by quarter",
        table(("Profile", "Q1", "Q2", "Q3", "Q4", "May stand at its baseline"), profiles),
        f"## Every live KPI, {PERIOD.label}",
        table(("Board ref", "KPI", "Better", "Target this quarter", "Rule"), kpis),
        "## Parity of Python and Excel",
        PARITY_IN_WORDS,
        _parity(),
    )
    return "\n\n".join(parts) + "\n"


RULES_IN_WORDS = """The policy stands in the catalogue workbook: sheets Tolerances, Profiles, Settings and KPIs.
`sendkpi_xl/rating.py` renders it as the rating and as the sentence that explains it, `sendkpi_xl/rating_formulas.py` as
the Excel formula of a template's rating preview and as the condition by which a value to try takes its colour. The
rules, in their order:

1. A context-only KPI is not rated, nor is a KPI without a value.
2. A survey with fewer than {sample} answers is amber, whatever it says and whatever its target. Some measures that
   rest on a handful of cases have a smaller limit of their own.
3. A KPI without a target is not rated.
4. The value, rounded to what is shown (half away from zero, as Excel rounds), is held against the quarter's target.
   On the right side of it: green. On the wrong side: green, amber or red by the tolerance of its unit. A limit
   itself still counts, except for targets such as `<5%`, which must be undercut.
5. An annual or termly measure that still stands at its baseline while no new figure is due is amber where it would
   be red: it has not moved yet."""


def _until(policy: Policy, profile: Profile) -> str:
    until = policy.unmoved_until.get(profile)
    return f"until Q{until}" if until else "no"


PARITY_IN_WORDS = """One declaration, four renderings: the tests hold them against each other. They type values at,
just below and just above every threshold, at baselines that have not moved yet and with few answers into real
workbooks, have LibreOffice recalculate them, and compare what each cell then shows with Python's rating.
LibreOffice gives Python's letter in all of them, and of a value's conditions exactly that letter's holds."""


def _parity() -> str:
    counts = [(where.value, compared(where)) for where in Compared]
    rows = [*counts, ("All together", sum(count for _, count in counts))]
    return table(("Compared", "Cells"), [(where, f"{count:,}") for where, count in rows])


def _kpi_row(catalogue: Catalogue, kpi: Kpi, goal: Goal) -> tuple[str, ...]:
    standard = standard_for(kpi, goal, catalogue.policy, PERIOD.quarter)
    name = (kpi.board_ref or f"({kpi.id})", kpi.shown_title, kpi.polarity.value)
    target = standard.target
    shown = "none" if target is None else figure(target, kpi.unit, shown_decimals(target, kpi), standard.sign)
    return (*name, shown, rule_words(kpi, standard))


def commands_page() -> str:
    """Every command with its help."""
    parts = ["# Commands", MADE, _help(cli, "sendkpi")]
    for name, command in cli.commands.items():
        parts += [f"## sendkpi {name}", _help(command, f"sendkpi {name}")]
    return "\n\n".join(parts) + "\n"


def _help(command: click.Command, name: str) -> str:
    names = list(cli.context_settings["help_option_names"])
    context = click.Context(command, info_name=name, terminal_width=100, help_option_names=names)
    return f"```text\n{command.get_help(context).rstrip()}\n```"


def accessibility_page() -> str:
    """The accessibility checks, each with the checklist's item, and what no program can check."""
    rows = [(check.code, check.item, check.scope.value, check.rule.found) for check in ACCESS_CHECKS]
    told = ", ".join(check.code for check in ACCESS_CHECKS if check.by_words)
    parts = (
        "# Accessible by test",
        MADE,
        ACCESS_IN_WORDS.format(count=len(ACCESS_CHECKS), told=told),
        table(("Code", "What the checklist asks for", "Looks at", "Said when it fails"), rows),
        "## What no program can check",
        table(("Item", "Why"), NOT_CHECKED),
    )
    return "\n\n".join(parts) + "\n"


ACCESS_IN_WORDS = """The essential items of the UK government's checklist for spreadsheets are {count} checks over the
finished file. They run on every workbook that the product writes, before it gets its name: one that fails is a fault of
the product, and what stood there before stays. Of a note to a lead only the sheet in front is the product's, and only
that is held to them. Words that people type may break {told} without any fault of the product; those are told of by
`sendkpi audit FILE.xlsx`, which runs the checks on any workbook and says what fails and where."""


def bad_days_page() -> str:
    """What goes wrong with returns, and what becomes of it."""
    return "\n\n".join(["# Bad days", MADE, *page_parts()]) + "\n"


PAGES = {
    "findings.md": findings_page,
    "ratings.md": ratings_page,
    "commands.md": commands_page,
    "accessibility.md": accessibility_page,
    "bad-days.md": bad_days_page,
}


def main() -> None:
    """Write each page."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
        print(f"Written: docs/{name}")


if __name__ == "__main__":
    main()
