"""Financial-year quarters: their codes, words, days and order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendkpi_xl.period import Period
from tests.rating_cases import lines

PERIODS = st.builds(Period, st.integers(1000, 2999), st.integers(1, 4))

QUARTERS = """
    code       | label              | months                   | end        | short year
    2021-22-Q1 | Quarter 1 2021/22  | April to June 2021       | 2021-06-30 | 21/22
    2021-22-Q2 | Quarter 2 2021/22  | July to September 2021   | 2021-09-30 | 21/22
    2021-22-Q3 | Quarter 3 2021/22  | October to December 2021 | 2021-12-31 | 21/22
    2021-22-Q4 | Quarter 4 2021/22  | January to March 2022    | 2022-03-31 | 21/22
    2019-20-Q4 | Quarter 4 2019/20  | January to March 2020    | 2020-03-31 | 19/20
    1999-00-Q1 | Quarter 1 1999/00  | April to June 1999       | 1999-06-30 | 99/00
    2099-00-Q4 | Quarter 4 2099/00  | January to March 2100    | 2100-03-31 | 99/00
    """

GOOD = {
    "2021-22-Q1": Period(2021, 1),
    "2021-22-q4": Period(2021, 4),
    "  2021-22-Q1 ": Period(2021, 1),
    "\u00a02021-22-Q2\n": Period(2021, 2),
    "1999-00-Q3": Period(1999, 3),
    "2009-10-Q3": Period(2009, 3),
}

BAD = (
    "",
    "Q1",
    "2021-22",
    "2021-22-Q0",
    "2021-22-Q5",
    "2021-22-Q",
    "2021-22-Q11",
    "2021-22 Q1",
    "2021-22-1",
    "2021/22-Q1",
    "2021-2022-Q1",
    "21-22-Q1",
    "2021-21-Q1",
    "2021-23-Q1",
    "2022-21-Q1",
    "2021-2-Q1",
    "x2021-22-Q1",
    "2021-22-Q1x",
    "2021-22-Q1-WS1",
    "0000-01-Q1",
    "9999-00-Q4",
    "٢٠٢١-٢٢-Q1",
    "../2021-22-Q1",
)


@pytest.mark.parametrize("line", lines(QUARTERS), ids=" ".join)
def test_a_quarter_in_words_and_days(line: tuple[str, ...]) -> None:
    """A code reads as its quarter, and every word and day of it follows."""
    code, label, months, end, short_year = line
    period = Period.parse(code)
    assert period is not None
    said = (period.code, period.label, period.months, period.end.isoformat(), period.short_year)
    assert said == (code, label, months, end, short_year)
    assert period.year == code.removesuffix(f"-Q{period.quarter}")


@pytest.mark.parametrize(("text", "period"), GOOD.items(), ids=map(repr, GOOD))
def test_codes_that_are_read(text: str, period: Period) -> None:
    """A code is read whatever the case of its Q, and with blanks around it."""
    assert Period.parse(text) == period


@pytest.mark.parametrize("text", BAD, ids=repr)
def test_texts_that_are_no_codes(text: str) -> None:
    """Anything else is no quarter: another form, years that do not follow each other, years that no calendar has."""
    assert Period.parse(text) is None


@given(PERIODS)
def test_a_code_reads_back(period: Period) -> None:
    """Every quarter's code is read as the same quarter."""
    assert Period.parse(period.code) == period


@given(st.text(max_size=14) | st.from_regex(r"[0-9]{4}-[0-9]{2}-Q[1-4]", fullmatch=True))
def test_whatever_is_read_has_all_its_words(text: str) -> None:
    """A text is no quarter, or one whose days and words can be given."""
    period = Period.parse(text)
    assert period is None or (period.code == text.strip().upper() and period.label and period.months and period.end)


@given(PERIODS)
def test_quarters_follow_each_other(period: Period) -> None:
    """The next quarter begins on the day after a quarter's end, three months long, and sorts after it."""
    last = period.quarter == 4
    following = Period(period.start_year + 1, 1) if last else Period(period.start_year, period.quarter + 1)
    first_day = period.end + timedelta(days=1)
    assert first_day.day == 1
    assert 90 <= (following.end - period.end).days <= 92
    assert period < following


def test_quarters_so_far_and_before() -> None:
    """The year's quarters up to this one, and those before it, in order and in this year alone."""
    year = [Period(2021, quarter) for quarter in (1, 2, 3, 4)]
    assert [period.so_far for period in year] == [tuple(year[:count]) for count in (1, 2, 3, 4)]
    assert [period.earlier for period in year] == [tuple(year[:count]) for count in (0, 1, 2, 3)]


def test_a_quarter_ends_on_its_last_day() -> None:
    """The ends of 2021/22's quarters, the last of them in the next calendar year."""
    ends = [Period(2021, quarter).end for quarter in (1, 2, 3, 4)]
    assert ends == [date(2021, 6, 30), date(2021, 9, 30), date(2021, 12, 31), date(2022, 3, 31)]
