"""A workbook as a PDF, by the LibreOffice of the machine: without a window, without a question, nothing left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from sendkpi_xl.findings import finding, shortened
from sendkpi_xl.reading import Finding, Place

PROGRAMS = ("soffice", "libreoffice")
WINDOWS_FOLDERS = ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)")
SECONDS = 180
"""How long LibreOffice may take; it needs about five seconds for a board workbook, and more when it starts cold."""
BEGINS, ENDS = b"%PDF-", b"%%EOF"
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">{}</oor:items>
"""
SETTING = '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
PROFILE: Mapping[tuple[str, str], str] = {
    ("Office.Common/Filter/PDF/Export", "UseTaggedPDF"): "true",
    ("Office.Common/Filter/PDF/Export", "DisplayPDFDocumentTitle"): "true",
    ("Office.Linguistic/General", "DefaultLocale"): "en-GB",
    ("Setup/L10N", "ooSetupSystemLocale"): "en-GB",
    ("Office.Common/Security/Scripting", "MacroSecurityLevel"): "3",
    ("Office.Jobs/Jobs/org.openoffice.Office.Jobs:Job['UpdateCheck']/Arguments", "AutoCheckEnabled"): "false",
    ("Office.Calc/Content/Update", "Link"): "2",
}
"""What LibreOffice goes by: tags for screen readers, the title in the window, the language; no macros, no network.

They stand in the profile because options in the command are understood by newer versions alone.
"""


def pdf_of(workbook: bytes, pdf: Path) -> bytes | Finding:
    """The workbook as a whole PDF with its title and language, tagged for screen readers; or why there is none.

    `pdf` is where it will stand: nothing is written there. LibreOffice works in a temporary folder that is removed.
    """
    program = office()
    if program is None:
        found = "LibreOffice is not installed here, or not in a place where sendkpi looks for it."
        action = "Install LibreOffice (libreoffice.org) and run again, or print the workbook as a PDF in Excel."
        return finding("F21", Place(str(pdf)), found=found, action=action)
    try:
        with TemporaryDirectory(prefix="sendkpi-pdf-", ignore_cleanup_errors=True) as scratch:
            return _converted(program, workbook, Path(scratch) / f"{pdf.stem}.xlsx")
    except (OSError, subprocess.SubprocessError, _Failed) as error:
        found = f"LibreOffice ({program}) made no PDF: {_why(error)}."
        action = "Run again, with LibreOffice closed; or print the workbook as a PDF in Excel or LibreOffice."
        return finding("F21", Place(str(pdf)), found=found, action=action)


def left_from_before(pdf: Path) -> tuple[Finding, ...]:
    """What to say of a PDF that stands beside a workbook, when the run that wrote the workbook made none."""
    return (finding("F22", Place(str(pdf))),) if pdf.exists() else ()


def office() -> str | None:
    """LibreOffice's program: on the path, or where it is installed on Windows and macOS; None when it is in neither."""
    on_path = [Path(found).absolute() for found in map(shutil.which, PROGRAMS) if found]
    return next((str(path) for path in (*on_path, *usual_places(os.environ)) if path.is_file()), None)


def usual_places(environment: Mapping[str, str]) -> Sequence[Path]:
    """Where LibreOffice stands, when it is installed and not on the path, by the environment's variables."""
    windows = [environment[name] for name in WINDOWS_FOLDERS if name in environment]
    homes = ["/", *(environment[name] for name in ("HOME",) if name in environment)]
    return (
        *(Path(folder, "LibreOffice", "program", "soffice.exe") for folder in dict.fromkeys(windows)),
        *(Path(home, "Applications", "LibreOffice.app", "Contents", "MacOS", "soffice") for home in homes),
    )


class _Failed(Exception):
    """LibreOffice ended, and what it was asked for is not there."""


def _converted(program: str, workbook: bytes, path: Path) -> bytes:
    """The PDF's bytes; _Failed, OSError or TimeoutExpired when there are none. Works in the folder of `path` alone."""
    path.write_bytes(workbook)
    profile = path.parent / "profile"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    items = (SETTING.format(*where, value) for where, value in PROFILE.items())
    settings.write_text(SETTINGS.format("".join(items)), encoding="utf-8")
    quietly = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard")
    convert = ("--convert-to", "pdf:calc_pdf_Export", "--outdir", str(path.parent), str(path))
    said = path.parent / "said.txt"
    status = _run([program, f"-env:UserInstallation={profile.as_uri()}", *quietly, *convert], said)
    pdf = path.with_suffix(".pdf")
    content = pdf.read_bytes() if pdf.is_file() else b""
    if status or not content.startswith(BEGINS) or ENDS not in content[-1024:]:
        raise _Failed(_last_words(status, said, len(content)))
    return content


def _run(command: Sequence[str], said: Path) -> int:
    """Run a program to its end and give its exit status; whatever ends this, the program and its children end too."""
    with said.open("wb") as out:  # a pipe would be held open by a child that outlives its parent
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=said.parent, start_new_session=True
        )
        try:
            return process.wait(SECONDS)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program, where it has not ended, and all that it started: LibreOffice's own work is done by a child."""
    if os.name == "nt":
        if process.poll() is None:
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with suppress(OSError):  # nothing of it is left
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _last_words(status: int, said: Path, size: int) -> str:
    lines = said.read_text("utf-8", errors="replace").strip().splitlines()
    ended = f"it ended with status {status}" if status else "it ended as if all were well"
    left = "left a broken one" if size else "left none"
    return f"{ended} and {left}{f' (its last words: {shortened(lines[-1])})' if lines else ''}"


def _why(error: Exception) -> str:
    match error:
        case subprocess.TimeoutExpired():
            return f"it did not come to an end within {SECONDS} seconds, and was stopped"
        case OSError():
            return (error.strerror or type(error).__name__).lower()
        case _:
            return str(error)
