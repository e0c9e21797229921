"""Made-up datasets of a few KPIs that hang together, with all that people write beside them made of their numbers.

A world is the numbers; its frame is all else. Two worlds of one frame differ in nothing but what people counted, and
in what they wrote of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.consolidate import RatedReading, rate_readings
from sendkpi_xl.figures import kpi_figure
from sendkpi_xl.gathered import FileOutcome, Gathered, Outcome
from sendkpi_xl.headlines import Kind, proposals
from sendkpi_xl.model import Catalogue, Goal, Kpi, Polarity, Profile, Tie, Unit
from sendkpi_xl.moderated import Decision, Headline, Moderation, Override, Question, Remark, Verdict
from sendkpi_xl.period import Period
from sendkpi_xl.policy import DEFAULT_POLICY
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Place, Rag, Reading, Reason, Status
from tests.small_round import SECTIONS, SETTINGS, WORKSTREAMS

LAST_YEAR = Period(2022, 4)
QUARTERS = (LAST_YEAR, Period(2023, 1), Period(2023, 2), Period(2023, 3))
YEARS = ("2022-23", "2023-24")
TIES = {"K3": "K1 + K2", "K5": "K3 + K4", "K6": "K1 / K3", "K8": "K7 / K1"}
UNITS = {"K6": Unit.PERCENT, "K7": Unit.MONEY, "K8": Unit.AVERAGE, "K9": Unit.PERCENT}
COUNTED = ("K1", "K2", "K4", "K10")
"""The counts that are no sums of others."""
SUMS = {"K3": ("K1", "K2"), "K5": ("K1", "K2", "K4")}
WHO, OWNER = "Canary Override", "Canary Owner"
STANDING = (Kind.NEW_RED, Kind.RECOVERED, Kind.RED)
CANARIES = (
    *(WHO, OWNER, "canary-file", "Canary Sheet", "CNY77", "canaryhash", "canary typed", "canary how"),
    *("canary note", "canary review", "canary@example.org", "CNC78"),
)
"""What no published file holds: names, places, hashes, typed texts, notes on KPIs, where returns are sent."""

Numbers = Mapping[str, int]
"""`K1 2023-24-Q1` and, of K1 alone, its `boys`; `in` and `out` of the share K9; `K1 2023-24` is a baseline.

What K10's comment `said` is K2's number, or is taken for it.
"""


@dataclass(frozen=True)
class Frame:
    """What is the same in each world: the quarters that there are, how each KPI is measured, what was aimed at."""

    quarters: tuple[Period, ...]
    profile: Profile
    targets: Mapping[str, float]
    spend: float
    parts: bool
    """Whether the share and the average that sums make are returned with their parts."""
    survey: bool
    goes_on: bool
    """Whether a year's baselines are what the year before ended at."""


