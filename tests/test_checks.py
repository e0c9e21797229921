"""The table of checks: each fires on one case, is silent on its neighbour, and survives an empty return."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from sendkpi_xl.cells import Sheet
from sendkpi_xl.checks import CHECKS
from sendkpi_xl.checks.check import Check, Scope, checked
from sendkpi_xl.checks.files import SeenFile
from sendkpi_xl.checks.goals import SeenGoal
from sendkpi_xl.checks.identity import SeenIdentity
from sendkpi_xl.checks.returns import SeenReturn, SeenReturns
from sendkpi_xl.checks.seen_row import SeenRow
from sendkpi_xl.checks.series import SeenQuarters, SeenSeries
from sendkpi_xl.checks.sheets import SeenSheet
from sendkpi_xl.checks.sums import SeenSum
from sendkpi_xl.known_cells import earlier_cells, known_cells
from sendkpi_xl.layout import RETURN, Identity
from sendkpi_xl.model import Goal, Kpi, Profile, Tie
from sendkpi_xl.period import Period
from sendkpi_xl.rating import standard_for
from sendkpi_xl.reading import Place, Reading, Status
from sendkpi_xl.return_row import Round
from sendkpi_xl.returns import read_return
from sendkpi_xl.tables import FoundTable, Row
from sendkpi_xl.values import EMPTY
from tests.every_rule import EVERY_RULE
from tests.workbooks import (
    EARLY,
    FILE,
    FIRST_ROW,
    PERIOD,
    SMALL,
    Edit,
    filled,
    grid_workbook,
    put,
    read,
    template,
)

Codes = Callable[[], Sequence[str]]
BEFORE = PERIOD.previous


def kpi(kpi_id: str, **changed: object) -> Kpi:
    found = SMALL.kpi(kpi_id)
    assert found is not None
    return replace(found, **changed)


# What comes back as a workbook


def returned(table: str, edit: Edit | None = None) -> Codes:
    """The codes that a filled template comes to; another row is filled in, so that it is a return in any case."""
    return lambda: [each.code for each in read(filled(f"{table}\nK06 | 12", edit=edit)).findings]


def of_bytes(data: Callable[[], bytes]) -> Codes:
    return lambda: [each.code for each in read(data()).findings]


def of_record(check: Check[object], record: object) -> list[str]:
    return [each.code for each in check.findings(record)]


def type_at(address: str, text: str) -> Edit:
    """Type a text into a cell, whatever stood there."""

    def edit(sheet: Worksheet) -> None:
        cell = sheet[address]
        put(sheet, cell.row, cell.column, text)

    return edit


def in_format(address: str, number_format: str) -> Edit:
    def edit(sheet: Worksheet) -> None:
        sheet[address].number_format = number_format

    return edit


def identity(old: str, new: str) -> Edit:
    def edit(sheet: Worksheet) -> None:
        sheet["A4"].value = str(sheet["A4"].value).replace(old, new)

    return edit


def other_titles(sheet: Worksheet) -> None:
    identity("May 2021", "May 2020")(sheet)
    for row in range(FIRST_ROW, FIRST_ROW + 7):
        put(sheet, row, RETURN.index("title") + 1, "Another KPI")


def older_without_a_row(sheet: Worksheet) -> None:
    identity("May 2021", "May 2020")(sheet)
    sheet.delete_rows(FIRST_ROW + 1)


def copied_row(value: str) -> Edit:
    """K01's row once more below the others, with this value."""

    def edit(sheet: Worksheet) -> None:
        for column in range(1, len(RETURN.columns) + 1):
            sheet.cell(13, column).value = sheet.cell(FIRST_ROW, column).value
        put(sheet, 13, RETURN.index("value") + 1, value)

    return edit


