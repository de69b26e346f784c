"""Decides whether what has come satisfies a start condition, and what of it is used up.

Things belong to an operating day, and only those of one day are put together. Each thing is used
at most once and the oldest first, so three files are three starts, and one file is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from jobnet.calendars import MIDNIGHT, ClockTime, instant_at, operating_day_of
from jobnet.schedules.conditions import AllOf, Condition, Leaf, StartCondition, leaves


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SeenThing:
    """Something that came for a leaf of a condition; ``key`` tells things of a leaf apart."""

    at: datetime
    leaf: str
    key: str
    operating_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedStart:
    """A start that is due, and the things that it uses up."""

    operating_day: date
    used: tuple[SeenThing, ...]


def judge(condition: Condition, seen: Iterable[SeenThing]) -> tuple[SeenThing, ...] | None:
    """Return the things that satisfy a condition together, None where it is not satisfied.

    Of each leaf the oldest thing is taken. Of an ``any`` one alternative is: that which was
    satisfied first.
    """
    first: dict[str, SeenThing] = {}
    for thing in sorted(seen):
        first.setdefault(thing.leaf, thing)
    return _taken(condition, first)


def starts_of(
    condition: StartCondition, seen: Iterable[SeenThing], started: Iterable[date] = ()
) -> tuple[JudgedStart, ...]:
    """Return all starts that are due, the day before the next one first.

    ``started`` are the operating days on which it has started already; they count only for a
    condition that starts once a day.
    """
    over = frozenset(started) if condition.once_per_day else frozenset()
    by_day: dict[date, list[SeenThing]] = {}
    for thing in sorted(seen):
        by_day.setdefault(thing.operating_day, []).append(thing)
    found: list[JudgedStart] = []
    for day in sorted(by_day.keys() - over):
        left = by_day[day]
        while (used := judge(condition.when, left)) is not None:
            found.append(JudgedStart(operating_day=day, used=used))
            if condition.once_per_day:
                break
            left = [thing for thing in left if thing not in used]
    return tuple(found)


def missing_of(condition: Condition, seen: Sequence[SeenThing]) -> tuple[Leaf, ...]:
    """Return the leaves that nothing has come for; of an ``any`` that waits, all of them."""
    if judge(condition, seen) is not None:
        return ()
    if isinstance(condition, AllOf):
        return tuple(leaf for inner in condition.conditions for leaf in missing_of(inner, seen))
    return leaves(condition)


def day_of(
    condition: StartCondition,
    at: datetime,
    *,
    zone: ZoneInfo,
    base_time: ClockTime = MIDNIGHT,
    own_day: date | None = None,
) -> date | None:
    """Return the operating day that something belongs to, None where it does not count.

    ``own_day`` is the day of what came, such as that of a run that has ended. Otherwise it is
    the day of the instant; or the day before, where ``within`` goes on past midnight.
    """
    day = operating_day_of(at, zone=zone, base_time=base_time) if own_day is None else own_day
    days = [day] if own_day is not None else [day, day - timedelta(days=1)]
    if condition.first is None and condition.last is None:
        return day
    return next((each for each in days if _is_within(condition, each, at, zone)), None)


def _is_within(condition: StartCondition, day: date, at: datetime, zone: ZoneInfo) -> bool:
    first, last = condition.first, condition.last
    if first is not None and at < instant_at(day, first, zone=zone).instant:
        return False
    return last is None or at <= instant_at(day, last, zone=zone, fold="second").instant


def _taken(condition: Condition, first: Mapping[str, SeenThing]) -> tuple[SeenThing, ...] | None:
    if isinstance(condition, Leaf):
        found = first.get(condition.id)
        return None if found is None else (found,)
    inner = [_taken(each, first) for each in condition.conditions]
    if isinstance(condition, AllOf):
        taken = [each for each in inner if each is not None]
        return None if len(taken) < len(inner) else tuple(thing for each in taken for thing in each)
    there = [each for each in inner if each]
    return min(there, key=lambda each: max(thing.at for thing in each), default=None)
