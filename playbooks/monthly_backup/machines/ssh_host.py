"""Serves SSH as one host does: commands through ``/bin/sh``, sftp and scp, one user.

What a command has detached goes on when the command has ended, as on any host; this
process is its parent then, and ends it when the host goes down.
"""

import asyncio
import contextlib
import os
import resource
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from .places import LOGIN, Place
from .privileges import drop_privileges
from .processes import MARK
from .sessions import reap_orphans, run_command

QUOTA = "quota"
"""A file of this name in a host's folder limits the size of each file written there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSettings:
    """What a host reads before it gives up the right to read it."""

    folder: Path
    port: int
    host_key: asyncssh.SSHKey
    admitted: asyncssh.SSHAuthorizedKeys
    client_key: asyncssh.SSHKey

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of every command of this host."""
        path = os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin")
        return {
            "HOME": str(self.folder / "home"),
            "LANG": "C.UTF-8",
            "LOGNAME": LOGIN,
            "PATH": f"{self.folder / 'bin'}:{path}",
            "SHELL": "/bin/sh",
            "TMPDIR": str(self.folder / "tmp"),
            "USER": LOGIN,
            MARK: str(self.folder),
        }


def read_settings(place: Place, name: str, folder: Path) -> HostSettings:
    """Read the keys of host ``name``; whoever serves may lose the right to do so later."""
    return HostSettings(
        folder=folder,
        port=place.ports()[name],
        host_key=asyncssh.read_private_key(place.keys / f"host_{name}"),
        admitted=asyncssh.read_authorized_keys(str(place.keys / f"admitted_{name}")),
        client_key=asyncssh.read_private_key(place.keys / "client"),
    )


@contextlib.asynccontextmanager
async def listening(settings: HostSettings, owner: int | None) -> AsyncIterator[None]:
    """Serve the host on its port, as ``owner``, for the length of the ``async with``.

    The process calls itself once before it gives up its rights: modules that Python and
    asyncssh load late may lie where ``owner`` cannot read.
    """
    os.chdir(settings.folder / "home")

    async def run(process: asyncssh.SSHServerProcess[bytes]) -> None:
        await run_command(process, home=settings.folder / "home", environment=settings.environment)

    acceptor = await asyncssh.listen(
        "127.0.0.1",
        settings.port,
        server_factory=lambda: _Door(settings),
        server_host_keys=[settings.host_key],
        process_factory=run,
        sftp_factory=True,
        allow_scp=True,
        encoding=None,
        line_editor=False,
        gss_host=None,
        agent_forwarding=False,
    )
    if owner is not None:
        await _call_oneself(settings)
        drop_privileges(owner)
    reaper = asyncio.create_task(reap_orphans())
    try:
        yield
    finally:
        reaper.cancel()
        acceptor.close()


async def _call_oneself(settings: HostSettings) -> None:
    known = f"[127.0.0.1]:{settings.port} ".encode() + settings.host_key.export_public_key()
    async with asyncssh.connect(
        "127.0.0.1",
        settings.port,
        username=LOGIN,
        client_keys=[settings.client_key],
        known_hosts=known,
        config=None,
        agent_path=None,
        gss_host=None,
    ) as connection:
        await connection.run("cat; echo >&2", input=b"x", encoding=None, check=True)
        async with connection.start_sftp_client() as files:
            await files.listdir(".")


class _Door(asyncssh.SSHServer):
    """Lets one user in, by public key only."""

    def __init__(self, settings: HostSettings) -> None:
        self._settings = settings
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        _apply_quota(self._settings.folder)

    def begin_auth(self, username: str) -> bool:
        assert self._connection is not None, "a connection is made before it authenticates"
        if username == LOGIN:
            self._connection.set_authorized_keys(self._settings.admitted)
        return True


def _apply_quota(folder: Path) -> None:
    """Give what runs from now on the limit that the host's quota file names, or none."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        limit = int((folder / QUOTA).read_text("ascii"))
    except (OSError, ValueError):
        limit = hard
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
