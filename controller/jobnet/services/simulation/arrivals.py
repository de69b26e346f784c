"""Makes what reaches a simulated run from outside: files, events, ends of other networks.

A wait whose duration the scenario gives gets what it waits for after that while. Nothing else
comes from outside: without a part of the run that produces it, a wait waits for its timeout.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from jobnet.definition import FileEvent
from jobnet.engine.commands import WatchFile
from jobnet.engine.inputs import FilesSeen
from jobnet.engine.states import State
from jobnet.engine.waits import EndWait, EventWait, ExecutionEnd, FileLook, SentEvent
from jobnet.ids import EventId, HostName, NetworkName, RunId
from jobnet.services.simulation.outcomes import Outcomes

HERE = HostName("localhost")
ELSEWHERE = "simulation"
_ABSENT = FileLook()
_PRESENT = FileLook(exists=True, size=1, mtime=1.0, inode=1)
_CHANGED = FileLook(exists=True, size=2, mtime=2.0, inode=1)

_LOOKS = {
    FileEvent.CREATED: (_ABSENT, _PRESENT),
    FileEvent.UPDATED: (_PRESENT, _CHANGED),
    FileEvent.DELETED: (_PRESENT, _ABSENT),
}


def looks_of(watch: WatchFile) -> tuple[FilesSeen, FilesSeen]:
    """Return the look before the awaited event, and the one after it."""
    host = HERE if watch.hosts is None else HostName(watch.hosts)
    before, after = _LOOKS[watch.wait.event]
    return (
        FilesSeen(part=watch.part, attempt=watch.attempt, looks={host: before}),
        FilesSeen(part=watch.part, attempt=watch.attempt, looks={host: after}),
    )


def event_for(wait: EventWait, outcomes: Outcomes, now: datetime) -> SentEvent:
    """Return the event that a wait waits for; its data are the output ``data`` of the part."""
    data = outcomes.outputs(wait.part, wait.attempt).get("data", {})
    return SentEvent(
        id=EventId(f"{ELSEWHERE}:{wait.part}:{wait.attempt}"),
        name=wait.name,
        data=cast(Mapping[str, object], data if isinstance(data, Mapping) else {}),
        sender=ELSEWHERE,
        sent_at=now,
        operating_day=wait.operating_day,
    )


def end_for(wait: EndWait, network: NetworkName, outcomes: Outcomes, now: datetime) -> ExecutionEnd:
    """Return the end of the network or part that a wait waits for: normal, unless it fails."""
    state = State.NORMAL
    if outcomes.is_lost(wait.part, wait.attempt):
        state = State.LOST
    elif outcomes.exit_code(wait.part, wait.attempt):
        state = State.ABNORMAL
    return ExecutionEnd(
        network=network,
        execution=ELSEWHERE,
        part=wait.awaited_part,
        run=RunId(ELSEWHERE),
        state=state.value,
        is_fine_or_warning=state is State.NORMAL,
        operating_day=wait.operating_day,
        planned_start=wait.planned_start,
        ended_at=now,
        outputs=outcomes.outputs(wait.part, wait.attempt),
    )
