"""Jobs are handed over once, their ends are never lost, and people see how far they are."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from typing import Any

from jobnet.engine.inputs import AttemptAnswered, AttemptBegan
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.errors.storage import DatabaseAway
from jobnet.ids import PartKey, RunId
from jobnet.machine import MachineClock
from jobnet.ports.jobs import JobOutput, JobOver, JobProgress
from jobnet.ports.store import JobRow, Signal, SignalKind, Transaction
from jobnet.services.controller.job_keeper import JobKeeper
from jobnet.services.controller.job_reports import JobReports
from jobnet.services.controller.working import Health
from jobnet.testing import FakeRunner, Script

from tests.services.controller.office import Office, now, office, wait_until
from tests.services.controller.stores import AtInstant

LOADS = """
    kind: network
    name: loads
    flow:
      - name: load
        id: load
        hosts: localhost
        tasks: [{ansible.builtin.ping: {}}]
"""
LOAD = PartKey("load")
GOOD = JobResult(end=JobEnd.ENDED, is_normal=True, exit_code=0, ansible_rc=0)


class Breaking(AtInstant):
    """A store that cannot be written as long as it is away."""

    is_away = False
    tries = 0

    def write(self, work: Callable[[Transaction], Any]) -> Any:  # noqa: ANN401
        if self.is_away:
            self.tries += 1
            raise DatabaseAway("somewhere", problem="a test")
        return super().write(work)


@dataclass
class Later:
    """Calls that wait until a test makes them."""

    calls: list[Callable[[], None]] = field(default_factory=list)

    def __call__(self, seconds: float, call: Callable[[], None]) -> None:
        self.calls.append(call)

    def pass_by(self) -> None:
        calls, self.calls = self.calls, []
        for call in calls:
            call()


@dataclass
class Desk:
    """A keeper of jobs with a run whose job is ordered."""

    here: Office
    run: RunId
    store: Breaking
    later: Later
    runner: FakeRunner
    reports: JobReports
    keeper: JobKeeper
    health: Health

    def job(self) -> JobRow | None:
        return self.store.read(lambda tx: tx.errands.job(self.run, LOAD, 1))  # type: ignore[no-any-return]

    def keys(self) -> list[str]:
        return [each.kind for each in self.here.inputs(self.run)]

    def another(self) -> tuple[JobKeeper, FakeRunner]:
        """Return what the next process has."""
        runner = FakeRunner(self.later, now)
        return JobKeeper(self.store, runner, self.reports), runner


@contextmanager
def ordered(folder: Path, scripts: Mapping[str, Script] | None = None) -> Iterator[Desk]:
    with office(folder, is_started=False) as here:
        here.apply(LOADS)
        run = here.start("loads")
        here.take_turns(run)
        here.controller.admissions.work_once()
        here.take_turns(run)
        store, later = Breaking(here.store, here.store.now), Later()
        runner, health = FakeRunner(later, now, scripts), Health()
        reports = JobReports(
            store, here.printed, here.controller.bells, clock=MachineClock(), health=health
        )
        keeper = JobKeeper(store, runner, reports)
        yield Desk(here, run, store, later, runner, reports, keeper, health)


def test_a_job_that_is_signalled_twice_is_started_once(tmp_path: Path) -> None:
    with ordered(tmp_path) as desk:
        desk.keeper.work_once()
        again = Signal(kind=SignalKind.JOB, name="load:1", run=desk.run)
        desk.store.write(lambda tx: tx.signals.add([again]))
        desk.keeper.work_once()

        assert len(desk.runner.orders) == 1
        assert desk.store.read(lambda tx: list(tx.signals.pending((SignalKind.JOB,)))) == []


def test_a_beginning_and_an_end_are_told_once_and_the_job_is_over(tmp_path: Path) -> None:
    with ordered(tmp_path) as desk:
        desk.keeper.work_once()
        desk.later.pass_by()

        desk.reports.take_all()
        desk.reports.of_run(desk.run)(JobOver(part=LOAD, attempt=1, at=now(), result=GOOD))
        desk.reports.take_all()

        assert desk.keys() == [AttemptBegan.__name__, AttemptAnswered.__name__]
        assert desk.job() is None
        assert desk.keeper.handed == frozenset()


def test_a_beginning_is_kept_with_the_job(tmp_path: Path) -> None:
    with ordered(tmp_path) as desk:
        desk.keeper.work_once()
        began, *_ = desk.later.calls
        began()

        desk.reports.take_all()

        job = desk.job()
        assert job is not None
        assert job.has_begun


def test_an_end_while_the_database_is_away_is_held_until_it_is_back(tmp_path: Path) -> None:
    with ordered(tmp_path) as desk:
        desk.keeper.work_once()
        desk.store.is_away = True
        writer = Thread(target=desk.reports.keep_writing)
        writer.start()

        desk.later.pass_by()
        wait_until(lambda: desk.store.tries >= 2)
        away = desk.health.report().away
        desk.store.is_away = False
        wait_until(lambda: desk.job() is None)
        desk.reports.stop()
        writer.join()

        assert away == {"job_reports"}
        assert desk.keys() == [AttemptBegan.__name__, AttemptAnswered.__name__]
        assert desk.health.report().away == frozenset()


def test_who_stops_while_the_database_is_away_is_not_kept_for_ever(tmp_path: Path) -> None:
    with ordered(tmp_path) as desk:
        desk.keeper.work_once()
        desk.store.is_away = True
        writer = Thread(target=desk.reports.keep_writing)
        writer.start()
        desk.later.pass_by()
        wait_until(lambda: desk.store.tries)

        desk.reports.stop()
        writer.join(60)

        assert not writer.is_alive()
        assert desk.job() is not None


def test_a_job_of_a_process_that_is_gone_is_adopted_and_its_kill_is_repeated(
    tmp_path: Path,
) -> None:
    with ordered(tmp_path) as desk:
        row = desk.job()
        assert row is not None
        desk.store.write(lambda tx: tx.errands.put([replace(row, kill_requested=True)]))
        keeper, runner = desk.another()
        runner.orphans[desk.run, LOAD, 1] = GOOD

        keeper.recover()
        keeper.work_once()

        assert runner.orders == []
        assert (LOAD, 1) in runner.kills


def test_a_job_that_was_ordered_and_never_started_is_started_by_the_next_process_once(
    tmp_path: Path,
) -> None:
    with ordered(tmp_path) as desk:
        keeper, runner = desk.another()

        keeper.recover()
        keeper.work_once()

        assert len(runner.orders) == 1


def test_an_order_that_cannot_be_read_ends_its_attempt(tmp_path: Path) -> None:
    with ordered(tmp_path) as desk:
        row = desk.job()
        assert row is not None
        desk.store.write(lambda tx: tx.errands.put([replace(row, order='{"half":')]))

        desk.keeper.work_once()
        desk.reports.take_all()
        desk.here.take_turns(desk.run)

        assert desk.here.state(desk.run, "load") is State.FAILED_TO_START
        assert "cannot be read" in desk.here.parts(desk.run)["load"].message


def test_a_result_that_no_journal_can_keep_is_told_without_what_cannot_be_kept(
    tmp_path: Path,
) -> None:
    with ordered(tmp_path) as desk:
        desk.keeper.work_once()
        odd = replace(GOOD, outputs={"number": object()})

        desk.reports.of_run(desk.run)(JobOver(part=LOAD, attempt=1, at=now(), result=odd))
        desk.reports.take_all()
        desk.here.take_turns(desk.run)

        assert desk.here.state(desk.run, "load") is State.ABNORMAL
        assert "cannot be kept" in desk.here.parts(desk.run)["load"].message


def test_a_report_that_cannot_be_written_holds_up_no_other(tmp_path: Path) -> None:
    with ordered(tmp_path) as desk:
        desk.keeper.work_once()
        nobody = RunId("a name with a NUL \0")

        desk.reports.of_run(nobody)(JobOver(part=LOAD, attempt=1, at=now(), result=GOOD))
        desk.later.pass_by()
        desk.reports.take_all()

        assert desk.keys() == [AttemptBegan.__name__, AttemptAnswered.__name__]
        assert desk.job() is None
        assert desk.health.report().faults


def test_an_end_is_told_though_what_was_printed_cannot_be_kept(tmp_path: Path) -> None:
    with ordered(tmp_path, {"load": Script(output="much")}) as desk:
        desk.keeper.work_once()
        desk.here.printed.problem = ValueError("damaged")

        desk.later.pass_by()
        desk.reports.take_all()

        assert desk.keys() == [AttemptBegan.__name__, AttemptAnswered.__name__]
        assert desk.reports.write_once()


def test_what_a_job_prints_is_kept_in_order_though_it_is_told_again(tmp_path: Path) -> None:
    with ordered(tmp_path) as desk:
        for _ in range(2):
            reports = JobReports(
                desk.store,
                desk.here.printed,
                desk.here.controller.bells,
                clock=MachineClock(),
                health=desk.health,
            )
            for text in ("one\n", "two\n"):
                reports.of_run(desk.run)(JobOutput(part=LOAD, attempt=1, text=text))
            reports.take_all()

        kept = desk.here.printed.read(desk.run, LOAD, 1, offset=0, limit=100)
        assert kept.text == "one\ntwo\n"


def test_of_much_progress_the_latest_is_shown_and_not_all_of_it(tmp_path: Path) -> None:
    with ordered(tmp_path) as desk:
        before = desk.store.read(lambda tx: tx.lists.live_bounds())[1]
        told = desk.reports.of_run(desk.run)
        for number in range(500):
            told(JobProgress(part=LOAD, attempt=1, task=f"task {number}"))

        desk.reports.take_all()

        notes = desk.store.read(lambda tx: list(tx.lists.live(before, 1000)))
        (note,) = [note for _, note in notes]
        assert note.kind == "job"
        assert json.loads(note.payload)["task"] == "task 499"
