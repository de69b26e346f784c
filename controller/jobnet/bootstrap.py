"""Introduces ports and adapters to each other; the one place that knows both sides."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jobnet.engine import Tracker
from jobnet.execution.examine import examine_ansible, examine_project, examine_warmth
from jobnet.execution.runner import AnsibleRunner
from jobnet.machine import (
    HistoryFile,
    JournalFile,
    MachineClock,
    MachineFiles,
    Pieces,
    Threads,
)
from jobnet.machine.control_socket import ControlSocket
from jobnet.machine.examine import borrowed_home, examine_machine
from jobnet.messages import PostOffice
from jobnet.ports.desk import Desk
from jobnet.ports.findings import Finding
from jobnet.ports.journals import History
from jobnet.services.control import Control
from jobnet.services.inbox import Inbox
from jobnet.services.play import World
from jobnet.services.summary import summary_of
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


@contextmanager
def controlled(pieces: Pieces, inbox: Inbox) -> Iterator[str]:
    """Let a second terminal operate the run; yield why it cannot, "" if it can."""

    def describe(tracker: Tracker) -> Mapping[str, object]:
        folder, journal = str(pieces.folder), str(pieces.journal)
        return summary_of(tracker, folder=folder, journal=journal, stop_reason="", warnings=())

    control = Control(inbox=inbox, describe=describe)
    try:
        listening = ControlSocket(pieces, control.answer)
    except OSError as error:
        yield f"jobnet play-control cannot reach this run: {error.strerror}"
        return
    try:
        yield ""
    finally:
        listening.close()


def make_world(
    surroundings: Surroundings, pieces: Pieces, desk: Desk, journal: JournalFile
) -> World:
    """Return everything that one run needs from outside."""
    settings = surroundings.settings
    runner = AnsibleRunner(
        spool_root=pieces.jobs,
        clock=surroundings.clock.now,
        is_leashed=True,
        warm=settings.warm,
        state=surroundings.home,
    )
    return World(
        clock=surroundings.clock,
        runner=runner,
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
        warmer=runner,
    )


def examine(settings: Settings, project_root: Path) -> Iterator[Finding]:
    """Yield what there is to say about this installation and one project."""
    yield from examine_ansible(os.environ)
    yield from examine_project(project_root)
    with borrowed_home(settings.home) as home:
        yield examine_warmth(project_root, is_allowed=settings.warm, state=home.folder)
        yield from examine_machine(home, zone=settings.zone)
