"""Lists planned starts as plain numbers, for those who count and compare very many of them.

No sentence and no occurrence is made. What it lists is what ``Plan.occurrences`` plans, but for
starts of different clock times that a change of the clock brings to one instant.
"""

from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from jobnet.schedules.planning import CompiledRule, Plan
from jobnet.schedules.wall_clock import midnight_table, seconds_at


def rule_seconds(plan: Plan, zone: ZoneInfo, first: int, last: int) -> list[int]:
    """Return the POSIX seconds of the planned starts of these operating days, in no order."""
    absent = () if plan.absences.is_empty else plan.absences.between(first, last)
    if len(plan.rules) == 1:
        return _of_rule(plan, plan.rules[0], zone, first, last, absent)
    pairs = {
        (day, second)
        for rule in plan.rules
        for day, times in _days_and_times(rule, first, last, absent)
        for second in seconds_at(zone, day, times, plan.summer_time)
    }
    return [second for _, second in pairs]


def _of_rule(
    plan: Plan,
    rule: CompiledRule,
    zone: ZoneInfo,
    first: int,
    last: int,
    absent: Collection[int],
) -> list[int]:
    if rule.times.text is not None:
        return [
            second
            for day, times in _days_and_times(rule, first, last, absent)
            for second in seconds_at(zone, day, times, plan.summer_time)
        ]
    days: Sequence[int] = rule.days.days(first, last)
    if rule.days.moves:
        days = list(dict.fromkeys(days))
    if absent:
        days = [day for day in days if day not in absent]
    table, start = midnight_table(zone, first, last)
    return _joined(plan, zone, days, rule.times.written, table, start)


def _joined(
    plan: Plan,
    zone: ZoneInfo,
    days: Sequence[int],
    times: tuple[int, ...],
    table: tuple[int | None, ...],
    start: int,
) -> list[int]:
    """Return every time of every day; days around a change of the clock are asked alone."""
    found: list[int] = []
    places = [table[day - start] for day in days]
    if None in places:
        special = [day for day, place in zip(days, places, strict=True) if place is None]
        for day in special:
            found.extend(seconds_at(zone, day, times, plan.summer_time))
    plain = [place for place in places if place is not None]
    if len(times) == 1:
        (second,) = times
        found.extend([place + second for place in plain])
    else:
        for place in plain:
            found.extend([place + second for second in times])
    return found


def _days_and_times(
    rule: CompiledRule, first: int, last: int, absent: Collection[int]
) -> list[tuple[int, tuple[int, ...]]]:
    """Return the days of a rule with their times; candidates that meet are one day."""
    found: dict[int, tuple[int, ...]] = {}
    for way in rule.days.ways(first, last):
        if way.day is not None and way.day not in absent:
            times = rule.times.of_day(way.candidate)
            known = found.get(way.day, ())
            found[way.day] = tuple(sorted({*known, *times})) if known else times
    return list(found.items())
