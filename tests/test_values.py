"""What people type into a number cell: each entry is accepted, converted with a word about it, or queried."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.cells import Cell, Kind, Sheet
from sendkpi_xl.checks import CELL_CHECKS
from sendkpi_xl.checks.check import checked
from sendkpi_xl.checks.seen_row import SeenRow
from sendkpi_xl.entry import CASES, EntryRule, entry_rule
from sendkpi_xl.figures import figure, number_format, places, plain
from sendkpi_xl.layout import RETURN
from sendkpi_xl.model import Kpi, Sign, Unit
from sendkpi_xl.rating import standard_for
from sendkpi_xl.reading import Finding, Place, Severity
from sendkpi_xl.tables import Row
from sendkpi_xl.values import EMPTY, Entered, WhyNot, enter, may_be_empty, without_symbols
from tests.workbooks import FIRST_ROW, PERIOD, SMALL, lines, typed_cell

PLACE = Place("return.xlsx", "EH", "I6")
VALUE_COLUMN = RETURN.index("value") + 1
BY_NAME = {
    "count": "K01",
    "share": "K02",
    "percent": "K03",
    "money": "K04",
    "average": "K05",
    "weeks": "K06",
    "score": "K07",
}
DATE, PERCENT = "dd/mm/yyyy", "0%"
WORDS = "Type the number alone; words belong in the comment."
NO_NUMBER = "Type the number; if there is none, clear the cell and choose a reason. Words go in the comment."
FRACTION = "Type the number; for a fraction such as 6/8 type 6 as numerator and 8 as denominator."
NO_DATE = "Type the number alone: Excel made a date of what was typed."
SIXTH_OF_AUGUST = replace(typed_cell(44414, DATE), date="6 August 2021")
CORRECT = "Correct the number."
ERROR = replace(typed_cell("#REF!"), kind=Kind.ERROR, formula=True)


def small_kpi(name: str) -> Kpi:
    kpi = SMALL.kpi(BY_NAME[name])
    assert kpi is not None
    return kpi


def entered(name: str, cell: Cell | None) -> Entered:
    """What the cell comes to under the KPI of this name, or as a number of cases."""
    if name == "cases":
        return enter(cell, CASES, None)
    kpi = small_kpi(name)
    return enter(cell, entry_rule(kpi), kpi.unit)


def told(name: str, cell: Cell | None) -> list[Finding]:
    """What is said of an entry: in the value cell of the KPI of this name, or as the numerator of a share."""
    kpi, key = (small_kpi("share"), "numerator") if name == "cases" else (small_kpi(name), "value")
    cells = {} if cell is None else {key: cell}
    row = Row("return.xlsx", "EH", FIRST_ROW, cells, {key: VALUE_COLUMN})
    values = dict.fromkeys(("value", "numerator", "denominator", "forecast"), EMPTY) | {key: entered(name, cell)}
    standard = standard_for(kpi, kpi.goal(PERIOD.year), SMALL.policy, PERIOD.quarter)
    sheet = Sheet("EH", "visible", {})
    seen = SeenRow(kpi, row, sheet, **values, reason=None, standard=standard, known={}, earlier={})
    return [each for each in checked(CELL_CHECKS, seen) if each.code != "C16" or not cell or not cell.formula]


def came_to(name: str, cell: Cell | None) -> str:
    """What became of an entry, in a line: `empty`, `accepted …`, `converted …`, or `queried …` with its sentences."""
    result, findings = entered(name, cell), told(name, cell)
    if result.value is None:
        return "; ".join(f"queried {each.code}: {each.found} {each.action}" for each in findings) or "empty"
    assert [each.code for each in findings] == (["C15" if result.bare else "C05"] if result.how else [])
    return f"converted {plain(result.value)}: {result.how}" if result.how else f"accepted {plain(result.value)}"


def means(percent: str) -> str:
    return f"If {percent}% is meant, type {percent}% with its sign."


CASES_OF_ENTRIES: list[tuple[str, Cell | None, str]] = [
    # Nothing there
    ("count", None, "empty"),
    ("count", typed_cell(" "), "empty"),
    ("count", typed_cell("\u00a0 \u00a0"), "empty"),
    ("share", typed_cell("", formula=True), "empty"),
    # Numbers
    ("count", typed_cell(0), "accepted 0"),
    ("count", typed_cell(42), "accepted 42"),
    ("count", typed_cell(41.99999999999), "accepted 42"),
    ("count", typed_cell(42, "0.00", formula=True), "accepted 42"),
    ("count", typed_cell(17.5), "queried C04: The cell reads 17.5. Correct the number."),
    ("count", typed_cell(-3), "queried C04: The cell reads -3. Correct the number."),
    ("count", typed_cell(1e300), "queried C04: The cell reads 1E+300. Correct the number."),
    ("count", typed_cell(10_000_001), "queried C04: The cell reads 10000001. Correct the number."),
    ("count", typed_cell(0.0000001), "queried C04: The cell reads 0.0000001. Correct the number."),
    ("score", typed_cell(-4.25), "accepted -4.25"),
    ("share", typed_cell(0.85, PERCENT), "accepted 0.85"),
    ("share", typed_cell(0.1 + 0.2, PERCENT), "accepted 0.3"),
    ("share", typed_cell(1, PERCENT), "accepted 1"),
    ("share", typed_cell(85, PERCENT), f"queried C04: The cell reads 8500%. {means('85')}"),
    ("share", typed_cell(1.2, PERCENT), f"queried C04: The cell reads 120%. {means('1.2')}"),
    ("share", typed_cell(-0.1, PERCENT), "queried C04: The cell reads -10%. Correct the number."),
    ("share", typed_cell(1e22, PERCENT), f"queried C04: The cell reads 1E+24%. {means('1E+22')}"),
    ("percent", typed_cell(-0.2276, PERCENT), "accepted -0.2276"),
    ("percent", typed_cell(2.3, PERCENT), f"queried C04: The cell reads 230%. {means('2.3')}"),
    ("money", typed_cell(31_679_272.5), "accepted 31679272.5"),
    ("money", typed_cell(-2_500_000), "accepted -2500000"),
    ("money", typed_cell(999_999_999_999_999), "queried C04: The cell reads 999999999999999. Correct the number."),
    ("money", typed_cell(1e15), "queried C04: The cell reads 1E+15. Correct the number."),
    ("average", typed_cell(-1), "queried C04: The cell reads -1. Correct the number."),
    ("weeks", typed_cell(18.5), "accepted 18.5"),
    ("weeks", typed_cell(521), "queried C04: The cell reads 521. Correct the number."),
    ("cases", typed_cell(17), "accepted 17"),
    ("cases", typed_cell(17.5), "queried C04: The cell reads 17.5. Correct the number."),
    # Numbers in a percentage's cell that lost its % sign
    ("share", typed_cell(0.85), "converted 0.85: number without % read as 85%"),
    ("percent", typed_cell(-0.2276, "0.00"), "converted -0.2276: number without % read as -22.76%"),
    ("share", typed_cell(0), "accepted 0"),
    ("share", typed_cell(85), f"queried C04: The cell reads 8500%. {means('85')}"),
    ("score", typed_cell(0.85), "accepted 0.85"),
    # Numbers that are stored as text
    ("count", typed_cell("42"), "converted 42: text read as 42"),
    ("count", typed_cell(" 1,234 "), "converted 1234: text read as 1234"),
    ("count", typed_cell("１２"), "converted 12: text read as 12"),
    ("count", typed_cell("17.0"), "converted 17: text read as 17"),
    ("score", typed_cell("\u22124.5"), "converted -4.5: text read as -4.5"),
    ("share", typed_cell("85%"), "converted 0.85: text read as 85%"),
    ("share", typed_cell(" 85 % "), "converted 0.85: text read as 85%"),
    ("percent", typed_cell("-22.33%"), "converted -0.2233: text read as -22.33%"),
    ("money", typed_cell("£31,679,272"), "converted 31679272: text read as 31679272"),
    ("money", typed_cell("-£1,234.50"), "converted -1234.5: text read as -1234.5"),
    ("average", typed_cell("£16,880"), "converted 16880: text read as 16880"),
    ("weeks", typed_cell("12 weeks"), "converted 12: text read as 12"),
    ("weeks", typed_cell("1 Week"), "converted 1: text read as 1"),
    ("weeks", typed_cell("20wks"), "converted 20: text read as 20"),
    ("cases", typed_cell("1,030"), "converted 1030: text read as 1030"),
    ("cases", typed_cell("£1,030"), "converted 1030: text read as 1030"),
    # Text that is a number of another kind, or out of range
    ("share", typed_cell("185%"), f"queried C04: The cell reads 185%. {means('1.85')}"),
    ("count", typed_cell("17.5"), "queried C04: The cell reads 17.5. Correct the number."),
    ("count", typed_cell("-3"), "queried C04: The cell reads -3. Correct the number."),
    ("count", typed_cell("(3)"), "queried C04: The cell reads -3. Correct the number."),
    # Neither number nor text
    ("share", typed_cell(44355, DATE), f"queried C01: The cell holds “a date (stored as 44355)”. {FRACTION}"),
    ("share", SIXTH_OF_AUGUST, f"queried C01: The cell holds “6 August 2021, a date (stored as 44414)”. {FRACTION}"),
    ("count", typed_cell(0.5, "hh:mm"), f"queried C01: The cell holds “a date (stored as 0.5)”. {NO_DATE}"),
    ("count", typed_cell(True), f"queried C01: The cell holds “TRUE”. {WORDS}"),
    ("count", ERROR, "queried C02: The cell shows #REF!. Type over it, or mend the formula."),
    (
        "count",
        typed_cell(None),
        "queried C03: The cell holds a formula that has no saved result. "
        "Open the workbook in Excel, let it calculate, save it, and send it again.",
    ),
]


ALL = ("share", "percent", "count", "score", "money", "average", "weeks", "cases")
TYPED = """
'85%               | 0.85      | 0.85      | alone   | alone   | alone    | alone    | alone | alone
85 per cent        | 0.85      | 0.85      | alone   | alone   | alone    | alone    | alone | alone
85percent          | 0.85      | 0.85      | alone   | alone   | alone    | alone    | alone | alone
８５％             | 0.85      | 0.85      | alone   | alone   | alone    | alone    | alone | alone
-30.09%            | C04       | -0.3009   | alone   | alone   | alone    | alone    | alone | alone
−30.09 %           | C04       | -0.3009   | alone   | alone   | alone    | alone    | alone | alone
(30.09%)           | C04       | -0.3009   | alone   | alone   | alone    | alone    | alone | alone
£85%               | alone     | alone     | alone   | alone   | alone    | alone    | alone | alone
85                 | means 85  | means 85  | 85      | 85      | 85       | 85       | 85    | 85
0.85               | or .85    | or .85    | C04     | 0.85    | 0.85     | 0.85     | 0.85  | C04
1                  | or 1      | or 1      | 1       | 1       | 1        | 1        | 1     | 1
٨٥                 | means 85  | means 85  | 85      | 85      | 85       | 85       | 85    | 85
8٥                 | script    | script    | script  | script  | script   | script   | script| script
８5                | script    | script    | script  | script  | script   | script   | script| script
12,34              | british   | british   | british | british | british  | british  | british | british
1.234,5            | british   | british   | british | british | british  | british  | british | british
1.234,5 %          | british   | british   | alone   | alone   | alone    | alone    | alone | alone
£1.234,50          | alone     | alone     | alone   | alone   | british  | british  | alone | british
0,017              | british   | british   | british | british | british  | british  | british | british
1 234              | british   | british   | british | british | british  | british  | british | british
1'234              | british   | british   | british | british | british  | british  | british | british
١٬٢٣٤              | british   | british   | british | british | british  | british  | british | british
1e5                | british   | british   | british | british | british  | british  | british | british
-0                 | means -0  | means -0  | 0       | 0       | 0        | 0        | 0     | 0
£85                | alone     | alone     | alone   | alone   | 85       | 85       | alone | 85
£31,679,272        | alone     | alone     | alone   | alone   | 31679272 | C04      | alone | 31679272
£1.2m              | alone     | alone     | alone   | alone   | 1200000  | 1200000  | alone | alone
-£1.2 million      | alone     | alone     | alone   | alone   | -1200000 | C04      | alone | alone
1.2k               | alone     | alone     | alone   | alone   | 1200     | 1200     | alone | alone
£2.345bn           | alone     | alone     | alone   | alone   | 2345000000 | C04    | alone | alone
1.2.3m             | alone     | alone     | alone   | alone   | alone    | alone    | alone | alone
(1,234)            | means 1234 | means 1234 | C04   | -1234   | -1234    | C04      | C04   | C04
(£1.2m)            | alone     | alone     | alone   | alone   | -1200000 | C04      | alone | alone
(0)                | means 0   | means 0   | 0       | 0       | 0        | 0        | 0     | 0
(-5)               | alone     | alone     | alone   | alone   | alone    | alone    | alone | alone
12 weeks           | alone     | alone     | alone   | alone   | alone    | alone    | 12    | alone
3 days             | alone     | alone     | alone   | alone   | alone    | alone    | alone | alone
6 out of 8         | 0.75      | one       | one     | one     | one      | one      | one   | one
6 of 8 children    | 0.75      | one       | one     | one     | one      | one      | one   | one
6/8                | 0.75      | one       | one     | one     | one      | one      | one   | one
17 / 20            | 0.85      | one       | one     | one     | one      | one      | one   | one
8/8                | 1         | one       | one     | one     | one      | one      | one   | one
0/8                | 0         | one       | one     | one     | one      | one      | one   | one
8/6                | no part   | one       | one     | one     | one      | one      | one   | one
6/0                | no part   | one       | one     | one     | one      | one      | one   | one
0/0                | no cases  | one       | one     | one     | one      | one      | one   | one
6:8                | one       | one       | one     | one     | one      | one      | one   | one
06/08              | one       | one       | one     | one     | one      | one      | one   | one
6 of 8 not sent    | one       | one       | one     | one     | one      | one      | one   | one
50% (1 out of 2 CYP) | 0.5     | one       | one     | one     | one      | one      | one   | one
67% (8 out of 12)  | 0.67      | one       | one     | one     | one      | one      | one   | one
66.7% (8/12)       | 0.667     | one       | one     | one     | one      | one      | one   | one
8/12 = 67%         | 0.67      | one       | one     | one     | one      | one      | one   | one
66% (8 out of 12)  | differs   | one       | one     | one     | one      | one      | one   | one
20 (10.5%)         | 0.105     | one       | one     | one     | one      | one      | one   | one
20 (110%)          | C04       | one       | one     | one     | one      | one      | one   | one
10 + 115           | one       | one       | 125     | one     | 125      | one      | one   | one
£10+£1,115.50      | one       | one       | one     | one     | 1125.5   | one      | one   | one
0.5 + 115          | one       | one       | C04     | one     | 115.5    | one      | one   | one
<5%                | limit     | limit     | limit   | limit   | limit    | limit    | limit | limit
<5                 | limit     | limit     | limit   | limit   | limit    | limit    | limit | limit
≤ 5                | limit     | limit     | limit   | limit   | limit    | limit    | limit | limit
fewer than 5       | limit     | limit     | limit   | limit   | limit    | limit    | limit | limit
Less than five     | limit     | limit     | limit   | limit   | limit    | limit    | limit | limit
5 or fewer         | limit     | limit     | limit   | limit   | limit    | limit    | limit | limit
>95%               | limit     | limit     | limit   | limit   | limit    | limit    | limit | limit
~20                | exact     | exact     | exact   | exact   | exact    | exact    | exact | exact
c. 20              | exact     | exact     | exact   | exact   | exact    | exact    | exact | exact
about £20k         | exact     | exact     | exact   | exact   | exact    | exact    | exact | exact
20+                | exact     | exact     | exact   | exact   | exact    | exact    | exact | exact
17?                | exact     | exact     | exact   | exact   | exact    | exact    | exact | exact
no data (spring)   | blank     | blank     | blank   | blank   | blank    | blank    | blank | blank
n/a                | blank     | blank     | blank   | blank   | blank    | blank    | blank | blank
N/A                | blank     | blank     | blank   | blank   | blank    | blank    | blank | blank
n.a.               | blank     | blank     | blank   | blank   | blank    | blank    | blank | blank
not available      | blank     | blank     | blank   | blank   | blank    | blank    | blank | blank
TBC                | blank     | blank     | blank   | blank   | blank    | blank    | blank | blank
awaiting Mosaic    | blank     | blank     | blank   | blank   | blank    | blank    | blank | blank
data not available | blank     | blank     | blank   | blank   | blank    | blank    | blank | blank
none available     | blank     | blank     | blank   | blank   | blank    | blank    | blank | blank
as KPI 55          | kpi       | kpi       | kpi     | kpi     | kpi      | kpi      | kpi   | kpi
see EHC05          | kpi       | kpi       | kpi     | kpi     | kpi      | kpi      | kpi   | kpi
nil                | nil       | nil       | 0       | nil     | nil      | nil      | nil   | nil
None               | nil       | nil       | 0       | nil     | nil      | nil      | nil   | nil
-                  | nil       | nil       | nil     | nil     | nil      | nil      | nil   | nil
–                  | nil       | nil       | nil     | nil     | nil      | nil      | nil   | nil
..                 | nil       | nil       | nil     | nil     | nil      | nil      | nil   | nil
85% [p]            | 0.85      | 0.85      | alone     | alone     | alone     | alone     | alone     | alone
85%[P]             | 0.85      | 0.85      | alone     | alone     | alone     | alone     | alone     | alone
85% ( p )          | 0.85      | 0.85      | alone     | alone     | alone     | alone     | alone     | alone
［ｐ］ 85%            | 0.85      | 0.85      | alone     | alone     | alone     | alone     | alone     | alone
1,234 [r]          | means 1234 | means 1234 | 1234      | 1234      | 1234      | 1234      | C04       | 1234
[u, p] 85          | means 85  | means 85  | 85        | 85        | 85        | 85        | 85        | 85
£1.2m [ r ] (p)    | alone     | alone     | alone     | alone     | 1200000   | 1200000   | alone     | alone
(1,234) [u]        | means 1234 | means 1234 | C04       | -1234     | -1234     | C04       | C04       | C04
12 weeks [p]       | alone     | alone     | alone     | alone     | alone     | alone     | 12        | alone
6 out of 8 [p]     | 0.75      | one       | one       | one       | one       | one       | one       | one
nil [p]            | nil       | nil       | 0         | nil       | nil       | nil       | nil       | nil
<5 [p]             | limit     | limit     | limit     | limit     | limit     | limit     | limit     | limit
~20 [p]            | exact     | exact     | exact     | exact     | exact     | exact     | exact     | exact
85% est.           | exact     | exact     | exact     | exact     | exact     | exact     | exact     | exact
85p                | alone     | alone     | alone     | alone     | alone     | alone     | alone     | alone
85 r               | alone     | alone     | alone     | alone     | alone     | alone     | alone     | alone
85% [p             | alone     | alone     | alone     | alone     | alone     | alone     | alone     | alone
85% [p)            | alone     | alone     | alone     | alone     | alone     | alone     | alone     | alone
85% [up]           | alone     | alone     | alone     | alone     | alone     | alone     | alone     | alone
85% [e]            | alone     | alone     | alone     | alone     | alone     | alone     | alone     | alone
1,234 (r)          | square    | square    | square    | square    | square    | square    | square    | square
1,234 ( U )        | square    | square    | square    | square    | square    | square    | square    | square
85% (provisional)  | symbol    | symbol    | symbol    | symbol    | symbol    | symbol    | symbol    | symbol
Provisional: 85%   | symbol    | symbol    | symbol    | symbol    | symbol    | symbol    | symbol    | symbol
85 prov            | symbol    | symbol    | symbol    | symbol    | symbol    | symbol    | symbol    | symbol
1,234 (revised from 1,230) | symbol    | symbol    | symbol    | symbol    | symbol    | symbol    | symbol    | symbol
85% improvised     | alone     | alone     | alone     | alone     | alone     | alone     | alone     | alone
[p]                | no figure | no figure | no figure | no figure | no figure | no figure | no figure | no figure
[u] (p)            | no figure | no figure | no figure | no figure | no figure | no figure | no figure | no figure
3 [c]              | no [c]    | no [c]    | no [c]    | no [c]    | no [c]    | no [c]    | no [c]    | no [c]
< 5 (C)            | no [c]    | no [c]    | no [c]    | no [c]    | no [c]    | no [c]    | no [c]    | no [c]
[x] 17             | no [x]    | no [x]    | no [x]    | no [x]    | no [x]    | no [x]    | no [x]    | no [x]
85% [z] [p]        | no [z]    | no [z]    | no [z]    | no [z]    | no [z]    | no [z]    | no [z]    | no [z]
[c]                | [c]       | [c]       | [c]       | [c]       | [c]       | [c]       | [c]       | [c]
[ X ]              | [x]       | [x]       | [x]       | [x]       | [x]       | [x]       | [x]       | [x]
[z]                | [z]       | [z]       | [z]       | [z]       | [z]       | [z]       | [z]       | [z]
[x]                | [x]       | [x]       | [x]       | [x]       | [x]       | [x]       | [x]       | [x]
[n]                | nil       | nil       | nil       | nil       | nil       | nil       | nil       | nil
x                  | nil       | nil       | nil       | nil       | nil       | nil       | nil       | nil
#N/A               | error     | error     | error   | error   | error    | error    | error | error
#REF!              | error     | error     | error   | error   | error    | error    | error | error
Err:502            | error     | error     | error   | error   | error    | error    | error | error
17 (was 15)        | one       | one       | one     | one     | one      | one      | one   | one
17 / 19 / 20       | one       | one       | one     | one     | one      | one      | one   | one
5-10               | one       | one       | one     | one     | one      | one      | one   | one
5 – 10             | one       | one       | one     | one     | one      | one      | one   | one
31/06/2021         | one       | one       | one     | one     | one      | one      | one   | one
=1+1               | one       | one       | one     | one     | one      | one      | one   | one
--5                | alone     | alone     | alone   | alone   | alone    | alone    | alone | alone
½                  | word      | word      | word    | word    | word     | word     | word  | word
5²                 | alone     | alone     | alone   | alone   | alone    | alone    | alone | alone
seventeen          | word      | word      | word    | word    | word     | word     | word  | word
TRUE               | word      | word      | word    | word    | word     | word     | word  | word
\u200b             | word      | word      | word    | word    | word     | word     | word  | word
"""
"""Every way to type, and what it comes to in each kind of cell: a number that it is converted to, else the question.

`C04` is a number out of the cell's range. An apostrophe at the front only keeps what follows a text.
"""

BLANK = "Clear the cell and choose a reason for the blank; the words belong in the comment."
REASONS = {
    "[z]": "“Not collected this quarter” or “Reported under another KPI” or “No cases this quarter”",
    "[x]": "“Data not yet available” or “Other: say why in the comment”",
    "[c]": "“Too few to report safely”",
}
QUESTIONS = {
    "alone": WORDS,
    "word": NO_NUMBER,
    "one": "Type one number; what else there is to say belongs in the comment.",
    "exact": "Type the exact figure, with [p] after it if it is provisional; that it is an estimate belongs in the "
    "comment.",
    "symbol": "Type the figure with a symbol in place of the words, such as 85% [p]: [u] low reliability, [r] revised, "
    "[p] provisional.",
    "square": "If a symbol is meant, type it in square brackets: [r] revised, [u] low reliability. A rating is not "
    "typed.",
    "no figure": "Type the figure before the symbol; if there is none, clear the cell and choose a reason for the "
    "blank.",
    **{
        name: f"{symbol} stands in place of a figure: clear the cell and choose the reason {reasons}{more}."
        for symbol, reasons in REASONS.items()
        for name, more in (
            (symbol, ""),
            (f"no {symbol}", f"; if the figure may be shown, type it without {symbol}"),
        )
    },
    "limit": "A limit is not a figure: type the exact one. If it must not be shown, clear the cell and choose the "
    "reason “Too few to report safely”.",
    "blank": BLANK,
    "nil": "If nil is meant, type 0; if there is no figure, clear the cell and choose a reason for the blank.",
    "kpi": "Clear the cell and choose the reason “Reported under another KPI”; the words belong in the comment.",
    "error": "An error was typed or pasted: type the number, or clear the cell and choose a reason for the blank.",
    "british": "Type it with a point before the decimals, and commas or nothing between thousands, such as 1,234.5.",
    "script": "Type it in the digits 0 to 9: those of two scripts are mixed here.",
    "no part": "Correct it: a part cannot be larger than its whole.",
    "no cases": "If there were no cases, clear the cell and choose the reason “No cases this quarter”.",
    "differs": "66% is not what the fraction makes, 66.67% (numerator 8, denominator 12): correct whichever is wrong.",
    "means 85": means("85"),
    "or 1": "Type it with its % sign: 100% or 1%, whichever is meant.",
    "or .85": "Type it with its % sign: 85% or 0.85%, whichever is meant.",
    "means 1234": means("1234"),
    "means 0": means("0"),
    "means -0": means("-0"),
}
WAYS = [
    (text.removeprefix("'"), name, outcome)
    for text, *outcomes in (line.split(" | ") for line in lines(TYPED))
    for name, outcome in zip(ALL, outcomes, strict=True)
]


@pytest.mark.parametrize("text", dict.fromkeys(text for text, _, _ in WAYS))
def test_each_way_to_type_in_each_kind_of_cell(text: str) -> None:
    """A text is converted only where there is no doubt what it means; elsewhere the question says what to do."""
    expected = {name: outcome for each, name, outcome in WAYS if each == text}
    came = {}
    for name in ALL:
        result = entered(name, typed_cell(text))
        (question,) = told(name, typed_cell(text))
        if result.value is not None:
            assert (question.code, result.typed) == ("C05", text)
            came[name] = plain(result.value)
        else:
            known = [word for word, words in QUESTIONS.items() if words == question.action]
            came[name] = known[0] if question.code == "C01" and known else question.code
            assert question.code == "C04" or question.found == f"The cell holds “{text.replace(chr(0x200B), '?')}”."
    assert came == expected


LIMITS = [
    # Cell, below the least, the least, the most, above the most
    ("share", -0.01, 0, 1, 1.01),
    ("percent", -2.01, -2, 2, 2.01),
    ("count", -1, 0, 10_000_000, 10_000_001),
    ("score", -10_000_001, -10_000_000, 10_000_000, 10_000_001),
    ("money", -10_000_000_001, -10_000_000_000, 10_000_000_000, 10_000_000_001),
    ("average", -1, 0, 10_000_000, 10_000_001),
    ("weeks", -1, 0, 520, 521),
    ("cases", -1, 0, 10_000_000_000, 10_000_000_001),
]


@pytest.mark.parametrize(("name", "below", "least", "most", "above"), LIMITS)
def test_each_kind_of_cell_has_its_limits(name: str, below: float, least: float, most: float, above: float) -> None:
    """The least and the most that a cell takes are accepted as numbers, and what lies beyond them is queried."""
    came = [came_to(name, typed_cell(number, PERCENT)) for number in (below, least, most, above)]
    assert [each.partition(" ")[0] for each in came] == ["queried", "accepted", "accepted", "queried"]


def test_counts_are_whole() -> None:
    """Half a case is queried; half of anything else is a number."""
    assert [name for name in ALL if entered(name, typed_cell(0.5, PERCENT)).value is None] == ["count", "cases"]


READ_AS = [
    ("share", " 85 % ", "text", "85%"),
    ("share", "6 out of 8", "fraction", "75% (numerator 6, denominator 8)"),
    ("share", "115/1030", "fraction", "11.17% (numerator 115, denominator 1030)"),
    ("share", "1,150 of 10,300", "fraction", "11.17% (numerator 1150, denominator 10300)"),
    ("share", "50% (1 out of 2 CYP)", "share with its fraction", "50% (numerator 1, denominator 2)"),
    ("share", "1 out of 2 (50%)", "fraction with its share", "50% (numerator 1, denominator 2)"),
    ("share", "50.0% (1,150/2,300)", "share with its fraction", "50.0% (numerator 1150, denominator 2300)"),
    ("share", "20 (10.5%)", "count with its share", "10.5% (numerator 20)"),
    ("share", "1,020 (10.5%)", "count with its share", "10.5% (numerator 1020)"),
    ("count", "10 + 115", "sum", "10 + 115 = 125"),
    ("money", "£10+ £1,115.50+1", "sum", "10 + 1115.5 + 1 = 1126.5"),
    ("money", "0.1 + 0.2", "sum", "0.1 + 0.2 = 0.3"),
    ("count", "nil", "word", "0"),
    ("money", "£1.2m", "short amount", "1200000"),
    ("money", "(1,234)", "negative in brackets", "-1234"),
    ("share", "85% (p)", "figure with a symbol", "85%, provisional"),
    ("count", "[r] 1,234", "figure with a symbol", "1234, revised"),
    ("share", "6/8 [p] [u]", "figure with a symbol", "75% (numerator 6, denominator 8), low reliability, provisional"),
]


@pytest.mark.parametrize(("name", "text", "form", "words"), READ_AS)
def test_a_conversion_says_which_form_was_read_and_as_what(name: str, text: str, form: str, words: str) -> None:
    """The trace names the form, and the lead is told what the text was read as, with its parts where it has some."""
    result = entered(name, typed_cell(text))
    assert result.how == f"{form} read as {words}"
    assert [each.found for each in told(name, typed_cell(text))] == [
        f"The cell holds the text “{text.strip()}”; we read it as {words}."
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("75%", (None, None)),
        ("6/8", (6.0, 8.0)),
        ("75% (6/8)", (6.0, 8.0)),
        ("20 (10.5%)", (20.0, None)),
    ],
)
def test_a_share_brings_the_parts_that_it_was_typed_with(text: str, parts: tuple[float | None, float | None]) -> None:
    """The numerator and denominator of a fraction in a value cell are read, and none are made up."""
    result = entered("share", typed_cell(text))
    assert (result.numerator, result.denominator) == parts


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("85%", ""),
        ("85% [p]", "[p]"),
        ("[R] 85%", "[r]"),
        ("85% (P)", "[p]"),
        ("85% [p] [p]", "[p]"),
        ("85% [p, r ,u]", "[u] [r] [p]"),
        ("[p] 85% [u]", "[u] [p]"),
        ("6 out of 8 [u]", "[u]"),
        ("185% [p]", ""),
    ],
)
def test_symbols_beside_a_number_are_kept_in_the_shorthands_order(text: str, symbols: str) -> None:
    """Each symbol once, whatever its case, its place and its brackets; none with what cannot be used."""
    assert " ".join(entered("share", typed_cell(text)).symbols) == symbols


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        (
            "n/a",
            "Type one number, or clear the cell where there is none; what else there is to say belongs in the comment.",
        ),
        (
            "<5",
            "Type one number, or clear the cell where there is none; what else there is to say belongs in the comment.",
        ),
        (
            "[c]",
            "Type one number, or clear the cell where there is none; what else there is to say belongs in the comment.",
        ),
        ("about 20", "Type one number; what else there is to say belongs in the comment."),
        ("20 (10.5%)", "Type one number; what else there is to say belongs in the comment."),
        (
            "1.234,5",
            "Type it with a point before the decimals, and commas or nothing between thousands, such as 1,234.5.",
        ),
    ],
)
def test_a_cell_that_may_stay_empty_is_asked_for_no_reason(text: str, ask: str) -> None:
    """Whoever chose a reason for a blank because of a forecast or a numerator would take the value away."""
    assert may_be_empty(entered("cases", typed_cell(text))).ask == ask
    assert may_be_empty(entered("cases", typed_cell(20))) == entered("cases", typed_cell(20))


def test_a_forecast_bears_no_symbols() -> None:
    """Without symbols an entry stays what it is; with one it is asked about, as a forecast has nowhere to keep it."""
    plainly, symbol = (entered("share", typed_cell(text)) for text in ("85%", "85% [p]"))
    ask = "Type the number alone: symbols belong to the value of the quarter."
    assert without_symbols(plainly) is plainly
    assert without_symbols(symbol) == Entered(None, "85% [p]", why_not=WhyNot.NO_NUMBER, found="85% [p]", ask=ask)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 499,
        "1," * 250,
        "1.1" * 160,
        "1+" * 250,
        "1 + " * 125,
        "£ " * 250,
        "(" * 500,
        "1111111111+" * 45 + "x",
        "<" * 500,
        "no " * 160 + "\n",
        "1 of " * 100,
        " 1" * 250,
        "x" * 32_767,
        "9" * 32_767,
        "1 000" * 100,
        "[p]" * 166,
        "(p) " * 125,
        "1" + "(p)" * 166 + "x",
        "1(p)" * 125,
        "[" * 500,
        "1 [u, " * 83,
    ],
)
def test_long_texts_are_questions(text: str) -> None:
    """However long a text, and however like the start of a number, it is asked about at once."""
    assert all(entered(name, typed_cell(text)).why_not for name in ALL)


@pytest.mark.parametrize(("name", "cell", "expected"), CASES_OF_ENTRIES)
def test_an_entry_is_accepted_converted_or_queried(name: str, cell: Cell | None, expected: str) -> None:
    """Each entry comes to a number as it stands, to a number with a word about it, or to a question."""
    assert came_to(name, cell) == expected


def test_a_number_is_accepted_without_a_word() -> None:
    """A number in range: its value, what was typed as Excel shows it, and nothing else."""
    assert entered("share", typed_cell(0.28999999999999998, PERCENT)) == Entered(0.29, "0.29")


def test_a_conversion_is_told_in_full() -> None:
    """A number that was typed as text says what stood there, what it was read as and where it stands."""
    cell = typed_cell(" £1,234 ")
    assert entered("money", cell) == Entered(1234.0, "£1,234", "text read as 1234", "1234", found="£1,234")
    assert told("money", cell) == [
        Finding(
            "C05",
            Severity.NOTE,
            PLACE,
            "The cell holds the text “£1,234”; we read it as 1234.",
            "An amount in pounds, such as 31679272.",
            "Nothing, if that is what was meant.",
            "K04",
        )
    ]


def test_a_query_is_told_in_full() -> None:
    """What cannot be used keeps what was typed, word for word, and asks for what the template asked for."""
    cell = typed_cell(" awaiting Mosaic ")
    assert entered("share", cell) == Entered(
        None, "awaiting Mosaic", why_not=WhyNot.NO_NUMBER, found="awaiting Mosaic", ask=BLANK
    )
    assert told("share", cell) == [
        Finding(
            "C01",
            Severity.MUST_FIX,
            PLACE,
            "The cell holds “awaiting Mosaic”.",
            "A percentage from 0% to 100%, typed with its % sign, such as 85%.",
            BLANK,
            "K02",
        )
    ]


@pytest.mark.parametrize(
    ("name", "cell", "expected"),
    [
        ("count", typed_cell(None), Entered(None, why_not=WhyNot.NO_RESULT)),
        ("count", ERROR, Entered(None, "#REF!", why_not=WhyNot.ERROR, found="#REF!")),
        (
            "share",
            SIXTH_OF_AUGUST,
            Entered(
                None,
                "44414",
                why_not=WhyNot.NO_NUMBER,
                found="6 August 2021, a date (stored as 44414)",
                ask=FRACTION,
            ),
        ),
        ("count", typed_cell(True), Entered(None, "TRUE", why_not=WhyNot.NO_NUMBER, found="TRUE", ask=WORDS)),
        ("count", typed_cell(17.5), Entered(None, "17.5", why_not=WhyNot.OUT_OF_RANGE, found="17.5", ask=CORRECT)),
        (
            "count",
            typed_cell("£17.50"),
            Entered(None, "£17.50", why_not=WhyNot.NO_NUMBER, found="£17.50", ask=WORDS),
        ),
        (
            "share",
            typed_cell(" 185 %"),
            Entered(None, "185 %", why_not=WhyNot.OUT_OF_RANGE, found="185%", ask=means("1.85")),
        ),
    ],
)
def test_what_cannot_be_used_keeps_what_stood_in_the_cell(name: str, cell: Cell, expected: Entered) -> None:
    """The trace of a queried entry holds what was typed, what a message quotes of it, and what to do."""
    assert entered(name, cell) == expected


def test_a_percentage_without_its_sign_is_told_in_full() -> None:
    """0.85 in a cell that lost its percentage format is read as 85%, and the lead is told so."""
    assert entered("share", typed_cell(0.85)) == Entered(
        0.85, "0.85", "number without % read as 85%", "85%", found="0.85", bare=True
    )


def test_a_text_of_up_to_500_characters_is_read() -> None:
    """The longest text that is read is one of 500 characters; of a longer one nothing is understood."""
    limit, longer = "<" + "5" * 499, "<" + "5" * 500
    assert [entered("count", typed_cell(text)).ask for text in (limit, longer)] == [QUESTIONS["limit"], WORDS]


def test_what_was_typed_is_kept_in_full_however_long() -> None:
    """A message cuts a long text; the trace does not."""
    assert entered("count", typed_cell("x" * 10_000)).typed == "x" * 10_000


NAMES = st.sampled_from([*BY_NAME, "cases"])
FORMATS = st.sampled_from(["General", "0%", '"£"#,##0', "0.00E+00", "dd/mm/yyyy", "@", '#,##0" weeks"'])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-200, 200)
NUMBER_LIKE = st.text(alphabet="0123456789.,-£% ()[]pr/<eE１٣\u00a0\u2212", max_size=12)
PIECES = (
    "1|20|1,234|0.5|9999999999|%| |£|m|k|bn|(|)|/| of | out of |+| + |<|~|c.|-|–|nil|n/a|no|KPI|weeks|?|٣|５|ſ|K|\u00a0"
    "|[p]|[u, r]|(p)|[c]|[|]|prov"
)
WORDS_AND_NUMBERS = st.lists(st.sampled_from(PIECES.split("|")), max_size=8).map("".join)
TEXTS = st.text(max_size=60) | NUMBER_LIKE | WORDS_AND_NUMBERS
ENTRIES = st.builds(typed_cell, NUMBERS | TEXTS | st.booleans() | st.none(), FORMATS, formula=st.booleans())


def rule_of(name: str) -> EntryRule:
    return CASES if name == "cases" else entry_rule(small_kpi(name))


@settings(deadline=None, max_examples=500)
@given(NAMES, ENTRIES)
def test_no_entry_is_dropped_and_none_raises(name: str, cell: Cell) -> None:
    """Whatever stands in a cell: a number within the rule, a question, or nothing, and nothing only for a blank."""
    result = entered(name, cell)
    if result.value is None:
        blank = cell.kind is Kind.TEXT and not cell.raw.strip()
        assert result == EMPTY if blank else result.why_not
    else:
        rule = rule_of(name)
        assert rule.least <= result.value <= rule.most
        assert not rule.whole or result.value.is_integer()
        assert result.why_not is None
        assert (cell.kind is Kind.TEXT or result.bare) == bool(result.how)


def decimals_of(name: str) -> tuple[Unit, int]:
    """The unit of a KPI, and more decimals than it shows: leads type what they have."""
    kpi = small_kpi(name)
    return kpi.unit, 0 if entry_rule(kpi).whole else kpi.decimals + 1


@settings(deadline=None, max_examples=300)
@given(st.sampled_from([*BY_NAME]), st.data())
def test_what_our_own_formats_show_reads_back_unchanged(name: str, data: st.DataObject) -> None:
    """Every number of a KPI's range comes back as it was: as a number in our format, and as the words we print."""
    unit, decimals = decimals_of(name)
    rule, scale = rule_of(name), 10 ** places(unit, decimals)
    value = data.draw(st.integers(round(rule.least * scale), round(rule.most * scale))) / scale
    as_number = typed_cell(value, number_format(unit, decimals))
    as_words = typed_cell(figure(value, unit, decimals))
    assert (entered(name, as_number).value, entered(name, as_number).how) == (value, "")
    assert entered(name, as_words).value == value


@settings(deadline=None, max_examples=100)
@given(st.sampled_from([*BY_NAME]), st.sampled_from([Sign.UNDER, Sign.OVER]), st.integers(0, 1))
def test_a_target_that_is_a_limit_is_no_value(name: str, sign: Sign, value: int) -> None:
    """What we print for a target such as `<5%` is asked about when it stands in a value cell."""
    unit, decimals = decimals_of(name)
    (question,) = told(name, typed_cell(figure(value, unit, decimals, sign)))
    assert (question.code, question.action) == ("C01", QUESTIONS["limit"])
