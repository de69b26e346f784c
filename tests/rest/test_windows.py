"""Maintenance windows over REST."""

from collections.abc import Iterator

import pytest

from tests.rest.serving import Caller, Served

SPAN = {"first": "2090-05-29T00:00:00Z", "last": "2090-05-30T00:00:00Z"}
HOURS = {"first": "2090-05-29T20:00:00Z", "until": "2090-05-29T22:00:00Z"}


@pytest.fixture
def client(one_controller: Served) -> Iterator[Caller]:
    yield one_controller.client
    one_controller.client.delete("/windows/disks")


def test_a_window_is_opened_listed_and_closed(client: Caller) -> None:
    body = {"name": "disks", "queues": ["tape"], **HOURS, "reason": "new disks"}

    opened = client.post("/windows", json=body)
    (listed,) = client.shown("/windows", **SPAN)["items"]
    closed = client.delete("/windows/disks", params={"reason": "done"})

    assert opened.status_code == 201, opened.text
    assert opened.json() == listed
    assert (listed["is_by_hand"], listed["is_open"], listed["by"]) == (True, False, "admin")
    assert listed["targets"]["queues"] == ["tape"]
    assert closed.json() == {"has_changed": True}
    assert client.shown("/windows", **SPAN)["items"] == []


def test_the_same_twice_is_one_window(client: Caller) -> None:
    body = {"name": "disks", "networks": ["ask"], **HOURS}

    first, second = (client.post("/windows", json=body) for _ in range(2))

    assert first.json() == second.json()
    assert len(client.shown("/windows", **SPAN)["items"]) == 1


def test_another_window_of_the_same_name_is_refused(client: Caller) -> None:
    client.post("/windows", json={"name": "disks", **HOURS})

    answer = client.post("/windows", json={"name": "disks", **HOURS, "action": "warn"})

    assert (answer.status_code, answer.json()["code"]) == (422, "window_refused")


@pytest.mark.parametrize(
    "changed",
    [
        {"until": "2000-01-01T00:00:00Z"},
        {"until": "2090-05-29T22:00:00"},
        {"name": ""},
        {"name": "a\x00b"},
        {"action": "explode"},
        {"queues": ["tape"] * 201},
        {"hosts": ""},
        {"hours": 2},
    ],
)
def test_what_is_no_window_is_refused(client: Caller, changed: dict[str, object]) -> None:
    answer = client.post("/windows", json={"name": "disks", **HOURS, **changed})

    assert answer.status_code == 422
    assert client.shown("/windows", **SPAN)["items"] == []


def test_a_window_that_is_not_there_is_404(client: Caller) -> None:
    answer = client.delete("/windows/disks")

    assert (answer.status_code, answer.json()["code"]) == (404, "window_not_found")


def test_windows_of_more_than_two_years_are_too_many(client: Caller) -> None:
    span = {"first": "2030-01-01T00:00:00Z", "last": "2036-01-01T00:00:00Z"}

    answer = client.get("/windows", params=span)

    assert (answer.status_code, answer.json()["code"]) == (422, "window_span_too_long")
