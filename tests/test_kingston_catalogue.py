"""Kingston's reviewed catalogue for 2021/22: text and workbook are one, and hold what was published."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from sendkpi_xl.catalogue import load_catalogue
from sendkpi_xl.catalogue_text import catalogue_to_text
from sendkpi_xl.catalogue_writer import catalogue_workbook
from sendkpi_xl.fields import parse_number
from sendkpi_xl.model import Catalogue, Kpi, Life, Sign, Unit, Workstream
from tests.published import PublishedRow, published_rows

INPUTS = Path(__file__).parent.parent / "inputs"
ANNEX = INPUTS / "annex-2-kpis.txt"
TEXT, WORKBOOK = INPUTS / "kpi-catalogue.toml", INPUTS / "kpi-catalogue.xlsx"
YEAR = "2021-22"

PUBLISHED_LIST_SHA256 = "e047b5d09df122546d0ec91d70ef607d6c02212f0d5df95b52dbda066e424409"
CUT_OFF = "% of children and young people who are satisfied with their engagement in the annual review meeting for"
"""The title of the board's KPI 72 as printed: its end is missing."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue as its text has it."""
    return load_catalogue(TEXT)


def squeezed(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())


def annex_titles() -> dict[str, str]:
    """The published list's titles by ref: each KPI's line begins with its ref and ends with its title."""
    lines = [line.split("\t") for line in ANNEX.read_text(encoding="utf-8").splitlines()]
    return {fields[0].strip(): squeezed(fields[-1]) for fields in lines if fields[0].strip().isdigit()}


def parts(data: bytes) -> dict[str, bytes]:
    """A workbook's parts by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_text_and_workbook_hold_the_same_catalogue(catalogue: Catalogue) -> None:
    """What a reviewer reads in a diff is what the team edits in Excel."""
    assert load_catalogue(WORKBOOK) == catalogue


def test_text_is_as_the_product_writes_it(catalogue: Catalogue) -> None:
    """The text in the repository is the product's own, so that a change made in the workbook shows alone in a diff."""
    assert TEXT.read_text(encoding="utf-8") == catalogue_to_text(catalogue)


def test_workbook_is_as_the_product_writes_it_today(catalogue: Catalogue) -> None:
    """Part by part, the workbook in the repository is what the product makes from the text."""
    kept, made = parts(WORKBOOK.read_bytes()), parts(catalogue_workbook(catalogue))
    assert sorted(kept) == sorted(made)
    assert [name for name, part in made.items() if kept[name] != part] == []


def test_published_list_is_kept_as_it_was() -> None:
    """The list in inputs/ is the published one, byte for byte."""
    assert hashlib.sha256(ANNEX.read_bytes()).hexdigest() == PUBLISHED_LIST_SHA256


def test_size(catalogue: Catalogue) -> None:
    """127 KPIs: the list's 125 and two that the list lacks; the two that are still to be confirmed are proposed."""
    assert [kpi.id for kpi in catalogue.kpis] == [f"K{number:03d}" for number in range(1, 128)]
    assert Counter(kpi.life for kpi in catalogue.kpis) == {Life.LIVE: 125, Life.PROPOSED: 2}
    proposed = [kpi for kpi in catalogue.kpis if kpi.life is Life.PROPOSED]
    assert ["to be confirmed" in kpi.title for kpi in proposed] == [True, True]
    assert [kpi.id for kpi in catalogue.kpis if not kpi.ref] == ["K126", "K127"]


def test_workstreams_and_sub_areas(catalogue: Catalogue) -> None:
    """Six workstreams in the list's order, each with its sub-areas: 17 in all."""
    assert catalogue.workstreams == (
        Workstream("SEND Partnership Board", "SPB"),
        Workstream("WS 1: Participation, Engagement and Co-production", "WS1"),
        Workstream("WS 2 : Joint Commissioning", "WS2"),
        Workstream("WS 3 : Local Offer", "WS3"),
        Workstream("WS 4 : Early Intervention and Transitions", "WS4"),
        Workstream("WS 5 : Assessment and Planning", "WS5"),
    )
    pairs = {(kpi.workstream, kpi.sub_area) for kpi in catalogue.kpis}
    names = [workstream.name for workstream in catalogue.workstreams]
    assert Counter(names.index(workstream) for workstream, _ in pairs) == {0: 3, 1: 1, 2: 6, 3: 2, 4: 2, 5: 3}


def test_list_refs_and_titles(catalogue: Catalogue) -> None:
    """The list's refs are each there once, with the title that was published under it."""
    titles = annex_titles()
    assert len(titles) == 125
    assert {kpi.ref: squeezed(kpi.title) for kpi in catalogue.kpis if kpi.ref} == titles
    assert Counter(kpi.ref for kpi in catalogue.kpis if kpi.ref).most_common(1)[0][1] == 1


