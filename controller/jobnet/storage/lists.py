"""Reads lists page by page; every page costs the same, however long the list is."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import ColumnElement, bindparam, func, or_, select, tuple_

from jobnet.engine.states import State
from jobnet.ids import PartKey, RunId
from jobnet.ports.store import LiveNote, PartRow, RunRow
from jobnet.ports.store.lists import Cursor, RunFilter
from jobnet.storage.audits import AFTER_ALL
from jobnet.storage.connections import Connection
from jobnet.storage.live_notes import LiveNotes
from jobnet.storage.parts import PART, PARTS
from jobnet.storage.records import bound, given
from jobnet.storage.runs import RUN, RUNS
from jobnet.storage.statements import Statement

_LATEST_FIRST = (RUN.c.created_at.desc(), RUN.c.id.desc())


def _conditions(names: frozenset[str], states: int) -> list[ColumnElement[bool]]:
    """Return the conditions of those parts of a filter that are given."""
    known: Mapping[str, ColumnElement[bool]] = {
        "network": given(RUN.c.network),
        "folder": (RUN.c.network >= bound(RUN.c.network, "folder"))
        & (RUN.c.network < bound(RUN.c.network, "folder_end")),
        "open": RUN.c.is_open,
        "ended": RUN.c.is_open.is_(False),
        "operating_day": given(RUN.c.operating_day),
        "created_since": RUN.c.created_at >= bound(RUN.c.created_at, "created_since"),
        "created_until": RUN.c.created_at <= bound(RUN.c.created_at, "created_until"),
        "after": tuple_(RUN.c.created_at, RUN.c.id)
        < tuple_(bound(RUN.c.created_at, "after_at"), bound(RUN.c.id, "after_id")),
    }
    found = [condition for name, condition in known.items() if name in names]
    if states:
        found.append(or_(*(given(RUN.c.state, f"state_{at}") for at in range(states))))
    return found


@cache
def _page_of_runs(names: frozenset[str], states: int) -> Statement:
    found = RUNS.selected().where(*_conditions(names, states)).order_by(*_LATEST_FIRST)
    return Statement(lambda _: found.limit(bindparam("limit", 0)))


@cache
def _count_of_runs(names: frozenset[str], states: int) -> Statement:
    found = select(RUN.c.id).where(*_conditions(names, states)).limit(bindparam("limit", 0))
    return Statement(lambda _: select(func.count()).select_from(found.subquery()))


@cache
def _page_of_parts(states: int, *, has_after: bool) -> Statement:
    found = PARTS.selected().where(
        or_(*(given(PART.c.state, f"state_{at}") for at in range(states)))
    )
    if has_after:
        place = tuple_(bound(PART.c.run_id, "after_run"), bound(PART.c.part, "after_part"))
        found = found.where(tuple_(PART.c.run_id, PART.c.part) > place)
    found = found.order_by(PART.c.run_id, PART.c.part).limit(bindparam("limit", 0))
    return Statement(lambda _: found)


_RUNS_NAMED = Statement(
    lambda _: (
        select(RUN.c.id)
        .where(RUN.c.id >= bound(RUN.c.id, "prefix"), RUN.c.id < bound(RUN.c.id, "prefix_end"))
        .order_by(*_LATEST_FIRST)
        .limit(bindparam("limit", 0))
    )
)


class Lists:
    """Lists for people and programs, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def runs(self, meant: RunFilter, *, after: Cursor | None, limit: int) -> Sequence[RunRow]:
        """Return runs, the latest created first."""
        names, values = _given(meant)
        if after is not None:
            names |= {"after"}
            values |= {"after_at": after.at, "after_id": after.id}
        statement = _page_of_runs(frozenset(names), len(meant.states))
        return RUNS.all(self._connection.rows(statement, {**values, "limit": limit}))

    def count_runs(self, meant: RunFilter, *, count_max: int) -> int:
        """Return how many runs are meant, counting no further than ``count_max``."""
        names, values = _given(meant)
        statement = _count_of_runs(frozenset(names), len(meant.states))
        found = self._connection.row(statement, {**values, "limit": count_max})
        return int(found[0]) if found else 0

    def runs_named(self, prefix: str, limit: int) -> Sequence[RunId]:
        """Return ids that begin so, the latest first."""
        values = {"prefix": prefix, "prefix_end": prefix + AFTER_ALL, "limit": limit}
        return [RunId(run) for (run,) in self._connection.rows(_RUNS_NAMED, values)]

    def parts(
        self, *, states: Sequence[State], after: tuple[RunId, PartKey] | None, limit: int
    ) -> Sequence[PartRow]:
        """Return parts of all runs in these states, by run and key."""
        if not states:
            return []
        values: dict[str, object] = {f"state_{at}": state for at, state in enumerate(states)}
        if after is not None:
            values |= {"after_run": after[0], "after_part": after[1]}
        statement = _page_of_parts(len(states), has_after=after is not None)
        return PARTS.all(self._connection.rows(statement, {**values, "limit": limit}))

    def live(self, after: int, limit: int) -> Sequence[tuple[int, LiveNote]]:
        """Return live notes after a cursor in order; never one that a later one may precede."""
        return LiveNotes(self._connection).after(after, limit)

    def live_bounds(self) -> tuple[int, int]:
        """Return the cursors before the oldest kept note and of the newest; (0, 0) if none."""
        return LiveNotes(self._connection).bounds()


def _given(meant: RunFilter) -> tuple[set[str], dict[str, object]]:
    """Return which parts of a filter are given, and their values."""
    folder = meant.folder.rstrip("/")
    values: dict[str, object] = {
        "network": meant.network,
        "folder": f"{folder}/" if folder else None,
        "operating_day": meant.operating_day,
        "created_since": meant.created_since,
        "created_until": meant.created_until,
    }
    found = {name: value for name, value in values.items() if value is not None}
    names = set(found)
    if "folder" in found:
        found["folder_end"] = f"{folder}0"  # what comes right after "/"
    if meant.is_open is not None:
        names.add("open" if meant.is_open else "ended")
    found |= {f"state_{at}": state for at, state in enumerate(meant.states)}
    return names, found
