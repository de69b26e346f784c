"""Nobody comes in without the token, under a strange name, or with too much in hand."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.rest.serving import TOKEN, Caller, Served


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Bearer",
        "Bearer wrong",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/runs", "/api/v1/nothing", "/metrics", "/"])
def test_a_token_is_needed(one_controller: Served, path: str, said: str) -> None:
    answer = httpx.get(f"{one_controller.url}{path}", headers={"Authorization": said})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] == "token_refused"
    assert TOKEN not in answer.text


def test_the_word_bearer_is_known_in_any_case(one_controller: Served) -> None:
    headers = {"Authorization": f"bearer {TOKEN}"}

    answer = httpx.get(f"{one_controller.url}/api/v1/whoami", headers=headers)

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_to_anybody(one_controller: Served, path: str) -> None:
    answer = httpx.get(f"{one_controller.url}{path}")

    assert answer.status_code == 200
    assert answer.json() == {"is_well": True, "problems": []}


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "192.0.2.1", ""]
)
@pytest.mark.parametrize("path", ["/healthz", "/api/v1/runs"])
def test_a_strange_name_is_refused(visitor: Caller, path: str, host: str) -> None:
    url = str(visitor.base_url.copy_with(path=path))

    answer = visitor.get(url, headers={"Host": host})

    assert (answer.status_code, answer.json()["code"]) == (421, "host_refused")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1:1", "[::1]:8080"])
def test_names_of_this_machine_are_answered_to(visitor: Caller, host: str) -> None:
    answer = visitor.get("/whoami", headers={"Host": host})

    assert answer.status_code == 200


def test_other_origins_get_nothing(visitor: Caller) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}

    asked = visitor.options("/runs", headers=headers)
    answer = visitor.get("/runs", headers=headers)

    assert asked.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("said", [str(2**20 + 1), "9" * 19])
def test_a_body_that_says_it_is_too_large_is_not_waited_for(
    one_controller: Served, said: str
) -> None:
    host, port = one_controller.url.removeprefix("http://").split(":")
    head = (
        f"POST /api/v1/runs HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Length: {said}\r\n\r\n"
    )

    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(head.encode())
        answer = connection.recv(4096)

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_is_too_large_is_refused(visitor: Caller) -> None:
    answer = visitor.post("/runs", json={"network": "ask", "reason": "x" * 2**20})

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_body_that_does_not_say_how_large_it_is_is_cut_off(visitor: Caller) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 2**16

    plain = visitor.post("/runs", content=endless())
    with_key = visitor.post("/runs", content=endless(), headers={"Idempotency-Key": "k"})

    assert (plain.status_code, plain.json()["code"]) == (413, "body_too_large")
    assert (with_key.status_code, with_key.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("claimed", ["ann", "ann.b", "DOMAIN\\ann", "a b", "ann@example.com"])
def test_a_user_may_be_claimed(visitor: Caller, claimed: str) -> None:
    answer = visitor.get("/whoami", headers={b"Jobnet-User": claimed.encode()})

    assert answer.json()["name"] == claimed


@pytest.mark.parametrize("claimed", ["", "a\tb", "<b>", "x" * 65, "a;b"])
def test_a_name_that_is_none_is_passed_over(visitor: Caller, claimed: str) -> None:
    answer = visitor.get("/whoami", headers={"Jobnet-User": claimed})

    assert answer.json()["name"] == "admin"
