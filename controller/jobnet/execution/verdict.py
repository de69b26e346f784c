"""Judges how an attempt ended: its end, Ansible's verdict, exit code and message.

The rule for exit codes is in ``docs/reference/exit-codes.md``. Whatever could not be
written completely is never a normal end: a missing record could be the one that failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from jobnet.engine.results import HostState, JobEnd
from jobnet.execution.ansible_message import (
    inventory_trouble,
    is_empty_limit,
    last_lines,
    why_ansible_stopped,
)
from jobnet.execution.bounds import shortened
from jobnet.execution.end import AttemptEnd
from jobnet.execution.manifest import Manifest
from jobnet.execution.prompts import prompt_message
from jobnet.execution.tally import HostTally, Tally

KILLED_CODE = 143  # what a shell says of a process ended by SIGTERM
BAD_STATES = (HostState.FAILED, HostState.UNREACHABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is said of the attempt as a whole."""

    end: JobEnd
    is_normal: bool = False
    exit_code: int | None = None
    message: str = ""
    skipped_by_check_mode: bool = False


def judge(tally: Tally, end: AttemptEnd, manifest: Manifest, output: str) -> Verdict:
    """Return the verdict; a kill comes before all else, then whether any play was started.

    ``output`` is what the job printed, or enough of its end to find an error in.
    """
    if end.unended:
        return Verdict(end=JobEnd.LOST, message=f"could not be ended: {end.unended}")
    if end.was_killed:
        code = max(_codes(tally, manifest), default=0) or KILLED_CODE
        return Verdict(end=JobEnd.KILLED, exit_code=code, message=end.trouble or "killed")
    if tally.has_started:
        return _verdict_of_started(tally, end, manifest, output)
    message = _why_not_started(tally, end, output)
    if message or not manifest.empty_hosts_ok:
        message = message or _no_host_message(output, manifest)
        return Verdict(end=JobEnd.FAILED_TO_START, message=message)
    return Verdict(end=JobEnd.ENDED, is_normal=True, exit_code=0, message=_nothing(manifest))


def _verdict_of_started(tally: Tally, end: AttemptEnd, manifest: Manifest, output: str) -> Verdict:
    message = _why_abnormal(tally, end, output)
    is_normal = not message
    if is_normal and tally.has_check_skips and not tally.has_run_tasks:
        return Verdict(end=JobEnd.ENDED, is_normal=True, skipped_by_check_mode=True)
    code = max(_codes(tally, manifest), default=0)
    if code == 0 and not is_normal:
        code = end.ansible_rc or 1
    return Verdict(end=JobEnd.ENDED, is_normal=is_normal, exit_code=code, message=message)


def _codes(tally: Tally, manifest: Manifest) -> list[int]:
    codes = [code for host in tally.hosts.values() for code in host.failed_codes]
    return codes + (tally.all_codes if manifest.is_single_task else [])


def _why_not_started(tally: Tally, end: AttemptEnd, output: str) -> str:
    """Return why no play was started; "" if it was only that no host was found."""
    prompt = end.prompt or tally.prompt
    if prompt:
        return prompt_message(prompt)
    if end.trouble:
        return end.trouble
    if end.ansible_rc == 0 and tally.plays:
        return ""
    if is_empty_limit(output):
        return ""
    stopped = why_ansible_stopped(output) or last_lines(output)
    return stopped or f"ansible-playbook ended with status {end.ansible_rc} before any play"


def _no_host_message(output: str, manifest: Manifest) -> str:
    trouble = inventory_trouble(output)
    return f"no host matched {manifest.pattern}" + (f": {trouble}" if trouble else "")


def _nothing(manifest: Manifest) -> str:
    return f"no host matched {manifest.pattern}, as allowed by empty_hosts"


def _why_abnormal(tally: Tally, end: AttemptEnd, output: str) -> str:
    """Return why a job that ran is not normal, or ""."""
    prompt = end.prompt or tally.prompt
    if prompt:
        return prompt_message(prompt)
    if end.trouble:
        return end.trouble
    bad = {name: host for name, host in tally.hosts.items() if host.state in BAD_STATES}
    if bad:
        return _hosts_message(bad)
    if end.ansible_rc != 0:
        stopped = why_ansible_stopped(output) or last_lines(output)
        return stopped or f"ansible-playbook ended with status {end.ansible_rc}"
    if not tally.has_ended:
        return end.no_space or "the records of the job are not complete"
    return ""


def _hosts_message(bad: Mapping[str, HostTally]) -> str:
    name, host = next(iter(bad.items()))
    first = shortened(f"{name}: {host.message or host.state.value}")
    return first if len(bad) == 1 else f"{first} (and {len(bad) - 1} more hosts)"
