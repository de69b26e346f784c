"""Asks a controller to remove runs that are old, and says how long it keeps them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from jobnet.calendars import parse_duration
from jobnet.cli.calling import calling
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.moments import after_now
from jobnet.cli.typed import Form
from jobnet.errors.calendars import DurationRefused
from jobnet.errors.client import CommandUsage

PRUNE: Final = "jobnet prune"
KEEP: Final = "jobnet network keep"
COUNTS: Final = ("runs", "entries", "bytes", "printed", "left_behind")
_NONE: Final = "none"
_DIGITS_MAX: Final = 5
_DAY_SECONDS: Final = 86_400
_MIB: Final = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class PruneTyped:
    """What was typed; None leaves a thing to the controller."""

    network: str | None
    older_than: str | None
    is_dry: bool
    reason: str


def prune_runs(wish: PruneTyped, *, form: Form) -> int:
    """Remove runs, request by request, until there is none that may go."""
    body: dict[str, object] = {"dry_run": wish.is_dry, "reason": wish.reason}
    if wish.network is not None:
        body["network"] = wish.network
    if wish.older_than is not None:
        body["older_than_days"] = _days(wish.older_than)
    total: Counter[str] = Counter()
    with calling() as client:
        while True:
            done = client.act("POST", "/prune", body)
            total.update({name: done[name] for name in COUNTS})
            if wish.is_dry or done["is_complete"] or not done["runs"]:
                break
    document = {**{name: total[name] for name in COUNTS}, "is_complete": done["is_complete"]}
    say(document, form, lambda: _lines(document, is_dry=wish.is_dry))
    return ExitCode.NORMAL


def keep_runs(name: str, days: str, *, until: str | None, reason: str, form: Form) -> int:
    """Say how many days runs of a network are kept."""
    body: dict[str, object] = {"days": _whole_days(days), "reason": reason}
    with calling() as client:
        if until is not None:
            body["until"] = after_now(client, until, command=KEEP)
        done = client.act("PUT", f"/networks/{quote(name, safe='')}/retention", body)
    changed = "Done." if done["has_changed"] else "Nothing has changed."
    say(done, form, lambda: [changed])
    return ExitCode.NORMAL


def _days(text: str) -> float:
    try:
        days = parse_duration(text).total_seconds() / _DAY_SECONDS
    except (DurationRefused, OverflowError) as error:
        problem = f"{text[:40]!r} is no duration; write it such as 30d"
        raise CommandUsage(problem, command=PRUNE) from error
    if days < 1:
        raise CommandUsage("runs are kept for a day at least", command=PRUNE)
    return days


def _whole_days(text: str) -> int | None:
    if text == _NONE:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX):
        problem = f"{text[:40]!r} is no number of days; write one, or {_NONE}"
        raise CommandUsage(problem, command=KEEP)
    return int(text)


def _lines(found: Mapping[str, Any], *, is_dry: bool) -> Iterator[str]:
    word = "would go" if is_dry else "have gone"
    more = "" if found["is_complete"] else " at least; there are more"
    yield f"{found['runs']} runs {word}{more}: {found['entries']} entries of journals,"
    size = found["bytes"] + found["printed"] + found["left_behind"]
    yield f"{size / _MIB:.1f} MiB of journals, output and folders of jobs."
