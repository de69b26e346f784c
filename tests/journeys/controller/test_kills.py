"""A controller is killed with -9 at random moments of a run with every kind of part.

The track must end as without kills, and every job must have left its mark exactly once; a part may
instead be LOST and say so. A failure prints its seed: ``KILLS_SEED=7 pytest ...``.
"""

import os
import time
from collections import Counter
from pathlib import Path
from random import Random, randrange

import pytest

from tests.journeys.controller.serving import Served, served
from tests.journeys.playing import new_project
from tests.storage.postgres import PostgresServer

pytestmark = pytest.mark.journey

SEED = int(os.environ.get("KILLS_SEED") or randrange(10_000))  # noqa: S311 - dice
NIGHTS, NIGHTS_LONG = 3, 40
KILLS_PER_RUN = 5
RUN_SECONDS_MAX = 150
PAUSE_SECONDS_MAX = 1.0
NETWORK = """\
kind: network
name: every_part
params: {room: {type: path}, customers: {type: list, default: [ann, bob]}}
outputs: {told: "{{ parts.child.outputs.echo }}"}
flow:
  - {id: first, hosts: h1, shell: "echo first >> {{ params.room }}/first"}
  - id: both
    parallel:
      branches:
        - flow:
            - {id: slow, hosts: h1, shell: "echo slow >> {{ params.room }}/slow; sleep 1"}
            - {id: tell, send_event: {name: ready, data: {rows: 7}, keep: 1h}}
            - {id: write, hosts: h1, shell: "echo 1 > {{ params.room }}/here.csv"}
        - flow:
            - {id: heard, wait_event: {name: ready, where: event.data.rows > 5}}
            - {id: after_slow, wait_part: {part: slow}}
            - {id: after_heard, hosts: h2, shell: "echo x >> {{ params.room }}/after_heard"}
        - flow:
            - id: file
              wait_file: {path: "{{ params.room }}/here.csv", existing: accept, poll: 1s}
            - {id: child, network: child, params: {day: monday, room: "{{ params.room }}"}}
        - flow:
            - {id: ended, wait_network: {network: child}}
            - {id: nap, wait_for: 1s}
  - {id: ask, dialog: {message: "Go on?", choices: {go: 0, stop: 1}}}
  - id: judge
    branch:
      cases:
        - when: parts.ask.outputs.choice == 'go'
          flow: [{id: taken, hosts: h1, shell: "echo x >> {{ params.room }}/taken"}]
      else: [{id: not_taken, hosts: h1, command: "false"}]
  - id: race
    any_of:
      losers: cancel
      branches:
        - flow: [{id: quick, wait_for: 1s}]
        - flow: [{id: never, wait_for: 1h}]
  - id: ping
    hosts: h1
    shell: "echo x >> {{ params.room }}/ping; test $(wc -l < {{ params.room }}/ping) -ge 3"
  - {id: again, continue_from: ping, interval: 1s, max_times: 5, until: parts.ping.exit_code == 0}
  - id: guarded
    block: [{id: fails, hosts: h1, shell: "echo x >> {{ params.room }}/fails; false"}]
    rescue: [{id: recover, hosts: h1, shell: "echo x >> {{ params.room }}/recover"}]
    always: [{id: always, hosts: h1, shell: "echo x >> {{ params.room }}/always"}]
  - id: per_customer
    for_each:
      items: "{{ params.customers }}"
      as: customer
      limit: 1
      flow: [{id: bill, hosts: h1, shell: "echo x >> {{ params.room }}/bill_{{ customer }}"}]
---
kind: network
name: child
params: {day: {type: str}, room: {type: path}}
outputs: {echo: "{{ params.day }}"}
flow:
  - {id: job, hosts: h1, shell: "echo x >> {{ params.room }}/child"}
"""
MARKS = Counter(
    {
        "first": 1,
        "slow": 1,
        "after_heard": 1,
        "child": 1,
        "taken": 1,
        "ping": 3,
        "fails": 1,
        "recover": 1,
        "always": 1,
        "bill_ann": 1,
        "bill_bob": 1,
    }
)
STATES = {
    "not_taken": "bypassed",
    "never": "cancelled",
    "fails": "abnormal",
}


