"""Number format codes: those that Excel leaves out of a file, and the date that a number in one of them shows."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

GENERAL = "General"

# Excel leaves the codes of these out of the file. Those that follow the reader's region stand here as Excel
# in the United Kingdom shows them; of the East Asian ones (27-36, 50-58) it only counts that they are dates.
# fmt: off
BUILTIN_FORMATS = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"£"#,##0;-"£"#,##0', 6: '"£"#,##0;[Red]-"£"#,##0',
    7: '"£"#,##0.00;-"£"#,##0.00', 8: '"£"#,##0.00;[Red]-"£"#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "dd/mm/yyyy", 15: "dd-mmm-yy", 16: "dd-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "hh:mm", 21: "hh:mm:ss", 22: "dd/mm/yyyy hh:mm",
    37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00",
    41: '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-',
    42: '_-"£"* #,##0_-;-"£"* #,##0_-;_-"£"* "-"_-;_-@_-',
    43: '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-',
    44: '_-"£"* #,##0.00_-;-"£"* #,##0.00_-;_-"£"* "-"??_-;_-@_-',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
} | dict.fromkeys([*range(27, 37), *range(50, 59)], "yyyy/m/d")
# fmt: on
# What a number format holds beside its codes: quoted text, escaped letters, fill and width letters, brackets
# (except those of elapsed time).
FORMAT_LITERALS = re.compile(r'"[^"]*"?|\\.|[_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE | re.DOTALL)
DATE_CODES = re.compile(r"[dmyhs]", re.IGNORECASE)
DAY_CODES = re.compile(r"[dy]|^[^hs]*m[^hs]*$", re.IGNORECASE)
ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)

# fmt: off
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
DAY = 86_400
LEAP_BUG = 60
BEFORE_1900 = date(1899, 12, 30).toordinal()
START_OF_1904 = date(1904, 1, 1).toordinal()
LAST_DAY = date(9999, 12, 31).toordinal()


@lru_cache(maxsize=1_024)
def shows_date(number_format: str) -> bool:
    """Whether a number in this format is shown as a date or a time."""
    return DATE_CODES.search(FORMAT_LITERALS.sub("", number_format)) is not None


def date_in_words(number: float, number_format: str, *, from_1904: bool) -> str:
    """What a number in a date's or time's format stands for: `8 June 2024`, `8 June 2024 14:30` or `14:30`.

    Days count from 1900 as Excel counts them, with the 29 February 1900 that never was, or `from_1904`. A number
    below 1 in a format of times alone is a time; an elapsed time (`[h]:mm`) is shown in hours and minutes. Empty
    for a number that no date has: one below 0, or beyond the year 9999.
    """
    if not 0 <= number <= LAST_DAY:
        return ""
    # Seconds are rounded first, so that 14:30 minus a billionth doesn't become 14:29.
    day, seconds = divmod(round(number * DAY), DAY)
    if ELAPSED.search(number_format):
        return _clock(day * DAY + seconds)
    if day == 0 and not DAY_CODES.search(FORMAT_LITERALS.sub("", number_format)):
        return _clock(seconds)
    words = _day_in_words(day, from_1904)
    return f"{words} {_clock(seconds)}" if words and seconds else words


def _day_in_words(day: int, from_1904: bool) -> str:
    if not from_1904 and day in {0, LEAP_BUG}:
        return "0 January 1900" if day == 0 else "29 February 1900"
    start = START_OF_1904 if from_1904 else BEFORE_1900 + (day < LEAP_BUG)
    if start + day > LAST_DAY:
        return ""
    shown = date.fromordinal(start + day)
    return f"{shown.day} {MONTHS[shown.month - 1]} {shown.year}"


def _clock(seconds: int) -> str:
    return f"{seconds // 3_600:02}:{seconds // 60 % 60:02}"
