"""Decides which days are open and what a clock time of an operating day means.

A *definition* is what a document says; ``compile_calendar`` makes a *calendar* of it, which
answers for any day; a run pins it as a *table*. A *day rule* names days on a calendar. Nothing
here reads a clock or the machine's time zone: instants and zones come in as arguments.
"""

from jobnet.calendars.calendar import EVERY_DAY_OPEN, Calendar
from jobnet.calendars.candidates import is_candidate
from jobnet.calendars.checks import Finding, FindingKind, check_calendar
from jobnet.calendars.clock import MIDNIGHT, ClockTime, parse_clock_time
from jobnet.calendars.compilation import compile_calendar
from jobnet.calendars.cron import CronText, parse_cron
from jobnet.calendars.day_rule import (
    ClosedDayPolicy,
    Cycle,
    CycleUnit,
    DayRule,
    NthWeekday,
    parse_month_day,
)
from jobnet.calendars.days import DaySource, DayState, DayVerdict, Layer, Weekday
from jobnet.calendars.definition import CalendarDefinition, needed_names, renamed
from jobnet.calendars.derivation import Combination, Derivation, SetOperation, Shift
from jobnet.calendars.durations import format_duration, parse_duration
from jobnet.calendars.holiday_list import (
    HolidayChange,
    HolidayChangeKind,
    holiday_changes,
    holiday_list,
)
from jobnet.calendars.instants import (
    ClockInstant,
    FoldPolicy,
    GapPolicy,
    find_zone,
    instant_at,
    instants_at,
    operating_day_of,
)
from jobnet.calendars.listing import explain_days
from jobnet.calendars.months import Month
from jobnet.calendars.national_holidays import HolidayRule
from jobnet.calendars.recurrence import Recurrence
from jobnet.calendars.recurrence_text import parse_recurrence
from jobnet.calendars.resolution import (
    DayMatch,
    Resolution,
    ResolutionEnd,
    explain_day,
    matches_day,
    resolve,
)
from jobnet.calendars.table import from_table, pinned_window, to_table
from jobnet.calendars.versions import CalendarVersion

__all__ = [
    "EVERY_DAY_OPEN",
    "MIDNIGHT",
    "Calendar",
    "CalendarDefinition",
    "CalendarVersion",
    "ClockInstant",
    "ClockTime",
    "ClosedDayPolicy",
    "Combination",
    "CronText",
    "Cycle",
    "CycleUnit",
    "DayMatch",
    "DayRule",
    "DaySource",
    "DayState",
    "DayVerdict",
    "Derivation",
    "Finding",
    "FindingKind",
    "FoldPolicy",
    "GapPolicy",
    "HolidayChange",
    "HolidayChangeKind",
    "HolidayRule",
    "Layer",
    "Month",
    "NthWeekday",
    "Recurrence",
    "Resolution",
    "ResolutionEnd",
    "SetOperation",
    "Shift",
    "Weekday",
    "check_calendar",
    "compile_calendar",
    "explain_day",
    "explain_days",
    "find_zone",
    "format_duration",
    "from_table",
    "holiday_changes",
    "holiday_list",
    "instant_at",
    "instants_at",
    "is_candidate",
    "matches_day",
    "needed_names",
    "operating_day_of",
    "parse_clock_time",
    "parse_cron",
    "parse_duration",
    "parse_month_day",
    "parse_recurrence",
    "pinned_window",
    "renamed",
    "resolve",
    "to_table",
]
