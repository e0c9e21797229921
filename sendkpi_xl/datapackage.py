"""What the tidy data is, for other programs: a Data Package with a Table Schema of every column, beside its CSV."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sendkpi_xl.edition import Edition
from sendkpi_xl.folder import READINGS_FILE
from sendkpi_xl.model import Catalogue
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Reason
from sendkpi_xl.shorthand import Symbol
from sendkpi_xl.tidy_column import TidyColumn
from sendkpi_xl.tidy_columns import COLUMNS_OF, KEY
from sendkpi_xl.tidy_data import LINE_END

HELD_DOWN = (
    "A text that a spreadsheet could take for a formula (it begins with =, +, -, @, a tab, a carriage return or the "
    "wide form of a sign) is written with an apostrophe in front, which is no part of it; numbers never are."
)
NOT_SUPPRESSED = (
    "For the performance team: small numbers are not suppressed, and names of people stand in it, so it is not for "
    "publication as it is."
)


def data_package(catalogue: Catalogue, period: Period, data: bytes, edition: Edition = Edition.INTERNAL) -> bytes:
    """The descriptor of a quarter's tidy data, which as CSV is `data`: JSON in UTF-8, the same for the same inputs."""
    told = NOT_SUPPRESSED if edition is Edition.INTERNAL else _suppressed(catalogue.settings.withheld_under)
    plan, so_far = catalogue.settings.plan, f"Quarter 1 to {period.label}" if period.earlier else period.label
    title = f"{plan}: KPI readings and ratings, {period.label}"
    descriptor = {
        "profile": "tabular-data-package",
        "name": f"kpi-readings-{period.code.lower()}",
        "title": title,
        "description": f"Every live KPI of the {plan} ({catalogue.settings.council}), {so_far}. {told}",
        "resources": [_resource(title, data, edition)],
    }
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()


def _suppressed(threshold: int) -> str:
    if not threshold:
        return "For publication, without names of people. No number is withheld."
    return (
        f"For publication, without names of people. Numbers of 1 to {threshold - 1} people are withheld, and what "
        f"would give them back: in words {Symbol.CONFIDENTIAL} stands in their place, and a reported figure that is "
        f"withheld is empty, with the reason “{Reason.TOO_FEW}”. A rating that is withheld is empty, and "
        f"{Symbol.CONFIDENTIAL} is its sentence."
    )


def _resource(title: str, data: bytes, edition: Edition) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": "readings",
        "path": READINGS_FILE,
        "title": title,
        "description": f"A row for each KPI and quarter. {HELD_DOWN} The file begins with a byte order mark.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",  # the registered name; readers of it pass over the byte order mark
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": LINE_END,
            "quoteChar": '"',
            "doubleQuote": True,
            "skipInitialSpace": False,
            "header": True,
        },
        "schema": table_schema(edition),
    }


def table_schema(edition: Edition = Edition.INTERNAL) -> dict[str, Any]:
    """The Table Schema of the tidy data: its columns from left to right, what an empty field means, its key."""
    return {
        "fields": [_field(column) for column in COLUMNS_OF[edition]],
        "missingValues": [""],
        "primaryKey": list(KEY),
    }


def _field(column: TidyColumn) -> dict[str, Any]:
    field = {
        "name": column.name,
        "title": column.title,
        "description": column.says,
        "type": "number" if column.number else "string",
    }
    constraints = _constraints(column)
    return {**field, "constraints": constraints} if constraints else field


def _constraints(column: TidyColumn) -> dict[str, Any]:
    """What a field of the column must be; an empty choice is an empty field, so it is no choice here."""
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.choices:
        constraints["enum"] = [each.value for each in column.choices if each.value]
    if column.pattern:
        constraints["pattern"] = column.pattern
    return constraints
