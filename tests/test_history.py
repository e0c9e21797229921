"""A quarter beside the quarters before it: figures that fall or jump, comments and returns that were copied."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from sendkpi_xl.consolidate import rate_readings
from sendkpi_xl.findings import Refusal
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.history import History, gather_history
from sendkpi_xl.model import Catalogue, Profile
from sendkpi_xl.moderated import Moderation
from sendkpi_xl.period import Period
from tests.workbooks import SMALL, filled, lines, noticed

Q4, Q1, Q2, Q3 = Period(2020, 4), Period(2021, 1), Period(2021, 2), Period(2021, 3)
ADDING_UP = replace(
    SMALL,
    kpis=tuple(replace(kpi, profile=Profile.YEAR_TO_DATE) if kpi.id == "K01" else kpi for kpi in SMALL.kpis),
)
"""The small council's catalogue, in which K01 counts children since April."""
WAITING = "Waiting for two of the schools to answer"


def history_of(root: Path, returns: Mapping[Period, str], catalogue: Catalogue = ADDING_UP) -> History:
    """The last of these quarters with those before it, each a drawn return of workstream EH."""
    folder = WorkingFolder(root)
    for period, table in returns.items():
        folder.returns(period).mkdir(parents=True)
        (folder.returns(period) / "eh.xlsx").write_bytes(filled(table, period=period))
    return gather_history(folder, catalogue, max(returns))


def asked(history: History) -> list[str]:
    return [line for line in noticed(history.now.findings) if line.startswith("P")]


def test_a_second_quarter_as_it_should_be(tmp_path: Path) -> None:
    """Figures that rise within the year, move a little, and a comment of its own: nothing to ask."""
    first = f"K01 | 40 |  |  |  | {WAITING}\nK02 | 75% | 6 | 8\nK04 | 10000"
    second = "K01 | 71 |  |  |  | One school has answered\nK02 | 78% | 7 | 9\nK04 | 12500"
    history = history_of(tmp_path, {Q1: first, Q2: second})
    assert asked(history) == []
    assert [gathered.period for gathered in history.before] == [Q1]
    assert [gathered.period for gathered in history.this_year] == [Q1]


def test_what_does_not_fit_the_quarter_before(tmp_path: Path) -> None:
    """A count since April that falls, money ten times as much, a share far off, and a comment that was copied."""
    first = f"K01 | 40 |  |  |  | {WAITING}\nK02 | 25% | 2 | 8\nK04 | 10000"
    second = f"K01 | 38 |  |  |  | {WAITING}\nK02 | 90% | 9 | 10\nK04 | 100000"
    assert asked(history_of(tmp_path, {Q1: first, Q2: second})) == lines("""
        P01 | J6 | The value is 38, and it was 40 in Quarter 1 2021/22. | Correct this quarter's value, or tell us that the earlier one was too high.
        P04 | N6 | The comment is word for word that of Quarter 1 2021/22. | Say what is true now; if nothing has changed, say that.
        P02 | J7 | The value is 90%; so far this KPI has been 25%. | Look for a digit or a % sign too few or too many; if it is right, say in the comment what happened.
        P02 | J9 | The value is £100,000; so far this KPI has been £10,000. | Look for a digit or a % sign too few or too many; if it is right, say in the comment what happened.
    """)  # noqa: E501


def test_a_jump_is_held_against_all_that_a_kpi_has_been(tmp_path: Path) -> None:
    """What it was half a year ago is as usual as what it was last."""
    returns = {Q1: "K04 | 90000", Q2: "K04 | 10000", Q3: "K04 | 100000"}
    assert asked(history_of(tmp_path, returns)) == []


def test_a_count_since_april_is_compared_by_the_quarter(tmp_path: Path) -> None:
    """Fifty in a quarter and 160 in three are the same pace; sixty and 1,000 are not."""
    assert asked(history_of(tmp_path / "one", {Q1: "K01 | 50", Q3: "K01 | 160"})) == []
    assert asked(history_of(tmp_path / "two", {Q1: "K01 | 60", Q3: "K01 | 1000"})) == lines("""
        P02 | K6 | The value is 1,000; so far this KPI has been 60 a quarter. | Look for a digit or a % sign too few or too many; if it is right, say in the comment what happened.
    """)  # noqa: E501


def test_a_new_year_starts_from_nothing(tmp_path: Path) -> None:
    """A count since April is lower in the first quarter than in the year before, and that is no fall."""
    assert asked(history_of(tmp_path, {Q4: "K01 | 200", Q1: "K01 | 45"})) == []