@dataclass(frozen=True)
class World:
    """A frame with the numbers that people counted."""

    frame: Frame
    numbers: Numbers

    def count(self, kpi_id: str, when: str) -> int:
        return sum(self.numbers[f"{part} {when}"] for part in SUMS.get(kpi_id, (kpi_id,)))

    def baseline(self, kpi_id: str, year: str) -> float | None:
        if kpi_id not in (*COUNTED, *SUMS):
            return None
        when = LAST_YEAR.code if self.frame.goes_on and year == YEARS[1] else year
        return float(self.count(kpi_id, when)) if f"K1 {when}" in self.numbers else None

    @property
    def board(self) -> Board:
        """The internal board of the last quarter."""
        catalogue = self._catalogue()
        gathered: list[Gathered] = []
        quarters: dict[Period, tuple[RatedReading, ...]] = {}
        for period in self.frame.quarters:
            now = self._gathered(period)
            plain = rate_readings(catalogue, now, Moderation(), gathered)
            moderation = self._moderation(catalogue, {**quarters, period: plain}, period)
            quarters[period] = rate_readings(catalogue, now, moderation, gathered)
            gathered.append(now)
        this_year = {period: rated for period, rated in quarters.items() if period.year == period_of(self).year}
        last_year = {period: rated for period, rated in quarters.items() if period not in this_year}
        return Board(catalogue, period_of(self), this_year, gathered[-1], moderation, last_year)

    def _catalogue(self) -> Catalogue:
        ties = tuple(Tie(kpi_id, formula, 1.0) for kpi_id, formula in TIES.items())
        settings = replace(SETTINGS, return_to="canary@example.org")
        kpis = tuple(self._kpi(f"K{number}") for number in range(1, 11))
        return Catalogue(settings, DEFAULT_POLICY, tuple(WORKSTREAMS.values()), SECTIONS, kpis, ties)

    def _kpi(self, kpi_id: str) -> Kpi:
        unit, ref = UNITS.get(kpi_id, Unit.COUNT), kpi_id[1:]
        profile = self.frame.profile if unit is Unit.COUNT or kpi_id == "K9" else Profile.SNAPSHOT
        goals = (Goal(year, self.baseline(kpi_id, year), target=self.frame.targets.get(kpi_id)) for year in YEARS)
        return Kpi(
            *(kpi_id, ref, "Schools", "", f"Title of {kpi_id}", unit, 1 if unit is Unit.PERCENT else 0),
            *(Polarity.HIGHER, profile),
            share=unit is Unit.PERCENT,
            survey=kpi_id == "K9" and self.frame.survey,
            smallest_sample=30 if kpi_id == "K8" and self.frame.survey else None,
            board_ref=ref,
            section=SECTIONS[int(ref) % 2],
            goals=tuple(goals),
            note="canary note",
            review="canary review",
        )

    def _gathered(self, period: Period) -> Gathered:
        readings = tuple(self._reading(f"K{number}", period) for number in range(1, 11))
        files = tuple(FileOutcome("canary-file", Outcome.USED, "canaryhash", (code,)) for code in WORKSTREAMS)
        return Gathered(period, readings, files, (), len(files))

    def _reading(self, kpi_id: str, period: Period) -> Reading:
        value, numerator, denominator = self._figures(kpi_id, period.code)
        status, reason = (Status.BLANK, Reason.NO_CASES) if value is None else (Status.REPORTED, None)
        return Reading(
            *(kpi_id, period, status, value, numerator, denominator, reason),
            comment=self._comment(kpi_id, period.code),
            typed="canary typed",
            how="canary how",
            place=Place("canary-file", "Canary Sheet", "CNY77"),
            comment_cell="CNC78",
            sha256="canaryhash",
            forecast=value + 1 if kpi_id == "K1" and value is not None else None,
        )

    def _figures(self, kpi_id: str, when: str) -> tuple[float | None, float | None, float | None]:
        """Value, numerator and denominator of a KPI."""
        first, total = float(self.count("K1", when)), float(self.count("K3", when))
        inside, out = (float(self.numbers[f"K9 {when} {part}"]) for part in ("in", "out"))
        parts: tuple[float, float] | None = {
            "K6": (first, total),
            "K8": (self.frame.spend, first),
            "K9": (inside, inside + out),
        }.get(kpi_id)
        if kpi_id == "K7":
            return self.frame.spend, None, None
        if parts is None:
            return float(self.count(kpi_id, when)), None, None
        value = parts[0] / parts[1] if parts[1] else None
        with_parts = value is not None and (kpi_id == "K9" or self.frame.parts)
        return (value, *parts) if with_parts else (value, None, None)

    def _comment(self, kpi_id: str, when: str) -> str:
        first, second, total = (self.count(each, when) for each in ("K1", "K2", "K3"))
        boys, inside, out = (self.numbers[f"{name}"] for name in (f"K1 {when} boys", f"K9 {when} in", f"K9 {when} out"))
        return {
            "K1": f"{boys} boys and {first - boys} girls",
            "K2": f"KPI 1 had {first}",
            "K3": f"{percent(second, total)} of them in KPI 2",
            "K7": f"{first} cost £{self.frame.spend / max(first, 1):,.0f} each",
            "K9": f"{inside} out of {inside + out}",
            "K10": f"The other list has {self.numbers[f'K10 {when} said']} on it",
        }.get(kpi_id, "")

    def _moderation(
        self, catalogue: Catalogue, quarters: Mapping[Period, Sequence[RatedReading]], period: Period
    ) -> Moderation:
        """What the team writes of a quarter, out of its figures and ratings as they were computed."""
        rated = {each.kpi.id: each for each in quarters[period]}
        first, letter = kpi_figure(rated["K1"].reading.value, rated["K1"].kpi), rated["K1"].computed.rag
        reason = f"Computed {letter.word if letter else 'without a rating'} at {first}; {WHO} asks for patience"
        # Of the biggest moves only so many are proposed: that choice is the team's, which takes them all here.
        proposed = [each for each in proposals(catalogue, quarters, period) if each.key.split()[0] in STANDING]
        moved = [
            Headline(
                f"KPI {each.kpi.board_ref} is {each.outlook.since_quarter.sentence}",
                (each.kpi.board_ref,),
                f"moved {kpi_id}",
            )
            for kpi_id, each in rated.items()
        ]
        accepted = (*(Headline(each.text, each.refs, each.key) for each in proposed), *moved)
        count = [sum(each.agreed is rag for each in rated.values()) for rag in Rag]
        target = self.frame.targets.get("K1")
        against = f", {percent(self.count('K1', period.code), target)} of its target" if target else ""
        return Moderation(
            completeness=f"Ratings: {count[0]} Red, {count[1]} Amber; {count[2]} KPIs are now rated green.",
            working_well=(Headline(f"KPI 1 stands at {first}{against}", ("1",)),),
            concerns=accepted,
            decisions=tuple(
                Decision(each.key, Question.CONCERN, each.text, each.refs, Verdict.ACCEPT) for each in accepted
            ),
            overrides=(Override("K1", Rag.GREEN, reason, WHO, ""),),
            remarks=(
                Remark("K2", f"{OWNER} says {self.count('K2', period.code)}", f"See all {first}", OWNER, "June"),
                Remark("K4", "", "Nothing", OWNER, f"After {self.count('K4', period.code)} visits"),
            ),
        )


