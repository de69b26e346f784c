"""File waits on hosts share their looks: one job for all waits of a group, each interval."""

from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.definition import Bundle, Network, WaitFile
from jobnet.engine.commands import WatchFile
from jobnet.engine.states import State
from jobnet.expressions import parse_template
from jobnet.ids import NetworkName, PartKey, RunId
from jobnet.ports.jobs import PlayText
from jobnet.services.appointments import Appointments
from jobnet.services.inbox import Inbox, LooksDue, LooksMade
from jobnet.services.look_groups import ANSWERS_MAX, JOBS_MAX, PATHS_MAX, LookGroups
from jobnet.testing import VirtualClock

from tests.services.looking import LookedHosts, paths_of
from tests.services.playing import START, NoPieces, Stage

HEAD = "kind: network\nname: night\ninventory: 'ftp1,'\nflow:\n- parallel:\n    branches:\n"


def waits(*each: str) -> str:
    """Return a network of branches, each with parts of its own."""
    return HEAD + "".join(f"    - flow: [{one}]\n" for one in each)


def wait(name: str, path: str, *, poll: str = "30s", more: str = "") -> str:
    rest = f"poll: {poll}, timeout: 10m{more}"
    return f"{{id: {name}, wait_file: {{hosts: ftp, path: '{path}', {rest}}}}}"


def looked(stage: Stage, **words: object) -> LookedHosts:
    """Let the stage's jobs be looks at hosts."""
    hosts = LookedHosts(stage.clock, **words)  # type: ignore[arg-type]
    stage.runner = hosts  # type: ignore[assignment]
    return hosts


def test_three_waits_on_a_host_share_one_job_and_each_hears_of_its_own_path(
    tmp_path: Path,
) -> None:
    text = waits(wait("a", "/in/a"), wait("b", "/in/b"), wait("c", "/in/c"))
    stage = Stage(text, tmp_path)
    hosts = looked(stage, files={"/in/a": 10, "/in/b": 50, "/in/c": 50})

    ended = stage.play()

    assert [ended.part(name) for name in "abc"] == [State.NORMAL] * 3
    assert hosts.looked_at == [
        ["/in/a", "/in/b", "/in/c"],
        ["/in/a", "/in/b", "/in/c"],
        ["/in/b", "/in/c"],
    ]
    assert hosts.begun == [0, 32, 64]
    assert ended.lasted() == 66
    assert stage.pieces.discarded == [f"/looks/files:look1.{number}" for number in (1, 2, 3)]


def test_an_order_says_where_to_look_and_nothing_of_the_run(tmp_path: Path) -> None:
    stage = Stage(waits(wait("a", "/in/a")), tmp_path)
    hosts = looked(stage, files={"/in/a": 0})

    stage.play()

    (order,) = {order.part: order for order in hosts.orders}.values()
    assert (order.inventory, order.project_root) == (("ftp1,",), str(tmp_path))
    assert isinstance(order.content, PlayText)
    assert order.content.hosts == "ftp"
    assert set(order.handed_over) == {"params"}


def test_a_wait_that_joins_is_looked_for_at_once_and_then_with_the_others(tmp_path: Path) -> None:
    text = waits(wait("a", "/in/a"), f"{{wait_for: 10s}}, {wait('b', '/in/b')}")
    stage = Stage(text, tmp_path)
    hosts = looked(stage, files={"/in/a": 60, "/in/b": 60})

    stage.play()

    together = ["/in/a", "/in/b"]
    assert hosts.looked_at == [["/in/a"], ["/in/b"], together, together]
    assert hosts.begun == [0, 10, 32, 64]


def test_a_wait_that_joins_during_a_look_is_looked_for_after_it(tmp_path: Path) -> None:
    text = waits(wait("a", "/in/a"), f"{{wait_for: 1s}}, {wait('b', '/in/b')}")
    stage = Stage(text, tmp_path)
    hosts = looked(stage, files={"/in/a": 40, "/in/b": 40}, seconds=5)

    stage.play()

    assert hosts.looked_at[:3] == [["/in/a"], ["/in/b"], ["/in/a", "/in/b"]]
    assert hosts.begun[:2] == [0, 5]
    assert max(hosts.at_once) == 1


