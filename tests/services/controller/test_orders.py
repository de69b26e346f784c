"""Orders reach a run through its inbox, have one outcome each, and are written down."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.errors.controller import (
    OrderNotDone,
    OrderNotUnderstood,
    RunNotBegunYet,
    RunNotFound,
)
from jobnet.ids import RunId
from jobnet.ports.store.audits import AuditRow
from jobnet.testing import Script

from tests.services.controller.office import BOB, Office, office, wait_until

NAPS = """
kind: network
name: naps
flow:
  - {id: nap, wait_for: 1h}
  - {id: job, hosts: localhost, command: "true"}
"""
ALONE = """
kind: network
name: alone
limit: 1
flow: [{id: nap, wait_for: 1h}]
"""
BAD = Script(seconds=0.01, result=JobResult(end=JobEnd.ENDED, exit_code=1, ansible_rc=2))


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", {"job": [BAD, Script(seconds=0.01)]}) as opened:
        yield opened


def acts(at: Office, act: str) -> list[AuditRow]:
    rows = at.store.read(lambda tx: tx.audits.page(before=None, limit=50))
    return [row for row in rows if row.act == act]


def test_an_order_is_carried_out_and_written_down(at: Office) -> None:
    at.apply(NAPS)
    run = at.start("naps")
    at.wait_for(run, "nap", State.WAITING)

    sentence = at.order(run, "skip", part="nap")

    assert sentence == "Skip: job starts now, without outputs of nap."
    at.wait_for(run, "nap", State.SKIPPED)
    (act,) = acts(at, "skip")
    assert (act.by, act.subject, act.reason) == (BOB, f"{run}/nap", "a test")


def test_the_same_key_counts_once(at: Office) -> None:
    at.apply(NAPS)
    run = at.start("naps")
    at.wait_for(run, "nap", State.WAITING)
    request = {"order": "comment", "fields": {"text": "look at this"}}

    for _ in range(3):
        at.controller.orders.give(run, request, by=BOB, key="one", reason="")

    assert len(acts(at, "comment")) == 1


def test_an_order_that_the_run_refuses_changes_nothing_and_says_why(at: Office) -> None:
    at.apply(NAPS)
    run = at.start("naps")
    at.wait_for(run, "nap", State.WAITING)

    with pytest.raises(OrderNotDone, match=f"jobnet why {run}"):
        at.order(run, "unskip", part="nap")

    assert at.state(run, "nap") is State.WAITING


@pytest.mark.parametrize(
    "request_", [{"order": "explode"}, {"order": "skip"}, {"order": "skip", "fields": 3}]
)
def test_an_order_that_nobody_understands_is_refused(
    at: Office, request_: dict[str, object]
) -> None:
    at.apply(NAPS)
    run = at.start("naps")
    at.wait_for(run, "nap", State.WAITING)

    with pytest.raises(OrderNotUnderstood):
        at.controller.orders.give(run, request_, by=BOB, key="k", reason="")


def test_an_order_for_a_run_that_is_not_there_is_refused(at: Office) -> None:
    with pytest.raises(RunNotFound, match="jobnet run list"):
        at.order(RunId("nowhere"), "kill")


def test_a_run_that_waits_for_its_network_can_only_be_taken_away(at: Office) -> None:
    at.apply(ALONE)
    first = at.start("alone")
    at.wait_for(first, "nap", State.WAITING)
    second = at.start("alone")

    with pytest.raises(RunNotBegunYet, match="jobnet cancel"):
        at.order(second, "suspend")
    at.order(second, "cancel")

    wait_until(lambda: at.row(second).state is State.CANCELLED)
    assert at.row(first).state is State.RUNNING


def test_a_rerun_sees_to_it_that_the_definition_is_at_hand(
    at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    at.apply(NAPS)
    run = at.start("naps")
    at.wait_for(run, "nap", State.WAITING)
    at.order(run, "skip", part="nap")
    assert at.ended(run).state is State.ABNORMAL
    asked: list[object] = []
    definitions = at.controller.definitions
    bundle = definitions.bundle

    def spied(edition: object, network: object) -> object:
        asked.append((edition, network))
        return bundle(edition, network)  # type: ignore[arg-type]

    monkeypatch.setattr(definitions, "bundle", spied)
    at.order(run, "rerun")

    wait_until(lambda: at.row(run).state is State.NORMAL)
    assert (at.row(run).edition, "naps") in asked
