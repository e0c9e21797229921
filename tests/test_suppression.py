"""What is withheld before a dataset is published: which figures, on what ground, and that none can be worked out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.consolidate import RatedReading, rate_readings
from sendkpi_xl.gathered import Gathered
from sendkpi_xl.model import Catalogue, Goal, Kpi, Polarity, Profile, Tie, Unit
from sendkpi_xl.moderated import Moderation, Override, Remark
from sendkpi_xl.period import Period
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.publication import Published, published
from sendkpi_xl.rating import rate
from sendkpi_xl.reading import Rag, Reading, Reason, Status
from tests.published_attack import Puzzle, Shown, Sum, reader_sees, shown_as
from tests.small_round import SECTIONS, SETTINGS, WORKSTREAMS

QUARTERS = tuple(Period(2023, quarter) for quarter in (1, 2, 3))
YEAR = "2023-24"
WINDOW = 4
"""The attacker looks no further than this from the true number: with fewer numbers to choose from, more is told."""


def kpi(kpi_id: str, unit: Unit = Unit.COUNT, profile: Profile = Profile.SNAPSHOT, **more: object) -> Kpi:
    decimals = 1 if unit is Unit.PERCENT else 0
    made = Kpi(kpi_id, kpi_id[1:], "Schools", "", f"KPI {kpi_id}", unit, decimals, Polarity.HIGHER, profile)
    return replace(made, board_ref=kpi_id[1:], section="Places", **more)


@dataclass(frozen=True)
class Drawn:
    """A dataset with what each KPI's figures are: `3`, `50% = 3 of 6`; a comment after a bar."""

    catalogue: Catalogue
    quarters: Mapping[Period, Sequence[RatedReading]]

    def published(self) -> Published:
        return published(self.catalogue, self.quarters, Moderation())


def dataset(
    kpis: Sequence[Kpi], readings: Mapping[Period, Sequence[Reading]], ties: Sequence[str] = (), threshold: int = 5
) -> Drawn:
    """The rated dataset of these readings; ties as `K3 = K1 + K2`."""
    made = tuple(Tie(tie[:2], tie[3:].strip(" ="), 1.0) for tie in ties)
    catalogue = Catalogue(
        replace(SETTINGS, withheld_under=threshold),
        DEFAULT_POLICY,
        tuple(WORKSTREAMS.values()),
        SECTIONS,
        tuple(kpis),
        made,
    )
    gathered = [Gathered(period, tuple(each), (), (), 0) for period, each in readings.items()]
    quarters = {}
    for number, each in enumerate(gathered):
        quarters[each.period] = rate_readings(catalogue, each, Moderation(), gathered[:number])
    return Drawn(catalogue, quarters)


# --- The attacker's puzzle


def puzzle_of(drawn: Drawn, result: Published) -> tuple[Puzzle, list[str]]:
    """All that the published records, the sums and the policy say, and the names of the numbers to be kept."""
    keep: list[str] = []
    puzzle = Puzzle()
    for period, rated in result.quarters.items():
        for each, true in zip(rated, drawn.quarters[period], strict=True):
            name, reading = f"{each.kpi.id} {period.code}", each.reading
            if each.kpi.unit is Unit.COUNT:
                _place(puzzle, keep, name, reading.value, true.reading.value)
                _add_rating(puzzle, each, (name,))
            elif true.reading.denominator is not None:
                parts = [f"{name} in", f"{name} out"]
                whole = true.reading.denominator - (true.reading.numerator or 0)
                seen = None if reading.denominator is None else reading.denominator - (reading.numerator or 0)
                _place(puzzle, keep, parts[0], reading.numerator, true.reading.numerator)
                _place(puzzle, keep, parts[1], seen, whole)
                if seen is None:
                    puzzle.ranges[parts[1]] = _around(whole)
                if reading.value is not None:
                    _add_share(puzzle, each, parts)
                _add_rating(puzzle, each, parts)
            baseline = f"{each.kpi.id} {YEAR}"
            if each.kpi.unit is Unit.COUNT and true.goal.baseline is not None and baseline not in puzzle.ranges:
                _place(puzzle, keep, baseline, each.goal.baseline, true.goal.baseline)
            keep += _add_words(puzzle, name, reading.comment, true.reading.comment)
    _add_ties(puzzle, drawn, result)
    keep += _add_growth(puzzle, drawn)
    return puzzle, keep


