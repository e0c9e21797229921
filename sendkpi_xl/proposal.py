"""A catalogue proposed from a published list: what each title says of its KPI, and what it leaves open.

The clues are tables, read from the top: the first whose pattern a title holds decides, and the last, whose
pattern is empty, decides for every other title. A clue with a `doubt` proposes a value for review.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Generic, TypeVar

from sendkpi_xl.model import Catalogue, Kpi, Life, Polarity, Profile, Unit, Workstream
from sendkpi_xl.policy import DEFAULT_POLICY, FIRST_SETTINGS
from sendkpi_xl.published_list import ListedKpi

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Clue(Generic[T]):
    """What words in a title say of one attribute; `doubt` is what they leave open, empty if nothing."""

    pattern: str
    value: T
    doubt: str = ""

    def __post_init__(self) -> None:
        re.compile(self.pattern)


WHICH_WAY = "the title does not say which way is better."
SIGN = "the title does not say whether a deficit or gap is written with a plus or a minus."
FORECAST = "the title does not say whether it is the year's forecast or the sum so far."
NUMBER_OR_CUT = "the title does not say whether the number or its reduction is meant, nor whether its groups add up."
MONTH_OR_WINTER = "the title does not say whether it is a month's figure or the December to February average."
THEN_OR_SO_FAR = "the title does not say whether it counts those at the quarter's end or all so far in the year."
UNCONFIRMED = "the KPI is still to be confirmed."

PERCENT = r"%|\bper ?cent\b|percentage|proportion"
CHANGE = r"% (increase|decrease|growth|change|reduction)\b"
AVERAGE = r"\baverage\b.*(cost|price|spend|£)|\b(unit cost|cost per)\b"
TO_COME = r"\bto be (confirmed|agreed|determined|developed)\b|\bTBC\b"
ASKED = r"\b(who|that) (feel|felt|say|said|think|thought|agree|believe)\b"
CONTENT = r"\b(satisfied|satisfaction|happy|pleased|confident|confidence)\b"

UNITS = (
    Clue(r"%.*(\(and of these\b|\bat both\b)", Unit.PERCENT, "the title asks for more than one percentage."),
    # Share words come first: "Number of complaints as percentage of EHCPs" is a percentage.
    Clue(PERCENT, Unit.PERCENT),
    Clue(r"\b(vacancy|attendance|absence|completion|response|retention|turnover) rate", Unit.PERCENT),
    Clue(r"\brates?\b", Unit.PERCENT, "the title does not say what the rate is a share of."),
    Clue(TO_COME, Unit.COUNT, UNCONFIRMED),
    Clue(r"reduction in the number", Unit.COUNT, NUMBER_OR_CUT),
    Clue(r"\b(days|months) (from|to|taken)\b|\btime taken\b", Unit.WEEKS, "the title does not say weeks."),
    # Before money and weeks: the number of personal budgets is not money, that of long waits not weeks.
    Clue(r"\bnumber of\b", Unit.COUNT),
    # Health services count waits in weeks, as their guidelines do.
    Clue(r"\bwaiting times?\b|\bweeks\b", Unit.WEEKS),
    Clue(AVERAGE, Unit.AVERAGE),
    # The high needs block (HNB) is the part of the dedicated schools grant (DSG) that pays for SEND.
    Clue(r"£|\b(HNB|DSG|spend|expenditure|deficit|outturn|savings?|costs?|block transfers?)\b", Unit.MONEY),
    Clue(r"\bgeneral fund\b|\b(grant|funding|budget) allocation", Unit.MONEY),
    # Movements of education, health and care plans (EHCPs) and places: how many came, went and are.
    Clue(r"^(actual|net|new|ceased|movers|total)\b", Unit.COUNT),
    Clue(r"\bscores?\b", Unit.COUNT, "the title names scores and not what they are counted in."),
    Clue("", Unit.COUNT, "the title does not say what it is counted in."),
)

DECIMALS = {Unit.COUNT: 0, Unit.PERCENT: 1, Unit.MONEY: 0, Unit.AVERAGE: 0, Unit.WEEKS: 0}

# Whether a percentage is one number out of another: a change, and a gap between two figures, are not.
SHARES = (Clue(rf"{CHANGE}|\bgap\b", False), Clue("", True))

SURVEYS = (
    Clue(rf"{ASKED}|{CONTENT}", True),
    # Audits and training records are used for these as well as surveys.
    Clue(r"\bwho (understand|know|are aware)\b", False, "the title does not say whether a survey asks them."),
    Clue("", False),
)

POLARITIES = (
    Clue(TO_COME, Polarity.CONTEXT, UNCONFIRMED),
    # Some print a deficit as a positive sum, some as a negative one; better is then down or up.
    Clue(r"surplus.*deficit|deficit.*surplus|funding gap", Polarity.CONTEXT, SIGN),
    # "% increase" is the measure, "increases" at a title's end the aim; demand may rise or fall for good.
    Clue(CHANGE, Polarity.CONTEXT, WHICH_WAY),
    # Surveys ask what should be so: that people feel heard, are satisfied, agree. Some ask what should not.
    Clue(rf"{ASKED}.*\b(not|unsafe|lonely|isolated|bullied)\b", Polarity.CONTEXT, WHICH_WAY),
    Clue(rf"{ASKED}|{CONTENT}", Polarity.HIGHER),
    # The aim in the title's own words.
    Clue(r"\breduces?\b|^reduction in\b|\bdecreases\b|\b(is|are) below\b", Polarity.LOWER),
    Clue(r"\bincreases\b|\b(is|are) above\b", Polarity.HIGHER),
    # Savings before costs: "savings / cost mitigation". Costs are held against a budget; a share of spend is not.
    Clue(r"\bsavings?\b", Polarity.HIGHER),
    Clue(rf"\bdeficit\b|{AVERAGE}|^[^%]*\b(spend|expenditure)\b", Polarity.LOWER),
    # Waits, gaps between groups, and places that are paid for and empty.
    Clue(r"^[^%]*\bwaiting times?\b|\bgap\b|\bvacancy rate\b", Polarity.LOWER),
    # Work done, in time, and well. Before what is bad in itself: complaints answered in time are good.
    Clue(r"\bwithin (the )?(statutory|mandatory|\d+)|\bgood\b|\baudited\b|\bskilled\b", Polarity.HIGHER),
    Clue(r"\b(completed|delivered|achieving|qualified|resolved|reintegrated|trained)\b", Polarity.HIGHER),
    # Young people not in education, employment or training (NEET) or kept out of school; complaints.
    Clue(r"\bNEET\b|\bnot in (education|employment|training|school)\b|\bcomplaints?\b", Polarity.LOWER),
    Clue(r"\bexclu(ded|sions?)\b|\bsuspensions?\b|\babsence\b", Polarity.LOWER),
    # Independent and non-maintained (NM) places cost the most: recovery plans bring their share down.
    Clue(r"\bindependent\b|\bnon-maintained\b", Polarity.LOWER),
    # In mainstream school or on a path to work: what the SEND Code of Practice wants for most.
    Clue(r"\bmainstream\b|\bfurther education\b|\bvocational\b|\bemployment\b", Polarity.HIGHER),
    # Places used, services reached, people heard, and what changed because of them.
    Clue(r"\bplaces (created|filled)\b|\btake[ -]?up\b|\bworking with\b|\battendance\b", Polarity.HIGHER),
    Clue(r"\bviews\b.*\bcaptured\b|\bfeedback\b|\bas a result of\b", Polarity.HIGHER),
    Clue("", Polarity.CONTEXT, WHICH_WAY),
)

PROFILES = (
    Clue(TO_COME, Profile.SNAPSHOT, UNCONFIRMED),
    # Told once a year: exam results, school leavers, the Early Years Foundation Stage Profile (EYFSP).
    Clue(r"\beach year\b|\bby the end of year \d+|\bqualified\b|\bEYFSP\b|\bGCSEs?\b", Profile.ANNUAL),
    Clue(r"\battainment\b|\bgood level of development\b|\bkey stage \d results", Profile.ANNUAL),
    Clue(r"\bNEET\b|\bnot in education\b", Profile.SNAPSHOT, MONTH_OR_WINTER),
    Clue(CHANGE, Profile.SNAPSHOT, "the title does not say since when."),
    # A share, an average, a wait, a balance or a forecast is not summed over quarters.
    Clue(
        rf"{PERCENT}|\brates?\b|^average\b|{AVERAGE}|\bwaiting times?\b|\bcumulative\b|\bprojected\b", Profile.SNAPSHOT
    ),
    # Agreed for the whole year when its budget is set.
    Clue(r"\ballocation\b|\bblock transfers?\b|\bgeneral fund\b", Profile.SNAPSHOT),
    Clue(r"\bsavings?\b.*\bachieved\b", Profile.YEAR_TO_DATE),
    Clue(r"\bsavings?\b", Profile.YEAR_TO_DATE, FORECAST),
    Clue(r"£|\b(spend|expenditure|surplus|deficit|outturn|costs?)\b", Profile.SNAPSHOT, FORECAST),
    # Events, which add up over the year.
    Clue(r"^(new|ceased|movers)\b", Profile.YEAR_TO_DATE),
    Clue(r"\bnumber of\b.*\b(made|put in place|captured|give feedback|attended|held)\b", Profile.YEAR_TO_DATE),
    Clue(r"\bnumber of\b", Profile.SNAPSHOT, THEN_OR_SO_FAR),
    Clue("", Profile.SNAPSHOT),
)

LIVES = (Clue(TO_COME, Life.PROPOSED), Clue("", Life.LIVE))


def propose_kpis(listed: Sequence[ListedKpi], known: Catalogue | None = None) -> tuple[Kpi, ...]:
    """A KPI for each listed one, in list order, with `known`'s KPIs that the list lacks at the end.

    A listed KPI that `known` has already keeps its id and everything that was reviewed; ref, workstream,
    sub-area and title follow the list. New ones get the next number, and what their titles say.
    """
    old = known.kpis if known else ()
    same = match_known(listed, old)
    number = max((int(found[1]) for kpi in old if (found := re.fullmatch(r"K([0-9]+)", kpi.id))), default=0)
    proposed: list[Kpi] = []
    for position, entry in enumerate(listed):
        if position in same:
            proposed.append(_followed(old[same[position]], entry))
        else:
            number += 1
            proposed.append(_from_title(f"K{number:03d}", entry))
    taken = set(same.values())
    left = (_left_out(kpi) for position, kpi in enumerate(old) if position not in taken)
    return (*proposed, *left)


def propose_catalogue(listed: Sequence[ListedKpi], list_version: str, known: Catalogue | None = None) -> Catalogue:
    """A whole catalogue for the list; settings, policy, codes and section order are `known`'s, if given."""
    kpis = propose_kpis(listed, known)
    names = dict.fromkeys(kpi.workstream for kpi in kpis)
    codes = {workstream.name: workstream.code for workstream in known.workstreams} if known else {}
    known_sections = known.sections if known else ()
    return Catalogue(
        settings=replace(known.settings if known else FIRST_SETTINGS, list_version=list_version),
        policy=known.policy if known else DEFAULT_POLICY,
        workstreams=workstreams(names, codes),
        sections=tuple(dict.fromkeys((*known_sections, *(kpi.section for kpi in kpis if kpi.section)))),
        kpis=kpis,
    )


