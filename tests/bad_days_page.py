"""docs/bad-days.md: what arrives and what sendkpi does, in sentences made from the table of cases."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.bad_days import CHAPTERS, DAYS, BadDay
from tests.good_returns import FILE
from tests.what_comes import expected

INTRODUCTION = """Returns come by mail, from shared folders and out of other programs. This is what `sendkpi` does with
everything that we know can be wrong with them. Each line is a test: a small council's folder with one good return and
what the line says. The good one is always used; a figure is never guessed, a blank is never a zero, and nothing that
was typed is dropped in silence. What to do about each finding stands with its code in [findings.md](findings.md)."""

NOTHING_SENT = "R23"

CSV = """A return in a CSV or text file is not read: without the sheet's own columns, ids and formats a number could not
be told from a date or a code. It is refused, and the lead is asked for the workbook."""


def page_parts() -> list[str]:
    """The page's paragraphs: a table for each chapter."""
    parts = [INTRODUCTION]
    for letter, chapter in CHAPTERS.items():
        rows = [f"| {_shown(day.arrives)} | {_does(day)} |" for day in DAYS if day.id.startswith(letter)]
        parts += [f"## {chapter}", "\n".join(["| What arrives | What sendkpi does |", "| --- | --- |", *rows])]
    return [*parts, "## CSV files", CSV]


def _does(day: BadDay) -> str:
    """What comes of a case in sentences: the files first, then the KPIs, then each question with what to do."""
    lines = [line.split(" | ") for line in expected()[day.id]]
    if lines[0] == ["no round"]:
        return " ".join(["**No round is made.**", *_questions(lines[1:])])
    files = [line for line in lines if line[0] in _files(lines)]
    kpis = [line for line in lines if line[0].startswith("KPI ")]
    told = [*_kpis(kpis), *_questions(lines[len(files) + len(kpis) :])]
    return " ".join([_outcomes(files), *(told or ["Every entry counts as it stands."])])


def _files(lines: Iterable[list[str]]) -> list[str]:
    """The names of the files of a case: what its first lines begin with."""
    names = []
    for line in lines:
        if line[0].startswith("KPI ") or re.match(r"[A-Z]\d\d ", line[0]):
            break
        names.append(line[0])
    return names


def _outcomes(files: list[list[str]]) -> str:
    by_outcome: dict[str, list[str]] = {}
    for name, outcome, *_ in files:
        by_outcome.setdefault(outcome, []).append(name)
    if list(by_outcome.values()) == [[FILE]]:
        told = list(by_outcome)
    else:
        told = [f"{outcome}: {', '.join(f'`{name}`' for name in names)}" for outcome, names in by_outcome.items()]
    text = "; ".join(told)
    return f"**{text[:1].upper()}{text[1:]}.**" if text else ""


def _kpis(kpis: list[list[str]]) -> list[str]:
    """Which KPIs are queried, not returned or blank, and what those read that were not converted with a word on it."""
    ids: dict[str, list[str]] = {}
    for name, status, *fields in kpis:
        value, _, _, _, comment, _, how = [*fields, *[""] * 7][:7]
        names = name.removeprefix("KPI ").split()
        if status == "reported" and not how:
            ids.setdefault("" if comment else f"read as {value}", []).extend(names)
        elif status != "reported":
            ids.setdefault(status, []).extend(names)
    kept = ["Every comment is kept word for word."] if ids.pop("", None) else []
    return [f"{_named(names)} {status}." for status, names in ids.items()] + kept


def _named(ids: list[str]) -> str:
    if ids == ["all"]:
        return "All its KPIs are"
    return f"{' and '.join(filter(None, [', '.join(ids[:-1]), ids[-1]]))} {'is' if len(ids) == 1 else 'are'}"


def _questions(findings: Iterable[list[str]]) -> list[str]:
    """The findings as sentences, those that ask for the same in one.

    That a workstream sent nothing else goes without saying where something is said of what it sent.
    """
    listed = list(findings)
    found: dict[tuple[str, str], list[str]] = {}
    for code, _, *sentences, action in listed:
        if code.startswith(NOTHING_SENT) and len(listed) > 1:
            continue
        found.setdefault((code.partition(" ")[2], action), []).append(" | ".join(sentences))
    return [
        f"*{severity.capitalize()}:* {' '.join(_shown(each) for each in dict.fromkeys(said))} {_shown(action)}"
        for (severity, action), said in found.items()
    ]


def _shown(text: str) -> str:
    """A text as Markdown shows it word for word; what stands between backticks is left alone."""
    pieces = text.split("`")
    pieces[::2] = [re.sub(r"([\\*_<>~\[\]])", r"\\\1", piece) for piece in pieces[::2]]
    return "`".join(pieces).replace("|", "\\|")
