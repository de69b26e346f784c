"""Keeps one module's process: starts it, tells how it ended, ends its tree when the worker is gone.

The keeper is a child subreaper, so whatever the module forks is below it until the worker
says that it is done; only then do daemons that the module has left live on.
"""

# Plain strings and descriptors: pathlib would cost each module its time.
# ruff: noqa: PTH123, PTH208

from __future__ import annotations

import os
import select
import signal
import socket
import time
from typing import Any

from . import requests
from .naming import MarkPlace, become_subreaper, set_dumpable

_REQUEST_SECONDS_MAX = 20.0
_LOOK_AGAIN_SECONDS = 0.1
_UNKILLABLE_AFTER_SECONDS = 5.0


class _Asked:
    """Whether the job is being ended: then nothing of the module may stay, daemons neither."""

    to_end = False

    @classmethod
    def note(cls, *_: object) -> None:
        cls.to_end = True


def take_request(control: socket.socket, place: MarkPlace) -> dict[str, Any]:
    """Become the keeper of the worker at the other end; ends the process if there is none."""
    os.setsid()
    become_subreaper()
    signal.signal(signal.SIGTERM, _Asked.note)  # it ends with its module or its worker
    request = requests.receive(control, _REQUEST_SECONDS_MAX)
    if request is None:
        os._exit(0)
    place.write(request["mark"])
    set_dumpable(allowed=True)
    return request


def keep(control: socket.socket, child: int, grace_seconds: float) -> None:
    """Stay until the module's process has ended and the worker is done, or kill what is left."""
    wake, waker = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(wake, select.POLLIN)
    control.setblocking(False)  # noqa: FBT003
    _reap(control, child)  # it may have ended before the handler was there
    while True:
        ready = {descriptor for descriptor, _ in poll.poll()}
        if wake in ready:
            _drain(wake)
            _reap(control, child)
        if control.fileno() in ready:
            if _said(control) != requests.DONE or _Asked.to_end:
                _end_tree(grace_seconds)
            return


def _said(control: socket.socket) -> bytes:
    try:
        return control.recv(1)
    except OSError:
        return b""


def _reap(control: socket.socket | None, child: int) -> None:
    """Take the status of everything below that has ended; tell the worker the module's."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        if pid == child and control is not None:
            try:
                control.send(requests.ENDED + requests.STATUS.pack(status))
            except OSError:
                return  # the worker is gone; the loop finds that out


def _drain(descriptor: int) -> None:
    try:
        while os.read(descriptor, 4096):
            pass
    except BlockingIOError:
        return


def _end_tree(grace_seconds: float) -> None:
    """SIGTERM all below, after the grace SIGKILL, until nothing is left or nothing helps."""
    deadline = time.monotonic() + grace_seconds
    asked: set[int] = set()
    while left := descendants([os.getpid()]):
        now = time.monotonic()
        if now > deadline + _UNKILLABLE_AFTER_SECONDS:
            return
        if now < deadline:
            _send(left - asked, signal.SIGTERM)
            asked |= left
        else:
            _send(left, signal.SIGKILL)
        time.sleep(0.01 if now < deadline - grace_seconds + 1 else _LOOK_AGAIN_SECONDS)
        _reap(None, 0)


def _send(pids: set[int], number: signal.Signals) -> None:
    for pid in sorted(pids):
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def descendants(of: list[int]) -> set[int]:
    """Return the living processes below these, zombies left out."""
    children: dict[int, list[int]] = {}
    zombies = set()
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", "rb") as file:
                text = file.read()
        except OSError:
            continue
        state, parent = text[text.rindex(b")") + 2 :].split()[:2]
        children.setdefault(int(parent), []).append(int(entry))
        if state in (b"Z", b"X"):
            zombies.add(int(entry))
    found: set[int] = set()
    waiting = list(of)
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting += below
    return found - zombies
