"""Routes of the parts of a run: how each stands, and what its attempts have printed."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter

from jobnet.rest.asking import PAGE, ROOT, InPart, InRun, Limit, Services
from jobnet.services.controller.views.runs import TrackView
from jobnet.wire.parts import (
    Artifact,
    ArtifactList,
    Output,
    OutputHit,
    OutputHits,
    Part,
    PartDetails,
    Track,
)

router = APIRouter(prefix="/runs/{run}/parts", tags=["parts"])

CHARACTERS_MAX = 1024 * 1024
CHARACTERS = 64 * 1024
_JSON = "application/json"
_BYTES = "application/octet-stream"
_FILE: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The file as it is.",
        "content": {_BYTES: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_TRACK = TypeAdapter(TrackView)
"""Writes a view as it is: to check each of 10,000 parts once more costs more than to make it."""
_Attempt = Annotated[int, Query(ge=0, lt=2**31, description="0: the latest.")]


@router.get("", response_model=Track)
def show_track(run: InRun, services: Services) -> Response:
    """Show all parts of a run in the order of the text, with what each waits for."""
    return Response(_TRACK.dump_json(services.views.track(run)), media_type=_JSON)


@router.get("/{part:path}/output/search")
def search_output(
    run: InRun,
    part: InPart,
    services: Services,
    q: Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00]+$")],
    attempt: _Attempt = 0,
    limit: Limit = PAGE,
) -> OutputHits:
    """Find the first lines that an attempt has printed with a text, whatever its case."""
    found = services.views.search_output(run, part, attempt, text=q, limit=limit)
    items = [OutputHit.model_validate(each) for each in found.hits]
    return OutputHits(run=run, part=part, attempt=found.attempt, items=items)


@router.get("/{part:path}/output")
def show_output(
    run: InRun,
    part: InPart,
    services: Services,
    attempt: _Attempt = 0,
    offset: Annotated[int, Query(gt=-(2**53), lt=2**53, description="< 0: from the end")] = 0,
    limit: Annotated[int, Query(ge=1, le=CHARACTERS_MAX)] = CHARACTERS,
) -> Output:
    """Show a piece of what an attempt has printed."""
    view = services.views.output(run, part, attempt, offset=offset, limit=limit)
    return Output.model_validate(view)


@router.get("/{part:path}/artifacts/file", response_class=StreamingResponse, responses=_FILE)
def download_artifact(
    run: InRun,
    part: InPart,
    services: Services,
    name: Annotated[str, Query(min_length=1, max_length=4096, pattern=r"^[^\x00]+$")],
) -> StreamingResponse:
    """Send a file that a part has left, to be kept and never to be shown by a browser."""
    found = services.views.artifact(run, part, name)
    headers = {
        "Content-Length": str(found.size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    return StreamingResponse(found.pieces, media_type=_BYTES, headers=headers)


@router.get("/{part:path}/artifacts")
def list_artifacts(run: InRun, part: InPart, services: Services) -> ArtifactList:
    """List the files that a part has left, by name, as its latest end names them."""
    own = f"{ROOT}/runs/{quote(run, safe='')}/parts/{quote(part, safe='')}/artifacts/file"
    items = [
        Artifact(name=each.name, size=each.size, address=f"{own}?name={quote(each.name, safe='')}")
        for each in services.views.artifacts(run, part)
    ]
    return ArtifactList(run=run, part=part, items=items)


@router.get("/{part:path}")
def show_part(run: InRun, part: InPart, services: Services) -> PartDetails:
    """Show one part of a run."""
    view = services.views.part(run, part)
    own = f"{ROOT}/runs/{run}/parts/{part}"
    related = {"self": own, "run": f"{ROOT}/runs/{run}", "output": f"{own}/output"}
    related["artifacts"] = f"{own}/artifacts"
    return PartDetails(**Part.model_validate(view).model_dump(), related=related)
