"""The command line: each command on real and on bad inputs, what it says, how it ends, and what it leaves behind."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from sendkpi_xl.board import board_workbook
from sendkpi_xl.catalogue import load_catalogue, save_catalogue
from sendkpi_xl.cli import main
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.model import Goal
from sendkpi_xl.round import read_quarter
from tests.board_view import KINGSTON, ROOT, opened, sheet_of, table_of
from tests.board_view import Q1 as KINGSTON_Q1
from tests.small_round import Q1, Q2, small_folder

SMALL = """
    id | ref | section  | by  | title              | unit  | better           | target | Q1                    | comment
    K1 | 1   | Places   | SCH | Places created     | count | higher is better | 42     | 41                    |
    K2 | 2   | Places   | SCH | % of places filled | %     | higher is better | 90%    | 75% = 6 of 8          |
    K3 | 3   | Journeys | TRA | Journeys made      | count | higher is better | 9      | No cases this quarter |
    """
QUARTER = Q1.code
SCH, TRA = f"return-{QUARTER}-SCH.xlsx", f"return-{QUARTER}-TRA.xlsx"
COMMANDS = ("import", "catalogue", "template", "check", "moderate", "board", "backtest", "explain", "audit")


@dataclass(frozen=True)
class Ran:
    """How a command ended: its exit status, what it printed, and what it said on the error stream."""

    status: int
    out: str
    err: str

    @property
    def facts(self) -> dict[str, Any]:
        """What it printed, as JSON."""
        facts: dict[str, Any] = json.loads(self.out)
        return facts


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs `sendkpi` with these words in the working folder; never ends in a traceback."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["sendkpi", *words])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        assert isinstance(end.value.code, int)
        return Ran(end.value.code, said.out, said.err)

    return run


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small round's inputs, made once."""
    return small_folder(tmp_path_factory.mktemp("small"), SMALL).root / "inputs"


@pytest.fixture
def folder(small: Path, tmp_path: Path) -> WorkingFolder:
    """A working folder with the small round's catalogue and its two returns."""
    shutil.copytree(small, tmp_path / "inputs")
    return WorkingFolder(tmp_path)


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path there, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def process(*words: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """`python -m sendkpi_xl` as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "sendkpi_xl", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        capture_output=True,
        check=False,
        timeout=120,
    )


# --- Help ---------------------------------------------------------------------------------------------------------


def test_help_lists_every_command(run: Run) -> None:
    """The help names the eight commands in the order of a round, under both spellings of the option."""
    long, short = run("--help"), run("-h")
    assert (long.status, long.out) == (short.status, short.out)
    listed = long.out.split("Commands:\n")[1].splitlines()
    assert [line.split()[0] for line in listed if line.startswith("  ") and line[2] != " "] == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(run: Run, command: str) -> None:
    """Each command says how it is used, in a sentence that ends."""
    ran = run(command, "--help")
    usage, sentence, *_ = [line.strip() for line in ran.out.split("\n\n")]
    assert ran.status == 0
    assert usage.startswith(f"Usage: sendkpi {command} [OPTIONS] ")
    assert sentence.endswith(".")


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    """Asking for help imports neither pandas nor a spreadsheet library nor the terminal's decorations."""
    script = """if True:
        import sys
        sys.argv = ["sendkpi", "--help"]
        from sendkpi_xl.cli import main
        try:
            main()
        except SystemExit as end:
            heavy = {"pandas", "numpy", "openpyxl", "xlsxwriter", "rich", "python_calamine"}
            print("status", end.code, "loaded", sorted(heavy & set(sys.modules)))
        """
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.splitlines()[-1] == "status 0 loaded []"


def test_the_version_is_told(run: Run) -> None:
    """`--version` says which one it is."""
    assert run("--version").out == "sendkpi, version 0.1.0\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["boards", QUARTER], "No such command 'boards'"),
        (["board"], "Missing argument 'QUARTER'"),
        (["import", "list.txt"], "Missing option '--to'"),
        (["board", QUARTER, "--folder", "no such folder", "more"], "Got unexpected extra argument (more)"),
        (["board", "--fold", QUARTER], "No such option '--fold'"),
    ],
)
def test_misuse_is_told_with_what_to_type(run: Run, words: Sequence[str], said: str) -> None:
    """A wrong command, a missing argument or an unknown option ends with status 2 and names the help."""
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert said.replace("'", "") in ran.err.replace("'", "")
    assert "--help" in ran.err


# --- The main job, on the real inputs -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kingston(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the repository's inputs, and nothing else."""
    root = tmp_path_factory.mktemp("kingston")
    shutil.copytree(ROOT / "inputs", root / "inputs")
    return root


