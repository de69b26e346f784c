"""Routes of what people look at first: status, why, deviations, changes, dialogs, the audit."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from jobnet.rest.asking import PAGE, ROOT, InRun, Limit, Services
from jobnet.rest.paging import address_after
from jobnet.services.controller.views.views import AuditFilter
from jobnet.wire.overview import Acts, Deviating, Deviations, Dialogs, Status, Why
from jobnet.wire.reading import act_of, dialog_of, status_of, why_of
from jobnet.wire.shapes import NAME_MAX, GivenInstant

router = APIRouter(tags=["overview"])

_Text = Annotated[str, Query(max_length=NAME_MAX, pattern=r"^[^\x00]*$")]


@router.get("/status")
def show_status(services: Services) -> Status:
    """Show the night on one page: attention, running, waiting, dialogs, queues, what comes next."""
    return status_of(services.views.status(), root=ROOT)


@router.get("/runs/{run}/why")
def show_why_run(run: InRun, services: Services) -> Why:
    """Say why a run does not go on, or why it failed, with the commands that help."""
    services.views.run(run)
    return why_of(services.views.why(run), root=ROOT)


@router.get("/deviations")
def list_deviations(services: Services) -> Deviations:
    """List all that differs from the definitions now: since when, by whom, why, until when."""
    items = [Deviating.model_validate(each) for each in services.views.deviations()]
    return Deviations(items=items)


@router.get("/changes")
def list_changes(services: Services, since: GivenInstant, limit: Limit = PAGE) -> Acts:
    """List what was changed of definitions, queues and settings since an instant."""
    rows = services.views.changes(since, limit=limit)
    return Acts(items=[act_of(row) for row in rows], next=None)


@router.get("/dialogs")
def list_dialogs(services: Services) -> Dialogs:
    """List the dialogs that wait for an answer; each names the address that takes it."""
    return Dialogs(items=[dialog_of(each, root=ROOT) for each in services.views.dialogs()])


@router.get("/audit")
def list_audit(
    request: Request,
    services: Services,
    *,
    subject: _Text = "",
    by: _Text = "",
    since: GivenInstant | None = None,
    before: Annotated[int | None, Query(ge=0, lt=2**53)] = None,
    limit: Limit = PAGE,
) -> Acts:
    """List who did what to which thing, the latest first; ``subject`` is how its name begins."""
    meant = AuditFilter(subject=subject, by=by, since=since)
    rows = services.views.audit(meant, before=before, limit=limit)
    last = rows[-1].id if len(rows) == limit else None
    return Acts(
        items=[act_of(row) for row in rows],
        next=None if last is None else address_after(request, {"before": last}),
    )
