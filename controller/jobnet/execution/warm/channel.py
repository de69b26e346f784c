"""Carries one message and a few descriptors over a pair of connected sockets.

A message is JSON behind its length; the descriptors come with the length, so that they
are there when the message is read. What a server must never have in its own memory, because its
later forks would inherit it, goes in a file of its own that only one fork reads.
"""

import array
import json
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final

MESSAGE_BYTES_MAX: Final = 16 * 1024 * 1024
_DESCRIPTORS_MAX: Final = 8
_LENGTH: Final = struct.Struct("!I")


class ChannelClosed(Exception):
    """The other end has gone, or does not speak our language."""


def send(channel: socket.socket, message: Mapping[str, Any], descriptors: Sequence[int]) -> None:
    """Send one message; ChannelClosed if nobody takes it."""
    text = json.dumps(message).encode()
    assert len(text) <= MESSAGE_BYTES_MAX, "a message has a bound"
    ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors).tobytes())]
    try:
        channel.sendmsg([_LENGTH.pack(len(text))], ancillary if descriptors else [])
        channel.sendall(text)
    except OSError as error:
        raise ChannelClosed(str(error)) from error


def receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Return the next message and its descriptors, which belong to the caller."""
    try:
        head, descriptors, _, _ = socket.recv_fds(channel, _LENGTH.size, _DESCRIPTORS_MAX)
        head += _exactly(channel, _LENGTH.size - len(head)) if head else b""
        if not head:
            raise ChannelClosed("nobody is there any more")
        (length,) = _LENGTH.unpack(head)
        if length > MESSAGE_BYTES_MAX:
            raise ChannelClosed("a message is too long")
        message = json.loads(_exactly(channel, length))
    except (OSError, ValueError) as error:
        raise ChannelClosed(str(error)) from error
    if not isinstance(message, dict):
        raise ChannelClosed("a message is no object")
    return message, list(descriptors)


def in_memory(message: Mapping[str, Any]) -> int:
    """Write a message into a nameless file and return its descriptor, which is the caller's."""
    descriptor = os.memfd_create("request", os.MFD_CLOEXEC)
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(json.dumps(message).encode())
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def read_in_memory(descriptor: int) -> dict[str, Any]:
    """Return what ``in_memory`` has written; the descriptor is closed."""
    with os.fdopen(descriptor, "rb") as file:
        file.seek(0)
        message = json.loads(file.read())
    assert isinstance(message, dict), "a message is an object"
    return message


def _exactly(channel: socket.socket, length: int) -> bytes:
    read = bytearray()
    while len(read) < length:
        chunk = channel.recv(min(length - len(read), 1024 * 1024))
        if not chunk:
            raise ChannelClosed("a message was cut off")
        read += chunk
    return bytes(read)
