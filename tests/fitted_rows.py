"""What LibreOffice makes of a workbook beyond opening it: rows fitted to their text, and the text of printed pages."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.conftest import LibreOffice


def with_fitted_rows(office: LibreOffice, path: Path, out: Path) -> Path:
    """The workbook with every row as high as LibreOffice finds that its text needs.

    LibreOffice sizes rows when it opens its own format; of an .xlsx it takes the heights that stand in the file.
    """
    own = office.convert(path, "ods", out)
    return office.convert(own, "xlsx", out)


def page_texts(pdf: Path) -> list[str]:
    """The text of each page, cell by cell, without any white space: a wrapped title stands in it whole."""
    run = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], check=True, capture_output=True, text=True)
    return ["".join(page.split()) for page in run.stdout.split("\f")[:-1]]
