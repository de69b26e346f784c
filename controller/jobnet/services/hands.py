"""Carries out what the engine commands, each command by the one who can."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from jobnet.engine import Tracker
from jobnet.engine.commands import (
    ArmTimer,
    AskSlot,
    Command,
    DropTimer,
    KillJob,
    OpenDialog,
    OpenWait,
    PublishEvent,
    ReturnSlot,
    SendMessage,
    StartJob,
    StopWaiting,
    WatchFile,
)
from jobnet.engine.orders import Cancel, ClearWait, Order
from jobnet.services.appointments import Appointments
from jobnet.services.board import Board
from jobnet.services.dialogs import Dialogs
from jobnet.services.fast_forward import LOOKING_SECONDS_MIN, LOOKS_MIN, RealWork
from jobnet.services.file_waits import FileWaits
from jobnet.services.inbox import Inbox
from jobnet.services.jobs import Jobs
from jobnet.services.letters import Letters
from jobnet.services.line import Line

GiveOrder = Callable[[Order, str], None]
"""Gives an order of the shell's own, with its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Everybody who carries something out for one run."""

    appointments: Appointments
    jobs: Jobs
    line: Line
    file_waits: FileWaits
    dialogs: Dialogs
    letters: Letters
    board: Board
    inbox: Inbox
    give_order: GiveOrder
    kill: Callable[[str], None]
    is_operated: Callable[[], bool]
    is_check: bool

    def carry_out(self, commands: Sequence[Command], now: datetime, tracker: Tracker) -> None:
        """Carry out all commands in order, then hand on what has become possible by them.

        ``tracker`` has the facts that they follow from.
        """
        for command in commands:
            self._one(command, now)
        for verdict in self.line.verdicts():
            self.inbox.put(verdict)
        for part in self.line.take_cancelled():
            self.give_order(Cancel(part=part), "a later execution of its network takes its place")
        for delivery in self.board.deliveries(now, tracker):
            self.inbox.put(delivery)
        for seen in self.board.deadlocks(tracker, has_calls_in_line=self.line.has_calls):
            self.inbox.put(seen)

    def work(self) -> RealWork:
        """Return what is open in the real world."""
        return RealWork(
            jobs=len(self.jobs.active),
            messages=len(self.letters.under_way),
            questions=len(self.dialogs),
            has_fresh_file_wait=self.file_waits.is_fresh(
                looks_min=LOOKS_MIN, seconds_min=LOOKING_SECONDS_MIN
            ),
            is_looking=self.file_waits.is_looking,
            is_settling=self.appointments.has_settling(),
        )

    def _one(self, command: Command, now: datetime) -> None:  # noqa: C901, PLR0912 - a flat table
        match command:
            case AskSlot():
                self.line.ask(command, now)
            case ReturnSlot():
                self.line.give_back(command)
            case StartJob():
                self.jobs.start(command)
            case KillJob():
                self.jobs.kill(command)
            case ArmTimer(timer=armed):
                self.appointments.arm(armed)
            case DropTimer(timer=timer):
                self.appointments.drop(timer)
            case WatchFile():
                self._watch(command, now)
            case OpenWait(wait=wait):
                self.board.open(wait)
            case StopWaiting(part=part, attempt=attempt):
                self.file_waits.close(part, attempt)
                self.board.close(part, attempt)
                self.dialogs.close(part, attempt)
            case OpenDialog():
                self._open_dialog(command, now)
            case PublishEvent(event=event):
                self.board.publish(event)
            case SendMessage():
                self.letters.send(command)
            case _:
                assert_never(command)

    def _watch(self, command: WatchFile, now: datetime) -> None:
        if self.is_check:
            self.give_order(ClearWait(part=command.part), "check mode looks at no file")
        else:
            self.file_waits.open(command, now)

    def _open_dialog(self, command: OpenDialog, now: datetime) -> None:
        timeout = command.dialog.timeout
        problem = self.dialogs.open(command, None if timeout is None else now + timeout)
        if problem and not self.is_operated():
            self.kill(problem)
