"""The bad day, end to end: killed, stopped, no room, no right, open elsewhere, edited by hand, two at once.

Each heading names a fault; the tests below it make it happen to a whole command over a small round.
"""

from __future__ import annotations

import csv
import errno
import io
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sendkpi_xl.asking import write_notes
from sendkpi_xl.cells import read_book
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.moderating import write_moderation
from sendkpi_xl.returns import read_return
from sendkpi_xl.round import write_board, write_templates
from sendkpi_xl.run_lock import LOCK_FILE
from sendkpi_xl.sheetwriter import WorkbookWriter
from tests.board_view import ROOT
from tests.small_round import Q1, Q2, small_folder
from tests.test_cli import Run, files_in, folder, process, refused, run, small
from tests.test_files import dead_process, raising
from tests.test_workbook_mark import saved_again

__all__ = ["folder", "run", "small"]  # fixtures of the command line's tests

QUARTER = Q1.code
SCH = f"return-{QUARTER}-SCH.xlsx"
OUTPUTS = f"outputs/{QUARTER}"
BOARD, READINGS, QUERIES = f"{OUTPUTS}/board-dataset.xlsx", f"{OUTPUTS}/readings.csv", f"{OUTPUTS}/queries.xlsx"
PACKAGE = f"{OUTPUTS}/datapackage.json"
OF_THE_BOARD = {f"{QUARTER}/board-dataset.xlsx", f"{QUARTER}/readings.csv", f"{QUARTER}/datapackage.json"}
NOTE = f"{OUTPUTS}/notes/please-fix-{SCH}"
WRITING = ("template", "check", "moderate", "board")

Together = tuple[bytes | None, ...]


def publish(folder: WorkingFolder) -> None:
    """Lay down the ratings as they were published: those that the policy computes."""
    (folder.returns(Q1) / "published-ratings.csv").write_text("Ref,RAG\n1,G\n2,R\n3,\n", encoding="utf-8")


def type_into(folder: WorkingFolder, old: float | str, new: float | str) -> None:
    """Change a figure in the return of the schools, as its lead would."""
    path = folder.returns(Q1) / SCH
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book["SCH"].iter_rows() for cell in row if cell.value == old)
    cell.value = new
    book.save(path)


def paths_of(folder: WorkingFolder) -> tuple[Path, ...]:
    """The files of a board that belong together: workbook, readings, and what the readings are."""
    return folder.board(Q1), folder.readings(Q1), folder.data_package(Q1)


def together(folder: WorkingFolder) -> Together:
    """The bytes of the files that belong together."""
    return tuple(path.read_bytes() if path.exists() else None for path in paths_of(folder))


@pytest.fixture
def old_and_new(folder: WorkingFolder, tmp_path_factory: pytest.TempPathFactory) -> tuple[Together, Together]:
    """A working folder whose outputs are of an earlier figure; they as they are, and as the next run makes them."""
    write_board(folder, Q1)
    old = together(folder)
    type_into(folder, 41, 40)
    elsewhere = WorkingFolder(tmp_path_factory.mktemp("new"))
    shutil.copytree(folder.root / "inputs", elsewhere.root / "inputs")
    write_board(elsewhere, Q1)
    assert together(elsewhere) != old
    return old, together(elsewhere)


# --- Killed (O1, O2, O3, O4) --------------------------------------------------------------------------------------

TOUCHES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "tempfile.mkstemp")


def killed(folder: WorkingFolder, at: int) -> bool:
    """Write the board in a process of its own that kills itself (SIGKILL) at its so-manieth touch of the outputs.

    A touch is whatever opens, renames, deletes or makes something there, and each flush to the disk. False when the
    process came to its end before.
    """
    child = os.fork()
    if child == 0:
        touched = 0

        def touch(event: str, args: tuple[object, ...] = ()) -> None:
            nonlocal touched
            if event == "fsync" or (event in TOUCHES and any(str(folder.outputs(Q1)) in str(each) for each in args)):
                touched += 1
                if touched == at:
                    os.kill(os.getpid(), signal.SIGKILL)

        fsync = os.fsync

        def synced(handle: Any) -> None:
            touch("fsync")
            fsync(handle)

        try:
            os.fsync = synced  # type: ignore[assignment]
            sys.addaudithook(touch)
            write_board(folder, Q1)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("there", [True, False], ids=["over an old board", "where there was none"])
