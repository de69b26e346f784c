"""Shows and changes queues and resources at run time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from jobnet.cli.calling import calling, own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import columns, say
from jobnet.cli.instants import at, zone_named
from jobnet.cli.moments import after_now
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown
from jobnet.errors.client import CommandUsage

HEAD: Final = ("QUEUE", "LIMIT", "RUNNING", "WAITING", "PRIORITY", "SET AT RUN TIME")
RESOURCE_HEAD: Final = ("RESOURCE", "THERE IS", "TAKEN", "WAITING")
NO_QUEUE: Final = "(none)"
COMMAND: Final = "jobnet queue set"
NUMBER_MAX: Final = 9
_ANY: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueTyped:
    """What was typed; None leaves a thing as it is."""

    limit: str | None
    is_held: bool | None
    priority: int | None
    until: str | None
    reason: str


def list_queues(*, is_verbose: bool, form: Form) -> int:
    """List queues."""
    with calling() as client:
        found = client.get("/queues")
    say(found, form, lambda: _queue_lines(found["items"], is_verbose=is_verbose))
    return ExitCode.NORMAL


def list_resources(form: Form) -> int:
    """List resources."""
    with calling() as client:
        found = client.get("/resources")
    rows = [
        (one["name"], _any(one["capacity"]), one["used"], one["waiting"]) for one in found["items"]
    ]
    say(found, form, lambda: columns(RESOURCE_HEAD, rows) if rows else ["There is none."])
    return ExitCode.NORMAL


def set_queue(name: str, wish: QueueTyped, *, form: Form) -> int:
    """Change a queue."""
    body: dict[str, object] = {}
    if wish.limit is not None:
        body["limit"] = _number(wish.limit)
    if wish.is_held is not None:
        body["is_held"] = wish.is_held
    if wish.priority is not None:
        body["priority"] = wish.priority
    if not body:
        problem = "say what to change: --limit, --hold, --release or --priority"
        raise CommandUsage(problem, command=COMMAND)
    return _change("PATCH", f"/queues/{quote(name, safe='')}", body, wish, form)


def unset_queue(name: str, *, field: str, reason: str, form: Form) -> int:
    """Take back what was set of a queue."""
    path = f"/queues/{quote(name, safe='')}/settings"
    with calling() as client:
        done = client.act("DELETE", path, query={"field": field, "reason": reason})
    say(done, form, lambda: [_changed_line(done)])
    return ExitCode.NORMAL


def set_resource(name: str, capacity: str, *, until: str | None, reason: str, form: Form) -> int:
    """Say how much there is of a resource."""
    wish = QueueTyped(limit=None, is_held=None, priority=None, until=until, reason=reason)
    body = {"capacity": _number(capacity)}
    return _change("PUT", f"/resources/{quote(name, safe='')}", body, wish, form)


def set_network_limit(name: str, limit: str, *, until: str | None, reason: str, form: Form) -> int:
    """Say how many runs of a network there may be at once."""
    wish = QueueTyped(limit=None, is_held=None, priority=None, until=until, reason=reason)
    body = {"limit": _number(limit)}
    return _change("PUT", f"/networks/{quote(name, safe='')}/limit", body, wish, form)


def _change(
    method: str, path: str, body: Mapping[str, object], wish: QueueTyped, form: Form
) -> int:
    with calling() as client:
        more: dict[str, object] = {"reason": wish.reason}
        if wish.until is not None:
            more["until"] = after_now(client, wish.until, command=COMMAND)
        done = client.act(method, path, {**body, **more})
    say(done, form, lambda: [_changed_line(done)])
    return ExitCode.NORMAL


def _changed_line(done: Mapping[str, Any]) -> str:
    return "Done; it counts at once." if done["has_changed"] else "Nothing has changed."


def _number(text: str) -> int | None:
    """Return a number that was typed, None for any."""
    if text == _ANY:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= NUMBER_MAX):
        problem = f"{text[:40]!r} is no whole number; write one, or {_ANY}"
        raise CommandUsage(problem, command=COMMAND)
    return int(text)


def _any(number: int | None) -> str:
    return "any" if number is None else str(number)


def _queue_lines(queues: list[Mapping[str, Any]], *, is_verbose: bool) -> Iterator[str]:
    yield from columns(HEAD, map(_row, queues))
    if not is_verbose:
        return
    zone = zone_named(own_settings().zone)
    for one in queues:
        for title in ("running", "waiting"):
            for place in one[title]:
                name = f"{place['run']}/{place['part']}"
                why = f", {place['reason'].replace('_', ' ')}" if place["reason"] else ""
                detail = f": {place['detail']}" if place["detail"] else ""
                since = at(place["since"], zone)
                yield shown(f"{one['name'] or NO_QUEUE} {title}: {name}{why}{detail} since {since}")


def _row(queue: Mapping[str, Any]) -> tuple[object, ...]:
    defined = "" if queue["limit"] == queue["defined_limit"] else (
        f" (defined {_any(queue['defined_limit'])})"
    )  # fmt: skip
    held = " HELD" if queue["is_held"] else ""
    settings = ", ".join(
        f"{one['field']}={one['value']} by {one['by']}" for one in queue["settings"]
    )
    return (
        (queue["name"] or NO_QUEUE) + held,
        _any(queue["limit"]) + defined,
        len(queue["running"]),
        len(queue["waiting"]),
        queue["priority"],
        settings,
    )
