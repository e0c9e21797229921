"""The rating as an Excel formula: the same letter as in Python, worked out by a real spreadsheet program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import product
from random import Random

import pytest
from msgspec.structs import replace

from sendkpi_xl.cells import read_book
from sendkpi_xl.figures import exact, places, rounded, to_places
from sendkpi_xl.model import Goal, Kpi, Measure, Polarity, Profile, Sign, Unit
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.rating import SHARED_DECIMALS, Standard, rate, standard_for
from sendkpi_xl.rating_formulas import RatingCells, limit_formula, rating_condition, rating_formula, target_formula
from sendkpi_xl.reading import Rag
from sendkpi_xl.sheetwriter import WorkbookWriter, cell
from tests.conftest import LibreOffice
from tests.parity import Compared, compared
from tests.rating_cases import YEAR, kpi_of, near_limits

SEED = 20210331
FORMULA_COLUMN, SENTINEL_COLUMN = 7, 8

TARGETS = {
    Unit.COUNT: (200.0, 175.0, 42.0, 7.0, 0.0),
    Unit.PERCENT: (0.8, 0.05, 0.122, -0.2276, 0.0025, 0.0, 1.0),
    Unit.MONEY: (31_791_000.0, 12_345_670.0, 1_200_000.1, -750_000.0, 0.0),
    Unit.AVERAGE: (16_483.0, 841.0, 24_949.37),
    Unit.WEEKS: (18.0, 20.5, 6.0),
}
DECIMALS = {Unit.COUNT: (0, 1), Unit.PERCENT: (0, 1, 2), Unit.MONEY: (0, 2), Unit.AVERAGE: (0, 2), Unit.WEEKS: (0, 1)}


@dataclass(frozen=True)
class Case:
    """One row of the workbook: a KPI, what it is held against, and what was typed."""

    kpi: Kpi
    standard: Standard
    value: float | str | None
    denominator: float | None = None

    @property
    def letter(self) -> str:
        """The letter that Python gives; nothing for words and for empty cells."""
        value = None if isinstance(self.value, str) else self.value
        rag = rate(self.kpi, self.standard, value, self.denominator).rag
        return rag.value if rag else ""


def around_thresholds() -> Iterator[Case]:
    """Values at the target and at each limit, and one display step to either side, for every kind of KPI and target."""
    for better, (unit, targets), sign in product(("higher", "lower", "near"), TARGETS.items(), Sign):
        for decimals, target in product(DECIMALS[unit], targets):
            kpi = kpi_of(better, unit, decimals)
            standard = standard_for(kpi, Goal(YEAR, target=target, target_sign=sign), DEFAULT_POLICY, 1)
            for value in near_limits(kpi, standard):
                yield Case(kpi, standard, value)


def at_halves() -> Iterator[Case]:
    """Stored values half a display step from a limit, where rounding decides, and others that only look like it."""
    for better, unit in product(("higher", "lower"), Unit):
        for decimals, target in product(DECIMALS[unit], TARGETS[unit]):
            kpi = kpi_of(better, unit, decimals)
            standard = standard_for(kpi, Goal(YEAR, target=target), DEFAULT_POLICY, 1)
            half = Decimal(5).scaleb(-places(unit, decimals) - 1)
            for value in near_limits(kpi, standard):
                for nudge in (half, -half, half * Decimal("0.98"), half * Decimal("1.02")):
                    yield Case(kpi, standard, float(Decimal(str(value)) + nudge))


def at_random(number: int) -> Iterator[Case]:
    """KPIs of every kind with any target, limits, sample, quarter and value, from a seed."""
    random = Random(SEED)
    for _ in range(number):
        unit = random.choice(list(Unit))
        size = random.choice((1, 10, 1000)) if unit is Unit.PERCENT else random.choice((10, 1000, 30_000_000))
        scale = 1000 if unit is Unit.PERCENT else 1
        limits = sorted(random.choice((0.0, 0.005, 0.01, 0.05, 0.1, 0.333)) for _ in range(2))
        kpi = replace(
            kpi_of(random.choice(("higher", "lower", "near", "context")), unit, random.choice(DECIMALS[unit])),
            profile=random.choice(list(Profile)),
            survey=random.random() < 0.3,
            smallest_sample=random.choice((None, None, 10)),
            green_within=random.choice((None, limits[0])),
            amber_within=random.choice((None, max(limits[1], 0.05))),
        )
        target = round(random.uniform(-size, size) / scale, random.choice((0, 1, 4)))
        value = target * random.uniform(0.7, 1.3) + random.uniform(-0.1, 0.1) / scale
        goal = Goal(
            YEAR,
            baseline=random.choice((None, value)),
            target=random.choice((target, target, target, None)),
            target_sign=random.choice(list(Sign)),
        )
        standard = standard_for(kpi, goal, DEFAULT_POLICY, random.randint(1, 4))
        yield Case(kpi, standard, value, random.choice((None, 0.0, 9.0, 10.0, 29.0, 30.0)))


def not_moved_yet() -> Iterator[Case]:
    """Annual and termly measures at their baseline and one display step to either side, far from any target."""
    for better, unit, profile in product(("higher", "lower", "near"), Unit, (Profile.ANNUAL, Profile.TERMLY)):
        for decimals, quarter in product(DECIMALS[unit], (1, 2, 4)):
            kpi = kpi_of(better, unit, decimals, profile=profile)
            baseline = 0.55 if unit is Unit.PERCENT else 80.55
            goal = Goal(YEAR, baseline=baseline, target=1.5 * baseline if better == "higher" else 0.5 * baseline)
            standard = standard_for(kpi, goal, DEFAULT_POLICY, quarter)
            step = 10.0 ** -places(unit, decimals)
            for value in (baseline, baseline + step, baseline - step):
                yield Case(kpi, standard, value)


def without_number() -> Iterator[Case]:
    """Rows with an empty value cell, or with words in it, with few answers and with many."""
    for value, denominator, target in product((None, "no data"), (None, 3.0, 50.0), (0.8, None)):
        kpi = kpi_of("higher", Unit.PERCENT, 0, survey=True)
        yield Case(kpi, standard_for(kpi, Goal(YEAR, target=target), DEFAULT_POLICY, 1), value, denominator)


@cache
def all_cases() -> list[Case]:
    """Every row of the workbook."""
    return [*around_thresholds(), *at_halves(), *at_random(1500), *not_moved_yet(), *without_number()]


def workbook(cases: list[Case]) -> bytes:
    """The cases as the product writes its templates: numbers in cells, the formula beside them with Python's letter.

    The cell at the end of each row has a wrong saved result, which shows whether anything was calculated.
    """
    writer = WorkbookWriter("Ratings", "Formula against Python", datetime(2021, 6, 30))
    page = writer.page("Ratings")
    for row, case in enumerate(cases):
        standard = case.standard
        limits = [standard.target, standard.green, standard.amber]
        held = [None if standard.target is None or limit is None else float(limit) for limit in limits]
        unmoved = None if standard.unmoved is None else float(standard.unmoved)
        for column, value in enumerate((case.value, case.denominator, *held, standard.smallest_sample, unmoved)):
            page.put(row, column, value)
        cells = RatingCells(*(cell(row, column) for column in range(FORMULA_COLUMN)))
        page.formula(row, FORMULA_COLUMN, rating_formula(case.kpi, standard, cells), case.letter)
        page.formula(row, SENTINEL_COLUMN, "=ROW()", "not calculated")
    return writer.close()


def letters_in(data: bytes) -> list[str]:
    """The letters that the workbook holds, row by row."""
    sheet = read_book(data, "ratings.xlsx").sheets[0]
    rows = sorted({row for row, _ in sheet.cells})
    sentinels = [sheet.cells[row, SENTINEL_COLUMN + 1].value for row in rows]
    assert sentinels == rows, "nothing was calculated"
    return [str(sheet.cells[row, FORMULA_COLUMN + 1].value or "") for row in rows]


def differences(cases: list[Case], letters: list[str]) -> list[str]:
    """The rows where a letter is not Python's, with all that it comes from."""
    return [
        f"{case.value!r} {case.denominator} {case.kpi.polarity} {case.kpi.unit} {case.kpi.decimals} {case.standard}: "
        f"{letter!r} is not {case.letter!r}"
        for case, letter in zip(cases, letters, strict=True)
        if case.letter != letter
    ]


