"""Every bad day that we know of: what arrives, and all that comes of it, as a reader of the receipt would see it."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from sendkpi_xl.asking import write_notes
from sendkpi_xl.catalogue import save_catalogue
from sendkpi_xl.findings import Refusal
from sendkpi_xl.folder import WorkingFolder
from tests.bad_days import CHAPTERS, DAYS, BadDay
from tests.bad_files import Scene
from tests.what_comes import expected, set_scene, what_comes


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.id)
def test_what_comes_of_a_bad_day(day: BadDay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file's outcome, every KPI that is not as it should be, and every finding, and nothing else."""
    assert what_comes(day, Scene(WorkingFolder(tmp_path), monkeypatch)) == expected()[day.id]


def test_every_case_has_its_number_its_words_and_its_chapter() -> None:
    """No two cases share a number or a line, and what is expected is of these cases and no others."""
    assert [each for each, count in Counter(day.id for day in DAYS).items() if count > 1] == []
    assert [each for each, count in Counter(day.arrives for day in DAYS).items() if count > 1] == []
    assert list(dict.fromkeys(day.id[0] for day in DAYS)) == list(CHAPTERS)
    assert list(expected()) == [day.id for day in DAYS]


def test_the_good_return_beside_is_always_read() -> None:
    """Whatever arrives, the other workstream's KPIs are as its lead reported them."""
    beside = [day for day in DAYS if not day.alone]
    assert len(beside) > 90
    stopped = [day.id for day in beside if any("K20" in line or "no round" in line for line in expected()[day.id])]
    # Of photos by the thousand none is opened, and without a KPI list there is nothing to read by.
    assert stopped == ["A18 many", "F3"]


def test_a_file_that_is_not_used_has_a_word_about_it() -> None:
    """Refused, held and blank files each have a finding with their name; by-standers alone are passed over."""
    silent = []
    for number, lines in expected().items():
        findings = [line for line in lines if re.match(r"[A-Z]\d\d ", line)]
        files = [
            line.split(" | ")
            for line in lines
            if line not in findings and " | " in line and not line.startswith("KPI ")
        ]
        names = [name for name, outcome, *_ in files if outcome in {"refused", "held", "not filled in"}]
        silent += [(number, name) for name in names if not any(name in finding for finding in findings)]
    assert silent == []


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.id)
def test_asking_back_leaves_what_arrived_as_it_was(
    day: BadDay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole of `sendkpi check` ends in notes or a refusal, changes no byte that arrived, and leaves no scraps."""
    scene = Scene(WorkingFolder(tmp_path), monkeypatch)
    set_scene(day, scene)
    before = held(scene)
    with suppress(Refusal):
        save_catalogue(scene.catalogue(), scene.folder.catalogue)
        write_notes(scene.folder, day.period, scene.tell)
    assert held(scene) == before
    refused = any(line.startswith("no round") for line in expected()[day.id])
    assert scene.folder.queries(day.period).exists() is not refused
    assert [path.name for path in (tmp_path / "outputs").rglob("*") if path.suffix not in {"", ".xlsx"}] == []


def held(scene: Scene) -> dict[str, bytes]:
    """The files in the folder of returns with their bytes, but for those that the case itself changes meanwhile."""
    paths = [path for path in sorted(scene.place.rglob("*")) if path.is_file() and path.name not in scene.when_read]
    content = {}
    for path in paths:
        # Not by read_bytes, which some cases make fail.
        with path.open("rb") as file:
            content[str(path)] = file.read()
    return content
