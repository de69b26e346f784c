"""`jobnet doctor`, run in this process; what it says of warm starts comes from a real server."""

import json
from pathlib import Path
from typing import Any

import pytest
from jobnet.cli.entry import run

from tests.cli.conftest import Place

NIGHT = """
kind: network
name: night
flow:
  - {id: one, hosts: localhost, ansible.builtin.command: echo}
  - {id: two, hosts: localhost, ansible.builtin.command: echo, warm: off}
"""

pytestmark = pytest.mark.parts


@pytest.fixture(autouse=True)
def _here(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(place.project)


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """Return the exit status and the document that was printed, findings by their names."""
    status = run(["doctor", *arguments, "-o", "json"])
    told = json.loads(capsys.readouterr().out)
    told["findings"] = {finding["name"]: finding for finding in told["findings"]}
    return status, told


def test_a_healthy_place_runs_warm_and_is_told_line_by_line(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(["doctor"])

    lines = capsys.readouterr().out.splitlines()
    assert (status, lines[-1]) == (0, "Jobs can run here.")
    assert "warm starts    yes, the canary job ran well" in "\n".join(lines)
    assert any(line.startswith("ok      ansible-core ") for line in lines)
    assert any(str(place.home) in line and "state folder" in line for line in lines)


def test_a_file_is_told_how_many_of_its_jobs_may_start_warm(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOBNET_WARM", "off")
    place.network(NIGHT)

    status, told = document(capsys, "night.yml:night")

    definition = told["findings"]["definition"]
    assert (status, told["can_run"]) == (0, True)
    assert definition["grade"] == "note"
    assert definition["text"].startswith("night.yml: 1 of 2 unit jobs may start warm")
    assert told["findings"]["warm starts"]["text"].endswith("switched off (JOBNET_WARM)")


def test_what_ansible_prints_while_it_is_loaded_is_told(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    (place.project / "ansible.cfg").write_text("[defaults]\nlog_path = nowhere/ansible.log\n")

    status, told = document(capsys)

    warm, log = told["findings"]["warm starts"], told["findings"]["log"]
    assert (status, warm["grade"], log["grade"]) == (0, "warning", "warning")
    assert "no: Ansible prints something while it is loaded" in warm["text"]
    assert "nowhere/ansible.log" in warm["text"]
    assert "start cold" in warm["advice"]


def test_what_keeps_jobs_from_running_ends_with_one(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOBNET_WARM", "off")
    place.network("kind: network\nname: night\nflow: [{wait_for: soon}]\n")
    place.project.chmod(0o757)

    status = run(["doctor", "night.yml"])

    lines = capsys.readouterr().out.splitlines()
    assert status == 1
    assert lines[-1] == "Jobs cannot run here: definition, project."
    assert any("chmod o-w" in line for line in lines)


def test_a_broken_configuration_is_bad(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOBNET_WARM", "off")
    (place.project / "ansible.cfg").write_text("[defaults\n")

    status, told = document(capsys, str(place.project))

    assert (status, told["findings"]["ansible.cfg"]["grade"]) == (1, "bad")


def test_a_place_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    status = run(["doctor", "nowhere.yml"])

    assert status == 1
    assert "'nowhere.yml' does not exist" in capsys.readouterr().err


def test_without_ssh_a_warning_is_enough(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JOBNET_WARM", "off")
    monkeypatch.setenv("PATH", str(tmp_path))

    status, told = document(capsys)

    assert (status, told["findings"]["ssh"]["grade"]) == (0, "warning")
    assert told["findings"]["sshpass"]["grade"] == "note"
