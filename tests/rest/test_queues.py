"""Queues, resources, suspensions and events over REST."""

import pytest

from tests.rest.serving import Caller, Served, eventually

QUEUED = """
kind: queue
name: backup
limit: 1
---
kind: network
name: copy
queue: backup
flow:
  - id: wait
    wait_event: {name: go}
"""


@pytest.fixture
def client(controller: Served) -> Caller:
    controller.apply(QUEUED, "queues.yml")
    return controller.client


def queue(client: Caller, name: str = "backup") -> dict[str, object]:
    items = client.shown("/queues")["items"]
    return next(each for each in items if each["name"] == name)


def test_a_queue_is_shown_as_it_is_defined(client: Caller) -> None:
    found = queue(client)

    assert (found["limit"], found["is_held"], found["is_defined"]) == (1, False, True)
    assert found["settings"] == []


def test_a_queue_is_changed_at_run_time_and_put_back(client: Caller) -> None:
    set_up = client.patch("/queues/backup", json={"limit": 3, "reason": "month end"})
    changed = queue(client)
    put_back = client.delete("/queues/backup/settings", params={"field": "limit"})

    assert set_up.json() == put_back.json() == {"has_changed": True}
    assert (changed["limit"], changed["defined_limit"], changed["is_held"]) == (3, 1, False)
    assert queue(client)["limit"] == 1


def test_what_is_left_out_stays_and_null_takes_the_limit_away(client: Caller) -> None:
    client.patch("/queues/backup", json={"is_held": True})
    client.patch("/queues/backup", json={"limit": None})

    found = queue(client)

    assert (found["limit"], found["is_held"]) == (None, True)


def test_the_same_twice_changes_nothing(client: Caller) -> None:
    client.patch("/queues/backup", json={"limit": 3})

    again = client.patch("/queues/backup", json={"limit": 3})

    assert again.json() == {"has_changed": False}


@pytest.mark.parametrize(
    "body",
    [
        {"limit": -1},
        {"limit": 10**7},
        {"limit": "many"},
        {"until": "2026-05-29T21:55:00"},
        {"limit": 2, "until": "2000-01-01T00:00:00Z"},
        {"size": 3},
    ],
)
def test_what_no_queue_can_have_is_refused(client: Caller, body: dict[str, object]) -> None:
    answer = client.patch("/queues/backup", json=body)

    assert answer.status_code == 422
    assert queue(client)["settings"] == []


def test_a_resource_is_shown_once_there_is_some_of_it(client: Caller) -> None:
    client.put("/resources/tape", json={"capacity": 2})
    there = client.shown("/resources")["items"]
    client.put("/resources/tape", json={"capacity": None})

    assert [(each["name"], each["capacity"], each["used"]) for each in there] == [("tape", 2, 0)]
    assert client.shown("/resources")["items"] == []


def test_a_network_is_suspended_and_resumed(client: Caller) -> None:
    client.post("/networks/copy/suspend", json={"reason": "no tapes"})
    suspended = client.shown("/networks/copy")["suspended"]
    client.post("/networks/copy/resume")

    assert suspended["what"] == "network copy was suspended by admin: no tapes"
    assert client.shown("/networks/copy")["suspended"] is None


def test_a_network_is_limited(client: Caller) -> None:
    client.put("/networks/copy/limit", json={"limit": 1})

    what = [each["what"] for each in client.shown("/deviations")["items"]]

    assert what == ["network copy limit"]


def test_an_event_goes_to_the_runs_that_wait_for_it(client: Caller) -> None:
    run = client.start("copy")
    waits = client.part(run, "wait")["waiting_on"]

    sent = client.post("/events", json={"name": "go", "data": {"file": "a.csv"}})

    assert waits[0]["who_can_resolve"] == "whoever sends the event"
    assert sent.status_code == 201
    eventually(lambda: client.shown(f"/runs/{run}")["state"] == "normal")


def test_an_event_with_a_key_is_sent_once(client: Caller) -> None:
    key = {"Idempotency-Key": "event-1"}
    sent = [client.post("/events", json={"name": "go"}, headers=key).json() for _ in range(2)]

    assert sent[0] == sent[1]
    assert len(client.shown("/audit", subject="event")["items"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"name": "go", "keep_seconds": -1},
        {"name": "go", "keep_seconds": 10**9},
        {"name": "go", "data": [1]},
        {"name": "go", "data": {"big": "x" * 70_000}},
    ],
)
def test_an_event_that_is_none_is_refused(client: Caller, body: dict[str, object]) -> None:
    answer = client.post("/events", json=body)

    assert answer.status_code == 422
