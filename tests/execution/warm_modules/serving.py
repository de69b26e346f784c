"""Plays the forking process and its workers, so that a test compares stock with warm."""

# ruff: noqa: ANN401, FBT001, FBT002, S602 - Ansible's own signatures, and any JSON

import json
import os
import re
import select
import shlex
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ansible
import ansible.release
from ansible.executor import module_common
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
from ansible.template import Templar
from ansible.utils.collection_loader import AnsibleCollectionConfig
from jobnet.execution.warm_modules.installing import install
from jobnet.execution.warm_modules.servers import ModuleServers, ServerLimits
from jobnet.execution.warm_modules.shell_environment import Rest

PYTHON = "/usr/bin/python3"
ANSIBLE_FOLDER = Path(ansible.__file__).parent.parent
SECONDS_MAX = 120
REST = Rest.SLEEP if ansible.release.__version__.startswith(("2.19.", "2.20.")) else Rest.NOTHING
_TEMPORARY = re.compile(r"/(?:tmp|[a-z0-9/_-]+)/ansible[A-Za-z0-9_./-]*?_payload_[a-z0-9_]{8}")


@dataclass(frozen=True)
class Outcome:
    """What one execution gave."""

    rc: int
    output: bytes
    error: bytes

    @property
    def result(self) -> Any:
        """The module's result without what no two executions have in common."""
        return without_times(json.loads(self.words[1]))

    @property
    def words(self) -> tuple[int, str, str]:
        """All of it as text, without the name of the payload's own folder."""
        texts = [_TEMPORARY.sub("/payload", t.decode()) for t in (self.output, self.error)]
        return self.rc, texts[0], texts[1]


