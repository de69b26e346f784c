"""Keeps the plan going: has it worked out, starts what is due, plans what follows an end.

While the clocks disagree nothing is planned or started. Everything that this worker does is in
the database when it is done and harmless when it is done twice, so it may die anywhere.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from jobnet.engine.states import State
from jobnet.ids import EditionId
from jobnet.ports.store import SignalKind, Store, Transaction
from jobnet.ports.store.plan import PlanRow, PlanState
from jobnet.services.controller.bells import Bells, Name, Worker
from jobnet.services.controller.clock_doubt import LOOK_AGAIN, ClockDoubt, Reading
from jobnet.services.controller.plan.drawn import following_key
from jobnet.services.controller.plan.firing import Firing, PlanCounts
from jobnet.services.controller.plan.materialising import Materialising
from jobnet.services.controller.plan.restored import Restored
from jobnet.services.controller.plan.schedules import ScheduleBook
from jobnet.services.controller.plan.warming import Warming
from jobnet.services.controller.working import Pass, tell

WORK_OUT_AGAIN: Final = timedelta(minutes=10)
"""The near plan is worked out so often, whatever nobody has rung for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHealth:
    """How the plan is: what nobody knows, which calendars end soon, whether the clock is doubted.

    ``problems`` and ``ends`` are by the name of a schedule; "" is the plan as a whole.
    """

    problems: Mapping[str, str] = field(default_factory=dict)
    ends: Mapping[str, date] = field(default_factory=dict)
    clock_jump_seconds: float | None = None
    planned_until: datetime | None = None
    since: datetime | None = None


class PlanKeeper:
    """The worker that keeps the plan."""

    name = "plan_keeper"
    bells: Collection[Name] = (Worker.PLAN, Worker.OUTCOMES)

    def __init__(
        self,
        store: Store,
        bells: Bells,
        book: ScheduleBook,
        firing: Firing,
        doubt: ClockDoubt,
        *,
        warming: Warming | None = None,
        counts: PlanCounts | None = None,
        restored: Restored | None = None,
    ) -> None:
        self._store, self._bells, self._book = store, bells, book
        self._firing, self._doubt, self._warming = firing, doubt, warming
        self._restored = restored
        self._materialising = Materialising(store, book)
        self.counts = counts or PlanCounts()
        self.health = PlanHealth()
        self._edition: EditionId | None = None
        self._next: datetime | None = None
        self._expected: datetime | None = None

    def work_once(self) -> Pass:
        """Do all that there is to do now, and say when there will be more."""
        if self._doubt.look() is not Reading.RIGHT:
            self._bells.ring([Worker.TIMERS])  # who tells the runs of it
            self.health = replace(self.health, clock_jump_seconds=self._doubt.seconds)
            return Pass(again_seconds=LOOK_AGAIN.total_seconds())
        self.health = replace(self.health, clock_jump_seconds=None)
        restored = self._restored
        if restored is not None and restored.is_news:
            self._begin_restored(restored)
        try:
            found = self._work_out()
        finally:
            settled = self._firing.fire()  # also where the rules cannot be worked out
        found += self._follow()
        settled += self._firing.fire()
        if settled:
            self._bells.ring([SignalKind.MATCH_END])
        now, due = self._store.now(), self._store.read(lambda tx: tx.plan.next_due())
        found += int(due is not None and self._expected is not None and due < self._expected)
        self._expected = due
        wanted = [] if due is None else [due]
        wanted += [] if self._next is None else [self._next]
        if self._warming is not None:
            wanted += self._warming.warm(now)
        seconds = min(((each - now).total_seconds() for each in wanted), default=None)
        return Pass(found=found, again_seconds=seconds)

    def _begin_restored(self, restored: Restored) -> None:
        """Let starts that may have run after the backup wait for a word, also unknown ones."""
        restored.hold(self._store)
        self._work_out()
        restored.hold(self._store)
        restored.heeded()

    def _work_out(self) -> int:
        """Have the near plan worked out where the definitions are others or it is time."""
        now, edition = self._store.now(), self._book.edition()
        is_news = self._edition is not None and edition != self._edition
        if not is_news and self._next is not None and now < self._next:
            return 0
        done = self._materialising.catch_up()
        self._bells.ring([SignalKind.MATCH_END])
        self._edition = done.edition
        ahead = max((done.until - now) / 2, timedelta(seconds=1))
        self._next = now + min(WORK_OUT_AGAIN, ahead)
        self._tell(done.problems, done.until, now)
        return int(is_news)

    def _tell(self, problems: Mapping[str, str], until: datetime, now: datetime) -> None:
        for schedule, problem in problems.items():
            if self.health.problems.get(schedule) != problem:
                tell("plan_problem", level=logging.WARNING, schedule=schedule, problem=problem)
        _, sources = self._book.current()
        self.health = PlanHealth(
            problems=problems,
            ends=sources.ends(now.date()),
            planned_until=until,
            since=self.health.since or now,
        )

    def _follow(self) -> int:
        """Plan the next start after each end that one is measured from."""
        rows = self._store.read(_followed)
        if not rows:
            return 0
        return self._store.write(lambda tx: _plan_following(tx, self._store.now()))


def _followed(tx: Transaction) -> list[tuple[PlanRow, datetime]]:
    """Return starts that have ended or never will begin, with the instant that counts."""
    found = []
    for row in tx.plan.repeating():
        run = None if row.run is None else tx.runs.find(row.run)
        if run is None:
            at = row.settled_at
        else:
            at = run.ended if run.state is not State.RUNNING else None
        if at is not None:
            found.append((row, max(at, row.start)))
    return found


def _plan_following(tx: Transaction, now: datetime) -> int:
    """Add the next start of each, or none after its last time; return how many were settled."""
    settled = 0
    for row, ended in _followed(tx):
        if ended > now:
            continue  # skipped before its time: it may still be taken back
        assert row.repeat_seconds is not None, "it was found by that"
        if not tx.plan.replace(replace(row, repeat_seconds=None), expected=(row.state,)):
            continue
        settled += 1
        start = ended + timedelta(seconds=row.repeat_seconds)
        if row.repeat_until is None or start <= row.repeat_until:
            tx.plan.add([_following(row, start)])
    return settled


def _following(row: PlanRow, start: datetime) -> PlanRow:
    return replace(
        row,
        key=following_key(row.key),
        start=start,
        nominal_start=start,
        state=PlanState.FIXED,
        merged=0,
        run=None,
        detail="",
        is_changed=False,
        settled_at=None,
    )
