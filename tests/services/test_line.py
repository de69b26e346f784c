"""Executions of one network inside a play: its limit and its overlap."""

from pathlib import Path

import pytest
from jobnet.engine.states import State

from tests.services.playing import Script, Stage

TWICE = """
kind: network
name: night
flow:
  - parallel:
      branches:
        - flow: [{{id: first, network: batch}}]
        - flow: [{{id: pause, wait_for: 5s}}, {{id: second, network: batch}}]
---
kind: network
name: batch
overlap: {overlap}
flow:
  - {{id: load, hosts: h, ansible.builtin.command: x}}
  - {{id: carry, hosts: h, ansible.builtin.command: x}}
"""


@pytest.mark.parametrize(
    ("overlap", "first", "second", "seconds"),
    [
        ("queue\nlimit: 1", State.NORMAL, State.NORMAL, 120),
        ("queue", State.NORMAL, State.NORMAL, 65),
        ("parallel", State.NORMAL, State.NORMAL, 65),
        ("skip", State.NORMAL, State.MISSED, 60),
        ("cancel_previous", State.CANCELLED, State.NORMAL, 90),
    ],
)
def test_a_second_execution_does_what_its_network_says(
    tmp_path: Path, overlap: str, first: State, second: State, seconds: float
) -> None:
    slow = Script(seconds=30)
    scripts = {f"{call}.{part}": slow for call in ("first", "second") for part in ("load", "carry")}
    stage = Stage(TWICE.format(overlap=overlap), tmp_path, scripts=scripts)

    ended = stage.play()

    assert (ended.part("first"), ended.part("second")) == (first, second)
    assert ended.lasted() == seconds


def test_cancel_previous_lets_the_running_job_end_and_then_starts(tmp_path: Path) -> None:
    slow = Script(seconds=30)
    scripts = {f"{call}.{part}": slow for call in ("first", "second") for part in ("load", "carry")}
    stage = Stage(TWICE.format(overlap="cancel_previous"), tmp_path, scripts=scripts)

    ended = stage.play()

    first, second = (ended.tracker.parts.get(key) for key in ("first", "second"))
    assert first is not None
    assert second is not None
    assert (first.state, ended.part("first.load")) == (State.CANCELLED, State.NORMAL)
    assert ended.tracker.parts.get("first.carry") is None
    assert (first.ended, second.state) == (second.started, State.NORMAL)
