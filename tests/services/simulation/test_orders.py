"""Nodes that go away, and orders that are given at an instant of a simulated night."""

from pathlib import Path

import pytest

from tests.services.simulating import run_state, seconds, simulated, states

NIGHT = """
    kind: network
    name: night
    flow:
      - {id: load, hosts: db, ansible.builtin.command: load, MORE}
      - {id: report, hosts: db, ansible.builtin.command: report}
"""
SAFE = "on_lost: retry, rerun: safe, retry: {count: 2, delay: 10m}"
PLAIN = NIGHT.replace(", MORE", "")
LONG = "duration: {load: 1h}"


def attempts(one: object) -> int:
    return one.tracker.parts.get("load").attempt  # type: ignore[attr-defined, no-any-return]


def test_a_node_that_goes_away_makes_its_job_lost_two_minutes_later(tmp_path: Path) -> None:
    done = simulated(tmp_path, PLAIN, f"{{{LONG}, lose: {{load: '12:10'}}}}")

    record = done.tracker.parts.get("load")
    assert record is not None
    assert record.ended is not None
    assert (states(done)["load"], record.ended.strftime("%H:%M")) == ("lost", "12:12")
    assert record.message == "simulated: its node was not heard of for 2m"


def test_a_node_that_goes_away_before_or_after_the_job_was_there_changes_nothing(
    tmp_path: Path,
) -> None:
    before = simulated(tmp_path, PLAIN, f"{{{LONG}, lose: {{load: '11:59'}}}}")
    after = simulated(tmp_path, PLAIN, f"{{{LONG}, lose: {{load: '13:00'}}}}")

    for one in (before, after):
        assert run_state(one) == "normal"
        assert one.warnings == ("lose: load was given and never used",)


def test_a_lost_job_runs_again_where_it_may_and_is_not_lost_twice(tmp_path: Path) -> None:
    text = NIGHT.replace("MORE", SAFE)

    done = simulated(tmp_path, text, f"{{{LONG}, lose: {{load: '12:10'}}, node_lost_after: 5m}}")

    assert (run_state(done), attempts(done)) == ("normal", 2)
    assert seconds(done) == (15 + 10 + 60) * 60 + 1


def test_a_kill_does_not_reach_a_node_that_is_gone(tmp_path: Path) -> None:
    given = f"{{{LONG}, lose: {{load: '12:10'}}, orders: ['12:11 kill load']}}"

    done = simulated(tmp_path, PLAIN, given)

    assert (states(done)["load"], seconds(done)) == ("lost", 12 * 60)


ORDERS = {
    "['12:30 skip report']": {"report": "skipped"},
    "['12:30 hold report', '14:00 release report']": {"report": "normal"},
    "['12:30 suspend', '14:00 resume']": {"report": "normal"},
    "['12:30 kill']": {"load": "killed", "report": "not_run"},
    "['12:30 kill load']": {"load": "killed", "report": "not_run"},
    "['12:30 cancel']": {"load": "normal", "report": "cancelled"},
    "['12:30 no-exec report']": {"report": "bypassed"},
    "['12:30 set-priority report 90', '12:30 move-queue report fast']": {"report": "normal"},
    "['12:30 comment load called the bank']": {"report": "normal"},
    "['13:30 rerun load']": {"load": "normal", "report": "normal"},
    "[{at: '12:30', order: skip, part: report, exit_code: 3, by: bob}]": {"report": "skipped"},
}


@pytest.mark.parametrize(("orders", "expected"), ORDERS.items())
def test_an_order_is_given_at_its_instant(
    tmp_path: Path, orders: str, expected: dict[str, str]
) -> None:
    text = f"""
    kind: queue
    name: fast
    limit: 1
    ---{PLAIN}"""

    done = simulated(tmp_path, text, f"{{{LONG}, orders: {orders}}}")

    assert {key: states(done)[key] for key in expected} == expected
    assert done.warnings == ()


def test_a_result_is_changed_and_what_follows_reacts(tmp_path: Path) -> None:
    given = "{fail: {load: 3}, orders: ['12:05 change-result load normal']}"
    text = NIGHT.replace("MORE", "on_error: hold")

    done = simulated(tmp_path, text, given)

    assert (run_state(done), states(done)["report"]) == ("normal", "normal")


def test_a_dialog_is_answered_by_an_order_and_a_wait_is_moved(tmp_path: Path) -> None:
    text = """
    kind: network
    name: night
    flow:
      - {id: pause, wait_until: "20:00"}
      - {id: ask, dialog: {message: Go?, choices: {go: 0, stop: 1}}}
    """

    done = simulated(
        tmp_path, text, "{orders: ['12:05 change-time pause 12:30', '12:40 answer ask go']}"
    )

    assert (run_state(done), seconds(done)) == ("normal", 40 * 60)


def test_a_failed_run_goes_on_by_a_rerun_after_its_end(tmp_path: Path) -> None:
    given = "{fail: {load#1: 3}, orders: ['16:00 rerun - failed']}"

    done = simulated(tmp_path, PLAIN, given)

    assert (run_state(done), attempts(done)) == ("normal", 2)
    assert done.endless == ()
    assert seconds(done) == 4 * 3600 + 2


def test_an_order_that_comes_too_late_or_is_refused_is_told(tmp_path: Path) -> None:
    late = simulated(tmp_path, PLAIN, "{orders: ['18:00 skip report']}")
    refused = simulated(tmp_path, PLAIN, f"{{{LONG}, orders: ['12:30 skip load']}}")
    unfit = simulated(tmp_path, PLAIN, f"{{{LONG}, orders: ['12:30 change-time load soon']}}")

    assert late.warnings == ("18:00 skip report was never given: the run had ended",)
    assert refused.warnings == ("skip of load was refused: it is running.",)
    assert "'soon' is no time" in unfit.warnings[0]


def test_a_held_part_no_longer_waits_for_ever_if_its_release_comes(tmp_path: Path) -> None:
    text = NIGHT.replace("MORE", "hold: true")

    waits = simulated(tmp_path, text)
    released = simulated(tmp_path, text, "{orders: ['23:00 release load']}")

    assert waits.endless == ("load is held; it waits for ever to be released",)
    assert released.endless == ()
    assert run_state(released) == "normal"
