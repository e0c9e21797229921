"""Words on the screen: in boxes on a terminal, as plain lines in a file."""

from __future__ import annotations

import re

import pytest

from sendkpi_xl.screen import Listing, Screen

LISTING = Listing(
    "Queries 2021-22-Q1",
    ("File", "What became of it", "Must fix"),
    (("a rather long name of a return.xlsx", "used", "0"), ("b.xlsx", "held\nuntil you choose", "12")),
    right=(2,),
)


def test_in_a_file_a_table_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each row, columns as wide as they need, nothing folded, no boxes and no colours."""
    Screen().show(LISTING)
    assert capsys.readouterr().out.splitlines() == [
        "Queries 2021-22-Q1",
        "File                                 What became of it      Must fix",
        "a rather long name of a return.xlsx  used                          0",
        "b.xlsx                               held until you choose        12",
    ]


def test_on_a_terminal_a_table_has_a_box(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words, in a box that fits the terminal."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    Screen().show(LISTING)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()
    assert "┃ File" in lines[2]
    assert max(map(len, lines)) <= 60
    assert all(any(word in line for line in lines) for word in ("b.xlsx", "held", "12"))


def test_errors_go_to_their_own_stream(capsys: pytest.CaptureFixture[str]) -> None:
    """What went wrong does not mix with what was asked for."""
    Screen(errors=True).say("It went wrong.", "bold red")
    assert capsys.readouterr() == ("", "It went wrong.\n")


def test_long_lines_stay_whole_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """A path can be copied, and a sentence searched for."""
    Screen().say("word " * 60)
    assert capsys.readouterr().out == "word " * 60 + "\n"


def test_progress_is_for_a_terminal_only(capsys: pytest.CaptureFixture[str]) -> None:
    """In a file nobody watches."""
    with Screen(errors=True).working("Reading") as tell:
        tell("a.xlsx")
    assert capsys.readouterr() == ("", "")