def test_the_same_path_is_asked_for_once(tmp_path: Path) -> None:
    stage = Stage(waits(wait("a", "/in/a"), wait("b", "/in/a")), tmp_path)
    hosts = looked(stage, files={"/in/a": 20})

    ended = stage.play()

    assert hosts.looked_at == [["/in/a"], ["/in/a"]]
    assert (ended.part("a"), ended.part("b")) == (State.NORMAL, State.NORMAL)


@pytest.mark.parametrize(
    "other",
    [
        wait("b", "/in/b", poll="20s"),
        wait("b", "/in/b").replace("ftp", "web"),
        wait("b", "/in/b", more=", inventory: ['other,']"),
        wait("b", "/in/b").removesuffix("}") + ", warm: off}",
    ],
)
def test_waits_that_are_looked_for_in_another_way_have_a_job_of_their_own(
    tmp_path: Path, other: str
) -> None:
    stage = Stage(waits(wait("a", "/in/a"), other), tmp_path)
    hosts = looked(stage)

    stage.play()

    assert hosts.looked_at[:2] == [["/in/a"], ["/in/b"]]
    assert all(len(paths) == 1 for paths in hosts.looked_at)


def test_a_look_that_takes_longer_than_the_interval_never_piles_up(tmp_path: Path) -> None:
    stage = Stage(waits(wait("a", "/in/a", poll="5s"), wait("b", "/in/b", poll="5s")), tmp_path)
    hosts = looked(stage, seconds=100)

    stage.play()

    assert hosts.begun == [0, 105, 210, 315, 420, 525]
    assert max(hosts.at_once) == 1


def test_a_host_that_cannot_be_reached_is_told_by_its_waits_and_by_no_others(
    tmp_path: Path,
) -> None:
    both = wait("a", "/in/a", more=", hosts_match: any")
    all_hosts = wait("b", "/in/b", more=", hosts_match: all")
    stage = Stage(waits(both, all_hosts), tmp_path)
    looked(stage, files={"/in/a": 10, "/in/b": 10}, hosts=("ftp1", "ftp2"), unreachable=("ftp2",))

    ended = stage.play()

    assert ended.part("a") is State.NORMAL
    assert ended.part("b") is State.ABNORMAL
    assert any("/in/b (ftp2: no route to host)" in line for line in stage.journal.lines)


def test_more_paths_than_one_job_may_ask_for_take_their_turns(tmp_path: Path) -> None:
    flow = '{for_each: {items: "{{ range(120) | list }}", as: n, flow: [ONE]}}'
    one = wait("got", "/in/{{ n }}", poll="60s")
    stage = Stage(waits(flow.replace("ONE", one)), tmp_path)
    hosts = looked(stage, files={f"/in/{n}": 10 for n in range(120)})

    ended = stage.play()

    assert ended.state is State.NORMAL
    assert [len(paths) for paths in hosts.looked_at] == [PATHS_MAX, PATHS_MAX, 20] * 2
    assert hosts.begun == [0, 2, 4, 66, 68, 70]
    assert {path for paths in hosts.looked_at[3:] for path in paths} == set(hosts.files)


def test_many_hosts_are_asked_for_few_paths_at_a_time(tmp_path: Path) -> None:
    names = [f"ftp{number}" for number in range(100)]
    each = [wait(f"w{number}", f"/in/{number}") for number in range(10)]
    stage = Stage(waits(*each), tmp_path)
    hosts = looked(stage, hosts=names, files={f"/in/{number}": 10 for number in range(10)})

    ended = stage.play()

    assert ended.state is State.NORMAL
    assert [len(paths) for paths in hosts.looked_at] == [10, 4, 4, 2]
    assert len(names) * 4 <= ANSWERS_MAX


def test_only_a_few_groups_look_at_the_same_time_and_all_get_their_turn(tmp_path: Path) -> None:
    each = [wait(f"w{number}", "/in/x").replace("ftp", f"h{number}") for number in range(9)]
    stage = Stage(waits(*each), tmp_path)
    hosts = looked(stage, files={"/in/x": 10})

    ended = stage.play()

    assert ended.state is State.NORMAL
    assert max(hosts.at_once) == JOBS_MAX
    assert len(hosts.orders) == 18
    assert len({order.part for order in hosts.orders}) == 9


def test_looks_take_no_slot_and_wait_for_none(tmp_path: Path) -> None:
    jobs = [f"{{id: j{number}, hosts: web, ping: }}" for number in range(9)]
    stage = Stage(waits(*jobs, wait("a", "/in/a", poll="1s")), tmp_path)

    stage.play()

    began = [str(order.part) for order in stage.runner.orders]
    assert sorted(began[:9]) == ["files:look1", *(f"j{number}" for number in range(8))]


