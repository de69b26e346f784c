"""The controller about itself: health, readiness, numbers."""

import re

import httpx

from tests.rest.serving import TOKEN, Served


def numbers(controller: Served) -> dict[str, float]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = httpx.get(f"{controller.url}/metrics", headers=headers)
    assert answer.status_code == 200
    found = re.findall(r"^(jobnet_\S+) (\S+)$", answer.text, flags=re.MULTILINE)
    return {name: float(value) for name, value in found}


def test_who_asks_is_told(controller: Served) -> None:
    answer = controller.client.shown("/whoami")

    assert answer["name"] == "admin"
    assert answer["version"]


def test_numbers_count_what_is_open(controller: Served) -> None:
    before = numbers(controller)
    controller.client.start()

    after = numbers(controller)

    assert (before["jobnet_open_runs"], after["jobnet_open_runs"]) == (0, 1)
    assert after['jobnet_open_runs_by_state{state="running"}'] == 1
    assert after["jobnet_open_dialogs"] == 1
    assert after["jobnet_edition"] == 1
    assert after["jobnet_sweeps_found_total"] == 0
    assert after["jobnet_warm_starts_total"] == 0


def test_a_controller_that_is_ending_is_not_ready(controller: Served) -> None:
    controller.office.controller.bells.close()

    answer = httpx.get(f"{controller.url}/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"is_well": False, "problems": ["the controller is ending"]}
    assert httpx.get(f"{controller.url}/healthz").status_code == 200


def test_a_controller_without_its_database_is_not_ready(controller: Served) -> None:
    controller.office.store.close()

    answer = httpx.get(f"{controller.url}/readyz")

    assert answer.status_code == 503
    assert answer.json()["is_well"] is False
