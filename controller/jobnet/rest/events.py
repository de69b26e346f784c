"""Routes of events: send one from outside."""

from datetime import timedelta

from fastapi import APIRouter, status

from jobnet.rest.asking import Key, Operator, Services
from jobnet.services.controller.events import EventWish
from jobnet.wire.events import EventRequest, Sent

router = APIRouter(prefix="/events", tags=["events"])


@router.post("", status_code=status.HTTP_201_CREATED)
def send_event(request: EventRequest, by: Operator, key: Key, services: Services) -> Sent:
    """Send an event; every wait that matches gets it once. It never waits for anybody."""
    sent = services.events.send(
        EventWish(
            name=request.name,
            by=by,
            key=key,
            data=request.data,
            keep=timedelta(seconds=request.keep_seconds),
            operating_day=request.operating_day,
            reason=request.reason,
        )
    )
    return Sent.model_validate(sent)
