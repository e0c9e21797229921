"""Where words go: a terminal, with tables in boxes and colours; or a file or pipe, as whole lines to search in."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

GAP = "  "


class Listing(Struct, frozen=True):
    """A table of words for the screen: its title, headings and rows; `right` are the columns of numbers, from 0."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    lines: bool = False


class Screen:
    """One of the two streams of a command; the decorations of a terminal are loaded for a terminal only."""

    def __init__(self, *, errors: bool = False) -> None:
        self.errors = errors
        self.terminal = self._stream().isatty() or bool(os.environ.get("FORCE_COLOR"))

    def _stream(self) -> TextIO:
        return sys.stderr if self.errors else sys.stdout

    def _console(self) -> Console:
        from rich.console import Console

        return Console(stderr=self.errors, highlight=False, soft_wrap=False)

    def say(self, line: str, look: str = "") -> None:
        """A line of words: wrapped on a terminal, whole elsewhere; `look` is a style of a terminal."""
        if not self.terminal:
            print(line, file=self._stream())
            return
        from rich.text import Text

        self._console().print(Text(line, look))

    def show(self, listing: Listing) -> None:
        """A table: in a box that fits the terminal, elsewhere in columns as wide as they need."""
        if not self.terminal:
            print("\n".join(_plainly(listing)), file=self._stream())
            return
        from rich.table import Table
        from rich.text import Text

        table = Table(title=listing.title, title_justify="left", show_lines=listing.lines)
        for column, heading in enumerate(listing.headings):
            table.add_column(heading, overflow="fold", justify="right" if column in listing.right else "left")
        for row in listing.rows:
            table.add_row(*map(Text, row))
        self._console().print(table)

    @contextmanager
    def working(self, first: str) -> Iterator[Callable[[str], None]]:
        """Shows what is at work, on a terminal only; what it gives is called with the name of each file."""
        if not self.terminal:
            yield lambda _: None
            return
        with self._console().status(first) as status:
            yield lambda name: status.update(f"At work on {name}")


def _plainly(listing: Listing) -> Iterator[str]:
    """A table as lines: the title, the headings, and the rows, in columns."""
    yield listing.title
    table = [listing.headings, *(tuple(" ".join(text.split()) for text in row) for row in listing.rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        yield GAP.join(_padded(row, widths, listing.right)).rstrip()


def _padded(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> Iterator[str]:
    for column, (text, width) in enumerate(zip(row, widths, strict=True)):
        yield text.rjust(width) if column in right else text.ljust(width)
