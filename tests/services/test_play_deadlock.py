"""A play whose parts wait for each other says so, and ends instead of hanging."""

from pathlib import Path

from jobnet.engine.states import State

from tests.services.playing import Stage

CIRCLE = """
kind: network
name: night
flow:
  - {id: first, wait_network: {network: batch, timeout: 1d}}
  - {id: call, network: batch}
---
kind: network
name: batch
flow:
  - {id: load, wait_for: 1s}
"""


def test_a_deadlock_is_named_and_its_time_is_up_as_usual(tmp_path: Path) -> None:
    stage = Stage(CIRCLE, tmp_path)

    ended = stage.play()

    (found,) = [line for line in stage.journal.lines if "DeadlockFound" in line]
    assert ended.state is State.ABNORMAL
    assert '["r-1/first","r-1/call"]' in found


def test_a_network_that_is_not_planned_is_said_so_in_the_track(tmp_path: Path) -> None:
    text = """
    kind: network
    name: night
    flow: [{id: wait, wait_network: {network: night, match: latest, timeout: 60s}}]
    """
    stage = Stage(text, tmp_path)

    ended = stage.play()

    assert ended.lasted() == 60
    assert any("not planned for 2026-05-29" in line for line in stage.journal.lines)
