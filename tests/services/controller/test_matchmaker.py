"""Waits of runs, and events and ends of other runs: everybody gets what is theirs, once."""

from datetime import timedelta
from pathlib import Path

from jobnet.engine.facts import EndsSeen, EventTaken, ExecutionsAwaited
from jobnet.engine.states import State, WaitReason
from jobnet.ids import RunId
from jobnet.ports.store import SignalKind
from jobnet.testing import Script

from tests.services.controller.office import Office, office, wait_until

RECEIVES = """
    kind: network
    name: receives
    flow:
      - name: got
        id: got
        wait_event: {name: files_ready}
"""
SENDS = """
    kind: network
    name: sends
    flow:
      - name: send
        id: send
        send_event: {name: files_ready, data: {number: 7}, keep: 1h}
"""
LOADS = """
    kind: network
    name: loads
    flow:
      - name: load
        id: load
        hosts: localhost
        tasks: [{ansible.builtin.ping: {}}]
"""
FOLLOWS = """
    kind: network
    name: follows
    flow:
      - name: after
        id: after
        wait_network: {network: loads}
"""
A_FOR_B = """
    kind: network
    name: a
    flow:
      - name: waits
        id: waits
        wait_network: {network: b}
"""
B_FOR_A = A_FOR_B.replace("name: a", "name: b").replace("network: b", "network: a, timeout: 9h")
"""Without a timeout nobody can apply a circle; with one it lasts until then."""

NARROW = """
    kind: network
    name: narrow
    limit: 1
    flow:
      - name: waits
        id: waits
        wait_network: {network: calls, timeout: 9h}
"""
CALLS = """
    kind: network
    name: calls
    flow:
      - name: call
        id: call
        network: narrow
"""


def facts_of(here: Office, run: RunId, kind: type) -> int:
    entries = here.store.read(lambda tx: tx.runs.entries(run, 0))
    return sum(entry.kind == kind.__name__ for entry in entries)


def sent(here: Office, name: str = "files_ready", **wish: object) -> str:
    return here.send(name, **wish)


