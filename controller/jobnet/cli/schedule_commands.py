"""Shows schedules: what they start and when next, and why a day has starts or none."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import columns, say
from jobnet.cli.plan_sources import source
from jobnet.cli.start_times import when
from jobnet.cli.typed import Form
from jobnet.cli.typed_days import named_day, read_day
from jobnet.cli.wording import shown, word_of

HEAD: Final = ("SCHEDULE", "STARTS", "CALENDAR", "KNOWN UNTIL", "TITLE")
NEXT_SHOWN: Final = 5
SENTENCE_MAX: Final = 500


def list_schedules(*, project: str | None, form: Form) -> int:
    """List schedules by name."""
    with source(project) as asked:
        found = asked.schedules()
    say(found, form, lambda: _list_lines(found["items"]))
    return ExitCode.NORMAL


def show_schedule(name: str, *, project: str | None, form: Form) -> int:
    """Show a schedule with its next starts."""
    with source(project) as asked:
        found = asked.schedule(name)
        can_say = found["rules"] and not found["problem"]
        following = asked.next_starts(name, NEXT_SHOWN, None)["items"] if can_say else []
    say({**found, "next": following}, form, lambda: _schedule_lines(found, following))
    return ExitCode.NORMAL


def list_next(name: str, *, count: int, project: str | None, form: Form) -> int:
    """List the next starts of a schedule."""
    with source(project) as asked:
        found = asked.next_starts(name, count, None)
    say(found, form, lambda: _next_lines(found["items"]))
    return ExitCode.NORMAL


def explain_schedule(name: str, day: str, *, project: str | None, form: Form) -> int:
    """Say why a schedule has starts on a day, or why it has none."""
    meant = read_day(day, command="jobnet schedule explain")
    with source(project) as asked:
        found = asked.starts_of_day(name, meant)
    say(found, form, lambda: _explain_lines(found))
    return ExitCode.NORMAL


def _list_lines(items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not items:
        yield "There is no schedule; networks are started by hand."
        return
    rows = [
        (
            one["name"],
            ", ".join(one["networks"]),
            one["calendar"],
            one["known_until"],
            one["problem"] or one["title"],
        )
        for one in items
    ]
    yield from columns(HEAD, rows)


def _schedule_lines(
    schedule: Mapping[str, Any], following: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    title = f": {schedule['title']}" if schedule["title"] else ""
    yield shown(f"{schedule['name']}{title}")
    for network, zone in schedule["zones"].items():
        yield shown(f"starts {network} in the zone {zone}")
    yield shown(f"calendar {schedule['calendar'] or 'none: every day is open'}")
    count = schedule["rules"]
    told = [f"{count} rule{'' if count == 1 else 's'}", f"misfire {schedule['misfire']}"]
    days = [name for name in ("valid_from", "valid_to", "known_until") if schedule[name]]
    told += [f"{name.replace('_', ' ')} {schedule[name]}" for name in days]
    if schedule["starts_on_condition"]:
        told.append("starts when something happens, too")
    yield ", ".join(told)
    for name, value in schedule["params"].items():
        yield shown(f"param {name} = {value}", length_max=SENTENCE_MAX)
    yield shown(f"{schedule['path']}:{schedule['line']}", length_max=SENTENCE_MAX)
    if schedule["problem"]:
        yield shown(f"It gives no starts: {schedule['problem']}", length_max=SENTENCE_MAX)
    elif schedule["rules"]:
        yield "next:"
        yield from (f"  {line}" for line in _next_lines(following))


def _next_lines(items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not items:
        yield "No start is to come."
    for one in items:
        yield shown(f"{when(one)}  {one['key']['network']}{_again(one)}", length_max=SENTENCE_MAX)


def _explain_lines(found: Mapping[str, Any]) -> Iterator[str]:
    day = named_day(date.fromisoformat(found["day"]))
    has = "starts on" if found["has_starts"] else "starts nothing on"
    yield shown(f"{found['name']} {has} {day}.")
    yield from ("  " + shown(step, length_max=SENTENCE_MAX) for step in found["steps"])
    for rule in found["rules"]:
        yield f"rule {rule['rule'] + 1}:"
        yield from ("  " + shown(step, length_max=SENTENCE_MAX) for step in rule["steps"])
        for one in rule["items"]:
            yield from _happening_lines(one, told=set(rule["steps"]))


def _happening_lines(one: Mapping[str, Any], *, told: set[str]) -> Iterator[str]:
    time = when(one) if one["start"] else one["key"]["nominal"]
    line = f"{word_of(one['end'])}: {one['key']['network']} {time}{_again(one)}"
    yield "  " + shown(line, length_max=SENTENCE_MAX)
    more = (step for step in one["steps"] if step not in told)
    yield from ("    " + shown(step, length_max=SENTENCE_MAX) for step in more)


def _again(happening: Mapping[str, Any]) -> str:
    merged = f", merged {happening['merged']}" if happening["merged"] else ""
    after = happening["repeat_after_seconds"]
    return f"{merged}, again {after:g} s after each end" if after is not None else merged
