"""The tidy data as a Data Package: frictionless takes it for valid, and each rule of its schema for what it says."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package, Resource

from sendkpi_xl.datapackage import data_package, table_schema
from sendkpi_xl.edition import Edition
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.forecast import Basis
from sendkpi_xl.model import Polarity, Sign, Unit
from sendkpi_xl.moderated import Moderation
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Rag, Reason, Status
from sendkpi_xl.round import write_board
from sendkpi_xl.tidy_columns import COLUMNS, NUMBERS
from sendkpi_xl.tidy_data import tidy, tidy_csv, tidy_rows
from sendkpi_xl.travel import Travel
from tests.board_view import KINGSTON
from tests.board_view import Q1 as KINGSTON_Q1
from tests.small_round import Q1, Q2, override, small_folder, small_round

SMALL = """
    id | ref | section  | by  | title              | unit  | better           | baseline | target | Q1           | Q2       | comment
    K1 | 10  | Places   | SCH | Places created     | count | higher is better | 40       | 42     | 41           | 1,234.5  | =SUM(1)
    K2 | 9   | Places   | SCH | % of places filled | %     | higher is better | unknown  | 90%    | 75% = 6 of 8 | 0%       | -
    K3 |     | Places   | SCH | Balance            | £     | higher is better | -£10     | -£20   | -£15         | £0.00001 | "quoted", £5
    K4 | 2   | Journeys | TRA | Journeys lost      | count | lower is better  |          | <3     | not returned | query    |
    """  # noqa: E501
HASH = "5" * 64


def small() -> Board:
    """Two quarters of four KPIs, one with an override, one of them not returned."""
    return small_round(SMALL).board(Moderation(overrides=(override("K2", "A", "Two start in May", "The board"),)))


def rows_of(board: Board) -> list[dict[str, object]]:
    """The tidy rows of all quarters, with a hash as real files have it."""
    rows = tidy_rows(each for rated in board.quarters.values() for each in rated)
    return [row | {"sha256": row["sha256"] and HASH} for row in rows]


def written(root: Path, data: bytes) -> Package:
    """The package in a folder as `sendkpi board` lays it down, with this tidy data."""
    board = small()
    (root / "readings.csv").write_bytes(data)
    (root / "datapackage.json").write_bytes(data_package(board.catalogue, board.period, data))
    return Package(str(root / "datapackage.json"))


def errors(package: Package) -> list[tuple[str, str]]:
    """What frictionless finds wrong: the kind of error and the column, empty where it is about no one column."""
    report = package.validate()
    assert report.warnings == [each for task in report.tasks for each in task.warnings] == []
    flat = report.flatten(["type", "fieldName"])
    return [(str(kind), str(column or "")) for kind, column in flat]


# --- The columns, declared once -----------------------------------------------------------------------------------


def test_rows_frame_file_and_schema_have_the_same_columns() -> None:
    """Each column stands once, at the same place, in the declaration, a row, the frame, the CSV and the schema."""
    names = [column.name for column in COLUMNS]
    board = small()
    heading = tidy_csv(rows_of(board)).decode("utf-8-sig").splitlines()[0]
    assert len(set(names)) == len(names) == 39
    assert [list(row) for row in tidy_rows(board.now)] == [names] * 4
    assert list(tidy(board.now)) == names
    assert heading.split(",") == names
    assert [field["name"] for field in table_schema()["fields"]] == names


def test_rows_frame_and_schema_agree_on_what_is_a_number() -> None:
    """A column that the schema calls a number is Float64 in the frame, and holds floats or nothing in the rows."""
    fields = {field["name"]: field["type"] for field in table_schema()["fields"]}
    frame, rows = tidy(small().now), rows_of(small())
    assert {name for name, kind in fields.items() if kind == "number"} == set(NUMBERS)
    assert {name for name in frame if str(frame[name].dtype) == "Float64"} == set(NUMBERS)
    for name, kind in fields.items():
        kinds = {type(row[name]) for row in rows}
        assert kinds <= ({float, type(None)} if kind == "number" else {str}), name


def test_every_column_is_explained() -> None:
    """Each has a title of its own and a sentence, and a number says its unit or that it is part of a fraction."""
    titles = [column.title for column in COLUMNS]
    assert len(set(titles)) == len(titles)
    assert [column.name for column in COLUMNS if not column.says.endswith(".")] == []
    unsaid = {column.name for column in COLUMNS if column.number and "KPI's own unit" not in column.says}
    assert unsaid == {"numerator", "denominator"}


CHOICES: Mapping[str, type[StrEnum]] = {
    "unit": Unit,
    "polarity": Polarity,
    "status": Status,
    "reason_for_blank": Reason,
    "target_sign": Sign,
    "computed_rating": Rag,
    "agreed_rating": Rag,
    "since_last_quarter": Travel,
    "since_last_year": Travel,
    "forecast_basis": Basis,
    "forecast_rating": Rag,
}


def test_choices_are_those_of_the_model() -> None:
    """Columns of choices list exactly what the model knows; no choice is empty, for an empty field is a missing one."""
    fields = {field["name"]: field.get("constraints", {}) for field in table_schema()["fields"]}
    listed = {name: constraints["enum"] for name, constraints in fields.items() if "enum" in constraints}
    assert listed == {name: [each.value for each in kind if each.value] for name, kind in CHOICES.items()}
    assert listed["target_sign"] == ["<", ">"]


# --- The descriptor -----------------------------------------------------------------------------------------------


def test_the_descriptor_but_for_its_columns() -> None:
    """Name, title, what is in the file, its bytes and hash, how the CSV is written, what a gap is, and the key."""
    board = small()
    data = tidy_csv(rows_of(board))
    descriptor: dict[str, Any] = json.loads(data_package(board.catalogue, board.period, data))
    (resource,) = descriptor["resources"]
    title = "Sandford Plan: KPI readings and ratings, Quarter 2 2023/24"
    fields = resource["schema"].pop("fields")
    assert fields[0] == {
        "name": "period",
        "title": "Quarter",
        "description": "The financial-year quarter: 2021-22-Q1 is April to June 2021.",
        "type": "string",
        "constraints": {"required": True, "pattern": "[12][0-9]{3}-[0-9]{2}-Q[1-4]"},
    }
    assert "apostrophe in front" in resource.pop("description")
    assert descriptor == {
        "profile": "tabular-data-package",
        "name": "kpi-readings-2023-24-q2",
        "title": title,
        "description": "Every live KPI of the Sandford Plan (Sandford Council), Quarter 1 to Quarter 2 2023/24. "
        "For the performance team: small numbers are not suppressed, and names of people stand in it, so it is not for "
        "publication as it is.",
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": "readings",
                "path": "readings.csv",
                "title": title,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(data),
                "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
                "dialect": {
                    "delimiter": ",",
                    "lineTerminator": "\r\n",
                    "quoteChar": '"',
                    "doubleQuote": True,
                    "skipInitialSpace": False,
                    "header": True,
                },
                "schema": {"missingValues": [""], "primaryKey": ["period", "kpi_id"]},
            }
        ],
    }


def test_a_first_quarter_is_named_alone() -> None:
    """Where there is no earlier quarter in the file, none is spoken of."""
    catalogue = small().catalogue
    assert ", Quarter 1 2023/24. For the" in json.loads(data_package(catalogue, Q1, b""))["description"]
    assert ", Quarter 1 to Quarter 2 2023/24. For the" in json.loads(data_package(catalogue, Q2, b""))["description"]


def test_the_same_inputs_give_the_same_bytes_wherever_they_stand(tmp_path: Path) -> None:
    """Two folders with the same inputs get the same descriptor: no clock and no path of the machine is in it."""
    folder, other = small_folder(tmp_path / "one", SMALL_FOLDER), WorkingFolder(tmp_path / "another")
    shutil.copytree(folder.root / "inputs", other.root / "inputs")
    for each in (folder, other):
        write_board(each, Q1)
    one, another = (each.data_package(Q1).read_bytes() for each in (folder, other))
    assert one == another
    assert str(tmp_path).encode() not in one


SMALL_FOLDER = """
    id | ref | section | by  | title          | unit  | better           | baseline | target | Q1 | comment
    K1 | 1   | Places  | SCH | Places created | count | higher is better | 40       | 42     | 41 | =SUM(1)
    """


# --- Held against frictionless ------------------------------------------------------------------------------------


def test_a_board_that_was_written_is_a_valid_package(tmp_path: Path) -> None:
    """What `sendkpi board` lays down is found valid as it stands there; a file that was changed is found out."""
    folder = small_folder(tmp_path, SMALL_FOLDER)
    done, _ = write_board(folder, Q1)
    assert done.written == (folder.board(Q1), folder.readings(Q1), folder.data_package(Q1))
    package = Package(str(folder.data_package(Q1)))
    assert errors(package) == []
    folder.readings(Q1).write_bytes(folder.readings(Q1).read_bytes().replace(b",41,", b",43,"))
    assert errors(Package(str(folder.data_package(Q1)))) == [("hash-count", "")]


def test_the_real_quarter_is_a_valid_package() -> None:
    """The repository's tidy data and its descriptor: 125 rows, 69 of them with a value, which are numbers."""
    package = Package(str(KINGSTON.data_package(KINGSTON_Q1)))
    assert errors(package) == []
    rows = package.get_table_resource("readings").read_rows()
    assert len(rows) == 125
    assert {type(row["value"]) for row in rows} == {Decimal, type(None)}
    assert sum(row["value"] is not None for row in rows) == 69
    assert rows[0]["title"] == "Actual EHCPs"