def test_killed_at_any_moment_no_file_is_short_and_no_board_stays_mixed(
    folder: WorkingFolder, old_and_new: tuple[Together, Together], there: bool
) -> None:
    """A kill at every touch of the disk: each file is the old or the new one, and the next command sets them right.

    The next command here is one that does not write the board at all.
    """
    old, new = old_and_new if there else ((None, None, None), old_and_new[1])
    mixed = at = 0
    while True:
        at += 1
        shutil.rmtree(folder.root / "outputs")
        for path, content in zip(paths_of(folder), old, strict=True):
            if content is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        (folder.root / "outputs").mkdir(exist_ok=True)
        inputs = files_in(folder.root / "inputs")
        if not killed(folder, at):
            break
        found = together(folder)
        assert all(each in (one, other) for each, one, other in zip(found, old, new, strict=True)), f"short at {at}"
        mixed += found not in (old, new)
        lock_is_left = (folder.outputs(Q1) / LOCK_FILE).exists()
        done, _ = write_notes(folder, Q1)
        assert together(folder) in (old, new), f"mixed after {at}"
        assert ("F10" in [each.code for each in done.findings]) == lock_is_left
        assert [name for name in files_in(folder.root / "outputs") if "~" in name] == []
        assert files_in(folder.root / "inputs") == inputs
    assert together(folder) == new
    assert at > 20
    assert mixed > 0


def test_killed_between_two_moves_the_next_run_says_so_and_completes_them(
    folder: WorkingFolder, run: Run, old_and_new: tuple[Together, Together]
) -> None:
    """Exactly between two moves: the board is new, its data are old; `sendkpi check` notices and mends it."""
    old, new = old_and_new
    script = KILLED_BEFORE.format(target="readings.csv")
    ended = subprocess.run([sys.executable, "-c", script, "board", QUARTER], cwd=folder.root, env=here(), check=False)
    assert ended.returncode == -signal.SIGKILL
    assert together(folder) == (new[0], *old[1:])
    ran = run("check", QUARTER)
    assert "The last run over this quarter did not come to its end: it began " in ran.out
    mended = "it put in place what belongs together; readings.csv, datapackage.json were still the old ones."
    assert mended in " ".join(ran.out.split())
    assert together(folder) == new
    assert "[F10]" not in run("check", QUARTER).out


KILLED_BEFORE = """if True:
    import os, signal
    from pathlib import Path
    replace = Path.replace
    def killed(self, other):
        if other.name == "{target}":
            os.kill(os.getpid(), signal.SIGKILL)
        return replace(self, other)
    Path.replace = killed
    from sendkpi_xl.cli import main
    main()
"""

KILLED_HALFWAY = """if True:
    import os, signal, sys
    fdopen = os.fdopen
    class Half:
        def __init__(self, file): self.file = file
        def __enter__(self): return self
        def __exit__(self, *error): pass
        def write(self, content):
            self.file.write(content[: len(content) // 2])
            self.file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
    os.fdopen = lambda *args: Half(fdopen(*args))
    from sendkpi_xl.cli import main
    main()
"""

KILLED_WHILE_PACKING = """if True:
    import os, signal, sys, zipfile
    writestr, packed = zipfile.ZipFile.writestr, []
    def killed(self, *args, **words):
        packed.append(args)
        if len(packed) == {part}:
            os.kill(os.getpid(), signal.SIGKILL)
        return writestr(self, *args, **words)
    zipfile.ZipFile.writestr = killed
    from sendkpi_xl.cli import main
    main()
"""


