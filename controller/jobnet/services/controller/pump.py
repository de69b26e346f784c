"""Takes the runs that have something in their inbox, and makes their turns.

A run is in one pair of hands at a time. One that is rung for meanwhile gets another turn. A run
that an input has stuck is left alone for a while; everybody else goes on. Where the database is
away all runs wait for it.
"""

import logging
import threading
from collections.abc import Callable

from jobnet.errors.controller import RunNotFound, RunStuck
from jobnet.errors.storage import DatabaseAway, JournalOvertaken
from jobnet.ids import RunId
from jobnet.ports.store import Store
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.turns import Turned
from jobnet.services.controller.working import SWEEP_SECONDS, Health, pause_seconds, tell

SURELY_SECONDS = 0.5
"""Who has written an input rings within this time, or has forgotten to."""


class Pump:
    """Makes turns, with as many threads as call ``keep_turning``."""

    name = "pump"

    def __init__(
        self,
        store: Store,
        take: Callable[[RunId], Turned],
        bells: Bells,
        health: Health,
        *,
        forget: Callable[[RunId], None] = lambda _run: None,
    ) -> None:
        self._store, self._take, self._bells, self._health = store, take, bells, health
        self._forget = forget
        self._lock = threading.Lock()
        self._busy: dict[RunId, bool] = {}
        self._stuck: set[RunId] = set()
        self._failures = 0

    def recover(self) -> None:
        """Ring for every run that has something in its inbox."""
        self._bells.ring_runs(self._store.read(lambda tx: tx.runs.with_inputs()))

    def keep_turning(self, *, sweep_seconds: float = SWEEP_SECONDS) -> None:
        """Make turns until the bells are closed; one thread of all should sweep."""
        while not self._bells.is_closed:
            run = self._bells.next_run(seconds_max=sweep_seconds)
            if run is not None:
                self.turn(run)

    def keep_sweeping(self, *, sweep_seconds: float = SWEEP_SECONDS) -> None:
        """Look now and then for inputs that nobody has rung for, until the bells are closed."""
        while not self._bells.is_closed:
            self._bells.wait((), 0, seconds_max=sweep_seconds)
            try:
                self.sweep()
            except DatabaseAway as error:
                self._health.away(self.name, error)
            except Exception as error:  # noqa: BLE001 - a worker outlives every fault
                self._health.fault(self.name, error)

    def sweep(self) -> None:
        """Ring for runs that have had something in their inbox for a while, and count them."""
        before = self._idle()
        if before:
            self._bells.wait((), 0, seconds_max=SURELY_SECONDS)
            found = before & self._idle()
            if found and not self._bells.is_closed:
                self._health.swept(self.name, len(found))
                self._bells.ring_runs(sorted(found))
        with self._lock:
            again = sorted(self._stuck)
            self._stuck.clear()
        self._bells.ring_runs(again)

    def turn(self, run: RunId) -> None:
        """Make turns of a run as long as there is something for it, unless somebody does."""
        with self._lock:
            if run in self._busy:
                self._busy[run] = True
                return
            self._busy[run] = False
        try:
            is_pending = self._try(run)
        finally:
            with self._lock:
                is_rung = self._busy.pop(run)
        if is_pending or is_rung:
            self._bells.ring_runs([run])

    def _try(self, run: RunId) -> bool:
        """Make one turn; return whether another is needed at once."""
        try:
            turned = self._take(run)
        except DatabaseAway as error:
            self._health.away(self.name, error)
            self._failures += 1
            self._bells.wait((), 0, seconds_max=pause_seconds(self._failures))
            return True
        except JournalOvertaken:
            self._forget(run)
            return True
        except RunNotFound:
            return False
        except Exception as error:  # noqa: BLE001 - one run must not stop the others
            self._set_aside(run, error)
            return False
        self._failures = 0
        self._health.is_back(self.name)
        return turned.is_pending

    def _set_aside(self, run: RunId, error: Exception) -> None:
        with self._lock:
            self._stuck.add(run)
        self._forget(run)
        self._health.fault(self.name, error)
        if isinstance(error, RunStuck):
            tell("run_stuck", level=logging.ERROR, run=run, what=error.what, problem=error.problem)

    def _idle(self) -> frozenset[RunId]:
        """Return the runs with inputs that nobody is about to take."""
        waiting = self._store.read(lambda tx: tx.runs.with_inputs())
        with self._lock:
            known = {*self._busy, *self._stuck}
        return frozenset(waiting) - known - self._bells.runs
