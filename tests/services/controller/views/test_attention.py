"""What a person should look at now, and what is passed over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.ports.store import Transaction
from jobnet.services.controller.plan.keeper import PlanHealth
from jobnet.services.controller.views.attention import attention
from jobnet.services.controller.views.concerns import AttentionView
from jobnet.testing import Script

from tests.services.controller.office import Office, office

BAD = Script(seconds=0, result=JobResult(end=JobEnd.ENDED, exit_code=3, ansible_rc=2))
JOB = "hosts: localhost, ansible.builtin.command: /opt/x"
ASK = "{id: ask, dialog: {message: Sure?, choices: {'yes': 0}}}"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path, {"load": BAD}) as found:
        yield found


def network(*flow: str) -> str:
    parts = "".join(f"  - {part}\n" for part in flow)
    return f"kind: network\nname: night\nflow:\n{parts}"


def looked_at(here: Office, *, later: timedelta = timedelta(0)) -> list[tuple[str, str]]:
    now: datetime = here.store.now() + later

    def read(tx: Transaction) -> tuple[AttentionView, ...]:
        return attention(tx, here.controller.trackers, now, tuple(tx.runs.unended()), PlanHealth())

    return [(each.kind.value, each.part) for each in here.store.read(read)]


def test_nothing_wants_attention_while_all_is_well(here: Office) -> None:
    here.apply(network(ASK))
    run = here.start("night")
    here.wait_for(run, "ask", State.PROMPTING)

    assert looked_at(here) == []


def test_a_part_that_waits_for_a_judgement(here: Office) -> None:
    here.apply(network(f"{{id: load, {JOB}, on_error: hold}}"))
    run = here.start("night")
    here.wait_for(run, "load", State.ABNORMAL)

    assert ("operator", "load") in looked_at(here)


def test_a_failed_part_of_a_run_that_goes_on(here: Office) -> None:
    branches = f"[{{name: a, flow: [{{id: load, {JOB}}}]}}, {{name: b, flow: [{ASK}]}}]"
    here.apply(network(f"{{id: both, parallel: {{branches: {branches}}}}}"))
    run = here.start("night")
    here.wait_for(run, "load", State.ABNORMAL)

    assert looked_at(here) == [("part_failed", "")]


def test_what_is_held_for_more_than_a_day(here: Office) -> None:
    here.apply(network(ASK, "{id: pause, wait_for: 1h}"))
    run = here.start("night")
    here.wait_for(run, "ask", State.PROMPTING)
    here.order(run, "hold", part="pause")
    here.order(run, "answer", part="ask", choice="yes")
    here.wait_for(run, "pause", State.HELD)

    assert looked_at(here, later=timedelta(hours=23)) == []
    assert looked_at(here, later=timedelta(hours=25)) == [("held_long", "pause")]


def test_a_failure_of_long_ago_is_passed_over(here: Office) -> None:
    here.apply(network(f"{{id: load, {JOB}}}"))
    run = here.start("night")
    here.ended(run)

    assert looked_at(here) == [("run_failed", "")]
    assert looked_at(here, later=timedelta(hours=25)) == []


def test_a_run_that_is_late(here: Office) -> None:
    here.apply(network(ASK))
    run = here.start("night")
    here.wait_for(run, "ask", State.PROMPTING)
    late = replace(here.row(run), flags=("late_end", "overrun"))

    def read(tx: Transaction) -> tuple[AttentionView, ...]:
        return attention(tx, here.controller.trackers, here.store.now(), (late,), PlanHealth())

    found = here.store.read(read)

    assert [(each.kind.value, each.what) for each in found] == [("late", "late_end, overrun")]
