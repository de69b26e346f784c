"""What networks need of each other is told at one address, both ways."""

from tests.rest.serving import Served

NIGHT = """
kind: network
name: night
flow:
  - id: asked
    wait_network: {network: ask}
"""


def test_both_directions_are_told_step_by_step(controller: Served) -> None:
    controller.apply(NIGHT, "night.yml")

    up = controller.client.shown("/networks/night/dependencies")
    down = controller.client.shown("/networks/ask/dependencies", direction="down", depth=1)

    assert [(edge["needing"], edge["needed"], edge["kind"]) for edge in up["edges"]] == [
        ("night", "ask", "wait_network")
    ]
    assert up["edges"][0]["path"].endswith("night.yml")
    assert (down["edges"], down["circles"], down["is_cut"]) == (up["edges"], [], False)


def test_a_network_that_is_not_there_has_none(controller: Served) -> None:
    answer = controller.client.get("/networks/nothing/dependencies")

    assert (answer.status_code, answer.json()["code"]) == (404, "network_not_applied")


def test_a_depth_or_direction_that_there_is_not_is_refused(controller: Served) -> None:
    path = "/networks/ask/dependencies"

    far = controller.client.get(path, params={"depth": 101})
    aside = controller.client.get(path, params={"direction": "left"})

    assert (far.status_code, aside.status_code) == (422, 422)
