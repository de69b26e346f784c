"""The forecast over REST: the plan and what is open, at risk, compared with what it might be."""

from datetime import timedelta
from typing import Any

import pytest
from jobnet.ids import NetworkName

from tests.rest.serving import Caller, Served
from tests.services.controller.office import now

NETWORKS = """
kind: queue
name: press
limit: 1
---
kind: network
name: print_a
hosts: db
queue: press
flow:
  - {id: work, ansible.builtin.command: "true"}
---
kind: network
name: print_b
hosts: db
queue: press
late_end: "+25m"
flow:
  - {id: work, ansible.builtin.command: "true"}
---
kind: network
name: bind
hosts: db
flow:
  - {id: wait, wait_network: {network: print_b}}
  - {id: work, ansible.builtin.command: "true"}
"""


@pytest.fixture(scope="module", autouse=True)
def _plan(one_controller: Served) -> None:
    one_controller.apply(NETWORKS, "press.yml")
    for name, seconds in (("print_a", 1800.0), ("print_b", 600.0), ("bind", 60.0)):
        _remember(one_controller, NetworkName(name), seconds)
    for minute, name in ((0, "print_a"), (10, "print_b"), (11, "bind")):
        at = start_of_night() + timedelta(minutes=minute)
        body = {"network": name, "start": at.isoformat(), "operating_day": str(at.date())}
        assert one_controller.client.post("/plan", json=body).is_success


def _remember(served: Served, network: NetworkName, seconds: float) -> None:
    served.office.store.write(lambda tx: tx.durations.remember(network, [("work", seconds)]))


@pytest.fixture
def client(one_controller: Served) -> Caller:
    return one_controller.client


def start_of_night() -> Any:  # noqa: ANN401 - an instant
    return now().replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=3)


def span() -> dict[str, str]:
    first = start_of_night()
    return {"first": first.isoformat(), "last": (first + timedelta(hours=3)).isoformat()}


def at(minute: float) -> str:
    return f"{start_of_night() + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ}"


def forecast(client: Caller, **query: str) -> dict[str, Any]:
    found: dict[str, Any] = client.shown("/forecast", **span(), **query)
    return found


def runs(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["network"]: one for one in found["items"]}


def test_a_forecast_says_when_runs_end_who_waits_and_what_is_late(client: Caller) -> None:
    found = forecast(client)

    by_name = runs(found)
    ends = {name: one["usual"]["ended"] for name, one in by_name.items()}
    assert ends == {"print_a": at(30), "print_b": at(40), "bind": at(41)}
    (risk,) = by_name["print_b"]["risks"]
    assert (risk["kind"], risk["rate"], risk["due"]) == ("late_end", "p50", at(35))
    (conflict,) = found["conflicts"]
    assert conflict["run"] == by_name["print_b"]["run"]
    assert conflict["behind"] == [f"{by_name['print_a']['run']}/work"]
    assert found["is_cut"] is False


def test_a_forecast_of_one_network_still_counts_the_others(client: Caller) -> None:
    found = forecast(client, network="bind")

    assert list(runs(found)) == ["bind"]
    assert found["items"][0]["usual"]["ended"] == at(41)


def test_the_critical_path_leads_through_other_runs(client: Caller) -> None:
    key = runs(forecast(client))["bind"]["key"]

    found = client.shown("/forecast/path", **span(), run=key)

    assert [(one["network"], one["part"]) for one in found["links"]] == [
        ("print_a", "work"),
        ("print_b", "work"),
        ("bind", "wait"),
        ("bind", "work"),
    ]


def test_a_whatif_compares_and_changes_nothing(client: Caller) -> None:
    changes = [{"kind": "limit", "of": "queue", "name": "press", "limit": 2}]
    before = forecast(client)

    answer = client.post("/whatif", json={**span(), "changes": changes})

    found = answer.json()
    later = {one["network"]: one["later_seconds"] for one in found["items"]}
    assert later == {"print_b": -1200.0, "bind": -1200.0}
    assert (found["newly_kept"], found["newly_missed"], found["unchanged"]) == (1, 0, 1)
    assert runs(forecast(client)) == runs(before)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "delay", "network": "print_a", "seconds": 600},
        {"kind": "delay", "network": "print_a", "part": "work", "seconds": 600},
        {"kind": "scale", "network": "print_a", "factor": 1.5},
        {"kind": "limit", "of": "network", "name": "print_a", "limit": 0},
        {"kind": "limit", "of": "resource", "name": "tape", "limit": 0},
        {"kind": "add", "network": "print_a", "start": "{night}"},
    ],
)
def test_every_kind_of_change_is_taken(client: Caller, change: dict[str, Any]) -> None:
    given = {name: at(0) if one == "{night}" else one for name, one in change.items()}

    answer = client.post("/whatif", json={**span(), "changes": [given]})

    assert answer.is_success, answer.text


def test_a_network_that_does_not_start_in_the_span_can_be_added(client: Caller) -> None:
    first = start_of_night() + timedelta(hours=6)
    around = {"first": first.isoformat(), "last": (first + timedelta(hours=2)).isoformat()}
    change = {"kind": "add", "network": "print_a", "start": first.isoformat()}

    answer = client.post("/whatif", json={**around, "changes": [change]})

    (one,) = answer.json()["items"]
    assert one["before"] is None
    assert one["after"]["ended"] == at(6 * 60 + 30)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_time_is_refused(client: Caller, day: str) -> None:
    change = {"kind": "add", "network": "print_b", "start": at(0), "operating_day": day}

    answer = client.post("/whatif", json={**span(), "changes": [change]})

    assert answer.status_code == 422


def test_starts_are_moved_and_skipped_by_their_keys(client: Caller) -> None:
    keys = {name: one["key"] for name, one in runs(forecast(client)).items()}
    moved = {"kind": "move", "key": keys["print_b"], "to": at(60)}
    skipped = {"kind": "skip", "key": keys["print_a"]}

    answer = client.post("/whatif", json={**span(), "changes": [moved, skipped]})

    ends = {one["network"]: (one["after"] or {}).get("ended") for one in answer.json()["items"]}
    assert ends == {"print_a": None, "print_b": at(70), "bind": at(71)}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"changes": [{"kind": "skip", "key": "nothing"}]}, "whatif_refused"),
        ({"changes": [{"kind": "lose", "node": "nowhere"}]}, "whatif_refused"),
        ({"changes": [{"kind": "limit", "name": "x", "limit": 1}]}, "whatif_refused"),
    ],
)
def test_a_change_that_names_nothing_is_refused(
    client: Caller, body: dict[str, Any], code: str
) -> None:
    answer = client.post("/whatif", json={**span(), **body})

    assert answer.is_client_error
    assert answer.json()["code"] == code


def test_a_span_that_lies_in_the_past_or_ends_before_it_begins_is_refused(client: Caller) -> None:
    first, last = span()["first"], span()["last"]

    backwards = client.get("/forecast", params={"first": last, "last": first})
    past = client.get(
        "/forecast", params={"first": "2020-01-01T00:00:00Z", "last": "2020-01-02T00:00:00Z"}
    )
    nobody = client.get("/forecast/path", params={**span(), "run": "nobody"})

    assert backwards.json()["code"] == past.json()["code"] == "forecast_span_refused"
    assert (nobody.status_code, nobody.json()["code"]) == (404, "not_forecast")
