"""Reads unit files of systemd: sections of settings, some of them given several times."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

_SECTION = re.compile(r"\[([^\]]+)\]")
_SPAN = re.compile(r"\s*(\d{1,9}(?:\.\d{1,6})?)\s*([A-Za-z]*)")
_SECONDS = {
    "us": 1e-6, "usec": 1e-6, "ms": 1e-3, "msec": 1e-3,
    "": 1, "s": 1, "sec": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hour": 3600, "hours": 3600,
    "d": 86400, "day": 86400, "days": 86400,
    "w": 604800, "week": 604800, "weeks": 604800,
}  # fmt: skip
SPAN_MAX = timedelta(days=3660)
_TRUE = frozenset({"1", "yes", "y", "true", "t", "on"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One assignment of a unit file."""

    section: str
    key: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class UnitFile:
    """One unit: its full name, such as ``backup.timer``, and its settings in order."""

    name: str
    path: str
    settings: tuple[Setting, ...] = ()
    stray: tuple[int, ...] = field(default=())

    def all(self, section: str, key: str) -> list[str]:
        """Return the values of a key; an empty assignment takes back those before it."""
        found: list[str] = []
        for one in self.settings:
            if one.section == section and one.key == key:
                found = [*found, one.value] if one.value else []
        return found

    def last(self, section: str, key: str) -> str:
        """Return the value that counts of a key that has one, or ""."""
        values = self.all(section, key)
        return values[-1] if values else ""

    def keys(self, section: str) -> list[str]:
        """Return the keys of a section that have a value, in the order of the text."""
        named = dict.fromkeys(one.key for one in self.settings if one.section == section)
        return [key for key in named if self.all(section, key)]


def read_unit(text: str, *, name: str, path: str) -> UnitFile:
    """Return what a unit file sets; lines that set nothing are told as ``stray``."""
    settings: list[Setting] = []
    stray: list[int] = []
    section = ""
    for number, line in _lines(text):
        if match := _SECTION.fullmatch(line):
            section = match[1]
            continue
        key, equals, value = line.partition("=")
        if not equals or not section:
            stray.append(number)
            continue
        settings.append(Setting(section=section, key=key.strip(), value=value.strip(), line=number))
    return UnitFile(name, path, tuple(settings), tuple(stray))


def is_true(text: str) -> bool:
    """Return whether a yes-or-no setting says yes."""
    return text.lower() in _TRUE


def read_span(text: str) -> timedelta | None:
    """Return a time span such as ``1h 30min``, or None where it is none.

    >>> read_span("1h 30min")
    datetime.timedelta(seconds=5400)
    """
    seconds, position = 0.0, 0
    while position < len(text.rstrip()):
        match = _SPAN.match(text, position)
        if match is None or match[2] not in _SECONDS:
            return None
        seconds += float(match[1]) * _SECONDS[match[2]]
        position = match.end()
    span = timedelta(seconds=min(seconds, SPAN_MAX.total_seconds() + 1))
    return span if timedelta(0) < span <= SPAN_MAX else None


def _lines(text: str) -> list[tuple[int, str]]:
    """Return the lines that say something, continued ones as one, with their numbers."""
    found: list[tuple[int, str]] = []
    pending, begun = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if (not line and not pending) or line.startswith(("#", ";")):
            continue
        begun = begun if pending else number
        if line.endswith("\\"):
            pending += line[:-1] + " "
            continue
        found.append((begun, (pending + line).strip()))
        pending = ""
    if pending:
        found.append((begun, pending.strip()))
    return found
