"""Names the files of one attempt's spool folder and writes them so that a crash shows.

The folder is made once and never used again: a second start of the same attempt finds it
and is refused. What is written by ``write_whole`` is there completely or not at all.
"""

import fcntl
import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from jobnet.ids import PartKey, RunId

_NAME_LENGTH_MAX: Final = 80
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spool:
    """The folder of one attempt; a view of it, which owns nothing."""

    folder: Path

    def __getitem__(self, name: str) -> Path:
        """Return the path of one of its files."""
        return self.folder / name

    @property
    def mark(self) -> str:
        """What ``JOBNET_JOB`` says in the environment of each process of this attempt."""
        return str(self.folder)


LOCK = "lock"  # held by the supervisor for its life
STARTED = "started"  # made before anything is executed
KILL = "kill"  # its presence asks for the end
MANIFEST = "job.json"  # what is to be run
WARMTH = "warmth"  # how it was started, in one line for people
OUTPUT = "stdout"  # what the job printed, bounded
EVENTS = "events.jsonl"  # ansible-runner's events, bounded
RECORDS = "records.jsonl"  # what our callback plugin saw
OUTPUTS = "outputs.json"  # outputs before they were cut
RESULT = "result.json"  # how Ansible ended; its presence says that the attempt has
ARTIFACTS = "artifacts"  # $JOBNET_ARTIFACTS
PROJECT = "project"  # the generated play among links to its neighbours
RUNNER = "runner"  # ansible-runner's private data folder
SUPERVISOR_LOG = "supervisor.log"
RESERVE = "reserve"  # given back when the disk is full, so that the end can be told

# Exit statuses of a supervisor that could not write why it ended.
STARTED_BEFORE = 3
DISK_FULL = 4


def spool_path(root: Path, *, run: RunId, part: PartKey, attempt: int) -> Path:
    """Return where the attempt's spool lies; the same for the same attempt, always."""
    return run_path(root, run) / f"{_file_name(part)}.{attempt}"


def run_path(root: Path, run: RunId) -> Path:
    """Return where the spools of a run lie."""
    return root / _file_name(run)


def make_spool(path: Path) -> Spool:
    """Make the folder, readable by its owner only; FileExistsError if it was made before."""
    for folder in (path.parent.parent, path.parent):  # the mode holds for the last one only
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.mkdir(mode=0o700)
    spool = Spool(folder=path)
    spool[ARTIFACTS].mkdir(mode=0o700)
    return spool


def take_lock(spool: Spool) -> int:
    """Take the spool's lock and return the descriptor that holds it until it is closed."""
    descriptor = os.open(spool[LOCK], os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def is_locked(spool: Spool) -> bool:
    """Tell whether a supervisor holds the lock; asking never takes it from one."""
    try:
        descriptor = os.open(spool[LOCK], os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def mark_started(spool: Spool) -> bool:
    """Make ``started``, on disk before this returns; False if somebody made it before.

    Whoever makes it decides alone whether the attempt runs: a supervisor to run it, the
    runner to withdraw an attempt that shall never run.
    """
    try:
        descriptor = os.open(spool[STARTED], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump({"boot_id": boot_id(), "pid": os.getpid()}, file)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(spool.folder)
    except OSError:
        spool[STARTED].unlink()  # nothing was executed, and nothing will be
        raise
    return True


def write_whole(path: Path, text: str) -> None:
    """Write a file so that readers see all of it or nothing, also after a crash."""
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    _sync_folder(path.parent)


def boot_id() -> str:
    """Return what tells this boot of the machine from every other."""
    return _BOOT_ID.read_text().strip()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _file_name(identifier: str) -> str:
    name = quote(identifier, safe="[]#")
    name = re.sub(r"^\.", "%2E", name)
    if len(name) <= _NAME_LENGTH_MAX:
        return name
    digest = hashlib.sha256(identifier.encode()).hexdigest()[:16]
    return f"{name[: _NAME_LENGTH_MAX - 17]}~{digest}"
