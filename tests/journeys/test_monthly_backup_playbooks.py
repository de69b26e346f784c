"""The playbooks and job types of the monthly backup with plain Ansible: Jobnet is not involved."""

import os
import re

import pytest
from machines.processes import marked

from tests.demo_hosts import ORDERS, DemoHosts

pytestmark = pytest.mark.journey


def changed_in(output: str) -> int:
    return sum(int(count) for count in re.findall(r"changed=(\d+)", output))


def test_stopping_and_starting_twice_changes_nothing_the_second_time(hosts: DemoHosts) -> None:
    first = [hosts.job("stop_service"), hosts.playbook("stop_db.yml")]
    second = [hosts.job("stop_service"), hosts.playbook("stop_db.yml")]
    third = [hosts.playbook("start_db.yml"), hosts.job("start_service")]
    fourth = [hosts.playbook("start_db.yml"), hosts.job("start_service")]

    assert [done.returncode for done in (*first, *second, *third, *fourth)] == [0] * 8
    assert all(changed_in(done.stdout) for done in (*first, *third))
    assert not any(changed_in(done.stdout) for done in (*second, *fourth))


@pytest.mark.parametrize("content", ["not a number", "{pid}"])
def test_a_stale_pid_file_kills_nobody_and_hinders_nobody(hosts: DemoHosts, content: str) -> None:
    bystander = next(iter(marked(hosts.folder("db1")))).pid
    assert hosts.job("stop_service").returncode == 0
    pid_file = hosts.folder("ap1") / "srv" / "shop" / "shop.pid"
    pid_file.write_text(content.format(pid=bystander))
    if os.geteuid() == 0:
        os.chown(pid_file, pid_file.parent.stat().st_uid, -1)

    started = hosts.job("start_service")

    assert started.returncode == 0, started.stdout
    assert hosts.orders() == ORDERS
    os.kill(bystander, 0)


def test_a_hung_application_is_not_taken_for_stopped_and_is_replaced(hosts: DemoHosts) -> None:
    hosts.break_("hang_app")

    stopped = hosts.job("stop_service")
    started = hosts.job("start_service")

    assert stopped.returncode != 0
    assert "does not end" in stopped.stdout
    assert started.returncode == 0, started.stdout
    assert hosts.orders() == ORDERS


def test_a_backup_of_a_database_that_serves_is_refused(hosts: DemoHosts) -> None:
    backup = hosts.playbook("backup.yml")

    assert backup.returncode != 0
    assert hosts.orders() == ORDERS


def test_a_dump_that_is_killed_leaves_nothing_behind(hosts: DemoHosts) -> None:
    hosts.job("stop_service")
    hosts.playbook("stop_db.yml")
    hosts.break_("dump")

    backup = hosts.playbook("backup.yml", "-e", "target=failed")

    assert backup.returncode != 0
    assert hosts.postgres_processes("db1") == []
    assert hosts.ssh("bk1", "ls failed").stdout == ""
    # A module that was killed in another test leaves its own payload there, never a dump.
    assert hosts.ssh("db1", "ls ../tmp | grep -v ^ansible_").stdout == ""
