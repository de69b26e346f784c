"""A play on a machine whose wall clock is set while it runs."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from jobnet.engine.inputs import OrderGiven
from jobnet.engine.orders import Resume
from jobnet.engine.states import State
from jobnet.ids import OperatorName

from tests.services.playing import Script, Stage

WAITS = """
kind: network
name: night
flow:
  - {id: pause, wait_for: 60s}
  - {id: load, hosts: h, ansible.builtin.command: x}
"""


def stage_of(tmp_path: Path, **words: bool) -> Stage:
    return Stage(WAITS, tmp_path, scripts={"load": Script(seconds=5)}, **words)  # type: ignore[arg-type]


@pytest.mark.parametrize("jump", [-7200, 7200])
def test_a_play_stands_still_while_its_wall_clock_is_wrong(tmp_path: Path, jump: int) -> None:
    stage = stage_of(tmp_path)
    stage.at(10, lambda: stage.clock.set_wall(jump))
    stage.at(305, lambda: stage.clock.set_wall(0))

    ended = stage.play()

    assert ended.state is State.NORMAL
    assert 310 <= ended.lasted() <= 325
    assert any("it jumped 7200 s" in note.text for note in stage.desk.notes)


def test_an_operator_says_that_the_clock_is_right_and_it_is_not_doubted_again(
    tmp_path: Path,
) -> None:
    stage = stage_of(tmp_path)
    given = OrderGiven(order=Resume(), by=OperatorName("ann"), key="o-1")
    stage.at(10, lambda: stage.clock.set_wall(7200))
    stage.at(100, lambda: stage.inbox.put(given))

    ended = stage.play()

    assert ended.state is State.NORMAL
    assert 105 <= ended.lasted() <= 110
    assert sum("it jumped" in note.text for note in stage.desk.notes) == 1


def test_small_corrections_of_the_wall_clock_are_no_jump(tmp_path: Path) -> None:
    stage = stage_of(tmp_path)
    for number in range(1, 6):
        stage.at(number * 10, partial(stage.clock.set_wall, number * 50))
        stage.at(number * 10 + 1, partial(stage.inbox.put, _nothing(number)))

    ended = stage.play()

    assert ended.lasted() == 65


def _nothing(number: int) -> OrderGiven:
    return OrderGiven(order=Resume(), by=OperatorName("ann"), key=f"n-{number}")


def test_the_jumps_of_fast_forward_are_no_jump_of_the_wall_clock(tmp_path: Path) -> None:
    stage = stage_of(tmp_path, fast_forward=True)

    ended = stage.play()

    assert ended.lasted() == 65
    assert stage.clock.real_seconds() < timedelta(seconds=10).total_seconds()
    assert not any("it jumped" in note.text for note in stage.desk.notes)
