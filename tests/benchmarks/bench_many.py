"""How long `sendkpi check` takes over hundreds of returns beside the script one would write, and how much memory.

    python -m tests.benchmarks.bench_many --returns 600 --runs 3

Both are whole processes on the same made-up round, in turns. Memory is the largest that a process held, over all the
returns and over a tenth of them with the same catalogue. Nothing here passes or fails. It needs `os.wait4`, so Linux or
macOS; making the round takes a minute or two.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.bench_round import NAIVE, QUARTER, as_installed, run, spread
from tests.benchmarks.many_returns import make_round

KILOBYTES = 1024
MAXRSS_UNIT = 1 if sys.platform == "darwin" else KILOBYTES
"""macOS tells the largest resident size in bytes, Linux in kilobytes."""


def megabytes(arguments: Sequence[str], environment: Mapping[str, str]) -> float:
    """The most memory that Python held at once while it ran with these arguments."""
    process = subprocess.Popen([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss * MAXRSS_UNIT / KILOBYTES**2


def check(folder: Path) -> tuple[str, ...]:
    """The arguments of our command over a working folder."""
    return ("-m", "sendkpi_xl", "check", QUARTER, "--folder", str(folder))


def main() -> None:
    """Make the rounds, measure, and print."""
    parser = argparse.ArgumentParser(prog="bench_many", description="Time sendkpi check over many returns.")
    parser.add_argument("--returns", type=int, default=600, help="how many returns (default: 600)")
    parser.add_argument("--runs", type=int, default=3, help="how often each side runs (default: 3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        all_of_them, few = Path(place) / "all", Path(place) / "few"
        make_round(all_of_them, options.returns, options.returns)
        make_round(few, options.returns, options.returns // 10)
        environment = as_installed(Path(place))
        naive = (str(NAIVE), str(all_of_them / "inputs"), QUARTER, str(all_of_them / "naive.xlsx"))
        taken = [(run(check(all_of_them), environment), run(naive, environment)) for _ in range(options.runs)]
        title = f"{options.returns} returns: median (least–most) of {options.runs} runs"
        table = Table(title=title, title_justify="left")
        for heading in ("Clock", "sendkpi check, s", "naive_board.py, s", "Times as fast, at least 8"):
            table.add_column(heading, justify="right")
        for clock in ("wall", "cpu"):
            ours, others = ([getattr(took, clock) for took in side] for side in zip(*taken, strict=True))
            times = [theirs / mine for mine, theirs in zip(ours, others, strict=True)]
            table.add_row(clock, spread(ours, 1), spread(others, 1), spread(times, 1))
        console = Console(highlight=False, width=100)
        console.print(table)
        held = [[megabytes(check(each), environment) for _ in range(3)] for each in (few, all_of_them)]
        least, most = map(statistics.median, held)
        console.print(f"Most memory: {least:.0f} MB for {options.returns // 10} returns, {most:.0f} MB for all.")


if __name__ == "__main__":
    main()
