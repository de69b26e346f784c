"""Routes of runs: start one, list them, look at one with its parts, its journal and its output."""

import hashlib
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, status
from fastapi.responses import JSONResponse

from jobnet.engine.states import State
from jobnet.ids import NetworkName
from jobnet.ports.store.lists import Cursor, RunFilter
from jobnet.rest.asking import PAGE, ROOT, InRun, Key, Limit, Operator, Services
from jobnet.rest.paging import CURSOR_MAX, address_after, read, written
from jobnet.services.controller.starts import StartWish
from jobnet.wire.parts import WaitingOn
from jobnet.wire.projects import ProjectList, project_of
from jobnet.wire.runs import (
    JournalPage,
    Run,
    RunIds,
    RunPage,
    StartRequest,
    entry_of,
    run_in_full,
    run_of,
)
from jobnet.wire.shapes import NAME_MAX, GivenInstant

router = APIRouter(prefix="/runs", tags=["runs"])
ids = APIRouter(tags=["runs"])

_Text = Annotated[str | None, Query(max_length=NAME_MAX, pattern=r"^[^\x00]*$")]


@router.post("", status_code=status.HTTP_201_CREATED)
def start_run(
    request: StartRequest, response: Response, by: Operator, key: Key, services: Services
) -> Run:
    """Start a run of a network; it begins at once, or when its network allows."""
    day = None if request.operating_day is None else request.operating_day.isoformat()
    row = services.starts.start(
        StartWish(
            network=request.network,
            by=by,
            key=key,
            params=request.params,
            day=day,
            reason=request.reason,
            check=request.check,
            diff=request.diff,
            held=request.held,
        )
    )
    response.headers["Location"] = f"{ROOT}/runs/{row.run}"
    return run_in_full(row, [], root=ROOT)


@router.get("")
def list_runs(  # noqa: PLR0913 - one for each filter
    request: Request,
    services: Services,
    *,
    network: _Text = None,
    folder: _Text = None,
    state: Annotated[list[State] | None, Query()] = None,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    operating_day: date | None = None,
    since: GivenInstant | None = None,
    until: GivenInstant | None = None,
    cursor: Annotated[str | None, Query(max_length=CURSOR_MAX)] = None,
    limit: Limit = PAGE,
) -> RunPage:
    """List runs, the latest first. ``since`` and ``until`` go by when they were made."""
    meant = RunFilter(
        network=None if network is None else NetworkName(network),
        folder=folder or "",
        states=tuple(state or ()),
        is_open=is_open,
        operating_day=operating_day,
        created_since=since,
        created_until=until,
    )
    rows = services.views.runs(meant, after=read(cursor), limit=limit)
    last = rows[-1] if len(rows) == limit else None
    place = None if last is None else written(Cursor(at=last.created_at, id=last.run))
    return RunPage(
        items=[run_of(row, root=ROOT) for row in rows],
        next=None if place is None else address_after(request, {"cursor": place}),
    )


@ids.get("/run-ids")
def list_run_ids(
    services: Services,
    prefix: Annotated[str, Query(max_length=NAME_MAX, pattern=r"^[^\x00]*$")] = "",
    limit: Limit = PAGE,
) -> RunIds:
    """List ids of runs that begin with a text, the latest first."""
    return RunIds(items=list(services.views.runs_named(prefix, limit=limit)))


@router.get("/{run}", responses={304: {"description": "Nothing has changed since that ETag."}})
def show_run(run: InRun, request: Request, services: Services) -> Response:
    """Show one run with its params and outputs, and what keeps it from going on."""
    view = services.views.run(run)
    waits = [WaitingOn.model_validate(each) for each in view.waiting_on]
    shown = run_in_full(view.row, waits, root=ROOT, planned=view.planned)
    document = shown.model_dump_json().encode()
    etag = f'"{hashlib.sha256(document).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers={"ETag": etag})
    return Response(document, headers={"ETag": etag}, media_type=JSONResponse.media_type)


@router.get("/{run}/project")
def show_project(run: InRun, services: Services) -> ProjectList:
    """Show the projects that a run goes by: a commit, or live files and which have changed."""
    items = [project_of(stand) for stand in services.views.projects(run)]
    return ProjectList(run=run, items=items)


@router.get("/{run}/journal")
def list_journal(
    run: InRun,
    request: Request,
    services: Services,
    after: Annotated[int, Query(ge=0, lt=2**30)] = 0,
    limit: Limit = PAGE,
) -> JournalPage:
    """List the facts of a run in their order, after a position."""
    entries = services.views.journal(run, after=after, limit=limit)
    last = entries[-1].position if len(entries) == limit else None
    return JournalPage(
        items=[entry_of(entry) for entry in entries],
        next=None if last is None else address_after(request, {"after": last}),
    )
