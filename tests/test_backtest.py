"""The back-test: computed ratings beside the published ones, with counts and what explains each difference."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sendkpi_xl.backtest import RATINGS, Backtest, backtest, unexplained
from sendkpi_xl.board import board_workbook
from sendkpi_xl.catalogue import load_catalogue, save_catalogue
from sendkpi_xl.files import write_whole
from sendkpi_xl.findings import Refusal
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.model import Catalogue, Life
from sendkpi_xl.moderated import Moderation, Override
from sendkpi_xl.moderating import moderated
from sendkpi_xl.moderation import moderation_workbook
from sendkpi_xl.published_ratings import PublishedRating, PublishedRatings, read_published
from sendkpi_xl.reading import Finding, Place, Rag, Severity
from sendkpi_xl.round import backtest_quarter, read_quarter, write_board
from tests.board_view import KINGSTON
from tests.board_view import Q1 as KINGSTON_Q1
from tests.fill_moderation import REASONS
from tests.small_round import Q1, override, small_folder, small_round
from tests.test_cli import Run, run
from tests.workbooks import lines, noticed

__all__ = ["run"]  # a fixture of the command line's tests

SMALL = """
    id | ref | section  | by  | title              | unit  | better           | target | Q1
    K1 | 1   | Places   | SCH | Places created     | count | higher is better | 42     | 41
    K2 | 2   | Places   | SCH | % of places filled | %     | higher is better | 90%    | 75% = 6 of 8
    K3 | 3   | Places   | SCH | Places lost        | count | lower is better  | 10     | 6
    K4 | 4   | Journeys | TRA | Journeys made      | count | higher is better | 10     | 6
    K5 |     | Journeys | TRA | Journeys planned   | count | higher is better | 10     | 12
    K6 | 6   | Journeys | TRA | Journeys late      | count | lower is better  | 10     | Data not yet available
    K7 | 7   | Journeys | TRA | Journeys shared    | count | higher is better | 10     | 9
    K8 | 8   | Journeys | TRA | Journeys saved     | count | higher is better |        | 5
    """
PUBLISHED = """
    Ref,Key Performance Indicator,RAG
    1,Places created,G
    2,% of places filled,R
    3,Places lost,A
    4,Journeys made,Green
    7,Journeys shared,R
    8,Journeys saved,
    9,Journeys forbidden,No rating
    """
SENTENCES = {
    "K3": "Green: 6 is below the target of 10, the right side of it.",
    "K4": "Red: 6 is 40.0% below the target of 10; amber ends at 25%.",
    "K5": "Green: 12 is above the target of 10, the right side of it.",
    "K7": "Amber: 9 is 10.0% below the target of 10; amber up to 25%.",
}
NO_OVERRIDE = "Not explained: no override in the moderation workbook."
LACKS = "Not explained: the override in the moderation workbook lacks a reason or a name, or has lapsed."
SAID = Override("K3", Rag.AMBER, "One of the six was a school.", "Jo", "")


def published(folder: WorkingFolder, text: str, name: str = "published-ratings.csv") -> None:
    """Save a text into the quarter's folder, as people save it out of Excel."""
    content = "".join(f"{line.strip()}\r\n" for line in text.strip().splitlines())
    write_whole(folder.returns(Q1) / name, content.encode("utf-8-sig"))


def small(root: Path, *overrides: Override) -> WorkingFolder:
    """The small round's folder, with these overrides, and K9, retired, in the catalogue."""
    folder = small_folder(root, SMALL)
    catalogue = load_catalogue(folder.catalogue)
    retired = replace(catalogue.kpis[3], id="K9", ref="9", board_ref="9", life=Life.RETIRED, title="Journeys forbidden")
    save_catalogue(replace(catalogue, kpis=(*catalogue.kpis, retired)), folder.catalogue)
    board, _ = read_quarter(folder, Q1)
    moderation = Moderation(overrides=overrides)
    write_whole(folder.moderation(Q1), moderation_workbook(moderated(board, moderation)))
    return folder


def result_of(folder: WorkingFolder) -> Backtest:
    return backtest_quarter(folder, Q1)[0]


def letter(rag: Rag | None) -> str:
    return rag.value if rag else "-"


