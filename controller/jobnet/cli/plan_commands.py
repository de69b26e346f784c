"""Shows the plan, changes a day of it, and compares it with what would be applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from jobnet.cli.applying import ApplyTyped, definitions_body
from jobnet.cli.calling import calling
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.moments import around_now
from jobnet.cli.plan_keys import find_start
from jobnet.cli.plan_lines import difference_lines, done_lines, plan_lines, start_lines
from jobnet.cli.plan_times import added_at, moved_to
from jobnet.cli.typed import Form
from jobnet.cli.typed_days import read_day
from jobnet.errors.client import CommandUsage
from jobnet.services.param_texts import read_params

SHOW: Final = "jobnet plan show"
PAGE_ROWS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTyped:
    """What was typed after ``jobnet plan show``."""

    first: str | None
    last: str | None
    network: str
    schedule: str
    states: tuple[str, ...]
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """What all changes have in common: why, under which key, in which form it is told."""

    reason: str = ""
    key: str = ""
    form: Form = Form.HUMAN


def show_plan(wish: PlanTyped, *, is_verbose: bool, form: Form) -> int:
    """Show what starts when."""
    with calling() as client:
        query = {
            "first": None if wish.first is None else around_now(client, wish.first, command=SHOW),
            "last": None if wish.last is None else around_now(client, wish.last, command=SHOW),
            "network": wish.network,
            "schedule": wish.schedule,
            "state": list(wish.states) or None,
        }
        rows = min(PAGE_ROWS, wish.limit)
        sheets = islice(client.sheets("/plan", limit=rows, **query), -(-wish.limit // rows))
        plan = _together(list(sheets), wish.limit)
    say(plan, form, lambda: plan_lines(plan, is_verbose=is_verbose))
    return ExitCode.NORMAL


def show_start(text: str, form: Form) -> int:
    """Show one start with how it came about."""
    with calling() as client:
        found = find_start(client, text)
    say(found, form, lambda: start_lines(found))
    return ExitCode.NORMAL


def change_start(word: str, text: str, how: How, **fields: object) -> int:
    """Change one start: skip, hold, release or start it, or give it other params."""
    with calling() as client:
        start = find_start(client, text)
        body = {"key": start["key"], "reason": how.reason, **fields}
        done = client.act("POST", f"/plan/{word}", body, key=how.key)
    say(done, how.form, lambda: done_lines(done))
    return ExitCode.NORMAL


def move_start(text: str, to: str, how: How) -> int:
    """Move one start to another instant."""
    with calling() as client:
        start = find_start(client, text)
        body = {"key": start["key"], "reason": how.reason, "to": moved_to(client, to, start)}
        done = client.act("POST", "/plan/move", body, key=how.key)
    say(done, how.form, lambda: done_lines(done))
    return ExitCode.NORMAL


def copy_start(text: str, day: str, how: How) -> int:
    """Add the same start to another operating day."""
    meant = read_day(day, command="jobnet plan copy")
    return change_start("copy", text, how, operating_day=meant.isoformat())


def change_params(text: str, extra: tuple[str, ...], how: How) -> int:
    """Start it with other params."""
    return change_start("params", text, how, params=read_params(extra))


def add_start(network: str, time: str, *, day: str | None, extra: tuple[str, ...], how: How) -> int:
    """Add a start that no rule gives."""
    meant = None if day is None else read_day(day, command="jobnet plan add")
    with calling() as client:
        added = added_at(client, time, network, meant)
        body = {
            "network": network,
            "start": added.instant,
            "operating_day": None if added.day is None else added.day.isoformat(),
            "params": read_params(extra),
            "reason": how.reason,
        }
        done = client.act("POST", "/plan", body, key=how.key)
    say(done, how.form, lambda: done_lines(done))
    return ExitCode.NORMAL


def start_later(
    network: str,
    time: str,
    *,
    day: str | None,
    extra: tuple[str, ...],
    unfit: Mapping[str, bool],
    how: How,
) -> int:
    """Add a start for ``jobnet start --at``; what can only be told of a run now is refused."""
    if given := [f"--{word}" for word, is_given in unfit.items() if is_given]:
        problem = f"with --at no run begins yet, so {', '.join(given)} cannot be kept"
        raise CommandUsage(problem, command="jobnet start")
    return add_start(network, time, day=day, extra=extra, how=how)


def take_back(change: str, how: How) -> int:
    """Take a change on the day back."""
    with calling() as client:
        path = f"/plan/changes/{quote(change, safe='')}"
        done = client.act("DELETE", path, key=how.key, query={"reason": how.reason})
    say(done, how.form, lambda: ["Taken back."] if done is None else done_lines(done))
    return ExitCode.NORMAL


def compare_plans(wish: ApplyTyped, form: Form) -> int:
    """Say how the plan would differ if files were applied; the exit status tells whether."""
    with calling() as client:
        found = client.act("POST", "/plan/diff", definitions_body(client, wish))
    return told_difference(found, form)


def told_difference(found: Mapping[str, Any], form: Form) -> int:
    """Print a plan diff, and return the exit status that it gives."""
    say(found, form, lambda: difference_lines(found))
    return ExitCode.PLAN_CHANGES if found["has_changed"] else ExitCode.NORMAL


def _together(sheets: list[Mapping[str, Any]], limit: int) -> Mapping[str, Any]:
    items = [one for sheet in sheets for one in sheet["items"]]
    is_cut = len(items) > limit or bool(sheets[-1]["next"])
    return {
        "items": items[:limit],
        "next": sheets[-1]["next"] if is_cut else None,
        "lost": sheets[0]["lost"],
        "problems": sheets[0]["problems"],
    }
