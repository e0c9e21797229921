"""Readings, ratings and people's last word joined to one record for each KPI and quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from sendkpi_xl.comment_text import personal_data
from sendkpi_xl.findings import finding
from sendkpi_xl.gathered import Gathered
from sendkpi_xl.model import Catalogue, Goal, Kpi
from sendkpi_xl.moderated import Moderation, Override, Remark
from sendkpi_xl.outlook import Outlook, outlook_for
from sendkpi_xl.period import Period
from sendkpi_xl.rating import Standard, rate, standard_for
from sendkpi_xl.reading import Finding, Rag, Rating, Reading, Reason, Status
from sendkpi_xl.shorthand import Symbol, in_order

LEFT_OUT = (Reason.NOT_YET,)
"""Reasons for which the board leaves a KPI off its dataset: the data will come. It is listed as not reported."""


class RatedReading(Struct, frozen=True):
    """One KPI in one quarter with all that is known of it; `override` None means that the computed rating holds.

    `outlook` is where the KPI is going, as it looks in that quarter; `remark` what the team adds for the board.
    """

    kpi: Kpi
    goal: Goal
    standard: Standard
    reading: Reading
    computed: Rating
    override: Override | None
    outlook: Outlook
    remark: Remark

    @property
    def comment(self) -> str:
        """The words that the board reads: the team's where there are some, else the lead's."""
        return self.remark.board_comment or self.reading.comment

    @property
    def agreed(self) -> Rag | None:
        """The rating that the board sees: the override's where there is one, else the computed one."""
        return self.computed.rag if self.override is None else self.override.rag

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The shorthand beside the figure, in its order; none where there is no figure.

        A figure from too few answers or cases is of low reliability whether or not the lead says so.
        """
        if self.reading.value is None:
            return ()
        few = (Symbol.LOW_RELIABILITY,) if self.standard.too_few(self.reading.denominator) else ()
        return in_order((*few, *self.reading.symbols))

    @property
    def on_dataset(self) -> bool:
        """Whether the board's dataset has a row for it this quarter; what it leaves out is listed as not reported."""
        if self.override is not None or self.reading.status in (Status.REPORTED, Status.QUERIED):
            return True
        if self.reading.status is Status.NOT_RETURNED:
            return bool(self.kpi.board_ref)
        return self.reading.reason not in LEFT_OUT


Quarters = Mapping[Period, Sequence[RatedReading]]
"""Rated readings by quarter, those of the year before among them where they are known."""


def rate_readings(
    catalogue: Catalogue, gathered: Gathered, moderation: Moderation, before: Sequence[Gathered] = ()
) -> tuple[RatedReading, ...]:
    """Rate a quarter's readings and set the overrides that still hold beside them, in the board's order.

    `before` are the quarters that there are, for where each KPI is going; later ones play no part.
    """
    period = gathered.period
    series = _series((gathered, *before))
    rated = []
    for kpi in in_board_order(catalogue):
        goal = kpi.goal(period.year)
        standard = standard_for(kpi, goal, catalogue.policy, period.quarter)
        reading = gathered.reading(kpi.id)
        computed = rate(kpi, standard, reading.value, reading.denominator)
        held = override_held(moderation, kpi.id, period)
        outlook = outlook_for(catalogue.policy, kpi, period, series[kpi.id])
        rated.append(RatedReading(kpi, goal, standard, reading, computed, held, outlook, moderation.remark(kpi.id)))
    return tuple(rated)


def _series(quarters: Sequence[Gathered]) -> Mapping[str, Mapping[Period, Reading]]:
    """Each KPI's readings by quarter."""
    series: dict[str, dict[Period, Reading]] = {}
    for each in quarters:
        for reading in each.readings:
            series.setdefault(reading.kpi_id, {})[each.period] = reading
    return series


def override_held(moderation: Moderation, kpi_id: str, period: Period) -> Override | None:
    """The override of a KPI's rating that holds in `period`; None where the computed one does."""
    override = moderation.override(kpi_id)
    return override if override is not None and holds(override, period) else None


def holds(override: Override, period: Period) -> bool:
    """Whether an override has what it needs (a reason, a name, a quarter that is one) and has not lapsed by now."""
    readable = not override.until or Period.parse(override.until) is not None
    return bool(override.reason and override.who) and readable and not _lapsed(override, period)


def _lapsed(override: Override, period: Period) -> bool:
    until = Period.parse(override.until)
    return until is not None and until < period


def in_board_order(catalogue: Catalogue) -> list[Kpi]:
    """The live KPIs by section and board ref; those without a ref at the end of their section, in list order."""
    sections = {name: position for position, name in enumerate(catalogue.sections)}

    def order(kpi: Kpi) -> tuple[int, float, str]:
        ref = float(kpi.board_ref) if kpi.board_ref.isdecimal() else float("inf")
        return sections[kpi.section], ref, kpi.board_ref

    return sorted(catalogue.live(), key=order)


def moderation_findings(rated: Sequence[RatedReading], moderation: Moderation, period: Period) -> list[Finding]:
    """What the team should look at again in its overrides, and KPIs that the board's dataset has no ref for."""
    findings = []
    for each in rated:
        override = moderation.override(each.kpi.id)
        if each.reading.value is not None and not each.kpi.board_ref:
            findings.append(finding("K01", each.reading.place, each.kpi.id))
        if override is not None:
            findings += _override_findings(override, each, period)
        findings += _remark_findings(each)
    known = {each.kpi.id for each in rated}
    rows: tuple[Override | Remark, ...] = (*moderation.overrides, *moderation.remarks)
    strangers = (each for each in rows if each.kpi_id not in known)
    return findings + [_stranger(each) for each in strangers]


def _remark_findings(each: RatedReading) -> Iterable[Finding]:
    remark = each.remark
    missing = [word for word, text in (("an owner", remark.owner), ("a date", remark.by_when)) if not text]
    if remark.action and missing:
        yield finding("M13", remark.place, each.kpi.id, missing=" and ".join(missing))
    if kinds := personal_data(f"{remark.board_comment} {remark.action}"):
        yield finding("M14", remark.place, each.kpi.id, kinds=" and ".join(kinds))


def _override_findings(override: Override, each: RatedReading, period: Period) -> Iterable[Finding]:
    missing = [word for word, text in (("a reason", override.reason), ("a name", override.who)) if not text]
    if missing:
        yield finding("M01", override.place, each.kpi.id, missing=" and ".join(missing))
    if _lapsed(override, period):
        yield finding("M02", override.place, each.kpi.id, until=override.until)
    if not holds(override, period):
        return
    if override.rag == each.computed.rag:
        yield finding("M03", override.place, each.kpi.id)
    elif override.rag is not None and each.reading.value is None:
        yield finding("M04", override.place, each.kpi.id)


def _stranger(row: Override | Remark) -> Finding:
    found = f"{row.kpi_id or 'An empty id'} is not the id of a live KPI, so what stands in its row is not used."
    words = {
        "found": found,
        "expected": "The id of a live KPI.",
        "action": "Move the entries to its row, or clear them.",
    }
    return finding("T09", row.place, row.kpi_id, **words)
