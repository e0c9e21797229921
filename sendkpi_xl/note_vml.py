"""The drawing of a sheet's cell notes: Excel shows a cell note only where its (old) drawing has a box for it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sendkpi_xl.note_xml import Element, Place, XmlPart
from sendkpi_xl.text_fit import line_count

SPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
DECLARED = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())
PREFIXED = re.compile(r"([</ ])([vox]):")
BOX_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
BOX = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;'
    'width:{width}px;height:{height}px;z-index:{order};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
SHAPE_NUMBER = re.compile(rb"_x0000_s([0-9]{1,9})")
SHAPES_PER_DRAWING = 1024
NOTE_WIDTH = 50
PIXELS_PER_WIDTH = 7
PIXELS_PER_LINE = 18
NOTE = "Note"


def empty_drawing(number: int) -> bytes:
    """A drawing without boxes; `number`, from 1, keeps its shapes' numbers apart from those of other sheets."""
    layout = f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{number}"/></o:shapelayout>'
    return f"<xml {DECLARED}>{layout}</xml>".encode()


def change_boxes(part: XmlPart, kept: Mapping[Place, str], new: Mapping[Place, str], number: int) -> None:
    """Let a drawing have a box for each cell note and no other: those of the lead that are kept, and the new ones.

    Both are given with their texts: a box that has to be added is as large as its text needs it. `number` is the
    drawing's own as in `empty_drawing`, for shapes where the drawing has none yet. Raises KeyError for a drawing that
    does not declare all three namespaces at its top.
    """
    root = part.root
    bound = {space: name.rpartition(":")[2] for name, space in root.attributes.items() if name.startswith("xmlns:")}
    prefixes = {prefix: bound[space] for prefix, space in SPACES.items()}
    boxed = set()
    for shape, place in ((each, _place(each)) for each in root.children):
        if place in kept:
            boxed.add(place)
        elif place is not None:
            part.remove(shape)
    texts = {**{place: text for place, text in kept.items() if place not in boxed}, **new}
    numbers = [int(each) for each in SHAPE_NUMBER.findall(part.data)]
    first = max(numbers, default=number * SHAPES_PER_DRAWING) + 1
    boxes = [_box(place, text, first + index, index + 1) for index, (place, text) in enumerate(sorted(texts.items()))]
    kind = "" if b'"_x0000_t202"' in part.data else BOX_TYPE
    drawn = PREFIXED.sub(lambda match: f"{match[1]}{prefixes[match[2]]}:", "".join([kind, *boxes]))
    part.append(root, part.own(drawn))


def _box(place: Place, text: str, number: int, order: int) -> str:
    row, column = place
    height = (line_count(text, NOTE_WIDTH) + 1) * PIXELS_PER_LINE
    width = NOTE_WIDTH * PIXELS_PER_WIDTH
    return BOX.format(number=number, width=width, height=height, order=order, row=row - 1, column=column - 1)


def _place(shape: Element) -> Place | None:
    """The cell whose note a shape draws; None for other shapes."""
    data = shape.first("ClientData")
    if data is None or data.attributes.get("ObjectType") != NOTE:
        return None
    row, column = data.only("Row"), data.only("Column")
    return int(row.text) + 1, int(column.text) + 1
