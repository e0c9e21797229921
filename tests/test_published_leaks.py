"""What could be read in a publish edition and must not be: a case for each way, as a reader would see it."""

from __future__ import annotations

import csv
import io
from collections.abc import Set
from pathlib import Path

import pytest
from msgspec.structs import replace

from sendkpi_xl.catalogue import load_catalogue, save_catalogue
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.disclosure import Cell, Quantity
from sendkpi_xl.edition import Edition
from sendkpi_xl.gathered import Gathered
from sendkpi_xl.model import Goal, Life, Profile, Unit
from sendkpi_xl.moderated import Decision, Headline, Moderation, Override, Question, Remark, Verdict
from sendkpi_xl.other_worlds import Links, could_be_another
from sendkpi_xl.period import Period
from sendkpi_xl.publication import Published, published
from sendkpi_xl.published_board import for_publication
from sendkpi_xl.published_words import without_rating_counts
from sendkpi_xl.publishing import write_published
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Rag, Reading, Reason, Status
from sendkpi_xl.round import read_quarter
from sendkpi_xl.suppressed_text import SuppressedText
from sendkpi_xl.travel import Travel
from sendkpi_xl.withheld import Attribute
from tests.small_round import small_folder
from tests.test_proposed import TABLE as PROPOSED
from tests.test_proposed import returned
from tests.test_suppression import GROWS, Q1, Q2, YEAR, Drawn, dataset, kpi, reading, table

LAST_YEAR = "2022-23"
LAST_Q3, LAST_Q4 = Period(2022, 3), Period(2022, 4)


def of(result: Published, kpi_id: str, period: Period = Q1) -> RatedReading:
    """One KPI as it is published."""
    return next(each for each in result.quarters[period] if each.kpi.id == kpi_id)


def moderated(drawn: Drawn, moderation: Moderation, period: Period = Q1) -> Published:
    """The dataset published with what the team wrote of its quarter."""
    rated = [
        replace(each, remark=moderation.remark(each.kpi.id), override=moderation.override(each.kpi.id))
        for each in drawn.quarters[period]
    ]
    return published(drawn.catalogue, {**drawn.quarters, period: rated}, moderation)


# --- Figures


def test_a_rating_that_tells_whether_a_figure_still_stands_at_its_baseline() -> None:
    """30 against a target of 40 would be red: amber says that the withheld baseline of K2 is 30, and K1's so 2."""
    starts, now = {"K1": 2.0, "K2": 30.0, "K3": 32.0}, {"K1": 10.0, "K2": 30.0, "K3": 40.0}
    kpis = [
        kpi(each, profile=Profile.ANNUAL, goals=(Goal(YEAR, start, target=50.0 if each == "K2" else None),))
        for each, start in starts.items()
    ]
    drawn = dataset(kpis, {Q1: [reading(each, Q1, value) for each, value in now.items()]}, ["K3=K1 + K2"])
    assert [each.computed.sentence for each in drawn.quarters[Q1] if each.kpi.id == "K2"] == [
        "Amber: 30 is still the baseline, red against the target of 50, but no new figure is due yet of this annual "
        "measure."
    ]
    shown = of(drawn.published(), "K2").computed
    assert (shown.rag, shown.sentence, shown.withheld) == (None, "[c]", True)
    assert table(drawn.published()) == "K1 | 10 | from [c]\nK2 | 30 | from [c]\nK3 | 40 | from 32"


def test_a_rating_that_the_baseline_has_no_part_in_stays() -> None:
    """60 is above the target, wherever it began."""
    starts = {"K1": 2.0, "K2": 30.0, "K3": 32.0}
    kpis = [
        kpi(each, profile=Profile.ANNUAL, goals=(Goal(YEAR, start, target=50.0 if each == "K2" else None),))
        for each, start in starts.items()
    ]
    values = {"K1": 10.0, "K2": 60.0, "K3": 70.0}
    drawn = dataset(kpis, {Q1: [reading(each, Q1, value) for each, value in values.items()]}, ["K3=K1 + K2"])
    assert of(drawn.published(), "K2").computed.sentence == "Green: 60 is above the target of 50, the right side of it."