def differing(result: Backtest) -> list[str]:
    """The differences as lines: ref, published, computed, whether it is explained, why."""
    return [
        " | ".join(
            (
                each.rated.kpi.board_ref,
                letter(each.published.rag),
                letter(each.rated.computed.rag),
                "explained" if each.explained else "open",
                each.why,
            )
        )
        for each in result.differences
    ]


def test_a_back_test_in_full(tmp_path: Path, run: Run) -> None:
    """Counts, agreement by section, each difference with why, and what has no counterpart; what is open is status 1."""
    published(small(tmp_path, SAID), PUBLISHED)
    ran = run("backtest", Q1.code)
    assert (ran.status, ran.err) == (1, "")
    said, findings = ran.out.split("Must fix: ", 1)
    assert said.splitlines() == [
        "Published ratings: inputs/2023-24-Q1/published-ratings.csv",
        "Published and computed ratings, 2023-24-Q1",
        "Published  Computed: Red  Computed: Amber  Computed: Green  Computed: No rating  In all",
        "Red                    1                1                0                    0       2",
        "Amber                  0                0                1                    0       1",
        "Green                  1                0                1                    0       2",
        "No rating              0                0                0                    1       1",
        "In all                 2                1                2                    1       6",
        "Agreement by section",
        "Section   Published  Computed the same  Differ",
        "Places            3                  2       1",
        "Journeys          3                  1       2",
        "3 of 6 computed ratings are the published ones; 3 differ.",
        "Computed ratings that are not the published ones",
        f"Ref  KPI              Published  Computed  {'How it was computed':58}  Why",
        f"3    Places lost      Amber      Green     {SENTENCES['K3']:58}  One of the six was a school.",
        f"4    Journeys made    Green      Red       {SENTENCES['K4']:58}  {NO_OVERRIDE}",
        f"7    Journeys shared  Red        Amber     {SENTENCES['K7']:58}  {NO_OVERRIDE}",
        "4 of 6 agreed ratings, after moderation, are the published ones.",
        "Agreed ratings that are not the published ones",
        "Ref  KPI              Published  Agreed  Why it was agreed",
        "4    Journeys made    Green      Red     As computed",
        "7    Journeys shared  Red        Amber   As computed",
        "Published, and not live",
        "Ref  KPI                 Life     Published",
        "9    Journeys forbidden  retired  No rating",
        "1 published KPI is not live, and not compared.",
        "Computed, and not published",
        "Ref  KPI               Computed  How it was computed",
        f"K5   Journeys planned  Green     {SENTENCES['K5']}",
        "1 live KPI is rated, and not published.",
        "1 live KPI is neither rated nor published: K6.",
    ]
    assert findings.splitlines()[:3] == [
        "published-ratings.csv, sheet published-ratings, C5 (K4)",
        "  The published rating is Green, the computed one Red, and nothing says why. Expected: The same rating, or an "
        "override with the published one, a reason and a name.",
        "  Run sendkpi moderate 2023-24-Q1 and say there why, or mend the figure, its target or the policy. [B01]",
    ]


def test_a_back_test_as_json(tmp_path: Path, run: Run) -> None:
    """The same facts for machines: letters for ratings, null for none."""
    published(small(tmp_path, SAID), PUBLISHED)
    ran = run("backtest", Q1.code, "--json")
    assert ran.status == 1
    facts = ran.facts
    assert [(each["code"], each["subject"]) for each in facts.pop("findings")] == [
        ("B01", "K4"),
        ("B01", "K7"),
        ("K01", "K5"),
    ]
    k3, k4, k7 = (
        {"kpi": kpi_id, "ref": kpi_id[1:], "title": title, "published": rating}
        for kpi_id, title, rating in (
            ("K3", "Places lost", "A"),
            ("K4", "Journeys made", "G"),
            ("K7", "Journeys shared", "R"),
        )
    )
    reason = "One of the six was a school."
    assert facts == {
        "exit_status": 1,
        "period": "2023-24-Q1",
        "published_in": "inputs/2023-24-Q1/published-ratings.csv",
        "compared": 6,
        "same": 3,
        "counts": {
            "R": {"R": 1, "A": 1, "G": 0, "No rating": 0},
            "A": {"R": 0, "A": 0, "G": 1, "No rating": 0},
            "G": {"R": 1, "A": 0, "G": 1, "No rating": 0},
            "No rating": {"R": 0, "A": 0, "G": 0, "No rating": 1},
        },
        "sections": [
            {"section": "Places", "compared": 3, "same": 2},
            {"section": "Journeys", "compared": 3, "same": 1},
        ],
        "differences": [
            {**k3, "computed": "G", "because": SENTENCES["K3"], "explained": True, "why": reason},
            {**k4, "computed": "R", "because": SENTENCES["K4"], "explained": False, "why": NO_OVERRIDE},
            {**k7, "computed": "A", "because": SENTENCES["K7"], "explained": False, "why": NO_OVERRIDE},
        ],
        "agreed_differences": [
            {**k4, "agreed": "R", "why": "As computed"},
            {**k7, "agreed": "A", "why": "As computed"},
        ],
        "not_live": [
            {"kpi": "K9", "ref": "9", "title": "Journeys forbidden", "life": "retired", "published": None},
        ],
        "not_published": [
            {
                "kpi": "K6",
                "ref": "6",
                "title": "Journeys late",
                "computed": None,
                "because": "Not rated: no value was reported.",
            },
            {"kpi": "K5", "ref": "", "title": "Journeys planned", "computed": "G", "because": SENTENCES["K5"]},
        ],
    }


