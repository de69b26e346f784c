"""Networks that are correct YAML and meant to cost too much are read in bounded time."""

import time
from datetime import date
from pathlib import Path

import pytest
from jobnet.project import lint

from tests.project.written import network_of, read

SECONDS_MAX = 20
MANY = 20_000


def pairs(count: int, value: str, *, name: str = "k") -> str:
    return "{" + ", ".join(f"{name}{index}: {value}" for index in range(count)) + "}"


HOSTILE = {
    "params that do not fit": (f"params: {pairs(MANY, '5')}\n", "- wait_for: 1s", 501),
    "params without fault": (
        f"params: {pairs(MANY // 2, '{type: int, default: x}')}\n", "- wait_for: 1s", 501),
    "outputs": (f"outputs: {pairs(MANY, repr('{{ params.x }}'))}\n", "- wait_for: 1s", 501),
    "keys of a part": ("", f"- {pairs(MANY, '1')}", 1),
    "keys of a body": ("", f"- dialog: {pairs(MANY, '1')}", 501),
    "unknown parts": ("", f"- send_event: {{name: x, data: {pairs(MANY, repr('{{ parts.y }}'))}}}",
                      501),
    "open braces": ("", "- debug: {msg: '" + "{{" * 500_000 + "'}", 0),
    "vars in every job": (f"vars: {pairs(MANY, '1')}\n", "- ping:\n" * 5_000, 1),
    "parts that are all wrong": ("", "- wait_untl: 1\n" * 5_000, 501),
    "branches in each other": ("", "- " + "block: [" * 30 + "wait_for: 1s" + "]" * 30, 0),
}  # fmt: skip


@pytest.mark.parametrize(("head", "flow", "count"), HOSTILE.values(), ids=HOSTILE.keys())
def test_reading_ends_in_bounded_time(tmp_path: Path, head: str, flow: str, count: int) -> None:
    began = time.process_time()

    reading = read(tmp_path, network_of(flow, head=head))

    assert time.process_time() - began < SECONDS_MAX
    assert len(reading.problems) == count, [str(one) for one in reading.problems[:3]]


def test_a_correct_network_of_a_thousand_parts_is_read_fast(tmp_path: Path) -> None:
    part = "- {{id: p{n}, command: echo {n}, when: params.x > {n}, on_error: continue}}\n"
    text = network_of(
        "".join(part.format(n=n) for n in range(1_000)),
        head="params: {x: {type: int, default: 1}}\n",
    )
    began = time.process_time()

    reading = read(tmp_path, text)

    assert not lint(reading)
    assert time.process_time() - began < 3  # the goal is 0.3 s; a busy machine is slower


MANY_CASES = ", ".join(f"{{on: {{day_of_month: [{n % 28 + 1}]}}, flow: []}}" for n in range(5_000))
COSTLY_TO_LINT = {
    "events that nobody sends": "- wait_event: {name: go, timeout: 1h}\n- command: echo\n" * 3_000,
    "loops in a row": "- {id: a, wait_for: 1s}\n" + "- {continue_from: a, until: 1 == 2}\n" * 3_000,
    "cases of days": f"- calendar_branch: {{cases: [{MANY_CASES}]}}",
    "conditions on one part": "- {id: a, ping: }\n" + "- {ping: , when: parts.a.normal}\n" * 3_000,
    "waits inside": "- wait_part: {part: z, timeout: 1h}\n" * 3_000 + "- {id: z, wait_for: 1s}",
    "conditions that cost": "- {wait_for: 1s, when: 'range(10**9) | list == []'}\n" * 500,
    "the same playbook": "- playbook: p.yml\n" * 3_000,
}  # fmt: skip


@pytest.mark.parametrize("flow", COSTLY_TO_LINT.values(), ids=COSTLY_TO_LINT.keys())
def test_linting_ends_in_bounded_time(tmp_path: Path, flow: str) -> None:
    (tmp_path / "p.yml").write_text(
        "- hosts: all\n  tasks:\n" + "  - import_tasks: p.yml\n" * 3_000
    )
    reading = read(tmp_path, network_of(flow))
    began = time.process_time()

    lint(reading, today=date(2026, 11, 22))

    assert time.process_time() - began < SECONDS_MAX


LONG = "x" * 9_000
JOB_TYPE = "---\nkind: job_type\nname: j\nhosts: '{{ x'\nrole: r\n"
TOO_LONG = {
    "hosts": f"- {{ping: , hosts: [{LONG}, {LONG}]}}",
    "inventory": f"- {{ping: , inventory: [{LONG}, {LONG}]}}",
    "many conditions": "- {wait_for: 1s, when: [" + "now is defined, " * 101 + "]}",
    "long conditions": f"- {{wait_for: 1s, when: [now == '{LONG}', now == '{LONG}']}}",
    "a condition": f"- {{wait_for: 1s, when: '{'1 + ' * 20_000}1 == 1'}}",
}


@pytest.mark.parametrize("flow", TOO_LONG.values(), ids=TOO_LONG.keys())
def test_what_is_too_long_together_is_told(tmp_path: Path, flow: str) -> None:
    assert len(read(tmp_path, network_of(flow)).problems) == 1


def test_conditions_of_network_and_part_that_are_too_long_together_are_told(
    tmp_path: Path,
) -> None:
    head = f"when: now == '{LONG}'\n"

    reading = read(tmp_path, network_of(f"- {{wait_for: 1s, when: now == '{LONG}'}}", head=head))

    assert [one.path for one in reading.problems] == ["when"]


def test_hosts_of_a_job_type_that_are_no_template_are_told(tmp_path: Path) -> None:
    reading = read(tmp_path, network_of("- job: j") + JOB_TYPE)

    assert [one.code for one in reading.problems] == ["broken_job_type", "expression_refused"]
