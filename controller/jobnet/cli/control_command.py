"""Operates a play that runs in another terminal: shows what an order will do, then gives it."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer

from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.past_run import LAST
from jobnet.cli.play_command import ZONE_LINK
from jobnet.cli.wording import shown, wall, word_of
from jobnet.engine.states import State
from jobnet.errors.control import (
    AnswerNotUnderstood,
    ControlRefused,
    ControlUsage,
    OrderNotConfirmed,
)
from jobnet.machine import Pieces, state_home
from jobnet.machine.control_socket import SOCKET_NAME, ask_play
from jobnet.machine.past_runs import find_run, last_played
from jobnet.project.order_words import ORDERS, RERUN, VALUE_OF, needs_value
from jobnet.services.param_texts import read_params
from jobnet.settings import read_settings

STATUS = "status"
NEED_YES = frozenset({"kill", "force-end", "change-result"})
ASKING_MAX = 10
REASON = "jobnet play-control"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlOptions:
    """What was typed after ``jobnet play-control``."""

    run: str
    order: str
    part: str | None
    value: str | None
    exit_code: int | None
    extra: tuple[str, ...]
    now: bool
    hosts: str | None
    held: bool
    reason: str
    key: str
    yes: bool
    is_json: bool


def control_play(options: ControlOptions) -> int:
    """Ask a running play, or give it an order; return the exit status."""
    order = options.order.replace("_", "-")
    if order != STATUS and order not in ORDERS:
        known = ", ".join((STATUS, *sorted(ORDERS)))
        raise ControlUsage(f"There is no order {order[:40]!r}; known are {known}")
    fields = _fields(order, options)
    settings = read_settings(os.environ, zone_link=ZONE_LINK)
    home = state_home(settings.home)
    if options.run == LAST:
        pieces = last_played(home, marks=(SOCKET_NAME,))
    else:
        pieces = find_run(options.run, home)
    if order == STATUS:
        _show(_ask(pieces, {"ask": STATUS}), is_json=options.is_json)
        return ExitCode.NORMAL
    request = {"order": order, "fields": fields}
    found = _ask(pieces, {"ask": "preview", **request})
    typer.echo(shown(str(found.get("sentence", "")), length_max=500), err=options.is_json)
    asking = [(shown(str(part)), shown(str(note))) for part, note in found.get("asking", [])]
    for part, note in asking[:ASKING_MAX]:
        told = f": {note}" if note else ""
        typer.echo(f"  {part} asks before it runs again{told}", err=options.is_json)
    _confirm(order, needs_yes=order in NEED_YES or bool(asking), is_agreed=options.yes)
    key = options.key or uuid4().hex
    reason = options.reason or REASON
    done = _ask(pieces, {"ask": "order", "reason": reason, "key": key, **request})
    if options.is_json:
        typer.echo(json.dumps({"done": done.get("done"), "key": key}))
    return ExitCode.NORMAL


def _fields(order: str, options: ControlOptions) -> dict[str, object]:
    """Return the fields of the order; what belongs to another one is refused."""
    name = VALUE_OF.get(order)
    if options.value is not None and name is None:
        raise ControlUsage(f"{order} takes no value")
    if options.value is None and needs_value(order):
        raise ControlUsage(f"{order} needs a {name}")
    found: dict[str, Any] = {"part": options.part} if options.part else {}
    if name is not None and options.value is not None:
        found[name] = options.value
    if name == "priority":
        found[name] = _number(str(options.value))
    if options.exit_code is not None:
        found["exit_code"] = options.exit_code
    if options.extra:
        found["params" if order == RERUN else "form"] = read_params(options.extra)
    if options.now:
        found["now"] = True
    if options.hosts is not None:
        found["hosts"] = options.hosts
    if options.held:
        found["held"] = True
    return found


def _number(text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdecimal() and len(text) <= 9):  # noqa: PLR2004
        raise ControlUsage(f"{text[:40]!r} is no whole number")
    return int(text)


def _ask(pieces: Pieces, request: Mapping[str, object]) -> dict[str, Any]:
    line = ask_play(pieces, json.dumps(request).encode())
    try:
        answer = json.loads(line)
        problem = answer["error"]["message"] if "error" in answer else ""
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise AnswerNotUnderstood(pieces.folder.name) from error
    if problem:
        raise ControlRefused(pieces.folder.name, problem=str(problem)[:500])
    found: dict[str, Any] = answer
    return found


def _confirm(order: str, *, needs_yes: bool, is_agreed: bool) -> None:
    """Get a yes where somebody sits; elsewhere only what destroys something needs it typed."""
    if is_agreed:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        if needs_yes:
            raise OrderNotConfirmed(order, is_asked=False)
        return
    if not typer.confirm("Give this order?", err=True):
        raise OrderNotConfirmed(order, is_asked=True)


def _show(standing: dict[str, Any], *, is_json: bool) -> None:
    if is_json:
        typer.echo(json.dumps(standing, indent=2))
        return
    zone = ZoneInfo(standing["zone"])

    def wall_of(instant: str) -> str:
        return wall(datetime.fromisoformat(instant), zone)

    now = wall_of(standing["now"])
    typer.echo(f"{shown(standing['run'])}: {word_of(State(standing['state']))} at {now}")
    for part in standing["parts"]:
        name = "  " * part["depth"] + shown(part["key"])
        typer.echo(f"  {name:<40} {part['state']}")
    for wait in standing["waiting_on"]:
        until = f", until {wall_of(wait['expected_at'])}" if wait["expected_at"] else ""
        what = f" ({shown(wait['what'])})" if wait["what"] else ""
        typer.echo(f"waits: {shown(wait['part'])} for {wait['kind']}{what}{until}")
