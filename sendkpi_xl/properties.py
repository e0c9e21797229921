"""Who last saved a workbook and when, as the file itself says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sendkpi_xl.file_kinds import MEGABYTE, done_without
from sendkpi_xl.package import Attributes, Package, Relationship, local
from sendkpi_xl.plain_lists import plain_properties
from sendkpi_xl.text_reader import TextReader

MAX_NAME = 255


class _PropertiesReader(TextReader):
    """Collects the texts of a part's elements one level below its first."""

    def __init__(self, package: Package, label: str) -> None:
        super().__init__(package, label)
        self.found: dict[str, str] = {}

    def start(self, name: str, _attributes: Attributes) -> None:
        """An element begins."""
        self.begin()
        self.sink = [] if self.depth == 2 else None

    def end(self, name: str) -> None:
        """An element ends."""
        if self.depth == 2 and self.sink is not None:
            self.found.setdefault(local(name), "".join(self.sink))
        self.sink = None
        self.depth -= 1


def read_properties(package: Package, related: Mapping[str, Relationship]) -> tuple[str, str]:
    """Who last saved the file, and when: `2021-07-03 10:02`, UTC; each empty where the file doesn't say.

    `related` are the whole archive's references. No damage to the properties stops a read; a document type declaration
    in them is refused as anywhere.
    """
    found = texts_of_properties(package, related)
    name = "".join(letter if letter.isprintable() else " " for letter in found.get("lastModifiedBy", ""))
    return " ".join(name.split())[:MAX_NAME], _moment(found.get("modified", ""))


def texts_of_properties(package: Package, related: Mapping[str, Relationship]) -> Mapping[str, str]:
    """The properties as they are stored, by their names in the file (`title`, `language`); as many as can be read."""
    parts = (found.part for found in related.values() if found.kind == "core-properties" and not found.external)
    part = next((part for part in parts if part in package.members), None)
    reader = _PropertiesReader(package, "its properties")
    if part is not None:
        with done_without():
            data = package.read(part, reader.label, most=MEGABYTE)
            plain = plain_properties(data)
            if plain is not None:
                return plain
            package.parse(data, reader.label, reader)
    return reader.found


def _moment(stored: str) -> str:
    """A stored date and time, which may say how far it is from UTC, to the minute; empty when it is none."""
    try:
        moment = datetime.fromisoformat(stored.strip())
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return ""
    return f"{moment:%Y-%m-%d %H:%M}"