def _from_title(kpi_id: str, entry: ListedKpi) -> Kpi:
    unit, share = _first(UNITS, entry.title), _first(SHARES, entry.title)
    polarity, profile = _first(POLARITIES, entry.title), _first(PROFILES, entry.title)
    survey, life = _first(SURVEYS, entry.title), _first(LIVES, entry.title)
    doubts = (("Unit", unit.doubt), ("Polarity", polarity.doubt), ("Profile", profile.doubt), ("Survey", survey.doubt))
    return Kpi(
        id=kpi_id,
        ref=entry.ref,
        workstream=entry.workstream,
        sub_area=entry.sub_area,
        title=entry.title,
        unit=unit.value,
        decimals=DECIMALS[unit.value],
        polarity=polarity.value,
        profile=profile.value,
        share=unit.value is Unit.PERCENT and share.value,
        survey=survey.value,
        life=life.value,
        section=entry.workstream,
        review=" ".join(f"{name}: {doubt}" for name, doubt in doubts if doubt),
    )


def _first(clues: Iterable[Clue[T]], title: str) -> Clue[T]:
    return next(clue for clue in clues if re.search(clue.pattern, title, re.IGNORECASE))


# --- A list against the catalogue made before

GONE = "Life: the list no longer has this KPI, so retiring it is proposed."
BACK = "Life: the list has this KPI again, after it was retired for not being there."
REWORDED = "Title: the list words it differently now; before, it was “{}”."
MOVED = "Workstream: matched by its title alone; before, it was ref {} of {}."
ALIKE = 0.75
"""How like the old title a new one under the same ref must be (difflib's ratio) to be that KPI reworded."""


