"""Fixtures that several test modules share."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

LIBREOFFICE_SECONDS = 180


class LibreOffice:
    """A headless LibreOffice with a profile of its own, so that runs do not disturb each other."""

    def __init__(self, program: str, profile: Path) -> None:
        self.program = program
        self.profile = profile

    def convert(self, path: Path, to: str, out: Path) -> Path:
        """Open `path`, recalculate it, and save it into the folder `out` in the format `to` (`xlsx`, `pdf`)."""
        out.mkdir(parents=True, exist_ok=True)
        target = out / f"{path.stem}.{to.split(':', maxsplit=1)[0]}"
        target.unlink(missing_ok=True)
        subprocess.run(
            [
                self.program,
                f"-env:UserInstallation={self.profile.as_uri()}",
                "--headless",
                "--convert-to",
                to,
                "--outdir",
                str(out),
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=LIBREOFFICE_SECONDS,
        )
        assert target.exists(), f"LibreOffice did not write {target}"
        return target


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    """LibreOffice where it is installed; without it the test is skipped, or fails where CI asks for it."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        if os.environ.get("SENDKPI_NEED_LIBREOFFICE") == "1":
            pytest.fail("LibreOffice is needed here (SENDKPI_NEED_LIBREOFFICE=1) and is not installed")
        pytest.skip("LibreOffice is not installed: this workbook was not opened in a real spreadsheet program")
    return LibreOffice(program, tmp_path_factory.mktemp("libreoffice-profile"))
