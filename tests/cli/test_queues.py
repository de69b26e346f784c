"""Queues, resources and events on the command line."""

import pytest

from tests.cli.at_controller import Desk

QUEUE = """
kind: queue
name: tape
limit: 2
"""


def queue(at: Desk) -> dict[str, object]:
    items = at.type("queue", "list", "-o", "json").document["items"]
    found: dict[str, object] = next(item for item in items if item["name"] == "tape")
    return found


def test_a_queue_is_changed_above_its_definition_and_taken_back(at: Desk) -> None:
    at.write(QUEUE, "tape.yml")
    at.say("apply", ".", "--base", str(at.project))

    at.say("queue", "set", "tape", "--limit", "none", "--hold", "--priority", "3")
    changed = queue(at)
    at.say("queue", "unset", "tape")

    assert (changed["limit"], changed["is_held"], changed["priority"]) == (None, True, 3)
    assert (queue(at)["limit"], queue(at)["is_held"]) == (2, False)


def test_a_queue_is_shown_with_who_stands_in_it(at: Desk) -> None:
    at.write(QUEUE, "tape.yml")
    at.say("apply", ".", "--base", str(at.project))
    at.say("queue", "set", "tape", "--hold")
    started = at.say("start", "night").strip()
    at.until(started, "load", {"queued"})

    told = at.say("queue", "list", "-v")

    assert "tape HELD" in told
    assert f"tape waiting: {started}/load" in told


@pytest.mark.parametrize("typed", [(), ("--limit", "many"), ("--limit", "-1"), ("--limit", "٣")])
def test_a_change_that_says_nothing_is_refused(at: Desk, typed: tuple[str, ...]) -> None:
    assert at.type("queue", "set", "tape", *typed).status == 2


def test_a_resource_is_given_a_capacity(at: Desk) -> None:
    at.say("resource", "set", "drives", "2", "--reason", "one more was bought")

    assert "drives" in at.say("resource", "list")


def test_an_event_is_sent_once_under_one_key(at: Desk) -> None:
    first = at.type("event", "send", "files", "-e", "count=3", "--key", "k", "-o", "json")
    second = at.type("event", "send", "files", "-e", "count=3", "--key", "k", "-o", "json")

    assert first.document["name"] == "files"
    assert first.document["id"] == second.document["id"]


def test_a_network_may_run_less_often(at: Desk) -> None:
    at.say("network", "limit", "night", "1", "--reason", "slow disks")

    assert "night" in at.say("deviations")
