"""Says how one attempt of a unit job ended, as the execution side reports it.

These are values: the execution side fills them, the engine judges them and the journal
keeps them. Everything here is plain data (text, numbers, lists, mappings) so that it can
be written as JSON; sizes are bounded by the execution side before it reports.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jobnet.ids import HostName


class JobEnd(StrEnum):
    """How the attempt itself ended, before anybody judged what it did."""

    ENDED = "ended"  # Ansible ran at least one play and returned
    FAILED_TO_START = "failed_to_start"  # no play was started; ``message`` says why
    KILLED = "killed"  # ended because Jobnet was asked to kill it
    LOST = "lost"  # nobody can say how it ended


class HostState(StrEnum):
    """Ansible's verdict on one host, after ``failed_when``, ``ignore_errors`` and rescue."""

    OK = "ok"
    CHANGED = "changed"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostResult:
    """What one attempt did on one host.

    ``result`` is the last task's own result (``no_log`` results are empty), ``stats`` what
    ``set_stats: per_host: true`` gave, ``counts`` the host's line of the recap
    (``ok``, ``changed``, ``failures``, ``unreachable``, ``skipped``, ``rescued``, ``ignored``).
    """

    state: HostState
    rc: int | None = None
    message: str = ""
    result: Mapping[str, object] = field(default_factory=dict)
    stats: Mapping[str, object] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """The end of one attempt.

    ``exit_code`` follows the rule in ``docs/reference/exit-codes.md``: the highest ``rc`` of
    the results that count as failed, else what ``ansible-playbook`` returned if Ansible
    failed, else 0; None for a job that never started or was skipped by check mode.
    ``is_normal`` is Ansible's verdict. ``host_vars`` are registered results and facts that
    travel to later jobs of a plain task list. ``cuts`` names what was truncated.
    """

    end: JobEnd
    is_normal: bool = False
    exit_code: int | None = None
    ansible_rc: int | None = None
    message: str = ""
    hosts: Mapping[HostName, HostResult] = field(default_factory=dict)
    outputs: Mapping[str, object] = field(default_factory=dict)
    artifacts: Mapping[str, str] = field(default_factory=dict)
    host_vars: Mapping[HostName, Mapping[str, object]] = field(default_factory=dict)
    duration_seconds: float = 0.0
    skipped_by_check_mode: bool = False
    cuts: tuple[str, ...] = ()
    folder: str = ""
