"""Publishing a quarter: the edition for the website in a folder of its own, and the team's log of what it withholds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sendkpi_xl.board_files import board_files
from sendkpi_xl.edition import Edition
from sendkpi_xl.files import read_bytes
from sendkpi_xl.findings import finding
from sendkpi_xl.folder import READINGS_FILE, WorkingFolder
from sendkpi_xl.gather import changed_meanwhile, returned_paths
from sendkpi_xl.outputs import other_copies, publish
from sendkpi_xl.period import Period
from sendkpi_xl.published_board import for_publication
from sendkpi_xl.quarter import Board
from sendkpi_xl.reading import Finding, Place
from sendkpi_xl.restated import editions_apart
from sendkpi_xl.round import Done, Tell, one_run, read_quarter, silent
from sendkpi_xl.withheld_log import counted, withheld_workbook


@one_run
def write_published(
    folder: WorkingFolder, period: Period, tell: Tell = silent, many: bool = False, pdf: bool = False
) -> tuple[Done, Board]:
    """Write the quarter's publish edition (workbook, tidy data, with `pdf` the pack), and the log of what it withholds.

    Nothing is written while something could be worked out that must not be told. The board returned is the internal
    one, of which the receipt is made.
    """
    board, findings = read_quarter(folder, period, tell, many, whole=True)
    made, settings = for_publication(board), board.catalogue.settings
    if made.open:
        place, found = Place(str(folder.board(period, Edition.PUBLISH))), "; ".join(made.open)
        refused = finding("S01", place, found=found, threshold=settings.withheld_under)
        return Done((), (*findings, refused)), board
    log, files = folder.withheld(period), board_files(folder, made.board, pdf, tell)
    apart = _apart(folder, files.contents[folder.readings(period, Edition.PUBLISH)])
    # The log comes first: no edition stands there whose log could not be written.
    published = [publish({log: withheld_workbook(board, made.log)}), publish(files.contents)]
    figures, texts = counted(made.log, period)
    told = finding("S02", Place(str(log)), figures=figures, texts=texts, threshold=settings.withheld_under)
    if not settings.withheld_under:
        told = finding("S04", Place(folder.catalogue.name))
    written = tuple(path for each in published for path in each.written)
    noticed = (*(each for part in published for each in part.findings), *files.findings, told, *apart)
    findings = (*findings, *changed_meanwhile(returned_paths(folder, board.gathered), board.gathered), *noticed)
    return Done(written, (*findings, *other_copies({*files.contents, *written}))), board


def _apart(folder: WorkingFolder, data: bytes) -> Sequence[Finding]:
    """What this edition withholds and another that stands there shows, or the other way round."""
    return [each for path, before in _editions(folder) for each in editions_apart(path, before, data)]


def _editions(folder: WorkingFolder) -> Iterator[tuple[Path, bytes]]:
    """The tidy data of all publish editions that stand in the folder, that of the quarter itself among them."""
    for path in sorted((folder.root / "outputs").glob(f"*/{Edition.PUBLISH}/{READINGS_FILE}")):
        try:
            yield path, read_bytes(path)
        except OSError:
            continue  # one that cannot be read is replaced or left by whoever writes next, who says why
