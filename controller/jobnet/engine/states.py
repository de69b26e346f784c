"""Names the states of runs and parts, and the moves between them, as one table.

One vocabulary serves both. A flag is never a state: ``late_end`` stands beside RUNNING. The
diagram in the docs is drawn from ``MOVES`` and a test refuses a fact that makes another move.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where a run or a part is; ``docs/glossary.md`` tells the life of each."""

    PLANNED = "planned"  # known only to the plan
    FIXED = "fixed"  # a record exists, its turn has not come
    WAITING = "waiting"  # for the reason beside it
    QUEUED = "queued"  # all conditions met, no start yet
    STARTING = "starting"  # handed over, not yet confirmed
    RUNNING = "running"
    HELD = "held"  # by an operator or by the definition; remembers where it came from
    PROMPTING = "prompting"  # a dialog that is open
    NORMAL = "normal"
    WARNING = "warning"
    ABNORMAL = "abnormal"
    KILLED = "killed"
    FAILED_TO_START = "failed_to_start"
    LOST = "lost"  # nobody can say how it ended
    SKIPPED = "skipped"  # by an operator; what follows goes on
    BYPASSED = "bypassed"  # a branch not taken, no-exec, or by schedule
    NOT_RUN = "not_run"  # the one before ended abnormally
    MISSED = "missed"  # overlap, latest start passed, outage
    CANCELLED = "cancelled"


class WaitReason(StrEnum):
    """Why something is WAITING."""

    START_TIME = "start_time"
    PREDECESSOR = "predecessor"
    NETWORK = "network"
    PART = "part"
    FILE = "file"
    TIME = "time"
    EVENT = "event"
    NETWORK_LIMIT = "network_limit"
    RETRY = "retry"
    INTERVAL = "interval"
    WINDOW = "window"
    SUSPENDED = "suspended"
    OPERATOR = "operator"
    DEADLOCK = "deadlock"


class QueueReason(StrEnum):
    """Why something is QUEUED: all conditions are met and it still does not start."""

    QUEUE_LIMIT = "queue_limit"
    LOCK = "lock"
    RESOURCE = "resource"
    NODE_DOWN = "node_down"
    TRIPPED = "tripped"
    PAUSED = "paused"
    WINDOW = "window"


class Flag(StrEnum):
    """What is true of a run or a part beside its state."""

    LATE_START = "late_start"
    LATE_END = "late_end"
    OVERRUN = "overrun"
    UNDERRUN = "underrun"
    MANUAL_RESULT = "manual_result"
    NO_EXEC = "no_exec"
    HAS_FAILED_PART = "has_failed_part"
    RECOVERED = "recovered"
    KILL_REQUESTED = "kill_requested"
    LOSER_FAILED = "loser_failed"


class EndClass(IntEnum):
    """How bad an end is; containers take the worst of what is inside them."""

    FINE = 0
    WARNING = 1
    ABNORMAL = 2


EXECUTED_ENDS = frozenset(
    {
        State.NORMAL,
        State.WARNING,
        State.ABNORMAL,
        State.KILLED,
        State.FAILED_TO_START,
        State.LOST,
    }
)
UNEXECUTED_ENDS = frozenset(
    {State.SKIPPED, State.BYPASSED, State.NOT_RUN, State.MISSED, State.CANCELLED}
)
ENDED = EXECUTED_ENDS | UNEXECUTED_ENDS

CLASS_OF_END: Mapping[State, EndClass | None] = {
    State.NORMAL: EndClass.FINE,
    State.SKIPPED: EndClass.FINE,
    State.BYPASSED: EndClass.FINE,
    State.WARNING: EndClass.WARNING,
    State.ABNORMAL: EndClass.ABNORMAL,
    State.KILLED: EndClass.ABNORMAL,
    State.FAILED_TO_START: EndClass.ABNORMAL,
    State.LOST: EndClass.ABNORMAL,
    State.MISSED: EndClass.ABNORMAL,
    State.NOT_RUN: None,  # NOT_RUN and CANCELLED never decide
    State.CANCELLED: None,
}

STATE_OF_CLASS: Mapping[EndClass, State] = {
    EndClass.FINE: State.NORMAL,
    EndClass.WARNING: State.WARNING,
    EndClass.ABNORMAL: State.ABNORMAL,
}

_BEGINNINGS = (
    State.WAITING,
    State.QUEUED,
    State.STARTING,
    State.RUNNING,
    State.HELD,
    State.PROMPTING,
)
_ANY_END = tuple(state for state in State if state in ENDED)

MOVES: Mapping[State, tuple[State, ...]] = {
    State.PLANNED: (State.FIXED, State.MISSED, State.CANCELLED),
    State.FIXED: (*_BEGINNINGS, *_ANY_END),
    # FIXED again: a continuity jumps back, also out of the branch that it stands in.
    State.WAITING: (*_BEGINNINGS, State.FIXED, *_ANY_END),
    State.QUEUED: (State.QUEUED, State.STARTING, State.WAITING, State.HELD, *_ANY_END),
    State.HELD: (*_BEGINNINGS, State.FIXED, *_ANY_END),
    State.STARTING: (State.RUNNING, State.WAITING, *_ANY_END),
    State.RUNNING: (State.RUNNING, State.WAITING, State.QUEUED, State.FIXED, *_ANY_END),
    State.PROMPTING: (*_ANY_END,),
    # An end is final but for the operator: rerun (FIXED, and RUNNING for the containers around
    # what runs again), change_result (another end) and the release of a part that waits after
    # its end (its own state stays).
    **dict.fromkeys(_ANY_END, (State.FIXED, State.RUNNING, *_ANY_END)),
}


def has_ended(state: State) -> bool:
    """Return whether this state is an end, with or without execution."""
    return state in ENDED


def is_active(state: State) -> bool:
    """Return whether something in this state has begun and not ended."""
    return state in _BEGINNINGS