def test_the_publish_edition_is_a_valid_package() -> None:
    """The repository's, of the real quarter: 125 rows, and 15 figures fewer than the internal one has."""
    package = Package(str(KINGSTON.data_package(KINGSTON_Q1, Edition.PUBLISH)))
    assert errors(package) == []
    rows = package.get_table_resource("readings").read_rows()
    assert len(rows) == 125
    assert sum(row["value"] is not None for row in rows) == 54
    withheld = [row for row in rows if row["status"] == Status.REPORTED and row["value"] is None]
    assert len(withheld) == 15
    assert {row["reason_for_blank"] for row in withheld} == {Reason.TOO_FEW}


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    """Every field of two quarters comes back: numbers as numbers, gaps as gaps, text that could run behind its '."""
    rows = rows_of(small())
    package = written(tmp_path, tidy_csv(rows))
    assert errors(package) == []
    read = [dict(row) for row in package.get_table_resource("readings").read_rows()]
    assert [row["comment"] for row in read[4:]] == ["'-", "'=SUM(1)", '"quoted", £5', None]
    assert [row["value"] for row in read] == [
        *(Decimal("0.75"), Decimal(41), Decimal(-15), None),
        *(Decimal(0), Decimal("1234.5"), Decimal("0.00001"), None),
    ]
    expected = [{name: _read(value) for name, value in row.items()} for row in rows]
    assert read == expected


