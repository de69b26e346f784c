"""A night fails on one host, the cause is repaired, and the rest of it runs: with real Ansible."""

from pathlib import Path

import pytest

from tests.journeys.playing import Project, new_project

pytestmark = pytest.mark.journey

NIGHT = """
kind: network
name: night
outputs: {said: "{{ parts.report.outputs.said }}"}
flow:
  - id: load
    hosts: h1
    tasks:
      - shell: echo load >> FOLDER/seen
      - set_stats: {data: {rows: 7}}
  - id: check
    hosts: web
    tasks:
      - shell: echo {{ inventory_hostname }} >> FOLDER/seen
        throttle: 1
      - command: test -e FOLDER/{{ inventory_hostname }}
  - id: report
    job: say
    hosts: h1
    args: {word: "{{ parts.load.outputs.rows }}"}
"""
SAY = """
kind: job_type
name: say
params: {word: {type: int, required: true}}
tasks:
  - set_stats: {data: {said: "{{ word }}"}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = new_project(tmp_path)
    made.write("say.yml", SAY)
    return made


def test_only_the_failed_host_runs_again_and_the_rest_of_the_night_follows(
    project: Project,
) -> None:
    text = NIGHT.replace("FOLDER", str(project.folder))
    project.write("h1", "")
    first = project.play(text)
    project.write("h2", "")

    unsaid = project.run("play", "night.yml", "--failed", "--hosts", "failed", "-o", "json")
    again = project.run("play", "night.yml", "--failed", "--hosts", "failed", "--yes", "-o", "json")

    assert (first.status, unsaid.status, again.status) == (4, 1, 0), again.said
    assert "add --yes" in unsaid.said
    assert "1 parts are carried" in again.said
    assert again.track["run"] == first.track["run"]
    assert again.track["outputs"] == {"said": 7}
    seen = (project.folder / "seen").read_text().split()
    assert (seen[0], sorted(seen[1:3]), seen[3:]) == ("load", ["h1", "h2"], ["h2"])
    hosts = again.part("check")["hosts"]
    assert {name: host["state"] for name, host in hosts.items()} == {
        "h1": "changed",
        "h2": "changed",
    }
