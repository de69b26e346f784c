"""Makes a fork of the warm server into ``ansible-playbook`` and never returns.

What a fresh process would take anew is taken anew (``renewal``); everything else was loaded under
an environment with the same fingerprint. Where that is not certain, the program is executed.
"""

# Ansible is imported inside functions: only the server process may load it.
# ruff: noqa: PLC0415, SLF001
# mypy: disable-error-code="import-untyped"

import _io
import atexit
import contextlib
import gc
import os
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from jobnet.execution.warm.fingerprint import digest_of, server_environment
from jobnet.execution.warm.naming import show_title
from jobnet.execution.warm.renewal import begin_anew, can_log
from jobnet.execution.warm.stock_plugins import remembered

_DESCRIPTORS_MAX = 1_048_576


def run_playbook(
    program: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    loaded_under: str,
    modules: int,
    kill_grace_seconds: float,
) -> NoReturn:
    """Be the program in this process; it ends with the program's exit status.

    ``loaded_under`` is the digest of what Ansible was loaded under. Where the job's differs, which
    would be a bug, the program is executed: cold is always right. ``modules`` is the channel to
    the servers of modules, which have ``kill_grace_seconds`` to end when their task is given up.
    """
    status = 1
    try:
        modules = os.dup2(modules, 3, inheritable=False)
        os.closerange(4, _DESCRIPTORS_MAX)  # the spool's lock and the runner's own are among them
        if digest_of(server_environment(environment)) != loaded_under or not can_log():
            os.execve(program, [program, *arguments], dict(environment))  # noqa: S606 - the same
        gc.freeze()  # what is left when this process ends is Ansible's
        begin_anew(environment, program)
        _use_warm_modules(modules, kill_grace_seconds)
        show_title(" ".join((program, *arguments)))
        status = _status_of(program, arguments)
    except BaseException:  # noqa: BLE001 - what an interpreter does with it
        traceback.print_exc()
    finally:
        _end()
        os._exit(status)


def _use_warm_modules(channel: int, kill_grace_seconds: float) -> None:
    from jobnet.execution.warm_modules.installing import install

    for module in remembered("connection", "local"):
        install(module.Connection, channel, kill_grace_seconds=kill_grace_seconds)


def _status_of(program: str, arguments: Sequence[str]) -> int:
    from ansible.cli.playbook import PlaybookCLI

    sys.argv = [program, *arguments]
    sys.path.insert(0, str(Path(program).parent))
    try:
        PlaybookCLI.cli_executor(sys.argv)
    except SystemExit as end:
        if isinstance(end.code, int) or end.code is None:
            return (end.code or 0) & 0xFF
        print(end.code, file=sys.stderr)  # noqa: T201 - as the interpreter does
        return 1
    return 0


def _end() -> None:
    """End as an interpreter does: threads, what was registered for the exit, all open files.

    Plugins leave files open, and an interpreter that ends writes what they still hold.
    """
    with contextlib.suppress(Exception):
        threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    kinds = _kinds_of_files()
    left = [thing for thing in gc.get_objects() if type(thing) in kinds]
    for stream in (sys.stdout, sys.stderr, *left):
        with contextlib.suppress(Exception):
            stream.flush()


def _kinds_of_files() -> set[type]:
    """Return all classes of files that there are by now, also a plugin's own."""
    found: set[type] = set()
    waiting: list[type] = [_io._IOBase]
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            waiting += type.__subclasses__(kind)
    return found
