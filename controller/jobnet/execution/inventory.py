"""Adds an inventory source of lowest precedence that carries values of the run.

Its group variables of ``all`` lose against everything that the project says, so a
project's own ``run`` or ``params`` win. It names no hosts: it never makes one.
"""

from collections.abc import Mapping
from pathlib import Path

from jobnet.errors.execution import PathNotFound
from jobnet.execution.play_text import variable_lines
from jobnet.execution.settings import ProjectSettings
from jobnet.ids import HostName

_DEFAULT_INVENTORY = Path("/etc/ansible/hosts")


def sources(
    named: tuple[str, ...], settings: ProjectSettings, extra: Path | None
) -> tuple[str, ...]:
    """Return the sources to pass with ``-i``, the weakest first; () leaves it to ansible.cfg.

    Passing any source switches the one of ``ansible.cfg`` off, so it is passed on as well.
    """
    for source in named:
        if "," not in source and not Path(source).exists():
            raise PathNotFound(kind="inventory", path=source)
    if extra is None:
        return named
    own = named or settings.inventory
    if not own and _DEFAULT_INVENTORY.exists():
        own = (str(_DEFAULT_INVENTORY),)
    return (str(extra), *own)


def write_extra_source(
    folder: Path,
    *,
    group_vars: Mapping[str, object],
    host_vars: Mapping[HostName, Mapping[str, object]],
) -> Path | None:
    """Write the source and return its path, or None if there is nothing to carry."""
    if not group_vars and not host_vars:
        return None
    folder.mkdir(mode=0o700)
    source = folder / "jobnet.yml"
    lines = [f"    {line}" for line in variable_lines(group_vars)]
    head = ["all:", "  vars:"] if lines else ["all: {}"]
    source.write_text("\n".join([*head, *lines]) + "\n")
    _write_host_vars(folder / "host_vars", host_vars)
    return source


def _write_host_vars(folder: Path, host_vars: Mapping[HostName, Mapping[str, object]]) -> None:
    folder.mkdir(mode=0o700)
    for host, values in host_vars.items():
        if values and "/" not in host and "\0" not in host:
            text = "\n".join(variable_lines(values)) + "\n"
            (folder / f"{host}.yml").write_text(text)
