"""Lists what the engine asks the shell to do: every one derived from a fact.

A command names the part and attempt it belongs to. Doing one twice must be harmless for the
shell, since after a crash the open ones are derived again from the tracker.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jobnet.definition import Dialog, Placement, UnitJob, WaitFile
from jobnet.engine.timers import ArmedTimer, Timer
from jobnet.engine.waits import SentEvent, Wait
from jobnet.ids import HostName, NetworkName, PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSlot:
    """Ask the queue for a slot, the locks and the resources of this attempt.

    ``network`` is set where the part calls a network: then its limit and overlap count too.
    Who asks again keeps the place in line by arrival and takes the new placement; who has been
    granted the slot already keeps it.
    """

    part: PartKey
    attempt: int
    placement: Placement
    network: NetworkName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnSlot:
    """The attempt needs its slot no more, or asks no more."""

    part: PartKey
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StartJob:
    """Start one attempt of a unit job with the values bound for it.

    ``bound`` holds ``hosts``, ``inventory`` (final texts); ``handed_over`` what Ansible sees of
    the run: params, parts, operating_day, run, loop names, failed. ``network`` says whose
    file the relative paths belong to; ``warm`` is False where something near it says so.
    """

    part: PartKey
    attempt: int
    network: NetworkName
    name: str
    job: UnitJob
    hosts: str | None
    inventory: tuple[str, ...]
    handed_over: Mapping[str, object]
    host_vars: Mapping[HostName, Mapping[str, object]]
    only_hosts: tuple[HostName, ...]
    check: bool
    diff: bool
    kill_grace_seconds: float
    warm: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class KillJob:
    """Ask a started attempt to end."""

    part: PartKey
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmTimer:
    """Wake the run at this instant."""

    timer: ArmedTimer


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTimer:
    """Forget this timer."""

    timer: Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFile:
    """Look at a path on hosts now, when it changes and at each poll; report ``FilesSeen``."""

    part: PartKey
    attempt: int
    network: NetworkName
    wait: WaitFile
    hosts: str | None
    inventory: tuple[str, ...]
    path: str
    warm: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWait:
    """Match this wait with events or ends, now and when new ones come."""

    wait: Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class StopWaiting:
    """The part waits no more: for its file, event, network, part, dialog or message."""

    part: PartKey
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDialog:
    """Ask the operators; answers come as the order ``Answer``."""

    part: PartKey
    attempt: int
    dialog: Dialog
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishEvent:
    """Give this event to open waits, and keep it as long as it says."""

    event: SentEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage:
    """Send the message of a notify part; report ``MessageAnswered``."""

    part: PartKey
    attempt: int
    to: tuple[str, ...]
    subject: str
    message: str
    attach: tuple[str, ...] = ()
    digest: bool = False
    details: Mapping[str, object] = field(default_factory=dict)


Command = (
    AskSlot
    | ReturnSlot
    | StartJob
    | KillJob
    | ArmTimer
    | DropTimer
    | WatchFile
    | OpenWait
    | StopWaiting
    | OpenDialog
    | PublishEvent
    | SendMessage
)
