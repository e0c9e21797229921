"""Mutation testing: do the tests notice a small change of the code? `bash tests/mutants` installs and runs it all.

mutmut changes one thing at a time (`<` to `<=`, `and` to `or`, a text, an argument) and runs the tests of the function.
A change that some test notices is killed. Those that survive stand in docs/mutants.md, each with the reason why nobody
could tell the difference; a survivor that is not there, or one there that does not survive, fails the run.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fill_returns import ROOT

MUTMUT = Path(sys.executable).with_name("mutmut")
PAGE = ROOT / "docs" / "mutants.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
LEAST_KILLED = 0.9
HEADING = ("| module | mutants | killed | |", "| --- | --- | --- | --- |")
NOTICED = {"killed", "timeout"}
RESULT = re.compile(r"\s*sendkpi_xl\.(?P<module>\w+)\.\S+__mutmut_\d+: (?P<status>.+)")
DIFF = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Tally:
    """How many mutants of a module there are, and how many of them the tests notice."""

    module: str
    killed: int
    mutants: int

    @property
    def enough(self) -> bool:
        """Whether the tests notice as many as they should."""
        return self.killed >= LEAST_KILLED * self.mutants

    def row(self) -> str:
        """The module's row of the table in docs/mutants.md."""
        return f"| {self.module} | {self.mutants} | {self.killed} | {self.killed / self.mutants:.1%} |"


def tallies(results: Iterable[str]) -> list[Tally]:
    """A tally for each module, and one for all together, from the lines of `mutmut results --all true`."""
    matches = [match for match in map(RESULT.fullmatch, results) if match]
    mutants = Counter(match["module"] for match in matches)
    killed = Counter(match["module"] for match in matches if match["status"] in NOTICED)
    each = [Tally(f"`{module}`", killed[module], number) for module, number in sorted(mutants.items())]
    return [*each, Tally("together", killed.total(), mutants.total())]


def changed_lines(shown: str) -> str:
    """The lines that a mutant changes, from what `mutmut show` prints: what is taken out, and what comes instead."""
    lines = shown.splitlines()
    return "".join(f"{line}\n" for line in lines if re.match(r"[-+](?![-+]{2} )", line))


def outdated(page: str, contributing: str, counted: Iterable[Tally], survivors: Iterable[str]) -> Iterator[str]:
    """What docs/mutants.md and CONTRIBUTING.md say otherwise than the run: a line for each difference."""
    *modules, together = counted
    for each in (*modules, together):
        if each.row() not in page.splitlines():
            yield f"docs/mutants.md lacks the row: {each.row()}"
    result = f"{together.killed} of {together.mutants} mutants"
    if result not in contributing:
        yield f"CONTRIBUTING.md does not say: {result}"
    found, listed = Counter(survivors), Counter(DIFF.findall(page))
    yield from (f"docs/mutants.md does not argue for this survivor:\n{diff}" for diff in (found - listed).elements())
    yield from (f"docs/mutants.md lists what does not survive:\n{diff}" for diff in (listed - found).elements())


def mutmut(*words: str) -> str:
    """What a command of mutmut prints."""
    return subprocess.run([MUTMUT, *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def main() -> int:
    """Run every mutant anew and print the tallies; 1 where too many survive or the documentation says otherwise."""
    # mutmut keeps what it found for functions that did not change, though their tests may have.
    shutil.rmtree(ROOT / "mutants", ignore_errors=True)
    # With a pattern mutmut first runs the tests by name on unchanged code: one that is not found would always kill.
    subprocess.run([MUTMUT, "run", "*"], cwd=ROOT, check=True)
    results = mutmut("results", "--all", "true").splitlines()
    counted = tallies(results)
    lines = [line.strip().rpartition(": ") for line in results]
    survivors = [changed_lines(mutmut("show", name)) for name, _, status in lines if status not in NOTICED]
    print("", *HEADING, *(each.row() for each in counted), sep="\n")
    wrong = list(outdated(PAGE.read_text("utf-8"), CONTRIBUTING.read_text("utf-8"), counted, survivors))
    wrong += [f"Fewer than {LEAST_KILLED:.0%} are killed: {each.row()}" for each in counted if not each.enough]
    print("", *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
