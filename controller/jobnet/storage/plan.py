"""Reads and writes the near plan and the changes on the day."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from jobnet.ids import NetworkName, RunId
from jobnet.ports.store.plan import PlanChange, PlanRow, PlanState
from jobnet.schedules import OccurrenceKey
from jobnet.storage.connections import Connection
from jobnet.storage.plan_records import (
    CHANGE,
    KEY,
    START,
    change_row,
    change_values,
    key_values,
    start_row,
    start_values,
)
from jobnet.storage.records import bound, given
from jobnet.storage.statements import Kind, Statement

_START_IS_GIVEN = tuple(given(START.c[name]) for name in KEY)
_CHANGE_IS_GIVEN = tuple(given(CHANGE.c[name]) for name in KEY)
_BY_KEY = tuple(START.c[name] for name in KEY)
_BY_START = (START.c.start, *_BY_KEY)


def _add(kind: Kind) -> object:
    begun = kind.insert(START).values({each.name: bound(each) for each in START.c})
    return begun.on_conflict_do_nothing(index_elements=list(KEY))


def _put_change(kind: Kind) -> object:
    begun = kind.insert(CHANGE).values({each.name: bound(each) for each in CHANGE.c})
    new = {each.name: begun.excluded[each.name] for each in CHANGE.c if each.name not in KEY}
    return begun.on_conflict_do_update(index_elements=[*KEY, "kind"], set_=new)


_FIND = Statement(lambda _: select(START).where(*_START_IS_GIVEN))
_ADD = Statement(_add)  # type: ignore[arg-type]
_NEXT_DUE = Statement(
    lambda _: select(func.min(START.c.start)).where(START.c.state == PlanState.FIXED)
)
_DUE = Statement(
    lambda _: (
        select(START)
        .where(START.c.state == PlanState.FIXED, START.c.start <= bound(START.c.start, "now"))
        .order_by(*_BY_START)
        .limit(bindparam("limit", 0))
    )
)
_OF_DAY = Statement(
    lambda _: (
        select(START)
        .where(given(START.c.network), given(START.c.operating_day))
        .order_by(*_BY_START)
    )
)
_REPEATING = Statement(
    lambda _: (
        select(START)
        .where(START.c.repeat_seconds.is_not(None), START.c.settled_at.is_not(None))
        .order_by(*_BY_START)
    )
)
_OF_RUN = Statement(lambda _: select(START).where(given(START.c.run_id)).limit(1))
_CHANGES = Statement(lambda _: select(CHANGE).order_by(CHANGE.c.at, CHANGE.c.id))
_CHANGES_OF = Statement(
    lambda _: select(CHANGE).where(*_CHANGE_IS_GIVEN).order_by(CHANGE.c.at, CHANGE.c.id)
)
_PUT_CHANGE = Statement(_put_change)  # type: ignore[arg-type]
_DROP_CHANGE = Statement(lambda _: delete(CHANGE).where(given(CHANGE.c.id)))
_IS_SETTLED = START.c.settled_at < bound(START.c.settled_at, "settled_before")
_FORGET = Statement(lambda _: delete(START).where(_IS_SETTLED))
_FORGET_CHANGES = Statement(
    lambda _: delete(CHANGE).where(
        or_(
            exists(
                select(literal(1)).where(
                    _IS_SETTLED, *(START.c[name] == CHANGE.c[name] for name in KEY)
                )
            ),
            and_(CHANGE.c.is_lost, CHANGE.c.at < bound(CHANGE.c.at, "settled_before")),
        )
    )
)


def _is_in(states: Collection[PlanState]) -> ColumnElement[bool]:
    return or_(*(START.c.state == state for state in states))


@cache
def _drop(expected: frozenset[PlanState]) -> Statement:
    states = sorted(expected)
    return Statement(lambda _: delete(START).where(*_START_IS_GIVEN, _is_in(states)))


@cache
def _replace(expected: frozenset[PlanState]) -> Statement:
    new = {each.name: bound(each, f"new_{each.name}") for each in START.c if each.name not in KEY}
    states = sorted(expected)
    return Statement(lambda _: update(START).where(*_START_IS_GIVEN, _is_in(states)).values(new))


@cache
def _between(
    *, has_network: bool, has_schedule: bool, has_after: bool, states: frozenset[PlanState]
) -> Statement:
    first, start = bound(START.c.start, "first"), START.c.start
    found = select(START).where(start < bound(start, "last"), start >= first)
    if has_after:
        place = tuple_(*(bound(each, f"after_{each.name}") for each in _BY_KEY))
        found = found.where(or_(start > first, tuple_(*_BY_KEY) > place))
    if has_network:
        found = found.where(given(START.c.network))
    if has_schedule:
        found = found.where(given(START.c.schedule))
    if states:
        found = found.where(_is_in(sorted(states)))
    found = found.order_by(*_BY_START).limit(bindparam("limit", 0))
    return Statement(lambda _: found)


class Plan:
    """The near plan and the changes on the day, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, key: OccurrenceKey) -> PlanRow | None:
        """Return one start."""
        found = self._connection.row(_FIND, key_values(key))
        return start_row(found) if found else None

    def add(self, rows: Collection[PlanRow]) -> None:
        """Add starts; one that is there already stays as it is."""
        self._connection.send_many(_ADD, map(start_values, rows))

    def replace(self, row: PlanRow, *, expected: Collection[PlanState]) -> bool:
        """Replace a start if its state is one of those expected; False where it is not."""
        assert expected, "a start is replaced in a state that somebody has seen"
        values = start_values(row)
        new = {f"new_{name}": value for name, value in values.items() if name not in KEY}
        statement = _replace(frozenset(expected))
        return bool(self._connection.change(statement, {**key_values(row.key), **new}))

    def drop(self, keys: Collection[OccurrenceKey], *, expected: Collection[PlanState]) -> None:
        """Take starts away that are in a state that is expected; others are passed over."""
        self._connection.send_many(_drop(frozenset(expected)), map(key_values, keys))

    def next_due(self) -> datetime | None:
        """Return when the next fixed start is due."""
        found = self._connection.row(_NEXT_DUE)
        return found[0] if found else None

    def due(self, now: datetime, limit: int) -> Sequence[PlanRow]:
        """Return fixed starts that are due, the earliest first."""
        return [
            start_row(found) for found in self._connection.rows(_DUE, {"now": now, "limit": limit})
        ]

    def between(
        self,
        first: datetime,
        last: datetime,
        *,
        network: NetworkName | None = None,
        schedule: str | None = None,
        states: Collection[PlanState] = (),
        after: OccurrenceKey | None = None,
        limit: int = 10_000,
    ) -> Sequence[PlanRow]:
        """Return starts from an instant to before another, by start and key; no states: all."""
        statement = _between(
            has_network=network is not None,
            has_schedule=schedule is not None,
            has_after=after is not None,
            states=frozenset(states),
        )
        values: dict[str, object] = {"first": first, "last": last, "limit": limit}
        values.update(network=network, schedule=schedule)
        if after is not None:
            values.update({f"after_{name}": value for name, value in key_values(after).items()})
        return [start_row(found) for found in self._connection.rows(statement, values)]

    def of_day(self, network: NetworkName, day: date) -> Sequence[PlanRow]:
        """Return the starts of a network on an operating day."""
        values = {"network": network, "operating_day": day}
        return [start_row(found) for found in self._connection.rows(_OF_DAY, values)]

    def repeating(self) -> Sequence[PlanRow]:
        """Return settled starts after which another is still to be planned, by start and key."""
        return [start_row(found) for found in self._connection.rows(_REPEATING)]

    def of_run(self, run: RunId) -> PlanRow | None:
        """Return the start that made a run."""
        found = self._connection.row(_OF_RUN, {"run_id": run})
        return start_row(found) if found else None

    def changes(self, keys: Collection[OccurrenceKey] | None = None) -> Sequence[PlanChange]:
        """Return changes on the day, the oldest first; of some starts, or all."""
        if keys is None:
            return [change_row(found) for found in self._connection.rows(_CHANGES)]
        found = [self._connection.rows(_CHANGES_OF, key_values(key)) for key in dict.fromkeys(keys)]
        rows = [change_row(one) for some in found for one in some]
        return sorted(rows, key=lambda change: (change.at, change.id))

    def put_change(self, change: PlanChange) -> None:
        """Add a change, or replace the one of the same start and kind."""
        self._connection.change(_PUT_CHANGE, change_values(change))

    def drop_change(self, id: str) -> bool:  # noqa: A002 - the word of the port
        """Take a change back; False where there is none."""
        return bool(self._connection.change(_DROP_CHANGE, {"id": id}))

    def forget(self, *, settled_before: datetime) -> int:
        """Remove what was settled before an instant, changes included; return how many."""
        values = {"settled_before": settled_before}
        self._connection.change(_FORGET_CHANGES, values)
        return self._connection.change(_FORGET, values)
