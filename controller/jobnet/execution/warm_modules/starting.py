"""Says on which environment variables the start of a Python interpreter depends.

Two payloads may share a server only if these are equal, because the server has started once
for both. Where something else than variables has a say, the stock path is taken.
"""

from collections.abc import Mapping
from typing import Final

_PREFIXES: Final = (b"PYTHON", b"LD_", b"LC_", b"GLIBC_", b"MALLOC_", b"OPENSSL_")
_NAMES: Final = frozenset(
    b"LANG LANGUAGE HOME LOCPATH NLSPATH GCONV_PATH UNIXCONFDIR UNIXUSRLIBDIR"
    b" SETUPTOOLS_USE_DISTUTILS".split()
)
_AT_EACH_START: Final = (b"COV_", b"COVERAGE_", b"PYTHONSTARTUP", b"PYTHONINSPECT", b"PYTHONBREAK")
_OF_PATHS: Final = (
    b"PYTHONPATH",
    b"PYTHONHOME",
    b"PYTHONUSERBASE",
    b"PYTHONPYCACHEPREFIX",
    b"HOME",
)
_BYTES_MAX: Final = 16_384


def start_environment(environment: Mapping[bytes, bytes]) -> dict[str, str] | None:
    """Return the variables that decide how Python starts, in latin-1; None for the stock path."""
    if any(name.startswith(_AT_EACH_START) for name in environment):
        return None
    start = {
        name: value
        for name, value in environment.items()
        if name in _NAMES or name.startswith(_PREFIXES)
    }
    if any(_is_relative(start.get(name, b"")) for name in _OF_PATHS):
        return None
    if sum(len(name) + len(value) for name, value in start.items()) > _BYTES_MAX:
        return None
    return {n.decode("latin-1"): v.decode("latin-1") for n, v in sorted(start.items())}


def _is_relative(paths: bytes) -> bool:
    return any(not path.startswith(b"/") for path in paths.split(b":") if paths)