@pytest.mark.parametrize(("start", "shown"), [(23.0, "K1 | 20 [c] 9 | from [c]"), (24.0, "K1 | 20 [c] 9 | from 24")])
def test_a_baseline_that_last_year_ended_at(start: float, shown: str) -> None:
    """Last year's 23 is withheld as it is three more than the 20 before: this year's baseline is that 23 again."""
    goals = (Goal(LAST_YEAR), Goal(YEAR, start))
    readings = {LAST_Q3: [reading("K1", LAST_Q3, 20)], LAST_Q4: [reading("K1", LAST_Q4, 23)]}
    drawn = dataset([kpi("K1", profile=GROWS, goals=goals)], {**readings, Q1: [reading("K1", Q1, 9)]})
    assert table(drawn.published()) == shown


def test_the_parts_of_a_share_that_are_other_kpis() -> None:
    """K2's 40 stands in 40 of 80 as well: to hide K1's 3 their total goes, and not K2 alone."""
    kpis = [*(kpi(each) for each in ("K1", "K2", "K3", "K4")), kpi("K6", Unit.PERCENT, share=True)]
    counts = {"K1": 3.0, "K2": 40.0, "K3": 43.0, "K4": 80.0}
    readings = [*(reading(each, Q1, value) for each, value in counts.items()), reading("K6", Q1, 0.5, (40, 80))]
    drawn = dataset(kpis, {Q1: readings}, ["K3=K1 + K2", "K6=K2 / K4"])
    assert table(drawn.published()) == "K1 | [c]\nK2 | 40\nK3 | [c]\nK4 | 80\nK6 | 0.5 | (40 of 80)"


def test_no_cases_says_that_a_withheld_figure_is_nobody() -> None:
    """None of seven: the share goes, and with it the average cost that cannot be reckoned, whose [z] says the same."""
    kpis = [*(kpi(each) for each in ("K1", "K2")), kpi("K6", Unit.PERCENT, share=True), kpi("K7", Unit.MONEY)]
    blank = Reading("K8", Q1, Status.BLANK, reason=Reason.NO_CASES)
    readings = [reading("K1", Q1, 0), reading("K2", Q1, 7), reading("K6", Q1, 0, (0, 7)), reading("K7", Q1, 900), blank]
    drawn = dataset([*kpis, kpi("K8", Unit.AVERAGE)], {Q1: readings}, ["K6=K1 / K2", "K8=K7 / K1"])
    result = drawn.published()
    assert table(result) == "K1 | [c]\nK2 | [c]\nK6 | [c]\nK7 | 900\nK8 | [c]"
    assert of(result, "K8").reading == Reading("K8", Q1, Status.REPORTED, reason=Reason.TOO_FEW)
    assert of(result, "K8").computed.sentence == "Not rated: no target is set."
    shown = dataset([kpi("K1"), kpi("K7", Unit.MONEY), kpi("K8", Unit.AVERAGE)], {Q1: [readings[0], *readings[3:]]})
    assert table(shown.published()) == "K1 | 0\nK7 | 900\nK8 | [z]"


def test_parts_of_a_share_that_the_lead_withholds() -> None:
    """Whoever calls a figure too few to report does not mean to report its parts."""
    held = Reading("K9", Q1, Status.BLANK, None, 8, 20, Reason.TOO_FEW)
    result = dataset([kpi("K9", Unit.PERCENT, share=True)], {Q1: [held]}).published()
    assert (of(result, "K9").reading.numerator, of(result, "K9").reading.denominator) == (None, None)


@pytest.mark.parametrize(("start", "shown"), [(0.0212765957, 0.02128), (0.5, 0.5)])
def test_a_baseline_has_no_more_digits_than_are_shown(start: float, shown: float) -> None:
    """0.0212765957 is one of 47, and hardly anything else."""
    drawn = dataset([kpi("K9", Unit.PERCENT, goals=(Goal(YEAR, start),))], {Q1: [reading("K9", Q1, 0.5)]})
    result = of(drawn.published(), "K9")
    assert (result.goal.baseline, result.kpi.goals) == (shown, (result.goal,))


def test_what_can_be_worked_out_of_last_year_does_not_keep_this_year_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was published, and this year's edition adds nothing; in its own year it keeps the edition back."""

    def could_be(links: Links, withheld: Set[Cell], quantity: Quantity) -> bool:
        told = quantity.words == "K1 in Quarter 4 2022/23"
        return not told and could_be_another(links, withheld, quantity)

    monkeypatch.setattr("sendkpi_xl.suppression.could_be_another", could_be)
    last = {LAST_Q4: [reading("K1", LAST_Q4, 3)]}
    now = {Q1: [reading("K1", Q1, 2)]}
    assert dataset([kpi("K1")], last).published().open == ("K1 in Quarter 4 2022/23",)
    result = dataset([kpi("K1")], {**last, **now}).published()
    assert (result.open, table(result)) == ((), "K1 | [c] [c]")


