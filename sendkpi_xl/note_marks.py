"""Marks on a lead's own cells: a fill, a border and a cell note, and how they are taken off again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sendkpi_xl.cell_notes import OUR_WORDS, THEIRS
from sendkpi_xl.grid import address, row_and_column
from sendkpi_xl.note_copy import OFFICE, VML_TYPE, WorkbookCopy
from sendkpi_xl.note_sheet import LeadSheet, deselect, merged_away
from sendkpi_xl.note_styles import Styles
from sendkpi_xl.note_vml import change_boxes, empty_drawing
from sendkpi_xl.note_xml import SPREADSHEET, Element, Place, XmlPart, cell_text, escaped, unescaped
from sendkpi_xl.reading import Finding
from sendkpi_xl.sheetwriter import MAKER, clean_text
from sendkpi_xl.style import INKS, SEVERITY_INK

SELECTED = re.compile(rb"tabSelected\s*=\s*[\"'](?:1|t|on)")
THREAD = "tc="
"""How the maker of a cell note begins that stands for a conversation, which has to stay as it is."""
COMMENTS_TYPE = f"{OFFICE}spreadsheetml.comments+xml"
NO_COMMENTS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<comments xmlns="{SPREADSHEET}"><authors/><commentList/></comments>'
).encode()


class Comments:
    """A sheet's cell notes, and what becomes of them: ours and the lead's."""

    def __init__(self, part: XmlPart) -> None:
        self.part = part
        self.authors = [each.text for each in part.root.only("authors").children]
        self.by_place = {_place(each): each for each in part.root.only("commentList").children}
        self.texts = {place: _text_of(each) for place, each in self.by_place.items()}
        self.ours = {place for place in self.by_place if self._is_ours(place)}
        self.threads = {place for place in self.by_place if self._author(place).startswith(THREAD)}
        self._gone: set[Place] = set()
        self._new: dict[Place, tuple[str, str]] = {}

    def take_off(self, place: Place) -> None:
        """Take our words off a cell; words of the lead that were there before stay, without a name."""
        theirs = self.texts[place].partition(THEIRS)[2]
        self._put(place, "", theirs) if theirs else self._gone.add(place)
        self.texts[place] = theirs

    def mark(self, place: Place, words: str) -> None:
        """Put our words at a cell, before the lead's own."""
        theirs = self.texts.get(place, "")
        self._put(place, MAKER, words + (f"{THEIRS}{theirs}" if theirs else ""))

    def finish(self) -> tuple[Mapping[Place, str], Mapping[Place, str]]:
        """Write the changes into the part; the texts of the cell notes that are kept as they were, and of new ones."""
        authors = [*self.authors]
        comments = []
        for (row, column), (author, text) in sorted(self._new.items()):
            if author not in authors:
                authors.append(author)
            where = f'ref="{address(row, column)}" authorId="{authors.index(author)}" shapeId="0"'
            comments.append(f"<comment {where}><text>{cell_text(text)}</text></comment>")
        for place in self._gone & self.by_place.keys():
            self.part.remove(self.by_place[place])
        added = "".join(f"<author>{escaped(each)}</author>" for each in authors[len(self.authors) :])
        root = self.part.root
        self.part.append(root.only("authors"), self.part.own(added))
        self.part.append(root.only("commentList"), self.part.own("".join(comments)))
        kept = {place: text for place, text in self.texts.items() if place not in self._gone}
        return kept, {place: text for place, (_, text) in self._new.items()}

    def _put(self, place: Place, author: str, text: str) -> None:
        self._gone.add(place)
        self._new[place] = author, clean_text(text)

    def _author(self, place: Place) -> str:
        return self.authors[int(self.by_place[place].attributes["authorId"])]

    def _is_ours(self, place: Place) -> bool:
        return self._author(place) == MAKER or OUR_WORDS.match(self.texts[place]) is not None


def mark_sheet(
    copy: WorkbookCopy, path: str, number: int, styles: Styles, findings: Mapping[Place, Sequence[Finding]]
) -> None:
    """Mark the cells of one sheet with their findings (the most urgent of each first), and no others any more.

    `number` is the sheet's own in the workbook, from 1.
    """
    shown = merged_away(copy, path) if findings else lambda place: place
    marks: dict[Place, list[Finding]] = {}
    for place, each in findings.items():
        marks.setdefault(shown(place), []).extend(each)
    comments = _comments(copy, path, needed=bool(marks))
    ours = comments.ours if comments else set()
    if not (marks or ours or styles.ours or SELECTED.search(copy.contents[path])):
        return
    sheet = LeadSheet(copy, path, {*marks, *ours}, whole=bool(styles.ours))
    deselect(sheet.part)
    looks = {place for place, style in sheet.cells().items() if style in styles.ours}
    formats: dict[Place, Callable[[int], int]] = dict.fromkeys(looks | ours, styles.unmarked)
    for place, each in marks.items():
        formats[place] = partial(_marked, styles, each, place in formats)
    sheet.change(formats)
    if comments and (marks or ours):
        _note_cells(sheet, number, comments, marks)


def _marked(styles: Styles, findings: Sequence[Finding], marked_before: bool, number: int) -> int:
    ink = INKS[SEVERITY_INK[findings[0].severity]]
    return styles.marked(styles.unmarked(number) if marked_before else number, ink)


def _comments(copy: WorkbookCopy, path: str, *, needed: bool) -> Comments | None:
    part = copy.one(path, "comments")
    if part is None:
        if not needed:
            return None
        part = copy.add("xl/comments{}.xml", NO_COMMENTS, COMMENTS_TYPE)
        copy.relate(path, "comments", part)
    return Comments(copy.part(part, SPREADSHEET))


def _note_cells(sheet: LeadSheet, number: int, comments: Comments, marks: Mapping[Place, Sequence[Finding]]) -> None:
    for place in comments.ours:
        comments.take_off(place)
    for place, findings in marks.items():
        if place not in comments.threads:
            comments.mark(place, _words(findings))
    kept, new = comments.finish()
    part = sheet.drawing()
    if part is None:
        part = sheet.copy.add("xl/drawings/vmlDrawing{}.vml", empty_drawing(number), VML_TYPE)
        sheet.draw(sheet.copy.relate(sheet.path, "vmlDrawing", part))
    change_boxes(sheet.copy.part(part, ""), kept, new, number)


def _words(findings: Sequence[Finding]) -> str:
    return "\n\n".join(
        f"{each.severity.value.capitalize()}: {each.found}\nExpected: {each.expected}\n{each.action}"
        for each in findings
    )


def _place(comment: Element) -> Place:
    place = row_and_column(comment.attributes["ref"])
    if place is None:
        raise ValueError("a cell note without a cell")
    return place


def _text_of(comment: Element) -> str:
    """The words of a cell note, of all its runs."""
    text = comment.only("text")
    runs = (child if child.tag == "t" else child.first("t") for child in text.children if child.tag in ("t", "r"))
    words = "".join(run.text for run in runs if run is not None)
    return unescaped(words)
