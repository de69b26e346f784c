"""Signed requests of other systems: each starts one run, and nobody else's starts any."""

import json
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from jobnet.services.controller.triggers import collecting, hooks
from jobnet.services.controller.triggers.hooks import BODY_BYTES_MAX
from jobnet.services.controller.triggers.signatures import header_of

from tests.rest.serving import TOKEN, Served, eventually
from tests.services.controller.office import now
from tests.services.controller.triggers.starting import known, runs, settled

SECRET = b"a secret of the shop"
NETWORKS = """
kind: network
name: pick
params: {order: {type: dict}}
start_on: {webhook: {path: shop/orders, credential: shop}, as: order}
flow:
  - wait_for: 0s
---
kind: credential
name: shop
type: token
value: {env: SHOP_SECRET}
"""


@pytest.fixture
def shop(controller: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    monkeypatch.setenv("SHOP_SECRET", SECRET.decode())
    controller.apply(NETWORKS, "shop.yml")
    eventually(lambda: known(controller.office))
    return controller


def send(
    to: Served,
    body: bytes,
    *,
    path: str = "shop/orders",
    secret: bytes = SECRET,
    age: int = 0,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Send a request without a token."""
    signed = header_of(secret, int(now().timestamp()) - age, body)
    url = f"{to.url}/api/v1/hooks/{path}"
    return httpx.post(url, content=body, headers={**signed, **(headers or {})})


def test_a_signed_request_starts_a_run_that_is_given_its_body(shop: Served) -> None:
    answer = send(shop, b'{"number": 7}', headers={"X-Shop": "north", "Authorization": "Basic abc"})

    assert (answer.status_code, answer.json()) == (202, {"path": "shop/orders", "is_new": True})
    eventually(lambda: runs(shop.office, "pick"))
    given = json.loads(runs(shop.office, "pick")[0].params)["order"]
    assert given["body"] == {"number": 7}
    assert given["headers"]["x-shop"] == "north"
    assert "authorization" not in given["headers"]
    assert "x-jobnet-signature" not in given["headers"]


def test_a_request_that_is_sent_again_starts_nothing_more(shop: Served) -> None:
    signed = header_of(SECRET, int(now().timestamp()), b"{}")
    url = f"{shop.url}/api/v1/hooks/shop/orders"

    first = httpx.post(url, content=b"{}", headers=signed)
    again = httpx.post(url, content=b"{}", headers=signed)

    assert (first.json()["is_new"], again.json()["is_new"]) == (True, False)
    eventually(lambda: runs(shop.office, "pick"))
    settled(shop.office)
    assert len(runs(shop.office, "pick")) == 1


def test_whatever_is_wrong_is_refused_in_the_same_words(shop: Served) -> None:
    right = header_of(SECRET, int(now().timestamp()), b"{}")["X-Jobnet-Signature"]
    url = f"{shop.url}/api/v1/hooks/shop/orders"
    refused = [
        send(shop, b"{}", secret=b"another secret of somebody"),
        send(shop, b"{}", age=301),
        send(shop, b"{}", age=-301),
        send(shop, b"{}", path="shop/nothing"),
        httpx.post(url, content=b"{ }", headers={"X-Jobnet-Signature": right}),
        httpx.post(url, content=b"{}"),
        *(
            httpx.post(url, content=b"{}", headers={"X-Jobnet-Signature": said})
            for said in ("", "t=1", "v1=ab", f"{right},x=1", f"{right},t=1", right[:-1], "a" * 2000)
        ),
        httpx.post(url, content=b"{}", headers={"Authorization": f"Bearer {TOKEN}"}),
    ]

    assert {(each.status_code, each.json()["code"]) for each in refused} == {(403, "hook_refused")}
    assert len({each.json()["detail"] for each in refused}) == 1
    assert not runs(shop.office, "pick")


def test_a_secret_that_is_gone_refuses_everything(
    shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOP_SECRET")

    assert send(shop, b"{}").status_code == 403
    assert send(shop, b"{}", secret=b"").status_code == 403


@pytest.mark.parametrize("secret", ["short", "x" * 5000])
def test_a_secret_that_is_too_short_or_too_long_signs_nothing(
    shop: Served, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("SHOP_SECRET", secret)

    assert send(shop, b"{}", secret=secret.encode()).status_code == 403


def test_a_secret_may_lie_in_a_file_and_changes_with_it(shop: Served, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"the first secret of it\n")
    shop.apply(NETWORKS.replace("env: SHOP_SECRET", f"file: {file}"), "shop.yml")

    first = send(shop, b"1", secret=b"the first secret of it")
    file.write_bytes(b"the second secret of it")

    assert first.status_code == 202
    assert send(shop, b"2", secret=b"the first secret of it").status_code == 403
    assert send(shop, b"2", secret=b"the second secret of it").status_code == 202


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\xff",
        b"NaN",
        b"[" * 40 + b"]" * 40,
        b"[" * 20_000,
        b'"\\ud800"',
        b'{"a": 1, "a": 2}',
    ],
    ids=["empty", "no_text", "no_number", "deep", "deeper", "half", "twice"],
)
def test_any_body_that_is_signed_starts_a_run(shop: Served, body: bytes) -> None:
    assert send(shop, body).status_code == 202

    eventually(lambda: runs(shop.office, "pick"))
    shop.office.ended(runs(shop.office, "pick")[0].run)


def test_a_body_that_is_too_large_is_refused(shop: Served) -> None:
    answer = send(shop, b"x" * (BODY_BYTES_MAX + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_more_requests_than_are_taken_in_a_minute_are_refused(
    shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "A_MINUTE_MAX", 3)

    codes = [send(shop, b"%d" % number).status_code for number in range(7)]  # in two minutes

    assert set(codes) == {202, 429}


def test_a_request_that_there_is_no_room_for_is_refused_and_not_lost(
    shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "SEEN_MAX", 1)
    source = "{webhook: {path: shop/orders, credential: shop}, as: order}"
    both = f"{{all: [{source}, {{event: {{name: paid}}}}]}}"
    shop.apply(NETWORKS.replace(source, both), "shop.yml")
    eventually(lambda: shop.office.controller.triggers.show()[0].missing[-1] == "event paid")
    settled(shop.office)

    codes = [send(shop, body).status_code for body in (b"1", b"2")]

    assert codes == [202, 429]


def test_after_too_many_bad_requests_none_is_looked_at(
    shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "REFUSED_A_MINUTE_MAX", 3)

    codes = [send(shop, b"{}", secret=b"x" * 20).status_code for _ in range(7)]

    assert set(codes) == {403, 429}


def test_a_credential_that_lies_elsewhere_refuses_and_is_told(shop: Served) -> None:
    shop.apply(NETWORKS.replace("{env: SHOP_SECRET}", "stored"), "shop.yml")

    assert send(shop, b"{}").status_code == 403
    eventually(lambda: shop.office.controller.triggers.show()[0].problem)
    assert "neither `env` nor `file`" in shop.office.controller.triggers.show()[0].problem


def test_what_start_conditions_wait_for_is_listed(shop: Served) -> None:
    (found,) = shop.client.shown("/triggers")["items"]

    assert (found["name"], found["schedule"], found["networks"]) == ("pick", "", ["pick"])
    assert found["missing"] == ["a request to /hooks/shop/orders"]
    assert (found["seen"], found["has_started"], found["problem"]) == ([], False, "")
