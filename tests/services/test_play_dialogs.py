"""Dialogs of a run, at a terminal and without one; check mode."""

from pathlib import Path

from jobnet.engine.states import State

from tests.services.playing import Reply, Stage

DIALOG = """
kind: network
name: night
flow:
  - id: ask
    dialog:
      message: "Post the ledger of {{ operating_day }}?"
      choices: {post: 0, reject: 1}
      form: {rows: {type: int, required: true}, note: {type: str, default: none}}
"""


def test_a_dialog_is_answered_by_what_was_given(tmp_path: Path) -> None:
    stage = Stage(DIALOG, tmp_path, answers=["ask=reject", "ask.rows=7"])

    ended = stage.play()

    record = ended.tracker.parts.get("ask")
    assert record is not None
    assert record.exit_code == 1
    assert record.outputs["choice"] == "reject"
    assert (record.outputs["rows"], record.outputs["note"]) == (7, "none")
    assert record.outputs["by"] == "ann"


def test_a_dialog_at_a_terminal_is_asked_with_its_message(tmp_path: Path) -> None:
    reply = Reply(key="", choice="post", form={"rows": 3, "note": "x"})
    stage = Stage(DIALOG, tmp_path, replies={"ask": reply}, attended=True, fast_forward=True)

    ended = stage.play()

    (question,) = stage.desk.questions
    assert question.message == "Post the ledger of 2026-05-29?"
    assert list(question.choices) == ["post", "reject"]
    assert ended.part("ask") is State.NORMAL
    assert stage.desk.withdrawn == [question.key]


def test_a_dialog_without_terminal_ends_the_run_with_the_flag_to_use(tmp_path: Path) -> None:
    stage = Stage(DIALOG, tmp_path)

    ended = stage.play()

    assert ended.state is State.KILLED
    assert ended.played.stop_reason == (
        "asks 'Post the ledger of 2026-05-29?' (part ask) and there is no terminal;"
        " give --answer ask=post|reject"
    )


def test_a_dialog_with_a_timeout_waits_for_it_without_a_terminal(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow:
          - id: ask
            dialog: {message: Go?, choices: {go: 0, stop: 1}, timeout: 2h, on_timeout: stop}
        """,
        tmp_path,
        fast_forward=True,
    )

    ended = stage.play()

    record = ended.tracker.parts.get("ask")
    assert record is not None
    assert (record.exit_code, record.outputs["by"]) == (1, "timeout")
    assert stage.clock.real_seconds() == 0


def test_two_votes_of_other_people_are_given_by_whoever_plays(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow:
          - id: ask
            dialog:
              message: Go?
              choices: {go: 0, stop: 1}
              answer: {votes: 2, not_submitter: true}
        """,
        tmp_path,
        answers=["ask=go"],
    )

    ended = stage.play()

    assert ended.part("ask") is State.NORMAL


def test_check_mode_answers_waits_and_sends_nothing(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow:
          - {id: got, wait_file: {path: /in/orders.csv, timeout: 6h}}
          - {id: ready, wait_event: {name: ready}}
          - {id: ask, dialog: {message: Go?, choices: {stop: 1, go: 0}}}
          - {id: pause, wait_for: 10m}
          - {id: dump, hosts: h, ansible.builtin.command: x}
          - {id: tell, notify: {to: [a@b.c], subject: Hi, message: done}}
        """,
        tmp_path,
        check=True,
    )

    ended = stage.play()

    assert ended.state is State.NORMAL
    assert stage.runner.orders[0].check
    assert stage.post.letters == []
    record = ended.tracker.parts.get("ask")
    assert record is not None
    assert record.outputs["choice"] == "go"
    assert ended.message("tell") == "check mode: not sent"
    assert stage.memory.durations == {}
