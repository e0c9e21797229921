"""What is proposed from a list: each KPI's attributes from its title, and what is kept of a catalogue made before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.model import Catalogue, Goal, Kpi, Life, Polarity, Profile, Settings, Unit, Workstream
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.proposal import propose_catalogue, propose_kpis, workstream_code, workstreams
from sendkpi_xl.published_list import ListedKpi, read_published_list
from sendkpi_xl.reading import Place

ANNEX = Path(__file__).parent.parent / "inputs" / "annex-2-kpis.txt"
EXPECTED = Path(__file__).parent / "expected" / "annex-2-proposals.tsv"
COLUMNS = ("id", "ref", "unit", "polarity", "profile", "share", "survey", "life", "review", "title")


def listed(table: str) -> tuple[ListedKpi, ...]:
    """The listed KPIs of a table: ref, workstream, sub-area and title, with `|` between them."""
    lines = [[field.strip() for field in line.split("|")] for line in dedent(table).strip().split("\n")]
    return tuple(
        ListedKpi(ref, workstream, sub_area, title, Place("list.txt")) for ref, workstream, sub_area, title in lines
    )


def drawn(kpis: Sequence[Kpi], *attributes: str) -> str:
    return "\n".join(" | ".join(str(getattr(kpi, name)) for name in attributes).strip() for kpi in kpis)


def said(text: str) -> str:
    return dedent(text).strip()


def of_title(title: str) -> Kpi:
    return propose_kpis(listed(f"1 | Schools | | {title}"))[0]


# --- The Annex, as a whole table


def test_the_annex_is_proposed_as_the_expected_table_says() -> None:
    """Every attribute of all 125, held as text so that a change shows in a diff and can be judged by a reader."""
    kpis = propose_kpis(read_published_list(ANNEX))

    def shown(kpi: Kpi, name: str) -> str:
        value = getattr(kpi, name)
        return ("yes" if value else "no") if isinstance(value, bool) else str(value)

    table = ["\t".join(COLUMNS), *("\t".join(shown(kpi, name) for name in COLUMNS) for kpi in kpis)]
    assert table == EXPECTED.read_text(encoding="utf-8").splitlines()


def test_the_annex_makes_a_catalogue_of_six_workstreams() -> None:
    catalogue = propose_catalogue(read_published_list(ANNEX), "June 2021")

    assert replace(catalogue, kpis=()) == Catalogue(
        settings=Settings("Our council", "Our plan", "Our board", "June 2021", "the performance team", 14),
        policy=DEFAULT_POLICY,
        workstreams=(
            Workstream("SEND Partnership Board", "SPB"),
            Workstream("WS 1: Participation, Engagement and Co-production", "WS1"),
            Workstream("WS 2 : Joint Commissioning", "WS2"),
            Workstream("WS 3 : Local Offer", "WS3"),
            Workstream("WS 4 : Early Intervention and Transitions", "WS4"),
            Workstream("WS 5 : Assessment and Planning", "WS5"),
        ),
        sections=(
            "SEND Partnership Board",
            "WS 1: Participation, Engagement and Co-production",
            "WS 2 : Joint Commissioning",
            "WS 3 : Local Offer",
            "WS 4 : Early Intervention and Transitions",
            "WS 5 : Assessment and Planning",
        ),
        kpis=(),
    )
    assert len(catalogue.kpis) == 125
    assert [kpi.ref for kpi in catalogue.kpis if kpi.life is Life.PROPOSED] == ["62", "64"]
    assert {kpi.section == kpi.workstream for kpi in catalogue.kpis} == {True}
    assert {(kpi.unit, kpi.decimals) for kpi in catalogue.kpis} == {
        (Unit.COUNT, 0),
        (Unit.PERCENT, 1),
        (Unit.MONEY, 0),
        (Unit.AVERAGE, 0),
        (Unit.WEEKS, 0),
    }


# --- Titles that the Annex does not have


@pytest.mark.parametrize(
    ("title", "proposed"),
    [
        ("% of complaints answered within 10 working days", "% | higher is better | snapshot | yes | no |"),
        ("Exclusion rate", "% | lower is better | snapshot | yes | no | Unit"),
        ("Attendance rate of pupils with EHCPs", "% | higher is better | snapshot | yes | no |"),
        ("% of parents who feel isolated", "% | context only | snapshot | yes | yes | Polarity"),
        ("% of young people not in employment", "% | lower is better | snapshot | yes | no |"),
        ("Average waiting time for a first appointment", "weeks | lower is better | snapshot | no | no |"),
        (
            "Average number of days from request to decision",
            "weeks | context only | snapshot | no | no | Unit Polarity",
        ),
        ("Days from request to decision", "weeks | context only | snapshot | no | no | Unit Polarity"),
        ("Early Years outturn", "£ | context only | snapshot | no | no | Polarity Profile"),
        ("DSG deficit", "£ | lower is better | snapshot | no | no | Profile"),
        ("Spend on transport", "£ | lower is better | snapshot | no | no | Profile"),
        (
            "Number of young people waiting over 18 weeks",
            "count | context only | snapshot | no | no | Polarity Profile",
        ),
        ("Parental confidence in the local offer", "count | higher is better | snapshot | no | yes | Unit"),
        ("Something else", "count | context only | snapshot | no | no | Unit Polarity"),
    ],
)
def test_a_title_settles_what_it_says_and_leaves_the_rest_for_review(title: str, proposed: str) -> None:
    kpi = of_title(title)
    doubts = " ".join(word.removesuffix(":") for word in kpi.review.split() if word.endswith(":"))
    shares = ["yes" if flag else "no" for flag in (kpi.share, kpi.survey)]
    assert " | ".join([kpi.unit, kpi.polarity, kpi.profile, *shares, doubts]).strip() == proposed


@settings(deadline=None)
@given(title=st.text(max_size=60))
def test_every_title_gives_a_kpi_and_a_guess_is_never_silent(title: str) -> None:
    kpi = propose_kpis([ListedKpi("1", "Schools", "", title, Place("list.txt"))])[0]
    assert kpi.title == title
    assert (kpi.polarity is Polarity.CONTEXT) == ("Polarity:" in kpi.review)
    assert kpi.unit is Unit.PERCENT or not kpi.share
    assert kpi.profile in Profile


# --- Workstreams and their codes


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("WS 1: Participation", "WS1"),
        ("WS12", "WS12"),
        ("Workstream 03 - Finance", "WS3"),
        ("SEND Partnership Board", "SPB"),
        ("Participation, Engagement and Co-production", "PECP"),
        ("Children’s Social Care & Health in the Borough", "CSSC"),
        ("Transport", "TRAN"),
        ("IT", "IT"),
        ("WS One", "WO"),
        ("16–25", "WS"),
    ],
)
def test_a_workstream_is_named_by_number_or_initials(name: str, code: str) -> None:
    assert workstream_code(name) == code


def test_no_two_workstreams_share_a_code() -> None:
    names = ["WS 1: A", "WS 1: B", "Transport", "Training", "Tran", "WS 1: C"]
    made = workstreams(names, {"WS 1: B": "WS1", "Tran": "tran"})
    assert [workstream.code for workstream in made] == ["WS1_2", "WS1", "TRAN_2", "TRAI", "tran", "WS1_3"]


# --- A list that comes again

OLD_LIST = """
    1 | WS 1: Schools | Places | Number of places
    2 | WS 1: Schools | Places | % of places filled <16
    3 | WS 1: Schools | Places | % of places filled >16
    4 | WS 2: Health  | Waits  | Waiting times
    """


def reviewed() -> Catalogue:
    """The catalogue of the old list after people have worked on it, with a KPI of their own at its end."""
    first = propose_catalogue(listed(OLD_LIST), "June 2021")
    goals = (Goal("2021-22", 0.5, target=0.6),)
    kpis = [
        replace(kpi, polarity=Polarity.NEAR, board_ref=f"b{kpi.ref}", section="Front page", review="", goals=goals)
        for kpi in first.kpis
    ]
    own = replace(kpis[0], id="K009", ref="", title="Early Years outturn")
    return replace(
        first,
        settings=replace(first.settings, council="Kingston"),
        workstreams=(Workstream("WS 1: Schools", "SCH"), Workstream("WS 2: Health", "HEA")),
        sections=("Front page", "Back page"),
        kpis=(*kpis, own),
    )


def test_the_same_list_again_changes_nothing_but_its_version() -> None:
    known = reviewed()
    again = propose_catalogue(listed(OLD_LIST), "July 2021", known)
    assert again == replace(known, settings=replace(known.settings, list_version="July 2021"))


def test_a_list_in_another_order_and_numbered_anew_keeps_every_id() -> None:
    known = reviewed()
    new_list = listed(
        """
        1 | WS 2: Health  | Waits  | Waiting  times
        2 | WS 1: Schools | Places | % of places filled >16
        3 | WS 1: Schools | Places | % of places filled <16
        4 | WS 1: Schools | Places | Number of places
        """
    )
    kpis = propose_kpis(new_list, known)
    assert drawn(kpis, "id", "ref", "board_ref", "title", "life", "review") == said(
        """
        K004 | 1 | b4 | Waiting  times | live |
        K003 | 2 | b3 | % of places filled >16 | live |
        K002 | 3 | b2 | % of places filled <16 | live |
        K001 | 4 | b1 | Number of places | live |
        K009 |  | b1 | Early Years outturn | live |
        """
    )
    assert {kpi.goals for kpi in kpis} == {known.kpis[0].goals}
    assert {kpi.polarity for kpi in kpis} == {Polarity.NEAR}


def test_a_new_kpi_gets_a_number_that_was_never_used() -> None:
    kpis = propose_kpis(listed(OLD_LIST + "5 | WS 3: Travel | Buses | New buses"), reviewed())
    assert drawn(kpis, "id", "ref", "section", "title", "review") == said(
        """
        K001 | 1 | Front page | Number of places |
        K002 | 2 | Front page | % of places filled <16 |
        K003 | 3 | Front page | % of places filled >16 |
        K004 | 4 | Front page | Waiting times |
        K010 | 5 | WS 3: Travel | New buses | Polarity: the title does not say which way is better.
        K009 |  | Front page | Early Years outturn |
        """
    )


def test_a_kpi_that_the_list_drops_is_kept_to_be_retired_and_comes_back() -> None:
    known = reviewed()
    shorter = propose_catalogue(listed("\n".join(OLD_LIST.strip().split("\n")[:2])), "July 2021", known)
    retired = "Life: the list no longer has this KPI, so retiring it is proposed."
    assert drawn(shorter.kpis, "id", "ref", "life", "review") == said(
        f"""
        K001 | 1 | live |
        K002 | 2 | live |
        K003 | 3 | retired | {retired}
        K004 | 4 | retired | {retired}
        K009 |  | live |
        """
    )
    assert shorter.workstreams == known.workstreams

    again = propose_catalogue(listed("\n".join(OLD_LIST.strip().split("\n")[:2])), "July 2021", shorter)
    assert again == shorter

    back = propose_kpis(listed(OLD_LIST), shorter)
    assert drawn(back, "id", "life", "review") == said(
        """
        K001 | live |
        K002 | live |
        K003 | live | Life: the list has this KPI again, after it was retired for not being there.
        K004 | live | Life: the list has this KPI again, after it was retired for not being there.
        K009 | live |
        """
    )


def test_a_kpi_that_people_retired_stays_so() -> None:
    known = reviewed()
    known = replace(known, kpis=(replace(known.kpis[0], life=Life.RETIRED), *known.kpis[1:]))
    assert propose_kpis(listed(OLD_LIST), known) == known.kpis


def test_a_reworded_or_moved_kpi_keeps_its_id_and_says_so() -> None:
    new_list = listed(
        """
        1 | WS 1: Schools | Places | The number of places open
        2 | WS 1: Schools | Places | % of places filled <18
        7 | WS 3: Therapy | Waits  | Waiting times
        """
    )
    kpis = propose_kpis(new_list, reviewed())
    assert drawn(kpis, "id", "ref", "workstream", "board_ref", "life") == said(
        """
        K001 | 1 | WS 1: Schools | b1 | live
        K010 | 2 | WS 1: Schools |  | live
        K004 | 7 | WS 3: Therapy | b4 | live
        K002 | 2 | WS 1: Schools | b2 | retired
        K003 | 3 | WS 1: Schools | b3 | retired
        K009 |  | WS 1: Schools | b1 | live
        """
    )
    assert drawn(kpis[:3], "title", "review") == said(
        """
        The number of places open | Title: the list words it differently now; before, it was “Number of places”.
        % of places filled <18 |
        Waiting times | Workstream: matched by its title alone; before, it was ref 4 of WS 2: Health.
        """
    )


def test_a_title_that_repeats_is_matched_once_each() -> None:
    table = """
        1 | Schools | Money | Savings
        2 | Schools | Money | Savings
        """
    known = propose_catalogue(listed(table), "June 2021")
    assert propose_kpis(listed(table), known) == known.kpis
    assert drawn(propose_kpis(listed(table)[1:], known), "id", "ref", "life") == "K002 | 2 | live\nK001 | 1 | retired"


@settings(deadline=None, max_examples=25)
@given(order=st.permutations(range(125)))
def test_the_annex_in_any_order_keeps_all_its_ids(order: list[int]) -> None:
    entries = read_published_list(ANNEX)
    known = propose_catalogue(entries, "June 2021")
    kpis = propose_kpis([entries[position] for position in order], known)
    assert list(kpis) == [known.kpis[position] for position in order]
