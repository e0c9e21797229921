"""The templates in LibreOffice: formulas give what was written, what the rating module says, and nothing is cut off."""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from openpyxl.workbook import Workbook

from sendkpi_xl.figures import places
from sendkpi_xl.layout import RETURN, return_table
from sendkpi_xl.model import Catalogue, Kpi, Polarity, Profile, Sign, Unit
from sendkpi_xl.period import Period
from sendkpi_xl.rating import Standard, rate, standard_for
from sendkpi_xl.reading import Reading, Reason, Status
from sendkpi_xl.return_row import Round
from sendkpi_xl.returns import read_return
from tests.conftest import LibreOffice
from tests.fitted_rows import page_texts, with_fitted_rows
from tests.made_up_round import (
    COUNT,
    HOME,
    KINGSTON,
    KINGSTON_Q1,
    MONEY,
    Q1,
    Q3,
    SCORE,
    SETTINGS,
    SURVEY,
    all_cells,
    goal,
    made_up,
    opened,
    sheet_of,
    template,
    with_kpis,
)
from tests.parity import Compared, compared

pytestmark = pytest.mark.libreoffice

FIRST_ROW = 6
Entries = Mapping[str, object]
"""What is typed on one row, by column key."""


def fill(book: Workbook, period: Period, entries: Mapping[str, Entries], path: Path) -> Path:
    """Type these entries, by KPI id, into the return sheets of a template, and save it as `path`."""
    for name in book.sheetnames[1:-1]:
        sheet, layout = sheet_of(book, name), return_table(period, name)
        for row in range(FIRST_ROW, sheet.max_row + 1):
            for key, value in entries.get(str(sheet.cell(row, 1).value), {}).items():
                cell = sheet.cell(row, layout.index(key) + 1)
                assert not cell.protection.locked, f"{cell.coordinate} is locked: nobody can type there"
                cell.value = value  # type: ignore[assignment]
    book.save(path)
    return path


def column(data: bytes, period: Period, key: str) -> dict[str, str]:
    """One column of all return sheets as it is shown, by KPI id."""
    book = opened(data, results=True)
    found = {}
    for name in book.sheetnames[1:-1]:
        sheet, position = sheet_of(book, name), return_table(period, name).index(key) + 1
        for row in range(FIRST_ROW, sheet.max_row + 1):
            found[str(sheet.cell(row, 1).value)] = str(sheet.cell(row, position).value or "")
    return found


# --- A blank template


BLANKS = {
    "kingston": template(KINGSTON, KINGSTON_Q1),
    "made-up-q1": template(),
    "made-up-q3": template(period=Q3, earlier=[Reading(COUNT.id, Q3.earlier[0], Status.REPORTED, value=44)]),
}


def results_of(data: bytes) -> dict[str, str]:
    """The result of every formula in a workbook, by cell."""
    formulas, results = opened(data), opened(data, results=True)
    return {
        f"{name}!{cell.coordinate}": str(sheet_of(results, name)[cell.coordinate].value or "")
        for name in formulas.sheetnames
        for cell in all_cells(sheet_of(formulas, name))
        if cell.data_type == "f"
    }


def spoilt(data: bytes, path: Path) -> Path:
    """The same workbook with other results written into it: LibreOffice has to work them out by itself."""
    with zipfile.ZipFile(path, "w") as package:
        for name, part in parts(data):
            package.writestr(name, re.sub(rb"</f><v>[^<]*</v>", b"</f><v>987</v>", part))
    return path


def parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    import io

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            yield name, package.read(name)


