"""Every part that is not running says what it waits for, and who can end that."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.ids import PartKey, RunId
from jobnet.services.controller.settings import Change
from jobnet.services.controller.views.waiting import Resolver, WaitingOn
from jobnet.testing import Script

from tests.services.controller.office import BOB, Office, office

LONG = Script(seconds=3600)
LOST = Script(seconds=0, result=JobResult(end=JobEnd.LOST, message="nobody knows"))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    scripts = {"save": LONG, "gone": LOST}
    with office(tmp_path, scripts) as found:
        (tmp_path / "project").mkdir()
        (tmp_path / "project/inventory").write_text("db1\n", encoding="utf-8")
        yield found


def waits(here: Office, run: RunId, part: str) -> list[tuple[str, str, Resolver]]:
    found = here.controller.views.part(run, PartKey(part)).waiting_on
    return [(each.kind, each.what, each.who_can_resolve) for each in found]


def first(here: Office, run: RunId, part: str) -> WaitingOn:
    return here.controller.views.part(run, PartKey(part)).waiting_on[0]


def test_a_part_in_line_names_who_holds_the_slot(here: Office) -> None:
    here.apply(
        "kind: queue\nname: tape\nlimit: 1\n---\nkind: network\nname: night\nqueue: tape\nflow:\n"
        "  - id: save\n    hosts: db1\n    ansible.builtin.command: /opt/copy\n"
    )
    holder = here.start("night")
    here.wait_for(holder, "save", State.RUNNING)
    waiting = here.start("night")
    here.wait_for(waiting, "save", State.QUEUED)

    found = first(here, waiting, "save")

    assert found.what.endswith(f"held by {holder}/save")
    assert found.who_can_resolve is Resolver.QUEUE
    assert waits(here, holder, "save") == []
    here.order(waiting, "kill")
    here.order(holder, "kill")
    here.ended(holder)


def test_a_part_before_its_turn_names_the_one_whose_turn_it_is(here: Office) -> None:
    here.apply(
        "kind: network\nname: night\nflow:\n"
        "  - id: ask\n    dialog: {message: Sure?, choices: {'yes': 0}}\n"
        "  - id: both\n    parallel:\n      branches:\n"
        "        - name: one\n          flow: [{id: inner, wait_for: 1s}]\n"
        "        - name: two\n          flow: [{id: other, wait_for: 1s}]\n"
    )
    run = here.start("night")
    here.wait_for(run, "ask", State.PROMPTING)

    for part in ("both", "inner", "other"):
        assert waits(here, run, part) == [("predecessor", "ask", Resolver.PART)]


def test_a_part_that_is_to_be_held_says_so_before_its_turn(here: Office) -> None:
    here.apply(
        "kind: network\nname: night\nflow:\n"
        "  - id: ask\n    dialog: {message: Sure?, choices: {'yes': 0}}\n"
        "  - id: pause\n    wait_for: 1s\n"
    )
    run = here.start("night")
    here.wait_for(run, "ask", State.PROMPTING)

    here.order(run, "hold", part="pause")

    assert first(here, run, "pause").what == "ask; held when its turn comes"


def test_time_waits_say_until_when(here: Office) -> None:
    here.apply("kind: network\nname: night\nflow:\n  - id: pause\n    wait_for: 1h\n")
    run = here.start("night")
    here.wait_for(run, "pause", State.WAITING)

    found = first(here, run, "pause")

    assert (found.kind, found.who_can_resolve) == ("time", Resolver.TIME)
    assert found.expected_at is not None
    assert found.since is not None
    assert (found.expected_at - found.since).total_seconds() == pytest.approx(3600, abs=1)


def test_what_nobody_can_say_waits_for_an_operator(here: Office) -> None:
    here.apply(
        "kind: network\nname: night\nflow:\n"
        "  - id: gone\n    hosts: db1\n    ansible.builtin.command: /opt/gone\n"
    )
    run = here.start("night")
    here.wait_for(run, "gone", State.LOST)

    found = first(here, run, "gone")
    attention = here.controller.views.status().attention

    assert (found.kind, found.who_can_resolve) == ("operator", Resolver.OPERATOR)
    assert found.what == "nobody knows; release, rerun or cancel it"
    assert ("lost", "gone") in [(each.kind.value, each.part) for each in attention]


def test_what_is_suspended_beside_a_run_is_told_with_the_run(here: Office) -> None:
    here.apply("kind: network\nname: night\nflow:\n  - id: pause\n    wait_for: 1h\n")
    run = here.start("night")
    here.wait_for(run, "pause", State.WAITING)
    change = Change(by=BOB, reason="storm")

    here.controller.queues.suspend_network("night", change)
    here.controller.queues.suspend_everything(change)

    what = [each.what for each in here.controller.views.run(run).waiting_on]
    assert what == [
        "everything was suspended by bob: storm",
        "network night was suspended by bob: storm",
    ]
    hints = [each.command for each in here.controller.views.why(run).hints]
    assert hints[:2] == ["jobnet resume --everything", "jobnet resume --network night"]
    assert f"jobnet resume {run}" not in hints


def test_events_and_files_say_who_can_end_the_wait(here: Office, tmp_path: Path) -> None:
    here.apply(
        "kind: network\nname: night\nflow:\n  - id: both\n    parallel:\n      branches:\n"
        "        - name: one\n          flow: [{id: event, wait_event: {name: go}}]\n"
        "        - name: two\n          flow:\n          - id: file\n"
        f"            wait_file: {{hosts: localhost, path: {tmp_path}/none, event: created}}\n"
    )
    run = here.start("night")
    here.wait_for(run, "event", State.WAITING)
    here.wait_for(run, "file", State.WAITING)

    assert first(here, run, "event").who_can_resolve is Resolver.SENDER
    assert first(here, run, "file").who_can_resolve is Resolver.HOST
