"""Says why something wants attention, and what a line about it holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Concern(StrEnum):
    """Why something wants attention."""

    RUN_FAILED = "run_failed"
    PART_FAILED = "part_failed"
    LOST = "lost"
    OPERATOR = "operator"
    DEADLOCK = "deadlock"
    HELD_LONG = "held_long"
    LATE = "late"
    START_MISSED = "start_missed"
    START_UNRESOLVED = "start_unresolved"
    START_ASKS = "start_asks"  # held, by a misfire or for long
    CHANGE_LOST = "change_lost"
    SCHEDULE_SILENT = "schedule_silent"
    CALENDAR_ENDS = "calendar_ends"
    CLOCK_DOUBTED = "clock_doubted"
    START_CONDITION = "start_condition"  # it cannot start what it should


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionView:
    """One thing to look at; ``commands`` look at it or help.

    ``part`` "" means the run, ``run`` "" the plan.
    """

    kind: Concern
    run: str
    part: str
    network: str
    what: str
    since: datetime
    commands: tuple[str, ...]
