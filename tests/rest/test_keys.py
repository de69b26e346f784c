"""The same key again gets the same answer and does nothing; with another request it is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from jobnet.errors.storage import DatabaseAway
from jobnet.storage.answers import Answers

from tests.rest.serving import Caller, Served

KEY = {"Idempotency-Key": "monday-1"}
START = {"network": "ask", "reason": "month end"}


def test_the_same_key_starts_one_run(client: Caller) -> None:
    first = client.post("/runs", json=START, headers=KEY)
    again = client.post("/runs", json=START, headers=KEY)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert len(client.shown("/runs")["items"]) == 1


def test_the_same_key_with_another_request_is_refused(client: Caller) -> None:
    client.post("/runs", json=START, headers=KEY)

    body = client.post("/runs", json={**START, "reason": "other"}, headers=KEY)
    path = client.post("/events", json={"name": "hello"}, headers=KEY)

    assert (body.status_code, body.json()["code"]) == (422, "key_used_otherwise")
    assert (path.status_code, path.json()["code"]) == (422, "key_used_otherwise")
    assert len(client.shown("/runs")["items"]) == 1


def test_without_a_key_every_request_counts(client: Caller) -> None:
    client.post("/runs", json=START)
    client.post("/runs", json=START)

    assert len(client.shown("/runs")["items"]) == 2


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "ü"])
def test_a_key_that_is_none_is_refused(client: Caller, key: str) -> None:
    answer = client.post("/runs", json=START, headers={b"Idempotency-Key": key.encode("latin-1")})

    assert (answer.status_code, answer.json()["code"]) == (422, "key_refused")
    assert client.shown("/runs")["items"] == []


def test_a_refusal_is_asked_anew(client: Caller) -> None:
    run = client.start()
    order = f"/runs/{run}/parts/pause/run-now"

    early = client.post(order, headers=KEY)
    client.post(f"/runs/{run}/parts/go_on/answer", json={"choice": "yes"})
    unknown = client.post("/networks/later/suspend", headers={"Idempotency-Key": "monday-2"})

    assert early.status_code == 409
    assert unknown.status_code == 404


def test_a_preview_knows_no_keys(client: Caller) -> None:
    run = client.start()
    order = f"/runs/{run}/parts/sure/hold"

    seen = client.post(order, params={"preview": True}, headers=KEY)
    done = client.post(order, headers=KEY)

    assert seen.json()["is_preview"] is True
    assert done.json()["is_preview"] is False


def test_many_at_once_with_one_key_start_one_run(client: Caller) -> None:
    def start(_: int) -> str:
        return str(client.post("/runs", json=START, headers=KEY).json()["run"])

    with ThreadPoolExecutor(8) as pool:
        runs = set(pool.map(start, range(16)))

    assert len(runs) == 1
    assert len(client.shown("/runs")["items"]) == 1


def test_a_crash_between_the_deed_and_the_answer_does_nothing_twice(controller: Served) -> None:
    client = controller.client
    first = client.post("/runs", json=START, headers=KEY)
    later = controller.office.store.now() + timedelta(days=1)

    forgotten = controller.office.store.write(lambda tx: tx.answers.forget(older_than=later))
    again = client.post("/runs", json=START, headers=KEY)

    assert forgotten == 1
    assert again.json()["run"] == first.json()["run"]
    assert len(client.shown("/runs")["items"]) == 1


def test_an_order_with_a_key_is_given_once(client: Caller) -> None:
    run = client.start()
    note = {"text": "looked at"}

    answers = [client.post(f"/runs/{run}/comment", json=note, headers=KEY) for _ in range(2)]

    assert answers[0].content == answers[1].content
    kinds = [entry["kind"] for entry in client.shown(f"/runs/{run}/journal")["items"]]
    assert kinds.count("OrderTaken") == 1


def test_an_answer_that_cannot_be_kept_is_not_given(
    controller: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = controller.client

    def fail(*_: object, **__: object) -> None:
        raise DatabaseAway("here", problem="the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(Answers, "give", fail)
        first = client.post("/runs", json=START, headers=KEY)
    again = client.post("/runs", json=START, headers=KEY)

    assert (first.status_code, first.json()["code"]) == (503, "database_away")
    assert again.status_code == 201
    assert len(client.shown("/runs")["items"]) == 1
