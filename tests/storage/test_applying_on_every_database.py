"""Definitions are applied over each kind of database, and by several controllers at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jobnet.ids import NetworkName, OperatorName
from jobnet.services.controller.definitions import Definitions
from jobnet.storage import SqlStore

ANN = OperatorName("ann")
CONTROLLERS = 4


def network(name: str) -> str:
    return f"kind: network\nname: {name}\nflow:\n  - wait_for: 1s # ünïcödé \N{BLACK SCISSORS}\n"


def test_what_was_applied_is_there_and_has_versions(store: SqlStore, tmp_path: Path) -> None:
    definitions = Definitions(store, home=tmp_path)
    definitions.apply_texts([("a/pay.yml", network("pay"))], by=ANN)
    changed = network("pay") + "title: Pay\n"
    plan = definitions.apply_texts([("a/pay.yml", changed)], by=ANN)

    bundle = Definitions(store, home=tmp_path).bundle(plan.edition, NetworkName("a/pay"))

    assert bundle.network.title == "Pay"
    assert [row.text for row in definitions.versions("network", "a/pay")] == [
        changed,
        network("pay"),
    ]


def test_controllers_that_apply_at_once_lose_nothing(store: SqlStore, tmp_path: Path) -> None:
    together = threading.Barrier(CONTROLLERS)
    applied: list[int] = []

    def apply(number: int) -> None:
        home = tmp_path / str(number)
        definitions = Definitions(store, home=home)
        together.wait()
        definitions.apply_texts([("net.yml", network(f"net{number}"))], by=ANN)
        applied.append(number)

    with ThreadPoolExecutor(CONTROLLERS) as pool:
        outcomes = [one.exception() for one in [pool.submit(apply, n) for n in range(CONTROLLERS)]]

    names = Definitions(store, home=tmp_path).networks()
    assert sorted(names) == sorted(f"net{number}" for number in applied)
    assert len(applied) + sum(1 for one in outcomes if one is not None) == CONTROLLERS
    assert applied
