"""The six returns in inputs/2021-22-Q1: filled from what was published, and what is read of them."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path
from typing import Protocol

import pytest

from sendkpi_xl.catalogue import load_catalogue
from sendkpi_xl.fields import parse_number
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.gather import gather
from sendkpi_xl.gathered import Gathered, Outcome
from sendkpi_xl.reading import Reading, Status
from sendkpi_xl.return_row import Round
from sendkpi_xl.returns import read_return
from tests.fill_returns import PERIOD, ROOT, fill_all
from tests.published import published_rows
from tests.workbooks import anywhere, codes, lines, told

FOLDER = WorkingFolder(ROOT)
CATALOGUE = load_catalogue(FOLDER.catalogue)
BY_BOARD_REF = {kpi.board_ref: kpi.id for kpi in CATALOGUE.live() if kpi.board_ref}
NAMES = [f"return-2021-22-Q1-{code}.xlsx" for code in ("SPB", "WS1", "WS2", "WS3", "WS4", "WS5")]
WORDS_IN_PRINT = {
    "29": "",
    "51": "20 (10.5%)",
    "53": "50% (1 out of 2 CYP)",
    "54": "50% (1 out of 2 CYP)",
    "55": "no data (only collect responses to SEN Support survey during Spring term)",
    "56": "67% (8 out of 12)",
    "57": "as KPI 55",
    "63": "10 + 115",
}
"""The published rows whose Q1 is more, or less, than one figure; how each was typed stands in the table below."""


class Converter(Protocol):
    """What conftest's LibreOffice can do."""

    def convert(self, path: Path, to: str, out: Path) -> Path: ...


def copied(path: Path, to: str, out: Path) -> Path:
    """Stands in for LibreOffice: the file as it is."""
    target = out / path.name
    target.write_bytes(path.read_bytes())
    return target


def readings_in(folder: Path) -> dict[str, list[Reading]]:
    """The readings of each of the six returns by file name, without their places and hashes."""
    read = {name: read_return((folder / name).read_bytes(), name, Round(CATALOGUE, PERIOD)) for name in NAMES}
    return {
        name: anywhere(reading for sheet in returned.sheets for reading in sheet.readings)
        for name, returned in read.items()
    }


def saved_by(path: Path) -> str:
    """The program that a workbook says it was saved by."""
    with zipfile.ZipFile(path) as archive:
        properties = archive.read("docProps/app.xml").decode()
    return properties.split("<Application>")[1].split("</Application>")[0]


@pytest.fixture(scope="module")
def round_() -> Gathered:
    return gather(FOLDER, Round(CATALOGUE, PERIOD))


def test_the_returns_are_the_six_of_the_six_workstreams() -> None:
    """The quarter's folder holds the six returns, the team's moderation workbook and the published ratings."""
    beside = ["moderation.xlsx", "published-ratings.csv"]
    assert sorted(path.name for path in FOLDER.returns(PERIOD).iterdir()) == [*beside, *NAMES]


def test_the_returns_are_what_filling_the_templates_gives_today(tmp_path: Path) -> None:
    """Today's templates, filled from the published figures, read as the returns in the repository do."""
    written = fill_all(FOLDER, tmp_path, copied)
    assert [path.name for path in written] == NAMES
    assert readings_in(tmp_path) == readings_in(FOLDER.returns(PERIOD))


@pytest.mark.libreoffice
def test_the_returns_read_the_same_when_libreoffice_saves_them(tmp_path: Path, libreoffice: Converter) -> None:
    """Filled anew, with LibreOffice opening, recalculating and saving three of them, they read the same."""
    fill_all(FOLDER, tmp_path, libreoffice.convert)
    assert [name for name in NAMES if saved_by(tmp_path / name).startswith("LibreOffice")] == [
        "return-2021-22-Q1-SPB.xlsx",
        "return-2021-22-Q1-WS3.xlsx",
        "return-2021-22-Q1-WS5.xlsx",
    ]
    assert readings_in(tmp_path) == readings_in(FOLDER.returns(PERIOD))


def test_some_returns_were_saved_by_libreoffice() -> None:
    """At least two of the six in the repository came back from another program than Excel."""
    programs = [saved_by(FOLDER.returns(PERIOD) / name) for name in NAMES]
    assert sum(program.startswith("LibreOffice/") for program in programs) >= 2


