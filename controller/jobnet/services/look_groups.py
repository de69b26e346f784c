"""Decides which paths on hosts one job looks at, and when: one job for all waits of a group.

Waits with the same hosts, inventory, project and interval are a group. It has one job under
way at most: the next round begins an interval after the last has ended, so a slow look never
piles up. A wait that is new is looked for at once, since the first look is what the others are
compared with; then it goes along with its group. Looks take no slot of a queue, but only
``JOBS_MAX`` of them run at once.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from jobnet.definition import Bundle
from jobnet.engine.commands import WatchFile
from jobnet.engine.waits import FileLooks
from jobnet.ids import PartKey, RunId
from jobnet.ports.jobs import JobOver, JobReport, JobRunner
from jobnet.ports.pieces import RunPieces
from jobnet.services.appointments import Appointments
from jobnet.services.host_looks import Hosts, look_order, looks_of
from jobnet.services.inbox import LooksDue, LooksMade, Takes

PATHS_MAX = 50
"""The most paths that one job looks at; more take their turns."""
ANSWERS_MAX = 400
"""The most paths times hosts of one job: what the result of a job can hold."""
JOBS_MAX = 4
"""The most jobs that look at the same time, of all groups."""

WaitKey = tuple[PartKey, int]


@dataclass(slots=True, kw_only=True)
class _Group:
    """Open waits on the same hosts; ``due`` None: its round is under way or has to begin.

    ``waiting`` are the waits that are yet to be looked for in this round, ``asked`` those
    that the job under way looks for, with the place of their path in its answer.
    """

    number: int
    hosts: Hosts
    interval: timedelta
    members: dict[WaitKey, str] = field(default_factory=dict)
    waiting: dict[WaitKey, None] = field(default_factory=dict)
    asked: tuple[tuple[WaitKey, int], ...] = ()
    due: datetime | None = None
    jobs: int = 0
    hosts_seen: int = 1
    is_looking: bool = False

    def take_turn(self) -> tuple[str, ...]:
        """Return the paths of the next job, each once, and note who asked for them."""
        limit = max(1, min(PATHS_MAX, ANSWERS_MAX // self.hosts_seen))
        places: dict[str, int] = {}
        asked: list[tuple[WaitKey, int]] = []
        for key in list(self.waiting):
            path = self.members[key]
            if path in places or len(places) < limit:
                asked.append((key, places.setdefault(path, len(places))))
                del self.waiting[key]
        self.asked = tuple(asked)
        return tuple(places)


class LookGroups:
    """The groups of the open file waits on hosts of one run.

    ``first_group`` numbers them: jobs of groups that had the same number are taken for the same.
    """

    def __init__(
        self,
        *,
        bundle: Bundle,
        run: RunId,
        inbox: Takes,
        runner: JobRunner,
        pieces: RunPieces,
        appointments: Appointments,
        first_group: int = 1,
    ) -> None:
        self._bundle, self._run = bundle, run
        self._inbox, self._runner, self._pieces = inbox, runner, pieces
        self._appointments = appointments
        self._groups: dict[int, _Group] = {}
        self._known: dict[tuple[Hosts, timedelta], int] = {}
        self._group_of: dict[WaitKey, _Group] = {}
        self._ready: deque[int] = deque()
        self._numbers = count(first_group)
        self.under_way = 0

    def join(self, watch: WatchFile, *, interval: timedelta, now: datetime) -> None:
        """Take a wait into its group and look for it as soon as all that came with it are in."""
        key = (watch.part, watch.attempt)
        group = self._find(watch, interval)
        group.members[key] = watch.path
        group.waiting[key] = None
        self._group_of[key] = group
        self._appointments.look_at(now, LooksDue(group=group.number))

    def leave(self, part: PartKey, attempt: int) -> None:
        """Forget a wait; a job that looks for it is left to end by itself."""
        key = (part, attempt)
        group = self._group_of.pop(key, None)
        if group is not None:
            del group.members[key]
            group.waiting.pop(key, None)
            self._drop_if_empty(group)

    def look(self, due: LooksDue, now: datetime) -> None:
        """Begin a look of the group, unless one is under way or nobody is to be looked for."""
        group = self._groups.get(due.group)
        if group is None or group.is_looking:
            return
        if group.due is not None and group.due <= now:
            group.due = None
            group.waiting.update(dict.fromkeys(group.members))
        self._begin(group, now)

    def looked(self, made: LooksMade, now: datetime) -> tuple[tuple[WaitKey, FileLooks], ...]:
        """Return what was seen for each wait that is still open, and plan what comes next."""
        group = self._groups[made.group]
        group.is_looking = False
        self.under_way -= 1
        group.hosts_seen = max((len(looks) for looks in made.looks), default=1)
        seen = tuple((key, made.looks[at]) for key, at in group.asked if key in group.members)
        if group.waiting:
            self._ready.append(group.number)
        elif group.members:
            self._plan(group, now)
        self._drop_if_empty(group)
        self._begin_ready(now)
        return seen

    def _find(self, watch: WatchFile, interval: timedelta) -> _Group:
        network = self._bundle.networks[watch.network]
        hosts = Hosts(
            pattern=watch.hosts or "",
            inventory=watch.inventory,
            project_root=network.project_root,
            network_folder=str(Path(network.file).parent),
            warm=watch.warm,
        )
        number = self._known.get((hosts, interval))
        if number is None:
            number = self._known[hosts, interval] = next(self._numbers)
            self._groups[number] = _Group(number=number, hosts=hosts, interval=interval)
        return self._groups[number]

    def _drop_if_empty(self, group: _Group) -> None:
        if not group.members and not group.is_looking:
            del self._groups[group.number]
            del self._known[group.hosts, group.interval]

    def _plan(self, group: _Group, now: datetime) -> None:
        """Make the appointment for the next round; one that came during a look is kept now."""
        group.due = group.due or now + group.interval
        self._appointments.look_at(group.due, LooksDue(group=group.number))

    def _begin_ready(self, now: datetime) -> None:
        while self._ready and self.under_way < JOBS_MAX:
            group = self._groups.get(self._ready.popleft())
            if group is not None and not group.is_looking:
                self._begin(group, now)

    def _begin(self, group: _Group, now: datetime) -> None:
        if not group.waiting:
            if group.due is None:  # those who were to be looked for have left meanwhile
                self._plan(group, now)
            return
        if self.under_way >= JOBS_MAX:
            if group.number not in self._ready:
                self._ready.append(group.number)
            return
        group.is_looking = True
        group.jobs += 1
        self.under_way += 1
        paths = group.take_turn()

        def report(report: JobReport) -> None:
            if isinstance(report, JobOver):
                looks = looks_of(report.result, paths)
                self._pieces.discard(report.result.folder)
                self._inbox.put(LooksMade(group=group.number, looks=looks))

        order = look_order(group.hosts, paths, run=self._run, group=group.number, number=group.jobs)
        self._runner.start(order, report)