def test_a_blank_template_carries_the_results_that_its_formulas_give(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """Each formula's written result is LibreOffice's own, for Kingston and a made-up council in two quarters."""
    written = {name: results_of(data) for name, data in BLANKS.items()}
    assert {name: len(each) for name, each in written.items()} == {
        "kingston": 2 * 125 + 2 * 6,
        "made-up-q1": 2 * 12 + 2 * 2,
        "made-up-q3": 2 * 12 + 2 * 2,
    }
    paths = [spoilt(data, tmp_path / f"{name}.xlsx") for name, data in BLANKS.items()]
    assert set(results_of(paths[1].read_bytes()).values()) == {"987"}
    converted = libreoffice.convert_all(paths, "xlsx", tmp_path / "out")
    assert {path.stem: results_of(path.read_bytes()) for path in converted} == written


# --- The rating preview


EDGES = (
    made_up("M01", "At a target", Unit.COUNT, Polarity.HIGHER, goal(40)),
    made_up("M02", "A target of nothing", Unit.COUNT, Polarity.LOWER, goal(0)),
    made_up("M03", "A target below nothing", Unit.PERCENT, Polarity.HIGHER, goal(-0.2276), decimals=2),
    made_up("M04", "Near a target below nothing", Unit.MONEY, Polarity.NEAR, goal(-1_234_567)),
    made_up("M05", "Under a share", Unit.PERCENT, Polarity.LOWER, goal(0.05, sign=Sign.UNDER), decimals=1, share=True),
    made_up("M06", "Over a number", Unit.COUNT, Polarity.HIGHER, goal(100, sign=Sign.OVER)),
    made_up("M07", "A score", Unit.COUNT, Polarity.NEAR, goal(4.3), decimals=1),
    made_up("M08", "Weeks", Unit.WEEKS, Polarity.LOWER, goal(18.5)),
    made_up("M09", "An average", Unit.AVERAGE, Polarity.LOWER, goal(16_483), decimals=2),
    made_up("M10", "A year's count", Unit.COUNT, Polarity.HIGHER, goal(105), profile=Profile.YEAR_TO_DATE),
    made_up("M11", "A year's money", Unit.MONEY, Polarity.LOWER, goal(31_791_003), profile=Profile.YEAR_TO_DATE),
    made_up("M12", "A survey", Unit.PERCENT, Polarity.HIGHER, goal(0.8), share=True, survey=True),
    made_up("M13", "A survey without a target", Unit.PERCENT, Polarity.HIGHER, share=True, survey=True),
    made_up("M14", "Context", Unit.PERCENT, Polarity.CONTEXT, goal(0.5), share=True, survey=True),
    made_up("M15", "No target", Unit.COUNT, Polarity.LOWER),
    replace(made_up("M16", "Own limits", Unit.COUNT, Polarity.LOWER, goal(50)), green_within=0.0, amber_within=0.1),
    replace(made_up("M17", "Few cases", Unit.PERCENT, Polarity.HIGHER, goal(0.9), share=True), smallest_sample=10),
    made_up("M18", "A third", Unit.PERCENT, Polarity.HIGHER, goal(1 / 3), decimals=1, share=True),
    made_up("M19", "Once a year", Unit.COUNT, Polarity.HIGHER, goal(90, 55), profile=Profile.ANNUAL),
    made_up("M20", "Once a term", Unit.PERCENT, Polarity.LOWER, goal(0.2, 0.355), profile=Profile.TERMLY, decimals=1),
)
TYPED_A_KPI = 21


def judged(catalogue: Catalogue, period: Period) -> dict[str, tuple[Kpi, Standard]]:
    """Each live KPI with what it is held against."""
    return {
        kpi.id: (kpi, standard_for(kpi, kpi.goal(period.year), catalogue.policy, period.quarter))
        for kpi in catalogue.live()
    }


def typed_values(kpi: Kpi, standard: Standard) -> Iterator[tuple[float, int | None]]:
    """Values at the target and at each limit on both sides of it, and one shown step below and above each of these.

    A share also has its denominator: enough cases at first, then one too few, one case and none. At last comes the
    baseline that has not moved yet with the steps around it, or, where no such rule applies, a value far away.
    """
    target = standard.target or Decimal(0)
    step = Decimal(1).scaleb(-places(kpi.unit, kpi.decimals))
    green, amber = standard.green, standard.amber
    limits = (target, target + green, target - green, target + amber, target - amber)
    sample = standard.smallest_sample or 30
    enough = itertools.cycle((None, sample, sample + 1, 1000))
    for limit in limits:
        for value in (limit - step, limit, limit + step):
            yield float(value), next(enough)
    for few in (sample - 1, 1, 0):
        yield float(target), few
    still = target + 3 * amber if standard.unmoved is None else standard.unmoved
    for value in (still - step, still, still + step):  # twenty-one values in all: TYPED_A_KPI
        yield float(value), None


@dataclass(frozen=True)
class Copy:
    """A template to be filled, and what is typed into each KPI's row: a value and a denominator."""

    name: str
    catalogue: Catalogue
    period: Period
    typed: Mapping[str, tuple[float, int | None]]


def copies() -> Iterator[Copy]:
    """Kingston's template once for each value; the edges' with a row for each value, in two quarters."""
    typed = {each.id: list(typed_values(each, held)) for each, held in judged(KINGSTON, KINGSTON_Q1).values()}
    for number in range(TYPED_A_KPI):
        yield Copy(
            f"kingston-{number}", KINGSTON, KINGSTON_Q1, {each: values[number] for each, values in typed.items()}
        )
    many = with_kpis(replace(kpi, id=f"{kpi.id}{number:02}") for kpi in EDGES for number in range(TYPED_A_KPI))
    for period in (Q1, Q3):
        held = judged(many, period)
        each_row = {kpi_id: list(typed_values(*each))[int(kpi_id[-2:])] for kpi_id, each in held.items()}
        yield Copy(f"edges-{period.code}", many, period, each_row)


@pytest.fixture(scope="module")
def previews(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    """A line for each value: copy, KPI and what was typed; the letter in the workbook; the letter of `rate`."""
    folder = tmp_path_factory.mktemp("previews")
    everything = list(copies())
    blanks = {(each.catalogue.settings.plan, each.period): template(each.catalogue, each.period) for each in everything}
    paths = []
    for copy in everything:
        kpis = {kpi.id: kpi for kpi in copy.catalogue.live()}
        entries = {
            kpi_id: {"value": value} | ({"denominator": cases} if kpis[kpi_id].share else {})
            for kpi_id, (value, cases) in copy.typed.items()
        }
        blank = opened(blanks[copy.catalogue.settings.plan, copy.period])
        paths.append(fill(blank, copy.period, entries, folder / f"{copy.name}.xlsx"))
    lines = []
    for copy, path in zip(everything, libreoffice.convert_all(paths, "xlsx", folder / "out"), strict=True):
        shown = column(path.read_bytes(), copy.period, "rating")
        for kpi_id, (kpi, standard) in judged(copy.catalogue, copy.period).items():
            value, cases = copy.typed[kpi_id]
            rag = rate(kpi, standard, value, cases if kpi.share else None).rag
            lines.append((f"{copy.name}: {kpi_id} {value!r} of {cases}", shown[kpi_id], rag.value if rag else ""))
    return lines


def test_the_preview_is_the_rating(previews: list[tuple[str, str, str]]) -> None:
    """At, below and above every limit of every KPI, the letter in the workbook is the one that `rate` gives."""
    assert [line for line in previews if line[1] != line[2]] == []


def test_the_previews_compared_are_many_and_of_every_kind(previews: list[tuple[str, str, str]]) -> None:
    """The comparison covers thousands of cells and each letter, so that it would notice a formula that says nothing."""
    letters = [rag for _, _, rag in previews]
    assert len(letters) == TYPED_A_KPI * (125 + len(EDGES) + len(EDGES)) == compared(Compared.TEMPLATES)
    assert all(letters.count(letter) > 100 for letter in ("R", "A", "G", ""))


def test_the_previews_compared_have_values_that_have_not_moved_yet(previews: list[tuple[str, str, str]]) -> None:
    """At its baseline an annual measure is amber until the third quarter, a termly one in the first; else red."""
    edges = [(copy, kpi[:3], typed) for line, typed, _ in previews for copy, kpi in [line.split()[:2]]]
    letters: dict[tuple[str, str], str] = {}
    for copy, kpi, letter in edges:
        letters[copy, kpi] = letters.get((copy, kpi), "") + letter
    last = {key: value[-3:] for key, value in letters.items() if key[1] in ("M19", "M20")}
    assert last == {
        ("edges-2023-24-Q1:", "M19"): "RAR",
        ("edges-2023-24-Q1:", "M20"): "RAR",
        ("edges-2023-24-Q3:", "M19"): "RAR",
        ("edges-2023-24-Q3:", "M20"): "RRR",
    }


# --- The column Check


@dataclass(frozen=True)
class State:
    """One row of a return as a lead may leave it, and what the column Check then says."""

    kpi: Kpi
    value: object = None
    numerator: object = None
    denominator: object = None
    reason: str | None = None
    comment: str | None = None
    forecast: object = None
    check: str = ""

    def entries(self) -> Entries:
        keys = ("value", "numerator", "denominator", "reason", "comment", "forecast")
        return {key: value for key in keys if (value := getattr(self, key)) is not None}


NOT_YET, OTHER, NO_CASES = Reason.NOT_YET.value, Reason.OTHER.value, Reason.NO_CASES.value
NBSP = "\u00a0"
STATES = (
    State(SURVEY, check="To do"),
    State(SURVEY, 0.85, check="Done"),
    State(SURVEY, 0.85, 17, 20, check="Done"),
    State(SURVEY, 0.854, 17, 20, check="Done"),
    State(SURVEY, 0.855, 17, 20, check="Value is not num / denom"),
    State(SURVEY, 0.9, 17, 20, check="Value is not num / denom"),
    State(SURVEY, 0.33, 1, 3, check="Done"),
    State(SURVEY, 0, 0, 20, check="Done"),
    State(SURVEY, 1, 20, 20, check="Done"),
    State(SURVEY, 0.85, 17, check="Done"),
    State(SURVEY, 0.85, None, 20, check="Done"),
    State(SURVEY, 0.85, 17, 20, NOT_YET, check="Keep value or reason"),
    State(SURVEY, reason=NOT_YET, check="Done: no value"),
    State(SURVEY, reason=NOT_YET.upper(), comment="in July", check="Done: no value"),
    State(SURVEY, reason=OTHER, check="Say why in the comment"),
    State(SURVEY, reason=OTHER, comment="  ", check="Say why in the comment"),
    State(SURVEY, reason=OTHER, comment="The school closed", check="Done: no value"),
    State(SURVEY, reason="on holiday", check="Choose a listed reason"),
    State(SURVEY, reason="*", check="Choose a listed reason"),
    State(SURVEY, reason="  ", check="To do"),
    State(SURVEY, None, 17, 20, check="Type the value as well"),
    State(SURVEY, None, 17, check="Type the value as well"),
    State(SURVEY, None, 17, 20, NOT_YET, check="Done: no value"),
    State(SURVEY, None, 0, 0, NO_CASES, check="Done: no value"),
    State(SURVEY, 0, 0, 0, check="The denominator is 0"),
    State(SURVEY, 1, 21, 20, check="Numerator is too large"),
    State(SURVEY, None, 21, 20, check="Numerator is too large"),
    State(SURVEY, None, 21, 20, NOT_YET, check="Numerator is too large"),
    State(SURVEY, 0.85, 5, 0, check="Numerator is too large"),
    State(SURVEY, 0.85, 8.5, 10, check="Correct num / denom"),
    State(SURVEY, 0.85, 17, 20.5, check="Correct num / denom"),
    State(SURVEY, 0.85, -17, -20, check="Correct num / denom"),
    State(SURVEY, 0.85, "17", 20, check="Correct num / denom"),
    State(SURVEY, 0.85, 17, "about 20", check="Correct num / denom"),
    State(SURVEY, 0.85, 17, 20_000_000_000, check="Correct num / denom"),
    State(SURVEY, 0.85, " ", NBSP, check="Done"),
    State(SURVEY, 85, check="Value is out of range"),
    State(SURVEY, 1.01, check="Value is out of range"),
    State(SURVEY, -0.01, check="Value is out of range"),
    State(SURVEY, "85%", check="Value is not a number"),
    State(SURVEY, "most", check="Value is not a number"),
    State(SURVEY, "   ", check="To do"),
    State(SURVEY, NBSP, check="To do"),
    State(SURVEY, f" {NBSP} ", reason=NOT_YET, check="Done: no value"),
    State(SURVEY, comment="We are still counting", check="To do"),
    State(SURVEY, "85% [p]", check="Done"),
    State(SURVEY, " 85.0% [R] ", 17, 20, check="Done"),
    State(SURVEY, "85.25% [u]", check="Done"),
    State(SURVEY, "86% [p]", 17, 20, check="Value is not num / denom"),
    State(SURVEY, "185% [p]", check="Value is out of range"),
    State(SURVEY, "85% [p]", reason=NOT_YET, check="Keep value or reason"),
    State(SURVEY, "85 [p]", check="Value is not a number"),
    State(SURVEY, "0.85 [p]", check="Value is not a number"),
    State(SURVEY, "85% [c]", check="Value is not a number"),
    State(SURVEY, "85% p", check="Value is not a number"),
    State(SURVEY, "[p]", check="Value is not a number"),
    State(SURVEY, "p", check="Value is not a number"),
    State(SURVEY, "most [p]", check="Value is not a number"),
    State(SURVEY, 0.85, forecast="90% [p]", check="Correct the forecast"),
    State(COUNT, "42 [p]", check="Done"),
    State(COUNT, "1,234 [r]", check="Done"),
    State(COUNT, "42.5 [p]", check="Value is not whole"),
    State(COUNT, "-42 [p]", check="Value is out of range"),
    State(COUNT, "6/8 [p]", check="Value is not a number"),
    State(COUNT, "12,34 [p]", check="Value is not a number"),
    State(COUNT, "8:30 [p]", check="Value is not a number"),
    State(COUNT, "42% [p]", check="Value is not a number"),
    State(MONEY, "-31679272.5 [p]", check="Done"),
    State(MONEY, "1E-10 [p]", check="Value is not a number"),
    State(SCORE, "-4.5 [u]", check="Done"),
    State(COUNT, check="To do"),
    State(COUNT, 0, check="Done"),
    State(COUNT, 42, check="Done"),
    State(COUNT, 10_000_000, check="Done"),
    State(COUNT, 10_000_001, check="Value is out of range"),
    State(COUNT, -1, check="Value is out of range"),
    State(COUNT, 42.5, check="Value is not whole"),
    State(COUNT, "42", check="Value is not a number"),
    State(COUNT, "about 42", check="Value is not a number"),
    State(COUNT, "fewer than 5", reason=Reason.TOO_FEW.value, check="Keep value or reason"),
    State(COUNT, 42, reason=NOT_YET, check="Keep value or reason"),
    State(COUNT, reason=NOT_YET, check="Done: no value"),
    State(COUNT, 42, comment="One is on holiday", check="Done"),
    State(COUNT, 42, forecast=60, check="Done"),
    State(COUNT, 42, forecast=" ", check="Done"),
    State(COUNT, 42, forecast=60.5, check="Correct the forecast"),
    State(COUNT, 42, forecast="about 60", check="Correct the forecast"),
    State(COUNT, forecast=60, check="To do"),
    State(COUNT, forecast=-60, check="Correct the forecast"),
    State(COUNT, reason=NOT_YET, forecast=60, check="Done: no value"),
    State(SURVEY, 0.85, forecast=0.9, check="Done"),
    State(SURVEY, 0.85, forecast=90, check="Correct the forecast"),
    State(SURVEY, 0.85, 21, 20, forecast=90, check="Numerator is too large"),
    State(MONEY, -31_679_272.5, check="Done"),
    State(MONEY, 10_000_000_001, check="Value is out of range"),
    State(SCORE, -4.5, check="Done"),
    State(SCORE, 10_000_001, check="Value is out of range"),
)


def one_kpi_a_row(states: Sequence[State]) -> Catalogue:
    """A catalogue whose rows take these states, one after the other."""
    return with_kpis(replace(state.kpi, id=f"M{number:04}") for number, state in enumerate(states, start=1))


def recalculated(libreoffice: LibreOffice, states: Sequence[State], folder: Path) -> bytes:
    """A return of these rows, filled in, recalculated and saved by LibreOffice."""
    catalogue = one_kpi_a_row(states)
    entries = {kpi.id: state.entries() for kpi, state in zip(catalogue.kpis, states, strict=True)}
    path = fill(opened(template(catalogue, workstreams=[HOME])), Q1, entries, folder / "states.xlsx")
    converted = libreoffice.convert(path, "xlsx", folder / "out")
    return converted.read_bytes()


@pytest.fixture(scope="module")
def states(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return recalculated(libreoffice, STATES, tmp_path_factory.mktemp("states"))


def test_the_check_says_how_each_row_stands(states: bytes) -> None:
    """Every state that a row can be left in has its words in the column Check."""
    checks = column(states, Q1, "check")
    assert list(zip(STATES, checks.values(), strict=True)) == [(state, state.check) for state in STATES]


def test_the_sheet_and_the_start_sheet_count_what_is_done(states: bytes) -> None:
    """Rows with a value or a reason count, rows with anything wrong or missing do not."""
    done = sum(state.check in ("Done", "Done: no value") for state in STATES)
    words = f"{done} of {len(STATES)} done"
    book = opened(states, results=True)
    assert (book["HOME"]["A2"].value, book["Start"]["D17"].value) == (words, words)
    assert 0 < done < len(STATES)


LET_IN = (
    (SURVEY, 0.85, True),
    (SURVEY, 1, True),
    (SURVEY, 1.01, False),
    (SURVEY, -0.01, False),
    (SURVEY, "85% [p]", True),
    (SURVEY, "85% [P] ", True),
    (SURVEY, "[p]", False),
    (SURVEY, "p", False),
    (SURVEY, " [p", False),
    (SURVEY, "85% [c]", False),
    (SURVEY, "85% p", False),
    (SURVEY, "most", False),
    (COUNT, 42, True),
    (COUNT, 42.5, False),
    (COUNT, "1,234 [r]", True),
    (COUNT, "42 [u]", True),
    (COUNT, "42 [x]", False),
    (SCORE, 42.5, True),
)
"""What a lead types into a value cell, and whether the cell takes it."""


def test_a_value_cell_takes_a_number_of_its_unit_or_a_text_with_a_symbol(
    libreoffice: LibreOffice, tmp_path: Path
) -> None:
    """The formula of each cell's validation, worked out beside the row, for each of these entries."""
    states = [State(kpi, value) for kpi, value, _ in LET_IN]
    catalogue = one_kpi_a_row(states)
    book = opened(template(catalogue, workstreams=[HOME]))
    sheet, beside = sheet_of(book, "HOME"), len(RETURN.columns) + 2
    rules = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    rows = range(FIRST_ROW, FIRST_ROW + len(states))
    for row in rows:
        sheet.cell(row, beside).value = f"={rules[f'I{row}']}"
    entries = {kpi.id: state.entries() for kpi, state in zip(catalogue.kpis, states, strict=True)}
    path = fill(book, Q1, entries, tmp_path / "typed.xlsx")
    done = sheet_of(opened(libreoffice.convert(path, "xlsx", tmp_path / "out").read_bytes(), results=True), "HOME")
    taken = [(kpi, value, done.cell(row, beside).value) for row, (kpi, value, _) in zip(rows, LET_IN, strict=True)]
    assert taken == list(LET_IN)


COMBINATIONS = tuple(
    State(SURVEY, value, numerator, denominator, reason, comment, forecast)
    for value, numerator, denominator, (reason, comment), forecast in itertools.product(
        (None, " ", 0.85, 1.2, "most", "85% [p]", "most [p]"),
        (None, NBSP, 0, 17, 21, 8.5, "x"),
        (None, 20, 0, -20, "y"),
        (
            (None, None),
            (None, "We are sure"),
            (NOT_YET, None),
            (OTHER, None),
            (OTHER, "We are sure"),
            ("on holiday", None),
        ),
        (None, 0.9, "most"),
    )
)


def test_what_the_check_calls_done_is_accepted_when_it_is_read(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """No lead is told `Done` and queried afterwards, nor asked for anything on a row that is read as blank."""
    data = recalculated(libreoffice, COMBINATIONS, tmp_path)
    catalogue = replace(one_kpi_a_row(COMBINATIONS), settings=SETTINGS)
    checks = column(data, Q1, "check")
    (sheet,) = read_return(data, "states.xlsx", Round(catalogue, Q1)).sheets
    read = {reading.kpi_id: reading.status for reading in sheet.readings}
    allowed = {
        "Done": {Status.REPORTED},
        "Done: no value": {Status.BLANK},
        "To do": {Status.NOT_RETURNED, Status.QUERIED},
        "Say why in the comment": {Status.BLANK},
        "Type the value as well": {Status.REPORTED, Status.QUERIED},
        "Value is not num / denom": {Status.REPORTED},
        "Correct the forecast": {Status.REPORTED, Status.BLANK, Status.QUERIED},
    }
    wrong = [
        (state, checks[kpi.id], read[kpi.id])
        for kpi, state in zip(catalogue.kpis, COMBINATIONS, strict=True)
        if read[kpi.id] not in allowed.get(checks[kpi.id], {Status.QUERIED})
    ]
    assert wrong == []
    assert len(set(checks.values())) > 8


# --- As it is seen


LARGEST: Mapping[Unit, float] = {
    Unit.COUNT: 9_999_999,
    Unit.PERCENT: -1.2345,
    Unit.MONEY: -999_999_999,
    Unit.AVERAGE: 9_999_999,
    Unit.WEEKS: 520,
}


def largest(kpi: Kpi) -> Entries:
    """The widest figures that a lead could mean."""
    return (
        {"value": 1, "numerator": 99_999_999, "denominator": 99_999_999} if kpi.share else {"value": LARGEST[kpi.unit]}
    )


@pytest.fixture(scope="module")
def pages(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str]]]:
    """Three templates as printed, each page with its sheet: Kingston's workstream 5, all six, and all six filled in."""
    folder = tmp_path_factory.mktemp("pages")
    everything, ws5 = template(KINGSTON, KINGSTON_Q1), template(KINGSTON, KINGSTON_Q1, KINGSTON.workstreams[5:])
    blank = folder / "ws5.xlsx", folder / "all.xlsx"
    for path, data in zip(blank, (ws5, everything), strict=True):
        path.write_bytes(data)
    entries = {kpi.id: largest(kpi) for kpi in KINGSTON.live()}
    filled = fill(opened(everything), KINGSTON_Q1, entries, folder / "filled.xlsx")
    converted = libreoffice.convert_all([*blank, filled], "pdf", folder / "out")
    return {path.stem: [(sheet_name(page), page) for page in page_texts(path)] for path in converted}


def sheet_name(page: str) -> str:
    """The sheet that a page belongs to, by its footer."""
    found = re.findall(r"(Start|SPB|WS\d|Lists)Page\d+of\d+", page)
    assert len(found) == 1, page
    return str(found[0])


def joined(text: str) -> str:
    """A text without its white space, as the pages are compared."""
    return "".join(text.split())


def test_sheets_are_printed_in_their_order(pages: dict[str, list[tuple[str, str]]]) -> None:
    """The start sheet and the choices take a page each, a workstream as many as it needs and hardly more."""
    runs = {name: [sheet for sheet, _ in each] for name, each in pages.items()}
    assert runs["ws5"] == ["Start", "WS5", "WS5", "Lists"]
    assert runs["all"] == ["Start", "SPB", "SPB", "WS1", "WS2", "WS3", "WS4", "WS5", "WS5", "Lists"]
    assert runs["filled"] == runs["all"]


def test_no_number_is_too_wide_for_its_column(pages: dict[str, list[tuple[str, str]]]) -> None:
    """Neither what is filled in nor the largest figure that may be typed shows as ###."""
    assert [(name, sheet) for name, each in pages.items() for sheet, page in each if "##" in page] == []
    everything = "".join(page for _, page in pages["filled"])
    assert all(shown in everything for shown in ("-£999,999,999", "9,999,999", "99,999,999", "100.00%", "-123.45%"))


def test_every_title_is_printed_whole(pages: dict[str, list[tuple[str, str]]]) -> None:
    """Each KPI's title, id and check stand on its workstream's pages, however they wrap."""
    for name in ("all", "filled"):
        for workstream in KINGSTON.workstreams:
            printed = "".join(page for sheet, page in pages[name] if sheet == workstream.code)
            titles = [kpi.title for kpi in KINGSTON.live(workstream.name)]
            assert [title for title in titles if joined(title) not in printed] == []
            assert printed.count("Done" if name == "filled" else "Todo") >= len(titles)


def test_headings_stand_on_every_page_of_a_return_sheet(pages: dict[str, list[tuple[str, str]]]) -> None:
    """A sheet that runs over several pages has its headings on each; the columns behind the preview stay off paper."""
    headings = [joined(each.heading) for each in return_table(KINGSTON_Q1, "WS5").columns]
    printed = [page for name in pages for sheet, page in pages[name] if sheet not in ("Start", "Lists")]
    assert len(printed) == 2 + 8 + 8
    for page in printed:
        assert [heading for heading in headings[:-5] if heading not in page] == []
        assert [heading for heading in headings[-4:] if heading in page] == []


def test_rows_are_high_enough_for_their_text(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """LibreOffice, asked for the height that shows every word, never wants more than the template gives a row."""
    data = template(KINGSTON, KINGSTON_Q1)
    path = tmp_path / "all.xlsx"
    path.write_bytes(data)
    given, wanted = opened(data), opened(with_fitted_rows(libreoffice, path, tmp_path / "out").read_bytes())
    low = [
        (workstream.code, row, height(given, workstream.code, row), height(wanted, workstream.code, row))
        for workstream in KINGSTON.workstreams
        for row in range(FIRST_ROW - 1, sheet_of(given, workstream.code).max_row + 1)
        if height(given, workstream.code, row) < height(wanted, workstream.code, row)
    ]
    assert low == []
    heights = {height(wanted, "WS5", row) for row in range(FIRST_ROW, FIRST_ROW + 29)}
    assert len(heights) > 1, "LibreOffice did not size the rows"


def height(book: Workbook, sheet: str, row: int) -> float:
    """A row's height in points."""
    return float(sheet_of(book, sheet).row_dimensions[row].height or 0)
