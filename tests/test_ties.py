"""The sums that tie KPIs together: read from a formula, held against values, baselines and targets."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.catalogue import load_catalogue
from sendkpi_xl.catalogue_reader import read_catalogue_workbook
from sendkpi_xl.catalogue_text import catalogue_from_text, catalogue_to_text
from sendkpi_xl.catalogue_writer import catalogue_workbook
from sendkpi_xl.checks.sums import tied_goals, tied_readings
from sendkpi_xl.findings import Refusal
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.gather import gather
from sendkpi_xl.model import Tie
from sendkpi_xl.reading import Finding, Reading
from sendkpi_xl.return_row import Round
from sendkpi_xl.ties import ids_in, worked_out, wrong_with
from tests.fill_returns import PERIOD, ROOT

KINGSTON = WorkingFolder(ROOT)
CATALOGUE = load_catalogue(KINGSTON.catalogue)
IDS = ("A1", "B2", "C3")
AMOUNTS: Mapping[str, float] = {"A1": 6.0, "B2": 3.0, "C3": 0.0}
BASELINES: Mapping[str, float] = {"A1": 2.0}


@pytest.mark.parametrize(
    ("formula", "amount"),
    [
        ("A1 + B2", 9.0),
        ("A1 - B2 - 1", 2.0),
        ("(A1 - B2) / A1", 0.5),
        ("A1 / A1.baseline - 1", 2.0),
        ("-B2 * 0.5", -1.5),
        (" 12 ", 12.0),
        ("A1 / C3", None),
        ("A1 + D4", None),
        ("A1 + B2.baseline", None),
        ("A1 * 1e300 * 1e300", None),
    ],
)
def test_a_formula_is_worked_out(formula: str, amount: float | None) -> None:
    """Sums, shares and growth since the baseline; nothing where an amount is missing or a divisor is zero."""
    assert worked_out(formula, AMOUNTS.get, BASELINES.get) == amount


@pytest.mark.parametrize(
    ("formula", "wrong"),
    [
        ("A1 + B2.baseline * 2", ""),
        ("A1 + B3", "“B3” is not a KPI's id."),
        ("A1 + ", "“A1 + ” is not a sum of KPIs such as K012 + K013."),
        ("A1 ** 9", "“A1 ** 9” is not a sum of KPIs such as K012 + K013."),
        ("print(A1)", "“print(A1)” is not a sum of KPIs such as K012 + K013."),
        ("A1.target", "“A1.target” is not a sum of KPIs such as K012 + K013."),
        ("A1 == B2", "“A1 == B2” is not a sum of KPIs such as K012 + K013."),
        ("'A1'", "“'A1'” is not a sum of KPIs such as K012 + K013."),
        ("True", "“True” is not a sum of KPIs such as K012 + K013."),
        ("A1" + " + A1" * 60, f"“{('A1' + ' + A1' * 60)[:60]}” is not a sum of KPIs such as K012 + K013."),
    ],
)
def test_what_is_no_formula_is_said(formula: str, wrong: str) -> None:
    """Only the four kinds of sum, brackets, numbers, ids and baselines are known; nothing else is ever run."""
    assert wrong_with(formula, IDS) == wrong


@given(st.text(max_size=250) | st.text("A1B2()+-*/. e9", max_size=60))
def test_no_text_makes_a_formula_fail(text: str) -> None:
    """Whatever stands in the cell, it is a formula or it is none."""
    worked_out(text, AMOUNTS.get, BASELINES.get)
    assert isinstance(wrong_with(text, IDS), str)


def told(findings: list[Finding]) -> list[tuple[str, str, str, str]]:
    return [(each.code, each.subject, each.found, each.expected) for each in findings]


def quarter(**changed: float | None) -> list[Reading]:
    """Kingston's first quarter, with the values of some KPIs changed."""
    readings = gather(KINGSTON, Round(CATALOGUE, PERIOD)).readings
    return [replace(each, value=changed.get(each.kpi_id, each.value)) for each in readings]


