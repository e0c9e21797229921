"""The board pack as a PDF: by a real LibreOffice, without one, and with one that fails, lies or hangs."""

from __future__ import annotations

import os
import re
import select
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sendkpi_xl import pdf as pdf_module
from sendkpi_xl.board import board_workbook
from sendkpi_xl.edition import Edition
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.outputs import JOURNAL
from sendkpi_xl.pdf import office, pdf_of, usual_places
from sendkpi_xl.published_board import for_publication
from sendkpi_xl.reading import Finding, Severity
from sendkpi_xl.round import read_quarter, write_board
from tests.board_view import KINGSTON, opened
from tests.board_view import Q1 as KINGSTON_Q1
from tests.conftest import LibreOffice
from tests.printed_pages import pages_of
from tests.small_round import Q1
from tests.test_cli import Run, files_in, folder, run, small

__all__ = ["folder", "run", "small"]  # fixtures of the command line's tests

OUTPUTS = f"outputs/{Q1.code}"
PATIENCE = 20
"""Seconds after which a program that does not end is taken to go on for ever."""
PDF = f"{OUTPUTS}/board-dataset.pdf"
WORKBOOK_SAID = "The workbook was written all the same. Expected: A PDF of the board pack."
OF_THE_BOARD = {f"{Q1.code}/board-dataset.xlsx", f"{Q1.code}/readings.csv", f"{Q1.code}/datapackage.json"}


