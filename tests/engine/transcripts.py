"""Writes down a whole run: every fact with its fields, every command, and what expressions see.

``python -m tests.engine.transcripts`` writes the files in ``transcripts/`` anew after a change
that is meant; the difference shows what the engine now does differently. Fields that have their
default are left out, so that a new field changes nothing here.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path

from jobnet.engine import track
from jobnet.engine.keys import ROOT_FLOW
from jobnet.engine.names import Names
from jobnet.engine.standing import flow_of
from jobnet.expressions import Function, evaluate, parse_expression

from tests.engine.building import NOON
from tests.engine.nights import NIGHTS
from tests.engine.played import Played

FOLDER = Path(__file__).parent / "transcripts"
RUN_DATA = re.compile(r"'run': \{'id': [^{}]*'round': (\d+)[^{}]*\}")
"""What each job is told of its run; ``names`` shows it once."""

SEEN = (
    "params", "network.name", "network.title", "run.id", "run.network", "run.by", "run.round",
    "run.started", "run.planned_start", "run.check_mode", "operating_day", "now", "at('23:00')",
    "at('25:30')", "is_open()", "is_open('2026-05-30')", "is_open(operating_day)",
    "next_open_day", "previous_open_day",
)  # fmt: skip


def transcript(played: Played) -> str:
    """Return what happened in a run, and what there is to see of it at last."""
    facts = [shown(fact) for fact in played.facts]
    commands = [shown(command) for command in played.commands]
    lines = [shown(line) for line in track(played.tracker)]
    names = Names(played.tracker, flow_of(played.tracker, ROOT_FLOW), played.now)
    seen = [f"{text} = {shown(evaluate(parse_expression(text), names))}" for text in SEEN]
    parts = evaluate(parse_expression("parts"), names)
    assert isinstance(parts, Mapping)
    views = [f"{name} = {shown(view)}" for name, view in parts.items()]
    chapters = {
        "facts": facts, "commands": commands, "track": lines, "names": seen, "parts": views,
    }  # fmt: skip
    text = "".join(
        f"== {title}\n" + "".join(f"{line}\n" for line in chapter)
        for title, chapter in chapters.items()
    )
    return RUN_DATA.sub(r"'run': {... 'round': \1 ...}", text)


def shown(value: object) -> str:  # noqa: PLR0911 - one line for each kind of value
    """Return a value as one line: instants as seconds after noon, enumerations as their words."""
    match value:
        case datetime():
            return f"{(value - NOON).total_seconds():+g}"
        case Enum():
            return str(value.value)
        case date():
            return value.isoformat()
        case timedelta():
            return f"{value.total_seconds():g}s"
        case Mapping():
            return "{" + ", ".join(f"{shown(k)}: {shown(v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(shown(item) for item in value) + "]"
        case frozenset():
            return "{" + ", ".join(sorted(shown(item) for item in value)) + "}"
        case Function():
            return f"{value.name}()"
        case _ if is_dataclass(value):
            given = (
                f"{field.name}={shown(getattr(value, field.name))}"
                for field in fields(value)
                if getattr(value, field.name) != _default(field)
            )
            return f"{type(value).__name__}({', '.join(given)})"
        case _:
            return repr(value)


def _default(field: Field[object]) -> object:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for title, example in NIGHTS.items():
        (FOLDER / f"{title}.txt").write_text(transcript(example.play()), encoding="utf-8")