def test_a_back_test_in_which_all_is_explained(tmp_path: Path, run: Run) -> None:
    """Status 0, also when ratings differ, as long as an override says why each does; one alone `differs`."""
    published(small(tmp_path, SAID), "Ref,RAG\n1,G\n3,A")
    ran = run("backtest", Q1.code)
    assert (ran.status, ran.err) == (0, "")
    assert "\n1 of 2 computed ratings are the published ones; 1 differs.\n" in ran.out
    assert "\n2 of 2 agreed ratings, after moderation, are the published ones.\n" in ran.out
    assert "\n0 published KPIs are not live, and not compared.\n" in ran.out
    assert "[B01]" not in ran.out


def test_a_back_test_without_a_difference_lists_none(tmp_path: Path, run: Run) -> None:
    """Where the policy gives what was published there are counts and no lists, and the status is 0."""
    published(small(tmp_path), "Ref,RAG\n1,G\n2,R\n3,G\n4,R\n6,\n7,A\n8,")
    ran = run("backtest", Q1.code)
    assert ran.status == 0
    assert "\n7 of 7 computed ratings are the published ones; 0 differ.\n" in ran.out
    assert "that are not the published ones\n" not in ran.out


# --- What explains a difference -----------------------------------------------------------------------------------


def compared_with(moderation: Moderation, ratings: Sequence[tuple[str, Rag | None]]) -> Backtest:
    """The small round, with this moderation, held against published ratings that are given by KPI id."""
    board = small_round(SMALL).board(moderation)
    kpis = {kpi.id: kpi for kpi in board.catalogue.kpis}
    given = tuple(PublishedRating(kpis[kpi_id], rag, Place("p.csv", "p", "B2")) for kpi_id, rag in ratings)
    return backtest(Q1, PublishedRatings(Path("p.csv"), given), board.now, moderation)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ([SAID], "explained | One of the six was a school."),
        ([], "open | Not explained: no override in the moderation workbook."),
        ([override("K4", "A", "Another KPI.", "Jo")], "open | Not explained: no override in the moderation workbook."),
        (
            [override("K3", "R", "So bad.", "Jo")],
            "open | Not explained: the override in the moderation workbook says Red.",
        ),
        (
            [override("K3", "No rating", "Too few.", "Jo")],
            "open | Not explained: the override in the moderation workbook says No rating.",
        ),
        ([override("K3", "A", "", "Jo")], f"open | {LACKS}"),
        ([override("K3", "A", "A school.", "")], f"open | {LACKS}"),
        ([override("K3", "A", "A school.", "Jo", "2022-23-Q4")], f"open | {LACKS}"),
        ([override("K3", "A", "A school.", "Jo", "2023-24-Q1")], "explained | A school."),
    ],
)
def test_an_override_explains_the_rating_that_it_agrees(said: list[Override], outcome: str) -> None:
    """An override that holds and agrees what was published explains a difference; nothing else does."""
    result = compared_with(Moderation(overrides=tuple(said)), [("K1", Rag.GREEN), ("K3", Rag.AMBER)])
    assert differing(result) == [f"3 | A | G | {outcome}"]
    assert noticed(unexplained(result)) == (
        []
        if outcome.startswith("explained")
        else [
            "B01 | B2 | The published rating is Amber, the computed one Green, and nothing says why. | Run sendkpi "
            "moderate 2023-24-Q1 and say there why, or mend the figure, its target or the policy."
        ]
    )


