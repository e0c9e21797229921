"""Makes the README's pictures from the repository's real files: `python -m tests.make_pictures`.

LibreOffice turns the workbooks into pages, pdftoppm the pages into pictures.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from sendkpi_xl.edition import Edition
from sendkpi_xl.folder import WorkingFolder
from tests.conftest import LibreOffice
from tests.fill_returns import PERIOD, ROOT
from tests.printed_pages import pages_of

PICTURES = ROOT / "docs" / "pictures"
DOTS_PER_INCH = 80
FOLDER = WorkingFolder(ROOT)
TEMPLATE = FOLDER.templates(PERIOD) / f"return-{PERIOD.code}-WS5.xlsx"
RETURN = FOLDER.returns(PERIOD) / f"return-{PERIOD.code}-WS5.xlsx"
PAGES = (
    (TEMPLATE, "WS5", 1, "template"),
    (RETURN, "WS5", 1, "return"),
    (FOLDER.board(PERIOD), "Headlines", 1, "headlines"),
    (FOLDER.board(PERIOD), "Dataset", 1, "dataset"),
    (FOLDER.board(PERIOD, Edition.PUBLISH), "Dataset", 2, "publish"),
)
"""For each picture its workbook, the sheet, which of that sheet's printed pages, and the picture's name."""


def main() -> None:
    """Write each picture into docs/pictures."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program is not None, "LibreOffice is needed to turn workbooks into pages"
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        office = LibreOffice(program, Path(scratch) / "profile")
        for position, (workbook, sheet, which, name) in enumerate(PAGES):
            pages = office.convert(workbook, "pdf", Path(scratch) / str(position))
            page = [number for number, each in enumerate(pages_of(pages), 1) if each.sheet == sheet][which - 1]
            target = PICTURES / name
            size = ("-r", str(DOTS_PER_INCH), "-f", str(page), "-l", str(page), "-singlefile", "-png")
            subprocess.run(["pdftoppm", *size, str(pages), str(target)], check=True)
            print(f"Written: {target.relative_to(ROOT)}.png")


if __name__ == "__main__":
    main()
