"""What is read out of a headline's words: refs, figures, and whether it says that all is well."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sendkpi_xl.headline_words import claim_in, figures_in, refs_in, split_refs


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("19, 20", ["19", "20"]),
        ("19;20 and 21", ["19", "20", "21"]),
        (" 19 & 20,and 2a\n7 ", ["19", "20", "2a", "7"]),
        ("20", ["20"]),
        ("see twenty", ["see", "twenty"]),
        ("", []),
    ],
)
def test_the_refs_of_a_cell(text: str, refs: list[str]) -> None:
    """Whatever stands between them, every word is a ref; whether a KPI has it is asked elsewhere."""
    assert list(split_refs(text)) == refs


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("KPI 20 has risen", ["20"]),
        ("Costs (KPI 20) rose, kpi (19) fell", ["20", "19"]),
        ("KPIs 19 and 20 rose", ["19", "20"]),
        ("KPIs 19, 20 & 2a, and 22 rose", ["19", "20", "2a", "22"]),
        ("KPI 20 rose, and KPI 20 again", ["20"]),
        ("KPI 20, 30 places more", ["20"]),
        ("KPIs 20, 30% more", ["20"]),
        ("Of the KPIs 4.5% fell", []),
        ("72 of 125 KPIs, 2021/22", []),
        ("Cost of 20 places (20)", []),
        ("The KPIs rose", []),
    ],
)
def test_the_refs_in_words(text: str, refs: list[str]) -> None:
    """Numbers count only after the word KPI, several only after KPIs; a percentage is no ref."""
    assert list(refs_in(text)) == refs


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Spend is within the agreement", "within"),
        ("Within budget", "Within"),
        ("We are on target with it", "on target"),
        ("Plans are On Track", "On Track"),
        ("The target was met", "met"),
        ("All are Green now", "Green"),
        ("It is not on target, but places are on track", "on track"),
        ("Spend is not within the agreement", ""),
        ("It is no longer on track", ""),
        ("The target isn't yet met", ""),
        ("Needs that are to be met", ""),
        ("Plans were issued within 20 weeks", ""),
        ("Answers came within a 20 week limit", ""),
        ("An unmet need, and greenhouse costs", ""),
        ("It was Green, and they were green", ""),
        ("Costs have risen", ""),
    ],
)
def test_words_that_say_all_is_well(text: str, claim: str) -> None:
    """The first such words that are not denied, and are no time limit."""
    assert claim_in(text) == claim


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("It cost £16,120 each", [("£16,120", "16120", "0.5")]),
        ("38% of 120 in 2021/22", [("38%", "0.38", "0.005")]),
        ("up 2.50 per cent", [("2.50 per cent", "0.025", "0.00005")]),
        ("£1.2m and £3k", [("£1.2m", "1200000", "50000"), ("£3k", "3000", "500")]),
        ("£2 million", [("£2 million", "2000000", "500000")]),
        ("-£27 or −22.33%", [("-£27", "27", "0.5"), ("−22.33%", "0.2233", "0.00005")]),
        ("KPI 20: 45 places in 12 weeks", []),
    ],
)
def test_the_figures_in_words(text: str, figures: list[tuple[str, str, str]]) -> None:
    """Money and percentages, with how far rounding may reach; bare numbers are none."""
    found = [(each.words, each.size, each.slack) for each in figures_in(text)]
    assert found == [(words, Decimal(size), Decimal(slack)) for words, size, slack in figures]


@pytest.mark.parametrize(
    ("text", "number", "about"),
    [
        ("£16,120", "16120.4", True),
        ("£16,120", "16121", False),
        ("£1.2m", "1249999", True),
        ("£1.2m", "1251000", False),
        ("38%", "0.3838", True),
        ("38%", "0.385", True),
        ("38%", "0.391", False),
        ("22%", "-0.2233", True),
    ],
)
def test_a_figure_is_about_a_number_that_it_rounds(text: str, number: str, about: bool) -> None:
    """As exact as the words give it; a minus may stand in the words around it."""
    (said,) = figures_in(text)
    assert said.is_about(Decimal(number)) is about
