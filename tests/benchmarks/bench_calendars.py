"""Measures how many occurrences a second come out of rules, beside the libraries that people use.

Two questions: the last business day of every month for thirty years (national holidays of Japan,
moved to the open day before), and every five minutes from 08:00 to 20:00 on open days of a year.
What the libraries give is what they are asked for in their own way; all of them are told the same
closed days, and their answers must be equal. Jobnet is measured twice: as plain instants
(``start_seconds``), which is what the others give and what the goals speak of, and as occurrences
with every sentence of their way, none of them made later than when it is handed over. The open
days of the span and the midnights of the zone are kept from one asking to the next, as a plan
of many schedules keeps them; so are the calendars of the others.

Libraries that are not installed are left out, and it is said which.
"""

import gc
import importlib
import importlib.util
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from time import process_time
from typing import Any

import numpy as np
from cronsim import CronSim
from dateutil.rrule import DAILY, FR, MINUTELY, MO, MONTHLY, TH, TU, WE, rrule
from jobnet.calendars import (
    CalendarDefinition,
    ClosedDayPolicy,
    DayRule,
    DayState,
    HolidayRule,
    NthWeekday,
    Weekday,
    compile_calendar,
    parse_clock_time,
    parse_cron,
)
from jobnet.schedules import (
    CompiledSchedule,
    Repetition,
    ScheduleDefinition,
    ScheduleRule,
    compile_schedule,
)

