"""How one rating came about: every step from the typed cell to the letter, and whom a name stands for."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from sendkpi_xl.explain import Explanation, explain, named_kpi
from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.moderated import Moderation
from sendkpi_xl.reading import Place
from sendkpi_xl.round import explain_rating
from tests.board_view import KINGSTON
from tests.board_view import Q1 as KINGSTON_Q1
from tests.small_round import Q1, SmallRound, override, small_folder, small_round
from tests.test_cli import Run, run

__all__ = ["run"]  # a fixture of the command line's tests

TWO_QUARTERS = """
    id | ref | section  | by  | title              | unit  | better           | target | Q1           | Q2                     | comment
    K1 | 10  | Places   | SCH | Places created     | count | higher is better | 42     | 38           | 41                     |
    K2 | 9   | Places   | SCH | % of places filled | %     | higher is better | 90%    | 80%          | 75% = 6 of 8           |
    K3 |     | Journeys | TRA | Journeys made      | count | context only     |        | 5            | not returned           |
    K4 | 3   | Journeys | TRA | Journeys lost      | count | lower is better  | <3     | 1            | Data not yet available | In July
    K5 | 4   | Journeys | TRA | Journeys late      | count | lower is better  |        | query        | query                  |
    K6 | 5   | Journeys | TRA | % of journeys late | %     | lower is better  | 5%     | 75% = ? of 8 | 4% = 1 of ?            |
    """  # noqa: E501
ROUND = small_round(TWO_QUARTERS)


def told(explanation: Explanation) -> str:
    """The steps, one on a line."""
    return "\n".join(f"{step.about}: {step.says}" for step in explanation.steps)


def explained(kpi_id: str, moderation: Moderation = Moderation()) -> str:  # noqa: B008 - it is frozen
    kpi = ROUND.catalogue.kpi(kpi_id)
    assert kpi is not None
    return told(explain(ROUND.board(moderation), (), kpi))


def test_each_step_of_a_rating() -> None:
    """What was typed, what it was read and shown as, the target, the policy, the rule, the letter, and the outlook."""
    assert explained("K1") == "\n".join([
        "Typed: “41” in SCH.xlsx, sheet SCH, E5.",
        "File: SHA-256 5ha….",
        "Read as: 41, as typed.",
        "Shown: 41: what the board sees is what is rated.",
        "Target: The target of 42.",
        "Policy: Higher is better; count: green within 5% of the target, amber within 25% of the target.",
        "Rule: Green from 40, amber from 32, red below.",
        "Computed: Green: 41 is 2.4% below the target of 42; green up to 5%.",
        "Agreed: As computed: no override holds.",
        "Board sees: Green.",
        "Since last quarter: Improving: 41 after 38 in Quarter 1 2023/24; higher is better.",
        "Since last year: Not enough data: no value for Quarter 2 2022/23.",
        "Year's end: Forecast Green: 41 at the year's end if it stays as in Quarter 2 2023/24. 41 is 2.4% below the "
        "target of 42; green up to 5%.",
        "Signals: None; they are looked for in 12 quarters in a row or more.",
    ])  # fmt: skip


def test_people_have_the_last_word() -> None:
    """An override is told with who agreed it, until when and why; one without an end says none."""
    until = override("K2", "A", "Two start in May.", "The board", "2023-24-Q3")
    said = explained("K2", Moderation(overrides=(until,))).splitlines()
    assert [line for line in said if line.startswith(("Cases", "Computed", "Agreed", "Board"))] == [
        "Cases: 6 out of 8.",
        "Computed: Red: 75% is 15.0 points below the target of 90%; amber ends at 10 points.",
        "Agreed: Amber, by The board, until 2023-24-Q3: Two start in May.",
        "Board sees: Amber.",
    ]
    endless = replace(until, rag=None, until="")
    assert "Agreed: No rating, by The board: Two start in May." in explained("K2", Moderation(overrides=(endless,)))


def test_what_there_is_to_say_without_a_value() -> None:
    """A KPI that nobody returned, one that is blank with a reason, and one that is queried."""
    missing, blank, queried = (explained(kpi_id).splitlines() for kpi_id in ("K3", "K4", "K5"))
    assert missing[:2] == ["Typed: Nothing: no return has an entry for this KPI.", "Target: None is set."]
    assert blank[0] == "Typed: Nothing in TRA.xlsx, sheet TRA, E8."
    assert blank[2:4] == ["Read as: No value: Data not yet available.", "Target: The target of under 3."]
    assert queried[0] == "Typed: “query” in TRA.xlsx, sheet TRA, E9."
    assert queried[2] == "Read as: No value: queried."
    assert "Year's end: Nothing to reckon from." in queried


def test_half_a_fraction_says_what_is_not_known() -> None:
    """A part that was not typed is a question mark."""
    assert "Cases: 1 out of ?." in explained("K6")


def test_limits_of_a_kpis_own_are_said_to_be_that() -> None:
    """A tolerance that is not the unit's is named as the KPI's own."""
    own = tuple(replace(kpi, green_within=0.1) if kpi.id == "K1" else kpi for kpi in ROUND.catalogue.kpis)
    drawn = SmallRound(replace(ROUND.catalogue, kpis=own), ROUND.gathered)
    kpi = drawn.catalogue.kpi("K1")
    assert kpi is not None
    policy = next(step.says for step in explain(drawn.board(), (), kpi).steps if step.about == "Policy")
    assert policy == (
        "Higher is better; count: green within 10% of the target, amber within 25% of the target, with limits of this "
        "KPI's own."
    )


def test_only_what_is_asked_about_this_kpi_is_told() -> None:
    """Findings about other KPIs and about the round are left out."""
    kpi = ROUND.catalogue.kpi("K1")
    assert kpi is not None
    findings = [finding("K01", Place("SCH.xlsx"), subject) for subject in ("K1", "K2", "")]
    assert [each.subject for each in explain(ROUND.board(), tuple(findings), kpi).findings] == ["K1"]


NAMES = {
    "K1": "K1",
    " k1 ": "K1",
    "10": "K1",
    "9": "K2",
    "list 3": "K3",
    "LIST  4": "K4",
    "places created": "K1",
    "places f": "K2",
    "journeys late": "K5",
}


@pytest.mark.parametrize(("name", "kpi_id"), NAMES.items())
def test_a_kpi_by_any_of_its_names(name: str, kpi_id: str) -> None:
    """Id, board ref, ref of the published list, title, and a part of a title that no other KPI has."""
    assert named_kpi(ROUND.catalogue, name).id == kpi_id


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (
            "journeys",
            "“journeys” is part of 4 KPIs' titles: K3 (Journeys made), K4 (Journeys lost), K5 (Journeys late), "
            "K6 (% of journeys late).",
        ),
        ("11", "“11” is no live KPI's id, board ref or title."),
        ("Plases", "“Plases” is no live KPI's id, board ref or title."),
        (
            "Plases created",
            "“Plases created” is no live KPI's id, board ref or title (did you mean “Places created”?).",
        ),
        ("", "“” is no live KPI's id, board ref or title."),
    ],
)
def test_a_name_that_is_no_kpis_or_several(name: str, found: str) -> None:
    """The refusal says which KPIs a name may mean."""
    with pytest.raises(Refusal) as refused:
        named_kpi(ROUND.catalogue, name)
    (said,) = refused.value.findings
    assert (said.code, said.found) == ("T09", found)


def test_the_fraction_that_contradicts_its_percentage() -> None:
    """Kingston's KPI 69: amber by its few answers, and asked about."""
    explanation = explain_rating(KINGSTON, "69", KINGSTON_Q1)
    lines = told(explanation).splitlines()
    assert "Computed: Amber: 8 answers are too few to judge by; a value counts from 30." in lines
    assert [each.code for each in explanation.findings] == ["C08"]