@pytest.fixture(autouse=True)
def scratch(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, of the test's own."""
    made = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


@pytest.fixture
def without_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path without LibreOffice, on a machine that has none in the usual places either."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pdf_module, "usual_places", lambda _: ())


@pytest.fixture
def fake(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> FakeOffice:
    """A program called soffice, first on the path, whose script the test writes."""
    programs = tmp_path_factory.mktemp("programs")
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return FakeOffice(programs / "soffice")


class FakeOffice:
    """A program in LibreOffice's place. The last words of its command are `--outdir`, a folder, and the workbook."""

    def __init__(self, program: Path) -> None:
        self.program = program
        self.seen = program.with_name("seen")

    def does(self, *lines: str) -> None:
        """Its script: sh, in which $out is the PDF that it is asked for and $seen a folder that is kept."""
        self.seen.mkdir()
        head = ("#!/bin/sh", 'for each in "$@"; do last=$each; done', 'out="${last%.xlsx}.pdf"', f'seen="{self.seen}"')
        self.program.write_text("\n".join((*head, *lines, "")), encoding="utf-8")
        self.program.chmod(0o755)

    @contextmanager
    def pipe(self) -> Iterator[int]:
        """The end to read from of a pipe `$seen/pipe`, which its script and all that it starts may hold open."""
        os.mkfifo(self.seen / "pipe")
        end = os.open(self.seen / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        try:
            yield end
        finally:
            os.close(end)


def left_over(scratch: Path, folder: WorkingFolder) -> list[str]:
    """What is left in the folder of temporary files, and of ours in that of the outputs."""
    outputs = (path.name for path in folder.root.glob("outputs/*/*"))
    return [*map(str, scratch.iterdir()), *(name for name in outputs if name.startswith("~") or name == JOURNAL)]


def joined(text: str) -> str:
    """What was printed, without its line breaks."""
    return " ".join(text.split())


# --- Without LibreOffice ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("without_office")
def test_without_libreoffice_the_workbook_is_written_and_the_message_says_what_to_do(
    folder: WorkingFolder, run: Run
) -> None:
    """A finding to check, status 0, the other files as ever; the finding names the PDF that is not there."""
    ran = run("board", Q1.code, "--pdf")
    assert (ran.status, ran.err) == (0, "")
    assert (
        f"Please check: {PDF} LibreOffice is not installed here, or not in a place where sendkpi looks for it. "
        f"{WORKBOOK_SAID} Install LibreOffice (libreoffice.org) and run again, or print the workbook as a PDF in "
        "Excel. [F21]"
    ) in joined(ran.out)
    assert ran.out.endswith(f"Written: {OUTPUTS}/datapackage.json\n")
    assert set(files_in(folder.root / "outputs")) == OF_THE_BOARD
    assert folder.board(Q1).read_bytes() == board_workbook(read_quarter(folder, Q1)[0])


def test_nobody_who_does_not_ask_hears_of_it(folder: WorkingFolder, run: Run, fake: FakeOffice) -> None:
    """Without --pdf no LibreOffice is started, and nothing is said."""
    fake.does('touch "$seen/started"')
    assert "[F2" not in run("board", Q1.code).out
    assert list(fake.seen.iterdir()) == []
    assert set(files_in(folder.root / "outputs")) == OF_THE_BOARD


@pytest.mark.usefixtures("without_office")
@pytest.mark.parametrize(
    ("environment", "places"),
    [
        (
            {"ProgramW6432": "W", "ProgramFiles": "W", "ProgramFiles(x86)": "X"},
            ["W/LibreOffice/program/soffice.exe", "X/LibreOffice/program/soffice.exe", "/Applications/{mac}"],
        ),
        ({"HOME": "home"}, ["/Applications/{mac}", "home/Applications/{mac}"]),
        ({}, ["/Applications/{mac}"]),
    ],
)
def test_the_usual_places(environment: dict[str, str], places: list[str]) -> None:
    """Windows' program folders, each once, and macOS' applications, everybody's and one's own."""
    mac = "LibreOffice.app/Contents/MacOS/soffice"
    assert [path.as_posix() for path in usual_places(environment)] == [place.format(mac=mac) for place in places]


@pytest.mark.usefixtures("without_office")
def test_a_libreoffice_in_a_usual_place_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first that is there and a file; none where there is none."""
    places = [tmp_path / name for name in ("missing", "folder", "soffice.exe")]
    places[1].mkdir()
    monkeypatch.setattr(pdf_module, "usual_places", lambda _: places)
    assert office() is None
    places[2].write_bytes(b"")
    assert office() == str(places[2])


def test_a_libreoffice_on_the_path_comes_first(fake: FakeOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the path names is taken, whatever stands in the usual places, and found again from any other folder."""
    fake.does("exit 0")
    assert office() == str(fake.program)
    monkeypatch.chdir(fake.program.parent.parent)
    monkeypatch.setenv("PATH", fake.program.parent.name)
    assert office() == str(fake.program)


# --- With one that works, as far as we can see --------------------------------------------------------------------


def test_the_pdf_stands_beside_the_workbook(folder: WorkingFolder, run: Run, fake: FakeOffice, scratch: Path) -> None:
    """What LibreOffice made is put in place whole, with the other files, and is named among what was written."""
    fake.does("printf '%%PDF-1.6 pages %%%%EOF' >\"$out\"")
    ran = run("board", Q1.code, "--pdf")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith(f"Written: {PDF}\n")
    assert "[F2" not in ran.out
    assert folder.board_pdf(Q1).read_bytes() == b"%PDF-1.6 pages %%EOF"
    assert set(files_in(folder.root / "outputs")) == OF_THE_BOARD | {f"{Q1.code}/board-dataset.pdf"}
    assert left_over(scratch, folder) == []


def test_libreoffice_is_told_to_ask_and_show_nothing(folder: WorkingFolder, fake: FakeOffice, scratch: Path) -> None:
    """Headless, with a profile of its own in the temporary folder that holds the settings, and nothing to read from."""
    fake.does(
        'for each in "$@"; do echo "$each"; done >"$seen/words"',
        'cat >"$seen/input"',
        'cp "${last%/*}/profile/user/registrymodifications.xcu" "$seen/settings.xml"',
        'cp "$last" "$seen/board.xlsx"',
        "printf '%%PDF-1.6 %%%%EOF' >\"$out\"",
    )
    write_board(folder, Q1, pdf=True)
    words = (fake.seen / "words").read_text("utf-8").splitlines()
    assert re.fullmatch(rf"-env:UserInstallation=file://{re.escape(str(scratch))}/sendkpi-pdf-\w+/profile", words[0])
    assert words[1:6] == ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"]
    assert words[6:9] == ["--convert-to", "pdf:calc_pdf_Export", "--outdir"]
    assert words[10] == f"{words[9]}/board-dataset.xlsx"
    assert (fake.seen / "input").read_bytes() == b""
    settings = (fake.seen / "settings.xml").read_text("utf-8")
    set_there = dict(re.findall(r'<prop oor:name="(\w+)" oor:op="fuse"><value>([^<]+)</value>', settings))
    assert set_there == {
        "UseTaggedPDF": "true",
        "DisplayPDFDocumentTitle": "true",
        "DefaultLocale": "en-GB",
        "ooSetupSystemLocale": "en-GB",
        "MacroSecurityLevel": "3",
        "AutoCheckEnabled": "false",
        "Link": "2",
    }
    printed, kept = opened(fake.seen / "board.xlsx").sheetnames, opened(folder.board(Q1)).sheetnames
    assert [name for name in kept if name not in printed] == ["What if"]
    assert [name for name in printed if name not in kept] == []


# --- With one that fails ------------------------------------------------------------------------------------------

NO_PDF = "Run again, with LibreOffice closed; or print the workbook as a PDF in Excel or LibreOffice. [F21]"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (["echo 'no display' >&2", "exit 77"], "it ended with status 77 and left none (its last words: no display)."),
        (["exit 0"], "it ended as if all were well and left none."),
        (["kill -9 $$"], "it ended with status -9 and left none."),
        (["printf '%%PDF-1.6 half' >\"$out\""], "it ended as if all were well and left a broken one."),
        (["printf '<html>%%%%EOF' >\"$out\""], "it ended as if all were well and left a broken one."),
        (["printf '%%PDF-1.6 %%%%EOF' >\"$out\"", "exit 1"], "it ended with status 1 and left a broken one."),
        (['mkdir "$out"'], "it ended as if all were well and left none."),
        (
            ["printf 'one\\n\\033[31mtwo\\377\\n' >&2", "exit 1"],
            "it ended with status 1 and left none (its last words: ?[31mtwo\N{REPLACEMENT CHARACTER}).",
        ),
    ],
)
def test_a_libreoffice_that_fails_is_a_finding(
    folder: WorkingFolder, run: Run, fake: FakeOffice, script: list[str], why: str, scratch: Path
) -> None:
    """Whatever it does or leaves, the workbook is written, the message says what was seen, and no half PDF stays."""
    fake.does(*script)
    ran = run("board", Q1.code, "--pdf")
    assert (ran.status, ran.err) == (0, "")
    said = f"Please check: {PDF} LibreOffice ({fake.program}) made no PDF: {why} {WORKBOOK_SAID} {NO_PDF}"
    assert said in joined(ran.out)
    assert set(files_in(folder.root / "outputs")) == OF_THE_BOARD
    assert left_over(scratch, folder) == []


def test_a_program_that_cannot_be_started_is_a_finding(folder: WorkingFolder, fake: FakeOffice, scratch: Path) -> None:
    """A file of that name which the system does not run."""
    fake.does()
    fake.program.write_bytes(b"\x7fELF and no more")
    made = pdf_of(b"", folder.board_pdf(Q1))
    assert isinstance(made, Finding)
    assert made.found.startswith(f"LibreOffice ({fake.program}) made no PDF: exec format error.")
    assert left_over(scratch, folder) == []


def test_a_libreoffice_that_hangs_is_stopped_with_all_that_it_started(
    folder: WorkingFolder, fake: FakeOffice, monkeypatch: pytest.MonkeyPatch, scratch: Path
) -> None:
    """When its time is up, it and its child are ended, nothing is left of them, and the finding says so."""
    monkeypatch.setattr(pdf_module, "SECONDS", 1)
    fake.does('exec 9>"$seen/pipe"', "sleep 600 &", "echo started >&9", "wait")
    with fake.pipe() as pipe:
        done, _ = write_board(folder, Q1, pdf=True)
        assert heard(pipe) == b"started\n"
        assert heard(pipe) == ENDED
    (said,) = [each for each in done.findings if each.code == "F21"]
    assert said.severity is Severity.PLEASE_CHECK
    assert "made no PDF: it did not come to an end within 1 seconds, and was stopped. The workbook" in said.found
    assert left_over(scratch, folder) == []


def test_what_a_libreoffice_leaves_running_is_stopped(folder: WorkingFolder, fake: FakeOffice, scratch: Path) -> None:
    """It ends as if all were well, and its child goes on: the child is ended before the folder is removed."""
    fake.does('exec 9>"$seen/pipe"', "sleep 600 &", "echo started >&9", "printf '%%PDF-1.6 %%%%EOF' >\"$out\"")
    with fake.pipe() as pipe:
        assert pdf_of(b"", folder.board_pdf(Q1)) == b"%PDF-1.6 %%EOF"
        assert heard(pipe) == b"started\n"
        assert heard(pipe) == ENDED
    assert left_over(scratch, folder) == []


def test_a_run_that_is_broken_off_takes_libreoffice_with_it(
    folder: WorkingFolder, fake: FakeOffice, monkeypatch: pytest.MonkeyPatch, scratch: Path
) -> None:
    """Ctrl+C while LibreOffice works: it ends as well, and nothing is written."""
    wait = subprocess.Popen.wait

    def broken_off(self: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        if timeout == pdf_module.SECONDS:
            assert heard(pipe) == b"started\n"
            raise KeyboardInterrupt
        return wait(self, timeout)

    fake.does('exec 9>"$seen/pipe"', "echo started >&9", "sleep 600")
    with fake.pipe() as pipe:
        monkeypatch.setattr(subprocess.Popen, "wait", broken_off)
        with pytest.raises(KeyboardInterrupt):
            pdf_of(b"", folder.board_pdf(Q1))
        assert heard(pipe) == ENDED
    assert left_over(scratch, folder) == []


ENDED = b""


def heard(pipe: int) -> bytes:
    """What is written into a pipe next, `ENDED` when nobody has it open for writing any more; fails after a while."""
    assert select.select([pipe], [], [], PATIENCE)[0], "a program that should have ended has not"
    return os.read(pipe, 100)


# --- A PDF from before --------------------------------------------------------------------------------------------

OLD = f"Please check: {PDF} This PDF is from an earlier run, and the workbook beside it is not."


def test_a_pdf_from_an_earlier_run_is_told(folder: WorkingFolder, run: Run, fake: FakeOffice) -> None:
    """It stays as it is, and is told of until it is made anew or deleted; one of this run is not told of."""
    fake.does("printf '%%PDF-1.6 %%%%EOF' >\"$out\"")
    assert OLD not in joined(run("board", Q1.code, "--pdf").out)
    assert OLD not in joined(run("board", Q1.code, "--pdf").out)
    kept = folder.board_pdf(Q1).read_bytes()
    assert f"{OLD} Expected: A PDF of the workbook beside it, or none." in joined(run("board", Q1.code).out)
    fake.program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    ran = run("board", Q1.code, "--pdf")
    assert (ran.status, OLD in joined(ran.out), "[F21]" in ran.out) == (0, True, True)
    assert folder.board_pdf(Q1).read_bytes() == kept
    folder.board_pdf(Q1).unlink()
    assert OLD not in joined(run("board", Q1.code).out)


def test_a_pdf_that_cannot_be_replaced_keeps_all_of_a_run_together(
    folder: WorkingFolder, run: Run, fake: FakeOffice
) -> None:
    """While its owner file says that somebody has it open, all new files are kept beside the old ones."""
    fake.does("printf '%%PDF-1.6 %%%%EOF' >\"$out\"")
    run("board", Q1.code, "--pdf")
    (folder.outputs(Q1) / ".~lock.board-dataset.pdf#").write_bytes(b"")
    ran = run("board", Q1.code, "--pdf")
    assert ran.status == 2
    assert f"Must fix: {PDF} It was not replaced" in joined(ran.out)
    new = {path.name for path in folder.outputs(Q1).glob("* (new).*")}
    assert new == {f"{name} (new).{kind}" for name, kind in BOARD_NAMES}


BOARD_NAMES = (("board-dataset", "xlsx"), ("readings", "csv"), ("datapackage", "json"), ("board-dataset", "pdf"))


# --- With the real one --------------------------------------------------------------------------------------------


@pytest.mark.libreoffice
@pytest.mark.parametrize("edition", Edition)
def test_the_real_quarter_as_a_pdf(libreoffice: LibreOffice, tmp_path: Path, scratch: Path, edition: Edition) -> None:
    """Every sheet but What if, in their order; tagged, with the workbook's title and language; nothing left behind."""
    assert office() == libreoffice.program
    board, _ = read_quarter(KINGSTON, KINGSTON_Q1)
    board = board if edition is Edition.INTERNAL else for_publication(board).board
    made = pdf_of(board_workbook(board, on_paper=True), KINGSTON.board_pdf(KINGSTON_Q1, edition))
    assert isinstance(made, bytes)
    assert list(scratch.iterdir()) == []
    assert not KINGSTON.board_pdf(KINGSTON_Q1, edition).exists()
    (tmp_path / "board.pdf").write_bytes(made)
    sheets = list(dict.fromkeys(page.sheet for page in pages_of(tmp_path / "board.pdf")))
    in_workbook = opened(board_workbook(board)).sheetnames
    assert sheets == [name for name in in_workbook if name != "What if"]
    said = subprocess.run(["pdfinfo", str(tmp_path / "board.pdf")], capture_output=True, text=True, check=True).stdout
    facts = dict(re.findall(r"^(\w+): +(.+)$", said, re.MULTILINE))
    assert facts["Title"] == f"Kingston SEND Partnership Board dataset, Quarter 1 2021/22 ({edition.label})"
    assert facts["Tagged"] == "yes"
    assert re.findall(rb"/Lang ?\(([\w-]+)\)", made) == [b"en-GB"]
    assert b"/DisplayDocTitle true" in made


@pytest.mark.libreoffice
def test_the_real_one_on_what_is_no_workbook(libreoffice: LibreOffice, tmp_path: Path, scratch: Path) -> None:
    """A workbook that LibreOffice cannot open is a finding that gives its last words."""
    made = pdf_of(b"PK\x03\x04 and no more", tmp_path / "board.pdf")
    assert isinstance(made, Finding)
    assert made.found.startswith(f"LibreOffice ({libreoffice.program}) made no PDF: it ended ")
    assert [*tmp_path.iterdir(), *scratch.iterdir()] == []
