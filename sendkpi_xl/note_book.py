"""The workbook part of a note: the sheet in front put in, an earlier one taken out, and all that counts sheets."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain, count

from sendkpi_xl.layout import PLEASE_FIX
from sendkpi_xl.note_copy import OFFICE, WorkbookCopy
from sendkpi_xl.note_sheet import deselect
from sendkpi_xl.note_xml import RELATIONS, SPREADSHEET, Element, XmlPart, escaped

BEFORE_NAMES = frozenset(
    (
        *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets"),
        *("functionGroups", "externalReferences"),
    )
)
BEFORE_CALCULATION = BEFORE_NAMES | {"definedNames"}
"""What stands before `definedNames` and before `calcPr` in a workbook (CT_Workbook of ECMA-376)."""
SHEET_KINDS = ("worksheet", "chartsheet", "dialogsheet")
PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
SHEET_TYPE = f"{OFFICE}spreadsheetml.worksheet+xml"
TABLE_TYPE = f"{OFFICE}spreadsheetml.table+xml"


class LeadBook:
    """A workbook's list of sheets and of names; `sheets` are the parts of its sheets by name, from the left."""

    def __init__(self, copy: WorkbookCopy) -> None:
        self.copy = copy
        self.part: XmlPart = copy.part(copy.workbook, SPREADSHEET)
        self._listed = self.part.root.only("sheets").children
        related = copy.related(copy.workbook)
        found = [(each.attributes["name"], related[each.relation]) for each in self._listed]
        if any(each.kind not in SHEET_KINDS or each.external for _, each in found):
            raise ValueError("a sheet of a kind that we do not know")
        self.sheets = {name: each.part for name, each in found}
        self._kinds = {each.part: each.kind for _, each in found}
        self._removed: set[int] = set()

    def worksheets(self) -> dict[str, str]:
        """The parts of the sheets with cells that stay, by name."""
        return {name: self.sheets[name] for name in self._kept() if self._kinds[self.sheets[name]] == "worksheet"}

    def deselect_charts(self) -> None:
        """Let no sheet without cells be the one that is shown."""
        for name in self._kept():
            if self._kinds[self.sheets[name]] != "worksheet":
                deselect(self.copy.part(self.sheets[name], SPREADSHEET))

    def remove(self, names: Collection[str]) -> None:
        """Take sheets out, with the parts that only they refer to."""
        for at, listed in enumerate(self._listed):
            if listed.attributes["name"] in names:
                self._removed.add(at)
                self.part.remove(listed)
                self._drop(self.sheets[listed.attributes["name"]])

    def _drop(self, path: str) -> None:
        others = [self.copy.related(other).values() for other in self.sheets.values() if other != path]
        shared = {each.part for each in chain.from_iterable(others)}
        for each in list(self.copy.related(path).values()):
            if not each.external and each.part not in shared and each.part in self.copy.names:
                self.copy.drop(each.part, path)
        self.copy.drop(path, self.copy.workbook)

    def put_in_front(self, content: bytes, table: bytes) -> None:
        """Put a sheet with one table before all others, and let the workbook open with it."""
        sheet = self.copy.add("xl/worksheets/sheet{}.xml", content, SHEET_TYPE)
        self.copy.relate(sheet, "table", self.copy.add("xl/tables/table{}.xml", table, TABLE_TYPE))
        link = self.copy.relate(self.copy.workbook, "worksheet", sheet)
        number = max(int(each.attributes["sheetId"]) for each in self._listed) + 1
        name = _free(PLEASE_FIX.sheet, self._kept())
        self.part.insert(
            self.part.root.only("sheets").inner,
            f'<sheet xmlns:r="{RELATIONS}" name="{escaped(name)}" sheetId="{number}" r:id="{link}"/>',
        )
        self._move_names(f"'{name}'!${PLEASE_FIX.heading_row}:${PLEASE_FIX.heading_row}")
        self._open_first()
        self._calculate()

    def free_table(self) -> tuple[int, str]:
        """A number and a name that no table of the workbook has, nor any other name of it."""
        paths = chain.from_iterable(self.copy.related(sheet).values() for sheet in self.worksheets().values())
        tables = [self.copy.part(each.part, SPREADSHEET).root for each in paths if each.kind == "table"]
        names = [
            *(each.attributes.get("displayName", "") for each in tables),
            *(each.attributes["name"] for each in self._names()),
        ]
        number = max((int(each.attributes["id"]) for each in tables), default=0) + 1
        return number, _free(PLEASE_FIX.name, names)

    def _kept(self) -> list[str]:
        return [each.attributes["name"] for at, each in enumerate(self._listed) if at not in self._removed]

    def _names(self) -> list[Element]:
        names = self.part.root.first("definedNames")
        return names.children if names is not None else []

    def _move_names(self, titles: str) -> None:
        """Let names of one sheet follow it to its new place, and repeat the headings of ours when it is printed."""
        places = {at: place for place, at in enumerate(sorted({*range(len(self._listed))} - self._removed), start=1)}
        for name in self._names():
            scope = name.attributes.get("localSheetId")
            if scope is not None and int(scope) in self._removed:
                self.part.remove(name)
            elif scope is not None:
                self.part.change(name, {"localSheetId": str(places[int(scope)])})
        ours = f'<definedName name="_xlnm.Print_Titles" localSheetId="0">{escaped(titles)}</definedName>'
        existing = self.part.root.first("definedNames")
        if existing is None:
            self.part.insert(self.part.place_after(BEFORE_NAMES), f"<definedNames>{ours}</definedNames>")
        else:
            self.part.append(existing, self.part.own(ours))

    def _open_first(self) -> None:
        views = self.part.root.first("bookViews")
        for view in views.children if views is not None else ():
            self.part.change(view, {"firstSheet": "0", "activeTab": "0"})

    def _calculate(self) -> None:
        calculation = self.part.root.first("calcPr")
        if calculation is None:
            self.part.insert(self.part.place_after(BEFORE_CALCULATION), '<calcPr fullCalcOnLoad="1"/>')
        else:
            self.part.change(calculation, {"fullCalcOnLoad": "1"})

    def forget_lists(self) -> None:
        """Leave out what lists the workbook's sheets and formulas a second time: Excel makes both anew."""
        chain_part = self.copy.one(self.copy.workbook, "calcchain")
        if chain_part is not None:
            self.copy.drop(chain_part, self.copy.workbook)
        properties = self.copy.one("", "extended-properties")
        if properties is not None:
            part = self.copy.part(properties, PROPERTIES)
            for each in part.root.children:
                if each.tag in ("TitlesOfParts", "HeadingPairs"):
                    part.remove(each)


def _free(name: str, taken: Collection[str]) -> str:
    """The name, or where it is taken the first free one with a number behind it."""
    folded = {each.casefold() for each in taken}
    tries = chain([name], (f"{name}{number}" for number in count(2)))
    return next(each for each in tries if each.casefold() not in folded)
