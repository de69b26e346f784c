"""States the shapes of definitions: what is applied, what that changes, what holds."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from jobnet.ports.store.editions import DocumentRow
from jobnet.services.controller.apply_plan import ApplyPlan, Change
from jobnet.wire.shapes import Answer, Instant, Reason, Related, Request

FILES_MAX = 5000
PATHS_MAX = 100
PATH_MAX = 4096

FilePath = Annotated[
    str, StringConstraints(min_length=1, max_length=PATH_MAX, pattern=r"^[^\x00]+$")
]


class GivenFile(Request):
    """A file as text; its path is relative to the base."""

    path: FilePath
    text: str


class GivenDefinitions(Request):
    """Definitions: paths on the controller's machine, or files as texts below a base."""

    paths: list[FilePath] = Field(default=[], max_length=PATHS_MAX)
    files: list[GivenFile] = Field(default=[], max_length=FILES_MAX)
    base: str = Field(
        default="",
        max_length=PATH_MAX,
        pattern=r"^[^\x00]*$",
        description="The folder of the controller's machine that given files count from; empty:"
        " one of the controller's own.",
    )
    prune: bool = Field(default=False, description="Remove what is not there any more.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.paths) == bool(self.files):
            raise ValueError("give paths, or files with a base, and not both")
        if self.base and not self.files:
            raise ValueError("base is the folder that files count from; give files")
        return self


class ApplyRequest(GivenDefinitions):
    """What to apply."""

    dry_run: bool = Field(default=False, description="Only say what would change.")
    reason: Reason = ""


class PlannedDocument(Answer):
    """What becomes of one document; ``version`` is the one that it had, 0 if it is new."""

    kind: str
    name: str
    change: Change
    path: str
    line: int
    title: str
    version: int
    before: str = Field(description="Its text until now; nothing unless it changes.")
    after: str = Field(description="Its text from then on; nothing unless it changes.")


class Plan(Answer):
    """What applying does; ``edition`` is the one that holds it, ``before`` the one until then."""

    before: int
    edition: int
    is_dry_run: bool
    documents: list[PlannedDocument]
    counts: dict[Change, int]
    warnings: list[str]
    kept: list[str] = Field(description="Files that are gone and whose documents stay.")
    projects: list[str] = Field(description="Projects whose other files have changed.")
    passed_over: int = Field(description="Files in which nothing is Jobnet's.")


class Document(Answer):
    """One version of one document; ``text`` is null in lists."""

    kind: str
    name: str
    folder: str
    title: str
    version: int = Field(description="Counts from 1; in quotes it is the ETag.")
    edition: int
    path: str
    line: int
    digest: str = Field(description="The SHA-256 of its text.")
    at: Instant
    by: str
    is_removed: bool
    text: str | None = None
    related: Related


class Documents(Answer):
    """Documents by kind and name; ``edition`` is the one that holds."""

    edition: int
    items: list[Document]


class Versions(Answer):
    """All versions of one document, the latest first."""

    items: list[Document]


class Difference(Answer):
    """How one document differs, as a unified diff; nothing where it does not."""

    kind: str
    name: str
    text: str


class Differences(Answer):
    """Documents that are not on the disk as they were applied."""

    items: list[Difference]


class ExportedFile(Answer):
    """One file of an export; its path is relative."""

    path: str
    text: str


class Export(Answer):
    """Files as they were applied, comments and order kept."""

    items: list[ExportedFile]


class DocumentRequest(Request):
    """Another text for one document."""

    text: str = Field(min_length=1)
    reason: Reason = ""


def document_of(row: DocumentRow, *, root: str, has_text: bool) -> Document:
    """Return the shape of one version of a document."""
    name = f"{row.folder}/{row.name}" if row.folder else row.name
    own = f"{root}/definitions/{row.kind}/{name}"
    related = {"self": own, "versions": f"{own}/versions", "diff": f"{own}/diff"}
    if row.kind == "network":
        related["network"] = f"{root}/networks/{name}"
    return Document(
        kind=row.kind,
        name=name,
        folder=row.folder,
        title=row.title,
        version=row.version,
        edition=row.edition,
        path=row.path,
        line=row.line,
        digest=row.digest,
        at=row.at,
        by=row.by,
        is_removed=row.removed,
        text=row.text if has_text else None,
        related=related,
    )


def plan_of(plan: ApplyPlan, *, is_dry_run: bool) -> Plan:
    """Return the shape of a plan; what does not change is told without its text."""
    return Plan(
        before=plan.before,
        edition=plan.edition,
        is_dry_run=is_dry_run,
        documents=[
            PlannedDocument(
                kind=one.kind,
                name=one.name,
                change=one.change,
                path=one.path,
                line=one.line,
                title=one.title,
                version=one.version,
                before="" if one.change is Change.UNCHANGED else one.before,
                after="" if one.change is Change.UNCHANGED else one.after,
            )
            for one in plan.documents
        ],
        counts={change: len(plan.of(change)) for change in Change},
        warnings=[str(one) for one in plan.warnings],
        kept=list(plan.kept),
        projects=list(plan.projects),
        passed_over=plan.passed_over,
    )
