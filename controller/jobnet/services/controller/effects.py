"""Makes of the engine's commands the rows that say what a run has open outside itself.

Commands come in order and the last word about a thing counts: a timer that is armed and dropped in
one turn never reaches the database.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, get_args

from jobnet.engine import commands as c
from jobnet.engine.timers import Timer
from jobnet.engine.waits import EventWait, ExecutionEnd, SentEvent, Wait
from jobnet.ids import PartKey, RunId
from jobnet.ports.store import (
    DialogRow,
    Errand,
    ErrandKey,
    ErrandKind,
    FileWaitRow,
    JobRow,
    MessageRow,
    Signal,
    SignalKind,
    SlotRow,
    SlotState,
    TimerRow,
    WaitKind,
    WaitRow,
)
from jobnet.services.controller.payloads import (
    dialog_payload,
    file_wait_payload,
    message_payload,
    placement_payload,
)
from jobnet.services.controller.turn_context import Context

ENDED: Final = "end:"
SENT: Final = "event:"
"""What signals for start conditions begin with."""
_WAITING = (ErrandKind.FILE_WAIT, ErrandKind.WAIT, ErrandKind.DIALOG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What the commands of one turn became."""

    puts: tuple[Errand, ...]
    drops: tuple[ErrandKey, ...]
    kills: tuple[tuple[PartKey, int], ...]
    events: tuple[SentEvent, ...]
    signals: tuple[Signal, ...]


@dataclass(slots=True)
class _Gathering:
    context: Context
    puts: dict[ErrandKey, Errand] = field(default_factory=dict)
    drops: dict[ErrandKey, None] = field(default_factory=dict)
    kills: dict[tuple[PartKey, int], None] = field(default_factory=dict)
    events: list[SentEvent] = field(default_factory=list)
    signals: dict[Signal, None] = field(default_factory=dict)

    @property
    def run(self) -> RunId:
        return self.context.run

    def put(self, key: ErrandKey, errand: Errand) -> None:
        self.puts[key] = errand

    def drop(self, key: ErrandKey) -> None:
        self.puts.pop(key, None)
        self.drops[key] = None

    def signal(self, kind: SignalKind, name: str = "") -> None:
        self.signals[Signal(kind=kind, name=name, run=self.run)] = None


def effects_of(commands: Sequence[c.Command], context: Context) -> Effects:
    """Return the rows and signals of a turn's commands."""
    gathering = _Gathering(context)
    for command in commands:
        _GATHER[type(command)](gathering, command)
    return Effects(
        puts=tuple(gathering.puts.values()),
        drops=tuple(gathering.drops),
        kills=tuple(gathering.kills),
        events=tuple(gathering.events),
        signals=tuple(gathering.signals),
    )


def _return_slot(to: _Gathering, command: c.ReturnSlot) -> None:
    to.drop(_key(ErrandKind.SLOT, command))
    to.signal(SignalKind.ADMIT)


def _kill_job(to: _Gathering, command: c.KillJob) -> None:
    to.kills[command.part, command.attempt] = None
    to.signal(SignalKind.JOB, job_name(command.part, command.attempt))


def _arm_timer(to: _Gathering, command: c.ArmTimer) -> None:
    timer = command.timer.timer
    row = TimerRow(
        run=to.run,
        part=timer.part,
        attempt=timer.attempt,
        kind=timer.kind,
        generation=timer.generation,
        due=command.timer.due,
    )
    to.put(_timer_key(timer), row)


def _drop_timer(to: _Gathering, command: c.DropTimer) -> None:
    to.drop(_timer_key(command.timer))


def _watch_file(to: _Gathering, command: c.WatchFile) -> None:
    payload = file_wait_payload(command)
    row = FileWaitRow(run=to.run, part=command.part, attempt=command.attempt, payload=payload)
    to.put(_key(ErrandKind.FILE_WAIT, command), row)
    to.signal(SignalKind.FILE_WAIT, job_name(command.part, command.attempt))


def _publish_event(to: _Gathering, command: c.PublishEvent) -> None:
    to.events.append(command.event)
    to.signal(SignalKind.MATCH_EVENT, command.event.name)
    to.signal(SignalKind.TRIGGER, f"{SENT}{command.event.name}")


def _send_message(to: _Gathering, command: c.SendMessage) -> None:
    payload = message_payload(command)
    row = MessageRow(run=to.run, part=command.part, attempt=command.attempt, payload=payload)
    to.put(_key(ErrandKind.MESSAGE, command), row)
    to.signal(SignalKind.MESSAGE, job_name(command.part, command.attempt))


