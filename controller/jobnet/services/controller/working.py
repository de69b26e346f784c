"""Keeps one worker at its work: it looks when it is rung for, when it wants to, and now and then.

What there is to do stands in the database, so a worker that was not rung finds it all the same, at
its next sweep. That is a net and no way of working: what a sweep finds is counted, and tests
require that nothing is. No fault ends a worker; it is told, and after a pause it looks again.
"""

import json
import logging
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from jobnet.errors.storage import DatabaseAway
from jobnet.services.controller.bells import Bells, Name

SWEEP_SECONDS = 30.0
PAUSE_SECONDS_MIN = 0.5
PAUSE_SECONDS_MAX = 30.0

_log = logging.getLogger("jobnet.controller")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What one look of a worker came to.

    ``found`` counts what a bell ought to have announced; ``again_seconds`` is when it wants to
    look again by itself, None: whenever.
    """

    found: int = 0
    again_seconds: float | None = None


class Works(Protocol):
    """Somebody with work to do."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def bells(self) -> Collection[Name]:
        """What it wants to be woken for."""

    def work_once(self) -> Pass:
        """Do all that there is to do now; doing it twice must be harmless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """What went wrong since the start, by worker; ``away`` are those without a database now."""

    swept: Mapping[str, int]
    faults: Mapping[str, int]
    away: frozenset[str]
    last_fault: Mapping[str, str]


class Health:
    """Counts what workers could not do, and what nobody had announced; safe for any thread."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = threading.Lock()
        self._swept: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._last_fault: dict[str, str] = {}
        self._away: set[str] = set()

    def swept(self, worker: str, found: int) -> None:
        """Count what a sweep has found."""
        with self._lock:
            self._swept[worker] += found
        tell("swept", level=logging.WARNING, worker=worker, found=found)

    def fault(self, worker: str, error: Exception) -> None:
        """Count a fault and tell it with its place in the code."""
        with self._lock:
            self._faults[worker] += 1
            self._last_fault[worker] = f"{type(error).__name__}: {error}"[:400]
        tell("fault", level=logging.ERROR, error=error, worker=worker)

    def away(self, worker: str, error: DatabaseAway) -> None:
        """Note that a worker has no database; told once."""
        with self._lock:
            is_news = worker not in self._away
            self._away.add(worker)
        if is_news:
            tell("database_away", level=logging.WARNING, worker=worker, problem=str(error))

    def is_back(self, worker: str) -> None:
        """Note that a worker has its database again."""
        with self._lock:
            was_away = worker in self._away
            self._away.discard(worker)
        if was_away:
            tell("database_back", level=logging.INFO, worker=worker)

    def report(self) -> HealthReport:
        """Return everything that was counted so far."""
        with self._lock:
            return HealthReport(
                swept=dict(self._swept),
                faults=dict(self._faults),
                away=frozenset(self._away),
                last_fault=dict(self._last_fault),
            )


def tell(event: str, *, level: int, error: Exception | None = None, **fields: object) -> None:
    """Write one line of data into the log; of an error also where it comes from."""
    line = json.dumps({"event": event, **fields}, default=str)
    _log.log(level, "%s", line, exc_info=error)


def keep_working(
    worker: Works, bells: Bells, health: Health, *, sweep_seconds: float = SWEEP_SECONDS
) -> None:
    """Let a worker work until the bells are closed."""
    is_sweep = False
    failures = 0
    while not bells.is_closed:
        heard = bells.heard(worker.bells)
        done = attempt(worker.name, worker.work_once, health)
        if done is None:
            failures += 1
            bells.wait((), 0, seconds_max=pause_seconds(failures))
            is_sweep = False
            continue
        failures = 0
        if is_sweep and done.found and bells.heard(worker.bells) == heard:
            health.swept(worker.name, done.found)
        wanted = sweep_seconds if done.again_seconds is None else max(0.0, done.again_seconds)
        now = bells.wait(worker.bells, heard, seconds_max=min(wanted, sweep_seconds))
        is_sweep = now == heard


def attempt(name: str, work: Callable[[], Pass], health: Health) -> Pass | None:
    """Do some work; None where it could not be done, which is counted and told."""
    try:
        done = work()
    except DatabaseAway as error:
        health.away(name, error)
        return None
    except Exception as error:  # noqa: BLE001 - a worker outlives every fault
        health.fault(name, error)
        return None
    health.is_back(name)
    return done


def pause_seconds(failures: int) -> float:
    """Return how long to rest after so many failures in a row.

    >>> [pause_seconds(1), pause_seconds(3), pause_seconds(99)]
    [0.5, 2.0, 30.0]
    """
    doublings = min(failures - 1, 10)
    return float(min(PAUSE_SECONDS_MIN * 2**doublings, PAUSE_SECONDS_MAX))
