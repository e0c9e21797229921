"""Number format codes: those that Excel leaves out of a file, and whether a code shows a date."""

from __future__ import annotations

import re
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


@lru_cache(maxsize=1_024)
def shows_date(number_format: str) -> bool:
    """Whether a number in this format is shown as a date or a time."""
    return DATE_CODES.search(FORMAT_LITERALS.sub("", number_format)) is not None
