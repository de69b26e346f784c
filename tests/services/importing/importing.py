"""Imports what stands in a few lines, and reads what came of it back as Jobnet does."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml
from jobnet.project import lint, read_project
from jobnet.services.importing import (
    Imported,
    ImportWishes,
    Outcome,
    SourceFile,
    import_crontabs,
)


class Loader(yaml.SafeLoader):
    """Reads what Ansible is handed untemplated as the text that it is."""


Loader.add_constructor("!unsafe", lambda _, node: str(node.value))


def crontab(text: str, *, path: str = "tab", **wishes: Any) -> Imported:  # noqa: ANN401
    """Import a crontab."""
    return import_crontabs([SourceFile(path=path, text=dedent(text))], ImportWishes(**wishes))


def document(imported: Imported, kind: str, name: str) -> dict[str, Any]:
    """Return a document that was made, read back from its text."""
    (only,) = (one for one in imported.documents if (one.kind, one.name) == (kind, name))
    found = yaml.load(only.text, Loader)  # noqa: S506 - a safe loader with one more tag
    assert isinstance(found, dict)
    return found


def only_part(imported: Imported, name: str) -> dict[str, Any]:
    """Return the only part of a network."""
    (part,) = document(imported, "network", name)["flow"]
    assert isinstance(part, dict)
    return part


def names(imported: Imported, kind: str = "network") -> list[str]:
    """Return the names of the documents of a kind."""
    return [one.name for one in imported.documents if one.kind == kind]


def told(imported: Imported, outcome: Outcome) -> str:
    """Return what was told about an outcome, as one text."""
    return "\n".join(str(remark) for remark in imported.report.of(outcome))


def objections(
    imported: Imported, folder: Path, *, files: Mapping[str, str] | None = None
) -> list[str]:
    """Write the documents into a folder and return the errors that lint finds there."""
    (folder / "ansible.cfg").touch()
    written = {one.file: one.text for one in imported.documents}
    for name, text in {**(files or {}), **written}.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return [str(problem) for problem in lint(read_project([str(folder)])) if problem.is_error]