def test_an_agreed_rating_may_leave_a_published_one_that_was_computed() -> None:
    """Where the policy agrees with what was published and people do not, only the agreed ratings differ."""
    moderation = Moderation(overrides=(override("K1", "R", "A late correction.", "Jo"),))
    result = compared_with(moderation, [("K1", Rag.GREEN)])
    assert (differing(result), list(unexplained(result))) == ([], [])
    assert [(each.rated.kpi.id, each.rated.agreed) for each in result.agreed_differences] == [("K1", Rag.RED)]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([f"K{number}" for number in range(1, 9)]), st.sampled_from(RATINGS)))
def test_every_kpi_is_counted_once(ratings: dict[str, Rag | None]) -> None:
    """Whatever was published: the counts, the sections and the lists add up to the published and the live KPIs."""
    result = compared_with(Moderation(), list(ratings.items()))
    total = len(ratings)
    counts = result.counts()
    assert sum(sum(row.values()) for row in counts.values()) == len(result.compared) == total
    assert sum(counts[rag][rag] for rag in RATINGS) == total - len(result.differences)
    assert {rag: sum(counts[rag].values()) for rag in RATINGS} == {
        rag: list(ratings.values()).count(rag) for rag in RATINGS
    }
    sections = result.sections().values()
    assert (sum(same for same, _ in sections), sum(of for _, of in sections)) == (
        total - len(result.differences),
        total,
    )
    assert len(result.not_published) + total == 8


# --- Reading the file ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The small round's catalogue, with a retired K9, another that had ref 2, and two whose refs have a letter."""
    drawn = small_round(SMALL).catalogue
    first = drawn.kpis[0]
    more = [
        replace(first, id="K9", board_ref="9", life=Life.RETIRED),
        replace(first, id="K12", board_ref="2", life=Life.RETIRED),
        replace(first, id="K13", board_ref="13A"),
        replace(first, id="K14", board_ref="14b"),
    ]
    return replace(drawn, kpis=(*drawn.kpis, *more))


