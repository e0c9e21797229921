"""The team's list of everything to ask about a quarter's returns."""

from __future__ import annotations

from pathlib import Path

from sendkpi_xl.asking import write_notes
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.layout import QUERIES
from sendkpi_xl.queries import Asked, ask
from sendkpi_xl.query_list import queries_workbook
from sendkpi_xl.reading import Severity
from tests.asked_back import FINE, QUERIED, folder_with, sheet_drawn
from tests.board_view import as_drawn, opened, sheet_of, table_of
from tests.workbooks import PERIOD, SMALL, filled


def asked_of(root: Path, returns: dict[str, bytes]) -> tuple[Asked, WorkingFolder]:
    """What is asked about these returns."""
    folder = folder_with(root, returns)
    return write_notes(folder, PERIOD)[1], folder


def test_the_whole_sheet(tmp_path: Path) -> None:
    """Every finding of every return on a line: where, whose, which KPI, how urgent, what, what instead, what to do."""
    _, folder = asked_of(tmp_path, {"eh.xlsx": filled(QUERIED), "sb.xlsx": filled({"SB": "K20 | x\nK21 | 50%"})})
    assert sheet_drawn(sheet_of(opened(folder.queries(PERIOD)), "Queries")) == as_drawn(
        """
        Small Plan: queries on the returns for Quarter 1 2021/22
        4 must fix, 2 please check, 1 note.
        Must fix comes first. Filter by file or workstream to see what to ask whom. Empty cells: about no single one.
        sendkpi queries | 2021-22-Q1
        File | Sheet | Cell | Workstream | KPI id | Key Performance Indicator | How urgent | Found | Expected \
            | What to do | Code
        eh.xlsx | EH | I6 | Early help | K01 | Children with a plan | Must fix | The cell holds “about twelve”. \
            | A whole number, such as 42. \
            | Type the number; if there is none, clear the cell and choose a reason. Words go in the comment. | C01
        eh.xlsx | EH | M6 | Early help | K01 | Children with a plan | Must fix \
            | The cell holds a formula that has no saved result. | Words, or an empty cell. \
            | Open the workbook in Excel, let it calculate, save it, and send it again. | C03
        eh.xlsx | EH | I11 | Early help | K06 | Wait for a plan | Must fix \
            | There is neither a value nor a reason for the blank. | One of the two. \
            | Type the value, or choose a reason. | C07
        sb.xlsx | SB | I6 | School buses | K20 | Children who ride a bus | Must fix | The cell holds “x”. \
            | A whole number, such as 42. \
            | If nil is meant, type 0; if there is no figure, clear the cell and choose a reason for the blank. | C01
        eh.xlsx | EH | I7 | Early help | K02 | % of plans issued in time | Please check \
            | The value is 83%, and 6 out of 8 is 75%. | A value that is the numerator over the denominator. \
            | Correct whichever of the three is wrong. | C08
        eh.xlsx | EH | J10 | Early help | K05 | Average cost of a plan | Please check \
            | “5” is typed in a cell that is not read for this KPI. | An empty cell. \
            | Move it to the comment if it matters. | C12
        eh.xlsx | EH | I8 | Early help | K03 | Growth in plans | Note \
            | The cell holds the text “8.5%”; we read it as 8.5%. \
            | A percentage from -200% to 200%, typed with its % sign, such as 2.3%. \
            | Nothing, if that is what was meant. | C05
        """
    )


def test_findings_about_no_kpi_have_their_workstream(tmp_path: Path) -> None:
    """A row of no KPI, two returns for one workstream, a file that is no return: what is known of each is shown."""
    unknown = filled("K01 | 1", edit=lambda sheet: setattr(sheet["A12"], "value", "K99"))
    asked, folder = asked_of(
        tmp_path,
        {"a.xlsx": unknown, "b.xlsx": filled({"SB": FINE}), "c.xlsx": filled({"SB": "K20 | 3"}), "d.txt": b"words"},
    )
    rows = [
        [str(row[key].value or "") for key in ("File", "Workstream", "KPI id", "Code")]
        for row in table_of(sheet_of(opened(folder.queries(PERIOD)), "Queries"))
    ]
    assert [row for row in rows if row[3] != "C07"] == [
        ["a.xlsx", "Early help", "", "R05"],
        ["a.xlsx", "Early help", "K07", "R09"],
        ["b.xlsx", "School buses", "", "R08"],
        ["d.txt", "", "", "F05"],
    ]
    assert asked.of_lead("b.xlsx") == ()


def test_how_many_there_are_for_each_file(tmp_path: Path) -> None:
    """Every return is counted, one without findings with none, and other files only where there is a word on them."""
    asked, _ = asked_of(
        tmp_path,
        {"eh.xlsx": filled(QUERIED), "sb.xlsx": filled({"SB": FINE}), "d.txt": b"words", ".x": b"", "z.xlsx": b"no"},
    )
    tallies = {file: [counts[severity] for severity in Severity] for file, counts in asked.tallies().items()}
    assert tallies == {"eh.xlsx": [3, 2, 1], "sb.xlsx": [0, 0, 0], "z.xlsx": [1, 0, 0], "d.txt": [0, 0, 1]}


ALL_BLANK = "\n".join(f"{kpi.id} | | | | Data not yet available" for kpi in SMALL.live("Early help"))


def test_nothing_to_ask(tmp_path: Path) -> None:
    """The list is written all the same, and says so; the same returns give the same bytes."""
    asked, folder = asked_of(tmp_path, {"sb.xlsx": filled({"EH": ALL_BLANK, "SB": FINE})})
    sheet = sheet_of(opened(folder.queries(PERIOD)), "Queries")
    assert sheet["A2"].value == "0 must fix, 0 please check, 0 notes."
    assert [[cell.value for cell in row.values()] for row in table_of(sheet)] == [[None] * len(QUERIES.columns)]
    assert queries_workbook(asked) == folder.queries(PERIOD).read_bytes()
    assert queries_workbook(ask(SMALL, asked.gathered)) == queries_workbook(asked)


def test_how_the_sheet_is_set_up(tmp_path: Path) -> None:
    """Headings and file names stay in sight, one page wide in landscape, texts wrapped and never formulas."""
    _, folder = asked_of(tmp_path, {"eh.xlsx": filled(QUERIED)})
    sheet = sheet_of(opened(folder.queries(PERIOD)), "Queries")
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B6", "$5:$5")
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToHeight, sheet.page_setup.orientation) == (0, "landscape")
    cells = [cell for row in table_of(sheet) for cell in row.values()]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert all(cell.alignment.wrap_text for cell in cells)


def test_the_list_is_no_return(tmp_path: Path) -> None:
    """Saved among the returns by mistake, it is left out with a word."""
    _, first = asked_of(tmp_path / "one", {"eh.xlsx": filled(QUERIED)})
    data = first.queries(PERIOD).read_bytes()
    asked, _ = asked_of(tmp_path / "two", {"queries.xlsx": data, "sb.xlsx": filled({"EH": ALL_BLANK, "SB": FINE})})
    assert [each.finding.found for each in asked.queries] == ["A list of queries that we wrote, not a return."]
