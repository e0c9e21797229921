"""The sheet What if in LibreOffice: for whatever is typed, the letter and the colour that Python's rating gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.formula.translate import Translator
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.figures import exact
from sendkpi_xl.layout import NO_RATING, WHAT_IF
from sendkpi_xl.model import Polarity
from sendkpi_xl.reading import Rag
from tests.board_view import opened, sheet_of
from tests.conftest import LibreOffice
from tests.made_up_round import KINGSTON
from tests.parity import Compared, compared
from tests.what_if_cases import Tried, every_row, sheet_of_rows

pytestmark = pytest.mark.libreoffice

ROWS_A_WORKBOOK = 2000
FIRST_ROW = WHAT_IF.heading_row + 1
BESIDE = len(WHAT_IF.columns) + 2
"""The conditions of a row's conditional format are worked out in cells to the right of the table."""


@dataclass(frozen=True)
class Shown:
    """What LibreOffice made of a row: the letter, the letters whose condition holds, the target and the limits."""

    letter: str
    conditions: str
    target: Decimal | None
    limits: tuple[Decimal | None, Decimal | None]


def number(sheet: Worksheet, row: int, key: str) -> Decimal | None:
    """The number in a cell, as Excel shows it in full; None for the empty text that stands where there is none."""
    value = sheet.cell(row, WHAT_IF.index(key) + 1).value
    return exact(float(value)) if isinstance(value, int | float) else None


def value_conditions(sheet: Worksheet) -> dict[int, list[str]]:
    """The conditions of each value's conditional format by row, as formulas of a cell in that row."""
    found: dict[int, list[str]] = {}
    for area in sheet.conditional_formatting:
        first = str(area.sqref).split(":", maxsplit=1)[0].split()[0]
        formulas = [Translator(f"={rule.formula[0]}", origin=first) for rule in area.rules]
        for place in str(area.sqref).split():
            for (each,) in sheet[place] if ":" in place else ((sheet[place],),):
                if each.column == WHAT_IF.index("value") + 1:
                    found[each.row] = [formula.translate_formula(each.coordinate) for formula in formulas]
    return found


def typed_in(rows: Sequence[Tried], path: Path) -> Path:
    """The sheet of these rows with all of it typed in, and the conditions of the values' colours beside it."""
    book = opened(sheet_of_rows([row.made for row in rows]))
    sheet = sheet_of(book, WHAT_IF.sheet)
    conditions = value_conditions(sheet)
    for number_of_row, row in enumerate(rows, start=FIRST_ROW):
        for key, value in row.typed.items():
            sheet.cell(number_of_row, WHAT_IF.index(key) + 1).value = value
        for column, condition in enumerate(conditions[number_of_row], start=BESIDE):
            sheet.cell(number_of_row, column).value = condition
    book.save(path)
    return path


def shown_in(path: Path, rows: int) -> list[Shown]:
    """What stands in each row of a recalculated sheet."""
    sheet = sheet_of(opened(path, results=True), WHAT_IF.sheet)
    return [
        Shown(
            str(sheet.cell(row, WHAT_IF.index("tried") + 1).value),
            "".join(rag for column, rag in enumerate(Rag, start=BESIDE) if sheet.cell(row, column).value),
            number(sheet, row, "quarter_target"),
            (number(sheet, row, "green_reaches"), number(sheet, row, "amber_reaches")),
        )
        for row in range(FIRST_ROW, FIRST_ROW + rows)
    ]


@pytest.fixture(scope="module")
def shown(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> list[Shown]:
    """Every row as LibreOffice has it. openpyxl saves no results, so whatever stands there was calculated."""
    folder = tmp_path_factory.mktemp("what-if")
    rows = every_row()
    parts = [rows[start : start + ROWS_A_WORKBOOK] for start in range(0, len(rows), ROWS_A_WORKBOOK)]
    paths = [typed_in(part, folder / f"part-{place}.xlsx") for place, part in enumerate(parts)]
    saved = libreoffice.convert_all(paths, "xlsx", folder / "out")
    return [row for path, part in zip(saved, parts, strict=True) for row in shown_in(path, len(part))]


def differing(shown: Sequence[Shown], ours: str, theirs: Sequence[object]) -> list[str]:
    """The rows in which what LibreOffice shows is not Python's, with all that they come from."""
    return [
        f"{row.made.kpi.id} {row.made.kpi.polarity} {row.typed} {row.held}: {getattr(each, ours)!r} is not {other!r}"
        for row, each, other in zip(every_row(), shown, theirs, strict=True)
        if getattr(each, ours) != other
    ]


def test_the_rating_as_tried_is_the_rating(shown: list[Shown]) -> None:
    """Whatever value, number of answers, target, tolerance and share is typed, the letter is the one of `rate`."""
    assert differing(shown, "letter", [row.letter for row in every_row()]) == []


def test_the_value_is_coloured_as_it_is_rated(shown: list[Shown]) -> None:
    """Of the three conditions of a value's colour, exactly that of its letter holds, and none where it has none."""
    assert differing(shown, "conditions", [row.letter.replace(NO_RATING, "") for row in every_row()]) == []


def test_target_and_limits_are_those_of_python(shown: list[Shown]) -> None:
    """The quarter's target and both limits come to what `standard_for` says, to fifteen digits."""
    held = [row.held for row in every_row()]
    targets = [None if each.target is None else exact(float(each.target)) for each in held]
    assert differing(shown, "target", targets) == []
    limits = [
        (None, None) if each.target is None else (exact(float(each.green)), exact(float(each.amber))) for each in held
    ]
    assert differing(shown, "limits", limits) == []


def test_the_rows_compared_are_many_and_of_every_kind(shown: list[Shown]) -> None:
    """Thousands of rows, each live KPI that is not for context only, each letter often: as docs/ratings.md counts."""
    rows = every_row()
    assert (len(shown), 3 * len(shown)) == (compared(Compared.WHAT_IF), compared(Compared.CONDITIONS))
    live = {kpi.id for kpi in KINGSTON.live() if kpi.polarity is not Polarity.CONTEXT}
    assert {row.made.kpi.id for row in rows} == live
    letters = Counter(row.letter for row in rows)
    assert set(letters) == {"R", "A", "G", NO_RATING}
    assert min(letters.values()) > 1000
    moved = [row for row in rows if row.held != row.made.standard]
    assert len(moved) > 3000
    still = [row for row in rows if row.held.unmoved is not None and row.typed["value"] == float(row.held.unmoved)]
    assert Counter(row.letter for row in still)["A"] >= 1
