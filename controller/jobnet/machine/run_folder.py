"""Makes the folder in which the pieces of one run lie, and removes those of old runs.

The state home is ``JOBNET_HOME``, else the XDG state folder. Where no home can be written
to, a run still runs: its pieces lie in a temporary folder, which is named at the end.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import platformdirs

from jobnet.errors.play import RunFolderNotMade
from jobnet.ids import NetworkName, RunId
from jobnet.machine.pieces import RESULT_NAME, Pieces

RUNS_KEPT = 20
SAME_NAME_MAX = 1000
KEEP_MARK = "keep"

_NAME_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFolder:
    """A new run's name and its pieces."""

    run: RunId
    pieces: Pieces


def state_home(configured: str) -> Path:
    """Return a folder that can be written to: the configured one, the user's, a temporary one.

    A configured one that cannot be written to is refused, since somebody asked for it.
    """
    if configured:
        home = Path(configured).expanduser().absolute()
        if problem := _problem_with(home):
            raise RunFolderNotMade(str(home), problem=problem)
        return home
    home = Path(platformdirs.user_state_dir("jobnet", appauthor=False))
    if home.is_absolute() and not _problem_with(home):
        return home
    return Path(tempfile.mkdtemp(prefix="jobnet-"))


def make_run_folder(
    home: Path, *, network: NetworkName, operating_day: date, at: str, keep: bool
) -> RunFolder:
    """Return a folder that no other run has; ``at`` is the wall time of the start as HHMM.

    Older pieces of the same network are removed beyond ``RUNS_KEPT`` runs, but for those
    that were to be kept.
    """
    stem = f"{network.replace('/', '.')[:_NAME_MAX]}-{operating_day}-{at}"
    runs = home / "runs"
    for number in range(1, SAME_NAME_MAX):
        run = RunId(stem if number == 1 else f"{stem}-{number}")
        try:
            (runs / run).mkdir(mode=0o700, parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise RunFolderNotMade(str(runs / run), problem=str(error.strerror)) from error
        pieces = Pieces(folder=runs / run)
        pieces.jobs.mkdir(mode=0o700)
        if keep:
            (pieces.folder / KEEP_MARK).touch()
        _remove_old(runs, network=network, but=run)
        return RunFolder(run=run, pieces=pieces)
    raise RunFolderNotMade(str(runs / stem), problem=f"{SAME_NAME_MAX} runs have this name")


def _problem_with(home: Path) -> str:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=home, prefix=".probe-")
        os.close(descriptor)
        Path(name).unlink()
    except OSError as error:
        return str(error.strerror)
    return ""


def _remove_old(runs: Path, *, network: NetworkName, but: RunId) -> None:
    """Remove the oldest runs of a network that have ended; one under way still grows."""
    stem = f"{network.replace('/', '.')[:_NAME_MAX]}-"
    mine = [
        folder
        for folder in runs.iterdir()
        if folder.name.removeprefix(stem)[:4].isdigit()
        and folder.name.startswith(stem)
        and folder.name != but
        and (folder / RESULT_NAME).exists()
        and not (folder / KEEP_MARK).exists()
    ]
    mine.sort(key=lambda folder: folder.stat().st_mtime)
    for folder in mine[: max(0, len(mine) - RUNS_KEPT + 1)]:
        shutil.rmtree(folder, ignore_errors=True)
