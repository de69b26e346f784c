"""Ends a module's process as its interpreter would, but for what the server had loaded before.

A Python that ends takes every module apart. Here hundreds were only inherited from the server, and
each page that is touched is copied first: that took as long as the module itself. So threads,
exit functions, streams and all that the module has made are ended in the interpreter's order,
and the inherited modules are left to the system.
"""

# The interpreter's own names, private and public.
# ruff: noqa: SLF001, T201

from __future__ import annotations

import _io
import atexit
import contextlib
import ctypes
import gc
import os
import sys
import threading
import types
import weakref
from typing import Any

_NOT_FLUSHED = 120
_SHELL_STATUS = 0xFF
_LONG_MAX = (1 << 63) - 1
_OF_IMPORTS = ("path", "argv", "meta_path", "path_hooks", "path_importer_cache")
_LIBC = ctypes.PyDLL(None)  # it keeps the other threads still


def end(code: object, inherited: dict[str, Any]) -> None:
    """End this process by what ``SystemExit`` says; ``inherited`` is ``sys.modules`` as it was.

    Returns never, but for a standard stream that cannot be written: then the interpreter has to
    say so, and SystemExit is raised for it.
    """
    status = _status_of(code)
    threading._shutdown()  # type: ignore[attr-defined]
    with contextlib.suppress(BaseException):  # it has been shown already
        atexit._run_exitfuncs()
    try:
        _flush_streams()
    except Exception:  # noqa: BLE001 - met again by the interpreter, which has words for it
        sys.exit(status)
    _take_apart(inherited)
    _flush_files()
    try:
        _flush_streams()
    except Exception:  # noqa: BLE001 - as the interpreter ends then
        status = _NOT_FLUSHED
    _LIBC.exit(status)


def _status_of(code: object) -> int:
    """Return the exit status for an argument of ``sys.exit``, and show it if it is none."""
    if code is None:
        return 0
    if isinstance(code, int):
        return (int(code) if abs(code) <= _LONG_MAX else -1) & _SHELL_STATUS
    with contextlib.suppress(Exception):
        if sys.stderr is None:
            os.write(2, f"{code}\n".encode())
        else:
            print(code, file=sys.stderr)
    return 1


def _take_apart(inherited: dict[str, Any]) -> None:
    """Drop the modules that are not inherited, and clear those that something still holds."""
    for name in _OF_IMPORTS:
        setattr(sys, name, None)
    own: list[weakref.ref[types.ModuleType]] = []
    for name, module in list(sys.modules.items()):
        if inherited.get(name) is not module:
            sys.modules[name] = None  # type: ignore[assignment]
            if isinstance(module, types.ModuleType):
                own.append(weakref.ref(module))
    del module
    gc.collect()
    for reference in reversed(own):
        left = reference()
        if left is not None:
            _clear(left.__dict__)
    gc.collect()


def _clear(names: dict[str, Any]) -> None:
    """Forget the values of a module: the private ones first, as the interpreter does."""
    for name in list(names):
        if name.startswith("_") and not name.startswith("__"):
            names[name] = None
    for name in list(names):
        if name != "__builtins__":
            names[name] = None


def _flush_files() -> None:
    """Write what files still hold that an inherited module has come to own."""
    left = [thing for thing in gc.get_objects() if issubclass(type(thing), _io._IOBase)]
    for file in left:
        with contextlib.suppress(Exception):
            file.flush()


def _flush_streams() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()
