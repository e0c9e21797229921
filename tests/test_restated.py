"""What is restated: figures and ratings that are not what was written for the board last."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from sendkpi_xl.restated import restatements
from sendkpi_xl.round import write_board
from tests.small_round import Q1, small_folder
from tests.workbooks import lines, noticed

TABLE = """
    id | ref | section | by  | title          | unit  | better           | baseline | target | Q1
    K1 | 1   | Places  | SCH | Places created | count | higher is better | 40       | 42     | 41
    K2 | 2   | Places  | SCH | Places lost    | count | lower is better  | 4        | 10     | 6
    K3 | 3   | Journeys | TRA | Journeys made | count | higher is better | 4        | 10     | 12
    """
HEAD = "period,kpi_id,value,agreed_rating,file,sheet,cell\r\n"


def told(written: str, now: str) -> list[str]:
    return noticed(restatements((HEAD + written).encode("utf-8-sig"), (HEAD + now).encode("utf-8-sig")))


def test_a_correction_that_came_late_is_a_restatement(tmp_path: Path) -> None:
    """The first run says nothing; after a corrected return the next one names what changed, and then there is peace."""
    folder = small_folder(tmp_path, TABLE)
    assert [each for each in write_board(folder, Q1)[0].findings if each.code == "P06"] == []
    path = folder.returns(Q1) / f"return-{Q1.code}-SCH.xlsx"
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book["SCH"].iter_rows() for cell in row if cell.value == 41)
    cell.value = 20
    book.save(path)
    said = [each for each in write_board(folder, Q1)[0].findings if each.code == "P06"]
    assert noticed(said) == lines(f"""
        P06 | {cell.coordinate} | The value for 2023-24-Q1 was 41 when the board's data was written last, and is 20. | Nothing, if that is meant: tell the board that it is restated.
        P06 | {cell.coordinate} | The rating for 2023-24-Q1 was G when the board's data was written last, and is R. | Nothing, if that is meant: tell the board that it is restated.
    """)  # noqa: E501
    assert [each for each in write_board(folder, Q1)[0].findings if each.code == "P06"] == []


def test_a_figure_that_came_or_went() -> None:
    """An empty field is nothing, and a figure that was nothing before is told like any other."""
    assert told("2023-24-Q1,K1,,,,,\r\n", "2023-24-Q1,K1,5,A,a.xlsx,SCH,I6\r\n") == lines("""
        P06 | I6 | The value for 2023-24-Q1 was nothing when the board's data was written last, and is 5. | Nothing, if that is meant: tell the board that it is restated.
        P06 | I6 | The rating for 2023-24-Q1 was nothing when the board's data was written last, and is A. | Nothing, if that is meant: tell the board that it is restated.
    """)  # noqa: E501


def test_new_and_retired_kpis_are_no_restatements() -> None:
    """Only what was written then and is written now can be restated."""
    assert told("2023-24-Q1,K1,5,A,,,\r\n", "2023-24-Q1,K2,6,R,,,\r\n2023-24-Q2,K1,7,G,,,\r\n") == []


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"some,other\r\ncsv,file\r\n", b'"', b"period,kpi_id\r\nx,K1\r\n"]
)
def test_what_is_no_tidy_data_says_nothing(data: bytes) -> None:
    """Whatever stands under the name of the data, the board is written."""
    assert list(restatements(data, (HEAD + "2023-24-Q1,K1,5,A,,,\r\n").encode())) == []