def here(**env: str) -> dict[str, str]:
    """The environment of a process that runs the code under test."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **env}


def test_killed_with_half_of_it_written(
    folder: WorkingFolder, run: Run, old_and_new: tuple[Together, Together]
) -> None:
    """The half lies under a temporary name; the next run clears it away."""
    old, new = old_and_new
    words = [sys.executable, "-c", KILLED_HALFWAY, "board", QUARTER]
    ended = subprocess.run(words, cwd=folder.root, env=here(), check=False)
    assert ended.returncode == -signal.SIGKILL
    assert together(folder) == old
    left = sorted(path.name for path in folder.outputs(Q1).glob("~*"))
    assert [name.split(".")[0] for name in left] == ["~board-dataset", LOCK_FILE.split(".")[0]]
    assert run("board", QUARTER).status == 0
    assert together(folder) == new
    assert set(files_in(folder.root / "outputs")) == OF_THE_BOARD


@pytest.mark.parametrize("part", [1, 5, 20])
def test_killed_while_a_workbook_is_packed(folder: WorkingFolder, tmp_path: Path, part: int) -> None:
    """Nothing is left in the system's folder for temporary files, whichever part was being packed, nor after a run."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    words = [sys.executable, "-c", KILLED_WHILE_PACKING.format(part=part), "board", QUARTER]
    ended = subprocess.run(words, cwd=folder.root, env=here(TMPDIR=str(temporary)), check=False)
    assert ended.returncode == -signal.SIGKILL
    assert list(temporary.iterdir()) == []
    assert [path.name for path in folder.outputs(Q1).iterdir()] == [LOCK_FILE]
    for command in WRITING:
        assert process(command, QUARTER, cwd=folder.root, env={"TMPDIR": str(temporary)}).returncode == 0
    assert list(temporary.iterdir()) == []


def test_killed_while_the_moderation_workbook_is_replaced(folder: WorkingFolder, run: Run) -> None:
    """What people wrote is whole; what lies beside it is taken for no return, and the next refresh clears it."""
    assert run("moderate", QUARTER).status == 0
    before = files_in(folder.root / "inputs")
    script = KILLED_BEFORE.format(target="moderation.xlsx")
    ended = subprocess.run(
        [sys.executable, "-c", script, "moderate", QUARTER], cwd=folder.root, env=here(), check=False
    )
    assert ended.returncode == -signal.SIGKILL
    (left,) = folder.returns(Q1).glob("~moderation.xlsx.*.tmp")
    assert {**before, f"{QUARTER}/{left.name}": left.read_bytes()} == files_in(folder.root / "inputs")
    assert run("board", QUARTER).status == 0
    ran = run("moderate", QUARTER)
    assert (ran.status, files_in(folder.root / "inputs")) == (0, before)


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("board", OUTPUTS),
        ("check", OUTPUTS),
        ("check", f"{OUTPUTS}/notes"),
        ("moderate", f"inputs/{QUARTER}"),
        ("template", f"templates/{QUARTER}"),
    ],
)
def test_what_a_dead_run_left_is_cleared_by_the_next(folder: WorkingFolder, run: Run, command: str, place: str) -> None:
    """Each command clears the folders that it writes into, of our own temporary files and of nothing else."""
    (folder.notes(Q1)).mkdir(parents=True)
    (folder.root / place).mkdir(parents=True, exist_ok=True)
    left = folder.root / place / f"~old.xlsx.{dead_process()}.0a1b2c3d.tmp"
    other = folder.root / place / "~$minutes.docx"
    for path in (left, other):
        path.write_bytes(b"half")
    assert run(command, QUARTER).status == 0
    assert (left.exists(), other.exists()) == (False, True)


# --- No room (O5) -------------------------------------------------------------------------------------------------


