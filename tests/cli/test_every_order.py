"""Each order as it is typed, and what it does to a run of a controller."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.testing import Script

from tests.cli.at_controller import Desk, desk
from tests.rest.serving import eventually

WAITS = """
kind: network
name: waits
flow:
  - {id: heard, wait_event: {name: files}}
  - {id: deaf, hosts: h, ansible.builtin.command: x}
"""


@pytest.fixture
def deaf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    """A desk with a network whose job listens to nobody."""
    script = Script(seconds=100_000, is_deaf=True)
    with desk(tmp_path, monkeypatch, capsys, {"deaf": script}) as sitting:
        sitting.write(WAITS, "waits.yml")
        sitting.say("apply", ".", "--base", str(sitting.project))
        yield sitting


def marks(at: Desk, run: str, part: str = "report") -> list[str]:
    found: list[str] = at.served.client.part(run, part)["marks"]
    return found


def test_hold_and_release(at: Desk) -> None:
    run = at.started()

    at.say("hold", f"{run}/report")
    held = marks(at, run)
    at.say("release", f"{run}/report")

    assert (held, marks(at, run)) == (["hold"], [])


def test_skip_and_unskip(at: Desk) -> None:
    run = at.started()

    at.say("skip", f"{run}/report")
    skipped = marks(at, run)
    at.say("unskip", f"{run}/report")

    assert (skipped, marks(at, run)) == (["skip"], [])


def test_no_exec(at: Desk) -> None:
    run = at.started()

    at.say("no-exec", f"{run}/report")

    assert marks(at, run) == ["no_exec"]


def test_suspend_and_resume(at: Desk) -> None:
    run = at.started()

    at.say("suspend", run)
    suspended = at.served.client.shown(f"/runs/{run}")["is_suspended"]
    at.say("resume", run)

    assert suspended
    assert not at.served.client.shown(f"/runs/{run}")["is_suspended"]


def test_cancel(at: Desk) -> None:
    run = at.started()

    at.say("cancel", run)

    eventually(lambda: at.served.client.shown(f"/runs/{run}")["ended"])
    assert at.served.client.part(run, "report")["state"] == "cancelled"


def test_kill(at: Desk) -> None:
    run = at.started()

    at.say("kill", f"{run}/ask", "--yes")

    at.until(run, "ask", {"killed"})


def test_clear_wait(deaf: Desk) -> None:
    run = deaf.started("waits", "heard")

    deaf.say("clear-wait", f"{run}/heard")

    deaf.until(run, "heard", {"normal"})


def test_force_end(deaf: Desk) -> None:
    run = deaf.started("waits", "heard")
    deaf.say("clear-wait", f"{run}/heard")
    deaf.until(run, "deaf", {"running"})
    deaf.say("kill", f"{run}/deaf", "--yes")

    deaf.say("force-end", f"{run}/deaf", "--yes")

    deaf.until(run, "deaf", {"lost"})


def test_set_priority_and_move_queue(at: Desk) -> None:
    at.write("kind: queue\nname: tape\nlimit: 0\n", "tape.yml")
    at.say("apply", ".", "--base", str(at.project))
    run = at.say("start", "night").strip()
    at.until(run, "load", {"queued"})

    at.say("set-priority", f"{run}/load", "7")
    line = at.type("queue", "list", "-o", "json").document["items"]
    at.say("move-queue", f"{run}/load", "disk")

    at.until(run, "load", {"normal"})
    assert [each["priority"] for one in line for each in one["waiting"]] == [7]


def test_comment(at: Desk) -> None:
    run = at.started()

    at.say("comment", f"{run}/report", "called the bank")

    assert "called the bank" in at.served.client.part(run, "report")["notes"][0]


def test_rerun(at: Desk) -> None:
    run = at.started()
    at.say("kill", run, "--yes")
    at.type("run", "watch", run)

    at.say("rerun", run, "--whole", "--yes")

    at.until(run, "ask", {"prompting"})
    assert at.served.client.shown(f"/runs/{run}")["round"] == 2
