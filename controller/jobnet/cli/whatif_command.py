"""Compares the forecast with what it would be: later parts, other limits, other starts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jobnet.calendars import parse_duration
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forecast_command import span_typed
from jobnet.cli.forecast_lines import Document, whatif_lines
from jobnet.cli.forecast_sources import ForecastSource, Span, forecast_source
from jobnet.cli.forecast_times import instant_typed, moved_to
from jobnet.cli.forms import say
from jobnet.cli.typed import Form
from jobnet.errors.calendars import DurationRefused
from jobnet.errors.client import CommandUsage

COMMAND: Final = "jobnet whatif"
NUMBER_MAX: Final = 6
FACTOR_LENGTH_MAX: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfTyped:
    """What was typed after ``jobnet whatif``; every option may stand there more than once."""

    first: str | None = None
    last: str | None = None
    network: str = ""
    delay: tuple[str, ...] = ()
    factor: tuple[str, ...] = ()
    limit: tuple[str, ...] = ()
    network_limit: tuple[str, ...] = ()
    resource: tuple[str, ...] = ()
    lose: tuple[str, ...] = ()
    move: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    project: str | None = None
    durations: tuple[str, ...] = ()


def compare_forecasts(wish: WhatIfTyped, form: Form) -> int:
    """Compare; the exit status tells whether a deadline is newly missed."""
    with forecast_source(wish.project, wish.durations) as source:
        span = span_typed(source, wish.first, wish.last, command=COMMAND)
        changes = [*_plain_changes(wish), *_of_starts(source, span, wish)]
        if not changes:
            problem = "say what would be otherwise, such as --limit QUEUE=1 or --delay NETWORK=20m"
            raise CommandUsage(problem, command=COMMAND)
        found = source.whatif(span, wish.network, changes)
    say(found, form, lambda: whatif_lines(found))
    return ExitCode.WARNING if found["newly_missed"] else ExitCode.NORMAL


def _plain_changes(wish: WhatIfTyped) -> Iterator[Document]:
    for text in wish.delay:
        name, value = _pair(text, "--delay NETWORK[:PART]=20m")
        yield {"kind": "delay", **_network(name), "seconds": _seconds(value)}
    for text in wish.factor:
        name, value = _pair(text, "--factor NETWORK[:PART]=1.5")
        yield {"kind": "scale", **_network(name), "factor": _factor(value)}
    limits = (("queue", wish.limit), ("network", wish.network_limit), ("resource", wish.resource))
    for kind, texts in limits:
        for text in texts:
            name, value = _pair(text, f"{kind.upper()}=1")
            yield {"kind": "limit", "of": kind, "name": name, "limit": _number(value)}
    yield from ({"kind": "lose", "node": node} for node in wish.lose)


def _of_starts(source: ForecastSource, span: Span, wish: WhatIfTyped) -> Iterator[Document]:
    """Yield the changes of starts; a run of the forecast stands for the start that begins it."""
    if not (wish.move or wish.skip or wish.add):
        return
    now = source.now()
    for text in wish.add:
        name, value = _pair(text, "--add NETWORK=TIME")
        start = instant_typed(value, now, command=COMMAND).isoformat()
        yield {"kind": "add", "network": name, "start": start}
    if not (wish.move or wish.skip):
        return
    runs = source.forecast(span, "")["items"]
    for text in wish.skip:
        yield {"kind": "skip", "key": _meant(runs, text)["key"]}
    for text in wish.move:
        name, value = _pair(text, "--move RUN=TIME")
        run = _meant(runs, name)
        to = moved_to(value, run, now, command=COMMAND).isoformat()
        yield {"kind": "move", "key": run["key"], "to": to}


def _meant(runs: list[Document], text: str) -> Document:
    for one in runs:
        if text in {one["run"], one["key"]}:
            return one
    problem = f"the forecast has no run {text[:80]!r}; jobnet forecast lists those it has"
    raise CommandUsage(problem, command=COMMAND)


def _network(name: str) -> Mapping[str, Any]:
    network, _, part = name.partition(":")
    return {"network": network, "part": part}


def _pair(text: str, form: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=")
    if not equals or not name or not value:
        raise CommandUsage(f"{text[:80]!r} says too little; write it as {form}", command=COMMAND)
    return name, value


def _seconds(text: str) -> float:
    sign, bare = (-1, text[1:]) if text.startswith("-") else (1, text)
    try:
        return sign * parse_duration(bare).total_seconds()
    except (DurationRefused, OverflowError) as error:
        problem = f"{text[:40]!r} is no duration; write it such as 20m or -5m"
        raise CommandUsage(problem, command=COMMAND) from error


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= NUMBER_MAX):
        raise CommandUsage(f"{text[:40]!r} is no whole number", command=COMMAND)
    return int(text)


def _factor(text: str) -> float:
    try:
        return float(text[:FACTOR_LENGTH_MAX])
    except ValueError as error:
        problem = f"{text[:40]!r} is no factor; write it such as 1.5"
        raise CommandUsage(problem, command=COMMAND) from error
