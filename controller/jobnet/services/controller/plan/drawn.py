"""Holds starts as the rules give them, and brings those of several schedules together.

Two schedules that start the same network on the same operating day, at the same instant and with
the same params mean one run: the first by its key stays and counts the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from jobnet.calendars import find_zone, instant_at, parse_clock_time
from jobnet.errors.calendars import ClockTimeRefused
from jobnet.ids import EditionId
from jobnet.ports.store.plan import PlanRow, PlanState
from jobnet.schedules import Occurrence, OccurrenceEnd, OccurrenceKey

SECOND_ONE = "/"
"""Stands before the number of a clock time that a day has twice: ``02:30/2``."""
FOLLOWING = "+"
"""Stands before the number of a start that is measured from an end: ``06:00+2``."""
ADDED_AGAIN = "~"
"""Stands before the number of a start that was added by hand beside another: ``21:55~2``."""

_STATES = {
    OccurrenceEnd.PLANNED: PlanState.FIXED,
    OccurrenceEnd.MERGED: PlanState.MERGED,
    OccurrenceEnd.UNRESOLVED: PlanState.UNRESOLVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A start that the rules give, or of which they say why it is none that runs.

    ``start`` is always an instant, so that it has a place in the plan; ``steps``, ``params`` and
    ``misfire`` are as a row keeps them.
    """

    occurrence: Occurrence
    start: datetime
    params: str
    misfire: str

    @property
    def key(self) -> OccurrenceKey:
        """Return what the start is known by."""
        return self.occurrence.key

    @property
    def state(self) -> PlanState:
        """Return the state of a row that is made of it now."""
        return _STATES[self.occurrence.end]


def is_shown(occurrence: Occurrence) -> bool:
    """Return whether an occurrence stands in the plan: it starts, or ought to have."""
    return occurrence.end in _STATES


def drawn(occurrence: Occurrence, *, params: str, misfire: str) -> Drawn:
    """Return an occurrence with its place in the plan."""
    start = occurrence.start
    if start is None:
        start = _wanted_instant(occurrence.key, occurrence.zone)
    return Drawn(occurrence=occurrence, start=start, params=params, misfire=misfire)


def merged(starts: Iterable[Drawn]) -> list[Drawn]:
    """Return starts in order of instant and key; of those that are the same run one stays."""
    ordered = sorted(starts, key=lambda each: (each.start, each.key))
    first: dict[tuple[str, date, datetime, str], int] = {}
    found: list[Drawn] = []
    for each in ordered:
        same = (each.key.network, each.key.operating_day, each.start, each.params)
        if each.state is PlanState.FIXED and same in first:
            at = first[same]
            found[at] = _counting(found[at], each)
            each = _standing_behind(each, found[at].key)  # noqa: PLW2901 - it is the same start
        elif each.state is PlanState.FIXED:
            first[same] = len(found)
        found.append(each)
    return found


def row_of(start: Drawn, edition: EditionId, steps: str) -> PlanRow:
    """Return the row of a start as the rules give it; ``steps`` are those of it as JSON."""
    occurrence = start.occurrence
    after = occurrence.repeat_after
    is_open = start.state is PlanState.FIXED
    return PlanRow(
        key=start.key,
        start=start.start,
        nominal_start=start.start,
        state=start.state,
        zone=occurrence.zone,
        edition=edition,
        params=start.params,
        steps=steps,
        merged=occurrence.merged,
        misfire=start.misfire,
        repeat_seconds=after.total_seconds() if after is not None and is_open else None,
        repeat_until=occurrence.repeat_until,
        detail="" if is_open else _last_word(occurrence.steps),
    )


def root_of(key: OccurrenceKey) -> OccurrenceKey:
    """Return the start that the rules give for one that is measured from its end.

    >>> str(root_of(OccurrenceKey(schedule="s", network="n", operating_day=date(2026, 5, 29),
    ...     nominal="06:00+2")))
    's|n|2026-05-29|06:00'
    """
    return replace(key, nominal=key.nominal.partition(FOLLOWING)[0])


def following_key(key: OccurrenceKey) -> OccurrenceKey:
    """Return the key of the start after this one, measured from its end."""
    root, _, number = key.nominal.partition(FOLLOWING)
    return replace(key, nominal=f"{root}{FOLLOWING}{int(number or 0) + 1}")


def _counting(kept: Drawn, other: Drawn) -> Drawn:
    count = kept.occurrence.merged + 1 + other.occurrence.merged
    steps = (*kept.occurrence.steps, f"stands for schedule {other.key.schedule} too")
    return replace(kept, occurrence=replace(kept.occurrence, merged=count, steps=steps))


def _standing_behind(start: Drawn, kept: OccurrenceKey) -> Drawn:
    steps = (*start.occurrence.steps, f"the same run is started by schedule {kept.schedule}")
    occurrence = replace(start.occurrence, end=OccurrenceEnd.MERGED, steps=steps)
    return replace(start, occurrence=occurrence)


def _last_word(steps: Sequence[str]) -> str:
    return steps[-1] if steps else ""


def _wanted_instant(key: OccurrenceKey, zone: str) -> datetime:
    """Return when a start would be that has no day: its clock time on the candidate day."""
    try:
        clock = parse_clock_time(root_of(key).nominal.partition(SECOND_ONE)[0])
    except ClockTimeRefused:
        clock = parse_clock_time("00:00")
    found = instant_at(key.operating_day, clock, zone=find_zone(zone))
    return found.instant.astimezone(UTC)
