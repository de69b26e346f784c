"""Reads a schedule document into its definition, with all that is wrong with it."""

from dataclasses import replace

from jobnet.calendars import ClosedDayPolicy, DayRule
from jobnet.project.documents import folder_of
from jobnet.project.nodes import Mapping
from jobnet.project.schema.days import day_rule
from jobnet.project.schema.schedules import ExclusionShape, RuleShape, ScheduleShape
from jobnet.project.start_conditions import Around, read_start_on
from jobnet.project.validation import Text, check
from jobnet.schedules import (
    Exclusion,
    Misfire,
    Pause,
    Repetition,
    ScheduleDefinition,
    ScheduleRule,
    SummerTime,
)


def read_schedule(
    node: Mapping, text: Text, folder: str, *, file_folder: str
) -> ScheduleDefinition | None:
    """Return a schedule; its names are as they were written."""
    shape = check(ScheduleShape, node, text=text, path="")
    if shape is None:
        return None
    return ScheduleDefinition(
        name=shape.name,
        networks=tuple(shape.networks),
        folder=folder_of(shape, folder),
        title=shape.title,
        calendar=shape.calendar,
        timezone=shape.timezone,
        rules=tuple(_rule(one) for one in shape.rules),
        exclude=tuple(_exclusion(one) for one in shape.exclude),
        pauses=tuple(Pause(first=one.from_, last=one.to) for one in shape.pause),
        params=dict(shape.params),
        misfire=_misfire(shape),
        summer_time=SummerTime(gap=shape.dst.gap, fold=shape.dst.fold)
        if shape.dst
        else SummerTime(),
        valid_from=shape.valid.from_ if shape.valid else None,
        valid_to=shape.valid.to if shape.valid else None,
        start_on=read_start_on(shape.start_on, node, text, Around(folder=file_folder)),
    )


def _rule(shape: RuleShape) -> ScheduleRule:
    repeat = shape.repeat
    return ScheduleRule(
        days=day_rule(shape),
        at=tuple(dict.fromkeys(shape.at)),
        repeat=Repetition(
            every=repeat.every, first=repeat.from_, last=repeat.to, measured=repeat.measured
        )
        if repeat
        else None,
    )


def _exclusion(shape: ExclusionShape) -> Exclusion:
    if shape.calendar is not None:
        return Exclusion(calendar=shape.calendar)
    return Exclusion(days=_as_named(day_rule(shape)))


def _as_named(rule: DayRule) -> DayRule:
    """Return a rule whose closed days count too: what is excluded need not be open."""
    if rule.on_closed_day is None and rule.policy is ClosedDayPolicy.SKIP:
        return replace(rule, on_closed_day=ClosedDayPolicy.RUN)
    return rule


def _misfire(shape: ScheduleShape) -> Misfire:
    usual, given = Misfire(), shape.misfire
    if given is None:
        return usual
    return Misfire(
        policy=usual.policy if given.policy is None else given.policy,
        grace=usual.grace if given.grace is None else given.grace,
    )
