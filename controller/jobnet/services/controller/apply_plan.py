"""Says what applying does, document by document: what people and programs are shown of it."""

from dataclasses import dataclass
from enum import StrEnum

from jobnet.ids import EditionId
from jobnet.project import Problem
from jobnet.project.folders import qualified


class Change(StrEnum):
    """What becomes of a document."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDocument:
    """One document of the applied files; ``name`` is qualified, ``before`` its text until now.

    ``version`` is the one it had, 0 if it is new.
    """

    kind: str
    folder: str
    bare_name: str
    change: Change
    path: str
    line: int
    title: str = ""
    before: str = ""
    after: str = ""
    version: int = 0

    @property
    def name(self) -> str:
        """Return the name as other folders write it."""
        return qualified(self.folder, self.bare_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyPlan:
    """What applying does, or has done: then ``edition`` is the one that holds it.

    ``kept`` are files that are not there any more and whose documents stay, since nobody said to
    prune. ``projects`` are roots whose files beside the definitions have changed.
    """

    before: EditionId
    edition: EditionId
    documents: tuple[PlannedDocument, ...]
    warnings: tuple[Problem, ...] = ()
    kept: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    passed_over: int = 0

    def of(self, change: Change) -> tuple[PlannedDocument, ...]:
        """Return the documents that this becomes of."""
        return tuple(one for one in self.documents if one.change is change)

    @property
    def changes(self) -> tuple[PlannedDocument, ...]:
        """Return the documents that are not as before."""
        return tuple(one for one in self.documents if one.change is not Change.UNCHANGED)
