"""States the shape of the projects that a run goes by: commits, or live files and their changes."""

from typing import Final

from pydantic import Field

from jobnet.services.controller.definitions import ProjectStand
from jobnet.wire.shapes import Answer

FILES_MAX: Final = 50


class Project(Answer):
    """The files beside the definitions of a run: roles, playbooks, inventories."""

    root: str = Field(description="Its folder on the machine of the controller.")
    commit: str = Field(description='The commit that it stood at when it was applied; "": none.')
    is_dirty: bool = Field(description="Files in it differed from that commit.")
    is_copied: bool = Field(description="The run goes by a copy of the commit, else by live files.")
    detail: str = Field(description='Why there is no copy; "" where there is one.')
    changed: list[str] | None = Field(
        description=f"Live files that have changed since it was applied, {FILES_MAX} at most; "
        "null where nobody knows."
    )
    changed_count: int | None = Field(description="How many they are; counted up to 1000.")


class ProjectList(Answer):
    """The projects that a run goes by: its network's own, then those of networks it calls."""

    run: str
    items: list[Project]


def project_of(stand: ProjectStand) -> Project:
    """Return the shape of one project."""
    snapshot, changed = stand.snapshot, stand.changed
    is_gone = bool(snapshot.copy) and not stand.is_copied
    return Project(
        root=stand.root,
        commit=snapshot.commit,
        is_dirty=snapshot.is_dirty,
        is_copied=stand.is_copied,
        detail="the copy is gone and cannot be made again" if is_gone else snapshot.detail,
        changed=None if changed is None else list(changed[:FILES_MAX]),
        changed_count=None if changed is None else len(changed),
    )
