"""States what a forecast is worked out from: planned starts, what is open, and what there is.

Everything is a value: who forecasts reads no clock and no database, so that the same situation
gives the same forecast, and a what-if is another situation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from jobnet.calendars import Calendar
from jobnet.definition import Bundle
from jobnet.engine import Limits, Tracker
from jobnet.engine.waits import ExecutionEnd, SentEvent
from jobnet.ids import NetworkName
from jobnet.services.forecast.expected_times import ExpectedTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStart:
    """One start of a network, as the plan has it; ``key`` is what it is known by there.

    Params are complete and of their declared types. ``repeat_after``: its network starts again so
    long after the end of this run, for the last time at ``repeat_until``.
    """

    key: str
    network: NetworkName
    start: datetime
    operating_day: date
    zone: str
    params: Mapping[str, object] = field(default_factory=dict)
    repeat_after: timedelta | None = None
    repeat_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun:
    """A run that has begun and not ended, as it stands now."""

    tracker: Tracker


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """A network with all that it needs, ready to be run."""

    bundle: Bundle
    calendars: Mapping[str, Calendar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that a forecast depends on.

    ``limits`` are what there is to be had from an instant on, the first of them from now on.
    ``ends`` and ``events`` are those of the past that waits may still be given.
    """

    now: datetime
    starts: tuple[PlannedStart, ...]
    networks: Mapping[NetworkName, Defined]
    times: ExpectedTimes
    limits: tuple[tuple[datetime, Limits], ...]
    open_runs: tuple[OpenRun, ...] = ()
    ends: tuple[ExecutionEnd, ...] = ()
    events: tuple[SentEvent, ...] = ()
