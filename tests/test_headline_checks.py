"""Headlines held against the figures: what each rule asks about, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from sendkpi_xl.headline_checks import headline_findings, refs_of
from sendkpi_xl.headlines import Proposal, proposals
from sendkpi_xl.model import Profile
from sendkpi_xl.moderated import Decision, Headline, Moderation, Question, Verdict
from sendkpi_xl.moderating import moderated
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Place, Severity
from tests.small_round import override, small_round, with_kpis

TABLE = """
    id | ref | section  | by  | title              | unit  | better           | decimals | baseline | target | Q1  | Q2
    K1 | 1   | Places   | SCH | Places created     | count | higher is better | 0        | 38       | 40     | 41  | 60
    K2 | 2   | Places   | SCH | % of places filled | %     | higher is better | 1        | 90%      | 92.5%  | 93% | 75.4%
    K3 | 3   | Journeys | TRA | Journeys lost      | count | lower is better  | 0        |          | 100    | 50  | 60
    K4 | 20  | Journeys | TRA | Cost of a journey  | £     | lower is better  | 0        | £18      | £20    | £21 | £25
    K5 | 21  | Journeys | TRA | Met within a week  | %     | higher is better | 0        |          | 90%    | 60% | 60%
    K6 | 22  | Journeys | TRA | Journeys made      | count | higher is better | 0        |          | 100    | 90  | 90
    K7 |     | Journeys | TRA | Journeys queried   | count | higher is better | 0        |          | 100    | 90  | query
    """  # noqa: E501
"""Now 1 is green and better, 2 red and worse, 3 green and worse, 20 red and worse, 21 still red, 22 still amber."""
PLACE = Place("moderation.xlsx", "Headlines", "B5")
WELL, CONCERN = Question.WORKING_WELL, Question.CONCERN


def board(moderation: Moderation = Moderation()) -> Board:  # noqa: B008 - it is frozen
    return small_round(TABLE).board(moderation)


ON = board()


def told(moderation: Moderation, on: Board | None = None) -> list[str]:
    """The findings as lines: code, place, KPI, what was found."""
    on = moderated(on or ON, moderation)
    found = headline_findings(on.known, on.period, moderation, proposals(on.catalogue, on.known, on.period))
    return [f"{each.code} {each.place.cell} {each.subject or '-'} {each.found}" for each in found]


def well(text: str, *refs: str) -> list[str]:
    """What is found of one headline under What is working well?."""
    return told(Moderation(working_well=(Headline(text, refs, place=PLACE),)))


def concern(text: str, *refs: str) -> list[str]:
    """What is found of one headline under What is a concern?."""
    return told(Moderation(concerns=(Headline(text, refs, place=PLACE),)))


RED_20 = "Red: £25 is 25.0% above the target of £20; amber ends at 5%."
RED_2 = "Red: 75.4% is 17.1 points below the target of 92.5%; amber ends at 10 points."
WORSE_3 = "Worsening: 60 after 50 in Quarter 1 2023/24; lower is better."


# --- What is working well? ----------------------------------------------------------------------------------------


def test_a_red_or_worsening_kpi_does_not_work_well() -> None:
    """Each KPI that says otherwise is told, whether its ref stands in the column or in the words."""
    assert well("Places and journeys", "1", "3") == [
        f"M09 B5 K3 It stands under What is working well?, and KPI 3 says otherwise: {WORSE_3}"
    ]
    assert well("KPIs 2 and 20 do us proud") == [
        f"M09 B5 K2 It stands under What is working well?, and KPI 2 says otherwise: {RED_2}",
        f"M09 B5 K4 It stands under What is working well?, and KPI 20 says otherwise: {RED_20}",
    ]


def test_a_kpi_that_is_neither_works_well() -> None:
    """Green and better, or amber and as before; a headline without refs is people's own judgement."""
    assert well("Places", "1", "22") == []
    assert well("Costs are down") == []


