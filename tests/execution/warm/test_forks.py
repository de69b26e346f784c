"""A fork that is asked to end in its first moment, before Python there is itself again."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# The C library calls this in each child before ``fork`` returns there, so before Python throws
# away what its handlers of signals have noted.
EARLY = """
import ctypes, os, signal, socket, sys
from pathlib import Path
libc = ctypes.CDLL(None)

@ctypes.CFUNCTYPE(None)
def early():
    libc.kill(libc.getpid(), int(signal.SIGTERM))

libc.__register_atfork(None, None, early, None)

def went_on():
    Path(sys.argv[1], 'went-on').touch()
    os._exit(0)

def tell(pid):
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""
SUPERVISOR = (
    EARLY
    + """
from jobnet.execution.warm import server
from jobnet.execution.warm.channel import in_memory

class Modules:
    channel = os.open(os.devnull, os.O_RDWR)

request = {'spool': sys.argv[1], 'environment': {}, 'is_leashed': False, 'kill_grace_seconds': 1}
server.attend = lambda *_, **__: went_on()
signal.signal(signal.SIGTERM, server._leave)
mine, theirs = socket.socketpair()
devices = [os.open(os.devnull, os.O_RDWR) for _ in range(3)]
one = server.Server(mine, Modules())
one._fork(devices[0], theirs.detach(), devices[1], devices[2], in_memory(request))
(pid,) = one._listeners
tell(pid)
"""
)
PLAYBOOK = (
    EARLY
    + """
from jobnet.execution.terminal import JobTerminal

signal.signal(signal.SIGTERM, lambda *_: None)
terminal = JobTerminal('/bin/true', [], in_child=went_on)
tell(terminal.pid)
"""
)


@pytest.mark.parts
@pytest.mark.parametrize("program", [SUPERVISOR, PLAYBOOK], ids=["supervisor", "playbook"])
def test_a_fork_that_is_asked_to_end_in_its_first_moment_ends(tmp_path: Path, program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )

    assert int(done.stdout) == -signal.SIGTERM, done.stderr
    assert not (tmp_path / "went-on").exists()