def test_board_refs_and_titles(catalogue: Catalogue) -> None:
    """The board's 72 refs are each there once, with the board's own title; the one that was cut off stands in full."""
    rows = published_rows()
    shown = {kpi.board_ref: squeezed(kpi.shown_title) for kpi in catalogue.kpis if kpi.board_ref}
    assert len(rows) == 72
    assert sorted(kpi.board_ref for kpi in catalogue.kpis if kpi.board_ref) == sorted(row.ref for row in rows)
    differing = {row.title: shown[row.ref] for row in rows if squeezed(row.title) != shown[row.ref]}
    assert differing == {CUT_OFF: f"{CUT_OFF} their EHC Plan"}


def test_board_titles_only_where_they_differ(catalogue: Catalogue) -> None:
    """A board title that repeats the list's would have to be changed twice."""
    assert [kpi.id for kpi in catalogue.kpis if kpi.board_title == kpi.title] == []


def test_units(catalogue: Catalogue) -> None:
    """A share is a percentage, a survey is a share, and money and averages are in whole pounds."""
    assert [kpi.id for kpi in catalogue.kpis if kpi.share and kpi.unit is not Unit.PERCENT] == []
    assert [kpi.id for kpi in catalogue.kpis if kpi.survey and not kpi.share] == []
    assert {kpi.decimals for kpi in catalogue.kpis if kpi.unit in (Unit.MONEY, Unit.AVERAGE)} == {0}


def test_everything_was_reviewed(catalogue: Catalogue) -> None:
    """Nothing is left for review, and every KPI has a section of the board's."""
    assert [kpi.id for kpi in catalogue.kpis if kpi.review] == []
    assert {kpi.section for kpi in catalogue.kpis} == set(catalogue.sections)


def test_every_live_kpi_has_its_year(catalogue: Catalogue) -> None:
    """Each live KPI has one row of targets, for 2021/22, and a proposed one has none."""
    years = {kpi.id: [goal.year for goal in kpi.goals] for kpi in catalogue.kpis}
    assert years == {kpi.id: [YEAR] if kpi.life is Life.LIVE else [] for kpi in catalogue.kpis}


def numbers_in(text: str) -> list[float | None]:
    """The figures that stand in a text: `55.63% (% registered …)` has one."""
    return [parse_number(figure) for figure in re.findall(r"[<-]*£?[0-9][0-9,.]*%?", text)]


def kept(number: float | None, words: str, published: str) -> bool:
    """Whether a published baseline or target is kept: as its number, or as its words with any number in them."""
    if words:
        return words == published and (number is None or number in numbers_in(published))
    return number == parse_number(published.lstrip("<")) if published else number is None


def by_board_ref(catalogue: Catalogue) -> dict[str, Kpi]:
    """The KPIs by their refs on the board's dataset."""
    return {kpi.board_ref: kpi for kpi in catalogue.kpis if kpi.board_ref}


@pytest.mark.parametrize("row", published_rows(), ids=lambda row: row.ref)
def test_baseline_and_target(catalogue: Catalogue, row: PublishedRow) -> None:
    """Each of the 72 baselines and targets is the published one: a number equal, or the words kept."""
    goal = by_board_ref(catalogue)[row.ref].goal(YEAR)
    assert kept(goal.baseline, goal.baseline_words, row.baseline)
    assert goal.target_sign is (Sign.UNDER if row.target.startswith("<") else Sign.AT)
    if row.ref == "75":  # printed without its % sign; the number is the percentage that was meant, the words are kept
        assert (goal.target, goal.target_words, row.target) == (0.0025, "0.25", "0.25")
    else:
        assert kept(goal.target, goal.target_words, row.target)


def test_which_published_figures_are_words(catalogue: Catalogue) -> None:
    """The baselines that were printed with words are these 13, each in the words of the dataset."""
    words = {kpi.board_ref: kpi.goal(YEAR).baseline_words for kpi in catalogue.kpis if kpi.goal(YEAR).baseline_words}
    assert words == {
        "37": "No baseline measure",
        "38": "no baseline measure - this is a new question",
        "40": "42 for full academic year 2020/21",
        "51": "189",
        "52": "55.63% (% registered with their local CC)",
        "53": "SEN Support: 67% (14/21)",
        "54": "SEN Support: 43% (9/21)",
        "55": "76% (65/85)",
        "56": "SEN Support: 58% EHCPs: 67%",
        "57": "SEN Support: 58% EHCPs: 67%",
        "59": "Primary 93% / Secondary 88%",
        "61": "SEND Partnership : 44%",
        "64": "32.9% based on SEND Dashboard KPI",
    }
