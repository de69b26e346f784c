"""Windows at work: who is covered waits, is left out or is warned of; nobody is killed."""

from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.engine.states import QueueReason, State
from jobnet.ids import NetworkName, RunId
from jobnet.ports.host_patterns import PatternPair, PatternsMeet
from jobnet.schedules import WindowAction
from jobnet.schedules.windows import WindowTargets
from jobnet.services.controller.settings import Change
from jobnet.services.controller.windows.windows import WindowWish
from jobnet.testing import Script

from tests.services.controller.office import BOB, Office, now, office, wait_until

BY_BOB = Change(by=BOB, reason="new disks")
QUICK = Script(seconds=0.02)
SLOW = Script(seconds=600)
EVERYTHING = WindowTargets()
JOB = (
    "{name: load, id: load, hosts: HOSTS, queue: tapes, nodes: n1,"
    " tasks: [{ansible.builtin.ping: {}}]}"
)
QUEUE = "{kind: queue, name: tapes}"
ALWAYS = """
    kind: window
    name: patching
    hosts: db
    timezone: Asia/Tokyo
    rules: {every: {n: 1, unit: day, from: 2026-01-01}, from: "00:00", to: "47:59"}
"""


def apply(here: Office, *, hosts: str = "db", more: str = "") -> None:
    here.apply(QUEUE, "queue.yml")
    here.apply(f"{{kind: network, name: night, {more} flow: [{JOB.replace('HOSTS', hosts)}]}}")


def open_window(
    here: Office,
    targets: WindowTargets,
    *,
    name: str = "disks",
    seconds: float = 3600,
    action: WindowAction = WindowAction.HOLD,
) -> None:
    wish = WindowWish(
        name=name, last=now() + timedelta(seconds=seconds), action=action, targets=targets
    )
    here.controller.windows.open_by_hand(wish, BY_BOB)


def waits_for_window(here: Office, run: RunId) -> None:
    wait_until(lambda: here.reason(run, "load") == QueueReason.WINDOW.value, "its wait")


class Inventory:
    """An inventory in which ``db1`` belongs to ``db``; nobody can ask it for ``broken``."""

    def __init__(self) -> None:
        self.asked: list[PatternPair] = []

    def meet(self, pair: PatternPair) -> PatternsMeet:
        self.asked.append(pair)
        if "broken" in pair.pattern:
            return PatternsMeet(meet=False, problem="it is a program that ended with 1")
        return PatternsMeet(meet={pair.pattern, pair.other} <= {"db", "db1"})


@pytest.mark.parametrize(
    "targets",
    [
        EVERYTHING,
        WindowTargets(hosts="db"),
        WindowTargets(queues=("tapes",)),
        WindowTargets(nodes=("n1",)),
        WindowTargets(networks=("night",)),
    ],
    ids=["everything", "hosts", "queue", "node", "network"],
)
def test_a_job_that_a_window_covers_waits_and_goes_on_when_it_is_closed(
    tmp_path: Path, targets: WindowTargets
) -> None:
    with office(tmp_path, {"load": [SLOW, QUICK]}, jobs_max=1) as here:
        apply(here)
        running = here.start("night")
        here.wait_for(running, "load", State.RUNNING)
        waiting = here.start("night")
        here.wait_for(waiting, "load", State.QUEUED)
        open_window(here, targets)
        waits_for_window(here, waiting)

        here.controller.windows.close("disks", BY_BOB)
        wait_until(lambda: here.reason(waiting, "load") == QueueReason.QUEUE_LIMIT.value)

        assert here.state(running, "load") is State.RUNNING
        here.order(running, "kill", part="load", now=True)
        assert here.ended(waiting).state is State.NORMAL


def test_a_window_ends_by_itself_and_says_beforehand_when(tmp_path: Path) -> None:
    with office(tmp_path, {"load": QUICK}) as here:
        apply(here)
        open_window(here, WindowTargets(queues=("tapes",)), seconds=1.0)

        run = here.start("night")
        waits_for_window(here, run)
        detail = here.detail(run, "load")

        assert here.ended(run).state is State.NORMAL
        assert "the window disks (new disks) is open until 2" in detail
        assert detail.endswith("UTC")


def test_of_two_windows_that_overlap_the_later_end_counts(tmp_path: Path) -> None:
    with office(tmp_path, {"load": QUICK}) as here:
        apply(here)
        open_window(here, EVERYTHING, name="long", seconds=7200)
        open_window(here, EVERYTHING, name="short", seconds=3600)

        run = here.start("night")
        wait_until(lambda: here.row(run).detail.startswith("the window long"))
        here.controller.windows.close("long", BY_BOB)
        wait_until(lambda: here.row(run).detail.startswith("the window short"))
        here.controller.windows.close("short", BY_BOB)

        assert here.ended(run).state is State.NORMAL


