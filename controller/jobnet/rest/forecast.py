"""Routes of the forecast: how the plan is expected to go, and what would be otherwise."""

from typing import Annotated

from fastapi import APIRouter, Query

from jobnet.ids import NetworkName
from jobnet.rest.asking import Services
from jobnet.services.forecast.forecasts import ForecastWish
from jobnet.wire.forecast import (
    KEY_MAX,
    CriticalPathShown,
    ForecastShown,
    WhatIfRequest,
    WhatIfShown,
    change_of,
    comparison_of,
    forecast_of,
    path_of,
)
from jobnet.wire.shapes import NAME_MAX, GivenInstant

router = APIRouter(tags=["forecast"])

_First = Annotated[GivenInstant | None, Query(description="Now, if it is left out.")]
_Last = Annotated[GivenInstant | None, Query(description="24 hours after it, if left out.")]
_Network = Annotated[str, Query(max_length=NAME_MAX, pattern=r"^[^\x00]*$")]
_Run = Annotated[
    str,
    Query(
        min_length=1,
        max_length=KEY_MAX,
        pattern=r"^[^\x00]+$",
        description="Its name in the forecast, or the key of its start.",
    ),
]


@router.get("/forecast")
def show_forecast(
    services: Services, first: _First = None, last: _Last = None, network: _Network = ""
) -> ForecastShown:
    """Forecast the runs of a span at P50 and P90, with the deadlines at risk and who waits.

    All runs are played together on a virtual clock, whichever network is asked for.
    """
    return forecast_of(services.forecasts.show(_wish(first, last, network)))


@router.get("/forecast/path")
def show_critical_path(
    run: _Run,
    services: Services,
    *,
    first: _First = None,
    last: _Last = None,
    slow: Annotated[bool, Query(description="At P90 instead of P50.")] = False,
) -> CriticalPathShown:
    """Say what decides when a run ends: its parts, and those of runs that it waits for."""
    return path_of(services.forecasts.path(_wish(first, last, ""), run, is_slow=slow))


@router.post("/whatif")
def compare_forecasts(request: WhatIfRequest, services: Services) -> WhatIfShown:
    """Say how the forecast would differ; nothing is changed."""
    changes = [change_of(each) for each in request.changes]
    wish = _wish(request.first, request.last, request.network)
    return comparison_of(services.forecasts.whatif(wish, changes))


def _wish(first: GivenInstant | None, last: GivenInstant | None, network: str) -> ForecastWish:
    return ForecastWish(first=first, last=last, network=NetworkName(network) if network else None)
