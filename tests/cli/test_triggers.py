"""Start conditions on the command line."""

import pytest

from tests.cli.at_controller import Desk

pytestmark = pytest.mark.parts

LOAD = """
kind: network
name: load
start_on: {all: [{event: {name: go}}, {network: extract}], once_per: operating_day}
flow:
  - wait_for: 0s
---
kind: network
name: extract
flow:
  - wait_for: 0s
"""


def test_without_a_start_condition_it_says_so(at: Desk) -> None:
    assert at.say("trigger", "list") == "No network and no schedule has a start condition.\n"


def test_what_is_waited_for_is_listed(at: Desk) -> None:
    at.write(LOAD, "load.yml")
    at.say("apply", ".", "--base", str(at.project))

    said = at.say("trigger", "list")

    assert "network load; counts since " in said
    assert "waits for: event go" in said
    assert "waits for: network extract to end normal" in said
