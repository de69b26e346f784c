"""Decides when to look for the files that start conditions wait for, and makes the looks.

Sources with the same hosts, inventory, project and interval share one job. This machine is looked
at aside, so that a file system that hangs holds nobody up. What was seen is given to who asks.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import PurePath
from queue import Empty, SimpleQueue
from typing import Final

from jobnet.ids import HostName, RunId
from jobnet.ports.files import FileFinder
from jobnet.ports.jobs import JobOver, JobReport, JobRunner
from jobnet.ports.pieces import RunPieces
from jobnet.schedules.file_memory import FILES_MAX, FolderLook
from jobnet.services.controller.triggers.folder_looks import (
    PATTERNS_MAX,
    look_order,
    looks_of,
    objection,
)
from jobnet.services.host_looks import Hosts
from jobnet.services.play import Aside

JOBS_MAX: Final = 2
"""So many looks at hosts are under way at the same time."""
HERE: Final = HostName("localhost")
OWN_RUN: Final = RunId("start_on")
"""Under this name the jobs that look stand in the spool; no run can have it."""

LeafKey = tuple[str, str]
"""A trigger's id and a leaf's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWatch:
    """What one leaf looks for; ``hosts`` None: on this machine."""

    key: LeafKey
    pattern: str
    poll: timedelta
    hosts: Hosts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one look has seen for a leaf, by host; ``pattern`` is what it looked for."""

    key: LeafKey
    pattern: str
    looks: Mapping[HostName, FolderLook]


@dataclass(slots=True, kw_only=True)
class _Group:
    """Leaves that are looked for together; ``due`` is when the next look begins."""

    number: int
    hosts: Hosts | None
    poll: timedelta
    members: dict[LeafKey, str] = field(default_factory=dict)
    due: datetime
    is_looking: bool = False
    jobs: int = 0
    turn: int = 0

    def take_turn(self) -> tuple[tuple[LeafKey, str], ...]:
        """Return whom the next look looks for; with many, each comes in its turn."""
        members = sorted(self.members.items())
        self.turn = 0 if self.turn >= len(members) else self.turn
        taken = members[self.turn : self.turn + PATTERNS_MAX]
        self.turn += PATTERNS_MAX
        return tuple(taken)


class Watch:
    """The files that are looked for; used by one thread, ``heard`` rings for it from others."""

    def __init__(
        self,
        *,
        finder: FileFinder | None,
        runner: JobRunner,
        pieces: RunPieces,
        threads: Aside,
        heard: Callable[[], None],
        first_group: int,
    ) -> None:
        self._finder, self._runner, self._pieces = finder, runner, pieces
        self._threads, self._heard = threads, heard
        self._numbers = count(first_group)
        self._groups: dict[tuple[Hosts | None, timedelta], _Group] = {}
        self._known: frozenset[FileWatch] = frozenset()
        self._line: SimpleQueue[tuple[_Group, tuple[Sighting, ...]]] = SimpleQueue()

    def set(self, watches: Collection[FileWatch], now: datetime) -> None:
        """Look for these and no others from now on; what is new is looked for at once."""
        wanted = frozenset(watches)
        if wanted == self._known:
            return
        self._known = wanted
        for group in self._groups.values():
            group.members = {}
        for watch in watches:
            key = (watch.hosts, watch.poll)
            group = self._groups.get(key) or _Group(
                number=next(self._numbers), hosts=watch.hosts, poll=watch.poll, due=now
            )
            self._groups[key] = group
            group.members[watch.key] = watch.pattern
            group.due = min(group.due, now)
        self._groups = {
            key: group for key, group in self._groups.items() if group.members or group.is_looking
        }

    def look_where_due(self, now: datetime) -> None:
        """Begin the looks whose time has come; one of a group is under way at most."""
        for group in sorted(self._groups.values(), key=lambda one: one.due):
            if self._may_begin(group) and group.due <= now:
                self._begin(group, now)

    def look_again(self, keys: Iterable[LeafKey], at: datetime) -> None:
        """Look for leaves at an instant, if that is before their next look."""
        wanted = set(keys)
        for group in self._groups.values():
            if wanted & group.members.keys():
                group.due = min(group.due, at)

    def hear(self) -> tuple[Sighting, ...]:
        """Return what was seen since somebody asked."""
        found: list[Sighting] = []
        while True:
            try:
                group, sightings = self._line.get_nowait()
            except Empty:
                return tuple(found)
            group.is_looking = False
            found.extend(one for one in sightings if group.members.get(one.key) == one.pattern)

    def next_due(self) -> datetime | None:
        """Return when the next look begins."""
        ready = (group for group in self._groups.values() if self._may_begin(group))
        return min((group.due for group in ready), default=None)

    def _may_begin(self, group: _Group) -> bool:
        if group.is_looking or not group.members:
            return False
        groups = self._groups.values()
        under_way = sum(one.is_looking and one.hosts is not None for one in groups)
        return group.hosts is None or under_way < JOBS_MAX

    def _begin(self, group: _Group, now: datetime) -> None:
        asked = group.take_turn()
        group.is_looking = True
        is_more = group.turn < len(group.members)
        group.due = now if is_more else now + group.poll
        if group.hosts is None:
            self._threads.aside(lambda: self._look_here(group, asked))
        else:
            self._look_there(group, group.hosts, asked)

    def _look_here(self, group: _Group, asked: Sequence[tuple[LeafKey, str]]) -> None:
        sightings: tuple[Sighting, ...] = ()
        try:
            sightings = tuple(
                Sighting(key=key, pattern=pattern, looks={HERE: self._found_here(pattern)})
                for key, pattern in asked
            )
        finally:
            self._told(group, sightings)

    def _found_here(self, pattern: str) -> FolderLook:
        if self._finder is None:
            return FolderLook(problem="files of this machine cannot be looked at")
        if not PurePath(pattern).is_absolute():
            return FolderLook(problem=f"{pattern!r} is no absolute path of a file")
        return self._finder.find(pattern, files_max=FILES_MAX)

    def _look_there(
        self, group: _Group, hosts: Hosts, asked: Sequence[tuple[LeafKey, str]]
    ) -> None:
        refused = [(key, pattern) for key, pattern in asked if objection(pattern)]
        wanted = [(key, pattern) for key, pattern in asked if not objection(pattern)]
        told = tuple(
            Sighting(
                key=key,
                pattern=pattern,
                looks={HostName(""): FolderLook(problem=objection(pattern))},
            )
            for key, pattern in refused
        )
        if not wanted:
            self._told(group, told)
            return
        patterns = [pattern for _, pattern in wanted]
        group.jobs += 1

        def report(report: JobReport) -> None:
            if isinstance(report, JobOver):
                looks = looks_of(report.result, patterns)
                self._pieces.discard(report.result.folder)
                seen = (
                    Sighting(key=key, pattern=pattern, looks=one)
                    for (key, pattern), one in zip(wanted, looks, strict=True)
                )
                self._told(group, (*told, *seen))

        order = look_order(hosts, patterns, run=OWN_RUN, group=group.number, number=group.jobs)
        self._runner.start(order, report)

    def _told(self, group: _Group, sightings: tuple[Sighting, ...]) -> None:
        self._line.put((group, sightings))
        self._heard()