def test_the_published_quarter_holds_together() -> None:
    """All six sums hold in the published values of quarter 1, to what rounding allows."""
    assert list(tied_readings(CATALOGUE, quarter())) == []


def test_a_value_that_its_sum_contradicts_is_asked_about_at_its_cell() -> None:
    """A slip in one figure shows in each sum that it is part of, at the cell of the KPI that the sum should give."""
    findings = list(tied_readings(CATALOGUE, quarter(K013=1_804_876.0)))
    assert told(findings) == [
        (
            "C14",
            "K011",
            "The value is £31,679,272, and K012 + K013 gives £31,643,272.",
            "The same within £1.",
        )
    ]
    assert (findings[0].place.file, findings[0].place.sheet) == ("return-2021-22-Q1-SPB.xlsx", "SPB")
    assert told(list(tied_readings(CATALOGUE, quarter(K002=0.032)))) == [
        (
            "C14",
            "K002",
            "The value is 3.20%, and K001 / K001's baseline - 1 gives 2.31%.",
            "The same within 0.05 points.",
        )
    ]


def test_a_sum_of_which_a_part_is_missing_is_not_held_against_anything() -> None:
    """Without central spend nobody can say what the total should be."""
    assert list(tied_readings(CATALOGUE, quarter(K013=None))) == []
    assert list(tied_readings(CATALOGUE, [])) == []


def test_two_published_figures_of_the_year_do_not_hold_together() -> None:
    """The baseline of the in-year deficit, and the target for the cost of a plan, differ from what the others give."""
    assert told(list(tied_goals(CATALOGUE, "2021-22", "kpi-catalogue.xlsx"))) == [
        (
            "K02",
            "K014",
            "The baseline for 2021-22 is £5,149,967, and K010 - K021 - K126 gives £5,693,065.",
            "The same within £1,000.",
        ),
        (
            "K02",
            "K039",
            "The target for 2021-22 is £20,684, and K011 / K001 gives £20,405.",
            "The same within £1.",
        ),
    ]
    assert list(tied_goals(CATALOGUE, "2030-31", "kpi-catalogue.xlsx")) == []


def test_ties_are_kept_in_both_forms_of_the_catalogue() -> None:
    """Workbook and text hold the same sums."""
    assert len(CATALOGUE.ties) == 6
    assert catalogue_from_text(catalogue_to_text(CATALOGUE), "c.toml").ties == CATALOGUE.ties
    assert read_catalogue_workbook(catalogue_workbook(CATALOGUE), "c.xlsx").ties == CATALOGUE.ties


def test_a_bad_tie_is_refused_in_both_forms_of_the_catalogue() -> None:
    """A sum over a KPI that does not exist, or that is no sum, is said with what was meant."""
    bad = replace(CATALOGUE, ties=(Tie("K999", "K001 + K01", 1.0), Tie("K001", "2 ** 9", 1.0)))
    with pytest.raises(Refusal) as in_workbook:
        read_catalogue_workbook(catalogue_workbook(bad), "c.xlsx")
    assert [(each.code, each.place.cell, each.found) for each in in_workbook.value.findings] == [
        ("T07", "A5", "“K999” is not in the sheet KPIs."),
        ("T09", "B5", "“K01” is not a KPI's id."),
        ("T09", "B6", "“2 ** 9” is not a sum of KPIs such as K012 + K013."),
    ]
    with pytest.raises(Refusal) as in_text:
        catalogue_from_text(catalogue_to_text(bad), "c.toml")
    assert [each.found for each in in_text.value.findings] == [
        "ties: “K999” is not a KPI's id (did you mean “K099”?).",
        "ties, K999: “K01” is not a KPI's id.",
        "ties, K001: “2 ** 9” is not a sum of KPIs such as K012 + K013.",
    ]


def test_the_ids_that_a_formula_reckons_with() -> None:
    """Amounts and baselines alike, each once; a text that is no formula has none."""
    assert ids_in("K012 + 2 * (K013 - K012.baseline)") == {"K012", "K013"}
    assert ids_in("K012 and K013") == ids_in("") == frozenset()
