"""Whatever ends early, nothing of a module is left, and the next one runs."""

# ruff: noqa: PTH208 - names of descriptors, no files

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from jobnet.execution.environment import MARK_VARIABLE
from jobnet.execution.processes import end_all
from jobnet.execution.warm_modules.tree import tree_of_marked

from tests.execution.warm_modules.serving import (
    PYTHON,
    Warm,
    living,
    python_child,
    serving,
    wait_until,
)

pytestmark = pytest.mark.parts

WORKER = """
import json, os, sys
sys.path.insert(0, "controller")
from pathlib import Path
from jobnet.execution.warm_modules.installing import install
from tests.execution.warm_modules.serving import Connection, command
channel, payload, folder = int(sys.argv[1]), Path(sys.argv[2]).read_bytes(), Path(sys.argv[3])
install(Connection, channel, kill_grace_seconds=float(sys.argv[4]))
connection = Connection(folder)
rc, output, error = connection.exec_command(command("/usr/bin/python3"), in_data=payload)
print(json.dumps([rc, output.decode(), error.decode(), connection.times_stock]))
"""
_WORDS = iter(range(10_000, 99_999))


def word() -> str:
    """Return seconds that no other process sleeps."""
    return f"3{os.getpid() % 10_000}{next(_WORDS)}"


def sleeping(*words: str) -> bytes:
    """Return a program that starts processes in several ways and waits for the last."""
    *others, last = words
    lines = ["import os, subprocess, signal"]
    lines += [f"subprocess.Popen(['sleep', {w!r}], start_new_session=True)" for w in others]
    lines += [
        f"pid = os.fork()\nif pid == 0:\n  os.setsid()\n  os.execlp('sleep', 'sleep', {last!r})",
        "os.waitpid(pid, 0)",
    ]
    return "\n".join(lines).encode()


def worker(warm: Warm, payload: bytes, folder: Path, *, grace: float = 1) -> subprocess.Popen[str]:
    """Start a worker of its own that executes a payload."""
    file = folder / "payload"
    file.write_bytes(payload)
    return python_child(WORKER, str(file), str(folder), str(grace), channel=warm.servers.channel)


def test_a_worker_that_is_killed_leaves_nothing(warm: Warm, tmp_path: Path) -> None:
    words = [word(), word()]
    warm.make_ready()
    process = worker(warm, sleeping(*words), tmp_path)
    wait_until(lambda: all(living(w) for w in words))

    process.kill()
    process.communicate()

    wait_until(lambda: not any(living(w) for w in words))


def test_a_module_that_will_not_end_is_killed_after_the_grace(warm: Warm, tmp_path: Path) -> None:
    stubborn = b"import signal\nsignal.signal(15, signal.SIG_IGN)\n" + sleeping(own := word())
    warm.make_ready()
    process = worker(warm, stubborn, tmp_path, grace=0.2)
    wait_until(lambda: bool(living(own)))

    process.kill()
    process.communicate()

    wait_until(lambda: not living(own))


def test_an_interrupted_task_leaves_nothing(warm: Warm) -> None:
    class TimedOut(Exception):
        pass

    def time_out(*_: object) -> None:
        raise TimedOut

    warm.make_ready()
    own = word()
    before = os.listdir("/proc/self/fd")
    stock = signal.signal(signal.SIGALRM, time_out)

    def wake() -> None:
        wait_until(lambda: bool(living(own)))
        os.kill(os.getpid(), signal.SIGALRM)

    waker = threading.Thread(target=wake)
    waker.start()
    try:
        with pytest.raises(TimedOut):
            warm.warm(sleeping(own))
    finally:
        waker.join()
        signal.signal(signal.SIGALRM, stock)

    wait_until(lambda: not living(own))
    assert os.listdir("/proc/self/fd") == before


