"""How many cells the tests compare between Python's rating and a spreadsheet's: what docs/ratings.md tells.

The numbers come from the cases themselves; each test that compares in LibreOffice asserts that it compared as many.
"""

from __future__ import annotations

from enum import StrEnum


class Compared(StrEnum):
    """Where letters are compared."""

    TEMPLATES = "Rating previews of templates, typed in as a lead would: Kingston's live KPIs and made-up ones"
    WHAT_IF = "Ratings as tried on the board workbook's sheet *What if*: live KPIs, also with other targets and limits"
    CONDITIONS = "Conditions of the conditional format by which those values are coloured, three a value"
    FORMULAS = "Rating formulas in rows of made-up KPIs of every unit, polarity, profile and kind of target"


def compared(where: Compared) -> int:
    """How many cells are compared there."""
    # The tests in which the cases stand ask for their number: at the top this would be a circle.
    from tests.test_rating_formulas import all_cases
    from tests.test_template_libreoffice import copies
    from tests.what_if_cases import every_row

    match where:
        case Compared.TEMPLATES:
            return sum(len(copy.typed) for copy in copies())
        case Compared.WHAT_IF:
            return len(every_row())
        case Compared.CONDITIONS:
            return 3 * len(every_row())
        case Compared.FORMULAS:
            return len(all_cases())
