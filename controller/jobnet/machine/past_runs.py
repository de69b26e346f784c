"""Finds the pieces of a run that was played on this machine, by its name or by its folder."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

from jobnet.errors.pictures import RunNotFound
from jobnet.errors.reruns import NoRunYet
from jobnet.machine.origin import read_origin
from jobnet.machine.pieces import Pieces


def find_run(run: str, home: Path) -> Pieces:
    """Return the pieces of a run; a folder that holds a journal is one, wherever it lies."""
    folder = Path(run)
    runs = home / "runs"
    candidates = [folder] if folder.name != run else [runs / run, folder]
    for each in candidates:
        if _has_journal(each):
            return Pieces(folder=each.absolute())
    known = sorted(each.name for each in runs.iterdir()) if runs.is_dir() else []
    near = get_close_matches(folder.name[:120], known, n=1)
    raise RunNotFound(run, home=str(runs), near=near[0] if near else "")


def last_run(home: Path, network: str | None) -> Pieces:
    """Return the latest run of a network, or of any; what is no run of this home is passed over."""
    for pieces in _latest_first(home):
        origin = None if network is None else read_origin(pieces)
        if network is None or (origin is not None and origin.network == network):
            return pieces
    raise NoRunYet(network or "", home=str(home / "runs"))


def last_played(home: Path, *, marks: Collection[str]) -> Pieces:
    """Return the latest run whose folder holds one of these files, else the latest of all.

    A run that waits for hours writes nothing; a later one that has ended is not meant.
    """
    for pieces in _latest_first(home):
        if any((pieces.folder / mark).exists() for mark in marks):
            return pieces
    return last_run(home, None)


def _latest_first(home: Path) -> list[Pieces]:
    runs = home / "runs"
    found: list[tuple[int, str, Pieces]] = []
    for folder in runs.iterdir() if runs.is_dir() else ():
        pieces = Pieces(folder=folder)
        try:
            changed = pieces.journal.stat().st_mtime_ns
        except OSError:
            continue
        found.append((changed, folder.name, pieces))
    found.sort(key=lambda each: each[:2], reverse=True)
    return [pieces for _, _, pieces in found]


@contextmanager
def journal_lines(pieces: Pieces) -> Iterator[Iterator[str]]:
    """Yield the lines of a journal, one by one; bytes that are no text become marks."""
    try:
        file = pieces.journal.open(encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        name = pieces.folder.name
        raise RunNotFound(name, home=str(pieces.folder.parent), near="") from error
    with file:
        yield iter(file)


def _has_journal(folder: Path) -> bool:
    try:
        return Pieces(folder=folder).journal.is_file()
    except (OSError, ValueError):
        return False
