"""Whoever dies at whatever write: what came starts one run, never two and never none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jobnet.machine import MachineClock, MachineFolders, Threads
from jobnet.services.controller.clock_doubt import ClockDoubt
from jobnet.services.controller.triggers.triggering import Looking, Triggering, triggering

from tests.services.controller.office import Office, now, office
from tests.services.controller.stores import AtInstant
from tests.services.controller.triggers.starting import network, runs

WRITES_MAX = 8
CONDITION = """{any: [{event: {name: go}}, {all: [{network: extract}, {event: {name: paid}}]}]}"""


class Killed(BaseException):
    """The process is no more."""


class Mortal(AtInstant):
    """A store whose process dies at one of its writes, before the commit or behind it."""

    def __init__(self, here: Office) -> None:
        super().__init__(here.store, now)
        self.dies_at: int | None = None
        self.is_after = False
        self._writes = 0

    def write(self, work: Callable[[Any], Any]) -> Any:  # noqa: ANN401
        self._writes += 1
        is_last = self._writes == self.dies_at
        if is_last and not self.is_after:
            raise Killed
        done = super().write(work)
        if is_last:
            raise Killed
        return done


class Jumping(ClockDoubt):
    """Clocks of which nobody knows which is right, as long as a test says so."""

    def __init__(self) -> None:
        super().__init__(wall_seconds=lambda: 0.0, real_seconds=lambda: 0.0)


def process(here: Office, store: Mortal, doubt: ClockDoubt | None = None) -> Triggering:
    """Return the triggers of one process; nothing but the database outlives it."""
    controller = here.controller
    looking = Looking(
        finder=MachineFolders(),
        runner=here.runner,
        pieces=None,  # type: ignore[arg-type]
        threads=Threads(),
        clock=MachineClock(),
    )
    return triggering(
        store,
        controller.definitions,
        controller.bells,
        controller.starts,
        doubt or Jumping(),
        looking,
        zone="UTC",
    )


def work(here: Office, *, dies_at: int | None = None, is_after: bool = False) -> bool:
    """Let one process do all that there is; return whether it died."""
    store = Mortal(here)
    store.dies_at, store.is_after = dies_at, is_after
    triggers = process(here, store).triggers
    try:
        triggers.work_once()
        triggers.work_once()
    except Killed:
        return True
    return False


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_what_came_starts_its_runs_once_at_whatever_write_one_dies(
    tmp_path: Path,
    is_after: bool,  # noqa: FBT001 - a parameter of a test
) -> None:
    with office(tmp_path, is_started=False) as here:
        here.apply(network("extract") + network("load", CONDITION))
        work(here)
        run = here.start("extract")
        here.take_turns(run)
        for name in ("go", "paid", "go"):
            here.send(name, data={"name": name})

        died = [work(here, dies_at=each, is_after=is_after) for each in range(1, WRITES_MAX + 1)]
        work(here)

        assert any(died)
        assert len(runs(here, "load")) == 2  # the second go has the key of the first
        acts = here.store.read(lambda tx: tx.audits.page(before=None, limit=100))
        started = [act for act in acts if act.subject == "network load"]
        assert len(started) == 2


def test_while_the_clock_is_doubted_everything_waits_and_nothing_is_lost(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        here.apply(network("load", "{event: {name: go}}"))
        work(here)
        doubt = Jumping()
        doubt.seconds = 3600.0
        triggers = process(here, Mortal(here), doubt).triggers
        here.send("go")

        waiting = triggers.work_once()
        before = len(runs(here, "load"))
        doubt.seconds = None
        triggers.work_once()

        assert (before, len(runs(here, "load"))) == (0, 1)
        assert waiting.again_seconds
