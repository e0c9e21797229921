"""How tests look at the charts of a finished workbook: where each stands, what it refers to, its alternative text."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree as ET

from tests.sound_workbook import all_of, tag_of

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class SeenChart:
    """One chart: its corners as column and row from 0 (the lower right one inside them), and its XML."""

    corners: tuple[tuple[int, int], tuple[int, int]]
    alternative: str
    root: ET.Element

    @property
    def title(self) -> str:
        """Its title's words."""
        title = all_of(self.root, "title")[0]
        return "".join(each.text or "" for each in all_of(title, "t"))

    @cached_property
    def kinds(self) -> list[str]:
        """What it is made of: `barChart`, `lineChart`."""
        return [tag_of(each) for each in all_of(self.root, "plotArea")[0] if tag_of(each).endswith("Chart")]

    @property
    def series(self) -> list[str]:
        """A line for each series: name, mark, cells of the values, and the values kept in the file (`-`: none)."""
        return [_series(each) for each in all_of(self.root, "ser")]

    @property
    def categories(self) -> list[str]:
        """The labels of the axis, as kept in the file for the first series."""
        return [each.text or "" for each in all_of(all_of(self.root, "cat")[0], "v")]

    def axis(self, *tags: str) -> list[str]:
        """The values of these settings of the value axis."""
        axis = all_of(self.root, "valAx")[0]
        return [all_of(axis, tag)[0].get("val", all_of(axis, tag)[0].get("formatCode", "")) for tag in tags]


def charts_of(parts: Mapping[str, bytes], sheet: str) -> list[SeenChart]:
    """The charts that show cells of this sheet, in their order."""
    found = []
    for name in sorted(each for each in parts if each.startswith("xl/drawings/drawing")):
        folder, _, file = name.rpartition("/")
        relations = ET.fromstring(parts[f"{folder}/_rels/{file}.rels"])
        targets = {each.get("Id"): posixpath.normpath(f"{folder}/{each.get('Target')}") for each in relations}
        for anchor in ET.fromstring(parts[name]):
            (chart,) = all_of(anchor, "chart")
            described = all_of(anchor, "cNvPr")[0].get("descr", "")
            corners = (_corner(anchor, "from"), _corner(anchor, "to"))
            found.append(SeenChart(corners, described, ET.fromstring(parts[targets[chart.get(RELATION)]])))
    return [each for each in found if f" {sheet}!" in each.series[0]]


def _corner(anchor: ET.Element, tag: str) -> tuple[int, int]:
    corner = all_of(anchor, tag)[0]
    column, row = (int(all_of(corner, each)[0].text or "") for each in ("col", "row"))
    return column, row


def _series(series: ET.Element) -> str:
    name = all_of(all_of(series, "tx")[0], "v")[0].text
    symbols = [each.get("val") for each in all_of(series, "symbol")]
    values = all_of(series, "val")[0]
    count = int(all_of(values, "ptCount")[0].get("val", ""))
    points = {int(each.get("idx", "")): all_of(each, "v")[0].text or "" for each in all_of(values, "pt")}
    kept = {place: f"{float(text):.15g}" for place, text in points.items()}
    cells = all_of(values, "f")[0].text
    return f"{name} | {' '.join(map(str, symbols))} | {cells} | {' '.join(kept.get(i, '-') for i in range(count))}"
