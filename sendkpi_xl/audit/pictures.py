"""The charts, pictures and shapes of a sheet's drawing, and whether each has alternative text."""

from __future__ import annotations

from sendkpi_xl.audit.seen import Drawn
from sendkpi_xl.package import Attributes, Package
from sendkpi_xl.sheet_reader import YES

DRAWN = {"nvPicPr": "picture", "nvGraphicFramePr": "chart", "nvSpPr": "shape"}
MOST_DRAWN = 10_000


def read_drawn(package: Package, part: str) -> tuple[Drawn, ...]:
    """What is drawn, in the file's order; what is marked as decoration needs no words and counts as described."""
    found: list[Drawn] = []

    def visit(parent: str, tag: str, attributes: Attributes) -> None:
        if tag == "cNvPr" and parent in DRAWN and len(found) < MOST_DRAWN:
            words = attributes.get("descr", "") or attributes.get("title", "")
            found.append(Drawn(attributes.get("name", "") or DRAWN[parent], bool(words.strip())))
        elif tag == "decorative" and attributes.get("val") in YES and found:
            found[-1] = Drawn(found[-1].name, True)

    package.scan(part, "its pictures", visit)
    return tuple(found)
