"""Reads what the project's own Ansible configuration says, before a job changes anything.

ansible-runner sets environment variables that beat ``ansible.cfg``; those that the job
does not need are taken away again (supervisor), for the others this module tells what
the project had. Reading takes a process of its own, so answers are kept until a file changes.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from jobnet.errors.execution import AnsibleNotFound, SettingsUnreadable, WorldWritableProject
from jobnet.execution.bounds import shortened

_TIMEOUT_SECONDS: Final = 60
_KEPT_MAX: Final = 64
_OTHERS_WRITE: Final = 0o002
_DEFAULT_HOME: Final = "~/.ansible"
_CALLBACKS_OF_SYSTEM: Final = "/usr/share/ansible/plugins/callback"
_PROGRAM: Final = Path(__file__).with_name("settings_program.py")
# In any section: the plugin of each connection may have an option of its own.
_PIPELINING_LINE: Final = re.compile(r"^[ \t]*pipelining[ \t]*[=:]", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSettings:
    """What is in effect outside of a job."""

    config_file: str | None
    inventory: tuple[str, ...]
    stdout_callback: str | None
    callback_folders: tuple[str, ...]
    has_own_control_path: bool
    says_pipelining: bool
    log_path: str | None


_Key = tuple[str, frozenset[tuple[str, str]]]


class SettingsReader:
    """Answers of ``ansible-config dump``, kept by configuration file and environment."""

    def __init__(self) -> None:
        self._kept: dict[_Key, tuple[int, ProjectSettings]] = {}
        self._lock = threading.Lock()

    def read(self, project_root: Path, environment: Mapping[str, str]) -> ProjectSettings:
        """Return the settings in effect in the project root; refuse a world-writable one."""
        refuse_world_writable(project_root)
        relevant = frozenset(
            (name, value)
            for name, value in environment.items()
            if name.startswith("ANSIBLE_") or name in {"HOME", "PATH"}
        )
        key = (str(project_root), relevant)
        with self._lock:
            changed_at, settings = self._kept.get(key, (0, None))
            if settings is None or changed_at != _changed_at(settings.config_file):
                if len(self._kept) >= _KEPT_MAX:
                    self._kept.clear()
                settings = _read(project_root, environment)
                self._kept[key] = (_changed_at(settings.config_file), settings)
            return settings


def refuse_world_writable(project_root: Path) -> None:
    """Raise WorldWritableProject where Ansible itself would not trust ``ansible.cfg``."""
    if project_root.stat().st_mode & _OTHERS_WRITE:
        raise WorldWritableProject(path=str(project_root))


def ansible_program(name: str) -> str:
    """Return the full path of one of ansible-core's programs, the one beside this Python first."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.is_file() else shutil.which(name)
    if found is None:
        raise AnsibleNotFound(program=name)
    return found


def is_our_ansible(program: str) -> bool:
    """Tell whether a program of ansible-core runs in this very Python installation."""
    return Path(program).parent == Path(sys.executable).parent and bool(find_spec("ansible"))


def _changed_at(path: str | None) -> int:
    try:
        return Path(path).stat().st_mtime_ns if path else 0
    except FileNotFoundError:
        return 0


def _read(project_root: Path, environment: Mapping[str, str]) -> ProjectSettings:
    """Ask the light program; where it has no answer, ansible-config says it or says why not."""
    if is_our_ansible(ansible_program("ansible-config")):
        try:
            answer = _ask([sys.executable, "-P", str(_PROGRAM)], project_root, environment)
            return _settings(_changed(answer.stdout), environment)
        except (ValueError, subprocess.TimeoutExpired):
            pass  # such as a file that cannot be parsed
    return _read_with_ansible_config(project_root, environment)


def _read_with_ansible_config(
    project_root: Path, environment: Mapping[str, str]
) -> ProjectSettings:
    command = [ansible_program("ansible-config"), "dump", "--format", "json", "--only-changed"]
    try:
        done = _ask(command, project_root, environment)
        changed = _changed(done.stdout)
    except subprocess.TimeoutExpired as error:
        reason = f"no answer within {_TIMEOUT_SECONDS} s"
        raise SettingsUnreadable(root=str(project_root), reason=reason) from error
    except ValueError as error:
        reason = shortened(done.stderr or done.stdout or f"exit status {done.returncode}")
        raise SettingsUnreadable(root=str(project_root), reason=reason) from error
    return _settings(changed, environment)


def _ask(
    command: list[str], project_root: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - a fixed program with fixed arguments
        command,
        cwd=project_root,
        env={**environment, "ANSIBLE_VERBOSITY": "0"},  # else it prints more than JSON
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_TIMEOUT_SECONDS,
        start_new_session=True,  # a Ctrl-C at the terminal is not meant for it
        check=False,
        text=True,
        errors="replace",
    )


def _changed(answer: str) -> dict[str, object]:
    entries = json.loads(answer)
    return {e["name"]: e["value"] for e in entries if "name" in e and "value" in e}


def _settings(changed: Mapping[str, object], environment: Mapping[str, str]) -> ProjectSettings:
    home = str(changed.get("ANSIBLE_HOME") or _expanded(_DEFAULT_HOME, environment))
    folders = _texts(changed.get("DEFAULT_CALLBACK_PLUGIN_PATH"))
    stdout_callback, log = changed.get("DEFAULT_STDOUT_CALLBACK"), changed.get("DEFAULT_LOG_PATH")
    control = {"ANSIBLE_SSH_CONTROL_PATH", "ANSIBLE_SSH_CONTROL_PATH_DIR", "ANSIBLE_SSH_ARGS"}
    text = _text_of(changed.get("CONFIG_FILE"))
    return ProjectSettings(
        config_file=str(changed["CONFIG_FILE"]) if changed.get("CONFIG_FILE") else None,
        inventory=_texts(changed.get("DEFAULT_HOST_LIST")),
        stdout_callback=str(stdout_callback) if stdout_callback else None,
        callback_folders=folders or (f"{home}/plugins/callback", _CALLBACKS_OF_SYSTEM),
        has_own_control_path=bool(control & environment.keys())
        or "control_path" in text
        or "ssh_args" in text,
        says_pipelining="ANSIBLE_PIPELINING" in changed
        or any(_is_about_pipelining(name) for name in environment)
        or bool(_PIPELINING_LINE.search(text)),
        log_path=str(log) if log else None,
    )


def _is_about_pipelining(name: str) -> bool:
    return name.startswith("ANSIBLE_") and name.endswith("PIPELINING")


def _text_of(config_file: object) -> str:
    try:
        return Path(str(config_file)).read_text(errors="replace") if config_file else ""
    except OSError:
        return ""


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return (str(value),) if value else ()


def _expanded(path: str, environment: Mapping[str, str]) -> str:
    home = environment.get("HOME") or os.path.expanduser("~")  # noqa: PTH111 - as Ansible does
    return path.replace("~", home, 1) if path.startswith("~") else path
