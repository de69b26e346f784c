"""Says how states look in a terminal: always a word, a symbol and a colour together.

Everything that comes from outside (names, messages, output) may hold control characters
that move the cursor or fake other lines; ``shown`` takes them out.
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from jobnet.calendars import format_duration
from jobnet.engine.states import State

_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")

_LOOKS: dict[State, tuple[str, str, str]] = {
    State.PLANNED: ("○", "o", "dim"),
    State.FIXED: ("○", "o", "dim"),
    State.WAITING: ("◷", "w", "yellow"),
    State.QUEUED: ("≡", "=", "yellow"),
    State.STARTING: ("▷", ">", "cyan"),
    State.RUNNING: ("▶", ">", "cyan"),
    State.HELD: ("‖", "|", "magenta"),
    State.PROMPTING: ("?", "?", "magenta"),
    State.NORMAL: ("✔", "+", "green"),
    State.WARNING: ("▲", "!", "yellow"),
    State.ABNORMAL: ("✘", "x", "red"),
    State.KILLED: ("✘", "x", "red"),
    State.FAILED_TO_START: ("✘", "x", "red"),
    State.LOST: ("?", "?", "bold red"),
    State.SKIPPED: ("↷", "~", "green"),
    State.BYPASSED: ("·", ".", "dim"),
    State.NOT_RUN: ("╌", "-", "dim"),
    State.MISSED: ("✘", "x", "red"),
    State.CANCELLED: ("⊘", "/", "dim"),
}


def word_of(state: State) -> str:
    """Return the state as people read it.

    >>> word_of(State.FAILED_TO_START)
    'Failed to start'
    """
    return state.value.replace("_", " ").capitalize()


def symbol_of(state: State, *, is_unicode: bool) -> str:
    """Return the state's symbol, in ASCII where the terminal cannot show others."""
    symbol, ascii_symbol, _ = _LOOKS[state]
    return symbol if is_unicode else ascii_symbol


def colour_of(state: State) -> str:
    """Return the state's colour as a Rich style."""
    return _LOOKS[state][2]


def shown(text: str, *, length_max: int = 200) -> str:
    """Return the text on one line without anything that a terminal would obey."""
    bare = _ESCAPES.sub("", text[: 4 * length_max])
    line = " ".join("".join(char if char.isprintable() else " " for char in bare).split())
    return line if len(line) <= length_max else line[: length_max - 1] + "…"


def shown_lines(text: str, *, length_max: int = 2000) -> list[str]:
    """Return each line of a job's output without anything that a terminal would obey."""
    bare = (_ESCAPES.sub("", line[:length_max]).expandtabs() for line in text.splitlines())
    return ["".join(char if char.isprintable() else "?" for char in line) for line in bare]


def wall(instant: datetime, zone: ZoneInfo, *, with_day: bool = True) -> str:
    """Return an instant as wall time with the name of its zone."""
    return f"{instant.astimezone(zone):{'%Y-%m-%d ' if with_day else ''}%H:%M:%S %Z}"


def took(duration: timedelta) -> str:
    """Return a duration for people; below ten seconds with a tenth.

    >>> took(timedelta(seconds=3.21)), took(timedelta(minutes=90))
    ('3.2s', '1h30m')
    """
    seconds = duration.total_seconds()
    return f"{seconds:.1f}s" if 0 <= seconds < 10 else format_duration(duration)  # noqa: PLR2004
