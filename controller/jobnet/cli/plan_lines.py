"""Says the plan and its changes for people."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from jobnet.cli.calling import own_settings
from jobnet.cli.forms import columns
from jobnet.cli.instants import at, zone_named
from jobnet.cli.plan_keys import Start, key_text
from jobnet.cli.start_times import when
from jobnet.cli.wording import shown, word_of

HEAD: Final = ("WHEN", "STATE", "START", "WHAT")
SENTENCE_MAX: Final = 500
DIFF_LINES_MAX: Final = 400


def plan_lines(plan: Mapping[str, Any], *, is_verbose: bool) -> Iterator[str]:
    """Yield a page of the plan as a table, with what wants somebody below it."""
    starts: Sequence[Start] = plan["items"]
    if not starts:
        yield "Nothing is planned in that time."
    elif is_verbose:
        for one in starts:
            yield from start_lines(one)
    else:
        yield from columns(HEAD, [_row(one) for one in starts], cell_max=100)
    if plan.get("next"):
        yield "There is more; ask for a shorter time, or for more with --limit."
    yield from _lost_lines(plan["lost"])
    for problem in plan["problems"]:
        yield shown(f"not worked out: {problem}", length_max=SENTENCE_MAX)


def start_lines(start: Start) -> Iterator[str]:
    """Yield one start with how it came about and what was changed of it."""
    yield shown(f"{key_text(start)}: {word_of(start['state'])}, {when(start)}")
    yield from ("  " + shown(one, length_max=SENTENCE_MAX) for one in _facts(start))


def _facts(start: Start) -> Iterator[str]:
    if start["start"] != start["nominal_start"]:
        yield f"by its rule: {when(start, field='nominal_start')}"
    yield from (f"{name}: {start[name]}" for name in ("run", "detail") if start[name])
    if start["merged"]:
        yield f"stands for {start['merged']} more"
    yield from (f"param {name} = {value}" for name, value in start["params"].items())
    yield from start["steps"]
    yield from (f"changed: {_change(one)}" for one in start["changes"])


def done_lines(start: Start) -> Iterator[str]:
    """Yield how a start stands after a change."""
    change = start["changes"][-1]["id"] if start["changes"] else ""
    undo = f"; take it back with jobnet plan take-back {change}" if change else ""
    run = f", run {start['run']}" if start["run"] else ""
    said = f"{key_text(start)}: {word_of(start['state'])}, {when(start)}{run}{undo}"
    yield shown(said, length_max=SENTENCE_MAX)


def difference_lines(diff: Mapping[str, Any]) -> Iterator[str]:
    """Yield how a plan would differ: what is added, removed and moved."""
    zone = zone_named(own_settings().zone)
    signs = (("+", "added"), ("-", "removed"))
    lines = [f"{sign} {when(one)}  {key_text(one)}" for sign, word in signs for one in diff[word]]
    lines += [f"~ {_moved(one)}" for one in diff["moved"]]
    yield from (shown(line, length_max=SENTENCE_MAX) for line in lines[:DIFF_LINES_MAX])
    if len(lines) > DIFF_LINES_MAX:
        yield f"... {len(lines) - DIFF_LINES_MAX} more; -o json has all of them"
    for title, word in (
        ("would start from now on", "would_start_now"),
        ("has passed, is not run", "already_passed"),
    ):
        yield from (shown(f"today, {title}: {key_text(one)}") for one in diff[word])
    for problem in diff["problems"]:
        yield shown(f"not worked out: {problem}", length_max=SENTENCE_MAX)
    counts = ", ".join(f"{len(diff[word])} {word}" for word in ("added", "removed", "moved"))
    span = f"from {at(diff['first'], zone)} until {at(diff['last'], zone)}"
    cut = " (there is more than is told)" if diff["is_cut"] else ""
    yield (
        f"The plan changes: {counts}{cut}, {span}."
        if diff["has_changed"]
        else (f"The plan does not change, {span}.")
    )


def _row(start: Start) -> tuple[object, ...]:
    schedule = start["key"]["schedule"]
    said = [f"by {schedule}" if schedule else "added by hand"]
    if start["run"]:
        said.append(f"run {start['run']}")
    said += [_change(one) for one in start["changes"]]
    if start["merged"]:
        said.append(f"merged {start['merged']}")
    if start["detail"]:
        said.append(start["detail"])
    key = key_text(start).rpartition("|")[2]
    return when(start), word_of(start["state"]), key, "; ".join(said)


def _change(change: Mapping[str, Any]) -> str:
    why = f": {change['reason']}" if change["reason"] else ""
    value = f" {json.dumps(change['value'])}" if change["kind"] == "params" else ""
    said = f"{change['kind']}{value} by {change['by']}{why} ({change['id']})"
    return shown(said, length_max=SENTENCE_MAX)


def _lost_lines(lost: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for change in lost:
        said = f"lost, its start is there no more: {key_text(change)}, {_change(change)}"
        yield shown(said, length_max=SENTENCE_MAX)


def _moved(moved: Mapping[str, Any]) -> str:
    return f"{key_text(moved)}: {when(moved, field='before')} -> {when(moved, field='after')}"
