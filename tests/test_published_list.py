"""Reading the published KPI list: every form it may come in, and everything that may be wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from textwrap import dedent

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from sendkpi_xl.findings import Refusal
from sendkpi_xl.published_list import ListedKpi, read_published_list

ANNEX = Path(__file__).parent.parent / "inputs" / "annex-2-kpis.txt"

SMALL_LIST = """
    Ref | Workstream        | Sub-area | KPI
    1   | WS 1: Schools     | Places   | New places
    2   | WS 1: Schools     | Places   | % of places filled
    3   | WS 2 : Transport  | Buses    | Average cost – per child, “door to door”
    """

AS_READ = """
    1 | WS 1: Schools | Places | New places
    2 | WS 1: Schools | Places | % of places filled
    3 | WS 2 : Transport | Buses | Average cost – per child, “door to door”
    """


def cells(table: str) -> list[list[str]]:
    """The table's fields, as drawn in a test with `|` between them."""
    return [[field.strip() for field in line.split("|")] for line in dedent(table).strip().split("\n")]


def with_tabs(table: str) -> str:
    return "".join("\t".join(fields) + "\n" for fields in cells(table))


def drawn(listed: Sequence[ListedKpi]) -> str:
    return "\n".join(" | ".join((kpi.ref, kpi.workstream, kpi.sub_area, kpi.title)) for kpi in listed)


def read(folder: Path, content: str | bytes, name: str = "list.txt") -> str:
    """What the reader makes of a file with this content: the list as drawn, or each finding in its four lines."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_path(path)


def read_path(path: Path) -> str:
    try:
        return drawn(read_published_list(path))
    except Refusal as refusal:
        return "\n".join(
            f"{finding.code} {finding.place}\n    {finding.found}\n    {finding.expected}\n    {finding.action}"
            for finding in refusal.findings
        )


def read_workbook(folder: Path, sheets: Mapping[str, Sequence[Sequence[object]]], hidden: Sequence[str] = ()) -> str:
    path = folder / "list.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
    return read_path(path)


def said(text: str) -> str:
    return dedent(text).strip()


# --- The list of the Annex


def test_the_annex_gives_its_125_kpis_in_seventeen_sub_areas() -> None:
    """The seed: title lines, an empty heading, blank lines and all."""
    listed = read_published_list(ANNEX)

    refs: dict[tuple[str, str], list[str]] = {}
    for kpi in listed:
        refs.setdefault((kpi.workstream, kpi.sub_area), []).append(kpi.ref)
    table = "\n".join(f"{len(own):2} | {own[0]}–{own[-1]} | {ws} | {sub}" for (ws, sub), own in refs.items())
    assert table == ANNEX_TABLE.strip("\n")
    assert len(listed) == 125
    assert [n for n in range(1, 128) if str(n) not in {kpi.ref for kpi in listed}] == [39, 47]
    assert str(listed[0].place) == "annex-2-kpis.txt, sheet annex-2-kpis, D7"
    assert listed[51].title == "£ contributions from health and adult's and children's social care increases"


ANNEX_TABLE = """
 9 | 1–9 | SEND Partnership Board | Demand Management
19 | 10–28 | SEND Partnership Board | Finance
12 | 29–41 | SEND Partnership Board | Value for money
 9 | 42–51 | WS 1: Participation, Engagement and Co-production | Engagement and Participation
 5 | 52–56 | WS 2 : Joint Commissioning | Joint Commissioning
 3 | 57–59 | WS 2 : Joint Commissioning | Quality Assurance
 3 | 60–62 | WS 2 : Joint Commissioning | Therapy Provision
 2 | 63–64 | WS 2 : Joint Commissioning | Emotional Wellbeing and mental health
 1 | 65–65 | WS 2 : Joint Commissioning | ASD Pathways
 1 | 66–66 | WS 2 : Joint Commissioning | Personal budgets
 9 | 67–75 | WS 3 : Local Offer | Specialist education places
 8 | 76–83 | WS 3 : Local Offer | 16 to 25 years pathways
 5 | 84–88 | WS 4 : Early Intervention and Transitions | First 1001 days
11 | 89–99 | WS 4 : Early Intervention and Transitions | Early Years onwards
12 | 100–111 | WS 5 : Assessment and Planning | EHC plans
10 | 112–121 | WS 5 : Assessment and Planning | Annual Reviews
 6 | 122–127 | WS 5 : Assessment and Planning | Quality Assurance
