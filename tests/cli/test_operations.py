"""Everything that the REST API can do has a command, or a reason why it has none."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jobnet.project.order_words import ORDERS, needs_part
from typer.main import get_command

ROOT = Path(__file__).resolve().parents[2]
API = "/api/v1"
DOCUMENT = "/definitions/{kind}/{name}"

COMMANDS = {
    "GET /status": "status",
    "GET /runs": "run list",
    "POST /runs": "start",
    "GET /run-ids": "run show",
    "GET /runs/{run}": "run show",
    "GET /runs/{run}/project": "run show",
    "GET /runs/{run}/parts": "run show",
    "GET /runs/{run}/parts/{part}": "run show",
    "GET /runs/{run}/parts/{part}/output": "logs",
    "GET /runs/{run}/parts/{part}/output/search": "logs",
    "GET /runs/{run}/why": "why",
    "POST /orders": "hold",
    "GET /networks": "network list",
    "GET /networks/{network}": "network show",
    "GET /networks/{network}/last": "last",
    "GET /networks/{network}/dependencies": "deps",
    "PUT /networks/{network}/retention": "network keep",
    "POST /prune": "prune",
    "POST /runs/{run}/rebuild": "db rebuild",
    "GET /runs/{run}/parts/{part}/artifacts": "artifacts",
    "GET /runs/{run}/parts/{part}/artifacts/file": "artifacts",
    "GET /networks/{network}/why": "why",
    "POST /networks/{network}/suspend": "suspend",
    "POST /networks/{network}/resume": "resume",
    "PUT /networks/{network}/limit": "network limit",
    "POST /settings/everything/suspend": "suspend",
    "POST /settings/everything/resume": "resume",
    "POST /definitions/apply": "apply",
    "GET /definitions/diff": "diff",
    "GET /definitions/export": "export",
    f"GET {DOCUMENT}/versions": "network versions",
    f"GET {DOCUMENT}/diff": "diff",
    "GET /deviations": "deviations",
    "GET /changes": "changes",
    "GET /dialogs": "dialog list",
    "GET /audit": "audit",
    "GET /calendars": "calendar list",
    "GET /calendars/{calendar}": "calendar show",
    "GET /calendars/{calendar}/days": "calendar show",
    "GET /calendars/{calendar}/explain": "calendar explain",
    "GET /calendars/{calendar}/check": "calendar check",
    "GET /calendars/{calendar}/ics": "calendar export",
    "GET /schedules": "schedule list",
    "GET /schedules/{schedule}": "schedule show",
    "GET /schedules/{schedule}/next": "schedule next",
    "GET /schedules/{schedule}/explain": "schedule explain",
    "GET /plan": "plan show",
    "POST /plan": "plan add",
    "GET /plan/entry": "plan show",
    "POST /plan/move": "plan move",
    "POST /plan/skip": "plan skip",
    "POST /plan/hold": "plan hold",
    "POST /plan/release": "plan release",
    "POST /plan/start": "plan start",
    "POST /plan/copy": "plan copy",
    "POST /plan/params": "plan params",
    "DELETE /plan/changes/{change}": "plan take-back",
    "POST /plan/diff": "plan diff",
    "GET /forecast": "forecast",
    "GET /forecast/path": "forecast",
    "POST /whatif": "whatif",
    "GET /windows": "window list",
    "GET /triggers": "trigger list",
    "POST /windows": "window open",
    "DELETE /windows/{window}": "window close",
    "GET /queues": "queue list",
    "PATCH /queues/{queue}": "queue set",
    "DELETE /queues/{queue}/settings": "queue unset",
    "GET /resources": "resource list",
    "PUT /resources/{resource}": "resource set",
    "POST /events": "event send",
    "GET /live/stream": "run watch",
    "GET /whoami": "changes",
}

REASONS = {
    "GET /runs/{run}/journal": "for programs; people read run show",
    "GET /definitions": "network list shows them, export writes all of them",
    "GET /definitions/export.zip": "export writes the same files",
    f"GET {DOCUMENT}": "for editors; export --document prints it",
    f"GET {DOCUMENT}/text": "for editors; export --document prints it",
    f"PUT {DOCUMENT}": "for editors; apply takes the file",
    f"DELETE {DOCUMENT}": "for editors; apply --prune takes the folder",
    "GET /live": "the same as /live/stream, for those who cannot stream",
    "POST /hooks/{path}": "no command: other systems call it",
    "GET /healthz": "for those who watch the process",
    "GET /readyz": "for those who watch the process",
    "GET /metrics": "for Prometheus",
}


def operations() -> Iterator[str]:
    document: dict[str, Any] = json.loads(
        (ROOT / "docs/reference/openapi.json").read_text(encoding="utf-8")
    )
    for path, methods in document["paths"].items():
        for method in methods:
            yield f"{method.upper()} {path.removeprefix(API)}"


def of_orders() -> Iterator[str]:
    for order in ORDERS:
        yield f"POST /runs/{{run}}/parts/{{part}}/{order}"
        if not needs_part(order):
            yield f"POST /runs/{{run}}/{order}"


def commands() -> set[str]:
    app = importlib.import_module("jobnet.cli.app").app
    return set(_below("", get_command(app)))


def _below(name: str, command: Any) -> Iterator[str]:  # noqa: ANN401 - click's
    below = getattr(command, "commands", None)
    if below is None:
        yield name
        return
    for word, each in below.items():
        yield from _below(f"{name} {word}".strip(), each)


def test_every_operation_has_a_command_or_a_reason() -> None:
    known = {*COMMANDS, *REASONS, *of_orders()}

    assert sorted(set(operations()) - known) == []


def test_no_operation_is_named_that_there_is_not() -> None:
    known = {*COMMANDS, *REASONS, *of_orders()}

    assert sorted(known - set(operations())) == []


@pytest.mark.parametrize("command", sorted({*COMMANDS.values(), *ORDERS}))
def test_every_command_that_is_named_exists(command: str) -> None:
    assert command in commands()
