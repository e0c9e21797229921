"""What a column of the tidy dataset is."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from sendkpi_xl.consolidate import RatedReading

IN_ITS_UNIT = "In the KPI's own unit: a whole count, a fraction for a percentage (0.85 is 85%), pounds, or weeks."


class TidyColumn(Struct, frozen=True):
    """One column: its name in the file, its heading in words, what it says, and what it is in a rated reading.

    An empty field means nothing there, which `required` rules out. `choices` closes a text's values; `pattern` is a
    regular expression for the whole of it, empty where any text will do. An `internal` one is not published.
    """

    name: str
    title: str
    says: str
    of: Callable[[RatedReading], object]
    number: bool = False
    required: bool = False
    choices: type[StrEnum] | None = None
    pattern: str = ""
    internal: bool = False
