"""Ctrl-C, SIGTERM, and runs that cannot go on by themselves."""

from pathlib import Path

import pytest
from jobnet.engine.inputs import OrderGiven
from jobnet.engine.orders import Suspend
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.ids import OperatorName
from jobnet.services.inbox import Urge, Urged

from tests.services.playing import Reply, Script, Stage

BAD = JobResult(end=JobEnd.ENDED, exit_code=3, message="no space left")
SLOW = "{kind: network, name: night, flow: [{block: [{id: dump, hosts: h, ansible.builtin.command: x}], always: [{id: tidy, hosts: h, ansible.builtin.command: x}]}]}"  # noqa: E501


def test_sigterm_kills_the_run_and_always_still_runs(tmp_path: Path) -> None:
    stage = Stage(SLOW, tmp_path, scripts={"dump": Script(seconds=900)})
    stage.at(5, lambda: stage.inbox.put(Urged(urge=Urge.TERMINATE)))

    ended = stage.play()

    assert ended.state is State.KILLED
    assert ended.part("dump") is State.KILLED
    assert ended.part("tidy") is State.NORMAL
    assert ended.played.stop_reason == "terminated by SIGTERM"


def test_a_second_ctrl_c_without_a_terminal_runs_nothing_more(tmp_path: Path) -> None:
    slow = Script(seconds=900)
    stage = Stage(SLOW, tmp_path, scripts={"dump": slow, "tidy": slow})
    for seconds in (5, 6):
        stage.at(seconds, lambda: stage.inbox.put(Urged(urge=Urge.INTERRUPT)))

    ended = stage.play()

    assert ended.state is State.KILLED
    assert ended.part("tidy") is State.KILLED
    assert ended.lasted() == 6


@pytest.mark.parametrize(
    ("choice", "state"),
    [("go_on", State.NORMAL), ("kill", State.KILLED), ("cancel", State.NORMAL)],
)
def test_ctrl_c_at_a_terminal_asks_first(tmp_path: Path, choice: str, state: State) -> None:
    reply = Reply(key="", choice=choice)
    stage = Stage(
        SLOW,
        tmp_path,
        scripts={"dump": Script(seconds=60)},
        replies={"Ctrl-C": reply},
        attended=True,
    )
    stage.at(5, lambda: stage.inbox.put(Urged(urge=Urge.INTERRUPT)))

    ended = stage.play()

    assert list(stage.desk.questions[0].choices) == ["kill", "kill_now", "cancel", "go_on"]
    assert ended.state is state


def test_ctrl_c_twice_at_a_terminal_kills_at_once(tmp_path: Path) -> None:
    stage = Stage(SLOW, tmp_path, scripts={"dump": Script(seconds=900)}, attended=True)
    for seconds in (5, 6):
        stage.at(seconds, lambda: stage.inbox.put(Urged(urge=Urge.INTERRUPT)))

    ended = stage.play()

    assert ended.state is State.KILLED
    assert ended.part("tidy") is not State.NORMAL
    assert ended.lasted() == 6


HELD = "{kind: network, name: night, flow: [{id: dump, hold: true, hosts: h, ansible.builtin.command: x}]}"  # noqa: E501


def test_a_held_part_is_offered_for_release_at_a_terminal(tmp_path: Path) -> None:
    title = "The run cannot go on by itself"
    stage = Stage(HELD, tmp_path, replies={title: Reply(key="", choice="release")}, attended=True)

    ended = stage.play()

    assert stage.desk.questions[0].message == "dump is held"
    assert ended.state is State.NORMAL


def test_a_held_part_without_a_terminal_ends_the_run_with_the_reason(tmp_path: Path) -> None:
    stage = Stage(HELD, tmp_path)

    ended = stage.play()

    assert ended.state is State.KILLED
    assert ended.played.stop_reason == "dump is held"


def test_a_part_that_waits_for_a_decision_is_offered_at_a_terminal(tmp_path: Path) -> None:
    title = "The run cannot go on by itself"
    stage = Stage(
        "{kind: network, name: night, flow:"
        " [{id: dump, on_error: hold, hosts: h, ansible.builtin.command: x}]}",
        tmp_path,
        scripts={"dump": Script(result=BAD)},
        replies={title: Reply(key="", choice="release")},
        attended=True,
    )

    ended = stage.play()

    (question,) = stage.desk.questions
    assert question.message == "dump ended abnormal and waits for a decision"
    assert list(question.choices) == ["release", "cancel", "kill"]
    assert ended.state is State.WARNING


def test_a_queue_that_is_held_does_not_leave_the_run_hanging(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: queue
        name: closed
        state: held
        ---
        kind: network
        name: night
        queue: closed
        flow: [{id: dump, hosts: h, ansible.builtin.command: x}]
        """,
        tmp_path,
    )

    ended = stage.play()

    assert ended.state is State.KILLED
    assert ended.played.stop_reason.startswith("dump stands in line (queue_limit)")


def test_a_suspended_run_is_offered_to_go_on(tmp_path: Path) -> None:
    title = "The run cannot go on by itself"
    stage = Stage(
        "{kind: network, name: night, flow: [{id: a, wait_for: 1m},"
        " {id: dump, hosts: h, ansible.builtin.command: x}]}",
        tmp_path,
        replies={title: Reply(key="", choice="resume")},
        attended=True,
    )
    order = OrderGiven(order=Suspend(), by=OperatorName("bob"), key="k1")
    stage.at(5, lambda: stage.inbox.put(order))

    ended = stage.play()

    assert ended.state is State.NORMAL
    assert stage.desk.questions
