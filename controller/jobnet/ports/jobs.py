"""States how a unit job is handed to the execution side and what comes back.

One attempt of one unit job is one ``JobOrder``. A runner starts it, reports what happens
while it happens, and reports its end exactly once. Killing only asks: the end is
confirmed by ``JobOver`` like any other end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from jobnet.engine.results import JobResult
from jobnet.ids import HostName, PartKey, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayText:
    """A play that Jobnet composes around the author's own YAML.

    ``keywords`` is a block mapping at indent 0 with every Play keyword but ``hosts``,
    ``name`` and ``vars``: ``tasks``, ``roles``, ``handlers``, ``become``, ... ``variables``
    is the body of the play's ``vars`` in the same form, or "". Both are dumped from the
    author's text (quotes, ``!vault`` and ``!unsafe`` kept) and only Ansible templates them.
    """

    name: str
    hosts: str
    keywords: str
    variables: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookFile:
    """A playbook of the project, run as it is.

    ``extra_vars`` is the part's ``vars`` as YAML block text (the author's own), or "".
    """

    path: str
    limit: str | None = None
    tags: tuple[str, ...] = ()
    skip_tags: tuple[str, ...] = ()
    extra_vars: str = ""
    become: bool | None = None
    become_user: str | None = None
    become_method: str | None = None
    become_flags: str | None = None
    forks: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOrder:
    """Everything that one attempt of one unit job needs; values are already final.

    Paths are absolute. ``inventory`` holds paths or ``"h1,h2,"`` lists; empty means that
    ``ansible.cfg`` decides. ``handed_over`` (params, parts, operating_day, run, loop names,
    failed) and ``host_vars`` are data from a run: they reach Ansible as unsafe text and are
    never templated. ``only_hosts`` narrows the attempt to these hosts (retry of failed ones).
    ``written_at`` is the file and line of the part, for messages.
    ``warm`` False: a new Ansible process and nothing that was loaded before; True only allows.
    """

    run: RunId
    part: PartKey
    attempt: int
    content: PlayText | PlaybookFile
    project_root: str
    network_folder: str
    inventory: tuple[str, ...] = ()
    handed_over: Mapping[str, object] = field(default_factory=dict)
    host_vars: Mapping[HostName, Mapping[str, object]] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    only_hosts: tuple[HostName, ...] = ()
    check: bool = False
    diff: bool = False
    empty_hosts_ok: bool = False
    keeps_host_vars: bool = False
    warm: bool = True
    kill_grace: timedelta = timedelta(seconds=10)
    written_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobBegan:
    """The attempt's supervisor holds its spool and has started Ansible."""

    part: PartKey
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOutput:
    """Some more of what the job printed, whole lines, without secrets."""

    part: PartKey
    attempt: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress:
    """A task began or a host answered; for people who watch, never for decisions."""

    part: PartKey
    attempt: int
    task: str
    host: HostName | None = None
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOver:
    """The end of the attempt; the last report there is."""

    part: PartKey
    attempt: int
    at: datetime
    result: JobResult


JobReport = JobBegan | JobOutput | JobProgress | JobOver


class JobRunner(Protocol):
    """Runs unit jobs; all methods return at once and may be called from any thread."""

    def start(self, order: JobOrder, report: Callable[[JobReport], None]) -> None:
        """Start one attempt; ``report`` is called from a thread of the runner's.

        What cannot even be started is reported as ``JobOver`` with FAILED_TO_START, never
        raised.
        """

    def adopt(
        self, order: JobOrder, report: Callable[[JobReport], None], *, has_begun: bool
    ) -> None:
        """Take over one attempt that a process started which is not there any more.

        If it surely never ran, it is started now. If it runs, it is followed; if it has ended,
        its end is reported; if nobody can say, that is LOST. ``has_begun``: its start was
        confirmed once, so that a missing spool does not mean that it never ran.
        """

    def kill(self, *, run: RunId, part: PartKey, attempt: int) -> None:
        """Ask the attempt to end: SIGTERM, after ``kill_grace`` SIGKILL to all of its processes."""

    def leave(self) -> None:
        """Follow no attempt any more and end none; nothing is reported from then on.

        Whoever comes next adopts them. Starts nothing any more.
        """

    def close(self) -> None:
        """Kill what still runs and return when no process of any attempt is left."""
