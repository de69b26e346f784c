"""Answers one request after the other by forking a keeper, which forks the module's process.

The server itself never reads a request, so it never holds a secret, and it runs no payload,
so nothing of one job can reach the next. It has one thread and ends with its parent.
"""

# Plain strings and descriptors: pathlib would cost each module its time.
# ruff: noqa: PTH116, PTH118, PTH120

from __future__ import annotations

import gc
import importlib
import os
import signal
import site
import socket
import sys
from typing import Any

from . import requests
from .compiled import Store
from .keeper import keep, take_request
from .module_process import Program, prepare, set_up_imports
from .naming import MARK_VARIABLE, MarkPlace, end_with_parent, set_dumpable

READY = b"ready"
STALE = b"stale"
_STOCK_MODULES = (  # what the wrapper of each payload and most modules import
    "argparse", "base64", "contextlib", "copy", "csv", "ctypes", "dataclasses", "datetime",
    "decimal", "email.message", "encodings.cp437", "encodings.idna", "enum", "fcntl", "getpass",
    "gettext", "glob", "grp", "hashlib", "http.cookiejar", "inspect", "ipaddress", "json", "locale",
    "logging", "pathlib", "pkgutil", "platform", "pwd", "queue", "random", "runpy", "selectors",
    "shlex", "shutil", "ssl", "stringprep", "subprocess", "syslog", "tempfile", "textwrap",
    "traceback", "typing", "urllib.request", "uuid", "zipfile", "zipimport", "_strptime",
)  # fmt: skip


def serve(channel: socket.socket, setup: dict[str, Any], pristine: dict[str, Any]) -> Program:
    """Serve until the other end closes; return only in a module's process, ready to run."""
    end_with_parent(signal.SIGKILL)
    if os.getppid() != setup["parent"]:
        os._exit(0)
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are nobody's zombies
    place = MarkPlace()
    set_dumpable(allowed=False)
    _refuse_customised()
    for name in _STOCK_MODULES:
        importlib.import_module(name)
    store, start_files = Store(setup["ansible"]), _start_files()
    before = set(setup["start"]) | {MARK_VARIABLE}
    coerced = {n: v for n, v in os.environb.items() if os.fsdecode(n) not in before}
    gc.collect()
    gc.freeze()
    channel.send(READY)
    while True:
        text, descriptors = requests.receive_descriptors(channel)
        if not text:
            os._exit(0)
        if _start_files() != start_files:
            channel.send(STALE)
            os._exit(0)
        if len(descriptors) == requests.STREAMS and os.fork() == 0:
            channel.close()
            _start(descriptors, place, store, coerced)
            return Program(pristine, _payload_bytes.pop())
        requests.close_all(descriptors)


_payload_bytes: list[int] = []


def _start(
    descriptors: list[int], place: MarkPlace, store: Store, coerced: dict[bytes, bytes]
) -> None:
    """Be the keeper, which ends here, or the module's process, which returns."""
    try:
        control = socket.socket(fileno=descriptors[0])
        request = take_request(control, place)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        told, ready = os.pipe()
        keeper = os.getpid()
        child = os.fork()
        if child == 0:
            control.detach()  # ``prepare`` closes what it holds
            prepare(request, descriptors[1:4], descriptors[4], ready, keeper, coerced)
            set_up_imports(store)
            _payload_bytes.append(int(request["payload_bytes"]))
            os.write(ready, requests.ACCEPTED)
            os.close(ready)
            return
        requests.close_all([*descriptors[1:], ready])
        if os.read(told, 1) == requests.ACCEPTED:
            os.close(told)
            control.sendall(requests.ACCEPTED)
            keep(control, child, float(request["kill_grace_seconds"]))
    except BaseException:  # noqa: BLE001 - closing the control socket refuses the request
        os._exit(1)
    os._exit(0)


def _start_files() -> list[int]:
    """Return the times of what may run code at each start of this interpreter."""
    folders = [*site.getsitepackages(), site.getusersitepackages()]
    return [_changed_at(path) for path in [*folders, os.path.join(sys.prefix, "pyvenv.cfg")]]


def _changed_at(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return -1


def _refuse_customised() -> None:
    """Leave to stock Python what runs code of its owner at each start."""
    places = (os.path.dirname(os.__file__) + os.sep, "/etc/", "/usr/lib/python3")
    for name in ("sitecustomize", "usercustomize"):
        file = getattr(sys.modules.get(name), "__file__", None)
        if file is not None and not os.path.realpath(file).startswith(places):
            os._exit(3)
