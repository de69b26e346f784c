"""What networks need of each other, as a tree in the terminal."""

from tests.cli.at_controller import Desk

MORNING = """
kind: network
name: morning
flow:
  - id: after
    wait_network: {network: night}
---
kind: network
name: noon
queue: tape
flow:
  - id: morning
    network: morning
  - id: again
    wait_part: {network: night, part: load}
---
kind: queue
name: tape
"""


def apply(at: Desk, text: str) -> None:
    at.write(text, "more.yml")
    at.say("apply", ".", "--base", str(at.project))


def test_a_tree_tells_both_ways_where_each_need_is_written(at: Desk) -> None:
    apply(at, MORNING)

    noon = at.say("deps", "noon").splitlines()
    night = at.say("deps", "night", "--down").splitlines()

    file = f"{at.project}/more.yml"
    assert noon == [
        "noon needs",
        f"  morning: call by noon/morning, {file}:12",
        f"    night: wait network by morning/after, {file}:5",
        f"  night: wait part load by noon/again, {file}:14",
        "",
        "noon is needed by no other network.",
        "shares queue tape with night",
    ]
    assert night[:4] == [
        "night is needed by",
        f"  morning: wait network by morning/after, {file}:5",
        f"    noon: call by noon/morning, {file}:12",
        f"  noon: wait part load by noon/again, {file}:14",
    ]


def test_a_circle_is_said_and_nothing_is_told_twice(at: Desk) -> None:
    circle = MORNING.replace("kind: queue\nname: tape\n", "").rstrip("- \n")
    apply(at, circle.replace("{network: night}", "{network: noon, timeout: 1h}", 1))

    said = at.say("deps", "noon", "--up")

    assert "noon: wait network by morning/after" in said
    assert "(see above)" in said
    assert "circle: noon > morning > noon" in said


def test_one_direction_is_one_document_for_programs(at: Desk) -> None:
    up = at.type("deps", "night", "--up", "-o", "json").document
    both = at.type("deps", "night", "-o", "json").document["items"]

    assert (up["network"], up["direction"], up["edges"]) == ("night", "up", [])
    assert [each["direction"] for each in both] == ["up", "down"]


def test_a_network_that_is_not_there_is_refused(at: Desk) -> None:
    done = at.type("deps", "nigth")

    assert done.status == 1
    assert "did you mean 'night'?" in done.err
