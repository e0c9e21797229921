"""What comes of the cases of `bad_days`, drawn as lines: `python -m tests.what_comes` writes them down.

- `file | outcome | workstreams | done of all`, for every file but the good one;
- `KPI … | status | value | numerator | denominator | reason | comment | typed | how it was read`, for every KPI that is
  not as in the good return, with `all` for all seven;
- `code severity | place | what was found | what to do`, for every finding.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from sendkpi_xl.findings import Refusal
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.gathered import FileOutcome, Gathered
from sendkpi_xl.history import gather_history
from sendkpi_xl.reading import Finding, Reading
from tests.bad_days import DAYS, BadDay
from tests.bad_files import Scene
from tests.good_returns import COUNCIL, GOOD_FILE, good_readings, sent
from tests.workbooks import EARLY, told

EXPECTED = Path(__file__).parent / "expected" / "bad-days.txt"
MOST_COMMENT = 60


def set_scene(day: BadDay, scene: Scene) -> None:
    """Put the files of a case into the folder of returns, and do what else belongs to it."""
    scene.period = day.period
    scene.place.mkdir(parents=True)
    beside = {} if day.alone else {GOOD_FILE: sent(period=day.period, code="SB")}
    for name, content in {**beside, **day.files}.items():
        (scene.place / name).write_bytes(content if isinstance(content, bytes) else content())
    day.prepare(scene)


def what_comes(day: BadDay, scene: Scene) -> list[str]:
    """Set the scene of a case, gather its returns, and draw what came of it as lines."""
    set_scene(day, scene)
    try:
        round_ = gather_history(scene.folder, scene.catalogue(), scene.period, scene.tell).now
    except Refusal as refusal:
        return ["no round", *_findings(refusal.findings, scene)]
    files = [_file(each) for each in round_.files if each.file != GOOD_FILE]
    return [*files, *_readings(round_), *_findings(round_.findings, scene)]


def _file(each: FileOutcome) -> str:
    of = f" | {' '.join(each.workstreams)} | {each.done} of {each.of}" if each.of else ""
    return f"{each.file} | {each.outcome}{of}"


def _findings(findings: Iterable[Finding], scene: Scene) -> list[str]:
    drawn = []
    for each in findings:
        place = str(each.place).replace(str(scene.folder.root), "…")
        subject = f" ({each.subject})" if each.subject else ""
        drawn.append(f"{each.code} {each.severity} | {place}{subject} | {each.found} | {each.action}")
    return drawn


def _readings(round_: Gathered) -> list[str]:
    """The readings that are not as in the good returns, those of several KPIs in one line where they are alike."""
    good = set(map(_drawn, good_readings(round_.period)))
    kpis: dict[str, list[str]] = {}
    for kpi_id, line in map(_drawn, round_.readings):
        if (kpi_id, line) not in good:
            kpis.setdefault(line, []).append(kpi_id)
    every = [kpi.id for kpi in COUNCIL.live(EARLY.name)]
    return [f"KPI {'all' if ids == every else ' '.join(ids)} | {line}" for line, ids in kpis.items()]


def _drawn(reading: Reading) -> tuple[str, str]:
    """A reading's KPI, and the rest of it as a line without its cell and without the empty fields at the end."""
    comment = f"{reading.comment[:MOST_COMMENT]}… ({len(reading.comment)} letters)"
    short = reading if len(reading.comment) <= MOST_COMMENT else replace(reading, comment=comment)
    ((kpi_id, *fields),) = (line.split(" | ") for line in told([short]))
    line = " | ".join(fields[:-1]).rstrip(" |")
    return kpi_id, "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in line)


@functools.cache
def expected() -> dict[str, list[str]]:
    """What must come of each case, as lines by its number."""
    cases: dict[str, list[str]] = {}
    for line in EXPECTED.read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            cases[next(reversed(cases))].append(line.strip())
        elif line:
            cases[line.partition(":")[0]] = []
    return cases


def main() -> None:
    """Write down what comes of every case today; look at the differences before you believe them."""
    drawn = []
    for day in DAYS:
        with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
            lines = what_comes(day, Scene(WorkingFolder(Path(scratch)), patch))
        drawn.append("\n    ".join([f"{day.id}: {day.arrives}", *lines]))
    EXPECTED.write_text("\n\n".join(drawn) + "\n", encoding="utf-8")
    print(f"Written: {EXPECTED.name}")


if __name__ == "__main__":
    main()
