"""One run at a time over a quarter: a file that says who is at work, there from the first moment to the last."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from sendkpi_xl.files import process_gone, ready, refusing, sync_folder
from sendkpi_xl.findings import Refusal, finding, shortened
from sendkpi_xl.folder import WorkingFolder
from sendkpi_xl.outputs import complete
from sendkpi_xl.period import Period
from sendkpi_xl.reading import Finding, Place

LOCK_FILE = "~sendkpi-is-running.tmp"
LONGEST_RUN = timedelta(hours=1)
"""A lock older than this is nobody's any more: the largest round takes minutes."""
TRIES = 3


class Holder(Struct, frozen=True):
    """Whose lock it is: the computer, its process there, and since when; `data` is what stands in the file."""

    computer: str
    process: int
    since: datetime
    data: bytes

    @property
    def words(self) -> dict[str, str]:
        """Since when, in this computer's time, and on which computer, as messages say it."""
        return {"since": f"{self.since.astimezone():%Y-%m-%d %H:%M}", "computer": shortened(self.computer)}

    @property
    def gone(self) -> bool:
        """Whether the run is over without having taken its lock away."""
        if abs(datetime.now().astimezone() - self.since) > LONGEST_RUN:
            return True
        return self.computer == computer_name() and process_gone(self.process)


def computer_name() -> str:
    """This computer's name in its network; the module `platform` knows it too, and takes longer to load than to ask."""
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


@contextmanager
def quarter_run(folder: WorkingFolder, period: Period) -> Iterator[Sequence[Finding]]:
    """A run that writes: no other over this quarter meanwhile, and what dead ones left in its outputs is set right.

    Gives what was noticed. Raises Refusal when another run is at work, or the folder of outputs cannot be written:
    that is tried now, before the work.
    """
    outputs = folder.outputs(period)
    if not folder.catalogue.exists():
        yield ()  # reading says so, and nothing will be written
        return
    made = [each for each in (outputs, outputs.parent) if not each.exists()]
    _refuse_returns(folder.returns(period), outputs, folder.templates(period))
    try:
        with _locked(outputs) as noticed:
            finished = complete(outputs)
            ready(outputs)
            ready(folder.notes(period))
            yield (*noticed, *finished)
    finally:
        for each in made:
            with suppress(OSError):  # something stands in it now
                each.rmdir()


def _refuse_returns(returns: Path, *places: Path) -> None:
    """Refusal when a folder that is written into is, by a link, that of the returns: they would be overwritten."""
    for place in places:
        if place.exists() and returns.exists() and place.samefile(returns):
            why = f"it is the same folder as {returns}, where the returns are that came back"
            raise Refusal([finding("F03", Place(str(place)), why=why)])


@contextmanager
def _locked(folder: Path) -> Iterator[Sequence[Finding]]:
    lock, noticed = folder / LOCK_FILE, []
    mine = {"computer": computer_name(), "process": os.getpid(), "since": datetime.now().astimezone().isoformat()}
    data = json.dumps(mine).encode()
    for _ in range(TRIES):
        with refusing(folder, len(data)):
            handle = _created(lock, data)
        if handle is not None:
            break
        noticed = _taken_over(lock)
    else:
        raise Refusal([_busy(lock, _holder(lock))])
    try:
        yield noticed
    finally:
        # Open until now, because Windows lets nobody take away a file that is open.
        os.close(handle)
        with suppress(OSError):
            if lock.read_bytes() == data:  # another run may have taken it over after an hour
                lock.unlink()


def _created(lock: Path, data: bytes) -> int | None:
    """The new lock, open and on the disk; None when there is one. OSError when it cannot be written."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return None
    try:
        os.write(handle, data)
        os.fsync(handle)
    except BaseException:
        os.close(handle)
        lock.unlink(missing_ok=True)
        raise
    sync_folder(lock.parent)
    return handle


def _taken_over(lock: Path) -> list[Finding]:
    """Take away the lock of a run that is gone, and give the note about it; Refusal when that run is still at work."""
    holder = _holder(lock)
    if not lock.exists():
        return []  # its run ended this moment
    away = lock.with_name(f"{LOCK_FILE}.{os.getpid()}.{os.urandom(4).hex()}.tmp")
    if not holder.gone:
        raise Refusal([_busy(lock, holder)])
    try:
        lock.rename(away)
    except FileNotFoundError:
        return []  # a third run was quicker, or that run ended; whoever makes the next lock will see
    except OSError as error:  # Windows: the file is open, so its run is at work
        raise Refusal([_busy(lock, holder)]) from error
    if away.read_bytes() != holder.data:
        away.rename(lock)  # between looking and moving, another run took it over: it gets its lock back
        raise Refusal([_busy(lock, _holder(lock))])
    away.unlink()
    words = "The last run over this quarter did not come to its end: it began {since} on the computer {computer}."
    action = "Nothing, if this run comes to its end; run again what the other one was to do."
    return [finding("F10", Place(str(lock.parent)), found=words.format(**holder.words), action=action)]


def _busy(lock: Path, holder: Holder) -> Finding:
    return finding("F09", Place(str(lock.parent)), **holder.words, lock=lock.name)


def _holder(lock: Path) -> Holder:
    """Who holds a lock; of one that cannot be read, or was taken away, at least a time is known."""
    data, since = b"", datetime.now().astimezone()
    try:
        since = datetime.fromtimestamp(lock.stat().st_mtime).astimezone()
        data = lock.read_bytes()
        said = json.loads(data)
        written = datetime.fromisoformat(said["since"]).astimezone()
        return Holder(str(said["computer"]), int(said["process"]), written, data)
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return Holder("that its lock does not name", 0, since, data)