ONE_QUARTER = """
    id | ref | section | by  | title          | unit  | better           | target | Q1 | comment
    K1 | 10  | Places  | SCH | Places created | count | higher is better | 42     | 41 |
    """


def test_the_command_takes_the_latest_quarter(tmp_path: Path, run: Run) -> None:
    """Without a quarter the latest with returns is explained; the same facts come as JSON."""
    small_folder(tmp_path, ONE_QUARTER)
    plain, machine = run("explain", "10"), run("explain", "places", Q1.code, "--json")
    assert (plain.status, machine.status) == (0, 0)
    assert plain.out.splitlines()[0] == "K1, board ref 10: Places created. Quarter 1 2023/24"
    facts = machine.facts
    assert (facts["exit_status"], facts["kpi"], facts["board_ref"], facts["period"]) == (0, "K1", "10", Q1.code)
    assert {"about": "Board sees", "says": "Green."} in facts["steps"]
    for step in facts["steps"]:
        assert f"{step['about']}  " in plain.out
        assert step["says"] in plain.out


def test_the_command_where_nothing_came_back(tmp_path: Path, run: Run) -> None:
    """A folder without returns, and a name that nobody has, are refused in words."""
    assert run("explain", "10").status == 2
    small_folder(tmp_path, ONE_QUARTER)
    ran = run("explain", "99")
    assert (ran.status, "“99” is no live KPI's id, board ref or title." in ran.err) == (2, True)
    assert WorkingFolder(tmp_path).quarters() == (Q1,)