def test_a_run_ends_as_if_nobody_had_been_killed(tmp_path: Path) -> None:
    assert nights(tmp_path, NIGHTS) >= 1, f"no kill met a run (seed {SEED})"


def test_on_a_server_of_postgresql_too(tmp_path: Path) -> None:
    with PostgresServer() as server:
        kills = nights(tmp_path, 1, JOBNET_DATABASE=server.new_database())

    assert kills >= 1, f"no kill met a run (seed {SEED})"


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_two_hundred_kills(tmp_path: Path) -> None:
    assert nights(tmp_path, NIGHTS_LONG) >= NIGHTS_LONG, f"too few kills (seed {SEED})"


def nights(folder: Path, number: int, **environment: str) -> int:
    """Play some nights with one home, and return how often the controller was killed."""
    kills = 0
    with served(folder / "home", **environment) as controller:
        (folder / "project").mkdir()
        project = new_project(folder / "project")
        project.write("night.yml", NETWORK)
        controller.command("apply", str(project.folder))
        for number_of_night in range(number):
            dice = Random(f"{SEED}:{number_of_night}")  # noqa: S311
            kills += night(controller, folder / f"room{number_of_night}", dice)
    return kills


def night(controller: Served, room: Path, dice: Random) -> int:
    """Play one run, kill the controller in it now and then, and return how often."""
    room.mkdir()
    run = controller.document("run", "start", "every_part", "-e", f"room={room}")["run"]
    kills = 0
    for _ in range(KILLS_PER_RUN):
        if is_over(controller, run, seconds=dice.uniform(0, PAUSE_SECONDS_MAX)):
            break
        controller.kill()
        kills += 1
        controller.start()
    assert is_over(controller, run, seconds=RUN_SECONDS_MAX), told(controller, run)
    ended_well(controller, run, room)
    return kills


def is_over(controller: Served, run: str, *, seconds: float) -> bool:
    """Wait for the run's end for a time and answer its dialog; return whether it is over."""
    until = time.monotonic() + seconds
    with controller.client() as client:
        while True:
            if client.get(f"/runs/{run}")["ended"] is not None:
                return True
            if time.monotonic() >= until:
                return False
            for part in client.get(f"/runs/{run}/parts")["items"]:
                if part["key"] == "ask" and part["state"] == "prompting":
                    controller.command(
                        "answer", f"{run}/ask", "go", "--yes", status=None
                    )  # an answer that was given before is refused
            time.sleep(0.05)


def ended_well(controller: Served, run: str, room: Path) -> None:
    """Ask that every part ended as it had to, and that every job ran once."""
    with controller.client() as client:
        found = client.get(f"/runs/{run}")
        parts = {part["key"]: part for part in client.get(f"/runs/{run}/parts")["items"]}
    said = told(controller, run)
    assert found["state"] == "normal", said
    for key, part in parts.items():
        assert part["state"] == STATES.get(key.split("#")[0], "normal"), f"{key}: {said}"
        assert part["attempt"] <= 3, said
    marks = Counter(
        {
            path.name: len(path.read_text().splitlines())
            for path in room.iterdir()
            if path.suffix == ""
        }
    )
    assert marks == MARKS, said


def told(controller: Served, run: str) -> str:
    """Return what somebody needs who wants to know why."""
    with controller.client() as client:
        parts = client.get(f"/runs/{run}/parts")["items"]
    lines = [f"{p['key']} {p['state']} {p.get('reason')} {p.get('message')}" for p in parts]
    return "\n".join([f"seed {SEED}, run {run}", *lines, controller.said[-3000:]])
