"""A part of a run that is being played runs again, by an order from a second terminal."""

import json
from pathlib import Path
from typing import Any

import pytest
from jobnet.engine import Tracker
from jobnet.engine import orders as o
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.ids import HostName, PartKey
from jobnet.services.control import read_order

from tests.services.playing import Script, Stage
from tests.services.test_control import Terminal, answering

BAD = JobResult(end=JobEnd.ENDED, is_normal=False, exit_code=1, ansible_rc=2)
LOST = JobResult(end=JobEnd.LOST, message="its node is gone")
NIGHT = """
kind: network
name: night
params: {rows: {type: int, default: 1}}
flow:
  - {id: load, hosts: h1, ansible.builtin.command: w}
  - {id: check, hosts: h1, ansible.builtin.command: w, on_error: hold, rerun_note: ask the bank}
  - {id: report, hosts: h1, ansible.builtin.command: w}
"""
CHECK = PartKey("check")


def night(folder: Path, result: JobResult = BAD) -> Stage:
    return Stage(NIGHT, folder, scripts={"check": (Script(result=result), Script())})


def rerun(**fields: Any) -> o.Rerun:  # noqa: ANN401 - what an order takes
    return o.Rerun(**{"start": o.RerunFrom.PART, "parts": (CHECK,), **fields})


@pytest.mark.parametrize("result", [BAD, LOST], ids=["held", "lost"])
def test_a_part_that_waits_for_a_decision_runs_again_and_the_run_goes_on(
    tmp_path: Path, result: JobResult
) -> None:
    stage = night(tmp_path, result)
    terminal = Terminal(stage)
    terminal.at(0.5, o.Comment(text="I watch it"))
    terminal.at(100, rerun())

    ended = stage.play()

    assert terminal.heard == ["", ""]
    assert ended.state is State.NORMAL
    started = [(order.part, order.attempt) for order in stage.runner.orders]
    assert started == [("load", 1), ("check", 1), ("check", 2), ("report", 1)]


def test_what_is_still_active_is_refused_in_the_words_of_the_engine(tmp_path: Path) -> None:
    stage = Stage(NIGHT, tmp_path, scripts={"check": Script(seconds=100)})
    terminal = Terminal(stage)
    terminal.at(10, rerun())

    ended = stage.play()

    assert ended.state is State.NORMAL
    assert "check" in terminal.heard[0]
    assert "refused" in terminal.heard[0]
    assert len(stage.runner.orders) == 3


@pytest.fixture
def tracker(tmp_path: Path) -> Tracker:
    """A night whose check has failed and waits."""
    stage = night(tmp_path)
    terminal = Terminal(stage)
    terminal.at(0.5, o.Comment(text="I watch it"))
    terminal.at(100, None)
    terminal.at(200, o.Cancel(part=CHECK))
    stage.play()
    return terminal.seen[1]


def asked(tracker: Tracker, wish: str, **fields: object) -> dict[str, Any]:
    request = {"ask": wish, "order": "rerun", "fields": fields, "key": "k", "reason": "r"}
    return answering(tracker)(json.dumps(request).encode())


def test_a_preview_says_what_runs_again_what_is_carried_and_what_asks_first(
    tracker: Tracker,
) -> None:
    found = asked(tracker, "preview", part="check")

    assert found == {
        "sentence": "Rerun: check, report as new attempts; 1 parts are carried.",
        "again": ["check", "report"],
        "carried": 1,
        "asking": [["check", "ask the bank"]],
    }


def test_without_a_part_the_failed_ones_run_again(tracker: Tracker) -> None:
    assert asked(tracker, "preview")["again"] == ["check", "report"]
    assert asked(tracker, "preview", part="check", start="only")["again"] == ["check"]


def test_a_preview_of_what_is_not_allowed_says_why(tracker: Tracker) -> None:
    found = asked(tracker, "preview", part="report")

    assert found["error"]["code"] == "order_refused"
    assert found["error"]["message"] == "rerun of r-1 was refused: still active: check."


def test_what_the_pump_refuses_is_answered(tracker: Tracker) -> None:
    answer = asked(tracker, "order", part="check")

    assert answer["error"] == {"code": "order_refused", "message": "no"}


def test_hosts_params_and_holding_are_part_of_the_order(tracker: Tracker) -> None:
    fields = {"part": "check", "hosts": "h1, h2", "held": True, "params": {"rows": "7"}}

    order = read_order({"order": "rerun", "fields": fields}, tracker)
    failed = read_order({"order": "rerun", "fields": {"hosts": "failed"}}, tracker)

    assert order == rerun(hosts=(HostName("h1"), HostName("h2")), held=True, params={"rows": 7})
    assert failed == o.Rerun(start=o.RerunFrom.FAILED, failed_hosts_only=True)