def test_the_year_before_counts_as_what_a_kpi_has_been(tmp_path: Path) -> None:
    """Last year's quarters are read where their returns are still there."""
    history = history_of(tmp_path, {Q4: "K04 | 10000", Q1: "K04 | 1000000"})
    assert [line[:8] for line in asked(history)] == ["P02 | I9"]
    assert ([each.period for each in history.before], history.this_year) == ([Q4], ())


def test_a_return_that_is_the_last_one_again(tmp_path: Path) -> None:
    """All values the same as in the quarter before is asked about once, at the sheet."""
    same = "K01 | 40\nK02 | 75% | 6 | 8\nK04 | 10000"
    assert asked(history_of(tmp_path, {Q1: same, Q2: same})) == lines("""
        P05 | eh.xlsx, sheet EH | All 3 values are the same as in Quarter 1 2021/22. | Look whether the return of the quarter before was sent again; if all stayed the same, tell us.
    """)  # noqa: E501


def test_an_earlier_quarter_that_was_typed_over(tmp_path: Path) -> None:
    """The locked figure of the first quarter is what was reported then, or somebody should say so."""
    folder = WorkingFolder(tmp_path)
    for period, data in {
        Q1: filled("K01 | 40\nK02 | 75% | 6 | 8"),
        Q2: filled("K01 | 71\nK02 | 78% | 7 | 9", period=Q2, edit=lambda sheet: sheet.__setitem__("I6", 35)),
    }.items():
        folder.returns(period).mkdir(parents=True)
        (folder.returns(period) / "eh.xlsx").write_bytes(data)
    assert asked(gather_history(folder, ADDING_UP, Q2)) == lines("""
        P03 | I6 | Q1 as reported reads “35”; what was reported is “40”. | If the earlier figure was wrong, tell us the right one: a locked cell changes nothing.
    """)  # noqa: E501


def test_a_folder_of_the_year_before_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    """It may have been another list; this year's quarters must read."""
    folder = WorkingFolder(tmp_path)
    for period, data in {Q4: b"", Q1: filled("K01 | 40")}.items():
        folder.returns(period).mkdir(parents=True)
        (folder.returns(period) / "eh.xlsx").write_bytes(data)
    assert gather_history(folder, ADDING_UP, Q1).before == ()
    folder.returns(Q2).mkdir()
    (folder.returns(Q2) / "eh.xlsx").write_bytes(filled("K01 | 50", period=Q2))
    (folder.returns(Q1) / "eh.xlsx").write_bytes(b"")
    with pytest.raises(Refusal):
        gather_history(folder, ADDING_UP, Q2)


def test_three_years_of_returns_make_a_series(tmp_path: Path) -> None:
    """All quarters that there are count for the signals in a series; what is asked about goes back a year."""
    folder, quarters = WorkingFolder(tmp_path), [Q1]
    while len(quarters) < 13:
        quarters.insert(0, quarters[0].previous)
    weeks = [*([12, 13] * 6), 30]
    for period, value in zip(quarters, weeks, strict=True):
        folder.returns(period).mkdir(parents=True)
        (folder.returns(period) / "eh.xlsx").write_bytes(filled(f"K06 | {value}", period=period))
    year, whole = (gather_history(folder, SMALL, Q1, whole=each) for each in (False, True))
    assert ([each.period for each in year.before], len(whole.before)) == (quarters[-2:-6:-1], 12)
    assert year.now.findings == whole.now.findings
    outlook = {
        history: next(
            each for each in rate_readings(SMALL, history.now, Moderation(), history.before) if each.kpi.id == "K06"
        )
        for history in (year, whole)
    }
    assert [signal.sentence for signal in outlook[whole].outlook.signals] == [
        "Concern: 30 weeks is above 20.1 weeks, the limit of what is usual around the average of 13.8 weeks."
    ]
    assert outlook[year].outlook.signals == ()


def test_the_quarters_of_a_folder(tmp_path: Path) -> None:
    """Folders named like a quarter, in order; other folders and files are none."""
    folder = WorkingFolder(tmp_path)
    assert folder.quarters() == ()
    for name in ("2021-22-Q2", "2020-21-Q4", "superseded", "2021-22-Q5"):
        (tmp_path / "inputs" / name).mkdir(parents=True)
    (tmp_path / "inputs" / "2021-22-Q3").write_text("not a folder")
    assert folder.quarters() == (Q4, Q2)
