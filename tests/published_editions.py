"""All publish editions of a made-up world as files, and what an attacker works out who has every one of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, islice
from pathlib import Path

from sendkpi_xl.board_files import board_files
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.model import Kpi, Profile
from sendkpi_xl.published_board import ForPublication, for_publication
from sendkpi_xl.quarter import Board
from sendkpi_xl.rating import Standard, rate, standard_for
from sendkpi_xl.reading import Rag, Status
from sendkpi_xl.suppression import Suppressed, suppressed_cells
from tests.board_view import opened, sheet_of, table_of
from tests.made_up_worlds import COUNTED, LAST_YEAR, SUMS, YEARS, Numbers, World, percent
from tests.published_attack import Puzzle, Shown, Sum, reader_sees, shown_as

WINDOW = 8
"""The attacker looks no further than this from the true number: with fewer numbers to choose from, more is told."""
FEW = 5
GROWING = (*(f"{kpi_id} {{}}" for kpi_id in (*COUNTED, *SUMS)), "K9 {} in", "K9 {} out", "K9 {} all")
FOLDER = WorkingFolder(Path("nowhere"))


@dataclass(frozen=True)
class Editions:
    """What was published of a world, quarter by quarter; `decided` is what each edition withholds, else its own say."""

    world: World
    decided: Sequence[Suppressed] = ()

    @cached_property
    def worlds(self) -> list[World]:
        """The world as it was at the end of each quarter."""
        quarters = self.world.frame.quarters
        ends = [quarters[: number + 1] for number in range(len(quarters))]
        return [World(replace(self.world.frame, quarters=each), self.world.numbers) for each in ends]

    @cached_property
    def suppressed(self) -> Sequence[Suppressed]:
        """What each edition withholds."""
        boards = (each.board for each in self.worlds)
        return self.decided or [suppressed_cells(board.catalogue, board.known) for board in boards]

    @cached_property
    def made(self) -> list[ForPublication]:
        """The records of each."""
        return [for_publication(each.board, cells) for each, cells in zip(self.worlds, self.suppressed, strict=True)]

    @cached_property
    def files(self) -> list[Mapping[str, bytes]]:
        """The files of each, by name."""
        return [files_of(each.board) for each in self.made]

    def looks_like(self, other: Editions) -> bool:
        """Whether all that was published is the same: every edition's records, and every byte of the last one's files.

        The records are looked at first, which is quicker; files are made of them alone.
        """
        records = all(one.board == another.board for one, another in zip(self.made, other.made, strict=True))
        return records and files_of(self.made[-1].board) == other.files[-1]


def files_of(board: Board) -> Mapping[str, bytes]:
    """The files of a board's edition, by name."""
    made = board_files(FOLDER, board, pdf=False, tell=print).contents
    return {path.name: data for path, data in made.items()}


@dataclass
class Seen:
    """The figures, ratings and comments that stand in the files, where one figure is the same wherever it stands."""

    figures: dict[str, float] = field(default_factory=dict)
    letters: dict[tuple[str, str], str] = field(default_factory=dict)
    comments: dict[tuple[str, str], str] = field(default_factory=dict)

    def note(self, name: str, figure: object) -> None:
        """A figure that stands somewhere; words and empty cells are none."""
        if isinstance(figure, int | float):
            assert self.figures.setdefault(name, float(figure)) == float(figure), f"{name} stands as {figure} as well"


def seen_in(files: Iterable[Mapping[str, bytes]]) -> Seen:
    """What the workbooks and the tidy data of these editions say."""
    seen = Seen()
    for each in files:
        for row in csv.DictReader(io.StringIO(each["readings.csv"].decode("utf-8-sig"))):
            _note_row(seen, row)
        _note_workbook(seen, each["board-dataset-publish.xlsx"])
    return seen


def _note_row(seen: Seen, row: Mapping[str, str]) -> None:
    kpi_id, when = row["kpi_id"], row["period"]
    for suffix, column in (("", "value"), (" numerator", "numerator"), (" denominator", "denominator")):
        seen.note(f"{kpi_id} {when}{suffix}", float(row[column]) if row[column] else None)
    seen.note(f"{kpi_id} {when[:7]}", float(row["baseline"]) if row["baseline"] else None)
    if divisor := {"K6": "K3", "K8": "K1"}.get(kpi_id) if row["status"] == Status.BLANK else "":
        seen.note(f"{divisor} {when}", 0.0)  # nothing can be divided by nobody
    seen.letters[kpi_id, when] = row["computed_rating"]
    seen.comments[kpi_id, when] = row["comment"]


