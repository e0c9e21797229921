"""A catalogue proposed from a published list: what each title says of its KPI, and what it leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from sendkpi_xl.clues import DECIMALS, LIVES, POLARITIES, PROFILES, SHARES, SURVEYS, UNITS, first_clue
from sendkpi_xl.known_kpis import followed, left_out, match_known
from sendkpi_xl.model import Catalogue, Goal, Kpi, Life, Unit, Workstream
from sendkpi_xl.policy import DEFAULT_POLICY, FIRST_SETTINGS
from sendkpi_xl.published_list import ListedKpi


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
            proposed.append(followed(old[same[position]], entry))
        else:
            number += 1
            proposed.append(_from_title(f"K{number:03d}", entry))
    taken = set(same.values())
    left = (left_out(kpi) for position, kpi in enumerate(old) if position not in taken)
    return (*proposed, *left)


def propose_catalogue(
    listed: Sequence[ListedKpi], list_version: str, known: Catalogue | None = None, year: str = ""
) -> Catalogue:
    """A whole catalogue for the list; settings, policy, codes and section order are `known`'s, if given.

    With a financial `year`, each live KPI gets an empty baseline and target for it, ready to be filled in.
    """
    kpis = tuple(_with_goal(kpi, year) for kpi in propose_kpis(listed, known))
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


def _with_goal(kpi: Kpi, year: str) -> Kpi:
    if not year or kpi.life is not Life.LIVE or any(goal.year == year for goal in kpi.goals):
        return kpi
    return replace(kpi, goals=(*kpi.goals, Goal(year)))


def _from_title(kpi_id: str, entry: ListedKpi) -> Kpi:
    unit, share = first_clue(UNITS, entry.title), first_clue(SHARES, entry.title)
    polarity, profile = first_clue(POLARITIES, entry.title), first_clue(PROFILES, entry.title)
    survey, life = first_clue(SURVEYS, entry.title), first_clue(LIVES, entry.title)
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