def test_a_hostile_path_is_handed_over_as_data(tmp_path: Path) -> None:
    path = "/in/a b'\"\n{{ lookup('pipe', 'id') }} $(id) ; id"
    flow = wait("a", "{{ params.path }}")
    stage = Stage(
        waits(flow).replace("flow:\n", "params: {path: {type: str}}\nflow:\n"),
        tmp_path,
        params={"path": path},
    )
    hosts = looked(stage, files={path: 10})

    ended = stage.play()

    assert ended.part("a") is State.NORMAL
    assert hosts.looked_at[0] == [path]


NIGHT = NetworkName("night")


def watch(name: str, *, hosts: str = "ftp") -> WatchFile:
    body = WaitFile(hosts=parse_template(hosts), path=parse_template("/x"))
    return WatchFile(
        part=PartKey(name), attempt=1, network=NIGHT, wait=body, hosts=hosts, inventory=(),
        path=f"/in/{name}",
    )  # fmt: skip


def groups(inbox: Inbox, runner: LookedHosts) -> LookGroups:
    network = Network(name=NIGHT, flow=(), file="/project/night.yml", project_root="/project")
    return LookGroups(
        bundle=Bundle(main=NIGHT, networks={NIGHT: network}),
        run=RunId("r-1"),
        inbox=inbox,
        runner=runner,
        pieces=NoPieces(),
        appointments=Appointments(),
    )


MINUTE = timedelta(minutes=1)


def test_a_look_that_is_over_when_its_wait_has_left_is_told_to_nobody() -> None:
    clock, inbox = VirtualClock(START), Inbox()
    looking = groups(inbox, LookedHosts(clock))
    looking.join(watch("a"), interval=MINUTE, now=START)
    looking.look(LooksDue(group=1), START)
    looking.leave(PartKey("a"), 1)

    looking.join(watch("b"), interval=MINUTE, now=START)
    looking.look(LooksDue(group=1), START)
    made = clock.wait(inbox, START + MINUTE)

    assert isinstance(made, LooksMade)
    assert looking.looked(made, clock.now()) == ()
    second = clock.wait(inbox, START + MINUTE)
    assert isinstance(second, LooksMade)
    assert [key for key, _ in looking.looked(second, clock.now())] == [("b", 1)]


def test_a_group_without_waits_is_forgotten_and_begins_anew() -> None:
    clock, inbox = VirtualClock(START), Inbox()
    runner = LookedHosts(clock)
    looking = groups(inbox, runner)
    looking.join(watch("a"), interval=MINUTE, now=START)
    looking.leave(PartKey("a"), 1)
    looking.leave(PartKey("a"), 1)

    looking.look(LooksDue(group=1), START)
    looking.join(watch("b"), interval=MINUTE, now=START)
    looking.look(LooksDue(group=2), START)

    assert [order.part for order in runner.orders] == ["files:look2"]
    assert looking.under_way == 1


def test_a_group_whose_turn_comes_when_its_new_waits_have_left_still_has_a_next_round() -> None:
    clock, inbox = VirtualClock(START), Inbox()
    runner = LookedHosts(clock)
    looking = groups(inbox, runner)
    for number in range(PATHS_MAX + 1):
        looking.join(watch(f"a{number}"), interval=MINUTE, now=START)
    for number in range(JOBS_MAX):
        looking.join(watch("x", hosts=f"h{number}"), interval=MINUTE, now=START)
    for number in range(1, JOBS_MAX + 2):
        looking.look(LooksDue(group=number), START)
    first = clock.wait(inbox, START + MINUTE)
    assert isinstance(first, LooksMade)
    assert first.group == 1
    looking.looked(first, clock.now())  # the last group begins; the rest of the first one waits

    looking.leave(PartKey(f"a{PATHS_MAX}"), 1)
    for _ in range(JOBS_MAX):
        made = clock.wait(inbox, START + MINUTE)
        assert isinstance(made, LooksMade)
        looking.looked(made, clock.now())
    looking.look(LooksDue(group=1), clock.now() + MINUTE)

    assert [len(paths_of(order)) for order in runner.orders if order.part == "files:look1"] == [
        PATHS_MAX,
        PATHS_MAX,
    ]
