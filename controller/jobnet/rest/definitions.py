"""Routes of definitions: apply them, list them, look at one and at what it was before."""

from fastapi import APIRouter

from jobnet.rest.asking import Key, Operator, Services
from jobnet.wire.definitions import ApplyRequest, Plan, plan_of

router = APIRouter(prefix="/definitions", tags=["definitions"])


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
