"""The publish edition's files, read by somebody who has every edition of a year: nothing raw, and nothing told."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from hypothesis import HealthCheck, Phase, given, settings

from sendkpi_xl.withheld import WORDS
from tests.board_view import texts_of
from tests.made_up_worlds import CANARIES, World, worlds
from tests.published_editions import Attack, Editions, another, seen_in

MOST_WORLDS = 300
"""Where none of so many other worlds looks the same, the files tell the number."""
WIDE = os.environ.get("SENDKPI_WIDE") == "1"
"""The ordinary run looks at the same few datasets each time, a wide one at hundreds that are new.

A wide one may end at what is not counted (docs/decisions.md): a number in the words of a KPI that names no other, which
in the other world would by chance be one that is withheld elsewhere, and so [c].
"""
ORDINARY = settings(
    max_examples=300 if WIDE else 8,
    derandomize=not WIDE,
    database=None,
    phases=[Phase.generate],  # to make a failing dataset smaller would take minutes
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@ORDINARY
@given(worlds())
def test_no_withheld_number_can_be_told_from_the_files(world: World) -> None:
    """Each could be another: an attacker finds no other, and a world with another gives the same files byte by byte."""
    editions = Editions(world)
    attack = Attack(world, seen_in(editions.files))
    assert [each.open for each in editions.made] == [()] * len(editions.made)
    assert attack.puzzle.determined(attack.keep) == []
    left = attack.keep
    while left:
        other = another(editions, attack, left[0], MOST_WORLDS)
        assert other is not None, f"the files tell {left[0]}"
        left = [name for name in left if other.number(name) == attack.number(name)]


@ORDINARY
@given(worlds())
def test_nothing_of_the_team_or_the_returns_is_in_any_part_of_the_files(world: World) -> None:
    """No name, place, hash, typed text or note, nor any text that the log says was changed, in any part of any file."""
    editions = Editions(world)
    for made, files in zip(editions.made, editions.files, strict=True):
        said = "\n".join(all_said(files))
        assert [canary for canary in CANARIES if canary.casefold() in said.casefold()] == []
        # The same words may stand, unchanged, of a quarter of which nothing is withheld, or be made of shown figures.
        shown = [each.reading for rated in made.board.known.values() for each in rated]
        unchanged = {each.comment for each in shown}
        unchanged |= {
            f"{each.numerator:g} out of {each.denominator:g}" for each in shown if each.denominator is not None
        }
        texts = {each.stood for each in made.log if each.attribute in WORDS} - unchanged
        assert [text for text in texts if text in said] == []


@ORDINARY
@given(worlds())
def test_each_edition_tells_of_earlier_quarters_what_their_own_told(world: World) -> None:
    """Neither more, which would take a [c] back, nor less, which would tell what was withheld since."""
    editions = Editions(world)
    last = {**editions.made[-1].board.known}
    own = {each.board.period: each.board.now for each in editions.made}
    assert {period: own[period] for period in last} == last


def all_said(files: Mapping[str, bytes]) -> Iterator[str]:
    """Each part of each file as text, of XML parts every text and attribute as a reader gets it."""
    for name, data in files.items():
        if not name.endswith(".xlsx"):
            yield data.decode("utf-8")
            continue
        for part, text in texts_of(data).items():
            yield part
            yield text
            for element in ET.fromstring(text.encode()).iter():
                yield from filter(None, (element.text, element.tail, *element.attrib.values()))
