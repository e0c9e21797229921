"""Which words of a comment give away few people: the text as the website's reader sees it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendkpi_xl.catalogue import load_catalogue
from sendkpi_xl.consolidate import rate_readings
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.history import gather_history
from sendkpi_xl.moderated import Headline, Moderation
from sendkpi_xl.period import Period
from sendkpi_xl.publication import Published, published
from sendkpi_xl.published_words import without_rating_counts
from sendkpi_xl.suppressed_text import FewInWords, KnownNumbers, SuppressedText, few_in_words, suppressed_text
from sendkpi_xl.withheld import Attribute
from tests.published import published_headlines, published_rows
from tests.test_kingston_catalogue import INPUTS

Q1 = Period(2021, 1)


def shown(text: str, known: KnownNumbers | None = None) -> str:
    return suppressed_text(text, 5, known or KnownNumbers()).text


PUBLISHED_COMMENTS = """
31: [c]
34: Small sample of [c] as ethnicity more previously captured
37: Sample of [c]
38: Sample of [c]
67: [c]. 5% is national in 2020.
68: Previous question "my views were listened to and taken seriously". [c]
69: Previous question "My Education, Health and Care Plan will help me achieve my goals". [c]
70: 50/56 and [c]
72: [c]
73: [c]
75: [c] complaints
76: [c] [c] decisions in favour of LA, [c] decisions in favour of parent
"""


def test_the_comments_that_kingston_published() -> None:
    """Of the 72 published comments these are changed; `20/64. 22% is national in 2020.` stays, as all the rest."""
    rows = published_rows()
    changed = [f"{row.ref}: {shown(row.comment)}" for row in rows if shown(row.comment) != row.comment]
    assert changed == PUBLISHED_COMMENTS.strip().splitlines()


def test_the_values_that_kingston_typed_as_words() -> None:
    """In the column of values: `50% (1 out of 2 CYP)` loses its percentage with its fraction, a large one stays."""
    typed = ["50% (1 out of 2 CYP)", "67% (8 out of 12)", "20 (10.5%)", "10 + 115", "as KPI 55"]
    assert [shown(each) for each in typed] == ["[c] ([c] CYP)", "[c] ([c])", "20 (10.5%)", "10 + 115", "as KPI 55"]


def test_the_headlines_that_kingston_published() -> None:
    """They tell of no number of people, and stay."""
    headlines = published_headlines()
    texts = (headlines.completeness, *headlines.working_well, *headlines.concerns)
    assert [text for text in texts if shown(text) != text] == []


@pytest.fixture(scope="module")
def kingston() -> Published:
    """Kingston's quarter from its returns, with a headline about a KPI that is withheld."""
    folder = WorkingFolder(INPUTS.parent)
    catalogue = load_catalogue(folder.catalogue)
    history = gather_history(folder, catalogue, Q1)
    rated = rate_readings(catalogue, history.now, Moderation(), history.before)
    headlines = (
        Headline("KPI 67: 6.25% of assessments ended without a plan, 4 of 64"),
        Headline("EHCPs grew to 1,462", ("1",)),
    )
    return published(catalogue, {Q1: rated}, Moderation("125 KPIs; 6 of 6 workstreams", headlines))


def test_what_is_withheld_of_kingstons_quarter(kingston: Published) -> None:
    """The shares of few, by their refs on the board; counts and money, and every rating, stay."""
    withheld = [entry for entry in kingston.log if entry.attribute is Attribute.VALUE]
    refs = {each.kpi.id: each.kpi.board_ref for each in kingston.quarters[Q1]}
    assert [f"{refs[entry.kpi_id]} {entry.stood}" for entry in withheld] == [
        *("31 75%", "34 38%", "37 100%", "38 50%", "53 50%", "54 50%", "56 67%", "67 6.25%", "68 100%", "69 83%"),
        *("70 83%", "72 100%", "73 75%", "75 0.21%", "76 100%"),
    ]
    assert [entry.stood for entry in kingston.log if entry.attribute is Attribute.RATING] == []
    assert [entry.stood for entry in kingston.log if entry.attribute is Attribute.BASELINE] == ["0.20%"]
    assert kingston.open == ()