def _read(value: object) -> object:
    if isinstance(value, float):
        return Decimal(format(value, ".15g"))
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "-")) else value or None


@pytest.mark.parametrize(
    ("column", "text", "error"),
    [
        ("value", "about forty", "type-error"),
        ("value", "'41", "type-error"),
        ("quarter_target", "1,000", "type-error"),
        ("forecast", "£5", "type-error"),
        ("period", "2023", "constraint-error"),
        ("period", "in 2023-24-Q1", "constraint-error"),
        ("period", "2023-24-Q5", "constraint-error"),
        ("sha256", HASH[1:], "constraint-error"),
        ("sha256", HASH.replace("5", "G"), "constraint-error"),
        ("cell", "R1C1", "constraint-error"),
        ("unit", "pounds", "constraint-error"),
        ("polarity", "", "constraint-error"),
        ("status", "lost", "constraint-error"),
        ("reason_for_blank", "Forgotten", "constraint-error"),
        ("symbols", "[x]", "constraint-error"),
        ("symbols", "[u][p]", "constraint-error"),
        ("target_sign", "=", "constraint-error"),
        ("computed_rating", "Red", "constraint-error"),
        ("agreed_rating", "No rating", "constraint-error"),
        ("forecast_rating", "r", "constraint-error"),
        ("forecast_basis", "a guess", "constraint-error"),
        ("since_last_quarter", "", "constraint-error"),
        ("since_last_year", "Up", "constraint-error"),
        ("title", "", "constraint-error"),
    ],
)
def test_a_field_that_breaks_its_rule_is_found(tmp_path: Path, column: str, text: str, error: str) -> None:
    """One field of an otherwise valid file changed to what its column rules out: that is the error found, at it."""
    assert errors(written(tmp_path, changed(0, column, text))) == [(error, column)]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("value", ""),
        ("value", "-12.5"),
        ("value", "1e-05"),
        ("agreed_rating", ""),
        ("reason_for_blank", "No cases this quarter"),
        ("symbols", "[u]"),
        ("symbols", "[u] [r] [p]"),
        ("target_sign", "<"),
        ("cell", "AB120"),
        ("comment", "'=1+1"),
        ("comment", "two\nlines, “quoted”"),
        ("board_ref", ""),
    ],
)
def test_a_field_that_keeps_its_rule_passes(tmp_path: Path, column: str, text: str) -> None:
    """Gaps where they may be, negative and small numbers, every way to write an address, and any text."""
    assert errors(written(tmp_path, changed(0, column, text))) == []


def test_a_kpi_twice_in_a_quarter_is_found(tmp_path: Path) -> None:
    """Period and KPI id together name a row; the same KPI in another quarter is another row."""
    assert errors(written(tmp_path, changed(0, "kpi_id", "K1"))) == [("primary-key", "")]
    assert errors(written(tmp_path, changed(0, "kpi_id", "K9"))) == []


def changed(row: int, column: str, text: str) -> bytes:
    """The tidy data of the small round with one field changed in the file."""
    lines = list(csv.DictReader(io.StringIO(tidy_csv(rows_of(small())).decode("utf-8-sig"), newline="")))
    lines[row][column] = text
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(lines[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return stream.getvalue().encode("utf-8-sig")


def test_a_column_that_is_missing_or_moved_is_found(tmp_path: Path) -> None:
    """The heading is held against the schema too."""
    without = [{name: value for name, value in row.items() if name != "sha256"} for row in rows_of(small())]
    assert {kind for kind, _ in errors(written(tmp_path, tidy_csv(without)))} == {"missing-label"}


def test_a_reader_without_the_descriptor_sees_the_same_columns(tmp_path: Path) -> None:
    """The file alone has its headings in the first row, in spite of the byte order mark before them."""
    (tmp_path / "readings.csv").write_bytes(tidy_csv(rows_of(small())))
    with Resource(str(tmp_path / "readings.csv")) as resource:
        assert resource.labels == [column.name for column in COLUMNS]


def test_the_package_stands_in_the_folder_of_outputs(tmp_path: Path) -> None:
    """Its place and name are what other programs look for."""
    path = WorkingFolder(tmp_path).data_package(Q1)
    assert path.relative_to(tmp_path).as_posix() == "outputs/2023-24-Q1/datapackage.json"
