"""Says forecasts, critical paths and what-ifs for people."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from jobnet.cli.calling import own_settings
from jobnet.cli.forms import columns
from jobnet.cli.instants import at, read, zone_named
from jobnet.cli.wording import shown, took, word_of

Document = Mapping[str, Any]

HEAD: Final = ("RUN", "PLANNED", "ENDS (P50)", "ENDS (P90)", "STATE", "AT RISK")
PATH_HEAD: Final = ("FROM", "TO", "TAKES", "PART", "BECAUSE")
DIFFERENCE_HEAD: Final = ("RUN", "ENDS", "WOULD END", "LATER BY", "DEADLINES")
ROWS_MAX: Final = 200
SENTENCE_MAX: Final = 500
NEVER: Final = "never"


def forecast_lines(found: Document, *, is_verbose: bool) -> Iterator[str]:
    """Yield the runs as a table, then who waits for whom and what is not known."""
    zone = zone_named(own_settings().zone)
    runs: Sequence[Document] = found["items"]
    if not runs:
        yield "Nothing is planned or open in that time."
    else:
        yield from columns(HEAD, [_row(one, zone) for one in runs[:ROWS_MAX]])
    if len(runs) > ROWS_MAX:
        yield f"... and {len(runs) - ROWS_MAX} more runs; -o json has them all."
    for one in runs[:ROWS_MAX]:
        if is_verbose:
            yield shown(f"{one['run']} is the start {one['key']}", length_max=SENTENCE_MAX)
        for endless in (one["usual"] or {"endless": ()})["endless"]:
            yield shown(f"{one['run']}: {endless}", length_max=SENTENCE_MAX)
    yield from _conflict_lines(found["conflicts"], zone, ROWS_MAX if is_verbose else 20)
    yield from _unknown_lines(found)


def path_lines(path: Document) -> Iterator[str]:
    """Yield the chain that decides when a run ends."""
    zone = zone_named(own_settings().zone)
    ended = at(path["ended"], zone) or NEVER
    margin = ""
    if path["margin_seconds"] is not None:
        left = timedelta(seconds=abs(path["margin_seconds"]))
        word = "before" if path["margin_seconds"] >= 0 else "after"
        margin = f", {took(left)} {word} its deadline {at(path['due'], zone)}"
    yield shown(f"{path['run']} ends {ended}{margin}", length_max=SENTENCE_MAX)
    if path["links"]:
        yield from columns(PATH_HEAD, [_link(one, zone) for one in path["links"]])


def whatif_lines(found: Document) -> Iterator[str]:
    """Yield the runs that would go otherwise, those with missed deadlines first."""
    zone = zone_named(own_settings().zone)
    items: Sequence[Document] = found["items"]
    if items:
        rows = [_difference(one, zone) for one in items[:ROWS_MAX]]
        yield from columns(DIFFERENCE_HEAD, rows)
    if len(items) > ROWS_MAX:
        yield f"... and {len(items) - ROWS_MAX} more runs; -o json has them all."
    yield (
        f"{len(items)} runs would go otherwise, {found['unchanged']} as they do;"
        f" {found['newly_missed']} deadlines newly missed, {found['newly_kept']} newly kept."
    )
    before, after = at(found["over_before"], zone), at(found["over_after"], zone)
    if before != after:
        yield f"All would be over {after or NEVER}, not {before or NEVER}."
    if found["is_cut"]:
        yield "There is more than could be played; ask for a shorter time."


def _row(run: Document, zone: ZoneInfo) -> tuple[object, ...]:
    usual, slow = run["usual"], run["slow"]
    either = usual or slow
    name = run["run"] + (" (open)" if run["is_open"] else "")
    return (
        name,
        at(run["planned"], zone),
        _end(usual, zone),
        _end(slow, zone),
        word_of(either["state"]),
        "; ".join(_risk(one, zone) for one in run["risks"]),
    )


def _end(course: Document | None, zone: ZoneInfo) -> str:
    return "" if course is None else at(course["ended"], zone) or NEVER


def _risk(risk: Document, zone: ZoneInfo) -> str:
    what = risk["kind"].replace("_", " ")
    part = f" of {risk['part']}" if risk["part"] else ""
    only = "" if risk["rate"] == "p50" else " (P90 only)"
    return f"{what}{part} {at(risk['due'], zone)}{only}"


def _link(link: Document, zone: ZoneInfo) -> tuple[object, ...]:
    first, last = read(link["start"]), read(link["end"])
    assert first is not None, "a link has a beginning"
    assert last is not None, "a link has an end"
    part = f"{link['run']}/{link['part']}"
    return at(link["start"], zone), at(link["end"], zone), took(last - first), part, link["because"]


def _difference(one: Document, zone: ZoneInfo) -> tuple[object, ...]:
    before, after = one["before"], one["after"]
    later = one["later_seconds"]
    missed = [f"missed: {_risk(risk, zone)}" for risk in one["newly_missed"]]
    kept = [f"kept: {_risk(risk, zone)}" for risk in one["newly_kept"]]
    return (
        one["run"],
        "not there" if before is None else at(before["ended"], zone) or NEVER,
        "not there" if after is None else at(after["ended"], zone) or NEVER,
        "" if later is None else _signed(later),
        "; ".join([*missed, *kept]),
    )


def _signed(seconds: float) -> str:
    return ("-" if seconds < 0 else "") + took(timedelta(seconds=abs(seconds)))


def _conflict_lines(conflicts: Sequence[Document], zone: ZoneInfo, count_max: int) -> Iterator[str]:
    for one in conflicts[:count_max]:
        name = "/".join(each for each in (one["run"], one["part"]) if each)
        reason = one["reason"].replace("_", " ")
        detail = f" ({one['detail']})" if one["detail"] else ""
        until = at(one["until"], zone) or "for ever"
        behind = f", behind {', '.join(one['behind'])}" if one["behind"] else ""
        said = f"{name} waits {at(one['since'], zone)} to {until}: {reason}{detail}{behind}"
        yield shown(said, length_max=SENTENCE_MAX)
    if len(conflicts) > count_max:
        yield f"... and {len(conflicts) - count_max} more who wait for others."


def _unknown_lines(found: Document) -> Iterator[str]:
    assumed: Sequence[str] = found["assumed"]
    if assumed:
        some = ", ".join(assumed[:5]) + (f" and {len(assumed) - 5} more" if assumed[5:] else "")
        said = f"Nobody knows how long these take; a minute is assumed: {some}"
        yield shown(said, length_max=SENTENCE_MAX)
    for problem in found["problems"]:
        yield shown(f"not taken in: {problem}", length_max=SENTENCE_MAX)
    if found["is_cut"]:
        yield "There is more than could be played; ask for a shorter time."