def test_an_agreed_rating_is_what_counts() -> None:
    """A red that people agreed to be amber may work well; a green that they agreed to be red does not."""
    headlines = (Headline("All well", ("21",), place=PLACE), Headline("Places", ("1",), place=PLACE))
    agreed = (override("K5", "A", "why", "who"), override("K1", "R", "Two closed again.", "The board"))
    assert told(Moderation(working_well=headlines, overrides=agreed)) == [
        "M09 B5 K1 It stands under What is working well?, and KPI 1 says otherwise: Red as agreed: Two closed again."
    ]


# --- Words that say all is well -----------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", ["within the agreement", "within", "on target", "on track", "met", "green"])
@pytest.mark.parametrize("under", [well, concern])
def test_words_that_a_red_contradicts(under: Callable[..., list[str]], claim: str) -> None:
    """Under either question; it is told once, and not as a red under What is working well? too."""
    word = claim.removesuffix(" the agreement")
    assert under(f"The cost is {claim}", "20", "1") == [
        f"M10 B5 K4 It says “{word}”, and KPI 20 says otherwise: {RED_20}"
    ]


def test_words_that_nothing_contradicts() -> None:
    """On KPIs that are not red, denied, without a KPI, or in the KPI's own title."""
    assert concern("Journeys are within the agreement", "22") == []
    assert concern("The cost is not within the agreement", "20") == []
    assert concern("Spend is within the agreement") == []
    assert concern("KPI 21 Met within a week is far behind") == []


# --- What is a concern? -------------------------------------------------------------------------------------------


def test_a_concern_about_what_is_all_green() -> None:
    """Every KPI that it names is green, and none is worsening."""
    assert concern("Places", "1") == [
        "M11 B5 - It stands under What is a concern?, and what it names (1) is Green and not Worsening."
    ]


def test_a_concern_with_a_reason() -> None:
    """One that is amber, red, worsening or without a rating is enough; so is a headline without refs."""
    for refs in (("1", "22"), ("1", "20"), ("1", "3"), ("3",), ()):
        assert concern("Places", *refs) == []


# --- Figures and refs ---------------------------------------------------------------------------------------------


def test_a_figure_of_no_kpi_that_it_names() -> None:
    """Neither value, target, baseline nor an earlier quarter's, of any KPI that is named."""
    end = "which is no value, target or baseline of KPI {}, nor what they differ by."
    assert concern("Journeys cost £26", "20") == [f"M12 B5 - It says £26, {end.format('20')}"]
    assert concern("KPI 2 fell to 57% and £25") == [
        f"M12 B5 - It says {said}, {end.format('2')}" for said in ("57%", "£25")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Journeys cost £25 after £21, target £20, £18 in March",
        "Journeys cost £5 too much, 25% above target and 19% above the first quarter",
        "Journeys cost £4 more in 2023/24 than before, 12 weeks on end",
    ],
)
def test_figures_of_the_kpis_that_it_names(text: str) -> None:
    """Value, target, baseline, the quarter before, and how far the value is off them, in pounds and per cent."""
    assert concern(text, "20") == []
    assert concern(f"{text} and £9,999,999") == []
    assert concern(f"{text}, and 75.4% were filled", "2", "20") == []


def test_a_figure_of_the_quarter_alone() -> None:
    """Of a sum over the year, £4 after £21 is 81% less, and the target is the year's share; not so of other figures."""
    of_the_year = [replace(kpi, profile=Profile.YEAR_TO_DATE) for kpi in ON.catalogue.kpis]
    less = Moderation(concerns=(Headline("81% less, and £10 is half the year's target", ("20",), place=PLACE),))
    assert told(less, with_kpis(ON, of_the_year)) == []
    assert [each[:18] for each in told(less)] == ["M12 B5 - It says 8", "M12 B5 - It says £"]


