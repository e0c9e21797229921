"""LibreOffice that works every formula out anew and opens several workbooks in one go.

By itself LibreOffice trusts the results that a workbook carries and shows those; a test that compares results would
then compare a workbook with itself. The profile used here tells it to recalculate whatever it opens.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import LIBREOFFICE_SECONDS, LibreOffice

ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
  <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
    <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
  </item>
</oor:items>
"""


def convert_all(office: LibreOffice, paths: Sequence[Path], to: str, out: Path) -> list[Path]:
    """Open these workbooks, recalculate them, and save each into the folder `out` in the format `to`."""
    profile = office.profile.with_name(f"{office.profile.name}-recalculating")
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        settings.write_text(ALWAYS_RECALCULATE, encoding="utf-8")
    program = [office.program, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command = [*program, "--convert-to", to, "--outdir", str(out), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=LIBREOFFICE_SECONDS)
    targets = [out / f"{path.stem}.{to}" for path in paths]
    missing = [target.name for target in targets if not target.exists()]
    assert missing == [], f"LibreOffice did not write {missing}"
    return targets


def with_fitted_rows(office: LibreOffice, path: Path, out: Path) -> Path:
    """The workbook with every row as high as LibreOffice finds that its text needs.

    LibreOffice sizes rows when it opens its own format; of an .xlsx it takes the heights that stand in the file.
    """
    (own,) = convert_all(office, [path], "ods", out)
    (fitted,) = convert_all(office, [own], "xlsx", out)
    return fitted


def page_texts(pdf: Path) -> list[str]:
    """The text of each page, cell by cell, without any white space: a wrapped title stands in it whole."""
    run = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], check=True, capture_output=True, text=True)
    return ["".join(page.split()) for page in run.stdout.split("\f")[:-1]]