def reading(root: Path, catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """What is read of the published ratings: KPI, rating and cell of each, and what was noticed."""
    read = read_published(WorkingFolder(root), catalogue, Q1, [])
    return [f"{each.kpi.id} {letter(each.rag)} {each.place.cell}" for each in read.ratings], noticed(read.findings)


@pytest.mark.parametrize(
    "text",
    [
        "Ref,RAG\n1,G\n2,R\n3,",
        "Ref;RAG\n1;G\n2;R\n3;",
        "Ref\tRAG\n1\tG\n2\tR\n3\t",
        "Board ref,Rating\n1,green\n2,RED\n3,No rating",
        "KPI id,RAG rating\nK1,Green\nk2,r\nK3,no rating",
        "No.,Published rating\n1, G \n2,Red\n3, ",
    ],
)
def test_the_file_is_read_by_its_headings(text: str, catalogue: Catalogue, tmp_path: Path) -> None:
    """Commas, semicolons or tabs; refs or KPI ids; letters or words; an empty cell and `No rating` are a blank."""
    published(WorkingFolder(tmp_path), text)
    assert reading(tmp_path, catalogue) == (["K1 G B2", "K2 R B3", "K3 - B4"], [])


def test_columns_and_lines_of_peoples_own_do_not_matter(catalogue: Catalogue, tmp_path: Path) -> None:
    """Titles above, other columns between, and the order of columns: the headings say where ratings stand."""
    published(WorkingFolder(tmp_path), "Sandford Board,,,\n,,,\nRAG,Comment,KPI id,Ref\nA,late,K5,\nG,,,1\nR,,K2,2")
    assert reading(tmp_path, catalogue) == (["K5 A A4", "K1 G A5", "K2 R A6"], [])


def test_a_retired_kpi_is_known_by_its_ref(catalogue: Catalogue, tmp_path: Path) -> None:
    """A ref, in capitals or not, stands for the live KPI that has it, else for one that had it."""
    published(WorkingFolder(tmp_path), "Ref,RAG\n9,G\n2,A\n13a,R\n14B,G")
    assert reading(tmp_path, catalogue) == (["K9 G B2", "K2 A B3", "K13 R B4", "K14 G B5"], [])


def test_the_files_name_may_be_in_capitals_and_is_no_folders(catalogue: Catalogue, tmp_path: Path) -> None:
    """The file is found as some programs spell it; a folder that is called so is none."""
    folder = WorkingFolder(tmp_path)
    (folder.returns(Q1) / "published-ratings.xlsx").mkdir(parents=True)
    published(folder, "Ref,RAG\n1,G", "Published-Ratings.CSV")
    assert reading(tmp_path, catalogue) == (["K1 G B2"], [])


@pytest.mark.parametrize(
    ("text", "ratings", "told"),
    [
        (
            "Ref,RAG\n99,G\n1,G",
            ["K1 G B3"],
            "B03 | A2 | “99” is the ref or id of no KPI in the catalogue. | Correct it here or in the catalogue; until "
            "then this row is not compared.",
        ),
        (
            "KPI id,RAG\nK99,G",
            [],
            "B03 | A2 | “K99” is the ref or id of no KPI in the catalogue. | Correct it here or in the catalogue; "
            "until then this row is not compared.",
        ),
        (
            "Ref,KPI id,RAG\n1,K2,G",
            [],
            "B03 | A2 | “1” and “K2” are not one KPI in the catalogue. | Correct it here or in the catalogue; until "
            "then this row is not compared.",
        ),
        (
            "Ref,RAG\n1,B\n2,R",
            ["K2 R B3"],
            "B02 | B2 | “B” is no rating. | Correct it; until then this KPI counts as not published.",
        ),
        (
            "Ref,RAG\n1,G\n1,G",
            ["K1 G B2"],
            "T06 | A3 | 1 is here again; it stands already in published-ratings.csv, sheet published-ratings, A2. | "
            "Delete one of the two rows, or correct its id.",
        ),
        (
            "Ref,KPI id,RAG\n1,,G\n,K1,R",
            ["K1 G C2"],
            "T06 | B3 | K1 is here again; it stands already in published-ratings.csv, sheet published-ratings, A2. | "
            "Delete one of the two rows, or correct its id.",
        ),
        ("Ref,RAG\n,G\n2,R", ["K2 R B3"], "T05 | A2 | The cell is empty. | Fill it in."),
        ("Ref,KPI id,RAG\n,,G", [], "T05 | B2 | The cell is empty. | Fill it in."),
    ],
)
def test_a_row_that_does_not_count_is_told(
    text: str, ratings: list[str], told: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    """Unknown refs, letters that are no rating, KPIs twice and rows without a name; the other rows count."""
    published(WorkingFolder(tmp_path), text)
    assert reading(tmp_path, catalogue) == (ratings, [told])


def workbook(folder: WorkingFolder, rows: Sequence[tuple[str | int | None, ...]]) -> None:
    """Save these rows as the workbook of published ratings."""
    book = openpyxl.Workbook()
    for row in rows:
        book["Sheet"].append(row)
    folder.returns(Q1).mkdir(parents=True)
    book.save(folder.returns(Q1) / "published-ratings.xlsx")


def test_a_workbook_is_read_as_well(catalogue: Catalogue, tmp_path: Path) -> None:
    """Refs may be numbers there; a cell that shows an error, or a formula without its result, is no blank."""
    workbook(WorkingFolder(tmp_path), [("Ref", "RAG"), (1, "G"), (2, None), (3, "#N/A"), (4, '=UPPER("g")')])
    assert reading(tmp_path, catalogue) == (
        ["K1 G B2", "K2 - B3"],
        [
            "C02 | B4 | The cell shows #N/A. | Type over it, or mend the formula.",
            "C03 | B5 | The cell holds a formula that has no saved result. | Open the workbook in Excel, let it "
            "calculate, save it, and send it again.",
        ],
    )


def test_a_ref_that_is_an_error_is_told(catalogue: Catalogue, tmp_path: Path) -> None:
    """A row whose ref cannot be read is a finding, and its rating belongs to nobody."""
    workbook(WorkingFolder(tmp_path), [("Ref", "RAG"), ("#REF!", "G")])
    assert reading(tmp_path, catalogue) == (
        [],
        ["C02 | A2 | The cell shows #REF!. | Type over it, or mend the formula."],
    )


def test_a_board_workbook_will_do(tmp_path: Path) -> None:
    """A copy of the board workbook under the file's name is read by its sheet Dataset; its agreed ratings count."""
    folder = small(tmp_path, SAID)
    board, _ = read_quarter(folder, Q1)
    without_new = replace(board, quarters={Q1: [each for each in board.now if each.kpi.board_ref]})
    write_whole(folder.returns(Q1) / "published-ratings.xlsx", board_workbook(without_new))
    assert differing(result_of(folder)) == ["3 | A | G | explained | One of the six was a school."]


# --- Where published ratings come from ----------------------------------------------------------------------------


def refusal(folder: WorkingFolder, catalogue: Catalogue) -> list[str]:
    with pytest.raises(Refusal) as caught:
        read_published(folder, catalogue, Q1, [])
    return [f"{each.code} | {each.place} | {each.found} | {each.expected}" for each in caught.value.findings]


def test_what_was_written_last_counts_where_there_is_no_file(tmp_path: Path) -> None:
    """The agreed ratings of readings.csv, for the KPIs of the dataset; the file of people's own goes before them."""
    folder = small(tmp_path, SAID)
    write_board(folder, Q1)
    result = result_of(folder)
    assert result.source == str(folder.readings(Q1))
    assert differing(result) == ["3 | A | G | explained | One of the six was a school."]
    assert [each.rated.kpi.id for each in result.compared] == ["K1", "K2", "K3", "K4", "K7", "K8", "K5"]
    assert [each.kpi.id for each in result.not_published] == ["K6"]
    published(folder, "Ref,RAG\n1,G")
    assert [each.rated.kpi.id for each in result_of(folder).compared] == ["K1"]


def test_nothing_published_is_refused_with_what_to_put_where(tmp_path: Path, run: Run) -> None:
    """Without the file and without outputs, status 2: the file's name, its columns, and the other way."""
    small(tmp_path)
    ran = run("backtest", Q1.code)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        "Must fix: inputs/2023-24-Q1\n"
        "  There is no list of published ratings here. Expected: inputs/2023-24-Q1/published-ratings.csv, a row for "
        "each published KPI, with the columns Ref and RAG.\n"
        "  Put the ratings there as they were published; or write them with sendkpi board 2023-24-Q1. [F01]\n"
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"period,kpi_id\r\n2023-24-Q1,K1\r\n",
        b"period,agreed_rating\r\n2023-24-Q1,G\r\n",
        b"period,kpi_id,agreed_rating\r\n2022-23-Q1,K1,G\r\n",
    ],
)
def test_what_is_no_tidy_data_of_the_quarter_was_not_published(
    data: bytes, catalogue: Catalogue, tmp_path: Path
) -> None:
    """Something else under the name of the data, or the data of other quarters, has no ratings of this one."""
    folder = WorkingFolder(tmp_path)
    write_whole(folder.readings(Q1), data)
    assert refusal(folder, catalogue)[0].startswith("F01 | ")


