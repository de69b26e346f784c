"""Use case 1 end to end: the good night, each step failing, each step late.

Whatever goes wrong, the application serves again in the end and the track says what happened.
"""

import json
import shutil
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from tests.demo_hosts import INVENTORY, ORDERS, PROJECT, DemoHosts

pytestmark = pytest.mark.journey

EVENING = "2026-05-29T21:55"


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What a played night says of itself."""

    exit_status: int
    track: dict[str, Any]

    def part(self, part_id: str) -> dict[str, Any]:
        found = [one for one in self.track["parts"] if one["key"].split(".")[-1] == part_id]
        assert len(found) == 1, [one["key"] for one in self.track["parts"]]
        return dict(found[0])

    def states(self, *part_ids: str) -> list[str]:
        return [self.part(one)["state"] for one in part_ids]


def play(hosts: DemoHosts, *, at: str = EVENING, project: Path = PROJECT) -> Night:
    chat = f"chat=http://127.0.0.1:{hosts.place.ports()['webhook']}/operations"
    done = hosts.run(
        "jobnet", "play", "monthly_backup.yml", "--fast-forward", "--at", at, "-e", chat,
        "-o", "json", cwd=project,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return Night(exit_status=done.returncode, track=json.loads(done.stdout))


def changed_project(folder: Path, old: str, new: str) -> Path:
    """Return a copy of the project in whose network ``old`` is ``new``."""
    project = folder / "playbooks" / "monthly_backup"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("machines", "__pycache__"))
    shutil.copytree(INVENTORY, folder / "inventories" / "backup_demo")
    network = project / "monthly_backup.yml"
    text = network.read_text("utf-8")
    assert text.count(old) == 1
    network.write_text(text.replace(old, new), "utf-8")
    return project


def messages(hosts: DemoHosts) -> list[str]:
    """Return subject or body of what the mailbox has kept, and forget it."""
    texts = []
    for file in sorted(hosts.place.mail.iterdir()):
        if file.suffix == ".eml":
            texts.append(str(message_from_bytes(file.read_bytes(), policy=default)["subject"]))
        else:
            texts.append(str(json.loads(file.read_text("utf-8"))["body"]))
        file.unlink()
    return texts


@pytest.fixture(scope="module")
def good_night(started_hosts: DemoHosts) -> Night:
    started_hosts.reset()
    return play(started_hosts)


def test_in_the_good_night_every_step_ends_well(
    good_night: Night, started_hosts: DemoHosts
) -> None:
    steps = ("stop_app", "stop_db", "backup", "start_db", "start_app")
    assert good_night.exit_status == 0
    assert good_night.track["state"] == "normal"
    assert good_night.states(*steps) == ["normal"] * len(steps)
    assert started_hosts.orders() == ORDERS


def test_the_good_night_restores_every_row(good_night: Night, started_hosts: DemoHosts) -> None:
    outputs = good_night.part("backup")["outputs"]

    size = started_hosts.ssh("bk1", f"wc -c < {outputs['dump']}").stdout
    assert int(outputs["rows"]) == int(outputs["source_rows"]) == ORDERS + 200
    assert int(outputs["bytes"]) == int(size)
    assert good_night.track["outputs"] == {"dump": outputs["dump"], "rows": outputs["rows"]}


def test_the_good_night_leaves_no_process_on_the_backup_server(
    good_night: Night, started_hosts: DemoHosts
) -> None:
    assert good_night.exit_status == 0
    assert started_hosts.postgres_processes("bk1") == []


def test_the_track_names_three_hosts(good_night: Night) -> None:
    jobs = ("stop_app", "stop_db", "backup")
    named = {host for job in jobs for host in good_night.part(job)["hosts"]}
    assert named == {"ap1", "db1", "bk1"}


@pytest.mark.parametrize("step", ["stop_app", "stop_db", "backup", "start_db"])
def test_a_step_that_fails_is_told_and_the_application_serves_again(
    hosts: DemoHosts, step: str
) -> None:
    steps = ["stop_app", "stop_db", "backup", "start_db"]
    later = steps[steps.index(step) + 1 :]
    hosts.break_(step)
    messages(hosts)

    night = play(hosts)

    assert night.states(step) == ["abnormal"]
    assert night.states(*later) == ["not_run"] * len(later)
    assert night.states("start_db_again", "start_app") == ["normal", "normal"]
    assert night.exit_status == 0
    assert "recovered" in night.track["flags"]
    assert any("Backup of 2026-05-29 cancelled" in text for text in messages(hosts))
    assert hosts.orders() == ORDERS


def test_an_application_that_does_not_start_is_started_again(hosts: DemoHosts) -> None:
    hosts.break_("start_app")

    night = play(hosts)

    assert night.states("start_app") == ["normal"]
    assert night.part("start_app")["attempt"] == 2
    assert hosts.orders() == ORDERS


LATE = {
    "stop_db": ("slow_stop_db", 'end_by: "24:00"', 'end_by: "23:00:08"'),
    "backup": ("slow_backup", 'end_by: "26:00"', 'end_by: "24:00:15"'),
    "start_db": ("slow_start_db", 'end_by: "27:00"', 'end_by: "26:00:08"'),
}


@pytest.mark.parametrize("step", sorted(LATE))
def test_a_step_that_is_late_is_ended_and_the_application_serves_again(
    hosts: DemoHosts, tmp_path: Path, step: str
) -> None:
    fault, old, new = LATE[step]
    hosts.break_(fault)

    night = play(hosts, project=changed_project(tmp_path, old, new))

    assert night.states(step) == ["abnormal"]
    assert "deadline" in night.part(step)["message"]
    assert night.states("start_db_again", "start_app") == ["normal", "normal"]
    assert hosts.orders() == ORDERS


def test_an_application_that_hangs_is_ended_at_eleven_and_serves_again(hosts: DemoHosts) -> None:
    hosts.break_("hang_app")

    night = play(hosts, at="2026-05-29T22:59:52")

    assert night.states("stop_app", "stop_db") == ["abnormal", "not_run"]
    assert "deadline" in night.part("stop_app")["message"]
    assert hosts.orders() == ORDERS


def test_a_start_that_hangs_is_ended_and_tried_again(hosts: DemoHosts, tmp_path: Path) -> None:
    hosts.break_("slow_app")

    night = play(hosts, project=changed_project(tmp_path, "timeout: 2m", "timeout: 12s"))

    assert night.states("start_app") == ["normal"]
    assert night.part("start_app")["attempt"] == 2
    assert hosts.orders() == ORDERS