def test_a_limit_on_the_size_of_files(folder: WorkingFolder, old_and_new: tuple[Together, Together]) -> None:
    """A real limit of 4 KB: the message says how much is needed, how much is free and where; the old board is whole."""
    old, _ = old_and_new
    before = files_in(folder.root)
    ended = subprocess.run(
        [sys.executable, "-m", "sendkpi_xl", "board", QUARTER],
        cwd=folder.root,
        env=here(),
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    said = ended.stderr.decode()
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert f"Must fix: {BOARD}\n" in said
    assert "It is larger than a file may be there: " in said
    assert f" are free in {folder.outputs(Q1)}." in said
    assert "[F11]" in said
    assert (together(folder), files_in(folder.root)) == (old, before)


@pytest.mark.parametrize("name", ["board-dataset.xlsx", "readings.csv", "datapackage.json"])
def test_a_disk_that_fills_up(
    folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch, old_and_new: tuple[Together, Together], name: str
) -> None:
    """Whichever of them has no room, all old ones stay and nothing lies beside them. (The system's answer is
    simulated: a disk of its own needs rights that whoever runs the tests may not have.)"""
    before = files_in(folder.root)
    mkstemp = tempfile.mkstemp

    def full(prefix: str, **words: Any) -> tuple[int, str]:
        if name in prefix:
            raise OSError(errno.ENOSPC, "No space left on device")
        made: tuple[int, str] = mkstemp(prefix=prefix, **words)
        return made

    monkeypatch.setattr("tempfile.mkstemp", full)
    ran = run("board", QUARTER)
    monkeypatch.undo()
    refused(ran, f"Must fix: {OUTPUTS}/{name}\n", "The disk is full: ", " KB are needed, and ", "[F11]")
    assert files_in(folder.root) == before


def test_a_note_without_room_stops_no_other(folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that cannot be written is a finding, the list of queries is written all the same, and the status is 2."""
    type_into(folder, 41, "about forty")
    mkstemp = tempfile.mkstemp

    def full(prefix: str, **words: Any) -> tuple[int, str]:
        if "please-fix" in prefix:
            raise OSError(errno.EDQUOT, "Disk quota exceeded")
        made: tuple[int, str] = mkstemp(prefix=prefix, **words)
        return made

    monkeypatch.setattr(tempfile, "mkstemp", full)
    ran = run("check", QUARTER)
    assert ran.status == 2
    assert "The share of the disk that you may use is full: " in ran.out
    assert ran.out.endswith(f"Written: {QUERIES}\n")
    assert set(files_in(folder.root / "outputs")) == {f"{QUARTER}/queries.xlsx"}


def test_a_result_that_cannot_be_printed(folder: WorkingFolder) -> None:
    """Where the output stream takes nothing (a full disk), that is said, with status 2, and is no fault of ours."""
    publish(folder)
    with Path("/dev/full").open("wb") as stream:
        ended = subprocess.run(
            [sys.executable, "-m", "sendkpi_xl", "backtest", QUARTER],
            cwd=folder.root,
            env=here(),
            stdout=stream,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ended.returncode == 2
    assert b"This computer refused something that sendkpi needs: no space left on device (" in ended.stderr


# --- Open elsewhere (O6, O7) --------------------------------------------------------------------------------------


@contextmanager
def open_in_excel(monkeypatch: pytest.MonkeyPatch, path: Path) -> Iterator[None]:
    """As Windows has it while Excel holds a file: nobody may write it or take its place."""
    denied = PermissionError(errno.EACCES, "The process cannot access the file")
    opens, replace = Path.open, Path.replace

    def opened(self: Path, mode: str = "r", *args: Any, **words: Any) -> Any:
        if self == path.resolve() or (self.name == path.name and "+" in mode):
            raise denied
        return opens(self, mode, *args, **words)

    def replaced(self: Path, other: Path) -> Path:
        if other.name == path.name:
            raise denied
        return replace(self, other)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", opened)
        patched.setattr(Path, "replace", replaced)
        yield


def test_a_board_that_is_open_in_excel(
    folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch, old_and_new: tuple[Together, Together]
) -> None:
    """The finished work is kept beside, all files of it, the message says where, and the status is 2; once the board
    is closed it is replaced, and the copy beside it is named."""
    old, new = old_and_new
    names = ("board-dataset (new).xlsx", "readings (new).csv", "datapackage (new).json")
    beside = {f"{OUTPUTS}/{name}": content for name, content in zip(names, new, strict=True)}
    with open_in_excel(monkeypatch, folder.board(Q1)):
        ran = run("board", QUARTER)
    assert (ran.status, ran.err) == (2, "")
    assert f"Must fix: {BOARD}\n  It was not replaced: it is open in another program" in ran.out
    assert "beside it: board-dataset (new).xlsx, readings (new).csv, datapackage (new).json." in ran.out
    assert ran.out.endswith("".join(f"Written: {name}\n" for name in beside))
    assert together(folder) == old
    assert {name: (folder.root / name).read_bytes() for name in beside} == beside
    ran = run("board", QUARTER)
    assert (ran.status, together(folder)) == (0, new)
    assert "Other files beside it look like copies of it: board-dataset (new).xlsx." in ran.out
    assert "Other files beside it look like copies of it: readings (new).csv." in ran.out


@pytest.mark.parametrize(
    ("command", "name"),
    [("check", QUERIES), ("check", NOTE), ("template", f"templates/{QUARTER}/{SCH}")],
    ids=["queries", "a note", "a template"],
)
def test_another_output_that_is_open(
    folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch, command: str, name: str
) -> None:
    """Each is kept beside with status 2, whatever else the command had to say; the open one is as it was."""
    type_into(folder, 41, "about forty")
    run(command, QUARTER)
    type_into(folder, "about forty", "about fifty")
    before = files_in(folder.root)
    path = folder.root / name
    with open_in_excel(monkeypatch, path):
        ran = run(command, QUARTER, "--json")
    beside = path.with_stem(f"{path.stem} (new)")
    assert (ran.status, ran.facts["exit_status"]) == (2, 2)
    assert f"{beside.relative_to(folder.root)}" in ran.facts["written"]
    assert [each["code"] for each in ran.facts["findings"] if each["code"].startswith("F")] == ["F12"]
    after = files_in(folder.root)
    assert set(after) - set(before) == {beside.relative_to(folder.root).as_posix()}
    assert after[name] == before[name]


def test_a_moderation_workbook_that_is_open_is_not_copied(
    folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People write in it, and a second one beside it would miss what they have not saved: it is refused as it is."""
    assert run("moderate", QUARTER).status == 0
    before = files_in(folder.root)
    denied = PermissionError(errno.EACCES, "The process cannot access the file")
    monkeypatch.setattr(Path, "replace", raising(denied))
    refused(run("moderate", QUARTER), f"inputs/{QUARTER}/moderation.xlsx", "open in another program", "[F03]")
    assert files_in(folder.root) == before


def test_a_moderation_workbook_saved_meanwhile_is_kept(
    folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody saved between our reading and our writing is never replaced by what was read before."""
    assert run("moderate", QUARTER).status == 0
    path, read = folder.moderation(Q1), read_return
    saved = saved_again(path.read_bytes())

    def meanwhile(*args: Any) -> Any:
        path.write_bytes(saved)
        return read(*args)

    # The workbook is read after the returns, so the first reading here is that which is compared.
    monkeypatch.setattr("sendkpi_xl.gather.read_return", meanwhile)
    refused(run("moderate", QUARTER), "somebody saved it while it was brought up to date", "[F03]")
    assert path.read_bytes() == saved


# --- Nowhere to write (O8) ----------------------------------------------------------------------------------------


def file_in_place_of(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a file")


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("board", "outputs"),
        ("board", OUTPUTS),
        ("check", OUTPUTS),
        ("check", f"{OUTPUTS}/notes"),
        ("moderate", OUTPUTS),
        ("template", "templates"),
        ("template", f"templates/{QUARTER}"),
    ],
)
def test_a_place_that_cannot_be_written_is_told_before_a_return_is_read(
    folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch, command: str, place: str
) -> None:
    """A file in a folder's place (a right that is missing means nothing to root): refused, named, nothing was read."""
    file_in_place_of(folder.root / place)
    before = files_in(folder.root)
    monkeypatch.setattr("sendkpi_xl.gather.read_return", raising(AssertionError("a return was read")))
    ran = run(command, QUARTER)
    refused(ran, f"Must fix: {place}", "It cannot be written: ", "choose another folder with --folder", "[F03]")
    assert files_in(folder.root) == before


def test_templates_that_cannot_be_written_are_told_before_earlier_returns_are_read(
    folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second quarter's templates show the first quarter's figures: no return is read for them in vain."""
    file_in_place_of(folder.root / "templates")
    monkeypatch.setattr("sendkpi_xl.gather.read_return", raising(AssertionError("a return was read")))
    refused(run("template", Q2.code), "Must fix: templates\n", "a folder and a file are in each other's way", "[F03]")
    monkeypatch.undo()
    (folder.root / "templates").unlink()
    assert run("template", Q2.code, "--folder", str(folder.root)).status == 0


def test_a_catalogue_that_cannot_be_written_is_told_before_the_list_is_read(folder: WorkingFolder, run: Run) -> None:
    """Import and catalogue try the folder of the file that they are to write."""
    file_in_place_of(folder.root / "new")
    before = files_in(folder.root)
    for words in (["import", "list.txt", "--to", "new/c.xlsx"], ["catalogue", "none.toml", "--to", "new/c.xlsx"]):
        refused(run(*words), "Must fix: new\n", "a folder and a file are in each other's way", "[F03]")
    assert files_in(folder.root) == before


def test_inputs_that_are_read_only_do_not_matter(
    folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Board, check and template write nothing into the inputs, not even for a moment."""
    touched: list[str] = []
    mkstemp = tempfile.mkstemp

    def seen(**words: Any) -> tuple[int, str]:
        touched.append(str(words["dir"]))
        made: tuple[int, str] = mkstemp(**words)
        return made

    monkeypatch.setattr("tempfile.mkstemp", seen)
    for command in ("board", "check", "template"):
        assert run(command, QUARTER).status == 0
    assert touched
    assert [place for place in touched if "inputs" in Path(place).parts] == []


# --- Two at once, and Ctrl-C (O9, O10) ----------------------------------------------------------------------------

WAITS_WHILE_READING = """if True:
    import signal, sys
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from sendkpi_xl import gather
    read = gather.read_return
    def waiting(*args):
        print("reading", flush=True)
        sys.stdin.readline()
        return read(*args)
    gather.read_return = waiting
    from sendkpi_xl.cli import main
    main()
"""


@contextmanager
def at_work(folder: WorkingFolder, command: str) -> Iterator[subprocess.Popen[str]]:
    """A real process of `sendkpi` that has begun to read the first return, and waits there for a line."""
    words = [sys.executable, "-c", WAITS_WHILE_READING, command, QUARTER]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        words, cwd=folder.root, env=here(), stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "reading\n"
        yield running


@pytest.mark.parametrize("second", WRITING)
def test_a_second_run_is_refused_while_the_first_is_at_work(
    folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch, second: str
) -> None:
    """Each command that writes is refused at once and reads nothing; the first run comes to its end as if alone."""
    with at_work(folder, "board") as first:
        before = files_in(folder.root)
        monkeypatch.setattr("sendkpi_xl.gather.read_return", raising(AssertionError("a return was read")))
        refused(
            run(second, QUARTER), f"Must fix: {OUTPUTS}\n", "Another run over this quarter is at work since", "[F09]"
        )
        assert files_in(folder.root) == before
        out, err = first.communicate("")
    assert (first.returncode, err) == (0, "")
    assert out.endswith(f"Written: {BOARD}\nWritten: {READINGS}\nWritten: {PACKAGE}\n")
    assert set(files_in(folder.root / "outputs")) == OF_THE_BOARD


def test_a_command_that_only_reads_runs_beside_another(folder: WorkingFolder, run: Run) -> None:
    """`sendkpi backtest` writes nothing and waits for nobody."""
    publish(folder)
    with at_work(folder, "board") as first:
        assert run("backtest", QUARTER).status == 0
        first.communicate("")


@pytest.mark.parametrize("command", ["board", "check", "moderate"])
def test_ctrl_c_in_a_real_process(folder: WorkingFolder, old_and_new: tuple[Together, Together], command: str) -> None:
    """Status 130 and one line; the lock is released, and every file is as it was."""
    before = files_in(folder.root)
    with at_work(folder, command) as running:
        assert (folder.outputs(Q1) / LOCK_FILE).exists()
        running.send_signal(signal.SIGINT)
        _, err = running.communicate()
    assert (running.returncode, err) == (130, "\nStopped: no file was left half-written.\n")
    assert files_in(folder.root) == before


# --- Out of memory, and faults of our own (O12, O13) --------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [MemoryError(), RecursionError("a lead's words"), KeyError("a lead's words")], ids=repr
)
def test_a_fault_of_our_own_changes_nothing_and_says_no_word_of_a_cell(
    folder: WorkingFolder,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    old_and_new: tuple[Together, Together],
    error: Exception,
) -> None:
    """Status 70, the kind of fault and the lines of code that led to it; the lock is gone, the old board is whole."""
    before = files_in(folder.root)
    monkeypatch.setattr("sendkpi_xl.gather.read_return", raising(error))
    ran = run("board", QUARTER)
    assert (ran.status, ran.out) == (70, "")
    assert f"A fault in sendkpi itself ({type(error).__name__} at test_files.py:" in ran.err
    trace = ran.err.split(" at ", 1)[1].split(", version ")[0].split(" < ")
    assert [line.split(":")[0] for line in trace] == [
        "test_files.py",
        "gather.py",
        "gather.py",
        "gather.py",
        "gather.py",
        "history.py",
        "round.py",
        "round.py",
        "round.py",
        "command_parts.py",
        "cli.py",
        "cli.py",
    ]
    assert "lead" not in ran.err
    assert files_in(folder.root) == before


# --- Inputs and people's work (O14, O15) --------------------------------------------------------------------------


def edited(path: Path) -> bytes:
    """The workbook saved by another program, as a person would after a change; its bytes then."""
    path.write_bytes(saved_again(path.read_bytes()))
    return path.read_bytes()


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["board", QUARTER], BOARD),
        (["check", QUARTER], QUERIES),
        (["check", QUARTER], NOTE),
        (["template", QUARTER], f"templates/{QUARTER}/{SCH}"),
        (["catalogue", "c.toml", "--to", "inputs/kpi-catalogue.xlsx"], "inputs/kpi-catalogue.xlsx"),
        (["import", "list.txt", "--to", "inputs/kpi-catalogue.xlsx"], "inputs/kpi-catalogue.xlsx"),
    ],
    ids=["board", "queries", "note", "template", "catalogue", "catalogue by import"],
)
def test_what_somebody_edited_is_not_overwritten(folder: WorkingFolder, run: Run, words: list[str], name: str) -> None:
    """It stays byte for byte, the new one is beside it and named, and the status is 1. As it was written, it is
    replaced."""
    type_into(folder, 41, "about forty")
    assert run("catalogue", "inputs/kpi-catalogue.xlsx", "--to", "c.toml").status == 0
    (folder.root / "list.txt").write_text("Ref\tWorkstream\tSub-area\tKPI\n1\tSchools\tPlaces\tNew places\n")
    run(*words)
    ran = run(*words)
    assert "[F13]" not in ran.out
    assert f"{'Up to date' if name in (NOTE, QUERIES) else 'Written'}: {name}\n" in ran.out
    theirs = edited(folder.root / name)
    ran = run(*words)
    assert (ran.status, ran.err) == (1, "")
    beside = Path(name).with_stem(f"{Path(name).stem} (new)").as_posix()
    assert f"Must fix: {name}\n  Somebody saved it since sendkpi wrote it, so it was not replaced." in ran.out
    assert f"Written: {beside}\n" in ran.out
    assert (folder.root / name).read_bytes() == theirs
    assert (folder.root / beside).exists()


