"""Everything that is checked about returns: each rule a record with its code, scope, message and a pure function.

The checks look at frozen records of what was seen; reading makes those, and the findings follow from them alone.
"""

from typing import Any

from sendkpi_xl.checks.cells import CELL_CHECKS
from sendkpi_xl.checks.check import Check
from sendkpi_xl.checks.files import FILE_CHECKS
from sendkpi_xl.checks.goals import GOAL_CHECKS
from sendkpi_xl.checks.hidden_and_merged import HIDDEN_AND_MERGED_CHECKS
from sendkpi_xl.checks.identity import IDENTITY_CHECKS
from sendkpi_xl.checks.returns import RETURNS_CHECKS
from sendkpi_xl.checks.rows import ROW_CHECKS
from sendkpi_xl.checks.series import QUARTERS_CHECKS, SERIES_CHECKS
from sendkpi_xl.checks.sheet_rows import SHEET_ROW_CHECKS
from sendkpi_xl.checks.sheets import LIST_CHECKS, SHEET_CHECKS
from sendkpi_xl.checks.sums import GOAL_SUM_CHECKS, SUM_CHECKS

CHECKS: tuple[Check[Any], ...] = (
    *FILE_CHECKS,
    *IDENTITY_CHECKS,
    *LIST_CHECKS,
    *SHEET_CHECKS,
    *SHEET_ROW_CHECKS,
    *CELL_CHECKS,
    *HIDDEN_AND_MERGED_CHECKS,
    *ROW_CHECKS,
    *SUM_CHECKS,
    *SERIES_CHECKS,
    *QUARTERS_CHECKS,
    *RETURNS_CHECKS,
    *GOAL_CHECKS,
    *GOAL_SUM_CHECKS,
)
"""Every check there is, in the order in which a round comes to them."""

__all__ = [
    "CELL_CHECKS",
    "CHECKS",
    "FILE_CHECKS",
    "GOAL_CHECKS",
    "GOAL_SUM_CHECKS",
    "HIDDEN_AND_MERGED_CHECKS",
    "IDENTITY_CHECKS",
    "LIST_CHECKS",
    "QUARTERS_CHECKS",
    "RETURNS_CHECKS",
    "ROW_CHECKS",
    "SERIES_CHECKS",
    "SHEET_CHECKS",
    "SHEET_ROW_CHECKS",
    "SUM_CHECKS",
]
