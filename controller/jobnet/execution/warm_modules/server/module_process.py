"""Makes a forked process into what stock Python is when a payload comes on its standard input.

Everything that a new interpreter takes from its caller is set anew: streams, folder, umask,
limits, environment, signals, ``sys`` and ``__main__``. The payload then runs to its end in the
interpreter's own way: the caller of ``run`` returns from the program.
"""

# Plain strings and descriptors: pathlib would cost each module its time.
# ruff: noqa: PTH208

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import types
from typing import Any

from .compiled import Finder, Store
from .ending import end
from .naming import end_with_parent, set_dumpable

_FILE_NAME = "<stdin>"
_IGNORED_BY_PYTHON = ("SIGPIPE", "SIGXFZ", "SIGXFSZ")
_READ_BYTES = 1 << 20


class Program:
    """The payload of one module, ready to run in this process."""

    def __init__(self, pristine: dict[str, Any], payload_bytes: int) -> None:
        self._pristine = pristine
        self._payload_bytes = payload_bytes
        self._inherited = dict(sys.modules)

    def run(self) -> None:
        """Read the payload, run it as ``__main__`` and end the process as Python would."""
        payload = _read_all(0)
        if len(payload) != self._payload_bytes:
            os._exit(1)  # the worker died while it wrote; a part of a program is none
        main = types.ModuleType("__main__")
        main.__dict__.update(self._pristine)
        sys.modules["__main__"] = main
        names = main.__dict__
        del main
        given = _code_of(payload, names)
        del names, payload  # so that what the program has made can go
        end(given, self._inherited)


def _code_of(payload: bytes, names: dict[str, Any]) -> object:
    """Run the program and return what ``sys.exit`` was given; an exception is shown and gives 1."""
    try:
        code = compile(payload, _FILE_NAME, "exec", dont_inherit=True)
        del payload
        exec(code, names)  # noqa: S102 - it is what this program is for
    except SystemExit as asked:
        return asked.code
    except BaseException as error:  # noqa: BLE001 - Python would show it and exit with 1
        _show(error)
        return 1
    return None


def prepare(
    request: dict[str, Any],
    streams: list[int],
    folder: int,
    ready: int,
    keeper: int,
    coerced: dict[bytes, bytes],
) -> None:
    """Take over what stock Python would have inherited; any error refuses the request."""
    end_with_parent(signal.SIGKILL)
    if os.getppid() != keeper:
        os._exit(1)
    set_dumpable(allowed=True)
    _refuse_other_user(request)
    for target, descriptor in enumerate(streams):
        os.dup2(descriptor, target)
    os.fchdir(folder)
    os.umask(int(request["umask"]))
    if os.getpriority(os.PRIO_PROCESS, 0) != request["nice"]:
        os.setpriority(os.PRIO_PROCESS, 0, request["nice"])
    for number, limits in request["limits"]:
        if resource.getrlimit(number) != tuple(limits):
            resource.setrlimit(number, tuple(limits))
    os.environb.clear()
    os.environb.update(coerced)
    for name, value in request["environment"]:
        os.environb[name.encode("latin-1")] = value.encode("latin-1")
    time.tzset()
    _close_all_but(ready)
    _set_signals(request["ignored_signals"])


def set_up_imports(store: Store) -> None:
    """Hide the server's own modules and offer what it has compiled."""
    for name in [name for name in sys.modules if name.startswith("_jobnet_module_server")]:
        del sys.modules[name]
    sys.meta_path.insert(0, Finder(store))
    sys.argv[:] = [""]


def _refuse_other_user(request: dict[str, Any]) -> None:
    if request["user"] != identity():
        raise PermissionError


def identity() -> list[list[int]]:
    """Return the ids under which this process runs."""
    return [list(os.getresuid()), list(os.getresgid()), sorted(os.getgroups())]


def _close_all_but(kept: int) -> None:
    for name in os.listdir("/proc/self/fd"):
        descriptor = int(name)
        if descriptor > 2 and descriptor != kept:  # noqa: PLR2004 - the standard streams
            try:
                os.close(descriptor)
            except OSError:
                continue  # the listing's own


def _set_signals(ignored: list[int]) -> None:
    """Set what a new Python sets, on top of what it inherits."""
    python_ignores = {getattr(signal, n) for n in _IGNORED_BY_PYTHON if hasattr(signal, n)}
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        wanted: Any = signal.SIG_DFL
        if number in ignored or number in python_ignores:
            wanted = signal.SIG_IGN
        elif number == signal.SIGINT:
            wanted = signal.default_int_handler
        if signal.getsignal(number) is not wanted:
            signal.signal(number, wanted)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


def _read_all(descriptor: int) -> bytes:
    parts = []
    while part := os.read(descriptor, _READ_BYTES):
        parts.append(part)
    return b"".join(parts)


def _show(error: BaseException) -> None:
    """Show an exception as the interpreter does, without the frame that ran the program."""
    trace = error.__traceback__
    error.__traceback__ = trace.tb_next if trace is not None else None
    sys.excepthook(type(error), error, error.__traceback__)
    if isinstance(error, KeyboardInterrupt):
        sys.stdout.flush()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
