"""Each of the 18 parts is simulated: the network that stands for it, and what becomes of it."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from jobnet.project import bundle, read_file, select_network
from jobnet.services.simulation import simulate

from tests.project.test_collections import installed, sap
from tests.project.written import NETWORKS
from tests.services.simulating import night, run_state, scenario, seconds, states


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is given to a network, and what becomes of it and of its parts."""

    network: str
    given: str = "{}"
    run: str = "normal"
    parts: dict[str, str] = field(default_factory=dict)
    seconds: float


CASES = {
    "unit job": Case(
        network="unit_job",
        given="{fail: {a_role: 1}}",
        parts={"one_task": "normal", "a_role": "abnormal", "a_playbook": "bypassed"},
        seconds=3,
    ),
    "SAP command": Case(
        network="sap_command",
        given="{duration: {close: 2h}}",
        parts={"close": "normal"},
        seconds=7200,
    ),
    "custom job": Case(
        network="custom_job",
        given="{fail: {measure: 2}}",
        run="warning",
        parts={"measure": "warning"},
        seconds=1,
    ),
    "sub network": Case(
        network="sub_network",
        given="{output: {load.read_rows: {rows: 5}}}",
        parts={"load": "normal", "load.read_rows": "normal", "tell": "normal"},
        seconds=2,
    ),
    "dialog": Case(
        network="dialog",
        given="{answer: {ask: {choice: post, form: {comment: late}}}, duration: {ask: 10m}}",
        parts={"ask": "normal", "post": "normal"},
        seconds=601,
    ),
    "condition branch": Case(
        network="branch",
        given="{fail: {ping: 1}}",
        parts={"ping": "abnormal", "wait_for_1": "bypassed", "repair": "normal"},
        seconds=2,
    ),
    "calendar branch": Case(
        network="calendar_branch",
        parts={"close_the_month": "normal", "wait_for_1": "bypassed"},
        seconds=1,
    ),
    "parallel": Case(
        network="parallel",
        given="{duration: {web: 5m, batch: 1m}}",
        parts={"web": "normal", "batch": "normal", "wait_part_1": "normal"},
        seconds=300,
    ),
    "OR branch": Case(
        network="any_of",
        given="{duration: {wait_event_1: 20m}}",
        parts={"wait_event_1": "normal", "wait_until_1": "cancelled"},
        seconds=1200,
    ),
    "continuity": Case(
        network="continuity",
        given="{fail: {ping#1: 1, ping#2: 1}}",
        parts={"ping": "normal", "continue_from_1": "normal"},
        seconds=123,
    ),
    "network, sub-network and job wait": Case(
        network="waits_for_others",
        given="{duration: {wait_network_1: 1h, wait_part_1: 5m}, fail: {wait_part_1: 1}}",
        run="abnormal",
        parts={"wait_network_1": "normal", "wait_part_1": "abnormal"},
        seconds=3900,
    ),
    "file wait": Case(
        network="wait_file",
        given="{duration: {orders: 3h}}",
        parts={"orders": "normal", "read_it": "normal"},
        seconds=3 * 3600 + 2 + 1,
    ),
    "time wait": Case(
        network="time_waits",
        parts={"wait_until_1": "normal", "wait_until_2": "normal", "wait_for_1": "normal"},
        seconds=13.5 * 3600 + 600,
    ),
    "event send": Case(
        network="events",
        parts={"send_event_1": "normal", "received": "normal"},
        seconds=1,
    ),
    "event wait": Case(
        network="any_of",
        parts={"wait_event_1": "abnormal", "wait_until_1": "normal"},
        seconds=13.5 * 3600,
    ),
    "block / rescue / always": Case(
        network="block",
        given="{fail: {break_it: 1}}",
        parts={
            "break_it": "abnormal",
            "never_reached": "not_run",
            "mend": "normal",
            "clean_up": "normal",
        },
        seconds=3,
    ),
    "for-each": Case(
        network="for_each",
        given="{params: {customers: [{id: acme, host: a}, {id: eu, host: b}]},"
        ' fail: {"per_customer[eu].serve": 1}}',
        parts={
            "per_customer[acme].serve": "normal",
            "per_customer[eu].serve": "abnormal",
            "sum_up": "normal",
        },
        seconds=2,
    ),
    "notify": Case(
        network="notify",
        given="{output: {export: {rows: 3}}, artifact: {export: report.xlsx}}",
        parts={"export": "normal", "notify_1": "normal"},
        seconds=1,
    ),
}


def test_there_is_a_case_for_each_of_the_18_parts() -> None:
    coverage = (Path(__file__).resolve().parents[3] / "docs/coverage.md").read_text()
    rows = coverage.split("\n## Functions", 1)[0].split("\n|---", 1)[1].splitlines()[1:]

    parts = [row.split("|")[1].strip() for row in rows if row.startswith("|")]

    assert parts == list(CASES)


@pytest.mark.parametrize("part", CASES)
def test_a_part_is_simulated(part: str, tmp_path: Path) -> None:
    case = CASES[part]
    file = NETWORKS / f"{case.network}.yml"
    if case.network == "sap_command":
        installed(tmp_path / "collections", "sap_control_exec")
        file = sap(tmp_path)
    reading = read_file(file)
    network = bundle(reading, select_network(reading))
    given = scenario(tmp_path, f"given: {case.given}", network)

    ended = simulate(night(network, given))

    found = states(ended)
    assert {name: found.get(name) for name in case.parts} == case.parts
    assert (run_state(ended), seconds(ended)) == (case.run, case.seconds)
    assert not ended.warnings
    assert not ended.endless
