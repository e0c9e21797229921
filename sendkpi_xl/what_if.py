"""The board workbook's sheet to try things on: other values, targets, shares of the year and tolerances, rated live."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from sendkpi_xl.board_line import NONE, Line, letter_of
from sendkpi_xl.consolidate import RatedReading
from sendkpi_xl.entry import entry_rule
from sendkpi_xl.figures import board_ref, number_format
from sendkpi_xl.layout import NEW_REF, NO_RATING, WHAT_IF
from sendkpi_xl.model import Polarity, Sign, Unit
from sendkpi_xl.rating import SHARED_DECIMALS, shown_decimals
from sendkpi_xl.rating_formulas import RatingCells, limit_formula, rating_condition, rating_formula, target_formula
from sendkpi_xl.reading import Rag
from sendkpi_xl.sheetwriter import A3, Page, cell
from sendkpi_xl.style import rag_format

TITLE = "What if: other values, targets and tolerances"
HELP = (
    "Type into the yellow cells: the rating and the counts follow, and the value takes its rating's colour. Green and "
    "amber reach so far on the wrong side of the target, in the KPI's own unit."
)
NO_CHANGE = (
    "Nothing typed here changes the dataset or the headlines, and nothing of it is read back. Ratings here are the "
    "computed ones; what people agreed instead is on the sheet Ratings."
)
EMPTY = "Empty cells: nothing is set, or nothing was reported."
COUNTS_ROW, EMPTY_ROW = 3, 5
NO_VALUE = "No value"
PERCENT = number_format(Unit.PERCENT, SHARED_DECIMALS)
LARGEST = 10_000_000_000
FORMULAS = ("quarter_target", "green_reaches", "amber_reaches", "tried")


def write_what_if(page: Page, rated: Sequence[RatedReading]) -> None:
    """Write the sheet: a row for each of these readings whose KPI can be rated, below the counts of the ratings."""
    rated = [each for each in rated if each.kpi.polarity is not Polarity.CONTEXT]
    first, last = WHAT_IF.heading_row, WHAT_IF.heading_row + max(len(rated), 1) - 1
    page.title(TITLE, (HELP, NO_CHANGE))
    page.put(EMPTY_ROW, 0, EMPTY, "line")
    page.table(WHAT_IF, len(rated))
    rows = [_Row(page, number, each) for number, each in enumerate(rated, start=first)]
    for row in rows:
        row.write()
        row.validate()
    _validate_columns(page, first, last)
    _colour(page, rows)
    _write_counts(page, [letter_of(each.computed.rag) for each in rated], first, last)
    for key in ("tried", "as_reported"):
        page.rag_colours(_column(key, first, last))
    # No green corners where Excel would see a mistake: each KPI's formulas are its own.
    areas = (f"{cell(first, WHAT_IF.index(key))}:{cell(last, WHAT_IF.index(key))}" for key in FORMULAS)
    page.sheet.ignore_errors({"formula_differs": " ".join(areas)})
    page.sheet.freeze_panes(first, WHAT_IF.index("title") + 1)
    page.print_setup(WHAT_IF, A3)


def _column(key: str, first: int, last: int) -> tuple[int, int, int, int]:
    return first, WHAT_IF.index(key), last, WHAT_IF.index(key)


def _write_counts(page: Page, letters: Sequence[str], first: int, last: int) -> None:
    """How many KPIs have each rating, as tried and as reported, a line each: the same, as long as nothing was typed."""
    names = {rag.value: rag.word.lower() for rag in Rag} | {NO_RATING: NO_RATING.lower()}
    counts = ", ".join(f"{letters.count(letter)} {name}" for letter, name in names.items())
    for row, key in enumerate(("tried", "as_reported"), start=COUNTS_ROW):
        heading, column = WHAT_IF.column(key).heading, WHAT_IF.index(key)
        ends = (cell(end, column, fixed_row=True, fixed_column=True) for end in (first, last))
        area = ":".join(ends)
        counted = '&", "&'.join(f'COUNTIF({area},"{letter}")&" {name}"' for letter, name in names.items())
        page.formula(row, 0, f'="{heading}: "&{counted}&"."', f"{heading}: {counts}.", "strong")


def _rating_cells(row: int) -> RatingCells:
    keys = ("value", "answers", "quarter_target", "green_reaches", "amber_reaches", "smallest_sample", "unmoved")
    return RatingCells(*(cell(row, WHAT_IF.index(key), fixed_column=True) for key in keys))


def _validate_columns(page: Page, first: int, last: int) -> None:
    expected = "A number in the KPI's own unit; a percentage with its % sign."
    _between(page, _column("year_target", first, last), -LARGEST, LARGEST, expected)
    for key in ("share", "green_within", "amber_within"):
        _between(page, _column(key, first, last), 0, 1, "A percentage from 0% to 100%, typed with its % sign.")


def _between(page: Page, area: tuple[int, int, int, int], least: float, most: float, expected: str) -> None:
    options = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": least,
        "maximum": most,
        "error_title": "This cell needs something else",
        "error_message": expected,
    }
    page.validate(area, options)


def _colour(page: Page, rows: Sequence[_Row]) -> None:
    """Colour each value by its rating as tried; rows that are rated by the same rule share their conditions."""
    groups: dict[str, list[_Row]] = {}
    for row in rows:
        groups.setdefault(row.condition(Rag.GREEN, WHAT_IF.heading_row), []).append(row)
    column = WHAT_IF.index("value")
    for group in groups.values():
        first = group[0]
        cells = " ".join(cell(row.row, column) for row in group)
        for rag in Rag:
            area = (first.row, column, group[-1].row, column)
            page.when(area, first.condition(rag, first.row), rag_format(rag), cells)


class _Row(Struct, frozen=True):
    """One KPI's row in the making; its cells are named by their columns' keys."""

    page: Page
    row: int
    each: RatedReading

    def write(self) -> None:
        """Write every cell of the row."""
        kpi, standard = self.each.kpi, self.each.standard
        self.line.put("board_ref", board_ref(kpi.board_ref) or NEW_REF, align="center")
        self.line.put("title", kpi.shown_title)
        self.line.put("profile", kpi.profile.value, align="left", indent=1)
        self.line.put("measure", standard.tolerance.measure.value, align="left", indent=1)
        sample = standard.smallest_sample
        self.line.put("smallest_sample", NONE if sample is None else sample, align="right")
        unmoved = NONE if standard.unmoved is None else float(standard.unmoved)
        self.line.put("unmoved", unmoved, align="right", num_format=number_format(kpi.unit, kpi.decimals))
        self.line.put("as_reported", letter_of(self.each.computed.rag), "rating")
        self._write_inputs()
        self._write_formulas()

    def _write_inputs(self) -> None:
        kpi, goal, standard, reading = self.each.kpi, self.each.goal, self.each.standard, self.each.reading
        shown = number_format(kpi.unit, kpi.decimals)
        self.line.put("reported", NO_VALUE if reading.value is None else reading.value, align="right", num_format=shown)
        self.line.put("value", reading.value, "open", num_format=shown)
        sampled = "body" if standard.smallest_sample is None else "open"
        self.line.put("answers", reading.denominator, sampled, num_format="#,##0")
        target_shown = number_format(kpi.unit, shown_decimals(goal.target, kpi), standard.sign)
        self.line.put("year_target", goal.target, "open", num_format=target_shown)
        self.line.put("share", float(standard.share), "open", num_format=PERCENT)
        self.line.put("green_within", standard.tolerance.green, "open", num_format=PERCENT)
        self.line.put("amber_within", standard.tolerance.amber, "open", num_format=PERCENT)

    def _write_formulas(self) -> None:
        kpi, standard = self.each.kpi, self.each.standard
        cells, measure = _rating_cells(self.row), standard.tolerance.measure
        target = target_formula(kpi, self._at("year_target"), self._at("share"))
        self._formula("quarter_target", target, standard.target, standard.sign)
        for key, within, limit in (
            ("green_reaches", "green_within", standard.green),
            ("amber_reaches", "amber_within", standard.amber),
        ):
            formula = limit_formula(kpi, measure, self._at(within), cells.target)
            self._formula(key, formula, None if standard.target is None else limit)
        letter = rating_formula(kpi, standard, cells, NO_RATING)
        self.page.formula(self.row, WHAT_IF.index("tried"), letter, letter_of(self.each.computed.rag), "rating")

    def validate(self) -> None:
        """Say what may be typed: in percent, 85 instead of 85% would be rated as 8,500%."""
        rule = entry_rule(self.each.kpi)
        _between(self.page, _column("value", self.row, self.row), rule.least, rule.most, rule.expected)
        if self.each.standard.smallest_sample is not None:
            expected = "How many people answered, or how many cases there were."
            _between(self.page, _column("answers", self.row, self.row), 0, LARGEST, expected)

    def condition(self, rag: Rag, row: int) -> str:
        """The condition under which the value is rated `rag`, as it would be in this row of the sheet."""
        return rating_condition(rag, self.each.kpi, self.each.standard, _rating_cells(row))

    @property
    def line(self) -> Line:
        """The row's cells by their columns' keys."""
        return Line(self.page, WHAT_IF, self.row)

    def _at(self, key: str) -> str:
        return cell(self.row, WHAT_IF.index(key), fixed_column=True)

    def _formula(self, key: str, formula: str, result: Decimal | None, sign: Sign = Sign.AT) -> None:
        """A formula whose result is an amount in the KPI's unit, shown with all the decimals of a target."""
        kpi = self.each.kpi
        shown = number_format(kpi.unit, kpi.decimals + SHARED_DECIMALS, sign)
        value = "" if result is None else float(result)
        self.page.formula(self.row, WHAT_IF.index(key), formula, value, num_format=shown)