def test_comments_and_headlines_of_kingstons_quarter(kingston: Published) -> None:
    """A headline loses the percentage of the KPI that it names as well as the fraction."""
    comments = {
        each.kpi.board_ref: each.reading.comment
        for each in kingston.quarters[Q1]
        if "[c]" in each.reading.comment and each.kpi.board_ref in ("53", "56", "70", "76")
    }
    assert comments == {
        "53": "[c] CYP",
        "56": "[c]",
        "70": "[c] and [c]",
        "76": "[c] [c] decisions in favour of LA, [c] decisions in favour of parent",
    }
    assert kingston.moderation == Moderation(
        "125 KPIs; 6 of 6 workstreams",
        (
            Headline("KPI 67: [c] of assessments ended without a plan, [c]"),
            Headline("EHCPs grew to 1,462", ("1",)),
        ),
    )


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("two of the seven", "[c]"),
        ("2/2CYP", "[c]CYP"),
        ("0/64", "0/64"),
        ("5/10", "5/10"),
        ("60 out of 64", "[c]"),
        ("1,204 of 1,207", "[c]"),
        ("7/5 boys/girls", "[c] boys/girls"),
        ("12 children, of whom 9 were seen", "[c] children, of whom [c] were seen"),
        ("3 + 115", "[c]"),
        ("n=4", "n=[c]"),
        ("Responses: 9", "Responses: [c]"),
        ("Sample of 10", "Sample of 10"),
        ("2-3 children", "[c] children"),
        ("fewer than 3", "fewer than [c]"),
        ("a single complaint", "a [c] complaint"),
        ("both appeals", "[c] appeals"),
        ("this year 3 children", "this year [c] children"),
        ("up by 3 in two terms", "up by [c] in two terms"),
        ("boys:3", "boys:[c]"),
        ("in May 2 pupils", "in May [c] pupils"),
        ("3,4 and 2 children", "[c],[c] and [c] children"),
        ("8 children: 5 boys and 3 girls", "8 children: [c] boys and [c] girls"),
        ("12/13 cases", "[c] cases"),
    ],
)
def test_words_that_tell_of_few(text: str, seen: str) -> None:
    """Fractions, samples, sums, ranges and single numbers, in digits and in words, under 5 or with under 5 left."""
    assert shown(text) == seen


@pytest.mark.parametrize(
    "text",
    [
        *(
            "in 2021/22",
            "Baseline 21/22",
            "1/4/2021",
            "on 3 May",
            "3rd",
            "at 2:30",
            "Q1 to Q2",
            "in quarter 2",
            "Term 3",
        ),
        *("KPI 4", "KPIs 3, 4 and 5", "K003", "WS 4", "Tier 2", "Year 3", "Years 1 and 2", "KS1/2", "Year 3/4 pupils"),
        *("aged 4", "4 year olds", "0-5s", "16-18", "within 3 weeks", "2-3 weeks", "3 points", "two terms", "2.5 FTE"),
        *(
            "£3",
            "£4,204",
            "£1.2m",
            "4k",
            "3%",
            "12 learners",
            "1,462",
            "3 of 6 workstreams",
            "<5",
            "no one",
            "one-to-one",
        ),
        *("no responses", "all schools", "decisions in December", ""),
    ],
)
def test_words_that_tell_of_no_few(text: str) -> None:
    """Dates, years, quarters, refs, ages, lengths of time, money, percentages and larger numbers stay."""
    assert suppressed_text(text, 5).changes == ()
    assert shown(text) == text


def test_the_numbers_that_are_withheld_elsewhere() -> None:
    """Also larger ones, in every form; a number that is not among them stays."""
    known = KnownNumbers(frozenset({40, 55}), frozenset({Decimal("0.375")}))
    text = "40 of 55, 38%, 37.5 per cent, 39%, 15 + 40, forty, 400, £40"
    assert shown(text, known) == "[c], [c], [c], 39%, [c], forty, 400, £40"


