"""What people type into a number cell: each entry is accepted, converted with a word about it, or queried."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendkpi_xl.cells import Cell, Kind
from sendkpi_xl.entry import CASES, EntryRule, entry_rule
from sendkpi_xl.figures import figure, number_format, places, plain
from sendkpi_xl.model import Finding, Kpi, Place, Severity, Unit
from sendkpi_xl.values import Entered, enter
from tests.workbooks import SMALL, typed_cell

PLACE = Place("return.xlsx", "EH", "I6")
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
FRACTION = "Type the number; for a fraction such as 6/8 type 6 as numerator and 8 as denominator."
ERROR = replace(typed_cell("#REF!"), kind=Kind.ERROR, formula=True)


def small_kpi(name: str) -> Kpi:
    kpi = SMALL.kpi(BY_NAME[name])
    assert kpi is not None
    return kpi


def entered(name: str, cell: Cell | None) -> Entered:
    """What the cell comes to under the KPI of this name, or as a number of cases."""
    if name == "cases":
        return enter(cell, CASES, None, PLACE, "K02")
    kpi = small_kpi(name)
    return enter(cell, entry_rule(kpi), kpi.unit, PLACE, kpi.id)


def came_to(name: str, cell: Cell | None) -> str:
    """What became of an entry, in a line: `empty`, `accepted …`, `converted …`, or `queried …` with its sentences."""
    result = entered(name, cell)
    if result.value is None:
        sentences = [f"queried {each.code}: {each.found} {each.action}" for each in result.findings]
        return "; ".join(sentences) or "empty"
    if not result.findings:
        assert result.how == ""
        return f"accepted {plain(result.value)}"
    (note,) = result.findings
    assert note.code == "C05"
    return f"converted {plain(result.value)}: {result.how}"


def means(percent: str) -> str:
    return f"If {percent}% is meant, type {percent}% with its sign; we do not guess."


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
    ("score", typed_cell(-4.25), "accepted -4.25"),
    ("share", typed_cell(0.85, PERCENT), "accepted 0.85"),
    ("share", typed_cell(0.1 + 0.2, PERCENT), "accepted 0.3"),
    ("share", typed_cell(1, PERCENT), "accepted 1"),
    ("share", typed_cell(85, PERCENT), f"queried C04: The cell reads 8500%. {means('85')}"),
    ("share", typed_cell(1.2, PERCENT), f"queried C04: The cell reads 120%. {means('1.2')}"),
    ("share", typed_cell(-0.1, PERCENT), "queried C04: The cell reads -10%. Correct the number."),
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
    ("share", typed_cell("85"), f"queried C01: The cell holds “85”. {means('85')}"),
    ("share", typed_cell("0.85"), f"queried C01: The cell holds “0.85”. {means('0.85')}"),
    ("share", typed_cell("£85"), f"queried C01: The cell holds “£85”. {means('85')}"),
    ("share", typed_cell("£85%"), f"queried C01: The cell holds “£85%”. {WORDS}"),
    ("share", typed_cell("185%"), f"queried C04: The cell reads 185%. {means('1.85')}"),
    ("count", typed_cell("85%"), f"queried C01: The cell holds “85%”. {WORDS}"),
    ("count", typed_cell("£85"), f"queried C01: The cell holds “£85”. {WORDS}"),
    ("count", typed_cell("12 weeks"), f"queried C01: The cell holds “12 weeks”. {WORDS}"),
    ("weeks", typed_cell("£12"), f"queried C01: The cell holds “£12”. {WORDS}"),
    ("cases", typed_cell("85%"), f"queried C01: The cell holds “85%”. {WORDS}"),
    ("count", typed_cell("17.5"), "queried C04: The cell reads 17.5. Correct the number."),
    ("count", typed_cell("-3"), "queried C04: The cell reads -3. Correct the number."),
    # Text that is no number
    ("count", typed_cell("12,34"), f"queried C01: The cell holds “12,34”. {WORDS}"),
    ("count", typed_cell("1.234,5"), f"queried C01: The cell holds “1.234,5”. {WORDS}"),
    ("count", typed_cell("--5"), f"queried C01: The cell holds “--5”. {WORDS}"),
    ("count", typed_cell("1e5"), f"queried C01: The cell holds “1e5”. {WORDS}"),
    ("share", typed_cell("6/8"), f"queried C01: The cell holds “6/8”. {WORDS}"),
    ("share", typed_cell("6 out of 8"), f"queried C01: The cell holds “6 out of 8”. {WORDS}"),
    ("share", typed_cell("20 (10.5%)"), f"queried C01: The cell holds “20 (10.5%)”. {WORDS}"),
    ("share", typed_cell("<5%"), f"queried C01: The cell holds “<5%”. {WORDS}"),
    ("count", typed_cell("n/a"), f"queried C01: The cell holds “n/a”. {WORDS}"),
    ("count", typed_cell("TBC"), f"queried C01: The cell holds “TBC”. {WORDS}"),
    ("count", typed_cell("-"), f"queried C01: The cell holds “-”. {WORDS}"),
    ("count", typed_cell("17 (was\n15)"), f"queried C01: The cell holds “17 (was 15)”. {WORDS}"),
    ("count", typed_cell("=1+1"), f"queried C01: The cell holds “=1+1”. {WORDS}"),
    ("count", typed_cell("#REF!"), f"queried C01: The cell holds “#REF!”. {WORDS}"),
    ("count", typed_cell("\u200b"), f"queried C01: The cell holds “?”. {WORDS}"),
    ("count", typed_cell("9" * 41), f"queried C01: The cell holds “{'9' * 41}”. {WORDS}"),
    ("money", typed_cell("9" * 16), f"queried C01: The cell holds “{'9' * 16}”. {WORDS}"),
    ("count", typed_cell("x" * 10_000), f"queried C01: The cell holds “{'x' * 79}…”. {WORDS}"),
    # Neither number nor text
    ("share", typed_cell(44355, DATE), f"queried C01: The cell holds “a date (stored as 44355)”. {FRACTION}"),
    ("count", typed_cell(0.5, "hh:mm"), f"queried C01: The cell holds “a date (stored as 0.5)”. {FRACTION}"),
    ("count", typed_cell(True), f"queried C01: The cell holds “TRUE”. {WORDS}"),
    ("count", ERROR, "queried C02: The cell shows #REF!. Type over it, or mend the formula."),
    (
        "count",
        typed_cell(None),
        "queried C03: The cell holds a formula that has no saved result. "
        "Open the workbook in Excel, let it calculate, save it, and send it again.",
    ),
]


@pytest.mark.parametrize(("name", "cell", "expected"), CASES_OF_ENTRIES)
def test_an_entry_is_accepted_converted_or_queried(name: str, cell: Cell | None, expected: str) -> None:
    """Each entry comes to a number as it stands, to a number with a word about it, or to a question."""
    assert came_to(name, cell) == expected


def test_a_number_is_accepted_without_a_word() -> None:
    """A number in range: its value, what was typed as Excel shows it, and nothing else."""
    assert entered("share", typed_cell(0.28999999999999998, PERCENT)) == Entered(0.29, "0.29")


def test_a_conversion_is_told_in_full() -> None:
    """A number that was typed as text says what stood there, what it was read as and where it stands."""
    assert entered("money", typed_cell(" £1,234 ")) == Entered(
        1234.0,
        "£1,234",
        "text read as 1234",
        (
            Finding(
                "C05",
                Severity.NOTE,
                PLACE,
                "The cell holds the text “£1,234”; we read it as 1234.",
                "An amount in pounds, such as 31679272.",
                "Nothing, if that is what was meant.",
                "K04",
            ),
        ),
    )


def test_a_query_is_told_in_full() -> None:
    """What cannot be used keeps what was typed, word for word, and asks for what the template asked for."""
    result = entered("share", typed_cell(" awaiting Mosaic "))
    assert result == Entered(
        None,
        "awaiting Mosaic",
        "",
        (
            Finding(
                "C01",
                Severity.MUST_FIX,
                PLACE,
                "The cell holds “awaiting Mosaic”.",
                "A percentage from 0% to 100%, typed with its % sign, such as 85%.",
                WORDS,
                "K02",
            ),
        ),
    )
    assert result.queried


def test_what_was_typed_is_kept_in_full_however_long() -> None:
    """A message cuts a long text; the trace does not."""
    assert entered("count", typed_cell("x" * 10_000)).typed == "x" * 10_000


NAMES = st.sampled_from([*BY_NAME, "cases"])
FORMATS = st.sampled_from(["General", "0%", '"£"#,##0', "0.00E+00", "dd/mm/yyyy", "@", '#,##0" weeks"'])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-200, 200)
NUMBER_LIKE = st.text(alphabet="0123456789.,-£% ()/<eE１٣\u00a0\u2212", max_size=12)
TEXTS = st.text(max_size=60) | NUMBER_LIKE
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
        assert result == Entered(None) if blank else (result.queried and len(result.findings) == 1)
    else:
        rule = rule_of(name)
        assert rule.least <= result.value <= rule.most
        assert not rule.whole or result.value.is_integer()
        assert not result.queried
        assert (cell.kind is Kind.TEXT) == bool(result.how) == bool(result.findings)


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
    assert (entered(name, as_number).value, entered(name, as_number).findings) == (value, ())
    assert entered(name, as_words).value == value
