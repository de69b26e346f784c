import json
import os
import signal
import subprocess
import threading
from pathlib import Path

import psutil
import pytest
from machines import lifecycle
from machines.places import GROUPS, Place
from machines.processes import marked, running_pid

from tests.demo_hosts import INVENTORY, PROGRAMS, PROJECT, DemoHosts

pytestmark = pytest.mark.journey


def inventory_of(hosts: DemoHosts) -> dict[str, dict[str, object]]:
    listed = hosts.run("ansible-inventory", "-i", INVENTORY, "--list", cwd=hosts.scratch)
    assert listed.returncode == 0, listed.stderr
    variables: dict[str, dict[str, object]] = json.loads(listed.stdout)["_meta"]["hostvars"]
    return variables


def test_three_hosts_have_three_ports_keys_and_folders(started_hosts: DemoHosts) -> None:
    variables = inventory_of(started_hosts)

    keys = {line.split()[2] for line in started_hosts.place.known_hosts.read_text().splitlines()}
    assert set(variables) == {"ap1", "db1", "bk1"}
    assert len({one["ansible_port"] for one in variables.values()}) == 3
    assert len({one["host_folder"] for one in variables.values()}) == 3
    assert len(keys) == 3
    assert not any("ansible_connection" in one for one in variables.values())


def test_a_host_with_another_key_is_not_trusted(started_hosts: DemoHosts) -> None:
    lines = started_hosts.place.known_hosts.read_text().splitlines()
    swapped = started_hosts.scratch / "swapped"
    keys = [line.split(" ", 1)[1] for line in lines]
    ports = [line.split(" ", 1)[0] for line in lines]
    swapped.write_text("".join(f"{p} {k}\n" for p, k in zip(ports, keys[::-1], strict=True)))

    options = f"-F /dev/null -o StrictHostKeyChecking=yes -o UserKnownHostsFile={swapped}"
    done = started_hosts.run(
        "ansible", "ap", "-m", "ping", "-e", f"ansible_ssh_common_args='{options}'"
    )

    assert "UNREACHABLE" in done.stdout + done.stderr
    assert "ost key verification failed" in done.stdout + done.stderr


