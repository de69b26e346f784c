"""A network played from its first fact to its last, with fakes on a virtual clock."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from jobnet.engine import begin, evolve
from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.engine.waits import FileLook
from jobnet.errors.play import JournalNotWritten
from jobnet.ids import HostName
from jobnet.services.inbox import Urge, Urged
from jobnet.services.journal import facts_from_lines

from tests.services.playing import START, Reply, Script, Stage

BAD = JobResult(end=JobEnd.ENDED, is_normal=False, exit_code=3, message="no space left")


def test_jobs_run_one_after_the_other_with_what_is_handed_over(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        params: {target: {type: str, default: /backup}}
        flow:
          - {id: dump, hosts: db, ansible.builtin.command: dump}
          - {id: carry, hosts: bk, ansible.builtin.command: copy}
        """,
        tmp_path,
        scripts={"dump": Script(seconds=30), "carry": Script(seconds=10)},
    )

    ended = stage.play()

    assert ended.state is State.NORMAL
    assert [order.part for order in stage.runner.orders] == ["dump", "carry"]
    order = stage.runner.orders[0]
    assert order.project_root
    assert order.network_folder == str(tmp_path)
    assert order.handed_over["params"] == {"target": "/backup"}
    assert ended.lasted() == 40


def test_the_journal_gives_the_same_tracker_again(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow:
          - for_each:
              items: [1, 2]
              as: n
              flow:
                - {id: load, hosts: h, ansible.builtin.command: load}
                - {id: pause, wait_for: 1m}
          - {id: tell, notify: {to: [a@b.c], message: done}}
        """,
        tmp_path,
    )

    ended = stage.play()

    tracker = begin(ended.tracker.layout.bundle, ended.tracker.layout.calendars)
    for fact in facts_from_lines(f"{line}\n" for line in stage.journal.lines):
        tracker = evolve(tracker, fact)
    assert tracker == ended.tracker


def test_facts_are_kept_before_anything_acts_on_them(tmp_path: Path) -> None:
    stage = Stage(
        "{kind: network, name: night, flow: [{id: dump, hosts: h, ansible.builtin.command: x}]}",
        tmp_path,
    )
    kept: list[list[str]] = []
    stage.runner.on_start = lambda: kept.append(
        [json.loads(line)["kind"] for line in stage.journal.lines]
    )

    stage.play()

    assert "PartStarted" in kept[0]


def test_a_journal_that_is_full_stops_the_run_and_leaves_no_job(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow:
          - {id: dump, hosts: h, ansible.builtin.command: x}
          - {id: carry, hosts: h, ansible.builtin.command: x}
        """,
        tmp_path,
    )
    stage.journal.full_at = 8

    with pytest.raises(JournalNotWritten, match="No space left on device"):
        stage.play()

    assert [order.part for order in stage.runner.orders] == ["dump"]
    assert not stage.runner._open


def test_a_failure_is_rescued_and_said_so(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow:
          - block:
              - {id: dump, hosts: h, ansible.builtin.command: x}
              - {id: carry, hosts: h, ansible.builtin.command: x}
            rescue:
              - {id: mend, hosts: h, ansible.builtin.command: x}
            always:
              - {id: start_app, hosts: h, ansible.builtin.command: x}
        """,
        tmp_path,
        scripts={"dump": Script(result=BAD)},
    )

    ended = stage.play()

    assert [order.part for order in stage.runner.orders] == ["dump", "mend", "start_app"]
    assert ended.state is State.NORMAL
    assert ended.part("dump") is State.ABNORMAL


TWO_WAITS = """
kind: network
name: night
flow:
  - parallel:
      branches:
        - flow:
            - {id: noon, wait_until: "14:00"}
            - {id: after_noon, hosts: h, ansible.builtin.command: x}
        - flow:
            - {id: a_while, wait_for: 30m}
            - {id: after_while, hosts: h, ansible.builtin.command: x}
"""


def test_time_waits_take_their_time(tmp_path: Path) -> None:
    stage = Stage(TWO_WAITS, tmp_path)

    ended = stage.play()

    assert ended.state is State.NORMAL
    assert ended.lasted() == 2 * 3600 + 1
    assert stage.clock.jumps == []
    assert [order.part for order in stage.runner.orders] == ["after_while", "after_noon"]


def test_fast_forward_jumps_over_waits_but_never_over_a_job(tmp_path: Path) -> None:
    stage = Stage(
        TWO_WAITS, tmp_path, scripts={"after_while": Script(seconds=120)}, fast_forward=True
    )

    ended = stage.play()

    assert ended.lasted() == 2 * 3600 + 1
    assert stage.clock.real_seconds() == 121
    assert stage.clock.jumps == [START + timedelta(minutes=30), START + timedelta(hours=2)]


def test_a_job_that_does_not_end_in_time_is_killed_under_fast_forward(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow: [{id: dump, hosts: h, ansible.builtin.command: x, timeout: 60s}]
        """,
        tmp_path,
        scripts={"dump": Script(seconds=900)},
        fast_forward=True,
    )

    ended = stage.play()

    assert ended.part("dump") is State.ABNORMAL
    assert stage.runner.kills == [("dump", 1)]
    assert stage.clock.real_seconds() == 60


