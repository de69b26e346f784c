"""States the shapes of events that are sent from outside."""

from datetime import date

from pydantic import Field, JsonValue

from jobnet.wire.shapes import Answer, Instant, Name, Reason, Request

KEEP_SECONDS_MAX = 366 * 24 * 3600


class EventRequest(Request):
    """An event to send."""

    name: Name
    data: dict[str, JsonValue] = Field(default={})
    keep_seconds: int = Field(
        default=0,
        ge=0,
        le=KEEP_SECONDS_MAX,
        description="So long waits that begin later get it; 0: only those that are open now.",
    )
    operating_day: date | None = Field(default=None, description="None: today.")
    reason: Reason = ""


class Sent(Answer):
    """An event that was sent."""

    id: str
    name: str
    sent_at: Instant
    operating_day: date
    keep_until: Instant | None