class Connection:
    """As much of Ansible's ``local`` connection as ``install`` asks for."""

    become = None
    connected = True

    def __init__(self, folder: Path) -> None:
        self.cwd = os.fsencode(folder)
        self.times_stock = 0

    def exec_command(
        self,
        cmd: str,
        in_data: bytes | None = None,
        sudoable: bool = True,
    ) -> tuple[int, bytes, bytes]:
        """Do as the stock plugin does without become."""
        self.times_stock += 1
        process = subprocess.Popen(
            cmd,
            shell=True,
            executable="/bin/sh",
            cwd=self.cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        output, error = process.communicate(in_data)
        return process.returncode, output, error


STOCK = Connection.exec_command


@dataclass
class Warm:
    """Module servers in a thread of the test, which is also the worker."""

    servers: ModuleServers
    folder: Path
    rest: Rest = REST

    def stock(self, payload: bytes, *, python: str = PYTHON) -> Outcome:
        """Execute a payload as stock Ansible does."""
        connection = Connection(self.folder)
        return Outcome(*STOCK(connection, command(python, self.rest), in_data=payload))

    def warm(self, payload: bytes, *, python: str = PYTHON) -> Outcome:
        """Execute a payload in a module server; it is an error if that was not done."""
        self.make_ready(python)
        connection = Connection(self.folder)
        outcome = Outcome(*connection.exec_command(command(python, self.rest), in_data=payload))
        assert connection.times_stock == 0, "the stock path was taken"
        return outcome

    def either(self, payload: bytes, *, python: str = PYTHON) -> tuple[Outcome, bool]:
        """Execute a payload as it comes; also tell whether the stock path was taken."""
        connection = Connection(self.folder)
        outcome = Outcome(*connection.exec_command(command(python, self.rest), in_data=payload))
        return outcome, connection.times_stock > 0

    def make_ready(self, python: str = PYTHON) -> None:
        """Have tiny payloads executed until one was served warm."""
        probe = b"print('probe')\n"
        wait_until(lambda: not self.either(probe, python=python)[1])


def command(python: str, rest: Rest = REST) -> str:
    """Return the command that this ansible-core, or another, builds for a pipelined module."""
    return "/bin/sh -c " + shlex.quote(f"{python}{rest}")


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for a condition, and fail when it does not come."""
    deadline = time.monotonic() + SECONDS_MAX
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@contextmanager
def serving(folder: Path, limits: ServerLimits | None = None) -> Iterator[Warm]:
    """Serve modules until the block ends."""
    servers = ModuleServers(ANSIBLE_FOLDER, limits or ServerLimits())
    ended = threading.Event()
    trouble: list[BaseException] = []

    def loop() -> None:
        poll = select.poll()
        poll.register(servers, select.POLLIN)
        try:
            while not ended.is_set():
                poll.poll(100)
                servers.on_readable()
        except BaseException as error:  # noqa: BLE001
            trouble.append(error)

    thread = threading.Thread(target=loop)
    thread.start()
    outer = Connection.exec_command
    install(Connection, servers.channel, kill_grace_seconds=1.0)
    try:
        yield Warm(servers, folder)
    finally:
        Connection.exec_command = outer  # type: ignore[method-assign]
        ended.set()
        thread.join()
        servers.close()
    assert not trouble


def payload_of(
    name: str, arguments: dict[str, Any] | None = None, *, path: Path | None = None, **special: Any
) -> bytes:
    """Return what ansible-core pipelines for a module of its own, or for a file."""
    names = {
        "_ansible_check_mode": False,
        "_ansible_no_log": False,
        "_ansible_debug": False,
        "_ansible_diff": False,
        "_ansible_verbosity": 0,
        "_ansible_version": "2.19.0",
        "_ansible_module_name": name,
        "_ansible_syslog_facility": "LOG_USER",
        "_ansible_selinux_special_fs": [],
        "_ansible_socket": None,
        "_ansible_shell_executable": "/bin/sh",
        "_ansible_keep_remote_files": False,
        "_ansible_tmpdir": None,
        "_ansible_remote_tmp": "~/.ansible/tmp",
        "_ansible_ignore_unknown_opts": False,
        "_ansible_target_log_info": None,
        "_ansible_tracebacks_for": [],
    }
    if AnsibleCollectionConfig.collection_finder is None:
        init_plugin_loader()
    built = module_common.modify_module(
        module_name=name,
        module_path=str(path or ANSIBLE_FOLDER / "ansible" / "modules" / f"{name}.py"),
        module_args={**(arguments or {}), **names, **special},
        templar=Templar(loader=DataLoader()),
        task_vars={"ansible_python_interpreter": PYTHON},
        module_compression="ZIP_DEFLATED",
    )
    data: bytes = built.b_module_data
    return data


def without_times(value: Any) -> Any:
    """Return a result without instants and durations."""
    if isinstance(value, dict):
        moving = {"start", "end", "delta", "date", "expires", "atime", "mtime", "ctime", "inode"}
        return {k: without_times(v) for k, v in value.items() if k not in moving}
    if isinstance(value, list):
        return [without_times(item) for item in value]
    return value


def living(word: str) -> list[int]:
    """Return the processes with this word on their command line, but not this one."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                text = (entry / "cmdline").read_bytes()
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if word.encode() in text.split(b"\0") and state not in "ZX":
                found.append(int(entry.name))
    return found


def python_child(program: str, *arguments: str, channel: int) -> subprocess.Popen[str]:
    """Start a worker in a process of its own, which keeps the channel."""
    return subprocess.Popen(
        [sys.executable, "-c", program, str(channel), *arguments],
        pass_fds=[channel],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=Path(__file__).parents[3],
    )


MODULE = """
from ansible.module_utils.basic import AnsibleModule
{imports}
def main():
    spec = dict(a=dict(type='str', default=''))
    module = AnsibleModule(argument_spec=spec, supports_check_mode=True)
{body}
main()
"""


def module_of(folder: Path, name: str, body: str, imports: str = "") -> bytes:
    """Return the payload of a project's own module."""
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    # Ansible keeps what it has built by the module's name: another body needs another name.
    name += f"_{zlib.crc32(f'{folder}{imports}{body}'.encode()):08x}"
    path = folder / f"{name}.py"
    path.write_text(MODULE.format(imports=imports, body=indented), encoding="utf-8")
    return payload_of(name, {"a": "ü✓"}, path=path)


def same(warm: Warm, payload: bytes) -> Any:
    """Execute both ways, compare everything, and return the result."""
    stock, ours = warm.stock(payload), warm.warm(payload)
    assert ours.rc == stock.rc
    assert ours.words[2] == stock.words[2]
    assert ours.result == stock.result
    return ours.result