def test_a_figure_is_held_against_its_own_unit() -> None:
    """£75 is not 75%, nor 25 journeys £25; a change in per cent fits any KPI."""
    assert len(concern("Only £75 are filled", "2")) == 1
    assert len(concern("Journeys cost £60", "3")) == 1
    assert concern("20% more journeys were lost", "3") == []


def test_a_percentage_may_be_rounded() -> None:
    """75.4% is 75%, and 17.1 points below its target; it is not 76%."""
    assert concern("Only 75% are filled, 17.1% below target", "2") == []
    assert len(concern("Only 76% are filled", "2")) == 1


def test_a_ref_that_no_live_kpi_has() -> None:
    """Told wherever it stands, once; the other refs are still held against the figures."""
    assert concern("KPI 99 and places", "1", "99", "x") == [
        f"T09 B5 - “{ref}” is not the board ref of a live KPI." for ref in ("99", "x")
    ]
    assert well("Costs", "99", "20")[1].startswith("M09 B5 K4")
    assert concern("KPI 22 is behind", "22", "20") == []


def test_the_refs_of_a_headline_are_given_or_named() -> None:
    """Those of the column first, then those in the words, each once."""
    assert refs_of(Headline("KPIs 19 and 20 rose", ("20", "7"))) == ("20", "7", "19")


# --- What was proposed --------------------------------------------------------------------------------------------


def accepted(proposal: Proposal, text: str = "", verdict: Verdict = Verdict.ACCEPT) -> Moderation:
    """A moderation in which a proposal was accepted, as it is or as it read when its text was another."""
    place = Place("moderation.xlsx", "Proposed", "E5")
    key, question, now, refs = proposal.key, proposal.question, proposal.text, proposal.refs
    decision = Decision(
        key, question, text or now, refs, verdict, "In our words" if verdict is Verdict.EDIT else "", place
    )
    headlines = () if decision.headline is None else (decision.headline,)
    if question is WELL:
        return Moderation(working_well=headlines, decisions=(decision,))
    return Moderation(concerns=headlines, decisions=(decision,))


PROPOSED = proposals(ON.catalogue, ON.known, ON.period)


@pytest.mark.parametrize("proposal", PROPOSED, ids=lambda proposal: proposal.key)
def test_what_the_figures_propose_they_do_not_contradict(proposal: Proposal) -> None:
    """Each proposal can be accepted as it is without a question about it."""
    assert told(accepted(proposal)) == []


def test_an_accepted_headline_whose_figures_changed() -> None:
    """It is told with what the figures say now; one that was struck or edited is no matter."""
    red = next(each for each in PROPOSED if each.key == "new-red K4")
    old = red.text.replace("£25", "£24")
    assert told(accepted(red, old))[0] == (
        f"M08 E5 - This headline was accepted, and its figures have changed since: they give “{red.text}” now."
    )
    for verdict in (Verdict.STRIKE, Verdict.EDIT):
        assert told(accepted(red, old, verdict)) == []


def test_an_accepted_headline_that_is_not_proposed_any_more() -> None:
    """The figures no longer give it: it stands until somebody clears the decision, and is told."""
    gone = Proposal("new-red K6", CONCERN, "Journeys made is Red", ("22",))
    assert told(accepted(gone)) == [
        "M08 E5 - This headline was accepted, and its figures have changed since: "
        "they do not give this headline any more."
    ]


def test_all_of_it_is_to_be_checked_and_none_stops_the_round() -> None:
    """People have the last word: what contradicts a headline is a question, not an error."""
    moderation = Moderation(
        working_well=(Headline("On track at £1", ("20", "3")),), concerns=(Headline("Places", ("1",)),)
    )
    found = headline_findings(ON.known, ON.period, moderation, PROPOSED)
    assert [each.code for each in found] == ["M10", "M09", "M12", "M11"]
    assert {each.severity for each in found} == {Severity.PLEASE_CHECK}
