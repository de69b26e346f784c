"""Routes that suspend and resume networks and everything, and that limit a network."""

from fastapi import APIRouter

from jobnet.rest.asking import Key, Operator, Services
from jobnet.rest.networks import InNetwork
from jobnet.services.controller.settings import Change
from jobnet.wire.orders import OrderRequest
from jobnet.wire.queues import Changed, ChangeRequest, NetworkLimitRequest

router = APIRouter(tags=["suspensions"])

_NO_END = ChangeRequest()
_NO_REASON = OrderRequest()


@router.post("/settings/everything/suspend")
def suspend_everything(
    by: Operator, key: Key, services: Services, request: ChangeRequest = _NO_END
) -> Changed:
    """Let nothing start at all until it is resumed, or until an instant; running jobs go on."""
    change = Change(by=by, reason=request.reason, until=request.until, key=key)
    return Changed(has_changed=services.queues.suspend_everything(change))


@router.post("/settings/everything/resume")
def resume_everything(
    by: Operator, key: Key, services: Services, request: OrderRequest = _NO_REASON
) -> Changed:
    """Take the suspension of everything back."""
    change = Change(by=by, reason=request.reason, key=key)
    return Changed(has_changed=services.queues.resume_everything(change))


@router.post("/networks/{network:path}/suspend")
def suspend_network(
    network: InNetwork,
    by: Operator,
    key: Key,
    services: Services,
    request: ChangeRequest = _NO_END,
) -> Changed:
    """Let no job and no further execution of a network start until it is resumed."""
    change = Change(by=by, reason=request.reason, until=request.until, key=key)
    return Changed(has_changed=services.queues.suspend_network(network, change))


@router.post("/networks/{network:path}/resume")
def resume_network(
    network: InNetwork,
    by: Operator,
    key: Key,
    services: Services,
    request: OrderRequest = _NO_REASON,
) -> Changed:
    """Take the suspension of a network back."""
    change = Change(by=by, reason=request.reason, key=key)
    return Changed(has_changed=services.queues.resume_network(network, change))


@router.put("/networks/{network:path}/limit")
def set_network_limit(
    network: InNetwork, request: NetworkLimitRequest, by: Operator, services: Services
) -> Changed:
    """Say how many executions of a network there may be at once; null: as it is defined."""
    change = Change(by=by, reason=request.reason, until=request.until)
    return Changed(has_changed=services.queues.set_network_limit(network, request.limit, change))