def test_every_return_is_used_in_full(round_: Gathered) -> None:
    """Nothing is refused, held or left to do: each lead gave a value or a reason for each KPI."""
    used = [(each.file, each.outcome, each.workstreams, each.done, each.of) for each in round_.files]
    assert used == [
        ("moderation.xlsx", Outcome.SKIPPED, (), 0, 0),
        ("published-ratings.csv", Outcome.SKIPPED, (), 0, 0),
        (NAMES[0], Outcome.USED, ("SPB",), 41, 41),
        (NAMES[1], Outcome.USED, ("WS1",), 9, 9),
        (NAMES[2], Outcome.USED, ("WS2",), 13, 13),
        (NAMES[3], Outcome.USED, ("WS3",), 17, 17),
        (NAMES[4], Outcome.USED, ("WS4",), 16, 16),
        (NAMES[5], Outcome.USED, ("WS5",), 29, 29),
    ]


def test_the_kpis_by_status(round_: Gathered) -> None:
    """125 live KPIs: 69 with a value, 56 with a reason for the blank, none in question or missing."""
    counts = Counter(reading.status for reading in round_.readings)
    assert {status.value: counts[status] for status in Status} == {
        "reported": 69,
        "blank with a reason": 56,
        "queried": 0,
        "not returned": 0,
    }


def test_what_the_returns_should_have_been_asked_about(round_: Gathered) -> None:
    """The published slips show: a percentage that its fraction contradicts, and fractions of which half is known."""
    assert sorted(codes(round_.findings)) == ["C08 K104", "C10 K049", "C10 K055", "C10 K056", "C10 K078"]


SPOTS = """
1  | reported            | 1462     |     |      |                            | Safety Valve agreement = Jan 2022 census at 1537
2  | reported            | 0.023    |     |      |                            | Safety Valve Agreement = 7% increase Jan '21 to Jan '22
7  | reported            | 31679272 |     |      |                            |
13 | reported            | -0.2233  |     |      |                            |
29 | blank with a reason |          |     |      | Data not yet available     |
31 | reported            | 0.75     | 6   | 8    |                            | 6 out of 8
37 | reported            | 1        |     | 4    |                            | Sample of 4
43 | reported            | 0.112    | 115 | 1030 |                            | 115/1030
49 | reported            | 0.058    |     |      |                            | Annual measure 2021/22
51 | reported            | 0.105    | 20  |      |                            |
53 | reported            | 0.5      | 1   | 2    |                            | 1 out of 2 CYP
54 | reported            | 0.5      | 1   | 2    |                            | 1 out of 2 CYP
55 | blank with a reason |          |     |      | Not collected this quarter | no data (only collect responses to SEN Support survey during Spring term)
56 | reported            | 0.67     | 8   | 12   |                            | 8 out of 12
57 | blank with a reason |          |     |      | Reported under another KPI | as KPI 55
63 | reported            | 125      |     |      |                            | 10 + 115
66 | reported            | 0.3125   | 20  | 64   |                            | 20/64. 22% is national in 2020.
70 | reported            | 0.83     | 10  | 12   |                            | 50/56 and 10/12
75 | reported            | 0.0021   |     |      |                            | 3 complaints
"""  # noqa: E501


def test_telling_rows_as_they_come_back(round_: Gathered) -> None:
    """By board ref: status, value, numerator, denominator, reason and comment of the rows that people wrote into."""
    read = []
    for line in lines(SPOTS):
        ref = line.split(" | ")[0]
        (told_as,) = told([round_.reading(BY_BOARD_REF[ref])])
        read.append(" | ".join([ref, *told_as.split(" | ")[1:7]]))
    assert read == lines(SPOTS)


def test_every_published_row_comes_back_as_a_reading(round_: Gathered) -> None:
    """All 72 rows: a single published figure is the reading's value, to the digit, and its comment the reading's."""
    rows = published_rows()
    assert len(rows) == 72
    assert {row.ref: row.q1 for row in rows if row.ref in WORDS_IN_PRINT} == WORDS_IN_PRINT
    for row in rows:
        reading = round_.reading(BY_BOARD_REF[row.ref])
        if row.ref not in WORDS_IN_PRINT:
            figure = parse_number(row.q1)
            assert figure is not None
            assert (row.ref, reading.value, reading.comment) == (row.ref, figure, row.comment)


def test_what_was_not_published_has_no_value(round_: Gathered) -> None:
    """A KPI that the board's dataset left out came back blank, for data that is not there yet."""
    published = {BY_BOARD_REF[row.ref] for row in published_rows()}
    left_out = [reading for reading in round_.readings if reading.kpi_id not in published]
    assert len(left_out) == 53
    assert {(reading.status, reading.value, reading.comment) for reading in left_out} == {(Status.BLANK, None, "")}
    assert {reading.reason.value for reading in left_out if reading.reason} == {"Data not yet available"}
