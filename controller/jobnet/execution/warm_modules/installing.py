"""Makes Ansible's ``local`` connection send plain pipelined payloads to a module server.

Only what stock Ansible would run as ``/bin/sh -c 'PYTHON && sleep 0'``, or from ansible-core
2.21 as ``/bin/sh -c PYTHON``, with the payload on standard input goes there. Everything else,
and everything that is not accepted at once, takes the stock path untouched; ``-vvv`` and
debugging show the stock path's own words.
"""

# Plain strings and descriptors: pathlib would cost each module its time.
# ruff: noqa: PTH118

import os
import re
import resource
import shlex
import signal
from collections.abc import Callable
from typing import Any, Final

import ansible.constants
from ansible.utils.display import Display

from jobnet.execution.environment import MARK_VARIABLE
from jobnet.execution.warm_modules.conversation import Call, converse
from jobnet.execution.warm_modules.server.module_process import identity
from jobnet.execution.warm_modules.server.naming import MARK_LENGTH_MAX
from jobnet.execution.warm_modules.shell_environment import (
    SHELL,
    Rest,
    environment_behind_shell,
    learn_shell,
    own_environment,
)
from jobnet.execution.warm_modules.starting import start_environment

_PLAIN: Final = re.compile(r"(/[A-Za-z0-9_./+-]*/python[0-9.]*)( && sleep 0)?")
_CODING: Final = re.compile(rb"[^\n]*coding[:=]|[^\n]*\n[^\n]*coding[:=]")
_STOCK_VERBOSITY: Final = 3
_TWO_LINES_MAX: Final = 4096
_HIDING: Final = ("datetime", "resource")  # what the wrapper imports before it drops the folder
_Execute = Callable[..., tuple[int, bytes, bytes]]


def install(connection_class: Any, channel: int, *, kill_grace_seconds: float) -> None:  # noqa: ANN401
    """Patch ``exec_command`` of the ``local`` connection in this process and its forks.

    ``channel`` is the descriptor ``ModuleServers.channel``, which stays open.
    ``kill_grace_seconds`` is what a module has between SIGTERM and SIGKILL when its task is
    cancelled or has timed out. Installing twice has the effect of the second time.
    """
    stock: _Execute = getattr(
        connection_class.exec_command, "jobnet_stock", connection_class.exec_command
    )

    def exec_command(
        self: Any,  # noqa: ANN401
        cmd: str,
        in_data: bytes | None = None,
        sudoable: bool = True,  # noqa: FBT001, FBT002 - Ansible's own signature
    ) -> tuple[int, bytes, bytes]:
        if plain := _plain(self, cmd, in_data):
            call = _call(*plain, self.cwd, in_data or b"", kill_grace_seconds)
            if not self.connected:
                self._connect()
            if call is not None and (done := converse(channel, call)) is not None:
                return done
        return stock(self, cmd, in_data=in_data, sudoable=sudoable)

    exec_command.jobnet_stock = stock  # type: ignore[attr-defined]
    connection_class.exec_command = exec_command
    learn_shell()


def _plain(connection: Any, command: object, payload: bytes | None) -> tuple[str, Rest] | None:  # noqa: ANN401
    """Return the parts of a plain pipelined command; None where the stock path is meant."""
    if not payload or connection.become or not isinstance(command, str):
        return None
    if _CODING.match(payload, 0, _TWO_LINES_MAX) or not _is_utf8(payload):
        return None  # Python reads such a program from standard input in a way of its own
    if ansible.constants.DEFAULT_EXECUTABLE != SHELL or ansible.constants.DEFAULT_DEBUG:
        return None
    if Display().verbosity >= _STOCK_VERBOSITY or not connection.cwd:
        return None
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    plain = _PLAIN.fullmatch(words[-1]) if words[:2] == [SHELL, "-c"] else None
    if plain is None or command != f"{SHELL} -c {shlex.quote(words[-1])}":
        return None
    return plain.group(1), Rest(plain.group(2) or "")


def _call(
    interpreter: str, rest: Rest, folder: str | bytes, payload: bytes, kill_grace_seconds: float
) -> Call | None:
    """Return what the module's process is to inherit; None if only the stock way can tell."""
    place = os.fsencode(folder)
    behind = environment_behind_shell(
        own_environment(), folder=place, program=os.fsencode(interpreter), rest=rest
    )
    if signal.pthread_sigmask(signal.SIG_BLOCK, []):
        return None  # some shells unblock, others do not
    mark = os.environ.get(MARK_VARIABLE, "")
    start = start_environment(behind) if behind is not None else None
    if behind is None or start is None or len(os.fsencode(mark)) > MARK_LENGTH_MAX:
        return None
    if any(_is_hidden(place, name) for name in _HIDING):
        return None
    request = {
        "mark": mark,
        "environment": [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in behind.items()
        ],
        "umask": _umask(),
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "limits": _limits(),
        "user": identity(),
        "ignored_signals": [
            number
            for number in signal.valid_signals()
            if signal.getsignal(number) is signal.SIG_IGN
        ],
        "payload_bytes": len(payload),
        "kill_grace_seconds": kill_grace_seconds,
    }
    return Call(
        interpreter=interpreter,
        rest=rest,
        start=start,
        folder=place,
        request=request,
        payload=payload,
    )


def _is_hidden(folder: bytes, module: str) -> bool:
    """Tell whether a file beside the playbook would be imported in the place of this module."""
    path = os.path.join(folder, module.encode())
    return any(os.path.lexists(p) for p in (path, path + b".py", path + b".so"))


def _is_utf8(payload: bytes) -> bool:
    try:
        return payload.isascii() or bool(payload.decode())
    except UnicodeDecodeError:
        return False


def _umask() -> int:
    umask = os.umask(0o077)
    os.umask(umask)
    return umask


def _limits() -> list[tuple[int, tuple[int, int]]]:
    numbers = {getattr(resource, n) for n in dir(resource) if n.startswith("RLIMIT_")}
    return [(number, resource.getrlimit(number)) for number in sorted(numbers)]