def _note_workbook(seen: Seen, data: bytes) -> None:
    """Baselines and quarters on Dataset, and the points of the charts, which know the year before as well."""
    book = opened(data, results=True)
    rows = table_of(sheet_of(book, "Dataset"))
    code = str(sheet_of(book, "Dataset")["A4"].value).split(" | ")[1]
    for line in rows:
        kpi_id = f"K{line['Ref'].value}"
        for heading, cell in line.items():
            if re.fullmatch(r"Q[1-4]", heading):
                seen.note(f"{kpi_id} {code[:8]}{heading}", cell.value)
            if heading.startswith("Baseline"):
                seen.note(f"{kpi_id} {code[:7]}", cell.value)
    for line in table_of(sheet_of(book, "Trends")) if "Trends" in book.sheetnames else ():
        if point := re.fullmatch(r"(Q\d) (\d\d)/(\d\d)", str(line["When"].value)):
            seen.note(f"K{line['Ref'].value} 20{point[2]}-{point[3]}-{point[1]}", line["Figure"].value)


class Attack:
    """The puzzle that the files leave of a world's numbers, and the names of those that must not be told."""

    def __init__(self, world: World, seen: Seen) -> None:
        self.world, self.seen = world, seen
        self.puzzle = Puzzle()
        self.keep: list[str] = []
        self.cells: set[str] = set()
        self.true: dict[str, int] = {}
        if world.frame.goes_on:
            ended = {kpi_id: seen.figures.get(f"{kpi_id} {LAST_YEAR.code}") for kpi_id in (*COUNTED, *SUMS)}
            seen.figures |= {f"{kpi_id} {YEARS[1]}": figure for kpi_id, figure in ended.items() if figure is not None}
        for year in YEARS:
            if any(period.year == year for period in world.frame.quarters) and world.baseline("K1", year) is not None:
                self._add_counts(year, baseline=True)
        for period in world.frame.quarters:
            self._add_counts(period.code)
            self._add_share(period.code)
            self._add_words(period.code)
            self._add_reckoned(period.code)
            self._add_ratings(period.code)
        self._add_growth()
        if world.frame.goes_on and f"K1 {YEARS[1]}" in self.true and f"K1 {LAST_YEAR.code}" in self.true:
            for kpi_id in (*COUNTED, *SUMS):
                self._sum({f"{kpi_id} {YEARS[1]}": 1, f"{kpi_id} {LAST_YEAR.code}": -1})

    def worlds_without(self, name: str) -> Iterator[World]:
        """Worlds that keep to all that the attacker knows and in which this number is another one."""
        for found in self.puzzle.others(name, self.true[name]):
            numbers = {each: found.get(each, number) for each, number in self.world.numbers.items()}
            yield World(self.world.frame, numbers | self._said(numbers, found))

    def _said(self, numbers: Numbers, found: Numbers) -> dict[str, int]:
        """What K10's comments say in another world: K2's number still, where anybody could know that it is.

        Where K2 is shown, and the comment is not, they say what it is there that this world has a number of.
        """
        now = {self.true[name]: number for name, number in found.items() if name in self.cells}
        said = {}
        for period in self.world.frame.quarters:
            name = f"K10 {period.code} said"
            shown = f"K2 {period.code}" in self.seen.figures
            hidden = "[c]" in self.seen.comments.get(("K10", period.code), "")
            was = numbers[name]
            said[name] = (now.get(was, was) if hidden else was) if shown else numbers[f"K2 {period.code}"]
        return said

    def number(self, name: str) -> int:
        """What a number is in this world."""
        return self.true[name]

    def _place(self, name: str, true: float, shown: str = "", *, cell: bool = True) -> None:
        """A number with what it may be: itself where it is shown, few where it is few; and whether it is to be kept.

        One that is no `cell` of its own is kept only if it is few.
        """
        figure, few = self.seen.figures.get(shown or name) if cell else None, 0 < true < FEW
        self.true[name] = int(true)
        near = range(max(0, int(true) - WINDOW), int(true) + WINDOW + 1)
        tried = [number for number in near if not (few and cell) or 0 < number < FEW]
        self.puzzle.ranges[name] = sorted(tried, key=lambda number: abs(number - true))
        if figure is not None:
            assert not few, f"{name} is shown"
            self.puzzle.ranges[name] = [int(figure)]
        elif cell or few:
            self.keep.append(name)
            self.cells |= {name} if cell else set()

    def _sum(self, parts: Mapping[str, int], total: int = 0) -> None:
        self.puzzle.rules.append(Sum(parts, total))

    def _add_counts(self, when: str, *, baseline: bool = False) -> None:
        for kpi_id in (*COUNTED, *SUMS):
            true = self.world.baseline(kpi_id, when) if baseline else self.world.count(kpi_id, when)
            assert true is not None
            self._place(f"{kpi_id} {when}", true)
        self._sum({f"K1 {when}": 1, f"K2 {when}": 1, f"K3 {when}": -1})
        self._sum({f"K3 {when}": 1, f"K4 {when}": 1, f"K5 {when}": -1})

    def _add_share(self, when: str) -> None:
        """Those in the share, those not in it, all."""
        inside, out = (self.world.numbers[f"K9 {when} {part}"] for part in ("in", "out"))
        whole, value = f"K9 {when} all", self.seen.figures.get(f"K9 {when}")
        if not inside + out:  # no cases, which is told and tells of nobody
            self.seen.figures |= {f"K9 {when} numerator": 0.0, f"K9 {when} denominator": 0.0}
        self._place(f"K9 {when} in", inside, f"K9 {when} numerator")
        self._place(whole, inside + out, f"K9 {when} denominator")
        self._place(f"K9 {when} out", out, cell=False)
        self._sum({f"K9 {when} in": 1, f"K9 {when} out": 1, whole: -1})
        if value is not None:
            self._shown((f"K9 {when} in", whole), value)

    def _shown(self, parts: tuple[str, str], value: float) -> None:
        seen = shown_as(value, 3)
        self.puzzle.rules.append(Shown(parts, lambda part, whole: reader_sees(part, whole, 3) == seen))

    def _add_reckoned(self, when: str) -> None:
        """A share and an average of two KPIs, with their parts where they were returned."""
        figures, first = self.seen.figures, f"K1 {when}"
        if (share := figures.get(f"K6 {when}")) is not None:
            self._shown((first, f"K3 {when}"), share)
        if (cost := figures.get(f"K8 {when}")) is not None:
            spend, shown = self.world.frame.spend, shown_as(cost, 0)
            self.puzzle.rules.append(Shown((first,), lambda count: reader_sees(spend, count, 0) == shown))
        for name, same in (("K6", first), ("K8", "")):
            if same and (figure := figures.get(f"{name} {when} numerator")) is not None:
                self._sum({same: 1}, int(figure))
        for name, same in (("K6", f"K3 {when}"), ("K8", first)):
            if (figure := figures.get(f"{name} {when} denominator")) is not None:
                self._sum({same: 1}, int(figure))

    def _add_words(self, when: str) -> None:
        """What the comments still say: of how many boys and girls, of another KPI, of a share."""
        first, said = f"K1 {when}", {kpi_id: text for (kpi_id, at), text in self.seen.comments.items() if at == when}
        boys = self.world.numbers[f"{first} boys"]
        self._place(f"{first} boys", boys, cell=False)
        self._place(f"{first} girls", self.world.count("K1", when) - boys, cell=False)
        self._sum({f"{first} boys": 1, f"{first} girls": 1, first: -1})
        for name, pattern, kpi_id in (
            (f"{first} boys", r"(\d+) boys", "K1"),
            (f"{first} girls", r"(\d+) girls", "K1"),
            (first, r"KPI 1 had (\d+)", "K2"),
            (first, r"(\d+) cost", "K7"),
            (f"K2 {when}", r"list has (\d+)", "K10"),
            (f"K9 {when} in", r"(\d+) out of", "K9"),
            (f"K9 {when} all", r"out of (\d+)", "K9"),
        ):
            if number := re.search(pattern, said.get(kpi_id, "")):
                self._sum({name: 1}, int(number[1]))
        if share := re.match(r"[\d.]+%", said.get("K3", "")):
            self.puzzle.rules.append(Shown((f"K2 {when}", f"K3 {when}"), lambda *both: percent(*both) == share[0]))

    def _add_ratings(self, when: str) -> None:
        """A letter that is shown beside a figure that is not is that of the figure."""
        board = self.world.board
        for period, rated in board.known.items():
            for each in rated if period.code == when else ():
                letter, name = self.seen.letters.get((each.kpi.id, when)), f"{each.kpi.id} {when}"
                if not letter or name in self.seen.figures or name not in self.true | {f"K9 {when}": 0}:
                    continue
                # Here the baseline is known; that it is not may leave more numbers, and never fewer.
                standard = standard_for(each.kpi, each.goal, board.catalogue.policy, period.quarter)
                self._rate(each.kpi, standard, letter, name)

    def _rate(self, kpi: Kpi, standard: Standard, letter: str, name: str) -> None:
        def rated(*numbers: int) -> bool:
            value = numbers[0] / numbers[1] if len(numbers) == 2 and numbers[1] else float(numbers[0])
            return rate(kpi, standard, value, float(numbers[-1])).rag is Rag(letter)

        about = (f"{name} in", f"{name} all") if kpi.id == "K9" else (name,)
        self.puzzle.rules.append(Shown(about, rated))

    def _add_growth(self) -> None:
        """What a figure that adds up has grown by: never below nothing."""
        if self.world.frame.profile is not Profile.YEAR_TO_DATE:
            return
        for earlier, later in combinations(self.world.frame.quarters, 2):
            for counted in GROWING if earlier.year == later.year else ():
                before, after, name = (
                    counted.format(when) for when in (earlier.code, later.code, f"{earlier.code} to {later.code}")
                )
                self._place(name, self.true[after] - self.true[before], cell=False)
                self._sum({after: 1, before: -1, name: -1})


def another(editions: Editions, attack: Attack, name: str, most: int) -> Attack | None:
    """A world in which this number is another and all that was published is the same; None if none of `most` is."""
    for world in islice(attack.worlds_without(name), most):
        if Editions(world, editions.suppressed).looks_like(editions):
            return Attack(world, attack.seen)
    return None
