"""Routes about the controller itself: whether it lives, whether it works, who asks."""

from importlib.metadata import version

from fastapi import APIRouter, Response, status

from jobnet.errors import ControllerError
from jobnet.rest.asking import Operator, Services
from jobnet.wire.system import Health, WhoAmI

router = APIRouter(tags=["system"])
health = APIRouter(tags=["system"])


@router.get("/whoami")
def show_caller(by: Operator, services: Services) -> WhoAmI:
    """Say whom the controller takes the caller for."""
    return WhoAmI(name=by, now=services.store.now(), version=version("jobnet"))


@health.get("/healthz")
def show_life() -> Health:
    """Say that the process lives; it looks at nothing else."""
    return Health(is_well=True, problems=[])


@health.get("/readyz")
def show_readiness(response: Response, services: Services) -> Health:
    """Say whether the controller can work: its database can be written, nobody is missing."""
    problems = _problems(services)
    if problems:
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return Health(is_well=not problems, problems=problems)


def _problems(services: Services) -> list[str]:
    if services.bells.is_closed:
        return ["the controller is ending"]
    if not services.shift.is_working:
        return ["somebody who works for the controller has stopped; its log says why"]
    try:
        services.store.write(lambda tx: tx.installation.get("ready"))
    except ControllerError as error:
        return [str(error)]
    return []
