"""A workbook's styles: how each cell style looks, and what each conditional format changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from sendkpi_xl.audit.colours import HEX, Colours
from sendkpi_xl.audit.seen import BLACK, WHITE, Change, Font, Look
from sendkpi_xl.package import Attributes, Package, local
from sendkpi_xl.sheet_reader import YES
from sendkpi_xl.text_reader import TextReader

Facts = dict[str, Attributes]
"""What stands inside an element, by the path to it: `font/color`."""
RAISED = ("superscript", "subscript")
NORMAL_SIZE, NORMAL_FONT = 11.0, "Calibri"
MOST_STYLES = 65_536
LARGEST = 409.0


class Styles(Struct, frozen=True):
    """The cell styles in the order in which cells cite them, and the conditional formats in theirs."""

    looks: tuple[Look, ...] = ()
    changes: tuple[Change, ...] = ()
    colours: Colours = Colours({})


class _StylesReader(TextReader):
    """Gathers the facts of each font, fill, cell style and conditional format."""

    def __init__(self, package: Package) -> None:
        super().__init__(package, "its styles")
        self.found: dict[str, list[Facts]] = {"fonts": [], "fills": [], "cellXfs": [], "dxfs": []}
        self.palette: list[str] = []
        self.path: list[str] = []
        self.facts: Facts = {}

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        self.begin()
        tag = local(name)
        self.path.append(tag)
        if self.depth == 3 and self.path[1] in self.found:
            self.facts = {"": attributes}
            if len(self.found[self.path[1]]) < MOST_STYLES:
                self.found[self.path[1]].append(self.facts)
        elif self.depth > 3 and self.path[1] in self.found:
            self.facts.setdefault("/".join(self.path[3:]), attributes)
        elif tag == "rgbColor" and len(self.palette) < MOST_STYLES:
            match = HEX.fullmatch(attributes.get("rgb", ""))
            self.palette.append(match[1].upper() if match else BLACK)

    def end(self, _name: str) -> None:
        """An element ends."""
        self.path.pop()
        self.depth -= 1


def read_styles(package: Package, part: str | None, theme: Mapping[str, str]) -> Styles:
    """The workbook's styles; none where it has none. Raises Unreadable when they are damaged."""
    if part is None:
        return Styles(colours=Colours(theme))
    reader = _StylesReader(package)
    package.parse(package.read(part, reader.label), reader.label, reader)
    colours = Colours(theme, tuple(reader.palette)) if reader.palette else Colours(theme)
    fonts = [font_of(facts, colours) for facts in reader.found["fonts"]]
    fills = [_fill(facts, colours) for facts in reader.found["fills"]]
    looks = tuple(_look(facts, fonts, fills) for facts in reader.found["cellXfs"])
    return Styles(looks, tuple(_change(facts, colours) for facts in reader.found["dxfs"]), colours)


def font_of(facts: Facts, colours: Colours, base: Font | None = None) -> Font:
    """The font that these facts give; what they leave out is as in `base`, or as Excel has it."""
    base = base or Font(NORMAL_FONT, NORMAL_SIZE)
    name = facts.get("name") or facts.get("rFont") or {}
    raised = facts["vertAlign"].get("val", "") in RAISED if "vertAlign" in facts else base.raised
    return Font(
        name.get("val", base.name),
        _number(facts, "sz", base.size),
        int(_number(facts, "family", base.family)),
        _on(facts, "b", base.bold),
        _on(facts, "i", base.italic),
        raised,
        colours.resolved(facts["color"], BLACK) if "color" in facts else base.colour,
    )


def _on(facts: Facts, name: str, otherwise: bool) -> bool:
    return facts[name].get("val", "1") in YES if name in facts else otherwise


def _number(facts: Facts, name: str, otherwise: float) -> float:
    try:
        return min(LARGEST, max(0.0, float(facts[name]["val"])))
    except (KeyError, ValueError):
        return otherwise


def _fill(facts: Facts, colours: Colours) -> str | None:
    """A cell's fill; None for patterns and gradients, on which no single colour is the fill."""
    if any(path.startswith("gradientFill") for path in facts):
        return None
    match facts.get("patternFill", {}).get("patternType", "none"):
        case "none":
            return WHITE
        case "solid":
            return colours.resolved(facts.get("patternFill/fgColor"), BLACK)
    return None


def _look(facts: Facts, fonts: Sequence[Font], fills: Sequence[str | None]) -> Look:
    xf, alignment = facts[""], facts.get("alignment", {})
    font, fill = (_cited(xf.get(name, "0")) for name in ("fontId", "fillId"))
    rotation = _cited(alignment.get("textRotation", "0"))
    return Look(
        fonts[font] if font < len(fonts) else Font(),
        fills[fill] if fill < len(fills) else WHITE,
        alignment.get("wrapText") in YES,
        rotation,
        alignment.get("horizontal", ""),
        facts.get("protection", {}).get("locked", "1") in YES,
    )


def _cited(number: str) -> int:
    return int(number) if len(number) < 8 and number.isascii() and number.isdecimal() else 0


def _change(facts: Facts, colours: Colours) -> Change:
    """What a conditional format changes; unlike a cell's, its solid fill has its colour as the background."""
    text = colours.resolved(facts["font/color"], BLACK) if "font/color" in facts else ""
    italic = "font/i" in facts and facts["font/i"].get("val", "1") in YES
    fill: str | None = ""
    if any(path.startswith("fill/gradientFill") for path in facts):
        fill = None
    elif "fill/patternFill" in facts:
        pattern = facts["fill/patternFill"].get("patternType", "solid")
        stated = facts.get("fill/patternFill/bgColor") or facts.get("fill/patternFill/fgColor")
        fill = None if pattern not in ("solid", "none") else colours.resolved(stated, "") if pattern == "solid" else ""
    return Change(text, fill, italic)
