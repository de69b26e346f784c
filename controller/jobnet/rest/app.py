"""Makes the application that serves a controller over HTTP."""

from collections.abc import Collection
from typing import Any

from fastapi import APIRouter, FastAPI, Security
from fastapi.security import HTTPBearer

from jobnet.rest import (
    calendars,
    care,
    definitions,
    dependencies,
    events,
    forecast,
    hooks,
    live,
    metrics,
    networks,
    orders,
    overview,
    parts,
    plan,
    queues,
    runs,
    schedules,
    suspensions,
    system,
    triggers,
    windows,
)
from jobnet.rest.asking import ROOT
from jobnet.rest.gate import LOOPBACK, Gate, TokenCheck
from jobnet.rest.keys import Keys
from jobnet.rest.problems import MEDIA_TYPE, answer_problems
from jobnet.rest.services import Controller
from jobnet.rest.streams import Streams
from jobnet.wire.problems import Problem

API_VERSION = "1"
ROUTERS = (
    runs.ids,
    runs.router,
    parts.router,
    orders.router,
    definitions.router,
    overview.router,
    queues.router,
    suspensions.router,
    events.router,
    dependencies.router,
    networks.router,
    calendars.router,
    schedules.router,
    plan.router,
    forecast.router,
    windows.router,
    triggers.router,
    live.router,
    care.router,
    system.router,
)

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {
        "model": Problem,
        "description": "It was not done; the document says why.",
        "content": {MEDIA_TYPE: {}},
    }
}
_BEARER = HTTPBearer(auto_error=False, description="The token of this controller.")


def create_app(
    controller: Controller, *, token_check: TokenCheck, hosts: Collection[str] = LOOPBACK
) -> FastAPI:
    """Return the application; ``hosts`` are the names that it goes by, as in a Host header.

    Whoever stops the server calls ``app.state.streams.end()`` first, so that nobody who listens
    keeps it from ending.
    """
    app = routes()
    app.state.controller = controller
    app.state.streams = Streams(controller.bells)
    app.add_middleware(Keys, store=controller.store)
    app.add_middleware(Gate, token_check=token_check, hosts=hosts)
    return app


def routes() -> FastAPI:
    """Return the application without a controller and without a gate: what OpenAPI tells of."""
    app = FastAPI(
        title="Jobnet",
        version=API_VERSION,
        description="A job-network controller for Ansible.",
        openapi_url=f"{ROOT}/openapi.json",
        docs_url=None,  # they would fetch scripts from elsewhere
        redoc_url=None,
        responses=_PROBLEMS,
    )
    answer_problems(app)
    api = APIRouter(prefix=ROOT, dependencies=[Security(_BEARER)])
    for router in ROUTERS:
        api.include_router(router)
    app.include_router(api)
    app.include_router(hooks.router, prefix=ROOT)  # signed, so without a token
    app.include_router(system.health)
    app.include_router(metrics.router, dependencies=[Security(_BEARER)])
    return app
