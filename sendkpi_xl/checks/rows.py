"""What can be wrong with a KPI's row as a whole: entries that contradict each other, and locked cells that changed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sendkpi_xl.cells import Cell, Kind
from sendkpi_xl.checks.check import Check, Noticed, Scope
from sendkpi_xl.checks.seen_row import SeenRow
from sendkpi_xl.figures import figure, kpi_figure, plain, rounded
from sendkpi_xl.finding_rules import CHECK, MUST, NOTE, Rule
from sendkpi_xl.findings import shortened
from sendkpi_xl.known_cells import KnownCell
from sendkpi_xl.layout import RETURN
from sendkpi_xl.model import Kpi
from sendkpi_xl.rating import rate, shown_decimals
from sendkpi_xl.reading import Reason
from sendkpi_xl.tables import cell_text

COMPARED = ("title", "unit", "polarity", "baseline", "target")
"""The locked cells that say what is asked for and how it is judged; what follows from them is not asked about twice."""
NEARLY = 1e-9


def value_and_reason(seen: SeenRow) -> Iterator[Noticed]:
    """A value, and a reason why there is none."""
    if seen.number is not None and seen.reason is not None:
        yield seen.at("reason")


def neither_value_nor_reason(seen: SeenRow) -> Iterator[Noticed]:
    """No value, and no reason why; an entry that could not be read has a finding of its own."""
    unread = ("value" in seen.row.cells and seen.number is None) or ("reason" in seen.row.cells and not seen.reason)
    if not unread and seen.number is None and seen.reason is None:
        yield seen.at("value")


def other_reason_without_comment(seen: SeenRow) -> Iterator[Noticed]:
    """The reason “Other”, and no comment that says which."""
    if seen.number is None and seen.reason is Reason.OTHER and "comment" not in seen.row.cells:
        yield seen.at("comment", reason=seen.reason.value)


def _read_parts(seen: SeenRow) -> tuple[float | None, float | None] | None:
    """Numerator and denominator of a share; None for other KPIs, and while one of the two cannot be used."""
    if not seen.kpi.share or seen.numerator.why_not or seen.denominator.why_not:
        return None
    return seen.numerator.value, seen.denominator.value


def half_a_fraction(seen: SeenRow) -> Iterator[Noticed]:
    """A numerator without its denominator, or the other way round."""
    match _read_parts(seen):
        case (float(), None):
            yield seen.at("denominator", one="numerator", other="denominator")
        case (None, float()):
            yield seen.at("numerator", one="denominator", other="numerator")


def no_share(seen: SeenRow) -> Iterator[Noticed]:
    """A numerator above its denominator, or nothing out of nothing without a reason."""
    match _read_parts(seen):
        case (float() as numerator, float() as denominator):
            no_cases = numerator == denominator == 0
            if numerator > denominator or (no_cases and "reason" not in seen.row.cells):
                yield seen.at("numerator", numerator=plain(numerator), denominator=plain(denominator))


def forecast_below_value(seen: SeenRow) -> Iterator[Noticed]:
    """A forecast for the year that is less than what the year so far adds up to."""
    number, forecast = seen.number, seen.forecast.value
    if seen.kpi.adds_up and number is not None and forecast is not None and forecast < number:
        yield seen.at("forecast", found=kpi_figure(forecast, seen.kpi), value=kpi_figure(number, seen.kpi))


def _share(seen: SeenRow) -> tuple[float, dict[str, str]] | None:
    """The share that numerator and denominator make, with the words for it; None where they make none."""
    match _read_parts(seen):
        case (float() as numerator, float() as denominator) if numerator <= denominator and denominator:
            share = numerator / denominator
            shown = figure(share, seen.kpi.unit, seen.kpi.decimals)
            return share, {"share": shown, "numerator": plain(numerator), "denominator": plain(denominator)}
    return None


def worked_out(seen: SeenRow) -> Iterator[Noticed]:
    """A share without a value: it was worked out from its numerator and denominator."""
    share = _share(seen)
    if share is not None and seen.worked_out is not None:
        yield seen.at("value", **share[1])


def contradicted_by_fraction(seen: SeenRow) -> Iterator[Noticed]:
    """A share that its own numerator and denominator contradict, to the precision that is shown."""
    share, kpi = _share(seen), seen.kpi
    if share is None or seen.number is None or seen.worked_out is not None:
        return
    if rounded(seen.number, kpi.unit, kpi.decimals) != rounded(share[0], kpi.unit, kpi.decimals):
        yield seen.at("value", found=figure(seen.number, kpi.unit, kpi.decimals), **share[1])


def locked_cell_changed(seen: SeenRow) -> Iterator[Noticed]:
    """A locked cell that does not say what the catalogue says: typed over, or the catalogue has changed since."""
    for key in COMPARED:
        cell, known = seen.row.cells.get(key), seen.known[key]
        if key in seen.row.columns and not _same(cell, known):
            shown = {"found": _found_words(cell, known, seen.kpi), "known": _known_words(known, seen.kpi)}
            yield seen.at(key, heading=RETURN.column(key).heading, **shown)


def earlier_quarter_changed(seen: SeenRow) -> Iterator[Noticed]:
    """An earlier quarter's figure, shown locked beside this one's, that is not what was reported.

    An empty cell says nothing: the template may have been made before the earlier return came.
    """
    for key, known in seen.earlier.items():
        cell = seen.row.cells.get(key)
        if cell is not None and not _same(cell, known):
            shown = {"found": _found_words(cell, known, seen.kpi), "known": _known_words(known, seen.kpi)}
            yield seen.at(key, quarter=key.upper(), **shown)


def _same(cell: Cell | None, known: KnownCell) -> bool:
    if cell is None or known.value in (None, ""):
        return cell is None and known.value in (None, "")
    if isinstance(known.value, str):
        return " ".join(cell_text(cell).split()).casefold() == " ".join(known.value.split()).casefold()
    return isinstance(cell.value, float) and math.isclose(
        cell.value, float(known.value or 0), rel_tol=NEARLY, abs_tol=NEARLY
    )


def _found_words(cell: Cell | None, known: KnownCell, kpi: Kpi) -> str:
    """What a locked cell says now, as a message quotes it: a figure where a figure belongs."""
    if cell is None:
        return "nothing"
    if isinstance(cell.value, float) and isinstance(known.value, float):
        return f"“{_in_full(cell.value, kpi)}”"
    return f"“{shortened(cell_text(cell))}”"


def _known_words(known: KnownCell, kpi: Kpi) -> str:
    """What a locked cell said when it was sent out, as a message quotes it."""
    if known.value in (None, ""):
        return "nothing"
    return f"“{shortened(known.value) if isinstance(known.value, str) else _in_full(float(known.value or 0), kpi)}”"


def _in_full(amount: float, kpi: Kpi) -> str:
    return figure(amount, kpi.unit, shown_decimals(amount, kpi))


def rating_typed_over(seen: SeenRow) -> Iterator[Noticed]:
    """A rating that was typed over the preview's formula, and is not the one that we compute."""
    cell = seen.row.cells.get("rating")
    if cell is None or cell.formula or cell.kind is Kind.EMPTY:
        return
    rag = rate(seen.kpi, seen.standard, seen.number, seen.denominator.value).rag
    computed = (rag.value.casefold(), rag.word.casefold()) if rag else ("",)
    if cell_text(cell).casefold() not in computed:
        yield seen.at("rating", found=shortened(cell_text(cell)), computed=rag.word if rag else "no rating")