def match_known(listed: Sequence[ListedKpi], known: Sequence[Kpi]) -> dict[int, int]:
    """The position in `known` of each listed KPI that is there already, by its position in `listed`.

    The surest likeness is looked for first in the whole list, so that a list numbered anew does not hand a
    KPI's id to its neighbour; a known KPI is used once.
    """
    pairs: dict[int, int] = {}
    for likeness in LIKENESSES:
        taken = set(pairs.values())
        for position, entry in enumerate(listed):
            if position in pairs:
                continue
            like = (n for n, kpi in enumerate(known) if n not in taken and likeness(entry, kpi))
            if (found := next(like, None)) is not None:
                pairs[position] = found
                taken.add(found)
    return pairs


def _same_ref(entry: ListedKpi, kpi: Kpi) -> bool:
    return entry.ref.casefold() == kpi.ref.casefold()


def _same_title(entry: ListedKpi, kpi: Kpi) -> bool:
    return _folded(entry.title) == _folded(kpi.title)


def _same_home(entry: ListedKpi, kpi: Kpi) -> bool:
    return _folded(entry.workstream) == _folded(kpi.workstream) and _folded(entry.sub_area) == _folded(kpi.sub_area)


def _reworded(entry: ListedKpi, kpi: Kpi) -> bool:
    """Whether the titles differ in words and not in figures: `<16` and `>16` are different KPIs."""
    new, old = _folded(entry.title), _folded(kpi.title)
    figures = r"[<>%£]|\d+"
    return (
        re.findall(figures, new) == re.findall(figures, old)
        and SequenceMatcher(None, new, old, autojunk=False).ratio() >= ALIKE
    )


