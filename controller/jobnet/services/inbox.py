"""Lists what reaches the pump of a run, and through which one queue.

Runner threads, watchers, signal handlers and the desk put things in; only the pump's
thread takes them out. A ``SimpleQueue`` may be filled from a signal handler, a ``Queue`` not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from queue import SimpleQueue
from typing import Protocol

from jobnet.engine import Tracker
from jobnet.engine.inputs import Input, OrderGiven
from jobnet.engine.waits import FileLooks
from jobnet.ids import PartKey
from jobnet.ports.desk import Reply
from jobnet.ports.jobs import JobReport


@dataclass(frozen=True, slots=True, kw_only=True)
class LookMade:
    """One look at the path of a file wait is over."""

    part: PartKey
    attempt: int
    looks: FileLooks


@dataclass(frozen=True, slots=True, kw_only=True)
class LookHint:
    """Something has changed near the path of a file wait: look now."""

    part: PartKey
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksMade:
    """One job has looked at paths on hosts, for a group of file waits: looks by path."""

    group: int
    looks: tuple[FileLooks, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksDue:
    """It is time to look for a group of file waits."""

    group: int


class Urge(StrEnum):
    """Who wants the run to stop."""

    INTERRUPT = "interrupt"  # Ctrl-C: asks where somebody can answer
    TERMINATE = "terminate"  # SIGTERM or a terminal that has gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Urged:
    """The process was asked to end."""

    urge: Urge


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody at a second terminal wants to know how the run stands, or gives an order.

    ``answered`` is called on the pump's thread with the tracker, the instant and why the order
    was refused ("" if it was not), once its facts are kept.
    """

    given: OrderGiven | None
    answered: Callable[[Tracker, datetime, str], None]


class Takes(Protocol):
    """Whoever hears of looks that are over, and of hints to look; from any thread."""

    def put(self, item: "Look | LookTime") -> None:
        """Take it and return at once."""


Look = LookMade | LooksMade
LookTime = LookHint | LooksDue
Item = Input | JobReport | Look | LookTime | Reply | Urged | Asked
Inbox = SimpleQueue[Item]
