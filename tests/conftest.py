"""Fixtures that several test modules share."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

LIBREOFFICE_SECONDS = 180


ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
  <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
    <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
  </item>
</oor:items>
"""
"""By itself LibreOffice trusts the results that a workbook carries; a test would then compare it with itself."""


class LibreOffice:
    """A headless LibreOffice with a profile of its own, told to work out anew every formula of what it opens."""

    def __init__(self, program: str, profile: Path) -> None:
        self.program = program
        self.profile = profile
        settings = profile / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(ALWAYS_RECALCULATE, encoding="utf-8")

    def convert(self, path: Path, to: str, out: Path) -> Path:
        """Open `path`, recalculate it, and save it into the folder `out` in the format `to` (`xlsx`, `pdf`)."""
        return self.convert_all([path], to, out)[0]

    def convert_all(self, paths: Sequence[Path], to: str, out: Path) -> list[Path]:
        """Do so with several workbooks in one go, which is much faster."""
        out.mkdir(parents=True, exist_ok=True)
        targets = [out / f"{path.stem}.{to.split(':', maxsplit=1)[0]}" for path in paths]
        for target in targets:
            target.unlink(missing_ok=True)
        program = [self.program, f"-env:UserInstallation={self.profile.as_uri()}", "--headless"]
        command = [*program, "--convert-to", to, "--outdir", str(out), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, timeout=LIBREOFFICE_SECONDS)
        missing = [target.name for target in targets if not target.exists()]
        assert missing == [], f"LibreOffice did not write {missing}"
        return targets


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    """LibreOffice where it is installed; without it the test is skipped, or fails where CI asks for it."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        if os.environ.get("SENDKPI_NEED_LIBREOFFICE") == "1":
            pytest.fail("LibreOffice is needed here (SENDKPI_NEED_LIBREOFFICE=1) and is not installed")
        pytest.skip("LibreOffice is not installed: this workbook was not opened in a real spreadsheet program")
    return LibreOffice(program, tmp_path_factory.mktemp("libreoffice-profile"))