def test_a_stranger_is_not_let_in(started_hosts: DemoHosts, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(stranger)], check=True, timeout=30
    )

    door = ["-l", "demo", "-p", str(started_hosts.place.ports()["bk1"]), "127.0.0.1", "true"]
    known = started_hosts.place.known_hosts
    trusting = ["-F", "/dev/null", "-o", f"UserKnownHostsFile={known}", "-o", "BatchMode=yes"]
    by_key = subprocess.run(
        ["ssh", *trusting, "-o", "IdentitiesOnly=yes", "-i", stranger, *door],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    by_name = subprocess.run(
        ["ssh", "-F", str(started_hosts.place.ssh_config), "-l", "root", "bk1", "true"],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip

    assert [by_key.returncode, by_name.returncode] == [255, 255]
    assert "Permission denied" in by_key.stderr
    assert "Permission denied" in by_name.stderr


def test_a_command_has_the_hosts_own_home_and_its_streams_apart(started_hosts: DemoHosts) -> None:
    done = started_hosts.ssh("db1", 'pwd; echo "$HOME"; cat >&2; exit 7', text="to stderr")

    home = str(started_hosts.folder("db1") / "home")
    assert done.stdout.split() == [home, home]
    assert done.stderr == "to stderr"
    assert done.returncode == 7


def test_ten_megabytes_come_through_whole(started_hosts: DemoHosts) -> None:
    done = started_hosts.ssh("ap1", "head -c 10000000 /dev/zero | tr '\\0' x; echo end")

    assert len(done.stdout) == 10_000_004


def test_a_client_that_reads_slowly_gets_everything(started_hosts: DemoHosts) -> None:
    client = subprocess.Popen(
        ["ssh", "-F", str(started_hosts.place.ssh_config), "ap1", "head -c 8000000 /dev/zero"],
        stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert client.stdout is not None
    with pytest.raises(subprocess.TimeoutExpired):
        client.wait(timeout=4)  # it reads nothing for longer than the host's patience

    received = client.stdout.read()

    client.stdout.close()
    assert client.wait(timeout=20) == 0
    assert len(received) == 8_000_000


def test_a_daemon_that_keeps_the_pipe_does_not_keep_the_session(started_hosts: DemoHosts) -> None:
    done = started_hosts.ssh("ap1", "sleep 300 & echo $!; exit 3")

    daemon = psutil.Process(int(done.stdout))
    assert done.returncode == 3
    assert daemon.name() == "sleep"
    daemon.kill()


def test_a_cut_connection_takes_the_commands_process_group_with_it(
    started_hosts: DemoHosts,
) -> None:
    client = subprocess.Popen(
        ["ssh", "-F", str(started_hosts.place.ssh_config), "ap1",
         "trap '' HUP TERM; echo started; sleep 300 & sleep 300"],
        stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert client.stdout is not None
    assert client.stdout.readline() == b"started\n"
    sleepers = [one for one in marked(started_hosts.folder("ap1")) if one.name() in ("sh", "sleep")]

    client.kill()
    client.wait(timeout=10)

    client.stdout.close()
    _, alive = psutil.wait_procs(sleepers, timeout=20)
    assert len(sleepers) >= 2
    assert alive == []


def test_a_full_disk_refuses_what_is_too_large(started_hosts: DemoHosts) -> None:
    started_hosts.break_("backup")

    large = started_hosts.ssh("bk1", "cat > large", text="x" * 100_000)
    small = started_hosts.ssh("bk1", "cat > small && cat small", text="x")
    started_hosts.reset()
    again = started_hosts.ssh("bk1", "cat > large && rm large small", text="x" * 100_000)

    assert large.returncode != 0
    assert "too large" in large.stderr
    assert small.stdout == "x"
    assert again.returncode == 0


def test_files_travel_by_sftp(started_hosts: DemoHosts, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("hello")

    done = subprocess.run(
        ["sftp", "-b", "-", "-F", str(started_hosts.place.ssh_config), "bk1"],
        input=f"put {tmp_path}/letter\nget letter {tmp_path}/back\nrm letter\n",
        text=True, capture_output=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "back").read_text() == "hello"


def test_up_and_down_may_be_asked_twice_and_after_a_crash(tmp_path: Path) -> None:
    place = Place(folder=tmp_path / "second")

    lifecycle.bring_up(place, lambda _: None)
    first = {name: running_pid(place, name) for name in GROUPS}
    lifecycle.bring_up(place, lambda _: None)
    second = {name: running_pid(place, name) for name in GROUPS}
    crashed = first["db1"]
    assert crashed is not None
    os.kill(crashed, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(crashed)] if psutil.pid_exists(crashed) else [], timeout=10)
    lifecycle.bring_up(place, lambda _: None)
    third = {name: running_pid(place, name) for name in GROUPS}
    lifecycle.take_down(place)
    lifecycle.take_down(place)
    demo = place.read()

    assert first == second
    assert None not in third.values()
    assert third["db1"] != crashed
    assert demo is not None
    assert [running_pid(place, name) for name in GROUPS] == [None] * 3
    assert not any(marked(Path(demo.ground) / name) for name in GROUPS)
    lifecycle.remove(place)
    assert not Path(demo.ground).exists()


def test_two_that_start_the_same_hosts_at_once_get_one_set(tmp_path: Path) -> None:
    place = Place(folder=tmp_path / "shared")
    seen: list[dict[str, int | None]] = []

    def start() -> None:
        lifecycle.bring_up(place, lambda _: None)
        seen.append({name: running_pid(place, name) for name in GROUPS})

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)

    lifecycle.remove(place)
    assert len(seen) == 2
    assert seen[0] == seen[1]


@pytest.mark.parametrize("state", ["missing", "down"])
def test_the_inventory_says_how_to_start_hosts_that_do_not_run(tmp_path: Path, state: str) -> None:
    folder = tmp_path / "demo"
    if state == "down":
        (folder / "run").mkdir(parents=True)
        (folder / "inventory.json").write_text("{}")

    done = subprocess.run(
        [str(PROGRAMS / "ansible-inventory"), "--list"],
        cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "JOBNET_DEMO": str(folder), "ANSIBLE_HOME": str(tmp_path)},
    )  # fmt: skip

    assert done.returncode != 0
    assert "start them with '.venv/bin/python playbooks/monthly_backup/hosts.py up'" in done.stderr