def test_a_job_in_a_window_that_skips_is_skipped_by_jobnet(tmp_path: Path) -> None:
    with office(tmp_path, {"load": QUICK}) as here:
        apply(here)
        open_window(here, WindowTargets(hosts="db"), action=WindowAction.SKIP)

        run = here.start("night")

        assert here.ended(run).state is State.NORMAL
        assert here.state(run, "load") is State.SKIPPED
        assert not here.started()


def test_a_network_in_a_window_that_skips_is_missed(tmp_path: Path) -> None:
    with office(tmp_path, {"load": QUICK}) as here:
        apply(here)
        targets = WindowTargets(networks=("night",))
        open_window(here, targets, action=WindowAction.SKIP)

        run = here.start("night")

        assert here.ended(run).state is State.MISSED
        assert "the window disks" in here.row(run).detail


def test_a_job_in_a_window_that_warns_starts_and_whoever_watches_is_told(tmp_path: Path) -> None:
    with office(tmp_path, {"load": QUICK}) as here:
        apply(here)
        open_window(here, WindowTargets(hosts="db"), action=WindowAction.WARN)

        run = here.start("night")

        assert here.ended(run).state is State.NORMAL
        notes = here.store.read(lambda tx: tx.lists.live(after=0, limit=100))
        told = [note.payload for _, note in notes if note.kind == "window"]
        assert len(told) == 1
        assert "the window disks" in told[0]


def test_a_job_that_would_usually_reach_into_a_window_starts_and_whoever_watches_is_told(
    tmp_path: Path,
) -> None:
    with office(tmp_path, {"load": QUICK}) as here:
        apply(here)
        usual = [("load", 600.0)]
        here.store.write(lambda tx: tx.durations.remember(NetworkName("night"), usual))
        first = now() + timedelta(seconds=300)
        wish = WindowWish(
            name="disks", first=first, last=first + timedelta(hours=1), targets=EVERYTHING
        )
        here.controller.windows.open_by_hand(wish, BY_BOB)

        run = here.start("night")

        assert here.ended(run).state is State.NORMAL
        notes = here.store.read(lambda tx: tx.lists.live(after=0, limit=100))
        told = [note.payload for _, note in notes if note.kind == "window"]
        assert ["would reach into the window disks" in each for each in told] == [True]


def test_whether_hosts_are_in_a_window_is_asked_of_their_inventory(tmp_path: Path) -> None:
    inventory = Inventory()
    with office(tmp_path, {"load": QUICK}, patterns=inventory) as here:
        apply(here, hosts="db1")
        open_window(here, WindowTargets(hosts="db"))

        run = here.start("night")
        wait_until(lambda: here.detail(run, "load").startswith("the window disks (new disks) is"))
        here.controller.windows.close("disks", BY_BOB)

        assert here.ended(run).state is State.NORMAL
        assert {(one.pattern, one.other) for one in inventory.asked} == {("db1", "db")}
        assert {one.root for one in inventory.asked} == {str(tmp_path / "project")}


def test_a_job_on_other_hosts_starts_in_a_window(tmp_path: Path) -> None:
    with office(tmp_path, {"load": QUICK}, patterns=Inventory()) as here:
        apply(here, hosts="web")
        open_window(here, WindowTargets(hosts="db"))

        run = here.start("night")

        assert here.ended(run).state is State.NORMAL


def test_where_the_inventory_cannot_be_asked_the_texts_of_the_patterns_count(
    tmp_path: Path,
) -> None:
    with office(tmp_path, {"load": QUICK}, patterns=Inventory()) as here:
        apply(here, hosts='"broken:db"')
        open_window(here, WindowTargets(hosts="db"))

        run = here.start("night")
        wait_until(lambda: here.detail(run, "load").startswith("the window disks (new disks) is"))
        here.controller.windows.close("disks", BY_BOB)

        assert here.ended(run).state is State.NORMAL


def test_a_window_of_a_definition_holds_and_can_be_closed_early(tmp_path: Path) -> None:
    with office(tmp_path, {"load": QUICK}) as here:
        apply(here)
        here.apply(ALWAYS, "window.yml")

        run = here.start("night")
        waits_for_window(here, run)
        here.controller.windows.close("patching", BY_BOB)

        assert here.ended(run).state is State.NORMAL


def test_a_network_that_waits_for_a_window_goes_on_in_the_next_process(tmp_path: Path) -> None:
    targets = WindowTargets(networks=("night",))
    with office(tmp_path, {"load": QUICK}) as before:
        apply(before)
        open_window(before, targets)
        run = before.start("night")
        wait_until(lambda: before.row(run).detail.startswith("the window"))
        assert before.row(run).state is State.WAITING

    with office(tmp_path, {"load": QUICK}) as after:
        wait_until(lambda: after.row(run).detail.startswith("the window"))
        after.controller.windows.close("disks", BY_BOB)

        assert after.ended(run).state is State.NORMAL
        assert not after.store.read(lambda tx: tx.errands.slots())
