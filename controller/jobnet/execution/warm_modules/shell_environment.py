"""Says which environment ``/bin/sh -c "/bin/sh -c 'PROGRAM && sleep 0'"`` gives to its program.

A shell changes little: it sets ``PWD``, and some count their depth, which depends on whether
the program is the last that they have to run. What this module says was compared with the
real shell once, on this machine, before it is believed; names to which shells give a meaning
of their own, or which they drop, are left to them.
"""

# Plain strings and descriptors: pathlib would cost each module its time.
# ruff: noqa: PTH116

import ctypes
import functools
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

SHELL: Final = "/bin/sh"
_NAME: Final = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
_OF_SHELLS: Final = frozenset(
    b"BASHOPTS BASH_ENV BASH_VERSION ENV HISTFILE IFS LINENO MAILPATH OPTARG OPTERR"
    b" OPTIND POSIXLY_CORRECT PPID PS4 RANDOM SECONDS SHELLOPTS SHLVL UID EUID".split()
)
_DEPTH: Final = re.compile(rb"[0-9]{1,2}")  # of others bash warns, or it drops them
_PROBE_SECONDS_MAX: Final = 10
_Environment = Mapping[bytes, bytes]
_Model = Callable[[_Environment, bytes, bytes], dict[bytes, bytes]]


class Rest(StrEnum):
    """What stands behind the program in the command of the inner shell."""

    SLEEP = " && sleep 0"  # ansible-core 2.19 and 2.20: the shell waits for the program
    NOTHING = ""  # from 2.21: some shells make way for the program


def own_environment() -> dict[bytes, bytes]:
    """Return what a program started by this process would get.

    That is the C library's environment: readline and others put names there which
    ``os.environ`` does not show.
    """
    entries = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    environment: dict[bytes, bytes] = {}
    index = 0
    while entries and (entry := entries[index]) is not None:
        name, _, value = entry.partition(b"=")
        environment.setdefault(name, value)
        index += 1
    return environment


def environment_behind_shell(
    environment: _Environment, *, folder: bytes, program: bytes, rest: Rest
) -> dict[bytes, bytes] | None:
    """Return the environment of a program behind two shells; None if that is not known."""
    model = _known_model(rest)
    odd = any(not _NAME.fullmatch(n) or n in _OF_SHELLS - {b"SHLVL"} for n in environment)
    odd |= not _DEPTH.fullmatch(environment.get(b"SHLVL", b"0"))
    if model is None or odd or environment.get(b"PWD", b"").startswith(b"/proc/"):
        return None
    return model(environment, folder, program)


def _plain(environment: _Environment, folder: bytes, _program: bytes) -> dict[bytes, bytes]:
    return {**environment, b"PWD": _working_folder(environment, folder)}


def _counting(
    environment: _Environment, folder: bytes, program: bytes, *, deeper: int
) -> dict[bytes, bytes]:
    """Do as bash does when it is called ``sh``; one that makes way does not count itself."""
    depth = int(environment.get(b"SHLVL", b"0"))
    changed = {
        b"PWD": _working_folder(environment, folder),
        b"SHLVL": b"%d" % (depth + deeper),
        b"_": program,
    }
    kept = {k: v for k, v in environment.items() if k not in {b"OLDPWD", b"PS1"}}
    return {**kept, **changed}


def _working_folder(environment: _Environment, folder: bytes) -> bytes:
    """Return what ``PWD`` says: the caller's words if they mean this folder."""
    said = environment.get(b"PWD", b"")
    try:
        if said.startswith(b"/") and os.path.samestat(os.stat(said), os.stat(folder)):
            return said
    except OSError:
        pass
    return os.path.realpath(folder)


@functools.cache
def _known_model(rest: Rest) -> _Model | None:
    """Return the model that agrees with this machine's shell, if one does."""
    counting = [functools.partial(_counting, deeper=count) for count in range(3)]
    models: list[_Model] = [_plain, *counting]
    return next((model for model in models if _agrees(model, rest)), None)


def learn_shell() -> None:
    """Ask the shell now, so that no task has to."""
    for rest in Rest:
        _known_model(rest)


def _agrees(model: _Model, rest: Rest) -> bool:
    probe = b"/bin/cat"
    command = f"{SHELL} -c '{probe.decode()} /proc/self/environ{rest}'"
    stale = {b"A": b"1\n2", b"PWD": b"/nowhere", b"OLDPWD": b"/old", b"PS1": b"$", b"SHLVL": b"4"}
    stale |= {b"COLUMNS": b"7", b"LINES": b"7"}
    plain = {b"PATH": b"/bin:/usr/bin", b"PWD": b"/tmp", b"TERM": b"x", b"_": b"/x"}
    folder = os.path.realpath(b"/tmp")
    for environment in (stale, plain, {}):
        done = subprocess.run(  # noqa: S603 - fixed words
            [SHELL, "-c", command],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_SECONDS_MAX,
            check=False,
        )
        pairs = [line.partition(b"=") for line in done.stdout.split(b"\0") if line]
        if {name: value for name, _, value in pairs} != model(environment, folder, probe):
            return False
    return True
