"""Networks tell what they need of each other, across folders, both ways, and round in circles."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.errors.controller import NetworkNotApplied
from jobnet.ids import NetworkName
from jobnet.services.controller.views.dependencies import (
    EDGES_MAX,
    SHARERS_MAX,
    Dependencies,
    DependenciesView,
    Direction,
    dependencies,
    ground_of,
)
from jobnet.services.controller.views.needs import Need, NeedKind, Ties

from tests.services.controller.applied import Desk, opened

PAYROLL = """
kind: queue
name: tape
limit: 2
---
kind: network
name: pay
queue: tape
flow:
  - id: books
    wait_network: {network: ledger/close}
  - id: rates
    wait_part: {network: extract, part: rates}
  - id: go
    wait_event: {name: funds}
  - id: sub
    network: transfer
  - id: own
    wait_file: {hosts: ftp, path: /in/a.csv}
---
kind: network
name: transfer
queue: tape
flow:
  - wait_for: 1s
---
kind: network
name: extract
flow:
  - {hosts: h, ansible.builtin.command: x, locks: [archive]}
  - id: rates
    wait_for: 1s
"""
LEDGER = """
kind: network
name: close
flow:
  - {hosts: h, ansible.builtin.command: x, locks: [archive]}
  - id: tell
    send_event: {name: funds}
  - id: nothing
    wait_event: {name: nobody_sends_it}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path) as store:
        sitting = Desk(tmp_path, store)
        sitting.write("ansible.cfg", "[defaults]\n")
        sitting.write("payroll/pay.yml", PAYROLL)
        sitting.write("ledger/close.yml", LEDGER)
        sitting.apply()
        yield sitting


def seen(desk: Desk, network: str, direction: Direction, depth: int = 100) -> DependenciesView:
    looking = Dependencies(desk.store, desk.definitions)
    return looking.of(NetworkName(network), direction=direction, depth=depth)


def told(view: DependenciesView) -> list[str]:
    return [
        f"{edge.level} {edge.needing}/{edge.part} {edge.kind.value}"
        f" {edge.needed or 'nobody'} {edge.name}".rstrip()
        for edge in view.edges
    ]


def chain(count: int, *, is_ring: bool = False) -> dict[NetworkName, Ties]:
    names = [NetworkName(f"n{number:05}") for number in range(count)]
    after = [*names[1:], *names[: 1 if is_ring else 0]]
    needs = {
        name: Ties(needs=(Need(kind=NeedKind.CALL, name=other),))
        for name, other in zip(names, after, strict=False)
    }
    return {name: needs.get(name, Ties()) for name in names}


def reach(ties: dict[NetworkName, Ties], depth: int = 100) -> DependenciesView:
    ground = ground_of(ties, dict.fromkeys(ties, "file.yml"))
    return dependencies(ground, min(ties), direction=Direction.UP, depth=depth)


def test_a_network_tells_what_it_needs_across_folders_and_further_on(desk: Desk) -> None:
    view = seen(desk, "payroll/pay", Direction.UP)

    assert told(view) == [
        "1 payroll/pay/books wait_network ledger/close",
        "1 payroll/pay/rates wait_part payroll/extract rates",
        "1 payroll/pay/go event ledger/close funds",
        "1 payroll/pay/sub call payroll/transfer",
        "2 ledger/close/nothing event nobody nobody_sends_it",
    ]
    assert (view.circles, view.is_cut) == ((), False)


def test_a_network_tells_who_needs_it(desk: Desk) -> None:
    closes = seen(desk, "ledger/close", Direction.DOWN)
    called = seen(desk, "payroll/transfer", Direction.DOWN)

    assert told(closes) == [
        "1 payroll/pay/books wait_network ledger/close",
        "1 payroll/pay/go event ledger/close funds",
    ]
    assert told(called) == ["1 payroll/pay/sub call payroll/transfer"]


def test_an_edge_says_in_which_file_and_line_it_is_written(desk: Desk) -> None:
    edge = seen(desk, "payroll/pay", Direction.UP).edges[0]

    lines = Path(edge.path).read_text(encoding="utf-8").splitlines()
    assert edge.path.endswith("payroll/pay.yml")
    assert lines[edge.line - 1].strip() == "- id: books"


def test_queues_and_locks_are_shared_and_no_needs(desk: Desk) -> None:
    pays = seen(desk, "payroll/pay", Direction.UP).shared
    closes = seen(desk, "ledger/close", Direction.UP).shared

    assert [(one.kind, one.name, one.networks) for one in pays] == [
        ("queue", "payroll/tape", ("payroll/transfer",))
    ]
    assert [(one.kind, one.name, one.networks) for one in closes] == [
        ("lock", "archive", ("payroll/extract",))
    ]


def test_what_is_applied_later_is_seen(desk: Desk) -> None:
    looking = Dependencies(desk.store, desk.definitions)
    before = looking.of(NetworkName("payroll/transfer"), direction=Direction.UP)
    desk.write(
        "more.yml",
        "kind: network\nname: more\nstart_on: {any: [{network: payroll/transfer},"
        " {event: {name: funds}}]}\nflow:\n  - wait_for: 1s\n",
    )
    desk.apply()

    after = looking.of(NetworkName("payroll/transfer"), direction=Direction.DOWN)
    starts = looking.of(NetworkName("more"), direction=Direction.UP, depth=1)

    assert before.edges == ()
    assert "1 more/ start_network payroll/transfer" in told(after)
    assert told(starts) == [
        "1 more/ start_network payroll/transfer",
        "1 more/ start_event ledger/close funds",
    ]


def test_a_network_that_nobody_applied_is_told_as_not_there(desk: Desk) -> None:
    desk.write(
        "alone.yml",
        "kind: network\nname: alone\nflow:\n  - wait_network: {network: other/gone}\n",
    )
    desk.apply()

    edge = seen(desk, "alone", Direction.UP).edges[0]

    assert (edge.needed, edge.is_applied) == ("other/gone", False)
    with pytest.raises(NetworkNotApplied):
        seen(desk, "other/gone", Direction.DOWN)


def test_a_circle_is_told_and_not_walked_for_ever() -> None:
    view = reach(chain(3, is_ring=True))
    alone = reach(chain(1, is_ring=True))

    assert view.circles == (("n00000", "n00001", "n00002", "n00000"),)
    assert len(view.edges) == 3
    assert alone.circles == (("n00000", "n00000"),)


def test_no_further_than_asked_for_is_looked() -> None:
    cut, whole = reach(chain(5), depth=2), reach(chain(3), depth=2)

    assert ([edge.level for edge in cut.edges], cut.is_cut) == ([1, 2], True)
    assert (len(whole.edges), whole.is_cut) == (2, False)


def test_an_event_between_hundreds_of_networks_is_bounded() -> None:
    waits = Ties(needs=(Need(kind=NeedKind.EVENT, name="go"),), sends=("go",))
    view = reach({NetworkName(f"n{number}"): waits for number in range(300)})

    assert (len(view.edges), view.is_cut) == (EDGES_MAX, True)


def test_a_queue_of_hundreds_of_networks_names_the_first_and_counts_all(desk: Desk) -> None:
    texts = [
        f"kind: network\nname: n{number}\nqueue: tape\nflow:\n  - wait_for: 1s\n"
        for number in range(SHARERS_MAX + 5)
    ]
    desk.write("many.yml", "---\n".join(["kind: queue\nname: tape\n", *texts]))
    desk.apply()

    shared = seen(desk, "n0", Direction.UP).shared[0]

    assert (len(shared.networks), shared.count) == (SHARERS_MAX, SHARERS_MAX + 4)
