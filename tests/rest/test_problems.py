"""Whatever is refused is told in a problem document, with a status of its own."""

import pytest
from fastapi import FastAPI
from jobnet.rest.problems import MEDIA_TYPE, STATUS

from tests.meta.test_errors import ERRORS
from tests.rest.serving import Caller, Served


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "no_such_address"),
        ("DELETE", "/runs", 405, "no_such_address"),
        ("GET", "/runs/gone", 404, "run_not_found"),
        ("GET", "/runs/gone/parts", 404, "run_not_found"),
        ("GET", "/runs/gone/why", 404, "run_not_found"),
        ("GET", "/runs/gone/journal", 404, "run_not_found"),
        ("GET", "/networks/gone", 404, "network_not_applied"),
        ("GET", "/networks/gone/last", 404, "network_not_applied"),
        ("GET", "/networks/gone/why", 404, "network_not_applied"),
        ("GET", "/definitions/network/gone", 404, "document_not_found"),
        ("GET", "/definitions/network/gone/versions", 404, "document_not_found"),
        ("GET", "/definitions/network/ask/diff?newer=9", 404, "version_not_found"),
        ("PATCH", "/queues/gone", 404, "queue_not_found"),
        ("POST", "/networks/gone/suspend", 404, "network_not_applied"),
        ("GET", "/runs?cursor=nonsense", 422, "cursor_refused"),
        ("GET", "/runs?limit=0", 422, "request_not_understood"),
        ("GET", "/runs?since=2026-05-29T21:55:00", 422, "request_not_understood"),
        ("GET", "/runs?since=0001-01-01T00:00:00%2B14:00", 422, "request_not_understood"),
        ("GET", "/runs?network=%00", 422, "request_not_understood"),
        ("GET", "/live?after=-1", 422, "request_not_understood"),
    ],
)
def test_a_refusal(visitor: Caller, method: str, path: str, status: int, code: str) -> None:
    body: dict[str, object] | None = {} if method in {"PATCH", "POST"} else None

    answer = visitor.request(method, path, json=body)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert problem["status"] == status
    assert problem["type"] == f"urn:jobnet:problem:{code}"
    assert problem["title"]
    assert problem["detail"].endswith((".", "?"))
    assert problem["instance"] == f"/api/v1{path.partition('?')[0]}"


def test_a_method_that_is_not_there_names_those_that_are(visitor: Caller) -> None:
    answer = visitor.delete("/runs")

    assert "GET" in answer.headers["allow"] or "POST" in answer.headers["allow"]


def test_the_facts_of_a_refusal_stand_beside_its_sentence(visitor: Caller) -> None:
    answer = visitor.get("/networks/aks")

    assert answer.json()["network"] == "aks"
    assert answer.json()["near"] == "ask"


def test_every_problem_of_definitions_is_told(one_controller: Served) -> None:
    text = "kind: network\nname: bad\nflow:\n  - wait_for: soon\n  - when: true\n"

    answer = one_controller.client.post(
        "/definitions/apply", json={"files": [{"path": "bad.yml", "text": text}]}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "definitions_refused")
    assert len(answer.json()["problems"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"network": 1}',
        b'{"network": ""}',
        b'{"network": "a\\u0000b"}',
        b'{"network": "ask", "unknown": 1}',
        b'{"network": "ask", "operating_day": "soon"}',
        b"[" * 100_000,
        b'{"network": "ask", "params": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001,
    ],
)
def test_a_body_that_is_not_understood_is_told_where(visitor: Caller, body: bytes) -> None:
    answer = visitor.post("/runs", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "request_not_understood"


def test_a_fault_says_where_the_log_tells_more_and_nothing_else(
    one_controller: Served, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a secret of the inside")

    app: FastAPI = one_controller.app
    app.add_api_route("/api/v1/fault", fail)

    answer = one_controller.client.get("/fault")

    assert (answer.status_code, answer.json()["code"]) == (500, "fault_met")
    assert "secret" not in answer.text
    assert answer.json()["mark"] in caplog.text
    assert "a secret of the inside" in caplog.text
    assert one_controller.client.get("/whoami").status_code == 200


def test_every_status_belongs_to_a_code_that_exists() -> None:
    codes = {error.code for error in ERRORS}

    assert set(STATUS) <= codes
