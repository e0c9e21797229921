"""What is wrong with a catalogue in text form, before records are made of it: every slip, each as a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType, NoneType
from typing import Any, get_args, get_type_hints

from msgspec import NODEFAULT
from msgspec.structs import fields

from sendkpi_xl.findings import did_you_mean, shortened
from sendkpi_xl.model import SMALLEST_THRESHOLD, Goal, Kpi, Life, Profile, Settings, Tie, Tolerance, Unit, Workstream
from sendkpi_xl.period import Period
from sendkpi_xl.ties import wrong_with

TABLES: Mapping[str, type] = {
    "settings": dict,
    "sections": list,
    "workstreams": list,
    "tolerances": list,
    "profiles": list,
    "kpis": list,
}
OPTIONAL: Mapping[str, type] = {"ties": list}
QUARTERS = ("q1", "q2", "q3", "q4")
UNMOVED = "unmoved_until"
WORDS: Mapping[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "a table",
    list: "a list",
}

LARGEST = 1e300

Attributes = Mapping[str, type]


def wrong_in(document: Mapping[str, Any]) -> list[str]:
    """What is wrong with a parsed text: first its tables and attributes, then what one says of another."""
    wrong = [*_wrong_attributes(document, "The text", {**TABLES, **OPTIONAL}, TABLES)]
    if not wrong:
        wrong += _wrong_policy(document)
        wrong += _wrong_kpis(document["kpis"])
    return wrong or [*_wrong_threshold(document["settings"]), *_wrong_names(document), *_wrong_lines(document)]


def _wrong_threshold(settings: Mapping[str, Any]) -> Iterator[str]:
    threshold = settings.get("withheld_under", 0)
    if threshold and threshold < SMALLEST_THRESHOLD:
        yield f"settings: withheld_under is 0 or a whole number from {SMALLEST_THRESHOLD}."


def _wrong_policy(document: Mapping[str, Any]) -> Iterator[str]:
    yield from _wrong_record(document["settings"], "settings", Settings, {"smallest_sample": int})
    for number, name in enumerate(document["sections"], start=1):
        yield from _wrong_value(name, f"sections, {number}", str)
    for number, line in enumerate(document["workstreams"], start=1):
        yield from _wrong_record(line, f"workstreams, {number}", Workstream)
    for number, line in enumerate(document["tolerances"], start=1):
        yield from _wrong_record(line, f"tolerances, {number}", Tolerance, {"unit": Unit})
    for number, line in enumerate(document.get("ties", ()), start=1):
        yield from _wrong_record(line, f"ties, {number}", Tie)
    shares = {"profile": Profile, **dict.fromkeys(QUARTERS, float)}
    for number, line in enumerate(document["profiles"], start=1):
        yield from _wrong_attributes(line, f"profiles, {number}", {**shares, UNMOVED: int}, shares)


def _wrong_kpis(kpis: Iterable[Any]) -> Iterator[str]:
    for number, line in enumerate(kpis, start=1):
        name = f"kpis, {line.get('id', number) if isinstance(line, dict) else number}"
        yield from _wrong_record(line, name, Kpi, {"goals": dict})
        goals = line.get("goals") if isinstance(line, dict) else None
        for year, goal in goals.items() if isinstance(goals, dict) else ():
            if Period.parse(f"{year}-Q1") is None:
                yield f"{name}: “{shortened(year)}” is not a financial year such as 2021-22."
            yield from _wrong_record(goal, f"{name}, {year}", Goal, without="year")


def _wrong_record(
    line: object, name: str, kind: type, more: Attributes = MappingProxyType({}), without: str = ""
) -> Iterator[str]:
    """What keeps a table from being the attributes of a record of this kind, with `more` and `without` some.

    An attribute of `more` that the record has too may be left out where the record's may.
    """
    hints = get_type_hints(kind)
    own = [field for field in fields(kind) if field.name != without]
    known = {**{field.name: hints[field.name] for field in own}, **more}
    needed = [field.name for field in own if field.default is NODEFAULT]
    needed += [key for key in more if key not in hints]
    yield from _wrong_attributes(line, name, known, needed)


def _wrong_attributes(line: object, name: str, known: Attributes, needed: Iterable[str]) -> Iterator[str]:
    if not isinstance(line, dict):
        yield f"{name}: {_shown(line)} is not a table."
        return
    for key in needed:
        if key not in line:
            yield f"{name}: “{key}” is missing."
    for key, value in line.items():
        if key in known:
            yield from _wrong_value(value, f"{name}: {key}", known[key])
        else:
            yield f"{name}: “{shortened(key)}” is not one of its attributes{did_you_mean(key, list(known))}."


def _wrong_value(value: object, name: str, expected: Any) -> Iterator[str]:
    """What keeps a value from being of a type such as `str`, `float | None` or one of the choices."""
    kind = next((each for each in get_args(expected) if each is not NoneType), expected)
    if issubclass(kind, StrEnum):
        words = [choice.value for choice in kind if choice.value]
        if value not in list(kind):
            guess = did_you_mean(str(value), words)
            yield f"{name}: {_shown(value)} is not one of the choices {', '.join(words)}{guess}."
    elif type(value) is not kind and not (kind is float and type(value) is int):
        yield f"{name}: {_shown(value)} is not {WORDS[kind]}."
    elif isinstance(value, int | float) and not abs(value) < LARGEST:
        yield f"{name}: {_shown(value)} is not a number that a workbook can hold."


def _shown(value: object) -> str:
    return f"“{shortened(str(value))}”"


def _wrong_names(document: Mapping[str, Any]) -> Iterator[str]:
    """KPIs and board refs that are there twice, names that are listed nowhere, sums that cannot be worked out."""
    ids = Counter(kpi["id"] for kpi in document["kpis"])
    yield from (f"kpis: {kpi_id} is there {count} times." for kpi_id, count in ids.items() if count > 1)
    kept = (kpi for kpi in document["kpis"] if kpi.get("life") != Life.RETIRED)
    refs = Counter(kpi.get("board_ref", "").casefold() for kpi in kept)
    yield from (f"kpis: board ref {ref} is there {count} times." for ref, count in refs.items() if ref and count > 1)
    listed = {"workstream": [each["name"] for each in document["workstreams"]], "section": document["sections"]}
    for kpi in document["kpis"]:
        for key, names in listed.items():
            if kpi.get(key, "") not in names:
                guess = did_you_mean(kpi.get(key, ""), names)
                yield f"kpis, {kpi['id']}: {_shown(kpi.get(key, ''))} is not in {key}s{guess}."
    for tie in document.get("ties", ()):
        if tie["kpi_id"] not in ids:
            yield f"ties: {_shown(tie['kpi_id'])} is not a KPI's id{did_you_mean(tie['kpi_id'], list(ids))}."
        if wrong := wrong_with(tie["formula"], list(ids)):
            yield f"ties, {tie['kpi_id']}: {wrong}"


def _wrong_lines(document: Mapping[str, Any]) -> Iterator[str]:
    """Units and profiles without a line of the policy, or with two, and numbers that cannot hold together."""
    for table, key, choices in (("tolerances", "unit", Unit), ("profiles", "profile", Profile)):
        lines = Counter(line[key] for line in document[table])
        yield from (f"{table}: no line for “{choice}”." for choice in choices if not lines[choice])
        yield from (f"{table}: {count} lines for “{word}”." for word, count in lines.items() if count > 1)
    for line in document["tolerances"]:
        if not 0 <= line["green"] <= line["amber"]:
            yield f"tolerances, {line['unit']}: amber must reach at least as far as green, and both from 0."
        if line.get("steady", 0) < 0:
            yield f"tolerances, {line['unit']}: steady is a number from 0."
    for line in document["profiles"]:
        if not 1 <= line.get(UNMOVED, 1) <= len(QUARTERS):
            yield f"profiles, {line['profile']}: {UNMOVED} is a quarter, from 1 to 4."
