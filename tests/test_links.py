"""Formulas that take their value from outside their workbook, and those that only look like it."""

from __future__ import annotations

import time

import pytest

from sendkpi_xl.links import is_linked
from tests.workbook_parts import parts, sheet_of


@pytest.mark.parametrize(
    "formula",
    [
        pytest.param("[1]Sheet!A1", id="another workbook, by number"),
        pytest.param("SUM('[2]My Sheet'!A1:A9)", id="a sheet with a space in its name"),
        pytest.param("[1]!Total", id="a name in another workbook"),
        pytest.param("SUM([1]Jan:Mar!B2)", id="several sheets of another workbook"),
        pytest.param("[Book.xlsx]Sheet1!A1", id="another workbook, by name"),
        pytest.param("['file://server/WS1.xlsx']Return!E7", id="another workbook, as LibreOffice wrote it once"),
        pytest.param(r"'C:\Returns\[WS1.xlsx]Return'!E7", id="a path"),
        pytest.param(r"1+'\\server\share\[WS1.xlsx]Return'!E7", id="a server"),
        pytest.param(r"'\\server\share\WS1.xlsx'!Total", id="a name in a workbook on a server"),
        pytest.param("'https://example.org/[WS1.xlsx]Return'!E7", id="a web address"),
        pytest.param("Excel|'[WS1.xlsx]Return'!R7C5", id="DDE"),
        pytest.param("feed|prices!gold", id="DDE without quotation marks"),
        pytest.param('DDE("soffice","a.ods","A1")', id="DDE by LibreOffice"),
        pytest.param('RTD("server",,"topic")', id="real-time data"),
        pytest.param('_xlfn.WEBSERVICE("https://example.org")', id="web service"),
        pytest.param("_xll.MyFunction(A1)", id="an add-in's function"),
        pytest.param('CUBEVALUE("Sales","[x]")', id="a cube"),
        pytest.param('IFERROR(__xludf.DUMMYFUNCTION("IMPORTRANGE(""a"",""b"")"),"17")', id="Google's import"),
        pytest.param("INDIRECT(\"'[WS1.xlsx]Return'!E7\")", id="another workbook by way of a text"),
        pytest.param('IF(A1="x","[",[1]Sheet!A1)', id="after a text"),
        pytest.param("Table1[Column]+[1]Sheet!A1", id="after a table's column"),
    ],
)
def test_a_value_from_outside_is_linked(formula: str) -> None:
    """Each way in which Excel, LibreOffice or Google Sheets writes such a reference."""
    assert is_linked(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "SUM(A1:A9)",
        "Lists!$A$5",
        "'My Sheet'!A1",
        "'First:Last'!A1",
        "'A|B!c'!A1",
        "Table1[Column]",
        "Table1[[#This Row],[Value (%)]]*2",
        "SUM(Table1[[#All],[a '[b']]])",
        "[@Column]+Sheet!A1",
        "Table1['[a']]+Sheet!A1",
        '"[1]Sheet!A1"',
        '"see ""[1]Sheet!A1"" or a|b!c"&A1',
        'HYPERLINK("https://example.org/[a]")',
        '__xludf.DUMMYFUNCTION("FILTER(A1:A9)")',
        "MYCALL(1)",
        'INDIRECT("A"&B1)',
        "A1/B1*[1",
    ],
)
def test_a_value_from_this_workbook_is_not_linked(formula: str) -> None:
    """Other sheets, tables' columns, and texts that look like references."""
    assert not is_linked(formula)


@pytest.mark.parametrize(
    "piece", ['"', "'", "[", "[a]a", "[a]a:", "['a']a", "a|'''", "a|", "a.", "a|b", "['", "__xludf.D"]
)
def test_no_formula_takes_long_to_judge(piece: str) -> None:
    """Formulas that would take hours if each letter were looked at again from each other."""
    begin = time.perf_counter()
    assert not is_linked("[1]" + piece * 50_000)
    # About 0.05 seconds on a quiet machine.
    assert time.perf_counter() - begin < 5


def test_linked_cells_of_a_sheet() -> None:
    """A shared formula's cells and those that an array formula fills are as linked as the cell that holds it."""
    rows = """
      <row r="1"><c r="A1"><f>[1]Sheet!A1</f><v>1</v></c><c r="B1"><f>Sheet!A1</f><v>1</v></c>
        <c r="C1"><f t="shared" ref="C1:C2" si="0">[1]Sheet!A1</f><v>1</v></c>
        <c r="D1"><f t="shared" ref="D1:D2" si="1">A1</f><v>1</v></c>
        <c r="E1"><f t="array" ref="E1:E2">[1]Sheet!A1:A2</f><v>1</v></c>
        <c r="F1"><f t="array" ref="F1:F2">A1:A2</f><v>1</v></c><c r="G1"><v>1</v></c>
        <c r="H1"><f>IF(A1&lt;2,'[1]My &amp; Sheet'!A1)</f></c></row>
      <row r="2"><c r="C2"><f t="shared" si="0"/><v>1</v></c><c r="D2"><f t="shared" si="1"/><v>1</v></c>
        <c r="E2"><v>1</v></c><c r="F2"><v>1</v></c></row>"""
    spaced = sheet_of(parts(rows))
    assert [cell.address for cell in spaced.cells.values() if cell.linked] == ["A1", "C1", "E1", "H1", "C2", "E2"]
    assert sheet_of(parts("".join(line.strip() for line in rows.splitlines()))) == spaced