def _add_words(puzzle: Puzzle, name: str, comment: str, true: str) -> list[str]:
    """`2 boys and 3 girls` is how a count is made up, `3 out of 8` a share, `KPI 1 had 5` another KPI's count."""
    keep = []
    if both := re.fullmatch(r"(.+) boys and (.+) girls", comment):
        words = re.fullmatch(r"(.+) boys and (.+) girls", true)
        assert words is not None
        names = f"{name} boys", f"{name} girls"
        for part, seen, stood in zip(names, both.groups(), words.groups(), strict=True):
            puzzle.ranges[part] = [int(seen)] if seen.isdigit() else _around(int(stood))
            # A larger number in words goes only for what it would give back.
            keep += [part] if 0 < int(stood) < 5 else []
        puzzle.rules.append(Sum({names[0]: 1, names[1]: 1, name: -1}, 0))
    if share := re.fullmatch(r"(\d+) out of (\d+)", comment):
        puzzle.rules.append(Sum({f"{name} in": 1}, int(share[1])))
        puzzle.rules.append(Sum({f"{name} out": 1}, int(share[2]) - int(share[1])))
    if other := re.fullmatch(r"KPI 1 had (\d+)", comment):
        puzzle.rules.append(Sum({name.replace("K2", "K1"): 1}, int(other[1])))
    return keep


def _place(puzzle: Puzzle, keep: list[str], name: str, shown: float | None, true: float | None) -> None:
    """A shown number is what it is; a withheld one may be anything, and a withheld few any of few."""
    if true is None:
        return
    few = 0 < true < 5
    if shown is not None:
        assert not few, f"{name} is shown"
        puzzle.ranges[name] = range(int(shown), int(shown) + 1)
    else:
        puzzle.ranges[name] = _about(true)
        keep.append(name)


def _about(true: float) -> list[int]:
    """The numbers that the attacker tries for a figure: of few only few."""
    return [number for number in _around(true) if not 0 < true < 5 or 0 < number < 5]


def _around(true: float) -> list[int]:
    """The numbers near one, the nearest first for a quick end."""
    near = range(max(0, int(true) - WINDOW), int(true) + WINDOW + 1)
    return sorted(near, key=lambda number: abs(number - true))


def _add_share(puzzle: Puzzle, each: RatedReading, parts: Sequence[str]) -> None:
    shown = shown_as(each.reading.value or 0.0, 3)
    puzzle.rules.append(Shown(tuple(parts), lambda inside, out: reader_sees(inside, inside + out, 3) == shown))


def _add_rating(puzzle: Puzzle, each: RatedReading, parts: Sequence[str]) -> None:
    """The letter that is shown is that of the numbers; where none is, or nobody can tell why, it says nothing."""
    letter = each.computed.rag
    if letter is None or each.reading.value is not None:
        return

    def rated(*numbers: int) -> bool:
        if len(numbers) == 1:
            return rate(each.kpi, each.standard, float(numbers[0]), None).rag is letter
        if not sum(numbers):
            return False
        return rate(each.kpi, each.standard, numbers[0] / sum(numbers), float(sum(numbers))).rag is letter

    puzzle.rules.append(Shown(tuple(parts), rated))


def _add_ties(puzzle: Puzzle, drawn: Drawn, result: Published) -> None:
    """K3 = K1 + K2 and K5 = K3 + K4 in the quarters and the baselines; K6 = K1 / K3 and K8 = K7 / K1 as shown."""
    for when in [*(period.code for period in result.quarters), YEAR]:
        for whole, first, second in (("K3", "K1", "K2"), ("K5", "K3", "K4")):
            names = {f"{whole} {when}": -1, f"{first} {when}": 1, f"{second} {when}": 1}
            if names.keys() <= puzzle.ranges.keys():
                puzzle.rules.append(Sum(names, 0))
    for period, rated in result.quarters.items():
        shown = {each.kpi.id: each.reading.value for each in rated}
        share, spend, cost = shown.get("K6"), shown.get("K7"), shown.get("K8")
        if share is not None:
            seen = shown_as(share, 3)
            about = (f"K1 {period.code}", f"K3 {period.code}")
            puzzle.rules.append(Shown(about, lambda part, whole, seen=seen: reader_sees(part, whole, 3) == seen))
        if spend is not None and cost is not None:
            case = (f"K1 {period.code}",)
            paid, seen = spend, shown_as(cost, 0)
            puzzle.rules.append(Shown(case, lambda cases, paid=paid, seen=seen: reader_sees(paid, cases, 0) == seen))


