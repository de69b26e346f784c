"""The rows of a run can be made anew from its journal, whatever became of them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jobnet.errors.storage import JournalIncomplete
from jobnet.ids import RunId
from jobnet.ports.store import (
    Errand,
    ErrandKey,
    JobRow,
    RunRow,
    Store,
    Transaction,
)
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.occasions import PREFIX
from jobnet.services.controller.rebuilding import Rebuilding
from jobnet.services.controller.trackers import Trackers
from jobnet.storage import SqlitePlace, open_store

from tests.engine import playing
from tests.engine.building import bundle, job, network
from tests.engine.examples import Example
from tests.engine.nights import NIGHTS
from tests.services.controller.durable import DurableRun, OneDefinition, key_of
from tests.services.controller.test_nights_in_a_database import Recorded, Recording, run_in
from tests.storage.rows import run_row

OWN_FIELDS = ("asked_at", "granted_at", "has_begun", "opened_at", "ordered_at", "told", "due")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(SqlitePlace(path=tmp_path / "jobnet.sqlite3"))
    yield opened
    opened.close()


def recorded_night(
    name: str, monkeypatch: pytest.MonkeyPatch, store: Store
) -> tuple[Recorded, DurableRun]:
    recorded: Recorded = []
    monkeypatch.setattr(Recording, "recorded", recorded, raising=False)
    monkeypatch.setattr(playing, "Shell", Recording)
    example: Example = NIGHTS[name]
    layout = example.play().tracker.layout
    return recorded, DurableRun(layout.bundle, layout.calendars, store, run_in(recorded))


def rows_of(store: Store, run: RunId) -> tuple[object, ...]:
    """Return the rows of a run as the journal tells them, without what rows alone know."""

    def look(tx: Transaction) -> tuple[object, ...]:
        errands = [each for each in tx.errands.of_run(run) if not each.part.startswith(PREFIX)]
        return (tx.runs.find(run), list(tx.runs.parts(run)), {key_of(e): plain(e) for e in errands})

    return store.read(look)


def unstarted(store: Store) -> RunRow:
    row = run_row("waits-for-its-limit")
    assert store.write(lambda tx: tx.runs.add(row))
    return row


def no_trackers() -> Trackers:
    return Trackers(OneDefinition(bundle(network(job("a"))), {}))


def plain(errand: Errand) -> Errand:
    fields: Mapping[str, Any] = {
        name: None
        for name in OWN_FIELDS
        if hasattr(errand, name) and not isinstance(errand, ErrandKey)
    }
    return replace(errand, **fields)


def sql(store: Store, *statements: str) -> None:
    def change(tx: Transaction) -> None:
        for statement in statements:
            tx.connection.driver.execute(statement)  # type: ignore[attr-defined]

    store.write(change)


@pytest.mark.parametrize("name", NIGHTS)
def test_nothing_is_wrong_with_what_turns_have_written(
    name: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded, run = recorded_night(name, monkeypatch, store)
    rebuilding = Rebuilding(store, run.trackers, Bells())
    found = []

    for given, now in recorded:
        run.take(given, now)
        found.append(rebuilding.look(run_in(recorded)))

    assert [each for each in found if each is not None] == []


GHOST = """INSERT INTO part SELECT run_id, 'ghost', network, name, kind, state, since, reason,
    detail, attempt, iteration, started, ended, exit_code, message, flags FROM part LIMIT 1"""
DAMAGE = (
    "UPDATE run SET state = 'fixed', position = 1, open_parts = 77, outputs = '{}', ended = NULL",
    "UPDATE run SET network = 'other', by_whom = 'nobody', zone = 'Mars/Phobos', round = 9",
    "UPDATE part SET state = 'lost', message = 'never said' WHERE rowid % 2",
    "DELETE FROM part WHERE NOT rowid % 2",
    GHOST,
    "DELETE FROM timer",
    "DELETE FROM slot",
    "DELETE FROM job",
    "DELETE FROM file_wait",
    "DELETE FROM wait",
    "DELETE FROM dialog",
)


@pytest.mark.parametrize("name", NIGHTS)
def test_rows_that_were_lost_or_changed_are_as_they_were(
    name: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded, run = recorded_night(name, monkeypatch, store)
    rebuilding = Rebuilding(store, run.trackers, Bells())
    which = run_in(recorded)

    for number, (given, now) in enumerate(recorded):
        run.take(given, now)
        if number % 7 != 3 and number != len(recorded) - 1:
            continue
        before = rows_of(store, which)
        sql(store, *DAMAGE)
        wrong = rebuilding.mend(which)

        assert wrong is not None
        assert "row" in wrong.what
        assert rows_of(store, which) == before
        assert rebuilding.look(which) is None


def test_a_run_goes_on_after_its_rows_were_made_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded, run = recorded_night("jobs", monkeypatch, store)
    rebuilding = Rebuilding(store, run.trackers, Bells())

    for given, now in recorded:
        run.take(given, now)
        sql(store, "UPDATE run SET position = position + 5, state = 'fixed'", "DELETE FROM part")
        rebuilding.mend(run_in(recorded))

    assert run.row().ended is not None


def test_what_the_rows_alone_know_stays(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded, run = recorded_night("jobs", monkeypatch, store)
    which = run_in(recorded)
    kept = []

    for given, now in recorded:
        run.take(given, now)
        sql(store, "UPDATE job SET has_begun = 1, job_order = '{}'", "UPDATE run SET round = 9")
        Rebuilding(store, run.trackers, Bells()).mend(which)
        rows = store.read(lambda tx: tx.errands.of_run(which))
        jobs = [row for row in rows if isinstance(row, JobRow)]
        kept += jobs

        assert all(job.has_begun for job in jobs)
        assert all(job.order != "{}" for job in jobs)
    assert kept


def test_slots_that_running_jobs_hold_are_held_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded, run = recorded_night("jobs", monkeypatch, store)
    which = run_in(recorded)

    def slots() -> dict[object, object]:
        rows = store.read(lambda tx: tx.errands.slots())
        return {key_of(row): row.state for row in rows}

    for given, now in recorded:
        run.take(given, now)
        before = slots()
        sql(store, "UPDATE slot SET state = 'asking', granted_at = NULL")
        Rebuilding(store, run.trackers, Bells()).mend(which)

        assert slots() == before


def test_a_run_without_a_fact_stays_as_it_is(store: Store) -> None:
    row = unstarted(store)

    wrong = Rebuilding(store, no_trackers(), Bells()).mend(row.run)

    assert wrong is None
    assert store.read(lambda tx: tx.runs.find(row.run)) == row


LOSSES = {
    1: "DELETE FROM journal_entry WHERE position = 1",
    3: "DELETE FROM journal_entry WHERE position = 3",
}


@pytest.mark.parametrize("missing", LOSSES)
def test_a_journal_that_lacks_an_entry_is_refused_and_nothing_is_changed(
    missing: int, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded, run = recorded_night("jobs", monkeypatch, store)
    for given, now in recorded:
        run.take(given, now)
    sql(store, LOSSES[missing])
    before = rows_of(store, run_in(recorded))

    with pytest.raises(JournalIncomplete) as refused:
        Rebuilding(store, run.trackers, Bells()).mend(run_in(recorded))

    assert refused.value.position == missing
    assert rows_of(store, run_in(recorded)) == before


def test_a_journal_that_is_gone_altogether_is_no_run_without_a_fact(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded, run = recorded_night("jobs", monkeypatch, store)
    for given, now in recorded:
        run.take(given, now)
    sql(store, "DELETE FROM journal_entry")

    with pytest.raises(JournalIncomplete):
        Rebuilding(store, run.trackers, Bells()).look(run_in(recorded))
