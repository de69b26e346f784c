"""Finds the root of a project and where in it a name is looked for.

A document belongs to the folder its file lies in, seen from the root, unless it says
``folder:`` itself. A bare name means the own folder, then each one above it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

FILES_MAX = 5_000
SUFFIXES = frozenset({".yml", ".yaml"})
NEVER_ENTERED = frozenset({"node_modules", "venv", "site-packages", "__pycache__", "build", "dist"})


def project_root(file: Path) -> Path:
    """Return the nearest folder above with ``ansible.cfg``, else ``.git``, else the file's own."""
    return marked_root(file) or file.absolute().parent


def marked_root(file: Path) -> Path | None:
    """Return the nearest folder above with ``ansible.cfg``, else ``.git``, else None."""
    folders = file.absolute().parents
    for sign in ("ansible.cfg", ".git"):
        for folder in folders:
            if (folder / sign).exists():
                return folder
    return None


def folder_name(file: Path, root: Path) -> str:
    """Return the folder of a file below the root as names are written: ``payroll/emea`` or ""."""
    parent = file.absolute().parent
    return parent.relative_to(root).as_posix().removeprefix(".") if parent != root else ""


def folders_upwards(folder: str) -> Iterator[str]:
    """Yield a folder, then each one above it, "" last."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def qualified(folder: str, name: str) -> str:
    """Return a name as other folders write it."""
    return f"{folder}/{name}" if folder else name


def candidates(name: str, folder: str) -> tuple[str, ...]:
    """Return the qualified names that a written name may mean, the nearest first."""
    if "/" in name:
        return (name.strip("/"),)
    return tuple(qualified(above, name) for above in folders_upwards(folder))


def yaml_files_in(folder: Path) -> tuple[Path, ...]:
    """Return the YAML files that lie directly in a folder, in order of their names."""
    try:
        found = sorted(
            one.path for one in os.scandir(folder) if one.is_file() and _is_yaml(one.name)
        )
    except OSError:
        return ()
    return tuple(Path(path) for path in found[:FILES_MAX])


def yaml_files_below(root: Path) -> tuple[Path, ...]:
    """Return the YAML files of a whole project, at most ``FILES_MAX``; links are not followed."""
    found: list[Path] = []
    for folder, inner, files in os.walk(root, followlinks=False):
        inner[:] = sorted(one for one in inner if one[0] != "." and one not in NEVER_ENTERED)
        found += [Path(folder, name) for name in sorted(files) if _is_yaml(name)]
        if len(found) >= FILES_MAX:
            break
    return tuple(found[:FILES_MAX])


def _is_yaml(name: str) -> bool:
    return os.path.splitext(name)[1] in SUFFIXES and not name.startswith(".")  # noqa: PTH122 - fast
