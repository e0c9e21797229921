"""The ratings that were published for a quarter: from the file that people keep, else as they were written last."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from sendkpi_xl.cells import Sheet
from sendkpi_xl.fields import Fields
from sendkpi_xl.files import opening, read_bytes
from sendkpi_xl.findings import Refusal, finding, shortened
from sendkpi_xl.folder import PUBLISHED_FILES, WorkingFolder
from sendkpi_xl.layout import NO_RATING, PUBLISHED_BY_ID, PUBLISHED_RATINGS
from sendkpi_xl.list_file import list_sheets, on_one_sheet
from sendkpi_xl.model import Catalogue, Kpi
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Finding, Place, Rag
from sendkpi_xl.restated import ratings_written
from sendkpi_xl.tables import FoundTable, Row, find_table

RATINGS: Mapping[str, Rag | None] = {
    **{name.casefold(): rag for rag in Rag for name in (rag.value, rag.word)},
    **dict.fromkeys(("", NO_RATING.casefold())),
}
"""What stands for a rating, in small letters; None is a published blank."""


class PublishedRating(Struct, frozen=True):
    """What was published for one KPI of the catalogue, live or not, and where that stands; None means a blank."""

    kpi: Kpi
    rag: Rag | None
    place: Place


class PublishedRatings(Struct, frozen=True):
    """The ratings of a quarter, each KPI once, the file that they are from, and what is wrong with its rows."""

    source: Path
    ratings: tuple[PublishedRating, ...]
    findings: tuple[Finding, ...] = ()


def read_published(
    folder: WorkingFolder, catalogue: Catalogue, period: Period, on_dataset: Collection[str]
) -> PublishedRatings:
    """The quarter's published ratings; what was written last counts where people keep no file of them.

    `on_dataset` are the ids of the KPIs that the board's dataset has: of those that it leaves out nothing was
    published, although a row without a rating was written for them. Raises Refusal: F01 when there is nothing
    published, F02, T01, T02 or T09 for a file that cannot be read.
    """
    files = folder.published_ratings(period)
    if len(files) > 1:
        found = f"There are two files of published ratings here: {' and '.join(path.name for path in files)}."
        words = {"expected": "One file of published ratings.", "action": "Move the one aside that does not count."}
        raise Refusal([finding("T09", Place(str(folder.returns(period))), found=found, **words)])
    if files:
        return _from_file(files[0], catalogue)
    return _written_last(folder, catalogue, period, on_dataset)


def _from_file(path: Path, catalogue: Catalogue) -> PublishedRatings:
    """The ratings in a file of people's own, a row that does not count being a finding."""
    sheets, _ = list_sheets(path)
    table = on_one_sheet(sheets, path.name, "published ratings", lambda sheet: _find(sheet, path.name))
    fields = Fields()
    ratings = tuple(_published(table, catalogue, fields))
    if not table.rows:
        words = {"what": "published rating", "expected": "A row for each published KPI: its ref and its rating."}
        raise Refusal([finding("F01", Place(path.name), **words, action="Fill it in, or move the file away.")])
    return PublishedRatings(path, ratings, tuple(fields.findings))


def _find(sheet: Sheet, file: str) -> tuple[FoundTable | None, list[Finding]]:
    """The table with the ratings by ref, else the one by KPI id; what is missing is said of the first."""
    table, missing = find_table(sheet, PUBLISHED_RATINGS, file)
    return (table or find_table(sheet, PUBLISHED_BY_ID, file)[0]), missing


def _published(table: FoundTable, catalogue: Catalogue, fields: Fields) -> Iterator[PublishedRating]:
    """The ratings of the rows that name a KPI, each KPI's first row only, and hold a rating or nothing."""
    by_ref, first = catalogue.by_board_ref(), dict[str, Place]()
    for row in table.rows:
        kpi = _kpi(row, catalogue, by_ref, fields)
        if kpi is None:
            continue
        name, place = _named(row)
        if kpi.id in first:
            fields.findings.append(finding("T06", place, kpi.id, found=name, other=str(first[kpi.id])))
            continue
        first[kpi.id] = place
        noticed = len(fields.findings)
        text = fields.text(row, "rating")
        if text.casefold() not in RATINGS:
            fields.findings.append(finding("B02", row.place("rating"), kpi.id, found=shortened(text)))
        if len(fields.findings) == noticed:
            yield PublishedRating(kpi, RATINGS[text.casefold()], row.place("rating"))


def _named(row: Row) -> tuple[str, Place]:
    """What a row calls its KPI, and where: by its ref, or by its id where there is no ref."""
    key = "board_ref" if row.text("board_ref") or "id" not in row.columns else "id"
    return row.text(key), row.place(key)


def _kpi(row: Row, catalogue: Catalogue, by_ref: Mapping[str, Kpi], fields: Fields) -> Kpi | None:
    """The KPI that a row names by its ref, its id or both; None, and a finding, when that is not one KPI."""
    noticed = len(fields.findings)
    ref, kpi_id = fields.text(row, "board_ref"), fields.text(row, "id").upper()
    if len(fields.findings) > noticed:
        return None
    name, place = _named(row)
    if not name:
        fields.findings.append(finding("T05", place, expected="The KPI's ref, or its id."))
        return None
    kpi = by_ref.get(ref.casefold()) if ref else catalogue.kpi(kpi_id)
    if kpi is not None and kpi_id in ("", kpi.id):
        return kpi
    if ref and kpi_id:
        found = f"“{shortened(ref)}” and “{shortened(kpi_id)}” are not one KPI in the catalogue."
    else:
        found = f"“{shortened(name)}” is the ref or id of no KPI in the catalogue."
    fields.findings.append(finding("B03", place, found=found))
    return None


def _written_last(
    folder: WorkingFolder, catalogue: Catalogue, period: Period, on_dataset: Collection[str]
) -> PublishedRatings:
    """The agreed ratings of the tidy data; Refusal when there are none of this quarter."""
    path = folder.readings(period)
    with opening(Place(str(path))):
        written = ratings_written(read_bytes(path), period) if path.exists() else {}
    ratings = [
        PublishedRating(kpi, RATINGS[letter.casefold()], Place(str(path)))
        for kpi_id, letter in written.items()
        if (kpi := catalogue.kpi(kpi_id)) and letter.casefold() in RATINGS and (letter or kpi_id in on_dataset)
    ]
    if not ratings:
        own = folder.returns(period) / PUBLISHED_FILES[0]
        columns = (PUBLISHED_RATINGS.column(key).heading for key in ("board_ref", "rating"))
        expected = f"{own}, a row for each published KPI, with the columns {' and '.join(columns)}."
        action = f"Put the ratings there as they were published; or write them with sendkpi board {period.code}."
        words = {"what": "list of published ratings", "expected": expected, "action": action}
        raise Refusal([finding("F01", Place(str(folder.returns(period))), **words)])
    return PublishedRatings(path, tuple(ratings))
