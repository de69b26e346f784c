"""Decides when networks start: days and times of rules, with the reasons, on calendars.

A *schedule definition* is what a document says; an *occurrence* is one start of it, or one that
does not take place, with why. Nothing here reads a clock.
"""

from jobnet.schedules.compilation import compile_schedule
from jobnet.schedules.compiled import CompiledSchedule
from jobnet.schedules.conditions import (
    AllOf,
    AnyOf,
    Condition,
    EventArrived,
    FileArrived,
    FileChange,
    Leaf,
    NetworkEnded,
    Source,
    StartCondition,
    WantedEnd,
    WebhookCalled,
    leaves,
)
from jobnet.schedules.definition import (
    Exclusion,
    Measured,
    Misfire,
    MisfirePolicy,
    Pause,
    Repetition,
    ScheduleDefinition,
    ScheduleRule,
    SummerTime,
    WindowAction,
    WindowDefinition,
    WindowRule,
)
from jobnet.schedules.explanation import DayExplanation, RuleExplanation
from jobnet.schedules.merging import merge
from jobnet.schedules.occurrence import Occurrence, OccurrenceEnd, OccurrenceKey

__all__ = [
    "AllOf",
    "AnyOf",
    "CompiledSchedule",
    "Condition",
    "DayExplanation",
    "EventArrived",
    "Exclusion",
    "FileArrived",
    "FileChange",
    "Leaf",
    "Measured",
    "Misfire",
    "MisfirePolicy",
    "NetworkEnded",
    "Occurrence",
    "OccurrenceEnd",
    "OccurrenceKey",
    "Pause",
    "Repetition",
    "RuleExplanation",
    "ScheduleDefinition",
    "ScheduleRule",
    "Source",
    "StartCondition",
    "SummerTime",
    "WantedEnd",
    "WebhookCalled",
    "WindowAction",
    "WindowDefinition",
    "WindowRule",
    "compile_schedule",
    "leaves",
    "merge",
]