def _add_growth(puzzle: Puzzle, drawn: Drawn) -> list[str]:
    """A year's sum never shrinks; what it grew by is a number of people too, and kept where it is few."""
    keep = []
    periods = sorted(drawn.quarters)
    true = {(each.kpi.id, period): each.reading.value for period in periods for each in drawn.quarters[period]}
    for one in drawn.catalogue.kpis:
        if one.profile is not Profile.YEAR_TO_DATE or one.unit is not Unit.COUNT:
            continue
        for at, earlier in enumerate(periods):
            for later in periods[at + 1 :]:
                before, after = true[one.id, earlier], true[one.id, later]
                if before is None or after is None:
                    continue
                name = f"{one.id} {earlier.code} to {later.code}"
                few = 0 < after - before < 5
                puzzle.ranges[name] = _around(after - before)
                puzzle.rules.append(Sum({f"{one.id} {later.code}": 1, f"{one.id} {earlier.code}": -1, name: -1}, 0))
                keep += [name] if few else []
    return keep


NUMBERS = st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, 8])
STEPS = st.sampled_from([0, 1, 2, 3, 5, 7])


@st.composite
def datasets(draw: st.DrawFn) -> Drawn:
    """Two parts and their total, a third part and a total of all, a share of the total, spend and its average."""
    profile = draw(st.sampled_from([Profile.SNAPSHOT, Profile.YEAR_TO_DATE]))
    target = draw(st.sampled_from([None, 4.0, 8.0]))
    baselines = [draw(NUMBERS) for _ in range(3)]
    first, second, third = baselines
    sums = {"K1": first, "K2": second, "K3": first + second, "K4": third, "K5": first + second + third}
    kpis = [
        kpi(
            each,
            profile=profile,
            goals=(Goal(YEAR, float(start), target=target if each == "K1" else None),),
        )
        for each, start in sums.items()
    ]
    kpis += [kpi("K6", Unit.PERCENT), kpi("K7", Unit.MONEY), kpi("K8", Unit.AVERAGE)]
    kpis += [kpi("K9", Unit.PERCENT, share=True, goals=(Goal(YEAR, target=draw(st.sampled_from([None, 0.5]))),))]
    readings: dict[Period, list[Reading]] = {}
    parts = [draw(NUMBERS) for _ in range(3)]
    for period in QUARTERS[: draw(st.integers(1, 2))]:
        if readings:
            add = [draw(STEPS) for _ in parts]
            grows = profile is Profile.YEAR_TO_DATE
            parts = (
                [part + step for part, step in zip(parts, add, strict=True)]
                if grows
                else [draw(NUMBERS) for _ in parts]
            )
        share = sorted((draw(NUMBERS), draw(st.sampled_from([1, 2, 4, 6, 8, 11, 14]))))
        readings[period] = _readings(period, parts, share, draw(st.sampled_from([1000.0, 4321.0])))
    ties = ["K3 = K1 + K2", "K5 = K3 + K4", "K6 = K1 / K3", "K8 = K7 / K1"]
    return dataset(kpis, readings, ties)


def _readings(period: Period, parts: Sequence[int], share: Sequence[int], spend: float) -> list[Reading]:
    first, second, third = parts
    values: dict[str, float | None] = {
        "K1": first,
        "K2": second,
        "K3": first + second,
        "K4": third,
        "K5": first + second + third,
        "K6": first / (first + second) if first + second else None,
        "K7": spend,
        "K8": spend / first if first else None,
    }
    made = [
        Reading(each, period, Status.REPORTED, None if value is None else float(value))
        for each, value in values.items()
    ]
    made[0] = replace(made[0], comment=f"{first // 2} boys and {first - first // 2} girls")
    made[1] = replace(made[1], comment=f"KPI 1 had {first}")
    inside, whole = share
    return [*made, reading("K9", period, inside / whole, (inside, whole), f"{inside} out of {whole}")]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(datasets())
def test_no_withheld_count_can_be_worked_out(drawn: Drawn) -> None:
    """From figures, sums, shares, averages, ratings, comments and what a year grew by, each could be another."""
    result = drawn.published()
    puzzle, keep = puzzle_of(drawn, result)
    assert result.open == ()
    assert puzzle.determined(keep) == []


# --- Cases as a reader sees them