ROW_CHECKS = (
    Check(
        "C06",
        Scope.ROW,
        Rule(
            MUST,
            "There is a value and a reason for a blank.",
            "One of the two.",
            "Clear the reason if the value stands, or the value if there is none; until then the KPI is queried.",
        ),
        value_and_reason,
    ),
    Check(
        "C07",
        Scope.ROW,
        Rule(
            MUST,
            "There is neither a value nor a reason for the blank.",
            "One of the two.",
            "Type the value, or choose a reason.",
        ),
        neither_value_nor_reason,
    ),
    Check(
        "C08",
        Scope.ROW,
        Rule(
            CHECK,
            "The value is {found}, and {numerator} out of {denominator} is {share}.",
            "A value that is the numerator over the denominator.",
            "Correct whichever of the three is wrong.",
        ),
        contradicted_by_fraction,
    ),
    Check(
        "C09",
        Scope.ROW,
        Rule(
            MUST,
            "{numerator} out of {denominator} is not a share.",
            "A numerator no larger than its denominator, and a denominator above 0.",
            "Correct whichever of the two is wrong; if there were no cases, choose that as the reason for a blank.",
        ),
        no_share,
    ),
    Check(
        "C10",
        Scope.ROW,
        Rule(CHECK, "There is a {one} and no {other}.", "Both or neither.", "Type the {other}, if it is known."),
        half_a_fraction,
    ),
    Check(
        "C11",
        Scope.ROW,
        Rule(
            NOTE,
            "No value was typed; we worked out {share} from {numerator} out of {denominator}.",
            "A value.",
            "Nothing, if that is what was meant.",
        ),
        worked_out,
    ),
    Check(
        "C13",
        Scope.ROW,
        Rule(
            CHECK,
            "The reason is “{reason}”, and there is no comment.",
            "A comment that says why there is no value.",
            "Say why in the comment.",
        ),
        other_reason_without_comment,
    ),
    Check(
        "C24",
        Scope.ROW,
        Rule(
            CHECK,
            "{heading} reads {found}; our list says {known}.",
            "The locked cells as our list has them.",
            "Nothing, if it was an accident or our list has changed since: our list is used. If it is wrong, tell us.",
        ),
        locked_cell_changed,
    ),
    Check(
        "C26",
        Scope.ROW,
        Rule(
            CHECK,
            "The year-end forecast is {found}, and the year so far adds up to {value} already.",
            "A forecast of the whole year, at least as much as there is by now.",
            "Correct whichever of the two is wrong; for a figure that may fall, say so in the comment.",
        ),
        forecast_below_value,
    ),
    Check(
        "P03",
        Scope.ROW,
        Rule(
            CHECK,
            "{quarter} as reported reads {found}; what was reported is {known}.",
            "Earlier quarters as they were reported.",
            "If the earlier figure was wrong, tell us the right one: a locked cell changes nothing.",
        ),
        earlier_quarter_changed,
    ),
    Check(
        "C25",
        Scope.ROW,
        Rule(
            CHECK,
            "The rating “{found}” was typed over ours, which is {computed}.",
            "The rating that the sheet works out.",
            "Say in the comment why it should be another; people agree ratings afterwards.",
        ),
        rating_typed_over,
    ),
)
"""The checks of a whole row, in the order in which a message names them."""
