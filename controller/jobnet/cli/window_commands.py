"""Opens and closes maintenance windows, and lists when they are open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from jobnet.cli.calling import calling, own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import columns, say
from jobnet.cli.instants import at, zone_named
from jobnet.cli.moments import after_now, around_now
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown
from jobnet.errors.client import CommandUsage

OPEN: Final = "jobnet window open"
HEAD: Final = ("WINDOW", "IS", "FROM", "UNTIL", "DOES", "COVERS", "WHY")
LIST_ARGUMENTS: Final = ("nodes", "queues", "networks")


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowTyped:
    """What was typed after ``jobnet window open``."""

    name: str
    hosts: str | None
    named: Mapping[str, tuple[str, ...]]
    action: str
    first: str | None
    until: str | None
    lasts: str | None
    reason: str


def open_window(wish: WindowTyped, *, key: str, form: Form) -> int:
    """Open a window."""
    if (wish.until is None) == (wish.lasts is None):
        raise CommandUsage("say how long: --for 2h, or --until TIME", command=OPEN)
    with calling() as client:
        first = None if wish.first is None else after_now(client, wish.first, command=OPEN)
        if wish.first is not None and wish.lasts is not None:
            raise CommandUsage("--for counts from now; with --from say --until", command=OPEN)
        body = {
            "name": wish.name, "hosts": wish.hosts, **wish.named, "action": wish.action,
            "first": first, "reason": wish.reason,
            "until": after_now(client, wish.until or wish.lasts or "", command=OPEN),
        }  # fmt: skip
        done = client.act("POST", "/windows", body, key=key)
    say(done, form, lambda: _window_lines(done))
    return ExitCode.NORMAL


def close_window(name: str, *, reason: str, key: str, form: Form) -> int:
    """End a window now."""
    with calling() as client:
        path = f"/windows/{quote(name, safe='')}"
        done = client.act("DELETE", path, key=key, query={"reason": reason})
    say(done, form, lambda: [f"Closed: {shown(name)}"])
    return ExitCode.NORMAL


def list_windows(*, first: str | None, last: str | None, form: Form) -> int:
    """List when windows are open."""
    command = "jobnet window list"
    with calling() as client:
        found = client.get(
            "/windows",
            first=None if first is None else around_now(client, first, command=command),
            last=None if last is None else around_now(client, last, command=command),
        )
    say(found, form, lambda: _list_lines(found))
    return ExitCode.NORMAL


def _window_lines(window: Mapping[str, Any]) -> Iterator[str]:
    zone = zone_named(own_settings().zone)
    since, until = at(window["first"], zone), at(window["last"], zone)
    yield shown(f"{window['name']} covers {_covered(window['targets'])}: {window['action']}")
    yield f"from {since} until {until}"


def _list_lines(found: Mapping[str, Any]) -> Iterator[str]:
    zone = zone_named(own_settings().zone)
    rows = [
        (
            one["name"],
            "open" if one["is_open"] else "",
            at(one["first"], zone),
            at(one["last"], zone),
            one["action"],
            _covered(one["targets"]),
            _why(one),
        )
        for one in found["items"]
    ]
    yield from columns(HEAD, rows) if rows else ["No window is open in that time."]
    for problem in found["problems"]:
        yield shown(f"{problem['name']} counts as closed: {problem['what']}", length_max=500)


def _covered(targets: Mapping[str, Any]) -> str:
    named = [f"hosts {targets['hosts']}"] if targets["hosts"] is not None else []
    named += [f"{word} {', '.join(targets[word])}" for word in LIST_ARGUMENTS if targets[word]]
    return "; ".join(named) or "everything"


def _why(window: Mapping[str, Any]) -> str:
    said = f"by {window['by']}" if window["is_by_hand"] else "by its rules"
    reason = window["reason"] or window["title"]
    silenced = f", {window['silenced']} alerts not sent" if window["silenced"] else ""
    return said + (f": {reason}" if reason else "") + silenced
