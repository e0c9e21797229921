"""The style sheet of a workbook, with formats for marked cells and for a sheet of ours added behind its own."""

from __future__ import annotations

from collections.abc import Mapping

from sendkpi_xl.note_xml import START_TAG, Element, XmlPart, retagged
from sendkpi_xl.style import FORMATS, INKS, SEVERITY_INK, Ink

SIDES = ("left", "right", "top", "bottom")
APPLIED = {"applyFont": "1", "applyFill": "1", "applyBorder": "1", "applyAlignment": "1"}
LETTERS = ("font_color", "underline")
FALSE = ("0", "false", "off")


class Styles:
    """Formats by the numbers that cells give as their `s`; IndexError or ValueError for one that is not there."""

    def __init__(self, part: XmlPart) -> None:
        self.part = part
        self._lists = {tag: part.root.only(tag) for tag in ("fonts", "fills", "borders", "cellXfs")}
        self._added: dict[str, dict[bytes, int]] = {tag: {} for tag in self._lists}
        self._formats = self._lists["cellXfs"].children
        self._known: dict[str, int] = {}
        self._named = part.root.first("cellStyleXfs") is not None
        self.ours = frozenset(self._marked_already())

    def marked(self, number: int, ink: Ink) -> int:
        """The format with our fill and border; number format, font, alignment and protection stay."""
        content = self._content(number)
        tag = START_TAG.match(content)
        if tag is None:
            raise ValueError("a format that is no element")
        look = {
            "fillId": self._add("fills", _fill(ink.fill)),
            "borderId": self._add("borders", _border("medium", ink.text)),
            "applyFill": "1",
            "applyBorder": "1",
        }
        return int(self._add_content("cellXfs", retagged(tag[0], look) + content[tag.end() :]))

    def unmarked(self, number: int) -> int:
        """The format as our template has it: as an open cell or a locked one; number format and protection stay."""
        element = self._formats[number]
        protection = element.first("protection")
        locked = protection is None or protection.attributes.get("locked", "1") not in FALSE
        look = FORMATS["locked" if locked else "open"]
        tag = self.part.data[element.start : element.inner]
        if element.inner == element.end:
            tag = tag[:-2].rstrip() + b">"
        kept = b"".join(self.part.raw(each) for each in element.children if each.tag != "alignment")
        inside = self.part.own(_alignment(look)) + kept
        content = retagged(tag, dict(self._look(look))) + inside + f"</{element.name}>".encode()
        return int(self._add_content("cellXfs", content))

    def named(self, style: str) -> int:
        """The format of one of our named looks; `body link` is the body's with a link's letters."""
        if style not in self._known:
            first, *others = style.split()
            look = {**FORMATS[first], **{key: FORMATS[each][key] for each in others for key in LETTERS}}
            parent = {"xfId": "0"} if self._named else {}
            pairs = {"numFmtId": "0", **self._look(look), **parent}.items()
            attributes = " ".join(f'{key}="{value}"' for key, value in pairs)
            self._known[style] = int(self._add("cellXfs", f"<xf {attributes}>{_alignment(look)}</xf>"))
        return self._known[style]

    def finish(self) -> None:
        """Write the new formats into the part."""
        for tag, added in self._added.items():
            if added:
                count = str(len(self._lists[tag].children) + len(added))
                self.part.append(self._lists[tag], b"".join(added), {"count": count})

    def _content(self, number: int) -> bytes:
        if number < len(self._formats):
            return self.part.raw(self._formats[number])
        return list(self._added["cellXfs"])[number - len(self._formats)]

    def _look(self, look: Mapping[str, object]) -> dict[str, str]:
        fill = self._add("fills", _fill(_colour(look, "bg_color"))) if "bg_color" in look else "0"
        border = _border("thin", _colour(look, "border_color")) if "border" in look else _border("", "")
        font = self._add("fonts", _font(look))
        return {"fontId": font, "fillId": fill, "borderId": self._add("borders", border), **APPLIED}

    def _add(self, tag: str, fragment: str) -> str:
        return self._add_content(tag, self.part.own(fragment))

    def _add_content(self, tag: str, content: bytes) -> str:
        added = self._added[tag]
        return str(added.setdefault(content, len(self._lists[tag].children) + len(added)))

    def _marked_already(self) -> list[int]:
        """Formats that can only be those of our own marks."""
        looks = {
            (str(fill), str(border))
            for ink in (INKS[name] for name in SEVERITY_INK.values())
            for fill, element in enumerate(self._lists["fills"].children)
            if _is_fill(element, ink.fill)
            for border, sides in enumerate(self._lists["borders"].children)
            if _is_border(sides, ink.text)
        }
        found = ((each.attributes.get("fillId", ""), each.attributes.get("borderId", "")) for each in self._formats)
        return [number for number, look in enumerate(found) if look in looks]


def _colour(look: Mapping[str, object], key: str) -> str:
    return str(look[key]).lstrip("#")


def _font(look: Mapping[str, object]) -> str:
    bold = "<b/>" if look.get("bold") else ""
    line = "<u/>" if look.get("underline") else ""
    colour = f'<color rgb="FF{_colour(look, "font_color")}"/>'
    name = f'<name val="{look["font_name"]}"/><family val="2"/>'
    return f'<font>{bold}{line}<sz val="{look["font_size"]}"/>{colour}{name}</font>'


def _fill(colour: str) -> str:
    solid = f'<fgColor rgb="FF{colour}"/><bgColor indexed="64"/>'
    return f'<fill><patternFill patternType="solid">{solid}</patternFill></fill>'


def _border(line: str, colour: str) -> str:
    if not line:
        return "<border><left/><right/><top/><bottom/><diagonal/></border>"
    sides = "".join(f'<{side} style="{line}"><color rgb="FF{colour}"/></{side}>' for side in SIDES)
    return f"<border>{sides}<diagonal/></border>"


def _alignment(look: Mapping[str, object]) -> str:
    upright = str(look["valign"]).removeprefix("v")
    across = f' horizontal="{look["align"]}"' if "align" in look else ""
    wrap = ' wrapText="1"' if look.get("text_wrap") else ""
    return f'<alignment{across} vertical="{upright}"{wrap}/>'


def _is_fill(fill: Element, colour: str) -> bool:
    pattern = fill.first("patternFill")
    if pattern is None or pattern.attributes.get("patternType") != "solid":
        return False
    return _has_colour(pattern, "fgColor", colour)


def _is_border(border: Element, colour: str) -> bool:
    sides = [border.first(side) for side in SIDES]
    return all(
        side is not None and side.attributes.get("style") == "medium" and _has_colour(side, "color", colour)
        for side in sides
    )


def _has_colour(element: Element, tag: str, colour: str) -> bool:
    child = element.first(tag)
    return child is not None and child.attributes.get("rgb", "")[2:].upper() == colour
