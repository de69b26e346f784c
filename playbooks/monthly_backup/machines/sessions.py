"""Runs one command of one SSH session, carries its streams, and buries what it leaves.

A session that ends early, because its client was killed or its line was cut, takes the
command's whole process group with it.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncssh
import psutil

HANGUP_GRACE_SECONDS = 2
OUTPUT_GRACE_SECONDS = 2
CHUNK_BYTES = 64 * 1024

_commands: set[int] = set()
"""The pids that asyncio waits for; nobody else may reap them. One process is one host."""
_starting = asyncio.Lock()
"""Held from the birth of a command until its pid is known above."""


async def reap_orphans() -> None:
    """Take leave of daemons that ended, so that none stays in the process table."""
    died = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, died.set)
    while True:
        await died.wait()
        died.clear()
        async with _starting:
            _reap_zombies()


def _reap_zombies() -> None:
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error, ChildProcessError):
            if child.pid not in _commands and child.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(child.pid, os.WNOHANG)


async def run_command(
    process: asyncssh.SSHServerProcess[bytes], *, home: Path, environment: Mapping[str, str]
) -> None:
    """Run what the client asks for in ``home``; return when command or session is over."""
    async with _starting:
        child, ended = await _start(process.command or "exec /bin/sh", home, environment)
        _commands.add(child.pid)
    cut = asyncio.ensure_future(process.channel.wait_closed())
    fed = asyncio.ensure_future(_feed(process, child))
    carried = asyncio.ensure_future(_carry_outputs(child, process, ended))
    try:
        over: set[asyncio.Future[Any]] = {asyncio.gather(carried, ended), cut}
        await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            await _end_group(child.pid, ended)
        code = ended.result()
        process.exit(code if code >= 0 else 128 - code)
    finally:
        for task in (cut, fed, carried):
            task.cancel()
        _commands.discard(child.pid)


class _Streams(asyncio.subprocess.SubprocessStreamProtocol):
    """Says when the command itself has ended, even if a daemon still holds its pipes."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(limit=CHUNK_BYTES, loop=loop)
        self.ended: asyncio.Future[int] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        assert isinstance(transport, asyncio.SubprocessTransport), "so it was started"
        self._command = transport

    def process_exited(self) -> None:
        super().process_exited()
        code = self._command.get_returncode()
        assert code is not None, "it has ended"
        self.ended.set_result(code)


async def _start(
    command: str, home: Path, environment: Mapping[str, str]
) -> tuple[asyncio.subprocess.Process, asyncio.Future[int]]:
    """Start ``command`` in a session of its own; return it and the future of its status."""
    loop = asyncio.get_running_loop()
    transport, streams = await loop.subprocess_exec(
        lambda: _Streams(loop),
        "/bin/sh",
        "-c",
        f"trap '' XFSZ\n{command}",
        cwd=home,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    return asyncio.subprocess.Process(transport, streams, loop), streams.ended


async def _feed(
    process: asyncssh.SSHServerProcess[bytes], child: asyncio.subprocess.Process
) -> None:
    """Carry what the client sends to the command, which may stop listening at any time."""
    assert child.stdin is not None, "it is a pipe"
    with contextlib.suppress(OSError, asyncssh.Error):
        while data := await process.stdin.read(CHUNK_BYTES):
            child.stdin.write(data)
            await child.stdin.drain()
    child.stdin.close()


async def _carry_outputs(
    child: asyncio.subprocess.Process,
    process: asyncssh.SSHServerProcess[bytes],
    ended: asyncio.Future[int],
) -> None:
    assert child.stdout is not None, "both outputs are pipes"
    assert child.stderr is not None, "both outputs are pipes"
    await asyncio.gather(
        _carry(child.stdout, process.stdout, ended), _carry(child.stderr, process.stderr, ended)
    )


async def _carry(
    source: asyncio.StreamReader, sink: asyncssh.SSHWriter[bytes], ended: asyncio.Future[int]
) -> None:
    """Carry ``source`` to its end, at the pace of the client.

    A daemon may hold the pipe open after its command. So once the command has ended, a pipe
    that stays silent for a moment counts as at its end.
    """
    with contextlib.suppress(OSError, asyncssh.Error):
        while data := await _read(source, ended):
            sink.write(data)
            await sink.drain()


async def _read(source: asyncio.StreamReader, ended: asyncio.Future[int]) -> bytes:
    reading = asyncio.ensure_future(source.read(CHUNK_BYTES))
    try:
        first: set[asyncio.Future[Any]] = {reading, ended}
        await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            await asyncio.wait({reading}, timeout=OUTPUT_GRACE_SECONDS)
        return reading.result() if reading.done() else b""
    finally:
        reading.cancel()


async def _end_group(group: int, ended: asyncio.Future[int]) -> None:
    """Hang up on the command's process group, and wait; kill what stays."""
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, number)
        if number == signal.SIGTERM:
            await asyncio.wait({ended}, timeout=HANGUP_GRACE_SECONDS)
    await ended
