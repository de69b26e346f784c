"""A run whose play was cut off goes on: nothing runs twice, whatever the moment."""

from collections import Counter
from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.engine.waits import FileLook
from jobnet.ids import PartKey, RunId
from jobnet.services.takeover import NOBODY_KNOWS, TAKEN_ALONG

from tests.services.cutting import CutLines, PowerCut, cut_off, go_on, past_of
from tests.services.playing import START, Script, Stage

SAFE = "on_lost: retry, rerun: safe, retry: {count: 9, delay: 1m}"
BAD = JobResult(end=JobEnd.ENDED, is_normal=False, exit_code=1, ansible_rc=2)
NIGHT = f"""
kind: queue
name: narrow
limit: 1
---
kind: network
name: sub
limit: 1
flow:
  - {{id: inner, hosts: h, ansible.builtin.command: x, {SAFE}}}
---
kind: network
name: night
flow:
  - {{id: got, wait_file: {{path: /in/orders.csv, poll: 30s, timeout: 6h}}}}
  - parallel:
      branches:
        - flow:
            - {{id: hear, wait_event: {{name: ready, timeout: 1h}}}}
            - {{id: heard, hosts: h, ansible.builtin.command: x, {SAFE}}}
        - flow:
            - {{id: pause, wait_for: 5m}}
            - {{id: tell, send_event: {{name: ready, data: {{rows: 3}}}}}}
            - {{id: late, wait_until: "13:00"}}
        - flow:
            - id: each
              for_each:
                items: [1, 2, 3]
                as: number
                flow:
                  - {{id: narrow, queue: narrow, locks: {{db: exclusive}}, hosts: h,
                     ansible.builtin.command: x, {SAFE}}}
        - flow:
            - {{id: bad, hosts: h, ansible.builtin.command: x, {SAFE}}}
        - flow:
            - {{id: one, network: sub}}
        - flow:
            - {{id: two, network: sub}}
        - flow:
            - {{id: partner, wait_part: {{part: heard, timeout: 2h}}}}
        - flow:
            - any_of:
                losers: cancel
                branches:
                  - flow: [{{id: fast, wait_for: 2m}}]
                  - flow: [{{id: slow, wait_for: 3h}}]
  - {{id: loop, wait_for: 1m}}
  - {{continue_from: loop, interval: 30s, max_times: 3, until: parts.loop.iterations == 2}}
  - {{id: ask, dialog: {{message: Go?, choices: {{go: 0, stop: 1}}, timeout: 1h}}}}
  - {{id: last, hosts: h, ansible.builtin.command: x, {SAFE}}}
"""
JOBS = {"heard", "each[1].narrow", "each[2].narrow", "each[3].narrow", "one.inner", "two.inner"}


def stage_of(folder: Path, text: str = NIGHT, **more: object) -> Stage:
    def look(now: object) -> FileLook:
        return FileLook(exists=now >= START.replace(minute=2), size=1, mtime=1.0, inode=1)  # type: ignore[operator]

    folder.mkdir(exist_ok=True)
    values: dict[str, object] = {
        "files": {"/in/orders.csv": look},
        "answers": ["ask=go"],
        "scripts": {"bad": (Script(result=BAD), Script()), "heard": Script(seconds=200)},
        **more,
    }
    if text != NIGHT:
        del values["answers"]
    return Stage(text, folder, **values)  # type: ignore[arg-type]


def started(*stages: Stage) -> Counter[tuple[PartKey, int]]:
    return Counter((order.part, order.attempt) for stage in stages for order in stage.runner.orders)


def writes_of(folder: Path) -> int:
    """Return how many writes the whole night makes."""
    stage = stage_of(folder)
    stage.journal = CutLines(10**6, keeps_last=True)  # type: ignore[assignment]
    ended = stage.play()
    assert ended.state is State.NORMAL, ended.tracker.run
    return len(stage.journal.batches)  # type: ignore[attr-defined]


@pytest.mark.parametrize("keeps_last", [True, False], ids=["kept", "torn"])
def test_a_night_that_is_cut_off_anywhere_ends_well_and_runs_nothing_twice(
    tmp_path: Path, *, keeps_last: bool
) -> None:
    for write in range(1, writes_of(tmp_path / "whole")):
        first = stage_of(tmp_path / f"{write}")
        assert cut_off(first, write, keeps_last=keeps_last), write
        if keeps_last and past_of(first, first.journal.lines).tracker.run.ended:  # type: ignore[union-attr]
            continue  # only its result was not written any more
        second = stage_of(tmp_path / f"{write}")

        ended = go_on(first, second)

        assert ended.state is State.NORMAL, (write, ended.tracker.run)
        assert set(started(first, second).values()) == {1}, write
        assert {part for part, _ in started(first, second)} >= JOBS | {"bad", "last"}, write
        entries = [line.split(",")[0] for line in second.journal.lines]
        assert entries == [f'{{"position":{n}' for n in range(1, len(entries) + 1)]