ROUNDS = 5
ROUND_SECONDS = 0.02
FIRST, LAST = date(2000, 1, 1), date(2029, 12, 31)
YEAR_FIRST, YEAR_LAST = date(2026, 1, 1), date(2026, 12, 31)
SCHEDULES = 1_000
GOALS = {"last business day": 1_000_000, "every 5 minutes": 3_000_000}
GOAL_YEAR_SECONDS = 5
MON_TO_FRI = frozenset(Weekday(number) for number in range(5))
CALENDAR = compile_calendar(
    CalendarDefinition(
        name="jp",
        week=MON_TO_FRI,
        holidays=HolidayRule(country="JP"),
        valid_from=date(1999, 1, 1),
        valid_to=date(2031, 12, 31),
    )
)
LAST_OPEN_DAY = DayRule(day_of_month=(-1,), on_closed_day=ClosedDayPolicy.PREVIOUS)
OPEN_DAYS = DayRule(state=DayState.OPEN)
EVERY_FIVE_MINUTES = Repetition(
    every=timedelta(minutes=5), first=parse_clock_time("08:00"), last=parse_clock_time("20:00")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to get at the instants; ``days`` says how much of the span it was asked for."""

    name: str
    ask: Callable[[], int]
    note: str = ""


def best(ask: Callable[[], int]) -> tuple[int, float]:
    """Return what was counted, and the seconds of one asking in the quickest of some rounds.

    A round asks so often that it takes a while, for a clock to tell.
    """
    ask()
    began = process_time()
    found = ask()
    times = max(1, int(ROUND_SECONDS / max(process_time() - began, 1e-6)))
    quickest = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        began = process_time()
        for _ in range(times):
            found = ask()
        quickest = min(quickest, (process_time() - began) / times)
    return found, quickest


def say(line: str = "") -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def module(name: str) -> Any:  # noqa: ANN401 - a library that may be missing has no types
    """Return a library, or None where it is not installed or does not load."""
    if importlib.util.find_spec(name) is None:
        return None
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def compiled(*rules: ScheduleRule, zone: str = "UTC") -> CompiledSchedule:
    """Return a schedule of one network."""
    definition = ScheduleDefinition(name="bench", networks=("load",), rules=rules)
    return compile_schedule(definition, calendar=CALENDAR, zones={"load": zone})


def closed_days() -> list[date]:
    """Return the holidays that fall on Monday to Friday, as the others are told them."""
    opened = set(CALENDAR.open_days_between(FIRST - timedelta(days=40), LAST + timedelta(days=40)))
    span = range((FIRST - timedelta(days=40)).toordinal(), (LAST + timedelta(days=40)).toordinal())
    days = map(date.fromordinal, span)
    return [day for day in days if day.weekday() < len(MON_TO_FRI) and day not in opened]


def last_business_days() -> list[Way]:
    """Return the ways to the last business day of every month."""
    night = compiled(ScheduleRule(days=LAST_OPEN_DAY, at=(parse_clock_time("22:00"),)))
    closed = closed_days()
    ways = [
        Way(name="jobnet, instants", ask=lambda: len(night.start_seconds(FIRST, LAST))),
        Way(
            name="jobnet, occurrences with reasons",
            ask=lambda: sum(1 for _ in night.occurrences(FIRST, LAST)),
        ),
        Way(name="numpy busday", ask=ask_numpy(closed), note="days only, in C"),
    ]
    return [*ways, *walking_ways(frozenset(closed)), *of_optional_libraries(frozenset(closed))]


def ask_numpy(closed: list[date]) -> Callable[[], int]:
    """Return the way of numpy."""
    busdays = np.busdaycalendar(holidays=[np.datetime64(day) for day in closed])
    months = np.arange("2000-02", "2030-02", dtype="datetime64[M]")

    def by_numpy() -> int:
        firsts = months.astype("datetime64[D]")
        return len(np.busday_offset(firsts, -1, roll="forward", busdaycal=busdays).tolist())

    return by_numpy


def walking_ways(shut: frozenset[date]) -> list[Way]:
    """Return the ways of those who look at one day after the other."""
    opened = sorted(CALENDAR.open_days_between(FIRST, LAST))
    workdays = (MO, TU, WE, TH, FR)

    def by_list() -> int:
        ends = [first_of_next(one) for one in month_firsts()]
        return len([opened[bisect_right(opened, end - timedelta(days=1)) - 1] for end in ends])

    def by_dateutil() -> int:
        # An RRULE cannot know holidays: every workday is looked at.
        rule = rrule(MONTHLY, dtstart=wall(FIRST), until=wall(LAST), byweekday=workdays)
        last: dict[tuple[int, int], datetime] = {}
        for moment in rule:
            if moment.date() not in shut:
                last[moment.year, moment.month] = moment
        return len(last)

    def by_cronsim() -> int:
        ends = takewhile(lambda one: one.date() <= LAST, CronSim("0 22 L * *", aware(FIRST)))
        return len([back_to_open(one, shut) for one in ends])

    return [
        Way(name="sorted list of open days", ask=by_list, note="days only, made before"),
        Way(name="dateutil", ask=by_dateutil, note="workdays walked"),
        Way(name="cronsim", ask=by_cronsim, note="walked back"),
    ]


def of_optional_libraries(shut: frozenset[date]) -> Iterator[Way]:
    """Yield the ways by libraries that nobody has to install."""
    if croniter := module("croniter"):

        def by_croniter() -> int:
            asked = croniter.croniter("0 22 l * *", aware(FIRST))
            ends = (asked.get_next(datetime) for _ in range(360))
            return len([back_to_open(one, shut) for one in ends])

        yield Way(name="croniter", ask=by_croniter, note="walked back")
    if pandas := module("pandas"):

        def by_pandas() -> int:
            offset = pandas.offsets.CustomBusinessMonthEnd(holidays=sorted(shut))
            return len(pandas.date_range(FIRST, LAST, freq=offset))

        yield Way(name="pandas", ask=by_pandas, note="days only")
    if asia := module("workalendar.asia"):

        def by_workalendar() -> int:
            japan = asia.Japan()
            ends = [first_of_next(first) for first in month_firsts()]
            return len([japan.add_working_days(end, -1) for end in ends])

        yield Way(name="workalendar", ask=by_workalendar, note="days only, its own holidays")


def every_five_minutes() -> list[Way]:
    """Return the ways to every five minutes from 08:00 to 20:00 on open days of a year."""
    grid = compiled(ScheduleRule(days=OPEN_DAYS, repeat=EVERY_FIVE_MINUTES))
    opened = frozenset(CALENDAR.open_days_between(YEAR_FIRST, YEAR_LAST))
    minutes = [timedelta(minutes=5 * number) for number in range(96, 241)]
    begin = wall(YEAR_FIRST)

    def by_sets() -> int:
        return len([wall(day) + minute for day in sorted(opened) for minute in minutes])

    def by_dateutil() -> int:
        hours, every = range(8, 21), range(0, 60, 5)
        return count_of_a_year(rrule(DAILY, dtstart=begin, byhour=hours, byminute=every), opened)

    def by_minutely() -> int:
        moments = rrule(MINUTELY, interval=5, dtstart=begin, byhour=range(8, 21))
        return count_of_a_year(moments, opened)

    def by_cronsim() -> int:
        return count_of_a_year(CronSim("*/5 8-20 * * 1-5", aware(YEAR_FIRST)), opened)

    ways = [
        Way(name="jobnet, instants", ask=lambda: len(grid.start_seconds(YEAR_FIRST, YEAR_LAST))),
        Way(
            name="jobnet, occurrences with reasons",
            ask=lambda: sum(1 for _ in grid.occurrences(YEAR_FIRST, YEAR_LAST)),
        ),
        Way(name="day set x minute grid", ask=by_sets, note="naive wall times"),
        Way(name="dateutil, daily", ask=by_dateutil),
        Way(name="dateutil, minutely", ask=by_minutely),
        Way(name="cronsim", ask=by_cronsim),
    ]
    if croniter := module("croniter"):
        ways.append(Way(name="croniter", ask=ask_croniter(croniter, opened)))
    return ways


def ask_croniter(croniter: Any, opened: frozenset[date]) -> Callable[[], int]:  # noqa: ANN401 - a library that may be missing has no types
    """Return the way of croniter."""

    def by_croniter() -> int:
        asked = croniter.croniter("*/5 8-20 * * 1-5", aware(YEAR_FIRST))
        return count_of_a_year(iter(lambda: asked.get_next(datetime), None), opened)

    return by_croniter


def count_of_a_year(moments: Any, opened: frozenset[date]) -> int:  # noqa: ANN401 - an iterator of any library
    """Return how many moments of the year are wanted."""
    last = time(20, 0)
    of_year = takewhile(lambda one: one.date() <= YEAR_LAST, moments)
    return sum(one.time() <= last and one.date() in opened for one in of_year)


def month_firsts() -> list[date]:
    """Return the first day of every month."""
    return [date(year, month, 1) for year in range(2000, 2030) for month in range(1, 13)]


def first_of_next(day: date) -> date:
    """Return the first day of the month after."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def back_to_open(moment: datetime, shut: frozenset[date]) -> datetime:
    """Return the moment on the last open day."""
    while moment.weekday() >= len(MON_TO_FRI) or moment.date() in shut:
        moment -= timedelta(days=1)
    return moment


def wall(day: date) -> datetime:
    """Return the naive midnight of a day."""
    return datetime.combine(day, time())


def aware(day: date) -> datetime:
    """Return the midnight of a day in UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)


def table(title: str, ways: list[Way]) -> bool:
    """Print one table; return whether all counts that should be equal are."""
    say(f"{title}, occurrences a second")
    counts: set[int] = set()
    own = 0.0
    for way in ways:
        found, seconds = best(way.ask)
        rate = found / seconds
        own = own or rate
        counts.add(found)
        note = f"  ({way.note})" if way.note else ""
        say(f"  {way.name:34} {rate:14,.0f}   jobnet's instants {own / rate:8.2f} x{note}")
    reached = "reached" if own >= GOALS[title] else "not reached on this machine"
    say(f"  goal {GOALS[title]:,} a second: {reached}; counts: {sorted(counts)}")
    say()
    return len(counts) == 1


def a_thousand_schedules() -> list[CompiledSchedule]:
    """Return schedules of ten kinds in three zones, at all hours."""
    tuesday = NthWeekday(nth=2, weekday=Weekday.TUE)
    kinds = [
        OPEN_DAYS,
        DayRule(months=tuple(range(1, 13)), on_closed_day=ClosedDayPolicy.RUN),
        LAST_OPEN_DAY,
        DayRule(nth_open_day=(5,)),
        OPEN_DAYS,
        DayRule(nth_weekday=(tuesday,), on_closed_day=ClosedDayPolicy.NEXT),
        OPEN_DAYS,
        DayRule(cron=parse_cron("0 3 * * MON-FRI")),
        DayRule(months=tuple(range(1, 13)), on_closed_day=ClosedDayPolicy.RUN),
        DayRule(day_of_month=(15,), on_closed_day=ClosedDayPolicy.NEXT, offset_open_days=-2),
    ]
    zones = ("Asia/Tokyo", "Europe/Berlin", "UTC")
    return [
        compiled(
            ScheduleRule(
                days=kinds[number % len(kinds)],
                at=(parse_clock_time(f"{number % 24:02}:{number * 7 % 60:02}"),),
            ),
            zone=zones[number % len(zones)],
        )
        for number in range(SCHEDULES)
    ]


def year_of_a_thousand() -> None:
    """Print how long a year of a thousand schedules takes, every reason made."""
    began = process_time()
    schedules = a_thousand_schedules()
    made = process_time()
    count, sentences = 0, 0
    for one in schedules:
        for occurrence in one.occurrences(YEAR_FIRST, YEAR_LAST):
            count += 1
            sentences += len(occurrence.steps)
    seconds = process_time() - made
    reached = "reached" if seconds <= GOAL_YEAR_SECONDS else "not reached on this machine"
    say(f"a year of {SCHEDULES:,} schedules, with reasons")
    say(f"  compiled                           {made - began:8.2f} s")
    say(f"  {count:,} occurrences, {sentences:,} sentences {seconds:8.2f} s")
    say(f"  goal {GOAL_YEAR_SECONDS} s: {reached}")
    say()


def next_starts() -> None:
    """Print how long it takes to find the next start of a rule."""
    rules = {
        "last business day": ScheduleRule(days=LAST_OPEN_DAY, at=(parse_clock_time("22:00"),)),
        "every 5 minutes": ScheduleRule(days=OPEN_DAYS, repeat=EVERY_FIVE_MINUTES),
    }
    moments = list(islice((aware(YEAR_FIRST) + timedelta(hours=7 * n) for n in range(1000)), 1000))
    say("the next start of a rule, with its reasons")
    for name, rule in rules.items():
        one = compiled(rule)
        _, seconds = best(lambda one=one: sum(len(one.next_starts(at, 1)) for at in moments))  # type: ignore[misc]
        say(f"  {name:34} {seconds / len(moments) * 1e6:10.0f} microseconds")


def main() -> int:
    """Print the tables; return 1 where two ways to the same days do not agree."""
    say(f"{ROUNDS} rounds, the quickest counts; seconds of the processor")
    missing = [name for name in ("croniter", "pandas", "workalendar") if module(name) is None]
    say(f"not installed here: {', '.join(missing) or 'nothing'}")
    say()
    agree = table("last business day", last_business_days())
    agree = table("every 5 minutes", every_five_minutes()) and agree
    year_of_a_thousand()
    next_starts()
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
