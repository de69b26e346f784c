"""One night on the virtual clock: what is given happens, what is not said goes well."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jobnet.engine.states import Flag
from jobnet.services.simulation import night as night_module
from jobnet.services.simulation import simulate

from tests.services.simulating import (
    NOON,
    night,
    pinned,
    run_state,
    seconds,
    simulated,
    states,
)

TWO = """
    kind: network
    name: two
    flow:
      - {id: load, hosts: db, ansible.builtin.command: load}
      - {id: report, hosts: db, ansible.builtin.command: report}
"""
RETRIED = """
    kind: network
    name: retried
    flow:
      - id: load
        hosts: "a,b"
        ansible.builtin.command: load
        retry: {count: 2, delay: 10m}
"""
HELD = """
    kind: network
    name: held
    timezone: UTC
    late_end: "14:00"
    flow:
      - {id: load, hosts: db, ansible.builtin.command: load, on_error: hold}
      - {id: report, hosts: db, ansible.builtin.command: report}
"""
ASKS = """
    kind: network
    name: asks
    flow:
      - id: ask
        dialog: {message: Go?, choices: {go: 0, stop: 1}, answer: {votes: 2}}
"""
RESCUED = """
    kind: network
    name: rescued
    flow:
      - block:
          - {id: load, hosts: db1, ansible.builtin.command: load}
        rescue:
          - {id: mend, hosts: "{{ failed.hosts | join(',') }}", ansible.builtin.command: mend}
