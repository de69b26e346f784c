"""Orders over REST: to parts, to runs, to many; looked at before, given once."""

import pytest
from jobnet.project.order_words import ORDERS, needs_part

from tests.rest.serving import Caller, eventually


def test_a_dialog_is_answered(client: Caller) -> None:
    run = client.start()

    answer = client.post(f"/runs/{run}/parts/go_on/answer", json={"choice": "yes"})

    assert answer.status_code == 200
    assert answer.json()["sentence"] == "Answer: go_on is answered 'yes'; pause starts now."
    assert client.part(run, "go_on")["state"] == "normal"
    assert client.part(run, "pause")["reason"] == "time"


def test_a_preview_says_what_an_order_would_do_and_does_nothing(client: Caller) -> None:
    run = client.start()

    answer = client.post(f"/runs/{run}/parts/sure/hold", params={"preview": True})

    assert answer.json()["is_preview"] is True
    assert answer.json()["sentence"].startswith("Hold: sure does not start")
    assert client.part(run, "sure")["marks"] == []


def test_an_order_without_anything_to_say_needs_no_body(client: Caller) -> None:
    run = client.start()

    answer = client.post(f"/runs/{run}/parts/sure/hold")

    assert answer.status_code == 200
    assert client.part(run, "sure")["marks"] == ["hold"]


def test_an_order_that_is_refused_says_why_and_how_to_look(client: Caller) -> None:
    run = client.start()

    answer = client.post(f"/runs/{run}/parts/go_on/hold")

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "order_not_done")
    assert problem["detail"].startswith("hold of go_on was refused: it is prompting.")
    assert f"jobnet why {run}" in problem["detail"]


def test_the_first_answer_counts(client: Caller) -> None:
    run = client.start()
    client.post(f"/runs/{run}/parts/go_on/answer", json={"choice": "yes"})

    late = client.post(f"/runs/{run}/parts/go_on/answer", json={"choice": "no"})

    assert late.status_code == 409
    assert client.part(run, "go_on")["exit_code"] == 0


def test_an_order_for_a_run_that_does_not_exist(client: Caller) -> None:
    answer = client.post("/runs/gone/kill")

    assert (answer.status_code, answer.json()["code"]) == (404, "run_not_found")


@pytest.mark.parametrize(
    ("order", "body"),
    [
        ("answer", {}),
        ("answer", {"choice": ""}),
        ("answer", {"choice": "yes", "chioce": "no"}),
        ("skip", {"exit_code": "many"}),
        ("skip", {"exit_code": 2**40}),
        ("change-result", {"result": "wonderful"}),
        ("set-priority", {"priority": 10**9}),
        ("rerun", {"start": "yesterday"}),
        ("change-time", {"to": "\x00"}),
        ("change-time", {"to": "soon"}),
        ("hold", {"reason": "x" * 1001}),
        ("hold", {"why": "month end"}),
        ("hold", []),
    ],
)
def test_what_does_not_fit_an_order_is_refused(
    client: Caller, order: str, body: dict[str, object]
) -> None:
    run = client.start()

    answer = client.post(f"/runs/{run}/parts/go_on/{order}", json=body)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] in {"request_not_understood", "order_not_understood"}


def test_every_order_has_an_address_for_parts_and_those_of_runs_for_runs(client: Caller) -> None:
    paths = client.get("/openapi.json").json()["paths"]

    for order in ORDERS:
        assert "post" in paths[f"/api/v1/runs/{{run}}/parts/{{part}}/{order}"]
        assert (f"/api/v1/runs/{{run}}/{order}" in paths) is not needs_part(order)


def test_a_part_whose_key_has_slashes_is_found(client: Caller) -> None:
    run = client.start("each")

    answer = client.post(f"/runs/{run}/parts/item[eu/west].sure/answer", json={"choice": "yes"})

    assert answer.status_code == 200
    assert client.part(run, "item[eu/west].sure")["state"] == "normal"
    assert client.part(run, "item[a)b%2Fc].sure")["state"] == "prompting"


def test_a_run_is_killed_and_ends(client: Caller) -> None:
    run = client.start()
    client.post(f"/runs/{run}/parts/go_on/answer", json={"choice": "yes"})

    answer = client.post(f"/runs/{run}/kill", json={"reason": "enough", "now": True})

    assert answer.json()["sentence"].startswith("Kill: what runs of the run is ended")
    eventually(lambda: client.shown(f"/runs/{run}")["ended"])
    assert client.shown(f"/runs/{run}")["state"] == "killed"


def test_a_rerun_is_looked_at_with_what_runs_again(client: Caller) -> None:
    run = client.start()
    client.post(f"/runs/{run}/parts/go_on/kill")
    eventually(lambda: client.shown(f"/runs/{run}")["ended"])

    seen = client.post(f"/runs/{run}/rerun", params={"preview": True}).json()
    done = client.post(f"/runs/{run}/rerun")

    assert seen["again"] == ["go_on", "pause", "sure"]
    assert seen["carried"] == 0
    assert done.status_code == 200
    eventually(lambda: client.part(run, "go_on")["state"] == "prompting")


def test_one_order_for_many_tells_of_each(client: Caller) -> None:
    runs = [client.start() for _ in range(2)]
    targets = [{"run": run, "part": part} for run in runs for part in ("go_on", "sure")]
    targets.append({"run": "gone", "part": "sure"})

    answer = client.post("/orders", json={"order": "hold", "targets": targets}).json()

    assert (answer["done"], answer["refused"]) == (2, 3)
    codes = [item["code"] for item in answer["items"]]
    assert codes == ["order_not_done", "", "order_not_done", "", "run_not_found"]
    assert all(client.part(run, "sure")["marks"] == ["hold"] for run in runs)


def test_many_are_looked_at_before(client: Caller) -> None:
    run = client.start()
    bulk = {"order": "hold", "targets": [{"run": run, "part": "sure"}]}

    answer = client.post("/orders", params={"preview": True}, json=bulk).json()

    assert answer["is_preview"] is True
    assert answer["items"][0]["sentence"].startswith("Hold: sure")
    assert client.part(run, "sure")["marks"] == []


def test_a_bulk_without_targets_or_with_too_many_is_refused(client: Caller) -> None:
    none = client.post("/orders", json={"order": "hold", "targets": []})
    many = client.post("/orders", json={"order": "hold", "targets": [{"run": "a"}] * 1001})

    assert (none.status_code, many.status_code) == (422, 422)