def test_an_edited_note_is_not_taken_away(folder: WorkingFolder, run: Run) -> None:
    """A note in which somebody wrote stays when there is nothing to ask any more; one as we wrote it goes."""
    type_into(folder, 41, "about forty")
    run("check", QUARTER)
    theirs = edited(folder.root / NOTE)
    type_into(folder, "about forty", 41)
    ran = run("check", QUARTER)
    assert (ran.status, "Removed" in ran.out) == (0, False)
    assert (folder.root / NOTE).read_bytes() == theirs


# --- What a workbook holds (O16, O17, O18) ------------------------------------------------------------------------

ODD = "=1+1 " + "🎒" * 10 + " \x0b\x1b[31m line\r\nbreak \ufffe " + "x" * 32_000


def test_odd_and_very_long_words_give_workbooks_that_open(tmp_path: Path) -> None:
    """A comment of nearly the longest text a cell takes, with signs that no cell can hold: every output opens in both
    readers and says the same in both."""
    table = """
        id | ref | section | by  | title          | unit  | better           | target | Q1 | comment
        K1 | 1   | Places  | SCH | Places created | count | higher is better | 42     | 41 | a comment
        """
    folder = small_folder(tmp_path, table)
    path = folder.returns(Q1) / SCH
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book["SCH"].iter_rows() for cell in row if cell.value == "a comment")
    cell.value = "".join(letter for letter in ODD if letter.isprintable() or letter in "\r\n")
    cell.data_type = "s"
    book.save(path)
    for work in (write_board, write_notes, write_moderation, write_templates):
        work(folder, Q1)
    for each in sorted(tmp_path.rglob("*.xlsx")):
        ours = read_book(each.read_bytes(), each.name)
        theirs = openpyxl.load_workbook(each, data_only=True)
        assert [sheet.name for sheet in ours.sheets] == theirs.sheetnames
        for sheet in ours.sheets:
            texts = {place: one.value for place, one in sheet.cells.items() if isinstance(one.value, str)}
            also = {(c.row, c.column): c.value for row in theirs[sheet.name].iter_rows() for c in row}
            assert {place: str(also[place]) for place in texts} == texts
    rows = list(csv.DictReader(io.StringIO(folder.readings(Q1).read_text("utf-8-sig"), newline="")))
    assert "🎒" * 10 in rows[0]["comment"]