"""


# --- The forms in which a list may come


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_text_list_reads_in_every_encoding_that_excel_writes(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, with_tabs(SMALL_LIST).encode(encoding)) == said(AS_READ)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_a_list_reads_with_every_delimiter_and_line_end(tmp_path: Path, delimiter: str, line_end: str) -> None:
    quoted = [[f'"{field}"' if "," in field else field for field in line] for line in cells(SMALL_LIST)]
    text = line_end.join(delimiter.join(line) for line in quoted)
    assert read(tmp_path, text, "list.csv") == said(AS_READ)


def test_a_workbook_list_reads_whatever_its_name_ends_with(tmp_path: Path) -> None:
    assert read_workbook(tmp_path, {"Notes": [["Made in June"]], "KPIs": [[], *cells(SMALL_LIST)]}) == said(AS_READ)
    (tmp_path / "list.xlsx").rename(tmp_path / "list.csv")
    assert read_path(tmp_path / "list.csv") == said(AS_READ)


def test_numbers_in_a_workbook_read_as_they_are_shown(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["No.", "Owner", "Theme", "Measure"],
        [1, "Transport", 2021, "Buses"],
        [1.1, "Transport", "", True],
        [0.1 + 0.2, "Transport", "", "Trains"],
    ]
    assert read_workbook(tmp_path, {"List": rows}) == said(
        """
        1 | Transport | 2021 | Buses
        1.1 | Transport |  | TRUE
        0.3 | Transport |  | Trains
        """
    )


def test_a_hidden_sheet_does_not_stand_in_the_way(tmp_path: Path) -> None:
    sheets: Mapping[str, Sequence[Sequence[object]]] = {"New": cells(SMALL_LIST), "Old": cells(SMALL_LIST)}
    assert read_workbook(tmp_path, sheets, hidden=["Old"]) == said(AS_READ)
    assert read_workbook(tmp_path, sheets) == said(
        """
        T09 list.xlsx
            More than one sheet has the headings of a KPI list: “New”, “Old”.
            One sheet with the list.
            Delete or hide the sheets that are not wanted, and run again.
        """
    )


@pytest.mark.parametrize(
    "headings",
    [
        "Ref | Responsible Area / Workstream | | Key Performance Indicator",
        "No. | Owner | Theme | Measure",
        "KPI ref | AREA | sub area | KPI",
        "# | Lead: | Strand | Description",
        "Reference | Service | Priority | Indicator",
    ],
)
def test_headings_may_be_any_of_the_usual_ones(tmp_path: Path, headings: str) -> None:
    row = "\n7 | Transport | Buses | Waiting times"
    assert read(tmp_path, with_tabs(headings + row)) == "7 | Transport | Buses | Waiting times"


def test_columns_may_stand_in_any_order_among_others(tmp_path: Path) -> None:
    table = """
        Measure       | Notes  | Owner     | Ref | | Target
        Waiting times | urgent | Transport | 7   | Buses | 12
        """
    assert read(tmp_path, with_tabs(table)) == "7 | Transport | Buses | Waiting times"


def test_an_empty_spacer_column_is_not_the_sub_area(tmp_path: Path) -> None:
    table = """
        Ref | | Workstream | | KPI
        7   | | Transport  | Buses | Waiting times
        """
    assert read(tmp_path, with_tabs(table)) == "7 | Transport | Buses | Waiting times"


def test_leftovers_of_pages_and_stray_spaces_are_passed_over(tmp_path: Path) -> None:
    text = (
        "\ufeff\n\tOur Plan\t\t\n\tAnnex 2: KPIs (draft)\t\t\n\n"
        "Ref \tWorkstream\t\tKPI\n"
        "  1\t Schools\u00a0\tPlaces\t New\u00a0 places \u200b\n"
        "\t\t\tPage 1 of 2\n\f\n \t\u00a0\t\t\n"
        "\tOur Plan\t\t\nRef\tWorkstream\t\tKPI\n\n"
        "\f2\tSchools\tPlaces\tPlaces filled\n"
        "\t\t\t2\n- 2 -\t\t\t\n\x1a"
    )
    assert read(tmp_path, text) == "1 | Schools | Places | New places\n2 | Schools | Places | Places filled"


def test_quotation_marks_are_read_as_excel_writes_them(tmp_path: Path) -> None:
    text = (
        "Ref,Workstream,Sub-area,KPI\n"
        '1,"Schools, and more",Places,"% who say ""I am heard"", always"\n'
        '2,Schools,Places,"A title\nin two lines"\n'
        '3,Schools,Places,Waits over 5" long\n'
    )
    assert read(tmp_path, text, "list.csv") == said(
        """
        1 | Schools, and more | Places | % who say "I am heard", always
        2 | Schools | Places | A title in two lines
        3 | Schools | Places | Waits over 5" long
        """
    )


def test_a_stray_quotation_mark_swallows_no_rows(tmp_path: Path) -> None:
    table = """
        Ref | Workstream | Sub-area | KPI
        1   | Schools    | Places   | "Voice" of the child
        2   | Schools    | Places   | "Never closed
        3   | Schools    | Places   | Closed"
        """
    assert read(tmp_path, with_tabs(table)) == said(
        """
        1 | Schools | Places | "Voice" of the child
        2 | Schools | Places | "Never closed
        3 | Schools | Places | Closed"
        """
    )
    only = 'Ref\tWorkstream\tSub-area\tKPI\n1\tSchools\tPlaces\t"Open\n2\tSchools\tPlaces\t"\n3\tSchools\tPlaces\tX\n'
    assert read(tmp_path, only) == '1 | Schools | Places | "Open\n2 | Schools | Places | "\n3 | Schools | Places | X'


def test_a_title_may_repeat_and_a_sub_area_be_empty(tmp_path: Path) -> None:
    table = """
        Ref | Workstream | Sub-area | KPI
        1   | Schools    |          | Savings
        2   | Schools    |          | Savings
        """
    assert read(tmp_path, with_tabs(table)) == "1 | Schools |  | Savings\n2 | Schools |  | Savings"


# --- What may be wrong with a list


def test_each_missing_heading_is_named_with_those_that_were_seen(tmp_path: Path) -> None:
    assert read(tmp_path, with_tabs("Ref | Team | Them | KPI\n1 | Schools | Places | New places")) == said(
        """
        T01 list.txt, sheet list, row 1
            No column “Responsible Area / Workstream”; the headings seen are: “Ref”, “Team”, “Them”, “KPI”.
            A column headed “Responsible Area / Workstream” (or “Workstream”, “Responsible area”, “Area”).
            Give the column that heading.
        T01 list.txt, sheet list, row 1
            No column “Sub-area”; the headings seen are: “Ref”, “Team”, “Them”, “KPI”.
            A column headed “Sub-area” (or “Theme”, “Sub area”, “Topic”).
            Give the column that heading.
        """
    )
    assert read(tmp_path, with_tabs("Ref | Workstream | | KPI | \n1 | Schools | | New | Places")) == said(
        """
        T01 list.txt, sheet list, row 1
            No column “Sub-area”; the headings seen are: “Ref”, “Workstream”, “KPI”.
            A column headed “Sub-area” (or “Theme”, “Sub area”, “Topic”).
            Give the column that heading.
        """
    )
    assert read(tmp_path, with_tabs("Ref | Workstream | | | KPI\n1 | Schools | A | B | New")) == said(
        """
        T01 list.txt, sheet list, row 1
            No column “Sub-area”; the headings seen are: “Ref”, “Workstream”, “KPI”.
            A column headed “Sub-area” (or “Theme”, “Sub area”, “Topic”).
            Give the column that heading.
        """
    )
    assert read(tmp_path, with_tabs("KPI | Ref | Workstream | Theme | KPI\nNew | 1 | Schools | Places | New")) == said(
        """
        T02 list.txt, sheet list, row 1
            Two columns are headed “KPI”: A1, E1.
            Each heading once.
            Rename or remove one of the two.
        """
    )


def test_a_text_without_a_list_is_refused(tmp_path: Path) -> None:
    assert read(tmp_path, "Dear all,\nplease find the list attached.\n") == said(
        """
        T01 list.txt, sheet list, row 1
            No column “Ref”; the headings seen are: “Dear all,”.
            A column headed “Ref” (or “No.”, “No”, “Number”).
            Give the column that heading.
        T01 list.txt, sheet list, row 1
            No column “Responsible Area / Workstream”; the headings seen are: “Dear all,”.
            A column headed “Responsible Area / Workstream” (or “Workstream”, “Responsible area”, “Area”).
            Give the column that heading.
        T01 list.txt, sheet list, row 1
            No column “Sub-area”; the headings seen are: “Dear all,”.
            A column headed “Sub-area” (or “Theme”, “Sub area”, “Topic”).
            Give the column that heading.
        T01 list.txt, sheet list, row 1
            No column “Key Performance Indicator”; the headings seen are: “Dear all,”.
            A column headed “Key Performance Indicator” (or “KPI”, “Measure”, “Indicator”).
            Give the column that heading.
        """
    )
    assert read(tmp_path, " \n\n") == said(
        """
        T01 list.txt, sheet list, row 1
            No column “Ref”; the headings seen are: none.
            A column headed “Ref” (or “No.”, “No”, “Number”).
            Give the column that heading.
        T01 list.txt, sheet list, row 1
            No column “Responsible Area / Workstream”; the headings seen are: none.
            A column headed “Responsible Area / Workstream” (or “Workstream”, “Responsible area”, “Area”).
            Give the column that heading.
        T01 list.txt, sheet list, row 1
            No column “Sub-area”; the headings seen are: none.
            A column headed “Sub-area” (or “Theme”, “Sub area”, “Topic”).
            Give the column that heading.
        T01 list.txt, sheet list, row 1
            No column “Key Performance Indicator”; the headings seen are: none.
            A column headed “Key Performance Indicator” (or “KPI”, “Measure”, “Indicator”).
            Give the column that heading.
        """
    )


def test_every_row_that_is_no_whole_kpi_is_named(tmp_path: Path) -> None:
    table = """
        Ref | Workstream | Sub-area | KPI
        1   |            | Places   | New places
        2   | Schools    | Places   |
        3   |            |          |
            | Schools    | Places   | Places without a ref
            |            |          | and the rest of a title
        2   | Schools    | Places   | Places again
        a1  | Schools    | Places   | Letters
        A1  | Schools    | Places   | Letters
        * to be agreed | | |
        """
    assert read(tmp_path, with_tabs(table)) == said(
        """
        T05 list.txt, sheet list, B2
            The cell is empty.
            The KPI's workstream.
            Fill it in.
        T05 list.txt, sheet list, D3
            The cell is empty.
            The KPI's title.
            Fill it in.
        T05 list.txt, sheet list, B4
            The cell is empty.
            The KPI's workstream.
            Fill it in.
        T05 list.txt, sheet list, D4
            The cell is empty.
            The KPI's title.
            Fill it in.
        T05 list.txt, sheet list, A5
            The cell is empty.
            The KPI's ref.
            Fill it in.
        T09 list.txt, sheet list, D6
            This row is no KPI: “and the rest of a title”.
            A ref, a workstream and a title in each row.
            Delete the row, or join its text to the row that it belongs to.
        T06 list.txt, sheet list, A7
            Ref 2 is here again; it stands already in A3.
            Each KPI once.
            Delete one of the two rows, or correct its id.
        T06 list.txt, sheet list, A9
            Ref A1 is here again; it stands already in A8.
            Each KPI once.
            Delete one of the two rows, or correct its id.
        T05 list.txt, sheet list, B10
            The cell is empty.
            The KPI's workstream.
            Fill it in.
        T05 list.txt, sheet list, D10
            The cell is empty.
            The KPI's title.
            Fill it in.
        """
    )


def test_a_title_that_a_comma_split_is_named(tmp_path: Path) -> None:
    text = "Ref,Workstream,Sub-area,KPI\n1,Schools,Places,Places, new\n2,Schools,Places,Places,,\n"
    assert read(tmp_path, text, "list.csv") == said(
        """
        T09 list.csv, sheet list, D2
            The line has more fields than there are headings.
            A field for each heading, and quotation marks round a text that has commas.
            In Excel, save the list as a workbook (.xlsx) or as CSV UTF-8, and run again.
        """
    )


def test_headings_without_kpis_are_refused(tmp_path: Path) -> None:
    assert read(tmp_path, with_tabs("Ref | Workstream | Sub-area | KPI")) == said(
        """
        T09 list.txt, sheet list, row 1
            There is no KPI under these headings.
            A KPI in each row under the headings.
            Check that this is the whole list, and run again.
        """
    )


def test_workbook_cells_that_show_no_text_are_named(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("List")
        for number, row in enumerate(cells(SMALL_LIST)):
            sheet.write_row(number, 0, row)
        sheet.write_formula("D2", "=1/0", value="#DIV/0!")
        sheet.write_formula("D3", "=A1", value="")
        sheet.write_number("A4", 44228, workbook.add_format({"num_format": "d mmm"}))
    assert read_path(path) == said(
        """
        T09 list.xlsx, sheet List, D2
            The cell shows #DIV/0!.
            A text.
            Mend the formula, or type the text.
        C03 list.xlsx, sheet List, D3
            The cell holds a formula that has no saved result.
            A text.
            Open the workbook in Excel, let it calculate, save it, and send it again.
        T09 list.xlsx, sheet List, A4
            The cell holds a date: Excel makes one of 1-2 and 1/2.
            A text or a plain number.
            Format the cell as text, and type it again.
        """
    )


OTHER_FILES = {
    "empty": b"",
    "zeros": b"\0" * 100,
    "PDF": b"%PDF-1.7 \n1 0 obj",
    "web page": b"<!DOCTYPE html><html><body>Ref</body></html>",
    "picture": b"\x89PNG\r\n\x1a\n\x81\x8d",
    "half a letter": "Ref\tKPI".encode("utf-16") + b"\0",
    "cut off": b"PK\x03\x04 not a zip",
    "Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
}


def test_files_of_other_kinds_are_refused(tmp_path: Path) -> None:
    """In the workbook reader's words, which have tests of their own."""
    answers = {kind: read(tmp_path, content, f"{kind}.xlsx") for kind, content in OTHER_FILES.items()}
    assert [answer.split("\n")[0] for answer in answers.values()] == [f"F02 {kind}.xlsx" for kind in OTHER_FILES]
    assert answers["half a letter"] == said(
        """
        F02 half a letter.xlsx
            This is a text file whose letters cannot be made out.
            An Excel workbook (.xlsx) that opens.
            In Excel, save the list as a workbook (.xlsx) or as CSV UTF-8, and run again.
        """
    )
    ours = "    In Excel, save the list as a workbook (.xlsx) or as CSV UTF-8, and run again."
    assert [kind for kind, answer in answers.items() if answer.split("\n")[-1] == ours] == [
        "PDF",
        "web page",
        "picture",
        "half a letter",
        "Word",
    ]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert read_path(tmp_path / "list.txt") == said(
        """
        F01 list.txt
            There is no KPI list here.
            A workbook, CSV file or text file with the list.
            Give the path of the file itself, with the end of its name (.xlsx, .csv, .txt).
        """
    )
    (tmp_path / "list.xlsx").mkdir()
    assert read_path(tmp_path / "list.xlsx") == said(
        """
        F01 list.xlsx
            There is no KPI list here.
            A workbook, CSV file or text file with the list, not a folder.
            Give the path of the file itself, with the end of its name (.xlsx, .csv, .txt).
        """
    )
    assert read_path(tmp_path / ("long" * 100)).startswith("F0")


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "list.txt").write_text("Ref")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert read_path(tmp_path / "list.txt") == said(
        """
        F02 list.txt
            It cannot be opened: it is open in another program, or you have no right to it.
            An Excel workbook (.xlsx) that opens.
            Close it where it is open, make sure that you may read it, and run again.
        """
    )


