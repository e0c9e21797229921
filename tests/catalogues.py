"""A small catalogue to read and spoil, and hypothesis strategies for catalogues within the model's limits."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable

import openpyxl
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.model import (
    Catalogue,
    Goal,
    Kpi,
    Life,
    Measure,
    Polarity,
    Policy,
    Profile,
    Settings,
    Sign,
    Tie,
    Tolerance,
    Unit,
    Workstream,
)

SMALL_TEXT = """
sections = ["Levels of Need", "Finance"]
workstreams = [
    { name = "Schools", code = "SCH" },
    { name = "Transport", code = "TRA" },
]
tolerances = [
    { unit = "count", green = 0.05, amber = 0.25, measure = "of the target", steady = 0.02 },
    { unit = "%", green = 0.005, amber = 0.1, measure = "points" },
    { unit = "£", green = 0.01, amber = 0.05, measure = "of the target" },
    { unit = "average £", green = 0.01, amber = 0.05, measure = "of the target" },
    { unit = "weeks", green = 0.05, amber = 0.25, measure = "of the target" },
]
profiles = [
    { profile = "snapshot", q1 = 1.0, q2 = 1.0, q3 = 1.0, q4 = 1.0 },
    { profile = "year-to-date", q1 = 0.25, q2 = 0.5, q3 = 0.75, q4 = 1.0 },
    { profile = "annual", q1 = 1.0, q2 = 1.0, q3 = 1.0, q4 = 1.0, unmoved_until = 3 },
    { profile = "termly", q1 = 1.0, q2 = 1.0, q3 = 1.0, q4 = 1.0, unmoved_until = 1 },
]

[settings]
council = "Anyborough"
plan = "SEND plan"
board = "SEND board"
list_version = "May 2021"
return_to = "the performance team"
return_days = 14
smallest_sample = 30
withheld_under = 10

[[kpis]]
id = "K001"
ref = "1"
workstream = "Schools"
sub_area = "Plans"
title = "Number of plans"
unit = "count"
decimals = 0
polarity = "near target"
profile = "snapshot"
board_ref = "1"
section = "Levels of Need"

[kpis.goals.2021-22]
baseline = 1429
target = 1558

[kpis.goals.2022-23]
target = 1600

[[kpis]]
id = "K002"
ref = "2"
workstream = "Schools"
sub_area = "Plans"
title = "% of young people not in education"
unit = "%"
decimals = 1
polarity = "lower is better"
profile = "annual"
share = true
board_ref = "2"
board_title = "% of young people (16 and 17) not in education"
section = "Levels of Need"
smallest_sample = 10
green_within = 0.002

[kpis.goals.2021-22]
baseline = 0.058
baseline_words = "5.80% last year"
target = 0.05
target_sign = "<"
target_words = "<5%"

