"""Mirrors the folders around a network file by links, so that a generated play lives there.

A play in a foreign folder finds no roles, templates, variables or plugins. The mirror has
every level from the project root down to the network's folder, each with links to the
neighbours, so ``files/x`` and ``../../roles/y`` mean what they mean beside the network file.
"""

import os
from pathlib import Path

from jobnet.errors.execution import FolderTooFull, PathNotFound
from jobnet.execution.bounds import MIRRORED_ENTRIES_MAX

PLAY_NAME = "play.jobnet.yml"


def mirror(*, project_root: Path, network_folder: Path, into: Path) -> Path:
    """Build the mirror in ``into`` and return the folder that stands for the network's.

    Nothing is written into the project. A network outside of the project gets a mirror of
    its own folder only.
    """
    if not network_folder.is_dir():
        raise PathNotFound(kind="network's folder", path=str(network_folder))
    steps = _steps(project_root, network_folder)
    source = network_folder if not steps else project_root
    target = into
    target.mkdir(mode=0o700)
    for step in steps:
        _link_entries(source, target, but=step)
        source, target = source / step, target / step
        target.mkdir(mode=0o700)
    _link_entries(source, target)
    return target


def free_name(folder: Path, wanted: str) -> str:
    """Return ``wanted``, with a number if the folder has an entry of that name."""
    name, number = wanted, 1
    while os.path.lexists(folder / name):
        number += 1
        name = f"{number}-{wanted}"
    return name


def _steps(project_root: Path, network_folder: Path) -> tuple[str, ...]:
    try:
        return network_folder.relative_to(project_root).parts
    except ValueError:
        return ()


def _link_entries(source: Path, target: Path, *, but: str = "") -> None:
    with os.scandir(source) as entries:
        for count, entry in enumerate(entries):
            if count >= MIRRORED_ENTRIES_MAX:
                raise FolderTooFull(path=str(source), entries_max=MIRRORED_ENTRIES_MAX)
            if entry.name != but:
                (target / entry.name).symlink_to(source.absolute() / entry.name)
