"""Finds who waits for each other: pure, over all who stand still, of one run or of many.

Who needs *all* of some others is stuck when one of them is; who needs *any* of them is stuck
when all of them are. Whoever is not named here comes to an end without them: a job, a time.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One who does not end before others have ended: a part, a call or a run, by its name.

    Names are those of executions (``r-1``, ``r-1/batch``) and parts (``r-1/batch.load``), so that
    the standings of several runs fit together. ``is_any``: one of ``needs`` is enough.
    """

    name: str
    needs: tuple[str, ...]
    is_any: bool = False


def deadlocks(standings: Iterable[Standing]) -> Mapping[str, tuple[str, ...]]:
    """Return for everybody in a deadlock the shortest circle that it stands in, itself first.

    Who only waits for those in a circle is left out: it goes on when they do.

    >>> deadlocks([Standing(name="a", needs=("b",)), Standing(name="b", needs=("a",))])
    {'a': ('a', 'b'), 'b': ('b', 'a')}
    """
    by_name = {each.name: each for each in standings}
    stuck = _stuck(by_name)
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(stuck):
        circle = _circle(name, by_name, stuck)
        if circle:
            found[name] = circle
    return found


def _stuck(by_name: Mapping[str, Standing]) -> set[str]:
    """Return who can never end: all but those whose needs can be met one after the other."""
    waiting: dict[str, set[str]] = {}
    needed_by: dict[str, list[str]] = defaultdict(list)
    free: deque[str] = deque()
    for name, standing in by_name.items():
        waiting[name] = {need for need in standing.needs if need in by_name}
        is_open = standing.is_any and len(waiting[name]) < len(set(standing.needs))
        if is_open or not waiting[name]:
            free.append(name)
        for need in sorted(waiting[name]):
            needed_by[need].append(name)
    stuck = set(by_name) - set(free)
    while free:
        name = free.popleft()
        for other in needed_by[name]:
            waiting[other].discard(name)
            if other in stuck and (by_name[other].is_any or not waiting[other]):
                stuck.discard(other)
                free.append(other)
    return stuck


def _circle(name: str, by_name: Mapping[str, Standing], stuck: set[str]) -> tuple[str, ...]:
    """Return the shortest way from somebody who is stuck back to itself."""
    came_from: dict[str, str] = {}
    ahead = deque([name])
    while ahead:
        at = ahead.popleft()
        for need in by_name[at].needs:
            if need == name:
                return _way(at, name, came_from)
            if need in stuck and need not in came_from:
                came_from[need] = at
                ahead.append(need)
    return ()


def _way(last: str, first: str, came_from: Mapping[str, str]) -> tuple[str, ...]:
    way = [last]
    while way[-1] != first:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))
