"""The catalogue as text and as workbook: round trips, drop-downs, looked-up titles, and all that can be wrong."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from textwrap import dedent
from typing import Any

import openpyxl
import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.utils import range_boundaries
from openpyxl.workbook.workbook import Workbook

from sendkpi_xl.catalogue import load_catalogue, save_catalogue
from sendkpi_xl.catalogue_reader import read_catalogue_workbook
from sendkpi_xl.catalogue_text import catalogue_from_text, catalogue_to_text
from sendkpi_xl.catalogue_writer import SPARE_ROWS, catalogue_workbook
from sendkpi_xl.cells import read_book
from sendkpi_xl.findings import Refusal
from sendkpi_xl.layout import CATALOGUE_GOALS, CATALOGUE_KPIS, CATALOGUE_TABLES
from sendkpi_xl.model import Catalogue, Life
from sendkpi_xl.reading import Finding
from tests.catalogues import SMALL, SMALL_TEXT, catalogues, edited
from tests.conftest import LibreOffice

KINGSTON = Path(__file__).parent.parent / "inputs" / "kpi-catalogue.toml"
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def kingston() -> Catalogue:
    """The real catalogue."""
    return load_catalogue(KINGSTON)


@pytest.fixture(scope="module")
def small_workbook() -> bytes:
    """The small catalogue's workbook."""
    return catalogue_workbook(SMALL)


def said(findings: tuple[Finding, ...]) -> str:
    """Findings as the tests draw them: code, place and KPI on one line, then what was found, expected, and to do."""
    return "\n".join(
        f"{each.code} {each.place} [{each.subject}]\n    {each.found}\n    {each.expected}\n    {each.action}"
        for each in findings
    )


def refusal_of(data: bytes) -> str:
    """What the reader says of a workbook that it refuses."""
    with pytest.raises(Refusal) as refused:
        read_catalogue_workbook(data, "list.xlsx")
    return said(refused.value.findings)


# --- Round trips


def test_small_catalogue_in_text() -> None:
    """The text, as a reviewer reads it, holds exactly these records; what is left out has its default."""
    assert catalogue_from_text(SMALL_TEXT, "list.toml") == SMALL


def test_text_comes_back(kingston: Catalogue) -> None:
    """Kingston's catalogue and the small one come back from their text, and their text from them."""
    for catalogue in (kingston, SMALL):
        text = catalogue_to_text(catalogue)
        assert catalogue_from_text(text, "list.toml") == catalogue
        assert catalogue_to_text(catalogue_from_text(text, "list.toml")) == text


def test_workbook_comes_back(kingston: Catalogue) -> None:
    """Kingston's catalogue and the small one come back from their workbook, and their workbook, byte by byte."""
    for catalogue in (kingston, SMALL):
        data = catalogue_workbook(catalogue)
        assert read_catalogue_workbook(data, "list.xlsx") == catalogue
        assert catalogue_workbook(read_catalogue_workbook(data, "list.xlsx")) == data


@FEW
@given(catalogues())
def test_every_catalogue_comes_back_from_text(catalogue: Catalogue) -> None:
    """Whatever its records hold, a catalogue's text holds all of it."""
    assert catalogue_from_text(catalogue_to_text(catalogue), "list.toml") == catalogue


@FEW
@given(catalogues())
def test_every_catalogue_comes_back_from_its_workbook(catalogue: Catalogue) -> None:
    """Whatever its records hold, a catalogue's workbook holds all of it, and no text becomes a formula or a number."""
    assert read_catalogue_workbook(catalogue_workbook(catalogue), "list.xlsx") == catalogue


def test_longest_text_comes_back() -> None:
    """A note as long as a cell can be is not cut."""
    note = ("wörter " * 5000)[:32_766] + "."
    catalogue = replace(SMALL, kpis=(replace(SMALL.kpis[0], note=note),))
    assert read_catalogue_workbook(catalogue_workbook(catalogue), "list.xlsx") == catalogue


@pytest.mark.parametrize("name", ["list.toml", "list.xlsx", "list.TOML"])
def test_saved_and_loaded_by_the_files_ending(tmp_path: Path, name: str) -> None:
    """The ending says whether a catalogue is text or workbook, and folders are made on the way."""
    path = tmp_path / "inputs" / name
    save_catalogue(SMALL, path)
    assert load_catalogue(path) == SMALL
    assert path.read_bytes()[:2] == (b"PK" if name.endswith("xlsx") else b"# ")


def test_text_saved_by_a_windows_editor(tmp_path: Path) -> None:
    """A byte-order mark and Windows line ends do no harm."""
    path = tmp_path / "list.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL_TEXT.replace("\n", "\r\n").encode())
    assert load_catalogue(path) == SMALL


def test_a_catalogue_from_before_counts_were_withheld(small_workbook: bytes) -> None:
    """A workbook without the row for the threshold, and a text without the line, are read with the usual one."""
    usual = replace(SMALL, settings=replace(SMALL.settings, withheld_under=5))
    older = edited(small_workbook, ["Settings without row 12"])
    assert read_catalogue_workbook(older, "list.xlsx") == usual
    assert catalogue_from_text(SMALL_TEXT.replace("withheld_under = 10\n", ""), "list.toml") == usual