def test_the_whole_round_from_list_to_board(kingston: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Import, catalogue, template, moderate, board and backtest run one after the other on the real quarter."""
    monkeypatch.chdir(kingston)
    quarter = KINGSTON_Q1.code
    inputs = files_in(kingston / "inputs")

    ran = run("import", "inputs/annex-2-kpis.txt", "--to", "proposed.xlsx")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("125 KPIs, 6 workstreams, 17 sub-areas; ")
    assert ran.out.endswith("\nWritten: proposed.xlsx\n")
    assert len(load_catalogue(kingston / "proposed.xlsx").kpis) == 125

    assert run("catalogue", "inputs/kpi-catalogue.xlsx", "--to", "c.toml") == Ran(0, "Written: c.toml\n", "")
    assert (kingston / "c.toml").read_bytes() == inputs["kpi-catalogue.toml"]
    assert run("catalogue", "c.toml", "--to", "c.xlsx") == Ran(0, "Written: c.xlsx\n", "")
    assert load_catalogue(kingston / "c.xlsx") == load_catalogue(KINGSTON.catalogue)

    names = [f"templates/{quarter}/return-{quarter}-{code}.xlsx" for code in ("SPB", "WS1", "WS2", "WS3", "WS4", "WS5")]
    names.append(f"templates/{quarter}/return-{quarter}-all.xlsx")
    ran = run("template", quarter)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith("".join(f"Written: {name}\n" for name in names))
    # Two figures published for the year do not hold together (tests/test_ties.py).
    assert re.findall(r"sheet Targets \((K\d+)\)$", ran.out, re.MULTILINE) == ["K014", "K039"]
    assert sorted(f"templates/{name}" for name in files_in(kingston / "templates")) == sorted(names)

    ran = run("moderate", quarter)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == f"Written: inputs/{quarter}/moderation.xlsx"

    ran = run("board", quarter)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[-3:] == [
        f"Written: outputs/{quarter}/board-dataset.xlsx",
        f"Written: outputs/{quarter}/readings.csv",
        f"Written: outputs/{quarter}/datapackage.json",
    ]
    assert "125 live KPIs = 69 reported + 56 blank with a reason + 0 queried + 0 not returned.\n" in ran.out
    assert ran.out.count("  used  ") == 6
    written = (kingston / "outputs" / quarter / "board-dataset.xlsx").read_bytes()
    assert written == board_workbook(read_quarter(KINGSTON, KINGSTON_Q1)[0])
    of_the_board = {"board-dataset.xlsx", "readings.csv", "datapackage.json"}
    assert set(files_in(kingston / "outputs")) == {f"{quarter}/{name}" for name in of_the_board}

    ran = run("backtest", quarter)
    assert (ran.status, ran.err) == (0, "")
    assert "62 of 72 computed ratings are the published ones; 10 differ.\n" in ran.out
    returns = {name: data for name, data in files_in(kingston / "inputs").items() if "moderation" not in name}
    assert returns == {name: data for name, data in inputs.items() if "moderation" not in name}


def test_json_says_what_the_text_says(kingston: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --json each command over a quarter prints the same facts, files, counts and findings, and nothing else."""
    monkeypatch.chdir(kingston)
    quarter = KINGSTON_Q1.code
    for command in ("template", "check", "moderate", "board", "backtest"):
        run(command, quarter)
        text, machine = run(command, quarter), run(command, quarter, "--json")
        facts = machine.facts
        assert (machine.status, machine.err, facts["exit_status"]) == (0, "", 0)
        written = [line.removeprefix("Written: ") for line in text.out.splitlines() if line.startswith("Written: ")]
        assert facts.get("written", []) == written
        codes = [
            line.rsplit("[", 1)[1].rstrip("]")
            for line in text.out.splitlines()
            if line.startswith("  ") and "[" in line
        ]
        assert [finding["code"] for finding in facts["findings"]] == codes
        for finding in facts["findings"]:
            assert f"  {finding['found']} Expected: {finding['expected']}\n  {finding['action']}" in text.out
        if "sums" in facts:
            for (name, sums), words in zip(facts["sums"].items(), ("files", "live KPIs", "entries"), strict=True):
                whole, *parts = sums.items()
                told = " + ".join(f"{count} {part}" for part, count in parts)
                assert (name, f"{whole[1]} {words} = {told}.\n" in text.out) == (name, True)
                assert whole[1] == sum(count for _, count in parts)
            assert [file["file"] for file in facts["files"] if file["outcome"] == "used"] == [
                f"return-{quarter}-{code}.xlsx" for code in ("SPB", "WS1", "WS2", "WS3", "WS4", "WS5")
            ]
            assert all(f"  {file['sha256'][:12]}\n" in text.out for file in facts["files"])


def test_the_same_inputs_give_the_same_bytes_in_any_place(kingston: Path, tmp_path: Path) -> None:
    """Locale, time zone, hash seed and an odd folder name do not change a byte of the outputs."""
    places = {
        "plain": {"TZ": "UTC", "PYTHONHASHSEED": "1"},
        "Ordner für Räte": {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
    }
    outputs = []
    for name, env in places.items():
        root = tmp_path / name
        shutil.copytree(kingston / "inputs", root / "inputs")
        ran = process("board", KINGSTON_Q1.code, "--folder", str(root), cwd=tmp_path, env=env)
        assert (ran.returncode, ran.stderr) == (0, b"")
        outputs.append(files_in(root / "outputs"))
    assert outputs[0] == outputs[1]


def test_a_pipe_that_has_no_letter_for_a_pound_gets_the_rest(kingston: Path) -> None:
    """An output stream in an old encoding gets `?` for what it cannot hold, and the command does not fail."""
    ran = process("backtest", KINGSTON_Q1.code, cwd=kingston, env={"PYTHONIOENCODING": "ascii"})
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"?436,000" in ran.stdout
    assert ran.stdout.decode("ascii").endswith("\n")


def test_a_path_is_printed_on_one_line_where_nobody_watches(folder: WorkingFolder, run: Run) -> None:
    """However long the folder's name is, the line that names a written file can be searched for and copied."""
    deep = folder.root / ("a folder with a long name " * 6).strip()
    shutil.copytree(folder.root / "inputs", deep / "inputs")
    ran = run("board", QUARTER, "--folder", str(deep))
    assert f"Written: {WorkingFolder(deep).board(Q1)}\n" in ran.out


def test_a_missing_moderation_workbook_is_noted_until_it_is_made(folder: WorkingFolder, run: Run) -> None:
    """Without one the board is made from the computed ratings, and the note names the command that writes it."""
    note = f"Note: inputs/{QUARTER}/moderation.xlsx\n  There is no moderation workbook for this quarter."
    assert note in run("board", QUARTER).out
    made = run("moderate", QUARTER)
    assert (made.status, "[M05]" in made.out) == (0, False)
    assert "[M05]" not in run("board", QUARTER).out


def test_on_a_terminal_the_same_is_said(folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody watches, progress and colours are added, and what was written is named all the same."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "110")
    ran = run("board", QUARTER)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", ran.out)
    assert ran.status == 0
    assert ran.out != plain
    assert f"Written: outputs/{QUARTER}/board-dataset.xlsx\n" in plain
    assert "3 live KPIs = 2 reported + 1 blank with a reason + 0 queried + 0 not returned.\n" in plain


def test_check_asks_back_and_says_what(folder: WorkingFolder, run: Run) -> None:
    """The receipt, the number of queries for each return, each finding, and the files; the inputs stay as they are."""
    inputs = files_in(folder.root / "inputs")
    ran = run("check", QUARTER)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith(f"Written: outputs/{QUARTER}/queries.xlsx\n")
    assert set(files_in(folder.root / "outputs")) == {f"{QUARTER}/queries.xlsx"}
    book = openpyxl.load_workbook(folder.returns(Q1) / SCH)
    cell = next(cell for row in book["SCH"].iter_rows() for cell in row if cell.value == 41)
    cell.value = "about forty"
    book.save(folder.returns(Q1) / SCH)
    inputs |= {f"{QUARTER}/{SCH}": (folder.returns(Q1) / SCH).read_bytes()}
    ran = run("check", QUARTER)
    assert (ran.status, ran.err) == (1, "")
    assert "3 live KPIs = 1 reported + 1 blank with a reason + 1 queried + 0 not returned.\n" in ran.out
    counts = [line.split() for line in ran.out.split("Queries ")[1].splitlines()[2:4]]
    assert counts == [[SCH, "1", "0", "0"], [TRA, "0", "0", "0"]]
    assert f"Must fix: {SCH}, sheet SCH, {cell.coordinate} (K1)\n  The cell holds “about forty”." in ran.out
    note = f"outputs/{QUARTER}/notes/please-fix-{SCH}"
    assert ran.out.endswith(f"Written: {note}\nWritten: outputs/{QUARTER}/queries.xlsx\n")
    facts = run("check", QUARTER, "--json").facts
    assert (facts["exit_status"], facts["removed"], facts["written"]) == (1, [], [])
    assert facts["kept"] == [note, f"outputs/{QUARTER}/queries.xlsx"]
    assert facts["queries"] == [
        {"file": SCH, "must fix": 1, "please check": 0, "note": 0},
        {"file": TRA, "must fix": 0, "please check": 0, "note": 0},
    ]
    assert [each["place"]["cell"] for each in facts["findings"]] == [cell.coordinate]
    assert files_in(folder.root / "inputs") == inputs
    book["SCH"][cell.coordinate].value = 41
    book.save(folder.returns(Q1) / SCH)
    ran = run("check", QUARTER)
    assert (ran.status, f"Removed, as there is nothing to ask any more: {note}\n" in ran.out) == (0, True)
    assert set(files_in(folder.root / "outputs")) == {f"{QUARTER}/queries.xlsx"}


def test_check_with_a_file_that_cannot_be_read_is_status_2(folder: WorkingFolder, run: Run) -> None:
    """The file is named, and the others are asked about all the same."""
    (folder.returns(Q1) / "cut.xlsx").write_bytes(b"PK\x03\x04 cut off")
    ran = run("check", QUARTER)
    assert (ran.status, ran.err) == (2, "")
    assert "Must fix: cut.xlsx\n" in ran.out
    assert folder.queries(Q1).exists()


def test_check_where_nothing_can_be_written(folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of queries that is open elsewhere is told with what to do, and the old one is whole."""
    folder.queries(Q1).parent.mkdir(parents=True)
    folder.queries(Q1).write_bytes(b"the old list")
    before = files_in(folder.root)
    monkeypatch.setattr(Path, "replace", raising(PermissionError(errno.EACCES, "denied")))
    ran = run("check", QUARTER)
    monkeypatch.undo()
    refused(ran, f"Must fix: outputs/{QUARTER}/queries.xlsx\n", "it is open in another program", "[F03]")
    assert files_in(folder.root) == before


# --- Bad input: status 2, the file and what to do, the others processed --------------------------------------------


def test_the_small_round_is_fine(folder: WorkingFolder, run: Run) -> None:
    """The small round, as the tests below change it, has nothing to fix: status 0 and all outputs."""
    ran = run("board", QUARTER)
    assert (ran.status, ran.err) == (0, "")
    names = {"board-dataset.xlsx", "readings.csv", "datapackage.json"}
    assert set(files_in(folder.root / "outputs")) == {f"{QUARTER}/{name}" for name in names}


def refused(ran: Ran, *said: str) -> None:
    """The command ended with status 2, printed nothing as a result, and said these words."""
    assert (ran.status, ran.out) == (2, "")
    for words in said:
        assert words in ran.err


def test_a_missing_folder_of_returns(folder: WorkingFolder, run: Run) -> None:
    """The folder is named, and what to put there."""
    shutil.rmtree(folder.returns(Q1))
    for command in ("board", "check", "moderate", "backtest"):
        ran = run(command, QUARTER)
        refused(ran, f"Must fix: inputs/{QUARTER}\n", f"There is no folder of returns for {QUARTER} here.", "[F01]")
    assert "put the returns into it" in ran.err
    assert not (folder.root / "outputs").exists()


def test_a_folder_without_returns(folder: WorkingFolder, run: Run) -> None:
    """An empty folder, or one with other things in it, ends the run; an older board stays."""
    shutil.rmtree(folder.returns(Q1))
    folder.returns(Q1).mkdir()
    (folder.returns(Q1) / "minutes.docx").write_bytes(b"words")
    folder.board(Q1).parent.mkdir(parents=True)
    folder.board(Q1).write_bytes(b"the old board")
    refused(run("board", QUARTER), "No file here is a return that can be used.", "minutes.docx", "[F06]")
    assert files_in(folder.root / "outputs") == {f"{QUARTER}/board-dataset.xlsx": b"the old board"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.xlsx", b"", "empty.xlsx"),
        ("cut.xlsx", b"PK\x03\x04 cut off", "cut.xlsx"),
        ("web page.xlsx", b"<html>Sign in</html>", "web page.xlsx"),
    ],
)
def test_an_unreadable_workbook_among_good_ones(
    folder: WorkingFolder, run: Run, name: str, content: bytes, said: str
) -> None:
    """It is named with what to do, the status is 2, and the board is made from the other returns all the same."""
    (folder.returns(Q1) / name).write_bytes(content)
    ran = run("board", QUARTER)
    assert (ran.status, ran.err) == (2, "")
    assert f"Must fix: {said}\n" in ran.out
    assert "[F02]" in ran.out
    assert "3 live KPIs = 2 reported + 1 blank with a reason + 0 queried + 0 not returned.\n" in ran.out
    rows = table_of(sheet_of(opened(folder.board(Q1)), "Dataset"))
    assert [row["Q1"].value for row in rows] == [41, 0.75, "[z]"]


def test_an_unrelated_workbook_among_good_ones(folder: WorkingFolder, run: Run) -> None:
    """Its sheets are named, nothing of it is read, the status is 2, and the other returns are used."""
    book = openpyxl.Workbook()
    book["Sheet"]["A1"] = "Holidays"
    book.save(folder.returns(Q1) / "holidays.xlsx")
    ran = run("board", QUARTER)
    assert ran.status == 2
    assert "Must fix: holidays.xlsx\n  No sheet is one of our templates; the sheets are: Sheet." in ran.out
    assert folder.board(Q1).exists()


def test_a_broken_return_leaves_its_workstream_not_returned(folder: WorkingFolder, run: Run) -> None:
    """The KPIs of the return that cannot be read are not returned, never zero; those of the other are there."""
    (folder.returns(Q1) / SCH).write_bytes(b"broken")
    ran = run("board", QUARTER)
    assert ran.status == 2
    assert "3 live KPIs = 0 reported + 1 blank with a reason + 0 queried + 2 not returned.\n" in ran.out


def test_something_to_fix_in_a_return_is_status_1(folder: WorkingFolder, run: Run) -> None:
    """A value that cannot be used is queried, the status is 1, and the outputs are written."""
    book = openpyxl.load_workbook(folder.returns(Q1) / SCH)
    cell = next(cell for row in book["SCH"].iter_rows() for cell in row if cell.value == 41)
    cell.value = "about forty"
    book.save(folder.returns(Q1) / SCH)
    ran = run("board", QUARTER)
    assert (ran.status, ran.err) == (1, "")
    assert f"Must fix: {SCH}, sheet SCH, {cell.coordinate} (K1)\n  The cell holds “about forty”." in ran.out
    machine = run("board", QUARTER, "--json")
    assert (machine.status, machine.facts["exit_status"]) == (1, 1)
    assert machine.facts["sums"]["kpis"] == {
        "live": 3,
        "reported": 1,
        "blank with a reason": 1,
        "queried": 1,
        "not returned": 0,
    }


def test_what_is_most_urgent_is_told_first(folder: WorkingFolder, run: Run) -> None:
    """Findings stand by their urgency, whatever the order in which the files were read."""
    (folder.returns(Q1) / "a picture.png").write_bytes(b"png")
    book = openpyxl.load_workbook(folder.returns(Q1) / TRA)
    cell = next(cell for row in book["TRA"].iter_rows() for cell in row if cell.value == "No cases this quarter")
    cell.value = "Nobody asked"
    book.save(folder.returns(Q1) / TRA)
    lines = [line.split(":")[0] for line in run("board", QUARTER).out.splitlines() if ": " in line]
    assert [word for word in lines if word in ("Must fix", "Please check", "Note")] == ["Must fix", "Note", "Note"]


def test_a_file_to_check_that_is_not_there(folder: WorkingFolder, run: Run) -> None:
    """What ends like a file's name is looked for as a file, not as a quarter."""
    refused(
        run("check", "retrun.xlsx"), "It cannot be opened: it is not there any more.", "Look whether the name is right"
    )


@pytest.mark.parametrize("quarter", ["2023-Q1", "2023-25-Q1", "2023-24-Q5", "2023/24 Q1", "Q1", ""])
def test_an_unknown_quarter(folder: WorkingFolder, run: Run, quarter: str) -> None:
    """What was typed is quoted, and how a quarter is written."""
    for command in ("template", "check", "moderate", "board", "backtest"):
        refused(run(command, quarter), f"“{quarter}” is not a quarter.", "such as 2021-22-Q1", "[F04]")
    assert not (folder.root / "outputs").exists()


def test_a_quarter_in_small_letters_is_one(folder: WorkingFolder, run: Run) -> None:
    """The quarter's code is read whatever its case, and its folders keep their own spelling."""
    assert run("board", QUARTER.lower()).status == 0
    assert folder.board(Q1).exists()


def test_a_working_folder_that_is_not_there(folder: WorkingFolder, run: Run) -> None:
    """A folder that does not exist, or has no inputs, is named with what was looked for in it."""
    for name in ("nowhere", "inputs"):
        refused(run("board", QUARTER, "--folder", name), f"Must fix: {name}/inputs/kpi-catalogue.xlsx\n", "[F01]")
    assert not (folder.root / "nowhere").exists()


def test_a_year_without_targets(folder: WorkingFolder, run: Run) -> None:
    """A quarter for whose year the catalogue has no targets is refused, naming the catalogue's sheet."""
    for command in ("template", "check", "moderate", "board", "backtest"):
        ran = run(command, "2031-32-Q1")
        refused(ran, "inputs/kpi-catalogue.xlsx, sheet Targets", "no targets for 2031-32", "Add rows for 2031-32")
    assert not (folder.root / "templates").exists()


def test_a_refusal_is_json_where_json_is_asked_for(folder: WorkingFolder, run: Run) -> None:
    """A refused command prints its findings as JSON on the output stream, and nothing else."""
    ran = run("board", "2023", "--json")
    assert (ran.status, ran.err) == (2, "")
    assert (ran.facts["exit_status"], ran.facts["written"]) == (2, [])
    (finding,) = ran.facts["findings"]
    assert (finding["code"], finding["found"]) == ("F04", "“2023” is not a quarter.")


def test_a_missing_catalogue(folder: WorkingFolder, run: Run) -> None:
    """Without a catalogue every command over a quarter says where it looked and how one is made."""
    folder.catalogue.unlink()
    for command in ("template", "check", "moderate", "board", "backtest"):
        refused(run(command, QUARTER), "inputs/kpi-catalogue.xlsx", "There is no KPI catalogue here.", "sendkpi import")


def change_catalogue(folder: WorkingFolder, sheet: str, heading: str, row: int, value: object) -> str:
    """Type a value into the catalogue workbook as it stands; gives the cell's address."""
    book = opened(folder.catalogue)
    cell = table_of(sheet_of(book, sheet))[row][heading]
    cell.value = value  # type: ignore[assignment]
    book.save(folder.catalogue)
    return cell.coordinate


@pytest.mark.parametrize(
    ("sheet", "heading", "row", "value", "said"),
    [
        ("KPIs", "KPI id", 1, "K1", "K1 is here again"),
        ("KPIs", "Unit", 2, "percent", "“percent” is not one of the choices."),
        ("KPIs", "Workstream", 0, "School", "“School” is not in the sheet Workstreams."),
        ("Targets", "KPI id", 0, "K9", "“K9” is not in the sheet KPIs."),
    ],
)
def test_a_catalogue_with_a_mistake(
    folder: WorkingFolder, run: Run, sheet: str, heading: str, row: int, value: object, said: str
) -> None:
    """A KPI twice, a unit that does not exist, an unknown name: the cell is named, and nothing is made of it."""
    address = change_catalogue(folder, sheet, heading, row, value)
    for command in ("template", "board"):
        refused(run(command, QUARTER), f"kpi-catalogue.xlsx, sheet {sheet}, {address}", said)
    assert not (folder.root / "outputs").exists()
    assert not (folder.root / "templates").exists()


def test_a_catalogue_that_is_no_workbook(folder: WorkingFolder, run: Run) -> None:
    """A catalogue that cannot be opened is named."""
    folder.catalogue.write_bytes(b"not a workbook")
    refused(run("board", QUARTER), "Must fix: kpi-catalogue.xlsx\n", "[F02]")


def test_the_moderation_workbook_of_another_quarter(folder: WorkingFolder, run: Run) -> None:
    """A moderation workbook that was copied from another quarter is refused before anything is written over it."""
    assert run("moderate", QUARTER).status == 0
    second = folder.returns(Q2)
    shutil.copytree(small_folder(folder.root / "second", SMALL.replace("| Q1 ", "| Q2 "), Q2).returns(Q2), second)
    shutil.copy(folder.moderation(Q1), folder.moderation(Q2))
    before = folder.moderation(Q2).read_bytes()
    for command in ("moderate", "board"):
        refused(run(command, Q2.code), f"It is not the moderation workbook of {Q2.code}.", "Move it away")
    assert folder.moderation(Q2).read_bytes() == before


def test_an_override_without_a_reason_is_refused_and_kept(folder: WorkingFolder, run: Run) -> None:
    """The status is 1, the computed rating stands on the board, and a refresh keeps the letter."""
    assert run("moderate", QUARTER).status == 0
    book = opened(folder.moderation(Q1))
    cell = table_of(sheet_of(book, "Ratings"))[0]["Agreed rating"]
    cell.value = "A"
    book.save(folder.moderation(Q1))
    ran = run("moderate", QUARTER)
    assert ran.status == 1
    assert (
        f"Must fix: moderation.xlsx, sheet Ratings, {cell.coordinate} (K1)\n  An agreed rating without a reason"
        in ran.out
    )
    assert table_of(sheet_of(opened(folder.moderation(Q1)), "Ratings"))[0]["Agreed rating"].value == "A"
    assert run("board", QUARTER).status == 1
    assert table_of(sheet_of(opened(folder.board(Q1)), "Dataset"))[0]["RAG"].value == "G"


def test_an_earlier_quarters_unreadable_return_is_told_again(folder: WorkingFolder, run: Run) -> None:
    """The second quarter's board shows the first: a return of the first that is broken by now is no silent gap."""
    second = small_folder(folder.root / "second", SMALL.replace("| Q1 ", "| Q2 "), Q2)
    shutil.copytree(second.returns(Q2), folder.returns(Q2))
    assert run("board", Q2.code).status == 0
    rows = table_of(sheet_of(opened(folder.board(Q2)), "Dataset"))
    assert [(row["Q1"].value, row["Q2"].value) for row in rows] == [(41, 41), (0.75, 0.75), ("[z]", "[z]")]
    (folder.returns(Q1) / SCH).write_bytes(b"broken")
    ran = run("board", Q2.code)
    assert ran.status == 2
    assert f"Must fix: {SCH}\n" in ran.out


# --- Outputs that cannot be written -------------------------------------------------------------------------------


def raising(error: BaseException) -> Callable[..., Any]:
    def fails(*_: object, **__: object) -> None:
        raise error

    return fails


def kept(folder: WorkingFolder) -> dict[str, bytes]:
    """An older board and older data in the folder of outputs, which a failed run must leave as they are."""
    folder.board(Q1).parent.mkdir(parents=True)
    folder.board(Q1).write_bytes(b"the old board")
    folder.readings(Q1).write_bytes(b"the old data")
    return files_in(folder.root)


@pytest.mark.parametrize(
    ("where", "name", "error", "place", "said"),
    [
        (Path, "replace", PermissionError(errno.EACCES, "denied"), "/board-dataset.xlsx", "open in another program"),
        (tempfile, "mkstemp", PermissionError(errno.EACCES, "denied"), "", "you have no right to it"),
        (tempfile, "mkstemp", OSError(errno.EROFS, "Read-only file system"), "", "read-only file system"),
    ],
    ids=["open elsewhere", "no right to write", "read-only folder"],
)
def test_an_output_that_cannot_be_written(
    folder: WorkingFolder,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    name: str,
    error: OSError,
    place: str,
    said: str,
) -> None:
    """The file, or the folder, is named with the reason and what to do; the old outputs are whole and alone."""
    before = kept(folder)
    monkeypatch.setattr(where, name, raising(error))
    ran = run("board", QUARTER)
    monkeypatch.undo()
    refused(ran, f"Must fix: outputs/{QUARTER}{place}\n", said, "Close it in Excel", "[F03]")
    assert files_in(folder.root) == before


def test_an_output_that_is_a_folder(folder: WorkingFolder, run: Run) -> None:
    """A folder in the file's place is told, and stays."""
    folder.board(Q1).mkdir(parents=True)
    refused(
        run("board", QUARTER), f"outputs/{QUARTER}/board-dataset.xlsx", "a folder and a file are in each other's way"
    )
    assert folder.board(Q1).is_dir()


def test_a_template_that_is_open_elsewhere(folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Templates are written whole or not at all as well."""
    monkeypatch.setattr(Path, "replace", raising(PermissionError(errno.EACCES, "denied")))
    refused(run("template", QUARTER), f"templates/{QUARTER}/{SCH}", "it is open in another program")
    monkeypatch.undo()
    assert files_in(folder.root / "templates") == {}


def test_a_moderation_workbook_that_is_open_elsewhere(
    folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What people wrote stays in the workbook that could not be brought up to date."""
    assert run("moderate", QUARTER).status == 0
    before = files_in(folder.root)
    monkeypatch.setattr(Path, "replace", raising(PermissionError(errno.EACCES, "denied")))
    refused(run("moderate", QUARTER), f"inputs/{QUARTER}/moderation.xlsx", "it is open in another program")
    monkeypatch.undo()
    assert files_in(folder.root) == before


CATALOGUE = "inputs/kpi-catalogue.xlsx"


@pytest.mark.parametrize(
    ("words", "target"),
    [
        (["import", "list.txt", "--to", "list.txt"], "list.txt"),
        (["import", "list.txt", "--to", "./inputs/../list.txt"], "inputs/../list.txt"),
        (["import", "list.txt", "--to", CATALOGUE, "--known", CATALOGUE], CATALOGUE),
        (["import", "list.txt", "--to", "link.xlsx", "--known", CATALOGUE], "link.xlsx"),
        (["catalogue", CATALOGUE, "--to", CATALOGUE], CATALOGUE),
    ],
    ids=["the list", "the list, roundabout", "the earlier catalogue", "a link to it", "the catalogue"],
)
def test_an_output_never_takes_the_place_of_an_input(
    folder: WorkingFolder, run: Run, words: Sequence[str], target: str
) -> None:
    """Writing over a file that is being read is refused before anything is done."""
    (folder.root / "list.txt").write_text("Ref\tWorkstream\tSub-area\tKPI\n1\tWS 1: Schools\tPlaces\tNew places\n")
    (folder.root / "link.xlsx").symlink_to(folder.catalogue)
    before = files_in(folder.root)
    refused(run(*words), f"Must fix: {target}\n", "It is a file that is being read", "Give --to another name")
    assert files_in(folder.root) == before


def test_a_catalogue_is_written_under_its_own_ending_alone(folder: WorkingFolder, run: Run) -> None:
    """A workbook is not written into a file that says it is something else."""
    for name in ("catalogue.csv", "catalogue.xls", "catalogue"):
        refused(
            run("catalogue", "inputs/kpi-catalogue.xlsx", "--to", name), f"Must fix: {name}\n", ".xlsx (the workbook)"
        )
        assert not (folder.root / name).exists()


def test_a_list_that_is_not_there_or_cannot_be_read(folder: WorkingFolder, run: Run) -> None:
    """Import names a missing list, or the heading that it lacks and what it saw instead, and writes nothing."""
    refused(run("import", "list.txt", "--to", "new.xlsx"), "Must fix: list.txt\n", "[F01]")
    (folder.root / "list.csv").write_text("Number,Theme,Who\n1,Places,Schools\n")
    refused(
        run("import", "list.csv", "--to", "new.xlsx"), "list.csv", "No column “Key Performance Indicator”", "“Theme”"
    )
    assert not (folder.root / "new.xlsx").exists()


# --- Stopped, and broken ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "name"), [("sendkpi_xl.gather", "read_return"), ("os", "fsync")], ids=["while reading", "while writing"]
)
def test_ctrl_c_stops_with_the_old_files_whole(
    folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch, where: str, name: str
) -> None:
    """Ctrl-C ends with status 130 and one line; the old outputs are whole, and nothing lies beside them."""
    before = kept(folder)
    monkeypatch.setattr(f"{where}.{name}", raising(KeyboardInterrupt()))
    ran = run("board", QUARTER)
    monkeypatch.undo()
    assert (ran.status, ran.out, ran.err.strip()) == (130, "", "Stopped: no file was left half-written.")
    assert files_in(folder.root) == before


def test_a_fault_of_our_own_is_one_line_and_status_70(
    folder: WorkingFolder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug is told by its kind and place, without a traceback and without what people wrote; old outputs are whole."""
    before = kept(folder)
    monkeypatch.setattr("sendkpi_xl.board_files.board_workbook", raising(RuntimeError("the words of a lead")))
    ran = run("board", QUARTER)
    monkeypatch.undo()
    first, second = ran.err.splitlines()
    assert (ran.status, ran.out) == (70, "")
    assert first.startswith("A fault in sendkpi itself (RuntimeError at test_cli.py:")
    assert first.endswith("nothing was half-written.")
    assert second == "Please report it with this line and the command that you typed."
    assert "the words of a lead" not in ran.err
    assert files_in(folder.root) == before


def test_python_m_and_the_command_are_the_same(folder: WorkingFolder) -> None:
    """`python -m sendkpi_xl` as a process: its exit status and its outputs are those of the command."""
    good = process("board", QUARTER, cwd=folder.root)
    assert (good.returncode, good.stderr) == (0, b"")
    assert folder.board(Q1).read_bytes() == board_workbook(read_quarter(folder, Q1)[0])
    bad = process("board", "2023", cwd=folder.root)
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert "“2023” is not a quarter." in bad.stderr.decode("utf-8")


def test_a_list_imported_again_keeps_the_ids_that_it_knows(folder: WorkingFolder, run: Run) -> None:
    """With --known the KPIs of an earlier catalogue keep their ids."""
    catalogue = load_catalogue(folder.catalogue)
    known = replace(catalogue, kpis=tuple(replace(kpi, id=f"X{kpi.id}", goals=()) for kpi in catalogue.kpis))
    save_catalogue(known, folder.root / "known.toml")
    rows = "".join(f"{kpi.ref}\t{kpi.workstream}\t{kpi.sub_area}\t{kpi.title}\n" for kpi in known.kpis)
    (folder.root / "list.txt").write_text("Ref\tWorkstream\tSub-area\tKPI\n" + rows)
    assert run("import", "list.txt", "--to", "new.toml", "--known", "known.toml").status == 0
    assert [kpi.id for kpi in load_catalogue(folder.root / "new.toml").kpis] == ["XK1", "XK2", "XK3"]


def test_an_import_says_the_same_to_machines(run: Run, tmp_path: Path) -> None:
    """With --json an import gives its counts and what is for review; with --year each live KPI awaits its target."""
    lines = ("No.,Measure,Owner,Theme", "7,Movers,Schools,Places", "8,New places,Schools,Places")
    (tmp_path / "list.csv").write_text("\n".join(lines))
    words = ("import", "list.csv", "--to", "new.toml", "--year", "2024-25")
    text, machine = run(*words), run(*words, "--json")
    assert machine.facts == {
        "exit_status": 0,
        "written": ["new.toml"],
        "findings": [],
        "kpis": 2,
        "workstreams": 1,
        "sub_areas": 1,
        "review": dict.fromkeys(("K001", "K002"), "Polarity: the title does not say which way is better."),
    }
    assert "2 KPIs, 1 workstream, 1 sub-area; 2 KPIs for review.\n" in text.out
    assert [kpi.goals for kpi in load_catalogue(Path("new.toml")).kpis] == [(Goal("2024-25"),), (Goal("2024-25"),)]
    machine = run("catalogue", "new.toml", "--to", "new.xlsx", "--json")
    assert machine.facts == {"exit_status": 0, "written": ["new.xlsx"], "findings": []}
    bad = run(*words[:-1], "2024-26")
    assert (bad.status, "“2024-26” is not a financial year such as 2021-22." in bad.err) == (2, True)
