"""Knows which Ansible collections are installed, as far as folders can tell without Ansible.

Asked for every module with a full name, so that a missing collection is told before the
night begins, with what to install. The places are those that Ansible looks through.
"""

import configparser
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jobnet.project.paths import absolute
from jobnet.project.suggestions import nearest

DEFAULT_PATHS = ("~/.ansible/collections", "/usr/share/ansible/collections")
OF_ANSIBLE_CORE = frozenset({"ansible.builtin", "ansible.legacy"})
SETTINGS = ("collections_path", "collections_paths")
VARIABLES = ("ANSIBLE_COLLECTIONS_PATH", "ANSIBLE_COLLECTIONS_PATHS")
CONFIG_BYTES_MAX = 256 * 1024


class Collections:
    """The collections that the jobs of one folder of a project can use."""

    def __init__(self, root: Path, folder: Path) -> None:
        """Find out where collections lie; nothing is kept beyond this object."""
        self._places = tuple(dict.fromkeys(_places(root, folder)))
        self._folder_of = cache(self._find)
        self._modules_of = cache(_modules)

    def objection(self, module: str) -> tuple[str, str] | None:
        """Return what is missing for a module's full name and what to do, or None."""
        namespace, name, short = module.split(".", 2)
        collection = f"{namespace}.{name}"
        if collection in OF_ANSIBLE_CORE:
            return None
        folder = self._folder_of(namespace, name)
        if folder is None:
            what = f"The collection `{collection}` is not installed"
            return (
                what,
                f"`ansible-galaxy collection install {collection}`, or `pip install ansible`",
            )
        known = self._modules_of(folder)
        if known is None or short in known:
            return None
        near = nearest(short, known)
        hint = f"Did you mean `{collection}.{near}`?" if near else ""
        return f"The collection `{collection}` has no module `{short}`", hint

    def _find(self, namespace: str, name: str) -> Path | None:
        places = (place / "ansible_collections" / namespace / name for place in self._places)
        return next((place for place in places if place.is_dir()), None)


def _places(root: Path, folder: Path) -> Iterator[Path]:
    yield folder / "collections"
    yield root / "collections"
    for text in (_configured(root) or ":".join(DEFAULT_PATHS)).split(":"):
        if text:
            yield Path(absolute(os.path.expandvars(text), str(root)))
    yield from (Path(entry) for entry in sys.path if entry)


def _configured(root: Path) -> str | None:
    """Return what the environment says, else the configuration file that counts."""
    for name in VARIABLES:
        if os.environ.get(name):
            return os.environ[name]
    named = os.environ.get("ANSIBLE_CONFIG")
    files = [Path(named)] if named else []
    files += [
        root / "ansible.cfg",
        Path(absolute("~/.ansible.cfg", "/")),
        Path("/etc/ansible/ansible.cfg"),
    ]
    found = next((file for file in files if file.is_file()), None)
    return None if found is None else _setting(found)


def _setting(file: Path) -> str | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        with file.open(encoding="utf-8") as handle:
            parser.read_string(handle.read(CONFIG_BYTES_MAX))
    except (OSError, ValueError, configparser.Error):
        return None
    return next(
        (parser["defaults"][one] for one in SETTINGS if parser.has_option("defaults", one)), None
    )


def _modules(folder: Path) -> frozenset[str] | None:
    """Return the names of a collection's modules; None where they cannot all be told.

    Actions count, and so do names that the collection's routing mentions.
    """
    names: set[str] = set()
    for kind in ("modules", "action"):
        inside = folder / "plugins" / kind
        for path in inside.rglob("*") if inside.is_dir() else ():
            if path.suffix in {".py", ".ps1", ".yml", ".yaml"}:
                names.add(".".join(path.relative_to(inside).with_suffix("").parts))
    if (folder / "meta" / "runtime.yml").is_file():
        return None if not names else frozenset(names | _routed(folder / "meta" / "runtime.yml"))
    return frozenset(names) or None


def _routed(file: Path) -> set[str]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return set()
    keys = (line.strip().partition(":")[0].strip("'\"") for line in text.splitlines())
    return {key for key in keys if key.replace(".", "_").isidentifier()}