def test_defaults_are_left_out_of_the_text() -> None:
    """A KPI's text is as short as it can be: an attribute at its default is no line of a diff."""
    text = catalogue_to_text(replace(SMALL, kpis=SMALL.kpis[2:]))
    assert text.split("[[kpis]]\n")[1] == dedent(
        """\
        id = "K003"
        ref = "3"
        workstream = "Transport"
        sub_area = "Buses"
        title = "Average cost of a journey"
        unit = "average £"
        decimals = 2
        polarity = "lower is better"
        profile = "snapshot"
        life = "paused"
        section = "Finance"
        note = "Paused until the contract is let."

        [kpis.goals]
        """
    )


# --- Workbooks that people edited


def test_rows_and_columns_may_move(small_workbook: bytes) -> None:
    """A catalogue is read by its headings: moved columns, inserted rows, another case of a choice, text numbers."""
    book = openpyxl.load_workbook(io.BytesIO(small_workbook))
    sheet = book["KPIs"]
    sheet.insert_rows(2, 3)
    sheet.insert_rows(10)
    sheet.insert_cols(1, 2)
    sheet["H8"] = " Count "
    sheet["R9"] = "10"
    book.move_sheet("Settings", -5)
    stream = io.BytesIO()
    book.save(stream)
    assert read_catalogue_workbook(stream.getvalue(), "list.xlsx") == SMALL


def test_title_alone_is_no_target(small_workbook: bytes) -> None:
    """A looked-up title that somebody filled down below the last target is no row of its own."""
    data = edited(small_workbook, ["Targets!B8 = Average cost of a journey"])
    assert read_catalogue_workbook(data, "list.xlsx") == SMALL


def test_a_retired_kpi_keeps_its_board_ref() -> None:
    """The KPI that came after a retired one may have its ref, in whichever order the two stand."""
    first, *others = SMALL.kpis
    retired = replace(first, id="K009", life=Life.RETIRED)
    for kpis in ((first, *others, retired, replace(retired, id="K010")), (retired, first, *others)):
        catalogue = replace(SMALL, kpis=kpis)
        assert read_catalogue_workbook(catalogue_workbook(catalogue), "list.xlsx") == catalogue
        assert catalogue_from_text(catalogue_to_text(catalogue), "list.toml") == catalogue
        assert catalogue.by_board_ref() == {"1": first, "2": others[0]}


@dataclass(frozen=True)
class Spoilt:
    """A workbook with these edits is refused with these words, all of them and no others."""

    edits: tuple[str, ...]
    words: str