[[kpis]]
id = "K003"
ref = "3"
workstream = "Transport"
sub_area = "Buses"
title = "Average cost of a journey"
unit = "average £"
decimals = 2
polarity = "lower is better"
profile = "snapshot"
section = "Finance"
life = "paused"
note = "Paused until the contract is let."
"""

SMALL = Catalogue(
    Settings("Anyborough", "SEND plan", "SEND board", "May 2021", "the performance team", 14, 10),
    Policy(
        {
            Unit.COUNT: Tolerance(0.05, 0.25, Measure.RELATIVE, 0.02),
            Unit.PERCENT: Tolerance(0.005, 0.1, Measure.POINTS),
            Unit.MONEY: Tolerance(0.01, 0.05, Measure.RELATIVE),
            Unit.AVERAGE: Tolerance(0.01, 0.05, Measure.RELATIVE),
            Unit.WEEKS: Tolerance(0.05, 0.25, Measure.RELATIVE),
        },
        {
            Profile.SNAPSHOT: (1.0, 1.0, 1.0, 1.0),
            Profile.YEAR_TO_DATE: (0.25, 0.5, 0.75, 1.0),
            Profile.ANNUAL: (1.0, 1.0, 1.0, 1.0),
            Profile.TERMLY: (1.0, 1.0, 1.0, 1.0),
        },
        30,
        {Profile.ANNUAL: 3, Profile.TERMLY: 1},
    ),
    (Workstream("Schools", "SCH"), Workstream("Transport", "TRA")),
    ("Levels of Need", "Finance"),
    (
        Kpi(
            id="K001",
            ref="1",
            workstream="Schools",
            sub_area="Plans",
            title="Number of plans",
            unit=Unit.COUNT,
            decimals=0,
            polarity=Polarity.NEAR,
            profile=Profile.SNAPSHOT,
            board_ref="1",
            section="Levels of Need",
            goals=(Goal("2021-22", baseline=1429.0, target=1558.0), Goal("2022-23", target=1600.0)),
        ),
        Kpi(
            id="K002",
            ref="2",
            workstream="Schools",
            sub_area="Plans",
            title="% of young people not in education",
            unit=Unit.PERCENT,
            decimals=1,
            polarity=Polarity.LOWER,
            profile=Profile.ANNUAL,
            share=True,
            board_ref="2",
            board_title="% of young people (16 and 17) not in education",
            section="Levels of Need",
            smallest_sample=10,
            green_within=0.002,
            goals=(Goal("2021-22", 0.058, "5.80% last year", 0.05, Sign.UNDER, "<5%"),),
        ),
        Kpi(
            id="K003",
            ref="3",
            workstream="Transport",
            sub_area="Buses",
            title="Average cost of a journey",
            unit=Unit.AVERAGE,
            decimals=2,
            polarity=Polarity.LOWER,
            profile=Profile.SNAPSHOT,
            section="Finance",
            life=Life.PAUSED,
            note="Paused until the contract is let.",
        ),
    ),
)
"""What `SMALL_TEXT` says, as records."""


def edited(workbook: bytes, edits: Iterable[str]) -> bytes:
    """The workbook after edits, each as a person would tell it: `KPIs!F5 = miles`, `KPIs!F5 =`, `without Profiles`.

    A row goes with `KPIs without row 7`, a sheet gets another name with `rename KPIs to My KPIs`; a number is typed
    as a number, and words in quotation marks as text.
    """
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    for edit in edits:
        if edit.startswith("without "):
            del book[edit.removeprefix("without ")]
        elif edit.startswith("rename "):
            old, _, new = edit.removeprefix("rename ").partition(" to ")
            book[old].title = new
        elif " without row " in edit:
            sheet, _, row = edit.partition(" without row ")
            book[sheet].delete_rows(int(row))
        else:
            place, _, text = edit.partition(" =")
            sheet, _, address = place.partition("!")
            book[sheet][address] = typed(text.strip())
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def typed(text: str) -> float | str | None:
    """What a spreadsheet makes of a text that somebody types: a number where it is one, unless in quotation marks."""
    if text.startswith('"'):
        return text.strip('"')
    try:
        return float(text)
    except ValueError:
        return text or None


# --- Catalogues of every kind

SAFE = st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t", exclude_characters="\ufffe\uffff")
ODD_TEXTS = ("=1+1", "'quoted", '"x", y', "_x0041_", "<b>&amp;", "http://example.org", "1", "0.5", "TRUE", "#N/A", "|")
NAMES = (st.text(SAFE, min_size=1, max_size=30) | st.sampled_from(ODD_TEXTS)).map(str.strip).filter(bool)
TEXTS = (st.text(SAFE, max_size=30) | st.sampled_from(ODD_TEXTS)).map(str.strip)
IDS = st.from_regex(r"[A-Z][A-Z0-9]{0,6}", fullmatch=True)
CODES = st.from_regex(r"[A-Z][A-Za-z0-9_]{0,6}", fullmatch=True).filter(lambda code: code not in ("Start", "Lists"))
LIMITS = st.integers(0, 400).map(lambda number: number / 1000)
YEARS = st.integers(2000, 2098).map(lambda year: f"{year}-{(year + 1) % 100:02d}")
MAYBE_NUMBERS = st.none() | st.builds(
    lambda digits, shift: digits / 10**shift, st.integers(-(10**12), 10**12), st.integers(0, 3)
)


@st.composite
def limits(draw: st.DrawFn) -> tuple[float, float]:
    """A green and an amber limit, the amber one at least as large."""
    low, high = sorted((draw(LIMITS), draw(LIMITS)))
    return low, high


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A rating policy for every unit and profile."""
    share = st.integers(0, 100).map(lambda number: number / 100)
    return Policy(
        {unit: Tolerance(*draw(limits()), draw(st.sampled_from(Measure)), draw(LIMITS)) for unit in Unit},
        {profile: (draw(share), draw(share), draw(share), draw(share)) for profile in Profile},
        draw(st.integers(0, 1000)),
        draw(st.dictionaries(st.sampled_from(Profile), st.integers(1, 4))),
    )


