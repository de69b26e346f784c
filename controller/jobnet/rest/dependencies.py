"""The route that tells what networks need of each other."""

from typing import Annotated

from fastapi import APIRouter, Query

from jobnet.rest.asking import Services
from jobnet.rest.networks import InNetwork
from jobnet.services.controller.views.dependencies import DEPTH_MAX, Direction
from jobnet.wire.dependencies import Dependencies

router = APIRouter(prefix="/networks", tags=["networks"])


@router.get("/{network:path}/dependencies")
def show_dependencies(
    network: InNetwork,
    services: Services,
    direction: Annotated[
        Direction, Query(description="up: what it needs; down: who needs it.")
    ] = Direction.UP,
    depth: Annotated[int, Query(ge=1, le=DEPTH_MAX, description="So many steps.")] = DEPTH_MAX,
) -> Dependencies:
    """Show what a network needs, or who needs it, as it is applied now, over all networks.

    Calls, waits for networks and parts, events and start conditions are needs; queues, locks and
    resources are only shared.
    """
    view = services.dependencies.of(network, direction=direction, depth=depth)
    return Dependencies.model_validate(view)