@pytest.mark.parametrize(("second", "shown"), [((70, 79), "K9 | 0.85 [c]"), ((69, 81), "K9 | 0.85 0.852")])
def test_those_not_in_a_share_of_the_year_so_far(second: tuple[float, float], shown: str) -> None:
    """6 of 40 were late by June, 9 of 79 by September: three in a quarter; of 81, they are six more."""
    share = kpi("K9", Unit.PERCENT, GROWS, share=True)
    readings = {Q1: [reading("K9", Q1, 0.85, (34, 40))], Q2: [reading("K9", Q2, second[0] / second[1], second)]}
    assert table(dataset([share], readings).published()).split(" | (")[0] == shown


# --- Where it is going


@pytest.mark.parametrize(("cases", "sentence"), [(3.0, None), (12.0, "12 cases are too few")])
def test_a_forecast_that_tells_of_how_many_cases(cases: float, sentence: str | None) -> None:
    """An average stays without its three cases, and its forecast would name them."""
    cost = kpi("K8", Unit.AVERAGE, smallest_sample=30)
    drawn = dataset([cost], {Q1: [reading("K8", Q1, 2000, (cases * 2000, cases))]})
    forecast = of(drawn.published(), "K8").outlook.forecast
    assert of(drawn.published(), "K8").reading.value == 2000
    assert (forecast is not None and sentence in forecast.sentence) if sentence else forecast is None


@pytest.mark.parametrize(
    ("value", "forecast", "reason", "shown"),
    [(20.0, 3.0, None, None), (20.0, 30.0, None, 30.0), (None, 30.0, Reason.TOO_FEW, None), (0.0, 0.0, None, 0.0)],
)
def test_a_leads_forecast(value: float | None, forecast: float, reason: Reason | None, shown: float | None) -> None:
    """Of few it is withheld, and beside a figure that the lead calls too few to report."""
    status = Status.REPORTED if reason is None else Status.BLANK
    told = Reading("K1", Q1, status, value, reason=reason, forecast=forecast)
    result = of(dataset([kpi("K1")], {Q1: [told]}).published(), "K1")
    assert result.reading.forecast == shown
    assert (result.outlook.forecast is None) == (shown is None)


def a_year_apart() -> Drawn:
    """1 of 3 a year ago, 10 of 20 now."""
    share = kpi("K9", Unit.PERCENT, share=True)
    ago = Period(2022, 1)
    return dataset([share], {ago: [reading("K9", ago, 1 / 3, (1, 3))], Q1: [reading("K9", Q1, 0.5, (10, 20))]})


def test_a_year_ago_is_looked_at_before_it_is_told() -> None:
    """33.3% was one of three: a quarter that no sheet shows is told of in Outlook."""
    result = a_year_apart().published()
    assert of(result, "K9").outlook.since_year.sentence == "[c]"
    assert [each.stood for each in result.log if each.attribute is Attribute.SINCE_YEAR] == [
        "Improving: 50.0% after 33.3% in Quarter 1 2022/23; higher is better."
    ]


@pytest.mark.parametrize("known", [True, False])
def test_a_board_that_does_not_know_the_year_before_tells_nothing_of_it(known: bool) -> None:
    """What is withheld of a quarter that was not looked at cannot be known, and no log but its own tells of it."""
    drawn = a_year_apart()
    now = {Q1: drawn.quarters[Q1]}
    before = {period: rated for period, rated in drawn.quarters.items() if period != Q1} if known else {}
    board = Board(drawn.catalogue, Q1, now, Gathered(Q1, (), (), (), 0), Moderation(), before=before)
    made = for_publication(board)
    assert [each.outlook.since_year.travel for each in made.board.now] == [Travel.NOT_ENOUGH]
    assert {each.period for each in made.log} == {Q1}
    assert made.board.known.keys() == {Q1}