def another_sheet(text: str) -> Edit:
    def edit(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.parent.create_sheet("Working")["A1"] = text

    return edit


def noted(address: str, words: str) -> Edit:
    def edit(sheet: Worksheet) -> None:
        sheet[address].comment = Comment(words, "lead")

    return edit


def renamed(name: str) -> Edit:
    def edit(sheet: Worksheet) -> None:
        sheet.title = name

    return edit


def hidden_row(number: int) -> Edit:
    def edit(sheet: Worksheet) -> None:
        sheet.row_dimensions[number].hidden = True

    return edit


def merged(area: str) -> Edit:
    return lambda sheet: sheet.merge_cells(area)


def shifted(sheet: Worksheet) -> None:
    sheet.insert_cols(3)


def deleted_row(sheet: Worksheet) -> None:
    sheet.delete_rows(FIRST_ROW + 2)


AS_IT_IS = returned("K01 | 5")
LINKED = "=[1]Sheet1!A1"
OURS = "Must fix: The cell holds “n/a”.\nExpected: A whole number, such as 42.\nType the number."
RETURNED: dict[str, tuple[Codes, Codes]] = {
    "F02": (of_bytes(lambda: b"PK\x03\x04"), AS_IT_IS),
    "R01": (of_bytes(lambda: grid_workbook([[("Our budget", "General")]])), AS_IT_IS),
    "R02": (of_bytes(lambda: template(period=Period(2021, 2))), AS_IT_IS),
    "R03": (returned("", identity("layout 2", "layout 9")), returned("", identity("layout 2", "layout 1"))),
    "R04": (returned("", identity("| EH", "| EHX")), returned("", identity(" | EH", "|EH"))),
    "R05": (returned("", type_at("A7", "K99")), returned("", type_at("A7", " k-02 "))),
    "R06": (returned("K01 | 5", copied_row("6")), returned("K01 | 5", copied_row("5"))),
    "R09": (returned("", deleted_row), AS_IT_IS),
    "R11": (returned("", type_at("Y30", "some working")), returned("", shifted)),
    "R12": (returned("", identity("Smallton", "Bigton")), returned("", identity("council Smallton Council | ", ""))),
    "R13": (returned("", other_titles), returned("", identity("May 2021", "May 2020"))),
    "R14": (returned("", identity("May 2021", "May 2020")), AS_IT_IS),
    "R15": (returned("", type_at("A4", "a title of our own")), AS_IT_IS),
    "R16": (returned("", renamed("Q1 (JS)")), AS_IT_IS),
    "R17": (returned("K01 | 5", copied_row("5")), returned("K01 | 5", copied_row("6"))),
    "R18": (returned("", older_without_a_row), returned("", deleted_row)),
    "R19": (returned("", another_sheet("7 of 9")), AS_IT_IS),
    "R21": (returned("", type_at("D30", "all figures are provisional")), AS_IT_IS),
    "R22": (returned("", type_at("A7", "K08")), returned("", type_at("A7", "K99"))),
    "R24": (returned("", noted("D9", "see my e-mail")), returned("", noted("D9", OURS))),
    "T03": (returned("K01 | | | | none"), returned("K01 | | | | no cases this quarter")),
    "C01": (returned("K01 | n/a"), returned("K01 | 0")),
    "C02": (returned("K01 | #VALUE!"), returned("K01 | 5")),
    "C03": (returned("K01 | =1+1"), returned("K01 | 2")),
    "C04": (returned("K02 | 85"), returned("K02 | 85%")),
    "C05": (returned("K02 | '85%"), returned("K02 | 85%")),
    "C06": (returned("K01 | 0 | | | No cases this quarter"), returned("K01 | | | | No cases this quarter")),
    "C07": (returned(""), of_bytes(lambda: filled("\n".join(f"{each.id} | 1" for each in SMALL.live(EARLY.name))))),
    "C08": (returned("K02 | 84% | 17 | 20"), returned("K02 | 85% | 17 | 20")),
    "C09": (returned("K02 | 85% | 20 | 17"), returned("K02 | 100% | 20 | 20")),
    "C10": (returned("K02 | 85% | 17"), returned("K02 | 85%")),
    "C11": (returned("K02 | | 17 | 20"), returned("K02 | 85% | 17 | 20")),
    "C12": (returned("K01 | 5 | 17"), returned("K02 | 85% | 17 | 20")),
    "C13": (
        returned("K01 | | | | Other: say why in the comment"),
        returned("K01 | | | | Other: say why in the comment | Flood"),
    ),
    "C15": (returned("K02 | 85%", in_format("I7", "0.00")), returned("K02 | 85% | 17 | 20", in_format("I7", "0.00"))),
    "C17": (returned(f"K01 | {LINKED}"), returned("K01 | =I7*2")),
    "C18": (returned(f"K01 | 5 | | | | {'x' * 1001}"), returned(f"K01 | 5 | | | | {'x' * 1000}")),
    "C19": (returned("K01 | 5 | | | | ask jo@example.org"), returned("K01 | 5 | | | | ask the school")),
    "C20": (returned("K01 | 5 | | | | the cafÃ©"), returned("K01 | 5 | | | | the café")),
    "C21": (returned("K01 | 5", hidden_row(FIRST_ROW)), returned("K01 | 5", hidden_row(FIRST_ROW + 1))),
    "C22": (returned("K01 | 5", merged("I6:J6")), returned("K01 | 5", merged("A1:D1"))),
    "C23": (returned("K01 | 5", merged("I6:I7")), returned("K01 | 5", merged("I6:J6"))),
    "C24": (returned("", type_at("H6", "7")), returned("", type_at("H6", "1"))),
    "C25": (returned("K01 | 5", type_at("P6", "Green")), returned("K01 | 5", type_at("P6", "r"))),
}


# What other records come to


def of_file(code: str, fires: SeenFile) -> tuple[Codes, Codes]:
    return lambda: of_record(BY_CODE[code], fires), lambda: of_record(BY_CODE[code], SeenFile(FILE))


def series(now: float | None, *before: float, goal: Goal | None = None, **of_kpi: object) -> SeenSeries:
    """A KPI with a baseline of 100, this value, and those of the quarters before it, the latest first."""
    period = Period(2021, 3)
    earlier = []
    for value in before:
        period = period.previous
        earlier.append(Reading("K01", period, Status.REPORTED, value=value, comment="The same as in the spring term"))
    reading = Reading("K01", Period(2021, 3), Status.REPORTED, value=now, comment="The same as in the spring term")
    return SeenSeries(kpi("K01", **of_kpi), goal or Goal("2021-22", baseline=100), reading, tuple(earlier))


def quarters(*values: float) -> SeenQuarters:
    """A return with these values, after one with 1, 2, 3."""
    pairs = [
        (Reading("K01", PERIOD, Status.REPORTED, value=now), Reading("K01", BEFORE, Status.REPORTED, value=then))
        for now, then in zip(values, (1, 2, 3), strict=True)
    ]
    return SeenQuarters(EARLY, Place(FILE, "EH"), BEFORE, tuple(pairs))


def returns(*entered: str, empty: bool = False) -> SeenReturns:
    """As many returns of a workstream, each with this entry for its one KPI."""
    made = [
        SeenReturn(Place(f"{number}.xlsx", "EH"), empty, {"K01": {"value": text}}, {"K01": {"value": "I6"}})
        for number, text in enumerate(entered)
    ]
    return SeenReturns(Place("inputs"), EARLY, tuple(made))


def sum_of(amount: float) -> SeenSum:
    return SeenSum(Place(FILE), kpi("K04"), Tie("K04", "K01 + K05", 1), "value", amount, 100)


def goal_of(baseline: float, target: float) -> SeenGoal:
    return SeenGoal(Place(FILE), kpi("K02"), Goal("2021-22", baseline=baseline, target=target))


PAIRS: dict[str, tuple[object, object]] = {
    "R07": (returns("", empty=True), returns("5")),
    "R08": (returns("5", "6"), returns("5", "5")),
    "R20": (returns("5", "5"), returns("5", "6")),
    "R23": (returns(), returns("", empty=True)),
    "C14": (sum_of(101.5), sum_of(101)),
    "K02": (sum_of(98.5), sum_of(99)),
    "K03": (goal_of(0.002, 0.25), goal_of(0.02, 0.25)),
    "K04": (goal_of(189, 0.2), goal_of(0.189, 0.2)),
    "P01": (series(40, 45, profile=Profile.YEAR_TO_DATE), series(45, 45, profile=Profile.YEAR_TO_DATE)),
    "P02": (series(551, 90, 110), series(550, 90, 110)),
    "P04": (
        series(1, 1),
        replace(series(1, 1), reading=replace(series(1, 1).reading, comment="Better than in the spring term")),
    ),
    "P05": (quarters(1, 2, 3), quarters(1, 2, 4)),
}
FILES = {
    "F05": SeenFile("notes.txt", no_workbook="its name ends in .txt"),
    "F08": SeenFile("copy.xlsx", twin="first.xlsx"),
    "F17": SeenFile(FILE, open_elsewhere=True),
    "F18": SeenFile("return.xlsm", macros=True),
    "F23": SeenFile(FILE, wrapped=True),
    "F19": SeenFile("return.dat", odd_name=True),
    "R10": SeenFile("board.xlsx", own="board workbook"),
}


def from_records(code: str) -> tuple[Codes, Codes]:
    fires, silent = PAIRS[code]
    return lambda: of_record(BY_CODE[code], fires), lambda: of_record(BY_CODE[code], silent)


def q2_return(shown: float) -> Codes:
    """A second quarter's return whose locked first quarter shows this, when 5 was reported."""
    second = Period(2021, 2)
    earlier = {("K01", PERIOD): Reading("K01", PERIOD, Status.REPORTED, value=5)}
    data = filled("K01 | 6", period=second, edit=type_at("I6", str(shown)))
    return lambda: [each.code for each in read_return(data, FILE, Round(SMALL, second, earlier)).findings]


def formula_with_result(number: float | None) -> Codes:
    """K01's value as a formula with a saved result, or as a typed number."""
    from tests.workbooks import typed_cell

    cell = typed_cell(5, formula=number is not None)
    seen = replace(empty_row(), row=Row(FILE, "EH", FIRST_ROW, {"value": cell}, {"value": 9}))
    entered = replace(EMPTY, value=5.0, typed="5")
    return lambda: of_record(BY_CODE["C16"], replace(seen, value=entered))


def foreseen(forecast: float) -> Codes:
    """A count that adds up over the year, 40 so far, with this forecast for the whole of it."""
    row = Row(FILE, "EH", FIRST_ROW, {}, {"forecast": 14})
    one = replace(empty_row(), kpi=kpi("K01", profile=Profile.YEAR_TO_DATE), row=row)
    seen = replace(one, value=replace(EMPTY, value=40.0), forecast=replace(EMPTY, value=forecast))
    return lambda: of_record(BY_CODE["C26"], seen)


# An empty return


def empty_row() -> SeenRow:
    """A KPI's row as the template has it: nothing entered, the locked cells in order."""
    one, period = kpi("K01"), PERIOD
    goal = one.goal(period.year)
    standard = standard_for(one, goal, SMALL.policy, period.quarter)
    row = Row(FILE, "EH", FIRST_ROW, {}, {})
    blank = Sheet("EH", "visible", {})
    known, earlier = known_cells(one, goal, standard), earlier_cells(one, period, {})
    return SeenRow(one, row, blank, EMPTY, EMPTY, EMPTY, EMPTY, None, standard, known, earlier)


NOTHING = Reading("K01", PERIOD, Status.NOT_RETURNED)
IDENTITY = Identity(PERIOD.code, "EH", SMALL.settings.council, SMALL.settings.list_version, "2")
BLANK_SHEET = Sheet("EH", "visible", {})
EMPTY_RECORDS: dict[Scope, object] = {
    Scope.FILE: SeenFile(FILE),
    Scope.IDENTITY: SeenIdentity(Place(FILE, "EH", "A4"), IDENTITY, SMALL, PERIOD),
    Scope.SHEET: SeenSheet(FILE, BLANK_SHEET, EARLY, SMALL, "May 2021", FoundTable(5, {}, ()), {}, {}, (), ()),
    Scope.ROW: empty_row(),
    Scope.SUM: SeenSum(Place(FILE), kpi("K04"), Tie("K04", "K01 + K05", 1), "value", None, None),
    Scope.SERIES: SeenSeries(kpi("K01"), Goal("2021-22"), NOTHING, ()),
    Scope.QUARTERS: SeenQuarters(EARLY, Place(FILE, "EH"), BEFORE, ()),
    Scope.RETURNS: returns("", empty=True),
    Scope.GOAL: SeenGoal(Place(FILE), kpi("K01"), Goal("2021-22")),
}
SAID_OF_NOTHING = {"C07": "neither value nor reason", "R07": "nothing was filled in"}

BY_CODE: dict[str, Check[object]] = {check.code: check for check in CHECKS}
CASES: dict[str, tuple[Codes, Codes]] = {
    **RETURNED,
    **{code: from_records(code) for code in PAIRS},
    **{code: of_file(code, seen) for code, seen in FILES.items()},
    "P03": (q2_return(6), q2_return(5)),
    "C16": (formula_with_result(5), formula_with_result(None)),
    "C26": (foreseen(39), foreseen(40)),
}


def test_each_code_is_one_check() -> None:
    """No two checks share a code, and each check's message is the one that is documented under its code."""
    assert [code for code, count in Counter(check.code for check in CHECKS).items() if count > 1] == []
    assert {check.code: EVERY_RULE[check.code] for check in CHECKS} == {check.code: check.rule for check in CHECKS}


def test_every_check_has_its_cases() -> None:
    """A check that is added without a case that fires it and one that does not fails here."""
    assert sorted(CASES) == sorted(check.code for check in CHECKS)


@pytest.mark.parametrize("code", CASES)
def test_each_check_fires_on_one_case_and_is_silent_on_its_neighbour(code: str) -> None:
    """A rule that never fired, or always did, would say nothing."""
    fires, silent = CASES[code]
    assert code in fires()
    assert code not in silent()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_each_check_survives_an_empty_return(check: Check[object]) -> None:
    """Where nothing was entered there is nothing to ask, but for the two checks that ask just about that."""
    found = [each.code for each in check.findings(EMPTY_RECORDS[check.scope])]
    assert found == ([check.code] if check.code in SAID_OF_NOTHING else [])


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_each_check_says_in_a_sentence_what_it_looks_for(check: Check[object]) -> None:
    """Whoever reads the table reads what the function finds; and the functions are pure: same record, same findings."""
    assert (check.notices.__doc__ or "").rstrip().endswith(".")
    record = EMPTY_RECORDS[check.scope]
    assert checked([check], record) == checked([check], record)


def test_the_documentation_names_every_check() -> None:
    """docs/findings.md has a row for each code."""
    page = (Path(__file__).parent.parent / "docs" / "findings.md").read_text(encoding="utf-8")
    assert [check.code for check in CHECKS if f"| {check.code} |" not in page] == []