"""


def test_what_is_not_said_goes_well_and_takes_a_second(tmp_path: Path) -> None:
    ended = simulated(tmp_path, TWO)

    assert run_state(ended) == "normal"
    assert seconds(ended) == 2


def test_a_job_takes_as_long_as_usual_unless_its_duration_is_given(tmp_path: Path) -> None:
    usual = {"load": 60.0, "report": 600.0}

    ended = simulated(tmp_path, TWO, "{duration: {report: 1h}}", usual_seconds=usual)

    assert seconds(ended) == 60 + 3600


def test_each_attempt_fails_or_only_the_one_with_the_number(tmp_path: Path) -> None:
    every = simulated(tmp_path, RETRIED, "{fail: {load: 4}}")
    second = simulated(tmp_path, RETRIED, "{fail: {load#1: 4, load#2: 5}}")

    record = every.tracker.parts.get("load")
    assert record is not None
    assert (record.attempt, record.exit_code, run_state(every)) == (3, 4, "abnormal")
    assert (run_state(second), seconds(second)) == ("normal", 3 + 2 * 600)


def test_a_lost_attempt_is_lost(tmp_path: Path) -> None:
    ended = simulated(tmp_path, TWO, "{lose: load, duration: {load: 5m}}")

    assert states(ended) == {"load": "lost", "report": "fixed"}
    assert seconds(ended) == 300 + 120
    assert ended.endless == ("load ended lost and waits for ever for an operator's decision",)


def test_the_hosts_of_a_pattern_are_named_to_the_rescue(tmp_path: Path) -> None:
    ended = simulated(tmp_path, RESCUED, "{fail: {load: 1}}")

    record = ended.tracker.parts.get("mend")
    assert record is not None
    assert (record.arguments or {})["hosts"] == "db1"
    assert states(ended)["mend"] == "normal"


def test_a_part_that_is_held_stays_so_and_the_alerts_go_on(tmp_path: Path) -> None:
    ended = simulated(tmp_path, HELD, "{fail: {load: 1}}")

    assert run_state(ended) == "running"
    assert ended.endless == ("load ended abnormal and waits for ever for an operator's decision",)
    raised = [(word, alert.at) for alert in ended.alerts for word in alert.words]
    late = NOON + timedelta(hours=2)
    assert raised == [("hold", NOON + timedelta(seconds=1)), ("late_end", late)]


def test_a_dialog_without_answer_and_timeout_waits_for_ever(tmp_path: Path) -> None:
    ended = simulated(tmp_path, ASKS)

    assert states(ended) == {"ask": "prompting"}
    assert ended.endless == ("ask asks and waits for ever for an answer; give --answer ask=CHOICE",)


def test_one_answer_stands_for_all_votes(tmp_path: Path) -> None:
    ended = simulated(tmp_path, ASKS, "{answer: {ask: stop}, duration: {ask: 3m}}")

    record = ended.tracker.parts.get("ask")
    assert record is not None
    assert record.exit_code == 1
    assert [name for name, _ in record.votes] == ["simulation", "simulation (2)"]
    assert seconds(ended) == 180


@pytest.mark.parametrize(
    ("wait", "thing"),
    [
        ("wait_event: {name: ready}", "an event (ready)"),
        ("wait_network: {network: other}", "a network (other)"),
        ("wait_file: {path: /srv/orders.csv}", "a file (created: /srv/orders.csv)"),
    ],
)
def test_a_wait_that_nothing_ends_says_what_it_waits_for(
    tmp_path: Path, wait: str, thing: str
) -> None:
    text = f"""
    kind: network
    name: net
    flow:
      - id: it
        {wait}
    ---
    kind: network
    name: other
    flow: [{{wait_for: 1s}}]
    """

    stuck = simulated(tmp_path, text)
    ended = simulated(tmp_path, text, "{duration: {it: 10m}}")

    assert stuck.endless == (
        f"it waits for ever for {thing}; give --duration it=10m to let it come",
    )
    assert (run_state(ended), seconds(ended)) == ("normal", 600)


def test_an_event_comes_with_the_data_that_were_given(tmp_path: Path) -> None:
    text = """
    kind: network
    name: waits
    flow:
      - {id: it, wait_event: {name: ready, where: event.data.rows > 2}}
    """

    few = simulated(tmp_path, text, "{duration: {it: 1m}, output: {it: {data: {rows: 2}}}}")
    many = simulated(tmp_path, text, "{duration: {it: 1m}, output: {it: {data: {rows: 3}}}}")

    assert len(few.endless) == 1
    assert run_state(many) == "normal"


def test_a_message_that_fails_is_abnormal_and_none_is_sent(tmp_path: Path) -> None:
    text = """
    kind: network
    name: tells
    flow: [{id: tell, notify: {to: [ops@example.com], message: done}}]
    """

    assert states(simulated(tmp_path, text)) == {"tell": "normal"}
    assert states(simulated(tmp_path, text, "{fail: {tell: 1}}")) == {"tell": "abnormal"}


def test_a_queue_lets_jobs_stand_in_line(tmp_path: Path) -> None:
    text = """
    kind: network
    name: queued
    queue: batch
    hosts: db
    flow:
      - parallel:
          branches:
            - flow: [{id: one, ansible.builtin.command: a}]
            - flow: [{id: two, ansible.builtin.command: b}]
    ---
    kind: queue
    name: batch
    limit: 1
    """

    ended = simulated(tmp_path, text, "{duration: {one: 1h, two: 1h}}")

    waits = [(each.part, each.state.value) for each in ended.stretches if each.state != "running"]
    assert seconds(ended) == 7200
    assert ("two", "queued") in waits


def test_a_timeout_kills_the_job_and_its_answer_never_comes(tmp_path: Path) -> None:
    text = """
    kind: network
    name: slow
    flow: [{id: load, hosts: db, ansible.builtin.command: load, timeout: 10m}]
    """

    ended = simulated(tmp_path, text, "{duration: {load: 10h}}")

    assert states(ended) == {"load": "abnormal"}
    assert seconds(ended) == 600


def test_usual_durations_of_a_scenario_decide_about_overruns(tmp_path: Path) -> None:
    text = """
    kind: network
    name: slow
    flow: [{id: load, hosts: db, ansible.builtin.command: load, overrun: 150%}]
    """

    ended = simulated(tmp_path, text, "{usual: {load: 10m}, duration: {load: 20m}}")

    record = ended.tracker.parts.get("load")
    assert record is not None
    assert Flag.OVERRUN in record.flags
    assert ("overrun",) in [alert.words for alert in ended.alerts]


def test_what_was_given_and_never_used_is_told(tmp_path: Path) -> None:
    ended = simulated(tmp_path, TWO, "{fail: {load: 1, report: 1, load#7: 2}, lose: report}")

    assert ended.warnings == (
        "fail: report was given and never used",
        "fail: load#7 was given and never used",
        "lose: report was given and never used",
    )


def test_equal_nights_are_equal(tmp_path: Path) -> None:
    network = pinned(tmp_path, TWO)

    assert simulate(night(network)) == simulate(night(network))


def test_a_loop_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(night_module, "INPUTS_MAX", 500)
    text = """
    kind: network
    name: loops
    flow:
      - {id: ping, hosts: db, ansible.builtin.command: ping}
      - {continue_from: ping, max_times: 100000, interval: 1s}
    """

    ended = simulated(tmp_path, text)

    assert ended.endless == ("the simulation was stopped after 500 inputs",)


def test_beyond_the_end_of_time_nothing_comes(tmp_path: Path) -> None:
    start = datetime(9999, 12, 30, 12, tzinfo=UTC)

    ended = simulated(tmp_path, TWO, "{duration: {load: 9d}}", start=start)

    assert run_state(ended) == "running"
    assert ended.endless == ("nothing that this run knows will move it on",)


@pytest.mark.parametrize("event", ["created", "updated", "deleted"])
def test_a_file_comes_changes_or_goes_after_its_while(tmp_path: Path, event: str) -> None:
    text = f"""
    kind: network
    name: files
    flow: [{{id: it, wait_file: {{path: /srv/a.csv, event: {event}, settle: 5s}}}}]
    """

    ended = simulated(tmp_path, text, "{duration: {it: 10m}}")

    assert (run_state(ended), seconds(ended)) == ("normal", 605)


@pytest.mark.parametrize("fault", ["{fail: {it: 1}", "{lose: it"])
def test_an_awaited_network_may_end_badly(tmp_path: Path, fault: str) -> None:
    text = """
    kind: network
    name: net
    flow: [{id: it, wait_network: {network: other, on_other: abnormal}}]
    ---
    kind: network
    name: other
    flow: [{wait_for: 1s}]
    """

    ended = simulated(tmp_path, text, f"{fault}, duration: {{it: 10m}}}}")

    assert (run_state(ended), seconds(ended)) == ("abnormal", 600)


def test_a_job_that_ends_in_the_instant_of_its_timeout_has_ended(tmp_path: Path) -> None:
    text = """
    kind: network
    name: close
    flow: [{id: load, hosts: db, ansible.builtin.command: load, timeout: 10m}]
    """

    assert run_state(simulated(tmp_path, text, "{duration: {load: 10m}}")) == "normal"


def test_a_queue_that_is_held_lets_its_jobs_stand_for_ever(tmp_path: Path) -> None:
    text = """
    kind: network
    name: queued
    flow: [{id: load, hosts: db, queue: batch, ansible.builtin.command: load}]
    ---
    kind: queue
    name: batch
    state: held
    """

    assert simulated(tmp_path, text).endless == ("load stands in line for ever (queue_limit)",)


def test_a_later_call_may_cancel_an_earlier_one(tmp_path: Path) -> None:
    text = """
    kind: network
    name: net
    flow:
      - parallel:
          branches:
            - flow: [{id: early, network: called}]
            - flow: [{wait_for: 1m}, {id: late, network: called}]
    ---
    kind: network
    name: called
    overlap: cancel_previous
    flow:
      - {id: load, hosts: db, ansible.builtin.command: load}
      - {id: rest, hosts: db, ansible.builtin.command: rest}
    """

    found = states(simulated(tmp_path, text, "{duration: {load: 10m}}"))

    assert (found["early"], found["early.rest"]) == ("cancelled", "cancelled")
    assert found["late"] == "normal"
