"""Financial-year quarters: `2021-22-Q1` is April to June 2021."""

from __future__ import annotations

import calendar
import re
from datetime import date

from msgspec import Struct

PERIOD_CODE = re.compile(r"([12][0-9]{3})-([0-9]{2})-Q([1-4])", re.IGNORECASE)
QUARTER_MONTHS = ("April to June", "July to September", "October to December", "January to March")


class Period(Struct, frozen=True, order=True):
    """One quarter of a financial year; `start_year` is the calendar year in which the financial year begins."""

    start_year: int
    quarter: int

    @classmethod
    def parse(cls, code: str) -> Period | None:
        """Read `2021-22-Q1`; None when the text is not such a code or its two years do not follow each other."""
        match = PERIOD_CODE.fullmatch(code.strip())
        if match is None:
            return None
        start_year = int(match[1])
        if (start_year + 1) % 100 != int(match[2]):
            return None
        return cls(start_year, int(match[3]))

    @property
    def year(self) -> str:
        """The financial year, as `2021-22`."""
        return f"{self.start_year}-{(self.start_year + 1) % 100:02d}"

    @property
    def code(self) -> str:
        """The quarter's code, as `2021-22-Q1`: the name of its folders."""
        return f"{self.year}-Q{self.quarter}"

    @property
    def short_year(self) -> str:
        """The year as the board's target heading prints it: `21/22`."""
        return f"{self.start_year % 100:02d}/{(self.start_year + 1) % 100:02d}"

    @property
    def months(self) -> str:
        """The quarter's months in words, with their year."""
        return f"{QUARTER_MONTHS[self.quarter - 1]} {self.end.year}"

    @property
    def label(self) -> str:
        """The quarter in a reader's words: `Quarter 1 2021/22`."""
        return f"Quarter {self.quarter} {self.start_year}/{(self.start_year + 1) % 100:02d}"

    @property
    def end(self) -> date:
        """The quarter's last day."""
        year, month = (self.start_year, self.quarter * 3 + 3) if self.quarter < 4 else (self.start_year + 1, 3)
        return date(year, month, calendar.monthrange(year, month)[1])

    @property
    def previous(self) -> Period:
        """The quarter before this one, in the year before for a first quarter."""
        return Period(self.start_year, self.quarter - 1) if self.quarter > 1 else Period(self.start_year - 1, 4)

    @property
    def so_far(self) -> tuple[Period, ...]:
        """The year's quarters up to and including this one, in order."""
        return tuple(Period(self.start_year, quarter) for quarter in range(1, self.quarter + 1))

    @property
    def earlier(self) -> tuple[Period, ...]:
        """The year's quarters before this one, in order."""
        return self.so_far[:-1]
