"""Says what a worker and the keeper of its module tell each other, and how.

The worker's end of the control socket is its leash: when it closes before the worker has
said ``DONE``, nothing of the module may live on.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import time
from typing import Any

ACCEPTED = b"R"
ENDED = b"E"
DONE = b"D"
STREAMS = 5  # control, standard input, output, error, working folder
REQUEST_BYTES_MAX = 8 * 1024 * 1024
STATUS = struct.Struct("!i")
_LENGTH = struct.Struct("!I")


def packed(request: dict[str, Any]) -> bytes:
    """Return a request as it travels; environment values are latin-1 pictures of bytes."""
    body = json.dumps(request).encode()
    return _LENGTH.pack(len(body)) + body


def receive(control: socket.socket, seconds: float) -> dict[str, Any] | None:
    """Return the worker's request; None if it went away, took too long or sent nonsense."""
    deadline = time.monotonic() + seconds
    try:
        (length,) = _LENGTH.unpack(_exactly(control, _LENGTH.size, deadline))
        if length > REQUEST_BYTES_MAX:
            return None
        request = json.loads(_exactly(control, length, deadline))
    except (OSError, EOFError, ValueError):
        return None
    return request if isinstance(request, dict) else None


def receive_descriptors(channel: socket.socket, flags: int = 0) -> tuple[bytes, list[int]]:
    """Return one datagram and the descriptors that came with it, closed on exec."""
    size = struct.calcsize("i")
    text, extra, _, _ = channel.recvmsg(
        65536, socket.CMSG_SPACE(16 * size), flags | socket.MSG_CMSG_CLOEXEC
    )
    found: list[int] = []
    for level, kind, data in extra:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            found += struct.unpack(f"{len(data) // size}i", data[: len(data) // size * size])
    return text, found


def send_descriptors(channel: socket.socket, text: bytes, descriptors: list[int]) -> None:
    """Send one datagram without ever waiting; OSError if it cannot go at once."""
    rights = struct.pack(f"{len(descriptors)}i", *descriptors)
    extra = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)]
    sent = channel.sendmsg([text], extra, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
    assert sent == len(text), "a datagram is atomic"


def close_all(descriptors: list[int]) -> None:
    """Close descriptors that are certainly open."""
    for descriptor in descriptors:
        os.close(descriptor)


def _exactly(control: socket.socket, count: int, deadline: float) -> bytes:
    parts = []
    while count:
        control.settimeout(max(0.001, deadline - time.monotonic()))
        part = control.recv(min(count, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    control.settimeout(None)
    return b"".join(parts)