ALLOWED_HIDDEN = {"Lists"}
SUSPECT = ("externallink", "pivotcache", "comments", "vbaproject", "custom.xml", "printersettings")


def test_an_output_holds_nothing_but_its_sheets(folder: WorkingFolder) -> None:
    """No hidden sheets but the lists of choices, no links to other files, no cell notes, no names in the properties."""
    for work in (write_templates, write_notes, write_moderation, write_board):
        work(folder, Q1)
    written = [*(folder.root / "outputs").rglob("*.xlsx"), *(folder.root / "templates").rglob("*.xlsx")]
    assert len(written) == 5
    for path in [*written, folder.moderation(Q1), folder.catalogue]:
        data = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            names = [name.casefold() for name in archive.namelist()]
            core = archive.read("docProps/core.xml").decode()
        assert [name for name in names if any(word in name for word in SUSPECT)] == []
        assert core.count(">sendkpi<") == 2
        hidden = {sheet.name for sheet in read_book(data, path.name).sheets if sheet.visibility != "visible"}
        assert hidden <= ALLOWED_HIDDEN


@pytest.mark.parametrize("name", ["A" * 32, "a/b", "a:b", "a\\b", "a?b", "a*b", "[a]", "'a", "a'", "Sheet"])
def test_a_sheet_name_that_excel_would_not_take_is_an_error(name: str) -> None:
    """A name that is too long, holds a forbidden sign or is there already (whatever its case) makes no workbook."""
    from xlsxwriter.exceptions import DuplicateWorksheetName, InvalidWorksheetName

    from tests.test_sheetwriter import MADE

    writer = WorkbookWriter("Title", "Subject", MADE)
    writer.page("sheet").put(0, 0, "words")
    with pytest.raises((InvalidWorksheetName, DuplicateWorksheetName)):
        writer.page(name)
    writer.page("A" * 31)
    assert [sheet.name for sheet in read_book(writer.close(), "x.xlsx").sheets] == ["sheet", "A" * 31]


