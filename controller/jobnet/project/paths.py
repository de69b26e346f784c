"""Resolves the paths of a file: each is relative to the folder of the file that names it."""

import os.path
import re
from collections.abc import Iterable
from pathlib import Path

from jobnet.expressions import Template, parse_template
from jobnet.project.suggestions import nearest


def absolute(text: str, folder: str) -> str:
    """Return a path of a file as an absolute one, ``..`` removed by text, links kept."""
    return os.path.normpath(os.path.join(folder, os.path.expanduser(text)))  # noqa: PTH111, PTH118


def inventories(templates: Iterable[Template], folder: str) -> tuple[Template, ...]:
    """Return inventories with absolute paths; ``host,`` lists and leading templates stay."""
    return tuple(_inventory(template, folder) for template in templates)


def _inventory(template: Template, folder: str) -> Template:
    text = template.text
    if "," in text or text.startswith(("/", "{")) or not text:
        return template
    path = f"{folder}/{text}" if not template.is_constant else absolute(text, folder)
    return parse_template(path)


def joined_hosts(patterns: list[Template]) -> Template:
    """Return several host patterns as the one that Ansible reads as their union."""
    if len(patterns) == 1:
        return patterns[0]
    return parse_template(",".join(pattern.text for pattern in patterns))


def missing_file_hint(path: str) -> str:
    """Return the file beside it that was probably meant."""
    folder = Path(path).parent
    try:
        names = [one.name for one in folder.iterdir()][:1000]
    except OSError:
        return f"There is no folder {folder}"
    near = nearest(Path(path).name, [name for name in names if name == name.lower()])
    return f"Did you mean `{near}`?" if near else "Paths are relative to the file that names them"


def is_collection_playbook(text: str) -> bool:
    """Return whether a text names a playbook of a collection."""
    return bool(re.fullmatch(r"[a-z_]\w*\.[a-z_]\w*\.[a-z_]\w*", text)) and not text.endswith(
        (".yml", ".yaml")
    )