def test_the_command_looks_at_all_quarters_that_there_are(tmp_path: Path) -> None:
    """20 a year ago are enough, so that it was less is told; for the internal board that quarter is not rated."""
    folder = small_folder(tmp_path, PROPOSED)
    catalogue = load_catalogue(folder.catalogue)
    both = tuple(replace(each, goals=(replace(each.goals[0], year=LAST_YEAR), *each.goals)) for each in catalogue.kpis)
    save_catalogue(replace(catalogue, kpis=both), folder.catalogue)
    a_year_ago = Period(2022, 1)
    returned(folder, a_year_ago, {"K1": 20})
    board, _ = read_quarter(folder, Q1, whole=True)
    assert (list(board.before), list(board.last_year), list(board.quarters)) == ([a_year_ago], [], [Q1])
    assert read_quarter(folder, Q1)[0].before == {}
    write_published(folder, Q1)
    rows = csv.DictReader(io.StringIO(folder.readings(Q1, Edition.PUBLISH).read_text("utf-8-sig")))
    assert {row["kpi_id"]: row["since_last_year"] for row in rows}["K1"] == Travel.IMPROVING


def long_series(earliest: float) -> Published:
    """Thirteen quarters, all of 20 but the first and the last."""
    quarters = [Period(2020 + number // 4, number % 4 + 1) for number in range(13)]
    values = [earliest, *[20.0 + number % 2 for number in range(11)], 90.0]
    readings = {period: [reading("K1", period, value)] for period, value in zip(quarters, values, strict=True)}
    return dataset([kpi("K1")], readings).published()


def test_a_signal_in_a_series_with_a_withheld_quarter() -> None:
    """Its average would give the 3 back, three years later."""
    shown = [of(long_series(earliest), "K1", Period(2023, 1)).outlook.signals for earliest in (21.0, 3.0)]
    assert [len(each) > 0 for each in shown] == [True, False]


# --- Words


def with_comment(comment: str, *, value: float = 3.0, about: str = "K1") -> str:
    """What stands of a comment on K1 or K2 (neither tied to the other), K1 withheld with 3, K2 shown with 43."""
    readings = [reading("K1", Q1, value), reading("K2", Q1, 43)]
    told = [replace(each, comment=comment if each.kpi_id == about else "") for each in readings]
    kpis = [kpi(each, goals=(Goal(YEAR, target=40.0),)) for each in ("K1", "K2")]
    return of(dataset(kpis, {Q1: told}).published(), about).reading.comment


@pytest.mark.parametrize(
    ("comment", "shown"),
    [
        ("92.5% below target", "[c] below target"),
        ("£2,000 each, £6,000 in all", "[c] each, [c] in all"),
        ("Half of last year's 6", "[c] of last year's [c]"),
        ("Exactly as planned", "[c] as planned"),
        ("37 fewer than planned", "[c] fewer than planned"),
        ("5 points down", "[c] down"),
        ("KPI 1 was reviewed in May 2023", "KPI 1 was reviewed in May 2023"),
        ("Slow start in Q1, staff left", "Slow start in Q1, staff left"),
    ],
)
def test_words_from_which_a_withheld_figure_can_be_reckoned(comment: str, shown: str) -> None:
    """Beside it no number stays: with the target of 40, 92.5% below it is 3."""
    assert with_comment(comment) == shown
    assert with_comment(comment, value=45.0) == comment


def test_a_percentage_that_is_the_target_stays() -> None:
    """The target is shown beside it."""
    share = kpi("K9", Unit.PERCENT, share=True, goals=(Goal(YEAR, target=0.8),))
    told = reading("K9", Q1, 0.5, (2, 4), "80% is expected, 30% less than that")
    assert of(dataset([share], {Q1: [told]}).published(), "K9").reading.comment == "80% is expected, [c] less than that"


def test_a_number_that_is_withheld_of_a_kpi_that_is_not_named() -> None:
    """40 is withheld to hide the 3; that another comment speaks of K2 nobody can know but a reader. 41 stays."""
    values = {"K1": 3.0, "K2": 40.0, "K3": 43.0, "K4": 90.0, "K5": 41.0}
    comments = {"K4": "40 of them moved, 41 stayed", "K5": "41 in all"}
    readings = [replace(reading(each, Q1, value), comment=comments.get(each, "")) for each, value in values.items()]
    result = dataset([kpi(each) for each in values], {Q1: readings}, ["K3=K1 + K2"]).published()
    assert table(result) == "K1 | [c]\nK2 | [c]\nK3 | 43\nK4 | 90\nK5 | 41"
    told = [of(result, each).reading.comment for each in comments]
    assert told == ["[c] of them moved, 41 stayed", "41 in all"]


@pytest.mark.parametrize("lives", [(Life.LIVE, Life.RETIRED), (Life.RETIRED, Life.LIVE)], ids=lambda each: each[0])
def test_a_kpi_that_is_named_is_the_one_that_has_the_ref_now(lives: tuple[Life, Life]) -> None:
    """A KPI that was retired with the same ref does not stand before the one whose percentage is withheld."""
    named = [kpi(f"{letter}2", Unit.PERCENT, share=True, life=life) for letter, life in zip("AB", lives, strict=True)]
    live = next(each.id for each in named if each.life is Life.LIVE)
    comments = {"K4": "KPI 2 came to 87.5%", "K5": "KPI 4 came to 87.5%"}
    told = [reading(each, Q1, 50, comment=comment) for each, comment in comments.items()]
    drawn = dataset([*named, kpi("K4"), kpi("K5")], {Q1: [reading(live, Q1, 0.875, (7, 8)), *told]}).published()
    assert [of(drawn, each).reading.comment for each in comments] == ["KPI 2 came to [c]", "KPI 4 came to 87.5%"]


def test_a_number_that_a_reader_knows_to_be_the_target_is_not_hidden() -> None:
    """A [c] in its place would say that a withheld number is the same, and so would one for how far off it is."""
    share = kpi("K9", Unit.PERCENT, share=True)
    near = kpi("K2", goals=(Goal(YEAR, target=40.0),))
    told = reading("K2", Q1, 5, comment="5 against the target of 40, 87.5% below, 35 to go")
    drawn = dataset([near, share, kpi("K4")], {Q1: [told, reading("K9", Q1, 0.875, (35, 40)), reading("K4", Q1, 35)]})
    assert of(drawn.published(), "K2").reading.comment == told.comment
    few = dataset([near, share], {Q1: [told, reading("K9", Q1, 36 / 40, (36, 40))]}).published()
    assert of(few, "K2").reading.comment == told.comment
    same = dataset([near, share], {Q1: [told, reading("K9", Q1, 35 / 39, (35, 39))]}).published()
    assert of(same, "K2").reading.comment == "5 against the target of 40, 87.5% below, [c] to go"


def test_words_of_an_earlier_quarter_are_as_they_were_published() -> None:
    """With [c] in place of the 23 of June, the two editions side by side would say that September's figure is 23."""
    first = reading("K1", Q1, 20, comment="23 had been expected")
    drawn = dataset([kpi("K1", profile=GROWS)], {Q1: [first], Q2: [reading("K1", Q2, 23, comment="23 by now")]})
    result = drawn.published()
    assert [of(result, "K1", period).reading.comment for period in (Q1, Q2)] == ["23 had been expected", "[c] by now"]


def only_amber(comment: str = "") -> Drawn:
    """With a target of 4, amber is 3 alone: the rating is withheld."""
    readings = [reading("K1", Q1, 3, comment=comment), reading("K2", Q1, 43)]
    return dataset(
        [kpi("K1", goals=(Goal(YEAR, target=4.0),)), kpi("K2", goals=(Goal(YEAR, target=40.0),))], {Q1: readings}
    )


@pytest.mark.parametrize(
    ("comment", "shown"),
    [
        ("Amber, as one left", "[c], as [c] left"),
        ("It met the target", "It [c] the target"),
        ("Just below target", "Just [c] target"),
        ("Staff left below stairs", "Staff left below stairs"),
    ],
)
def test_words_that_tell_a_withheld_rating(comment: str, shown: str) -> None:
    """Of the lead's comment, and alike of the reason for an override."""
    drawn = only_amber(comment)
    override = Override("K1", Rag.GREEN, comment, "Somebody Else", "")
    result = of(moderated(drawn, Moderation(overrides=(override,))), "K1")
    assert (result.reading.comment, result.override and result.override.reason) == (shown, shown)
    assert result.computed.withheld


def test_headlines_that_were_proposed_from_a_withheld_figure_are_left_out() -> None:
    """Their words are made of the figure, and that they stand there says how it is; the other one stays."""
    proposed = (
        Headline("KPI 1 is Amber: 3 against the target of 4 (25.0% below)", ("1",), "short-of-target K1"),
        Headline("KPI 2 is Improving: 43 after 40", ("2",), "improving K2"),
    )
    result = moderated(only_amber(), Moderation(concerns=proposed))
    assert result.moderation.concerns == (Headline("KPI 2 is Improving: 43 after 40", ("2",)),)
    assert [(each.stood, each.shown) for each in result.log if each.attribute is Attribute.HEADLINE] == [
        ("KPI 1 is Amber: 3 against the target of 4 (25.0% below)", "(left out)")
    ]


@pytest.mark.parametrize(
    ("accepted", "shown"), [(True, "19 in the quarter alone"), (False, "[c] in the quarter alone")]
)
def test_a_headline_as_it_was_proposed_has_no_number_of_another_kpi(accepted: bool, shown: str) -> None:
    """Its 19 is made of figures that are shown, and K9's withheld 19 by chance; in people's words, who knows."""
    told = Headline("KPI 2: 19 in the quarter alone", ("2",), "improving K2")
    decision = Decision(told.key, Question.WORKING_WELL, told.text, told.refs, Verdict.ACCEPT)
    readings = [reading("K2", Q1, 39), reading("K9", Q1, 19 / 20, (19, 20))]
    drawn = dataset([kpi("K2"), kpi("K9", Unit.PERCENT, share=True)], {Q1: readings})
    result = moderated(drawn, Moderation(working_well=(told,), decisions=(decision,) if accepted else ()))
    assert result.moderation.working_well == (Headline(f"KPI 2: {shown}", ("2",)),)


COUNTED = [
    ("5 Red, 36 Amber, 24 Green; 7 without a rating.", "[c] Red, [c] Amber, [c] Green; [c] without a rating."),
    ("Five KPIs are red", "[c] KPIs are red"),
    ("five of the KPIs have now been rated red", "[c] of the KPIs have now been rated red"),
    ("Red: 5", "Red: [c]"),
    ("Reds fell to 5", "Reds fell to [c]"),
    ("Red (5), amber (36)", "Red ([c]), amber ([c])"),
    ("No KPI is amber", "[c] KPI is amber"),
    ("All of Finance is green", "[c] of Finance is green"),
    ("12% of KPIs are red", "[c] of KPIs are red"),
    ("A third of them are green", "[c] of them are green"),
    ("The RAG has 5 fewer greens", "The RAG has [c] fewer greens"),
]
NOT_COUNTED = [
    "KPI 20 is Red: £12,905 against the target of £11,877 (8.7% above)",
    "KPIs 19, 20 and 21 are red",
    "Green at 85% in Quarter 1 2021/22",
    "Since 2021 it is amber",
    "72 of 125 KPIs reported. Staff were busy.",
    "Red tape",
    "We opened 12 centres; KPI 5 is green",
    "WS 3 stays amber",
]


@pytest.mark.parametrize(("text", "shown"), COUNTED)
def test_words_that_count_ratings(text: str, shown: str) -> None:
    """Beside the letters that are shown, their number tells one that is withheld."""
    assert without_rating_counts(SuppressedText(text)).text == shown


@pytest.mark.parametrize("text", NOT_COUNTED)
def test_words_that_count_no_ratings(text: str) -> None:
    """Refs, quarters, years, money and percentages, and numbers in a sentence without a rating."""
    assert without_rating_counts(SuppressedText(text)) == SuppressedText(text)


@pytest.mark.parametrize(("value", "shown"), [(3.0, "[c] Red, [c] Amber"), (9.0, "0 Red, 1 Amber")])
def test_ratings_are_counted_where_each_is_shown(value: float, shown: str) -> None:
    """In what the team says of how complete the quarter is, too."""
    one = kpi("K1", goals=(Goal(YEAR, target=4.0 if value == 3.0 else 10.0),))
    drawn = dataset([one], {Q1: [reading("K1", Q1, value)]})
    assert moderated(drawn, Moderation("0 Red, 1 Amber")).moderation.completeness == shown


def test_names_of_the_team_in_the_words_of_others() -> None:
    """Who agreed an override, and who is to do something, is in no text either; a part of a word is no name."""
    drawn = dataset([kpi("K1")], {Q1: [reading("K1", Q1, 40, comment="Ann Example is on leave, annexe closed")]})
    moderation = Moderation(
        overrides=(Override("K1", Rag.AMBER, "Bob Example thinks so", "Bob Example", ""),),
        remarks=(Remark("K1", "", "Ask Bob Example", "Ann Example", "When Ann Example is back, after 3 visits"),),
    )
    result = of(moderated(drawn, moderation), "K1")
    assert result.reading.comment == "[c] is on leave, annexe closed"
    assert result.override == Override("K1", Rag.AMBER, "[c] thinks so", "", "")
    assert result.remark == Remark("K1", "", "Ask [c]", "", "When [c] is back, after [c] visits")
