"""A controller as a process of its own: started, found, ended, killed, and what it refuses."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.ports.server_place import place_in

from tests.cli.conftest import Place

pytestmark = pytest.mark.parts

NIGHT = """
kind: network
name: night
flow:
  - {id: load, hosts: h1, ansible.builtin.command: echo loaded by hand}
  - {id: ask, dialog: {message: Go on?, choices: {'yes': 0}}}
"""
SECONDS_MAX = 120


@pytest.fixture
def up(place: Place) -> Iterator[Place]:
    """A place with a controller in the background."""
    done = place.run("up", "--detach", "--port", "0")
    assert done.returncode == 0, done.stderr + log(place)
    yield place
    place.run("down")


def log(place: Place) -> str:
    file = place_in(place.home).log
    return file.read_text() if file.exists() else ""


def announced(place: Place) -> dict[str, object]:
    found: dict[str, object] = json.loads(place_in(place.home).server.read_text())
    return found


def said(place: Place, *arguments: str) -> str:
    done = place.run(*arguments)
    assert done.returncode == 0, done.stderr + log(place)
    return done.stdout


def test_a_network_runs_with_ansible_and_is_looked_at(up: Place) -> None:
    up.network(NIGHT)
    said(up, "apply", ".")

    run = said(up, "start", "night").strip()
    watching = up.run("answer", f"{run}/ask", "yes")
    while watching.returncode:  # until the job has ended and the dialog is open
        watching = up.run("answer", f"{run}/ask", "yes")
    said(up, "run", "watch", run)

    assert "✔ load" in said(up, "run", "show", run)
    assert "loaded by hand" not in said(up, "logs", run, "--grep", "no such text")
    assert "load:" in said(up, "logs", run, "--grep", "changed: [h1]")


def test_what_is_not_ended_goes_on_after_a_kill(up: Place) -> None:
    up.network(NIGHT)
    said(up, "apply", ".")
    run = said(up, "start", "night").strip()
    pid = int(str(announced(up)["pid"]))

    os.kill(pid, signal.SIGKILL)
    again = up.run("up", "--detach", "--port", "0")
    while up.run("answer", f"{run}/ask", "yes").returncode:
        assert "night" in said(up, "run", "list")

    assert again.returncode == 0
    assert said(up, "run", "watch", run).splitlines()[-1].endswith("s")
    assert json.loads(said(up, "run", "show", f"{run}/load", "-o", "json"))["attempt"] == 1


def test_only_its_user_can_read_the_token_and_nobody_needs_to_type_it(up: Place) -> None:
    place = place_in(up.home)

    assert stat.S_IMODE(place.token.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.folder.stat().st_mode) == 0o700
    assert place.token.read_text().strip() not in log(up)
    assert said(up, "run", "list").startswith("RUN")


def test_a_second_one_is_told_where_the_first_is(up: Place) -> None:
    for options in ((), ("--detach",)):
        refused = up.run("up", "--port", "0", *options)

        assert refused.returncode == 1
        assert str(announced(up)["url"]) in refused.stderr
        assert "jobnet down" in refused.stderr


def test_it_is_ended_and_ends_only_once(up: Place) -> None:
    ended = up.run("down")
    again = up.run("down")

    assert ended.returncode == 0
    assert (again.returncode, "jobnet up" in again.stderr) == (1, True)
    assert "jobnet up" in up.run("status").stderr


def test_a_controller_that_was_killed_is_said_to_be_away(up: Place) -> None:
    os.kill(int(str(announced(up)["pid"])), signal.SIGKILL)
    refused = up.run("run", "list")
    while refused.returncode == 0:  # it is not gone at once
        refused = up.run("run", "list")

    assert refused.returncode == 1
    assert "start one with jobnet up" in refused.stderr


def test_a_port_that_is_taken_is_said_in_one_sentence(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = [place.run("up", "--port", port), place.run("up", "--detach", "--port", port)]

    for each in refused:
        assert each.returncode == 1
        assert "another program listens there" in each.stderr
        assert each.stderr.count("\n") == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com"])  # noqa: S104
def test_other_machines_are_not_listened_to(place: Place, host: str) -> None:
    refused = place.run("up", "--host", host)

    assert (refused.returncode, "ssh -L" in refused.stderr) == (1, True)


def test_a_database_that_is_none_is_refused_without_its_password(place: Place) -> None:
    refused = place.run("up", "--database", "mysql://ann:hunter2@db/jobnet")

    assert refused.returncode == 1
    assert "JOBNET_DATABASE" in refused.stderr
    assert "hunter2" not in refused.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_order(place: Place, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "jobnet", "up", "--port", "0", "-o", "json"]
    with subprocess.Popen(
        command, cwd=place.project, env=place.environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first == "{\n"
        process.send_signal(number)
        status = process.wait(SECONDS_MAX)

    assert status == 0
    assert not place_in(place.home).server.exists()


def test_the_configuration_is_printed_without_secrets(place: Place) -> None:
    shown = place.run(
        "config",
        "show",
        JOBNET_DATABASE="postgresql://ann:hunter2@db/jobnet",
        JOBNET_TOKEN="hunter2",
        JOBNET_SMTP_URL="smtp://ann:hunter2@mail:25",
    )

    assert shown.returncode == 0
    assert "hunter2" not in shown.stdout
    assert "postgresql://ann:***@db/jobnet" in shown.stdout


def test_commands_that_ask_load_neither_a_database_nor_a_web_server() -> None:
    program = (
        "import sys; from jobnet.cli import app, run_commands, status_command, ordering;"
        "bad = {'fastapi', 'sqlalchemy', 'uvicorn', 'ansible', 'pydantic', 'jobnet.engine'};"
        "sys.exit(', '.join(sorted(bad & set(sys.modules))))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.stderr.strip() == ""


def test_the_doctor_looks_at_the_controller(up: Place) -> None:
    well = said(up, "doctor")
    os.kill(int(str(announced(up)["pid"])), signal.SIGKILL)
    while "it has ended without saying so" not in (after := said(up, "doctor")):
        assert "Jobs can run here." in after
    up.run("up", "--detach", "--port", "0")
    up.run("down")

    assert f"{announced_url(well)} answers" in well
    assert "none runs here" in said(up, "doctor")


def announced_url(text: str) -> str:
    return next(word for word in text.split() if word.startswith("http://127.0.0.1:"))


def test_a_backup_is_made_at_work_and_goes_on_elsewhere(up: Place, tmp_path: Path) -> None:
    up.network(NIGHT)
    said(up, "apply", ".")
    run = said(up, "start", "night").strip()
    while up.run("hold", f"{run}/ask").returncode:
        assert run in said(up, "run", "list")

    backup = str(tmp_path / "backup")
    made = json.loads(said(up, "backup", backup, "-o", "json"))
    said(up, "db", "check")
    said(up, "kill", run, "--yes", "--now")
    said(up, "down")
    other = Place(project=up.project, home=tmp_path / "other")
    said(other, "restore", backup, "--home", str(other.home))
    again = other.run("restore", backup, "--home", str(other.home))
    upgraded = said(other, "db", "upgrade")
    rebuilt = said(other, "db", "rebuild")

    assert made["open_runs"] == [run]
    assert (again.returncode, "--home" in again.stderr) == (1, True)
    assert "up to date already" in upgraded
    assert rebuilt == "Nothing was wrong.\n"


def test_a_database_that_there_is_not_is_said(place: Place) -> None:
    for words in (("backup", "file"), ("db", "check"), ("db", "rebuild")):
        refused = place.run(*words)

        assert refused.returncode == 1
        assert "jobnet up" in refused.stderr
