"""Decides what becomes of starts that are due: they start, late or not, or are missed, or asked.

A start within the grace of its schedule simply starts. Later than that there was an outage, and
the policy decides. Nothing here reads a database; who carries it out changes a row only in the
state that was seen.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from jobnet.ports.store.plan import PlanRow
from jobnet.schedules import Misfire, MisfirePolicy

ALWAYS: Final = ""
"""The misfire text of a start that an operator has let go: it starts however late it is."""

_Group = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What becomes of due starts, in their order; with the words for those that do not start."""

    starting: tuple[PlanRow, ...] = ()
    missed: tuple[tuple[PlanRow, str], ...] = ()
    asking: tuple[tuple[PlanRow, str], ...] = ()


def misfire_text(misfire: Misfire) -> str:
    """Return how a row keeps it."""
    seconds = misfire.grace.total_seconds()
    return json.dumps({"policy": misfire.policy.value, "grace": seconds})


def read_misfire(text: str) -> Misfire | None:
    """Return what a row keeps; None for one that starts however late it is."""
    if text == ALWAYS:
        return None
    kept = json.loads(text)
    grace = timedelta(seconds=kept["grace"])
    return Misfire(policy=MisfirePolicy(kept["policy"]), grace=grace)


def judge(due: Sequence[PlanRow], now: datetime, *, is_cut: bool = False) -> Judgement:
    """Return what becomes of starts that are due, the earliest first.

    ``is_cut``: there are more that were not read, so nobody knows yet which is the latest of its
    schedule; such starts wait until the older ones are settled.
    """
    latest = {_group(row): row for row in due}
    starting, missed, asking = [], [], []
    waiting: list[PlanRow] = []
    for row in due:
        misfire = read_misfire(row.misfire)
        if misfire is None or now - row.start <= misfire.grace:
            starting.append(row)
            continue
        late = _late(row, now)
        match misfire.policy:
            case MisfirePolicy.RUN_ALL:
                starting.append(row)
            case MisfirePolicy.RUN_LATEST if latest[_group(row)] is row:
                (waiting if is_cut else starting).append(row)
            case MisfirePolicy.RUN_LATEST:
                missed.append((row, f"{late}; a later start of the same schedule stands for it"))
            case MisfirePolicy.SKIP:
                missed.append((row, f"{late}; the schedule says skip"))
            case MisfirePolicy.ASK:
                asking.append((row, f"{late}; release it or skip it"))
    if waiting and not (starting or missed or asking):
        starting = waiting
    return Judgement(starting=tuple(starting), missed=tuple(missed), asking=tuple(asking))


def _group(row: PlanRow) -> _Group:
    return (row.key.schedule, row.key.network, row.params)


def _late(row: PlanRow, now: datetime) -> str:
    return f"its time passed {words_of(now - row.start)} before it could be started"


def words_of(span: timedelta) -> str:
    """Return a span in the two largest units that people say.

    >>> words_of(timedelta(days=2, hours=3, minutes=4)), words_of(timedelta(seconds=59))
    ('2 d 3 h', '59 s')
    """
    seconds = max(0, int(span.total_seconds()))
    sizes: Mapping[str, int] = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
    found = []
    for unit, size in sizes.items():
        count, seconds = divmod(seconds, size)
        if count:
            found.append(f"{count} {unit}")
    return " ".join(found[:2]) or "0 s"
