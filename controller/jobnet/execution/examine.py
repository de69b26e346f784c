"""Examines Ansible and one project for ``jobnet doctor``: whether jobs can run, and start warm.

To answer the second question Ansible is loaded as it would be for a job, and the canary runs
if its answer is not known yet. No job and no code of a playbook is run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from jobnet.errors import ControllerError
from jobnet.execution.environment import project_environment
from jobnet.execution.prepare import expected_environment
from jobnet.execution.settings import (
    ProjectSettings,
    SettingsReader,
    ansible_program,
    is_our_ansible,
    refuse_world_writable,
)
from jobnet.execution.warm.canary import TESTED_CORES, Canary, is_tested, versions
from jobnet.execution.warm.pool import WarmPool
from jobnet.execution.warm.server_handle import ServerUnusable
from jobnet.ports.findings import Finding, Grade
from jobnet.ports.warmth import WORDS, ColdReason

_SSH_SECONDS_MAX: Final = 10
_ADVICE: Final[Mapping[ColdReason, str]] = {
    ColdReason.ANSIBLE_SPEAKS: "take away what makes it speak; until then jobs start cold",
    ColdReason.CANARY: "report it; jobs start cold, which is slower and always right",
    ColdReason.LOW_MEMORY: "free some memory; until then jobs start cold",
    ColdReason.OTHER_PYTHON: "install ansible-core and jobnet into one environment",
}


def examine_ansible(ours: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is found of Python, Ansible and what it needs."""
    known = versions()
    text = f"{sys.version.split()[0]} ({sys.executable})"
    yield Finding(name="python", grade=Grade.OK, text=text)
    yield _core(known["ansible-core"])
    yield Finding(name="ansible-runner", grade=Grade.OK, text=known["ansible-runner"])
    yield _locale(ours)
    yield _ssh(ours)
    has_sshpass = shutil.which("sshpass", path=ours.get("PATH")) is not None
    text = "found" if has_sshpass else "not found; only SSH passwords need it, keys do not"
    yield Finding(name="sshpass", grade=Grade.OK if has_sshpass else Grade.NOTE, text=text)


def examine_project(root: Path) -> Iterator[Finding]:
    """Yield what is found of a project's folder and configuration."""
    try:
        refuse_world_writable(root)
        yield Finding(name="project", grade=Grade.OK, text=str(root))
    except (ControllerError, OSError) as refused:
        yield Finding(name="project", grade=Grade.BAD, text=str(refused))
        return
    try:
        environment = project_environment(os.environ, {}, root)
        settings = SettingsReader().read(root, environment)
    except (ControllerError, OSError) as refused:
        yield Finding(name="ansible.cfg", grade=Grade.BAD, text=str(refused))
        return
    text = settings.config_file or "none, so Ansible's defaults are in effect"
    yield Finding(name="ansible.cfg", grade=Grade.OK, text=text)
    yield from _log(settings)


def examine_warmth(root: Path, *, is_allowed: bool, state: Path | None) -> Finding:
    """Load Ansible for the project and say whether its jobs can start warm."""
    if not is_allowed:
        return _cold(ColdReason.SWITCHED_OFF, "", Grade.NOTE)
    try:
        if not is_our_ansible(ansible_program("ansible-playbook")):
            return _cold(ColdReason.OTHER_PYTHON, "", Grade.WARNING)
        environment = expected_environment({}, str(root), SettingsReader())
        with tempfile.TemporaryDirectory(prefix="jobnet-doctor-") as folder:
            pool = WarmPool(logs=Path(folder), canary=Canary(state=state))
            try:
                pool.try_out(environment, str(root))
            finally:
                pool.close()
    except ServerUnusable as unusable:
        return _cold(unusable.reason, str(unusable), Grade.WARNING)
    except (ControllerError, OSError) as refused:
        return Finding(name="warm starts", grade=Grade.WARNING, text=f"no: {refused}")
    return Finding(name="warm starts", grade=Grade.OK, text="yes, the canary job ran well")


def _cold(reason: ColdReason, told: str, grade: Grade) -> Finding:
    text = f"no: {WORDS[reason]}" + (f": {told}" if told else "")
    return Finding(name="warm starts", grade=grade, text=text, advice=_ADVICE.get(reason, ""))


def _core(core: str) -> Finding:
    name = "ansible-core"
    try:
        program = ansible_program("ansible-playbook")
    except ControllerError as missing:
        return Finding(name=name, grade=Grade.BAD, text=str(missing))
    if not is_our_ansible(program):
        text = f"{program}, which belongs to another Python"
        advice = _ADVICE[ColdReason.OTHER_PYTHON]
        return Finding(name=name, grade=Grade.WARNING, text=text, advice=advice)
    if not is_tested(core):
        text = f"{core}, which the tests of warm starts do not run with; the canary job decides"
        advice = f"tested: {', '.join(TESTED_CORES)}"
        return Finding(name=name, grade=Grade.NOTE, text=text, advice=advice)
    return Finding(name=name, grade=Grade.OK, text=core)


def _locale(ours: Mapping[str, str]) -> Finding:
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    said = next((f"{name}={ours[name]}" for name in names if ours.get(name)), "nothing is set")
    gets = project_environment(ours, {}, Path("/nonexistent"))
    is_changed = gets.get("LC_ALL") != ours.get("LC_ALL")
    text = f"{said}; jobs get C.UTF-8, since Ansible needs UTF-8" if is_changed else said
    return Finding(name="locale", grade=Grade.OK, text=text)


def _ssh(ours: Mapping[str, str]) -> Finding:
    program = shutil.which("ssh", path=ours.get("PATH"))
    if program is None:
        advice = "install an OpenSSH client, unless all jobs are local"
        return Finding(name="ssh", grade=Grade.WARNING, text="not found", advice=advice)
    try:
        told = subprocess.run(  # noqa: S603 - a fixed program with a fixed argument
            [program, "-V"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_SSH_SECONDS_MAX,
            check=False,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(name="ssh", grade=Grade.WARNING, text=f"{program}: {error}")
    text = " ".join((told.stderr or told.stdout).split())[:200]
    return Finding(name="ssh", grade=Grade.OK, text=text or program)


def _log(settings: ProjectSettings) -> Iterator[Finding]:
    if settings.log_path is None:
        return
    log = Path(settings.log_path)
    is_writable = os.access(log if log.exists() else log.parent, os.W_OK) and not log.is_dir()
    if is_writable:
        yield Finding(name="log", grade=Grade.OK, text=str(log))
        return
    advice = "let it be written, or set another log_path; until then jobs start cold"
    text = f"{log} cannot be written, and Ansible warns of that each time"
    yield Finding(name="log", grade=Grade.WARNING, text=text, advice=advice)