SPOILT = {
    "a KPI twice": Spoilt(
        ("KPIs!A7 = K001",),
        """
        T06 list.xlsx, sheet KPIs, A7 [K001]
            K001 is here again; it stands already in list.xlsx, sheet KPIs, A5.
            Each KPI once.
            Delete one of the two rows, or correct its id.
        """,
    ),
    "a board ref twice": Spoilt(
        ("KPIs!M6 = 1",),
        """
        K05 list.xlsx, sheet KPIs, M6 [K002]
            The board ref 1 is here again; it stands already in list.xlsx, sheet KPIs, M5.
            Each board ref once, KPIs that are retired apart.
            Give one of the two another ref, or none; if it is not asked for any more, its life is “retired”.
        """,
    ),
    "a board ref of a paused KPI, in capitals": Spoilt(
        ("KPIs!M6 = 7b", "KPIs!M7 = 7B"),
        """
        K05 list.xlsx, sheet KPIs, M7 [K003]
            The board ref 7B is here again; it stands already in list.xlsx, sheet KPIs, M6.
            Each board ref once, KPIs that are retired apart.
            Give one of the two another ref, or none; if it is not asked for any more, its life is “retired”.
        """,
    ),
    "an id that cannot be one": Spoilt(
        ("KPIs!A7 = k-3",),
        """
        T09 list.xlsx, sheet KPIs, A7 [k-3]
            “k-3” cannot be a KPI's id.
            A KPI id in capitals and digits, such as K128: the next that was never used.
            Correct the id.
        """,
    ),
    "neither id nor title": Spoilt(
        ("KPIs!A7 =", "KPIs!E7 ="),
        """
        T05 list.xlsx, sheet KPIs, A7 []
            The cell is empty.
            A KPI id in capitals and digits, such as K128: the next that was never used.
            Fill it in.
        T05 list.xlsx, sheet KPIs, E7 []
            The cell is empty.
            The KPI's title.
            Fill it in.
        """,
    ),
    "an unknown unit, with targets that stay": Spoilt(
        ("KPIs!F5 = counts",),
        """
        T03 list.xlsx, sheet KPIs, F5 [K001]
            “counts” is not one of the choices.
            One of: count, %, £, average £, weeks.
            Choose from the drop-down (did you mean “count”?).
        """,
    ),
    "a unit unlike any": Spoilt(
        ("KPIs!F5 = furlongs",),
        """
        T03 list.xlsx, sheet KPIs, F5 [K001]
            “furlongs” is not one of the choices.
            One of: count, %, £, average £, weeks.
            Choose from the drop-down.
        """,
    ),
    "no unit": Spoilt(
        ("KPIs!F5 =",),
        """
        T05 list.xlsx, sheet KPIs, F5 [K001]
            The cell is empty.
            One of: count, %, £, average £, weeks.
            Fill it in.
        """,
    ),
    "other choices": Spoilt(
        ("KPIs!H5 = higher", "KPIs!I5 = weekly", "KPIs!L6 = alive", "KPIs!J7 = maybe", "Targets!G7 = about"),
        """
        T03 list.xlsx, sheet KPIs, H5 [K001]
            “higher” is not one of the choices.
            One of: higher is better, lower is better, near target, context only.
            Choose from the drop-down.
        T03 list.xlsx, sheet KPIs, I5 [K001]
            “weekly” is not one of the choices.
            One of: snapshot, year-to-date, annual, termly.
            Choose from the drop-down.
        T03 list.xlsx, sheet KPIs, L6 [K002]
            “alive” is not one of the choices.
            One of: proposed, live, paused, retired.
            Choose from the drop-down (did you mean “live”?).
        T03 list.xlsx, sheet KPIs, J7 [K003]
            “maybe” is not one of the choices.
            One of: yes, no.
            Choose from the drop-down.
        T03 list.xlsx, sheet Targets, G7 [K002]
            “about” is not one of the choices.
            One of: <, >.
            Choose from the drop-down.
        """,
    ),
    "names that are not listed": Spoilt(
        ("KPIs!C5 = School", "KPIs!O7 = Buses"),
        """
        T07 list.xlsx, sheet KPIs, C5 [K001]
            “School” is not in the sheet Workstreams.
            A name from the sheet Workstreams.
            Correct the name, or add it there (did you mean “Schools”?).
        T07 list.xlsx, sheet KPIs, O7 [K003]
            “Buses” is not in the sheet Sections.
            A name from the sheet Sections.
            Correct the name, or add it there.
        """,
    ),
    "no names": Spoilt(
        ("KPIs!C5 =", "KPIs!O5 ="),
        """
        T05 list.xlsx, sheet KPIs, C5 [K001]
            The cell is empty.
            A name from the sheet Workstreams.
            Fill it in.
        T05 list.xlsx, sheet KPIs, O5 [K001]
            The cell is empty.
            A name from the sheet Sections.
            Fill it in.
        """,
    ),
    "no decimals": Spoilt(
        ("KPIs!G5 =",),
        """
        T05 list.xlsx, sheet KPIs, G5 [K001]
            The cell is empty.
            A whole number from 0 to 6.
            Fill it in.
        """,
    ),
    "text in number cells": Spoilt(
        ("KPIs!G5 = two", "KPIs!P6 = a few", "Targets!D5 = about 1,400"),
        """
        T04 list.xlsx, sheet KPIs, G5 [K001]
            “two” is not a number that fits here.
            A whole number from 0 to 6.
            Type the number alone.
        T04 list.xlsx, sheet KPIs, P6 [K002]
            “a few” is not a number that fits here.
            A whole number from 0 to 10,000.
            Type the number alone.
        T04 list.xlsx, sheet Targets, D5 [K001]
            “about 1,400” is not a number that fits here.
            A number, or an empty cell.
            Type the number alone.
        """,
    ),
    "a KPI's own limits reversed": Spoilt(
        ("KPIs!Q6 = 0.2", "KPIs!Q7 = -0.01"),
        """
        T09 list.xlsx, sheet KPIs, Q6 [K002]
            Green reaches 0.2 from the target, amber 0.1.
            Two numbers from 0, the amber one at least as large as the green one.
            Correct them.
        T09 list.xlsx, sheet KPIs, Q7 [K003]
            Green reaches -0.01 from the target, amber 0.05.
            Two numbers from 0, the amber one at least as large as the green one.
            Correct them.
        """,
    ),
    "a target for an unknown KPI": Spoilt(
        ("Targets!A7 = K022",),
        """
        T07 list.xlsx, sheet Targets, A7 [K022]
            “K022” is not in the sheet KPIs.
            A name from the sheet KPIs.
            Correct the name, or add it there (did you mean “K002”?).
        """,
    ),
    "a target for no KPI and no year": Spoilt(
        ("Targets!A7 =", "Targets!C7 ="),
        """
        T05 list.xlsx, sheet Targets, A7 []
            The cell is empty.
            A name from the sheet KPIs.
            Fill it in.
        T05 list.xlsx, sheet Targets, C7 []
            The cell is empty.
            A financial year such as 2021-22.
            Fill it in.
        """,
    ),
    "years that are none": Spoilt(
        ("Targets!C5 = 2021", "Targets!C6 = 2021/22", "Targets!C7 = 2021-23"),
        """
        T09 list.xlsx, sheet Targets, C5 [K001]
            “2021” is not a financial year.
            A financial year such as 2021-22.
            Type the year and the last two digits of the next, joined by a hyphen.
        T09 list.xlsx, sheet Targets, C6 [K001]
            “2021/22” is not a financial year.
            A financial year such as 2021-22.
            Type the year and the last two digits of the next, joined by a hyphen.
        T09 list.xlsx, sheet Targets, C7 [K002]
            “2021-23” is not a financial year.
            A financial year such as 2021-22.
            Type the year and the last two digits of the next, joined by a hyphen.
        """,
    ),
    "two targets for one KPI and year": Spoilt(
        ("Targets!C6 = 2021-22",),
        """
        T06 list.xlsx, sheet Targets, A6 [K001]
            K001 for 2021-22 is here again; it stands already in a row above.
            Each KPI once.
            Delete one of the two rows, or correct its id.
        """,
    ),
    "a tolerance reversed": Spoilt(
        ("Tolerances!B6 = 0.2",),
        """
        T09 list.xlsx, sheet Tolerances, B6 [%]
            Green reaches 0.2 from the target, amber 0.1.
            Two numbers from 0, the amber one at least as large as the green one.
            Correct them.
        """,
    ),
    "a tolerance empty, another in words": Spoilt(
        ("Tolerances!C6 =", "Tolerances!B7 = tight"),
        """
        T05 list.xlsx, sheet Tolerances, C6 []
            The cell is empty.
            A number.
            Fill it in.
        T04 list.xlsx, sheet Tolerances, B7 []
            “tight” is not a number that fits here.
            A number.
            Type the number alone.
        """,
    ),
    "a unit without a row": Spoilt(
        ("Tolerances without row 9",),
        """
        T09 list.xlsx, sheet Tolerances []
            No row for: weeks.
            A row for each.
            Add it.
        """,
    ),
    "a unit misspelt": Spoilt(
        ("Tolerances!A9 = week",),
        """
        T03 list.xlsx, sheet Tolerances, A9 []
            “week” is not one of the choices.
            One of: count, %, £, average £, weeks.
            Choose from the drop-down (did you mean “weeks”?).
        """,
    ),
    "a unit with two rows": Spoilt(
        ("Tolerances!A9 = £",),
        """
        T09 list.xlsx, sheet Tolerances, A9 [£]
            A second row for £; the first is A7.
            One row for each.
            Delete one of the two.
        T09 list.xlsx, sheet Tolerances []
            No row for: weeks.
            A row for each.
            Add it.
        """,
    ),
    "a quarter's share empty": Spoilt(
        ("Profiles!B6 =",),
        """
        T05 list.xlsx, sheet Profiles, B6 []
            The cell is empty.
            A number.
            Fill it in.
        """,
    ),
    "a profile without a row": Spoilt(
        ("Profiles without row 7",),
        """
        T09 list.xlsx, sheet Profiles []
            No row for: annual.
            A row for each.
            Add it.
        """,
    ),
    "a quarter that is none, and a dead band below nothing": Spoilt(
        ("Profiles!F7 = 5", "Tolerances!E6 = -0.1"),
        """
        T09 list.xlsx, sheet Tolerances, E6 [%]
            A value may move by -0.1 and be no change.
            A number from 0, or an empty cell.
            Correct it.
        T04 list.xlsx, sheet Profiles, F7 []
            “5” is not a number that fits here.
            A whole number from 0 to 4.
            Type the number alone.
        """,
    ),
    "a setting without a row": Spoilt(
        ("Settings without row 9",),
        """
        T09 list.xlsx, sheet Settings [Returns go back to]
            No setting “Returns go back to”.
            A row for it.
            Put the row back.
        """,
    ),
    "a threshold that hides nothing": Spoilt(
        ("Settings!B12 = 2",),
        """
        T09 list.xlsx, sheet Settings, B12 [Counts under this number are withheld when published]
            Counts under 2 are withheld: the mark alone would say what stood there.
            0, which withholds nothing, or a whole number from 3; 5 is usual.
            Correct it.
        """,
    ),
    "settings empty": Spoilt(
        ("Settings!B5 =", "Settings!B10 ="),
        """
        T05 list.xlsx, sheet Settings, B5 []
            The cell is empty.
            The setting “Council”.
            Fill it in.
        T05 list.xlsx, sheet Settings, B10 []
            The cell is empty.
            A whole number from 0 to 1,000.
            Fill it in.
        """,
    ),
    "a code twice": Spoilt(
        ("Workstreams!B6 = sch",),
        """
        T09 list.xlsx, sheet Workstreams, B6 [Transport]
            “sch” cannot be this workstream's code.
            A code that no other workstream has, of at most 20 letters and digits, such as WS1.
            Choose another code.
        """,
    ),
    "codes that name no sheet and table": Spoilt(
        ("Workstreams!B5 = WS 1", "Workstreams!B6 = Lists"),
        """
        T09 list.xlsx, sheet Workstreams, B5 [Schools]
            “WS 1” cannot be this workstream's code.
            A code that no other workstream has, of at most 20 letters and digits, such as WS1.
            Choose another code.
        T09 list.xlsx, sheet Workstreams, B6 [Transport]
            “Lists” cannot be this workstream's code.
            A code that no other workstream has, of at most 20 letters and digits, such as WS1.
            Choose another code.
        """,
    ),
    "a sheet renamed, another deleted": Spoilt(
        ("rename Targets to Target", "without Settings"),
        """
        T08 list.xlsx [Targets]
            There is no sheet “Targets”; the sheets are: Start, KPIs, Target, Workstreams, Sections, Tolerances, Profiles, Sums, Lists.
            A sheet called “Targets”.
            Restore the sheet (did you mean “Target”?).
        T08 list.xlsx [Settings]
            There is no sheet “Settings”; the sheets are: Start, KPIs, Target, Workstreams, Sections, Tolerances, Profiles, Sums, Lists.
            A sheet called “Settings”.
            Restore the sheet.
        """,  # noqa: E501
    ),
    "headings gone from two sheets": Spoilt(
        ("Workstreams!B4 = Short", "Profiles!C4 ="),
        """
        T01 list.xlsx, sheet Workstreams, row 4 [Code]
            No column “Code”; the headings seen are: “Workstream”, “Short”.
            A column headed “Code”.
            Give the column that heading.
        T01 list.xlsx, sheet Profiles, row 4 [Q2]
            No column “Q2”; the headings seen are: “Profile”, “Q1”, “Q3”, “Q4”, “At its baseline until quarter”.
            A column headed “Q2”.
            Give the column that heading.
        """,
    ),
    "a heading twice": Spoilt(
        ("Tolerances!E4 = unit",),
        """
        T02 list.xlsx, sheet Tolerances, row 4 [Unit]
            Two columns are headed “Unit”: A4, E4.
            Each heading once.
            Rename or remove one of the two.
        """,
    ),
    "something on every sheet": Spoilt(
        (
            "KPIs!F5 = counts",
            "KPIs!A6 = K001",
            "Targets!A6 = K009",
            "Workstreams!B6 =",
            "Tolerances!B6 = 0.2",
            "Profiles!A7 = yearly",
            "Settings!B10 = a fortnight",
        ),
        """
        T05 list.xlsx, sheet Workstreams, B6 []
            The cell is empty.
            A short code such as WS1.
            Fill it in.
        T04 list.xlsx, sheet Settings, B10 []
            “a fortnight” is not a number that fits here.
            A whole number from 0 to 1,000.
            Type the number alone.
        T09 list.xlsx, sheet Tolerances, B6 [%]
            Green reaches 0.2 from the target, amber 0.1.
            Two numbers from 0, the amber one at least as large as the green one.
            Correct them.
        T03 list.xlsx, sheet Profiles, A7 []
            “yearly” is not one of the choices.
            One of: snapshot, year-to-date, annual, termly.
            Choose from the drop-down.
        T03 list.xlsx, sheet KPIs, F5 [K001]
            “counts” is not one of the choices.
            One of: count, %, £, average £, weeks.
            Choose from the drop-down (did you mean “count”?).
        T06 list.xlsx, sheet KPIs, A6 [K001]
            K001 is here again; it stands already in list.xlsx, sheet KPIs, A5.
            Each KPI once.
            Delete one of the two rows, or correct its id.
        T07 list.xlsx, sheet Targets, A6 [K009]
            “K009” is not in the sheet KPIs.
            A name from the sheet KPIs.
            Correct the name, or add it there.
        T07 list.xlsx, sheet Targets, A7 [K002]
            “K002” is not in the sheet KPIs.
            A name from the sheet KPIs.
            Correct the name, or add it there.
        """,
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_spoilt_workbook(small_workbook: bytes, name: str) -> None:
    """Everything that is wrong is found in one go, with its place, what was expected and what to do."""
    assert refusal_of(edited(small_workbook, SPOILT[name].edits)) == dedent(SPOILT[name].words).strip()


@pytest.mark.parametrize(
    ("edit", "place", "expected"),
    [
        ("KPIs!G5 = 2.5", "list.xlsx, sheet KPIs, G5", "A whole number from 0 to 6."),
        ("KPIs!G5 = 7", "list.xlsx, sheet KPIs, G5", "A whole number from 0 to 6."),
        ("KPIs!G5 = -1", "list.xlsx, sheet KPIs, G5", "A whole number from 0 to 6."),
        ("KPIs!P6 = 9.5", "list.xlsx, sheet KPIs, P6", "A whole number from 0 to 10,000."),
        ("Settings!B10 = 14.5", "list.xlsx, sheet Settings, B10", "A whole number from 0 to 1,000."),
        ("Settings!B11 = 1001", "list.xlsx, sheet Settings, B11", "A whole number from 0 to 1,000."),
    ],
)
def test_numbers_that_must_be_whole_and_within_limits(
    small_workbook: bytes, edit: str, place: str, expected: str
) -> None:
    """A number with decimals, or one that is too large or too small, is one finding where it stands."""
    with pytest.raises(Refusal) as refused:
        read_catalogue_workbook(edited(small_workbook, [edit]), "list.xlsx")
    (found,) = refused.value.findings
    assert (found.code, str(found.place), found.expected) == ("T04", place, expected)


def other_workbook() -> bytes:
    """A workbook that is none of ours."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Budget"
    sheet["A1"] = "Cost centre"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_workbook_of_something_else() -> None:
    """A workbook that is no catalogue lacks all seven sheets, and is told which sheets it has instead."""
    with pytest.raises(Refusal) as refused:
        read_catalogue_workbook(other_workbook(), "budget.xlsx")
    assert [(each.code, each.subject) for each in refused.value.findings] == [
        ("T08", table.sheet) for table in CATALOGUE_TABLES
    ]
    assert refused.value.findings[0].found == "There is no sheet “KPIs”; the sheets are: Budget."


UNREADABLE = {
    "list.xlsx": {
        "empty": b"",
        "text": b"id,title\nK001,Plans\n",
        "page": b"<html></html>",
        "zip": b"PK\x05\x06" + bytes(18),
    },
    "list.toml": {"empty": b"", "binary": b"\x00\xff\xfe", "workbook": b"PK\x03\x04"},
}


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, kinds in UNREADABLE.items() for kind in kinds])
def test_files_that_are_no_catalogue(tmp_path: Path, name: str, kind: str) -> None:
    """An empty file, another kind of file under our ending: refused with words and the file, never another error."""
    path = tmp_path / name
    path.write_bytes(UNREADABLE[name][kind])
    with pytest.raises(Refusal) as refused:
        load_catalogue(path)
    assert all(each.found and each.action and name in str(each.place) for each in refused.value.findings)
    assert {each.code for each in refused.value.findings} == {"F02" if name == "list.xlsx" else "T09"}


@pytest.mark.parametrize("name", ["list.xlsx", "list.toml"])
def test_no_file(tmp_path: Path, name: str) -> None:
    """A missing catalogue is said to be missing, with how to get one."""
    path = tmp_path / name
    with pytest.raises(Refusal) as refused:
        load_catalogue(path)
    assert said(refused.value.findings) == (
        f"F01 {path} []\n"
        "    There is no KPI catalogue here.\n"
        "    The catalogue workbook.\n"
        "    Make one from the published list with sendkpi import, or run in the folder that holds inputs/."
    )


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    """A folder under the catalogue's name is a refusal like any other."""
    path = tmp_path / "list.xlsx"
    path.mkdir()
    with pytest.raises(Refusal) as refused:
        load_catalogue(path)
    assert [each.code for each in refused.value.findings] == ["F02"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.binary(max_size=100).map(lambda rest: b"PK\x03\x04" + rest))
def test_any_bytes_are_refused_with_words(data: bytes) -> None:
    """Whatever the bytes, as workbook or as text, a Refusal is the only thing that is raised."""
    with pytest.raises(Refusal):
        read_catalogue_workbook(data, "list.xlsx")
    with pytest.raises(Refusal):
        catalogue_from_text(data.decode("utf-8", "replace"), "list.toml")


def test_damaged_workbooks(small_workbook: bytes) -> None:
    """A workbook that was cut off or changed in transit is read as it was, or refused: nothing else is raised."""
    random = Random(7)
    refused = 0
    for _ in range(150):
        data = bytearray(small_workbook)
        for _ in range(random.choice((1, 3, 30))):
            data[random.randrange(len(data))] = random.randrange(256)
        try:
            read_catalogue_workbook(bytes(data[: random.choice((len(data), len(data), 3000))]), "list.xlsx")
        except Refusal as refusal:
            refused += 1
            assert refusal.findings
    assert refused > 0


# --- Texts that people edited

BROKEN_TEXTS = {
    "no TOML": (
        ("sections = [", "sections ["),
        ["It cannot be read as TOML: Expected '=' after a key in a key/value pair (at line 2, column 10)."],
    ),
    "an unknown attribute": (
        ('title = "Number of plans"', 'title = "Number of plans"\ncolour = "green"'),
        ["kpis, K001: “colour” is not one of its attributes."],
    ),
    "an attribute misspelt": (
        ('polarity = "near target"', 'polarty = "near target"'),
        [
            "kpis, K001: “polarity” is missing.",
            "kpis, K001: “polarty” is not one of its attributes (did you mean “polarity”?).",
        ],
    ),
    "an unknown unit": (
        ('unit = "count"\ndecimals', 'unit = "counts"\ndecimals'),
        ["kpis, K001: unit: “counts” is not one of the choices count, %, £, average £, weeks (did you mean “count”?)."],
    ),
    "no settings": (
        ("[settings]", "[setting]"),
        [
            "The text: “settings” is missing.",
            "The text: “setting” is not one of its attributes (did you mean “settings”?).",
        ],
    ),
    "a setting missing": (('council = "Anyborough"\n', ""), ["settings: “council” is missing."]),
    "a threshold that hides nothing": (
        ("withheld_under = 10", "withheld_under = 1"),
        ["settings: withheld_under is 0 or a whole number from 3."],
    ),
    "a number in words": (
        ("decimals = 0", 'decimals = "none"'),
        ["kpis, K001: decimals: “none” is not a whole number."],
    ),
    "half a decimal": (("decimals = 0", "decimals = 0.5"), ["kpis, K001: decimals: “0.5” is not a whole number."]),
    "no number": (
        ("target = 1558", "target = nan"),
        ["kpis, K001, 2021-22: target: “nan” is not a number that a workbook can hold."],
    ),
    "a target in words": (
        ("target = 1558", 'target = "1,558"'),
        ["kpis, K001, 2021-22: target: “1,558” is not a number."],
    ),
    "yes for true": (("share = true", 'share = "yes"'), ["kpis, K002: share: “yes” is not true or false."]),
    "a year that is none": (
        ("[kpis.goals.2022-23]", "[kpis.goals.2022]"),
        ["kpis, K001: “2022” is not a financial year such as 2021-22."],
    ),
    "a KPI twice": (('id = "K003"', 'id = "K001"'), ["kpis: K001 is there 2 times."]),
    "a board ref twice": (('board_ref = "2"', 'board_ref = "1"'), ["kpis: board ref 1 is there 2 times."]),
    "a workstream that is not listed": (
        ('workstream = "Transport"', 'workstream = "Transports"'),
        ["kpis, K003: “Transports” is not in workstreams (did you mean “Transport”?)."],
    ),
    "a section left out": (
        ('section = "Finance"\n', ""),
        ["kpis, K003: “” is not in sections."],
    ),
    "a unit without a line": (
        ('    { unit = "weeks", green = 0.05, amber = 0.25, measure = "of the target" },\n', ""),
        ["tolerances: no line for “weeks”."],
    ),
    "a unit with two lines": (
        ('{ unit = "weeks"', '{ unit = "£"'),
        ["tolerances: no line for “weeks”.", "tolerances: 2 lines for “£”."],
    ),
    "a tolerance reversed": (
        ("green = 0.005, amber = 0.1", "green = 0.1, amber = 0.005"),
        ["tolerances, %: amber must reach at least as far as green, and both from 0."],
    ),
    "a dead band below nothing": (
        ('"of the target", steady = 0.02', '"of the target", steady = -0.02'),
        ["tolerances, count: steady is a number from 0."],
    ),
    "a quarter that is none": (
        ("unmoved_until = 3", "unmoved_until = 5"),
        ["profiles, annual: unmoved_until is a quarter, from 1 to 4."],
    ),
    "a share missing": (('profile = "annual", q1 = 1.0', 'profile = "annual"'), ["profiles, 3: “q1” is missing."]),
    "a workstream in a line of its own": (
        ('{ name = "Schools", code = "SCH" }', '"Schools"'),
        ["workstreams, 1: “Schools” is not a table."],
    ),
}


@pytest.mark.parametrize("name", BROKEN_TEXTS)
def test_broken_text(name: str) -> None:
    """Each slip in the text is a sentence that names the place and what is wrong there."""
    (before, after), sentences = BROKEN_TEXTS[name]
    assert SMALL_TEXT.count(before) == 1
    with pytest.raises(Refusal) as refused:
        catalogue_from_text(SMALL_TEXT.replace(before, after), "inputs/list.toml")
    assert said(refused.value.findings) == "\n".join(
        f"T09 inputs/list.toml []\n    {sentence}\n    A KPI catalogue in text form.\n"
        "    Mend the text, or make it from the workbook again with sendkpi catalogue."
        for sentence in sentences
    )


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "9" * 5000, "a = 0x" + "f" * 5000])
def test_texts_made_to_break_the_reader(text: str) -> None:
    """Deep nesting and endless numbers are refused like any other text."""
    with pytest.raises(Refusal):
        catalogue_from_text(text, "list.toml")


