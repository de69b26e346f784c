"""Decides how the attempts of a simulated run end: what the scenario says, else normally.

A name that says something is remembered once it was used, so that one that no attempt ever had
can be told: a fault that never struck proves nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from jobnet.calendars import ClockTime
from jobnet.engine.commands import StartJob
from jobnet.engine.keys import id_of
from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult
from jobnet.ids import HostName, PartKey
from jobnet.project.scenarios import Given, said_of

USUAL = timedelta(seconds=1)
EVERY_HOST = HostName("all")

Value = TypeVar("Value")
Instant = Callable[[ClockTime], datetime]
"""Gives the instant of a clock time of the operating day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loss:
    at: ClockTime | None


class Outcomes:
    """What the attempts of one simulated run do."""

    def __init__(self, given: Given, usual_seconds: Mapping[str, float]) -> None:
        self._given = given
        self._usual = usual_seconds
        self._lost = {name: _Loss(at=at) for name, at in given.lose.items()}
        self._used: set[tuple[str, str]] = set()

    def duration(self, part: PartKey, attempt: int) -> timedelta | None:
        """Return how long the scenario lets an attempt take, or None where it does not say."""
        return self._said("duration", self._given.duration, part, attempt)

    def duration_of_job(self, part: PartKey, attempt: int) -> timedelta:
        """Return how long a unit job takes: as given, as usual, or a second."""
        given = self.duration(part, attempt)
        if given is not None:
            return given
        usual = self._usual.get(id_of(part))
        return USUAL if usual is None else timedelta(seconds=usual)

    def exit_code(self, part: PartKey, attempt: int) -> int:
        """Return the exit code that was given, else 0."""
        return self._said("fail", self._given.fail, part, attempt) or 0

    def is_lost(self, part: PartKey, attempt: int) -> bool:
        """Return whether nobody will be able to say how the attempt ended."""
        return self._said("lose", self._lost, part, attempt) is not None

    def node_gone_after(
        self, part: PartKey, attempt: int, *, begun: datetime, lasts: timedelta, clock: Instant
    ) -> timedelta | None:
        """Return how long an attempt has its node, or None if it ends before that goes away."""
        name = said_of(self._lost, part, attempt)
        if name is None:
            return None
        at = self._lost[name].at
        after = lasts if at is None else clock(at) - begun
        if at is not None and not timedelta(0) <= after < lasts:
            return None
        self._used.add(("lose", name))
        return after

    def outputs(self, part: PartKey, attempt: int) -> Mapping[str, object]:
        """Return the outputs that were given."""
        return self._said("output", self._given.outputs, part, attempt) or {}

    def result(self, command: StartJob) -> JobResult:
        """Return the end of an attempt of a unit job."""
        part, attempt = command.part, command.attempt
        code = self.exit_code(part, attempt)
        artifacts = self._said("artifact", self._given.artifacts, part, attempt) or ()
        return JobResult(
            end=JobEnd.ENDED,
            is_normal=not code,
            exit_code=code,
            ansible_rc=2 if code else 0,
            message=f"simulated: exit code {code}" if code else "",
            hosts=_hosts(command, code),
            outputs=self.outputs(part, attempt),
            artifacts={name: f"simulated/{name}" for name in artifacts},
        )

    def unused(self) -> tuple[str, ...]:
        """Return what was given and never asked for, as it was written: ``fail: load``."""
        given = self._given
        written = {
            "fail": given.fail,
            "lose": self._lost,
            "duration": given.duration,
            "output": given.outputs,
            "artifact": given.artifacts,
        }
        return tuple(
            f"{key}: {name}"
            for key, names in written.items()
            for name in names
            if (key, name) not in self._used
        )

    def _said(
        self, key: str, values: Mapping[str, Value], part: PartKey, attempt: int
    ) -> Value | None:
        name = said_of(values, part, attempt)
        if name is None:
            return None
        self._used.add((key, name))
        return values[name]


def _hosts(command: StartJob, code: int) -> Mapping[HostName, HostResult]:
    """Return a result for each name in the host pattern, since no inventory is read."""
    names = command.only_hosts or _names(command.hosts)
    state = HostState.FAILED if code else HostState.OK
    message = f"simulated: exit code {code}" if code else ""
    return {name: HostResult(state=state, rc=code, message=message) for name in names}


def _names(pattern: str | None) -> tuple[HostName, ...]:
    words = (pattern or EVERY_HOST).replace(":", ",").split(",")
    return tuple(HostName(word.strip()) for word in words if word.strip())
