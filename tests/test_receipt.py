"""The receipt: every file, KPI and entry is counted twice, and a run in which a sum does not add up does not go on."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl import history as history_module
from sendkpi_xl.findings import Refusal
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.gather import gather
from sendkpi_xl.gathered import Gathered
from sendkpi_xl.history import gather_history
from sendkpi_xl.reading import Entries
from sendkpi_xl.receipt import receipt
from sendkpi_xl.return_row import Round
from tests.workbooks import FIRST_ROW, PERIOD, SMALL, filled, lines, noticed, put, read, saved

ENTERED = """
K01 | 1462 | | | | Held near the census
K02 | '75% | 6 | 8
K03 | TBC | | | | the system is down
K04 | | | | Data not yet available
K05 | 12000 | 5
K06 | 12 | | | | ask jo@example.org
"""


def gathered(root: Path, **files: bytes) -> Gathered:
    folder = WorkingFolder(root)
    folder.returns(PERIOD).mkdir(parents=True)
    for name, data in files.items():
        (folder.returns(PERIOD) / f"{name}.xlsx").write_bytes(data)
    return gather(folder, Round(SMALL, PERIOD))


def test_the_three_sums_of_a_round(tmp_path: Path) -> None:
    """Files by what became of them, KPIs by status, entries by how they ended."""
    round_ = gathered(tmp_path, early=filled(ENTERED), again=filled(ENTERED), broken=b"")
    assert list(receipt(SMALL, round_).sums()) == lines("""
        3 files = 1 used + 1 same as another + 0 superseded + 0 held + 0 not filled in + 0 skipped + 1 refused
        9 live KPIs = 4 reported + 1 blank with a reason + 1 queried + 3 not returned
        12 entries = 8 accepted + 1 converted + 3 queried
    """)


def test_entries_beside_the_kpis_are_counted_as_questions() -> None:
    """A row of no KPI and cells in columns of the lead's own are entries too, and none of them is dropped."""

    def add(sheet: Worksheet) -> None:
        put(sheet, 20, 9, "17")
        put(sheet, 21, 13, "a note of our own")
        put(sheet, FIRST_ROW, 25, "working")

    (sheet,) = read(filled("K01 | 5", edit=add)).sheets
    assert (sheet.filled, sheet.entries) == (4, Entries(accepted=1, queried=3))


def test_a_held_return_is_all_questions(tmp_path: Path) -> None:
    """Until people have chosen between two returns, none of the entries of either is used."""
    round_ = gathered(tmp_path, a=filled("K01 | 5\nK06 | 7"), b=filled("K01 | 6\nK06 | 7"))
    assert receipt(SMALL, round_).entries == Entries(queried=4)
    assert [each.entries for each in round_.files] == [Entries(queried=2), Entries(queried=2)]


def test_who_saved_it_and_when(tmp_path: Path) -> None:
    """As the file says; a file that says nothing leaves the receipt empty there."""
    book = openpyxl.load_workbook(io.BytesIO(filled("K01 | 5")))
    book.properties.lastModifiedBy = "A lead"
    round_ = gathered(tmp_path, one=saved(book), two=b"")
    told = {each.file: (each.saved_by, bool(each.saved_at), each.must_fix) for each in round_.files}
    assert told == {"one.xlsx": ("A lead", True, 6), "two.xlsx": ("", False, 1)}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"found": 2}, "2 files = 1 used"),
        ({"readings": ()}, "9 live KPIs = 0 reported"),
        ({"files": ()}, "1 files = 0 used"),
    ],
)
def test_a_sum_that_does_not_add_up_stops_the_run(tmp_path: Path, wrong: dict[str, object], said: str) -> None:
    """Whatever was lost on the way, it is said, and the command goes no further."""
    round_ = gathered(tmp_path, early=filled(ENTERED))
    with pytest.raises(Refusal) as caught:
        receipt(SMALL, replace(round_, **wrong))
    (told,) = noticed(caught.value.findings)
    assert told.startswith(f"F15 | 2021-22-Q1 | The receipt does not add up: {said}")


def test_an_entry_that_got_lost_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries are counted cell by cell beside the reading of rows, so that a row that is skipped shows."""
    (tmp_path / "inputs" / PERIOD.code).mkdir(parents=True)
    (tmp_path / "inputs" / PERIOD.code / "early.xlsx").write_bytes(filled(ENTERED))

    def losing(folder: WorkingFolder, this: Round, *rest: object) -> Gathered:
        found = gather(folder, this)
        (file,) = found.files
        fewer = replace(file.entries, accepted=file.entries.accepted - 1)
        return replace(found, files=(replace(file, entries=fewer),))

    monkeypatch.setattr(history_module, "gather", losing)
    with pytest.raises(Refusal) as caught:
        gather_history(WorkingFolder(tmp_path), SMALL, PERIOD)
    assert "12 entries = 7 accepted + 1 converted + 3 queried" in caught.value.findings[0].found


TEXTS = st.sampled_from(["", "5", "85%", "'85%", "TBC", "=1+1", "#REF!", "'1,234", "'\u00a0", "No cases this quarter"])
ROWS = st.lists(st.lists(TEXTS, min_size=5, max_size=5), min_size=7, max_size=7)
STRAYS = st.lists(st.tuples(st.integers(FIRST_ROW, 40), st.integers(1, 24), TEXTS), max_size=5)


@settings(deadline=None, max_examples=60)
@given(ROWS, STRAYS)
def test_the_sums_add_up_whatever_is_typed_and_wherever(
    rows: list[list[str]], strays: list[tuple[int, int, str]]
) -> None:
    """Whatever stands in the yellow cells, below the table and beside it: each entry ends in one of three ways."""

    def stray(sheet: Worksheet) -> None:
        for row, column, text in strays:
            if text:
                put(sheet, row, column, text)

    kpis = SMALL.live("Early help")
    table = "\n".join(" | ".join([kpi.id, *row]) for kpi, row in zip(kpis, rows, strict=True))
    data = filled(f"{table}\nK06 | 12", edit=stray)
    with tempfile.TemporaryDirectory() as place:
        round_ = gathered(Path(place), early=data)
    made = receipt(SMALL, round_)
    assert made.wrong() == ()
