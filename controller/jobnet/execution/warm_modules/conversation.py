"""Has one payload run by a module server, from the worker's side.

Until the server's keeper has accepted, nothing was executed and the worker may still take
the stock path. After that the answer is final: the control socket is the leash, and closing
it for whatever reason ends the module.
"""

import io
import os
import select
import shlex
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final

from jobnet.execution.warm_modules.server import requests
from jobnet.execution.warm_modules.shell_environment import SHELL, Rest

_ACCEPT_SECONDS_MAX: Final = 5.0
_READ_BYTES: Final = 1 << 18
_PIPE_BYTES: Final = 1 << 20
_KILLED: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One payload: for which interpreter, from where and what its process is to inherit."""

    interpreter: str
    rest: Rest
    start: Mapping[str, str]
    folder: bytes
    request: Mapping[str, Any]
    payload: bytes


@dataclass(slots=True)
class _Ends:
    """The worker's ends, and what went through them so far."""

    control: socket.socket
    payload: memoryview
    stdin: io.FileIO
    stdout: int
    stderr: int
    outputs: dict[int, bytearray] = field(default_factory=dict)
    status: int | None = None


def converse(channel: int, call: Call) -> tuple[int, bytes, bytes] | None:
    """Return (exit status, output, error) as the stock shell would; None to take the stock path."""
    with ExitStack() as opened:
        try:
            ends = _ask(channel, call, opened)
        except OSError:
            return None
        if ends is None:
            return None
        _exchange(ends)
        output, error = (bytes(ends.outputs[d]) for d in (ends.stdout, ends.stderr))
        status = ends.status
    assert status is not None, "the exchange ends with a status"
    if os.WIFSIGNALED(status):
        code, words = _after_signal(os.WTERMSIG(status), call.rest)
        return code, output, error + words
    return os.WEXITSTATUS(status), output, error


def _ask(channel: int, call: Call, opened: ExitStack) -> _Ends | None:
    """Send the call and wait until it is accepted; None if it is not."""
    control, theirs = socket.socketpair()
    opened.callback(control.close)
    with ExitStack() as given:
        given.callback(theirs.close)
        stdin_there, writable = os.pipe()
        stdin = opened.enter_context(io.FileIO(writable, "w"))
        stdout, stdout_there = os.pipe()
        stderr, stderr_there = os.pipe()
        for descriptor in (stdout, stderr):
            opened.callback(os.close, descriptor)
        for descriptor in (stdin_there, stdout_there, stderr_there):
            given.callback(os.close, descriptor)
        folder = os.open(call.folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        given.callback(os.close, folder)
        text = requests.packed({"interpreter": call.interpreter, "start": dict(call.start)})
        _send(
            channel,
            text[4:],
            [theirs.fileno(), stdin_there, stdout_there, stderr_there, folder],
        )
    if not _is_accepted(control, requests.packed(dict(call.request))):
        return None
    return _Ends(
        control=control, payload=memoryview(call.payload), stdin=stdin, stdout=stdout, stderr=stderr
    )


def _send(channel: int, text: bytes, descriptors: list[int]) -> None:
    sender = socket.socket(fileno=channel)
    try:
        requests.send_descriptors(sender, text, descriptors)
    finally:
        sender.detach()  # the channel is shared and stays open


def _is_accepted(control: socket.socket, request: bytes) -> bool:
    """Send the request and tell whether the keeper takes it, within a short time."""
    deadline = time.monotonic() + _ACCEPT_SECONDS_MAX
    control.setblocking(False)  # noqa: FBT003
    poll = select.poll()
    while True:
        poll.register(control, select.POLLIN | (select.POLLOUT if request else 0))
        left = deadline - time.monotonic()
        events = poll.poll(max(0, int(left * 1000))) if left > 0 else []
        if not events:
            return False
        if events[0][1] & (select.POLLIN | select.POLLHUP | select.POLLERR):
            return _received(control, 1) == requests.ACCEPTED
        request = request[control.send(request, socket.MSG_NOSIGNAL) :]


def _exchange(ends: _Ends) -> None:
    """Write the payload and read until both outputs and the module's process have ended."""
    poll = select.poll()
    ends.outputs = {ends.stdout: bytearray(), ends.stderr: bytearray()}
    for descriptor in ends.outputs:
        poll.register(descriptor, select.POLLIN)
    os.set_blocking(ends.stdin.fileno(), False)
    poll.register(ends.stdin, select.POLLOUT)
    poll.register(ends.control, select.POLLIN)
    stdin = ends.stdin.fileno()
    waiting = {ends.stdout, ends.stderr, ends.control.fileno()}
    while waiting:
        for descriptor, _ in poll.poll():
            if descriptor == stdin and not ends.stdin.closed:
                if not _write_some(ends):
                    poll.unregister(descriptor)
                    ends.stdin.close()
            elif descriptor == ends.control.fileno():
                ends.status = _status(ends.control)
                poll.unregister(descriptor)
                waiting.remove(descriptor)
            elif part := os.read(descriptor, _READ_BYTES):
                ends.outputs[descriptor] += part
            else:
                poll.unregister(descriptor)
                waiting.remove(descriptor)
    _received_done(ends.control)


def _write_some(ends: _Ends) -> bool:
    """Write a part of the payload; False when there is nothing more to write."""
    try:
        written = ends.stdin.write(ends.payload[:_PIPE_BYTES])
    except BrokenPipeError:
        return False
    ends.payload = ends.payload[written or 0 :]  # None stands for a full pipe
    return bool(ends.payload)


def _status(control: socket.socket) -> int:
    """Return the wait status; a keeper that is gone was killed, and its module with it."""
    text = _received(control, 1 + requests.STATUS.size)
    if len(text) == 1 + requests.STATUS.size:
        return int(requests.STATUS.unpack(text[1:])[0])
    return _KILLED


def _received(control: socket.socket, count: int) -> bytes:
    try:
        return control.recv(count)
    except OSError:
        return b""


def _received_done(control: socket.socket) -> None:
    try:
        control.send(requests.DONE, socket.MSG_NOSIGNAL)
    except OSError:
        return  # the keeper was killed; there is nobody to tell


def _after_signal(number: int, rest: Rest) -> tuple[int, bytes]:
    """Return the status and the words of the stock shell when its program dies by a signal.

    The status is negative, and there are no words, where no shell is left to see the death.
    """
    program = f"{SHELL} -c {shlex.quote(f'ulimit -c 0; kill -{number} $$')}{rest}"
    done = subprocess.run(  # noqa: S603 - fixed words and a number
        [SHELL, "-c", f"{SHELL} -c {shlex.quote(program)}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    return done.returncode, done.stderr
