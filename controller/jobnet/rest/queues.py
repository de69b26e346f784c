"""Routes of queues and resources: who stands in line, and what is changed at run time."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from jobnet.rest.asking import ROOT, Operator, Services
from jobnet.services.controller.queues import UNCHANGED
from jobnet.services.controller.settings import Change
from jobnet.wire.queues import (
    CapacityRequest,
    Changed,
    QueueRequest,
    Queues,
    Resources,
    queue_of,
    resource_of,
)
from jobnet.wire.shapes import NAME_MAX, Reason

router = APIRouter(tags=["queues"])

InQueue = Annotated[str, Path(alias="queue", max_length=NAME_MAX, pattern=r"^[^\x00]+$")]
InResource = Annotated[str, Path(alias="resource", max_length=NAME_MAX, pattern=r"^[^\x00]+$")]
_Field = Literal["", "limit", "is_held", "priority"]


@router.get("/queues")
def list_queues(services: Services) -> Queues:
    """List all queues by name, with who holds a slot and who waits for one."""
    return Queues(items=[queue_of(view, root=ROOT) for view in services.queues.listed()])


@router.patch("/queues/{queue:path}")
def set_queue(queue: InQueue, request: QueueRequest, by: Operator, services: Services) -> Changed:
    """Change a queue at once, above its definition, until it is taken back or until an instant."""
    given = request.model_fields_set
    has_changed = services.queues.set(
        queue,
        Change(by=by, reason=request.reason, until=request.until),
        limit=request.limit if "limit" in given else UNCHANGED,
        is_held=request.is_held if "is_held" in given else UNCHANGED,
        priority=request.priority if "priority" in given else UNCHANGED,
    )
    return Changed(has_changed=has_changed)


@router.delete("/queues/{queue:path}/settings")
def unset_queue(
    queue: InQueue,
    by: Operator,
    services: Services,
    field: Annotated[_Field, Query(description="Empty: all of them.")] = "",
    reason: Annotated[Reason, Query()] = "",
) -> Changed:
    """Let the definition of a queue count again, for one field or all of them."""
    change = Change(by=by, reason=reason)
    return Changed(has_changed=services.queues.unset(queue, change, field=field))


@router.get("/resources")
def list_resources(services: Services) -> Resources:
    """List the resources that somebody asks for or that have a capacity, by name."""
    return Resources(items=[resource_of(view) for view in services.queues.resources()])


@router.put("/resources/{resource:path}")
def set_resource(
    resource: InResource, request: CapacityRequest, by: Operator, services: Services
) -> Changed:
    """Say how much there is of a resource; null takes it back."""
    change = Change(by=by, reason=request.reason, until=request.until)
    return Changed(has_changed=services.queues.set_capacity(resource, request.capacity, change))
