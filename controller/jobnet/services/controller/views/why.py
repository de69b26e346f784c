"""Answers why something does not run, or why it failed, with the commands that help.

Of a run that goes on it names what is waited for, of one that ended badly the parts that failed
first, with host and message. Of a network it tells about its latest run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from jobnet.definition import UnitJob
from jobnet.engine import Tracker, TrackLine, track
from jobnet.engine.results import HostState
from jobnet.engine.standing import part_of
from jobnet.engine.states import CLASS_OF_END, EndClass, State, WaitReason, has_ended
from jobnet.ports.store import RunRow
from jobnet.services.controller.views.parts import reason_of
from jobnet.services.controller.views.runs import RunView
from jobnet.services.controller.views.waiting import Surroundings, WaitingOn, waits_of_part

FAILURES_SHOWN_MAX = 20
WAITS_SHOWN_MAX = 50
COMMANDS_MAX = 12
_BAD_HOSTS = frozenset({HostState.FAILED, HostState.UNREACHABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A part that ended badly; ``host`` is the first that failed, with what Ansible said there."""

    part: str
    kind: str
    state: State
    reason: str | None
    message: str
    exit_code: int | None
    attempt: int
    ended: datetime | None
    handled: str
    host: str = ""
    host_message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A part, or "" for the run itself, and what it waits for."""

    part: str
    waiting_on: WaitingOn


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A command to type next, and what it is good for."""

    command: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyView:
    """The answer; ``sentence`` is all of it in one line. ``run`` None: there was none yet."""

    network: str
    sentence: str
    run: RunRow | None = None
    waiting: tuple[Waiting, ...] = ()
    failures: tuple[Failure, ...] = ()
    hints: tuple[Hint, ...] = ()


def why_run(view: RunView, tracker: Tracker, around: Surroundings) -> WhyView:
    """Return why a run does not go on, or why it ended as it did."""
    row = view.row
    lines = track(tracker)
    failures = tuple(_failures(tracker, lines))[:FAILURES_SHOWN_MAX]
    own = [Waiting(part="", waiting_on=each) for each in view.waiting_on]
    parts = [] if has_ended(row.state) else list(_waits(tracker, lines, around))
    waiting = (*own, *parts)[:WAITS_SHOWN_MAX]
    return WhyView(
        network=row.network,
        run=row,
        sentence=_sentence(row, waiting, failures),
        waiting=waiting,
        failures=failures,
        hints=(*_resumes(row, around), *_hints(row, waiting, failures))[:COMMANDS_MAX],
    )


def why_never_run(network: str, suspended: WaitingOn | None) -> WhyView:
    """Return why a network has no run."""
    said = "" if suspended is None else f" {suspended.what}."
    return WhyView(
        network=network,
        sentence=f"{network} has not been started since it was applied.{said}",
        hints=(Hint(command=f"jobnet start {network}", purpose="start it now"),),
    )


def _waits(
    tracker: Tracker, lines: tuple[TrackLine, ...], around: Surroundings
) -> Iterator[Waiting]:
    """Yield what parts wait for whose turn it is; all others only wait for those."""
    for line in lines:
        for each in waits_of_part(tracker, line, around):
            if each.kind != WaitReason.PREDECESSOR.value:
                yield Waiting(part=line.key, waiting_on=each)


def _failures(tracker: Tracker, lines: tuple[TrackLine, ...]) -> Iterator[Failure]:
    """Yield parts that ended badly, the first first; containers only tell what is inside them."""
    failed = [line for line in lines if _has_failed(tracker, line)]
    for line in sorted(failed, key=_when):
        record = line.record
        assert record is not None, "only what has begun has failed"
        bad = (name for name, host in line.hosts.items() if host.state in _BAD_HOSTS)
        host = next(bad, None)
        yield Failure(
            part=line.key,
            kind=line.kind,
            state=line.state,
            reason=reason_of(line),
            message=line.message,
            exit_code=record.exit_code,
            attempt=record.attempt,
            ended=line.ended,
            handled=record.handled,
            host="" if host is None else host,
            host_message="" if host is None else line.hosts[host].message,
        )


