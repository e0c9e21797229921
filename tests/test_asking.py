"""Asking back about single files, notes that are up to date, and inputs that change while a command runs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sendkpi_xl import gather as gather_module
from sendkpi_xl import queries as queries_module
from sendkpi_xl.asking import check_files, write_notes
from sendkpi_xl.findings import Refusal
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.gathered import Outcome
from sendkpi_xl.period import Period
from sendkpi_xl.returns import read_return
from tests.asked_back import FINE, QUERIED, folder_with
from tests.test_workbook_mark import saved_again
from tests.workbooks import PERIOD, codes, filled, noticed, template


def standing(folder: WorkingFolder) -> dict[str, str]:
    """Every file of a quarter's outputs by its name, with its hash."""
    outputs = folder.outputs(PERIOD)
    files = (path for path in outputs.rglob("*") if path.is_file())
    return {path.relative_to(outputs).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


# Single files


def test_files_are_checked_wherever_they_are(tmp_path: Path) -> None:
    """The quarter is the one that they say; each gets its note, and the team's list and other notes stay."""
    folder = folder_with(tmp_path, {"old.xlsx": filled(QUERIED)})
    write_notes(folder, PERIOD)
    before = standing(folder)
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "eh.xlsx").write_bytes(filled(QUERIED))
    (desk / "sb.xlsx").write_bytes(filled({"SB": FINE}))
    done, asked = check_files(folder, [desk / "eh.xlsx", desk / "sb.xlsx"])
    assert done.written == (folder.notes(PERIOD) / "please-fix-eh.xlsx",)
    assert {name: digest for name, digest in standing(folder).items() if name in before} == before
    assert [each.outcome for each in asked.gathered.files] == [Outcome.USED, Outcome.USED]
    assert "R23 Early help" not in codes(done.findings)


def test_workstreams_that_were_not_among_the_files_are_not_missed(tmp_path: Path) -> None:
    """Whoever checks one return does not ask where the others are."""
    folder = folder_with(tmp_path, {})
    (tmp_path / "sb.xlsx").write_bytes(filled({"SB": FINE}))
    done, _ = check_files(folder, [tmp_path / "sb.xlsx"])
    assert (codes(done.findings), done.written) == ([], ())


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"a/x.xlsx": template(), "b/x.xlsx": template()}, "Two of these files have this name."),
        ({"notes.txt": b"words"}, "It says no quarter."),
        ({"x.xlsx": template(), "y.xlsx": template(period=Period(2021, 2))}, "These files are returns for 2 quarters."),
    ],
)
def test_files_that_are_for_no_one_quarter_are_refused(tmp_path: Path, files: dict[str, bytes], found: str) -> None:
    """Nothing is read from files of which nobody could say what round they are of."""
    folder = folder_with(tmp_path / "work", {})
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    with pytest.raises(Refusal) as caught:
        check_files(folder, [tmp_path / name for name in files])
    assert [each.found for each in caught.value.findings] == [found]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A name that was typed wrongly is said."""
    with pytest.raises(Refusal) as caught:
        check_files(folder_with(tmp_path, {}), [tmp_path / "gone.xlsx"])
    assert noticed(caught.value.findings) == [
        f"F02 | {tmp_path / 'gone.xlsx'} | It cannot be opened: it is not there any more. | Look whether the name is "
        "right, and run again."
    ]


# Notes that are up to date


def test_a_note_that_is_up_to_date_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same return and the same questions: the note stays as it is, and a new version makes it anew."""
    folder = folder_with(tmp_path, {"eh.xlsx": filled(QUERIED)})
    note = folder.notes(PERIOD) / "please-fix-eh.xlsx"
    first, _ = write_notes(folder, PERIOD)
    before = note.stat().st_mtime_ns, note.read_bytes()
    again, _ = write_notes(folder, PERIOD)
    assert (first.written, first.kept) == ((note, folder.queries(PERIOD)), ())
    assert (again.written, again.kept) == ((), (note, folder.queries(PERIOD)))
    assert (note.stat().st_mtime_ns, note.read_bytes()) == before
    monkeypatch.setattr(queries_module, "__version__", "99")
    assert note in write_notes(folder, PERIOD)[0].written


@pytest.mark.parametrize("left", [b"", b"PK\x03\x04", b"words"])
def test_whatever_else_stands_under_a_notes_name_is_not_up_to_date(tmp_path: Path, left: bytes) -> None:
    """A note that cannot be read is none: the new one is put beside it, for it may be somebody's."""
    folder = folder_with(tmp_path, {"eh.xlsx": filled(QUERIED)})
    folder.notes(PERIOD).mkdir(parents=True)
    (folder.notes(PERIOD) / "please-fix-eh.xlsx").write_bytes(left)
    assert write_notes(folder, PERIOD)[0].kept == ()


def test_a_note_that_was_saved_by_a_program_is_not_up_to_date(tmp_path: Path) -> None:
    """What somebody did in it may be half of a correction: it stays, and the note as we make it is put beside it."""
    folder = folder_with(tmp_path, {"eh.xlsx": filled(QUERIED)})
    write_notes(folder, PERIOD)
    note = folder.notes(PERIOD) / "please-fix-eh.xlsx"
    theirs = saved_again(note.read_bytes())
    note.write_bytes(theirs)
    done, _ = write_notes(folder, PERIOD)
    assert folder.notes(PERIOD) / "please-fix-eh (new).xlsx" in done.written
    assert note.read_bytes() == theirs


def test_the_list_of_queries_is_made_again_when_they_change(tmp_path: Path) -> None:
    """Of the same queries it stays as it is, by itself; another question, or another program, and it is written."""
    folder = folder_with(tmp_path, {"eh.xlsx": filled(QUERIED)})
    listed = folder.queries(PERIOD)
    write_notes(folder, PERIOD)
    first = listed.read_bytes()
    (folder.returns(PERIOD) / "eh.xlsx").write_bytes(filled(QUERIED.replace("about twelve", "a dozen")))
    assert listed in write_notes(folder, PERIOD)[0].written
    assert listed.read_bytes() != first
    listed.write_bytes(saved_again(first))
    done, _ = write_notes(folder, PERIOD)
    assert [path.name for path in done.written] == ["queries (new).xlsx"]
    assert listed not in done.kept


# Inputs that change meanwhile


def test_a_return_that_changes_while_it_is_asked_about_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The receipt names the bytes that were read; when others stand there at the end, somebody should run again."""
    folder = folder_with(tmp_path, {"eh.xlsx": filled({"EH": QUERIED}), "sb.xlsx": filled({"SB": FINE})})

    def then_saved(data: bytes, file: str, *rest: object) -> object:
        if file == "sb.xlsx":
            (folder.returns(PERIOD) / file).write_bytes(filled({"SB": "K20 | 41\nK21 | 50%"}))
        return read_return(data, file, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(gather_module, "read_return", then_saved)
    done, _ = write_notes(folder, PERIOD)
    assert [line for line in noticed(done.findings) if line.startswith("F20")] == [
        "F20 | sb.xlsx | It changed while it was being read. | Run again when it is closed: what was written is from "
        "before the change."
    ]
    monkeypatch.undo()
    assert "F20" not in codes(write_notes(folder, PERIOD)[0].findings)