def nodes(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a parsed text that could hold something else, as its container and key."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, key
        yield from nodes(inner)


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from([0, 1, -1, 2.5, 1e308, True, "", "x", [], {}, [1], {"a": 1}]))
def test_text_with_something_else_somewhere(data: st.DataObject, other: object) -> None:
    """Whatever stands in the place of an attribute or a table, the text is a catalogue or refused with words."""
    document = tomllib.loads(SMALL_TEXT)
    container, key = data.draw(st.sampled_from(list(nodes(document))))
    container[key] = other
    try:
        catalogue = catalogue_from_text(tomli_w.dumps(document), "list.toml")
    except Refusal as refusal:
        assert refusal.findings
    else:
        assert catalogue_from_text(catalogue_to_text(catalogue), "list.toml") == catalogue


# --- The workbook's drop-downs and formulas


@pytest.fixture(scope="module")
def opened(kingston: Catalogue) -> Workbook:
    """Kingston's workbook as another program opens it."""
    return openpyxl.load_workbook(io.BytesIO(catalogue_workbook(kingston)))


def dropdowns(book: Workbook) -> dict[tuple[str, str], tuple[str, int, int]]:
    """By sheet and heading, each drop-down's source cells and the first and last row that it reaches."""
    found = {}
    for table in CATALOGUE_TABLES:
        sheet = book[table.sheet]
        for validation in sheet.data_validations.dataValidation:
            if validation.type != "list":
                continue
            (area,) = (str(each) for each in validation.sqref.ranges)
            column, first, last = column_and_rows(area)
            heading = str(sheet.cell(table.heading_row, column).value)
            found[table.sheet, heading] = (str(validation.formula1), first, last)
    return found