def test_a_job_is_found_and_ended_by_its_mark(warm: Warm, tmp_path: Path) -> None:
    mark, own = f"/spool/{word()}", word()
    warm.make_ready()
    program = sleeping(own).replace(b"os.execlp(", b"os.environ.clear(); os.execlp(")
    program = program.replace(b"'sleep', 'sleep'", b"'/bin/sleep', 'sleep'")
    os.environ[MARK_VARIABLE] = mark
    try:
        process = worker(warm, program, tmp_path)
    finally:
        del os.environ[MARK_VARIABLE]
    wait_until(lambda: bool(living(own)))

    found = tree_of_marked(mark)
    left = end_all(lambda: tree_of_marked(mark), grace_seconds=5, after_look=lambda: None)

    assert set(living(own)) <= set(found)
    assert process.pid in found
    assert len(found) >= 4, "the worker, the keeper, the module and what it has started"
    assert left == []
    assert not living(own)
    process.communicate()
    assert tree_of_marked("") == []


def test_the_mark_is_shown_by_keeper_and_module_only(warm: Warm) -> None:
    program = b"import os; print([open('/proc/%s/environ' % p, 'rb').read().split(b'\\0').count(b'JOBNET_JOB=/spool/x y') for p in ('self', os.getppid())])"  # noqa: E501
    os.environ[MARK_VARIABLE] = "/spool/x y"
    try:
        outcome = warm.warm(program)
    finally:
        del os.environ[MARK_VARIABLE]

    assert outcome.output == b"[1, 1]\n"
    wait_until(lambda: tree_of_marked("/spool/x y") == [])


def test_a_daemon_is_ended_with_a_job_that_is_ended_though_its_module_has_ended_well(
    warm: Warm,
) -> None:
    program = b"""
import os, signal, subprocess
none = subprocess.DEVNULL
daemon = subprocess.Popen(["sleep", "4321"], env={}, start_new_session=True,
                          stdin=none, stdout=none, stderr=none)
print(daemon.pid, flush=True)
os.kill(os.getppid(), signal.SIGTERM)
"""

    outcome = warm.warm(program)

    daemon = int(outcome.output)
    wait_until(lambda: not Path(f"/proc/{daemon}").exists())


def test_a_killed_keeper_looks_like_a_killed_interpreter(warm: Warm) -> None:
    program = b"import os, time\nprint('x', flush=True)\nos.kill(os.getppid(), 9)\ntime.sleep(600)"

    outcome = warm.warm(program)

    assert (outcome.rc, outcome.output) == (137, b"x\n")
    assert b"Killed" in outcome.error


def test_a_killed_server_does_not_hurt_the_running_module(warm: Warm) -> None:
    warm.make_ready()
    (server,) = warm.servers.servers()[PYTHON]
    program = f"import os, time\nos.kill({server}, 9)\ntime.sleep(0.3)\nprint('there')".encode()

    outcome = warm.warm(program)
    wait_until(lambda: server not in warm.servers.servers().get(PYTHON, []))
    after, _ = warm.either(b"print('next')")

    assert (outcome.rc, outcome.output) == (0, b"there\n")
    assert (after.rc, after.output) == (0, b"next\n")
    assert warm.warm(b"print('new')").output == b"new\n"


def test_a_server_that_keeps_dying_is_not_started_for_ever(tmp_path: Path) -> None:
    with serving(tmp_path) as own:
        starts: set[int] = set()
        for _ in range(8):
            deadline = time.monotonic() + 20
            own.either(b"print(1)")
            while not own.servers.servers() and time.monotonic() < deadline:
                if len(starts) == 5:
                    break
                time.sleep(0.02)
            for server in own.servers.servers().get(PYTHON, []):
                starts.add(server)
                os.kill(server, 9)
                wait_until(lambda: not own.servers.servers())

        outcome, was_stock = own.either(b"print('stock')")

    assert len(starts) == 5
    assert was_stock
    assert outcome.output == b"stock\n"


def test_a_module_cannot_reach_its_server(warm: Warm) -> None:
    program = b"""
import os
server = int(open('/proc/%d/stat' % os.getppid()).read().rpartition(')')[2].split()[1])
print(sorted(int(n) for n in os.listdir('/proc/self/fd'))[:-1])
print(sorted(os.readlink('/proc/%d/fd/%s' % (os.getppid(), n))[:6] for n in os.listdir('/proc/%d/fd' % os.getppid())))
print(os.stat('/proc/%d/environ' % server).st_uid, open('/proc/%d/environ' % server).read().count('='))
"""  # noqa: E501

    first, second, third = warm.warm(program).output.decode().splitlines()

    assert first == "[0, 1, 2]"
    assert second.count("socket") == 1, "the keeper has the leash and nothing of the server"
    assert third.startswith("0 ")