def test_an_event_of_another_run_is_received(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(RECEIVES)
        here.apply(SENDS, "sends.yml")
        run = here.start("receives")
        here.wait_for(run, "got", State.WAITING)

        here.start("sends")

        assert here.ended(run).state is State.NORMAL
        assert facts_of(here, run, EventTaken) == 1


def test_an_event_that_is_kept_is_received_by_who_waits_later(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(RECEIVES)
        sent(here, keep=timedelta(hours=1))

        run = here.start("receives")

        assert here.ended(run).state is State.NORMAL


def test_an_event_that_is_not_kept_is_for_waits_that_were_open(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(RECEIVES)
        early = here.start("receives")
        here.wait_for(early, "got", State.WAITING)
        sent(here)
        here.ended(early)

        late = here.start("receives")
        here.wait_for(late, "got", State.WAITING)
        sent(here, data="second")

        here.ended(late)
        assert facts_of(here, late, EventTaken) == 1
        assert facts_of(here, early, EventTaken) == 1


def test_one_event_releases_all_who_wait_for_it(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(RECEIVES)
        runs = [here.start("receives") for _ in range(5)]
        for run in runs:
            here.wait_for(run, "got", State.WAITING)

        sent(here)

        assert {here.ended(run).state for run in runs} == {State.NORMAL}


def test_an_event_that_is_sent_twice_under_one_key_is_one_event(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(RECEIVES)
        first, second = sent(here, keep=timedelta(hours=1)), sent(here, keep=timedelta(hours=1))

        assert first == second
        assert len(here.store.read(lambda tx: tx.audits.page(before=None, limit=9))) == 2


def test_a_wait_and_an_event_that_are_written_at_once_find_each_other(tmp_path: Path) -> None:
    """Matching in the transaction of either, before the other's commit, would find nothing."""
    with office(tmp_path, is_started=False) as here:
        here.apply(RECEIVES)
        run = here.start("receives")
        matchmaker = here.controller.matchmaker
        here.take_turns(run)
        sent(here)

        found = matchmaker.work_once().found
        here.take_turns(run)

        assert found
        assert here.state(run, "got") is State.NORMAL


def test_what_is_matched_again_is_not_told_again(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        here.apply(RECEIVES)
        run = here.start("receives")
        here.take_turns(run)
        sent(here)
        matchmaker = here.controller.matchmaker
        seen = here.store.read(matchmaker.look)

        here.store.write(lambda tx: matchmaker.tell(tx, seen))
        again = here.store.write(lambda tx: matchmaker.tell(tx, seen))

        assert again == ()
        assert len(here.inputs(run)) == 1


def test_a_second_event_is_not_put_beside_one_that_is_on_its_way(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        here.apply(RECEIVES)
        run = here.start("receives")
        here.take_turns(run)
        for number in range(3):
            sent(here, data=number)
            here.controller.matchmaker.work_once()

        assert len(here.inputs(run)) == 1


def test_a_network_that_ends_lets_who_waits_for_it_go_on(tmp_path: Path) -> None:
    with office(tmp_path, {"load": Script(seconds=0.3)}) as here:
        here.apply(LOADS)
        here.apply(FOLLOWS, "follows.yml")
        loading = here.start("loads")

        run = here.start("follows")

        assert here.ended(run).state is State.NORMAL
        assert here.row(loading).state is State.NORMAL


def test_an_end_before_the_wait_began_counts(tmp_path: Path) -> None:
    with office(tmp_path, {"load": Script(seconds=0.01)}) as here:
        here.apply(LOADS)
        here.apply(FOLLOWS, "follows.yml")
        here.ended(here.start("loads"))

        run = here.start("follows")

        assert here.ended(run).state is State.NORMAL


def test_a_wait_for_a_network_that_is_not_planned_says_so_once(tmp_path: Path) -> None:
    with office(tmp_path, {"load": Script(seconds=0.01)}) as here:
        here.apply(LOADS)
        here.apply(FOLLOWS, "follows.yml")
        run = here.start("follows")
        wait_until(lambda: "not planned" in here.detail(run, "after"))

        here.ended(here.start("loads"))
        here.ended(run)

        assert facts_of(here, run, ExecutionsAwaited) <= 2
        assert facts_of(here, run, EndsSeen) == 1


def test_runs_that_wait_for_each_other_are_told_and_freed_when_one_is_cleared(
    tmp_path: Path,
) -> None:
    with office(tmp_path) as here:
        here.apply(A_FOR_B)
        here.apply(B_FOR_A, "b.yml")
        first = here.start("a")
        second = here.start("b")
        for run in (first, second):
            wait_until(lambda run=run: here.reason(run, "waits") == WaitReason.DEADLOCK.value)  # type: ignore[misc]
        assert str(second) in here.detail(first, "waits")

        here.order(first, "clear-wait", part="waits")

        assert here.ended(first).state is State.NORMAL
        assert here.ended(second).state is State.NORMAL


def test_who_waits_for_a_run_that_stands_in_line_behind_it_is_told(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(NARROW)
        here.apply(CALLS, "calls.yml")
        first = here.start("narrow")
        here.wait_for(first, "waits", State.WAITING)

        second = here.start("calls")

        wait_until(lambda: here.reason(first, "waits") == WaitReason.DEADLOCK.value)
        assert str(second) in here.detail(first, "waits")


def test_a_signal_is_kept_until_its_match_is_written(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        here.apply(RECEIVES)
        sent(here)

        before = here.store.read(lambda tx: tx.signals.pending((SignalKind.MATCH_EVENT,)))
        here.controller.matchmaker.work_once()
        after = here.store.read(lambda tx: tx.signals.pending((SignalKind.MATCH_EVENT,)))

        assert (len(before), len(after)) == (1, 0)