def column_and_rows(area: str) -> tuple[int, int, int]:
    """The one column of an area such as `$A$5:$A$9`, its first row and its last."""
    column, first, last_column, last = (int(number or 0) for number in range_boundaries(area.replace("$", "")))
    assert column == last_column
    return column, first, last


def words_at(book: Workbook, source: str) -> list[str]:
    """The words in the cells that a drop-down's source names, up to the first empty one."""
    sheet, _, area = source.lstrip("=").partition("!")
    column, first, last = column_and_rows(area)
    values = [row[0] for row in book[sheet].iter_rows(first, last, column, column, values_only=True)]
    return [str(value) for value in values if value is not None]


def test_a_dropdown_for_every_closed_choice(opened: Workbook, kingston: Catalogue) -> None:
    """Each closed choice has a drop-down with exactly its words; workstreams and sections come from their sheets."""
    expected: dict[tuple[str, str], list[str]] = {
        (table.sheet, column.heading): [choice.value for choice in column.choices if choice.value]
        for table in CATALOGUE_TABLES
        for column in table.columns
        if column.choices is not None
    }
    expected["KPIs", "Workstream"] = [each.name for each in kingston.workstreams]
    expected["KPIs", "Board section"] = list(kingston.sections)
    found = dropdowns(opened)
    assert {place: words_at(opened, source) for place, (source, _, _) in found.items()} == expected
    assert found["KPIs", "Workstream"][0].lstrip("=") == "Workstreams!$A$5:$A$204"
    assert found["KPIs", "Board section"][0].lstrip("=") == "Sections!$A$5:$A$204"


