"""What somebody at a real terminal sees and can do: the live tree, dialogs, Ctrl-C."""

import json
import signal

import pytest

from tests.cli.conftest import Place
from tests.cli.terminal import Terminal, processes_with

DIALOG = """
kind: network
name: night
title: The night
flow:
  - parallel:
      branches:
        - flow: [{id: pause, name: A long pause, wait_for: 1h}]
        - flow:
            - id: ask
              dialog:
                message: "Post the ledger?"
                choices: {post: 0, reject: 3}
                form: {rows: {type: int, required: true}, note: {type: str, default: none}}
  - {id: last, wait_for: 1s}
"""

SLOW = """
kind: network
name: night
flow:
  - block:
      - {id: dump, hosts: h1, ansible.builtin.command: sleep 543, kill_grace: 2s}
    always:
      - {id: tidy, hosts: h1, ansible.builtin.command: echo tidy}
"""


def result(place: Place) -> dict[str, object]:
    (folder,) = (place.home / "runs").iterdir()
    found: dict[str, object] = json.loads((folder / "result.json").read_text())
    return found


def test_a_dialog_is_asked_below_the_live_tree(place: Place) -> None:
    place.network(DIALOG)

    with Terminal(place, "play", "night.yml", "--fast-forward") as terminal:
        terminal.wait_for("A long pause")
        terminal.wait_for("ask: Post the ledger?")
        terminal.wait_for("post / reject >")
        terminal.type("x\r")
        terminal.wait_for("type one of post, reject")
        terminal.type("pos\r")
        terminal.wait_for("rows (int; required) >")
        terminal.type("many\r")
        terminal.wait_for("write a whole number")
        terminal.type("77\x7f\r")
        terminal.wait_for("note (str; default none) >")
        terminal.type("été\r")
        terminal.wait_for("night of ")
        status = terminal.end()
        mode_after = terminal.mode

    assert status == 0
    assert mode_after == list(terminal.before)
    parts = {part["key"]: part for part in result(place)["parts"]}  # type: ignore[attr-defined]
    outputs = parts["ask"]["outputs"]
    assert (outputs["choice"], outputs["rows"], outputs["note"]) == ("post", 7, "été")
    assert "✔ A long pause" in terminal.screen
    assert "Normal" in terminal.screen


def test_what_was_typed_before_a_question_answers_nothing(place: Place) -> None:
    place.network(
        "{kind: network, name: night, flow: [{id: pause, wait_for: 2s},"
        " {id: ask, dialog: {message: Go?, choices: {go: 0, stop: 1}}}]}"
    )

    with Terminal(place, "play", "night.yml") as terminal:
        terminal.wait_for("Waiting")
        terminal.type("stop\r")
        terminal.wait_for("go / stop >")
        terminal.type("go\r")
        status = terminal.end()

    assert status == 0
    parts = {part["key"]: part for part in result(place)["parts"]}  # type: ignore[attr-defined]
    assert parts["ask"]["outputs"]["choice"] == "go"


def test_ctrl_c_asks_and_the_run_may_go_on(place: Place) -> None:
    place.network("{kind: network, name: night, flow: [{id: pause, wait_for: 3s}]}")

    with Terminal(place, "play", "night.yml") as terminal:
        terminal.wait_for("Waiting")
        terminal.type("\x03")
        terminal.wait_for("Ctrl-C: Stop the run?")
        terminal.type("go\r")
        status = terminal.end()

    assert status == 0
    assert result(place)["state"] == "normal"


@pytest.mark.parts
def test_ctrl_c_kills_the_job_runs_always_and_leaves_no_process(place: Place) -> None:
    place.network(SLOW)

    with Terminal(place, "play", "night.yml") as terminal:
        terminal.wait_for("Running")
        terminal.type("\x03")
        terminal.wait_for("kill / kill_now / cancel / go_on >")
        terminal.type("kill\r")
        status = terminal.end()
        mode_after = terminal.mode

    assert status == 4
    assert mode_after == list(terminal.before)
    parts = {part["key"]: part["state"] for part in result(place)["parts"]}  # type: ignore[attr-defined]
    assert parts == {"block_1": "abnormal", "dump": "killed", "tidy": "normal"}
    assert processes_with(str(place.home)) == []


@pytest.mark.parts
def test_ctrl_c_twice_kills_at_once(place: Place) -> None:
    place.network(SLOW)

    with Terminal(place, "play", "night.yml") as terminal:
        terminal.wait_for("Running")
        terminal.type("\x03")
        terminal.wait_for("Stop the run?")
        terminal.type("\x03")
        status = terminal.end()

    assert status == 4
    parts = {part["key"]: part["state"] for part in result(place)["parts"]}  # type: ignore[attr-defined]
    assert parts["tidy"] != "normal"
    assert processes_with(str(place.home)) == []


@pytest.mark.parts
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_kills_a_plain_run_and_leaves_no_process(
    place: Place, number: signal.Signals
) -> None:
    place.network(SLOW)

    with Terminal(place, "play", "--plain", "night.yml") as terminal:
        terminal.wait_for("Running")
        terminal.signal(number)
        status = terminal.end()

    assert status == 4
    parts = {part["key"]: part["state"] for part in result(place)["parts"]}  # type: ignore[attr-defined]
    assert (parts["dump"], parts["tidy"]) == ("killed", "normal")
    assert processes_with(str(place.home)) == []


def test_a_held_part_can_be_released_at_the_terminal(place: Place) -> None:
    place.network("{kind: network, name: night, flow: [{id: pause, hold: true, wait_for: 1s}]}")

    with Terminal(place, "play", "night.yml", "--fast-forward") as terminal:
        terminal.wait_for("pause is held")
        terminal.wait_for("release / kill >")
        terminal.type("1\r")
        status = terminal.end()

    assert status == 0


def test_text_from_outside_cannot_move_the_cursor(place: Place) -> None:
    place.network(
        "kind: network\nname: night\nflow:\n"
        '  - {id: a, name: "x\\e[2J\\e]0;owned\\ay", wait_for: 1s}\n'
    )

    with Terminal(place, "play", "night.yml", "--fast-forward") as terminal:
        status = terminal.end()

    assert status == 0
    assert "owned" not in terminal._raw
    assert "\x1b[2J" not in terminal._raw


def test_a_terminal_that_goes_away_ends_the_run_and_the_command(place: Place) -> None:
    place.network("{kind: network, name: night, flow: [{id: pause, wait_for: 10m}]}")

    with Terminal(place, "play", "night.yml") as terminal:
        terminal.wait_for("Waiting")
        terminal.hang_up()
        status = terminal.wait()

    assert status == 4
    assert result(place)["state"] == "killed"
