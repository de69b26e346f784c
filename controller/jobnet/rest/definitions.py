"""Routes of definitions: apply them, look at them, change one, see what it was before."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response
from fastapi.responses import PlainTextResponse

from jobnet.errors.rest import EtagRefused
from jobnet.rest.asking import ROOT, Key, Operator, Services
from jobnet.services.controller.documents import ExportedFile as Exported
from jobnet.wire.definitions import (
    ApplyRequest,
    Difference,
    Differences,
    Document,
    DocumentRequest,
    Documents,
    Export,
    ExportedFile,
    Plan,
    Versions,
    document_of,
    plan_of,
)
from jobnet.wire.shapes import NAME_MAX, Reason

router = APIRouter(prefix="/definitions", tags=["definitions"])

_PLAIN = r"^[^\x00]*$"
_Text = Annotated[str, Query(max_length=NAME_MAX, pattern=_PLAIN)]
InKind = Annotated[str, Path(alias="kind", max_length=40, pattern=r"^[a-z_]+$")]
InName = Annotated[str, Path(alias="name", max_length=NAME_MAX, pattern=r"^[^\x00]+$")]
_Version = Annotated[int | None, Query(ge=0, lt=2**31)]
_IfMatch = Annotated[
    str | None, Header(max_length=100, description="The ETag that was read; * for any version.")
]
_IfNoneMatch = Annotated[
    str | None, Header(max_length=100, description="* where there must be none yet.")
]
ANY = "*"
_ETAG = re.compile(r'"(\d{1,9})"')


@router.post("/apply")
def apply_definitions(request: ApplyRequest, by: Operator, key: Key, services: Services) -> Plan:
    """Apply definitions, all of them or none; a dry run says what would change."""
    definitions = services.definitions
    if request.files:
        plan = definitions.apply_texts(
            [(file.path, file.text) for file in request.files],
            base=request.base,
            by=by,
            reason=request.reason,
            prune=request.prune,
            key=key,
            dry_run=request.dry_run,
        )
    elif request.dry_run:
        plan = definitions.plan(request.paths, prune=request.prune)
    else:
        plan = definitions.apply(
            request.paths, by=by, reason=request.reason, prune=request.prune, key=key
        )
    return plan_of(plan, is_dry_run=request.dry_run)


@router.get("")
def list_documents(services: Services, kind: _Text = "", folder: _Text = "") -> Documents:
    """List what is applied, by kind and name, without the texts."""
    definitions = services.definitions
    rows = definitions.documents.every(kind or None, folder=folder)
    items = [document_of(row, root=ROOT, has_text=False) for row in rows]
    return Documents(edition=definitions.current(), items=items)


@router.get("/diff")
def diff_with_disk(
    services: Services,
    path: Annotated[list[str] | None, Query(max_length=100)] = None,
    *,
    prune: bool = False,
) -> Differences:
    """Say how files on the controller's machine differ from what is applied."""
    found = services.definitions.diff(path or (), prune=prune)
    return Differences(items=[Difference.model_validate(one) for one in found])


@router.get("/export")
def export_definitions(
    services: Services, kind: _Text = "", name: _Text = "", folder: _Text = ""
) -> Export:
    """Give files back as they were applied: all, those of a folder, or one document."""
    files = services.definitions.export(kind=kind or None, name=name or None, folder=folder)
    return Export(items=[ExportedFile.model_validate(file) for file in files])


@router.get(
    "/export.zip",
    response_class=Response,
    responses={200: {"description": "An archive.", "content": {"application/zip": {}}}},
)
def export_archive(services: Services, kind: _Text = "", folder: _Text = "") -> Response:
    """Give files back as they were applied, as one archive."""
    files = services.definitions.export(kind=kind or None, folder=folder)
    headers = {"Content-Disposition": 'attachment; filename="definitions.zip"'}
    return Response(_zipped(files), media_type="application/zip", headers=headers)


@router.get("/{kind}/{name:path}/versions")
def list_versions(kind: InKind, name: InName, services: Services) -> Versions:
    """List all versions of a document, the latest first, with their texts."""
    rows = services.definitions.versions(kind, name)
    return Versions(items=[document_of(row, root=ROOT, has_text=True) for row in rows])


@router.get("/{kind}/{name:path}/diff")
def diff_versions(
    kind: InKind,
    name: InName,
    services: Services,
    older: _Version = None,
    newer: _Version = None,
) -> Difference:
    """Say how two versions of a document differ: the last two, if none are named."""
    found = services.definitions.documents.diff(kind, name, older=older, newer=newer)
    return Difference.model_validate(found)


@router.get(
    "/{kind}/{name:path}/text",
    response_class=PlainTextResponse,
    responses={200: {"description": "YAML.", "content": {"text/plain": {}}}},
)
def show_text(kind: InKind, name: InName, services: Services) -> PlainTextResponse:
    """Give the text of a document as it was applied."""
    row = services.definitions.documents.find(kind, name)
    return PlainTextResponse(row.text, headers={"ETag": _etag(row.version)})


@router.get("/{kind}/{name:path}")
def show_document(kind: InKind, name: InName, response: Response, services: Services) -> Document:
    """Show one document with its text; its ETag goes into If-Match of a change."""
    row = services.definitions.documents.find(kind, name)
    response.headers["ETag"] = _etag(row.version)
    return document_of(row, root=ROOT, has_text=True)


@router.put("/{kind}/{name:path}")
def change_document(
    kind: InKind,
    name: InName,
    request: DocumentRequest,
    by: Operator,
    services: Services,
    if_match: _IfMatch = None,
    if_none_match: _IfNoneMatch = None,
) -> Plan:
    """Change one document inside its file, or add it; refused if it changed since it was read."""
    plan = services.definitions.put(
        kind,
        name,
        request.text,
        by=by,
        expected_version=_expected(if_match, if_none_match),
        reason=request.reason,
    )
    return plan_of(plan, is_dry_run=False)


@router.delete("/{kind}/{name:path}")
def remove_document(
    kind: InKind,
    name: InName,
    by: Operator,
    services: Services,
    reason: Annotated[Reason, Query()] = "",
    if_match: _IfMatch = None,
) -> Plan:
    """Take one document away; runs that go by it go on."""
    plan = services.definitions.remove(
        kind, name, by=by, expected_version=_expected(if_match, None), reason=reason
    )
    return plan_of(plan, is_dry_run=False)


def _etag(version: int) -> str:
    return f'"{version}"'


def _expected(if_match: str | None, if_none_match: str | None) -> int | None:
    """Return the version that has to be there, 0 for none, None for any."""
    if if_none_match is not None:
        if if_none_match != ANY:
            raise EtagRefused(if_none_match)
        return 0
    if if_match is None or if_match == ANY:
        return None
    found = _ETAG.fullmatch(if_match)
    if found is None:
        raise EtagRefused(if_match)
    return int(found[1])


def _zipped(files: Sequence[Exported]) -> bytes:
    """Return an archive of files; the same files always give the same archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.path), file.text)
    return written.getvalue()
