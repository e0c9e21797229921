"""Fills the product's own templates with the published figures of quarter 1, as each workstream's lead would type them.

Run it when the template has changed: `python tests/fill_returns.py` writes `inputs/2021-22-Q1/return-*.xlsx` anew.
Three of the six are then opened, recalculated and saved by LibreOffice, as leads without Excel would do.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.catalogue import load_catalogue
from sendkpi_xl.fields import parse_number
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.layout import RETURN
from sendkpi_xl.model import Catalogue, Kpi
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Reason
from tests.published import PublishedRow, published_rows

ROOT = Path(__file__).resolve().parent.parent
PERIOD = Period(2021, 1)
SAVED_BY_LIBREOFFICE = ("SPB", "WS3", "WS5")
REASONS = {"55": Reason.NOT_THIS_QUARTER, "57": Reason.ANOTHER_KPI}
"""Two KPIs for which words were printed instead of a figure; where nothing was printed, the data was not there yet."""

FRACTION = re.compile(r"\b(?!20\d\d/)(\d+)(?:/| out of )(\d+)")
"""`115/1030` and `6 out of 8`, but not a year such as 2021/22."""
SAMPLE = re.compile(r"[Ss]ample of (\d+)")
IN_BRACKETS = re.compile(r"(\d+)% \((.+)\)")
COUNT_AND_SHARE = re.compile(r"(\d+) \(([\d.]+%)\)")
SUM = re.compile(r"(\d+) \+ (\d+)")


@dataclass(frozen=True)
class Typed:
    """What a lead types on one row; None and empty text leave the cell empty."""

    value: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    reason: Reason | None = None
    comment: str = ""


def typed(kpi: Kpi, row: PublishedRow | None) -> Typed:
    """What the lead of this KPI types, given its row in the published dataset (None: the KPI was left out of it)."""
    if row is None or not row.q1:
        return Typed(reason=Reason.NOT_YET, comment=row.comment if row else "")
    if row.ref in REASONS:
        return Typed(reason=REASONS[row.ref], comment=row.q1)
    if match := COUNT_AND_SHARE.fullmatch(row.q1):
        return Typed(parse_number(match[2]), numerator=int(match[1]), comment=row.comment)
    if match := SUM.fullmatch(row.q1):
        return Typed(float(int(match[1]) + int(match[2])), comment=row.q1)
    if match := IN_BRACKETS.fullmatch(row.q1):
        return Typed(parse_number(f"{match[1]}%"), *_fraction(match[2]), comment=match[2])
    numerator, denominator = _fraction(row.comment) if kpi.share else (None, None)
    return Typed(parse_number(row.q1), numerator, denominator, comment=row.comment)


def _fraction(text: str) -> tuple[int | None, int | None]:
    """The last fraction in a comment (an earlier one is last year's), or the size of the sample alone."""
    fractions: list[tuple[str, str]] = FRACTION.findall(text)
    if fractions:
        return int(fractions[-1][0]), int(fractions[-1][1])
    sample = SAMPLE.search(text)
    return None, int(sample[1]) if sample else None


def fill(template: Path, target: Path, catalogue: Catalogue) -> None:
    """Fill every return sheet of one template and save it, as a person would, under `target`."""
    published = {row.ref: row for row in published_rows()}
    book = openpyxl.load_workbook(template)
    for workstream in catalogue.workstreams:
        if workstream.code in book.sheetnames:
            _fill_sheet(book[workstream.code], catalogue, published)
    book.save(target)


def _fill_sheet(sheet: Worksheet, catalogue: Catalogue, published: dict[str, PublishedRow]) -> None:
    headings = {str(cell.value): position for position, cell in enumerate(sheet[RETURN.heading_row], start=1)}
    columns = {column.key: headings[column.heading] for column in RETURN.columns if column.open or column.key == "id"}
    for number in range(RETURN.heading_row + 1, sheet.max_row + 1):
        kpi = catalogue.kpi(str(sheet.cell(number, columns["id"]).value))
        if kpi is None:
            continue
        entry = typed(kpi, published.get(kpi.board_ref))
        for key in ("value", "numerator", "denominator", "reason", "comment"):
            value = getattr(entry, key)
            if value not in (None, ""):
                sheet.cell(number, columns[key]).value = value


def fill_all(folder: WorkingFolder, out: Path, convert: Callable[[Path, str, Path], Path]) -> list[Path]:
    """Fill the six templates of the quarter into the folder `out`; `convert` opens and saves one in LibreOffice."""
    catalogue = load_catalogue(folder.catalogue)
    written = []
    out.mkdir(parents=True, exist_ok=True)
    for workstream in catalogue.workstreams:
        name = f"return-{PERIOD.code}-{workstream.code}.xlsx"
        target = out / name
        fill(folder.templates(PERIOD) / name, target, catalogue)
        if workstream.code in SAVED_BY_LIBREOFFICE:
            with tempfile.TemporaryDirectory() as scratch:
                target.write_bytes(convert(target, "xlsx", Path(scratch)).read_bytes())
        written.append(target)
    return written


def main() -> None:
    """Refill the repository's own returns."""
    import shutil

    from tests.conftest import LibreOffice

    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program is not None, "LibreOffice is needed to save three of the returns"
    with tempfile.TemporaryDirectory() as profile:
        folder = WorkingFolder(ROOT)
        for path in fill_all(folder, folder.returns(PERIOD), LibreOffice(program, Path(profile)).convert):
            print(f"Filled: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
