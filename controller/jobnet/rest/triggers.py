"""Routes of start conditions: what they wait for."""

from fastapi import APIRouter

from jobnet.rest.asking import Services
from jobnet.wire.triggers import Triggers, triggers_of

router = APIRouter(prefix="/triggers", tags=["triggers"])


@router.get("")
def list_triggers(services: Services) -> Triggers:
    """List all start conditions with what has come for them and what is missing."""
    return triggers_of(services.triggers.show())
