import dataclasses
import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from jobnet.engine.results import HostState, JobEnd, JobResult
from jobnet.execution.artifacts import find_artifacts
from jobnet.execution.bounds import ARTIFACTS_MAX, HOSTS_MAX, OUTPUTS_BYTES_MAX
from jobnet.execution.collect import bounded, collect, put_together
from jobnet.execution.end import AttemptEnd
from jobnet.execution.spool import OUTPUTS, Spool
from jobnet.execution.tally import tally_of
from jobnet.ids import HostName

from tests.execution.building import Finished, Project, run_all
from tests.execution.test_verdict import manifest

H1, H2 = HostName("h1"), HostName("h2")
STATS = """
- set_stats: {data: {count: 1, names: {a: 1}, list: [1], text: a}}
- set_stats: {data: {count: 2, names: {b: 2}, list: [2], text: b, wrong: 1}}
- set_stats: {data: {wrong: text}}
- set_stats: {data: {count: 10}, aggregate: false}
  when: inventory_hostname == 'nobody'
- set_stats: {data: {mine: "{{ inventory_hostname }}"}, per_host: true}
- set_stats: {data: {looped: "{{ item }}"}, aggregate: false}
  loop: [1, 2]
"""
REGISTERS = """
- command: echo "{{ inventory_hostname }}"
  register: said
- set_fact: {chosen: "{{ said.stdout }}-x"}
- command: echo skipped
  register: not_done
  when: false
"""
COPIES = "- copy: {content: new, dest: /tmp/nope}"
ARTIFACTS = """
- shell: |
    echo one > $JOBNET_ARTIFACTS/report.txt
    mkdir $JOBNET_ARTIFACTS/deep && echo two > $JOBNET_ARTIFACTS/deep/two.txt
    ln -s /etc/passwd $JOBNET_ARTIFACTS/passwd
    mkfifo $JOBNET_ARTIFACTS/pipe
"""


@pytest.fixture(scope="module")
def ends(shared_project: Project) -> dict[str, Finished]:
    project = shared_project
    orders = {
        "stats": project.play(STATS, hosts="local", part="a"),
        "registers": project.play(REGISTERS, part="b", keeps_host_vars=True),
        "two_hosts": project.play(REGISTERS, hosts="local", part="c", keeps_host_vars=True),
        "artifacts": project.play(ARTIFACTS, part="d"),
        "check": project.play("- command: 'true'\n- shell: 'false'", part="e", check=True),
        "half_check": project.play(
            "- command: 'true'\n- file: {path: /tmp, state: directory}", part="f", check=True
        ),
        "when": project.play("- command: 'true'\n  when: false", part="g", check=True),
        "large": project.play(
            "- set_stats: {data: {big: \"{{ 'x' * 300000 }}\", small: 1}}", part="h"
        ),
        "diff": project.play(
            "- copy: {content: new, dest: /tmp/nope}", part="i", check=True, diff=True
        ),
    }
    return run_all(project, orders)


@pytest.mark.parts
def test_outputs_are_what_ansible_aggregates(ends: dict[str, Finished]) -> None:
    outputs = ends["stats"].result.outputs

    assert outputs == {
        "count": 6,
        "names": {"a": 1, "b": 2},
        "list": [1, 1, 2, 2],
        "text": "aabb",
        "wrong": 2,
        "looped": 2,
    }


@pytest.mark.parts
def test_stats_per_host_stay_with_the_host(ends: dict[str, Finished]) -> None:
    hosts = ends["stats"].result.hosts

    assert {name: host.stats for name, host in hosts.items()} == {
        "h1": {"mine": "h1"},
        "h2": {"mine": "h2"},
    }


@pytest.mark.parts
def test_with_one_host_registered_results_are_outputs(ends: dict[str, Finished]) -> None:
    one, two = ends["registers"].result, ends["two_hosts"].result

    assert one.outputs["said"]["stdout"] == "h1"  # type: ignore[index]
    assert one.outputs["not_done"]["skipped"] is True  # type: ignore[index]
    assert two.outputs == {}


@pytest.mark.parts
def test_registered_results_and_facts_travel_with_their_host(ends: dict[str, Finished]) -> None:
    host_vars = ends["two_hosts"].result.host_vars

    assert {name: values["chosen"] for name, values in host_vars.items()} == {
        "h1": "h1-x",
        "h2": "h2-x",
    }
    assert host_vars[H2]["said"]["rc"] == 0  # type: ignore[index]
    assert ends["artifacts"].result.host_vars == {}