def _ask_slot(to: _Gathering, command: c.AskSlot) -> None:
    placement = command.placement
    row = SlotRow(
        run=to.run,
        part=command.part,
        attempt=command.attempt,
        state=SlotState.ASKING,
        asked_at=to.context.now,
        queue=placement.queue,
        priority=placement.priority,
        network=command.network,
        is_job=command.network is None,
        placement=placement_payload(placement),
    )
    to.put(_key(ErrandKind.SLOT, command), row)
    to.signal(SignalKind.ADMIT)


def _start_job(to: _Gathering, command: c.StartJob) -> None:
    row = JobRow(
        run=to.run,
        part=command.part,
        attempt=command.attempt,
        order=to.context.order_text(command),
        ordered_at=to.context.now,
    )
    to.put(_key(ErrandKind.JOB, command), row)
    to.signal(SignalKind.JOB, job_name(command.part, command.attempt))


def _open_wait(to: _Gathering, command: c.OpenWait) -> None:
    wait = command.wait
    is_event = isinstance(wait, EventWait)
    if isinstance(wait, EventWait):
        name = str(wait.name)
    else:
        name = own_ends(to.run) if wait.network is None else str(wait.network)
    row = WaitRow(
        run=to.run,
        part=wait.part,
        attempt=wait.attempt,
        kind=WaitKind.EVENT if is_event else WaitKind.END,
        name=name,
        opened_at=wait.opened_at,
    )
    to.put(_key(ErrandKind.WAIT, wait), row)
    to.signal(SignalKind.MATCH_EVENT if is_event else SignalKind.MATCH_END, name)


def _stop_waiting(to: _Gathering, command: c.StopWaiting) -> None:
    for kind in _WAITING:
        to.drop(_key(kind, command))
    to.signal(SignalKind.FILE_WAIT, job_name(command.part, command.attempt))


def _open_dialog(to: _Gathering, command: c.OpenDialog) -> None:
    timeout = command.dialog.timeout
    row = DialogRow(
        run=to.run,
        part=command.part,
        attempt=command.attempt,
        network=to.context.network,
        message=command.message,
        payload=json.dumps(dialog_payload(command.dialog)),
        opened_at=to.context.now,
        due=None if timeout is None else to.context.now + timeout,
    )
    to.put(_key(ErrandKind.DIALOG, command), row)


_GATHER: Mapping[type[c.Command], Callable[[_Gathering, Any], None]] = {
    c.AskSlot: _ask_slot,
    c.ReturnSlot: _return_slot,
    c.StartJob: _start_job,
    c.KillJob: _kill_job,
    c.ArmTimer: _arm_timer,
    c.DropTimer: _drop_timer,
    c.WatchFile: _watch_file,
    c.OpenWait: _open_wait,
    c.StopWaiting: _stop_waiting,
    c.OpenDialog: _open_dialog,
    c.PublishEvent: _publish_event,
    c.SendMessage: _send_message,
}
assert set(_GATHER) == set(get_args(c.Command)), "every command has its rows"


def own_ends(run: RunId) -> str:
    """Return the name by which waits for parts of the same run are matched."""
    return f"run:{run}"


def job_name(part: PartKey, attempt: int) -> str:
    """Return the name of an attempt in signals.

    >>> job_name(PartKey("load"), 2)
    'load:2'
    """
    return f"{part}:{attempt}"


def split_job_name(name: str) -> tuple[PartKey, int]:
    """Return part and attempt of such a name.

    >>> split_job_name("per[a:1].load:2")
    ('per[a:1].load', 2)
    """
    part, _, attempt = name.rpartition(":")
    return PartKey(part), int(attempt)


def end_signals(run: RunId, ends: Iterable[ExecutionEnd]) -> tuple[Signal, ...]:
    """Return the signals for ends of networks and parts: for waits, and for start conditions."""
    every = tuple(ends)
    names = dict.fromkeys(own_ends(run) if end.is_own_key else str(end.network) for end in every)
    whole = dict.fromkeys(str(end.network) for end in every if end.part is None)
    matched = (Signal(kind=SignalKind.MATCH_END, name=name, run=run) for name in names)
    started = (Signal(kind=SignalKind.TRIGGER, name=f"{ENDED}{name}", run=run) for name in whole)
    return (*matched, *started)


def _key(kind: ErrandKind, command: c.Command | Wait) -> ErrandKey:
    assert not isinstance(command, c.ArmTimer | c.DropTimer | c.OpenWait | c.PublishEvent)
    return ErrandKey(kind=kind, part=command.part, attempt=command.attempt)


def _timer_key(timer: Timer) -> ErrandKey:
    return ErrandKey(
        kind=ErrandKind.TIMER,
        part=timer.part,
        attempt=timer.attempt,
        timer=timer.kind,
        generation=timer.generation,
    )
