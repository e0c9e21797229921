"""The records of the catalogue: KPIs with their goals, workstreams, policy, settings, and sums between KPIs.

All are frozen. `None` always means "nothing there": a blank is never a zero, and a KPI without a target has
the target None. Percentages are fractions (0.85), money is pounds, averages are pounds, waiting times are weeks.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import force_setattr

SMALLEST_THRESHOLD = 3
"""Under a smaller one lies at most one count, which its own mark would give away."""
USUAL_THRESHOLD = 5
"""The usual one in statistics of children and education."""


class Unit(StrEnum):
    """What a KPI is counted in."""

    COUNT = "count"
    PERCENT = "%"
    MONEY = "£"
    AVERAGE = "average £"
    WEEKS = "weeks"


class Polarity(StrEnum):
    """Which way is better; context-only KPIs are shown and never rated."""

    HIGHER = "higher is better"
    LOWER = "lower is better"
    NEAR = "near target"
    CONTEXT = "context only"


class Profile(StrEnum):
    """How a year's target spreads over its quarters."""

    SNAPSHOT = "snapshot"
    YEAR_TO_DATE = "year-to-date"
    ANNUAL = "annual"
    TERMLY = "termly"


class Life(StrEnum):
    """Where a KPI is in its life; only live ones are asked for."""

    PROPOSED = "proposed"
    LIVE = "live"
    PAUSED = "paused"
    RETIRED = "retired"


class Sign(StrEnum):
    """How a target is written: `<` stands for targets such as `<5%`, where reaching the figure is not enough."""

    AT = ""
    UNDER = "<"
    OVER = ">"


class Measure(StrEnum):
    """Whether a tolerance is a share of the target or percentage points."""

    RELATIVE = "of the target"
    POINTS = "points"


class Tolerance(Struct, frozen=True):
    """How far on the wrong side of its target a value may be: up to `green` still green, up to `amber` amber.

    Both are shares of the target (0.05 is 5 %) when `measure` is relative, percentage points as a fraction
    (0.005 is half a point) when it is points. `steady` is how far a value may move from one quarter to another and
    still be no change, in the same measure (relative: a share of the earlier value).
    """

    green: float
    amber: float
    measure: Measure
    steady: float = 0.0


class Goal(Struct, frozen=True):
    """One KPI's baseline and target for one financial year, with the words that were published beside them."""

    year: str
    baseline: float | None = None
    baseline_words: str = ""
    target: float | None = None
    target_sign: Sign = Sign.AT
    target_words: str = ""


class Kpi(Struct, frozen=True):
    """One KPI of the catalogue. `id` is the tool's own and never changes; refs and titles are attributes.

    `ref` and `title` are those of the published list, the `board_` ones those of the board's dataset; an empty
    `board_ref` means that the board's dataset has not had it yet. `smallest_sample` is the number of answers
    under which a rating is amber whatever the value (None: the policy's number for a survey, no such rule
    otherwise). `green_within` and `amber_within` override the unit's tolerance, in its measure.
    """

    id: str
    ref: str
    workstream: str
    sub_area: str
    title: str
    unit: Unit
    decimals: int
    polarity: Polarity
    profile: Profile
    share: bool = False
    survey: bool = False
    life: Life = Life.LIVE
    board_ref: str = ""
    board_title: str = ""
    section: str = ""
    smallest_sample: int | None = None
    green_within: float | None = None
    amber_within: float | None = None
    review: str = ""
    note: str = ""
    goals: tuple[Goal, ...] = ()

    @property
    def shown_title(self) -> str:
        """The title that the board knows, else the published list's."""
        return self.board_title or self.title

    @property
    def adds_up(self) -> bool:
        """Whether the figure is a sum over the year so far; a percentage of a year so far is no such sum."""
        return self.profile is Profile.YEAR_TO_DATE and self.unit is not Unit.PERCENT

    def goal(self, year: str) -> Goal:
        """The baseline and target for a financial year (`2021-22`); an empty one when none is set."""
        return next((goal for goal in self.goals if goal.year == year), Goal(year))


class Workstream(Struct, frozen=True):
    """A workstream as the list names it, and the short code that names its sheet and file."""

    name: str
    code: str


class Policy(Struct, frozen=True):
    """The rating policy: tolerances by unit, each profile's share of the year by quarter, the small-sample number.

    `unmoved_until` is for each profile the last quarter of the year in which a value may still be the baseline
    because no new figure has come yet, as with annual and termly measures; 0 or no entry where there is none.
    """

    tolerances: Mapping[Unit, Tolerance]
    shares: Mapping[Profile, tuple[float, float, float, float]]
    smallest_sample: int
    unmoved_until: Mapping[Profile, int] = {}


class Tie(Struct, frozen=True):
    """A sum that ties KPIs together: the KPI's amount is what `formula` gives, within `tolerance` in its own unit."""

    kpi_id: str
    formula: str
    tolerance: float


class Settings(Struct, frozen=True):
    """What the workbooks say of the council and the round. `return_days` counts from the quarter's last day.

    Counts of people under `withheld_under` are withheld when published; 0 withholds nothing, and 1 or 2 cannot be:
    where only a 1 is withheld, its mark says that it is a 1.
    """

    council: str
    plan: str
    board: str
    list_version: str
    return_to: str
    return_days: int
    withheld_under: int = USUAL_THRESHOLD

    @property
    def hides(self) -> bool:
        """Whether `withheld_under` is a threshold that can be kept: 0, or one under which two counts can lie."""
        return self.withheld_under == 0 or self.withheld_under >= SMALLEST_THRESHOLD


class Catalogue(Struct, frozen=True):
    """The KPI catalogue: KPIs in list order, workstreams and board sections in theirs, policy, settings, ties."""

    settings: Settings
    policy: Policy
    workstreams: tuple[Workstream, ...]
    sections: tuple[str, ...]
    kpis: tuple[Kpi, ...]
    ties: tuple[Tie, ...] = ()
    _by_id: Mapping[str, Kpi] = field(default_factory=dict)
    _live: Mapping[str | None, tuple[Kpi, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Looked up for every row and finding: going through thousands of KPIs each time was a tenth of a large round.
        live: dict[str | None, list[Kpi]] = {None: []}
        for kpi in self.kpis:
            if kpi.life is Life.LIVE:
                live[None].append(kpi)
                live.setdefault(kpi.workstream, []).append(kpi)
        force_setattr(self, "_by_id", {kpi.id: kpi for kpi in reversed(self.kpis)})
        force_setattr(self, "_live", {name: tuple(kpis) for name, kpis in live.items()})

    def kpi(self, kpi_id: str) -> Kpi | None:
        """The KPI with this id, or None."""
        return self._by_id.get(kpi_id)

    def by_board_ref(self) -> dict[str, Kpi]:
        """The KPI that each board ref, in small letters, stands for: the one that has it, else a retired one that had.

        Not for every row: it is made anew each time.
        """
        having = [kpi for kpi in self.kpis if kpi.board_ref]
        return {kpi.board_ref.casefold(): kpi for kpi in sorted(having, key=lambda kpi: kpi.life is not Life.RETIRED)}

    def live(self, workstream: str | None = None) -> tuple[Kpi, ...]:
        """The live KPIs in list order, of all workstreams or of one."""
        return self._live.get(workstream, ())
