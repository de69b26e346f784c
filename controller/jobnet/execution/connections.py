"""Decides which jobs may use one another's SSH connections, and ends those that are left.

Ansible leaves a connection open for a minute (``ControlPersist``) for whoever names the same
socket, and who does so needs no credential. So jobs share a folder of sockets only within one run,
with the same project, inventory, environment and data; and a job whose own text could bring a
credential shares with its like only. The process that holds a connection is not the job's.
"""

import hashlib
import hmac
import os
import re
import secrets
import shutil
import tempfile
import threading
import time
from base64 import b32encode
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jobnet.execution.environment import fits_a_socket
from jobnet.execution.masters import SHARED_SOCKETS, masters
from jobnet.execution.processes import end_all, every_process, program_of
from jobnet.ports.jobs import JobOrder, PlayText

_NAME_LENGTH: Final = 10
_FOLDERS_MAX: Final = 200
_OLD_SECONDS: Final = 3600.0
_GRACE_SECONDS: Final = 1.0
# What other parts gave changes all the time; a variable that uses it has to stand somewhere.
_CHANGING: Final = frozenset({"parts", "failed"})
_BRINGS_CREDENTIALS: Final = re.compile(
    r"ansible_|role|include|import|vars_files|vars_prompt|parts"
)


class Connections:
    """The folders of sockets of one runner; nobody else's jobs find them.

    They lie beside the spools, or in a temporary folder of their own where that path is too long.
    """

    def __init__(self, spool_root: Path) -> None:
        self._ours = secrets.token_hex(3)
        self._key = secrets.token_bytes(32)  # a name must not tell whether a password was guessed
        self._lock = threading.Lock()
        self._folder = spool_root / SHARED_SOCKETS
        self._temporary: Path | None = None

    def folder_of(self, order: JobOrder, environment: Mapping[str, str]) -> Path:
        """Return where the job's connections have their sockets; Ansible makes the folder."""
        with self._lock:
            longest = self._folder / f"{self._ours}{'x' * _NAME_LENGTH}"
            if self._temporary is None and not fits_a_socket(longest):
                self._temporary = Path(tempfile.mkdtemp(prefix="jobnet-"))
                self._folder = self._temporary / SHARED_SOCKETS
        self._forget_old()
        data = repr(_what_connects(order, environment)).encode("utf-8", "backslashreplace")
        digest = hmac.new(self._key, data, hashlib.sha256).digest()
        name = b32encode(digest).decode().lower()[:_NAME_LENGTH]
        return self._folder / f"{self._ours}{name}"

    def close(self) -> None:
        """End the connections that are open, and remove the folders."""
        if self._folder.is_dir():
            title = f"ssh: {self._folder}/{self._ours}"
            end_all(
                lambda: [p for p in masters(every_process()) if program_of(p).startswith(title)],
                grace_seconds=_GRACE_SECONDS,
                after_look=lambda: None,
            )
            for folder in self._folder.glob(f"{self._ours}*"):
                shutil.rmtree(folder, ignore_errors=True)
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _forget_old(self) -> None:
        """Remove empty folders of runs that are long over, once there are many."""
        try:
            folders = list(self._folder.iterdir())
        except OSError:
            return
        if len(folders) > _FOLDERS_MAX:
            for folder in folders:
                _remove_if_old(folder)


def _what_connects(order: JobOrder, environment: Mapping[str, str]) -> dict[str, object]:
    data = {name: order.handed_over[name] for name in order.handed_over if name not in _CHANGING}
    return {
        "run": order.run,
        "root": [order.project_root, order.network_folder],
        "inventory": [(source, _changed_at(source)) for source in order.inventory],
        "environment": dict(environment),
        "configuration": _changed_at(environment.get("ANSIBLE_CONFIG", "")),
        "data": data,
        "hosts": order.host_vars,
        "text": _credentials_of(order),
    }


def _credentials_of(order: JobOrder) -> list[str]:
    """Return the text of a job as far as it could say how to log in."""
    content = order.content
    if not isinstance(content, PlayText):
        return [content.path, content.extra_vars]
    text = f"{content.variables}\n{content.keywords}"
    return [text] if _BRINGS_CREDENTIALS.search(text) else []


def _changed_at(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - also for lists of hosts, which are no paths
    except (OSError, ValueError):
        return 0


def _remove_if_old(folder: Path) -> None:
    try:
        if time.time() - folder.stat().st_mtime > _OLD_SECONDS:  # noqa: TID251
            folder.rmdir()
    except OSError:
        return  # a connection is open, or somebody else was faster
