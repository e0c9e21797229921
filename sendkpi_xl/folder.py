"""The working folder: where a round's inputs, templates and outputs stand."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from sendkpi_xl.edition import Edition
from sendkpi_xl.period import Period

MODERATION_FILE = "moderation.xlsx"
BOARD_FILES = {Edition.INTERNAL: "board-dataset.xlsx", Edition.PUBLISH: "board-dataset-publish.xlsx"}
WITHHELD_FILE = "withheld.xlsx"
READINGS_FILE = "readings.csv"
DATA_PACKAGE_FILE = "datapackage.json"
QUERIES_FILE = "queries.xlsx"
PUBLISHED_FILES = ("published-ratings.csv", "published-ratings.xlsx")
"""What people may call the file of published ratings that they keep beside the returns, in small letters."""
SUPERSEDED = "superseded"
"""The folder within a quarter's returns into which people move those that no longer count."""


class WorkingFolder(Struct, frozen=True):
    """A folder with `inputs`, `templates` and `outputs` in it, the last two made when they are needed."""

    root: Path

    @property
    def catalogue(self) -> Path:
        """The catalogue workbook."""
        return self.root / "inputs" / "kpi-catalogue.xlsx"

    def returns(self, period: Period) -> Path:
        """The folder of the returns that came back for a quarter."""
        return self.root / "inputs" / period.code

    def quarters(self) -> tuple[Period, ...]:
        """The quarters that have a folder of returns, in order."""
        inputs = self.root / "inputs"
        named = (Period.parse(path.name) for path in inputs.iterdir() if path.is_dir()) if inputs.is_dir() else ()
        return tuple(sorted(period for period in named if period is not None and self.returns(period).is_dir()))

    def moderation(self, period: Period) -> Path:
        """The quarter's moderation workbook."""
        return self.returns(period) / MODERATION_FILE

    def published_ratings(self, period: Period) -> tuple[Path, ...]:
        """The files of the quarter's published ratings: there should be one, and need be none."""
        beside = sorted(self.returns(period).glob("*"))
        return tuple(path for path in beside if path.name.lower() in PUBLISHED_FILES and path.is_file())

    def templates(self, period: Period) -> Path:
        """The folder of the quarter's templates."""
        return self.root / "templates" / period.code

    def outputs(self, period: Period, edition: Edition = Edition.INTERNAL) -> Path:
        """The folder of the quarter's outputs; what may be published has one of its own in it, and nothing else."""
        outputs = self.root / "outputs" / period.code
        return outputs / edition if edition is Edition.PUBLISH else outputs

    def board(self, period: Period, edition: Edition = Edition.INTERNAL) -> Path:
        """The quarter's board workbook."""
        return self.outputs(period, edition) / BOARD_FILES[edition]

    def board_pdf(self, period: Period, edition: Edition = Edition.INTERNAL) -> Path:
        """The quarter's board pack as a PDF."""
        return self.board(period, edition).with_suffix(".pdf")

    def readings(self, period: Period, edition: Edition = Edition.INTERNAL) -> Path:
        """The quarter's tidy data."""
        return self.outputs(period, edition) / READINGS_FILE

    def data_package(self, period: Period, edition: Edition = Edition.INTERNAL) -> Path:
        """What the quarter's tidy data is, for other programs."""
        return self.outputs(period, edition) / DATA_PACKAGE_FILE

    def withheld(self, period: Period) -> Path:
        """The team's log of what the publish edition withholds; it stands outside the folder that is published."""
        return self.outputs(period) / WITHHELD_FILE

    def notes(self, period: Period) -> Path:
        """The folder of the notes to the quarter's leads."""
        return self.outputs(period) / "notes"

    def queries(self, period: Period) -> Path:
        """The team's list of everything to ask."""
        return self.outputs(period) / QUERIES_FILE
