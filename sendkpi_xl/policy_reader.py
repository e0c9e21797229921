"""The council's settings and its rating policy, from their sheets of the catalogue workbook."""

from __future__ import annotations

from collections.abc import Iterable

from sendkpi_xl.catalogue_fields import CatalogueFields
from sendkpi_xl.layout import (
    CATALOGUE_SETTINGS,
    CATALOGUE_SHARES,
    CATALOGUE_TOLERANCES,
    SETTING_NAMES,
    SETTINGS_ADDED_LATER,
)
from sendkpi_xl.model import SMALLEST_THRESHOLD, USUAL_THRESHOLD, Measure, Policy, Profile, Settings, Tolerance, Unit
from sendkpi_xl.reading import Place
from sendkpi_xl.tables import Row

Rows = dict[str, tuple[Row, ...]]
"""The rows of the catalogue's tables, by sheet."""


def settings_and_policy(rows: Rows, fields: CatalogueFields, file: str) -> tuple[Settings, Policy]:
    """What the sheets Settings, Tolerances and Profiles say; whatever is wrong there is among `fields.findings`."""
    settings, smallest_sample = _settings(rows[CATALOGUE_SETTINGS.sheet], fields, file)
    tolerances = _tolerances(rows, fields, file)
    shares, unmoved_until = _profiles(rows, fields, file)
    return settings, Policy(tolerances, shares, smallest_sample, unmoved_until)


def _tolerances(rows: Rows, fields: CatalogueFields, file: str) -> dict[Unit, Tolerance]:
    tolerances: dict[Unit, Tolerance] = {}
    for unit, row in fields.row_of_each(Unit, "unit", CATALOGUE_TOLERANCES, rows, file).items():
        measure = fields.choice(row, "measure", Measure)
        green, amber = fields.needed_number(row, "green"), fields.needed_number(row, "amber")
        steady = fields.steady(row, unit)
        if measure is None or green is None or amber is None:
            continue
        if fields.in_order(row, "green", unit, green, amber):
            tolerances[unit] = Tolerance(green, amber, measure, steady)
    return tolerances


def _profiles(
    rows: Rows, fields: CatalogueFields, file: str
) -> tuple[dict[Profile, tuple[float, float, float, float]], dict[Profile, int]]:
    """Each profile's shares of the year, and until which quarter it may stand at its baseline where it may."""
    shares: dict[Profile, tuple[float, float, float, float]] = {}
    unmoved_until: dict[Profile, int] = {}
    for profile, row in fields.row_of_each(Profile, "profile", CATALOGUE_SHARES, rows, file).items():
        first, second, third, fourth = (fields.needed_number(row, f"q{quarter}") or 0.0 for quarter in (1, 2, 3, 4))
        shares[profile] = (first, second, third, fourth)
        if until := fields.whole(row, "unmoved_until", most=4):
            unmoved_until[profile] = until
    return shares, unmoved_until


def _settings(rows: Iterable[Row], fields: CatalogueFields, file: str) -> tuple[Settings, int]:
    by_name = {row.text("setting").casefold(): row for row in rows}
    texts: dict[str, str] = {}
    numbers = {"return_days": 0, "smallest_sample": 0, "withheld_under": USUAL_THRESHOLD}
    for key, name in SETTING_NAMES.items():
        row = by_name.get(name.casefold())
        if row is None and key in SETTINGS_ADDED_LATER:
            continue
        if row is None:
            place = Place(file, CATALOGUE_SETTINGS.sheet)
            fields.wrong(place, name, f"No setting “{name}”.", "A row for it.", "Put the row back.")
        elif key in numbers:
            numbers[key] = fields.needed_whole(row, "value", most=1000)
        else:
            texts[key] = fields.text(row, "value", needed=f"The setting “{name}”.")
    texts |= {key: "" for key in SETTING_NAMES if key not in texts and key not in numbers}
    settings = Settings(**texts, return_days=numbers["return_days"], withheld_under=numbers["withheld_under"])
    if not settings.hides:
        row = by_name[SETTING_NAMES["withheld_under"].casefold()]
        found = f"Counts under {settings.withheld_under} are withheld: the mark alone would say what stood there."
        expected = f"0, which withholds nothing, or a whole number from {SMALLEST_THRESHOLD}; 5 is usual."
        fields.wrong(row.place("value"), row.text("setting"), found, expected, "Correct it.")
    return settings, numbers["smallest_sample"]
