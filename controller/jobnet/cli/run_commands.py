"""Starts, lists and shows runs of a controller."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from jobnet.cli.calling import calling, own_settings
from jobnet.cli.exit_codes import ExitCode, exit_code_of
from jobnet.cli.forms import say
from jobnet.cli.instants import at, zone_named
from jobnet.cli.meant import Meant, find
from jobnet.cli.plan_keys import key_text
from jobnet.cli.project_lines import project_lines
from jobnet.cli.run_rows import run_lines
from jobnet.cli.typed import Form
from jobnet.cli.watching import Look, draw_whole, end_line, look, wait_for_end, watch_run
from jobnet.cli.wording import shown, word_of
from jobnet.client import Client
from jobnet.services.param_texts import read_params

VALUE_MAX: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What is to come after a start."""

    waits: bool = False
    watches: bool = False
    is_plain: bool = False
    form: Form = Form.HUMAN


def start(body: Mapping[str, object], extra: tuple[str, ...], *, key: str, after: After) -> int:
    """Start a run and return the exit status: its own where it is waited for."""
    with calling() as client:
        asked = {name: value for name, value in body.items() if value not in {None, ""}}
        run = client.act("POST", "/runs", {**asked, "params": read_params(extra)}, key=key)
        meant = Meant(run=run["run"])
        if after.watches or after.waits:
            return _follow(client, meant, after)
        say(run, after.form, lambda: [run["run"]])
        return ExitCode.NORMAL


def watch(text: str, after: After) -> int:
    """Show a run until its end and return the exit status that it gives."""
    with calling() as client:
        return _follow(client, find(client, text), after)


def list_runs(query: Mapping[str, object], *, limit: int, form: Form) -> int:
    """List runs, the latest first."""
    with calling() as client:
        found = list(client.pages("/runs", rows_max=limit, **query))
    say({"items": found}, form, lambda: run_lines(found))
    return ExitCode.NORMAL


def show(text: str, *, form: Form) -> int:
    """Show a run with its parts, or one part."""
    with calling() as client:
        meant = find(client, text)
        if meant.part is not None:
            part = client.get(meant.path)
            say(part, form, lambda: _part_lines(part, zone_named(own_settings().zone)))
            return ExitCode.NORMAL
        seen = look(client, meant)
        projects = client.get(f"{meant.path}/project")["items"]
    document = {**seen.run, "project": projects, "parts": list(seen.parts)}
    say(document, form, lambda: _lines_of_run(seen, projects))
    return ExitCode.NORMAL


def _follow(client: Client, meant: Meant, after: After) -> int:
    if after.watches and after.form is Form.HUMAN:
        last = watch_run(client, meant, is_plain=after.is_plain)
    else:
        last = wait_for_end(client, meant)
        say(last.run, after.form, lambda: [end_line(last.run)])
    has_lost_part = any(line.state == "lost" for line in last.lines)
    return exit_code_of(last.state, has_lost_part=has_lost_part)


def _lines_of_run(seen: Look, projects: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    run = seen.run
    zone = zone_named(run["zone"])
    yield draw_whole(seen)
    yield end_line(run)
    planned = at(run["planned_start"], zone)
    yield f"by {shown(run['by'])}, edition {run['edition']}, planned {planned}"
    if run.get("planned"):
        yield shown(f"start of the plan: {key_text({'key': run['planned']})}")
    yield from project_lines(projects)
    for wait in seen.waiting_on:
        yield _wait_line("the run", wait, zone)
    for part in seen.parts:
        for wait in part["waiting_on"]:
            if wait["kind"] != "predecessor":
                yield _wait_line(part["key"], wait, zone)
    for name in ("params", "outputs"):
        for key, value in (run[name] or {}).items():
            yield f"{name[:-1]} {shown(key)} = {shown(str(value), length_max=VALUE_MAX)}"


def _wait_line(what: str, wait: Mapping[str, Any], zone: ZoneInfo) -> str:
    kind = wait["kind"].replace("_", " ")
    said = f": {shown(wait['what'])}" if wait["what"] else ""
    until = f", expected {at(wait['expected_at'], zone)}" if wait["expected_at"] else ""
    return f"{shown(what)} waits for {kind}{said}{until}; it is up to: {wait['who_can_resolve']}"


def _part_lines(part: Mapping[str, Any], zone: ZoneInfo) -> Iterator[str]:
    plain = ("name", "kind", "state", "reason", "attempt", "iteration", "exit_code")
    times = {name: at(part[name], zone) for name in ("since", "started", "ended")}
    lists = {name: ", ".join(part[name]) for name in ("flags", "marks", "notes")}
    told = {name: part[name] for name in (*plain, "message", "handled")}
    for name, value in {**told, **times, **lists}.items():
        if value not in {None, ""}:
            yield f"{name.replace('_', ' '):<10} {shown(str(value), length_max=VALUE_MAX)}"
    for wait in part["waiting_on"]:
        yield _wait_line(part["key"], wait, zone)
    for host, result in part["hosts"].items():
        said = f"{result['state']} rc={result['rc']} {result['message']}"
        yield f"host {shown(host)}: {shown(said, length_max=VALUE_MAX)}"
    for name, value in (part["outputs"] or {}).items():
        yield f"output {shown(name)} = {shown(str(value), length_max=VALUE_MAX)}"
    for end in part["earlier"]:
        code = "" if end["exit_code"] is None else f" exit code {end['exit_code']}"
        yield f"earlier attempt {end['attempt']}: {word_of(end['state'])}{code}"
