"""Builds schedules that read like the examples of the design."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from jobnet.calendars import (
    EVERY_DAY_OPEN,
    Calendar,
    ClosedDayPolicy,
    DayRule,
    DayState,
    parse_clock_time,
)
from jobnet.schedules import (
    CompiledSchedule,
    Exclusion,
    Measured,
    Occurrence,
    OccurrenceEnd,
    Repetition,
    ScheduleDefinition,
    ScheduleRule,
    compile_schedule,
)

EVERY_DAY = DayRule(months=tuple(range(1, 13)))
OPEN_DAYS = DayRule(state=DayState.OPEN)


def rule(days: DayRule = EVERY_DAY, *at: str, repeat: Repetition | None = None) -> ScheduleRule:
    return ScheduleRule(days=days, at=tuple(parse_clock_time(text) for text in at), repeat=repeat)


def schedule(
    *rules: ScheduleRule | DayRule,
    calendar: Calendar = EVERY_DAY_OPEN,
    zone: str | Mapping[str, str] = "UTC",
    exclusions: Mapping[str, Calendar] | None = None,
    **fields: Any,  # noqa: ANN401 - the fields of a definition
) -> CompiledSchedule:
    """Compile a schedule of the network ``load``; days alone start at 22:00."""
    zones = {"load": zone} if isinstance(zone, str) else zone
    definition = ScheduleDefinition(
        name="night",
        networks=tuple(zones),
        rules=tuple(rule(one, "22:00") if isinstance(one, DayRule) else one for one in rules),
    )
    return compile_schedule(
        replace(definition, **fields),
        calendar=calendar,
        exclusions=exclusions,
        zones=zones,
    )


def without(*days: str) -> Exclusion:
    return Exclusion(days=DayRule(dates=frozenset(date.fromisoformat(text) for text in days)))


def told(compiled: CompiledSchedule, first: str, last: str) -> list[Occurrence]:
    return list(compiled.occurrences(date.fromisoformat(first), date.fromisoformat(last)))


def planned(compiled: CompiledSchedule, first: str, last: str) -> list[str]:
    """Return the planned starts as ``day nominal > instant``."""
    return [shown(one) for one in told(compiled, first, last) if one.end is OccurrenceEnd.PLANNED]


def ends(compiled: CompiledSchedule, first: str, last: str) -> list[str]:
    """Return what becomes of every occurrence as ``day nominal end``."""
    return [
        f"{one.key.operating_day} {one.key.nominal} {one.end}"
        for one in told(compiled, first, last)
    ]


def shown(one: Occurrence) -> str:
    assert one.start is not None
    return f"{one.key.operating_day} {one.key.nominal} > {one.start:%m-%d %H:%M}"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def steps_of(found: Iterator[Occurrence] | list[Occurrence]) -> list[str]:
    return [step for one in found for step in one.steps]


def named(*texts: str, on_closed_day: ClosedDayPolicy | None = None) -> DayRule:
    days = frozenset(date.fromisoformat(text) for text in texts)
    return DayRule(dates=days, on_closed_day=on_closed_day)


def grid(every: str, first: str, last: str, measured: Measured = Measured.START) -> Repetition:
    hours, minutes = every.split(":")
    return Repetition(
        every=timedelta(hours=int(hours), minutes=int(minutes)),
        first=parse_clock_time(first),
        last=parse_clock_time(last),
        measured=measured,
    )


def only(found: list[Occurrence]) -> Occurrence:
    (one,) = found
    return one
