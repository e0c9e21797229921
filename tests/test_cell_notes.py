"""What stands on a sheet in no cell: cell notes of others than us, pictures and text boxes."""

from __future__ import annotations

import pytest

from sendkpi_xl.cells import Unreadable, read_book
from sendkpi_xl.grid import Beside
from tests.workbook_parts import OFFICE, parts, zipped

RELATED = f"""<Relationships>
  <Relationship Id="r1" Type="{OFFICE}/comments" Target="../comments1.xml"/>
  <Relationship Id="r2" Type="{OFFICE}/drawing" Target="../drawings/drawing1.xml"/>
</Relationships>"""
OURS = "Must fix: The cell holds “n/a”.\nExpected: A whole number, such as 42.\nType the number."
NOTHING = "<xdr:wsDr/>"


def comments(**words: str) -> str:
    each = "".join(
        f'<comment ref="{cell}" authorId="0"><text>'
        f'<r><t>{text[:3]}</t></r><r><t xml:space="preserve">{text[3:]}</t></r></text></comment>'
        for cell, text in words.items()
    )
    return f"<comments><authors><author>A. Lead</author></authors><commentList>{each}</commentList></comments>"


def beside(notes: str, drawing: str = NOTHING) -> tuple[Beside, ...]:
    made = {"xl/worksheets/_rels/sheet1.xml.rels": RELATED, "xl/comments1.xml": notes}
    data = zipped(parts() | made | {"xl/drawings/drawing1.xml": drawing})
    return read_book(data, "return.xlsx", and_beside=True).beside


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"I6": "60, surely?", "D9": "See e-mail"}, ("I6", "D9")),
        ({"I6": OURS, "D9": "See e-mail"}, ("D9",)),
        ({"I6": f"{OURS}\n\nAlready here: As agreed."}, ("I6",)),
        ({"I6": "Must fix: this is not ours"}, ("I6",)),
    ],
)
def test_cell_notes_in_which_a_lead_says_something(words: dict[str, str], expected: tuple[str, ...]) -> None:
    """Our own marks come back with the workbook; a lead's words beside them count, and so do a lead's own notes."""
    assert beside(comments(**words)) == (Beside("Return", expected),)


def test_our_cell_notes_alone_are_nothing() -> None:
    """A note that comes back as a return holds our marks, and a cell note may be empty."""
    assert beside(comments(I6=OURS, D9="   ")) == ()


def test_what_is_drawn_is_counted() -> None:
    """Each picture, shape or text box hangs at an anchor."""
    drawing = "<xdr:wsDr><xdr:twoCellAnchor><xdr:sp/></xdr:twoCellAnchor><xdr:oneCellAnchor/></xdr:wsDr>"
    assert beside(comments(), drawing) == (Beside("Return", (), 2),)


@pytest.mark.parametrize("damaged", ["<comments><commentList>", "", "no XML"])
def test_damage_to_cell_notes_stops_no_read(damaged: str) -> None:
    """No value needs them."""
    assert beside(damaged) == ()


def test_a_document_type_declaration_in_cell_notes_is_refused() -> None:
    """As in any other part that is read."""
    with pytest.raises(Unreadable, match="document type declaration"):
        beside("<!DOCTYPE a><comments/>")


def test_cell_notes_that_the_file_lacks_or_that_lie_elsewhere() -> None:
    """A reference leads nowhere, or out of the file."""
    outside = RELATED.replace('Target="../comments1.xml"', 'Target="http://example.org/c.xml" TargetMode="External"')
    made = {"xl/worksheets/_rels/sheet1.xml.rels": outside, "xl/comments2.xml": comments(I6="Hello")}
    assert read_book(zipped(parts() | made), "return.xlsx", and_beside=True).beside == ()
