"""What the mutation run counts, and when it says that the documentation is behind."""

from __future__ import annotations

import tomllib

from tests.fill_returns import ROOT
from tests.mutation import DIFF, PAGE, Tally, changed_lines, outdated, tallies

RESULTS = """
    sendkpi_xl.rating.x_rate__mutmut_1: killed
    sendkpi_xl.rating.x_rate__mutmut_2: survived
    sendkpi_xl.rating.x__letter__mutmut_1: timeout
    sendkpi_xl.values.x_enter__mutmut_1: no tests
"""
COUNTED = [Tally("`rating`", 2, 3), Tally("`values`", 0, 1), Tally("together", 2, 4)]
SHOWN = """# sendkpi_xl.rating.x_rate__mutmut_2: survived
--- sendkpi_xl/rating.py
+++ sendkpi_xl/rating.py
@@ -1,3 +1,3 @@
 def rate(value):
-    if value < 1:
+    if value <= 1:
         return None
"""
SURVIVOR = "-    if value < 1:\n+    if value <= 1:\n"
OTHER = "-    return -1\n+    return +1\n"
RIGHT_PAGE = f"""# Mutants

| module | mutants | killed | |
| --- | --- | --- | --- |
| `rating` | 3 | 2 | 66.7% |
| `values` | 1 | 0 | 0.0% |
| together | 4 | 2 | 50.0% |

```diff
{SURVIVOR}```

There is no value of 1.

```diff
{OTHER}```

Nobody reads it.
"""


def test_mutants_are_counted_by_module_and_together() -> None:
    """A mutant that a test notices or that never ends is killed; one without a test is not."""
    assert tallies(RESULTS.splitlines()) == COUNTED


def test_enough_is_nine_of_ten() -> None:
    """At least nine of ten mutants must be killed."""
    assert [Tally("`rating`", killed, 20).enough for killed in (17, 18, 20)] == [False, True, True]


def test_a_survivor_is_known_by_the_lines_that_it_changes() -> None:
    """Of what mutmut shows, the lines before and after stay, without the file's name and what stands around."""
    assert changed_lines(SHOWN) == SURVIVOR


def test_documentation_that_says_what_was_found_is_fine() -> None:
    """Where table, result and survivors are those of the run, nothing is said."""
    assert list(outdated(RIGHT_PAGE, "2 of 4 mutants are killed", COUNTED, [OTHER, SURVIVOR])) == []


def test_documentation_that_is_behind_is_told() -> None:
    """A number that changed, a survivor without an argument and one that is killed now are each told."""
    counted = [Tally("`rating`", 3, 3), Tally("`values`", 0, 1), Tally("together", 3, 4)]
    assert list(outdated(RIGHT_PAGE, "2 of 4 mutants are killed", counted, [OTHER, OTHER])) == [
        "docs/mutants.md lacks the row: | `rating` | 3 | 3 | 100.0% |",
        "docs/mutants.md lacks the row: | together | 4 | 3 | 75.0% |",
        "CONTRIBUTING.md does not say: 3 of 4 mutants",
        f"docs/mutants.md does not argue for this survivor:\n{OTHER}",
        f"docs/mutants.md lists what does not survive:\n{SURVIVOR}",
    ]


def test_the_page_counts_each_module_that_is_mutated() -> None:
    """The table of docs/mutants.md has the modules of pyproject.toml, and as many survivors as it argues for."""
    mutated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]["only_mutate"]
    page = PAGE.read_text("utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith(("| `", "| together"))]
    counted = [Tally(name, int(killed), int(mutants)) for name, mutants, killed, _ in rows]
    assert [each.module for each in counted] == [*(f"`{name[11:-3]}`" for name in sorted(mutated)), "together"]
    assert all(each.enough for each in counted)
    assert counted[-1].mutants - counted[-1].killed == len(DIFF.findall(page))
