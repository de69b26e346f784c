"""Timers fire once and on time, and a clock that jumps stops them until it is right again."""

from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.engine.facts import ClockDoubted, ClockTrusted
from jobnet.engine.states import State
from jobnet.engine.timers import TimerKind
from jobnet.ids import RunId
from jobnet.services.controller.clock_doubt import ClockDoubt, Reading
from jobnet.services.controller.queues import Queues
from jobnet.services.controller.settings import Change, SettingsDesk
from jobnet.services.controller.timekeeper import Timekeeper

from tests.services.controller.office import BOB, Office, office

PAUSES = """
    kind: network
    name: pauses
    flow:
      - name: pause
        id: pause
        wait_for: 1s
"""
LONG = PAUSES.replace("1s", "1h").replace("pauses", "long")


class Clocks:
    """Two clocks that go alike until somebody sets one."""

    def __init__(self) -> None:
        self.wall = self.real = 1_000.0

    def go_on(self, seconds: float) -> None:
        self.wall += seconds
        self.real += seconds

    def doubt(self) -> ClockDoubt:
        return ClockDoubt(wall_seconds=lambda: self.wall, real_seconds=lambda: self.real)


def kinds(here: Office, run: RunId) -> list[str]:
    return [entry.kind for entry in here.store.read(lambda tx: tx.runs.entries(run, 0))]


def test_a_wait_for_a_time_ends_when_it_has_come(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(PAUSES)

        run = here.start("pauses")
        row = here.ended(run)

        assert row.state is State.NORMAL
        assert row.ended is not None
        assert row.started is not None
        assert row.ended - row.started >= timedelta(seconds=1)


def test_a_timer_that_was_due_while_nobody_was_there_fires_at_the_next_start(
    tmp_path: Path,
) -> None:
    with office(tmp_path, is_started=False) as before:
        before.apply(PAUSES)
        run = before.start("pauses")
        before.take_turns(run)
        (timer,) = before.store.read(lambda tx: tx.errands.of_run(run))
        assert getattr(timer, "kind", None) is TimerKind.WAIT

    with office(tmp_path) as after:
        assert after.ended(run).state is State.NORMAL


def test_an_earlier_timer_is_not_held_up_by_a_later_one(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(PAUSES)
        here.apply(LONG, "long.yml")
        long = here.start("long")
        here.wait_for(long, "pause", State.WAITING)

        run = here.start("pauses")

        assert here.ended(run).state is State.NORMAL
        assert here.state(long, "pause") is State.WAITING


def test_a_timer_fires_once_though_two_look_at_it(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        here.apply(PAUSES)
        run = here.start("pauses")
        here.take_turns(run)
        late = here.store.now() + timedelta(hours=1)
        keepers = [here.timekeeper(now=lambda: late) for _ in range(2)]

        for keeper in keepers:
            keeper.work_once()

        assert [each.key for each in here.inputs(run)] == ["timer:pause:1:wait:0"]


def test_small_corrections_of_a_clock_are_no_jump_however_many_there_are() -> None:
    clocks = Clocks()
    doubt = clocks.doubt()

    readings = set()
    for _ in range(100):
        clocks.go_on(3600)
        clocks.wall += 2
        readings.add(doubt.look())

    assert readings == {Reading.RIGHT}


@pytest.mark.parametrize("seconds", [7200.0, -7200.0])
def test_a_jump_stops_timers_of_all_runs_until_the_clocks_agree(
    tmp_path: Path, seconds: float
) -> None:
    clocks = Clocks()
    with office(tmp_path, is_started=False) as here:
        here.apply(PAUSES)
        run = here.start("pauses")
        here.take_turns(run)
        late = here.store.now() + timedelta(hours=2)
        keeper = here.timekeeper(now=lambda: late, doubt=clocks.doubt())
        clocks.wall += seconds

        keeper.work_once()
        here.take_turns(run)
        stopped = here.state(run, "pause")
        clocks.wall -= seconds
        keeper.work_once()
        here.take_turns(run)
        keeper.work_once()
        here.take_turns(run)

        assert stopped is State.WAITING
        assert here.row(run).state is State.NORMAL
        assert [kinds(here, run).count(kind.__name__) for kind in (ClockDoubted, ClockTrusted)] == [
            1,
            1,
        ]


def test_an_operator_says_that_the_clocks_are_right_as_they_are(tmp_path: Path) -> None:
    clocks = Clocks()
    with office(tmp_path, is_started=False) as here:
        here.apply(PAUSES)
        run = here.start("pauses")
        here.take_turns(run)
        late, doubt = here.store.now() + timedelta(hours=2), clocks.doubt()
        keeper = here.timekeeper(now=lambda: late, doubt=doubt)
        desk = SettingsDesk(here.store, here.controller.bells)
        queues = Queues(here.store, here.controller.definitions, desk, accept_clocks=doubt.accept)
        clocks.wall += 7200
        keeper.work_once()
        here.take_turns(run)

        is_news = queues.resume_everything(Change(by=BOB, reason="the clock was set right"))
        for _ in range(2):
            keeper.work_once()
            here.take_turns(run)

        assert here.row(run).state is State.NORMAL
        assert is_news
        assert not queues.resume_everything(Change(by=BOB))
        (act,) = here.store.read(lambda tx: tx.audits.page(before=None, limit=9, subject="clock"))
        assert (act.act, act.by, act.reason) == ("resume", BOB, "the clock was set right")


def test_who_starts_while_the_clock_is_doubted_hears_of_it(tmp_path: Path) -> None:
    clocks = Clocks()
    with office(tmp_path, is_started=False) as here:
        here.apply(LONG)
        keeper = here.timekeeper(doubt=clocks.doubt())
        clocks.wall += 7200
        keeper.work_once()
        run = here.start("long")
        here.take_turns(run)

        keeper.work_once()
        keeper.work_once()
        here.take_turns(run)

        assert kinds(here, run).count(ClockDoubted.__name__) == 1


def test_an_operator_who_lets_one_run_go_on_settles_it_for_runs_that_have_not_heard(
    tmp_path: Path,
) -> None:
    clocks = Clocks()
    with office(tmp_path, is_started=False) as here:
        here.apply(LONG)
        first = here.start("long")
        here.take_turns(first)
        keeper = here.timekeeper(doubt=clocks.doubt())
        clocks.wall += 7200
        keeper.work_once()
        here.take_turns(first)

        here.give(first, "resume")
        keeper.work_once()
        second = here.start("long")
        here.take_turns(second)
        keeper.work_once()
        here.take_turns(second)

        assert kinds(here, first).count(ClockTrusted.__name__) == 1
        assert ClockDoubted.__name__ not in kinds(here, second)


def test_runs_that_doubted_the_clock_of_a_process_before_go_on_in_the_next(tmp_path: Path) -> None:
    clocks = Clocks()
    with office(tmp_path, is_started=False) as before:
        before.apply(PAUSES)
        run = before.start("pauses")
        before.take_turns(run)
        keeper = before.timekeeper(doubt=clocks.doubt())
        clocks.wall += 7200
        keeper.work_once()
        before.take_turns(run)
        assert ClockDoubted.__name__ in kinds(before, run)

    with office(tmp_path) as after:
        assert after.ended(run).state is State.NORMAL


def test_the_next_look_is_when_the_next_timer_is_due(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        here.apply(LONG)
        run = here.start("long")
        keeper: Timekeeper = here.timekeeper()
        assert keeper.work_once().again_seconds is None
        here.take_turns(run)

        again = keeper.work_once().again_seconds

        assert again is not None
        assert 3000 < again <= 3600
