"""Introduces ports and adapters to each other; the one place that knows both sides."""

from dataclasses import dataclass
from pathlib import Path

from jobnet.execution.runner import AnsibleRunner
from jobnet.machine import (
    HistoryFile,
    JournalFile,
    MachineClock,
    MachineFiles,
    Pieces,
    Threads,
)
from jobnet.messages import PostOffice
from jobnet.ports.desk import Desk
from jobnet.ports.journals import History
from jobnet.services.play import World
from jobnet.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a play needs before its run has a name: where it lives and what time it is."""

    settings: Settings
    home: Path
    clock: MachineClock

    @property
    def history(self) -> History:
        """How long things took in earlier runs of this home."""
        return HistoryFile(self.home / "history.sqlite3")


def make_world(
    surroundings: Surroundings, pieces: Pieces, desk: Desk, journal: JournalFile
) -> World:
    """Return everything that one run needs from outside."""
    settings = surroundings.settings
    return World(
        clock=surroundings.clock,
        runner=AnsibleRunner(spool_root=pieces.jobs, clock=surroundings.clock.now, is_leashed=True),
        files=MachineFiles(),
        messenger=PostOffice(
            mail=settings.mail, webhook_timeout_seconds=settings.webhook_timeout_seconds
        ),
        journal=journal,
        history=surroundings.history,
        pieces=pieces,
        desk=desk,
        threads=Threads(),
        jobs_max=settings.jobs_max,
    )
