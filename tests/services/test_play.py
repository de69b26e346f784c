"""A network played from its first fact to its last, with fakes on a virtual clock."""

import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jobnet.engine import begin, evolve
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.errors.play import JournalNotWritten
from jobnet.services.journal import facts_from_lines

from tests.services.playing import START, Script, Stage

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


def test_a_jump_is_told_in_the_zone_of_the_run(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow:
          - {id: pause, wait_for: 30m}
        """,
        tmp_path,
        fast_forward=True,
        zone="Asia/Tokyo",
    )

    stage.play()

    local = (START + timedelta(minutes=30)).astimezone(ZoneInfo("Asia/Tokyo"))
    told = [note.text for note in stage.desk.notes if "the clock jumps" in note.text]
    assert told == [f"the clock jumps to {local:%Y-%m-%d %H:%M:%S} JST"]


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


SLOW = "{kind: network, name: night, flow: [{block: [{id: dump, hosts: h, ansible.builtin.command: x}], always: [{id: tidy, hosts: h, ansible.builtin.command: x}]}]}"  # noqa: E501


def test_no_more_jobs_run_at_once_than_this_machine_is_given(tmp_path: Path) -> None:
    stage = Stage(
        """
        kind: network
        name: night
        flow:
          - for_each:
              items: "{{ range(20) | list }}"
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
