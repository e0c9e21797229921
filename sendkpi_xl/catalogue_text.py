"""The catalogue as text (TOML): one line an attribute, so that a change shows in a diff."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from msgspec.structs import fields

from sendkpi_xl.catalogue_text_check import QUARTERS, UNMOVED, wrong_in
from sendkpi_xl.findings import Refusal, finding
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
from sendkpi_xl.reading import Place

HEADER = "# The KPI catalogue as text. Made from the workbook, or the workbook from it: sendkpi catalogue --help\n\n"


def catalogue_to_text(catalogue: Catalogue) -> str:
    """The catalogue as TOML; attributes that hold their default value are left out."""
    import tomli_w

    policy = catalogue.policy
    document: dict[str, Any] = {
        "settings": {
            **_plain(catalogue.settings),
            "smallest_sample": policy.smallest_sample,
            "withheld_under": catalogue.settings.withheld_under,
        },
        "sections": list(catalogue.sections),
        "workstreams": [_plain(workstream) for workstream in catalogue.workstreams],
        "tolerances": [{"unit": unit.value, **_plain(tolerance)} for unit, tolerance in policy.tolerances.items()],
        "profiles": [
            {"profile": profile.value, **dict(zip(QUARTERS, shares, strict=True)), **_unmoved(policy, profile)}
            for profile, shares in policy.shares.items()
        ],
        **({"ties": [_plain(tie) for tie in catalogue.ties]} if catalogue.ties else {}),
        "kpis": [
            {**_plain(kpi), "goals": {goal.year: _plain(goal, "year") for goal in kpi.goals}} for kpi in catalogue.kpis
        ],
    }
    return HEADER + tomli_w.dumps(document)


def _unmoved(policy: Policy, profile: Profile) -> dict[str, int]:
    return {UNMOVED: policy.unmoved_until[profile]} if profile in policy.unmoved_until else {}


def _plain(record: Any, *left_out: str) -> dict[str, Any]:
    """A record's fields that differ from their defaults, with choices as their words."""
    plain: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name in ("goals", *left_out) or value is None or value == field.default:
            continue
        plain[field.name] = str(value) if isinstance(value, str) else value
    return plain


def catalogue_from_text(text: str, file: str) -> Catalogue:
    """The catalogue that a TOML text holds; Refusal with every finding when it is not such a text."""
    try:
        document = tomllib.loads(text)
        wrong = wrong_in(document)
    except ValueError as error:  # a TOMLDecodeError, or an integer of more than 4,300 digits
        wrong = [f"It cannot be read as TOML: {error}."]
    except RecursionError:
        wrong = ["It cannot be read as TOML: it is nested too deeply."]
    if wrong:
        expected = "A KPI catalogue in text form."
        action = "Mend the text, or make it from the workbook again with sendkpi catalogue."
        place = Place(file)
        raise Refusal([finding("T09", place, found=found, expected=expected, action=action) for found in wrong])
    return _read(document)


def _read(document: Mapping[str, Any]) -> Catalogue:
    settings = dict(document["settings"])
    smallest_sample = int(settings.pop("smallest_sample"))
    policy = Policy(
        {
            Unit(line["unit"]): Tolerance(
                float(line["green"]), float(line["amber"]), Measure(line["measure"]), float(line.get("steady", 0))
            )
            for line in document["tolerances"]
        },
        {
            Profile(line["profile"]): (float(line["q1"]), float(line["q2"]), float(line["q3"]), float(line["q4"]))
            for line in document["profiles"]
        },
        smallest_sample,
        {Profile(line["profile"]): line[UNMOVED] for line in document["profiles"] if UNMOVED in line},
    )
    return Catalogue(
        Settings(**settings),
        policy,
        tuple(Workstream(**line) for line in document["workstreams"]),
        tuple(document["sections"]),
        tuple(_kpi(line) for line in document["kpis"]),
        tuple(Tie(line["kpi_id"], line["formula"], float(line["tolerance"])) for line in document.get("ties", ())),
    )


def _kpi(line: Mapping[str, Any]) -> Kpi:
    choices = {"unit": Unit, "polarity": Polarity, "profile": Profile, "life": Life}
    attributes: dict[str, Any] = {key: choices[key](value) if key in choices else value for key, value in line.items()}
    attributes["goals"] = tuple(_goal(year, goal) for year, goal in line.get("goals", {}).items())
    return Kpi(**attributes)


def _goal(year: str, line: Mapping[str, Any]) -> Goal:
    attributes = dict(line)
    attributes |= {key: float(line[key]) for key in ("baseline", "target") if key in line}
    attributes["target_sign"] = Sign(line.get("target_sign", ""))
    return Goal(year, **attributes)
