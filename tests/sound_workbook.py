"""What Excel would repair or refuse in a workbook's parts, as far as the standard (ECMA-376) says it.

Excel itself cannot be run in a test. So everything that an edit of parts can get wrong is looked at here: parts and
their types, references between parts, the order of elements, counts, numbers and names that must be there only once.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from openpyxl.utils import coordinate_to_tuple

CHILDREN = {
    "worksheet": "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection "
    "protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr "
    "conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks "
    "colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF "
    "picture oleObjects controls webPublishItems tableParts extLst",
    "workbook": "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups "
    "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes "
    "webPublishing fileRecoveryPr webPublishObjects extLst",
    "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",
    "comments": "authors commentList extLst",
    "table": "autoFilter sortState tableColumns tableStyleInfo extLst",
    "xf": "alignment protection extLst",
    "sheetView": "pane selection pivotSelection extLst",
}
"""The order in which an element's children must stand."""
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TRUE = ("1", "true")
XML_PART = re.compile(rb"(\xef\xbb\xbf)?\s*<")


@dataclass(frozen=True)
class Parts:
    """A workbook's parts as parsed XML (those that are XML), by their paths in the archive."""

    data: dict[str, bytes]
    trees: dict[str, ET.Element]

    def related(self, owner: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: the last word of the kind and the path, by id; links to the outside left out."""
        folder, _, file = owner.rpartition("/")
        links = self.trees.get(f"{folder}/_rels/{file}.rels".lstrip("/"))
        return {
            each.get("Id", ""): (
                each.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join(f"/{folder}", each.get("Target", "")))[1:],
            )
            for each in (() if links is None else links)
            if each.get("TargetMode") != "External"
        }

    def one(self, owner: str, kind: str) -> ET.Element | None:
        """The part of a kind that a part refers to."""
        return next((self.trees.get(path) for each, path in self.related(owner).values() if each == kind), None)


def faults_of(data: bytes) -> list[str]:
    """All that is wrong with a workbook, in words; empty when it is sound."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        contents = {name: archive.read(name) for name in names}
    twice = [f"two parts called {name}" for name in _twice(name.lower() for name in names)]
    trees = {name: ET.fromstring(part) for name, part in contents.items() if XML_PART.match(part)}
    parts = Parts(contents, trees)
    book = next(path for kind, path in parts.related("").values() if kind == "officeDocument")
    return [
        *twice,
        *_type_faults(parts, book),
        *_reference_faults(parts),
        *_order_faults(parts),
        *_book_faults(parts, book),
        *_style_faults(parts, book),
        *_table_faults(parts),
        *(fault for path in _sheets(parts, book) for fault in _sheet_faults(parts, path, book)),
    ]


def tag_of(element: ET.Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def all_of(element: ET.Element, tag: str) -> list[ET.Element]:
    """The elements of this name anywhere below."""
    return [each for each in element.iter() if tag_of(each) == tag]


def _twice(values: Iterable[object]) -> list[object]:
    return [value for value, times in Counter(values).items() if times > 1]


def _type_faults(parts: Parts, book: str) -> Iterator[str]:
    types = list(parts.trees["[Content_Types].xml"])
    overrides = [each.get("PartName", "")[1:] for each in types if tag_of(each) == "Override"]
    endings = [each.get("Extension", "").lower() for each in types if tag_of(each) == "Default"]
    yield from (f"two content types for {name}" for name in _twice([*map(str.lower, overrides), *endings]))
    yield from (f"a content type for no part: {name}" for name in set(overrides) - parts.data.keys())
    for name in parts.data:
        if name not in overrides and name.rpartition(".")[2].lower() not in endings and name != "[Content_Types].xml":
            yield f"no content type: {name}"
    main = [each.get("ContentType") for each in types if each.get("PartName") == f"/{book}"]
    if main != [f"{MAIN}.sheet.main+xml"]:
        yield f"not the content type of an .xlsx: {main}"
    if any("macro" in each.get("ContentType", "").lower() or "vba" in each.get("ContentType", "") for each in types):
        yield "macros"


def _reference_faults(parts: Parts) -> Iterator[str]:
    for name, tree in parts.trees.items():
        if name.endswith(".rels"):
            folder, _, file = name.removesuffix(".rels").rpartition("_rels/")
            if file and f"{folder}{file}" not in parts.data:
                yield f"references of no part: {name}"
            yield from (f"two references {each} in {name}" for each in _twice(each.get("Id") for each in tree))
            continue
        related = parts.related(name)
        yield from (f"{name} refers to nothing: {path}" for _, path in related.values() if path not in parts.data)
        ids = [value for each in tree.iter() for key, value in each.items() if key.endswith("relationships}id")]
        external = _external(parts, name)
        yield from (
            f"{name} refers to an id that is not there: {each}" for each in set(ids) - related.keys() - external
        )


def _external(parts: Parts, owner: str) -> set[str]:
    folder, _, file = owner.rpartition("/")
    links = parts.trees.get(f"{folder}/_rels/{file}.rels".lstrip("/"))
    return {each.get("Id", "") for each in (() if links is None else links) if each.get("TargetMode") == "External"}


def _order_faults(parts: Parts) -> Iterator[str]:
    for name, tree in parts.trees.items():
        for element in tree.iter():
            order = CHILDREN.get(tag_of(element), "").split()
            children = [tag_of(each) for each in element if tag_of(each) != "AlternateContent"]
            if order and "spreadsheetml" in element.tag and children != sorted(children, key=order.index):
                yield f"{name}: {tag_of(element)} holds {children}"


def _book_faults(parts: Parts, book: str) -> Iterator[str]:
    root = parts.trees[book]
    sheets = all_of(root, "sheet")
    for key in ("name", "sheetId"):
        yield from (f"two sheets with {key} {each}" for each in _twice(each.get(key, "").lower() for each in sheets))
    names = all_of(root, "definedName")
    scoped = [(each.get("name", "").lower(), each.get("localSheetId")) for each in names]
    yield from (f"two names {each}" for each in _twice(scoped))
    places = [int(each) for _, each in scoped if each is not None]
    views = [int(each.get("activeTab", "0")) for each in all_of(root, "workbookView")]
    yield from (f"no sheet {place}" for place in [*places, *views] if not 0 <= place < len(sheets))
    selected = [
        each
        for kind, path in parts.related(book).values()
        if kind in ("worksheet", "chartsheet")
        for each in all_of(parts.trees[path], "sheetView")
        if each.get("tabSelected") in TRUE
    ]
    if len(selected) != 1:
        yield f"{len(selected)} selected sheets"


def _style_faults(parts: Parts, book: str) -> Iterator[str]:
    styles = parts.one(book, "styles")
    if styles is None:
        yield "no styles"
        return
    lists = {tag_of(each): each for each in styles}
    for tag, each in lists.items():
        if each.get("count") is not None and tag != "tableStyles" and int(each.get("count", "")) != len(each):
            yield f"{tag} says {each.get('count')} and holds {len(each)}"
    limits = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
    for number, xf in enumerate(lists["cellXfs"]):
        for key, tag in limits.items():
            if int(xf.get(key, "0")) >= len(lists[tag]):
                yield f"format {number} refers to {key} {xf.get(key)}"


def _table_faults(parts: Parts) -> Iterator[str]:
    tables = [tree for tree in parts.trees.values() if tag_of(tree) == "table"]
    yield from (f"two tables with id {each}" for each in _twice(each.get("id") for each in tables))
    yield from (f"two tables called {each}" for each in _twice(each.get("displayName", "").lower() for each in tables))
    for table in tables:
        columns = all_of(table, "tableColumns")[0]
        if int(columns.get("count", "0")) != len(columns):
            yield "a table with another number of columns"


def _sheets(parts: Parts, book: str) -> list[str]:
    return [path for kind, path in parts.related(book).values() if kind == "worksheet"]


def _sheet_faults(parts: Parts, path: str, book: str) -> Iterator[str]:
    sheet, styles = parts.trees[path], parts.one(book, "styles")
    formats = 0 if styles is None else len(next(each for each in styles if tag_of(each) == "cellXfs"))
    rows = all_of(sheet, "row")
    numbers = [int(each.get("r", "0")) for each in rows]
    if numbers != sorted(set(numbers)):
        yield f"{path}: rows out of order"
    for row in rows:
        places = [coordinate_to_tuple(each.get("r", "")) for each in row if tag_of(each) == "c"]
        if places != sorted(set(places)) or {place[0] for place in places} - {int(row.get("r", "0"))}:
            yield f"{path}: cells out of order in row {row.get('r')}"
    used = [int(each.get("s", "0")) for each in [*rows, *all_of(sheet, "c")]]
    yield from (f"{path}: no format {each}" for each in set(used) if each >= formats)
    yield from (f"{path}: {fault}" for fault in _note_faults(parts, path))
    yield from (f"{path}: {fault}" for fault in _heading_faults(parts, path, book))


def _note_faults(parts: Parts, path: str) -> Iterator[str]:
    comments, drawing = parts.one(path, "comments"), parts.one(path, "vmlDrawing")
    if comments is None:
        return
    places = [coordinate_to_tuple(each.get("ref", "")) for each in all_of(comments, "comment")]
    makers = len(all_of(comments, "author"))
    yield from (f"two cell notes at {place}" for place in _twice(places))
    yield from (
        "a cell note of nobody" for each in all_of(comments, "comment") if int(each.get("authorId", "")) >= makers
    )
    if drawing is None or not all_of(parts.trees[path], "legacyDrawing"):
        yield "cell notes that nothing draws"
        return
    boxes = [each for each in all_of(drawing, "ClientData") if each.get("ObjectType") == "Note"]
    drawn = [tuple(int(all_of(box, tag)[0].text or "") + 1 for tag in ("Row", "Column")) for box in boxes]
    if sorted(drawn) != sorted(places):
        yield f"cell notes at {sorted(places)}, drawn at {sorted(drawn)}"
    yield from (f"two shapes {each}" for each in _twice(each.get("id") for each in all_of(drawing, "shape")))


def _heading_faults(parts: Parts, path: str, book: str) -> Iterator[str]:
    tables = [parts.trees[table] for kind, table in parts.related(path).values() if kind == "table"]
    for table in tables:
        row, _ = coordinate_to_tuple(table.get("ref", "").partition(":")[0])
        names = [each.get("name", "") for each in all_of(table, "tableColumn")]
        texts = [_text(parts, each, book) for each in all_of(parts.trees[path], "c") if _row(each) == row]
        if set(names) - set(texts):
            yield f"a table's columns {names} under the headings {texts}"


def _row(cell: ET.Element) -> int:
    return coordinate_to_tuple(cell.get("r", ""))[0]


def _text(parts: Parts, cell: ET.Element, book: str) -> str:
    strings = parts.one(book, "sharedStrings")
    if cell.get("t") == "s" and strings is not None:
        return "".join(strings[int("".join(cell.itertext()))].itertext())
    return "".join(cell.itertext())
