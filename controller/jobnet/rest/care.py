"""Routes that take care of what is kept: old runs go, how long they are kept, rows are mended."""

from typing import Final

from fastapi import APIRouter

from jobnet.rest.asking import InRun, Key, Operator, Services
from jobnet.rest.networks import InNetwork
from jobnet.services.controller.settings import Change
from jobnet.wire.care import KeepRequest, Pruned, PruneRequest, Rebuilt, rebuilt_of, wish_of
from jobnet.wire.queues import Changed

router = APIRouter(tags=["care"])

RUNS_AT_ONCE: Final = 500
"""So many runs go by one request; who wants more asks again."""
RUNS_MEASURED: Final = 2_000


@router.post("/prune")
def prune_runs(request: PruneRequest, by: Operator, key: Key, services: Services) -> Pruned:  # noqa: ARG001 - the same key again is answered before it comes here
    """Remove runs that are over and old, up to a number at once; or say what would go."""
    wish = wish_of(request)
    if request.dry_run:
        found = services.retention.plan(wish, runs_max=RUNS_MEASURED)
    else:
        found = services.retention.prune(wish, by=by, reason=request.reason, runs_max=RUNS_AT_ONCE)
    return Pruned.model_validate(found)


@router.put("/networks/{network:path}/retention")
def keep_runs(
    network: InNetwork, request: KeepRequest, by: Operator, services: Services
) -> Changed:
    """Say how many days runs of a network are kept after their end; null: as all others."""
    change = Change(by=by, reason=request.reason, until=request.until)
    return Changed(has_changed=services.retention.keep(network, request.days, change))


@router.post("/runs/{run}/rebuild")
def rebuild_run(run: InRun, by: Operator, key: Key, services: Services) -> Rebuilt:
    """Make the rows of a run anew from its journal, where they are not as it says."""
    return rebuilt_of(run, services.rebuilding.mend(run, by=by, key=key))
