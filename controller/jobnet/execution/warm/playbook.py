"""Makes a fork of the warm server into ``ansible-playbook`` and never returns.

What a fresh process would read at its start is read again here: environment, locale, time
zone, terminal, log file, temporary folder, random numbers. Everything else was loaded
under an environment with the same fingerprint.
"""

# Ansible is imported inside functions: only the server process may load it.
# ruff: noqa: PLC0415, SLF001
# mypy: disable-error-code="import-untyped"

import atexit
import contextlib
import importlib
import locale
import logging
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn, TextIO

from jobnet.execution.warm.fingerprint import digest_of, server_environment
from jobnet.execution.warm.naming import show_title

_DESCRIPTORS_MAX = 1_048_576


def run_playbook(
    program: str, arguments: Sequence[str], environment: Mapping[str, str], *, loaded_under: str
) -> NoReturn:
    """Be the program in this process; it ends with the program's exit status.

    ``loaded_under`` is the digest of what Ansible was loaded under. Where the job's differs, which
    would be a bug, the program is executed: cold is always right.
    """
    if digest_of(server_environment(environment)) != loaded_under:
        os.execve(program, [program, *arguments], dict(environment))  # noqa: S606 - the same
    status = 1
    try:
        os.closerange(3, _DESCRIPTORS_MAX)  # the spool's lock and the runner's own are among them
        _begin_anew(environment)
        show_title(" ".join((program, *arguments)))
        status = _status_of(program, arguments)
    except BaseException:  # noqa: BLE001 - what an interpreter does with it
        traceback.print_exc()
    finally:
        _flush()
        os._exit(status)


def adopt_environment(environment: Mapping[str, str]) -> None:
    """Have the environment of the job, and of it only."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    locale.setlocale(locale.LC_ALL, "")
    tempfile.tempdir = None


def _begin_anew(environment: Mapping[str, str]) -> None:
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.set_wakeup_fd(-1)
    adopt_environment(environment)
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        stream = _stream(descriptor, like=getattr(sys, f"__{name}__"))
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    _refresh_ansible()


def _stream(descriptor: int, *, like: TextIO | None) -> IO[str]:
    is_terminal = os.isatty(descriptor)
    return open(
        descriptor,
        "w" if descriptor else "r",
        encoding=like.encoding if like else "utf-8",
        errors=like.errors if like else None,
        buffering=1 if is_terminal or descriptor == 2 else -1,  # noqa: PLR2004
        closefd=False,
    )


def _refresh_ansible() -> None:
    """Take again what Ansible took when it was imported; each line was once a wrong run."""
    import ansible.cli
    import ansible.constants
    import ansible.utils.color
    import ansible.utils.path
    import ansible.utils.vars

    atexit.unregister(ansible.utils.path.cleanup_tmp_file)
    if hasattr(ansible.constants, "DEFAULT_LOCAL_TMP"):
        folder = ansible.constants.config.get_config_value(
            "DEFAULT_LOCAL_TMP", variables=vars(ansible.constants)
        )
        ansible.constants.DEFAULT_LOCAL_TMP = folder
    fresh = importlib.import_module("secrets").randbelow(sys.maxsize)
    ansible.utils.vars.random_int = f"{fresh:08x}"[:8]
    ansible.utils.vars.cur_id = 0
    importlib.reload(ansible.utils.color)
    ansible.cli.display._set_column_width()
    for handler in logging.root.handlers:
        if isinstance(handler, logging.FileHandler):
            handler.stream = handler._open()


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


def _flush() -> None:
    """End as an interpreter does: threads, what was registered for the exit, the streams."""
    with contextlib.suppress(Exception):
        threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
