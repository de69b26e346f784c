"""Says how states look in a terminal: always a word, a symbol and a colour together.

Everything that comes from outside (names, messages, output) may hold control characters
that move the cursor or fake other lines; ``shown`` takes them out. States are taken as text, so
that a command which only asks a controller need not load the engine.
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from jobnet.calendars import format_duration

_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")

_LOOKS: dict[str, tuple[str, str, str]] = {
    "planned": ("○", "o", "dim"),
    "fixed": ("○", "o", "dim"),
    "waiting": ("◷", "w", "yellow"),
    "queued": ("≡", "=", "yellow"),
    "starting": ("▷", ">", "cyan"),
    "running": ("▶", ">", "cyan"),
    "held": ("‖", "|", "magenta"),
    "prompting": ("?", "?", "magenta"),
    "normal": ("✔", "+", "green"),
    "warning": ("▲", "!", "yellow"),
    "abnormal": ("✘", "x", "red"),
    "killed": ("✘", "x", "red"),
    "failed_to_start": ("✘", "x", "red"),
    "lost": ("?", "?", "bold red"),
    "skipped": ("↷", "~", "green"),
    "bypassed": ("·", ".", "dim"),
    "not_run": ("╌", "-", "dim"),
    "missed": ("✘", "x", "red"),
    "cancelled": ("⊘", "/", "dim"),
}
_UNKNOWN = ("·", ".", "")  # of a controller that is newer than this command


def word_of(state: str) -> str:
    """Return the state as people read it.

    >>> word_of("failed_to_start")
    'Failed to start'
    """
    return state.replace("_", " ").capitalize()


def symbol_of(state: str, *, is_unicode: bool) -> str:
    """Return the state's symbol, in ASCII where the terminal cannot show others."""
    symbol, ascii_symbol, _ = _LOOKS.get(state, _UNKNOWN)
    return symbol if is_unicode else ascii_symbol


def colour_of(state: str) -> str:
    """Return the state's colour as a Rich style."""
    return _LOOKS.get(state, _UNKNOWN)[2]


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
