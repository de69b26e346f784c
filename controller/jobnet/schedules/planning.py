"""Makes the occurrences of some operating days, each with the sentences of its way.

The order is that of the design: candidate day, closed-day policy, offset, exclusion and pause,
clock time, zone with its summer time, and last whether two of them are the same start.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jobnet.calendars import ResolutionEnd
from jobnet.schedules.absences import Absence, Absences
from jobnet.schedules.definition import SummerTime
from jobnet.schedules.occurrence import Occurrence, OccurrenceEnd, OccurrenceKey
from jobnet.schedules.rule_times import RuleTimes
from jobnet.schedules.wall_clock import (
    POSIX_EPOCH,
    Start,
    clock_changes,
    gap_step,
    midnight_of,
    nominal_of,
    starts_at,
)
from jobnet.schedules.ways import RuleDays, Way

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_ENDS = {
    ResolutionEnd.SKIPPED: OccurrenceEnd.CLOSED,
    ResolutionEnd.UNRESOLVED: OccurrenceEnd.UNRESOLVED,
}
_SHIFTED = SummerTime(gap="shift", fold="second")


class Window(NamedTuple):
    """Instants from the first to before the last; only planned starts within are wanted."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRule:
    """One rule: its place in the text, its days and its times."""

    place: int
    days: RuleDays
    times: RuleTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What occurrences are made of. ``zones`` are the networks with theirs."""

    schedule: str
    zones: tuple[tuple[str, ZoneInfo], ...]
    rules: tuple[CompiledRule, ...]
    absences: Absences
    summer_time: SummerTime

    def occurrences(self, first: int, last: int, window: Window | None = None) -> list[Occurrence]:
        """Return the occurrences of these operating days, by day, instant and network."""
        absent = {} if self.absences.is_empty else self.absences.between(first, last)
        made = (
            one
            for rule in self.rules
            for way in rule.days.ways(first, last)
            for one in self.of_way(rule, way, absent, window)
        )
        found = _merged_keys(made)
        if self._clock_changes(first, last):
            found = merge_starts(found)
        found.sort(key=order_of)
        return found

    def of_way(
        self, rule: CompiledRule, way: Way, absent: dict[int, Absence], window: Window | None
    ) -> Iterator[Occurrence]:
        """Yield what becomes of one candidate, for every network and time."""
        steps = rule.days.steps(way)
        if way.day is None:
            if window is None:
                yield from self._without_start(rule, way, _ENDS[way.end], steps)
        elif (absence := absent.get(way.day)) is not None:
            if window is None:
                yield from self._without_start(rule, way, absence.end, (*steps, absence.step))
        else:
            yield from self._started(rule, way.candidate, way.day, steps, window)

    def _without_start(
        self, rule: CompiledRule, way: Way, end: OccurrenceEnd, steps: tuple[str, ...]
    ) -> Iterator[Occurrence]:
        day = date.fromordinal(way.candidate if way.day is None else way.day)
        for network, zone in self.zones:
            for seconds in rule.times.shown_of_day(way.candidate):
                yield Occurrence(
                    key=self._key(network, day, nominal_of(seconds)),
                    end=end,
                    start=None,
                    zone=zone.key,
                    rules=(rule.place,),
                    steps=steps,
                )

    def _started(
        self,
        rule: CompiledRule,
        candidate: int,
        ordinal: int,
        steps: tuple[str, ...],
        window: Window | None,
    ) -> Iterator[Occurrence]:
        day, rules = date.fromordinal(ordinal), (rule.place,)
        times = rule.times.of_day(candidate)
        for network, zone in self.zones:
            wanted = times if window is None else _within(window, zone, ordinal, times)
            for seconds in wanted:
                starts = starts_at(zone, ordinal, seconds, self.summer_time)
                if not starts and window is None:
                    yield self._in_gap(rule, network, zone, ordinal, seconds, steps)
                for start in starts:
                    if window is not None and not window.first <= start.instant < window.last:
                        continue
                    occurrence = Occurrence(
                        key=OccurrenceKey(
                            schedule=self.schedule,
                            network=network,
                            operating_day=day,
                            nominal=start.nominal,
                        ),
                        end=OccurrenceEnd.PLANNED,
                        start=start.instant,
                        zone=zone.key,
                        rules=rules,
                        steps=steps + start.steps,
                    )
                    chain = rule.times.chain
                    if chain is not None and seconds == chain.first.seconds:
                        occurrence = self._chained(occurrence, rule, zone, ordinal)
                    yield occurrence

    def _chained(
        self, occurrence: Occurrence, rule: CompiledRule, zone: ZoneInfo, ordinal: int
    ) -> Occurrence:
        """Return the first start of a repetition that is measured from the end of each run."""
        chain = rule.times.chain
        assert chain is not None, "asked only for a repetition"
        until: Start = starts_at(zone, ordinal, chain.last.seconds, _SHIFTED)[-1]
        return replace(occurrence, repeat_after=chain.every, repeat_until=until.instant)

    def _in_gap(
        self,
        rule: CompiledRule,
        network: str,
        zone: ZoneInfo,
        ordinal: int,
        seconds: int,
        steps: tuple[str, ...],
    ) -> Occurrence:
        return Occurrence(
            key=self._key(network, date.fromordinal(ordinal), nominal_of(seconds)),
            end=OccurrenceEnd.IN_GAP,
            start=None,
            zone=zone.key,
            rules=(rule.place,),
            steps=(*steps, gap_step(zone, ordinal, seconds)),
        )

    def _clock_changes(self, first: int, last: int) -> bool:
        return any(clock_changes(zone, first, last) for _, zone in self.zones)

    def _key(self, network: str, day: date, nominal: str) -> OccurrenceKey:
        return OccurrenceKey(
            schedule=self.schedule, network=network, operating_day=day, nominal=nominal
        )


def _within(
    window: Window, zone: ZoneInfo, ordinal: int, times: tuple[int, ...]
) -> tuple[int, ...]:
    """Return the times of a day that may lie in a window; all where the clock changes."""
    midnight = midnight_of(zone, ordinal)
    if midnight is None:
        return times
    first = (window.first - POSIX_EPOCH).total_seconds() - midnight
    last = (window.last - POSIX_EPOCH).total_seconds() - midnight
    return tuple(one for one in times if first <= one < last)


def _merged_keys(made: Iterable[Occurrence]) -> list[Occurrence]:
    """Return one occurrence for each key: several candidates or rules may lead to one."""
    found: dict[tuple[str, date, str], Occurrence] = {}
    for one in made:
        key = one.key.network, one.key.operating_day, one.key.nominal
        other = found.get(key)
        found[key] = one if other is None else _joined(other, one)
    return list(found.values())


def _joined(first: Occurrence, second: Occurrence) -> Occurrence:
    """Return what stands for two of one key; a start stands for one that does not take place."""
    if (first.start is None) != (second.start is None):
        return second if first.start is None else first
    rules = tuple(sorted({*first.rules, *second.rules}))
    if first.start is None:
        more = tuple(step for step in second.steps if step not in first.steps)
        return replace(first, rules=rules, steps=first.steps + more)
    (place,) = second.rules
    step = f"merged with the same start of rule {place + 1}: {second.steps[0]}"
    return replace(
        first,
        rules=rules,
        steps=(*first.steps, step),
        merged=first.merged + 1,
        repeat_after=first.repeat_after or second.repeat_after,
        repeat_until=first.repeat_until or second.repeat_until,
    )


def merge_starts(made: Iterable[Occurrence]) -> list[Occurrence]:
    """Return them with the first by key standing for all of one network, day and instant.

    Within a schedule, different clock times meet at one instant only where the clock changes.
    """
    found: dict[tuple[str, date, datetime], Occurrence] = {}
    others: list[Occurrence] = []
    for one in sorted(made, key=_by_key):
        if one.start is None or one.end is not OccurrenceEnd.PLANNED:
            others.append(one)
            continue
        same = one.key.network, one.key.operating_day, one.start
        if (first := found.get(same)) is None:
            found[same] = one
            continue
        found[same] = replace(first, merged=first.merged + 1 + one.merged)
        step = f"merged: the same start as {first.key}"
        others.append(replace(one, end=OccurrenceEnd.MERGED, steps=(*one.steps, step), merged=0))
    return [*found.values(), *others]


def _by_key(one: Occurrence) -> OccurrenceKey:
    return one.key


def order_of(one: Occurrence) -> tuple[date, datetime, str, str]:
    """Return by what occurrences are put in order; what has no instant comes first in its day."""
    return one.key.operating_day, one.start or _BEFORE_ALL, one.key.network, one.key.nominal