def test_a_total_that_is_shown_elsewhere_gives_the_rest() -> None:
    """With the KPI's value of 8 on the same row, 5 boys would leave the girls."""
    text = "5 boys, 3 girls; 60 schools"
    assert shown(text, KnownNumbers(totals=frozenset({8}))) == "[c] boys, [c] girls; 60 schools"
    assert shown(text) == "5 boys, [c] girls; 60 schools"


def test_parts_that_add_up_to_a_withheld_number() -> None:
    """5 and 5 are the 10 that is withheld, and 30 less 20 too; parts of anything else stay."""
    known = KnownNumbers(frozenset({10}))
    assert shown("5 boys and 5 girls", known) == "[c] boys and [c] girls"
    assert shown("30 asked, 20 came", known) == "30 asked, [c] came"
    assert shown("5 boys and 6 girls", known) == "5 boys and 6 girls"


def test_all_and_none_say_it_as_well() -> None:
    """Where a share of few is withheld, the words for all and none of them go too."""
    assert shown("100%: all 4", KnownNumbers(percentages=frozenset({Decimal(1)}), few=True)) == "[c]: [c] [c]"
    text = "All were pleased, none was not; everyone answered"
    assert shown(text, KnownNumbers(few=True)) == "[c] were pleased, [c] was not; [c] answered"
    assert shown(text) == text


def test_a_threshold_of_nothing_changes_nothing() -> None:
    """0 in the settings leaves every word as it is."""
    assert suppressed_text("2 of 3", 0).text == "2 of 3"


def test_each_change_is_told_with_its_reason() -> None:
    """In the order of the text, as it stood there."""
    assert [(each.stood, each.why) for each in suppressed_text("Sample of 8: 2 boys", 5).changes] == [
        ("8", "a sample of fewer than 10"),
        ("2", "a number under 5"),
    ]


@pytest.mark.parametrize(
    ("text", "few"),
    [
        ("4/64 and 3 more", FewInWords(4, 64)),
        ("Small sample of 8", FewInWords(denominator=8)),
        ("3 complaints", FewInWords(numerator=3)),
        ("20/64 in 2020", None),
    ],
)
def test_the_share_that_words_tell_of(text: str, few: FewInWords | None) -> None:
    """A fraction first, then a sample, then a number alone."""
    assert few_in_words(text, 5) == few


FORMS = st.sampled_from(
    ["{n} children", "{n} out of 60", "Sample of {n}", "n={n}", "{n}CYP", "({n})", "boys: {n}, girls: 30", "{n}/70"]
)
SAFE = st.sampled_from(["in 2021/22", "for KPI 62", "in Year 11", "at £12,000", "within 20 weeks", "on 12/06/2021"])


@given(FORMS, st.integers(1, 4), SAFE)
def test_no_few_is_left_in_any_form(form: str, number: int, beside: str) -> None:
    """Whatever stands around it, the digit is gone, and what stands around it is not; told twice, nothing changes."""
    text = f"{form.format(n=number)} {beside}"
    once = shown(text)
    assert str(number) not in once.replace(beside, "").replace("60", "").replace("70", "").replace("30", "")
    assert beside in once
    assert shown(once) == once


@pytest.mark.parametrize(
    ("words", "shown"),
    [("1 child, ", "[c] child, "), ("2 out of 8, ", "[c], "), ("2020 ", "2020 "), ("KPIs 1 and 2, ", "KPIs 1 and 2, ")],
)
def test_a_comment_as_long_as_a_cell_can_be(words: str, shown: str) -> None:
    """Thousands of numbers are looked at one by one: each beside the letters around it, not beside all the others."""
    times = 32_767 // len(words)
    assert suppressed_text(words * times, 5).text == shown * times
    counted = without_rating_counts(SuppressedText("9 are red " * 3_000))
    assert counted.text == "[c] are red " * 3_000