def test_three_hundred_modules_leave_the_server_as_it_was(warm: Warm) -> None:
    def state() -> tuple[int, int]:
        (server,) = warm.servers.servers()[PYTHON]
        statm = Path(f"/proc/{server}/statm").read_text().split()
        return int(statm[1]) - int(statm[2]), len(list(Path(f"/proc/{server}/fd").iterdir()))

    warm.make_ready()
    for _ in range(50):
        warm.warm(b"print(1)")
    pages, descriptors = state()
    ours = len(os.listdir("/proc/self/fd"))

    for _ in range(300):
        assert warm.warm(b"print(1)").rc == 0

    after, descriptors_after = state()
    assert descriptors_after == descriptors
    assert after - pages <= 64, "pages that it has to itself"
    assert len(os.listdir("/proc/self/fd")) <= ours


def test_nonsense_on_the_channel_changes_nothing(warm: Warm) -> None:
    import socket  # noqa: PLC0415

    warm.make_ready()
    channel = socket.socket(fileno=os.dup(warm.servers.channel))
    reader, writer = os.pipe()
    nonsense: list[tuple[bytes, list[int]]] = [
        (b"x", []),
        (b"{}", [reader] * 5),
        (b'{"interpreter": 3, "start": {}}', [reader] * 5),
        (json.dumps({"interpreter": PYTHON, "start": {"A": 1}}).encode(), [reader]),
        (json.dumps({"interpreter": "/\0", "start": []}).encode(), [reader] * 5),
        (json.dumps({"interpreter": PYTHON, "start": {"HOME": "/root"}}).encode(), [reader] * 12),
        (b"[" * 30_000, []),
    ]
    for text, descriptors in nonsense:
        socket.send_fds(channel, [text], descriptors)
    channel.close()
    os.close(reader)
    os.close(writer)

    assert warm.warm(b"print('fine')").output == b"fine\n"


def test_servers_are_replaced_when_they_have_done_enough(tmp_path: Path) -> None:
    from jobnet.execution.warm_modules.servers import ServerLimits  # noqa: PLC0415

    with serving(tmp_path, ServerLimits(requests_max=3, servers_max=1)) as own:
        pids: set[int] = set()
        for _ in range(7):
            own.make_ready()
            pids.update(own.servers.servers().get(PYTHON, []))

    assert len(pids) >= 2
    for pid in pids:
        assert not Path(f"/proc/{pid}").exists()


def test_a_server_of_which_the_parent_is_gone_ends(tmp_path: Path) -> None:
    program = """
import os, sys, time
sys.path.insert(0, "controller")
from pathlib import Path
from tests.execution.warm_modules.serving import serving, PYTHON
with serving(Path(sys.argv[2])) as it:
    it.make_ready()
    print(*it.servers.servers()[PYTHON], flush=True)
    os.kill(os.getpid(), 9)
"""
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        process = python_child(program, str(tmp_path), channel=nothing.fileno())
        output, _ = process.communicate()
    server = int(output)

    wait_until(lambda: not Path(f"/proc/{server}").exists())


def test_a_fork_that_forgets_holds_nothing_of_the_parent(tmp_path: Path) -> None:
    with serving(tmp_path) as own:
        own.make_ready()
        told, teller = os.pipe()
        child = os.fork()
        if child == 0:
            own.servers.forget()
            sockets = sorted(int(d) for d in os.listdir("/proc/self/fd"))
            os.write(teller, json.dumps([own.servers.channel in sockets]).encode())
            os._exit(0)
        os.waitpid(child, 0)
        answer: Any = json.loads(os.read(told, 100))
        os.close(told)
        os.close(teller)

        assert answer == [True]
        assert own.warm(b"print(1)").rc == 0
