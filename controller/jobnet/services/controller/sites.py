"""Says where the files of an edition stand: applied folders, roots of projects, their state.

Names of folders count from a base: the folder that was applied. Paths inside a text count from
the file itself; what Ansible reads (its configuration, roles, playbooks) lies in the project
around it, whose root is kept as it was found when the file was applied.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePath

from jobnet.ports.projects import Snapshot
from jobnet.ports.store.editions import EditionRow, SourceFile
from jobnet.project import GivenFile, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """The applied folders of an edition, and the projects by their roots.

    ``edited`` are files whose text was given to the controller and does not come from the disk,
    ``odd`` those whose documents are not found by looking for words (``GivenFile.is_plain``).
    """

    bases: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    projects: Mapping[str, Snapshot] = field(default_factory=dict)

    def base_of(self, path: str) -> str | None:
        """Return the innermost applied folder that a path lies in, or is."""
        return innermost(path, self.bases)

    def root_of(self, file: SourceFile) -> str:
        """Return the root of the project that a file belongs to."""
        return innermost(file.path, self.projects) or file.base


def innermost(path: str, folders: Iterable[str]) -> str | None:
    """Return the longest of some folders that a path lies in, or is."""
    around = {path, *(str(one) for one in PurePath(path).parents)}
    return max((one for one in folders if one in around), key=len, default=None)


def sites_of(row: EditionRow) -> Sites:
    """Return where the files of an edition stand."""
    document = json.loads(row.snapshots)
    return Sites(
        bases=tuple(document.get("bases", ())),
        edited=tuple(document.get("edited", ())),
        odd=tuple(document.get("odd", ())),
        projects={
            root: Snapshot(**one) for root, one in sorted(document.get("projects", {}).items())
        },
    )


def sites_text(sites: Sites) -> str:
    """Return what ``sites_of`` reads."""
    projects = {root: asdict(one) for root, one in sorted(sites.projects.items())}
    lists = {"bases": sites.bases, "edited": sites.edited, "odd": sites.odd}
    return json.dumps({name: sorted(one) for name, one in lists.items()} | {"projects": projects})


def given(
    files: Iterable[SourceFile],
    sites: Sites,
    *,
    place: Callable[[Snapshot], str] | None,
    is_trusted: bool,
) -> list[GivenFile]:
    """Return the texts of an edition as they are read.

    Their paths lead into the copy of their project, where ``place`` knows one; None: live files.
    """
    odd = frozenset(sites.odd)
    copies = {} if place is None else {root: place(one) for root, one in sites.projects.items()}
    return [
        GivenFile(
            path=Path(file.path),
            base=Path(file.base),
            text=file.text,
            site=_site(file, sites, copies, is_trusted=is_trusted),
            is_plain=file.path not in odd,
        )
        for file in files
    ]


def _site(file: SourceFile, sites: Sites, copies: Mapping[str, str], *, is_trusted: bool) -> Site:
    root = sites.root_of(file)
    path, folder = Path(file.path), Path(root)
    if copies.get(root):
        top = sites.projects[root].top
        path = copies[root] / path.relative_to(top)
        folder = copies[root] / folder.relative_to(top)
    return Site(file=path, root=folder, is_trusted=is_trusted)
