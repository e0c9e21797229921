"""Writes the published ratings of quarter 1 into the quarter's folder, where `sendkpi backtest` looks for them.

Run it when the columns of that file have changed: `python -m tests.fill_published`.
"""

from __future__ import annotations

import csv
import io

from sendkpi_xl.files import write_whole
from sendkpi_xl.folder import PUBLISHED_FILES, WorkingFolder
from sendkpi_xl.layout import PUBLISHED_RATINGS
from tests.fill_returns import PERIOD, ROOT
from tests.published import published_rows


def published_ratings() -> bytes:
    """The 72 published rows as CSV that Excel opens with its letters right: ref, title, rating as published."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(PUBLISHED_RATINGS.column(key).heading for key in ("board_ref", "title", "rating"))
    writer.writerows((row.ref, row.title, row.rating) for row in published_rows())
    return stream.getvalue().encode("utf-8-sig")


def main() -> None:
    """Write the repository's own file of published ratings anew."""
    path = WorkingFolder(ROOT).returns(PERIOD) / PUBLISHED_FILES[0]
    write_whole(path, published_ratings())
    print(f"Written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