def test_dropdowns_reach_beyond_the_last_row(opened: Workbook) -> None:
    """Every drop-down covers all rows of its table from the first, and spare ones for what is added."""
    for (sheet, _), (_, first, last) in dropdowns(opened).items():
        assert first == CATALOGUE_KPIS.heading_row + 1
        assert last >= opened[sheet].max_row
        filled = sum(1 for row in opened[sheet].iter_rows(first, opened[sheet].max_row) if row[0].value)
        assert last >= first + filled - 1 + SPARE_ROWS


def test_workbook_is_an_accessible_one(opened: Workbook) -> None:
    """Each sheet has its title in A1 and its table marked as one under its own name, the headings frozen."""
    for table in CATALOGUE_TABLES:
        sheet = opened[table.sheet]
        assert sheet["A1"].value == table.sheet
        (marked,) = sheet.tables.values()
        assert (marked.name, marked.ref.startswith(f"A{table.heading_row}:")) == (table.name, True)
        assert [cell.value for cell in sheet[table.heading_row]] == [column.heading for column in table.columns]
        assert sheet.freeze_panes == ("A5" if len(table.columns) == 1 else "B5")


def test_small_tolerances_are_shown_in_full(small_workbook: bytes) -> None:
    """A tolerance is shown as a percentage with the decimals that it has: a quarter of a point is not 0.3%."""
    sheet = openpyxl.load_workbook(io.BytesIO(small_workbook))["Tolerances"]
    assert {cell.number_format for row in sheet["B5:C9"] for cell in row} == {"0.0##%"}


