import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from jobnet.execution.environment import MARK_VARIABLE
from jobnet.execution.processes import descendants, end_all, marked, reap_orphans

SHELL = "trap '{trap}' TERM; sleep 500 & sleep 500 & echo up; wait; wait; wait"


@pytest.fixture
def family() -> Iterator[subprocess.Popen[bytes]]:
    with started(SHELL.format(trap="exit 0")) as process:
        yield process


def started(script: str, mark: str = "m-1") -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        ["/bin/sh", "-c", script],
        stdout=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], MARK_VARIABLE: mark},
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_the_whole_tree_is_found(family: subprocess.Popen[bytes]) -> None:
    below = descendants(family.pid)
    end_all(
        lambda: descendants(os.getpid()), grace_seconds=5, after_look=lambda: reap_orphans(but=None)
    )

    assert len(below) == 2
    assert descendants(family.pid) == []


def test_the_mark_finds_processes_and_no_other_job(family: subprocess.Popen[bytes]) -> None:
    mine, others, longer = marked("m-1"), marked("m-2"), marked("m-")
    left = end_all(lambda: marked("m-1"), grace_seconds=5, after_look=family.poll)  # type: ignore[arg-type]

    assert family.pid in mine
    assert len(mine) == 3
    assert (others, longer, left) == ([], [], [])


def test_what_ignores_the_polite_signal_is_killed_after_the_grace() -> None:
    process = started("trap '' TERM; echo up; while :; do sleep 1; done", mark="m-3")

    left = end_all(
        lambda: marked("m-3"),
        grace_seconds=0.3,
        after_look=lambda: None,
    )
    status = process.wait(timeout=10)
    if process.stdout is not None:
        process.stdout.close()

    assert left == []
    assert status == -signal.SIGKILL


def test_ending_nothing_is_done_at_once() -> None:
    assert end_all(list, grace_seconds=100, after_look=lambda: None) == []


def test_the_status_of_the_awaited_child_is_left_for_its_waiter() -> None:
    with subprocess.Popen([sys.executable, "-c", "raise SystemExit(7)"]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

        reap_orphans(but=child.pid)

        assert child.wait(timeout=10) == 7


def test_a_process_knows_whether_anything_is_below_it() -> None:
    script = (
        "import subprocess\n"
        "from jobnet.execution.processes import has_children\n"
        "print(has_children())\n"
        "child = subprocess.Popen(['cat'], stdin=subprocess.PIPE)\n"
        "print(has_children())\n"
        "child.communicate()\n"
        "print(has_children())\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout.split() == ["False", "True", "False"]
