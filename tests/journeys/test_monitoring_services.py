"""The watch of the shop end to end, on the demo hosts: what it repairs, what it only notes.

The shop is a real program behind a real database; it is down because its process is killed or
its database stopped.
"""

import json
import os
import signal
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from tests.demo_hosts import CLONE, ORDERS, DemoHosts
from tests.journeys.playing import wait_until

pytestmark = pytest.mark.journey

PROJECT = CLONE / "playbooks/monitoring_services"
MORNING = "2026-05-29T09:00"
EVENING = "2026-05-29T20:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What a watch says of itself, and what it told people."""

    exit_status: int
    track: dict[str, Any]
    mails: dict[str, str]

    def states(self, *ids: str) -> list[str]:
        """Return the states of parts by their ids; inside the called network, too."""
        return [self._part(each)["state"] for each in ids]

    def iterations(self) -> int:
        """Return how often the shop was asked."""
        return int(self._part("ping")["iteration"])

    def _part(self, part_id: str) -> dict[str, Any]:
        parts = [one for one in self.track["parts"] if _id(one["key"]) == part_id]
        assert len(parts) == 1, [one["key"] for one in self.track["parts"]]
        return dict(parts[0])


def _id(key: str) -> str:
    return key.rsplit(".", maxsplit=1)[-1].partition("#")[0]


def watch(hosts: DemoHosts, *, at: str, ends: str) -> Watch:
    """Watch from one clock time to another; pauses are jumped over."""
    for file in hosts.place.mail.iterdir():
        file.unlink()
    done = hosts.run(
        "jobnet", "play", "watch_shop.yml", "--fast-forward", "--at", at, "-e", f"ends={ends}",
        "-o", "json", cwd=PROJECT,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return Watch(
        exit_status=done.returncode, track=json.loads(done.stdout), mails=_mails(hosts.place.mail)
    )


def _mails(folder: Path) -> dict[str, str]:
    read = [
        message_from_bytes(file.read_bytes(), policy=default)
        for file in sorted(folder.glob("*.eml"))
    ]
    return {str(mail["subject"]): str(mail["to"]) for mail in read}


def kill_the_shop(hosts: DemoHosts) -> None:
    pid = int((hosts.folder("ap1") / "srv/shop/shop.pid").read_text("ascii"))
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: hosts.orders() is None)


def test_while_all_is_well_it_only_asks(hosts: DemoHosts) -> None:
    day = watch(hosts, at=MORNING, ends="09:10")

    assert day.exit_status == 0
    assert day.iterations() == 3
    assert day.states("ping", "day", "recover", "again") == [
        "normal", "bypassed", "bypassed", "normal",
    ]  # fmt: skip
    assert day.mails == {}


def test_a_dead_application_is_restarted_in_business_hours_and_watched_on(
    hosts: DemoHosts,
) -> None:
    kill_the_shop(hosts)

    day = watch(hosts, at=MORNING, ends="09:05")

    assert day.exit_status == 0
    assert day.iterations() >= 2
    assert day.states("ping", "day") == ["normal", "bypassed"]
    assert "recovered" in day.track["flags"]
    assert day.mails == {"The shop is back": "desk@example.com"}
    assert hosts.orders() == ORDERS


def test_a_stopped_database_is_started_and_the_application_left_alone(hosts: DemoHosts) -> None:
    stopped = hosts.playbook("stop_db.yml")
    assert stopped.returncode == 0, stopped.stdout

    day = watch(hosts, at=MORNING, ends="09:00")

    assert day.exit_status == 0
    assert day.states("start_db", "restart_app", "works_again") == [
        "normal", "bypassed", "normal",
    ]  # fmt: skip
    assert hosts.orders() == ORDERS


def test_outside_business_hours_it_is_noted_and_left_alone(hosts: DemoHosts) -> None:
    kill_the_shop(hosts)

    day = watch(hosts, at=EVENING, ends="20:05")

    assert day.exit_status == 0
    assert day.iterations() >= 2
    assert day.states("recover", "note_hour") == ["bypassed", "normal"]
    assert day.mails == {"Digest of run watch_shop-2026-05-29-2000: 2 messages": "desk@example.com"}
    assert hosts.orders() is None


def test_a_repair_that_fails_ends_the_watch_and_the_operators_are_told(hosts: DemoHosts) -> None:
    hosts.break_("start_app")
    kill_the_shop(hosts)

    day = watch(hosts, at=MORNING, ends="09:10")

    assert day.exit_status == 4
    assert day.states("restart_app", "works_again", "tell_operators", "recover", "again") == [
        "abnormal", "not_run", "normal", "abnormal", "not_run",
    ]  # fmt: skip
    assert day.mails == {"The shop is down and cannot be brought back": "operations@example.com"}
