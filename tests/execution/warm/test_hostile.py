"""What other processes can do to a warm server and its jobs: of another user, and of the same.

Jobnet runs as a user without rights here, since nothing is hidden from root. A cold job beside the
warm one shows what the same user can do anyway.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.execution.building import PYTHON
from tests.execution.warm.plain_user import OWNER, STRANGER, as_user, started, told

IS_ROOT = os.geteuid() == 0
as_two_others = pytest.mark.skipif(not IS_ROOT, reason="only root can be two other users")

# One warm job and one cold, both in the middle of a task, until standard input is closed.
PLAYING = """
import json, os, sys
from pathlib import Path
from jobnet.execution.processes import descendants, given, program_of
from jobnet.execution.runner import AnsibleRunner
from jobnet.execution.warm.canary import Canary
from tests.execution.building import Watched, clock
from tests.execution.conftest import make_project
from tests.execution.warm.test_ends import spool_of, wait_for_writer

project = make_project(Path(sys.argv[1]))
Canary().settle()
runner = AnsibleRunner(spool_root=project.spool_root, clock=clock, is_leashed=True)
found = {'controller': os.getpid()}
for name in ('warm', 'cold'):
    begun = project.root / f'begun-{name}'
    os.mkfifo(begun)
    order = project.play(f'- shell: echo > {begun}; sleep 3600', part=name, warm=name == 'warm',
                         environment={'SECRET': 'of the part'})
    runner.start(order, Watched())
    wait_for_writer(begun)
    spool = spool_of(project, order)
    title = f'jobnet.execution.supervisor {spool.folder}'
    (supervisor,) = [p for p in given(spool.mark) if title in program_of(p)]
    found[f'{name} supervisor'] = supervisor
    found[f'{name} ansible'] = descendants(supervisor)[0]
(server,) = runner._starter._pool._servers.values()
found['server'] = server.pid
print(json.dumps([dict(runner._starter.counts), found]), flush=True)
sys.stdin.read()
runner.close()
"""
# Tries everything that the kernel offers to look into another process, and tells what it got.
ATTACK = """
import ctypes, json, os, sys

PTRACE_SEIZE, PIDFD_GETFD = 0x4206, 438
libc = ctypes.CDLL(None, use_errno=True)

def called(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), '')
    return result

def opened(path):
    os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))

def trace(pid):
    called(libc.ptrace(PTRACE_SEIZE, pid, None, None))

def steal(pid):
    called(libc.syscall(PIDFD_GETFD, os.pidfd_open(pid), 0, 0))

TRICKS = {
    'list its descriptors': lambda pid: os.listdir(f'/proc/{pid}/fd'),
    'open its descriptors': lambda pid: opened(f'/proc/{pid}/fd/0'),
    'take its descriptors': steal,
    'read its environment': lambda pid: opened(f'/proc/{pid}/environ'),
    'read its memory': lambda pid: opened(f'/proc/{pid}/mem'),
    'map its memory': lambda pid: opened(f'/proc/{pid}/maps'),
    'see its folder': lambda pid: os.readlink(f'/proc/{pid}/cwd'),
    'trace it': trace,
    'signal it': lambda pid: os.kill(pid, 0),
}

def outcome(trick, pid):
    try:
        trick(pid)
    except OSError as error:
        return error.strerror or os.strerror(error.errno)
    return 'done'

print(json.dumps({name: {trick: outcome(act, pid) for trick, act in TRICKS.items()}
                  for name, pid in json.loads(sys.argv[1]).items()}))
"""
SIGNALLING = "signal it"
SECONDS_MAX = 120
NAME_AT = 7  # where /proc/net/unix has the name of a socket, if it has one


@dataclass(frozen=True)
class Playing:
    """A runner with two jobs under way."""

    folder: Path
    pids: dict[str, int]

    def attacked(self, uid: int) -> dict[str, set[str]]:
        """Return what a process of this user can do, by what it was tried on."""
        command = as_user(uid, [PYTHON, "-I", "-c", ATTACK, json.dumps(self.pids)])
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, cwd="/", timeout=SECONDS_MAX
        )
        outcomes = json.loads(done.stdout)
        return {
            name: {t for t, o in tried.items() if o == "done"} for name, tried in outcomes.items()
        }


@pytest.fixture(scope="module")
def playing() -> Iterator[Playing]:
    folder = Path(tempfile.mkdtemp(prefix="jobnet-hostile-"))
    folder.chmod(0o755)
    if IS_ROOT:
        os.chown(folder, OWNER, OWNER)
    try:
        with started(OWNER, PLAYING, str(folder), home=folder) as process:
            counts, pids = json.loads(told(process))
            assert counts == {"warm": 1, "asked_for": 1}
            yield Playing(folder, pids)
            process.communicate(timeout=SECONDS_MAX)
    finally:
        shutil.rmtree(folder)


def check_the_same_user(playing: Playing) -> None:
    can = playing.attacked(OWNER)

    assert can["server"] == {SIGNALLING}
    assert can["warm supervisor"] == can["cold supervisor"]
    assert can["warm ansible"] == can["cold ansible"]
    assert "read its environment" in can["cold ansible"]


@pytest.mark.parts
@pytest.mark.skipif(IS_ROOT, reason="nothing is hidden from root")
def test_a_process_of_the_same_user_sees_of_a_warm_job_what_it_sees_of_a_cold_one(
    playing: Playing,
) -> None:
    check_the_same_user(playing)


@pytest.mark.root
@as_two_others
def test_a_process_of_a_plain_user_sees_of_a_warm_job_what_it_sees_of_a_cold_one(
    playing: Playing,
) -> None:
    check_the_same_user(playing)


@pytest.mark.root
@as_two_others
def test_a_process_of_another_user_can_do_nothing(playing: Playing) -> None:
    can = playing.attacked(STRANGER)

    assert {name: tricks for name, tricks in can.items() if tricks} == {}


@pytest.mark.root
@as_two_others
def test_another_user_reads_nothing_that_a_job_leaves(playing: Playing) -> None:
    spools = f"{playing.folder}/spool"

    done = subprocess.run(
        as_user(STRANGER, ["find", spools]), capture_output=True, text=True, check=False
    )

    assert done.stdout.split() == [spools]
    assert "Permission denied" in done.stderr


@pytest.mark.root
@as_two_others
def test_no_process_of_a_job_listens_where_others_could_connect(playing: Playing) -> None:
    lines = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    named = {words[6] for words in lines if len(words) > NAME_AT}

    sockets = [socket for pid in playing.pids.values() for socket in sockets_of(pid)]

    assert sockets
    assert not named & set(sockets)


def sockets_of(pid: int) -> list[str]:
    """Return the numbers of the sockets that a process has open."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
    return [link[len("socket:[") : -1] for link in links if link.startswith("socket:[")]