def period_of(world: World) -> Period:
    """The quarter that is published."""
    return world.frame.quarters[-1]


def percent(part: float, whole: float) -> str:
    """A share in words, never one that K9 could have by chance."""
    return f"{100 * part / max(whole, 1):.0f}.7%"


NUMBERS = st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 30])
OTHERS = st.sampled_from([0, 3, 60, 75])
"""What K10 counts, which is not mistaken for what the others do."""
STEPS = st.sampled_from([0, 1, 2, 3, 5, 7])
WHOLES = st.sampled_from([0, 1, 2, 4, 5, 6, 9, 14, 40])


def numbers_of(kpi_id: str) -> st.SearchStrategy[int]:
    """What a KPI may have counted."""
    return OTHERS if kpi_id == "K10" else NUMBERS


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Counts with their sums, a share, an average and a survey, of up to three quarters and the one before the year."""
    frame = Frame(
        QUARTERS[draw(st.integers(0, 1)) : draw(st.integers(2, 4))],
        draw(st.sampled_from([Profile.SNAPSHOT, Profile.YEAR_TO_DATE, Profile.ANNUAL])),
        draw(st.sampled_from([{}, {"K1": 4.0}, {"K1": 8.0, "K2": 40.0, "K9": 0.5}, {"K2": 12.0, "K3": 20.0}])),
        draw(st.sampled_from([1000.0, 4321.0])),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.booleans()),
    )
    numbers = {f"{kpi_id} {year}": draw(numbers_of(kpi_id)) for kpi_id in COUNTED for year in YEARS}
    for period in frame.quarters:
        numbers |= _quarter(draw, frame, period, numbers)
    return World(frame, numbers)


def _quarter(draw: st.DrawFn, frame: Frame, period: Period, numbers: Numbers) -> dict[str, int]:
    """The numbers of a quarter, those of a figure that adds up on top of the quarter before."""
    adds_up = frame.profile is Profile.YEAR_TO_DATE and period.previous in frame.quarters and period.quarter > 1
    made = {
        f"{kpi_id} {period.code}": numbers[f"{kpi_id} {period.previous.code}"] + draw(STEPS)
        if adds_up
        else draw(numbers_of(kpi_id))
        for kpi_id in COUNTED
    }
    made |= {
        f"K9 {period.code} {part}": numbers[f"K9 {period.previous.code} {part}"] + draw(STEPS)
        if adds_up
        else draw(WHOLES)
        for part in ("in", "out")
    }
    made[f"K1 {period.code} boys"] = draw(st.integers(0, made[f"K1 {period.code}"]))
    return {**made, f"K10 {period.code} said": made[f"K2 {period.code}"]}