def titles_in(data: bytes) -> list[tuple[str, str]]:
    """Each target's KPI id with the title that stands beside it."""
    sheet = read_book(data, "list.xlsx").sheet(CATALOGUE_GOALS.sheet)
    assert sheet is not None
    rows = sorted({row for row, _ in sheet.cells if row > CATALOGUE_GOALS.heading_row})
    return [(sheet.cells[row, 1].raw, sheet.cells[row, 2].raw) for row in rows]


@pytest.fixture(scope="module")
def recalculated(
    kingston: Catalogue, libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory
) -> tuple[bytes, bytes]:
    """Kingston's workbook, recalculated and saved by LibreOffice: as it is, and with K001's title changed."""
    folder = tmp_path_factory.mktemp("catalogue")
    same, changed = folder / "same.xlsx", folder / "changed.xlsx"
    same.write_bytes(catalogue_workbook(kingston))
    changed.write_bytes(edited(same.read_bytes(), ["KPIs!E5 = Plans in force"]))
    saved = libreoffice.convert_all([same, changed], "xlsx", folder / "saved")
    return saved[0].read_bytes(), saved[1].read_bytes()


@pytest.mark.libreoffice
def test_titles_beside_the_targets(kingston: Catalogue, recalculated: tuple[bytes, bytes]) -> None:
    """The looked-up title beside each target is its KPI's, recalculated as saved, and follows a changed title."""
    expected = [(kpi.id, kpi.title) for kpi in kingston.kpis for _ in kpi.goals]
    assert titles_in(catalogue_workbook(kingston)) == expected
    assert titles_in(recalculated[0]) == expected
    changed = [(kpi_id, "Plans in force" if kpi_id == "K001" else title) for kpi_id, title in expected]
    assert titles_in(recalculated[1]) == changed


@pytest.mark.libreoffice
def test_workbook_saved_by_libreoffice(kingston: Catalogue, recalculated: tuple[bytes, bytes]) -> None:
    """The catalogue that LibreOffice saved reads as the same catalogue, but for what was edited."""
    assert read_catalogue_workbook(recalculated[0], "list.xlsx") == kingston
    first = replace(kingston.kpis[0], title="Plans in force")
    edited_catalogue = replace(kingston, kpis=(first, *kingston.kpis[1:]))
    assert read_catalogue_workbook(recalculated[1], "list.xlsx") == edited_catalogue