def test_a_retry_waits_for_its_pause(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow: [{id: dump, hosts: h, ansible.builtin.command: x, retry: {count: 2, delay: 5m}}]
        """,
        tmp_path,
        scripts={"dump": [Script(result=BAD), Script()]},
    )

    ended = stage.play()

    assert ended.state is State.NORMAL
    assert [order.attempt for order in stage.runner.orders] == [1, 2]
    assert ended.lasted() == 302


EVENTS = """
kind: network
name: night
flow:
  - parallel:
      branches:
        - flow:
            - {id: got, wait_event: {name: ready, where: event.data.rows > 0, timeout: 2h}}
        - flow:
            - {id: first, send_event: {name: ready, data: {rows: 0}}}
            - {id: pause, wait_for: 10m}
            - {id: second, send_event: {name: ready, data: {rows: 7}}}
"""


@pytest.mark.parametrize("fast_forward", [False, True])
def test_an_event_of_another_branch_is_received(tmp_path: Path, *, fast_forward: bool) -> None:
    stage = Stage(EVENTS, tmp_path, fast_forward=fast_forward)

    ended = stage.play()

    assert ended.part("got") is State.NORMAL
    record = ended.tracker.parts.get("got")
    assert record is not None
    assert record.outputs["data"] == {"rows": 7}
    assert ended.lasted() == 600


def test_a_kept_event_reaches_a_wait_that_comes_later(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow:
          - {id: send, send_event: {name: ready, keep: 1h}}
          - {id: pause, wait_for: 10m}
          - {id: got, wait_event: {name: ready, timeout: 2h}}
        """,
        tmp_path,
    )

    ended = stage.play()

    assert ended.part("got") is State.NORMAL
    assert ended.lasted() == 600


def test_a_part_and_a_network_of_this_process_are_waited_for(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow:
          - parallel:
              branches:
                - flow:
                    - {id: early, wait_part: {part: load, timeout: 2h}}
                - flow:
                    - {id: whole, wait_network: {network: batch, timeout: 2h}}
                - flow:
                    - {id: load, hosts: h, ansible.builtin.command: x}
                    - {id: call, network: batch}
        ---
        kind: network
        name: batch
        flow: [{id: inner, hosts: h, ansible.builtin.command: x}]
        """,
        tmp_path,
        scripts={"load": Script(seconds=5), "call.inner": Script(seconds=20)},
    )
    ended = stage.play()

    assert ended.state is State.NORMAL
    early, whole = ended.tracker.parts.get("early"), ended.tracker.parts.get("whole")
    assert early is not None
    assert whole is not None
    assert (early.ended, whole.ended) == (
        START + timedelta(seconds=5),
        START + timedelta(seconds=25),
    )


def test_a_wait_that_nothing_here_can_end_kills_the_run_and_says_why(tmp_path: Path) -> None:
    stage = Stage(
        "{kind: network, name: night, flow: [{id: got, wait_event: {name: ready}}]}", tmp_path
    )

    ended = stage.play()

    assert ended.state is State.KILLED
    assert "got waits for event" in ended.played.stop_reason


def file_that_comes(after_seconds: float) -> dict[str, object]:
    def look(now: datetime) -> FileLook:
        age = (now - START).total_seconds() - after_seconds
        grown = min(3, int(age // 4))
        return FileLook(exists=age >= 0, size=10 * grown, mtime=grown, inode=1 if age >= 0 else 0)

    return {"/in/orders.csv": look}


def test_a_file_is_looked_at_each_poll_until_it_has_settled(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow: [{id: got, wait_file: {path: /in/orders.csv, poll: 5s, settle: 10s, timeout: 6h}}]
        """,
        tmp_path,
        files=file_that_comes(after_seconds=12),  # type: ignore[arg-type]
    )

    ended = stage.play()

    assert ended.part("got") is State.NORMAL
    seconds = [(look - START).total_seconds() for look in stage.looks.looked]
    assert seconds[:6] == [0, 5, 10, 15, 20, 25]
    assert ended.lasted() == 35
    assert stage.looks.changed == {}