@pytest.mark.parts
def test_only_plain_files_are_kept_as_artifacts(ends: dict[str, Finished]) -> None:
    result = ends["artifacts"].result

    assert sorted(result.artifacts) == ["deep/two.txt", "report.txt"]
    assert Path(result.artifacts["report.txt"]).read_text() == "one\n"
    assert result.cuts == ("artifacts.passwd", "artifacts.pipe")


@pytest.mark.parts
def test_a_job_that_check_mode_skipped_has_no_exit_code(ends: dict[str, Finished]) -> None:
    result = ends["check"].result

    assert result.skipped_by_check_mode
    assert (result.end, result.is_normal, result.exit_code) == (JobEnd.ENDED, True, None)


@pytest.mark.parts
@pytest.mark.parametrize("name", ["half_check", "when", "diff"])
def test_a_job_that_could_be_checked_was_not_skipped(ends: dict[str, Finished], name: str) -> None:
    result = ends[name].result

    assert not result.skipped_by_check_mode
    assert result.exit_code == 0


@pytest.mark.parts
def test_a_diff_is_shown_where_it_was_asked_for(ends: dict[str, Finished]) -> None:
    assert "+new" in ends["diff"].output


@pytest.mark.parts
def test_outputs_that_were_cut_are_marked_and_kept_in_full(ends: dict[str, Finished]) -> None:
    result = ends["large"].result

    whole = json.loads((ends["large"].folder / OUTPUTS).read_text())
    assert "outputs" in result.cuts
    assert result.outputs["small"] == 1
    assert "more characters]" in str(result.outputs["big"])
    assert len(str(result.outputs)) < OUTPUTS_BYTES_MAX
    assert whole["big"] == "x" * 300_000


@pytest.mark.parts
def test_whoever_reads_the_spool_later_gets_the_reported_result(
    ends: dict[str, Finished],
) -> None:
    for finished in ends.values():
        again = collect(Spool(folder=finished.folder))

        assert again == finished.result


@pytest.mark.parts
def test_a_result_can_be_written_as_json_and_fits_a_journal(ends: dict[str, Finished]) -> None:
    for finished in ends.values():
        text = json.dumps(dataclasses.asdict(finished.result))

        assert len(text) < 200 * 1024


def test_a_small_output_survives_beside_a_huge_one() -> None:
    cuts: list[str] = []

    kept = bounded({"huge": "x" * 10_000, "small": 1}, 1_000, "outputs", cuts)

    assert list(kept) == ["huge", "small"]
    assert kept["small"] == 1
    assert cuts == ["outputs"]


def test_of_too_many_hosts_the_failed_ones_are_kept(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = [{"kind": "play"}]
    records += [host_record(number, "ok") for number in range(HOSTS_MAX + 500)]
    records += [host_record(9999, "failed")]

    result = together(records, tmp_path)

    assert len(result.hosts) == HOSTS_MAX
    assert result.hosts[HostName("h9999")].state is HostState.FAILED
    assert "hosts" in result.cuts
    assert len(repr(result)) < 600_000


def test_messages_are_bounded(tmp_path: Path) -> None:
    record = host_record(1, "failed") | {"message": "long " * 10_000}

    result = together([{"kind": "play"}, record], tmp_path)

    assert len(result.hosts[H1].message) <= 200
    assert len(result.message) <= 200


def test_hostile_artifacts_are_only_noted(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "out").symlink_to("/")
    (tmp_path / "evil\nname").write_text("x")
    (tmp_path / os.fsdecode(b"\xff")).write_text("x")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
    cuts: list[str] = []

    found = find_artifacts(tmp_path, cuts)

    assert list(found) == ["plain"]
    assert len(cuts) == 5
    assert all(cut.isprintable() and cut.isascii() for cut in cuts)


def test_too_many_artifacts_are_noted(tmp_path: Path) -> None:
    for number in range(ARTIFACTS_MAX * 3):
        (tmp_path / str(number)).touch()
    cuts: list[str] = []

    found = find_artifacts(tmp_path, cuts)

    assert len(found) == ARTIFACTS_MAX
    assert 0 < len(cuts) <= ARTIFACTS_MAX + 1


def host_record(number: int, state: str) -> dict[str, Any]:
    failed = state == "failed"
    return {"kind": "result", "host": f"h{number}", "state": state, "counts": failed}


def together(records: list[dict[str, Any]], folder: Path) -> JobResult:
    end = AttemptEnd(ansible_rc=0, duration_seconds=1.0)
    return put_together(tally_of(records), end, manifest(), Spool(folder=folder))
