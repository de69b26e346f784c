"""Examines this machine for ``jobnet doctor``: where state is kept, space, memory and clock.

Nothing is changed, but that a state home which is not there is made, as every play would.
"""

import ctypes
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

import jobnet
from jobnet.errors.play import RunFolderNotMade
from jobnet.machine.clock import MachineClock
from jobnet.machine.run_folder import state_home
from jobnet.ports.findings import Finding, Grade

MIB: Final = 2**20
_DISK_BAD: Final = 100 * MIB
_DISK_LITTLE: Final = 1024 * MIB
_OTHERS_WRITE: Final = 0o022
_TIME_ERROR: Final = 5  # adjtimex(2): the clock is not synchronised
_TIMEX_BYTES: Final = 1024  # more than the structure has anywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where state would be kept: no ``folder`` where that is refused, for the reason given."""

    folder: Path | None
    is_temporary: bool = False
    problem: str = ""


@contextmanager
def borrowed_home(configured: str) -> Iterator[Home]:
    """Yield the state home; a temporary one, made only to be looked at, goes again."""
    try:
        folder = state_home(configured)
    except RunFolderNotMade as refused:
        yield Home(folder=None, problem=str(refused))
        return
    is_in_temporary = folder.parent == Path(tempfile.gettempdir())
    is_temporary = not configured and is_in_temporary and folder.name.startswith("jobnet-")
    try:
        yield Home(folder=folder, is_temporary=is_temporary)
    finally:
        if is_temporary:
            shutil.rmtree(folder, ignore_errors=True)


def examine_machine(home: Home, *, zone: str) -> Iterator[Finding]:
    """Yield what is found."""
    yield _state(home)
    yield disk(home.folder or Path(tempfile.gettempdir()))
    yield memory(int(psutil.virtual_memory().available))
    yield clock(is_synchronised=_is_synchronised(), zone=zone)


def _state(home: Home) -> Finding:
    name = "state folder"
    if home.folder is None:
        return Finding(name=name, grade=Grade.BAD, text=home.problem)
    if home.is_temporary:
        text = "no state home can be written to, so what a play leaves lies in a temporary folder"
        advice = "set JOBNET_HOME to a folder of yours"
        return Finding(name=name, grade=Grade.WARNING, text=text, advice=advice)
    if home.folder.stat().st_mode & _OTHERS_WRITE:
        text = f"{home.folder} can be written by other users"
        advice = f"chmod go-w {shlex.quote(str(home.folder))}"
        return Finding(name=name, grade=Grade.WARNING, text=text, advice=advice)
    return Finding(name=name, grade=Grade.OK, text=str(home.folder))


def disk(folder: Path) -> Finding:
    """Judge the space where the pieces of runs are kept."""
    try:
        free, files = shutil.disk_usage(folder).free, os.statvfs(folder)
    except OSError as error:
        return Finding(name="disk", grade=Grade.BAD, text=f"{folder}: {error.strerror}")
    has_no_files = files.f_files > 0 and files.f_favail == 0
    text = f"{free // MIB} MiB free in {folder}" + (", but no file more" if has_no_files else "")
    if free < _DISK_BAD or has_no_files:
        advice = "free some space: a job on a full disk never ends normally"
        return Finding(name="disk", grade=Grade.BAD, text=text, advice=advice)
    if free < _DISK_LITTLE:
        advice = "free some space, or set JOBNET_HOME to a larger disk"
        return Finding(name="disk", grade=Grade.WARNING, text=text, advice=advice)
    return Finding(name="disk", grade=Grade.OK, text=text)


def memory(available: int) -> Finding:
    """Judge the memory that can be had; an Ansible takes about 100 MiB."""
    text = f"{available // MIB} MiB can be had"
    if available < 256 * MIB:
        advice = "below 256 MiB every job starts cold; run fewer at once (JOBNET_JOBS_MAX)"
        return Finding(name="memory", grade=Grade.WARNING, text=text, advice=advice)
    return Finding(name="memory", grade=Grade.OK, text=text)


def clock(*, is_synchronised: bool | None, zone: str) -> Finding:
    """Judge the wall clock, by which waits and deadlines go."""
    now = MachineClock().now()
    text = f"{now:%Y-%m-%d %H:%M:%S} UTC, zone {zone}"
    installed = Path(jobnet.__file__).stat().st_mtime
    if now.timestamp() < installed:
        advice = "set the clock: Jobnet was installed later than it says"
        return Finding(name="clock", grade=Grade.BAD, text=text, advice=advice)
    if is_synchronised is False:
        text += "; nothing keeps it right, says the kernel"
        advice = "run an NTP service, unless the clock is kept right from outside"
        return Finding(name="clock", grade=Grade.NOTE, text=text, advice=advice)
    return Finding(name="clock", grade=Grade.OK, text=text)


def _is_synchronised() -> bool | None:
    """Ask the kernel, which changes nothing; None where it does not say."""
    asked = ctypes.create_string_buffer(_TIMEX_BYTES)
    try:
        state = int(ctypes.CDLL(None).adjtimex(asked))
    except (AttributeError, OSError):
        return None
    return None if state < 0 else state != _TIME_ERROR