# --- The same bytes anywhere (O19) --------------------------------------------------------------------------------

PLACES: Mapping[str, Mapping[str, str]] = {
    "plain": {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    "London": {"TZ": "Europe/London", "LC_ALL": "en_GB.UTF-8", "PYTHONHASHSEED": "2"},
    "İstanbul": {"TZ": "Asia/Tokyo", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "3", "PYTHONUTF8": "0"},
}


def test_every_output_is_the_same_in_any_locale_time_zone_and_place(folder: WorkingFolder, tmp_path: Path) -> None:
    """Templates, notes, queries, moderation, board and data: the same bytes, whatever the clock and the locale say."""
    type_into(folder, 41, "about forty")
    made = []
    for name, env in PLACES.items():
        root = tmp_path / name
        shutil.copytree(folder.root / "inputs", root / "inputs")
        for command in WRITING:
            ended = process(command, QUARTER, "--folder", str(root), cwd=tmp_path, env=env)
            assert (ended.returncode, ended.stderr) == (0 if command == "template" else 1, b"")
        made.append(files_in(root))
    ours = (BOARD, QUERIES, READINGS, PACKAGE, NOTE)
    assert {f"{QUARTER}/please-fix" in name or name in ours for name in made[0]} == {True, False}
    assert NOTE in made[0]
    for other in made[1:]:
        assert [name for name in made[0].keys() | other.keys() if made[0].get(name) != other.get(name)] == []
