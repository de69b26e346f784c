"""Says in one line which files a run goes by: those of a commit, or live ones and their changes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from jobnet.cli.wording import shown

COMMIT_LETTERS: Final = 7
FILES_MAX: Final = 5


def project_lines(projects: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each project of a run, as the controller shows them."""
    for project in projects:
        root, commit = shown(project["root"]), shown(project["commit"][:COMMIT_LETTERS])
        if project["is_copied"]:
            yield f"project  {root} at {commit}"
        else:
            beside = f" beside {commit}" if commit else ""
            yield f"project  {root}: live files{beside}{_reason(project)}, {_changes(project)}"


def _reason(project: Mapping[str, Any]) -> str:
    """Return why there is no copy; git's own words without their afterthought."""
    said = shown(project["detail"].partition(" (or any ")[0])
    return f" ({said})" if said else ""


def _changes(project: Mapping[str, Any]) -> str:
    files, count = project["changed"], project["changed_count"]
    if files is None:
        return "whether changed since apply is not known"
    if not count:
        return "unchanged since apply"
    named = ", ".join(map(shown, files[:FILES_MAX]))
    more = f" and {count - FILES_MAX} more" if count > FILES_MAX else ""
    return f"{count} changed since apply: {named}{more}"
