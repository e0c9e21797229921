"""How long our commands take beside what they are measured by: whole processes, in turns, in one run.

    python -m tests.benchmarks.bench_round --runs 20

`sendkpi --help` is held against an interpreter that does nothing, `sendkpi board` and `sendkpi check` against
`naive_board.py` on the same six returns. The two of a pair run right after one another, so that whatever else the
machine does meets both; a ratio is of such a pair. Nothing here passes or fails.
It needs `os.wait4`, so Linux or macOS.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

REPOSITORY = Path(__file__).parents[2]
NAIVE = Path(__file__).with_name("naive_board.py")
QUARTER = "2021-22-Q1"


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that one process took: by the clock on the wall, and of processor time."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Our command, and the one that it is measured by; `aim` is what the ratio of the two should be."""

    name: str
    ours: tuple[str, ...]
    other_name: str
    others: tuple[str, ...]
    aim: str


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> Took:
    """Run Python with these arguments to its end; SystemExit when it fails, for then the time means nothing."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"python {' '.join(arguments)} ended with status {process.returncode}.")
    return Took(wall, usage.ru_utime + usage.ru_stime)


def as_installed(folder: Path) -> dict[str, str]:
    """An environment in which all modules stay compiled from the first run on, whatever this one's variables say."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**plain, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def pairs(folder: Path) -> tuple[Pair, ...]:
    """What is measured; `folder` is a working folder that may be written to."""
    board, check = (("-m", "sendkpi_xl", name, QUARTER, "--folder", str(folder)) for name in ("board", "check"))
    naive = (str(NAIVE), str(folder / "inputs"), QUARTER, str(folder / "naive.xlsx"))
    return (
        Pair("sendkpi --help", ("-m", "sendkpi_xl", "--help"), "python -c pass", ("-c", "pass"), "at most 10"),
        Pair("sendkpi board", board, NAIVE.name, naive, "under 1"),
        Pair("sendkpi check", check, NAIVE.name, naive, "at most 0.35"),
    )


def measure(pair: Pair, runs: int, environment: Mapping[str, str]) -> list[tuple[Took, Took]]:
    """Run the two of a pair in turns, after one run of each that is not counted: it compiles and fills caches."""
    taken = [(run(pair.ours, environment), run(pair.others, environment)) for _ in range(runs + 1)]
    return taken[1:]


def spread(numbers: Sequence[float], digits: int) -> str:
    """Median, and smallest to largest: `0.61 (0.55–0.70)`."""
    median, least, most = statistics.median(numbers), min(numbers), max(numbers)
    return f"{median:.{digits}f} ({least:.{digits}f}–{most:.{digits}f})"


def report(pair: Pair, taken: Sequence[tuple[Took, Took]]) -> Table:
    """A pair's times in milliseconds, and the ratios of ours to the other."""
    title = f"{pair.name} beside {pair.other_name}: median (least–most) of {len(taken)} runs"
    table = Table(title=title, title_justify="left")
    table.add_column("Clock")
    for heading in (f"{pair.name}, ms", f"{pair.other_name}, ms", f"Ratio, {pair.aim}"):
        table.add_column(heading, justify="right", no_wrap=True)
    for clock, words in (("wall", "wall"), ("cpu", "processor")):
        ours, others = ([getattr(took, clock) for took in side] for side in zip(*taken, strict=True))
        ratios = [mine / theirs for mine, theirs in zip(ours, others, strict=True)]
        times = (spread([seconds * 1000 for seconds in side], 0) for side in (ours, others))
        table.add_row(words, *times, spread(ratios, 2))
    return table


def main() -> None:
    """Measure every pair and print a table of each."""
    parser = argparse.ArgumentParser(prog="bench_round", description="Time our commands beside others.")
    parser.add_argument("--runs", type=int, default=20, help="how often each pair runs (default: 20)")
    runs = max(1, parser.parse_args().runs)
    console = Console(highlight=False, width=100)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        environment = as_installed(folder)
        shutil.copytree(REPOSITORY / "inputs", folder / "inputs")
        for pair in pairs(folder):
            console.print(report(pair, measure(pair, runs, environment)))


if __name__ == "__main__":
    main()