GOALS = st.lists(
    st.builds(Goal, YEARS, MAYBE_NUMBERS, TEXTS, MAYBE_NUMBERS, st.sampled_from(Sign), TEXTS),
    max_size=3,
    unique_by=lambda goal: goal.year,
).map(tuple)


@st.composite
def kpis(draw: st.DrawFn, kpi_id: str, workstreams: tuple[Workstream, ...], sections: tuple[str, ...]) -> Kpi:
    """A KPI of any kind, of one of these workstreams and sections."""
    green, amber = draw(st.just((None, None)) | limits())
    return Kpi(
        id=kpi_id,
        ref=draw(TEXTS),
        workstream=draw(st.sampled_from(workstreams)).name,
        sub_area=draw(TEXTS),
        title=draw(NAMES),
        unit=draw(st.sampled_from(Unit)),
        decimals=draw(st.integers(0, 6)),
        polarity=draw(st.sampled_from(Polarity)),
        profile=draw(st.sampled_from(Profile)),
        share=draw(st.booleans()),
        survey=draw(st.booleans()),
        life=draw(st.sampled_from(Life)),
        board_ref=draw(TEXTS),
        board_title=draw(TEXTS),
        section=draw(st.sampled_from(sections)),
        smallest_sample=draw(st.none() | st.integers(0, 10_000)),
        green_within=green,
        amber_within=amber,
        review=draw(TEXTS),
        note=draw(TEXTS),
        goals=draw(GOALS),
    )


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """A catalogue of a few KPIs."""
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    codes = draw(st.lists(CODES, min_size=len(names), max_size=len(names), unique_by=str.casefold))
    workstreams = tuple(Workstream(name, code) for name, code in zip(names, codes, strict=True))
    sections = tuple(draw(st.lists(NAMES, min_size=1, max_size=3, unique=True)))
    ids = draw(st.lists(IDS, max_size=4, unique=True))
    ties = (
        st.builds(Tie, st.sampled_from(ids), st.just("1 / 2 - 0.25"), st.sampled_from([0.0, 0.0005, 1.0, 1000.0]))
        if ids
        else st.nothing()
    )
    drawn = [draw(kpis(kpi_id, workstreams, sections)) for kpi_id in ids]
    refs = Counter(kpi.board_ref.casefold() for kpi in drawn)
    return Catalogue(
        draw(
            st.builds(
                Settings, NAMES, NAMES, NAMES, NAMES, NAMES, st.integers(0, 1000), st.sampled_from([0, 3, 5, 10, 1000])
            )
        ),
        draw(policies()),
        workstreams,
        sections,
        tuple(kpi if refs[kpi.board_ref.casefold()] == 1 else replace(kpi, board_ref="") for kpi in drawn),
        tuple(draw(st.lists(ties, max_size=2))) if ids else (),
    )
