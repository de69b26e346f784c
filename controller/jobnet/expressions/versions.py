"""Compares version numbers the way the test ``version`` of Ansible does."""

import re
from typing import Any

from packaging.version import InvalidVersion, Version

from jobnet.errors.expressions import ExpressionFailed

LENGTH_MAX = 200
"""How many characters a version may have."""

_STRICT = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?", re.ASCII)
_SEMANTIC = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+[0-9a-zA-Z.-]+)?",
    re.ASCII,
)


def order_key(version: str, kind: str) -> Any:  # noqa: ANN401 - only compared with its like
    """Return what versions of this kind are ordered by."""
    if not version:
        raise ExpressionFailed("a version cannot be empty")
    if len(version) > LENGTH_MAX:
        raise ExpressionFailed(f"a version has at most {LENGTH_MAX} characters")
    match kind:
        case "loose":
            parts = re.split(r"(\d+|[a-z]+|\.)", version)
            return [int(p) if p.isdecimal() else p for p in parts if p and p != "."]
        case "strict":
            return _strict(version)
        case "semver" | "semantic":
            return _semantic(version)
        case "pep440":
            try:
                return Version(version)
            except InvalidVersion as error:
                raise ExpressionFailed(f"{version!r} is no version of PEP 440") from error
    raise ExpressionFailed("version_type is one of loose, strict, semver, semantic, pep440")


def _strict(version: str) -> tuple[object, ...]:
    found = _STRICT.fullmatch(version)
    if found is None:
        raise ExpressionFailed(f"{version!r} is no strict version, such as 1.2.3 or 1.2b1")
    major, minor, patch, letter, number = found.groups()
    early = (letter, int(number)) if letter else ("z", 0)
    return int(major), int(minor), int(patch or 0), early


def _semantic(version: str) -> tuple[object, ...]:
    found = _SEMANTIC.fullmatch(version)
    if found is None:
        raise ExpressionFailed(f"{version!r} is no semantic version, such as 1.2.3 or 1.2.3-rc.1")
    major, minor, patch, early = found.groups()
    core = (int(major), int(minor), int(patch))
    if early is None:
        return (*core, 1, ())
    marks = tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in early.split("."))
    return (*core, 0, marks)