# --- What holds for every list

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).filter(lambda text: '"' not in text)


@settings(deadline=None)
@given(random=st.randoms(use_true_random=False), delimiter=st.sampled_from(["\t", ",", ";"]))
def test_the_order_of_columns_and_rows_changes_only_the_order(
    tmp_path_factory: pytest.TempPathFactory, random: Random, delimiter: str
) -> None:
    heading, *rows = [[f'"{field}"' for field in line] for line in cells(SMALL_LIST)]
    order = random.sample(range(4), 4)
    random.shuffle(rows)
    text = "\n".join(delimiter.join(row[column] for column in order) for row in (heading, *rows))
    listed = read(tmp_path_factory.mktemp("lists"), text)
    assert Counter(listed.split("\n")) == Counter(said(AS_READ).split("\n"))
    assert [line.split(" ")[0] for line in listed.split("\n")] == [row[0].strip('"') for row in rows]


@settings(deadline=None)
@given(
    lines=st.lists(st.lists(st.one_of(WORDS, st.sampled_from(['"', "Ref", "1", "KPI"])), max_size=6), max_size=6),
    headed=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-be", "cp1252"]),
)
def test_no_text_raises_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]], headed: bool, encoding: str
) -> None:
    heading = [["Ref", "Workstream", "", "KPI"]] if headed else []
    text = "\n".join("\t".join(line) for line in heading + lines)
    read(tmp_path_factory.mktemp("lists"), text.encode(encoding, "replace"))


@settings(deadline=None)
@given(content=st.binary(max_size=200), start=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"Ref\tArea\t\tKPI\n"]))
def test_no_bytes_raise_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, start: bytes
) -> None:
    read(tmp_path_factory.mktemp("lists"), start + content)
