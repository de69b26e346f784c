"""Decides which jobs may come from the same warm server.

Whatever Ansible or its interpreter takes once, when it is loaded, must be the same: a server
that was given another project's ``ansible.cfg`` ran jobs with the wrong filters. All
other variables are given to each job anew.
"""

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from jobnet.execution.environment import ARTIFACTS_VARIABLE, MARK_VARIABLE, RECORDS_VARIABLE

_TAKEN_ONCE: Final = (
    "ANSIBLE_",
    "CRYPTOGRAPHY_",
    "EDITOR",
    "GCONV_PATH",
    "GLIBC_",
    "HOME",
    "LANG",
    "LC_",
    "LD_",
    "LNAME",
    "LOCPATH",
    "LOGNAME",
    "MALLOC_",
    "NO_COLOR",
    "OPENSSL_",
    "PAGER",
    "PATH",
    "PYTHON",
    "RUNNER_",
    "SSL_",
    "UNIXCONFDIR",
    "UNIXUSRLIBDIR",
    "USER",
    "VIRTUAL_ENV",
    "_ANSIBLE_",
)
_OF_EACH_JOB: Final = ("ANSIBLE_SSH_CONTROL_PATH_DIR",)
_OURS: Final = (ARTIFACTS_VARIABLE, MARK_VARIABLE, RECORDS_VARIABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """The names of a server: equal ones may serve the same jobs."""

    digest: str


def server_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a server is started with: the variables that are taken once."""
    return {name: value for name, value in environment.items() if _is_taken_once(name)}


def fingerprint(environment: Mapping[str, str], project_root: str) -> Fingerprint:
    """Return the fingerprint of a job's environment; reads configuration files, loads nothing."""
    identity = {
        "variables": sorted(server_environment(environment).items()),
        "root": project_root,
        "user": [os.geteuid(), os.getegid(), sorted(os.getgroups())],
        "python": [sys.executable, sys.version],
        "packages": [_version_of(name) for name in ("ansible", "ansible_runner", "jobnet")],
        "configuration": [
            _content(path) for path in _configuration_files(environment, project_root)
        ],
    }
    return Fingerprint(digest=digest_of(identity))


def digest_of(values: Mapping[str, object]) -> str:
    """Return a digest that is the same for equal values in any order."""
    text = json.dumps(values, default=str, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _is_taken_once(name: str) -> bool:
    return name.startswith(_TAKEN_ONCE) and name not in _OF_EACH_JOB and name not in _OURS


def _version_of(package: str) -> list[object]:
    """Return where a package lies, and when it or a neighbour was installed last.

    The neighbours are what it imports: a server that loaded one version of Jinja must not
    go on with the files of another.
    """
    spec = find_spec(package)
    origin = spec.origin if spec else None
    if origin is None:
        return [package]
    release = Path(origin).with_name("release.py")
    folder = Path(origin).parent.parent
    return [origin, *(_changed_at(path) for path in (Path(origin), release, folder))]


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _configuration_files(environment: Mapping[str, str], project_root: str) -> list[str]:
    """Return where Ansible looks for its configuration, in its order."""
    home = environment.get("HOME") or os.path.expanduser("~")  # noqa: PTH111 - as Ansible does
    named = environment.get("ANSIBLE_CONFIG")
    return [
        *([named] if named else []),
        f"{project_root}/ansible.cfg",
        f"{home}/.ansible.cfg",
        "/etc/ansible/ansible.cfg",
    ]


def _content(path: str) -> list[str]:
    try:
        return [path, hashlib.sha256(Path(path).read_bytes()).hexdigest()]
    except OSError:
        return [path]
