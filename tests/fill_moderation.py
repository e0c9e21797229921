"""Fills the moderation workbook of quarter 1 with what was published: headlines, completeness, ratings that differ.

Run it when the moderation workbook's layout has changed: `python -m tests.fill_moderation`.
"""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from sendkpi_xl.files import write_whole
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.moderated import Headline, Moderation, Override
from sendkpi_xl.moderating import moderated
from sendkpi_xl.moderation import moderation_workbook
from sendkpi_xl.reading import Rag
from sendkpi_xl.round import read_quarter
from tests.fill_returns import PERIOD, ROOT
from tests.published import published_headlines, published_rows

WHO = "SEND Partnership Board, as published"
REASONS = {
    "14": "Published as Amber; no reason is given. The in-year DSG deficit that it is part of is on its target.",
    "26": "Published as Amber; its comment says that the average includes 11 learners at £4,373 each.",
    "29": "Published as Green without a value for the quarter; no reason is given.",
    "31": "Published as Green: 75% meets the target of 75%; its 8 answers were not taken as too few.",
    "32": "Published as Amber without a target; no reason is given.",
    "33": "Published as Amber without a target; 43 this quarter after a baseline of 464.",
    "51": "Published as Red without a target; the headlines say that COVID slowed the delivery of the interviews.",
    "59": "Published as Green without a target; 97% after a baseline of 93% (primary) and 88% (secondary).",
    "65": "Published without a rating; no reason is given.",
    "75": "Published as Amber; its target is printed as 0.25, without a % sign.",
}


def published_moderation(folder: WorkingFolder) -> Moderation:
    """The quarter's moderation as published: an override wherever the published rating is not the computed one.

    Headlines that the product proposes are left undecided: those that were published stand as they were.
    """
    board, _ = read_quarter(folder, PERIOD)
    ratings = {row.ref: Rag(row.rating) if row.rating else None for row in published_rows()}
    overrides = tuple(
        Override(each.kpi.id, ratings[each.kpi.board_ref], REASONS[each.kpi.board_ref], WHO, PERIOD.code)
        for each in board.now
        if each.kpi.board_ref in ratings and ratings[each.kpi.board_ref] is not each.computed.rag
    )
    words = published_headlines()
    completeness = words.completeness[0].upper() + words.completeness[1:]
    return replace(
        board.moderation,
        completeness=completeness,
        working_well=tuple(map(Headline, words.working_well)),
        concerns=tuple(map(Headline, words.concerns)),
        overrides=overrides,
    )


def main() -> None:
    """Write the repository's own moderation workbook anew."""
    folder = WorkingFolder(ROOT)
    moderation = published_moderation(folder)
    board, _ = read_quarter(folder, PERIOD)
    path: Path = folder.moderation(PERIOD)
    write_whole(path, moderation_workbook(moderated(board, moderation)))
    print(f"Filled: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