def table(result: Published) -> str:
    """The published figures, a line for each KPI: its quarters, its rating, its baseline where it has one."""
    lines = []
    for number, each in enumerate(result.quarters[max(result.quarters)]):
        quarters = [rated[number].reading for _, rated in sorted(result.quarters.items())]
        figures = " ".join(
            reading.reason.shorthand if reading.value is None and reading.reason else f"{reading.value:g}"
            for reading in quarters
        )
        parts = [
            f"({reading.numerator:g} of {reading.denominator:g})"
            for reading in quarters
            if reading.numerator is not None and reading.denominator is not None
        ]
        rating = f"{each.computed.rag.value}: {each.computed.sentence}" if each.computed.rag else ""
        base = each.goal.baseline_words if each.goal.baseline is None else f"{each.goal.baseline:g}"
        lines.append(" | ".join(filter(None, [each.kpi.id, figures, *parts, rating, base and f"from {base}"])))
    return "\n".join(lines)


def log_of(result: Published) -> str:
    """The log, without what only follows from a withheld figure."""
    entries = [each for each in result.log if not each.because.startswith("It is made of")]
    return "\n".join(
        f"{each.kpi_id} {each.attribute}: {each.stood} -> {each.shown} ({each.why}) {each.because}" for each in entries
    )


def reading(
    kpi_id: str, period: Period, value: float, parts: tuple[float, float] | None = None, comment: str = ""
) -> Reading:
    numerator, denominator = parts or (None, None)
    return Reading(kpi_id, period, Status.REPORTED, value, numerator, denominator, comment=comment)


Q1, Q2, Q3 = QUARTERS
GROWS = Profile.YEAR_TO_DATE


def test_few_are_withheld_and_none_and_enough_are_shown() -> None:
    """Under the threshold, from 1: a zero tells of nobody, and a count that reaches the threshold of enough."""
    counts = {"K1": 0.0, "K2": 1.0, "K3": 4.0, "K4": 5.0}
    drawn = dataset([kpi(each) for each in counts], {Q1: [reading(each, Q1, value) for each, value in counts.items()]})
    assert table(drawn.published()) == "K1 | 0\nK2 | [c]\nK3 | [c]\nK4 | 5"
    assert log_of(drawn.published()) == (
        "K2 value: 1 -> [c] (primary) 1 is under 5: K2 in Quarter 1 2023/24.\n"
        "K3 value: 4 -> [c] (primary) 4 is under 5: K3 in Quarter 1 2023/24."
    )


def test_a_threshold_of_nothing_withholds_nothing() -> None:
    """With 0 in the settings the figures and the words stay as they are."""
    drawn = dataset([kpi("K1")], {Q1: [reading("K1", Q1, 2, comment="2 children")]}, threshold=0)
    result = drawn.published()
    assert (table(result), result.log) == ("K1 | 2", ())
    assert result.quarters[Q1][0].reading.comment == "2 children"


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ((10, 20), "K9 | 0.5 | (10 of 20)"),
        ((4, 64), "K9 | [c]"),
        ((60, 64), "K9 | [c]"),
        ((0, 64), "K9 | 0 | (0 of 64)"),
        ((64, 64), "K9 | 1 | (64 of 64)"),
        ((6, 6), "K9 | [c]"),
        ((0, 9), "K9 | [c]"),
        ((10, 10), "K9 | 1 | (10 of 10)"),
        ((5, 10), "K9 | 0.5 | (5 of 10)"),
        ((2, 3), "K9 | [c]"),
    ],
)
def test_a_share_with_few_in_it_not_in_it_or_in_all(parts: tuple[float, float], shown: str) -> None:
    """All or none is shown from twice the threshold on, as every other share that is shown has at least as many."""
    share = kpi("K9", Unit.PERCENT, share=True)
    drawn = dataset([share], {Q1: [reading("K9", Q1, parts[0] / parts[1], parts)]})
    assert table(drawn.published()) == shown


@pytest.mark.parametrize(
    ("value", "comment", "shown"),
    [
        (0.5, "Sample of 6", "K9 | [c]"),
        (0.5, "Sample of 60", "K9 | 0.5"),
        (0.0021, "3 complaints", "K9 | [c]"),
        (0.5746, "3 centres were closed", "K9 | 0.575"),
        (0.67, "8 out of 12", "K9 | [c]"),
    ],
)
def test_a_share_that_only_its_comment_explains(value: float, comment: str, shown: str) -> None:
    """A number alone counts only where it can be the share's: 3 of five or six are never 57.5%."""
    share = replace(kpi("K9", Unit.PERCENT), decimals=2 if value < 0.01 else 1)
    drawn = dataset([share], {Q1: [reading("K9", Q1, value, comment=comment)]})
    assert table(drawn.published()) == shown


