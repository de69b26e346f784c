"""Takes anew, in a fork of the warm server, what a fresh ``ansible-playbook`` takes at its start.

Environment, locale, time zone, terminal, log file, temporary folder, random numbers, folders
that modules are imported from. Each line here was once a wrong run, or would have been one.
"""

# Ansible is imported inside functions: only the server process may load it.
# ruff: noqa: PLC0415, SLF001
# mypy: disable-error-code="import-untyped"

import atexit
import importlib
import io
import locale
import logging
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TextIO

_STANDARD_ERROR: Final = 2
_TEMPORARY: Final = "DEFAULT_LOCAL_TMP"
_rendered: dict[str, Any] = {}


def begin_anew(environment: Mapping[str, str], program: str) -> None:
    """Be as fresh as a process in which the program was just started."""
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    adopt_environment(environment)
    _look_for_folders_anew()
    sys.executable = _interpreter_of(program) or sys.executable
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        stream = _stream(descriptor, name, like=getattr(sys, f"__{name}__"))
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    _refresh_ansible()


def adopt_environment(environment: Mapping[str, str]) -> None:
    """Have the environment of the job, and of it only."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    locale.setlocale(locale.LC_ALL, "")
    tempfile.tempdir = None


def _look_for_folders_anew() -> None:
    """Forget which folders for imports were not there; others are asked when they changed."""
    for path, finder in list(sys.path_importer_cache.items()):
        if finder is None or not path.startswith("/"):
            del sys.path_importer_cache[path]


def close_logs() -> None:
    """Close the log files that importing Ansible has opened; each fork opens them itself."""
    for handler in _log_files():
        if handler.stream is not None:
            handler.stream.close()
        handler.stream = None


def can_log() -> bool:
    """Open the log files again; False if that cannot be, which Ansible would have to say."""
    try:
        for handler in _log_files():
            handler.stream = handler._open()
    except OSError:
        return False
    return True


def _log_files() -> Iterator[logging.FileHandler]:
    return (h for h in logging.root.handlers if isinstance(h, logging.FileHandler))


def _interpreter_of(program: str) -> str | None:
    """Return what the first line of a program names; ``ansible_playbook_python`` shows it."""
    with Path(program).open("rb") as file:
        line = file.readline(4096).decode("utf-8", "surrogateescape").strip()
    path = line.removeprefix("#!").strip()
    is_ours = line.startswith("#!/") and Path(path).parent == Path(sys.executable).parent
    return path if is_ours else None


def _stream(descriptor: int, name: str, *, like: TextIO | None) -> TextIO:
    """Open a standard stream as the interpreter does at its start."""
    is_bare = getattr(like, "write_through", False)  # PYTHONUNBUFFERED
    mode = "wb" if descriptor else "rb"
    buffer = open(  # noqa: SIM115 - a descriptor, and it stays open
        descriptor, mode, buffering=0 if is_bare and descriptor else -1, closefd=False
    )
    raw = getattr(buffer, "raw", buffer)
    raw.name = f"<{name}>"  # type: ignore[misc]
    stream = io.TextIOWrapper(
        buffer,
        encoding=like.encoding if like else "utf-8",
        errors=like.errors if like else None,
        newline="\n",
        line_buffering=not is_bare and (raw.isatty() or descriptor == _STANDARD_ERROR),
        write_through=is_bare,
    )
    stream.mode = mode[0]  # type: ignore[misc]
    return stream


def remember_temporary_folder() -> None:
    """Render once where temporary folders are made; each job makes one of its own there."""
    import ansible.constants

    config = ansible.constants.config
    with suppress(KeyError):  # another ansible-core may call it otherwise
        template = config.get_configuration_definition(_TEMPORARY)["default"]
        _rendered[template] = config.template_default(template, vars(ansible.constants))


def _own_temporary_folder(constants: Any) -> Any:  # noqa: ANN401
    """Make it by the stock function, which would compile the template of its default anew."""
    stock = constants.config.template_default

    def rendered(value: Any, variables: Any, *more: Any, **named: Any) -> Any:  # noqa: ANN401
        is_known = isinstance(value, str) and value in _rendered
        return _rendered[value] if is_known else stock(value, variables, *more, **named)

    constants.config.template_default = rendered
    try:
        return constants.config.get_config_value(_TEMPORARY, variables=vars(constants))
    finally:
        del constants.config.template_default


def _refresh_ansible() -> None:
    import ansible.cli
    import ansible.constants
    import ansible.utils.color
    import ansible.utils.path
    import ansible.utils.vars

    atexit.unregister(ansible.utils.path.cleanup_tmp_file)
    if hasattr(ansible.constants, _TEMPORARY):
        ansible.constants.DEFAULT_LOCAL_TMP = _own_temporary_folder(ansible.constants)
    ansible.utils.vars.random_int = f"{secrets.randbelow(sys.maxsize):08x}"[:8]
    ansible.utils.vars.cur_id = 0
    importlib.reload(ansible.utils.color)
    # Again with these streams: it guards them against forks, and asks for the terminal's width.
    type(ansible.cli.display).__init__(ansible.cli.display)
