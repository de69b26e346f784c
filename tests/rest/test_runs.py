"""Runs over REST: started, listed, shown with their parts and journals."""

import pytest

from tests.rest.serving import Caller, Served, eventually


def test_a_run_is_started_and_shown(client: Caller) -> None:
    run = client.start(reason="month end")

    shown = client.shown(f"/runs/{run}")

    assert shown["network"] == "ask"
    assert shown["state"] == "running"
    assert shown["by"] == "admin"
    assert shown["related"]["parts"] == f"/api/v1/runs/{run}/parts"


def test_who_asks_may_say_for_which_user(client: Caller) -> None:
    client.headers["Jobnet-User"] = "ann"

    run = client.start()

    assert client.shown(f"/runs/{run}")["by"] == "ann"


def test_all_parts_have_a_line_and_say_what_they_wait_for(client: Caller) -> None:
    run = client.start()

    track = client.shown(f"/runs/{run}/parts")

    waits = {part["key"]: part["waiting_on"] for part in track["items"]}
    kinds = {key: wait[0]["kind"] for key, wait in waits.items()}
    assert kinds == {"go_on": "prompting", "pause": "predecessor", "sure": "predecessor"}
    assert waits["go_on"][0]["who_can_resolve"] == "operator"
    assert waits["sure"][0]["what"] == "go_on"


def test_runs_are_paged_from_the_latest_to_the_first(client: Caller) -> None:
    runs = [client.start() for _ in range(5)]

    first = client.shown("/runs", limit=2)
    second = client.get(first["next"].removeprefix("/api/v1")).json()
    third = client.get(second["next"].removeprefix("/api/v1")).json()

    found = [each["run"] for page in (first, second, third) for each in page["items"]]
    assert found == runs[::-1]
    assert third["next"] is None


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"network": "ask"}, 2),
        ({"network": "other"}, 0),
        ({"state": "running"}, 2),
        ({"state": "normal"}, 0),
        ({"open": "true"}, 2),
        ({"open": "false"}, 0),
        ({"since": "2000-01-01T00:00:00Z"}, 2),
        ({"until": "2000-01-01T00:00:00Z"}, 0),
        ({"operating_day": "2000-01-01"}, 0),
    ],
)
def test_runs_are_filtered(client: Caller, query: dict[str, str], count: int) -> None:
    for _ in range(2):
        client.start()

    page = client.shown("/runs", **query)

    assert len(page["items"]) == count


def test_ids_of_runs_are_found_by_their_beginning(client: Caller) -> None:
    run = client.start()

    assert client.shown("/run-ids", prefix="ask-")["items"] == [run]
    assert client.shown("/run-ids", prefix="b")["items"] == []


def test_the_journal_is_read_page_by_page(client: Caller) -> None:
    run = client.start()

    first = client.shown(f"/runs/{run}/journal", limit=2)
    second = client.get(first["next"].removeprefix("/api/v1")).json()

    assert [entry["position"] for entry in first["items"]] == [1, 2]
    assert first["items"][0]["kind"] == "RunStarted"
    assert second["items"][0]["position"] == 3


def test_what_has_not_changed_is_not_sent_again(client: Caller) -> None:
    run = client.start()
    etag = client.get(f"/runs/{run}").headers["etag"]

    again = client.get(f"/runs/{run}", headers={"If-None-Match": etag})
    client.post(f"/runs/{run}/comment", json={"text": "looked at"})
    changed = client.get(f"/runs/{run}", headers={"If-None-Match": etag})

    assert again.status_code == 304
    assert again.content == b""
    assert changed.status_code == 200


def test_a_network_that_is_not_applied_names_one_that_is(client: Caller) -> None:
    answer = client.post("/runs", json={"network": "aks"})

    assert answer.status_code == 404
    assert answer.json()["code"] == "network_not_applied"
    assert "did you mean 'ask'" in answer.json()["detail"]


def test_a_run_may_begin_suspended(client: Caller) -> None:
    run = client.start(held=True)

    waits = client.shown(f"/runs/{run}")["waiting_on"]

    assert [wait["kind"] for wait in waits] == ["suspended"]


def test_a_run_that_waits_for_its_network_says_so(controller: Served) -> None:
    controller.apply("kind: network\nname: one\nlimit: 1\nflow:\n  - wait_for: 1h\n", "one.yml")
    controller.client.start("one")
    answer = controller.client.post("/runs", json={"network": "one"}).json()

    shown = controller.client.shown(f"/runs/{answer['run']}")

    assert shown["position"] == 0
    assert [wait["kind"] for wait in shown["waiting_on"]] == ["network_limit"]
    assert controller.client.shown(f"/runs/{answer['run']}/parts")["items"] == []


def test_outputs_and_results_are_told_when_a_run_has_ended(controller: Served) -> None:
    controller.apply(
        "kind: network\nname: quick\noutputs: {said: hello}\nflow:\n"
        "  - id: sure\n    dialog: {message: Sure?, choices: {'yes': 0}}\n",
        "quick.yml",
    )
    client = controller.client
    run = client.start("quick")
    client.post(f"/runs/{run}/parts/sure/answer", json={"choice": "yes"})

    eventually(lambda: client.shown(f"/runs/{run}")["ended"])

    shown = client.shown(f"/runs/{run}")
    assert (shown["state"], shown["outputs"]) == ("normal", {"said": "hello"})
    assert shown["waiting_on"] == []
