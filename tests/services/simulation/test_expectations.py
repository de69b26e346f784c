"""Every expectation that does not hold is told, and one that holds is not."""

from pathlib import Path

import pytest
from jobnet.services.simulation import failures_of, simulate

from tests.services.simulating import night, pinned, scenario

NETWORK = """
kind: network
name: net
timezone: Asia/Tokyo
late_end: "21:30"
outputs: {rows: "{{ 7 }}"}
flow:
  - {id: load, hosts: db, ansible.builtin.command: load, on_error: continue}
  - {id: hour, wait_for: 1h}
  - id: each
    for_each:
      items: [a, b]
      as: thing
      flow: [{id: serve, hosts: db, ansible.builtin.command: serve}]
  - {id: hold_me, hosts: db, ansible.builtin.command: x, hold: true}
"""
GIVEN = "given: {fail: {load: 3, 'each[b].serve': 1}, duration: {load: 10s}}"
TABLE = {
    "{state: abnormal}": "",
    "{state: normal}": "the run: state is abnormal, expected normal",
    "{exit_code: 1}": "",
    "{exit_code: 2}": "the run: exit code is 1, expected 2",
    "{message: 'serve'}": "",
    "{message: nothing}": "the run: message is",
    "{outputs: {rows: 7}}": "",
    "{outputs: {rows: 8}}": "the run: output rows is 7, expected 8",
    "{outputs: {rows: '7'}}": "the run: output rows is 7, expected '7'",
    "{outputs: {row: 8}}": "the run: output row was expected, and there is none",
    "{recovered: [load]}": "",
    "{recovered: []}": "the run: recovered parts is load, expected none",
    "{parts: {load: abnormal}}": "",
    "{parts: {load: normal}}": "load: state is abnormal, expected normal (simulated: exit code 3)",
    "{parts: {load: {exit_code: 3, attempts: 1, held: false, message: code 3}}}": "",
    "{parts: {load: {exit_code: 4}}}": "load: exit code is 3, expected 4",
    "{parts: {load: {attempts: 2}}}": "load: attempts is 1, expected 2",
    "{parts: {load: {held: true}}}": "load: held is false, expected true (abnormal)",
    "{parts: {load: {flags: late_end}}}": "load: flag is none, expected late_end",
    "{parts: {load: {outputs: {a: 1}}}}": "load: output a was expected, and there is none",
    "{parts: {hold_me: not_run}}": "",
    "{parts: {'each[a].serve': normal}}": "",
    "{parts: {serve: normal}}": "each[b].serve: state is abnormal, expected normal",
    "{parts: {'each[c].serve': normal}}": "each[c].serve was expected, and the run has no such",
    "{by: {load: '21:01'}}": "",
    "{by: {load: '21:00:10'}}": "",
    "{by: {load: '21:00:09'}}": "load was expected to have ended by 21:00:09 and ended at",
    "{by: {hour: '22:00'}}": "hour was expected to have ended by 22:00 and ended at 2026-05-29 22",
    "{by: {hold_me: '23:00'}}": "hold_me was expected to have ended by 23:00 and is not_run",
    "{by: {hour: '46:00'}}": "",
    "{ended_by: '23:00'}": "",
    "{ended_by: '22:00'}": "the run was expected to have ended by 22:00 and ended at 2026-05-29",
    "{order: [load, hour, each]}": "",
    "{order: [hour, load]}": "load was expected after hour, but started at 2026-05-29 21:00:00 JST",
    "{order: [hour, hold_me]}": "hold_me was expected after hour, and hold_me did not start",
    "{alerts: late_end}": "",
    "{alerts: [{alert: late_end, by: '21:30'}, abnormal]}": "",
    "{alerts: [{alert: late_end, by: '21:29'}]}": "the alert late_end was expected by 21:29",
    "{alerts: [{alert: late_end, part: load}]}": "the alert late_end of load was expected",
    "{alerts: lost}": "the alert lost was expected and never raised",
    "{no_alerts: lost}": "",
    "{no_alerts: late_end}": "no alert late_end was expected, but at 2026-05-29 21:30:00 JST",
}


@pytest.mark.parametrize("expect", TABLE)
def test_an_expectation_holds_or_is_told(expect: str, tmp_path: Path) -> None:
    network = pinned(tmp_path, NETWORK)
    one = scenario(tmp_path, f"{GIVEN}\nexpect: {expect}", network)

    told = failures_of(simulate(night(network, one, zone="Asia/Tokyo")), one.expect)

    assert len(told) == bool(TABLE[expect]), told
    assert all(TABLE[expect] in each for each in told)


def test_all_that_does_not_hold_is_told_at_once(tmp_path: Path) -> None:
    network = pinned(tmp_path, NETWORK)
    words = "expect: {state: normal, exit_code: 2, parts: {load: normal, hour: abnormal}}"
    one = scenario(tmp_path, f"{GIVEN}\n{words}", network)

    told = failures_of(simulate(night(network, one, zone="Asia/Tokyo")), one.expect)

    assert [each.split(" is ")[0] for each in told] == [
        "the run: state",
        "the run: exit code",
        "load: state",
        "hour: state",
    ]


def test_an_id_means_recovered_parts_wherever_they_stand(tmp_path: Path) -> None:
    text = """
    kind: network
    name: net
    flow:
      - id: each
        for_each:
          items: [a]
          as: thing
          flow:
            - {id: serve, hosts: db, ansible.builtin.command: x, on_error: continue}
    """
    network = pinned(tmp_path, text)
    one = scenario(tmp_path, "{given: {fail: {serve: 1}}, expect: {recovered: serve}}", network)

    assert failures_of(simulate(night(network, one)), one.expect) == ()
