r"""Reads the lines of a crontab: settings, jobs, comments, and what is none of these.

The rules are those of Debian's and cronie's cron: a setting holds for the lines below it, ``%``
ends the command and the rest is its standard input, ``\%`` is a percent sign.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jobnet.services.importing.bounds import LINE_LENGTH_MAX

_SETTING = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")
_TIMES = re.compile(r"(@[A-Za-z]+|\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)")
_LOOKS_LIKE_TIMES = re.compile(r"[-*0-9,/~?LW#A-Za-z]+")
_FIELD_START = re.compile(r"[-*0-9?~@]")
_USER = re.compile(r"([A-Za-z0-9_][A-Za-z0-9_.-]*\$?)(?::\S+)?\s+(.*)", re.DOTALL)
# The headings that people leave in a crontab: "m h  dom mon dow   command", and its picture.
_HEADING = re.compile(r"[|.*+-].*|m\s+h\s+dom\b.*|minute\s+hour\b.*", re.IGNORECASE)
_PERCENT = re.compile(r"(?<!\\)%")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrontabJob:
    """One line that starts a command; ``settings`` are those above it."""

    line: int
    times: str
    user: str | None
    command: str
    stdin: str | None
    title: str
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrontabProblem:
    """One line that is no job although it looks like one, or would like to be one."""

    line: int
    what: str
    is_comment: bool = False


def read_crontab(text: str, *, has_user: bool) -> Iterator[CrontabJob | CrontabProblem]:
    """Yield the jobs of a crontab, and the lines that cannot be one, in their order."""
    settings: dict[str, str] = {}
    title = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line:
            title = ""
        elif len(line) > LINE_LENGTH_MAX:
            what = f"it has more than {LINE_LENGTH_MAX:,} characters"
            yield CrontabProblem(line=number, what=what)
        elif line.startswith("#"):
            words = line.lstrip("#").strip()
            if _is_job(words):
                yield CrontabProblem(line=number, what="it is commented out", is_comment=True)
            else:
                is_title = re.search(r"\w", words) and not _HEADING.fullmatch(words)
                title = words if is_title else title
        elif setting := None if _FIELD_START.match(line) else _SETTING.fullmatch(line):
            settings[_unquoted(setting[1])] = _unquoted(setting[2])
        else:
            yield _job(number, line, title=title, settings=settings, has_user=has_user)
            title = ""


def _is_job(words: str) -> bool:
    """Return whether a comment is a job that somebody has switched off."""
    match = _TIMES.fullmatch(words)
    if match is None or not _FIELD_START.match(words):
        return False
    fields = match[1].split()
    return all(_LOOKS_LIKE_TIMES.fullmatch(field) for field in fields) or len(fields) == 1


def _job(
    number: int, line: str, *, title: str, settings: Mapping[str, str], has_user: bool
) -> CrontabJob | CrontabProblem:
    match = _TIMES.fullmatch(line)
    if match is None:
        return CrontabProblem(line=number, what="it is neither a setting nor five times and a job")
    times, rest = " ".join(match[1].split()), match[2]
    user = None
    if has_user:
        found = _USER.fullmatch(rest)
        if found is None:
            return CrontabProblem(line=number, what="no user and command follow its times")
        user, rest = found[1], found[2]
    command, stdin = _split_input(rest)
    if not command.strip():
        return CrontabProblem(line=number, what="no command follows its times")
    return CrontabJob(
        line=number, times=times, user=user, command=command.strip(), stdin=stdin, title=title,
        settings=dict(settings),
    )  # fmt: skip


def _split_input(command: str) -> tuple[str, str | None]:
    r"""Return the command and what it reads from its standard input.

    >>> _split_input(r"date +\%F%first%second")
    ('date +%F', 'first\nsecond\n')
    """
    first, *more = _PERCENT.split(command)
    stdin = "\n".join(more).replace("\\%", "%") + "\n" if more else None
    return first.replace("\\%", "%"), stdin


def _unquoted(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if is_quoted else text
