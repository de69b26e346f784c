"""Turns a job order into a folder and a manifest that a supervisor can execute.

Everything is written into the attempt's own spool, nothing into the project, and nothing
that came from a run is ever on a command line: any user can read those.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jobnet.errors.execution import AttemptAlreadyStarted, PathNotFound
from jobnet.execution.connections import Connections
from jobnet.execution.environment import job_environment, project_environment
from jobnet.execution.host_limit import limit_argument
from jobnet.execution.inventory import sources, write_extra_source
from jobnet.execution.manifest import Manifest
from jobnet.execution.mirror import PLAY_NAME, free_name, mirror
from jobnet.execution.play_text import is_single_task, play_yaml
from jobnet.execution.settings import ProjectSettings, SettingsReader, ansible_program
from jobnet.execution.spool import MANIFEST, PROJECT, RESERVE, Spool, make_spool, write_whole
from jobnet.ports.jobs import JobOrder, PlaybookFile, PlayText

_RESERVE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedJob:
    """A spool with its manifest, and the environment, which is never written anywhere."""

    spool: Spool
    manifest: Manifest
    environment: Mapping[str, str]


def prepare(
    order: JobOrder,
    path: Path,
    settings_reader: SettingsReader,
    connections: Connections | None = None,
) -> PreparedJob:
    """Make the spool at ``path`` and fill it; ControllerError or OSError if that cannot be.

    Without ``connections`` no other job uses the ssh connections of this one.
    """
    root = Path(order.project_root)
    if not root.is_dir():
        raise PathNotFound(kind="project folder", path=order.project_root)
    environment = project_environment(os.environ, order.environment, root)
    settings = settings_reader.read(root, environment)
    try:
        spool = make_spool(path)
    except FileExistsError as error:
        raise AttemptAlreadyStarted(folder=str(path)) from error
    spool[RESERVE].write_bytes(b"\0" * _RESERVE_BYTES)
    shared = None if connections is None else connections.folder_of(order, environment)
    environment = job_environment(environment, settings, spool, shared_sockets=shared)
    manifest = _manifest(order, spool, settings, environment)
    write_whole(spool[MANIFEST], manifest.to_text())
    return PreparedJob(spool=spool, manifest=manifest, environment=environment)


def expected_environment(
    of_order: Mapping[str, str], project_root: str, settings_reader: SettingsReader
) -> dict[str, str]:
    """Return what jobs of a project will have in common; ControllerError if there will be none."""
    root = Path(project_root)
    environment = project_environment(os.environ, of_order, root)
    settings = settings_reader.read(root, environment)
    return job_environment(environment, settings, Spool(folder=root))


def _manifest(
    order: JobOrder, spool: Spool, settings: ProjectSettings, environment: dict[str, str]
) -> Manifest:
    content = order.content
    if isinstance(content, PlayText):
        pattern, playbook = content.hosts, _write_play(order, content, spool)
        arguments = _limit(None, order, spool)
    else:
        pattern, playbook = content.limit or "all hosts of its plays", content.path
        arguments = _playbook_arguments(content, order, spool)
        environment.update(_become_environment(content))
    extra = write_extra_source(
        spool["inventory"], group_vars=_group_vars(order), host_vars=order.host_vars
    )
    for source in sources(order.inventory, settings, extra):
        arguments.append(f"--inventory={source}")
    return Manifest(
        program=ansible_program("ansible-playbook"),
        arguments=(*arguments, *_modes(order), playbook),
        working_folder=order.project_root,
        pattern=_pattern_text(pattern, order),
        kill_grace_seconds=order.kill_grace.total_seconds(),
        is_single_task=isinstance(content, PlayText) and is_single_task(content),
        empty_hosts_ok=order.empty_hosts_ok,
        keeps_host_vars=order.keeps_host_vars,
    )


def _write_play(order: JobOrder, play: PlayText, spool: Spool) -> str:
    folder = mirror(
        project_root=Path(order.project_root),
        network_folder=Path(order.network_folder),
        into=spool[PROJECT],
    )
    path = folder / free_name(folder, PLAY_NAME)
    path.write_text(play_yaml(play, order.handed_over), encoding="utf-8")
    return str(path)


def _group_vars(order: JobOrder) -> dict[str, object]:
    """Return what a playbook gets from the run; a generated play has it as play vars."""
    if isinstance(order.content, PlayText) or not order.handed_over:
        return {}
    return {**order.handed_over, "jobnet": dict(order.handed_over)}


def _playbook_arguments(playbook: PlaybookFile, order: JobOrder, spool: Spool) -> list[str]:
    arguments = _limit(playbook.limit, order, spool)
    if playbook.tags:
        arguments.append(f"--tags={','.join(playbook.tags)}")
    if playbook.skip_tags:
        arguments.append(f"--skip-tags={','.join(playbook.skip_tags)}")
    if playbook.extra_vars.strip():
        file = spool["extra_vars.yml"]
        file.write_text(playbook.extra_vars, encoding="utf-8")
        arguments += ["-e", f"@{file}"]
    if playbook.become:
        arguments.append("--become")
    if playbook.become_user is not None:
        arguments.append(f"--become-user={playbook.become_user}")
    if playbook.become_method is not None:
        arguments.append(f"--become-method={playbook.become_method}")
    if playbook.forks is not None:
        arguments.append(f"--forks={playbook.forks}")
    return arguments


def _become_environment(playbook: PlaybookFile) -> dict[str, str]:
    """Return what ansible-playbook has no option for."""
    environment = {}
    if playbook.become is False:
        environment["ANSIBLE_BECOME"] = "False"
    if playbook.become_flags is not None:
        environment["ANSIBLE_BECOME_FLAGS"] = playbook.become_flags
    return environment


def _limit(limit: str | None, order: JobOrder, spool: Spool) -> list[str]:
    argument = limit_argument(limit, order.only_hosts, spool["only_hosts"])
    return [] if argument is None else [f"--limit={argument}"]


def _modes(order: JobOrder) -> list[str]:
    return ["--check"] * order.check + ["--diff"] * order.diff


def _pattern_text(pattern: str, order: JobOrder) -> str:
    if not order.only_hosts:
        return pattern
    return f"{pattern} (only {', '.join(order.only_hosts[:5])})"