def test_the_other_part_of_a_total_is_withheld_too() -> None:
    """The smaller of the figures that would do; the total stays."""
    values = {"K1": 3.0, "K2": 40.0, "K3": 43.0}
    drawn = dataset(
        [kpi(each) for each in values],
        {Q1: [reading(each, Q1, value) for each, value in values.items()]},
        ["K3=K1 + K2"],
    )
    assert table(drawn.published()) == "K1 | [c]\nK2 | [c]\nK3 | 43"
    assert log_of(drawn.published()).splitlines()[1] == (
        "K2 value: 40 -> [c] (secondary) It would give back 3, K1 in Quarter 1 2023/24, through K3 = K1 + K2."
    )


def test_two_few_in_a_total_that_leaves_them_no_choice() -> None:
    """8 of two who are both under 5 can only be 4 and 4: the total goes as well; 5 may be 1 and 4 or 2 and 3."""
    four = {"K1": 4.0, "K2": 4.0, "K3": 8.0}
    five = {"K1": 2.0, "K2": 3.0, "K3": 5.0}
    tables = [
        table(
            dataset(
                [kpi(each) for each in values],
                {Q1: [reading(each, Q1, value) for each, value in values.items()]},
                ["K3=K1 + K2"],
            ).published()
        )
        for values in (four, five)
    ]
    assert tables == ["K1 | [c]\nK2 | [c]\nK3 | [c]", "K1 | [c]\nK2 | [c]\nK3 | 5"]


def test_a_count_that_was_not_reported_and_follows_from_the_others() -> None:
    """A lead who withholds a count is not undone by the total: what gives it back is withheld."""
    missing = Reading("K1", Q1, Status.BLANK, reason=Reason.TOO_FEW)
    rest = [reading("K2", Q1, 40), reading("K3", Q1, 43)]
    drawn = dataset([kpi(each) for each in ("K1", "K2", "K3")], {Q1: [missing, *rest]}, ["K3=K1 + K2"])
    assert table(drawn.published()) == "K1 | [c]\nK2 | [c]\nK3 | 43"


def test_what_a_year_grew_by_is_a_number_of_people_too() -> None:
    """20 by June and 23 by September: three in one quarter. What was published before stays, the new figure goes."""
    drawn = dataset([kpi("K1", profile=GROWS)], {Q1: [reading("K1", Q1, 20)], Q2: [reading("K1", Q2, 23)]})
    assert table(drawn.published()) == "K1 | 20 [c]"
    assert log_of(drawn.published()) == (
        "K1 value: 23 -> [c] (secondary) It would give back 3, what K1 grew by from Quarter 1 2023/24 to Quarter 2 "
        "2023/24: the other figure is shown."
    )
    stands = dataset([kpi("K1")], {Q1: [reading("K1", Q1, 20)], Q2: [reading("K1", Q2, 23)]})
    assert table(stands.published()) == "K1 | 20 23"


def test_what_was_withheld_is_withheld_in_later_quarters_and_nothing_new_of_earlier_ones() -> None:
    """Each quarter's edition shows of the quarters before what their own editions showed."""
    readings = {Q1: [reading("K1", Q1, 20)], Q2: [reading("K1", Q2, 23)], Q3: [reading("K1", Q3, 40)]}
    later = dataset([kpi("K1", profile=GROWS)], readings)
    assert table(later.published()) == "K1 | 20 [c] 40"


def test_a_rating_that_only_one_of_few_can_have() -> None:
    """With a target of 4, amber is 3 alone; red may be 1 or 2 and stays, without its sentence."""
    one = kpi("K1", goals=(Goal(YEAR, target=4.0),))
    shown = [dataset([one], {Q1: [reading("K1", Q1, value)]}).published() for value in (2, 3)]
    assert [table(each) for each in shown] == ["K1 | [c] | R: Red: its figure is withheld.", "K1 | [c]"]
    assert log_of(shown[1]).splitlines()[1] == (
        "K1 rating: Amber -> [c] (secondary) It would give back 3, K1 in Quarter 1 2023/24: no other number has "
        "this rating."
    )


def test_baselines_are_withheld_like_values() -> None:
    """A baseline of few, and one that would give it back through a sum."""
    starts = {"K1": 2.0, "K2": 30.0, "K3": 32.0}
    kpis = [kpi(each, goals=(Goal(YEAR, start),)) for each, start in starts.items()]
    values = {"K1": 10.0, "K2": 30.0, "K3": 40.0}
    drawn = dataset(kpis, {Q1: [reading(each, Q1, value) for each, value in values.items()]}, ["K3=K1 + K2"])
    assert table(drawn.published()) == "K1 | 10 | from [c]\nK2 | 30 | from [c]\nK3 | 40 | from 32"
    kpis_shown = [each.kpi.goals[0].baseline for each in drawn.published().quarters[Q1]]
    assert kpis_shown == [None, None, 32.0]


