"""The plan over REST: shown, changed on the day, compared with what would be applied."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.rest.serving import Caller, Served, eventually
from tests.services.controller.office import now

NIGHTLY = """
kind: network
name: copy
params: {target: {type: str, default: tape}}
flow:
  - {id: sure, dialog: {message: Sure?, choices: {'yes': 0}}}
---
kind: schedule
name: nightly
folder: ops
networks: [copy]
timezone: Asia/Tokyo
rules:
  - {at: ["21:55", "25:30"]}
"""
NEVER_TODAY = """
kind: network
name: seldom
flow:
  - {id: sure, dialog: {message: Sure?, choices: {'yes': 0}}}
---
kind: schedule
name: leap_day
networks: [seldom]
rules:
  - {dates: [2096-02-29], at: ["12:00"]}
"""
OWN_DAYS = 4
DAYS = itertools.count(5, OWN_DAYS)


@pytest.fixture(scope="module", autouse=True)
def _schedule(one_controller: Served) -> None:
    one_controller.apply(NIGHTLY, "nightly.yml")


@pytest.fixture
def client(one_controller: Served) -> Caller:
    return one_controller.client


@pytest.fixture
def ahead() -> int:
    """Return how many days ahead a test finds days that no other test has touched."""
    return next(DAYS)


def in_days(days: int) -> str:
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=days)).isoformat()


def planned(client: Caller, ahead: int, **query: object) -> list[dict[str, Any]]:
    span = {"first": in_days(ahead), "last": in_days(ahead + 2), **query}
    found: list[dict[str, Any]] = client.shown("/plan", **span)["items"]
    return found


def change(client: Caller, word: str, start: dict[str, Any], **fields: object) -> dict[str, Any]:
    answer = client.post(f"/plan/{word}", json={"key": start["key"], "reason": "why", **fields})
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def entry(client: Caller, start: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.shown("/plan/entry", **start["key"])
    return found


def test_starts_are_listed_in_order_with_why(client: Caller, ahead: int) -> None:
    items = planned(client, ahead)

    assert len(items) == 4
    assert {one["key"]["schedule"] for one in items} == {"ops/nightly"}
    assert {one["key"]["nominal"] for one in items} == {"21:55", "25:30"}
    assert sorted(one["start"] for one in items) == [one["start"] for one in items]
    assert {one["state"] for one in items} == {"planned"}
    assert all(one["steps"] for one in items)


def test_pages_follow_each_other_without_a_gap(client: Caller, ahead: int) -> None:
    whole = planned(client, ahead, limit=100)

    page = client.shown("/plan", first=in_days(ahead), last=in_days(ahead + 2), limit=3)
    following = client.get(page["next"].removeprefix("/api/v1")).json()

    assert [*page["items"], *following["items"]] == whole
    assert following["next"] is None


def test_a_start_is_shown_by_its_key(client: Caller, ahead: int) -> None:
    first = planned(client, ahead)[0]

    assert entry(client, first) == first


def test_starts_are_found_by_network_schedule_and_state(client: Caller, ahead: int) -> None:
    assert (
        len(planned(client, ahead, network="copy", schedule="ops/nightly", state=["planned"])) == 4
    )
    assert planned(client, ahead, network="ask") == []
    assert planned(client, ahead, schedule="nightly") == []
    assert planned(client, ahead, state=["missed", "held"]) == []


def test_a_start_is_moved_and_keeps_its_key(client: Caller, ahead: int) -> None:
    first = planned(client, ahead)[0]
    later = datetime.fromisoformat(first["start"]) + timedelta(hours=1)

    moved = change(client, "move", first, to=later.isoformat())

    assert datetime.fromisoformat(moved["start"]) == later
    assert moved["key"] == first["key"]
    assert moved["nominal_start"] == first["start"]
    assert (moved["changes"][0]["by"], moved["changes"][0]["reason"]) == ("admin", "why")


def test_a_change_is_taken_back(client: Caller, ahead: int) -> None:
    first = planned(client, ahead)[0]
    changed = change(client, "skip", first)

    back = client.delete(f"/plan/changes/{changed['changes'][0]['id']}")

    assert changed["state"] == "skipped"
    assert back.status_code == 200, back.text
    assert entry(client, first)["state"] in {"planned", "fixed"}
    assert entry(client, first)["changes"] == []


def test_a_start_is_held_and_released(client: Caller, ahead: int) -> None:
    first = planned(client, ahead)[0]

    held = change(client, "hold", first)["state"]
    released = change(client, "release", first)["state"]

    assert held == "held"
    assert released in {"planned", "fixed"}


def test_a_start_gets_other_params(client: Caller, ahead: int) -> None:
    first = planned(client, ahead)[0]

    changed = change(client, "params", first, params={"target": "disk"})

    assert changed["params"] == {"target": "disk"}


def test_a_start_is_added_and_copied_to_another_day(client: Caller, ahead: int) -> None:
    body = {"network": "copy", "start": in_days(ahead), "params": {"target": "disk"}}

    added = client.post("/plan", json=body)
    day = (datetime.fromisoformat(in_days(ahead + 1))).date().isoformat()
    copied = change(client, "copy", added.json(), operating_day=day)

    assert added.status_code == 201, added.text
    assert added.json()["key"]["schedule"] == ""
    assert copied["key"]["operating_day"] == day
    assert copied["params"] == {"target": "disk"}


def test_a_start_is_started_now_with_its_own_operating_day(client: Caller, ahead: int) -> None:
    first = planned(client, ahead)[0]

    change(client, "start", first)
    eventually(lambda: entry(client, first)["state"] == "started")

    run = client.shown(f"/runs/{entry(client, first)['run']}")
    assert run["operating_day"] == first["key"]["operating_day"]
    assert run["planned"] == first["key"]


def test_a_network_says_in_which_zone_its_own_starts_are(client: Caller) -> None:
    assert client.shown("/networks/copy")["zone"] == "UTC"


def test_a_run_that_was_started_by_hand_has_no_start_of_the_plan(client: Caller) -> None:
    run = client.start("copy")

    assert client.shown(f"/runs/{run}")["planned"] is None


def test_why_tells_when_a_network_starts_next_and_why_not_today(
    client: Caller, one_controller: Served
) -> None:
    one_controller.apply(NEVER_TODAY, "never.yml")

    why = client.shown("/networks/seldom/why")
    often = client.shown("/networks/copy/why")

    assert why["starts"] == []
    assert why["silent"][0].startswith("leap_day starts nothing on ")
    assert "no candidate of the rule leads to it" in why["silent"][0]
    assert len(often["starts"]) >= 2
    assert often["silent"] == []


def test_the_same_key_again_adds_nothing(client: Caller, ahead: int) -> None:
    body = {"network": "copy", "start": in_days(ahead)}
    headers = {"Idempotency-Key": "once"}

    first = client.post("/plan", json=body, headers=headers)
    again = client.post("/plan", json=body, headers=headers)

    assert first.json() == again.json()
    found = client.shown("/plan", first=in_days(ahead), last=in_days(ahead + 1))["items"]
    assert sum(one["key"]["schedule"] == "" for one in found) == 1


def test_a_start_that_is_not_planned_is_404(client: Caller, ahead: int) -> None:
    key = {**planned(client, ahead)[0]["key"], "nominal": "22:00"}

    shown = client.get("/plan/entry", params=key)
    skipped = client.post("/plan/skip", json={"key": key})
    back = client.delete("/plan/changes/no-such-change")

    assert (shown.status_code, shown.json()["code"]) == (404, "start_not_planned")
    assert (skipped.status_code, skipped.json()["code"]) == (404, "start_not_planned")
    assert (back.status_code, back.json()["code"]) == (404, "plan_change_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {"network": "copy"},
        {"network": "copy", "start": "2090-01-01T00:00:00"},
        {"network": "copy", "start": "2001-01-01T00:00:00Z"},
        {"network": "copy", "start": "8000-01-01T00:00:00Z"},
        {"network": "copy", "start": "2090-01-01T00:00:00Z", "params": {"target": [1]}},
        {"network": "", "start": "2090-01-01T00:00:00Z"},
    ],
)
def test_what_cannot_be_added_is_refused(client: Caller, body: dict[str, object]) -> None:
    answer = client.post("/plan", json=body)

    assert answer.status_code == 422, answer.text


def test_a_plan_of_no_time_and_a_strange_cursor_are_refused(client: Caller, ahead: int) -> None:
    backwards = client.get("/plan", params={"first": in_days(ahead), "last": in_days(ahead - 1)})
    strange = client.get("/plan", params={"after": "!"})

    assert (backwards.status_code, backwards.json()["code"]) == (422, "plan_span_refused")
    assert (strange.status_code, strange.json()["code"]) == (422, "plan_cursor_refused")


def test_a_plan_is_compared_with_texts_that_would_be_applied(
    client: Caller, one_controller: Served, ahead: int
) -> None:
    base = str(one_controller.office.folder / "project")
    text = NIGHTLY.replace("21:55", "22:10")

    same = client.post(
        "/plan/diff", json={"base": base, "files": [{"path": "nightly.yml", "text": NIGHTLY}]}
    ).json()
    other = client.post(
        "/plan/diff", json={"base": base, "files": [{"path": "nightly.yml", "text": text}]}
    ).json()

    assert (same["has_changed"], same["added"], same["removed"]) == (False, [], [])
    assert other["has_changed"]
    assert {one["key"]["nominal"] for one in other["added"]} == {"22:10"}
    assert len(other["added"]) > 390
    assert {one["key"]["nominal"] for one in planned(client, ahead)} == {"21:55", "25:30"}
