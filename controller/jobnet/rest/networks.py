"""Routes of networks that are applied: each with its latest runs."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from jobnet.ids import NetworkName
from jobnet.rest.asking import PAGE, ROOT, Limit, Services
from jobnet.rest.paging import address_after
from jobnet.wire.networks import Last, Network, NetworkPage
from jobnet.wire.overview import Why
from jobnet.wire.reading import last_of, network_of, why_network_of
from jobnet.wire.runs import run_of
from jobnet.wire.shapes import NAME_MAX

router = APIRouter(prefix="/networks", tags=["networks"])

InNetwork = Annotated[
    NetworkName, Path(alias="network", max_length=NAME_MAX, pattern=r"^[^\x00]+$")
]
_Text = Annotated[str, Query(max_length=NAME_MAX, pattern=r"^[^\x00]*$")]


@router.get("")
def list_networks(
    request: Request,
    services: Services,
    folder: _Text = "",
    after: _Text = "",
    limit: Limit = PAGE,
) -> NetworkPage:
    """List networks by name, of a folder and below; ``after`` is the name to go on from."""
    views = services.views.networks(folder=folder, after=after, limit=limit)
    last = views[-1].name if len(views) == limit else None
    return NetworkPage(
        items=[network_of(view, root=ROOT) for view in views],
        next=None if last is None else address_after(request, {"after": last}),
    )


@router.get("/{network:path}/last")
def show_last(network: InNetwork, services: Services) -> Last:
    """Show the latest runs of a network, and how long its normal runs usually take."""
    return last_of(services.views.last(network), root=ROOT)


@router.get("/{network:path}/why")
def show_why_network(network: InNetwork, services: Services) -> Why:
    """Say why a network does not run, how its latest run stands, and when it starts next."""
    services.views.last(network)
    return why_network_of(services.views.why(network), services.outlook.of(network), root=ROOT)


@router.get("/{network:path}")
def show_network(network: InNetwork, services: Services) -> Network:
    """Show one network with its text and its latest runs."""
    view = services.views.network(network)
    runs = services.views.last(network).runs
    shown = network_of(view, root=ROOT)
    return shown.model_copy(
        update={
            "zone": services.plans.zone_of(network),
            "text": view.document.text,
            "runs": [run_of(row, root=ROOT) for row in runs],
        }
    )
