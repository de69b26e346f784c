"""Names the attributes that every part may have, with their shapes and defaults.

The defaults are those of the language (``docs/reference/parts/index.md``); the reader of the
YAML and the engine both take them from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from jobnet.calendars import ClockTime
from jobnet.expressions import Expression

KILL_GRACE = timedelta(seconds=10)


class OnError(StrEnum):
    """What an abnormal end does to the rest of its sequence."""

    STOP = "stop"
    CONTINUE = "continue"
    HOLD = "hold"


class OnLost(StrEnum):
    """What follows when nobody can say how a part ended."""

    HOLD = "hold"
    RETRY = "retry"
    ABNORMAL = "abnormal"


class RerunRule(StrEnum):
    """Whether a part may run a second time."""

    SAFE = "safe"
    ASK = "ask"
    NEVER = "never"


class Severity(StrEnum):
    """How much a failure of the part matters."""

    INFO = "info"
    LOW = "low"
    HIGH = "high"
    CRITICAL = "critical"


class LateStartAction(StrEnum):
    """What happens to a part that has not begun by its latest start."""

    SKIP = "skip"
    HOLD = "hold"
    ABNORMAL = "abnormal"


class LockMode(StrEnum):
    """Whether others may hold the same lock at the same time."""

    EXCLUSIVE = "exclusive"
    SHARED = "shared"


class RetryHosts(StrEnum):
    """Which hosts a new attempt runs on."""

    ALL = "all"
    FAILED = "failed"


class Judgement(StrEnum):
    """The class that an exit code stands for."""

    NORMAL = "normal"
    WARNING = "warning"
    ABNORMAL = "abnormal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """New attempts after the first; each pause is ``backoff`` times the one before."""

    count: int = 0
    delay: timedelta = timedelta(0)
    backoff: float = 1.0
    hosts: RetryHosts = RetryHosts.ALL

    def __post_init__(self) -> None:
        """Refuse what could never be a retry rule."""
        assert self.count >= 0, "a count of attempts is never negative"
        assert self.backoff >= 1, "pauses never become shorter"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitCodes:
    """Judgements by number: inclusive ranges, the first that holds the number decides.

    A number in no range keeps the judgement that Ansible or the worst part gave.
    """

    ranges: tuple[tuple[int, int, Judgement], ...]

    def judge(self, exit_code: int) -> Judgement | None:
        """Return the judgement of this number, or None where no range holds it."""
        for low, high, judgement in self.ranges:
            if low <= exit_code <= high:
                return judgement
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A clock time of the operating day, or a time after the planned start; never both."""

    clock: ClockTime | None = None
    after_start: timedelta | None = None

    def __post_init__(self) -> None:
        """Refuse a deadline that says nothing or two things."""
        assert (self.clock is None) != (self.after_start is None), "one of both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A duration, or a percentage of the usual one (P50 of the history); never both."""

    duration: timedelta | None = None
    percent: int | None = None

    def __post_init__(self) -> None:
        """Refuse an estimate that says nothing or two things."""
        assert (self.duration is None) != (self.percent is None), "one of both"


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestStart:
    """The instant after which a part that has not begun does not begin any more."""

    at: Deadline
    then: LateStartAction


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Everything that is watched by the clock, for a part or for a whole network."""

    end_by: Deadline | None = None
    late_start: Deadline | None = None
    late_end: Deadline | None = None
    overrun: Estimate | None = None
    underrun: Estimate | None = None
    latest_start: LatestStart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a part stands in line and what it must have before it starts."""

    queue: str | None = None
    priority: int | None = None
    nodes: tuple[str, ...] = ()
    locks: Mapping[str, LockMode] = field(default_factory=dict)
    resources: Mapping[str, int] = field(default_factory=dict)
    warm: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """Who looks after it and how much it matters; None means: as the network says."""

    owner: str | None = None
    runbook: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRules:
    """What follows an end that is not normal, and how often the part is tried."""

    on_error: OnError = OnError.STOP
    on_lost: OnLost = OnLost.HOLD
    rerun: RerunRule = RerunRule.ASK
    rerun_note: str = ""
    retry: Retry = Retry()
    exit_code: Expression | None = None
    exit_codes: ExitCodes | None = None
    timeout: timedelta | None = None
    kill_grace: timedelta = KILL_GRACE