def test_data_that_cannot_be_opened_is_told(catalogue: Catalogue, tmp_path: Path) -> None:
    """A folder under the name of the data is no reason to say that nothing was published."""
    folder = WorkingFolder(tmp_path)
    folder.readings(Q1).mkdir(parents=True)
    assert refusal(folder, catalogue)[0].startswith(f"F02 | {folder.readings(Q1)} | It cannot be opened: ")


def test_one_file_of_published_ratings(catalogue: Catalogue, tmp_path: Path) -> None:
    """Two of them are refused: nobody could say which one counts."""
    folder = WorkingFolder(tmp_path)
    workbook(folder, [("Ref", "RAG"), (1, "G")])
    published(folder, "Ref,RAG\n1,G")
    assert refusal(folder, catalogue) == [
        f"T09 | {folder.returns(Q1)} | There are two files of published ratings here: published-ratings.csv and "
        "published-ratings.xlsx. | One file of published ratings."
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Ref,Colour\n1,G",
            "T01 | published-ratings.csv, sheet published-ratings, row 1 | No column “RAG”; the headings seen are: "
            "“Ref”, “Colour”. | A column headed “RAG” (or “Rating”, “RAG rating”, “Published rating”).",
        ),
        (
            "Name,RAG\nPlaces,G",
            "T01 | published-ratings.csv, sheet published-ratings, row 1 | No column “Ref”; the headings seen are: "
            "“Name”, “RAG”. | A column headed “Ref” (or “Board ref”, “No.”, “No”).",
        ),
        (
            "Ref,RAG,RAG\n1,G,G",
            "T02 | published-ratings.csv, sheet published-ratings, row 1 | Two columns are headed “RAG”: B1, C1. | "
            "Each heading once.",
        ),
        (
            "Ref,RAG",
            "F01 | published-ratings.csv | There is no published rating here. | A row for each published KPI: its ref "
            "and its rating.",
        ),
    ],
)
def test_a_file_without_the_ratings_is_refused(text: str, told: str, catalogue: Catalogue, tmp_path: Path) -> None:
    """A missing or doubled heading is named with what was seen; a file without a row is none."""
    published(WorkingFolder(tmp_path), text)
    assert refusal(WorkingFolder(tmp_path), catalogue) == [told]


