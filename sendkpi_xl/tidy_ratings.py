"""The tidy dataset's columns of ratings and outlook: what was made of a reading, by the policy and by people."""

from __future__ import annotations

from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.forecast import Basis
from sendkpi_xl.reading import Rag
from sendkpi_xl.tidy_column import IN_ITS_UNIT, TidyColumn
from sendkpi_xl.travel import Travel

AS_LETTER = "R is Red, A is Amber, G is Green; empty: no rating."


def _letter(rag: Rag | None) -> str:
    return rag.value if rag else ""


def _forecast(each: RatedReading) -> float | None:
    return float(each.outlook.forecast.value) if each.outlook.forecast else None


def _forecast_rating(each: RatedReading) -> str:
    return _letter(each.outlook.forecast.rating.rag) if each.outlook.forecast else ""


def _signals(each: RatedReading) -> str:
    return " ".join(signal.sentence for signal in each.outlook.signals)


RATINGS = (
    TidyColumn(
        "computed_rating",
        "Computed RAG rating",
        f"The rating by the catalogue's policy. {AS_LETTER}",
        lambda each: _letter(each.computed.rag),
        choices=Rag,
    ),
    TidyColumn(
        "computed_because",
        "Why it was computed so",
        "The computed rating, or why there is none, in a sentence.",
        lambda each: each.computed.sentence,
        required=True,
    ),
    TidyColumn(
        "agreed_rating",
        "RAG rating",
        f"The rating that the board sees: the override's where there is one, else the computed one. {AS_LETTER}",
        lambda each: _letter(each.agreed),
        choices=Rag,
    ),
    TidyColumn(
        "agreed_because",
        "Reason for the override",
        "Why people agreed another rating than the computed one; empty: they did not.",
        lambda each: each.override.reason if each.override else "",
    ),
    TidyColumn(
        "agreed_by",
        "Override agreed by",
        "Who agreed the override; empty: there is none.",
        lambda each: each.override.who if each.override else "",
        internal=True,
    ),
)
OUTLOOK = (
    TidyColumn(
        "since_last_quarter",
        "Direction of travel since last quarter",
        "Increasing and Decreasing where neither way is known to be the better one.",
        lambda each: each.outlook.since_quarter.travel.value,
        required=True,
        choices=Travel,
    ),
    TidyColumn(
        "since_last_year",
        "Direction of travel since last year",
        "The same beside the quarter a year before.",
        lambda each: each.outlook.since_year.travel.value,
        required=True,
        choices=Travel,
    ),
    TidyColumn(
        "lead_forecast",
        "The lead's forecast",
        f"What the lead expects the year to end at. {IN_ITS_UNIT}",
        lambda each: each.reading.forecast,
        number=True,
    ),
    TidyColumn("forecast", "Forecast", f"What the year is expected to end at. {IN_ITS_UNIT}", _forecast, number=True),
    TidyColumn(
        "forecast_basis",
        "Basis of the forecast",
        "Where the forecast came from; empty: there is none.",
        lambda each: each.outlook.forecast.basis.value if each.outlook.forecast else "",
        choices=Basis,
    ),
    TidyColumn(
        "forecast_rating",
        "Rating of the forecast",
        f"The forecast's rating by the year's target. {AS_LETTER}",
        _forecast_rating,
        choices=Rag,
    ),
    TidyColumn("signals", "Signals", "What stands out in the KPI's series, in sentences.", _signals),
)
