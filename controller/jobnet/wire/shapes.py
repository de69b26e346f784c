"""Sets what all shapes of the API have in common: nothing unknown in, plain JSON out."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

NAME_MAX = 1000
REASON_MAX = 1000
KEY_MAX = 200


class Request(BaseModel):
    """What somebody asks for; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """What the controller says, read from a view of the services."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


Instant = datetime
"""An instant as ISO 8601 in UTC; views hold no others."""

_YEARS = range(1970, 9000)


def _given_instant(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("say the zone: 2026-05-29T21:55:00Z, or with an offset such as +09:00")
    if instant.year not in _YEARS:
        raise ValueError(f"only years from {_YEARS.start} to {_YEARS.stop - 1} are understood")
    return instant.astimezone(UTC)


GivenInstant = Annotated[datetime, AfterValidator(_given_instant)]
"""An instant that somebody gives, with its zone."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=NAME_MAX, pattern=r"^[^\x00]+$")]
"""A name of something that there should be."""

Reason = Annotated[
    str,
    StringConstraints(max_length=REASON_MAX, pattern=r"^[^\x00]*$"),
    Field(description="Why; it stands in the journal and in the audit."),
]

Related = Annotated[
    dict[str, str], Field(description="Addresses of what belongs to it, by what they are.")
]
