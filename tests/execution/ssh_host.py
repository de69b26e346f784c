"""An SSH host on loopback, without root and without a daemon: asyncssh in a thread."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from tests.execution.building import PYTHON

START_SECONDS = 20


@dataclass(frozen=True)
class SshHost:
    """Where the host listens and how to log in."""

    port: int
    client_key: Path
    public_key: str

    def line(self, name: str, known_hosts: Path) -> str:
        """Return its line of an inventory."""
        options = f"-o UserKnownHostsFile={known_hosts} -o IdentitiesOnly=yes"
        return (
            f"{name} ansible_host=127.0.0.1 ansible_port={self.port} ansible_user=demo "
            f"ansible_ssh_private_key_file={self.client_key} ansible_python_interpreter={PYTHON} "
            f"ansible_remote_tmp={self.client_key.parent}/remote "
            f"ansible_ssh_common_args='{options}'\n"
        )

    def known(self) -> str:
        """Return its line of a known_hosts file."""
        return f"[127.0.0.1]:{self.port} {self.public_key}\n"


@contextmanager
def ssh_host(folder: Path) -> Iterator[SshHost]:
    """Run a host until the end of the block."""
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    client_key = asyncssh.generate_private_key("ssh-ed25519")
    path = folder / "client_key"
    client_key.write_private_key(path)
    path.chmod(0o600)
    authorized = folder / "authorized_keys"
    client_key.write_public_key(authorized)
    connections: list[asyncssh.SSHServerConnection] = []
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[host_key],
            authorized_client_keys=str(authorized),
            process_factory=_run,
            sftp_factory=True,
            encoding=None,
            acceptor=connections.append,
        )

    try:
        acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(START_SECONDS)
        public = host_key.export_public_key().decode().strip()
        yield SshHost(port=acceptor.get_port(), client_key=path, public_key=public)
        asyncio.run_coroutine_threadsafe(_close(acceptor, connections), loop).result(START_SECONDS)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(START_SECONDS)
        loop.close()


async def _run(process: asyncssh.SSHServerProcess[bytes]) -> None:
    child = await asyncio.create_subprocess_shell(
        process.command or "true",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None, "its output was asked for"
    assert child.stderr is not None, "its errors were asked for"
    await process.redirect(stdin=child.stdin)
    # Copied here and not redirected: then the exit status could overtake the last output.
    await asyncio.gather(_copy(child.stdout, process.stdout), _copy(child.stderr, process.stderr))
    process.exit(await child.wait())
    await process.wait_closed()


async def _copy(source: asyncio.StreamReader, target: asyncssh.SSHWriter[bytes]) -> None:
    with suppress(OSError):  # whoever listened has gone
        while piece := await source.read(65536):
            target.write(piece)
            await target.drain()


async def _close(
    acceptor: asyncssh.SSHAcceptor, connections: list[asyncssh.SSHServerConnection]
) -> None:
    acceptor.close()
    await acceptor.wait_closed()
    for connection in connections:
        connection.abort()
        await connection.wait_closed()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
