"""A run that is over goes on with the definitions of now where its parts are found in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.engine.inputs import OrderGiven
from jobnet.engine.orders import Rerun, RerunFrom
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.errors.controller import OrderNotUnderstood
from jobnet.errors.reruns import DefinitionDoesNotFit, RunNotOver
from jobnet.ids import EditionId, RunId
from jobnet.services.controller import snapshots, trackers
from jobnet.services.controller.inputs import to_input
from jobnet.testing import Script

from tests.services.controller.office import BOB, Office, now, office, wait_until

BAD = Script(seconds=0.01, result=JobResult(end=JobEnd.ENDED, exit_code=1, ansible_rc=2))
PAY = """
kind: network
name: pay
flow:
  - {id: fetch, wait_for: 0s}
  - {id: load, hosts: localhost, command: "true"}
"""
MENDED = """
kind: network
name: pay
flow:
  - {id: first, wait_for: 0s}
  - {id: fetch, wait_for: 0s}
  - {id: load, hosts: localhost, command: "true"}
  - {id: tell, wait_for: 0s}
"""
WITHOUT_FETCH = PAY.replace("  - {id: fetch, wait_for: 0s}\n", "")


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", {"load": [BAD, Script(seconds=0.01)]}) as opened:
        yield opened


def failed(at: Office) -> RunId:
    at.apply(PAY)
    run = at.start("pay")
    assert at.ended(run).state is State.ABNORMAL
    return run


def kinds(at: Office, run: RunId) -> list[str]:
    entries = at.store.read(lambda tx: tx.runs.entries(run, 0))
    return [entry.payload for entry in entries if entry.kind == "RunReopened"]


def rerun_ended(at: Office, run: RunId, **fields: object) -> State:
    at.order(run, "rerun", **fields)
    wait_until(lambda: at.row(run).round == 2 and at.row(run).ended is not None, "the second round")
    return at.row(run).state


def test_a_run_goes_on_with_the_current_definitions(at: Office) -> None:
    run = failed(at)
    at.apply(MENDED)

    state = rerun_ended(at, run, definition="current")

    assert state is State.NORMAL
    assert at.row(run).edition == 2
    assert at.state(run, "tell") is State.NORMAL
    assert at.started() == [f"{run}/load:1", f"{run}/load:2"]
    (reopened,) = kinds(at, run)
    assert "new: pay:first, pay:tell, gone: none" in reopened


def test_a_run_keeps_its_own_definitions_where_nothing_else_is_said(at: Office) -> None:
    run = failed(at)
    at.apply(MENDED)

    state = rerun_ended(at, run)

    assert state is State.NORMAL
    assert at.row(run).edition == 1
    assert at.state(run, "tell") is None


def test_a_run_is_looked_at_with_the_texts_that_differ(at: Office) -> None:
    run = failed(at)
    at.apply(MENDED)
    request = {"order": "rerun", "fields": {"definition": "current"}}

    seen = at.controller.orders.preview(run, request)

    assert seen.again == ("load", "tell")
    assert "2 parts are mapped by their id" in seen.mapping
    assert "+  - {id: tell, wait_for: 0s}" in seen.changes.splitlines()
    assert at.row(run).edition == 1


def test_a_part_that_has_run_has_to_be_found_again(at: Office) -> None:
    run = failed(at)
    at.apply(WITHOUT_FETCH)

    with pytest.raises(DefinitionDoesNotFit, match="pay:fetch is not there any more"):
        at.order(run, "rerun", definition="current")

    assert (at.row(run).edition, at.row(run).round) == (1, 1)


def test_a_run_that_is_not_over_keeps_its_definitions(at: Office) -> None:
    at.apply(PAY.replace("0s", "1h"))
    run = at.start("pay")
    at.wait_for(run, "fetch", State.WAITING)
    at.apply(MENDED)

    with pytest.raises(RunNotOver):
        at.order(run, "rerun", definition="current")


def test_what_does_not_fit_any_more_when_its_turn_comes_is_refused_there(at: Office) -> None:
    run = failed(at)
    at.apply(WITHOUT_FETCH)
    order = Rerun(start=RerunFrom.FAILED, edition=EditionId(2))
    given = to_input(OrderGiven(order=order, by=BOB, key="k", reason=""), run=run, at=now())

    at.store.write(lambda tx: tx.runs.put_inputs([given]))
    at.controller.bells.ring_runs([run])
    wait_until(lambda: at.store.read(lambda tx: tx.runs.outcome(run, given.key)), "the outcome")

    outcome = at.store.read(lambda tx: tx.runs.outcome(run, given.key))
    assert outcome is not None
    assert "pay:fetch is not there any more" in outcome.refusal
    assert (at.row(run).edition, at.row(run).round) == (1, 1)


def test_a_definition_that_is_neither_is_refused(at: Office) -> None:
    run = failed(at)

    with pytest.raises(OrderNotUnderstood, match="definition"):
        at.order(run, "rerun", definition="newest")


def test_the_next_process_reads_the_run_with_its_new_definitions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "ENTRIES_MIN", 3)
    monkeypatch.setattr(trackers, "ENTRIES_MIN", 3)
    with office(tmp_path / "home", {"load": [BAD, BAD]}) as before:
        run = failed(before)
        before.apply(MENDED)
        assert rerun_ended(before, run, definition="current") is State.ABNORMAL

    with office(tmp_path / "home", {"load": [Script(seconds=0.01)]}) as after:
        after.order(run, "rerun")
        wait_until(lambda: after.row(run).round == 3 and after.row(run).ended, "the third round")

        assert after.row(run).state is State.NORMAL
        assert after.state(run, "tell") is State.NORMAL
