"""Finds the start of the plan that somebody means with a few typed letters.

``SCHEDULE|NETWORK@DAY/TIME`` names one; all but the network may be left out, and the beginning or
the end of each is enough where it means one start only: ``backup@2026-05-29/21``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import eq
from typing import Any, Final

from jobnet.cli.typed_days import read_day, today
from jobnet.client import Client
from jobnet.errors.client import CommandUsage, ControllerRefused, StartUnclear

Start = Mapping[str, Any]

FOUND_MAX: Final = 10
NETWORKS_MAX: Final = 10
STARTS_MAX: Final = 5_000
BEFORE: Final = timedelta(days=2)  # zones, and the day before of a moved start
AFTER: Final = timedelta(days=4)
MOVED: Final = timedelta(days=62)  # where a start may have been moved to that is not near its day
NOT_PLANNED: Final = "start_not_planned"
_COMMAND: Final = "jobnet plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedKey:
    """A key as it was typed; None for what was left out."""

    schedule: str | None
    network: str
    day: date | None
    nominal: str | None

    @property
    def exact(self) -> dict[str, str] | None:
        """Return the query for the one start that it names, if it may name one in full."""
        if self.day is None or self.nominal is None:
            return None
        return {
            "schedule": self.schedule or "",
            "network": self.network,
            "operating_day": self.day.isoformat(),
            "nominal": self.nominal,
        }


def read_key(text: str) -> TypedKey:
    """Return what was typed: ``monthly_backup@2026-05-29/21:55``."""
    schedule, bar, rest = text.rpartition("|")
    network, _, when = rest.partition("@")
    day, _, nominal = when.partition("/")
    if not network:
        problem = f"{text[:60]!r} names no network; write it such as backup@2026-05-29/21:55"
        raise CommandUsage(problem, command=_COMMAND)
    return TypedKey(
        schedule=schedule if bar else None,
        network=network,
        day=read_day(day, command=_COMMAND) if day else None,
        nominal=nominal or None,
    )


def find_start(client: Client, text: str) -> Start:
    """Return the one start that a text means; several are named in the refusal."""
    typed = read_key(text)
    exact = _exact(client, typed)
    if exact is not None:
        return exact
    networks = _networks(client, text, typed)
    found = meant(typed, _around(client, typed, networks, until=AFTER))
    found = found or meant(typed, _around(client, typed, networks, until=MOVED))
    if len(found) != 1:
        raise StartUnclear(text, found=tuple(map(_whole_text, found[:FOUND_MAX])))
    return found[0]


def meant(typed: TypedKey, starts: Iterator[Start]) -> list[Start]:
    """Return the starts that a typed key may mean; those that it names in full go first."""
    fitting = [one for one in starts if _fits(typed, one["key"])]
    named = [one for one in fitting if _is_named(typed, one["key"])]
    return named or fitting


def key_text(start: Start) -> str:
    """Return the key of a start as it can be typed."""
    key = start["key"]
    schedule = f"{key['schedule']}|" if key["schedule"] else ""
    return f"{schedule}{key['network']}@{key['operating_day']}/{key['nominal']}"


def _whole_text(start: Start) -> str:
    """Return a key that means this start only: one that was added by hand begins with a bar."""
    text = key_text(start)
    return text if start["key"]["schedule"] else f"|{text}"


def _exact(client: Client, typed: TypedKey) -> Start | None:
    if typed.exact is None:
        return None
    try:
        found: Start = client.get("/plan/entry", **typed.exact)
    except ControllerRefused as refused:
        if refused.told != NOT_PLANNED:
            raise
        return None
    return found


def _networks(client: Client, text: str, typed: TypedKey) -> list[str]:
    """Return the networks that a key may mean; too many of them are refused."""
    names = [one["name"] for one in client.pages("/networks")]
    found = [typed.network] if typed.network in names else [
        name for name in names if _begins_or_ends(typed.network, name)
    ]  # fmt: skip
    if len(found) > NETWORKS_MAX:
        raise StartUnclear(text, found=tuple(found[:FOUND_MAX]))
    return found


def _around(
    client: Client, typed: TypedKey, networks: Sequence[str], *, until: timedelta
) -> Iterator[Start]:
    midnight = datetime.combine(typed.day or today(), time.min, tzinfo=UTC)
    first, last = (midnight - BEFORE).isoformat(), (midnight + until).isoformat()
    for network in networks:
        starts = client.pages("/plan", rows_max=STARTS_MAX, network=network, first=first, last=last)
        yield from starts


def _fits(typed: TypedKey, key: Mapping[str, str]) -> bool:
    pairs: Sequence[tuple[str | None, str, Callable[[str, str], bool]]] = (
        (typed.schedule, key["schedule"], _begins_or_ends),
        (typed.network, key["network"], _begins_or_ends),
        (None if typed.day is None else typed.day.isoformat(), key["operating_day"], eq),
        (typed.nominal, key["nominal"], _begins),
    )
    return all(text is None or fits(text, known) for text, known, fits in pairs)


def _is_named(typed: TypedKey, key: Mapping[str, str]) -> bool:
    return (
        typed.network == key["network"]
        and typed.schedule in {None, key["schedule"]}
        and typed.nominal in {None, key["nominal"]}
    )


def _begins(typed: str, known: str) -> bool:
    return known.startswith(typed)


def _begins_or_ends(typed: str, known: str) -> bool:
    return known.startswith(typed) or known.endswith(typed)