def test_an_average_and_its_spend_give_the_cases_back() -> None:
    """£4,000 at £2,000 each are two; with the average gone the spend may stand."""
    kpis = [kpi("K1"), kpi("K7", Unit.MONEY), kpi("K8", Unit.AVERAGE)]
    readings = [reading("K1", Q1, 2), reading("K7", Q1, 4000), reading("K8", Q1, 2000)]
    drawn = dataset(kpis, {Q1: readings}, ["K8=K7 / K1"])
    assert table(drawn.published()) == "K1 | [c]\nK7 | 4000\nK8 | [c]"


def test_nothing_of_a_withheld_figure_is_left_in_the_record() -> None:
    """Typed text, place, hash, forecast, moves and sentence go with it; the log keeps what they said."""
    made = replace(reading("K1", Q1, 3, comment="3 children"), typed="3", how="as typed", sha256="5ha", forecast=4.0)
    result = dataset([replace(kpi("K1", goals=(Goal(YEAR, target=9.0),)), note="secret")], {Q1: [made]}).published()
    (each,) = result.quarters[Q1]
    assert each.reading == Reading("K1", Q1, Status.REPORTED, reason=Reason.TOO_FEW, comment="[c] children")
    assert (each.computed.rag, each.computed.sentence, each.outlook.forecast, each.kpi.note) == (
        Rag.RED,
        "Red: its figure is withheld.",
        None,
        "",
    )
    assert [(entry.attribute.value, entry.stood) for entry in result.log] == [
        ("value", "3"),
        ("comment", "3 children"),
        ("rating sentence", "Red: 3 is 66.7% below the target of 9; amber ends at 25%."),
        (
            "forecast",
            "Forecast Red: 4 at the year's end by the lead's own forecast. 4 is 55.6% below the target of 9; amber "
            "ends at 25%.",
        ),
    ]


def test_a_shown_figure_is_rounded_to_what_is_shown() -> None:
    """The digits behind the shown ones would tell of the numbers that made them."""
    drawn = dataset([kpi("K9", Unit.PERCENT)], {Q1: [reading("K9", Q1, 0.123456)]})
    assert table(drawn.published()) == "K9 | 0.123"


def test_the_teams_words_are_looked_at_as_the_leads_are() -> None:
    """Its comment for the board, its action and the reason of its override; the names stay with the team."""
    drawn = dataset([kpi("K1", goals=(Goal(YEAR, target=9.0),))], {Q1: [reading("K1", Q1, 40)]})
    (rated,) = drawn.quarters[Q1]
    remark = Remark("K1", "40, 2 of them new", "See 3 families", "Someone", "June")
    override = Override("K1", Rag.AMBER, "1 of 4 left", "Someone", "2023-24-Q2")
    with_words = {Q1: [replace(rated, remark=remark, override=override)]}
    result = published(drawn.catalogue, with_words, Moderation(overrides=(override,), remarks=(remark,)))
    (each,) = result.quarters[Q1]
    assert (each.reading.comment, each.comment) == ("40, [c] of them new", "40, [c] of them new")
    assert each.remark == Remark("K1", "", "See [c] families", "", "June")
    assert each.override == Override("K1", Rag.AMBER, "[c] left", "", "")
    assert result.moderation == Moderation()
    assert [(entry.attribute.value, entry.stood) for entry in result.log] == [
        ("comment", "40, 2 of them new"),
        ("reason of the override", "1 of 4 left"),
        ("action", "See 3 families"),
    ]


def test_an_id_within_another_ties_nothing() -> None:
    """K3 = K10 + K2 says nothing of K1: its words keep their numbers, though K10 is withheld."""
    values = {"K1": 40.0, "K2": 41.0, "K10": 3.0, "K3": 44.0}
    readings = [reading(each, Q1, value) for each, value in values.items()]
    readings[0] = replace(readings[0], comment="12 are new")
    drawn = dataset([kpi(each) for each in values], {Q1: readings}, ["K3=K10 + K2"])
    assert table(drawn.published()) == "K1 | 40\nK2 | [c]\nK3 | 44\nK10 | [c]"
    assert drawn.published().quarters[Q1][0].reading.comment == "12 are new"
