"""A workbook's parts while a note is made of it: what is not edited is written again as it was, byte for byte."""

from __future__ import annotations

import io
import re
import zipfile

from sendkpi_xl.note_xml import RELATIONS, Element, Keep, XmlPart, escaped
from sendkpi_xl.package import Package, Relationship, folded
from sendkpi_xl.workbook_mark import our_part

PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
TYPES = f"{PACKAGE}content-types"
LINKS = f"{PACKAGE}relationships"
NO_LINKS = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{LINKS}"/>'.encode()
OFFICE = "application/vnd.openxmlformats-officedocument."
VML_TYPE = f"{OFFICE}vmlDrawing"
WORKBOOK_TYPE = f"{OFFICE}spreadsheetml.sheet.main+xml"
MACRO_BINARY = "application/vnd.ms-office.vbaProject"
CONTENT_TYPES = "[content_types].xml"
PART_NAME = re.compile(r"[^\\/:]+(/[^\\/:]+)*")


class WorkbookCopy:
    """A package in memory: its parts by folded path, the names that they are written under, and edits to them.

    ValueError wherever a name or a reference is not as Excel and its kin write it.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self.names = {path: info.filename for path, info in package.members.items()}
        if not all(map(PART_NAME.fullmatch, self.names.values())):
            raise ValueError("a part with a name that Excel does not write")
        self.contents = {path: package.read(path, path) for path in self.names}
        self._parts: dict[str, XmlPart] = {}
        self._related: dict[str, dict[str, Relationship]] = {}
        self._added_types: list[str] = []
        self._added_links: dict[str, list[str]] = {}
        self._dropped: set[str] = set()
        self.types = self.part(CONTENT_TYPES, TYPES)
        starts = self.related("")
        if any(each.kind == "origin" for each in starts.values()):
            raise ValueError("a signed workbook: a copy with changes would be called a forgery")
        self.workbook = next(each.part for each in starts.values() if each.kind == "officedocument")

    def part(self, path: str, namespace: str, keep: Keep | None = None) -> XmlPart:
        """A part to edit: the same each time that it is asked for."""
        if path not in self._parts:
            self._parts[path] = XmlPart(self.contents[path], namespace, keep)
        return self._parts[path]

    def related(self, owner: str) -> dict[str, Relationship]:
        """What a part of the original referred to, by id."""
        if owner not in self._related:
            self._related[owner] = self.package.relationships(owner)
        return self._related[owner]

    def one(self, owner: str, kind: str) -> str | None:
        """The path of the part of a kind that a part refers to; None for none, ValueError for several."""
        found = [each.part for each in self.related(owner).values() if each.kind == kind and not each.external]
        if len(found) > 1:
            raise ValueError(f"two parts of one kind: {kind}")
        return found[0] if found else None

    def style_sheet(self) -> str:
        """The path of the part with the cell formats; ValueError when there is none."""
        path = self.one(self.workbook, "styles")
        if path is None:
            raise ValueError("a workbook without formats")
        return path

    def add(self, pattern: str, content: bytes, content_type: str) -> str:
        """Add a part under the first free name of a pattern such as `xl/tables/table{}.xml`; its path."""
        number = 1
        while folded(pattern.format(number)) in self.names:
            number += 1
        name = pattern.format(number)
        self.names[folded(name)] = name
        self.contents[folded(name)] = content
        if content_type != VML_TYPE:
            self._added_types.append(f'<Override PartName="/{name}" ContentType="{content_type}"/>')
        elif not any(folded(each.attributes["Extension"]) == "vml" for each in self.types.root.all("Default")):
            default = f'<Default Extension="vml" ContentType="{VML_TYPE}"/>'
            if default not in self._added_types:
                self._added_types.append(default)
        return folded(name)

    def relate(self, owner: str, kind: str, target: str) -> str:
        """Let a part refer to another one; the id of the reference."""
        added = self._added_links.setdefault(owner, [])
        taken = {each.casefold() for each in self.related(owner)}
        free = (f"rId{number}" for number in range(1, len(taken) + len(added) + 2))
        link = [each for each in free if each.casefold() not in taken][len(added)]
        added.append(f'<Relationship Id="{link}" Type="{RELATIONS}/{kind}" Target="/{escaped(self.names[target])}"/>')
        return link

    def drop(self, path: str, owner: str) -> None:
        """Leave out a part that only `owner` refers to, with its own list of references, content type and reference."""
        links = links_path(path)
        self._dropped |= {path, links} & self.names.keys()
        for each in self.types.root.all("Override"):
            if folded(each.attributes["PartName"]) in {path, links}:
                self.types.remove(each)
        related, part = self.related(owner), self.part(links_path(owner), LINKS)
        for each in part.root.children:
            if related[each.attributes["Id"]].part == path:
                part.remove(each)

    def drop_macros(self) -> None:
        """Leave out the macros, and say that this is a workbook without any."""
        kinds = {each.kind for each in self.related(self.workbook).values()}
        if kinds & {"xlmacrosheet", "xlintlmacrosheet"}:
            raise ValueError("a sheet of macros")
        macros = self.one(self.workbook, "vbaproject")
        if macros:
            self.drop(macros, self.workbook)
        for each in list(self.types.root.children):
            if each.tag == "Default" and each.attributes["ContentType"] == MACRO_BINARY:
                self._drop_default(each)
            elif folded(each.attributes.get("PartName", "")) == self.workbook:
                self._say_workbook(each)

    def _say_workbook(self, override: Element) -> None:
        if override.attributes["ContentType"] != WORKBOOK_TYPE:
            self.types.change(override, {"ContentType": WORKBOOK_TYPE})

    def _drop_default(self, default: Element) -> None:
        """Take out a content type that goes by the ending of names; ValueError when another part goes by it."""
        ending = f".{folded(default.attributes['Extension'])}"
        named = {folded(each.attributes["PartName"]) for each in self.types.root.all("Override")}
        if any(path.endswith(ending) for path in self.names.keys() - named - self._dropped):
            raise ValueError("another part with the content type of macros")
        self.types.remove(default)

    def saved(self) -> bytes:
        """The workbook's bytes: parts in their old order, new ones behind them, all with one fixed date."""
        for owner, added in self._added_links.items():
            path = links_path(owner)
            if path not in self.names:
                folder, _, file = self.names[owner].rpartition("/")
                self.names[path] = f"{folder}/_rels/{file}.rels"
                self.contents[path] = NO_LINKS
            part = self.part(path, LINKS)
            part.append(part.root, part.own("".join(added)))
        self.types.append(self.types.root, self.types.own("".join(self._added_types)))
        self.contents.update({path: part.content() for path, part in self._parts.items()})
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, name in self.names.items():
                if path not in self._dropped:
                    archive.writestr(our_part(name), self.contents[path], zipfile.ZIP_DEFLATED)
        return stream.getvalue()


def links_path(owner: str) -> str:
    """The path of the part that lists what a part refers to."""
    folder, _, file = owner.rpartition("/")
    return f"{folder}/_rels/{file}.rels".lstrip("/")