def test_a_run_that_is_cut_off_again_and_again_still_ends(tmp_path: Path) -> None:
    stages = [stage_of(tmp_path)]
    assert cut_off(stages[0], 3, keeps_last=True)

    for _ in range(100):
        again = stage_of(tmp_path, scripts={"bad": Script(seconds=300)})
        again.journal = CutLines(8, keeps_last=True)  # type: ignore[assignment]
        again.runner.ended.update(stages[-1].runner.ended)
        stages.append(again)
        try:
            ended = go_on(stages[-2], again)
        except PowerCut:
            continue
        break

    assert ended.state is State.NORMAL
    assert len(stages) > 5
    assert set(started(*stages).values()) == {1}


ONE = """
kind: network
name: night
flow:
  - {id: load, hosts: h, ansible.builtin.command: x}
  - {id: last, hosts: h, ansible.builtin.command: x}
"""


def cut_while_running(folder: Path, text: str = ONE, **more: object) -> Stage:
    """Return a stage that was cut off while its first part was at work."""
    stage = stage_of(folder, text, **more)
    writes = 0
    while cut_off(stage, writes, keeps_last=True):
        record = past_of(stage, stage.journal.lines).tracker.parts.get("load")
        if record is not None and record.is_live and record.state is State.RUNNING:
            return stage
        stage, writes = stage_of(folder, text, **more), writes + 1
    raise AssertionError("load was never at work")


def test_a_job_that_was_taken_along_is_lost_and_waits_for_a_decision(tmp_path: Path) -> None:
    first = cut_while_running(tmp_path)
    second = stage_of(tmp_path, ONE)

    ended = go_on(first, second)

    assert (ended.part("load"), ended.state) == (State.LOST, State.KILLED)
    assert ended.message("load") == TAKEN_ALONG
    assert "waits for a decision" in ended.played.stop_reason
    assert not second.runner.orders


def test_a_job_that_ended_while_nobody_was_there_counts_as_it_ended(tmp_path: Path) -> None:
    first = cut_while_running(tmp_path)
    key = (RunId("r-1"), PartKey("load"), 1)
    first.runner.ended[key] = JobResult(
        end=JobEnd.ENDED, is_normal=True, exit_code=0, ansible_rc=0, outputs={"rows": 3}
    )
    second = stage_of(tmp_path, ONE)

    ended = go_on(first, second)

    assert ended.state is State.NORMAL
    assert [order.part for order in second.runner.orders] == ["last"]


def test_a_job_that_had_begun_is_lost_when_its_spool_is_gone(tmp_path: Path) -> None:
    first = cut_while_running(tmp_path)
    first.runner.ended.clear()
    second = stage_of(tmp_path, ONE)

    ended = go_on(first, second)

    assert ended.part("load") is State.LOST
    assert not second.runner.orders


def test_a_job_that_was_being_killed_is_killed(tmp_path: Path) -> None:
    text = ONE.replace("command: x}", "command: x, timeout: 10s}", 1)
    first = stage_of(tmp_path, text, scripts={"load": Script(seconds=60, is_deaf=True)})
    writes = 0
    while cut_off(first, writes, keeps_last=True):
        if "KillRequested" in first.journal.lines[-1] + first.journal.lines[-2]:
            break
        first = stage_of(tmp_path, text, scripts={"load": Script(seconds=60, is_deaf=True)})
        writes += 1
    second = stage_of(tmp_path, text)

    ended = go_on(first, second)

    assert ended.part("load") is State.ABNORMAL
    assert "its time was up" in ended.message("load")


MAIL = """
kind: network
name: night
flow:
  - {id: load, notify: {to: [ann@example.com], subject: Night, message: done, digest: DIGEST}}
  - {id: pause, wait_for: 1h}
"""


def test_a_message_that_may_have_been_sent_is_not_sent_again(tmp_path: Path) -> None:
    text = MAIL.replace("DIGEST", "false")
    first = stage_of(tmp_path, text)
    writes = 0
    while cut_off(first, writes, keeps_last=True):
        if "PartStarted" in "".join(first.journal.lines):
            break
        first, writes = stage_of(tmp_path, text), writes + 1
    second = stage_of(tmp_path, text)

    ended = go_on(first, second)

    assert (ended.part("load"), ended.message("load")) == (State.LOST, NOBODY_KNOWS)
    assert not second.post.letters


def test_a_digest_is_sent_at_the_end_with_what_was_collected_before(tmp_path: Path) -> None:
    text = MAIL.replace("DIGEST", "true")
    writes = 0
    first = stage_of(tmp_path / "0", text)
    while cut_off(first, writes, keeps_last=True):
        second = stage_of(tmp_path / "0", text)

        ended = go_on(first, second)

        assert ended.state is State.NORMAL
        assert [letter.text for letter in second.post.letters] == ["Night\ndone"], writes
        first, writes = stage_of(tmp_path / "0", text), writes + 1
        if "RunEnded" in "".join(second.journal.lines[: len(first.journal.lines)]):
            break
    assert writes >= 3


def test_the_journal_says_who_went_on_and_that_it_was_cut_off(tmp_path: Path) -> None:
    first = cut_while_running(tmp_path)
    second = stage_of(tmp_path, ONE, operator="bob")

    ended = go_on(first, second)

    assert ended.tracker.run is not None
    assert any("cut off" in note and "bob" in note for note in ended.tracker.run.notes)