LIKENESSES: tuple[Callable[[ListedKpi, Kpi], bool], ...] = (
    lambda entry, kpi: _same_ref(entry, kpi) and _same_title(entry, kpi),
    lambda entry, kpi: _same_title(entry, kpi) and _same_home(entry, kpi),
    lambda entry, kpi: _same_ref(entry, kpi) and _reworded(entry, kpi),
    _same_title,
)


@lru_cache(maxsize=10_000)
def _folded(text: str) -> str:
    """A text as it is compared: case, spacing, kinds of dash and quote, and a closing mark do not count."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(str.maketrans("‐‑‒–—−’‘“”", "------''\"\""))
    return " ".join(plain.split()).rstrip(" .*")


def _followed(kpi: Kpi, entry: ListedKpi) -> Kpi:
    """A known KPI under the list's ref, workstream, sub-area and title; what is odd is for review."""
    review, life = kpi.review, kpi.life
    if GONE in review:
        review, life = review.replace(GONE, BACK), _first(LIVES, entry.title).value
    if not _same_title(entry, kpi):
        review = _with(review, REWORDED.format(kpi.title))
    elif not (_same_ref(entry, kpi) or _same_home(entry, kpi)):
        review = _with(review, MOVED.format(kpi.ref or "(none)", kpi.workstream))
    return replace(
        kpi,
        ref=entry.ref,
        workstream=entry.workstream,
        sub_area=entry.sub_area,
        title=entry.title,
        life=life,
        review=review,
    )


def _left_out(kpi: Kpi) -> Kpi:
    """A known KPI that the list lacks: to be retired, unless it has no ref and so was never in a list."""
    if not kpi.ref or kpi.life is Life.RETIRED:
        return kpi
    return replace(kpi, life=Life.RETIRED, review=_with(kpi.review, GONE))


def _with(review: str, sentence: str) -> str:
    return f"{review} {sentence}".strip()


# --- Workstreams and their codes

SMALL_WORDS = {"a", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with"}


def workstreams(names: Iterable[str], codes: Mapping[str, str]) -> tuple[Workstream, ...]:
    """The workstreams in their order, with `codes` where a name has one already, else one from the name."""
    made = {name: codes[name] for name in names if name in codes}
    taken = {code.casefold() for code in made.values()}
    for name in names:
        if name not in made:
            made[name] = _free(workstream_code(name), taken)
            taken.add(made[name].casefold())
    return tuple(Workstream(name, made[name]) for name in names)


def workstream_code(name: str) -> str:
    """`WS1` for “WS 1: …” and “Workstream 1”, `SPB` for “SEND Partnership Board”, `TRAN` for “Transport”."""
    if numbered := re.match(r"\s*(?:WS|workstream)\s*([0-9]+)\b", name, re.IGNORECASE):
        return f"WS{int(numbered[1])}"
    words = [word for word in re.findall(r"[^\W\d_]+", name) if word.casefold() not in SMALL_WORDS]
    letters = words[0] if len(words) == 1 else "".join(word[0] for word in words)
    return letters[:4].upper() or "WS"


def _free(code: str, taken: set[str]) -> str:
    """The code, with a number if it is taken; with _ because an Excel table's name allows no hyphen."""
    tries = (code, *(f"{code}_{number}" for number in range(2, len(taken) + 3)))
    return next(attempt for attempt in tries if attempt.casefold() not in taken)
