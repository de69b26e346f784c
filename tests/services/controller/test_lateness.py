"""What is late, too long or too short is told once for each attempt, also after a restart.

Percentages are of the usual duration, which the history of the controller gives when a run starts.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.definition import Deadlines, Estimate, Network, Retry
from jobnet.engine import inputs as i
from jobnet.engine.facts import FlagRaised
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import Flag, State
from jobnet.engine.timers import TimerKind
from jobnet.ids import NetworkName, OperatorName, PartKey, RunId
from jobnet.ports.store import Store
from jobnet.services.journal import fact_from_line
from jobnet.storage import SqlitePlace, open_store
from jobnet.testing import Script

from tests.engine.building import DAY, NOON, bundle, job, network
from tests.services.controller.durable import DurableRun
from tests.services.controller.office import Office, office

RUN = RunId("night-1")
LOAD = PartKey("load")
GOOD = JobResult(end=JobEnd.ENDED, is_normal=True, exit_code=0)
WATCHED = """
    kind: network
    name: watched
    overrun: 150%
    underrun: 50%
    flow:
      - {id: load, hosts: h, overrun: 150%, underrun: 50%, ansible.builtin.command: x}
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(SqlitePlace(path=tmp_path / "jobnet.sqlite3"))
    yield opened
    opened.close()


def watched() -> Network:
    """Return a network whose job and whose runs are compared with what is usual."""
    percents = Deadlines(overrun=Estimate(percent=150), underrun=Estimate(percent=50))
    load = replace(job("load"), deadlines=percents)
    return replace(network(load), deadlines=percents)


def begun(store: Store, made: Network) -> DurableRun:
    """Return a run whose job usually takes a minute and has just begun."""
    run = DurableRun(bundle(made), {}, store, RUN)
    start = i.StartRun(
        run=RUN,
        by=OperatorName("bob"),
        operating_day=DAY,
        planned_start=NOON,
        zone="UTC",
        usual_seconds={"load": 60.0, "": 60.0},
    )
    run.take(start, NOON)
    run.take(i.SlotGranted(part=LOAD, attempt=1), NOON)
    run.take(i.AttemptBegan(part=LOAD, attempt=1), NOON)
    return run


def fire(run: DurableRun, kind: TimerKind, seconds: float) -> None:
    """Let the timers of a kind fire whose time has come."""
    assert run.tracker.run is not None
    armed = [*run.tracker.run.timers]
    armed += [each for part in run.tracker.parts.values() for each in part.timers]
    now = NOON + timedelta(seconds=seconds)
    for each in armed:
        if each.timer.kind is kind and each.due <= now:
            run.take(i.TimerFired(timer=each.timer, due=each.due), now)


def raised(run: DurableRun, flag: Flag) -> list[tuple[str | None, float]]:
    facts = [each for each in run.facts if isinstance(each, FlagRaised) and each.flag is flag]
    return [(each.part, (each.at - NOON).total_seconds()) for each in facts]


def test_an_overrun_is_told_once_though_the_controller_has_died_in_between(store: Store) -> None:
    run = begun(store, watched())

    run.forget()
    fire(run, TimerKind.OVERRUN, 89)
    fire(run, TimerKind.OVERRUN, 90)
    run.forget()
    fire(run, TimerKind.OVERRUN, 200)

    assert raised(run, Flag.OVERRUN) == [(None, 90.0), ("load", 90.0)]


def test_an_underrun_is_told_of_the_job_and_of_the_run(store: Store) -> None:
    run = begun(store, watched())

    run.forget()
    run.take(i.AttemptAnswered(part=LOAD, attempt=1, result=GOOD), NOON + timedelta(seconds=29))

    assert raised(run, Flag.UNDERRUN) == [("load", 29.0), (None, 29.0)]


def test_what_takes_half_its_usual_time_is_no_underrun(store: Store) -> None:
    run = begun(store, watched())

    run.take(i.AttemptAnswered(part=LOAD, attempt=1, result=GOOD), NOON + timedelta(seconds=30))

    assert raised(run, Flag.UNDERRUN) == raised(run, Flag.OVERRUN) == []


def test_each_attempt_is_watched_anew(store: Store) -> None:
    percents = Deadlines(overrun=Estimate(percent=150))
    load = replace(job("load", retry=Retry(count=1)), deadlines=percents)
    run = begun(store, network(load))
    bad = JobResult(end=JobEnd.ENDED, is_normal=False, exit_code=1, ansible_rc=2)
    fire(run, TimerKind.OVERRUN, 90)

    run.take(i.AttemptAnswered(part=LOAD, attempt=1, result=bad), NOON + timedelta(seconds=100))
    fire(run, TimerKind.RETRY, 100)
    at = NOON + timedelta(seconds=100)
    run.take(i.SlotGranted(part=LOAD, attempt=2), at)
    run.take(i.AttemptBegan(part=LOAD, attempt=2), at)
    run.forget()
    fire(run, TimerKind.OVERRUN, 189)
    before = raised(run, Flag.OVERRUN)
    fire(run, TimerKind.OVERRUN, 190)
    fire(run, TimerKind.OVERRUN, 400)

    assert before == [("load", 90.0)]
    assert raised(run, Flag.OVERRUN) == [("load", 90.0), ("load", 190.0)]


def told(here: Office, run: RunId) -> list[tuple[str | None, Flag]]:
    """Return the flags of a run as its journal has them, in their order."""
    entries = here.store.read(lambda tx: tx.runs.entries(run, 0))
    facts = [fact_from_line(each.payload, position=each.position) for each in entries]
    return [(each.part, each.flag) for each in facts if isinstance(each, FlagRaised)]


def remember(here: Office, seconds: float) -> None:
    lasted = [("load", seconds), ("", seconds)]
    here.store.write(lambda tx: tx.durations.remember(NetworkName("watched"), lasted))


def test_the_history_of_a_controller_says_what_is_too_short(tmp_path: Path) -> None:
    with office(tmp_path, {"load": Script(seconds=0)}) as here:
        here.apply(WATCHED)
        remember(here, 3600)

        run = here.start("watched")
        row = here.ended(run)

        assert row.state is State.NORMAL
        assert told(here, run) == [("load", Flag.UNDERRUN), (None, Flag.UNDERRUN)]
        assert "underrun" in row.flags


def test_the_history_of_a_controller_says_what_is_too_long(tmp_path: Path) -> None:
    with office(tmp_path, {"load": Script(seconds=0.5)}) as here:
        here.apply(WATCHED)
        remember(here, 0.05)

        run = here.start("watched")
        here.ended(run)

        found = told(here, run)
        assert len(found) == 2
        assert set(found) == {(None, Flag.OVERRUN), ("load", Flag.OVERRUN)}


def test_without_a_history_a_percentage_means_nothing(tmp_path: Path) -> None:
    with office(tmp_path, {"load": Script(seconds=0)}) as here:
        here.apply(WATCHED)

        run = here.start("watched")
        here.ended(run)

        assert told(here, run) == []
