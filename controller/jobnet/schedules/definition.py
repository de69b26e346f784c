"""Holds what a schedule document says: rules that give starts, what wins over them, what follows.

A rule names days (``calendars.DayRule``) and times of these operating days. Where its days come
from a cron or an RRULE text and no ``at`` or ``repeat`` is written, the text gives the times too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from jobnet.calendars import ClockTime, DayRule, FoldPolicy, GapPolicy
from jobnet.schedules.conditions import StartCondition


class Measured(StrEnum):
    """From where the pause of a repetition counts."""

    START = "start"  # a grid: 06:00, 06:10, 06:20, whatever becomes of the runs
    END = "end"  # the next start is planned when the run before it has ended


class MisfirePolicy(StrEnum):
    """What becomes of starts whose time has passed while nobody could start them."""

    RUN_ALL = "run_all"
    RUN_LATEST = "run_latest"
    SKIP = "skip"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """A start every so often, from one clock time of the day to another, both included."""

    every: timedelta
    first: ClockTime
    last: ClockTime
    measured: Measured = Measured.START


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRule:
    """Days and the times on them; ``at`` and ``repeat`` may stand together."""

    days: DayRule
    at: tuple[ClockTime, ...] = ()
    repeat: Repetition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Operating days without a start: those of a rule, or those that a calendar closes."""

    days: DayRule | None = None
    calendar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A span of operating days without a start, both ends included; None: without an end."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfire:
    """How late a start may be; beyond ``grace`` the policy decides."""

    policy: MisfirePolicy = MisfirePolicy.RUN_LATEST
    grace: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummerTime:
    """What becomes of clock times that do not exist, or exist twice."""

    gap: GapPolicy = "shift"
    fold: FoldPolicy = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDefinition:
    """One schedule document; names are as written until ``compile_schedule`` is given the things.

    ``start_on`` is kept beside the rules: it starts the networks when something happens.
    """

    name: str
    networks: tuple[str, ...]
    folder: str = ""
    title: str = ""
    calendar: str | None = None
    timezone: str | None = None
    rules: tuple[ScheduleRule, ...] = ()
    exclude: tuple[Exclusion, ...] = ()
    pauses: tuple[Pause, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)
    misfire: Misfire = field(default_factory=Misfire)
    summer_time: SummerTime = field(default_factory=SummerTime)
    valid_from: date | None = None
    valid_to: date | None = None
    start_on: StartCondition | None = None


class WindowAction(StrEnum):
    """What a window does to parts that would start within it."""

    HOLD = "hold"
    SKIP = "skip"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowDefinition:
    """One window document: times in which hosts, nodes, queues or networks are left alone.

    Its rules give the days and, by ``at`` with ``lasts`` or by ``repeat`` as from and to, the
    spans. Nothing named means everything.
    """

    name: str
    folder: str = ""
    title: str = ""
    hosts: str | None = None
    nodes: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    rules: tuple["WindowRule", ...] = ()
    action: WindowAction = WindowAction.HOLD
    calendar: str | None = None
    timezone: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRule:
    """The spans of a window: on days of a rule, from a clock time to another (to 47:59)."""

    days: DayRule
    first: ClockTime
    last: ClockTime
