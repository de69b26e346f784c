"""Says what a unit job executes: a task, a task list, a role, a playbook, a job type.

Whatever Ansible templates is kept as the author's own YAML text and never rendered here;
see "Who templates what" in ``docs/reference/templating.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jobnet.expressions import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayJob:
    """A task, a task list or a role: one play around the author's text.

    ``keywords`` is a YAML block mapping at indent 0 with every Play keyword but ``hosts``,
    ``name`` and ``vars`` (inherited ones included); ``variables`` is the body of ``vars`` in
    the same form, or "".
    """

    hosts: Template | None
    keywords: str
    variables: str = ""
    summary: str = ""
    job_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookJob:
    """A playbook of the project, run as it is; ``hosts`` is Ansible's ``--limit``.

    ``path`` is absolute. ``extra_vars`` is the part's ``vars`` as YAML block text, or "".
    """

    path: str
    hosts: Template | None = None
    tags: tuple[str, ...] = ()
    skip_tags: tuple[str, ...] = ()
    extra_vars: str = ""
    become: bool | None = None
    become_user: str | None = None
    become_method: str | None = None
    become_flags: str | None = None
    forks: int | None = None
    job_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitJob:
    """One attempt is one run of Ansible.

    ``reads_parts`` names the parts whose results the text reads, None means all in scope
    (a playbook's text is not looked through). ``asks_parts`` are the parts that its own ``when``
    names where Ansible asks it. ``inventory`` empty: ``ansible.cfg`` decides.
    """

    content: PlayJob | PlaybookJob
    inventory: tuple[Template, ...] = ()
    check_mode: bool | None = None
    diff: bool | None = None
    empty_hosts_ok: bool = False
    keeps_host_vars: bool = False
    credentials: tuple[str, ...] = ()
    execution_environment: str | None = None
    reads_parts: tuple[str, ...] | None = None
    asks_parts: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
