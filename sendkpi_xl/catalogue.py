"""Loading and saving the catalogue, as a workbook or as text, by the file's ending."""

from __future__ import annotations

from pathlib import Path

from sendkpi_xl.files import opening, read_bytes
from sendkpi_xl.findings import Refusal, finding
from sendkpi_xl.model import Catalogue
from sendkpi_xl.outputs import Published, publish
from sendkpi_xl.reading import Place

TEXT_SUFFIX = ".toml"
WORKBOOK_SUFFIX = ".xlsx"


def load_catalogue(path: Path) -> Catalogue:
    """Read a catalogue from an .xlsx or a .toml; Refusal with every finding when it cannot be used."""
    place = Place(str(path))
    with opening(place):
        data = read_bytes(path) if path.exists() else None
    if data is None:
        action = "Make one from the published list with sendkpi import, or run in the folder that holds inputs/."
        words = {"what": "KPI catalogue", "expected": "The catalogue workbook.", "action": action}
        raise Refusal([finding("F01", place, **words)])
    if path.suffix.lower() == TEXT_SUFFIX:
        from sendkpi_xl.catalogue_text import catalogue_from_text

        return catalogue_from_text(data.decode("utf-8-sig", "replace"), str(path))
    from sendkpi_xl.catalogue_reader import read_catalogue_workbook

    return read_catalogue_workbook(data, path.name)


def save_catalogue(catalogue: Catalogue, path: Path) -> Published:
    """Write a catalogue to an .xlsx or a .toml, whole or not at all; beside a workbook that somebody has edited."""
    if path.suffix.lower() == TEXT_SUFFIX:
        from sendkpi_xl.catalogue_text import catalogue_to_text

        return publish({path: catalogue_to_text(catalogue).encode("utf-8")})
    from sendkpi_xl.catalogue_writer import catalogue_workbook

    return publish({path: catalogue_workbook(catalogue)})
