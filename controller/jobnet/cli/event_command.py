"""Sends an event from outside."""

from dataclasses import dataclass

from jobnet.calendars import parse_duration
from jobnet.cli.calling import calling
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown
from jobnet.services.param_texts import read_params


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTyped:
    """What was typed."""

    name: str
    extra: tuple[str, ...]
    keep: str
    day: str | None
    reason: str


def send(wish: EventTyped, *, key: str, form: Form) -> int:
    """Send it, and return the exit status."""
    body: dict[str, object] = {
        "name": wish.name,
        "data": read_params(wish.extra),
        "reason": wish.reason,
    }
    if wish.keep:
        body["keep_seconds"] = int(parse_duration(wish.keep).total_seconds())
    if wish.day:
        body["operating_day"] = wish.day
    with calling() as client:
        sent = client.act("POST", "/events", body, key=key)
    say(sent, form, lambda: [f"Sent: {shown(sent['name'])} as {sent['id']}"])
    return ExitCode.NORMAL
