"""Whether a workbook is still as we wrote it: the parts of ours bear a date that no clock gives and no program writes.

The product keeps no list of what it wrote, so the file itself must tell. Every program that saves a workbook packs its
parts anew, with the time of saving or with the archive's first date (Excel): either way ours is gone.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

OUR_DATE = (1980, 2, 3, 4, 5, 6)
UNIX = 3
"""The system that packed it, as an archive says it: stated, so that Windows packs the same bytes."""


def our_part(name: str) -> zipfile.ZipInfo:
    """What an archive says of a part of ours: its date, and the system that packed it."""
    info = zipfile.ZipInfo(name, OUR_DATE)
    info.create_system = UNIX
    return info


def packed_anew(data: bytes, change: Callable[[str, bytes], bytes] = lambda _, part: part) -> bytes:
    """The workbook marked as ours, each of its parts, by its name, as `change` makes it: the same bytes every time."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as made, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as finished:
        for member in made.infolist():
            finished.writestr(
                our_part(member.filename), change(member.filename, made.read(member)), zipfile.ZIP_DEFLATED
            )
    return stream.getvalue()


def as_written(data: bytes) -> bool:
    """Whether these bytes are a workbook of ours that no program has saved since."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return {member.date_time for member in archive.infolist()} == {OUR_DATE}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, OSError):
        return False  # cut short, or something else: we did not write it