def test_a_hint_leads_to_a_look_at_once(tmp_path: Path) -> None:
    stage = Stage(
        "{kind: network, name: night, flow:"
        " [{id: got, wait_file: {path: /in/orders.csv, poll: 1h, timeout: 6h}}]}",
        tmp_path,
        files=file_that_comes(after_seconds=12),  # type: ignore[arg-type]
    )

    def hint() -> None:
        stage.looks.changed["/in/orders.csv"]()

    stage.at(13, hint)

    ended = stage.play()

    assert ended.part("got") is State.NORMAL
    assert ended.lasted() == 13


def test_fast_forward_gives_a_file_real_looks_before_its_time_is_up(tmp_path: Path) -> None:
    stage = Stage(
        "{kind: network, name: night, flow:"
        " [{id: got, wait_file: {path: /in/orders.csv, poll: 1h, timeout: 6h}}]}",
        tmp_path,
        files={"/in/orders.csv": lambda _: FileLook()},
        fast_forward=True,
    )

    ended = stage.play()

    assert ended.part("got") is State.ABNORMAL
    assert 10 <= stage.clock.real_seconds() <= 15
    assert len(stage.looks.looked) >= 3
    assert stage.clock.jumps == [START + timedelta(hours=6)]


def test_a_file_on_hosts_is_looked_at_by_small_jobs(tmp_path: Path) -> None:
    absent = JobResult(
        end=JobEnd.ENDED, is_normal=True, exit_code=0, hosts=_stat({"exists": False}), folder="/l1"
    )
    there = JobResult(
        end=JobEnd.ENDED,
        is_normal=True,
        exit_code=0,
        hosts=_stat({"exists": True, "size": 3, "mtime": 1.5, "inode": 9, "isreg": True}),
        folder="/l2",
    )
    stage = Stage(
        "{kind: network, name: night, inventory: 'ftp1,', flow:"
        " [{id: got, wait_file: {hosts: ftp, path: /in/o.csv, poll: 30s, timeout: 6h}}]}",
        tmp_path,
        scripts={"got:look1": [Script(seconds=2, result=absent), Script(seconds=2, result=there)]},
    )

    ended = stage.play()

    assert ended.part("got") is State.NORMAL
    assert ended.lasted() == 34
    order = stage.runner.orders[0]
    assert order.inventory == ("ftp1,",)
    assert order.handed_over == {"params": {"path": "/in/o.csv"}}
    assert stage.pieces.discarded == ["/l1", "/l2"]


def _stat(found: dict[str, object]) -> dict[HostName, HostResult]:
    return {HostName("ftp1"): HostResult(state=HostState.OK, result={"stat": found})}


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


def test_a_queue_bounds_the_jobs_that_run_at_once(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: queue
        name: narrow
        limit: 2
        ---
        kind: network
        name: night
        queue: narrow
        flow:
          - for_each:
              items: [a, b, c, d, e]
              as: each
              flow: [{id: load, hosts: h, ansible.builtin.command: x}]
        """,
        tmp_path,
    )

    ended = stage.play()

    assert ended.state is State.NORMAL
    assert ended.lasted() == 3


def test_normal_durations_are_remembered(tmp_path: Path) -> None:
    stage = Stage(SLOW, tmp_path, scripts={"dump": Script(seconds=40), "tidy": Script(result=BAD)})

    stage.play()

    assert stage.memory.durations == {("night", "dump"): [timedelta(seconds=40)]}