@pytest.fixture(scope="module")
def calculated(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The workbook of all cases, recalculated and saved by LibreOffice."""
    folder = tmp_path_factory.mktemp("ratings")
    path = folder / "ratings.xlsx"
    path.write_bytes(workbook(all_cases()))
    saved = libreoffice.convert(path, "xlsx", folder / "calculated")
    return saved.read_bytes()


def by_formula(case: Case) -> str:
    """What the formula comes to in plain binary arithmetic; LibreOffice forgives noise that other programs may not."""
    standard, kpi = case.standard, case.kpi
    assert isinstance(case.value, float)
    assert standard.target is not None
    difference = float(rounded(case.value, kpi.unit, kpi.decimals)) - float(standard.target)
    towards = {Polarity.HIGHER: -difference, Polarity.LOWER: difference, Polarity.NEAR: abs(difference)}[kpi.polarity]
    miss = float(to_places(exact(towards), places(kpi.unit, kpi.decimals) + SHARED_DECIMALS))
    limits = (standard.green, standard.amber)
    beyond = [miss > limit or (standard.strict and miss == limit) for limit in map(float, limits)]
    return "GAR"[sum(beyond)]


def test_binary_noise_does_not_decide() -> None:
    """At every threshold the formula's plain arithmetic gives Python's letter: £12,222,213.30 is green to the penny."""
    wrong = [case for case in around_thresholds() if by_formula(case) != case.letter]
    assert wrong == []


@pytest.mark.libreoffice
def test_formula_gives_the_letter_that_python_gives(calculated: bytes) -> None:
    """In more than 2,000 rows over all kinds of KPI, the recalculated letter is Python's in every one."""
    cases, letters = all_cases(), letters_in(calculated)
    assert len(letters) == compared(Compared.FORMULAS) > 2000
    assert differences(cases, letters) == []


def test_cases_cover_every_kind() -> None:
    """The rows hold each letter and no letter for each polarity that can have it, and each unit, sign and profile."""
    cases = all_cases()
    letters = Counter((case.kpi.polarity, case.letter) for case in cases)
    expected = set(product((Polarity.HIGHER, Polarity.LOWER, Polarity.NEAR), (*Rag, ""))) | {(Polarity.CONTEXT, "")}
    assert {pair for pair, count in letters.items() if count >= 20} == expected
    for key, choices in (("unit", Unit), ("profile", Profile)):
        assert {getattr(case.kpi, key) for case in cases} == set(choices)
    assert {case.standard.sign for case in cases} == set(Sign)


CELLS = RatingCells("$I6", "$K6", "$P6", "$Q6", "$R6", "$S6", "$T6")
SURVEY = kpi_of("higher", Unit.PERCENT, 0, survey=True)
YEARLY = kpi_of("near", Unit.MONEY, 2, profile=Profile.ANNUAL)
STRICT = kpi_of("lower", Unit.COUNT, 0)
CONTEXT = kpi_of("context", Unit.COUNT, 0)


def held(kpi: Kpi, goal: Goal) -> Standard:
    return standard_for(kpi, goal, DEFAULT_POLICY, 1)


def test_formula_of_a_context_kpi() -> None:
    """A KPI for context has a formula that never shows a letter."""
    assert rating_formula(CONTEXT, held(CONTEXT, Goal(YEAR)), CELLS) == '=""'
    assert rating_formula(CONTEXT, held(CONTEXT, Goal(YEAR)), CELLS, "No rating") == '="No rating"'


def test_formula_in_full() -> None:
    """The formula rounds the value to what is shown, strict targets compare strictly, and a survey asks for answers."""
    said = rating_formula(SURVEY, held(SURVEY, Goal(YEAR, target=0.8)), CELLS)
    rated = (
        'IF(COUNT($P6,$Q6,$R6)=3,IF(ROUND($P6-ROUND($I6,2),4)<=$Q6,"G",IF(ROUND($P6-ROUND($I6,2),4)<=$R6,"A","R")),"")'
    )
    assert said == f'=IF(ISNUMBER($I6),IF(AND(ISNUMBER($S6),ISNUMBER($K6)),IF($K6<$S6,"A",{rated}),{rated}),"")'
    goal = Goal(YEAR, target=5.0, target_sign=Sign.UNDER)
    assert rating_formula(STRICT, held(STRICT, goal), CELLS) == (
        '=IF(ISNUMBER($I6),IF(COUNT($P6,$Q6,$R6)=3,IF(ROUND(ROUND($I6,0)-$P6,2)<$Q6,"G",'
        'IF(ROUND(ROUND($I6,0)-$P6,2)<$R6,"A","R")),""),"")'
    )


def test_formula_of_a_measure_that_has_not_moved_yet() -> None:
    """Where it would be red it asks for the baseline; words of the caller's stand wherever there is no rating."""
    assert rating_formula(YEARLY, held(YEARLY, Goal(YEAR, baseline=4.5, target=5.0)), CELLS, "none") == (
        "=IF(ISNUMBER($I6),IF(COUNT($P6,$Q6,$R6)=3,"
        'IF(ROUND(ABS(ROUND($I6,2)-$P6),4)<=$Q6,"G",IF(ROUND(ABS(ROUND($I6,2)-$P6),4)<=$R6,"A",'
        'IF(AND(ISNUMBER($T6),ROUND($I6,2)=$T6),"A","R"))),"none"),"none")'
    )


@pytest.mark.parametrize("rag", Rag)
@pytest.mark.parametrize("kpi", [SURVEY, YEARLY, STRICT, CONTEXT], ids=["survey", "yearly", "strict", "context"])
def test_a_condition_asks_for_the_formulas_letter(kpi: Kpi, rag: Rag) -> None:
    """The condition of a conditional format is the rating formula, held against the letter."""
    standard = held(kpi, Goal(YEAR, baseline=4.5, target=5.0))
    assert rating_condition(rag, kpi, standard, CELLS) == f'{rating_formula(kpi, standard, CELLS)}="{rag.value}"'


def test_target_and_limits_as_formulas() -> None:
    """Both round as the rating does, to four decimals more first; a limit in points is no share of the target."""
    assert target_formula(SURVEY, "$F9", "$H9") == '=IF(COUNT($F9,$H9)=2,ROUND(ROUND($F9*$H9,8),4),"")'
    assert target_formula(STRICT, "$F9", "$H9") == '=IF(COUNT($F9,$H9)=2,ROUND(ROUND($F9*$H9,6),2),"")'
    assert limit_formula(SURVEY, Measure.POINTS, "$J9", "$I9") == '=IF(COUNT($J9,$I9)=2,ROUND($J9,8),"")'
    assert limit_formula(STRICT, Measure.RELATIVE, "$K9", "$I9") == '=IF(COUNT($K9,$I9)=2,ROUND($K9*ABS($I9),6),"")'


def test_workbook_that_nobody_recalculated_is_found_out() -> None:
    """A workbook with all of Python's letters in it does not pass for one that was calculated."""
    with pytest.raises(AssertionError, match="nothing was calculated"):
        letters_in(workbook(all_cases()[:3]))
