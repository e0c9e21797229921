"""Colours and fonts: readable by contrast, tellable apart in grey, in one sans serif font of ten points or more."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from sendkpi_xl.reading import Rag
from sendkpi_xl.style import FORMATS, INK, INKS, RAG_INK, RAG_MARK, Ink, contrast, ink_format, rag_format

LEAST_CONTRAST = 4.5
LEAST_OF_GRAPHICS = 3
LEAST_GREY_STEP = 0.15
"""How far apart the ratings' fills are in grey, of 1 from black to white; readers tell steps of a tenth apart."""

SANS_SERIF = {"Arial", "Helvetica", "Calibri", "Verdana"}
COLOUR = re.compile(r"#?[0-9A-F]{6}")


def grey(colour: str) -> float:
    """The grey that a black-and-white print makes of a colour, from 0 (black) to 1 (the luma of Rec. 601)."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue


@pytest.mark.parametrize(
    ("text", "fill", "ratio"),
    [
        ("000000", "FFFFFF", 21.0),
        ("FFFFFF", "FFFFFF", 1.0),
        ("777777", "FFFFFF", 4.48),
        ("767676", "FFFFFF", 4.54),
        ("0000FF", "FFFFFF", 8.59),
        ("9C6500", "FFEB9C", 4.12),
        ("FFFFFF", "FF0000", 4.0),
    ],
)
def test_contrast_is_the_guidelines_own(text: str, fill: str, ratio: float) -> None:
    """The ratio is WCAG's: black on white is 21, Excel's stock amber fails, whichever of the two is the darker."""
    assert contrast(Ink(text, fill)) == pytest.approx(ratio, abs=0.02)
    assert contrast(Ink(text, fill)) == contrast(Ink(fill, text))


@pytest.mark.parametrize("name", INKS)
def test_every_text_can_be_read_on_its_fill(name: str) -> None:
    """Each text on its fill has a contrast of at least 4.5 to 1."""
    assert contrast(INKS[name]) >= LEAST_CONTRAST


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_read(name: str) -> None:
    """A cell format's text has that contrast on its own fill, or on white where it has none."""
    text, fill = (
        str(FORMATS[name].get(key, default)) for key, default in (("font_color", INK), ("bg_color", "FFFFFF"))
    )
    assert COLOUR.fullmatch(text)
    assert contrast(Ink(text.lstrip("#"), fill.lstrip("#"))) >= LEAST_CONTRAST


def test_ratings_can_be_told_apart_in_grey() -> None:
    """From red over green to amber each fill is clearly lighter, and red alone has a white letter."""
    fills = [grey(RAG_INK[rag].fill) for rag in (Rag.RED, Rag.GREEN, Rag.AMBER)]
    assert min(lighter - darker for darker, lighter in pairwise(fills)) >= LEAST_GREY_STEP
    assert {rag for rag in Rag if grey(RAG_INK[rag].text) > 0.5} == {Rag.RED}


@pytest.mark.parametrize("name", FORMATS)
def test_fonts(name: str) -> None:
    """Every cell is in a sans serif font of at least ten points, upright."""
    properties = FORMATS[name]
    assert properties["font_name"] in SANS_SERIF
    assert float(str(properties["font_size"])) >= 10
    assert not properties.get("italic")


def test_only_open_cells_are_unlocked() -> None:
    """Of all formats one alone lets a lead type under protection."""
    assert [name for name, properties in FORMATS.items() if properties.get("locked") is False] == ["open"]


def test_conditional_formats() -> None:
    """A rating's letter is bold in its own ink, and the named inks are what their names say."""
    amber = {"font_color": "#1F2A37", "bg_color": "#FFC83D", "pattern": 1}
    assert rag_format(Rag.AMBER) == {**amber, "bold": True}
    assert ink_format("rag_A") == amber
    assert {f"rag_{rag.value}" for rag in Rag} <= set(INKS)


@pytest.mark.parametrize("name", INKS)
def test_colours_are_written_in_full(name: str) -> None:
    """Colours are six hexadecimal digits, as Excel stores them."""
    assert COLOUR.fullmatch(INKS[name].text)
    assert COLOUR.fullmatch(INKS[name].fill)


@pytest.mark.parametrize("rag", Rag)
def test_a_mark_in_a_chart_is_seen_without_its_outline(rag: Rag) -> None:
    """On white, with at least the 3 to 1 that WCAG asks of graphics."""
    assert contrast(Ink(RAG_MARK[rag], "FFFFFF")) >= LEAST_OF_GRAPHICS