def _has_failed(tracker: Tracker, line: TrackLine) -> bool:
    record = line.record
    if record is None or CLASS_OF_END.get(line.state) is not EndClass.ABNORMAL:
        return False
    return record.culprit is None or isinstance(part_of(tracker, record).body, UnitJob)


def _when(line: TrackLine) -> tuple[float, str]:
    return (0.0 if line.ended is None else line.ended.timestamp(), line.key)


def _sentence(row: RunRow, waiting: tuple[Waiting, ...], failures: tuple[Failure, ...]) -> str:
    name = f"{row.run} ({row.network})"
    unhandled = [each for each in failures if not each.handled]
    if has_ended(row.state):
        if not unhandled:
            said = f": {row.detail}" if row.detail else ""
            return f"{name} ended {row.state.value}{said}."
        first = unhandled[0]
        where = f" on {first.host}" if first.host else ""
        said = (first.host_message or first.message or first.state.value).splitlines()[0]
        return f"{name} ended {row.state.value}: {first.part} failed{where}: {said}"
    if not waiting:
        return f"{name} is {row.state.value}; nothing in it is waiting."
    first_wait = waiting[0]
    who = first_wait.part or "it"
    more = f" (and {len(waiting) - 1} more)" if len(waiting) > 1 else ""
    told = f"{first_wait.waiting_on.kind}: {first_wait.waiting_on.what}"
    return f"{name} is {row.state.value}; {who} waits, {told}{more}."


def _hints(
    row: RunRow, waiting: tuple[Waiting, ...], failures: tuple[Failure, ...]
) -> Iterator[Hint]:
    for failure in failures[:3]:
        if failure.attempt:
            yield Hint(
                command=f"jobnet logs {row.run}/{failure.part}", purpose="read what it printed"
            )
    if has_ended(row.state) and any(not each.handled for each in failures):
        command = f"jobnet rerun {row.run} --failed"
        yield Hint(command=command, purpose="run the failed parts and all after them again")
    for each in waiting:
        yield from _against(row, each)


def _resumes(row: RunRow, around: Surroundings) -> Iterator[Hint]:
    """Yield what takes back a suspension beside the run, while that keeps it from going on."""
    if not has_ended(row.state) and "" in around.suspensions:
        yield Hint(command="jobnet resume --everything", purpose="let all networks go on")
    if not has_ended(row.state) and row.network in around.suspensions:
        command = f"jobnet resume --network {row.network}"
        yield Hint(command=command, purpose="let its network go on")


def _against(row: RunRow, waiting: Waiting) -> Iterator[Hint]:
    """Yield the orders that end a wait."""
    name = f"{row.run}/{waiting.part}" if waiting.part else row.run
    match waiting.waiting_on.kind:
        case "held":
            yield Hint(command=f"jobnet release {name}", purpose="let it go on")
        case "prompting":
            yield Hint(command=f"jobnet answer {name} CHOICE", purpose="answer the dialog")
        case "suspended" if waiting.part or row.is_suspended:
            yield Hint(command=f"jobnet resume {name}", purpose="let it start what is due")
        case "operator":
            yield Hint(command=f"jobnet rerun {name}", purpose="run it and all after it again")
            yield Hint(command=f"jobnet release {name}", purpose="go on as if with a warning")
        case "time" | "retry" | "interval" | "window":
            yield Hint(command=f"jobnet run-now {name}", purpose="wait no longer")
        case "network" | "part" | "file" | "event" | "deadlock":
            yield Hint(command=f"jobnet clear-wait {name}", purpose="take it as fulfilled")
        case "queue_limit" | "lock" | "resource" | "tripped" | "network_limit" | "queued":
            yield Hint(command="jobnet queue list", purpose="see who holds what it needs")
        case _:
            pass