def test_what_is_said_of_a_text_file_is_said_of_its_columns(catalogue: Catalogue, tmp_path: Path) -> None:
    """Where nothing fits, the headings are quoted as they stand between the commas."""
    published(WorkingFolder(tmp_path), "Name,Colour\nPlaces,G")
    assert [told.split(" | ")[2] for told in refusal(WorkingFolder(tmp_path), catalogue)] == [
        "No column “Ref”; the headings seen are: “Name”, “Colour”.",
        "No column “RAG”; the headings seen are: “Name”, “Colour”.",
    ]


def test_two_sheets_of_ratings_are_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    """Which of them was published only people know; a hidden one is passed over."""
    folder = WorkingFolder(tmp_path)
    workbook(folder, [("Ref", "RAG"), (1, "G")])
    path = folder.returns(Q1) / "published-ratings.xlsx"
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["Sheet"]).title = "Draft"
    book.save(path)
    assert refusal(folder, catalogue) == [
        "T09 | published-ratings.xlsx | More than one sheet has the headings of published ratings: “Sheet”, “Draft”. | "
        "One sheet with the list."
    ]
    book["Draft"].sheet_state = "hidden"
    book.save(path)
    assert reading(tmp_path, catalogue) == (["K1 G B2"], [])


# --- The real quarter ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kingston() -> tuple[Backtest, tuple[Finding, ...]]:
    """The repository's own quarter, held against what was published."""
    return backtest_quarter(KINGSTON, KINGSTON_Q1)


def test_62_of_the_72_published_ratings_are_computed(kingston: tuple[Backtest, tuple[Finding, ...]]) -> None:
    """The policy alone gives 62 of the 72 published ratings, and all of them after moderation; none is left out."""
    result, findings = kingston
    assert (len(result.compared), len(result.differences), result.not_live) == (72, 10, ())
    assert result.agreed_differences == ()
    counts = {
        letter(rag): {letter(other): number for other, number in row.items()} for rag, row in result.counts().items()
    }
    assert counts == {
        "R": {"R": 4, "A": 0, "G": 0, "-": 1},
        "A": {"R": 2, "A": 31, "G": 1, "-": 2},
        "G": {"R": 0, "A": 1, "G": 21, "-": 2},
        "-": {"R": 0, "A": 0, "G": 1, "-": 6},
    }
    assert [each.kpi.id for each in result.not_published if each.computed.rag] == []
    assert len(result.not_published) == 125 - 72
    assert [each.code for each in findings if each.severity is Severity.MUST_FIX] == []


def test_each_of_kingstons_ten_differences_is_explained(kingston: tuple[Backtest, tuple[Finding, ...]]) -> None:
    """Each of the ten has the reason that stands in the moderation workbook."""
    ratings = lines("""
        14 | A | R
        26 | A | R
        29 | G | -
        31 | G | A
        32 | A | -
        33 | A | -
        51 | R | -
        59 | G | -
        65 | - | G
        75 | A | G
    """)
    assert differing(kingston[0]) == [f"{line} | explained | {REASONS[line.split(' ')[0]]}" for line in ratings]
